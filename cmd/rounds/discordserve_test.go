package main

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"
)

// The people of the walk by their Discord accounts: a coach, her teacher, their principal, the lead of a PLC team, and who
// administers Rounds in the district.
const (
	dAlice = "3000000000000000001"
	dBob   = "3000000000000000002"
	dDana  = "3000000000000000003"
	dXio   = "3000000000000000004"
	dAdmin = "3000000000000000009"
)

// discordWalk is rounds serve with a Discord, its HTTP and its gateway, that remembers everything.
type discordWalk struct {
	*served
	discord *fakeDiscord
}

func newDiscordWalk(t *testing.T) *discordWalk {
	t.Helper()
	room := func(id string) string { return "discord:" + discordGuild + ":" + id }
	s, cfg := newServed(t, "web: [web]", "web: [web]\n  discord: [\""+discordGuild+"\"]", "web:web:cedar-leaders", room(roomLeaders), "web:web:cedar-social", room(roomTeam))
	var admin string
	for _, p := range cfg.People {
		if string(p.ID) == cfg.District.Set.Administrator[0] {
			admin = p.Email
			break
		}
	}
	w := &discordWalk{served: s, discord: newFakeDiscord(t)}
	w.serve(&serveCmd{
		secrets: func() secrets {
			return secrets{
				DiscordBotToken: "a.bot.token", DiscordApplicationID: discordApp, DiscordAPIURL: w.discord.api(),
				DiscordPublicKey: hex.EncodeToString(discordKey.Public().(ed25519.PublicKey)), DiscordLink: admin + "=" + dAdmin,
			}
		},
	})
	return w
}

// interaction is the body of one, and the token that its answers come by.
func (w *discordWalk) interaction(user, channel string, kind int, data, more map[string]any) ([]byte, string) {
	n := w.next()
	token := fmt.Sprintf("tok%d", n)
	id := fmt.Sprintf("60000000000000%05d", n)
	p := map[string]any{"id": id, "application_id": discordApp, "type": kind, "token": token, "version": 1, "channel_id": channel, "data": data}
	if channel == discordDM(user) {
		p["user"], p["context"], p["channel"] = map[string]any{"id": user}, 1, map[string]any{"id": channel, "type": 1}
	} else {
		p["guild_id"], p["context"], p["channel"] = discordGuild, 0, map[string]any{"id": channel, "type": 0}
		p["member"] = map[string]any{"user": map[string]any{"id": user}, "roles": []string{}}
	}
	maps.Copy(p, more)
	b, _ := json.Marshal(p)
	return b, token
}

func (w *discordWalk) send(body []byte, h http.Header) (int, []byte) {
	w.t.Helper()
	r, _ := http.NewRequest("POST", w.base+"/discord/interactions", bytes.NewReader(body))
	r.Header = h
	resp, err := w.client.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, b
}

// ask sends an interaction and gives its first response and token.
func (w *discordWalk) ask(user, channel string, kind int, data, more map[string]any) (int, json.RawMessage, string) {
	w.t.Helper()
	body, token := w.interaction(user, channel, kind, data, more)
	status, b := w.send(body, discordSigned(body, discordKey, time.Now()))
	if status != http.StatusOK {
		w.t.Fatalf("%d: %s", status, b)
	}
	var cb struct {
		Type int
		Data json.RawMessage
	}
	_ = json.Unmarshal(b, &cb)
	return cb.Type, cb.Data, token
}

// seen is what a request was answered with, at once or later.
func (w *discordWalk) seen(kind int, data json.RawMessage, token string) discordMsg {
	w.t.Helper()
	m := readDiscord(data)
	if kind == 5 || kind == 6 {
		var h []discordHook
		w.until("an answer", func() bool { h = w.discord.hooksOf(token); return len(h) > 0 })
		m = h[0].Msg
	} else if !m.private() && kind == 4 {
		w.discord.set(func() { w.discord.kept = append(w.discord.kept, string(data)) })
	}
	m.Type = kind
	return m
}

func options(pairs ...string) []any {
	out := []any{}
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, map[string]any{"name": pairs[i], "type": 3, "value": pairs[i+1]})
	}
	return out
}

// command gives a slash command with typed options.
func (w *discordWalk) command(user, channel, name, sub string, pairs ...string) discordMsg {
	w.t.Helper()
	all := options(pairs...)
	if sub != "" {
		all = []any{map[string]any{"name": sub, "type": 1, "options": all}}
	}
	return w.seen(w.ask(user, channel, 2, map[string]any{"id": "1", "name": name, "type": 1, "options": all}, nil))
}

// choices are the suggestions for the last option.
func (w *discordWalk) choices(user, name, sub string, pairs ...string) [][2]string {
	w.t.Helper()
	all := options(pairs...)
	all[len(all)-1].(map[string]any)["focused"] = true
	kind, data, _ := w.ask(user, roomLeaders, 4, map[string]any{"id": "1", "name": name, "type": 1, "options": []any{map[string]any{"name": sub, "type": 1, "options": all}}}, nil)
	var c struct {
		Choices []struct{ Name, Value string }
	}
	_ = json.Unmarshal(data, &c)
	if kind != 8 || len(c.Choices) == 0 {
		w.t.Fatalf("suggestions of type %d: %s", kind, data)
	}
	var out [][2]string
	for _, x := range c.Choices {
		out = append(out, [2]string{x.Name, x.Value})
	}
	return out
}

// press presses a button of a message. id is the message's if it is stored; "" for a private one.
func (w *discordWalk) press(user, channel, id string, m discordMsg, label string) (int, json.RawMessage, string) {
	w.t.Helper()
	custom := m.button(label)
	if custom == "" {
		w.t.Fatalf("no button %q in\n%s", label, m.Text)
	}
	return w.ask(user, channel, 3, map[string]any{"custom_id": custom, "component_type": 2}, map[string]any{"message": messageOf(id, m)})
}

func messageOf(id string, m discordMsg) map[string]any {
	flags := m.Flags
	if id == "" {
		id, flags = "70", flags|64
	}
	return map[string]any{"id": id, "flags": flags, "components": m.Components}
}

func (w *discordWalk) pressed(user, channel, id string, m discordMsg, label string) discordMsg {
	w.t.Helper()
	return w.seen(w.press(user, channel, id, m, label))
}

// modal reads a form that was opened.
func (w *discordWalk) modal(kind int, data json.RawMessage, _ string) map[string]any {
	w.t.Helper()
	var m map[string]any
	_ = json.Unmarshal(data, &m)
	if kind != 9 {
		w.t.Fatalf("no form but %d: %s", kind, data)
	}
	return m
}

// submit sends a form with some fields changed, from the message whose button opened it.
func (w *discordWalk) submit(user string, modal map[string]any, from discordMsg, changed map[string]string) discordMsg {
	w.t.Helper()
	var rows []any
	for _, x := range modal["components"].([]any) {
		c := x.(map[string]any)
		e, ok := c["component"].(map[string]any)
		if !ok {
			continue
		}
		in := map[string]any{"type": e["type"], "custom_id": e["custom_id"]}
		if e["type"] == 4.0 {
			in["value"] = e["value"]
			if s, ok := changed[e["custom_id"].(string)]; ok {
				in["value"] = s
			}
		} else {
			values := []any{}
			for _, o := range e["options"].([]any) {
				if m := o.(map[string]any); m["default"] == true {
					values = append(values, m["value"])
				}
			}
			if e["type"] != 21.0 {
				in["values"] = values
			} else if len(values) > 0 {
				in["value"] = values[0]
			}
		}
		rows = append(rows, map[string]any{"type": 18, "component": in})
	}
	return w.seen(w.ask(user, roomLeaders, 5, map[string]any{"custom_id": modal["custom_id"], "components": rows}, map[string]any{"message": messageOf("", from)}))
}

// posted waits for a message in a channel, as it stands now.
func (w *discordWalk) posted(channel, text string) discordPost {
	w.t.Helper()
	var p discordPost
	w.until("in "+channel+": "+text, func() bool {
		for _, x := range w.discord.stored() {
			if x.Channel == channel && strings.Contains(x.Msg.Text, text) {
				p = x
				return true
			}
		}
		return false
	})
	return p
}

// nudge appends something, after which the clock looks around.
func (w *discordWalk) nudge() {
	w.t.Helper()
	w.command(dAlice, roomLeaders, "observe", "log", "teacher", "Bob Brown", "minutes", "5").has(w.t, "Saved")
}
