package handlers

import (
	"context"
	"fmt"
	"time"

	"rounds/bot"
	"rounds/cards"
	"rounds/school"
)

// whyLines of each group fit on a card.
const whyLines = 12

// why tells the caller what was sent to them this week, what was held back and why, and what comes next.
func (d *Desk) why(ctx context.Context, c bot.Call) (bot.Answer, error) {
	var today school.Day
	var zone *time.Location
	var notes string
	err := d.as(ctx, c, func(v *school.Viewer) error {
		today, zone = v.Today(), v.Zone()
		if s := snoozeWords(v); s != "" {
			notes += " " + s
		}
		if !v.Model().MayTell(v.ID()) {
			notes += " Your campus sends teachers no messages; only what goes to your teams' rooms comes."
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if d.cfg.Clock == nil {
		return nil, &bot.Error{Code: bot.Unavailable, Sentence: "No reminders are sent from here: the clock of this Rounds is not running."}
	}
	from, to := today.Monday().At(0, zone), (today+7).At(23*60+59, zone)
	reasons, err := d.cfg.Clock.Why(ctx, c.District, c.Person, from, to)
	if err != nil {
		return nil, &bot.Error{Code: bot.Unavailable, Sentence: "I cannot look at the reminders right now. Please try again in a minute.", Err: err}
	}
	sent, held, next := cards.WhyGroup{Head: "Sent this week"}, cards.WhyGroup{Head: "Held back"}, cards.WhyGroup{Head: "Comes next"}
	for _, r := range reasons {
		g := &next
		switch {
		case r.Status == "sent":
			g = &sent
		case r.Why != "":
			g = &held
		}
		if len(g.Lines) == whyLines {
			g.Left++
			continue
		}
		g.Lines = append(g.Lines, cards.WhyLine{When: whyWhen(r.At, today, zone), What: r.What, Why: r.Why})
	}
	abbr, _ := c.At.In(zone).Zone()
	head := fmt.Sprintf("Your reminders, %s to %s", today.Monday().Short(), (today + 7).Short())
	return bot.Whisper{Card: cards.Why(head, []cards.WhyGroup{sent, held, next}, "Times are "+abbr+"."+notes+" /rounds snooze stops them for a while.")}, nil
}

func whyWhen(t time.Time, today school.Day, zone *time.Location) string {
	switch local := t.In(zone); {
	case t.IsZero():
		return "-"
	case school.DayOf(t, zone) == today:
		return "Today, " + local.Format("3:04 PM")
	default:
		return local.Format("Mon, Jan 2, 3:04 PM")
	}
}
