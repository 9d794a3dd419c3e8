package answers

import (
	"slices"
	"strings"
)

// How many statements an answer holds, and what it takes to be one.
const (
	maxHits = 5
	maxList = 10

	leastShare    = 0.30 // of the best score, to stand beside it
	leastCoverage = 0.34 // of the question, to be an answer at all
	leastDuty     = 0.27 // the same where it asks what has to be done
	leastLeveled  = 0.12 // the same where it names a level
	surelyOwed    = 0.45 // the same where it asks what has to be done
	surelyNow     = 0.75 // coverage that outweighs a "today"
	surelyAbout   = 0.62 // coverage that outweighs an off-topic word
)

// Ask answers a question by quoting. It takes any text, is deterministic, and
// returns at most ten statements.
func (l *Library) Ask(question string) Answer {
	q := l.read(question)
	q.memory = l.index.scratch()
	defer l.index.pool.Put(q.memory)
	if len(q.asked) == 0 {
		return l.decline(ReasonEmpty, "")
	}
	if reason, what := l.refuse(question, &q); reason != "" {
		return l.decline(reason, what)
	}
	if asksStatus(q.words) && len(q.refs.ids) == 0 {
		return Answer{Kind: KindStatus}
	}
	if a, ok := l.byNumber(&q); ok {
		return a
	}
	if !q.hasTopic() {
		return l.withoutTopic(&q)
	}
	r := l.rank(&q)
	l.restrict(&q, r)
	if reason := l.doubt(&q, r); reason != "" {
		return l.decline(reason, "")
	}
	switch {
	case q.growing && (len(q.levels) > 0 || !l.elsewhere(r, r.score)):
		if a, ok := l.grow(&q, r); ok {
			return a
		}
	case q.wantsLevels():
		if a, ok := l.compare(&q, r); ok {
			return a
		}
	}
	return l.quote(&q, r)
}

// hasTopic tells whether a question asks about something besides levels.
func (q *query) hasTopic() bool {
	return slices.ContainsFunc(q.concepts, func(c concept) bool { return !c.idle })
}

func (q *query) wantsLevels() bool {
	return q.wants(cueLevels) || len(q.namedLevels()) > 1
}

// namedLevels are the levels in the question, each once, as first named.
func (q *query) namedLevels() []string {
	var names []string
	for _, m := range q.levels {
		if !slices.Contains(names, m.level) {
			names = append(names, m.level)
		}
	}
	return names
}

// refuse is what no statement may answer, whatever it says.
func (l *Library) refuse(question string, q *query) (Reason, string) {
	if _, _, ok := l.lex.find("injection", q.asked); ok {
		return ReasonInjection, ""
	}
	if l.namesPerson(question, q.asked, len(q.levels) > 1 && q.growing || len(q.levels) == 1 && !q.growing) {
		return ReasonPersonal, ""
	}
	if from, to, ok := l.lex.find("framework", q.asked); ok && len(q.refs.ids) == 0 && !l.holds(q.asked[from:to]) {
		var names []string
		for _, w := range q.asked[from:to] {
			names = append(names, w.text)
		}
		return ReasonOtherFramework, frameworkName(strings.Join(names, " "))
	}
	if l.asksRecord(q) && (!asksStatus(q.words) || !ofAsker(q.words)) {
		return ReasonPersonal, ""
	}
	if l.asksLive(q) {
		return ReasonOffTopic, live
	}
	if _, _, ok := l.lex.find("employment", q.asked); ok {
		return ReasonOffTopic, ""
	}
	if _, _, ok := l.lex.find("chore", q.asked); ok && len(q.levels) == 0 && len(q.refs.ids) == 0 {
		return ReasonOffTopic, ""
	}
	if q.refs.foreign != "" && len(q.refs.ids) == 0 && len(q.refs.actions) == 0 {
		return ReasonOtherLever, q.refs.foreign
	}
	return "", ""
}

// frameworkName is how a framework's name is written.
func frameworkName(folded string) string {
	switch folded {
	case "t tess", "ttess":
		return "T-TESS"
	case "t pess", "tpess":
		return "T-PESS"
	}
	if len(folded) <= 5 {
		return strings.ToUpper(folded)
	}
	return strings.ToUpper(folded[:1]) + folded[1:]
}

// rank scores the statements against the whole question and, where it holds
// several, against each.
func (l *Library) rank(q *query) ranking {
	r := l.index.rank(q.memory, q.concepts, l.lex, q.words)
	if q.parts == 1 && !q.lists(r) {
		return r
	}
	var parts []ranking
	for p := range q.parts {
		if slices.ContainsFunc(q.concepts, func(c concept) bool { return c.part == p && c.emphasis > weakEmphasis }) {
			parts = append(parts, l.index.sum(q.memory, q.concepts, r.each, p))
		}
	}
	if len(parts) < 2 {
		return r
	}
	// A statement that answers one part in full stands as high as the best
	// answer to another; what it says of the rest only breaks ties.
	whole := slices.Max(r.score)
	if whole == 0 {
		return r
	}
	said := q.memory.take(l.index.n)
	for _, p := range parts {
		top := slices.Max(p.score)
		if top == 0 {
			continue
		}
		for i, s := range p.score {
			said[i] = max(said[i], s/top*p.coverage[i])
			r.coverage[i] = max(r.coverage[i], p.coverage[i]*0.8)
		}
	}
	for i := range r.score {
		r.score[i] = whole*said[i] + 0.15*r.score[i]
	}
	return r
}

// lists tells whether "and" or a comma parts two questions that no statement
// answers together, and then takes them for parts.
func (q *query) lists(r ranking) bool {
	first, several := -1, false
	for _, c := range q.concepts {
		if c.emphasis <= weakEmphasis {
			continue
		}
		if first < 0 {
			first = c.soft
		}
		several = several || c.soft != first
	}
	if !several || len(q.levels) > 0 {
		return false
	}
	best := 0
	for i, s := range r.score {
		if s > r.score[best] {
			best = i
		}
	}
	if r.coverage[best] >= together {
		return false
	}
	for c := range q.concepts {
		q.concepts[c].part = q.concepts[c].soft
		q.parts = max(q.parts, q.concepts[c].soft+1)
	}
	return true
}

// together is how much of a list the best statement says where the list is one
// question.
const together = 0.62

// doubt tells why the best statement is no answer, or "".
func (l *Library) doubt(q *query, r ranking) Reason {
	best := 0.0
	for _, c := range r.coverage {
		best = max(best, c)
	}
	switch {
	case best < surelyNow && l.asksNow(q):
		return ReasonOffTopic
	case q.offTopic && best < q.sure():
		return ReasonOffTopic
	case best == 0 && q.doc < 0:
		return ReasonOffTopic
	case best < q.enough():
		return ReasonNothing
	}
	return ""
}

// sure is how much they must say where a word gives another subject away.
func (q *query) sure() float64 {
	switch {
	case len(q.levels) > 1:
		return leastLeveled
	case len(q.levels) == 1 || q.saysNext:
		return leastDuty
	case q.wants(cueDuty):
		return surelyOwed
	}
	return surelyAbout
}

// enough is how much of a question the documents must say. One that names a
// level, or asks what a district has to do, is put to them for sure: what else
// is in it may be a story.
func (q *query) enough() float64 {
	switch {
	case len(q.levels) > 0:
		return leastLeveled
	case q.wants(cueDuty), q.saysNext:
		return leastDuty
	}
	return leastCoverage
}

func compareScores(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// withoutTopic answers what names levels or a document and nothing else.
func (l *Library) withoutTopic(q *query) Answer {
	var list []int
	switch levels := q.namedLevels(); {
	case q.doc >= 0 && len(levels) == 0:
		for i := range l.all {
			if l.docOf[i] == q.doc {
				list = append(list, i)
			}
		}
		return Answer{
			Kind: KindQuote, Hits: l.hits(list, nil, q, maxList),
			Pointer: "These are its first statements; name a topic to see others.",
		}
	case len(levels) == 1:
		doc := q.doc
		for i, s := range l.all {
			if s.Level == levels[0] && doc < 0 {
				doc = l.docOf[i]
			}
			if s.Level == levels[0] && l.docOf[i] == doc {
				list = append(list, i)
			}
		}
		return Answer{Kind: KindQuote, Hits: l.hits(list, nil, q, maxList)}
	case len(levels) > 1:
		for _, st := range l.strands {
			list = append(list, l.cells(st, levels)...)
		}
		return Answer{
			Kind: KindCompare, Hits: l.hits(list, nil, q, maxList),
			Pointer: "These are the first strands; name a topic to see another.",
		}
	case q.refs.lever != "":
		return Answer{
			Kind: KindQuote, Hits: l.hits(l.practicesOf(q.refs.lever), nil, q, maxList),
			Pointer: "These are the first practices; ask for an essential action such as " + q.refs.lever + ".3 to see others.",
		}
	}
	return l.decline(ReasonEmpty, "")
}

// cells are the statements of a strand at these levels, lowest first.
func (l *Library) cells(st Strand, levels []string) []int {
	var out []int
	for _, c := range st.Cells {
		if slices.Contains(levels, c.Level) {
			out = append(out, l.at(st, c))
		}
	}
	return out
}

func (l *Library) indexes(list []Statement) []int {
	out := make([]int, len(list))
	for i, s := range list {
		out[i] = l.byID[s.ID]
	}
	return out
}

// hits makes quoted statements of indexes in the order given, each once. r may
// be nil or empty, when nothing was ranked; scores then tell the order only.
func (l *Library) hits(list []int, r *ranking, q *query, most int) []Hit {
	hits := make([]Hit, 0, min(len(list), most))
	seen := map[int]bool{}
	for _, i := range list {
		if seen[i] {
			continue
		}
		if len(hits) == most {
			break
		}
		seen[i] = true
		h := Hit{Statement: l.all[i], Document: l.docs[l.docOf[i]]}
		if r != nil && r.score != nil {
			h.Score, h.Why = r.score[i], l.why(i, r, q)
		} else {
			h.Score = float64(len(list) - len(hits))
		}
		hits = append(hits, h)
	}
	return hits
}

// why lists the words of the question that the statement says, strongest
// first.
func (l *Library) why(i int, r *ranking, q *query) []string {
	type said struct {
		label string
		score float64
	}
	var all []said
	for c := range q.concepts {
		if s := r.each[c*l.index.units+i]; !q.concepts[c].idle && s > 0.2*q.concepts[c].value {
			all = append(all, said{q.concepts[c].label, s * q.concepts[c].emphasis})
		}
	}
	slices.SortStableFunc(all, func(a, b said) int { return compareScores(b.score, a.score) })
	var labels []string
	for _, s := range all {
		if !slices.Contains(labels, s.label) {
			labels = append(labels, s.label)
		}
	}
	return labels
}
