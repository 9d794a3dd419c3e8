package cards

import (
	"fmt"

	"rounds/bot"
	"rounds/school"
)

// PrivacyFacts is what /rounds privacy says about one person.
type PrivacyFacts struct {
	Name     string
	Role     string   // "coach"
	Stored   []string // one line for each kind of thing, with its count
	Seen     []string // who may see what of it, in words
	Mine     []string // what the person may see of others
	District string
	Record   bool // there is something to show behind [See my record]
	Today    school.Day
	Lookers  []Looker // who looked at the record in the last 30 days, the latest first
	LookDays int      // days that a look stays on record
	Ask      []string // who looks after Rounds in the district
}

// Privacy says what is stored about somebody, who may see it, what is never posted and how long it is kept.
// Nothing in it is a promise that the program does not keep.
func Privacy(f PrivacyFacts) bot.Private {
	b := []bot.Block{
		bot.Title{Text: "What Rounds keeps about you"},
		bot.Text{Text: f.Name + ", " + f.Role + ", " + f.District},
		bot.Text{Text: "Stored", Style: bot.Strong},
		privacyLines(f.Stored),
		bot.Text{Text: "Who may see it", Style: bot.Strong},
		privacyLines(f.Seen),
	}
	if len(f.Mine) > 0 {
		b = append(b, bot.Text{Text: "What you may see of others", Style: bot.Strong}, privacyLines(f.Mine))
	}
	b = append(b, looks(f.Lookers, f.Today)...)
	b = append(b, bot.Text{Text: "Whoever runs Rounds can write a person's record to a file. Each time is on record too, with a reason; where the store is a file it stands beside the store and not in this list. Ask them for it."})
	ask := "whoever looks after Rounds in your district"
	if len(f.Ask) > 0 {
		ask = Names(f.Ask)
	}
	b = append(b,
		bot.Text{Text: "Never posted in a room", Style: bot.Strong},
		privacyLines([]string{
			"Your name with a visit, a status, a number or a date; notes, action steps, check-ins, ratings, leave.",
			"Numbers about fewer than five people, or numbers from which one person could be found by subtracting.",
			"Anything about students. Rounds has no place for their names, and asks you not to write them: a student's record (FERPA) does not belong here.",
		}),
		bot.Text{Text: "A team's own room does show who facilitates, keeps time and records, and who owns an open commitment."},
		bot.Text{Text: "How long", Style: bot.Strong},
		privacyLines([]string{
			"Rounds deletes nothing of the record by itself. Your district's retention schedule decides, and whoever deletes must see first that no request for records and no legal hold stands.",
			"What is written about you (your name, notes, steps, check-ins, commitments) stands apart from the record and can be deleted for one person by whoever runs Rounds. That something took place, on which day and of what kind, stays in the record without words.",
			fmt.Sprintf("That somebody looked at a record is kept for %d days.", f.LookDays),
			"Messages that were posted stay in the chat service's archive for as long as your district keeps that; they hold no person's record.",
		}),
		bot.Text{Text: "The law", Style: bot.Strong},
		privacyLines([]string{
			"Notes by an appraiser and action steps can be confidential documents under state law (in Texas, Education Code 21.355), of teachers and of administrators. Coaching and evaluation are kept as two classes, and nothing moves from one to the other.",
			"What is written here about school business can be public information (in Texas, Government Code 552), on whatever service or telephone. Requests for records go to your district, not to Rounds.",
			"Nothing that you write is given to an AI service; /ask answers from the framework documents alone.",
		}),
		bot.Text{Text: "Whom to ask: " + ask + ". Your whole record, page by page: /rounds export."},
	)
	buttons := []bot.Button{}
	if f.Record {
		buttons = append(buttons, bot.Button{Label: "See my record", Press: bot.Press{Action: "rounds.record"}, Style: bot.Primary})
	}
	if len(f.Lookers) > 0 {
		buttons = append(buttons, bot.Button{Label: "Who looked, day by day", Press: bot.Press{Action: "rounds.lookers"}})
	}
	buttons = append(buttons, bot.Button{Label: "Why did I get that?", Press: bot.Press{Action: "rounds.why"}})
	return bot.PrivateCard(append(b, bot.Buttons{Items: buttons}, bot.Context{Text: "Each look at somebody else's record is itself kept: who looked, at whose, when."})...)
}

// privacyLines makes a list of sentences.
func privacyLines(in []string) bot.List {
	var l bot.List
	for _, s := range in {
		l.Items = append(l.Items, bot.Item{Text: s})
	}
	return l
}
