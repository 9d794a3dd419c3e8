package cards

import "rounds/bot"

// PrivacyFacts is what /rounds privacy says about one person.
type PrivacyFacts struct {
	Name     string
	Role     string   // "coach"
	Stored   []string // one line for each kind of thing, with its count
	Seen     []string // who may see what of it, in words
	Mine     []string // what the person may see of others
	District string
	Record   bool // there is something to show behind [See my record]
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
	b = append(b,
		bot.Text{Text: "Never posted in a room", Style: bot.Strong},
		privacyLines([]string{
			"Your name with a visit, a status, a number or a date; notes, action steps, check-ins, ratings, leave.",
			"Numbers about fewer than five people, or numbers from which one person could be found by subtracting.",
			"Anything about students. Rounds has no place for their names, and asks you not to write them.",
		}),
		bot.Text{Text: "A team's own room does show who facilitates, keeps time and records, and who owns an open commitment."},
		bot.Text{Text: "How long", Style: bot.Strong},
		bot.Text{Text: "Rounds deletes nothing by itself. What is written about you (your name, notes, steps, check-ins, commitments) stands apart from the record and can be deleted for one person by whoever runs Rounds, " +
			"when the district's retention rules allow it. That something took place, on which day and of what kind, stays in the record without words. Messages that were posted stay with the chat service; " +
			"they hold no person's record. Notes by an appraiser and action steps can be confidential documents under state law (in Texas, Education Code 21.355), and requests for records go to your district, not to Rounds."},
	)
	buttons := []bot.Button{}
	if f.Record {
		buttons = append(buttons, bot.Button{Label: "See my record", Press: bot.Press{Action: "rounds.record"}, Style: bot.Primary})
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

// RecordVisit is one visit of somebody's own record.
type RecordVisit struct {
	Head  string // "Fri, Oct 16 · coaching visit · Ada Okafor · 12 min"
	Texts []string
}

// Record is what Rounds holds about its viewer: visits and steps, the latest first, with all that they may read.
func Record(visits, steps []RecordVisit, moreVisits, moreSteps int) bot.Private {
	b := []bot.Block{bot.Title{Text: "My record"}}
	b = append(b, recordPart("Visits to me", visits, moreVisits)...)
	b = append(b, recordPart("Action steps", steps, moreSteps)...)
	return bot.PrivateCard(append(b, bot.Context{Text: "Only you see this here. A note appears once its author shared it; who else may see what is in /rounds privacy."})...)
}

func recordPart(head string, list []RecordVisit, more int) []bot.Block {
	b := []bot.Block{bot.Text{Text: head, Style: bot.Strong}}
	if len(list) == 0 {
		return append(b, bot.Text{Text: "None."})
	}
	for _, v := range list {
		b = append(b, bot.Text{Text: v.Head})
		for _, t := range v.Texts {
			b = append(b, bot.Text{Text: t, Style: bot.Quote})
		}
	}
	if more > 0 {
		b = append(b, bot.Text{Text: Count(more, "earlier one") + "."})
	}
	return b
}
