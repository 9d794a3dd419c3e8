package reminders

import (
	"fmt"
	"slices"
	"time"

	"rounds/bot"
	"rounds/cards"
	"rounds/school"
)

// answerSums: in the afternoon, how many check-ins on their steps a leader has not been told of. "Let's talk" is not
// among them: it went to its coach at once.
var answerSums = kind{
	name: KindAnswers, words: "check-ins on your steps", priority: 9,
	find: func(p *planning) []Occurrence {
		var out []Occurrence
		var fresh map[school.PersonID]bool // those who may have something to read
		p.leaders(KindAnswers, func(id school.PersonID, campus school.CampusID, f firing) {
			if fresh == nil {
				fresh = map[school.PersonID]bool{}
				for _, c := range p.m.CheckIns(p.from.AddDate(0, 0, -answerDays), p.now) {
					fresh[c.Leader] = true
				}
			}
			if !fresh[id] {
				return
			}
			o := Occurrence{
				Name: p.name(KindAnswers, f.Key, string(id)), At: f.At, Until: f.At.Add(nudgeWindow), To: id, Campus: campus,
				Day: f.Day, closed: f.Closed, series: KindAnswers + " " + string(id),
			}
			o.since = p.lastTold(&o, f)
			if p.answers(&o) > 0 {
				out = append(out, o)
			}
		})
		return out
	},
	done: func(p *planning, o *Occurrence) string {
		if p.answers(o) == 0 {
			return "nothing is left to read"
		}
		return ""
	},
	title: func(_ *planning, o []Occurrence) string {
		if len(o) == 1 {
			return "Check-ins of the day, for a leader"
		}
		return fmt.Sprintf("Check-ins of the day, for %d leaders", len(o))
	},
}

// answerDays is how long an answer waits to be told of: over a weekend, or a day on which its reader was away. What is
// older they have seen in their lists.
const answerDays = 7

// lastTold is when the leader was last sent a summary, answerDays ago at the earliest. What is still to come will have been
// sent by then.
func (p *planning) lastTold(o *Occurrence, f firing) time.Time {
	t := p.table(KindAnswers, o.Campus, p.m.ZoneOf(o.To))
	for d := f.Day; d > f.Day-answerDays; d-- {
		for _, e := range slices.Backward(t.on(d)) {
			if e.At.Before(f.At) && (p.ahead && e.At.After(p.from) || p.posted(p.name(KindAnswers, e.Key, string(o.To)))) {
				return e.At
			}
		}
	}
	return f.At.AddDate(0, 0, -answerDays)
}

// answers counts what a summary is about.
func (p *planning) answers(o *Occurrence) int {
	return len(p.m.CheckInsTo(o.To, o.since, o.At))
}

func answersCard(p *planning, o Occurrence) bot.Open {
	return cards.AnswersEnvelope(p.answers(&o))
}
