package answers

import (
	_ "embed" // the weights are compiled in
	"fmt"
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
