package handlers

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"rounds/bot"
	"rounds/cards"
	"rounds/school"
)

var stepStates = []bot.Choice{
	{Label: "Practicing", Value: "practicing"},
	{Label: "Mastered", Value: "mastered"},
	{Label: "Continued", Value: "continued"},
	{Label: "Replaced", Value: "replaced"},
	{Label: "Closed", Value: "closed"},
}

func init() {
	register(command{
		name: "step", order: 2, private: true,
		summary: "Give action steps and see how they stand",
		who:     "leaders; teachers see their own",
		hint:    "add @teacher wait three seconds by:fri",
		subs: []sub{
			{
				name: "add", summary: "Give an action step", example: "/step add @Okafor wait three seconds after each question by:fri", opens: true, run: (*Desk).stepAdd,
				options: []bot.Option{
					{Name: "teacher", Aliases: []string{"who"}, Help: "Who practices it", Kind: bot.OptionPeople, Bare: true},
					{Name: "step", Aliases: []string{"text"}, Help: "One thing to do, that somebody could see. No student names.", Bare: true},
					{Name: "by", Help: "When you look at it again: fri, next tue", Kind: bot.OptionDate},
					{Name: "focus", Help: "What it is about: discourse, rigor, …", Kind: bot.OptionFocus},
				},
			},
			{
				name: "list", summary: "Open steps: yours to follow, or your own", example: "/step list stale", run: (*Desk).stepList,
				options: []bot.Option{
					{Name: "show", Help: "open, mine, campus or stale", Kind: bot.OptionChoice, Choices: stepLists, Bare: true},
					{Name: "teacher", Aliases: []string{"who"}, Help: "Of one person only", Kind: bot.OptionPerson, Bare: true},
					{Name: "focus", Help: "About one focus area only", Kind: bot.OptionFocus},
				},
			},
			{
				name: "update", summary: "Say how a step stands: practicing, mastered, continued, replaced, closed", example: "/step update @Okafor mastered", opens: true, run: (*Desk).stepUpdate,
				options: []bot.Option{
					{Name: "state", Help: "practicing, mastered, continued, replaced or closed", Kind: bot.OptionChoice, Choices: stepStates, Bare: true},
					{Name: "teacher", Aliases: []string{"who"}, Help: "Whose step", Kind: bot.OptionPerson, Bare: true},
					{Name: "by", Help: "For continued: the new date", Kind: bot.OptionDate},
				},
			},
			{name: "rollup", summary: "What steps are about, in groups of five or more, and which leader training that points to", example: "/step rollup weeks:semester", options: rollupOptions, run: (*Desk).stepRollup},
			{name: "topics", summary: "The same as /step rollup", example: "/step topics", options: rollupOptions, run: (*Desk).stepRollup},
		},
		on: map[string]action{
			"save": {run: (*Desk).stepSave}, "sure": {run: (*Desk).stepSure}, "fix": {opens: true, run: (*Desk).stepFix}, "form": {opens: true, run: (*Desk).stepForm},
			"pick": {opens: true, run: (*Desk).stepPick}, "replace": {run: (*Desk).stepReplace}, "anyway": {run: (*Desk).stepAnyway}, "undo": {run: (*Desk).stepUndo},
			"open": {run: (*Desk).stepOpen}, "read": {run: (*Desk).stepRead},
			"mastered": {run: (*Desk).stepMove}, "practicing": {run: (*Desk).stepMove}, "close": {run: (*Desk).stepMove},
			"continue": {opens: true, run: (*Desk).stepContinue}, "date": {run: (*Desk).stepDate}, "swap": {opens: true, run: (*Desk).stepSwap},
			"soon": {run: (*Desk).stepSoon}, "again": {opens: true, run: (*Desk).stepAgain}, "page": {run: (*Desk).stepPage}, "roll": {run: (*Desk).stepRoll}, "campus": {run: (*Desk).stepCampus},
		},
	})
}

// parseStep reads "s12".
func parseStep(subject string) (int64, error) {
	n, err := strconv.ParseInt(strings.TrimPrefix(subject, "s"), 10, 64)
	if err != nil || !strings.HasPrefix(subject, "s") {
		return 0, &bot.Error{Code: bot.Invalid, Sentence: "I cannot tell which step that button is about. Type /step list to find it."}
	}
	return n, nil
}

// notStepLeader answers those who give no steps.
func notStepLeader(v *school.Viewer) bot.Answer {
	if v.Role().Leader() {
		return nil
	}
	return bot.Whisper{Card: cards.Plain("Steps are given, and closed as mastered, by coaches, teacher leaders and principals. Say how yours goes with /checkin.",
		bot.Button{Label: "My action step", Press: bot.Press{Action: "checkin.open"}, Style: bot.Primary})}
}

// stepAdd gives a step in one line; without words it opens the form.
func (d *Desk) stepAdd(ctx context.Context, c bot.Call) (bot.Answer, error) {
	return d.giveStep(ctx, c, typedArgs(c.Args), "")
}

func (d *Desk) stepSave(ctx context.Context, c bot.Call) (bot.Answer, error) {
	t := typedArgs(bot.Args(c.Values))
	id := c.Press.Subject
	if strings.HasPrefix(id, "s") { // the form of a step that takes the place of another
		n, err := parseStep(id)
		if err != nil {
			return nil, err
		}
		t.Swaps, t.Beside, id = n, true, ""
	}
	return d.giveStep(ctx, c, t, id)
}

func (d *Desk) stepSure(ctx context.Context, c bot.Call) (bot.Answer, error) {
	return d.stepDraft(ctx, c, func(t *typed) { t.Sure = true })
}

func (d *Desk) stepAnyway(ctx context.Context, c bot.Call) (bot.Answer, error) {
	return d.stepDraft(ctx, c, func(t *typed) { t.Beside = true })
}

// stepSoon takes the check-back date that was suggested.
func (d *Desk) stepSoon(ctx context.Context, c bot.Call) (bot.Answer, error) {
	t, err := d.draft(ctx, c, c.Press.Subject)
	if err != nil {
		return nil, err
	}
	err = d.as(ctx, c, func(v *school.Viewer) error {
		p, _ := readStepLine(v, t, c.Press.Subject)
		t.By = checkBack(p.cal, v.Today()).String()
		return nil
	})
	if err != nil {
		return nil, err
	}
	return d.giveStep(ctx, c, t, c.Press.Subject)
}

// stepReplace gives the draft's step in the place of the one that is open.
func (d *Desk) stepReplace(ctx context.Context, c bot.Call) (bot.Answer, error) {
	return d.stepDraft(ctx, c, func(t *typed) { t.Beside, t.Swaps = true, -1 })
}

func (d *Desk) stepPick(ctx context.Context, c bot.Call) (bot.Answer, error) {
	id, rest, _ := strings.Cut(c.Press.Subject, ":")
	at, value, _ := strings.Cut(rest, ":")
	t, err := d.draft(ctx, c, id)
	if err != nil {
		return nil, err
	}
	if at == "f" {
		t.Focus = []string{value}
		return d.giveStep(ctx, c, t, id)
	}
	err = d.as(ctx, c, func(v *school.Viewer) error {
		t.Who = joinNames(v, t.Who)
		if n, err := strconv.Atoi(at); err == nil && n >= 0 && n < len(t.Who) {
			t.Who[n] = value
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return d.giveStep(ctx, c, t, id)
}

func (d *Desk) stepDraft(ctx context.Context, c bot.Call, change func(*typed)) (bot.Answer, error) {
	t, err := d.draft(ctx, c, c.Press.Subject)
	if err != nil {
		return nil, err
	}
	change(&t)
	return d.giveStep(ctx, c, t, c.Press.Subject)
}

// stepPlan is a step ready to be saved.
type stepPlan struct {
	people  []*school.Person
	text    string
	by      school.Day
	focus   string
	remarks []string
	better  school.Day       // a check-back date that would suit it better, or no day
	cal     *school.Calendar // of the campus of the first of the people
}

// readStepLine checks what was typed for a step.
func readStepLine(v *school.Viewer, t typed, draft string) (p stepPlan, ps []problem) {
	r := &visitReader{v: v, t: t, draft: draft}
	for i, w := range joinNames(v, t.Who) {
		who, err := person(v, w, "teacher", func(id school.PersonID) bot.Press {
			return bot.Press{Action: "step.pick", Subject: fmt.Sprintf("%s:%d:%s", draft, i, id)}
		})
		if err == nil && who.ID == v.ID() {
			err = forbidden("A step for yourself is a goal: set it with /grow.")
		} else if err == nil && !v.MayLog(who.ID) {
			err = forbidden("%s is not somebody you serve, so a step is not yours to give.", who.Name)
		}
		if err != nil {
			r.failed("teacher", err)
			continue
		}
		p.people = append(p.people, who)
	}
	if len(t.Who) == 0 {
		r.wrong("teacher", "Whose step is it? Type a name, such as @Okafor.")
	}
	p.text = strings.TrimSpace(t.Step)
	if s := tooLong("step", p.text); s != "" {
		r.wrong("step", "%s", s)
	}
	if p.text == "" {
		r.wrong("step", "What is the step? Write one thing to do, that somebody could see.")
	}
	p.cal = v.Calendar()
	if len(p.people) > 0 {
		p.cal = calendarOf(v, p.people[0].ID)
	}
	by, err := readBy(v, t.By)
	if err != nil {
		r.failed("by", err)
	}
	if p.by = by; t.By == "" {
		p.by = checkBack(p.cal, v.Today())
	} else if dateAdvice(by, v.Today(), p.cal) != "" {
		p.better = checkBack(p.cal, v.Today())
	}
	if len(t.Focus) > 0 {
		f, err := findFocus(v.Model(), t.Focus[0], func(key string) bot.Press {
			return bot.Press{Action: "step.pick", Subject: draft + ":f:" + key}
		})
		if err != nil {
			r.failed("focus", err)
		}
		p.focus = f.Key
	}
	if len(r.problems) == 0 && !t.Sure {
		if why := namesStudent(v.Model(), p.text); why != "" {
			r.problems = append(r.problems, problem{code: bot.Invalid, student: true, sentence: why})
		}
	}
	p.remarks = stepAdvice(p.text, p.by, v.Today(), p.cal)
	return p, r.problems
}

// firstOfText takes a last name that the line left at the head of the words back to the first name before it: "@Ada
// Okafor wait three seconds".
func firstOfText(v *school.Viewer, t typed) typed {
	word, rest, ok := strings.Cut(t.Step, " ")
	if len(t.Who) == 0 || !ok {
		return t
	}
	last := len(t.Who) - 1
	full := strings.TrimPrefix(t.Who[last], "@") + " " + word
	if p := v.Model().FindPeople(full, v.Stint().Campus); len(p) == 1 && school.Fold(p[0].Name) == school.Fold(full) {
		t.Who = append(append([]string(nil), t.Who[:last]...), full)
		t.Step = strings.TrimSpace(rest)
	}
	return t
}

func (d *Desk) giveStep(ctx context.Context, c bot.Call, t typed, draft string) (bot.Answer, error) {
	var (
		ready    bot.Answer
		p        stepPlan
		problems []problem
		form     bot.Form
		line     string
		second   *school.Person
		old      school.StepSeen
		hasMine  bool
	)
	id := draft
	if id == "" {
		id = draftID(c.ID)
	}
	err := d.as(ctx, c, func(v *school.Viewer) error {
		if ready = notStepLeader(v); ready != nil {
			return nil
		}
		t = firstOfText(v, t)
		if c.Kind != bot.Submit && t.Step == "" && t.By == "" && len(t.Focus) == 0 && len(joinNames(v, t.Who)) == len(chosenPeople(v, t.Who)) {
			ready = asForm(c, stepFormOf(v, t, "", ""), bot.Press{Action: "step.form"})
			return nil
		}
		p, problems = readStepLine(v, t, id)
		form = stepFormOf(v, t, "", "")
		line = t.line("/step add", nameOf(v.Model()))
		if len(problems) > 0 || t.Beside {
			return nil
		}
		for _, who := range p.people {
			if n, mine, ok := v.HasOpenStep(who.ID); ok {
				second, hasMine = who, mine
				if mine {
					old, _ = v.Step(n)
				}
				return nil
			}
		}
		return nil
	})
	if err != nil || ready != nil {
		return ready, err
	}
	if len(problems) > 0 {
		return d.refuse(ctx, c, t, form, problems, line, draft, "step")
	}
	if second != nil {
		return d.askSecond(ctx, c, t, p, draft, second, old, hasMine)
	}
	if len(p.remarks) > 0 && !t.Beside && !t.Sure {
		return d.askThoughts(ctx, c, t, p, draft)
	}
	return d.saveStep(ctx, c, t, p, draft)
}
