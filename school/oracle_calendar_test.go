package school

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// The oracle's own dates and calendars. That its dates are right is proved here against the engine's, of every zone and around
// every change of the clocks; that its calendars are, by TestOracle.

// TestOracleCivilDays compares the civil day of an instant, above all around midnight and both clock changes.
func TestOracleCivilDays(t *testing.T) {
	r := rand.New(rand.NewPCG(*oracleSeed, 7))
	for range 20_000 {
		zone := oZones[r.IntN(len(oZones))]
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		day := oDate(2024, 1, 1) + Day(r.IntN(1800))
		switch r.IntN(3) { // the weeks in which clocks change
		case 0:
			day = oDate(2024+r.IntN(5), 3, 8) + Day(r.IntN(7))
		case 1:
			day = oDate(2024+r.IntN(5), 11, 1) + Day(r.IntN(7))
		}
		at := int64(day)*86400 + int64(r.IntN(86400))
		if r.IntN(2) == 0 {
			at = int64(day)*86400 + int64(4+r.IntN(6))*3600 + int64(r.IntN(3)) - 1 // the second about a full hour
		}
		if got, want := DayOf(time.Unix(at, 0), loc), oCivil(at, zone); got != want {
			t.Fatalf("%s at %v: the engine's day is %v, the oracle's %v", zone, time.Unix(at, 0).UTC(), got, want)
		}
	}
}

// Days run from 1970-01-01, which was a Thursday; 0 is Monday here.
func oWeekday(d Day) int { return ((int(d)+3)%7 + 7) % 7 }
func oMonday(d Day) Day  { return d - Day(oWeekday(d)) }

func oLeap(y int) bool { return y%4 == 0 && (y%100 != 0 || y%400 == 0) }

func oDate(y, m, d int) Day {
	n := 0
	for i := 1970; i < y; i++ {
		n += 365
		if oLeap(i) {
			n++
		}
	}
	for i, days := range []int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31} {
		if i+1 < m {
			n += days
			if i == 1 && oLeap(y) {
				n++
			}
		}
	}
	return Day(n + d - 1)
}

// oCivil is the date on the wall of a campus at an instant: the rule of the United States since 2007, from the
// second Sunday in March, 2:00 standard time, to the first Sunday in November, 2:00 daylight time.
func oCivil(unix int64, zone string) Day {
	offset := map[string]int64{"America/New_York": -5, "America/Chicago": -6, "America/Denver": -7, "America/Phoenix": -7, "America/Los_Angeles": -8}[zone]
	year := 1970
	for int64(oDate(year+1, 1, 1))*86400 <= unix+offset*3600 {
		year++
	}
	spring, autumn := oDate(year, 3, 8), oDate(year, 11, 1)
	for oWeekday(spring) != 6 {
		spring++
	}
	for oWeekday(autumn) != 6 {
		autumn++
	}
	from := int64(spring)*86400 + (2-offset)*3600
	to := int64(autumn)*86400 + (2-offset-1)*3600
	if zone != "America/Phoenix" && unix >= from && unix < to {
		offset++
	}
	return Day((unix + offset*3600) / 86400) // later than 1970
}

type oCalendar struct {
	set        CalendarSet
	days       []oDay // set.First ..= set.Last
	start, end Day    // the first and the last instructional day
}

type oDay struct {
	school bool
	staff  bool    // a staff day that no span closes
	closed [4]bool // by testing or blackout, by oKind
}

func oKind(k VisitKind) int {
	switch k {
	case "walkthrough":
		return 0
	case "coaching":
		return 1
	case "formal":
		return 2
	}
	return 3
}

// calendarOf reads the calendar of a campus, or the district's where it has none of its own, day by day.
func (o *oracle) calendarOf(campus CampusID) *oCalendar {
	c := &oCalendar{}
	for _, whose := range []CampusID{"", campus} {
		for _, f := range o.log {
			if x, ok := f.(CalendarSet); ok && x.Campus == whose {
				c.set = x
			}
		}
	}
	spans := slices.Clone(c.set.Spans)
	for _, f := range o.log {
		if x, ok := f.(DayDeclared); ok && (x.Campus == "" || x.Campus == campus) {
			spans = append(spans, x.Span)
		}
	}
	for d := c.set.First; d <= c.set.Last; d++ {
		var day oDay
		none := false
		for _, w := range c.set.Week {
			if (w+6)%7 == oWeekday(d) { // the fact counts from Sunday
				day.school = true
			}
		}
		for _, s := range spans {
			if d < s.From || d > s.To {
				continue
			}
			// "Day classes of a campus calendar: instructional, early release (still instructional), no
			// school, staff day, testing, blackout(kinds)."
			switch s.Class {
			case "no school":
				day.school, none = false, true
			case "staff day":
				day.school, day.staff = false, true
			case "early release":
			case "testing", "blackout":
				for _, k := range []VisitKind{"walkthrough", "coaching", "formal", "plc"} {
					if len(s.Kinds) == 0 || slices.Contains(s.Kinds, k) {
						day.closed[oKind(k)] = true
					}
				}
			}
		}
		day.staff = day.staff && !none // reading: no school closes a day whatever else is said of it
		if day.school && c.start == 0 {
			c.start = d
		}
		if day.school {
			c.end = d
		}
		c.days = append(c.days, day)
	}
	return c
}

func (c *oCalendar) on(d Day) oDay {
	if d < c.set.First || d > c.set.Last {
		return oDay{}
	}
	return c.days[d-c.set.First]
}
