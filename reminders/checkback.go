package reminders

import (
	"fmt"

	"rounds/bot"
	"rounds/cards"
	"rounds/school"
)

// checkbacks: on the check-back date of an action step, to its teacher, and to whoever follows it; a date without
// school stands for the next school day. Both are named by that date, so that a day declared off asks nobody twice.
var checkbacks = kind{
	name: KindCheckback, words: "check-back on your action step", priority: 4,
	find: func(p *planning) []Occurrence {
		if !p.mayFire(KindCheckback) {
			return nil
		}
		zone := p.m.Zone()
		var out []Occurrence
		for _, s := range p.m.StepsDue(school.DayOf(p.from, zone)-30, school.DayOf(p.now, zone)+1, p.now) {
			out = p.checkback(out, s, s.Subject, own)
			if s.Leader != "" {
				out = p.checkback(out, s, s.Leader, theirs)
			}
		}
		return out
	},
	done: func(p *planning, o *Occurrence) string {
		open, unanswered := p.toCheck(o)
		switch {
		case open == 0:
			return "the step is closed, or has a later date"
		case o.sort == own && unanswered == 0:
			return "you have answered already"
		}
		return ""
	},
	title: func(_ *planning, o []Occurrence) string {
		if len(o) == 1 {
			return "Check-back on an action step, for one person"
		}
		return fmt.Sprintf("Check-back on action steps, for %d people", len(o))
	},
}

// The two sorts of check-back.
const (
	own    = "own"    // to the teacher
	theirs = "theirs" // to the leader
)

// A leader's check-back comes after the plan of the week, the teacher's before.
const theirsPriority = 6

// checkback adds the check-backs of one step for one person.
func (p *planning) checkback(out []Occurrence, s school.StepDue, to school.PersonID, sort string) []Occurrence {
	who, ok := p.m.Person(to)
	if !ok {
		return out
	}
	campus, zone := who.Now().Campus, p.m.ZoneOf(to)
	for _, f := range p.firings(KindCheckback, campus, zone) {
		last := p.last(KindCheckback, campus, zone, f)
		if s.By <= last.Day || s.By > f.Day || f.Closed != "" || !s.Since.Before(f.At) {
			continue
		}
		o := Occurrence{
			Name: p.name(KindCheckback, sort, s.By.String(), string(to)), At: f.At, Until: f.At.Add(nudgeWindow), To: to, Campus: campus,
			Day: f.Day, sort: sort, since: last.At, series: KindCheckback + " " + sort + " " + string(to),
		}
		if sort == theirs {
			o.Priority = theirsPriority
		}
		out = append(out, o)
	}
	return out
}

// toCheck counts the steps that a check-back is about, and those of them without an answer today or on the two school
// days before.
func (p *planning) toCheck(o *Occurrence) (open, unanswered int) {
	cal := p.calendar(o)
	for _, s := range p.m.StepsDueOf(o.To, school.DayOf(o.since, p.zone(o))+1, o.Day, p.now) {
		if o.sort == own && s.Subject != o.To || o.sort == theirs && s.Leader != o.To {
			continue
		}
		open++
		if s.Answered == 0 || cal.SchoolDays(s.Answered+1, o.Day) > 2 {
			unanswered++
		}
	}
	return open, unanswered
}

func checkbackCard(p *planning, o Occurrence) bot.Open {
	if o.sort == own {
		return cards.CheckBackEnvelope()
	}
	open, _ := p.toCheck(&o)
	return cards.StepsEnvelope(open)
}
