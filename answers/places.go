package answers

import (
	"slices"
	"strconv"
)

// ordinals are numbers as words; "last" is the last.
var ordinals = map[string]int{
	"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10, "last": -1,
	"1st": 1, "2nd": 2, "3rd": 3,
}

// place is the number a word says, or 0.
func place(w string) int {
	if n, ok := ordinals[w]; ok {
		return n
	}
	if len(w) > 2 && w[len(w)-2:] == "th" {
		w = w[:len(w)-2]
	}
	n, err := strconv.Atoi(w)
	if err != nil || n < 1 || n > 99 {
		return 0
	}
	return n
}

// countable are what a place may be counted of.
var countable = set("statement", "criterion", "criteria", "competency", "item", "bullet", "number", "one", "indicator", "standard", "point", "part")

// placed reads "the seventh proficient statement" and "the second criterion of
// 5.2.5": a place and what it is counted in, with nothing else asked.
func (l *Library) placed(q *query, used []bool) {
	if l.firstOf(q, used) {
		return
	}
	levels := q.namedLevels()
	inLevel := len(levels) == 1 && len(q.refs.ids) == 0
	inPractice := len(levels) == 0 && len(q.refs.ids) == 1 && len(l.criteria[l.all[q.refs.ids[0]].ID]) > 0
	if !inLevel && !inPractice {
		return
	}
	n := q.placeBeside(used)
	if n == 0 {
		counted := false
		for i, w := range q.words {
			at := place(w.text)
			switch {
			case used[i] || q.inLevel(i):
			case at != 0 && n == 0:
				n = at
			case countable[w.text]:
				counted = true
			case at != 0 || !l.lex.idle(w) && !l.lex.weak[w.stem]:
				return
			}
		}
		if n == 0 || !counted {
			return
		}
	}
	found := -1
	if inLevel {
		if i, ok := l.find(levels[0], n); ok {
			found = i
		}
	} else if list := l.criteria[l.all[q.refs.ids[0]].ID]; n == -1 {
		found = list[len(list)-1]
	} else if n <= len(list) {
		found = list[n-1]
	}
	if found < 0 {
		return
	}
	q.refs.ids = []int{found}
	q.levels = nil
	for i := range used {
		used[i] = true
	}
}

// firstOf reads "the first two of 5.1.2": some of a practice's criteria.
func (l *Library) firstOf(q *query, used []bool) bool {
	if len(q.refs.ids) != 1 {
		return false
	}
	list := l.criteria[l.all[q.refs.ids[0]].ID]
	for i := range len(q.words) - 1 {
		n := cardinal(q.words[i+1].text)
		if n < 2 || n > len(list) || q.words[i+1].stop != 0 {
			continue
		}
		switch q.words[i].text {
		case "first":
			list = list[:n]
		case "last":
			list = list[len(list)-n:]
		default:
			continue
		}
		q.refs.ids, q.levels = slices.Clone(list), nil
		for k := range used {
			used[k] = true
		}
		return true
	}
	return false
}

// placeBeside is the number that stands beside what it counts: "the very last
// criterion", "bullet 3", "letter c", "the seventh proficient statement". It is
// 0 where there is none, or two.
func (q *query) placeBeside(used []bool) int {
	found := 0
	for i := range q.words {
		if used[i] || q.inLevel(i) || !countable[q.words[i].text] && q.words[i].text != "letter" || q.words[i].text == "one" {
			continue
		}
		n := 0
		if i+1 < len(q.words) && q.words[i+1].stop == 0 && !used[i+1] && q.words[i].text != "criteria" {
			n = max(cardinal(q.words[i+1].text), letterPlace(q.words[i+1].text))
		}
		for k := i - 1; n == 0 && k >= 0 && k >= i-3; k-- {
			if q.inLevel(k) || between[q.words[k].text] {
				continue
			}
			n = ordinals[q.words[k].text]
			if n == 0 && ordinalDigits(q.words[k].text) {
				n = place(q.words[k].text)
			}
			break
		}
		switch {
		case n == 0:
		case found != 0 && found != n:
			return 0
		default:
			found = n
		}
	}
	return found
}

// between may stand between a place and what it is counted in.
var between = set("success", "very", "key", "listed")

// ordinalDigits tells 4th from 4: a number before what it counts is an amount.
func ordinalDigits(w string) bool {
	return len(w) > 2 && (w[len(w)-2:] == "th" || w[len(w)-2:] == "rd" || w[len(w)-2:] == "nd" || w[len(w)-2:] == "st") && w[0] >= '0' && w[0] <= '9'
}

// letterPlace is the place of a letter, or 0.
func letterPlace(w string) int {
	if len(w) == 1 && w[0] >= 'a' && w[0] <= 'h' {
		return int(w[0]-'a') + 1
	}
	return 0
}

// inLevel tells whether word i names a level.
func (q *query) inLevel(i int) bool {
	for _, m := range q.levels {
		if i >= m.from && i < m.to {
			return true
		}
	}
	return false
}
