package discordbot

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"

	"rounds/bot"
)

// Shown writes down how Discord shows answers and posts: each message as its texts, as they are sent, and its controls. It is
// how conversations are read that were played elsewhere, and every one is held to the limits on the way.
type Shown struct {
	Problems []string // limits that were broken
	N        int      // messages and forms

	w strings.Builder
}

// String is what was shown so far.
func (d *Shown) String() string { return strings.TrimLeft(d.w.String(), "\n") }

// Head adds a line of one's own.
func (d *Shown) Head(line string) { d.w.WriteString("\n" + line + "\n") }

func (d *Shown) problem(format string, args ...any) {
	d.Problems = append(d.Problems, fmt.Sprintf(format, args...))
}

// Answer adds an answer.
func (d *Shown) Answer(a bot.Answer) {
	switch a := a.(type) {
	case bot.Whisper:
		d.Card("only you", a.Card.Card(), false)
	case bot.HomeView:
		d.Card("only you", a.Card.Card(), false)
	case bot.Say:
		d.Card("in the room", a.Card.Card(), true)
	case bot.Update:
		if a.Private != nil {
			d.Card("only you, instead", a.Private.Card(), false)
		} else {
			d.Card("instead", a.Open.Card(), true)
		}
	case bot.OpenForm:
		for i, m := range Parts(a.Form) {
			fmt.Fprintf(&d.w, "\n--- form, part %d: %s\n", i+1, m.Title)
			rows, _ := json.Marshal(m.Components)
			d.components(rows, 5)
		}
	}
}

// Card adds a card as it is shown somewhere, with pictures where it is posted.
func (d *Shown) Card(where string, c bot.Card, pictures bool) {
	ms, report := Render{Pictures: pictures}.Messages(c)
	for i, m := range ms {
		fmt.Fprintf(&d.w, "\n--- %s", where)
		if len(ms) > 1 {
			fmt.Fprintf(&d.w, ", %d of %d", i+1, len(ms))
		}
		d.w.WriteString("\n")
		b, _ := json.Marshal(m.Components)
		d.components(b, 40)
	}
	for _, r := range report {
		fmt.Fprintf(&d.w, "(%s)\n", r)
	}
}

// components writes what stands on a message or a form, and counts it.
func (d *Shown) components(b []byte, most int) {
	d.N++
	var top []any
	if err := json.Unmarshal(b, &top); err != nil {
		d.Problems = append(d.Problems, err.Error())
		return
	}
	count, chars := 0, 0
	ids := map[any]bool{}
	var walk func(v any)
	walk = func(v any) {
		list, _ := v.([]any)
		for _, x := range list {
			m := x.(map[string]any)
			count++
			if id, ok := m["custom_id"]; ok {
				if n := len([]rune(fmt.Sprint(id))); ids[id] || n < 1 || n > 100 {
					d.problem("custom_id of %d characters, or twice", n)
				}
				ids[id] = true
			}
			switch m["type"] {
			case 10.0:
				s := fmt.Sprint(m["content"])
				chars += len([]rune(s))
				d.w.WriteString(s + "\n")
			case 2.0:
				fmt.Fprintf(&d.w, "[%v]\n", m["label"])
			case 12.0:
				item := m["items"].([]any)[0].(map[string]any)
				fmt.Fprintf(&d.w, "(picture: %v)\n", item["description"])
			case 14.0:
				d.w.WriteString("----\n")
			case 18.0:
				fmt.Fprintf(&d.w, "%v: ", m["label"])
				if h, ok := m["description"]; ok {
					fmt.Fprintf(&d.w, "(%v) ", h)
				}
			case 4.0:
				fmt.Fprintf(&d.w, "<%v> %v\n", cmp.Or(m["placeholder"], any("")), cmp.Or(m["value"], any("")))
			case 3.0, 21.0, 22.0:
				var all []string
				for _, o := range m["options"].([]any) {
					o := o.(map[string]any)
					s := fmt.Sprint(o["label"])
					if o["default"] == true {
						s += "*"
					}
					all = append(all, s)
				}
				fmt.Fprintf(&d.w, "{%s}\n", strings.Join(all, " / "))
			}
			walk(m["components"])
			for _, k := range []string{"component", "accessory"} {
				if m[k] != nil {
					walk([]any{m[k]})
				}
			}
		}
	}
	walk(top)
	if rows := len(top); most == 5 && (rows < 1 || rows > 5) || most == 40 && (count < 2 || count > 40) || chars > 4000 {
		d.problem("%d components in %d rows, %d characters", count, len(top), chars)
	}
}
