package school

import (
	"iter"
	"slices"
	"time"
)

// What the clock may ask about steps, answers and feedback: whom something waits for and how much, by ids and
// numbers alone.

// StepDue is an open step that somebody is to look at again.
type StepDue struct {
	Subject  PersonID
	Leader   PersonID // who follows it, or "" where nobody does any more
	By       Day
	Answered Day       // the teacher's last answer, no day without one
	Since    time.Time // when the step was given; its check-back date may have been set later
}

// StepsDue lists the open steps that their teachers have, with a check-back date in from..to.
func (m *Model) StepsDue(from, to Day, now time.Time) []StepDue {
	return m.stepsDue(m.live.open(), from, to, now)
}

// StepsDueOf is StepsDue for one person alone: their own steps, and those that they follow.
func (m *Model) StepsDueOf(who PersonID, from, to Day, now time.Time) []StepDue {
	p := m.people[who]
	if p == nil {
		return nil
	}
	out := m.stepsDue(slices.Values(m.openAround(p)), from, to, now)
	return slices.DeleteFunc(out, func(s StepDue) bool { return s.Subject != who && s.Leader != who })
}

func (m *Model) stepsDue(of iter.Seq[*Step], from, to Day, now time.Time) []StepDue {
	var out []StepDue
	for s := range of {
		if s.By < from || s.By > to || m.given(s, now) == StepDraft {
			continue
		}
		out = append(out, StepDue{Subject: m.roster[s.subject].ID, Leader: m.follows(s, now), By: s.By, Answered: s.Answered, Since: s.AddedAt})
	}
	return out
}

// CheckedIn is a check-in that somebody may want to read. What its teacher answered is not in it.
type CheckedIn struct {
	Leader PersonID
	At     time.Time
}

// CheckIns lists the last answers to open steps given in (since, now], for the leaders who follow them. "Let's talk"
// is left out: it went to its coach at once, and counts in nobody's summary.
func (m *Model) CheckIns(since, now time.Time) []CheckedIn {
	return m.checkIns(m.live.open(), since, now)
}

// CheckInsTo is CheckIns for one leader alone.
func (m *Model) CheckInsTo(leader PersonID, since, now time.Time) []CheckedIn {
	p := m.people[leader]
	if p == nil {
		return nil
	}
	out := m.checkIns(slices.Values(m.openAround(p)), since, now)
	return slices.DeleteFunc(out, func(c CheckedIn) bool { return c.Leader != leader })
}

func (m *Model) checkIns(of iter.Seq[*Step], since, now time.Time) []CheckedIn {
	var out []CheckedIn
	for s := range of {
		if s.Answer == "" || s.Answer == LetsTalk || !s.AnsAt.After(since) || s.AnsAt.After(now) {
			continue
		}
		if to := m.follows(s, now); to != "" {
			out = append(out, CheckedIn{Leader: to, At: s.AnsAt})
		}
	}
	return out
}

// follows is who looks after a step: its author while they serve the teacher, else a coach on the teacher's caseload
// list who may read it, else nobody.
func (m *Model) follows(s *Step, now time.Time) PersonID {
	subject, author := m.roster[s.subject], m.roster[s.author]
	today := DayOf(now, m.ZoneOf(subject.ID))
	serves := func(p *Person) bool {
		r := m.relation(p, subject, today)
		return r != Stranger && r != Self
	}
	if serves(author) {
		return author.ID
	}
	if s.admin {
		return "" // an administrator's words are not a coach's to read
	}
	for _, o := range subject.On(today).Observers {
		if p := m.people[o]; p != nil && (p.On(today).Role == Coach || p.On(today).Role == Lead) && serves(p) {
			return o
		}
	}
	return ""
}

// FeedbackLate is how many school days after a visit its missing feedback is late: the day after the two that
// FeedbackDays allows. FeedbackPast is when it is too late to be of use; then nobody is asked for it any more.
const (
	FeedbackLate = FeedbackDays + 1
	FeedbackPast = FeedbackDays + 3
)

// feedbackAsked are the school days after a visit on which its feedback is asked for: when it is late, and once
// more before it is given up.
var feedbackAsked = []int{FeedbackLate, FeedbackPast}

// FeedbackOwed counts the visits of a leader whose feedback is to be asked for on a day: formal visits and visits
// to teams apart, those with neither a shared note nor a debrief for which a day of asking lies in (since, today].
func (m *Model) FeedbackOwed(leader PersonID, since, today Day) int {
	p := m.people[leader]
	if p == nil {
		return 0
	}
	cal, zone, n := m.Calendar(p.On(today).Campus), m.ZoneOf(leader), 0
	for v := range m.visits.by(p.made) {
		if cal.SchoolDays(DayOf(v.Logged(), zone)+1, since) >= FeedbackPast {
			break // logged so long ago, and therefore made so long ago; so is all that is left
		}
		if !m.owesFeedback(v) {
			continue
		}
		was, is := cal.SchoolDays(v.On+1, since), cal.SchoolDays(v.On+1, today)
		if slices.ContainsFunc(feedbackAsked, func(k int) bool { return was < k && k <= is }) {
			n++
		}
	}
	return n
}

// owesFeedback tells whether a visit asks for feedback that was not given. A note that is set to be shared counts as
// given; who left cannot be given any.
func (m *Model) owesFeedback(v *Visit) bool {
	return !v.Void() && v.subject >= 0 && v.Kind() != Formal && v.flags&visitFromFile == 0 && v.fed == 0 && v.shared == 0 && !m.roster[v.subject].Now().Gone
}
