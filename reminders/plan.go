package reminders

import (
	"fmt"
	"time"

	"rounds/bot"
	"rounds/cards"
	"rounds/school"
)

// nudgeWindow is how long after its time a nudge to one person is still worth sending.
const nudgeWindow = 4 * time.Hour

// plans: each leader's week, on its first school day. The envelope holds two numbers.
var plans = kind{
	name: KindPlan, words: "plan of the week", priority: 5,
	find: func(p *planning) []Occurrence {
		var out []Occurrence
		p.leaders(KindPlan, func(id school.PersonID, campus school.CampusID, f firing) {
			out = append(out, Occurrence{
				Name: p.name(KindPlan, f.Key, string(id)), At: f.At, Until: f.At.Add(nudgeWindow), To: id, Campus: campus,
				Day: f.Day, closed: f.Closed, series: KindPlan + " " + string(id),
			})
		})
		return out
	},
	done: func(p *planning, o *Occurrence) string {
		w, ok := p.weekOf(o.To)
		switch {
		case !ok:
			return "no visits are asked of you"
		case w.ToGo == 0:
			return "nothing left to do this week"
		}
		return ""
	},
	title: func(_ *planning, o []Occurrence) string {
		if len(o) == 1 {
			return "Plan of the week, for a leader"
		}
		return fmt.Sprintf("Plan of the week, for %d leaders", len(o))
	},
}

func planCard(m *school.Model, o Occurrence, now time.Time) (bot.Open, error) {
	w, _ := m.Week(o.To, now)
	return cards.PlanEnvelope(w.ToGo, w.DaysLeft), nil
}
