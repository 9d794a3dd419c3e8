package answers

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// TestSlips types questions that are answered rightly once more, with a slip of
// a thumb in one or two of their longer words, and counts how many still are.
// The seed is fixed: the figure is of this set, and moves with the code alone.
func TestSlips(t *testing.T) {
	l := testLibrary(t)
	r := rand.New(rand.NewPCG(7, 2026))
	kinds := map[string][2]int{}
	asked, right := 0, 0
	for _, q := range readQuestions(t, "testdata/questions.jsonl") {
		if q.Abstain || q.Kind == "lookup" || q.Kind == "typo" || len(l.Ask(q.Q).Hits) == 0 {
			continue
		}
		if q.Rel[l.Ask(q.Q).Hits[0].Statement.ID] != 2 {
			continue
		}
		typed, how := mistype(r, q.Q)
		if typed == q.Q {
			continue
		}
		asked++
		n := kinds[how]
		n[0]++
		if a := l.Ask(typed); len(a.Hits) > 0 && q.Rel[a.Hits[0].Statement.ID] == 2 {
			right++
			n[1]++
		} else if asked%10 == 0 {
			t.Logf("%s: %q, of %q: %s", how, typed, q.Q, brief(l.Ask(typed)))
		}
		kinds[how] = n
	}
	for how, n := range kinds {
		t.Logf("%-16s %d of %d", how, n[1], n[0])
	}
	share := float64(right) / float64(asked)
	t.Logf("%d questions typed with slips: %.3f still right first", asked, share)
	if share < 0.9 {
		t.Errorf("%d of %d questions typed with slips are answered rightly", right, asked)
	}
}

// mistype makes one slip in one or two words of six letters or more.
func mistype(r *rand.Rand, q string) (typed, how string) {
	words := strings.Fields(q)
	var long []int
	for i, w := range words {
		if len(w) >= 6 && strings.Trim(strings.ToLower(w), "abcdefghijklmnopqrstuvwxyz") == "" {
			long = append(long, i)
		}
	}
	if len(long) == 0 {
		return q, ""
	}
	r.Shuffle(len(long), func(a, b int) { long[a], long[b] = long[b], long[a] })
	kinds := []string{"swapped", "left out", "doubled", "neighboring key", "vowels left out", "no space"}
	how = kinds[r.IntN(len(kinds))]
	for _, i := range long[:min(len(long), 1+r.IntN(2))] {
		w := words[i]
		at := 1 + r.IntN(len(w)-2)
		switch how {
		case "swapped":
			w = w[:at] + w[at+1:at+2] + w[at:at+1] + w[at+2:]
		case "left out":
			w = w[:at] + w[at+1:]
		case "doubled":
			w = w[:at] + w[at:at+1] + w[at:]
		case "neighboring key":
			w = w[:at] + beside(r, w[at]) + w[at+1:]
		case "vowels left out":
			left := 0
			w = w[:1] + strings.Map(func(c rune) rune {
				if strings.ContainsRune("aeiou", c) && left < 3 {
					left++
					return -1
				}
				return c
			}, w[1:])
		case "no space":
			if i+1 < len(words) {
				w += words[i+1]
				words[i+1] = ""
			}
			words[i] = w
			return strings.Join(strings.Fields(strings.Join(words, " ")), " "), how
		}
		words[i] = w
	}
	return strings.Join(words, " "), how
}

// beside is a key next to another one.
func beside(r *rand.Rand, c byte) string {
	for _, row := range []string{"qwertyuiop", "asdfghjkl", "zxcvbnm"} {
		if i := strings.IndexByte(row, c|0x20); i >= 0 {
			if i == 0 || i+1 < len(row) && r.IntN(2) == 0 {
				return row[i+1 : i+2]
			}
			return row[i-1 : i]
		}
	}
	return string(c)
}
