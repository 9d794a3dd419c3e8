package handlers

import (
	"context"
	"fmt"
	"time"

	"rounds/bot"
	"rounds/cards"
	"rounds/school"
)

// observeNote shows one note to its teacher, once it was shared, or to its author; the first reading by the teacher is a
// fact of its own.
func (d *Desk) observeNote(ctx context.Context, c bot.Call) (bot.Answer, error) {
	s, err := parseSpan(c.Press.Subject)
	if err != nil {
		return nil, err
	}
	var n cards.Note
	var keys map[string]string
	open, version := false, 1
	err = d.as(ctx, c, func(v *school.Viewer) error {
		x, ok := v.Visit(s.first)
		if !ok {
			return forbidden("That note is not for you to read, or it was not written to you.")
		}
		n, keys, err = readNote(v, x)
		version = x.Version
		open = err == nil && x.Subject == v.ID() && !x.Opened
		return err
	})
	if err != nil {
		return nil, err
	}
	if open {
		e := entry(c, school.VisitOpened{Visit: s.first})
		e.Command = fmt.Sprintf("opened:%s:v%d", c.Person, s.first) // opened once, however often it is read
		if version > 1 {
			e.Command += fmt.Sprintf(".%d", version) // words that were changed since are opened once more
		}
		if _, err := d.record(ctx, c, e); err != nil {
			return nil, err
		}
	}
	t, err := d.words(ctx, c, keys)
	if err != nil {
		return nil, err
	}
	n.Glow, n.Grow, n.Evidence, n.Note, n.Step = t["glow"], t["grow"], t["evidence"], t["note"], t["step"]
	return bot.Whisper{Card: cards.VisitNote(n)}, nil
}

func readNote(v *school.Viewer, x school.VisitSeen) (cards.Note, map[string]string, error) {
	m := v.Model()
	own := x.Subject == v.ID()
	n := cards.Note{From: m.Name(x.Observer), Kind: x.Kind, Minutes: x.Minutes, On: x.On, Today: v.Today()}
	if o, ok := m.Person(x.Observer); ok {
		n.Appraiser = x.Team == "" && o.RoleOn(x.On).Administers()
	}
	switch {
	case x.Void:
		return n, nil, &bot.Error{Code: bot.NotFound, Sentence: n.From + " took that visit back, so there is nothing to read any more."}
	case own && (x.Shared.IsZero() || x.Shared.After(v.Now())):
		return n, nil, forbidden("That note was not shared with you yet.")
	}
	if !own {
		n.To = m.Name(x.Subject)
		if x.Team != "" {
			if t, ok := m.Team(x.Team); ok {
				n.To = t.Name
			}
		}
		if x.Withheld {
			n.Withheld = withheldWhy(v, x.Subject)
		}
	}
	for _, k := range x.Focus {
		n.Focus = append(n.Focus, m.FocusName(k))
	}
	n.Changed = changedWords(v, x)
	keys := noteKeys(x)
	steps, _ := v.StepsOf(x.Subject, false)
	for _, st := range steps {
		if st.Visit == x.N && st.Text != "" {
			keys["step"], n.By = st.Text, st.By
			if own && st.State.Open() {
				n.StepRef = fmt.Sprintf("s%d", st.N)
				if st.Answered == v.Today() {
					n.Answer = st.Answer
				}
			}
		}
	}
	return n, keys, nil
}

// changedWords says that a visit was amended, and to whoever was given other words before, that they are others now.
func changedWords(v *school.Viewer, x school.VisitSeen) string {
	on := func(t time.Time) string { return cards.When(school.DayOf(t, v.Zone()), v.Today()) }
	switch {
	case !x.Reworded.IsZero():
		return "The words were changed " + on(x.Reworded) + ", after they were shared."
	case x.Version > 1:
		return "Changed " + on(x.Changed) + "."
	}
	return ""
}
