package school

import (
	"slices"
	"sort"
)

// Target says that each subject is owed N visits of some kinds in every period of Weeks weeks (or
// once a year), by whoever has them on their caseload or by anybody of the roles it names.
// DESIGN section 6 is the rule; Lever 5 (5.2.5.c) asks a district to set such numbers and gives
// none itself.
type Target struct {
	ID        string      `json:"id"`
	Name      string      `json:"name"`                // "New teachers, weekly"
	Roles     []Role      `json:"roles,omitempty"`     // subjects: people of these roles …
	Schedules []Schedule  `json:"schedules,omitempty"` // … and of these visit schedules, if any are given
	Teams     bool        `json:"teams,omitempty"`     // subjects: PLC teams
	Campuses  []CampusID  `json:"campuses,omitempty"`  // none means all
	Kinds     []VisitKind `json:"kinds,omitempty"`     // none means walkthrough or coaching
	N         int         `json:"n"`
	Weeks     int         `json:"weeks"`          // 0: once in the window From..To
	By        []Role      `json:"by,omitempty"`   // observers; none means the caseload
	From      Day         `json:"from,omitempty"` // in force; a year target's window
	To        Day         `json:"to,omitempty"`
	Default   bool        `json:"default,omitempty"` // shipped: shown as "district default"
}

func (t *Target) mask() KindMask {
	if len(t.Kinds) == 0 {
		return kindBits[Walkthrough] | kindBits[CoachingVisit]
	}
	return maskOf(t.Kinds)
}

// rate is visits asked per week, for comparing targets; a year counts 36 instructional weeks.
func (t *Target) rate() float64 {
	w := t.Weeks
	if w == 0 {
		w = 36
	}
	return float64(t.N) / float64(w)
}

// DefaultTargets are shipped, all editable, and shown as "district default".
func DefaultTargets() []Target {
	t := []Target{
		{ID: "weekly", Name: "Teachers on a weekly schedule", Roles: []Role{Teacher, Lead}, Schedules: []Schedule{Weekly}, N: 1, Weeks: 1},
		{ID: "2weeks", Name: "Teachers every 2 weeks", Roles: []Role{Teacher, Lead}, Schedules: []Schedule{EveryTwo}, N: 1, Weeks: 2},
		{ID: "4weeks", Name: "Teachers every 4 weeks", Roles: []Role{Teacher, Lead}, Schedules: []Schedule{EveryFour}, N: 1, Weeks: 4},
		{ID: "formal", Name: "Formal observation, once a year", Roles: []Role{Teacher, Lead}, Kinds: []VisitKind{Formal}, N: 1, By: []Role{AP, Principal}},
		{ID: "leaders", Name: "Assistant principals and coaches every 4 weeks", Roles: []Role{AP, Coach}, N: 1, Weeks: 4, By: []Role{Principal}},
		{ID: "principals", Name: "Principals every 2 weeks", Roles: []Role{Principal}, N: 1, Weeks: 2, By: []Role{Supervisor}},
		{ID: "teams", Name: "PLC teams every 4 weeks", Teams: true, Kinds: []VisitKind{PLCVisit}, N: 1, Weeks: 4, By: []Role{AP, Principal, Coach}},
	}
	for i := range t {
		t[i].Default = true
	}
	return t
}

// Status is where a target stands for one subject.
type Status string

// The statuses, as they are shown.
const (
	NoTarget      Status = "no target"
	OnHoldLeave   Status = "on hold (leave)"
	OnHoldTesting Status = "on hold (testing)"
	Met           Status = "met"
	Behind        Status = "behind"
	DueSoon       Status = "due soon"
	OnPace        Status = "on pace"
)

// Duty is one target for one subject on one day.
type Duty struct {
	Target     *Target
	Subject    PersonID // or Team
	Team       TeamID
	Observers  []PersonID
	Start, End Day // the period that holds the day
	Required   int
	Done       int // counting visits in the period so far
	ThisWeek   int // of them, in the week of the day
	Status     Status
	OpenLeft   int // open days left in the period, the day included
	SinceLast  int // instructional days since the last counting visit; -1 when there was none
	LastOn     Day
	Due        Day // last open day of the period while visits are still required, else no day
}

// Left is how many visits are still required.
func (d Duty) Left() int { return max(0, d.Required-d.Done) }

// subject gathers what the engine asks about a person or a team.
type subject struct {
	person *Person
	team   *Team
	visits chain
	cal    *Calendar
}

// applies tells whether the target is owed to the subject on a day, leave apart.
func (t *Target) applies(s *subject, d Day) bool {
	if t.Weeks > 0 && (t.From != 0 && d < t.From || t.To != 0 && d > t.To) {
		return false
	}
	if t.Teams {
		return s.team != nil && t.at(s.team.Campus, nil)
	}
	if s.person == nil {
		return false
	}
	st := s.person.On(d)
	if st.Gone || !slices.Contains(t.Roles, st.Role) || s.person.Start > d {
		return false
	}
	if len(t.Schedules) > 0 && !slices.Contains(t.Schedules, st.Schedule) {
		return false
	}
	return t.at(st.Campus, st.Campuses)
}

func (t *Target) at(c CampusID, more []CampusID) bool {
	if len(t.Campuses) == 0 || slices.Contains(t.Campuses, c) {
		return true
	}
	return slices.ContainsFunc(more, func(x CampusID) bool { return slices.Contains(t.Campuses, x) })
}

func (s *subject) away(d Day) bool { return s.person != nil && s.person.Away(d) }

// open tells whether a visit for the target could be made and asked for that day.
func (t *Target) open(s *subject, d Day) bool {
	return s.cal.Open(d, t.mask()) && t.applies(s, d) && !s.away(d)
}

// counts tells whether a visit counts for the target: subject and kind match, and, where the
// target names roles, the observer had one of them on that day.
func (m *Model) counts(t *Target, v *Visit) bool {
	if v.Void() || v.mask()&t.mask() == 0 {
		return false
	}
	return len(t.By) == 0 || slices.Contains(t.By, m.roster[v.observer].On(v.On).Role)
}

// period is the block of the target's weeks that holds a day; blocks are consecutive from the Monday
// of the campus's first instructional week.
func (t *Target) period(cal *Calendar, d Day) (start, end Day) {
	if t.Weeks == 0 {
		start, end = t.From, t.To
		if start == 0 {
			start = cal.First
		}
		if end == 0 {
			end = cal.Last
		}
		return start, end
	}
	w, base := Day(7*t.Weeks), cal.First.Monday()
	n := (d - base) / w
	if d < base {
		n = 0
	}
	return base + n*w, base + n*w + w - 1
}

// required is how many visits the period asks for: N scaled by its open days, half rounded up. A year
// target asks for N whole.
func (t *Target) required(s *subject, start, end Day) int {
	if t.Weeks == 0 {
		return t.N
	}
	open := 0
	for d := start; d <= end; d++ {
		if t.open(s, d) {
			open++
		}
	}
	return (2*t.N*open + 5*t.Weeks) / (10 * t.Weeks)
}

// AsOf is the day a status is computed for: on Saturday and Sunday it is Friday's.
func AsOf(d Day) Day {
	switch d.Weekday() {
	case 6:
		return d - 1
	case 0:
		return d - 2
	}
	return d
}

// duty computes one target for one subject; ok is false for "no target".
func (m *Model) duty(t *Target, s *subject, today Day) (Duty, bool) {
	d := AsOf(today)
	if !t.applies(s, d) {
		return Duty{}, false
	}
	start, end := t.period(s.cal, d)
	if t.Weeks == 0 && d < start {
		return Duty{}, false
	}
	r := Duty{Target: t, Start: start, End: end, Required: t.required(s, start, end), SinceLast: -1}
	if s.person != nil {
		r.Subject = s.person.ID
	} else {
		r.Team = s.team.ID
	}
	for v := range m.visits.of(s.visits) {
		if v.On > d || !m.counts(t, v) {
			continue
		}
		r.LastOn = max(r.LastOn, v.On)
		if v.On >= start && v.On <= end {
			r.Done++
			if v.On >= d.Monday() {
				r.ThisWeek++
			}
		}
	}
	if r.LastOn != 0 {
		r.SinceLast = s.cal.SchoolDays(r.LastOn+1, d)
	}
	held := false // a school day is left, and testing or blackout closes each of those
	for x := d; x <= end; x++ {
		if t.open(s, x) {
			r.OpenLeft++
			r.Due = x
		} else if s.cal.School(x) && !s.cal.Open(x, t.mask()) {
			held = true
		}
	}
	if r.Left() == 0 {
		r.Due = 0
	}
	r.Status = m.status(t, s, &r, d, held)
	return r, true
}

func (m *Model) status(t *Target, s *subject, r *Duty, d Day, held bool) Status {
	switch {
	case s.away(d):
		return OnHoldLeave
	case held && r.OpenLeft == 0:
		return OnHoldTesting
	case r.Required > 0 && r.Done >= r.Required:
		return Met
	case m.behind(t, s, r, d):
		return Behind
	case t.Weeks == 0 && r.Left() > 0 && r.OpenLeft <= 20,
		t.Weeks > 0 && r.Left() > 0 && r.OpenLeft <= 2*r.Left():
		return DueSoon
	}
	return OnPace
}

// behind: the latest ended period of this school year that asked for something was short, and no
// counting visit was made since.
func (m *Model) behind(t *Target, s *subject, r *Duty, d Day) bool {
	if t.Weeks == 0 {
		return d > r.End && r.Done < r.Required
	}
	w, base := Day(7*t.Weeks), s.cal.First.Monday()
	for start := r.Start - w; start >= base; start -= w {
		req := t.required(s, start, start+w-1)
		if req == 0 {
			continue
		}
		done := 0
		for v := range m.visits.of(s.visits) {
			if v.On > d || v.On < start || !m.counts(t, v) {
				continue
			}
			if v.On > start+w-1 {
				return false // made since
			}
			done++
		}
		return done < req
	}
	return false
}

// pick leaves out the targets that another one of the same subject and kind outdoes: the one that
// asks most per week stands.
func pick(duties []Duty) []Duty {
	out := duties[:0:0]
	for i, a := range duties {
		outdone := false
		for j, b := range duties {
			if i != j && a.Target.mask()&b.Target.mask() != 0 &&
				(b.Target.rate() > a.Target.rate() || b.Target.rate() == a.Target.rate() && j < i) {
				outdone = true
			}
		}
		if !outdone {
			out = append(out, a)
		}
	}
	return out
}

// personDuties are the targets owed to a person on a day.
func (m *Model) personDuties(p *Person, today Day) []Duty {
	st := p.On(AsOf(today))
	if st.Gone {
		return nil
	}
	s := &subject{person: p, visits: p.visits, cal: m.Calendar(st.Campus)}
	var out []Duty
	for i := range m.targets {
		t := &m.targets[i]
		if t.Teams {
			continue
		}
		if r, ok := m.duty(t, s, today); ok {
			r.Observers = m.observers(t, st, p.ID, AsOf(today))
			out = append(out, r)
		}
	}
	return pick(out)
}

// teamDuties are the targets owed to a team on a day.
func (m *Model) teamDuties(tm *Team, today Day) []Duty {
	s := &subject{team: tm, visits: tm.visits, cal: m.Calendar(tm.Campus)}
	var out []Duty
	for i := range m.targets {
		t := &m.targets[i]
		if !t.Teams {
			continue
		}
		if r, ok := m.duty(t, s, today); ok {
			r.Observers = m.observers(t, Stint{Campus: tm.Campus}, "", AsOf(today))
			out = append(out, r)
		}
	}
	return pick(out)
}

// observers are the people who owe the visit: those who have the subject on their caseload, or
// everybody of the roles that the target names who serves the subject's campus.
func (m *Model) observers(t *Target, st Stint, subject PersonID, d Day) []PersonID {
	if len(t.By) == 0 {
		return st.Observers
	}
	// A caseload that holds somebody of the right role settles which one of them it is.
	var out []PersonID
	for _, o := range st.Observers {
		if p := m.people[o]; p != nil && slices.Contains(t.By, p.On(d).Role) {
			out = append(out, o)
		}
	}
	if len(out) > 0 {
		return out
	}
	for _, p := range m.roster {
		s := p.On(d)
		if !s.Gone && p.ID != subject && slices.Contains(t.By, s.Role) && s.At(st.Campus) {
			out = append(out, p.ID)
		}
	}
	return out
}

// SortDuties puts first what asks most: behind, due soon, on pace, met, on hold; then the earliest
// due date, then the longest wait.
func SortDuties(d []Duty) {
	rank := map[Status]int{Behind: 0, DueSoon: 1, OnPace: 2, Met: 3, OnHoldTesting: 4, OnHoldLeave: 5}
	sort.SliceStable(d, func(i, j int) bool {
		a, b := d[i], d[j]
		if rank[a.Status] != rank[b.Status] {
			return rank[a.Status] < rank[b.Status]
		}
		if (a.Due == 0) != (b.Due == 0) {
			return a.Due != 0
		}
		if a.Due != b.Due {
			return a.Due < b.Due
		}
		return a.SinceLast > b.SinceLast
	})
}

// Counting lists the kinds of visits that count for the target.
func (t *Target) Counting() []VisitKind {
	var out []VisitKind
	for i, k := range kindNames {
		if t.mask()&(1<<i) != 0 {
			out = append(out, k)
		}
	}
	return out
}
