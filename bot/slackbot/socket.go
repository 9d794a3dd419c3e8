package slackbot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/url"
	"time"

	"rounds/bot"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

// A session that lasted this long was a good one: after it the next begins at once.
const goodSession = 30 * time.Second

// runSocket keeps a Socket Mode connection until ctx ends. Each session is one connection;
// Slack renews them every few hours, and after a bad one the next waits a while.
func (p *Platform) runSocket(ctx, base context.Context) error {
	for bad := 0; ; {
		start := time.Now()
		err := p.session(ctx, base)
		p.intake.Connect(false)
		if ctx.Err() != nil {
			return nil
		}
		if c, fatal := fatalAuth(err); fatal {
			return fmt.Errorf("slack: Socket Mode is refused (%s): check that the app token has connections:write and that Socket Mode is on (SLACK_APP_TOKEN)", c)
		}
		p.count(func(c *Counters) { c.Reconnects++ })
		p.cfg.Logger.Info("slack socket ended", "err", kindOf(err), "after", time.Since(start).Round(time.Second))
		if time.Since(start) > goodSession {
			bad = 0
			if err == nil { // Slack asked for it
				continue
			}
		}
		if p.pause(ctx, backoff(bad, err)) != nil {
			return nil
		}
		bad++
	}
}

// session is one connection: nil when Slack asked to connect again after a while of use.
func (p *Platform) session(ctx, base context.Context) error {
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	pings := 30 * time.Second // Slack pings every few seconds
	if p.host != "" {
		pings = 5 * time.Minute // a Slack for tests may not ping at all
	}
	c := socketmode.New(p.api,
		socketmode.OptionReadLimit(1<<20),
		socketmode.OptionPingInterval(pings),
		socketmode.OptionLog(log.New(io.Discard, "", 0)),
	)
	// RunContext would connect again by itself, at once and for ever; it is stopped before,
	// so that one place decides when.
	done := make(chan error, 1)
	go func() { done <- c.RunContext(ctx) }()
	var failed error
	used := false
	for {
		var e socketmode.Event
		select {
		case err := <-done:
			if failed == nil && ctx.Err() == nil { // it gave up by itself: a token is refused
				failed = err
			}
			return failed
		case e = <-c.Events:
		}
		switch e.Type {
		case socketmode.EventTypeConnecting:
			if v, ok := e.Data.(*slack.ConnectingEvent); ok && v.ConnectionCount > 0 {
				if !used {
					failed = errors.New("the connection ended before anything came")
				}
				end(nil)
			}
		case socketmode.EventTypeConnectionError:
			if v, ok := e.Data.(*slack.ConnectionErrorEvent); ok && failed == nil && ctx.Err() == nil {
				failed = v.ErrorObj
			}
			end(nil)
		case socketmode.EventTypeInvalidAuth:
			failed = slack.SlackErrorResponse{Err: "invalid_auth"}
			end(nil)
		case socketmode.EventTypeConnected:
		case socketmode.EventTypeHello:
			used = true
			p.intake.Connect(true)
			p.intake.Heard(p.cfg.Now())
		case socketmode.EventTypeErrorBadMessage:
			// An event that slack-go cannot read is acknowledged all the same: Slack
			// would only send it again.
			if v, ok := e.Data.(*socketmode.ErrorBadMessage); ok {
				p.count(func(c *Counters) { c.BadRequests++ })
				var envelope struct {
					ID string `json:"envelope_id"`
				}
				if json.Unmarshal(v.Message, &envelope) == nil && envelope.ID != "" {
					_ = c.AckCtx(ctx, envelope.ID, nil)
				}
			}
		case socketmode.EventTypeEventsAPI, socketmode.EventTypeInteractive, socketmode.EventTypeSlashCommand:
			if e.Request != nil {
				p.envelope(ctx, base, c, *e.Request)
			}
		}
	}
}

// envelope acknowledges one request and takes what is in it. Only a form and suggestions are
// acknowledged with their answer, because it can go nowhere else.
func (p *Platform) envelope(ctx, base context.Context, c *socketmode.Client, r socketmode.Request) {
	in, err := decodeEnvelope(r, p.botUser())
	ack := func(body any) {
		if err := c.AckCtx(ctx, r.EnvelopeID, body); err != nil && ctx.Err() == nil {
			p.cfg.Logger.Warn("slack socket: no acknowledgement", "err", err)
		}
	}
	if err != nil || !in.Taken() {
		ack(nil)
		if err != nil {
			p.count(func(c *Counters) { c.BadRequests++ })
			p.cfg.Logger.Warn("slack socket: unreadable", "type", r.Type, "why", err.Error())
		} else {
			p.left(in)
		}
		return
	}
	take, _ := p.intake.Taker()
	if take == nil {
		return // not acknowledged: Slack sends it to another connection
	}
	call, first := p.once.First(in.Call.ID, time.Now(), newTaken())
	if !first {
		p.count(func(c *Counters) { c.Duplicates++ })
	}
	if in.Source != Submission && in.Source != Suggestion {
		ack(nil)
		if first {
			call.end(nil)
			p.work.Go(func() { p.handle(base, take, in, false) })
		}
		return
	}
	p.work.Go(func() {
		if !first {
			if b := call.wait(base); len(b) > 0 {
				ack(json.RawMessage(b))
			} else {
				ack(nil)
			}
			return
		}
		var out []byte
		defer func() { call.end(out) }()
		if b := p.handle(base, take, in, true); b != nil {
			out = p.small(base, in, b)
		}
		if len(out) == 0 {
			ack(nil)
			return
		}
		ack(json.RawMessage(out))
	})
}

// small keeps a body within what an acknowledgement may hold. A longer view is shown by
// views.update, over a short one that says to wait.
func (p *Platform) small(ctx context.Context, in Incoming, body any) []byte {
	out, err := json.Marshal(body)
	if err != nil {
		return nil
	}
	if len(out) <= maxSocketAck {
		return out
	}
	switch b := body.(type) {
	case ViewResponse:
		if b.View == nil {
			return nil
		}
		wait := p.render().Answer(in, bot.Deferred{}, Moment{})
		p.work.Go(func() {
			_ = p.pause(ctx, 500*time.Millisecond) // the short one goes first
			d := &delivery{Platform: p, in: in}
			if _, err := d.try(ctx, Step{Via: ViewsUpdate, ViewID: in.Target.View, View: b.View}); err != nil {
				p.count(func(c *Counters) { c.FailedAnswers++ })
				p.cfg.Logger.Warn("slack did not show an answer", "call", in.Call.ID, "via", ViewsUpdate, "err", kindOf(err))
			}
		})
		out, _ = json.Marshal(wait.Body)
		return out
	case map[string]any: // suggestions: as many as fit
		options, _ := b["options"].([]any)
		for len(options) > 0 && bytesOf(map[string]any{"options": options}) > maxSocketAck {
			options = options[:len(options)-1]
		}
		p.reported(Report{"suggestions shortened to what an acknowledgement holds"})
		out, _ = json.Marshal(map[string]any{"options": options})
		return out
	}
	return nil
}

// decodeEnvelope reads what came by Socket Mode: the same payloads as by HTTP, as JSON.
func decodeEnvelope(r socketmode.Request, self string) (Incoming, error) {
	switch r.Type {
	case socketmode.RequestTypeEventsAPI:
		return DecodeEvent(r.Payload, self)
	case socketmode.RequestTypeInteractive:
		return DecodeInteraction(r.Payload)
	case socketmode.RequestTypeSlashCommands:
		var m map[string]any
		if err := json.Unmarshal(r.Payload, &m); err != nil {
			return Incoming{}, fmt.Errorf("slash command: %w", err)
		}
		v := url.Values{}
		for k, x := range m {
			if s, ok := x.(string); ok {
				v.Set(k, s)
			}
		}
		return DecodeCommand(v)
	}
	return Incoming{Source: Ignored, Why: "envelope " + r.Type}, nil
}
