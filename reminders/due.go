package reminders

import (
	"fmt"
	"slices"
	"time"

	"rounds/bot"
	"rounds/cards"
	"rounds/school"
)

// dues: on the school day nearest to Wednesday, what is still to do by its end, to those leaders of whom something is due soon or
// behind.
var dues = kind{
	name: KindDue, words: "visits due soon", priority: 8,
	find: func(p *planning) []Occurrence {
		var out []Occurrence
		p.leaders(KindDue, func(id school.PersonID, campus school.CampusID, f firing) {
			out = append(out, Occurrence{
				Name: p.name(KindDue, f.Key, string(id)), At: f.At, Until: f.At.Add(nudgeWindow), To: id, Campus: campus,
				Day: f.Day, closed: f.Closed, series: KindDue + " " + string(id),
			})
		})
		return out
	},
	done: func(p *planning, o *Occurrence) string {
		w, ok := p.weekOf(o.To)
		switch {
		case !ok:
			return "no visits are asked of you"
		case !pressing(w):
			return "nothing is due soon"
		case p.planToday(o):
			return "the plan of the week comes the same day and says it"
		}
		return ""
	},
	title: func(_ *planning, o []Occurrence) string {
		if len(o) == 1 {
			return "Visits due soon, for a leader"
		}
		return fmt.Sprintf("Visits due soon, for %d leaders", len(o))
	},
}

// pressing tells whether something that is to be done this week is due soon or behind.
func pressing(w school.WeekPlan) bool {
	return w.ToGo > 0 && slices.ContainsFunc(w.List, func(d school.Duty) bool {
		return d.Left() > 0 && (d.Status == school.DueSoon || d.Status == school.Behind)
	})
}

// planToday tells whether the plan of the week falls on the same day: in a week that begins late.
func (p *planning) planToday(o *Occurrence) bool {
	return slices.ContainsFunc(p.table(KindPlan, o.Campus, p.zone(o)).on(o.Day), func(f firing) bool { return f.Closed == "" })
}

func dueCard(m *school.Model, o Occurrence, now time.Time) (bot.Open, error) {
	w, _ := m.Week(o.To, now)
	who, ok := m.Person(o.To)
	if !ok {
		return bot.Open{}, fmt.Errorf("nobody is %q", o.To)
	}
	_, last, _ := m.Calendar(who.Now().Campus).WeekEdges(o.Day)
	return cards.DueEnvelope(w.ToGo, last), nil
}
