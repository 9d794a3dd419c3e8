package answers

import (
	"maps"
	"math"
	"slices"
)

// How much a word counts by where it stands in a statement.
const (
	titleWeight    = 2.2
	textWeight     = 1.0
	practiceWeight = 0.8 // the title of the practice a criterion belongs to
	strandWeight   = 0.6 // the name of the strand a statement belongs to
)

// What a word of a question says of a statement has two parts, added up. How
// well its own text says it is BM25, with the two usual parameters: how soon
// repetition stops counting, how much length costs. How much more often it is
// said there than anywhere, its text and what people call it taken together, is
// a language model with Jelinek-Mercer smoothing (Zhai and Lafferty 2001); that
// is what makes a word of many names worth more than a word of one.
const (
	saturation = 1.2
	lengthCost = 0.6
	ofText     = 0.5 // of BM25, beside 1 of the language model
	textTimes  = 2.0 // a word of the text is worth that many words of names
	smoothing  = 0.7 // of the language model: the share of what is said anywhere
	onceSaid   = 1.0 // a word said n times in all is believed to n/(n+onceSaid)
	fewWords   = 40  // no statement is so short that one word is all it says
	ofPairs    = 0.3 // of two words that stand together
)

// weigher counts the words of statements and tells what each says of which.
type weigher struct {
	l       *Library
	texts   []map[string]float64    // by statement, its own words by stem
	alls    []map[string]float64    // the same with what people call it
	pairs   []map[[2]string]float64 // two that stand together, of both
	lengths []float64               // of the texts
	levels  []map[string]float64    // by level, all words by stem
}

func newWeigher(l *Library) *weigher {
	w := &weigher{l: l, lengths: make([]float64, len(l.all))}
	for range l.all {
		w.texts = append(w.texts, map[string]float64{})
		w.alls = append(w.alls, map[string]float64{})
		w.pairs = append(w.pairs, map[[2]string]float64{})
	}
	for range l.levels {
		w.levels = append(w.levels, map[string]float64{})
	}
	return w
}

// text takes up words of statement i that stand in a field of a weight. The
// titles of others say what it is about, and nothing else.
func (w *weigher) text(i int, words []word, weight float64) {
	own := weight >= textWeight
	for _, word := range words {
		idle := w.l.lex.idle(word)
		switch {
		case idle && !own:
			continue
		case idle:
			w.alls[i][word.stem] += textTimes * textWeight
		default:
			w.texts[i][word.stem] += weight
			w.alls[i][word.stem] += textTimes * weight
			w.lengths[i] += weight
		}
	}
	if own {
		w.take(i, words, textTimes)
	}
}

// phrase takes up what people call statement i. It is no part of the length of
// its text: a statement known by many names is not a long one.
func (w *weigher) phrase(i int, words []word) {
	for _, word := range words {
		w.alls[i][word.stem]++
	}
	w.take(i, words, 1)
}

func (w *weigher) take(i int, words []word, times float64) {
	neighbors(w.l.lex, words, func(p [2]string) { w.pairs[i][p] += times })
	if at, ok := w.l.levelIdx[w.l.all[i].Level]; ok {
		for _, word := range words {
			w.levels[at][word.stem] += times
		}
	}
}

// neighbors calls f with the stems of each two words that stand together, and
// of each two that do but for words that say nothing.
func neighbors(lex *lexicon, words []word, f func([2]string)) {
	last, loud, lastIdle := "", "", true
	for _, w := range words {
		if w.stop != 0 {
			last, loud = "", ""
		}
		idle := lex.idle(w)
		if last != "" && (!idle || !lastIdle) {
			f([2]string{last, w.stem})
		}
		if !idle {
			if loud != "" && loud != last {
				f([2]string{loud, w.stem})
			}
			loud = w.stem
		}
		last, lastIdle = w.stem, idle
	}
}

// counts are how often each of some things is said, by unit and in all.
type counts[K comparable] struct {
	by    map[K][]posting
	total map[K]float64
	size  []float64 // of a unit
	all   float64
}

// count adds up what statements say, and their strands with them.
func count[K comparable](l *Library, statements []map[K]float64, order func(a, b K) int) *counts[K] {
	c := &counts[K]{by: map[K][]posting{}, total: map[K]float64{}, size: make([]float64, len(l.all)+len(l.strands))}
	strands := make([]map[K]float64, len(l.strands))
	for i, said := range statements {
		for _, k := range slices.SortedFunc(maps.Keys(said), order) { // sums must not depend on chance
			v := said[k]
			c.add(k, i, v)
			c.total[k] += v
			c.all += v
			if st := l.strandOf[i]; st >= 0 {
				if strands[st] == nil {
					strands[st] = map[K]float64{}
				}
				strands[st][k] += v
			}
		}
	}
	for st, said := range strands {
		for _, k := range slices.SortedFunc(maps.Keys(said), order) {
			c.add(k, len(l.all)+st, said[k])
		}
	}
	return c
}

func (c *counts[K]) add(k K, unit int, v float64) {
	c.by[k] = append(c.by[k], posting{int32(unit), float32(v)})
	c.size[unit] += v
}

// gain is what the language model says of k in a unit: 0 where it is not said,
// more the more often than elsewhere.
func (c *counts[K]) gain(k K, p posting) float64 {
	there := float64(p.score) / (c.size[p.at] + fewWords)
	anywhere := c.total[k] / c.all
	return math.Log(1 + (1-smoothing)/smoothing*there/anywhere)
}

// words returns the postings of the stems, and how much each tells: least when
// it is spread over all statements evenly.
func (w *weigher) words() (map[string][]posting, map[string]float64) {
	n, mean := float64(len(w.l.all)), 0.0
	for _, length := range w.lengths {
		mean += length / max(n, 1)
	}
	c := count(w.l, w.alls, compareStrings)
	postings, idf := make(map[string][]posting, len(c.by)), make(map[string]float64, len(c.by))
	for stem, by := range c.by {
		entropy := 0.0
		for _, p := range by {
			if int(p.at) < len(w.l.all) {
				share := float64(p.score) / c.total[stem]
				entropy -= share * math.Log(share)
			}
		}
		spread := math.Exp(entropy) // how many statements it is said in, as good as
		idf[stem] = math.Log(1 + (n-spread+0.5)/(spread+0.5))
		believed := c.total[stem] / (c.total[stem] + onceSaid)
		texts := make([]float64, len(w.l.strands))
		list := make([]posting, 0, len(by))
		for _, p := range by {
			var own float64
			if i := int(p.at); i < len(w.l.all) {
				norm := 1 - lengthCost + lengthCost*w.lengths[i]/mean
				tf := w.texts[i][stem]
				own = idf[stem] * tf * (saturation + 1) / (tf + saturation*norm)
				if st := w.l.strandOf[i]; st >= 0 {
					texts[st] = max(texts[st], own)
				}
			} else {
				own = texts[i-len(w.l.all)] // its statements came before it
			}
			list = append(list, posting{p.at, float32(ofText*own + believed*c.gain(stem, p))})
		}
		postings[stem] = list
	}
	return postings, idf
}

// neighbors returns the postings of two stems that stand together.
func (w *weigher) neighbors() map[[2]string][]posting {
	c := count(w.l, w.pairs, func(a, b [2]string) int {
		if d := compareStrings(a[0], b[0]); d != 0 {
			return d
		}
		return compareStrings(a[1], b[1])
	})
	for k, by := range c.by {
		for i, p := range by {
			by[i].score = float32(ofPairs * c.gain(k, p))
		}
	}
	return c.by
}

func compareStrings(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
