package handlers

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rounds/bot"
	"rounds/cards"
	"rounds/school"
)

// pageSteps is how many steps a page of the list holds: each has its button.
const pageSteps = 10

// The lists of steps to choose from; a button carries the first letter.
var stepLists = []bot.Choice{
	{Label: "Open", Value: "open"},
	{Label: "Mine", Value: "mine"},
	{Label: "Campus", Value: "campus"},
	{Label: "Stale", Value: "stale"},
}

// stepQuery says which steps to list.
type stepQuery struct {
	show  string // of stepLists; "" is open
	who   string // as typed
	focus string // as typed, or a key
	first int
	head  string // in place of the title
}

// stepList lists the steps that a leader follows; a teacher sees their own.
func (d *Desk) stepList(ctx context.Context, c bot.Call) (bot.Answer, error) {
	return d.listSteps(ctx, c, stepQuery{show: strings.ToLower(c.Args.Get("show")), who: c.Args.Get("teacher"), focus: c.Args.Get("focus")})
}

// stepPage is a button of the list: "o:10:discourse" is the open ones about discourse, from the eleventh on.
func (d *Desk) stepPage(ctx context.Context, c bot.Call) (bot.Answer, error) {
	list, rest, _ := strings.Cut(c.Press.Subject, ":")
	first, focus, _ := strings.Cut(rest, ":")
	q := stepQuery{focus: focus}
	for _, l := range stepLists {
		if l.Value[:1] == list {
			q.show = l.Value
		}
	}
	q.first, _ = strconv.Atoi(first)
	return d.listSteps(ctx, c, q)
}

func (q stepQuery) subject() string { return fmt.Sprintf("%s:%d:%s", q.show[:1], q.first, q.focus) }

// pickSteps are the steps of a list, the one due first before the others.
func pickSteps(v *school.Viewer, q stepQuery) ([]school.StepSeen, error) {
	list := v.OpenSteps()
	switch q.show {
	case "campus":
		all, ok := v.CampusSteps(v.Stint().Campus)
		if !ok {
			return nil, forbidden("The steps of a whole campus are shown to its principal and assistant principals. /step list shows those that you follow.")
		}
		list = all
	case "mine":
		list = slices.DeleteFunc(list, func(x school.StepSeen) bool { return !x.Mine })
	case "stale":
		if all, ok := v.CampusSteps(v.Stint().Campus); ok {
			list = all
		}
		list = slices.DeleteFunc(list, func(x school.StepSeen) bool { return !x.Age.Stale })
	}
	return list, nil
}

// stepsOfOne are the open steps of somebody the caller serves, or the caller's own.
func stepsOfOne(v *school.Viewer, typed string) (*school.Person, []school.StepSeen, error) {
	p, err := person(v, typed, "teacher", nil)
	if err != nil {
		return nil, nil, err
	}
	list, ok := v.StepsOf(p.ID, true)
	if !ok || p.ID != v.ID() && !v.MayLog(p.ID) {
		return nil, nil, forbidden("%s is not somebody you serve, so their steps are not yours to see.", p.Name)
	}
	return p, list, nil
}

func (d *Desk) listSteps(ctx context.Context, c bot.Call, q stepQuery) (bot.Answer, error) {
	var page cards.StepPage
	var keys []map[string]string
	own, name := false, ""
	if q.show == "" {
		q.show = "open"
	}
	err := d.as(ctx, c, func(v *school.Viewer) error {
		var steps []school.StepSeen
		var err error
		switch {
		case q.who != "":
			var p *school.Person
			if p, steps, err = stepsOfOne(v, q.who); err != nil {
				return err
			}
			own, name, page.Title = p.ID == v.ID(), p.Name, "Open steps of "+p.Name
		case v.Role().Leader():
			if steps, err = pickSteps(v, q); err != nil {
				return err
			}
			page.Title = stepTitle(v, q)
		case v.Role() == school.Office:
			return forbidden("The district office sees numbers about groups of five or more, not single steps. /step rollup shows them.")
		default:
			own = true
		}
		if q.focus != "" && !own {
			f, err := findFocus(v.Model(), q.focus, nil)
			if err != nil {
				return err
			}
			q.focus = f.Key
			steps = slices.DeleteFunc(steps, func(x school.StepSeen) bool { return x.Focus != f.Key })
			page.Title += " about " + f.Name
		}
		keys = pageOf(v, q, steps, &page)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if own {
		return d.showCheckIn(ctx, c, 0, 0)
	}
	if page.All == 0 && q.show == "open" && q.focus == "" {
		text := "No open steps. Give one with /step add, or with step: when you log a visit."
		if name != "" {
			text = name + " has no open step that is yours to see. Give one with /step add."
		}
		bs := []bot.Button{{Label: "Give a step", Press: bot.Press{Action: "step.form"}, Style: bot.Primary}}
		for _, f := range page.Filters {
			if f.Label == "Campus" && name == "" {
				bs = append(bs, bot.Button{Label: f.Label, Press: bot.Press{Action: "step.page", Subject: f.Subject}})
			}
		}
		return instead(c, cards.Plain(text, bs...)), nil
	}
	if err := d.filled(ctx, c, page.Steps, keys); err != nil {
		return nil, err
	}
	if q.head != "" {
		page.Title = q.head
	}
	return instead(c, cards.StepList(page)), nil
}

func stepTitle(v *school.Viewer, q stepQuery) string {
	switch q.show {
	case "mine":
		return "Open steps I gave"
	case "campus":
		return "Open steps at " + v.Model().CampusName(v.Stint().Campus)
	case "stale":
		return "Stale steps"
	}
	return "Open steps"
}

// pageOf cuts the page out of a list of steps and tells where to turn; it returns the keys of its texts.
func pageOf(v *school.Viewer, q stepQuery, steps []school.StepSeen, page *cards.StepPage) []map[string]string {
	page.All = len(steps)
	for _, x := range steps {
		if x.Age.Late > 0 {
			page.Late++
		}
		if x.Age.Stale {
			page.Stale++
		}
	}
	turn := func(first int) string {
		to := q
		to.first = first
		if s := to.subject(); q.who == "" && len("step.page")+len(s) <= bot.MaxPress {
			return s
		}
		return ""
	}
	q.first = min(max(q.first, 0), max(0, (len(steps)-1)/pageSteps*pageSteps))
	page.First = q.first
	end := min(q.first+pageSteps, len(steps))
	if q.who != "" || turn(0) == "" {
		page.First, end = 0, len(steps)
	}
	if page.First > 0 {
		page.Newer = turn(page.First - pageSteps)
	}
	if end < len(steps) {
		page.Older = turn(end)
	}
	for _, l := range stepLists {
		to := stepQuery{show: l.Value}
		if _, campus := v.CampusSteps(v.Stint().Campus); q.who != "" || l.Value == q.show && q.focus == "" || l.Value == "campus" && !campus {
			continue
		}
		page.Filters = append(page.Filters, cards.StepFilter{Label: l.Label, Subject: to.subject()})
	}
	var keys []map[string]string
	for _, x := range steps[page.First:end] {
		view, k := viewOf(v, x)
		page.Steps, keys = append(page.Steps, view), append(keys, k)
		page.Withheld = page.Withheld || x.Withheld
	}
	return keys
}

// stepLine says how the steps that a leader follows stand: "7 open steps · 2 past their date · 1 stale"; "" for none.
func stepLine(v *school.Viewer) string {
	steps := v.OpenSteps()
	if len(steps) == 0 {
		return ""
	}
	late, stale := 0, 0
	for _, x := range steps {
		if x.Age.Late > 0 {
			late++
		}
		if x.Age.Stale {
			stale++
		}
	}
	s := cards.Count(len(steps), "open step")
	if late > 0 {
		s += fmt.Sprintf(" · %d past their date", late)
	}
	if stale > 0 {
		s += fmt.Sprintf(" · %d stale", stale)
	}
	return s
}
