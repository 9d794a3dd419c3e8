package roster

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"rounds/school"
)

// VisitColumns is the header of visits.csv; the first three columns must be there. There is none for notes: what was said
// of a lesson does not travel in spreadsheets.
var VisitColumns = []string{"observer", "teacher", "date", "minutes", "kind", "focus"}

var kinds = []string{string(school.Walkthrough), string(school.CoachingVisit), string(school.Formal), string(school.PLCVisit)}

// Visit is one row of visits.csv.
type Visit struct {
	Line     int
	Observer school.PersonID
	Subject  school.PersonID // or Team
	Team     school.TeamID
	Kind     school.VisitKind
	On       school.Day
	Minutes  int
	Focus    []string
	n        int // of several visits by the same observer to the same subject on one day
}

// Known is what the rows of visits.csv are checked against.
type Known struct {
	People []Person
	Teams  []school.TeamID
	Focus  []school.Focus
}

// ReadVisits reads visits.csv: observer and teacher are e-mail addresses of people.csv; for a visit to a team's
// meeting the teacher column holds the team's id. An empty kind is coaching for coaches, walkthrough for
// administrators, plc for teams.
func ReadVisits(file string, data []byte, k Known) ([]Visit, error) {
	t, rows := parse(file, data, VisitColumns[:3], VisitColumns)
	by := map[string]Person{}
	var emails, teams, focus []string
	for _, p := range k.People {
		by[p.Email] = p
		emails = append(emails, p.Email)
	}
	for _, x := range k.Teams {
		teams = append(teams, string(x))
	}
	for _, f := range k.Focus {
		focus = append(focus, f.Key)
	}
	var out []Visit
	count := map[string]int{}
	for _, w := range rows {
		before := len(t.problems)
		v := Visit{Line: w.line, On: w.day("date", true), Minutes: w.number("minutes", 0, 600)}
		o := w.who("observer", by, emails)
		v.Observer = o.ID
		if o.ID != "" && !o.Role.Leader() {
			w.fail("observer", "%q is a %s; visits are made by lead, coach, ap, principal or supervisor", o.Email, o.Role.Words())
		}
		if id := strings.ToLower(w.values["teacher"]); slices.Contains(teams, id) {
			v.Team = school.TeamID(id)
		} else {
			v.Subject = w.who("teacher", by, append(emails, teams...)).ID
		}
		v.Kind = w.kind(o.Role, v.Team != "")
		if v.Subject != "" && v.Subject == v.Observer {
			w.fail("teacher", "%q cannot visit themselves", w.values["teacher"])
		}
		for _, f := range w.list("focus") {
			if !slices.Contains(focus, f) {
				w.fail("focus", "%q is not a focus area%s; focus areas: %s", f, didYouMean(f, focus), strings.Join(focus, ", "))
			}
			v.Focus = append(v.Focus, f)
		}
		if !w.shifted(before) && !w.bad {
			v.n = count[v.key()] + 1
			count[v.key()] = v.n
			out = append(out, v)
		}
	}
	return out, errors.Join(t.problems...)
}

func (w *row) who(column string, by map[string]Person, known []string) Person {
	v := strings.ToLower(w.values[column])
	if v == "" {
		w.fail(column, "the e-mail address is missing")
		return Person{}
	}
	p, ok := by[v]
	if !ok {
		w.fail(column, "%q is not in people.csv%s", v, didYouMean(v, known))
	}
	return p
}

func (w *row) kind(by school.Role, team bool) school.VisitKind {
	v := strings.ToLower(w.values["kind"])
	if v == "" {
		switch {
		case team:
			return school.PLCVisit
		case by.Administers():
			return school.Walkthrough
		}
		return school.CoachingVisit
	}
	k, err := school.ParseKind(v)
	switch {
	case err != nil:
		w.fail("kind", "%q is not a kind of visit%s; kinds: %s", v, didYouMean(v, kinds), strings.Join(kinds, ", "))
	case team != (k == school.PLCVisit):
		w.fail("kind", "a visit of kind plc is to a team: the teacher column holds the team's id, and only then")
	}
	return k
}

func (v Visit) key() string {
	return fmt.Sprintf("visit/%s/%s%s/%s/%s", v.Observer, v.Subject, v.Team, v.On, v.Kind)
}

// Key is the key of the row for school.Model.Diff: two equal visits on one day are numbered.
func (v Visit) Key() string {
	if v.n > 1 {
		return fmt.Sprintf("%s#%d", v.key(), v.n)
	}
	return v.key()
}

// Entry is what the row asks for.
func (v Visit) Entry() school.FileEntry {
	return school.FileEntry{Key: v.Key(), Facts: []school.Fact{school.VisitLogged{
		UID: school.UID("file:"+v.Key(), 0), Observer: v.Observer, Subject: v.Subject, Team: v.Team,
		Visit: v.Kind, On: v.On, Minutes: v.Minutes, Focus: v.Focus,
	}}}
}
