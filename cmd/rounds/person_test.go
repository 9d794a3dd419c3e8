package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rounds/bot"
	"rounds/school"
	"rounds/school/sqlitelog"
)

// personStore is a store of the made-up district in which Alice visited Bob twice and shared the first note, and looked at
// his record on the day before schoolClock.
func personStore(t *testing.T, more ...func(*school.Book)) (config, path string) {
	t.Helper()
	alone(t)
	config = districtDir(t)
	path = filepath.Join(t.TempDir(), "rounds.db")
	ctx := t.Context()
	store, err := sqlitelog.Open(ctx, path, sqlitelog.Options{Mark: sqlitelog.Real})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	cfg, err := LoadConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	book, err := school.Open(ctx, store.Log(cfg.District.ID))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if _, err := ApplyFiles(ctx, book, cfg, schoolClock().AddDate(0, 0, -60)); err != nil {
		t.Fatal(err)
	}
	alice, bob := whoIs(t, book, "alice@example.com"), whoIs(t, book, "bob@example.com")
	today := school.DayOf(schoolClock(), time.UTC)
	record := func(e school.Entry) int64 {
		t.Helper()
		e.At, e.By = schoolClock().AddDate(0, 0, -1), alice
		r, err := book.Record(ctx, e)
		if err != nil {
			t.Fatal(err)
		}
		return r.First
	}
	for i, note := range []string{"The note that was shared.", "The note that was kept."} {
		uid := school.UID("person", i)
		n := record(school.Entry{
			Facts: []school.Fact{school.VisitLogged{UID: uid, Observer: alice, Subject: bob, Visit: school.CoachingVisit, On: today - 1, Texts: []string{"glow"}}},
			Texts: []school.Text{{Key: school.NoteKey(uid, "glow"), Kind: "glow", Subject: string(bob), Author: string(alice), Class: school.Coaching, Body: note}},
		})
		if i == 0 {
			record(school.Entry{Facts: []school.Fact{school.VisitShared{Visit: n, At: schoolClock().AddDate(0, 0, -1)}}})
		}
	}
	shown := []school.Looked{{Person: bob, Campus: "cedar", Kinds: school.LookVisits}}
	look := school.NewLook(schoolClock().AddDate(0, 0, -1), alice, "observe history", shown)
	if err := school.KeepLook(ctx, book.Log(), "call-1", look, shown, time.UTC, school.DefaultAuditDays); err != nil {
		t.Fatal(err)
	}
	for _, f := range more {
		f(book)
	}
	return config, path
}

func whoIs(t *testing.T, book *school.Book, email string) (id school.PersonID) {
	t.Helper()
	_ = book.Read(func(m *school.Model) { id, _ = m.ByEmail(email) })
	if id == "" {
		t.Fatalf("nobody is %s", email)
	}
	return id
}

// at runs export or audit at the fixed time of these tests.
func at(t *testing.T, cmd interface{ setNow(func() time.Time) }) {
	t.Helper()
	cmd.setNow(schoolClock)
}

func (c *exportCmd) setNow(f func() time.Time) { c.now = f }
func (c *auditCmd) setNow(f func() time.Time)  { c.now = f }

func TestExport(t *testing.T) {
	config, path := personStore(t)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "out")
	export := func(c exportCmd) (string, error) {
		var out strings.Builder
		c.Config, c.Store = config, path
		at(t, &c)
		err := c.Run(t.Context(), &output{&out, &out})
		return out.String(), err
	}
	said, err := export(exportCmd{Person: "Bob@Example.com", Out: dir})
	if err != nil {
		t.Fatal(err)
	}
	var text string
	for _, name := range []string{"record-Bob.json", "record-Bob.txt"} {
		file := filepath.Join(dir, name)
		st, err := os.Stat(file)
		if err != nil || st.Mode().Perm() != 0o600 || !strings.Contains(said, file) {
			t.Fatalf("%s: %v, %v, said %q", name, st, err, said)
		}
		body, _ := os.ReadFile(file)
		text += string(body)
	}
	if !strings.Contains(text, "The note that was shared.") || strings.Contains(text, "The note that was kept.") || strings.Contains(text, "COMPLETE") {
		t.Errorf("what the person may see, and no more:\n%s", text)
	}
	var x school.Export
	body, _ := os.ReadFile(filepath.Join(dir, "record-Bob.json"))
	if err := json.Unmarshal(body, &x); err != nil || x.Format != "rounds-record/1" || x.Complete || len(x.Visits) < 2 || len(x.Looks) != 1 || x.Looks[0].By != "Alice Anderson" {
		t.Errorf("%v: %+v", err, x)
	}
	if _, err := export(exportCmd{Person: "bob@example.com", Out: filepath.Join(dir, "record-Bob.json")}); err == nil || !strings.Contains(err.Error(), "is there already") {
		t.Errorf("what is there must stay: %v", err)
	}

	// The whole, for the records office: with a reason, marked, and on record.
	if _, err := export(exportCmd{Person: "bob@example.com", All: true, JSON: true}); err == nil || !strings.Contains(err.Error(), "--reason") {
		t.Errorf("without a reason: %v", err)
	}
	all, err := export(exportCmd{Person: "bob@example.com", All: true, JSON: true, Reason: "request 12"})
	if err != nil || !strings.Contains(all, "The note that was kept.") || !strings.Contains(all, `"complete": true`) || !strings.Contains(all, `"given": false`) {
		t.Errorf("%v: %s", err, all)
	}
	one := filepath.Join(dir, "all.txt")
	if _, err := export(exportCmd{Person: "bob@example.com", All: true, Out: one, Reason: "request 12"}); err != nil {
		t.Fatal(err)
	}
	if body, _ := os.ReadFile(one); !strings.Contains(string(body), "COMPLETE RECORD") || !strings.Contains(string(body), "(not given to the person; coaching): The note that was kept.") {
		t.Errorf("the text of a complete record:\n%s", body)
	}
	if _, err := export(exportCmd{Person: "nobody@example.com", JSON: true}); err == nil || !strings.Contains(err.Error(), "nobody@example.com") {
		t.Errorf("nobody of that address: %v", err)
	}
	if after, _ := os.ReadFile(path); string(after) != string(before) {
		t.Error("an export wrote to the store")
	}
	if st, err := os.Stat(exportsFile(path)); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("the record of exports: %v, %v", st, err)
	}

	c := auditCmd{Config: config, Store: path, Person: "bob@example.com", JSON: true}
	at(t, &c)
	var out strings.Builder
	if err := c.Run(t.Context(), &output{&out, &out}); err != nil {
		t.Fatal(err)
	}
	var what []string
	for line := range strings.Lines(out.String()) {
		var r auditRow
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		what = append(what, strings.TrimSpace(fmt.Sprintf("%s %s %s", r.By, r.What, r.Reason)))
	}
	want := []string{"operator export --all request 12", "operator export --all request 12", "operator export", "operator export", "alice@example.com observe history"}
	if !slices.Equal(what, want) {
		t.Errorf("the audit lists %q, want %q", what, want)
	}
}

// Somebody who left sees nothing any more; the records office still finds their record.
func TestExportOfSomebodyWhoLeft(t *testing.T) {
	config, path := personStore(t, func(book *school.Book) {
		_, err := book.Record(t.Context(), school.Entry{At: schoolClock(), Facts: []school.Fact{school.PersonLeft{ID: whoIs(t, book, "bob@example.com"), On: school.DayOf(schoolClock(), time.UTC) - 1}}})
		if err != nil {
			t.Fatal(err)
		}
	})
	cliDo(t, "export", "--config", config, "--store", path, "--person", "bob@example.com", "--json").failed(t, 1, "not on the roster now")
	cliDo(t, "export", "--config", config, "--store", path, "--person", "bob@example.com", "--json", "--all", "--reason", "a lawsuit").went(t, "The note that was kept.", "Bob Brown")
}

func TestAudit(t *testing.T) {
	config, path := personStore(t)
	args := []string{"audit", "--config", config, "--store", path, "--person", "bob@example.com"}
	day := school.DayOf(schoolClock(), time.UTC)
	between := func(from, to school.Day) cliRun {
		return cliDo(t, append(args, "--from", from.String(), "--to", to.String())...)
	}
	between(day-2, day).went(t, "alice@example.com", "coach", "observe history", "visits")
	between(day-40, day-30).went(t, "Nobody else looked")
	between(day, day-2).failed(t, 2, "is before --from")
	cliDo(t, append(args, "--from", "yesterday")...).failed(t, 2, "--from", "2026-10-30")
	cliDo(t, "audit", "--config", config, "--store", path, "--person", "nobody@example.com").failed(t, 1, "nobody@example.com")
}

// What rounds doctor says of accounts that do not fit the staff list.
func TestDoctorAccounts(t *testing.T) {
	var gone, moved school.PersonID
	movedMail := ""
	config, path := personStore(t, func(book *school.Book) {
		_ = book.Read(func(m *school.Model) {
			for _, p := range m.People() {
				if p.Now().Role == school.Teacher && p.Now().Campus == "cedar" && p.Email != "bob@example.com" {
					moved, movedMail = p.ID, p.Email
				}
			}
		})
		gone = whoIs(t, book, "bob@example.com")
		if err := linkAccount(t.Context(), book, bot.Account{Platform: "slack", Workspace: "T01", User: "U9"}, gone, schoolClock()); err != nil {
			t.Fatal(err)
		}
		ask := func(i int, user, email string) school.Entry {
			acc, mail := fmt.Sprintf("asked.%d", i), fmt.Sprintf("askedmail.%d", i)
			return school.Entry{
				At: schoolClock(), Facts: []school.Fact{school.AccountAsked{Account: acc, Email: mail}},
				Texts: []school.Text{{Key: acc, Kind: "account", Body: "discord G1 " + user}, {Key: mail, Kind: "email", Body: email}},
			}
		}
		for i, e := range []school.Entry{
			ask(1, "7", "alice@example.com"), ask(2, "8", "dana@example.com"), ask(3, "8", "alice@example.com"), ask(4, "9", "who@example.com"),
			{At: schoolClock(), Facts: []school.Fact{school.PersonLeft{ID: gone, On: school.Date(2026, 9, 1)}}},
			{At: schoolClock(), Facts: []school.Fact{school.PersonSet{ID: moved, From: school.Date(2026, 10, 1), Role: school.Coach, Campus: "liveoak"}}},
		} {
			if _, err := book.Record(t.Context(), e); err != nil {
				t.Fatalf("%d: %v", i, err)
			}
		}
	})
	out := cliDo(t, "doctor", "--config", config, "--store", path).out
	for _, want := range []string{
		"warn accounts of people who left: 1: bob@example.com",
		"warn accounts that gave several addresses: 1: dana@example.com / alice@example.com",
		"warn accounts that gave an address nobody has: 1: who@example.com",
		"in the record differ: 1: " + movedMail + " (cedar in the file, liveoak in the record)",
		"warn accounts that wait to be confirmed: 2: alice@example.com, alice@example.com",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("doctor lacks %q:\n%s", want, out)
		}
	}
}
