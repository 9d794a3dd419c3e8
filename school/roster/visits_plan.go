package roster

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"rounds/school"
)

// VisitsFile is what the table of past visits is called in the log, whatever its name on the disk: the same visit out of
// another file is the same visit.
const VisitsFile = "visits.csv"

// VisitReport says what became of every row of a table.
type VisitReport struct {
	File       string        `json:"file"`
	Rows       int           `json:"rows"`
	Added      []int         `json:"added"`       // lines
	Same       []int         `json:"already"`     // lines of visits that are on record as they stand
	InChat     []int         `json:"in_chat"`     // lines of visits that were logged in chat: not counted twice
	Changed    []VisitChange `json:"changed"`     // amended: the earlier version stays on record
	TakenBack  []int         `json:"taken_back"`  // lines of visits that their observer took back in chat: they stay so
	Duplicates []Duplicate   `json:"duplicates"`  // taken once
	Problems   []*Problem    `json:"cannot_use"`  // by line, column and reason
	Vanished   []string      `json:"vanished"`    // day and kind of visits of an earlier file: they stay on record
	Bad        int           `json:"rows_failed"` // how many rows the problems are about
}

// VisitChange is a row that says something else than it did.
type VisitChange struct {
	Line int      `json:"line"`
	What []string `json:"what"` // "date", "minutes", …
}

// PlanVisits makes the entry that brings a table's visits into the record, and says what becomes of every row. A visit
// that is there already is not logged again, one that changed is amended, and one that vanished from the file stays: what
// was made stays made. An Entry without facts means that nothing is to be written.
func PlanVisits(m *school.Model, t VisitTable, at time.Time) (school.Entry, VisitReport) {
	p := &visitPlan{m: m, keys: map[string]string{}, before: m.FileKeys(VisitsFile), e: school.Entry{Via: "file", At: at}}
	p.rep = VisitReport{File: t.File, Rows: t.Rows, Duplicates: t.Duplicates, Problems: t.Problems}
	seen := map[string]bool{}
	var news []Visit
	for _, v := range t.Visits {
		seen[v.Key()] = true
		if p.before[v.Key()] == v.state() {
			p.rep.Same = append(p.rep.Same, v.Line)
			continue
		}
		news = append(news, v)
	}
	left := 0
	for k := range p.before {
		if !seen[k] {
			left++
		}
	}
	if len(news)+left > 0 {
		p.lookUp()
	}
	for _, v := range news {
		p.add(v)
	}
	for _, k := range slices.Sorted(maps.Keys(p.before)) {
		if !seen[k] {
			p.rep.Vanished = append(p.rep.Vanished, p.describe(k))
		}
	}
	bad := map[int]bool{}
	for _, x := range p.rep.Problems {
		bad[x.Line] = true
	}
	p.rep.Bad = len(bad)
	if len(p.keys) == 0 {
		return school.Entry{}, p.rep
	}
	p.e.Facts = append(p.e.Facts, school.FileApplied{File: VisitsFile, Keys: p.keys})
	sum, _ := json.Marshal(p.keys) // a map of strings
	p.e.Command = fmt.Sprintf("file:%s:%d:%s", VisitsFile, m.Version(), keyOf(string(sum)))
	return p.e, p.rep
}

// visitPlan gathers the entry and the report.
type visitPlan struct {
	m      *school.Model
	before map[string]string // key -> state, as the file was applied last
	keys   map[string]string // what is new of it
	e      school.Entry
	rep    VisitReport

	byUID  map[uint64]school.OnRecord // visits that a file brought, by the UID of their first version
	inChat map[string]int             // how many visits were logged in chat, by what they are
	rows   map[string]int             // how many rows there were of the same, so far
}

// lookUp reads the visits on record once.
func (p *visitPlan) lookUp() {
	p.byUID, p.inChat, p.rows = map[uint64]school.OnRecord{}, map[string]int{}, map[string]int{}
	p.m.EachVisit(func(r school.OnRecord) {
		switch {
		case r.FromFile:
			p.byUID[r.First] = r
		case !r.Void:
			p.inChat[sameVisit(r.VisitLogged)]++
		}
	})
}

// sameVisit is what makes a row and a visit of the chat the same: who, whom, when and what kind.
func sameVisit(v school.VisitLogged) string {
	return fmt.Sprintf("%s/%s%s/%d/%s", v.Observer, v.Subject, v.Team, v.On, v.Visit)
}

func (p *visitPlan) add(v Visit) {
	entry := v.Entry()
	if r, there := p.byUID[v.uid()]; there {
		p.amend(v, p.m.Recall(r))
		return
	}
	fact := entry.Facts[0].(school.VisitLogged)
	what := sameVisit(fact)
	if p.rows[what]++; p.rows[what] <= p.inChat[what] {
		p.rep.InChat = append(p.rep.InChat, v.Line)
		return
	}
	p.rep.Added = append(p.rep.Added, v.Line)
	p.keys[v.Key()] = v.state()
	p.e.Facts = append(p.e.Facts, fact)
	p.e.Texts = append(p.e.Texts, entry.Texts...)
}

// amend makes the next version of a visit that the file brought before.
func (p *visitPlan) amend(v Visit, r school.OnRecord) {
	if r.Observer != v.Observer || r.Subject != v.Subject || r.Team != v.Team {
		p.rep.Problems = append(p.rep.Problems, &Problem{
			File: v.file, Line: v.Line, Col: v.col, Field: "teacher",
			Message: "the visit of this id is on record with another observer or teacher, which an amendment cannot change; give the row an id of its own, and let its observer take the other one back",
		})
		return
	}
	p.keys[v.Key()] = v.state()
	if r.Void {
		p.rep.TakenBack = append(p.rep.TakenBack, v.Line)
		return
	}
	// The words are the file's own unless the visit was amended in chat since.
	last := p.before[v.Key()]
	own := r.UID == r.First || last != "" && r.UID == v.versionUID(last)
	_, lastWords, _ := strings.Cut(last, ".")
	_, words, _ := strings.Cut(v.state(), ".")
	reworded := words != lastWords || !own && (len(v.Words) > 0 || len(r.Texts) > 0)
	var what []string
	changed := func(name string, yes bool) {
		if yes {
			what = append(what, name)
		}
	}
	changed("date", r.On != v.On)
	changed("kind", r.Visit != v.Kind)
	changed("minutes", r.Minutes != v.Minutes)
	changed("focus", !sameSet(r.Focus, v.Focus))
	changed("words", reworded)
	if len(what) == 0 {
		p.rep.Same = append(p.rep.Same, v.Line)
		return
	}
	p.rep.Changed = append(p.rep.Changed, VisitChange{v.Line, what})
	uid := v.versionUID(v.state())
	p.e.Facts = append(p.e.Facts, school.VisitAmended{
		Visit: r.N, UID: uid, On: v.On, Visited: v.Kind, Minutes: v.Minutes, Focus: v.Focus, Texts: v.written(), Reworded: reworded,
	})
	p.e.Texts = append(p.e.Texts, v.texts(uid)...)
}

// versionUID is the UID of the version that a state of the row makes. The same state has the same words, so that a row which
// goes back to an earlier one finds them under their keys.
func (v Visit) versionUID(state string) uint64 {
	return school.UID("file:"+v.Key()+"\x00"+state, 0)
}

// describe names a visit that vanished from the file by its day and kind: enough to find its row in the earlier one.
func (p *visitPlan) describe(key string) string {
	if r, ok := p.byUID[school.UID("file:"+key, 0)]; ok {
		return fmt.Sprintf("%s %s", r.On, r.Visit)
	}
	return "a visit that is not on record any more"
}

// state is what the log keeps of a row to see later whether the file changed it: a hash of the row, and behind a dot one
// of its words.
func (v Visit) state() string {
	h := v.Entry().Hash()
	if len(v.Words) == 0 {
		return h
	}
	words, _ := json.Marshal(v.Words) // a map of strings
	return h + "." + keyOf(string(words))
}

// keyOf is a short hash.
func keyOf(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:8])
}

func sameSet(a, b []string) bool {
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return slices.Equal(slices.Compact(a), slices.Compact(b))
}
