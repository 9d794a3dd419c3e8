package school

import (
	"slices"
	"sort"
	"time"
)

// Visit is one visit as the model holds it: compact, because a large district logs a million
// a year.
type Visit struct {
	UID      uint64
	Focus    uint32 // bits of Model.focusKeys; see focusMore
	N        uint32 // its id: the version of its event
	observer int32
	subject  int32 // roster index, or -1-team index
	On       Day
	logged   uint32 // Unix seconds
	shared   uint32 // Unix seconds of the sharing, which may be still to come; 0 never
	fed      Day    // day of the debrief, 0 none
	Minutes  uint16
	kind     uint8
	flags    visitFlags

	beforeSubject  chain // the subject's visit before this one
	beforeKind     chain // of the same kind
	beforeObserver chain // the observer's
}

type visitFlags uint8

const (
	visitVoid visitFlags = 1 << iota
	visitOpened
	visitGlow
	visitGrow
	visitNote
	visitByAdmin // its texts are of class Evaluation
	visitEvidence
	visitFromFile // made before Rounds or outside of it
)

const visitTexts = visitGlow | visitGrow | visitNote | visitEvidence

// textFlags are the texts that a visit may have.
var textFlags = map[string]visitFlags{"glow": visitGlow, "grow": visitGrow, "note": visitNote, "evidence": visitEvidence}

// Kind is what sort of visit it was.
func (v *Visit) Kind() VisitKind { return kindNames[v.kind] }

func (v *Visit) mask() KindMask { return 1 << v.kind }

// Void tells whether it was taken back.
func (v *Visit) Void() bool { return v.flags&visitVoid != 0 }

// Logged is when it was recorded.
func (v *Visit) Logged() time.Time { return time.Unix(int64(v.logged), 0).UTC() }

// Step is one action step.
type Step struct {
	N        int64
	UID      uint64
	subject  int32
	author   int32
	admin    bool // written by an administrator: class Evaluation
	Visit    int64
	Replaces int64 // the step whose place it took, which says so by replaced
	replaced int64 // the step that took its place
	Added    Day
	Given    Day   // when its teacher had it, no day for a draft; a note set to be shared later gives it without an event
	By       Day   // check-back date
	dated    Day   // when that date was set anew
	dues     []Day // the check-back dates before it was continued, the first one first
	tried    bool  // its teacher was practicing it at some time
	Focus    string
	State    StepState
	Since    Day // of the state
	Answer   CheckIn
	Answered Day
	AnswerN  int64 // version of the last answer
	NoteUID  uint64
	answers  []stepAnswer // all check-ins, the latest last
	AddedAt  time.Time
	AnsAt    time.Time
}

// Item is something queued for an agenda.
type Item struct {
	N    int64
	UID  uint64
	Team TeamID
	Slot Day
	By   PersonID
}

// sharedMark is one sharing: the visit, and when its note is given, in Unix seconds.
type sharedMark struct{ visit, at uint32 }

// Commitment is what somebody of a team does by when.
type Commitment struct {
	N int64
	CommitmentMade
	Closed Day
	Met    bool
}

// MeetingMark is what became of one meeting slot.
type MeetingMark struct {
	Held    bool
	Skipped bool
	UID     uint64
	By      PersonID
}

func (m *Model) visit(n int64) *Visit { return m.visits.find(n) }

func (m *Model) step(n int64) *Step {
	i := sort.Search(len(m.steps), func(i int) bool { return m.steps[i].N >= n })
	if i < len(m.steps) && m.steps[i].N == n {
		return m.steps[i]
	}
	return nil
}

// Items lists what is queued for a team's meeting.
func (m *Model) Items(t TeamID, slot Day) []Item {
	return slices.Clone(m.items[slotKey{t, slot}])
}

// Commitments lists a team's commitments that are still open, the oldest first.
func (m *Model) Commitments(t TeamID) []Commitment {
	var out []Commitment
	for _, c := range m.commitsOf[t] {
		if c.Closed == 0 {
			out = append(out, *c)
		}
	}
	return out
}

// Commitment finds one commitment, open or closed.
func (m *Model) Commitment(n int64) (Commitment, bool) {
	if c := m.commitment(n); c != nil {
		return *c, true
	}
	return Commitment{}, false
}

func (m *Model) commitment(n int64) *Commitment {
	i := sort.Search(len(m.commitments), func(i int) bool { return m.commitments[i].N >= n })
	if i < len(m.commitments) && m.commitments[i].N == n {
		return m.commitments[i]
	}
	return nil
}

// Meeting is what became of a meeting slot; nil while nothing was said of it.
func (m *Model) Meeting(t TeamID, slot Day) *MeetingMark { return m.meetings[slotKey{t, slot}] }

// Slots lists the days from..to on which a team meets: its weekday, in its weeks, when its campus
// has school. A slot that was skipped is still listed; see Meeting.
func (m *Model) Slots(t *Team, from, to Day) []Day {
	cal := m.Calendar(t.Campus)
	from, to = max(from, cal.First), min(to, cal.Last)
	var out []Day
	for d := from; d <= to; d++ {
		if cal.School(d) && t.MeetsOn(d) {
			out = append(out, d)
		}
	}
	return out
}

// MeetsOn tells whether a day is one of the team's: its weekday, in its weeks. The calendar is not asked.
func (t *Team) MeetsOn(d Day) bool {
	return int(d.Weekday()) == t.Weekday && (t.Every <= 1 || int(d.Monday()-t.Anchor.Monday())/7%t.Every == 0)
}

// NextSlot is the team's next meeting on or after a day that was not skipped.
func (m *Model) NextSlot(t *Team, from Day) (Day, bool) {
	for _, d := range m.Slots(t, from, from+120) {
		if mt := m.Meeting(t.ID, d); mt == nil || !mt.Skipped {
			return d, true
		}
	}
	return 0, false
}

// LastSlot is the team's last meeting before a day that was not skipped.
func (m *Model) LastSlot(t *Team, before Day) (Day, bool) {
	s := m.Slots(t, before-120, before-1)
	for _, v := range slices.Backward(s) {
		if mt := m.Meeting(t.ID, v); mt == nil || !mt.Skipped {
			return v, true
		}
	}
	return 0, false
}

// TeamsOf lists the teams somebody is a member of or leads.
func (m *Model) TeamsOf(p PersonID) []*Team {
	return slices.Clone(m.teamLists().of[p])
}

// Has tells whether somebody is a member of the team or leads it.
func (t *Team) Has(p PersonID) bool {
	if t.Lead == p {
		return true
	}
	return slices.Contains(t.Members, p)
}

// stepAnswer is one check-in; its note, if it has one, is the text "note" of uid.
type stepAnswer struct {
	answer CheckIn
	on     Day
	uid    uint64
	noted  bool
}
