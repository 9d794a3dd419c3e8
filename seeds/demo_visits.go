package seeds

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"time"

	"rounds/school"
)

// demoVisit is one visit of the plan: what visits.csv says of it.
type demoVisit struct {
	observer *demoPerson
	subject  *demoPerson // or team
	team     *demoTeam
	kind     school.VisitKind
	on       school.Day
	at       school.Clock // when it began
	minutes  int
	focus    []string
}

// historyEnd is the last day of the history: the evening before the demo starts.
var historyEnd = demoToday - 1

// diligence is the share of the visits asked for that an observer makes. They differ, so that
// campuses look like campuses: a little of every status.
func (d *demo) diligence(p *demoPerson) float64 {
	switch p.email {
	case "alice@example.com":
		return 0.95
	case "piotr.szymanski@example.com":
		return 0.8
	case "nadia.haddad@example.com":
		return 0.88
	case "keisha.thibodeaux@example.com":
		return 0.72
	}
	switch p.role {
	case school.AP:
		return 0.66
	case school.Principal:
		return 0.72
	case school.Supervisor:
		return 0.92
	}
	return 0.85
}

// planner books visits so that nobody is in two places at once.
type planner struct {
	d      *demo
	r      *rand.Rand
	booked map[*demoPerson]map[school.Day][]bool
}

// periods are the times of day at which a visit may begin.
var periods = []string{"08:05", "08:40", "09:20", "10:05", "10:50", "11:35", "12:45", "13:30", "14:20"}

// book finds a free time for the observer on one of the days, the first days being asked first.
func (pl *planner) book(o *demoPerson, most int, days ...school.Day) (school.Day, school.Clock, bool) {
	if pl.booked[o] == nil {
		pl.booked[o] = map[school.Day][]bool{}
	}
	for _, day := range days {
		slots := pl.booked[o][day]
		if slots == nil {
			slots = make([]bool, len(periods))
			pl.booked[o][day] = slots
		}
		n := 0
		for _, b := range slots {
			if b {
				n++
			}
		}
		if n >= most {
			continue
		}
		for i := pl.r.IntN(len(periods)); ; i = (i + 1) % len(periods) {
			if !slots[i] {
				slots[i] = true
				c, _ := school.ParseClock(periods[i])
				return day, c + school.Clock(pl.r.IntN(9)), true
			}
		}
	}
	return 0, 0, false
}

func kindBy(o *demoPerson) school.VisitKind {
	if o.role == school.Coach || o.role == school.Lead || o.role == school.Supervisor {
		return school.CoachingVisit
	}
	return school.Walkthrough
}

func (pl *planner) visit(o, s *demoPerson, kind school.VisitKind, days ...school.Day) {
	pl.r.Shuffle(len(days), func(i, j int) { days[i], days[j] = days[j], days[i] })
	most := 4
	if o.role == school.Coach {
		most = 6
	}
	day, at, ok := pl.book(o, most, days...)
	if !ok {
		return // a full week: the visit was not made
	}
	v := &demoVisit{observer: o, subject: s, kind: kind, on: day, at: at, minutes: 10 + pl.r.IntN(11)}
	switch kind {
	case school.Formal:
		v.minutes = 45 + pl.r.IntN(3)*5
	case school.Walkthrough:
		v.minutes = 5 + pl.r.IntN(9)
	}
	if s.role == school.Teacher || s.role == school.Lead {
		v.focus = pl.focus(s)
	}
	pl.d.visits = append(pl.d.visits, v)
}

// focus picks one focus area, sometimes two. What a campus works on is not spread evenly.
func (pl *planner) focus(s *demoPerson) []string {
	weights := []struct {
		key string
		n   int
	}{{"discourse", 7}, {"monitoring", 6}, {"questioning", 5}, {"rigor", 4}, {"engagement", 4}, {"routines", 4}, {"modeling", 3}, {"feedback", 3}, {"reteach", 2}, {"belonging", 2}, {"behavior", 2}}
	if s.years <= 1 {
		weights[5].n, weights[10].n = 9, 5
	}
	draw := func() string {
		total := 0
		for _, w := range weights {
			total += w.n
		}
		n := pl.r.IntN(total)
		for _, w := range weights {
			if n -= w.n; n < 0 {
				return w.key
			}
		}
		return weights[0].key
	}
	out := []string{draw()}
	if pl.r.IntN(6) == 0 {
		if second := draw(); second != out[0] {
			out = append(out, second)
		}
	}
	return out
}

// open lists the days from..to on which the person could be visited and the history knows of.
func (d *demo) open(p *demoPerson, from, to school.Day) (out []school.Day) {
	for day := from; day <= min(to, historyEnd); day++ {
		if d.cal.Open(day, 3) && d.present(p, day) {
			out = append(out, day)
		}
	}
	return out
}

// present tells whether somebody was there that day: hired, and not on leave.
func (d *demo) present(p *demoPerson, day school.Day) bool {
	return day >= p.start && !slices.ContainsFunc(d.leaves, func(l demoLeave) bool { return l.person == p && day >= l.from && day <= l.to })
}

// planVisits decides who visited whom and when, from the first week to the evening before the demo.
// The current week is decided apart: there it matters what is left to do.
func (d *demo) planVisits() {
	pl := &planner{d: d, r: stream(d.seed, streamVisits), booked: map[*demoPerson]map[school.Day][]bool{}}
	base, now := demoFirst.Monday(), demoToday.Monday()
	for w := base; w < now; w += 7 {
		for _, p := range d.people {
			pl.regular(p, w, (int(w-base)/7)+1)
		}
		pl.extra(w)
	}
	pl.thisWeek(now)
	pl.formals()
	pl.teamVisits(base)
	slices.SortStableFunc(d.visits, func(a, b *demoVisit) int {
		return cmp.Or(cmp.Compare(a.on, b.on), cmp.Compare(a.at, b.at))
	})
}

// regular makes the visit that a person's schedule asks for, in the week in which it falls.
func (pl *planner) regular(p *demoPerson, monday school.Day, week int) {
	if len(p.observers) == 0 {
		return
	}
	o, every := p.observers[0], p.weeks()
	switch p.role {
	case school.Principal:
		every = 2
	case school.AP, school.Coach:
		every = 4
	}
	if every == 0 {
		return
	}
	// Those who are visited less often are spread over the weeks of their period.
	if turn := int(p.id[2]) % every; (week-1)%every != turn {
		return
	}
	// The year gets under way: the first weeks belong to rosters and fire drills.
	chance := pl.d.diligence(o) * min(1, 0.55+0.07*float64(week))
	switch {
	case p.email == "bob@example.com":
		chance = 1
	case p == pl.d.missed && week == 8:
		return
	}
	if pl.r.Float64() > chance {
		return
	}
	if p.email == "bob@example.com" && week == 8 {
		pl.visit(o, p, kindBy(o), school.Date(2026, time.October, 6))
		return
	}
	if days := pl.d.open(p, monday, monday+4); len(days) > 0 {
		pl.visit(o, p, kindBy(o), days...)
	}
}

// extra are walkthroughs that no target asked for: administrators look in where they pass by.
func (pl *planner) extra(monday school.Day) {
	for _, o := range pl.d.people {
		if o.role != school.AP && o.role != school.Principal {
			continue
		}
		var mine []*demoPerson
		for _, p := range pl.d.people {
			if slices.Contains(p.observers, o) && p.weeks() > 0 && p.observers[0] != o {
				mine = append(mine, p)
			}
		}
		for n := 1 + pl.r.IntN(3); n > 0 && len(mine) > 0; n-- {
			p := mine[pl.r.IntN(len(mine))]
			if p == pl.d.missed && monday == demoToday.Monday()-7 {
				continue
			}
			if days := pl.d.open(p, monday, monday+4); len(days) > 0 {
				pl.visit(o, p, school.Walkthrough, days...)
			}
		}
	}
}

// thisWeek is the week of the demo, up to Wednesday evening.
func (pl *planner) thisWeek(monday school.Day) {
	left := 0 // of the coach whom the demo features
	for _, p := range pl.d.people {
		if len(p.observers) == 0 {
			continue
		}
		o, days := p.observers[0], pl.d.open(p, monday, monday+4)
		if len(days) == 0 {
			continue
		}
		go1 := pl.r.Float64()
		switch every := p.weeks(); {
		case o.email == "alice@example.com" && every == 1:
			// Four of her weekly visits are still to make, the featured teacher's among them.
			if p.email == "bob@example.com" || p.years > 1 && left < 3 {
				if p.email != "bob@example.com" {
					left++
				}
				continue
			}
		case o.email == "alice@example.com":
			if go1 > 0.7 {
				continue
			}
		case every == 1 && go1 > 0.7*pl.d.diligence(o), every > 1 && go1 > 0.33, every == 0 && go1 > 0.3:
			continue
		}
		pl.visit(o, p, kindBy(o), days...)
	}
}

// formals are the first formal observations of the year; they begin after the sixth week.
func (pl *planner) formals() {
	n := 0
	for i, p := range pl.d.people {
		if p.weeks() == 0 || len(p.observers) == 0 || i%7 != 5 {
			continue
		}
		o := p.observers[len(p.observers)-1]
		if o.role == school.Lead {
			o = p.observers[len(p.observers)-2]
		}
		from := school.Date(2026, time.September, 28)
		if days := pl.d.open(p, from, from+12); len(days) > 0 && n < 8 {
			n++
			pl.visit(o, p, school.Formal, days...)
		}
	}
}

// teamVisits are the visits to the teams' meetings: most teams in every block of four weeks.
func (pl *planner) teamVisits(base school.Day) {
	for i, t := range pl.d.teams {
		var leaders []*demoPerson
		for _, p := range pl.d.people {
			if p.campus == t.campus && (p.role == school.AP || p.role == school.Coach || p.role == school.Principal) && !slices.Contains(t.members, p) {
				leaders = append(leaders, p)
			}
		}
		if len(leaders) == 0 { // the leadership team is visited by one of its own
			leaders = t.members[:1]
		}
		for block := base; block <= historyEnd; block += 28 {
			var slots []school.Day
			for _, slot := range pl.d.slots(t, block, min(block+27, historyEnd)) {
				if slot >= firstMeetings && !pl.d.skipped(i, slot) {
					slots = append(slots, slot)
				}
			}
			chance := 0.85
			if block+28 > historyEnd {
				chance = 0.4
			}
			if len(slots) == 0 || pl.r.Float64() > chance {
				continue
			}
			o := leaders[(i+int(block))%len(leaders)]
			pl.d.visits = append(pl.d.visits, &demoVisit{observer: o, team: t, kind: school.PLCVisit, on: slots[pl.r.IntN(len(slots))], at: t.at, minutes: t.minutes - 5 - 5*pl.r.IntN(3)})
		}
	}
}

// firstMeetings is when the teams begin to meet: the first week has no meetings.
var firstMeetings = demoFirst + 7

// skipped tells whether the i-th team skipped a meeting.
func (d *demo) skipped(i int, slot school.Day) bool {
	n := slices.Index(d.slots(d.teams[i], firstMeetings, slot), slot)
	return n > 0 && slot <= historyEnd && (n+3*i)%13 == 7
}

// slots lists the days on which a team meets.
func (d *demo) slots(t *demoTeam, from, to school.Day) (out []school.Day) {
	for day := max(from, d.cal.First); day <= to; day++ {
		if day.Weekday() != t.weekday || !d.cal.School(day) {
			continue
		}
		if t.every > 1 && int(day.Monday()-t.anchor.Monday())/7%t.every != 0 {
			continue
		}
		out = append(out, day)
	}
	return out
}
