package answers

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kljensen/snowball/english"
)

// maxQuestion bounds the work an answer takes, in bytes and words. Slack lets
// a command carry some thousand characters; what goes on longer than this is
// not a question.
const (
	maxQuestion = 1200
	maxWords    = 96
)

// word is one word of a question or a statement.
type word struct {
	text    string // folded: lower case, no accents, no apostrophes
	stem    string
	capital bool // was written with a capital first letter
	shout   bool // was written in capitals throughout: an acronym, or shouting
	owner   bool // was written with 's
	stop    rune // the punctuation before it that ends a thought: , ; ? ! . + & or 0
}

// fold lower-cases and brings typographic variants of a letter together, so
// that "Emergent‑Bilingual" (with a hard hyphen) and "emergent-bilingual" are
// the same. Bytes that are no UTF-8 become spaces.
func fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		switch r {
		case utf8.RuneError:
			b.WriteByte(' ')
		case '’', '‘', 'ʼ', '`', '´':
			b.WriteByte('\'')
		case '“', '”':
			b.WriteByte('"')
		case '‐', '‑', '‒', '–', '—', '−':
			b.WriteByte('-')
		default:
			b.WriteRune(plain(unicode.ToLower(r)))
		}
	}
	return b.String()
}

// plain drops the accent of the Latin letters that names and loan words in
// English text carry.
func plain(r rune) rune {
	if r < 'à' || r > 'ÿ' {
		return r
	}
	const from, to = "àáâãäåçèéêëìíîïñòóôõöùúûüýÿ", "aaaaaaceeeeiiiinooooouuuuyy"
	if i := strings.IndexRune(from, r); i >= 0 {
		return rune(to[utf8.RuneCountInString(from[:i])])
	}
	return r
}

// joined are the prefixes whose hyphen is not a space: e-learning, K-12.
var joined = map[string]bool{"e": true, "k": true, "co": true}

// split cuts text into words. At most max words are returned.
func split(text string, max int) []word { return splitBy(text, max, stem) }

// splitBy is split with a quicker way to a stem.
func splitBy(text string, max int, stems func(string) string) []word {
	words := make([]word, 0, 16)
	var stop rune
	for i := 0; i < len(text) && len(words) < max; {
		r, size := utf8.DecodeRuneInString(text[i:])
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			if strings.ContainsRune(",;:?!.+&", r) {
				stop = r
			}
			i += size
			continue
		}
		start := i
		for i < len(text) {
			r, size = utf8.DecodeRuneInString(text[i:])
			if r == '-' && joined[fold(text[start:i])] || isApostrophe(r) || unicode.IsLetter(r) || unicode.IsDigit(r) {
				i += size
				continue
			}
			break
		}
		raw := text[start:i]
		first, _ := utf8.DecodeRuneInString(raw)
		folded := fold(raw)
		owner := strings.HasSuffix(folded, "'s")
		for _, part := range parts(folded) {
			words = append(words, word{
				text: part, stem: stems(part), capital: unicode.IsUpper(first), shout: shouts(raw), owner: owner, stop: stop,
			})
			stop = 0
		}
	}
	return words
}

// shouts tells a word in capitals: PLC, and also PLCs.
func shouts(raw string) bool {
	if n := len(raw) - 1; n > 1 && raw[n] == 's' {
		raw = raw[:n]
	}
	return raw == strings.ToUpper(raw)
}

func isApostrophe(r rune) bool { return r == '\'' || r == '’' || r == '‘' || r == 'ʼ' }

// parts cleans a folded word and cuts digits from letters: "tier1" is two
// words, "teacher's" one without its ending, "k-12" one.
func parts(w string) []string {
	w = strings.TrimSuffix(strings.Trim(w, "'-"), "'s")
	w = strings.ReplaceAll(strings.ReplaceAll(w, "'", ""), "-", "")
	if w == "" {
		return nil
	}
	if cut := strings.IndexFunc(w, unicode.IsDigit); cut >= 3 {
		return []string{w[:cut], w[cut:]}
	}
	return []string{w}
}

// stem reduces a folded word to its stem, British spelling to American first:
// "organised" and "organize" meet.
func stem(w string) string {
	if len(w) < 3 || w[0] >= '0' && w[0] <= '9' {
		return w
	}
	if one, ok := irregular[w]; ok {
		w = one
	}
	return english.Stem(american(w), true)
}

// irregular plurals that the stemmer does not know.
var irregular = map[string]string{
	"curricula": "curriculum", "criteria": "criterion", "children": "child", "analyses": "analysis", "data": "data",
}

// british are the endings that differ, with their American form. Words in
// which the British ending is the only spelling are in keepIse.
var british = []struct{ from, to string }{
	{"isation", "ization"},
	{"isations", "izations"},
	{"ising", "izing"},
	{"ised", "ized"},
	{"ise", "ize"},
	{"ises", "izes"},
	{"yse", "yze"},
	{"ysed", "yzed"},
	{"ysing", "yzing"},
	{"aviour", "avior"},
	{"aviours", "aviors"},
	{"avioural", "avioral"},
	{"ogramme", "ogram"},
	{"ogrammes", "ograms"},
	{"elling", "eling"},
	{"entre", "enter"},
}

// keepIse are stems of words that end in -ise on both sides of the ocean.
var keepIse = []string{"rais", "prais", "advis", "supervis", "revis", "exercis", "expertis", "precis", "promis", "nois", "wis", "ris", "otherwis", "enterpris", "surpris", "likewis", "spelling", "selling", "telling", "premis"}

func american(w string) string {
	for _, e := range british {
		if len(w) <= len(e.from)+2 || !strings.HasSuffix(w, e.from) {
			continue
		}
		for _, keep := range keepIse {
			if strings.HasPrefix(w, keep) || strings.HasSuffix(w, keep) {
				return w
			}
		}
		return strings.TrimSuffix(w, e.from) + e.to
	}
	return w
}
