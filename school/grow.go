package school

import (
	"cmp"
	"slices"
)

// What somebody says of their own growth is their own: they rate themselves, pick up to three statements as goals, agree
// with themselves how often to be reminded, and may let a coach whose caseload they are on read along, until they take
// that back.

// MostGoals is how many goals somebody may work toward at a time: more is a list, not a goal.
const MostGoals = 3

// GoalEnded says that a goal was reached, or let go.
type GoalEnded struct {
	Person    PersonID `json:"person"`
	Statement string   `json:"statement"`
	Reached   bool     `json:"reached,omitempty"`
	On        Day      `json:"on"`
}

// GrowRhythm says every how many weeks somebody wants to be reminded of their goals; 0 is never.
type GrowRhythm struct {
	Person PersonID `json:"person"`
	Weeks  int      `json:"weeks"`
	On     Day      `json:"on"`
}

// GrowShared says that somebody lets a coach read their growth page; with nobody, that they do no longer.
type GrowShared struct {
	Person PersonID `json:"person"`
	With   PersonID `json:"with,omitempty"`
	On     Day      `json:"on"`
}

// Kind implements Fact.
func (GoalEnded) Kind() string { return "grow.ended" }

// Kind implements Fact.
func (GrowRhythm) Kind() string { return "grow.rhythm" }

// Kind implements Fact.
func (GrowShared) Kind() string { return "grow.shared" }

// growth is what is in force of somebody's growth. Ratings and goals ever set are beside it.
type growth struct {
	open   []GoalSet
	ended  []GoalEnded
	rhythm GrowRhythm
	shared GrowShared
}

func (m *Model) growing(p PersonID) *growth {
	g := m.growth[p]
	if g == nil {
		g = &growth{}
		m.growth[p] = g
	}
	return g
}

// setGoal opens a goal, or gives an open one its new date.
func (m *Model) setGoal(f GoalSet) {
	m.goals[f.Person] = append(m.goals[f.Person], f)
	g := m.growing(f.Person)
	g.close(f.Statement)
	g.open = append(g.open, f)
}

func (m *Model) endGoal(f GoalEnded) {
	if g := m.growing(f.Person); g.close(f.Statement) {
		g.ended = append(g.ended, f)
	}
}

func (g *growth) close(statement string) bool {
	n := len(g.open)
	g.open = slices.DeleteFunc(g.open, func(x GoalSet) bool { return x.Statement == statement })
	return len(g.open) < n
}

// GrowthSeen is somebody's growth page as a viewer may see it.
type GrowthSeen struct {
	Ratings []Rated
	Goals   []GoalSet   // open, the latest set last
	Ended   []GoalEnded // the latest last
	Rhythm  GrowRhythm
	Shared  GrowShared
}

// Growth is the viewer's own.
func (v *Viewer) Growth() GrowthSeen { return v.m.growthSeen(v.p.ID) }

// GrowthOf is somebody else's, if they let the viewer read it.
func (v *Viewer) GrowthOf(id PersonID) (GrowthSeen, bool) {
	p := v.m.people[id]
	if p == nil || !v.ask(p, Growth, Coaching, false, v.m.sharedWith(id) == v.p.ID) {
		return GrowthSeen{}, false
	}
	return v.m.growthSeen(id), true
}

func (m *Model) growthSeen(id PersonID) GrowthSeen {
	s := GrowthSeen{Ratings: m.ratings[id]}
	if g := m.growth[id]; g != nil {
		s.Goals, s.Ended, s.Rhythm, s.Shared = slices.Clone(g.open), slices.Clone(g.ended), g.rhythm, g.shared
	}
	return s
}

func (m *Model) sharedWith(id PersonID) PersonID {
	if g := m.growth[id]; g != nil {
		return g.shared.With
	}
	return ""
}

// GrowthSharers are the people who let the viewer read their growth, by name.
func (v *Viewer) GrowthSharers() []PersonID {
	var out []PersonID
	for id, g := range v.m.growth {
		if g.shared.With != v.p.ID || id == v.p.ID {
			continue
		}
		if _, ok := v.GrowthOf(id); ok {
			out = append(out, id)
		}
	}
	slices.SortFunc(out, func(a, b PersonID) int {
		return cmp.Or(cmp.Compare(v.m.Name(a), v.m.Name(b)), cmp.Compare(a, b))
	})
	return out
}

// Coaches are the coaches and teacher leaders on whose caseload the viewer is: those they may let read their growth.
func (v *Viewer) Coaches() []PersonID {
	var out []PersonID
	for _, o := range v.Stint().Observers {
		p := v.m.people[o]
		if p == nil || o == v.p.ID {
			continue
		}
		q := Question{Viewer: p.On(v.today).Role, Relation: v.m.relation(p, v.p, v.today), Record: Growth, Shared: true}
		if Allowed(q) {
			out = append(out, o)
		}
	}
	return out
}

// GrowDue is for the clock: somebody who works toward goals and wants to be reminded every Weeks weeks since a day.
type GrowDue struct {
	Person PersonID
	Weeks  int
	Since  Day
}

// GrowsDue lists them, in the order of their ids.
func (m *Model) GrowsDue() []GrowDue {
	var out []GrowDue
	for id := range m.growth {
		if d, ok := m.GrowDueOf(id); ok {
			out = append(out, d)
		}
	}
	slices.SortFunc(out, func(a, b GrowDue) int { return cmp.Compare(a.Person, b.Person) })
	return out
}

// GrowDueOf is one of them; ok is false for who has no open goal or wants no reminder.
func (m *Model) GrowDueOf(id PersonID) (GrowDue, bool) {
	g := m.growth[id]
	if g == nil || len(g.open) == 0 || g.rhythm.Weeks <= 0 {
		return GrowDue{}, false
	}
	return GrowDue{id, g.rhythm.Weeks, g.rhythm.On}, true
}
