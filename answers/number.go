package answers

import (
	"slices"
	"strings"
)

// byNumber answers what is asked by id, strand or essential action.
func (l *Library) byNumber(q *query) (Answer, bool) {
	refs := &q.refs
	switch {
	case len(refs.strands) > 0:
		st := l.strands[refs.strands[0]]
		return Answer{Kind: KindCompare, Strand: st.ID, Hits: l.hits(l.indexes(l.Ladder(st.ID)), nil, q, maxList)}, true
	case len(refs.ids) == 0 && len(refs.actions) == 0:
		if refs.missing == "" {
			return Answer{}, false
		}
		a := l.decline(ReasonNothing, "")
		a.Pointer = "My documents have no " + refs.missing + "; " + l.neighbor(refs.missing)
		return a, true
	}
	if a, ok := l.levelsByNumber(q); ok {
		return a, true
	}
	var r ranking
	if len(q.concepts) > 0 {
		r = l.index.rank(q.memory, q.concepts, l.lex, q.words)
	}
	var list []int
	for _, action := range refs.actions {
		list = append(list, l.practicesOf(action)...)
	}
	for _, i := range refs.ids {
		list = append(list, l.around(i, q, r)...)
	}
	a := Answer{Kind: KindQuote, Hits: l.hits(list, &r, q, maxList)}
	if refs.missing != "" {
		a.Pointer = "My documents have no " + refs.missing + "; " + l.neighbor(refs.missing)
	}
	return a, true
}

// levelsByNumber is "what comes after D1" and "compare D1 and P1".
func (l *Library) levelsByNumber(q *query) (Answer, bool) {
	first := q.refs.ids[:min(1, len(q.refs.ids))]
	if len(first) == 0 || l.strandOf[first[0]] < 0 {
		return Answer{}, false
	}
	strand := l.strands[l.strandOf[first[0]]].ID
	switch {
	case q.growing:
		next := l.indexes(l.Next(l.all[first[0]].ID))
		a := Answer{Kind: KindGrowth, Strand: strand, Hits: l.hits(append(next, first[0]), nil, q, maxHits)}
		if len(next) == 0 {
			a.Pointer = l.noStatement(l.strandOf[first[0]], "")
		}
		return a, true
	case len(q.refs.ids) > 1 && q.wants(cueCompare):
		return Answer{Kind: KindCompare, Strand: strand, Hits: l.hits(q.refs.ids, nil, q, maxList)}, true
	case q.wants(cueLevels):
		return Answer{Kind: KindCompare, Strand: strand, Hits: l.hits(l.indexes(l.Ladder(strand)), nil, q, maxList)}, true
	}
	return Answer{}, false
}

// around is a statement with what belongs to it: a practice with its criteria,
// those first that say what else was asked.
func (l *Library) around(i int, q *query, r ranking) []int {
	s := l.all[i]
	if s.Kind == KindCriterion {
		return []int{i, l.byID[s.Parent]}
	}
	under := l.criteria[s.ID]
	if len(under) == 0 {
		return []int{i}
	}
	said := func(c int) float64 {
		if r.score == nil {
			return 0
		}
		return r.score[c]
	}
	best := 0.0
	for _, c := range under {
		best = max(best, said(c))
	}
	one := q.theOne()
	topic := slices.ContainsFunc(q.concepts, func(c concept) bool {
		return !c.idle && !fetching[c.label] && (c.emphasis > weakEmphasis || one)
	})
	if topic && best > hardlySaid && !l.inTitle(s, q) {
		ranked := slices.Clone(under)
		slices.SortStableFunc(ranked, func(a, b int) int { return compareScores(said(b), said(a)) })
		return append([]int{ranked[0], i}, ranked[1:]...)
	}
	if q.wants(cueCriteria) {
		return append(slices.Clone(under), i)
	}
	return append([]int{i}, under...)
}

// inTitle tells whether what was asked besides an id is in the statement's own
// title: "the instructional delivery one, 5.2.3".
func (l *Library) inTitle(s Statement, q *query) bool {
	title := map[string]bool{}
	for _, w := range splitBy(s.Title, maxWords, l.index.words.stem) {
		title[w.stem] = true
	}
	for _, c := range q.concepts {
		if c.idle || fetching[c.label] {
			continue
		}
		for _, stem := range c.alts[0].stems {
			if !title[stem] {
				return false
			}
		}
	}
	return true
}

// hardlySaid is a score that says nothing of which criterion is meant.
const hardlySaid = 1.0

// fetching are words that ask for a statement and say nothing of it.
var fetching = set("pull", "open", "send", "bring", "display", "post", "print", "everything", "entire", "underneath", "under", "full", "complete", "whole", "detail", "details", "kindly", "furnish", "wording", "text", "exact", "verbatim", "read", "section", "practice", "letters", "just")

// theOne tells whether a question singles one of several out: "5.1.1, the one
// about who is responsible".
func (q *query) theOne() bool {
	for i, w := range q.words {
		if w.text == "one" && i+1 < len(q.words) && oneAbout[q.words[i+1].text] || w.text == "part" && i > 0 && q.words[i-1].text == "the" {
			return true
		}
	}
	return false
}

// oneAbout follows "the one".
var oneAbout = set("about", "on", "for", "with", "that", "where", "which", "who", "w", "saying")

// neighbor says what there is instead of an id that does not exist: its would-be
// siblings, or the practices of its lever.
func (l *Library) neighbor(id string) string {
	for cut := strings.LastIndexByte(id, '.'); cut > 0; cut = strings.LastIndexByte(id[:cut], '.') {
		var near, far []string
		for _, s := range l.all {
			rest, ok := strings.CutPrefix(s.ID, id[:cut]+".")
			switch {
			case ok && !strings.Contains(rest, "."):
				near = append(near, s.ID)
			case ok && s.Kind == KindPractice:
				far = append(far, s.ID)
			}
		}
		if len(near) == 0 {
			near = far
		}
		if len(near) > 0 {
			return "there are " + near[0] + " to " + near[len(near)-1] + "."
		}
	}
	return "ask me about the " + l.held() + "."
}
