package discordbot

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

// checker measures payloads by Discord's documented limits, its numbers written down again here so that a wrong one in limits.go
// does not check itself.
type checker struct {
	wrong  []string
	parts  int
	chars  int
	ids    map[string]bool
	marked map[float64]bool
}

func (c *checker) say(path, format string, args ...any) {
	c.wrong = append(c.wrong, path+": "+fmt.Sprintf(format, args...))
}

func (c *checker) text(path string, m map[string]any, key string, least, most int) {
	v, there := m[key]
	s, ok := v.(string)
	if !there && least == 0 {
		return
	}
	if n := utf8.RuneCountInString(s); !ok || n < least || n > most || least > 0 && strings.TrimSpace(s) == "" {
		c.say(path+"."+key, "%d characters, %d to %d", n, least, most)
	}
}

func (c *checker) id(path string, m map[string]any) {
	c.text(path, m, "custom_id", 1, 100)
	id, _ := m["custom_id"].(string)
	if c.ids[id] {
		c.say(path, "custom_id %q twice", id)
	}
	c.ids[id] = true
}

func asMap(v any) map[string]any {
	b, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	var m map[string]any
	_ = json.Unmarshal(b, &m)
	return m
}

func newChecker() *checker { return &checker{ids: map[string]bool{}, marked: map[float64]bool{}} }

// checkMessage says what Discord would refuse in a message.
func checkMessage(v any) []string {
	m := asMap(v)
	c := newChecker()
	if flags, _ := m["flags"].(float64); int(flags)&(1<<15) == 0 {
		c.say("flags", "components without IS_COMPONENTS_V2")
	}
	for _, k := range []string{"content", "embeds", "poll"} {
		if m[k] != nil {
			c.say(k, "beside components v2")
		}
	}
	if am, ok := m["allowed_mentions"].(map[string]any); !ok || len(anyList(am["parse"])) != 0 || am["parse"] == nil {
		c.say("allowed_mentions", "somebody may be notified")
	}
	top := anyList(m["components"])
	if len(top) == 0 {
		c.say("components", "an empty message")
	}
	c.components("components", top, "message")
	if c.parts > 40 {
		c.say("components", "%d components", c.parts)
	}
	if c.chars > 4000 {
		c.say("components", "%d characters in all", c.chars)
	}
	files := anyList(m["attachments"])
	if len(files) > 10 {
		c.say("attachments", "%d files", len(files))
	}
	for _, f := range files {
		c.text("attachments", f.(map[string]any), "description", 0, 1024)
	}
	return c.wrong
}

// checkModal says what Discord would refuse in a modal.
func checkModal(v any) []string {
	m := asMap(v)
	c := newChecker()
	c.text("modal", m, "title", 1, 45)
	c.text("modal", m, "custom_id", 1, 100)
	rows := anyList(m["components"])
	if len(rows) < 1 || len(rows) > 5 {
		c.say("modal.components", "%d rows", len(rows))
	}
	c.components("modal.components", rows, "modal")
	return c.wrong
}

func (c *checker) components(path string, list []any, on string) {
	for i, x := range list {
		m, _ := x.(map[string]any)
		at := fmt.Sprintf("%s[%d]", path, i)
		c.parts++
		if id, ok := m["id"].(float64); ok {
			if c.marked[id] || id < 1 || id > 1<<31-1 {
				c.say(at, "number %v", id)
			}
			c.marked[id] = true
		}
		inner := anyList(m["components"])
		switch kind(m) {
		case cText:
			c.text(at, m, "content", 1, 4000)
			s, _ := m["content"].(string)
			c.chars += utf8.RuneCountInString(s)
		case cContainer:
			if on != "message" || len(inner) == 0 {
				c.say(at, "a container on a %s, of %d", on, len(inner))
			}
			c.components(at, inner, "container")
		case cSection:
			if len(inner) < 1 || len(inner) > 3 {
				c.say(at, "%d texts", len(inner))
			}
			c.components(at, inner, "section")
			c.components(at+".accessory", []any{m["accessory"]}, "accessory")
		case cRow:
			c.row(at, inner)
		case cButton:
			c.button(at, m, on)
		case cSelect:
			c.menu(at, m, on)
		case cRadio, cBoxes:
			c.few(at, m, on)
		case cInput:
			c.input(at, m, on)
		case cLabel:
			if on != "modal" {
				c.say(at, "a label on a %s", on)
			}
			c.text(at, m, "label", 1, 45)
			c.text(at, m, "description", 0, 100)
			c.components(at+".component", []any{m["component"]}, "label")
		case cGallery:
			items := anyList(m["items"])
			if len(items) < 1 || len(items) > 10 {
				c.say(at, "%d pictures", len(items))
			}
			for _, it := range items {
				c.text(at, it.(map[string]any), "description", 0, 1024)
			}
		case cSeparator:
		default:
			c.say(at, "type %v", m["type"])
		}
	}
}

func (c *checker) row(at string, inner []any) {
	if len(inner) < 1 || len(inner) > 5 {
		c.say(at, "%d in a row", len(inner))
	}
	for _, x := range inner {
		if kind(x.(map[string]any)) != cButton && len(inner) > 1 {
			c.say(at, "a menu takes the whole row")
		}
	}
	c.components(at, inner, "row")
}

func (c *checker) button(at string, m map[string]any, on string) {
	if on != "row" && on != "accessory" {
		c.say(at, "a button on a %s", on)
	}
	c.text(at, m, "label", 1, 80)
	c.id(at, m)
	if s, _ := m["style"].(float64); s < 1 || s > 4 {
		c.say(at, "style %v", m["style"])
	}
}

func (c *checker) options(at string, m map[string]any, least, most int) {
	all := anyList(m["options"])
	if len(all) < least || len(all) > most {
		c.say(at, "%d options", len(all))
	}
	values := map[any]bool{}
	for _, o := range all {
		x := o.(map[string]any)
		c.text(at, x, "label", 1, 100)
		c.text(at, x, "value", 1, 100)
		c.text(at, x, "description", 0, 100)
		if values[x["value"]] {
			c.say(at, "a value twice")
		}
		values[x["value"]] = true
	}
}

func (c *checker) menu(at string, m map[string]any, on string) {
	if on != "row" && on != "label" {
		c.say(at, "a menu on a %s", on)
	}
	c.id(at, m)
	c.text(at, m, "placeholder", 0, 150)
	c.options(at, m, 1, 25)
	if n, ok := m["max_values"].(float64); ok && (n < 1 || n > 25 || int(n) > len(anyList(m["options"]))) {
		c.say(at, "max_values %v", n)
	}
}

func (c *checker) few(at string, m map[string]any, on string) {
	if on != "label" {
		c.say(at, "a choice on a %s", on)
	}
	c.id(at, m)
	if kind(m) == cRadio {
		c.options(at, m, 2, 10)
		if m["min_values"] != nil || m["max_values"] != nil {
			c.say(at, "a radio group of several")
		}
		return
	}
	c.options(at, m, 1, 10)
}

func (c *checker) input(at string, m map[string]any, on string) {
	if on != "label" {
		c.say(at, "an input on a %s", on)
	}
	c.id(at, m)
	c.text(at, m, "placeholder", 0, 100)
	most, _ := m["max_length"].(float64)
	if most < 1 || most > 4000 {
		c.say(at, "max_length %v", most)
	}
	c.text(at, m, "value", 0, int(most))
	if s, _ := m["style"].(float64); s != 1 && s != 2 {
		c.say(at, "style %v", m["style"])
	}
}
