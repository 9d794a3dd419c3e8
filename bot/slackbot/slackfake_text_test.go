package slackbot

import (
	"fmt"
	"strings"
)

// blocksText is what a reader of Slack sees of blocks, one line each: a button as "[Label]", a
// menu or field by its label, its options and what is chosen or filled in.
func blocksText(v any) []string {
	var out []string
	add := func(s string) { out = append(out, strings.Split(s, "\n")...) }
	for _, x := range list(v) {
		b := x.(map[string]any)
		switch b["type"] {
		case "section":
			add(textOf(b["text"]))
			if a, ok := b["accessory"].(map[string]any); ok {
				add(elementText(a))
			}
		case "header":
			add(textOf(b["text"]))
		case "divider":
			add("----------")
		case "context", "actions":
			for _, e := range list(b["elements"]) {
				add(elementText(e.(map[string]any)))
			}
		case "image":
			add(strings.TrimSpace(textOf(b["title"]) + "\n" + textOf(b["alt_text"])))
		case "input":
			add(textOf(b["label"]) + ": " + elementText(b["element"].(map[string]any)))
			if h := textOf(b["hint"]); h != "" {
				add(h)
			}
		case "rich_text":
			for _, e := range list(b["elements"]) {
				add(richTextOf(e.(map[string]any)))
			}
		case "table":
			for _, r := range list(b["rows"]) {
				var cells []string
				for _, c := range list(r) {
					cells = append(cells, textOf(c.(map[string]any)["text"]))
				}
				add(strings.Join(cells, " | "))
			}
		default:
			add(fmt.Sprintf("(a block of type %v)", b["type"]))
		}
	}
	return out
}

func textOf(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case map[string]any:
		s, _ := v["text"].(string)
		return s
	}
	return ""
}

func richTextOf(e map[string]any) string {
	var parts []string
	sep := ""
	for _, x := range list(e["elements"]) {
		m := x.(map[string]any)
		if m["type"] == "text" {
			parts = append(parts, textOf(m["text"]))
		} else {
			parts, sep = append(parts, richTextOf(m)), "\n"
		}
	}
	return strings.Join(parts, sep)
}

func elementText(e map[string]any) string {
	switch e["type"] {
	case "button":
		return "[" + textOf(e["text"]) + "]"
	case "plain_text":
		return textOf(e)
	case "plain_text_input", "number_input", "datepicker":
		for _, k := range []string{"value", "initial_value", "initial_date"} {
			if s, ok := e[k].(string); ok {
				return s
			}
		}
		return textOf(e["placeholder"])
	}
	var labels []string
	for _, o := range optionsOf(e) {
		label := textOf(o["text"])
		if d := textOf(o["description"]); d != "" {
			label += " " + d
		}
		if isChosen(e, o) {
			label += " (chosen)"
		}
		labels = append(labels, label)
	}
	return strings.Join(labels, " / ")
}

func optionsOf(e map[string]any) []map[string]any {
	all := list(e["options"])
	for _, g := range list(e["option_groups"]) {
		all = append(all, list(g.(map[string]any)["options"])...)
	}
	var out []map[string]any
	for _, o := range all {
		out = append(out, o.(map[string]any))
	}
	return out
}

func isChosen(e, o map[string]any) bool {
	for _, i := range append(list(e["initial_options"]), one(e["initial_option"])...) {
		if i.(map[string]any)["value"] == o["value"] {
			return true
		}
	}
	return false
}
