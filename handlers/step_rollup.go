package handlers

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"rounds/bot"
	"rounds/bot/chart"
	"rounds/cards"
	"rounds/school"
	"rounds/seeds"
)

// The roll-up of action steps: criterion 5.2.5.d of Lever 5 asks that they be tracked in one place and used to target
// the training of leaders.

var rollupOptions = []bot.Option{
	{Name: "weeks", Help: "6, or semester: how far back to look for mastered steps", Kind: bot.OptionChoice, Choices: []bot.Choice{
		{Label: "Six weeks", Value: string(school.SixWeeks)}, {Label: "Semester", Value: string(school.Semester)},
	}},
	{Name: "campus", Help: "Which campus, if you have several", Kind: bot.OptionText, Bare: true},
}

// topPoints is how many areas' training is named: a plan for more is none.
const topPoints = 3

func (d *Desk) stepRollup(ctx context.Context, c bot.Call) (bot.Answer, error) {
	typed := c.Args.Get("campus")
	span := school.SixWeeks
	switch w := school.Fold(c.Args.Get("weeks")); {
	case w == "semester", school.Fold(typed) == "semester":
		span = school.Semester
		if school.Fold(typed) == "semester" {
			typed = ""
		}
	case w != "" && w != "6":
		return nil, invalid("weeks", "The roll-up looks at the last 6 weeks or at the semester. By other spans the few people between two of them could be counted.")
	}
	return d.rollup(ctx, c, typed, span)
}

// stepRoll is the button for the other span: "semester:cedar".
func (d *Desk) stepRoll(ctx context.Context, c bot.Call) (bot.Answer, error) {
	span, campus, _ := strings.Cut(c.Press.Subject, ":")
	return d.rollup(ctx, c, campus, school.RollupSpan(span))
}

// stepCampus is the menu of campuses.
func (d *Desk) stepCampus(ctx context.Context, c bot.Call) (bot.Answer, error) {
	return d.rollup(ctx, c, strings.TrimPrefix(c.Value, "all"), school.RollupSpan(c.Press.Subject))
}

func (d *Desk) rollup(ctx context.Context, c bot.Call, typed string, span school.RollupSpan) (bot.Answer, error) {
	if span != school.Semester {
		span = school.SixWeeks
	}
	var roll cards.Roll
	var none bot.Answer
	var own map[string]school.Training
	err := d.as(ctx, c, func(v *school.Viewer) error {
		campus, err := rollupCampus(v, typed)
		if err != nil {
			return err
		}
		all, mine, ok := v.StepRollup(campus, span)
		switch {
		case !ok:
			none = bot.Whisper{Card: cards.Plain("A roll-up counts the action steps of many teachers, to plan the training of leaders. Yours is yours: /checkin shows it.",
				bot.Button{Label: "My action step", Press: bot.Press{Action: "checkin.open"}, Style: bot.Primary})}
		case !mine:
			return forbidden("%s is none of your campuses, so its roll-up is not yours to see.", v.Model().CampusName(campus))
		case len(all.Groups) == 0:
			none = instead(c, cards.Plain(tooFew(v, campus, all)))
		default:
			roll, own = rollOf(v, all, campus), v.Model().District().Training
		}
		return nil
	})
	if err != nil || none != nil {
		return none, err
	}
	d.point(&roll, own)
	var png []byte
	if ch, ok := cards.RollChart(roll); ok { // drawn outside the lock: it takes some milliseconds
		if png, err = chart.Draw(ch); err != nil {
			d.cfg.Logger.Warn("chart not drawn", "err", err)
		}
	}
	return instead(c, cards.StepRollup(roll, png)), nil
}

// rollupCampus finds the campus that is meant, "" for none.
func rollupCampus(v *school.Viewer, typed string) (school.CampusID, error) {
	if typed = school.Fold(typed); typed == "" {
		return "", nil
	}
	var names []string
	for _, c := range v.Model().Campuses() {
		if school.Fold(string(c.ID)) == typed || strings.Contains(school.Fold(c.Name), typed) {
			return c.ID, nil
		}
		names = append(names, c.Name)
	}
	return "", &bot.Error{Code: bot.NotFound, Field: "campus", Sentence: fmt.Sprintf("I know no campus called “%s”. There are %s.", short(typed), cards.Names(names))}
}

// tooFew says why there is no table.
func tooFew(v *school.Viewer, campus school.CampusID, all school.Rollups) string {
	const why = "Numbers about so few would be about persons."
	switch {
	case all.Scope == "caseload":
		return "Fewer than five teachers on your list have an open step. " + why + " /step list shows their steps one by one."
	case campus != "":
		return "Fewer than five teachers of " + v.Model().CampusName(campus) + " have an open step. " + why
	case v.Stint().Campus != "":
		return "Fewer than five teachers of " + v.Model().CampusName(v.Stint().Campus) + " have an open step. " + why
	}
	return "No campus has five teachers with an open step. " + why
}

// rollOf chooses the table to show, and the tables to turn to.
func rollOf(v *school.Viewer, all school.Rollups, campus school.CampusID) cards.Roll {
	m := v.Model()
	another := school.Semester
	if all.Span == school.Semester {
		another = school.SixWeeks
	}
	r := cards.Roll{Span: all.Span, From: all.From, Today: v.Today(), Table: all.Groups[0], Another: string(another) + ":" + string(campus)}
	if all.Scope == "caseload" {
		r.Where = "My teachers"
		return r
	}
	r.Where = m.CampusName(r.Table.Campus)
	if campus == "" {
		r.Small = all.Small
	}
	if all.Together != nil {
		r.Table, r.Sum = *all.Together, true
		r.Where = fmt.Sprintf("%d campuses together", len(all.Groups))
	}
	r.Campus, r.Shown = rollChoices(v), "all"+string(campus)
	if len(r.Campus) > 0 && !r.Sum && campus == "" {
		r.Shown = string("all" + r.Table.Campus)
	}
	return r
}

// rollChoices are the tables that somebody with several campuses may turn to.
func rollChoices(v *school.Viewer) []bot.Choice {
	out := []bot.Choice{{Label: "Together", Value: "all"}}
	for _, c := range v.Model().Campuses() {
		if x := "all" + string(c.ID); (v.Role() == school.Office || v.Stint().At(c.ID)) && len(x) <= bot.MaxValue {
			out = append(out, bot.Choice{Label: clip75(c.Name), Value: x})
		}
	}
	if len(out) < 3 {
		return nil
	}
	return out
}

// point names what the areas that concern most teachers point to: by the district's own words where it has some.
func (d *Desk) point(r *cards.Roll, own map[string]school.Training) {
	for _, x := range r.Table.Rows {
		if x.Open == 0 || len(r.Points) == topPoints {
			continue
		}
		t, o := seeds.TrainingFor(x.Key, x.Family), own[x.Key]
		t.Topic, t.Strand, t.Practice = cmp.Or(o.Topic, t.Topic), cmp.Or(o.Strand, t.Strand), cmp.Or(o.Practice, t.Practice)
		p := cards.Point{Area: x.Name, Topic: t.Topic, Strand: t.Strand, Practice: t.Practice}
		if s, _, ok := d.library().Get(t.Practice); ok {
			p.Title = s.Title
		}
		for _, s := range d.library().Strands() {
			if s.ID == t.Strand {
				p.Name = s.ID + " " + s.Name
			}
		}
		for _, s := range d.library().Ladder(t.Strand) { // Proficient, or the nearest above
			p.Statement = s.ID + " " + s.Title
			if s.Level == "proficient" {
				break
			}
		}
		r.Points = append(r.Points, p)
	}
}
