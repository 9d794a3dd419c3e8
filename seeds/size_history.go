package seeds

import (
	"container/heap"
	"iter"
	"math/rand/v2"
	"slices"
	"time"

	"rounds/school"
)

// Entries yields the district as entries to be recorded in this order in an empty record: what its files say, then what
// happened day by day up to and including a day. A later day yields more and changes nothing before. Entries have no command id:
// they are to be appended many at a time.
func (d *Sized) Entries(through school.Day) iter.Seq[school.Entry] {
	return func(yield func(school.Entry) bool) {
		h := &sizedHistory{d: d, r: stream(d.Seed, streamSized+3), yield: yield, through: through, later: map[school.Day][]*sizedMoment{}}
		d.setUp(h.emit)
		for week, monday := 0, demoFirst.Monday(); monday <= through && !h.stopped; week, monday = week+1, monday+7 {
			h.week(week, monday)
		}
		for _, p := range d.people { // the next reader begins anew
			p.step, p.late = nil, false
		}
		for _, t := range d.teams {
			t.open = 0
		}
	}
}

// sizedMoment is something that happens at an instant. do makes its entry when its turn has come, and may bring about later ones.
type sizedMoment struct {
	at  time.Time
	seq int
	by  school.PersonID
	via string
	do  func(m *sizedMoment) ([]school.Fact, []school.Text)
}

// sizedHistory makes what happened, one day at a time.
type sizedHistory struct {
	d       *Sized
	r       *rand.Rand
	yield   func(school.Entry) bool
	through school.Day
	stopped bool
	version int64
	seq     int
	day     school.Day // being played
	today   moments
	later   map[school.Day][]*sizedMoment
}

// emit hands on an entry and returns the version of its first fact.
func (h *sizedHistory) emit(e school.Entry) int64 {
	first := h.version + 1
	h.version += int64(len(e.Facts))
	if !h.stopped && !h.yield(e) {
		h.stopped = true
	}
	return first
}

// add puts a moment on a day at a time of day, in a zone; what lies before now comes right after it.
func (h *sizedHistory) add(day school.Day, at school.Clock, zone *time.Location, by school.PersonID, via string, do func(*sizedMoment) ([]school.Fact, []school.Text)) {
	m := &sizedMoment{at: day.At(at, zone).Add(time.Duration(h.r.IntN(60)) * time.Second), seq: h.seq, by: by, via: via, do: do}
	h.seq++
	if day > h.through { // after the draw: a longer history begins as a shorter one does
		return
	}
	if day <= h.day {
		heap.Push(&h.today, m)
		return
	}
	h.later[day] = append(h.later[day], m)
}

// play plays the moments of a day in their order.
func (h *sizedHistory) play(day school.Day) {
	h.day = day
	h.today = append(h.today, h.later[day]...)
	delete(h.later, day)
	heap.Init(&h.today)
	for h.today.Len() > 0 && !h.stopped {
		m := heap.Pop(&h.today).(*sizedMoment)
		facts, texts := m.do(m)
		if len(facts) > 0 {
			h.emit(school.Entry{By: m.by, Via: m.via, At: m.at, Facts: facts, Texts: texts})
		}
	}
	h.today = h.today[:0]
}

// next is the version that the first fact of the moment being played gets.
func (h *sizedHistory) next() int64 { return h.version + 1 }

func (h *sizedHistory) chance(p float64) bool { return h.r.Float64() < p }

func (h *sizedHistory) between(from, to int) school.Clock {
	return school.Clock(from + h.r.IntN(to-from+1))
}

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// moments are a heap by instant.
type moments []*sizedMoment

func (q moments) Len() int { return len(q) }
func (q moments) Less(i, j int) bool {
	if c := q[i].at.Compare(q[j].at); c != 0 {
		return c < 0
	}
	return q[i].seq < q[j].seq
}
func (q moments) Swap(i, j int) { q[i], q[j] = q[j], q[i] }

// Push is called by package heap.
func (q *moments) Push(x any) { *q = append(*q, x.(*sizedMoment)) }

// Pop is called by package heap.
func (q *moments) Pop() any {
	old := *q
	m := old[len(old)-1]
	*q = old[:len(old)-1]
	return m
}

// week plans a week campus by campus, and plays it.
func (h *sizedHistory) week(week int, monday school.Day) {
	h.day = monday - 1
	for _, c := range h.d.campuses {
		var open, taught []school.Day
		for day := monday; day <= monday+6; day++ {
			if c.cal.School(day) {
				taught = append(taught, day)
			}
			if c.cal.Open(day, 3) {
				open = append(open, day)
			}
		}
		if len(taught) == 0 {
			continue
		}
		h.clock(c, monday, taught)
		if len(open) > 0 {
			h.visits(c, week, open)
		}
		h.meetings(c, monday, taught)
		h.checkIns(c, taught)
	}
	for day := monday; day <= min(monday+6, h.through); day++ {
		h.play(day)
	}
}

// clock is what Rounds posted by itself: the plans on the first school day, agendas the school day before, and on the last
// the preview and the digest. The names of the occurrences are those that package reminders gives them.
func (h *sizedHistory) clock(c *sizedCampus, monday school.Day, taught []school.Day) {
	post := func(day school.Day, at school.Clock, name, about string, to *sizedPerson, room string) {
		due := day.At(at, c.zone).Unix()
		h.add(day, at, c.zone, "", "clock", func(*sizedMoment) ([]school.Fact, []school.Text) {
			f := school.Sent{Occurrence: DemoDistrict + "/" + name, About: about, Room: room, Due: due}
			if to != nil {
				f.To = to.id
			}
			return []school.Fact{f}, nil
		})
	}
	week := monday.String()
	first, last := taught[0], taught[len(taught)-1]
	plan := func(p *sizedPerson) { post(first, 7*60+30, "plan/"+week+"/"+string(p.id), "plan", p, "") }
	for _, p := range slices.Concat(c.leaders(), c.leads()) {
		plan(p)
	}
	if s := c.supervisor; s != nil && s.spans[0] == c {
		plan(s)
	}
	post(last, 12*60, "preview/"+c.id+"/"+week, "preview", c.principal, "")
	post(last, 15*60, "digest/"+c.id+"/"+week, "digest", nil, c.room())
	for _, t := range c.teams {
		if slot, ok := t.slot(monday); ok {
			if before, ok := c.cal.PrevSchoolDay(slot); ok {
				post(max(before, h.day+1), 14*60, "agenda/"+t.id+"/"+slot.String(), "agenda", nil, t.room())
			}
		}
	}
}

func (c *sizedCampus) leaders() []*sizedPerson {
	return slices.Concat([]*sizedPerson{c.principal}, c.aps, c.coaches)
}

// leads are the teacher leaders who look after somebody.
func (c *sizedCampus) leads() (out []*sizedPerson) {
	for _, p := range c.teachers {
		for _, o := range p.observers {
			if o.role == school.Lead {
				out = append(out, o)
			}
		}
	}
	return out
}

func (c *sizedCampus) room() string { return leadersRoom(school.CampusID(c.id)) }

func (t *sizedTeam) room() string { return "web:web:" + t.id }

// slot is the day on which the team meets in a week; no team meets in the first.
func (t *sizedTeam) slot(monday school.Day) (school.Day, bool) {
	day := monday + school.Day((int(t.weekday)+6)%7)
	if monday < firstMeetings.Monday() || !t.campus.cal.School(day) {
		return 0, false
	}
	return day, t.every <= 1 || int(monday-t.anchor.Monday())/7%t.every == 0
}

// present tells whether somebody is there to be visited.
func (p *sizedPerson) present(day school.Day) bool {
	return day >= p.start && !slices.ContainsFunc(p.away, func(l sizedLeave) bool { return day >= l.from && day <= l.to })
}

// meetings are the weekly meetings of the teams of a campus: most are held, with minutes and often a commitment.
func (h *sizedHistory) meetings(c *sizedCampus, monday school.Day, _ []school.Day) {
	for _, t := range c.teams {
		slot, ok := t.slot(monday)
		if !ok || !h.chance(0.9) {
			continue
		}
		h.add(slot, t.at+school.Clock(t.minutes), c.zone, t.lead.id, "web", func(m *sizedMoment) ([]school.Fact, []school.Text) {
			var facts []school.Fact
			if t.open != 0 && h.chance(0.8) {
				facts, t.open = append(facts, school.CommitmentClosed{Commitment: t.open, Met: h.chance(0.8), On: slot}), 0
			}
			uid := h.r.Uint64()
			facts = append(facts, school.MeetingHeld{UID: uid, Team: school.TeamID(t.id), Slot: slot})
			texts := []school.Text{{Key: school.NoteKey(uid, "minutes"), Kind: "minutes", Subject: t.id, Author: string(m.by), Class: school.Meeting, Body: pick(h.r, demoMinutes)}}
			if t.open == 0 && h.chance(0.6) {
				uid = h.r.Uint64()
				t.open = h.next() + int64(len(facts))
				facts = append(facts, school.CommitmentMade{UID: uid, Team: school.TeamID(t.id), Owner: pick(h.r, t.members).id, By: slot + 7, Slot: slot})
				texts = append(texts, school.Text{Key: school.NoteKey(uid, "commitment"), Kind: "commitment", Subject: t.id, Author: string(m.by), Class: school.Meeting, Body: pick(h.r, demoCommitments)})
			}
			return facts, texts
		})
	}
}
