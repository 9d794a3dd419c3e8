package school

import (
	"slices"
)

// To whom a target applies on a day, which days are open for it, which visits count, and what a period asks for: DESIGN
// section 6, sentence by sentence.

// oSubject is a person or a team, and the campus of the day the status is for.
type oSubject struct {
	id     PersonID
	person *oPerson
	team   TeamID
	campus CampusID
}

// calendar is the calendar that holds for the subject on a day.
//
// Reading: a day is instructional or closed by the calendar of the campus where the person was that day; on
// days when they were on nobody's roster, by the calendar of the campus where they are. The blocks of weeks
// are those of the campus where they are.
func (o *oracle) calendar(s oSubject, d Day) *oCalendar {
	if s.person != nil {
		if was, ok := s.person.on(d); ok {
			return o.calendars[was.Campus]
		}
	}
	return o.calendars[s.campus]
}

func oKinds(t Target) []VisitKind {
	// "Kinds unless said: walkthrough or coaching."
	if len(t.Kinds) == 0 {
		return []VisitKind{"walkthrough", "coaching"}
	}
	return t.Kinds
}

func oAny[T comparable](list []T, x T) bool {
	return slices.Contains(list, x)
}

// owed: "A target says: a subject (people by role and visit schedule, or teams) is owed n visits".
//
// Reading: no schedules means all, no campuses means all, no roles means nobody. A person who serves several
// campuses is at each of them. From and To of a target of weeks are the days on which it is in force; of a year
// target they are its window.
func (o *oracle) owed(t Target, s oSubject, d Day) bool {
	if t.Weeks != 0 && t.From != 0 && d < t.From {
		return false
	}
	if t.Weeks != 0 && t.To != 0 && d > t.To {
		return false
	}
	if s.person == nil {
		return t.Teams && (len(t.Campuses) == 0 || oAny(t.Campuses, s.campus))
	}
	was, employed := s.person.on(d)
	if t.Teams || !employed || d < s.person.start {
		return false
	}
	if !oAny(t.Roles, was.Role) {
		return false
	}
	if len(t.Schedules) > 0 && !oAny(t.Schedules, was.Schedule) {
		return false
	}
	if len(t.Campuses) == 0 || oAny(t.Campuses, was.Campus) {
		return true
	}
	for _, c := range was.Campuses {
		if oAny(t.Campuses, c) {
			return true
		}
	}
	return false
}

// closed tells whether a school day is closed to every kind of the target: a day on which one of its kinds can
// still be made is open (reading).
func (o *oracle) closed(t Target, day oDay) bool {
	for _, k := range oKinds(t) {
		if !day.closed[oKind(k)] {
			return false
		}
	}
	return true
}

// open: "A day is open for a target when it is instructional, not closed to the kind by testing or blackout, and
// the target already applied to this person that day: employed, in that role and schedule, target in force, not on
// leave."
func (o *oracle) open(t Target, s oSubject, d Day) bool {
	day := o.calendar(s, d).on(d)
	if !day.school || o.closed(t, day) {
		return false
	}
	if s.person != nil && s.person.away(d) {
		return false
	}
	return o.owed(t, s, d)
}

// counts: "A visit counts for every target whose subject and kinds it matches, by the observer's role on that
// day."
//
// Reading: a target without roles is owed by the caseload, but a visit of anybody counts for it.
func (o *oracle) counts(t Target, s oSubject, v oVisit) bool {
	if v.void || v.Team != s.team || v.Team == "" && v.Subject != s.id || !oAny(oKinds(t), v.Visit) {
		return false
	}
	if len(t.By) == 0 {
		return true
	}
	by, there := o.people[v.Observer].on(v.On)
	return there && oAny(t.By, by.Role)
}

func (o *oracle) made(t Target, s oSubject, from, to Day) int {
	n := 0
	for _, v := range o.visits {
		if o.counts(t, s, v) && from <= v.On && v.On <= to {
			n++
		}
	}
	return n
}

// asked: "required = round half up(n x open days in the period / (5 x w))."
func (o *oracle) asked(t Target, s oSubject, from, to Day) int {
	days := 0
	for d := from; d <= to; d++ {
		if o.open(t, s, d) {
			days++
		}
	}
	q, rest := t.N*days/(5*t.Weeks), t.N*days%(5*t.Weeks)
	if rest*2 >= 5*t.Weeks {
		q++
	}
	return q
}
