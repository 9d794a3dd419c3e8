package roster

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"unicode/utf8"
)

// strictCSV reads one OneRoster file row by row. Nothing of a row is kept when the next one is read, and only cells
// that are asked for are looked at: the password column never is.
type strictCSV struct {
	file   string // as messages name it
	f      fs.File
	r      *csv.Reader
	at     map[string]int
	extra  int // metadata.* columns after the header's own
	record []string
	line   int
	wrong  string // why the row cannot be used; says nothing of its cells
}

// openCSV opens a file and checks its header, whose order and case are fixed.
func openCSV(fsys fs.FS, name, file string, header []string) (*strictCSV, error) {
	f, err := fsys.Open(name)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		return nil, fmt.Errorf("%s cannot be read: %w", file, cause(err))
	}
	b := bufio.NewReaderSize(f, 1<<16)
	if mark, _ := b.Peek(3); bytes.Equal(mark, []byte("\ufeff")) {
		_, _ = b.Discard(3)
	}
	s := &strictCSV{file: file, f: f, r: csv.NewReader(b), at: map[string]int{}}
	s.r.FieldsPerRecord = -1 // counted here, with a better error
	s.r.ReuseRecord = true
	got, err := s.r.Read()
	switch {
	case errors.Is(err, io.EOF):
		err = &RowProblem{File: file, Line: 1, Message: "the file is empty; its first line is " + strings.Join(header, ",")}
	case err != nil:
		err = s.broken(err)
	default:
		err = s.header(got, header)
	}
	if err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// header compares the first line with what it must be.
func (s *strictCSV) header(got, want []string) error {
	fail := func(format string, args ...any) error {
		return &RowProblem{File: s.file, Line: 1, Message: fmt.Sprintf(format, args...)}
	}
	if !strings.EqualFold(got[0], want[0]) {
		// A file without a header begins with a person: their cells are not quoted.
		return fail("the first line is no header; it must be %s", strings.Join(want, ","))
	}
	// Extensions may follow the header's own columns; they are never looked at.
	for len(got) > len(want) && strings.HasPrefix(got[len(got)-1], "metadata.") {
		got = got[:len(got)-1]
		s.extra++
	}
	var errs []error
	for _, c := range want {
		if !slices.Contains(got, c) {
			if i := slices.IndexFunc(got, func(g string) bool { return strings.EqualFold(g, c) }); i >= 0 {
				errs = append(errs, fail("the column %q must be written %q", got[i], c))
				continue
			}
			errs = append(errs, fail("the column %q is missing", c))
		}
	}
	for i, g := range got {
		switch {
		case slices.Contains(got[:i], g):
			errs = append(errs, fail("the column %q stands here twice", g))
		case !slices.ContainsFunc(want, func(c string) bool { return strings.EqualFold(g, c) }):
			errs = append(errs, fail("%q is not a column of this file; extensions are called metadata.… and come last", g))
		}
	}
	if len(errs) == 0 && !slices.Equal(got, want) {
		i := 0
		for got[i] == want[i] {
			i++
		}
		errs = append(errs, fail("the columns are out of order: column %d is %q and must be %q", i+1, got[i], want[i]))
	}
	for i, c := range want {
		s.at[c] = i
	}
	return errors.Join(errs...)
}

// broken turns an error of the CSV reader into one that names the line alone.
func (s *strictCSV) broken(err error) error {
	if pe, ok := errors.AsType[*csv.ParseError](err); ok {
		return &RowProblem{File: s.file, Line: pe.StartLine, Message: "a quote is out of place here, so the rest of the file cannot be told apart"}
	}
	return fmt.Errorf("%s cannot be read: %w", s.file, cause(err))
}

// next reads a row. Its error is io.EOF, or one after which the file cannot be trusted. A row that cannot be used
// has a reason in wrong.
func (s *strictCSV) next() (line int, err error) {
	s.record, err = s.r.Read()
	if errors.Is(err, io.EOF) {
		return 0, err
	}
	if err != nil {
		return 0, s.broken(err)
	}
	s.line, _ = s.r.FieldPos(0)
	s.wrong = ""
	if want := len(s.at); len(s.record) < want || len(s.record) > want+s.extra {
		s.wrong = fmt.Sprintf("the row has %d values, the header %d; a value with a comma needs quotes", len(s.record), want+s.extra)
	}
	return s.line, nil
}

// cell is one value of the row, trimmed, "" where the row is too short. It is a copy: the row's own memory holds the
// neighbors too.
func (s *strictCSV) cell(column string) string {
	i, ok := s.at[column]
	if !ok || i >= len(s.record) {
		return ""
	}
	v := s.record[i]
	if !utf8.ValidString(v) {
		s.wrong = "not UTF-8 text; export the file as UTF-8"
		return ""
	}
	return strings.Clone(strings.TrimSpace(v))
}

// list is a value that may hold several, separated by commas.
func (s *strictCSV) list(column string) (out []string) {
	for v := range strings.SplitSeq(s.cell(column), ",") {
		if v = strings.TrimSpace(v); v != "" && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

func (s *strictCSV) close() { _ = s.f.Close() }
