package ical

import (
	"fmt"
	"slices"
	"strings"

	"rounds/school"
)

// Propose makes a row of every event of a calendar that was read with Options.All. None is confirmed; an event that
// may say something about its days has no class and says in why what it may be. campuses are whose calendar it is, none: every one's.
func Propose(cal *Calendar, name string, campuses []school.CampusID) (out []Row) {
	name = strings.ToValidUTF8(oneLine(name), "?")
	for _, e := range cal.Events {
		w := Row{Class: e.Class, Days: e.Days, Campuses: campuses, Event: e.Name, Why: e.Why, Calendar: name, UID: e.UID}
		switch {
		case e.Class == "":
			w.Class = Ignore
		case !e.Sure:
			w.Class, w.Why = "", fmt.Sprintf("perhaps %s: %s", e.Class, e.Why)
		}
		if w.UID == "" {
			w.UID = noUID
		}
		if e.Cancelled {
			w.Note = noteCancelled
		}
		out = append(out, w)
	}
	SortRows(out)
	return out
}

// noUID marks a row whose event has none, which the format forbids: a row without a calendar and a UID is one that a person added.
const noUID = "(none)"

// The notes that an import leaves.
const (
	noteNew       = "new"
	noteCancelled = "cancelled in the calendar"
	noteGone      = "no longer in the calendar; take the row out, or keep it"
)

// Change is one thing that a merge found.
type Change struct {
	Row  Row
	What string // new, moved, renamed, cancelled, gone
}

// Merge puts what a calendar proposes now to what a person decided before. A row is the same when its event and its dates are: by
// UID, or by name where the program that exports gives new UIDs each time. Then everything that the person wrote stays. A row
// that moved, or got a name that says something else, keeps its class and waits to be confirmed again. One whose event is
// gone stays in force as it was, with a note: some programs export only what is still to come. Rows of other calendars and rows
// that a person added stay untouched. calendar is the name under which the events come.
func Merge(old, now []Row, calendar string) (rows []Row, changes []Change) {
	p := pairing{old: old, now: now, of: make([]int, len(now)), taken: make([]bool, len(old))}
	for i := range p.of {
		p.of[i] = -1
	}
	dated, loose := false, true
	p.pair(dated, uidIsOwn, func(w Row) string { return key(w, w.UID, true, w.Event) })
	p.pair(dated, nil, func(w Row) string { return key(w, "", true, w.Event) })
	p.pair(loose, uidIsOwn, func(w Row) string { return key(w, w.UID, true, "") })
	p.pair(loose, uidIsOwn, func(w Row) string { return key(w, w.UID, false, w.Event) })
	p.pair(loose, uidIsOwn, func(w Row) string { return key(w, w.UID, false, "") })
	p.pair(loose, func(w Row) bool { return w.Calendar == calendar }, func(w Row) string { return key(w, "", false, w.Event) })
	for i, n := range now {
		if p.of[i] < 0 {
			if n.Note == "" && len(old) > 0 {
				n.Note = noteNew
			}
			if n.Note == noteCancelled {
				continue // nobody knew of it
			}
			rows = append(rows, n)
			if n.Class != Ignore {
				changes = append(changes, Change{n, noteNew})
			}
			continue
		}
		w, what := kept(old[p.of[i]], n)
		rows = append(rows, w)
		if what != "" {
			changes = append(changes, Change{w, what})
		}
	}
	for i, w := range old {
		switch {
		case p.taken[i]:
		case w.Calendar != calendar:
			rows = append(rows, w)
		case w.Confirmed && w.Class != Ignore:
			w.Note = noteGone
			rows = append(rows, w)
			changes = append(changes, Change{w, "gone"})
		case w.Class != Ignore:
			changes = append(changes, Change{w, "gone"})
		}
	}
	SortRows(rows)
	return rows, changes
}

// pairing finds for each row of now the row of old that is about the same event.
type pairing struct {
	old, now []Row
	of       []int // by row of now; -1 is none
	taken    []bool
}

// pair pairs what has the same key, one for one in the order of the file. A loose key, which does not hold both name and dates,
// pairs only what has it alone on both sides: some programs give one UID to everything.
func (p *pairing) pair(loose bool, may func(Row) bool, key func(Row) string) {
	free, asked := map[string][]int{}, map[string]int{}
	for i, w := range p.old {
		if !p.taken[i] && (may == nil || may(w)) {
			free[key(w)] = append(free[key(w)], i)
		}
	}
	for i, w := range p.now {
		if p.of[i] < 0 && (may == nil || may(w)) {
			asked[key(w)]++
		}
	}
	for i, w := range p.now {
		if p.of[i] >= 0 || may != nil && !may(w) {
			continue
		}
		k := key(w)
		if list := free[k]; len(list) > 0 && (!loose || len(list) == 1 && asked[k] == 1) {
			p.of[i], p.taken[list[0]] = list[0], true
			free[k] = list[1:]
		}
	}
}

// uidIsOwn tells whether the row has a UID to go by.
func uidIsOwn(w Row) bool { return w.UID != "" && w.UID != noUID }

func key(w Row, uid string, dates bool, name string) string {
	var b strings.Builder
	b.WriteString(uid + "\x00" + strings.ToLower(name) + "\x00")
	if dates {
		for _, d := range w.Days {
			fmt.Fprintf(&b, "%d ", d)
		}
	}
	return b.String()
}

// kept is the row of a person with what the calendar says of it now, and what that changed.
func kept(w, n Row) (Row, string) {
	was := w
	moved := !slices.Equal(was.Days, n.Days)
	renamed := was.Event != n.Event && meaning(was.Event) != meaning(n.Event)
	if w.UID == n.UID || w.Calendar == "" {
		w.Calendar = n.Calendar
	}
	w.Event, w.Days, w.UID = n.Event, n.Days, n.UID
	if moved || renamed {
		w.Why = n.Why
	}
	if renamed && (!was.Confirmed || was.Class == Ignore) { // that was about the old name
		w.Class = n.Class
	}
	switch {
	case n.Note == noteCancelled && was.Note == noteCancelled:
		return w, ""
	case n.Note == noteCancelled && (!was.Confirmed || was.Class == Ignore):
		w.Class, w.Note = Ignore, noteCancelled
		return w, ""
	case n.Note == noteCancelled:
		w.Confirmed, w.Note = false, noteCancelled
		return w, "cancelled"
	case moved && was.Confirmed && was.Class == Ignore && !renamed: // noise may move as it likes
		return w, ""
	case renamed:
		w.Confirmed, w.Note = false, fmt.Sprintf("renamed; it was %q", was.Event)
		if moved {
			w.Note += " on " + written(was.Days)
		}
	case moved:
		w.Confirmed, w.Note = false, "moved; it was "+written(was.Days)
	default:
		if was.Confirmed { // a person has seen the note
			w.Note = ""
		}
		return w, ""
	}
	switch {
	case w.Class == Ignore:
		return w, ""
	case renamed:
		return w, "renamed"
	}
	return w, "moved"
}

func meaning(name string) Reading {
	r := classify(name, nil)
	return Reading{Class: r.Class, Sure: r.Sure}
}

// written says days as the file does, in one piece.
func written(days []school.Day) string {
	from, to, on, except := pattern(days)
	s := from
	if to != from {
		s += " to " + to
	}
	if strings.Contains(on, "-") {
		return strings.ReplaceAll(on, ";", ", ")
	}
	if on != "" {
		s += " on " + strings.ReplaceAll(on, ";", ", ")
	}
	if except != "" {
		s += " except " + strings.ReplaceAll(except, ";", ", ")
	}
	return s
}
