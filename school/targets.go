package school

import (
	"cmp"
	"math"
	"slices"
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
	m      *Model
	person *Person
	team   *Team
	kinds  *heads
	campus CampusID  // where they are on the day of the status …
	cal    *Calendar // … and its calendar, whose weeks the periods are
}

// stretch is what the person is on a day (nil while they are on nobody's roster), the calendar that holds then, which
// is the one of the campus where they are that day, and the last day up to which both stay so.
func (s *subject) stretch(d, to Day) (st *Stint, cal *Calendar, last Day) {
	if s.person == nil {
		return nil, s.cal, to
	}
	stints := s.person.Stints
	i := len(stints) - 1
	for i >= 0 && stints[i].From > d {
		i--
	}
	if i+1 < len(stints) {
		to = min(to, stints[i+1].From-1)
	}
	if i < 0 || stints[i].Gone {
		return nil, s.cal, to
	}
	if st = &stints[i]; st.Campus == s.campus {
		return st, s.cal, to
	}
	return st, s.m.Calendar(st.Campus), to
}

// fits tells whether the target is owed to what the subject is in a stretch of days, dates and leave apart.
func (t *Target) fits(s *subject, st *Stint) bool {
	if t.Teams {
		return s.team != nil && t.at(s.team.Campus, nil)
	}
	return st != nil && slices.Contains(t.Roles, st.Role) &&
		(len(t.Schedules) == 0 || slices.Contains(t.Schedules, st.Schedule)) && t.at(st.Campus, st.Campuses)
}

// force cuts days to those on which the target is in force and the person employed.
func (t *Target) force(s *subject, from, to Day) (Day, Day) {
	if t.Weeks > 0 && t.From != 0 {
		from = max(from, t.From)
	}
	if t.Weeks > 0 && t.To != 0 {
		to = min(to, t.To)
	}
	if s.person != nil {
		from = max(from, s.person.Start)
	}
	return from, to
}

// applies tells whether the target is owed to the subject on a day, leave apart.
func (t *Target) applies(s *subject, d Day) bool {
	from, to := t.force(s, d, d)
	st, _, _ := s.stretch(d, d)
	return from <= to && t.fits(s, st)
}

func (t *Target) at(c CampusID, more []CampusID) bool {
	if len(t.Campuses) == 0 || slices.Contains(t.Campuses, c) {
		return true
	}
	return slices.ContainsFunc(more, func(x CampusID) bool { return slices.Contains(t.Campuses, x) })
}

func (s *subject) away(d Day) bool { return s.person != nil && s.person.Away(d) }

// open counts the days from..to on which a visit of the kinds could be made and asked for, and tells the last.
func (t *Target) open(s *subject, kinds KindMask, from, to Day) (n int, last Day) {
	from, to = t.force(s, from, to)
	for d := from; d <= to; {
		st, cal, end := s.stretch(d, to)
		if t.fits(s, st) {
			for x := max(d, cal.First); x <= min(end, cal.Last); x++ {
				if cal.Open(x, kinds) && !s.away(x) {
					n, last = n+1, x
				}
			}
		}
		d = end + 1
	}
	return n, last
}

// closed tells whether testing or blackout closes a school day of from..to to the kinds.
func (s *subject) closed(kinds KindMask, from, to Day) bool {
	for d := from; d <= to; {
		_, cal, end := s.stretch(d, to)
		for x := max(d, cal.First); x <= min(end, cal.Last); x++ {
			if cal.School(x) && !cal.Open(x, kinds) {
				return true
			}
		}
		d = end + 1
	}
	return false
}

// schoolDays counts instructional days from..to.
func (s *subject) schoolDays(from, to Day) (n int) {
	for d := from; d <= to; {
		_, cal, end := s.stretch(d, to)
		n += cal.SchoolDays(d, end)
		d = end + 1
	}
	return n
}

// counts tells whether a visit counts for the target and its kinds: subject and kind match, and, where the
// target names roles, the observer had one of them on that day.
func (m *Model) counts(t *Target, kinds KindMask, v *Visit) bool {
	if v.Void() || v.mask()&kinds == 0 {
		return false
	}
	return len(t.By) == 0 || slices.Contains(t.By, m.roster[v.observer].On(v.On).Role)
}

// period is the block of the target's weeks that holds a day; blocks are consecutive from the Monday
// of the campus's first instructional week. A year target's is its window; ok is false before it, and in a year
// without school.
func (t *Target) period(cal *Calendar, d Day) (start, end Day, ok bool) {
	if t.Weeks == 0 {
		start, end = t.From, t.To
		if start == 0 {
			start = cal.start
		}
		if end == 0 {
			end = cal.end
		}
		return start, end, start != 0 && end != 0 && d >= start
	}
	w, base := Day(7*t.Weeks), cal.week1()
	n := max(0, d-base) / w
	return base + n*w, base + n*w + w - 1, true
}

// required is how many visits the period asks for: N scaled by its open days, half rounded up. A year
// target asks for N whole.
func (t *Target) required(s *subject, kinds KindMask, start, end Day) int {
	if t.Weeks == 0 {
		return t.N
	}
	open, _ := t.open(s, kinds, start, end)
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
	start, end, ok := t.period(s.cal, d)
	if !ok {
		return Duty{}, false
	}
	kinds := t.mask()
	r := Duty{Target: t, Start: start, End: end, Required: t.required(s, kinds, start, end), SinceLast: -1}
	if s.person != nil {
		r.Subject = s.person.ID
	} else {
		r.Team = s.team.ID
	}
	for v := range m.visits.kinds(kinds, s.kinds, func() Day { return min(start, r.LastOn+1) }) {
		if v.On > d || !m.counts(t, kinds, v) {
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
		r.SinceLast = s.schoolDays(r.LastOn+1, d)
	}
	r.OpenLeft, r.Due = t.open(s, kinds, d, end)
	if r.Left() == 0 {
		r.Due = 0
	}
	r.Status = m.status(t, s, kinds, &r, d)
	return r, true
}

func (m *Model) status(t *Target, s *subject, kinds KindMask, r *Duty, d Day) Status {
	switch {
	case s.away(d):
		return OnHoldLeave
	case r.OpenLeft == 0 && s.closed(kinds, d, r.End): // holidays alone are no hold
		return OnHoldTesting
	case r.Required > 0 && r.Done >= r.Required:
		return Met
	case m.behind(t, s, kinds, r, d):
		return Behind
	case t.Weeks == 0 && r.Left() > 0 && r.OpenLeft <= 20,
		t.Weeks > 0 && r.Left() > 0 && r.OpenLeft <= 2*r.Left():
		return DueSoon
	}
	return OnPace
}

// behind: the latest ended period of this school year that asked for something was short, and no
// counting visit was made since.
func (m *Model) behind(t *Target, s *subject, kinds KindMask, r *Duty, d Day) bool {
	if t.Weeks == 0 {
		return d > r.End && r.Done < r.Required
	}
	w, base := Day(7*t.Weeks), s.cal.week1()
	for start := r.Start - w; start >= base; start -= w {
		req := t.required(s, kinds, start, start+w-1)
		if req == 0 {
			continue
		}
		done := 0
		for v := range m.visits.kinds(kinds, s.kinds, func() Day { return start }) {
			if v.On > d || v.On < start || !m.counts(t, kinds, v) {
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
// asks most per week stands. What does not stand outdoes nothing.
func pick(duties []Duty) []Duty {
	most := make([]int, len(duties)) // those that ask most first, as they are listed when two ask alike
	for i := range most {
		most[i] = i
	}
	slices.SortStableFunc(most, func(a, b int) int {
		return cmp.Compare(duties[b].Target.rate(), duties[a].Target.rate())
	})
	var taken KindMask
	stands := make([]bool, len(duties))
	for _, i := range most {
		if kinds := duties[i].Target.mask(); kinds&taken == 0 {
			stands[i], taken = true, taken|kinds
		}
	}
	out := duties[:0]
	for i, d := range duties {
		if stands[i] {
			out = append(out, d)
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
	s := &subject{m: m, person: p, kinds: &p.kinds, campus: st.Campus, cal: m.Calendar(st.Campus)}
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
	s := &subject{m: m, team: tm, kinds: &tm.kinds, campus: tm.Campus, cal: m.Calendar(tm.Campus)}
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
	places := make([]place, len(t.By))
	for i, r := range t.By {
		places[i] = place{campus: st.Campus, role: r}
	}
	for _, p := range m.at(places...) {
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
	due := func(d Day) Day { // no day comes last
		if d == 0 {
			return math.MaxInt32
		}
		return d
	}
	slices.SortStableFunc(d, func(a, b Duty) int {
		return cmp.Or(cmp.Compare(a.Status.rank(), b.Status.rank()), cmp.Compare(due(a.Due), due(b.Due)), cmp.Compare(b.SinceLast, a.SinceLast))
	})
}

// rank is where a status stands among those that ask for something.
func (s Status) rank() int {
	switch s {
	case DueSoon:
		return 1
	case OnPace:
		return 2
	case Met:
		return 3
	case OnHoldTesting:
		return 4
	case OnHoldLeave:
		return 5
	}
	return 0 // behind
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
