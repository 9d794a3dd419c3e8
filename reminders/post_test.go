package reminders

import (
	"errors"
	"testing"
	"time"

	"rounds/bot"
	"rounds/bot/bottest"
	"rounds/school"
)

func TestWhatCannotBePosted(t *testing.T) {
	t.Run("not in the room", func(t *testing.T) {
		w := newWorld(t, "2026-10-14 12:00")
		w.scan()
		w.fake.Leave(w.fake.Room("math"))
		same(t, "nothing", w.scanAt("2026-10-14 15:00"), nil)
		if got := w.settledAs("agenda/math/2026-10-15"); got != "Rounds is not in the room" {
			t.Errorf("recorded as %q", got)
		}
	})
	t.Run("no account", func(t *testing.T) {
		w := newWorld(t, "2026-10-15 10:00")
		w.scan()
		w.record(school.AccountUnlinked{Person: "t1", Account: "acc.t1"})
		name := w.note("2026-10-15 10:00")
		w.scan()
		if got := w.settledAs(name); got != "no chat account is linked" {
			t.Errorf("recorded as %q", got)
		}
	})
	t.Run("a service that does not run", func(t *testing.T) {
		w := newWorld(t, "2026-10-14 12:00")
		w.record(school.TeamSet{ID: "math", Name: "Math 7", Campus: "cedar", Weekday: 4, Time: 9 * 60, Room: "slack:T1:C1"})
		w.scan()
		w.scanAt("2026-10-14 15:00")
		if got := w.settledAs("agenda/math/2026-10-15"); got != "its chat service is not connected" {
			t.Errorf("recorded as %q", got)
		}
	})
	t.Run("refused for now", func(t *testing.T) {
		w := newWorld(t, "2026-10-15 10:00")
		w.scan()
		w.note("2026-10-15 10:00")
		w.fake.Inject(bottest.Fault{Op: "post", Err: &bot.RetryError{After: time.Second, Err: errors.New("busy")}})
		w.fake.Inject(bottest.Fault{Op: "find", Err: errors.New("nobody should ask")})
		w.scan()
		same(t, "not yet", w.said(), nil)
		same(t, "then", w.scanAt("2026-10-15 10:01"), []string{noteSaid})
	})
	t.Run("a lost reply", func(t *testing.T) {
		for _, stands := range []bool{true, false} {
			w := newWorld(t, "2026-10-15 10:00")
			w.scan()
			name := w.note("2026-10-15 10:00")
			w.fake.Inject(bottest.Fault{Op: "post", Err: &bot.UnknownError{Err: errors.New("gone")}, Stands: stands})
			w.scan()
			w.scanAt("2026-10-15 10:02") // the claim has run out
			if n := w.byMarker()[hash(district+"/"+name)]; n != 1 || w.settledAs(name) != "sent" {
				t.Errorf("stands %v: %d messages, recorded %q", stands, n, w.settledAs(name))
			}
		}
	})
	t.Run("a panic of the platform", func(t *testing.T) {
		w := newWorld(t, "2026-10-15 10:00")
		w.scan()
		name := w.note("2026-10-15 10:00")
		w.fake.Inject(bottest.Fault{Op: "post", Panic: true})
		w.scan()
		w.scanAt("2026-10-15 10:02") // the claim has run out
		if n := w.byMarker()[hash(district+"/"+name)]; n != 1 {
			t.Errorf("%d messages", n)
		}
	})
}

// An edit that broke off is made again: two of them are one.
func TestAgendaOffThroughFaults(t *testing.T) {
	for name, tc := range map[string]struct {
		fault bottest.Fault
		want  string
		edits int
	}{
		"no answer":                 {bottest.Fault{Op: "edit", Err: &bot.UnknownError{Err: errors.New("no answer")}}, "sent", 1},
		"no answer, but it stands":  {bottest.Fault{Op: "edit", Err: &bot.UnknownError{Err: errors.New("no answer")}, Stands: true}, "sent", 2},
		"too many":                  {bottest.Fault{Op: "edit", Err: &bot.RetryError{After: time.Second, Err: errors.New("too many")}}, "sent", 1},
		"a service that cannot":     {bottest.Fault{Op: "edit", Err: errors.ErrUnsupported}, "its chat service cannot change a message", 0},
		"somebody deleted the post": {bottest.Fault{Op: "edit", Err: errors.New("no such message")}, "the chat service refused it", 0},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, "2026-10-14 12:00")
			w.scan()
			same(t, "posted", w.scanAt("2026-10-14 15:00"), []string{agendaSaid})
			w.at("2026-10-15 05:00")
			w.record(school.DayDeclared{Span: school.Span{From: day("2026-10-15"), To: day("2026-10-15"), Class: school.NoSchool, Name: "Snow day"}})
			w.fake.Inject(tc.fault)
			w.scan()
			w.at("2026-10-15 05:02")
			w.scan()
			n := 0
			for _, e := range w.fake.TakeEvents() {
				if e.Kind == "edit" {
					n++
				}
			}
			if got := w.settledAs("agenda-off/math/2026-10-15"); got != tc.want || n != tc.edits {
				t.Errorf("recorded as %q after %d edits", got, n)
			}
		})
	}
}

// A day that is declared off once its meeting began changes no agenda.
func TestAgendaOffComesTooLate(t *testing.T) {
	w := newWorld(t, "2026-10-14 12:00")
	w.scan()
	same(t, "posted", w.scanAt("2026-10-14 15:00"), []string{agendaSaid})
	w.at("2026-10-15 09:00")
	w.record(school.DayDeclared{Span: school.Span{From: day("2026-10-15"), To: day("2026-10-15"), Class: school.NoSchool}})
	w.scan()
	if got := w.settledAs("agenda-off/math/2026-10-15"); got != "open" {
		t.Errorf("recorded as %q", got)
	}
}
