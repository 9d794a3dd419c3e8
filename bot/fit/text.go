package fit

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Length counts as the services do: code points, not bytes.
func Length(s string) int { return utf8.RuneCountInString(s) }

// Blank tells whether a service would call s empty.
func Blank(s string) bool { return strings.TrimSpace(s) == "" }

// Clean makes a text valid UTF-8 whose only controls are line breaks and tabs. What any system takes for a line break (CR, the
// vertical tab, the form feed, NEL, the line and the paragraph separator) is one; other controls become spaces: a service
// rejects some of them, and shows none.
func Clean(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\r' || r == '\v' || r == '\f' || r == '\u0085' || r == '\u2028' || r == '\u2029':
			return '\n'
		case unicode.IsControl(r):
			return ' '
		}
		return r
	}, s)
}

// OneLine makes one line of a text that is clean already, for headings, labels and cells. A text of one line stays as it is.
func OneLine(clean string) string {
	if !strings.ContainsAny(clean, "\n\t") {
		return clean
	}
	return strings.Join(strings.Fields(clean), " ")
}

// Split cuts s into parts of at most n code points, at a line break or a space where there is one in the second half of a part.
// Nothing but the blanks at a cut is lost.
func Split(s string, n int) []string {
	var parts []string
	for Length(s) > n {
		end := index(s, n)
		cut, skip := end, 0
		if i := strings.LastIndexByte(s[:end], '\n'); i > end/2 {
			cut, skip = i, 1
		} else if i := strings.LastIndexByte(s[:end], ' '); i > end/2 {
			cut, skip = i, 1
		} else if s[end] == '\n' || s[end] == ' ' {
			skip = 1
		}
		if !Blank(s[:cut]) {
			parts = append(parts, s[:cut])
		}
		s = s[cut+skip:]
	}
	if !Blank(s) {
		parts = append(parts, s)
	}
	return parts
}

// Cut shortens s to at most n code points and ends it with an ellipsis if it had to. The second result tells whether it did.
func Cut(s string, n int) (string, bool) {
	if Length(s) <= n {
		return s, false
	}
	return strings.TrimRightFunc(First(s, n-1), unicode.IsSpace) + "…", true
}

// First is the first n code points of s, or all of it.
func First(s string, n int) string { return s[:index(s, n)] }

// index is where the n-th code point of s begins.
func index(s string, n int) int {
	for i := range s {
		if n == 0 {
			return i
		}
		n--
	}
	return len(s)
}
