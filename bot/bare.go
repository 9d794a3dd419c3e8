package bot

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// bare hands the words that stand without a key to the options that are Bare.
type bare struct {
	sub    Sub
	args   Args
	text   *Option // the option that takes all words from here on
	lead   bool    // still among the people: at the start, or right after one
	person *Option // the option of one person that was named last
}

// fill gives each token to the first option that takes it and returns the tokens that
// none takes.
func (b *bare) fill(ts []token) (left []token) {
	words := map[string][]token{}
	var order []string
	b.lead = true
	for len(ts) > 0 {
		o := b.takes(ts)
		if o == nil {
			if b.nameGoesOn(ts) { // "@Ada Okafor", where one person is asked for and no words can follow
				last := b.args[b.person.Name]
				last[len(last)-1] += " " + ts[0].text
				ts = ts[1:]
				continue
			}
			b.lead = false
			left = append(left, ts[0])
			ts = ts[1:]
			continue
		}
		n := 1
		switch o.Kind {
		case OptionPeople, OptionPerson:
			n, b.lead = personAt(ts), true
			b.args[o.Name] = append(b.args[o.Name], people(ts[:n])...)
			if len(b.args[o.Name]) == 0 { // a comma or "and" on its own
				delete(b.args, o.Name)
			} else if o.Kind == OptionPerson {
				b.person = o
			}
		case OptionMinutes:
			b.lead = false
			n = minutesAt(ts)
			b.args[o.Name] = []string{joinTokens(ts[:n])}
		case OptionDate:
			b.lead = false
			n = dateAt(ts)
			b.args[o.Name] = []string{joinTokens(ts[:n])}
		case OptionChoice:
			b.lead = false
			b.args[o.Name] = []string{ts[0].text}
		default:
			b.lead = false
			if words[o.Name] == nil {
				order = append(order, o.Name)
			}
			words[o.Name] = append(words[o.Name], ts[0])
			if b.greedy(o) {
				b.text = o
			} else {
				b.args[o.Name] = nil // one word is all it takes
			}
		}
		ts = ts[n:]
	}
	for _, name := range order {
		b.args[name] = append(b.args[name], joinTokens(words[name]))
	}
	return left
}

// nameGoesOn tells whether the next word belongs to the one person who was named just before it.
func (b *bare) nameGoesOn(ts []token) bool {
	return b.person != nil && b.lead && !b.hasText() && isName(ts[0]) && !isMention(ts[0].text) && !b.narrow(ts)
}

// takes finds the option that takes the token at the start of ts.
func (b *bare) takes(ts []token) *Option {
	t := ts[0]
	for i := range b.sub.Options {
		o := &b.sub.Options[i]
		if !o.Bare {
			continue
		}
		had := b.args.Has(o.Name)
		switch o.Kind {
		case OptionPeople, OptionPerson:
			if had && o.Kind == OptionPerson {
				continue
			}
			// After the words have begun, a mention is one of them unless nobody was named yet.
			if isMention(t.text) && (b.lead || b.text == nil || !had) {
				return o
			}
			if b.text != nil || b.narrow(ts) {
				continue
			}
			// Where words may follow, one name without a sign is a name and the rest is text.
			if !had || b.lead && (!b.hasText() || joinsPeople(t.text)) {
				if isName(t) {
					return o
				}
			}
		case OptionMinutes:
			if !had && b.text == nil && minutesAt(ts) > 0 {
				return o
			}
		case OptionDate:
			if !had && b.text == nil && dateAt(ts) > 0 {
				return o
			}
		case OptionChoice:
			if !had && b.text == nil && isChoice(*o, t.text) {
				return o
			}
		default:
			if b.text != nil && b.text.Name != o.Name {
				continue
			}
			if b.text != nil || !had {
				return o
			}
		}
	}
	return nil
}

// narrow tells whether the words are a number, a date or a choice that is still open, and
// so nobody's name.
func (b *bare) narrow(ts []token) bool {
	for _, o := range b.sub.Options {
		if !o.Bare || b.args.Has(o.Name) {
			continue
		}
		if o.Kind == OptionMinutes && minutesAt(ts) > 0 || o.Kind == OptionDate && dateAt(ts) > 0 ||
			o.Kind == OptionChoice && isChoice(o, ts[0].text) {
			return true
		}
	}
	return false
}

// hasText tells whether a bare option takes plain words.
func (b *bare) hasText() bool {
	for _, o := range b.sub.Options {
		if o.Bare && isWords(o.Kind) {
			return true
		}
	}
	return false
}

// greedy tells whether no later option takes plain words, so that o takes all that are left.
func (b *bare) greedy(o *Option) bool {
	after := false
	for i := range b.sub.Options {
		p := &b.sub.Options[i]
		if after && p.Bare && isWords(p.Kind) {
			return false
		}
		after = after || p == o
	}
	return true
}

func isWords(k OptionKind) bool { return k == OptionText || k == OptionTeam || k == OptionFocus }

func isMention(s string) bool { return strings.HasPrefix(s, "@") || strings.HasPrefix(s, "<@") }

// isName tells whether a word can begin a name: it holds a letter and no digit first.
func isName(t token) bool {
	r, _ := utf8.DecodeRuneInString(t.text)
	return t.quoted || strings.IndexFunc(t.text, unicode.IsLetter) >= 0 && !unicode.IsDigit(r) || joinsPeople(t.text)
}

// joinsPeople tells whether a word only stands between people.
func joinsPeople(s string) bool {
	switch strings.ToLower(s) {
	case "and", "&", ",", "+":
		return true
	}
	return false
}

// particles go with the word that follows them.
var particles = map[string]bool{
	"de": true, "la": true, "las": true, "los": true, "del": true, "della": true, "di": true, "da": true,
	"dos": true, "das": true, "do": true, "du": true, "le": true, "van": true, "von": true, "der": true,
	"den": true, "ten": true, "ter": true, "el": true, "al": true, "bin": true, "ibn": true, "abu": true,
	"san": true, "santa": true, "st": true, "st.": true, "mac": true, "mc": true, "y": true,
	"ms": true, "ms.": true, "mr": true, "mr.": true, "mrs": true, "mrs.": true, "mx": true, "mx.": true,
	"dr": true, "dr.": true, "miss": true, "coach": true, "sr.": true, "sra.": true,
}

// personAt is how many of the tokens, at least one, name the person they begin with:
// "@de la Cruz" is three, "Ms. Okafor" two.
func personAt(ts []token) int {
	n := 1
	for n < len(ts) && !ts[n-1].quoted && !ts[n].quoted && !isMention(ts[n].text) {
		word := strings.ToLower(strings.TrimPrefix(ts[n-1].text, "@"))
		next, _ := utf8.DecodeRuneInString(ts[n].text)
		if !particles[word] || !unicode.IsLetter(next) {
			break
		}
		n++
	}
	return n
}

// splitPeople cuts the value of a people option into people: at mentions, commas and
// "and"; plain words are one person each.
func splitPeople(value string) []string {
	var out []string
	ts := tokenize(value)
	for len(ts) > 0 {
		n := personAt(ts)
		out = append(out, people(ts[:n])...)
		ts = ts[n:]
	}
	return out
}

// people are the names in the tokens of one person, without the commas beside them.
func people(ts []token) []string {
	if len(ts) == 1 && joinsPeople(ts[0].text) {
		return nil
	}
	s := joinTokens(ts)
	if ts[0].quoted || strings.HasPrefix(s, "<@") {
		return []string{strings.TrimRight(s, ",;")}
	}
	var out []string
	for _, p := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ';' }) {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// minutesAt is how many tokens a length of time takes: "12", "12m", "12 min". With its unit one is meant however wrong the
// number is; whoever reads it says so.
func minutesAt(ts []token) int {
	if len(ts) == 0 || ts[0].quoted {
		return 0
	}
	s := strings.ToLower(ts[0].text)
	digits := strings.TrimRight(s, "abcdefghijklmnopqrstuvwxyz.")
	unit := s[len(digits):]
	if isMinutes(unit) {
		digits = strings.TrimPrefix(digits, "-")
	}
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return 0
	}
	switch {
	case isMinutes(unit):
		return 1
	case unit != "" || len(digits) > 4:
		return 0
	}
	if len(ts) > 1 && !ts[1].quoted && isMinutes(strings.ToLower(ts[1].text)) {
		return 2
	}
	return 1
}

func isMinutes(unit string) bool {
	switch strings.TrimSuffix(unit, ".") {
	case "m", "min", "mins", "minute", "minutes":
		return true
	}
	return false
}

// dateAt is how many tokens a date takes, or 0: "fri", "next tue", "10/30", "in 2 weeks".
// It only finds where a date ends; what it means is for those who know the calendar.
func dateAt(ts []token) int {
	word := func(i int) string {
		if i >= len(ts) || ts[i].quoted {
			return ""
		}
		return strings.ToLower(strings.TrimRight(ts[i].text, ",."))
	}
	first := word(0)
	switch first {
	case "today", "tomorrow", "yesterday", "tonight":
		return 1
	case "next", "last", "this":
		if weekdays[word(1)] || timeUnits[word(1)] {
			return 2
		}
		return 0
	case "in":
		if number(word(1)) && timeUnits[word(2)] {
			return 3
		}
		return 0
	}
	switch {
	case weekdays[first]:
		return 1
	case number(first) && timeUnits[word(1)] && word(2) == "ago":
		return 3
	case months[first] && number(strings.TrimRight(word(1), "stndrh")):
		return 2
	case strings.Trim(first, "0123456789/-") == "" && strings.Trim(first, "/-") == first &&
		strings.ContainsAny(first, "/-") && len(first) >= 3 && len(first) <= 10:
		return 1
	}
	return 0
}

func number(s string) bool { return s != "" && len(s) <= 4 && strings.Trim(s, "0123456789") == "" }

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}

var (
	weekdays = set("mon tue tues wed thu thur thurs fri sat sun monday tuesday wednesday thursday friday saturday sunday")
	months   = set("jan feb mar apr may jun jul aug sep sept oct nov dec january february march april june july " +
		"august september october november december")
	timeUnits = set("day days week weeks month months")
)
