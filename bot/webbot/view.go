package webbot

import (
	"context"
	"time"
)

// stamp is a time as the page shows it. The page computes no time: its own zone and clock
// may be others than the school's.
type stamp struct {
	Time string `json:"time"` // "10:02 AM"
	Date string `json:"date"` // "2026-10-15"
	Day  string `json:"day"`  // "Thursday, October 15"
	Full string `json:"full"` // "Thu, Oct 15, 2026 · 10:02 AM CDT"
}

func stampOf(t time.Time) stamp {
	return stamp{
		Time: t.Format("3:04 PM"),
		Date: t.Format(time.DateOnly),
		Day:  t.Format("Monday, January 2"),
		Full: fullTime(t),
	}
}

func fullTime(t time.Time) string { return t.Format("Mon, Jan 2, 2006 · 3:04 PM MST") }

// messageView is a stored message as the page shows it.
type messageView struct {
	ID     string `json:"id"`
	From   string `json:"from,omitempty"` // a persona's id; "" is the bot
	Name   string `json:"name"`
	Role   string `json:"role,omitempty"`
	Text   string `json:"text,omitempty"`
	Card   *card  `json:"card,omitempty"`
	For    string `json:"for,omitempty"`   // "Alice Anders used /plc"
	Quote  string `json:"quote,omitempty"` // the start of the words that it answers
	About  string `json:"about,omitempty"` // and their id
	Edited bool   `json:"edited,omitempty"`
	At     stamp  `json:"at"`
}

func (p *Platform) names() map[string]Persona {
	m := map[string]Persona{}
	for _, x := range p.cfg.Personas() {
		m[x.Account.User] = x
	}
	return m
}

func (p *Platform) view(ctx context.Context, roomID string, m message, names map[string]Persona) messageView {
	v := messageView{
		ID: m.ID, From: m.From, Name: "Rounds", Text: m.Text, Card: m.Card, Edited: m.Edited,
		At: stampOf(m.At.In(p.zone())),
	}
	if m.From != "" {
		v.Name = nameOf(names, m.From)
		v.Role = names[m.From].Role
	}
	if m.For != nil {
		name := nameOf(names, m.For.User)
		switch {
		case m.For.Command != "":
			v.For = name + " used " + m.For.Command
		case m.For.Message != "":
			v.For, v.About = "To "+name, m.For.Message
			// The words are read where they stand, so that deleting them deletes the quote.
			if words, err := p.store.get(ctx, roomID, m.For.Message); err == nil {
				v.Quote = firstWords(mention.ReplaceAllString(words.Text, "$1"), 80)
			}
		default:
			v.For = "For " + name
		}
	}
	return v
}

func nameOf(names map[string]Persona, id string) string {
	if x, ok := names[id]; ok {
		return x.Name
	}
	return "Somebody who left"
}
