package handlers

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"rounds/school"
)

// A lean says which of several readings of a date is meant: "fri" in on: is the last one, in by: the next.
type lean int

const (
	past lean = iota
	future
)

var weekdays = map[string]time.Weekday{
	"sun": 0, "sunday": 0, "mon": 1, "monday": 1, "tue": 2, "tues": 2, "tuesday": 2, "wed": 3, "weds": 3, "wednesday": 3,
	"thu": 4, "thur": 4, "thurs": 4, "thursday": 4, "fri": 5, "friday": 5, "sat": 6, "saturday": 6,
}

var months = map[string]time.Month{
	"jan": 1, "january": 1, "feb": 2, "february": 2, "mar": 3, "march": 3, "apr": 4, "april": 4, "may": 5, "jun": 6, "june": 6,
	"jul": 7, "july": 7, "aug": 8, "august": 8, "sep": 9, "sept": 9, "september": 9, "oct": 10, "october": 10, "nov": 11, "november": 11, "dec": 12, "december": 12,
}

// parseDate reads a date as busy people type it, relative to today: "fri", "yesterday", "next tue", "last
// mon", "10/30", "10/30/26", "oct 30", "2026-10-30", "in 2 weeks", "3 days ago".
func parseDate(typed string, today school.Day, l lean) (school.Day, error) {
	s := strings.ToLower(strings.Join(strings.Fields(strings.Trim(strings.TrimSpace(typed), ".,“”\"'")), " "))
	if d, err := school.ParseDay(s); err == nil && len(s) == 10 {
		return d, nil
	}
	switch s {
	case "":
		return 0, fmt.Errorf("no date")
	case "today", "now", "tonight":
		return today, nil
	case "yesterday", "yday":
		return today - 1, nil
	case "tomorrow", "tmrw", "tomorow":
		return today + 1, nil
	case "next week":
		return today + 7, nil
	case "last week":
		return today - 7, nil
	}
	f := strings.Fields(s)
	if wd, ok := weekdays[f[len(f)-1]]; ok && len(f) <= 2 {
		return onWeekday(f, wd, today, l)
	}
	if d, ok := relative(f, today); ok {
		return d, nil
	}
	if d, ok := monthDay(s, f, today, l); ok {
		return d, nil
	}
	return 0, fmt.Errorf("I cannot read “%s” as a date. Try fri, yesterday, 10/30 or 2026-10-30", short(typed))
}

// onWeekday: "fri" is today when today is Friday; "this fri" lies in this week; "next tue" is the Tuesday of
// next week; "last mon" the Monday before today.
func onWeekday(f []string, wd time.Weekday, today school.Day, l lean) (school.Day, error) {
	ahead := school.Day((int(wd) - int(today.Weekday()) + 7) % 7)
	if len(f) == 1 {
		if l == past && ahead > 0 {
			return today + ahead - 7, nil
		}
		return today + ahead, nil
	}
	inWeek := today.Monday() + school.Day((int(wd)+6)%7)
	switch f[0] {
	case "next":
		return inWeek + 7, nil
	case "last":
		if inWeek < today {
			return inWeek, nil
		}
		return inWeek - 7, nil
	case "this", "on", "by":
		return inWeek, nil
	}
	return 0, fmt.Errorf("I cannot read “%s” as a date", short(strings.Join(f, " ")))
}

// relative: "in 2 weeks", "2 weeks ago", "in a week", "in 10 days".
func relative(f []string, today school.Day) (school.Day, bool) {
	sign := school.Day(0)
	if len(f) == 3 && f[0] == "in" {
		sign, f = 1, f[1:]
	} else if len(f) == 3 && f[2] == "ago" {
		sign, f = -1, f[:2]
	}
	if sign == 0 || len(f) != 2 {
		return 0, false
	}
	n, err := strconv.Atoi(f[0])
	switch f[0] {
	case "a", "one":
		n, err = 1, nil
	case "two":
		n, err = 2, nil
	}
	if err != nil || n < 0 || n > 400 {
		return 0, false
	}
	switch strings.TrimSuffix(f[1], "s") {
	case "day":
		return today + sign*school.Day(n), true
	case "week", "wk":
		return today + sign*school.Day(7*n), true
	case "month":
		if n > 24 {
			return 0, false
		}
		return addMonths(today, int(sign)*n), true
	}
	return 0, false
}

// addMonths is the same date n months on, or the last day of a month that is too short for it.
func addMonths(d school.Day, n int) school.Day {
	y, m, day := d.Civil()
	first := school.Date(y, m+time.Month(n), 1)
	last := school.Date(y, m+time.Month(n)+1, 1) - 1
	return min(first+school.Day(day-1), last)
}

// monthDay: "10/30", "10/30/26", "10-30", "oct 30", "30 oct 2026".
func monthDay(s string, f []string, today school.Day, l lean) (school.Day, bool) {
	var mon, day, year int
	if parts := strings.FieldsFunc(s, func(r rune) bool { return r == '/' || r == '-' || r == '.' }); len(f) == 1 && (len(parts) == 2 || len(parts) == 3) {
		var err1, err2, err3 error
		mon, err1 = strconv.Atoi(parts[0])
		day, err2 = strconv.Atoi(parts[1])
		if len(parts) == 3 {
			year, err3 = strconv.Atoi(parts[2])
		}
		if err1 != nil || err2 != nil || err3 != nil {
			return 0, false
		}
	} else if len(f) == 2 || len(f) == 3 {
		a, b := strings.TrimRight(f[0], ",."), strings.TrimRight(f[1], ",.")
		if _, ok := months[b]; ok {
			a, b = b, a
		}
		m, ok := months[a]
		n, err := strconv.Atoi(strings.TrimRight(b, "stndrh"))
		if !ok || err != nil {
			return 0, false
		}
		mon, day = int(m), n
		if len(f) == 3 {
			if year, err = strconv.Atoi(f[2]); err != nil {
				return 0, false
			}
		}
	} else {
		return 0, false
	}
	if year > 0 && year < 100 {
		year += 2000
	}
	ty, _, _ := today.Civil()
	guess := year == 0
	if guess {
		year = ty
	}
	d := school.Date(year, time.Month(mon), day)
	if y, m, dd := d.Civil(); y != year || int(m) != mon || dd != day || year < 2000 || year > 2100 {
		return 0, false // 2/30 is no date
	}
	// Without a year the nearest one that the lean allows is meant, half a year of slack either way.
	if guess && l == future && d < today-180 {
		d = school.Date(year+1, time.Month(mon), day)
	}
	if guess && l == past && d > today+180 {
		d = school.Date(year-1, time.Month(mon), day)
	}
	return d, true
}

// checkBack is when a step is looked at again if nobody says: the last school day of a week, some two to eight
// days ahead, so that there is time to practice; without one the next school day after that.
func checkBack(cal *school.Calendar, today school.Day) school.Day {
	var best school.Day
	for d := today + 2; d <= today+8; d++ {
		if _, last, ok := cal.WeekEdges(d); ok && last == d {
			best = d
		}
	}
	if best == 0 {
		best, _ = cal.NextSchoolDay(today + 7)
	}
	return best
}
