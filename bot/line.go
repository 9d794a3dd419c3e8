package bot

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ParseLine reads what was typed after a command's name.
//
// The first word may name a subcommand; else the first subcommand is meant. A value
// that begins with "key:" runs to the next known key, or to its closing double quote
// where it begins with one (straight or curly). Words without a key fill the
// options that are Bare, in order. A word that is no key of the subcommand stays text:
// "10:30", "https://…", "note:".
//
// Nothing that was typed is dropped in silence. Words that no option takes stand in
// Args[""], and ParseLine then also returns an *Error that says so, with sub and args
// filled in. People come one to a value, as typed: "@Okafor", "<@U123|name>", "de la Cruz",
// "Ms. Diaz". A full name in two plain words comes as two values; whoever knows the school
// tries neighbors joined before it takes them for two people.
func ParseLine(cmd Command, line string) (sub Sub, args Args, err error) {
	line = strings.ToValidUTF8(line, "\uFFFD")
	word, rest := firstWord(line)
	if len(cmd.Subs) == 0 {
		args, err = parseArgs(cmd, sub, line)
		return sub, args, err
	}
	if s, ok := cmd.Sub(word); ok {
		args, err = parseArgs(cmd, s, rest)
		return s, args, err
	}
	sub = cmd.Subs[0]
	if word != "" && !sub.takesBare(word) && !sub.startsWithKey(word) {
		return sub, Args{"": {strings.TrimSpace(line)}}, noSuchSub(cmd, word)
	}
	args, err = parseArgs(cmd, sub, line)
	return sub, args, err
}

// Sub finds a subcommand by its name, in any case.
func (c Command) Sub(name string) (Sub, bool) {
	for _, s := range c.Subs {
		if name != "" && strings.EqualFold(s.Name, name) {
			return s, true
		}
	}
	return Sub{}, false
}

// SubNames are the names of the subcommands, in their order.
func (c Command) SubNames() []string {
	var names []string
	for _, s := range c.Subs {
		names = append(names, s.Name)
	}
	return names
}

func noSuchSub(cmd Command, word string) *Error {
	if near, ok := Nearest(word, cmd.SubNames()); ok {
		return &Error{Code: Invalid, Sentence: fmt.Sprintf("Did you mean /%s %s?", cmd.Name, near)}
	}
	return &Error{Code: Invalid, Sentence: fmt.Sprintf("/%s has no %s. %s", cmd.Name, clip(word, 40), tryThis(cmd.Subs[0]))}
}

func tryThis(s Sub) string {
	if s.Example == "" {
		return "Type it without more words."
	}
	return "Try " + s.Example + "."
}

// clip keeps an echo of what was typed short.
func clip(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n]) + "…"
}

func firstWord(s string) (word, rest string) {
	s = strings.TrimLeftFunc(s, unicode.IsSpace)
	if i := strings.IndexFunc(s, unicode.IsSpace); i >= 0 {
		return s[:i], s[i:]
	}
	return s, ""
}

// option finds an option by its name or an alias, in any case.
func (s Sub) option(key string) (Option, bool) {
	for _, o := range s.Options {
		if strings.EqualFold(o.Name, key) {
			return o, true
		}
		for _, a := range o.Aliases {
			if strings.EqualFold(a, key) {
				return o, true
			}
		}
	}
	return Option{}, false
}

func (s Sub) startsWithKey(word string) bool {
	_, _, ok := s.key(word)
	return ok
}

// key reads a known key at the start of line and returns where its value begins.
func (s Sub) key(line string) (o Option, n int, ok bool) {
	const longest = 33 // no key is longer with its colon
	i := strings.IndexByte(line[:min(len(line), longest)], ':')
	if i <= 0 {
		return Option{}, 0, false
	}
	o, ok = s.option(line[:i])
	return o, i + 1, ok
}

// takesBare tells whether a first word may be a bare option of s.
func (s Sub) takesBare(word string) bool {
	b := bare{sub: s}
	return b.takes([]token{{text: word}}) != nil
}

// A token is a word, a mention in angle brackets, or words in double quotes.
type token struct {
	text   string
	quoted bool
}

// parseArgs cuts the line into keyed values and bare tokens in one pass.
func parseArgs(cmd Command, sub Sub, line string) (Args, error) {
	args := Args{}
	var (
		loose   []token
		key     *Option // whose value is being read
		from    int     // where it begins
		noClose bool    // no closing quote in the rest of the line
	)
	give := func(end int) {
		if key == nil {
			return
		}
		loose = append(loose, args.put(*key, strings.TrimSpace(line[from:end]))...)
		key = nil
	}
	quoted := func(at int) (text string, next int, ok bool) {
		if noClose {
			return "", 0, false
		}
		if text, next, ok = cutQuoted(line, at); !ok && startsQuoted(line[at:]) {
			noClose = true
		}
		return text, next, ok
	}
	for i := 0; i < len(line); {
		r, size := utf8.DecodeRuneInString(line[i:])
		if unicode.IsSpace(r) {
			i += size
			continue
		}
		// Looked for before the word is cut: keys may stand close, "glow:grow:glow:".
		if o, n, ok := sub.key(line[i:]); ok {
			give(i)
			at := i + n
			for at < len(line) && isSpaceAt(line, at) {
				at += runeLen(line, at)
			}
			if text, next, ok := quoted(at); ok {
				args.add(o, text)
				i = next
				continue
			}
			key, from = &o, i+n
			i += n
			continue
		}
		word := wordAt(line, i)
		if key != nil { // the value goes on
			i += len(word)
			continue
		}
		if text, next, ok := quoted(i); ok {
			loose = append(loose, token{text, true})
			i = next
			continue
		}
		loose = append(loose, token{text: word})
		i += len(word)
	}
	give(len(line))
	left := (&bare{sub: sub, args: args}).fill(loose)
	if len(left) == 0 {
		return args, nil
	}
	text := joinTokens(left)
	args[""] = []string{text}
	return args, leftOver(cmd, sub, text)
}

func leftOver(cmd Command, sub Sub, text string) *Error {
	e := &Error{Code: Invalid}
	for _, o := range sub.Options {
		if o.Kind == OptionText {
			e.Sentence = fmt.Sprintf("I could not place “%s”. Put a key before it, such as %s:…", clip(text, 80), o.Name)
			return e
		}
	}
	e.Sentence = fmt.Sprintf("I could not place “%s”. %s", clip(text, 80), tryThis(sub))
	return e
}

// wordAt is the word that begins at i: up to the next space, or a whole "<@U123|de la Cruz>".
func wordAt(line string, i int) string {
	if strings.HasPrefix(line[i:], "<@") {
		const longest = 200 // bytes; a mention that never closes is an ordinary word
		for j := i; j < len(line) && j < i+longest; j++ {
			if line[j] == '>' {
				return line[i : j+1]
			}
		}
	}
	for j, r := range line[i:] {
		if unicode.IsSpace(r) {
			return line[i : i+j]
		}
	}
	return line[i:]
}

func isSpaceAt(s string, i int) bool {
	r, _ := utf8.DecodeRuneInString(s[i:])
	return unicode.IsSpace(r)
}

func runeLen(s string, i int) int {
	_, n := utf8.DecodeRuneInString(s[i:])
	return n
}

// isQuote takes every double quote for every other: telephones mix them.
func isQuote(r rune) bool {
	return r == '"' || r == '“' || r == '”' || r == '„' || r == '«' || r == '»'
}

func startsQuoted(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return isQuote(r)
}

// cutQuoted reads words in double quotes that begin at i. The closing quote stands at the
// end of a word, so that 12" and a quote in a word do not end it. Without a closing
// quote the opening one is an ordinary character.
func cutQuoted(line string, i int) (text string, next int, ok bool) {
	if !startsQuoted(line[i:]) {
		return "", 0, false
	}
	from := i + runeLen(line, i)
	for j := from; j < len(line); {
		r, size := utf8.DecodeRuneInString(line[j:])
		if isQuote(r) && (j+size == len(line) || isSpaceAt(line, j+size)) {
			return strings.TrimSpace(line[from:j]), j + size, true
		}
		j += size
	}
	return "", 0, false
}

// put adds a value that ran to the next key or the end of the line. A number of
// minutes and a choice are one word long: what follows them is given back as loose words.
func (a Args) put(o Option, value string) (rest []token) {
	value = unwrapSingle(value)
	word, more := firstWord(value)
	switch {
	case more == "":
	case o.Kind == OptionMinutes:
		if n := minutesAt(tokenize(value)); n > 0 {
			t := tokenize(value)
			a.add(o, joinTokens(t[:n]))
			return t[n:]
		}
	case o.Kind == OptionChoice && !isChoice(o, value) && isChoice(o, word):
		a.add(o, word)
		return tokenize(more)
	}
	a.add(o, value)
	return nil
}

// add adds a value; people are told apart.
func (a Args) add(o Option, value string) {
	if o.Kind == OptionPeople {
		if people := splitPeople(value); len(people) > 0 {
			a[o.Name] = append(a[o.Name], people...)
			return
		}
	}
	a[o.Name] = append(a[o.Name], value)
}

// unwrapSingle takes single quotes off a value that stands between two of them; an
// apostrophe inside or at one end stays.
func unwrapSingle(v string) string {
	first, n := utf8.DecodeRuneInString(v)
	last, m := utf8.DecodeLastRuneInString(v)
	if len(v) > n && (first == '\'' && last == '\'' || first == '‘' && last == '’') {
		return strings.TrimSpace(v[n : len(v)-m])
	}
	return v
}

func tokenize(s string) []token {
	var out []token
	for i := 0; i < len(s); {
		if isSpaceAt(s, i) {
			i += runeLen(s, i)
			continue
		}
		w := wordAt(s, i)
		out = append(out, token{text: w})
		i += len(w)
	}
	return out
}

func joinTokens(ts []token) string {
	s := make([]string, len(ts))
	for i, t := range ts {
		s[i] = t.text
	}
	return strings.Join(s, " ")
}

func isChoice(o Option, word string) bool {
	for _, c := range o.Choices {
		if strings.EqualFold(c.Value, word) || strings.EqualFold(c.Label, word) {
			return true
		}
	}
	return false
}
