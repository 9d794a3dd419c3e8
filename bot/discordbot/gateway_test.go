package discordbot

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"rounds/bot"
	"rounds/bot/bottest"
	"rounds/bot/service"
)

func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !ok(); runtime.Gosched() {
		if time.Now().After(end) {
			t.Fatalf("not seen: %s", what)
		}
	}
}

// Connections break, Discord asks to come again, and a session may be over: each time calls come in afterwards.
func TestReconnect(t *testing.T) {
	h := newHarness(t, false)
	take, n := bottest.Always(whisper("hello"))
	bottest.Serve(t, h, take)
	ana, room := h.Account("ana"), h.Room("room")
	each := func(op int) func() {
		return func() {
			for _, s := range h.live() {
				s.op(op, false)
			}
		}
	}
	for i, c := range []struct {
		name string
		end  func()
		want func() bool
	}{
		{"dropped", h.closeSockets, func() bool { return h.resumed == 1 }},
		{"op 7", each(7), func() bool { return h.resumed == 2 }},
		{"op 9", each(9), func() bool { return h.identify == 2 }},
		{"dropped, and the session is over", func() {
			h.mu.Lock()
			h.invalid = 1
			h.mu.Unlock()
			h.closeSockets()
		}, func() bool { return h.identify == 3 }},
		{"5xx while it comes again", func() {
			h.fail(fakeFault{match: "GET /gateway", status: 503, times: 9})
			h.closeSockets()
		}, func() bool { return len(h.faults) == 0 && len(h.sockets) == 1 }},
	} {
		c.end()
		until(t, c.name, func() bool {
			h.mu.Lock()
			defer h.mu.Unlock()
			return c.want()
		})
		until(t, c.name+": connected", func() bool { return h.p.Connected() && len(h.live()) == 1 })
		if err := h.Command(ana, room, "/demo x"); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		until(t, c.name+": a call", func() bool { return n.Load() == int64(i+1) })
	}
	if h.intents != float64(intents) || h.p.LastEvent().IsZero() {
		t.Errorf("intents %v, last event %v", h.intents, h.p.LastEvent())
	}
}

// An answer that Discord does not take any more disturbs nobody else.
func TestExpired(t *testing.T) {
	h := newHarness(t, false)
	take, n := bottest.Always(whisper("hello"))
	bottest.Serve(t, h, take)
	ana, room := h.Account("ana"), h.Room("room")
	h.fail(fakeFault{match: "/callback", status: 404, code: codeUnknownInteraction, times: 1})
	for range 2 {
		if err := h.Command(ana, room, "/demo x"); err != nil {
			t.Fatal(err)
		}
		h.quiet()
	}
	c := h.p.Counters()
	if n.Load() != 2 || c.Expired != 1 || c.Reconnects != 0 || len(h.live()) != 1 {
		t.Errorf("%d taken, %+v", n.Load(), c)
	}
	if s := strings.Join(h.Sees(ana), "\n"); strings.Count(s, "hello") != 1 {
		t.Errorf("ana sees %q", s)
	}
}

// A response that was refused for now comes again, and one whose fate is unknown is not made twice.
func TestBusyCallback(t *testing.T) {
	h := newHarness(t, false)
	take, n := bottest.Always(whisper("hello"))
	h.p.pause = func(ctx context.Context, d time.Duration) error { h.later(d); return ctx.Err() }
	bottest.Serve(t, h, take)
	ana, room := h.Account("ana"), h.Room("room")
	h.fail(fakeFault{match: "/callback", status: 429, times: 2, body: `{"retry_after":0.3}`, header: map[string]string{"Retry-After": "1"}})
	if err := h.Command(ana, room, "/demo x"); err != nil {
		t.Fatal(err)
	}
	h.quiet()
	if n.Load() != 1 || h.p.Counters().RateLimited != 2 || !strings.Contains(strings.Join(h.Sees(ana), "\n"), "hello") {
		t.Errorf("%d taken, ana sees %q", n.Load(), h.Sees(ana))
	}
	h.fail(fakeFault{match: "/callback", times: 1})
	if err := h.Command(ana, room, "/demo x"); err != nil {
		t.Fatal(err)
	}
	h.quiet()
	if got := strings.Count(strings.Join(h.Sees(ana), "\n"), "hello"); got != 2 {
		t.Errorf("ana sees it %d times", got)
	}
}

func TestRefusedToken(t *testing.T) {
	h := newHarness(t, false)
	take, _ := bottest.Always(whisper("x"))
	h.p.cfg.BotToken = "revoked"
	if err := h.p.Run(t.Context(), take); !errors.Is(err, errRevoked) {
		t.Errorf("Run returned %v", err)
	}
	before := h.called("GET /users/@me")
	if _, err := h.p.Post(t.Context(), h.Room("room"), bot.OpenCard(bot.Text{Text: "x"}), "m"); !errors.Is(err, errRevoked) {
		t.Errorf("Post returned %v", err)
	}
	if h.called("GET /users/@me") != before || h.called("POST /channels/:id/messages") != 0 {
		t.Error("a refused token is used on")
	}
}

// A token that is revoked later ends Run for good, and so does a gateway that refuses the intents.
func TestRevokedLater(t *testing.T) {
	for name, c := range map[string]func(h *harness){
		"token": func(h *harness) {
			h.fail(fakeFault{match: "GET /gateway/bot", status: 401, times: 100})
			h.closeSockets()
		},
		"intents": func(h *harness) {
			h.mu.Lock()
			h.refuse = 4014
			h.mu.Unlock()
			h.closeSockets()
		},
	} {
		h := newHarness(t, false)
		take, _ := bottest.Always(whisper("x"))
		done := make(chan error, 1)
		go func() { done <- h.p.Run(t.Context(), take) }()
		until(t, name+": connected", func() bool { return h.p.Connected() && len(h.live()) == 1 })
		c(h)
		if err := <-done; err == nil {
			t.Errorf("%s: Run returned nil", name)
		}
	}
}

// turnstile is a lease that tests give and take.
type turnstile struct {
	mu    sync.Mutex
	owner string
	given int
}

type place struct {
	t    *turnstile
	name string
}

func (x place) Claim(context.Context, time.Duration) (bool, error) {
	x.t.mu.Lock()
	defer x.t.mu.Unlock()
	if x.t.owner == "" {
		x.t.owner = x.name
		x.t.given++
	}
	return x.t.owner == x.name, nil
}

func (x place) Renew(context.Context, time.Duration) (bool, error) {
	x.t.mu.Lock()
	defer x.t.mu.Unlock()
	return x.t.owner == x.name, nil
}

func (x place) Done(context.Context) error {
	x.t.mu.Lock()
	defer x.t.mu.Unlock()
	if x.t.owner == x.name {
		x.t.owner = ""
	}
	return nil
}

// Of two replicas one holds the gateway; when it goes the other does, and nobody is answered twice.
func TestTurn(t *testing.T) {
	f := newFakeDiscord(t)
	ts := &turnstile{}
	take, n := bottest.Always(whisper("hello"))
	type replica struct {
		p    *Platform
		stop context.CancelFunc
		done chan error
	}
	start := func(name string) replica {
		cfg := f.config()
		cfg.Turn = place{ts, name}
		p := newPlatform(t, cfg)
		p.pause = func(ctx context.Context, _ time.Duration) error { return service.Pause(ctx, time.Millisecond) }
		ctx, stop := context.WithCancel(context.Background())
		r := replica{p, stop, make(chan error, 1)}
		go func() { r.done <- p.Run(ctx, take) }()
		return r
	}
	a := start("a")
	until(t, "a connected", func() bool { return len(f.live()) == 1 })
	b := start("b")
	until(t, "b waits", b.p.Connected)
	h := &harness{f, b.p}
	ana, room := h.Account("ana"), h.Room("room")
	say := func(want int64) {
		t.Helper()
		if err := h.Command(ana, room, "/demo x"); err != nil {
			t.Fatal(err)
		}
		until(t, "a call", func() bool { return n.Load() >= want })
	}
	say(1)
	if len(f.live()) != 1 {
		t.Errorf("%d replicas hold the gateway", len(f.live()))
	}
	a.stop()
	if err := <-a.done; err != nil {
		t.Error(err)
	}
	until(t, "b has the gateway and a is gone", func() bool {
		f.mu.Lock()
		identified := f.identify
		f.mu.Unlock()
		return identified == 2 && len(f.live()) == 1
	})
	say(2)
	ts.mu.Lock()
	ts.owner = "somebody else" // the lease ran out while b was asleep
	ts.mu.Unlock()
	until(t, "b lets go", func() bool { return len(f.live()) == 0 })
	b.stop()
	if err := <-b.done; err != nil || n.Load() != 2 || ts.given != 2 {
		t.Errorf("%v, %d calls, the turn was given %d times", err, n.Load(), ts.given)
	}
}
