package reminders

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"rounds/school"
)

const (
	planSaid   = "dm-c1: 6 visits to go, 4 school days left."
	noteSaid   = "dm-t1: Your coach left you a note."
	agendaSaid = "math: Math 7"
	digestSaid = "leaders: Week 9 coaching snapshot"
)

// note logs a visit of the coach to t1 and shares its note at a local time; it gives the notice's name.
func (w *world) note(at string) string {
	r := w.record(school.VisitLogged{UID: 77, Observer: "c1", Subject: "t1", Visit: school.CoachingVisit, On: school.DayOf(w.clock.Now(), chicago), Texts: []string{"note"}})
	w.record(school.VisitShared{Visit: r.First, At: local(at)})
	return "notice/note/" + itoa(r.First)
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

func TestNoteAtItsTime(t *testing.T) {
	w := newWorld(t, "2026-10-15 10:00")
	w.scan()
	w.note("2026-10-15 15:30")
	same(t, "before", w.scanAt("2026-10-15 15:29"), nil)
	same(t, "at its time", w.scanAt("2026-10-15 15:30"), []string{noteSaid})
}

func TestNoteSharedTheMomentTheClockStands(t *testing.T) {
	w := newWorld(t, "2026-10-15 10:00")
	w.scan()
	w.note("2026-10-15 10:00")
	w.scan()
	same(t, "at once", w.said(), []string{noteSaid})
}

// A call is stamped before it is appended; a scan in between must not lose it.
func TestNoteAppendedAfterTheMarkPassedIt(t *testing.T) {
	w := newWorld(t, "2026-10-15 10:00")
	w.scan()
	same(t, "mark moves on", w.scanAt("2026-10-15 10:07"), nil)
	w.note("2026-10-15 10:06")
	w.scan()
	same(t, "still said", w.said(), []string{noteSaid})
}

func TestQuietHoursDefer(t *testing.T) {
	w := newWorld(t, "2026-10-14 17:00")
	w.scan()
	w.at("2026-10-14 20:00")
	w.note("2026-10-14 20:00")
	w.scan()
	same(t, "in the evening", w.said(), nil)
	same(t, "at night", w.scanAt("2026-10-15 06:59"), nil)
	same(t, "in the morning", w.scanAt("2026-10-15 07:00"), []string{noteSaid})
}

func TestFridayEveningIsToldOnTuesday(t *testing.T) {
	w := newWorld(t, "2026-10-09 17:00")
	w.scan()
	w.at("2026-10-09 18:30")
	w.note("2026-10-09 18:30")
	for _, at := range []string{"2026-10-09 18:31", "2026-10-10 07:00", "2026-10-10 10:00", "2026-10-11 12:00", "2026-10-12 10:00", "2026-10-13 06:59"} {
		same(t, at, w.scanAt(at), nil)
	}
	got := w.scanAt("2026-10-13 07:00")
	same(t, "after the holiday Monday, with the plan", got, []string{noteSaid, planSaid})
}

func TestQuietHoursThatOutlastTheWindow(t *testing.T) {
	w := newWorld(t, "2026-10-12 12:00")
	w.scan()
	w.record(school.RuleSet{Rule: school.Rule{ID: KindPlan, On: school.FirstSchoolDay, Time: 2 * 60}})
	same(t, "at night", w.scanAt("2026-10-13 02:00"), nil)
	same(t, "too late", w.scanAt("2026-10-13 07:00"), nil)
	if got := w.settledAs("plan/2026-10-12/c1"); got != "its time passed in quiet hours until 7:00 AM" {
		t.Errorf("recorded as %q", got)
	}
}

func TestLeaveHolds(t *testing.T) {
	w := newWorld(t, "2026-10-12 12:00")
	w.scan()
	w.record(school.LeaveSet{Person: "c1", From: day("2026-10-13"), To: day("2026-10-14")})
	same(t, "on leave", w.scanAt("2026-10-13 07:00"), nil)
	if got := w.settledAs("plan/2026-10-12/c1"); got != "held: on leave" {
		t.Errorf("recorded as %q", got)
	}
	same(t, "not later", w.scanAt("2026-10-15 12:00"), nil)
}

// What people say to one another waits for whoever is on leave, and comes when they are back.
func TestNoticesWaitForTheEndOfLeave(t *testing.T) {
	w := newWorld(t, "2026-10-15 10:00")
	r := w.record(school.StepAdded{UID: 5, Subject: "t2", Author: "p1", On: day("2026-10-15")})
	w.scan()
	w.said()
	w.record(school.LeaveSet{Person: "c1", From: day("2026-10-15"), To: day("2026-10-23")})
	talk := w.record(school.StepAnswered{Step: r.First, Answer: school.LetsTalk, On: day("2026-10-15")})
	w.scan()
	same(t, "on leave", w.said(), nil)
	for _, at := range []string{"2026-10-15 18:59", "2026-10-16 12:01", "2026-10-19 08:00", "2026-10-23 17:00", "2026-10-24 10:00", "2026-10-26 06:59"} {
		for _, said := range w.scanAt(at) {
			if strings.Contains(said, "would like to talk") {
				t.Errorf("%s: %q", at, said)
			}
		}
		if at == "2026-10-19 08:00" { // the wait outlasts the process, and holds up nothing else
			w.restart()
			w.scan()
			if from := w.runner.from(); from.Before(local("2026-10-16 11:00")) {
				t.Errorf("the clock's mark waits at %v", from.In(chicago))
			}
		}
	}
	if got := w.scanAt("2026-10-26 07:00"); len(got) == 0 || got[0] != "dm-c1: A teacher on your caseload would like to talk." {
		t.Errorf("back: %q", got)
	}
	if got := w.settledAs("notice/talk/" + itoa(talk.First)); got != "sent" {
		t.Errorf("recorded as %q", got)
	}
}

// Nobody comes back to a note of long ago.
func TestANoteDoesNotWaitForALongLeave(t *testing.T) {
	w := newWorld(t, "2026-10-15 10:00")
	w.scan()
	w.record(school.LeaveSet{Person: "t1", From: day("2026-10-15"), To: day("2026-11-20")})
	name := w.note("2026-10-15 10:00")
	for _, at := range []string{"2026-10-15 10:01", "2026-10-28 12:00", "2026-10-29 11:59"} {
		w.scanAt(at)
		if got := w.settledAs(name); got != "open" {
			t.Errorf("%s: recorded as %q", at, got)
		}
	}
	w.scanAt("2026-10-29 12:00")
	if got := w.settledAs(name); got != "its time passed during leave" {
		t.Errorf("recorded as %q", got)
	}
}

func TestSnoozeHolds(t *testing.T) {
	w := newWorld(t, "2026-10-12 12:00")
	w.scan()
	w.record(school.Snoozed{Person: "c1", What: "plan", Until: day("2026-10-19")})
	same(t, "snoozed", w.scanAt("2026-10-13 07:00"), nil)
	if got := w.settledAs("plan/2026-10-12/c1"); got != "held: snoozed until Mon, Oct 19" {
		t.Errorf("recorded as %q", got)
	}
	same(t, "awake", w.scanAt("2026-10-19 07:00"), []string{"dm-c1: 6 visits to go, 5 school days left."})
}

func TestNothingLeftToDoHolds(t *testing.T) {
	w := newWorld(t, "2026-10-12 12:00")
	w.scan()
	w.at("2026-10-13 06:30")
	for _, p := range everybody[3:] {
		w.record(school.VisitLogged{UID: 1, Observer: "c1", Subject: p.id, Visit: school.CoachingVisit, On: day("2026-10-13")})
	}
	same(t, "done", w.scanAt("2026-10-13 07:00"), nil)
	if got := w.settledAs("plan/2026-10-12/c1"); got != "held: nothing left to do this week" {
		t.Errorf("recorded as %q", got)
	}
}

func TestSkippedMeetingHasNoAgenda(t *testing.T) {
	w := newWorld(t, "2026-10-14 12:00")
	w.scan()
	w.record(school.MeetingSkipped{Team: "math", Slot: day("2026-10-15")})
	same(t, "skipped", w.scanAt("2026-10-14 15:00"), nil)
	if got := w.settledAs("agenda/math/2026-10-15"); got != "held: this meeting is skipped" {
		t.Errorf("recorded as %q", got)
	}
}

func TestSnowDayBeforeTheAgenda(t *testing.T) {
	snow := func(d string) school.DayDeclared {
		return school.DayDeclared{Span: school.Span{From: day(d), To: day(d), Class: school.NoSchool, Name: "Snow day"}}
	}
	t.Run("the day of the meeting", func(t *testing.T) {
		w := newWorld(t, "2026-10-14 12:00")
		w.scan()
		w.record(snow("2026-10-15"))
		same(t, "no meeting, no agenda", w.scanAt("2026-10-14 15:00"), nil)
	})
	t.Run("the day before the meeting, declared the evening before", func(t *testing.T) {
		w := newWorld(t, "2026-10-13 12:00")
		w.scan()
		w.at("2026-10-13 19:00")
		w.record(snow("2026-10-14"))
		same(t, "in the evening", w.scanAt("2026-10-13 19:01"), nil)
		same(t, "on the snow day", w.scanAt("2026-10-14 09:00"), nil)
		same(t, "the morning of the meeting", w.scanAt("2026-10-15 07:00"), []string{agendaSaid, dueSaid})
	})
	t.Run("after the agenda was posted", func(t *testing.T) {
		w := newWorld(t, "2026-10-14 12:00")
		w.scan()
		same(t, "posted", w.scanAt("2026-10-14 15:00"), []string{agendaSaid})
		w.at("2026-10-15 05:00")
		w.record(snow("2026-10-15"))
		w.scan()
		edits := func() (out []string) {
			for _, e := range w.fake.TakeEvents() {
				out = append(out, e.Kind+" "+e.Room.ID+": "+strings.SplitN(e.Text, "\n", 2)[0])
			}
			return out
		}
		same(t, "its agenda says so at once", edits(), []string{"edit math: No school on Thu, Oct 15: this meeting does not take place."})
		w.at("2026-10-15 06:00")
		w.record(snow("2026-10-16"))
		w.scan()
		w.restart()
		w.at("2026-10-15 09:00")
		w.scan()
		same(t, "once", edits(), nil)
		if got := w.settledAs("agenda-off/math/2026-10-15"); got != "sent" {
			t.Errorf("recorded as %q", got)
		}
		same(t, "nothing more of this one", w.scanAt("2026-10-15 09:00"), nil)
		same(t, "the next one as always", w.scanAt("2026-10-21 15:00"), []string{agendaSaid})
	})
	t.Run("after the agenda was posted, and taken back", func(t *testing.T) {
		w := newWorld(t, "2026-10-14 12:00")
		w.scan()
		same(t, "posted", w.scanAt("2026-10-14 15:00"), []string{agendaSaid})
		var cal school.CalendarSet
		_ = w.book.Read(func(m *school.Model) {
			c := m.Calendar("cedar")
			cal = school.CalendarSet{Name: c.Name, First: c.First, Last: c.Last, Week: []int{1, 2, 3, 4, 5}, Spans: c.Spans}
		})
		stands := func() string {
			list := w.fake.Stored(w.fake.Room("math"))
			if len(list) != 1 {
				t.Fatalf("%d agendas stand", len(list))
			}
			first, _, _ := strings.Cut(list[0].Card.Text(), "\n")
			return first
		}
		off := cal
		off.Spans = append(slices.Clone(cal.Spans), snow("2026-10-15").Span)
		w.at("2026-10-14 18:00")
		w.record(off)
		w.scan()
		if got := stands(); !strings.HasPrefix(got, "No school on Thu, Oct 15") {
			t.Errorf("off, it begins %q", got)
		}
		w.at("2026-10-14 18:30")
		w.record(cal)
		w.scan()
		w.scanAt("2026-10-15 08:00")
		if got := stands(); !strings.HasPrefix(got, "Math 7") {
			t.Errorf("on again, it begins %q", got)
		}
	})
	t.Run("the last school day moves to one that is over", func(t *testing.T) {
		w := newWorld(t, "2026-10-15 16:00")
		w.scan()
		w.record(snow("2026-10-16"))
		same(t, "the digest goes out when that is known", w.scanAt("2026-10-15 16:01"), []string{digestSaid})
		same(t, "once", w.scanAt("2026-10-16 15:00"), nil)
	})
	t.Run("the first school day", func(t *testing.T) {
		w := newWorld(t, "2026-10-12 12:00")
		w.scan()
		w.at("2026-10-13 06:00")
		w.record(snow("2026-10-13"))
		same(t, "at home", w.scanAt("2026-10-13 07:00"), nil)
		same(t, "the day after", w.scanAt("2026-10-14 07:00"), []string{"dm-c1: 6 visits to go, 3 school days left."})
	})
	t.Run("the first school day, declared after the plan", func(t *testing.T) {
		w := newWorld(t, "2026-10-12 12:00")
		w.scan()
		same(t, "sent", w.scanAt("2026-10-13 07:00"), []string{planSaid})
		w.at("2026-10-13 07:30")
		w.record(snow("2026-10-13"))
		same(t, "not again", w.scanAt("2026-10-14 07:00"), nil)
	})
}

func TestFridayHoliday(t *testing.T) {
	w := newWorld(t, "2026-10-28 16:00")
	w.scan()
	same(t, "preview on Thursday", w.scanAt("2026-10-29 12:00"), []string{"dm-p1: The week 11 coaching snapshot goes to your leadership room at 3:00 PM CDT."})
	same(t, "digest on Thursday", w.scanAt("2026-10-29 15:00"), []string{"leaders: Week 11 coaching snapshot"})
	same(t, "Friday off", w.scanAt("2026-10-30 15:00"), nil)
}

func TestAgendaOverABreak(t *testing.T) {
	w := newWorld(t, "2026-11-16 12:00")
	w.scan()
	w.scanAt("2026-11-18 15:00")
	same(t, "no meeting in the break", w.scanAt("2026-11-25 15:00"), nil)
	same(t, "the next", w.scanAt("2026-12-02 15:00"), []string{agendaSaid})
}

// Both clock changes: 7:00 is 7:00 on the wall, once.
func TestClockChanges(t *testing.T) {
	for first, dayBefore := range map[string]string{"2026-11-02": "2026-10-30", "2027-03-15": "2027-03-12"} {
		w := newWorld(t, dayBefore+" 17:00")
		w.scan()
		var n int
		for at := local(dayBefore + " 17:00"); at.Before(local(first + " 12:00")); at = at.Add(15 * time.Minute) {
			w.clock.set(at)
			w.scan()
			if got := w.said(); len(got) > 0 {
				n++
				if l := at.In(chicago).Format("2006-01-02 15:04"); l != first+" 07:00" {
					t.Errorf("sent at %s: %q", l, got)
				}
			}
		}
		if n != 1 {
			t.Errorf("%s: sent %d times", first, n)
		}
	}
}

// Quiet hours end at 7:00 on the wall also in the nights that are an hour shorter or longer.
func TestQuietHoursInTheNightOfAChange(t *testing.T) {
	for _, d := range []string{"2026-11-01", "2027-03-14"} {
		w := newWorld(t, "2026-10-15 10:00")
		var stage string
		var until time.Time
		_ = w.book.Read(func(m *school.Model) {
			for at := (day(d) - 1).At(18*60, chicago); at.Before(day(d).At(7*60, chicago)); at = at.Add(time.Minute) {
				p := newPlanning(m, district, at, at)
				if stage, until = quiet(p, &Occurrence{To: "c1"}); stage == "" || !until.Equal(day(d).At(7*60, chicago)) {
					t.Errorf("%v: %q until %v", at.In(chicago), stage, until)
					return
				}
			}
			p := newPlanning(m, district, day(d).At(7*60, chicago), day(d).At(7*60, chicago))
			if stage, _ = quiet(p, &Occurrence{To: "c1"}); stage != "" {
				t.Errorf("at 7:00: %q", stage)
			}
		})
	}
}

func TestWeeklyCap(t *testing.T) {
	w := newWorld(t, "2026-10-12 12:00")
	w.record(school.DistrictSet{Name: "B", Zone: "America/Chicago", WeeklyCap: 2})
	w.scan()
	w.record(school.RuleSet{Rule: school.Rule{ID: KindPlan, On: school.EverySchoolDay, Time: 7 * 60}})
	for i, at := range []string{"2026-10-13 07:00", "2026-10-14 07:00", "2026-10-15 07:00", "2026-10-16 07:00", "2026-10-19 07:00"} {
		n := strings.Count(strings.Join(w.scanAt(at), " "), "dm-c1")
		if want := map[int]int{0: 1, 1: 1, 4: 1}[i]; n != want {
			t.Errorf("%s: %d messages, want %d", at, n, want)
		}
	}
	for range 12 { // what a person did is never capped
		w.at("2026-10-19 10:00")
		w.note("2026-10-19 10:00")
		w.scan()
		same(t, "notice", w.said(), []string{noteSaid})
	}
	if got := w.settledAs("plan/2026-10-15T07:00/c1"); got != "held: 2 reminders this week are enough" {
		t.Errorf("recorded as %q", got)
	}
}

func TestTeachersAreToldNothingUntilItIsOn(t *testing.T) {
	w := newWorld(t, "2026-10-15 10:00")
	w.record(school.CampusSet{ID: "cedar", Name: "Cedar Ridge", Room: "fake:W1:leaders"})
	w.scan()
	w.note("2026-10-15 10:00")
	w.scan()
	same(t, "off", w.said(), nil)
}

func TestNoticesOfSteps(t *testing.T) {
	w := newWorld(t, "2026-10-15 10:00")
	w.scan()
	r := w.record(school.StepAdded{UID: 5, Subject: "t2", Author: "p1", On: day("2026-10-15")})
	w.scan()
	same(t, "a step", w.said(), []string{"dm-t2: You have a new action step."})
	w.record(school.StepAnswered{Step: r.First, Answer: school.LetsTalk, On: day("2026-10-15")})
	w.scan()
	same(t, "let's talk", w.said(), []string{"dm-c1: A teacher on your caseload would like to talk."})
}

func TestTheFirstMessageWelcomesOnce(t *testing.T) {
	w := newWorld(t, "2026-10-15 10:00")
	w.scan()
	text := func() string {
		var all []string
		for _, e := range w.fake.TakeEvents() {
			all = append(all, e.Text)
		}
		return strings.Join(all, "\n")
	}
	w.note("2026-10-15 10:00")
	w.scan()
	if got := text(); strings.Count(got, "See what's stored") != 1 {
		t.Errorf("the first message is %q", got)
	}
	w.note("2026-10-15 10:00")
	w.scan()
	if got := text(); strings.Contains(got, "See what's stored") || !strings.Contains(got, "Read it") {
		t.Errorf("the second message is %q", got)
	}
}

func TestTheOwnersWord(t *testing.T) {
	decide := func(what string) school.DigestDecided {
		return school.DigestDecided{Campus: "cedar", Week: day("2026-10-12"), Decision: what}
	}
	t.Run("post now", func(t *testing.T) {
		w := newWorld(t, "2026-10-16 12:30")
		w.scan()
		w.record(decide("post"))
		w.scan()
		same(t, "at once", w.said(), []string{digestSaid})
		same(t, "not again", w.scanAt("2026-10-16 15:00"), nil)
	})
	t.Run("hold, then post", func(t *testing.T) {
		w := newWorld(t, "2026-10-16 12:30")
		w.scan()
		w.record(decide("hold"))
		same(t, "held", w.scanAt("2026-10-16 15:00"), nil)
		if got := w.settledAs("digest/cedar/2026-10-12"); got != "held: held this week by its owner" {
			t.Errorf("recorded as %q", got)
		}
		w.at("2026-10-16 19:00") // in quiet hours, but somebody asks for it now
		w.record(decide("post"))
		w.scan()
		same(t, "asked for", w.said(), []string{digestSaid})
		same(t, "once", w.scanAt("2026-10-17 09:00"), nil)
	})
	t.Run("decided before the preview", func(t *testing.T) {
		w := newWorld(t, "2026-10-16 08:00")
		w.scan()
		w.record(decide("post"))
		w.scan()
		same(t, "posted", w.said(), []string{digestSaid})
		same(t, "no preview", w.scanAt("2026-10-16 12:00"), nil)
	})
	t.Run("an assistant principal where there is no principal", func(t *testing.T) {
		w := newWorld(t, "2026-10-16 08:00")
		w.scan()
		w.record(school.PersonLeft{ID: "p1", On: day("2026-10-16")})
		if got := w.scanAt("2026-10-16 12:00"); len(got) != 1 || !strings.HasPrefix(got[0], "dm-a1") {
			t.Errorf("said %q", got)
		}
	})
}

func TestASmallCampusHasNoDigest(t *testing.T) {
	w := newWorld(t, "2026-10-15 12:00")
	for _, p := range []school.PersonID{"t1", "t2"} {
		w.record(school.PersonLeft{ID: p, On: day("2026-10-15")})
	}
	w.scan()
	same(t, "noon", w.scanAt("2026-10-16 12:00"), nil)
	same(t, "three", w.scanAt("2026-10-16 15:00"), nil)
}
