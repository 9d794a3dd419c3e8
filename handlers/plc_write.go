package handlers

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"rounds/bot"
	"rounds/cards"
	"rounds/school"
)

// plcTarget finds whose meeting a change is about, and that the caller may make it.
func plcTarget(v *school.Viewer, in bot.Room, team string) (*school.Team, school.Day, error) {
	t, err := plcFind(v, in, team)
	if err != nil {
		return nil, 0, err
	}
	if err := plcChanges(v, t); err != nil {
		return nil, 0, err
	}
	slot, ok := plcNext(v, t)
	if !ok {
		return nil, 0, noMeeting(v, t)
	}
	return t, slot, nil
}

// plcPressed is plcTarget of a button or form.
func plcPressed(v *school.Viewer, subject string) (*school.Team, school.Day, error) {
	t, slot, err := plcSlot(v, subject)
	if err != nil {
		return nil, 0, err
	}
	return t, slot, plcChanges(v, t)
}

// teamFirst tells a team from the words typed after it: a value runs to the next key, so in "team:math unit plan" it
// is all three words, and only those who know the teams can tell.
func teamFirst(v *school.Viewer, value string) (team, rest string) {
	words := strings.Fields(value)
	for n := len(words); n > 0; n-- {
		team = strings.Join(words[:n], " ")
		if _, ok := cards.TeamByShort(v.Model(), team); ok || len(v.Model().FindTeams(team, v.Stint().Campus)) == 1 {
			return team, strings.Join(words[n:], " ")
		}
	}
	return value, ""
}

// dateFirst reads a date and gives back the words typed after it.
func dateFirst(value string, today school.Day, l lean) (day school.Day, rest string, err error) {
	words := strings.Fields(value)
	for n := min(len(words), 4); n > 0; n-- {
		if day, err := parseDate(strings.Join(words[:n], " "), today, l); err == nil {
			return day, strings.Join(words[n:], " "), nil
		}
	}
	_, err = parseDate(value, today, l)
	return 0, "", err
}

// plcAdd queues an item for the next agenda; without words it asks for them.
func (d *Desk) plcAdd(ctx context.Context, c bot.Call) (bot.Answer, error) {
	return d.plcTyped(ctx, c, "item", addForm, addItem)
}

// plcWrite makes the entry of words about a meeting, and the receipt.
type plcWrite = func(v *school.Viewer, c bot.Call, t *school.Team, slot school.Day, words string) (school.Entry, cardSaid, error)

// plcTyped writes the words of an option about the meeting that is meant, or opens the form that asks for them.
func (d *Desk) plcTyped(ctx context.Context, c bot.Call, option string, ask func(*school.Viewer, *school.Team, school.Day) *bot.Form, write plcWrite) (bot.Answer, error) {
	var form *bot.Form
	var e school.Entry
	var said cardSaid
	err := d.as(ctx, c, func(v *school.Viewer) error {
		team, rest := teamFirst(v, c.Args.Get("team"))
		t, slot, err := plcTarget(v, c.Room, team)
		if err != nil {
			return err
		}
		words := c.Args.Get(option) + " " + rest
		if strings.TrimSpace(words) == "" {
			form = ask(v, t, slot)
			return nil
		}
		e, said, err = write(v, c, t, slot, words)
		return err
	})
	return d.plcDone(ctx, c, err, form, e, said)
}

// plcFilled writes what a form about a meeting brought in one of its fields.
func (d *Desk) plcFilled(ctx context.Context, c bot.Call, name string, write plcWrite) (bot.Answer, error) {
	var e school.Entry
	var said cardSaid
	err := d.as(ctx, c, func(v *school.Viewer) error {
		t, slot, err := plcPressed(v, c.Press.Subject)
		if err == nil {
			e, said, err = write(v, c, t, slot, field(c, name))
		}
		return err
	})
	return d.plcDone(ctx, c, err, nil, e, said)
}

func (d *Desk) plcAddForm(ctx context.Context, c bot.Call) (bot.Answer, error) {
	return d.plcForm(ctx, c, addForm)
}

func addForm(_ *school.Viewer, t *school.Team, slot school.Day) *bot.Form {
	return &bot.Form{
		Title: "Add to the agenda", Submit: "Add", Intro: t.Name + ", " + slot.Short() + ". The whole team reads this.",
		Press:  bot.Press{Action: "plc.added", Subject: cards.AgendaSubject(t.ID, slot)},
		Fields: []bot.Field{{Name: "item", Label: "What to talk about", Kind: bot.FieldText, Placeholder: "No student names.", Max: 280}},
	}
}

func (d *Desk) plcAdded(ctx context.Context, c bot.Call) (bot.Answer, error) {
	return d.plcFilled(ctx, c, "item", addItem)
}

func addItem(v *school.Viewer, c bot.Call, t *school.Team, slot school.Day, words string) (school.Entry, cardSaid, error) {
	words, err := plcWords(v, "item", words, true)
	if err != nil {
		return school.Entry{}, cardSaid{}, err
	}
	uid := school.UID(c.ID, 0)
	e := entry(c, school.ItemAdded{UID: uid, Team: t.ID, Slot: slot})
	e.Texts = []school.Text{{Key: school.NoteKey(uid, "item"), Kind: "item", Subject: string(t.ID), Author: string(v.ID()), Class: school.Meeting, Body: words}}
	return e, cardSaid{team: t.ID, slot: slot, text: fmt.Sprintf("On the list of %s for %s: “%s”.", t.Name, slot.Short(), words)}, nil
}

// cardSaid is a receipt with the meeting it is about.
type cardSaid struct {
	team       school.TeamID
	slot       school.Day
	text, note string
}

// plcForm answers a button of an agenda with its form.
func (d *Desk) plcForm(ctx context.Context, c bot.Call, make func(*school.Viewer, *school.Team, school.Day) *bot.Form) (bot.Answer, error) {
	var form *bot.Form
	err := d.as(ctx, c, func(v *school.Viewer) error {
		t, slot, err := plcPressed(v, c.Press.Subject)
		if err == nil {
			form = make(v, t, slot)
		}
		return err
	})
	return d.plcDone(ctx, c, err, form, school.Entry{}, cardSaid{})
}

// plcDone opens the form, or records the entry, brings posted agendas up to date and gives the receipt.
func (d *Desk) plcDone(ctx context.Context, c bot.Call, err error, form *bot.Form, e school.Entry, said cardSaid) (bot.Answer, error) {
	switch {
	case err != nil:
		return nil, typedBack(c, err)
	case form != nil:
		return bot.OpenForm{Form: *form}, nil
	}
	if _, err := d.record(ctx, c, e); err != nil {
		return nil, err
	}
	d.refreshAgendas(ctx, c, said.team, "")
	return bot.Whisper{Card: cards.PLCSaid(said.text, said.note, cards.AgendaSubject(said.team, said.slot))}, nil
}

// typedBack adds to an error what was typed in a line: a chat service forgets it, a form does not.
func typedBack(c bot.Call, err error) error {
	var e *bot.Error
	if c.Kind != bot.CommandCall || strings.TrimSpace(c.Line) == "" || !errors.As(err, &e) {
		return err
	}
	said := *e
	said.Sentence += "\nNothing was saved. You typed: /" + clipTo(c.Command+" "+strings.TrimSpace(c.Line), 500)
	return &said
}

// field is what a form's field holds.
func field(c bot.Call, name string) string {
	if v := c.Values[name]; len(v) > 0 {
		return strings.TrimSpace(v[0])
	}
	return ""
}

// plcSkip says that the next meeting does not take place.
func (d *Desk) plcSkip(ctx context.Context, c bot.Call) (bot.Answer, error) {
	return d.plcTyped(ctx, c, "reason", skipForm, skipMeeting)
}

func (d *Desk) plcSkipForm(ctx context.Context, c bot.Call) (bot.Answer, error) {
	return d.plcForm(ctx, c, skipForm)
}

func skipForm(_ *school.Viewer, t *school.Team, slot school.Day) *bot.Form {
	return &bot.Form{
		Title: "Skip a meeting", Submit: "Skip it", Intro: t.Name + " does not meet on " + slot.Short() + ". What is on its list can be added to the next one.",
		Press:  bot.Press{Action: "plc.skipped", Subject: cards.AgendaSubject(t.ID, slot)},
		Fields: []bot.Field{{Name: "reason", Label: "Why", Hint: "The team reads this. Name nobody.", Kind: bot.FieldText, Placeholder: "No student names.", Max: 200}},
	}
}

func (d *Desk) plcSkipped(ctx context.Context, c bot.Call) (bot.Answer, error) {
	return d.plcFilled(ctx, c, "reason", skipMeeting)
}

func skipMeeting(v *school.Viewer, c bot.Call, t *school.Team, slot school.Day, reason string) (school.Entry, cardSaid, error) {
	none := cardSaid{}
	if mk := v.Model().Meeting(t.ID, slot); mk != nil && mk.Held {
		return school.Entry{}, none, invalid("reason", "The meeting of %s was already recorded as held.", slot.Short())
	} else if mk != nil && mk.Skipped {
		return school.Entry{}, none, invalid("reason", "The meeting of %s is already skipped.", slot.Short())
	}
	reason, err := plcWords(v, "reason", reason, true)
	if err != nil {
		return school.Entry{}, none, err
	}
	uid := school.UID(c.ID, 0)
	e := entry(c, school.MeetingSkipped{UID: uid, Team: t.ID, Slot: slot})
	e.Texts = []school.Text{{Key: school.NoteKey(uid, "reason"), Kind: "reason", Subject: string(t.ID), Author: string(v.ID()), Class: school.Meeting, Body: reason}}
	s := cardSaid{
		team: t.ID, slot: slot, text: fmt.Sprintf("%s skips its meeting of %s: “%s”.", t.Name, slot.Short(), reason),
		note: "It does not count as missed. If it takes place after all, /plc minutes says so.",
	}
	if next, ok := v.Model().NextSlot(t, slot+1); ok {
		s.text += " The next one is on " + next.Short() + "."
	}
	return e, s, nil
}
