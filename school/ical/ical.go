// Package ical reads a district's calendar file into spans of classed days.
//
//	.ics ── cut into events ──> one event at a time (golang-ical) ──> civil days (rrule-go) ──> class
//
// Calendar files of districts are full of other things: awareness months, games, HTML in descriptions. An event
// gets its class from CATEGORIES when it says it exactly as Rounds writes it ("No school", "Staff day", "Early
// release", "Testing", "Blackout"). For others a few words of the summary make a proposal, which a person
// has to accept; whatever is left is noise, and counted. Events are read one by one, so a damaged one costs only
// itself and its error names its line.
package ical

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"rounds/school"

	ics "github.com/arran4/golang-ical"
)

// Problem is one event or line that cannot be read.
type Problem struct {
	File      string
	Line, Col int
	Field     string // "DTSTART"
	Message   string
}

func (p *Problem) Error() string {
	if p.Field == "" {
		return fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Col, p.Message)
	}
	return fmt.Sprintf("%s:%d:%d: %s: %s", p.File, p.Line, p.Col, p.Field, p.Message)
}

// Calendar is what a file says about a school year.
type Calendar struct {
	Name     string
	Spans    []school.Span // said exactly, by CATEGORIES
	Proposed []Proposal    // guessed from words; a person decides
	Ignored  int           // events that say nothing about school days
	Outside  int           // events that lie outside the school year
}

// Proposal is a class guessed for an event.
type Proposal struct {
	Line int
	Span school.Span
	Word string // the word that made it
}

// Options is what reading needs to know.
type Options struct {
	Zone     *time.Location // of the campuses: times in UTC become days there; nil means UTC
	From, To school.Day     // the school year; events outside of it are counted apart
}

// Read reads a calendar file; file is the name that errors carry. The calendar holds what could be read even when there is
// an error.
func Read(file string, data []byte, o Options) (*Calendar, error) {
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	r := &reader{file: file, o: o, moved: map[string][]school.Day{}}
	events := r.cut(data)
	for _, e := range events { // first pass: single dates that a series must leave out
		e.parse(r)
		if e.event != nil && e.prop(ics.ComponentProperty(ics.PropertyRecurrenceId)) != nil {
			if t, ok := e.time(r, "RECURRENCE-ID", ics.ComponentProperty(ics.PropertyRecurrenceId)); ok {
				r.moved[e.text(ics.ComponentPropertyUniqueId)] = append(r.moved[e.text(ics.ComponentPropertyUniqueId)], t.day)
			}
		}
	}
	for _, e := range events {
		if e.event != nil {
			r.add(e)
		}
	}
	sortSpans(r.cal.Spans)
	slices.SortStableFunc(r.cal.Proposed, func(a, b Proposal) int { return int(a.Span.From - b.Span.From) })
	return &r.cal, errors.Join(r.problems...)
}

func sortSpans(s []school.Span) {
	slices.SortStableFunc(s, func(a, b school.Span) int { return int(a.From - b.From) })
}

type reader struct {
	file     string
	o        Options
	cal      Calendar
	problems []error
	moved    map[string][]school.Day // dates of a series that stand as events of their own, by UID
}

func (r *reader) fail(line int, field, format string, args ...any) {
	r.problems = append(r.problems, &Problem{File: r.file, Line: line, Col: 1, Field: field, Message: fmt.Sprintf(format, args...)})
}

// rawEvent is the text of one event, with the lines it came from.
type rawEvent struct {
	line  int
	lines []string // unfolded, BEGIN and END included
	at    []int    // their line numbers
	event *ics.VEvent
}

// maxEvents guards against a file that is no school calendar.
const maxEvents = 20000

// cut unfolds the file and cuts it into events. Parts inside an event (alarms) are left out.
func (r *reader) cut(data []byte) []*rawEvent {
	text := strings.TrimPrefix(string(data), "\ufeff")
	if !utf8.ValidString(text) {
		text = strings.ToValidUTF8(text, "?")
	}
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	var lines []string
	var at []int
	for i, l := range strings.Split(text, "\n") {
		if len(lines) > 0 && (strings.HasPrefix(l, " ") || strings.HasPrefix(l, "\t")) {
			lines[len(lines)-1] += l[1:] // folded, perhaps within a word
			continue
		}
		lines, at = append(lines, l), append(at, i+1)
	}
	var out []*rawEvent
	var now *rawEvent
	depth := 0
	found := false
	for i, l := range lines {
		name := strings.ToUpper(strings.TrimSpace(l))
		switch {
		case name == "BEGIN:VCALENDAR":
			found = true
		case name == "BEGIN:VEVENT" && now == nil:
			now, depth = &rawEvent{line: at[i]}, 0
			now.put(l, at[i])
		case name == "END:VEVENT" && now != nil:
			now.put(l, at[i])
			out, now = append(out, now), nil
		case now != nil && strings.HasPrefix(name, "BEGIN:"):
			depth++
		case now != nil && strings.HasPrefix(name, "END:"):
			depth--
		case now != nil && depth == 0 && name != "" && !strings.HasPrefix(name, "DESCRIPTION") && !strings.HasPrefix(name, "X-ALT-DESC"):
			now.put(l, at[i])
		case now == nil && strings.HasPrefix(name, "X-WR-CALNAME"):
			if _, v, ok := strings.Cut(l, ":"); ok && r.cal.Name == "" {
				r.cal.Name = strings.TrimSpace(ics.FromText(v))
			}
		}
		if len(out) > maxEvents {
			r.fail(at[i], "", "more than %d events; this is no school calendar", maxEvents)
			return nil
		}
	}
	switch {
	case now != nil:
		r.fail(now.line, "", "the event that begins here does not end; is the file cut off?")
	case !found:
		r.fail(1, "", "this is not an iCalendar file; it would begin with BEGIN:VCALENDAR")
	}
	return out
}

func (e *rawEvent) put(l string, at int) {
	e.lines, e.at = append(e.lines, strings.TrimSpace(l)), append(e.at, at)
}

// parse reads the event's properties; what the library makes of it stays within.
func (e *rawEvent) parse(r *reader) {
	text := "BEGIN:VCALENDAR\r\n" + strings.Join(e.lines, "\r\n") + "\r\nEND:VCALENDAR\r\n"
	cal, err := parseCalendar(text)
	if err != nil || len(cal.Events()) != 1 {
		r.fail(e.line, "", "this event cannot be read")
		return
	}
	e.event = cal.Events()[0]
}

// parseCalendar calls the library behind a guard: a file from elsewhere must never end the program.
func parseCalendar(text string) (cal *ics.Calendar, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("calendar: %v", p)
		}
	}()
	return ics.ParseCalendar(strings.NewReader(text))
}

func (e *rawEvent) prop(name ics.ComponentProperty) *ics.IANAProperty {
	return e.event.GetProperty(name)
}

func (e *rawEvent) text(name ics.ComponentProperty) string {
	if p := e.prop(name); p != nil {
		return strings.TrimSpace(p.Value)
	}
	return ""
}

// lineOf is the line of a property, for errors.
func (e *rawEvent) lineOf(name string) int {
	for i, l := range e.lines {
		if u := strings.ToUpper(l); strings.HasPrefix(u, name+":") || strings.HasPrefix(u, name+";") {
			return e.at[i]
		}
	}
	return e.line
}

// add classes one event and adds its spans.
func (r *reader) add(e *rawEvent) {
	if strings.EqualFold(e.text(ics.ComponentPropertyStatus), "CANCELLED") {
		r.cal.Ignored++
		return
	}
	summary := strings.Join(strings.Fields(e.text(ics.ComponentPropertySummary)), " ")
	var categories []string
	for _, p := range e.event.GetProperties(ics.ComponentPropertyCategories) {
		for c := range strings.SplitSeq(p.Value, ",") {
			categories = append(categories, strings.TrimSpace(c))
		}
	}
	class, word, exact := classify(summary, categories)
	if class == "" {
		r.cal.Ignored++
		return
	}
	spans, ok := r.spans(e)
	if !ok {
		return
	}
	for _, s := range spans {
		if r.o.From != 0 && s.To < r.o.From || r.o.To != 0 && s.From > r.o.To {
			r.cal.Outside++
			continue
		}
		s.Class, s.Name = class, summary
		if exact {
			r.cal.Spans = append(r.cal.Spans, s)
		} else {
			r.cal.Proposed = append(r.cal.Proposed, Proposal{Line: e.line, Span: s, Word: word})
		}
	}
}
