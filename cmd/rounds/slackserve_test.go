package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// The people of the walk: a coach, her teacher, their principal, and the lead of a PLC team.
const (
	alice   = "U01ALICE"
	bob     = "U02BOB"
	dana    = "U03DANA"
	xiomara = "U04XIO"
)

// slackWalk is rounds serve with a Slack that remembers everything.
type slackWalk struct {
	*served
	slack *fakeSlack
	sign  *slackSigner
	gate  chan struct{} // what each write of the store waits for; nil when it does not. mu guards it
}

func newSlackWalk(t *testing.T) *slackWalk {
	t.Helper()
	s, _ := newServed(t, "web: [web]", "web: [web]\n  slack: [T01TEST]", "web:web:cedar-leaders", "slack:T01TEST:C01GEN", "web:web:cedar-social", "slack:T01TEST:C02OPS")
	w := &slackWalk{served: s}
	w.slack = newFakeSlack(t, map[string]string{alice: "alice@example.com", bob: "bob@example.com", dana: "dana.whitfield@example.com", xiomara: "xiomara.cisneros@example.com"})
	w.serve(&serveCmd{
		lease: 8 * time.Second, // a post without an answer is looked up after a quarter of it
		secrets: func() secrets {
			return secrets{SlackBotToken: "xoxb-test", SlackSigningSecret: signingSecret, SlackAPIURL: w.slack.api()}
		},
		slow: func() {
			w.mu.Lock()
			gate := w.gate
			w.mu.Unlock()
			if gate != nil {
				<-gate
			}
		},
	})
	w.sign = &slackSigner{base: w.base, secret: signingSecret, client: w.client}
	return w
}

// slow makes each write of the store wait until the function it returns is called.
func (w *slackWalk) slow() func() {
	gate := make(chan struct{})
	w.mu.Lock()
	w.gate = gate
	w.mu.Unlock()
	return sync.OnceFunc(func() {
		w.mu.Lock()
		w.gate = nil
		w.mu.Unlock()
		close(gate)
	})
}

func (w *slackWalk) trigger() string { return fmt.Sprintf("walk.%d", w.next()) }

// An asked is a request and where its answer comes.
type asked struct {
	path string // of its response_url
	body string // the answer in the response itself
	raw  []byte // the request
}

// command types a slash command and waits for its answer.
func (w *slackWalk) command(user, channel, command, text string) message {
	w.t.Helper()
	return w.answer(w.post(w.slash(user, channel, command, text)))
}

// slash is a slash command, not sent yet.
func (w *slackWalk) slash(user, channel, command, text string) asked {
	id := w.trigger()
	form, _ := url.ParseQuery(string(w.sign.commandBody(user, command, text, id)))
	a := asked{path: "/response/" + id}
	form.Set("channel_id", channel)
	form.Set("response_url", w.slack.URL+a.path)
	a.raw = []byte(form.Encode())
	return a
}

// post sends a signed body, which must be taken.
func (w *slackWalk) post(a asked) asked {
	w.t.Helper()
	status, body, err := w.sign.send(a.raw, w.sign.headers(a.raw, time.Now()))
	if err != nil || status != http.StatusOK {
		w.t.Fatalf("%d: %s %v", status, body, err)
	}
	a.body = body
	if strings.Contains(body, `"response_type":"in_channel"`) {
		w.slack.keep(body)
	}
	return a
}

// answer is what a request was answered with, at once or later.
func (w *slackWalk) answer(a asked) message {
	w.t.Helper()
	if a.body != "" {
		return readMessage(w.t, a.body)
	}
	var got []string
	w.until("an answer", func() bool { got = w.slack.answersTo(a.path); return len(got) > 0 })
	return readMessage(w.t, got[0])
}

// press presses a button of a message. ts is the message's if everybody sees it, "" for an ephemeral one.
func (w *slackWalk) press(user, channel, ts string, m message, label string) asked {
	w.t.Helper()
	b, ok := m.button(label)
	if !ok {
		w.t.Fatalf("no button %q in\n%s", label, m.Text)
	}
	id := w.trigger()
	a := asked{path: "/response/" + id}
	container := map[string]any{"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": ts == ""}
	if ts == "" {
		container["message_ts"] = "1.1"
	}
	a.raw = interaction(map[string]any{
		"type": "block_actions", "container": container, "trigger_id": id, "channel": map[string]any{"id": channel, "name": "x"}, "response_url": w.slack.URL + a.path,
		"actions": []any{map[string]any{"type": "button", "block_id": "b", "action_id": b.ActionID, "value": b.Value, "action_ts": "1.2"}},
	}, user)
	return w.post(a)
}

// submit sends a form back with some fields changed.
func (w *slackWalk) submit(user string, v slackView, changed map[string]string) asked {
	w.t.Helper()
	var view map[string]any
	if err := json.Unmarshal([]byte(v.View), &view); err != nil {
		w.t.Fatal(err)
	}
	values := map[string]any{}
	for _, b := range view["blocks"].([]any) {
		b := b.(map[string]any)
		e, ok := b["element"].(map[string]any)
		if !ok {
			continue
		}
		name := b["block_id"].(string)
		x := map[string]any{"type": e["type"]}
		for from, to := range map[string]string{"initial_value": "value", "initial_date": "selected_date", "initial_option": "selected_option", "initial_options": "selected_options"} {
			if e[from] != nil {
				x[to] = e[from]
			}
		}
		if s, ok := changed[name]; ok {
			key := "value"
			if e["type"] == "datepicker" {
				key = "selected_date"
			}
			x[key] = s
		}
		values[name] = map[string]any{e["action_id"].(string): x}
	}
	view["id"], view["hash"], view["state"] = v.ID, "1."+v.ID, map[string]any{"values": values}
	return w.post(asked{raw: interaction(map[string]any{"type": "view_submission", "trigger_id": w.trigger(), "view": view}, user)})
}

// interaction is the body of a click or a form.
func interaction(payload map[string]any, user string) []byte {
	payload["team"] = map[string]any{"id": "T01TEST", "domain": "test"}
	payload["user"] = map[string]any{"id": user, "team_id": "T01TEST"}
	payload["api_app_id"] = "A01APP"
	b, _ := json.Marshal(payload)
	return []byte(url.Values{"payload": {string(b)}}.Encode())
}

// event sends an event and says how it was answered.
func (w *slackWalk) event(id string, e map[string]any, retry string) int {
	w.t.Helper()
	b, _ := json.Marshal(map[string]any{"type": "event_callback", "team_id": "T01TEST", "api_app_id": "A01APP", "event_id": id, "event_time": time.Now().Unix(), "event": e})
	h := w.sign.headers(b, time.Now())
	h.Set("Content-Type", "application/json")
	if retry != "" {
		h.Set("X-Slack-Retry-Num", retry)
		h.Set("X-Slack-Retry-Reason", "http_timeout")
	}
	status, _, err := w.sign.send(b, h)
	if err != nil {
		w.t.Fatal(err)
	}
	return status
}

// posted waits for a message in a channel, as it stands now.
func (w *slackWalk) posted(channel, text string) (slackPost, message) {
	w.t.Helper()
	var p slackPost
	w.until("in "+channel+": "+text, func() bool {
		for _, x := range w.slack.stored() {
			if x.Channel == channel && strings.Contains(readMessage(w.t, x.Body).Text, text) {
				p = x
				return true
			}
		}
		return false
	})
	return p, readMessage(w.t, p.Body)
}

// view waits for the newest view of a method that holds a text.
func (w *slackWalk) view(method, text string) slackView {
	w.t.Helper()
	var v slackView
	w.until(method+": "+text, func() bool {
		for _, x := range w.slack.viewsNow() {
			if x.Method == method && strings.Contains(x.View, text) {
				v = x
			}
		}
		return v.ID != ""
	})
	return v
}

// nudge appends something, after which the clock looks around.
func (w *slackWalk) nudge() {
	w.t.Helper()
	w.command(alice, "C01GEN", "/observe", "log @Bob Brown 5m").has(w.t, "Saved")
}

func (w *slackWalk) called(method string) int {
	w.slack.mu.Lock()
	defer w.slack.mu.Unlock()
	return w.slack.calls[method]
}

// version is the log's, as the operator sees it beside what happens between Rounds and Slack.
func (w *slackWalk) version() string {
	w.t.Helper()
	return w.served.version(`rounds_service_total{service="slack",what="rate_limited"} `)
}
