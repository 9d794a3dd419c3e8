package webbot

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"rounds/bot"
	"rounds/bot/bottest"

	"pgregory.net/rapid"
)

func asJSON(t testing.TB, v any) string {
	t.Helper()
	var w strings.Builder
	e := json.NewEncoder(&w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "\t")
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return w.String()
}

// Cards whose whole rendering is long and even; the property below looks at them instead.
func isLong(name string) bool { return strings.HasPrefix(name, "over-") }

func TestCardGoldens(t *testing.T) {
	for name, c := range bottest.Cards() {
		if isLong(name) {
			continue
		}
		got, cut := renderCard(c)
		if len(cut) > 0 {
			t.Errorf("%s: cut %v", name, cut)
		}
		bottest.Golden(t, filepath.Join("testdata", "cards", name+".json"), asJSON(t, got))
	}
}

func TestFormGoldens(t *testing.T) {
	for name, f := range bottest.Forms() {
		got, _ := renderForm(f)
		if isLong(name) {
			continue
		}
		bottest.Golden(t, filepath.Join("testdata", "forms", name+".json"), asJSON(t, got))
	}
}

// TestLimits: whatever card there is, what is rendered keeps the limits, and no text is lost
// unless the card says so.
func TestLimits(t *testing.T) {
	check := func(t rapid.TB, c bot.Card) {
		got, cut := renderCard(c)
		if len(got.Blocks) > maxBlocks {
			t.Fatalf("%d blocks", len(got.Blocks))
		}
		for _, b := range got.Blocks {
			n := utf8.RuneCountInString(b.Text)
			if n > maxText || b.Type == "title" && n > maxLine || len(b.Items) > maxItems || len(b.Facts) > maxItems ||
				len(b.Rows) > maxRows || len(b.Buttons) > maxButtons || len(b.Options) > maxOptions || len(b.Picture) > maxPicture {
				t.Fatalf("a %s over a limit", b.Type)
			}
		}
		if len(cut) > 0 {
			if !strings.Contains(asWords(got), cut[0]) {
				t.Fatalf("cut without a word: %v", cut)
			}
			return
		}
		have := unspaced(asWords(got))
		for _, b := range c.Blocks {
			for _, s := range texts(b) {
				if !strings.Contains(have, unspaced(s)) {
					t.Fatalf("%q is lost", s)
				}
			}
		}
	}
	for name, c := range bottest.Cards() {
		t.Run(name, func(t *testing.T) { check(t, c) })
	}
	rapid.Check(t, func(t *rapid.T) { check(t, bottest.AnyCard().Draw(t, "card")) })
}

// unspaced drops white space, so that a text that was split is found whole.
func unspaced(s string) string { return strings.Join(strings.Fields(s), "") }

func texts(b bot.Block) []string {
	switch b := b.(type) {
	case bot.Title:
		return []string{b.Text}
	case bot.Text:
		return []string{b.Text}
	case bot.Context:
		return []string{b.Text}
	case bot.Facts:
		var out []string
		for _, f := range b.Items {
			out = append(out, f.Label, f.Value)
		}
		return out
	case bot.List:
		var out []string
		for _, it := range b.Items {
			out = append(out, it.Text, it.Note)
		}
		return out
	case bot.Table:
		out := []string{b.Caption}
		for _, c := range b.Columns {
			out = append(out, c.Head)
		}
		for _, r := range b.Rows {
			out = append(out, r...)
		}
		return out
	case bot.Chart:
		return append([]string{b.Title, b.Alt}, b.Labels...)
	case bot.Select:
		return []string{b.Label}
	}
	return nil
}

// asWords is all text of a rendered card, as a reader would meet it.
func asWords(c card) string {
	var w strings.Builder
	for _, b := range c.Blocks {
		if b.Text != "" {
			fmt.Fprintln(&w, b.Text)
			continue
		}
		fmt.Fprintln(&w, b.Label, b.Alt, b.Words)
		for _, f := range b.Facts {
			fmt.Fprintln(&w, f.Label, f.Value)
		}
		for _, it := range b.Items {
			fmt.Fprintln(&w, it.Text, it.Note)
			if it.Button != nil {
				fmt.Fprintln(&w, "["+it.Button.Label+"]")
			}
		}
		tables := [][][]string{b.Rows}
		heads := b.Columns
		if b.Numbers != nil {
			tables, heads = append(tables, b.Numbers.Rows), b.Numbers.Columns
		}
		for _, c := range heads {
			fmt.Fprintln(&w, c.Head)
		}
		for _, rows := range tables {
			for _, r := range rows {
				fmt.Fprintln(&w, strings.Join(r, " | "))
			}
		}
		for _, x := range b.Buttons {
			fmt.Fprintln(&w, "["+x.Label+"]")
		}
		for _, o := range b.Options {
			fmt.Fprintln(&w, o.Label, o.Note)
			if o.Value == b.Chosen && o.Value != "" {
				fmt.Fprintln(&w, "chosen")
			}
		}
	}
	return w.String()
}

func TestPieces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := bottest.AnyText().Draw(t, "s")
		n := rapid.IntRange(2, 50).Draw(t, "n")
		parts := pieces(s, n)
		if strings.Join(parts, "") != s {
			t.Fatalf("%q became %q", s, parts)
		}
		for _, p := range parts {
			if utf8.RuneCountInString(p) > n {
				t.Fatalf("%q is longer than %d", p, n)
			}
		}
	})
}
