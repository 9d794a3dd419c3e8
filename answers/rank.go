package answers

import (
	"math"
	"slices"
)

// What a word of a question counts, by what is known of it.
const (
	weakEmphasis   = 0.35 // "district", "support": in most statements
	idleEmphasis   = 0.30 // "who", "back": tells at most which of two
	repairEmphasis = 0.85
	unknownValue   = 2.3 // of an ordinary word in no statement, about a middling idf
	strangeValue   = 3.6 // of a word we have never heard
	offTopicValue  = 5.5
	saidBonus      = 0.6 // for a phrase people use for a statement, asked in full
	saidLeast      = 0.4 // of that, however little of the question it is
)

// concept is one thing a question asks about: a word or a phrase, and what
// else may stand for it.
type concept struct {
	label    string
	alts     []alternative // the first is what was typed
	emphasis float64
	value    float64 // what a statement gains by saying it, about; decides coverage
	part     int     // which part of a question of several it is in
	soft     int     // the same, if "and" and a comma part too
	at       int     // the word of the question it begins at
	idle     bool    // a word that tells little, and only which of two
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

// level keeps another word for a thing from counting more for being rare: who
// asks about teachers is not told first of the one that says "faculty". The
// first is what was typed.
func (ix *index) level(alts []alternative) {
	if len(alts[0].stems) != 1 {
		return
	}
	typed := ix.idf[alts[0].stems[0]]
	if typed == 0 {
		return
	}
	for k := range alts[1:] {
		a := &alts[k+1]
		if len(a.stems) != 1 {
			continue
		}
		if idf := ix.idf[a.stems[0]]; idf > typed+rarer {
			a.weight *= (typed + rarer) / idf
		}
	}
}

// rarer is how much rarer (in idf) an alternative may be.
const rarer = 0.7

// ranking is how well each statement answers the concepts.
type ranking struct {
	score    []float64 // by index in Library.all
	coverage []float64 // share of the question's weight that the statement says, 0 to 1
	each     []float64 // concept c of unit i at c*units+i
	strand   []float64 // the same as score, of strands
	covers   []float64 // and as coverage
}

// scratch is the memory of one answer, used again for the next.
type scratch struct {
	floats         []float64
	taken          int
	partial, share []float64 // of one alternative; zero between two
	near           []float64
	touched        []int32
	said           []saidMatch // by phrase; zero between two questions
	phrases        []int32
}

type saidMatch struct {
	sum  float64 // of the words of the phrase that were asked
	last int32   // 1 + the concept that counted last
	now  float64 // what it counted
}

func (ix *index) scratch() *scratch {
	n := ix.units
	m, ok := ix.pool.Get().(*scratch)
	if !ok {
		m = &scratch{
			partial: make([]float64, n), share: make([]float64, n), near: make([]float64, n),
			said: make([]saidMatch, len(ix.said)),
		}
	}
	m.taken = 0
	return m
}

// take returns n zeros that live until the answer is made.
func (m *scratch) take(n int) []float64 {
	if m.taken+n > len(m.floats) {
		m.floats = make([]float64, max(2*len(m.floats), n))
		m.taken = 0
	}
	out := m.floats[m.taken : m.taken+n : m.taken+n]
	m.taken += n
	clear(out)
	return out
}

// rank scores every unit against every concept, then all together, and for the
// words of the question that stand together there as here.
func (ix *index) rank(m *scratch, concepts []concept, lex *lexicon, words []word) ranking {
	n := ix.units
	each := m.take(n * len(concepts))
	for c := range concepts {
		best := each[c*n : (c+1)*n]
		for k := range concepts[c].alts {
			ix.phrase(m, &concepts[c].alts[k], k == 0, best)
		}
	}
	r := ix.sum(m, concepts, each, -1)
	neighbors(lex, words, func(two [2]string) {
		for _, p := range ix.beside[two] {
			if at := int(p.at); at < ix.n {
				r.score[at] += float64(p.score)
			} else {
				r.strand[at-ix.n] += float64(p.score)
			}
		}
	})
	return r
}

// sum adds up the concepts of one part of the question, or of all with -1.
func (ix *index) sum(m *scratch, concepts []concept, each []float64, only int) ranking {
	n := ix.units
	r := ranking{score: m.take(n), coverage: m.take(n), each: each}
	total := 0.0
	for c := range concepts {
		con := &concepts[c]
		if only >= 0 && con.part != only {
			continue
		}
		total += con.value * con.emphasis
		for i, s := range each[c*n : (c+1)*n] {
			if s != 0 {
				r.score[i] += s * con.emphasis
				r.coverage[i] += con.emphasis * min(con.value, s)
			}
		}
	}
	ix.addSaid(m, concepts, only, total, r.score)
	if total > 0 {
		for i := range r.coverage {
			r.coverage[i] = min(1, r.coverage[i]/total)
		}
	}
	r.strand, r.covers = r.score[ix.n:], r.coverage[ix.n:]
	r.score, r.coverage = r.score[:ix.n:ix.n], r.coverage[:ix.n:ix.n]
	return r
}

// addSaid raises the statements of which people say what was asked. A phrase
// counts by the square of the share of it that was asked, and by the share of
// the question that it is: "how many walkthroughs" says more of "how many
// walkthroughs do I owe" than "walkthrough form" does.
func (ix *index) addSaid(m *scratch, concepts []concept, only int, total float64, score []float64) {
	if total == 0 || len(ix.said) == 0 {
		return
	}
	for c := range concepts {
		con := &concepts[c]
		if only >= 0 && con.part != only {
			continue
		}
		for k := range con.alts {
			a := &con.alts[k]
			if k > 0 && (len(a.stems) != 1 || a.weight < wayWeight) {
				continue
			}
			for _, s := range a.stems {
				v := ix.idf[s] * a.weight
				for _, p := range ix.saidBy[s] {
					f := &m.said[p]
					if f.last == 0 {
						m.phrases = append(m.phrases, p)
					}
					// Of the other words for one thing a phrase counts the best only.
					if k > 0 && f.last == int32(c)+1 {
						if v > f.now {
							f.sum += v - f.now
							f.now = v
						}
						continue
					}
					f.sum += v
					f.last, f.now = int32(c)+1, v
				}
			}
		}
	}
	best := m.take(len(score))
	for _, p := range m.phrases {
		f, ph := &m.said[p], &ix.said[p]
		there := min(1, f.sum/ph.weight)
		best[ph.at] = max(best[ph.at], f.sum*there*there*min(1, saidLeast+f.sum/total))
		*f = saidMatch{}
	}
	m.phrases = m.phrases[:0]
	for i, s := range best {
		score[i] += saidBonus * s
	}
}

// phrase raises best to what statements gain by saying the alternative.
// A phrase that is there in part counts less than its part, except the one
// that was typed: there each word is a word asked about.
func (ix *index) phrase(m *scratch, a *alternative, typed bool, best []float64) {
	switch len(a.stems) {
	case 0:
		return
	case 1:
		for _, p := range ix.postings[a.stems[0]] {
			best[p.at] = max(best[p.at], a.weight*float64(p.score))
		}
		return
	}
	total := 0.0
	for k, s := range a.stems {
		idf := ix.idf[s]
		total += idf
		for _, p := range ix.postings[s] {
			if m.partial[p.at] == 0 {
				m.touched = append(m.touched, p.at)
			}
			m.partial[p.at] += float64(p.score)
			m.share[p.at] += idf
		}
		if k == 0 {
			continue
		}
		for _, p := range ix.beside[[2]string{a.stems[k-1], s}] {
			m.near[p.at]++
		}
	}
	root := math.Sqrt(float64(len(a.stems)))
	gaps := float64(len(a.stems) - 1)
	for _, i := range m.touched {
		p := m.partial[i]
		if typed {
			best[i] = max(best[i], a.weight*p/root)
		} else {
			there := m.share[i] / total
			together := apart + (1-apart)*min(1, m.near[i]/gaps)
			best[i] = max(best[i], a.weight*p/root*there*there*together)
		}
		m.partial[i], m.share[i], m.near[i] = 0, 0, 0
	}
	m.touched = m.touched[:0]
}

// apart is what the words of a phrase count when none stands beside the next.
const apart = 0.6

// order returns the statements with at least this share of the best score,
// best first; equal ones in source order, so that answers never depend on
// chance.
func order(score []float64, share float64) []int {
	best := 0.0
	for _, s := range score {
		best = max(best, s)
	}
	var list []int
	for i, s := range score {
		if s > 0 && s >= share*best {
			list = append(list, i)
		}
	}
	slices.SortStableFunc(list, func(a, b int) int { return compareScores(score[b], score[a]) })
	return list
}
