package school

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"sort"
	"time"
)

// Model is everything the log says, in memory. It is only written by Apply, in version
// order, by one goroutine; readers hold Book's lock. Queries on a person's record go
// through a Viewer (policy.go); what is exported here is roster, calendar, rules and aggregates.
type Model struct {
	version int64
	unknown string // a kind marked must that this program does not know
	skipped int    // unknown kinds that were kept and skipped

	district  DistrictSet
	zone      *time.Location
	campuses  map[CampusID]*Campus
	calendars map[CampusID]*Calendar // "" is the district's
	calFacts  map[CampusID]CalendarSet
	declared  []declaration

	people   map[PersonID]*Person
	roster   []*Person // by index; indices are never reused
	placed   map[place][]*Person
	accounts map[string]PersonID
	asked    []AccountAsked
	leaveBy  map[int64]LeaveSet // by version
	unlinked map[string]bool    // accounts that were taken off: nothing links them again by itself

	teams    map[TeamID]*Team
	teamSeq  []*Team
	everTeam map[TeamID]*Team // of teamSeq, those that are gone included
	teamsBy  derived[teamBook]
	namesBy  derived[nameBook]
	campusBy derived[[]*Campus]
	zonesBy  derived[[]*time.Location]
	targets  []Target
	rules    map[string]Rule
	ruleLog  map[string][]Rule // every rule ever set, the oldest first
	calAt    map[CampusID]time.Time
	calLast  time.Time // the latest of calAt
	files    map[string]map[string]string

	visits    visitStore
	steps     []*Step
	stepsOf   map[int32][]*Step    // of a subject
	liveOf    map[int32]*liveSteps // the open ones of a subject
	liveBy    map[int32]*liveSteps // and of an author
	focusKeys []string
	focusEver map[string]Focus // by key, every area that a district ever listed
	moreFocus map[uint32][]string
	amended   map[uint32]*amendment // by visit
	sharedLog []sharedMark          // visits in the order they were shared, for notices
	talkLog   []*Step               // steps in the order in which "Let's talk" was said of them
	live      liveSteps             // of everybody

	items       map[slotKey][]Item
	commitments []*Commitment
	commitsOf   map[TeamID][]*Commitment
	meetings    map[slotKey]*MeetingMark
	digests     map[digestKey]DigestDecided
	digestBy    map[digestKey]int64
	digestAt    map[digestKey]time.Time
	digestLast  time.Time // the latest of digestAt
	snoozes     map[PersonID][]Snoozed
	welcomed    map[PersonID]bool
	ratings     map[PersonID][]Rated
	goals       map[PersonID][]GoalSet
	growth      map[PersonID]*growth
	sent        map[string]SentMark
	sentOn      map[int64][]string // occurrences by the day (UTC) of their recording, for SentSince
	sentTo      int64              // the last of these days
	said        map[slotKey]saidMark
	teamMoved   time.Time // see TeamsMovedAt

	texts map[string]string // names, e-mails and accounts, loaded at start and as they come
	words map[string]string // strings of which one copy is kept; see once
}

type slotKey struct {
	team TeamID
	slot Day
}

// place is where people are looked for: everybody who ever had the role at the campus ("" for any role), or the
// observer on their caseload list. Who was at a place may have left it, and may be listed twice.
type place struct {
	campus   CampusID
	role     Role
	observer PersonID
}

type digestKey struct {
	campus CampusID
	week   Day
}

// Campus is one school.
type Campus struct {
	CampusSet
	zone *time.Location
}

// Person is somebody on the roster.
type Person struct {
	ID        PersonID
	Name      string // "Dana Whitfield"
	Email     string
	ChatEmail string
	Years     int
	Start     Day
	Stints    []Stint // by From; the last one stands now
	Leaves    []LeaveSet
	Accounts  []string // "slack T01 U02", the one linked last first
	index     int32
	visits    chain  // to them
	kinds     heads  // the visits to them by kind
	made      chain  // by them
	full      string // Name and Last() as Fold spells them, for finding people
	last      string
}

// Stint is what somebody was from a day on.
type Stint struct {
	From      Day
	Gone      bool
	Role      Role
	Campus    CampusID
	Campuses  []CampusID
	Schedule  Schedule
	Observers []PersonID
}

// Team is a PLC team.
type Team struct {
	TeamSet
	index  int32
	visits chain
	kinds  heads

	rhythms []Rhythm // as they were set, the one that holds last
}

// SentMark is what is remembered of an occurrence that was handled.
type SentMark struct {
	At      int64 // Unix seconds of the recording
	Due     int64
	About   string
	To      PersonID
	Room    string
	Ref     string
	Dropped string
	Version int64
}

// NewModel is the model of the empty log.
func NewModel() *Model {
	return &Model{
		zone:      time.UTC,
		campuses:  map[CampusID]*Campus{},
		calendars: map[CampusID]*Calendar{},
		calFacts:  map[CampusID]CalendarSet{},
		people:    map[PersonID]*Person{},
		placed:    map[place][]*Person{},
		accounts:  map[string]PersonID{},
		leaveBy:   map[int64]LeaveSet{},
		unlinked:  map[string]bool{},
		teams:     map[TeamID]*Team{},
		rules:     map[string]Rule{},
		ruleLog:   map[string][]Rule{},
		calAt:     map[CampusID]time.Time{},
		files:     map[string]map[string]string{},
		stepsOf:   map[int32][]*Step{},
		focusEver: map[string]Focus{},
		moreFocus: map[uint32][]string{},
		amended:   map[uint32]*amendment{},
		liveOf:    map[int32]*liveSteps{},
		liveBy:    map[int32]*liveSteps{},
		everTeam:  map[TeamID]*Team{},
		commitsOf: map[TeamID][]*Commitment{},
		items:     map[slotKey][]Item{},
		meetings:  map[slotKey]*MeetingMark{},
		digests:   map[digestKey]DigestDecided{},
		digestBy:  map[digestKey]int64{},
		digestAt:  map[digestKey]time.Time{},
		snoozes:   map[PersonID][]Snoozed{},
		welcomed:  map[PersonID]bool{},
		ratings:   map[PersonID][]Rated{},
		goals:     map[PersonID][]GoalSet{},
		growth:    map[PersonID]*growth{},
		sent:      map[string]SentMark{},
		sentOn:    map[int64][]string{},
		said:      map[slotKey]saidMark{},
		texts:     map[string]string{},
		words:     map[string]string{},
	}
}

// Version is the version of the last event the model has seen.
func (m *Model) Version() int64 { return m.version }

// Skipped counts events of kinds this program does not know.
func (m *Model) Skipped() int { return m.skipped }

// District is what holds for the whole district.
func (m *Model) District() DistrictSet { return m.district }

// Zone is the district's time zone.
func (m *Model) Zone() *time.Location { return m.zone }

// Campuses lists the campuses by id.
func (m *Model) Campuses() []*Campus {
	return slices.Clone(m.campusBy.get(func() []*Campus {
		out := make([]*Campus, 0, len(m.campuses))
		for _, c := range m.campuses {
			out = append(out, c)
		}
		sort.Slice(out, func(i, j int) bool { return out[i].ID < out[j].ID })
		return out
	}))
}

// Campus finds a campus.
func (m *Model) Campus(id CampusID) (*Campus, bool) { c, ok := m.campuses[id]; return c, ok }

// CampusName is the name people know, or "the district".
func (m *Model) CampusName(id CampusID) string {
	if c, ok := m.campuses[id]; ok {
		return c.Name
	}
	return "the district"
}

// CampusZone is the zone of a campus, the district's for "".
func (m *Model) CampusZone(id CampusID) *time.Location {
	if c, ok := m.campuses[id]; ok && c.zone != nil {
		return c.zone
	}
	return m.zone
}

// emptyCalendar has no school day at all: a district without a calendar gets no reminders.
var emptyCalendar = &Calendar{Name: "none", First: 1, Last: 1, days: make([]dayBits, 1)}

// Calendar is the calendar of a campus; it is never nil.
func (m *Model) Calendar(id CampusID) *Calendar {
	if c, ok := m.calendars[id]; ok {
		return c
	}
	if c, ok := m.calendars[""]; ok {
		return c
	}
	return emptyCalendar
}

// ZoneOf is a person's zone: the home campus's; with several, the district's.
func (m *Model) ZoneOf(id PersonID) *time.Location {
	p, ok := m.people[id]
	if !ok {
		return m.zone
	}
	if s := p.Now(); len(s.Campuses) <= 1 {
		return m.CampusZone(s.Campus)
	}
	return m.zone
}

// Zones lists the zones of the district and its campuses, each once.
func (m *Model) Zones() []*time.Location {
	return slices.Clone(m.zonesBy.get(func() []*time.Location {
		out := []*time.Location{m.zone}
		for _, c := range m.Campuses() {
			z := m.CampusZone(c.ID)
			if !slices.ContainsFunc(out, func(have *time.Location) bool { return have.String() == z.String() }) {
				out = append(out, z)
			}
		}
		return out
	}))
}

// Person finds somebody on the roster, people who left included.
func (m *Model) Person(id PersonID) (*Person, bool) { p, ok := m.people[id]; return p, ok }

// Name is the name of a person, or "someone who left".
func (m *Model) Name(id PersonID) string {
	if p, ok := m.people[id]; ok && p.Name != "" {
		return p.Name
	}
	return "someone who left"
}

// People lists everybody who is on the roster now, by name.
func (m *Model) People() []*Person {
	return slices.Clone(m.nameLists().sorted)
}

// Names lists the names of People. The slice is the same until somebody comes, goes or is renamed, and must not be
// written to.
func (m *Model) Names() []string { return m.nameLists().names }

// Now is what the person is at present.
func (p *Person) Now() Stint {
	if len(p.Stints) == 0 {
		return Stint{Gone: true}
	}
	return p.Stints[len(p.Stints)-1]
}

// On is what the person was on a day; Gone before their first day.
func (p *Person) On(d Day) Stint {
	for _, v := range slices.Backward(p.Stints) {
		if v.From <= d {
			return v
		}
	}
	return Stint{Gone: true}
}

// Away tells whether the person is on leave that day.
func (p *Person) Away(d Day) bool {
	_, away := p.AwayThrough(d)
	return away
}

// AwayThrough is the last day of a leave that covers the day; away is false when none does.
func (p *Person) AwayThrough(d Day) (last Day, away bool) {
	for _, l := range p.Leaves {
		if d >= l.From && d <= l.To {
			last, away = max(last, l.To), true
		}
	}
	return last, away
}

// Last is the last word of the name.
func (p *Person) Last() string { return lastName(p.Name) }

// At tells whether the stint is at that campus.
func (s Stint) At(c CampusID) bool {
	if s.Campus == c {
		return true
	}
	return slices.Contains(s.Campuses, c)
}

// Leader tells whether the role visits classrooms.
func (r Role) Leader() bool {
	switch r {
	case Lead, Coach, AP, Principal, Supervisor:
		return true
	}
	return false
}

// Administers tells whether the role appraises: its texts are of class Evaluation.
func (r Role) Administers() bool { return r == AP || r == Principal || r == Supervisor }

// Words says a role as it is shown.
func (r Role) Words() string {
	switch r {
	case Teacher:
		return "teacher"
	case Lead:
		return "teacher leader"
	case Coach:
		return "coach"
	case AP:
		return "assistant principal"
	case Principal:
		return "principal"
	case Supervisor:
		return "principal supervisor"
	case Office:
		return "district office"
	}
	return string(r)
}

// ByAccount finds the person behind a chat account.
func (m *Model) ByAccount(platform, workspace, user string) (PersonID, bool) {
	id, ok := m.accounts[AccountText(platform, workspace, user)]
	if ok && m.people[id] != nil && m.people[id].Now().Gone {
		return "", false
	}
	return id, ok
}

// TakenOff tells whether an account was taken off its person and is linked to nobody since: only an administrator's
// confirmation links it again.
func (m *Model) TakenOff(platform, workspace, user string) bool {
	return m.unlinked[AccountText(platform, workspace, user)]
}

// AccountText is the body of an account text.
func AccountText(platform, workspace, user string) string {
	return platform + " " + workspace + " " + user
}

// AskedLinks lists the accounts that wait for an administrator: account and e-mail.
func (m *Model) AskedLinks() [][2]string {
	var out [][2]string
	for _, a := range m.asked {
		if acc := m.texts[a.Account]; acc != "" && m.accounts[acc] == "" {
			out = append(out, [2]string{acc, m.texts[a.Email]})
		}
	}
	return out
}

// Teams lists the teams by id.
func (m *Model) Teams() []*Team {
	return slices.Clone(m.teamLists().all)
}

// TeamsAt lists the teams of a campus by id.
func (m *Model) TeamsAt(c CampusID) []*Team { return slices.Clone(m.teamLists().at[c]) }

// Team finds a team.
func (m *Model) Team(id TeamID) (*Team, bool) { t, ok := m.teams[id]; return t, ok }

// Targets lists the targets in force.
func (m *Model) Targets() []Target { return m.targets }

// Rule is when a kind of reminder goes out, and whether the district set it.
func (m *Model) Rule(kind string) (Rule, bool) { r, ok := m.rules[kind]; return r, ok }

// Rules lists the rules that the district set.
func (m *Model) Rules() []Rule {
	out := make([]Rule, 0, len(m.rules))
	for _, r := range m.rules {
		out = append(out, r)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].ID < out[j].ID })
	return out
}

// FileKeys is what a file said when it was applied last: a hash for each of its keys.
func (m *Model) FileKeys(file string) map[string]string { return m.files[file] }

// UID makes the number under which the texts of one visit, step or item are found: the same
// command makes the same numbers when it is tried again.
func UID(command string, n int) uint64 {
	h := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d", command, n))
	return binary.BigEndian.Uint64(h[:8])
}

// NoteKey is the key of a text that belongs to a UID: NoteKey(v.UID, "glow").
func NoteKey(uid uint64, what string) string { return fmt.Sprintf("n%016x.%s", uid, what) }

// WelcomedAlready tells whether the person was told what Rounds keeps.
func (m *Model) WelcomedAlready(p PersonID) bool { return m.welcomed[p] }

// SentAs is what became of an occurrence; ok is false while it was neither posted nor dropped.
func (m *Model) SentAs(occurrence string) (SentMark, bool) {
	s, ok := m.sent[occurrence]
	return s, ok
}

// SentSince calls each for everything posted or dropped at or after t, in no order.
func (m *Model) SentSince(t time.Time, each func(occurrence string, s SentMark)) {
	since := t.Unix()
	from := since / sentDay
	if int64(len(m.sentOn)) < m.sentTo-from { // from the beginning: fewer days have something than lie between
		for k, s := range m.sent {
			if s.At >= since {
				each(k, s)
			}
		}
		return
	}
	for d := from; d <= m.sentTo; d++ {
		for _, k := range m.sentOn[d] {
			if s := m.sent[k]; s.At >= since {
				each(k, s)
			}
		}
	}
}

// sentDay is a day of sentOn in seconds.
const sentDay = 24 * 60 * 60

// markSent notes the end of an occurrence. A year has thousands of them, and the clock asks for those of the week at each one.
func (m *Model) markSent(e Event, f Sent) {
	was, again := m.sent[f.Occurrence]
	if again && was.Dropped == "" {
		return // posted once is posted
	}
	s := SentMark{At: e.At.Unix(), Due: f.Due, About: once(m, f.About), To: once(m, f.To), Room: once(m, f.Room), Ref: f.Ref, Dropped: once(m, f.Dropped), Version: e.Version}
	day := s.At / sentDay
	if old := was.At / sentDay; again {
		m.sentOn[old] = slices.DeleteFunc(m.sentOn[old], func(k string) bool { return k == f.Occurrence })
	}
	m.sentOn[day] = append(m.sentOn[day], f.Occurrence)
	m.sentTo = max(m.sentTo, day)
	m.sent[f.Occurrence] = s
	if f.Meeting != nil && f.Dropped == "" {
		k := slotKey{once(m, f.Meeting.Team), f.Meeting.Slot}
		mark := m.said[k]
		if mark.N == 0 {
			mark.First, mark.Room = f.Meeting.Says, s.Room
		}
		mark.Says, mark.N = f.Meeting.Says, e.Version
		m.said[k] = mark
	}
}

// Snooze tells whether reminders of a kind are snoozed for somebody on a day, and until when.
func (m *Model) Snooze(p PersonID, kind string, d Day) (until Day, ok bool) {
	for _, s := range m.snoozes[p] {
		if (s.What == kind || s.What == "all") && d < s.Until && s.Until > until {
			until, ok = s.Until, true
		}
	}
	return until, ok
}

// Digest is what the digest's owner decided about a campus's week, and the version of the decision.
func (m *Model) Digest(c CampusID, week Day) (DigestDecided, int64, bool) {
	d, ok := m.digests[digestKey{c, week}]
	return d, m.digestBy[digestKey{c, week}], ok
}

// at lists, in roster order, everybody who ever was at one of the places.
func (m *Model) at(places ...place) []*Person {
	var out []*Person
	for _, at := range places {
		out = append(out, m.placed[at]...)
	}
	slices.SortFunc(out, func(a, b *Person) int { return int(a.index - b.index) })
	return slices.Compact(out)
}

// everywhere lists the campuses of a stint, each once; somebody of the district has the campus "".
func (s Stint) everywhere() []CampusID {
	out := []CampusID{s.Campus}
	for _, c := range s.Campuses {
		if !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}

// teamsOn lists the teams at the campuses of a stint, in the order in which they came.
func (m *Model) teamsOn(s Stint) []*Team {
	var out []*Team
	for _, c := range s.everywhere() {
		out = append(out, m.teamLists().at[c]...)
	}
	slices.SortFunc(out, func(a, b *Team) int { return int(a.index - b.index) })
	return out
}

// places are where a stint puts somebody.
func (s Stint) places() []place {
	var out []place
	for _, c := range s.everywhere() {
		out = append(out, place{campus: c}, place{campus: c, role: s.Role})
	}
	for _, o := range s.Observers {
		out = append(out, place{observer: o})
	}
	return out
}

// LeadersOf lists the people of a campus who hold one of the roles on a day.
func (m *Model) LeadersOf(c CampusID, d Day, roles ...Role) []PersonID {
	var out []PersonID
	places := make([]place, len(roles))
	for i, r := range roles {
		places[i] = place{campus: c, role: r}
	}
	for _, p := range m.at(places...) {
		s := p.On(d)
		if s.Gone || !s.At(c) {
			continue
		}
		for _, r := range roles {
			if s.Role == r {
				out = append(out, p.ID)
			}
		}
	}
	return out
}
