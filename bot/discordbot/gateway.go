package discordbot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"rounds/bot"

	"github.com/bwmarrin/discordgo"
)

// userAgent has the form that Discord asks for.
const userAgent = "DiscordBot (https://github.com/bwmarrin/discordgo, v" + discordgo.VERSION + ")"

// intents are what the gateway sends: servers, and words in their rooms and to the bot. None of them is privileged: without
// the content intent the words still come where the bot is meant.
const intents = discordgo.IntentsGuilds | discordgo.IntentsGuildMessages | discordgo.IntentsDirectMessages

// How long a replica may hold the gateway without saying so again.
const (
	turnLease = 45 * time.Second
	turnRenew = 15 * time.Second
)

// discordgo prints what it meets, texts of people among it, and has one place for that in a process.
func init() { discordgo.Logger = func(int, int, string, ...any) {} }

// runGateway holds the gateway while it is this replica's turn, until ctx ends.
func (p *Platform) runGateway(ctx context.Context) error {
	if p.cfg.Turn == nil {
		return p.gateway(ctx)
	}
	for ctx.Err() == nil {
		ours, err := p.cfg.Turn.Claim(ctx, turnLease)
		if err != nil && ctx.Err() == nil {
			p.cfg.Logger.Warn("discord: the turn at the gateway cannot be claimed", "err", err)
		}
		// A replica that waits its turn still takes what comes by HTTP, and posts.
		p.intake.Connect(err == nil)
		if !ours {
			if p.pause(ctx, turnRenew) != nil {
				return nil
			}
			continue
		}
		if err := p.turn(ctx); err != nil {
			return err
		}
	}
	return nil
}

// turn holds the gateway for as long as the lease is renewed.
func (p *Platform) turn(ctx context.Context) error {
	held, end := context.WithCancel(ctx)
	defer end()
	done := make(chan error, 1)
	go func() { done <- p.gateway(held) }()
	lost := make(chan struct{})
	go func() {
		defer close(lost)
		for last := time.Now(); p.pause(held, turnRenew) == nil; {
			ours, err := p.cfg.Turn.Renew(held, turnLease)
			switch {
			case err == nil && ours:
				last = time.Now()
			case err == nil, time.Since(last) > turnLease-turnRenew:
				return // somebody else may have it by now, and two of them would answer everything twice
			}
		}
	}()
	var err error
	select {
	case err = <-done:
		end()
		<-lost
	case <-lost:
		end()
		err = <-done
	}
	free, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if derr := p.cfg.Turn.Done(free); derr != nil {
		p.cfg.Logger.Warn("discord: the turn at the gateway is not given up", "err", derr)
	}
	return err
}

// gateway keeps one connection until ctx ends. discordgo would come back by itself, at once and for ever, also with a token that
// is refused; here one place decides when, and a connection that was lost is resumed where it broke off.
func (p *Platform) gateway(ctx context.Context) error {
	lost := make(chan struct{}, 1)
	s, err := p.newSession(ctx, lost)
	if err != nil {
		return err
	}
	for bad := 0; ctx.Err() == nil; {
		err := p.startAllowed(ctx)
		if err == nil {
			err = p.open(ctx, s)
		}
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, errRevoked):
			return err
		case err != nil && fatalClose(err):
			return fmt.Errorf("discord: the gateway refuses the bot for good: %s", kindOf(err))
		case err != nil:
			p.cfg.Logger.Warn("discord gateway does not open", "err", kindOf(err))
			if bad++; bad == 2 { // what was to be resumed may be gone
				if s, err = p.newSession(ctx, lost); err != nil {
					return err
				}
			}
			if p.pause(ctx, backoff(bad, err)) != nil {
				return nil
			}
			continue
		}
		opened := time.Now()
		p.intake.Connect(true)
		select {
		case <-ctx.Done():
			p.intake.Connect(false)
			p.close(s)
			return nil
		case <-lost:
		}
		p.intake.Connect(false)
		p.count(func(c *Counters) { c.Reconnects++ })
		p.cfg.Logger.Info("discord gateway lost", "after", time.Since(opened).Round(time.Second))
		if bad++; time.Since(opened) > time.Minute {
			bad = 0
		}
		if bad > 1 && p.pause(ctx, backoff(bad-2, nil)) != nil {
			return nil
		}
	}
	return nil
}

// fatalClose tells whether Discord closed for a reason that trying again does not change: docs, gateway close event codes.
func fatalClose(err error) bool {
	for _, code := range []string{"4004", "4010", "4011", "4012", "4013", "4014"} {
		if strings.Contains(err.Error(), "close "+code) {
			return true
		}
	}
	return false
}

// startAllowed waits until a session may be started, and finds out whether the token is still good.
func (p *Platform) startAllowed(ctx context.Context) error {
	var g struct {
		Limit struct {
			Remaining *int `json:"remaining"`
			Reset     int  `json:"reset_after"` // milliseconds
		} `json:"session_start_limit"`
	}
	if err := p.do(ctx, request{method: "GET", path: "/gateway/bot", out: &g, again: true, patient: true}); err != nil {
		return err
	}
	if r := g.Limit.Remaining; r != nil && *r == 0 {
		return p.pause(ctx, time.Duration(g.Limit.Reset)*time.Millisecond)
	}
	return nil
}

func (p *Platform) newSession(ctx context.Context, lost chan<- struct{}) (*discordgo.Session, error) {
	s, err := discordgo.New("Bot " + p.cfg.BotToken)
	if err != nil {
		return nil, err
	}
	s.ShouldReconnectOnError, s.ShouldReconnectVoiceOnSessionError = false, false
	s.ShouldRetryOnRateLimit, s.MaxRestRetries = false, 0
	s.StateEnabled, s.SyncEvents = false, true
	s.Identify.Intents = intents
	s.Client = &http.Client{Timeout: p.http.Timeout, Transport: toBase{p.base, p.http.Transport}}
	s.AddHandler(func(_ *discordgo.Session, e *discordgo.Event) {
		if ctx.Err() == nil {
			p.event(e.Type, e.RawData)
		}
	})
	s.AddHandler(func(*discordgo.Session, *discordgo.Disconnect) {
		select {
		case lost <- struct{}{}:
		default:
		}
	})
	return s, nil
}

// toBase sends discordgo's requests, of which there is one, to our base address: it has its own address built in.
type toBase struct {
	base string
	next http.RoundTripper
}

func (t toBase) RoundTrip(r *http.Request) (*http.Response, error) {
	_, path, _ := strings.Cut(r.URL.Path, "/api/v"+discordgo.APIVersion)
	u, err := url.Parse(t.base + path)
	if err != nil {
		return nil, err
	}
	u.RawQuery = r.URL.RawQuery
	r = r.Clone(r.Context())
	r.URL, r.Host = u, u.Host
	next := t.next
	if next == nil {
		next = http.DefaultTransport
	}
	return next.RoundTrip(r)
}

// open opens or resumes; discordgo takes no context.
func (p *Platform) open(ctx context.Context, s *discordgo.Session) error {
	done := make(chan error, 1)
	go func() { done <- s.Open() }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		go func() {
			if <-done == nil {
				_ = s.Close()
			}
		}()
		return ctx.Err()
	}
}

// close says goodbye, and waits for it a little.
func (p *Platform) close(s *discordgo.Session) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = s.Close()
	}()
	t := time.NewTimer(p.grace)
	defer t.Stop()
	select {
	case <-done:
	case <-t.C:
	}
}

// event takes what the gateway sends, raw: discordgo cannot read the newer components. Everything happens beside the connection,
// so that nothing in an answer disturbs it.
func (p *Platform) event(kind string, raw json.RawMessage) {
	take, life := p.intake.Taker()
	if take == nil {
		return
	}
	p.intake.Heard(p.cfg.Now())
	var in Incoming
	var err error
	switch kind {
	case "INTERACTION_CREATE":
		in, err = DecodeInteraction(raw, p.cfg.Menus)
	case "MESSAGE_CREATE":
		in, err = DecodeMessage(raw, p.botUser())
	case "GUILD_CREATE":
		var g struct {
			ID string `json:"id"`
		}
		if json.Unmarshal(raw, &g) == nil {
			p.joined(g.ID)
		}
		return
	default:
		return
	}
	switch {
	case err != nil:
		p.count(func(c *Counters) { c.BadRequests++ })
		p.cfg.Logger.Warn("discord event unreadable", "event", kind, "why", err.Error())
		return
	case !in.Taken():
		p.left(in)
		return
	case !p.first(in):
		p.count(func(c *Counters) { c.Duplicates++ })
		return
	}
	p.work.Go(func() { p.receive(life, take, in) })
}

// receive answers what came by the gateway: the first response is a request of its own there.
func (p *Platform) receive(ctx context.Context, take bot.Taker, in Incoming) {
	x := p.handle(ctx, take, in)
	if x.Body != nil {
		path := "/interactions/" + url.PathEscape(in.Target.ID) + "/" + url.PathEscape(in.Target.Token) + "/callback"
		err := p.do(ctx, request{method: "POST", path: path, body: x.Body, open: true, patient: true})
		if _, unknown := errors.AsType[*bot.UnknownError](err); err != nil && !unknown {
			p.count(func(c *Counters) {
				c.FailedAnswers++
				if codeOf(err) == codeUnknownInteraction {
					c.Expired++
				}
			})
			p.cfg.Logger.Warn("discord took no answer", "call", in.Call.ID, "source", string(in.Source), "err", kindOf(err))
			return
		}
	}
	p.after(ctx, in, x)
}
