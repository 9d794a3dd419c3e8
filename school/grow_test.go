package school

import (
	"slices"
	"testing"
)

// Goals open and end, one's page is one's own, and a coach reads along exactly as long as they are let and serve.
func TestGrowth(t *testing.T) {
	w := newAmendWorld(t)
	for _, p := range []PersonSet{
		{ID: "tess", Role: Teacher, Observers: []PersonID{"cora", "ana"}}, {ID: "carl", Role: Coach}, {ID: "ana", Role: AP}, {ID: "pia", Role: Principal},
	} {
		p.From, p.Campus = Date(2026, 8, 1), "cedar"
		w.do("", p)
	}
	day := Date(2026, 10, 15)
	as := func(id PersonID) *Viewer {
		t.Helper()
		v := w.m.As(id, w.at)
		if v == nil {
			t.Fatalf("no viewer %s", id)
		}
		return v
	}
	reads := func(id PersonID) bool {
		_, ok := as(id).GrowthOf("tess")
		return ok
	}
	w.do("tess", Rated{Person: "tess", Strand: "S1", Level: "developing", On: day})
	for _, s := range []string{"proficient.1", "proficient.2", "proficient.1"} {
		w.do("tess", GoalSet{Person: "tess", Statement: s, By: day + 30, On: day})
	}
	g := as("tess").Growth()
	if len(g.Goals) != 2 || g.Goals[1].Statement != "proficient.1" || len(as("tess").Goals()) != 3 {
		t.Errorf("the same statement chosen again is one goal: %+v", g)
	}
	if _, ok := w.m.GrowDueOf("tess"); ok {
		t.Error("reminded without a rhythm")
	}
	w.do("tess", GrowRhythm{Person: "tess", Weeks: 2, On: day})
	if d := w.m.GrowsDue(); len(d) != 1 || d[0] != (GrowDue{"tess", 2, day}) {
		t.Errorf("due: %+v", d)
	}
	if got := as("tess").Coaches(); !slices.Equal(got, []PersonID{"cora"}) {
		t.Errorf("may be shared with %v: an administrator is none, nor a coach who does not serve her", got)
	}
	for _, id := range []PersonID{"cora", "carl", "ana", "pia"} {
		if reads(id) {
			t.Errorf("%s reads what was not shared", id)
		}
	}
	w.do("tess", GrowShared{Person: "tess", With: "cora", On: day})
	for id, want := range map[PersonID]bool{"cora": true, "carl": false, "ana": false, "pia": false} {
		if reads(id) != want {
			t.Errorf("shared with cora: %s reads: %v", id, !want)
		}
	}
	if got := as("cora").GrowthSharers(); !slices.Equal(got, []PersonID{"tess"}) {
		t.Errorf("cora reads along with %v", got)
	}
	// Shared with somebody who may not: nothing opens.
	w.do("tess", GrowShared{Person: "tess", With: "ana", On: day})
	if reads("ana") || reads("cora") || len(as("ana").GrowthSharers()) > 0 {
		t.Error("an administrator reads along")
	}
	w.do("tess", GrowShared{Person: "tess", With: "cora", On: day})
	// Off the caseload, out of sight.
	w.do("", PersonSet{ID: "tess", From: Date(2026, 8, 2), Role: Teacher, Campus: "cedar", Observers: []PersonID{"carl"}})
	if reads("cora") || reads("carl") {
		t.Error("a coach reads along who does not serve her, or was not let")
	}
	w.do("", PersonSet{ID: "tess", From: Date(2026, 8, 3), Role: Teacher, Campus: "cedar", Observers: []PersonID{"cora"}})
	if !reads("cora") {
		t.Error("back on the caseload, still shared")
	}
	w.do("tess", GrowShared{Person: "tess", On: day})
	if reads("cora") || len(as("cora").GrowthSharers()) > 0 {
		t.Error("taken back, and still read")
	}

	w.do("tess", GoalEnded{Person: "tess", Statement: "proficient.1", Reached: true, On: day})
	w.do("tess", GoalEnded{Person: "tess", Statement: "nonsense", On: day})
	if g := as("tess").Growth(); len(g.Goals) != 1 || len(g.Ended) != 1 || !g.Ended[0].Reached {
		t.Errorf("after one was reached: %+v", g)
	}
	w.do("tess", GoalEnded{Person: "tess", Statement: "proficient.2", On: day})
	if _, ok := w.m.GrowDueOf("tess"); ok {
		t.Error("reminded of no goal")
	}
}
