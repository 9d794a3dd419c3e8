package reminders

import (
	"fmt"
	"time"

	"rounds/bot"
	"rounds/school"
)

// agendaMoves: a team's day, time, weeks or room is set anew after the agenda of a meeting was posted. The posted agenda then
// says so, once for each change and in its place: an edit rings nobody's phone, so neither the calendar nor quiet hours
// hold it. It is named by its slot and by what became of the meeting; one that is moved back reads as it did.
//
// A day without school is the calendar's word, and agenda_off.go's. Only where a meeting moved away from its slot the
// calendar may still change what is said of it: the day that it moved to is declared off.
var agendaMoves = kind{
	name: KindAgendaMoved, words: "PLC meeting moved", priority: 1, urgent: true,
	find: func(p *planning) []Occurrence {
		var out []Occurrence
		if !p.m.TeamsMovedAt().After(p.from) && !p.m.CalendarsSetAt().After(p.from) {
			return nil
		}
		inWindow := func(t time.Time) bool { return t.After(p.from) && !t.After(p.now) }
		for _, t := range p.m.Teams() {
			moved, closed := t.MovedAt(), p.m.CalendarSetAt(t.Campus)
			if !inWindow(moved) && !inWindow(closed) {
				continue
			}
			at, all := closed, false
			if inWindow(moved) {
				at, all = latest(moved, closed), true
				if !inWindow(at) {
					at = moved
				}
			}
			// What was to be on an earlier day of the week may have moved to a later one.
			day := school.DayOf(at, p.m.CampusZone(t.Campus))
			for d := day.Monday(); d <= day+agendaAhead; d++ {
				if !all && t.MeetsOn(d) {
					continue
				}
				if o, ok := p.agendaMove(t, d, at); ok {
					out = append(out, o)
				}
			}
		}
		return out
	},
	done: func(p *planning, o *Occurrence) string {
		if t, ok := p.m.Team(o.Team); !ok {
			return "the team is no longer on the list"
		} else if p.m.Says(t, o.Day) != o.says {
			return "the meeting moved again"
		}
		return agendas.done(p, o)
	},
	title: func(p *planning, o []Occurrence) string {
		if len(o) > 1 {
			return fmt.Sprintf("PLC agendas of %d meetings that moved", len(o))
		}
		if t, ok := p.m.Team(o[0].Team); ok {
			return "The PLC agenda for " + t.Name + ", whose meeting moved"
		}
		return "A PLC agenda whose meeting moved"
	},
}

// agendaAhead is how many days before its meeting an agenda is posted at most: a break.
const agendaAhead = 28

// agendaMove is the change of one slot's agenda, if it was posted and may say what does not hold any more.
func (p *planning) agendaMove(t *school.Team, d school.Day, at time.Time) (Occurrence, bool) {
	sent, ok := p.m.SentAs(p.name(KindAgenda, string(t.ID), d.String()))
	if !ok || sent.Dropped != "" || sent.Ref == "" {
		return Occurrence{}, false
	}
	now, until, stale := p.m.Stale(t, d, sent)
	if !stale || !until.After(at) {
		return Occurrence{}, false
	}
	name := p.name(KindAgendaMoved, string(t.ID), d.String(), now.String())
	for p.posted(name) { // it became the same before
		name += onceMore
	}
	return Occurrence{
		Name: name, At: at, Until: until, Room: sent.Room, Campus: t.Campus, Team: t.ID, Day: d,
		edits: bot.Ref(sent.Ref), asked: true, says: now.String(),
	}, true
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
