package cards

import (
	"fmt"

	"rounds/bot"
	"rounds/school"
)

// Due is one person or team of a status.
type Due struct {
	Name      string
	Ref       string // of the form that [Log] opens, or "" where the viewer cannot log
	Status    school.Status
	Done      int
	Required  int
	SinceLast int // school days, -1 when there was no visit yet
	Due       school.Day
}

// Line is the due's status with the numbers that always go with it.
func (d Due) Line(today school.Day) string {
	since := "no visit yet"
	switch {
	case d.SinceLast == 0:
		since = "visited today"
	case d.SinceLast > 0:
		since = Count(d.SinceLast, "school day") + " since the last"
	}
	due := ""
	if d.Due != 0 && d.Status != school.OnHoldLeave && d.Status != school.OnHoldTesting {
		due = "due " + d.Due.Short()
		if d.Due == today {
			due = "due today"
		}
	}
	of := ""
	if d.Required > 0 {
		of = fmt.Sprintf("%d of %d", d.Done, d.Required)
	}
	return dots(string(d.Status), of, since, due)
}

func (d Due) item(today school.Day) bot.Item {
	it := bot.Item{Text: d.Name, Note: d.Line(today)}
	if d.Ref != "" {
		it.Button = &bot.Button{Label: "Log", Press: bot.Press{Action: "observe.form", Subject: d.Ref}, About: "a visit to " + d.Name}
	}
	return it
}

// Status is where somebody's visits stand.
type Status struct {
	Scope    string // "me" or "campus"
	Switch   bool   // the viewer may choose between the two
	Mine     string // "My teachers", "My principals"
	Today    school.Day
	Leave    string // that the viewer is on leave, or ""
	Week     school.WeekPlan
	List     []Due // behind first
	Formal   []Due // formal observations that want doing
	FormalOf [2]int
	Feedback []Item // visits of the viewer whose feedback is still to give
	All      bool   // show the whole list
}

// StatusShort is how many names a status shows before it asks.
const StatusShort = 12

// VisitStatus shows the fast number first, then who.
func VisitStatus(s Status) bot.Private {
	var b []bot.Block
	if s.Leave != "" {
		b = append(b, bot.Text{Text: s.Leave})
	}
	b = append(b, bot.Text{Text: Week(s.Week), Style: bot.Strong})
	if l := Later(s.Week); l != "" {
		b = append(b, bot.Context{Text: l})
	}
	if s.Switch {
		b = append(b, bot.Select{
			Label: "Show", Press: bot.Press{Action: "observe.scope"}, Chosen: s.Scope,
			Options: []bot.Choice{{Label: s.Mine, Value: "me"}, {Label: "My campus", Value: "campus"}},
		})
	}
	list := s.List
	if !s.All && len(list) > StatusShort {
		list = list[:StatusShort]
	}
	if len(list) > 0 {
		var l bot.List
		for _, d := range list {
			l.Items = append(l.Items, d.item(s.Today))
		}
		b = append(b, l)
	}
	if s.FormalOf[1] > 0 {
		b = append(b, bot.Text{Text: fmt.Sprintf("Formal observations this year: %d of %d", s.FormalOf[0], s.FormalOf[1])})
		if len(s.Formal) > 0 {
			var l bot.List
			for _, d := range s.Formal {
				l.Items = append(l.Items, d.item(s.Today))
			}
			b = append(b, l)
		}
	}
	b = append(b, section("Feedback to give", s.Feedback)...)
	var bs []bot.Button
	if n := len(s.List) - len(list); n > 0 {
		bs = append(bs, bot.Button{Label: fmt.Sprintf("Show all %d", len(s.List)), Press: bot.Press{Action: "observe.all", Subject: s.Scope}})
	}
	bs = append(bs, bot.Button{Label: "Log a visit", Press: bot.Press{Action: "observe.form"}, Style: bot.Primary})
	b = append(b, bot.Buttons{Items: bs}, bot.Context{Text: "Only you can see this. Days are school days."})
	return bot.PrivateCard(b...)
}

// NoCaseload says that nobody is on the viewer's list, and what to do.
func NoCaseload(campus bool) bot.Private {
	text := "Nobody is on your list yet. Whoever looks after Rounds sets who visits whom (the observer column of the staff list). You can log visits all the same."
	if campus {
		text = "No visits are asked of anybody at your campus yet. Whoever looks after Rounds sets the targets. You can log visits all the same."
	}
	return Plain(text, bot.Button{Label: "Log a visit", Press: bot.Press{Action: "observe.form"}, Style: bot.Primary})
}

// PlanDay is one school day of a plan.
type PlanDay struct {
	Day  school.Day
	List []Due
}

// VisitPlan shows an order for what is left of the week.
func VisitPlan(w school.WeekPlan, today school.Day, days []PlanDay, later []Due) bot.Private {
	b := []bot.Block{bot.Text{Text: Week(w), Style: bot.Strong}}
	if len(days) == 0 && w.ToGo == 0 && !w.NoSchool {
		b = append(b, bot.Text{Text: "Nothing more is asked of you this week."})
	}
	for _, d := range days {
		head := d.Day.Short()
		if d.Day == today {
			head = "Today, " + head
		}
		if d.Day < today {
			head = "Still open"
		}
		l := bot.List{Ordered: true}
		for _, x := range d.List {
			l.Items = append(l.Items, x.item(today))
		}
		b = append(b, bot.Text{Text: head}, l)
	}
	if len(later) > 0 {
		head := "If there is time"
		if w.NoSchool {
			head = "Next"
		}
		b = append(b, bot.Text{Text: head})
		var l bot.List
		for _, x := range later {
			l.Items = append(l.Items, x.item(today))
		}
		b = append(b, l)
	}
	foot := "Only you can see this."
	if len(days)+len(later) > 0 {
		foot = "The most pressing first. " + foot
	}
	return bot.PrivateCard(append(b, bot.Context{Text: foot})...)
}
