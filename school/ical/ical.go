// Package ical reads a district's calendar file into classed days, and the days file in which a person confirms them.
//
//	.ics ── lines ──> one event at a time (golang-ical) ──> civil days (rrule-go) ──> what its words say
//	                                                                                      │ Propose
//	calendar.days.csv <── WriteRows ── Merge with what a person decided before <──────────┘
//	calendar.days.csv ── ReadRows ──> spans of a campus: confirmed rows alone
//
// Calendar files of districts are full of other things: awareness months, games, HTML in descriptions. An event
// gets its class from CATEGORIES when it says it exactly as Rounds writes it ("No school", "Staff day", "Early
// release", "Testing", "Blackout"). For others the words of the summary make a proposal, which a person
// has to accept; whatever is left is noise, and counted. Events are read one by one, so a damaged one costs only
// itself and its error names its line.
package ical

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"rounds/school"

	ics "github.com/arran4/golang-ical"
)

// Problem is one event, line or row that cannot be read.
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
	Proposed []Proposal    // read from words without a doubt; a person decides
	Ignored  int           // events that say nothing about school days
	Unsure   int           // events that may say something
	Outside  int           // events that lie outside the school year
	Events   []Event       // every event of the school year, when Options.All asks for them
}

// Proposal is a class read from the words of an event.
type Proposal struct {
	Line int
	Span school.Span
	Word string // the word that made it
}

// Event is one event of the school year, or a whole series of them.
type Event struct {
	Line int
	// UID is the event's own. A date that was moved out of a series has its date there behind it, "uid/2026-09-11".
	UID       string
	Name      string
	Days      []school.Day // ascending, each once
	Cancelled bool
	Reading
}

// Options is what reading needs to know.
type Options struct {
	Zone     *time.Location // of the campuses: times in UTC become days there; nil means UTC
	From, To school.Day     // the school year; events outside of it are counted apart
	All      bool           // list every event, noise too; then one that cannot be read is a problem although it be noise
}

// Read reads a calendar file; file is the name that errors carry. The calendar holds what could be read even when there is
// an error.
func Read(file string, data []byte, o Options) (*Calendar, error) {
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	r := &reader{file: file, o: o, moved: map[string][]stamp{}, zones: map[string]*time.Location{}, blocks: map[string]zoneBlock{}}
	events := r.cut(data)
	for _, e := range events { // first pass: single dates that a series must leave out
		e.parse(r)
		if e.event != nil && e.moved() {
			if t, ok := e.time(r, "RECURRENCE-ID", ics.ComponentProperty(ics.PropertyRecurrenceId)); ok {
				r.moved[e.uid()] = append(r.moved[e.uid()], t)
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
	moved    map[string][]stamp        // dates of a series that stand as events of their own, by UID
	zones    map[string]*time.Location // by TZID, found so far
	blocks   map[string]zoneBlock      // VTIMEZONE of the file, by TZID
}

func (r *reader) fail(line int, field, format string, args ...any) {
	r.problems = append(r.problems, &Problem{File: r.file, Line: line, Col: 1, Field: field, Message: fmt.Sprintf(format, args...)})
}

// add classes one event and adds its days. TRANSP is not asked: programs write holidays as free and as busy alike.
func (r *reader) add(e *rawEvent) {
	cancelled := strings.EqualFold(e.text(ics.ComponentPropertyStatus), "CANCELLED")
	if cancelled && (!r.o.All || e.moved()) {
		r.cal.Ignored++
		return
	}
	summary := plain(e.text(ics.ComponentPropertySummary))
	var categories []string
	for _, p := range e.event.GetProperties(ics.ComponentPropertyCategories) {
		for c := range strings.SplitSeq(p.Value, ",") {
			categories = append(categories, plain(c))
		}
	}
	says := classify(summary, categories)
	if says.Class == "" && !r.o.All {
		r.cal.Ignored++
		return
	}
	l, ok := r.length(e)
	if !ok {
		return
	}
	says = doubt(says, l)
	known := len(r.problems)
	spans, ok := r.spans(e, l)
	if !ok {
		if says.Class != "" || known == len(r.problems) {
			return
		}
		// A rule that cannot be followed costs nothing where no day depends on it.
		r.problems = r.problems[:known]
		says.Why += "; its rule cannot be followed, so only its first date stands here"
		spans = []school.Span{{From: l.start.day, To: l.last}}
	}
	inside := spans[:0]
	for _, s := range spans {
		if r.o.From != 0 && s.To < r.o.From || r.o.To != 0 && s.From > r.o.To {
			r.cal.Outside++
			continue
		}
		s.Class, s.Name = says.Class, summary
		inside = append(inside, s)
	}
	r.list(e, says, summary, inside, cancelled)
}

// list adds the spans of an event to what they belong to.
func (r *reader) list(e *rawEvent, says Reading, summary string, spans []school.Span, cancelled bool) {
	switch {
	case len(spans) == 0 || cancelled:
	case says.Exact:
		r.cal.Spans = append(r.cal.Spans, spans...)
	case says.Class == "":
		r.cal.Ignored++
	case !says.Sure:
		r.cal.Unsure++
	default:
		for _, s := range spans {
			r.cal.Proposed = append(r.cal.Proposed, Proposal{Line: e.line, Span: s, Word: says.Why})
		}
	}
	if !r.o.All || len(spans) == 0 {
		return
	}
	ev := Event{Line: e.line, UID: e.uid(), Name: summary, Cancelled: cancelled, Reading: says}
	if e.moved() && ev.UID != "" {
		if t, err := r.stamp(e.text(ics.ComponentProperty(ics.PropertyRecurrenceId)), "", ""); err == nil {
			ev.UID += "/" + dayOf(t.written).String()
		}
	}
	for _, s := range spans {
		for d := s.From; d <= s.To; d++ {
			ev.Days = append(ev.Days, d)
		}
	}
	slices.Sort(ev.Days)
	ev.Days = slices.Compact(ev.Days)
	r.cal.Events = append(r.cal.Events, ev)
}
