package reminders

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"rounds/bot"
	"rounds/school"
)

// A chat is a chat service that keeps state, as far as sending needs it: it stores messages with their markers, shows
// them in its history a moment later, and answers late, never, or "not now". Time is mostly that of a synctest bubble.
type chat struct {
	name     string
	nonce    time.Duration             // Discord: so long a marker that comes again makes no second message; 0 is Slack
	lag      time.Duration             // until a stored message is seen in the history
	answer   time.Duration             // how long an answer takes
	patience time.Duration             // how long the client waits for one
	retry    time.Duration             // the Retry-After of a 429
	freeze   time.Duration             // how long a frozen process stands still
	fault    func(marker string) fault // what goes wrong with a post; nil: nothing

	mu       sync.Mutex           // guards the following
	messages map[string][]message // by marker
	finds    map[string]int       // look-ups of a marker
	requests []request            // posts, as they arrived
	n        int
}

type message struct {
	ref bot.Ref
	at  time.Time
}

type request struct {
	at                      time.Time
	workspace, room, marker string
	status                  int // 200, 429, 503
}

type fault int

const (
	fine    fault = iota
	lost          // stored, and the answer is lost
	late          // stored after the client gave up
	broken        // 503 before anything was stored, which a client cannot know
	limited       // 429, with a Retry-After
	frozen        // the process stands still between its last look at the clock and the write
)

func newChat(name string) *chat {
	return &chat{
		name: name, lag: 20 * time.Millisecond, answer: 50 * time.Millisecond, patience: 300 * time.Millisecond, retry: time.Second,
		messages: map[string][]message{}, finds: map[string]int{},
	}
}

func newSlack() *chat { return newChat("slack") }

func newDiscord() *chat {
	c := newChat("discord")
	c.nonce = 3 * time.Minute
	return c
}

var _ interface {
	bot.Platform
	bot.Finder
} = (*chat)(nil)

func (c *chat) Name() string { return c.name }

func (c *chat) Run(ctx context.Context, _ bot.Taker) error { <-ctx.Done(); return nil }

func (c *chat) Direct(_ context.Context, to bot.Account) (bot.Room, error) {
	return bot.Room{Platform: c.name, Workspace: to.Workspace, ID: "dm-" + to.User}, nil
}

func (c *chat) Post(ctx context.Context, to bot.Room, _ bot.Open, marker string) (bot.Ref, error) {
	f := fine
	if c.fault != nil {
		f = c.fault(marker)
	}
	if f == frozen {
		time.Sleep(c.freeze)
	} else if err := ctx.Err(); err != nil {
		return "", err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	r := request{now, to.Workspace, to.ID, marker, 200}
	switch f {
	case limited:
		r.status = 429
		c.requests = append(c.requests, r)
		return "", &bot.RetryError{After: c.retry, Err: errors.New("too many requests")}
	case broken:
		r.status = 503
		c.requests = append(c.requests, r)
		return "", &bot.UnknownError{Err: errors.New("503")}
	case late:
		c.requests = append(c.requests, r)
		time.AfterFunc(c.patience*3/2, func() {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.store(marker)
		})
		return "", c.unanswered(ctx, c.patience)
	}
	c.requests = append(c.requests, r)
	ref := c.store(marker)
	if f == lost {
		return "", c.unanswered(ctx, c.patience)
	}
	if err := c.unanswered(ctx, c.answer); ctx.Err() != nil && f != frozen {
		return "", err
	}
	return ref, nil
}

// unanswered waits without the lock, and is the error of a client that had no answer by then.
func (c *chat) unanswered(ctx context.Context, d time.Duration) error {
	c.mu.Unlock()
	defer c.mu.Lock()
	_ = sleep(ctx, d)
	return &bot.UnknownError{Err: errors.New("no answer")}
}

// store keeps a message, unless its nonce is known. c.mu is held.
func (c *chat) store(marker string) bot.Ref {
	now := time.Now()
	for _, m := range c.messages[marker] {
		if now.Sub(m.at) < c.nonce {
			return m.ref
		}
	}
	c.n++
	ref := bot.Ref(fmt.Sprintf("m%d", c.n))
	c.messages[marker] = append(c.messages[marker], message{ref, now})
	return ref
}

func (c *chat) Find(ctx context.Context, _ bot.Room, marker string, since time.Time) (bot.Ref, bool, error) {
	if err := sleep(ctx, c.answer); err != nil {
		return "", false, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.finds[marker]++
	for _, m := range c.messages[marker] {
		if time.Since(m.at) >= c.lag {
			return m.ref, true, nil
		}
	}
	return "", false, nil
}

// spied is a log as one sender uses it: it knows what the sender is at.
type spied struct {
	school.Log
	claimed func(c school.Claim)
}

func (s spied) Claim(ctx context.Context, key, holder string, lease time.Duration) (school.Claim, bool, error) {
	c, ok, err := s.Log.Claim(ctx, key, holder, lease)
	if ok && err == nil {
		s.claimed(c)
	}
	return c, ok, err
}

// lockOnly is a log whose claims are locks and no more: all epochs look alike, and whoever had one believes in it
// for ever. It is a negative control.
type lockOnly struct{ school.Log }

func (l lockOnly) Claim(ctx context.Context, key, holder string, lease time.Duration) (school.Claim, bool, error) {
	c, ok, err := l.Log.Claim(ctx, key, holder, lease)
	c.Epoch = 1
	return c, ok, err
}

func (lockOnly) Renew(_ context.Context, c school.Claim, _ time.Duration) (school.Claim, bool, error) {
	return c, true, nil
}

// deaf is a poster that goes on when its time is over: a negative control.
type deaf struct{ Poster }

func (d deaf) Post(ctx context.Context, in bot.District, to bot.Target, card bot.Open, marker string) (bot.Ref, bot.Room, error) {
	return d.Poster.Post(context.WithoutCancel(ctx), in, to, card, marker)
}

func (d deaf) Find(ctx context.Context, in bot.District, to bot.Target, marker string, since time.Time) (bot.Ref, bot.Room, bool, error) {
	return d.Poster.Find(context.WithoutCancel(ctx), in, to, marker, since)
}

// byAccount finds people's accounts as cmd does: by what the record has of them.
type byAccount struct{ book *school.Book }

func (d byAccount) District(string, string) (bot.District, bool) { return district, true }
func (d byAccount) Who(_ bot.District, a bot.Account) (bot.Person, bool) {
	return bot.Person(a.User), true
}

func (d byAccount) Accounts(_ bot.District, p bot.Person) (out []bot.Account) {
	_ = d.book.Read(func(m *school.Model) {
		if who, ok := m.Person(school.PersonID(p)); ok {
			for _, a := range who.Accounts {
				var x bot.Account
				if n, _ := fmt.Sscan(a, &x.Platform, &x.Workspace, &x.User); n == 3 {
					out = append(out, x)
				}
			}
		}
	})
	return out
}
