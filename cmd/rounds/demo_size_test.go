package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"rounds/cards"
	"rounds/school"
	"rounds/school/sqlitelog"
	"rounds/seeds"

	"github.com/google/go-cmp/cmp"
)

// sizedRows are where all targets stand, as the operator reads them.
func sizedRows(t *testing.T, book *school.Book) (rows []targetRow) {
	t.Helper()
	if err := book.Read(func(m *school.Model) {
		for _, d := range m.AllDuties(school.DayOf(seeds.DemoStart(), m.Zone())) {
			rows = append(rows, rowOf(m, d))
		}
	}); err != nil {
		t.Fatal(err)
	}
	return rows
}

// The files of a preset and what its demo holds are one district: every target stands alike.
func TestSizedFilesAreTheDemo(t *testing.T) {
	ctx := context.Background()
	for _, name := range []string{"campus", "district"} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			cmd := demoCmd{Size: name, Seed: seeds.DemoSeed, Write: filepath.Join(dir, "files")}
			if err := cmd.write(); err != nil {
				t.Fatal(err)
			}
			cfg, err := LoadConfig(filepath.Join(dir, "files", "district.yaml"))
			if err != nil {
				t.Fatal(err)
			}
			files, err := school.Open(ctx, school.NewMemLog(nil))
			if err != nil {
				t.Fatal(err)
			}
			defer files.Close()
			if _, err := ApplyFiles(ctx, files, cfg, seeds.DemoFilesAt()); err != nil {
				t.Fatal(err)
			}
			log := school.NewMemLog(nil)
			if _, err := prepareSize(ctx, log, name, seeds.DemoSeed); err != nil {
				t.Fatal(err)
			}
			demo, err := school.Open(ctx, log)
			if err != nil {
				t.Fatal(err)
			}
			defer demo.Close()
			want, got := sizedRows(t, files), sizedRows(t, demo)
			if diff := cmp.Diff(want, got); diff != "" || len(got) < 2*sizeOf(t, name).Teachers {
				t.Errorf("%d rows (-files +demo):\n%.2000s", len(got), diff)
			}
		})
	}
}

// sizedPage asks the web page as somebody.
type sizedPage struct {
	t   *testing.T
	url string
	as  string
	n   int
}

func (p *sizedPage) get(path string) string {
	p.t.Helper()
	return p.do(http.MethodGet, path, nil)
}

func (p *sizedPage) do(method, path string, body []byte) string {
	p.t.Helper()
	r, err := http.NewRequestWithContext(p.t.Context(), method, p.url+path, bytes.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = a.Body.Close() }()
	b, err := io.ReadAll(a.Body)
	if err != nil || a.StatusCode != http.StatusOK {
		p.t.Errorf("%s: %s: %v: %s", path, a.Status, err, b)
	}
	return string(b)
}

func (p *sizedPage) act(fields map[string]any) string {
	p.t.Helper()
	p.n++
	fields["id"], fields["as"] = fmt.Sprintf("00000000-0000-4000-8000-%012d", p.n), p.as
	if fields["room"] == nil {
		fields["room"] = "dm-" + p.as
	}
	data, err := json.Marshal(fields)
	if err != nil {
		p.t.Fatal(err)
	}
	return p.do(http.MethodPost, "/web/act", data)
}

// The smallest preset end to end: it is ready, one can be a handful of people, and commands answer.
func TestDemoOfASize(t *testing.T) {
	d, err := openDemo(context.Background(), &demoCmd{Store: filepath.Join(t.TempDir(), "demo.db"), Size: "campus", Seed: seeds.DemoSeed, still: true}, seeds.DemoStart())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.close)
	p := &sizedPage{t: t, url: d.serve(t)}
	if got := p.get("/readyz"); !strings.Contains(got, "ok") && !strings.Contains(got, "ready") {
		t.Errorf("/readyz: %q", got)
	}
	var hello struct {
		Personas []struct{ ID, Role string }
	}
	if err := json.Unmarshal([]byte(p.get("/web/hello")), &hello); err != nil {
		t.Fatal(err)
	}
	who := map[string]string{}
	for _, x := range hello.Personas {
		who[x.Role] = x.ID
	}
	if len(hello.Personas) < 5 || len(hello.Personas) > 12 {
		t.Fatalf("one can be %v", hello.Personas)
	}
	for role, wants := range map[string]string{"Coach": "school day", "Principal": "school day", "Teacher": "", "District office": ""} {
		p.as = who[role]
		if p.as == "" {
			t.Errorf("one cannot be a %s: %v", role, who)
			continue
		}
		if got := p.act(map[string]any{"kind": "home"}); !strings.Contains(got, "week 9") && !strings.Contains(got, "October 15") {
			t.Errorf("the home view of a %s: %.300s", role, got)
		}
		if rooms := p.get("/web/rooms?as=" + p.as); !strings.Contains(rooms, "dm-"+p.as) {
			t.Errorf("the rooms of a %s: %.300s", role, rooms)
		}
		if wants == "" {
			continue
		}
		if got := p.act(map[string]any{"kind": "command", "command": "observe", "line": "status"}); !strings.Contains(got, wants) {
			t.Errorf("the status of a %s: %.300s", role, got)
		}
		if got := p.act(map[string]any{"kind": "complete", "command": "observe", "sub": "log", "focus": "who", "typed": ""}); strings.Count(got, "value") < 5 {
			t.Errorf("a %s is offered: %.300s", role, got)
		}
	}
	// Everything that falls due in a week is posted, or left for a reason: no room is missing.
	p.as = who["Principal"]
	if _, err := d.clock.Jump(context.Background(), seeds.DemoStart().AddDate(0, 0, 7)); err != nil {
		t.Error(err)
	}
	posted := uint64(0)
	for _, n := range d.app.runner.Stats().Posted {
		posted += n
	}
	if st := d.app.runner.Stats(); posted < 10 || st.ScanErrors > 0 {
		t.Errorf("%+v", st)
	}
}

// A filling that was interrupted is taken up again, and ends as one that was not.
func TestDemoSizeTakenUpAgain(t *testing.T) {
	ctx := context.Background()
	open := func(path string) (*sqlitelog.Store, school.Log) {
		t.Helper()
		s, err := sqlitelog.Open(ctx, path, sqlitelog.Options{Mark: sqlitelog.Demo})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		return s, s.Log(demoDistrict)
	}
	_, whole := open(filepath.Join(t.TempDir(), "whole.db"))
	if _, err := prepareSize(ctx, whole, "district", 7); err != nil {
		t.Fatal(err)
	}
	want, err := whole.Version(ctx)
	if err != nil {
		t.Fatal(err)
	}
	_, log := open(filepath.Join(t.TempDir(), "broken.db"))
	stopping, stop := context.WithCancel(ctx)
	if _, err := prepareSize(stopping, &stopsAfter{Log: log, left: 1, stop: stop}, "district", 7); err == nil {
		t.Fatal("a filling that was interrupted ended well")
	}
	if v, err := log.Version(ctx); err != nil || v == 0 || v >= want {
		t.Fatalf("version %d of %d after the interruption: %v", v, want, err)
	}
	held, err := prepareSize(ctx, log, "", 0) // the store knows what it was to be
	if err != nil || held == nil || !held.Filled || held.Size != "district" || held.Seed != 7 {
		t.Fatalf("%+v, %v", held, err)
	}
	if v, err := log.Version(ctx); err != nil || v != want {
		t.Errorf("version %d, want %d: %v", v, want, err)
	}
	for _, c := range []struct {
		size string
		seed uint64
	}{{"campus", 7}, {"district", 8}} {
		if _, err := prepareSize(ctx, log, c.size, c.seed); err == nil || !strings.Contains(err.Error(), "leave --size out") {
			t.Errorf("--size %s --seed %d on that store: %v", c.size, c.seed, err)
		}
	}
}

// stopsAfter is a log whose process is stopped after some appends.
type stopsAfter struct {
	school.Log
	left int
	stop context.CancelFunc
}

func (s *stopsAfter) Append(ctx context.Context, expect int64, command string, events []school.Event, texts []school.Text) (school.Appended, error) {
	if s.left--; s.left < 0 {
		s.stop()
		return school.Appended{}, ctx.Err()
	}
	return s.Log.Append(ctx, expect, command, events, texts)
}

func TestDemoSizeRefused(t *testing.T) {
	alone(t)
	cliDo(t, "demo", "--size", "huge", "--listen", "127.0.0.1:0").failed(t, 2, "--size", "stress")
	small := filepath.Join(t.TempDir(), "small.db")
	d := newDemo(t, small)
	d.close()
	cliDo(t, "demo", "--size", "campus", "--store", small, "--listen", "127.0.0.1:0").failed(t, 2, "the small made-up district")
}

// What is worked out for many at once, or only far enough to answer, is what is worked out for one and in whole.
func TestSizedShortcuts(t *testing.T) {
	ctx := context.Background()
	log := school.NewMemLog(nil)
	if _, err := prepareSize(ctx, log, "district", seeds.DemoSeed); err != nil {
		t.Fatal(err)
	}
	book, err := school.Open(ctx, log)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if err := book.Read(func(m *school.Model) {
		reportable := map[bool]int{}
		for _, days := range []int{0, 1, 2, 3, 4, 39, 68, 300} { // a Thursday, a weekend, Thanksgiving, winter break, the summer
			now := seeds.DemoStart().AddDate(0, 0, days)
			weeks := m.Weeks(now)
			for _, id := range m.Leaders(now) {
				want, ok := m.Week(id, now)
				got, gotOK := weeks(id)
				if diff := cmp.Diff(want, got); ok != gotOK || diff != "" {
					t.Fatalf("%d days on: the week of a leader: %v, %v (-alone +among all):\n%s", days, ok, gotOK, diff)
				}
			}
			for _, c := range m.Campuses() {
				want := cards.DigestReportable(m.Snapshot(c.ID, now))
				if got := m.Reportable(c.ID, now); got != want {
					t.Errorf("%d days on: %s is reportable: %v, its snapshot says %v", days, c.ID, got, want)
				}
				reportable[want]++
			}
		}
		if reportable[true] == 0 || reportable[false] == 0 {
			t.Errorf("%v snapshots are reportable", reportable)
		}
	}); err != nil {
		t.Fatal(err)
	}
}
