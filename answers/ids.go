package answers

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Numbers that look like ids of a lever. The first wants no word boundary at
// its end: "5.2.5c" is written so.
var (
	practiceRef = regexp.MustCompile(`\b(\d{1,2})\s?\.\s?(\d{1,2})\s?\.\s?(\d{1,2})(?:(\s?[.(]\s?|-|\s)?([a-z])\b\)?)?`)
	actionRef   = regexp.MustCompile(`\b(\d{1,2})\s?\.\s?(\d{1,2})\b`)
	leverRef    = regexp.MustCompile(`\blevers?\s?#?\s?(\d{1,2}|one|two|three|four|five|six)\b`)
	codeRef     = regexp.MustCompile(`^([a-z])(\d{1,2})$`)
)

var numerals = map[string]string{"one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6"}

// refs is what a question refers to by number.
type refs struct {
	ids     []int    // statements, in the order asked
	actions []string // essential actions: "5.2"
	strands []int
	lever   string // a loaded lever named as a whole: "5"
	foreign string // a lever or an id of one that is not loaded: "Lever 2"
	missing string // an id that does not exist here, in a document that is: "5.4.1"
}

// dotted takes the ids written with dots out of a folded question and returns
// what is left of it.
func (l *Library) dotted(text string) (refs, string) {
	var r refs
	if strings.ContainsAny(text, "0123456789") || strings.Contains(text, "lever") || strings.Contains(text, "five") {
		text = l.respell(text)
		text = l.cut(practiceRef, text, &r, l.practiceAt)
		text = l.cut(actionRef, text, &r, l.actionAt)
		text = l.cut(leverRef, text, &r, l.leverAt)
	}
	return r, text
}

// cut replaces every match that take accepts by a comma, so that the words
// around it do not become neighbors.
func (l *Library) cut(re *regexp.Regexp, text string, r *refs, take func(r *refs, m []string, before, rest string) (keep int, ok bool)) string {
	var b strings.Builder
	for {
		at := re.FindStringSubmatchIndex(text)
		if at == nil {
			break
		}
		m := make([]string, len(at)/2)
		for i := range m {
			if at[2*i] >= 0 {
				m[i] = text[at[2*i]:at[2*i+1]]
			}
		}
		n, ok := take(r, m, text[:at[0]], text[at[1]:])
		b.WriteString(text[:at[0]])
		if ok {
			b.WriteString(" , ")
			text = text[at[0]+n:]
		} else {
			b.WriteString(text[at[0]:at[1]])
			text = text[at[1]:]
		}
	}
	b.WriteString(text)
	return b.String()
}

func (l *Library) practiceAt(r *refs, m []string, _, rest string) (int, bool) {
	id := m[1] + "." + m[2] + "." + m[3]
	n := len(m[0])
	letter := m[5]
	if letter != "" && strings.TrimSpace(m[4]) == "" && m[4] != "" && !l.isLetter(id, letter, rest) {
		n -= len(m[4]) + len(letter)
		letter = ""
	}
	practice, ok := l.byID[id]
	if !ok {
		if l.loaded(m[1]) {
			r.missing = id
		} else {
			r.foreign = id
		}
		return n, true
	}
	if letter == "" {
		r.add(practice)
		return n, true
	}
	i, ok := l.byID[id+"."+letter]
	if !ok {
		r.missing = id + "." + letter
		r.add(practice)
		return n, true
	}
	r.add(i)
	return n + l.moreLetters(r, id, letter[0], rest), true
}

func (l *Library) leverAt(r *refs, m []string, _, _ string) (int, bool) {
	number := m[1]
	if n, ok := numerals[number]; ok {
		number = n
	}
	if l.loaded(number) {
		r.lever = number
	} else {
		r.foreign = "Lever " + number
	}
	return len(m[0]), true
}

func (l *Library) actionAt(r *refs, m []string, before, rest string) (int, bool) {
	id := m[1] + "." + m[2]
	if l.hasAction(id) {
		if !slices.Contains(r.actions, id) {
			r.actions = append(r.actions, id)
		}
		return len(m[0]), true
	}
	// Any other decimal is a reference only where it stands like one.
	words := strings.Fields(before)
	alone := len(words)+len(strings.Fields(rest)) <= 3
	if !alone && len(words) > 0 {
		alone = idWords[strings.Trim(words[len(words)-1], ",#")]
	}
	if !alone {
		return 0, false
	}
	if l.loaded(m[1]) {
		r.missing = id
	} else {
		r.foreign = id
	}
	return len(m[0]), true
}

// idWords stand before an id.
var idWords = set("lever", "action", "indicator", "criteria", "practice", "section", "is", "under", "of", "about", "number", "in", "for")

func (r *refs) add(i int) {
	if !slices.Contains(r.ids, i) {
		r.ids = append(r.ids, i)
	}
}

// loaded tells whether a document with ids "<number>.…" is loaded.
func (l *Library) loaded(number string) bool {
	return slices.ContainsFunc(l.all, func(s Statement) bool {
		return s.Level == "" && strings.HasPrefix(s.ID, number+".")
	})
}

func (l *Library) hasAction(id string) bool { return len(l.practicesOf(id)) > 0 }

// practicesOf returns the practices of an essential action ("5.2") or of a
// lever ("5").
func (l *Library) practicesOf(id string) []int {
	var out []int
	for i, s := range l.all {
		if s.Kind == KindPractice && strings.HasPrefix(s.ID, id+".") {
			out = append(out, i)
		}
	}
	return out
}

// coded reads "proficient 3", "P3", "S7" and "strand 7" from the words and
// returns which words it used.
func (l *Library) coded(words []word, levels []levelMention, r *refs) (used []bool, rest []levelMention) {
	used = make([]bool, len(words))
	mark := func(from, to int) {
		for i := from; i < to; i++ {
			used[i] = true
		}
	}
	for _, m := range levels {
		at := m.to
		for at < len(words) && at < m.to+2 && idFiller[words[at].text] {
			at++
		}
		if at >= len(words) || m.to-m.from != 1 {
			rest = append(rest, m)
			continue
		}
		n := cardinal(words[at].text)
		to := len(words[at].text) == 1 && at == m.to && slices.ContainsFunc(levels, func(next levelMention) bool { return next.from == at+1 && next.level != m.level })
		if n < 1 || words[at].text == "one" && at == m.to || to { // "proficient 2 advanced": to
			rest = append(rest, m)
			continue
		}
		if i, ok := l.find(m.level, n); ok {
			r.add(i)
		} else {
			r.missing = fmt.Sprintf("%s.%d", m.level, n)
		}
		mark(m.from, at+1)
	}
	for i, w := range words {
		if used[i] {
			continue
		}
		if w.text == "strand" && i+1 < len(words) {
			if s, ok := l.strandNamed("s" + strings.TrimPrefix(words[i+1].text, "s")); ok {
				r.strands = append(r.strands, s)
				mark(i, i+2)
			}
			continue
		}
		if level, ok := l.levelCut(w.text); ok && i+1 < len(words) && l.add(r, level, cardinal(words[i+1].text)) {
			mark(i, i+2)
			continue
		}
		m := codeRef.FindStringSubmatch(w.text)
		if m == nil {
			continue
		}
		if s, ok := l.strandNamed(w.text); ok {
			r.strands = append(r.strands, s)
			mark(i, i+1)
			continue
		}
		n, _ := strconv.Atoi(m[2])
		for _, level := range l.levels {
			if c, ok := l.find(level, n); ok && strings.HasPrefix(level, m[1]) {
				r.add(c)
				mark(i, i+1)
				break
			}
		}
	}
	return used, rest
}

// idFiller may stand between a level and its number.
var idFiller = set("statement", "number", "no", "nr", "num", "item", "competency", "level")

// add refers to a statement by level and number, if there is one.
func (l *Library) add(r *refs, level string, n int) bool {
	i, ok := l.find(level, n)
	if ok {
		r.add(i)
	}
	return ok
}

// levelCut finds the level that a word is the beginning of: "adv", "prof".
func (l *Library) levelCut(w string) (string, bool) {
	found := ""
	for _, level := range l.levels {
		if len(w) >= 2 && len(w) < len(level) && strings.HasPrefix(level, w) {
			if found != "" {
				return "", false
			}
			found = level
		}
	}
	return found, found != ""
}

func (l *Library) strandNamed(id string) (int, bool) {
	i := slices.IndexFunc(l.strands, func(s Strand) bool { return strings.EqualFold(s.ID, id) })
	return i, i >= 0
}
