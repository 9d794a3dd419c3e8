package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"rounds/bot"
	"rounds/bot/bottest"
	"rounds/bot/discordbot"
)

// discordShow writes down how Discord shows what a conversation says: each message as its texts, as they are sent, and its
// controls. Every one is held to the limits.
type discordShow struct {
	t *testing.T
	w strings.Builder
	n int
}

// onDiscord shows a conversation's answers and posts as Discord would, and compares them with a golden file.
func onDiscord(t *testing.T, s *stage) {
	d := &discordShow{t: t}
	s.also = func(a bot.Answer) { d.answer(a) }
	t.Cleanup(func() {
		d.w.WriteString("\n# what stands in the rooms\n")
		for _, r := range s.fake.Rooms() {
			for _, m := range s.fake.Stored(r) {
				if m.Marker != "" {
					d.messages("#"+r.ID, m.Card, true)
				}
			}
		}
		if d.n == 0 {
			t.Error("nothing was shown")
		}
		bottest.Golden(t, filepath.Join("testdata", "discord", filepath.Base(t.Name())+".txt"), strings.TrimLeft(d.w.String(), "\n"))
	})
}

func (d *discordShow) answer(a bot.Answer) {
	switch a := a.(type) {
	case bot.Whisper:
		d.messages("only you", a.Card.Card(), false)
	case bot.HomeView:
		d.messages("only you", a.Card.Card(), false)
	case bot.Say:
		d.messages("in the room", a.Card.Card(), true)
	case bot.Update:
		if a.Private != nil {
			d.messages("only you, instead", a.Private.Card(), false)
		} else {
			d.messages("instead", a.Open.Card(), true)
		}
	case bot.OpenForm:
		for i, m := range discordbot.Parts(a.Form) {
			fmt.Fprintf(&d.w, "\n--- form, part %d: %s\n", i+1, m.Title)
			rows, _ := json.Marshal(m.Components)
			d.components(rows, 5)
		}
	}
}

func (d *discordShow) messages(where string, c bot.Card, pictures bool) {
	ms, report := discordbot.Render{Pictures: pictures}.Messages(c)
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
func (d *discordShow) components(b []byte, most int) {
	d.t.Helper()
	d.n++
	var top []any
	if err := json.Unmarshal(b, &top); err != nil {
		d.t.Fatal(err)
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
					d.t.Errorf("custom_id of %d characters, or twice", n)
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
		d.t.Errorf("%d components in %d rows, %d characters", count, len(top), chars)
	}
}
