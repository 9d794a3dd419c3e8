package school

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// rollTown has two campuses, cedar of the given number of teachers and oak of some, all of cedar's on the coach's list.
func rollTown(t *testing.T, cedar, oak int) *campus {
	t.Helper()
	c := newCampus(t)
	since := Date(2026, 8, 1)
	c.add(CampusSet{ID: "oak", Name: "Oak"})
	for i := range cedar {
		c.add(PersonSet{ID: PersonID(fmt.Sprintf("c%d", i)), From: since, Role: Teacher, Campus: "cedar", Observers: []PersonID{"coach"}})
	}
	for i := range oak {
		c.add(PersonSet{ID: PersonID(fmt.Sprintf("o%d", i)), From: since, Role: Teacher, Campus: "oak"})
	}
	c.add(PersonSet{ID: "ap", From: since, Role: AP, Campus: "cedar"},
		PersonSet{ID: "sup", From: since, Role: Supervisor, Campuses: []CampusID{"cedar", "oak"}},
		PersonSet{ID: "office", From: since, Role: Office})
	return c
}

// give gives teachers from..to of a campus ("c" or "o") a step in an area; the first tried of them practice it.
func (c *campus) give(at string, from, to, tried int, focus string, on Day) {
	for i := from; i < to; i++ {
		c.add(StepAdded{UID: uint64(c.n), Subject: PersonID(fmt.Sprintf("%s%d", at, i)), Author: "coach", On: on, By: on + 9, Focus: focus})
		if i-from < tried {
			c.add(StepAnswered{Step: c.n, Answer: TriedIt, On: on + 2})
		}
	}
}

func (c *campus) roll(who PersonID, at CampusID, span RollupSpan) Rollups {
	c.t.Helper()
	out, mine, ok := c.m.As(who, testNow).StepRollup(at, span)
	if !ok || !mine {
		c.t.Fatalf("%s sees no roll-up of %q", who, at)
	}
	return out
}

// words says a table so that two may be compared.
func (r Rollup) words() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d", r.Teachers)
	for _, x := range r.Rows {
		fmt.Fprintf(&b, "; %s %d", x.Name, x.Open)
		if x.Tried.Reportable() {
			fmt.Fprintf(&b, " (%s)", x.Tried.Words("practiced"))
		}
		if x.Mastered > 0 {
			fmt.Fprintf(&b, ", %d mastered in %d (at least: %v)", x.Mastered, x.Days, x.AtLeast)
		}
	}
	return b.String() + fmt.Sprintf("; other %d", r.Other)
}

func TestRollupOfACampus(t *testing.T) {
	c := rollTown(t, 30, 4)
	on := Date(2026, 10, 1) // two weeks ago
	c.give("c", 0, 12, 7, "rigor", on)
	c.give("c", 12, 19, 2, "routines", on)
	c.give("c", 19, 22, 3, "feedback", on)
	c.give("c", 22, 25, 0, "", on)
	for i := range 6 { // six of the first seven steps of rigor were mastered after 2, 3, … school days, and other ones given
		c.add(StepMoved{Step: c.m.stepsOf[c.m.people[PersonID(fmt.Sprintf("c%d", i))].index][0].N, State: StepMastered, On: Date(2026, 10, 5) + Day(i)})
	}
	c.give("c", 0, 6, 0, "rigor", on+11)
	want := "25; Rigor of the task 12 (fewer than 5 of 12 practiced), 6 mastered in 4 (at least: false); Routines and transitions 7 (fewer than 5 of 7 practiced); other 6"
	for who, at := range map[PersonID]CampusID{"coach": "", "ap": "", "sup": "cedar", "office": "cedar"} {
		if got := c.roll(who, at, SixWeeks).Groups; len(got) != 1 || got[0].words() != want {
			t.Errorf("%s: %v\nwant %s", who, got[0].words(), want)
		}
	}
	if _, _, ok := c.m.As("c0", testNow).StepRollup("", SixWeeks); ok {
		t.Error("a teacher sees a roll-up")
	}
	if _, mine, ok := c.m.As("ap", testNow).StepRollup("oak", SixWeeks); mine || !ok {
		t.Error("an assistant principal sees another campus's roll-up")
	}
	if all := c.roll("office", "", SixWeeks); len(all.Groups) != 1 || all.Together != nil || all.Small != 1 {
		t.Errorf("the office sees %+v", all)
	}
}

// Drafts, answers "Let's talk" and a second step of one teacher count for nothing.
func TestRollupCountsPeopleOnce(t *testing.T) {
	plain, more := rollTown(t, 12, 0), rollTown(t, 12, 0)
	on := Date(2026, 10, 1)
	for _, c := range []*campus{plain, more} {
		c.give("c", 0, 7, 0, "discourse", on)
	}
	for i := range 7 {
		more.add(StepAnswered{Step: more.m.steps[i].N, Answer: LetsTalk, On: on + 3})
	}
	for i := 7; i < 12; i++ {
		more.add(StepAdded{UID: 99, Subject: PersonID(fmt.Sprintf("c%d", i)), Author: "coach", On: on, Focus: "discourse", Draft: true})
	}
	if a, b := plain.roll("ap", "", SixWeeks).Groups[0].words(), more.roll("ap", "", SixWeeks).Groups[0].words(); a != b {
		t.Errorf("%s\n%s", a, b)
	}
	more.give("c", 0, 7, 0, "discourse", on+5) // beside the first
	if got := more.roll("ap", "", SixWeeks).Groups[0]; got.Teachers != 7 || got.Rows[0].Open != 7 {
		t.Errorf("seven teachers with two steps each are %s", got.words())
	}
}

func TestRollupOfFamilies(t *testing.T) {
	c := rollTown(t, 14, 0)
	on := Date(2026, 10, 1)
	for i, focus := range []string{"rigor", "questioning", "discourse", "modeling", "monitoring", "feedback", "reteach"} {
		c.give("c", 2*i, 2*i+2, 1, focus, on)
	}
	want := "14; Rigor and instructional execution strategies 8 (fewer than 5 of 8 practiced); Response to student data 6 (fewer than 5 of 6 practiced); other 0"
	if got := c.roll("ap", "", SixWeeks).Groups[0].words(); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

func TestRollupTogetherAddsUpWhatIsShown(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 9))
		c := rollTown(t, 40, 40)
		areas := []string{"rigor", "routines", "feedback", "", "modeling"}
		for _, at := range []string{"c", "o"} {
			for i := range 40 {
				if r.IntN(4) > 0 {
					c.give(at, i, i+1, r.IntN(2), areas[r.IntN(1+r.IntN(len(areas)))], Date(2026, 9, 20)+Day(r.IntN(20)))
				}
			}
		}
		for _, who := range []PersonID{"sup", "office"} {
			all := c.roll(who, "", SixWeeks)
			n, open := all.Together.Other, 0
			for _, x := range all.Together.Rows {
				n += x.Open
			}
			for _, g := range all.Groups {
				open += g.Teachers
				if one := c.roll(who, g.Campus, SixWeeks).Groups[0]; !reflect.DeepEqual(one, g) {
					t.Fatalf("seed %d: %s reads otherwise by itself", seed, g.Campus)
				}
				for _, x := range g.Rows {
					if x.Open != 0 && x.Open < Floor || x.Mastered != 0 && x.Mastered < Floor {
						t.Fatalf("seed %d: %s", seed, g.words())
					}
				}
				if g.Other != 0 && g.Other < Floor {
					t.Fatalf("seed %d: %s", seed, g.words())
				}
			}
			if all.Together.Teachers != open || n != open {
				t.Fatalf("seed %d: together %s, but the campuses have %d", seed, all.Together.words(), open)
			}
		}
	}
}

// The attacker sees a campus's table of areas, or of families where there are few teachers, and knows the code. No small area
// may be the same in all tables that read like this one, however few areas the district has.
func TestRollupAgainstEverythingThatCanBeWorkedOut(t *testing.T) {
	for name, focus := range map[string][]Focus{
		"two families of two": {{"a", "A", "One"}, {"b", "B", "One"}, {"c", "C", "Two"}, {"d", "D", "Two"}},
		"three and one":       {{"a", "A", "One"}, {"b", "B", "One"}, {"c", "C", "One"}, {"d", "D", "Two"}},
		"four of one":         {{"a", "A", "One"}, {"b", "B", "Two"}, {"c", "C", "Three"}, {"d", "D", "Four"}},
		"two":                 {{"a", "A", "One"}, {"b", "B", "One"}},
	} {
		c := rollTown(t, 0, 0)
		c.add(DistrictSet{Name: "Few", Zone: "America/Chicago", FocusAreas: focus})
		keys := []string{""}
		for _, f := range focus {
			keys = append(keys, f.Key)
		}
		view := func(cells []int) string {
			areas := map[string]*areaCount{}
			for i, n := range cells {
				areas[keys[i]] = &areaCount{open: n}
			}
			r, ok := c.m.tabulate(areas)
			if !ok {
				return ""
			}
			return r.words()
		}
		const most = 8
		read := map[string][][2]int{}
		tables(len(keys), most, func(cells []int) {
			v := view(cells)
			for i, n := range cells {
				if len(read[v]) <= i {
					read[v] = append(read[v], [2]int{n, n})
				}
				read[v][i] = [2]int{min(read[v][i][0], n), max(read[v][i][1], n)}
			}
		})
		tables(len(keys), most, func(cells []int) {
			v := view(cells)
			if slices.Max(cells) == most {
				return // what else reads like it may lie beyond what was gone through
			}
			for i, n := range cells {
				if n > 0 && n < Floor && read[v][i][0] == read[v][i][1] {
					t.Fatalf("%s: %v reads %q: %q can only be %d", name, cells, v, keys[i], n)
				}
			}
		})
		t.Logf("%s: %d readings", name, len(read))
	}
}

// A semester shown beside the six weeks does not tell of the few between.
func TestRollupSpansCannotBeSubtracted(t *testing.T) {
	for recent := range 9 {
		for earlier := range 9 {
			c := rollTown(t, 30, 0)
			c.give("c", 20, 30, 0, "rigor", Date(2026, 10, 1))
			c.give("c", 0, recent+earlier, 0, "rigor", Date(2026, 8, 20))
			for i := range recent + earlier {
				on := Date(2026, 8, 25)
				if i < recent {
					on = Date(2026, 10, 2)
				}
				c.add(StepMoved{Step: c.m.stepsOf[c.m.people[PersonID(fmt.Sprintf("c%d", i))].index][0].N, State: StepMastered, On: on})
			}
			six, sem := c.roll("ap", "", SixWeeks).Groups[0].Rows[0], c.roll("ap", "", Semester).Groups[0].Rows[0]
			if d := sem.Mastered - six.Mastered; six.Mastered > 0 && d > 0 && d < Floor {
				t.Errorf("%d and %d before: %d in six weeks, %d in the semester", recent, earlier, six.Mastered, sem.Mastered)
			}
			if recent+earlier >= 2*Floor && sem.Mastered == 0 {
				t.Errorf("%d and %d before are not shown", recent, earlier)
			}
			for _, x := range []RollupRow{six, sem} {
				if x.Mastered > 0 && x.Mastered < Floor || x.AtLeast && x.Days != -1 {
					t.Errorf("%d and %d before: %+v", recent, earlier, x)
				}
			}
		}
	}
}

func TestRollupSpanBegins(t *testing.T) {
	m := rollTown(t, 0, 0).m
	cal := m.Calendar("cedar")
	for want, at := range map[Day][2]any{
		Date(2026, 9, 4):  {SixWeeks, Date(2026, 10, 15)},
		Date(2026, 8, 17): {Semester, Date(2026, 10, 15)},
		Date(2027, 1, 1):  {Semester, Date(2027, 3, 2)},
	} {
		if got := m.spanFrom(cal, at[0].(RollupSpan), at[1].(Day)); got != want {
			t.Errorf("%v begins %s, want %s", at, got, want)
		}
	}
}

func BenchmarkRollup(b *testing.B) {
	m := NewModel()
	c := &campus{t: &testing.T{}, m: m}
	c.add(DistrictSet{Name: "Big", Zone: "America/Chicago"},
		CalendarSet{Name: "2026-27", First: Date(2026, 8, 17), Last: Date(2027, 5, 28), Week: []int{1, 2, 3, 4, 5}},
		PersonSet{ID: "coach", From: Date(2026, 8, 1), Role: Office})
	r := rand.New(rand.NewPCG(1, 1))
	for i := range 60 {
		id := CampusID(fmt.Sprintf("campus%d", i))
		c.add(CampusSet{ID: id, Name: string(id)})
		for j := range 60 {
			p := PersonID(fmt.Sprintf("%d-%d", i, j))
			c.add(PersonSet{ID: p, From: Date(2026, 8, 1), Role: Teacher, Campus: id})
			for k := range 4 {
				c.add(StepAdded{UID: uint64(c.n), Subject: p, Author: "coach", On: Date(2026, 8, 20) + Day(14*k), Focus: DefaultFocus[r.IntN(len(DefaultFocus))].Key})
				if k < 3 {
					c.add(StepMoved{Step: c.n, State: StepMastered, On: Date(2026, 8, 30) + Day(14*k)})
				}
			}
		}
	}
	v := m.As("coach", time.Date(2026, 10, 15, 15, 0, 0, 0, time.UTC))
	b.ReportAllocs()
	for b.Loop() {
		if _, _, ok := v.StepRollup("", SixWeeks); !ok {
			b.Fatal("no roll-up")
		}
	}
}
