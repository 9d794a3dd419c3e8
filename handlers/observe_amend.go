package handlers

import (
	"context"
	"fmt"
	"maps"
	"strconv"
	"strings"

	"rounds/bot"
	"rounds/cards"
	"rounds/school"
)

// Amending a visit opens its form again with what it says now, and saves the next version of it. The form carries the
// version that was on the screen: where another one came meanwhile, from another device perhaps, nothing is overwritten
// and what was typed is kept.

// standing is a visit as its maker may amend it, with its texts.
type standing struct {
	visit school.VisitSeen
	name  string // of whom it was made to
	texts map[string]string
}

func (d *Desk) standing(ctx context.Context, c bot.Call, n int64) (standing, error) {
	var s standing
	err := d.as(ctx, c, func(v *school.Viewer) error {
		var err error
		s.visit, err = amendable(v, n)
		s.name = visitedName(v.Model(), s.visit)
		return err
	})
	if err != nil {
		return s, err
	}
	s.texts, err = d.words(ctx, c, s.visit.Texts)
	return s, err
}

// amendable is a visit of the caller's that has a next version, or why it has none.
func amendable(v *school.Viewer, n int64) (school.VisitSeen, error) {
	list, err := ownVisits(v, span{n, 1})
	if err != nil {
		return school.VisitSeen{}, err
	}
	if !v.MayAmend(n) {
		return list[0], &bot.Error{Code: bot.Conflict, Sentence: "That visit was taken back, so there is nothing to amend. Log it again instead."}
	}
	return list[0], nil
}

func visitedName(m *school.Model, x school.VisitSeen) string {
	if x.Team == "" {
		return m.Name(x.Subject)
	}
	if t, ok := m.Team(x.Team); ok {
		return t.Name
	}
	return "a team that is gone"
}

// typed is a visit as it could have been typed.
func (s standing) typed() typed {
	x := s.visit
	t := typed{
		Kind: string(x.Kind), On: x.On.String(), Focus: x.Focus, Glow: s.texts["glow"], Grow: s.texts["grow"], Evidence: s.texts["evidence"],
		Visit: x.N, Version: x.Version, Team: string(x.Team),
	}
	if x.Minutes > 0 {
		t.Minutes = strconv.Itoa(x.Minutes)
	}
	return t
}

// amendForm asks for the next version of a visit; draft is the draft that it continues, or "".
func amendForm(v *school.Viewer, x school.VisitSeen, name string, t typed, intro, draft string) bot.Form {
	glow, grow := cards.GlowGrow(v.Role().Administers() && x.Team == "")
	if intro == "" {
		intro = fmt.Sprintf("%s. What it says now stays on record as version %d. Whom it was made to cannot be changed: take the visit back and log a new one.", name, x.Version)
	}
	f := bot.Form{Title: "Amend a visit", Intro: intro, Submit: "Save", Press: bot.Press{Action: "observe.amended", Subject: fmt.Sprintf("v%d.%d", x.N, x.Version)}}
	if draft != "" {
		f.Press.Subject += "." + draft
	}
	long := func(name, label, value string) bot.Field {
		return bot.Field{Name: name, Label: label, Kind: bot.FieldLong, Optional: true, Placeholder: "No student names.", Max: maxText, Value: fitting(value)}
	}
	f.Fields = []bot.Field{
		{Name: "minutes", Label: "Minutes", Kind: bot.FieldNumber, Optional: true, Min: 1, Max: maxMinutes, Value: numberValue(t.Minutes)},
		long("glow", glow+" (what worked)", t.Glow), long("grow", grow+" (what would help)", t.Grow),
		evidenceField(t.Evidence), focusFieldOf(v.Model(), t.Focus, x.Focus),
	}
	if x.Team == "" {
		kind := kindField(v, string(x.Kind))
		kind.Hint = "A formal observation is recorded without words."
		for _, o := range kind.Options {
			if strings.EqualFold(o.Value, t.Kind) {
				kind.Value = []string{o.Value}
			}
		}
		f.Fields = append(f.Fields, kind)
	}
	f.Fields = append(f.Fields, dateField("on", "When it was", dateValue(t.On, v.Today(), past, x.On)))
	return f
}

// observeAmend opens the form: the button of a receipt and of a history.
func (d *Desk) observeAmend(ctx context.Context, c bot.Call) (bot.Answer, error) {
	s, err := parseSpan(c.Press.Subject)
	if err != nil {
		return nil, err
	}
	now, err := d.standing(ctx, c, s.first)
	if err != nil {
		return nil, err
	}
	var f bot.Form
	err = d.as(ctx, c, func(v *school.Viewer) error {
		f = amendForm(v, now.visit, now.name, now.typed(), "", "")
		return nil
	})
	if err != nil {
		return nil, err
	}
	return asForm(c, f, c.Press), nil
}

// observeWhich asks which visit of a line about several people is meant.
func (d *Desk) observeWhich(ctx context.Context, c bot.Call) (bot.Answer, error) {
	s, err := parseSpan(c.Press.Subject)
	if err != nil {
		return nil, err
	}
	var names, refs []string
	err = d.as(ctx, c, func(v *school.Viewer) error {
		list, err := ownVisits(v, s)
		for _, x := range list {
			if !x.Void {
				names, refs = append(names, clipLabel(visitedName(v.Model(), x))), append(refs, fmt.Sprintf("v%d", x.N))
			}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return bot.Whisper{Card: cards.AmendWhich(names, refs)}, nil
}

// observeAmended takes the form. Its subject is "v1042.1", the visit and the version that was on the screen, and behind
// another dot the draft that it continues.
func (d *Desk) observeAmended(ctx context.Context, c bot.Call) (bot.Answer, error) {
	visit, rest, _ := strings.Cut(c.Press.Subject, ".")
	version, draft, _ := strings.Cut(rest, ".")
	s, err := parseSpan(visit)
	if err != nil {
		return nil, err
	}
	t := typedArgs(bot.Args(c.Values))
	t.Visit = s.first
	if t.Version, err = strconv.Atoi(version); err != nil {
		return nil, fmt.Errorf("a version that reads %q", version)
	}
	return d.amendVisit(ctx, c, t, draft)
}

// amendVisit saves the next version of a visit, or says what keeps it from being saved.
func (d *Desk) amendVisit(ctx context.Context, c bot.Call, t typed, draft string) (bot.Answer, error) {
	now, err := d.standing(ctx, c, t.Visit)
	if err != nil {
		return nil, err
	}
	id := draft
	if id == "" {
		id = draftID(c.ID)
	}
	command := draftCommand(c, draft)
	var problems []problem
	var form bot.Form
	var remarks []string
	_, err = d.decide(ctx, c, func(v *school.Viewer) (school.Entry, error) {
		x, err := amendable(v, t.Visit)
		if err != nil {
			return school.Entry{}, err
		}
		e := entry(c)
		e.Command = command
		uid := school.UID(command, 0)
		if x.UID == uid { // the same call again: it was saved
			problems, remarks = nil, []string{savedAs(x.Version)}
			return e, nil
		}
		form = amendForm(v, x, now.name, t, "", draft)
		plan, ps := readAmendment(v, x, t, id)
		problems, remarks = ps, plan.remarks
		if len(ps) > 0 {
			return e, nil
		}
		if x.Version != t.Version || x.UID != now.visit.UID {
			problems = []problem{{code: bot.Conflict, sentence: fmt.Sprintf("This visit was changed meanwhile: it is at version %d now. Look at it, and save yours over it if that is right.", x.Version)}}
			return e, nil
		}
		reworded := !maps.Equal(trimEmpty(plan.words()), trimEmpty(now.texts))
		if !reworded && x.On == plan.on && x.Kind == plan.kind && x.Minutes == plan.minutes && sameWords(x.Focus, plan.focus) {
			remarks = []string{"Nothing was different, so nothing was saved."}
			return e, nil
		}
		e.Facts = []school.Fact{school.VisitAmended{
			Visit: x.N, UID: uid, On: plan.on, Visited: plan.kind, Minutes: plan.minutes, Focus: plan.focus, Texts: plan.written(), Reworded: reworded,
		}}
		subject := string(x.Subject)
		if x.Team != "" {
			subject = string(x.Team)
		}
		e.Texts = plan.notes(v, uid, subject)
		remarks = append([]string{savedAs(x.Version + 1)}, plan.remarks...)
		if len(plan.written()) > 0 && plan.class != classOn(v, x.On) {
			remarks = append(remarks, movedClass(plan.class))
		}
		return e, nil
	})
	if err != nil {
		return nil, err
	}
	if len(problems) > 0 {
		t.Team = "" // it cannot be typed anew
		return d.refuse(ctx, c, t, form, problems, t.line("", func(s string) string { return s }), draft, "observe")
	}
	d.dropDraft(ctx, c, draft)
	return d.showReceipt(ctx, c, span{t.Visit, 1}, false, remarks)
}

func savedAs(version int) string {
	return fmt.Sprintf("Saved as version %d. The earlier one stays on record, for you alone.", version)
}

// movedClass says that the note is another kind of record now: never silently.
func movedClass(to school.Class) string {
	if to == school.Evaluation {
		return "On that day you were an administrator, so the note is an evaluation record now."
	}
	return "On that day you were no administrator, so the note is a coaching record now."
}

// readAmendment checks what was typed for the next version.
func readAmendment(v *school.Viewer, x school.VisitSeen, t typed, draft string) (visitPlan, []problem) {
	t.Team = string(x.Team)
	if x.Team != "" {
		t.Kind = ""
	}
	r := &visitReader{v: v, t: t, draft: draft, now: &x}
	r.readKind()
	if x.Team == "" && r.plan.kind == school.PLCVisit {
		r.wrong("kind", "This visit was to a person, so it is no PLC visit. Take it back and log the team's.")
	}
	r.readMinutes()
	r.readOn()
	r.readFocus()
	for _, k := range x.Focus { // what a form cannot hold stays as it was
		if len(k) > bot.MaxValue {
			r.plan.focus = append(r.plan.focus, k)
		}
	}
	r.readTexts()
	if r.plan.kind == school.Formal {
		steps, _ := v.StepsOf(x.Subject, true)
		for _, s := range steps {
			if s.Visit == x.N {
				r.wrong("kind", "An action step came with this visit, and a formal observation has none. Close the step first.")
			}
		}
	}
	if len(r.problems) == 0 && !t.Sure {
		if why := namesStudent(v.Model(), r.plan.glow, r.plan.grow, r.plan.evidence); why != "" {
			r.problems = append(r.problems, problem{code: bot.Invalid, student: true, sentence: why})
		}
	}
	r.plan.class = classOn(v, r.plan.on)
	return r.plan, r.problems
}

func trimEmpty(texts map[string]string) map[string]string {
	out := map[string]string{}
	for k, s := range texts {
		if s = strings.TrimSpace(s); s != "" {
			out[k] = s
		}
	}
	return out
}

// sameWords tells whether two lists hold the same, in whatever order.
func sameWords(a, b []string) bool {
	for _, s := range a {
		if !contains(b, s) {
			return false
		}
	}
	return len(a) == len(b)
}

// fixAmendment opens the form with what was typed, over the visit as it reads now.
func (d *Desk) fixAmendment(ctx context.Context, c bot.Call, t typed) (bot.Answer, error) {
	now, err := d.standing(ctx, c, t.Visit)
	if err != nil {
		return nil, err
	}
	var f bot.Form
	err = d.as(ctx, c, func(v *school.Viewer) error {
		intro := ""
		if now.visit.Version != t.Version {
			p, _ := pastOf(v, now.visit)
			p.Glow, p.Grow, p.Evidence = now.texts["glow"], now.texts["grow"], now.texts["evidence"]
			intro = cards.ReadsNow(p, now.visit.Version, v.Today())
		}
		f = amendForm(v, now.visit, now.name, t, intro, c.Press.Subject)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return asForm(c, f, c.Press), nil
}

// observeVersions shows a visit to its author with every version of it.
func (d *Desk) observeVersions(ctx context.Context, c bot.Call) (bot.Answer, error) {
	s, err := parseSpan(c.Press.Subject)
	if err != nil {
		return nil, err
	}
	var now cards.Past
	var name string
	var keys []map[string]string
	var today school.Day
	err = d.as(ctx, c, func(v *school.Viewer) error {
		list, err := ownVisits(v, span{s.first, 1})
		if err != nil {
			return err
		}
		past, k := pastOf(v, list[0])
		keys = append([]map[string]string{k}, earlierOf(v, list[0], &past)...)
		now, name, today = past, visitedName(v.Model(), list[0]), v.Today()
		return nil
	})
	if err != nil {
		return nil, err
	}
	texts, err := d.allWords(ctx, c, keys)
	if err != nil {
		return nil, err
	}
	set := func(p *cards.Past, t map[string]string) {
		p.Glow, p.Grow, p.Evidence, p.Note = t["glow"], t["grow"], t["evidence"], t["note"]
	}
	set(&now, texts[0])
	for i := range now.Earlier {
		set(&now.Earlier[i], texts[i+1])
	}
	return bot.Whisper{Card: cards.VisitVersions(name, now, today)}, nil
}
