package handlers

import (
	"context"
	"fmt"
	"strings"

	"rounds/bot"
	"rounds/cards"
	"rounds/school"
)

// plcTarget finds whose meeting a change is about, and that the caller may make it.
func plcTarget(v *school.Viewer, team string) (*school.Team, school.Day, error) {
	t, err := plcFind(v, team)
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

// plcAdd queues an item for the next agenda; without words it asks for them.
func (d *Desk) plcAdd(ctx context.Context, c bot.Call) (bot.Answer, error) {
	words := c.Args.Get("item")
	var form *bot.Form
	var e school.Entry
	var said cardSaid
	err := d.as(ctx, c, func(v *school.Viewer) error {
		t, slot, err := plcTarget(v, c.Args.Get("team"))
		if err != nil {
			return err
		}
		if strings.TrimSpace(words) == "" {
			form = addForm(v, t, slot)
			return nil
		}
		e, said, err = addItem(v, c, t, slot, words)
		return err
	})
	return d.plcDone(ctx, c, err, form, e, said)
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
	var e school.Entry
	var said cardSaid
	err := d.as(ctx, c, func(v *school.Viewer) error {
		t, slot, err := plcPressed(v, c.Press.Subject)
		if err == nil {
			e, said, err = addItem(v, c, t, slot, field(c, "item"))
		}
		return err
	})
	return d.plcDone(ctx, c, err, nil, e, said)
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
		return nil, err
	case form != nil:
		return bot.OpenForm{Form: *form}, nil
	}
	if _, err := d.record(ctx, c, e); err != nil {
		return nil, err
	}
	d.refreshAgendas(ctx, c, said.team, "")
	return bot.Whisper{Card: cards.PLCSaid(said.text, said.note, cards.AgendaSubject(said.team, said.slot))}, nil
}

// field is what a form's field holds.
func field(c bot.Call, name string) string {
	if v := c.Values[name]; len(v) > 0 {
		return strings.TrimSpace(v[0])
	}
	return ""
}

// plcCommit makes a commitment of a line; without words it asks for them.
func (d *Desk) plcCommit(ctx context.Context, c bot.Call) (bot.Answer, error) {
	var form *bot.Form
	var e school.Entry
	var said cardSaid
	err := d.as(ctx, c, func(v *school.Viewer) error {
		t, err := plcFind(v, c.Args.Get("team"))
		if err != nil {
			return err
		}
		if err := plcChanges(v, t); err != nil {
			return err
		}
		owner, words, err := committed(v, t, c.Args.Get("who"), c.Args.Get("what"))
		if err != nil {
			return err
		}
		if words == "" {
			form = commitForm(v, t, plcOrigin(v, t))
			form.Fields[0].Value = []string{string(owner)}
			return nil
		}
		e, said, err = makeCommitment(v, c, t, plcOrigin(v, t), owner, words, c.Args.Get("by"))
		return err
	})
	return d.plcDone(ctx, c, err, form, e, said)
}

// committed tells the owner from the words. "bring exit tickets" names nobody, though its first word
// stands where a name may: then the owner is the caller.
func committed(v *school.Viewer, t *school.Team, who, words string) (school.PersonID, string, error) {
	who, words = strings.TrimSpace(who), strings.TrimSpace(words)
	switch strings.ToLower(who) {
	case "":
		return v.ID(), words, nil
	case "me", "@me", "i":
		return v.ID(), words, nil
	}
	for _, id := range cards.TeamMembers(t) {
		for _, p := range v.Model().FindPeople(who, t.Campus) {
			if p.ID == id {
				return id, words, nil
			}
		}
	}
	if !strings.HasPrefix(who, "@") && !strings.HasPrefix(who, "<@") {
		return v.ID(), strings.TrimSpace(who + " " + words), nil
	}
	p, err := person(v, who, "who", nil)
	if err != nil {
		return "", "", err
	}
	if !mayOwn(v, t, p.ID) {
		return "", "", invalid("who", "%s is not in %s. A commitment belongs to somebody of the team or a leader of its campus.", p.Name, t.Name)
	}
	return p.ID, words, nil
}

// mayOwn: the team's people, and the leaders of its campus who sit in with it.
func mayOwn(v *school.Viewer, t *school.Team, id school.PersonID) bool {
	p, ok := v.Model().Person(id)
	if !ok || p.Now().Gone {
		return false
	}
	return t.Has(id) || p.Now().Role.Leader() && p.Now().At(t.Campus)
}

// plcOrigin is the meeting that a commitment comes from: today's or the last one, else the next.
func plcOrigin(v *school.Viewer, t *school.Team) school.Day {
	if d, ok := plcLatest(v, t); ok {
		return d
	}
	if d, ok := plcNext(v, t); ok {
		return d
	}
	return v.Today()
}

func (d *Desk) plcCommitForm(ctx context.Context, c bot.Call) (bot.Answer, error) {
	return d.plcForm(ctx, c, commitForm)
}

func commitForm(v *school.Viewer, t *school.Team, slot school.Day) *bot.Form {
	var people []bot.Choice
	add := func(id school.PersonID) {
		if p, ok := v.Model().Person(id); ok && !p.Now().Gone && len(people) < 25 && len(id) <= bot.MaxValue {
			people = append(people, bot.Choice{Label: clipTo(p.Name, 75), Value: string(id)})
		}
	}
	for _, id := range cards.TeamMembers(t) {
		add(id)
	}
	chosen := []string{string(v.ID())}
	if !t.Has(v.ID()) {
		add(v.ID())
	}
	by := bot.Field{Name: "by", Label: "By when", Kind: bot.FieldDate, Optional: true}
	if due, ok := v.Model().NextSlot(t, max(slot+1, v.Today())); ok {
		by.Value = []string{due.String()}
	}
	return &bot.Form{
		Title: "A commitment", Submit: "Save", Intro: t.Name + ". It stands on the team's agenda until it is met.",
		Press: bot.Press{Action: "plc.commits", Subject: cards.AgendaSubject(t.ID, slot)},
		Fields: []bot.Field{
			{Name: "who", Label: "Who", Kind: bot.FieldPerson, Options: people, Value: chosen},
			{Name: "what", Label: "Does what", Kind: bot.FieldText, Placeholder: "No student names.", Max: 280},
			by,
		},
	}
}

func (d *Desk) plcCommitted(ctx context.Context, c bot.Call) (bot.Answer, error) {
	var e school.Entry
	var said cardSaid
	err := d.as(ctx, c, func(v *school.Viewer) error {
		t, slot, err := plcPressed(v, c.Press.Subject)
		if err != nil {
			return err
		}
		owner := school.PersonID(field(c, "who"))
		if owner == "" {
			owner = v.ID()
		}
		if !mayOwn(v, t, owner) {
			return invalid("who", "Choose somebody of the team.")
		}
		e, said, err = makeCommitment(v, c, t, slot, owner, field(c, "what"), field(c, "by"))
		return err
	})
	return d.plcDone(ctx, c, err, nil, e, said)
}

func makeCommitment(v *school.Viewer, c bot.Call, t *school.Team, slot school.Day, owner school.PersonID, words, by string) (school.Entry, cardSaid, error) {
	none := cardSaid{}
	words, err := plcWords(v, "what", words, false) // it stands beside its owner, where names may
	if err != nil {
		return school.Entry{}, none, err
	}
	due := school.Day(0)
	if by = strings.TrimSpace(by); by != "" {
		if due, err = parseDate(by, v.Today(), future); err != nil {
			return school.Entry{}, none, invalid("by", "%v.", err)
		}
		if due < v.Today() || due > v.Today()+366 {
			return school.Entry{}, none, invalid("by", "%s is not a day in the coming year.", due.Short())
		}
	} else if next, ok := v.Model().NextSlot(t, max(slot+1, v.Today())); ok {
		due = next
	}
	uid := school.UID(c.ID, 0)
	e := entry(c, school.CommitmentMade{UID: uid, Team: t.ID, Owner: owner, By: due, Slot: slot})
	e.Texts = []school.Text{{Key: school.NoteKey(uid, "commitment"), Kind: "commitment", Subject: string(owner), Author: string(v.ID()), Class: school.Meeting, Body: words}}
	who := "You"
	if owner != v.ID() {
		who = v.Model().Name(owner)
	}
	s := cardSaid{team: t.ID, slot: slot, text: who + ": " + words, note: "It stands on the agenda of " + t.Name + " until it is met."}
	if due != 0 {
		s.text += " · by " + due.Short()
	}
	if next, ok := plcNext(v, t); ok {
		s.slot = next // the agenda on which it will be checked
	}
	return e, s, nil
}

// plcSkip says that the next meeting does not take place.
func (d *Desk) plcSkip(ctx context.Context, c bot.Call) (bot.Answer, error) {
	var form *bot.Form
	var e school.Entry
	var said cardSaid
	err := d.as(ctx, c, func(v *school.Viewer) error {
		t, slot, err := plcTarget(v, c.Args.Get("team"))
		if err != nil {
			return err
		}
		reason := c.Args.Get("reason")
		if strings.TrimSpace(reason) == "" {
			form = skipForm(v, t, slot)
			return nil
		}
		e, said, err = skipMeeting(v, c, t, slot, reason)
		return err
	})
	return d.plcDone(ctx, c, err, form, e, said)
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
	var e school.Entry
	var said cardSaid
	err := d.as(ctx, c, func(v *school.Viewer) error {
		t, slot, err := plcPressed(v, c.Press.Subject)
		if err == nil {
			e, said, err = skipMeeting(v, c, t, slot, field(c, "reason"))
		}
		return err
	})
	return d.plcDone(ctx, c, err, nil, e, said)
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
	s := cardSaid{team: t.ID, slot: slot, text: fmt.Sprintf("%s skips its meeting of %s: “%s”.", t.Name, slot.Short(), reason),
		note: "It does not count as missed. If it takes place after all, /plc minutes says so."}
	if next, ok := v.Model().NextSlot(t, slot+1); ok {
		s.text += " The next one is on " + next.Short() + "."
	}
	return e, s, nil
}
