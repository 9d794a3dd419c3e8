package seeds

import (
	"slices"
	"time"

	"rounds/school"
)

// sizedStep is an action step while the history is made.
type sizedStep struct {
	n      int64
	author *sizedPerson
	by     school.Day
	given  bool
}

// visits plans the visits of a week at a campus, on its open days.
func (h *sizedHistory) visits(c *sizedCampus, week int, open []school.Day) {
	ramp := min(1, 0.62+0.06*float64(week)) // the first weeks belong to rosters and fire drills
	for _, p := range c.teachers {
		every := 2
		if p.schedule == school.Weekly {
			every = 1
		}
		due := week%every == p.turn%every
		o := p.observers[0]
		switch {
		case due && h.chance(o.care*ramp):
			p.late = false
			h.visit(o, p, kindOf(o), pick(h.r, open))
		case due:
			p.late = true
		case p.late && h.chance(0.6): // made up for in the week after
			p.late = false
			h.visit(o, p, kindOf(o), pick(h.r, open))
		}
		if week == p.formal && c.cal.Open(open[len(open)-1], 4) && h.chance(0.97) {
			i := slices.IndexFunc(p.observers, func(o *sizedPerson) bool { return o.role == school.AP || o.role == school.Principal })
			h.visit(p.observers[i], p, school.Formal, pick(h.r, open))
		}
		if n := len(p.observers); p.observers[n-1].role == school.Lead && h.chance(0.4) {
			h.visit(p.observers[n-1], p, school.CoachingVisit, pick(h.r, open))
		}
	}
	for _, p := range slices.Concat(c.aps, c.coaches) {
		if week%4 == p.turn && h.chance(c.principal.care) {
			h.visit(c.principal, p, school.Walkthrough, pick(h.r, open))
		}
	}
	for _, o := range append(slices.Clone(c.aps), c.principal) { // looking in where they pass by
		if h.chance(0.4) {
			h.visit(o, pick(h.r, c.teachers), school.Walkthrough, pick(h.r, open))
		}
	}
	if s := c.supervisor; s != nil && week%2 == 0 && h.chance(s.care) {
		h.visit(s, c.principal, school.CoachingVisit, pick(h.r, open))
	}
	for i, t := range c.teams {
		slot, ok := t.slot(open[0].Monday())
		if ok && (week+i)%4 == 0 && c.cal.Open(slot, 8) && h.chance(0.85) {
			h.teamVisit(pick(h.r, c.leaders()), t, slot)
		}
	}
}

func kindOf(o *sizedPerson) school.VisitKind {
	if o.role == school.AP || o.role == school.Principal {
		return school.Walkthrough
	}
	return school.CoachingVisit
}

func (h *sizedHistory) teamVisit(o *sizedPerson, t *sizedTeam, slot school.Day) {
	h.add(slot, t.at+school.Clock(t.minutes)+5, t.campus.zone, o.id, "web", func(*sizedMoment) ([]school.Fact, []school.Text) {
		return []school.Fact{school.VisitLogged{UID: h.r.Uint64(), Observer: o.id, Team: school.TeamID(t.id), Visit: school.PLCVisit, On: slot, Minutes: t.minutes - 5}}, nil
	})
}

// focusDeal is how often each focus area comes: what a district works on is not spread evenly.
var focusDeal = []string{
	"discourse", "discourse", "discourse", "monitoring", "monitoring", "monitoring", "questioning", "questioning", "rigor", "rigor", "engagement",
	"engagement", "routines", "routines", "modeling", "feedback", "reteach", "belonging", "behavior",
}

var lessonsBy = func() map[string]*lessonWords {
	out := map[string]*lessonWords{}
	for i := range demoLessons {
		out[demoLessons[i].focus] = &demoLessons[i]
	}
	return out
}()

// visit is a visit to a person, its words, and what becomes of their action step.
func (h *sizedHistory) visit(o, p *sizedPerson, kind school.VisitKind, on school.Day) {
	if !p.present(on) || !o.present(on) {
		return
	}
	zone := p.campus.zone
	minutes := 10 + h.r.IntN(11)
	if kind == school.Formal {
		minutes = 45
	}
	h.add(on, h.between(8*60+20, 15*60), zone, o.id, "web", func(m *sizedMoment) ([]school.Fact, []school.Text) {
		f := school.VisitLogged{UID: h.r.Uint64(), Observer: o.id, Subject: p.id, Visit: kind, On: on, Minutes: minutes}
		if kind == school.Formal || p.role != school.Teacher && p.role != school.Lead {
			return []school.Fact{f}, nil
		}
		var texts []school.Text
		class := school.Coaching
		if o.role.Administers() {
			class = school.Evaluation
		}
		write := func(uid uint64, kind, body string) {
			texts = append(texts, school.Text{Key: school.NoteKey(uid, kind), Kind: kind, Subject: string(p.id), Author: string(o.id), Class: class, Body: body})
		}
		focus := pick(h.r, focusDeal)
		words := lessonsBy[focus]
		f.Focus = []string{focus}
		if h.chance(0.6) {
			f.Texts = append(f.Texts, "glow")
			write(f.UID, "glow", pick(h.r, words.glows))
		}
		if h.chance(0.4) {
			f.Texts = append(f.Texts, "grow")
			write(f.UID, "grow", pick(h.r, words.grows))
		}
		visit := h.next()
		facts := append([]school.Fact{f}, h.steps(o, p, on)...)
		if p.step == nil && h.chance(0.85) {
			uid := h.r.Uint64()
			p.step = &sizedStep{n: visit + int64(len(facts)), author: o, by: on + 7 + school.Day(h.r.IntN(5))}
			facts = append(facts, school.StepAdded{UID: uid, Subject: p.id, Author: o.id, By: p.step.by, Focus: focus, Back: len(facts), On: on, Draft: true})
			write(uid, "step", pick(h.r, words.steps))
		}
		if len(f.Texts) > 0 || p.step != nil && !p.step.given {
			h.feedback(o, p, visit, on, m.at)
		}
		return facts, texts
	})
}

// steps is what the visit makes of the step that was open, once its day has come.
func (h *sizedHistory) steps(o, p *sizedPerson, on school.Day) []school.Fact {
	s := p.step
	if s == nil || s.author != o || !s.given || on < s.by-1 {
		return nil
	}
	state := school.StepMastered
	switch n := h.r.IntN(20); {
	case n < 5:
		s.by = on + 7
		return []school.Fact{school.StepMoved{Step: s.n, State: school.StepContinued, On: on, By: s.by}}
	case n == 5:
		state = school.StepClosed
	}
	p.step = nil
	return []school.Fact{school.StepMoved{Step: s.n, State: state, On: on}}
}

// feedback shares the note, at once, at half past three or the next morning, or talks it over, or (now and then) neither.
func (h *sizedHistory) feedback(o, p *sizedPerson, visit int64, on school.Day, at time.Time) {
	c, step := p.campus, p.step
	local := at.In(c.zone)
	now := school.Clock(local.Hour()*60 + local.Minute())
	give := func() {
		if step != nil {
			step.given = true
		}
	}
	switch n := h.r.IntN(20); {
	case n < 15:
		day, when := on, now+school.Clock(2+h.r.IntN(20))
		late := n < 5 && now < 15*60
		if n >= 12 {
			next, ok := c.cal.NextSchoolDay(on)
			if !ok {
				return
			}
			day, when = next, h.between(7*60+35, 8*60)
		}
		h.add(day, when, c.zone, o.id, "web", func(m *sizedMoment) ([]school.Fact, []school.Text) {
			shared := m.at.UTC()
			if late {
				shared = day.At(15*60+30, c.zone).UTC()
			}
			give()
			return []school.Fact{school.VisitShared{Visit: visit, At: shared}}, nil
		})
		if c.notify && h.chance(0.7) {
			h.add(day, h.between(15*60+35, 16*60+50), c.zone, p.id, "web", func(*sizedMoment) ([]school.Fact, []school.Text) {
				return []school.Fact{school.VisitOpened{Visit: visit}}, nil
			})
		}
	case n < 19:
		h.add(on, h.between(15*60+10, 16*60+30), c.zone, o.id, "web", func(*sizedMoment) ([]school.Fact, []school.Text) {
			give()
			return []school.Fact{school.VisitDebriefed{Visit: visit, On: on}}, nil
		})
	}
}

// checkIns are the answers of a week, about the steps that are open at its beginning.
func (h *sizedHistory) checkIns(c *sizedCampus, taught []school.Day) {
	for _, p := range c.teachers {
		s := p.step
		if s == nil || !s.given || !h.chance(0.95) {
			continue
		}
		day := pick(h.r, taught)
		if !p.present(day) {
			continue
		}
		h.add(day, h.between(15*60, 16*60+30), c.zone, p.id, "web", func(m *sizedMoment) ([]school.Fact, []school.Text) {
			if p.step != s {
				return nil, nil
			}
			f := school.StepAnswered{Step: s.n, Answer: school.TriedIt, On: day}
			switch n := h.r.IntN(40); {
			case n < 12:
				f.Answer = school.NotYet
			case n < 22:
				f.Answer = school.Consistently
			case n == 22:
				f.Answer = school.LetsTalk
			}
			if !h.chance(0.15) && f.Answer != school.LetsTalk {
				return []school.Fact{f}, nil
			}
			f.UID, f.Noted = h.r.Uint64(), true
			return []school.Fact{f}, []school.Text{{
				Key: school.NoteKey(f.UID, "note"), Kind: "note", Subject: string(p.id), Author: string(m.by), Class: school.Coaching,
				Body: pick(h.r, demoCheckIns[string(f.Answer)]),
			}}
		})
	}
}
