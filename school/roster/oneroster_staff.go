package roster

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"rounds/school"
)

// Org is one row of orgs.csv.
type Org struct {
	Line                        int
	SourcedID, Name, Identifier string
	School, Gone                bool
}

// OneRosterStaff is what one set says of the staff.
type OneRosterStaff struct {
	Set      *OneRoster
	Orgs     []Org
	Ignored  map[string]int // rows that were dropped, by OneRoster's role or by reason
	Problems []*RowProblem

	members map[string]*member // by ref
	held    map[string]bool    // refs of rows that cannot be used: their people stay as they are
}

// member is one user who is staff.
type member struct {
	ref         string
	file        string
	line        int
	user        bool // users.csv had a row
	gone        bool // to be deleted, or staff no more
	name, email string
	primaryOrg  string
	jobs        []job
	ended       bool // had a role whose time is over
}

// job is one role at one org.
type job struct {
	role    staffRole
	org     string // sourcedId
	primary bool
	gone    bool // to be deleted
}

// staffRole is what a role of OneRoster is to Rounds, the highest last: of several the highest counts.
type staffRole int

const (
	noStaff staffRole = iota
	teaches
	administers // an administrator may be a principal, an assistant principal or neither: people.csv says
	leads       // principal
)

// staffRoles are OneRoster's words for roles, of both versions. Those that are no staff role are dropped and counted.
var staffRoles = map[string]staffRole{
	"teacher": teaches, "principal": leads,
	"administrator": administers, "siteAdministrator": administers, "districtAdministrator": administers,
	"student": noStaff, "guardian": noStaff, "parent": noStaff, "relative": noStaff,
	"aide": noStaff, "counselor": noStaff, "proctor": noStaff, "systemAdministrator": noStaff,
}

// roleOf tells a role apart; word is how it is counted, never what an unknown cell said.
func roleOf(cell string) (r staffRole, word string, ok bool) {
	if r, ok := staffRoles[cell]; ok {
		return r, cell, true
	}
	if strings.HasPrefix(cell, "ext:") {
		return noStaff, "ext:…", true
	}
	for w, r := range staffRoles {
		if strings.EqualFold(w, cell) {
			return r, w, true
		}
	}
	return noStaff, "", false
}

// Read reads the staff of a set. known is what earlier imports brought: a delta of 1.2 may name a user without saying that
// they are staff. The error is of a file that cannot be trusted as a whole; rows that cannot be used are in Problems.
func (s *OneRoster) Read(district string, known Remembered, today school.Day) (*OneRosterStaff, error) {
	t := &OneRosterStaff{Set: s, Ignored: map[string]int{}, members: map[string]*member{}, held: map[string]bool{}}
	if err := t.each("orgs", t.org); err != nil {
		return nil, err
	}
	ref := func(id string) string { return refOf(district, "user", id) }
	if s.Version == "1.1" {
		return t, t.each("users", func(r *strictCSV) { t.user11(r, ref, known) })
	}
	students := map[string]bool{}
	if err := t.each("roles", func(r *strictCSV) { t.role12(r, ref, today) }); err != nil {
		return nil, err
	}
	// Whoever is a student anywhere is no staff of ours, wherever the row stands.
	if err := t.each("roles", func(r *strictCSV) {
		if _, word, _ := roleOf(r.cell("role")); word == "student" {
			if id := ref(r.cell("userSourcedId")); t.members[id] != nil {
				students[id] = true
			}
		}
	}); err != nil {
		return nil, err
	}
	for id := range students {
		t.fail(t.members[id], "role", "is a student elsewhere in this file, and Rounds keeps no student")
		delete(t.members, id)
		delete(t.held, id)
	}
	if err := t.each("users", func(r *strictCSV) { t.user12(r, ref, known) }); err != nil {
		return nil, err
	}
	t.settle(known)
	return t, nil
}

// settle drops those of whom a set says too little.
func (t *OneRosterStaff) settle(known Remembered) {
	for _, id := range slices.Sorted(maps.Keys(t.members)) {
		m := t.members[id]
		live := slices.ContainsFunc(m.jobs, func(j job) bool { return !j.gone })
		_, old := known.people[id]
		switch {
		case t.held[id]:
		case !m.user && live && (!old || t.Set.Modes["users"] == Bulk):
			t.fail(m, "userSourcedId", "users.csv has no row for this user")
		case live:
			continue
		}
		if !old {
			delete(t.members, id)
		}
	}
}

func (t *OneRosterStaff) fail(m *member, field, message string) {
	t.Problems = append(t.Problems, &RowProblem{File: m.file, Line: m.line, Field: field, Message: message})
	t.held[m.ref] = true
}

// each calls f for every row of a file of the set.
func (t *OneRosterStaff) each(name string, f func(*strictCSV)) error {
	if t.Set.Modes[name] == Absent {
		return nil
	}
	r, err := t.Set.open(name)
	if err != nil {
		return err
	}
	defer r.close()
	for {
		_, err := r.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		f(r)
	}
}

func (t *OneRosterStaff) row(r *strictCSV, field, format string, args ...any) {
	t.Problems = append(t.Problems, &RowProblem{File: r.file, Line: r.line, Field: field, Message: fmt.Sprintf(format, args...)})
}

// status reads the status column: a delta must say it, a bulk file need not.
func (t *OneRosterStaff) status(r *strictCSV, name string) (gone, ok bool) {
	switch s := r.cell("status"); {
	case strings.EqualFold(s, "tobedeleted"):
		return true, true
	case strings.EqualFold(s, "active"), s == "" && t.Set.Modes[name] == Bulk:
		return false, true
	}
	t.row(r, "status", "must be active or tobedeleted%s", map[bool]string{true: ", or empty, in a bulk file", false: " in a delta file"}[t.Set.Modes[name] == Bulk])
	return false, false
}

func (t *OneRosterStaff) org(r *strictCSV) {
	o := Org{Line: r.line, SourcedID: r.cell("sourcedId"), Name: r.cell("name"), Identifier: r.cell("identifier"), School: r.cell("type") == "school"}
	gone, ok := t.status(r, "orgs")
	o.Gone = gone
	switch {
	case r.wrong != "":
		t.row(r, "", "%s", r.wrong)
	case !ok:
	case o.SourcedID == "":
		t.row(r, "sourcedId", "is missing")
	case slices.ContainsFunc(t.Orgs, func(x Org) bool { return x.SourcedID == o.SourcedID }):
		t.row(r, "sourcedId", "stands on an earlier line already")
	default:
		t.Orgs = append(t.Orgs, o)
	}
}

// usable tells whether the row's frame is right; else it is named by its line, and whoever it was stays.
func (t *OneRosterStaff) usable(r *strictCSV, ref func(string) string, id string) bool {
	if r.wrong != "" {
		t.row(r, "", "%s", r.wrong)
		t.held[ref(id)] = true
		return false
	}
	return true
}

func (t *OneRosterStaff) user11(r *strictCSV, ref func(string) string, known Remembered) {
	// The role is looked at first: of a student's row it is the only cell, beside the id of somebody who was staff until now.
	role, word, ok := roleOf(r.cell("role"))
	id := r.cell("sourcedId")
	if !t.usable(r, ref, id) {
		return
	}
	if !ok {
		t.row(r, "role", "is not a role of OneRoster")
		t.held[ref(id)] = true
		return
	}
	if role == noStaff {
		t.Ignored[word]++
		if _, was := known.people[ref(id)]; was && t.Set.Modes["users"] == Delta {
			t.members[ref(id)] = &member{ref: ref(id), file: r.file, line: r.line, gone: true}
		}
		return
	}
	m := &member{ref: ref(id), file: r.file, line: r.line}
	if !t.user(r, m, id) || m.gone {
		return
	}
	for i, o := range r.list("orgSourcedIds") {
		m.jobs = append(m.jobs, job{role: role, org: o, primary: i == 0})
	}
	if len(m.jobs) == 0 {
		m.jobs = []job{{role: role}}
	}
}

func (t *OneRosterStaff) role12(r *strictCSV, ref func(string) string, today school.Day) {
	role, word, ok := roleOf(r.cell("role"))
	id := r.cell("userSourcedId")
	if !t.usable(r, ref, id) {
		return
	}
	if !ok {
		t.row(r, "role", "is not a role of OneRoster")
		t.held[ref(id)] = true
		return
	}
	if role == noStaff {
		t.Ignored[word]++
		return
	}
	if id == "" {
		t.row(r, "userSourcedId", "is missing")
		return
	}
	gone, ok := t.status(r, "roles")
	begin, okBegin := t.date(r, "beginDate")
	end, okEnd := t.date(r, "endDate")
	kind := r.cell("roleType")
	if okKind := strings.EqualFold(kind, "primary") || strings.EqualFold(kind, "secondary"); !okKind {
		t.row(r, "roleType", "must be primary or secondary")
		ok = false
	}
	if !ok || !okBegin || !okEnd {
		t.held[ref(id)] = true
		return
	}
	m := t.members[ref(id)]
	if m == nil {
		m = &member{ref: ref(id), file: r.file, line: r.line}
		t.members[m.ref] = m
	}
	switch {
	case begin > today:
		t.Ignored["roles that begin later"]++
		return
	case end != 0 && end < today:
		t.Ignored["roles that have ended"]++
		gone, m.ended = true, true
	}
	m.jobs = append(m.jobs, job{role: role, org: r.cell("orgSourcedId"), primary: strings.EqualFold(kind, "primary"), gone: gone})
}

// date reads a date, which may be left out.
func (t *OneRosterStaff) date(r *strictCSV, column string) (school.Day, bool) {
	v := r.cell(column)
	if v == "" {
		return 0, true
	}
	d, err := school.ParseDay(v)
	if err != nil {
		t.row(r, column, "is not a date like 2026-10-30")
		return 0, false
	}
	return d, true
}

func (t *OneRosterStaff) user12(r *strictCSV, ref func(string) string, known Remembered) {
	id := r.cell("sourcedId")
	m := t.members[ref(id)]
	_, was := known.people[ref(id)]
	if m == nil && !was {
		if t.usable(r, ref, id) {
			t.Ignored["users without a staff role"]++
		}
		return
	}
	if m == nil {
		if t.Set.Modes["roles"] == Bulk {
			t.Ignored["users without a staff role"]++
			return // staff no more: the bulk file takes them off
		}
		m = &member{ref: ref(id), file: r.file, line: r.line}
	}
	if !t.usable(r, ref, id) {
		delete(t.members, m.ref)
		return
	}
	if m.user {
		t.row(r, "sourcedId", "stands on line %d already", m.line)
		return
	}
	t.user(r, m, id)
}

// user reads what both versions say of a member of the staff.
func (t *OneRosterStaff) user(r *strictCSV, m *member, id string) bool {
	if id == "" {
		t.row(r, "sourcedId", "is missing")
		return false
	}
	if first := t.members[m.ref]; first != nil && first.user {
		t.row(r, "sourcedId", "stands on line %d already", first.line)
		return false
	}
	gone, ok := t.status(r, "users")
	given, family := cmpOr(r.cell("preferredGivenName"), r.cell("givenName")), cmpOr(r.cell("preferredFamilyName"), r.cell("familyName"))
	m.file, m.line, m.user, m.gone = r.file, r.line, true, gone
	m.name = strings.Join(strings.Fields(given+" "+family), " ")
	m.email = strings.ToLower(r.cell("email"))
	m.primaryOrg = r.cell("primaryOrgSourcedId")
	if ok && !gone {
		switch local, host, at := strings.Cut(m.email, "@"); {
		case r.wrong != "":
			t.row(r, "", "%s", r.wrong)
			ok = false
		case given == "" && family == "":
			t.row(r, "givenName", "the name is missing")
			ok = false
		case m.email != "" && (!at || local == "" || !strings.Contains(host, ".") || strings.ContainsAny(m.email, " ,;<>\"")):
			t.row(r, "email", "is not an e-mail address like ada@example.com")
			ok = false
		}
	}
	if !ok {
		t.held[m.ref] = true
		delete(t.members, m.ref)
		return false
	}
	t.members[m.ref] = m
	return true
}
