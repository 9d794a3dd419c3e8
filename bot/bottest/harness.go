package bottest

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"rounds/bot"
)

// A Harness stands between [TestPlatform] and one platform with its service's fake. It does
// what people do and reads what they see; it knows how the service's messages look, so that
// the suite need not. Accounts and rooms are real ones of the fake service.
//
// Methods of people return when the service has taken the call; what it leads to may show
// later, the suite waits. A text that they read back is what a reader of the service
// sees: unescaped, without markup, one line each, a button as "[Label]" and a menu or a form's
// field by its label, its options' labels and what is filled in.
//
// What else a service can do is said by [HomeHarness], [RepeatHarness] and [FaultHarness].
type Harness interface {
	// Platform is the one under test. It is called before Start, and always gives the same.
	// Where a platform is made with commands, they are Commands().
	Platform() bot.Platform
	// Start runs the platform with take and returns when calls can be made. stop ends it and
	// returns what Run returned.
	Start(take bot.Taker) (stop func() error)

	// Account is a user called "ana" or "ben".
	Account(name string) bot.Account
	// Room is a channel in which ana, ben and the bot are. Every name is another one.
	Room(name string) bot.Room

	// Command types "/demo say hello" in a room; the zero Room is the direct conversation.
	// Where the service has typed options, the harness makes them (bot.ParseLine helps).
	Command(who bot.Account, in bot.Room, line string) error
	// Say writes words to the bot: with a mention in a room, without in the direct conversation.
	Say(who bot.Account, in bot.Room, text string) error
	// Click presses the latest button with that label that who sees.
	Click(who bot.Account, label string) error
	// Choose takes an option, by its label, of a menu or of a field of the open form.
	Choose(who bot.Account, label, option string) error
	// Fill types into a field of the open form, by the field's label.
	Fill(who bot.Account, label, value string) error
	// Submit sends the open form with what is filled in.
	Submit(who bot.Account) error

	// Sees is everything that who has before them now, in all rooms, the open form included.
	Sees(who bot.Account) []string
	// Stored is the text of each message that the service keeps of a room, oldest first.
	Stored(in bot.Room) []string
}

// HomeHarness is a Harness whose service has home views.
type HomeHarness interface {
	OpenHome(who bot.Account) error
	// Home is what stands on somebody's home.
	Home(who bot.Account) []string
}

// RepeatHarness is a Harness whose service may deliver twice. Repeat delivers what came last
// once more, unchanged.
type RepeatHarness interface{ Repeat() error }

// FaultHarness is a Harness whose service can fail. Fail makes the next post go wrong.
type FaultHarness interface{ Fail(Failure) }

// Failure is how a service fails.
type Failure int

// The failures.
const (
	Refused   Failure = iota // too many requests, try again in some seconds: nothing is posted
	LostReply                // the message stands, and the connection breaks before the answer
	NotInRoom                // the bot is not in the room
)

// demo is the bot that the suite talks to. Its commands are Commands().
type demo struct {
	counted atomic.Int64 // runs of /demo count
	slow    time.Duration
}

// SecretWord stands in everything private that the suite's bot says. No stored message may
// ever hold it.
const SecretWord = "confidential-7341"

// Commands are the suite's commands, for platforms that are made with them.
func Commands() []bot.Command { return (&demo{}).commands() }

func (d *demo) commands() []bot.Command {
	words := []bot.Option{{Name: "words", Help: "Any words", Kind: bot.OptionText, Bare: true}}
	sub := func(name string, run bot.Handler) bot.Sub {
		return bot.Sub{Name: name, Summary: "Test of " + name, Example: "/demo " + name, Options: words, Run: run}
	}
	open := func(s bot.Sub) bot.Sub { s.Opens = true; return s }
	public := func(s bot.Sub) bot.Sub { s.Public = true; return s }
	return []bot.Command{{
		Name: "demo", Summary: "Tests a platform", Who: "everyone", Hint: "whisper words",
		Subs: []bot.Sub{
			sub("whisper", d.whisper), public(sub("say", d.say)), open(sub("form", d.form)),
			sub("slow", d.slowly), open(sub("slowform", d.slowForm)), sub("count", d.count), sub("menu", d.menu),
			sub("odd", d.odd), sub("long", d.long), sub("fail", d.fail),
		},
		On: map[string]bot.Action{
			"change": {Run: d.change}, "open": {Opens: true, Run: d.form}, "posted": {Run: d.posted},
			"menu": {Run: d.chosen}, "form": {Run: d.submitted}, "home": {Run: d.homeAgain},
			"press": {Run: d.change},
		},
		Home: d.home,
		Text: d.text,
	}}
}

func private(blocks ...bot.Block) bot.Private {
	return bot.PrivateCard(append(blocks, bot.Context{Text: SecretWord})...)
}

func demoButtons(pairs ...string) bot.Buttons {
	var b bot.Buttons
	for i := 0; i < len(pairs); i += 2 {
		b.Items = append(b.Items, bot.Button{Label: pairs[i], Press: bot.Press{Action: "demo." + pairs[i+1], Subject: "s1"}})
	}
	return b
}

func (d *demo) whisper(_ context.Context, c bot.Call) (bot.Answer, error) {
	return bot.Whisper{Card: private(bot.Text{Text: "Whispered: " + c.Args.Get("words")}, bot.Text{Text: "Version one"},
		demoButtons("Change it", "change", "Open a form", "open"))}, nil
}

func (d *demo) say(_ context.Context, c bot.Call) (bot.Answer, error) {
	return bot.Say{Card: bot.OpenCard(bot.Text{Text: "Said: " + c.Args.Get("words")})}, nil
}

func (d *demo) form(context.Context, bot.Call) (bot.Answer, error) {
	return bot.OpenForm{Form: bot.Form{
		Title: "A visit", Intro: "Tell me about it.", Submit: "Save it", Press: bot.Press{Action: "demo.form", Subject: "s1"},
		Fields: []bot.Field{
			{Name: "who", Label: "Who was it", Kind: bot.FieldSelect, Options: []bot.Choice{{Label: "The first", Value: "v1"}, {Label: "The second", Value: "v2"}}},
			{Name: "glow", Label: "What glowed", Kind: bot.FieldLong, Optional: true},
			{Name: "minutes", Label: "How many minutes", Kind: bot.FieldNumber, Min: 0, Max: 500, Value: []string{"10"}},
		},
	}}, nil
}

func (d *demo) submitted(_ context.Context, c bot.Call) (bot.Answer, error) {
	v := bot.Args(c.Values)
	if v.Get("minutes") == "400" {
		return bot.FieldErrors{"minutes": "That is longer than a school day."}, nil
	}
	return bot.Whisper{Card: private(bot.Text{Text: fmt.Sprintf("Saved: %s, %s, %s", v.Get("who"), v.Get("glow"), v.Get("minutes"))})}, nil
}

func (d *demo) change(context.Context, bot.Call) (bot.Answer, error) {
	return bot.UpdatePrivate(private(bot.Text{Text: "Version two"})), nil
}

func (d *demo) posted(context.Context, bot.Call) (bot.Answer, error) {
	return bot.UpdateOpen(bot.OpenCard(bot.Text{Text: "Posted version two"})), nil
}

func (d *demo) menu(context.Context, bot.Call) (bot.Answer, error) {
	return bot.Whisper{Card: private(bot.Select{
		Label: "Pick one", Press: bot.Press{Action: "demo.menu", Subject: "s1"},
		Options: []bot.Choice{{Label: "Apples", Value: "a"}, {Label: "Pears", Value: "p"}},
	})}, nil
}

func (d *demo) chosen(_ context.Context, c bot.Call) (bot.Answer, error) {
	return bot.UpdatePrivate(private(bot.Text{Text: "You picked " + c.Value})), nil
}

func (d *demo) slowly(ctx context.Context, c bot.Call) (bot.Answer, error) {
	select {
	case <-time.After(d.slow):
	case <-ctx.Done():
	}
	return d.whisper(ctx, c)
}

func (d *demo) slowForm(ctx context.Context, c bot.Call) (bot.Answer, error) {
	select {
	case <-time.After(d.slow):
	case <-ctx.Done():
	}
	return d.form(ctx, c)
}

func (d *demo) count(context.Context, bot.Call) (bot.Answer, error) {
	return bot.Whisper{Card: private(bot.Text{Text: fmt.Sprintf("Counted %d", d.counted.Add(1))})}, nil
}

func (d *demo) odd(context.Context, bot.Call) (bot.Answer, error) {
	p := private()
	for _, t := range oddTexts() {
		p = p.With(bot.Text{Text: t})
	}
	return bot.Whisper{Card: p}, nil
}

func (d *demo) long(context.Context, bot.Call) (bot.Answer, error) {
	return bot.Whisper{Card: private(Cards()["over-list"].Blocks...)}, nil
}

func (d *demo) fail(context.Context, bot.Call) (bot.Answer, error) {
	return nil, &bot.Error{
		Code: bot.NotFound, Sentence: "Nobody of that name is on the staff list.",
		Choices: demoButtons("Try the form", "open").Items,
	}
}

func (d *demo) home(_ context.Context, c bot.Call) (bot.Answer, error) {
	return bot.HomeView{Card: private(bot.Title{Text: "My day"}, bot.Text{Text: "Home version one"}, demoButtons("Refresh", "home"))}, nil
}

func (d *demo) homeAgain(context.Context, bot.Call) (bot.Answer, error) {
	return bot.UpdatePrivate(private(bot.Title{Text: "My day"}, bot.Text{Text: "Home version two"})), nil
}

func (d *demo) text(_ context.Context, c bot.Call) (bot.Answer, error) {
	return bot.Whisper{Card: private(bot.Text{Text: "You wrote: " + strings.TrimSpace(c.Text)})}, nil
}

// Everybody is a Directory in which every account of every workspace is somebody: user "ana" is
// the person "p-ana". Accounts are those that have called Who, or that were added.
type Everybody struct{ Known map[bot.Person][]bot.Account }

// District is always "d1".
func (Everybody) District(string, string) (bot.District, bool) { return "d1", true }

// Who is everybody.
func (Everybody) Who(_ bot.District, a bot.Account) (bot.Person, bool) {
	return bot.Person("p-" + a.User), true
}

// Accounts are those in Known.
func (e Everybody) Accounts(_ bot.District, p bot.Person) []bot.Account { return e.Known[p] }
