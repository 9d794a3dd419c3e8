package answers

import (
	"slices"
	"strings"
)

// query is a question as read: what it refers to by number, which levels it
// names, what it is about, and what it wants done with that.
type query struct {
	words    []word // of the question, typing slips put right
	asked    []word // before that, as typed
	refs     refs
	levels   []levelMention
	concepts []concept
	parts    int // how many questions are in it, at least 1
	offTopic bool
	doc      int  // index of the one document asked of, or -1
	growing  bool // along a strand
	saysNext bool // so in as many words, not by the sound of it

	softly []int // the part of each word, if "and" and a comma part too
	cues   cue
	memory *scratch
}

// read takes a question apart. It does not judge it.
func (l *Library) read(question string) query {
	if len(question) > maxQuestion {
		question = strings.ToValidUTF8(question[:maxQuestion], "")
	}
	question = pastGreeting(question)
	q := query{doc: -1}
	folded := fold(question)
	var rest string
	q.refs, rest = l.dotted(folded)
	q.asked = splitBy(question, maxWords, l.index.words.stem)
	q.words = l.unjoin(splitBy(rest, maxWords, l.index.words.stem))
	fixed := l.repair(q.words)
	q.levels = l.levelsIn(q.words)
	l.numbered(&q, folded)
	used, levels := l.coded(q.words, q.levels, &q.refs)
	q.levels = levels
	l.placed(&q, used)
	for _, m := range q.levels {
		for i := m.from; i < m.to; i++ {
			used[i] = true
		}
	}
	l.askedOf(&q, used)
	part := q.divide()
	l.readCues(&q, used)
	l.conceive(&q, used, fixed, part)
	if !q.growing {
		q.hearQuestion()
	}
	return q
}

// pastGreeting leaves out "hi, quick q before Thursday:".
func pastGreeting(question string) string {
	const longest = 60
	colon := strings.IndexByte(question, ':')
	if colon < 0 || colon > longest {
		return question
	}
	words := split(question[:colon], maxWords)
	if len(words) > 0 && greetings[words[0].text] && strings.TrimSpace(question[colon+1:]) != "" {
		return question[colon+1:]
	}
	return question
}

// greetings begin what is said before a question.
var greetings = set("hi", "hey", "hello", "morning", "good", "quick", "yo", "team", "dear", "ok", "so", "question")

// cue is something a turn of speech says about what is wanted.
type cue uint16

const (
	cueCompare  cue = 1 << iota // levels side by side
	cueGrowth                   // what comes next
	cueToward                   // the same, of somebody's own or of a level
	cueAbove                    // the same, of somebody's own and of a level
	cueLevels                   // every level
	cueList                     // all of something
	cueCriteria                 // the criteria of a practice
	cueNumber                   // how often, how many
	cueDuty                     // what a district has to do
	cueOwn                      // the coordinator's own work
	cueWhole                    // all there is on something
)

// cueNames are the names of the cues in data/words.txt.
var cueNames = map[string]cue{
	"compare": cueCompare, "growth": cueGrowth, "toward": cueToward, "above": cueAbove, "levels": cueLevels, "list": cueList,
	"criteria": cueCriteria, "number": cueNumber, "duty": cueDuty, "own": cueOwn, "whole": cueWhole,
}

// cuePhrase is a turn of speech of data/words.txt, as folded words.
type cuePhrase struct {
	cue   cue
	words []string
}

func (q *query) wants(c cue) bool { return q.cues&c != 0 }

// readCues sets what the question wants and marks the words that only say so.
func (l *Library) readCues(q *query, used []bool) {
	type place struct {
		cue      cue
		from, to int
	}
	var found []place
	for i := range q.words {
		for _, p := range l.lex.cues[q.words[i].text] {
			if starts(q.words[i:], p.words) {
				if p.cue == cueLevels && q.insideLevel(i, i+len(p.words)) {
					continue // "the second of the four levels" is one
				}
				q.cues |= p.cue
				found = append(found, place{p.cue, i, i + len(p.words)})
			}
		}
	}
	q.saysNext = q.wantsGrowth()
	q.growing = q.saysNext || !q.comparing() && l.soundsLikeGrowth(q) > growthSure
	levels := len(q.levels) > 0 || q.wants(cueLevels) || len(q.refs.ids) > 0
	for _, p := range found {
		// "Different" is a topic where no levels are compared, "grow" where
		// nobody grows.
		switch {
		case p.cue == cueCompare && !levels, p.cue&(cueGrowth|cueToward|cueAbove) != 0 && !q.growing:
			continue
		}
		for i := p.from; i < p.to; i++ {
			if l.lex.spent[q.words[i].text] {
				used[i] = true
			}
		}
	}
	if !q.growing {
		return
	}
	// "my next step": the step is no topic, unlike an action step.
	for i, w := range q.words {
		if i > 0 && q.words[i-1].text == "next" && nextWhat[w.stem] {
			used[i] = true
		}
	}
}

// insideLevel tells whether words share some with a level's name of several
// words.
func (q *query) insideLevel(from, to int) bool {
	return slices.ContainsFunc(q.levels, func(m levelMention) bool { return m.to-m.from > 1 && m.from < to && from < m.to })
}

// nextWhat are the stems after "next" that are no topic.
var nextWhat = set("step", "skill", "goal", "thing", "stage", "rung", "level", "move")

// starts tells whether words begin with these folded words.
func starts(words []word, with []string) bool {
	if len(with) > len(words) {
		return false
	}
	for k, w := range with {
		if words[k].text != w {
			return false
		}
	}
	return true
}

// divide finds the questions of a question of several: "who tracks steps, and
// how often are coaches seen?". It returns the part of each word, and marks the
// places where a list of things may be meant: "slides and videos".
func (q *query) divide() (part []int) {
	part = make([]int, len(q.words))
	hard, soft := 0, 0
	q.softly = make([]int, len(q.words))
	for i, w := range q.words {
		switch {
		case i == 0:
		case q.breaks(i, w):
			hard++
			soft++
		case w.text == "and" || w.stop == ',' || w.stop == '+' || w.stop == '&':
			soft++
		}
		part[i], q.softly[i] = hard, soft
	}
	q.parts = hard + 1
	return part
}

// asking are the words that begin a question of its own.
var asking = set("how", "what", "who", "when", "which", "where", "does", "do", "is", "are", "whats")

func (q *query) breaks(i int, w word) bool {
	switch {
	case w.stop == '?' || w.stop == ';' || w.stop == '!':
		return true
	case w.text == "plus" || w.text == "also":
		return true
	case w.text == "and" && i+1 < len(q.words):
		return asking[q.words[i+1].text]
	}
	return false
}

// conceive makes the concepts of the words that are left: the longest phrases
// of the lexicon first, single words then.
func (l *Library) conceive(q *query, used, fixed []bool, part []int) {
	// What gives another subject away counts once, however many words it has.
	off := make([]bool, len(q.words))
	if from, to, ok := l.lex.find("offtopic", q.words); ok {
		q.offTopic = true
		at := from
		for i := from; i < to; i++ {
			if !l.lex.idle(q.words[i]) {
				at = i
			}
		}
		off[at] = true
	}
	for i := 0; i < len(q.words); {
		if used[i] {
			i++
			continue
		}
		e, n := l.meaningAt(q.words, used, i)
		if n == 0 {
			n = 1
			if (l.lex.idle(q.words[i]) || bareDigit(q.words[i].text)) && !off[i] {
				if !bareDigit(q.words[i].text) {
					q.concepts = append(q.concepts, concept{label: q.words[i].text, part: part[i], soft: q.softly[i], emphasis: idleEmphasis, idle: true, at: i, alts: []alternative{{stems: []string{q.words[i].stem}, weight: 1}}})
				}
				i++
				continue
			}
		}
		c := concept{part: part[i], soft: q.softly[i], emphasis: 1, at: i}
		typed := alternative{weight: 1}
		for k := i; k < i+n; k++ {
			w := q.words[k]
			c.label = strings.TrimSpace(c.label + " " + w.text)
			if !l.lex.idle(w) {
				typed.stems = append(typed.stems, w.stem)
			}
			if fixed[k] {
				c.emphasis = repairEmphasis
			}
		}
		c.alts = append(append(c.alts, typed), e.alts...)
		l.index.level(c.alts)
		if n == 1 && l.lex.weak[q.words[i].stem] {
			c.emphasis = weakEmphasis
		}
		c.value = l.index.value(c.alts)
		part := n == 1 && partOf[q.words[i].stem] && (len(q.levels) > 0 || len(q.refs.ids) > 0)
		if (c.value == 0 || part) && c.emphasis == weakEmphasis {
			i += n
			continue
		}
		if c.value == 0 {
			c.value = unknownValue
			if n == 1 && !l.index.words.stems[q.words[i].stem] && !l.index.words.known[q.words[i].text] {
				c.value = strangeValue
			}
		}
		if off[i] {
			c.value = max(c.value, offTopicValue)
		}
		q.concepts = append(q.concepts, c)
		i += n
	}
}

// partOf are the stems of what a document is made of; beside a level or an id
// they ask for no topic.
var partOf = set("statement", "criterion", "criteria", "compet", "framework", "level", "lever", "document", "indic")

// bareDigit tells a digit alone, which thumbs write for "to" and "for".
func bareDigit(w string) bool { return len(w) == 1 && w[0] >= '0' && w[0] <= '9' }

// meaningAt is the lexicon's entry for the phrase at i, which must not run
// over a word that is used up.
func (l *Library) meaningAt(words []word, used []bool, i int) (entry, int) {
	end := len(words)
	if k := slices.Index(used[i:], true); k >= 0 {
		end = i + k
	}
	e, ok := l.lex.meaning(words[i:end])
	if !ok {
		return entry{}, 0
	}
	return e, len(e.key)
}

// hearQuestion lets what is told before a question count less than what is
// asked, where the question has a topic of its own: "Nobody came, there were
// donuts in the lounge. Are leadership team meetings to be regular?"
func (q *query) hearQuestion() {
	last := 0 // the sentence that asks: the last
	for i, w := range q.words {
		if i > 0 && (w.stop == '.' || w.stop == '!' || w.stop == ';' || w.stop == ':') {
			last = i
		}
	}
	if last < 4 {
		return
	}
	value := 0.0
	for _, c := range q.concepts {
		if c.at >= last && !c.idle {
			value += c.value * c.emphasis
		}
	}
	if value < askedEnough {
		return
	}
	for i := range q.concepts {
		if c := &q.concepts[i]; c.at < last && !c.idle {
			c.emphasis *= toldShare
		}
	}
}

const (
	askedEnough = 5.0 // of the values of concepts, for a question to have a topic
	toldShare   = 0.7 // what is told before it counts of itself
)
