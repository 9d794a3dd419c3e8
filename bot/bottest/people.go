package bottest

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"rounds/bot"
)

// Command types a slash command, "/observe okafor 12", in a room; the zero Room is the direct
// conversation.
func (f *Fake) Command(who bot.Account, in bot.Room, line string) error {
	name, rest, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "/"), " ")
	return f.call(who, in, bot.Call{Kind: bot.CommandCall, Command: name, Line: strings.TrimSpace(rest)})
}

// CommandTyped gives a command its options one by one, as Discord does.
func (f *Fake) CommandTyped(who bot.Account, in bot.Room, name, sub string, options map[string]string) error {
	return f.call(who, in, bot.Call{Kind: bot.CommandCall, Command: name, Sub: sub, Options: options})
}

// Say writes plain words to the bot: in the direct conversation, or in a room where they
// mention it.
func (f *Fake) Say(who bot.Account, in bot.Room, text string) error {
	return f.call(who, in, bot.Call{Kind: bot.Message, Text: text})
}

// OpenHome opens the home view.
func (f *Fake) OpenHome(who bot.Account) error {
	_, err := f.do(bot.Call{Kind: bot.Home, From: who}, nil, nil)
	return err
}

// Suggest asks for completions of an option.
func (f *Fake) Suggest(who bot.Account, in bot.Room, command, sub, focus, typed string) ([]bot.Choice, error) {
	c := bot.Call{Kind: bot.Complete, From: who, Command: command, Sub: sub, Focus: focus, Typed: typed}
	c.Room, c.Direct = f.place(who, in)
	a, err := f.do(c, nil, nil)
	choices, _ := a.(bot.Choices)
	return choices, err
}

// Click presses the button with that label which somebody saw last.
func (f *Fake) Click(who bot.Account, label string) error { return f.ClickBeside(who, label, "") }

// ClickBeside presses the button with that label beside the list item that holds the text
// beside.
func (f *Fake) ClickBeside(who bot.Account, label, beside string) error {
	f.mu.Lock()
	s, id := f.findButton(who, label, beside)
	f.mu.Unlock()
	if s == nil {
		if beside != "" {
			return fmt.Errorf("%s sees no button [%s] beside %q", who.User, label, beside)
		}
		return fmt.Errorf("%s sees no button [%s]", who.User, label)
	}
	return f.click(who, s, bot.Call{Kind: bot.Click, Button: id})
}

// Choose takes an option of a menu that somebody sees, or of a field of the form on top. In a
// field that takes several it adds one.
func (f *Fake) Choose(who bot.Account, label, option string) error {
	f.mu.Lock()
	if top := f.top(who); top != nil {
		for _, fd := range top.form.Fields {
			if sameLabel(label, fd.Label, fd.Name) {
				defer f.mu.Unlock()
				return top.fill(fd, option)
			}
		}
	}
	s, id, value := f.findOption(who, label, option)
	f.mu.Unlock()
	if s == nil {
		return fmt.Errorf("%s sees no option %q of %q", who.User, option, label)
	}
	return f.click(who, s, bot.Call{Kind: bot.Click, Button: id, Chosen: value})
}

// Fill types into a field of the form on top, by its label or name.
func (f *Fake) Fill(who bot.Account, field, value string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	top := f.top(who)
	if top == nil {
		return fmt.Errorf("%s has no form open", who.User)
	}
	for _, fd := range top.form.Fields {
		if sameLabel(field, fd.Label, fd.Name) {
			return top.fill(fd, value)
		}
	}
	return fmt.Errorf("the form has no field %q", field)
}

func sameLabel(s string, labels ...string) bool {
	return slices.ContainsFunc(labels, func(l string) bool { return strings.EqualFold(strings.TrimSpace(l), strings.TrimSpace(s)) })
}

// fill sets a field; an option is named by its label.
func (o *openForm) fill(fd bot.Field, value string) error {
	if o.filled == nil {
		o.filled = map[string][]string{}
	}
	if !fd.Kind.HasOptions() {
		o.filled[fd.Name] = []string{value}
		return nil
	}
	for _, opt := range fd.Options {
		if !sameLabel(value, opt.Label) {
			continue
		}
		if many := fd.Kind == bot.FieldMultiSelect || fd.Kind == bot.FieldCheckbox || fd.Many; many {
			had, ok := o.filled[fd.Name]
			if !ok {
				had = slices.Clone(fd.Value)
			}
			if !slices.Contains(had, opt.Value) {
				had = append(had, opt.Value)
			}
			o.filled[fd.Name] = had
			return nil
		}
		o.filled[fd.Name] = []string{opt.Value}
		return nil
	}
	return fmt.Errorf("the field %q has no option %q", fd.Label, value)
}

// Submit sends the form on top with what is filled in. A field that is empty is not sent.
func (f *Fake) Submit(who bot.Account) error {
	f.mu.Lock()
	top := f.top(who)
	f.mu.Unlock()
	if top == nil {
		return fmt.Errorf("%s has no form open", who.User)
	}
	c := bot.Call{Kind: bot.Submit, From: who, Room: top.room, Direct: top.direct, Button: top.form.ID, Fields: map[string][]string{}}
	for _, fd := range top.form.Fields {
		v, ok := top.filled[fd.Name]
		if !ok {
			v = fd.Value
		}
		if v = slices.DeleteFunc(slices.Clone(v), func(s string) bool { return s == "" }); len(v) > 0 {
			c.Fields[fd.Name] = v
		}
	}
	_, err := f.do(c, top.source, top)
	return err
}

// Dismiss closes the form on top without sending it.
func (f *Fake) Dismiss(who bot.Account) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if fs := f.forms[who]; len(fs) > 0 {
		f.forms[who] = fs[:len(fs)-1]
	}
}

// Again lets the last call arrive once more, as services do that got no answer in time.
func (f *Fake) Again() error {
	f.mu.Lock()
	c, take := f.last, f.take
	f.mu.Unlock()
	if take == nil || c.ID == "" {
		return fmt.Errorf("nothing to repeat")
	}
	// What it is answered with is thrown away: it was shown the first time.
	_, later := take(context.Background(), c)
	if later != nil {
		<-later
	}
	return nil
}

func (f *Fake) top(who bot.Account) *openForm {
	if fs := f.forms[who]; len(fs) > 0 {
		return fs[len(fs)-1]
	}
	return nil
}

func (f *Fake) place(who bot.Account, in bot.Room) (bot.Room, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if (in == bot.Room{}) {
		return f.direct(who), true
	}
	r := f.rooms[in]
	return in, r != nil && r.direct
}

func (f *Fake) call(who bot.Account, in bot.Room, c bot.Call) error {
	c.From = who
	c.Room, c.Direct = f.place(who, in)
	_, err := f.do(c, nil, nil)
	return err
}

func (f *Fake) click(who bot.Account, s *surface, c bot.Call) error {
	c.From, c.Room = who, s.room
	f.mu.Lock()
	if r := f.rooms[s.room]; r != nil {
		c.Direct = r.direct
	}
	f.mu.Unlock()
	if !s.isPrivate() {
		c.Message = s.ref
	}
	_, err := f.do(c, s, nil)
	return err
}

// do hands a call over, waits for the answer and shows it.
func (f *Fake) do(c bot.Call, source *surface, form *openForm) (bot.Answer, error) {
	f.mu.Lock()
	take := f.take
	f.calls++
	c.ID = fmt.Sprintf("%s:%s:call-%d", f.name, c.From.Workspace, f.calls)
	f.last = c
	f.mu.Unlock()
	if take == nil {
		return nil, fmt.Errorf("nobody takes calls; Run or Connect the fake first")
	}
	a, later := take(context.Background(), c)
	late := false
	if _, ok := a.(bot.Deferred); ok {
		late = true
		if a, ok = <-later; !ok {
			return nil, fmt.Errorf("the deferred answer never came")
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.show(c, a, source, form, late)
	return a, nil
}

// show does what a service does with an answer. f.mu is held.
func (f *Fake) show(c bot.Call, a bot.Answer, source *surface, form *openForm, late bool) {
	_, refused := a.(bot.FieldErrors)
	if form != nil && !refused {
		f.forms[c.From] = slices.DeleteFunc(f.forms[c.From], func(o *openForm) bool { return o == form })
	}
	switch a := a.(type) {
	case bot.Whisper:
		f.checkSealed(a.Card.Card())
		f.whisper(c, a.Card.Card())
	case bot.Say:
		f.checkSealed(a.Card.Card())
		r := f.rooms[c.Room]
		if r == nil {
			f.violate("an answer for the room to a call without one")
			return
		}
		f.say(c.Room, r, a.Card.Card(), "", "say")
	case bot.OpenForm:
		if late {
			f.violate("the form %q came too late to be opened", a.Form.Title)
			return
		}
		if a.Form.ID == "" {
			f.violate("the form %q reached the platform unsealed", a.Form.Title)
		}
		if c.Kind != bot.Submit {
			f.forms[c.From] = nil // a new form takes the place of whatever was open
		}
		o := &openForm{form: a.Form, source: source, room: c.Room, direct: c.Direct}
		f.forms[c.From] = append(f.forms[c.From], o)
		f.event("form", c.From, c.Room, a.Form.Text())
	case bot.FieldErrors:
		if form == nil {
			f.violate("field errors in answer to a call of kind %v", c.Kind)
			return
		}
		form.errors = a
		text := []string{}
		for _, fd := range form.form.Fields {
			if e := a[fd.Name]; e != "" {
				text = append(text, fd.Label+": "+e)
			}
		}
		if len(text) != len(a) {
			f.violate("field errors %v for fields that the form %q has not", a, form.form.Title)
		}
		f.event("errors", c.From, c.Room, strings.Join(text, "\n"))
	case bot.Update:
		f.update(c, a, source)
	case bot.HomeView:
		f.checkSealed(a.Card.Card())
		f.setHome(c.From, a.Card.Card())
		f.event("home", c.From, bot.Room{}, a.Card.Card().Text())
	case bot.Choices:
		var text []string
		for _, ch := range a {
			t := ch.Label
			if ch.Note != "" {
				t += " · " + ch.Note
			}
			text = append(text, t)
		}
		f.event("choices", c.From, c.Room, strings.Join(text, "\n"))
	case bot.Nothing:
	default:
		f.violate("an answer of type %T", a)
	}
}

func (f *Fake) whisper(c bot.Call, card bot.Card) {
	f.seq++
	f.private = append(f.private, &surface{ref: bot.Ref(fmt.Sprintf("p%d", f.seq)), card: card, seq: f.seq, room: c.Room, who: c.From})
	f.event("whisper", c.From, c.Room, card.Text())
}

func (f *Fake) update(c bot.Call, a bot.Update, source *surface) {
	var card bot.Card
	if a.Private != nil {
		card = a.Private.Card()
	} else {
		card = a.Open.Card()
	}
	f.checkSealed(card)
	switch {
	case source == nil && a.Private != nil:
		f.whisper(c, card) // a form that a command opened stands on no message
	case source == nil:
		f.violate("an open update without a message to replace")
	case a.Private != nil && !source.isPrivate():
		f.violate("a private card would replace a stored message")
	case a.Open != nil && source.isPrivate():
		f.violate("an open card would replace what one person sees")
	default:
		f.replace(source, card)
		kind := "update"
		if f.homes[c.From] == source {
			kind = "home"
		}
		f.event(kind, source.who, source.room, card.Text())
	}
}

// findButton finds the latest button with that label. f.mu is held.
func (f *Fake) findButton(who bot.Account, label, beside string) (*surface, string) {
	for _, s := range slices.Backward(f.surfaces()) {
		if !f.sees(who, s) {
			continue
		}
		for _, b := range slices.Backward(s.card.Blocks) {
			switch b := b.(type) {
			case bot.Buttons:
				for _, bt := range b.Items {
					if beside == "" && sameLabel(label, bt.Label) {
						return s, bt.ID
					}
				}
			case bot.List:
				for _, it := range b.Items {
					if it.Button != nil && sameLabel(label, it.Button.Label) && strings.Contains(it.Text+" "+it.Note, beside) {
						return s, it.Button.ID
					}
				}
			}
		}
	}
	return nil, ""
}

// findOption finds the latest menu with that label and an option of it. f.mu is held.
func (f *Fake) findOption(who bot.Account, label, option string) (s *surface, id, value string) {
	for _, s := range slices.Backward(f.surfaces()) {
		if !f.sees(who, s) {
			continue
		}
		for _, b := range s.card.Blocks {
			m, ok := b.(bot.Select)
			if !ok || !sameLabel(label, m.Label) {
				continue
			}
			for _, o := range m.Options {
				if sameLabel(option, o.Label) {
					return s, m.ID, o.Value
				}
			}
		}
	}
	return nil, "", ""
}
