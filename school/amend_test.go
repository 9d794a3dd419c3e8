package school

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"
)

// amendWorld is one campus with two leaders, three teachers and a team, on the log of a model.
type amendWorld struct {
	t      *testing.T
	m      *Model
	events []Event
	at     time.Time
}

var amendDay = Date(2026, 10, 15) // a Thursday

func newAmendWorld(t *testing.T) *amendWorld {
	w := &amendWorld{t: t, m: NewModel(), at: time.Date(2026, 10, 15, 15, 0, 0, 0, time.UTC)}
	w.do("", DistrictSet{Name: "Small", Zone: "America/Chicago"})
	w.do("", CampusSet{ID: "cedar", Name: "Cedar"})
	w.do("", CalendarSet{Name: "year", First: Date(2026, 8, 17), Last: Date(2027, 5, 27), Week: []int{1, 2, 3, 4, 5}})
	w.do("", PersonSet{ID: "dana", From: Date(2026, 8, 1), Role: Principal, Campus: "cedar"})
	w.do("", PersonSet{ID: "cora", From: Date(2026, 8, 1), Role: Coach, Campus: "cedar"})
	for _, id := range []PersonID{"t1", "t2", "t3"} {
		w.do("", PersonSet{ID: id, From: Date(2026, 8, 1), Role: Teacher, Campus: "cedar", Schedule: Weekly, Observers: []PersonID{"cora"}})
	}
	w.do("", TeamSet{ID: "math", Name: "Math", Campus: "cedar", Weekday: 2})
	for _, x := range DefaultTargets() {
		w.do("", TargetSet{x})
	}
	return w
}

// do applies one fact and returns its version.
func (w *amendWorld) do(by PersonID, f Fact) int64 {
	w.t.Helper()
	via := "fake"
	if by == "" {
		via = "file"
	}
	e, err := NewEvent(f, by, via, w.at)
	if err != nil {
		w.t.Fatal(err)
	}
	e.Version = int64(len(w.events) + 1)
	if err := w.m.Apply(e); err != nil {
		w.t.Fatal(err)
	}
	w.events = append(w.events, e)
	return e.Version
}

func (w *amendWorld) log1(by, subject PersonID, on Day, texts ...string) int64 {
	w.t.Helper()
	return w.do(by, VisitLogged{UID: uint64(len(w.events)), Observer: by, Subject: subject, Visit: CoachingVisit, On: on, Minutes: 10, Focus: []string{"discourse"}, Texts: texts})
}

func (w *amendWorld) seen(who PersonID, n int64) (VisitSeen, bool) {
	v := w.m.As(who, w.at)
	if v == nil {
		return VisitSeen{}, false
	}
	return v.Visit(n)
}

func TestAmendKeepsTheEarlierVersion(t *testing.T) {
	w := newAmendWorld(t)
	n := w.log1("cora", "t1", amendDay, "glow", "grow")
	first, _ := w.seen("cora", n)
	w.at = w.at.Add(24 * time.Hour)
	w.do("cora", VisitAmended{Visit: n, UID: 900, On: amendDay - 1, Visited: Walkthrough, Minutes: 25, Focus: []string{"rigor"}, Texts: []string{"evidence"}, Reworded: true})
	x, ok := w.seen("cora", n)
	if !ok || x.Version != 2 || x.On != amendDay-1 || x.Kind != Walkthrough || x.Minutes != 25 || !slices.Equal(x.Focus, []string{"rigor"}) || !x.Changed.Equal(w.at) || !x.Reworded.IsZero() {
		t.Errorf("%+v", x)
	}
	if want := map[string]string{"evidence": NoteKey(900, "evidence")}; !reflect.DeepEqual(x.Texts, want) {
		t.Errorf("texts %v, want %v", x.Texts, want)
	}
	old := w.m.As("cora", w.at).Versions(n)
	if len(old) != 1 || old[0].Version != 1 || old[0].On != amendDay || old[0].Minutes != 10 || old[0].Kind != CoachingVisit || !slices.Equal(old[0].Focus, []string{"discourse"}) || !reflect.DeepEqual(old[0].Texts, first.Texts) {
		t.Errorf("%+v", old)
	}
	for _, who := range []PersonID{"dana", "t1", "t2"} {
		if got := w.m.As(who, w.at).Versions(n); got != nil {
			t.Errorf("%s reads earlier versions: %+v", who, got)
		}
	}
}

func TestAmendIsForItsMakerWhileTheyServe(t *testing.T) {
	w := newAmendWorld(t)
	n := w.log1("cora", "t1", amendDay, "glow")
	w.do("dana", VisitAmended{Visit: n, UID: 7, On: amendDay - 1, Visited: Walkthrough})
	if x, _ := w.seen("cora", n); x.Version != 1 || x.On != amendDay {
		t.Errorf("somebody else amended it: %+v", x)
	}
	if !w.m.As("cora", w.at).MayAmend(n) || w.m.As("dana", w.at).MayAmend(n) || w.m.As("t1", w.at).MayAmend(n) {
		t.Error("who made it may amend it, and nobody else")
	}
	// Cora goes to another campus: the words stay on record and are hers no more.
	w.do("", CampusSet{ID: "oak", Name: "Oak"})
	w.do("", PersonSet{ID: "t1", From: amendDay, Role: Teacher, Campus: "cedar", Schedule: Weekly})
	w.do("", PersonSet{ID: "cora", From: amendDay, Role: Coach, Campus: "oak"})
	if w.m.As("cora", w.at).MayAmend(n) || w.m.As("cora", w.at).Versions(n) != nil {
		t.Error("a former coach amends")
	}
	if _, ok := w.seen("cora", n); ok {
		t.Error("a former coach sees the visit")
	}
}

func TestAmendOfWhatWasTakenBack(t *testing.T) {
	w := newAmendWorld(t)
	n := w.log1("cora", "t1", amendDay)
	w.do("cora", VisitVoided{n})
	w.do("cora", VisitAmended{Visit: n, UID: 7, On: amendDay - 1, Visited: Walkthrough})
	if x, _ := w.seen("cora", n); x.Version != 1 || x.On != amendDay || !x.Void {
		t.Errorf("%+v", x)
	}
	w.do("cora", VisitAmended{Visit: 1 << 40, On: amendDay, Visited: Walkthrough})
	w.do("cora", VisitAmended{Visit: n, On: amendDay, Visited: "party"})
}

// A note is never silently another one: what was given and changed since says so, and counts as not yet read.
func TestAmendAfterSharing(t *testing.T) {
	w := newAmendWorld(t)
	n := w.log1("cora", "t1", amendDay, "glow")
	w.do("cora", VisitShared{n, w.at})
	w.do("t1", VisitOpened{n})
	w.at = w.at.Add(time.Hour)
	w.do("cora", VisitAmended{Visit: n, UID: 7, On: amendDay, Visited: CoachingVisit, Minutes: 9, Texts: []string{"glow"}})
	if x, _ := w.seen("t1", n); !x.Reworded.IsZero() || !x.Opened || x.Texts["glow"] != NoteKey(7, "glow") || x.Version != 2 {
		t.Errorf("only the minutes changed: %+v", x)
	}
	w.do("cora", VisitAmended{Visit: n, UID: 8, On: amendDay, Visited: CoachingVisit, Minutes: 9, Texts: []string{"glow"}, Reworded: true})
	if x, _ := w.seen("t1", n); !x.Reworded.Equal(w.at) || x.Opened || x.Texts["glow"] != NoteKey(8, "glow") {
		t.Errorf("the words changed: %+v", x)
	}
}

// The day decides what its observer was, and so whose the words are.
func TestAmendMovesTheClassWithTheDay(t *testing.T) {
	w := newAmendWorld(t)
	w.do("", PersonSet{ID: "cora", From: amendDay, Role: AP, Campus: "cedar"})
	n := w.log1("cora", "t1", amendDay, "glow")
	if x, _ := w.seen("dana", n); x.Withheld || len(x.Texts) != 1 {
		t.Errorf("an administrator's words, read by the principal: %+v", x)
	}
	w.do("cora", VisitAmended{Visit: n, UID: 7, On: amendDay - 1, Visited: CoachingVisit, Texts: []string{"glow"}})
	if x, _ := w.seen("dana", n); !x.Withheld || len(x.Texts) != 0 {
		t.Errorf("a coach's words, read by the principal: %+v", x)
	}
}

func TestManyFocusAreas(t *testing.T) {
	w := newAmendWorld(t)
	var list []Focus
	for i := range 80 {
		list = append(list, Focus{fmt.Sprintf("f%d", i), fmt.Sprintf("Area %d", i), FocusFamilies[i%4]})
	}
	w.do("", DistrictSet{Name: "Small", Zone: "America/Chicago", FocusAreas: list})
	var visits []int64
	for i := range 80 {
		visits = append(visits, w.do("cora", VisitLogged{Observer: "cora", Subject: "t1", Visit: CoachingVisit, On: amendDay, Focus: []string{list[i].Key, "f0"}}))
	}
	w.do("", DistrictSet{Name: "Small", Zone: "America/Chicago", FocusAreas: list[:3]})
	for i, n := range visits {
		want := []string{list[i].Key, "f0"}
		if i == 0 {
			want = []string{"f0"}
		}
		x, _ := w.seen("cora", n)
		slices.Sort(x.Focus)
		if slices.Sort(want); !slices.Equal(x.Focus, want) {
			t.Errorf("visit %d: %v, want %v", i, x.Focus, want)
		}
	}
	if got := w.m.FocusName("f79"); got != "Area 79" {
		t.Errorf("an area that left the list is called %q", got)
	}
	if got := len(w.m.PastFocus()); got != 77 {
		t.Errorf("%d past areas, want 77", got)
	}
	w.do("cora", VisitAmended{Visit: visits[79], On: amendDay, Visited: CoachingVisit, Focus: []string{"f1"}})
	if x, _ := w.seen("cora", visits[79]); !slices.Equal(x.Focus, []string{"f1"}) {
		t.Errorf("%v", x.Focus)
	}
}

// plainVisit is a visit as the plainest of recounts has it.
type plainVisit struct {
	n           int64
	by, subject PersonID
	team        TeamID
	kind        VisitKind
	on          Day
	void        bool
	versions    int
}

// TestAmendRandomly: whatever is logged, amended, voided, shared and read in whatever order, a replay makes the same
// model, and what the targets count is what a recount by hand gives.
func TestAmendRandomly(t *testing.T) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 15))
		w := newAmendWorld(t)
		var all []*plainVisit
		day := func() Day { return amendDay - Day(r.IntN(30)) }
		kinds := []VisitKind{Walkthrough, CoachingVisit, Formal}
		leaders, teachers := []PersonID{"dana", "cora"}, []PersonID{"t1", "t2", "t3"}
		for range 120 {
			w.at = w.at.Add(time.Duration(r.IntN(300)) * time.Second)
			if len(all) == 0 || r.IntN(3) == 0 {
				v := &plainVisit{by: leaders[r.IntN(2)], subject: teachers[r.IntN(3)], kind: kinds[r.IntN(3)], on: day(), versions: 1}
				if r.IntN(5) == 0 {
					v.subject, v.team, v.kind = "", "math", PLCVisit
				}
				v.n = w.do(v.by, VisitLogged{UID: r.Uint64(), Observer: v.by, Subject: v.subject, Team: v.team, Visit: v.kind, On: v.on, Texts: []string{"glow"}})
				all = append(all, v)
				continue
			}
			v := all[r.IntN(len(all))]
			switch r.IntN(6) {
			case 0:
				w.do(v.by, VisitVoided{v.n})
				v.void = true
			case 1:
				w.do(v.by, VisitShared{v.n, w.at})
			case 2:
				w.do(v.subject, VisitOpened{v.n})
			case 3:
				w.do(v.by, VisitDebriefed{v.n, amendDay})
			default:
				f := VisitAmended{Visit: v.n, UID: r.Uint64(), On: day(), Visited: v.kind, Focus: []string{"rigor"}, Reworded: r.IntN(2) == 0}
				if v.team == "" {
					f.Visited = kinds[r.IntN(3)]
				}
				by := v.by
				if r.IntN(10) == 0 {
					by = leaders[r.IntN(2)]
				}
				w.do(by, f)
				if by == v.by && !v.void {
					v.on, v.kind, v.versions = f.On, f.Visited, v.versions+1
				}
			}
		}
		again := NewModel()
		for _, e := range w.events {
			if err := again.Apply(e); err != nil {
				t.Fatal(err)
			}
		}
		for _, who := range append(slices.Clone(leaders), teachers...) {
			a, b := w.m.As(who, w.at), again.As(who, w.at)
			for _, v := range all {
				x, okX := a.Visit(v.n)
				y, okY := b.Visit(v.n)
				if okX != okY || !reflect.DeepEqual(x, y) || !reflect.DeepEqual(a.Versions(v.n), b.Versions(v.n)) {
					t.Fatalf("seed %d: visit %d through the eyes of %s is %+v, after a replay %+v", seed, v.n, who, x, y)
				}
				if okX && (x.On != v.on || x.Kind != v.kind || x.Void != v.void || x.Version != v.versions) {
					t.Fatalf("seed %d: visit %d is %+v, by hand %+v", seed, v.n, x, *v)
				}
			}
		}
		for _, d := range append(w.m.As("cora", w.at).Duties(), w.m.As("dana", w.at).Duties()...) {
			done := 0
			for _, v := range all {
				role := map[PersonID]Role{"dana": Principal, "cora": Coach}[v.by]
				if !v.void && v.subject == d.Subject && v.team == d.Team && v.on >= d.Start && v.on <= d.End && v.on <= amendDay &&
					slices.Contains(d.Target.Counting(), v.kind) && (len(d.Target.By) == 0 || slices.Contains(d.Target.By, role)) {
					done++
				}
			}
			if done != d.Done {
				t.Errorf("seed %d: %s%s, %s: %d done, by hand %d", seed, d.Subject, d.Team, d.Target.ID, d.Done, done)
			}
		}
	}
}

// TestFeedbackOwed: two school days, in the leader's own eyes; a shared note or a debrief ends it.
func TestFeedbackOwed(t *testing.T) {
	w := newAmendWorld(t)
	tue, fri := amendDay-2, amendDay+1
	w.at = w.at.AddDate(0, 0, -2)
	a := w.log1("cora", "t1", tue, "glow")
	formal := w.do("cora", VisitLogged{Observer: "cora", Subject: "t2", Visit: Formal, On: tue})
	team := w.do("cora", VisitLogged{Observer: "cora", Team: "math", Visit: PLCVisit, On: tue})
	file := w.do("", VisitLogged{Observer: "cora", Subject: "t3", Visit: CoachingVisit, On: tue})
	for _, n := range []int64{formal, team, file} {
		if f, ok := w.m.As("cora", w.at).Feedback(n); ok {
			t.Errorf("owed: %+v", f)
		}
	}
	for _, c := range []struct {
		day  int
		over bool
		late int
		ok   bool
	}{{0, false, 0, true}, {1, false, 0, true}, {2, false, 0, true}, {3, true, 1, true}, {4, true, 1, true}, {5, true, 1, true}, {6, true, 2, true}, {7, true, 3, true}, {8, false, 0, false}} {
		v := w.m.As("cora", w.at.AddDate(0, 0, c.day))
		f, ok := v.Feedback(a)
		if ok != c.ok || ok && (f.By != amendDay || f.Over != c.over || f.Late != c.late) {
			t.Errorf("day %d: %+v, %v", c.day, f, ok)
		}
		if n := len(v.AllFeedback()); n != map[bool]int{true: 1}[c.ok] {
			t.Errorf("day %d: %d owed", c.day, n)
		}
	}
	if _, ok := w.m.As("dana", w.at).Feedback(a); ok {
		t.Error("it is owed by somebody else")
	}
	b := w.log1("cora", "t2", tue)
	w.do("cora", VisitDebriefed{b, fri})
	c := w.log1("cora", "t2", tue, "glow")
	w.do("cora", VisitShared{c, w.at})
	if got := w.m.As("cora", w.at).AllFeedback(); len(got) != 1 || got[0].Visit.N != a {
		t.Errorf("%+v", got)
	}
}
