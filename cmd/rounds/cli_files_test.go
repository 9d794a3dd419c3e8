package main

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rounds/school"
	"rounds/school/sqlitelog"
	"rounds/seeds"

	"github.com/google/go-cmp/cmp"
)

// The commands on a district's files: init and demo write them, check reads them, targets counts by them, and applying them
// twice is applying them once. What is wrong in them is named with its line.

func TestInit(t *testing.T) {
	alone(t)
	dir := filepath.Join(t.TempDir(), "new")
	config := filepath.Join(dir, "district.yaml")
	cliDo(t, "init", dir).went(t, config, "rounds check --config "+config)
	cliDo(t, "check", "--config", config).went(t, "Nothing is wrong with these files.")
	before := tree(t, dir)
	for _, keep := range slices.Sorted(maps.Keys(before)) { // whichever of them is there
		cliDo(t, "init", dir).failed(t, 1, "exists; nothing was written")
		if diff := cmp.Diff(before, tree(t, dir)); diff != "" {
			t.Fatalf("with %s there:\n%s", keep, diff)
		}
		if len(before) == 1 {
			break
		}
		if err := os.Remove(filepath.Join(dir, keep)); err != nil {
			t.Fatal(err)
		}
		delete(before, keep)
	}
}

// The files that the demo writes are a district's: check reads them, and targets says of every target what the demo
// says of it.
func TestWriteCheckTargets(t *testing.T) {
	alone(t)
	dir := filepath.Join(t.TempDir(), "district")
	config := filepath.Join(dir, "district.yaml")
	cliDo(t, "demo", "--write", dir).went(t, config)
	before := tree(t, dir)
	cliDo(t, "check", "--config", config).went(t, "Blanco Bend ISD, time zone America/Chicago", "Cedar Ridge Middle School", "PLC teams: 11", "Nothing is wrong with these files.")
	cliDo(t, "demo", "--write", dir).failed(t, 1, "is already there")
	if diff := cmp.Diff(before, tree(t, dir)); diff != "" {
		t.Errorf("the files changed:\n%s", diff)
	}

	r := cliDo(t, "targets", "--config", config, "--at", "2026-10-15T10:00", "--json")
	r.went(t)
	var got []targetRow
	lines := strings.Split(strings.TrimSpace(r.out), "\n")
	for i, line := range lines {
		var fields map[string]json.RawMessage
		if err := json.Unmarshal([]byte(line), &fields); err != nil {
			t.Fatalf("line %d: %v", i+1, err)
		}
		names := slices.Sorted(maps.Keys(fields))
		if want := []string{"done", "due", "instructional_days_since_last", "kinds", "observers", "open_days_left", "period_end", "period_start", "required", "status", "subject", "target"}; !slices.Equal(names, want) {
			t.Fatalf("line %d has the fields %q, want %q", i+1, names, want)
		}
		var row targetRow
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			t.Fatalf("line %d: %v", i+1, err)
		}
		got = append(got, row)
	}
	var want []targetRow
	book, _ := demoBook(t, seeds.DemoSeed)
	if err := book.Read(func(m *school.Model) {
		for _, d := range m.AllDuties(school.DayOf(seeds.DemoStart(), m.Zone())) {
			want = append(want, rowOf(m, d))
		}
	}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" || len(got) < 100 {
		t.Errorf("%d rows (-demo +files):\n%s", len(got), diff)
	}
	// The same instant with an offset, and as a table.
	if again := cliDo(t, "targets", "--config", config, "--at", "2026-10-15T10:00:00-05:00", "--json"); again.out != r.out {
		t.Error("the same time with an offset gives other rows")
	}
	table := cliDo(t, "targets", "--config", config, "--at", "2026-10-15T10:00")
	table.went(t, "TARGET", "bob@example.com")
	if n := strings.Count(table.out, "\n"); n != len(lines)+1 {
		t.Errorf("the table has %d lines for %d rows", n, len(lines))
	}
}

// Applying the same files again writes nothing, whether the same program does so or the next one.
func TestApplyTwiceWritesNothing(t *testing.T) {
	config := districtDir(t)
	path := filepath.Join(t.TempDir(), "rounds.db")
	var versions []int64
	for range 3 {
		store, err := sqlitelog.Open(t.Context(), path, sqlitelog.Options{Mark: sqlitelog.Real})
		if err != nil {
			t.Fatal(err)
		}
		log := store.Log("demo")
		book, err := school.Open(t.Context(), log)
		if err != nil {
			t.Fatal(err)
		}
		for n := range 2 {
			cfg, err := LoadConfig(config)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := ApplyFiles(t.Context(), book, cfg, seeds.DemoStart().Add(time.Duration(n)*time.Hour)); err != nil {
				t.Fatal(err)
			}
			v, err := log.Version(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			versions = append(versions, v)
		}
		book.Close()
		if err := store.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if versions[0] < 400 || slices.Max(versions) != versions[0] {
		t.Errorf("the log's version grew: %d", versions)
	}
}

func TestWrongConfig(t *testing.T) {
	alone(t)
	for _, c := range []struct {
		name  string
		edits []string
		want  []string
	}{
		{"a wrong field", []string{"weekly_cap: 10", "weekly_cup: 10"}, []string{"district.yaml:", ":1: weekly_cup:", "did you mean weekly_cap?"}},
		{"a wrong value", []string{"minutes: 45", "minutes: many"}, []string{"district.yaml:", "teams[0].meets.minutes", `"many"`}},
		{"an unknown zone", []string{"zone: America/Chicago", "zone: America/Chicgo"}, []string{"district.yaml:12:9: district.zone:", `"America/Chicgo" is not a time zone; did you mean America/Chicago?`}},
		{"a missing file", []string{"people: people.csv", "people: staff.csv"}, []string{"district.yaml:", "people:", `there is no file "staff.csv"`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			config := districtDir(t, c.edits...)
			for _, args := range [][]string{
				{"check", "--config", config},
				{"targets", "--config", config},
				{"serve", "--config", config, "--listen", "127.0.0.1:0", "--store", filepath.Join(t.TempDir(), "rounds.db")},
			} {
				r := cliDo(t, args...)
				r.failed(t, 1, c.want...)
				if r.out != "" {
					t.Errorf("%s wrote to stdout: %s", args[0], r.out)
				}
			}
			r := cliDo(t, "doctor", "--config", config)
			r.failed(t, 1)
			for _, w := range c.want {
				if !strings.Contains(r.out, w) {
					t.Errorf("doctor lacks %q:\n%s", w, r.out)
				}
			}
		})
	}
	r := cliDo(t, "check", "--config", filepath.Join(t.TempDir(), "nothing.yaml"))
	r.failed(t, 1, "nothing.yaml")
}
