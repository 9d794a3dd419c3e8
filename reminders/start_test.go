package reminders

import (
	"strings"
	"testing"
	"time"

	"rounds/school"
)

const startSaid = "math: Math 7 meets in 10 minutes"

// began are the starts that were said, looking every five minutes.
func (w *world) began(from, to string) (out []string) {
	w.t.Helper()
	for at := local(from); !at.After(local(to)); at = at.Add(5 * time.Minute) {
		for _, said := range w.scanAt(at.Format("2006-01-02 15:04")) {
			if strings.Contains(said, " meets ") {
				out = append(out, at.Format("02 15:04 ")+said)
			}
		}
	}
	return out
}

// move gives the team another day and time, as its file would.
func (w *world) move(weekday int, clock school.Clock) {
	w.record(school.TeamSet{ID: "math", Name: "Math 7", Campus: "cedar", Members: []school.PersonID{"t1", "t2", "t3"}, Weekday: weekday, Time: clock, Minutes: 45, Room: "fake:W1:math"})
	w.scan()
}

func TestStart(t *testing.T) {
	w := newWorld(t, "2026-10-14 12:00")
	w.scan()
	same(t, "ten minutes before", w.began("2026-10-14 15:00", "2026-10-15 12:00"), []string{"15 08:50 " + startSaid})
	var text string
	for _, m := range w.fake.Stored(w.fake.Room("math")) {
		text = m.Card.Text()
	}
	if want := "Math 7 meets in 10 minutes\nThu, Oct 15, 9:00 AM CDT · 45 min\n- Facilitator · Flo Haas\n- Timekeeper · Dee Okafor\n- Recorder · Eve Diaz\n[Open the agenda] [Write the minutes]"; text != want {
		t.Errorf("it says\n%s\nwant\n%s", text, want)
	}
}

func TestStartLate(t *testing.T) {
	w := newWorld(t, "2026-10-14 12:00")
	w.scan()
	w.scanAt("2026-10-14 15:00")
	same(t, "three minutes before", w.scanAt("2026-10-15 08:57"), []string{"math: Math 7 meets in 3 minutes"})
	w = newWorld(t, "2026-10-14 12:00")
	w.scan()
	w.scanAt("2026-10-14 15:00")
	same(t, "too late", w.scanAt("2026-10-15 09:00"), nil)
}

func TestNoStart(t *testing.T) {
	for how, do := range map[string]func(w *world){
		"of a meeting that is skipped": func(w *world) { w.record(school.MeetingSkipped{Team: "math", Slot: day("2026-10-15")}) },
		"of one that was held":         func(w *world) { w.record(school.MeetingHeld{Team: "math", Slot: day("2026-10-15")}) },
		"on a snow day": func(w *world) {
			w.at("2026-10-15 05:50")
			w.record(school.DayDeclared{Span: school.Span{From: day("2026-10-15"), To: day("2026-10-15"), Class: school.NoSchool, Name: "Snow day"}})
		},
		"where agendas are off": func(w *world) {
			w.record(school.RuleSet{Rule: school.Rule{ID: KindAgenda, On: school.PreviousSchoolDay, Off: true}})
		},
		"where starts are off": func(w *world) { w.record(school.RuleSet{Rule: school.Rule{ID: KindStart, Off: true}}) },
	} {
		t.Run(how, func(t *testing.T) {
			w := newWorld(t, "2026-10-14 12:00")
			w.scan()
			w.scanAt("2026-10-14 15:00")
			do(w)
			same(t, "nothing", w.began("2026-10-15 06:00", "2026-10-15 12:00"), nil)
		})
	}
	t.Run("where the agenda could not be posted", func(t *testing.T) {
		w := newWorld(t, "2026-10-14 12:00")
		w.scan()
		w.fake.Leave(w.fake.Room("math"))
		w.scanAt("2026-10-14 15:00")
		if got := w.settledAs("agenda/math/2026-10-15"); got != "Rounds is not in the room" {
			t.Errorf("recorded as %q", got)
		}
		w.fake.Room("math")
		same(t, "nothing", w.began("2026-10-15 06:00", "2026-10-15 12:00"), nil)
	})
}

func TestTheMeetingMoves(t *testing.T) {
	t.Run("to the afternoon, before its start was said", func(t *testing.T) {
		w := newWorld(t, "2026-10-14 12:00")
		w.scan()
		w.scanAt("2026-10-14 15:00")
		w.at("2026-10-15 08:00")
		w.move(4, 14*60)
		same(t, "one start", w.began("2026-10-15 08:00", "2026-10-15 16:00"), []string{"15 13:50 " + startSaid})
	})
	t.Run("to the afternoon, after it was said", func(t *testing.T) {
		w := newWorld(t, "2026-10-14 12:00")
		w.scan()
		same(t, "said", w.began("2026-10-14 15:00", "2026-10-15 08:50"), []string{"15 08:50 " + startSaid})
		w.move(4, 14*60)
		same(t, "not again", w.began("2026-10-15 08:55", "2026-10-15 16:00"), nil)
	})
	t.Run("to a time nearer than ten minutes", func(t *testing.T) {
		w := newWorld(t, "2026-10-14 12:00")
		w.move(4, 14*60)
		w.scan()
		w.scanAt("2026-10-14 15:00")
		w.scanAt("2026-10-15 08:54")
		w.move(4, 9*60)
		same(t, "at once", w.said(), []string{"math: Math 7 meets in 6 minutes"})
	})
	t.Run("to the next day", func(t *testing.T) {
		w := newWorld(t, "2026-10-14 12:00")
		w.scan()
		w.scanAt("2026-10-14 15:00")
		w.at("2026-10-15 07:30")
		w.move(5, 9*60)
		same(t, "its own start", w.began("2026-10-15 08:00", "2026-10-16 12:00"), []string{"16 08:50 " + startSaid})
		if got := w.settledAs("agenda/math/2026-10-16"); got != "sent" {
			t.Errorf("the agenda of Friday: %q", got)
		}
	})
}
