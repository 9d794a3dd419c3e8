package reminders

import (
	"fmt"

	"rounds/cards"
	"rounds/school"
	"rounds/seeds"
)

// agendas: before each meeting of a team, in its room, until the meeting starts.
var agendas = kind{
	name: KindAgenda, words: "PLC agenda", priority: 1, urgent: true,
	find: func(p *planning) []Occurrence {
		var out []Occurrence
		// Where the rule names no time before a meeting, on the first school day of the year or when it is new, the agenda
		// comes in the morning.
		if !p.mayFire(KindAgenda, atOpening) && !p.m.CalendarsSetAt().After(p.from) && !p.m.TeamsMovedAt().After(p.from) {
			return nil
		}
		for _, t := range p.m.Teams() {
			if t.Room == "" {
				continue
			}
			zone, cal := p.m.CampusZone(t.Campus), p.m.Calendar(t.Campus)
			table := p.table(KindAgenda, t.Campus, zone)
			first, last := school.DayOf(p.from, zone), school.DayOf(p.now, zone)+1
			if next, ok := cal.NextSchoolDay(last - 1); ok {
				last = max(last, next)
			}
			if t := table.rule(first); t.On != school.PreviousSchoolDay || t.Cron != "" {
				last += 14 // another rule may fire in the week before the meeting
			}
			moved := latest(p.m.CalendarSetAt(t.Campus), t.MovedAt())
			for _, slot := range p.m.Slots(t, first, last) {
				start := slot.At(t.Time, zone)
				at, ok := table.before(slot, start)
				if !ok {
					continue
				}
				// A day that is declared off moves the agenda to an earlier day, perhaps one that is over, and so does another
				// weekday of the team: then it is due when the day was declared, or the team's was set.
				if at.Before(moved) && moved.Before(start) {
					at = moved
				}
				if at.After(p.from) && !at.After(p.now) {
					out = append(out, Occurrence{
						Name: p.name(KindAgenda, string(t.ID), slot.String()), At: at, Until: start,
						Room: t.Room, Campus: t.Campus, Team: t.ID, Day: slot,
					})
				}
			}
		}
		return out
	},
	done: func(p *planning, o *Occurrence) string {
		if mk := p.m.Meeting(o.Team, o.Day); mk != nil && mk.Skipped {
			return "this meeting is skipped"
		} else if mk != nil && mk.Held {
			return "this meeting was held already"
		}
		return ""
	},
	title: func(p *planning, o []Occurrence) string {
		if len(o) > 1 {
			return fmt.Sprintf("PLC agendas for %d teams", len(o))
		}
		if t, ok := p.m.Team(o[0].Team); ok {
			return "PLC agenda for " + t.Name
		}
		return "PLC agenda"
	},
}

// protocols are the embedded ones, in the shape that cards take.
var protocols = func() map[string]cards.Protocol {
	out := map[string]cards.Protocol{}
	for _, p := range seeds.Protocols() {
		c := cards.Protocol{ID: p.ID, Name: p.Name, Minutes: p.Minutes, PreWork: p.PreWork, Note: p.Note}
		for _, s := range p.Steps {
			c.Steps = append(c.Steps, cards.ProtocolStep{Minutes: s.Minutes, Title: s.Title, Output: s.Output, Required: s.Required})
		}
		out[p.ID] = c
	}
	return out
}()
