package discordbot

import (
	"maps"
	"slices"
	"strings"

	"rounds/bot"
	"rounds/bot/fit"
)

// The ways in which an answer goes out after the first response.
const (
	EditOriginal   = "edit @original"
	DeleteOriginal = "delete @original"
	FollowUp       = "follow-up"
	PostReply      = "post reply"
	EditMessage    = "edit message"
	DeleteMessage  = "delete message"
)

// The types of a first response.
const (
	respondPong    = 1
	respondMessage = 4
	respondLater   = 5 // a message that follows; whether it is private is fixed here
	respondQuiet   = 6 // the message of the control stays as it is
	respondUpdate  = 7
	respondChoices = 8
	respondModal   = 9
)

// A Callback is the first response to an interaction: the body of the HTTP answer, or of the call that stands for it.
type Callback struct {
	Type int `json:"type"`
	Data any `json:"data,omitempty"`
}

// A Step is one request that an answer needs after the first response.
type Step struct {
	Via     string   `json:"via"`
	Channel string   `json:"channel,omitempty"`
	Message string   `json:"message,omitempty"`
	Payload *Payload `json:"payload,omitempty"`
}

// A Reply is a whole answer.
type Reply struct {
	Body   *Callback  `json:"body,omitempty"`
	Steps  []Step     `json:"steps,omitempty"`
	Report Report     `json:"report,omitempty"`
	Form   *underway  `json:"-"` // to be kept: the form goes on
	Held   []Payload  `json:"-"` // to be kept for the caller, who gets them by a button
	Asks   [][]string `json:"-"` // questions of buttons, by custom_id
}

// A Moment says when an answer comes.
type Moment struct {
	// Late answers come after the first response, which was a deferral.
	Late bool
	// Public says that the command's answer is declared to be for the room.
	Public bool
	// Form is what the caller is filling in, where the call comes from a form.
	Form *underway
}

// Answer works out how an answer reaches its caller. It asks nobody: the same call and answer give the same reply.
func (o Render) Answer(in Incoming, a bot.Answer, m Moment) Reply {
	p := &planner{Render: o, Moment: m, in: in, t: in.Target}
	switch a := a.(type) {
	case bot.Whisper:
		p.whisper(a.Card.Card())
	case bot.HomeView:
		p.whisper(a.Card.Card())
	case bot.Say:
		p.say(a.Card.Card())
	case bot.OpenForm:
		p.form(newUnderway(a.Form, in))
	case bot.Update:
		if a.Open != nil {
			p.updateOpen(a.Open.Card())
		} else if a.Private != nil {
			p.updatePrivate(a.Private.Card())
		}
	case bot.FieldErrors:
		p.errors(a)
	case bot.Choices:
		p.choices(a)
	case bot.Deferred:
		p.wait()
	}
	p.settle()
	return p.Reply
}

type planner struct {
	Render
	Moment
	Reply
	in Incoming
	t  Target
}

func (p *planner) step(s Step)    { p.Steps = append(p.Steps, s) }
func (p *planner) noted(r Report) { p.Report = append(p.Report, r...) }

// words tells whether the call came as plain words, to which nothing private can be answered.
func (p *planner) words() bool { return p.in.Source == Mention || p.in.Source == DirectWords }

// ours tells whether the control stands on a private message of this package, which the answer takes the place of.
func (p *planner) ours() bool { return p.t.Ephemeral && (p.t.Again || p.t.Own.Verb != "") }

// messages renders a card for the caller alone, or for everybody.
func (p *planner) messages(c bot.Card, private bool) []Payload {
	o := p.Render
	o.Pictures = o.Pictures && !private
	ms, r := o.Messages(c)
	p.noted(r)
	p.Asks = append(p.Asks, questions(c)...)
	for i := range ms {
		if private {
			ms[i] = ms[i].private()
		}
	}
	return ms
}

// whisper shows a card to the caller alone, wherever that is.
func (p *planner) whisper(c bot.Card) {
	ms := p.messages(c, true)
	switch {
	case p.words():
		p.hold(ms, "I have an answer for you. Only you will see it.", "Show my answer", verbShow)
	case p.Late && p.deferredPublic():
		// Whether a deferred answer is private was fixed when it was deferred, and this one must be. With the waiting
		// line gone, what follows is a message of its own.
		p.step(Step{Via: DeleteOriginal})
		p.follow(ms)
	case p.Late && (p.in.Source != Pressed && !p.quiet() || p.ours()):
		p.step(Step{Via: EditOriginal, Payload: &ms[0]})
		p.follow(ms[1:])
	case p.Late:
		p.follow(ms)
	case p.ours():
		p.respond(respondUpdate, ms)
	default:
		p.respond(respondMessage, ms)
	}
}

// deferredPublic tells whether the caller's command was put off for all to see.
func (p *planner) deferredPublic() bool {
	return p.Public && (p.in.Source == SlashCommand || p.in.Source == MessageMenu)
}

// quiet tells whether the call was put off without a sign, because it came from a message's control.
func (p *planner) quiet() bool {
	return p.in.Source == Pressed || p.in.Source == Submission && p.t.Message != ""
}

func (p *planner) respond(kind int, ms []Payload) {
	p.Body = &Callback{Type: kind, Data: ms[0]}
	p.follow(ms[1:])
}

func (p *planner) follow(ms []Payload) {
	for i := range ms {
		p.step(Step{Via: FollowUp, Payload: &ms[i]})
	}
}

// hold keeps messages for the caller and posts a button that shows them, which says nothing of what they say.
func (p *planner) hold(ms []Payload, sentence, label, verb string) {
	p.Held = ms
	nonce := nonceOf(p.in.Call.ID)
	if p.Moment.Form != nil {
		nonce = p.Moment.Form.Nonce
	}
	prompt := p.own(sentence, ownButton(label, verb, nonce, true))
	p.step(Step{Via: PostReply, Channel: p.t.Channel, Message: p.t.Message, Payload: &prompt})
}

// own is a message of this package with buttons of its own.
func (p *planner) own(sentence string, buttons ...Component) Payload {
	r := &renderer{Render: p.Render}
	pieces := r.paragraph(sentence)
	if len(buttons) > 0 {
		pieces = append(pieces, piece{component: Component{"type": cRow, "components": buttons}, parts: 1 + len(buttons)})
	}
	return r.payload(pieces)
}

func ownButton(label, verb, nonce string, first bool) Component {
	style := buttonStyles[bot.Normal]
	if first {
		style = buttonStyles[bot.Primary]
	}
	return Component{"type": cButton, "style": style, "label": label, "custom_id": ownPress + verb + "." + nonce}
}

// say answers in the room, for everyone there.
func (p *planner) say(c bot.Card) {
	ms := p.messages(c, false)
	switch {
	case p.words():
		for i := range ms {
			p.step(Step{Via: PostReply, Channel: p.t.Channel, Message: p.t.Message, Payload: &ms[i]})
		}
	case p.Late && p.deferredPublic():
		p.step(Step{Via: EditOriginal, Payload: &ms[0]})
		p.follow(ms[1:])
	case p.Late && !p.quiet(), p.ours():
		// The caller's own message must be answered first, else what follows would take its place and its privacy.
		done := p.own("Said in the room.").private()
		if p.Late {
			p.step(Step{Via: EditOriginal, Payload: &done})
		} else {
			p.Body = &Callback{Type: respondUpdate, Data: done}
		}
		p.follow(ms)
	case p.Late:
		p.follow(ms)
	case len(ms[0].Files) > 0: // files travel with requests, not with the first response
		p.Body = &Callback{Type: respondLater, Data: map[string]any{"flags": 0}}
		p.step(Step{Via: EditOriginal, Payload: &ms[0]})
		p.follow(ms[1:])
	default:
		p.respond(respondMessage, ms)
	}
}

// form opens the first part of a form. It must be the first response to a command or a press; elsewhere a button opens it.
func (p *planner) form(u *underway) {
	p.Reply.Form = u
	switch {
	case p.words():
		p.Moment.Form = u
		p.hold(nil, "I have a form for you.", "Open the form", verbFix)
	case p.Late || p.in.Source == Submission:
		card := p.own("There is a form to this.", ownButton("Open the form", verbFix, u.Nonce, true)).private()
		p.only(card)
	default:
		p.modal(u, u.Todo[0], false)
	}
}

func (p *planner) modal(u *underway, part int, again bool) {
	m, r := p.Part(u, part, again)
	p.noted(r)
	p.Body = &Callback{Type: respondModal, Data: m}
}

// only shows one private message.
func (p *planner) only(m Payload) {
	switch {
	case !p.Late && p.ours():
		p.Body = &Callback{Type: respondUpdate, Data: m}
	case !p.Late:
		p.Body = &Callback{Type: respondMessage, Data: m}
	case p.quiet() && !p.ours():
		p.step(Step{Via: FollowUp, Payload: &m})
	default:
		p.step(Step{Via: EditOriginal, Payload: &m})
	}
}

// updatePrivate replaces the private message that held the control. A private card never replaces what others see.
func (p *planner) updatePrivate(c bot.Card) {
	if !p.t.Ephemeral || p.words() || p.in.Source != Pressed && p.in.Source != Submission {
		p.whisper(c)
		return
	}
	ms := p.messages(c, true)
	if p.Late {
		p.step(Step{Via: EditOriginal, Payload: &ms[0]})
		p.follow(ms[1:])
		return
	}
	p.respond(respondUpdate, ms)
}

// updateOpen replaces the posted message that held the control, also where a form came between.
func (p *planner) updateOpen(c bot.Card) {
	channel, id, mine := p.t.Channel, p.t.Message, true
	if f := p.Moment.Form; f != nil && (p.t.Again || p.t.Own.Verb != "") {
		channel, id, mine = f.Origin.Channel, f.Origin.Message, false
		if f.Origin.Ephemeral {
			id = ""
		}
	} else if p.t.Ephemeral {
		id = ""
	}
	if id == "" || p.words() {
		p.whisper(c) // what it was about is not to be seen here
		return
	}
	ms := p.messages(c, false)
	switch {
	case !mine:
		p.step(Step{Via: EditMessage, Channel: channel, Message: id, Payload: &ms[0]})
		p.only(p.own("Done.").private())
	case p.Late || len(ms[0].Files) > 0:
		if !p.Late {
			p.Body = &Callback{Type: respondQuiet}
		}
		p.step(Step{Via: EditOriginal, Payload: &ms[0]})
	default:
		p.Body = &Callback{Type: respondUpdate, Data: ms[0]}
	}
	p.follow(ms[1:])
}

// errors offers a form again with what was typed still in it. Where nothing of the form is left, what was typed is shown to be
// copied: nothing typed is lost.
func (p *planner) errors(e bot.FieldErrors) {
	r := &renderer{Render: p.Render}
	pieces := []piece{words(heading("Please check"))}
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(e)) {
		lines = append(lines, "- "+escape(oneLine(e[name])))
	}
	pieces = append(pieces, r.lines(lines)...)
	if u := p.Moment.Form; u != nil {
		u.refuse(e)
		p.Reply.Form = u
		pieces = append(pieces, r.drawn("Nothing is saved yet, and nothing that you typed is lost.", smallPrint)...)
		pieces = append(pieces, piece{component: Component{"type": cRow, "components": []Component{ownButton("Change it", verbFix, u.Nonce, true)}}, parts: 2})
		p.only(r.payload(pieces).private())
		return
	}
	card := bot.Card{Blocks: []bot.Block{bot.Title{Text: "Please check"}}}
	for _, name := range slices.Sorted(maps.Keys(e)) {
		card.Blocks = append(card.Blocks, bot.Text{Text: e[name]})
	}
	card.Blocks = append(card.Blocks, bot.Context{Text: "Nothing was saved. What you typed, to copy:"})
	for _, name := range p.t.Order {
		for _, s := range p.in.Call.Fields[name] {
			card.Blocks = append(card.Blocks, bot.Text{Text: s, Style: bot.Quote})
		}
	}
	p.whisper(card)
}

func (p *planner) choices(c bot.Choices) {
	if p.in.Source != Suggestion || p.Late {
		return
	}
	r := &renderer{Render: p.Render}
	out := []Component{}
	for _, ch := range c {
		if fit.Length(ch.Value) > maxSuggestion || ch.Value == "" {
			r.Note("a suggestion whose value does not fit is left out")
			continue
		}
		name := strings.TrimSpace(oneLine(ch.Label))
		if note := strings.TrimSpace(oneLine(ch.Note)); note != "" && fit.Length(name)+fit.Length(note)+3 <= maxSuggestion {
			name += " · " + note
		}
		out = append(out, Component{"name": r.short(name, maxSuggestion, "a suggestion"), "value": ch.Value})
	}
	if len(out) > maxSuggestions {
		r.Note("%d of %d suggestions left out", len(out)-maxSuggestions, len(out))
		out = out[:maxSuggestions]
	}
	p.noted(r.Report)
	p.Body = &Callback{Type: respondChoices, Data: map[string]any{"choices": out}}
}

// wait is the first response when the answer takes longer. Only here can be said whether it will be private.
func (p *planner) wait() {
	switch {
	case p.words():
	case p.in.Source == Suggestion:
		p.choices(nil)
	case p.quiet():
		p.Body = &Callback{Type: respondQuiet}
	case p.deferredPublic():
		p.Body = &Callback{Type: respondLater, Data: map[string]any{"flags": 0}}
	default:
		p.Body = &Callback{Type: respondLater, Data: map[string]any{"flags": flagEphemeral}}
	}
}

// settle answers what needs no answer, because Discord waits for one.
func (p *planner) settle() {
	if p.Body != nil || p.words() {
		return
	}
	switch {
	case p.in.Source == Suggestion:
		p.choices(nil)
	case p.Late:
		if len(p.Steps) == 0 && !p.quiet() {
			p.step(Step{Via: DeleteOriginal})
		}
	case p.quiet():
		p.Body = &Callback{Type: respondQuiet}
	default:
		p.only(p.own("Done.").private())
	}
}
