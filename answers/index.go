package answers

import (
	"math"
	"strings"
	"sync"
)

// How much a word counts by where it stands in a statement, and the two usual
// BM25 parameters: how soon repetition stops counting, how much length costs.
const (
	titleWeight    = 2.2
	textWeight     = 1.0
	practiceWeight = 0.8 // the title of the practice a criterion belongs to
	strandWeight   = 0.6 // the name of the strand a statement belongs to
	alsoWeight     = 0.8 // what people call it
	alsoMost       = 2.4 // of that, however often
	saturation     = 1.2
	lengthCost     = 0.6
)

// index finds statements by word. Scores are worked out when it is built, so
// that a question only adds them up.
type index struct {
	postings map[string][]posting // by stem
	idf      map[string]float64
	pairs    map[[2]string][]int32
	said     []said             // what people call statements
	saidBy   map[string][]int32 // which of said hold a stem
	words    *speller
	pool     sync.Pool // of *scratch
}

type posting struct {
	at    int32 // index in Library.all
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
		postings: map[string][]posting{},
		idf:      map[string]float64{},
		pairs:    map[[2]string][]int32{},
		saidBy:   map[string][]int32{},
		words:    newSpeller(),
	}
	counts := make([]map[string]float64, len(l.all))
	lengths := make([]float64, len(l.all))
	total := 0.0
	df := map[string]int{}
	for i := range l.all {
		counts[i] = map[string]float64{}
		for _, f := range l.fields(i) {
			last := ""
			for _, w := range split(f.text, len(f.text)) {
				ix.words.add(w.text, !l.lex.idle(w))
				if l.lex.idle(w) {
					continue
				}
				counts[i][w.stem] += f.weight
				lengths[i] += f.weight
				if f.weight >= textWeight {
					ix.addPair([2]string{last, w.stem}, i)
					last = w.stem
				}
			}
		}
		ix.addAlso(l, i, counts[i])
		for s := range counts[i] {
			df[s]++
		}
		total += lengths[i]
	}
	for w := range l.lex.known {
		ix.words.add(w, false)
	}
	for _, w := range l.lex.guard {
		ix.words.known[w] = true
	}
	n := float64(len(l.all))
	for s, d := range df {
		ix.idf[s] = math.Log(1 + (n-float64(d)+0.5)/(float64(d)+0.5))
	}
	mean := total / max(n, 1)
	for i := range l.all {
		norm := 1 - lengthCost + lengthCost*lengths[i]/mean
		for s, tf := range counts[i] {
			score := ix.idf[s] * tf * (saturation + 1) / (tf + saturation*norm)
			ix.postings[s] = append(ix.postings[s], posting{int32(i), float32(score)})
		}
	}
	for p := range ix.said {
		for _, s := range ix.said[p].stems {
			ix.said[p].weight += ix.idf[s]
			ix.saidBy[s] = append(ix.saidBy[s], int32(p))
		}
	}
	return ix
}

// addAlso counts what people call statement i. It is no part of its length: a
// statement known by many names is not a long one.
func (ix *index) addAlso(l *Library, i int, count map[string]float64) {
	also := map[string]float64{}
	for _, phrase := range l.all[i].Also {
		ph := said{at: int32(i)}
		last := ""
		for _, w := range split(phrase, len(phrase)) {
			ix.words.add(w.text, !l.lex.idle(w))
			if l.lex.idle(w) {
				continue
			}
			also[w.stem] = min(alsoMost, also[w.stem]+alsoWeight)
			ph.stems = append(ph.stems, w.stem)
			ix.addPair([2]string{last, w.stem}, i)
			last = w.stem
		}
		if len(ph.stems) > 0 {
			ix.said = append(ix.said, ph)
		}
	}
	for s, v := range also {
		count[s] += v
	}
}

func (ix *index) addPair(p [2]string, i int) {
	if p[0] == "" {
		return
	}
	list := ix.pairs[p]
	if len(list) > 0 && list[len(list)-1] == int32(i) {
		return
	}
	ix.pairs[p] = append(list, int32(i))
}
