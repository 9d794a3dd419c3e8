package reminders

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"rounds/school"
)

// A mover sets a team's meetings anew at random for three weeks, and knows in plain words what the room should say.
type mover struct {
	*world
	rng   *rand.Rand
	team  school.TeamSet
	off   map[school.Day]bool
	told  map[school.Day]told // by slot
	first map[school.Day]told
	moved map[school.Day]bool // of whose agendas the room was told something else once
	count map[string]int
}

// told is what a room was told of a meeting; on is 0 where it takes place no more.
type told struct {
	on   school.Day
	time school.Clock
}

func (s told) start() time.Time {
	if s.on == 0 {
		return time.Time{}
	}
	return s.on.At(s.time, chicago)
}

func newMover(t *testing.T, seed uint64, count map[string]int) *mover {
	m := &mover{count: count, moved: map[school.Day]bool{}, world: newWorld(t, "2026-10-08 12:00"), rng: rand.New(rand.NewPCG(seed, 5)), off: map[school.Day]bool{}, told: map[school.Day]told{}, first: map[school.Day]told{}}
	_ = m.book.Read(func(b *school.Model) { team, _ := b.Team("math"); m.team = team.TeamSet })
	m.scan()
	return m
}

func (m *mover) school(d school.Day) bool {
	return d.Weekday() != time.Saturday && d.Weekday() != time.Sunday && !m.off[d] && d != day("2026-10-12") && d != day("2026-10-30")
}

// makes is what the team's present setting makes of a slot, set at an instant.
func (m *mover) makes(slot school.Day, set time.Time) told {
	meets := func(d school.Day) bool {
		weeks := int(d.Monday()-m.team.Anchor.Monday()) / 7
		return int(d.Weekday()) == m.team.Weekday && (m.team.Every < 2 || weeks%m.team.Every == 0)
	}
	if meets(slot) {
		return told{slot, m.team.Time}
	}
	for d := slot.Monday(); d <= slot.Monday()+6; d++ {
		if s := (told{d, m.team.Time}); meets(d) && m.school(d) && s.start().After(set) {
			return s
		}
	}
	return told{}
}

// play sets, declares and waits, three days and more apart from the first to the last.
func (m *mover) play() {
	var set time.Time // when the team was set last
	for now := local("2026-10-08 12:00"); now.Before(local("2026-10-29 20:00")); {
		now = now.Add(time.Duration(1+m.rng.IntN(15*60)) * time.Minute)
		for hour := m.clock.Now().Add(30 * time.Minute); hour.Before(now); hour = hour.Add(30 * time.Minute) {
			m.clock.set(hour)
			m.scan()
			m.posted()
		}
		m.clock.set(now)
		was := m.team
		switch m.rng.IntN(6) {
		case 0, 1:
			m.team.Time = school.Clock(60 * (8 + 3*m.rng.IntN(3)))
		case 2:
			m.team.Weekday = 1 + m.rng.IntN(5)
		case 3:
			m.team.Every, m.team.Anchor = m.rng.IntN(3), day("2026-10-05")+school.Day(7*m.rng.IntN(3))
		case 4:
			m.team.Members = m.team.Members[:1+m.rng.IntN(3)]
		case 5:
			if d := school.DayOf(now, chicago) + school.Day(m.rng.IntN(4)); m.school(d) {
				m.off[d] = true
				m.record(school.DayDeclared{Span: school.Span{From: d, To: d, Class: school.NoSchool, Name: "Flood"}})
			}
		}
		if m.record(m.team); m.team.Weekday != was.Weekday || m.team.Time != was.Time || max(m.team.Every, 1) != max(was.Every, 1) || m.team.Every > 1 && m.team.Anchor != was.Anchor {
			set = now
		}
		for slot, says := range m.told {
			begun := !set.Before(m.first[slot].start()) && !set.Before(says.start())
			if now := m.makes(slot, set); !begun && (now.on == 0 || now.start().After(set)) {
				m.told[slot] = now
			}
		}
		m.scan()
		m.posted()
		m.hold()
	}
}

// posted takes in the agendas that the room has since it was last looked at.
func (m *mover) posted() {
	for _, e := range m.fake.TakeEvents() {
		if f := strings.Split(e.Text, "\n"); e.Kind == "post" && strings.HasPrefix(f[0], m.team.Name) && len(f) > 1 && !strings.Contains(f[0], " meets ") {
			at, err := time.ParseInLocation("Mon, Jan 2, 3:04 PM", strings.SplitN(f[1], " C", 2)[0], chicago)
			if err != nil {
				m.t.Fatal(err)
			}
			slot := school.Date(2026, at.Month(), at.Day())
			if _, twice := m.told[slot]; twice {
				m.t.Errorf("a second agenda for %s", slot.Short())
			}
			m.told[slot] = told{slot, school.Clock(at.Hour()*60 + at.Minute())}
			m.first[slot] = m.told[slot]
		}
	}
}

// hold holds every agenda in the room to what it should say.
func (m *mover) hold() {
	now := m.clock.Now()
	for _, msg := range m.fake.Stored(m.fake.Room("math")) {
		for slot, says := range m.told {
			if msg.Marker != hash(fmt.Sprintf("%s/agenda/math/%s", district, slot)) || m.off[slot] && !now.Before(latest(m.first[slot].start(), says.start())) {
				continue
			}
			text := msg.Card.Text()
			var want []string
			what := "none"
			switch first := m.first[slot]; {
			case says.on == 0:
				want = []string{"This meeting does not take place.", slot.Short() + ", " + first.time.Kitchen()}
			case says.on != slot:
				what = "another day"
				want = []string{"This meeting moved to " + says.on.Short() + ", " + says.time.Kitchen() + ".", slot.Short() + ", " + first.time.Kitchen()}
			case m.off[slot]:
				what = "off"
				want = []string{"No school on " + slot.Short()}
			case says != first:
				what = "moved"
				want = []string{"Moved: now at " + says.time.Kitchen() + "\n", slot.Short() + ", " + says.time.Kitchen()}
			default:
				if what = "as before"; m.moved[slot] {
					what = "back"
				}
				want = []string{"Math 7\n" + slot.Short() + ", " + says.time.Kitchen()}
			}
			m.count[what]++
			m.moved[slot] = m.moved[slot] || says != m.first[slot]
			for _, w := range want {
				if !strings.Contains(text, w) {
					m.t.Fatalf("on %s the agenda of %s says\n%s\nand not %q; the team is set to %+v", now.In(chicago).Format("Mon Jan 2 15:04"), slot.Short(), text, w, m.team)
				}
			}
		}
	}
}

// What is rehearsed of a move is what happens.
func TestARehearsalOfAMove(t *testing.T) {
	w := posted15(t)
	team := school.TeamSet{ID: "math", Name: "Math 7", Campus: "cedar", Members: []school.PersonID{"t1"}, Weekday: 5, Time: 8 * 60, Minutes: 45, Room: "fake:W1:math"}
	w.record(team)
	var want []string
	for _, p := range w.rehearse("2026-10-14 20:00", "2026-10-15 20:00") {
		want = append(want, fmt.Sprint(p.Occurrence, " ", p.Status, "\n", lines2(p.Text)))
	}
	var got []string
	for at := local("2026-10-14 20:00"); !at.After(local("2026-10-15 20:00")); at = at.Add(15 * time.Minute) {
		w.clock.set(at)
		for _, o := range w.scan().posted {
			for _, e := range w.fake.TakeEvents() {
				got = append(got, fmt.Sprint(o.Name, " post\n", lines2(e.Text)))
			}
		}
	}
	same(t, "played", got, want)
	if len(want) != 2 || !strings.Contains(want[0], "agenda-moved/math/2026-10-15/2026-10-16T08:00 post\nThis meeting moved to Fri, Oct 16, 8:00 AM.") {
		t.Errorf("%q", want)
	}
}

// lines2 is the beginning of a text.
func lines2(s string) string {
	l := append(strings.SplitN(s, "\n", 3), "")
	return l[0] + "\n" + l[1]
}
