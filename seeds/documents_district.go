package seeds

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"rounds/answers"
)

// A framework of the district's own: a table of statements, or the export of
// another occupation, brought to one shape that lies beside district.yaml.
//
//	rubric.csv ---ReadTable----+
//	export.json --ReadExport---+--> District --Encode--> frameworks/cedar.json
//	                                    ^                       |
//	                                    +------ReadDistrict-----+--> DistrictLibrary

// About says what a table cannot say of itself.
type About struct {
	ID     string   // short, lower case; the ids of the statements begin with it
	Title  string   // "Cedar instructional rubric"
	Says   []string // what people call it besides: "our rubric"
	Credit string   // who is to be credited; ""
	Note   string   // what it is not; ""
}

// District is a framework of the district's own.
type District struct {
	Document answers.Document `json:"document"`
	Strands  []answers.Strand `json:"strands,omitempty"`
}

// bounds of a framework: what is larger is the wrong file.
const (
	maxStatements = 2000
	maxTextBytes  = 4000
)

// document makes the document without its statements.
func (a About) document() answers.Document {
	d := answers.Document{ID: a.ID, Title: a.Title, Short: a.Title, Note: a.Note}
	d.Says = append([]string{a.Title}, a.Says...)
	if a.Credit != "" {
		d.Credits = []string{a.Credit}
	}
	return d
}

// ReadTable reads a CSV table with the columns id, level, strand and text, in
// any order; level and strand may be empty or left out. Levels stand in the
// order of the table, lowest first. Texts are kept byte for byte. Every row
// that cannot be used is reported, with its line and column.
func ReadTable(data []byte, about About) (District, error) {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	r.FieldsPerRecord = -1
	head, err := r.Read()
	if err != nil {
		return District{}, errors.New("line 1: no header; the columns are id, level, strand, text")
	}
	column := map[string]int{}
	for i, h := range head {
		column[strings.ToLower(strings.TrimSpace(h))] = i
	}
	for _, need := range []string{"id", "text"} {
		if _, ok := column[need]; !ok {
			return District{}, fmt.Errorf("line 1: column %s is missing; the columns are id, level, strand, text", need)
		}
	}
	t := rubricTable{about: about, District: District{Document: about.document()}, ids: map[string]int{}, count: map[string]int{}, strand: map[string]int{}}
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		line, _ := r.FieldPos(0)
		if err != nil {
			t.errs = append(t.errs, err)
			break
		}
		get := func(name string) string {
			if i, ok := column[name]; ok && i < len(row) {
				return row[i]
			}
			return ""
		}
		t.add(line, strings.TrimSpace(get("id")), strings.TrimSpace(get("level")), strings.TrimSpace(get("strand")), get("text"))
	}
	if len(t.Document.Statements) == 0 && len(t.errs) == 0 {
		t.errs = append(t.errs, errors.New("line 1: a header and no statements"))
	}
	return t.District, errors.Join(t.errs...)
}

// rubricTable is a framework as it is read.
type rubricTable struct {
	District
	about  About
	ids    map[string]int // line of each
	count  map[string]int // statements of a level
	strand map[string]int // index in Strands
	errs   []error
}

func (t *rubricTable) add(line int, id, level, strand, text string) {
	bad := func(field, format string, args ...any) {
		t.errs = append(t.errs, fmt.Errorf("line %d, %s: %s", line, field, fmt.Sprintf(format, args...)))
	}
	switch {
	case id == "" || strings.ContainsAny(id, " \t\n"):
		bad("id", "must be one word, like 2.4")
		return
	case t.ids[id] != 0:
		bad("id", "%s stands already on line %d", id, t.ids[id])
		return
	case strings.TrimSpace(text) == "":
		bad("text", "is empty")
		return
	case len(text) > maxTextBytes:
		bad("text", "is longer than %d bytes", maxTextBytes)
		return
	case len(t.Document.Statements) == maxStatements:
		bad("id", "a framework holds at most %d statements", maxStatements)
		return
	}
	t.ids[id] = line
	level = strings.ToLower(level)
	s := answers.Statement{ID: t.about.ID + "-" + id, Doc: t.about.ID, Level: level, Kind: answers.KindStatement, Text: text}
	if title, _, ok := strings.Cut(text, emDash); ok {
		s.Title = title
	}
	if level != "" {
		t.count[level]++
		s.Index = t.count[level]
	}
	t.Document.Statements = append(t.Document.Statements, s)
	if strand == "" || level == "" {
		return
	}
	i, ok := t.strand[strand]
	if !ok {
		i = len(t.Strands)
		t.strand[strand] = i
		t.Strands = append(t.Strands, answers.Strand{ID: fmt.Sprintf("%s-S%d", t.about.ID, i+1), Name: strand, Doc: t.about.ID})
	}
	t.Strands[i].Cells = append(t.Strands[i].Cells, answers.Cell{Level: level, Index: s.Index, Confidence: "exact"})
}

// ReadExport reads a framework of the same JSON shape as the one that is
// shipped. It says nothing of strands.
func ReadExport(data []byte, about About) (District, error) {
	d, err := LoadFramework(data)
	if err != nil {
		return District{}, err
	}
	own := about.document()
	own.Version, own.Statements = d.Version, d.Statements
	own.Credits = append(own.Credits, d.Credits...)
	if own.Note == "" {
		own.Note = d.Note
	}
	for i := range own.Statements {
		s := &own.Statements[i]
		s.Doc, s.ID = about.ID, about.ID+"-"+s.ID
	}
	return District{Document: own}, nil
}

// Encode writes the framework for [ReadDistrict].
func (d District) Encode() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	err := enc.Encode(d)
	return b.Bytes(), err
}

// ReadDistrict reads what [District.Encode] wrote.
func ReadDistrict(data []byte) (District, error) {
	var d District
	if err := json.Unmarshal(data, &d); err != nil {
		return District{}, describeJSON(data, err)
	}
	if d.Document.ID == "" || len(d.Document.Statements) == 0 {
		return District{}, errors.New("document: no id or no statements; write it with rounds import --framework")
	}
	return d, nil
}

// DistrictLibrary is [Library] with the frameworks of a folder's .json files,
// in the order of their names. A folder that is not there holds none. Errors
// name the file.
func DistrictLibrary(dir fs.FS) (*answers.Library, error) {
	names, err := fs.Glob(dir, "*.json")
	if err != nil || len(names) == 0 {
		return Library(), nil //nolint:nilerr // the pattern is right, so the folder is not there
	}
	slices.Sort(names)
	var more []District
	for _, name := range names {
		data, err := fs.ReadFile(dir, name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path.Base(name), err)
		}
		d, err := ReadDistrict(data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path.Base(name), err)
		}
		more = append(more, d)
	}
	return With(more...)
}

// With is [Library] with these frameworks beside the shipped documents.
func With(more ...District) (*answers.Library, error) {
	docs, strands := Documents(), Strands()
	for _, d := range more {
		docs, strands = append(docs, d.Document), append(strands, d.Strands...)
	}
	return answers.New(docs, strands)
}
