package bot

import "strings"

// Usage is what help shows of a command: its names and purpose, who may use it, and
// each subcommand with an example. It is made from the registration alone.
func Usage(c Command) []Block {
	title := "/" + c.Name
	if len(c.Aliases) > 0 {
		title += " (also /" + strings.Join(c.Aliases, ", /") + ")"
	}
	blocks := []Block{Title{Text: title}}
	if c.Summary != "" {
		blocks = append(blocks, Text{Text: c.Summary})
	}
	var l List
	for _, s := range c.Subs {
		text := s.Example
		if text == "" {
			text = strings.TrimSpace("/" + c.Name + " " + s.Name)
		}
		l.Items = append(l.Items, Item{Text: text, Note: s.Summary})
	}
	if len(l.Items) > 0 {
		blocks = append(blocks, l)
	}
	if c.Who != "" {
		blocks = append(blocks, Context{Text: "For " + c.Who + "."})
	}
	return blocks
}

// UsageOf is one subcommand in full: its example, and its options with their help.
func UsageOf(c Command, s Sub) []Block {
	blocks := []Block{Title{Text: strings.TrimSpace("/" + c.Name + " " + s.Name)}}
	if s.Summary != "" {
		blocks = append(blocks, Text{Text: s.Summary})
	}
	if s.Example != "" {
		blocks = append(blocks, Text{Text: s.Example, Style: Quote})
	}
	var f Facts
	for _, o := range s.Options {
		key := o.Name + ":"
		if o.Bare {
			key = o.Name + ": (the key may be left out)"
		}
		f.Items = append(f.Items, Fact{Label: strings.TrimSuffix(key, ":"), Value: o.Help})
	}
	if len(f.Items) > 0 {
		blocks = append(blocks, f)
	}
	return blocks
}
