package roster

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Problem is one thing in a file that cannot be used.
type Problem struct {
	File      string
	Line, Col int
	Field     string // the column's name
	Message   string // says what would be right
}

func (p *Problem) Error() string {
	if p.Field == "" {
		return fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Col, p.Message)
	}
	return fmt.Sprintf("%s:%d:%d: %s: %s", p.File, p.Line, p.Col, p.Field, p.Message)
}

// table is a CSV file with a header, read row by row.
type table struct {
	file     string
	lines    []string
	columns  []string // in the order of the file; "" is one that the header does not name
	lost     bool     // a row could not be read at all, so somebody may be missing
	problems []error
}

// row is one record of a table.
type row struct {
	t      *table
	line   int
	values map[string]string
	cols   map[string]int
	many   int // values in the row
	bad    bool
}

// openQuote and closeQuote find curly quotes that stand where CSV wants straight ones.
var (
	openQuote  = regexp.MustCompile(`(^|,)[“”]`)
	closeQuote = regexp.MustCompile(`[“”](\s*)(,|$)`)
)

// parse reads a table. known are the columns it may have, must those it needs.
func parse(file string, data []byte, must, known []string) (*table, []*row) {
	t := &table{file: file}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	data = bytes.ReplaceAll(data, []byte("\r"), []byte("\n")) // old spreadsheets on the Mac
	t.lines = strings.Split(string(data), "\n")
	for i, l := range t.lines {
		if !utf8.ValidString(l) {
			t.fail(i+1, 1, "", "not UTF-8 text; save the table as \"CSV UTF-8\"")
			return t, nil
		}
		if strings.ContainsAny(l, "“”") {
			// One character for one, so columns stay true.
			l = openQuote.ReplaceAllString(l, `$1"`)
			t.lines[i] = closeQuote.ReplaceAllString(l, `"$1$2`)
		}
	}
	r := csv.NewReader(strings.NewReader(strings.Join(t.lines, "\n")))
	r.FieldsPerRecord = -1 // counted here, with a better error
	var rows []*row
	for {
		rec, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if pe, ok := errors.AsType[*csv.ParseError](err); ok {
			t.lost = true
			t.fail(pe.StartLine, t.col(pe.Line, pe.Column), "", "a quote is out of place; write \"Brown, Bob\" in straight quotes, and a quote inside as \"\"")
			if t.columns == nil {
				return t, nil
			}
			continue
		}
		if err != nil {
			t.fail(1, 1, "", err.Error())
			break
		}
		for i, v := range rec {
			rec[i] = clean(v)
		}
		if slices.IndexFunc(rec, func(v string) bool { return v != "" }) < 0 {
			continue
		}
		line, _ := r.FieldPos(0)
		if t.columns == nil {
			if !t.header(r, rec, must, known) {
				return t, nil
			}
			continue
		}
		rows = append(rows, t.row(r, rec, line))
	}
	if t.columns == nil {
		t.fail(1, 1, "", "the table is empty; its first line names the columns: "+strings.Join(known, ","))
	}
	return t, rows
}

func (t *table) header(r *csv.Reader, rec, must, known []string) bool {
	ok := true
	seen := map[string]bool{}
	for i, v := range rec {
		name := strings.ReplaceAll(strings.ToLower(v), " ", "_")
		line, col := t.pos(r, i)
		switch {
		case name == "":
		case !slices.Contains(known, name):
			ok = false
			t.fail(line, col, "", fmt.Sprintf("%q is not a column of this table%s; columns: %s", v, didYouMean(name, known), strings.Join(known, ",")))
		case seen[name]:
			ok = false
			t.fail(line, col, "", fmt.Sprintf("the column %q stands here twice", name))
		}
		seen[name] = true
		t.columns = append(t.columns, name)
	}
	for _, k := range must {
		if !seen[k] {
			ok = false
			t.fail(1, 1, k, "the column is missing; columns: "+strings.Join(known, ","))
		}
	}
	return ok
}

func (t *table) row(r *csv.Reader, rec []string, line int) *row {
	w := &row{t: t, line: line, values: map[string]string{}, cols: map[string]int{}, many: len(rec)}
	for i, v := range rec {
		_, col := t.pos(r, i)
		if i >= len(t.columns) {
			w.bad = w.bad || v != ""
			continue
		}
		if name := t.columns[i]; name != "" {
			w.values[name], w.cols[name] = v, col
		}
	}
	return w
}

// pos is where a field of the record read last begins.
func (t *table) pos(r *csv.Reader, field int) (line, col int) {
	line, b := r.FieldPos(field)
	return line, t.col(line, b)
}

// col turns a byte column into one counted in characters.
func (t *table) col(line, b int) int {
	if line < 1 || line > len(t.lines) || b < 1 {
		return 1
	}
	l := t.lines[line-1]
	return utf8.RuneCountInString(l[:min(b-1, len(l))]) + 1
}

func (t *table) fail(line, col int, field, message string) {
	t.problems = append(t.problems, &Problem{File: t.file, Line: line, Col: col, Field: field, Message: message})
}

// fail reports a problem with one value of the row, which then cannot be used.
func (w *row) fail(column, format string, args ...any) {
	w.bad = true
	col := w.cols[column]
	w.t.fail(w.line, max(col, 1), column, fmt.Sprintf(format, args...))
}

// shifted tells whether the row has problems because it has too many values; then it says only that.
func (w *row) shifted(problems int) bool {
	if !w.bad || w.many <= len(w.t.columns) {
		return false
	}
	w.t.problems = w.t.problems[:problems]
	w.t.lost = true
	w.t.fail(w.line, 1, "", fmt.Sprintf("the row has %d values, the header %d; a value with a comma needs straight quotes", w.many, len(w.t.columns)))
	return true
}

// list splits a value that may hold several.
func (w *row) list(column string) []string {
	var out []string
	for v := range strings.SplitSeq(w.values[column], ";") {
		if v = clean(v); v != "" && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// clean takes away what spreadsheets and mail programs leave around a value.
func clean(s string) string {
	s = strings.TrimSpace(strings.Trim(s, "\u200b\ufeff"))
	if f := strings.TrimPrefix(s, "“"); f != s && strings.HasSuffix(f, "”") {
		s = strings.TrimSpace(strings.TrimSuffix(f, "”"))
	}
	return s
}

// didYouMean is "; did you mean x?", or "" when nothing is near: one letter off for a short word, two for a longer one.
func didYouMean(typed string, known []string) string {
	best, least := "", 3
	for _, k := range known {
		a, b := strings.ToLower(typed), strings.ToLower(k)
		if at := strings.IndexByte(a, '@'); at >= 0 && strings.HasSuffix(b, a[at:]) {
			a, b = a[:at], strings.TrimSuffix(b, a[at:]) // everybody has the same host
		}
		most := 2
		if min(len(a), len(b)) <= 4 {
			most = 1
		}
		if d := distance(a, b); d <= most && d < least {
			best, least = k, d
		}
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + best + "?"
}

// distance counts the letters to change, add or drop.
func distance(a, b string) int {
	s, t := []rune(a), []rune(b)
	row := make([]int, len(t)+1)
	for j := range row {
		row[j] = j
	}
	for i := range s {
		last := row[0]
		row[0] = i + 1
		for j := range t {
			cost := last
			if s[i] != t[j] {
				cost = 1 + min(last, row[j], row[j+1])
			}
			last, row[j+1] = row[j+1], cost
		}
	}
	return row[len(t)]
}
