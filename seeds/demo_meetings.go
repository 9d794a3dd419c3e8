package seeds

import (
	"fmt"
	"slices"
	"time"

	"rounds/school"
)

// demoCommitment is a commitment while the history is made.
type demoCommitment struct {
	meeting *moment
	offset  int64
	closed  bool
}

// meetings are the teams' weeks: what was queued, what was agreed on, who promised what, and how that went.
func (h *history) meetings() {
	for i, t := range h.d.teams {
		var open []*demoCommitment
		slots := h.d.slots(t, firstMeetings, historyEnd+8)
		for n, slot := range slots {
			h.items(t, slot, n)
			if slot > historyEnd {
				break // what comes next is on the agenda, and no more
			}
			if h.d.skipped(i, slot) {
				h.skip(t, slot)
				continue
			}
			next := slot + 7
			if n+1 < len(slots) {
				next = slots[n+1]
			}
			open = h.meeting(t, slot, next, open)
		}
		if i == 2 { // a team that changed its protocol and kept it
			h.protocol(t)
		}
	}
}

func (h *history) items(t *demoTeam, slot school.Day, n int) {
	many := 1 + h.r.IntN(2)
	if n == 0 {
		many = 1
	}
	for ; many > 0; many-- {
		who := t.lead
		if h.chance(0.5) {
			who = t.members[h.r.IntN(len(t.members))]
		}
		day := slot
		for back := 1 + h.r.IntN(2); back > 0; back-- {
			if p, ok := h.d.cal.PrevSchoolDay(day); ok {
				day = p
			}
		}
		if day > historyEnd {
			day = historyEnd // queued early
		}
		if !h.d.present(who, day) {
			who = t.lead
		}
		m := h.add(day, h.between("07:35", "16:40"), who.id, "web")
		uid := m.uid()
		m.text(uid, "item", t.id, school.Meeting, h.deal("item", demoItems))
		m.facts = func() []school.Fact {
			return []school.Fact{school.ItemAdded{UID: uid, Team: school.TeamID(t.id), Slot: slot}}
		}
	}
}

func (h *history) skip(t *demoTeam, slot school.Day) {
	day, _ := h.d.cal.PrevSchoolDay(slot)
	m := h.add(day, h.between("12:10", "16:20"), t.lead.id, "web")
	uid := m.uid()
	m.text(uid, "reason", t.id, school.Meeting, h.deal("reason", demoReasons))
	m.facts = func() []school.Fact {
		return []school.Fact{school.MeetingSkipped{UID: uid, Team: school.TeamID(t.id), Slot: slot}}
	}
}

// meeting is a meeting that took place: its minutes and new commitments are one entry, as the form writes it.
func (h *history) meeting(t *demoTeam, slot, next school.Day, open []*demoCommitment) []*demoCommitment {
	id := school.TeamID(t.id)
	end := t.at + school.Clock(t.minutes)
	if h.chance(0.07) {
		return open // nobody wrote it down
	}
	for _, c := range open {
		met := h.chance(0.72)
		if c.closed || !met && !h.chance(0.1) {
			continue // carried
		}
		c.closed = true
		m := h.add(slot, t.at+school.Clock(4+h.r.IntN(5)), t.lead.id, "web").after(c.meeting)
		m.facts = func() []school.Fact {
			return []school.Fact{school.CommitmentClosed{Commitment: c.meeting.first + c.offset, Met: met, On: slot}}
		}
	}
	m := h.add(slot, end+school.Clock(h.r.IntN(6)), t.lead.id, "web")
	uid := m.uid()
	m.text(uid, "minutes", t.id, school.Meeting, h.deal("minutes", demoMinutes))
	facts := []school.Fact{school.MeetingHeld{UID: uid, Team: id, Slot: slot}}
	for n := 1 + h.r.IntN(2); n > 0; n-- {
		owner := t.members[h.r.IntN(len(t.members))]
		if !h.d.present(owner, slot) {
			owner = t.lead
		}
		cuid := m.uid()
		m.text(cuid, "commitment", t.id, school.Meeting, h.deal("commitment", demoCommitments))
		facts = append(facts, school.CommitmentMade{UID: cuid, Team: id, Owner: owner.id, By: next, Slot: slot})
		open = append(open, &demoCommitment{meeting: m, offset: int64(len(facts) - 1)})
	}
	m.facts = func() []school.Fact { return facts }
	return open
}

func (h *history) protocol(t *demoTeam) {
	other := "weekly-data-meeting"
	for _, c := range []struct {
		day      school.Day
		protocol string
	}{{school.Date(2026, 9, 14), other}, {school.Date(2026, 9, 28), t.protocol}} {
		m := h.add(c.day, h.between("07:40", "08:00"), t.lead.id, "web")
		m.facts = func() []school.Fact {
			return []school.Fact{school.ProtocolChosen{Team: school.TeamID(t.id), Protocol: c.protocol}}
		}
	}
}

// welcome records that people were told what Rounds keeps: leaders first, then the teachers of the campus that tells
// them anything.
func (h *history) welcome() {
	for i, p := range h.d.people {
		day := max(demoFirst, p.start)
		switch {
		case p.role.Leader():
		case p.campus == "cedar":
			day = max(demoFirst+1+school.Day(i%3), p.start)
		default:
			continue
		}
		if m := h.add(day, h.between("07:45", "08:20"), "", "clock"); m != nil {
			m.facts = func() []school.Fact { return []school.Fact{school.Welcomed{Person: p.id}} }
		}
	}
}

// digestEarly is the week whose digest the principal posted herself, right after seeing it.
var digestEarly = school.Date(2026, time.September, 21)

// sent is what the clock posted: plans on the first school day, agendas the day before, digests on the last. The names
// of the occurrences are those that package reminders gives them.
func (h *history) sent() {
	post := func(day school.Day, at string, occurrence, about string, to school.PersonID, room string) {
		c, err := school.ParseClock(at)
		if err != nil {
			panic(embedded("time "+at, err))
		}
		m := h.add(day, c, "", "clock")
		if m == nil {
			return
		}
		due := day.At(c, h.d.zone).Unix()
		m.facts = func() []school.Fact {
			return []school.Fact{school.Sent{Occurrence: DemoDistrict + "/" + occurrence, About: about, To: to, Room: room, Due: due}}
		}
	}
	for week := demoFirst.Monday(); week <= historyEnd; week += 7 {
		first, last, ok := h.d.cal.WeekEdges(week)
		if !ok {
			continue
		}
		for _, p := range h.d.people {
			if p.role.Leader() && week > demoFirst.Monday() {
				post(first, "07:30", fmt.Sprintf("plan/%s/%s", week, p.id), "plan", p.id, "")
			}
			if p.role == school.Principal {
				campus := school.CampusID(p.campus)
				post(last, "12:00", fmt.Sprintf("preview/%s/%s", campus, week), "preview", p.id, "")
				at := "15:00"
				if campus == "cedar" && week == digestEarly {
					at = "12:25"
				}
				post(last, at, fmt.Sprintf("digest/%s/%s", campus, week), "digest", "", leadersRoom(campus))
			}
		}
	}
	for _, t := range h.d.teams {
		for _, slot := range h.d.slots(t, firstMeetings, historyEnd+8) {
			day, _ := h.d.cal.PrevSchoolDay(slot)
			post(day, "14:00", fmt.Sprintf("agenda/%s/%s", t.id, slot), "agenda", "", t.room())
		}
	}
}

// personal is what people did for themselves: self-ratings, a goal, a snooze, and one digest that its owner posted
// before its hour.
func (h *history) personal() {
	find := func(email string) *demoPerson {
		i := slices.IndexFunc(h.d.people, func(p *demoPerson) bool { return p.email == email })
		return h.d.people[i]
	}
	alice, principal := find("alice@example.com"), find(demoPrincipal)
	day := school.Date(2026, 9, 10)
	m := h.add(day, 16*60+5, alice.id, "web")
	m.facts = func() []school.Fact {
		var out []school.Fact
		for i, level := range []string{"proficient", "developing", "proficient", "developing", "proficient"} {
			out = append(out, school.Rated{Person: alice.id, Strand: fmt.Sprintf("S%d", i+1), Level: level, On: day})
		}
		return append(out, school.GoalSet{Person: alice.id, Statement: "proficient.1", By: school.Date(2026, 12, 18), On: day})
	}
	monday := digestEarly
	m = h.add(monday+4, 12*60+20, principal.id, "web")
	m.facts = func() []school.Fact {
		return []school.Fact{school.DigestDecided{Campus: "cedar", Week: monday, Decision: "post"}}
	}
	m = h.add(school.Date(2026, 9, 23), 7*60+50, principal.id, "web")
	uid := m.uid()
	m.text(uid, "reason", string(principal.id), school.Coaching, "At the state conference this week")
	m.facts = func() []school.Fact {
		return []school.Fact{school.Snoozed{UID: uid, Person: principal.id, What: "plan", Until: school.Date(2026, 9, 28)}}
	}
}
