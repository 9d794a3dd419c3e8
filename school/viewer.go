package school

import (
	"iter"
	"slices"
	"time"
)

// A Viewer is somebody looking at records, on a day. Every query on a person's record is a method
// of it: it applies the policy and notes what was shown, for the audit trail. It is valid while its
// Model may be read (inside Book.Read), and not for concurrent use.
type Viewer struct {
	m     *Model
	p     *Person
	role  Role
	today Day
	now   time.Time
	shown map[PersonID]LookKind
	sweep *sweep // of several viewers at once; nil for one
}

// As makes a Viewer of somebody on the roster at an instant; nil for a stranger or someone who left.
func (m *Model) As(id PersonID, now time.Time) *Viewer {
	p := m.people[id]
	if p == nil {
		return nil
	}
	today := DayOf(now, m.ZoneOf(id))
	st := p.On(today)
	if st.Gone {
		return nil
	}
	return &Viewer{m: m, p: p, role: st.Role, today: today, now: now, shown: map[PersonID]LookKind{}}
}

// Model is the model behind the viewer.
func (v *Viewer) Model() *Model { return v.m }

// ID is who is looking.
func (v *Viewer) ID() PersonID { return v.p.ID }

// Person is who is looking.
func (v *Viewer) Person() *Person { return v.p }

// Stint is what the viewer is today.
func (v *Viewer) Stint() Stint { return v.p.On(v.today) }

// Role is what the viewer does.
func (v *Viewer) Role() Role { return v.role }

// Today is the viewer's civil day.
func (v *Viewer) Today() Day { return v.today }

// Now is the instant of looking.
func (v *Viewer) Now() time.Time { return v.now }

// Zone is the viewer's zone.
func (v *Viewer) Zone() *time.Location { return v.m.ZoneOf(v.p.ID) }

// Calendar is the calendar of the viewer's campus.
func (v *Viewer) Calendar() *Calendar { return v.m.Calendar(v.Stint().Campus) }

// Shown lists the other people whose records were shown through this viewer.
func (v *Viewer) Shown() []PersonID {
	out := make([]PersonID, 0, len(v.shown))
	for id := range v.shown {
		out = append(out, id)
	}
	return out
}

func (v *Viewer) ask(subject *Person, r Record, class Class, wrote, shared bool) bool {
	ok := Allowed(Question{
		Viewer: v.role, Relation: v.m.relation(v.p, subject, v.today), Record: r, Class: class,
		Wrote: wrote, Shared: shared, CoachContentShared: v.m.district.CoachContent == "shared",
	})
	if ok {
		v.noted(subject.ID, 0)
	}
	return ok
}

// Relation is what the viewer is to somebody.
func (v *Viewer) Relation(subject PersonID) Relation {
	if p := v.m.people[subject]; p != nil {
		return v.m.relation(v.p, p, v.today)
	}
	return Stranger
}

// MayLog tells whether the viewer may log a visit to somebody: a leader, and somebody they serve or
// who works at their campus.
func (v *Viewer) MayLog(subject PersonID) bool {
	if !v.role.Leader() || subject == v.p.ID {
		return false
	}
	return v.Relation(subject) != Stranger
}

// Loggable lists everybody to whom the viewer may log a visit, by name.
func (v *Viewer) Loggable() []*Person {
	if !v.role.Leader() {
		return nil
	}
	places := []place{{observer: v.p.ID}}
	for _, c := range v.Stint().everywhere() {
		places = append(places, place{campus: c})
	}
	var out []*Person
	for _, p := range v.m.at(places...) {
		if !p.Now().Gone && v.MayLog(p.ID) {
			out = append(out, p)
		}
	}
	slices.SortStableFunc(out, byName)
	return out
}

// Duties are the viewer's own: every target of which they are an observer, sorted.
func (v *Viewer) Duties() []Duty {
	var out []Duty
	if !v.role.Leader() {
		return nil
	}
	st := v.Stint()
	// Most people of a campus are no duty of most of its leaders: only those whose role a target gives to the
	// viewer's, and their caseload.
	asOf := AsOf(v.today)
	mine := map[Role]bool{}
	for _, t := range v.m.targets {
		if contains(t.By, v.p.On(asOf).Role) {
			for _, r := range t.Roles {
				mine[r] = true
			}
		}
	}
	places := []place{{observer: v.p.ID}}
	for _, c := range st.everywhere() {
		if asOf != v.today { // who was what on Friday may be elsewhere, and something else, today
			places = append(places, place{campus: c})
			continue
		}
		for r := range mine {
			places = append(places, place{campus: c, role: r})
		}
	}
	people, teams := v.m.at(places...), v.m.teamsOn(st)
	out = make([]Duty, 0, 2*len(people)+len(teams))
	for _, p := range people {
		ps := p.On(v.today)
		if ps.Gone || p == v.p || (!contains(ps.Observers, v.p.ID) && !st.At(ps.Campus)) {
			continue
		}
		if was := p.On(asOf); !mine[was.Role] && !contains(was.Observers, v.p.ID) {
			continue
		}
		for _, d := range v.sweep.person(v.m, p, v.today) {
			if contains(d.Observers, v.p.ID) && v.ask(p, Activity, "", true, false) {
				v.noted(p.ID, LookStatus)
				out = append(out, v.hideLeave(p, d))
			}
		}
	}
	for _, t := range teams {
		for _, d := range v.sweep.team(v.m, t, v.today) {
			if contains(d.Observers, v.p.ID) {
				out = append(out, d)
			}
		}
	}
	if len(out) == 0 {
		return nil
	}
	SortDuties(out)
	return out
}

// CampusDuties are all targets of a campus's teachers, for its administrators; ok is false for
// anybody else.
func (v *Viewer) CampusDuties(c CampusID) (out []Duty, ok bool) {
	if v.role != AP && v.role != Principal || !v.Stint().At(c) {
		return nil, false
	}
	for _, p := range v.m.at(place{campus: c, role: Teacher}, place{campus: c, role: Lead}) {
		ps := p.On(v.today)
		if ps.Gone || ps.Campus != c || ps.Role != Teacher && ps.Role != Lead || !v.ask(p, Activity, "", false, false) {
			continue
		}
		v.noted(p.ID, LookStatus)
		for _, d := range v.m.personDuties(p, v.today) {
			out = append(out, v.hideLeave(p, d))
		}
	}
	SortDuties(out)
	return out, true
}

func (v *Viewer) hideLeave(p *Person, d Duty) Duty {
	if d.Status == OnHoldLeave && !v.ask(p, Absence, "", false, false) {
		d.Status = OnPace
	}
	return d
}

// DutiesOf are the targets of one person, for those who may see them.
func (v *Viewer) DutiesOf(id PersonID) ([]Duty, bool) {
	p := v.m.people[id]
	if p == nil || !v.ask(p, Activity, "", false, false) {
		return nil, false
	}
	v.noted(id, LookStatus)
	out := v.m.personDuties(p, v.today)
	for i := range out {
		out[i] = v.hideLeave(p, out[i])
	}
	SortDuties(out)
	return out, true
}

// VisitSeen is a visit as a viewer may see it.
type VisitSeen struct {
	N        int64
	Observer PersonID
	Subject  PersonID
	Team     TeamID
	Kind     VisitKind
	On       Day
	Minutes  int
	Focus    []string
	Logged   time.Time
	Shared   time.Time // zero when it was not; may be still to come
	Opened   bool
	Debrief  Day
	Void     bool
	Mine     bool              // the viewer made it
	UID      uint64            // of its latest version
	Version  int               // 1 until it is amended
	Changed  time.Time         // when it was amended last; zero when it was not
	Reworded time.Time         // when its words were changed after its teacher had been given them; zero when they were not
	Texts    map[string]string // "glow", "grow", "evidence", "note" -> text key, those the viewer may read
	Withheld bool              // there are texts that this viewer may not read
}

func (v *Viewer) see(x *Visit) (VisitSeen, bool) {
	m := v.m
	s := VisitSeen{
		N: int64(x.N), Observer: m.roster[x.observer].ID, Kind: x.Kind(), On: x.On, Minutes: int(x.Minutes), Focus: m.FocusKeys(x),
		Logged: x.Logged(), Opened: x.flags&visitOpened != 0, Debrief: x.fed, Void: x.Void(), Mine: m.roster[x.observer] == v.p,
		UID: x.UID, Version: 1, Texts: map[string]string{},
	}
	if a := m.amended[x.N]; a != nil {
		s.Version, s.Changed = 1+len(a.earlier), time.Unix(int64(a.changed), 0).UTC()
		if a.reworded != 0 {
			s.Reworded = time.Unix(int64(a.reworded), 0).UTC()
		}
	}
	if x.shared != 0 {
		s.Shared = time.Unix(int64(x.shared), 0).UTC()
	}
	if x.subject < 0 {
		t := m.teamSeq[-1-x.subject]
		s.Team = t.ID
		if !v.seesTeam(t) {
			return s, false
		}
		if s.Mine {
			s.Texts = textsOf(x.UID, x.flags)
		}
		s.Withheld = !s.Mine && x.flags&visitTexts != 0
		return s, true
	}
	subject := m.roster[x.subject]
	s.Subject = subject.ID
	if !v.ask(subject, Activity, "", s.Mine, false) {
		return s, false
	}
	v.noted(subject.ID, LookVisits)
	class := Coaching
	if x.flags&visitByAdmin != 0 {
		class = Evaluation
	}
	given := !s.Shared.IsZero() && !s.Shared.After(v.now)
	switch {
	case x.flags&visitTexts == 0:
	case x.Void() && !s.Mine: // its author alone may want the words again
	case v.ask(subject, Wording, class, s.Mine, given):
		s.Texts = textsOf(x.UID, x.flags)
	default:
		s.Withheld = true
	}
	if subject == v.p && !given {
		// A teacher learns of a visit's note only when it is shared, but that the visit took
		// place is their own activity.
		s.Withheld = false
	}
	return s, true
}

// seesTeam tells whether the viewer sees the visits to a team: the leaders of its campus do.
func (v *Viewer) seesTeam(t *Team) bool { return v.role.Leader() && v.Stint().At(t.Campus) }

// textsOf are the keys of the texts under a UID, by kind.
func textsOf(uid uint64, flags visitFlags) map[string]string {
	out := map[string]string{}
	for name, flag := range textFlags {
		if flags&flag != 0 {
			out[name] = NoteKey(uid, name)
		}
	}
	return out
}

// Visit is one visit, if the viewer may see it.
func (v *Viewer) Visit(n int64) (VisitSeen, bool) {
	x := v.m.visit(n)
	if x == nil {
		return VisitSeen{}, false
	}
	return v.see(x)
}

// Visits are the visits to somebody, the latest first; ok is false when the viewer may see none.
func (v *Viewer) Visits(id PersonID) (out []VisitSeen, ok bool) {
	p := v.m.people[id]
	if p == nil || v.m.relation(v.p, p, v.today) == Stranger {
		return nil, false
	}
	for x := range v.m.visits.of(p.visits) {
		if s, ok := v.see(x); ok {
			out = append(out, s)
		}
	}
	return out, true
}

// TeamVisits are the visits to a team, the latest logged first; ok is false when the viewer may see none.
func (v *Viewer) TeamVisits(id TeamID) (out []VisitSeen, ok bool) {
	t := v.m.teams[id]
	if t == nil || !v.seesTeam(t) {
		return nil, false
	}
	for x := range v.m.visits.of(t.visits) {
		if s, ok := v.see(x); ok {
			out = append(out, s)
		}
	}
	return out, true
}

// Made yields the visits the viewer made, the latest logged first: most askers need only the first few.
func (v *Viewer) Made() iter.Seq[VisitSeen] {
	return func(yield func(VisitSeen) bool) {
		for x := range v.m.visits.by(v.p.made) {
			if s, ok := v.see(x); ok && !yield(s) {
				return
			}
		}
	}
}

// Ratings are the viewer's own self-ratings, the latest last.
func (v *Viewer) Ratings() []Rated { return v.m.ratings[v.p.ID] }

// Goals are the viewer's own growth goals.
func (v *Viewer) Goals() []GoalSet { return v.m.goals[v.p.ID] }

// Welcome tells whether the viewer was already told what Rounds keeps.
func (v *Viewer) Welcome() bool { return v.m.welcomed[v.p.ID] }

// Stored counts what is kept about the viewer: visits, steps, check-ins; for /rounds privacy.
func (v *Viewer) Stored() (visits, steps, made int) {
	return count(v.m.visits.of(v.p.visits)), len(v.m.stepsOf[v.p.index]), count(v.m.visits.by(v.p.made))
}

func contains[T comparable](s []T, x T) bool {
	return slices.Contains(s, x)
}
