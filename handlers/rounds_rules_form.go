package handlers

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"rounds/bot"
	"rounds/school"
)

// The days that the form offers; dates of the month and cron text are typed.
var ruleDays = []bot.Choice{
	{Label: "First school day of the week", Value: "first"},
	{Label: "Last school day of the week", Value: "last"},
	{Label: "Previous school day", Value: "previous"},
	{Label: "Every school day", Value: "every"},
	{Label: "School day nearest to Wednesday", Value: "midweek"},
	{Label: "Days of the week", Value: "days"},
	{Label: "Days of the month: first Monday, last Friday, …", Value: "nth"},
	{Label: "Off", Value: "off"},
	{Label: "As it comes with Rounds", Value: "default"},
}

var ruleWhens = map[school.When]string{
	school.FirstSchoolDay: "first", school.LastSchoolDay: "last", school.PreviousSchoolDay: "previous", school.EverySchoolDay: "every",
	school.Midweek: "midweek", school.OnDays: "days", school.NthWeekday: "nth",
}

// rulePressed opens the form for the kind that a button is about.
func (d *Desk) rulePressed(ctx context.Context, c bot.Call) (bot.Answer, error) {
	s, l, err := d.ruleOf(ctx, c)
	if err != nil {
		return nil, err
	}
	return bot.OpenForm{Form: ruleForm(s, l)}, nil
}

// ruleOf is the kind that a press or a form is about, for somebody who may change it.
func (d *Desk) ruleOf(ctx context.Context, c bot.Call) (*ruleSight, RuleLine, error) {
	s, err := d.ruleSight(ctx, c)
	if err != nil {
		return nil, RuleLine{}, err
	}
	if !s.may {
		return nil, RuleLine{}, s.mayNot()
	}
	l, err := s.line(c.Press.Subject)
	return s, l, err
}

// ruleForm asks when a kind goes out; the rule that stands, or that starts tomorrow, is filled in.
func ruleForm(s *ruleSight, l RuleLine) bot.Form {
	r := l.Rule
	if l.Coming != nil {
		r = *l.Coming
	}
	f := bot.Form{
		Title: "Change a reminder", Submit: "Change", Press: bot.Press{Action: "rounds.ruled", Subject: l.Kind},
		Intro: upFirst(l.Words) + ", now: " + ruleWords(l, r) + ". A change holds from tomorrow on; today's stays. Dates of the month and cron text are typed: /rounds rules " + l.Kind + " the 15th 8am.",
	}
	on := bot.Field{Name: "when", Label: "It goes out on", Kind: bot.FieldSelect, Options: ruleDays}
	if r.Off {
		on.Value = []string{"off"}
	} else if v := ruleWhens[r.On]; v != "" && r.Cron == "" {
		on.Value = []string{v}
	}
	if l.Fixed != "" {
		on.Options = ruleDays[len(ruleDays)-2:]
		f.Intro = upFirst(l.Words) + ": " + l.Fixed + ". It can be turned off and on. A change holds from tomorrow on; today's stays."
		f.Fields = []bot.Field{on}
		return f
	}
	at := bot.Field{Name: "time", Label: "At", Kind: bot.FieldText, Optional: true, Max: 20, Placeholder: "2:30 PM"}
	days := bot.Field{Name: "days", Label: "Days", Kind: bot.FieldMultiSelect, Optional: true, Hint: "For days of the week or of the month."}
	for i := range 7 {
		day := time.Weekday((i + 1) % 7)
		days.Options = append(days.Options, bot.Choice{Label: day.String(), Value: strconv.Itoa(int(day))})
	}
	nth := bot.Field{Name: "nth", Label: "Which of the month", Kind: bot.FieldMultiSelect, Optional: true, Hint: "For days of the month."}
	for i, w := range []string{"First", "Second", "Third", "Fourth", "Fifth", "Last"} {
		n := i + 1
		if w == "Last" {
			n = school.Last
		}
		nth.Options = append(nth.Options, bot.Choice{Label: w, Value: strconv.Itoa(n)})
	}
	every := bot.Field{Name: "every", Label: "Every how many weeks", Kind: bot.FieldNumber, Optional: true, Min: 1, Max: 52, Hint: "For days of the week; counted from the next such day."}
	if !r.Off && r.Cron == "" {
		at.Value = []string{r.Time.Kitchen()}
		for _, d := range r.Days {
			days.Value = append(days.Value, strconv.Itoa(d))
		}
		for _, n := range r.Nth {
			nth.Value = append(nth.Value, strconv.Itoa(n))
		}
		if r.Every > 1 {
			every.Value = []string{strconv.Itoa(r.Every)}
		}
	}
	f.Fields = []bot.Field{on, at, days, nth, every}
	return f
}

// ruled takes the form.
func (d *Desk) ruled(ctx context.Context, c bot.Call) (bot.Answer, error) {
	s, l, err := d.ruleOf(ctx, c)
	if err != nil {
		return nil, err
	}
	var r school.Rule
	switch when := field(c, "when"); when {
	case "default":
		r.Gone = true
	case "off":
		r.Off = true
	case "":
		return nil, invalid("when", "Choose a kind of day.")
	default:
		if r, err = ruleOfForm(c, when); err != nil {
			return nil, err
		}
	}
	at := "time"
	if l.Fixed != "" || r.On == school.NthWeekday {
		at = "when"
	}
	// A count that goes on keeps its weeks.
	was := l.Rule
	if l.Coming != nil {
		was = *l.Coming
	}
	if r.Every > 1 && r.Every == was.Every && slices.Equal(r.Days, was.Days) {
		r.Anchor = was.Anchor
	}
	return d.setRule(ctx, c, s, l, r, at)
}

// ruleOfForm puts a rule together, with an error beside the field that it lies in.
func ruleOfForm(c bot.Call, when string) (school.Rule, error) {
	var r school.Rule
	for on, v := range ruleWhens {
		if v == when {
			r.On = on
		}
	}
	typed := strings.TrimSpace(field(c, "time"))
	if typed == "" {
		return r, invalid("time", "Say a time, like 2:30 PM.")
	}
	var err error
	if r.Time, err = school.ParseTimeOfDay(typed); err != nil {
		return r, ruleFault("time", err)
	}
	numbers := func(name string) []int {
		var out []int
		for _, v := range c.Values[name] {
			if n, err := strconv.Atoi(v); err == nil {
				out = append(out, n)
			}
		}
		slices.Sort(out)
		return out
	}
	if r.On == school.OnDays || r.On == school.NthWeekday {
		if r.Days = numbers("days"); len(r.Days) == 0 {
			return r, invalid("days", "Choose the days.")
		}
	}
	if r.On == school.NthWeekday {
		if r.Nth = numbers("nth"); len(r.Nth) == 0 {
			return r, invalid("nth", "Choose which of the month.")
		}
		if r.Nth[0] == school.Last { // the last one stands last
			r.Nth = append(r.Nth[1:], school.Last)
		}
	}
	if n, err := strconv.Atoi(field(c, "every")); err == nil && n > 1 {
		if r.On != school.OnDays {
			return r, invalid("every", "Every %d weeks goes with days of the week.", n)
		}
		r.Every = n
	}
	return r, nil
}
