package discordbot

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"time"

	"rounds/bot"
	"rounds/bot/fit"
)

// heldAnswer is what waits for one reader.
type heldAnswer struct {
	user string
	ms   []Payload
}

// tokenTime is how long the token of an interaction is good, with a little to spare.
const tokenTime = 14*time.Minute + 30*time.Second

// pending is an answer that is worked out, with what is still to be sent.
type pending struct {
	Reply
	start time.Time
	later <-chan bot.Answer
	late  Moment
}

// first tells whether a call is new. Discord sends an interaction once, so the same one again by HTTP is a replay, and the same message
// again by the gateway comes of a resumed session.
func (p *Platform) first(in Incoming) bool {
	_, first := p.once.First(in.Call.ID, time.Now(), struct{}{})
	return first
}

// handle takes a call and works out its first response. What else goes out is sent by after, once the response is on its
// way: Discord knows no interaction that it has not had an answer to.
func (p *Platform) handle(ctx context.Context, take bot.Taker, in Incoming) pending {
	start := time.Now()
	p.intake.Heard(p.cfg.Now())
	p.count(func(c *Counters) { c.Came(in.Source) })
	p.place(ctx, &in)
	if !p.allowed(ctx, in) {
		p.count(func(c *Counters) { c.Barred++ })
		a := bot.Answer(bot.Whisper{Card: bot.PrivateCard(bot.Text{Text: "In this server only members with certain roles can use me. Whoever looks after the server can give you one of them."})})
		if in.Source == Suggestion {
			a = bot.Choices(nil)
		}
		return pending{Reply: p.render().Answer(in, a, Moment{}), start: start}
	}
	m := Moment{Public: p.public(in)}
	if in.Target.Own.Verb != "" {
		reply, done := p.own(ctx, &in, &m)
		if done {
			return pending{Reply: reply, start: start}
		}
	}
	if in.Target.Asks {
		question, _ := p.asks.get(askFirst+in.Call.Button, time.Now())
		return pending{Reply: Reply{Body: p.render().ask(in, question)}, start: start}
	}
	if in.Source == Submission {
		if reply, done := p.part(ctx, &in, &m); done {
			return pending{Reply: reply, start: start}
		}
	}
	a, later := take(ctx, in.Call)
	out := pending{Reply: p.render().Answer(in, a, m), start: start}
	if _, ok := a.(bot.Deferred); ok {
		out.later, out.late = later, Moment{Late: true, Public: m.Public, Form: m.Form}
	}
	p.remember(in, out.Reply)
	return out
}

// after sends what follows the first response, and the answer itself where it was deferred.
func (p *Platform) after(ctx context.Context, in Incoming, x pending) {
	p.reported(x.Report)
	if len(x.Steps) == 0 && x.later == nil {
		return
	}
	p.work.Go(func() {
		p.place(ctx, &in)
		p.steps(ctx, in, x.Steps, x.start)
		if x.later == nil {
			return
		}
		a, ok := <-x.later
		if !ok {
			return
		}
		reply := p.render().Answer(in, a, x.late)
		p.remember(in, reply)
		p.reported(reply.Report)
		p.steps(ctx, in, reply.Steps, x.start)
	})
}

// remember keeps what a reply needs later.
func (p *Platform) remember(in Incoming, r Reply) {
	if r.Form != nil {
		p.keepForm(r.Form)
	}
	if len(r.Held) > 0 {
		p.held.put(nonceOf(in.Call.ID), heldAnswer{in.Call.From.User, r.Held}, time.Now())
	}
	for _, q := range r.Asks {
		p.asks.put(q[0], q[1], time.Now())
	}
}

// place completes what a payload does not say: which server a direct conversation belongs to. It waits for no write.
func (p *Platform) place(ctx context.Context, in *Incoming) {
	c := &in.Call
	remember := func(key, value string) {
		if p.keep.Note(key, value) {
			p.work.Go(func() { p.keep.Store(context.WithoutCancel(ctx), key, value, 0) })
		}
	}
	if c.From.Workspace != "" {
		remember("discord/guild/"+c.From.User, c.From.Workspace)
		if !c.Direct && in.Target.Channel != "" {
			p.keep.Note("discord/room/"+c.From.Workspace+"/"+c.From.User, in.Target.Channel)
		}
		return
	}
	c.From.Workspace = p.guild(ctx, c.From.User)
	if c.Room.ID != "" {
		c.Room.Workspace = c.From.Workspace
		if c.Direct {
			remember(directKey(c.From), c.Room.ID)
		}
	}
}

func directKey(a bot.Account) string { return "discord/dm/" + a.User }

// allowed tells whether the caller has one of the roles that may use the bot. In a direct conversation Discord does not say
// which roles somebody has, so they are asked for, and remembered for a while.
func (p *Platform) allowed(ctx context.Context, in Incoming) bool {
	if len(p.cfg.Roles) == 0 {
		return true
	}
	roles := in.Target.Roles
	if roles == nil {
		key := in.Call.From.Workspace + "/" + in.Call.From.User
		had, ok := p.roles.get(key, time.Now())
		if !ok {
			var m struct {
				Roles []string `json:"roles"`
			}
			if in.Call.From.Workspace == "" || p.do(ctx, request{method: "GET", path: "/guilds/" + url.PathEscape(in.Call.From.Workspace) + "/members/" + url.PathEscape(in.Call.From.User), out: &m}) != nil {
				return false
			}
			had = m.Roles
			p.roles.put(key, had, time.Now())
		}
		roles = had
	}
	return slices.ContainsFunc(roles, func(r string) bool { return slices.Contains(p.cfg.Roles, r) })
}

// public tells whether a command's answer is declared to be for the room. Discord wants to know before there is one.
func (p *Platform) public(in Incoming) bool {
	for _, c := range p.cfg.Commands {
		if c.Name != in.Call.Command && !slices.Contains(c.Aliases, in.Call.Command) {
			continue
		}
		for i, s := range c.Subs {
			if s.Name == in.Call.Sub || in.Call.Sub == "" && i == 0 {
				return s.Public
			}
		}
	}
	return false
}

// own does what a control of this package means. done is false where it makes a call of it: a form that is sent as it is.
func (p *Platform) own(ctx context.Context, in *Incoming, m *Moment) (r Reply, done bool) {
	o, own := p.render(), in.Target.Own
	sorry := func(s string) (Reply, bool) {
		return o.Answer(*in, bot.Whisper{Card: bot.PrivateCard(bot.Text{Text: s})}, Moment{}), true
	}
	if own.Verb == verbShow {
		h, ok := p.held.get(own.Nonce, time.Now())
		switch {
		case ok && h.user != in.Call.From.User:
			return sorry("That answer is for somebody else. Ask me yourself: mention me, or write to me.")
		case !ok:
			return sorry("I no longer have that answer at hand. Please ask again.")
		}
		pl := &planner{Render: o, in: *in, t: in.Target}
		pl.respond(respondMessage, h.ms)
		pl.step(Step{Via: DeleteMessage, Channel: in.Target.Channel, Message: in.Target.Message})
		return pl.Reply, true
	}
	u := p.formOf(ctx, in.Call.From.User, own.Nonce)
	if u == nil {
		return sorry("I no longer have that form at hand. Please ask for it again.")
	}
	m.Form = u
	switch own.Verb {
	case verbSave:
		u.Todo = nil
		in.Call.Kind = bot.Submit
		u.call(&in.Call)
		return Reply{}, false
	case verbMore, verbFix:
		part := 1
		if len(u.Todo) > 0 {
			part = u.Todo[0]
		}
		pl := &planner{Render: o, in: *in, t: in.Target}
		pl.modal(u, part, in.Target.Ephemeral)
		return pl.Reply, true
	}
	return sorry("That button is of an older version, and I no longer know it.")
}

// part takes one part of a form. done is true where more of it is to come; else the call holds the whole form.
func (p *Platform) part(ctx context.Context, in *Incoming, m *Moment) (r Reply, done bool) {
	u := p.formOf(ctx, in.Call.From.User, in.Target.Nonce)
	if u == nil {
		return Reply{}, false // what came is all there is
	}
	u.take(in.Target.Part, in.Call.Fields)
	m.Form = u
	p.keepForm(u)
	u.call(&in.Call)
	if len(u.Todo) == 0 {
		return Reply{}, false
	}
	pl := &planner{Render: p.render(), in: *in, t: in.Target}
	buttons := []Component{ownButton("Continue", verbMore, u.Nonce, true)}
	sentence := "That was part of the form. Nothing is saved yet."
	if u.mayEnd() {
		label, _ := fit.Cut(or(oneLine(u.Form.Submit), "Save"), 40)
		buttons = append(buttons, ownButton(label+" now", verbSave, u.Nonce, false))
		sentence += " What is left may stay as it is."
	}
	pl.only(pl.own(sentence, buttons...).private())
	return pl.Reply, true
}

// steps takes the steps of a reply one after the other.
func (p *Platform) steps(ctx context.Context, in Incoming, all []Step, start time.Time) {
	for i, s := range all {
		err := p.step(ctx, in, i, s, start)
		// What follows may overtake the response that it follows, and Discord then knows of no interaction.
		for n := 0; n < 3 && early(err) && time.Since(start) < 10*time.Second && p.pause(ctx, 500*time.Millisecond) == nil; n++ {
			err = p.step(ctx, in, i, s, start)
		}
		if err != nil {
			if early(err) {
				p.count(func(c *Counters) { c.Expired++ })
			}
			p.count(func(c *Counters) { c.FailedAnswers++ })
			p.cfg.Logger.Warn("discord did not show an answer", "call", in.Call.ID, "source", string(in.Source), "via", s.Via, "err", kindOf(err))
		}
	}
}

var errSpent = errors.New("the interaction is too old to be answered")

func (p *Platform) step(ctx context.Context, in Incoming, i int, s Step, start time.Time) error {
	t := in.Target
	hook := "/webhooks/" + url.PathEscape(or(t.App, p.cfg.Application)) + "/" + url.PathEscape(t.Token)
	switch s.Via {
	case EditOriginal, DeleteOriginal, FollowUp:
		if t.Token == "" || time.Since(start) > tokenTime {
			p.count(func(c *Counters) { c.Expired++ })
			return errSpent
		}
	}
	r := request{patient: true}
	if s.Payload != nil {
		r.body, r.files = *s.Payload, s.Payload.Files
	}
	switch s.Via {
	case EditOriginal:
		r.method, r.path, r.open, r.again = "PATCH", hook+"/messages/@original", true, true
	case DeleteOriginal:
		r.method, r.path, r.open, r.again = "DELETE", hook+"/messages/@original", true, true
	case FollowUp:
		r.method, r.path, r.open = "POST", hook+"?wait=true", true
	case PostReply:
		post := messagePost{Payload: *s.Payload, Nonce: nonceFor(in.Call.ID + "/" + itoa(i)), Enforce: true}
		if s.Message != "" {
			post.Reply = &messageReply{ID: s.Message, Channel: s.Channel}
		}
		r.method, r.path, r.body, r.again = "POST", "/channels/"+url.PathEscape(s.Channel)+"/messages", post, true
	case EditMessage:
		r.method, r.path, r.again = "PATCH", "/channels/"+url.PathEscape(s.Channel)+"/messages/"+url.PathEscape(s.Message), true
	case DeleteMessage:
		r.method, r.path, r.again = "DELETE", "/channels/"+url.PathEscape(s.Channel)+"/messages/"+url.PathEscape(s.Message), true
	}
	return p.do(ctx, r)
}

// early tells whether Discord does not know the interaction: not yet, or not any more.
func early(err error) bool {
	c := codeOf(err)
	return c == codeUnknownInteraction || c == codeUnknownWebhook
}
