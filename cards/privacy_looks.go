package cards

import (
	"fmt"

	"rounds/bot"
	"rounds/school"
)

// Looker is somebody who looked at the viewer's record.
type Looker struct {
	Name, Role string
	What       []string // "visits", "steps", "status", …: what was shown of the viewer alone
	Days       int      // days on which it was
	ListDays   int      // days on which they were only in a list
	Last       school.Day
}

func (l Looker) words(today school.Day) string {
	var did []string
	if l.Days > 0 {
		did = append(did, Names(l.What)+" on "+Count(l.Days, "day"))
	}
	if l.ListDays > 0 {
		did = append(did, "in a list on "+Count(l.ListDays, "day"))
	}
	return dots(l.Name+", "+l.Role, Names(did), "last "+When(l.Last, today))
}

// looksShown is how many people /rounds privacy names; the button shows the rest.
const looksShown = 8

// looks is the part of /rounds privacy about who looked.
func looks(list []Looker, today school.Day) []bot.Block {
	b := []bot.Block{bot.Text{Text: "Who looked at your record, last 30 days", Style: bot.Strong}}
	if len(list) == 0 {
		return append(b, bot.Text{Text: "Nobody but you."})
	}
	var lines []string
	for i, l := range list {
		if i == looksShown {
			lines = append(lines, fmt.Sprintf("and %d more", len(list)-i))
			break
		}
		lines = append(lines, l.words(today))
	}
	return append(b, privacyLines(lines))
}

// looksDays is how many lines one card holds.
const looksDays = 40

// Lookers lists day by day who looked at the viewer's record; kept is how many days a look stays on record.
func Lookers(list []school.ExportLook, more bool, today school.Day, kept int) bot.Private {
	b := []bot.Block{bot.Title{Text: "Who looked at your record"}}
	if len(list) == 0 {
		b = append(b, bot.Text{Text: "In the last 30 days nobody but you."})
	}
	var l bot.List
	for i, x := range list {
		if i == looksDays {
			more = true
			break
		}
		l.Items = append(l.Items, bot.Item{Text: Date(x.On, today) + " · " + dots(x.By, x.Role), Note: lookWords(x.Alone, x.Listed)})
	}
	if len(l.Items) > 0 {
		b = append(b, l)
	}
	if more {
		b = append(b, bot.Text{Text: "There were more, earlier. /rounds export lists them."})
	}
	return bot.PrivateCard(append(b, bot.Context{Text: fmt.Sprintf("The last 30 days. Looks are kept for %d days; your district's IT office can look further back.", kept)})...)
}
