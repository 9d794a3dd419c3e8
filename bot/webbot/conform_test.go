package webbot

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"rounds/bot"
	"rounds/bot/bottest"
)

func TestPlatform(t *testing.T) {
	bottest.TestPlatform(t, func(t *testing.T) bottest.Harness { return newHarness(t) })
}

// harness lets the conformance suite use the platform over its HTTP API.
type harness struct {
	t     *testing.T
	keep  *memKeep
	web   *Platform
	url   string
	pages map[string]*httpPage

	mu    sync.Mutex
	rooms []string
	gone  bool
}

func newHarness(t *testing.T) *harness {
	h := &harness{t: t, keep: newMemKeep(), pages: map[string]*httpPage{}}
	people := func() []Persona {
		var out []Persona
		for _, n := range []string{"ana", "ben"} {
			out = append(out, Persona{Account: bot.Account{Platform: "web", Workspace: "web", User: n}, Name: strings.ToUpper(n), Handle: n})
		}
		return out
	}
	var err error
	h.web, err = New(Config{Keep: h.keep, Personas: people, Rooms: h.roomsOf, Commands: bottest.Commands()})
	if err != nil {
		t.Fatal(err)
	}
	h.url = server(t, h.web)
	for _, n := range []string{"ana", "ben"} {
		h.pages[n] = newHTTPPage(h.url, n)
	}
	t.Cleanup(func() {
		if strings.Contains(h.keep.all(), bottest.SecretWord) {
			t.Error("the store holds a private card")
		}
	})
	return h
}

func (h *harness) roomsOf(Persona) []RoomInfo {
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []RoomInfo
	for _, r := range h.rooms {
		if !h.gone {
			out = append(out, RoomInfo{Room: room(r), Name: r})
		}
	}
	return out
}

func (h *harness) Platform() bot.Platform { return h.web }

func (h *harness) Start(take bot.Taker) func() error {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.web.Run(ctx, take) }()
	waitUntil(h.t, func() bool { return h.web.taker() != nil })
	for _, p := range h.pages {
		if err := p.listen(ctx); err != nil {
			h.t.Fatal(err)
		}
	}
	return func() error { cancel(); return <-done }
}

func (h *harness) Account(name string) bot.Account {
	return bot.Account{Platform: "web", Workspace: "web", User: name}
}

func (h *harness) Room(name string) bot.Room {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.rooms = append(h.rooms, name)
	return room(name)
}

func (h *harness) Command(who bot.Account, in bot.Room, line string) error {
	_, err := h.pages[who.User].act(action{Kind: "typed", Room: in.ID, Text: line}, source{room: in.ID})
	return err
}

func (h *harness) Say(who bot.Account, in bot.Room, text string) error {
	if in.ID != "" && !strings.HasPrefix(in.ID, "dm-") {
		text = "@Rounds " + text
	}
	return h.Command(who, in, text)
}

func (h *harness) Click(who bot.Account, label string) error {
	_, err := h.pages[who.User].click(label)
	return err
}

// top is the form that lies on top.
func (h *httpPage) top() *filledForm {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.forms) == 0 {
		return nil
	}
	return h.forms[len(h.forms)-1]
}

func (h *harness) Choose(who bot.Account, label, option string) error {
	p := h.pages[who.User]
	if f := p.top(); f != nil {
		return f.fill(label, option, true)
	}
	for _, pl := range p.places() {
		for _, b := range pl.card.Blocks {
			if b.Type != "select" || b.Label != label {
				continue
			}
			for _, o := range b.Options {
				if o.Label == option {
					_, err := p.act(action{Kind: "click", Button: b.ID, Chosen: o.Value, Room: pl.at.room, Message: pl.id}, pl.at)
					return err
				}
			}
		}
	}
	return fmt.Errorf("no menu %q with %q", label, option)
}

func (f *filledForm) fill(label, value string, option bool) error {
	for _, fd := range f.form.Fields {
		if fd.Label != label {
			continue
		}
		if option {
			for _, o := range fd.Options {
				if o.Label == value {
					f.values[fd.Name] = []string{o.Value}
					return nil
				}
			}
			return fmt.Errorf("field %q has no option %q", label, value)
		}
		f.values[fd.Name] = []string{value}
		return nil
	}
	return fmt.Errorf("no field %q", label)
}

func (h *harness) Fill(who bot.Account, label, value string) error {
	f := h.pages[who.User].top()
	if f == nil {
		return fmt.Errorf("no form is open")
	}
	return f.fill(label, value, false)
}

func (h *harness) Submit(who bot.Account) error {
	p := h.pages[who.User]
	f := p.top()
	if f == nil {
		return fmt.Errorf("no form is open")
	}
	from := f.from
	from.form = f
	_, err := p.act(action{Kind: "submit", Button: f.form.ID, Fields: f.values, Room: from.room}, from)
	return err
}

func (h *harness) Sees(who bot.Account) []string {
	p := h.pages[who.User]
	var out []string
	rooms, _ := p.rooms()
	for _, r := range rooms {
		out = append(out, h.texts(p, r)...)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.privates {
		out = append(out, asWords(*c))
	}
	if len(p.forms) > 0 {
		f := p.forms[len(p.forms)-1]
		out = append(out, f.form.Title, f.form.Intro)
		for _, fd := range f.form.Fields {
			out = append(out, fd.Label, fd.Hint, f.errors[fd.Name], strings.Join(f.values[fd.Name], ", "))
			for _, o := range fd.Options {
				out = append(out, o.Label)
			}
		}
		out = append(out, "["+f.form.Submit+"]")
	}
	return strings.Split(strings.Join(out, "\n"), "\n")
}

func (h *harness) texts(p *httpPage, roomID string) []string {
	var out []string
	messages, err := p.messages(roomID)
	if err != nil {
		h.t.Error(err)
	}
	for _, m := range messages {
		s := m.Text
		if m.Card != nil {
			s += asWords(*m.Card)
		}
		out = append(out, s)
	}
	return out
}

func (h *harness) Stored(in bot.Room) []string {
	h.mu.Lock()
	gone := h.gone
	h.gone = false
	h.mu.Unlock()
	defer func() {
		h.mu.Lock()
		h.gone = gone
		h.mu.Unlock()
	}()
	p := h.pages["ana"]
	return h.texts(p, in.ID)
}

func (h *harness) OpenHome(who bot.Account) error {
	_, err := h.pages[who.User].act(action{Kind: "home"}, source{home: true})
	return err
}

func (h *harness) Home(who bot.Account) []string {
	p := h.pages[who.User]
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.home == nil {
		return nil
	}
	return strings.Split(asWords(*p.home), "\n")
}

// Repeat sends the last action again, as the page does when its answer was lost.
func (h *harness) Repeat() error {
	p := h.pages["ana"]
	p.mu.Lock()
	body := p.last
	p.mu.Unlock()
	var got reply
	return p.send("act", body, &got)
}

func (h *harness) Fail(f bottest.Failure) {
	h.keep.mu.Lock()
	defer h.keep.mu.Unlock()
	switch f {
	case bottest.Refused:
		h.keep.failPut, h.keep.stands = 1, false // the marker, the first thing that is written
	case bottest.LostReply:
		h.keep.failPut, h.keep.stands = 2, true // the message itself
	case bottest.NotInRoom:
		h.mu.Lock()
		h.gone = true
		h.mu.Unlock()
	}
}
