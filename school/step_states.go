package school

import (
	"cmp"
	"iter"
	"slices"
	"time"
)

// The states of an action step, and what an event makes of them:
//
//	draft ──> assigned ──> practicing ──> mastered, replaced, closed
//	             └─ continued ─┘            (the ends)
//
// A draft becomes assigned when its teacher is given the note it came with. Whoever looks after a step may move it
// from any open state to any other and to an end; nothing leads back to a draft or out of an end. A teacher's answer
// leads to practicing at most.

// may tells whether a step may go from one state to another.
func (s StepState) may(to StepState) bool {
	switch to {
	case StepAssigned:
		return s == StepDraft
	case StepPracticing, StepContinued, StepMastered, StepReplaced, StepClosed:
		return s.Open()
	}
	return false
}

// giveSteps turns the draft steps of a visit into given ones.
func (m *Model) giveSteps(v *Visit, on Day) {
	for _, s := range m.stepsOf[v.subject] {
		if s.Visit == int64(v.N) && s.State == StepDraft {
			m.handOver(s, on)
			s.State, s.Since = StepAssigned, on
		}
	}
}

// handOver notes that the teacher of a draft has it on a day: since then, or since the day for which its note was set to
// be shared, if that was earlier.
func (m *Model) handOver(s *Step, on Day) {
	if s.State != StepDraft {
		return
	}
	s.Given = on
	if d, ok := m.sharedOn(s); ok && d < on {
		s.Given = d
	}
}

// sharedOn is the day for which the note of a step's visit was set to be shared.
func (m *Model) sharedOn(s *Step) (Day, bool) {
	v := m.visit(s.Visit)
	if v == nil || v.shared == 0 {
		return 0, false
	}
	return DayOf(time.Unix(int64(v.shared), 0), m.CampusZone(m.roster[s.subject].Now().Campus)), true
}

func (m *Model) addStep(e Event, f StepAdded) {
	p, a := m.people[f.Subject], m.people[f.Author]
	if p == nil || a == nil {
		return
	}
	s := &Step{N: e.Version, UID: f.UID, subject: p.index, author: a.index, admin: a.On(f.On).Role.Administers(), Visit: f.Visit, Added: f.On, Given: f.On, By: f.By, Focus: once(m, f.Focus), State: StepAssigned, Since: f.On, AddedAt: e.At}
	if f.Back > 0 {
		s.Visit = e.Version - int64(f.Back)
	}
	if f.Draft {
		s.State, s.Given = StepDraft, 0
	}
	if old := m.step(f.Replaces); old != nil && old.subject == s.subject && old.State.may(StepReplaced) {
		m.end(old, StepReplaced, f.On)
		old.replaced, s.Replaces = s.N, old.N // both ways or not at all
	}
	m.steps = append(m.steps, s)
	m.live.add(s)
	for _, l := range []struct {
		by map[int32]*liveSteps
		of int32
	}{{m.liveOf, p.index}, {m.liveBy, a.index}} {
		if l.by[l.of] == nil {
			l.by[l.of] = &liveSteps{}
		}
		l.by[l.of].add(s)
	}
	m.stepsOf[p.index] = append(m.stepsOf[p.index], s)
}

// liveSteps are open steps in their order. A step that was closed is never opened again, so the closed ones are left out of the
// list now and then, when it has grown to twice its length.
type liveSteps struct {
	list []*Step
	most int // so many, and the closed ones are left out
}

func (l *liveSteps) add(s *Step) {
	if len(l.list) >= l.most {
		l.list = slices.DeleteFunc(l.list, func(s *Step) bool { return !s.State.Open() })
		l.most = 2*len(l.list) + 4
	}
	l.list = append(l.list, s)
}

// open yields the open ones, the oldest first; of a nil list there are none.
func (l *liveSteps) open() iter.Seq[*Step] {
	return func(yield func(*Step) bool) {
		if l == nil {
			return
		}
		for _, s := range l.list {
			if s.State.Open() && !yield(s) {
				return
			}
		}
	}
}

// openAround lists the open steps that may wait for somebody, the oldest first: their own, those they wrote, and those of
// their caseload.
func (m *Model) openAround(p *Person) []*Step {
	out := slices.AppendSeq(slices.Collect(m.liveOf[p.index].open()), m.liveBy[p.index].open())
	for _, q := range m.at(place{observer: p.ID}) {
		out = slices.AppendSeq(out, m.liveOf[q.index].open())
	}
	slices.SortFunc(out, func(a, b *Step) int { return cmp.Compare(a.N, b.N) })
	return slices.Compact(out)
}

// end ends a step. A draft that nobody was given ends without having been given; one that its leader calls mastered
// was given, in the talk if not on paper.
func (m *Model) end(s *Step, to StepState, on Day) {
	if d, ok := m.sharedOn(s); to == StepMastered || ok && d <= on {
		m.handOver(s, on)
	}
	s.State, s.Since = once(m, to), on
}

func (m *Model) moveStep(f StepMoved) {
	s := m.step(f.Step)
	dated := f.By != 0 && s != nil && f.By != s.By
	switch {
	case s == nil, !s.State.Open(), f.State == s.State && !dated, f.State != s.State && !s.State.may(f.State):
		return // makes no sense, or nothing new
	case !f.State.Open():
		m.end(s, f.State, f.On)
		return
	}
	if dated {
		if f.State == StepContinued && s.By != 0 {
			s.dues = append(s.dues, s.By)
		}
		s.By, s.dated = f.By, f.On
	}
	if f.State == s.State && f.State != StepContinued {
		return // another date for a step that stands as it stood
	}
	if s.State == StepDraft {
		m.handOver(s, f.On)
	}
	s.State, s.Since, s.tried = once(m, f.State), f.On, s.tried || f.State == StepPracticing
}

func (m *Model) answerStep(e Event, f StepAnswered) {
	s := m.step(f.Step)
	if s == nil || !s.State.Open() {
		return
	}
	f.Answer = once(m, f.Answer)
	s.Answer, s.Answered, s.AnswerN, s.AnsAt = f.Answer, f.On, e.Version, e.At
	s.answers = append(s.answers, stepAnswer{answer: f.Answer, on: f.On, uid: f.UID, noted: f.Noted})
	if f.Answer == LetsTalk {
		m.talkLog = append(m.talkLog, s)
	}
	s.NoteUID = 0
	if f.Noted {
		s.NoteUID = f.UID
	}
	// A teacher's answer shows that the step is being worked on; it never sets mastered.
	if f.Answer == TriedIt || f.Answer == Consistently {
		s.tried = true
		if s.State == StepAssigned || s.State == StepDraft {
			m.handOver(s, f.On)
			s.State, s.Since = StepPracticing, f.On
		}
	}
}
