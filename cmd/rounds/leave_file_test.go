package main

import (
	"testing"
	"time"

	"rounds/school"
)

// What was said of a leave in chat stays until the file changes that very line.
func TestLeaveOfFileAndChat(t *testing.T) {
	alone(t)
	ctx := t.Context()
	book, err := school.Open(ctx, school.NewMemLog(time.Now))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	apply := func(to string) {
		t.Helper()
		cfg, err := LoadConfig(districtDir(t, "leave:\n", "leave:\n  - {who: bob@example.com, from: 2026-11-02, to: "+to+"}\n"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ApplyFiles(ctx, book, cfg, schoolClock()); err != nil {
			t.Fatal(err)
		}
	}
	through := func(want school.Day) {
		t.Helper()
		_ = book.Read(func(m *school.Model) {
			id, _ := m.ByEmail("bob@example.com")
			p, _ := m.Person(id)
			if last, away := p.AwayThrough(school.Date(2026, 11, 3)); !away || last != want {
				t.Errorf("away through %s (%v), want %s", last, away, want)
			}
		})
	}
	apply("2026-12-18")
	through(school.Date(2026, 12, 18))
	// In chat: back on November 16.
	if _, err := book.Record(ctx, school.Entry{At: schoolClock(), Facts: []school.Fact{school.LeaveSet{Person: whoIs(t, book, "bob@example.com"), From: school.Date(2026, 11, 2), To: school.Date(2026, 11, 15)}}}); err != nil {
		t.Fatal(err)
	}
	apply("2026-12-18")
	through(school.Date(2026, 11, 15))
	apply("2026-11-20")
	through(school.Date(2026, 11, 20))
}
