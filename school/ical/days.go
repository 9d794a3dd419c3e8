package ical

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"rounds/school"

	ics "github.com/arran4/golang-ical"
)

// stamp is a date or a time of a calendar file and the civil day at the campus on which it falls.
type stamp struct {
	day     school.Day
	second  int // of the day, at the campus
	allDay  bool
	written time.Time      // the date and time as they are written, as if in UTC
	zone    *time.Location // of the wall on which it is written
}

func dayOf(t time.Time) school.Day { return school.Date(t.Year(), t.Month(), t.Day()) }

// civil is the date and time that a clock shows, as if in UTC.
func civil(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
}

// time reads a property that holds one date or time.
func (e *rawEvent) time(r *reader, name string, prop ics.ComponentProperty) (stamp, bool) {
	p := e.prop(prop)
	if p == nil {
		return stamp{}, false
	}
	s, err := r.stamp(p.Value, param(p, "TZID"), param(p, "VALUE"))
	if err != nil {
		r.fail(e.lineOf(name), name, "%v", err)
		return stamp{}, false
	}
	return s, true
}

// param is a parameter of a property, "" when it has none.
func param(p *ics.IANAProperty, name string) string {
	for k, v := range p.ICalParameters {
		if strings.EqualFold(k, name) && len(v) > 0 {
			return v[0]
		}
	}
	return ""
}

// stamp reads "20260907", "20260907T080000" or "20260907T130000Z". A floating time, and one in a zone that nobody knows, means
// the date as it is written; a time in UTC or in a known zone means the date that the campus has then.
func (r *reader) stamp(v, tzid, kind string) (stamp, error) {
	v = strings.TrimSpace(v)
	s := stamp{zone: r.o.Zone}
	var err error
	switch {
	case len(v) == 8:
		s.written, err = time.Parse("20060102", v)
		s.allDay = true
	case strings.HasSuffix(v, "Z"):
		s.written, err = time.Parse("20060102T150405Z", v)
		s.zone = time.UTC
	default:
		s.written, err = time.Parse("20060102T150405", v)
		s.allDay = strings.EqualFold(kind, "DATE") // a date written as its midnight
	}
	if err != nil || s.written.Year() < 1950 || s.written.Year() > 2150 {
		return stamp{}, fmt.Errorf("%q is not a date like 20260907 or a time like 20260907T080000", v)
	}
	here := s.written
	if !s.allDay {
		if l := r.zone(tzid, s.written); l != nil && s.zone != time.UTC {
			s.zone = l
		}
		here = civil(time.Date(here.Year(), here.Month(), here.Day(), here.Hour(), here.Minute(), here.Second(), 0, s.zone).In(r.o.Zone))
	}
	s.day, s.second = dayOf(here), here.Hour()*3600+here.Minute()*60+here.Second()
	return s, nil
}

// whole makes a stamp the day that is written.
func (s stamp) whole() stamp {
	s.allDay, s.day, s.second = true, dayOf(s.written), 0
	s.written = s.written.Truncate(24 * time.Hour)
	return s
}

func (s stamp) midnight() bool { return s.written.Equal(s.written.Truncate(24 * time.Hour)) }

// length is the event's first time: where it begins, and the last second that it takes.
type length struct {
	start  stamp
	last   school.Day
	second int  // of the last day, when the event has hours
	hours  bool // the event has hours, not whole days
}

// length reads the beginning and the end of an event. The end is exclusive, may be given as a length, and may be missing or be
// the beginning itself, which means one day.
func (r *reader) length(e *rawEvent) (length, bool) {
	start, ok := e.time(r, "DTSTART", ics.ComponentPropertyDtStart)
	if !ok {
		if e.prop(ics.ComponentPropertyDtStart) == nil {
			r.fail(e.line, "DTSTART", "the event has no beginning")
		}
		return length{}, false
	}
	end := start
	if e.prop(ics.ComponentPropertyDtEnd) != nil {
		if end, ok = e.time(r, "DTEND", ics.ComponentPropertyDtEnd); !ok {
			return length{}, false
		}
		// From midnight to midnight is what a program without dates makes of whole days, also one that thinks in UTC or
		// stands in another zone.
		if !start.allDay && !end.allDay && start.midnight() && end.midnight() && end.written.After(start.written) {
			start, end = start.whole(), end.whole()
		}
	} else if d := e.text(ics.ComponentPropertyDuration); d != "" {
		n, ok := duration(d)
		if !ok {
			r.fail(e.lineOf("DURATION"), "DURATION", "%q is not a length like P1D", d)
			return length{}, false
		}
		secs := start.second + n
		end.day, end.second = start.day+school.Day(secs/86400), secs%86400
	}
	l := length{start: start, last: end.day, second: end.second, hours: !start.allDay}
	if end.day > start.day && end.second == 0 {
		l.last, l.second = end.day-1, 86400
	}
	if l.last < start.day { // some programs write an end that is before the beginning
		l.last, l.second = start.day, start.second
	}
	if l.last-start.day > maxDays {
		r.fail(e.lineOf("DTEND"), "DTEND", "the event lasts %d days", l.last-start.day+1)
		return length{}, false
	}
	return l, true
}

// maxDays is more than any school year.
const maxDays = 400

// spans are the days of the event, one span for each time it takes place.
func (r *reader) spans(e *rawEvent, l length) ([]school.Span, bool) {
	starts, ok := r.starts(e, l.start)
	if !ok {
		return nil, false
	}
	out := make([]school.Span, 0, len(starts))
	for _, d := range starts {
		out = append(out, school.Span{From: d, To: d + l.last - l.start.day})
	}
	return out, true
}

// starts are the days on which the event begins: one, or those of its rule.
func (r *reader) starts(e *rawEvent, start stamp) ([]school.Day, bool) {
	var out []school.Day
	rules := e.event.GetProperties(ics.ComponentPropertyRrule)
	if len(rules) == 0 {
		out = append(out, start.day)
	}
	for _, p := range rules {
		days, err := r.expand(p.Value, start)
		if err != nil {
			r.fail(e.lineOf("RRULE"), "RRULE", "%v", err)
			return nil, false
		}
		out = append(out, days...)
	}
	more, ok := r.dates(e, "RDATE", ics.ComponentPropertyRdate, start.allDay)
	if !ok {
		return nil, false
	}
	out = append(out, more...)
	not, ok := r.dates(e, "EXDATE", ics.ComponentPropertyExdate, start.allDay)
	if !ok {
		return nil, false
	}
	if !e.moved() {
		for _, s := range r.moved[e.uid()] {
			not = append(not, s.on(start.allDay))
		}
	}
	slices.Sort(out)
	out = slices.Compact(out)
	return slices.DeleteFunc(out, func(d school.Day) bool { return slices.Contains(not, d) }), true
}

// on is the day of a stamp in a series: as it is written where the series is one of whole days.
func (s stamp) on(allDay bool) school.Day {
	if allDay {
		return dayOf(s.written)
	}
	return s.day
}

func (r *reader) dates(e *rawEvent, name string, prop ics.ComponentProperty, allDay bool) (out []school.Day, ok bool) {
	for _, p := range e.event.GetProperties(prop) {
		for v := range strings.SplitSeq(p.Value, ",") {
			v, _, _ = strings.Cut(v, "/") // a period: when it begins is enough
			s, err := r.stamp(v, param(p, "TZID"), param(p, "VALUE"))
			if err != nil {
				r.fail(e.lineOf(name), name, "%v", err)
				return nil, false
			}
			out = append(out, s.on(allDay))
		}
	}
	return out, true
}

// duration reads a length like P1D, P2W or PT6H30M as seconds.
func duration(s string) (int, bool) {
	rest, ok := strings.CutPrefix(strings.ToUpper(strings.TrimPrefix(s, "+")), "P")
	if !ok || rest == "" {
		return 0, false
	}
	n, v, digits, clock := 0, 0, 0, false
	for _, c := range rest {
		unit := 0
		switch {
		case c >= '0' && c <= '9' && digits < 6:
			v, digits = 10*v+int(c-'0'), digits+1
			continue
		case c == 'T' && !clock && digits == 0:
			clock = true
			continue
		case c == 'W' && !clock:
			unit = 7 * 86400
		case c == 'D' && !clock:
			unit = 86400
		case c == 'H' && clock:
			unit = 3600
		case c == 'M' && clock:
			unit = 60
		case c == 'S' && clock:
			unit = 1
		}
		if unit == 0 || digits == 0 {
			return 0, false
		}
		n, v, digits = min(n+v*unit, 1000*86400), 0, 0 // more is too long whatever it is
	}
	return n, digits == 0
}
