package reminders

import (
	"fmt"

	"rounds/bot"
	"rounds/cards"
	"rounds/school"
)

// feedbacks: visits whose feedback is late, to the leader who made them, one message a day for all of them. A visit is
// asked for on the third school day after it and once more on the fifth; then it is left alone, as in the home view.
var feedbacks = kind{
	name: KindFeedback, words: "feedback still to give", priority: 7,
	find: func(p *planning) []Occurrence {
		var out []Occurrence
		p.leaders(KindFeedback, func(id school.PersonID, campus school.CampusID, f firing) {
			o := Occurrence{
				Name: p.name(KindFeedback, f.Day.String(), string(id)), At: f.At, Until: f.At.Add(nudgeWindow), To: id, Campus: campus,
				Day: f.Day, closed: f.Closed, series: KindFeedback + " " + string(id),
				since: p.last(KindFeedback, campus, p.m.ZoneOf(id), f).At,
			}
			if p.owed(&o) > 0 {
				out = append(out, o)
			}
		})
		return out
	},
	done: func(p *planning, o *Occurrence) string {
		if p.owed(o) == 0 {
			return "the feedback was given"
		}
		return ""
	},
	title: func(_ *planning, o []Occurrence) string {
		if len(o) == 1 {
			return "Feedback still to give, for a leader"
		}
		return fmt.Sprintf("Feedback still to give, for %d leaders", len(o))
	},
}

// owed counts the visits that a reminder of feedback is about.
func (p *planning) owed(o *Occurrence) int {
	return p.m.FeedbackOwed(o.To, school.DayOf(o.since, p.zone(o)), o.Day)
}

func feedbackCard(p *planning, o Occurrence) bot.Open {
	return cards.FeedbackEnvelope(p.owed(&o))
}
