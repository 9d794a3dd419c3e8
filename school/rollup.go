package school

import (
	"cmp"
	"slices"
	"time"
)

// The roll-up of action steps: what a group of teachers works on, so that the next training of leaders is about that.
// It answers criterion 5.2.5.d of the Effective District Framework, Lever 5: a central tracker of action steps, used to
// target training. People are counted, not steps: who has several open steps stands in the area of the one given
// last. Drafts, which no teacher has seen, and answers "Let's talk" are counted nowhere.

// RollupSpan is how far back a roll-up looks for mastered steps. There are two spans only: by the difference of two
// that lie close together the few people between them could be counted.
type RollupSpan string

// The spans of a roll-up.
const (
	SixWeeks RollupSpan = "6"
	Semester RollupSpan = "semester"
)

// Rollup is the table of one group.
type Rollup struct {
	Campus   CampusID // whose teachers; "" for several campuses together, or a caseload
	Teachers int      // with an open step; Floor or more
	ByFamily bool     // the rows are families of focus areas; see FamiliesBelow
	Rows     []RollupRow
	Other    int // teachers whose step is in none of the rows, 0 or Floor or more
}

// RollupRow is one focus area, or one family of them.
type RollupRow struct {
	Key      string // of the area; "" for a family, and for steps without an area
	Name     string
	Family   string
	Open     int   // teachers with an open step, Floor or more; 0 where that cannot be said
	Tried    Count // of them, those who have practiced it
	Mastered int   // teachers who mastered a step in the span, Floor or more; 0 where that cannot be said
	AtLeast  bool  // of Mastered: there may be more, of whom too few to say
	Days     int   // median of the school days they took; -1 where it cannot be said
}

// Rollups is what a viewer may see of roll-ups.
type Rollups struct {
	Scope    string // "caseload", or "campus" for one or more campuses
	Span     RollupSpan
	From     Day
	Groups   []Rollup // one for each campus whose group is large enough, or the caseload
	Together *Rollup  // of several campuses, the sum of their own tables
	Small    int      // how many campuses are too small for a table
}

// StepRollup rolls up the action steps of whoever the viewer may see as a group: their caseload for coaches and teacher
// leaders, their campus for its administrators, their campuses for supervisors, all of them for the district office. ok
// is false for teachers. With campus only that one is asked for; mine tells whether it is one that the viewer has.
func (v *Viewer) StepRollup(campus CampusID, span RollupSpan) (out Rollups, mine, ok bool) {
	m, st := v.m, v.Stint()
	out = Rollups{Scope: "campus", Span: span, From: m.spanFrom(v.Calendar(), span, v.today)}
	switch v.role {
	case Coach, Lead:
		out.Scope = "caseload"
		if campus != "" && !st.At(campus) {
			return out, false, true
		}
		if r, ok := m.rollup(v.caseload(), span, v.today, v.now); ok {
			out.Groups = append(out.Groups, r)
		}
		return out, true, true
	case AP, Principal, Supervisor, Office:
	default:
		return out, false, false
	}
	for _, c := range m.Campuses() {
		if v.role != Office && !st.At(c.ID) || campus != "" && campus != c.ID {
			continue
		}
		mine = true
		if r, ok := m.rollup(m.teachersAt(c.ID, v.today), span, v.today, v.now); ok {
			r.Campus = c.ID
			out.Groups = append(out.Groups, r)
		} else {
			out.Small++
		}
	}
	if len(out.Groups) > 1 {
		out.Together = &Rollup{ByFamily: true}
		for _, g := range out.Groups {
			out.Together.add(g)
		}
		out.Together.sort()
	}
	return out, mine, true
}

// caseload are the teachers whom the viewer serves by name.
func (v *Viewer) caseload() []*Person {
	var out []*Person
	for _, p := range v.m.at(place{observer: v.p.ID}) {
		if s := p.On(v.today); !s.Gone && contains(s.Observers, v.p.ID) && (s.Role == Teacher || s.Role == Lead) {
			out = append(out, p)
		}
	}
	return out
}

// spanFrom is the first day of a span. A semester begins with the year or with January.
func (m *Model) spanFrom(cal *Calendar, span RollupSpan, today Day) Day {
	if span != Semester {
		return today - 6*7 + 1
	}
	y, _, _ := today.Civil()
	if jan := Date(y, time.January, 1); cal.First < jan && jan <= today {
		return jan
	}
	return min(cal.First, today)
}

// areaCount is what one area of a group comes to, before anything is left out.
type areaCount struct {
	open, tried int
	recent      []int // days to mastery of the last six weeks, one of each teacher
	earlier     []int // of the rest of the span
}

// rollup makes the table of a group; ok is false for one that is too small.
func (m *Model) rollup(group []*Person, span RollupSpan, today Day, now time.Time) (Rollup, bool) {
	return m.tabulate(m.countAreas(group, m.spanFrom(m.calendarOf(group), span, today), today, now))
}

// FamiliesBelow is the number of teachers with an open step under which a table is by families of focus areas: by areas
// nearly all of its cells would be hidden. That it is a matter of the total, which is shown, and of nothing else keeps
// the choice from telling anything.
const FamiliesBelow = 20

// tabulate makes the table of what was counted, by area or by family of areas, never both: areas could be found by
// subtracting.
func (m *Model) tabulate(areas map[string]*areaCount) (r Rollup, ok bool) {
	for _, a := range areas {
		r.Teachers += a.open
	}
	if r.Teachers < Floor {
		return r, false
	}
	r.ByFamily = r.Teachers < FamiliesBelow
	cells := map[string]*areaCount{}
	// An area of which nobody has a step is as much a cell as any: nobody is told which ones are empty.
	for _, f := range append(m.Focus(), Focus{}) {
		cells[r.cell(m, f.Key)] = &areaCount{}
	}
	for key, a := range areas {
		f := cells[r.cell(m, key)]
		if f == nil {
			f = &areaCount{}
			cells[r.cell(m, key)] = f
		}
		f.open, f.tried = f.open+a.open, f.tried+a.tried
		f.recent, f.earlier = append(f.recent, a.recent...), append(f.earlier, a.earlier...)
	}
	r.fill(m, cells)
	r.sort()
	return r, true
}

// cell is the cell in which an area is counted.
func (r *Rollup) cell(m *Model, key string) string {
	if r.ByFamily {
		return m.familyOf(key)
	}
	return key
}

func (m *Model) calendarOf(group []*Person) *Calendar {
	if len(group) == 0 {
		return emptyCalendar
	}
	return m.Calendar(group[0].Now().Campus)
}

// countAreas counts each teacher of a group once among those with an open step, and once among those who mastered one.
func (m *Model) countAreas(group []*Person, from, today Day, now time.Time) map[string]*areaCount {
	areas := map[string]*areaCount{}
	at := func(key string) *areaCount {
		if areas[key] == nil {
			areas[key] = &areaCount{}
		}
		return areas[key]
	}
	for _, p := range group {
		var open, done *Step
		var given Day
		for _, s := range m.stepsOf[p.index] {
			g := m.givenOn(s, now)
			switch {
			case g == 0:
			case s.State.Open() && (open == nil || g >= given):
				open, given = s, g
			case s.State == StepMastered && s.Since >= from && s.Since <= today && (done == nil || s.Since >= done.Since):
				done = s
			}
		}
		if open != nil {
			a := at(open.Focus)
			a.open++
			if open.tried {
				a.tried++
			}
		}
		if done != nil {
			a, days := at(done.Focus), m.Calendar(p.Now().Campus).SchoolDays(done.Given+1, done.Since)
			if done.Since > today-6*7 {
				a.recent = append(a.recent, days)
			} else {
				a.earlier = append(a.earlier, days)
			}
		}
	}
	return areas
}

// fill makes the rows that may be shown. The rows of open steps are shown beside their total, so what is left over must
// not be found by subtracting; mastered ones have no total.
func (r *Rollup) fill(m *Model, areas map[string]*areaCount) {
	keys, cells := []string(nil), []int(nil)
	for key, a := range areas {
		keys, cells = append(keys, key), append(cells, a.open)
	}
	for i, shown := range suppress(cells) {
		row, a := m.rollupRow(keys[i], r.ByFamily), areas[keys[i]]
		if shown {
			row.Open = a.open
			if a.open > Floor { // "at least 5 of 5" would be all of them
				row.Tried = CountOf(a.tried, a.open)
			}
		} else {
			r.Other += a.open
		}
		switch n := len(a.recent); {
		case n >= Floor && len(a.earlier) > 0 && len(a.earlier) < Floor:
			// The six weeks alone are shown too: the few of the time before are not to be had by subtracting.
			row.Mastered, row.AtLeast = n, true
		case n+len(a.earlier) >= Floor:
			row.Mastered, row.Days = n+len(a.earlier), median(append(slices.Clone(a.recent), a.earlier...))
		}
		if row.Open > 0 || row.Mastered > 0 {
			r.Rows = append(r.Rows, row)
		}
	}
}

// rollupRow is an empty row of an area, or of a family.
func (m *Model) rollupRow(key string, family bool) RollupRow {
	switch {
	case family && key != "":
		return RollupRow{Name: key, Family: key, Days: -1}
	case key == "":
		return RollupRow{Name: "No focus area", Days: -1}
	}
	return RollupRow{Key: key, Name: m.FocusName(key), Family: m.familyOf(key), Days: -1}
}

// familyOf is the family of a focus area, "" where none is known.
func (m *Model) familyOf(key string) string {
	f, _ := m.FocusArea(key)
	return f.Family
}

// add counts another campus's table in, as it reads: the sum of what is shown tells nothing new.
func (r *Rollup) add(g Rollup) {
	r.ByFamily = r.ByFamily && g.ByFamily
	r.Teachers += g.Teachers
	r.Other += g.Other
	for _, x := range g.Rows {
		i := slices.IndexFunc(r.Rows, func(y RollupRow) bool { return y.Name == x.Name && y.Key == x.Key })
		if i < 0 {
			x.Days = -1 // medians do not add up
			r.Rows = append(r.Rows, x)
			continue
		}
		y := &r.Rows[i]
		y.Open += x.Open
		y.Mastered += x.Mastered
		y.AtLeast = y.AtLeast || x.AtLeast
		y.Tried = Count{}
	}
}

// sort puts the row that concerns most teachers first.
func (r *Rollup) sort() {
	slices.SortFunc(r.Rows, func(a, b RollupRow) int {
		return cmp.Or(cmp.Compare(b.Open, a.Open), cmp.Compare(b.Mastered, a.Mastered), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Key, b.Key))
	})
}
