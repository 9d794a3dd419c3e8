package school

import (
	"slices"
	"time"
)

// What the clock may ask of the model. These answers carry ids, instants and, for a leader's own
// plan, two numbers: never texts, and no names.

// Told is something that happened and that somebody else is to be told of.
type Told struct {
	N    int64 // of the visit, step or answer
	To   PersonID
	From PersonID
	At   time.Time
}

// SharedNotes lists the notes whose time of sharing lies in (since, now], for the teachers who are told.
func (m *Model) SharedNotes(since, now time.Time) []Told {
	var out []Told
	back, from, to := since.Add(-48*time.Hour).Unix(), since.Unix(), now.Unix()
	for _, s := range slices.Backward(m.sharedLog) {
		// Sharing is at most a day ahead of its event, so two days back nothing can fall due.
		if int64(s.at) < back {
			break
		}
		if int64(s.at) < from || int64(s.at) > to {
			continue
		}
		v := m.visit(int64(s.visit))
		if v == nil || v.Void() || v.subject < 0 || v.shared != s.at { // another time was set since
			continue
		}
		if at := time.Unix(int64(s.at), 0); at.After(since) {
			out = append(out, Told{N: int64(v.N), To: m.roster[v.subject].ID, From: m.roster[v.observer].ID, At: at})
		}
	}
	return out
}

// GivenSteps lists the steps given by themselves (not with a visit's note) in (since, now].
func (m *Model) GivenSteps(since, now time.Time) []Told {
	var out []Told
	for i := len(m.steps) - 1; i >= 0 && !m.steps[i].AddedAt.Before(since.Add(-48*time.Hour)); i-- {
		s := m.steps[i]
		if s.State != StepDraft && s.State.Open() && s.Visit == 0 && s.AddedAt.After(since) && !s.AddedAt.After(now) {
			out = append(out, Told{N: s.N, To: m.roster[s.subject].ID, From: m.roster[s.author].ID, At: s.AddedAt})
		}
	}
	return out
}

// Talks lists the answers "Let's talk" given in (since, now], for the one they go to.
func (m *Model) Talks(since, now time.Time) []Told {
	var out []Told
	seen := map[*Step]bool{}
	for _, s := range slices.Backward(m.talkLog) {
		// Only its last answer to a step stands. A call is stamped a moment before it is appended, not two days.
		if s.AnsAt.Before(since.Add(-48 * time.Hour)) {
			break
		}
		if !seen[s] && s.Answer == LetsTalk && s.AnsAt.After(since) && !s.AnsAt.After(now) {
			seen[s] = true
			out = append(out, Told{N: s.AnswerN, To: m.talkTo(s), From: m.roster[s.subject].ID, At: s.AnsAt})
		}
	}
	return out
}

// Week is a leader's own week, for the plan envelope; ok is false for somebody without duties.
func (m *Model) Week(leader PersonID, now time.Time) (WeekPlan, bool) {
	return m.week(leader, now, nil)
}

// Weeks is Week for many leaders at one instant: what several of them owe one person is worked out once. The function is valid
// as long as the model stays as it is.
func (m *Model) Weeks(now time.Time) func(leader PersonID) (WeekPlan, bool) {
	all := &sweep{people: map[sweepKey][]Duty{}, teams: map[sweepKey][]Duty{}}
	return func(leader PersonID) (WeekPlan, bool) { return m.week(leader, now, all) }
}

func (m *Model) week(leader PersonID, now time.Time, all *sweep) (WeekPlan, bool) {
	v := m.As(leader, now)
	if v == nil {
		return WeekPlan{}, false
	}
	v.sweep = all
	d := v.Duties()
	if len(d) == 0 {
		return WeekPlan{}, false
	}
	return PlanWeek(d, v.Calendar(), v.today), true
}

// sweep keeps the duties that were worked out for one viewer for the next: the principal, the assistant principals and the
// coaches of a campus look at the same teachers. A nil sweep keeps nothing.
type sweep struct{ people, teams map[sweepKey][]Duty }

type sweepKey struct {
	index int32
	day   Day
}

func (s *sweep) person(m *Model, p *Person, today Day) []Duty {
	if s == nil {
		return m.personDuties(p, today)
	}
	k := sweepKey{p.index, today}
	d, ok := s.people[k]
	if !ok {
		d = m.personDuties(p, today)
		s.people[k] = d
	}
	return d
}

func (s *sweep) team(m *Model, t *Team, today Day) []Duty {
	if s == nil {
		return m.teamDuties(t, today)
	}
	k := sweepKey{t.index, today}
	d, ok := s.teams[k]
	if !ok {
		d = m.teamDuties(t, today)
		s.teams[k] = d
	}
	return d
}

// Leaders lists everybody who visits classrooms today.
func (m *Model) Leaders(now time.Time) []PersonID {
	var out []PersonID
	for _, p := range m.roster {
		if s := p.Now(); !s.Gone && s.Role.Leader() {
			out = append(out, p.ID)
		}
	}
	return out
}

// MayTell tells whether teachers of the person's campus are told things; leaders always are.
func (m *Model) MayTell(id PersonID) bool {
	p := m.people[id]
	if p == nil || p.Now().Gone {
		return false
	}
	s := p.Now()
	if s.Role != Teacher {
		return true
	}
	c := m.campuses[s.Campus]
	return c != nil && c.NotifyTeachers
}

// RulesSet lists every rule that the district ever set for a kind of reminder, the oldest first: an edited rule
// starts on its next civil day, so on the day of the edit the one before it still stands.
func (m *Model) RulesSet(kind string) []Rule { return m.ruleLog[kind] }

// CalendarSetAt is when the calendar that a campus follows was last set or a day of it declared.
func (m *Model) CalendarSetAt(id CampusID) time.Time {
	at := m.calAt[""]
	if own := m.calAt[id]; own.After(at) {
		at = own
	}
	return at
}

// CalendarsSetAt is when any calendar was set last, or a day of one declared.
func (m *Model) CalendarsSetAt() time.Time { return m.calLast }

// DigestsDecidedAt is when an owner decided last about any digest.
func (m *Model) DigestsDecidedAt() time.Time { return m.digestLast }

// DigestDecidedAt is when the digest's owner decided about a campus's week; the zero time while they have not.
func (m *Model) DigestDecidedAt(c CampusID, week Day) time.Time {
	return m.digestAt[digestKey{c, week}]
}
