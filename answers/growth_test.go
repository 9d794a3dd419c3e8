package answers

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write data/growth.txt anew from the labeled questions")

// example is a question with its turns of speech.
type example struct {
	batch  string // who wrote it
	growth bool
	turns  []string
}

// growthExamples are the labeled questions that were read while tuning. Those
// held back teach nothing.
func growthExamples(t *testing.T, l *Library) []example {
	t.Helper()
	var all []example
	for _, q := range readQuestions(t, "testdata/questions.jsonl") {
		if q.Split != "tuned" || q.Abstain || q.Kind == "lookup" || q.Kind == "typo" {
			continue
		}
		e := example{growth: q.Kind == "growth"}
		e.batch, _, _ = strings.Cut(q.ID, "-")
		r := l.read(q.Q)
		l.turns(&r, func(turn []byte) { e.turns = append(e.turns, string(turn)) })
		slices.Sort(e.turns)
		e.turns = append(slices.Compact(e.turns), everyTurn)
		all = append(all, e)
	}
	return all
}

// learn is logistic regression by steps down the gradient, in an order that is
// always the same. Turns met in fewer than three questions are left out.
func learn(all []example) map[string]float64 {
	met := map[string]int{}
	for _, e := range all {
		for _, turn := range e.turns {
			met[turn]++
		}
	}
	weights := map[string]float64{}
	step := 0.1
	for range 12 {
		for k := range all {
			e := all[(k*7919)%len(all)] // neighbors are of one writer
			miss := odds(weights, e.turns)
			if e.growth {
				miss--
			}
			for _, turn := range e.turns {
				if met[turn] >= 3 {
					weights[turn] -= step * (miss + 1e-4*weights[turn])
				}
			}
		}
		step *= 0.8
	}
	for turn, w := range weights {
		if math.Abs(w) < 0.05 {
			delete(weights, turn)
		}
	}
	return weights
}

func odds(weights map[string]float64, turns []string) float64 {
	sum := 0.0
	for _, turn := range turns {
		sum += weights[turn]
	}
	return 1 / (1 + math.Exp(-sum))
}

// TestGrowthIsLearned holds data/growth.txt to what the labeled questions
// teach.
func TestGrowthIsLearned(t *testing.T) {
	weights := learn(growthExamples(t, testLibrary(t)))
	var b bytes.Buffer
	b.WriteString("# How much oftener a turn of speech stands in questions about growth than in others, as logarithms of odds.\n")
	b.WriteString("# Learned from testdata/questions.jsonl; written anew by: go test ./answers -run GrowthIsLearned -update\n\n")
	turns := make([]string, 0, len(weights))
	for turn := range weights {
		turns = append(turns, turn)
	}
	slices.SortFunc(turns, func(x, y string) int {
		if c := cmp.Compare(math.Round(100*weights[y]), math.Round(100*weights[x])); c != 0 {
			return c
		}
		return cmp.Compare(x, y)
	})
	for _, turn := range turns {
		fmt.Fprintf(&b, "%.2f %s\n", weights[turn], turn)
	}
	if *update {
		if err := os.WriteFile("data/growth.txt", b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	lx, err := sharedLexicon()
	if err != nil {
		t.Fatal(err)
	}
	// Processors differ in the last digits of a sum.
	far := 0
	for turn, w := range weights {
		if math.Abs(w-lx.growth[turn]) > 0.02 && math.Abs(w) > 0.07 {
			far++
		}
	}
	if most := len(weights) / 100; far > most || len(lx.growth) > len(weights)+most {
		t.Errorf("data/growth.txt is not what the questions teach (%d of %d weights differ); -update writes it anew", far, len(weights))
	}
}

// TestGrowthOfOthers teaches with the questions of all writers but one, and
// asks that one's: how well the turns do for a manner of asking nobody taught.
func TestGrowthOfOthers(t *testing.T) {
	all := growthExamples(t, testLibrary(t))
	writers := map[string]bool{}
	for _, e := range all {
		writers[e.batch] = true
	}
	var right, wrong, missed float64
	for writer := range writers {
		of := func(e example) bool { return e.batch == writer }
		if len(writer) > 2 {
			continue // questions of our own, by kind and not by writer
		}
		weights := learn(slices.DeleteFunc(slices.Clone(all), of))
		for _, e := range all {
			if !of(e) {
				continue
			}
			p := odds(weights, e.turns)
			sure := math.Log(p/(1-p)) > growthSure
			switch {
			case sure && e.growth:
				right++
			case sure:
				wrong++
			case e.growth:
				missed++
			}
		}
	}
	t.Logf("of questions about growth by a writer not learned from, %.3f found; of those found, %.3f are", right/(right+missed), right/(right+wrong))
	if right/(right+missed) < 0.80 || right/(right+wrong) < 0.95 {
		t.Errorf("found %v, missed %v, taken for one %v", right, missed, wrong)
	}
}
