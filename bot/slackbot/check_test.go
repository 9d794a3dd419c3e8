package slackbot

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// checker measures payloads by Slack's documented limits, its numbers written down again
// here so that a wrong one in limits.go does not check itself.
type checker struct {
	wrong []string
	chars int
}

func (c *checker) say(path, format string, args ...any) {
	c.wrong = append(c.wrong, path+": "+fmt.Sprintf(format, args...))
}

func (c *checker) text(path string, v any, most int) {
	s, ok := v.(string)
	if m, isMap := v.(map[string]any); isMap {
		if m["type"] != "plain_text" {
			c.say(path, "type %v", m["type"])
		}
		s, ok = m["text"].(string)
		if strings.TrimSpace(s) == "" {
			c.say(path, "blank")
		}
	}
	if n := utf8.RuneCountInString(s); !ok || n < 1 || n > most {
		c.say(path, "%d characters, %d at most", n, most)
	}
}

func (c *checker) optional(path string, m map[string]any, key string, most int) {
	if v, ok := m[key]; ok {
		c.text(path+"."+key, v, most)
	}
}

func (c *checker) items(path string, v any, most int) []any {
	l, _ := v.([]any)
	if len(l) < 1 || len(l) > most {
		c.say(path, "%d items, %d at most", len(l), most)
	}
	return l
}

// checkMessage says what Slack would refuse in a message.
func checkMessage(p any) []string {
	m := asMap(p)
	c := &checker{}
	c.text("text", m["text"], 4000*5)
	c.blocks("blocks", m["blocks"], 50, "message")
	if c.chars > 11000 {
		c.say("blocks", "%d characters in all", c.chars)
	}
	return c.wrong
}

// checkView says what Slack would refuse in a view.
func checkView(v any) []string {
	m := asMap(v)
	c := &checker{}
	kind, _ := m["type"].(string)
	if kind == "modal" {
		c.text("title", m["title"], 24)
		c.optional("view", m, "submit", 24)
		c.optional("view", m, "close", 24)
	} else if kind != "home" {
		c.say("type", "%q", kind)
	}
	c.optional("view", m, "callback_id", 255)
	c.optional("view", m, "private_metadata", 3000)
	if b, _ := json.Marshal(m); len(b) > 250_000 {
		c.say("view", "%d bytes", len(b))
	}
	if inputs := c.blocks("blocks", m["blocks"], 100, kind); inputs > 0 && m["submit"] == nil {
		c.say("submit", "missing")
	}
	return c.wrong
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

func (c *checker) blocks(path string, v any, most int, surface string) (inputs int) {
	tables := 0
	ids := map[string]bool{}
	for i, x := range c.items(path, v, most) {
		b, _ := x.(map[string]any)
		at := fmt.Sprintf("%s[%d]", path, i)
		c.chars += weight(b)
		if id, ok := b["block_id"].(string); ok {
			c.text(at+".block_id", id, 255)
			if ids[id] {
				c.say(at, "block_id twice")
			}
			ids[id] = true
		}
		actions := map[string]bool{}
		switch b["type"] {
		case "section":
			c.text(at+".text", b["text"], 3000)
			if a, ok := b["accessory"]; ok {
				c.element(at+".accessory", a, actions)
			}
		case "header":
			c.text(at+".text", b["text"], 150)
		case "divider":
		case "context":
			for _, e := range c.items(at+".elements", b["elements"], 10) {
				c.text(at, e, 3000)
			}
		case "actions":
			for j, e := range c.items(at+".elements", b["elements"], 25) {
				c.element(fmt.Sprintf("%s.elements[%d]", at, j), e, actions)
			}
		case "image":
			c.optional(at, b, "alt_text", 2000)
			c.optional(at, b, "title", 2000)
			if b["slack_file"] == nil || b["alt_text"] == nil {
				c.say(at, "an image without file or words")
			}
			if surface != "message" {
				c.say(at, "a picture in a private view")
			}
		case "input":
			inputs++
			c.text(at+".label", b["label"], 2000)
			c.optional(at, b, "hint", 2000)
			c.element(at+".element", b["element"], actions)
			if surface != "modal" {
				c.say(at, "an input outside a modal")
			}
		case "table":
			tables++
			if surface != "message" {
				c.say(at, "a table in a view")
			}
			c.table(at, b)
		case "rich_text":
			for _, e := range c.items(at+".elements", b["elements"], 1000) {
				c.rich(at, e)
			}
		default:
			c.say(at, "type %v", b["type"])
		}
	}
	if tables > 1 {
		c.say(path, "only_one_table_allowed")
	}
	return inputs
}

func (c *checker) table(at string, b map[string]any) {
	chars := 0
	c.items(at+".column_settings", b["column_settings"], 20)
	width := -1
	for _, r := range c.items(at+".rows", b["rows"], 100) {
		row := c.items(at+".row", r, 20)
		if width >= 0 && len(row) != width {
			c.say(at, "rows of %d and %d cells", width, len(row))
		}
		width = len(row)
		for _, cell := range row {
			m, _ := cell.(map[string]any)
			c.text(at+".cell", m["text"], 10_000)
			chars += weight(m)
		}
	}
	if chars > 10_000 {
		c.say(at, "%d characters", chars)
	}
}

func (c *checker) rich(at string, v any) {
	m, _ := v.(map[string]any)
	switch m["type"] {
	case "rich_text_section", "rich_text_quote", "rich_text_preformatted":
		for _, e := range c.items(at, m["elements"], 1000) {
			r, _ := e.(map[string]any)
			if r["type"] != "text" {
				c.say(at, "a run of type %v", r["type"])
			}
			c.text(at, r["text"], 3000)
		}
	case "rich_text_list":
		if m["style"] != "bullet" && m["style"] != "ordered" {
			c.say(at, "list style %v", m["style"])
		}
		for _, e := range c.items(at, m["elements"], 1000) {
			c.rich(at, e)
		}
	default:
		c.say(at, "rich text of type %v", m["type"])
	}
}

var day = regexp.MustCompile(`^\d{4}-\d\d-\d\d$`)

func (c *checker) element(at string, v any, actions map[string]bool) {
	e, _ := v.(map[string]any)
	if id, ok := e["action_id"].(string); ok {
		c.text(at+".action_id", id, 255)
		if actions[id] {
			c.say(at, "action_id twice")
		}
		actions[id] = true
	}
	c.optional(at, e, "placeholder", 150)
	options := func(v any, most int) (all []any) {
		for _, o := range c.items(at+".options", v, most) {
			m, _ := o.(map[string]any)
			c.text(at+".option", m["text"], 75)
			c.text(at+".option.value", m["value"], 150)
			c.optional(at+".option", m, "description", 75)
			all = append(all, m["value"])
		}
		return all
	}
	var all []any
	switch e["type"] {
	case "button":
		c.text(at+".text", e["text"], 75)
		c.optional(at, e, "value", 2000)
		c.optional(at, e, "accessibility_label", 75)
		if s, ok := e["style"]; ok && s != "primary" && s != "danger" {
			c.say(at, "style %v", s)
		}
		if q, ok := e["confirm"].(map[string]any); ok {
			c.text(at+".confirm.title", q["title"], 100)
			c.text(at+".confirm.text", q["text"], 300)
			c.text(at+".confirm.confirm", q["confirm"], 30)
			c.text(at+".confirm.deny", q["deny"], 30)
		}
	case "static_select", "multi_static_select":
		if (e["options"] == nil) == (e["option_groups"] == nil) {
			c.say(at, "options and groups")
		}
		if e["options"] != nil {
			all = options(e["options"], 100)
		} else {
			for _, g := range c.items(at+".option_groups", e["option_groups"], 100) {
				m, _ := g.(map[string]any)
				c.text(at+".group", m["label"], 75)
				all = append(all, options(m["options"], 100)...)
			}
		}
	case "radio_buttons", "checkboxes":
		all = options(e["options"], 10)
	case "plain_text_input":
		n, _ := e["max_length"].(float64)
		if n < 1 || n > 3000 {
			c.say(at, "max_length %v", n)
		}
		c.optional(at, e, "initial_value", int(n))
	case "datepicker":
		if d, ok := e["initial_date"].(string); ok && !day.MatchString(d) {
			c.say(at, "date %q", d)
		}
	case "number_input":
	default:
		c.say(at, "element %v", e["type"])
	}
	for _, o := range append(list(e["initial_options"]), one(e["initial_option"])...) {
		m, _ := o.(map[string]any)
		found := false
		for _, v := range all {
			found = found || v == m["value"]
		}
		if !found {
			c.say(at, "the chosen option is none of them")
		}
	}
}

func list(v any) []any {
	l, _ := v.([]any)
	return append([]any(nil), l...)
}

func one(v any) []any {
	if v == nil {
		return nil
	}
	return []any{v}
}
