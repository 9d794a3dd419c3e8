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
			for _, turn := range turns {
				q := strings.Replace(turn, "%", strings.TrimSpace(phrase), 1)
				a := l.Ask(q)
				asked++
				if a.Kind == KindDecline || a.Kind == KindStatus {
					declined++
					if declined%9 == 1 {
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
	}
	t.Logf("%d asked, %d first, %d among five, %d declined", asked, first, five, declined)
	if float64(declined) > 0.02*float64(asked) || float64(first) < 0.75*float64(asked) || float64(five) < 0.92*float64(asked) {
		t.Errorf("of %d questions in words people use: %d first, %d among five, %d declined", asked, first, five, declined)
	}
}
