package school

import (
	"slices"
	"time"
)

// A visit is never rewritten: an amendment is a new version of it, and what it said before stays on record beside it.
// The model keeps the earlier versions apart from the visits, because few visits ever have one.
//
//	visit.logged  ──> version 1   Visit holds the latest version
//	visit.amended ──> version 2   Model.amended[visit].earlier holds the others

// amendment is what became of an amended visit.
type amendment struct {
	earlier  []visitVersion // version 1 first
	changed  uint32         // Unix seconds of the latest version
	reworded uint32         // when the words of a note that its teacher had been given were changed last; 0 never
}

// visitVersion is what a visit said until an amendment took its place.
type visitVersion struct {
	UID     uint64
	Focus   []string
	On      Day
	made    uint32 // Unix seconds
	Minutes uint16
	kind    uint8
	flags   visitFlags
}

// amendVisit makes the next version of a visit. Only who made it may, or the file that brought it; a visit that was
// taken back has no next version. The subject is not in the fact: a visit to somebody else is another visit.
func (m *Model) amendVisit(e Event, f VisitAmended) {
	v := m.visit(f.Visit)
	kind := slices.Index(kindNames[:], f.Visited)
	if v == nil || v.Void() || kind < 0 || e.By != "" && e.By != m.roster[v.observer].ID {
		return
	}
	a := m.amended[v.N]
	if a == nil {
		a = &amendment{changed: v.logged}
		m.amended[v.N] = a
	}
	a.earlier = append(a.earlier, visitVersion{
		UID: v.UID, Focus: m.FocusKeys(v), On: v.On, made: a.changed, Minutes: v.Minutes, kind: v.kind, flags: v.flags,
	})
	a.changed = uint32(e.At.Unix())
	if f.Reworded && v.given(e.At) {
		a.reworded = a.changed
		v.flags &^= visitOpened // nobody has read these words yet
	}
	v.UID, v.On = f.UID, f.On
	m.visits.dated(v)
	if v.kind != uint8(kind) {
		if v.subject < 0 {
			t := m.teamSeq[-1-v.subject]
			m.visits.changeKind(v, uint8(kind), t.visits, &t.kinds)
		} else {
			p := m.roster[v.subject]
			m.visits.changeKind(v, uint8(kind), p.visits, &p.kinds)
		}
	}
	v.describe(m, f.Minutes, f.Focus, f.Texts)
}

// describe sets what an entry about a visit says of it, but for its day and kind, and what follows from them.
func (v *Visit) describe(m *Model, minutes int, focus, texts []string) {
	v.Minutes = uint16(min(max(minutes, 0), 65535))
	m.setFocus(v, focus)
	v.flags &^= visitTexts | visitByAdmin
	for _, t := range texts {
		v.flags |= textFlags[t]
	}
	if m.roster[v.observer].RoleOn(v.On).Administers() {
		v.flags |= visitByAdmin
	}
}

// given tells whether the note had been given to its teacher at an instant.
func (v *Visit) given(at time.Time) bool { return v.shared != 0 && int64(v.shared) <= at.Unix() }

// RoleOn is what somebody did on a day. Before their first day on the roster it is what they did first: a visit of last
// year was made by somebody, and the roster does not reach so far back.
func (p *Person) RoleOn(d Day) Role {
	if len(p.Stints) > 0 && d < p.Stints[0].From {
		return p.Stints[0].Role
	}
	return p.On(d).Role
}

// VisitVersion is an earlier version of a visit, as its author may read it.
type VisitVersion struct {
	Version int
	Made    time.Time
	Kind    VisitKind
	On      Day
	Minutes int
	Focus   []string
	Texts   map[string]string // as in VisitSeen
}

// Versions are the versions of a visit that a later one took the place of, the first one first. Only who made the visit
// may read them, and only while they may see the visit.
func (v *Viewer) Versions(n int64) []VisitVersion {
	x := v.m.visit(n)
	if x == nil {
		return nil
	}
	if s, ok := v.see(x); !ok || !s.Mine || v.m.amended[x.N] == nil {
		return nil
	}
	var out []VisitVersion
	for i, e := range v.m.amended[x.N].earlier {
		out = append(out, VisitVersion{
			Version: i + 1, Made: time.Unix(int64(e.made), 0).UTC(), Kind: kindNames[e.kind], On: e.On, Minutes: int(e.Minutes), Focus: e.Focus,
			Texts: textsOf(e.UID, e.flags),
		})
	}
	return out
}

// MayAmend tells whether the viewer may amend a visit: they made it, they still serve whom it was made to, and it was not
// taken back.
func (v *Viewer) MayAmend(n int64) bool {
	s, ok := v.Visit(n)
	return ok && s.Mine && !s.Void
}
