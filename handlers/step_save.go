package handlers

import (
	"context"
	"fmt"
	"strings"

	"rounds/bot"
	"rounds/cards"
	"rounds/school"
)

// askThoughts asks whether a step is to stay as it was typed. What was typed is kept for a day; whoever does not answer
// has saved nothing, and the card says so.
func (d *Desk) askThoughts(ctx context.Context, c bot.Call, t typed, p stepPlan, draft string) (bot.Answer, error) {
	id, err := d.holdDraft(ctx, c, t, draft)
	if err != nil {
		return nil, err
	}
	var today school.Day
	if err := d.as(ctx, c, func(v *school.Viewer) error { today = v.Today(); return nil }); err != nil {
		return nil, err
	}
	return instead(c, cards.StepThoughts(t.Step, p.remarks, p.better, today, id)), nil
}

// holdDraft keeps what was typed, under the id it has or a new one.
func (d *Desk) holdDraft(ctx context.Context, c bot.Call, t typed, id string) (string, error) {
	if id == "" {
		return d.keepDraft(ctx, c, t)
	}
	return id, d.changeDraft(ctx, c, id, t)
}

// askSecond asks what to do about the step that is open already.
func (d *Desk) askSecond(ctx context.Context, c bot.Call, t typed, p stepPlan, draft string, who *school.Person, old school.StepSeen, mine bool) (bot.Answer, error) {
	id, err := d.holdDraft(ctx, c, t, draft)
	if err != nil {
		return nil, err
	}
	text := ""
	if mine && old.Text != "" {
		w, err := d.words(ctx, c, map[string]string{"step": old.Text})
		if err != nil {
			return nil, err
		}
		text = w["step"]
	}
	return instead(c, cards.SecondStep(who.Name, text, t.Step, p.remarks, id)), nil
}

func (d *Desk) saveStep(ctx context.Context, c bot.Call, t typed, p stepPlan, draft string) (bot.Answer, error) {
	command := draftCommand(c, draft)
	done, err := d.decide(ctx, c, func(v *school.Viewer) (school.Entry, error) {
		e := entry(c)
		e.Command = command
		class := school.Coaching
		if v.Role().Administers() {
			class = school.Evaluation
		}
		for i, who := range p.people {
			f := school.StepAdded{UID: school.UID(command, i), Subject: who.ID, Author: v.ID(), By: p.by, Focus: p.focus, On: v.Today()}
			switch {
			case t.Swaps > 0:
				f.Replaces = t.Swaps
			case t.Swaps < 0:
				f.Replaces, _, _ = v.HasOpenStep(who.ID)
			}
			e.Facts = append(e.Facts, f)
			e.Texts = append(e.Texts, school.Text{Key: school.NoteKey(f.UID, "step"), Kind: "step", Subject: string(who.ID), Author: string(v.ID()), Class: class, Body: p.text})
		}
		return e, nil
	})
	if err != nil {
		return nil, err
	}
	d.dropDraft(ctx, c, draft)
	var card bot.Private
	err = d.as(ctx, c, func(v *school.Viewer) error {
		var names, away, silent []string
		for _, who := range p.people {
			names = append(names, who.Name)
			if len(who.Accounts) == 0 {
				away = append(away, who.Name)
			} else if !v.Model().MayTell(who.ID) {
				silent = append(silent, who.Name)
			}
		}
		if draft != "" && !t.Sure && t.Swaps <= 0 {
			p.remarks = nil // they were read before the press that saved it
		}
		if t.By == "" && p.by != 0 {
			p.remarks = append(p.remarks, "No date was given, so "+cards.Date(p.by, v.Today())+" is suggested: the end of a school week, with time to practice.")
		}
		if t.Swaps != 0 {
			p.remarks = append([]string{"The earlier step is replaced."}, p.remarks...)
		}
		focus := ""
		if p.focus != "" {
			focus = v.Model().FocusName(p.focus)
		}
		card = cards.StepSaved(names, p.text, p.by, v.Today(), focus, p.remarks, stepReach(v.Model(), v, away, silent), fmt.Sprintf("s%d+%d", done.First, len(p.people)))
		return nil
	})
	if err != nil {
		return nil, err
	}
	return instead(c, card), nil
}

func stepReach(m *school.Model, v *school.Viewer, away, silent []string) []string {
	var out []string
	if len(away) > 0 {
		out = append(out, fmt.Sprintf("Not on chat, so nothing was sent: %s.", cards.Names(away)))
	}
	if len(silent) > 0 {
		out = append(out, fmt.Sprintf("Messages to teachers are off at %s, so nothing was sent. %s can read the step in Rounds.", m.CampusName(v.Stint().Campus), cards.Names(silent)))
	}
	return out
}

// stepUndo takes back steps that were given just now: "s12+2".
func (d *Desk) stepUndo(ctx context.Context, c bot.Call) (bot.Answer, error) {
	s, err := parseSpan("v" + strings.TrimPrefix(c.Press.Subject, "s"))
	if err != nil {
		return nil, err
	}
	var names []string
	_, err = d.decide(ctx, c, func(v *school.Viewer) (school.Entry, error) {
		e := entry(c)
		names = nil
		for n := s.first; n < s.first+int64(s.n); n++ {
			x, ok := v.Step(n)
			if !ok || !x.Mine {
				return e, forbidden("That step is not yours to take back.")
			}
			names = append(names, v.Model().Name(x.Subject))
			if x.State.Open() {
				e.Facts = append(e.Facts, school.StepMoved{Step: n, State: school.StepClosed, On: v.Today()})
			}
		}
		return e, nil
	})
	if err != nil {
		return nil, err
	}
	return instead(c, cards.Plain("Undone. The step of "+cards.Names(names)+" is closed; the record keeps that it was there.")), nil
}
