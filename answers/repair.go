package answers

import (
	"math/bits"
	"slices"
	"strings"
)

// speller knows the words a question may hold and finds the one that was meant
// by a slip of typing.
type speller struct {
	known  map[string]bool
	stems  map[string]bool   // of the known words: "comes" is no slip beside "come"
	ours   map[string]bool   // words of the documents: preferred
	common map[string]bool   // words that no question does without
	stemOf map[string]string // of the known words, which are most of a question's
	// byShape holds the words by first letter and length, which bounds a search
	// to some dozen words.
	byShape map[shape][]spelling
	byBones map[string][]string // our words by their consonants
}

// spelling is a known word with the set of its letters, which tells most
// words apart before any slip is counted.
type spelling struct {
	text    string
	letters uint32
}

func letters(w string) uint32 {
	var m uint32
	for i := range len(w) {
		if c := w[i] - 'a'; c < 26 {
			m |= 1 << c
		}
	}
	return m
}

type shape struct {
	first  byte
	length int
}

func newSpeller() *speller {
	return &speller{known: map[string]bool{}, stems: map[string]bool{}, ours: map[string]bool{}, common: map[string]bool{}, stemOf: map[string]string{}, byShape: map[shape][]spelling{}, byBones: map[string][]string{}}
}

func (s *speller) add(w string, ours bool) {
	if ours {
		s.ours[w] = true
	}
	if s.known[w] || w == "" {
		return
	}
	s.known[w] = true
	root := stem(w)
	s.stems[root], s.stemOf[w] = true, root
	if ours && len(w) > 4 {
		bones := consonants(w)
		s.byBones[bones] = append(s.byBones[bones], w)
	}
	key := shape{w[0], len(w)}
	s.byShape[key] = append(s.byShape[key], spelling{w, letters(w)})
}

// stem is [stem], worked out already for the known words.
func (s *speller) stem(w string) string {
	if root, ok := s.stemOf[w]; ok {
		return root
	}
	return stem(w)
}

// repair returns the known word that w was meant to be: the one with fewest
// slips (a letter too many, missing, wrong, or two swapped), our own words
// first. Short words and words with many slips are left alone.
func (s *speller) repair(w string) (string, bool) {
	if len(w) < 3 || s.known[w] || strings.ContainsAny(w, "0123456789") {
		return w, false
	}
	most := 1
	switch {
	case len(w) >= 12:
		most = 3
	case len(w) >= 7:
		most = 2
	}
	if full, ok := s.voweled(w); ok {
		return full, true
	}
	if len(w) < 4 {
		return w, false
	}
	best, bestCost := "", 4*most+4
	has := letters(w)
	for length := len(w) - most; length <= len(w)+most; length++ {
		for _, c := range s.byShape[shape{w[0], length}] {
			if bits.OnesCount32(has^c.letters) > 2*most {
				continue
			}
			cost := 4 * slips(w, c.text, most)
			switch {
			case cost == 4 && len(w) == length && has == c.letters:
				cost -= 2 // two letters swapped are the commonest slip
			case len(w) != length:
				cost++
			}
			if c.text[1] != w[1] {
				cost++ // words are begun with more care than ended
			}
			if !s.ours[c.text] && !s.common[c.text] {
				cost += 2
				if len(w) == 4 { // too short to guess at any word
					continue
				}
			}
			if cost < bestCost {
				best, bestCost = c.text, cost
			}
		}
	}
	return best, best != ""
}

// voweled returns our word that w is without some of its vowels or with a
// letter struck twice, or once too few: thumbs write "pwrpoint", "spedd" and
// "tol".
func (s *speller) voweled(w string) (string, bool) {
	for i := 1; i < len(w); i++ {
		if once := w[:i] + w[i+1:]; w[i] == w[i-1] && s.ours[once] {
			return once, true
		}
	}
	if strings.HasSuffix(w, "in") && s.known[w+"g"] {
		return w + "g", true // "growin"
	}
	for i := 1; i < len(w); i++ {
		if twice := w[:i] + w[i-1:]; s.ours[twice] {
			return twice, true
		}
	}
	key := consonants(w)
	if len(key) < 4 {
		return "", false
	}
	best := ""
	for _, c := range s.byBones[key] {
		if len(c) > len(w) && within(w, c) && (best == "" || len(c) < len(best)) {
			best = c
		}
	}
	return best, best != ""
}

// consonants is a word without the vowels after its first letter.
func consonants(w string) string {
	var b strings.Builder
	for i := range len(w) {
		if i == 0 || strings.IndexByte("aeiou", w[i]) < 0 {
			b.WriteByte(w[i])
		}
	}
	return b.String()
}

// within tells whether the letters of a stand in b, in order.
func within(a, b string) bool {
	i := 0
	for j := 0; j < len(b) && i < len(a); j++ {
		if a[i] == b[j] {
			i++
		}
	}
	return i == len(a)
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
	if l.index.words.stems[w.stem] || l.index.words.known[w.text] {
		return true
	}
	_, ok := l.index.words.repair(w.text)
	return ok
}

// unjoin parts two words that were typed without a space between them.
func (l *Library) unjoin(words []word) []word {
	ix := l.index.words
	for i := 0; i < len(words) && len(words) < maxWords; i++ {
		w := words[i]
		if len(w.text) < 5 || ix.known[w.text] || ix.stems[w.stem] {
			continue
		}
		cut := ix.seam(w.text)
		if cut == 0 {
			if first, second, ok := ix.torn(w.text); ok {
				one, two := w, w
				one.text, one.stem = first, ix.stem(first)
				two.text, two.stem, two.stop = second, ix.stem(second), 0
				words = slices.Insert(words, i+1, two)
				words[i] = one
				i++
			}
			continue
		}
		if fixed, ok := ix.repair(w.text); ok && ix.ours[fixed] && slips(w.text, fixed, 1) <= 1 {
			continue
		}
		first, second := w, w
		first.text, first.stem = w.text[:cut], ix.stem(w.text[:cut])
		second.text, second.stem, second.stop = w.text[cut:], ix.stem(w.text[cut:]), 0
		words = slices.Insert(words, i+1, second)
		words[i] = first
		i++
	}
	return words
}

// seam is where a word parts into two of ours, or 0: the longest first one
// wins.
func (s *speller) seam(w string) int {
	for cut := len(w) - 2; cut >= 2; cut-- {
		a, b := w[:cut], w[cut:]
		short := len(b) < 4 && !seams[b] || len(a) < 4 && !seams[a]
		if !short && s.known[a] && s.known[b] && (s.ours[a] || s.ours[b]) {
			return cut
		}
	}
	return 0
}

// torn parts two of our words of which the second has a slip in it, where the
// whole is no slip for one: "slidedecs".
func (s *speller) torn(w string) (first, second string, ok bool) {
	if len(w) < 8 {
		return "", "", false
	}
	if _, ok := s.repair(w); ok {
		return "", "", false
	}
	for cut := len(w) - 4; cut >= 4; cut-- {
		if !s.ours[w[:cut]] {
			continue
		}
		if fixed, ok := s.repair(w[cut:]); ok && (s.ours[fixed] || s.common[fixed]) && slips(w[cut:], fixed, 1) <= 1 {
			return w[:cut], fixed, true
		}
	}
	return "", "", false
}

// seams are the short words that may be one of the two.
var seams = set("for", "the", "and", "all", "how", "who", "new", "one", "our", "in", "on", "of", "to", "is", "my", "or", "do", "pd", "plc", "day", "law", "off", "per", "at", "ed", "gen", "sub")

// repair puts the words right in place and returns which it changed.
func (l *Library) repair(words []word) []bool {
	changed := make([]bool, len(words))
	ix := l.index.words
	for i := range words {
		w := &words[i]
		if long, ok := l.lex.short[w.text]; ok {
			w.text, w.stem = long, ix.stem(long)
			continue
		}
		if ix.known[w.text] {
			continue
		}
		if ix.stems[w.stem] {
			if name, ok := l.levelSlip(w.text); ok {
				w.text, w.stem, changed[i] = name, ix.stem(name), true
				continue
			}
			// Most likely a form of a word we know; one wrong vowel makes none.
			if fixed, ok := ix.vowel(w.text); ok {
				w.text, w.stem = fixed, ix.stem(fixed)
			}
			continue
		}
		if fixed, ok := ix.repair(w.text); ok {
			w.text, w.stem, changed[i] = fixed, ix.stem(fixed), true
		}
	}
	return changed
}

// levelSlip returns the level's name of one word that w is a slip away from:
// "beginer" has the stem of "begin".
func (l *Library) levelSlip(w string) (string, bool) {
	if len(w) < 6 {
		return "", false
	}
	for _, name := range l.lex.single {
		if w[0] == name[0] && slips(w, name, 1) == 1 {
			return name, true
		}
	}
	return "", false
}

// vowel returns the word of ours that differs from w in one vowel.
func (s *speller) vowel(w string) (string, bool) {
	if len(w) < 6 {
		return w, false
	}
	const vowels = "aeiou"
	for _, c := range s.byShape[shape{w[0], len(w)}] {
		differ, at := 0, 0
		for i := range len(w) {
			if w[i] != c.text[i] {
				differ, at = differ+1, i
			}
		}
		if differ == 1 && s.ours[c.text] && strings.IndexByte(vowels, w[at]) >= 0 && strings.IndexByte(vowels, c.text[at]) >= 0 {
			return c.text, true
		}
	}
	return w, false
}
