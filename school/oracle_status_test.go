package school

import (
	"fmt"
)

// Where a target stands on a day, and which of several stands: the rows that are compared.

// oRow is what is compared.
type oRow struct {
	Start, End               Day
	Required, Done, ThisWeek int
	Status                   Status
	OpenLeft, SinceLast      int
	LastOn, Due              Day
	Observers                string
}

// all are the rows of everybody and of every team, by "subject/target".
func (o *oracle) all(today Day) map[string]oRow {
	out := map[string]oRow{}
	asOf := today
	for oWeekday(asOf) > 4 {
		asOf--
	}
	for id, p := range o.people {
		if was, ok := p.on(asOf); ok {
			for t, r := range o.rows(oSubject{id: id, person: p, campus: was.Campus}, today) {
				out[string(id)+"/"+t] = r
			}
		}
	}
	for id, f := range o.teams {
		for t, r := range o.rows(oSubject{team: id, campus: f.Campus}, today) {
			out["team "+string(id)+"/"+t] = r
		}
	}
	return out
}

// rows are all rows of a subject.
func (o *oracle) rows(s oSubject, today Day) map[string]oRow {
	found := map[string]oRow{}
	var standing []Target
	for _, t := range o.targets {
		if r, ok := o.row(t, s, today); ok {
			found[t.ID] = r
			standing = append(standing, t)
		}
	}
	// "If several targets of one subject and kind match, the one asking most per week stands." Readings: sharing
	// one kind is enough; a year is 36 weeks; of two that ask alike the one listed first stands; one that
	// does not stand puts out no other.
	weeks := func(t Target) int {
		if t.Weeks == 0 {
			return 36
		}
		return t.Weeks
	}
	keep := map[string]oRow{}
	for len(standing) > 0 {
		most := 0
		for i, t := range standing {
			if t.N*weeks(standing[most]) > standing[most].N*weeks(t) {
				most = i
			}
		}
		best := standing[most]
		keep[best.ID] = found[best.ID]
		var rest []Target
		for i, t := range standing {
			shares := i == most
			for _, k := range oKinds(t) {
				shares = shares || oAny(oKinds(best), k)
			}
			if !shares {
				rest = append(rest, t)
			}
		}
		standing = rest
	}
	return keep
}

func (o *oracle) row(t Target, s oSubject, today Day) (r oRow, ok bool) {
	// "On Saturday and Sunday a status is computed as of Friday."
	d := today
	for oWeekday(d) > 4 {
		d--
	}
	if !o.owed(t, s, d) {
		return r, false
	}
	cal := o.calendars[s.campus]
	monday := oMonday(cal.start)
	if cal.start == 0 { // reading: in a calendar without any school day, the Monday of the day on which it begins
		monday = oMonday(cal.set.First)
	}
	if t.Weeks == 0 {
		// "A year target's period is its window (default first to last instructional day), required n".
		r.Start, r.End, r.Required = cal.start, cal.end, t.N
		if t.From != 0 {
			r.Start = t.From
		}
		if t.To != 0 {
			r.End = t.To
		}
		// Reading: before its window a year target has no period, so there is no target yet; nor is there in a
		// year without any school day.
		if r.Start == 0 || r.End == 0 || d < r.Start {
			return r, false
		}
	} else {
		// "Periods of w weeks are consecutive blocks from the Monday of the campus's first instructional
		// week." Reading: before that Monday the first block is the one to come; blocks go on after the
		// last day and ask for nothing.
		r.Start = monday
		for r.Start+Day(7*t.Weeks) <= d {
			r.Start += Day(7 * t.Weeks)
		}
		r.End = r.Start + Day(7*t.Weeks) - 1
		r.Required = o.asked(t, s, r.Start, r.End)
	}
	r.Done = o.made(t, s, r.Start, min(d, r.End))
	r.ThisWeek = o.made(t, s, max(r.Start, oMonday(d)), min(d, r.End))

	// "Always shown with it: done / required, instructional days since the last visit, due date."
	for _, v := range o.visits {
		if o.counts(t, s, v) && v.On <= d && v.On > r.LastOn {
			r.LastOn = v.On
		}
	}
	r.SinceLast = -1
	if r.LastOn != 0 {
		r.SinceLast = 0
		for x := r.LastOn + 1; x <= d; x++ {
			if o.calendar(s, x).on(x).school {
				r.SinceLast++
			}
		}
	}
	closed := false
	for x := d; x <= r.End; x++ {
		if o.open(t, s, x) {
			r.OpenLeft++
			r.Due = x // reading: due on the last open day that is left; no day when none is
		} else if day := o.calendar(s, x).on(x); day.school && o.closed(t, day) {
			closed = true
		}
	}
	left := r.Required - r.Done
	if left <= 0 {
		r.Due = 0
	}

	// "Status, in this order: no target; on hold on leave, or every day left in the period, today included, is
	// closed to the kind". Reading: no day left is open and testing or blackout closes at least one of them. Days
	// without school close nothing by themselves: a holiday is not "on hold".
	switch {
	case s.person != nil && s.person.away(d):
		r.Status = "on hold (leave)"
	case closed && r.OpenLeft == 0:
		r.Status = "on hold (testing)"
	// "met required > 0 and done >= required".
	case r.Required > 0 && r.Done >= r.Required:
		r.Status = "met"
	case o.behind(t, s, r, monday, d):
		r.Status = "behind"
	// "due soon visits still required and open days left, today included, <= 2 x those (year target: <= 20)".
	case left > 0 && t.Weeks != 0 && r.OpenLeft <= 2*left, left > 0 && t.Weeks == 0 && r.OpenLeft <= 20:
		r.Status = "due soon"
	// "else on pace".
	default:
		r.Status = "on pace"
	}
	r.Observers = o.observers(t, s, d)
	return r, true
}

func (o *oracle) behind(t Target, s oSubject, r oRow, monday, d Day) bool {
	if t.Weeks == 0 {
		// "short after it = behind to the end of the year." Reading: a visit after the window mends nothing,
		// and the year ends when the next calendar begins.
		return d > r.End && r.Done < r.Required
	}
	// "behind the latest ended period of this school year with required > 0 was short and no counting visit since".
	var latest, until Day
	required := 0
	for start := monday; start+Day(7*t.Weeks)-1 < d; start += Day(7 * t.Weeks) {
		if start+Day(7*t.Weeks) <= r.Start-Day(28*7) {
			continue // far back; looked at below when nothing nearer asked for anything
		}
		if n := o.asked(t, s, start, start+Day(7*t.Weeks)-1); n > 0 {
			latest, until, required = start, start+Day(7*t.Weeks)-1, n
		}
	}
	if latest == 0 {
		for start := monday; start+Day(7*t.Weeks) <= r.Start-Day(28*7); start += Day(7 * t.Weeks) {
			if n := o.asked(t, s, start, start+Day(7*t.Weeks)-1); n > 0 {
				latest, until, required = start, start+Day(7*t.Weeks)-1, n
			}
		}
	}
	return latest != 0 && o.made(t, s, latest, until) < required && o.made(t, s, until+1, d) == 0
}

// observers: "by whoever has them on their caseload or by any of the roles it names". Reading: where the caseload
// holds somebody of a named role, it is theirs; else it is everybody's of those roles at the subject's campus.
func (o *oracle) observers(t Target, s oSubject, d Day) string {
	var caseload, chosen, all []PersonID
	if s.person != nil {
		was, _ := s.person.on(d)
		caseload = was.Observers
	}
	for _, id := range o.order {
		was, there := o.people[id].on(d)
		if there && id != s.id && oAny(t.By, was.Role) && (was.Campus == s.campus || oAny(was.Campuses, s.campus)) {
			all = append(all, id)
		}
	}
	for _, id := range caseload {
		if p := o.people[id]; p != nil {
			if was, there := p.on(d); there && oAny(t.By, was.Role) {
				chosen = append(chosen, id)
			}
		}
	}
	switch {
	case len(t.By) == 0:
		return fmt.Sprint(caseload)
	case len(chosen) > 0:
		return fmt.Sprint(chosen)
	}
	return fmt.Sprint(all)
}
