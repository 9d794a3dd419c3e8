package handlers

import (
	"context"
	"fmt"
	"strings"

	"rounds/bot"
	"rounds/cards"
	"rounds/school"
)

// stepFormOf asks for a step.
func stepFormOf(v *school.Viewer, t typed, intro, subject string) bot.Form {
	if intro == "" {
		intro = "The one who practices it sees it at once."
	}
	f := bot.Form{Title: "Give an action step", Intro: intro, Submit: "Save", Press: bot.Press{Action: "step.save", Subject: subject}}
	who := bot.Field{Name: "teacher", Label: "Who", Kind: bot.FieldPerson, Many: true, Value: chosenPeople(v, t.Who)}
	people, notes := logAble(v)
	for _, p := range people {
		who.Options = append(who.Options, bot.Choice{Label: clip75(p.Name), Value: string(p.ID), Note: notes[p.ID]})
	}
	if len(who.Options) == 0 {
		who = bot.Field{Name: "teacher", Label: "Who", Kind: bot.FieldText, Value: fitting(strings.Join(t.Who, ", "))}
	}
	focus := focusField(v.Model(), t.Focus)
	focus.Kind, focus.Value = bot.FieldSelect, focus.Value[:min(1, len(focus.Value))]
	f.Fields = []bot.Field{
		who,
		{Name: "step", Label: "Action step", Kind: bot.FieldLong, Max: maxText, Placeholder: "No student names.", Hint: "One thing to do, that somebody could see happen.", Value: fitting(t.Step)},
		dateField("by", "Look at it again on", dateValue(t.By, v.Today(), future, checkBack(v.Calendar(), v.Today()))),
		focus,
	}
	return f
}

// stepForm opens the form for a step.
func (d *Desk) stepForm(ctx context.Context, c bot.Call) (bot.Answer, error) {
	return d.openStepForm(ctx, c, typed{}, "", "")
}

func (d *Desk) stepFix(ctx context.Context, c bot.Call) (bot.Answer, error) {
	t, err := d.draft(ctx, c, c.Press.Subject)
	if err != nil {
		return nil, err
	}
	return d.openStepForm(ctx, c, t, "Nothing is saved yet.", c.Press.Subject)
}

// stepSwap asks for the step that takes the place of one.
func (d *Desk) stepSwap(ctx context.Context, c bot.Call) (bot.Answer, error) {
	n, err := parseStep(c.Press.Subject)
	if err != nil {
		return nil, err
	}
	var t typed
	err = d.as(ctx, c, func(v *school.Viewer) error {
		x, err := mayMove(v, n)
		t.Who = []string{string(x.Subject)}
		return err
	})
	if err != nil {
		return nil, err
	}
	return d.openStepForm(ctx, c, t, "It takes the place of the step that is open now.", c.Press.Subject)
}

func (d *Desk) openStepForm(ctx context.Context, c bot.Call, t typed, intro, subject string) (bot.Answer, error) {
	var f bot.Form
	var not bot.Answer
	err := d.as(ctx, c, func(v *school.Viewer) error {
		if not = notStepLeader(v); not == nil {
			f = stepFormOf(v, t, intro, subject)
		}
		return nil
	})
	if err != nil || not != nil {
		return not, err
	}
	return asForm(c, f, c.Press), nil
}

// mayMove is a step whose state the caller may change: a leader who serves its teacher.
func mayMove(v *school.Viewer, n int64) (school.StepSeen, error) {
	x, ok := v.Step(n)
	switch {
	case !ok || !v.Role().Leader() || x.Subject == v.ID():
		return x, forbidden("That step is not yours to change.")
	case !x.State.Open():
		return x, &bot.Error{Code: bot.Conflict, Sentence: fmt.Sprintf("That step was %s already, so nothing was changed.", cards.StepSince(x.State, x.Since, v.Today()))}
	case x.Withheld:
		return x, forbidden("Somebody else wrote that step and its wording is not yours to read, so it is theirs to close.")
	}
	return x, nil
}

// viewOf is a step as a card shows it, but for its texts, whose keys it returns.
func viewOf(v *school.Viewer, x school.StepSeen) (cards.StepView, map[string]string) {
	m := v.Model()
	s := cards.StepView{
		N: x.N, Author: m.Name(x.Author), State: x.State, Since: x.Since, By: x.By, Answer: x.Answer, Answered: x.Answered, Today: v.Today(),
		Given: x.Given, Age: x.Age, Dues: x.Dues, Before: linkTo(v, x.Replaces), After: linkTo(v, x.Replaced),
	}
	if x.Subject != v.ID() {
		s.Name = m.Name(x.Subject)
		s.MayUpdate = v.Role().Leader() && !x.Withheld
	}
	if x.Mine {
		s.Author = "you"
	}
	if x.Focus != "" {
		s.Focus = m.FocusName(x.Focus)
	}
	if x.Withheld {
		s.Withheld = "The wording is between " + s.Author + " and " + s.Name + "."
	}
	return s, map[string]string{"step": x.Text, "note": x.Note}
}

// linkTo is a step beside another, by whom and since when, never in its words.
func linkTo(v *school.Viewer, n int64) *cards.StepLink {
	x, ok := v.Step(n)
	if n == 0 || !ok {
		return nil
	}
	l := &cards.StepLink{N: n, Author: v.Model().Name(x.Author), On: x.Added}
	if x.Mine {
		l.Author = "you"
	}
	return l
}

// filled fetches the texts of steps.
func (d *Desk) filled(ctx context.Context, c bot.Call, views []cards.StepView, keys []map[string]string) error {
	texts, err := d.allWords(ctx, c, keys)
	if err != nil {
		return err
	}
	for i, t := range texts {
		views[i].Text, views[i].Note = t["step"], t["note"]
	}
	return nil
}

// stepOpen shows one step with what can be done with it.
func (d *Desk) stepOpen(ctx context.Context, c bot.Call) (bot.Answer, error) {
	n, err := parseStep(c.Press.Subject)
	if err != nil {
		return nil, err
	}
	return d.showStep(ctx, c, n, "", false)
}

// stepRead is the envelope's button: the teacher reads the step and may answer at once, a leader sees it with what can be done.
func (d *Desk) stepRead(ctx context.Context, c bot.Call) (bot.Answer, error) {
	n, err := parseStep(c.Press.Subject)
	if err != nil {
		return nil, err
	}
	own := false
	err = d.as(ctx, c, func(v *school.Viewer) error {
		x, ok := v.Step(n)
		own = ok && x.Subject == v.ID()
		return nil
	})
	if err != nil {
		return nil, err
	}
	if own {
		return d.showCheckIn(ctx, c, n, 0)
	}
	return d.showStep(ctx, c, n, "", false)
}

// showStep shows a step, in place of the card that held the button where change says so.
func (d *Desk) showStep(ctx context.Context, c bot.Call, n int64, said string, change bool) (bot.Answer, error) {
	var view cards.StepView
	var keys map[string]string
	err := d.as(ctx, c, func(v *school.Viewer) error {
		x, ok := v.Step(n)
		if !ok {
			return forbidden("That step is not yours to see, or not any more.")
		}
		view, keys = viewOf(v, x)
		return nil
	})
	if err != nil {
		return nil, err
	}
	one := []cards.StepView{view}
	if err := d.filled(ctx, c, one, []map[string]string{keys}); err != nil {
		return nil, err
	}
	card := cards.StepCard(one[0], said)
	if change {
		return instead(c, card), nil
	}
	return bot.Whisper{Card: card}, nil
}

// stepUpdate says how a step stands: of the named person, or out of a list.
func (d *Desk) stepUpdate(ctx context.Context, c bot.Call) (bot.Answer, error) {
	var not bot.Answer
	var steps []school.StepSeen
	who := c.Args.Get("teacher")
	err := d.as(ctx, c, func(v *school.Viewer) error {
		if not = notStepLeader(v); not != nil {
			return nil
		}
		if who == "" {
			steps = v.OpenSteps()
			return nil
		}
		p, err := person(v, who, "teacher", nil)
		if err != nil {
			return err
		}
		list, _ := v.StepsOf(p.ID, true)
		if !v.MayLog(p.ID) {
			return forbidden("%s is not somebody you serve, so their steps are not yours to change.", p.Name)
		}
		if steps = list; len(steps) == 0 {
			return &bot.Error{Code: bot.NotFound, Sentence: p.Name + " has no open step that is yours to see. Give one with /step add."}
		}
		return nil
	})
	if err != nil || not != nil {
		return not, err
	}
	if len(steps) != 1 || who == "" {
		return d.listSteps(ctx, c, stepQuery{who: who, head: "Which step is it?"})
	}
	state := school.StepState(strings.ToLower(c.Args.Get("state")))
	n := steps[0].N
	c.Press.Subject = fmt.Sprintf("s%d", n)
	switch state {
	case "":
		return d.showStep(ctx, c, n, "", false)
	case school.StepReplaced:
		return d.stepSwap(ctx, c)
	case school.StepContinued:
		if c.Args.Get("by") == "" {
			return d.stepContinue(ctx, c)
		}
		return d.moveStep(ctx, c, n, state, c.Args.Get("by"))
	case school.StepPracticing, school.StepMastered, school.StepClosed:
		return d.moveStep(ctx, c, n, state, "")
	}
	return nil, invalid("state", "“%s” is no state of a step. There are practicing, mastered, continued, replaced and closed.", short(string(state)))
}

// stepMove is a button: mastered, practicing or close.
func (d *Desk) stepMove(ctx context.Context, c bot.Call) (bot.Answer, error) {
	n, err := parseStep(c.Press.Subject)
	if err != nil {
		return nil, err
	}
	state := school.StepState(strings.TrimPrefix(c.Press.Action, "step."))
	if state == "close" {
		state = school.StepClosed
	}
	return d.moveStep(ctx, c, n, state, "")
}

// stepContinue asks for the new date.
func (d *Desk) stepContinue(ctx context.Context, c bot.Call) (bot.Answer, error) {
	n, err := parseStep(c.Press.Subject)
	if err != nil {
		return nil, err
	}
	var f bot.Form
	err = d.as(ctx, c, func(v *school.Viewer) error {
		x, err := mayMove(v, n)
		if err != nil {
			return err
		}
		by := dateField("by", "Look at it again on", checkBack(calendarOf(v, x.Subject), v.Today()))
		by.Optional = false
		title, intro := "Continue the step", "The step of "+v.Model().Name(x.Subject)+" goes on."
		if redates(v, x) {
			title, intro = "Another date", "When the step of "+v.Model().Name(x.Subject)+" is looked at again."
		}
		f = bot.Form{
			Title: title, Intro: intro, Submit: "Save",
			Press: bot.Press{Action: "step.date", Subject: c.Press.Subject}, Fields: []bot.Field{by},
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return asForm(c, f, bot.Press{Action: "step.continue", Subject: c.Press.Subject}), nil
}

// redates tells whether a new date for a step only puts right the one it was given with: on the day it was given, by
// who gave it, before anything came of it. Later a new date means that the step goes on.
func redates(v *school.Viewer, x school.StepSeen) bool {
	return x.Mine && x.State == school.StepAssigned && x.Given == v.Today()
}

func (d *Desk) stepDate(ctx context.Context, c bot.Call) (bot.Answer, error) {
	n, err := parseStep(c.Press.Subject)
	if err != nil {
		return nil, err
	}
	return d.moveStep(ctx, c, n, school.StepContinued, bot.Args(c.Values).Get("by"))
}

// moveStep changes a step's state once, whoever else presses at the same moment.
func (d *Desk) moveStep(ctx context.Context, c bot.Call, n int64, state school.StepState, by string) (bot.Answer, error) {
	said := ""
	_, err := d.decide(ctx, c, func(v *school.Viewer) (school.Entry, error) {
		x, err := mayMove(v, n)
		if err != nil {
			return school.Entry{}, err
		}
		f := school.StepMoved{Step: n, State: state, On: v.Today()}
		if state == school.StepContinued {
			if f.By, err = readBy(v, by); err != nil {
				return school.Entry{}, err
			}
			if redates(v, x) {
				f.State = x.State
			}
			if f.By == x.By && f.State == x.State {
				said = "Nothing was changed: it is looked at again on " + cards.Date(x.By, v.Today()) + " already."
				return school.Entry{}, nil
			}
		}
		switch state {
		case school.StepMastered:
			said = "Saved: mastered. Well done, both of you."
		case school.StepContinued:
			if said = "Saved: it goes on."; f.State != state {
				said = "Saved: another date."
			}
		default:
			said = "Saved: " + cards.StepWords(state) + "."
		}
		if x.State == school.StepDraft && state == school.StepPracticing {
			said = "Saved: practicing. The step is given now."
		}
		return entry(c, f), nil
	})
	if err != nil {
		return nil, err
	}
	return d.showStep(ctx, c, n, said, true)
}

// stepAgain gives a step that ended once more, in its own words: one that was called mastered too soon.
func (d *Desk) stepAgain(ctx context.Context, c bot.Call) (bot.Answer, error) {
	n, err := parseStep(c.Press.Subject)
	if err != nil {
		return nil, err
	}
	var t typed
	key := ""
	err = d.as(ctx, c, func(v *school.Viewer) error {
		x, ok := v.Step(n)
		if !ok || x.Withheld || x.State.Open() || x.Subject == v.ID() {
			return forbidden("That step is not yours to give again.")
		}
		t.Who, key = []string{string(x.Subject)}, x.Text
		if x.Focus != "" {
			t.Focus = []string{x.Focus}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	w, err := d.words(ctx, c, map[string]string{"step": key})
	if err != nil {
		return nil, err
	}
	t.Step = w["step"]
	return d.openStepForm(ctx, c, t, "", "")
}

// calendarOf is the calendar of somebody's campus.
func calendarOf(v *school.Viewer, id school.PersonID) *school.Calendar {
	if p, ok := v.Model().Person(id); ok && p.Now().Campus != "" {
		return v.Model().Calendar(p.Now().Campus)
	}
	return v.Calendar()
}
