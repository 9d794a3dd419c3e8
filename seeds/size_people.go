package seeds

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"rounds/school"
)

// The names of the presets are made of those of the small district, and of last names put together of two parts. Nobody
// is meant by any of them.
var (
	lastStems = strings.Fields("Alder Birken Thorn Ever Hart Linden Marl Nord Pem Quill Row Sedge Tarn Vance Wake Yar Zell Brack Cald Dray Ells Farn Gar Holm Ives Kest Lang Mer Ost Rade")
	lastEnds  = strings.Fields("berg croft dale feldt gate holt hurst lock mann mere shaw stead strom thorpe ton wick worth wright quist low")
)

// namer gives names: common ones often, rare ones seldom, and no full name twice at one campus.
type namer struct {
	r             *rand.Rand
	firsts, lasts []string
	mails         map[string]int
	taken         map[string]bool // at the campus being staffed
}

func newNamer(r *rand.Rand) *namer {
	n := &namer{r: r, mails: map[string]int{}}
	for _, name := range append(slices.Clone(demoNames), "Linh Nguyen", "Lucía García", "Minh-Anh Tran", "Esteban Garcia") {
		first, last, _ := strings.Cut(name, " ")
		n.firsts = append(n.firsts, first)
		if !slices.Contains(n.lasts, last) {
			n.lasts = append(n.lasts, last)
		}
	}
	var made []string
	for _, s := range lastStems {
		for _, e := range lastEnds {
			made = append(made, s+e)
		}
	}
	r.Shuffle(len(made), func(i, j int) { made[i], made[j] = made[j], made[i] })
	n.lasts = append(n.lasts, made...)
	return n
}

func (n *namer) next() (name, email string) {
	for {
		u := n.r.Float64()
		first, last := n.firsts[n.r.IntN(len(n.firsts))], n.lasts[int(u*u*float64(len(n.lasts)))]
		if n.r.IntN(12) == 0 && !strings.ContainsAny(last, "- ") {
			if other := n.lasts[n.r.IntN(60)]; other != last && !strings.ContainsAny(other, "- ") {
				last += "-" + other
			}
		}
		name = first + " " + last
		if n.taken[name] {
			name = first + " " + string(rune('A'+n.r.IntN(26))) + ". " + last
		}
		if n.taken[name] {
			continue
		}
		n.taken[name] = true
		email = demoEmail(first + " " + last)
		n.mails[email]++
		if k := n.mails[email]; k > 1 {
			local, host, _ := strings.Cut(email, "@")
			email = fmt.Sprintf("%s%d@%s", local, k, host)
		}
		return name, email
	}
}

// staff hires everybody: the office, the supervisors, then campus by campus.
func (d *Sized) staff(r *rand.Rand) {
	names := newNamer(r)
	hire := func(role school.Role, c *sizedCampus, years int) *sizedPerson {
		p := &sizedPerson{role: role, campus: c, years: years, care: 0.72 + 0.26*r.Float64()}
		p.name, p.email = names.next()
		p.id = school.NewPersonID(DemoDistrict, p.email)
		d.people = append(d.people, p)
		return p
	}
	n := d.Size.Campuses
	supervisors := 0
	if n > 1 {
		supervisors = (n + 15) / 16
	}
	rest := d.Size.Leaders - n - supervisors
	coaches := min(rest, max(1, d.Size.Teachers/32))
	weights := make([]float64, n)
	for i, c := range d.campuses {
		weights[i] = float64(c.size)
	}
	coachesAt, apsAt := apportion(min(coaches, rest-rest/3), weights, 0), apportion(rest-min(coaches, rest-rest/3), weights, 0)

	names.taken = map[string]bool{}
	for range 1 + n/160 {
		d.office = append(d.office, hire(school.Office, nil, 20))
	}
	var over []*sizedPerson
	for range supervisors {
		over = append(over, hire(school.Supervisor, nil, 15+r.IntN(15)))
	}
	for i, c := range d.campuses {
		names.taken = map[string]bool{}
		if supervisors > 0 {
			c.supervisor = over[i*supervisors/n]
			c.supervisor.spans = append(c.supervisor.spans, c)
		}
		c.principal = hire(school.Principal, c, 8+r.IntN(20))
		if c.supervisor != nil {
			c.principal.observers = []*sizedPerson{c.supervisor}
		}
		for range apsAt[i] {
			c.aps = append(c.aps, hire(school.AP, c, 5+r.IntN(15)))
		}
		for range coachesAt[i] {
			c.coaches = append(c.coaches, hire(school.Coach, c, 6+r.IntN(18)))
		}
		for j, p := range append(slices.Clone(c.aps), c.coaches...) {
			p.observers, p.turn = []*sizedPerson{c.principal}, j%4
		}
		d.teachersOf(c, r, hire)
	}
}

// teachersOf hires the teachers of a campus: one in four is visited weekly, mostly because they are new; one in twenty
// leads; a few come in the middle of the year, and a few are away for a while.
func (d *Sized) teachersOf(c *sizedCampus, r *rand.Rand, hire func(school.Role, *sizedCampus, int) *sizedPerson) {
	for i := range c.size {
		p := hire(school.Teacher, c, 3+r.IntN(26))
		p.turn, p.formal = i%2, 6+r.IntN(25)
		c.teachers = append(c.teachers, p)
	}
	// Exactly a quarter of all teachers is visited weekly: what one campus rounds away, a later one has more.
	before := 0
	for _, x := range d.campuses {
		if x == c {
			break
		}
		before += x.size
	}
	weekly := (before+c.size)/4 - before/4
	for i, at := range r.Perm(c.size) {
		p := c.teachers[at]
		if p.schedule = school.EveryTwo; i < weekly {
			p.schedule = school.Weekly
			if r.IntN(5) > 0 {
				p.years = r.IntN(3)
			}
		}
		switch {
		case p.years == 0 && r.IntN(8) == 0: // hired after the year began
			p.start = demoFirst + 28 + school.Day(r.IntN(150))
		case p.years == 0:
			p.start = school.Date(2026, time.August, 10)
		case r.IntN(125) == 0:
			from := demoFirst + 14 + school.Day(r.IntN(200))
			p.away = []sizedLeave{{p, from, from + 28 + school.Day(r.IntN(40))}}
			d.leaves = append(d.leaves, p.away...)
		}
	}
	leads := c.size / 20
	for _, p := range c.teachers {
		if leads > 0 && p.schedule == school.EveryTwo && p.years >= 8 && p.start == 0 && len(p.away) == 0 {
			p.role, leads = school.Lead, leads-1
		}
	}
	c.serve()
}

// serve shares the teachers out: the coaches have most of those visited weekly, everybody of the others, and each teacher
// whom a coach visits has an administrator as well, for the formal observation.
func (c *sizedCampus) serve() {
	appraisers := append(slices.Clone(c.aps), c.principal)
	others := slices.Concat(c.coaches, c.coaches, appraisers)
	var weekly, biweekly int
	leads := slices.DeleteFunc(slices.Clone(c.teachers), func(p *sizedPerson) bool { return p.role != school.Lead })
	for i, p := range c.teachers {
		var first *sizedPerson
		switch {
		case p.schedule == school.Weekly && len(c.coaches) > 0:
			first = c.coaches[weekly%len(c.coaches)]
			weekly++
		default:
			first = others[biweekly%len(others)]
			biweekly++
		}
		p.observers = []*sizedPerson{first}
		if first.role == school.Coach {
			p.observers = append(p.observers, appraisers[i%len(appraisers)])
		}
		if p.years == 0 && len(leads) > 0 { // a teacher leader looks after a newcomer
			p.observers = append(p.observers, leads[0])
			leads = leads[1:]
		}
	}
}

// Labels of teams by the kind of campus.
var teamLabels = map[string][]string{
	"elementary": {"Grade 3", "Grade 1", "Grade 5", "Kindergarten", "Grade 4", "Grade 2", "SPED and General Education", "Emergent Bilingual Support", "Specials"},
	"middle":     {"ELA", "Math", "Science", "Social Studies", "SPED and General Education", "Emergent Bilingual Support", "Electives"},
	"high":       {"English", "Algebra", "Biology", "US History", "Geometry", "Chemistry", "World History", "SPED and General Education", "Emergent Bilingual Support", "Career and Technical", "Fine Arts", "Languages"},
}

// teamSlugs makes ids of labels.
var teamSlugs = strings.NewReplacer("emergent bilingual support", "eb", "sped and general education", "sped", "career and technical", "cte", " ", "-")

var (
	teamTimes     = []string{"07:40", "09:15", "10:10", "11:05", "12:20", "13:10", "14:05", "15:30"}
	teamProtocols = []string{"lesson-internalization", "weekly-data-meeting", "student-work-analysis", "unit-internalization", "interim-reflection"}
)

// gather makes the teams of each campus: whoever follows each other on the roster is in one team.
func (d *Sized) gather(r *rand.Rand) {
	weights := make([]float64, len(d.campuses))
	for i, c := range d.campuses {
		weights[i] = float64(c.size)
	}
	clocks := make([]school.Clock, len(teamTimes))
	for i, s := range teamTimes {
		c, err := school.ParseClock(s)
		if err != nil {
			panic(embedded("time "+s, err))
		}
		clocks[i] = c
	}
	for i, n := range apportion(d.Size.Teams, weights, 1) {
		c := d.campuses[i]
		labels := teamLabels[c.kind]
		for k := range n {
			label := labels[k%len(labels)]
			slug := teamSlugs.Replace(strings.ToLower(label))
			if k >= len(labels) {
				label += fmt.Sprintf(" %d", k/len(labels)+1)
				slug += fmt.Sprintf("-%d", k/len(labels)+1)
			}
			t := &sizedTeam{
				id: c.id + "-" + slug, name: strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(c.name, " High School"), " Middle School"), " Elementary") + " " + label, campus: c,
				weekday: time.Weekday(c.cal.week[(i+k)%len(c.cal.week)]), at: clocks[(3*i+k)%len(clocks)], minutes: 40 + 5*r.IntN(3), every: 1,
				protocol: teamProtocols[(i+k)%len(teamProtocols)],
			}
			switch {
			case strings.HasPrefix(label, "SPED"):
				t.protocol = "sped-collaboration"
			case strings.HasPrefix(label, "Emergent"):
				t.protocol = "eb-collaboration"
			}
			if r.IntN(7) == 0 {
				t.every, t.anchor = 2, demoFirst.Monday()+7*school.Day(1+r.IntN(2))
			}
			t.members = c.teachers[k*c.size/n : (k+1)*c.size/n]
			t.lead = t.members[0]
			for _, p := range t.members {
				p.team = t
				if p.role == school.Lead {
					t.lead = p
				}
			}
			c.teams, d.teams = append(c.teams, t), append(d.teams, t)
		}
	}
}
