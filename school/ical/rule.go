package ical

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"rounds/school"

	"github.com/teambition/rrule-go"
)

// expand lists the days of a recurrence rule, up to the end of the school year. The rule is followed on the wall on which the
// event was written (BYDAY=TH of an event in UTC is a Thursday there), and its days are then those at the campus.
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
	// Days matter here, not hours.
	o.Byhour, o.Byminute, o.Bysecond, o.Byeaster = nil, nil, nil, nil
	if !followed(o) {
		return nil, fmt.Errorf("%q is not a rule that can be followed; write the days as events of their own", rule)
	}
	o.Dtstart = start.written
	end := r.o.To
	if end == 0 {
		end = start.day + 800
	}
	until := (end + 2).At(0, time.UTC)
	if u, ok := r.until(rule, start); ok && u.Before(until) {
		until = u
	}
	o.Until = until
	if until.Before(o.Dtstart) {
		return nil, nil
	}
	set, err := rrule.NewRRule(*o)
	if err != nil {
		return nil, fmt.Errorf("%q is not a rule that can be followed", rule)
	}
	shift := start.day - dayOf(start.written)
	next := set.Iterator()
	for t, ok := next(); ok && len(out) < 1000; t, ok = next() {
		// A series may be years old: what ended before this school year is not kept.
		if d := dayOf(t) + shift; (r.o.From == 0 || d >= r.o.From-400) && d <= end {
			out = append(out, d)
		}
	}
	return out, nil
}

// until reads the end of a rule on the wall on which the event was written. A date takes the whole of that day in, and so it does
// where a program writes it as midnight or the last second of a day for an event of whole days; another time in UTC is the instant
// it says: Google ends a series in Chicago at 05:59:59 of the next day.
func (r *reader) until(rule string, start stamp) (time.Time, bool) {
	for part := range strings.SplitSeq(rule, ";") {
		name, v, _ := strings.Cut(part, "=")
		if !strings.EqualFold(strings.TrimSpace(name), "UNTIL") {
			continue
		}
		v = strings.TrimSpace(v)
		if len(v) < 8 {
			return time.Time{}, false
		}
		day, err := time.Parse("20060102", v[:8])
		if err != nil {
			return time.Time{}, false
		}
		whole := day.Add(24*time.Hour - time.Second)
		clock := strings.TrimSuffix(v[8:], "Z")
		if clock == "" || start.allDay && (clock == "T000000" || clock == "T235959") {
			return whole, true
		}
		t, err := time.Parse("20060102T150405", v[:8]+clock)
		if err != nil {
			return time.Time{}, false
		}
		if strings.HasSuffix(v, "Z") {
			t = civil(t.In(start.zone))
		}
		return t, true
	}
	return time.Time{}, false
}

// followed tells whether a rule is of the forms that calendar programs write for days. Of the others some can never match, and
// would keep the library busy up to the year 9999.
func followed(o *rrule.ROption) bool {
	monthly := o.Freq == rrule.MONTHLY || o.Freq == rrule.YEARLY && len(o.Bymonth) > 0
	days, places := o.Bymonthday, o.Bysetpos
	nth := func(w rrule.Weekday) bool { return w.N() != 0 }
	switch {
	case o.Freq > rrule.DAILY || len(o.Byyearday)+len(o.Byweekno) > 0:
		return false
	case o.Freq == rrule.DAILY: // each day, or the days of some months
		return len(places)+len(days) == 0
	case len(days)+len(places) == 0: // the weekdays of a week, the nth weekday of a month; no month has a sixth Monday
		return o.Freq == rrule.WEEKLY || !slices.ContainsFunc(o.Byweekday, func(w rrule.Weekday) bool { return monthly && (w.N() > 5 || w.N() < -5) })
	case !monthly || len(days) > 0 && len(places) > 0:
		return false
	case len(places) > 0: // Outlook's second Wednesday: BYDAY=WE;BYSETPOS=2
		return len(o.Byweekday) > 0 && !slices.ContainsFunc(o.Byweekday, nth) &&
			!slices.ContainsFunc(places, func(p int) bool { return p < -4 || p > 4 })
	}
	// The 31st comes only where more than one month is asked for.
	return (len(o.Byweekday) == 0 || len(o.Bymonth) == 0) && !slices.ContainsFunc(o.Byweekday, nth) && !slices.ContainsFunc(days, func(d int) bool {
		return (d > 28 || d < -28) && (len(o.Bymonth) > 0 || o.Interval%12 == 0 && o.Interval > 0)
	})
}
