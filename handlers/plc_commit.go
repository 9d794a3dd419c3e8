package handlers

import (
	"context"
	"strings"

	"rounds/bot"
	"rounds/cards"
	"rounds/school"
)

// plcCommit makes a commitment of a line; without words it asks for them.
func (d *Desk) plcCommit(ctx context.Context, c bot.Call) (bot.Answer, error) {
	var form *bot.Form
	var e school.Entry
	var said cardSaid
	err := d.as(ctx, c, func(v *school.Viewer) error {
		team, rest := teamFirst(v, c.Args.Get("team"))
		t, err := plcFind(v, c.Room, team)
		if err != nil {
			return err
		}
		if err := plcChanges(v, t); err != nil {
			return err
		}
		by := c.Args.Get("by")
		if _, more, err := dateFirst(by, v.Today(), future); err == nil && more != "" {
			by, rest = strings.TrimSuffix(by, more), rest+" "+more
		}
		owner, words, err := committed(v, t, c.Args.Get("who"), c.Args.Get("what")+" "+rest)
		if err != nil {
			return err
		}
		if words == "" {
			form = commitForm(v, t, plcOrigin(v, t))
			form.Fields[0].Value = []string{string(owner)}
			return nil
		}
		e, said, err = makeCommitment(v, c, t, plcOrigin(v, t), owner, words, by)
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
	who, words = fullName(v.Model(), t.Campus, who, words)
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

// fullName moves the rest of a name from the words to where the name stands: a line read by spaces gives "@Xiomara" and
// "Cisneros bring exit tickets".
func fullName(m *school.Model, campus school.CampusID, who, words string) (name, rest string) {
	f := strings.Fields(words)
	for n := min(4, len(f)); n > 0; n-- {
		whole := who + " " + strings.Join(f[:n], " ")
		if p := m.FindPeople(whole, campus); len(p) == 1 && school.Fold(p[0].Name) == school.Fold(whole) {
			return whole, strings.Join(f[n:], " ")
		}
	}
	return who, words
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
	due, err := school.Day(0), error(nil)
	if by = strings.TrimSpace(by); by != "" {
		var rest string
		if due, rest, err = dateFirst(by, v.Today(), future); err != nil {
			return school.Entry{}, none, invalid("by", "%v.", err)
		}
		words = strings.TrimSpace(words + " " + rest)
		if due < v.Today() || due > v.Today()+366 {
			return school.Entry{}, none, invalid("by", "%s is not a day in the coming year.", cards.Date(due, v.Today()))
		}
	} else if next, ok := v.Model().NextSlot(t, max(slot+1, v.Today())); ok {
		due = next
	}
	if words, err = plcWords(v, "what", words, false); err != nil { // it stands beside its owner, where names may
		return school.Entry{}, none, err
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
		s.text += " · by " + cards.Date(due, v.Today())
	}
	if next, ok := plcNext(v, t); ok {
		s.slot = next // the agenda on which it will be checked
	}
	return e, s, nil
}
