package bottest

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"

	"rounds/bot"
)

// OddTexts are texts that a service might read as markup, mentions or links, or fail to
// show. Each must reach the reader as it stands here. None ends in a space or holds a line
// break, so that they can stand in any block.
var OddTexts = map[string]string{
	"slack-mention":   "<!channel> and <@U123> and <#C1|general>",
	"discord-mention": "@everyone @here <@123> <@&456> <#789>",
	"slack-link":      "<https://example.org|click me>",
	"markdown":        "*bold* _italics_ ~struck~ **twice** __under__ ||hidden|| `code` ```block```",
	"markdown-line":   "# no heading, > no quote, - no list, 1. no number",
	"markdown-link":   "[text](https://example.org) ![alt](x)",
	"html":            `a < b && c > d "quoted" 'single' &amp; &lt;b&gt; <script>alert(1)</script>`,
	"backslash":       `C:\new\table \* \_ \\`,
	"emoji-code":      ":smile: :+1: :not_an_emoji:",
	"emoji":           "👩🏽‍🏫 🏫 🇺🇸 ✅",
	"rtl":             "الأستاذة נעמי Okafor",
	"rtl-override":    "abc \u202etxt.exe\u202c done",
	"combining":       "Zoe\u0308 No\u0308el Á a\u0301\u0302\u0303",
	"zero-width":      "Oka\u200bfor @\u200beveryone",
	"cjk":             "王老师 田中先生",
	"apostrophes":     "O'Neil’s D’Souza ‘quoted’",
	"template":        "{{.Name}} ${x} %s %d <%= x %>",
	"date-token":      "<!date^1392734382^Posted {date_num}|x> <t:1618953630:R>",
	"url":             "https://example.org/a?b=c&d=e#f",
}

// PNG is a small picture.
func PNG() []byte {
	img := image.NewPaletted(image.Rect(0, 0, 16, 8), color.Palette{color.White, color.Black})
	for x := range 16 {
		img.SetColorIndex(x, x%8, 1)
	}
	var w bytes.Buffer
	if err := png.Encode(&w, img); err != nil {
		panic(err)
	}
	return w.Bytes()
}

// Words is n numbered words, each different, so that a loss can be found.
func Words(n int) string {
	var w strings.Builder
	for i := range n {
		if i > 0 {
			w.WriteByte(' ')
		}
		fmt.Fprintf(&w, "word%04d", i)
	}
	return w.String()
}

func press(subject string) bot.Press { return bot.Press{Action: "demo.press", Subject: subject} }

func pressID(subject string) string { return "fixed-" + subject }

// A fixture's buttons carry fixed IDs beside their Press, so that a platform's golden files
// need no sealer.
func button(label string) bot.Button {
	id := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, strings.ToLower(label))
	return bot.Button{Label: label, Press: press(id), ID: pressID(id)}
}

func options(n int) []bot.Choice {
	var cs []bot.Choice
	for i := range n {
		cs = append(cs, bot.Choice{Label: fmt.Sprintf("Option %d", i+1), Value: fmt.Sprintf("o%d", i+1)})
	}
	return cs
}

// Cards are the cards that every platform renders into golden files: every block, the
// longest, the empty, the oddest. They pass bot.CheckCard unless their name begins with
// "over-" or "empty". Each call makes them anew.
func Cards() map[string]bot.Card {
	card := func(b ...bot.Block) bot.Card { return bot.Card{Blocks: b} }
	beside := button("Log")
	beside.About = "a visit to Okafor"
	danger := button("Undo")
	danger.Style, danger.Confirm = bot.Danger, "Take this visit back?"
	primary := button("Share now")
	primary.Style = bot.Primary
	picture := bot.Chart{
		Title: "Visits by week", Alt: "Visits rose from 12 to 27 of 32 over four weeks.",
		Labels: []string{"Sep 21", "Sep 28", "Oct 5", "Oct 12"},
		Series: []bot.Series{{Name: "On schedule", Values: []float64{12, 18, 22, 27}}, {Name: "Target", Values: []float64{32, 32, 32, 32}}},
		PNG:    PNG(),
	}
	bare := picture
	bare.PNG, bare.Unit, bare.Series = nil, "%", []bot.Series{{Name: "Share", Values: []float64{37.5, 56, 69, 84.4}}}
	table := bot.Table{
		Caption: "This week",
		Columns: []bot.Column{{Head: "Focus area"}, {Head: "Visits", Right: true}, {Head: "Share", Right: true}},
		Rows:    [][]string{{"Discourse", "12", "40%"}, {"Checking for understanding", "9", "30%"}, {"", "", ""}},
	}
	menu := bot.Select{Label: "Focus area", Press: press("focus"), ID: pressID("focus"), Options: options(5), Chosen: "o2"}
	m := map[string]bot.Card{
		"empty":        card(),
		"empty-blocks": card(bot.Text{}, bot.Facts{}, bot.List{}, bot.Table{}, bot.Buttons{}, bot.Context{}),
		"title":        card(bot.Title{Text: "My teachers"}),
		"text": card(bot.Text{Text: "First line.\nSecond line.\n\nAfter a gap."}, bot.Text{Text: "18 of 24 this week", Style: bot.Strong},
			bot.Text{Text: "Students explained their reasoning.\nThen they built on it.", Style: bot.Quote}),
		"facts": card(bot.Facts{Items: []bot.Fact{{Label: "Visits", Value: "18 of 24"}, {Label: "Days left", Value: "2"}, {Label: "Zone", Value: "Chicago"}}}),
		"list": card(bot.List{Items: []bot.Item{{Text: "Okafor", Note: "behind, 12 school days", Button: &beside}, {Text: "Diaz", Note: "due soon"}, {Text: "Lindqvist"}}},
			bot.List{Ordered: true, Items: []bot.Item{{Text: "Open"}, {Text: "Look at student work", Note: "20 min"}, {Text: "Facilitator: Diaz", People: true}}}),
		"table":      card(table),
		"progress":   card(bot.Progress{Label: "This week", Done: 18, Of: 24}, bot.Progress{Done: 0, Of: 0}, bot.Progress{Label: "Over", Done: 30, Of: 24}),
		"chart":      card(picture),
		"chart-bare": card(bare),
		"image":      card(bot.Image{Title: "Seating", Alt: "A plan of a classroom", PNG: PNG()}),
		"divider":    card(bot.Text{Text: "Above"}, bot.Divider{}, bot.Text{Text: "Below"}),
		"context":    card(bot.Text{Text: "Saved."}, bot.Context{Text: "Only you can see this."}),
		"buttons":    card(bot.Buttons{Items: []bot.Button{primary, button("Share at 3:30"), danger}}),
		"select":     card(menu),
		"receipt": card(bot.Text{Text: "Saved. Only you can see this.", Style: bot.Strong}, bot.Facts{Items: []bot.Fact{{Label: "Visit", Value: "Okafor, 12 min"}}},
			bot.Buttons{Items: []bot.Button{primary, button("Share at 3:30"), button("We debriefed"), danger}}, bot.Context{Text: "Times are Chicago time."}),
		"every": card(bot.Title{Text: "Everything"}, bot.Text{Text: "A paragraph."}, bot.Facts{Items: []bot.Fact{{Label: "A", Value: "1"}}},
			bot.List{Items: []bot.Item{{Text: "Okafor", Button: &beside}}}, table, bot.Progress{Label: "Done", Done: 3, Of: 5}, picture,
			bot.Image{Alt: "A plan", PNG: PNG()}, bot.Divider{}, bot.Context{Text: "Small print"}, bot.Buttons{Items: []bot.Button{primary}}, menu),
		"over-text":    card(bot.Title{Text: Words(60)}, bot.Text{Text: Words(2500)}, bot.Context{Text: Words(600)}, bot.Facts{Items: []bot.Fact{{Label: Words(40), Value: Words(700)}}}),
		"over-blocks":  manyBlocks(130),
		"over-list":    longList(150),
		"over-table":   longTable(140, 25),
		"over-buttons": manyButtons(60),
		"over-select":  card(bot.Select{Label: "One of many", Press: press("many"), ID: pressID("many"), Options: options(140), Chosen: "o120"}),
	}
	var odd []bot.Block
	for _, name := range sortedKeys(OddTexts) {
		t := OddTexts[name]
		m["odd-"+name] = card(bot.Title{Text: t}, bot.Text{Text: t}, bot.Text{Text: t, Style: bot.Quote}, bot.Facts{Items: []bot.Fact{{Label: t, Value: t}}},
			bot.List{Items: []bot.Item{{Text: t, Note: t}}}, bot.Table{Caption: t, Columns: []bot.Column{{Head: t}}, Rows: [][]string{{t}}}, bot.Context{Text: t},
			bot.Buttons{Items: []bot.Button{{Label: clip(t, 30), Press: press("odd"), ID: pressID("odd"), About: t, Confirm: t}}},
			bot.Select{Label: t, Press: press("odd2"), ID: pressID("odd2"), Options: []bot.Choice{{Label: clip(t, 75), Value: "a", Note: clip(t, 75)}}})
		odd = append(odd, bot.Text{Text: t})
	}
	m["odd-all"] = bot.Card{Blocks: odd}
	return m
}

func manyBlocks(n int) bot.Card {
	var c bot.Card
	for i := range n {
		c.Blocks = append(c.Blocks, bot.Text{Text: fmt.Sprintf("Paragraph %d of many", i+1)})
		if i%10 == 9 {
			c.Blocks = append(c.Blocks, bot.Divider{})
		}
	}
	return c
}

func longList(n int) bot.Card {
	var l bot.List
	for i := range n {
		b := button(fmt.Sprintf("Log %d", i+1))
		l.Items = append(l.Items, bot.Item{Text: fmt.Sprintf("Teacher number %d", i+1), Note: "due soon", Button: &b})
	}
	return bot.Card{Blocks: []bot.Block{bot.Title{Text: "A long list"}, l}}
}

func longTable(rows, columns int) bot.Card {
	t := bot.Table{Caption: "A long table"}
	for c := range columns {
		t.Columns = append(t.Columns, bot.Column{Head: fmt.Sprintf("Column %d", c+1), Right: c > 0})
	}
	for r := range rows {
		var row []string
		for c := range columns {
			row = append(row, fmt.Sprintf("r%dc%d", r+1, c+1))
		}
		t.Rows = append(t.Rows, row)
	}
	return bot.Card{Blocks: []bot.Block{t}}
}

func manyButtons(n int) bot.Card {
	var b bot.Buttons
	for i := range n {
		b.Items = append(b.Items, button(fmt.Sprintf("Button %d", i+1)))
	}
	return bot.Card{Blocks: []bot.Block{bot.Text{Text: "Many buttons"}, b}}
}

// Forms are the forms that every platform renders into golden files. Names as in Cards.
func Forms() map[string]bot.Form {
	form := func(title string, fields ...bot.Field) bot.Form {
		return bot.Form{Title: title, Submit: "Save", Press: press("form"), ID: pressID("form"), Fields: fields}
	}
	visit := form("Log a visit",
		bot.Field{
			Name: "teacher", Label: "Teacher", Kind: bot.FieldPerson, Many: true, Hint: "This week's names first",
			Options: []bot.Choice{{Label: "Okafor", Value: "p1"}, {Label: "Diaz", Value: "p2", Note: "behind"}, {Label: "Lindqvist", Value: "p3"}}, Value: []string{"p2"},
		},
		bot.Field{Name: "minutes", Label: "Minutes", Kind: bot.FieldNumber, Min: 1, Max: 240, Value: []string{"12"}},
		bot.Field{Name: "day", Label: "Visited on", Kind: bot.FieldDate, Value: []string{"2026-10-15"}},
		bot.Field{Name: "focus", Label: "Focus area", Kind: bot.FieldSelect, Options: options(6), Optional: true},
		bot.Field{Name: "glow", Label: "Glow", Kind: bot.FieldLong, Optional: true, Max: 2000})
	visit.Intro = "What you write here is seen by you and by the teacher, once you share it."
	every := form("Everything",
		bot.Field{Name: "line", Label: "One line", Kind: bot.FieldText, Placeholder: "Type here", Hint: "A hint", Value: []string{"as it was"}, Max: 80},
		bot.Field{Name: "long", Label: "Several lines", Kind: bot.FieldLong, Placeholder: "No student names.", Value: []string{"one\ntwo"}},
		bot.Field{Name: "pick", Label: "Pick one", Kind: bot.FieldSelect, Options: options(4), Value: []string{"o3"}},
		bot.Field{Name: "several", Label: "Pick several", Kind: bot.FieldMultiSelect, Options: options(4), Value: []string{"o1", "o4"}, Optional: true},
		bot.Field{Name: "radio", Label: "One of few", Kind: bot.FieldRadio, Options: options(4), Value: []string{"o2"}},
		bot.Field{Name: "boxes", Label: "Any of few", Kind: bot.FieldCheckbox, Options: options(3), Value: []string{"o1"}, Optional: true},
		bot.Field{Name: "day", Label: "A day", Kind: bot.FieldDate, Value: []string{"2026-10-30"}},
		bot.Field{Name: "number", Label: "A number", Kind: bot.FieldNumber, Min: 0, Max: 100, Value: []string{"7"}},
		bot.Field{Name: "person", Label: "A person", Kind: bot.FieldPerson, Options: options(3)})
	many := form("Many fields")
	for i := range 14 {
		many.Fields = append(many.Fields, bot.Field{Name: "field_" + string(rune('a'+i)), Label: fmt.Sprintf("Field %d", i+1), Optional: i%2 == 1})
	}
	odd := form("Odd texts")
	for i, name := range sortedKeys(OddTexts) {
		t := OddTexts[name]
		odd.Fields = append(odd.Fields, bot.Field{Name: "odd_" + string(rune('a'+i)), Label: clip(t, 45), Hint: clip(t, 100), Placeholder: clip(t, 100), Value: []string{t}})
	}
	return map[string]bot.Form{
		"visit":        visit,
		"every":        every,
		"one":          form("One field", bot.Field{Name: "note", Label: "Note", Kind: bot.FieldLong}),
		"many-fields":  many,
		"many-options": form("Many options", bot.Field{Name: "teacher", Label: "Teacher", Kind: bot.FieldPerson, Options: options(140), Value: []string{"o130"}}),
		"odd":          odd,
		"longest": form(strings.Repeat("T", 24), bot.Field{
			Name: "long", Label: strings.Repeat("L", 45), Hint: strings.Repeat("h", 100),
			Placeholder: strings.Repeat("p", 100), Kind: bot.FieldLong, Value: []string{Words(400)},
		}),
	}
}

// typeName is "bot.Title".
func typeName(v any) string { return fmt.Sprintf("%T", v) }

func clip(s string, n int) string {
	r := []rune(s)
	return string(r[:min(n, len(r))])
}
