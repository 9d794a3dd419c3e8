package discordbot

import (
	"strings"
	"testing"
	"unicode"

	"rounds/bot"
	"rounds/bot/bottest"
	"rounds/bot/fit"

	"pgregory.net/rapid"
)

// seen is everything that messages show.
func seen(ms []Payload) string {
	var w strings.Builder
	for _, m := range ms {
		for _, l := range componentsText(asMap(m)["components"]) {
			w.WriteString(l + "\n")
		}
	}
	return w.String()
}

func TestCards(t *testing.T) {
	for name, card := range bottest.Cards() {
		t.Run(name, func(t *testing.T) {
			ms, report := Render{Pictures: true}.Messages(card)
			for i, m := range ms {
				if wrong := checkMessage(m); wrong != nil {
					t.Errorf("message %d:\n%s", i+1, strings.Join(wrong, "\n"))
				}
			}
			bottest.Golden(t, "testdata/cards/"+name+".json", bottest.Pretty(t, map[string]any{"messages": ms, "report": report}))
		})
	}
}

// What a card says is seen as it stands, whatever Discord would read in it.
func TestLiteral(t *testing.T) {
	for name, odd := range bottest.OddTexts {
		for what, b := range map[string]bot.Block{
			"text": bot.Text{Text: odd}, "strong": bot.Text{Text: odd, Style: bot.Strong}, "quote": bot.Text{Text: odd, Style: bot.Quote},
			"title": bot.Title{Text: odd}, "context": bot.Context{Text: odd}, "fact": bot.Facts{Items: []bot.Fact{{Label: "l", Value: odd}}},
			"item": bot.List{Items: []bot.Item{{Text: odd}}}, "row": bot.List{Items: []bot.Item{{Text: odd, Button: &bot.Button{Label: "x", ID: "y"}}}},
			"table": bot.Table{Columns: []bot.Column{{Head: "h"}}, Rows: [][]string{{odd}}},
		} {
			ms, _ := Render{}.Messages(bot.Card{Blocks: []bot.Block{b}})
			if got := seen(ms); !strings.Contains(strings.Join(strings.Fields(got), " "), strings.Join(strings.Fields(odd), " ")) {
				t.Errorf("%s as %s: %q became %q", name, what, odd, got)
			}
		}
	}
}

// The reader of these tests must notice what is not escaped.
func TestReaderNoticesMarkup(t *testing.T) {
	for _, s := range []string{"<@123>", "@everyone", "*a*", "**a**", "`a`", "https://example.org", "[a](b)", ":smile:", "# a", "> a", "-# a", "||a||"} {
		if readable(s) == s {
			t.Errorf("%q passes as literal", s)
		}
	}
}

func TestForms(t *testing.T) {
	for name, form := range bottest.Forms() {
		t.Run(name, func(t *testing.T) {
			u := newUnderway(form, Incoming{Call: bot.Call{ID: "call"}})
			var all []any
			for i := range u.parts() {
				m, report := Render{}.Part(u, i+1, false)
				if wrong := checkModal(m); wrong != nil {
					t.Errorf("part %d: %s", i+1, strings.Join(wrong, "\n"))
				}
				all = append(all, map[string]any{"modal": m, "report": report})
			}
			bottest.Golden(t, "testdata/forms/"+name+".json", bottest.Pretty(t, all))
		})
	}
}

// letters leaves of a text what no renderer may lose, in its order.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

func TestAnyCard(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		card := bottest.AnyCard().Draw(t, "card")
		ms, _ := Render{Pictures: rapid.Bool().Draw(t, "pictures")}.Messages(card)
		for _, m := range ms {
			for _, p := range []Payload{m, marked(m, "marker")} {
				if wrong := checkMessage(p); wrong != nil {
					t.Fatalf("%s", strings.Join(wrong, "\n"))
				}
			}
		}
		all := letters(seen(ms))
		for i, b := range card.Blocks {
			switch b := b.(type) {
			case bot.Text:
				if !strings.Contains(all, letters(fit.Clean(b.Text))) {
					t.Fatalf("block %d is not shown whole", i+1)
				}
			case bot.List:
				for _, it := range b.Items {
					if it.Button != nil && fit.Length(it.Text) > 400 {
						continue // its button stands between its parts
					}
					if !strings.Contains(all, letters(fit.Clean(it.Text))) {
						t.Fatalf("block %d: an item is not shown whole", i+1)
					}
				}
			}
		}
	})
}

func TestAnyForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := bottest.AnyForm().Draw(t, "form")
		u := newUnderway(f, Incoming{Call: bot.Call{ID: "call"}})
		names := map[string]bool{}
		for i := range u.parts() {
			for _, again := range []bool{false, true} {
				m, _ := Render{}.Part(u, i+1, again)
				if wrong := checkModal(m); wrong != nil {
					t.Fatalf("%s", strings.Join(wrong, "\n"))
				}
				for _, c := range m.Components {
					if e, ok := c["component"].(Component); ok {
						names[e["custom_id"].(string)] = true
					}
				}
			}
		}
		if len(names) != len(f.Fields) {
			t.Fatalf("%d of %d fields are asked", len(names), len(f.Fields))
		}
	})
}

func TestSplitLosesNothing(t *testing.T) {
	squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
	rapid.Check(t, func(t *rapid.T) {
		s := bottest.AnyText().Draw(t, "text")
		n := rapid.IntRange(10, 80).Draw(t, "n")
		var all strings.Builder
		for _, part := range splitFor(s, n, escape) {
			if d := escape(part); fit.Length(d) > max(n, 16) {
				t.Fatalf("%q is longer than %d", d, n)
			}
			all.WriteString(part)
		}
		if squeeze(all.String()) != squeeze(s) {
			t.Fatalf("%q became %q", s, all.String())
		}
	})
}
