package handlers

import (
	"context"

	"rounds/bot"
	"rounds/cards"
	"rounds/school"
)

// plcAgenda shows the next meeting's agenda: for all in the team's own room, else to the caller.
func (d *Desk) plcAgenda(ctx context.Context, c bot.Call) (bot.Answer, error) {
	var team school.TeamID
	var slot school.Day
	own := false
	err := d.as(ctx, c, func(v *school.Viewer) error {
		t, err := plcFind(v, c.Room, c.Args.Get("team"))
		if err != nil {
			return err
		}
		if err := plcSees(v, t); err != nil {
			return err
		}
		next, ok := plcNext(v, t)
		if !ok {
			return noMeeting(v, t)
		}
		team, slot = t.ID, next
		own = t.Room != "" && t.Room == roomText(c.Room) && !c.Direct && !c.Guests
		return nil
	})
	if err != nil {
		return nil, err
	}
	card, err := d.agendaCard(ctx, c, team, slot)
	if err != nil {
		return nil, err
	}
	if own {
		return bot.Say{Card: card}, nil
	}
	return bot.Whisper{Card: card.AsPrivate()}, nil
}

// plcShow is the button to an agenda; it is always answered privately.
func (d *Desk) plcShow(ctx context.Context, c bot.Call) (bot.Answer, error) {
	var team school.TeamID
	var slot school.Day
	err := d.as(ctx, c, func(v *school.Viewer) error {
		t, s, err := plcSlot(v, c.Press.Subject)
		if err != nil {
			return err
		}
		team, slot = t.ID, s
		return plcSees(v, t)
	})
	if err != nil {
		return nil, err
	}
	card, err := d.agendaCard(ctx, c, team, slot)
	if err != nil {
		return nil, err
	}
	return bot.Whisper{Card: card.AsPrivate()}, nil
}

// roomText is a room as files write it: "slack:T01:C02".
func roomText(r bot.Room) string { return r.Platform + ":" + r.Workspace + ":" + r.ID }

// agendaCard makes the agenda as the clock would post it now.
func (d *Desk) agendaCard(ctx context.Context, c bot.Call, team school.TeamID, slot school.Day) (card bot.Open, err error) {
	var keys []string
	if err := d.as(ctx, c, func(v *school.Viewer) error { keys = cards.AgendaTexts(v.Model(), team, slot); return nil }); err != nil {
		return card, err
	}
	texts, err := d.bodies(ctx, c, keys...)
	if err != nil {
		return card, err
	}
	err = d.as(ctx, c, func(v *school.Viewer) error {
		t, ok := v.Model().Team(team)
		if !ok {
			return &bot.Error{Code: bot.NotFound, Sentence: "That team is no longer on the list."}
		}
		card = cards.AgendaOf(v.Model(), t, slot, texts, protocolOf(t))
		return nil
	})
	return card, err
}

// posted is an agenda that stands in a room.
type postedAgenda struct {
	slot school.Day
	ref  bot.Ref
}

// postedAgendas lists the agendas of a team that were posted and are not long past.
func postedAgendas(v *school.Viewer, d bot.District, t *school.Team) []postedAgenda {
	m := v.Model()
	var out []postedAgenda
	for slot := v.Today() - 14; slot <= v.Today()+14; slot++ { // not the slots alone: one may have lost its school day since
		if s, ok := m.SentAs(plcOccurrence(d, t.ID, slot)); ok && s.Dropped == "" && s.Ref != "" {
			out = append(out, postedAgenda{slot, bot.Ref(s.Ref)})
		}
	}
	return out
}

// refreshAgendas brings the posted agendas of meetings that are not over up to date. That an edit fails does not
// undo what was recorded: the next change tries again.
func (d *Desk) refreshAgendas(ctx context.Context, c bot.Call, team school.TeamID, except bot.Ref) {
	if d.cfg.Edit == nil {
		return
	}
	var posted []postedAgenda
	err := d.as(ctx, c, func(v *school.Viewer) error {
		if t, ok := v.Model().Team(team); ok {
			for _, p := range postedAgendas(v, c.District, t) {
				if p.slot >= v.Today() && p.ref != except {
					posted = append(posted, p)
				}
			}
		}
		return nil
	})
	for _, p := range posted {
		var card bot.Open
		if card, err = d.agendaCard(ctx, c, team, p.slot); err == nil {
			err = d.cfg.Edit(ctx, c.District, p.ref, card)
		}
		if err != nil {
			break
		}
	}
	if err != nil {
		d.cfg.Logger.Warn("posted agenda not updated", "call", c.ID, "err", err)
	}
}

// plcTick closes a commitment from an agenda, and shows that agenda as it is now.
func (d *Desk) plcTick(ctx context.Context, c bot.Call) (bot.Answer, error) {
	team, err := d.closeCommitment(ctx, c, c.Press.Subject, true)
	if err != nil {
		return nil, err
	}
	slot := school.Day(0)
	err = d.as(ctx, c, func(v *school.Viewer) error {
		t, ok := v.Model().Team(team)
		if !ok {
			return nil
		}
		for _, p := range postedAgendas(v, c.District, t) {
			if c.Message != "" && p.ref == c.Message {
				slot = p.slot
			}
		}
		if next, ok := plcNext(v, t); slot == 0 && ok {
			slot = next
		} else if last, ok := plcLatest(v, t); slot == 0 && ok {
			slot = last
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	d.refreshAgendas(ctx, c, team, c.Message)
	card, err := d.agendaCard(ctx, c, team, slot)
	if err != nil {
		return nil, err
	}
	if c.Message == "" {
		return bot.UpdatePrivate(card.AsPrivate()), nil
	}
	return bot.UpdateOpen(card), nil
}

// plcTickList closes a commitment from the list that only the caller sees.
func (d *Desk) plcTickList(ctx context.Context, c bot.Call) (bot.Answer, error) {
	return d.closeFromList(ctx, c, c.Press.Subject, true, "Met. ")
}

// plcDrop closes a commitment that no longer matters.
func (d *Desk) plcDrop(ctx context.Context, c bot.Call) (bot.Answer, error) {
	return d.closeFromList(ctx, c, c.Value, false, "Dropped; it counts as not met. ")
}

func (d *Desk) closeFromList(ctx context.Context, c bot.Call, subject string, met bool, said string) (bot.Answer, error) {
	team, err := d.closeCommitment(ctx, c, subject, met)
	if err != nil {
		return nil, err
	}
	d.refreshAgendas(ctx, c, team, "")
	card, err := d.commitmentList(ctx, c, team, said)
	if err != nil {
		return nil, err
	}
	return bot.UpdatePrivate(card), nil
}

// closeCommitment closes one commitment, once; it tells whose team it is of.
func (d *Desk) closeCommitment(ctx context.Context, c bot.Call, subject string, met bool) (team school.TeamID, err error) {
	n, ok := cards.ReadCommitmentSubject(subject)
	if !ok {
		return "", &bot.Error{Code: bot.NotFound, Sentence: "I no longer know that commitment. Type /plc met for those that are open."}
	}
	_, err = d.decide(ctx, c, func(v *school.Viewer) (school.Entry, error) {
		cm, ok := v.Model().Commitment(n)
		if !ok {
			return school.Entry{}, &bot.Error{Code: bot.NotFound, Sentence: "I no longer know that commitment. Type /plc met for those that are open."}
		}
		team = cm.Team
		t, ok := v.Model().Team(cm.Team)
		if !ok {
			return school.Entry{}, &bot.Error{Code: bot.NotFound, Sentence: "That team is no longer on the list."}
		}
		if err := plcChanges(v, t); err != nil && cm.Owner != v.ID() {
			return school.Entry{}, err
		}
		if cm.Closed != 0 {
			return school.Entry{}, nil // somebody was quicker
		}
		return entry(c, school.CommitmentClosed{Commitment: n, Met: met, On: v.Today()}), nil
	})
	return team, err
}

// plcMet lists the open commitments of a team.
func (d *Desk) plcMet(ctx context.Context, c bot.Call) (bot.Answer, error) {
	var team school.TeamID
	err := d.as(ctx, c, func(v *school.Viewer) error {
		t, err := plcFind(v, c.Room, c.Args.Get("team"))
		if err != nil {
			return err
		}
		team = t.ID
		return plcChanges(v, t)
	})
	if err != nil {
		return nil, err
	}
	card, err := d.commitmentList(ctx, c, team, "")
	if err != nil {
		return nil, err
	}
	return bot.Whisper{Card: card}, nil
}

func (d *Desk) commitmentList(ctx context.Context, c bot.Call, team school.TeamID, said string) (card bot.Private, err error) {
	var keys []string
	if err := d.as(ctx, c, func(v *school.Viewer) error { keys = cards.AgendaTexts(v.Model(), team, 0); return nil }); err != nil {
		return card, err
	}
	texts, err := d.bodies(ctx, c, keys...)
	if err != nil {
		return card, err
	}
	err = d.as(ctx, c, func(v *school.Viewer) error {
		t, ok := v.Model().Team(team)
		if !ok {
			return &bot.Error{Code: bot.NotFound, Sentence: "That team is no longer on the list."}
		}
		f := cards.AgendaFactsOf(v.Model(), t, v.Today(), texts, cards.Protocol{})
		card = cards.CommitmentList(t.Name, said, f.Commitments)
		return nil
	})
	return card, err
}
