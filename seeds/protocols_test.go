package seeds

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestProtocols(t *testing.T) {
	var got []string
	for _, p := range Protocols() {
		sum, required := 0, 0
		for _, s := range p.Steps {
			sum += s.Minutes
			if s.Required {
				required++
			}
			for _, text := range []string{s.Title, s.Prompt, s.Output} {
				if strings.TrimSpace(text) == "" || len(text) > 250 {
					t.Errorf("%s, %s: an empty or overlong text: %q", p.ID, s.Title, text)
				}
			}
		}
		if sum != p.Minutes {
			t.Errorf("%s: the steps take %d minutes of %d", p.ID, sum, p.Minutes)
		}
		if len(p.PreWork) == 0 {
			t.Errorf("%s: no pre-work", p.ID)
		}
		got = append(got, fmt.Sprintf("%s %s %d min, %d steps, %d required", p.Letter, p.ID, p.Minutes, len(p.Steps), required))
	}
	want := []string{
		"A lesson-internalization 45 min, 9 steps, 0 required",
		"B unit-internalization 50 min, 8 steps, 0 required",
		"C student-work-analysis 50 min, 9 steps, 5 required",
		"D weekly-data-meeting 45 min, 8 steps, 0 required",
		"E interim-reflection 50 min, 8 steps, 0 required",
		"F sped-collaboration 45 min, 8 steps, 0 required",
		"G eb-collaboration 45 min, 8 steps, 0 required",
		"H instructional-leadership-team 50 min, 7 steps, 0 required",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestLoadProtocolsErrors(t *testing.T) {
	one := func(s string) string { return `{"protocols": [` + s + `]}` }
	const p = `{"id": "a", "name": "A", "letter": "A", "minutes": 1, "steps": [{"min": 1, "title": "T"}]}`
	for _, test := range []struct{ name, in, want string }{
		{"not JSON", "\n]", "line 2"},
		{"none", `{}`, "none in the file"},
		{"no id", one(`{"name": "A"}`), "protocol 1: id or name"},
		{"twice", one(p + "," + p), "a: its id or letter is used twice"},
		{"no title", one(`{"id": "a", "name": "A", "minutes": 1, "steps": [{"min": 1}]}`), "a: step 1 has no title"},
		{"no minutes", one(`{"id": "a", "name": "A", "minutes": 0, "steps": [{"title": "T"}]}`), "a: step 1 (T): 0 minutes"},
		{"wrong sum", one(`{"id": "a", "name": "A", "minutes": 9, "steps": [{"min": 8, "title": "T"}]}`), "a: the steps take 8 minutes, the meeting 9"},
	} {
		if _, err := LoadProtocols([]byte(test.in)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want %q", test.name, err, test.want)
		}
	}
}
