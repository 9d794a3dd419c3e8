package school

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"
)

// stepTown is a campus with two coaches, two administrators, and teachers a to d: a and b of the first coach, c of the
// second, d of nobody.
func stepTown(t *testing.T) *campus {
	t.Helper()
	c := newCampus(t, Span{From: Date(2026, 10, 12), To: Date(2026, 10, 12), Class: NoSchool, Name: "Holiday"},
		Span{From: Date(2026, 11, 23), To: Date(2026, 11, 27), Class: NoSchool, Name: "Thanksgiving"})
	since := Date(2026, 8, 1)
	add := func(id PersonID, r Role, observers ...PersonID) {
		c.add(PersonSet{ID: id, From: since, Role: r, Campus: "cedar", Observers: observers})
	}
	add("other", Coach)
	add("ap", AP)
	add("pp", Principal)
	add("a", Teacher, "coach")
	add("b", Teacher, "coach", "ap")
	add("c", Teacher, "other")
	add("d", Teacher)
	return c
}

// randomStepFact is anything that the log could hold about steps, sensible or not.
func randomStepFact(r *rand.Rand, c *campus, day Day) Fact {
	who := []PersonID{"a", "b", "c", "d", "nobody"}
	leaders := []PersonID{"coach", "other", "ap", "pp", "gone"}
	states := []StepState{StepDraft, StepAssigned, StepPracticing, StepMastered, StepContinued, StepReplaced, StepClosed, "", "dancing"}
	answers := []CheckIn{NotYet, TriedIt, Consistently, LetsTalk, "", "perhaps"}
	n := func() int64 { // a step mostly, else anything or nothing
		if k := len(c.m.steps); k > 0 && r.IntN(3) > 0 {
			return c.m.steps[r.IntN(k)].N
		}
		return 1 + r.Int64N(c.n+2)
	}
	switch r.IntN(8) {
	case 0:
		return VisitLogged{UID: r.Uint64(), Observer: leaders[r.IntN(5)], Subject: who[r.IntN(5)], Visit: CoachingVisit, On: day}
	case 1:
		return VisitShared{Visit: n(), At: day.At(Clock(r.IntN(24*60)), time.UTC)}
	case 2:
		return VisitDebriefed{Visit: n(), On: day}
	case 3, 4:
		f := StepAdded{UID: r.Uint64(), Subject: who[r.IntN(5)], Author: leaders[r.IntN(5)], On: day, By: day + Day(r.IntN(20)) - 3, Draft: r.IntN(3) == 0, Back: r.IntN(3)}
		if r.IntN(2) == 0 {
			f.Replaces = n()
		}
		return f
	case 5:
		return StepAnswered{Step: n(), Answer: answers[r.IntN(len(answers))], On: day}
	}
	f := StepMoved{Step: n(), State: states[r.IntN(len(states))], On: day}
	if r.IntN(2) == 0 {
		f.By = day + Day(r.IntN(20)) - 3
	}
	return f
}

// Whatever the log says of steps: it is read without a panic and always alike, what has ended stays as it ended, and what
// took another's place is named by it.
func TestStepsOfRandomFacts(t *testing.T) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 7))
		c, again := stepTown(t), stepTown(t)
		ended := map[int64]Step{}
		day := Date(2026, 9, 1)
		for range 200 {
			day += Day(r.IntN(2))
			f := randomStepFact(r, c, day)
			c.add(f)
			again.add(f)
			for _, s := range c.m.steps {
				checkStep(t, seed, c.m, s)
				if was, ok := ended[s.N]; ok {
					if !reflect.DeepEqual(*s, was) {
						t.Fatalf("seed %d: %+v changes step %d after its end", seed, f, s.N)
					}
				} else if !s.State.Open() {
					ended[s.N] = *s
				}
			}
		}
		if len(ended) == 0 {
			t.Errorf("seed %d ends no step", seed)
		}
		for i, s := range again.m.steps {
			if !reflect.DeepEqual(s, c.m.steps[i]) {
				t.Fatalf("seed %d: step %d differs when it is read again", seed, s.N)
			}
		}
	}
}

func checkStep(t *testing.T, seed uint64, m *Model, s *Step) {
	t.Helper()
	switch s.State {
	case StepDraft, StepAssigned, StepPracticing, StepMastered, StepContinued, StepReplaced, StepClosed:
	default:
		t.Fatalf("seed %d: step %d is %q", seed, s.N, s.State)
	}
	if (s.State == StepDraft) != (s.Given == 0) && s.State.Open() || s.State == StepMastered && s.Given == 0 {
		t.Fatalf("seed %d: step %d is %s, given %d", seed, s.N, s.State, s.Given)
	}
	if old := m.step(s.Replaces); s.Replaces != 0 && (old == nil || old.replaced != s.N || old.State != StepReplaced || old.subject != s.subject) {
		t.Fatalf("seed %d: step %d replaces %d, which does not say so", seed, s.N, s.Replaces)
	}
	if next := m.step(s.replaced); s.replaced != 0 && (next == nil || next.Replaces != s.N) {
		t.Fatalf("seed %d: step %d is replaced by %d, which does not say so", seed, s.N, s.replaced)
	}
}

func stepOf(t *testing.T, c *campus, who PersonID, n int64, on Day) StepSeen {
	t.Helper()
	s, ok := c.m.As(who, on.At(15*60, c.m.zone)).Step(n)
	if !ok {
		t.Fatalf("%s does not see step %d", who, n)
	}
	return s
}

// Days to mastery and ages, against the calendar counted day by day.
func TestStepDaysByTheCalendar(t *testing.T) {
	school := func(d Day) bool {
		return d.Weekday() != time.Saturday && d.Weekday() != time.Sunday && d != Date(2026, 10, 12) && (d < Date(2026, 11, 23) || d > Date(2026, 11, 27))
	}
	count := func(after, to Day) (n int) {
		for d := after + 1; d <= to; d++ {
			if school(d) {
				n++
			}
		}
		return n
	}
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 8))
		c := stepTown(t)
		added := Date(2026, 9, 1) + Day(r.IntN(60))
		given, by := added+Day(r.IntN(6)), added+Day(1+r.IntN(15))
		c.add(VisitLogged{UID: 1, Observer: "coach", Subject: "a", Visit: CoachingVisit, On: added})
		c.add(StepAdded{UID: 2, Subject: "a", Author: "coach", On: added, By: by, Back: 1, Draft: true})
		n := c.n
		if r.IntN(2) == 0 {
			c.add(VisitDebriefed{Visit: n - 1, On: given})
		} else {
			c.add(VisitShared{Visit: n - 1, At: given.At(9*60, c.m.zone)})
		}
		on := max(given, by) + Day(r.IntN(30))
		s := stepOf(t, c, "coach", n, on)
		late := max(0, count(by, on))
		if s.Given != given || s.Age.Open != count(given, on) || s.Age.Late != late || s.Age.Stale != (late > StaleAfter) || s.Age.Mastered != -1 {
			t.Fatalf("seed %d: given %s, due %s, on %s: %+v", seed, given, by, on, s)
		}
		c.add(StepMoved{Step: n, State: StepMastered, On: on})
		if s = stepOf(t, c, "coach", n, on+3); s.Age.Mastered != count(given, on) || s.Age.Late != 0 || s.Age.Stale {
			t.Fatalf("seed %d: given %s, mastered %s: %+v", seed, given, on, s.Age)
		}
	}
}

func TestStepContinuedKeepsItsDates(t *testing.T) {
	c := stepTown(t)
	first := Date(2026, 10, 9)
	c.add(StepAdded{UID: 1, Subject: "a", Author: "coach", On: first - 7, By: first})
	n := c.n
	c.add(StepAnswered{Step: n, Answer: TriedIt, On: first - 2},
		StepMoved{Step: n, State: StepPracticing, On: first - 1, By: first}, // no other date
		StepMoved{Step: n, State: StepContinued, On: first, By: first + 7},
		StepMoved{Step: n, State: StepContinued, On: first, By: first + 7}, // again: nothing new
		StepMoved{Step: n, State: StepPracticing, On: first + 3},
		StepMoved{Step: n, State: StepContinued, On: first + 7, By: first + 14})
	s := stepOf(t, c, "a", n, first+30)
	if want := []Day{first, first + 7}; !slices.Equal(s.Dues, want) || s.By != first+14 || s.Given != first-7 {
		t.Errorf("dates %v, due %s, given %s", s.Dues, s.By, s.Given)
	}
	if !s.Age.Stale {
		t.Error("an answer to the first date does not keep the third from going stale")
	}
	c.add(StepAnswered{Step: n, Answer: NotYet, On: first + 20})
	if s = stepOf(t, c, "a", n, first+30); s.Age.Stale || s.Age.Late == 0 {
		t.Errorf("answered, and still %+v", s.Age)
	}
	if other := stepOf(t, c, "pp", n, first+30); !other.Withheld || other.Answer != "" || !other.Age.Stale {
		t.Errorf("who may not see the answer sees by the age that there is one: %+v", other)
	}
}

// Another author's words are shown to nobody who may not read them, whatever links lead there.
func TestStepLinksShowNobodysWords(t *testing.T) {
	c := stepTown(t)
	on := Date(2026, 10, 5)
	c.add(StepAdded{UID: 1, Subject: "b", Author: "coach", On: on})
	old := c.n
	c.add(StepAdded{UID: 2, Subject: "b", Author: "ap", On: on + 1, Replaces: old})
	next := c.n
	for who, reads := range map[PersonID][2]bool{"coach": {true, false}, "ap": {false, true}, "pp": {false, true}, "b": {true, true}} {
		a, b := stepOf(t, c, who, old, on+2), stepOf(t, c, who, next, on+2)
		if got := [2]bool{a.Text != "", b.Text != ""}; got != reads || a.Withheld == reads[0] || b.Withheld == reads[1] {
			t.Errorf("%s reads %v, want %v", who, got, reads)
		}
		if a.Replaced != next || b.Replaces != old {
			t.Errorf("%s sees no link: %d, %d", who, a.Replaced, b.Replaces)
		}
	}
	for _, who := range []PersonID{"other", "a", "c"} {
		if _, ok := c.m.As(who, testNow).Step(old); ok {
			t.Errorf("%s sees the step", who)
		}
	}
	// A colleague without a caseload sees what they wrote, and not whose place it took.
	c.add(StepAdded{UID: 3, Subject: "b", Author: "other", On: on + 2, Replaces: next})
	if s := stepOf(t, c, "other", c.n, on+3); s.Replaces != 0 || s.Text == "" {
		t.Errorf("a colleague sees %+v", s)
	}
	// A teacher does not learn of a draft by the step whose place it took.
	c.add(StepAdded{UID: 4, Subject: "b", Author: "coach", On: on + 3, Replaces: c.n, Draft: true})
	if s := stepOf(t, c, "b", c.n-1, on+4); s.State != StepReplaced || s.Replaced != 0 {
		t.Errorf("the teacher sees %+v", s)
	}
}

func TestCampusSteps(t *testing.T) {
	c := stepTown(t)
	on := Date(2026, 10, 5)
	for i, id := range []PersonID{"a", "b", "c", "d"} {
		c.add(StepAdded{UID: uint64(i), Subject: id, Author: "coach", On: on, By: on + 10 - Day(i)})
	}
	list, ok := c.m.As("pp", testNow).CampusSteps("cedar")
	var got []string
	for _, s := range list {
		got = append(got, fmt.Sprint(s.Subject, s.Withheld))
	}
	if want := []string{"dtrue", "ctrue", "btrue", "atrue"}; !ok || !slices.Equal(got, want) {
		t.Errorf("the principal sees %v, %v", got, ok)
	}
	for _, who := range []PersonID{"coach", "a"} {
		if _, ok := c.m.As(who, testNow).CampusSteps("cedar"); ok {
			t.Errorf("%s sees the campus's steps", who)
		}
	}
	if _, ok := c.m.As("pp", testNow).CampusSteps("oak"); ok {
		t.Error("the principal sees another campus's steps")
	}
}
