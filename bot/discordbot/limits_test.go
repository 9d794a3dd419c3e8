package discordbot

import (
	"fmt"
	"strings"
	"testing"

	"rounds/bot"
	"rounds/bot/fit"
)

// Each limit at one less, exactly, and one more: what goes out is never too long, and what had to change is reported.
func TestLimitsAreKept(t *testing.T) {
	x := func(n int) string { return strings.Repeat("x", n) }
	msg := func(b ...bot.Block) (any, Report) {
		ms, r := Render{Pictures: true}.Messages(bot.Card{Blocks: b})
		return ms, r
	}
	modal := func(f bot.Form) (any, Report) {
		u := newUnderway(f, Incoming{})
		m, r := Render{}.Part(u, 1, false)
		return m, r
	}
	form := func(f bot.Field) (any, Report) {
		f.Name = "f"
		return modal(bot.Form{Title: "T", ID: "i", Fields: []bot.Field{f}})
	}
	choices := func(n int) []bot.Choice {
		var cs []bot.Choice
		for i := range n {
			cs = append(cs, bot.Choice{Label: fmt.Sprint("o", i), Value: fmt.Sprint("v", i)})
		}
		return cs
	}
	suggest := func(cs ...bot.Choice) (any, Report) {
		r := Render{}.Answer(Incoming{Source: Suggestion}, bot.Choices(cs), Moment{})
		return r.Body.Data, r.Report
	}
	texts := func(n int) []bot.Block {
		var bs []bot.Block
		for range n {
			bs = append(bs, bot.Text{Text: "x"})
		}
		return bs
	}
	button := func(b bot.Button) (any, Report) { return msg(bot.Buttons{Items: []bot.Button{b}}) }
	tests := []struct {
		name string
		max  int
		draw func(n int) (any, Report)
	}{
		{"components", maxComponents - 1, func(n int) (any, Report) { return msg(texts(n)...) }},
		{"texts of a message", maxTexts, func(n int) (any, Report) { return msg(bot.Text{Text: x(2000)}, bot.Text{Text: x(n - 2000)}) }},
		{"buttons", maxRowButtons, func(n int) (any, Report) {
			var b bot.Buttons
			for i := range n {
				b.Items = append(b.Items, bot.Button{Label: "l", ID: fmt.Sprint(i)})
			}
			return msg(b)
		}},
		{"button label", maxButtonLabel, func(n int) (any, Report) { return button(bot.Button{Label: x(n), ID: "i"}) }},
		{"button id", maxCustomID, func(n int) (any, Report) { return button(bot.Button{Label: "l", ID: x(n)}) }},
		{"button that asks", maxCustomID - 1, func(n int) (any, Report) { return button(bot.Button{Label: "l", ID: x(n), Confirm: "?"}) }},
		{"menu id", maxCustomID, func(n int) (any, Report) { return msg(bot.Select{Label: "l", ID: x(n), Options: choices(2)}) }},
		{"options", maxOptions, func(n int) (any, Report) { return msg(bot.Select{Label: "l", ID: "i", Options: choices(n)}) }},
		{"option", maxOptionLabel, func(n int) (any, Report) {
			return msg(bot.Select{Label: "l", ID: "i", Options: []bot.Choice{{Label: x(n), Value: "v"}}})
		}},
		{"option value", maxOptionValue, func(n int) (any, Report) {
			return msg(bot.Select{Label: "l", ID: "i", Options: []bot.Choice{{Label: "l", Value: x(n)}, {Label: "l", Value: "v"}}})
		}},
		{"option note", maxOptionNote, func(n int) (any, Report) {
			return msg(bot.Select{Label: "l", ID: "i", Options: []bot.Choice{{Label: "l", Value: "v", Note: x(n)}}})
		}},
		{"picture words", maxAlt, func(n int) (any, Report) {
			return msg(bot.Chart{Alt: x(n), PNG: []byte("p")})
		}},
		{"image words", maxAlt, func(n int) (any, Report) { return msg(bot.Image{Alt: x(n), PNG: []byte("p")}) }},
		{"picture", maxFileBytes, func(n int) (any, Report) { return msg(bot.Image{Alt: "a", PNG: make([]byte, n)}) }},
		{"form title", maxModalTitle, func(n int) (any, Report) {
			return modal(bot.Form{Title: x(n), ID: "i", Fields: []bot.Field{{Name: "f", Label: "l"}}})
		}},
		{"form id", maxCustomID - len(".1aabcdefghij"), func(n int) (any, Report) {
			return modal(bot.Form{Title: "T", ID: x(n), Fields: []bot.Field{{Name: "f", Label: "l"}}})
		}},
		{"form fields", maxModalRows, func(n int) (any, Report) {
			f := bot.Form{Title: "T", ID: "i"}
			for i := range n {
				f.Fields = append(f.Fields, bot.Field{Name: fmt.Sprint("f", i), Label: "l"})
			}
			return modal(f)
		}},
		{"form parts", maxModalRows * mostParts, func(n int) (any, Report) {
			f := bot.Form{Title: "T", ID: "i"}
			for i := range n {
				f.Fields = append(f.Fields, bot.Field{Name: fmt.Sprint("f", i), Label: "l"})
			}
			return modal(f)
		}},
		{"introduction", maxTexts, func(n int) (any, Report) {
			return modal(bot.Form{Title: "T", ID: "i", Intro: x(n), Fields: []bot.Field{{Name: "f", Label: "l"}}})
		}},
		{"label", maxLabel, func(n int) (any, Report) { return form(bot.Field{Label: x(n)}) }},
		{"hint", maxLabelHint, func(n int) (any, Report) { return form(bot.Field{Label: "l", Hint: x(n)}) }},
		{"placeholder", maxInputHint, func(n int) (any, Report) { return form(bot.Field{Label: "l", Placeholder: x(n)}) }},
		{"menu placeholder", maxPlaceholder, func(n int) (any, Report) {
			return form(bot.Field{Label: "l", Placeholder: x(n), Kind: bot.FieldSelect, Options: choices(2)})
		}},
		{"value", maxInputValue, func(n int) (any, Report) {
			return form(bot.Field{Label: "l", Kind: bot.FieldLong, Value: []string{x(n)}})
		}},
		{"longest value", maxInputValue, func(n int) (any, Report) { return form(bot.Field{Label: "l", Max: n}) }},
		{"radio", maxRadio, func(n int) (any, Report) {
			return form(bot.Field{Label: "l", Kind: bot.FieldRadio, Options: choices(n)})
		}},
		{"radio of few", minRadio, func(n int) (any, Report) {
			return form(bot.Field{Label: "l", Kind: bot.FieldRadio, Options: choices(n)})
		}},
		{"boxes", maxBoxes, func(n int) (any, Report) {
			return form(bot.Field{Label: "l", Kind: bot.FieldCheckbox, Options: choices(n)})
		}},
		{"field options", maxOptions, func(n int) (any, Report) {
			return form(bot.Field{Label: "l", Kind: bot.FieldSelect, Options: choices(n)})
		}},
		{"suggestions", maxSuggestions, func(n int) (any, Report) { return suggest(choices(n)...) }},
		{"suggestion", maxSuggestion, func(n int) (any, Report) { return suggest(bot.Choice{Label: x(n), Value: "v"}) }},
		{"suggestion value", maxSuggestion, func(n int) (any, Report) { return suggest(bot.Choice{Label: "l", Value: x(n)}) }},
	}
	quiet := map[string]bool{ // these go on elsewhere without a word, because nothing is lost
		"form id": true, "form fields": true, "longest value": true, "radio": true, "radio of few": true, "boxes": true, "image words": true,
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, n := range []int{tt.max - 1, tt.max, tt.max + 1} {
				got, report := tt.draw(n)
				if wrong := refusedOf(got); wrong != nil {
					t.Errorf("%d: %s", n, strings.Join(wrong, "\n"))
				}
				if !quiet[tt.name] && (len(report) > 0) != (n > tt.max) {
					t.Errorf("%d of %d: the report is %q", n, tt.max, report)
				}
			}
		})
	}
}

// refusedOf is what Discord would refuse in what was drawn.
func refusedOf(v any) (wrong []string) {
	switch v := v.(type) {
	case []Payload:
		for _, m := range v {
			wrong = append(wrong, checkMessage(m)...)
		}
	case Modal:
		wrong = checkModal(v)
	case map[string]any:
		all := anyList(asMap(v)["choices"])
		if len(all) > 25 {
			wrong = append(wrong, fmt.Sprintf("%d suggestions", len(all)))
		}
		for _, c := range all {
			ch := newChecker()
			ch.text("suggestion", c.(map[string]any), "name", 1, 100)
			ch.text("suggestion", c.(map[string]any), "value", 1, 100)
			wrong = append(wrong, ch.wrong...)
		}
	}
	return wrong
}

// The table of limits holds every constant once, with a source.
func TestLimitsTable(t *testing.T) {
	names := map[string]bool{}
	for _, l := range Limits() {
		if l.Max <= 0 || l.Source == "" || names[l.Name] {
			t.Errorf("limit %+v", l)
		}
		names[l.Name] = true
	}
}

func TestRegistrationLimits(t *testing.T) {
	x := func(n int) string { return strings.Repeat("x", n) }
	many := func(n int) []bot.Command {
		var cs []bot.Command
		for i := range n {
			cs = append(cs, bot.Command{Name: fmt.Sprint("c", i), Summary: "s"})
		}
		return cs
	}
	menus := func(n int) []Menu {
		var ms []Menu
		for i := range n {
			ms = append(ms, Menu{Label: fmt.Sprint("M ", i)})
		}
		return ms
	}
	options := func(n int) []bot.Command {
		s := bot.Sub{Name: "s"}
		for i := range n {
			s.Options = append(s.Options, bot.Option{Name: fmt.Sprint("o", i)})
		}
		return []bot.Command{{Name: "c", Subs: []bot.Sub{s}}}
	}
	choice := func(n int) []bot.Command {
		o := bot.Option{Name: "o", Kind: bot.OptionChoice}
		for i := range n {
			o.Choices = append(o.Choices, bot.Choice{Label: "l", Value: fmt.Sprint(i)})
		}
		return []bot.Command{{Name: "c", Subs: []bot.Sub{{Name: "s", Options: []bot.Option{o}}}}}
	}
	chars := func(n int) []bot.Command { // the command c: 1 and 1, each subcommand 4 and 96, one filler
		c := bot.Command{Name: "c", Summary: "s"}
		for i := range 20 {
			s := bot.Sub{Name: fmt.Sprintf("s%03d", i), Summary: x(96)}
			for j := range 3 {
				s.Options = append(s.Options, bot.Option{Name: fmt.Sprintf("o%03d", j), Help: x(96)})
			}
			c.Subs = append(c.Subs, s)
		}
		c.Subs[19].Options = c.Subs[19].Options[:2]
		c.Subs[19].Options = append(c.Subs[19].Options, bot.Option{Name: "z", Help: x(n - 7902 - 1)})
		return []bot.Command{c}
	}
	for name, tt := range map[string]struct {
		max  int
		make func(n int) ([]bot.Command, []Menu)
	}{
		"commands":   {maxCommands, func(n int) ([]bot.Command, []Menu) { return many(n), nil }},
		"menus":      {maxMessageMenu, func(n int) ([]bot.Command, []Menu) { return nil, menus(n) }},
		"menu":       {maxCommandName, func(n int) ([]bot.Command, []Menu) { return nil, []Menu{{Label: x(n)}} }},
		"name":       {maxCommandName, func(n int) ([]bot.Command, []Menu) { return []bot.Command{{Name: x(n)}}, nil }},
		"options":    {maxCommandOptions, func(n int) ([]bot.Command, []Menu) { return options(n), nil }},
		"choices":    {maxCommandChoices, func(n int) ([]bot.Command, []Menu) { return choice(n), nil }},
		"characters": {maxCommandChars, func(n int) ([]bot.Command, []Menu) { return chars(n), nil }},
	} {
		for _, n := range []int{tt.max - 1, tt.max, tt.max + 1} {
			cs, ms := tt.make(n)
			if _, err := Registration(cs, ms); (err != nil) != (n > tt.max) {
				t.Errorf("%s of %d: %v", name, n, err)
			}
		}
	}
	for _, n := range []int{maxCommandText - 1, maxCommandText, maxCommandText + 1} { // cut, because help says it whole
		set, err := Registration([]bot.Command{{Name: "c", Summary: x(n)}}, nil)
		if err != nil || fit.Length(set[0].Description) > maxCommandText {
			t.Errorf("summary of %d: %v", n, err)
		}
	}
	if n := nonceFor("m"); len(n) > maxNonce || n != nonceFor("m") || n == nonceFor("n") {
		t.Errorf("nonce %q", n)
	}
	if s := threadName(bot.Card{Blocks: []bot.Block{bot.Title{Text: x(maxThreadName + 1)}}}); fit.Length(s) > maxThreadName {
		t.Errorf("a thread's name of %d characters", fit.Length(s))
	}
}
