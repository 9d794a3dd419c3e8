package school

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// pattern is one line of a table: for each column what it speaks of, and in the last column the answer.
type pattern struct {
	line int
	cols []string
}

func (p pattern) matches(look []string) bool {
	for i, have := range look {
		if p.cols[i] != "any" && !slices.Contains(strings.Split(p.cols[i], ","), have) {
			return false
		}
	}
	return true
}

// table reads a file of patterns and holds every word in it against the values that its column may have.
func table(t *testing.T, path string, known ...[]string) []pattern {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out []pattern
	n := 0
	for l := range strings.Lines(string(data)) {
		n++
		if strings.TrimSpace(l) == "" || strings.HasPrefix(l, "#") {
			continue
		}
		p := pattern{n, strings.Fields(l)}
		if len(p.cols) != len(known) {
			t.Fatalf("%s:%d has %d columns, want %d", path, n, len(p.cols), len(known))
		}
		for i, c := range p.cols {
			for w := range strings.SplitSeq(c, ",") {
				if w != "any" && !slices.Contains(known[i], w) {
					t.Fatalf("%s:%d: %q is none of %v", path, n, w, known[i])
				}
			}
		}
		out = append(out, p)
	}
	return out
}

// answer is what the one line that speaks of a look says of it.
func answer(t *testing.T, path string, lines []pattern, used map[int]bool, look ...string) string {
	t.Helper()
	var found []pattern
	for _, p := range lines {
		if p.matches(look) {
			found = append(found, p)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%s: %d lines speak of %v, want one", path, len(found), look)
	}
	used[found[0].line] = true
	return found[0].cols[len(look)]
}

var (
	policyRoles     = []Role{Teacher, Lead, Coach, AP, Principal, Supervisor, Office}
	policyRelations = map[string]Relation{"stranger": Stranger, "self": Self, "caseload": HasCaseload, "campus": RunsCampus, "supervises": Supervises, "colleague": Colleague}
	policyRecords   = map[string]Record{"activity": Activity, "wording": Wording, "absence": Absence, "growth": Growth}
	yesNo           = []string{"yes", "no"}
)

func roleWords() (out []string) {
	for _, r := range policyRoles {
		out = append(out, string(r))
	}
	return out
}

func keysOf[V any](m map[string]V) (out []string) {
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// TestPolicy asks every question there is and holds the answers against a table that was written from the district's
// rules, not from the code.
func TestPolicy(t *testing.T) {
	const path = "testdata/policy.txt"
	lines := table(t, path, roleWords(), keysOf(policyRelations), keysOf(policyRecords), []string{string(Coaching), string(Evaluation)}, yesNo, yesNo, []string{"shared", "private"}, yesNo)
	used, asked := map[int]bool{}, 0
	for _, role := range policyRoles {
		for rel, relation := range policyRelations {
			for rec, record := range policyRecords {
				for _, class := range []Class{Coaching, Evaluation} {
					for _, wrote := range yesNo {
						for _, given := range yesNo {
							for _, setting := range []string{"shared", "private"} {
								want := answer(t, path, lines, used, string(role), rel, rec, string(class), wrote, given, setting) == "yes"
								q := Question{role, relation, record, class, wrote == "yes", given == "yes", setting == "shared"}
								if got := Allowed(q); got != want {
									t.Errorf("%s as %s looks at the %s (%s) of somebody, wrote %s, given %s, coach_content %s: allowed %v, want %v", role, rel, rec, class, wrote, given, setting, got, want)
								}
								asked++
							}
						}
					}
				}
			}
		}
	}
	if asked != 7*6*4*2*2*2*2 {
		t.Errorf("asked %d questions", asked)
	}
	for _, p := range lines {
		if !used[p.line] {
			t.Errorf("%s:%d speaks of nothing", path, p.line)
		}
	}
}

// TestRelations makes a pair of people for every two roles and every place.
func TestRelations(t *testing.T) {
	const path = "testdata/relations.txt"
	places := []string{"here", "away", "mine", "minehere"}
	lines := table(t, path, roleWords(), roleWords(), places, keysOf(policyRelations))
	used := map[int]bool{}
	for _, viewer := range policyRoles {
		for _, person := range policyRoles {
			for _, place := range places {
				c := newCampus(t)
				v := PersonSet{ID: "v", From: Date(2026, 8, 1), Role: viewer, Campus: "oak"}
				s := PersonSet{ID: "s", From: Date(2026, 8, 1), Role: person, Campus: "cedar"}
				if strings.HasSuffix(place, "here") {
					v.Campus = "cedar"
					if viewer == Supervisor {
						v.Campus, v.Campuses = "", []CampusID{"oak", "cedar"}
					}
				}
				if strings.HasPrefix(place, "mine") {
					s.Observers = []PersonID{"other", "v"}
				}
				c.add(v, s)
				want := answer(t, path, lines, used, string(viewer), string(person), place)
				if got := c.m.As("v", testNow).Relation("s"); got != policyRelations[want] {
					t.Errorf("a %s is to a %s (%s) %d, want %s", viewer, person, place, got, want)
				}
				if c.m.As("v", testNow).Relation("v") != Self {
					t.Errorf("a %s is not themselves", viewer)
				}
				c.add(PersonLeft{"s", Date(2026, 10, 1)})
				if got := c.m.As("v", testNow).Relation("s"); got != Stranger {
					t.Errorf("a %s is to a %s who left %d", viewer, person, got)
				}
			}
		}
	}
	for _, p := range lines {
		if !used[p.line] {
			t.Errorf("%s:%d speaks of nothing", path, p.line)
		}
	}
}
