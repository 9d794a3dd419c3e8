package bottest

import (
	"fmt"
	"maps"
	"slices"

	"rounds/bot"

	"pgregory.net/rapid"
)

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// AnyText draws a text: odd, empty, of any script, or long.
func AnyText() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.SampledFrom(append(oddTexts(), "", " ", "\n")),
		rapid.String(),
		rapid.StringN(0, 40, -1),
		rapid.Map(rapid.IntRange(1, 1500), Words),
	)
}

// oddTexts are OddTexts in an order that is the same each time.
func oddTexts() []string {
	var out []string
	for _, k := range sortedKeys(OddTexts) {
		out = append(out, OddTexts[k])
	}
	return out
}

// AnyCard draws a card: any blocks, any length, any script. Its buttons have fixed IDs, each
// different.
func AnyCard() *rapid.Generator[bot.Card] {
	return rapid.Custom(func(t *rapid.T) bot.Card {
		d := &drawer{t: t}
		var c bot.Card
		for range rapid.IntRange(0, 20).Draw(t, "blocks") {
			c.Blocks = append(c.Blocks, d.block())
		}
		return c
	})
}

type drawer struct {
	t *rapid.T
	n int // of buttons
}

func (d *drawer) text(what string) string { return AnyText().Draw(d.t, what) }

func (d *drawer) count(what string, most int) int {
	return rapid.OneOf(rapid.IntRange(0, 4), rapid.IntRange(0, most)).Draw(d.t, what)
}

func (d *drawer) button() bot.Button {
	d.n++
	id := fmt.Sprintf("b%d", d.n)
	return bot.Button{
		Label: rapid.StringN(1, 30, -1).Draw(d.t, "label"),
		Press: press(id), ID: pressID(id),
		Style:   bot.ButtonStyle(rapid.IntRange(0, 2).Draw(d.t, "style")),
		Confirm: rapid.SampledFrom([]string{"", "Sure?"}).Draw(d.t, "confirm"),
		About:   rapid.SampledFrom([]string{"", "Okafor"}).Draw(d.t, "about"),
	}
}

func (d *drawer) block() bot.Block {
	switch rapid.IntRange(0, 11).Draw(d.t, "block") {
	case 0:
		return bot.Title{Text: d.text("title")}
	case 1:
		return bot.Text{Text: d.text("text"), Style: bot.TextStyle(rapid.IntRange(0, 2).Draw(d.t, "style"))}
	case 2:
		var b bot.Facts
		for range d.count("facts", 30) {
			b.Items = append(b.Items, bot.Fact{Label: d.text("label"), Value: d.text("value")})
		}
		return b
	case 3:
		b := bot.List{Ordered: rapid.Bool().Draw(d.t, "ordered")}
		for range d.count("items", 60) {
			it := bot.Item{Text: d.text("item"), Note: d.text("note"), People: rapid.Bool().Draw(d.t, "people")}
			if rapid.Bool().Draw(d.t, "has button") {
				bt := d.button()
				it.Button = &bt
			}
			b.Items = append(b.Items, it)
		}
		return b
	case 4:
		b := bot.Table{Caption: d.text("caption")}
		for range d.count("columns", 25) {
			b.Columns = append(b.Columns, bot.Column{Head: rapid.StringN(0, 20, -1).Draw(d.t, "head"), Right: rapid.Bool().Draw(d.t, "right")})
		}
		for range d.count("rows", 40) {
			row := make([]string, len(b.Columns))
			for i := range row {
				row[i] = rapid.StringN(0, 20, -1).Draw(d.t, "cell")
			}
			b.Rows = append(b.Rows, row)
		}
		return b
	case 5:
		return bot.Progress{Label: d.text("label"), Done: rapid.IntRange(0, 200).Draw(d.t, "done"), Of: rapid.IntRange(0, 200).Draw(d.t, "of")}
	case 6:
		return d.chart()
	case 7:
		return bot.Image{Title: d.text("title"), Alt: d.text("alt"), PNG: PNG()}
	case 8:
		return bot.Divider{}
	case 9:
		return bot.Context{Text: d.text("context")}
	case 10:
		var b bot.Buttons
		for range d.count("buttons", 30) {
			b.Items = append(b.Items, d.button())
		}
		return b
	default:
		d.n++
		id := fmt.Sprintf("s%d", d.n)
		b := bot.Select{Label: d.text("label"), Press: press(id), ID: pressID(id), Options: d.choices(120)}
		if rapid.Bool().Draw(d.t, "has chosen") {
			b.Chosen = b.Options[rapid.IntRange(0, len(b.Options)-1).Draw(d.t, "chosen")].Value
		}
		return b
	}
}

func (d *drawer) chart() bot.Block {
	c := bot.Chart{Title: d.text("title"), Alt: d.text("alt"), Unit: rapid.SampledFrom([]string{"", "%", "visits"}).Draw(d.t, "unit")}
	for i := range d.count("labels", 30) {
		c.Labels = append(c.Labels, fmt.Sprintf("Week %d", i+1))
	}
	for i := range rapid.IntRange(1, 8).Draw(d.t, "series") {
		s := bot.Series{Name: fmt.Sprintf("Series %d", i+1)}
		for range c.Labels {
			s.Values = append(s.Values, float64(rapid.IntRange(-5, 500).Draw(d.t, "value"))/4)
		}
		c.Series = append(c.Series, s)
	}
	if rapid.Bool().Draw(d.t, "has picture") {
		c.PNG = PNG()
	}
	return c
}

// choices draws one option or more, with different values.
func (d *drawer) choices(most int) []bot.Choice {
	var cs []bot.Choice
	for i := range 1 + d.count("options", most-1) {
		cs = append(cs, bot.Choice{
			Label: rapid.StringN(1, 75, -1).Draw(d.t, "label"),
			Value: fmt.Sprintf("v%d", i),
			Note:  rapid.StringN(0, 75, -1).Draw(d.t, "note"),
		})
	}
	return cs
}

// AnyForm draws a form within the limits that bot.CheckForm checks.
func AnyForm() *rapid.Generator[bot.Form] {
	return rapid.Custom(func(t *rapid.T) bot.Form {
		d := &drawer{t: t}
		f := bot.Form{
			Title:  rapid.StringN(1, 24, -1).Draw(t, "title"),
			Intro:  d.text("intro"),
			Submit: rapid.StringN(0, 24, -1).Draw(t, "submit"),
			Press:  press("form"), ID: pressID("form"),
		}
		for i := range rapid.IntRange(1, 15).Draw(t, "fields") {
			f.Fields = append(f.Fields, d.field(i))
		}
		return f
	})
}

func (d *drawer) field(i int) bot.Field {
	fd := bot.Field{
		Name:        "field_" + string(rune('a'+i)),
		Label:       rapid.StringN(1, 45, -1).Draw(d.t, "label"),
		Hint:        rapid.StringN(0, 100, -1).Draw(d.t, "hint"),
		Placeholder: rapid.StringN(0, 100, -1).Draw(d.t, "placeholder"),
		Kind:        bot.FieldKind(rapid.IntRange(0, int(bot.FieldPerson)).Draw(d.t, "kind")),
		Optional:    rapid.Bool().Draw(d.t, "optional"),
	}
	filled := rapid.Bool().Draw(d.t, "filled")
	switch fd.Kind {
	case bot.FieldText:
		if filled {
			fd.Value = []string{rapid.StringN(0, 60, -1).Draw(d.t, "value")}
		}
	case bot.FieldLong:
		if filled {
			fd.Value = []string{d.text("value")}
		}
	case bot.FieldDate:
		if filled {
			fd.Value = []string{fmt.Sprintf("2026-10-%02d", rapid.IntRange(1, 31).Draw(d.t, "day"))}
		}
	case bot.FieldNumber:
		fd.Min, fd.Max = 0, 240
		if filled {
			fd.Value = []string{fmt.Sprint(rapid.IntRange(0, 240).Draw(d.t, "value"))}
		}
	default:
		most := 120
		if fd.Kind == bot.FieldRadio || fd.Kind == bot.FieldCheckbox {
			most = 10
		}
		fd.Options = d.choices(most)
		if len(fd.Options) > most {
			fd.Options = fd.Options[:most]
		}
		fd.Many = fd.Kind == bot.FieldPerson && rapid.Bool().Draw(d.t, "many")
		if filled {
			fd.Value = []string{fd.Options[rapid.IntRange(0, len(fd.Options)-1).Draw(d.t, "value")].Value}
		}
	}
	return fd
}
