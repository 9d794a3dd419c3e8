package answers

import (
	"fmt"
	"slices"
	"strings"
)

// pattern is a phrase of data/decline.txt: a few words, some with a choice.
type pattern struct {
	start bool // only at the start of the question
	end   bool // only at its end
	slots []slot
}

// slot is one word of a pattern.
type slot struct {
	gap     bool     // "_": up to two words of any kind
	choices []string // a trailing * stands for any ending, a leading one for any beginning, # for any number
}

func (lx *lexicon) addPattern(section, line string) error {
	switch section {
	case "injection", "framework", "personal", "live", "passing", "chore", "employment", "offtopic":
	default:
		return fmt.Errorf("unknown section %q", section)
	}
	var p pattern
	line, p.start = strings.CutPrefix(strings.ToLower(line), "^")
	line, p.end = strings.CutSuffix(line, "$")
	for field := range strings.FieldsSeq(line) {
		if field == "_" {
			p.slots = append(p.slots, slot{gap: true})
			continue
		}
		p.slots = append(p.slots, slot{choices: strings.Split(field, "/")})
	}
	if p.slots[0].gap {
		return fmt.Errorf("%q starts with a gap", line)
	}
	for _, c := range p.slots[0].choices {
		if c[0] == '*' || c[0] == '#' {
			return fmt.Errorf("%q starts with any word, and would be tried at each", line)
		}
	}
	for _, s := range p.slots {
		for _, c := range s.choices {
			lx.known[strings.Trim(c, "*")] = true
		}
	}
	if lx.decline[section] == nil {
		lx.decline[section] = &patterns{}
	}
	lx.decline[section].add(&p)
	return nil
}

// patterns are those of a section, by the first letter they may start with.
type patterns [256][]*pattern

func (ps *patterns) add(p *pattern) {
	for _, c := range p.slots[0].choices {
		list := &ps[c[0]]
		if len(*list) == 0 || (*list)[len(*list)-1] != p {
			*list = append(*list, p)
		}
	}
}

// find returns the words of the first pattern of a section that the question
// holds, and where they start.
func (lx *lexicon) find(section string, words []word) (from, to int, ok bool) {
	for i, w := range words {
		for _, p := range lx.decline[section][w.text[0]] {
			if p.start && i > 0 {
				continue
			}
			if n, ok := p.match(p.slots, words[i:]); ok && (!p.end || i+n == len(words)) {
				return i, i + n, true
			}
		}
	}
	return 0, 0, false
}

// match reports how many words the slots take from the start of words.
func (p *pattern) match(slots []slot, words []word) (int, bool) {
	if len(slots) == 0 {
		return 0, true
	}
	if slots[0].gap {
		for skip := 0; skip <= 2 && skip <= len(words); skip++ {
			if n, ok := p.match(slots[1:], words[skip:]); ok {
				return n + skip, true
			}
		}
		return 0, false
	}
	if len(words) == 0 || !slots[0].takes(words[0].text) {
		return 0, false
	}
	n, ok := p.match(slots[1:], words[1:])
	return n + 1, ok
}

func (s *slot) takes(w string) bool {
	for _, c := range s.choices {
		if prefix, ok := strings.CutSuffix(c, "*"); ok && strings.HasPrefix(w, prefix) || c == w {
			return true
		}
		if c == "#" && w[0] >= '0' && w[0] <= '9' {
			return true
		}
		if suffix, ok := strings.CutPrefix(c, "*"); ok && len(w) > len(suffix)+2 && strings.HasSuffix(w, suffix) {
			return true
		}
	}
	return false
}

// reviews are the occasions for which one asks what comes next.
var reviews = set("apprais", "evalu", "eval", "review")

// students are of whom "who is behind" asks for no colleague's record.
var students = set("kid", "student", "child", "learner", "pupil", "scholar", "those", "hire", "newcom", "somebodi", "someon", "person")

// asksRecord tells whether a question is about somebody's record: a pattern of
// data/decline.txt, except where "who" belongs to students or "their" to what
// leaders have to do.
func (l *Library) asksRecord(q *query) bool {
	for _, words := range [][]word{q.asked, q.words} {
		from, to, ok := l.lex.find("personal", words)
		if !ok {
			continue
		}
		if from > 0 && words[from].text == "who" && students[words[from-1].stem] {
			continue
		}
		// "She explains the code to our APs. Where does she go from there?"
		if last := words[to-1].text; to-from <= 3 && q.growing && reviews[words[to-1].stem] || to-from == 2 && (q.growing && (last == "goal" || last == "goals" || last == "growth") || (q.growing || len(q.levels) > 0) && (last == "she" || last == "he")) {
			continue
		}
		their, other, must := false, false, false
		for _, w := range words[from:to] {
			their = their || w.text == "their"
			other = other || theirs[w.text]
		}
		for _, w := range words {
			must = must || oughts[w.text]
		}
		if their && !other && must {
			continue
		}
		return true
	}
	return false
}

// asksLive tells a question about what is scheduled or logged.
func (l *Library) asksLive(q *query) bool {
	if asksStatus(q.words) {
		return false
	}
	if _, _, ok := l.lex.find("live", q.asked); ok {
		return true
	}
	return false
}

// asksNow tells a question about this day or the last, put in a hurry.
func (l *Library) asksNow(q *query) bool {
	if len(q.asked) > hurried || !hurry[q.asked[0].text] || len(q.levels) > 0 {
		return false
	}
	_, _, ok := l.lex.find("passing", q.asked)
	return ok
}

// hurried is how many words such a question has at most, and hurry how it
// begins.
const hurried = 12

var hurry = set("who", "whos", "what", "whats", "when", "whens", "where", "wheres", "which", "is", "are", "am", "do", "does", "did", "was", "were", "any", "anything", "how", "can", "has", "have")

// ofAsker tells whether a question about visits is about the asker's own.
func ofAsker(words []word) bool {
	return slices.ContainsFunc(words, func(w word) bool { return w.text == "i" || w.text == "we" || w.text == "im" })
}

var (
	theirs = set("my", "his", "her", "someones", "me", "he", "she", "him")
	oughts = set("need", "needs", "must", "should", "supposed", "required", "require", "have", "norm", "calibrate", "expected")
)

// live is what decline is told when the question is for another command.
const live = "live"

// decline makes the answer that holds none. what names the thing asked about,
// where one sentence of ours can.
func (l *Library) decline(reason Reason, what string) Answer {
	a := Answer{Kind: KindDecline, Reason: reason}
	held := l.held()
	switch reason {
	case ReasonInjection:
		a.Pointer = "I only look things up and quote them. Ask me about observation, a PLC, or an id such as 5.2.5."
	case ReasonPersonal:
		a.Pointer = "I quote documents here; I do not rate anyone or look into a person's record. Your own list is in /observe status."
	case ReasonOtherFramework:
		a.Pointer = fmt.Sprintf("I do not hold %s; I can quote the %s.", what, held)
	case ReasonOtherLever:
		a.Pointer = fmt.Sprintf("%s is outside my documents; I can quote the %s.", what, held)
	case ReasonEmpty:
		a.Pointer = "Ask me a question, such as: what does Proficient look like for observation?"
	case ReasonOffTopic:
		if what == live {
			a.Pointer = "I quote documents here; for what is scheduled or logged, and how to type it, try /rounds help."
			break
		}
		a.Pointer = fmt.Sprintf("That is outside what I know; I can quote the %s.", held)
	default:
		a.Pointer = "I found no statement that says this. Try other words, or an id such as 5.2.5 or proficient.1."
	}
	return a
}

// held names the documents in one phrase.
func (l *Library) held() string {
	names := make([]string, len(l.docs))
	for i, d := range l.docs {
		names[i] = d.Short
		if names[i] == "" {
			names[i] = d.Title
		}
	}
	switch len(names) {
	case 0:
		return "documents loaded here (none yet)"
	case 1:
		return names[0]
	}
	return strings.Join(names[:len(names)-1], ", the ") + " and the " + names[len(names)-1]
}

// countWords and visitWords make a question about visits made, not about what
// a document asks for.
var (
	visitWords = map[string]bool{
		"visit": true, "observ": true, "walkthrough": true, "walk": true, "classroom": true, "checkin": true, "teacher": true, "drop": true,
	}
	nowWords = map[string]bool{
		"today": true, "left": true, "remain": true, "far": true, "done": true, "complet": true, "log": true, "yesterday": true,
		"behind": true, "pace": true, "week": true, "month": true, "owe": true, "still": true, "overdu": true, "made": true,
	}
	dutyWords = map[string]bool{
		"requir": true, "must": true, "suppos": true, "expect": true, "should": true, "every": true, "per": true, "mandatori": true, "each": true,
	}
)

// asksStatus tells "how many visits this week?" and "am I behind on my
// observations?" from "how many observations are required?".
func asksStatus(words []word) bool {
	var count, visit, now, duty, mine bool
	for i, w := range words {
		if i > 0 && (w.text == "many" || w.text == "much") && words[i-1].text == "how" {
			count = true
		}
		if i > 0 && (w.text == "i" || w.text == "we") && (words[i-1].text == "am" || words[i-1].text == "are") {
			mine = true
		}
		mine = mine || w.text == "my"
		visit = visit || visitWords[w.stem]
		now = now || nowWords[w.stem] || w.text == "have" && i+1 < len(words) && words[i+1].text == "i"
		duty = duty || dutyWords[w.stem] || w.text == "a" && i+1 < len(words) && nowWords[words[i+1].stem] // "a month"
	}
	if !visit || duty {
		return false
	}
	if count {
		return now && len(words) <= 12
	}
	return mine && now && len(words) <= 12
}
