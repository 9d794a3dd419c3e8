package main

import (
	"bytes"
	"context"
	"encoding/json"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"rounds/school"
	"rounds/school/sqlitelog"
	"rounds/seeds"
)

func rehearse(t testing.TB, args ...string) (string, string, int) {
	t.Helper()
	var out, errs bytes.Buffer
	status := run(context.Background(), append([]string{"rehearse"}, args...), &output{&out, &errs})
	return out.String(), errs.String(), status
}

func TestRehearseForPrograms(t *testing.T) {
	out, errs, status := rehearse(t, "--demo", "--from", "2026-10-26", "--to", "2026-11-06", "--format", "jsonl")
	if status != 0 {
		t.Fatalf("status %d: %s", status, errs)
	}
	mailOrRoom := regexp.MustCompile(`^([a-z.]+@example\.com|web:web:[a-z0-9-]+)$`)
	offsets := map[string]bool{}
	seen := map[string]bool{}
	kinds := map[string]int{}
	var last time.Time
	for line := range strings.Lines(out) {
		var r rehearsedRow
		dec := json.NewDecoder(strings.NewReader(line))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&r); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		at, err := time.Parse(time.RFC3339, r.At)
		if err != nil || at.Before(last) {
			t.Errorf("at %q after %v: %v", r.At, last, err)
		}
		last = at
		offsets[r.At[19:]] = true
		if seen[r.Occurrence] || !strings.HasPrefix(r.Occurrence, "demo/"+r.Kind+"/") {
			t.Errorf("occurrence %q of kind %q", r.Occurrence, r.Kind)
		}
		seen[r.Occurrence] = true
		if !mailOrRoom.MatchString(r.To) {
			t.Errorf("to %q", r.To)
		}
		if post := r.Status == "post"; !post && r.Status != "held" && r.Status != "dropped" || post != (r.Reason == "") || post != (r.Text != "") {
			t.Errorf("%+v", r)
		}
		kinds[r.Kind]++
	}
	if !offsets["-05:00"] || !offsets["-06:00"] || len(offsets) != 2 {
		t.Errorf("the offsets on both sides of the clock change: %v", offsets)
	}
	for _, k := range []string{"plan", "due", "agenda", "start", "preview", "digest"} {
		if kinds[k] == 0 {
			t.Errorf("no %s in two weeks", k)
		}
	}
}

func TestRehearseForPeople(t *testing.T) {
	out, errs, status := rehearse(t, "--demo", "--from", "2026-10-12", "--to", "2026-10-23")
	if status != 0 {
		t.Fatalf("status %d: %s", status, errs)
	}
	for _, want := range []string{
		"Rehearsal of Blanco Bend ISD, Mon, Oct 12, 2026 to Fri, Oct 23, 2026. Nothing was sent.",
		"Nobody logs visits", "Week of Mon, Oct 12, 2026", "Week of Mon, Oct 19, 2026", "Alice Anderson", "web:web:cedar-math",
		"due: nothing is due soon", "checkback: your campus sends teachers no messages", "In all: ",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in\n%s", want, out)
		}
	}
	one, _, _ := rehearse(t, "--demo", "--from", "2026-10-12", "--to", "2026-10-23", "--person", "alice@example.com", "--kind", "plan", "--kind", "due")
	if !strings.Contains(one, "Alice Anderson") || strings.Contains(one, "Dana") || strings.Contains(one, "PREVIEW") {
		t.Errorf("one person, two kinds:\n%s", one)
	}
}

// Notices are no reminders of the clock's own, so somebody may get more than the cap; the table says so.
func TestRehearseWarnsAboveTheCap(t *testing.T) {
	dir := t.TempDir()
	if err := seeds.WriteDemo(dir, seeds.DemoSeed); err != nil {
		t.Fatal(err)
	}
	store, err := sqlitelog.Open(t.Context(), filepath.Join(dir, "rounds.db"), sqlitelog.Options{Mark: sqlitelog.Real})
	if err != nil {
		t.Fatal(err)
	}
	book, err := school.Open(t.Context(), store.Log(demoDistrict))
	if err != nil {
		t.Fatal(err)
	}
	if err := fillDemo(t.Context(), book, seeds.DemoSeed); err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 10, 20, 15, 0, 0, 0, time.UTC)
	var facts []school.Fact
	var alice school.PersonID
	if err := book.Read(func(m *school.Model) { alice, _ = m.ByEmail("alice@example.com") }); err != nil {
		t.Fatal(err)
	}
	for i := range 12 {
		facts = append(facts, school.StepAdded{UID: uint64(i), Subject: alice, Author: alice, On: school.DayOf(at, time.UTC)})
	}
	if _, err := book.Record(t.Context(), school.Entry{Command: "steps", At: at, Facts: facts}); err != nil {
		t.Fatal(err)
	}
	book.Close()
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	t.Setenv("ROUNDS_STORE", filepath.Join(dir, "rounds.db"))
	out, errs, status := rehearse(t, "--config", filepath.Join(dir, "district.yaml"), "--from", "2026-10-19", "--to", "2026-10-25")
	if status != 0 {
		t.Fatalf("status %d: %s", status, errs)
	}
	if !regexp.MustCompile(`! Alice Anderson gets \d+ messages, more than the weekly cap of 10; 12 of them are notices`).MatchString(out) {
		t.Errorf("no warning in\n%s", out)
	}
}

func TestRehearseAskedWrongly(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{"--from 2026-10-12 --to 2026-10-23", "which district?"},
		{"--demo --config x.yaml --from 2026-10-12 --to 2026-10-23", "two districts"},
		{"--demo --from 10/12 --to 2026-10-23", "--from"},
		{"--demo --from 2026-10-12 --to soon", "--to"},
		{"--demo --from 2026-10-12 --to 2026-10-11", "is before"},
		{"--demo --from 2026-10-12", "--to"},
		{"--demo --from 2026-10-12 --to 2026-10-12 --kind plans", "no kind of reminder"},
		{"--demo --from 2026-10-12 --to 2026-10-12 --person nobody@example.com", "nobody on the roster"},
		{"--demo --from 2026-10-12 --to 2026-10-12 --format xml", "format"},
	} {
		out, errs, status := rehearse(t, strings.Fields(c.args)...)
		if status != 2 || !strings.Contains(errs, c.want) || out != "" {
			t.Errorf("%s: status %d, %q, %q", c.args, status, errs, out)
		}
	}
	if _, errs, status := rehearse(t, "--config", "nowhere.yaml", "--from", "2026-10-12", "--to", "2026-10-12"); status != 1 || errs == "" {
		t.Errorf("no such file: status %d, %q", status, errs)
	}
}

// A year of the made-up district, files and history included.
func BenchmarkRehearseYear(b *testing.B) {
	for b.Loop() {
		if _, errs, status := rehearse(b, "--demo", "--from", "2026-08-17", "--to", "2027-05-27"); status != 0 {
			b.Fatal(errs)
		}
	}
}
