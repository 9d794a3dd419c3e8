package school

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

// Random districts for the oracle: small, and crowded with what goes wrong.

var oZones = []string{"America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles"}

type dice struct{ *rand.Rand }

func (r dice) chance(percent int) bool  { return r.IntN(100) < percent }
func (r dice) between(from, to int) int { return from + r.IntN(to-from+1) }
func (r dice) day(from, to Day) Day     { return from + Day(r.IntN(int(to-from)+1)) }
func one[T any](r dice, list ...T) T    { return list[r.IntN(len(list))] }
func some[T any](r dice, p int, l ...T) []T {
	return slices.DeleteFunc(slices.Clone(l), func(T) bool { return !r.chance(p) })
}

func (r dice) kinds(percentNone int) []VisitKind {
	if r.chance(percentNone) {
		return nil
	}
	return some(r, 45, Walkthrough, CoachingVisit, Formal, PLCVisit)
}

func randomDistrict(rnd *rand.Rand) oDistrict {
	r := dice{rnd}
	first := oDate(r.between(2024, 2027), r.between(7, 9), r.between(1, 30))
	last := first + Day(r.between(25, 290))
	campuses := []CampusID{"cedar", "oak", "elm"}[:r.between(1, 3)]
	x := oDistrict{}
	add := func(f ...Fact) { x.log = append(x.log, f...) }

	add(DistrictSet{Name: "Random", Zone: one(r, oZones...)})
	for _, c := range campuses {
		zone := ""
		if r.chance(30) {
			zone = one(r, oZones...)
		}
		add(CampusSet{ID: c, Name: string(c), Zone: zone})
	}
	// The days around which most things happen, so that they meet.
	center := r.day(first, last)
	near := func() Day {
		if r.chance(25) {
			return r.day(first-25, last+25)
		}
		return center + Day(r.between(-35, 21))
	}

	calendar := func(c CampusID) CalendarSet {
		f := CalendarSet{Campus: c, Name: "year", First: first, Last: last, Week: []int{1, 2, 3, 4, 5}}
		if c != "" {
			f.First += Day(r.between(-9, 9))
			f.Last = max(f.First, f.Last+Day(r.between(-9, 9)))
		}
		switch r.IntN(8) {
		case 0:
			f.Week = []int{1, 2, 3, 4}
		case 1:
			f.Week = []int{2, 3, 4, 5}
		case 2:
			f.Week = some(r, 60, 0, 1, 2, 3, 4, 5, 6)
		}
		for range r.IntN(9) {
			f.Spans = append(f.Spans, r.span(near()))
		}
		if r.chance(10) { // the year does not begin on its first day
			f.Spans = append(f.Spans, Span{From: f.First - 2, To: f.First + Day(r.IntN(12)), Class: one(r, NoSchool, StaffDay)})
		}
		return f
	}
	add(calendar(""))
	for _, c := range campuses {
		if r.chance(40) {
			add(calendar(c))
		}
	}

	// Targets: the ones shipped, or any.
	if r.chance(40) {
		for _, t := range DefaultTargets() {
			add(TargetSet{t})
		}
	}
	allRoles := []Role{Teacher, Lead, Coach, AP, Principal, Supervisor, Office}
	target := func(id string) TargetSet {
		t := Target{ID: id, Name: id, N: one(r, 1, 1, 1, 1, 2, 2, 3, 4), Weeks: one(r, 0, 1, 1, 1, 2, 2, 3, 4, 4, 6, 9), Kinds: r.kinds(40)}
		if t.Teams = r.chance(20); !t.Teams || r.chance(10) {
			t.Roles = append(some(r, 25, allRoles...), Teacher)
		}
		t.Schedules = some(r, 15, Weekly, EveryTwo, EveryFour, NoSchedule)
		if r.chance(35) {
			t.By = some(r, 45, Lead, Coach, AP, Principal, Supervisor)
		}
		if r.chance(25) {
			t.Campuses = some(r, 50, campuses...)
		}
		if r.chance(35) {
			t.From = near()
		}
		if r.chance(35) {
			t.To = max(near(), t.From)
		}
		return TargetSet{t}
	}
	for i := range r.between(1, 5) {
		add(target(fmt.Sprintf("t%d", i)))
	}

	// People, then what happens to them.
	staff := []PersonID{"super", "principal", "ap", "coach", "coach2", "lead"}
	teachers := []PersonID{"ann", "ben", "cat", "dan"}[:r.between(2, 4)]
	person := func(id PersonID, role Role, from Day) PersonSet {
		f := PersonSet{ID: id, From: from, Role: role, Campus: one(r, campuses...), Observers: some(r, 30, staff...)}
		if role == Teacher || role == Lead || r.chance(10) {
			f.Schedule = one(r, Weekly, Weekly, EveryTwo, EveryFour, NoSchedule)
		}
		if r.chance(15) {
			f.Campuses = some(r, 50, campuses...)
		}
		if r.chance(12) {
			f.Start = near()
		}
		return f
	}
	for i, id := range staff {
		add(person(id, []Role{Supervisor, Principal, AP, Coach, Coach, Lead}[i], first-30))
	}
	for _, id := range teachers {
		from := first - 30
		if r.chance(30) {
			from = near() // a hire in mid-year
		}
		add(person(id, Teacher, from))
	}
	team := func(id TeamID) TeamSet {
		return TeamSet{ID: id, Name: string(id), Campus: one(r, campuses...), Members: teachers, Weekday: 2}
	}
	add(team("math"))
	if r.chance(50) {
		add(team("art"))
	}

	everybody := append(slices.Clone(staff), teachers...)
	visit := func() VisitLogged {
		v := VisitLogged{Observer: one(r, staff...), Subject: one(r, teachers...), Visit: one(r, Walkthrough, Walkthrough, CoachingVisit, CoachingVisit, Formal, PLCVisit), On: near()}
		switch {
		case r.chance(15):
			v.Subject, v.Team, v.Visit = "", one(r, TeamID("math"), "art"), one(r, PLCVisit, PLCVisit, PLCVisit, CoachingVisit)
		case r.chance(20):
			v.Subject = one(r, everybody...)
		}
		return v
	}
	for range r.between(3, 80) {
		switch n := r.IntN(100); {
		case n < 72:
			add(visit())
		case n < 77:
			n := r.between(1, len(x.log)) // any fact, but rather a visit
			for range 5 {
				if _, ok := x.log[n-1].(VisitLogged); !ok {
					n = r.between(1, len(x.log))
				}
			}
			if r.chance(50) {
				add(VisitVoided{int64(n)})
				continue
			}
			add(VisitAmended{Visit: int64(n), On: near(), Visited: one(r, Walkthrough, CoachingVisit, Formal, PLCVisit)})
		case n < 81: // another role, schedule, campus or observer
			id := one(r, everybody...)
			role := Teacher
			if slices.Contains(staff, id) || r.chance(20) {
				role = one(r, allRoles...)
			}
			add(person(id, role, near()))
		case n < 86:
			from := near()
			add(LeaveSet{one(r, everybody...), from, from + Day(r.between(-1, 40))})
		case n < 88:
			add(PersonLeft{one(r, everybody...), near()})
		case n < 92:
			add(DayDeclared{one(r, append(campuses, "")...), r.span(near())})
		case n < 95:
			add(target(fmt.Sprintf("t%d", r.IntN(6))))
		case n < 97:
			add(TargetGone{one(r, "t0", "t1", "weekly")})
		default:
			add(team(one(r, TeamID("math"), "art")))
		}
	}

	x.days = []Day{near(), center, center + Day(r.between(0, 9))}
	// The campus's civil day at an instant: TestOracleCivilDays compares the two ways to find it.
	at := int64(near())*86400 + int64(r.IntN(86400))
	x.days = append(x.days, oCivil(at, one(r, oZones...)))
	return x
}

func (r dice) span(from Day) Span {
	s := Span{From: from, To: from + Day(one(r, 0, 0, 1, 3, 5, r.IntN(20))), Class: one(r, NoSchool, NoSchool, StaffDay, EarlyRelease, Testing, Testing, Blackout)}
	if s.Class == Testing || s.Class == Blackout {
		s.Kinds = r.kinds(60)
	}
	return s
}
