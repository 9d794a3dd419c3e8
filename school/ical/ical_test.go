package ical

import (
	"strings"
	"testing"
	"time"

	"rounds/school"

	"github.com/google/go-cmp/cmp"
)

func options(t testing.TB) Options {
	t.Helper()
	zone, err := time.LoadLocation("America/Chicago")
	if err != nil {
		t.Fatal(err)
	}
	return Options{Zone: zone, From: school.Date(2026, 8, 17), To: school.Date(2027, 5, 27)}
}

// calendar wraps events, given as their lines, with the line ends of the format.
func calendar(events ...string) []byte {
	var b strings.Builder
	b.WriteString("BEGIN:VCALENDAR\nVERSION:2.0\nX-WR-CALNAME:Test\\, 2026\n")
	for _, e := range events {
		b.WriteString("BEGIN:VEVENT\n" + strings.Trim(e, "\n") + "\nEND:VEVENT\n")
	}
	b.WriteString("END:VCALENDAR\n")
	return []byte(strings.ReplaceAll(b.String(), "\n", "\r\n"))
}

// days lists spans as "2026-09-07..2026-09-08 no school".
func days(spans []school.Span) (out []string) {
	for _, s := range spans {
		d := s.From.String()
		if s.To != s.From {
			d += ".." + s.To.String()
		}
		out = append(out, d+" "+string(s.Class)+": "+s.Name)
	}
	return out
}

func TestRead(t *testing.T) {
	for _, c := range []struct {
		name  string
		event string
		want  []string
	}{
		{"all day, exclusive end", "DTSTART;VALUE=DATE:20261123\nDTEND;VALUE=DATE:20261128\nSUMMARY:Thanksgiving\nCATEGORIES:No school", []string{"2026-11-23..2026-11-27 no school: Thanksgiving"}},
		{"no end", "DTSTART;VALUE=DATE:20260907\nSUMMARY:Labor Day\nCATEGORIES:No school", []string{"2026-09-07 no school: Labor Day"}},
		{"end is the beginning", "DTSTART;VALUE=DATE:20260907\nDTEND;VALUE=DATE:20260907\nSUMMARY:Labor Day\nCATEGORIES:NO SCHOOL", []string{"2026-09-07 no school: Labor Day"}},
		{"a length instead of an end", "DTSTART;VALUE=DATE:20261221\nDURATION:P2W\nSUMMARY:Winter\nCATEGORIES:No school", []string{"2026-12-21..2027-01-03 no school: Winter"}},
		{"floating time", "DTSTART:20260918T120000\nDTEND:20260918T150000\nSUMMARY:Out at noon\nCATEGORIES:Early release", []string{"2026-09-18 early release: Out at noon"}},
		{"time in a zone", "DTSTART;TZID=America/Chicago:20260918T120000\nDTEND;TZID=America/Chicago:20260919T000000\nSUMMARY:Out\nCATEGORIES:Early release", []string{"2026-09-18 early release: Out"}},
		{"a zone of another system", "DTSTART;TZID=Central Standard Time:20260918T120000\nSUMMARY:Out\nCATEGORIES:Early release", []string{"2026-09-18 early release: Out"}},
		{"UTC means the day at the campus", "DTSTART:20260919T010000Z\nDTEND:20260919T030000Z\nSUMMARY:Late\nCATEGORIES:Staff day", []string{"2026-09-18 staff day: Late"}},
		{"folded within a word", "DTSTART;VALUE=DATE:20261027\nDTEND;VALUE=DATE:20261030\nSUMMARY:Fall bench\n mark win\n\tdow\nCATEGORIES:Test\n ing", []string{"2026-10-27..2026-10-29 testing: Fall benchmark window"}},
		{"HTML is not read", "DTSTART;VALUE=DATE:20260907\nSUMMARY:Labor Day\nDESCRIPTION:<p>Early release\\, testing</p>\n <b>BEGIN:VEVENT</b>\nCATEGORIES:No school", []string{"2026-09-07 no school: Labor Day"}},
		{"several categories", "DTSTART;VALUE=DATE:20261103\nSUMMARY:Election Day\nCATEGORIES:Staff,Staff day", []string{"2026-11-03 staff day: Election Day"}},
		{"an alarm inside", "DTSTART;VALUE=DATE:20261103\nSUMMARY:Day\nBEGIN:VALARM\nTRIGGER:-P1D\nDTSTART:nonsense\nEND:VALARM\nCATEGORIES:Staff day", []string{"2026-11-03 staff day: Day"}},
		{"every other Friday", "DTSTART;VALUE=DATE:20260904\nRRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=4\nEXDATE;VALUE=DATE:20260918\nSUMMARY:Early Friday\nCATEGORIES:Early release", []string{"2026-09-04 early release: Early Friday", "2026-10-02 early release: Early Friday", "2026-10-16 early release: Early Friday"}},
		{"nth weekday until", "DTSTART;TZID=America/Chicago:20260909T130000\nRRULE:FREQ=MONTHLY;BYDAY=2WE;UNTIL=20261130T000000Z\nSUMMARY:Late start\nCATEGORIES:Early release", []string{"2026-09-09 early release: Late start", "2026-10-14 early release: Late start", "2026-11-11 early release: Late start"}},
		{"a series from long ago", "DTSTART;VALUE=DATE:20100101\nRRULE:FREQ=DAILY;BYDAY=FR;BYMONTH=9\nSUMMARY:Friday\nCATEGORIES:Early release", []string{"2026-09-04 early release: Friday", "2026-09-11 early release: Friday", "2026-09-18 early release: Friday", "2026-09-25 early release: Friday"}},
		{"outside the year", "DTSTART;VALUE=DATE:20260704\nSUMMARY:July 4\nCATEGORIES:No school", nil},
		{"cancelled", "DTSTART;VALUE=DATE:20260907\nSTATUS:CANCELLED\nSUMMARY:Labor Day\nCATEGORIES:No school", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			cal, err := Read("c.ics", calendar(c.event), options(t))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, days(cal.Spans)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if cal.Name != "Test, 2026" {
				t.Errorf("the calendar is called %q", cal.Name)
			}
		})
	}
}

// A date that was moved out of a series stands for itself.
func TestReadMoved(t *testing.T) {
	cal, err := Read("c.ics", calendar(
		"UID:a\nDTSTART;VALUE=DATE:20260904\nRRULE:FREQ=WEEKLY;COUNT=3\nSUMMARY:Early\nCATEGORIES:Early release",
		"UID:a\nRECURRENCE-ID;VALUE=DATE:20260911\nDTSTART;VALUE=DATE:20260910\nSUMMARY:Early, on Thursday\nCATEGORIES:Early release",
	), options(t))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"2026-09-04 early release: Early", "2026-09-10 early release: Early, on Thursday", "2026-09-18 early release: Early"}
	if diff := cmp.Diff(want, days(cal.Spans)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Events without our categories make proposals at most, and noise is counted.
func TestPropose(t *testing.T) {
	for summary, want := range map[string]school.DayClass{
		"Labor Day - No School": school.NoSchool, "Student Holiday/Staff Development": school.StaffDay, "Teacher Workday": school.StaffDay,
		"STAAR Testing Grades 3-8": school.Testing, "Winter Keystone Window": school.Testing, "Early Dismissal": school.EarlyRelease,
		"Thanksgiving Break": school.NoSchool, "Presidents’ Day": school.NoSchool,
		"Autism Awareness Month": "", "Teacher Appreciation Week": "", "Spring Break Camp Registration": "", "Holiday Concert": "",
		"Football Game vs. Central": "", "Board Meeting": "", "First day of school": "",
	} {
		cal, err := Read("c.ics", calendar("DTSTART;VALUE=DATE:20261103\nSUMMARY:"+summary), options(t))
		if err != nil {
			t.Fatal(err)
		}
		var got school.DayClass
		if len(cal.Proposed) == 1 {
			got = cal.Proposed[0].Span.Class
		}
		if got != want || len(cal.Spans) != 0 || (want == "") != (cal.Ignored == 1) {
			t.Errorf("%q: proposed %q, want %q; %d ignored, %d spans", summary, got, want, cal.Ignored, len(cal.Spans))
		}
	}
}

func TestReadErrors(t *testing.T) {
	for _, c := range []struct{ name, data, want string }{
		{"no calendar", "<html>", "c.ics:1:1: this is not an iCalendar file; it would begin with BEGIN:VCALENDAR"},
		{"cut off", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:2026", "c.ics:2:1: the event that begins here does not end; is the file cut off?"},
		{"date", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Half day\nDTSTART;VALUE=DATE:20261301\nEND:VEVENT\nEND:VCALENDAR", `c.ics:4:1: DTSTART: "20261301" is not a date like 20260907 or a time like 20260907T080000`},
		{"no beginning", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Half day\nEND:VEVENT\nEND:VCALENDAR", "c.ics:2:1: DTSTART: the event has no beginning"},
		{"rule", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Half day\nDTSTART:20260907\nRRULE:FREQ=OFTEN\nEND:VEVENT\nEND:VCALENDAR", `c.ics:5:1: RRULE: "FREQ=OFTEN" is not a rule that can be followed`},
		{"every second", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Half day\nDTSTART:20260907\nRRULE:FREQ=SECONDLY\nEND:VEVENT\nEND:VCALENDAR", `c.ics:5:1: RRULE: "FREQ=SECONDLY" is not a rule that can be followed; write the days as events of their own`},
	} {
		_, err := Read("c.ics", []byte(c.data), options(t))
		if err == nil || err.Error() != c.want {
			t.Errorf("%s:\n got %v\nwant %s", c.name, err, c.want)
		}
	}
}

// A damaged event costs only itself.
func TestReadGoesOn(t *testing.T) {
	cal, err := Read("c.ics", calendar("DTSTART:soon\nSUMMARY:Half day", "no colon here", "DTSTART;VALUE=DATE:20260907\nSUMMARY:Labor Day\nCATEGORIES:No school"), options(t))
	if err == nil || strings.Count(err.Error(), "\n") != 1 {
		t.Errorf("errors: %v", err)
	}
	if diff := cmp.Diff([]string{"2026-09-07 no school: Labor Day"}, days(cal.Spans)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// FuzzRead: no file ends the program, keeps it busy, or makes days outside of the school year.
func FuzzRead(f *testing.F) {
	f.Add(calendar("DTSTART;VALUE=DATE:20261123\nDTEND;VALUE=DATE:20261128\nCATEGORIES:No school"))
	f.Add(calendar("DTSTART:20260904\nRRULE:FREQ=WEEKLY;INTERVAL=2\nEXDATE:20260918\nCATEGORIES:Testing"))
	f.Add(calendar("DTSTART:19500101\nRRULE:FREQ=DAILY;BYMONTH=2;BYDAY=5MO\nSUMMARY:Holiday"))
	f.Add(calendar("DTSTART:20260904\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;BYSETPOS=-1\nSUMMARY:Holiday"))
	f.Add([]byte("\ufeffBEGIN:VCALENDAR\r\n \r\nBEGIN:VEVENT\r\nDTSTART;TZID=\":;:\r\nRECURRENCE-ID:\r\nEND:VEVENT"))
	o := options(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		cal, _ := Read("c.ics", data, o)
		for _, s := range cal.Spans {
			if s.To < s.From || s.To < o.From || s.From > o.To || s.To-s.From > 400 {
				t.Errorf("the span %s..%s came back", s.From, s.To)
			}
		}
	})
}
