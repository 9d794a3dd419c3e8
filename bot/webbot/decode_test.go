package webbot

import (
	"testing"

	"rounds/bot"

	"github.com/google/go-cmp/cmp"
)

const someID = "0b0e7d5c-0000-4000-8000-000000000001"

func TestDecode(t *testing.T) {
	from := bot.Account{Platform: "web", Workspace: "web", User: "p1"}
	in := room("staff")
	base := func(kind bot.Kind) bot.Call {
		return bot.Call{ID: "web:" + someID, Kind: kind, From: from, Room: in}
	}
	with := func(c bot.Call, change func(*bot.Call)) bot.Call { change(&c); return c }
	tests := []struct {
		name   string
		a      action
		direct bool
		want   bot.Call
		words  string
		err    string
	}{
		{name: "slash", a: action{Kind: "typed", Text: "  /Observe @okonjo 12m\nglow: calm "}, want: with(base(bot.CommandCall), func(c *bot.Call) { c.Command, c.Line = "observe", "@okonjo 12m glow: calm" })},
		{name: "slash alone", a: action{Kind: "typed", Text: "/"}, err: "Type a command after the slash, such as /rounds help."},
		{name: "words in a room", a: action{Kind: "typed", Text: "Hello all"}, want: base(bot.Message), words: "Hello all"},
		{name: "mention", a: action{Kind: "typed", Text: "Hey @rounds, how many?"}, want: with(base(bot.Message), func(c *bot.Call) { c.Text = "Hey how many?" }), words: "Hey @rounds, how many?"},
		{name: "no mention", a: action{Kind: "typed", Text: "mail me@rounds.example or @roundsman"}, want: base(bot.Message), words: "mail me@rounds.example or @roundsman"},
		{name: "mention alone", a: action{Kind: "typed", Text: "@Rounds"}, want: with(base(bot.Message), func(c *bot.Call) { c.Text = "help" }), words: "@Rounds"},
		{name: "direct", a: action{Kind: "typed", Text: "how many?"}, direct: true, want: with(base(bot.Message), func(c *bot.Call) { c.Text, c.Direct = "how many?", true }), words: "how many?"},
		{name: "nothing", a: action{Kind: "typed", Text: " \n "}, err: "There is nothing to send yet."},
		{name: "typed options", a: action{Kind: "command", Command: "observe", Sub: "log", Line: "ignored", Options: map[string]string{"minutes": "12"}}, want: with(base(bot.CommandCall), func(c *bot.Call) {
			c.Command, c.Sub, c.Options = "observe", "log", map[string]string{"minutes": "12"}
		})},
		{name: "click", a: action{Kind: "click", Button: "B", Chosen: "C", Message: "m1"}, want: with(base(bot.Click), func(c *bot.Call) { c.Button, c.Chosen, c.Message = "B", "C", "web/staff/m1" })},
		{name: "click in private", a: action{Kind: "click", Button: "B"}, want: with(base(bot.Click), func(c *bot.Call) { c.Button = "B" })},
		{name: "submit", a: action{Kind: "submit", Button: "F", Fields: map[string][]string{"a": {"1", "2"}}}, want: with(base(bot.Submit), func(c *bot.Call) { c.Button, c.Fields = "F", map[string][]string{"a": {"1", "2"}} })},
		{name: "home", a: action{Kind: "home"}, direct: true, want: with(base(bot.Home), func(c *bot.Call) { c.Room = bot.Room{} })},
		{name: "complete", a: action{Kind: "complete", Command: "observe", Sub: "log", Line: "@ok", Focus: "teacher", Typed: "ok"}, want: with(base(bot.Complete), func(c *bot.Call) {
			c.Command, c.Sub, c.Line, c.Focus, c.Typed = "observe", "log", "@ok", "teacher", "ok"
		})},
		{name: "unknown", a: action{Kind: "dance"}, err: "This page is out of date: reload it."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.a.ID = someID
			got, words, err := decode(tt.a, from, in, tt.direct)
			if tt.err != "" {
				if err == nil || sentence(err) != tt.err {
					t.Fatalf("got error %v, want %q", err, tt.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("-want +got:\n%s", d)
			}
			if words != tt.words {
				t.Errorf("words %q, want %q", words, tt.words)
			}
		})
	}
	if _, _, err := decode(action{Kind: "home", ID: "short"}, from, in, true); err == nil {
		t.Error("an action without a uuid was taken")
	}
}
