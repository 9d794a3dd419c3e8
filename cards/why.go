package cards

import "rounds/bot"

// WhyLine is one reminder and what became of it.
type WhyLine struct {
	When, What, Status, Why string
}

// Why shows what was sent to somebody this week, what was held back and why, and what comes next.
func Why(head string, lines []WhyLine, left int, note string) bot.Private {
	b := []bot.Block{bot.Title{Text: head}}
	if len(lines) == 0 {
		b = append(b, bot.Text{Text: "Nothing was due for you this week and nothing is planned."})
	} else {
		t := bot.Table{Columns: []bot.Column{{Head: "When"}, {Head: "What"}, {Head: "Status"}, {Head: "Why"}}}
		for _, l := range lines {
			t.Rows = append(t.Rows, []string{l.When, l.What, l.Status, l.Why})
		}
		b = append(b, t)
	}
	if left > 0 {
		b = append(b, bot.Text{Text: Count(left, "more line") + " of the same kind."})
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
