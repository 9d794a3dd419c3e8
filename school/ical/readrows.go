package ical

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"rounds/school"
)

// Known is what the rows of a days file are checked against.
type Known struct {
	Campuses []school.CampusID // none leaves the column unchecked
	// Near finds the known word that was probably meant; nil finds none.
	Near func(typed string, known []string) (string, bool)
}

// rowReader reads a days file.
type rowReader struct {
	file     string
	known    Known
	lines    []string
	columns  []string
	problems []error
}

// ReadRows reads a days file. It returns the rows that can be used and, joined, every problem of the others: each row is
// among the one or named by line and column in the other. file is the name that errors carry.
func ReadRows(file string, data []byte, known Known) ([]Row, error) {
	r := &rowReader{file: file, known: known}
	rows := r.read(data)
	return rows, errors.Join(r.problems...)
}

func (r *rowReader) fail(line, col int, field, format string, args ...any) {
	r.problems = append(r.problems, &Problem{File: r.file, Line: line, Col: max(col, 1), Field: field, Message: fmt.Sprintf(format, args...)})
}

func (r *rowReader) near(typed string, known []string) string {
	if r.known.Near != nil {
		if w, ok := r.known.Near(typed, known); ok {
			return "; did you mean " + w + "?"
		}
	}
	return ""
}

// maxRows is more rows than a calendar that can be read has events.
const maxRows = 2 * maxEvents

func (r *rowReader) read(data []byte) (rows []Row) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	data = bytes.ReplaceAll(bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
	r.lines = strings.Split(string(data), "\n")
	for i, l := range r.lines {
		if !utf8.ValidString(l) {
			r.fail(i+1, 1, "", "not UTF-8 text; save the table as \"CSV UTF-8\"")
			return nil
		}
	}
	c := csv.NewReader(bytes.NewReader(data))
	c.FieldsPerRecord = -1 // counted here, with a better error
	for {
		rec, err := c.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if pe, ok := errors.AsType[*csv.ParseError](err); ok {
			// What follows a lost quote cannot be told into rows.
			r.fail(pe.StartLine, r.column(pe.Line, pe.Column), "", "a quote is out of place, and nothing after it can be read; write \"Break, spring\" in straight quotes, and a quote inside as \"\"")
			return rows
		}
		if err != nil {
			r.fail(1, 1, "", "%v", err)
			return rows
		}
		if slices.IndexFunc(rec, func(v string) bool { return strings.TrimSpace(v) != "" }) < 0 {
			continue
		}
		line, _ := c.FieldPos(0)
		if r.columns == nil {
			if !r.header(c, rec) {
				return nil
			}
			continue
		}
		if len(rows) == maxRows {
			r.fail(line, 1, "", "more than %d rows; this is no school calendar", maxRows)
			return rows
		}
		if w, ok := r.row(c, rec, line); ok {
			rows = append(rows, w)
		}
	}
	if r.columns == nil {
		r.fail(1, 1, "", "the table is empty; its first line names the columns: %s", strings.Join(RowColumns, ","))
	}
	return rows
}

// column turns a byte column into one counted in characters.
func (r *rowReader) column(line, b int) int {
	if line < 1 || line > len(r.lines) || b < 1 {
		return 1
	}
	l := r.lines[line-1]
	return utf8.RuneCountInString(l[:min(b-1, len(l))]) + 1
}

func (r *rowReader) header(c *csv.Reader, rec []string) bool {
	before := len(r.problems)
	for i, v := range rec {
		name := strings.ToLower(strings.TrimSpace(v))
		line, b := c.FieldPos(i)
		switch {
		case name == "":
		case !slices.Contains(RowColumns, name):
			r.fail(line, r.column(line, b), "", "%q is not a column of this table%s; columns: %s", v, r.near(name, RowColumns), strings.Join(RowColumns, ","))
		case slices.Contains(r.columns, name):
			r.fail(line, r.column(line, b), "", "the column %q stands here twice", name)
		}
		r.columns = append(r.columns, name)
	}
	for _, must := range []string{"confirmed", "class", "from"} {
		if !slices.Contains(r.columns, must) {
			r.fail(1, 1, must, "the column is missing; columns: %s", strings.Join(RowColumns, ","))
		}
	}
	return len(r.problems) == before
}

// cell is one value of a row and where it stands.
type cell struct {
	text      string
	line, col int
	field     string
}

// row reads one record; ok is false when one of its values cannot be used.
func (r *rowReader) row(c *csv.Reader, rec []string, line int) (Row, bool) {
	before := len(r.problems)
	cells := map[string]cell{}
	for _, name := range r.columns {
		cells[name] = cell{line: line, col: 1, field: name}
	}
	for i, v := range rec {
		at, b := c.FieldPos(i)
		if i >= len(r.columns) {
			if strings.TrimSpace(v) != "" {
				r.fail(line, 1, "", "the row has %d values, the header %d; a value with a comma needs straight quotes", len(rec), len(r.columns))
				return Row{}, false
			}
			continue
		}
		cells[r.columns[i]] = cell{text: strings.TrimSpace(v), line: at, col: r.column(at, b), field: r.columns[i]}
	}
	one := func(name string) string { return unguard(oneLine(cells[name].text)) }
	w := Row{Line: line, Event: one("event"), Why: one("why"), Note: one("note"), Calendar: one("calendar"), UID: one("uid")}
	w.Confirmed = r.confirmed(cells["confirmed"])
	w.Class = r.class(cells["class"], w.Confirmed)
	w.Days = r.days(cells)
	w.Campuses, w.Not = r.campuses(cells["campuses"])
	w.Kinds = r.kinds(cells["kinds"], w.Class)
	return w, len(r.problems) == before
}

func (r *rowReader) bad(c cell, format string, args ...any) {
	r.fail(c.line, c.col, c.field, format, args...)
}

func (r *rowReader) confirmed(c cell) bool {
	switch s := strings.ToLower(c.text); s {
	case "yes", "y", "true", "x":
		return true
	case "no", "n", "false", "":
	default:
		r.bad(c, "%q is neither yes nor no%s", c.text, r.near(s, []string{"yes", "no"}))
	}
	return false
}

func (r *rowReader) class(c cell, confirmed bool) school.DayClass {
	s := strings.ToLower(strings.Join(strings.Fields(c.text), " "))
	switch {
	case s == "" || s == undecided:
		if confirmed {
			r.bad(c, "the row is confirmed and has no class yet; write %s", strings.Join(classes[:len(classes)-1], ", "))
		}
		return ""
	case !slices.Contains(classes, s):
		r.bad(c, "%q is not a class of days%s; classes: %s", c.text, r.near(s, classes), strings.Join(classes, ", "))
	}
	return school.DayClass(s)
}

// day reads a date; spreadsheets make 11/23/2026 of every date.
func (r *rowReader) day(c cell, s string) (school.Day, bool) {
	d, err := school.ParseDay(s)
	if f := strings.Split(s, "/"); err != nil && len(f) == 3 && len(f[0]) <= 2 && len(f[1]) <= 2 && len(f[2]) == 4 {
		d, err = school.ParseDay(fmt.Sprintf("%s-%02s-%02s", f[2], f[0], f[1]))
	}
	if err != nil {
		r.bad(c, "%q is not a date; write it like 2026-11-23", s)
		return 0, false
	}
	if y, _, _ := d.Civil(); y < 1950 || y > 2150 {
		r.bad(c, "%q is in the year %d", s, y)
		return 0, false
	}
	return d, true
}

// days reads from, to, on and except.
func (r *rowReader) days(cells map[string]cell) (out []school.Day) {
	from := cells["from"]
	if from.text == "" {
		r.bad(from, "the date is missing; write it like 2026-11-23")
		return nil
	}
	first, ok := r.day(from, from.text)
	if !ok {
		return nil
	}
	last, to := first, cells["to"]
	if to.text != "" {
		if last, ok = r.day(to, to.text); !ok {
			return nil
		}
	}
	if last < first || last-first > maxDays {
		r.bad(to, "from %s to %s is no span of a school year", first, last)
		return nil
	}
	on, ok := r.on(cells["on"], first, last)
	if !ok {
		return nil
	}
	not, ok := r.dates(cells["except"], split(cells["except"].text), first, last)
	if !ok {
		return nil
	}
	for d := first; d <= last; d++ {
		if on(d) && !slices.Contains(not, d) {
			out = append(out, d)
		}
	}
	if len(out) == 0 {
		r.bad(from, "no day is left of the row")
	}
	return out
}

// on reads the weekdays, or the dates, of a series.
func (r *rowReader) on(c cell, first, last school.Day) (func(school.Day) bool, bool) {
	words := split(c.text)
	if len(words) == 0 {
		return func(school.Day) bool { return true }, true
	}
	if strings.IndexFunc(words[0], func(c rune) bool { return c >= '0' && c <= '9' }) == 0 {
		list, ok := r.dates(c, words, first, last)
		return func(d school.Day) bool { return slices.Contains(list, d) }, ok
	}
	var has [7]bool
	for _, s := range words {
		wd, ok := weekdayOf(strings.ToLower(s))
		if !ok {
			r.bad(c, "%q is not a day of the week%s; known: %s; or write the dates, with ; between them", s, r.near(s, weekdays), strings.Join(weekdays, ", "))
			return nil, false
		}
		has[wd] = true
	}
	return func(d school.Day) bool { return has[d.Weekday()] }, true
}

func (r *rowReader) dates(c cell, words []string, first, last school.Day) (out []school.Day, ok bool) {
	for _, s := range words {
		d, ok := r.day(c, s)
		if !ok {
			return nil, false
		}
		if d < first || d > last {
			r.bad(c, "%s does not lie between %s and %s", d, first, last)
			return nil, false
		}
		out = append(out, d)
	}
	return out, true
}

// campuses reads "cedar;oak", or "not cedar;not oak".
func (r *rowReader) campuses(c cell) (out []school.CampusID, not bool) {
	var known []string
	for _, k := range r.known.Campuses {
		known = append(known, string(k))
	}
	for i, s := range split(c.text) {
		id, without := strings.CutPrefix(strings.ToLower(s), "not ")
		id = strings.TrimSpace(id)
		if i > 0 && without != not {
			r.bad(c, "write either the campuses that the row holds for (cedar;oak) or those that it does not (not cedar;not oak)")
			return nil, false
		}
		not = without
		switch {
		case len(known) > 0 && !slices.Contains(known, id):
			r.bad(c, "%q is not a campus of this calendar%s; campuses: %s", id, r.near(id, known), strings.Join(known, ", "))
		case !slices.Contains(out, school.CampusID(id)):
			out = append(out, school.CampusID(id))
		}
	}
	return out, not
}

func (r *rowReader) kinds(c cell, class school.DayClass) (out []school.VisitKind) {
	all := []string{string(school.Walkthrough), string(school.CoachingVisit), string(school.Formal), string(school.PLCVisit)}
	for _, s := range split(c.text) {
		k, err := school.ParseKind(strings.ToLower(s))
		switch {
		case err != nil:
			r.bad(c, "%q is not a kind of visit%s; kinds: %s", s, r.near(strings.ToLower(s), all), strings.Join(all, ", "))
			return nil
		case class != school.Testing && class != school.Blackout:
			r.bad(c, "only testing and blackout close kinds of visits; the class here is %s", Row{Class: class}.class())
			return nil
		case !slices.Contains(out, k):
			out = append(out, k)
		}
	}
	return out
}

// split cuts a value that may hold several.
func split(s string) (out []string) {
	for v := range strings.SplitSeq(s, ";") {
		if v = strings.TrimSpace(v); v != "" {
			out = append(out, v)
		}
	}
	return out
}
