package answers

// notLevel lists, for a level's name that is also an ordinary word, the stems
// after it that make it one: "emerging technologies" are no level, nor is
// "developing leaders", nor "expert resource".
var notLevel = map[string]map[string]bool{
	"emerging": set("technolog", "bilingu", "practic", "pedagog", "trend", "issu", "need"),
	"developing": set("a", "an", "the", "our", "my", "your", "their", "new", "leader", "teacher", "staff",
		"plan", "capac", "coach", "other", "peopl", "skill", "leadership", "someon", "instruct", "all"),
	"advanced":   set("system", "academ", "placement", "cours", "degre", "learner", "class"),
	"proficient": set("in english", "reader", "speaker"),
	"expert":     set("resourc", "advic", "wit", "teacher", "panel"),
	"beginner":   set("teacher"),
	"novice":     set("teacher"),
	"rookie":     set("teacher"),
	"entry":      set("point", "task", "door", "ticket"),
	"highest":    set("need", "prioriti", "score", "leverag"),
	"lowest":     set("score", "perform"),
}

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
		level, n := l.levelAt(words, i)
		if n == 0 {
			i++
			continue
		}
		found = append(found, levelMention{level, i, i + n})
		i += n
	}
	return found
}

func (l *Library) levelAt(words []word, i int) (level string, n int) {
	w := words[i].text
	if _, ok := l.levelIdx[w]; ok {
		if !ordinary(words, i) {
			return w, 1
		}
		return "", 0
	}
	for _, name := range l.lex.names {
		if _, ok := l.levelIdx[name.level]; !ok {
			continue
		}
		if starts(words[i:], name.words) && !l.otherwise(words, i, name.words) {
			return name.level, len(name.words)
		}
	}
	return "", 0
}

// otherwise tells whether another name of a level means something else here.
func (l *Library) otherwise(words []word, i int, name []string) bool {
	end := i + len(name)
	if len(name) == 1 && end < len(words) && words[end].stop == 0 && notLevel[name[0]][words[end].stem] {
		return true
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
	if w == "advanced" && next == "student" {
		// The title of a Proficient statement: "Advanced student advisement".
		return i+2 < len(words) && words[i+2].stem == stem("advisement")
	}
	if w == "proficient" && i > 0 && words[i-1].text == "english" {
		return true
	}
	return notLevel[w][next]
}
