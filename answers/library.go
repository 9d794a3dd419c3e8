package answers

import (
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"
)

// Kinds of [Statement].
const (
	KindStatement = "statement" // a competency statement of a framework level
	KindPractice  = "practice"  // a key practice, such as 5.2.5
	KindCriterion = "criterion" // a success criterion, such as 5.2.5.c
)

// Statement is one quotable sentence of a source document, kept byte for byte.
type Statement struct {
	ID     string   // "proficient.1", "5.2.5", "5.2.5.c" (letters are made by Rounds)
	Doc    string   // document id: "ic" (Instructional Coordinators) or "lever5"
	Level  string   // "emerging" ... "advanced", or "" where the document has no levels
	Index  int      // 1-based place in its level, 0 where there is no level
	Kind   string   // KindStatement, KindPractice or KindCriterion
	Parent string   // id of the practice a criterion belongs to, or ""
	Title  string   // what stands before the dash; "" for criteria
	Text   string   // the whole quotable text, title included, as in the source
	Sub    []string // sub-bullets of a criterion, without their "- "; Text holds them too
	Also   []string // what people call it: to find it by, never quoted
}

// Document names a source, its credits and its statements in source order.
type Document struct {
	ID         string
	Title      string
	Short      string // how an answer names it in one line
	Version    string // "" where the source gives none
	Credits    []string
	Note       string   // what a reader must not take it for: "not a T-TESS rating"
	Says       []string // what people call it, to ask of it alone: "our rubric"
	Statements []Statement
}

// Strand is one competency followed through the levels of a framework, with
// the Lever 5 practices that a leader working on it would read next.
type Strand struct {
	ID     string // "S1"
	Name   string
	Doc    string // the document its statements are of; "" for the first that has the first cell
	Cells  []Cell
	Lever5 []string // ids of related practices
}

// Cell places one statement (level and 1-based index) in a strand.
type Cell struct {
	Level      string
	Index      int
	Confidence string // "exact", "strong" or "weak": how surely it belongs here
}

// Library is a set of documents and the strands that run through them,
// indexed for questions. It is immutable and safe for concurrent use. The
// slices inside returned values are shared: read them, do not write to them.
type Library struct {
	docs    []Document
	strands []Strand

	all      []Statement    // every statement, documents in order
	docOf    []int          // all[i] belongs to docs[docOf[i]]
	byID     map[string]int // statement id -> index in all
	byCell   map[cellKey]int
	strandOf []int               // all[i] belongs to strands[strandOf[i]], or -1
	criteria map[string][]int    // practice id -> its criteria
	levels   []string            // level keys, lowest first, as met in the documents
	levelsOf map[string][]string // the same of one document
	named    map[string]int      // folded id of a document with ids of its own -> index in all
	says     []docName
	levelIdx map[string]int

	index *index
	lex   *lexicon
}

type cellKey struct {
	doc   string
	level string
	index int
}

// New checks docs and strands against each other and indexes them. The
// documents are copied. Errors name the document and the id at fault.
func New(docs []Document, strands []Strand) (*Library, error) {
	l := &Library{
		byID:     map[string]int{},
		byCell:   map[cellKey]int{},
		criteria: map[string][]int{},
		levelIdx: map[string]int{},
		levelsOf: map[string][]string{},
		named:    map[string]int{},
	}
	if err := l.addDocuments(docs); err != nil {
		return nil, fmt.Errorf("answers: %w", err)
	}
	if err := l.addStrands(strands); err != nil {
		return nil, fmt.Errorf("answers: %w", err)
	}
	lex, err := sharedLexicon()
	if err != nil {
		return nil, fmt.Errorf("answers: %w", err)
	}
	l.lex = lex
	l.nameDocuments()
	l.index = newIndex(l)
	return l, nil
}

func (l *Library) addDocuments(docs []Document) error {
	seen := map[string]bool{}
	for di, d := range docs {
		if d.ID == "" {
			return fmt.Errorf("document %d (%q) has no id", di+1, d.Title)
		}
		if seen[d.ID] {
			return fmt.Errorf("document %q is given twice", d.ID)
		}
		seen[d.ID] = true
		d.Credits = slices.Clone(d.Credits)
		d.Statements = slices.Clone(d.Statements)
		for si := range d.Statements {
			s := &d.Statements[si]
			s.Sub, s.Also = slices.Clone(s.Sub), slices.Clone(s.Also)
			if err := l.addStatement(di, d.ID, *s); err != nil {
				return fmt.Errorf("document %q, statement %d: %w", d.ID, si+1, err)
			}
		}
		l.docs = append(l.docs, d)
	}
	for _, s := range l.all {
		if s.Parent == "" {
			continue
		}
		p, ok := l.byID[s.Parent]
		if !ok || l.all[p].Doc != s.Doc {
			return fmt.Errorf("document %q, %s: no practice %q to belong to", s.Doc, s.ID, s.Parent)
		}
		l.criteria[s.Parent] = append(l.criteria[s.Parent], l.byID[s.ID])
	}
	return nil
}

func (l *Library) addStatement(di int, doc string, s Statement) error {
	switch {
	case s.ID == "":
		return errors.New("no id")
	case s.Doc != doc:
		return fmt.Errorf("%s says it is of document %q", s.ID, s.Doc)
	case strings.TrimSpace(s.Text) == "":
		return fmt.Errorf("%s has no text", s.ID)
	}
	if _, ok := l.byID[s.ID]; ok {
		return fmt.Errorf("id %q is used twice", s.ID)
	}
	i := len(l.all)
	l.all = append(l.all, s)
	l.docOf = append(l.docOf, di)
	l.strandOf = append(l.strandOf, -1)
	l.byID[s.ID] = i
	if s.Level == "" {
		return nil
	}
	key := cellKey{doc, s.Level, s.Index}
	if other, ok := l.byCell[key]; ok {
		return fmt.Errorf("%s and %s are both %s %d", l.all[other].ID, s.ID, s.Level, s.Index)
	}
	l.byCell[key] = i
	if _, ok := l.levelIdx[s.Level]; !ok {
		l.levelIdx[s.Level] = len(l.levels)
		l.levels = append(l.levels, s.Level)
	}
	if !slices.Contains(l.levelsOf[doc], s.Level) {
		l.levelsOf[doc] = append(l.levelsOf[doc], s.Level)
	}
	return nil
}

func (l *Library) addStrands(strands []Strand) error {
	seen := map[string]bool{}
	for si, st := range strands {
		if st.ID == "" {
			return fmt.Errorf("strand %d (%q) has no id", si+1, st.Name)
		}
		if seen[st.ID] {
			return fmt.Errorf("strand %q is given twice", st.ID)
		}
		seen[st.ID] = true
		st.Cells = slices.Clone(st.Cells)
		if st.Doc == "" && len(st.Cells) > 0 {
			st.Doc = l.docWith(st.Cells[0])
		}
		st.Lever5 = slices.Clone(st.Lever5)
		for _, c := range st.Cells {
			i, ok := l.byCell[cellKey{st.Doc, c.Level, c.Index}]
			if !ok {
				return fmt.Errorf("strand %s: no statement %s %d", st.ID, c.Level, c.Index)
			}
			if was := l.strandOf[i]; was >= 0 {
				return fmt.Errorf("strand %s: %s already belongs to strand %s", st.ID, l.all[i].ID, strands[was].ID)
			}
			l.strandOf[i] = si
		}
		// Lowest level first, so that a ladder reads upwards.
		sort.SliceStable(st.Cells, func(a, b int) bool {
			return l.levelIdx[st.Cells[a].Level] < l.levelIdx[st.Cells[b].Level]
		})
		for _, id := range st.Lever5 {
			if _, ok := l.byID[id]; !ok {
				return fmt.Errorf("strand %s: no related practice %q", st.ID, id)
			}
		}
		l.strands = append(l.strands, st)
	}
	return nil
}

// docWith is the first document that has a cell, or "".
func (l *Library) docWith(c Cell) string {
	for _, d := range l.docs {
		if _, ok := l.byCell[cellKey{d.ID, c.Level, c.Index}]; ok {
			return d.ID
		}
	}
	return ""
}

// Levels returns the levels of a document, lowest first.
func (l *Library) Levels(doc string) []string { return slices.Clone(l.levelsOf[doc]) }

// Documents returns the documents in their given order.
func (l *Library) Documents() []Document { return slices.Clone(l.docs) }

// Get returns the statement with this id (as written, "5.2.5.c") and its
// document.
func (l *Library) Get(id string) (Statement, Document, bool) {
	i, ok := l.byID[id]
	if !ok {
		return Statement{}, Document{}, false
	}
	return l.all[i], l.docs[l.docOf[i]], true
}

// Strand returns the strand a statement belongs to; false for a statement of
// no strand (all of Lever 5) and for an unknown id.
func (l *Library) Strand(statementID string) (Strand, bool) {
	i, ok := l.byID[statementID]
	if !ok || l.strandOf[i] < 0 {
		return Strand{}, false
	}
	return l.strands[l.strandOf[i]], true
}

// Next returns the statements of the same strand at the nearest higher level
// that has any: usually one, none at the top.
func (l *Library) Next(statementID string) []Statement {
	st, ok := l.Strand(statementID)
	if !ok {
		return nil
	}
	from := l.levelIdx[l.all[l.byID[statementID]].Level]
	var next []Statement
	for _, c := range st.Cells {
		if l.levelIdx[c.Level] <= from {
			continue
		}
		if len(next) > 0 && next[0].Level != c.Level {
			break
		}
		next = append(next, l.cell(st, c))
	}
	return next
}

// Ladder returns the statements of a strand, lowest level first.
func (l *Library) Ladder(strandID string) []Statement {
	for _, st := range l.strands {
		if st.ID != strandID {
			continue
		}
		out := make([]Statement, len(st.Cells))
		for i, c := range st.Cells {
			out[i] = l.cell(st, c)
		}
		return out
	}
	return nil
}

func (l *Library) cell(st Strand, c Cell) Statement { return l.all[l.at(st, c)] }

func (l *Library) at(st Strand, c Cell) int { return l.byCell[cellKey{st.Doc, c.Level, c.Index}] }

// find returns the statement of the first document that has one at the cell.
func (l *Library) find(level string, index int) (int, bool) {
	i, ok := l.byCell[cellKey{l.docWith(Cell{Level: level, Index: index}), level, index}]
	return i, ok
}

// Strands returns all strands in their given order.
func (l *Library) Strands() []Strand { return slices.Clone(l.strands) }

// Related returns the Lever 5 practices that support the statement's strand.
func (l *Library) Related(statementID string) []Statement {
	st, ok := l.Strand(statementID)
	if !ok {
		return nil
	}
	var out []Statement
	for _, id := range st.Lever5 {
		out = append(out, l.all[l.byID[id]])
	}
	return out
}

// Criteria returns the success criteria of a practice, in source order.
func (l *Library) Criteria(practiceID string) []Statement {
	var out []Statement
	for _, i := range l.criteria[practiceID] {
		out = append(out, l.all[i])
	}
	return out
}
