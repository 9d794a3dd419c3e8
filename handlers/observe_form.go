package handlers

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"rounds/bot"
	"rounds/cards"
	"rounds/school"
)

// visitForm asks for a visit to people. What was typed before is filled in, so far as its field can hold it; what
// cannot be is said in intro.
func visitForm(v *school.Viewer, t typed, intro, draft string) bot.Form {
	m := v.Model()
	glow, grow := cards.GlowGrow(v.Role().Administers())
	if intro == "" {
		intro = "The teacher sees it only when you share it."
	}
	f := bot.Form{Title: "Log a visit", Intro: intro, Submit: "Save", Press: bot.Press{Action: "observe.save", Subject: draft}}
	people, notes := logAble(v)
	who := bot.Field{Name: "teacher", Label: "Who", Kind: bot.FieldPerson, Many: true, Hint: "Several people make several visits."}
	for _, p := range people {
		who.Options = append(who.Options, bot.Choice{Label: clip75(p.Name), Value: string(p.ID), Note: notes[p.ID]})
	}
	who.Value = chosenPeople(v, t.Who)
	minutes := bot.Field{Name: "minutes", Label: "Minutes", Kind: bot.FieldNumber, Optional: true, Min: 1, Max: maxMinutes, Value: numberValue(t.Minutes)}
	if t.Minutes == "" {
		minutes.Value = []string{usualMinutes(v)}
	}
	long := func(name, label, value string) bot.Field {
		return bot.Field{Name: name, Label: label, Kind: bot.FieldLong, Optional: true, Placeholder: "No student names.", Max: maxText, Value: fitting(value)}
	}
	step := long("step", "Action step", t.Step)
	step.Hint = "One thing to do, that somebody could see happen."
	f.Fields = []bot.Field{
		who, minutes,
		long("glow", glow+" (what worked)", t.Glow), long("grow", grow+" (what would help)", t.Grow),
		evidenceField(t.Evidence), step,
		dateField("by", "Look at the step again on", dateValue(t.By, v.Today(), future, checkBack(v.Calendar(), v.Today()))),
		focusField(m, t.Focus),
		kindField(v, t.Kind),
		dateField("on", "When it was", dateValue(t.On, v.Today(), past, v.Today())),
	}
	if len(who.Options) == 0 { // nobody to choose from: a form cannot ask
		f.Fields[0] = bot.Field{Name: "teacher", Label: "Who", Kind: bot.FieldText, Value: fitting(strings.Join(t.Who, ", "))}
	}
	return f
}

// evidenceField takes low-inference notes.
func evidenceField(value string) bot.Field {
	return bot.Field{
		Name: "evidence", Label: "Evidence (what was seen and heard)", Hint: "What was said and done, without judgment. It is part of the note.",
		Kind: bot.FieldLong, Optional: true, Placeholder: "No student names.", Max: maxText, Value: fitting(value),
	}
}

// teamForm asks for a visit to a team's meeting.
func teamForm(v *school.Viewer, t typed, intro, draft string) bot.Form {
	if intro == "" {
		intro = "The note stays with you."
	}
	glow, grow := cards.GlowGrow(false)
	f := bot.Form{Title: "Log a PLC visit", Intro: intro, Submit: "Save", Press: bot.Press{Action: "observe.save", Subject: draft}}
	team := bot.Field{Name: "team", Label: "Team", Kind: bot.FieldSelect}
	for _, x := range v.Model().Teams() {
		if v.Stint().At(x.Campus) && len(x.ID) <= bot.MaxValue {
			team.Options = append(team.Options, bot.Choice{Label: clip75(x.Name), Value: string(x.ID)})
			if strings.EqualFold(string(x.ID), t.Team) {
				team.Value = []string{string(x.ID)}
			}
		}
	}
	if len(team.Options) == 0 {
		team = bot.Field{Name: "team", Label: "Team", Kind: bot.FieldText, Value: fitting(t.Team)}
	}
	f.Fields = []bot.Field{
		team,
		{Name: "minutes", Label: "Minutes", Kind: bot.FieldNumber, Optional: true, Min: 1, Max: maxMinutes, Value: numberValue(t.Minutes)},
		{Name: "glow", Label: glow + " (what worked)", Kind: bot.FieldLong, Optional: true, Placeholder: "No student names.", Max: maxText, Value: fitting(t.Glow)},
		{Name: "grow", Label: grow + " (what would help)", Kind: bot.FieldLong, Optional: true, Placeholder: "No student names.", Max: maxText, Value: fitting(t.Grow)},
		evidenceField(t.Evidence), focusField(v.Model(), t.Focus),
		dateField("on", "When it was", dateValue(t.On, v.Today(), past, v.Today())),
	}
	return f
}

// formFor is the form that what was typed belongs into.
func formFor(v *school.Viewer, t typed, intro, draft string) bot.Form {
	if t.Team != "" || strings.EqualFold(strings.TrimSpace(t.Kind), string(school.PLCVisit)) {
		return teamForm(v, t, intro, draft)
	}
	return visitForm(v, t, intro, draft)
}

func dateField(name, label string, d school.Day) bot.Field {
	f := bot.Field{Name: name, Label: label, Kind: bot.FieldDate, Optional: true}
	if d != 0 {
		f.Value = []string{d.String()}
	}
	return f
}

// focusField offers the focus areas family by family.
func focusField(m *school.Model, chosen []string) bot.Field { return focusFieldOf(m, chosen, nil) }

// focusFieldOf is focusField of a visit that is about some of them already, which may have left the list.
func focusFieldOf(m *school.Model, chosen, had []string) bot.Field {
	f := bot.Field{Name: "focus", Label: "Focus", Kind: bot.FieldMultiSelect, Optional: true}
	list := m.Focus()
	for _, x := range m.PastFocus() {
		if contains(had, x.Key) {
			x.Family = "no longer in the list"
			list = append(list, x)
		}
	}
	for _, x := range list {
		if len(x.Key) <= bot.MaxValue {
			f.Options = append(f.Options, bot.Choice{Label: clip75(x.Name), Value: x.Key, Note: clip75(x.Family)})
		}
	}
	for _, s := range chosen {
		if contains(had, s) && len(s) <= bot.MaxValue {
			f.Value = append(f.Value, s)
		} else if x, err := findFocus(m, s, func(string) bot.Press { return bot.Press{} }); err == nil && !contains(f.Value, x.Key) {
			f.Value = append(f.Value, x.Key)
		}
	}
	return f
}

func kindField(v *school.Viewer, typed string) bot.Field {
	f := bot.Field{
		Name: "kind", Label: "Kind", Kind: bot.FieldRadio, Value: []string{string(defaultKind(v.Role()))},
		Hint: "A formal observation is recorded without words. A team's meeting: /observe log kind:plc.",
	}
	for _, k := range []school.VisitKind{school.Walkthrough, school.CoachingVisit, school.Formal} {
		label := cards.KindWords(k)
		f.Options = append(f.Options, bot.Choice{Label: strings.ToUpper(label[:1]) + label[1:], Value: string(k)})
		if strings.EqualFold(typed, string(k)) {
			f.Value = []string{string(k)}
		}
	}
	return f
}

func contains(s []string, x string) bool {
	return slices.Contains(s, x)
}

// chosenPeople are the ids of the typed names that mean one person whom the caller may log.
func chosenPeople(v *school.Viewer, typed []string) []string {
	var out []string
	for _, w := range joinNames(v, typed) {
		if p, err := person(v, w, "", nil); err == nil && v.MayLog(p.ID) && !contains(out, string(p.ID)) {
			out = append(out, string(p.ID))
		}
	}
	return out
}

// usualMinutes is how long the caller's last visit was: people keep to their habits.
func usualMinutes(v *school.Viewer) string {
	looked := 0
	for x := range v.Made() {
		if looked++; looked > 5 {
			break
		}
		if x.Minutes > 0 && x.Kind != school.Formal && x.Kind != school.PLCVisit {
			return strconv.Itoa(x.Minutes)
		}
	}
	return "10"
}

// numberValue fills a number in only where its field can hold it.
func numberValue(s string) []string {
	digits := strings.TrimSpace(strings.TrimRight(strings.ToLower(s), "abcdefghijklmnopqrstuvwxyz. "))
	if n, err := strconv.Atoi(digits); err == nil && n >= 1 && n <= maxMinutes {
		return []string{strconv.Itoa(n)}
	}
	return nil
}

func dateValue(s string, today school.Day, l lean, none school.Day) school.Day {
	if s == "" {
		return none
	}
	d, err := parseDate(s, today, l)
	if err != nil || l == past && d > today || l == future && d < today {
		return none
	}
	return d
}

// fitting fills a text in only whole.
func fitting(s string) []string {
	if s == "" || utf8.RuneCountInString(s) > maxText {
		return nil
	}
	return []string{s}
}

func clip75(s string) string {
	if r := []rune(s); len(r) > 75 {
		return string(r[:74]) + "…"
	}
	return s
}

// teamRef is the subject under which a button names a team: its id, or a hash where that is too long.
func teamRef(id school.TeamID) string {
	if len(id) <= 24 {
		return "t:" + string(id)
	}
	h := sha256.Sum256([]byte(id))
	return "h:" + hex.EncodeToString(h[:6])
}

func teamByRef(m *school.Model, ref string) (*school.Team, bool) {
	for _, t := range m.Teams() {
		if teamRef(t.ID) == ref {
			return t, true
		}
	}
	return nil, false
}

// observeForm opens the form: empty, for a person ("pabc", "pabc:f" for a formal observation) or for a team ("t:math").
func (d *Desk) observeForm(ctx context.Context, c bot.Call) (bot.Answer, error) {
	var f bot.Form
	var not bot.Answer
	err := d.as(ctx, c, func(v *school.Viewer) error {
		if not = notLeader(v); not != nil {
			return nil
		}
		var t typed
		subject, formal := strings.CutSuffix(c.Press.Subject, ":f")
		if formal {
			t.Kind = string(school.Formal)
		}
		if subject == string(school.PLCVisit) {
			f = teamForm(v, t, "", "")
			return nil
		}
		if team, ok := teamByRef(v.Model(), subject); ok {
			t.Team = string(team.ID)
		} else if subject != "" {
			p, ok := v.Model().Person(school.PersonID(subject))
			if !ok {
				return &bot.Error{Code: bot.NotFound, Sentence: "That person is not on the staff list any more."}
			}
			if err := mayLog(v, p); err != nil {
				return err
			}
			t.Who = []string{subject}
		}
		f = formFor(v, t, "", "")
		return nil
	})
	if err != nil || not != nil {
		return not, err
	}
	return asForm(c, f, c.Press), nil
}

// observeFix opens the form with a draft filled in.
func (d *Desk) observeFix(ctx context.Context, c bot.Call) (bot.Answer, error) {
	t, err := d.draft(ctx, c, c.Press.Subject)
	if err != nil {
		return nil, err
	}
	var f bot.Form
	if t.Visit != 0 {
		return d.fixAmendment(ctx, c, t)
	}
	err = d.as(ctx, c, func(v *school.Viewer) error {
		_, ps := readVisit(v, t, c.Press.Subject)
		var lines []string
		for _, p := range ps {
			lines = append(lines, p.sentence)
		}
		f = formFor(v, t, strings.Join(append(lines, "Nothing is saved yet."), "\n"), c.Press.Subject)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return asForm(c, f, c.Press), nil
}

// observePick takes up a draft with one of its words settled: "draft:1:pabc" is the second person, "draft:f0:rigor"
// the first focus area.
func (d *Desk) observePick(ctx context.Context, c bot.Call) (bot.Answer, error) {
	id, rest, _ := strings.Cut(c.Press.Subject, ":")
	at, value, ok := strings.Cut(rest, ":")
	t, err := d.draft(ctx, c, id)
	if err != nil {
		return nil, err
	}
	focus := strings.HasPrefix(at, "f")
	n, nerr := strconv.Atoi(strings.TrimPrefix(at, "f"))
	if !ok || nerr != nil || n < 0 {
		return nil, fmt.Errorf("a choice that reads %q", rest)
	}
	if focus && n < len(t.Focus) {
		t.Focus[n] = value
	} else if !focus {
		err = d.as(ctx, c, func(v *school.Viewer) error {
			t.Who = joinNames(v, t.Who)
			return nil
		})
		if err == nil && n < len(t.Who) {
			t.Who[n] = value
		}
	}
	if err != nil {
		return nil, err
	}
	if t.Visit != 0 {
		return d.amendVisit(ctx, c, t, id)
	}
	return d.logVisit(ctx, c, t, id)
}

// observeSure saves a draft whose author says that it names no student.
func (d *Desk) observeSure(ctx context.Context, c bot.Call) (bot.Answer, error) {
	t, err := d.draft(ctx, c, c.Press.Subject)
	if err != nil {
		return nil, err
	}
	t.Sure = true
	if t.Visit != 0 {
		return d.amendVisit(ctx, c, t, c.Press.Subject)
	}
	return d.logVisit(ctx, c, t, c.Press.Subject)
}

// observeSave takes the form.
func (d *Desk) observeSave(ctx context.Context, c bot.Call) (bot.Answer, error) {
	a := bot.Args(c.Values)
	t := typedArgs(a)
	if a.Get("team") != "" {
		t.Kind = string(school.PLCVisit)
	}
	if t.Step == "" {
		t.By = "" // the field is filled in for the step that was not written
	}
	return d.logVisit(ctx, c, t, c.Press.Subject)
}
