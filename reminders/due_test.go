package reminders

import (
	"testing"

	"rounds/school"
)

const dueSaid = "dm-c1: 6 visits due by Friday."

// visit logs a visit of the coach on the clock's day and gives its number.
func (w *world) visit(to school.PersonID) int64 {
	return w.record(school.VisitLogged{UID: uint64(w.n), Observer: "c1", Subject: to, Visit: school.CoachingVisit, On: school.DayOf(w.clock.Now(), chicago)}).First
}

func TestDueSoon(t *testing.T) {
	t.Run("what is due by the end of the week", func(t *testing.T) {
		w := newWorld(t, "2026-10-19 12:00")
		w.scan()
		same(t, "on Wednesday", w.scanAt("2026-10-21 07:00"), []string{dueSaid})
		same(t, "once", w.scanAt("2026-10-21 07:30"), nil)
		if got := w.settledAs("due/2026-10-21T07:00/p1"); got != "held: no visits are asked of you" {
			t.Errorf("the principal: %q", got)
		}
	})
	t.Run("not to those who are on pace", func(t *testing.T) {
		w := newWorld(t, "2026-10-19 12:00")
		w.scan()
		w.at("2026-10-20 09:00")
		for _, p := range everybody[3:] {
			w.visit(p.id)
		}
		same(t, "done", w.scanAt("2026-10-21 07:00"), nil)
		if got := w.settledAs("due/2026-10-21T07:00/c1"); got != "held: nothing is due soon" {
			t.Errorf("recorded as %q", got)
		}
	})
	t.Run("not beside the plan of a week that begins on Wednesday", func(t *testing.T) {
		w := newWorld(t, "2026-10-16 16:00")
		w.record(school.DayDeclared{Span: school.Span{From: day("2026-10-19"), To: day("2026-10-20"), Class: school.NoSchool, Name: "Flood"}})
		w.scan()
		w.said()
		same(t, "the plan alone", w.scanAt("2026-10-21 07:00"), []string{"dm-c1: 6 visits to go, 3 school days left."})
		if got := w.settledAs("due/2026-10-21T07:00/c1"); got != "held: the plan of the week comes the same day and says it" {
			t.Errorf("recorded as %q", got)
		}
	})
	t.Run("on Thursday where Wednesday is without school", func(t *testing.T) {
		w := newWorld(t, "2026-10-19 12:00")
		w.record(school.DayDeclared{Span: school.Span{From: day("2026-10-21"), To: day("2026-10-21"), Class: school.NoSchool, Name: "Snow day"}})
		w.scan()
		same(t, "at home", w.scanAt("2026-10-21 07:00"), nil)
		same(t, "on Thursday", w.scanAt("2026-10-22 07:00"), []string{"math: Math 7", dueSaid}) // and the agenda that was to come on Wednesday
	})
	t.Run("once, though Wednesday is declared off after it", func(t *testing.T) {
		w := newWorld(t, "2026-10-19 12:00")
		w.scan()
		same(t, "on Wednesday", w.scanAt("2026-10-21 07:00"), []string{dueSaid})
		w.at("2026-10-21 08:00")
		w.record(school.DayDeclared{Span: school.Span{From: day("2026-10-21"), To: day("2026-10-21"), Class: school.NoSchool, Name: "Flood"}})
		w.scan()
		same(t, "not again", w.scanAt("2026-10-22 07:00"), []string{"math: Math 7"})
	})
	t.Run("not on a Wednesday without school, where the rule says Wednesdays", func(t *testing.T) {
		w := newWorld(t, "2026-10-19 12:00")
		w.record(
			school.RuleSet{Rule: school.Rule{ID: KindDue, On: school.OnDays, Days: []int{3}, Time: 7 * 60}},
			school.DayDeclared{Span: school.Span{From: day("2026-10-21"), To: day("2026-10-21"), Class: school.NoSchool, Name: "Snow day"}},
		)
		w.scan()
		same(t, "at home", w.scanAt("2026-10-21 07:00"), nil)
		same(t, "the coach may ask why", w.why("c1", "2026-10-21 00:00", "2026-10-21 12:00"), []string{
			"Oct 21 07:00 held: visits due soon (no school: Snow day)",
		})
	})
	t.Run("four hours late at most", func(t *testing.T) {
		for at, want := range map[string][]string{"2026-10-21 10:59": {dueSaid}, "2026-10-21 11:01": nil} {
			w := newWorld(t, "2026-10-20 12:00")
			w.scan()
			same(t, at, w.scanAt(at), want)
		}
	})
}
