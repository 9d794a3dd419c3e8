package slackbot

import (
	"context"
	"errors"
	"strings"
	"time"

	"rounds/bot"

	"github.com/slack-go/slack"
)

// waiting says whether Slack waits for the body of the answer: for a form and for
// suggestions it does, for a command it takes one, and everything else is only acknowledged.
func (in Incoming) waiting() bool {
	switch in.Source {
	case SlashCommand, Submission, Suggestion:
		return true
	}
	return false
}

// handle takes a call and answers it. With sync its body goes back to Slack, which gives it 3 s;
// all other requests go out after handle has returned.
func (p *Platform) handle(ctx context.Context, take bot.Taker, in Incoming, sync bool) any {
	start := time.Now()
	p.intake.Heard(p.cfg.Now())
	p.count(func(c *Counters) { c.Came(in.Source) })
	p.place(ctx, &in)
	d := &delivery{Platform: p, in: in, left: maxResponses, until: start.Add(29 * time.Minute)}
	m := Moment{Late: !sync && in.Source == SlashCommand}

	a, later := take(ctx, in.Call)
	_, deferred := a.(bot.Deferred)
	if deferred && sync && in.Source == Submission && p.grace > 0 {
		// Slack waits a little longer than the router does, and an answer that comes
		// within it leaves the form as it is.
		t := time.NewTimer(p.grace - time.Since(start))
		select {
		case b, ok := <-later:
			if ok {
				a, deferred = b, false
			}
		case <-t.C:
		}
		t.Stop()
	}
	switch {
	case deferred:
		reply := p.render().Answer(in, a, m)
		p.work.Go(func() {
			m := Moment{Late: true}
			if in.Source == Submission {
				m.Waiting = in.Target.View
			}
			for _, s := range reply.Steps {
				if id, err := d.try(ctx, s); err == nil {
					m.Waiting = id
				}
			}
			b, ok := <-later
			if in.Source == Submission {
				// The body that shows the waiting modal must reach Slack before what follows it.
				_ = p.pause(ctx, 500*time.Millisecond)
			}
			if ok {
				d.send(ctx, b, m)
			}
		})
		return reply.Body
	case sync && in.waiting() && len(pictures(a)) == 0:
		reply := p.render().Answer(in, a, m)
		if len(reply.Steps) == 0 {
			p.reported(reply.Report)
			return reply.Body
		}
		p.work.Go(func() { d.run(ctx, a, m, p.render(), reply) })
		return reply.Body
	case sync && in.Source == Submission:
		// Pictures are uploaded first; the form closes meanwhile.
		m.Late = true
	case sync && in.Source == SlashCommand:
		m.Late = true
	}
	p.work.Go(func() { d.send(ctx, a, m) })
	return nil
}

// place completes what a payload does not say of its room: whether it is the
// conversation with the bot, and whether guests read it. It waits for no write: Slack gives
// three seconds, and a store may take them all.
func (p *Platform) place(ctx context.Context, in *Incoming) {
	remember := func(key, value string) {
		if p.keep.Note(key, value) {
			p.work.Go(func() { p.keep.Store(ctx, key, value, 0) })
		}
	}
	c, room := &in.Call, in.Call.Room.ID
	if room == "" {
		return
	}
	shared := "slack/shared/" + c.Room.Workspace + "/" + room
	if c.Guests {
		remember(shared, "1")
	} else if p.keep.Get(ctx, shared) == "1" {
		c.Guests = true
	}
	if in.Source == DirectWords {
		remember(directKey(c.From), room)
	} else if !c.Direct && strings.HasPrefix(room, "D") {
		// A slash command may be typed into the conversation of two people as well.
		c.Direct = p.keep.Get(ctx, directKey(c.From)) == room
	}
}

func directKey(a bot.Account) string { return "slack/dm/" + a.Workspace + "/" + a.User }

// delivery is one answer on its way out.
type delivery struct {
	*Platform
	in    Incoming
	left  int       // uses of the response_url
	until time.Time // when it ends
}

// send uploads what is to be seen, works out how the answer goes, and sends it.
func (d *delivery) send(ctx context.Context, a bot.Answer, m Moment) {
	o := d.render()
	if pics := pictures(a); len(pics) > 0 {
		d.upload(ctx, pics)
		o.Picture = d.files.get
	}
	d.run(ctx, a, m, o, o.Answer(d.in, a, m))
}

// run takes the steps of a reply one after the other. Blocks that Slack refuses are
// drawn again in a plainer way, from the refused step on.
func (d *delivery) run(ctx context.Context, a bot.Answer, m Moment, o Render, reply Reply) {
	d.reported(reply.Report)
	plainer := plainer{Platform: d.Platform}
	m.Late = m.Late || d.in.Source == SlashCommand // its response is gone by now
	for i := 0; i < len(reply.Steps); i++ {
		s := reply.Steps[i]
		_, err := d.try(ctx, s)
		if err == nil {
			plainer.worked()
			continue
		}
		if again, ok := plainer.than(ctx, o, s.payload(), err); ok {
			o = again
			next := o.Answer(d.in, a, m)
			d.reported(next.Report)
			if len(next.Steps) >= len(reply.Steps) || i == 0 {
				reply = next
				i--
				continue
			}
		}
		d.count(func(c *Counters) { c.FailedAnswers++ })
		d.cfg.Logger.Warn("slack did not show an answer", "call", d.in.Call.ID, "source", string(d.in.Source), "via", s.Via, "err", kindOf(err))
	}
}

// payload is the message that a step carries, if it does.
func (s Step) payload() Payload {
	switch {
	case s.Payload != nil:
		return *s.Payload
	case s.Response != nil:
		return s.Response.Payload
	}
	return Payload{}
}

// plainer finds another way to draw what Slack refused.
type plainer struct {
	*Platform
	tries   int
	noTable bool
}

// than gives the next way to draw a payload whose blocks were refused: a picture that
// Slack is still busy with gets more chances, then tables become text, then pictures words.
func (x *plainer) than(ctx context.Context, o Render, m Payload, err error) (Render, bool) {
	if !refused(err) {
		return o, false
	}
	switch {
	case m.has("image") && x.tries < 3:
		// Slack looks an uploaded file over in its own time, and does not say when it is done.
		if x.pause(ctx, time.Second<<x.tries) != nil {
			return o, false
		}
		x.tries++
	case m.has("table") && !o.NoTables:
		o.NoTables, x.noTable = true, true
	case m.has("image") && o.Picture != nil:
		o.Picture = nil
		x.files.forget() // somebody may have deleted the file
	default:
		return o, false
	}
	return o, true
}

// worked remembers that it was the table, so that the next card does not try it.
func (x *plainer) worked() {
	if x.noTable && x.noTables.CompareAndSwap(false, true) {
		x.cfg.Logger.Warn("slack refuses table blocks; tables are text from now on")
	}
}

// try takes one step, its Else if Slack refuses it, and waits where Slack asks to.
func (d *delivery) try(ctx context.Context, s Step) (view string, err error) {
	for n := 0; ; n++ {
		view, err = d.once(ctx, s)
		after, busy := retryAfter(err)
		if !busy || n == 2 || after > time.Minute {
			break
		}
		if d.pause(ctx, after) != nil {
			break
		}
	}
	if err == nil || s.Else == nil || refused(err) && s.payload().risky() {
		return view, err
	}
	if _, ok := errors.AsType[*bot.UnknownError](err); ok {
		return view, err // it may have arrived: no second message
	}
	return d.try(ctx, *s.Else)
}

// errSpent says that there is no response_url to use, or not any more.
var errSpent = errors.New("the response_url is used up, too old or not Slack's")

// once takes one step once.
func (d *delivery) once(ctx context.Context, s Step) (view string, err error) {
	if s.Via == ResponseURL {
		if d.in.Target.ResponseURL == "" || d.left <= 0 || time.Now().After(d.until) || !d.mayReceive(d.in.Target.ResponseURL) {
			return "", errSpent
		}
		d.left--
	}
	err = d.write(ctx, s.Via, func(ctx context.Context) error {
		switch s.Via {
		case ResponseURL:
			return d.respond(ctx, d.in.Target.ResponseURL, *s.Response)
		case PostMessage:
			_, _, err := d.api.PostMessageContext(ctx, s.Channel, message(*s.Payload, s.Thread)...)
			return err
		case PostEphemeral:
			_, err := d.api.PostEphemeralContext(ctx, s.Channel, s.User, message(*s.Payload, s.Thread)...)
			return err
		case UpdateMessage:
			_, _, _, err := d.api.UpdateMessageContext(ctx, s.Channel, s.Message, message(*s.Payload, "")...)
			return err
		case ViewsPublish:
			_, err := d.api.PublishViewContext(ctx, publishRequest(s.User, *s.View))
			return err
		}
		var r *slack.ViewResponse
		var err error
		switch s.Via {
		case ViewsOpen:
			r, err = d.api.OpenViewContext(ctx, s.Trigger, modalRequest(*s.View))
		case ViewsPush:
			r, err = d.api.PushViewContext(ctx, s.Trigger, modalRequest(*s.View))
		case ViewsUpdate:
			r, err = d.api.UpdateViewContext(ctx, modalRequest(*s.View), "", s.Hash, s.ViewID)
		default:
			return errors.New("no such way: " + s.Via)
		}
		if err == nil {
			view = r.View.ID
		}
		return err
	})
	return view, err
}

func publishRequest(user string, v View) slack.PublishViewContextRequest {
	return slack.PublishViewContextRequest{UserID: user, View: slack.HomeTabViewRequest{
		Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: slackBlocks(v.Blocks)},
	}}
}
