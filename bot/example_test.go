package bot_test

import (
	"context"
	"fmt"
	"time"

	"rounds/bot"
)

// visits is a command as a value. Everything that is said of it elsewhere is made from this.
var visits = bot.Command{
	Name: "observe", Aliases: []string{"visit"}, Summary: "Log a classroom visit.", Who: "leaders", Private: true,
	Subs: []bot.Sub{{
		Name: "log", Summary: "Log one.", Example: "/observe log @Okafor 12m glow:…",
		Options: []bot.Option{
			{Name: "teacher", Help: "Whom you visited", Kind: bot.OptionPeople, Bare: true, Required: true},
			{Name: "minutes", Help: "How long", Kind: bot.OptionMinutes, Bare: true},
			{Name: "glow", Help: "What went well"},
		},
		Run: func(_ context.Context, c bot.Call) (bot.Answer, error) {
			return bot.Whisper{Card: bot.PrivateCard(
				bot.Text{Text: fmt.Sprintf("Saved: %s, %s minutes. Only you can see this.", c.Args.Get("teacher"), c.Args.Get("minutes"))},
				bot.Buttons{Items: []bot.Button{{Label: "Undo", Press: bot.Press{Action: "observe.undo", Subject: "v1"}}}},
			)}, nil
		},
	}},
	On: map[string]bot.Action{"undo": {Run: func(_ context.Context, c bot.Call) (bot.Answer, error) {
		return bot.UpdatePrivate(bot.PrivateCard(bot.Text{Text: "Taken back: visit " + c.Press.Subject})), nil
	}}},
}

// onlyAna is a directory of one person.
type onlyAna struct{}

func (onlyAna) District(_, _ string) (bot.District, bool)            { return "d1", true }
func (onlyAna) Who(_ bot.District, a bot.Account) (bot.Person, bool) { return "p1", a.User == "ana" }
func (onlyAna) Accounts(_ bot.District, _ bot.Person) []bot.Account  { return nil }

// A call goes in as a platform understood it, an answer comes out as it may be shown.
func ExampleRouter() {
	sealer, err := bot.NewSealer([]byte("sixteen bytes or more"))
	if err != nil {
		panic(err)
	}
	router := bot.NewRouter(bot.RouterConfig{
		Commands: []bot.Command{visits}, Directory: onlyAna{}, Sealer: sealer, Now: time.Now,
	})
	ana := bot.Account{Platform: "web", Workspace: "web", User: "ana"}
	answer, _ := router.Take(context.Background(), bot.Call{ID: "web:1", From: ana, Command: "visit", Line: "okafor 12"})
	card := answer.(bot.Whisper).Card.Card()
	fmt.Println(card.Text())

	undo := card.Blocks[1].(bot.Buttons).Items[0].ID // what a service sends back
	answer, _ = router.Take(context.Background(), bot.Call{ID: "web:2", Kind: bot.Click, From: ana, Button: undo})
	fmt.Println(answer.(bot.Update).Private.Text())
	// Output:
	// Saved: okafor, 12 minutes. Only you can see this.
	// [Undo]
	// Taken back: visit v1
}

func ExampleParseLine() {
	sub, args, err := bot.ParseLine(visits, "@Okafor @de la Cruz 12 min glow:“asked why: twice”")
	fmt.Println(sub.Name, args["teacher"], args.Get("minutes"), args.Get("glow"), err)
	// Output: log [@Okafor @de la Cruz] 12 min asked why: twice <nil>
}

func ExampleUsage() {
	fmt.Println(bot.OpenCard(bot.Usage(visits)...).Text())
	fmt.Println(bot.OpenCard(bot.UsageOf(visits, visits.Subs[0])...).Text())
	// Output:
	// /observe (also /visit)
	// Log a classroom visit.
	// - /observe log @Okafor 12m glow:… · Log one.
	// For leaders.
	// /observe log
	// Log one.
	// > /observe log @Okafor 12m glow:…
	// teacher: (the key may be left out): Whom you visited
	// minutes: (the key may be left out): How long
	// glow: What went well
}
