package discordbot

import (
	"fmt"
	"regexp"
	"strings"
)

// What a reader of Discord sees of a text: marks are gone, an escaped character is itself, and what would become a mention, a
// link or an emoji shows as something else, so that a test finds it.

var (
	unescapedMention = regexp.MustCompile(`<(@[!&]?\d+|#\d+|t:\d+(:\w)?|/[^>]*|a?:\w+:\d+)>`)
	unescapedEmoji   = regexp.MustCompile(`:[A-Za-z0-9_+-]+:`)
	unescapedLink    = regexp.MustCompile(`(?i)\bhttps?://\S+`)
	unescapedAll     = regexp.MustCompile(`@(everyone|here)\b`)
	unescapedMasked  = regexp.MustCompile(`\[[^\]]*\]\([^)]*\)`)
	marks            = strings.NewReplacer("**", "", "__", "", "~~", "", "||", "", "*", "", "_", "", "`", "")
)

func readable(s string) string {
	var out []string
	fenced := false
	for line := range strings.SplitSeq(s, "\n") {
		if strings.HasPrefix(line, "```") {
			fenced = !fenced
			continue
		}
		if !fenced {
			line = readableLine(line)
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

func readableLine(line string) string {
	for _, p := range []string{"### ", "## ", "# ", "-# ", "> ", ">>> "} {
		if rest, ok := strings.CutPrefix(line, p); ok {
			line = rest
			break
		}
	}
	// Escaped characters are put aside, so that no mark is read in them.
	var kept []rune
	var w strings.Builder
	rs := []rune(line)
	for i := 0; i < len(rs); i++ {
		if rs[i] == '\\' && i+1 < len(rs) && !isAlnum(rs[i+1]) && rs[i+1] != ' ' {
			kept = append(kept, rs[i+1])
			w.WriteRune('\uE000')
			i++
			continue
		}
		w.WriteRune(rs[i])
	}
	s := w.String()
	for _, x := range []*regexp.Regexp{unescapedMention, unescapedEmoji, unescapedLink, unescapedAll, unescapedMasked} {
		s = x.ReplaceAllString(s, "(not literal)")
	}
	s = marks.Replace(s)
	var back strings.Builder
	for _, r := range s {
		if r == '\uE000' && len(kept) > 0 {
			back.WriteRune(kept[0])
			kept = kept[1:]
			continue
		}
		back.WriteRune(r)
	}
	return back.String()
}

func isAlnum(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}

// componentsText is what components show: their texts, buttons as "[Label]", menus by their options.
func componentsText(v any) (out []string) {
	for _, x := range anyList(v) {
		c, _ := x.(map[string]any)
		switch kind(c) {
		case cText:
			out = append(out, strings.Split(readable(fmt.Sprint(c["content"])), "\n")...)
		case cButton:
			out = append(out, "["+fmt.Sprint(c["label"])+"]")
		case cSelect, cRadio, cBoxes:
			out = append(out, optionsText(c)...)
		case cInput:
			if s, ok := c["value"].(string); ok {
				out = append(out, s)
			}
			if s, ok := c["placeholder"].(string); ok {
				out = append(out, s)
			}
		case cSection:
			beside := componentsText([]any{c["accessory"]})
			all := componentsText(c["components"])
			out = append(out, append(all[:len(all)-1], all[len(all)-1]+" "+strings.Join(beside, " "))...)
		case cGallery:
			for _, it := range anyList(c["items"]) {
				m := it.(map[string]any)
				out = append(out, fmt.Sprint("picture: ", m["description"]))
			}
		case cLabel:
			out = append(out, fmt.Sprint(c["label"]))
			if s, ok := c["description"].(string); ok {
				out = append(out, s)
			}
			out = append(out, componentsText([]any{c["component"]})...)
		case cRow, cContainer:
			out = append(out, componentsText(c["components"])...)
		}
	}
	return out
}

func optionsText(c map[string]any) (out []string) {
	for _, o := range anyList(c["options"]) {
		m := o.(map[string]any)
		line := fmt.Sprint(m["label"])
		if m["default"] == true {
			line += " (chosen)"
		}
		if d, ok := m["description"].(string); ok {
			line += " · " + d
		}
		out = append(out, line)
	}
	return out
}

func anyList(v any) []any {
	l, _ := v.([]any)
	return l
}

func kind(c map[string]any) int {
	n, _ := c["type"].(float64)
	return int(n)
}
