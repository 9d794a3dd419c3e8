package seeds

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"rounds/answers"
	"rounds/school"
)

// Every strand and key practice that a focus area points to is one of the documents, and the strand has a statement that
// can be named.
func TestTrainingPointsIntoTheDocuments(t *testing.T) {
	lib := Library()
	r := csv.NewReader(bytes.NewReader(focusFile))
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		about, strand, practice := row[0]+row[1], row[3], row[4]
		if len(lib.Ladder(strand)) == 0 {
			t.Errorf("%q points to strand %q, which is not in the crosswalk", about, strand)
		}
		s, _, ok := lib.Get(practice)
		if !ok || s.Kind != answers.KindPractice || len(lib.Criteria(practice)) == 0 {
			t.Errorf("%q points to %q, which is no key practice of Lever 5", about, practice)
		}
		if row[0] != "" && !slices.ContainsFunc(school.DefaultFocus, func(f school.Focus) bool { return f.Key == row[0] }) {
			t.Errorf("there is no focus area %q", row[0])
		}
		if row[1] != "" && !slices.Contains(school.FocusFamilies, row[1]) {
			t.Errorf("there is no family %q", row[1])
		}
		if len(row[2]) > 100 {
			t.Errorf("%q: a topic of %d characters is no topic", about, len(row[2]))
		}
	}
}

func TestTrainingOfEveryFocusArea(t *testing.T) {
	other := TrainingFor("", "")
	for _, f := range school.DefaultFocus {
		if TrainingFor(f.Key, f.Family) == other || TrainingFor("", f.Family) == other {
			t.Errorf("%s or its family has no line of its own", f.Key)
		}
		if got := TrainingFor("a district's own", f.Family); got != TrainingFor("", f.Family) {
			t.Errorf("an unknown area of %s points to %v", f.Family, got)
		}
	}
	if other.Practice != "5.2.5" || TrainingFor("x", "y") != other {
		t.Errorf("what is not known points to %v", other)
	}
	for key, practice := range map[string]string{"routines": "5.2.1", "rigor": "5.2.3", "modeling": "5.2.4", "monitoring": "5.3.1"} {
		if got := TrainingFor(key, ""); got.Practice != practice {
			t.Errorf("%s points to %s, want %s", key, got.Practice, practice)
		}
	}
}

func TestLoadTrainingErrors(t *testing.T) {
	const head = "key,family,topic,strand,practice\n"
	for in, want := range map[string]string{
		"":                                    "EOF",
		"key,topic\n":                         "first line",
		head + "a,,T,S1\n":                    "wrong number of fields",
		head + "# note\na,,T,,5.2.5\n":        "line 3: strand is missing",
		head + "a,b,T,S1,5.2.5\n":             "line 2: a line is about a key or about a family",
		head + "a,,T,S1,5.2.5\na,,T,S1,5.2\n": `line 3: "a" stands here twice`,
		head + "a,,T,S1,5.2.5\n":              "neither key nor family",
	} {
		if _, err := LoadTraining([]byte(in)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q", in, err, want)
		}
	}
}
