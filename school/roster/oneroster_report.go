package roster

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"rounds/school"
)

// OneRosterReport is what an import found and does.
type OneRosterReport struct {
	Sets      []SetReport    `json:"sets"`
	Orgs      []OrgReport    `json:"orgs"`
	Known     int            `json:"known"` // people of earlier imports
	Added     []PersonChange `json:"added"`
	Changed   []PersonChange `json:"changed"`
	Moved     []PersonChange `json:"moved"`
	Left      []PersonChange `json:"left"`
	Unchanged int            `json:"unchanged"`
	Problems  []*RowProblem  `json:"problems"` // rows that cannot be used, by file and line
	Remarks   []string       `json:"remarks"`
	Ignored   map[string]int `json:"ignored"` // rows that were dropped
	Unread    []string       `json:"unread"`  // files that were not opened
	Removes   int            `json:"-"`       // people that leave by a bulk file
}

// SetReport is one set of files.
type SetReport struct {
	Label   string          `json:"label"`
	Version string          `json:"version"`
	System  string          `json:"system,omitempty"`
	Modes   map[string]Mode `json:"modes"` // of orgs, users and roles
}

// OrgReport is a school and the campus it is.
type OrgReport struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Name   string `json:"name"`
	Campus string `json:"campus"`
	By     string `json:"by"`
}

// PersonChange is one person's change. Person is an e-mail address, or the id of somebody without one.
type PersonChange struct {
	Person string   `json:"person"`
	File   string   `json:"file,omitempty"`
	Line   int      `json:"line,omitempty"`
	What   []string `json:"what,omitempty"`
}

func (r *OneRosterReport) set(t *OneRosterStaff) {
	s := t.Set
	modes := map[string]Mode{}
	for _, name := range []string{"orgs", "users", "roles"} {
		if oneRosterFiles[name][s.Version] != nil {
			modes[name] = s.Modes[name]
		}
	}
	r.Sets = append(r.Sets, SetReport{s.Label, s.Version, s.System, modes})
	r.Problems = append(r.Problems, t.Problems...)
	for what, n := range t.Ignored {
		r.Ignored[what] += n
	}
	for _, f := range s.Unread {
		r.Unread = append(r.Unread, strings.TrimPrefix(s.Label+"/"+f, "/"))
	}
}

// Diff makes the entry that brings the record to what the sets say, and the report on it. An Entry without facts means that
// nothing changed. It has no effect of its own, and the same model gives the same again.
func (p *OneRosterPlan) Diff(at time.Time) (school.Entry, OneRosterReport) {
	r := p.report
	r.Known = len(p.owner)
	entry, _ := p.m.Diff(OneRosterFile, p.entries, p.gone(&r), at)
	if len(entry.Facts) > 0 {
		applied := entry.Facts[len(entry.Facts)-1].(school.FileApplied)
		for key, hash := range applied.Keys {
			if hash == "" && p.untouched(key) {
				delete(applied.Keys, key)
			}
		}
		if len(applied.Keys) == 0 {
			entry = school.Entry{}
		}
		for _, key := range slices.Sorted(maps.Keys(applied.Keys)) {
			if w := p.whoAt[key]; w != nil && applied.Keys[key] != "" {
				p.compare(w, &r)
			}
		}
		for key := range p.whoAt {
			if _, written := applied.Keys[key]; !written {
				r.Unchanged++
			}
		}
	} else {
		r.Unchanged = len(p.whoAt)
	}
	for _, list := range []*[]PersonChange{&r.Added, &r.Changed, &r.Moved, &r.Left} {
		slices.SortFunc(*list, func(a, b PersonChange) int { return strings.Compare(a.Person, b.Person) })
		*list = append([]PersonChange{}, *list...) // a program reads [], not null
	}
	r.Orgs, r.Problems = append([]OrgReport{}, r.Orgs...), append([]*RowProblem{}, r.Problems...)
	r.Remarks, r.Unread = append([]string{}, r.Remarks...), append([]string{}, r.Unread...)
	slices.SortStableFunc(r.Problems, func(a, b *RowProblem) int {
		if c := strings.Compare(a.File, b.File); c != 0 {
			return c
		}
		return a.Line - b.Line
	})
	return entry, r
}

// untouched tells whether a key that the import does not name stays: those a delta does not speak of, and those whose row could not
// be used.
func (p *OneRosterPlan) untouched(key string) bool {
	kind, rest, _ := strings.Cut(key, "/")
	ref, id, _ := strings.Cut(rest, "/")
	if kind == "org" {
		if p.orgGone[ref] {
			return false
		}
		return !p.mapped[ref] // else it is another campus now
	}
	switch w := p.wants[ref]; {
	case p.stays[school.PersonID(id)] != "":
		return false // the same person under a new sourcedId
	case p.held[ref]:
		return true
	case w != nil:
		return false
	}
	return !p.full
}

// gone takes people off whose key left. Their history stays.
func (p *OneRosterPlan) gone(r *OneRosterReport) func(string) []school.Fact {
	return func(key string) []school.Fact {
		kind, rest, _ := strings.Cut(key, "/")
		_, id, _ := strings.Cut(rest, "/")
		who, ok := p.m.Person(school.PersonID(id))
		if kind != "user" || p.untouched(key) || p.stays[school.PersonID(id)] != "" || !ok {
			return nil
		}
		if p.full {
			r.Removes++
		}
		if who.Now().Gone {
			return nil
		}
		c := PersonChange{Person: cmpOr(strings.ToLower(who.Email), id)}
		if x, in := p.table[strings.ToLower(who.Email)]; in && x.ID == who.ID {
			c.What = append(c.What, fmt.Sprintf("%s:%d still has a row", p.in.PeopleFile, x.Line))
		}
		r.Left = append(r.Left, c)
		return []school.Fact{school.PersonLeft{ID: who.ID, On: p.in.Today}}
	}
}

// compare files somebody whose entry is written under what happened to them.
func (p *OneRosterPlan) compare(w *want, r *OneRosterReport) {
	c := PersonChange{Person: cmpOr(w.email, string(w.id)), File: w.file, Line: w.line}
	e := w.entry
	who, ok := p.m.Person(w.id)
	if !ok || who.Now().Gone {
		c.What = append(c.What, e.Role.Words(), campusWords(campusesOf(school.Stint{Campus: e.Campus, Campuses: e.Campuses})))
		if ok {
			c.What = append(c.What, "back again")
		}
		r.Added = append(r.Added, c)
		return
	}
	now := who.Now()
	if who.Name != e.Name {
		c.What = append(c.What, "name")
	}
	if !strings.EqualFold(who.Email, e.Email) {
		c.What = append(c.What, "e-mail")
	}
	if now.Role != e.Role {
		c.What = append(c.What, fmt.Sprintf("role: %s, was %s", e.Role.Words(), now.Role.Words()))
	}
	var observers []school.PersonID
	for _, o := range e.Observers {
		observers = append(observers, school.NewPersonID(p.in.District, o))
	}
	if !slices.Equal(now.Observers, observers) {
		c.What = append(c.What, "observers")
	}
	if now.Schedule != e.Schedule {
		c.What = append(c.What, "visit schedule")
	}
	from, to := campusesOf(now), campusesOf(school.Stint{Campus: e.Campus, Campuses: e.Campuses})
	if !slices.Equal(from, to) {
		c.What = append([]string{"campus: " + campusWords(to) + ", was " + campusWords(from)}, c.What...)
		r.Moved = append(r.Moved, c)
		return
	}
	if len(c.What) == 0 {
		r.Unchanged++ // known from people.csv; only the sourcedId is new
		return
	}
	r.Changed = append(r.Changed, c)
}
