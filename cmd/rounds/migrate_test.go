package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rounds/school"
	"rounds/school/logtest"
	"rounds/school/redislog"
	"rounds/school/sqlitelog"
)

// hush is the password of these tests' servers, and may be in nothing that is printed.
const hush = "hush-4711"

// locked starts a Redis that asks for a password, and gives the address of one of its prefixes.
func locked(t *testing.T) (srv *logtest.Redis, at func(addr, prefix string) string) {
	t.Helper()
	srv = logtest.StartRedis(t, append(logtest.Durable, "--requirepass", hush)...)
	return srv, func(addr, prefix string) string {
		return "redis://default:" + hush + "@" + addr + "/0?prefix=" + prefix
	}
}

// told fails when a command printed the password.
func (r cliRun) told(t *testing.T) cliRun {
	t.Helper()
	if strings.Contains(r.out+r.stderr, hush) {
		t.Errorf("the password is printed:\n%s%s", r.out, r.stderr)
	}
	return r
}

// demoStore makes a file with the made-up district, its eight weeks, and some of everything that stands beside events.
func demoStore(t *testing.T) (path string) {
	t.Helper()
	alone(t)
	path = filepath.Join(t.TempDir(), "demo.db")
	store, err := sqlitelog.Open(t.Context(), path, sqlitelog.Options{Mark: sqlitelog.Demo})
	if err != nil {
		t.Fatal(err)
	}
	log := store.Log(demoDistrict)
	s := newStageOn(t, log)
	if err := s.ready(); err != nil {
		t.Fatal(err)
	}
	s.say("alice", "/observe bob 12m glow:Before the move")
	s.say("alice", "/observe history bob")
	s.close()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(log.Put(t.Context(), "for/ever", []byte("kept"), 0, "p1"))
	must(log.Put(t.Context(), "for/an-hour", []byte("kept"), time.Hour, "p1"))
	for i := range 3 {
		c, ok, err := log.Claim(t.Context(), "post/x", "me", time.Hour)
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		_, err = log.Done(t.Context(), c, i == 9)
		must(err)
	}
	c, _, err := log.Claim(t.Context(), "post/y", "me", time.Hour)
	must(err)
	_, err = log.Done(t.Context(), c, true)
	must(err)
	_, err = log.Append(t.Context(), school.Any, "the-last", []school.Event{{Kind: "unknown.kind", At: schoolClock(), Data: []byte(`{}`)}}, nil)
	must(err)
	must(store.Close())
	return path
}

// everything is what a log holds, in words: events, texts, kept values.
func everything(t *testing.T, l school.Log) string {
	t.Helper()
	var out strings.Builder
	err := l.Read(t.Context(), 0, func(e school.Event) error {
		fmt.Fprintf(&out, "%d %s %s %s %s %s %v %s\n", e.Version, e.Kind, e.At, e.By, e.Via, e.Command, e.Must, e.Data)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{"name", "email", "account", "glow", "grow", "step", "item", "evidence"} {
		if err := l.ScanTexts(t.Context(), kind, func(x school.Text) error { fmt.Fprintln(&out, x); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.List(t.Context(), "", func(k string, v []byte) error { fmt.Fprintf(&out, "%s %s\n", k, v); return nil }); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// inStore opens a demo's district in a store for a moment.
func inStore(t *testing.T, store string, f func(l school.Log)) {
	t.Helper()
	s, err := storeFlags{Store: store}.open(t.Context(), opening{Demo: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	f(s.Log(demoDistrict))
}

// A district with its history goes from a file to a Redis and back: the same model, the same everything, the same memory of
// commands and claims. Broken off half-way it is gone on with.
func TestMigrate(t *testing.T) {
	file := demoStore(t)
	srv, at := locked(t)
	there := at(srv.Addr, "there")
	var want string
	inStore(t, file, func(l school.Log) { want = everything(t, l) })
	migrate := func(from, to string) (r migrateReport) {
		t.Helper()
		run := cliDo(t, "migrate", "--demo", "--district", demoDistrict, "--from", from, "--to", to, "--json").told(t)
		run.went(t)
		if err := json.Unmarshal([]byte(run.out), &r); err != nil {
			t.Fatal(err)
		}
		return r
	}
	over := migrate(file, there)
	if over.Events < 100 || int64(over.Events) != over.Version || over.Texts < 50 || over.Claims < 2 || over.Commands == 0 || over.Resumed != 0 {
		t.Errorf("to Redis: %+v", over)
	}
	if again := migrate(file, there); again.Events != 0 || again.Resumed != over.Version || again.Model != over.Model {
		t.Errorf("once more: %+v", again)
	}
	back := filepath.Join(t.TempDir(), "back.db")
	if home := migrate(there, back); home.Model != over.Model || home.Version != over.Version || home.Texts != over.Texts {
		t.Errorf("back: %+v, there: %+v", home, over)
	}
	for _, store := range []string{there, back} {
		inStore(t, store, func(l school.Log) {
			if got := everything(t, l); got != want {
				t.Errorf("%s holds something else than the file:\n%s", storeName(store), firstDifference(got, want))
			}
			a, err := l.Append(t.Context(), school.Any, "the-last", []school.Event{{Kind: "unknown.kind", Data: []byte(`{}`)}}, nil)
			if err != nil || !a.Repeated || a.Version != over.Version {
				t.Errorf("%s: a command id after the move: %+v %v", storeName(store), a, err)
			}
			if c, ok, err := l.Claim(t.Context(), "post/x", "me", time.Minute); err != nil || !ok || c.Epoch != 4 {
				t.Errorf("%s: the epoch of a claim after the move: %+v %v %v", storeName(store), c, ok, err)
			}
			if c, ok, err := l.Claim(t.Context(), "post/y", "me", time.Minute); err != nil || ok || !c.Done {
				t.Errorf("%s: what was posted can be claimed again: %+v %v", storeName(store), c, err)
			}
		})
	}

	// Redis is lost as it says that it has the first events; nothing half-moved is taken for whole, and the same command goes on.
	proxy := logtest.StartProxy(t, srv.Addr)
	cut := false
	proxy.Lose(func(reply []byte) bool {
		if !cut && string(reply) == "*1\r\n$1\r\n1\r\n" {
			cut = true
			go proxy.Partition(true)
		}
		return cut
	})
	broken := at(proxy.Addr(), "broken")
	cliDo(t, "migrate", "--demo", "--district", demoDistrict, "--from", file, "--to", broken).told(t).failed(t, 1, "the same command goes on where it was broken off")
	proxy.Lose(nil)
	proxy.Partition(false)
	if on := migrate(file, broken); on.Model != over.Model || on.Version != over.Version || on.Resumed == 0 {
		t.Errorf("gone on with: %+v, at once: %+v", on, over)
	}
	inStore(t, broken, func(l school.Log) {
		if got := everything(t, l); got != want {
			t.Errorf("after a move that was broken off:\n%s", firstDifference(got, want))
		}
	})
	cliDo(t, "migrate", "--demo", "--district", demoDistrict, "--from", there, "--to", filepath.Join(t.TempDir(), "x.db")).told(t).
		went(t, "Moved district "+demoDistrict, "From now on: ROUNDS_STORE=")
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return fmt.Sprintf("line %d\n got %s\nwant %s", i+1, g[i], w[i])
		}
	}
	return fmt.Sprintf("%d lines, want %d", len(g), len(w))
}

// What must not be moved is refused in words, and changes nothing.
func TestMigrateRefuses(t *testing.T) {
	file := demoStore(t)
	srv, at := locked(t)
	there := at(srv.Addr, "there")
	inStore(t, there, func(l school.Log) {
		if _, err := l.Append(t.Context(), school.Any, "other", []school.Event{{Kind: "district.set", At: schoolClock(), Data: []byte(`{"name":"Another","zone":"America/Chicago"}`)}}, nil); err != nil {
			t.Fatal(err)
		}
	})
	text := filepath.Join(t.TempDir(), "minutes.txt")
	if err := os.WriteFile(text, []byte("Minutes of the board, 2026\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name     string
		district string
		from, to string
		real     bool
		status   int
		want     string
	}{
		{"something else is there", demoDistrict, file, there, false, 1, "holds other events already: event 1 is another one; nothing of it was changed"},
		{"an unknown district", "lone-moon", file, at(srv.Addr, "new"), false, 1, `holds nothing of a district "lone-moon"`},
		{"an empty Redis", demoDistrict, at(srv.Addr, "empty"), file + "2", false, 1, "there is no store at redis://default:…@"},
		{"a foreign file", demoDistrict, text, at(srv.Addr, "new"), false, 1, "is not a SQLite file"},
		{"into a foreign file", demoDistrict, file, text, false, 1, "is not a SQLite file"},
		{"to itself", demoDistrict, file, file, false, 2, "--from and --to are the same store"},
		{"a demo as if it were real", demoDistrict, file, at(srv.Addr, "new"), true, 1, "holds a demo's made-up people"},
		{"a demo into a real store", demoDistrict, file, at(srv.Addr, "real"), false, 1, "is marked real, not demo"},
		{"a wrong password", demoDistrict, file, "redis://default:" + hush + "x@" + srv.Addr, false, 1, "WRONGPASS"},
		{"nobody there", demoDistrict, file, "redis://u:" + hush + "@" + freeAddr(t), false, 1, "redis cannot be reached"},
		{"no address", demoDistrict, file, "redis://u:" + hush + "@:x:y", false, 1, "is not a host and a port"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if strings.HasSuffix(c.to, "=real") {
				s, err := redislog.Open(t.Context(), c.to, redislog.Options{Mark: redislog.Real})
				if err != nil {
					t.Fatal(err)
				}
				s.Close()
			}
			args := []string{"migrate", "--district", c.district, "--from", c.from, "--to", c.to}
			if !c.real {
				args = append(args, "--demo")
			}
			cliDo(t, args...).told(t).failed(t, c.status, c.want)
			cliDo(t, append(args, "--json")...).told(t).failed(t, c.status, c.want)
		})
	}
	inStore(t, there, func(l school.Log) {
		if v, err := l.Version(t.Context()); err != nil || v != 1 {
			t.Errorf("a refused move left %d events: %v", v, err)
		}
	})
}

// Every command works on a Redis as on a file, and prints no password.
func TestCommandsOnRedis(t *testing.T) {
	config, path := personStore(t)
	srv, at := locked(t)
	store := at(srv.Addr, "rounds")
	cliDo(t, "export", "--config", config, "--store", path, "--person", "bob@example.com", "--json").went(t, "The note that was shared.")
	t.Setenv("ROUNDS_STORE", store)
	cliDo(t, "doctor", "--config", config).told(t).failed(t, 1)
	cliDo(t, "targets", "--config", config).told(t).failed(t, 1, "there is no store at redis://default:…@")
	cliDo(t, "migrate", "--config", config, "--from", path, "--to", store).told(t).went(t, "Moved district")

	cliDo(t, "targets", "--config", config, "--at", "2026-10-15T10:00").told(t).went(t, "bob@example.com")
	cliDo(t, "check", "--config", config).told(t).went(t, "Nothing is wrong with these files.")
	cliDo(t, "export", "--config", config, "--person", "bob@example.com", "--all", "--reason", "request 7", "--json").told(t).went(t, "The note that was kept.")
	audit := cliDo(t, "audit", "--config", config, "--person", "bob@example.com", "--from", "2020-01-01", "--to", "2030-01-01", "--json").told(t)
	audit.went(t, "observe history", "export --all", "request 7")
	if n := strings.Count(audit.out, `"export`); n < 2 {
		t.Errorf("the export that was made before the move is not on record after it:\n%s", audit.out)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(config), "*exports.jsonl")); len(left) > 0 {
		t.Errorf("an export from a Redis wrote %q", left)
	}
	visits := filepath.Join(t.TempDir(), "visits.csv")
	if err := os.WriteFile(visits, []byte("observer,teacher,date\nalice@example.com,bob@example.com,2026-09-03\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cliDo(t, "import", "--config", config, "--dry-run", visits).told(t).went(t, "nothing was written")
	cliDo(t, "import", "--config", config, visits).told(t).went(t, "1 added")
	cliDo(t, "import", "--config", config, visits).told(t).went(t, "Nothing changed")

	findings := func(args ...string) string {
		run := cliDo(t, append([]string{"doctor", "--config", config}, args...)...).told(t)
		return run.out
	}
	if out := findings(); !strings.Contains(out, "ok   redis: at "+srv.Addr+", version ") || !strings.Contains(out, "role master, replicas 0, appendonly yes, appendfsync always, no-appendfsync-on-rewrite no, maxmemory-policy noeviction") {
		t.Errorf("doctor on a good Redis:\n%s", out)
	}
	weak := logtest.StartRedis(t, "--requirepass", hush, "--save", "")
	t.Setenv("ROUNDS_STORE", at(weak.Addr, "rounds"))
	if out := findings(); !strings.Contains(out, "FAIL redis:") || !strings.Contains(out, "set appendonly yes, appendfsync always; or take the risk") || !strings.Contains(out, "warn store: redis://default:…@") {
		t.Errorf("doctor on a Redis that keeps nothing:\n%s", out)
	}
	if out := findings("--redis-accept-loss", "--json"); !strings.Contains(out, `{"name":"redis","state":"warn"`) {
		t.Errorf("doctor, where the loss is accepted:\n%s", out)
	}
	cliDo(t, "import", "--config", config, visits).told(t).failed(t, 1, "appendonly is no, not yes", "--redis-accept-loss")
	weak.Kill()
	if out := findings(); !strings.Contains(out, "FAIL redis: look at the settings of") || !strings.Contains(out, "redis cannot be reached") {
		t.Errorf("doctor without a Redis:\n%s", out)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	t.Setenv("SLACK_BOT_TOKEN", "xoxb-test")
	cliDoIn(t, ctx, "serve", "--config", config, "--listen", "127.0.0.1:0").told(t).failed(t, 1, "redis cannot be reached")
}
