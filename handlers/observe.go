package handlers

import (
	"context"
	"slices"
	"strings"

	"rounds/bot"
	"rounds/cards"
	"rounds/school"
)

var visitOptions = []bot.Option{
	{Name: "teacher", Aliases: []string{"who"}, Help: "Who you visited, several if you like", Kind: bot.OptionPeople, Bare: true},
	{Name: "minutes", Aliases: []string{"min"}, Help: "How long, 1 to 480", Kind: bot.OptionMinutes, Bare: true},
	{Name: "on", Aliases: []string{"date"}, Help: "When: yesterday, mon, 10/30; today if left out", Kind: bot.OptionDate},
	{Name: "focus", Help: "What you looked for: discourse, rigor, …", Kind: bot.OptionFocus},
	{Name: "glow", Aliases: []string{"reinforcement"}, Help: "What worked. No student names."},
	{Name: "grow", Aliases: []string{"refinement"}, Help: "What would help. No student names."},
	{Name: "evidence", Help: "What was seen and heard, without judgment. No student names."},
	{Name: "step", Help: "One action step, something to see. No student names."},
	{Name: "by", Help: "When you look at the step again: fri, next tue", Kind: bot.OptionDate},
	{Name: "kind", Help: "walkthrough, coaching, formal or plc", Kind: bot.OptionChoice, Choices: []bot.Choice{
		{Label: "Walkthrough", Value: "walkthrough"},
		{Label: "Coaching visit", Value: "coaching"},
		{Label: "Formal observation", Value: "formal"},
		{Label: "PLC visit", Value: "plc"},
	}},
	{Name: "team", Help: "For a PLC visit: which team", Kind: bot.OptionTeam},
}

func init() {
	register(command{
		name: "observe", order: 1, aliases: []string{"visit"}, private: true,
		summary: "Log a classroom visit, and see whose visit is due",
		who:     "leaders",
		hint:    "@teacher 12m focus:… glow:… grow:… step:… by:fri",
		subs: []sub{
			{name: "log", summary: "Log a visit in one line, or with the form", example: "/observe log @Okafor 12m focus:discourse step:wait three seconds", options: visitOptions, opens: true, run: (*Desk).observeLog},
			{name: "status", summary: "This week's visits: done, to go, and who", example: "/observe status", run: (*Desk).observeStatus},
			{name: "plan", summary: "An order for what is left of the week", example: "/observe plan", run: (*Desk).observePlan},
			{
				name: "history", summary: "Visits to one person or team, as you may see them", example: "/observe history @Okafor", run: (*Desk).observeHistory,
				options: []bot.Option{
					{Name: "teacher", Aliases: []string{"who"}, Help: "Whose visits", Kind: bot.OptionPerson, Bare: true},
					{Name: "from", Aliases: []string{"since"}, Help: "The first day: 9/1, last mon", Kind: bot.OptionDate},
					{Name: "to", Aliases: []string{"until"}, Help: "The last day; today if left out", Kind: bot.OptionDate},
					{Name: "focus", Help: "One focus area: discourse, rigor, …", Kind: bot.OptionFocus},
					{Name: "team", Help: "A PLC team, in place of a person", Kind: bot.OptionTeam},
				},
			},
			{name: "undo", summary: "Take back my latest visit of the last 24 hours", example: "/observe undo", run: (*Desk).observeUndo},
		},
		on: map[string]action{
			"form": {opens: true, run: (*Desk).observeForm}, "fix": {opens: true, run: (*Desk).observeFix}, "again": {opens: true, run: (*Desk).observeAgain},
			"save": {run: (*Desk).observeSave}, "pick": {opens: true, run: (*Desk).observePick}, "sure": {run: (*Desk).observeSure},
			"share": {run: (*Desk).observeShare}, "later": {run: (*Desk).observeLater}, "debrief": {run: (*Desk).observeDebrief},
			"amend": {opens: true, run: (*Desk).observeAmend}, "amended": {run: (*Desk).observeAmended}, "which": {run: (*Desk).observeWhich}, "versions": {run: (*Desk).observeVersions},
			"undo": {run: (*Desk).observeUndoThis}, "copy": {run: (*Desk).observeCopy}, "replace": {run: (*Desk).observeReplace},
			"receipt": {run: (*Desk).observeReceipt}, "read": {run: (*Desk).observeNote},
			"list": {run: (*Desk).observeStatus}, "scope": {run: (*Desk).observeScope}, "all": {run: (*Desk).observeAll},
			"hist": {run: (*Desk).observeHist}, "hist1": {run: (*Desk).observeHistOne}, "home": {run: (*Desk).homeAgain},
		},
		home: (*Desk).home,
	})
}

// observeLog logs a visit in one line. Without words, or with names alone, it opens the form.
func (d *Desk) observeLog(ctx context.Context, c bot.Call) (bot.Answer, error) {
	return d.logVisit(ctx, c, typedArgs(c.Args), "")
}

// notLeader answers those who log no visits, with what they can do instead; nil for those who do.
func notLeader(v *school.Viewer) bot.Answer {
	stored := bot.Button{Label: "See what's stored", Press: bot.Press{Action: "rounds.privacy"}}
	switch {
	case v.Role().Leader():
		return nil
	case v.Role() == school.Office:
		return bot.Whisper{Card: cards.Plain("Visits are logged by the people who lead instruction at a campus. You see numbers about groups: try /digest preview.")}
	}
	return bot.Whisper{Card: cards.Plain("Visits are logged by coaches, teacher leaders and principals. For you there are /checkin, for your action step, and the visits made to you.",
		bot.Button{Label: "My action step", Press: bot.Press{Action: "checkin.open"}, Style: bot.Primary},
		bot.Button{Label: "My visits", Press: bot.Press{Action: "observe.hist"}}, stored)}
}

// logVisit saves what was typed, or says what keeps it from being saved. draft is the draft it came from, or "".
func (d *Desk) logVisit(ctx context.Context, c bot.Call, t typed, draft string) (bot.Answer, error) {
	var (
		ready    bot.Answer
		plan     visitPlan
		problems []problem
		form     bot.Form
		entry    school.Entry
		line     string
	)
	id := draft
	if id == "" {
		id = draftID(c.ID)
	}
	err := d.as(ctx, c, func(v *school.Viewer) error {
		if ready = notLeader(v); ready != nil {
			return nil
		}
		if c.Kind != bot.Submit && t.bare() {
			ready = d.startForm(v, c, t)
			if ready != nil {
				return nil
			}
		}
		if c.Kind != bot.Submit && t.onlyTeams() {
			ready = asForm(c, teamForm(v, t, "", ""), bot.Press{Action: "observe.form", Subject: string(school.PLCVisit)})
			return nil
		}
		plan, problems = readVisit(v, t, id)
		if len(problems) > 0 { // the form, to put it right in
			form = formFor(v, t, "", "")
			line = t.line("/observe log", nameOf(v.Model()))
			return nil
		}
		plan.remarks = append(plan.remarks, twice(v, plan)...)
		entry = visitEntry(v, c, draftCommand(c, draft), plan)
		return nil
	})
	if err != nil || ready != nil {
		return ready, err
	}
	if len(problems) > 0 {
		return d.refuse(ctx, c, t, form, problems, line, draft, "observe")
	}
	done, err := d.record(ctx, c, entry)
	if err != nil {
		return nil, err
	}
	d.dropDraft(ctx, c, draft)
	n := max(1, len(plan.people))
	return d.showReceipt(ctx, c, span{done.First, n}, true, plan.remarks)
}

// startForm opens the form when nothing but names was typed and each of them is clear; nil means: go on
// and say what is wrong.
func (d *Desk) startForm(v *school.Viewer, c bot.Call, t typed) bot.Answer {
	again := bot.Press{Action: "observe.form"}
	who := joinNames(v, t.Who)
	for _, w := range who {
		p, err := person(v, w, "teacher", nil)
		if err != nil || mayLog(v, p) != nil {
			return nil
		}
		if len(who) == 1 {
			again.Subject = string(p.ID)
		}
	}
	return asForm(c, visitForm(v, t, "", ""), again)
}

// refuse says what keeps something from being saved, and keeps what was typed. kind is the command whose buttons take
// it up again.
func (d *Desk) refuse(ctx context.Context, c bot.Call, t typed, form bot.Form, ps []problem, line, draft, kind string) (bot.Answer, error) {
	if c.Kind == bot.Submit {
		if fe, ok := fieldErrors(form, ps); ok {
			return fe, nil
		}
	}
	// A single unknown word may have been meant for a subcommand: the router knows, and nothing else is lost.
	if len(t.Who) == 1 && t.bare() && len(ps) == 1 && ps[0].code == bot.NotFound && len(ps[0].choices) == 0 {
		return nil, &bot.Error{Code: bot.NotFound, Sentence: ps[0].sentence, Field: ps[0].field}
	}
	id := draft
	if id == "" {
		var err error
		if id, err = d.keepDraft(ctx, c, t); err != nil {
			return nil, err
		}
	} else if err := d.changeDraft(ctx, c, id, t); err != nil {
		return nil, err
	}
	var sentences []string
	var buttons []bot.Button
	if near := slippedSub(c, ps); near != "" {
		sentences = append(sentences, "Did you mean /"+c.Command+" "+near+"?")
		line = "/" + c.Command + " " + strings.TrimSpace(c.Line)
	}
	for _, p := range ps {
		sentences = append(sentences, p.sentence)
		if len(buttons)+len(p.choices) <= 4 || len(buttons) == 0 {
			buttons = append(buttons, p.choices...)
		}
		if p.student {
			buttons = append(buttons, bot.Button{Label: "Save anyway", Press: bot.Press{Action: kind + ".sure", Subject: id}})
		}
	}
	style := bot.Normal
	if len(buttons) == 0 {
		style = bot.Primary
	}
	buttons = append(buttons, bot.Button{Label: "Change it in the form", Press: bot.Press{Action: kind + ".fix", Subject: id}, Style: style})
	return instead(c, cards.NotSaved(sentences, line, buttons)), nil
}

// slippedSub is the subcommand that was meant by the first word of a line, where it was taken for a name that
// nobody has: "/step ad bob count to three".
func slippedSub(c bot.Call, ps []problem) string {
	word, _, _ := strings.Cut(strings.TrimSpace(c.Line), " ")
	unknown := slices.ContainsFunc(ps, func(p problem) bool { return p.code == bot.NotFound && p.field == "teacher" })
	i := slices.IndexFunc(commands, func(cmd command) bool { return cmd.name == c.Command })
	if c.Kind != bot.CommandCall || i < 0 || !unknown {
		return ""
	}
	var names []string
	for _, s := range commands[i].subs {
		names = append(names, s.name)
	}
	near, ok := bot.Nearest(word, names)
	if !ok || strings.EqualFold(near, word) {
		return ""
	}
	return near
}

// visitEntry is what a visit adds to the record: the visits first, then their steps, so that the visits of one line
// have consecutive numbers.
func visitEntry(v *school.Viewer, c bot.Call, command string, p visitPlan) school.Entry {
	e := entry(c)
	e.Command = command
	kinds := p.written()
	if p.team != nil {
		uid := school.UID(command, 0)
		e.Facts = append(e.Facts, school.VisitLogged{UID: uid, Observer: v.ID(), Team: p.team.ID, Visit: p.kind, On: p.on, Minutes: p.minutes, Focus: p.focus, Texts: kinds})
		e.Texts = p.notes(v, uid, string(p.team.ID))
		return e
	}
	for i, who := range p.people {
		uid := school.UID(command, i)
		e.Facts = append(e.Facts, school.VisitLogged{UID: uid, Observer: v.ID(), Subject: who.ID, Visit: p.kind, On: p.on, Minutes: p.minutes, Focus: p.focus, Texts: kinds})
		e.Texts = append(e.Texts, p.notes(v, uid, string(who.ID))...)
	}
	if p.step == "" {
		return e
	}
	focus := ""
	if len(p.focus) > 0 {
		focus = p.focus[0]
	}
	for i, who := range p.people {
		uid := school.UID(command, len(p.people)+i)
		e.Facts = append(e.Facts, school.StepAdded{UID: uid, Subject: who.ID, Author: v.ID(), By: p.by, Focus: focus, Back: len(p.people), On: v.Today(), Draft: true})
		e.Texts = append(e.Texts, noteText(v, uid, "step", string(who.ID), p.class, p.step))
	}
	return e
}

// words are the texts of the visit's note by kind, empty ones included.
func (p visitPlan) words() map[string]string {
	return map[string]string{"glow": p.glow, "grow": p.grow, "evidence": p.evidence}
}

// written lists which texts the note has.
func (p visitPlan) written() []string {
	var out []string
	for _, k := range []string{"glow", "grow", "evidence"} {
		if p.words()[k] != "" {
			out = append(out, k)
		}
	}
	return out
}

// notes are the texts of the note under a UID.
func (p visitPlan) notes(v *school.Viewer, uid uint64, subject string) []school.Text {
	var out []school.Text
	for _, k := range p.written() {
		out = append(out, noteText(v, uid, k, subject, p.class, p.words()[k]))
	}
	return out
}

func noteText(v *school.Viewer, uid uint64, what, subject string, class school.Class, body string) school.Text {
	return school.Text{Key: school.NoteKey(uid, what), Kind: what, Subject: subject, Author: string(v.ID()), Class: class, Body: body}
}

// twice remarks that the caller has logged a visit to the same person on the same day already.
func twice(v *school.Viewer, p visitPlan) []string {
	had := map[school.PersonID]bool{}
	looked := 0
	for x := range v.Made() {
		if looked++; looked > 50 {
			break
		}
		if x.On == p.on && !x.Void && x.Team == "" {
			had[x.Subject] = true
		}
	}
	var out []string
	for _, who := range p.people {
		if had[who.ID] {
			out = append(out, "This is another visit to "+who.Name+" on the same day. If it is the same one, undo it.")
		}
	}
	return out
}
