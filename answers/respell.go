package answers

import (
	"regexp"
	"strconv"
	"strings"
)

// Ids as people write and say them. What is rewritten must be the id of a
// statement that is loaded, so that dates and amounts stay what they are.
var (
	spokenRef  = regexp.MustCompile(`\b(` + spoken + `)(?:,|\s+(?:point|dot))?\s+(` + spoken + `)(?:,|\s+(?:point|dot))?\s+(` + spoken + `)\b`)
	partedRef  = regexp.MustCompile(`\b(\d)(?:\s?[-/_:,.]{1,2}\s?|\s)(\d)(?:\s?[-/_:,.]{1,2}\s?|\s)(\d)(?:\s?[-_]?\s?([b-z])|[-_]?(a))?\b`)
	leverDot   = regexp.MustCompile(`\bl\s?(\d\.\d)`)
	codeAlone  = regexp.MustCompile(`^\W*([a-z])\s+(\d{1,2})\W*$`)
	levelSpan  = regexp.MustCompile(`\b([a-z]+)\s+(\d{1,2})\s?(?:-|to|thru|through)\s?(\d{1,2})\b`)
	runRef     = regexp.MustCompile(`\b(\d)(\d)\.?(\d)([a-z])?\b`)
	lateRef    = regexp.MustCompile(`\b(\d)\.(\d)(\d)([a-z])?\b`)
	fourthRef  = regexp.MustCompile(`\b(\d\.\d\.\d)\s?[.#-]\s?(\d)\b`)
	codeSpaced = regexp.MustCompile(`\b([a-z])\s?[-#]\s?(\d{1,2})\b`)
	spanRef    = regexp.MustCompile(`\b(\d\.\d\.)(\d)\s?(?:-|to|thru|through)\s?(?:\d\.\d\.)?(\d)\b`)
	lettersRe  = regexp.MustCompile(`^\s*(,|and|&|\+|/|-|to|thru|through)\s*\(?([a-h])\b\)?`)
)

const spoken = "one|two|three|four|five|six|seven|eight|nine"

var cardinals = map[string]int{
	"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
}

// cardinal is the number a word says, or 0.
func cardinal(w string) int {
	if n, ok := cardinals[w]; ok {
		return n
	}
	n, err := strconv.Atoi(w)
	if err != nil {
		return 0
	}
	return n
}

// respell writes ids with dots: 5-2-5, 5 2 5, 525, 5.25, "five two five",
// 5.2.5.3 for 5.2.5.c, and 5.3.1-5.3.3 for each of them.
func (l *Library) respell(text string) string {
	is := func(id string) bool { _, ok := l.byID[id]; return ok }
	digits := func(m []string) string {
		for i, w := range m[1:4] {
			if n := cardinals[w]; n > 0 {
				m[i+1] = strconv.Itoa(n)
			}
		}
		return strings.Join(m[1:4], ".")
	}
	replace := func(re *regexp.Regexp, with func(m []string, before, after string) (string, bool)) {
		var b strings.Builder
		rest := text
		for {
			at := re.FindStringSubmatchIndex(rest)
			if at == nil {
				break
			}
			m := make([]string, len(at)/2)
			for i := range m {
				if at[2*i] >= 0 {
					m[i] = rest[at[2*i]:at[2*i+1]]
				}
			}
			s, ok := with(m, b.String()+rest[:at[0]], rest[at[1]:])
			if !ok {
				s = m[0]
			}
			b.WriteString(rest[:at[0]] + s)
			rest = rest[at[1]:]
		}
		text = b.String() + rest
	}
	text = leverDot.ReplaceAllString(text, "lever $1")
	replace(levelSpan, func(m []string, _, _ string) (string, bool) {
		from, to := cardinal(m[2]), cardinal(m[3])
		var all []string
		for n := from; n <= min(to, from+maxHits-1); n++ {
			if _, ok := l.levelIdx[m[1]]; ok {
				if _, ok := l.find(m[1], n); ok {
					all = append(all, m[1]+" "+strconv.Itoa(n))
				}
			}
		}
		return strings.Join(all, " , "), len(all) > 1
	})
	replace(spokenRef, func(m []string, _, _ string) (string, bool) { id := digits(m); return id, is(id) })
	replace(partedRef, func(m []string, _, after string) (string, bool) {
		id := digits(m)
		letter := m[4] + m[5]
		if letter != "" && strings.HasSuffix(m[0], " "+letter) && !l.isLetter(id, letter, after) {
			return id + " " + letter, is(id)
		}
		return id + letter, is(id)
	})
	text = codeAlone.ReplaceAllString(text, "$1-$2")
	replace(codeSpaced, func(m []string, _, _ string) (string, bool) {
		n, _ := strconv.Atoi(m[2])
		for _, level := range l.levels {
			if _, ok := l.find(level, n); ok && strings.HasPrefix(level, m[1]) {
				return m[1] + m[2], true
			}
		}
		return "", false
	})
	bare := func(m []string, before, after string) (string, bool) {
		id := digits(m)
		if m[4] != "" && is(id+"."+m[4]) {
			words := strings.Fields(before)
			return id + m[4], len(words) == 0 || !places[words[len(words)-1]] // 512c is hardly anything else
		}
		return id + m[4], is(id) && l.standsAsID(before, after)
	}
	replace(runRef, bare)
	replace(lateRef, bare)
	replace(fourthRef, func(m []string, _, _ string) (string, bool) {
		n, _ := strconv.Atoi(m[2])
		list := l.criteria[m[1]]
		if n < 1 || n > len(list) {
			return "", false
		}
		return l.all[list[n-1]].ID, true
	})
	replace(spanRef, func(m []string, _, _ string) (string, bool) {
		var all []string
		for n := m[2][0]; n <= m[3][0]; n++ {
			if id := m[1] + string(n); is(id) {
				all = append(all, id)
			}
		}
		return strings.Join(all, " , "), len(all) > 1
	})
	return text
}

// standsAsID tells whether digits that lack their dots are an id: after a word
// that announces one, or with hardly anything beside them.
func (l *Library) standsAsID(before, after string) bool {
	words, rest := strings.Fields(before), strings.Fields(after)
	if len(rest) > 0 && units[strings.Trim(rest[0], ".,;:?!")] || strings.HasPrefix(after, "%") {
		return false
	}
	if len(words) == 0 {
		return len(rest) <= 6
	}
	return announces[strings.Trim(words[len(words)-1], ",#:")] || len(words)+len(rest) <= 3
}

var (
	// units after a number make it an amount.
	units = set("hours", "hour", "hrs", "minutes", "min", "mins", "percent", "days", "students", "kids", "teachers", "dollars", "am", "pm", "k")
	// places have numbers of their own.
	places = set("room", "rm", "hall", "building", "bldg", "portable", "suite")
	// announces are the words that an id without dots may follow.
	announces = set("lever", "action", "indicator", "criteria", "criterion", "practice", "section", "number", "standard", "id", "code", "item", "under", "whats", "what's")
)

// isLetter tells whether a letter after a space names a criterion: "5.2.5 b
// please", not "5.2.5 a tool".
func (l *Library) isLetter(id, letter, rest string) bool {
	if _, ok := l.byID[id+"."+letter]; !ok {
		return strings.TrimSpace(rest) == ""
	}
	rest = strings.TrimSpace(rest)
	if letter != "a" || rest == "" || rest[0] < 'a' || rest[0] > 'z' {
		return true
	}
	next, _, _ := strings.Cut(rest, " ")
	return afterLetter[strings.Trim(next, ".,;:?!")]
}

// afterLetter may follow the letter "a" of a criterion: it is then no article.
var afterLetter = set("pls", "please", "plz", "thanks", "thx", "for", "what", "whats", "say", "says", "and", "or", "vs", "to", "thru", "through", "of", "from", "in", "again", "mean", "means", "ask", "asks", "is", "does")

// moreLetters takes "and d" and "to e" after a criterion, and returns how much
// of the text that was.
func (l *Library) moreLetters(r *refs, id string, from byte, rest string) int {
	n := 0
	for {
		m := lettersRe.FindStringSubmatch(rest[n:])
		if m == nil {
			return n
		}
		to := m[2][0]
		after := rest[n+len(m[0]):]
		if !l.isLetter(id, m[2], after) {
			return n
		}
		first := to
		if m[1] == "-" || m[1] == "to" || m[1] == "thru" || m[1] == "through" {
			first = from + 1
		}
		for c := first; c <= to; c++ {
			if i, ok := l.byID[id+"."+string(c)]; ok {
				r.add(i)
			}
		}
		from = to
		n += len(m[0])
	}
}
