package school

import (
	"fmt"
	"time"
)

// Day is a civil date, counted in days from 1970-01-01. It has no zone: a visit's day is the
// date on the wall of its campus. The zero Day means "no day"; no school date is that old.
type Day int32

// Date makes a Day; values out of range roll over as in time.Date.
func Date(year int, month time.Month, day int) Day {
	return Day(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// DayOf is the civil date at an instant in a zone.
func DayOf(t time.Time, zone *time.Location) Day {
	y, m, d := t.In(zone).Date()
	return Date(y, m, d)
}

// ParseDay reads "2026-10-30".
func ParseDay(s string) (Day, error) {
	t, err := time.Parse("2006-01-02", s)
	if err != nil {
		return 0, fmt.Errorf("%q is not a date like 2026-10-30", s)
	}
	return Day(t.Unix() / 86400), nil
}

func (d Day) utc() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// String is "2026-10-30", or "" for no day.
func (d Day) String() string {
	if d == 0 {
		return ""
	}
	return d.utc().Format("2006-01-02")
}

// Short is "Fri, Oct 30".
func (d Day) Short() string { return d.utc().Format("Mon, Jan 2") }

// Weekday is the day of the week.
func (d Day) Weekday() time.Weekday { return time.Weekday((int(d)%7 + 7 + 4) % 7) }

// Monday is the Monday of the day's week; weeks run Monday to Sunday.
func (d Day) Monday() Day { return d - Day((int(d.Weekday())+6)%7) }

// Civil is the year, month and day of the date.
func (d Day) Civil() (int, time.Month, int) { return d.utc().Date() }

// MarshalText writes "2026-10-30".
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads "2026-10-30", or "" as no day.
func (d *Day) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = 0
		return nil
	}
	v, err := ParseDay(string(b))
	if err == nil {
		*d = v
	}
	return err
}

// Clock is a time of day in minutes after midnight.
type Clock int16

// ParseClock reads "15:30".
func ParseClock(s string) (Clock, error) {
	t, err := time.Parse("15:04", s)
	if err != nil {
		return 0, fmt.Errorf("%q is not a time of day like 15:30", s)
	}
	return Clock(t.Hour()*60 + t.Minute()), nil
}

// String is "15:30".
func (c Clock) String() string { return fmt.Sprintf("%02d:%02d", c/60, c%60) }

// Kitchen is "3:30 PM".
func (c Clock) Kitchen() string {
	return time.Date(2000, 1, 1, int(c/60), int(c%60), 0, 0, time.UTC).Format("3:04 PM")
}

// MarshalText writes "15:30".
func (c Clock) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads "15:30".
func (c *Clock) UnmarshalText(b []byte) error {
	v, err := ParseClock(string(b))
	if err == nil {
		*c = v
	}
	return err
}

// At is the instant of a wall-clock time on a civil day. In the hour that spring skips it is
// the first valid minute after the gap; in the hour that autumn repeats, the first pass.
// time.Date alone would go an hour back in the gap and leaves the overlap to chance.
func (d Day) At(c Clock, zone *time.Location) time.Time {
	y, m, day := d.Civil()
	t := time.Date(y, m, day, int(c/60), int(c%60), 0, 0, zone)
	if h, mi, _ := t.Clock(); h*60+mi == int(c) && DayOf(t, zone) == d {
		// The overlap: an earlier instant may show the same wall time. Offsets change by at
		// most 2 h in any zone that schools live in.
		for back := 30 * time.Minute; back <= 2*time.Hour; back += 30 * time.Minute {
			e := t.Add(-back)
			if h, mi, _ := e.Clock(); h*60+mi == int(c) && DayOf(e, zone) == d {
				return e
			}
		}
		return t
	}
	// The gap: walk minutes from before it until the wall clock passes the wanted time.
	t = time.Date(y, m, day, int(c/60), int(c%60), 0, 0, time.UTC).Add(-15 * time.Hour).In(zone)
	for range 31 * 60 {
		h, mi, _ := t.Clock()
		if n := DayOf(t, zone); n > d || n == d && h*60+mi >= int(c) {
			return t
		}
		t = t.Add(time.Minute)
	}
	return t
}
