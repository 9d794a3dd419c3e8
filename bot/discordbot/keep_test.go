package discordbot

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"rounds/bot"
	"rounds/bot/bottest"
)

// mapKeep is a bot.Keep in memory.
type mapKeep struct {
	mu sync.Mutex
	m  map[string][]byte
}

func (k *mapKeep) PutIfAbsent(_ context.Context, key string, value []byte, _ time.Duration, _ string) (bool, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if _, ok := k.m[key]; ok {
		return false, nil
	}
	k.m[key] = bytes.Clone(value)
	return true, nil
}

func (k *mapKeep) Put(_ context.Context, key string, value []byte, _ time.Duration, _ string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.m[key] = bytes.Clone(value)
	return nil
}

func (k *mapKeep) Get(_ context.Context, key string) ([]byte, bool, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	v, ok := k.m[key]
	return v, ok, nil
}

func (k *mapKeep) List(context.Context, string, func(string, []byte) error) error {
	return errors.ErrUnsupported
}

func (k *mapKeep) Delete(_ context.Context, key string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.m, key)
	return nil
}

// manyFields is a form of seven fields, refused while the last one says so.
func manyFields(_ context.Context, c bot.Call) (bot.Answer, <-chan bot.Answer) {
	switch c.Kind {
	case bot.Submit:
		if len(c.Fields["g"]) > 0 && c.Fields["g"][0] == "wrong" {
			return bot.FieldErrors{"g": "That is wrong."}, nil
		}
		var all []string
		for name := range strings.FieldsSeq("a b c d e f g") {
			all = append(all, name+"="+strings.Join(c.Fields[name], "+"))
		}
		return whisper("Got " + strings.Join(all, " ")), nil
	case bot.CommandCall:
		f := bot.Form{Title: "Seven", ID: "sealed-seven"}
		for name := range strings.FieldsSeq("a b c d e f g") {
			f.Fields = append(f.Fields, bot.Field{Name: name, Label: "Field " + name, Optional: name != "a" && name != "g"})
		}
		return bot.OpenForm{Form: f}, nil
	}
	return bot.Nothing{}, nil
}

// A long form goes in parts, comes back with what is wrong, and loses nothing on the way, not even when another replica takes
// each step.
func TestFormInParts(t *testing.T) {
	h := newHarness(t, true)
	keep := &mapKeep{m: map[string][]byte{}}
	h.p.cfg.Keep = keep
	bottest.Serve(t, h, manyFields)
	ana, ben, room := h.Account("ana"), h.Account("ben"), h.Room("room")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		h.p.work.Wait(time.Second)
		h.p.forms = shelf[[]byte]{} // as another replica
	}
	sees := func(texts ...string) {
		t.Helper()
		for _, s := range texts {
			if all := strings.Join(h.Sees(ana), "\n"); !strings.Contains(all, s) {
				t.Fatalf("ana does not see %q but\n%s", s, all)
			}
		}
	}
	must(h.Command(ana, room, "/demo form"))
	sees("Seven (1 of 2)", "Field a", "Field e")
	must(h.Fill(ana, "Field a", "the <first> words"))
	must(h.Submit(ana))
	sees("Nothing is saved yet", "[Continue]")
	if strings.Contains(strings.Join(h.Sees(ana), "\n"), "[Save now]") {
		t.Error("a form with an empty field that is needed may be sent")
	}
	for key, v := range keep.m {
		if bytes.Contains(v, []byte("first")) {
			t.Errorf("the store can read %s", key)
		}
	}
	must(h.Click(ana, "Continue"))
	sees("Seven (2 of 2)", "Field g")
	must(h.Fill(ana, "Field g", "wrong"))
	must(h.Submit(ana))
	sees("Please check", "That is wrong.", "[Change it]")
	must(h.Click(ana, "Change it"))
	sees("Field g", "That is wrong.", "wrong")
	must(h.Fill(ana, "Field g", "right"))
	must(h.Submit(ana))
	sees("Got a=the <first> words b= c= d= e= f= g=right")
	if s := strings.Join(h.Sees(ana), "\n"); strings.Contains(s, "Please check") {
		t.Errorf("what was wrong still stands:\n%s", s)
	}
	if s := strings.Join(h.Sees(ben), "\n"); s != "" {
		t.Errorf("ben sees %s", s)
	}
}

// A form that is sent twice is one call, and a corrected one another.
func TestFormSentTwice(t *testing.T) {
	var ids []string
	h := newHarness(t, true)
	bottest.Serve(t, h, func(ctx context.Context, c bot.Call) (bot.Answer, <-chan bot.Answer) {
		if c.Kind == bot.Submit {
			ids = append(ids, c.ID)
			return bot.FieldErrors{"a": "Not yet."}, nil
		}
		return bot.OpenForm{Form: bot.Form{Title: "One", ID: "sealed-one", Fields: []bot.Field{{Name: "a", Label: "Field a"}}}}, nil
	})
	ana, room := h.Account("ana"), h.Room("room")
	if err := h.Command(ana, room, "/demo form"); err != nil {
		t.Fatal(err)
	}
	for _, words := range []string{"same", "same", "other"} {
		for _, err := range []error{h.Fill(ana, "Field a", words), h.Submit(ana), h.Click(ana, "Change it")} {
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	if len(ids) != 3 || ids[0] != ids[1] || ids[0] == ids[2] {
		t.Errorf("the calls are %q", ids)
	}
}

// What follows a response may overtake it.
func TestTooEarly(t *testing.T) {
	h := newHarness(t, true)
	take, _ := bottest.Always(bot.Say{Card: bot.OpenCard(bot.Text{Text: "for all"}, bot.Image{Alt: "a plan", PNG: []byte("p")})})
	bottest.Serve(t, h, take)
	h.fail(fakeFault{match: "/webhooks/", status: 404, code: codeUnknownWebhook, times: 2})
	if err := h.Command(h.Account("ana"), h.Room("room"), "/demo x"); err != nil {
		t.Fatal(err)
	}
	h.quiet()
	if s := strings.Join(h.Stored(h.Room("room")), "\n"); !strings.Contains(s, "for all") || !strings.Contains(s, "picture: a plan") || h.p.Counters().FailedAnswers != 0 {
		t.Errorf("stored: %q, %+v", s, h.p.Counters())
	}
}

// Without anything kept the words of a refused form are shown, to be copied.
func TestFormForgotten(t *testing.T) {
	h := newHarness(t, true)
	bottest.Serve(t, h, manyFields)
	ana, room := h.Account("ana"), h.Room("room")
	for _, err := range []error{h.Command(ana, room, "/demo form"), h.Fill(ana, "Field a", "some *words*"), h.Submit(ana), h.Click(ana, "Continue"), h.Fill(ana, "Field g", "wrong")} {
		if err != nil {
			t.Fatal(err)
		}
	}
	h.p.forms = shelf[[]byte]{}
	if err := h.Submit(ana); err != nil {
		t.Fatal(err)
	}
	h.quiet()
	if s := strings.Join(h.Sees(ana), "\n"); !strings.Contains(s, "That is wrong.") || !strings.Contains(s, "to copy") || !strings.Contains(s, "wrong") {
		t.Errorf("ana sees\n%s", s)
	}
}

// An answer to words is for whoever wrote them, whoever presses.
func TestHeldForItsReader(t *testing.T) {
	h := newHarness(t, false)
	take, _ := bottest.Always(whisper("for ana alone"))
	bottest.Serve(t, h, take)
	ana, ben, room := h.Account("ana"), h.Account("ben"), h.Room("room")
	if err := h.Say(ana, room, "hello"); err != nil {
		t.Fatal(err)
	}
	h.quiet()
	if err := h.Click(ben, "Show my answer"); err != nil {
		t.Fatal(err)
	}
	if s := strings.Join(h.Sees(ben), "\n"); strings.Contains(s, "for ana alone") || !strings.Contains(s, "for somebody else") {
		t.Errorf("ben sees %s", s)
	}
	if err := h.Click(ana, "Show my answer"); err != nil {
		t.Fatal(err)
	}
	if s := strings.Join(h.Sees(ana), "\n"); !strings.Contains(s, "for ana alone") || strings.Contains(s, "[Show my answer]") {
		t.Errorf("ana sees %s", s)
	}
	if s := strings.Join(h.Stored(room), "\n"); strings.Contains(s, "for ana alone") {
		t.Errorf("stored: %s", s)
	}
}

// Names that are typed in place of a menu mean its options.
func TestTypedNames(t *testing.T) {
	f := bot.Field{Name: "who", Options: []bot.Choice{{Label: "Bob Brown", Value: "p1"}, {Label: "Ana de la Cruz", Value: "p2"}, {Label: "Ann Brownell", Value: "p3"}}}
	for typed, want := range map[string]string{
		"Bob Brown": "p1", "bob": "p1", "cruz": "p2", "bob, cruz": "p1 p2", "an": "an", "brownell": "p3", "nobody": "nobody", "brown": "brown", " ": "",
	} {
		if got := strings.Join(matching(f, []string{typed}), " "); got != want {
			t.Errorf("%q means %q, want %q", typed, got, want)
		}
	}
}
