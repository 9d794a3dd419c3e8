package webbot

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"rounds/bot"
)

// A day without a time means the morning, before school begins.
const morning = 7

var (
	clockTime = regexp.MustCompile(`(?:^| )(\d{1,2})(?::(\d{2}))?(?::\d{2})?\s*(am|pm|a\.m\.|p\.m\.)?$`)
	timeFirst = regexp.MustCompile(`^(\d{1,2}(?::\d{2})? ?(?:am|pm)|\d{1,2}:\d{2}) (?:on )?(.+)$`)
	isoT      = regexp.MustCompile(`^(\d{4}-\d{1,2}-\d{1,2})t(\d)`)
	isoDay    = regexp.MustCompile(`^(\d{4})-(\d{1,2})-(\d{1,2})$`)
	slashDay  = regexp.MustCompile(`^(\d{1,2})/(\d{1,2})(?:/(\d{4}))?$`)
	monthDay  = regexp.MustCompile(`^([a-z]{3,9})\.? (\d{1,2})(?:,? (\d{4}))?$`)
	inSome    = regexp.MustCompile(`^(?:in |\+ ?)(\d{1,3}|a|an|one|two|three) ?(m|min|mins|minutes?|h|hours?|d|days?|w|weeks?)$`)
)

// when reads what is typed beside "Jump to": "fri 3pm", "tomorrow 8:30", "10/30 noon",
// "2026-10-16 12:00", "in 2 hours". It reads in the zone of now, and returns only a time after now.
func when(typed string, now time.Time) (time.Time, error) {
	s := strings.Join(strings.Fields(strings.ToLower(typed)), " ")
	if s == "" {
		return time.Time{}, errors.New("type a time to jump to, such as fri 3pm or 2026-10-16 12:00")
	}
	if m := inSome.FindStringSubmatch(s); m != nil {
		return after(m[1], m[2], now)
	}
	if t, err := time.Parse(time.RFC3339, strings.ToUpper(strings.TrimSpace(typed))); err == nil {
		return future(t.In(now.Location()), now)
	}
	s = strings.NewReplacer(" at ", " ", "noon", "12:00pm", "midnight", "12:00am").Replace(s)
	s = isoT.ReplaceAllString(s, "$1 $2")
	s = timeFirst.ReplaceAllString(s, "$2 $1")
	day, hour, minute, timed := s, morning, 0, false
	if loc := clockTime.FindStringSubmatchIndex(s); loc != nil {
		m := clockTime.FindStringSubmatch(s)
		// A bare number is a time only with am or pm or minutes: "oct 16" is a day.
		if m[2] != "" || m[3] != "" {
			var ok bool
			if hour, minute, ok = readClockTime(m[1], m[2], m[3]); !ok {
				return time.Time{}, unreadable(typed)
			}
			day, timed = strings.TrimRight(s[:loc[0]], " ,"), true
		}
	}
	if day == "" && timed {
		t := civil(now.Year(), now.Month(), now.Day(), hour, minute, now.Location())
		if !t.After(now) {
			t = civil(now.Year(), now.Month(), now.Day()+1, hour, minute, now.Location())
		}
		return t, nil
	}
	y, m, d, weekday, ok := readDay(strings.TrimSuffix(day, ","), now)
	if !ok {
		return time.Time{}, unreadable(typed)
	}
	t := civil(y, m, d, hour, minute, now.Location())
	if weekday && !t.After(now) { // "thu 9am" on a Thursday at ten is the next one
		t = civil(y, m, d+7, hour, minute, now.Location())
	}
	return future(t, now)
}

func unreadable(typed string) error {
	return fmt.Errorf("“%s” is no time I can read: try fri 3pm, tomorrow 8:30am, 10/30 noon or 2026-10-16 12:00", firstWords(typed, 40))
}

func future(t, now time.Time) (time.Time, error) {
	if !t.After(now) {
		return time.Time{}, fmt.Errorf("demo time only goes forward: %s is not after now (%s)",
			t.Format("Mon, Jan 2, 2006 3:04 PM"), now.Format("Mon, Jan 2, 2006 3:04 PM MST"))
	}
	if t.After(now.AddDate(1, 0, 0)) {
		return time.Time{}, fmt.Errorf("%s is more than a year ahead: jump a shorter way", t.Format("Jan 2, 2006"))
	}
	return t, nil
}

// civil is a wall time; one that the clocks skip in spring becomes the first minute after the gap.
func civil(y int, m time.Month, d, hour, minute int, loc *time.Location) time.Time {
	t := time.Date(y, m, d, hour, minute, 0, 0, loc)
	if t.Hour() == hour && t.Minute() == minute {
		return t
	}
	start, end := t.ZoneBounds()
	if before := t.Sub(start); !start.IsZero() && (end.IsZero() || before < end.Sub(t)) {
		return start
	}
	return end
}

func after(count, unit string, now time.Time) (time.Time, error) {
	n, err := strconv.Atoi(count)
	if err != nil {
		n = map[string]int{"a": 1, "an": 1, "one": 1, "two": 2, "three": 3}[count]
	}
	var t time.Time
	switch unit[0] {
	case 'm':
		t = now.Add(time.Duration(n) * time.Minute)
	case 'h':
		t = now.Add(time.Duration(n) * time.Hour)
	case 'd':
		t = now.AddDate(0, 0, n)
	default:
		t = now.AddDate(0, 0, 7*n)
	}
	return future(t, now)
}

func readClockTime(h, m, half string) (hour, minute int, ok bool) {
	hour, _ = strconv.Atoi(h)
	minute, _ = strconv.Atoi(m)
	switch {
	case half == "":
		ok = hour < 24
	case hour < 1 || hour > 12:
		return 0, 0, false
	case strings.HasPrefix(half, "p"):
		hour, ok = hour%12+12, true
	default:
		hour, ok = hour%12, true
	}
	return hour, minute, ok && minute < 60
}

// readDay reads a day. One without a year is the next such day; a day of the week, today or
// after, and weekday says so.
func readDay(s string, now time.Time) (y int, m time.Month, d int, weekday, ok bool) {
	switch s {
	case "today":
		return now.Year(), now.Month(), now.Day(), false, true
	case "tomorrow", "tmrw":
		return now.Year(), now.Month(), now.Day() + 1, false, true
	}
	extra := 0
	name := strings.TrimPrefix(s, "on ")
	if n, next := strings.CutPrefix(name, "next "); next {
		if n == "week" {
			n = "monday"
		}
		name = n
		extra = 1
	}
	for w := time.Sunday; w <= time.Saturday; w++ {
		full := strings.ToLower(w.String())
		if len(name) >= 3 && strings.HasPrefix(full, name) || name == full[:3]+"s" {
			ahead := (int(w) - int(now.Weekday()) + 7) % 7
			if extra > 0 && ahead == 0 {
				ahead = 7
			}
			return now.Year(), now.Month(), now.Day() + ahead, true, true
		}
	}
	if p := isoDay.FindStringSubmatch(s); p != nil {
		return checked(atoi(p[1]), atoi(p[2]), atoi(p[3]))
	}
	month, dayOf, year := 0, 0, ""
	if p := slashDay.FindStringSubmatch(s); p != nil {
		month, dayOf, year = atoi(p[1]), atoi(p[2]), p[3]
	} else if p := monthDay.FindStringSubmatch(s); p != nil {
		for i := time.January; i <= time.December; i++ {
			if strings.HasPrefix(strings.ToLower(i.String()), p[1]) {
				month = int(i)
			}
		}
		dayOf, year = atoi(p[2]), p[3]
	}
	if year != "" {
		return checked(atoi(year), month, dayOf)
	}
	y = now.Year()
	if month < int(now.Month()) || month == int(now.Month()) && dayOf < now.Day() {
		y++
	}
	return checked(y, month, dayOf)
}

func checked(y, m, d int) (int, time.Month, int, bool, bool) {
	t := time.Date(y, time.Month(m), d, 12, 0, 0, 0, time.UTC)
	return y, time.Month(m), d, false, m >= 1 && m <= 12 && t.Day() == d && d > 0
}

func atoi(s string) int { n, _ := strconv.Atoi(s); return n }

// asError finds the sentence for the person in an error, or nil.
func asError(err error) *bot.Error {
	if e, ok := errors.AsType[*bot.Error](err); ok {
		return e
	}
	return nil
}
