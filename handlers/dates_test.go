package handlers

import (
	"strings"
	"testing"
	"time"

	"rounds/school"
)

func TestParseDate(t *testing.T) {
	today := school.Date(2026, time.October, 15) // a Thursday
	for _, tc := range []struct {
		typed, past, future string // "" means: no date
	}{
		{"today", "2026-10-15", "2026-10-15"},
		{"Yesterday", "2026-10-14", "2026-10-14"},
		{" tomorrow. ", "2026-10-16", "2026-10-16"},
		{"fri", "2026-10-09", "2026-10-16"},
		{"Friday,", "2026-10-09", "2026-10-16"},
		{"thu", "2026-10-15", "2026-10-15"},
		{"wed", "2026-10-14", "2026-10-21"},
		{"next tue", "2026-10-20", "2026-10-20"},
		{"next fri", "2026-10-23", "2026-10-23"},
		{"last mon", "2026-10-12", "2026-10-12"},
		{"last fri", "2026-10-09", "2026-10-09"},
		{"this fri", "2026-10-16", "2026-10-16"},
		{"this mon", "2026-10-12", "2026-10-12"},
		{"10/30", "2026-10-30", "2026-10-30"},
		{"1/8", "2026-01-08", "2027-01-08"},
		{"8/17", "2026-08-17", "2026-08-17"},
		{"12/1", "2026-12-01", "2026-12-01"},
		{"6/1", "2026-06-01", "2026-06-01"},
		{"10/30/26", "2026-10-30", "2026-10-30"},
		{"10-30-2026", "2026-10-30", "2026-10-30"},
		{"2026-10-30", "2026-10-30", "2026-10-30"},
		{"oct 30", "2026-10-30", "2026-10-30"},
		{"October 30th", "2026-10-30", "2026-10-30"},
		{"30 oct 2026", "2026-10-30", "2026-10-30"},
		{"Sept. 3", "2026-09-03", "2026-09-03"},
		{"in 2 weeks", "2026-10-29", "2026-10-29"},
		{"in a week", "2026-10-22", "2026-10-22"},
		{"in 10 days", "2026-10-25", "2026-10-25"},
		{"in 1 month", "2026-11-15", "2026-11-15"},
		{"3 days ago", "2026-10-12", "2026-10-12"},
		{"2 weeks ago", "2026-10-01", "2026-10-01"},
		{"next week", "2026-10-22", "2026-10-22"},
		{"last week", "2026-10-08", "2026-10-08"},
		{"“10/30”", "2026-10-30", "2026-10-30"},

		{"", "", ""},
		{"soon", "", ""},
		{"2/30", "", ""},
		{"13/13", "", ""},
		{"10/30/1850", "", ""},
		{"in many weeks", "", ""},
		{"in 9999999999999999999 days", "", ""},
		{"next", "", ""},
		{"banana fri", "", ""},
		{"10/30/26/5", "", ""},
		{"30", "", ""},
	} {
		for l, want := range map[lean]string{past: tc.past, future: tc.future} {
			d, err := parseDate(tc.typed, today, l)
			if (err != nil) != (want == "") || err == nil && d.String() != want {
				t.Errorf("%q, lean %d: %v, %v; want %q", tc.typed, l, d, err, want)
			}
		}
	}
}

// TestParseDateQuotesShort: what cannot be read is quoted back, and stays readable.
func TestParseDateQuotesShort(t *testing.T) {
	_, err := parseDate(strings.Repeat("soon ", 1000), 20000, past)
	if err == nil || len(err.Error()) > 200 || !strings.Contains(err.Error(), "soon soon") {
		t.Errorf("error = %v", err)
	}
}

func TestMonthsAheadEndInTheirMonth(t *testing.T) {
	for _, tc := range []struct {
		from string
		n    int
		want string
	}{{"2027-01-31", 1, "2027-02-28"}, {"2026-12-15", 1, "2027-01-15"}, {"2026-03-31", -1, "2026-02-28"}, {"2026-01-10", -2, "2025-11-10"}} {
		d, err := school.ParseDay(tc.from)
		if err != nil {
			t.Fatal(err)
		}
		if got := addMonths(d, tc.n).String(); got != tc.want {
			t.Errorf("%s and %d months: %s, want %s", tc.from, tc.n, got, tc.want)
		}
	}
}

func TestCheckBack(t *testing.T) {
	thanks := school.Span{From: school.Date(2026, 11, 23), To: school.Date(2026, 11, 27), Class: school.NoSchool}
	cal, err := school.NewCalendar("t", school.Date(2026, 8, 17), school.Date(2027, 5, 27), school.WorkWeek,
		[]school.Span{thanks, {From: school.Date(2026, 10, 30), To: school.Date(2026, 10, 30), Class: school.NoSchool}})
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ today, want string }{
		{"2026-10-12", "2026-10-16"}, // Monday: this Friday
		{"2026-10-14", "2026-10-16"},
		{"2026-10-15", "2026-10-23"}, // Thursday: tomorrow is too soon to have practiced
		{"2026-10-16", "2026-10-23"},
		{"2026-10-17", "2026-10-23"},
		{"2026-10-23", "2026-10-29"}, // no school on Friday the 30th
		{"2026-11-20", "2026-11-30"}, // over the break
		{"2027-05-27", ""},           // the year is over
	} {
		d, err := school.ParseDay(tc.today)
		if err != nil {
			t.Fatal(err)
		}
		if got := checkBack(cal, d).String(); got != tc.want {
			t.Errorf("on %s: %q, want %q", tc.today, got, tc.want)
		}
	}
}

// FuzzParseDate: whatever is typed, no panic, and a date that is read is read the same when it is written out.
func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"fri", "next tue", "10/30", "10/30/26", "oct 30", "2026-10-30", "in 2 weeks", "3 days ago", "last", "//", "-", "in 99999 days", "0/0/0", "１０/３０", "２月", "\xff", "next next fri", "99999999999/1"} {
		f.Add(s)
	}
	today := school.Date(2026, time.October, 15)
	f.Fuzz(func(t *testing.T, s string) {
		for _, l := range []lean{past, future} {
			d, err := parseDate(s, today, l)
			if err != nil {
				continue
			}
			again, err := parseDate(d.String(), today, l)
			if y, _, _ := d.Civil(); y >= 1 && y <= 9999 && d != 0 && (err != nil || again != d) {
				t.Errorf("%q reads %v, written out it reads %v, %v", s, d, again, err)
			}
		}
	})
}
