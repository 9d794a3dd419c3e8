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
	sort   string    // which notice: "note", "step", "talk"; which check-back: "own", "theirs"
	since  time.Time // what is new after this instant: of what sums up a stretch of days

	closed string  // why the calendar takes its own day away
	asked  bool    // somebody pressed "Post now": neither the calendar nor quiet hours hold it
	edits  bot.Ref // the post that it changes, where it is no post of its own
	says   string  // of an agenda and its changes: when the meeting takes place by the message; see school.MeetingSaid
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

// kinds are all of them. Where somebody would get more in a week than the district allows, those with the highest
// priority number are left out first; notices and what goes to rooms count for nothing there.
var kinds = []kind{notices, agendas, agendaOffs, agendaMoves, starts, previews, digests, checkbacks, plans, feedbacks, dues, answerSums, grows}

// Kinds lists the names of all kinds, in the order of their priority.
func Kinds() []string {
	out := make([]string, len(kinds))
	for i := range kinds {
		out[i] = kinds[i].name
	}
	return out
}

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
	fired    map[tableKey][]firing
	may      map[string]bool // by kind; see mayFire
	weekBy   func(leader school.PersonID) (school.WeekPlan, bool)
	tally    *tally
	ahead    bool // the window lies in the future: what it holds is not here yet, and will come in turn
}

// tableKey names a timetable: most campuses of a zone follow one calendar.
type tableKey struct {
	kind string
	cal  *school.Calendar
	zone string
}

func newPlanning(m *school.Model, d bot.District, from, now time.Time) *planning {
	return &planning{
		m: m, district: d, from: from, told: from, now: now,
		tables: map[tableKey]timetable{}, fired: map[tableKey][]firing{}, may: map[string]bool{}, tally: newTally(),
	}
}

// at is the same look at another instant.
func (p *planning) at(now time.Time) *planning {
	q := *p
	q.now, q.fired, q.may, q.weekBy = now, map[tableKey][]firing{}, map[string]bool{}, nil
	return &q
}

func (p *planning) all(ks []kind) []Occurrence {
	var out []Occurrence
	for i := range ks {
		out = append(out, p.candidates(&ks[i])...)
	}
	slices.SortFunc(out, judged)
	for i := range out {
		p.decide(&out[i])
	}
	slices.SortFunc(out, before)
	return out
}

// before is the order in which things are sent.
func before(a, b Occurrence) int {
	return cmp.Or(cmp.Compare(a.Priority, b.Priority), a.At.Compare(b.At), strings.Compare(a.Name, b.Name))
}

// judged is the order in which things are judged: where only some of them may be sent, what matters most comes first,
// and the latest of one rule before those that it stands for.
func judged(a, b Occurrence) int {
	return cmp.Or(cmp.Compare(a.Priority, b.Priority), b.At.Compare(a.At), strings.Compare(a.Name, b.Name))
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
		o.Kind, o.Priority = k.name, cmp.Or(o.Priority, k.priority)
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

// decide judges a candidate beside those that were decided before it: of several of one rule to one audience the
// latest stands for all, and what goes to somebody leaves less room for the rest of their week.
func (p *planning) decide(o *Occurrence) {
	if p.judge(o); o.Status != Due {
		return
	}
	if o.series != "" {
		if p.tally.stands[o.series] {
			o.Status, o.Reason = Dropped, "a later one stands for it"
			return
		}
		p.tally.stands[o.series] = true
	}
	p.take(o)
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

// table is when a kind fires for a campus in a zone.
func (p *planning) table(kind string, campus school.CampusID, zone *time.Location) timetable {
	key := tableKey{kind, p.m.Calendar(campus), zone.String()}
	t, ok := p.tables[key]
	if !ok {
		t = timetable{kind: kind, set: p.m.RulesSet(kind), cal: key.cal, zone: zone}
		p.tables[key] = t
	}
	return t
}

// firings are the times in the look's window at which a kind's rule fires for a campus in a zone.
func (p *planning) firings(kind string, campus school.CampusID, zone *time.Location) []firing {
	key := tableKey{kind, p.m.Calendar(campus), zone.String()}
	fs, ok := p.fired[key]
	if !ok {
		fs = p.table(kind, campus, zone).firings(p.from, p.now)
		p.fired[key] = fs
	}
	return fs
}

// leaders calls each for every leader and every time in the window at which a kind's rule fires for them.
func (p *planning) leaders(kind string, each func(id school.PersonID, campus school.CampusID, f firing)) {
	if !p.mayFire(kind) {
		return
	}
	for _, id := range p.m.Leaders(p.now) {
		who, _ := p.m.Person(id)
		campus := who.Now().Campus
		for _, f := range p.firings(kind, campus, p.m.ZoneOf(id)) {
			each(id, campus, f)
		}
	}
}

// last is the last time before a firing at which the rule fired on a day that stands. Where there is none in four
// weeks, it is four weeks ago.
func (p *planning) last(kind string, campus school.CampusID, zone *time.Location, f firing) firing {
	t := p.table(kind, campus, zone)
	for d := f.Day; d > f.Day-28; d-- {
		for _, e := range slices.Backward(t.on(d)) {
			if e.Closed == "" && e.At.Before(f.At) {
				return e
			}
		}
	}
	return firing{Day: f.Day - 28, At: (f.Day - 28).At(0, zone)}
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
