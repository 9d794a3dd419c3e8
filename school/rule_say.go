package school

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Words says when a rule goes out: "last school day of the week, 2:30 PM".
func (r Rule) Words() string {
	at := ", " + r.Time.Kitchen()
	switch {
	case r.Off:
		return "off"
	case r.Cron != "":
		return "cron " + r.Cron
	case r.On == FirstSchoolDay || r.On == LastSchoolDay:
		return string(r.On) + " of the week" + at
	case r.On == Midweek:
		return "school day nearest to Wednesday" + at
	case r.On == OnDays && r.Every > 1:
		s := fmt.Sprintf("every %d weeks on %s%s", r.Every, weekdayWords(r.Days), at)
		if r.Anchor != 0 {
			s += ", counted from " + r.Anchor.String()
		}
		return s
	case r.On == OnDays:
		return weekdayWords(r.Days) + at
	case r.On == NthWeekday:
		var nth []string
		for _, n := range distinct(r.Nth) {
			if n == Last {
				nth = append(nth, "last")
			} else if n >= 1 && n <= len(ordinals) {
				nth = append(nth, ordinals[n-1])
			}
		}
		return inARow(nth) + " " + weekdayWords(r.Days) + " of the month" + at
	case r.On == MonthDays:
		var dates []string
		for _, n := range distinct(r.Dates) {
			if n == Last {
				dates = append(dates, "the last day")
			} else {
				dates = append(dates, "the "+ordinal(n))
			}
		}
		return inARow(dates) + " of the month" + at
	}
	return string(r.On) + at
}

// weekdayWords are weekdays from Monday on: "Mon and Thu".
func weekdayWords(days []int) string {
	var out []string
	for i := range 7 {
		if d := (i + 1) % 7; contains(days, d) {
			out = append(out, time.Weekday(d).String()[:3])
		}
	}
	return inARow(out)
}

func inARow(s []string) string {
	if n := len(s); n > 1 {
		return strings.Join(s[:n-1], ", ") + " and " + s[n-1]
	}
	return strings.Join(s, "")
}

func ordinal(n int) string {
	end := "th"
	if n/10 != 1 {
		switch n % 10 {
		case 1:
			end = "st"
		case 2:
			end = "nd"
		case 3:
			end = "rd"
		}
	}
	return strconv.Itoa(n) + end
}
