package discordbot

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"rounds/bot"
	"rounds/bot/bottest"
)

var fakeKey = ed25519.NewKeyFromSeed([]byte("a seed of the tests, 32 bytes lg"))

// harness lets the conformance suite speak to the platform through the fake.
type harness struct {
	*fakeDiscord
	p *Platform
}

func newPlatform(t testing.TB, cfg Config) *Platform {
	t.Helper()
	p, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	p.pause, p.grace = noPause, 0
	return p
}

func newHarness(t testing.TB, byHTTP bool) *harness {
	f := newFakeDiscord(t)
	cfg := f.config()
	if byHTTP {
		cfg.PublicKey = hex.EncodeToString(fakeKey.Public().(ed25519.PublicKey))
	}
	return &harness{f, newPlatform(t, cfg)}
}

func (h *harness) Platform() bot.Platform { return h.p }

func (h *harness) Start(take bot.Taker) func() error {
	if routes := h.p.Routes(); routes != nil {
		mux := http.NewServeMux()
		for pattern, handler := range routes {
			mux.Handle(pattern, handler)
		}
		h.app = mux
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.p.Run(ctx, take) }()
	for end := time.Now().Add(5 * time.Second); (!h.p.Connected() || len(h.live()) == 0) && time.Now().Before(end); {
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
		got := c.Duplicates
		for _, n := range c.Events {
			got += n
		}
		if got >= sent {
			break
		}
	}
	h.p.work.Wait(5 * time.Second)
}

func (h *harness) Account(name string) bot.Account {
	return bot.Account{Platform: Name, Workspace: fakeGuild, User: userID(name)}
}

func (h *harness) Room(name string) bot.Room {
	h.mu.Lock()
	defer h.mu.Unlock()
	id := "4" + userID(name)[1:]
	h.rooms[id] = []string{userID("ana"), userID("ben"), fakeApp}
	return bot.Room{Platform: Name, Workspace: fakeGuild, ID: id}
}

// signed is a request as Discord signs it.
func signed(body string, at time.Time) *http.Request {
	r := httptest.NewRequest("POST", "/discord/interactions", strings.NewReader(body))
	stamp := strconv.FormatInt(at.Unix(), 10)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Signature-Timestamp", stamp)
	r.Header.Set("X-Signature-Ed25519", hex.EncodeToString(ed25519.Sign(fakeKey, []byte(stamp+body))))
	return r
}

// interact sends an interaction, by the endpoint or the gateway, and does with a body what Discord does.
func (h *harness) interact(who bot.Account, channel string, kind int, data map[string]any, source *fakeMessage) (*fakeInter, error) {
	h.mu.Lock()
	i := &fakeInter{id: h.id(), token: "token-" + strconv.FormatInt(h.n, 10), user: who.User, channel: channel, kind: kind, source: source}
	h.inters[i.token] = i
	p := map[string]any{"id": i.id, "application_id": fakeApp, "type": kind, "token": i.token, "version": 1, "channel_id": channel, "data": data}
	user := map[string]any{"id": who.User, "username": "x"}
	if h.direct[channel] != "" {
		p["user"], p["context"] = user, 1
		p["channel"] = map[string]any{"id": channel, "type": 1}
	} else {
		p["guild_id"], p["context"] = fakeGuild, 0
		p["member"] = map[string]any{"user": user, "roles": append([]string{}, h.members[who.User]...)}
		p["channel"] = map[string]any{"id": channel, "type": 0}
		if parent := h.threads[channel]; parent != "" {
			p["channel"] = map[string]any{"id": channel, "type": 11, "parent_id": parent}
		}
	}
	if source != nil {
		p["message"] = source.json()
	}
	h.mu.Unlock()
	return i, h.deliver(p, i)
}

func (h *harness) deliver(p map[string]any, i *fakeInter) error {
	once := func() error {
		h.mu.Lock()
		h.sent++
		h.mu.Unlock()
		if h.app == nil {
			return h.event("INTERACTION_CREATE", p)
		}
		b, _ := json.Marshal(p)
		w := httptest.NewRecorder()
		h.app.ServeHTTP(w, signed(string(b), time.Now()))
		switch {
		case w.Code == http.StatusUnauthorized:
			return errors.New("401")
		case w.Code != http.StatusOK:
			return fmt.Errorf("HTTP %d", w.Code)
		}
		var m map[string]any
		if err := json.Unmarshal(w.Body.Bytes(), &m); err != nil {
			return err
		}
		h.mu.Lock()
		defer h.mu.Unlock()
		if status, out := h.callback(i.token, m); status != 204 {
			return fmt.Errorf("the response: %v", out)
		}
		return nil
	}
	h.mu.Lock()
	h.last = func() error {
		if err := once(); err != nil && err.Error() != "401" { // a replay is refused
			return err
		}
		return nil
	}
	h.mu.Unlock()
	return once()
}

func (h *harness) event(t string, d any) error {
	all := h.live()
	if len(all) == 0 {
		return errors.New("nobody is connected")
	}
	all[len(all)-1].dispatch(t, d)
	return nil
}

func (h *harness) Repeat() error {
	h.mu.Lock()
	again := h.last
	h.mu.Unlock()
	return again()
}

func (h *harness) place(who bot.Account, in bot.Room) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	if in.ID != "" {
		return in.ID
	}
	return h.dm(who.User)
}

// typedOptions are the options of a line as Discord's client would send them.
func typedOptions(line string) (name string, options []any) {
	name, rest, _ := strings.Cut(strings.TrimPrefix(line, "/"), " ")
	sub, words, _ := strings.Cut(rest, " ")
	o := map[string]any{"name": sub, "type": 1}
	if words != "" {
		o["options"] = []any{map[string]any{"name": "words", "type": 3, "value": words}}
	}
	return name, []any{o}
}

func (h *harness) Command(who bot.Account, in bot.Room, line string) error {
	name, options := typedOptions(line)
	_, err := h.interact(who, h.place(who, in), 2, map[string]any{"id": "1", "name": name, "type": 1, "options": options}, nil)
	return err
}

func (h *harness) Say(who bot.Account, in bot.Room, text string) error {
	channel := h.place(who, in)
	h.mu.Lock()
	m := &fakeMessage{id: h.id(), channel: channel, author: who.User, content: text}
	e := map[string]any{"id": m.id, "type": 0, "channel_id": channel, "author": map[string]any{"id": who.User}, "content": text, "mentions": []any{}}
	if in.ID != "" {
		e["guild_id"], e["content"] = fakeGuild, "<@"+fakeApp+"> "+text
		e["mentions"], e["member"] = []any{map[string]any{"id": fakeApp}}, map[string]any{"roles": h.members[who.User]}
	}
	h.messages = append(h.messages, m)
	h.sent++
	h.last = func() error {
		h.mu.Lock()
		h.sent++
		h.mu.Unlock()
		return h.event("MESSAGE_CREATE", e)
	}
	h.mu.Unlock()
	return h.event("MESSAGE_CREATE", e)
}

// sees tells whether somebody reads a message. h.mu is held.
func (h *harness) sees(user string, m *fakeMessage) bool {
	channel := m.channel
	if parent := h.threads[channel]; parent != "" {
		channel = parent
	}
	return (m.viewer == "" || m.viewer == user) && (slices.Contains(h.rooms[channel], user) || h.direct[channel] == user)
}

func (h *harness) Sees(who bot.Account) []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []string
	for _, m := range h.messages {
		if h.sees(who.User, m) && m.author == fakeApp && !m.pending {
			out = append(out, componentsText(m.components)...)
		}
	}
	if f := h.forms[who.User]; f != nil {
		out = append(out, fmt.Sprint(f.modal["title"]))
		out = append(out, componentsText(f.modal["components"])...)
		for _, v := range f.values {
			out = append(out, v...)
		}
	}
	return out
}

// control is a button or menu on somebody's screen.
type control struct {
	c     map[string]any
	above string // the text before a menu
	m     *fakeMessage
}

// controls lists what can be pressed, latest last. h.mu is held.
func (h *harness) controls(user string) (out []control) {
	for _, m := range h.messages {
		if !h.sees(user, m) {
			continue
		}
		above := ""
		var walk func(v any)
		walk = func(v any) {
			for _, x := range anyList(v) {
				c := x.(map[string]any)
				switch kind(c) {
				case cText:
					above = readable(fmt.Sprint(c["content"]))
				case cButton, cSelect:
					out = append(out, control{c, above, m})
				}
				walk(c["components"])
				if c["accessory"] != nil {
					walk([]any{c["accessory"]})
				}
			}
		}
		walk(m.components)
	}
	return out
}

func (h *harness) Click(who bot.Account, label string) error {
	h.mu.Lock()
	var hit *control
	for _, s := range h.controls(who.User) {
		if kind(s.c) == cButton && s.c["label"] == label && s.c["disabled"] != true {
			hit = &s
		}
	}
	h.mu.Unlock()
	if hit == nil {
		return fmt.Errorf("no button %q", label)
	}
	_, err := h.interact(who, hit.m.channel, 3, map[string]any{"custom_id": hit.c["custom_id"], "component_type": cButton}, hit.m)
	h.quiet() // with what follows the response, such as the end of a button that did its work
	return err
}

// fieldOf finds a field of the open form by its label. h.mu is held.
func (h *harness) fieldOf(user, label string) (map[string]any, *fakeForm) {
	f := h.forms[user]
	if f == nil {
		return nil, nil
	}
	for _, x := range anyList(f.modal["components"]) {
		c := x.(map[string]any)
		if e, ok := c["component"].(map[string]any); ok && c["label"] == label {
			return e, f
		}
	}
	return nil, f
}

func optionValue(c map[string]any, label string) string {
	for _, o := range anyList(c["options"]) {
		if m := o.(map[string]any); m["label"] == label {
			return fmt.Sprint(m["value"])
		}
	}
	return ""
}

func (h *harness) Choose(who bot.Account, label, option string) error {
	h.mu.Lock()
	if e, f := h.fieldOf(who.User, label); e != nil {
		defer h.mu.Unlock()
		v := optionValue(e, option)
		if v == "" {
			return fmt.Errorf("no option %q", option)
		}
		f.values[fmt.Sprint(e["custom_id"])] = []string{v}
		return nil
	}
	var hit *control
	value := ""
	for _, s := range h.controls(who.User) {
		if v := optionValue(s.c, option); kind(s.c) == cSelect && s.above == label && v != "" {
			hit, value = &s, v
		}
	}
	h.mu.Unlock()
	if hit == nil {
		return fmt.Errorf("no option %q of %q", option, label)
	}
	_, err := h.interact(who, hit.m.channel, 3, map[string]any{"custom_id": hit.c["custom_id"], "component_type": cSelect, "values": []string{value}}, hit.m)
	return err
}

func (h *harness) Fill(who bot.Account, label, value string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	e, f := h.fieldOf(who.User, label)
	if e == nil {
		return fmt.Errorf("no field %q", label)
	}
	f.values[fmt.Sprint(e["custom_id"])] = []string{value}
	return nil
}

func (h *harness) Submit(who bot.Account) error {
	h.mu.Lock()
	f := h.forms[who.User]
	if f == nil {
		h.mu.Unlock()
		return errors.New("no form is open")
	}
	var rows []any
	for _, x := range anyList(f.modal["components"]) {
		c := x.(map[string]any)
		e, ok := c["component"].(map[string]any)
		if !ok {
			rows = append(rows, map[string]any{"type": c["type"], "id": 1})
			continue
		}
		id := fmt.Sprint(e["custom_id"])
		in := map[string]any{"type": e["type"], "custom_id": id, "id": 2}
		values, filled := f.values[id]
		switch kind(e) {
		case cInput:
			v, _ := e["value"].(string)
			if filled {
				v = values[0]
			}
			in["value"] = v
		default:
			if !filled {
				values = []string{}
				for _, o := range anyList(e["options"]) {
					if m := o.(map[string]any); m["default"] == true {
						values = append(values, fmt.Sprint(m["value"]))
					}
				}
			}
			if kind(e) == cRadio {
				in["value"] = nil
				if len(values) > 0 {
					in["value"] = values[0]
				}
			} else {
				in["values"] = values
			}
			if e["required"] == true && len(values) == 0 {
				h.mu.Unlock()
				return fmt.Errorf("%s is required", id)
			}
		}
		rows = append(rows, map[string]any{"type": cLabel, "id": 3, "component": in})
	}
	channel := ""
	if f.source != nil {
		channel = f.source.channel
	}
	data := map[string]any{"custom_id": f.modal["custom_id"], "components": rows}
	delete(h.forms, who.User)
	if channel == "" {
		channel = slices.Sorted(maps.Keys(h.rooms))[0]
	}
	h.mu.Unlock()
	_, err := h.interact(who, channel, 5, data, f.source)
	return err
}

// later lets the time pass that Discord asked to be left alone for.
func (h *harness) later(d time.Duration) {
	h.p.pace.mu.Lock()
	defer h.p.pace.mu.Unlock()
	now := h.p.pace.now
	h.p.pace.now = func() time.Time { return now().Add(d) }
}

func (h *harness) Fail(f bottest.Failure) {
	h.later(time.Minute)
	switch f {
	case bottest.Refused:
		h.fail(fakeFault{match: "POST /channels", status: 429, times: 1, body: `{"message":"You are being rate limited.","retry_after":0.01,"global":false}`, header: map[string]string{"Retry-After": "1", "X-RateLimit-Scope": "user"}})
	case bottest.LostReply:
		h.fail(fakeFault{match: "POST /channels", times: 1})
	case bottest.NotInRoom:
		h.fail(fakeFault{match: "POST /channels", status: 403, code: codeMissingAccess, times: 1})
	}
}
