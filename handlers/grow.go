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
		name: "grow", order: 70, summary: "Your own growth, seen by nobody else: where you are, what the next level says", who: "everyone", private: true,
		hint: "observation · history",
		subs: []sub{
			{
				name: "rate", summary: "Choose a strand and say where you are", example: "/grow observation", run: (*Desk).grow,
				options: []bot.Option{{Name: "strand", Help: "a strand by its name or number: S1, observation", Kind: bot.OptionText, Bare: true}},
			},
			{name: "history", summary: "Your ratings and goals as plain text", example: "/grow history", run: (*Desk).growHistory},
		},
		on: map[string]action{
			"home":    {run: (*Desk).growHome},
			"strand":  {run: (*Desk).growStrand},
			"rate":    {run: (*Desk).growRate},
			"goal":    {opens: true, run: (*Desk).growGoal},
			"set":     {run: (*Desk).growSet},
			"history": {run: (*Desk).growHistory},
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
		var strands []cards.GrowStrand
		for _, s := range d.cfg.Library.Strands() {
			strands = append(strands, rated(v, s))
		}
		var goals []cards.GrowGoal
		for _, g := range v.Goals() {
			// The same statement chosen again is the same goal with a new date.
			goals = slices.DeleteFunc(goals, func(x cards.GrowGoal) bool { return x.ID == g.Statement })
			if s, _, ok := d.cfg.Library.Get(g.Statement); ok {
				goals = append(goals, cards.GrowGoal{ID: s.ID, Text: s.Text, Level: s.Level, By: dayOr(g.By, v.Today())})
			}
		}
		card = cards.GrowHome(strands, goals[max(0, len(goals)-3):])
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

// rated is a strand with the viewer's latest rating of it.
func rated(v *school.Viewer, s answers.Strand) cards.GrowStrand {
	g := cards.GrowStrand{ID: s.ID, Name: s.Name}
	for _, r := range v.Ratings() {
		if r.Strand == s.ID {
			g.Level, g.When = r.Level, cards.Date(r.On, v.Today())
		}
	}
	return g
}

func (d *Desk) strand(id string) (answers.Strand, bool) {
	for _, s := range d.cfg.Library.Strands() {
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
	for _, s := range d.cfg.Library.Strands() {
		if strings.EqualFold(s.ID, strings.TrimSpace(typed)) || strings.Contains(school.Fold(s.Name), q) && q != "" {
			return s.ID, nil
		}
		names = append(names, s.Name)
	}
	for _, h := range d.cfg.Library.Ask(typed).Hits {
		if st, ok := d.cfg.Library.Strand(h.Statement.ID); ok {
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
		card = cards.GrowRate(rated(v, st), d.cfg.Library.Ladder(id))
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
	for _, s := range d.cfg.Library.Ladder(st.ID) {
		if s.Level == c.Value {
			at = s.ID
		}
	}
	if !ok || at == "" {
		return nil, &bot.Error{Code: bot.NotFound, Sentence: "I no longer know that level. Type /grow to begin again."}
	}
	_, err := d.decide(ctx, c, func(v *school.Viewer) (school.Entry, error) {
		if g := rated(v, st); g.Level == c.Value && g.When == v.Today().Short() {
			return school.Entry{}, nil // said already today
		}
		return entry(c, school.Rated{Person: v.ID(), Strand: st.ID, Level: c.Value, On: v.Today()}), nil
	})
	if err != nil {
		return nil, err
	}
	return bot.UpdatePrivate(cards.GrowNext(cards.GrowStrand{ID: st.ID, Name: st.Name, Level: c.Value}, d.cfg.Library.Next(at))), nil
}

// growGoal asks until when.
func (d *Desk) growGoal(ctx context.Context, c bot.Call) (bot.Answer, error) {
	s, _, ok := d.cfg.Library.Get(c.Press.Subject)
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
		Fields: []bot.Field{{Name: "by", Label: "Until when", Hint: "Six weeks is a good length for one goal. Only you see it.", Kind: bot.FieldDate, Optional: true, Value: []string{by.String()}}},
	}}, nil
}

func (d *Desk) growSet(ctx context.Context, c bot.Call) (bot.Answer, error) {
	if _, _, ok := d.cfg.Library.Get(c.Press.Subject); !ok {
		return nil, &bot.Error{Code: bot.NotFound, Sentence: "I no longer hold that statement. Type /grow to begin again."}
	}
	_, err := d.decide(ctx, c, func(v *school.Viewer) (school.Entry, error) {
		g := school.GoalSet{Person: v.ID(), Statement: c.Press.Subject, On: v.Today()}
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

// growHistory lists what the caller said of themselves, in order of time.
func (d *Desk) growHistory(ctx context.Context, c bot.Call) (bot.Answer, error) {
	var card bot.Private
	err := d.as(ctx, c, func(v *school.Viewer) error {
		type line struct {
			on   school.Day
			text string
		}
		var all []line
		for _, r := range v.Ratings() {
			name := r.Strand
			if st, ok := d.strand(r.Strand); ok {
				name = st.Name
			}
			all = append(all, line{r.On, fmt.Sprintf("%s: %s, rated %s", r.On, name, r.Level)})
		}
		for _, g := range v.Goals() {
			text := fmt.Sprintf("%s: goal %s", g.On, g.Statement)
			if s, _, ok := d.cfg.Library.Get(g.Statement); ok {
				text += ", " + s.Title
			}
			if g.By != 0 {
				text += ", by " + g.By.String()
			}
			all = append(all, line{g.On, text})
		}
		slices.SortStableFunc(all, func(a, b line) int { return int(a.on - b.on) })
		var lines []string
		for _, l := range all {
			lines = append(lines, l.text)
		}
		card = cards.GrowHistory(lines)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return bot.Whisper{Card: card}, nil
}
