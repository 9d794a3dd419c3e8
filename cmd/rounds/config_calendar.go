package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"rounds/bot"
	"rounds/school"
	"rounds/school/ical"
)

// CalendarFile is one calendar of the district and whose it is.
type CalendarFile struct {
	File     string            // the .ics, "" when there are days files alone
	Campuses []school.CampusID // none: of every campus without one of its own
	Set      school.CalendarSet
	Read     *ical.Calendar // of File
	damaged  bool           // File has events that cannot be read, and days files stand for it
	Days     []DaysFile     // when there are any, their confirmed rows make the spans, and nothing else does
	zone     *time.Location
}

// DaysFile is what a person confirmed of a calendar.
type DaysFile struct {
	File string
	Rows []ical.Row
}

func (c CalendarFile) rows() (out []ical.Row) {
	for _, d := range c.Days {
		out = append(out, d.Rows...)
	}
	return out
}

// SetFor is the calendar of a campus that follows this one; "" is that of people who belong to none.
func (c CalendarFile) SetFor(id school.CampusID) school.CalendarSet {
	set := c.Set
	set.Campus = id
	if len(c.Days) > 0 {
		set.Spans = ical.SpansFor(c.rows(), id)
	}
	return set
}

// CalendarOf is the calendar that a campus follows; ok is false when it has none.
func (c *Config) CalendarOf(id school.CampusID) (cal CalendarFile, ok bool) {
	for _, x := range c.Calendars {
		if slices.Contains(x.Campuses, id) {
			return x, true
		}
	}
	for _, x := range c.Calendars {
		if len(x.Campuses) == 0 {
			return x, true
		}
	}
	return cal, false
}

// calendarsFile is what the calendars together are called in the log. Each campus has its key there whatever file it
// follows today: a campus that leaves an exception, or a calendar of its own, would else keep the old one for good.
const calendarsFile = "calendars"

func (c *Config) calendarEntries() (out []school.FileEntry) {
	ids := []school.CampusID{""}
	for _, x := range c.Campuses {
		ids = append(ids, x.ID)
	}
	for _, id := range ids {
		if cal, ok := c.CalendarOf(id); ok {
			out = append(out, school.FileEntry{Key: "calendar/" + string(id), Facts: []school.Fact{cal.SetFor(id)}})
		}
	}
	return out
}

// shownRows is how many rows of a file the remarks name.
const shownRows = 10

// Remarks are what a person should know of files that are right: what calendars left out, what they only
// guess at, which rows of days files wait to be confirmed, and which rules name a time in quiet hours.
func (c *Config) Remarks() (out []string) {
	for _, p := range c.quiet {
		out = append(out, p.Error())
	}
	said := map[string]bool{}
	for _, cal := range c.Calendars {
		if read := cal.Read; len(cal.Days) == 0 {
			out = append(out, fmt.Sprintf("%s: %d spans of days; %d events say nothing about school days, %d lie outside of the year", cal.File, len(read.Spans), read.Ignored, read.Outside))
			if n := len(read.Proposed) + read.Unsure; n > 0 && len(cal.Set.Spans) == len(read.Spans) {
				out = append(out, fmt.Sprintf("%s: %d more look like such days by their names%s; run rounds import on the file and confirm them, or add guess: true to the calendar", cal.File, n, firstGuess(read)))
			}
			continue
		}
		for _, d := range cal.Days {
			if !said[d.File] {
				said[d.File] = true
				out = append(out, d.remarks()...)
			}
		}
		if cal.damaged {
			out = append(out, fmt.Sprintf("%s: some events cannot be read; rounds import names them", cal.File))
		}
		if cal.File != "" {
			_, changes := ical.Merge(cal.rows(), ical.Propose(cal.Read, filepath.Base(cal.File), nil), filepath.Base(cal.File))
			if len(changes) > 0 {
				first := changes[0]
				out = append(out, fmt.Sprintf("%s: %d events are other than in %s, the first %q on %s (%s); run rounds import on it again", cal.File, len(changes), cal.Days[0].File, first.Row.Event, first.Row.From(), first.What))
			}
		}
	}
	return out
}

// Unconfirmed are the places of the rows that wait to be confirmed, "calendar.days.csv:5", for the log: names of events do not
// stand there.
func (c *Config) Unconfirmed() (at []string) {
	for _, cal := range c.Calendars {
		for _, d := range cal.Days {
			for _, w := range d.Rows {
				if s := fmt.Sprintf("%s:%d", d.File, w.Line); w.Open() && !slices.Contains(at, s) {
					at = append(at, s)
				}
			}
		}
	}
	return at
}

func firstGuess(read *ical.Calendar) string {
	if len(read.Proposed) == 0 {
		return ""
	}
	p := read.Proposed[0]
	return fmt.Sprintf(", as %q on line %d looks like %q", p.Span.Name, p.Line, p.Span.Class)
}

// remarks says what waits in a days file.
func (d DaysFile) remarks() (out []string) {
	confirmed, ignored := 0, 0
	var open []ical.Row
	for _, w := range d.Rows {
		switch {
		case w.Open():
			open = append(open, w)
		case w.Class == ical.Ignore:
			ignored++
		default:
			confirmed++
			if w.Note != "" {
				out = append(out, fmt.Sprintf("%s:%d: %s on %s is in force; %s", d.File, w.Line, rowName(w), w.From(), w.Note))
			}
		}
	}
	out = append([]string{fmt.Sprintf("%s: %d rows are confirmed, %d are ignored, %d are not confirmed and not in force", d.File, confirmed, ignored, len(open))}, out...)
	for i, w := range open {
		if i == shownRows {
			out = append(out, fmt.Sprintf("%s: and %d more rows are not confirmed", d.File, len(open)-i))
			break
		}
		out = append(out, fmt.Sprintf("%s:%d: not confirmed: %s", d.File, w.Line, rowLine(w)))
	}
	return out
}

func rowName(w ical.Row) string {
	if w.Event == "" {
		return string(w.Class)
	}
	return fmt.Sprintf("%q", w.Event)
}

// rowLine is a row in one line: `2026-10-12 "Columbus Day", class ? (perhaps …)`.
func rowLine(w ical.Row) string {
	when, class := w.From().String(), string(w.Class)
	if w.To() != w.From() {
		when += " to " + w.To().String()
	}
	if class == "" {
		class = "to be decided"
	}
	s := fmt.Sprintf("%s %s: %s", when, rowName(w), class)
	if w.Why != "" {
		s += " (" + w.Why + ")"
	}
	if w.Note != "" {
		s += "; " + w.Note
	}
	return s
}

var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// weekday reads "mon" or "Monday".
func (l *loader) weekday(v value) (int, bool) {
	s := strings.ToLower(v.text)
	for i := range weekdays {
		if s == weekdays[i] || s == strings.ToLower(time.Weekday(i).String()) {
			return i, true
		}
	}
	l.r.fail(v, "%q is not a day of the week%s; known: %s", v.text, suggest(s, weekdays), join(weekdays))
	return 0, false
}

func (l *loader) calendars(o object) {
	if !o.has("calendars") {
		l.r.fail(o.get("calendars"), "is missing; without a calendar no reminder goes out")
	}
	has := map[school.CampusID]bool{}
	before := len(l.r.problems)
	for _, v := range o.list("calendars") {
		l.calendar(v, has)
	}
	if len(l.r.problems) > before || l.badCampus {
		return
	}
	for i, c := range l.c.Campuses {
		if o.has("calendars") && !has[""] && !has[c.ID] {
			l.r.fail(l.campusAt[i], "no calendar names the campus %q, and none holds for all", c.ID)
		}
	}
	l.reached()
}

// reached wants every campus that a row names to follow the row's file: a row that reaches nobody was meant for somebody.
func (l *loader) reached() {
	follows := map[string]map[school.CampusID]bool{}
	for _, c := range l.c.Campuses {
		cal, _ := l.c.CalendarOf(c.ID)
		for _, d := range cal.Days {
			if follows[d.File] == nil {
				follows[d.File] = map[school.CampusID]bool{}
			}
			follows[d.File][c.ID] = true
		}
	}
	for _, file := range l.files {
		for _, w := range l.daysRead[file] {
			for _, id := range w.Campuses {
				if !follows[file][id] {
					l.r.problems = append(l.r.problems, &Problem{File: file, Line: w.Line, Col: 1, Field: "campuses", Message: fmt.Sprintf("the calendar of %q does not name this file, so the row does not reach it", id)})
				}
			}
		}
		delete(l.daysRead, file) // a file that two calendars name stands twice
	}
}

func (l *loader) calendar(v value, has map[school.CampusID]bool) {
	before := len(l.r.problems)
	c := l.r.object(v, "campuses", "file", "days", "first", "last", "week", "guess")
	cal := CalendarFile{zone: l.c.zone}
	ids, at := c.words("campuses", "a campus of this district", l.campusIDs()...)
	for i, id := range ids {
		if has[school.CampusID(id)] {
			l.r.fail(at[i], "%q has a calendar already", id)
		}
		cal.Campuses = append(cal.Campuses, school.CampusID(id))
		for _, x := range l.c.Campuses {
			if string(x.ID) != id || x.Zone == "" {
				continue // a zone is read from a file: not of each campus for each
			}
			if z, err := time.LoadLocation(x.Zone); err == nil {
				cal.zone = z
			}
		}
	}
	if len(ids) == 0 && !c.has("campuses") {
		if has[""] {
			l.r.fail(v, "a second calendar without campuses; only one can hold for all the rest")
		}
		has[""] = true
	}
	for _, id := range cal.Campuses {
		has[id] = true
	}
	set := &cal.Set
	set.First, set.Last = c.day("first", true), c.day("last", true)
	if set.First != 0 && set.Last != 0 && (set.Last < set.First || set.Last-set.First > 400) {
		l.r.fail(c.get("last"), "from %s to %s is not a school year", set.First, set.Last)
	}
	set.Week = []int{1, 2, 3, 4, 5}
	if c.has("week") {
		set.Week = nil
		for _, w := range c.list("week") {
			if d, ok := l.weekday(w); ok && !slices.Contains(set.Week, d) {
				set.Week = append(set.Week, d)
			}
		}
	}
	if !l.icsFile(c, &cal) || !l.daysFiles(c, &cal) {
		return
	}
	if set.Name == "" {
		set.Name = cal.Days[0].File
	}
	if len(l.r.problems) == before {
		l.compile(c, cal)
	}
	l.c.Calendars = append(l.c.Calendars, cal)
}

// icsFile reads the calendar file itself. Beside days files it only says whether they are behind it.
func (l *loader) icsFile(c object, cal *CalendarFile) bool {
	guess, days := c.boolean("guess", false), c.has("days")
	if guess && days {
		l.r.fail(c.get("guess"), "a calendar with days takes only what is confirmed there; leave guess out")
	}
	file, fv := c.text("file", !days)
	if file == "" {
		return days
	}
	data, ok := l.open(fv)
	if !ok {
		return false
	}
	read, err := ical.Read(file, data, ical.Options{Zone: cal.zone, From: cal.Set.First, To: cal.Set.Last, All: days})
	if !days {
		l.take(err)
	}
	cal.damaged = err != nil
	cal.File, cal.Read, cal.Set.Name, cal.Set.Spans = file, read, read.Name, read.Spans
	if cal.Set.Name == "" {
		cal.Set.Name = file
	}
	if guess {
		for _, p := range read.Proposed {
			cal.Set.Spans = append(cal.Set.Spans, p.Span)
		}
	}
	return true
}

// daysFiles reads the days files that a calendar names.
func (l *loader) daysFiles(c object, cal *CalendarFile) bool {
	names, at := c.words("days", "")
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			l.r.fail(at[i], "%q stands here twice", name)
			return false
		}
		rows, known := l.daysRead[name]
		if !known {
			data, ok := l.open(at[i])
			if !ok {
				return false
			}
			k := ical.Known{Near: bot.Nearest}
			for _, id := range l.campusIDs() {
				k.Campuses = append(k.Campuses, school.CampusID(id))
			}
			var err error
			rows, err = ical.ReadRows(name, data, k)
			l.take(err)
			if l.daysRead == nil {
				l.daysRead = map[string][]ical.Row{}
			}
			l.daysRead[name] = rows
		}
		cal.Days = append(cal.Days, DaysFile{name, rows})
	}
	return len(names) > 0 || !c.has("days")
}

// compile makes sure that the calendar of everybody who follows it can be made.
func (l *loader) compile(c object, cal CalendarFile) {
	var week [7]bool
	for _, d := range cal.Set.Week {
		week[d] = true
	}
	for _, id := range append([]school.CampusID{""}, cal.Campuses...) {
		set := cal.SetFor(id)
		if _, err := school.NewCalendar(set.Name, set.First, set.Last, week, set.Spans); err != nil {
			l.r.fail(c.get("file"), "%v", err)
			return
		}
	}
}
