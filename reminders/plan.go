package reminders

import (
	"fmt"
	"time"

	"rounds/bot"
	"rounds/cards"
	"rounds/school"
)

// plans: each leader's week, on its first school day. The envelope holds two numbers.
var plans = kind{
	name: KindPlan, words: "plan of the week", priority: 4,
	find: func(p *planning) []Occurrence {
		var out []Occurrence
		fired := map[tableKey][]firing{}
		for _, id := range p.m.Leaders(p.now) {
			who, _ := p.m.Person(id)
			campus, zone := who.Now().Campus, p.m.ZoneOf(id)
			key := tableKey{KindPlan, campus, zone.String()}
			fs, ok := fired[key]
			if !ok {
				fs = p.table(KindPlan, campus, zone).firings(p.from, p.now)
				fired[key] = fs
			}
			for _, f := range fs {
				out = append(out, Occurrence{
					Name: p.name(KindPlan, f.Key, string(id)), At: f.At, Until: f.At.Add(4 * time.Hour), To: id, Campus: campus,
					Day: f.Day, closed: f.Closed, series: KindPlan + " " + string(id),
				})
			}
		}
		return out
	},
	done: func(p *planning, o *Occurrence) string {
		w, ok := p.m.Week(o.To, p.now)
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
