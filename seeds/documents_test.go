package seeds

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"rounds/answers"

	"github.com/google/go-cmp/cmp"
)

// The texts that the practice questions are graded on, byte for byte.
func TestDocumentsAreVerbatim(t *testing.T) {
	data, err := os.ReadFile("../answers/testdata/statements.json")
	if err != nil {
		t.Fatal(err)
	}
	var want []struct{ ID, Text, Level, Indicator string }
	if err := json.Unmarshal(data, &want); err != nil {
		t.Fatal(err)
	}
	var got []answers.Statement
	for _, d := range Documents() {
		got = append(got, d.Statements...)
	}
	if len(got) != 96 || len(want) != 96 {
		t.Fatalf("%d statements, %d expected ones; want 96", len(got), len(want))
	}
	for i, w := range want {
		g := got[i]
		if g.ID != w.ID || g.Text != w.Text || g.Level != w.Level {
			t.Errorf("%s %q:\n%q\nwant %s %q:\n%q", g.ID, g.Level, g.Text, w.ID, w.Level, w.Text)
		}
		if s, _, ok := Library().Get(w.ID); !ok || s.Text != w.Text {
			t.Errorf("the library has %q for %s", s.Text, w.ID)
		}
	}
}

func TestDocuments(t *testing.T) {
	docs := Documents()
	for i := range docs {
		docs[i].Statements = nil
	}
	want := []answers.Document{{
		ID:      "ic",
		Title:   "Instructional Coordinators competency framework",
		Short:   "Instructional Coordinator framework",
		Version: "v.26.05",
		Credits: []string{"O*NET v30.2 (CC BY 4.0)", "LER.me / skillscrosswalk.com", "© EBSCOed"},
		Note:    "levels such as Proficient are not T-TESS ratings",
		Says:    []string{"competency framework", "coordinator framework", "competency statements"},
	}, {
		ID:      "lever5",
		Title:   "Effective District Framework, Lever 5: Instructional Leadership and Capacity Building",
		Short:   "Effective District Framework, Lever 5",
		Credits: []string{"Effective District Framework, Lever 5 (letters a, b, c are Rounds' numbering)"},
		Note:    "not the campus-level Effective Schools Framework, which has a Lever 5 of its own",
	}}
	if diff := cmp.Diff(want, docs); diff != "" {
		t.Error(diff)
	}
}

func TestStatementParts(t *testing.T) {
	l := Library()
	for _, want := range []answers.Statement{
		{ID: "emerging.9", Doc: "ic", Level: "emerging", Index: 9, Kind: answers.KindStatement, Title: "Presentation software tools"},
		{ID: "5.1.2", Doc: "lever5", Kind: answers.KindPractice, Title: "Distributed Leadership"},
		{ID: "5.1.3.a", Doc: "lever5", Kind: answers.KindCriterion, Parent: "5.1.3", Sub: []string{
			"Role-aligned support that is effectively sequenced, considering at a minimum principal supervisors, instructional leaders, and teachers",
			"Integrated coaching best practices including the use of models/exemplars, integration of research-based practices and frameworks, and connection to ongoing job-embedded coaching",
			"A logical and supportive sequence that builds content and practice over the course of the year",
		}},
	} {
		got, _, _ := l.Get(want.ID)
		got.Text, got.Also = "", nil
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
	bullets := map[string]int{}
	for _, s := range Documents()[1].Statements {
		if len(s.Sub) > 0 {
			bullets[s.ID] = len(s.Sub)
		}
	}
	if diff := cmp.Diff(map[string]int{"5.1.3.a": 3, "5.2.2.a": 7, "5.3.3.a": 4}, bullets); diff != "" {
		t.Error(diff)
	}
}

// Another export of the same family: no job zone, no description, levels out
// of order and one that we do not know.
func TestLoadFrameworkOther(t *testing.T) {
	const export = `{"occupation": {"soc": "25-9099.00", "title": "Educators, All Other", "jobZone": null},
	 "framework": {"version": "v.26.05", "description": "", "levels": {
	  "master": {"label": "Master", "statements": ["Late — in the file."]},
	  "advanced": {"label": "Advanced", "statements": []},
	  "developing": {"label": "Developing", "statements": ["Middle — in the ladder.", "Second — there."]},
	  "emerging": {"label": "Emerging", "statements": ["First — of all – really."]}}}}`
	doc, err := LoadFramework([]byte("\ufeff" + export))
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, s := range doc.Statements {
		ids = append(ids, s.ID)
	}
	if got, want := strings.Join(ids, " "), "emerging.1 developing.1 developing.2 master.1"; got != want {
		t.Errorf("statements %s, want %s", got, want)
	}
	if doc.ID != "25-9099.00" || doc.Short != "Educators, All Other framework" || doc.Statements[0].Title != "First" {
		t.Errorf("%+v", doc)
	}
	if _, err := answers.New(append(Documents()[1:], doc), nil); err != nil {
		t.Errorf("a library of it: %v", err)
	}
}

func TestLoadFrameworkErrors(t *testing.T) {
	levels := func(s string) string {
		return `{"occupation": {"title": "T"}, "framework": {"levels": ` + s + `}}`
	}
	for _, test := range []struct{ name, in, want string }{
		{"not JSON", "{\n\"a\": x}", "line 2"},
		{"cut off", `{"occupation":`, "unexpected end"},
		{"no title", `{}`, "occupation.title"},
		{"no levels", levels(`{}`), "no statements"},
		{"levels are null", levels(`null`), "no statements"},
		{"levels are a list", levels(`[]`), "not an object"},
		{"level twice", levels(`{"low": {}, "low": {}}`), `level "low" is given twice`},
		{"a number", levels(`{"low": {"statements": [1]}}`), `level "low"`},
		{"no dash", levels(`{"low": {"statements": ["A — b.", "none"]}}`), `level "low", statement 2: no " — "`},
		{"two dashes", levels(`{"low": {"statements": ["A — b — c."]}}`), `level "low", statement 1: more than one`},
		{"empty", levels(`{"low": {"statements": [""]}}`), `level "low", statement 1: empty`},
		{"no title", levels(`{"low": {"statements": [" — b."]}}`), "no title"},
		{"no text", levels(`{"low": {"statements": ["A — "]}}`), "no text"},
	} {
		if _, err := LoadFramework([]byte(test.in)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want %q", test.name, err, test.want)
		}
	}
}

// The traps of a page copied by hand.
func TestLoadLever5Traps(t *testing.T) {
	const page = "\ufeffLever 7\r\nSome Lever\r\n\r\nLever 7: Some Lever +\r\nSystems exist to\r\nhelp.\r\n" +
		"Board of Trustees Commitments:\r\nunder review.\r\n" +
		"7 . 1\r\nA title of the action\r\n" +
		"7.1.1: First Practice – Does a thing\r\nover two lines. +\r\nSuccess Criteria +\r\n" +
		"Does “this”, including:\r\n- One\r\n-  Two\r\nDoes that – and\r\nmore of it.\r\n" +
		"7.2\r\n7.2.1 : Second — With an em dash.+\r\nSuccess Criteria\r\nLast line"
	doc, err := LoadLever5([]byte(page))
	if err != nil {
		t.Fatal(err)
	}
	want := []answers.Statement{
		{ID: "7.1.1", Doc: "lever7", Kind: "practice", Title: "First Practice", Text: "First Practice – Does a thing over two lines."},
		{ID: "7.1.1.a", Doc: "lever7", Kind: "criterion", Parent: "7.1.1", Text: "Does “this”, including:\n- One\n- Two", Sub: []string{"One", "Two"}},
		{ID: "7.1.1.b", Doc: "lever7", Kind: "criterion", Parent: "7.1.1", Text: "Does that – and more of it."},
		{ID: "7.2.1", Doc: "lever7", Kind: "practice", Title: "Second", Text: "Second — With an em dash."},
		{ID: "7.2.1.a", Doc: "lever7", Kind: "criterion", Parent: "7.2.1", Text: "Last line"},
	}
	if diff := cmp.Diff(want, doc.Statements); diff != "" {
		t.Error(diff)
	}
	if doc.Title != "Effective District Framework, Lever 7: Some Lever" {
		t.Errorf("title %q", doc.Title)
	}
}

func TestLoadLever5Errors(t *testing.T) {
	const head = "Lever 5: T\n5 . 1\n"
	const practice = "5.1.1: A – b.\n"
	for _, test := range []struct{ name, in, want string }{
		{"nothing", "", `no line "Lever 5`},
		{"no practices", head, "no key practices"},
		{"action first", "5 . 1\n", "line 1: essential action 5.1 before"},
		{"another lever", "Lever 5: T\n4 . 1\n", "line 2: essential action 4.1 in a file of Lever 5"},
		{"wrong place", head + "5.2.1: A – b.\n", "line 3: key practice 5.2.1 is not under"},
		{"no dash", head + "5.1.1: A b.\n", "line 3: key practice 5.1.1: no title"},
		{"practice twice", head + practice + practice, "line 4: 5.1.1 is given twice"},
		{"heading first", head + "Success Criteria\n", `line 3: "Success Criteria" before`},
		{"criterion before heading", head + practice + "Does a thing.\n", "line 4: key practice 5.1.1: text before"},
		{"bullet first", head + practice + "Success Criteria\n- x\n", "line 5: key practice 5.1.1: a sub-bullet"},
		{"too many", head + practice + "Success Criteria\n" + strings.Repeat("Does it.\n", 27), "line 31: key practice 5.1.1: more than 26"},
		{"not text", head + "\xff\xfe\n", "line 3: not UTF-8"},
	} {
		if _, err := LoadLever5([]byte(test.in)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want %q", test.name, err, test.want)
		}
	}
}

// Whatever the bytes, a loader returns a document that a library takes, or an
// error.
func FuzzLoaders(f *testing.F) {
	f.Add(frameworkFile)
	f.Add(lever5File)
	f.Add([]byte("Lever 5: T\n5 . 1\n5.1.1: A – b.\nSuccess Criteria\nC\n- d"))
	f.Add([]byte(`{"occupation":{"title":"T"},"framework":{"levels":{"":{"statements":["A — b"]}}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, load := range []func([]byte) (answers.Document, error){LoadFramework, LoadLever5} {
			doc, err := load(data)
			if err != nil {
				continue
			}
			if len(doc.Statements) == 0 || doc.ID == "" {
				t.Errorf("an empty document: %+v", doc)
			}
			for _, s := range doc.Statements {
				if s.ID == "" || s.Text == "" || s.Doc != doc.ID {
					t.Errorf("a statement without its parts: %+v", s)
				}
			}
		}
	})
}
