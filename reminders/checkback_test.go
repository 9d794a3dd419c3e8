package reminders

import (
	"strings"
	"testing"

	"rounds/school"
)

const (
	ownSaid    = "dm-t1: How is your action step going?"
	theirsSaid = "dm-c1: 1 action step to look at today."
)

// step gives a step of the coach to t1, to look at again on Wednesday, October 21 if by is not said.
func (w *world) step(by ...string) int64 {
	f := school.StepAdded{UID: uint64(w.n), Subject: "t1", Author: "c1", On: school.DayOf(w.clock.Now(), chicago), By: day("2026-10-21")}
	if len(by) > 0 {
		f.By = day(by[0])
	}
	n := w.record(f).First
	w.scan()
	w.said()
	return n
}

// checked are the check-backs that were said at 7:45 on days.
func (w *world) checked(days ...string) (out []string) {
	w.t.Helper()
	for _, d := range days {
		for _, said := range w.scanAt(d + " 07:45") {
			if strings.Contains(said, "action step") {
				out = append(out, d[8:]+" "+said)
			}
		}
	}
	return out
}

var around = []string{"2026-10-19", "2026-10-20", "2026-10-21", "2026-10-22", "2026-10-23", "2026-10-26"}

func TestCheckBack(t *testing.T) {
	w := newWorld(t, "2026-10-15 10:00")
	w.scan()
	w.step()
	same(t, "to the teacher and to the coach, on its day", w.checked(around...), []string{"21 " + ownSaid, "21 " + theirsSaid})
	if got := w.settledAs("checkback/own/2026-10-21/t1"); got != "sent" {
		t.Errorf("recorded as %q", got)
	}
}

func TestCheckBackOnADayWithoutSchool(t *testing.T) {
	t.Run("on Saturday: on Monday", func(t *testing.T) {
		w := newWorld(t, "2026-10-15 10:00")
		w.scan()
		w.step("2026-10-24")
		same(t, "said", w.checked(around...), []string{"26 " + ownSaid, "26 " + theirsSaid})
	})
	t.Run("a snow day declared at 05:50", func(t *testing.T) {
		w := newWorld(t, "2026-10-15 10:00")
		w.scan()
		w.step()
		w.checked("2026-10-20")
		w.at("2026-10-21 05:50")
		w.record(school.DayDeclared{Span: school.Span{From: day("2026-10-21"), To: day("2026-10-21"), Class: school.NoSchool, Name: "Snow day"}})
		w.scan()
		same(t, "said", w.checked(around[2:]...), []string{"22 " + ownSaid, "22 " + theirsSaid})
	})
	t.Run("a day declared off after they were asked", func(t *testing.T) {
		w := newWorld(t, "2026-10-15 10:00")
		w.scan()
		w.step()
		same(t, "said", w.checked(around[:3]...), []string{"21 " + ownSaid, "21 " + theirsSaid})
		w.at("2026-10-21 09:00")
		w.record(school.DayDeclared{Span: school.Span{From: day("2026-10-21"), To: day("2026-10-21"), Class: school.NoSchool, Name: "Water main"}})
		same(t, "not again", w.checked(around[3:]...), nil)
	})
}

func TestCheckBackStops(t *testing.T) {
	move := func(state school.StepState, by string) func(w *world, n int64) {
		return func(w *world, n int64) {
			f := school.StepMoved{Step: n, State: state, On: day("2026-10-20")}
			if by != "" {
				f.By = day(by)
			}
			w.record(f)
		}
	}
	answer := func(on string) func(w *world, n int64) {
		return func(w *world, n int64) { w.record(school.StepAnswered{Step: n, Answer: school.TriedIt, On: day(on)}) }
	}
	for _, c := range []struct {
		how  string
		do   func(w *world, n int64)
		want []string
	}{
		{"mastered", move(school.StepMastered, ""), nil},
		{"closed", move(school.StepClosed, ""), nil},
		{"replaced", move(school.StepReplaced, ""), nil},
		{"continued to a later day", move(school.StepContinued, "2026-10-23"), []string{"23 " + ownSaid, "23 " + theirsSaid}},
		{"answered yesterday", answer("2026-10-20"), []string{"21 " + theirsSaid}},
		{"answered long ago", answer("2026-10-15"), []string{"21 " + ownSaid, "21 " + theirsSaid}},
	} {
		t.Run(c.how, func(t *testing.T) {
			w := newWorld(t, "2026-10-15 10:00")
			w.scan()
			n := w.step()
			w.checked("2026-10-19")
			w.at("2026-10-20 12:00")
			c.do(w, n)
			same(t, "said", w.checked(around[2:]...), c.want)
		})
	}
	t.Run("the answer is the reason", func(t *testing.T) {
		w := newWorld(t, "2026-10-15 10:00")
		w.scan()
		n := w.step()
		w.at("2026-10-20 12:00")
		answer("2026-10-20")(w, n)
		w.checked("2026-10-21")
		same(t, "why", w.why("t1", "2026-10-21 00:00", "2026-10-21 12:00"), []string{
			"Oct 21 07:45 held: check-back on your action step (you have answered already)",
		})
	})
}

// What a teacher was not given yet is not asked about.
func TestCheckBackOfADraft(t *testing.T) {
	w := newWorld(t, "2026-10-15 10:00")
	w.scan()
	w.record(
		school.VisitLogged{UID: 5, Observer: "c1", Subject: "t1", Visit: school.CoachingVisit, On: day("2026-10-15"), Texts: []string{"note"}},
		school.StepAdded{UID: 5, Subject: "t1", Author: "c1", On: day("2026-10-15"), By: day("2026-10-21"), Back: 1, Draft: true})
	same(t, "a draft", w.checked(around...), nil)
}

// Two steps are one message, and several teachers one for their leader.
func TestCheckBackCounts(t *testing.T) {
	w := newWorld(t, "2026-10-15 10:00")
	w.scan()
	w.step()
	w.step()
	w.record(school.StepAdded{UID: 6, Subject: "t2", Author: "c1", On: day("2026-10-15"), By: day("2026-10-21")})
	same(t, "said", w.checked(around...), []string{
		"21 " + ownSaid, "21 dm-t2: How is your action step going?", "21 dm-c1: 3 action steps to look at today.",
	})
}

// Who wrote it looks at it; when they have left, the coach who may read it.
func TestCheckBackOfAnAuthorWhoLeft(t *testing.T) {
	for author, want := range map[school.PersonID][]string{
		"p1": {"21 " + ownSaid}, // an administrator's words are not the coach's to read
		"c2": {"21 " + ownSaid, "21 " + theirsSaid},
	} {
		w := newWorld(t, "2026-10-15 10:00")
		w.record(school.PersonSet{ID: "c2", From: day("2026-08-03"), Start: day("2026-08-03"), Role: school.Coach, Campus: "cedar"})
		w.scan()
		w.record(school.StepAdded{UID: 6, Subject: "t1", Author: author, On: day("2026-10-15"), By: day("2026-10-21")})
		w.record(school.PersonLeft{ID: author, On: day("2026-10-19")})
		same(t, "written by "+string(author), w.checked(around...), want)
	}
}

func TestCheckBackWhereTeachersAreToldNothing(t *testing.T) {
	w := newWorld(t, "2026-10-15 10:00")
	w.record(school.CampusSet{ID: "cedar", Name: "Cedar Ridge", Room: "fake:W1:leaders"})
	w.scan()
	w.step()
	same(t, "the leader alone", w.checked(around[:4]...), []string{"21 " + theirsSaid})
	same(t, "why", w.why("t1", "2026-10-21 00:00", "2026-10-21 12:00"), []string{
		"Oct 21 07:45 held: check-back on your action step (your campus sends teachers no messages)",
	})
}
