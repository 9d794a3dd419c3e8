package slackbot

import (
	"fmt"
	"strings"

	"rounds/bot"
	"rounds/bot/fit"

	"github.com/slack-go/slack"
)

// A Block is one Block Kit block, ready to be sent.
type Block map[string]any

// BlockType makes a Block a [slack.Block].
func (b Block) BlockType() slack.MessageBlockType {
	s, _ := b["type"].(string)
	return slack.MessageBlockType(s)
}

// ID makes a Block a [slack.Block].
func (b Block) ID() string {
	s, _ := b["block_id"].(string)
	return s
}

// A Payload is one message: its blocks, and the text that notifications and screen readers
// take instead of them, escaped because Slack reads markup in it.
type Payload struct {
	Text   string  `json:"text"`
	Blocks []Block `json:"blocks"`
}

// has tells whether a block of that type stands in the payload.
func (p Payload) has(kind string) bool {
	for _, b := range p.Blocks {
		if b["type"] == kind {
			return true
		}
	}
	return false
}

// risky payloads hold a block that Slack may refuse though it keeps all limits: a table,
// which is a young block, or a picture, which Slack may still be busy with.
func (p Payload) risky() bool { return p.has("table") || p.has("image") }

// A View is a modal or a home view.
type View struct {
	Type            string         `json:"type"`
	Title           map[string]any `json:"title,omitempty"`
	Submit          map[string]any `json:"submit,omitempty"`
	Close           map[string]any `json:"close,omitempty"`
	Blocks          []Block        `json:"blocks"`
	CallbackID      string         `json:"callback_id,omitempty"`
	PrivateMetadata string         `json:"private_metadata,omitempty"`
}

// A Report lists what could not be shown as it was meant: split, folded, shortened. It
// holds places and reasons, never texts.
type Report = fit.Report

// Render says how a card is to be shown.
type Render struct {
	// Picture gives the id of an uploaded file for a picture, or "". Nil where
	// pictures are not to be uploaded: they are then shown as their table or words.
	Picture func(png []byte) string
	// NoTables draws tables as text, for where Slack refused a table block.
	NoTables bool
	// Name is the title of a modal whose card has none that fits; "Rounds" if empty.
	Name string
}

// Messages renders a card as one message, or as several where it is too long for one.
func (o Render) Messages(c bot.Card) ([]Payload, Report) {
	r := &renderer{Render: o, message: true}
	pieces := r.card(c)
	if len(pieces) == 0 {
		pieces = r.paragraph("(nothing to show)")
	}
	var out []Payload
	for len(pieces) > 0 {
		n := take(pieces)
		out = append(out, payload(pieces[:n]))
		pieces = pieces[n:]
	}
	r.Long(len(out))
	return out, r.Report
}

// take tells how many of the pieces the next message holds. A heading or a rule does not
// stand last in a message whose text goes on in the next.
func take(pieces []piece) int {
	n, chars := 0, 0
	for n < len(pieces) && n < maxMessageBlocks {
		chars += weight(pieces[n].block)
		if n > 0 && chars > maxMessageChars {
			break
		}
		n++
	}
	if n == len(pieces) {
		return n
	}
	for m := n; m > 1; m-- {
		if t := pieces[m-1].block["type"]; t != "header" && t != "divider" {
			return m
		}
	}
	return n
}

func payload(pieces []piece) Payload {
	var p Payload
	var text []string
	for _, x := range pieces {
		p.Blocks = append(p.Blocks, x.block)
		if x.text != "" {
			text = append(text, x.text)
		}
	}
	// The blocks say everything, so a shortened fallback loses nothing.
	t, _ := fit.Cut(strings.Join(text, "\n"), maxFallback)
	if fit.Blank(t) {
		t = "–"
	}
	p.Text = escape(t)
	return p
}

// escape makes text literal where Slack reads mrkdwn: https://docs.slack.dev/messaging/formatting-message-text
func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

// Modal renders a card as a modal without fields: the receipt after a form, or what a
// button inside a modal answers.
func (o Render) Modal(c bot.Card) (View, Report) {
	r := &renderer{Render: o}
	v := View{Type: "modal", Close: plain("Close"), CallbackID: "card"}
	name := o.Name
	if name == "" {
		name = "Rounds"
	}
	// A short heading is the modal's title; a long one stays whole in the modal.
	if len(c.Blocks) > 0 {
		if t, ok := c.Blocks[0].(bot.Title); ok && !fit.Blank(t.Text) && fit.Length(oneLine(t.Text)) <= maxViewTitle {
			name = oneLine(t.Text)
			c.Blocks = c.Blocks[1:]
		}
	}
	v.Title = plain(r.short(name, maxViewTitle, "the modal's title"))
	v.Blocks = r.fit(r.card(c), maxModalBlocks)
	return v, r.Report
}

// HomeView renders a card as a home view.
func (o Render) HomeView(c bot.Card) (View, Report) {
	r := &renderer{Render: o}
	return View{Type: "home", Blocks: r.fit(r.card(c), maxHomeBlocks)}, r.Report
}

// fit makes the pieces fit into one view, which cannot be split: what is too much is
// folded into text, and what is too much even for that ends in a sentence that says so.
func (r *renderer) fit(pieces []piece, limit int) []Block {
	if len(pieces) == 0 {
		pieces = r.paragraph("(nothing to show)")
	}
	if len(pieces) > limit {
		pieces = r.fold(pieces, limit)
	}
	var out []Block
	size := 2
	for i, p := range pieces {
		n := bytesOf(p.block) + 1
		if size+n > maxViewBytes {
			out = append(out, section(fmt.Sprintf("%d more parts do not fit here.", len(pieces)-i)))
			r.Note("%d blocks left out: the view is full", len(pieces)-i)
			break
		}
		size += n
		out = append(out, p.block)
	}
	return out
}

// fold keeps as many pieces whole as it can and makes text of the rest.
func (r *renderer) fold(pieces []piece, limit int) []piece {
	const warning = "Some buttons and menus do not fit here."
	best := 0
	var tail []string
	lost := 0
	// Keep fewer and fewer whole until the text of the rest fits; the text of one block
	// takes at most one section, so this ends at the latest with everything as text.
	for keep := limit - 2; keep >= 0; keep-- {
		var lines []string
		lost = 0
		for _, p := range pieces[keep:] {
			if p.text != "" {
				lines = append(lines, p.text)
			}
			lost += p.controls
		}
		tail = fit.Split(strings.Join(lines, "\n"), maxText)
		best = keep
		if keep+len(tail)+1 <= limit {
			break
		}
	}
	if best+len(tail)+1 > limit {
		r.Note("%d sections of text left out: the view is full", best+len(tail)+1-limit)
		tail = append(tail[:limit-best-2], "There is more than fits here.")
	}
	out := append([]piece(nil), pieces[:best]...)
	for _, t := range tail {
		out = append(out, piece{block: section(t), text: t})
	}
	r.Note("blocks %d to %d folded into text", best+1, len(pieces))
	if lost > 0 {
		r.Note("%d buttons or menus folded away", lost)
		out = append(out, piece{block: smallPrint(warning), text: warning})
	}
	return out
}

// plain is a text object in which nothing is markup.
func plain(s string) map[string]any {
	return map[string]any{"type": "plain_text", "text": s, "emoji": false}
}

func section(s string) Block {
	return Block{"type": "section", "text": plain(s)}
}

func smallPrint(s string) Block {
	return Block{"type": "context", "elements": []any{plain(s)}}
}
