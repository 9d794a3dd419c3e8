package answers

import "strings"

// A question may name people for many reasons: who asks, who is to be helped,
// whose room it was. It is about somebody's record where the clause with the
// name asks, and speaks of what a record holds.

// titles before a name.
var titles = set("mr", "mrs", "ms", "miss", "mx", "dr")

// jobs are what a name may follow without a title.
var jobs = set("coach", "principal", "teacher", "ap", "supervisor", "superintendent", "coordinator")

// aboutRecord are stems of what a person's record holds, or is asked of it.
var aboutRecord = set("score", "rate", "observ", "visit", "feedback", "step", "doing", "evalu", "apprais", "perform", "coach", "grade", "behind",
	"walkthrough", "get", "got", "good", "bad", "profici", "improv", "meet", "note", "iep", "referr", "attend", "absenc", "disciplin", "level", "file", "ready", "goal", "put", "mark", "develop", "emerg", "advanc", "hire", "fire")

// asks are the words that begin a clause that asks or orders.
var asks = set("what", "whats", "how", "hows", "did", "does", "do", "has", "have", "had", "is", "was", "were", "are", "show", "give", "tell", "pull", "rate",
	"rank", "score", "grade", "who", "whos", "when", "where", "which", "why", "list", "can", "could", "should", "would", "will", "send", "read", "compare", "find", "get",
	"check", "print", "email", "look", "any", "hasnt", "didnt", "isnt", "see", "open", "forward")

const (
	shortClause = 9 // words of a question that is all about a name it holds
	bareName    = 6 // the same with no word of a record: "tell me about Ms. Garcia"
)

// namesPerson tells whether a question asks about somebody's record by name: a
// title and a name, a job and a name, a capital word or an 's that nobody
// knows; or mentions an account. The words are as typed.
//
// rising tells that somebody is to be brought from one level to another: what
// that takes is no record of theirs.
func (l *Library) namesPerson(question string, words []word, rising bool) bool {
	if at := strings.LastIndexByte(question, '@'); at > 0 && at+1 < len(question) && question[at+1] > ' ' {
		return true
	}
	headline := true
	for i, w := range words {
		headline = headline && (w.capital || i == 0)
	}
	for _, clause := range clauses(words) {
		titled, named := l.nameIn(clause, headline)
		if !titled && (!named || rising) {
			continue
		}
		record := false
		for i, w := range clause {
			record = record || aboutRecord[w.stem] && (i == 0 || !jobs[w.text])
		}
		asking := asks[clause[0].text] || asks[clause[min(1, len(clause)-1)].text]
		switch {
		case record && (asking && !rising || len(words) <= shortClause):
			return true
		case titled && asking && len(words) <= bareName:
			return true
		}
	}
	return false
}

// clauses parts words where a thought ends. The point after a title ends none.
func clauses(words []word) [][]word {
	var out [][]word
	from := 0
	for i, w := range words {
		if i > from && w.stop != 0 && w.stop != '&' && w.stop != '+' && (w.stop != '.' || !titles[words[i-1].text] && len(words[i-1].text) > 1) {
			out = append(out, words[from:i])
			from = i
		}
	}
	if from < len(words) {
		out = append(out, words[from:])
	}
	return out
}

// nameIn tells whether a clause holds a name, and whether one with a title. Its
// owner may be the one who asks: "Dr. Hale wants 5.1.1 for her binder".
func (l *Library) nameIn(clause []word, headline bool) (titled, named bool) {
	for i, w := range clause {
		next := i+1 < len(clause) && (clause[i+1].stop == 0 || clause[i+1].stop == '.')
		known := l.index.words.known[w.text] || l.index.words.stems[w.stem]
		switch {
		case titles[w.text] && next && !l.lex.stop[clause[i+1].text]:
			titled = titled || !asksForWork(clause[i+2:])
		case jobs[w.text] && next && len(clause[i+1].text) > 2 && !l.familiar(clause[i+1]) && nameLike(clause[i+1:]):
			titled = true // "coach davis's notes"
		case w.capital && !w.shout && i > 0 && len(w.text) > 2 && !known && !headline:
			named = true
		case w.owner && !known && next && len(w.text) > 2:
			named = true
		}
	}
	return titled, named
}

// asksForWork tells whether what follows a name makes its owner the one who
// asks.
func asksForWork(after []word) bool {
	for i, w := range after {
		switch {
		case requests[w.stem] || strings.HasPrefix(w.text, "ask"):
			return true
		case i > 1 || !helpers[w.text]:
			return false
		}
	}
	return false
}

var (
	requests = set("want", "like", "need", "wonder", "request")
	helpers  = set("would", "is", "was", "has", "had", "just", "also", "keeps", "wld", "shed", "hed")
)

// nameLike tells whether a word nobody knows stands like a name: with a
// capital, with an 's, at the end, or before a word of a record.
func nameLike(words []word) bool {
	w := words[0]
	return w.capital && !w.shout || w.owner || len(words) == 1 || aboutRecord[words[1].stem] || words[1].text == "doing"
}
