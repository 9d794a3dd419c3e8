package cards

import "rounds/bot"

// HelpLine is one thing that somebody can do, with what to type.
type HelpLine struct {
	Do   string // "Log a classroom visit"
	Type string // "/observe log @Okafor 12m"
}

// Help points: the three things that somebody of this role does first, and the way to the rest.
func Help(role string, first []HelpLine) bot.Private {
	b := []bot.Block{bot.Title{Text: "Rounds"}, bot.Text{Text: "What " + role + " does here first:"}, helpList(first)}
	b = append(b,
		bot.Text{Text: "Or ask me in plain words: what does Proficient look like for observation?"},
		bot.Buttons{Items: []bot.Button{
			{Label: "More", Press: bot.Press{Action: "rounds.more"}},
			{Label: "My day", Press: bot.Press{Action: "rounds.day"}},
			{Label: "What is stored about me", Press: bot.Press{Action: "rounds.privacy"}},
		}})
	return bot.PrivateCard(b...)
}

// HelpMore is everything, one line a command.
func HelpMore(all []HelpLine) bot.Private {
	return bot.PrivateCard(bot.Title{Text: "All commands"}, helpList(all),
		bot.Context{Text: "@name or a last name; dates such as fri, 10/30, in 2 weeks; 12 or 12m for minutes. What you type after a slash is seen by nobody else."})
}

func helpList(lines []HelpLine) bot.List {
	var l bot.List
	for _, h := range lines {
		l.Items = append(l.Items, bot.Item{Text: h.Do, Note: h.Type})
	}
	return l
}
