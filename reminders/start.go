package reminders

import (
	"fmt"
	"time"

	"rounds/bot"
	"rounds/cards"
	"rounds/school"
)

// starts: ten minutes before a team meets, in its room: that it does, by which protocol, and who has which job. It
// belongs to the slot, so that a meeting whose time is moved on its day is announced once.
var starts = kind{
	name: KindStart, words: "start of the PLC meeting", priority: 1, urgent: true,
	find: func(p *planning) []Occurrence {
		var out []Occurrence
		for _, t := range p.soonTeams(p.from.Add(startsAhead), p.now.Add(startsAhead)) {
			if t.Room == "" {
				continue
			}
			zone := p.m.CampusZone(t.Campus)
			for _, slot := range p.m.Slots(t, school.DayOf(p.from, zone), school.DayOf(p.now, zone)+1) {
				start := slot.At(t.Time, zone)
				at := start.Add(-startsAhead)
				if !at.After(p.from) || at.After(p.now) || p.off(KindStart, t, slot, zone) || p.off(KindAgenda, t, slot, zone) {
					continue
				}
				out = append(out, Occurrence{
					Name: p.name(KindStart, string(t.ID), slot.String()), At: at, Until: start,
					Room: t.Room, Campus: t.Campus, Team: t.ID, Day: slot,
				})
			}
		}
		return out
	},
	done: func(p *planning, o *Occurrence) string {
		if why := agendas.done(p, o); why != "" {
			return why
		}
		if s, ok := p.m.SentAs(p.name(KindAgenda, string(o.Team), o.Day.String())); ok && s.Dropped != "" {
			return "its agenda was not posted"
		}
		return ""
	},
	title: func(p *planning, o []Occurrence) string {
		if len(o) > 1 {
			return fmt.Sprintf("%d teams are about to meet", len(o))
		}
		if t, ok := p.m.Team(o[0].Team); ok {
			return t.Name + " is about to meet"
		}
		return "A team is about to meet"
	},
}

// startsAhead is how long before the meeting its start is announced.
const startsAhead = 10 * time.Minute

// off tells whether the district has turned a kind off on the day of a meeting.
func (p *planning) off(kind string, t *school.Team, slot school.Day, zone *time.Location) bool {
	return p.table(kind, t.Campus, zone).rule(slot).Off
}

func startCard(m *school.Model, o Occurrence, now time.Time) (bot.Open, error) {
	t, ok := m.Team(o.Team)
	if !ok {
		return bot.Open{}, fmt.Errorf("no team %q", o.Team)
	}
	return cards.MeetingStarts(m, t, o.Day, now, protocols[t.Protocol]), nil
}
