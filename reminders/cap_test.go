package reminders

import (
	"context"
	"strings"
	"testing"

	"rounds/school"

	"github.com/google/go-cmp/cmp"
)

// capAt sets the weekly cap of the district.
func (w *world) capAt(n int) {
	w.record(school.DistrictSet{Name: "B", Zone: "America/Chicago", WeeklyCap: n})
}

// Of what falls due at one minute, the cap leaves out what matters least, and says so.
func TestTheCapDropsTheLowestFirst(t *testing.T) {
	w := newWorld(t, "2026-10-13 12:00")
	w.capAt(2)
	for _, kind := range []string{KindPlan, KindFeedback, KindDue, KindAnswers, KindCheckback} {
		w.record(school.RuleSet{Rule: school.Rule{ID: kind, On: school.OnDays, Days: []int{3}, Time: 8 * 60}})
	}
	w.scan()
	w.at("2026-10-15 09:00")
	n := w.step("2026-10-21")
	w.at("2026-10-16 09:00")
	w.visit("t1")
	w.answer("2026-10-20 10:00", n, school.TriedIt)
	got := w.scanAt("2026-10-21 08:00")
	same(t, "the plan and the step", got, []string{"dm-c1: 6 visits to go, 3 school days left.", "dm-c1: 1 action step to look at today."})
	for _, kind := range []string{KindFeedback, KindAnswers} {
		key := "2026-10-21"
		if kind == KindAnswers {
			key += "T08:00"
		}
		if got := w.settledAs(kind + "/" + key + "/c1"); got != "held: 2 reminders this week are enough" {
			t.Errorf("%s: recorded as %q", kind, got)
		}
	}
	same(t, "and /rounds why says it", w.why("c1", "2026-10-21 08:00", "2026-10-21 09:00"), []string{
		"Oct 21 08:00 sent: action steps to look at",
		"Oct 21 08:00 held: check-ins on your steps (2 reminders this week are enough)",
		"Oct 21 08:00 held: feedback still to give (2 reminders this week are enough)",
		"Oct 21 08:00 sent: plan of the week",
		"Oct 21 08:00 held: visits due soon (the plan of the week comes the same day and says it)",
	})
}

// The owner's preview on Friday is not crowded out by what mattered less earlier in the week.
func TestTheCapKeepsRoomForWhatSurelyComes(t *testing.T) {
	w := newWorld(t, "2026-10-12 12:00")
	w.capAt(2)
	w.record(school.PersonSet{ID: "t1", Name: "name.t1", From: day("2026-08-03"), Start: day("2026-08-03"), Role: school.Teacher, Campus: "cedar", Observers: []school.PersonID{"p1"}})
	w.scan()
	mine := func(at string) (n int) {
		for _, s := range w.scanAt(at) {
			if strings.HasPrefix(s, "dm-p1") {
				n++
			}
		}
		return n
	}
	if mine("2026-10-13 07:00") != 1 || mine("2026-10-14 07:00") != 0 || mine("2026-10-16 12:00") != 1 {
		t.Error("the plan and the preview are two, the middle of the week has none")
	}
	if got := w.settledAs("due/2026-10-14T07:00/p1"); got != "held: 1 reminders this week, and the last are kept for what matters more" {
		t.Errorf("recorded as %q", got)
	}
	// Once the owner has decided, there is no preview to keep room for.
	w.at("2026-10-20 12:00")
	w.record(school.DigestDecided{Campus: "cedar", Week: day("2026-10-19"), Decision: "hold"})
	mine("2026-10-20 12:00")
	if mine("2026-10-21 07:00") != 1 {
		t.Error("the room is not used")
	}
}

// What a person did is never capped, and what goes to rooms counts for nobody.
func TestTheCapCountsPersonsOnly(t *testing.T) {
	w := newWorld(t, "2026-10-12 12:00")
	w.capAt(1)
	w.scan()
	same(t, "the plan", w.scanAt("2026-10-13 07:00"), []string{planSaid})
	same(t, "the agenda", w.scanAt("2026-10-14 15:00"), []string{agendaSaid})
	for range 3 {
		w.note("2026-10-14 15:00")
		w.scan()
		same(t, "a notice", w.said(), []string{noteSaid})
	}
}

// Nobody is sent more than the cap, whatever falls due, however the scans fall, and whoever is judged when.
func TestNobodyGetsMoreThanTheCap(t *testing.T) {
	for _, limit := range []int{1, 2, 3, 5} {
		w := newWorld(t, "2026-10-12 12:00")
		w.capAt(limit)
		for _, kind := range []string{KindPlan, KindFeedback, KindDue} {
			w.record(school.RuleSet{Rule: school.Rule{ID: kind, On: school.EverySchoolDay, Time: 8 * 60}})
		}
		w.scan()
		n := 0
		for d := day("2026-10-13"); d <= day("2026-10-16"); d++ {
			w.clock.set(d.At(7*60, chicago))
			w.visit("t1")
			n += strings.Count(strings.Join(w.scanAt(d.String()+" 08:00"), " "), "dm-c1")
			n += strings.Count(strings.Join(w.scanAt(d.String()+" 16:00"), " "), "dm-c1")
		}
		if n > limit || limit <= 3 && n != limit {
			t.Errorf("%d messages in a week with a cap of %d", n, limit)
		}
	}
}

// The runner plans in pieces; the cap is one all the same.
func TestTheCapAcrossPieces(t *testing.T) {
	w := newWorld(t, "2026-10-15 10:00")
	w.grow(60, 4)
	w.capAt(1)
	for _, kind := range []string{KindPlan, KindDue} {
		w.record(school.RuleSet{Rule: school.Rule{ID: kind, On: school.OnDays, Days: []int{3}, Time: 8*60 + 1}})
	}
	w.record(school.RuleSet{Rule: school.Rule{ID: KindPlan, On: school.OnDays, Days: []int{4}, Time: 8 * 60}})
	w.scan()
	now := local("2026-10-22 08:02")
	got, err := w.runner.plan(context.Background(), now)
	if err != nil {
		t.Fatal(err)
	}
	var want []Occurrence
	_ = w.book.Read(func(m *school.Model) { want = Plan(m, district, w.runner.from(), now) })
	most := map[school.PersonID]int{}
	for i := range got {
		got[i].space = ""
		if got[i].Status == Due && underCap(&got[i]) {
			most[got[i].To]++
		}
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(Occurrence{})); diff != "" || len(got) < 100 {
		t.Errorf("%d occurrences: %s", len(got), diff)
	}
	for who, n := range most {
		if n > 1 {
			t.Errorf("%s gets %d", who, n)
		}
	}
}
