package webbot

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"rounds/bot"
)

// answer is a bot.Answer as the page reads it.
type answer struct {
	Kind    string            `json:"kind"` // private, said, form, update, errors, choices, home, nothing, later
	Card    *card             `json:"card,omitempty"`
	Form    *form             `json:"form,omitempty"`
	Message *messageView      `json:"message,omitempty"` // said; update of a posted message
	Room    string            `json:"room,omitempty"`    // said
	Errors  map[string]string `json:"errors,omitempty"`
	Choices []choice          `json:"choices,omitempty"`
	At      *stamp            `json:"at,omitempty"` // private: the bot's time
}

// reply is the response to an action.
type reply struct {
	Posted *messageView `json:"posted,omitempty"` // the person's own words, now stored
	Answer answer       `json:"answer"`
}

// act takes one action of the page, hands it to the router and answers.
func (p *Platform) act(w http.ResponseWriter, r *http.Request) {
	var a action
	if !readJSON(w, r, &a) {
		return
	}
	who, ok := p.persona(a.As)
	if !ok {
		fail(w, http.StatusForbidden, "Choose who you are first.")
		return
	}
	if a.Kind == "home" || a.Room == "" {
		a.Room = directID(who.Account.User)
	}
	info, ok := p.sees(who, a.Room)
	if !ok {
		fail(w, http.StatusForbidden, "That room is not one of yours.")
		return
	}
	call, words, err := decode(a, who.Account, info.Room, info.Direct)
	if err != nil {
		fail(w, http.StatusBadRequest, sentence(err))
		return
	}
	p.mu.Lock()
	take, running := p.take, p.ctx
	p.mu.Unlock()
	if take == nil {
		fail(w, http.StatusServiceUnavailable, "Rounds is starting. Try again in a moment.")
		return
	}
	// The call goes on when the page goes away: what it began is finished, and the page
	// that asks again with the same id gets the same answer.
	patient(w)
	perform := func() result { return p.perform(running, take, call, words, a.Page) }
	if call.Kind == bot.Complete { // one for each letter, and it changes nothing
		res := perform()
		respond(w, res.status, res.body)
		return
	}
	res := p.once.do(who.Account.User+" "+a.ID, perform)
	respond(w, res.status, res.body)
}

func (p *Platform) perform(ctx context.Context, take bot.Taker, call bot.Call, words, page string) result {
	var out reply
	if words != "" {
		m, _, err := p.say(ctx, call.Room.ID, message{From: call.From.User, Text: words}, call.ID)
		if err != nil {
			return p.away(err)
		}
		v := p.view(ctx, call.Room.ID, m, p.names())
		out.Posted = &v
		if call.Text == "" {
			out.Answer.Kind = "nothing"
			return result{http.StatusOK, out}
		}
	}
	first, later := take(ctx, call)
	if out.Posted != nil {
		call.Message = bot.Ref(messageKey(call.Room.ID, out.Posted.ID)) // what an answer for the room replies to
	}
	if _, deferred := first.(bot.Deferred); deferred {
		var there bool
		if first, there = waitFor(later, p.wait); !there {
			go p.answerLate(ctx, call, page, later)
			out.Answer.Kind = "later"
			return result{http.StatusOK, out}
		}
	}
	a, err := p.finish(ctx, call, first)
	if err != nil {
		return p.away(err)
	}
	out.Answer = a
	return result{http.StatusOK, out}
}

// answerLate sends an answer that came after its response over the event stream of the page
// that asked, and to no other.
func (p *Platform) answerLate(ctx context.Context, call bot.Call, page string, later <-chan bot.Answer) {
	select {
	case <-ctx.Done():
	case first, ok := <-later:
		if !ok {
			first = bot.Nothing{}
		}
		a, err := p.finish(ctx, call, first)
		if err != nil {
			p.log.Error("web: late answer", "err", err)
			return
		}
		p.streams.send("answer", map[string]any{"call": call.ID, "answer": a}, func(s *stream) bool {
			return s.page == page && s.as == call.From.User
		})
	}
}

// finish turns the router's answer into the page's, doing what it asks for on the way.
func (p *Platform) finish(ctx context.Context, call bot.Call, a bot.Answer) (answer, error) {
	switch a := a.(type) {
	case bot.Whisper:
		return p.private("private", a.Card), nil
	case bot.HomeView:
		return p.private("home", a.Card), nil
	case bot.Say:
		return p.sayAnswer(ctx, call, a.Card)
	case bot.OpenForm:
		f, cut := renderForm(a.Form)
		p.report("form", cut)
		return answer{Kind: "form", Form: &f}, nil
	case bot.Update:
		return p.update(ctx, call, a)
	case bot.FieldErrors:
		return answer{Kind: "errors", Errors: a}, nil
	case bot.Choices:
		return answer{Kind: "choices", Choices: renderChoices(a)}, nil
	}
	return answer{Kind: "nothing"}, nil
}

func (p *Platform) private(kind string, c bot.Private) answer {
	rendered, cut := renderCard(c.Card())
	p.report(kind, cut)
	at := stampOf(p.now())
	return answer{Kind: kind, Card: &rendered, At: &at}
}

// sayAnswer posts an answer that is for the room. The call's id is its marker, so that
// the same call says it once.
func (p *Platform) sayAnswer(ctx context.Context, call bot.Call, open bot.Open) (answer, error) {
	c, cut := renderCard(open.Card())
	p.report("say", cut)
	why := &cause{User: call.From.User}
	switch call.Kind {
	case bot.CommandCall:
		why.Command = "/" + call.Command
	case bot.Message:
		_, why.Message, _ = splitKey(string(call.Message))
	}
	roomID := call.Room.ID
	if roomID == "" {
		roomID = directID(call.From.User)
	}
	m, _, err := p.say(ctx, roomID, message{Card: &c, For: why}, "say:"+call.ID)
	if err != nil {
		return answer{}, err
	}
	v := p.view(ctx, roomID, m, p.names())
	return answer{Kind: "said", Room: roomID, Message: &v}, nil
}

// update replaces the card that held the button: a posted one for everybody, a private one on
// the caller's page.
func (p *Platform) update(ctx context.Context, call bot.Call, u bot.Update) (answer, error) {
	if u.Private != nil {
		return p.private("update", *u.Private), nil
	}
	if u.Open == nil {
		return answer{Kind: "nothing"}, nil
	}
	if call.Message == "" {
		return p.private("update", u.Open.AsPrivate()), nil
	}
	if err := p.Edit(ctx, call.Message, *u.Open); err != nil {
		return answer{}, err
	}
	roomID, id, _ := splitKey(string(call.Message))
	m, err := p.store.get(ctx, roomID, id)
	if err != nil {
		return answer{}, err
	}
	v := p.view(ctx, roomID, m, p.names())
	return answer{Kind: "update", Room: roomID, Message: &v}, nil
}

// away is the result when the store did not take or give something.
func (p *Platform) away(err error) result {
	if errors.Is(err, errGone) {
		return result{http.StatusGone, problem{"That message is no longer there."}}
	}
	p.log.Error("web: store", "err", err)
	return result{http.StatusServiceUnavailable, problem{"The store does not answer. Nothing was lost here: try again in a moment."}}
}

// firstWords is the start of a text on one line.
func firstWords(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return strings.TrimSpace(string(r[:n-1])) + "…"
}

// deleteMessage removes somebody's own words from a room.
func (p *Platform) deleteMessage(w http.ResponseWriter, r *http.Request) {
	var a struct{ As, Room, Message string }
	if !readJSON(w, r, &a) {
		return
	}
	who, ok := p.persona(a.As)
	if ok {
		_, ok = p.sees(who, a.Room)
	}
	if !ok {
		fail(w, http.StatusForbidden, "That room is not one of yours.")
		return
	}
	if err := p.store.remove(r.Context(), a.Room, a.Message, a.As); err != nil {
		res := p.away(err)
		respond(w, res.status, res.body)
		return
	}
	p.streams.send("gone", map[string]any{"room": a.Room, "id": a.Message}, func(s *stream) bool {
		who, ok := p.persona(s.as)
		if ok {
			_, ok = p.sees(who, a.Room)
		}
		return ok
	})
	respond(w, http.StatusOK, struct{}{})
}

// waitFor is how long a response waits for an answer that the router deferred.
func waitFor(later <-chan bot.Answer, d time.Duration) (bot.Answer, bool) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case a, ok := <-later:
		if !ok {
			return bot.Nothing{}, true
		}
		return a, true
	case <-t.C:
		return nil, false
	}
}
