package answers

import (
	"bufio"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"slices"
	"testing"
)

// question is a line of testdata/dev.jsonl or testdata/questions.jsonl: a
// question and the statements that answer it, 2 fully and 1 in part.
type question struct {
	ID      string         `json:"id"`
	Q       string         `json:"q"`
	Rel     map[string]int `json:"rel"`
	Abstain bool           `json:"abstain"`
	Kind    string         `json:"kind"`
	Split   string         `json:"split"` // "tuned" for those whose misses were read, "held" for those nobody looked into
}

// figures are what the answers to some questions are worth.
type figures struct {
	answered               int // questions that have an answer
	success1, ndcg5, found float64
	tp, fp, fn             int // declined rightly, wrongly, and not though it should be
}

func (f *figures) mean(sum float64) float64 { return sum / max(1, float64(f.answered)) }

func (f *figures) String() string {
	return fmt.Sprintf("answered %3d: success@1 %.3f  nDCG@5 %.3f  recall@5 %.3f; declined rightly %d, wrongly %d, missed %d, F1 %.3f",
		f.answered, f.mean(f.success1), f.mean(f.ndcg5), f.mean(f.found), f.tp, f.fp, f.fn, f.f1())
}

func (f *figures) f1() float64 {
	if f.tp == 0 {
		return 0
	}
	return 2 * float64(f.tp) / float64(2*f.tp+f.fp+f.fn)
}

// TestQuestions measures the answers. The floors stand a little under what was
// measured when they were set: they guard against a step back and promise
// nothing for questions nobody has seen. Of the held half only totals are
// printed, so that nobody tunes to it.
func TestQuestions(t *testing.T) {
	l := testLibrary(t)
	own := readQuestions(t, "testdata/questions.jsonl")
	held := func(q question) bool { return q.Split == "held" }
	for _, test := range []struct {
		name                string
		questions           []question
		show                bool
		success1, ndcg5, f1 float64
	}{
		{"practice", readQuestions(t, "testdata/dev.jsonl"), true, 0.95, 0.92, 0.97},
		{"own, tuned on", slices.DeleteFunc(slices.Clone(own), held), true, 0.95, 0.93, 0.97},
		{"own, held back", slices.DeleteFunc(slices.Clone(own), func(q question) bool { return !held(q) }), false, 0.93, 0.92, 0.95},
	} {
		got := measure(t, l, test.questions, test.show)
		t.Logf("%s: %s", test.name, got["all"].String())
		for _, kind := range slices.Sorted(maps.Keys(got)) {
			if kind != "all" {
				t.Logf("  %-10s %s", kind, got[kind].String())
			}
		}
		all := got["all"]
		for _, f := range []struct {
			name       string
			got, floor float64
		}{
			{"success@1", all.mean(all.success1), test.success1},
			{"nDCG@5", all.mean(all.ndcg5), test.ndcg5},
			{"abstention F1", all.f1(), test.f1},
		} {
			if f.got < f.floor {
				t.Errorf("%s: %s is %.3f, under the floor of %.3f", test.name, f.name, f.got, f.floor)
			}
		}
	}
}

func readQuestions(t testing.TB, name string) []question {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var list []question
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var q question
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		list = append(list, q)
	}
	return list
}

// measure computes the usual figures by kind and for "all": success@1 and
// recall@5 count grade 2 only; nDCG@5 has gain 2^grade-1; all are means over
// the questions that have an answer. The F1 is of declining what has none.
func measure(t *testing.T, l *Library, questions []question, show bool) map[string]*figures {
	t.Helper()
	by := map[string]*figures{"all": {}}
	for _, q := range questions {
		if by[q.Kind] == nil {
			by[q.Kind] = &figures{}
		}
		a := l.Ask(q.Q)
		var top []string
		for _, h := range a.Hits[:min(5, len(a.Hits))] {
			top = append(top, h.Statement.ID)
		}
		declined := len(top) == 0
		s, n, r := 0.0, 0.0, 0.0
		if !q.Abstain {
			s, n, r = grade(top, q.Rel)
		}
		for _, f := range []*figures{by["all"], by[q.Kind]} {
			switch {
			case q.Abstain && declined:
				f.tp++
			case q.Abstain:
				f.fn++
			case declined:
				f.fp++
			}
			if !q.Abstain {
				f.answered++
				f.success1 += s
				f.ndcg5 += n
				f.found += r
			}
		}
		switch {
		case !show:
		case q.Abstain && !declined:
			t.Logf("%s should decline: %q\n\tgot  %s %v %v", q.ID, q.Q, a.Kind, top, a.Hits[0].Why)
		case q.Abstain:
		case declined:
			t.Logf("%s declined (%s %s): %q\n\twant %v", q.ID, a.Kind, a.Reason, q.Q, q.Rel)
		case s == 0 || n < 0.7:
			t.Logf("%s %.2f: %q\n\twant %v\n\tgot  %s", q.ID, n, q.Q, q.Rel, brief(a))
		}
	}
	return by
}

func grade(top []string, rel map[string]int) (success, ndcg, recall float64) {
	var ideal []int
	best := 0
	for _, g := range rel {
		ideal = append(ideal, g)
		if g == 2 {
			best++
		}
	}
	slices.Sort(ideal)
	slices.Reverse(ideal)
	gain := func(g, place int) float64 { return (math.Pow(2, float64(g)) - 1) / math.Log2(float64(place)+2) }
	got, most, found := 0.0, 0.0, 0
	for i, id := range top {
		got += gain(rel[id], i)
		if rel[id] == 2 {
			found++
		}
	}
	for i, g := range ideal[:min(5, len(ideal))] {
		most += gain(g, i)
	}
	if len(top) > 0 && rel[top[0]] == 2 {
		success = 1
	}
	return success, got / most, float64(found) / float64(min(5, best))
}
