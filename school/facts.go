package school

import (
	"fmt"
	"time"
)

// The kinds of facts, each the data of one event kind. Fields are promises: they may gain
// companions, but none changes its meaning. No names, e-mails, notes or wording stand here: those
// are texts, found by key.

// CampusID names a campus in files and events: "cedar".
type CampusID string

// TeamID names a PLC team: "cedar-math-7".
type TeamID string

// VisitKind is what sort of visit it was.
type VisitKind string

// The kinds of visits.
const (
	Walkthrough   VisitKind = "walkthrough"
	CoachingVisit VisitKind = "coaching"
	Formal        VisitKind = "formal"
	PLCVisit      VisitKind = "plc"
)

// KindMask is a set of visit kinds.
type KindMask uint8

var (
	kindBits  = map[VisitKind]KindMask{Walkthrough: 1, CoachingVisit: 2, Formal: 4, PLCVisit: 8}
	kindNames = [...]VisitKind{Walkthrough, CoachingVisit, Formal, PLCVisit}
)

// maskOf is the set of the kinds, all of them for none.
func maskOf(kinds []VisitKind) KindMask {
	if len(kinds) == 0 {
		return 15
	}
	var m KindMask
	for _, k := range kinds {
		m |= kindBits[k]
	}
	return m
}

// ParseKind reads a visit kind.
func ParseKind(s string) (VisitKind, error) {
	if _, ok := kindBits[VisitKind(s)]; !ok {
		return "", fmt.Errorf("%q is not a kind of visit (walkthrough, coaching, formal, plc)", s)
	}
	return VisitKind(s), nil
}

// Role is what somebody does, for targets and policy.
type Role string

// The roles.
const (
	Teacher    Role = "teacher"
	Lead       Role = "lead" // teacher leader, department head
	Coach      Role = "coach"
	AP         Role = "ap" // assistant principal
	Principal  Role = "principal"
	Supervisor Role = "supervisor" // of principals
	Office     Role = "district"   // curriculum office, superintendent: aggregates
)

// Schedule is how often a teacher is to be visited.
type Schedule string

// The visit schedules.
const (
	Weekly     Schedule = "weekly"
	EveryTwo   Schedule = "2weeks"
	EveryFour  Schedule = "4weeks"
	NoSchedule Schedule = ""
)

// Words says the schedule as it is shown.
func (s Schedule) Words() string {
	switch s {
	case Weekly:
		return "Weekly"
	case EveryTwo:
		return "Every 2 weeks"
	case EveryFour:
		return "Every 4 weeks"
	}
	return "No schedule"
}

// DistrictSet sets what holds for the whole district.
type DistrictSet struct {
	Name         string  `json:"name"`
	Zone         string  `json:"zone"`                    // IANA
	CoachContent string  `json:"coach_content,omitempty"` // "shared": principals read what coaches write; default "private"
	QuietFrom    Clock   `json:"quiet_from"`              // nothing is sent from this time …
	QuietTo      Clock   `json:"quiet_to"`                // … to this time
	WeeklyCap    int     `json:"weekly_cap,omitempty"`    // reminders to one person in a week; 0 means 10
	FocusAreas   []Focus `json:"focus,omitempty"`         // none means DefaultFocus
	// Training is what the district's focus areas point to, by key; what is empty is as it ships.
	Training      map[string]Training `json:"training,omitempty"`
	Administrator []string            `json:"administrators,omitempty"`
	AuditKept     int                 `json:"audit_days,omitempty"` // days that a look at a record stays on record; 0 means DefaultAuditDays
}

// Focus is one focus area of visits.
type Focus struct {
	Key    string `json:"key"`    // typed: "discourse"
	Name   string `json:"name"`   // shown: "Student discourse"
	Family string `json:"family"` // one of FocusFamilies
}

// Training is which training of leaders the action steps of a focus area point to.
type Training struct {
	Topic    string `json:"topic,omitempty"`
	Strand   string `json:"strand,omitempty"`   // of the competency framework: "S2"
	Practice string `json:"practice,omitempty"` // key practice of Lever 5: "5.2.3"
}

// CampusSet sets one campus.
type CampusSet struct {
	ID             CampusID `json:"id"`
	Name           string   `json:"name"`
	Zone           string   `json:"zone,omitempty"` // "" means the district's
	NotifyTeachers bool     `json:"notify_teachers"`
	Room           string   `json:"room,omitempty"` // leadership room, "slack:T01:C02"
	ShareAt        Clock    `json:"share_at,omitempty"`
}

// CampusGone removes a campus that a file no longer names.
type CampusGone struct {
	ID CampusID `json:"id"`
}

// CalendarSet sets the calendar of a campus, or of every campus without one ("").
type CalendarSet struct {
	Campus CampusID `json:"campus"`
	Name   string   `json:"name"`
	First  Day      `json:"first"`
	Last   Day      `json:"last"`
	Week   []int    `json:"week"` // school weekdays, 0 Sunday … 6 Saturday
	Spans  []Span   `json:"spans"`
}

// DayDeclared changes single days after the calendar was set: a snow day.
type DayDeclared struct {
	Campus CampusID `json:"campus"` // "" for all
	Span   Span     `json:"span"`
}

// DayRestored takes back what was declared of the days From..To: they are again what the calendar says. A program that
// passes it over would hold a school day closed, so it must be known.
type DayRestored struct {
	Campus CampusID `json:"campus"` // "" for all
	From   Day      `json:"from"`
	To     Day      `json:"to"`
}

// Must marks it as one that stops a program which does not know it.
func (DayRestored) Must() {}

// PersonSet puts somebody on the roster or changes what they are, from a day on.
type PersonSet struct {
	ID        PersonID   `json:"id"`
	Name      string     `json:"name"`            // text key
	Email     string     `json:"email,omitempty"` // text key
	ChatEmail string     `json:"chat_email,omitempty"`
	From      Day        `json:"from"` // since when the rest holds
	Role      Role       `json:"role"`
	Campus    CampusID   `json:"campus"` // "" for district staff
	Campuses  []CampusID `json:"campuses,omitempty"`
	Observers []PersonID `json:"observers,omitempty"`
	Schedule  Schedule   `json:"schedule,omitempty"`
	Years     int        `json:"years"` // of experience
	Start     Day        `json:"start,omitempty"`
}

// PersonLeft takes somebody off the roster; their history stays.
type PersonLeft struct {
	ID PersonID `json:"id"`
	On Day      `json:"on"`
}

// AccountLinked links a chat account to a person; the account itself is a text.
type AccountLinked struct {
	Person  PersonID `json:"person"`
	Account string   `json:"account"` // text key; body "slack T01 U02"
}

// AccountUnlinked undoes it.
type AccountUnlinked struct {
	Person  PersonID `json:"person"`
	Account string   `json:"account"`
}

// AccountAsked says that somebody asked to be linked; an administrator confirms.
type AccountAsked struct {
	Account string `json:"account"` // text key
	Email   string `json:"email"`   // text key
}

// LeaveSet says that somebody is away From..To; their clocks stop.
type LeaveSet struct {
	Person PersonID `json:"person"`
	From   Day      `json:"from"`
	To     Day      `json:"to"`
}

// TeamSet sets a PLC team.
type TeamSet struct {
	ID       TeamID     `json:"id"`
	Name     string     `json:"name"`
	Campus   CampusID   `json:"campus"`
	Members  []PersonID `json:"members"`
	Lead     PersonID   `json:"lead,omitempty"`
	Weekday  int        `json:"weekday"` // 0 Sunday
	Time     Clock      `json:"time"`
	Minutes  int        `json:"minutes"`
	Every    int        `json:"every"`            // weeks; 0 and 1 mean every week
	Anchor   Day        `json:"anchor,omitempty"` // a day in a week that has the meeting
	Room     string     `json:"room,omitempty"`
	Protocol string     `json:"protocol,omitempty"`
}

// TeamGone removes a team that a file no longer names.
type TeamGone struct {
	ID TeamID `json:"id"`
}

// TargetSet sets a visit target; see Target.
type TargetSet struct{ Target }

// TargetGone removes a target.
type TargetGone struct {
	ID string `json:"id"`
}

// RuleSet sets when a kind of reminder goes out; see Rule.
type RuleSet struct{ Rule }

// RuleGone takes the district's rule of a kind of reminder back: the one that ships with Rounds holds again. It must be
// known, because a program that passes it over would go on sending at the old time.
type RuleGone struct {
	ID string `json:"id"`
}

// Must marks it as one that stops a program which does not know it.
func (RuleGone) Must() {}

// FileApplied notes what a file said, key by key, so that the next reading appends only what
// the file itself changed. A hash of "" means the key is no longer in the file.
type FileApplied struct {
	File string            `json:"file"`
	Keys map[string]string `json:"keys"`
}

// VisitLogged is one classroom or team visit. Its texts are found by UID.
type VisitLogged struct {
	UID      uint64    `json:"uid"`
	Observer PersonID  `json:"observer"`
	Subject  PersonID  `json:"subject,omitempty"`
	Team     TeamID    `json:"team,omitempty"`
	Visit    VisitKind `json:"visit"`
	On       Day       `json:"on"`
	Minutes  int       `json:"minutes,omitempty"`
	Focus    []string  `json:"focus,omitempty"`
	Texts    []string  `json:"texts,omitempty"` // which of "glow", "grow", "evidence", "note" were written
}

// VisitAmended is the next version of a visit, whole: what it does not say, the visit says no more. The subject and
// the observer stay. Its texts are found by its own UID; those of the earlier version stay under theirs.
type VisitAmended struct {
	Visit    int64     `json:"visit"`
	UID      uint64    `json:"uid"`
	On       Day       `json:"on"`
	Visited  VisitKind `json:"kind"`
	Minutes  int       `json:"minutes,omitempty"`
	Focus    []string  `json:"focus,omitempty"`
	Texts    []string  `json:"texts,omitempty"`
	Reworded bool      `json:"reworded,omitempty"` // the words are not those of the version before
}

// Must marks it as one that stops a program which does not know it: it would go on counting the visit on its old day.
func (VisitAmended) Must() {}

// VisitShared gives the note to the teacher, at once or at an instant still to come.
type VisitShared struct {
	Visit int64     `json:"visit"`
	At    time.Time `json:"at"`
}

// VisitOpened says that the teacher opened the note.
type VisitOpened struct {
	Visit int64 `json:"visit"`
}

// VisitDebriefed says that feedback was given face to face.
type VisitDebriefed struct {
	Visit int64 `json:"visit"`
	On    Day   `json:"on"`
}

// VisitVoided takes a visit back; the record keeps that it was there.
type VisitVoided struct {
	Visit int64 `json:"visit"`
}

// StepState is where an action step stands.
type StepState string

// The states of an action step.
const (
	StepDraft      StepState = "draft"
	StepAssigned   StepState = "assigned"
	StepPracticing StepState = "practicing"
	StepMastered   StepState = "mastered"
	StepContinued  StepState = "continued"
	StepReplaced   StepState = "replaced"
	StepClosed     StepState = "closed"
)

// Open tells whether the step is still worked on.
func (s StepState) Open() bool {
	return s == StepDraft || s == StepAssigned || s == StepPracticing || s == StepContinued
}

// StepAdded is one action step; its wording is the text "step" of UID.
type StepAdded struct {
	UID      uint64   `json:"uid"`
	Subject  PersonID `json:"subject"`
	Author   PersonID `json:"author"`
	By       Day      `json:"by,omitempty"`
	Focus    string   `json:"focus,omitempty"`
	Back     int      `json:"back,omitempty"` // the visit it came from is the event this many versions earlier
	Visit    int64    `json:"visit,omitempty"`
	Replaces int64    `json:"replaces,omitempty"`
	On       Day      `json:"on"`
	Draft    bool     `json:"draft,omitempty"` // not yet seen by the teacher
}

// StepMoved changes a step's state.
type StepMoved struct {
	Step  int64     `json:"step"`
	State StepState `json:"state"`
	On    Day       `json:"on"`
	By    Day       `json:"by,omitempty"` // new check-back date, for continued
}

// CheckIn is a teacher's answer about a step.
type CheckIn string

// The four answers.
const (
	NotYet       CheckIn = "not yet"
	TriedIt      CheckIn = "tried it"
	Consistently CheckIn = "doing it consistently"
	LetsTalk     CheckIn = "let's talk"
)

// StepAnswered is a check-in; its note is the text "note" of UID.
type StepAnswered struct {
	Step   int64   `json:"step"`
	UID    uint64  `json:"uid,omitempty"`
	Answer CheckIn `json:"answer"`
	On     Day     `json:"on"`
	Noted  bool    `json:"noted,omitempty"`
}

// ItemAdded queues something for a team's agenda; its words are the text "item" of UID.
type ItemAdded struct {
	UID  uint64 `json:"uid"`
	Team TeamID `json:"team"`
	Slot Day    `json:"slot"`
}

// CommitmentMade is what somebody of a team does by when; its words are the text "commitment" of UID.
type CommitmentMade struct {
	UID   uint64   `json:"uid"`
	Team  TeamID   `json:"team"`
	Owner PersonID `json:"owner"`
	By    Day      `json:"by,omitempty"`
	Slot  Day      `json:"slot"` // the meeting it came from
}

// CommitmentClosed says that it was met or dropped.
type CommitmentClosed struct {
	Commitment int64 `json:"commitment"`
	Met        bool  `json:"met"`
	On         Day   `json:"on"`
}

// MeetingHeld says that a meeting took place; its minutes are the text "minutes" of UID.
type MeetingHeld struct {
	UID  uint64 `json:"uid"`
	Team TeamID `json:"team"`
	Slot Day    `json:"slot"`
}

// MeetingSkipped says that a meeting does not take place; its reason is the text "reason" of UID.
type MeetingSkipped struct {
	UID  uint64 `json:"uid"`
	Team TeamID `json:"team"`
	Slot Day    `json:"slot"`
}

// ProtocolChosen sets the protocol of a team's next meetings.
type ProtocolChosen struct {
	Team     TeamID `json:"team"`
	Protocol string `json:"protocol"`
}

// DigestDecided is the digest owner's word on this week's digest.
type DigestDecided struct {
	Campus   CampusID `json:"campus"`
	Week     Day      `json:"week"`     // its Monday
	Decision string   `json:"decision"` // "post" (now) or "hold"
}

// Snoozed stops reminders of a kind for somebody until a day. Its reason is the text "reason" of UID.
type Snoozed struct {
	UID    uint64   `json:"uid"`
	Person PersonID `json:"person"`
	What   string   `json:"what"`  // a kind of reminder, or "all"
	Until  Day      `json:"until"` // the first day that reminds again; no day ends the snooze
}

// Welcomed says that somebody was told what Rounds keeps and who sees it.
type Welcomed struct {
	Person PersonID `json:"person"`
}

// Rated is a private self-rating by strand.
type Rated struct {
	Person PersonID `json:"person"`
	Strand string   `json:"strand"`
	Level  string   `json:"level"`
	On     Day      `json:"on"`
}

// GoalSet picks a statement as a growth goal.
type GoalSet struct {
	Person    PersonID `json:"person"`
	Statement string   `json:"statement"`
	By        Day      `json:"by,omitempty"`
	On        Day      `json:"on"`
}

// Sent says that an occurrence was posted, or that it was dropped and why. Nothing of its
// content is kept.
type Sent struct {
	Occurrence string   `json:"occurrence"`
	About      string   `json:"about"` // the kind of reminder
	To         PersonID `json:"to,omitempty"`
	Room       string   `json:"room,omitempty"`
	Ref        string   `json:"ref,omitempty"`
	Due        int64    `json:"due"`               // Unix seconds
	Dropped    string   `json:"dropped,omitempty"` // the reason, or "" when it was posted
	// Meeting says of the agenda of a meeting, and of each change to it, which meeting it is and when it takes place by that
	// message; see Announced. It is the one thing of a message that is kept, so that a later move can be told from it.
	Meeting *MeetingSaid `json:"meeting,omitempty"`
}

// MeetingSaid is what a team's room was told of a meeting. Says is "" where a message was found whose making nobody remembers.
type MeetingSaid struct {
	Team TeamID `json:"team"`
	Slot Day    `json:"slot"`
	Says string `json:"says,omitempty"`
}

// Kind names of the facts, as they stand in the log.
func (DistrictSet) Kind() string      { return "district.set" }
func (CampusSet) Kind() string        { return "campus.set" }
func (CampusGone) Kind() string       { return "campus.gone" }
func (CalendarSet) Kind() string      { return "calendar.set" }
func (DayDeclared) Kind() string      { return "day.declared" }
func (DayRestored) Kind() string      { return "day.restored" }
func (PersonSet) Kind() string        { return "person.set" }
func (PersonLeft) Kind() string       { return "person.left" }
func (AccountLinked) Kind() string    { return "account.linked" }
func (AccountUnlinked) Kind() string  { return "account.unlinked" }
func (AccountAsked) Kind() string     { return "account.asked" }
func (LeaveSet) Kind() string         { return "leave.set" }
func (TeamSet) Kind() string          { return "team.set" }
func (TeamGone) Kind() string         { return "team.gone" }
func (TargetSet) Kind() string        { return "target.set" }
func (TargetGone) Kind() string       { return "target.gone" }
func (RuleSet) Kind() string          { return "rule.set" }
func (RuleGone) Kind() string         { return "rule.gone" }
func (FileApplied) Kind() string      { return "file.applied" }
func (VisitLogged) Kind() string      { return "visit.logged" }
func (VisitAmended) Kind() string     { return "visit.amended" }
func (VisitShared) Kind() string      { return "visit.shared" }
func (VisitOpened) Kind() string      { return "visit.opened" }
func (VisitDebriefed) Kind() string   { return "visit.debriefed" }
func (VisitVoided) Kind() string      { return "visit.voided" }
func (StepAdded) Kind() string        { return "step.added" }
func (StepMoved) Kind() string        { return "step.moved" }
func (StepAnswered) Kind() string     { return "step.answered" }
func (ItemAdded) Kind() string        { return "plc.item" }
func (CommitmentMade) Kind() string   { return "plc.commitment" }
func (CommitmentClosed) Kind() string { return "plc.closed" }
func (MeetingHeld) Kind() string      { return "plc.held" }
func (MeetingSkipped) Kind() string   { return "plc.skipped" }
func (ProtocolChosen) Kind() string   { return "plc.protocol" }
func (DigestDecided) Kind() string    { return "digest.decided" }
func (Snoozed) Kind() string          { return "snoozed" }
func (Welcomed) Kind() string         { return "welcomed" }
func (Rated) Kind() string            { return "grow.rated" }
func (GoalSet) Kind() string          { return "grow.goal" }
func (Sent) Kind() string             { return "sent" }
