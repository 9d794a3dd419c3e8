package webbot

import (
	"strings"
	"testing"
	"time"
)

func TestWhen(t *testing.T) {
	now := toyStart // Thursday, October 15, 2026, 10:02 AM
	for typed, want := range map[string]string{
		"fri 3pm":              "2026-10-16 15:00 CDT",
		"Friday at 3:30 p.m.":  "2026-10-16 15:30 CDT",
		"3pm":                  "2026-10-15 15:00 CDT",
		"9:30":                 "2026-10-16 09:30 CDT", // today's has passed
		"16:45":                "2026-10-15 16:45 CDT",
		"noon":                 "2026-10-15 12:00 CDT",
		"fri":                  "2026-10-16 07:00 CDT",
		"sat 3pm":              "2026-10-17 15:00 CDT",
		"thu 9am":              "2026-10-22 09:00 CDT", // this morning's has passed
		"thu 3pm":              "2026-10-15 15:00 CDT",
		"next thursday":        "2026-10-22 07:00 CDT",
		"next week":            "2026-10-19 07:00 CDT",
		"tomorrow 8:30am":      "2026-10-16 08:30 CDT",
		"3pm tomorrow":         "2026-10-16 15:00 CDT",
		"today 15:00":          "2026-10-15 15:00 CDT",
		"2026-10-16 12:00":     "2026-10-16 12:00 CDT",
		"2026-10-16T12:00":     "2026-10-16 12:00 CDT",
		"2026-10-16T12:00:00Z": "2026-10-16 07:00 CDT",
		"2026-12-01":           "2026-12-01 07:00 CST",
		"10/30 noon":           "2026-10-30 12:00 CDT",
		"10/30/2026 1pm":       "2026-10-30 13:00 CDT",
		"1/5":                  "2027-01-05 07:00 CST", // the next such day
		"Oct 30, 3pm":          "2026-10-30 15:00 CDT",
		"august 20":            "2027-08-20 07:00 CDT",
		"november 3 2026 8am":  "2026-11-03 08:00 CST",
		"in 2 weeks":           "2026-10-29 10:02 CDT",
		"in 90 minutes":        "2026-10-15 11:32 CDT",
		"+2h":                  "2026-10-15 12:02 CDT",
		"in a day":             "2026-10-16 10:02 CDT",
		"12am":                 "2026-10-16 00:00 CDT",
		"2027-03-14 2:30":      "2027-03-14 03:00 CDT", // the clocks skip it
	} {
		got, err := when(typed, now)
		if err != nil {
			t.Errorf("%s: %v", typed, err)
		} else if s := got.Format("2006-01-02 15:04 MST"); s != want {
			t.Errorf("%s: got %s, want %s", typed, s, want)
		}
	}
	for typed, want := range map[string]string{
		"":                 "type a time",
		"soonish":          "no time I can read",
		"fri 25:00":        "no time I can read",
		"13pm":             "no time I can read",
		"2026-02-30":       "no time I can read",
		"13/40":            "no time I can read",
		"yesterday":        "no time I can read",
		"2026-10-15 9:00":  "only goes forward",
		"today 8am":        "only goes forward",
		"2029-01-01":       "more than a year",
		"<b>now</b>":       "no time I can read",
		"in 999 weeks":     "more than a year",
		"2026-10-15T10:02": "only goes forward",
	} {
		if got, err := when(typed, now); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, %v; want an error with %q", typed, got, err, want)
		}
	}
}

func FuzzWhen(f *testing.F) {
	f.Add("fri 3pm")
	f.Add("2026-10-16 12:00")
	f.Fuzz(func(t *testing.T, typed string) {
		got, err := when(typed, toyStart)
		if err == nil && (!got.After(toyStart) || got.After(toyStart.AddDate(1, 0, 1))) {
			t.Errorf("%q: %v", typed, got)
		}
	})
}

func TestStamp(t *testing.T) {
	got := stampOf(toyStart.Add(26 * time.Hour))
	if got.Time != "12:02 PM" || got.Day != "Friday, October 16" || got.Full != "Fri, Oct 16, 2026 · 12:02 PM CDT" {
		t.Errorf("%+v", got)
	}
}
