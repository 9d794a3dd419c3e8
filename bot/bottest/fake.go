package bottest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"rounds/bot"
)

// A Fake is a chat service in memory together with its platform. It keeps state, as a service
// does, so that a test asks what somebody sees rather than which method was called. The
// methods of people (Command, Click, …) return when the bot has answered, also when the
// answer was deferred.
//
// A Fake is safe for concurrent use. The zero Fake is not usable; see [NewFake].
type Fake struct {
	name string
	// Now stamps messages, for Find; time.Now unless set before use.
	Now func() time.Time

	mu         sync.Mutex // guards the following
	take       bot.Taker
	seq        int // grows with everything that appears
	calls      int
	last       bot.Call // for Again
	rooms      map[bot.Room]*room
	private    []*surface // whispers
	homes      map[bot.Account]*surface
	forms      map[bot.Account][]*openForm // a stack; the last one is on top
	events     []Event
	faults     []Fault
	violations []string
}

type room struct {
	who      bot.Account // of a direct conversation
	direct   bool
	gone     bool
	messages []*surface
}

// A surface is a place where a card stands.
type surface struct {
	ref    bot.Ref
	card   bot.Card
	seq    int         // of the last change
	room   bot.Room    // where it was said
	who    bot.Account // its only viewer; zero for a stored message
	marker string
	at     time.Time
	edited bool
}

func (s *surface) isPrivate() bool { return s.who != bot.Account{} }

// An openForm is a form on somebody's screen.
type openForm struct {
	form   bot.Form
	filled map[string][]string
	errors map[string]string
	source *surface // holds the button that opened it
	room   bot.Room
	direct bool
}

// Stored is a message that the service keeps.
type Stored struct {
	Ref    bot.Ref
	Card   bot.Card
	Marker string
	Edited bool
}

// Event is one thing that appeared.
type Event struct {
	Kind string      // "whisper", "say", "post", "edit", "update", "form", "errors", "home", "choices"
	Who  bot.Account // who alone sees it; zero where a room does
	Room bot.Room
	Text string
}

// A Fault makes the next call of one of the platform's methods go wrong.
type Fault struct {
	Op     string // "post", "edit", "find", "direct", "publish"; "" for any
	Err    error  // what the method returns: *bot.RetryError, *bot.UnknownError, bot.ErrNotInRoom
	Stands bool   // the work is done all the same: a lost reply
	Panic  bool
}

var (
	_ bot.Platform = (*Fake)(nil)
	_ bot.Editor   = (*Fake)(nil)
	_ bot.Finder   = (*Fake)(nil)
	_ bot.Homer    = (*Fake)(nil)
)

// NewFake makes an empty service whose platform has that name.
func NewFake(name string) *Fake {
	return &Fake{
		name:  name,
		Now:   time.Now,
		rooms: map[bot.Room]*room{},
		homes: map[bot.Account]*surface{},
		forms: map[bot.Account][]*openForm{},
	}
}

// Name is the platform's name.
func (f *Fake) Name() string { return f.name }

// Account is a user of the service, in its one workspace.
func (f *Fake) Account(user string) bot.Account {
	return bot.Account{Platform: f.name, Workspace: "W1", User: user}
}

// Room is a channel that everybody is in, and the bot too; it is made when first asked for.
func (f *Fake) Room(id string) bot.Room {
	f.mu.Lock()
	defer f.mu.Unlock()
	r := bot.Room{Platform: f.name, Workspace: "W1", ID: id}
	if f.rooms[r] == nil {
		f.rooms[r] = &room{}
	}
	return r
}

// Leave takes the bot out of a room.
func (f *Fake) Leave(r bot.Room) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if it := f.rooms[r]; it != nil {
		it.gone = true
	}
}

// Connect sets who takes the calls, as Run does, and returns.
func (f *Fake) Connect(take bot.Taker) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.take = take
}

// Run hands calls to take until ctx ends.
func (f *Fake) Run(ctx context.Context, take bot.Taker) error {
	f.Connect(take)
	<-ctx.Done()
	return nil
}

// Inject makes a method go wrong once; faults are used in the order they came.
func (f *Fake) Inject(fault Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults = append(f.faults, fault)
}

// fault takes the next fault of an operation. f.mu is held.
func (f *Fake) fault(op string) (Fault, bool) {
	for i, x := range f.faults {
		if x.Op == op || x.Op == "" {
			f.faults = slices.Delete(f.faults, i, i+1)
			if x.Panic {
				panic("bottest: injected")
			}
			return x, true
		}
	}
	return Fault{}, false
}

// Post says a card in a room.
func (f *Fake) Post(ctx context.Context, to bot.Room, card bot.Open, marker string) (bot.Ref, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	fault, bad := f.fault("post")
	if bad && !fault.Stands {
		return "", fault.Err
	}
	r := f.rooms[to]
	if r == nil || r.gone {
		return "", bot.ErrNotInRoom
	}
	f.checkSealed(card.Card())
	s := f.say(to, r, card.Card(), marker, "post")
	if bad {
		return "", fault.Err
	}
	return s.ref, nil
}

// say stores a message. f.mu is held.
func (f *Fake) say(to bot.Room, r *room, card bot.Card, marker, kind string) *surface {
	f.seq++
	s := &surface{ref: bot.Ref(fmt.Sprintf("m%d", f.seq)), card: card, seq: f.seq, room: to, marker: marker, at: f.Now()}
	r.messages = append(r.messages, s)
	f.event(kind, bot.Account{}, to, card.Text())
	return s
}

func (f *Fake) event(kind string, who bot.Account, in bot.Room, text string) {
	f.events = append(f.events, Event{Kind: kind, Who: who, Room: in, Text: text})
}

// Direct is the conversation between the bot and an account.
func (f *Fake) Direct(ctx context.Context, to bot.Account) (bot.Room, error) {
	if err := ctx.Err(); err != nil {
		return bot.Room{}, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if fault, bad := f.fault("direct"); bad {
		return bot.Room{}, fault.Err
	}
	return f.direct(to), nil
}

func (f *Fake) direct(to bot.Account) bot.Room {
	r := bot.Room{Platform: f.name, Workspace: to.Workspace, ID: "dm-" + to.User}
	if f.rooms[r] == nil {
		f.rooms[r] = &room{who: to, direct: true}
	}
	return r
}

// Edit replaces a stored message.
func (f *Fake) Edit(ctx context.Context, ref bot.Ref, card bot.Open) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	fault, bad := f.fault("edit")
	if bad && !fault.Stands {
		return fault.Err
	}
	s := f.byRef(ref)
	if s == nil || s.isPrivate() {
		return errors.New("no such message")
	}
	f.checkSealed(card.Card())
	f.replace(s, card.Card())
	s.edited = true
	f.event("edit", bot.Account{}, s.room, card.Card().Text())
	if bad {
		return fault.Err
	}
	return nil
}

func (f *Fake) replace(s *surface, card bot.Card) {
	f.seq++
	s.card, s.seq = card, f.seq
}

func (f *Fake) byRef(ref bot.Ref) *surface {
	for _, s := range f.surfaces() {
		if s.ref == ref {
			return s
		}
	}
	return nil
}

// Find looks a message up by its marker.
func (f *Fake) Find(ctx context.Context, in bot.Room, marker string, since time.Time) (bot.Ref, bool, error) {
	if err := ctx.Err(); err != nil {
		return "", false, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if fault, bad := f.fault("find"); bad {
		return "", false, fault.Err
	}
	r := f.rooms[in]
	if r == nil || r.gone {
		return "", false, bot.ErrNotInRoom
	}
	for _, s := range r.messages {
		if s.marker == marker && marker != "" && !s.at.Before(since) {
			return s.ref, true, nil
		}
	}
	return "", false, nil
}

// Publish sets the home view of an account.
func (f *Fake) Publish(ctx context.Context, to bot.Account, card bot.Private) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	fault, bad := f.fault("publish")
	if bad && !fault.Stands {
		return fault.Err
	}
	f.checkSealed(card.Card())
	f.setHome(to, card.Card())
	if bad {
		return fault.Err
	}
	return nil
}

func (f *Fake) setHome(to bot.Account, card bot.Card) {
	f.seq++
	f.homes[to] = &surface{ref: bot.Ref("home-" + to.User), card: card, seq: f.seq, who: to}
}

// surfaces are all places where cards stand, in the order in which they last changed.
func (f *Fake) surfaces() []*surface {
	all := slices.Clone(f.private)
	for _, h := range f.homes {
		all = append(all, h)
	}
	for _, r := range f.rooms {
		all = append(all, r.messages...)
	}
	slices.SortFunc(all, func(a, b *surface) int { return a.seq - b.seq })
	return all
}

func (f *Fake) sees(who bot.Account, s *surface) bool {
	if s.isPrivate() {
		return s.who == who
	}
	r := f.rooms[s.room]
	return r != nil && (!r.direct || r.who == who)
}

// Sees is everything that somebody has before them now, one line of text each line: messages
// of their rooms, what only they see, their home, and the form on top.
func (f *Fake) Sees(who bot.Account) []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var lines []string
	for _, s := range f.surfaces() {
		if f.sees(who, s) {
			lines = append(lines, strings.Split(s.card.Text(), "\n")...)
		}
	}
	if fs := f.forms[who]; len(fs) > 0 {
		top := fs[len(fs)-1]
		lines = append(lines, strings.Split(top.form.TextWith(top.filled, top.errors), "\n")...)
	}
	return lines
}

// Stored are the messages that the service keeps of a room, oldest first.
func (f *Fake) Stored(in bot.Room) []Stored {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []Stored
	if r := f.rooms[in]; r != nil {
		for _, s := range r.messages {
			out = append(out, Stored{s.ref, s.card, s.marker, s.edited})
		}
	}
	return out
}

// Rooms are all rooms, direct conversations among them.
func (f *Fake) Rooms() []bot.Room {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []bot.Room
	for r := range f.rooms {
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b bot.Room) int { return strings.Compare(a.ID, b.ID) })
	return out
}

// IsDirect tells whose direct conversation a room is.
func (f *Fake) IsDirect(r bot.Room) (bot.Account, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if it := f.rooms[r]; it != nil && it.direct {
		return it.who, true
	}
	return bot.Account{}, false
}

// TakeEvents returns what appeared since it was last called.
func (f *Fake) TakeEvents() []Event {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := f.events
	f.events = nil
	return out
}

// Violations are things that no service could have done as asked, or that the contract
// forbids: a private card over a posted message, an unsealed button, an error for a
// field that the form has not. A test ends with none.
func (f *Fake) Violations() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.violations)
}

func (f *Fake) violate(format string, args ...any) {
	f.violations = append(f.violations, fmt.Sprintf(format, args...))
}

// checkSealed wants every button and option sealed. f.mu is held.
func (f *Fake) checkSealed(c bot.Card) {
	button := func(b bot.Button) {
		if b.ID == "" {
			f.violate("the button [%s] reached the platform unsealed", b.Label)
		}
	}
	for _, b := range c.Blocks {
		switch b := b.(type) {
		case bot.Buttons:
			for _, bt := range b.Items {
				button(bt)
			}
		case bot.List:
			for _, it := range b.Items {
				if it.Button != nil {
					button(*it.Button)
				}
			}
		case bot.Select:
			if b.ID == "" {
				f.violate("the menu %q reached the platform unsealed", b.Label)
			}
		}
	}
}
