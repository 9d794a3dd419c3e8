package answers

import (
	"encoding/json"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// testDocs builds the two documents from the flat list of ids and texts in
// testdata; package seeds, which parses the sources, is above this one.
func testDocs() ([]Document, error) {
	var flat []struct{ ID, Source, Level, Indicator, Text string }
	if err := readJSON("testdata/statements.json", &flat); err != nil {
		return nil, err
	}
	topics, err := testTopics()
	if err != nil {
		return nil, err
	}
	docs := []Document{
		{ID: "ic", Title: "Instructional Coordinators competency framework", Short: "Instructional Coordinator framework"},
		{ID: "lever5", Title: "Effective District Framework, Lever 5", Short: "Effective District Framework, Lever 5"},
	}
	index := map[string]int{}
	for _, f := range flat {
		s := Statement{ID: f.ID, Level: f.Level, Text: f.Text, Also: topics[f.ID]}
		d := 0
		switch {
		case f.Source == "competency-framework":
			index[f.Level]++
			s.Kind, s.Index = KindStatement, index[f.Level]
			s.Title, _, _ = strings.Cut(f.Text, " — ")
		case f.ID == f.Indicator:
			d, s.Kind = 1, KindPractice
			s.Title, _, _ = strings.Cut(f.Text, " – ")
		default:
			d, s.Kind, s.Parent = 1, KindCriterion, f.Indicator
		}
		s.Doc = docs[d].ID
		docs[d].Statements = append(docs[d].Statements, s)
	}
	return docs, nil
}

// testTopics reads what people call the statements from the data of package
// seeds, which is above this one.
func testTopics() (map[string][]string, error) {
	data, err := os.ReadFile("../seeds/data/topics.txt")
	if err != nil {
		return nil, err
	}
	topics := map[string][]string{}
	id := ""
	for line := range strings.Lines(string(data)) {
		phrases := strings.TrimSpace(line)
		if phrases == "" || phrases[0] == '#' {
			continue
		}
		if line[0] != ' ' {
			id, phrases, _ = strings.Cut(phrases, ":")
		}
		for p := range strings.SplitSeq(phrases, ",") {
			topics[id] = append(topics[id], strings.TrimSpace(p))
		}
	}
	return topics, nil
}

func testStrands() ([]Strand, error) {
	var in struct{ Strands []Strand }
	err := readJSON("testdata/strands.json", &in)
	return in.Strands, err
}

func readJSON(name string, v any) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, v)
}

var shared = sync.OnceValues(func() (*Library, error) {
	docs, err := testDocs()
	if err != nil {
		return nil, err
	}
	strands, err := testStrands()
	if err != nil {
		return nil, err
	}
	return New(docs, strands)
})

func testLibrary(t testing.TB) *Library {
	t.Helper()
	l, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func ids(list []Statement) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = s.ID
	}
	return out
}

func TestLadders(t *testing.T) {
	l := testLibrary(t)
	for _, test := range []struct {
		name string
		got  []Statement
		want string
	}{
		{"next of a middle rung", l.Next("developing.1"), "proficient.1"},
		{"next over a shift of numbers", l.Next("emerging.6"), "developing.7"},
		{"next from a level with two", l.Next("emerging.8"), "developing.9"},
		{"next at the top", l.Next("advanced.1"), ""},
		{"next where a strand ends early", l.Next("proficient.9"), ""},
		{"next of no strand", l.Next("5.2.5"), ""},
		{"next of no statement", l.Next("nonsense"), ""},
		{"whole ladder", l.Ladder("S9"), "emerging.8 emerging.9 developing.9 proficient.9"},
		{"single rung", l.Ladder("S11"), "advanced.6"},
		{"no such ladder", l.Ladder("S99"), ""},
		{"related practices", l.Related("proficient.1"), "5.2.5 5.1.2"},
		{"none related", l.Related("proficient.3"), ""},
		{"criteria", l.Criteria("5.1.3"), "5.1.3.a"},
		{"criteria of a criterion", l.Criteria("5.1.3.a"), ""},
	} {
		if got := strings.Join(ids(test.got), " "); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
	if s, ok := l.Strand("emerging.7"); !ok || s.ID != "S8" {
		t.Errorf("emerging.7 is in strand %q", s.ID)
	}
	if _, _, ok := l.Get("5.2.5.z"); ok {
		t.Error("5.2.5.z exists")
	}
	if n := len(l.Strands()); n != 12 {
		t.Errorf("%d strands", n)
	}
}

func TestNewErrors(t *testing.T) {
	one := func(s ...Statement) []Document { return []Document{{ID: "d", Statements: s}} }
	a := Statement{ID: "low.1", Doc: "d", Level: "low", Index: 1, Text: "A — b."}
	with := func(f func(s *Statement)) Statement { s := a; f(&s); return s }
	for _, test := range []struct {
		want    string
		docs    []Document
		strands []Strand
	}{
		{"document 1", []Document{{Title: "T"}}, nil},
		{`document "d" is given twice`, []Document{{ID: "d"}, {ID: "d"}}, nil},
		{`document "d", statement 1: no id`, one(Statement{}), nil},
		{`"low.1" is used twice`, one(a, a), nil},
		{"low.1 says it is of document", one(with(func(s *Statement) { s.Doc = "e" })), nil},
		{"low.1 has no text", one(with(func(s *Statement) { s.Text = " " })), nil},
		{"low.1 and low.2 are both low 1", one(a, with(func(s *Statement) { s.ID = "low.2" })), nil},
		{`low.1: no practice "x"`, one(with(func(s *Statement) { s.Parent = "x" })), nil},
		{"strand 1", one(a), []Strand{{}}},
		{`strand "S1" is given twice`, one(a), []Strand{{ID: "S1"}, {ID: "S1"}}},
		{"strand S1: no statement low 2", one(a), []Strand{{ID: "S1", Cells: []Cell{{Level: "low", Index: 2}}}}},
		{"strand S2: low.1 already belongs to strand S1", one(a), []Strand{
			{ID: "S1", Cells: []Cell{{Level: "low", Index: 1}}}, {ID: "S2", Cells: []Cell{{Level: "low", Index: 1}}},
		}},
		{`strand S1: no related practice "9.9.9"`, one(a), []Strand{{ID: "S1", Lever5: []string{"9.9.9"}}}},
	} {
		_, err := New(test.docs, test.strands)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("error %v, want %q", err, test.want)
		}
	}
}

// A library answers from what it was given, not from what the caller later
// does with it, and a library of nothing answers too.
func TestNewCopies(t *testing.T) {
	docs, err := testDocs()
	if err != nil {
		t.Fatal(err)
	}
	l, err := New(docs, nil)
	if err != nil {
		t.Fatal(err)
	}
	before, _, _ := l.Get("5.2.5")
	for i := range docs[1].Statements {
		docs[1].Statements[i].Text = "changed"
	}
	after, doc, _ := l.Get("5.2.5")
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("changed with the caller's slice:\n%s", diff)
	}
	if doc.Statements[0].Text == "changed" {
		t.Error("the document changed with the caller's slice")
	}
	empty, err := New(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if a := empty.Ask("what is a PLC?"); a.Kind != KindDecline {
		t.Errorf("an empty library answered %+v", a)
	}
}
