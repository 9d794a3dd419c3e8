package handlers

import (
	"context"
	"fmt"
	"strings"

	"rounds/bot"
	"rounds/cards"
	"rounds/school"
)

// A part of the minutes: how its field and its line are called.
type part struct {
	name, label, hint string
	required          bool
	long              bool
}

// minutesParts are what a team writes down: what was decided, and, where its protocol has boxes that may
// not stay empty (student work analysis, after 5.3.1.b), the gap in one sentence and each of those boxes.
func minutesParts(p cards.Protocol) []part {
	out := []part{{name: "decided", label: "What was decided", required: true, long: true}}
	boxes := 0
	for i, s := range p.Steps {
		if !s.Required {
			continue
		}
		if boxes++; boxes == 1 {
			out = append(out, part{name: "gap", label: "The gap in one sentence", hint: "most students can …, but not yet …, as seen in …"})
		}
		out = append(out, part{name: "box_" + string(rune('a'+i)), label: clipTo(s.Title, 45), hint: clipTo(s.Output, 100), required: true})
	}
	return out
}

// clipTo keeps a text within n characters.
func clipTo(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

// plcMinutes opens the form for the latest meeting, or shows what was written down about it.
func (d *Desk) plcMinutes(ctx context.Context, c bot.Call) (bot.Answer, error) {
	var form *bot.Form
	var held *school.MeetingMark
	var team school.TeamID
	var slot school.Day
	err := d.as(ctx, c, func(v *school.Viewer) error {
		t, err := plcFind(v, c.Room, c.Args.Get("team"))
		if err != nil {
			return err
		}
		if slot, err = minutesSlot(v, t, c.Args.Get("on")); err != nil {
			return err
		}
		team = t.ID
		if mk := v.Model().Meeting(t.ID, slot); mk != nil && mk.Held {
			held = mk
			return plcSees(v, t)
		}
		if err := plcChanges(v, t); err != nil {
			return err
		}
		form = minutesForm(t, slot, nil)
		return nil
	})
	switch {
	case err != nil:
		return nil, err
	case held == nil:
		return bot.OpenForm{Form: *form}, nil
	}
	card, err := d.minutesCard(ctx, c, team, slot)
	if err != nil {
		return nil, err
	}
	return bot.Whisper{Card: card}, nil
}

// minutesSlot is the meeting that is meant: the latest one, or the one of a day.
func minutesSlot(v *school.Viewer, t *school.Team, on string) (school.Day, error) {
	m := v.Model()
	today := school.DayOf(v.Now(), m.CampusZone(t.Campus))
	if strings.TrimSpace(on) == "" {
		if len(m.Slots(t, today, today)) == 1 {
			return today, nil // also one that was skipped: minutes say that it took place after all
		}
		if d, ok := plcLatest(v, t); ok {
			return d, nil
		}
		return 0, &bot.Error{Code: bot.NotFound, Sentence: t.Name + " has not met yet this year."}
	}
	day, err := parseDate(on, today, past)
	if err != nil {
		return 0, invalid("on", "%v.", err)
	}
	if day > today {
		return 0, invalid("on", "%s is still to come. Minutes are for meetings that took place.", cards.Date(day, today))
	}
	if len(m.Slots(t, day, day)) == 0 {
		e := invalid("on", "%s has no meeting on %s.", t.Name, cards.Date(day, today))
		if last, ok := m.LastSlot(t, day); ok {
			e.Sentence += " The one before was on " + last.Short() + "."
		}
		return 0, e
	}
	return day, nil
}

// minutesForm asks for the parts; had are those already written.
func minutesForm(t *school.Team, slot school.Day, had map[string]string) *bot.Form {
	f := &bot.Form{
		Title: "Minutes", Submit: "Save", Intro: t.Name + ", " + slot.Short() + ". The meeting then counts as held.",
		Press: bot.Press{Action: "plc.held", Subject: cards.AgendaSubject(t.ID, slot)},
	}
	for _, p := range minutesParts(protocolOf(t)) {
		fd := bot.Field{Name: p.name, Label: p.label, Hint: p.hint, Kind: bot.FieldText, Optional: p.name != "decided", Placeholder: "No student names.", Max: 500}
		if p.long {
			fd.Kind, fd.Max = bot.FieldLong, 2000
		}
		if had[p.label] != "" {
			fd.Value = []string{had[p.label]}
		}
		f.Fields = append(f.Fields, fd)
	}
	if len(f.Fields) > 1 {
		f.Intro += " It is complete when no box is empty; you can finish it later. Samples and student work stay off here."
	}
	return f
}

// plcMinutesForm opens the form of a meeting with what stands in it already.
func (d *Desk) plcMinutesForm(ctx context.Context, c bot.Call) (bot.Answer, error) {
	var team *school.Team
	var slot school.Day
	key := ""
	err := d.as(ctx, c, func(v *school.Viewer) error {
		t, s, err := plcPressed(v, c.Press.Subject)
		if err != nil {
			return err
		}
		if s > school.DayOf(v.Now(), v.Model().CampusZone(t.Campus)) { // the page of a team points to the next meeting
			if s, err = minutesSlot(v, t, ""); err != nil {
				return err
			}
		}
		cp := *t
		team, slot = &cp, s
		if mk := v.Model().Meeting(t.ID, s); mk != nil && mk.Held {
			key = school.NoteKey(mk.UID, "minutes")
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	var had map[string]string
	if key != "" {
		texts, err := d.bodies(ctx, c, key)
		if err != nil {
			return nil, err
		}
		had = readMinutes(texts[key])
	}
	return bot.OpenForm{Form: *minutesForm(team, slot, had)}, nil
}

// plcHeld records that the meeting took place and what was written down.
func (d *Desk) plcHeld(ctx context.Context, c bot.Call) (bot.Answer, error) {
	var team school.TeamID
	var slot school.Day
	_, err := d.decide(ctx, c, func(v *school.Viewer) (school.Entry, error) {
		t, s, err := plcPressed(v, c.Press.Subject)
		if err != nil {
			return school.Entry{}, err
		}
		if s > school.DayOf(v.Now(), v.Model().CampusZone(t.Campus)) {
			return school.Entry{}, invalid("decided", "That meeting is still to come.")
		}
		team, slot = t.ID, s
		body, err := writeMinutes(minutesParts(protocolOf(t)), c)
		if err != nil {
			return school.Entry{}, err
		}
		uid := school.UID(c.ID, 0)
		e := entry(c, school.MeetingHeld{UID: uid, Team: t.ID, Slot: s})
		e.Texts = []school.Text{{Key: school.NoteKey(uid, "minutes"), Kind: "minutes", Subject: string(t.ID), Author: string(v.ID()), Class: school.Meeting, Body: body}}
		return e, nil
	})
	if err != nil {
		return nil, err
	}
	d.refreshAgendas(ctx, c, team, "")
	card, err := d.minutesCard(ctx, c, team, slot)
	if err != nil {
		return nil, err
	}
	return bot.Whisper{Card: card}, nil
}

// writeMinutes puts the parts one below the other; readMinutes takes them apart again.
func writeMinutes(parts []part, c bot.Call) (string, error) {
	var out []string
	for _, p := range parts {
		var lines []string
		for l := range strings.SplitSeq(field(c, p.name), "\n") {
			if l = strings.TrimSpace(l); l != "" {
				lines = append(lines, l)
			}
		}
		if p.name == "decided" && len(lines) == 0 {
			return "", invalid("decided", "Write at least one line: what did the team decide?")
		}
		if len(lines) > 0 {
			out = append(out, p.label+": "+strings.Join(lines, "\n"))
		}
	}
	return strings.Join(out, "\n\n"), nil
}

func readMinutes(body string) map[string]string {
	out := map[string]string{}
	for p := range strings.SplitSeq(body, "\n\n") {
		if label, text, ok := strings.Cut(p, ": "); ok {
			out[label] = text
		}
	}
	return out
}

// minutesCard shows the minutes of a meeting that was held.
func (d *Desk) minutesCard(ctx context.Context, c bot.Call, team school.TeamID, slot school.Day) (card bot.Private, err error) {
	key := ""
	var show func(had map[string]string)
	err = d.as(ctx, c, func(v *school.Viewer) error {
		t, ok := v.Model().Team(team)
		mk := v.Model().Meeting(team, slot)
		if !ok || mk == nil {
			return &bot.Error{Code: bot.NotFound, Sentence: "That team is no longer on the list."}
		}
		key = school.NoteKey(mk.UID, "minutes")
		head := fmt.Sprintf("%s, %s", t.Name, slot.Short())
		parts, edit := minutesParts(protocolOf(t)), plcChanges(v, t) == nil
		show = func(had map[string]string) {
			var facts []bot.Fact
			var empty []string
			for _, p := range parts {
				switch {
				case had[p.label] != "":
					facts = append(facts, bot.Fact{Label: p.label, Value: had[p.label]})
				case p.required:
					empty = append(empty, p.label)
				}
			}
			card = cards.Minutes(head, facts, empty, cards.AgendaSubject(team, slot), edit)
		}
		return nil
	})
	if err != nil {
		return card, err
	}
	texts, err := d.bodies(ctx, c, key)
	if err != nil {
		return card, err
	}
	show(readMinutes(texts[key]))
	return card, nil
}
