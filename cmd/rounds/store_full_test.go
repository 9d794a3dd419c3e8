package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"rounds/school"
	"rounds/school/sqlitelog"
)

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
