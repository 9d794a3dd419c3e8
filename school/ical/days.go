package ical

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"rounds/school"

	ics "github.com/arran4/golang-ical"
	"github.com/teambition/rrule-go"
)

// stamp is a date or a time of a calendar file as the civil day it falls on, with its seconds.
type stamp struct {
	day     school.Day
	second  int // of the day
	allDay  bool
	literal time.Time // the civil date and time, as if in UTC
}

// time reads a property that holds one date or time.
func (e *rawEvent) time(r *reader, name string, prop ics.ComponentProperty) (stamp, bool) {
	p := e.prop(prop)
	if p == nil {
		return stamp{}, false
	}
	s, err := r.stamp(p.Value)
	if err != nil {
		r.fail(e.lineOf(name), name, "%v", err)
		return stamp{}, false
	}
	return s, true
}

// stamp reads "20260907", "20260907T080000" or "20260907T130000Z". A floating time and one with a TZID mean the
// date as it is written, on the wall of that zone; a time in UTC means the date in the campus's zone.
func (r *reader) stamp(v string) (stamp, error) {
	v = strings.TrimSpace(v)
	var t time.Time
	var err error
	allDay := false
	switch {
	case len(v) == 8:
		t, err = time.Parse("20060102", v)
		allDay = true
	case strings.HasSuffix(v, "Z"):
		t, err = time.Parse("20060102T150405Z", v)
		if err == nil {
			l := t.In(r.o.Zone)
			t = time.Date(l.Year(), l.Month(), l.Day(), l.Hour(), l.Minute(), l.Second(), 0, time.UTC)
		}
	default:
		t, err = time.Parse("20060102T150405", v)
	}
	if err != nil || t.Year() < 1950 || t.Year() > 2150 {
		return stamp{}, fmt.Errorf("%q is not a date like 20260907 or a time like 20260907T080000", v)
	}
	return stamp{
		day: school.Date(t.Year(), t.Month(), t.Day()), second: t.Hour()*3600 + t.Minute()*60 + t.Second(),
		allDay: allDay, literal: t,
	}, nil
}

// spans are the days of the event, one span for each time it takes place.
func (r *reader) spans(e *rawEvent) ([]school.Span, bool) {
	start, ok := e.time(r, "DTSTART", ics.ComponentPropertyDtStart)
	if !ok {
		if e.prop(ics.ComponentPropertyDtStart) == nil {
			r.fail(e.line, "DTSTART", "the event has no beginning")
		}
		return nil, false
	}
	last := start.day
	if e.prop(ics.ComponentPropertyDtEnd) != nil {
		end, ok := e.time(r, "DTEND", ics.ComponentPropertyDtEnd)
		if !ok {
			return nil, false
		}
		last = end.day
		if end.allDay || end.second == 0 { // the end is exclusive
			last--
		}
	} else if d := e.text(ics.ComponentPropertyDuration); d != "" {
		n, ok := length(d)
		if !ok {
			r.fail(e.lineOf("DURATION"), "DURATION", "%q is not a length like P1D", d)
			return nil, false
		}
		last = start.day + school.Day(max(n, 1)) - 1
	}
	if last < start.day { // some programs write an end that is the beginning
		last = start.day
	}
	if last-start.day > 400 {
		r.fail(e.lineOf("DTEND"), "DTEND", "the event lasts %d days", last-start.day+1)
		return nil, false
	}
	starts, ok := r.starts(e, start)
	if !ok {
		return nil, false
	}
	out := make([]school.Span, 0, len(starts))
	for _, d := range starts {
		out = append(out, school.Span{From: d, To: d + last - start.day})
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
	more, ok := r.dates(e, "RDATE", ics.ComponentPropertyRdate)
	if !ok {
		return nil, false
	}
	out = append(out, more...)
	not, ok := r.dates(e, "EXDATE", ics.ComponentPropertyExdate)
	if !ok {
		return nil, false
	}
	if e.prop(ics.ComponentProperty(ics.PropertyRecurrenceId)) == nil {
		not = append(not, r.moved[e.text(ics.ComponentPropertyUniqueId)]...)
	}
	slices.Sort(out)
	out = slices.Compact(out)
	return slices.DeleteFunc(out, func(d school.Day) bool { return slices.Contains(not, d) }), true
}

func (r *reader) dates(e *rawEvent, name string, prop ics.ComponentProperty) (out []school.Day, ok bool) {
	for _, p := range e.event.GetProperties(prop) {
		for v := range strings.SplitSeq(p.Value, ",") {
			s, err := r.stamp(v)
			if err != nil {
				r.fail(e.lineOf(name), name, "%v", err)
				return nil, false
			}
			out = append(out, s.day)
		}
	}
	return out, true
}

// expand lists the days of a recurrence rule, up to the end of the school year.
func (r *reader) expand(rule string, start stamp) (out []school.Day, err error) {
	defer func() {
		if p := recover(); p != nil {
			out, err = nil, fmt.Errorf("%q is not a rule that can be followed", rule)
		}
	}()
	o, err := rrule.StrToROption(rule)
	if err != nil {
		return nil, fmt.Errorf("%q is not a rule that can be followed", rule)
	}
	// Days matter here, not hours; and rules that can never match would keep the library busy for long.
	o.Byhour, o.Byminute, o.Bysecond, o.Byeaster = nil, nil, nil, nil
	odd := len(o.Bymonthday)+len(o.Byyearday)+len(o.Byweekno)+len(o.Bysetpos) > 0
	if o.Freq > rrule.DAILY || o.Freq >= rrule.WEEKLY && odd {
		return nil, fmt.Errorf("%q is not a rule that can be followed; write the days as events of their own", rule)
	}
	o.Dtstart = start.literal.Truncate(24 * time.Hour)
	end := r.o.To
	if end == 0 {
		end = start.day + 800
	}
	until := end.At(0, time.UTC)
	if o.Until.IsZero() || o.Until.After(until) {
		o.Until = until
	}
	if until.Before(o.Dtstart) {
		return nil, nil
	}
	set, err := rrule.NewRRule(*o)
	if err != nil {
		return nil, fmt.Errorf("%q is not a rule that can be followed", rule)
	}
	next := set.Iterator()
	for t, ok := next(); ok && len(out) < 1000; t, ok = next() {
		// A series may be years old: what ended before this school year is not kept.
		if d := school.Date(t.Year(), t.Month(), t.Day()); r.o.From == 0 || d >= r.o.From-400 {
			out = append(out, d)
		}
	}
	return out, nil
}

// length reads a length like P1D, P2W or PT6H as the days it touches.
func length(s string) (int, bool) {
	s = strings.ToUpper(strings.TrimPrefix(s, "+"))
	rest, ok := strings.CutPrefix(s, "P")
	if !ok || rest == "" {
		return 0, false
	}
	date, _, _ := strings.Cut(rest, "T")
	n := 0
	for date != "" {
		i := strings.IndexAny(date, "WD")
		if i <= 0 || i > 4 {
			return 0, false
		}
		v := 0
		for _, c := range date[:i] {
			if c < '0' || c > '9' {
				return 0, false
			}
			v = 10*v + int(c-'0')
		}
		if date[i] == 'W' {
			v *= 7
		}
		n, date = n+v, date[i+1:]
	}
	return n, true
}
