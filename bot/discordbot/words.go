package discordbot

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

func length(s string) int { return utf8.RuneCountInString(s) }

// clean makes line breaks one sort and takes out control characters.
func clean(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(s)
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\v' || r == '\f' || r == '\u0085':
			return '\n'
		case unicode.IsControl(r):
			return ' '
		}
		return r
	}, s)
}

// oneLine is clean without line breaks, for headings, labels and cells.
func oneLine(s string) string {
	s = clean(s)
	if !strings.ContainsAny(s, "\n\t") {
		return s
	}
	return strings.Join(strings.Fields(s), " ")
}

// blank tells whether Discord would call s empty.
func blank(s string) bool { return strings.TrimSpace(s) == "" }

// Discord reads a backslash before a mark as the mark itself. What begins markup anywhere is escaped wherever it stands, what
// does so only at the start of a line is escaped there.
var (
	lineStart = regexp.MustCompile(`(?m)^([ \t]*)(-#|#|>|-|\+|•)`)
	numbered  = regexp.MustCompile(`(?m)^([ \t]*\d+)([.)])`)
	emojiCode = regexp.MustCompile(`:([A-Za-z0-9_+-]+):`)
	webStart  = regexp.MustCompile(`(?i)\b(https?|discord|steam|mailto):`)
	anywhere  = strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "~", `\~`, "|", `\|`, "`", "\\`", "<", `\<`, "@", `\@`, "[", `\[`)
)

// escape makes text literal: no markup, no mention, no link, no emoji code.
func escape(s string) string {
	s = anywhere.Replace(s)
	s = emojiCode.ReplaceAllString(s, `\:$1\:`)
	s = webStart.ReplaceAllString(s, `$1\:`)
	s = lineStart.ReplaceAllString(s, `$1\$2`)
	return numbered.ReplaceAllString(s, `$1\$2`)
}

// split cuts s into parts of at most n code points, at a line break or a space where there is one in the second half of a
// part. Nothing but the blanks at a cut is lost.
func split(s string, n int) []string {
	var parts []string
	for length(s) > n {
		end := byteIndex(s, n)
		cut, skip := end, 0
		if i := strings.LastIndexByte(s[:end], '\n'); i > end/2 {
			cut, skip = i, 1
		} else if i := strings.LastIndexByte(s[:end], ' '); i > end/2 {
			cut, skip = i, 1
		} else if s[end] == '\n' || s[end] == ' ' {
			skip = 1
		}
		if !blank(s[:cut]) {
			parts = append(parts, s[:cut])
		}
		s = s[cut+skip:]
	}
	if !blank(s) {
		parts = append(parts, s)
	}
	return parts
}

// splitFor cuts s into parts that are at most n code points long once they are drawn.
func splitFor(s string, n int, draw func(string) string) []string {
	var out []string
	for _, p := range split(s, n) {
		if length(draw(p)) <= n || length(p) < 8 {
			out = append(out, p)
			continue
		}
		out = append(out, splitFor(p, length(p)*2/3, draw)...)
	}
	return out
}

// cut shortens s to at most n code points and ends it with an ellipsis if it had to. The second result tells whether it did.
func cut(s string, n int) (string, bool) {
	if length(s) <= n {
		return s, false
	}
	return strings.TrimRightFunc(s[:byteIndex(s, n-1)], unicode.IsSpace) + "…", true
}

// byteIndex is where the n-th code point of s begins.
func byteIndex(s string, n int) int {
	for i := range s {
		if n == 0 {
			return i
		}
		n--
	}
	return len(s)
}

var mention = regexp.MustCompile(`<@!?(\d+)>`)

// wordsWithout is what somebody wrote, without the mention of the bot. Other people stay as tokens "<@123>".
func wordsWithout(s, self string) string {
	s = mention.ReplaceAllStringFunc(s, func(m string) string {
		id := mention.FindStringSubmatch(m)[1]
		if id == self {
			return " "
		}
		return "<@" + id + ">"
	})
	return strings.TrimSpace(s)
}
