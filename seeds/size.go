package seeds

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"rounds/school"
)

// Size is a preset of the made-up district, for trying Rounds at the scale of a real one. Leaders are principals, assistant
// principals, coaches and principal supervisors; teacher leaders teach, and count as teachers.
type Size struct {
	Name                               string
	Campuses, Teachers, Leaders, Teams int
}

// Sizes are the presets. Their numbers are those of public districts: a campus has 45 teachers on average, a PLC team five or
// six, and a supervisor at most 16 principals.
var Sizes = []Size{
	{"campus", 1, 32, 3, 6},
	{"district", 50, 2_000, 190, 360},
	{"large", 270, 11_000, 1_000, 2_000},
	{"stress", 1_600, 72_000, 6_400, 13_000},
}

// SizeNamed finds a preset.
func SizeNamed(name string) (Size, bool) {
	i := slices.IndexFunc(Sizes, func(s Size) bool { return s.Name == name })
	if i < 0 {
		return Size{}, false
	}
	return Sizes[i], true
}

// Sized is the made-up district of a preset. It follows from the preset and a seed alone, as the small one does:
//
//	preset, seed ──> campuses, people, teams, calendars ──┬─> Write: district.yaml, people.csv, calendars, visits.csv
//	                                                      └─> Entries: the same, then day by day what happened
//
// What happened is never held whole: a year of the largest is millions of facts.
type Sized struct {
	Size Size
	Seed uint64

	zone      *time.Location
	office    []*sizedPerson
	campuses  []*sizedCampus
	people    []*sizedPerson // in roster order
	teams     []*sizedTeam
	calendars []*sizedCalendar // the first is the district's
	leaves    []sizedLeave
}

type sizedCampus struct {
	id, name   string
	zoneName   string // "" for the district's
	zone       *time.Location
	kind       string // "elementary", "middle", "high"
	cal        *sizedCalendar
	notify     bool
	size       int // teachers
	supervisor *sizedPerson
	principal  *sizedPerson
	aps        []*sizedPerson
	coaches    []*sizedPerson
	teachers   []*sizedPerson
	teams      []*sizedTeam
}

type sizedPerson struct {
	id          school.PersonID
	name, email string
	role        school.Role
	campus      *sizedCampus // nil for the district's own people
	spans       []*sizedCampus
	observers   []*sizedPerson
	schedule    school.Schedule
	years       int
	start       school.Day // no day: since before the year
	team        *sizedTeam
	away        []sizedLeave

	// What the history needs.
	turn   int     // of those visited every few weeks: in which of them
	formal int     // the week of the formal observation
	care   float64 // of a leader: the share of the visits asked for that are made
	late   bool    // the last visit asked for was not made
	step   *sizedStep
}

type sizedLeave struct {
	person   *sizedPerson
	from, to school.Day
}

type sizedTeam struct {
	id, name string
	campus   *sizedCampus
	lead     *sizedPerson
	members  []*sizedPerson
	weekday  time.Weekday
	at       school.Clock
	minutes  int
	every    int
	anchor   school.Day
	protocol string
	open     int64 // the version of its open commitment
}

// NewSized makes the district of a preset.
func NewSized(size Size, seed uint64) *Sized {
	d := &Sized{Size: size, Seed: seed, zone: demoZone()}
	d.found(stream(seed, streamSized))
	d.staff(stream(seed, streamSized+1))
	d.gather(stream(seed, streamSized+2))
	return d
}

// streamSized is the first of the streams of the presets.
const streamSized = 100

// apportion shares out a total by weights, everybody getting at least the least; the largest remainders round up.
func apportion(total int, weights []float64, least int) []int {
	out := make([]int, len(weights))
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	rest := make([]int, len(weights))
	frac := make([]float64, len(weights))
	left := total
	for i, w := range weights {
		share := float64(total-least*len(weights)) * w / sum
		out[i] = least + int(share)
		frac[i], rest[i] = share-float64(int(share)), i
		left -= out[i]
	}
	slices.SortStableFunc(rest, func(a, b int) int { return cmp.Compare(frac[b], frac[a]) })
	for _, i := range rest[:left] {
		out[i]++
	}
	return out
}

// The names of campuses: none of these words is anybody's last name, or no agenda could be posted there.
var (
	campusStems = strings.Fields("Cedar Juniper Pecan Mesquite Cypress Willow Sumac Redbud Elm Persimmon Buckeye Laurel Yucca Agave Hackberry " +
		"Mulberry Sycamore Cottonwood Magnolia Bluebonnet Primrose Sage Larkspur Foxglove Clover Heron Kestrel Quail Falcon Plover Swift Wren " +
		"Sandpiper Osprey Egret Meadowlark Bobwhite Kingfisher Oriole Cardinal Aspen Linden Hawthorn Sorrel Tamarack Catalpa Madrone Chaparral")
	campusEnds  = strings.Fields("Ridge Hollow Bend Creek Prairie Mesa Glen Bluff Meadow Springs Canyon Crossing Field Grove Harbor Heights Hill Lake Park Point")
	campusKinds = []struct{ kind, name, short string }{{"high", "High School", "h"}, {"middle", "Middle School", "m"}, {"elementary", "Elementary", "e"}}
)

// sizedZones are where the campuses of the largest preset lie, out of a hundred; the others lie in the district's zone.
var sizedZones = []struct {
	name string
	of   int
}{{"America/New_York", 20}, {"America/Denver", 12}, {"America/Los_Angeles", 8}, {"America/Phoenix", 3}, {"America/Anchorage", 1}, {"Pacific/Honolulu", 1}}

// found makes the campuses: how large they are, what they are called, their zones and calendars.
func (d *Sized) found(r *rand.Rand) {
	n := d.Size.Campuses
	weights := make([]float64, n)
	for i := range weights {
		weights[i] = max(0.35, min(3, 1+0.45*r.NormFloat64()))
	}
	least := 10
	if n == 1 {
		least = 0
	}
	rank := make([]int, n)
	for i, size := range apportion(d.Size.Teachers, weights, least) {
		d.campuses = append(d.campuses, &sizedCampus{size: size, zone: d.zone, notify: i == 0 || r.IntN(10) < 6})
		rank[i] = i
	}
	// The largest are high schools, the next middle schools.
	slices.SortStableFunc(rank, func(a, b int) int { return cmp.Compare(d.campuses[b].size, d.campuses[a].size) })
	names := r.Perm(len(campusStems) * len(campusEnds))
	for at, i := range rank {
		c, k := d.campuses[i], campusKinds[2]
		switch share := float64(at+1) / float64(n); {
		case n == 1:
		case share <= 0.18:
			k = campusKinds[0]
		case share <= 0.4:
			k = campusKinds[1]
		}
		pair := names[at%len(names)]
		stem, end := campusStems[pair/len(campusEnds)], campusEnds[pair%len(campusEnds)]
		c.kind = k.kind
		c.name = stem + " " + end + " " + k.name
		c.id = strings.ToLower(stem + "-" + end + "-" + k.short)
	}
	d.zones(r)
	d.keepCalendars(r)
}

func (d *Sized) zones(r *rand.Rand) {
	if d.Size.Campuses < 1000 {
		return
	}
	order := r.Perm(len(d.campuses))
	for _, z := range sizedZones {
		zone, err := time.LoadLocation(z.name)
		if err != nil {
			panic(embedded("time zones", err))
		}
		for _, i := range order[:len(d.campuses)*z.of/100] {
			d.campuses[i].zoneName, d.campuses[i].zone = z.name, zone
		}
		order = order[len(d.campuses)*z.of/100:]
	}
}

// sizedCalendar is a calendar file and the campuses that it is of; none means all the others.
type sizedCalendar struct {
	file, name string
	week       []int
	spans      []school.Span
	campuses   []*sizedCampus
	*school.Calendar
}

// set is the calendar as a fact.
func (c *sizedCalendar) set(id school.CampusID) school.CalendarSet {
	return school.CalendarSet{Campus: id, Name: c.name, First: demoFirst, Last: demoLast, Week: c.week, Spans: c.spans}
}

// keepCalendars gives a few campuses calendars of their own: a four-day week, a day of the town's, a staff day.
func (d *Sized) keepCalendars(r *rand.Rand) {
	off := func(y int, m time.Month, day int, class school.DayClass, name string) school.Span {
		return school.Span{From: school.Date(y, m, day), To: school.Date(y, m, day), Class: class, Name: name}
	}
	workweek := []int{1, 2, 3, 4, 5}
	d.calendars = []*sizedCalendar{
		{file: "calendar.ics", name: "School year 2026-27", week: workweek, spans: demoSpans},
		{file: "calendar-four-days.ics", name: "Four-day week 2026-27", week: []int{1, 2, 3, 4}, spans: demoSpans},
		{file: "calendar-fair.ics", name: "With the county fair 2026-27", week: workweek, spans: append(slices.Clone(demoSpans),
			off(2026, time.October, 2, school.NoSchool, "County fair"), off(2027, time.February, 26, school.NoSchool, "Town holiday"))},
		{file: "calendar-staff.ics", name: "With a campus staff day 2026-27", week: workweek, spans: append(slices.Clone(demoSpans),
			off(2026, time.September, 25, school.StaffDay, "Campus staff day"), off(2027, time.April, 9, school.EarlyRelease, "Early release: open house"))},
	}
	order := r.Perm(len(d.campuses))
	for i, percent := range []int{0, 4, 5, 5} {
		c := d.calendars[i]
		var week [7]bool
		for _, w := range c.week {
			week[w] = true
		}
		cal, err := school.NewCalendar(c.name, demoFirst, demoLast, week, c.spans)
		if err != nil {
			panic(embedded("calendar", err))
		}
		c.Calendar = cal
		n := len(d.campuses) * percent / 100
		for _, k := range order[:n] {
			if k == 0 { // the campus whose people one can be follows the district
				continue
			}
			d.campuses[k].cal = c
		}
		order = order[n:]
	}
	for _, c := range d.campuses {
		if c.cal == nil {
			c.cal = d.calendars[0]
		} else {
			c.cal.campuses = append(c.cal.campuses, c)
		}
	}
	d.calendars = slices.DeleteFunc(d.calendars, func(c *sizedCalendar) bool { return c != d.calendars[0] && len(c.campuses) == 0 })
}

// Personas are the e-mail addresses of the people whom the demo of a preset lets one be: those of one campus who have
// something to do, its supervisor and the district office. A menu of everybody would be of no use.
func (d *Sized) Personas() []string {
	c := d.campuses[0]
	var out []string
	add := func(p *sizedPerson) {
		if p != nil && !slices.Contains(out, p.email) {
			out = append(out, p.email)
		}
	}
	first := func(list []*sizedPerson, is func(*sizedPerson) bool) {
		if i := slices.IndexFunc(list, is); i >= 0 {
			add(list[i])
		}
	}
	anyone := func(*sizedPerson) bool { return true }
	first(c.coaches, anyone)
	first(c.teachers, func(p *sizedPerson) bool {
		return p.schedule == school.Weekly && p.start == 0 && len(p.away) == 0
	})
	add(c.principal)
	first(c.aps, anyone)
	first(c.teachers, func(p *sizedPerson) bool { return p.role == school.Lead })
	first(c.teachers, func(p *sizedPerson) bool {
		return p.role == school.Teacher && p.schedule == school.EveryTwo && p.start == 0
	})
	add(c.supervisor)
	first(d.office, anyone)
	return out
}

// Readable tells of a text whether anybody of the demo can read it: the names of all, and the words about the people and
// teams of the campus one can be at. The words of the others make the record of a large district three times as slow to
// write, and nobody sees them.
func (d *Sized) Readable() func(school.Text) bool {
	near := map[string]bool{}
	for _, p := range d.people {
		if p.campus == d.campuses[0] {
			near[string(p.id)] = true
		}
	}
	for _, t := range d.campuses[0].teams {
		near[t.id] = true
	}
	return func(t school.Text) bool { return t.Class == school.Roster || near[t.Subject] }
}

// OnChat are the e-mail addresses of those who have an account of the web page: every leader, and everybody of the
// first campus. The teachers of the others are not on chat yet, as in a district that begins.
func (d *Sized) OnChat() []string {
	var out []string
	for _, p := range d.people {
		if p.role.Leader() || p.role == school.Office || p.campus == d.campuses[0] {
			out = append(out, p.email)
		}
	}
	return out
}
