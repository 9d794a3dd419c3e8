package school

import (
	"slices"
	"time"
)

// StepSeen is an action step as a viewer may see it.
type StepSeen struct {
	N        int64
	Subject  PersonID
	Author   PersonID
	Mine     bool // the viewer wrote it
	Visit    int64
	Added    Day
	Given    Day // when its teacher had it; no day for a draft
	By       Day
	Dues     []Day // earlier check-back dates, one for each time it was continued, the first one first
	Focus    string
	State    StepState
	Since    Day
	Age      StepAge
	Answer   CheckIn
	Answered Day
	AnswerN  int64
	Text     string // text key of the wording, "" when withheld
	Note     string // text key of the note to the last answer, "" when none or withheld
	Withheld bool
	Replaces int64 // the step whose place it took, if this viewer may see that step
	Replaced int64 // the step that took its place, if this viewer may see that step
}

// StepAge is how a step stands in school days of its teacher's campus.
type StepAge struct {
	Open     int  // school days since it was given
	Late     int  // school days past its check-back date, 0 before
	Stale    bool // later than StaleAfter, and not answered since that date was set, as far as this viewer may know
	Mastered int  // school days from given to mastered; -1 while it is not
}

// StaleAfter is how many school days a step may lie past its check-back date without an answer before it counts as
// forgotten: a week of school.
const StaleAfter = 5

func (v *Viewer) seeStep(x *Step) (StepSeen, bool) { return v.stepSeen(x, true) }

func (v *Viewer) stepSeen(x *Step, links bool) (StepSeen, bool) {
	m := v.m
	subject, author := m.roster[x.subject], m.roster[x.author]
	s := StepSeen{N: x.N, Subject: subject.ID, Author: author.ID, Mine: author == v.p, Visit: x.Visit, Added: x.Added, By: x.By, Focus: x.Focus, State: x.State, Since: x.Since}
	s.State, s.Given, s.Dues = m.given(x, v.now), m.givenOn(x, v.now), slices.Clone(x.dues)
	if subject == v.p && s.State == StepDraft {
		return s, false // not yet given to them
	}
	if !v.ask(subject, Activity, "", s.Mine, false) {
		return s, false
	}
	v.noted(subject.ID, LookSteps)
	class := Coaching
	if x.admin {
		class = Evaluation
	}
	// "Let's talk" is between the teacher and the one it goes to, who may not be the one who wrote the step: it is in
	// nobody else's list.
	asked := x.Answer == LetsTalk && (subject == v.p || v.m.talkTo(x) == v.p.ID)
	if s.Withheld = !v.ask(subject, Wording, class, s.Mine, s.State != StepDraft); !s.Withheld {
		s.Text = NoteKey(x.UID, "step")
	}
	if asked || x.Answer != LetsTalk && !s.Withheld {
		s.Answer, s.Answered, s.AnswerN = x.Answer, x.Answered, x.AnswerN
		if x.NoteUID != 0 {
			s.Note = NoteKey(x.NoteUID, "note")
		}
	}
	s.Age = m.age(x, s, v.today)
	if links {
		s.Replaces, s.Replaced = v.link(x.Replaces), v.link(x.replaced)
	}
	return s, true
}

// link is a step beside the one looked at, or 0 where the viewer may not see that it is there.
func (v *Viewer) link(n int64) int64 {
	if x := v.m.step(n); x != nil {
		if _, ok := v.stepSeen(x, false); ok {
			return n
		}
	}
	return 0
}

// age counts a step's school days. Whether it is stale is told by the answer that the viewer may see: else the word
// would say that there is one.
func (m *Model) age(x *Step, s StepSeen, today Day) StepAge {
	cal, a := m.Calendar(m.roster[x.subject].Now().Campus), StepAge{Mastered: -1}
	switch {
	case s.Given == 0:
		return a
	case s.State == StepMastered:
		a.Mastered = cal.SchoolDays(s.Given+1, s.Since)
	case s.State.Open():
		a.Open = cal.SchoolDays(s.Given+1, today)
		if s.By != 0 {
			a.Late = cal.SchoolDays(s.By+1, today)
		}
		a.Stale = a.Late > StaleAfter && (s.Answer == "" || s.Answered < max(s.Given, x.dated))
	}
	return a
}

// given is the state of a step at an instant: a draft counts as assigned once the note it came with has
// been shared, which may have been set for later that day.
func (m *Model) given(s *Step, now time.Time) StepState {
	if s.State == StepDraft && s.Visit != 0 {
		if v := m.visit(s.Visit); v != nil && v.shared != 0 && int64(v.shared) <= now.Unix() {
			return StepAssigned
		}
	}
	return s.State
}

// givenOn is the day on which the teacher of a step had it; no day for a draft.
func (m *Model) givenOn(s *Step, now time.Time) Day {
	if s.State == StepDraft && m.given(s, now) != StepDraft {
		d, _ := m.sharedOn(s)
		return d
	}
	return s.Given
}

// talkTo is whom "Let's talk" about a step goes to: the coach on the teacher's caseload where there is
// one, else the step's author.
func (m *Model) talkTo(s *Step) PersonID {
	p := m.roster[s.subject]
	for _, o := range p.Now().Observers {
		if q := m.people[o]; q != nil && (q.Now().Role == Coach || q.Now().Role == Lead) {
			return o
		}
	}
	return m.roster[s.author].ID
}

// Step is one step, if the viewer may see it.
func (v *Viewer) Step(n int64) (StepSeen, bool) {
	x := v.m.step(n)
	if x == nil {
		return StepSeen{}, false
	}
	return v.seeStep(x)
}

// StepsOf are somebody's steps, the latest first; with open only those still worked on.
func (v *Viewer) StepsOf(id PersonID, open bool) (out []StepSeen, ok bool) {
	p := v.m.people[id]
	if p == nil || v.m.relation(v.p, p, v.today) == Stranger {
		return nil, false
	}
	list := v.m.stepsOf[p.index]
	for _, l := range slices.Backward(list) {
		if open && !l.State.Open() {
			continue
		}
		if s, ok := v.seeStep(l); ok {
			out = append(out, s)
		}
	}
	return out, true
}

// OpenSteps are the open steps of everybody whose steps the viewer follows: those they wrote, and those
// of their caseload that they may read. The one due first comes first.
func (v *Viewer) OpenSteps() []StepSeen {
	var out []StepSeen
	if !v.role.Leader() {
		return nil
	}
	for _, x := range v.m.openAround(v.p) {
		if v.m.roster[x.subject] == v.p {
			continue
		}
		s, ok := v.seeStep(x)
		if ok && (s.Mine || v.m.relation(v.p, v.m.roster[x.subject], v.today) == HasCaseload) {
			out = append(out, s)
		}
	}
	sortSteps(out)
	return out
}

// CampusSteps are the open steps of a campus's people for its administrators, the one due first before the others; ok is
// false for anybody else. Where somebody else wrote it, the wording is withheld as everywhere.
func (v *Viewer) CampusSteps(c CampusID) (out []StepSeen, ok bool) {
	if v.role != AP && v.role != Principal || !v.Stint().At(c) {
		return nil, false
	}
	for _, p := range v.m.at(place{campus: c}) {
		if st := p.On(v.today); p == v.p || st.Gone || !st.At(c) {
			continue
		}
		for _, x := range v.m.stepsOf[p.index] {
			if s, ok := v.seeStep(x); ok && s.State.Open() && (s.Mine || s.State != StepDraft) { // a draft is its author's
				out = append(out, s)
			}
		}
	}
	sortSteps(out)
	return out, true
}

// HasOpenStep tells whether somebody has an open step, without showing whose it is or what it says.
func (v *Viewer) HasOpenStep(id PersonID) (n int64, mine, ok bool) { return v.OtherOpenStep(id, 0) }

// OtherOpenStep is HasOpenStep, one step left out: what a new step could take the place of. A colleague who may give
// a step is told so much too, though the policy shows them no activity of others: two steps at once are worse.
func (v *Viewer) OtherOpenStep(id PersonID, not int64) (n int64, mine, ok bool) {
	p := v.m.people[id]
	if p == nil || v.Relation(id) == Stranger {
		return 0, false, false
	}
	list := v.m.stepsOf[p.index]
	for _, l := range slices.Backward(list) {
		mine := v.m.roster[l.author] == v.p
		if l.State.Open() && l.N != not {
			v.noted(id, LookSteps)
			return l.N, mine, true
		}
	}
	return 0, false, false
}

// TalkTo is whom "Let's talk" about one of the viewer's own steps goes to.
func (v *Viewer) TalkTo(n int64) (PersonID, bool) {
	x := v.m.step(n)
	if x == nil || v.m.roster[x.subject] != v.p {
		return "", false
	}
	return v.m.talkTo(x), true
}
