package handlers

import (
	"context"
	"strings"
	"testing"

	"rounds/school"
)

// A statement's words may be somebody's name. Shared to a room, such a statement is shown to whoever shares it, and the room
// gets nothing; any other is said there.
func TestShareThatNamesSomebody(t *testing.T) {
	w := newTeamWorld(t)
	_, err := w.book.Record(context.Background(), school.Entry{
		Command: "setup3", Via: "file", At: start.AddDate(0, 0, -50),
		Facts: []school.Fact{school.PersonSet{ID: "rou", Name: "name.rou", From: school.Date(2026, 8, 2), Role: school.Teacher, Campus: "cedar"}},
		Texts: []school.Text{{Key: "name.rou", Kind: "name", Subject: "rou", Class: school.Roster, Body: "Routine Systems"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	alice, hall := w.fake.Account("alice"), w.fake.Room("hall")
	share := func(id string) {
		t.Helper()
		if err := w.fake.Command(alice, hall, "/ask "+id); err != nil {
			t.Fatal(err)
		}
		if err := w.fake.Click(alice, "Share to the room"); err != nil {
			t.Fatal(err)
		}
	}
	share("5.2.1")
	if said := w.fake.Stored(hall); len(said) != 0 {
		t.Errorf("the room was told somebody's name: %v", said)
	}
	if got := strings.Join(w.fake.Sees(alice), "\n"); strings.Count(got, "Culture and Routine Systems Training") < 2 {
		t.Errorf("whoever shared it was not shown it:\n%s", got)
	}
	share("5.2.4.c")
	if said := w.fake.Stored(hall); len(said) != 1 {
		t.Errorf("the room holds %d messages, want the one that names nobody", len(said))
	}
}
