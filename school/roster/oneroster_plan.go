package roster

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"rounds/school"
)

// OneRosterInput is what the district itself says, beside the sets.
type OneRosterInput struct {
	District   string
	From       school.Day // since when somebody without a start date is there
	Today      school.Day
	Campuses   []school.CampusSet
	Orgs       map[string]school.CampusID // campuses by an org's sourcedId, identifier or name, where the names differ
	People     []Person                   // people.csv: what OneRoster lacks
	PeopleFile string
}

// OneRosterPlan is what the sets ask for, given what the log remembers.
type OneRosterPlan struct {
	in      OneRosterInput
	m       *school.Model
	known   Remembered
	orgs    map[string]school.CampusID // by sourcedId
	mapped  map[string]bool            // refs of those
	orgGone map[string]bool            // refs of orgs that were taken away
	unsure  map[string]*RowProblem     // schools without a campus, by sourcedId
	lacking map[string]int             // how many people are at them
	wants   map[string]*want           // by ref
	held    map[string]bool
	full    bool // a bulk file: who is not in it has left
	report  OneRosterReport

	table   map[string]Person          // people.csv by e-mail
	emails  map[string]school.PersonID // of people in the record
	owner   map[school.PersonID]string // the ref that a person was remembered under
	stays   map[school.PersonID]string // and is now
	entries []school.FileEntry
	whoAt   map[string]*want // by key
}

// want is one user as the sets say they are now.
type want struct {
	ref         string
	file        string
	line        int
	id          school.PersonID
	name, email string
	role        staffRole // noStaff: as in the record
	base        school.Role
	campuses    []school.CampusID // home first
	lost        []string          // schools that no campus is known for
	gone        bool
	entry       Person
}

// PlanOneRoster merges the sets, in their order, with people.csv and the record. A bulk set may follow another, for another part of
// the district, and deltas may follow those; the caller refuses other orders.
func PlanOneRoster(m *school.Model, sets []*OneRosterStaff, in OneRosterInput) *OneRosterPlan {
	p := &OneRosterPlan{
		in: in, m: m, known: RememberOneRoster(m), orgs: map[string]school.CampusID{}, mapped: map[string]bool{}, orgGone: map[string]bool{}, unsure: map[string]*RowProblem{},
		lacking: map[string]int{}, wants: map[string]*want{}, held: map[string]bool{}, table: map[string]Person{}, emails: map[string]school.PersonID{},
		owner: map[school.PersonID]string{}, stays: map[school.PersonID]string{}, whoAt: map[string]*want{},
	}
	p.report.Ignored = map[string]int{}
	for _, x := range in.People {
		p.table[x.Email] = x
	}
	for _, file := range []string{"people.csv", OneRosterFile} {
		for key := range m.FileKeys(file) {
			if kind, id, _ := strings.Cut(key, "/"); kind == "person" || kind == "user" {
				if who, ok := m.Person(school.PersonID(id[strings.LastIndexByte(id, '/')+1:])); ok && who.Email != "" && !who.Now().Gone {
					p.emails[strings.ToLower(who.Email)] = who.ID
				}
			}
		}
	}
	for ref, id := range p.known.people {
		p.owner[id] = ref
	}
	for _, t := range sets {
		p.report.set(t)
		p.full = p.full || t.Set.Modes["users"] == Bulk || t.Set.Modes["roles"] == Bulk
		p.mapOrgs(t)
		members := slices.SortedFunc(maps.Values(t.members), func(a, b *member) int {
			return cmp.Or(cmp.Compare(a.file, b.file), cmp.Compare(a.line, b.line), cmp.Compare(a.ref, b.ref))
		})
		for _, mb := range members {
			if !t.held[mb.ref] {
				p.take(t, mb)
			}
		}
		maps.Copy(p.held, t.held)
	}
	order := slices.SortedFunc(maps.Values(p.wants), func(a, b *want) int {
		return cmp.Or(cmp.Compare(a.file, b.file), cmp.Compare(a.line, b.line), cmp.Compare(a.ref, b.ref))
	})
	taken := map[string]*want{} // by e-mail
	for _, w := range order {
		p.settle(w, taken)
	}
	for _, id := range slices.Sorted(maps.Keys(p.unsure)) {
		u := p.unsure[id]
		if n := p.lacking[id]; n > 0 {
			u.Message += fmt.Sprintf("; %d %s", n, plural(n, "person is there alone", "people are there alone"))
		}
		p.report.Problems = append(p.report.Problems, u)
	}
	for _, sourced := range slices.Sorted(maps.Keys(p.orgs)) {
		ref := refOf(in.District, "org", sourced)
		p.mapped[ref] = true
		p.entries = append(p.entries, school.FileEntry{Key: "org/" + ref + "/" + string(p.orgs[sourced])})
	}
	return p
}

// mapOrgs finds the campus of every school of a set: as the district says, by equal ids, then by equal names.
func (p *OneRosterPlan) mapOrgs(t *OneRosterStaff) {
	file := t.Set.file("orgs")
	for _, o := range t.Orgs {
		ref := refOf(p.in.District, "org", o.SourcedID)
		if o.Gone {
			p.orgGone[ref] = true
			delete(p.orgs, o.SourcedID)
			continue
		}
		id, by := p.campusOf(o)
		if id == "" {
			id, by = p.known.orgs[ref], "as before"
		}
		switch {
		case id != "":
			p.orgs[o.SourcedID] = id
			delete(p.unsure, o.SourcedID)
			p.report.Orgs = append(p.report.Orgs, OrgReport{file, o.Line, o.Name, string(id), by})
		case o.School:
			p.unsure[o.SourcedID] = &RowProblem{File: file, Line: o.Line, Field: "name", Message: fmt.Sprintf("the school %q is no campus of this district by id or name; say which with --org %s=CAMPUS", o.Name, o.SourcedID)}
		}
	}
}

func (p *OneRosterPlan) campusOf(o Org) (school.CampusID, string) {
	for _, k := range []string{o.SourcedID, o.Identifier, o.Name} {
		if c, ok := p.in.Orgs[k]; ok && k != "" {
			return c, "as you said"
		}
	}
	if !o.School {
		return "", ""
	}
	var named []school.CampusID
	for _, c := range p.in.Campuses {
		if strings.EqualFold(string(c.ID), o.Identifier) || strings.EqualFold(string(c.ID), o.SourcedID) {
			return c.ID, "by its id"
		}
		if school.Fold(c.Name) == school.Fold(o.Name) {
			named = append(named, c.ID)
		}
	}
	if len(named) == 1 {
		return named[0], "by its name"
	}
	return "", ""
}

// take puts what one set says of somebody over what was known of them.
func (p *OneRosterPlan) take(t *OneRosterStaff, mb *member) {
	w := p.wants[mb.ref]
	id, was := p.known.people[mb.ref]
	if w == nil {
		w = &want{ref: mb.ref, id: id}
		if who, ok := p.m.Person(id); was && ok {
			w.remember(who)
		}
		p.wants[mb.ref] = w
	}
	w.file, w.line, w.gone = mb.file, mb.line, mb.gone
	delete(p.held, mb.ref)
	if mb.user && !mb.gone {
		w.name, w.email = mb.name, mb.email
	}
	if t.whole() {
		w.role, w.campuses = noStaff, nil
	}
	live, ended := false, false
	w.lost = nil
	for _, j := range mb.jobs {
		c, ok := p.campus(j.org)
		if !ok && !j.gone && j.org != "" {
			w.lost = append(w.lost, j.org)
		}
		if j.gone {
			ended = true
			w.campuses = slices.DeleteFunc(w.campuses, func(x school.CampusID) bool { return x == c })
		}
	}
	for _, primary := range []bool{false, true} {
		for _, j := range mb.jobs {
			if j.gone || j.primary != primary {
				continue
			}
			live = true
			if w.base == "" || primary || w.role != noStaff || t.whole() {
				w.role = max(w.role, j.role) // a second role that a delta adds does not change what somebody is
			}
			w.add(p, j.org, primary || len(w.campuses) == 0)
		}
	}
	if mb.primaryOrg != "" {
		if c, ok := p.campus(mb.primaryOrg); ok && slices.Contains(w.campuses, c) {
			w.add(p, mb.primaryOrg, true)
		}
	}
	w.gone = w.gone || !live && (t.whole() || ended && len(w.campuses) == 0)
}

// whole tells whether the set says all of the roles of whom it names.
func (t *OneRosterStaff) whole() bool { return t.Set.Version == "1.1" || t.Set.Modes["roles"] == Bulk }

// add puts a campus to those of somebody, in front when it is their home.
func (w *want) add(p *OneRosterPlan, org string, home bool) {
	c, ok := p.campus(org)
	if !ok {
		return
	}
	at := slices.Index(w.campuses, c)
	switch {
	case home:
		w.campuses = append([]school.CampusID{c}, slices.DeleteFunc(slices.Clone(w.campuses), func(x school.CampusID) bool { return x == c })...)
	case at < 0:
		w.campuses = append(w.campuses, c)
	}
}

func (p *OneRosterPlan) campus(org string) (school.CampusID, bool) {
	if c, ok := p.orgs[org]; ok {
		return c, true
	}
	ref := refOf(p.in.District, "org", org)
	c, ok := p.known.orgs[ref]
	return c, ok && !p.orgGone[ref]
}

// remember begins with what the record says of somebody.
func (w *want) remember(who *school.Person) {
	w.name, w.email = who.Name, strings.ToLower(who.Email)
	for _, v := range slices.Backward(who.Stints) {
		if s := v; !s.Gone {
			w.base, w.campuses = s.Role, campusesOf(s)
			return
		}
	}
}

func campusesOf(s school.Stint) []school.CampusID {
	switch {
	case len(s.Campuses) > 0:
		return slices.Clone(s.Campuses)
	case s.Campus != "":
		return []school.CampusID{s.Campus}
	}
	return nil
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
