package discordbot

import (
	"fmt"
	"slices"
	"strings"

	"rounds/bot"
)

// callback takes the first response to an interaction. f.mu is held.
func (f *fakeDiscord) callback(token string, body map[string]any) (int, any) {
	i := f.inters[token]
	if i == nil {
		return refuse(404, codeUnknownInteraction, "Unknown interaction")
	}
	if i.answered {
		return refuse(400, 40060, "Interaction has already been acknowledged.")
	}
	kind, _ := body["type"].(float64)
	f.seen = append(f.seen, fmt.Sprintf("%d to %d", int(kind), i.kind))
	data, _ := body["data"].(map[string]any)
	flags, _ := data["flags"].(float64)
	bad := func(s string) (int, any) {
		f.wrong = append(f.wrong, s)
		return refuse(400, 50035, s)
	}
	message := func() *fakeMessage {
		m := &fakeMessage{id: f.id(), channel: i.channel, author: fakeApp, flags: int(flags) & flagEphemeral}
		if m.flags != 0 {
			m.viewer = i.user
		}
		f.messages = append(f.messages, m)
		i.original = m
		return m
	}
	switch int(kind) {
	case respondMessage:
		if s := f.good(data, 0); s != "" {
			return bad(s)
		}
		i.answered = true
		_, _ = f.change(message(), data, 0)
	case respondLater:
		if i.kind == 4 {
			return bad("suggestions are not deferred")
		}
		i.answered = true
		message().pending = true
	case respondQuiet, respondUpdate:
		if i.source == nil {
			return bad("there is no message to update")
		}
		i.answered, i.original = true, i.source
		if int(kind) == respondUpdate {
			if s := f.good(data, 0); s != "" {
				return bad(s)
			}
			_, _ = f.change(i.source, data, 0)
		}
	case respondChoices:
		if i.kind != 4 {
			return bad("suggestions that nobody asked for")
		}
		i.answered = true
	case respondModal:
		if i.kind == 5 || i.kind == 4 {
			return bad("a modal after a modal")
		}
		if wrong := checkModal(data); wrong != nil {
			f.wrong = append(f.wrong, wrong...)
			return refuse(400, 50035, strings.Join(wrong, "; "))
		}
		i.answered = true
		f.forms[i.user] = &fakeForm{modal: data, values: map[string][]string{}, source: i.source}
	default:
		return bad(fmt.Sprintf("a response of type %v", body["type"]))
	}
	if i.kind == 5 {
		delete(f.forms, i.user)
	}
	return 204, nil
}

// webhook takes what follows the first response. f.mu is held.
func (f *fakeDiscord) webhook(method string, p []string, body map[string]any, files int) (int, any) {
	i := f.inters[p[0]]
	if i == nil {
		return refuse(404, codeUnknownWebhook, "Unknown Webhook")
	}
	if !i.answered {
		return refuse(404, codeUnknownWebhook, "Unknown Webhook")
	}
	m := i.original
	if len(p) == 1 {
		if body["nonce"] != nil {
			f.wrong = append(f.wrong, "a follow-up with a nonce")
		}
		if m != nil && m.pending { // it takes the place of the waiting line, and its privacy
			return f.change(m, body, files)
		}
		flags, _ := body["flags"].(float64)
		m = &fakeMessage{id: f.id(), channel: i.channel, author: fakeApp, flags: int(flags) & flagEphemeral}
		if m.flags != 0 {
			m.viewer = i.user
		}
		f.messages = append(f.messages, m)
		return f.change(m, body, files)
	}
	if m == nil {
		return refuse(404, codeUnknownMessage, "Unknown Message")
	}
	if method == "DELETE" {
		f.messages = slices.DeleteFunc(f.messages, func(x *fakeMessage) bool { return x == m })
		i.original = nil
		return 204, nil
	}
	return f.change(m, body, files)
}

func (h *harness) Stored(in bot.Room) []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []string
	for _, m := range h.messages {
		if m.viewer == "" && (m.channel == in.ID || h.threads[m.channel] == in.ID) && m.author == fakeApp && !m.pending {
			out = append(out, strings.Join(componentsText(m.components), "\n"))
		}
	}
	return out
}
