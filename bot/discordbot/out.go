package discordbot

import (
	"maps"
	"strings"

	"rounds/bot"
	"rounds/bot/fit"
)

// The types of components, as Discord numbers them.
const (
	cRow       = 1
	cButton    = 2
	cSelect    = 3
	cInput     = 4
	cSection   = 9
	cText      = 10
	cGallery   = 12
	cSeparator = 14
	cContainer = 17
	cLabel     = 18
	cRadio     = 21
	cBoxes     = 22
)

// The flags of a message that are used here.
const (
	flagEphemeral = 1 << 6
	flagV2        = 1 << 15
)

// A Component is one component of a message or a modal, ready to be sent.
type Component map[string]any

// A Payload is one message. Discord mentions nobody for what it says: a text may hold anything.
type Payload struct {
	Flags      int         `json:"flags"`
	Components []Component `json:"components"`
	Mentions   mentions    `json:"allowed_mentions"`
	// Attachments are the pictures that go with it. On an edit they replace those that were there, so an empty list
	// stays in the body.
	Attachments []Attachment `json:"attachments"`
	Files       [][]byte     `json:"-"` // of the Attachments, in their order
}

// mentions says who is notified: nobody, or the users named.
type mentions struct {
	Parse []string `json:"parse"`
	Users []string `json:"users,omitempty"`
}

// An Attachment is a picture that travels with a message.
type Attachment struct {
	ID          string `json:"id"`
	Filename    string `json:"filename"`
	Description string `json:"description,omitempty"`
}

// private makes it a message that only its receiver sees and that Discord does not keep in the channel.
func (p Payload) private() Payload {
	p.Flags |= flagEphemeral
	return p
}

// A Report lists what could not be shown as it was meant: split, folded, shortened. It holds places and reasons, never texts.
type Report = fit.Report

// Render says how a card is to be shown.
type Render struct {
	// Pictures may travel as attachments: only in what everybody in a room may see, because Discord keeps files of
	// private answers as well.
	Pictures bool
	// Name is the heading of a message without one; "Rounds" if empty.
	Name string
}

// Messages renders a card as one message, or as several where it is too long for one.
func (o Render) Messages(c bot.Card) ([]Payload, Report) {
	r := &renderer{Render: o}
	pieces := r.card(c)
	if len(pieces) == 0 {
		pieces = r.paragraph("(nothing to show)")
	}
	var out []Payload
	for len(pieces) > 0 {
		n := r.take(pieces)
		out = append(out, r.payload(pieces[:n]))
		pieces = pieces[n:]
	}
	r.Long(len(out))
	return out, r.Report
}

// take tells how many of the pieces the next message holds. A heading or a rule does not stand last in a message whose
// text goes on in the next.
func (r *renderer) take(pieces []piece) int {
	n, parts, chars, files := 0, 1, 0, 0 // the container is a component too
	for n < len(pieces) {
		p := pieces[n]
		parts, chars, files = parts+p.parts, chars+p.chars, files+len(p.png)
		if n > 0 && (parts > maxComponents || chars > maxTexts || files > maxFileBytes) {
			break
		}
		n++
	}
	if n == len(pieces) {
		return n
	}
	for m := n; m > 1; m-- {
		if !pieces[m-1].leads {
			return m
		}
	}
	return n
}

func (r *renderer) payload(pieces []piece) Payload {
	p := Payload{Flags: flagV2, Mentions: mentions{Parse: []string{}}, Attachments: []Attachment{}}
	var inner []Component
	ids := map[string]int{}
	for _, x := range pieces {
		c := x.component
		if len(x.png) > 0 {
			name := "picture" + itoa(len(p.Files)+1) + ".png"
			p.Attachments = append(p.Attachments, Attachment{ID: itoa(len(p.Files)), Filename: name, Description: x.alt})
			p.Files = append(p.Files, x.png)
			c = gallery("attachment://"+name, x.alt)
		}
		if c = r.unique(c, ids); c != nil {
			inner = append(inner, c)
		}
	}
	if len(inner) == 0 {
		inner = []Component{text("–")}
	}
	p.Components = []Component{{"type": cContainer, "components": inner}}
	return p
}

// unique gives every control of a message a custom_id of its own, which Discord asks for: the second button of one meaning
// gets ".2" behind its id, which the way in takes off again. A piece of which nothing is left is nil.
func (r *renderer) unique(c Component, ids map[string]int) Component {
	name := func(m Component) bool {
		id, _ := m["custom_id"].(string)
		if id == "" {
			return true
		}
		ids[id]++
		if n := ids[id]; n > 1 {
			more := id + "." + itoa(n)
			if fit.Length(more) > maxCustomID {
				r.Note("a control that stands twice is shown once")
				return false
			}
			m["custom_id"] = more
		}
		return true
	}
	switch c["type"] {
	case cSection:
		if a, ok := c["accessory"].(Component); ok && !name(a) {
			return text(join(c["components"]))
		}
	case cRow:
		var left []Component
		for _, m := range c["components"].([]Component) {
			if name(m) {
				left = append(left, m)
			}
		}
		if len(left) == 0 {
			return nil
		}
		c["components"] = left
	}
	return c
}

func join(v any) string {
	var all []string
	for _, c := range v.([]Component) {
		s, _ := c["content"].(string)
		all = append(all, s)
	}
	return strings.Join(all, "\n")
}

func text(s string) Component { return Component{"type": cText, "content": s} }

func gallery(url, alt string) Component {
	item := map[string]any{"media": map[string]any{"url": url}}
	if alt != "" {
		item["description"] = alt
	}
	return Component{"type": cGallery, "items": []any{item}}
}

// marked puts a marker into a message where a reader does not see it and Discord keeps it: into the numbers of the
// container and of the first component in it. Numbers within a message must differ.
func marked(p Payload, marker string) Payload {
	if marker == "" || len(p.Components) == 0 {
		return p
	}
	a, b := markerIDs(marker)
	box := Component{}
	maps.Copy(box, p.Components[0])
	inner, _ := box["components"].([]Component)
	if len(inner) == 0 {
		return p
	}
	first := Component{}
	maps.Copy(first, inner[0])
	box["id"], first["id"] = a, b
	box["components"] = append([]Component{first}, inner[1:]...)
	p.Components = append([]Component{box}, p.Components[1:]...)
	return p
}
