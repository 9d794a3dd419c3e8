package slackbot

import (
	"fmt"
	"strconv"
	"strings"

	"rounds/bot"
	"rounds/bot/fit"
)

// A piece is one block with its words, for the notification text and for folding.
type piece struct {
	block    Block
	text     string
	controls int // buttons and menus, which text cannot stand for
}

// renderer turns one card into pieces.
type renderer struct {
	Render
	fit.Notes
	message bool // a message may be split and may hold a table; a view may not
	tables  int
}

// short makes one line of s, cut to n and reported.
func (r *renderer) short(s string, n int, what string) string { return r.Short(oneLine(s), n, what) }

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
			return r.rich(b.Text, "rich_text_section", bold)
		case bot.Quote:
			return r.rich(b.Text, "rich_text_quote", nil)
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
		return []piece{{block: Block{"type": "divider"}}}
	case bot.Context:
		var out []piece
		for _, s := range fit.Split(fit.Clean(b.Text), maxText) {
			out = append(out, piece{block: smallPrint(s), text: s})
		}
		return out
	case bot.Buttons:
		return r.buttons(b)
	case bot.Select:
		return r.menu(b)
	}
	r.Note("block %d: a %T is not known here", r.At, b)
	return nil
}

func (r *renderer) title(b bot.Title) []piece {
	parts := fit.Split(oneLine(b.Text), maxHeader)
	if len(parts) == 0 {
		return nil
	}
	out := []piece{{block: Block{"type": "header", "text": plain(parts[0])}, text: parts[0]}}
	if len(parts) > 1 {
		r.Note("block %d: a heading of more than %d characters goes on as text", r.At, maxHeader)
		out = append(out, r.paragraph(strings.Join(parts[1:], " "))...)
	}
	return out
}

func (r *renderer) paragraph(s string) []piece {
	var out []piece
	for _, s := range fit.Split(fit.Clean(s), maxText) {
		out = append(out, piece{block: section(s), text: s})
	}
	return out
}

var bold = map[string]any{"bold": true}

// run is a stretch of literal text.
func run(s string, style map[string]any) map[string]any {
	m := map[string]any{"type": "text", "text": s}
	if style != nil {
		m["style"] = style
	}
	return m
}

func richText(elements ...any) Block {
	return Block{"type": "rich_text", "elements": elements}
}

func richPart(kind string, elements ...any) map[string]any {
	return map[string]any{"type": kind, "elements": elements}
}

func (r *renderer) rich(s, kind string, style map[string]any) []piece {
	var out []piece
	for _, s := range fit.Split(fit.Clean(s), maxText) {
		out = append(out, piece{block: richText(richPart(kind, run(s, style))), text: s})
	}
	return out
}

// facts puts as many pairs into a block as fit.
func (r *renderer) facts(b bot.Facts) []piece {
	var out []piece
	var runs []any
	var lines []string
	chars := 0
	flush := func() {
		if len(runs) > 0 {
			out = append(out, piece{block: richText(richPart("rich_text_section", runs...)), text: strings.Join(lines, "\n")})
		}
		runs, lines, chars = nil, nil, 0
	}
	for _, f := range b.Items {
		label, value := oneLine(f.Label), fit.Clean(f.Value)
		if fit.Blank(label) && fit.Blank(value) {
			continue
		}
		line := value
		if !fit.Blank(label) {
			line = label + ": " + value
		}
		if fit.Length(line)+1 > maxText { // a pair that fits in no block is a paragraph
			flush()
			r.Note("block %d: a long fact is shown as text", r.At)
			out = append(out, r.paragraph(line)...)
			continue
		}
		if chars+fit.Length(line)+1 > maxText {
			flush()
		}
		if len(runs) > 0 {
			runs = append(runs, run("\n", nil))
		}
		if !fit.Blank(label) {
			runs = append(runs, run(label+": ", bold))
		}
		if value != "" {
			runs = append(runs, run(value, nil))
		}
		lines = append(lines, line)
		chars += fit.Length(line) + 1
	}
	flush()
	return out
}

// list shows items without buttons as a list and items with one as rows with the button at
// their end.
func (r *renderer) list(b bot.List) []piece {
	var out []piece
	var items []any
	var lines []string
	chars := 0
	style := "bullet"
	if b.Ordered {
		style = "ordered"
	}
	flush := func() {
		if len(items) > 0 {
			list := richPart("rich_text_list", items...)
			list["style"] = style
			out = append(out, piece{block: richText(list), text: strings.Join(lines, "\n")})
		}
		items, lines, chars = nil, nil, 0
	}
	// Slack numbers each list from 1 by itself, so a numbered list that does not stand
	// in one block gets its numbers from us.
	own := b.Ordered && !oneBlock(b)
	for i, it := range b.Items {
		text, note := fit.Clean(it.Text), fit.Clean(it.Note)
		mark := "- "
		if b.Ordered {
			mark = strconv.Itoa(i+1) + ". "
		}
		if it.Button != nil {
			flush()
			out = append(out, r.row(mark, text, note, b.Ordered, *it.Button)...)
			continue
		}
		line := text
		if !fit.Blank(note) {
			line += " · " + note
		}
		if fit.Blank(line) {
			continue
		}
		if own || fit.Length(line) > maxText {
			flush()
			out = append(out, r.paragraph(mark+line)...)
			continue
		}
		if chars+fit.Length(line) > maxText {
			flush()
		}
		items = append(items, richPart("rich_text_section", run(line, nil)))
		lines = append(lines, mark+line)
		chars += fit.Length(line)
	}
	flush()
	return out
}

func oneBlock(b bot.List) bool {
	n := 0
	for _, it := range b.Items {
		if it.Button != nil {
			return false
		}
		n += fit.Length(it.Text) + fit.Length(it.Note) + 3
	}
	return n <= maxText
}

// row is a list item with its button.
func (r *renderer) row(mark, text, note string, ordered bool, bt bot.Button) []piece {
	if ordered {
		text = mark + text
	}
	if !fit.Blank(note) {
		text += "\n" + note
	}
	parts := fit.Split(text, maxText)
	if len(parts) == 0 {
		parts = []string{"–"}
	}
	var out []piece
	for i, s := range parts {
		p := piece{block: section(s), text: s}
		if i == 0 {
			p.block["accessory"] = r.button(bt, 0)
			p.controls = 1
		}
		out = append(out, p)
	}
	last := &out[len(out)-1]
	last.text += " [" + oneLine(bt.Label) + "]"
	return out
}

func (r *renderer) buttons(b bot.Buttons) []piece {
	var out []piece
	for start := 0; start < len(b.Items); start += maxActions {
		items := b.Items[start:min(start+maxActions, len(b.Items))]
		var elements []any
		var words []string
		for i, bt := range items {
			elements = append(elements, r.button(bt, i))
			words = append(words, "["+oneLine(bt.Label)+"]")
		}
		out = append(out, piece{
			block:    Block{"type": "actions", "elements": elements},
			text:     strings.Join(words, " "),
			controls: len(items),
		})
	}
	if len(out) > 1 {
		r.Note("block %d: %d buttons stand in %d rows", r.At, len(b.Items), len(out))
	}
	return out
}

// button carries its sealed ID as value; its action_id only tells it from its neighbors.
func (r *renderer) button(b bot.Button, i int) map[string]any {
	label := r.short(b.Label, maxButtonText, "a button")
	m := map[string]any{"type": "button", "action_id": "b" + strconv.Itoa(i), "text": plain(label)}
	switch {
	case fit.Length(b.ID) > maxButtonValue:
		r.Note("block %d: a button's id is longer than %d, so the button does nothing", r.At, maxButtonValue)
	case b.ID != "":
		m["value"] = b.ID
	}
	switch b.Style {
	case bot.Primary:
		m["style"] = "primary"
	case bot.Danger:
		m["style"] = "danger"
	}
	if about := oneLine(b.About); !fit.Blank(about) {
		m["accessibility_label"] = r.short(label+" "+about, maxButtonA11y, "a button's description")
	}
	if !fit.Blank(b.Confirm) {
		yes, _ := fit.Cut(label, maxConfirmButton)
		m["confirm"] = map[string]any{
			"title":   plain("Are you sure?"),
			"text":    plain(r.short(b.Confirm, maxConfirmText, "a question before a press")),
			"confirm": plain(yes),
			"deny":    plain("Cancel"),
		}
	}
	return m
}

// menu is a section with a select at its end; more options than one select holds go on
// in another with the same action.
func (r *renderer) menu(b bot.Select) []piece {
	options := r.options(b.Options)
	label := r.short(b.Label, maxText, "a menu's label")
	if len(options) == 0 {
		r.Note("block %d: a menu without options is shown as text", r.At)
		return r.paragraph(label + ": –")
	}
	parts := (len(options) + maxOptions - 1) / maxOptions
	var out []piece
	for i := range parts {
		some := options[i*maxOptions : min((i+1)*maxOptions, len(options))]
		name := label
		if parts > 1 {
			name = fmt.Sprintf("%s (%d of %d)", r.short(label, maxText-20, "a menu's label"), i+1, parts)
		}
		sel := map[string]any{"type": "static_select", "placeholder": plain("Choose"), "options": some}
		if b.ID != "" && fit.Length(b.ID) <= maxActionID {
			sel["action_id"] = b.ID
		}
		if o := chosen(some, b.Chosen); o != nil {
			sel["initial_option"] = o
		}
		p := piece{block: section(name), text: name, controls: 1}
		p.block["accessory"] = sel
		out = append(out, p)
	}
	if parts > 1 {
		r.Note("block %d: %d options stand in %d menus", r.At, len(options), parts)
	}
	return out
}

// options makes Slack's of ours. An option whose value Slack would refuse is left out, and
// reported: half a sealed value opens nothing.
func (r *renderer) options(in []bot.Choice) []any {
	var out []any
	for _, c := range in {
		if fit.Length(c.Value) > maxOptionValue || c.Value == "" {
			r.Note("block %d: an option without a value that fits is left out", r.At)
			continue
		}
		o := map[string]any{"value": c.Value}
		label, note := oneLine(c.Label), oneLine(c.Note)
		if fit.Length(label) > maxOptionText {
			// The whole label does not fit on its line; its end goes to the second.
			parts := fit.Split(label, maxOptionText)
			label, note = parts[0], strings.TrimSpace(strings.Join(parts[1:], " ")+" "+note)
			r.Note("block %d: an option of more than %d characters goes on in its description", r.At, maxOptionText)
		}
		o["text"] = plain(r.short(label, maxOptionText, "an option"))
		if !fit.Blank(note) {
			o["description"] = plain(r.short(note, maxOptionNote, "an option's description"))
		}
		out = append(out, o)
	}
	return out
}

// chosen finds the option of a value.
func chosen(options []any, value string) any {
	if value == "" {
		return nil
	}
	for _, o := range options {
		if o.(map[string]any)["value"] == value {
			return o
		}
	}
	return nil
}
