package answers

import (
	"strings"
	"testing"
)

// What people call a statement is never declined and mostly finds it, in the
// turns people ask in. The names were not written for these turns, so this
// tells a list of refusals that is too wide.
func TestSaidIsAnswered(t *testing.T) {
	l := testLibrary(t)
	turns := []string{
		"%", "how do I %", "what does the district say about %", "who is responsible for %", "are we supposed to %?", "is there anything on % in the documents",
		"my principal wants to know about %", "do my teachers have to %", "what do the best coaches know about %", "is the AP expected to %",
	}
	asked, first, five, declined := 0, 0, 0, 0
	for _, s := range l.all {
		for _, phrase := range s.Also {
			// Each phrase in one of the turns: all of them would be 120,000 questions.
			q := strings.Replace(turns[asked%len(turns)], "%", phrase, 1)
			a := l.Ask(q)
			asked++
			if a.Kind == KindDecline || a.Kind == KindStatus {
				if declined++; declined%9 == 1 {
					t.Logf("%q: %s %s", q, a.Kind, a.Reason)
				}
				continue
			}
			for i, h := range a.Hits[:min(5, len(a.Hits))] {
				if h.Statement.ID == s.ID {
					five++
					if i == 0 {
						first++
					}
				}
			}
		}
	}
	t.Logf("%d asked, %d first, %d among five, %d declined", asked, first, five, declined)
	if float64(declined) > 0.02*float64(asked) || float64(first) < 0.75*float64(asked) || float64(five) < 0.92*float64(asked) {
		t.Errorf("of %d questions in words people use: %d first, %d among five, %d declined", asked, first, five, declined)
	}
}

// A name that the library does not know is still mostly understood: each of
// ten libraries goes without a tenth of the names, and is asked those. This
// tells how well the rest does for words nobody wrote down, and was looked at
// while the weights in index.go and rank.go were chosen.
func TestSaidWithoutBeingTold(t *testing.T) {
	const folds = 10
	strands, err := testStrands()
	if err != nil {
		t.Fatal(err)
	}
	asked, first, five, declined := 0, 0, 0, 0
	for fold := range folds {
		docs, err := testDocs()
		if err != nil {
			t.Fatal(err)
		}
		held, n := map[string][]string{}, 0
		for d := range docs {
			for i := range docs[d].Statements {
				s := &docs[d].Statements[i]
				var told []string
				for _, phrase := range s.Also {
					if n++; n%folds == fold {
						held[s.ID] = append(held[s.ID], phrase)
					} else {
						told = append(told, phrase)
					}
				}
				s.Also = told
			}
		}
		l, err := New(docs, strands)
		if err != nil {
			t.Fatal(err)
		}
		for id, phrases := range held {
			for _, phrase := range phrases {
				asked++
				hits := l.Ask(phrase).Hits
				if len(hits) == 0 {
					declined++
				}
				for i, h := range hits[:min(5, len(hits))] {
					if h.Statement.ID == id {
						five++
						if i == 0 {
							first++
						}
					}
				}
			}
		}
	}
	share := func(n int) float64 { return float64(n) / float64(asked) }
	t.Logf("of %d: first %.3f, among five %.3f, declined %.3f", asked, share(first), share(five), share(declined))
	if share(first) < 0.57 || share(five) < 0.86 || share(declined) > 0.05 {
		t.Errorf("of %d: first %.3f, among five %.3f, declined %.3f", asked, share(first), share(five), share(declined))
	}
}
