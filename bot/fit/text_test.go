package fit_test

import (
	"strings"
	"testing"
	"unicode"

	"rounds/bot/fit"

	"pgregory.net/rapid"
)

// anyText has blanks often enough for cuts to fall on them, and letters of one to four bytes.
func anyText() *rapid.Generator[string] {
	return rapid.StringOf(rapid.OneOf(rapid.SampledFrom([]rune(" \n\tabcñ王👩\u0301\u200b")), rapid.Rune()))
}

func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

func TestSplitLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyText().Draw(t, "text")
		n := rapid.IntRange(1, 50).Draw(t, "n")
		var all strings.Builder
		for _, part := range fit.Split(s, n) {
			if fit.Length(part) > n || fit.Blank(part) {
				t.Fatalf("%q is blank or longer than %d", part, n)
			}
			all.WriteString(part)
		}
		if squeeze(all.String()) != squeeze(s) {
			t.Fatalf("%q became %q", s, all.String())
		}
	})
}

func TestSplit(t *testing.T) {
	for _, c := range []struct {
		s    string
		n    int
		want []string
	}{
		{"", 5, nil},
		{" \n ", 2, nil},
		{"whole", 5, []string{"whole"}},
		{"one two three", 8, []string{"one two", "three"}},
		{"one two\nthree", 11, []string{"one two", "three"}}, // a line break before a space
		{"a bcdefghij", 8, []string{"a bcdefg", "hij"}},      // a space in the first half is no place to cut
		{"abcd efgh", 4, []string{"abcd", "efgh"}},
		{"王老师王老师", 4, []string{"王老师王", "老师"}},
	} {
		if got := fit.Split(c.s, c.n); strings.Join(got, "|") != strings.Join(c.want, "|") {
			t.Errorf("%q in parts of %d: %q", c.s, c.n, got)
		}
	}
}

func TestCut(t *testing.T) {
	for _, c := range []struct {
		s, want string
		n       int
		was     bool
	}{
		{"as it is", "as it is", 8, false},
		{"too long", "too lo…", 7, true},
		{"too long", "too…", 5, true}, // no blank before the ellipsis
		{"王老师王老师", "王老…", 3, true},
		{"ab", "…", 1, true},
	} {
		if got, was := fit.Cut(c.s, c.n); got != c.want || was != c.was {
			t.Errorf("%q cut to %d: %q, %v", c.s, c.n, got, was)
		}
	}
	if got := fit.First("王老师", 2); got != "王老" {
		t.Errorf("the first two: %q", got)
	}
	if got := fit.First("王", 2); got != "王" {
		t.Errorf("more than there are: %q", got)
	}
}

func TestOneLine(t *testing.T) {
	for s, want := range map[string]string{
		"two  spaces ":  "two  spaces ",
		" two\n lines ": "two lines",
		"a\tb":          "a b",
	} {
		if got := fit.OneLine(s); got != want {
			t.Errorf("%q became %q", s, got)
		}
	}
}

func TestNotes(t *testing.T) {
	n := fit.Notes{At: 3}
	if got := n.Short("a heading", 9, "a button"); got != "a heading" || n.Report != nil {
		t.Errorf("%q, %q", got, n.Report)
	}
	if got := n.Short(" ", 9, "a button"); got != "–" || n.Report != nil {
		t.Errorf("an empty line: %q, %q", got, n.Report)
	}
	if got := n.Short("a heading", 5, "a button"); got != "a he…" {
		t.Errorf("shortened: %q", got)
	}
	n.Long(1)
	if n.Report.Splits() != 0 {
		t.Errorf("one message is no split: %q", n.Report)
	}
	n.Long(2)
	want := "block 3: a button shortened to 5 characters|the card is 2 messages long"
	if got := strings.Join(n.Report, "|"); got != want || n.Report.Splits() != 1 {
		t.Errorf("%s, %d splits", got, n.Report.Splits())
	}
}

func TestClean(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"a\r\nb\rc\vd\fe\u0085f\u2028g\u2029h", "a\nb\nc\nd\ne\nf\ng\nh"},
		{"tab\tstays", "tab\tstays"},
		{"bell\a and nul\x00", "bell  and nul "},
		{"half a \xf0\x9f letter", "half a \uFFFD letter"},
		{"王 ñ 👩", "王 ñ 👩"},
	} {
		if got := fit.Clean(test.in); got != test.want {
			t.Errorf("%q became %q, want %q", test.in, got, test.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s := anyText().Draw(t, "text")
		once := fit.Clean(s)
		if fit.Clean(once) != once || strings.ContainsFunc(once, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }) {
			t.Fatalf("%q became %q", s, once)
		}
	})
}
