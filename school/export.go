package school

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Export is one person's record as it leaves Rounds: what they may see themselves, or, for the district's records
// office, all there is. Its JSON is a promise: fields may be added, none changes its meaning or goes.
type Export struct {
	Format      string             `json:"format"`   // "rounds-record/1"
	Made        time.Time          `json:"made"`     // when it was exported
	Complete    bool               `json:"complete"` // false: what the person may see; true: everything, unshared words included
	District    string             `json:"district"`
	Person      ExportPerson       `json:"person"`
	Visits      []ExportVisit      `json:"visits"` // to the person, the latest day first
	Steps       []ExportStep       `json:"steps"`  // the latest first
	Commitments []ExportCommitment `json:"commitments"`
	Ratings     []ExportRating     `json:"self_ratings"`
	Goals       []ExportGoal       `json:"goals"`
	GoalsEnded  []ExportGoalEnded  `json:"goals_ended,omitempty"`
	GrowthWith  string             `json:"growth_shared_with,omitempty"` // the coach whom they let read ratings and goals
	GrowthWeeks int                `json:"growth_reminder_weeks,omitempty"`
	Leave       []ExportLeave      `json:"leave"`
	Accounts    []string           `json:"accounts"` // chat accounts: service, workspace, user
	Snoozes     []ExportSnooze     `json:"snoozes"`
	Messages    []ExportMessage    `json:"messages"` // sent to the person by the clock: when, and about what kind of thing
	Looks       []ExportLook       `json:"looks"`    // who looked at the record, the latest day first
	VisitsMade  int                `json:"visits_made"`
}

// ExportPerson is what the staff list says.
type ExportPerson struct {
	Name      string   `json:"name"`
	Email     string   `json:"email"`
	ChatEmail string   `json:"chat_email,omitempty"`
	Role      string   `json:"role"`
	Campus    string   `json:"campus"`
	Years     int      `json:"years"`
	Start     Day      `json:"start_date"`
	Schedule  Schedule `json:"visit_schedule"`
	Caseload  []string `json:"on_caseload_of"`
	Since     Day      `json:"since"` // since when the person is so
}

// Words is one text.
type Words struct {
	What string `json:"what"` // "glow", "grow", "evidence", "note", "step", …
	Text string `json:"text"`
	// Given tells whether its subject was given it. It is false only in a complete export.
	Given bool  `json:"given"`
	Class Class `json:"class,omitempty"` // complete exports: the record class
	key   string
}

// ExportVisit is one visit.
type ExportVisit struct {
	On        Day       `json:"day"`
	Logged    time.Time `json:"logged"`
	Kind      VisitKind `json:"kind"`
	By        string    `json:"by"`
	Minutes   int       `json:"minutes,omitempty"`
	Focus     []string  `json:"focus,omitempty"`
	Shared    time.Time `json:"shared,omitzero"`
	Opened    bool      `json:"opened"`
	Debriefed Day       `json:"debriefed"`
	TakenBack bool      `json:"taken_back"`
	Version   int       `json:"version"`
	Words     []Words   `json:"words"`
}

// ExportStep is one action step with its check-ins.
type ExportStep struct {
	Added    Day             `json:"added"`
	From     string          `json:"from"`
	Check    Day             `json:"check_back"`
	Focus    string          `json:"focus,omitempty"`
	State    StepState       `json:"state"`
	Since    Day             `json:"since"`
	Words    []Words         `json:"words"`
	CheckIns []ExportCheckIn `json:"check_ins"`
}

// ExportCheckIn is one answer about a step.
type ExportCheckIn struct {
	On     Day     `json:"day"`
	Answer CheckIn `json:"answer"`
	Words  []Words `json:"words"`
}

// ExportCommitment is one commitment to a team.
type ExportCommitment struct {
	Team    string  `json:"team"`
	Meeting Day     `json:"meeting"`
	By      Day     `json:"due"`
	Closed  Day     `json:"closed"`
	Met     bool    `json:"met"`
	Words   []Words `json:"words"`
}

// ExportRating is one self-rating.
type ExportRating struct {
	On     Day    `json:"day"`
	Strand string `json:"strand"`
	Level  string `json:"level"`
}

// ExportGoalEnded is a growth goal that was reached, or let go.
type ExportGoalEnded struct {
	On        Day    `json:"day"`
	Statement string `json:"statement"`
	Reached   bool   `json:"reached"`
}

// ExportGoal is one growth goal.
type ExportGoal struct {
	On        Day    `json:"day"`
	Statement string `json:"statement"`
	By        Day    `json:"by"`
}

// ExportLeave is one leave.
type ExportLeave struct {
	From Day `json:"from"`
	To   Day `json:"to"`
}

// ExportSnooze is one pause of reminders that is still in force.
type ExportSnooze struct {
	What  string  `json:"what"`
	Until Day     `json:"until"`
	Words []Words `json:"words"`
}

// ExportMessage is one message that the clock sent.
type ExportMessage struct {
	At    time.Time `json:"at"`
	About string    `json:"about"`
}

// ExportLook is what somebody looked at on one day.
type ExportLook struct {
	On     Day      `json:"day"`
	By     string   `json:"by"`
	Role   string   `json:"role"`
	Alone  []string `json:"looked_at"`
	Listed []string `json:"in_a_list"`
}

// Own is the viewer's own record: everything that is kept about them and that they may see. Its words are still to be
// filled in.
func (v *Viewer) Own() *Export {
	x := v.m.exportOf(v.p, v.now, false)
	seen, _ := v.Visits(v.p.ID)
	for _, s := range seen {
		x.Visits = append(x.Visits, v.m.exportVisit(s))
	}
	x.byDay()
	for _, s := range slices.Backward(v.m.stepsOf[v.p.index]) {
		if seen, ok := v.seeStep(s); ok {
			st := v.m.exportStep(s, seen.State)
			st.Words = []Words{{What: "step", Given: true, key: seen.Text}}
			x.Steps = append(x.Steps, st)
		}
	}
	return x
}

// FullRecord is all that is kept about somebody, whoever may see it, people who left included. It passes no policy: it is for
// the district's records office at the shell, which has the store. No chat answer may use it.
func (m *Model) FullRecord(id PersonID, now time.Time) (*Export, bool) {
	p := m.people[id]
	if p == nil {
		return nil, false
	}
	x := m.exportOf(p, now, true)
	for s := range m.visits.of(p.visits) {
		seen := VisitSeen{
			Observer: m.roster[s.observer].ID, Kind: s.Kind(), On: s.On, Minutes: int(s.Minutes), Focus: m.FocusKeys(s), Logged: s.Logged(),
			Opened: s.flags&visitOpened != 0, Debrief: s.fed, Void: s.Void(), Version: 1, Texts: textsOf(s.UID, s.flags),
		}
		if s.shared != 0 {
			seen.Shared = time.Unix(int64(s.shared), 0).UTC()
		}
		var earlier []visitVersion
		if a := m.amended[s.N]; a != nil {
			seen.Version, earlier = 1+len(a.earlier), a.earlier
		}
		out := m.exportVisit(seen)
		for i, e := range earlier {
			for what, key := range textsOf(e.UID, e.flags) {
				out.Words = append(out.Words, Words{What: what + " of version " + string(rune('1'+min(i, 8))), key: key})
			}
		}
		given := s.shared != 0 && int64(s.shared) <= now.Unix()
		for i := range out.Words {
			out.Words[i].Given, out.Words[i].Class = given, classOf(s.flags&visitByAdmin != 0)
		}
		x.Visits = append(x.Visits, out)
	}
	x.byDay()
	for _, s := range slices.Backward(m.stepsOf[p.index]) {
		st := m.exportStep(s, m.given(s, now))
		st.Words = []Words{{What: "step", Given: st.State != StepDraft, Class: classOf(s.admin), key: NoteKey(s.UID, "step")}}
		x.Steps = append(x.Steps, st)
	}
	return x, true
}

// byDay puts the latest visits first.
func (x *Export) byDay() {
	slices.SortStableFunc(x.Visits, func(a, b ExportVisit) int { return int(b.On - a.On) })
}

func classOf(admin bool) Class {
	if admin {
		return Evaluation
	}
	return Coaching
}

// exportOf is what both exports have alike: what is about the person or written by them.
func (m *Model) exportOf(p *Person, now time.Time, complete bool) *Export {
	st := p.Now()
	for i := len(p.Stints) - 1; i >= 0 && st.Gone; i-- { // what somebody who left was last
		st = p.Stints[i]
	}
	x := &Export{
		Format: "rounds-record/1", Made: now.UTC(), Complete: complete, District: m.district.Name,
		Person: ExportPerson{
			Name: p.Name, Email: p.Email, ChatEmail: p.ChatEmail, Role: st.Role.Words(), Campus: m.CampusName(st.Campus), Years: p.Years, Start: p.Start,
			Schedule: st.Schedule, Caseload: []string{}, Since: st.From,
		},
		Accounts: append([]string{}, p.Accounts...), VisitsMade: count(m.visits.by(p.made)),
		Visits: []ExportVisit{}, Steps: []ExportStep{}, Commitments: []ExportCommitment{}, Ratings: []ExportRating{}, Goals: []ExportGoal{},
		Leave: []ExportLeave{}, Snoozes: []ExportSnooze{}, Messages: []ExportMessage{}, Looks: []ExportLook{},
	}
	for _, o := range st.Observers {
		x.Person.Caseload = append(x.Person.Caseload, m.Name(o))
	}
	for _, c := range m.commitments {
		if c.Owner == p.ID {
			team := string(c.Team)
			if t := m.everTeam[c.Team]; t != nil {
				team = t.Name
			}
			x.Commitments = append(x.Commitments, ExportCommitment{Team: team, Meeting: c.Slot, By: c.By, Closed: c.Closed, Met: c.Met, Words: []Words{{What: "commitment", Given: true, key: NoteKey(c.UID, "commitment")}}})
		}
	}
	for _, r := range m.ratings[p.ID] {
		x.Ratings = append(x.Ratings, ExportRating{r.On, r.Strand, r.Level})
	}
	for _, g := range m.goals[p.ID] {
		x.Goals = append(x.Goals, ExportGoal{g.On, g.Statement, g.By})
	}
	if g := m.growth[p.ID]; g != nil {
		for _, e := range g.ended {
			x.GoalsEnded = append(x.GoalsEnded, ExportGoalEnded{e.On, e.Statement, e.Reached})
		}
		if x.GrowthWeeks = g.rhythm.Weeks; g.shared.With != "" {
			x.GrowthWith = m.Name(g.shared.With)
		}
	}
	for _, l := range p.Leaves {
		x.Leave = append(x.Leave, ExportLeave{l.From, l.To})
	}
	today := DayOf(now, m.ZoneOf(p.ID))
	for _, s := range m.snoozes[p.ID] {
		if s.Until > today {
			x.Snoozes = append(x.Snoozes, ExportSnooze{s.What, s.Until, []Words{{What: "reason", Given: true, key: NoteKey(s.UID, "reason")}}})
		}
	}
	for _, s := range m.sent {
		if s.To == p.ID && s.Dropped == "" {
			x.Messages = append(x.Messages, ExportMessage{time.Unix(s.At, 0).UTC(), s.About})
		}
	}
	slices.SortFunc(x.Messages, func(a, b ExportMessage) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.About, b.About)) })
	return x
}

func (m *Model) exportVisit(s VisitSeen) ExportVisit {
	out := ExportVisit{
		On: s.On, Logged: s.Logged, Kind: s.Kind, By: m.Name(s.Observer), Minutes: s.Minutes, Shared: s.Shared, Opened: s.Opened, Debriefed: s.Debrief,
		TakenBack: s.Void, Version: max(s.Version, 1), Words: []Words{},
	}
	for _, f := range s.Focus {
		out.Focus = append(out.Focus, m.FocusName(f))
	}
	for what, key := range s.Texts {
		out.Words = append(out.Words, Words{What: what, Given: true, key: key})
	}
	slices.SortFunc(out.Words, func(a, b Words) int { return cmp.Compare(a.What, b.What) })
	return out
}

func (m *Model) exportStep(s *Step, state StepState) ExportStep {
	out := ExportStep{Added: s.Added, From: m.Name(m.roster[s.author].ID), Check: s.By, State: state, Since: s.Since, CheckIns: []ExportCheckIn{}}
	if s.Focus != "" {
		out.Focus = m.FocusName(s.Focus)
	}
	for _, a := range s.answers {
		in := ExportCheckIn{On: a.on, Answer: a.answer, Words: []Words{}}
		if a.noted {
			in.Words = append(in.Words, Words{What: "note", Given: true, key: NoteKey(a.uid, "note")})
		}
		out.CheckIns = append(out.CheckIns, in)
	}
	return out
}

// words calls each with every list of texts of the export.
func (x *Export) words(each func(*[]Words)) {
	for i := range x.Visits {
		each(&x.Visits[i].Words)
	}
	for i := range x.Steps {
		each(&x.Steps[i].Words)
		for j := range x.Steps[i].CheckIns {
			each(&x.Steps[i].CheckIns[j].Words)
		}
	}
	for i := range x.Commitments {
		each(&x.Commitments[i].Words)
	}
	for i := range x.Snoozes {
		each(&x.Snoozes[i].Words)
	}
}

// Keys lists the texts that the export wants.
func (x *Export) Keys() (out []string) {
	x.words(func(w *[]Words) {
		for _, t := range *w {
			if t.key != "" {
				out = append(out, t.key)
			}
		}
	})
	return out
}

// Fill puts the texts in their places; one that is deleted leaves no trace.
func (x *Export) Fill(texts map[string]string) {
	x.words(func(w *[]Words) {
		out := (*w)[:0]
		for _, t := range *w {
			if body := texts[t.key]; body != "" {
				t.Text = body
				out = append(out, t)
			}
		}
		*w = append([]Words{}, out...)
	})
}

// SetLooks adds who looked at the record.
func (x *Export) SetLooks(m *Model, looks []LookDay) {
	for _, l := range looks {
		e := ExportLook{On: l.On, By: "the district's records office", Alone: append([]string{}, l.Alone...), Listed: append([]string{}, l.Listed...)}
		if l.By != "" {
			e.By = m.Name(l.By)
			if p := m.people[l.By]; p != nil && !p.On(l.On).Gone {
				e.Role = p.On(l.On).Role.Words()
			}
		}
		x.Looks = append(x.Looks, e)
	}
}

// EverByEmail finds somebody by their e-mail address, people who left included.
func (m *Model) EverByEmail(email string) (PersonID, bool) {
	if id, ok := m.ByEmail(email); ok {
		return id, true
	}
	for _, p := range m.Former() {
		if p.Email != "" && strings.EqualFold(p.Email, email) {
			return p.ID, true
		}
	}
	return "", false
}
