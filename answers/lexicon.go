package answers

import (
	_ "embed" // the word lists are compiled in
	"errors"
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"
)

//go:embed data/lexicon.txt
var lexiconFile string

//go:embed data/words.txt
var wordsFile string

//go:embed data/english.txt
var englishFile string

//go:embed data/decline.txt
var declineFile string

// lexicon is what is known about words besides the documents: other words for
// the same thing, words that say little, words that give a topic away.
type lexicon struct {
	entries  map[string][]entry // by the first stem of the key, longest key first
	stop     map[string]bool    // folded words that never count
	stopStem map[string]bool
	weak     map[string]bool        // stems that count little
	known    map[string]bool        // folded words that are no typing slip
	guard    []string               // more of them, which no slip is ever made into
	names    map[string][]levelName // other names of levels by their first word, longest first
	cues     map[string][]cuePhrase // by first word
	single   []string               // those of names that are one word, sorted
	short    map[string]string      // what thumbs write for a word
	spent    map[string]bool        // words of cues that are no topic
	decline  map[string]*patterns
	growth   map[string]float64 // how much a turn of speech asks for what comes next
}

// entry is a word or phrase and what else finds what it means.
type entry struct {
	key  []string // stems
	alts []alternative
	ways []alternative // those of alts that go one way only
}

// alternative is a word or phrase that may stand in a statement for what was
// asked. weight is how sure that is, up to 1.
type alternative struct {
	text   string
	key    []string // all its stems
	stems  []string // its stems that count
	weight float64
}

// levelName is another name of a level, as folded words.
type levelName struct {
	level string
	words []string
}

// What a lexicon line is worth without a *weight of its own.
const (
	sameWeight = 0.85 // a = b
	wayWeight  = 0.8  // a > b
)

var sharedLexicon = sync.OnceValues(func() (*lexicon, error) {
	lx := &lexicon{
		entries:  map[string][]entry{},
		stop:     map[string]bool{},
		stopStem: map[string]bool{},
		weak:     map[string]bool{},
		known:    map[string]bool{},
		decline:  map[string]*patterns{},
		names:    map[string][]levelName{},
		short:    map[string]string{},
		growth:   map[string]float64{},
		cues:     map[string][]cuePhrase{},
		spent:    map[string]bool{},
	}
	for _, file := range []struct {
		name, text string
		line       func(section, line string) error
	}{
		{"words.txt", wordsFile, lx.addWords},
		{"lexicon.txt", lexiconFile, lx.addMeaning},
		{"decline.txt", declineFile, lx.addPattern},
		{"growth.txt", growthFile, lx.addTurn},
		{"english.txt", englishFile, func(_, line string) error {
			lx.guard = append(lx.guard, strings.Fields(line)...)
			return nil
		}},
	} {
		if err := eachLine(file.text, file.line); err != nil {
			return nil, fmt.Errorf("%s: %w", file.name, err)
		}
	}
	lx.inherit()
	for _, list := range lx.entries {
		sort.SliceStable(list, func(a, b int) bool { return len(list[a].key) > len(list[b].key) })
	}
	for _, list := range lx.names {
		for _, name := range list {
			if len(name.words) == 1 {
				lx.single = append(lx.single, name.words[0])
			}
		}
		sort.SliceStable(list, func(a, b int) bool { return len(list[a].words) > len(list[b].words) })
	}
	slices.Sort(lx.single)
	return lx, nil
})

// eachLine calls f with every line that says something and the [section] it
// stands in.
func eachLine(text string, f func(section, line string) error) error {
	section := ""
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if line[0] == '[' {
			section = strings.Trim(line, "[]")
			continue
		}
		if err := f(section, line); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
	return nil
}

func (lx *lexicon) addWords(section, line string) error {
	switch section {
	case "levels", "cues":
		return lx.addPhrases(section, line)
	case "shorthand":
		return lx.addShorthand(line)
	}
	for _, w := range split(line, len(line)) {
		lx.known[w.text] = true
		switch section {
		case "stop":
			lx.stop[w.text] = true
			if len(w.text) >= 4 { // "helping", beside "help"
				lx.stopStem[w.stem] = true
			}
		case "weak":
			lx.weak[w.stem] = true
		case "spent":
			lx.spent[w.text] = true
		case "known":
		default:
			return fmt.Errorf("unknown section %q", section)
		}
	}
	return nil
}

// addShorthand reads "word: w, wrd".
func (lx *lexicon) addShorthand(line string) error {
	word, shorts, ok := strings.Cut(line, ":")
	if !ok {
		return errors.New("no colon after the word")
	}
	for short := range strings.SplitSeq(shorts, ",") {
		short = strings.TrimSpace(short)
		if other, ok := lx.short[short]; ok || short == "" {
			return fmt.Errorf("%s: %q is given already, for %q", word, short, other)
		}
		lx.short[short] = word
	}
	return nil
}

// addPhrases reads "name: phrase, phrase".
func (lx *lexicon) addPhrases(section, line string) error {
	name, phrases, ok := strings.Cut(line, ":")
	if !ok {
		return errors.New("no colon after the name")
	}
	for phrase := range strings.SplitSeq(phrases, ",") {
		var words []string
		for _, w := range split(phrase, maxWords) {
			if long, ok := lx.short[w.text]; ok && section == "cues" {
				w.text = long
			}
			words = append(words, w.text)
			lx.known[w.text] = true
		}
		if len(words) == 0 {
			return fmt.Errorf("%s: an empty phrase", name)
		}
		if section == "levels" {
			lx.names[words[0]] = append(lx.names[words[0]], levelName{level: name, words: words})
			continue
		}
		c, ok := cueNames[name]
		if !ok {
			return fmt.Errorf("unknown cue %q", name)
		}
		lx.cues[words[0]] = append(lx.cues[words[0]], cuePhrase{c, words})
	}
	return nil
}

// addMeaning reads "a = b *0.5 > c; d".
func (lx *lexicon) addMeaning(_, line string) error {
	left, right, _ := strings.Cut(line, ">")
	var same, more []alternative
	for part := range strings.SplitSeq(left, "=") {
		a, err := lx.alternative(part, sameWeight)
		if err != nil {
			return err
		}
		same = append(same, a)
	}
	for part := range strings.SplitSeq(right, ";") {
		if strings.TrimSpace(part) == "" {
			continue
		}
		a, err := lx.alternative(part, wayWeight)
		if err != nil {
			return err
		}
		more = append(more, a)
	}
	if len(same)+len(more) < 2 {
		return errors.New("a word with no meaning")
	}
	for i, key := range same {
		alts := make([]alternative, 0, len(same)+len(more)-1)
		alts = append(alts, same[:i]...)
		alts = append(alts, same[i+1:]...)
		lx.addEntry(key.key, alts, more)
	}
	return nil
}

func (lx *lexicon) alternative(text string, weight float64) (alternative, error) {
	if words, w, ok := strings.Cut(text, "*"); ok {
		v, err := strconv.ParseFloat(strings.TrimSpace(w), 64)
		if err != nil || v <= 0 || v > 1 {
			return alternative{}, fmt.Errorf("weight %q is not between 0 and 1", w)
		}
		text, weight = words, v
	}
	a := alternative{text: strings.TrimSpace(text), weight: weight}
	for _, w := range split(text, maxWords) {
		lx.known[w.text] = true
		a.key = append(a.key, w.stem)
		if !lx.idle(w) {
			a.stems = append(a.stems, w.stem)
		}
	}
	if len(a.stems) == 1 && len(a.key) > 1 {
		// "in service" without its stop word would find any service: such a
		// phrase is a key only.
		a.stems = nil
	}
	if len(a.key) == 0 {
		return a, fmt.Errorf("no word in %q", text)
	}
	return a, nil
}

// addEntry joins what several lines say of the same key.
func (lx *lexicon) addEntry(key []string, same, ways []alternative) {
	e := lx.entry(key)
	if e == nil {
		lx.entries[key[0]] = append(lx.entries[key[0]], entry{key: key})
		e = lx.entry(key)
	}
	e.alts = append(append(e.alts, same...), ways...)
	e.ways = append(e.ways, ways...)
}

// entry is the one with exactly this key, or nil.
func (lx *lexicon) entry(key []string) *entry {
	list := lx.entries[key[0]]
	for i := range list {
		if equal(list[i].key, key) {
			return &list[i]
		}
	}
	return nil
}

// inherit gives every key what its other words find one way: "lesson prep" is
// "lesson internalization", so both find what either does.
func (lx *lexicon) inherit() {
	type gift struct {
		to   *entry
		ways []alternative
	}
	var gifts []gift
	for _, list := range lx.entries {
		for i := range list {
			e := &list[i]
			for _, a := range slices.Clip(e.alts) {
				other := lx.entry(a.key)
				if other == nil || other == e || a.weight < sameWeight {
					continue
				}
				g := gift{to: e}
				for _, w := range other.ways {
					if !slices.ContainsFunc(e.alts, func(b alternative) bool { return equal(b.key, w.key) }) {
						w.weight *= a.weight
						g.ways = append(g.ways, w)
					}
				}
				gifts = append(gifts, g)
			}
		}
	}
	// Only now, so that nothing is inherited twice over.
	for _, g := range gifts {
		g.to.alts = append(g.to.alts, g.ways...)
	}
}

// idle tells whether a word never counts.
func (lx *lexicon) idle(w word) bool {
	return lx.stop[w.text] || lx.stopStem[w.stem] && !lx.weak[w.stem]
}

func equal(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// meaning returns the entry of the longest phrase that starts at words[0].
func (lx *lexicon) meaning(words []word) (entry, bool) {
	for _, e := range lx.entries[words[0].stem] {
		if len(e.key) > len(words) {
			continue
		}
		match := true
		for i := range e.key {
			// A phrase does not run over a comma or the end of a sentence.
			if words[i].stem != e.key[i] || i > 0 && words[i].stop != 0 && words[i].stop != '.' {
				match = false
				break
			}
		}
		if match {
			return e, true
		}
	}
	return entry{}, false
}
