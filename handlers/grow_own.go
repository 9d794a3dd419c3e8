package handlers

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"rounds/bot"
	"rounds/bot/chart"
	"rounds/cards"
	"rounds/school"
)

// What somebody does with their own growth page, and what a coach sees of one that is shared with them.

// growOpen answers the reminder: the page is shown beside it, to its reader alone.
func (d *Desk) growOpen(ctx context.Context, c bot.Call) (bot.Answer, error) {
	card, err := d.growPage(ctx, c)
	return bot.Whisper{Card: card}, err
}

// growDo records a fact about the caller's own page, or nothing if f has none, and shows the page again.
func (d *Desk) growDo(ctx context.Context, c bot.Call, f func(v *school.Viewer) (school.Fact, error)) (bot.Answer, error) {
	_, err := d.decide(ctx, c, func(v *school.Viewer) (school.Entry, error) {
		fact, err := f(v)
		if err != nil || fact == nil {
			return school.Entry{}, err
		}
		return entry(c, fact), nil
	})
	if err != nil {
		return nil, err
	}
	return d.growHome(ctx, c)
}

func (d *Desk) growReached(ctx context.Context, c bot.Call) (bot.Answer, error) {
	return d.growEnd(ctx, c, true)
}

func (d *Desk) growDrop(ctx context.Context, c bot.Call) (bot.Answer, error) {
	return d.growEnd(ctx, c, false)
}

// growEnd ends an open goal; one that is not open any more stays as it is.
func (d *Desk) growEnd(ctx context.Context, c bot.Call, reached bool) (bot.Answer, error) {
	return d.growDo(ctx, c, func(v *school.Viewer) (school.Fact, error) {
		if !slices.ContainsFunc(v.Growth().Goals, func(g school.GoalSet) bool { return g.Statement == c.Press.Subject }) {
			return nil, nil
		}
		return school.GoalEnded{Person: v.ID(), Statement: c.Press.Subject, Reached: reached, On: v.Today()}, nil
	})
}

// growRhythm sets how often the caller wants to be reminded.
func (d *Desk) growRhythm(ctx context.Context, c bot.Call) (bot.Answer, error) {
	weeks, err := strconv.Atoi(c.Value)
	if err != nil || !slices.Contains(cards.GrowRhythms, weeks) {
		return nil, &bot.Error{Code: bot.NotFound, Sentence: "I no longer know that rhythm. Type /grow to begin again."}
	}
	return d.growDo(ctx, c, func(v *school.Viewer) (school.Fact, error) {
		if v.Growth().Rhythm.Weeks == weeks {
			return nil, nil
		}
		return school.GrowRhythm{Person: v.ID(), Weeks: weeks, On: v.Today()}, nil
	})
}

// growAsk says what sharing means before anything is shared. c.Value is the coach chosen from a menu, the press's subject
// the only one there is.
func (d *Desk) growAsk(ctx context.Context, c bot.Call) (bot.Answer, error) {
	var card bot.Private
	err := d.as(ctx, c, func(v *school.Viewer) error {
		coach, err := coachOf(v, c)
		if err == nil {
			card = cards.GrowAsk(string(coach), v.Model().Name(coach))
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return bot.UpdatePrivate(card), nil
}

func (d *Desk) growShare(ctx context.Context, c bot.Call) (bot.Answer, error) {
	return d.growDo(ctx, c, func(v *school.Viewer) (school.Fact, error) {
		coach, err := coachOf(v, c)
		if err != nil || v.Growth().Shared.With == coach {
			return nil, err
		}
		return school.GrowShared{Person: v.ID(), With: coach, On: v.Today()}, nil
	})
}

// coachOf is the coach that was chosen, if they still serve the caller.
func coachOf(v *school.Viewer, c bot.Call) (school.PersonID, error) {
	id := school.PersonID(c.Press.Subject)
	if c.Value != "" {
		id = school.PersonID(c.Value)
	}
	if !slices.Contains(v.Coaches(), id) {
		return "", forbidden("That is no coach of yours any more. Type /grow to begin again.")
	}
	return id, nil
}

// growStop takes a share back. It holds at once.
func (d *Desk) growStop(ctx context.Context, c bot.Call) (bot.Answer, error) {
	return d.growDo(ctx, c, func(v *school.Viewer) (school.Fact, error) {
		if v.Growth().Shared.With == "" {
			return nil, nil
		}
		return school.GrowShared{Person: v.ID(), On: v.Today()}, nil
	})
}

// growShared lists who lets the caller read their page.
func (d *Desk) growShared(ctx context.Context, c bot.Call) (bot.Answer, error) {
	var card bot.Private
	err := d.as(ctx, c, func(v *school.Viewer) error {
		var people []bot.Choice
		for _, id := range v.GrowthSharers() {
			people = append(people, bot.Choice{Label: v.Model().Name(id), Value: string(id)})
		}
		card = cards.GrowSharers(people)
		return nil
	})
	return bot.Whisper{Card: card}, err
}

// growTheirs shows a page that is shared with the caller.
func (d *Desk) growTheirs(ctx context.Context, c bot.Call) (bot.Answer, error) {
	var card bot.Private
	err := d.as(ctx, c, func(v *school.Viewer) error {
		id := school.PersonID(c.Value)
		g, ok := v.GrowthOf(id)
		if !ok {
			return forbidden("That page is not shared with you any more.")
		}
		page := d.page(g, v.Today())
		page.Lines = d.growLines(g)
		card = cards.GrowTheirs(v.Model().Name(id), page, d.growChart(g))
		return nil
	})
	if err != nil {
		return nil, err
	}
	return bot.UpdatePrivate(card), nil
}

// growHistory shows what the caller said of themselves over time, as a picture and as lines.
func (d *Desk) growHistory(ctx context.Context, c bot.Call) (bot.Answer, error) {
	var card bot.Private
	err := d.as(ctx, c, func(v *school.Viewer) error {
		g := v.Growth()
		var all []cards.GrowLine
		for _, x := range v.Goals() {
			text := "goal " + d.statementName(x.Statement)
			if x.By != 0 {
				text += ", by " + x.By.String()
			}
			all = append(all, cards.GrowLine{On: x.On, Text: text})
		}
		card = cards.GrowHistory(append(d.growLines(g), all...), d.growChart(g))
		return nil
	})
	if err != nil {
		return nil, err
	}
	return bot.Whisper{Card: card}, nil
}

// growLines are ratings and ended goals.
func (d *Desk) growLines(g school.GrowthSeen) []cards.GrowLine {
	var all []cards.GrowLine
	for _, r := range g.Ratings {
		name := r.Strand
		if st, ok := d.strand(r.Strand); ok {
			name = st.Name
		}
		all = append(all, cards.GrowRated(r.On, name, r.Level))
	}
	for _, x := range g.Ended {
		how := "goal let go: "
		if x.Reached {
			how = "goal reached: "
		}
		all = append(all, cards.GrowLine{On: x.On, Text: how + d.statementName(x.Statement)})
	}
	return all
}

func (d *Desk) statementName(id string) string {
	if s, _, ok := d.library().Get(id); ok && s.Title != "" {
		return fmt.Sprintf("%s, %s", id, s.Title)
	}
	return id
}

// growChart is the picture of somebody's ratings, or nil where there is nothing to compare yet.
func (d *Desk) growChart(g school.GrowthSeen) *bot.Chart {
	c, ok := cards.GrowChart(g.Ratings, d.strandLevels())
	if !ok {
		return nil
	}
	if png, err := chart.Draw(c); err == nil {
		c.PNG = png // without a picture the numbers stand in a table
	}
	return &c
}

// strandLevels are the strands with their levels, the lowest first.
func (d *Desk) strandLevels() []cards.GrowLevels {
	var out []cards.GrowLevels
	for _, s := range d.library().Strands() {
		out = append(out, cards.GrowLevels{ID: s.ID, Name: s.Name, Levels: d.library().Levels(s.Doc)})
	}
	return out
}
