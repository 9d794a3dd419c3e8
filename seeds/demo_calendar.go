package seeds

import (
	"fmt"
	"strings"
	"time"

	"rounds/school"
)

var (
	demoFirst = school.Date(2026, time.August, 17)
	demoLast  = school.Date(2027, time.May, 27)
)

// demoSpans is the school year 2026-27. Week 9, in which the demo starts, has no Monday.
var demoSpans = func() []school.Span {
	day := func(y int, m time.Month, d int) school.Day { return school.Date(y, m, d) }
	one := func(d school.Day, class school.DayClass, name string) school.Span {
		return school.Span{From: d, To: d, Class: class, Name: name}
	}
	return []school.Span{
		one(day(2026, 9, 7), school.NoSchool, "Labor Day"),
		one(day(2026, 9, 18), school.EarlyRelease, "Early release: parent conferences"),
		one(day(2026, 10, 12), school.NoSchool, "Student holiday"),
		{From: day(2026, 10, 27), To: day(2026, 10, 29), Class: school.Testing, Name: "Fall benchmark window"},
		one(day(2026, 11, 3), school.StaffDay, "Staff development day"),
		{From: day(2026, 11, 23), To: day(2026, 11, 27), Class: school.NoSchool, Name: "Thanksgiving break"},
		{From: day(2026, 12, 16), To: day(2026, 12, 17), Class: school.Blackout, Name: "Semester exams"},
		one(day(2026, 12, 18), school.EarlyRelease, "Early release: end of semester"),
		{From: day(2026, 12, 21), To: day(2027, 1, 1), Class: school.NoSchool, Name: "Winter break"},
		one(day(2027, 1, 4), school.StaffDay, "Staff work day"),
		one(day(2027, 1, 18), school.NoSchool, "Martin Luther King Jr. Day"),
		{From: day(2027, 1, 26), To: day(2027, 1, 28), Class: school.Testing, Name: "Winter benchmark window"},
		one(day(2027, 2, 12), school.EarlyRelease, "Early release: parent conferences"),
		one(day(2027, 2, 15), school.StaffDay, "Staff development day"),
		{From: day(2027, 3, 15), To: day(2027, 3, 19), Class: school.NoSchool, Name: "Spring break"},
		one(day(2027, 3, 26), school.NoSchool, "Spring holiday"),
		{From: day(2027, 4, 20), To: day(2027, 4, 30), Class: school.Testing, Name: "State testing window"},
		one(day(2027, 5, 27), school.EarlyRelease, "Early release: last day of school"),
	}
}()

func demoCalendar() *school.Calendar {
	c, err := school.NewCalendar("Blanco Bend ISD 2026-27", demoFirst, demoLast, school.WorkWeek, demoSpans)
	if err != nil {
		panic(embedded("calendar", err))
	}
	return c
}

// icsClass is how a class of days is written in the CATEGORIES of calendar.ics.
var icsClass = map[school.DayClass]string{
	school.NoSchool: "No school", school.StaffDay: "Staff day", school.EarlyRelease: "Early release",
	school.Testing: "Testing", school.Blackout: "Blackout",
}

func (d *demo) calendarICS() []byte { return calendarFile(d.cal.Name, demoSpans) }

// calendarFile is a school year as an iCalendar file.
func calendarFile(name string, spans []school.Span) []byte {
	var b strings.Builder
	line := func(format string, args ...any) { b.WriteString(fmt.Sprintf(format, args...) + "\r\n") }
	line("BEGIN:VCALENDAR")
	line("VERSION:2.0")
	line("PRODID:-//Rounds//Made-up district//EN")
	line("X-WR-CALNAME:%s", name)
	for i, s := range spans {
		line("BEGIN:VEVENT")
		line("UID:%02d-2026-27@%s.example.com", i+1, DemoDistrict)
		line("DTSTAMP:20260601T120000Z")
		line("DTSTART;VALUE=DATE:%s", strings.ReplaceAll(s.From.String(), "-", ""))
		line("DTEND;VALUE=DATE:%s", strings.ReplaceAll((s.To+1).String(), "-", "")) // exclusive, as the format wants
		line("SUMMARY:%s", s.Name)
		line("CATEGORIES:%s", icsClass[s.Class])
		line("END:VEVENT")
	}
	line("END:VCALENDAR")
	return []byte(b.String())
}
