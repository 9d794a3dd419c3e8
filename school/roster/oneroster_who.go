package roster

import (
	"fmt"
	"slices"
	"strings"

	"rounds/school"
)

// hold leaves somebody as the record has them, because their row cannot be used.
func (p *OneRosterPlan) hold(w *want, field, format string, args ...any) {
	p.held[w.ref] = true
	p.report.Problems = append(p.report.Problems, &RowProblem{File: w.file, Line: w.line, Field: field, Message: fmt.Sprintf(format, args...)})
}

// settle decides who somebody is and what they are, and makes their entry. taken are the addresses of this import.
func (p *OneRosterPlan) settle(w *want, taken map[string]*want) {
	if w.gone {
		return
	}
	if w.name == "" {
		p.hold(w, "", "this user is not known yet, and this set does not say their name")
		return
	}
	if first := taken[w.email]; w.email != "" && first != nil {
		p.hold(w, "email", "has the address of %s:%d; Rounds tells people apart by it", first.file, first.line)
		return
	}
	x, inTable := p.table[w.email]
	inTable = inTable && w.email != ""
	e, ok := p.job(w, x, inTable)
	if !ok {
		return
	}
	w.id = p.who(w, x, inTable)
	if p.stays[w.id] != "" {
		p.hold(w, "sourcedId", "is somebody of this import already")
		return
	}
	if w.email == "" {
		p.remark(w, "has no e-mail address, so no chat account can be linked")
	} else {
		taken[w.email] = w
	}
	e.ID, e.Name, e.Email = w.id, w.name, w.email
	w.entry = e
	entry := e.Entry(p.in.District, p.in.From)
	entry.Key = "user/" + w.ref + "/" + string(w.id)
	p.entries = append(p.entries, entry)
	p.stays[w.id] = w.ref
	p.whoAt[entry.Key] = w
}

func (p *OneRosterPlan) remark(w *want, format string, args ...any) {
	p.report.Remarks = append(p.report.Remarks, fmt.Sprintf("%s:%d: %s", w.file, w.line, fmt.Sprintf(format, args...)))
}

// who is the person behind a user. The address comes first, because people.csv knows no other name for anybody; then the sourcedId as it
// was remembered, so that a new address keeps its person; then an address that the record knows, so that new sourcedIds keep
// theirs. An address that went to somebody else does not take the old one's record along.
func (p *OneRosterPlan) who(w *want, x Person, inTable bool) school.PersonID {
	if inTable {
		if old, ok := p.known.people[w.ref]; ok && old != x.ID {
			p.remark(w, "was somebody else until now: %s:%d has the new address, so their record begins anew", p.in.PeopleFile, x.Line)
		}
		return x.ID
	}
	if old, ok := p.known.people[w.ref]; ok {
		return old
	}
	own := school.NewPersonID(p.in.District, "oneroster\x00"+w.ref)
	if w.email == "" {
		return own
	}
	id, known := p.emails[w.email]
	if !known {
		id = school.NewPersonID(p.in.District, w.email)
	}
	if owner := p.owner[id]; owner != "" && p.current(owner) {
		return own // the address is new to its user, and its owner is still here under another
	}
	if who, ok := p.m.Person(id); ok && !alike(who.Name, w.name) {
		p.remark(w, "has an address that somebody else had; they are two people to Rounds")
		return own
	}
	return id
}

// current tells whether a remembered user is still there after this import.
func (p *OneRosterPlan) current(ref string) bool {
	if w := p.wants[ref]; w != nil {
		return !w.gone
	}
	return !p.full || p.held[ref]
}

// alike tells whether two names may be of one person: who marries keeps a first name.
func alike(a, b string) bool {
	if a == "" || b == "" {
		return true
	}
	x, y := strings.Fields(school.Fold(a)), strings.Fields(school.Fold(b))
	return len(x) == 0 || len(y) == 0 || x[0] == y[0] || x[len(x)-1] == y[len(y)-1]
}

// job is what somebody does and where: OneRoster says who works at which school, people.csv what OneRoster has no word for.
func (p *OneRosterPlan) job(w *want, x Person, inTable bool) (Person, bool) {
	e := Person{Role: w.base, Schedule: school.NoSchedule}
	switch {
	case inTable:
		e = x
	case w.role == teaches:
		e.Role = school.Teacher
	case w.role == leads:
		e.Role = school.Principal
	case w.role == administers:
		p.hold(w, "role", "an administrator may be a principal, an assistant principal or of the district office; say which in a row of %s", cmpOr(p.in.PeopleFile, "people.csv"))
		return e, false
	case e.Role == "":
		p.hold(w, "role", "this user is not known yet, and this set does not say their role")
		return e, false
	}
	if !inTable && e.Role == school.Teacher {
		e.Schedule = school.EveryTwo // as people.csv does for somebody whose years it does not say
	}
	if e.Role == school.Supervisor || e.Role == school.Office {
		if !inTable {
			e.Campuses = w.campuses // as the record has them
		}
		return e, true // OneRoster has them at the district; which schools are theirs stands in people.csv
	}
	theirs := campusesOf(school.Stint{Campus: x.Campus, Campuses: x.Campuses})
	switch {
	case len(w.campuses) == 0 && len(theirs) > 0:
		return e, true
	case len(w.campuses) == 0:
		for _, org := range w.lost {
			if p.unsure[org] != nil {
				p.lacking[org]++
				p.hold(w, "org", "none of their schools is a campus of this district")
				return e, false
			}
		}
		p.hold(w, "org", "no school of this set or of an earlier one is named here")
		return e, false
	case inTable && !slices.ContainsFunc(w.campuses, func(c school.CampusID) bool { return !slices.Contains(theirs, c) }):
		return e, true // people.csv says the same, or more: a coach's other schools
	case inTable:
		p.remark(w, "works at %s by OneRoster and at %s by %s:%d; OneRoster was taken, and the row should be set right", campusWords(w.campuses), campusWords(theirs), p.in.PeopleFile, x.Line)
	}
	e.Campus, e.Campuses = w.campuses[0], nil
	if len(w.campuses) > 1 {
		e.Campuses = w.campuses
	}
	return e, true
}

func campusWords(ids []school.CampusID) string {
	var out []string
	for _, id := range ids {
		out = append(out, string(id))
	}
	return cmpOr(strings.Join(out, ", "), "no campus")
}
