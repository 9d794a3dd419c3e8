package roster

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rounds/school"
)

// PeopleColumns is the header of people.csv, in any order. Name, email and role must be there.
var PeopleColumns = []string{"name", "email", "chat_email", "role", "campus", "observer", "visit_schedule", "years", "start_date", "plc_team"}

// Roles are the words for roles in people.csv.
var Roles = []string{"teacher", "lead", "coach", "ap", "principal", "supervisor", "district"}

// roleWords are other spellings of a role that people write.
var roleWords = map[string]school.Role{
	"teacher leader": school.Lead, "instructional coach": school.Coach, "assistant principal": school.AP,
	"principal supervisor": school.Supervisor, "district office": school.Office,
}

// Person is one row of people.csv.
type Person struct {
	ID        school.PersonID
	Line, Col int // of the e-mail address, for errors found later
	Name      string
	Email     string // lower case
	ChatEmail string // lower case
	Role      school.Role
	Campus    school.CampusID // home campus; "" for district staff
	Campuses  []school.CampusID
	Observers []string // e-mail addresses
	Schedule  school.Schedule
	Years     int
	Start     school.Day
	Teams     []string // ids of PLC teams
	// TeamsCol is the column of plc_team, for errors found later.
	TeamsCol int
}

// District is what the rows are checked against.
type District struct {
	ID       string
	Campuses []school.CampusID // none leaves the campus column unchecked
}

// ReadPeople reads people.csv. It returns the rows that can be used and, joined, every problem of the others; file is
// the name that errors carry.
func ReadPeople(file string, data []byte, d District) ([]Person, error) {
	t, rows := parse(file, data, []string{"name", "email", "role"}, PeopleColumns)
	all := map[string]Person{} // by e-mail, rows with problems included
	cells := map[string]*row{}
	var emails []string // in the order of the file
	for _, w := range rows {
		before := len(t.problems)
		p := w.person(d)
		if w.shifted(before) {
			continue
		}
		if first, twice := all[p.Email]; twice && p.Email != "" {
			w.fail("email", "%q is on line %d already; every person has one row", p.Email, first.Line)
			continue
		}
		if p.Email == "" {
			t.lost = true
			continue
		}
		all[p.Email], cells[p.Email] = p, w
		emails = append(emails, p.Email)
	}
	for _, email := range emails {
		p, w := all[email], cells[email]
		for _, o := range p.Observers {
			q, ok := all[o]
			switch {
			case o == p.Email:
				w.fail("observer", "%q cannot be the observer of their own visits", o)
			case !ok && !t.lost:
				w.fail("observer", "%q has no row in this table%s", o, didYouMean(o, emails))
			case ok && slices.Contains(Roles, string(q.Role)) && !q.Role.Leader():
				w.fail("observer", "%q is a %s on line %d; observers are lead, coach, ap, principal or supervisor", o, q.Role.Words(), q.Line)
			}
		}
	}
	var people []Person
	for _, email := range emails {
		if !cells[email].bad {
			people = append(people, all[email])
		}
	}
	return people, errors.Join(t.problems...)
}

func (w *row) person(d District) Person {
	p := Person{Line: w.line, Col: max(w.cols["email"], 1), TeamsCol: max(w.cols["plc_team"], 1), Name: strings.Join(strings.Fields(w.values["name"]), " ")}
	if p.Name == "" {
		w.fail("name", "the name is missing")
	}
	p.Email = w.email("email", true)
	p.ChatEmail = w.email("chat_email", false)
	p.ID = school.NewPersonID(d.ID, p.Email)
	p.Role = w.role()
	w.campuses(d, &p)
	for _, o := range w.list("observer") {
		p.Observers = append(p.Observers, strings.ToLower(o))
	}
	p.Years = w.number("years", 0, 70)
	p.Schedule = w.schedule(p)
	p.Start = w.day("start_date", false)
	p.Teams = w.list("plc_team")
	return p
}

func (w *row) email(column string, must bool) string {
	v := strings.ToLower(w.values[column])
	v = strings.TrimPrefix(v, "mailto:")
	if v == "" {
		if must {
			w.fail(column, "the address is missing; it is how Rounds tells people apart")
		}
		return ""
	}
	local, host, ok := strings.Cut(v, "@")
	if !ok || local == "" || !strings.Contains(host, ".") || strings.ContainsAny(v, " ,;<>\"") {
		w.fail(column, "%q is not an e-mail address like ada@example.com", v)
	}
	return v
}

func (w *row) role() school.Role {
	v := strings.ToLower(strings.Join(strings.Fields(w.values["role"]), " "))
	if r, ok := roleWords[v]; ok {
		return r
	}
	switch {
	case v == "":
		w.fail("role", "the role is missing; roles: %s", strings.Join(Roles, ", "))
	case !slices.Contains(Roles, v):
		w.fail("role", "%q is not a role%s; roles: %s", v, didYouMean(v, Roles), strings.Join(Roles, ", "))
	}
	return school.Role(v)
}

func (w *row) campuses(d District, p *Person) {
	var ids []school.CampusID
	for _, v := range w.list("campus") {
		c := strings.ToLower(v)
		if len(d.Campuses) > 0 && !slices.Contains(d.Campuses, school.CampusID(c)) {
			var known []string
			for _, c := range d.Campuses {
				known = append(known, string(c))
			}
			w.fail("campus", "%q is not a campus of this district%s; campuses: %s", v, didYouMean(c, known), strings.Join(known, ", "))
			continue
		}
		ids = append(ids, school.CampusID(c))
	}
	district := p.Role == school.Supervisor || p.Role == school.Office
	switch {
	case len(ids) > 1:
		p.Campuses = ids
		if !district {
			p.Campus = ids[0] // home is named first
		}
	case len(ids) == 1:
		p.Campus = ids[0]
	case !district && !w.bad:
		w.fail("campus", "the campus is missing; only supervisor and district may leave it out")
	}
}

func (w *row) schedule(p Person) school.Schedule {
	v := strings.ToLower(strings.Join(strings.Fields(w.values["visit_schedule"]), ""))
	teaches := p.Role == school.Teacher || p.Role == school.Lead
	switch v {
	case "":
		switch {
		case !teaches:
			return school.NoSchedule
		case w.values["years"] != "" && p.Years <= 2:
			return school.Weekly
		}
		return school.EveryTwo
	case "none":
		return school.NoSchedule
	case "weekly", "every1week", "everyweek":
		return school.Weekly
	case "2weeks", "every2weeks":
		return school.EveryTwo
	case "4weeks", "every4weeks":
		return school.EveryFour
	}
	w.fail("visit_schedule", "%q is not a schedule; write weekly, 2weeks, 4weeks or none, or leave it empty: then years decides", w.values["visit_schedule"])
	return school.NoSchedule
}

func (w *row) number(column string, least, most int) int {
	v := w.values[column]
	if v == "" {
		return 0
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < least || n > most {
		w.fail(column, "%q is not a whole number from %d to %d", v, least, most)
		return 0
	}
	return n
}

func (w *row) day(column string, must bool) school.Day {
	v := w.values[column]
	if v == "" {
		if must {
			w.fail(column, "the date is missing; write it like 2026-10-30")
		}
		return 0
	}
	d, err := school.ParseDay(v)
	if err != nil {
		if m, ok := american(v); ok {
			return m
		}
		w.fail(column, "%q is not a date; write it like 2026-10-30 or 10/30/2026", v)
		return 0
	}
	if y, _, _ := d.Civil(); y < 1950 || y > 2100 {
		w.fail(column, "%q is in the year %d", v, y)
		return 0
	}
	return d
}

// american reads 10/30/2026, which spreadsheets make of every date.
func american(s string) (school.Day, bool) {
	f := strings.Split(s, "/")
	if len(f) != 3 || len(f[2]) != 4 || len(f[0]) > 2 || len(f[1]) > 2 {
		return 0, false
	}
	d, err := school.ParseDay(fmt.Sprintf("%s-%02s-%02s", f[2], f[0], f[1]))
	return d, err == nil && f[2] >= "1950" && f[2] <= "2100"
}

// Key is the key of the person's row for school.Model.Diff. It holds the opaque id and no address, because keys stand
// in the log.
func (p Person) Key() string { return PersonKey(p.ID) }

// PersonKey is the key of a person's row.
func PersonKey(id school.PersonID) string { return "person/" + string(id) }

// Entry is what the row asks for. from is since when it holds for somebody without a start date.
func (p Person) Entry(district string, from school.Day) school.FileEntry {
	f := school.PersonSet{
		ID: p.ID, From: from, Role: p.Role, Campus: p.Campus, Campuses: p.Campuses,
		Schedule: p.Schedule, Years: p.Years, Start: p.Start,
	}
	if p.Start != 0 {
		f.From = p.Start
	}
	for _, o := range p.Observers {
		f.Observers = append(f.Observers, school.NewPersonID(district, o))
	}
	e := school.FileEntry{Key: p.Key()}
	f.Name = p.text(&e, "name", "name", p.Name)
	f.Email = p.text(&e, "email", "email", p.Email)
	f.ChatEmail = p.text(&e, "email", "chat", p.ChatEmail)
	e.Facts = []school.Fact{f}
	return e
}

// text adds a text about the person. A key is written once, so another body has another key.
func (p Person) text(e *school.FileEntry, kind, prefix, body string) string {
	if body == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(body))
	key := prefix + "." + string(p.ID) + "." + hex.EncodeToString(sum[:4])
	e.Texts = append(e.Texts, school.Text{Key: key, Kind: kind, Subject: string(p.ID), Class: school.Roster, Body: body})
	return key
}
