package school

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Every look at somebody else's record is put on record itself. It is no fact about the school, so it is kept beside the
// log: one value a call for each campus of those who were looked at, under
//
//	audit/<campus>/<civil day>/<time of day>/<call>
//
// so that a call costs one write, and that "who looked at me" reads the days of one campus and not those of the district.
// The values hold ids, and no word of what was seen.

// LookKind is what part of a record was looked at.
type LookKind uint8

// The kinds of looks, as bits of a set.
const (
	LookVisits LookKind = 1 << iota
	LookSteps
	LookStatus // of targets
	LookLeave
	LookExport // the whole record, by the district's records office
)

var lookWords = []struct {
	kind LookKind
	word string
}{{LookVisits, "visits"}, {LookSteps, "steps"}, {LookStatus, "status"}, {LookLeave, "leave"}, {LookExport, "export"}}

// Words lists the kinds of a set: "visits", "steps", "status", "leave", "export"; "record" for none of these.
func (k LookKind) Words() []string {
	var out []string
	for _, w := range lookWords {
		if k&w.kind != 0 {
			out = append(out, w.word)
		}
	}
	if len(out) == 0 {
		return []string{"record"}
	}
	return out
}

// Looked is somebody whose record was shown by a viewer.
type Looked struct {
	Person PersonID
	Campus CampusID // where they are
	Kinds  LookKind
}

// Looked lists the other people whose records were shown through this viewer, by id.
func (v *Viewer) Looked() []Looked {
	out := make([]Looked, 0, len(v.shown))
	for id, kinds := range v.shown {
		out = append(out, Looked{id, v.m.people[id].On(v.today).Campus, kinds})
	}
	slices.SortFunc(out, func(a, b Looked) int { return cmp.Compare(a.Person, b.Person) })
	return out
}

// noted adds what was shown of somebody.
func (v *Viewer) noted(id PersonID, k LookKind) {
	if id != v.p.ID {
		v.shown[id] |= k
	}
}

// AwayThrough is the last day of a leave of somebody that covers today, for those who may know of it.
func (v *Viewer) AwayThrough(id PersonID) (last Day, away bool) {
	p := v.m.people[id]
	if p == nil || !v.ask(p, Absence, "", false, false) {
		return 0, false
	}
	v.noted(id, LookLeave)
	return p.AwayThrough(v.today)
}

// A Look is one call that showed somebody's record to somebody else.
type Look struct {
	At     time.Time             `json:"at"`
	By     PersonID              `json:"by"`               // "" for the operator at the shell
	What   string                `json:"what"`             // the command or button: "observe history"
	Of     map[string][]PersonID `json:"of"`               // by the word of a kind
	Lists  []string              `json:"lists,omitempty"`  // the kinds of which the call showed more than one person
	Reason string                `json:"reason,omitempty"` // the operator's
}

// Kinds lists what a look showed of somebody: by itself, and in a list.
func (l Look) Kinds(id PersonID) (alone, listed []string) {
	for _, w := range append(LookKind(255).Words(), "record") {
		switch {
		case !slices.Contains(l.Of[w], id):
		case slices.Contains(l.Lists, w):
			listed = append(listed, w)
		default:
			alone = append(alone, w)
		}
	}
	return alone, listed
}

// DefaultAuditDays is how long a look stays on record where the district sets no other time: a school year and a month,
// so that last year's can still be asked for when this one begins.
const DefaultAuditDays = 400

// AuditDays is how many days a look stays on record.
func (d DistrictSet) AuditDays() int {
	if d.AuditKept > 0 {
		return d.AuditKept
	}
	return DefaultAuditDays
}

// NewLook makes the look of a call.
func NewLook(at time.Time, by PersonID, what string, shown []Looked) Look {
	l := Look{At: at.UTC(), By: by, What: what, Of: map[string][]PersonID{}}
	for _, s := range shown {
		for _, w := range s.Kinds.Words() {
			if !slices.Contains(l.Of[w], s.Person) {
				l.Of[w] = append(l.Of[w], s.Person)
			}
		}
	}
	for w, ids := range l.Of {
		if len(ids) > 1 {
			l.Lists = append(l.Lists, w)
		}
	}
	slices.Sort(l.Lists)
	return l
}

// KeepLook puts a look on record for as many days: one write, and one more for each further campus. A look at one person
// alone is kept under their name, so that forgetting them forgets it; in a list nothing is left of them but an id.
func KeepLook(ctx context.Context, keep Keep, call string, l Look, shown []Looked, zone *time.Location, days int) error {
	at := map[CampusID]map[PersonID]bool{}
	for _, s := range shown {
		if at[s.Campus] == nil {
			at[s.Campus] = map[PersonID]bool{}
		}
		at[s.Campus][s.Person] = true
	}
	for c, who := range at {
		part := l
		part.Of = map[string][]PersonID{}
		for w, ids := range l.Of {
			for _, id := range ids {
				if who[id] {
					part.Of[w] = append(part.Of[w], id)
				}
			}
		}
		body, err := json.Marshal(part)
		if err != nil {
			return err
		}
		about := ""
		if len(at) == 1 && len(who) == 1 {
			about = string(shown[0].Person)
		}
		key := lookPrefix(c, DayOf(l.At, zone)) + l.At.In(zone).Format("150405") + "/" + call
		if _, err := keep.PutIfAbsent(ctx, key, body, time.Duration(days)*24*time.Hour, about); err != nil {
			return err
		}
	}
	return nil
}

func lookPrefix(c CampusID, d Day) string {
	if c == "" {
		c = "-" // no campus is called so
	}
	return fmt.Sprintf("audit/%s/%s/", c, d)
}

// LookCampuses are where looks at somebody may be kept: every campus they ever were at.
func (p *Person) LookCampuses() []CampusID {
	var out []CampusID
	for _, s := range p.Stints {
		if !s.Gone && !slices.Contains(out, s.Campus) {
			out = append(out, s.Campus)
		}
	}
	return out
}

// Looks calls each for every look at somebody on the days from..to, the latest day first, and stops when each returns
// false. It reads what was kept of their campuses on these days, and no more.
func Looks(ctx context.Context, keep Keep, of PersonID, campuses []CampusID, from, to Day, each func(Look) bool) error {
	for d := to; d >= from; d-- {
		var day []Look
		for _, c := range campuses {
			err := keep.List(ctx, lookPrefix(c, d), func(_ string, v []byte) error {
				if !strings.Contains(string(v), string(of)) {
					return nil // most of a campus's looks are not at this person: not worth decoding
				}
				var l Look
				if err := json.Unmarshal(v, &l); err != nil {
					return nil //nolint:nilerr // one line that cannot be read must not hide the others
				}
				if alone, listed := l.Kinds(of); len(alone)+len(listed) > 0 {
					day = append(day, l)
				}
				return nil
			})
			if err != nil {
				return err
			}
		}
		slices.SortStableFunc(day, func(a, b Look) int { return b.At.Compare(a.At) })
		for _, l := range day {
			if !each(l) {
				return nil
			}
		}
	}
	return nil
}
