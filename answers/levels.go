package answers

import (
	"slices"
	"strings"
)

// notLevel lists, for a level's name that is also an ordinary word, the stems
// after it that make it one: "emerging technologies" are no level, nor is
// "developing leaders", nor "expert resource".
var notLevel = map[string]map[string]bool{
	"emerging": set("technolog", "tech", "tool", "ai", "bilingu", "practic", "pedagog", "trend", "issu", "need"),
	"developing": set("a", "an", "the", "our", "my", "your", "their", "new", "leader", "teacher", "staff",
		"plan", "capac", "coach", "other", "peopl", "skill", "leadership", "someon", "instruct", "all"),
	"advanced":   set("system", "academ", "placement", "cours", "degre", "learner", "class"),
	"proficient": set("in english", "reader", "speaker"),
	"expert":     set("resourc", "advic", "wit", "teacher", "panel"),
	"beginner":   set("teacher"),
	"novice":     set("teacher"),
	"prof":       set("dev", "develop", "learn", "growth"),
	"rookie":     set("teacher"),
	"entry":      set("point", "task", "door", "ticket", "routin", "procedur", "transit", "and"),
	"highest":    set("need", "prioriti", "score", "leverag"),
	"lowest":     set("score", "perform"),
}

// oneOf are the words for one person: "developing coach" is a level,
// "developing coaches" a task.
var oneOf = set("coach", "leader", "coordinator", "person", "ap", "dean", "specialist", "one", "level", "stage")

// helping are the stems before "a new coordinator" that make it somebody else,
// not a level: one who is mentored.
var helping = set("mentor", "coach", "train", "support", "help", "develop", "onboard", "guid", "teach")

func set(words ...string) map[string]bool {
	m := make(map[string]bool, len(words))
	for _, w := range words {
		m[w] = true
	}
	return m
}

// levelMention is a level named in a question.
type levelMention struct {
	level    string
	from, to int // the words that name it
}

// levelsIn finds the levels a question names, in the order named.
func (l *Library) levelsIn(words []word) []levelMention {
	var found []levelMention
	for i := 0; i < len(words); {
		if list := l.levelNumbers(words, i); len(list) > 0 {
			found = append(found, list...)
			i = list[len(list)-1].to
			continue
		}
		if list := l.levelPlaces(words, i); len(list) > 0 {
			found = append(found, list...)
			i = list[len(list)-1].to
			continue
		}
		level, n := l.levelAt(words, i)
		if n == 0 {
			i++
			continue
		}
		for name := range strings.SplitSeq(level, "+") {
			found = append(found, levelMention{name, i, i + n})
		}
		i += n
	}
	return l.shortened(words, found)
}

// levelNumbers reads "levels 1 and 3" from word i on.
func (l *Library) levelNumbers(words []word, i int) []levelMention {
	if words[i].text != "levels" && words[i].text != "level" {
		return nil
	}
	var found []levelMention
	from := i
	for at := i + 1; at < len(words) && words[at].stop != ','; at++ {
		if n := cardinal(words[at].text); n >= 1 && n <= len(l.levels) {
			found = append(found, levelMention{l.levels[n-1], from, at + 1})
			from = at + 1
		} else if !joins[words[at].text] {
			break
		}
	}
	return found
}

// levelPlaces reads "the second and fourth tiers" from word i on.
func (l *Library) levelPlaces(words []word, i int) []levelMention {
	var found []levelMention
	for at := i; at < len(words); at++ {
		n := ordinals[words[at].text]
		if n == 0 && ordinalDigits(words[at].text) {
			n = place(words[at].text)
		}
		if n == -1 {
			n = len(l.levels)
		}
		switch {
		case n >= 1 && n <= len(l.levels):
			found = append(found, levelMention{l.levels[n-1], at, at + 1})
		case len(found) > 1 && rungs[words[at].text]:
			found[len(found)-1].to = at + 1
			return found
		case len(found) == 0 || !joins[words[at].text]:
			return nil
		}
	}
	return nil
}

// rungs are what levels are also called, in the plural.
var rungs = set("levels", "tiers", "rungs", "stages", "steps")

// joins stand between two levels given by number.
var joins = set("and", "to", "vs", "versus", "or", "through", "thru", "level")

// ends are the levels that a word alone may mean beside another: "the lowest
// rung next to the highest". 0 is the first, 1 the last.
var ends = map[string]int{"lowest": 0, "bottom": 0, "highest": 1, "top": 1}

// shortened adds "dev" and "the highest", which are levels only beside another.
func (l *Library) shortened(words []word, found []levelMention) []levelMention {
	if len(found) == 0 {
		return found
	}
	if _, ok := l.levelIdx["developing"]; !ok {
		return found
	}
	for i, w := range words {
		if w.text == "dev" && (i == 0 || !devOf[words[i-1].stem]) {
			found = append(found, levelMention{"developing", i, i + 1})
		}
		if end, ok := ends[w.text]; ok && (i+1 == len(words) || words[i+1].stop != 0 || i > 0 && words[i-1].text == "to") && !slices.ContainsFunc(found, func(m levelMention) bool { return i >= m.from && i < m.to }) {
			found = append(found, levelMention{l.levels[(len(l.levels)-1)*end], i, i + 1})
		}
	}
	slices.SortStableFunc(found, func(a, b levelMention) int { return a.from - b.from })
	return found
}

// devOf are the stems before "dev" that make it a development.
var devOf = set("prof", "profession", "staff", "teacher", "curriculum", "leadership", "leader")

func (l *Library) levelAt(words []word, i int) (level string, n int) {
	w := words[i].text
	if _, ok := l.levelIdx[w]; ok {
		if !ordinary(words, i) {
			return w, 1
		}
		return "", 0
	}
	for _, name := range l.lex.names[w] {
		if starts(words[i:], name.words) && l.hasLevels(name.level) && !l.otherwise(words, i, name.words) {
			return name.level, len(name.words)
		}
	}
	return "", 0
}

// hasLevels tells whether a document has the levels of a name, "a" or "a+b".
func (l *Library) hasLevels(name string) bool {
	for level := range strings.SplitSeq(name, "+") {
		if _, ok := l.levelIdx[level]; !ok {
			return false
		}
	}
	return true
}

// otherwise tells whether another name of a level means something else here.
func (l *Library) otherwise(words []word, i int, name []string) bool {
	end := i + len(name)
	if len(name) == 1 && end < len(words) && words[end].stop == 0 && notLevel[name[0]][words[end].stem] {
		return true
	}
	if name[0] == "expert" && i > 0 && (words[i-1].text == "to" && i > 1 && words[i-2].text == "go" || words[i-1].text == "matter" || words[i-1].text == "content") {
		return true // "the go-to expert"
	}
	if name[0] == "entry" && i > 0 && words[i-1].text == "data" {
		return true
	}
	if name[len(name)-1] != "coordinator" {
		return false
	}
	for _, w := range words[:i] {
		if helping[w.stem] {
			return true
		}
	}
	return false
}

// ordinary tells whether a level's name is used as the ordinary word.
func ordinary(words []word, i int) bool {
	w := words[i].text
	if i+1 == len(words) || words[i+1].stop != 0 {
		return false
	}
	next := words[i+1].stem
	if i > 0 && (words[i-1].text == "a" || words[i-1].text == "an") {
		return w == "advanced" && notLevel[w][next] // "a developing leader"
	}
	if w == "developing" && oneOf[words[i+1].text] {
		return false // "developing coach explaining new rules"
	}
	if w == "advanced" && next == "student" {
		// The title of a Proficient statement: "Advanced student advisement".
		return i+2 < len(words) && words[i+2].stem == stem("advisement")
	}
	if w == "proficient" && i > 0 && words[i-1].text == "english" {
		return true
	}
	return notLevel[w][next]
}
