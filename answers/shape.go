package answers

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"
)

// How much a level, a document or a kind that does not fit what was asked
// still counts.
const (
	otherLevel = 0.05
	otherDoc   = 0.08 // a document without levels, where a level was named
	ofStrand   = 0.80 // what the whole strand says, where a level was named
	cuedDoc    = 1.35 // the document the question sounds like
	aPractice  = 0.92 // a practice names what its criteria then say
	covered    = 0.50 // of a score: the rest counts by how much of the question is said
	leastBest  = 0.85 // of the best strand's, for another strand to stand in at a level
)

// quote answers with the statements that say most of what was asked.
func (l *Library) quote(q *query, r ranking) Answer {
	levels := q.namedLevels()
	score := q.memory.take(len(r.score))
	for i := range score {
		s := &l.all[i]
		score[i] = r.score[i]
		if q.wants(cueDuty) && !q.wants(cueOwn) && s.Level == "" || q.wants(cueOwn) && !q.wants(cueDuty) && s.Level != "" {
			score[i] *= cuedDoc
		}
		if s.Kind == KindPractice {
			score[i] *= aPractice
		}
		score[i] *= 1 - covered + covered*r.coverage[i]
	}
	strand := -1 // the topic's, if it has nothing at the level
	elsewhere := len(levels) > 0 && l.elsewhere(r, score)
	if len(levels) > 0 && !elsewhere {
		strand = l.weighLevels(levels, r, score)
	}
	ranked := order(score, leastShare)
	if len(ranked) == 0 {
		return l.decline(ReasonNothing, "")
	}
	if strand >= 0 {
		// The nearest rung comes first.
		near := l.nearest(strand, levels[0])
		score[near] = max(score[near], score[ranked[0]])
		ranked = append([]int{near}, ranked...)
	}
	if q.wants(cueWhole) && len(levels) == 0 && l.all[ranked[0]].Level == "" {
		ranked = l.whole(ranked, score)
	}
	best := ranked[0]
	most := maxHits
	if q.wants(cueList) {
		most = maxList
	}
	list := slices.Clone(ranked[:min(most, len(ranked))])
	if len(levels) == 0 {
		list = l.family(list, most, score)
	}
	view := r
	view.score = score
	a := Answer{Kind: KindQuote, Hits: l.hits(list, &view, q, most)}
	if strand >= 0 {
		a.Pointer = l.noStatement(strand, levels[0])
	}
	if elsewhere {
		a.Pointer = "No " + capitalize(levels[0]) + " statement says this; this is what my other documents say."
	}
	if q.wants(cueNumber) && !l.saysNumber(l.all[best]) {
		a.Pointer = "The document gives no number for this; a target shown elsewhere is your district's own."
	}
	return a
}

// whole puts first the practice that says most of what was asked, with all its
// criteria: who asks for everything wants the whole of one practice before a
// piece of another.
func (l *Library) whole(ranked []int, score []float64) []int {
	sum := map[int]float64{}
	best := -1
	for _, i := range ranked {
		p := i
		if parent := l.all[i].Parent; parent != "" {
			p = l.byID[parent]
		}
		if l.all[i].Level != "" {
			continue
		}
		sum[p] += score[i]
		if best < 0 || sum[p] > sum[best] {
			best = p
		}
	}
	list := append([]int{best}, l.criteria[l.all[best].ID]...)
	slices.SortStableFunc(list[1:], func(a, b int) int { return compareScores(score[b], score[a]) })
	for _, i := range ranked {
		if !slices.Contains(list, i) {
			list = append(list, i)
		}
	}
	return list
}

// elsewhere tells whether a document without levels says so much more of what
// was asked that the level named cannot be meant: action steps have no level.
func (l *Library) elsewhere(r ranking, score []float64) bool {
	strands, topic := l.topic(r)
	best := 0.0
	for i := range score {
		if l.all[i].Level == "" {
			best = max(best, score[i])
		}
	}
	return len(strands) == 0 || best > mostOther*topic[strands[0]]
}

// mostOther is how many times better than the best strand a document without
// levels must fit.
const mostOther = 2.5

// weighLevels makes the scores those of a question about levels: what a strand
// says at its other levels tells its topic, what is at another level is no
// answer. It returns the strand that the question is about where that has
// nothing at the levels, else -1.
func (l *Library) weighLevels(levels []string, r ranking, score []float64) int {
	strands, topic := l.topic(r)
	best := 0.0
	for i := range score {
		s := &l.all[i]
		switch st := l.strandOf[i]; {
		case s.Level == "":
			score[i] *= otherDoc
			continue
		case !slices.Contains(levels, s.Level):
			score[i] *= otherLevel
			continue
		case st >= 0:
			score[i] += ofStrand * topic[st]
		}
		best = max(best, score[i])
	}
	if len(strands) > 0 && len(l.cells(l.strands[strands[0]], levels)) == 0 && best < leastBest*topic[strands[0]] {
		return strands[0]
	}
	return -1
}

// family fills a short answer up with what belongs to its best statement: the
// practice of a criterion and its other criteria, the same strand's levels.
func (l *Library) family(list []int, most int, score []float64) []int {
	if len(list) >= most {
		return list
	}
	s := &l.all[list[0]]
	var kin []int
	switch {
	case s.Kind == KindCriterion:
		kin = l.criteria[s.Parent]
		list = append(list, l.byID[s.Parent])
	case s.Kind == KindPractice:
		kin = l.criteria[s.ID]
	case l.strandOf[list[0]] >= 0:
		kin = l.cells(l.strands[l.strandOf[list[0]]], l.levels)
	}
	kin = slices.Clone(kin)
	slices.SortStableFunc(kin, func(a, b int) int { return compareScores(score[b], score[a]) })
	for _, i := range kin {
		if score[i] > 0 && !slices.Contains(list, i) && len(list) < most {
			list = append(list, i)
		}
	}
	return list
}

// nearest is the statement of a strand at the level nearest to one it lacks.
func (l *Library) nearest(strand int, level string) int {
	best, least := -1, len(l.levels)+1
	for _, c := range l.strands[strand].Cells {
		away := max(l.levelIdx[c.Level]-l.levelIdx[level], l.levelIdx[level]-l.levelIdx[c.Level])
		if away < least {
			best, least = l.at(l.strands[strand], c), away
		}
	}
	return best
}

// often are words that answer "how often" without a digit.
var often = set("weekly", "daily", "monthly", "annually", "annual", "yearly", "yearlong", "year")

// saysNumber tells whether a text holds anything like a number or a rhythm.
func (l *Library) saysNumber(s Statement) bool {
	if strings.IndexFunc(s.Text, unicode.IsDigit) >= 0 {
		return true
	}
	return slices.ContainsFunc(split(s.Text, len(s.Text)), func(w word) bool { return often[w.text] })
}

// noStatement says that a strand has nothing at a level ("" for above the
// last).
func (l *Library) noStatement(strand int, level string) string {
	st := l.strands[strand]
	if level == "" {
		return fmt.Sprintf("The framework has no higher statement in the strand %s.", st.Name)
	}
	return fmt.Sprintf("The framework has no %s statement in the strand %s; this is the nearest.", capitalize(level), st.Name)
}

func capitalize(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// topic finds the strands a question is about, best first, with their scores.
// A level named in the question does not matter here: the topic is what all
// levels share.
func (l *Library) topic(r ranking) (strands []int, score []float64) {
	score = make([]float64, len(l.strands))
	for st := range score {
		score[st] = r.strand[st] * (1 - covered + covered*r.covers[st])
	}
	return order(score, 0), score
}

// besides is how near the best a second strand must be to be shown too.
const besides = 0.6

// compare answers with one strand at the levels named, lowest first, and with
// another strand the topic fits nearly as well.
func (l *Library) compare(q *query, r ranking) (Answer, bool) {
	strands, score := l.topic(r)
	if len(strands) == 0 {
		return Answer{}, false
	}
	best := strands[0]
	levels := q.namedLevels()
	if all := l.levelsOf[l.strands[best].Doc]; len(levels) == 0 || q.wants(cueLevels) && len(levels) == 1 {
		levels = all
	} else if q.wants(cueLevels) && len(levels) == 2 {
		levels = span(all, levels)
	}
	list := l.fitting(l.strands[best], levels, r)
	if len(list) == 0 {
		return Answer{}, false
	}
	if len(strands) > 1 && score[strands[1]] >= besides*score[best] && len(levels) < len(l.levelsOf[l.strands[best].Doc]) {
		list = append(list, l.fitting(l.strands[strands[1]], levels, r)...)
	}
	a := Answer{Kind: KindCompare, Strand: l.strands[best].ID, Hits: l.hits(list, &r, q, maxHits)}
	for _, level := range levels {
		if len(l.cells(l.strands[best], []string{level})) == 0 {
			a.Pointer = fmt.Sprintf("The framework has no %s statement in the strand %s.", capitalize(level), l.strands[best].Name)
			break
		}
	}
	return a, true
}

// span are the levels from one to another: "from Emerging to Proficient".
func span(all, ends []string) []string {
	from, to := slices.Index(all, ends[0]), slices.Index(all, ends[1])
	if from < 0 || to < 0 {
		return ends
	}
	return all[min(from, to) : max(from, to)+1]
}

// fitting are the statements of a strand at these levels, lowest first: where a
// level has several, those that say about as much of what was asked as the
// best of them.
func (l *Library) fitting(st Strand, levels []string, r ranking) []int {
	var out []int
	for _, level := range l.levels {
		if !slices.Contains(levels, level) {
			continue
		}
		at := l.cells(st, []string{level})
		slices.SortStableFunc(at, func(a, b int) int { return compareScores(r.score[b], r.score[a]) })
		for _, i := range at {
			if r.score[i] >= besides*r.score[at[0]] {
				out = append(out, i)
			}
		}
	}
	return out
}

// grow answers with the level to grow to, then where one stands.
func (l *Library) grow(q *query, r ranking) (Answer, bool) {
	strands, _ := l.topic(r)
	if len(strands) == 0 {
		return Answer{}, false
	}
	st := l.strands[strands[0]]
	from, to := l.ends(q, st, r)
	a := Answer{Kind: KindGrowth, Strand: st.ID}
	var list []int
	if to >= 0 {
		list = l.fitting(st, []string{l.levels[to]}, r)
	}
	if to >= 0 && len(list) == 0 {
		a.Pointer = l.noStatement(strands[0], l.levels[to])
	}
	if to < 0 {
		a.Pointer = l.noStatement(strands[0], "")
	}
	if from >= 0 {
		list = append(list, l.fitting(st, []string{l.levels[from]}, r)...)
	}
	if len(list) == 0 {
		list = l.indexes(l.Ladder(st.ID))
	}
	a.Hits = l.hits(list, &r, q, maxHits)
	return a, true
}

// ends returns the level a question grows from and the one it grows to, -1
// where there is none.
func (l *Library) ends(q *query, st Strand, r ranking) (from, to int) {
	levels := make([]int, len(q.levels))
	for i, m := range q.levels {
		levels[i] = l.levelIdx[m.level]
	}
	switch {
	case len(levels) >= 2:
		return slices.Min(levels), slices.Max(levels)
	case len(levels) == 1 && q.levels[0].from > 0 && q.words[q.levels[0].from-1].text == "before":
		return levels[0], l.rung(st, levels[0], -1) // "what must I have down right before Advanced"
	case len(levels) == 1 && q.isGoal(q.levels[0]):
		return l.rung(st, levels[0], -1), levels[0]
	case len(levels) == 1:
		return levels[0], l.rung(st, levels[0], +1)
	}
	// No level named: the statement that fits best is where one stands.
	from, best := -1, math.Inf(-1)
	for _, c := range st.Cells {
		s := r.score[l.at(st, c)] + l.index.sounds(q.words, l.levelIdx[c.Level])
		if s > best {
			from, best = l.levelIdx[c.Level], s
		}
	}
	return from, l.rung(st, from, +1)
}

// rung is the nearest level above (+1) or below (-1) that the strand has, or
// -1.
func (l *Library) rung(st Strand, from, step int) int {
	for i := from + step; i >= 0 && i < len(l.levels); i += step {
		if len(l.cells(st, []string{l.levels[i]})) > 0 {
			return i
		}
	}
	return -1
}

// towards are words before a level that make it the goal.
var towards = set("into", "does", "what", "do", "to", "reach", "become", "becoming", "be", "toward", "towards", "would", "will", "get")

// isGoal tells "how do I get to Advanced" from "I am Proficient, what next".
func (q *query) isGoal(m levelMention) bool {
	for i := m.from - 1; i >= 0 && i >= m.from-2; i-- {
		switch {
		case towards[q.words[i].text]:
			return true
		case q.words[i].text == "at" && i > 1 && nextWhat[q.words[i-1].stem] && q.words[i-2].text == "next":
			return true // "the next skill at Developing"
		case q.words[i].text == "a" || q.words[i].text == "an" || q.words[i].text == "the" || q.words[i].text == "being":
			continue
		}
		break
	}
	return false
}
