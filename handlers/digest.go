package handlers

import (
	"context"
	"fmt"
	"strings"
	"time"

	"rounds/bot"
	"rounds/bot/chart"
	"rounds/cards"
	"rounds/school"
)

func init() {
	campus := []bot.Option{{Name: "campus", Help: "which campus, if you have several", Kind: bot.OptionText, Bare: true}}
	register(command{
		name: "digest", order: 50, summary: "The week's coaching snapshot for the leadership room: aggregates only", who: "principals and assistant principals", hint: "preview · post · hold",
		subs: []sub{
			{name: "preview", summary: "See this week's snapshot before it is posted", example: "/digest preview", options: campus, run: (*Desk).digestPreview},
			{name: "post", summary: "Post it in the leadership room now", example: "/digest post", options: campus, run: (*Desk).digestPost},
			{name: "hold", summary: "Do not post it this week", example: "/digest hold", options: campus, run: (*Desk).digestHold},
		},
		on: map[string]action{
			"preview": {run: (*Desk).digestPreviewed},
			"post":    {run: (*Desk).digestPosted},
			"hold":    {run: (*Desk).digestHeld},
		},
	})
}

// digestCampus finds the campus that is meant, for a leader of it.
func digestCampus(v *school.Viewer, typed string) (school.CampusID, error) {
	if v.Role() != school.Principal && v.Role() != school.AP {
		return "", forbidden("The snapshot is shown to the principal and assistant principals of a campus before it is posted in their leadership room.")
	}
	st := v.Stint()
	typed = school.Fold(typed)
	if typed == "" {
		if st.Campus == "" && len(st.Campuses) > 0 {
			return st.Campuses[0], nil
		}
		return st.Campus, nil
	}
	var mine []string
	for _, c := range v.Model().Campuses() {
		if !st.At(c.ID) {
			continue
		}
		if strings.Contains(school.Fold(c.Name), typed) || strings.EqualFold(string(c.ID), typed) {
			return c.ID, nil
		}
		mine = append(mine, c.Name)
	}
	return "", &bot.Error{Code: bot.NotFound, Field: "campus", Sentence: "That is none of your campuses. Yours: " + strings.Join(mine, ", ") + "."}
}

// digestOwners are who decides on a campus's digest: the principal, and where there is none the
// assistant principals.
func digestOwners(m *school.Model, c school.CampusID, d school.Day) []school.PersonID {
	if p := m.LeadersOf(c, d, school.Principal); len(p) > 0 {
		return p
	}
	return m.LeadersOf(c, d, school.AP)
}

func digestOwns(v *school.Viewer, c school.CampusID) bool {
	for _, p := range digestOwners(v.Model(), c, v.Today()) {
		if p == v.ID() {
			return true
		}
	}
	return false
}

// digestOccurrence is the name under which the clock posts a campus's digest of a week.
func digestOccurrence(d bot.District, c school.CampusID, monday school.Day) string {
	return fmt.Sprintf("%s/digest/%s/%s", d, c, monday)
}

// digestAt is when a campus's digest was posted: "Fri, Oct 16 at 3:00 PM CDT".
func digestAt(m *school.Model, c school.CampusID, at int64) string {
	return time.Unix(at, 0).In(m.CampusZone(c)).Format("Mon, Jan 2 at 3:04 PM MST")
}

// digestPressed finds campus and week of a button; only this week's digest can still be decided.
func digestPressed(v *school.Viewer, subject string) (school.CampusID, error) {
	c, monday, ok := cards.ReadDigestSubject(v.Model(), subject)
	if !ok {
		return "", &bot.Error{Code: bot.NotFound, Sentence: "I no longer know that campus. Type /digest preview."}
	}
	if this := school.DayOf(v.Now(), v.Model().CampusZone(c)).Monday(); monday != this {
		return "", &bot.Error{Code: bot.NotFound, Sentence: fmt.Sprintf("That was the snapshot of the week of %s, and it can no longer be decided on. /digest preview shows this week's.", monday.Short())}
	}
	if v.Role() != school.Principal && v.Role() != school.AP || !v.Stint().At(c) {
		return "", forbidden("Only the leaders of %s see its snapshot before it is posted.", v.Model().CampusName(c))
	}
	return c, nil
}

func (d *Desk) digestPreview(ctx context.Context, c bot.Call) (bot.Answer, error) {
	return d.digestShow(ctx, c, func(v *school.Viewer) (school.CampusID, error) { return digestCampus(v, c.Args.Get("campus")) })
}

func (d *Desk) digestPreviewed(ctx context.Context, c bot.Call) (bot.Answer, error) {
	return d.digestShow(ctx, c, func(v *school.Viewer) (school.CampusID, error) { return digestPressed(v, c.Press.Subject) })
}

func (d *Desk) digestShow(ctx context.Context, c bot.Call, which func(*school.Viewer) (school.CampusID, error)) (bot.Answer, error) {
	var s school.Snapshot
	var name string
	var asOf time.Time
	var o cards.DigestOwner
	err := d.as(ctx, c, func(v *school.Viewer) error {
		campus, err := which(v)
		if err != nil {
			return err
		}
		m := v.Model()
		asOf, name = v.Now().In(m.CampusZone(campus)), m.CampusName(campus)
		s = m.Snapshot(campus, v.Now())
		o = cards.DigestOwner{Subject: cards.DigestSubject(campus, s.Week), Decides: digestOwns(v, campus), Owner: "the principal"}
		if dec, _, ok := m.Digest(campus, s.Week); ok {
			o.Decision = dec.Decision
		}
		if cs, ok := m.Campus(campus); ok {
			o.Room = cs.Room != ""
		}
		if sent, ok := m.SentAs(digestOccurrence(c.District, campus, s.Week)); ok && sent.Dropped == "" {
			o.Posted = digestAt(m, campus, sent.At)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if !cards.DigestReportable(s) {
		return bot.Whisper{Card: cards.DigestNone(s, name)}, nil
	}
	// Drawn outside the lock: it takes some milliseconds.
	return bot.Whisper{Card: cards.DigestPreview(cards.Digest(s, name, asOf, d.draw(s)), o)}, nil
}

// draw draws the trend; without a picture the card still has its numbers.
func (d *Desk) draw(s school.Snapshot) []byte {
	ch, ok := cards.DigestChart(s)
	if !ok {
		return nil
	}
	png, err := chart.Draw(ch)
	if err != nil {
		d.cfg.Logger.Warn("chart not drawn", "err", err)
		return nil
	}
	return png
}

func (d *Desk) digestPost(ctx context.Context, c bot.Call) (bot.Answer, error) {
	card, err := d.digestDecide(ctx, c, "post", func(v *school.Viewer) (school.CampusID, error) { return digestCampus(v, c.Args.Get("campus")) })
	return bot.Whisper{Card: card}, err
}

func (d *Desk) digestHold(ctx context.Context, c bot.Call) (bot.Answer, error) {
	card, err := d.digestDecide(ctx, c, "hold", func(v *school.Viewer) (school.CampusID, error) { return digestCampus(v, c.Args.Get("campus")) })
	return bot.Whisper{Card: card}, err
}

func (d *Desk) digestPosted(ctx context.Context, c bot.Call) (bot.Answer, error) {
	card, err := d.digestDecide(ctx, c, "post", func(v *school.Viewer) (school.CampusID, error) { return digestPressed(v, c.Press.Subject) })
	return digestAnswer(c, card), err
}

func (d *Desk) digestHeld(ctx context.Context, c bot.Call) (bot.Answer, error) {
	card, err := d.digestDecide(ctx, c, "hold", func(v *school.Viewer) (school.CampusID, error) { return digestPressed(v, c.Press.Subject) })
	return digestAnswer(c, card), err
}

// digestAnswer takes the place of a preview that only the owner sees. The noon envelope in a direct conversation is
// a stored message, which no private card may replace.
func digestAnswer(c bot.Call, card bot.Private) bot.Answer {
	if c.Message != "" {
		return bot.Whisper{Card: card}
	}
	return bot.UpdatePrivate(card)
}

// digestDecide records the owner's word; the clock posts or holds accordingly.
func (d *Desk) digestDecide(ctx context.Context, c bot.Call, decision string, which func(*school.Viewer) (school.CampusID, error)) (card bot.Private, err error) {
	_, err = d.decide(ctx, c, func(v *school.Viewer) (school.Entry, error) {
		campus, err := which(v)
		if err != nil {
			return school.Entry{}, err
		}
		m := v.Model()
		name := m.CampusName(campus)
		if !digestOwns(v, campus) {
			return school.Entry{}, forbidden("The principal of %s decides about its snapshot.", name)
		}
		s := m.Snapshot(campus, v.Now())
		if !cards.DigestReportable(s) {
			card = cards.DigestNone(s, name)
			return school.Entry{}, nil
		}
		if cs, ok := m.Campus(campus); decision == "post" && (!ok || cs.Room == "") {
			return school.Entry{}, &bot.Error{Code: bot.Invalid, Sentence: "No leadership room is set for " + name + ", so there is nowhere to post. Whoever looks after Rounds can set one."}
		}
		if sent, ok := m.SentAs(digestOccurrence(c.District, campus, s.Week)); ok && sent.Dropped == "" {
			return school.Entry{}, &bot.Error{Code: bot.Conflict, Sentence: "This week's snapshot was posted on " + digestAt(m, campus, sent.At) + " and stays in the room. It is not posted twice."}
		}
		card = cards.DigestDecided(decision, cards.DigestSubject(campus, s.Week))
		if had, _, ok := m.Digest(campus, s.Week); ok && had.Decision == decision {
			return school.Entry{}, nil
		}
		return entry(c, school.DigestDecided{Campus: campus, Week: s.Week, Decision: decision}), nil
	})
	return card, err
}
