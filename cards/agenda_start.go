package cards

import (
	"fmt"
	"time"

	"rounds/bot"
	"rounds/school"
)

// MeetingStarts is the word in a team's room just before it meets: when, by which protocol, who has which job. Names
// stand in it as meeting roles alone, as in the agenda.
func MeetingStarts(m *school.Model, t *school.Team, slot school.Day, now time.Time, p Protocol) bot.Open {
	start := slot.At(t.Time, m.CampusZone(t.Campus))
	title := t.Name + " meets now"
	if left := start.Sub(now); left > 0 {
		title = fmt.Sprintf("%s meets in %s", t.Name, Count(int((left+time.Minute-1)/time.Minute), "minute"))
	}
	f := AgendaFactsOf(m, t, slot, nil, p)
	f.Campus = "" // they are there
	blocks := []bot.Block{bot.Title{Text: title}, bot.Text{Text: agendaWhen(f)}}
	if p.Name != "" {
		blocks = append(blocks, bot.Text{Text: "Protocol: " + p.Name})
	}
	if len(f.Roles) > 0 {
		var roles bot.List
		for _, r := range f.Roles {
			roles.Items = append(roles.Items, bot.Item{Text: r.Job, Note: r.Name, People: true})
		}
		blocks = append(blocks, roles)
	}
	return bot.OpenCard(append(blocks, bot.Buttons{Items: []bot.Button{
		{Label: "Open the agenda", Press: bot.Press{Action: "plc.agenda", Subject: f.Subject}, Style: bot.Primary},
		{Label: "Write the minutes", Press: bot.Press{Action: "plc.minutes", Subject: f.Subject}},
	}})...)
}
