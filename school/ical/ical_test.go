package ical

import (
	"errors"
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
		{"an end that is the beginning, with hours", "DTSTART:20260907T080000\nDTEND:20260907T080000\nSUMMARY:Off\nCATEGORIES:No school", []string{"2026-09-07 no school: Off"}},
		{"an end before the beginning", "DTSTART:20260907T080000\nDTEND:20260906T080000\nSUMMARY:Off\nCATEGORIES:No school", []string{"2026-09-07 no school: Off"}},
		{"a length in hours", "DTSTART:20260907T200000\nDURATION:PT3H59M59S\nSUMMARY:Off\nCATEGORIES:No school", []string{"2026-09-07 no school: Off"}},
		{"a length over midnight", "DTSTART:20260907T200000\nDURATION:P1DT6H\nSUMMARY:Off\nCATEGORIES:No school", []string{"2026-09-07..2026-09-09 no school: Off"}},
		{"a date written as a time", "DTSTART;VALUE=DATE:20260907T000000\nSUMMARY:Off\nCATEGORIES:No school", []string{"2026-09-07 no school: Off"}},
		{"midnight to midnight in UTC", "DTSTART:20260907T000000Z\nDTEND:20260909T000000Z\nSUMMARY:Off\nCATEGORIES:No school", []string{"2026-09-07..2026-09-08 no school: Off"}},
		{"midnight in UTC and no end", "DTSTART:20260907T000000Z\nSUMMARY:Sunday evening\nCATEGORIES:No school", []string{"2026-09-06 no school: Sunday evening"}},
		{"the campus's midnight to midnight in UTC", "DTSTART:20260907T050000Z\nDTEND:20260908T050000Z\nSUMMARY:Off\nCATEGORIES:No school", []string{"2026-09-07 no school: Off"}},
		{"the last minute of a day in UTC", "DTSTART:20260908T045900Z\nSUMMARY:Off\nCATEGORIES:No school", []string{"2026-09-07 no school: Off"}},
		{"midnight to midnight in another zone", "DTSTART;TZID=Eastern Standard Time:20260907T000000\nDTEND;TZID=Eastern Standard Time:20260908T000000\nSUMMARY:Off\nCATEGORIES:No school", []string{"2026-09-07 no school: Off"}},
		{"an hour in another zone", "DTSTART;TZID=America/New_York:20260908T003000\nDTEND;TZID=America/New_York:20260908T004500\nSUMMARY:Off\nCATEGORIES:No school", []string{"2026-09-07 no school: Off"}},
		{"a zone behind a path", "DTSTART;TZID=/vendor.example/20260101_1/America/New_York:20260908T003000\nSUMMARY:Off\nCATEGORIES:No school", []string{"2026-09-07 no school: Off"}},
		{"a zone that nobody knows", "DTSTART;TZID=Room 12:20260908T003000\nSUMMARY:Off\nCATEGORIES:No school", []string{"2026-09-08 no school: Off"}},
		{"a zone with a colon", "DTSTART;TZID=(UTC-06:00) Central:20260908T003000\nSUMMARY:Off\nCATEGORIES:No school", []string{"2026-09-08 no school: Off"}},
		{"escapes", "DTSTART;VALUE=DATE:20260907\nSUMMARY:Off\\, and on\\; a\\nb \\\\ c\nCATEGORIES:No school", []string{"2026-09-07 no school: Off, and on; a b \\ c"}},
		{"a description that breaks its lines", "DTSTART;VALUE=DATE:20260907\nDESCRIPTION:<p>one\n<p>two:three</p>\nDTSTART is here\nSUMMARY:Off\nCATEGORIES:No school", []string{"2026-09-07 no school: Off"}},
		{"a series that ends in UTC, as Google writes it", "DTSTART;TZID=America/Chicago:20261104T133000\nRRULE:FREQ=WEEKLY;UNTIL=20261118T055959Z;BYDAY=WE\nSUMMARY:W\nCATEGORIES:Early release", []string{"2026-11-04 early release: W", "2026-11-11 early release: W"}},
		{"a series of hours that ends on a date", "DTSTART:20261104T133000\nRRULE:FREQ=WEEKLY;UNTIL=20261118;BYDAY=WE\nSUMMARY:W\nCATEGORIES:Early release", []string{"2026-11-04 early release: W", "2026-11-11 early release: W", "2026-11-18 early release: W"}},
		{"a series of days that ends at midnight", "DTSTART;VALUE=DATE:20261104\nRRULE:FREQ=WEEKLY;UNTIL=20261111T000000Z\nSUMMARY:W\nCATEGORIES:Early release", []string{"2026-11-04 early release: W", "2026-11-11 early release: W"}},
		{"a series in UTC on the evening before", "DTSTART:20261105T010000Z\nRRULE:FREQ=WEEKLY;COUNT=2;BYDAY=TH\nEXDATE:20261112T010000Z\nSUMMARY:W\nCATEGORIES:Early release", []string{"2026-11-04 early release: W"}},
		{"the last Friday, as Outlook writes it", "DTSTART;VALUE=DATE:20260925\nRRULE:FREQ=MONTHLY;COUNT=3;BYDAY=FR;BYSETPOS=-1\nSUMMARY:F\nCATEGORIES:Early release", []string{"2026-09-25 early release: F", "2026-10-30 early release: F", "2026-11-27 early release: F"}},
		{"a day of the month", "DTSTART;VALUE=DATE:20260915\nRRULE:FREQ=MONTHLY;COUNT=2;BYMONTHDAY=15\nSUMMARY:F\nCATEGORIES:Early release", []string{"2026-09-15 early release: F", "2026-10-15 early release: F"}},
		{"a day of the year", "DTSTART;VALUE=DATE:20201111\nRRULE:FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=11\nSUMMARY:V\nCATEGORIES:No school", []string{"2026-11-11 no school: V"}},
		{"further dates and periods", "DTSTART;TZID=America/Chicago:20261104T133000\nRDATE;TZID=America/Chicago:20261202T133000,20270113T133000\nRDATE;VALUE=PERIOD:20270120T193000Z/PT2H\nSUMMARY:W\nCATEGORIES:Early release", []string{"2026-11-04 early release: W", "2026-12-02 early release: W", "2027-01-13 early release: W", "2027-01-20 early release: W"}},
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

// A zone that the file defines holds with the offset of the day.
func TestReadOwnZone(t *testing.T) {
	block := func(tzid, more string) string {
		return "BEGIN:VTIMEZONE\nTZID:" + tzid + "\n" + more + "BEGIN:STANDARD\nDTSTART:16011104T020000\nRRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11\nTZOFFSETFROM:-0400\nTZOFFSETTO:-0500\nEND:STANDARD\n" +
			"BEGIN:DAYLIGHT\nDTSTART:16010311T020000\nRRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3\nTZOFFSETFROM:-0500\nTZOFFSETTO:-0400\nEND:DAYLIGHT\nEND:VTIMEZONE\n"
	}
	for _, c := range []struct{ tzid, more, at, want string }{
		{"Ours", "", "20260908T005900", "2026-09-07"}, // -4: 23:59 in Chicago
		{"Ours", "", "20260908T010000", "2026-09-08"},
		{"Ours", "", "20261208T005900", "2026-12-07"}, // -5
		{"Ours", "", "20261208T010000", "2026-12-08"},
		{"Elsewhere", "X-LIC-LOCATION:America/Los_Angeles\n", "20260908T223000", "2026-09-09"},
	} {
		text := strings.Replace(string(calendar("DTSTART;TZID="+c.tzid+":"+c.at+"\nSUMMARY:Off\nCATEGORIES:No school")), "BEGIN:VEVENT", block(c.tzid, c.more)+"BEGIN:VEVENT", 1)
		cal, err := Read("c.ics", []byte(text), options(t))
		if err != nil {
			t.Fatal(err)
		}
		if got := days(cal.Spans); len(got) != 1 || got[0] != c.want+" no school: Off" {
			t.Errorf("%s in %s is %v, want %s", c.at, c.tzid, got, c.want)
		}
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
		{"no end of the file", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Half day\nDTSTART:20260907\nEND:VEVENT\n", "c.ics:5:1: the file ends without END:VCALENDAR; is it cut off?"},
		{"an event in an event", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Half day\nDTSTART:20260907\nBEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT\nEND:VCALENDAR", "c.ics:2:1: the event that begins here does not end"},
		{"length", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Half day\nDTSTART:20260907\nDURATION:P1X\nEND:VEVENT\nEND:VCALENDAR", `c.ics:5:1: DURATION: "P1X" is not a length like P1D`},
		{"the 30th of February", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Half day\nDTSTART:20260907\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\nEND:VEVENT\nEND:VCALENDAR", `c.ics:5:1: RRULE: "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30" is not a rule that can be followed; write the days as events of their own`},
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
	for _, name := range fixtures {
		f.Add(fixture(f, name))
	}
	f.Add([]byte("\ufeffBEGIN:VCALENDAR\r\n \r\nBEGIN:VEVENT\r\nDTSTART;TZID=\":;:\r\nRECURRENCE-ID:\r\nEND:VEVENT"))
	o := options(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, all := range []bool{false, true} {
			o.All = all
			cal, err := Read("c.ics", data, o)
			placed(t, err, "c.ics", data)
			for _, s := range cal.Spans {
				if s.To < s.From || s.To < o.From || s.From > o.To || s.To-s.From > maxDays {
					t.Errorf("the span %s..%s came back", s.From, s.To)
				}
			}
			checkRows(t, Propose(cal, "c.ics", nil))
			if events := strings.Count(strings.ToUpper(string(data)), "BEGIN:VEVENT"); len(cal.Events) > events {
				t.Errorf("%d of %d events came back", len(cal.Events), events)
			}
		}
	})
}

// placed wants every problem of an error to say the file and a line that it has.
func placed(t *testing.T, err error, file string, data []byte) {
	t.Helper()
	if err == nil {
		return
	}
	lines := 1 + strings.Count(strings.ReplaceAll(strings.ReplaceAll(string(data), "\r\n", "\n"), "\r", "\n"), "\n")
	for _, p := range problems(err) {
		if p.File != file || p.Line < 1 || p.Line > lines || p.Col < 1 || p.Message == "" {
			t.Errorf("%#v names no place of %d lines", p, lines)
		}
	}
	if len(problems(err)) != strings.Count(err.Error(), "\n")+1 {
		t.Errorf("not every line is a problem:\n%v", err)
	}
}

// problems are those that an error joins.
func problems(err error) (out []*Problem) {
	var joined interface{ Unwrap() []error }
	if errors.As(err, &joined) {
		for _, e := range joined.Unwrap() {
			if p, ok := errors.AsType[*Problem](e); ok {
				out = append(out, p)
			}
		}
	}
	return out
}
