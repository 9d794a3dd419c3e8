package answers

import (
	"bufio"
	"encoding/json"
	"math"
	"os"
	"slices"
	"testing"
)

// practiceQuestion is a line of testdata/dev.jsonl: a question and the
// statements that answer it, 2 fully and 1 in part.
type practiceQuestion struct {
	ID      string         `json:"id"`
	Q       string         `json:"q"`
	Rel     map[string]int `json:"rel"`
	Abstain bool           `json:"abstain"`
	Kind    string         `json:"kind"`
}

// figures are what the answers are worth.
type figures struct {
	success1, ndcg5, recall5, abstainF1 float64
}

// The floors stand a little under what was measured when they were set, on
// questions we tuned against: they guard against a step back, they do not
// promise as much for questions nobody has seen.
var floors = figures{success1: 0.94, ndcg5: 0.91, recall5: 0.95, abstainF1: 0.97}

func TestPracticeQuestions(t *testing.T) {
	l := testLibrary(t)
	questions := readQuestions(t, "testdata/dev.jsonl")
	got := measure(t, l, questions)
	t.Logf("%d questions: success@1 %.3f  nDCG@5 %.3f  recall@5 %.3f  abstention F1 %.3f",
		len(questions), got.success1, got.ndcg5, got.recall5, got.abstainF1)
	for _, f := range []struct {
		name       string
		got, floor float64
	}{
		{"success@1", got.success1, floors.success1},
		{"nDCG@5", got.ndcg5, floors.ndcg5},
		{"recall@5", got.recall5, floors.recall5},
		{"abstention F1", got.abstainF1, floors.abstainF1},
	} {
		if f.got < f.floor {
			t.Errorf("%s is %.3f, under the floor of %.3f", f.name, f.got, f.floor)
		}
	}
}

func readQuestions(t *testing.T, name string) []practiceQuestion {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var list []practiceQuestion
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var q practiceQuestion
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		list = append(list, q)
	}
	return list
}

// measure computes the usual figures: success@1 and recall@5 count grade 2
// only; nDCG@5 has gain 2^grade-1; all are means over the questions that have
// an answer. The F1 is of declining what has none.
func measure(t *testing.T, l *Library, questions []practiceQuestion) figures {
	var f figures
	answered, tp, fp, fn := 0.0, 0.0, 0.0, 0.0
	for _, q := range questions {
		a := l.Ask(q.Q)
		var top []string
		for _, h := range a.Hits[:min(5, len(a.Hits))] {
			top = append(top, h.Statement.ID)
		}
		declined := len(top) == 0
		switch {
		case q.Abstain && declined:
			tp++
		case q.Abstain:
			fn++
			t.Logf("%s should decline: %q\n\tgot  %s %v %v", q.ID, q.Q, a.Kind, top, a.Hits[0].Why)
		case declined:
			fp++
			t.Logf("%s declined (%s): %q\n\twant %v", q.ID, a.Reason, q.Q, q.Rel)
		}
		if q.Abstain {
			continue
		}
		answered++
		s, n, r := grade(top, q.Rel)
		f.success1 += s
		f.ndcg5 += n
		f.recall5 += r
		if s == 0 || n < 0.7 {
			t.Logf("%s %.2f: %q\n\twant %v\n\tgot  %s %v", q.ID, n, q.Q, q.Rel, a.Kind, top)
		}
	}
	f.success1 /= answered
	f.ndcg5 /= answered
	f.recall5 /= answered
	if tp > 0 {
		f.abstainF1 = 2 * tp / (2*tp + fp + fn)
	}
	return f
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
