package slackbot

import (
	"context"
	"testing"
	"time"

	"rounds/bot"
)

// stuckKeep is a store whose writes wait.
type stuckKeep struct {
	bot.Keep
	let chan struct{}
	put chan string
}

func (k stuckKeep) Get(context.Context, string) ([]byte, bool, error) { return nil, false, nil }

func (k stuckKeep) Put(_ context.Context, key string, _ []byte, _ time.Duration, _ string) error {
	<-k.let
	k.put <- key
	return nil
}

// A call from a room that guests read is answered while the store is still busy with remembering that.
func TestPlaceWaitsForNoWrite(t *testing.T) {
	f := newFakeSlack(t)
	keep := stuckKeep{let: make(chan struct{}), put: make(chan string, 2)}
	cfg := f.config(false)
	cfg.Keep = keep
	p := newPlatform(t, cfg)
	in := func(guests bool) Incoming {
		return Incoming{Source: Submission, Call: bot.Call{Guests: guests, Room: roomOf(fakeTeam, "C1"), From: bot.Account{Platform: Name, Workspace: fakeTeam, User: "ana"}}}
	}
	first, second := in(true), in(false)
	p.place(context.Background(), &first)
	p.place(context.Background(), &second)
	if !second.Call.Guests {
		t.Error("that guests read the room was forgotten")
	}
	close(keep.let)
	p.work.Wait(5 * time.Second)
	if got := <-keep.put; got != "slack/shared/"+fakeTeam+"/C1" || len(keep.put) != 0 {
		t.Errorf("kept %q and %d more", got, len(keep.put))
	}
}
