package cards

import (
	"rounds/bot"
	"rounds/school"
)

// Day is somebody's day: what the home view shows.
type Day struct {
	Head  string // "Thursday, October 15 · week 9 · Cedar Ridge"
	Today school.Day

	Leave   string // that the viewer is on leave, or ""
	Leader  bool
	Week    *school.WeekPlan
	Due     []Due
	DueMore int

	Feedback []Item // visits whose feedback is still to give
	Notes    []Item // notes that wait to be read
	Steps    []StepView
	Follow   string     // how the steps stand that the viewer follows, or ""
	Answers  []StepView // since yesterday, of those whom the viewer coaches
	Meetings []Item
	Numbers  []string // aggregates, for those who see only them
	Hint     string
}

// Item is one line of a day, with at most one button.
type Item struct {
	Text   string
	Note   string
	Button *bot.Button
}

// MyDay is the home view.
func MyDay(d Day) bot.Private {
	b := []bot.Block{bot.Title{Text: "My day"}, bot.Context{Text: d.Head}}
	if d.Leave != "" {
		b = append(b, bot.Text{Text: d.Leave})
	}
	if d.Week != nil {
		b = append(b, bot.Text{Text: Week(*d.Week), Style: bot.Strong})
		if l := Later(*d.Week); l != "" && d.Week.NoSchool {
			b = append(b, bot.Context{Text: l})
		}
	}
	if len(d.Due) > 0 {
		var l bot.List
		for _, x := range d.Due {
			l.Items = append(l.Items, x.item(d.Today))
		}
		b = append(b, l)
	}
	if d.Leader {
		bs := []bot.Button{{Label: "Log a visit", Press: bot.Press{Action: "observe.form"}, Style: bot.Primary}}
		if d.Week != nil {
			bs = append(bs, bot.Button{Label: "Whole list", Press: bot.Press{Action: "observe.list"}})
		}
		b = append(b, bot.Buttons{Items: bs})
	}
	for i, s := range d.Steps {
		head := "My action step"
		if i > 0 {
			head = "And another one"
		}
		b = append(append(b, bot.Text{Text: head}), ownStep(s, true)...)
	}
	b = append(b, section("To read", d.Notes)...)
	b = append(b, section("Feedback to give", d.Feedback)...)
	if d.Follow != "" {
		b = append(b, section("Steps I follow", []Item{{Text: d.Follow, Button: &bot.Button{Label: "Open steps", Press: bot.Press{Action: "step.page", Subject: "o:0:"}}}})...)
	}
	if len(d.Answers) > 0 {
		var items []Item
		for _, s := range d.Answers {
			items = append(items, Item{
				Text: s.Name, Note: s.answerWords(),
				Button: &bot.Button{Label: "Open", Press: bot.Press{Action: "step.open", Subject: s.Ref()}, About: "the step of " + s.Name},
			})
		}
		b = append(b, section("Check-ins since yesterday", items)...)
	}
	b = append(b, section("Next PLC", d.Meetings)...)
	for _, n := range d.Numbers {
		b = append(b, bot.Text{Text: n})
	}
	if d.Hint != "" {
		b = append(b, bot.Text{Text: d.Hint})
	}
	return bot.PrivateCard(append(b, bot.Divider{}, bot.Buttons{Items: []bot.Button{
		{Label: "Refresh", Press: bot.Press{Action: "observe.home"}},
		{Label: "See what's stored", Press: bot.Press{Action: "rounds.privacy"}},
	}})...)
}

func section(head string, items []Item) []bot.Block {
	if len(items) == 0 {
		return nil
	}
	var l bot.List
	for _, it := range items {
		l.Items = append(l.Items, bot.Item{Text: it.Text, Note: it.Note, Button: it.Button})
	}
	return []bot.Block{bot.Text{Text: head}, l}
}
