package handlers

import (
	"context"
	"errors"
	"strconv"

	"rounds/bot"
	"rounds/cards"
	"rounds/school"
)

// observeUndo takes back the caller's latest visit of the last 24 hours, with those of the same line.
func (d *Desk) observeUndo(ctx context.Context, c bot.Call) (bot.Answer, error) {
	var not bot.Answer
	latest := int64(0)
	err := d.as(ctx, c, func(v *school.Viewer) error {
		if not = notLeader(v); not != nil {
			return nil
		}
		for x := range v.Made() {
			if v.Now().Sub(x.Logged) > undoFor {
				break
			}
			if !x.Void {
				latest = x.N
				return nil
			}
		}
		return &bot.Error{Code: bot.NotFound, Sentence: "You logged no visit in the last 24 hours, so there is nothing to undo."}
	})
	if err != nil || not != nil {
		return not, err
	}
	s, err := d.lineOf(ctx, c, latest)
	if err != nil {
		return nil, err
	}
	done, err := d.decide(ctx, c, func(v *school.Viewer) (school.Entry, error) {
		e := entry(c)
		list, err := ownVisits(v, s)
		for _, x := range list {
			if !x.Void {
				e.Facts = append(e.Facts, school.VisitVoided{Visit: x.N})
			}
		}
		return e, err
	})
	if err != nil {
		return nil, err
	}
	if done.Repeated { // the same call again: what it undid the first time is not the latest any more
		return bot.Whisper{Card: cards.Plain("That was undone already.")}, nil
	}
	return d.showReceipt(ctx, c, s, false, nil)
}

// lineOf finds the visits that were logged with one: those of the same command, as the log has it.
func (d *Desk) lineOf(ctx context.Context, c bot.Call, n int64) (span, error) {
	b, err := d.book(c)
	if err != nil {
		return span{}, err
	}
	enough := errors.New("enough")
	kinds := map[int64]string{} // visit -> command
	err = b.Log().Read(ctx, max(0, n-maxPeople), func(e school.Event) error {
		if e.Version > n+maxPeople {
			return enough
		}
		if e.Kind == (school.VisitLogged{}).Kind() {
			kinds[e.Version] = e.Command
		}
		return nil
	})
	if err != nil && !errors.Is(err, enough) {
		return span{}, err
	}
	s := span{n, 1}
	for kinds[s.first-1] == kinds[n] && kinds[n] != "" {
		s.first, s.n = s.first-1, s.n+1
	}
	for kinds[s.first+int64(s.n)] == kinds[n] && kinds[n] != "" {
		s.n++
	}
	return s, nil
}

// observeAgain opens the form with what a visit that was taken back had said.
func (d *Desk) observeAgain(ctx context.Context, c bot.Call) (bot.Answer, error) {
	s, err := parseSpan(c.Press.Subject)
	if err != nil {
		return nil, err
	}
	r, _, err := d.receipt(ctx, c, s)
	if err != nil {
		return nil, err
	}
	var f bot.Form
	err = d.as(ctx, c, func(v *school.Viewer) error {
		list, err := ownVisits(v, s)
		if err != nil {
			return err
		}
		t := typed{Kind: string(r.Kind), On: r.On.String(), Focus: list[0].Focus, Glow: r.Glow, Grow: r.Grow, Evidence: r.Evidence, Step: r.Step, Team: string(list[0].Team), By: r.By.String()}
		if r.Minutes > 0 {
			t.Minutes = strconv.Itoa(r.Minutes)
		}
		for _, x := range list {
			if x.Subject != "" {
				t.Who = append(t.Who, string(x.Subject))
			}
		}
		f = formFor(v, t, "", "")
		return nil
	})
	if err != nil {
		return nil, err
	}
	return asForm(c, f, c.Press), nil
}
