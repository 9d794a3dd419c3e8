package reminders

import (
	"context"
	"errors"
	"fmt"
	"time"

	"rounds/bot"
	"rounds/cards"
	"rounds/school"
)

// composer makes the card of one occurrence, in two steps: what the model says under its lock, then what must be
// fetched or drawn.
type composer struct {
	district bot.District
	now      time.Time

	card    bot.Open
	welcome bool
	keys    []string // of the agenda's texts
	snap    school.Snapshot
	campus  string
	zone    *time.Location
}

func (c *composer) read(p *planning, o *Occurrence) (err error) {
	c.welcome = o.To != "" && !p.m.WelcomedAlready(o.To)
	switch o.Kind {
	case KindPlan:
		c.card, err = planCard(p.m, *o, c.now)
	case KindPreview:
		c.card, err = previewCard(p, *o)
	case KindNotice:
		c.card, err = noticeCard(p.m, *o)
	case KindDue:
		c.card, err = dueCard(p.m, *o, c.now)
	case KindFeedback:
		c.card = feedbackCard(p, *o)
	case KindCheckback:
		c.card = checkbackCard(p, *o)
	case KindAnswers:
		c.card = answersCard(p, *o)
	case KindGrow:
		c.card = growCard()
	case KindStart:
		c.card, err = startCard(p.m, *o, c.now)
	case KindAgenda, KindAgendaOff, KindAgendaMoved:
		c.keys = cards.AgendaTexts(p.m, o.Team, o.Day)
	case KindDigest:
		c.zone = p.m.CampusZone(o.Campus)
		c.snap, c.campus = p.m.Snapshot(o.Campus, c.now), p.m.CampusName(o.Campus)
	default:
		err = fmt.Errorf("no card for a %q", o.Kind)
	}
	return err
}

func (c *composer) compose(ctx context.Context, book *school.Book, o *Occurrence, draw func(bot.Chart) ([]byte, error)) (bot.Open, error) {
	switch o.Kind {
	case KindAgenda, KindAgendaOff, KindAgendaMoved:
		texts, err := book.Bodies(ctx, c.keys...)
		if err != nil {
			return bot.Open{}, fmt.Errorf("texts of an agenda: %w", err)
		}
		err = errors.New("the team is gone")
		if rerr := book.Read(func(m *school.Model) {
			t, ok := m.Team(o.Team)
			if !ok {
				return
			}
			says := m.Says(t, o.Day)
			if err = nil; o.Kind == KindAgendaMoved && says != o.says {
				err = errors.New("the meeting moved again") // its next change is found by the next scan
				return
			}
			o.says = says
			c.card = cards.AgendaOf(m, t, o.Day, texts, protocols[t.Protocol])
		}); rerr != nil || err != nil {
			return bot.Open{}, errors.Join(rerr, err)
		}
	case KindDigest:
		var png []byte
		if ch, ok := cards.DigestChart(c.snap); ok && draw != nil {
			if p, err := draw(ch); err == nil {
				png = p // without a picture the numbers stand in a table
			}
		}
		c.card = cards.Digest(c.snap, c.campus, c.now.In(c.zone), png)
	}
	if c.welcome {
		return cards.WithWelcome(c.card), nil
	}
	return c.card, nil
}
