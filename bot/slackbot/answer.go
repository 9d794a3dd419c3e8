package slackbot

import (
	"rounds/bot"
)

// The ways in which an answer goes out. All but ResponseURL are methods of the Web API.
const (
	ResponseURL   = "response_url"
	PostMessage   = "chat.postMessage"
	PostEphemeral = "chat.postEphemeral"
	UpdateMessage = "chat.update"
	ViewsOpen     = "views.open"
	ViewsPush     = "views.push"
	ViewsUpdate   = "views.update"
	ViewsPublish  = "views.publish"
)

// A Step is one request that an answer needs.
type Step struct {
	Via      string    `json:"via"`
	Channel  string    `json:"channel,omitempty"`
	User     string    `json:"user,omitempty"`
	Thread   string    `json:"thread_ts,omitempty"`
	Message  string    `json:"ts,omitempty"`
	Trigger  string    `json:"trigger_id,omitempty"`
	ViewID   string    `json:"view_id,omitempty"`
	Hash     string    `json:"hash,omitempty"`
	Response *Response `json:"response,omitempty"` // what goes to the response_url
	Payload  *Payload  `json:"payload,omitempty"`
	View     *View     `json:"view,omitempty"`
	// Else is tried when Slack refuses the step: another way to show the same.
	Else *Step `json:"else,omitempty"`
}

// A Response is a message as an answer to a command or a click.
type Response struct {
	ResponseType    string `json:"response_type"`
	ReplaceOriginal bool   `json:"replace_original"`
	Payload
}

// ViewResponse is what a submitted form is answered with.
type ViewResponse struct {
	Action string            `json:"response_action"`
	View   *View             `json:"view,omitempty"`
	Errors map[string]string `json:"errors,omitempty"`
}

// A Reply is a whole answer: what stands in the HTTP response or the acknowledgement, if
// anything, and what is requested after it.
type Reply struct {
	Body   any    `json:"body,omitempty"`
	Steps  []Step `json:"steps,omitempty"`
	Report Report `json:"report,omitempty"`
}

// A Moment says when an answer comes.
type Moment struct {
	// Late answers come after the response: nothing can stand in its body.
	Late bool
	// Waiting is the modal that says "One moment"; a late answer belongs there.
	Waiting string
}

// Answer works out how an answer reaches its caller. It asks nobody: the same call and
// answer give the same reply.
func (o Render) Answer(in Incoming, a bot.Answer, m Moment) Reply {
	p := &planner{Render: o, in: in, t: in.Target, Moment: m}
	switch a := a.(type) {
	case bot.Whisper:
		p.whisper(a.Card.Card())
	case bot.Say:
		p.say(a.Card.Card())
	case bot.OpenForm:
		p.form(a.Form)
	case bot.Update:
		if a.Open != nil {
			p.update(a.Open.Card(), true)
		} else if a.Private != nil {
			p.update(a.Private.Card(), false)
		}
	case bot.FieldErrors:
		p.errors(a)
	case bot.Choices:
		p.choices(a)
	case bot.HomeView:
		p.home(a.Card.Card())
	case bot.Deferred:
		p.wait()
	}
	// An answer that was put off shows a modal in the meantime; if what came needs no
	// modal, that one is told so.
	if p.Waiting != "" && !p.shown {
		p.settle()
	}
	if p.Body == nil && in.Source == Suggestion && !m.Late {
		p.choices(nil)
	}
	return p.Reply
}

type planner struct {
	Render
	Moment
	Reply
	in    Incoming
	t     Target
	shown bool // the waiting modal has its answer
}

func (p *planner) step(s Step)     { p.Steps = append(p.Steps, s) }
func (p *planner) noted(r Report)  { p.Report = append(p.Report, r...) }
func (p *planner) private() Render { o := p.Render; o.Picture = nil; return o }
func (p *planner) modal(c bot.Card) *View {
	v, r := p.private().Modal(c)
	p.noted(r)
	v.PrivateMetadata = p.in.origin().String()
	return &v
}

// whisper shows a card to the caller alone, wherever that is.
func (p *planner) whisper(c bot.Card) {
	switch p.in.Source {
	case SlashCommand, MessageClick:
		ms, r := p.private().Messages(c)
		p.noted(r)
		p.respond(ms, "ephemeral", false)
	case Mention, DirectWords:
		ms, r := p.private().Messages(c)
		p.noted(r)
		for _, m := range ms {
			p.step(p.ephemeral(m))
		}
	case HomeOpened:
		p.home(c)
	default:
		p.showModal(p.modal(c))
	}
}

// ephemeral is a message that Slack does not store and only the caller sees.
func (p *planner) ephemeral(m Payload) Step {
	s := Step{Via: PostEphemeral, Channel: p.t.Channel, User: p.t.User, Payload: &m}
	// In a thread that is not open on the screen nobody sees an ephemeral message, so it
	// stands in a thread only if the caller wrote there.
	if p.t.InThread {
		s.Thread = p.t.Thread
	}
	return s
}

// respond answers a command or a click with messages: the first in the response itself
// where that can be, the others by the response_url.
func (p *planner) respond(ms []Payload, kind string, replace bool) {
	for i, m := range ms {
		r := &Response{ResponseType: kind, ReplaceOriginal: replace && i == 0, Payload: m}
		// Nobody tells us when Slack refuses what stands in a response, so a block
		// that it may refuse goes by the response_url.
		if i == 0 && p.in.Source == SlashCommand && !p.Late && !m.risky() && p.Body == nil {
			p.Body = r
			continue
		}
		s := Step{Via: ResponseURL, Response: r}
		switch {
		case replace && i == 0:
		case kind == "ephemeral":
			e := p.ephemeral(m)
			s.Else = &e
		default:
			s.Else = &Step{Via: PostMessage, Channel: p.t.Channel, Thread: p.t.Thread, Payload: &m}
		}
		p.step(s)
	}
}

// showModal shows a view in the stack of modals, or opens one over the home view.
func (p *planner) showModal(v *View) {
	p.shown = true
	switch {
	case p.Waiting != "":
		p.step(Step{Via: ViewsUpdate, ViewID: p.Waiting, View: v, Else: p.lastResort()})
	case p.in.Source == Submission && !p.Late:
		p.Body = ViewResponse{Action: "update", View: v}
	case p.in.Source == Submission:
		p.step(Step{Via: ViewsUpdate, ViewID: p.t.View, View: v, Else: p.lastResort()})
	case p.in.Source == ModalClick && !p.Late:
		// No more than three modals lie on one another; then the one below gives way.
		p.step(Step{
			Via: ViewsPush, Trigger: p.t.Trigger, View: v,
			Else: &Step{Via: ViewsUpdate, ViewID: p.t.View, View: v},
		})
	case p.in.Source == ModalClick:
		p.step(Step{Via: ViewsUpdate, ViewID: p.t.View, View: v, Else: p.lastResort()})
	default:
		p.step(Step{Via: ViewsOpen, Trigger: p.t.Trigger, View: v, Else: p.lastResort()})
	}
}

// lastResort tells somebody whose modal is gone to look again. It says nothing of what the
// modal would have shown: it may stand in another conversation than the caller's.
func (p *planner) lastResort() *Step {
	const text = "That took too long to be shown here. Please try again."
	switch {
	case p.t.ResponseURL != "":
		return &Step{Via: ResponseURL, Response: &Response{ResponseType: "ephemeral", Payload: payload([]piece{{block: section(text), text: text}})}}
	case p.t.Origin.Channel != "":
		m := payload([]piece{{block: section(text), text: text}})
		return &Step{Via: PostEphemeral, Channel: p.t.Origin.Channel, User: p.t.User, Payload: &m}
	}
	return nil
}

// say answers in the room, for everyone there.
func (p *planner) say(c bot.Card) {
	room, thread := p.t.Channel, p.t.Thread
	switch p.in.Source {
	case SlashCommand, MessageClick:
		ms, r := p.Messages(c)
		p.noted(r)
		p.respond(ms, "in_channel", false)
		return
	case ModalClick, Submission:
		room = p.in.Call.Room.ID
	case HomeClick, HomeOpened, Suggestion:
		room = ""
	}
	if room == "" { // there is no room, so the caller at least sees it
		p.noted(Report{"said to the caller alone: the call has no room"})
		p.whisper(c)
		return
	}
	ms, r := p.Messages(c)
	p.noted(r)
	for _, m := range ms {
		p.step(Step{Via: PostMessage, Channel: room, Thread: thread, Payload: &m})
	}
}

func (p *planner) form(f bot.Form) {
	v, r := p.private().Form(f, p.in.origin())
	p.noted(r)
	switch p.in.Source {
	case Mention, DirectWords, HomeOpened, Suggestion:
		p.noted(Report{"a form cannot be opened in answer to words"})
		if p.in.Source != Suggestion {
			p.whisper(bot.Card{Blocks: []bot.Block{bot.Text{Text: "I can open that form only after a slash command or a button."}}})
		}
		return
	}
	p.showModal(&v)
}

// update replaces what held the clicked button.
func (p *planner) update(c bot.Card, open bool) {
	switch {
	case p.in.Source == MessageClick && p.t.Ephemeral:
		ms, r := p.private().Messages(c)
		p.noted(r)
		p.respond(ms, "ephemeral", true)
	case p.in.Source == MessageClick && open && p.t.Message != "":
		p.edit(c, p.t.Channel, p.t.Message, true)
	case p.in.Source == Submission && open && p.t.Origin.Message != "" && p.t.Origin.Channel != "":
		p.edit(c, p.t.Origin.Channel, p.t.Origin.Message, false)
	case p.in.Source == ModalClick:
		p.shown = true
		v := p.modal(c)
		if p.Waiting != "" {
			p.step(Step{Via: ViewsUpdate, ViewID: p.Waiting, View: v, Else: p.lastResort()})
			return
		}
		p.step(Step{
			Via: ViewsUpdate, ViewID: p.t.View, Hash: p.t.Hash, View: v,
			// Two clicks in a row: the second finds the view changed, and still counts.
			Else: &Step{Via: ViewsUpdate, ViewID: p.t.View, View: v, Else: p.lastResort()},
		})
	case p.in.Source == HomeClick:
		p.home(c)
	case open && p.in.Source == MessageClick:
		ms, r := p.Messages(c)
		p.noted(r)
		p.respond(ms, "in_channel", true)
	default:
		// A private card never replaces a message that others see.
		p.whisper(c)
	}
}

// edit replaces a posted message. Where the bot is in no position to edit it, because it
// answered a command in a room that it is no member of, the response_url may do so.
func (p *planner) edit(c bot.Card, channel, ts string, url bool) {
	ms, r := p.Messages(c)
	p.noted(r)
	for i, m := range ms {
		if i > 0 {
			p.step(Step{Via: PostMessage, Channel: channel, Thread: ts, Payload: &m})
			continue
		}
		s := Step{Via: UpdateMessage, Channel: channel, Message: ts, Payload: &m}
		if url && p.t.ResponseURL != "" {
			s.Else = &Step{Via: ResponseURL, Response: &Response{ResponseType: "in_channel", ReplaceOriginal: true, Payload: m}}
		}
		p.step(s)
	}
}

// errors sends a form back. When the form has gone meanwhile, what is wrong and what was
// typed are shown instead, so that nothing typed is lost.
func (p *planner) errors(e bot.FieldErrors) {
	if p.in.Source == Submission && !p.Late && len(p.t.Fields) > 0 && len(e) > 0 {
		p.Body = ViewResponse{Action: "errors", Errors: fieldErrors(e, p.t.Fields)}
		return
	}
	blocks := []bot.Block{bot.Title{Text: "Please check"}}
	var items []bot.Item
	for _, name := range sortedKeys(e) {
		items = append(items, bot.Item{Text: e[name]})
	}
	blocks = append(blocks, bot.List{Items: items})
	if len(p.t.Typed) > 0 {
		blocks = append(blocks, bot.Divider{}, bot.Context{Text: "Nothing was saved. What you typed, to copy:"})
		for _, s := range p.t.Typed {
			blocks = append(blocks, bot.Text{Text: s, Style: bot.Quote})
		}
	}
	p.whisper(bot.Card{Blocks: blocks})
}

func (p *planner) choices(c bot.Choices) {
	if p.in.Source != Suggestion || p.Late {
		return
	}
	r := &renderer{Render: p.Render}
	options := r.options(c)
	if len(options) > maxOptions {
		r.Note("%d of %d suggestions left out", len(options)-maxOptions, len(options))
		options = options[:maxOptions]
	}
	if options == nil {
		options = []any{}
	}
	p.noted(r.Report)
	p.Body = map[string]any{"options": options}
}

func (p *planner) home(c bot.Card) {
	v, r := p.private().HomeView(c)
	p.noted(r)
	p.step(Step{Via: ViewsPublish, User: p.t.User, View: &v})
}

// wait is shown at once when the answer takes longer: what a click in a modal or the home
// view needs while its trigger is still good, and what a form is answered with before
// Slack gives up on it. Everything else is acknowledged in silence.
func (p *planner) wait() {
	v := p.modal(bot.Card{Blocks: []bot.Block{bot.Text{Text: "One moment…"}}})
	switch p.in.Source {
	case Submission:
		p.Body = ViewResponse{Action: "update", View: v}
	case ModalClick:
		p.step(Step{Via: ViewsPush, Trigger: p.t.Trigger, View: v})
	case HomeClick:
		p.step(Step{Via: ViewsOpen, Trigger: p.t.Trigger, View: v})
	}
}

// settle ends the waiting modal whose answer was shown elsewhere.
func (p *planner) settle() {
	v := p.modal(bot.Card{Blocks: []bot.Block{bot.Text{Text: "Done. You can close this."}}})
	p.step(Step{Via: ViewsUpdate, ViewID: p.Waiting, View: v})
}

// pictures lists the pictures of an answer that may be uploaded: of open cards only.
func pictures(a bot.Answer) [][]byte {
	switch a := a.(type) {
	case bot.Say:
		return picturesOf(a.Card)
	case bot.Update:
		if a.Open != nil {
			return picturesOf(*a.Open)
		}
	}
	return nil
}

func picturesOf(o bot.Open) [][]byte {
	var out [][]byte
	for _, b := range o.Card().Blocks {
		switch b := b.(type) {
		case bot.Chart:
			out = append(out, b.PNG)
		case bot.Image:
			out = append(out, b.PNG)
		}
	}
	var full [][]byte
	for _, p := range out {
		if len(p) > 0 {
			full = append(full, p)
		}
	}
	return full
}
