package school

import (
	"cmp"
	"slices"
)

// Feedback is owed on every visit to a person within FeedbackDays school days: the note shared with them, or a debrief.
// What asks for it is owesFeedback; here is by when.

// FeedbackOwed is feedback that the viewer still owes on a visit of theirs.
type FeedbackOwed struct {
	Visit VisitSeen
	By    Day  // the last day on which it is in time; no day when the school year ends before
	Over  bool // By is over
	Late  int  // school days since By
}

// Feedback is the duty on one visit of the viewer's own; ok is false when nothing is owed, or no more: what is later than
// FeedbackPast does not follow anybody around.
func (v *Viewer) Feedback(n int64) (FeedbackOwed, bool) {
	x := v.m.visit(n)
	if x == nil || v.m.roster[x.observer] != v.p || !v.m.owesFeedback(x) {
		return FeedbackOwed{}, false
	}
	s, ok := v.see(x)
	if !ok || !s.Mine {
		return FeedbackOwed{}, false
	}
	cal := v.Calendar()
	days := cal.SchoolDays(x.On+1, v.today)
	if days > FeedbackPast {
		return FeedbackOwed{}, false
	}
	f := FeedbackOwed{Visit: s, By: feedbackBy(cal, x.On)}
	f.Over = f.By != 0 && v.today > f.By
	f.Late = max(0, days-FeedbackDays)
	return f, true
}

// feedbackBy is the school day by which feedback on a visit is due.
func feedbackBy(cal *Calendar, on Day) Day {
	d := on
	for range FeedbackDays {
		next, ok := cal.NextSchoolDay(d)
		if !ok {
			return 0
		}
		d = next
	}
	return d
}

// AllFeedback is every feedback that the viewer owes, the most pressing first.
func (v *Viewer) AllFeedback() []FeedbackOwed {
	var out []FeedbackOwed
	for x := range v.m.visits.by(v.p.made) {
		// A visit is logged on its day or later, so what was logged long ago was made long ago.
		if v.Calendar().SchoolDays(DayOf(x.Logged(), v.Zone())+1, v.today) > FeedbackPast {
			break
		}
		if f, ok := v.Feedback(int64(x.N)); ok {
			out = append(out, f)
		}
	}
	slices.SortStableFunc(out, func(a, b FeedbackOwed) int { return cmp.Compare(a.Visit.On, b.Visit.On) })
	return out
}

// TeamDuties are the targets owed to a team, for the leaders of its campus.
func (v *Viewer) TeamDuties(id TeamID) ([]Duty, bool) {
	t := v.m.teams[id]
	if t == nil || !v.seesTeam(t) {
		return nil, false
	}
	return v.m.teamDuties(t, v.today), true
}
