package main

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
)

// What of a person's record stands in the bodies that Slack keeps: nothing may.

// slackLeaks looks for names and texts in bodies as Slack got them. Names may stand only where an agenda says roles and owners
// of commitments.
func slackLeaks(kept, names, secrets []string) (leaks []string) {
	for _, body := range kept {
		texts, allowed := slackTexts(body)
		mayName := func(line string) bool {
			return slices.ContainsFunc(allowed, func(a string) bool { return strings.Contains(line, a) })
		}
		for _, s := range texts {
			leaks = append(leaks, leaksIn(s, names, secrets, mayName)...)
		}
	}
	return leaks
}

// slackTexts lists all strings of a stored body, and the lines among them in which somebody may be named.
func slackTexts(body string) (texts, allowed []string) {
	docs := []string{body}
	if !strings.HasPrefix(body, "{") {
		docs = nil
		q, _ := url.ParseQuery(body)
		for k, vs := range q {
			if k != "token" {
				docs = append(docs, vs...)
			}
		}
	}
	for _, doc := range docs {
		var v any
		if json.Unmarshal([]byte(doc), &v) != nil {
			texts = append(texts, doc)
			continue
		}
		owners := false
		var walk func(v any)
		walk = func(v any) {
			switch v := v.(type) {
			case string:
				texts = append(texts, v)
			case []any:
				for _, x := range v {
					walk(x)
				}
			case map[string]any:
				text := slackText(v)
				role, _, named := strings.Cut(text, " · ")
				switch {
				case v["type"] == "rich_text_section" && named && namedRoles[role]:
					allowed = append(allowed, text)
				case v["type"] == "rich_text_section":
					owners = text == "Commitments still open"
				case v["type"] == "section" && owners:
					allowed = append(allowed, strings.Split(text, "\n")[0])
				}
				for k, x := range v {
					if k != "value" && k != "action_id" && k != "block_id" {
						walk(x)
					}
				}
			}
		}
		walk(v)
	}
	return texts, allowed
}

// slackText is what a section or a rich text section says.
func slackText(v map[string]any) string {
	if m, ok := v["text"].(map[string]any); ok {
		s, _ := m["text"].(string)
		return s
	}
	var b strings.Builder
	elements, _ := v["elements"].([]any)
	for _, e := range elements {
		if m, ok := e.(map[string]any); ok {
			s, _ := m["text"].(string)
			b.WriteString(s)
		}
	}
	return b.String()
}
