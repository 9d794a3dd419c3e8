package discordbot

import (
	"fmt"
	"strconv"
	"strings"

	"rounds/bot"
	"rounds/bot/fit"
)

// paragraphSize is how long a text display is made at most, so that a message of 4000 characters can be filled by
// several.
const paragraphSize = 2000

// A piece is one component of a message with what it counts for.
type piece struct {
	component Component
	parts     int    // components, nested ones too
	chars     int    // of text displays
	png       []byte // a picture that takes the component's place
	alt       string
	leads     bool // belongs to what comes after it: a heading, a rule
}

// renderer turns one card into pieces.
type renderer struct {
	Render
	fit.Notes
}

// short makes one line of s, cut to n and reported.
func (r *renderer) short(s string, n int, what string) string { return r.Short(oneLine(s), n, what) }

func itoa(n int) string { return strconv.Itoa(n) }

func (r *renderer) card(c bot.Card) []piece {
	var out []piece
	for i, b := range c.Blocks {
		r.At = i + 1
		out = append(out, r.block(b)...)
	}
	return out
}

func (r *renderer) block(b bot.Block) []piece {
	switch b := b.(type) {
	case bot.Title:
		return r.title(b)
	case bot.Text:
		switch b.Style {
		case bot.Strong:
			return r.drawn(b.Text, strong)
		case bot.Quote:
			return r.drawn(b.Text, quote)
		}
		return r.paragraph(b.Text)
	case bot.Facts:
		return r.facts(b)
	case bot.List:
		return r.list(b)
	case bot.Table:
		return r.table(b)
	case bot.Progress:
		return r.paragraph(fit.Bar(b))
	case bot.Chart:
		return r.chart(b)
	case bot.Image:
		return r.image(b)
	case bot.Divider:
		return []piece{{component: Component{"type": cSeparator}, parts: 1, leads: true}}
	case bot.Context:
		return r.drawn(b.Text, smallPrint)
	case bot.Buttons:
		return r.buttons(b)
	case bot.Select:
		return r.menu(b)
	}
	r.Note("block %d: a %T is not known here", r.At, b)
	return nil
}

func words(s string) piece { return piece{component: text(s), parts: 1, chars: fit.Length(s)} }

// drawn is text in one of the styles below, in as many parts as it takes.
func (r *renderer) drawn(s string, style func(string) string) []piece {
	var out []piece
	for _, p := range splitFor(strings.TrimSpace(fit.Clean(s)), paragraphSize, style) {
		if d := style(p); !fit.Blank(d) {
			out = append(out, words(d))
		}
	}
	return out
}

func (r *renderer) paragraph(s string) []piece { return r.drawn(s, escape) }

// The styles put Discord's marks around each line, because a mark does not reach over a line that is empty.
func strong(s string) string     { return perLine(s, "**", "**") }
func quote(s string) string      { return perLine(s, "> ", "") }
func smallPrint(s string) string { return perLine(s, "-# ", "") }

func perLine(s, before, after string) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		l = strings.TrimSpace(l)
		if l == "" && before != "> " {
			lines[i] = ""
			continue
		}
		lines[i] = before + escape(l) + after
	}
	return strings.Join(lines, "\n")
}

func (r *renderer) title(b bot.Title) []piece {
	parts := splitFor(strings.TrimSpace(oneLine(b.Text)), paragraphSize, heading)
	var out []piece
	for i, s := range parts {
		if i == 0 {
			p := words(heading(s))
			p.leads = true
			out = append(out, p)
			continue
		}
		r.Note("block %d: a heading goes on as text", r.At)
		out = append(out, r.paragraph(s)...)
	}
	return out
}

func heading(s string) string { return "### " + escape(s) }

// facts puts as many pairs into a text as fit.
func (r *renderer) facts(b bot.Facts) []piece {
	var out []piece
	var lines []string
	for _, f := range b.Items {
		label, value := strings.TrimSpace(oneLine(f.Label)), strings.TrimSpace(fit.Clean(f.Value))
		line := strings.TrimSpace("**" + escape(label) + ":** " + escape(value))
		switch {
		case label == "" && value == "":
			continue
		case label == "":
			line = escape(value)
		}
		if fit.Length(line) <= paragraphSize {
			lines = append(lines, line)
			continue
		}
		// What fits into no text is cut before it is drawn: no cut falls between a backslash and its mark.
		r.Note("block %d: a long fact is shown as text", r.At)
		out = append(append(out, r.lines(lines)...), r.paragraph(strings.Trim(label+": "+value, ": "))...)
		lines = nil
	}
	return append(out, r.lines(lines)...)
}

// lines stand below one another, in as many texts as they take. They are drawn already, and none is too long for one.
func (r *renderer) lines(lines []string) []piece {
	var out []piece
	var w strings.Builder
	flush := func() {
		if s := strings.TrimRight(w.String(), "\n"); !fit.Blank(s) {
			out = append(out, words(s))
		}
		w.Reset()
	}
	for _, l := range lines {
		if fit.Length(w.String())+fit.Length(l) > paragraphSize {
			flush()
		}
		w.WriteString(l + "\n")
	}
	flush()
	return out
}

// list shows items without buttons as a list and items with one as rows with the button at their end.
func (r *renderer) list(b bot.List) []piece {
	var out []piece
	var lines []string
	flush := func() {
		out = append(out, r.lines(lines)...)
		lines = nil
	}
	for i, it := range b.Items {
		text, note := strings.TrimSpace(fit.Clean(it.Text)), strings.TrimSpace(oneLine(it.Note))
		mark := "- "
		if b.Ordered {
			mark = itoa(i+1) + ". "
		}
		if it.Button != nil {
			flush()
			if b.Ordered {
				text = mark + text
			}
			out = append(out, r.row(text, note, *it.Button)...)
			continue
		}
		if note != "" {
			text += " · " + note
		}
		if fit.Blank(text) {
			continue
		}
		// A long item is cut before it is drawn, so that no cut falls between a backslash and its mark.
		for j, p := range splitFor(text, paragraphSize-8, escape) {
			p = strings.ReplaceAll(escape(p), "\n", "\n  ")
			if j == 0 {
				p = mark + p
			}
			lines = append(lines, p)
		}
	}
	flush()
	return out
}

// row is a list item with its button, which Discord draws at the end of its line. What has no room there stands below.
func (r *renderer) row(item, note string, bt bot.Button) []piece {
	parts := splitFor(item, paragraphSize/2, escape)
	if len(parts) == 0 {
		parts = []string{"–"}
	}
	beside := note != "" && len(parts) == 1 && fit.Length(note) <= 300
	drawn := escape(parts[0])
	if beside {
		drawn += "\n" + smallPrint(note)
	}
	first := words(drawn)
	first.component = Component{"type": cSection, "components": []Component{first.component}, "accessory": r.button(bt)}
	first.parts = 3
	out := []piece{first}
	for _, s := range parts[1:] {
		out = append(out, words(escape(s)))
	}
	if !beside {
		out = append(out, r.drawn(note, smallPrint)...)
	}
	return out
}

func (r *renderer) buttons(b bot.Buttons) []piece {
	var out []piece
	for start := 0; start < len(b.Items); start += maxRowButtons {
		var row []Component
		for _, bt := range b.Items[start:min(start+maxRowButtons, len(b.Items))] {
			row = append(row, r.button(bt))
		}
		out = append(out, piece{component: Component{"type": cRow, "components": row}, parts: 1 + len(row)})
	}
	if len(out) > 1 {
		r.Note("block %d: %d buttons stand in %d rows", r.At, len(b.Items), len(out))
	}
	return out
}

// The marks before a custom_id that are ours; a seal has no such character.
const (
	askFirst = "?" // ask before the press counts
	ownPress = "~" // a button that this package made
)

var buttonStyles = map[bot.ButtonStyle]int{bot.Normal: 2, bot.Primary: 1, bot.Danger: 4}

// button carries its sealed ID as custom_id. Discord has no question before a press, so the first press asks (confirm.go);
// it has no description for a screen reader either, but a button beside an item is read with its item.
func (r *renderer) button(b bot.Button) Component {
	label := r.short(b.Label, maxButtonLabel, "a button")
	c := Component{"type": cButton, "style": buttonStyles[b.Style], "label": label}
	id := b.ID
	if !fit.Blank(b.Confirm) && id != "" {
		if fit.Length(id)+1 <= maxCustomID {
			id = askFirst + id
		} else {
			r.Note("block %d: a button with a question before it has no room for it", r.At)
		}
	}
	switch {
	case id == "":
		c["custom_id"], c["disabled"] = ownPress+"none", true
		r.Note("block %d: a button without a meaning", r.At)
	case fit.Length(id) > maxCustomID:
		c["custom_id"], c["disabled"] = ownPress+"long", true
		r.Note("block %d: a button's id is longer than %d, so the button does nothing", r.At, maxCustomID)
	default:
		c["custom_id"] = id
	}
	return c
}

// menu is a line of text and a select; more options than one select holds go on in another with the same meaning.
func (r *renderer) menu(b bot.Select) []piece {
	options := r.options(b.Options, []string{b.Chosen})
	label := r.paragraph(b.Label)
	if len(options) == 0 {
		r.Note("block %d: a menu without options is shown as text", r.At)
		return append(label, r.paragraph("–")...)
	}
	for i := range label {
		label[i].leads = true
	}
	if b.ID == "" || fit.Length(b.ID) > maxCustomID {
		r.Note("block %d: a menu's id does not fit, so it is shown as text", r.At)
		for _, o := range b.Options {
			label = append(label, r.paragraph(o.Label)...)
		}
		return label
	}
	parts := (len(options) + maxOptions - 1) / maxOptions
	for i := range parts {
		some := options[i*maxOptions : min((i+1)*maxOptions, len(options))]
		hint := "Choose"
		if parts > 1 {
			hint = fmt.Sprintf("Choose (%d of %d)", i+1, parts)
		}
		row := Component{"type": cRow, "components": []Component{{"type": cSelect, "custom_id": b.ID, "placeholder": hint, "options": some}}}
		label = append(label, piece{component: row, parts: 2})
	}
	if parts > 1 {
		r.Note("block %d: %d options stand in %d menus", r.At, len(options), parts)
	}
	return label
}

// options makes Discord's of ours. An option whose value Discord would refuse is left out, and reported: half a sealed
// value opens nothing.
func (r *renderer) options(in []bot.Choice, chosen []string) []Component {
	var out []Component
	for _, c := range in {
		if fit.Length(c.Value) > maxOptionValue || c.Value == "" {
			r.Note("block %d: an option without a value that fits is left out", r.At)
			continue
		}
		o := Component{"value": c.Value, "label": r.short(c.Label, maxOptionLabel, "an option")}
		if note := strings.TrimSpace(oneLine(c.Note)); note != "" {
			o["description"] = r.short(note, maxOptionNote, "an option's description")
		}
		for _, v := range chosen {
			if v == c.Value {
				o["default"] = true
			}
		}
		out = append(out, o)
	}
	return out
}
