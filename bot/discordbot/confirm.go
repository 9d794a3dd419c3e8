package discordbot

import (
	"encoding/json"
	"slices"
	"strings"

	"rounds/bot"
	"rounds/bot/fit"
)

// Discord asks nothing before a press counts, so the first press of such a button asks and the second counts.

// questions are what buttons of a card ask before a press counts, by the custom_id that they are sent with.
func questions(c bot.Card) (out [][]string) {
	add := func(b bot.Button) {
		if !fit.Blank(b.Confirm) && b.ID != "" {
			out = append(out, []string{askFirst + b.ID, b.Confirm})
		}
	}
	for _, b := range c.Blocks {
		switch b := b.(type) {
		case bot.Buttons:
			for _, x := range b.Items {
				add(x)
			}
		case bot.List:
			for _, it := range b.Items {
				if it.Button != nil {
					add(*it.Button)
				}
			}
		}
	}
	return out
}

// ask is the response to the first press of a button that asks before it counts: the same message, with the button's second
// press armed and the question above its buttons. Posted messages are not changed for everybody: there the question
// is a private message.
func (o Render) ask(in Incoming, question string) *Callback {
	if fit.Blank(question) {
		question = "Press once more if you are sure."
	}
	p := &planner{Render: o, in: in, t: in.Target}
	id := in.Call.Button
	var shown []any
	if in.Target.Ephemeral && json.Unmarshal(in.Target.Shown, &shown) == nil && arm(shown, id) {
		if box, ok := shown[0].(map[string]any); ok && box["type"] == float64(cContainer) {
			inner, _ := box["components"].([]any)
			if countOf(shown) < maxComponents && textsOf(shown)+fit.Length(question) < maxTexts {
				at := max(len(inner)-1, 0)
				inner = slices.Insert(slices.Clone(inner), at, any(map[string]any{"type": cText, "content": strong(question)}))
				box["components"] = inner
			}
			return &Callback{Type: respondUpdate, Data: map[string]any{
				"flags": flagV2 | flagEphemeral, "components": shown, "allowed_mentions": mentions{Parse: []string{}},
			}}
		}
	}
	yes := Component{"type": cButton, "style": buttonStyles[bot.Danger], "label": "Yes", "custom_id": id}
	return &Callback{Type: respondMessage, Data: p.own(question, yes).private()}
}

// arm finds the asking button and makes its next press count. It also takes off the numbers that Discord gave the
// components, because one more comes between.
func arm(components []any, id string) (found bool) {
	for _, c := range components {
		m, ok := c.(map[string]any)
		if !ok {
			continue
		}
		delete(m, "id")
		if cid, _ := m["custom_id"].(string); strings.HasPrefix(cid, askFirst+id) {
			label, _ := m["label"].(string)
			label, _ = fit.Cut("Yes: "+label, maxButtonLabel)
			m["custom_id"], m["label"], m["style"] = strings.TrimPrefix(cid, askFirst), label, buttonStyles[bot.Danger]
			found = true
		}
		inner, _ := m["components"].([]any)
		found = arm(inner, id) || found
		if a, ok := m["accessory"]; ok {
			found = arm([]any{a}, id) || found
		}
	}
	return found
}

func countOf(components []any) (n int) {
	for _, c := range components {
		m, _ := c.(map[string]any)
		inner, _ := m["components"].([]any)
		n += 1 + countOf(inner)
		if m["accessory"] != nil {
			n++
		}
	}
	return n
}

func textsOf(components []any) (n int) {
	for _, c := range components {
		m, _ := c.(map[string]any)
		s, _ := m["content"].(string)
		inner, _ := m["components"].([]any)
		n += fit.Length(s) + textsOf(inner)
	}
	return n
}
