package handlers

import (
	"context"
	"strings"

	"rounds/bot"
	"rounds/cards"
	"rounds/school"
)

// snoozable are the reminders that go to one person; their values are the clock's own names.
var snoozable = []bot.Choice{
	{Label: "All reminders", Value: "all"},
	{Label: "Plan of the week", Value: "plan"},
	{Label: "Notes, steps and “Let's talk”", Value: "notice"},
	{Label: "Visits due soon", Value: "due"},
	{Label: "Feedback still to give", Value: "feedback"},
	{Label: "Check-back on action steps", Value: "checkback"},
	{Label: "Check-ins of the day", Value: "answers"},
	{Label: "Preview of the snapshot", Value: "preview"},
}

func snoozeName(what string) string {
	for _, s := range snoozable {
		if s.Value == what {
			return s.Label
		}
	}
	return what
}

// mostSnooze: a snooze is a pause, not a way to be forgotten.
const mostSnooze = 28

// snooze stops reminders until a day; without a day it asks.
func (d *Desk) snooze(ctx context.Context, c bot.Call) (bot.Answer, error) {
	until, reason := c.Args.Get("until"), c.Args.Get("reason")
	if w := strings.ToLower(strings.TrimSpace(until + reason)); w == "end" || w == "off" || w == "stop" || w == "none" {
		return d.wake(ctx, c)
	}
	if strings.TrimSpace(until) == "" {
		return d.snoozeForm(ctx, c)
	}
	return d.setSnooze(ctx, c, c.Args.Get("what"), until, reason)
}

func (d *Desk) snoozeForm(ctx context.Context, c bot.Call) (bot.Answer, error) {
	var next school.Day
	err := d.as(ctx, c, func(v *school.Viewer) error {
		next = v.Today().Monday() + 7
		return nil
	})
	if err != nil {
		return nil, err
	}
	what := c.Args.Get("what")
	if what == "" {
		what = "all"
	}
	return bot.OpenForm{Form: bot.Form{
		Title: "Snooze reminders", Submit: "Snooze", Press: bot.Press{Action: "rounds.snoozed"},
		Fields: []bot.Field{
			{Name: "what", Label: "Which reminders", Kind: bot.FieldSelect, Options: snoozable, Value: []string{what}},
			{Name: "until", Label: "Until", Hint: "The first day that reminds you again; four weeks ahead at most.", Kind: bot.FieldDate, Value: []string{next.String()}},
			{Name: "reason", Label: "Why", Hint: "A note to yourself; only you see it.", Kind: bot.FieldText, Optional: true, Placeholder: "No student names.", Max: 200},
		},
	}}, nil
}

func (d *Desk) snoozed(ctx context.Context, c bot.Call) (bot.Answer, error) {
	return d.setSnooze(ctx, c, field(c, "what"), field(c, "until"), field(c, "reason"))
}

func (d *Desk) setSnooze(ctx context.Context, c bot.Call, what, until, reason string) (bot.Answer, error) {
	if what == "" {
		what = "all"
	}
	var day school.Day
	_, err := d.decide(ctx, c, func(v *school.Viewer) (school.Entry, error) {
		var err error
		var rest string
		if day, rest, err = dateFirst(until, v.Today(), future); err != nil {
			return school.Entry{}, invalid("until", "%v.", err)
		}
		reason = rest + " " + reason
		if day == v.Today() { // "mon", said on a Monday, is the next one
			day += 7
		}
		switch {
		case day < v.Today():
			return school.Entry{}, invalid("until", "%s is past. Say the first day that may remind you again.", cards.Date(day, v.Today()))
		case day > v.Today()+mostSnooze:
			return school.Entry{}, invalid("until", "Four weeks are the most: %s. Leave is better set on the staff list, which also stops the clock of your targets.", (v.Today() + mostSnooze).Short())
		}
		uid := school.UID(c.ID, 0)
		e := entry(c, school.Snoozed{UID: uid, Person: v.ID(), What: what, Until: day})
		if reason = clipTo(strings.Join(strings.Fields(reason), " "), 200); reason != "" {
			e.Texts = []school.Text{{Key: school.NoteKey(uid, "reason"), Kind: "reason", Subject: string(v.ID()), Author: string(v.ID()), Class: school.Coaching, Body: reason}}
		}
		return e, nil
	})
	if err != nil {
		return nil, err
	}
	return bot.Whisper{Card: cards.Snoozed(snoozeName(what), day.Short())}, nil
}

// wake ends the caller's snoozes.
func (d *Desk) wake(ctx context.Context, c bot.Call) (bot.Answer, error) {
	ended := 0
	_, err := d.decide(ctx, c, func(v *school.Viewer) (school.Entry, error) {
		e := entry(c)
		for _, s := range v.Snoozes() {
			e.Facts = append(e.Facts, school.Snoozed{Person: v.ID(), What: s.What})
		}
		ended = len(e.Facts)
		return e, nil
	})
	if err != nil {
		return nil, err
	}
	if ended == 0 {
		return bot.Whisper{Card: bot.PrivateCard(bot.Text{Text: "Nothing is snoozed."})}, nil
	}
	return bot.Whisper{Card: bot.PrivateCard(bot.Text{Text: "Snooze ended. Reminders come again, beginning with the next one that is due."})}, nil
}

// snoozeWords says what is snoozed now, or "".
func snoozeWords(v *school.Viewer) string {
	var out []string
	for _, s := range v.Snoozes() {
		out = append(out, snoozeName(s.What)+" until "+s.Until.Short())
	}
	if len(out) == 0 {
		return ""
	}
	return "Snoozed: " + strings.Join(out, "; ") + "."
}
