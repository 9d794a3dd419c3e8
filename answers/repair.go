package answers

import "strings"

// speller knows the words a question may hold and finds the one that was meant
// by a slip of typing.
type speller struct {
	known map[string]bool
	stems map[string]bool // of the known words: "comes" is no slip beside "come"
	ours  map[string]bool // words of the documents: preferred
	// byShape holds the words by first letter and length, which bounds a search
	// to some dozen words.
	byShape map[shape][]string
}

type shape struct {
	first  byte
	length int
}

func newSpeller() *speller {
	return &speller{known: map[string]bool{}, stems: map[string]bool{}, ours: map[string]bool{}, byShape: map[shape][]string{}}
}

func (s *speller) add(w string, ours bool) {
	if ours {
		s.ours[w] = true
	}
	if s.known[w] || w == "" {
		return
	}
	s.known[w] = true
	s.stems[stem(w)] = true
	key := shape{w[0], len(w)}
	s.byShape[key] = append(s.byShape[key], w)
}

// repair returns the known word that w was meant to be: the one with fewest
// slips (a letter too many, missing, wrong, or two swapped), our own words
// first. Short words and words with many slips are left alone.
func (s *speller) repair(w string) (string, bool) {
	if len(w) < 4 || s.known[w] || strings.ContainsAny(w, "0123456789") {
		return w, false
	}
	most := 1
	switch {
	case len(w) >= 12:
		most = 3
	case len(w) >= 7:
		most = 2
	}
	best, bestCost := "", 2*most+2
	for length := len(w) - most; length <= len(w)+most; length++ {
		for _, c := range s.byShape[shape{w[0], length}] {
			cost := 2 * slips(w, c, most)
			if !s.ours[c] {
				cost++
				if len(w) == 4 { // too short to guess at any word
					continue
				}
			}
			if cost < bestCost {
				best, bestCost = c, cost
			}
		}
	}
	return best, best != ""
}

// slips is the Damerau-Levenshtein distance of two words, or most+1 when it is
// greater than most.
func slips(a, b string, most int) int {
	const longest = 40
	if len(a) > longest || len(b) > longest {
		return most + 1
	}
	var rows [3][longest + 1]int
	before, last, row := &rows[0], &rows[1], &rows[2]
	for j := 0; j <= len(b); j++ {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, before[j-2]+1)
			}
			row[j] = d
			least = min(least, d)
		}
		if least > most {
			return most + 1
		}
		before, last, row = last, row, before
	}
	return min(last[len(b)], most+1)
}

// familiar tells whether a word is one of ours, an ordinary one, or close to
// one of ours.
func (l *Library) familiar(w word) bool {
	if l.index.words.stems[w.stem] {
		return true
	}
	_, ok := l.index.words.repair(w.text)
	return ok
}

// repair puts the words right in place and returns which it changed.
func (l *Library) repair(words []word) []bool {
	changed := make([]bool, len(words))
	for i := range words {
		w := &words[i]
		if l.index.words.known[w.text] || l.index.words.stems[w.stem] {
			continue
		}
		if fixed, ok := l.index.words.repair(w.text); ok {
			w.text, w.stem, changed[i] = fixed, stem(fixed), true
		}
	}
	return changed
}
