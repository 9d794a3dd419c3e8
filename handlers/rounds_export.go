package handlers

import (
	"context"
	"fmt"
	"time"

	"rounds/bot"
	"rounds/cards"
	"rounds/school"
)

// exportPage entries stand on one page: with their notes they stay within what every service shows as one message.
const exportEntries = 12

// How far back a person is shown who looked at them, and the most lines of it.
const (
	lookDays = 30
	lookMost = 120
)

// export shows the caller their whole record, page by page.
func (d *Desk) export(ctx context.Context, c bot.Call) (bot.Answer, error) {
	card, err := d.exportCard(ctx, c, 1)
	return bot.Whisper{Card: card}, err
}

func (d *Desk) exportPage(ctx context.Context, c bot.Call) (bot.Answer, error) {
	page := 1
	_, _ = fmt.Sscanf(c.Press.Subject, "p%d", &page) // what is no number is the first page
	card, err := d.exportCard(ctx, c, page)
	if err != nil {
		return nil, err
	}
	return instead(c, card), nil
}

func (d *Desk) exportCard(ctx context.Context, c bot.Call, page int) (card bot.Private, err error) {
	var x *school.Export
	var today school.Day
	var zone *time.Location
	if err := d.as(ctx, c, func(v *school.Viewer) error { x, today, zone = v.Own(), v.Today(), v.Zone(); return nil }); err != nil {
		return card, err
	}
	texts, err := d.bodies(ctx, c, x.Keys()...)
	if err != nil {
		return card, err
	}
	x.Fill(texts)
	looks, _, err := d.looks(ctx, c, today)
	if err != nil {
		return card, err
	}
	if err := d.as(ctx, c, func(v *school.Viewer) error { x.SetLooks(v.Model(), looks); return nil }); err != nil {
		return card, err
	}
	lines := cards.ExportLines(x, today, zone)
	pages := max(1, (len(lines)+exportEntries-1)/exportEntries)
	page = min(max(page, 1), pages)
	from := (page - 1) * exportEntries
	return cards.ExportPage(lines[from:min(len(lines), from+exportEntries)], page, pages, len(lines)), nil
}

// looks are who looked at the caller's record in the last days.
func (d *Desk) looks(ctx context.Context, c bot.Call, today school.Day) ([]school.LookDay, bool, error) {
	b, err := d.book(c)
	if err != nil {
		return nil, false, err
	}
	return school.LookDays(ctx, b, school.PersonID(c.Person), today-lookDays, today+1, lookMost)
}

// looked gathers days of looks into one line for each person who looked, the latest first.
func looked(m *school.Model, looks []school.LookDay) []cards.Looker {
	var out []cards.Looker
	at := map[school.PersonID]int{}
	for _, l := range looks {
		i, ok := at[l.By]
		if !ok {
			who := cards.Looker{Name: m.Name(l.By), Last: l.On}
			if p, known := m.Person(l.By); known && !p.On(l.On).Gone {
				who.Role = p.On(l.On).Role.Words()
			}
			i = len(out)
			at[l.By], out = i, append(out, who)
		}
		if len(l.Alone) > 0 {
			out[i].Days++
			for _, w := range l.Alone {
				if !contains(out[i].What, w) {
					out[i].What = append(out[i].What, w)
				}
			}
		} else {
			out[i].ListDays++
		}
	}
	return out
}

// lookers shows the caller every day on which somebody looked at their record.
func (d *Desk) lookers(ctx context.Context, c bot.Call) (bot.Answer, error) {
	var today school.Day
	if err := d.as(ctx, c, func(v *school.Viewer) error { today = v.Today(); return nil }); err != nil {
		return nil, err
	}
	looks, more, err := d.looks(ctx, c, today)
	if err != nil {
		return nil, err
	}
	x := &school.Export{}
	days := 0
	err = d.as(ctx, c, func(v *school.Viewer) error {
		x.SetLooks(v.Model(), looks)
		days = v.Model().District().AuditDays()
		return nil
	})
	return bot.Whisper{Card: cards.Lookers(x.Looks, more, today, days)}, err
}
