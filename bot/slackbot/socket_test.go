package slackbot

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rounds/bot"
	"rounds/bot/bottest"

	"github.com/slack-go/slack"
)

func (h *harness) connected(t *testing.T, sockets int) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); h.sockets0() != sockets || h.p.Connected() != (sockets > 0); runtime.Gosched() {
		if time.Now().After(end) {
			t.Fatalf("%d sockets, connected %v", h.sockets0(), h.p.Connected())
		}
	}
}

// Slack renews connections every few hours, and networks break.
func TestReconnect(t *testing.T) {
	h := newHarness(t, true)
	take, n := bottest.Always(whisper("hello"))
	var pauses atomic.Int64
	h.p.pause = func(ctx context.Context, d time.Duration) error {
		pauses.Add(1)
		return ctx.Err()
	}
	bottest.Serve(t, h, take)
	h.connected(t, 1)
	ana, room := h.Account("ana"), h.Room("room")
	for i, end := range []func(){h.disconnect, h.closeSockets, h.disconnect} {
		before := h.p.Counters().Reconnects
		end()
		for deadline := time.Now().Add(5 * time.Second); h.p.Counters().Reconnects == before && time.Now().Before(deadline); {
			runtime.Gosched()
		}
		h.connected(t, 1)
		if err := h.Command(ana, room, "/x"); err != nil {
			t.Fatal(err)
		}
		h.quiet()
		if n.Load() != int64(i+1) {
			t.Errorf("after the %d. time %d calls came", i+1, n.Load())
		}
	}
	if pauses.Load() == 0 {
		t.Error("short sessions follow each other without a pause")
	}
	if h.p.LastEvent().IsZero() {
		t.Error("no time of the last event")
	}
}

// An envelope that was not acknowledged comes again, and is one call.
func TestEnvelopeAgain(t *testing.T) {
	h := newHarness(t, true)
	take, n := bottest.Always(bot.Nothing{})
	bottest.Serve(t, h, take)
	h.connected(t, 1)
	if err := h.Say(h.Account("ana"), h.Room("room"), "hello"); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if err := h.Repeat(); err != nil {
			t.Fatal(err)
		}
	}
	h.quiet()
	if n.Load() != 1 {
		t.Errorf("taken %d times", n.Load())
	}
}

// The acknowledgement does not wait for the answer.
func TestAcknowledgedFirst(t *testing.T) {
	h := newHarness(t, true)
	gate := make(chan struct{})
	bottest.Serve(t, h, func(context.Context, bot.Call) (bot.Answer, <-chan bot.Answer) {
		<-gate
		return bot.Nothing{}, nil
	})
	h.connected(t, 1)
	if err := h.Command(h.Account("ana"), h.Room("room"), "/x"); err != nil {
		t.Error(err)
	}
	close(gate)
}

// What cannot be read is acknowledged too.
func TestUnreadableEnvelopes(t *testing.T) {
	h := newHarness(t, true)
	take, n := bottest.Always(bot.Nothing{})
	bottest.Serve(t, h, take)
	h.connected(t, 1)
	for kind, payload := range map[string]any{
		"slash_commands": map[string]any{"command": "/x"},
		"interactive":    map[string]any{"type": "block_actions"},
		"events_api":     map[string]any{"type": "event_callback", "event": map[string]any{"type": "an_event_of_tomorrow"}},
	} {
		if _, err := h.envelope(kind, payload, 0); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
	}
	if n.Load() != 0 {
		t.Error("something was taken")
	}
}

func TestFatal(t *testing.T) {
	take, _ := bottest.Always(bot.Nothing{})
	for _, e := range []string{"invalid_auth", "not_allowed_token_type", "missing_scope", "token_revoked"} {
		h := newHarness(t, true)
		h.opens = []string{e}
		err := h.p.Run(t.Context(), take)
		if err == nil || !strings.Contains(err.Error(), e) || !strings.Contains(err.Error(), "SLACK_APP_TOKEN") {
			t.Errorf("socket, %s: %v", e, err)
		}
		for _, socket := range []bool{true, false} {
			h = newHarness(t, socket)
			h.fail("auth.test", fakeFault{err: e})
			if err := h.p.Run(t.Context(), take); err == nil || !strings.Contains(err.Error(), e) || !strings.Contains(err.Error(), "SLACK_BOT_TOKEN") {
				t.Errorf("token, %s: %v", e, err)
			}
		}
	}
}

// Whatever else fails is tried again, ever more slowly.
func TestTransient(t *testing.T) {
	h := newHarness(t, true)
	h.fail("auth.test", fakeFault{status: 503}, fakeFault{drop: true}, fakeFault{status: 429})
	h.opens = []string{"internal_error", "fatal_error"}
	h.fail("apps.connections.open", fakeFault{status: 429}, fakeFault{status: 500})
	var waits []time.Duration
	h.p.pause = func(ctx context.Context, d time.Duration) error {
		waits = append(waits, d)
		return ctx.Err()
	}
	take, _ := bottest.Always(bot.Nothing{})
	bottest.Serve(t, h, take)
	h.connected(t, 1)
	if len(waits) != 7 {
		t.Errorf("waited %v", waits)
	}
	if waits[2] < 7*time.Second {
		t.Errorf("Slack asked for 7 s, it was %v", waits[2])
	}
}

func TestBackoff(t *testing.T) {
	for n := range 100 {
		most := time.Minute
		if n < 6 {
			most = time.Second << n
		}
		if d := backoff(n, nil); d < most/2 || d > most {
			t.Errorf("try %d: %v", n, d)
		}
	}
	if d := backoff(0, &slack.RateLimitedError{RetryAfter: time.Hour}); d != time.Hour {
		t.Errorf("%v", d)
	}
	if d := backoff(0, errors.New("x")); d > time.Second {
		t.Errorf("%v", d)
	}
}

func TestRunEnds(t *testing.T) {
	for _, socket := range []bool{true, false} {
		h := newHarness(t, socket)
		take, _ := bottest.Always(bot.Nothing{})
		stop := h.Start(take)
		if err := stop(); err != nil {
			t.Error(err)
		}
		if h.p.Connected() {
			t.Error("still connected")
		}
	}
	// A network that is away when ctx ends is no error.
	h := newHarness(t, true)
	h.fail("auth.test", fakeFault{status: 503})
	ctx, cancel := context.WithCancel(t.Context())
	h.p.pause = func(ctx context.Context, _ time.Duration) error { cancel(); return ctx.Err() }
	if err := h.p.Run(ctx, nil); err != nil {
		t.Error(err)
	}
}
