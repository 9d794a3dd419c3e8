package roster

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"rounds/school"
)

// VisitColumns is the header of visits.csv; the first three columns must be there. The words of a visit (glow, grow,
// evidence) are read where they are given, and seen by nobody but the observer and whom the policy lets read them. id is
// the visit's own in the system it comes from: with it, a row whose date is corrected stays the same visit.
var VisitColumns = []string{"observer", "teacher", "date", "minutes", "kind", "focus", "glow", "grow", "evidence", "id"}

var kinds = []string{string(school.Walkthrough), string(school.CoachingVisit), string(school.Formal), string(school.PLCVisit)}

// maxWords is how long a text of a visit may be, as in chat.
const maxWords = 2000

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
	Words    map[string]string // "glow", "grow", "evidence": those that are there
	Class    school.Class      // of the words
	id       string
	n        int // of several visits by the same observer to the same subject on one day
	file     string
	col      int // of the teacher, for errors found later
}

// VisitTable is what visits.csv holds.
type VisitTable struct {
	File       string
	Rows       int // with anything in them, those with problems included
	Visits     []Visit
	Duplicates []Duplicate
	Problems   []*Problem // of the rows that cannot be used
}

// Duplicate is a row that says the same as an earlier one, word for word. The visit is taken once.
type Duplicate struct {
	Line int `json:"line"`
	Of   int `json:"of"`
}

// Known is what the rows of visits.csv are checked against.
type Known struct {
	People []Person
	Teams  []school.TeamID
	Focus  []school.Focus
	Model  *school.Model // the record, for who left and for focus areas that did; nil while there is none
	Today  school.Day    // a visit of a later day cannot be; 0 leaves that open
}

// visitReader is Known by key.
type visitReader struct {
	Known
	by      map[string]Person
	emails  []string
	teams   map[string]bool
	focus   map[string]bool
	keys    []string // of focus, in the order of the list
	guessed map[string]string
}

func newVisitReader(k Known) *visitReader {
	r := &visitReader{Known: k, by: map[string]Person{}, teams: map[string]bool{}, focus: map[string]bool{}, guessed: map[string]string{}}
	for _, p := range k.People {
		r.by[p.Email] = p
		r.emails = append(r.emails, p.Email)
	}
	for _, x := range k.Teams {
		r.teams[string(x)] = true
	}
	for _, f := range k.Focus {
		r.focus[f.Key] = true
		r.keys = append(r.keys, f.Key)
	}
	if k.Model == nil {
		return r
	}
	for _, p := range k.Model.Former() {
		email := strings.ToLower(p.Email)
		if _, there := r.by[email]; !there && email != "" && len(p.Stints) > 1 {
			r.by[email] = Person{ID: p.ID, Email: email, Role: p.Stints[len(p.Stints)-2].Role, Start: p.Start}
		}
	}
	for _, f := range k.Model.PastFocus() {
		r.focus[f.Key] = true
	}
	return r
}

// mostGuesses is how many misspelled values are compared with all that are known.
const mostGuesses = 200

// guess is didYouMean, once for each value and for not too many of them: a table of 20,000 misspelled addresses is
// read as quickly as any other.
func (r *visitReader) guess(typed string, known []string) string {
	g, done := r.guessed[typed]
	if !done && len(r.guessed) < mostGuesses {
		g = didYouMean(typed, known)
		r.guessed[typed] = g
	}
	return g
}

// ReadVisits reads visits.csv: observer and teacher are e-mail addresses of people.csv; for a visit to a team's
// meeting the teacher column holds the team's id. An empty kind is coaching for coaches, walkthrough for
// administrators, plc for teams. Every row is in the table as a visit, as a duplicate or by its problems, which the error
// joins.
func ReadVisits(file string, data []byte, k Known) (VisitTable, error) {
	t, rows := parse(file, data, VisitColumns[:3], VisitColumns)
	r := newVisitReader(k)
	out := VisitTable{File: file, Rows: len(rows)}
	count, same, ids := map[string]int{}, map[string]int{}, map[string]int{}
	for _, w := range rows {
		before := len(t.problems)
		v := r.read(w)
		v.file = file
		said := w.said()
		if first, twice := same[said]; twice {
			out.Duplicates = append(out.Duplicates, Duplicate{w.line, first})
			continue
		}
		if first, twice := ids[v.id]; twice && v.id != "" {
			w.fail("id", "%q is on line %d already; every visit has its own", v.id, first)
		}
		if w.shifted(before) || w.bad {
			continue
		}
		same[said] = w.line
		if v.id != "" {
			ids[v.id] = w.line
		}
		v.n = count[v.key()] + 1
		count[v.key()] = v.n
		out.Visits = append(out.Visits, v)
	}
	for _, e := range t.problems {
		if p, ok := errors.AsType[*Problem](e); ok {
			out.Problems = append(out.Problems, p)
		}
	}
	return out, errors.Join(t.problems...)
}

// LooksLikeVisits tells whether a file is a table of visits, whatever is wrong with its rows: its first line names more than one
// of the three columns that must be there.
func LooksLikeVisits(data []byte) bool {
	t, _ := parse("", data[:min(len(data), 4096)], nil, VisitColumns)
	named := 0
	for _, c := range t.columns {
		if slices.Contains(VisitColumns[:3], c) {
			named++
		}
	}
	return named > 1
}

// said is all that a row says, to find one that says the same.
func (w *row) said() string {
	var b strings.Builder
	for _, c := range VisitColumns {
		fmt.Fprintf(&b, "%d:%s", len(w.values[c]), w.values[c])
	}
	return b.String()
}

// read reads one row.
func (r *visitReader) read(w *row) Visit {
	v := Visit{Line: w.line, col: max(w.cols["teacher"], 1), On: w.day("date", true), Minutes: w.number("minutes", 0, 600), Words: map[string]string{}}
	o := r.who(w, "observer")
	v.Observer = o.ID
	role := r.roleOn(o, v.On)
	if o.ID != "" && !role.Leader() {
		w.fail("observer", "%q is a %s; visits are made by lead, coach, ap, principal or supervisor", o.Email, o.Role.Words())
	}
	if id := strings.ToLower(w.values["teacher"]); r.teams[id] {
		v.Team = school.TeamID(id)
	} else {
		s := r.who(w, "teacher")
		v.Subject = s.ID
		r.worked(w, s, v.On)
	}
	r.worked(w, o, v.On)
	if r.Today != 0 && v.On > r.Today {
		w.fail("date", "%s has not come yet", v.On)
	}
	v.Kind = w.kind(role, v.Team != "")
	if v.Subject != "" && v.Subject == v.Observer {
		w.fail("teacher", "%q cannot visit themselves", w.values["teacher"])
	}
	for _, f := range w.list("focus") {
		if f = strings.ToLower(f); !r.focus[f] {
			w.fail("focus", "%q is not a focus area%s; focus areas: %s", f, r.guess(f, r.keys), strings.Join(r.keys, ", "))
		}
		v.Focus = append(v.Focus, f)
	}
	for _, c := range []string{"glow", "grow", "evidence"} {
		s := w.values[c]
		switch n := utf8.RuneCountInString(s); {
		case s == "":
			continue
		case n > maxWords:
			w.fail(c, "the text is %d characters long; %d fit", n, maxWords)
		case v.Kind == school.Formal:
			w.fail(c, "a formal observation has no words here; its write-up stays in the appraisal system")
		}
		v.Words[c] = s
	}
	v.Class = school.Coaching
	if role.Administers() {
		v.Class = school.Evaluation
	}
	if v.id = w.values["id"]; utf8.RuneCountInString(v.id) > 100 {
		w.fail("id", "an id has at most 100 characters")
	}
	return v
}

func (r *visitReader) who(w *row, column string) Person {
	v := strings.ToLower(w.values[column])
	if v == "" {
		w.fail(column, "the e-mail address is missing")
		return Person{}
	}
	p, ok := r.by[v]
	if !ok {
		hint := r.guess(v, r.emails)
		for id := range r.teams {
			if hint == "" && column == "teacher" && len(r.guessed) < mostGuesses {
				hint = didYouMean(v, []string{id})
			}
		}
		w.fail(column, "%q is not in people.csv%s", v, hint)
	}
	return p
}

// roleOn is what an observer was on the day, so far as the record knows; else what the roster says.
func (r *visitReader) roleOn(p Person, on school.Day) school.Role {
	if r.Model != nil {
		if known, ok := r.Model.Person(p.ID); ok {
			if role := known.RoleOn(on); role.Leader() {
				return role
			}
		}
	}
	return p.Role
}

// worked fails a row of a day on which somebody of it did not work here.
func (r *visitReader) worked(w *row, p Person, on school.Day) {
	if p.ID == "" || on == 0 {
		return
	}
	if p.Start != 0 && on < p.Start {
		w.fail("date", "%s is before %q started, on %s", on, p.Email, p.Start)
		return
	}
	if r.Model == nil {
		return
	}
	if known, ok := r.Model.Person(p.ID); ok && len(known.Stints) > 0 && on >= known.Stints[0].From && known.On(on).Gone {
		w.fail("date", "%q was not on the roster on %s", p.Email, on)
	}
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

// key is what makes a row the same visit in the next file. An id of another system may hold anything, so only its hash
// stands in the log.
func (v Visit) key() string {
	if v.id != "" {
		return "visit/" + keyOf(v.id)
	}
	return fmt.Sprintf("visit/%s/%s%s/%s/%s", v.Observer, v.Subject, v.Team, v.On, v.Kind)
}

// Key is the key of the row: two visits on one day are numbered.
func (v Visit) Key() string {
	if v.n > 1 {
		return fmt.Sprintf("%s#%d", v.key(), v.n)
	}
	return v.key()
}

// uid is the UID of the row's first version.
func (v Visit) uid() uint64 { return school.UID("file:"+v.Key(), 0) }

// written lists the kinds of its words.
func (v Visit) written() []string {
	var out []string
	for k := range v.Words {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// texts are its words under a UID.
func (v Visit) texts(uid uint64) []school.Text {
	subject := string(v.Subject)
	if v.Team != "" {
		subject = string(v.Team)
	}
	var out []school.Text
	for _, k := range v.written() {
		out = append(out, school.Text{Key: school.NoteKey(uid, k), Kind: k, Subject: subject, Author: string(v.Observer), Class: v.Class, Body: v.Words[k]})
	}
	return out
}

// Entry is what the row asks for the first time.
func (v Visit) Entry() school.FileEntry {
	return school.FileEntry{Key: v.Key(), Facts: []school.Fact{school.VisitLogged{
		UID: v.uid(), Observer: v.Observer, Subject: v.Subject, Team: v.Team,
		Visit: v.Kind, On: v.On, Minutes: v.Minutes, Focus: v.Focus, Texts: v.written(),
	}}, Texts: v.texts(v.uid())}
}
