package seeds

import (
	"strings"
	"testing"
	"testing/fstest"

	"rounds/answers"
)

const rubric = "\ufeffText,Level,ID,Strand\n" +
	"\"Huddle — sits in on a morning huddle, and listens\",Starting,1.1,Huddles\n" +
	"Huddle lead — runs the morning huddle,Thriving,2.1,Huddles\n" +
	"Radio etiquette on the walkie talkie,,3,\n"

var cedar = About{ID: "cedar", Title: "Cedar rubric", Says: []string{"our rubric"}, Credit: "Cedar ISD"}

func TestReadTable(t *testing.T) {
	d, err := ReadTable([]byte(rubric), cedar)
	if err != nil {
		t.Fatal(err)
	}
	// Through the file and back, nothing changes by a byte.
	data, err := d.Encode()
	if err != nil {
		t.Fatal(err)
	}
	l, err := DistrictLibrary(fstest.MapFS{"cedar.json": {Data: data}})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ q, id string }{
		{"who runs the morning huddle", "cedar-2.1"},
		{"walkie talkies", "cedar-3"},
		{"cedar-1.1", "cedar-1.1"},
		{"what does our rubric say about a huddle at starting", "cedar-1.1"},
		{"in the Cedar rubric: walkie", "cedar-3"},
		{"what comes after starting in huddles", "cedar-2.1"},
		{"5.2.5", "5.2.5"},
		{"proficient 3", "proficient.3"},
		{"who should be observing principals", "5.1.2.d"},
	} {
		a := l.Ask(test.q)
		if len(a.Hits) == 0 || a.Hits[0].Statement.ID != test.id {
			t.Errorf("%q: %+v, want %s first", test.q, a, test.id)
			continue
		}
		if h := a.Hits[0]; h.Document.ID == "cedar" && !strings.Contains(rubric, h.Statement.Text) {
			t.Errorf("%q is not in the table", h.Statement.Text)
		}
	}
	// Named, a document alone is asked, and says when it holds nothing.
	if a := l.Ask("what does our rubric say about state law compliance"); a.Kind != answers.KindDecline || a.Reason != answers.ReasonNothing {
		t.Errorf("our rubric about law: %s %s %v", a.Kind, a.Reason, a.Hits)
	}
}

func TestReadTableErrors(t *testing.T) {
	for _, test := range []struct{ table, want string }{
		{"", "line 1: no header"},
		{"id,level\n1,a\n", "line 1: column text is missing"},
		{"id,text\n", "a header and no statements"},
		{"id,text\n1,one\n1,two\n,three\n4, \n", "line 3, id: 1 stands already on line 2\nline 4, id: must be one word, like 2.4\nline 5, text: is empty"},
		{"id,text\n1,\"open\n", "parse error"},
	} {
		_, err := ReadTable([]byte(test.table), cedar)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q: %v, want %q", test.table, err, test.want)
		}
	}
}

// The shipped export itself may stand beside the shipped framework: its ids
// and levels do not get in the way.
func TestReadExport(t *testing.T) {
	d, err := ReadExport(frameworkFile, cedar)
	if err != nil {
		t.Fatal(err)
	}
	l, err := With(d)
	if err != nil {
		t.Fatal(err)
	}
	if a := l.Ask("proficient 3"); len(a.Hits) != 1 || a.Hits[0].Statement.ID != "proficient.3" {
		t.Errorf("proficient 3 is %v", a.Hits)
	}
	if a := l.Ask("our rubric, proficient law compliance"); len(a.Hits) == 0 || a.Hits[0].Statement.ID != "cedar-proficient.3" {
		t.Errorf("in our rubric: %v", a.Hits)
	}
}

func TestDistrictLibraryErrors(t *testing.T) {
	for _, test := range []struct{ name, data, want string }{
		{"a.json", "{", "a.json"},
		{"b.json", "{}", "b.json: document: no id"},
	} {
		if _, err := DistrictLibrary(fstest.MapFS{test.name: {Data: []byte(test.data)}}); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
	l, err := DistrictLibrary(fstest.MapFS{})
	if err != nil || l != Library() {
		t.Errorf("an empty folder: %v", err)
	}
}

func TestLoadTopics(t *testing.T) {
	named := 0
	for _, d := range Documents() {
		for _, s := range d.Statements {
			if len(s.Also) > 0 {
				named++
			}
		}
	}
	if named != 96 {
		t.Errorf("%d statements have names people use", named)
	}
	for _, test := range []struct{ data, want string }{
		{"no colon", "line 1: no colon"},
		{"x.1: a", `line 1: no statement "x.1"`},
		{"5.2.5: a,,b", "line 1: 5.2.5: an empty phrase"},
		{"# c\n5.2.5: a\n5.2.5: b", "line 3: 5.2.5 is given twice"},
	} {
		docs := []answers.Document{{ID: "d", Statements: []answers.Statement{{ID: "5.2.5"}}}}
		if err := LoadTopics([]byte(test.data), docs); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q: %v", test.data, err)
		}
	}
}
