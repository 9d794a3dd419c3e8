package main

import (
	"encoding/json"
	"strings"
	"testing"
)

// What a person sees of a message that Discord got, and can press.

// discordMsg is what can be seen of a message, and pressed.
type discordMsg struct {
	Type       int              `json:"-"` // of a first response
	Flags      int              `json:"flags"`
	Components []map[string]any `json:"components"`
	Text       string           `json:"-"`
	Raw        string           `json:"-"`
}

func readDiscord(raw []byte) (m discordMsg) {
	_ = json.Unmarshal(raw, &m)
	m.Raw = string(raw)
	var w strings.Builder
	m.each(func(c map[string]any) {
		for _, k := range []string{"content", "label", "description"} {
			if s, ok := c[k].(string); ok {
				w.WriteString(strings.NewReplacer(`\`, "", "**", "").Replace(s) + "\n")
			}
		}
	})
	m.Text = w.String()
	return m
}

// each visits every component.
func (m discordMsg) each(f func(c map[string]any)) {
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, x := range v {
				walk(x)
			}
		case map[string]any:
			f(v)
			for _, k := range []string{"components", "component", "accessory", "items", "options"} {
				walk(v[k])
			}
		}
	}
	for _, c := range m.Components {
		walk(any(c))
	}
}

// button finds a button's custom_id by what stands on it.
func (m discordMsg) button(label string) string {
	id := ""
	m.each(func(c map[string]any) {
		if c["type"] == 2.0 && c["label"] == label && id == "" {
			id, _ = c["custom_id"].(string)
		}
	})
	return id
}

func (m discordMsg) private() bool { return m.Flags&64 != 0 }

func (m discordMsg) has(t testing.TB, texts ...string) discordMsg {
	t.Helper()
	shows(t, m.Text, texts...)
	return m
}

func (m discordMsg) hasNot(t testing.TB, texts ...string) discordMsg {
	t.Helper()
	hides(t, m.Text, texts...)
	return m
}
