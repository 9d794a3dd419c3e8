package handlers

import (
	"context"
	"fmt"
	"slices"
	"time"

	"rounds/bot"
	"rounds/cards"
	"rounds/school"
)

// homeShort is how many due visits the home view shows.
const homeShort = 6

// feedbackShort is how many visits without feedback are listed by name.
const feedbackShort = 5

// home shows the caller's day.
func (d *Desk) home(ctx context.Context, c bot.Call) (bot.Answer, error) {
	card, err := d.myDay(ctx, c)
	if err != nil {
		return nil, err
	}
	return bot.HomeView{Card: card}, nil
}

// homeAgain draws the home view anew, in its place.
func (d *Desk) homeAgain(ctx context.Context, c bot.Call) (bot.Answer, error) {
	card, err := d.myDay(ctx, c)
	if err != nil {
		return nil, err
	}
	return instead(c, card), nil
}

func (d *Desk) myDay(ctx context.Context, c bot.Call) (bot.Private, error) {
	var day cards.Day
	var keys []map[string]string
	err := d.as(ctx, c, func(v *school.Viewer) error {
		day, keys = readDay(v)
		return nil
	})
	if err == nil {
		err = d.filled(ctx, c, day.Steps, keys)
	}
	return cards.MyDay(day), err
}

// readDay gathers somebody's day, and the keys of the texts of their own steps.
func readDay(v *school.Viewer) (cards.Day, []map[string]string) {
	today := v.Today()
	day := cards.Day{Head: headOf(v), Today: today, Leave: onLeave(v), Leader: v.Role().Leader()}
	var keys []map[string]string
	for _, x := range ownSteps(v) {
		view, k := viewOf(v, x)
		day.Steps, keys = append(day.Steps, view), append(keys, k)
	}
	day.Notes = unread(v)
	day.Meetings = meetings(v)
	switch {
	case v.Role() == school.Office:
		day.Numbers = campusNumbers(v)
		day.Hint = "You see numbers about groups of five or more. /ask answers from the framework documents."
		return day, keys
	case !day.Leader:
		if len(day.Steps) == 0 && len(day.Notes) == 0 {
			day.Hint = "Nothing waits for you. /ask answers from the framework documents, /grow is for your own goals."
		}
		return day, keys
	}
	if duties := v.Duties(); len(duties) > 0 {
		w := school.PlanWeek(duties, v.Calendar(), today)
		day.Week = &w
		for _, x := range w.List {
			if len(day.Due) == homeShort {
				break
			}
			day.Due = append(day.Due, due(v, x))
		}
	}
	day.Feedback = owedFeedback(v)
	day.Follow = stepLine(v)
	day.Answers = freshAnswers(v)
	if v.Role() == school.Supervisor {
		day.Numbers = campusNumbers(v)
	}
	return day, keys
}

// onLeave says that the caller is on leave, or "".
func onLeave(v *school.Viewer) string {
	if last, away := v.Person().AwayThrough(v.Today()); away {
		return cards.OnLeave(last, v.Today())
	}
	return ""
}

// headOf is "Thursday, October 15 · week 9 · Cedar Ridge Middle School".
func headOf(v *school.Viewer) string {
	_, m, d := v.Today().Civil()
	s := fmt.Sprintf("%s, %s %d", v.Today().Weekday(), m, d)
	cal := v.Calendar()
	if n := cal.WeekNumber(v.Today()); n > 0 && v.Today() <= cal.Last {
		s += fmt.Sprintf(" · week %d", n)
	}
	if why := cal.Why(v.Today()); why != "" && cal.First > 1 {
		s += " · no school: " + why
	}
	if c := v.Stint().Campus; c != "" {
		s += " · " + v.Model().CampusName(c)
	}
	return s
}

// unread are the notes to the caller that were shared and not opened.
func unread(v *school.Viewer) []cards.Item {
	var out []cards.Item
	list, _ := v.Visits(v.ID())
	for _, x := range list {
		if x.Void || x.Opened || x.Shared.IsZero() || x.Shared.After(v.Now()) || len(x.Texts) == 0 || len(out) == 3 {
			continue
		}
		note := cards.When(x.On, v.Today())
		if !x.Reworded.IsZero() {
			note += " · its words were changed since"
		}
		out = append(out, cards.Item{
			Text: "A note from " + v.Model().Name(x.Observer), Note: note,
			Button: &bot.Button{Label: "Read it", Press: bot.Press{Action: "observe.read", Subject: fmt.Sprintf("v%d", x.N)}, About: "the note of " + x.On.Short()},
		})
	}
	return out
}

// owedFeedback are the caller's visits whose feedback is still to give, the most pressing first, and how many more there are.
func owedFeedback(v *school.Viewer) []cards.Item {
	var out []cards.Item
	all := v.AllFeedback()
	for _, f := range all[:min(len(all), feedbackShort)] {
		name := v.Model().Name(f.Visit.Subject)
		out = append(out, cards.Item{
			Text: name, Note: "visited " + cards.When(f.Visit.On, v.Today()) + " · " + cards.DownFirst(cards.FeedbackWords(f, v.Today())),
			Button: &bot.Button{Label: "Open", Press: bot.Press{Action: "observe.receipt", Subject: fmt.Sprintf("v%d", f.Visit.N)}, About: "the visit to " + name},
		})
	}
	if more := len(all) - len(out); more > 0 {
		out = append(out, cards.Item{Text: cards.Count(more, "more visit"), Note: "see them in the history of each"})
	}
	return out
}

// freshAnswers are the check-ins since the last school day that the caller may see.
func freshAnswers(v *school.Viewer) []cards.StepView {
	since := v.Today() - 1
	if p, ok := v.Calendar().PrevSchoolDay(v.Today()); ok {
		since = min(since, p)
	}
	var out []cards.StepView
	for _, x := range v.OpenSteps() {
		if x.Answer != "" && x.Answered >= since && len(out) < 10 {
			view, _ := viewOf(v, x)
			out = append(out, view)
		}
	}
	return out
}

// meetings are the next meetings of the caller's teams, one of each, the soonest first.
func meetings(v *school.Viewer) []cards.Item {
	type next struct {
		at   time.Time
		item cards.Item
	}
	var list []next
	m := v.Model()
	for _, t := range m.TeamsOf(v.ID()) {
		day, ok := plcNext(v, t) // not one that is over
		if !ok || day > v.Today()+14 {
			continue
		}
		note := fmt.Sprintf("%s at %s", cards.When(day, v.Today()), t.Time.Kitchen())
		if t.Minutes > 0 {
			note += fmt.Sprintf(", %d min", t.Minutes)
		}
		if t.Room != "" {
			note += " · the agenda comes to the team's room"
		}
		list = append(list, next{day.At(t.Time, m.CampusZone(t.Campus)), cards.Item{Text: t.Name, Note: note}})
	}
	slices.SortStableFunc(list, func(a, b next) int { return a.at.Compare(b.at) })
	var out []cards.Item
	for _, x := range list {
		out = append(out, x.item)
	}
	return out
}

// mostNumbers is how many campuses the home view lists: a supervisor has fewer, and nobody reads on in a list of a thousand.
const mostNumbers = 30

// campusNumbers are the shares of the campuses that the caller serves, or of all.
func campusNumbers(v *school.Viewer) []string {
	var out []string
	m := v.Model()
	campuses := m.Campuses()
	if v.Role() == school.Supervisor {
		st := v.Stint()
		campuses = slices.DeleteFunc(campuses, func(c *school.Campus) bool { return !st.At(c.ID) })
	}
	for i, c := range campuses {
		if len(out) == mostNumbers {
			return append(out, fmt.Sprintf("and %d more campuses", len(campuses)-i))
		}
		if n := m.OnPace(c.ID, v.Today()); n.Reportable() {
			out = append(out, fmt.Sprintf("%s: %s on schedule", c.Name, n.Words("teachers")))
		}
	}
	return out
}
