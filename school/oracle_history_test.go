package school

import (
	"slices"
)

// What the oracle reads out of a log: who was where and when, what is asked of whom, and which visits were made.

type oracle struct {
	log       []Fact // log[i] has version i+1; nil where the shrinker took a fact out
	calendars map[CampusID]*oCalendar
	people    map[PersonID]*oPerson
	order     []PersonID
	teams     map[TeamID]TeamSet
	targets   []Target
	visits    []oVisit
}

type oPerson struct {
	was    []oState // in the order of the log
	start  Day
	leaves []LeaveSet
}

type oState struct {
	from Day
	left bool
	set  PersonSet
}

type oVisit struct {
	VisitLogged
	void bool
}

func newOracle(log []Fact) *oracle {
	o := &oracle{log: log, calendars: map[CampusID]*oCalendar{}, people: map[PersonID]*oPerson{}, teams: map[TeamID]TeamSet{}}
	for i, f := range log {
		switch f := f.(type) {
		case PersonSet:
			if o.people[f.ID] == nil {
				o.people[f.ID] = &oPerson{}
				o.order = append(o.order, f.ID)
			}
			p := o.people[f.ID]
			p.start = f.Start
			p.was = append(p.was, oState{from: f.From, set: f})
		case PersonLeft:
			if p := o.people[f.ID]; p != nil {
				p.was = append(p.was, oState{from: f.On, left: true})
			}
		case LeaveSet: // said again for the same first day it takes the place of what was said before
			if p := o.people[f.Person]; p != nil {
				p.leaves = slices.DeleteFunc(p.leaves, func(l LeaveSet) bool { return l.From == f.From })
				p.leaves = append(p.leaves, f)
			}
		case TeamSet:
			o.teams[f.ID] = f
		case TargetSet:
			if at := slices.IndexFunc(o.targets, func(t Target) bool { return t.ID == f.Target.ID }); at >= 0 {
				o.targets[at] = f.Target
			} else {
				o.targets = append(o.targets, f.Target)
			}
		case TargetGone:
			o.targets = slices.DeleteFunc(o.targets, func(t Target) bool { return t.ID == f.ID })
		case VisitLogged:
			_, team := o.teams[f.Team]
			if o.people[f.Observer] == nil || f.Team == "" && o.people[f.Subject] == nil || f.Team != "" && !team {
				continue // of somebody unknown
			}
			void := false
			for _, later := range log[i+1:] {
				if x, ok := later.(VisitVoided); ok && x.Visit == int64(i+1) {
					void = true
				}
				// The latest version is what happened; what was taken back has no next version.
				if x, ok := later.(VisitAmended); ok && x.Visit == int64(i+1) && !void {
					f.On, f.Visit, f.Minutes = x.On, x.Visited, x.Minutes
				}
			}
			o.visits = append(o.visits, oVisit{f, void})
		}
	}
	for _, f := range log {
		if c, ok := f.(CampusSet); ok {
			o.calendars[c.ID] = o.calendarOf(c.ID)
		}
	}
	return o
}

// on is what somebody was on a day: what was said last of a day not after it.
func (p *oPerson) on(d Day) (PersonSet, bool) {
	for _, v := range slices.Backward(p.was) {
		if v.from <= d {
			return v.set, !v.left
		}
	}
	return PersonSet{}, false
}

func (p *oPerson) away(d Day) bool {
	for _, l := range p.leaves {
		if l.From <= d && d <= l.To {
			return true
		}
	}
	return false
}
