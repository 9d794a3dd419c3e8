package reminders

import (
	"fmt"

	"rounds/bot"
	"rounds/cards"
	"rounds/school"
)

// grows: a look at one's own growth goals, in the rhythm that somebody chose for themselves, on the first school day of
// the week. The week of the choice itself reminds of nothing.
var grows = kind{
	name: KindGrow, words: "a look at your own goals", priority: 9,
	find: func(p *planning) []Occurrence {
		if !p.mayFire(KindGrow) {
			return nil
		}
		var out []Occurrence
		for _, d := range p.m.GrowsDue() {
			who, ok := p.m.Person(d.Person)
			if !ok || who.Now().Gone {
				continue
			}
			campus := who.Now().Campus
			for _, f := range p.firings(KindGrow, campus, p.m.ZoneOf(d.Person)) {
				if inRhythm(d, f.Day) {
					out = append(out, Occurrence{
						Name: p.name(KindGrow, f.Day.Monday().String(), string(d.Person)), At: f.At, Until: f.At.Add(nudgeWindow), To: d.Person, Campus: campus,
						Day: f.Day, closed: f.Closed, series: KindGrow + " " + string(d.Person),
					})
				}
			}
		}
		return out
	},
	done: func(p *planning, o *Occurrence) string {
		if d, ok := p.m.GrowDueOf(o.To); !ok || !inRhythm(d, o.Day) {
			return "no goal is open, or another rhythm was chosen"
		}
		return ""
	},
	title: func(_ *planning, o []Occurrence) string {
		if len(o) == 1 {
			return "A look at one's own goals, for one person"
		}
		return fmt.Sprintf("A look at one's own goals, for %d people", len(o))
	},
}

// inRhythm tells whether a day's week is one of those chosen.
func inRhythm(d school.GrowDue, day school.Day) bool {
	weeks := int(day.Monday()-d.Since.Monday()) / 7
	return weeks > 0 && weeks%d.Weeks == 0
}

func growCard() bot.Open { return cards.GrowEnvelope() }
