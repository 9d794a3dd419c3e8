package seeds

import (
	"math/rand/v2"
	"strings"
	"time"

	"rounds/school"
)

// demo is the made-up district before it becomes files and history.
type demo struct {
	seed   uint64
	zone   *time.Location
	people []*demoPerson
	teams  []*demoTeam
	leaves []demoLeave
	cal    *school.Calendar
	missed *demoPerson  // a weekly teacher of the featured coach's who was not visited last week
	visits []*demoVisit // in the order in which they were made
}

type demoPerson struct {
	id        school.PersonID
	name      string
	email     string
	role      school.Role
	campus    string // "cedar", or several with ";"
	observers []*demoPerson
	schedule  string // as written in people.csv; "" leaves it to years
	years     int
	start     school.Day
	teams     []string
	group     string // the department or grade, which decides who coaches
}

// weeks is how many weeks lie between two visits by the person's schedule.
func (p *demoPerson) weeks() int {
	switch {
	case p.role != school.Teacher && p.role != school.Lead:
		return 0
	case p.schedule == string(school.Weekly), p.schedule == "" && p.years <= 2:
		return 1
	case p.schedule == string(school.EveryFour):
		return 4
	}
	return 2
}

type demoLeave struct {
	person   *demoPerson
	from, to school.Day
}

type demoTeam struct {
	id, name, campus string
	lead             *demoPerson
	members          []*demoPerson
	extra            bool // its members stand in district.yaml, not in the plc_team column
	weekday          time.Weekday
	at               school.Clock
	minutes          int
	every            int
	anchor           school.Day
	protocol         string
}

// The parts of the made-up district draw from streams of their own, so that a change in one part
// leaves the others as they were.
const (
	streamPeople = iota + 1
	streamVisits
	streamHistory
	streamMeetings
)

func stream(seed, n uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, n)) }

const (
	demoPrincipal  = "dana.whitfield@example.com"
	demoSupervisor = "imani.adeyemi@example.com"
)

func newDemo(seed uint64) *demo {
	d := &demo{seed: seed, zone: demoZone(), cal: demoCalendar()}
	d.hire()
	d.gather()
	d.planVisits()
	return d
}

func (d *demo) add(name string, role school.Role, campus string, years int) *demoPerson {
	p := &demoPerson{name: name, email: demoEmail(name), role: role, campus: campus, years: years}
	p.id = school.NewPersonID(DemoDistrict, p.email)
	d.people = append(d.people, p)
	return p
}

// demoEmail is first.last@example.com in plain letters; the two people whom the documents
// mention have short ones.
func demoEmail(name string) string {
	switch name {
	case "Alice Anderson", "Bob Brown":
		return strings.ToLower(strings.Fields(name)[0]) + "@example.com"
	}
	words := strings.Fields(strings.ReplaceAll(school.Fold(strings.ReplaceAll(name, "-", "")), "'", ""))
	return words[0] + "." + strings.Join(words[1:], "") + "@example.com"
}

// seat is a place in the roster that a teacher's name is put on.
type seat struct {
	campus, group string
	years         int
	schedule      string
	role          school.Role
}

// seats are the sixty places for teachers: who is new, who is a veteran, and which years of
// experience a department has are the same for every seed, so that caseloads stay believable.
func seats() []seat {
	var out []seat
	put := func(campus, group string, years ...int) {
		for _, y := range years {
			out = append(out, seat{campus: campus, group: group, years: y})
		}
	}
	put("cedar", "ela", 0, 1, 4, 6, 9, 12, 17)
	put("cedar", "math", 1, 0, 2, 3, 5, 8, 2) // and Bob
	put("cedar", "science", 0, 1, 11, 2, 5, 7, 14)
	put("cedar", "social", 0, 2, 4, 8, 10, 21)
	put("cedar", "sped", 1, 3, 9, 13)
	put("cedar", "arts", 6, 19)
	put("liveoak", "k1", 0, 2, 5, 7, 12, 24)
	put("liveoak", "23", 0, 1, 15, 4, 6, 8, 10)
	put("liveoak", "4", 1, 3, 9, 16)
	put("liveoak", "5", 2, 4, 7, 11)
	put("liveoak", "eb", 0, 5, 8, 18)
	put("liveoak", "music", 13)
	for i := range out {
		s := &out[i]
		switch {
		case s.group == "science" && s.years == 11, s.group == "23" && s.years == 15:
			s.role = school.Lead
			s.schedule = string(school.EveryFour)
		case s.years >= 12 && s.group != "math":
			s.schedule = string(school.EveryFour)
		case s.group == "math" && (s.years == 3 || s.years == 5), s.group == "ela" && s.years == 4:
			s.schedule = string(school.Weekly) // asked for by the teachers themselves
		}
	}
	return out
}

func (d *demo) hire() {
	r := stream(d.seed, streamPeople)
	sup := d.add("Imani Adeyemi", school.Supervisor, "cedar;liveoak", 22)
	pc := d.add("Dana Whitfield", school.Principal, "cedar", 16)
	pl := d.add("Joaquín Villarreal", school.Principal, "liveoak", 14)
	ap1 := d.add("Sunita Chaudhry", school.AP, "cedar", 11)
	ap2 := d.add("Terrence Abernathy", school.AP, "cedar", 9)
	apl := d.add("Marisol Echeverría", school.AP, "liveoak", 10)
	alice := d.add("Alice Anderson", school.Coach, "cedar", 13)
	c2 := d.add("Piotr Szymański", school.Coach, "cedar", 8)
	l1 := d.add("Nadia Haddad", school.Coach, "liveoak", 12)
	l2 := d.add("Keisha Thibodeaux", school.Coach, "liveoak", 7)
	pc.observers, pl.observers = []*demoPerson{sup}, []*demoPerson{sup}
	for _, p := range []*demoPerson{ap1, ap2, alice, c2} {
		p.observers = []*demoPerson{pc}
	}
	for _, p := range []*demoPerson{apl, l1, l2} {
		p.observers = []*demoPerson{pl}
	}

	bob := d.add("Bob Brown", school.Teacher, "cedar", 1)
	bob.group = "math"

	names := append([]string(nil), demoNames...)
	r.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	all := seats()
	// The two pairs with one last name: one pair shares a campus, the other does not.
	fixed := map[int]string{3: "Linh Nguyen", 15: "Minh-Anh Nguyen", 22: "Lucía García", 41: "Esteban Garcia"}
	next := 0
	for i, s := range all {
		name, ok := fixed[i]
		if !ok {
			name, next = names[next], next+1
		}
		role := s.role
		if role == "" {
			role = school.Teacher
		}
		p := d.add(name, role, s.campus, s.years)
		p.group, p.schedule = s.group, s.schedule
		if s.years == 0 {
			p.start = school.Date(2026, time.August, 10)
		}
	}

	byGroup := map[string][]*demoPerson{}
	for _, p := range d.people {
		byGroup[p.campus+"/"+p.group] = append(byGroup[p.campus+"/"+p.group], p)
	}
	serve := func(group string, observers ...*demoPerson) {
		for _, p := range byGroup[group] {
			p.observers = observers
		}
	}
	serve("cedar/math", alice, pc)
	serve("cedar/ela", alice, ap1)
	serve("cedar/social", c2, ap1)
	serve("cedar/sped", c2, ap2)
	serve("cedar/science", ap2)
	serve("cedar/arts", ap2)
	serve("liveoak/k1", l1, apl)
	serve("liveoak/23", l1, apl)
	serve("liveoak/4", l2, pl)
	serve("liveoak/5", l2, pl)
	serve("liveoak/eb", l2, pl)
	serve("liveoak/music", apl)
	d.missed = byGroup["cedar/ela"][2]
	for _, p := range byGroup["cedar/ela"][5:] { // the two veterans are the assistant principal's
		p.observers = []*demoPerson{ap1}
	}
	// Teacher leaders coach a newcomer of their own department.
	sci, mid := byGroup["cedar/science"], byGroup["liveoak/23"]
	sci[0].observers = []*demoPerson{alice, ap2, sci[2]}
	sci[1].observers = []*demoPerson{alice, ap2}
	sci[3].observers = []*demoPerson{alice, ap2}
	mid[1].observers = []*demoPerson{l1, apl, mid[2]}

	hire := byGroup["cedar/social"][0] // hired after the year began
	hire.start = school.Date(2026, time.October, 5)
	d.leaves = []demoLeave{{mid[5], school.Date(2026, time.September, 28), school.Date(2026, time.November, 20)}}
}

// gather makes the eleven teams.
func (d *demo) gather() {
	in := func(campus, group string) (out []*demoPerson) {
		for _, p := range d.people {
			if p.campus == campus && p.group == group {
				out = append(out, p)
			}
		}
		return out
	}
	who := func(role school.Role, campus string) (out []*demoPerson) {
		for _, p := range d.people {
			if p.role == role && p.campus == campus {
				out = append(out, p)
			}
		}
		return out
	}
	team := func(id, name, campus string, weekday time.Weekday, at string, minutes int, protocol string, members []*demoPerson, lead int) *demoTeam {
		c, err := school.ParseClock(at)
		if err != nil {
			panic(embedded("team "+id, err))
		}
		t := &demoTeam{id: id, name: name, campus: campus, weekday: weekday, at: c, minutes: minutes, protocol: protocol, members: members, lead: members[lead]}
		d.teams = append(d.teams, t)
		return t
	}
	ela, math, sci, soc, sped := in("cedar", "ela"), in("cedar", "math"), in("cedar", "science"), in("cedar", "social"), in("cedar", "sped")
	team("cedar-ela", "Cedar Ridge ELA", "cedar", time.Tuesday, "13:10", 45, "lesson-internalization", ela, 4)
	team("cedar-math", "Cedar Ridge Math", "cedar", time.Thursday, "13:10", 40, "weekly-data-meeting", math, 6)
	team("cedar-science", "Cedar Ridge Science", "cedar", time.Wednesday, "14:05", 45, "student-work-analysis", sci, 2)
	team("cedar-social", "Cedar Ridge Social Studies", "cedar", time.Monday, "14:05", 50, "unit-internalization", soc, 4)
	t := team("cedar-inclusion", "Cedar Ridge SPED and General Education", "cedar", time.Thursday, "15:45", 40, "sped-collaboration",
		append(append([]*demoPerson{}, sped...), ela[3], math[5], sci[4]), 2)
	t.extra = true
	ilt := append(append(who(school.Principal, "cedar"), who(school.AP, "cedar")...), who(school.Coach, "cedar")...)
	t = team("cedar-ilt", "Cedar Ridge ILT", "cedar", time.Wednesday, "15:45", 60, "instructional-leadership-team",
		append(ilt, sci[2], ela[4], math[6], soc[4]), 0)
	t.extra, t.every, t.anchor = true, 2, school.Date(2026, time.August, 26)

	k1, g23, g4, g5, eb := in("liveoak", "k1"), in("liveoak", "23"), in("liveoak", "4"), in("liveoak", "5"), in("liveoak", "eb")
	team("liveoak-k1", "Live Oak K-1", "liveoak", time.Tuesday, "12:20", 45, "lesson-internalization", k1, 4)
	team("liveoak-2-3", "Live Oak Grades 2-3", "liveoak", time.Wednesday, "12:20", 40, "weekly-data-meeting", g23, 2)
	team("liveoak-4", "Live Oak Grade 4", "liveoak", time.Thursday, "11:30", 45, "interim-reflection", g4, 2)
	team("liveoak-5", "Live Oak Grade 5", "liveoak", time.Wednesday, "11:30", 45, "student-work-analysis", g5, 3)
	t = team("liveoak-eb", "Live Oak Emergent Bilingual Support", "liveoak", time.Friday, "07:40", 40, "eb-collaboration",
		append(append([]*demoPerson{}, eb...), k1[2], g4[1]), 2)
	t.extra = true
	for _, t := range d.teams {
		if t.extra {
			continue
		}
		for _, p := range t.members {
			p.teams = append(p.teams, t.id)
		}
	}
}

// demoNames are for teachers; none of them is a word that the texts of the history use.
var demoNames = []string{
	"Ngozi Okafor", "Rosa de la Cruz", "Siobhan O'Malley", "Beatriz Montemayor-Ruiz", "Zoë Kowalczyk", "Amir Farouk",
	"Priya Bhattacharya", "Hiroshi Nakamura", "Thuy Huynh", "Kwame Balogun", "Renata Ferreira", "Soledad Quintanilla",
	"Andrzej Dombrowski", "Leilani Kahananui", "Tomás Arredondo", "Fatuma Yusuf", "Ingrid Lindqvist", "Marcus Delacroix",
	"Yesenia Jaramillo", "Vikram Deshmukh", "Ofelia Benavides", "Chenoa Begaye", "Gwendolyn McAllister", "Hassan Rahman",
	"Pilar Urrutia", "Dmitri Volkov", "Xiomara Cisneros", "Bao Luong", "Caitlin Fitzgibbon", "Emeka Iwu",
	"Graciela Lozano", "Jamal Whittaker", "Katarzyna Jankowski", "Lorenzo Zapata", "Mireya Castañeda", "Nikhil Venkatesan",
	"Oluwaseun Diallo", "Paulina Olvera", "Quyen Pham", "Ramiro Salinas", "Shirin Hashimi", "Tamika Broussard",
	"Ulises Ibarra", "Violeta Sandoval", "Wilhelmina Achterberg", "Yuki Takahashi", "Zainab Eze", "Adrián Velázquez",
	"Brigid Gallagher", "Carmen Ochoa", "Desmond Thibault", "Elena Petrova", "Fernando Gutiérrez", "Guadalupe Rosales",
	"Hannah Kessler", "Ismael Quiroga", "Jolene Boudreaux", "Kenji Yamashita",
}
