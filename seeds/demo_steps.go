package seeds

import "rounds/school"

// demoStep is an action step while the history is made.
type demoStep struct {
	visit  *moment // the step is its second fact
	uid    uint64
	author *demoPerson
	person *demoPerson
	by     school.Day
	given  school.Day // when the teacher learned of it; 0 while they have not
	old    *demoStep  // that it replaces
	answer school.CheckIn
}

func (s *demoStep) replaces() int64 {
	if s.old == nil {
		return 0
	}
	return s.old.version()
}

// version is the version of the step's event.
func (s *demoStep) version() int64 { return s.visit.first + 1 }

// step decides on a visit what becomes of the open step, and whether a new one is written.
func (h *history) step(v *demoVisit, m *moment) *demoStep {
	featured := v.subject.email == "bob@example.com"
	now := h.open[v.subject]
	var old *demoStep
	if now != nil {
		if now.author != v.observer || v.on < now.by-1 || now.given == 0 {
			return nil
		}
		state := school.StepMastered
		switch n := h.r.IntN(20); {
		case featured:
		case now.answer == school.NotYet && n < 14, n < 4:
			state = school.StepContinued
		case n < 7:
			state = school.StepReplaced
		case n == 7:
			state = school.StepClosed
		}
		if state == school.StepReplaced {
			old = now
		} else {
			h.move(now, state, v.on, h.clockOf(m)+2, m)
			if state == school.StepContinued {
				now.by = h.due(v.on)
				return nil
			}
		}
		delete(h.open, v.subject)
	}
	p := 0.6
	switch {
	case old != nil:
		p = 1
	case featured:
		p = 0.9
		if v.on > school.Date(2026, 9, 24) {
			p = 0 // the featured teacher has room for a new step
		}
	case v.observer.role.Administers():
		p = 0.12
	case v.on > historyEnd-2:
		p = 0.4
	}
	if !h.chance(p) {
		return nil
	}
	s := &demoStep{visit: m, author: v.observer, person: v.subject, by: h.due(v.on), old: old}
	h.open[v.subject] = s
	return s
}

// due is a check-back date about a week of school ahead.
func (h *history) due(d school.Day) school.Day { return h.later(d, 5+h.r.IntN(4)) }

// move changes a step's state behind an earlier moment.
func (h *history) move(s *demoStep, state school.StepState, on school.Day, at school.Clock, after *moment) {
	m := h.add(on, at, s.author.id, "web")
	if m == nil {
		return
	}
	if after != nil {
		m.after(after)
		if d := h.dayOf(after); d > on { // logged the morning after: the talk is recorded then too
			on = d
		}
	}
	by := school.Day(0)
	if state == school.StepContinued {
		by = h.due(on)
	}
	m.facts = func() []school.Fact {
		return []school.Fact{school.StepMoved{Step: s.version(), State: state, On: on, By: by}}
	}
}

// checkIns are the teacher's answers between being given the step and its check-back date.
func (h *history) checkIns(s *demoStep) {
	if s.given == 0 {
		return
	}
	p := 0.95
	if s.person.campus != "cedar" {
		p = 0.2
	}
	day := h.later(s.given, 1+h.r.IntN(2))
	for n := 0; n < 3 && day <= s.by-2 && h.chance(p); n++ {
		answers := []school.CheckIn{school.NotYet, school.NotYet, school.TriedIt, school.TriedIt, school.TriedIt, school.TriedIt, school.Consistently, school.LetsTalk}
		if n > 0 { // a second answer is seldom a step back
			answers = []school.CheckIn{school.TriedIt, school.Consistently, school.Consistently}
		}
		answer := answers[h.r.IntN(len(answers))]
		at := h.between("15:10", "16:50")
		if h.chance(0.25) {
			at = h.between("07:32", "08:05")
		}
		m := h.add(day, at, s.person.id, "web").after(s.visit)
		if m == nil {
			return
		}
		f := school.StepAnswered{Answer: answer, On: day}
		if h.chance(0.6) || answer == school.LetsTalk {
			f.UID, f.Noted = m.uid(), true
			m.text(f.UID, "note", string(s.person.id), class(s.author), h.deal("check-in "+string(answer), demoCheckIns[string(answer)]))
		}
		m.facts = func() []school.Fact {
			f.Step = s.version()
			return []school.Fact{f}
		}
		s.answer = answer
		day = h.later(day, 1+h.r.IntN(2))
		p *= 0.6
	}
}

// settle looks after the steps that are still open: old ones were closed in passing, and the featured teacher's last one is
// mastered.
func (h *history) settle() {
	for _, p := range h.d.people { // in the roster's order, not the map's
		s := h.open[p]
		switch {
		case s == nil:
		case p.email == "bob@example.com":
			h.move(s, school.StepMastered, school.Date(2026, 10, 8), 15*60+20, nil)
		case s.given != 0 && s.by < historyEnd-12:
			state := school.StepMastered
			if h.chance(0.4) {
				state = school.StepClosed
			}
			h.move(s, state, h.later(s.by, 3), h.between("15:20", "16:30"), nil)
		}
	}
}
