package ical

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"time"

	"rounds/school"
)

// The days file is CSV because two sorts of people meet in it: a principal, who opens it in a spreadsheet, sorts it, and writes
// yes down a column, and an administrator, who keeps it beside district.yaml and reads what an import changed as a diff of one line
// an event. YAML would spare the quotes and lose the principal. Line numbers of the .ics do not stand in it: they
// all change when one event is added, and would bury the line that did change; the uid finds the event.

// RowColumns is the header of a days file, in any order; class and from must be there.
var RowColumns = []string{"confirmed", "class", "from", "to", "on", "except", "campuses", "kinds", "event", "why", "note", "calendar", "uid"}

// Ignore is the class of a row that says nothing about school days.
const Ignore school.DayClass = "ignore"

// undecided is how a row without a class is written.
const undecided = "?"

// classes are the words of the class column.
var classes = []string{string(school.NoSchool), string(school.StaffDay), string(school.EarlyRelease), string(school.Testing), string(school.Blackout), string(Ignore), undecided}

// Row is one row of a days file: an event, or a whole series of them, and what a person decided about it.
type Row struct {
	Line      int // in the days file
	Confirmed bool
	Class     school.DayClass // "" is undecided
	Days      []school.Day    // ascending, each once, at least one
	// Campuses it holds for; none: every campus that follows the file. With Not it holds for all but these.
	Campuses []school.CampusID
	Not      bool
	Kinds    []school.VisitKind // testing and blackout: the kinds it closes; none means all
	Event    string
	Why      string // what the class was read from
	Note     string // what the last import found: new, moved, gone
	Calendar string // the .ics it came from; "" for a row that a person added
	UID      string
}

// From is the first day.
func (w Row) From() school.Day { return w.Days[0] }

// To is the last day.
func (w Row) To() school.Day { return w.Days[len(w.Days)-1] }

// Open tells whether the row waits for a person: it is no noise, and nobody has confirmed it.
func (w Row) Open() bool { return !w.Confirmed && w.Class != Ignore }

// For tells whether the row holds for a campus.
func (w Row) For(id school.CampusID) bool {
	return len(w.Campuses) == 0 || slices.Contains(w.Campuses, id) != w.Not
}

// SpansFor are the confirmed spans of a campus; "" is one that no row names.
func SpansFor(rows []Row, id school.CampusID) (out []school.Span) {
	for _, w := range rows {
		if !w.Confirmed || w.Class == Ignore || w.Class == "" || !w.For(id) {
			continue
		}
		for _, s := range runs(w.Days) {
			s.Class, s.Kinds, s.Name = w.Class, w.Kinds, w.Event
			out = append(out, s)
		}
	}
	sortSpans(out)
	return out
}

// runs are the spans of days that follow each other.
func runs(days []school.Day) (out []school.Span) {
	for _, d := range days {
		if n := len(out); n > 0 && out[n-1].To+1 == d {
			out[n-1].To = d
			continue
		}
		out = append(out, school.Span{From: d, To: d})
	}
	return out
}

// WriteRows writes a days file: what has to be decided first, then what was proposed to be ignored, each by date.
func WriteRows(rows []Row) []byte {
	rows = slices.Clone(rows)
	SortRows(rows)
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.Write(RowColumns) // a buffer does not fail
	for _, r := range rows {
		from, to, on, except := pattern(r.Days)
		_ = w.Write([]string{yes(r.Confirmed), r.class(), from, to, on, except, r.campuses(), r.kinds(), guard(r.Event), guard(r.Why), guard(r.Note), guard(r.Calendar), guard(r.UID)})
	}
	w.Flush()
	return b.Bytes()
}

// SortRows puts rows into the order of the file. Nothing that a person decides but ignore itself moves a row.
func SortRows(rows []Row) {
	slices.SortStableFunc(rows, func(a, b Row) int {
		if (a.Class == Ignore) != (b.Class == Ignore) {
			if b.Class == Ignore {
				return -1
			}
			return 1
		}
		if a.From() != b.From() {
			return int(a.From() - b.From())
		}
		if c := strings.Compare(a.Event, b.Event); c != 0 {
			return c
		}
		return strings.Compare(a.UID, b.UID)
	})
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func (w Row) class() string {
	if w.Class == "" {
		return undecided
	}
	return string(w.Class)
}

func (w Row) campuses() string {
	var ids []string
	for _, c := range w.Campuses {
		id := string(c)
		if w.Not {
			id = "not " + id
		}
		ids = append(ids, id)
	}
	return strings.Join(ids, ";")
}

func (w Row) kinds() string {
	var out []string
	for _, k := range w.Kinds {
		out = append(out, string(k))
	}
	return strings.Join(out, ";")
}

// guard keeps a spreadsheet from taking the text of an event for a formula: the calendar comes from elsewhere.
func guard(s string) string {
	if formula(s) {
		return "'" + s
	}
	return s
}

// unguard takes that mark off.
func unguard(s string) string {
	if rest, ok := strings.CutPrefix(s, "'"); ok && formula(rest) {
		return rest
	}
	return s
}

func formula(s string) bool {
	s = strings.TrimLeft(s, "'")
	return s != "" && strings.ContainsRune("=+-@", rune(s[0]))
}

// weekdays are the words of the on column.
var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// pattern writes a set of days so that a person can read it: from and to; the weekdays of a series, and the dates that it leaves
// out; or, where it has no such shape, the dates themselves. Only from and to stand for every day between them.
func pattern(days []school.Day) (from, to, on, except string) {
	first, last := days[0], days[len(days)-1]
	from, to = first.String(), last.String()
	if int(last-first)+1 == len(days) {
		return from, to, "", ""
	}
	var has [7]bool
	for _, d := range days {
		has[d.Weekday()] = true
	}
	var names, left, all []string
	for i := range 7 {
		if wd := (i + 1) % 7; has[wd] { // Monday first
			names = append(names, weekdays[wd])
		}
	}
	for d := first; d <= last; d++ {
		if has[d.Weekday()] && !slices.Contains(days, d) {
			left = append(left, d.String())
		}
	}
	if len(left) > 0 && 3*len(left) > len(days)+3 {
		for _, d := range days {
			all = append(all, d.String())
		}
		return from, to, strings.Join(all, ";"), ""
	}
	return from, to, strings.Join(names, ";"), strings.Join(left, ";")
}

// weekdayOf reads "wed" or "Wednesday".
func weekdayOf(s string) (time.Weekday, bool) {
	for i := range weekdays {
		if s == weekdays[i] || s == strings.ToLower(time.Weekday(i).String()) {
			return time.Weekday(i), true
		}
	}
	return 0, false
}
