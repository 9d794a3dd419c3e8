package school

import (
	"fmt"
	"time"
)

// DayClass is what a span of a campus calendar says about its days.
type DayClass string

// The classes. A day with none is instructional when it lies between the first and the last
// day and on a school weekday.
const (
	NoSchool     DayClass = "no school"     // nobody teaches: holidays, breaks, snow
	StaffDay     DayClass = "staff day"     // staff only
	EarlyRelease DayClass = "early release" // still instructional
	Testing      DayClass = "testing"       // instructional, but closed to visits (of Kinds)
	Blackout     DayClass = "blackout"      // instructional, but closed to visits (of Kinds) by agreement
)

// Span classes the days From to To, both included.
type Span struct {
	From  Day         `json:"from"`
	To    Day         `json:"to"`
	Class DayClass    `json:"class"`
	Kinds []VisitKind `json:"kinds,omitempty"` // testing and blackout: the kinds it closes; none means all
	Name  string      `json:"name,omitempty"`
}

// Calendar is the school year of one campus. Days outside First..Last are no school.
type Calendar struct {
	Name  string
	First Day     // first instructional day
	Last  Day     // last instructional day
	Week  [7]bool // school weekdays by time.Weekday; a four-day week leaves one out
	Spans []Span

	days       []dayBits // by day - First
	start, end Day       // the first and the last day with school, which a span may move; no day without any
}

// dayBits: bit 7 instructional, bit 6 staff day, bit 5 testing, bits 0-3 kinds that are closed.
type dayBits uint8

const (
	bitSchool  dayBits = 1 << 7
	bitStaff   dayBits = 1 << 6
	bitTesting dayBits = 1 << 5
)

// NewCalendar checks and compiles a calendar. Later spans add to earlier ones: a no-school
// span closes a day whatever else is said of it.
func NewCalendar(name string, first, last Day, week [7]bool, spans []Span) (*Calendar, error) {
	if first == 0 || last < first {
		return nil, fmt.Errorf("calendar %q: last day %v is before first day %v", name, last, first)
	}
	if last-first > 400 {
		return nil, fmt.Errorf("calendar %q: %d days are more than a school year", name, last-first)
	}
	c := &Calendar{Name: name, First: first, Last: last, Week: week, Spans: spans, days: make([]dayBits, last-first+1)}
	for i := range c.days {
		if week[(first + Day(i)).Weekday()] {
			c.days[i] = bitSchool
		}
	}
	for i, s := range spans {
		if s.To < s.From {
			return nil, fmt.Errorf("calendar %q: span %d (%s) ends before it begins", name, i+1, s.Name)
		}
		if err := c.apply(s); err != nil {
			return nil, err
		}
	}
	for i := range c.days { // no school wins over whatever stood there
		d := first + Day(i)
		for _, s := range spans {
			if d >= s.From && d <= s.To && s.Class == NoSchool {
				c.days[i] = 0
			}
		}
		if c.days[i]&bitSchool != 0 {
			if c.start == 0 {
				c.start = d
			}
			c.end = d
		}
	}
	return c, nil
}

func (c *Calendar) apply(s Span) error {
	for d := max(s.From, c.First); d <= min(s.To, c.Last); d++ {
		b := &c.days[d-c.First]
		switch s.Class {
		case NoSchool:
			*b = 0
		case StaffDay:
			*b = bitStaff
		case EarlyRelease:
		case Testing, Blackout:
			if s.Class == Testing {
				*b |= bitTesting
			}
			*b |= dayBits(maskOf(s.Kinds))
		default:
			return fmt.Errorf("calendar %q: %q is not a class of days (no school, staff day, early release, testing, blackout)", c.Name, s.Class)
		}
	}
	return nil
}

func (c *Calendar) bits(d Day) dayBits {
	if c == nil || d < c.First || d > c.Last {
		return 0
	}
	return c.days[d-c.First]
}

// School tells whether students are taught that day (early release and testing included).
func (c *Calendar) School(d Day) bool { return c.bits(d)&bitSchool != 0 }

// Staffed tells whether staff work that day: school days and staff days.
func (c *Calendar) Staffed(d Day) bool { return c.bits(d)&(bitSchool|bitStaff) != 0 }

// InTesting tells whether a testing window covers the day.
func (c *Calendar) InTesting(d Day) bool { return c.bits(d)&bitTesting != 0 }

// Open tells whether a visit of at least one of the kinds may be made that day.
func (c *Calendar) Open(d Day, kinds KindMask) bool {
	b := c.bits(d)
	return b&bitSchool != 0 && kinds&^KindMask(b&15) != 0
}

// SchoolDays counts instructional days from..to, both included.
func (c *Calendar) SchoolDays(from, to Day) int {
	n := 0
	for d := max(from, c.First); d <= min(to, c.Last); d++ {
		if c.School(d) {
			n++
		}
	}
	return n
}

// NextSchoolDay is the first instructional day after d; ok is false when the year is over.
func (c *Calendar) NextSchoolDay(d Day) (Day, bool) {
	for n := max(d+1, c.First); n <= c.Last; n++ {
		if c.School(n) {
			return n, true
		}
	}
	return 0, false
}

// PrevSchoolDay is the last instructional day before d.
func (c *Calendar) PrevSchoolDay(d Day) (Day, bool) {
	for p := min(d-1, c.Last); p >= c.First; p-- {
		if c.School(p) {
			return p, true
		}
	}
	return 0, false
}

// WeekEdges are the first and last instructional day of the week of d; ok is false in a week
// without school.
func (c *Calendar) WeekEdges(d Day) (first, last Day, ok bool) {
	mon := d.Monday()
	for x := mon; x < mon+7; x++ {
		if c.School(x) {
			if !ok {
				first, ok = x, true
			}
			last = x
		}
	}
	return first, last, ok
}

// Midweek is the instructional day of the week of d that is nearest to its Wednesday, of two as near the later one; ok is false
// in a week without school.
func (c *Calendar) Midweek(d Day) (mid Day, ok bool) {
	wednesday := d.Monday() + 2
	for _, off := range []Day{0, 1, -1, 2, -2, 3, 4} {
		if c.School(wednesday + off) {
			return wednesday + off, true
		}
	}
	return 0, false
}

// week1 is the Monday of the week of the first instructional day, from which weeks are counted; where there is
// none, that of the day on which the calendar begins.
func (c *Calendar) week1() Day {
	if c.start == 0 {
		return c.First.Monday()
	}
	return c.start.Monday()
}

// WeekNumber counts weeks from 1, the week of the first instructional day; 0 before it.
func (c *Calendar) WeekNumber(d Day) int {
	if d < c.week1() {
		return 0
	}
	return int(d.Monday()-c.week1())/7 + 1
}

// Why says what the calendar holds against a day, for people: "Thanksgiving", "Saturday",
// "outside the school year"; "" on a school day.
func (c *Calendar) Why(d Day) string {
	if c.School(d) {
		return ""
	}
	if d < c.First || d > c.Last {
		return "outside the school year"
	}
	for _, s := range c.Spans {
		if d >= s.From && d <= s.To && (s.Class == NoSchool || s.Class == StaffDay) {
			if s.Name != "" {
				return s.Name
			}
			return string(s.Class)
		}
	}
	if wd := d.Weekday(); wd == time.Saturday || wd == time.Sunday {
		return wd.String()
	}
	return "no school on " + d.Weekday().String()
}

// WorkWeek is Monday to Friday.
var WorkWeek = [7]bool{false, true, true, true, true, true, false}
