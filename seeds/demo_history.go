package seeds

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"rounds/school"
)

// DemoHistory is the eight weeks before the demo starts, as entries to be recorded in this order right
// after what the model has seen, with nothing between: an entry that speaks of an earlier one (a note
// shared, a step moved) does so by the version that follows from this order. It holds every visit of
// visits.csv with its words, the action steps and check-ins, the teams' meetings, and what the clock sent.
func DemoHistory(seed uint64, m *school.Model) []school.Entry {
	d := newDemo(seed)
	h := &history{d: d, r: stream(seed, streamHistory), open: map[*demoPerson]*demoStep{}, last: map[*demoPerson]*moment{}}
	h.welcome()
	for _, v := range d.visits {
		h.visit(v)
	}
	h.settle()
	h.r = stream(seed, streamMeetings)
	h.meetings()
	h.sent()
	h.personal()
	return h.entries(m.Version())
}

// moment is one entry of the history to be.
type moment struct {
	command string
	at      time.Time
	by      school.PersonID
	via     string
	texts   []school.Text
	facts   func() []school.Fact // called once the versions of earlier moments are known
	first   int64                // version of its first fact
	uids    int
}

// uid makes the next number under which texts of the moment are found.
func (m *moment) uid() uint64 {
	m.uids++
	return school.UID(m.command, m.uids-1)
}

func (m *moment) text(uid uint64, kind, subject string, class school.Class, body string) {
	m.texts = append(m.texts, school.Text{Key: school.NoteKey(uid, kind), Kind: kind, Subject: subject, Author: string(m.by), Class: class, Body: body})
}

// history gathers the moments.
type history struct {
	d       *demo
	r       *rand.Rand
	moments []*moment
	decks   map[string]*deck
	open    map[*demoPerson]*demoStep
	last    map[*demoPerson]*moment
}

// add appends a moment; nil means that it lies after the end of the history, and so does whatever follows from it.
func (h *history) add(day school.Day, at school.Clock, by school.PersonID, via string) *moment {
	if day > historyEnd {
		return nil
	}
	at = min(max(at, 7*60+30), 17*60)
	m := &moment{command: fmt.Sprintf("demo:%d:%04d", h.d.seed, len(h.moments)), at: day.At(at, h.d.zone).Add(time.Duration(h.r.IntN(60)) * time.Second), by: by, via: via}
	if at == 17*60 {
		m.at = day.At(at, h.d.zone)
	}
	h.moments = append(h.moments, m)
	return m
}

// after keeps a moment behind the one it follows from.
func (m *moment) after(earlier *moment) *moment {
	if m != nil && earlier != nil && m.at.Before(earlier.at) {
		m.at = earlier.at
	}
	return m
}

// entries puts the moments in order, gives each fact its version and makes the entries.
func (h *history) entries(version int64) []school.Entry {
	slices.SortStableFunc(h.moments, func(a, b *moment) int { return a.at.Compare(b.at) })
	for _, m := range h.moments {
		m.first = version + 1
		version += int64(len(m.facts()))
	}
	out := make([]school.Entry, len(h.moments))
	for i, m := range h.moments {
		out[i] = school.Entry{Command: m.command, By: m.by, Via: m.via, At: m.at, Facts: m.facts(), Texts: m.texts}
	}
	return out
}

// deck deals the texts of a list in a shuffled order, all of them before any comes again.
type deck struct {
	list  []string
	order []int
}

func (h *history) deal(name string, list []string) string {
	if h.decks == nil {
		h.decks = map[string]*deck{}
	}
	k := h.decks[name]
	if k == nil {
		k = &deck{list: list}
		h.decks[name] = k
	}
	if len(k.order) == 0 {
		k.order = h.r.Perm(len(k.list))
	}
	s := k.list[k.order[0]]
	k.order = k.order[1:]
	return s
}

func (h *history) lesson(focus string) *lessonWords {
	for i := range demoLessons {
		if demoLessons[i].focus == focus {
			return &demoLessons[i]
		}
	}
	return &demoLessons[0]
}

func (h *history) chance(p float64) bool { return h.r.Float64() < p }

// between is a time of day from..to.
func (h *history) between(from, to string) school.Clock {
	a, _ := school.ParseClock(from)
	b, _ := school.ParseClock(to)
	return a + school.Clock(h.r.IntN(int(b-a)+1))
}

// school days after a day; 0 is the day itself.
func (h *history) later(d school.Day, n int) school.Day {
	for ; n > 0; n-- {
		next, ok := h.d.cal.NextSchoolDay(d)
		if !ok {
			return h.d.cal.Last + 1
		}
		d = next
	}
	return d
}

// clockOf is the time of day of a moment.
func (h *history) clockOf(m *moment) school.Clock {
	t := m.at.In(h.d.zone)
	return school.Clock(t.Hour()*60 + t.Minute())
}

func (h *history) dayOf(m *moment) school.Day { return school.DayOf(m.at, h.d.zone) }

// class is the record class of what somebody writes about others.
func class(by *demoPerson) school.Class {
	if by.role.Administers() {
		return school.Evaluation
	}
	return school.Coaching
}

// visit is a visit with what was written of it and what became of that.
func (h *history) visit(v *demoVisit) {
	m := h.logged(v)
	uid := m.uid()
	f := school.VisitLogged{UID: uid, Observer: v.observer.id, Visit: v.kind, On: v.on, Minutes: v.minutes, Focus: v.focus}
	var step *demoStep
	switch {
	case v.team != nil:
		f.Team = school.TeamID(v.team.id)
		if h.chance(0.7) {
			f.Texts = []string{"note"}
			m.text(uid, "note", v.team.id, class(v.observer), h.deal("team", demoTeamNotes))
		}
	case v.kind == school.Formal: // the write-up stays in the appraisal system
		f.Subject = v.subject.id
	case v.subject.weeks() == 0:
		f.Subject = v.subject.id
		f.Texts = []string{"glow", "grow"}
		m.text(uid, "glow", string(f.Subject), class(v.observer), h.deal("leader glow", demoLeaderGlows))
		m.text(uid, "grow", string(f.Subject), class(v.observer), h.deal("leader grow", demoLeaderGrows))
	default:
		f.Subject = v.subject.id
		step = h.words(v, m, &f)
	}
	m.facts = func() []school.Fact {
		if step == nil {
			return []school.Fact{f}
		}
		return []school.Fact{f, school.StepAdded{
			UID: step.uid, Subject: v.subject.id, Author: v.observer.id, By: step.by, Focus: f.Focus[0], Back: 1,
			Replaces: step.replaces(), On: v.on, Draft: true,
		}}
	}
	if v.team == nil && len(f.Texts) > 0 && (len(f.Texts) > 1 || f.Texts[0] != "note") {
		h.feedback(v, m, step)
	}
}

// logged is the moment at which a visit was put on record: mostly right after, some in the afternoon, a few the next
// morning.
func (h *history) logged(v *demoVisit) *moment {
	end := v.at + school.Clock(v.minutes)
	day, at := v.on, end+school.Clock(3+h.r.IntN(40))
	switch n := h.r.IntN(20); {
	case n == 0 && h.later(v.on, 1) <= historyEnd:
		day, at = h.later(v.on, 1), h.between("07:32", "08:00")
	case n < 5:
		at = max(at, h.between("15:30", "16:50"))
	}
	m := h.add(day, at, v.observer.id, "web")
	h.last[v.observer] = m
	return m
}

// words writes glow, grow, note and perhaps a step; it returns the step.
func (h *history) words(v *demoVisit, m *moment, f *school.VisitLogged) *demoStep {
	glow, grow, note := 0.92, 0.72, 0.3
	if v.kind == school.Walkthrough {
		glow, grow, note = 0.7, 0.35, 0.12
	}
	l := h.lesson(v.focus[0])
	step := h.step(v, m)
	if h.chance(glow) {
		f.Texts = append(f.Texts, "glow")
		m.text(f.UID, "glow", string(f.Subject), class(v.observer), h.deal("glow "+l.focus, l.glows))
	}
	if step != nil || h.chance(grow) {
		f.Texts = append(f.Texts, "grow")
		m.text(f.UID, "grow", string(f.Subject), class(v.observer), h.deal("grow "+l.focus, l.grows))
	}
	if h.chance(note) {
		f.Texts = append(f.Texts, "note")
		m.text(f.UID, "note", string(f.Subject), class(v.observer), h.deal("note", demoNotes))
	}
	if step != nil {
		step.uid = m.uid()
		m.text(step.uid, "step", string(f.Subject), class(v.observer), h.deal("step "+l.focus, l.steps))
	}
	return step
}

// feedback shares the note, talks it over, or (now and then) does neither in time.
func (h *history) feedback(v *demoVisit, m *moment, step *demoStep) {
	pShare, pTalk := 0.85, 0.5
	switch {
	case v.subject.campus == "liveoak": // teachers there are not told yet, so people talk
		pShare, pTalk = 0.4, 0.8
	case v.observer.role != school.Coach:
		pShare, pTalk = 0.6, 0.25
	}
	shares, talks := h.chance(pShare), h.chance(pTalk)
	if step != nil && !shares {
		talks = true
	}
	logged, at := h.dayOf(m), h.clockOf(m)
	given := school.Day(0)
	var talk *moment
	if shares {
		day, when := logged, at+school.Clock(1+h.r.IntN(6))
		late := false
		switch n := h.r.IntN(20); {
		case n < 6 && at < 15*60+20:
			late = true // shared at once, for 3:30
		case n < 9:
			day, when = h.later(logged, 1), h.between("07:35", "15:50")
		case n < 11: // forgotten for a while
			day, when = h.later(logged, 3+h.r.IntN(3)), h.between("15:30", "16:45")
		}
		if s := h.add(day, when, v.observer.id, "web").after(m); s != nil {
			shared := s.at
			if late {
				shared = day.At(15*60+30, h.d.zone)
			}
			s.facts = func() []school.Fact {
				facts := []school.Fact{school.VisitShared{Visit: m.first, At: shared.UTC()}}
				if step != nil && !late && (talk == nil || talk.at.After(s.at)) { // else it was given already
					facts = append(facts, school.StepMoved{Step: m.first + 1, State: school.StepAssigned, On: day})
				}
				return facts
			}
			given = day
			h.opened(v, m, s, shared)
		}
	}
	if talks {
		day := h.later(v.on, []int{0, 0, 1, 1, 1, 2, 2, 4}[h.r.IntN(8)])
		day = max(day, logged)
		if talk = h.add(day, h.between("15:35", "16:40"), v.observer.id, "web").after(m); talk != nil {
			talk.facts = func() []school.Fact { return []school.Fact{school.VisitDebriefed{Visit: m.first, On: day}} }
			if given == 0 || day < given {
				given = day
			}
		}
	}
	if step != nil {
		step.given = given
		h.checkIns(step)
	}
}

// opened is the teacher reading the note, mostly the same afternoon.
func (h *history) opened(v *demoVisit, m, s *moment, shared time.Time) {
	if v.subject.campus != "cedar" || !h.chance(0.86) {
		return
	}
	day := school.DayOf(shared, h.d.zone)
	t := shared.In(h.d.zone)
	at := school.Clock(t.Hour()*60+t.Minute()) + school.Clock(4+h.r.IntN(150))
	if at > 16*60+55 {
		day, at = h.later(day, 1), h.between("07:32", "07:58")
	}
	if o := h.add(day, at, v.subject.id, "web").after(s); o != nil {
		o.facts = func() []school.Fact { return []school.Fact{school.VisitOpened{Visit: m.first}} }
	}
}
