package school

import (
	"fmt"
	"math"
	"sort"
	"time"
)

// Floor is the smallest group that is reported, and the smallest part of a group (DOMAIN section 6:
// the floor that survey vendors of this field use).
const Floor = 5

// Count is how many people of a group, in a form that can be said in a room: the numbers are not
// readable, only the words and shares that the rules allow. Small counts and small remainders are
// both blurred, so that nobody can be found by subtracting.
type Count struct{ n, of int }

// CountOf makes a Count.
func CountOf(n, of int) Count { return Count{n, of} }

// Reportable tells whether the group is large enough to be spoken of at all.
func (c Count) Reportable() bool { return c.of >= Floor }

// Words is "27 of 32 teachers", "fewer than 5 of 32 teachers", "at least 28 of 32 teachers", or
// "a group too small to report".
func (c Count) Words(unit string) string {
	switch {
	case !c.Reportable():
		return "a group too small to report"
	case c.n < Floor:
		return fmt.Sprintf("fewer than %d of %d %s", Floor, c.of, unit)
	case c.of-c.n < Floor:
		return fmt.Sprintf("at least %d of %d %s", max(Floor, c.of-Floor+1), c.of, unit)
	}
	return fmt.Sprintf("%d of %d %s", c.n, c.of, unit)
}

// Share is a share for a chart, in whole percent, blurred as Words is.
type Share struct {
	Percent float64
	Bound   int // 0: it is Percent; -1: it lies under it; +1: it lies over it
}

// Words is "47%", "under 15%" or "over 85%".
func (s Share) Words() string {
	return []string{"under ", "", "over "}[s.Bound+1] + fmt.Sprintf("%.0f%%", s.Percent)
}

// Share is the share of the group; ok is false when it cannot be drawn.
func (c Count) Share() (s Share, ok bool) {
	of := float64(c.of)
	switch {
	case c.of < 2*Floor:
		return s, false
	case c.n < Floor:
		return Share{math.Ceil(Floor * 100 / of), -1}, true
	case c.of-c.n < Floor:
		return Share{math.Floor((of - Floor) * 100 / of), +1}, true
	}
	return Share{math.Round(float64(c.n) * 100 / of), 0}, true
}

// Snapshot is what may be said in a campus's leadership room about one week.
type Snapshot struct {
	Campus    CampusID
	Week      Day // its Monday
	Number    int // of the school year
	Days      int // school days in the week
	OnPace    Count
	Visited   Count // teachers visited this week
	Feedback  Count // of the teachers visited, those who had feedback within 2 school days (or still have time)
	Practiced Count // of the teachers with an open step, those who checked in "tried it" or "consistently"
	Mastered  Count // teachers who mastered a step in the last four weeks, of those who had one
	Focus     []FocusCount
	Held      int // PLC meetings held
	Meetings  int // PLC meetings that were to take place so far
	Trend     []TrendPoint
}

// FocusCount is how many teachers had a visit about a focus area in the last four weeks.
type FocusCount struct {
	Name     string
	Teachers int // at least Floor
}

// TrendPoint is one week of the picture: the share of teachers who were on pace at its end, and of those visited in it.
type TrendPoint struct {
	Number  int
	OnPace  Share
	Visited Share
}

// Snapshot computes the digest of a campus for the week of a day, as of now. It holds aggregates only.
func (m *Model) Snapshot(c CampusID, now time.Time) Snapshot {
	cal := m.Calendar(c)
	today := DayOf(now, m.CampusZone(c))
	mon := today.Monday()
	s := Snapshot{Campus: c, Week: mon, Number: cal.WeekNumber(mon), Days: cal.SchoolDays(mon, mon+6)}
	teachers := m.teachersAt(c, today)
	s.OnPace = m.onPace(teachers, today)
	s.Visited = m.visited(teachers, mon, today)
	s.Feedback = m.fedBack(teachers, cal, mon, today)
	s.Practiced, s.Mastered = m.stepCounts(teachers, today)
	s.Focus = m.focusCounts(teachers, mon-21, today)
	for _, t := range m.teamLists().at[c] {
		for _, slot := range m.Slots(t, mon, today) {
			if mk := m.Meeting(t.ID, slot); mk != nil && mk.Skipped {
				continue
			} else if mk != nil && mk.Held {
				s.Held++
			}
			s.Meetings++
		}
	}
	for w := max(mon-7*7, cal.First.Monday()); w <= mon; w += 7 {
		_, end, ok := cal.WeekEdges(w)
		if !ok {
			continue
		}
		end = min(end, today)
		p, ok1 := m.onPace(teachers, end).Share()
		v, ok2 := m.visited(teachers, w, end).Share()
		if ok1 && ok2 {
			s.Trend = append(s.Trend, TrendPoint{Number: cal.WeekNumber(w), OnPace: p, Visited: v})
		}
	}
	return s
}

// Reportable tells whether the snapshot of a campus has anything to say: there is school in the week, and there are enough
// teachers to speak of. It is much less work than the snapshot.
func (m *Model) Reportable(c CampusID, now time.Time) bool {
	today := DayOf(now, m.CampusZone(c))
	if m.Calendar(c).SchoolDays(today.Monday(), today.Monday()+6) == 0 {
		return false
	}
	teachers := m.teachersAt(c, today)
	here := 0
	for _, p := range teachers {
		if !p.Away(today) {
			here++
		}
	}
	return here >= Floor || m.onPace(teachers, today).Reportable()
}

// OnPace counts the teachers of a campus whose every target is met, on pace or due soon on a day.
func (m *Model) OnPace(c CampusID, d Day) Count { return m.onPace(m.teachersAt(c, d), d) }

func (m *Model) teachersAt(c CampusID, d Day) []*Person {
	var out []*Person
	for _, p := range m.at(place{campus: c, role: Teacher}, place{campus: c, role: Lead}) {
		if s := p.On(d); !s.Gone && s.Campus == c && (s.Role == Teacher || s.Role == Lead) {
			out = append(out, p)
		}
	}
	return out
}

// onPace counts teachers whose every target is met, on pace or due soon, of those not on hold.
func (m *Model) onPace(teachers []*Person, d Day) Count {
	var c Count
	for _, p := range teachers {
		duties := m.personDuties(p, d)
		ok, asked := true, false
		for _, x := range duties {
			switch x.Status {
			case OnHoldLeave, OnHoldTesting:
			case Behind:
				ok, asked = false, true
			default:
				asked = true
			}
		}
		if asked {
			c.of++
			if ok {
				c.n++
			}
		}
	}
	return c
}

func (m *Model) visited(teachers []*Person, from, to Day) Count {
	var c Count
	for _, p := range teachers {
		if p.Away(to) {
			continue
		}
		c.of++
		if m.anyVisit(p, from, to) != nil {
			c.n++
		}
	}
	return c
}

func (m *Model) anyVisit(p *Person, from, to Day) *Visit {
	for v := range m.visits.since(p.visits, from) {
		if !v.Void() && v.On >= from && v.On <= to {
			return v
		}
	}
	return nil
}

// FeedbackDays is the duty on a visit: feedback within this many school days (district default).
const FeedbackDays = 2

// fedBack counts, of the teachers visited, those who had a shared note or a debrief within two
// school days of each of this week's visits, or whose two days are not over.
func (m *Model) fedBack(teachers []*Person, cal *Calendar, from, to Day) Count {
	var c Count
	for _, p := range teachers {
		seen, ok := false, true
		for v := range m.visits.since(p.visits, from) {
			if v.Void() || v.Kind() == Formal || v.flags&visitFromFile != 0 || v.On < from || v.On > to {
				continue // of a formal one the feedback is given where it is written up
			}
			seen = true
			if at := v.feedback(m.CampusZone(p.Now().Campus)); at == 0 || at > to {
				ok = ok && cal.SchoolDays(v.On+1, to) <= FeedbackDays
			} else {
				ok = ok && cal.SchoolDays(v.On+1, at) <= FeedbackDays
			}
		}
		if seen {
			c.of++
			if ok {
				c.n++
			}
		}
	}
	return c
}

// feedback is the day on which the teacher had feedback on the visit: the note shared or the debrief,
// whichever came first; no day while neither was.
func (v *Visit) feedback(zone *time.Location) Day {
	d := v.fed
	if v.shared != 0 {
		if s := DayOf(time.Unix(int64(v.shared), 0), zone); d == 0 || s < d {
			d = s
		}
	}
	return d
}

func (m *Model) stepCounts(teachers []*Person, today Day) (practiced, mastered Count) {
	for _, p := range teachers {
		open, did, had, done := false, false, false, false
		for _, s := range m.stepsOf[p.index] {
			if s.State.Open() && s.State != StepDraft {
				open = true
				did = did || s.State == StepPracticing
			}
			if s.Since >= today-28 || s.State.Open() && s.State != StepDraft {
				had = true
				done = done || s.State == StepMastered
			}
		}
		if open {
			practiced.of++
			if did {
				practiced.n++
			}
		}
		if had {
			mastered.of++
			if done {
				mastered.n++
			}
		}
	}
	return practiced, mastered
}

// focusCounts lists the focus areas of the visits of from..to by how many teachers they concern; areas
// that concern fewer than Floor teachers are left out.
func (m *Model) focusCounts(teachers []*Person, from, to Day) []FocusCount {
	n := map[string]int{}
	for _, p := range teachers {
		seen := map[string]bool{}
		for v := range m.visits.since(p.visits, from) {
			if v.Void() || v.On < from || v.On > to {
				continue
			}
			for _, k := range m.FocusKeys(v) {
				if !seen[k] {
					seen[k] = true
					n[k]++
				}
			}
		}
	}
	var out []FocusCount
	for k, c := range n {
		if c >= Floor {
			out = append(out, FocusCount{Name: m.FocusName(k), Teachers: c})
		}
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].Teachers != out[j].Teachers {
			return out[i].Teachers > out[j].Teachers
		}
		return out[i].Name < out[j].Name
	})
	return out
}
