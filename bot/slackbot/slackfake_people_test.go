package slackbot

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"rounds/bot"
	"rounds/bot/bottest"
)

// harness lets the conformance suite speak to the platform through the fake.
type harness struct {
	*fakeSlack
	p *Platform
}

func newHarness(t testing.TB, socket bool) *harness {
	f := newFakeSlack(t)
	return &harness{fakeSlack: f, p: newPlatform(t, f.config(socket))}
}

func (h *harness) Platform() bot.Platform { return h.p }

func (h *harness) Start(take bot.Taker) func() error {
	mux := http.NewServeMux()
	for pattern, handler := range h.p.Routes() {
		mux.Handle(pattern, handler)
	}
	if h.p.cfg.AppToken == "" {
		h.handler = mux
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.p.Run(ctx, take) }()
	for !h.p.Connected() || h.handler == nil && h.sockets0() == 0 {
		runtime.Gosched()
	}
	return func() error {
		cancel()
		return <-done
	}
}

// quiet waits until every call that was delivered has been taken and answered.
func (h *harness) quiet() {
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); runtime.Gosched() {
		c := h.p.Counters()
		h.mu.Lock()
		sent := h.sent
		h.mu.Unlock()
		got := c.Duplicates + c.BadRequests
		for _, n := range c.Events {
			got += n
		}
		if got >= sent {
			break
		}
	}
	h.p.work.Wait(5 * time.Second)
}

func (f *fakeSlack) sockets0() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.sockets)
}

func (h *harness) Account(name string) bot.Account {
	return bot.Account{Platform: Name, Workspace: fakeTeam, User: name}
}

func (h *harness) Room(name string) bot.Room {
	h.mu.Lock()
	defer h.mu.Unlock()
	id := "C" + name
	h.rooms[id] = []string{"ana", "ben", fakeBot}
	return bot.Room{Platform: Name, Workspace: fakeTeam, ID: id}
}

// signed is a request as Slack signs it.
func signed(body, contentType string, at time.Time) *http.Request {
	r := httptest.NewRequest("POST", "/slack/events", strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	stamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(fakeSecret))
	mac.Write([]byte("v0:" + stamp + ":" + body))
	r.Header.Set("X-Slack-Request-Timestamp", stamp)
	r.Header.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
	return r
}

// deliver sends a payload as Slack does and gives back the body of the answer.
func (f *fakeSlack) deliver(kind string, payload any) (json.RawMessage, error) {
	once := func(retry int) (json.RawMessage, error) {
		if f.handler == nil {
			return f.envelope(kind, payload, retry)
		}
		b, _ := json.Marshal(payload)
		body, contentType := string(b), "application/json"
		switch kind {
		case "interactive":
			body, contentType = url.Values{"payload": {string(b)}}.Encode(), "application/x-www-form-urlencoded"
		case "slash_commands":
			v := url.Values{}
			for k, x := range payload.(map[string]any) {
				v.Set(k, x.(string))
			}
			body, contentType = v.Encode(), "application/x-www-form-urlencoded"
		}
		r := signed(body, contentType, f.now())
		if retry > 0 {
			r.Header.Set("X-Slack-Retry-Num", strconv.Itoa(retry))
		}
		w := httptest.NewRecorder()
		f.handler.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			return nil, fmt.Errorf("%s: HTTP %d", kind, w.Code)
		}
		return w.Body.Bytes(), nil
	}
	f.mu.Lock()
	f.sent++
	f.last = func() error {
		f.mu.Lock()
		f.sent++
		f.mu.Unlock()
		_, err := once(1)
		return err
	}
	f.mu.Unlock()
	return once(0)
}

func (h *harness) Repeat() error {
	h.mu.Lock()
	again := h.last
	h.mu.Unlock()
	return again()
}

func (h *harness) place(who bot.Account, in bot.Room) string {
	if in.ID != "" {
		return in.ID
	}
	return h.dm(who.User)
}

func (f *fakeSlack) trigger(user string) string {
	t := f.id("t") + "." + user
	f.triggers[t] = false
	return t
}

func (f *fakeSlack) hook(channel, user, ts string) string {
	id := f.id("R")
	f.urls[id] = &fakeURL{channel: channel, user: user, ts: ts}
	return f.srv.URL + "/hook/" + id
}

func (h *harness) Command(who bot.Account, in bot.Room, line string) error {
	name, rest, _ := strings.Cut(line, " ")
	h.mu.Lock()
	channel := h.place(who, in)
	hook := h.hook(channel, who.User, "")
	u := h.urls[hook[strings.LastIndexByte(hook, '/')+1:]]
	p := map[string]any{
		"team_id": fakeTeam, "user_id": who.User, "channel_id": channel, "command": name, "text": escape(rest),
		"trigger_id": h.trigger(who.User), "response_url": hook,
	}
	h.mu.Unlock()
	body, err := h.deliver("slash_commands", p)
	if err != nil || len(body) == 0 || string(body) == "null" {
		return err
	}
	var m map[string]any
	if err := json.Unmarshal(body, &m); err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if bad := h.respond(u, m); bad != "" {
		return fmt.Errorf("the response: %s", bad)
	}
	return nil
}

func (h *harness) event(e map[string]any) error {
	h.mu.Lock()
	id := h.id("Ev")
	h.mu.Unlock()
	_, err := h.deliver("events_api", map[string]any{
		"type": "event_callback", "team_id": fakeTeam, "event_id": id, "event": e,
		"authorizations": []any{map[string]any{"team_id": fakeTeam, "user_id": fakeBot, "is_bot": true}},
	})
	return err
}

func (h *harness) Say(who bot.Account, in bot.Room, text string) error {
	h.mu.Lock()
	channel := h.place(who, in)
	ts := h.ts()
	h.mu.Unlock()
	e := map[string]any{"type": "message", "channel": channel, "channel_type": "im", "user": who.User, "text": escape(text), "ts": ts}
	if in.ID != "" {
		e["type"], e["channel_type"], e["text"] = "app_mention", "channel", "<@"+fakeBot+"> "+escape(text)
	}
	return h.event(e)
}

func (h *harness) OpenHome(who bot.Account) error {
	return h.event(map[string]any{"type": "app_home_opened", "tab": "home", "user": who.User, "channel": "D" + who.User})
}

// spot is a button or menu on somebody's screen.
type spot struct {
	element map[string]any
	message *fakeMessage
	view    *fakeView
}

// spots lists what can be pressed, latest last. The caller holds mu.
func (h *harness) spots(who string) []spot {
	var out []spot
	collect := func(blocks any, m *fakeMessage, v *fakeView) {
		for _, x := range list(blocks) {
			b := x.(map[string]any)
			for _, e := range append(list(b["elements"]), one(b["accessory"])...) {
				if el, ok := e.(map[string]any); ok && (el["type"] == "button" || el["type"] == "static_select") {
					s := spot{element: el, message: m, view: v}
					if el["type"] == "static_select" {
						s.element = map[string]any{}
						maps.Copy(s.element, el)
						s.element["label"] = textOf(b["text"])
					}
					out = append(out, s)
				}
			}
		}
	}
	if v := h.homes[who]; v != nil {
		collect(v.view["blocks"], nil, v)
	}
	for _, m := range h.messages {
		if h.sees(who, m) {
			collect(m.blocks, m, nil)
		}
	}
	if s := h.stacks[who]; len(s) > 0 {
		collect(s[len(s)-1].view["blocks"], nil, s[len(s)-1])
	}
	return out
}

func (h *harness) sees(who string, m *fakeMessage) bool {
	return !m.deleted && h.member(m.channel, who) && (m.only == "" || m.only == who)
}

func (h *harness) Click(who bot.Account, label string) error {
	return h.press(who, func(s spot) map[string]any {
		if s.element["type"] != "button" || textOf(s.element["text"]) != label {
			return nil
		}
		return map[string]any{"type": "button", "action_id": s.element["action_id"], "value": s.element["value"]}
	}, "a button "+label)
}

func (h *harness) Choose(who bot.Account, label, option string) error {
	h.mu.Lock()
	if b, s := h.field(who.User, label); b != nil {
		defer h.mu.Unlock()
		for _, o := range optionsOf(b["element"].(map[string]any)) {
			if textOf(o["text"]) == option {
				s["selected_option"] = o
				return nil
			}
		}
		return fmt.Errorf("no option %q", option)
	}
	h.mu.Unlock()
	return h.press(who, func(s spot) map[string]any {
		if s.element["type"] != "static_select" || s.element["label"] != label {
			return nil
		}
		for _, o := range optionsOf(s.element) {
			if textOf(o["text"]) == option {
				return map[string]any{"type": "static_select", "action_id": s.element["action_id"], "selected_option": o}
			}
		}
		return nil
	}, "a menu "+label)
}

func (h *harness) press(who bot.Account, match func(spot) map[string]any, what string) error {
	h.mu.Lock()
	all := h.spots(who.User)
	for _, a := range slices.Backward(all) {
		action := match(a)
		if action == nil {
			continue
		}
		p := map[string]any{
			"type": "block_actions", "team": map[string]any{"id": fakeTeam}, "user": map[string]any{"id": who.User, "team_id": fakeTeam},
			"trigger_id": h.trigger(who.User), "actions": []any{action},
		}
		if m := a.message; m != nil {
			p["container"] = map[string]any{"type": "message", "message_ts": m.ts, "channel_id": m.channel, "is_ephemeral": m.only != ""}
			p["channel"] = map[string]any{"id": m.channel}
			p["response_url"] = h.hook(m.channel, who.User, m.ts)
		} else {
			p["container"] = map[string]any{"type": "view", "view_id": a.view.id}
			p["view"] = a.view.payload()
		}
		h.mu.Unlock()
		_, err := h.deliver("interactive", p)
		return err
	}
	h.mu.Unlock()
	return fmt.Errorf("%s sees no %s", who.User, what)
}

func (v *fakeView) payload() map[string]any {
	m := map[string]any{}
	maps.Copy(m, v.view)
	m["id"], m["hash"] = v.id, v.hash
	values := map[string]any{}
	for block, s := range v.state {
		values[block] = map[string]any{fieldAction: s}
	}
	m["state"] = map[string]any{"values": values}
	return m
}

// field finds a field of the open form by its label, and what is filled in.
func (h *harness) field(who, label string) (block, state map[string]any) {
	s := h.stacks[who]
	if len(s) == 0 {
		return nil, nil
	}
	v := s[len(s)-1]
	for _, x := range list(v.view["blocks"]) {
		b := x.(map[string]any)
		if b["type"] == "input" && textOf(b["label"]) == label {
			return b, v.state[b["block_id"].(string)]
		}
	}
	return nil, nil
}

func (h *harness) Fill(who bot.Account, label, value string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	b, s := h.field(who.User, label)
	if b == nil {
		return fmt.Errorf("no field %q", label)
	}
	if s["type"] == "datepicker" {
		s["selected_date"] = value
	} else {
		s["value"] = escape(value)
	}
	return nil
}

func (h *harness) Submit(who bot.Account) error {
	h.mu.Lock()
	s := h.stacks[who.User]
	if len(s) == 0 {
		h.mu.Unlock()
		return fmt.Errorf("%s has no form open", who.User)
	}
	v := s[len(s)-1]
	p := map[string]any{
		"type": "view_submission", "team": map[string]any{"id": fakeTeam}, "user": map[string]any{"id": who.User, "team_id": fakeTeam},
		"trigger_id": h.trigger(who.User), "view": v.payload(),
	}
	h.mu.Unlock()
	body, err := h.deliver("interactive", p)
	if err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	var m map[string]any
	if len(body) > 0 {
		if err := json.Unmarshal(body, &m); err != nil {
			return err
		}
	}
	switch m["response_action"] {
	case "errors":
		v.errors = m["errors"].(map[string]any)
		for name := range v.errors {
			if v.state[name] == nil {
				return fmt.Errorf("an error about %q, which is no field", name)
			}
		}
	case "update":
		if wrong := checkView(m["view"]); wrong != nil {
			h.wrong = append(h.wrong, "response_action: "+strings.Join(wrong, "; "))
			return nil
		}
		n := h.newView(m["view"].(map[string]any))
		v.view, v.hash, v.state, v.errors = n.view, n.hash, n.state, nil
	case nil:
		h.stacks[who.User] = s[:len(s)-1]
	default:
		return fmt.Errorf("response_action %v", m["response_action"])
	}
	return nil
}

func (h *harness) Sees(who bot.Account) []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []string
	for _, m := range h.messages {
		if h.sees(who.User, m) {
			out = append(out, blocksText(m.blocks)...)
		}
	}
	if s := h.stacks[who.User]; len(s) > 0 {
		out = append(out, h.viewText(s[len(s)-1])...)
	}
	return out
}

func (h *harness) viewText(v *fakeView) []string {
	out := []string{textOf(v.view["title"])}
	for _, x := range list(v.view["blocks"]) {
		b := x.(map[string]any)
		id, _ := b["block_id"].(string)
		s := v.state[id]
		if b["type"] == "input" && s != nil {
			e := map[string]any{}
			maps.Copy(e, b["element"].(map[string]any))
			if t, ok := s["value"].(string); ok {
				e["value"] = unescape(t)
			}
			e["initial_option"] = s["selected_option"]
			out = append(out, textOf(b["label"])+": "+elementText(e))
			continue
		}
		out = append(out, blocksText([]any{b})...)
	}
	for _, name := range sortedKeys(v.errors) {
		out = append(out, "! "+v.errors[name].(string))
	}
	if t := textOf(v.view["submit"]); t != "" {
		out = append(out, "["+t+"]")
	}
	return out
}

func (h *harness) Stored(in bot.Room) []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []string
	for _, m := range h.messages {
		if m.channel == in.ID && m.only == "" && !m.deleted {
			if strings.Contains(m.text, bottest.SecretWord) {
				h.wrong = append(h.wrong, "a private card in a notification")
			}
			out = append(out, strings.Join(blocksText(m.blocks), "\n"))
		}
	}
	return out
}

func (h *harness) Home(who bot.Account) []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	if v := h.homes[who.User]; v != nil {
		return blocksText(v.view["blocks"])
	}
	return nil
}

func (h *harness) Fail(f bottest.Failure) {
	switch f {
	case bottest.Refused:
		h.fail(PostMessage, fakeFault{status: http.StatusTooManyRequests})
	case bottest.LostReply:
		h.fail(PostMessage, fakeFault{drop: true})
	case bottest.NotInRoom:
		h.fail(PostMessage, fakeFault{err: "not_in_channel"})
	}
}

func TestHTTPConforms(t *testing.T) {
	bottest.TestPlatform(t, func(t *testing.T) bottest.Harness { return newHarness(t, false) })
}

func TestSocketConforms(t *testing.T) {
	bottest.TestPlatform(t, func(t *testing.T) bottest.Harness { return newHarness(t, true) })
}
