package handlers

import (
	"context"

	"rounds/bot"
	"rounds/cards"
	"rounds/school"
)

// observeStatus says where the caller's visits stand: the number first, then who.
func (d *Desk) observeStatus(ctx context.Context, c bot.Call) (bot.Answer, error) {
	card, not, err := d.status(ctx, c, "", false)
	if err != nil || not != nil {
		return not, err
	}
	return bot.Whisper{Card: card}, nil
}

// observeScope switches between the caller's own list and their campus.
func (d *Desk) observeScope(ctx context.Context, c bot.Call) (bot.Answer, error) {
	card, not, err := d.status(ctx, c, c.Value, false)
	if err != nil || not != nil {
		return not, err
	}
	return instead(c, card), nil
}

// observeAll shows the whole list.
func (d *Desk) observeAll(ctx context.Context, c bot.Call) (bot.Answer, error) {
	card, not, err := d.status(ctx, c, c.Press.Subject, true)
	if err != nil || not != nil {
		return not, err
	}
	return instead(c, card), nil
}

func (d *Desk) status(ctx context.Context, c bot.Call, scope string, all bool) (card bot.Private, not bot.Answer, err error) {
	err = d.as(ctx, c, func(v *school.Viewer) error {
		if not = notLeader(v); not != nil {
			return nil
		}
		card = statusCard(v, scope, all)
		return nil
	})
	return card, not, err
}

// statusCard: scope "me", "campus", or "" for the caller's own list where there is one.
func statusCard(v *school.Viewer, scope string, all bool) bot.Private {
	mine := v.Duties()
	campus, mayCampus := v.CampusDuties(v.Stint().Campus)
	if scope == "" {
		scope = "me"
		if len(mine) == 0 && mayCampus && len(campus) > 0 {
			scope = "campus"
		}
	}
	duties := mine
	if scope == "campus" && mayCampus {
		duties = campus
	} else {
		scope = "me"
	}
	if len(duties) == 0 && (!mayCampus || len(campus) == 0) {
		return cards.NoCaseload(scope == "campus")
	}
	s := cards.Status{
		Scope: scope, Switch: mayCampus, Mine: myPeople(v, mine), Today: v.Today(), Leave: onLeave(v),
		Week: school.PlanWeek(duties, v.Calendar(), v.Today()), All: all,
	}
	if scope == "me" {
		s.Feedback = owedFeedback(v)
	}
	for _, x := range duties {
		if x.Target.Weeks > 0 {
			s.List = append(s.List, due(v, x))
			continue
		}
		s.FormalOf[0] += min(x.Done, x.Required)
		s.FormalOf[1] += x.Required
		if x.Status == school.Behind || x.Status == school.DueSoon {
			s.Formal = append(s.Formal, due(v, x))
		}
	}
	return cards.VisitStatus(s)
}

// myPeople names the caller's own list.
func myPeople(v *school.Viewer, mine []school.Duty) string {
	for _, x := range mine {
		if p, ok := v.Model().Person(x.Subject); ok && p.Now().Role != school.Teacher && p.Now().Role != school.Lead {
			return "My people"
		}
	}
	return "My teachers"
}

// due is a duty as a card shows it.
func due(v *school.Viewer, x school.Duty) cards.Due {
	m := v.Model()
	d := cards.Due{Status: x.Status, Done: x.Done, Required: x.Required, SinceLast: x.SinceLast, Due: x.Due}
	if x.Team != "" {
		d.Name = "PLC team"
		if t, ok := m.Team(x.Team); ok {
			d.Name = t.Name + " (PLC)"
		}
		d.Ref = teamRef(x.Team)
		return d
	}
	d.Name = m.Name(x.Subject)
	if v.MayLog(x.Subject) {
		d.Ref = string(x.Subject)
		if x.Target.Weeks == 0 {
			d.Ref += ":f"
		}
	}
	return d
}

// observePlan spreads what is to go over the school days that are left, the most pressing first.
func (d *Desk) observePlan(ctx context.Context, c bot.Call) (bot.Answer, error) {
	var card bot.Private
	var not bot.Answer
	err := d.as(ctx, c, func(v *school.Viewer) error {
		if not = notLeader(v); not != nil {
			return nil
		}
		duties := v.Duties()
		if len(duties) == 0 {
			card = cards.NoCaseload(false)
			return nil
		}
		w := school.PlanWeek(duties, v.Calendar(), v.Today())
		days, later := spread(v, w)
		card = cards.VisitPlan(w, v.Today(), days, later)
		return nil
	})
	if err != nil || not != nil {
		return not, err
	}
	return bot.Whisper{Card: card}, nil
}

// spread deals the week's visits out to its school days as evenly as they go. Team meetings and people alike stand on
// the day that their due date allows.
func spread(v *school.Viewer, w school.WeekPlan) (days []cards.PlanDay, later []cards.Due) {
	today := v.Today()
	sunday := school.AsOf(today).Monday() + 6
	var now []cards.Due
	for _, x := range w.List {
		if x.Status == school.Behind || x.End <= sunday || x.Due != 0 && x.Due <= sunday {
			for range max(1, min(x.Left(), 3)) {
				now = append(now, due(v, x))
				if x.End > sunday {
					break
				}
			}
		} else if len(later) < 5 {
			later = append(later, due(v, x))
		}
	}
	var open []school.Day
	for d := today; d <= sunday; d++ {
		if v.Calendar().School(d) {
			open = append(open, d)
		}
	}
	if w.NoSchool {
		later = append(now, later...)
		return nil, later[:min(len(later), cards.StatusShort)]
	}
	if len(open) == 0 {
		if len(now) > 0 {
			days = append(days, cards.PlanDay{Day: today - 1, List: now})
		}
		return days, later
	}
	for i, day := range open {
		n := (len(now) + len(open) - i - 1) / (len(open) - i)
		if n > 0 {
			days = append(days, cards.PlanDay{Day: day, List: now[:n]})
		}
		now = now[n:]
	}
	return days, later
}
