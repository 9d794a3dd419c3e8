package slackbot

import (
	"regexp"
	"strings"
)

var (
	personToken = regexp.MustCompile(`<@([A-Z0-9]+)(?:\|[^>]*)?>`)
	markup      = regexp.MustCompile(`<([!#]?)([^<>|]*)(?:\|([^<>]*))?>`)
)

// words makes what somebody typed of what Slack sends: people stay as tokens "<@U123>",
// channels, groups and links become the words that were seen, and the three escaped
// characters come back.
func words(s string) string {
	s = markup.ReplaceAllStringFunc(s, func(m string) string {
		if p := personToken.FindStringSubmatch(m); p != nil {
			return "<@" + p[1] + ">"
		}
		g := markup.FindStringSubmatch(m)
		kind, id, label := g[1], g[2], g[3]
		switch {
		case strings.HasPrefix(id, "@"):
			return m
		case kind == "#" && label != "":
			return "#" + strings.TrimPrefix(label, "#")
		case kind == "#":
			return "#" + id
		case kind == "!":
			if label != "" {
				return label
			}
			name, _, _ := strings.Cut(id, "^")
			return "@" + name
		case label != "" && !strings.Contains(label, "://"):
			return label // "<mailto:a@b|a@b>", "<http://x.org|x.org>"
		}
		return id
	})
	return strings.TrimSpace(unescape(s))
}

// wordsWithout is words without the mention of the bot.
func wordsWithout(s, self string) string {
	if self != "" {
		s = regexp.MustCompile(`<@`+regexp.QuoteMeta(self)+`(?:\|[^>]*)?>[,:]?`).ReplaceAllString(s, " ")
	}
	return strings.TrimSpace(words(s))
}

// unescape gives back the three characters that Slack escapes, in one pass, so that a
// typed "&lt;" (sent as "&amp;lt;") stays one.
func unescape(s string) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(s)
}
