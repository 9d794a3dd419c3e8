package school

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// Apply adds one event to the model. It is total and deterministic: an event that makes no sense
// (an unknown person, a second void) changes nothing, a repeated state change is a no-op, and the
// same events always make the same model. The only error is data that does not decode, which
// means that the store is damaged.
func (m *Model) Apply(e Event) error {
	if e.Version != m.version+1 {
		return fmt.Errorf("event %d follows event %d", e.Version, m.version)
	}
	if err := m.apply(e); err != nil {
		return fmt.Errorf("event %d (%s): %w", e.Version, e.Kind, err)
	}
	m.version = e.Version
	return nil
}

// read decodes an event's data into a fact and hands it on.
func read[F Fact](e Event, use func(F)) error {
	var f F
	if err := json.Unmarshal(e.Data, &f); err != nil {
		return err
	}
	use(f)
	return nil
}

func (m *Model) apply(e Event) error {
	switch e.Kind {
	case "district.set":
		return read(e, m.setDistrict)
	case "campus.set":
		return read(e, m.setCampus)
	case "campus.gone":
		return read(e, func(f CampusGone) { delete(m.campuses, f.ID); m.campusBy.drop(); m.zonesBy.drop() })
	case "calendar.set":
		return read(e, func(f CalendarSet) { m.setCalendar(f); m.calAt[f.Campus], m.calLast = e.At, later(m.calLast, e.At) })
	case "day.declared":
		return read(e, func(f DayDeclared) {
			m.declareDay(declaration{n: e.Version, campus: f.Campus, Span: f.Span})
			m.calAt[f.Campus], m.calLast = e.At, later(m.calLast, e.At)
		})
	case "day.restored":
		return read(e, func(f DayRestored) {
			m.declareDay(declaration{n: e.Version, campus: f.Campus, Span: Span{From: f.From, To: f.To}, restored: true})
			m.calAt[f.Campus], m.calLast = e.At, later(m.calLast, e.At)
		})
	case "person.set":
		return read(e, m.setPerson)
	case "person.left":
		return read(e, func(f PersonLeft) { m.setStint(m.people[f.ID], Stint{From: f.On, Gone: true}) })
	case "account.linked":
		return read(e, m.linkAccount)
	case "account.unlinked":
		return read(e, m.unlinkAccount)
	case "account.asked":
		return read(e, func(f AccountAsked) { m.asked = append(m.asked, f) })
	case "leave.set":
		return read(e, func(f LeaveSet) { m.setLeave(f); m.leaveBy[e.Version] = f })
	case "team.set":
		return read(e, func(f TeamSet) { m.setTeam(f); m.setRhythm(e, m.teams[f.ID]) })
	case "team.gone":
		return read(e, func(f TeamGone) { delete(m.teams, f.ID); m.teamsBy.drop() })
	case "target.set":
		return read(e, m.setTarget)
	case "target.gone":
		return read(e, func(f TargetGone) {
			m.targets = slices.DeleteFunc(m.targets, func(t Target) bool { return t.ID == f.ID })
		})
	case "rule.set":
		return read(e, func(f RuleSet) {
			f.Rule.SetAt, f.Rule.SetBy = e.At, e.By
			m.rules[f.Rule.ID] = f.Rule
			m.ruleLog[f.Rule.ID] = append(m.ruleLog[f.Rule.ID], f.Rule)
		})
	case "rule.gone":
		return read(e, func(f RuleGone) {
			if _, set := m.rules[f.ID]; set {
				delete(m.rules, f.ID)
				m.ruleLog[f.ID] = append(m.ruleLog[f.ID], Rule{ID: f.ID, Gone: true, SetAt: e.At, SetBy: e.By})
			}
		})
	case "file.applied":
		return read(e, m.applyFile)
	case "visit.logged":
		return read(e, func(f VisitLogged) { m.logVisit(e, f) })
	case "visit.amended":
		return read(e, func(f VisitAmended) { m.amendVisit(e, f) })
	case "visit.shared":
		return read(e, func(f VisitShared) {
			if v := m.visit(f.Visit); v != nil {
				v.shared = uint32(f.At.Unix())
				m.sharedLog = append(m.sharedLog, sharedMark{visit: v.N, at: v.shared})
			}
		})
	case "visit.opened":
		return read(e, func(f VisitOpened) {
			if v := m.visit(f.Visit); v != nil {
				v.flags |= visitOpened
			}
		})
	case "visit.debriefed":
		return read(e, func(f VisitDebriefed) {
			if v := m.visit(f.Visit); v != nil && v.fed == 0 {
				v.fed = f.On
				m.giveSteps(v, f.On) // talked over face to face, step included
			}
		})
	case "visit.voided":
		return read(e, func(f VisitVoided) { m.voidVisit(f.Visit) })
	case "step.added":
		return read(e, func(f StepAdded) { m.addStep(e, f) })
	case "step.moved":
		return read(e, m.moveStep)
	case "step.answered":
		return read(e, func(f StepAnswered) { m.answerStep(e, f) })
	case "plc.item":
		return read(e, func(f ItemAdded) {
			k := slotKey{once(m, f.Team), f.Slot}
			m.items[k] = append(m.items[k], Item{N: e.Version, UID: f.UID, Team: k.team, Slot: f.Slot, By: e.By})
		})
	case "plc.commitment":
		return read(e, func(f CommitmentMade) {
			f.Team, f.Owner = once(m, f.Team), once(m, f.Owner)
			c := &Commitment{N: e.Version, CommitmentMade: f}
			m.commitments = append(m.commitments, c)
			m.commitsOf[f.Team] = append(m.commitsOf[f.Team], c)
		})
	case "plc.closed":
		return read(e, func(f CommitmentClosed) {
			if c := m.commitment(f.Commitment); c != nil && c.Closed == 0 {
				c.Closed, c.Met = f.On, f.Met
			}
		})
	case "plc.held":
		return read(e, func(f MeetingHeld) {
			m.meetings[slotKey{once(m, f.Team), f.Slot}] = &MeetingMark{Held: true, UID: f.UID, By: once(m, e.By)}
		})
	case "plc.skipped":
		return read(e, func(f MeetingSkipped) {
			m.meetings[slotKey{once(m, f.Team), f.Slot}] = &MeetingMark{Skipped: true, UID: f.UID, By: once(m, e.By)}
		})
	case "plc.protocol":
		return read(e, func(f ProtocolChosen) {
			if t := m.teams[f.Team]; t != nil {
				t.Protocol = f.Protocol
			}
		})
	case "digest.decided":
		return read(e, func(f DigestDecided) {
			k := digestKey{f.Campus, f.Week}
			m.digests[k], m.digestBy[k], m.digestAt[k] = f, e.Version, e.At
			m.digestLast = later(m.digestLast, e.At)
		})
	case "snoozed":
		return read(e, func(f Snoozed) {
			m.snoozes[f.Person] = slices.DeleteFunc(m.snoozes[f.Person], func(s Snoozed) bool { return s.What == f.What })
			if f.Until != 0 {
				m.snoozes[f.Person] = append(m.snoozes[f.Person], f)
			}
		})
	case "welcomed":
		return read(e, func(f Welcomed) { m.welcomed[f.Person] = true })
	case "grow.rated":
		return read(e, func(f Rated) { m.ratings[f.Person] = append(m.ratings[f.Person], f) })
	case "grow.goal":
		return read(e, m.setGoal)
	case "grow.ended":
		return read(e, m.endGoal)
	case "grow.rhythm":
		return read(e, func(f GrowRhythm) { m.growing(f.Person).rhythm = f })
	case "grow.shared":
		return read(e, func(f GrowShared) { m.growing(f.Person).shared = f })
	case "sent":
		return read(e, func(f Sent) { m.markSent(e, f) })
	}
	m.skipped++
	if e.Must && m.unknown == "" {
		m.unknown = e.Kind
	}
	return nil
}

// later is the later of two instants.
func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func (m *Model) setDistrict(f DistrictSet) {
	m.zonesBy.drop()
	m.district = f
	m.rememberFocus(f.FocusAreas)
	if z, err := time.LoadLocation(f.Zone); err == nil {
		m.zone = z
	}
}

func (m *Model) setCampus(f CampusSet) {
	c := &Campus{CampusSet: f}
	if z, err := time.LoadLocation(f.Zone); err == nil && f.Zone != "" {
		c.zone = z
	}
	m.campuses[f.ID] = c
	m.campusBy.drop()
	m.zonesBy.drop()
}

func (m *Model) setCalendar(f CalendarSet) {
	m.calFacts[f.Campus] = f
	if f.Campus != "" {
		m.compile(f.Campus) // nobody else follows it
		return
	}
	m.compileAll()
}

func (m *Model) declareDay(d declaration) {
	m.declared = append(m.declared, d)
	if d.campus != "" {
		m.compile(d.campus)
		return
	}
	m.compileAll()
}

// compileAll makes every calendar anew: of the district, of each campus that has a file of its own, and of each campus that
// follows the district's but for a day declared there. There are few, and they change seldom.
func (m *Model) compileAll() {
	for id := range m.calFacts {
		m.compile(id)
	}
	for _, d := range m.declared {
		if _, own := m.calFacts[d.campus]; !own && d.campus != "" {
			m.compile(d.campus)
		}
	}
}

// compile makes a campus's calendar of its file, or the district's, and of the days declared since.
func (m *Model) compile(id CampusID) {
	f, ok := m.calFacts[id]
	if !ok {
		if f, ok = m.calFacts[""]; !ok {
			return // a day declared before there is a calendar waits for it
		}
	}
	var week [7]bool
	for _, w := range f.Week {
		if w >= 0 && w < 7 {
			week[w] = true
		}
	}
	spans := slices.Clone(f.Spans)
	for _, d := range m.declaredAt(id) {
		spans = append(spans, d.Span)
	}
	if c, err := NewCalendar(f.Name, f.First, f.Last, week, spans); err == nil {
		m.calendars[id] = c
	}
}

func (m *Model) setPerson(f PersonSet) {
	p := m.people[f.ID]
	if p == nil {
		p = &Person{ID: f.ID, index: int32(len(m.roster))}
		m.people[f.ID] = p
		m.roster = append(m.roster, p)
	}
	p.Name, p.Email, p.ChatEmail = m.texts[f.Name], m.texts[f.Email], m.texts[f.ChatEmail]
	p.full, p.last = Fold(p.Name), Fold(p.Last())
	m.namesBy.drop()
	p.Years, p.Start = f.Years, f.Start
	m.setStint(p, Stint{
		From: f.From, Role: once(m, f.Role), Campus: once(m, f.Campus), Campuses: onceEach(m, f.Campuses), Schedule: once(m, f.Schedule), Observers: onceEach(m, f.Observers),
	})
}

// setStint adds a stint; one from the same day or an earlier one replaces what stood from there on.
func (m *Model) setStint(p *Person, s Stint) {
	if p == nil {
		return
	}
	if !s.Gone {
		m.index(p, s)
	}
	for len(p.Stints) > 0 && p.Stints[len(p.Stints)-1].From >= s.From {
		p.Stints = p.Stints[:len(p.Stints)-1]
	}
	p.Stints = append(p.Stints, s)
	m.namesBy.drop()
}

// index lists somebody at the places where a stint puts them, before the stint is added.
func (m *Model) index(p *Person, s Stint) {
	var had []place
	for _, old := range p.Stints {
		had = append(had, old.places()...)
	}
	for _, at := range s.places() {
		if !slices.Contains(had, at) {
			m.placed[at] = append(m.placed[at], p)
		}
	}
}

func (m *Model) linkAccount(f AccountLinked) {
	p, acc := m.people[f.Person], m.texts[f.Account]
	if p == nil || acc == "" {
		return
	}
	if old := m.people[m.accounts[acc]]; old != nil {
		old.Accounts = slices.DeleteFunc(old.Accounts, func(a string) bool { return a == acc })
	}
	m.accounts[acc] = f.Person
	delete(m.unlinked, acc)
	m.asked = slices.DeleteFunc(m.asked, func(a AccountAsked) bool { return m.texts[a.Account] == acc })
	p.Accounts = append([]string{acc}, slices.DeleteFunc(p.Accounts, func(a string) bool { return a == acc })...)
}

func (m *Model) unlinkAccount(f AccountUnlinked) {
	p, acc := m.people[f.Person], m.texts[f.Account]
	if p == nil || m.accounts[acc] != f.Person {
		return
	}
	delete(m.accounts, acc)
	m.unlinked[acc] = true
	p.Accounts = slices.DeleteFunc(p.Accounts, func(a string) bool { return a == acc })
}

func (m *Model) setLeave(f LeaveSet) {
	if p := m.people[f.Person]; p != nil {
		p.Leaves = slices.DeleteFunc(p.Leaves, func(l LeaveSet) bool { return l.From == f.From })
		if f.To >= f.From {
			p.Leaves = append(p.Leaves, f)
		}
	}
}

func (m *Model) setTeam(f TeamSet) {
	t := m.teams[f.ID]
	if t == nil {
		if t = m.everTeam[f.ID]; t == nil { // a team that comes back keeps its visits
			t = &Team{index: int32(len(m.teamSeq))}
			m.teamSeq = append(m.teamSeq, t)
			m.everTeam[f.ID] = t
		}
		m.teams[f.ID] = t
	}
	t.TeamSet = f
	m.teamsBy.drop()
}

func (m *Model) setTarget(f TargetSet) {
	for i := range m.targets {
		if m.targets[i].ID == f.Target.ID {
			m.targets[i] = f.Target
			return
		}
	}
	m.targets = append(m.targets, f.Target)
}

func (m *Model) applyFile(f FileApplied) {
	keys := m.files[f.File]
	if keys == nil {
		keys = map[string]string{}
		m.files[f.File] = keys
	}
	for k, h := range f.Keys {
		if h == "" {
			delete(keys, k)
		} else {
			keys[k] = h
		}
	}
}

func (m *Model) logVisit(e Event, f VisitLogged) {
	o := m.people[f.Observer]
	if o == nil {
		return
	}
	v := Visit{UID: f.UID, N: uint32(e.Version), observer: o.index, On: f.On, logged: uint32(e.At.Unix())}
	kind := slices.Index(kindNames[:], f.Visit)
	if kind < 0 {
		return // a kind of visit this program does not know counts for nothing rather than for the wrong thing
	}
	v.kind = uint8(kind)
	var to *chain
	var of *heads
	switch {
	case f.Team != "":
		t := m.teams[f.Team]
		if t == nil {
			return
		}
		v.subject = -1 - t.index
		to, of = &t.visits, &t.kinds
	default:
		p := m.people[f.Subject]
		if p == nil {
			return
		}
		v.subject = p.index
		to, of = &p.visits, &p.kinds
	}
	if e.Via == "file" {
		v.flags |= visitFromFile
	}
	v.describe(m, f.Minutes, f.Focus, f.Texts)
	m.visits.add(v, to, of, &o.made)
}

func (m *Model) voidVisit(n int64) {
	v := m.visit(n)
	if v == nil {
		return
	}
	v.flags |= visitVoid
	// A step that was never seen by its teacher goes with the visit it came from.
	for _, s := range m.stepsOf[v.subject] {
		if s.Visit == n && s.State == StepDraft {
			s.State = StepClosed
		}
	}
}
