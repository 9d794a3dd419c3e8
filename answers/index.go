package answers

import (
	"strings"
	"sync"
)

// index finds statements, and strands as wholes, by word. What a word says of
// each is worked out when it is built, so that a question only adds it up.
// Statements and strands are its units: a strand stands behind the statements
// and holds all that its levels say.
type index struct {
	n, units int                     // statements; statements and strands
	postings map[string][]posting    // by stem
	beside   map[[2]string][]posting // by two stems that stand together
	idf      map[string]float64      // how much a stem tells at all
	said     []said                  // what people call statements
	saidBy   map[string][]int32      // which of said hold a stem
	voice    map[string][]float64    // by stem, how much it sounds like each level
	words    *speller
	pool     sync.Pool // of *scratch
}

type posting struct {
	at    int32 // a unit
	score float32
}

// said is one phrase people use for a statement.
type said struct {
	at     int32
	weight float64 // the sum of the idf of its words
	stems  []string
}

// field is one part of a statement with what its words count.
type field struct {
	text   string
	weight float64
}

// fields are the parts of statement i: its own words and the titles it stands
// under.
func (l *Library) fields(i int) []field {
	s := l.all[i]
	body := s.Text
	if s.Title != "" {
		body = strings.TrimPrefix(body, s.Title)
	}
	fields := []field{{s.Title, titleWeight}, {body, textWeight}}
	if s.Parent != "" {
		fields = append(fields, field{l.all[l.byID[s.Parent]].Title, practiceWeight})
	}
	if st := l.strandOf[i]; st >= 0 {
		fields = append(fields, field{l.strands[st].Name, strandWeight})
	}
	return fields
}

func newIndex(l *Library) *index {
	ix := &index{
		n:      len(l.all),
		units:  len(l.all) + len(l.strands),
		saidBy: map[string][]int32{},
		words:  newSpeller(),
	}
	w := newWeigher(l)
	for i := range l.all {
		for _, f := range l.fields(i) {
			words := splitBy(f.text, len(f.text), ix.words.stem)
			for _, word := range words {
				ix.words.add(word.text, !l.lex.idle(word))
			}
			w.text(i, words, f.weight)
		}
		for _, phrase := range l.all[i].Also {
			ix.addSaidBy(l, i, phrase, w)
		}
	}
	for _, word := range l.lex.single {
		ix.words.add(word, true)
	}
	for _, level := range l.levels {
		ix.words.add(level, true)
	}
	for word := range l.lex.known {
		ix.words.add(word, false)
	}
	ix.words.common = l.lex.stop
	for _, word := range l.lex.guard {
		ix.words.known[word] = true
	}
	ix.postings, ix.idf = w.words()
	ix.beside = w.neighbors()
	ix.voice = w.voices()
	for p := range ix.said {
		for _, s := range ix.said[p].stems {
			ix.said[p].weight += ix.idf[s]
			ix.saidBy[s] = append(ix.saidBy[s], int32(p))
		}
	}
	return ix
}

// addSaidBy takes up a phrase that people use for statement i.
func (ix *index) addSaidBy(l *Library, i int, phrase string, w *weigher) {
	words := splitBy(phrase, len(phrase), ix.words.stem) // most words are known by now
	w.phrase(i, words)
	ph := said{at: int32(i)}
	for _, word := range words {
		idle := l.lex.idle(word)
		ix.words.add(word.text, !idle)
		if !idle {
			ph.stems = append(ph.stems, word.stem)
		}
	}
	if len(ph.stems) == 0 {
		return
	}
	ix.said = append(ix.said, ph)
	if st := l.strandOf[i]; st >= 0 {
		ph.at = int32(ix.n + st)
		ix.said = append(ix.said, ph)
	}
}
