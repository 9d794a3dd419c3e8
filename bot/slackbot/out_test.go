package slackbot

import (
	"fmt"
	"strings"
	"testing"
	"unicode"

	"rounds/bot"
	"rounds/bot/bottest"
	"rounds/bot/fit"

	"pgregory.net/rapid"
)

// uploaded stands for pictures that Slack has.
func uploaded([]byte) string { return "F01PICTURE" }

func TestCards(t *testing.T) {
	for name, card := range bottest.Cards() {
		t.Run(name, func(t *testing.T) {
			ms, report := Render{Picture: uploaded}.Messages(card)
			for i, m := range ms {
				if wrong := checkMessage(m); wrong != nil {
					t.Errorf("message %d:\n%s", i+1, strings.Join(wrong, "\n"))
				}
			}
			bottest.Golden(t, "testdata/cards/"+name+".json", bottest.Pretty(t, map[string]any{"messages": ms, "report": report}))
		})
	}
}

func TestViews(t *testing.T) {
	for name, card := range bottest.Cards() {
		t.Run(name, func(t *testing.T) {
			modal, report := Render{}.Modal(card)
			home, _ := Render{}.HomeView(card)
			for what, v := range map[string]View{"modal": modal, "home": home} {
				if wrong := checkView(v); wrong != nil {
					t.Errorf("%s:\n%s", what, strings.Join(wrong, "\n"))
				}
			}
			if !strings.HasPrefix(name, "odd-") {
				bottest.Golden(t, "testdata/modals/"+name+".json", bottest.Pretty(t, map[string]any{"view": modal, "report": report}))
			}
		})
	}
}

func TestForms(t *testing.T) {
	for name, form := range bottest.Forms() {
		t.Run(name, func(t *testing.T) {
			v, report := Render{}.Form(form, Origin{Channel: "C01GEN"})
			if wrong := checkView(v); wrong != nil {
				t.Errorf("%s", strings.Join(wrong, "\n"))
			}
			bottest.Golden(t, "testdata/forms/"+name+".json", bottest.Pretty(t, map[string]any{"view": v, "report": report}))
		})
	}
}

// Without pictures and tables a card is still whole.
func TestPlainest(t *testing.T) {
	for name, card := range bottest.Cards() {
		ms, _ := Render{NoTables: true}.Messages(card)
		for _, m := range ms {
			if wrong := checkMessage(m); wrong != nil {
				t.Errorf("%s: %s", name, strings.Join(wrong, "\n"))
			}
			if m.risky() {
				t.Errorf("%s: a block that Slack may refuse is left", name)
			}
		}
	}
}

// seen is everything that blocks show.
func seen(ms []Payload) string {
	var w strings.Builder
	for _, m := range ms {
		for _, l := range blocksText(asMap(m)["blocks"]) {
			w.WriteString(l + "\n")
		}
	}
	return w.String()
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
		o := Render{NoTables: rapid.Bool().Draw(t, "no tables")}
		if rapid.Bool().Draw(t, "pictures") {
			o.Picture = uploaded
		}
		ms, _ := o.Messages(card)
		for _, m := range ms {
			if wrong := checkMessage(m); wrong != nil {
				t.Fatalf("%s", strings.Join(wrong, "\n"))
			}
		}
		// Every text of the card is shown, unless something was reported.
		all := letters(seen(ms))
		for i, b := range card.Blocks {
			text, ok := b.(bot.Text)
			if ok && !strings.Contains(all, letters(fit.Clean(text.Text))) {
				t.Fatalf("block %d is not shown whole", i+1)
			}
		}
		o.Picture = nil
		modal, _ := o.Modal(card)
		home, _ := o.HomeView(card)
		for _, v := range []View{modal, home} {
			if wrong := checkView(v); wrong != nil {
				t.Fatalf("%s: %s", v.Type, strings.Join(wrong, "\n"))
			}
		}
	})
}

func TestAnyForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v, _ := Render{}.Form(bottest.AnyForm().Draw(t, "form"), Origin{})
		if wrong := checkView(v); wrong != nil {
			t.Fatalf("%s", strings.Join(wrong, "\n"))
		}
	})
}

// A pushed answer never replaces what others see with what only one may.
func TestPrivateNeverInPublic(t *testing.T) {
	card := bot.PrivateCard(bot.Text{Text: "a record"}, bot.Chart{Alt: "a chart", PNG: []byte("x")})
	for name, path := range payloads(t) {
		in := decodeFile(t, path)
		if !in.Taken() {
			continue
		}
		for _, a := range []bot.Answer{bot.Whisper{Card: card}, bot.UpdatePrivate(card), bot.HomeView{Card: card}} {
			for _, late := range []bool{false, true} {
				r := Render{Picture: uploaded}.Answer(in, a, Moment{Late: late})
				public := func(s Step) bool {
					return s.Via == PostMessage || s.Via == UpdateMessage || s.Response != nil && s.Response.ResponseType != "ephemeral"
				}
				if b, ok := r.Body.(*Response); ok && b.ResponseType != "ephemeral" {
					t.Errorf("%s, %T: shown to all in the response", name, a)
				}
				for _, s := range r.Steps {
					for s := &s; s != nil; s = s.Else {
						if public(*s) {
							t.Errorf("%s, %T, late %v: shown to all by %s", name, a, late, s.Via)
						}
					}
				}
				if strings.Contains(bottest.Pretty(t, r), "F01PICTURE") {
					t.Errorf("%s, %T: a private picture was uploaded", name, a)
				}
			}
		}
	}
}

func TestAnswers(t *testing.T) {
	open := bot.OpenCard(bot.Text{Text: "for all"})
	whisper := bot.PrivateCard(bot.Text{Text: "for you"}, bot.Buttons{Items: []bot.Button{{Label: "Undo", ID: "sealed"}}})
	form := bot.Form{Title: "A visit", ID: "sealed-form", Fields: []bot.Field{{Name: "glow", Label: "Glow", Kind: bot.FieldLong}}}
	answers := []struct {
		name string
		a    bot.Answer
	}{
		{"whisper", bot.Whisper{Card: whisper}},
		{"say", bot.Say{Card: open}},
		{"open-form", bot.OpenForm{Form: form}},
		{"update-private", bot.UpdatePrivate(whisper)},
		{"update-open", bot.UpdateOpen(open)},
		{"field-errors", bot.FieldErrors{"glow": "Too short.", "other": "Also wrong."}},
		{"choices", bot.Choices{{Label: "Discourse", Value: "d"}}},
		{"home", bot.HomeView{Card: whisper}},
		{"deferred", bot.Deferred{}},
		{"nothing", bot.Nothing{}},
	}
	for name, path := range payloads(t) {
		in := decodeFile(t, path)
		if !in.Taken() {
			continue
		}
		t.Run(name, func(t *testing.T) {
			all := map[string]any{}
			for _, a := range answers {
				all[a.name] = Render{}.Answer(in, a.a, Moment{})
				late := Moment{Late: true}
				if in.Source == ModalClick || in.Source == HomeClick || in.Source == Submission {
					late.Waiting = "V0WAITING"
				}
				all[a.name+", late"] = Render{}.Answer(in, a.a, late)
			}
			for what, r := range all {
				for _, s := range r.(Reply).Steps {
					for s := &s; s != nil; s = s.Else {
						switch {
						case s.Payload != nil && checkMessage(s.Payload) != nil:
							t.Error(what, checkMessage(s.Payload))
						case s.View != nil && checkView(s.View) != nil:
							t.Error(what, checkView(s.View))
						}
					}
				}
			}
			bottest.Golden(t, "testdata/answers/"+name+".json", bottest.Pretty(t, all))
		})
	}
}

// Each limit at one less, exactly, and one more.
func TestLimitsAreKept(t *testing.T) {
	x := func(n int) string { return strings.Repeat("x", n) }
	msg := func(b ...bot.Block) (any, Report) {
		ms, r := Render{Picture: uploaded}.Messages(bot.Card{Blocks: b})
		return ms, r
	}
	form := func(f bot.Field) (any, Report) {
		f.Name = "f"
		return Render{}.Form(bot.Form{Title: "T", ID: "i", Fields: []bot.Field{f}}, Origin{})
	}
	choices := func(n int) []bot.Choice {
		var cs []bot.Choice
		for i := range n {
			cs = append(cs, bot.Choice{Label: fmt.Sprint("o", i), Value: fmt.Sprint("v", i)})
		}
		return cs
	}
	table := func(rows, cells, chars int) bot.Table {
		var t bot.Table
		for range cells {
			t.Columns = append(t.Columns, bot.Column{})
		}
		for range rows {
			row := make([]string, cells)
			for i := range row {
				row[i] = x(max(chars/rows/cells, 1))
			}
			t.Rows = append(t.Rows, row)
		}
		return t
	}
	blocks := func(n int) []bot.Block {
		var bs []bot.Block
		for range n {
			bs = append(bs, bot.Text{Text: "x"})
		}
		return bs
	}
	tests := []struct {
		name string
		max  int
		draw func(n int) (any, Report)
	}{
		{"section", maxText, func(n int) (any, Report) { return msg(bot.Text{Text: x(n)}) }},
		{"strong", maxText, func(n int) (any, Report) { return msg(bot.Text{Text: x(n), Style: bot.Strong}) }},
		{"quote", maxText, func(n int) (any, Report) { return msg(bot.Text{Text: x(n), Style: bot.Quote}) }},
		{"context", maxText, func(n int) (any, Report) { return msg(bot.Context{Text: x(n)}) }},
		{"header", maxHeader, func(n int) (any, Report) { return msg(bot.Title{Text: x(n)}) }},
		{"fact", maxText - 1, func(n int) (any, Report) { return msg(bot.Facts{Items: []bot.Fact{{Label: "l", Value: x(n - 3)}}}) }},
		{"item", maxText, func(n int) (any, Report) { return msg(bot.List{Items: []bot.Item{{Text: x(n)}}}) }},
		{"blocks in a message", maxMessageBlocks, func(n int) (any, Report) { return msg(blocks(n)...) }},
		{"blocks in a modal", maxModalBlocks, func(n int) (any, Report) { return Render{}.Modal(bot.Card{Blocks: blocks(n)}) }},
		{"blocks in a home view", maxHomeBlocks, func(n int) (any, Report) { return Render{}.HomeView(bot.Card{Blocks: blocks(n)}) }},
		{"characters in a message", maxMessageChars, func(n int) (any, Report) { return msg(bot.Text{Text: x(n)}) }},
		{"buttons", maxActions, func(n int) (any, Report) {
			return msg(bot.Buttons{Items: make([]bot.Button, n)})
		}},
		{"button text", maxButtonText, func(n int) (any, Report) { return msg(bot.Buttons{Items: []bot.Button{{Label: x(n)}}}) }},
		{"button value", maxButtonValue, func(n int) (any, Report) { return msg(bot.Buttons{Items: []bot.Button{{Label: "l", ID: x(n)}}}) }},
		{"button about", maxButtonA11y, func(n int) (any, Report) {
			return msg(bot.Buttons{Items: []bot.Button{{Label: "l", About: x(n - 2)}}})
		}},
		{"confirm", maxConfirmText, func(n int) (any, Report) { return msg(bot.Buttons{Items: []bot.Button{{Label: "l", Confirm: x(n)}}}) }},
		{"confirm button", maxConfirmButton, func(n int) (any, Report) { return msg(bot.Buttons{Items: []bot.Button{{Label: x(n), Confirm: "c"}}}) }},
		{"menu", maxOptions, func(n int) (any, Report) { return msg(bot.Select{Label: "l", ID: "i", Options: choices(n)}) }},
		{"menu label", maxText, func(n int) (any, Report) { return msg(bot.Select{Label: x(n), ID: "i", Options: choices(1)}) }},
		{"menu id", maxActionID, func(n int) (any, Report) { return msg(bot.Select{Label: "l", ID: x(n), Options: choices(1)}) }},
		{"option", maxOptionText, func(n int) (any, Report) {
			return msg(bot.Select{Label: "l", ID: "i", Options: []bot.Choice{{Label: x(n), Value: "v"}}})
		}},
		{"option value", maxOptionValue, func(n int) (any, Report) {
			return msg(bot.Select{Label: "l", ID: "i", Options: []bot.Choice{{Label: "l", Value: x(n)}}})
		}},
		{"option note", maxOptionNote, func(n int) (any, Report) {
			return msg(bot.Select{Label: "l", ID: "i", Options: []bot.Choice{{Label: "l", Value: "v", Note: x(n)}}})
		}},
		{"image title", maxImageTitle, func(n int) (any, Report) { return msg(bot.Image{Title: x(n), Alt: "a", PNG: []byte("p")}) }},
		{"image alt", maxImageAlt, func(n int) (any, Report) { return msg(bot.Image{Alt: x(n), PNG: []byte("p")}) }},
		{"table rows", maxTableRows, func(n int) (any, Report) { return msg(table(n, 2, 0)) }},
		{"table cells", maxTableCells, func(n int) (any, Report) { return msg(table(2, n, 0)) }},
		{"table characters", maxTableChars, func(n int) (any, Report) { return msg(table(1, 1, n)) }},
		{"tables", maxTables, func(n int) (any, Report) {
			var bs []bot.Block
			for range n {
				bs = append(bs, table(2, 2, 0))
			}
			return msg(bs...)
		}},
		{"form title", maxViewTitle, func(n int) (any, Report) { return Render{}.Form(bot.Form{Title: x(n), ID: "i"}, Origin{}) }},
		{"form button", maxViewButton, func(n int) (any, Report) { return Render{}.Form(bot.Form{Title: "T", Submit: x(n), ID: "i"}, Origin{}) }},
		{"form id", maxCallbackID, func(n int) (any, Report) { return Render{}.Form(bot.Form{Title: "T", ID: x(n)}, Origin{}) }},
		{"form fields", maxModalBlocks - 1, func(n int) (any, Report) {
			f := bot.Form{Title: "T", ID: "i"}
			for i := range n {
				f.Fields = append(f.Fields, bot.Field{Name: fmt.Sprint("f", i), Label: "l"})
			}
			return Render{}.Form(f, Origin{})
		}},
		{"modal title", maxViewTitle, func(n int) (any, Report) { return Render{Name: x(n)}.Modal(bot.Card{}) }},
		{"metadata", maxMetadata - len(`{"c":""}`), func(n int) (any, Report) { return Render{}.Form(bot.Form{Title: "T", ID: "i"}, Origin{Channel: x(n)}) }},
		{"label", maxInputLabel, func(n int) (any, Report) { return form(bot.Field{Label: x(n)}) }},
		{"hint", maxInputHint, func(n int) (any, Report) { return form(bot.Field{Label: "l", Hint: x(n)}) }},
		{"placeholder", maxPlaceholder, func(n int) (any, Report) { return form(bot.Field{Label: "l", Placeholder: x(n)}) }},
		{"value", maxInputValue, func(n int) (any, Report) {
			return form(bot.Field{Label: "l", Kind: bot.FieldLong, Value: []string{x(n)}})
		}},
		{"longest value", maxInputValue, func(n int) (any, Report) { return form(bot.Field{Label: "l", Max: n}) }},
		{"radio", maxChoiceOptions, func(n int) (any, Report) {
			return form(bot.Field{Label: "l", Kind: bot.FieldRadio, Options: choices(n)})
		}},
		{"boxes", maxChoiceOptions, func(n int) (any, Report) {
			return form(bot.Field{Label: "l", Kind: bot.FieldCheckbox, Options: choices(n)})
		}},
		{"options", maxOptions, func(n int) (any, Report) {
			return form(bot.Field{Label: "l", Kind: bot.FieldSelect, Options: choices(n)})
		}},
	}
	quiet := map[string]bool{ // these are split or cut without a word, because nothing is lost
		"section": true, "strong": true, "quote": true, "context": true, "fact": false, "item": true, "confirm button": true,
		"metadata": true, "longest value": true, "options": true, "characters in a message": false, "menu id": true,
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, n := range []int{tt.max - 1, tt.max, tt.max + 1} {
				got, report := tt.draw(n)
				var wrong []string
				switch got := got.(type) {
				case []Payload:
					for _, m := range got {
						wrong = append(wrong, checkMessage(m)...)
					}
				case View:
					wrong = checkView(got)
				}
				if wrong != nil {
					t.Errorf("%d: %s", n, strings.Join(wrong, "\n"))
				}
				if !quiet[tt.name] && n > 0 && (len(report) > 0) != (n > tt.max) {
					t.Errorf("%d of %d: the report is %q", n, tt.max, report)
				}
			}
		})
	}
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

func TestManyOptions(t *testing.T) {
	for _, n := range []int{101, 1500, 5000, 10_001} {
		f := bot.Form{Title: "T", ID: "i", Fields: []bot.Field{{Name: "who", Label: "Who", Kind: bot.FieldPerson}, {Name: "glow", Label: "Glow"}}}
		for i := range n {
			f.Fields[0].Options = append(f.Fields[0].Options, bot.Choice{Label: fmt.Sprint("Person ", i), Value: strings.Repeat("v", 66) + fmt.Sprint(i)})
		}
		v, report := Render{}.Form(f, Origin{})
		if wrong := checkView(v); wrong != nil {
			t.Errorf("%d: %s", n, strings.Join(wrong, "\n"))
		}
		if text := fmt.Sprint(v.Blocks); n > 1000 && (len(report) == 0 || !strings.Contains(text, "Only the first") || !strings.Contains(text, "Glow")) {
			t.Errorf("%d: report %q; the form must say so and keep its other fields", n, report)
		}
	}
}
