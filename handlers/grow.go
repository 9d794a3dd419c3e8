package handlers

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"rounds/answers"
	"rounds/bot"
	"rounds/cards"
	"rounds/school"
)

func init() {
	register(command{
		name: "grow", order: 70, summary: "Your own growth, yours alone: where you are, what the next level says, up to three goals", who: "everyone", private: true,
		hint: "observation · history · shared",
		subs: []sub{
			{
				name: "rate", summary: "Choose a strand and say where you are", example: "/grow observation", run: (*Desk).grow,
				options: []bot.Option{{Name: "strand", Help: "a strand by its name or number: S1, observation", Kind: bot.OptionText, Bare: true}},
			},
			{name: "history", summary: "Your ratings and goals over time, as a picture and as plain text", example: "/grow history", run: (*Desk).growHistory},
			{name: "shared", summary: "The pages that people share with you, for coaches", example: "/grow shared", run: (*Desk).growShared},
		},
		on: map[string]action{
			"home":    {run: (*Desk).growHome},
			"strand":  {run: (*Desk).growStrand},
			"rate":    {run: (*Desk).growRate},
			"goal":    {opens: true, run: (*Desk).growGoal},
			"set":     {run: (*Desk).growSet},
			"history": {run: (*Desk).growHistory},
			"open":    {run: (*Desk).growOpen},
			"reached": {run: (*Desk).growReached},
			"drop":    {run: (*Desk).growDrop},
			"rhythm":  {run: (*Desk).growRhythm},
			"ask":     {run: (*Desk).growAsk},
			"share":   {run: (*Desk).growShare},
			"stop":    {run: (*Desk).growStop},
			"theirs":  {run: (*Desk).growTheirs},
		},
	})
}

// grow shows the caller's own page, or the strand that is named.
func (d *Desk) grow(ctx context.Context, c bot.Call) (bot.Answer, error) {
	typed := strings.TrimSpace(c.Args.Get("strand"))
	if typed == "" {
		card, err := d.growPage(ctx, c)
		return bot.Whisper{Card: card}, err
	}
	id, err := d.findStrand(typed)
	if err != nil {
		return nil, err
	}
	card, err := d.growLadder(ctx, c, id)
	return bot.Whisper{Card: card}, err
}

func (d *Desk) growHome(ctx context.Context, c bot.Call) (bot.Answer, error) {
	card, err := d.growPage(ctx, c)
	if err != nil {
		return nil, err
	}
	return bot.UpdatePrivate(card), nil
}

// growPage is the caller's own page.
func (d *Desk) growPage(ctx context.Context, c bot.Call) (card bot.Private, err error) {
	err = d.as(ctx, c, func(v *school.Viewer) error {
		g := v.Growth()
		page := d.page(g, v.Today())
		page.Rhythm = g.Rhythm.Weeks
		if g.Shared.With != "" {
			page.With = v.Model().Name(g.Shared.With)
			page.Lapsed = !slices.Contains(v.Coaches(), g.Shared.With)
		}
		for _, c := range v.Coaches() {
			page.Coaches = append(page.Coaches, bot.Choice{Label: v.Model().Name(c), Value: string(c)})
		}
		page.Sharers = len(v.GrowthSharers())
		card = cards.GrowHome(page)
		return nil
	})
	return card, err
}

func dayOr(d, today school.Day) string {
	if d == 0 {
		return ""
	}
	return cards.Date(d, today)
}

// page is somebody's growth page without what only they see of it.
func (d *Desk) page(g school.GrowthSeen, today school.Day) cards.GrowPage {
	var page cards.GrowPage
	for _, s := range d.library().Strands() {
		page.Strands = append(page.Strands, rated(g.Ratings, s, today))
	}
	for _, x := range g.Goals {
		goal := cards.GrowGoal{ID: x.Statement, By: dayOr(x.By, today), Late: x.By != 0 && x.By < today}
		if s, _, ok := d.library().Get(x.Statement); ok {
			goal.Text, goal.Level = s.Text, s.Level
		}
		page.Goals = append(page.Goals, goal)
	}
	return page
}

// rated is a strand with the latest rating of it.
func rated(ratings []school.Rated, s answers.Strand, today school.Day) cards.GrowStrand {
	g := cards.GrowStrand{ID: s.ID, Name: s.Name}
	for _, r := range ratings {
		if r.Strand == s.ID {
			g.Level, g.When = r.Level, cards.Date(r.On, today)
		}
	}
	return g
}

func (d *Desk) strand(id string) (answers.Strand, bool) {
	for _, s := range d.library().Strands() {
		if s.ID == id {
			return s, true
		}
	}
	return answers.Strand{}, false
}

// findStrand finds a strand by its number, by words of its name, or by what the library would answer.
func (d *Desk) findStrand(typed string) (string, error) {
	q := school.Fold(typed)
	var names []string
	for _, s := range d.library().Strands() {
		if strings.EqualFold(s.ID, strings.TrimSpace(typed)) || strings.Contains(school.Fold(s.Name), q) && q != "" {
			return s.ID, nil
		}
		names = append(names, s.Name)
	}
	for _, h := range d.library().Ask(typed).Hits {
		if st, ok := d.library().Strand(h.Statement.ID); ok {
			return st.ID, nil
		}
	}
	return "", &bot.Error{Code: bot.NotFound, Field: "strand", Sentence: "I know no strand called “" + short(typed) + "”. There are: " + strings.Join(names, "; ") + "."}
}

// growLadder shows the levels of one strand and asks where the caller is.
func (d *Desk) growLadder(ctx context.Context, c bot.Call, id string) (card bot.Private, err error) {
	st, ok := d.strand(id)
	if !ok {
		return card, &bot.Error{Code: bot.NotFound, Sentence: "I no longer know that strand. Type /grow to see them all."}
	}
	err = d.as(ctx, c, func(v *school.Viewer) error {
		card = cards.GrowRate(rated(v.Ratings(), st, v.Today()), d.library().Ladder(id))
		return nil
	})
	return card, err
}

func (d *Desk) growStrand(ctx context.Context, c bot.Call) (bot.Answer, error) {
	card, err := d.growLadder(ctx, c, c.Value)
	if err != nil {
		return nil, err
	}
	return bot.UpdatePrivate(card), nil
}

// growRate records where the caller puts themselves and shows what comes next.
func (d *Desk) growRate(ctx context.Context, c bot.Call) (bot.Answer, error) {
	st, ok := d.strand(c.Press.Subject)
	at := ""
	for _, s := range d.library().Ladder(st.ID) {
		if s.Level == c.Value {
			at = s.ID
		}
	}
	if !ok || at == "" {
		return nil, &bot.Error{Code: bot.NotFound, Sentence: "I no longer know that level. Type /grow to begin again."}
	}
	_, err := d.decide(ctx, c, func(v *school.Viewer) (school.Entry, error) {
		if g := rated(v.Ratings(), st, v.Today()); g.Level == c.Value && g.When == v.Today().Short() {
			return school.Entry{}, nil // said already today
		}
		return entry(c, school.Rated{Person: v.ID(), Strand: st.ID, Level: c.Value, On: v.Today()}), nil
	})
	if err != nil {
		return nil, err
	}
	return bot.UpdatePrivate(cards.GrowNext(cards.GrowStrand{ID: st.ID, Name: st.Name, Level: c.Value}, d.library().Next(at))), nil
}

// growGoal asks until when.
func (d *Desk) growGoal(ctx context.Context, c bot.Call) (bot.Answer, error) {
	s, _, ok := d.library().Get(c.Press.Subject)
	if !ok {
		return nil, &bot.Error{Code: bot.NotFound, Sentence: "I no longer hold that statement. Type /grow to begin again."}
	}
	var by school.Day
	err := d.as(ctx, c, func(v *school.Viewer) error {
		by = v.Today() + 42
		if d, ok := v.Calendar().PrevSchoolDay(by + 1); ok && d > v.Today() {
			by = d
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return bot.OpenForm{Form: bot.Form{
		Title: "My goal", Submit: "Set it", Intro: s.Text, Press: bot.Press{Action: "grow.set", Subject: s.ID},
		Fields: []bot.Field{{Name: "by", Label: "Until when", Hint: "Six weeks is a good length for one goal.", Kind: bot.FieldDate, Optional: true, Value: []string{by.String()}}},
	}}, nil
}

func (d *Desk) growSet(ctx context.Context, c bot.Call) (bot.Answer, error) {
	if _, _, ok := d.library().Get(c.Press.Subject); !ok {
		return nil, &bot.Error{Code: bot.NotFound, Sentence: "I no longer hold that statement. Type /grow to begin again."}
	}
	_, err := d.decide(ctx, c, func(v *school.Viewer) (school.Entry, error) {
		g := school.GoalSet{Person: v.ID(), Statement: c.Press.Subject, On: v.Today()}
		open := v.Growth().Goals
		if len(open) >= school.MostGoals && !slices.ContainsFunc(open, func(x school.GoalSet) bool { return x.Statement == g.Statement }) {
			return school.Entry{}, &bot.Error{Code: bot.Conflict, Sentence: fmt.Sprintf("You work toward %d goals already, which is as many as one can. On /grow, mark one as reached or let it go; then choose this one.", len(open))}
		}
		if by := field(c, "by"); by != "" {
			day, err := parseDate(by, v.Today(), future)
			if err != nil {
				return school.Entry{}, invalid("by", "%v.", err)
			}
			if day <= v.Today() || day > v.Today()+366 {
				return school.Entry{}, invalid("by", "Choose a day in the coming year, after today.")
			}
			g.By = day
		}
		return entry(c, g), nil
	})
	if err != nil {
		return nil, err
	}
	card, err := d.growPage(ctx, c)
	if err != nil {
		return nil, err
	}
	return bot.Whisper{Card: card}, nil
}
