package reminders

import (
	"fmt"

	"rounds/bot"
	"rounds/school"
)

// agendaOffs: a day is declared off after the agenda of a meeting on it was posted. The posted agenda then says so, once
// and in its place: an edit rings nobody's phone, so neither the calendar nor quiet hours hold it. If the day is a school
// day after all, the agenda stands as before.
var agendaOffs = kind{
	name: KindAgendaOff, words: "PLC meeting called off", priority: 1, urgent: true,
	find: func(p *planning) []Occurrence {
		var out []Occurrence
		if !p.m.CalendarsSetAt().After(p.from) {
			return nil
		}
		for _, t := range p.m.Teams() {
			moved := p.m.CalendarSetAt(t.Campus)
			if t.Room == "" || !moved.After(p.from) || moved.After(p.now) {
				continue
			}
			cal, zone := p.m.Calendar(t.Campus), p.m.CampusZone(t.Campus)
			// An agenda is posted before its meeting by a break at most.
			for d := school.DayOf(moved, zone); d <= school.DayOf(moved, zone)+28; d++ {
				sent, ok := p.m.SentAs(p.name(KindAgenda, string(t.ID), d.String()))
				name, start := p.name(KindAgendaOff, string(t.ID), d.String()), d.At(t.Time, zone)
				if !ok || sent.Dropped != "" || sent.Ref == "" || !moved.Before(start) || !t.MeetsOn(d) { // the meeting moved away: agenda_moved.go
					continue
				}
				for p.posted(name) && p.posted(name+backOn) { // called off, and on again: the next time is another edit
					name += onceMore
				}
				if cal.School(d) {
					if !p.posted(name) {
						continue
					}
					name += backOn
				}
				out = append(out, Occurrence{
					Name: name, At: moved, Until: start,
					Room: sent.Room, Campus: t.Campus, Team: t.ID, Day: d, edits: bot.Ref(sent.Ref), asked: true,
				})
			}
		}
		return out
	},
	done: agendas.done,
	title: func(p *planning, o []Occurrence) string {
		if len(o) > 1 {
			return fmt.Sprintf("PLC agendas of %d teams, changed with the calendar", len(o))
		}
		if t, ok := p.m.Team(o[0].Team); ok {
			return "The PLC agenda for " + t.Name + ", changed with the calendar"
		}
		return "A PLC agenda, changed with the calendar"
	},
}

// backOn ends the name of the edit that takes the word back; onceMore that of the next time that the day is declared off.
const (
	backOn   = "/back"
	onceMore = "/again"
)
