package handlers

import (
	"context"

	"rounds/bot"
	"rounds/cards"
	"rounds/school"
)

// checkInTheirs shows a leader the open steps of their people with the answers that they may see.
func (d *Desk) checkInTheirs(ctx context.Context, c bot.Call) (bot.Answer, error) {
	var views []cards.StepView
	err := d.as(ctx, c, func(v *school.Viewer) error {
		for _, x := range v.OpenSteps() {
			if x.State == school.StepDraft {
				continue // its teacher has not seen it
			}
			view, _ := viewOf(v, x)
			views = append(views, view)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(views) == 0 {
		return bot.Whisper{Card: cards.Plain("Nobody you serve has an open step right now. Give one with /step add, or with step: when you log a visit.",
			bot.Button{Label: "Give a step", Press: bot.Press{Action: "step.form"}, Style: bot.Primary})}, nil
	}
	return bot.Whisper{Card: cards.Answers("Check-ins of my teachers", views)}, nil
}

// oneTeacher shows a leader the open step of somebody they named.
func (d *Desk) oneTeacher(ctx context.Context, c bot.Call, name string) (bot.Answer, error) {
	var n int64
	var several school.PersonID
	err := d.as(ctx, c, func(v *school.Viewer) error {
		p, err := person(v, name, "answer", nil)
		if err != nil {
			return err
		}
		steps, ok := v.StepsOf(p.ID, true)
		switch {
		case p.ID == v.ID():
		case !ok || !v.MayLog(p.ID):
			return forbidden("%s is not somebody you serve, so their check-ins are not yours to see.", p.Name)
		case len(steps) == 0:
			return &bot.Error{Code: bot.NotFound, Sentence: p.Name + " has no open step that is yours to see."}
		case len(steps) > 1:
			several = p.ID
		default:
			n = steps[0].N
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if several != "" {
		return d.listSteps(ctx, c, stepQuery{who: string(several)})
	}
	if n == 0 {
		return d.showCheckIn(ctx, c, 0, 0)
	}
	return d.showStep(ctx, c, n, "", false)
}

// checkInTalk shows who wants to talk, to the one it went to: the subject is the number of the answer.
func (d *Desk) checkInTalk(ctx context.Context, c bot.Call) (bot.Answer, error) {
	n, err := parseStep(c.Press.Subject)
	if err != nil {
		return nil, err
	}
	var step int64
	name := ""
	err = d.as(ctx, c, func(v *school.Viewer) error {
		for _, x := range v.OpenSteps() {
			if x.AnswerN == n && x.Answer == school.LetsTalk {
				step, name = x.N, v.Model().Name(x.Subject)
				return nil
			}
		}
		return &bot.Error{Code: bot.NotFound, Sentence: "That was answered anew or settled meanwhile. /checkin shows how things stand."}
	})
	if err != nil {
		return nil, err
	}
	return d.showStep(ctx, c, step, name+" wants to talk.", false)
}
