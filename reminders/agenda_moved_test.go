package reminders

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"rounds/bot"
	"rounds/bot/bottest"
	"rounds/school"
)

// meets sets the team as its file would, changed by f, and lets the clock look.
func (w *world) meets(f func(t *school.TeamSet)) []string {
	w.t.Helper()
	var t school.TeamSet
	_ = w.book.Read(func(m *school.Model) { team, _ := m.Team("math"); t = team.TeamSet })
	f(&t)
	w.record(t)
	w.scan()
	return w.heard()
}

func at(weekday int, c school.Clock) func(t *school.TeamSet) {
	return func(t *school.TeamSet) { t.Weekday, t.Time = weekday, c }
}

// heard is what was posted or changed since it was last asked: "edit: first line | when".
func (w *world) heard() (out []string) {
	for _, e := range w.fake.TakeEvents() {
		l := append(strings.Split(e.Text, "\n"), "", "")
		what := map[string]string{"post": e.Room.ID, "edit": "edit"}[e.Kind]
		switch {
		case what == "":
		case strings.HasPrefix(l[2], "Thu,"), strings.HasPrefix(l[2], "Fri,"), strings.HasPrefix(l[2], "Wed,"):
			out = append(out, what+": "+l[0]+" | "+l[2])
		default:
			out = append(out, what+": "+l[0]+" | "+l[1])
		}
	}
	return out
}

const (
	thursdaysAgenda = "math: Math 7 | Thu, Oct 15, 9:00 AM CDT · 45 min · Cedar Ridge"
	asBefore        = "edit: Math 7 | Thu, Oct 15, 9:00 AM CDT · 45 min · Cedar Ridge"
)

// posted is the world on a Wednesday evening, with the agenda of Thursday, October 15, 9:00 AM, in the room.
func posted15(t *testing.T) *world {
	w := newWorld(t, "2026-10-14 12:00")
	w.scan()
	w.at("2026-10-14 15:00")
	w.scan()
	same(t, "posted", w.heard(), []string{thursdaysAgenda})
	w.at("2026-10-14 20:00") // quiet hours
	return w
}

func TestAgendaMoved(t *testing.T) {
	friday := "edit: This meeting moved to Fri, Oct 16, 10:15 AM. | Thu, Oct 15, 9:00 AM CDT · 45 min · Cedar Ridge"
	for name, do := range map[string]func(t *testing.T, w *world){
		"to another time of its day": func(t *testing.T, w *world) {
			same(t, "edited", w.meets(at(4, 10*60+15)), []string{"edit: Moved: now at 10:15 AM | Thu, Oct 15, 10:15 AM CDT · 45 min · Cedar Ridge"})
			w.scan()
			same(t, "once", w.heard(), nil)
			same(t, "and back", w.meets(at(4, 9*60)), []string{asBefore})
			same(t, "the same again", w.meets(at(4, 10*60+15)), []string{"edit: Moved: now at 10:15 AM | Thu, Oct 15, 10:15 AM CDT · 45 min · Cedar Ridge"})
			same(t, "and another", w.meets(at(4, 11*60)), []string{"edit: Moved: now at 11:00 AM | Thu, Oct 15, 11:00 AM CDT · 45 min · Cedar Ridge"})
			same(t, "and back", w.meets(at(4, 9*60)), []string{asBefore})
			for _, name := range []string{"T10:15", "T09:00", "T10:15/again", "T11:00", "T09:00/again"} {
				if got := w.settledAs("agenda-moved/math/2026-10-15/2026-10-15" + name); got != "sent" {
					t.Errorf("%s is recorded as %q", name, got)
				}
			}
		},
		"to the next day": func(t *testing.T, w *world) {
			same(t, "edited", w.meets(at(5, 10*60+15)), []string{friday})
			w.at("2026-10-15 15:00")
			w.scan()
			same(t, "its own agenda", w.heard(), []string{"math: Math 7 | Fri, Oct 16, 10:15 AM CDT · 45 min · Cedar Ridge"})
			w.at("2026-10-16 08:00")
			same(t, "and to noon", w.meets(at(5, 12*60)), []string{
				"edit: This meeting moved to Fri, Oct 16, 12:00 PM. | Thu, Oct 15, 9:00 AM CDT · 45 min · Cedar Ridge",
				"edit: Moved: now at 12:00 PM | Fri, Oct 16, 12:00 PM CDT · 45 min · Cedar Ridge",
			})
		},
		"to the next day and on to the day after, before it began": func(t *testing.T, w *world) {
			w.meets(at(5, 10*60+15))
			same(t, "edited", w.meets(at(5, 11*60)), []string{"edit: This meeting moved to Fri, Oct 16, 11:00 AM. | Thu, Oct 15, 9:00 AM CDT · 45 min · Cedar Ridge"})
			same(t, "and back", w.meets(at(4, 9*60)), []string{asBefore})
			w.at("2026-10-15 15:00")
			w.scan()
			same(t, "no second agenda", w.heard(), nil)
		},
		"to a day of the week that is over": func(t *testing.T, w *world) {
			same(t, "edited", w.meets(at(1, 9*60)), []string{
				"edit: This meeting does not take place. The team meets next on Mon, Oct 19, 9:00 AM. | Thu, Oct 15, 9:00 AM CDT · 45 min · Cedar Ridge",
			})
		},
		"to other weeks": func(t *testing.T, w *world) {
			same(t, "edited", w.meets(func(t *school.TeamSet) { t.Every, t.Anchor = 2, day("2026-10-22") }), []string{
				"edit: This meeting does not take place. The team meets next on Thu, Oct 22, 9:00 AM. | Thu, Oct 15, 9:00 AM CDT · 45 min · Cedar Ridge",
			})
			same(t, "and back", w.meets(func(t *school.TeamSet) { t.Every = 0 }), []string{asBefore})
			same(t, "to every other week, this one among them", w.meets(func(t *school.TeamSet) { t.Every, t.Anchor = 2, day("2026-10-01") }), nil)
			same(t, "counted from another week", w.meets(func(t *school.TeamSet) { t.Anchor = day("2026-10-29") }), nil)
		},
		"to a day that is declared off then": func(t *testing.T, w *world) {
			same(t, "edited", w.meets(at(5, 10*60+15)), []string{friday})
			off := school.Span{From: day("2026-10-16"), To: day("2026-10-16"), Class: school.NoSchool, Name: "Flood"}
			w.record(school.DayDeclared{Span: off})
			w.scan()
			none := "edit: This meeting does not take place. The team meets next on Fri, Oct 23, 10:15 AM. | Thu, Oct 15, 9:00 AM CDT · 45 min · Cedar Ridge"
			same(t, "none", w.heard(), []string{none})
			w.record(school.DayRestored{From: off.From, To: off.To})
			w.scan()
			same(t, "on again", w.heard(), []string{friday})
		},
		"on a day that is declared off": func(t *testing.T, w *world) {
			off := school.Span{From: day("2026-10-15"), To: day("2026-10-15"), Class: school.NoSchool, Name: "Flood"}
			w.record(school.DayDeclared{Span: off})
			w.scan()
			if got := w.heard(); len(got) != 1 || !strings.HasPrefix(got[0], "edit: No school on Thu, Oct 15: this") {
				t.Errorf("%q", got)
			}
			same(t, "away from it", w.meets(at(5, 10*60+15)), []string{friday})
			w.record(school.DayRestored{From: off.From, To: off.To})
			w.scan()
			same(t, "which it is no concern of", w.heard(), nil)
			same(t, "and back, which both are told of", w.meets(at(4, 9*60)), []string{asBefore, asBefore})
		},
		"from Wednesday's agenda hour to the day after": func(t *testing.T, w *world) {
			// Friday's agenda was due on Thursday at three; the meeting moves there at four.
			w.at("2026-10-15 08:00")
			same(t, "edited", w.meets(at(5, 7*60+30)), []string{"edit: This meeting moved to Fri, Oct 16, 7:30 AM. | Thu, Oct 15, 9:00 AM CDT · 45 min · Cedar Ridge"})
		},
		"while nobody looked": func(t *testing.T, w *world) {
			w.record(school.TeamSet{ID: "math", Name: "Math 7", Campus: "cedar", Members: []school.PersonID{"t1"}, Weekday: 4, Time: 11 * 60, Minutes: 45, Room: "fake:W1:math"})
			w.at("2026-10-15 08:45")
			w.restart()
			w.scan()
			same(t, "edited", w.heard()[:1], []string{"edit: Moved: now at 11:00 AM | Thu, Oct 15, 11:00 AM CDT · 45 min · Cedar Ridge"})
		},
		"when its time is over": func(t *testing.T, w *world) {
			w.at("2026-10-15 09:00")
			same(t, "nothing", w.meets(at(4, 14*60)), nil)
			same(t, "nothing", w.meets(at(2, 14*60)), nil)
		},
		"to a time that had passed": func(t *testing.T, w *world) {
			w.at("2026-10-15 08:00")
			same(t, "nothing", w.meets(at(4, 7*60)), nil)
		},
		"but for its members": func(t *testing.T, w *world) {
			same(t, "nothing", w.meets(func(t *school.TeamSet) { t.Members, t.Name = append(t.Members, "t4"), "Math 7 and 8" }), nil)
		},
		"to another room": func(t *testing.T, w *world) {
			w.fake.Room("algebra")
			same(t, "edited where it stands", w.meets(func(t *school.TeamSet) { t.Room, t.Time = "fake:W1:algebra", 10*60 }), []string{
				"edit: Moved: now at 10:00 AM. The team has another room by now: what comes next is posted there. | Thu, Oct 15, 10:00 AM CDT · 45 min · Cedar Ridge",
			})
			same(t, "the start is said there", w.began("2026-10-15 09:40", "2026-10-15 10:00"), []string{"15 09:50 algebra: Math 7 meets in 10 minutes"})
		},
		"after it was skipped": func(t *testing.T, w *world) {
			w.record(school.MeetingSkipped{Team: "math", Slot: day("2026-10-15")})
			same(t, "nothing", w.meets(at(4, 10*60)), nil)
		},
	} {
		t.Run(name, func(t *testing.T) { do(t, posted15(t)) })
	}
}

// A meeting that moves to a slot whose agenda would have been due before has it at once.
func TestTheNewSlotHasItsAgenda(t *testing.T) {
	w := newWorld(t, "2026-10-14 12:00")
	w.meets(at(5, 9*60)) // Fridays
	w.scanAt("2026-10-14 15:00")
	w.at("2026-10-14 16:00")
	same(t, "at once", w.meets(at(4, 9*60)), []string{thursdaysAgenda})
	w.scanAt("2026-10-15 08:00")
	w.heard()
	same(t, "on the day itself", w.meets(at(4, 14*60)), []string{"edit: Moved: now at 2:00 PM | Thu, Oct 15, 2:00 PM CDT · 45 min · Cedar Ridge"})
	w = newWorld(t, "2026-10-14 12:00")
	w.meets(at(5, 9*60))
	w.at("2026-10-14 20:00")
	same(t, "not in quiet hours", w.meets(at(4, 9*60)), nil)
	w.at("2026-10-15 07:00")
	w.scan()
	same(t, "after them", w.heard(), []string{thursdaysAgenda})
	w = newWorld(t, "2026-10-14 12:00")
	w.meets(at(5, 9*60))
	w.at("2026-10-15 09:00")
	same(t, "not when its time has passed", w.meets(at(4, 9*60)), nil)
}

// An edit that broke off is made again, and a change that was taken back while nobody could record it is taken back in
// the room as well.
func TestAgendaMovedThroughFaults(t *testing.T) {
	name := "agenda-moved/math/2026-10-15/2026-10-15T10:15"
	for what, tc := range map[string]struct {
		fault bottest.Fault
		want  string
	}{
		"no answer":                 {bottest.Fault{Op: "edit", Err: &bot.UnknownError{Err: errors.New("no answer")}}, "sent"},
		"no answer, but it stands":  {bottest.Fault{Op: "edit", Err: &bot.UnknownError{Err: errors.New("no answer")}, Stands: true}, "sent"},
		"a service that cannot":     {bottest.Fault{Op: "edit", Err: errors.ErrUnsupported}, "its chat service cannot change a message"},
		"somebody deleted the post": {bottest.Fault{Op: "edit", Err: errors.New("no such message")}, "the chat service refused it"},
	} {
		w := posted15(t)
		w.fake.Inject(tc.fault)
		w.meets(at(4, 10*60+15))
		w.at("2026-10-14 20:02")
		w.scan()
		if got := w.settledAs(name); got != tc.want {
			t.Errorf("%s: recorded as %q", what, got)
		}
	}
	w := posted15(t)
	w.runner.crash = func(p string) error {
		if p == "after post" {
			return errCrashed
		}
		return nil
	}
	w.record(school.TeamSet{ID: "math", Name: "Math 7", Campus: "cedar", Members: []school.PersonID{"t1"}, Weekday: 4, Time: 10*60 + 15, Minutes: 45, Room: "fake:W1:math"})
	if _, err := w.runner.scan(context.Background()); !errors.Is(err, errCrashed) {
		t.Fatal(err)
	}
	same(t, "said, and not recorded", w.heard(), []string{"edit: Moved: now at 10:15 AM | Thu, Oct 15, 10:15 AM CDT · 45 min · Cedar Ridge"})
	w.at("2026-10-14 20:05")
	w.record(school.TeamSet{ID: "math", Name: "Math 7", Campus: "cedar", Members: []school.PersonID{"t1"}, Weekday: 4, Time: 9 * 60, Minutes: 45, Room: "fake:W1:math"})
	w.restart()
	w.scan()
	same(t, "taken back all the same", w.heard(), []string{asBefore})
}

// An agenda that was posted by a process that died, and is found after the meeting moved, is put right.
func TestAgendaFoundAfterTheMove(t *testing.T) {
	w := newWorld(t, "2026-10-14 12:00")
	w.scan()
	w.at("2026-10-14 15:00")
	w.runner.crash = func(p string) error {
		if p == "after post" {
			return errCrashed
		}
		return nil
	}
	if _, err := w.runner.scan(context.Background()); !errors.Is(err, errCrashed) {
		t.Fatal(err)
	}
	w.at("2026-10-14 15:05")
	w.record(school.TeamSet{ID: "math", Name: "Math 7", Campus: "cedar", Members: []school.PersonID{"t1"}, Weekday: 4, Time: 10*60 + 15, Minutes: 45, Room: "fake:W1:math"})
	w.heard()
	w.restart()
	for _, now := range []string{"15:05", "15:07", "15:09"} {
		w.at("2026-10-14 " + now)
		w.scan()
	}
	same(t, "put right", w.heard(), []string{"edit: Math 7 | Thu, Oct 15, 10:15 AM CDT · 45 min · Cedar Ridge"})
}

// Whatever is set and declared, in whatever order: the agendas that stand in the room say in the end what holds, each slot has
// one at most, and what is rehearsed is what happened.
func TestAgendasAreRightInTheEnd(t *testing.T) {
	count := map[string]int{}
	for seed := range uint64(40) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) { newMover(t, seed, count).play() })
	}
	t.Log(count)
	for _, what := range []string{"none", "another day", "off", "moved", "as before", "back"} {
		if count[what] < 10 {
			t.Errorf("%s: held only %d times", what, count[what])
		}
	}
}
