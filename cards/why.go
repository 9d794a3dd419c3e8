package cards

import "rounds/bot"

// WhyGroup is what became of some reminders: those that were sent, were held back, or come next.
type WhyGroup struct {
	Head  string
	Lines []WhyLine
	Left  int // lines there is no room for
}

// WhyLine is one reminder.
type WhyLine struct {
	When, What string
	Why        string // of what was held back
}

// Why shows what was sent to somebody this week, what was held back and why, and what comes next. A group without
// lines is left out; where all are, a sentence says so.
func Why(head string, groups []WhyGroup, note string) bot.Private {
	b := []bot.Block{bot.Title{Text: head}}
	for _, g := range groups {
		if len(g.Lines) == 0 {
			continue
		}
		var l bot.List
		for _, x := range g.Lines {
			l.Items = append(l.Items, bot.Item{Text: x.When + " · " + x.What, Note: x.Why})
		}
		if g.Left > 0 {
			l.Items = append(l.Items, bot.Item{Text: Count(g.Left, "more line")})
		}
		b = append(b, bot.Text{Text: g.Head, Style: bot.Strong}, l)
	}
	if len(b) == 1 {
		b = append(b, bot.Text{Text: "Nothing was due for you this week and nothing is planned."})
	}
	if note != "" {
		b = append(b, bot.Context{Text: note})
	}
	return bot.PrivateCard(b...)
}

// Snoozed is the receipt of a snooze.
func Snoozed(what, until string) bot.Private {
	return bot.PrivateCard(
		bot.Text{Text: what + ": snoozed until " + until + ". That day reminds you again."},
		bot.Context{Text: "Visits stay due meanwhile, and your list is always in /rounds today."},
		bot.Buttons{Items: []bot.Button{{Label: "End the snooze", Press: bot.Press{Action: "rounds.wake"}}}})
}
