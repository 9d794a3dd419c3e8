package cards

import "rounds/bot"

// RuleRow is a kind of reminder and its rule.
type RuleRow struct {
	Kind   string // the clock's name for it: "digest"
	Name   string // "coaching snapshot"
	When   string // "last school day of the week, 2:30 PM"
	Coming string // from tomorrow on: "off"; "" when nothing changes
	Next   string // "next Fri, Oct 16, 2:30 PM", "nothing falls due in the next 60 days"
	Set    string // "set by Dana Whitfield on Thu, Oct 15"
}

// Rules lists when reminders go out. Whoever may change them has a button beside each.
func Rules(rows []RuleRow, may bool, note string) bot.Private {
	var l bot.List
	for _, r := range rows {
		it := bot.Item{Text: upFirst(r.Name) + " (" + r.Kind + "): " + r.When, Note: r.Set}
		if r.Coming != "" {
			it.Note += " · from tomorrow: " + r.Coming
		}
		if r.Next != "" {
			it.Note += " · " + r.Next
		}
		if may {
			it.Button = &bot.Button{Label: "Change", Press: bot.Press{Action: "rounds.rule", Subject: r.Kind}, About: r.Name}
		}
		l.Items = append(l.Items, it)
	}
	return bot.PrivateCard(bot.Title{Text: "When reminders go out"}, l, bot.Context{Text: note})
}

// RuleChanged is the receipt of a changed rule: what holds, from when, and what that means for today and next.
func RuleChanged(name, when string, lines []string, note string) bot.Private {
	b := []bot.Block{bot.Text{Text: upFirst(name) + ": " + when + ".", Style: bot.Strong}}
	for _, l := range lines {
		b = append(b, bot.Text{Text: l})
	}
	return bot.PrivateCard(append(b, bot.Buttons{Items: []bot.Button{{Label: "All rules", Press: bot.Press{Action: "rounds.rules"}}}}, bot.Context{Text: note})...)
}
