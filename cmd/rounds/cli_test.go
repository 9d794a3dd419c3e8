package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rounds/bot/slackbot"
	"rounds/handlers"
	"rounds/school"
	"rounds/school/sqlitelog"
	"rounds/seeds"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
)

// cliRun is how one command came out.
type cliRun struct {
	status      int
	out, stderr string
}

// cliDo runs a command as the shell would, with no secrets in the environment but those that the test set.
func cliDo(t *testing.T, args ...string) cliRun {
	t.Helper()
	return cliDoIn(t, context.Background(), args...)
}

func cliDoIn(t *testing.T, ctx context.Context, args ...string) cliRun {
	t.Helper()
	var out, errs bytes.Buffer
	status := run(ctx, args, &output{&out, &errs})
	return cliRun{status, out.String(), errs.String()}
}

// alone takes the machine's own settings out of the environment.
func alone(t *testing.T) {
	t.Helper()
	for _, name := range []string{"ROUNDS_STORE", "ROUNDS_LISTEN", "ROUNDS_KEY", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_API_URL", "DISCORD_BOT_TOKEN", "DISCORD_APPLICATION_ID", "DISCORD_PUBLIC_KEY", "DISCORD_API_URL", "DISCORD_ROLES", "DISCORD_LINK"} {
		t.Setenv(name, "") // so that it is put back
		if err := os.Unsetenv(name); err != nil {
			t.Fatal(err)
		}
	}
}

// failed wants a status, nothing on stdout, and words on stderr.
func (r cliRun) failed(t *testing.T, status int, words ...string) {
	t.Helper()
	if r.status != status {
		t.Errorf("exit status %d, want %d", r.status, status)
	}
	for _, w := range words {
		if !strings.Contains(r.stderr, w) {
			t.Errorf("stderr lacks %q:\n%s", w, r.stderr)
		}
	}
	if strings.Contains(r.stderr, "goroutine ") || strings.Count(r.stderr, "\n") > 12 {
		t.Errorf("stderr is no sentence:\n%s", r.stderr)
	}
}

// went wants status 0, nothing on stderr, and words on stdout.
func (r cliRun) went(t *testing.T, words ...string) {
	t.Helper()
	if r.status != 0 || r.stderr != "" {
		t.Fatalf("exit status %d: %s", r.status, r.stderr)
	}
	for _, w := range words {
		if !strings.Contains(r.out, w) {
			t.Errorf("stdout lacks %q:\n%s", w, r.out)
		}
	}
}

// districtDir writes the made-up district's files, each changed by edits (old, new, …) of district.yaml.
func districtDir(t *testing.T, edits ...string) (config string) {
	t.Helper()
	dir := t.TempDir()
	for name, data := range seeds.DemoFiles(seeds.DemoSeed) {
		if name == "district.yaml" {
			text := string(data)
			for i := 0; i < len(edits); i += 2 {
				if !strings.Contains(text, edits[i]) {
					t.Fatalf("district.yaml has no %q", edits[i])
				}
				text = strings.ReplaceAll(text, edits[i], edits[i+1])
			}
			data = []byte(text)
		}
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "district.yaml")
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

// withSlack puts the secrets of a fake Slack into the environment.
func withSlack(t *testing.T, api string) {
	t.Helper()
	t.Setenv("SLACK_BOT_TOKEN", "xoxb-test")
	t.Setenv("SLACK_SIGNING_SECRET", signingSecret)
	t.Setenv("SLACK_API_URL", api)
}

// tree is every file of a folder with its content.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		out[e.Name()] = string(data)
	}
	return out
}

func makeStore(t *testing.T, path string, mark sqlitelog.Mark) {
	t.Helper()
	s, err := sqlitelog.Open(t.Context(), path, sqlitelog.Options{Mark: mark})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// A file that is not a store of the command's own is refused in words, and left as it was, byte for byte.
func TestForeignStores(t *testing.T) {
	alone(t)
	withSlack(t, "http://127.0.0.1:1/api/")
	config := districtDir(t)
	text := func(t *testing.T, path string) {
		if err := os.WriteFile(path, []byte("Minutes of the board, 2026\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	district := func(t *testing.T, path string) { makeStore(t, path, sqlitelog.Real) }
	demo := func(t *testing.T, path string) { makeStore(t, path, sqlitelog.Demo) }
	serve := []string{"serve", "--config", config, "--listen", "127.0.0.1:0", "--store", "STORE"}
	demoCmd := []string{"demo", "--listen", "127.0.0.1:0", "--store", "STORE"}
	targets := []string{"targets", "--config", config}
	for _, c := range []struct {
		name string
		make func(*testing.T, string)
		args []string
		want string
	}{
		{"serve a text file", text, serve, "is not a SQLite file"},
		{"demo on a text file", text, demoCmd, "is not a SQLite file"},
		{"targets of a text file", text, targets, "is not a SQLite file"},
		{"serve a demo", demo, serve, "holds a demo's made-up people, not a real district"},
		{"targets of a demo", demo, targets, "holds a demo's made-up people, not a real district"},
		{"demo of a real district", district, demoCmd, "holds a real district, not a demo"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "store.db")
			c.make(t, path)
			before := tree(t, dir)
			args := slices.Clone(c.args)
			if i := slices.Index(args, "STORE"); i >= 0 {
				args[i] = path
			} else {
				t.Setenv("ROUNDS_STORE", path)
			}
			cliDo(t, args...).failed(t, 1, path, c.want)
			after := tree(t, dir)
			delete(after, "store.db.lock") // it stays, empty, and belongs to nobody
			delete(before, "store.db.lock")
			if diff := cmp.Diff(before, after); diff != "" {
				t.Errorf("the folder changed (-before +after):\n%s", diff)
			}
		})
	}
}

func TestStoreInUse(t *testing.T) {
	alone(t)
	withSlack(t, "http://127.0.0.1:1/api/")
	path := filepath.Join(t.TempDir(), "rounds.db")
	s, err := sqlitelog.Open(t.Context(), path, sqlitelog.Options{Mark: sqlitelog.Real})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	r := cliDo(t, "serve", "--config", districtDir(t), "--listen", "127.0.0.1:0", "--store", path)
	r.failed(t, 1, path, "is being written to by another process", "stop it first")

	demoPath := filepath.Join(t.TempDir(), "demo.db")
	d, err := sqlitelog.Open(t.Context(), demoPath, sqlitelog.Options{Mark: sqlitelog.Demo})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	cliDo(t, "demo", "--listen", "127.0.0.1:0", "--store", demoPath).failed(t, 1, demoPath, "is being written to by another process")
}

func TestPorts(t *testing.T) {
	alone(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	taken := l.Addr().String()
	store := filepath.Join(t.TempDir(), "rounds.db")
	cliDo(t, "demo", "--listen", taken, "--store", store).failed(t, 1, taken+" is in use by another program", "--listen")
	cliDo(t, "serve", "--config", districtDir(t), "--listen", taken, "--store", store).failed(t, 1, taken+" is in use by another program", "--listen")
	for _, addr := range []string{"0.0.0.0:0", ":0", "[::]:0", "192.0.2.1:8080", "rounds.example.org:80", "8080"} {
		cliDo(t, "demo", "--listen", addr, "--store", store).failed(t, 2, addr, "loopback")
	}
	if _, err := os.Stat(store); !errors.Is(err, os.ErrNotExist) {
		t.Error("a store was made by a command that did not begin")
	}
	cliDo(t, "serve", "--config", districtDir(t), "--listen", "127.0.0.1:0", "--store", store).failed(t, 2, "no chat service is set up", "SLACK_BOT_TOKEN")
}

func TestAskedWrongly(t *testing.T) {
	alone(t)
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"frobnicate"}, "frobnicate"},
		{[]string{"--frobnicate"}, "--frobnicate"},
		{[]string{"demo", "--frobnicate"}, "--frobnicate"},
		{[]string{"ask"}, "ask what?"},
		{[]string{"ask", "--batch", "nothing.jsonl"}, "nothing.jsonl"},
		{[]string{"targets"}, "--config"},
		{[]string{"manifest"}, "platform"},
		{[]string{"manifest", "telegram"}, "slack"},
		{[]string{"demo", "--at", "tomorrow"}, `--at: "tomorrow" is not a time like`},
		{[]string{"demo", "--seed", "many"}, "--seed"},
		{[]string{"targets", "--config", districtDir(t), "--at", "noon"}, `--at: "noon" is not a time like`},
		{nil, "Try: rounds --help"},
	} {
		r := cliDo(t, c.args...)
		r.failed(t, 2, "rounds: ", c.want)
		if r.out != "" {
			t.Errorf("%q wrote to stdout: %s", c.args, r.out)
		}
	}
}

// Every command says how it is used, with an example.
func TestHelp(t *testing.T) {
	alone(t)
	r := cliDo(t, "--help")
	r.went(t, "Begin with: rounds demo")
	commands := reflect.TypeFor[cli]()
	for field := range commands.Fields() {
		name := strings.ToLower(field.Name)
		if !strings.Contains(r.out, name) {
			t.Errorf("rounds --help lacks %s", name)
		}
		one := cliDo(t, name, "--help")
		one.went(t, "Usage: rounds "+name)
		if !regexp.MustCompile(`(?m)^Examples?:\n\n( +.*\n)*? +(\S+=\S+ )?rounds ` + name + `\b`).MatchString(one.out) {
			t.Errorf("rounds %s --help has no example:\n%s", name, one.out)
		}
	}
}

func TestVersion(t *testing.T) {
	r := cliDo(t, "version")
	r.went(t)
	if r.out != "rounds "+version+"\n" {
		t.Errorf("%q", r.out)
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

func TestAsk(t *testing.T) {
	alone(t)
	cliDo(t, "ask", "what does proficient look like for classroom observation").went(t, "proficient.1", "level Proficient (not a T-TESS rating)", "© EBSCOed")
	cliDo(t, "ask", "what", "is", "the", "weather").went(t, "outside what I know")

	dir := t.TempDir()
	batch := filepath.Join(dir, "questions.jsonl")
	write := func(s string) {
		t.Helper()
		if err := os.WriteFile(batch, []byte(s), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(`{"id":"a","q":"what does proficient look like for classroom observation"}

{"id":"b","q":"what is the weather"}
{"id":"c","q":""}
{"id":"d","q":"5.2.5"}
`)
	r := cliDo(t, "ask", "--batch", batch)
	r.went(t)
	type row struct {
		ID        string
		IDs       []string
		Abstained bool
	}
	var got []row
	dec := json.NewDecoder(strings.NewReader(r.out))
	dec.DisallowUnknownFields()
	for {
		var x row
		if err := dec.Decode(&x); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		got = append(got, x)
	}
	if len(got) != 4 || got[0].ID != "a" || got[0].Abstained || got[0].IDs[0] != "proficient.1" || !got[1].Abstained || len(got[1].IDs) != 0 || !got[2].Abstained || got[3].Abstained {
		t.Errorf("%+v", got)
	}
	if strings.Contains(r.out, "null") {
		t.Errorf("no answers are [], not null:\n%s", r.out)
	}
	for _, bad := range []string{"{\"id\":\"a\",\"q\":\"x\"}\nnot json\n", "{\"id\":\"a\",\"q\":\"x\"}\n{\"q\":\"no id\"}\n"} {
		write(bad)
		r := cliDo(t, "ask", "--batch", batch)
		r.failed(t, 1, batch+":2:", "not a line like")
		if strings.Contains(r.stderr, "<nil>") {
			t.Errorf("stderr: %s", r.stderr)
		}
	}
}

func TestManifest(t *testing.T) {
	alone(t)
	for _, args := range [][]string{{"manifest", "slack"}, {"manifest", "slack", "--url", "https://rounds.example.org", "--name", "Rounds test"}} {
		r := cliDo(t, args...)
		r.went(t)
		var m struct {
			Display struct {
				Name string `yaml:"name"`
			} `yaml:"display_information"`
			Features struct {
				Commands []struct {
					Command string `yaml:"command"`
					URL     string `yaml:"url"`
				} `yaml:"slash_commands"`
			} `yaml:"features"`
		}
		if err := yaml.Unmarshal([]byte(r.out), &m); err != nil {
			t.Fatalf("%v\n%s", err, r.out)
		}
		var got, want []string
		for _, c := range m.Features.Commands {
			got = append(got, c.Command)
			if (c.URL != "") != (len(args) > 2) {
				t.Errorf("%s has the address %q", c.Command, c.URL)
			}
		}
		for _, c := range handlers.New(handlers.Config{}).Commands() {
			want = append(want, "/"+c.Name)
			for _, a := range c.Aliases {
				want = append(want, "/"+a)
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("commands (-registered +manifest):\n%s", diff)
		}
		if len(args) > 2 && m.Display.Name != "Rounds test" {
			t.Errorf("the name is %q", m.Display.Name)
		}
	}
	r := cliDo(t, "manifest", "slack", "--scopes")
	r.went(t)
	for _, s := range slackbot.Scopes() {
		if !strings.Contains(r.out, s.Name) || s.Why == "" {
			t.Errorf("the scope %s is not explained", s.Name)
		}
	}
}

// doctorSlack stands before a fake Slack and changes what it says.
type doctorSlack struct {
	*fakeSlack
	front    *httptest.Server
	scopes   []string
	badToken bool
	away     string // the room that the bot is not in
}

func newDoctorSlack(t *testing.T) *doctorSlack {
	d := &doctorSlack{fakeSlack: newFakeSlack(t, map[string]string{"U01ALICE": "alice@example.com"})}
	for _, s := range slackbot.Scopes() {
		d.scopes = append(d.scopes, s.Name)
	}
	d.front = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		q, _ := url.ParseQuery(string(body))
		method := strings.TrimPrefix(r.URL.Path, "/api/")
		d.mu.Lock()
		defer d.mu.Unlock()
		var answer any
		switch {
		case d.badToken:
			d.calls[method]++
			answer = map[string]any{"ok": false, "error": "invalid_auth"}
		case method == "conversations.history" && q.Get("channel") == d.away:
			d.calls[method]++
			answer = map[string]any{"ok": false, "error": "not_in_channel"}
		default:
			answer = d.answer(method, q, string(body))
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-OAuth-Scopes", strings.Join(d.scopes, ","))
		_ = json.NewEncoder(w).Encode(answer)
	}))
	t.Cleanup(d.front.Close)
	return d
}

// onSlack edits district.yaml so that its rooms are on the fake Slack.
var onSlack = []string{"  web: [web]\n", "  slack: [T01TEST]\n", "web:web:", "slack:T01TEST:C-"}

func TestDoctor(t *testing.T) {
	alone(t)
	config := districtDir(t, onSlack...)
	dir := t.TempDir()
	path := filepath.Join(dir, "rounds.db")

	// A district whose people are all linked.
	store, err := sqlitelog.Open(t.Context(), path, sqlitelog.Options{Mark: sqlitelog.Real})
	if err != nil {
		t.Fatal(err)
	}
	book, err := school.Open(t.Context(), store.Log("demo"))
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := LoadConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ApplyFiles(t.Context(), book, cfg, seeds.DemoStart()); err != nil {
		t.Fatal(err)
	}
	accounts, err := webAccounts(book)
	if err != nil {
		t.Fatal(err)
	}
	for i := range accounts {
		for j := range accounts[i].Texts {
			accounts[i].Texts[j].Body = school.AccountText("slack", "T01TEST", fmt.Sprintf("U%02d", i))
		}
		if _, err := book.Record(t.Context(), accounts[i]); err != nil {
			t.Fatal(err)
		}
	}
	book.Close()
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	before := tree(t, dir)

	slack := newDoctorSlack(t)
	withSlack(t, slack.front.URL+"/api/")
	doctor := func(args ...string) cliRun {
		t.Helper()
		return cliDo(t, append([]string{"doctor", "--config", config, "--store", path}, args...)...)
	}
	good := doctor()
	good.went(t, "ok   files:", "ok   store:", "ok   slack token:", "ok   slack scopes: all", "ok   slack clock:", "ok   slack rooms: the bot is in 13 of 13 rooms", "ok   slack people:", "everybody on the roster has an account")
	if strings.Contains(good.out, "warn") || strings.Contains(good.out, "FAIL") {
		t.Errorf("all is good:\n%s", good.out)
	}
	r := doctor("--json")
	r.went(t)
	for line := range strings.SplitSeq(strings.TrimSpace(r.out), "\n") {
		var row map[string]string
		if err := json.Unmarshal([]byte(line), &row); err != nil || row["State"] != "ok" && row["state"] != "ok" {
			t.Errorf("%v: %s", err, line)
		}
	}

	all := slack.scopes
	slack.scopes = slices.DeleteFunc(slices.Clone(all), func(s string) bool { return s == "chat:write" })
	r = doctor()
	r.failed(t, 1, "1 of ", "checks failed")
	if !strings.Contains(r.out, "FAIL slack scopes: missing: chat:write (") || !strings.Contains(r.out, "-> ") {
		t.Errorf("a missing scope:\n%s", r.out)
	}
	slack.scopes = all

	slack.away = "C-cedar-math"
	r = doctor()
	r.failed(t, 1, "1 of ", "checks failed")
	if !strings.Contains(r.out, "FAIL slack room C-cedar-math: the bot is not in this room") || !strings.Contains(r.out, "/invite") || !strings.Contains(r.out, "in 12 of 13 rooms") {
		t.Errorf("a room that the bot is not in:\n%s", r.out)
	}
	slack.away = ""

	slack.badToken = true
	r = doctor()
	r.failed(t, 1, "checks failed")
	if !strings.Contains(r.out, "FAIL slack token:") || !strings.Contains(r.out, "Install the app to the workspace again") || strings.Contains(r.out+r.stderr, "xoxb") {
		t.Errorf("a bad token:\n%s", r.out)
	}
	slack.badToken = false

	// Nothing set up yet.
	none := filepath.Join(dir, "none.db")
	r = cliDo(t, "doctor", "--config", config, "--store", none)
	r.went(t, "warn store: "+none+" does not exist yet", "warn slack: accounts: 70 people on the roster have no account here yet")
	t.Setenv("SLACK_BOT_TOKEN", "")
	r = doctor()
	r.failed(t, 1)
	if !strings.Contains(r.out, "FAIL chat services: no token is in the environment") {
		t.Errorf("no token:\n%s", r.out)
	}

	reads := []string{"auth.test", "conversations.history", "users.info"}
	for method, n := range slack.calls {
		if !slices.Contains(reads, method) {
			t.Errorf("doctor called %s %d times", method, n)
		}
	}
	if diff := cmp.Diff(before, tree(t, dir)); diff != "" {
		t.Errorf("doctor changed the folder:\n%s", diff)
	}
}

// firstLine calls a function with the first line that is written.
type firstLine struct {
	mu   sync.Mutex // guards the following
	buf  bytes.Buffer
	then func(line string)
}

func (f *firstLine) Write(b []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.buf.Write(b)
	if line, _, ok := strings.Cut(f.buf.String(), "\n"); ok && f.then != nil {
		f.then(line)
		f.then = nil
	}
	return len(b), nil
}

// The demo begins with one command, answers, ends when it is told to, and leaves nothing behind.
func TestDemoCommand(t *testing.T) {
	alone(t)
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	said := make(chan string, 1)
	out := &firstLine{then: func(line string) { said <- line }}
	var errs bytes.Buffer
	status := make(chan int, 1)
	go func() { status <- run(ctx, []string{"demo", "--listen", "127.0.0.1:0"}, &output{out, &errs}) }()
	var line string
	select {
	case line = <-said:
	case code := <-status:
		t.Fatalf("it ended with %d: %s", code, errs.String())
	}
	base, ok := strings.CutPrefix(line, "Rounds demo: ")
	if !ok {
		t.Fatalf("%q", line)
	}
	for _, path := range []string{"/", "/healthz", "/readyz", "/metrics"} {
		r, err := http.Get(base + path)
		if err != nil {
			t.Fatal(err)
		}
		_ = r.Body.Close()
		if r.StatusCode != 200 {
			t.Errorf("%s: %s", path, r.Status)
		}
	}
	stop()
	if code := <-status; code != 0 {
		t.Errorf("exit status %d: %s", code, errs.String())
	}
	if !strings.Contains(errs.String(), "Everybody in it is made up") || !strings.Contains(errs.String(), "Thursday, October 15, 2026, 10:00 AM CDT") {
		t.Errorf("stderr: %s", errs.String())
	}
	if left := tree(t, temp); len(left) > 0 {
		t.Errorf("it left %d files behind", len(left))
	}
}

// A kept demo goes on where it was, and its time never goes back.
func TestDemoTimeNeverGoesBack(t *testing.T) {
	alone(t)
	store := filepath.Join(t.TempDir(), "demo.db")
	d := newDemo(t, store)
	if _, err := d.clock.Jump(t.Context(), seeds.DemoStart().Add(2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	d.close()
	cliDo(t, "demo", "--listen", "127.0.0.1:0", "--store", store, "--at", "2026-10-15T11:00").failed(t, 2, "--at:", "has reached Thu, Oct 15, 2026, 12:00 PM", "never goes back")
}

// A full store: what is typed is answered with a sentence and saves nothing, what is read is read, and with room again
// everything goes on.
func TestFullStore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "demo.db")
	open := func(pages int) (*sqlitelog.Store, *stage) {
		t.Helper()
		store, err := sqlitelog.Open(t.Context(), path, sqlitelog.Options{Mark: sqlitelog.Demo, MaxPages: pages})
		if err != nil {
			t.Fatal(err)
		}
		s := newStageOn(t, store.Log(demoDistrict))
		if err := s.ready(); err != nil {
			t.Fatal(err)
		}
		return store, s
	}
	store, s := open(0)
	s.say("alice", "/observe bob 12m glow:Before it was full")
	s.close()
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}

	store, s = open(1) // less than it has: it cannot grow
	full := "Saved nothing: the store is full. Please tell your IT office, then try again."
	long := strings.Repeat("the same sentence many times over. ", 50)
	saved := 0
	var answer string
	for ; saved < 500; saved++ {
		before := s.version()
		answer = s.say("alice", "/observe vikram 12m glow:"+long)
		if !strings.Contains(answer, "Saved. Only you can see this.") {
			if v := s.version(); v != before {
				t.Errorf("it says %q and wrote %d events", answer, v-before)
			}
			break
		}
	}
	t.Logf("full after %d visits", saved)
	if !strings.Contains(answer, full) {
		t.Errorf("a full store answers:\n%s", answer)
	}
	reads := map[string]string{
		"/ask what does proficient look like for classroom observation": "proficient.1",
		"/rounds help":          "What a coach does here first",
		"/rounds why":           "Your reminders",
		"/plc agenda cedar-ela": "Cedar Ridge ELA",
		"/observe status":       "this week",
		"/observe history bob":  "Before it was full",
	}
	for line, want := range reads {
		if got := s.say("alice", line); !strings.Contains(got, want) {
			t.Errorf("%s on a full store:\n%s", line, got)
		}
	}
	// When not a row fits any more, not even that somebody looked at a record can be put on record: these two are then
	// refused, and say why.
	for i := 0; ; i++ {
		if _, err := s.log.PutIfAbsent(t.Context(), fmt.Sprint("filler/", i), make([]byte, 60), 0, ""); errors.Is(err, school.ErrFull) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	for line, want := range reads {
		if strings.HasPrefix(line, "/observe") {
			want = "I cannot show that now: each look at a person's record is itself put on record, and the store is full."
		}
		if got := s.say("alice", line); !strings.Contains(got, want) {
			t.Errorf("%s on a store without room for a row:\n%s", line, got)
		}
	}
	if err := s.app.ready(); err != nil {
		t.Errorf("not ready: %v", err)
	}
	s.close()
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}

	store, s = open(0)
	if got := s.say("alice", "/observe history bob"); !strings.Contains(got, "Before it was full") {
		t.Errorf("what was saved before:\n%s", got)
	}
	if got := s.say("alice", "/observe vikram 12m glow:There is room again"); !strings.Contains(got, "Saved.") {
		t.Errorf("with room again:\n%s", got)
	}
	s.close()
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
}
