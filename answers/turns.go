package answers

import (
	_ "embed" // the weights are compiled in
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// People ask what comes next in more ways than a list of turns of speech can
// hold. So the small words of a question are also weighed, one by one, two and
// three together, by how much oftener they stand in questions about growth than
// in others: data/growth.txt, made from the labeled questions of testdata by
// logistic regression (growth_test.go). What a question is about does not count
// there, and is a "_" to it.

//go:embed data/growth.txt
var growthFile string

// growthSure is the score from which a question is one about growth, in
// logarithms of odds.
const growthSure = 0.5

// addTurn reads "weight turn".
func (lx *lexicon) addTurn(_, line string) error {
	weight, turn, ok := strings.Cut(line, " ")
	v, err := strconv.ParseFloat(weight, 64)
	if err != nil || !ok {
		return fmt.Errorf("%q is no weight and a turn of speech", line)
	}
	lx.growth[turn] = v
	return nil
}

// soundsLikeGrowth is the score of a question's turns of speech.
func (l *Library) soundsLikeGrowth(q *query) float64 {
	sum := l.lex.growth[everyTurn]
	l.turns(q, func(turn []byte) { sum += l.lex.growth[string(turn)] })
	return sum
}

// everyTurn is the turn that every question has.
const everyTurn = "*"

// turns calls f with each turn of speech of a question, once for each time it
// is there. f must not keep it.
func (l *Library) turns(q *query, f func(turn []byte)) {
	tokens := make([]string, 1, 2*len(q.words)+4)
	tokens[0] = "^"
	add := func(t string) {
		if t[0] != '_' || tokens[len(tokens)-1] != t {
			tokens = append(tokens, t)
		}
	}
	mention := 0
	for i := 0; i < len(q.words); i++ {
		w := q.words[i]
		switch {
		case w.stop == ',':
			add(",")
		case w.stop != 0 && !unicode.IsDigit(w.stop):
			add(".")
		}
		for mention < len(q.levels) && q.levels[mention].from < i {
			mention++
		}
		switch {
		case mention < len(q.levels) && q.levels[mention].from == i:
			add("LEVEL")
			i = max(i, q.levels[mention].to-1)
		case l.lex.idle(w) || l.lex.spent[w.text]:
			add(w.text)
		case strings.HasSuffix(w.text, "ing"):
			add("_ing")
		default:
			add("_")
		}
	}
	tokens = append(tokens, "$")
	var buf [96]byte
	for i := range tokens {
		turn := buf[:0]
		for k := i; k < min(i+3, len(tokens)); k++ {
			if k > i {
				turn = append(turn, ' ')
			}
			turn = append(turn, tokens[k]...)
			f(turn)
		}
	}
	f(append(buf[:0], "levels="+strconv.Itoa(min(2, len(q.namedLevels())))...))
}

// comparing tells levels side by side, whatever else is said.
func (q *query) comparing() bool { return len(q.namedLevels()) > 1 && q.wants(cueCompare) }

// wantsGrowth tells a question about growing along a strand.
func (q *query) wantsGrowth() bool {
	levels := len(q.namedLevels())
	if q.comparing() {
		return false
	}
	self := q.ofSelf()
	switch {
	case q.wants(cueGrowth), q.afterLevel(), len(q.words) > 2 && leaves[q.words[0].text] && q.words[0].text != "from" && q.words[0].text != "before" && q.parts == 1:
		return true // "beyond advising the superintendent"
	case q.parts > 1 && levels == 0:
		return false
	case q.wants(cueToward):
		return self || levels > 0
	case q.wants(cueAbove):
		return self && levels > 0
	}
	// "I run the workshops alone, next?"
	if n := len(q.words); n > 1 && q.words[n-1].text == "next" && self {
		return true
	}
	// "I'm proficient, what would advanced be": two levels, one's own.
	return self && levels > 1 && !q.wants(cueLevels) && q.claims(q.levels[0])
}

// ofSelf tells whether somebody speaks of their own work.
func (q *query) ofSelf() bool {
	return slices.ContainsFunc(q.words, func(w word) bool { return myself[w.text] || w.text == "coordinator" })
}

// afterLevel tells "after Proficient" and "get to Advanced": a level that one
// leaves behind or comes to.
func (q *query) afterLevel() bool {
	for _, m := range q.levels {
		if m.from > 0 && leaves[q.words[m.from-1].text] {
			return true
		}
		if m.from > 1 && q.words[m.from-1].text == "to" && rising[q.words[m.from-2].text] {
			return true
		}
		if m.from > 1 && q.words[m.from-1].text == "be" && q.words[m.from-2].text == "to" && q.ofSelf() {
			return true
		}
	}
	return false
}

// leaves stand before a level that one leaves behind.
var leaves = set("after", "past", "beyond", "above", "from", "before")

// rising stand before "to" and a level that one comes to.
var rising = set("get", "getting", "go", "going", "move", "moving", "grow", "growing", "rise", "advance", "jump", "climb", "step", "up", "progress", "come", "push", "pushing", "me", "closer")

// claims tells "I'm Proficient" from "how do we tell a Proficient one".
func (q *query) claims(m levelMention) bool {
	if m.from == 0 && len(q.words) > m.to && (q.words[m.to].text == "at" || q.words[m.to].text == "in" || q.words[m.to].text == "with") {
		return true // "proficient at purchasing, what do I need for advanced"
	}
	for i := max(0, m.from-3); i < m.from; i++ {
		if claiming[q.words[i].text] {
			return true
		}
	}
	return false
}

// claiming stand before the level somebody says to be at.
var claiming = set("im", "am", "i", "at", "as", "currently", "being", "rated", "already", "solid", "is", "me", "was", "got")

// myself are the words of somebody who speaks of their own work.
var myself = set("i", "im", "ive", "id", "me", "my", "myself", "currently")
