package reminders

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"rounds/bot"
	"rounds/school"
)

// Status is where an occurrence stands.
type Status string

// The statuses.
const (
	Due     Status = "due"     // to be sent now
	Held    Status = "held"    // not sent, with a reason; until Again where that is set, else for good
	Dropped Status = "dropped" // not sent: its time has passed, or a later one stands for it
)

// An Occurrence is one thing that the clock asks: one message to one person or room, at most once ever.
type Occurrence struct {
	Name     string // what it is about; a duplicate is impossible by name
	Kind     string // KindPlan, KindAgenda, …
	At       time.Time
	Until    time.Time       // the end of its catch-up window: later it is not worth sending
	To       school.PersonID // for a direct message, else Room
	Room     string          // as the record writes it: "slack:T01:C02"
	Status   Status
	Reason   string
	Again    time.Time // held: when it is worth another look; zero: it is held for good
	Priority int       // the lower goes first

	Campus school.CampusID
	Team   school.TeamID
	Day    school.Day // the slot of an agenda, the Monday of a digest
	N      int64      // the visit, step or answer of a notice
	From   school.PersonID
	sort   string // which notice: "note", "step", "talk"

	closed string  // why the calendar takes its own day away
	asked  bool    // somebody pressed "Post now": neither the calendar nor quiet hours hold it
	edits  bot.Ref // the post that it changes, where it is no post of its own
	series string  // of one rule to one audience: several missed collapse into the latest
	space  string  // the workspace it goes to, for pacing
}

// A kind is one kind of reminder. Each has a file.
type kind struct {
	name     string
	words    string // "plan of the week"
	priority int
	urgent   bool // is put before what waits for its turn in a long run
	// find lists the candidates after p.from and up to p.now, with At, Until and whom they are for.
	find func(p *planning) []Occurrence
	// done says why there is nothing left to say, or "".
	done func(p *planning, o *Occurrence) string
	// title says what would be sent, for people: counts, campuses and teams, never persons.
	title func(p *planning, o []Occurrence) string
}

// kinds are all of them, in the order of their priority.
var kinds = []kind{notices, agendas, agendaOffs, previews, digests, plans}

func kindOf(name string) *kind {
	for i := range kinds {
		if kinds[i].name == name {
			return &kinds[i]
		}
	}
	return nil
}

// Plan lists what falls due after from and up to now, each with what is to be done about it: sent, held
// for a reason, or dropped. It is pure. What is settled already, posted or dropped, is not in it.
func Plan(m *school.Model, d bot.District, from, now time.Time) []Occurrence {
	p := newPlanning(m, d, from, now)
	return p.all(kinds)
}

// planning is one look at a model: its window of time, and what several candidates ask alike.
type planning struct {
	m        *school.Model
	district bot.District
	from     time.Time
	told     time.Time // where notices begin: from, or earlier for one that waits
	now      time.Time
	tables   map[tableKey]timetable
	sent     map[school.PersonID]int // reminders in the week of sentWeek
	sentWeek int64
}

type tableKey struct {
	kind   string
	campus school.CampusID
	zone   string
}

func newPlanning(m *school.Model, d bot.District, from, now time.Time) *planning {
	return &planning{m: m, district: d, from: from, told: from, now: now, tables: map[tableKey]timetable{}}
}

// at is the same look at another instant.
func (p *planning) at(now time.Time) *planning {
	q := *p
	q.now = now
	return &q
}

func (p *planning) all(ks []kind) []Occurrence {
	var out []Occurrence
	for i := range ks {
		for _, o := range p.candidates(&ks[i]) {
			p.judge(&o)
			out = append(out, o)
		}
	}
	collapse(out)
	slices.SortFunc(out, before)
	return out
}

// before is the order in which things are sent.
func before(a, b Occurrence) int {
	return cmp.Or(cmp.Compare(a.Priority, b.Priority), a.At.Compare(b.At), strings.Compare(a.Name, b.Name))
}

// candidates are a kind's occurrences that are not settled yet.
func (p *planning) candidates(k *kind) []Occurrence {
	found := k.find(p)
	out := found[:0]
	seen := map[string]bool{}
	for _, o := range found {
		if seen[o.Name] || p.settled(&o) {
			continue
		}
		seen[o.Name] = true
		o.Kind, o.Priority = k.name, k.priority
		out = append(out, o)
	}
	return out
}

// settled tells whether the log has an end of the occurrence: posted, or dropped and not asked for since.
func (p *planning) settled(o *Occurrence) bool {
	s, ok := p.m.SentAs(o.Name)
	return ok && (s.Dropped == "" || !o.asked || s.At >= o.At.Unix())
}

// judge decides what is to be done about a candidate at p.now.
func (p *planning) judge(o *Occurrence) {
	if !o.Until.After(p.now) && o.closed == "" {
		o.Status, o.Reason = Dropped, p.missed(o)
		return
	}
	for _, s := range stages {
		if reason, again := s.hold(p, o); reason != "" {
			o.Status, o.Reason, o.Again = Held, reason, again
			return
		}
	}
	o.Status = Due
}

// missed says why something was not sent inside its window.
func (p *planning) missed(o *Occurrence) string {
	if why, _ := quiet(p.at(o.Until.Add(-time.Second)), o); why != "" {
		return "its time passed in " + why
	}
	if why, _ := onLeave(p.at(o.Until.Add(-time.Second)), o); why == "on leave" {
		return "its time passed during leave"
	}
	return "its time had passed before it could be sent"
}

// collapse leaves the latest of several that fall due together of one rule for one audience.
func collapse(all []Occurrence) {
	latest := map[string]int{}
	for i := range all {
		o := &all[i]
		if o.Status != Due || o.series == "" {
			continue
		}
		j, ok := latest[o.series]
		if !ok {
			latest[o.series] = i
			continue
		}
		if all[j].At.After(o.At) {
			i, j = j, i
		}
		all[j].Status, all[j].Reason = Dropped, "a later one stands for it"
		latest[o.series] = i
	}
}

// table is when a kind fires for a campus in a zone.
func (p *planning) table(kind string, campus school.CampusID, zone *time.Location) timetable {
	key := tableKey{kind, campus, zone.String()}
	t, ok := p.tables[key]
	if !ok {
		t = timetable{kind: kind, set: p.m.RulesSet(kind), cal: p.m.Calendar(campus), zone: zone}
		p.tables[key] = t
	}
	return t
}

// name makes the name of an occurrence.
func (p *planning) name(parts ...string) string {
	return string(p.district) + "/" + strings.Join(parts, "/")
}

// zone is the zone of whoever gets it.
func (p *planning) zone(o *Occurrence) *time.Location {
	if o.To != "" {
		return p.m.ZoneOf(o.To)
	}
	return p.m.CampusZone(o.Campus)
}

// calendar is the calendar of whoever gets it.
func (p *planning) calendar(o *Occurrence) *school.Calendar {
	if o.To != "" {
		if who, ok := p.m.Person(o.To); ok {
			return p.m.Calendar(who.Now().Campus)
		}
	}
	return p.m.Calendar(o.Campus)
}

// spaceOf is the workspace that a message goes to.
func (p *planning) spaceOf(o *Occurrence) string {
	account := strings.ReplaceAll(o.Room, ":", " ")
	if o.To != "" {
		if who, ok := p.m.Person(o.To); ok && len(who.Accounts) > 0 {
			account = who.Accounts[0]
		}
	}
	platform, rest, _ := strings.Cut(account, " ")
	workspace, _, _ := strings.Cut(rest, " ")
	return platform + " " + workspace
}
