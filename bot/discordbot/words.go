package discordbot

import (
	"regexp"
	"strings"

	"rounds/bot/fit"
)

// oneLine is clean without line breaks, for headings, labels and cells.
func oneLine(s string) string { return fit.OneLine(fit.Clean(s)) }

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

// splitFor cuts s into parts that are at most n code points long once they are drawn.
func splitFor(s string, n int, draw func(string) string) []string {
	var out []string
	for _, p := range fit.Split(s, n) {
		if fit.Length(draw(p)) <= n || fit.Length(p) < 8 {
			out = append(out, p)
			continue
		}
		out = append(out, splitFor(p, fit.Length(p)*2/3, draw)...)
	}
	return out
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
