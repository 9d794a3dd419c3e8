package school

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// history is a campus with something on record of a teacher: a coach's visit with a shared note and one whose note was
// never shared, an administrator's visit with a note, and a step of each.
type history struct {
	*campus
	shared, kept, formal, coachStep, adminStep int64
}

var autumn = Date(2026, 8, 1)

func newHistory(t *testing.T) *history {
	h := &history{campus: newCampus(t)}
	put := func(id PersonID, r Role, c CampusID, obs ...PersonID) {
		h.add(PersonSet{ID: id, From: autumn, Role: r, Campus: c, Observers: obs})
	}
	h.add(CampusSet{ID: "oak", Name: "Oak"})
	put("boss", Principal, "cedar", "super")
	put("ap", AP, "cedar", "boss")
	put("ap2", AP, "cedar", "boss")
	put("coach2", Coach, "cedar", "boss")
	put("oakboss", Principal, "oak")
	put("oakcoach", Coach, "oak")
	h.add(PersonSet{ID: "super", From: autumn, Role: Supervisor, Campuses: []CampusID{"cedar"}})
	put("w", Teacher, "cedar", "coach")
	log := func(by PersonID, day int, share bool) int64 {
		h.add(VisitLogged{UID: uint64(100 + day), Observer: by, Subject: "w", Visit: CoachingVisit, On: Date(2026, 9, day), Texts: []string{"glow"}})
		n := h.n
		if share {
			h.add(VisitShared{n, Date(2026, 9, day).At(15*60, time.UTC)})
		}
		return n
	}
	h.shared, h.kept, h.formal = log("coach", 1, true), log("coach", 2, false), log("ap", 3, false)
	h.add(StepAdded{UID: 1, Subject: "w", Author: "coach", On: Date(2026, 9, 1)})
	h.coachStep = h.n
	h.add(StepAdded{UID: 2, Subject: "w", Author: "ap", On: Date(2026, 9, 3)})
	h.adminStep = h.n
	return h
}

// sees lists what somebody sees of w: "+" a visit with its words, "-" one without, "." none; then the steps.
func (h *history) sees(who PersonID) string {
	h.t.Helper()
	v := h.m.As(who, testNow)
	if v == nil {
		return "nobody"
	}
	mark := func(seen, words bool) string {
		switch {
		case !seen:
			return "."
		case words:
			return "+"
		}
		return "-"
	}
	out := ""
	for _, n := range []int64{h.shared, h.kept, h.formal} {
		x, ok := v.Visit(n)
		out += mark(ok, len(x.Texts) > 0)
	}
	out += " "
	for _, n := range []int64{h.coachStep, h.adminStep} {
		x, ok := v.Step(n)
		out += mark(ok, x.Text != "")
	}
	// The lists say the same as the single looks.
	visits, ok := v.Visits("w")
	if got := len(visits); ok && got != 3-strings.Count(out[:3], ".") || !ok && out[:3] != "..." {
		h.t.Errorf("%s: Visits lists %d (%v) beside %q", who, got, ok, out)
	}
	return out
}

// set is what somebody is from the first of October on.
func (h *history) set(id PersonID, r Role, c CampusID, obs ...PersonID) {
	h.add(PersonSet{ID: id, From: Date(2026, 10, 1), Role: r, Campus: c, Observers: obs})
}

// TestWhoSeesWhatAfterChanges: the visits in the order shared by the coach, not shared, by an administrator; then the
// coach's step and the administrator's.
func TestWhoSeesWhatAfterChanges(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(h *history)
		want   map[PersonID]string
	}{
		{"as it was", func(*history) {}, map[PersonID]string{
			"w": "+-- ++", "coach": "++- +-", "coach2": "... ..", "boss": "--+ -+", "ap": "--+ -+", "ap2": "--+ -+",
			"super": "... ..", "oakboss": "... ..", "oakcoach": "... ..",
		}},
		{"the district lets administrators read what coaches write", func(h *history) {
			h.add(DistrictSet{Zone: "America/Chicago", CoachContent: "shared"})
		}, map[PersonID]string{"boss": "+++ ++", "ap": "+++ ++", "coach2": "... ..", "super": "... .."}},
		{"a former coach who stays at the campus keeps what they wrote; the new one reads what was shared", func(h *history) {
			h.set("w", Teacher, "cedar", "coach2")
		}, map[PersonID]string{"coach": "++. +.", "coach2": "+-- +-", "w": "+-- ++"}},
		{"a former coach who went to another campus sees nothing", func(h *history) {
			h.set("w", Teacher, "cedar", "coach2")
			h.set("coach", Coach, "oak")
		}, map[PersonID]string{"coach": "... ..", "coach2": "+-- +-"}},
		{"the teacher changed campus: the old leaders see nothing, the new ones the whole as the table says", func(h *history) {
			h.set("w", Teacher, "oak", "oakcoach")
		}, map[PersonID]string{
			"coach": "... ..", "boss": "... ..", "ap": "... ..", "oakcoach": "+-- +-", "oakboss": "--+ -+", "w": "+-- ++",
		}},
		{"a new principal reads the history of the campus, the old one nothing", func(h *history) {
			h.set("boss", Principal, "oak")
			h.set("oakboss", Principal, "cedar")
		}, map[PersonID]string{"boss": "... ..", "oakboss": "--+ -+"}},
		{"a teacher who became a coach: their past is theirs and the administrators', not their new colleagues'", func(h *history) {
			h.set("w", Coach, "cedar", "boss")
		}, map[PersonID]string{"w": "+-- ++", "coach": "... ..", "coach2": "... ..", "boss": "--+ -+", "ap": "--+ -+"}},
		{"a teacher who became an assistant principal: only the principal and they themselves", func(h *history) {
			h.set("w", AP, "cedar", "boss")
		}, map[PersonID]string{"w": "+-- ++", "ap": "... ..", "ap2": "... ..", "coach": "... ..", "boss": "--+ -+", "super": "... .."}},
		{"a coach who teaches again sees nothing, not even what they wrote", func(h *history) {
			h.set("coach", Teacher, "cedar")
		}, map[PersonID]string{"coach": "... ..", "w": "+-- ++"}},
		{"a coach who became an administrator: the class of their texts stays", func(h *history) {
			h.set("coach", AP, "cedar")
			h.set("w", Teacher, "cedar", "coach2")
		}, map[PersonID]string{"coach": "+++ ++", "ap": "--+ -+", "coach2": "+-- +-"}},
		{"an administrator who became a coach keeps their own, and the class of it stays", func(h *history) {
			h.set("ap", Coach, "cedar", "boss")
			h.set("w", Teacher, "cedar", "coach", "ap")
		}, map[PersonID]string{"ap": "+-+ ++", "coach": "++- +-"}},
		{"a principal who lost the school to district office sees numbers", func(h *history) {
			h.set("boss", Office, "")
		}, map[PersonID]string{"boss": "... .."}},
		{"the teacher left: their record is nobody's to look at in chat", func(h *history) {
			h.add(PersonLeft{"w", Date(2026, 10, 1)})
		}, map[PersonID]string{"w": "nobody", "coach": "... ..", "boss": "... ..", "super": "... .."}},
		{"the coach left", func(h *history) {
			h.add(PersonLeft{"coach", Date(2026, 10, 1)})
		}, map[PersonID]string{"coach": "nobody", "w": "+-- ++", "boss": "--+ -+"}},
		{"a teacher on two campuses is served by both", func(h *history) {
			h.add(PersonSet{ID: "w", From: Date(2026, 10, 1), Role: Teacher, Campus: "cedar", Campuses: []CampusID{"cedar", "oak"}, Observers: []PersonID{"coach"}})
		}, map[PersonID]string{"boss": "--+ -+", "oakboss": "--+ -+", "oakcoach": "... ..", "coach": "++- +-"}},
		{"an administrator of two campuses serves both", func(h *history) {
			h.add(PersonSet{ID: "oakboss", From: Date(2026, 10, 1), Role: Principal, Campus: "oak", Campuses: []CampusID{"oak", "cedar"}})
		}, map[PersonID]string{"oakboss": "--+ -+"}},
		{"a supervisor sees of a teacher only whom the district put on their caseload", func(h *history) {
			h.set("w", Teacher, "cedar", "super")
		}, map[PersonID]string{"super": "--- --"}},
		{"an assistant principal reads nothing of a principal", func(h *history) {
			h.set("w", Principal, "cedar", "super")
		}, map[PersonID]string{"ap": "... ..", "boss": "... ..", "super": "--- --"}},
		{"not even one whom a file puts on their caseload, but what they wrote", func(h *history) {
			h.set("w", Principal, "cedar", "ap2")
		}, map[PersonID]string{"ap2": "--- --"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHistory(t)
			c.change(h)
			for who, want := range c.want {
				if got := h.sees(who); got != want {
					t.Errorf("%s sees %q, want %q", who, got, want)
				}
			}
		})
	}
}

// Notes about a team: leaders of its campus see that the visit was, its observer reads what they wrote, and both end with
// the campus.
func TestTeamVisitsAfterChanges(t *testing.T) {
	h := newHistory(t)
	h.add(TeamSet{ID: "math", Name: "Math", Campus: "cedar"}, VisitLogged{UID: 9, Observer: "coach", Team: "math", Visit: PLCVisit, On: Date(2026, 9, 8), Texts: []string{"note"}})
	n := h.n
	look := func(who PersonID) (seen, words bool) {
		x, ok := h.m.As(who, testNow).Visit(n)
		return ok, len(x.Texts) > 0
	}
	for who, want := range map[PersonID][2]bool{"coach": {true, true}, "boss": {true, false}, "w": {false, false}, "oakboss": {false, false}} {
		if seen, words := look(who); [2]bool{seen, words} != want {
			t.Errorf("%s: %v %v, want %v", who, seen, words, want)
		}
	}
	h.set("coach", Coach, "oak")
	if seen, _ := look("coach"); seen {
		t.Error("who changed campus still sees the team's visit")
	}
	h.add(PersonSet{ID: "coach", From: Date(2026, 10, 2), Role: Teacher, Campus: "cedar"})
	if seen, _ := look("coach"); seen {
		t.Error("who teaches again still sees the team's visit")
	}
}

// Leave, open steps and statuses go the same way as visits.
func TestOtherLooksAfterChanges(t *testing.T) {
	h := newHistory(t)
	h.add(TargetSet{Target{ID: "all", Roles: []Role{Teacher}, N: 1, Weeks: 2}}, LeaveSet{"w", Date(2026, 10, 1), Date(2026, 12, 1)})
	for _, c := range []struct {
		who                 PersonID
		leave, step, status bool
	}{
		{"w", true, true, true}, {"coach", true, true, true}, {"boss", true, true, true}, {"coach2", false, true, false}, {"oakboss", false, false, false}, {"super", false, false, false},
	} {
		v := h.m.As(c.who, testNow)
		_, away := v.AwayThrough("w")
		_, _, step := v.HasOpenStep("w")
		_, status := v.DutiesOf("w")
		if away != c.leave || step != c.step || status != c.status {
			t.Errorf("%s: leave %v, open step %v, status %v; want %v", c.who, away, step, status, c)
		}
	}
	if v := h.m.As("coach", testNow); !slices.Contains(v.Shown(), "w") {
		if _, ok := v.AwayThrough("w"); !ok || !slices.Contains(v.Shown(), "w") {
			t.Error("a look at somebody's leave is not noted")
		}
	}
}
