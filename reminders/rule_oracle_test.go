package reminders

import (
	"sort"
	"time"

	"rounds/school"
)

// What rules should do, found in another way: civil days are walked one by one with month lengths of their own, school days are
// a list of truths, and instants come from reading a zone's wall clock minute by minute. Nothing here calls the
// timetable, school.Calendar or school.Day.At.

// A civilDay is one date as a wall calendar shows it.
type civilDay struct {
	n                school.Day // days since 1970-01-01
	year, month, day int
	length           int // of its month
	weekday          int // 0 Sunday
	year0            int // which school year, from 0

	school      bool
	first, last bool       // the first, the last school day of its week
	previous    bool       // the last school day before a week with school
	mid         bool       // the school day of its week that is nearest to Wednesday, the later of two
	monday      school.Day // of its week
}

const firstYear, lastYear = 2026, 2035

// monthLength is how many days a month of the Gregorian calendar has.
func monthLength(y, m int) int {
	switch m {
	case 2:
		if y%4 == 0 && y%100 != 0 || y%400 == 0 {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// civilDays walks from July 1, 2025, a Tuesday and the 20,270th day after the first of 1970, to June 30, 2036. School years begin on
// July 1, so that every day lies in one.
func civilDays() []civilDay {
	var out []civilDay
	n, weekday := 20270, 2
	for y, m, d := firstYear-1, 7, 1; y < lastYear+1 || m < 7; n, weekday = n+1, (weekday+1)%7 {
		year0 := y - (firstYear - 1)
		if m < 7 {
			year0--
		}
		out = append(out, civilDay{
			n: school.Day(n), year: y, month: m, day: d, length: monthLength(y, m), weekday: weekday, year0: year0,
			monday: school.Day(n - (weekday+6)%7),
		})
		if d++; d > monthLength(y, m) {
			if d, m = 1, m+1; m > 12 {
				m, y = 1, y+1
			}
		}
	}
	return out
}

// A breakDays is a time without school, as month and day; it does not pass the end of a year.
type breakDays struct{ m1, d1, m2, d2 int }

var breaks = []breakDays{
	{7, 1, 8, 14}, {9, 7, 9, 7}, {10, 12, 10, 13}, {11, 23, 11, 27}, {12, 21, 12, 31}, {1, 1, 1, 4}, {3, 14, 3, 18}, {4, 3, 4, 3}, {6, 2, 6, 30},
}

func (b breakDays) on(d *civilDay) bool {
	x := d.month*100 + d.day
	return x >= b.m1*100+b.d1 && x <= b.m2*100+b.d2
}

// A district is the days of ten years and more under one kind of school week, and the same as calendars for the timetable.
type civilDistrict struct {
	days      []civilDay
	calendars []*school.Calendar // one a year: a calendar holds at most 400 days
}

func newCivilDistrict(week [7]bool) civilDistrict {
	c := civilDistrict{days: civilDays()}
	for i := range c.days {
		d := &c.days[i]
		d.school = week[d.weekday]
		for _, b := range breaks {
			d.school = d.school && !b.on(d)
		}
	}
	// The edges of each week within its school year, and the weeks in their order.
	edge := map[int][][2]int{} // by year: index of first and last school day of each week with school
	for i := range c.days {
		d := &c.days[i]
		if !d.school {
			continue
		}
		weeks := edge[d.year0]
		if n := len(weeks); n > 0 && c.days[weeks[n-1][0]].monday == d.monday {
			weeks[n-1][1] = i
		} else {
			weeks = append(weeks, [2]int{i, i})
		}
		edge[d.year0] = weeks
	}
	for _, weeks := range edge {
		for i, w := range weeks {
			c.days[w[0]].first, c.days[w[1]].last = true, true
			c.days[w[1]].previous = i+1 < len(weeks)
		}
	}
	// The middle of each week: of all its days in the school year none with school is nearer.
	for i := range c.days {
		d := &c.days[i]
		d.mid = d.school
		for j := max(i-6, 0); j < min(i+7, len(c.days)); j++ {
			e := &c.days[j]
			away, other := distance(d.weekday), distance(e.weekday)
			if e.school && e.monday == d.monday && e.year0 == d.year0 && (other < away || other == away && j > i) {
				d.mid = false
			}
		}
	}
	for from := 0; from < len(c.days); {
		to := from
		for to+1 < len(c.days) && c.days[to+1].year0 == c.days[from].year0 {
			to++
		}
		var spans []school.Span
		for i := from; i <= to; i++ {
			for _, b := range breaks {
				if b.on(&c.days[i]) {
					spans = append(spans, school.Span{From: c.days[i].n, To: c.days[i].n, Class: school.NoSchool, Name: "Break"})
				}
			}
		}
		cal, err := school.NewCalendar("year", c.days[from].n, c.days[to].n, week, spans)
		if err != nil {
			panic(err)
		}
		c.calendars = append(c.calendars, cal)
		from = to + 1
	}
	return c
}

// distance is how far a weekday lies from Wednesday in a week from Monday to Sunday.
func distance(weekday int) int { return []int{4, 2, 1, 0, 1, 2, 3}[weekday] }

// A wall is the wall clock of a zone over the years, read by scanning.
type wall struct {
	zone    *time.Location
	changes []int64 // the Unix seconds at which the offset changes, in order
	offsets []int   // before the first change, after the first, …
	odd     map[school.Day][]int64
}

const secondsADay = 24 * 60 * 60

// newWall finds every change of a zone's offset: by quarter hours, and within one by seconds.
func newWall(zone *time.Location, from, to school.Day) *wall {
	w := &wall{zone: zone, odd: map[school.Day][]int64{}}
	offset := func(at int64) int { _, o := time.Unix(at, 0).In(zone).Zone(); return o }
	begin := (int64(from) - 2) * secondsADay
	w.offsets = []int{offset(begin)}
	const step = 15 * 60
	for at := begin; at < (int64(to)+2)*secondsADay; at += step {
		was, is := w.offsets[len(w.offsets)-1], offset(at+step)
		if was == is {
			continue
		}
		change := at + 1 + int64(sort.Search(step, func(i int) bool { return offset(at+1+int64(i)) != was }))
		w.changes, w.offsets = append(w.changes, change), append(w.offsets, is)
		// Days about a change are read minute by minute.
		for d := change/secondsADay - 2; d <= change/secondsADay+2; d++ {
			w.odd[school.Day(d)] = nil
		}
	}
	return w
}

// at is the first minute at which the wall clock shows the civil minute, or where it jumps over it the first minute after.
func (w *wall) at(d *civilDay, minute int) int64 {
	if _, odd := w.odd[d.n]; !odd {
		local := int64(d.n)*secondsADay + int64(minute)*60
		i := sort.Search(len(w.changes), func(i int) bool { return w.changes[i]+int64(w.offsets[i]) > local })
		return local - int64(w.offsets[i])
	}
	if w.odd[d.n] == nil {
		w.odd[d.n] = w.minutes(d)
	}
	return w.odd[d.n][minute]
}

// minutes reads a whole day off the wall clock: for each of its minutes the instant.
func (w *wall) minutes(d *civilDay) []int64 {
	out := make([]int64, 0, 24*60)
	want := d.year*10000 + d.month*100 + d.day
	for at := (int64(d.n) - 1) * secondsADay; len(out) < 24*60; at += 60 {
		t := time.Unix(at, 0).In(w.zone)
		y, m, day := t.Date()
		shown := y*10000 + int(m)*100 + day
		for len(out) < 24*60 && (shown > want || shown == want && t.Hour()*60+t.Minute() >= len(out)) {
			out = append(out, at)
		}
	}
	return out
}
