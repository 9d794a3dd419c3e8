package main

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
)

// What a person sees of a message that Slack got, and can press.

// A message is what can be seen of one, and pressed.
type message struct {
	Type    string `json:"response_type"`
	Replace bool   `json:"replace_original"`
	Text    string
	Blocks  []map[string]any
}

// readMessage reads a message as it was sent: as JSON or as a form.
func readMessage(t testing.TB, body string) (m message) {
	t.Helper()
	if !strings.HasPrefix(body, "{") {
		q, _ := url.ParseQuery(body)
		m.Text = q.Get("text")
		if err := json.Unmarshal([]byte(q.Get("blocks")), &m.Blocks); err != nil {
			t.Fatalf("%v in %q", err, body)
		}
		return m
	}
	if err := json.Unmarshal([]byte(body), &m); err != nil {
		t.Fatalf("%v in %q", err, body)
	}
	return m
}

func (m message) has(t testing.TB, texts ...string) message {
	t.Helper()
	shows(t, m.Text, texts...)
	return m
}

func (m message) hasNot(t testing.TB, texts ...string) message {
	t.Helper()
	hides(t, m.Text, texts...)
	return m
}

type slackButton struct{ ActionID, Value string }

// button finds a button by what stands on it.
func (m message) button(label string) (slackButton, bool) {
	for _, b := range m.Blocks {
		elements, _ := b["elements"].([]any)
		for _, e := range append(elements, b["accessory"]) {
			e, _ := e.(map[string]any)
			text, _ := e["text"].(map[string]any)
			if e["type"] == "button" && text["text"] == label {
				value, _ := e["value"].(string)
				id, _ := e["action_id"].(string)
				return slackButton{id, value}, true
			}
		}
	}
	return slackButton{}, false
}
