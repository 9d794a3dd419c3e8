package answers

import (
	"math"
	"sort"
	"strings"
)

// How much a word counts by where it stands in a statement, and the two usual
// BM25 parameters: how soon repetition stops counting, how much length costs.
const (
	titleWeight    = 2.2
	textWeight     = 1.0
	practiceWeight = 0.8 // the title of the practice a criterion belongs to
	strandWeight   = 0.6 // the name of the strand a statement belongs to
	saturation     = 1.2
	lengthCost     = 0.6
)

// What a word of a question counts, by what is known of it.
const (
	weakEmphasis   = 0.35 // "district", "support": in most statements
	repairEmphasis = 0.85
	unknownValue   = 2.8 // of an ordinary word in no statement, about a middling idf
	strangeValue   = 3.6 // of a word we have never heard
	offTopicValue  = 5.5
	pairBonus      = 0.3 // for two neighbors of the question that are neighbors in the text
)

// index finds statements by word. Scores are worked out when it is built, so
// that a question only adds them up.
type index struct {
	postings map[string][]posting // by stem
	idf      map[string]float64
	pairs    map[[2]string][]int32
	words    *speller
}

type posting struct {
	at    int32 // index in Library.all
	score float32
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
				if counts[i][w.stem] == 0 {
					df[w.stem]++
				}
				counts[i][w.stem] += f.weight
				lengths[i] += f.weight
				if f.weight >= textWeight {
					ix.addPair([2]string{last, w.stem}, i)
					last = w.stem
				}
			}
		}
		total += lengths[i]
	}
	for w := range l.lex.known {
		ix.words.add(w, false)
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
	return ix
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

// concept is one thing a question asks about: a word or a phrase, and what
// else may stand for it.
type concept struct {
	label    string
	alts     []alternative // the first is what was typed
	emphasis float64
	value    float64 // what a statement gains by saying it, about; decides coverage
	part     int     // which part of a question of several it is in
}

// value of the concept: the best of its alternatives that some statement says.
func (ix *index) value(alts []alternative) float64 {
	best := 0.0
	for _, a := range alts {
		sum := 0.0
		for _, s := range a.stems {
			sum += ix.idf[s]
		}
		best = max(best, a.weight*sum/math.Sqrt(max(1, float64(len(a.stems)))))
	}
	return best
}

// ranking is how well each statement answers the concepts.
type ranking struct {
	score    []float64 // by index in Library.all
	coverage []float64 // share of the question's weight that the statement says, 0 to 1
	each     []float64 // concept c of statement i at c*len(score)+i
}

// rank scores every statement. only restricts it to the concepts of one part,
// or -1.
func (ix *index) rank(n int, concepts []concept, only int) ranking {
	r := ranking{
		score:    make([]float64, n),
		coverage: make([]float64, n),
		each:     make([]float64, n*len(concepts)),
	}
	partial := make([]float64, n) // of one alternative
	share := make([]float64, n)   // how much of the alternative is there
	near := make([]float64, n)    // how many of its words stand beside the next
	total := 0.0
	for c := range concepts {
		con := &concepts[c]
		if only >= 0 && con.part != only {
			continue
		}
		total += con.value * con.emphasis
		best := r.each[c*n : (c+1)*n]
		for k, a := range con.alts {
			ix.phrase(a, k == 0, partial, share, near, best)
		}
		for i, s := range best {
			if s == 0 {
				continue
			}
			r.score[i] += s * con.emphasis
			r.coverage[i] += con.emphasis * min(con.value, s)
		}
	}
	for c := 1; c < len(concepts); c++ {
		a, b := &concepts[c-1], &concepts[c]
		if a.part != b.part || only >= 0 && a.part != only {
			continue
		}
		from, to := a.alts[0].stems, b.alts[0].stems
		if len(from) == 0 || len(to) == 0 {
			continue
		}
		key := [2]string{from[len(from)-1], to[0]}
		for _, i := range ix.pairs[key] {
			r.score[i] += pairBonus * (ix.idf[key[0]] + ix.idf[key[1]]) / 2
		}
	}
	if total > 0 {
		for i := range r.coverage {
			r.coverage[i] = min(1, r.coverage[i]/total)
		}
	}
	return r
}

// phrase raises best to what statements gain by saying the alternative.
// A phrase that is there in part counts less than its part, except the one
// that was typed: there each word is a word asked about.
func (ix *index) phrase(a alternative, typed bool, partial, share, near, best []float64) {
	switch len(a.stems) {
	case 0:
		return
	case 1:
		for _, p := range ix.postings[a.stems[0]] {
			best[p.at] = max(best[p.at], a.weight*float64(p.score))
		}
		return
	}
	clear(partial)
	clear(share)
	clear(near)
	total := 0.0
	for k, s := range a.stems {
		idf := ix.idf[s]
		total += idf
		for _, p := range ix.postings[s] {
			partial[p.at] += float64(p.score)
			share[p.at] += idf
		}
		if k == 0 {
			continue
		}
		for _, i := range ix.pairs[[2]string{a.stems[k-1], s}] {
			near[i]++
		}
	}
	if total == 0 {
		return
	}
	root := math.Sqrt(float64(len(a.stems)))
	gaps := float64(len(a.stems) - 1)
	for i, p := range partial {
		if p == 0 {
			continue
		}
		if typed {
			best[i] = max(best[i], a.weight*p/root)
			continue
		}
		there := share[i] / total
		together := apart + (1-apart)*near[i]/gaps
		best[i] = max(best[i], a.weight*p/root*there*there*together)
	}
}

// apart is what the words of a phrase count when none stands beside the next.
const apart = 0.6

// order returns the statements with a score, best first; equal ones in source
// order, so that answers never depend on chance.
func order(score []float64) []int {
	list := make([]int, 0, len(score))
	for i, s := range score {
		if s > 0 {
			list = append(list, i)
		}
	}
	sort.SliceStable(list, func(a, b int) bool { return score[list[a]] > score[list[b]] })
	return list
}
