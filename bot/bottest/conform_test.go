package bottest_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"rounds/bot"
	"rounds/bot/bottest"
)

// TestFake runs the suite against the fake itself.
func TestFake(t *testing.T) {
	bottest.TestPlatform(t, func(t *testing.T) bottest.Harness {
		f := bottest.NewFake("fake")
		t.Cleanup(func() {
			for _, v := range f.Violations() {
				t.Error(v)
			}
		})
		return &harness{Fake: f}
	})
}

type harness struct{ *bottest.Fake }

func (h *harness) Platform() bot.Platform { return h.Fake }

func (h *harness) Start(take bot.Taker) func() error {
	ctx, cancel := context.WithCancel(context.Background())
	h.Connect(take)
	done := make(chan error)
	go func() { done <- h.Run(ctx, take) }()
	return func() error { cancel(); return <-done }
}

func (h *harness) Stored(in bot.Room) []string {
	var out []string
	for _, m := range h.Fake.Stored(in) {
		out = append(out, m.Card.Text())
	}
	return out
}

func (h *harness) Home(who bot.Account) []string { return h.Sees(who) }
func (h *harness) Repeat() error                 { return h.Again() }

func (h *harness) Fail(f bottest.Failure) {
	switch f {
	case bottest.Refused:
		h.Inject(bottest.Fault{Op: "post", Err: &bot.RetryError{After: 3 * time.Second, Err: errors.New("too many")}})
	case bottest.LostReply:
		h.Inject(bottest.Fault{Op: "post", Err: &bot.UnknownError{Err: errors.New("connection reset")}, Stands: true})
	case bottest.NotInRoom:
		h.Inject(bottest.Fault{Op: "post", Err: bot.ErrNotInRoom})
	}
}
