package school

import (
	"strings"
	"time"
)

// When teams meet, as it was set again and again, and what a room was told of a meeting. An agenda stands in its room with the
// time of the day on which it was posted; what was set since may have moved the meeting.

// A Rhythm is when a team meets, and in which room it is told, as it was set at a time.
type Rhythm struct {
	Weekday int // 0 Sunday
	Time    Clock
	Every   int // weeks; 0 and 1 mean every week
	Anchor  Day // a day in a week that has the meeting
	Room    string
	At      time.Time // when it was set
	N       int64     // the version of the event that set it
}

// setRhythm notes when a team's meetings were set to what they are. That only its members changed is nothing here.
func (m *Model) setRhythm(e Event, t *Team) {
	r := Rhythm{Weekday: t.Weekday, Time: t.Time, Every: t.Every, Anchor: t.Anchor, Room: t.Room, At: e.At, N: e.Version}
	if n := len(t.rhythms); n > 0 && t.rhythms[n-1].same(r) {
		return
	}
	t.rhythms = append(t.rhythms, r)
	m.teamMoved = later(m.teamMoved, e.At)
}

func (r Rhythm) same(s Rhythm) bool {
	if r.Weekday != s.Weekday || r.Time != s.Time || r.Room != s.Room || max(r.Every, 1) != max(s.Every, 1) {
		return false
	}
	return r.Every <= 1 || int(r.Anchor.Monday()-s.Anchor.Monday())/7%r.Every == 0
}

func (r Rhythm) meetsOn(d Day) bool {
	return int(d.Weekday()) == r.Weekday && (r.Every <= 1 || int(d.Monday()-r.Anchor.Monday())/7%r.Every == 0)
}

// MovedAt is when the team's day, time, weeks or room was set to what it is, its first setting included; the zero time
// for a team that no event has set.
func (t *Team) MovedAt() time.Time {
	if n := len(t.rhythms); n > 0 {
		return t.rhythms[n-1].At
	}
	return time.Time{}
}

// TeamsMovedAt is when the day, time, weeks or room of any team was set last.
func (m *Model) TeamsMovedAt() time.Time { return m.teamMoved }

// Announced is when a room is told that the meeting of a slot takes place.
type Announced struct {
	On        Day // the slot, or the other day of its week to which the meeting moved; 0 where its week has none
	Time      Clock
	Elsewhere bool // the team's room is another than the one that was told
}

// String is "2026-10-15T09:00" or "none", with "-elsewhere" after it: a part of an occurrence's name.
func (a Announced) String() string {
	s := "none"
	if a.On != 0 {
		s = a.On.String() + "T" + a.Time.String()
	}
	if a.Elsewhere {
		s += "-elsewhere"
	}
	return s
}

// announcedOf reads String back; ok is false for "", which says that nobody knows.
func announcedOf(s string) (a Announced, ok bool) {
	s, a.Elsewhere = strings.CutSuffix(s, "-elsewhere")
	if s == "none" {
		return a, true
	}
	day, clock, _ := strings.Cut(s, "T")
	on, derr := ParseDay(day)
	at, cerr := ParseClock(clock)
	a.On, a.Time = on, at
	return a, derr == nil && cerr == nil
}

// start is when the meeting begins; the zero time where there is none.
func (a Announced) start(zone *time.Location) time.Time {
	if a.On == 0 {
		return time.Time{}
	}
	return a.On.At(a.Time, zone)
}

// saidMark is what a room was told of a meeting: First with the agenda, Says since. "" is not known.
type saidMark struct {
	First, Says string
	Room        string
	N           int64 // the version of the event that says so
}

// announce is what a rhythm makes of a slot. A day of the team on which there is no school is still announced: that the
// meeting falls out is the calendar's word. In the place of a slot that is none any more stands the meeting of the
// same week, unless there is no school or it would have begun when the rhythm was set.
func (m *Model) announce(t *Team, r Rhythm, slot Day, room string) Announced {
	a := Announced{Elsewhere: r.Room != "" && room != "" && r.Room != room}
	if r.meetsOn(slot) {
		a.On, a.Time = slot, r.Time
		return a
	}
	cal, zone := m.Calendar(t.Campus), m.CampusZone(t.Campus)
	for d := slot.Monday(); d < slot.Monday()+7; d++ {
		if r.meetsOn(d) && cal.School(d) && d.At(r.Time, zone).After(r.At) {
			a.On, a.Time = d, r.Time
		}
	}
	return a
}

// become is what a rhythm makes of a slot of which a room was told something else. Once the meeting as it was told has begun,
// or where the new time had passed already when it was set, what was told stands.
func (m *Model) become(t *Team, r Rhythm, slot Day, first, says Announced, room string) Announced {
	zone := m.CampusZone(t.Campus)
	now := m.announce(t, r, slot, room)
	if !r.At.Before(later(first.start(zone), says.start(zone))) || now.On != 0 && !now.start(zone).After(r.At) {
		return says
	}
	return now
}

// Moved tells what became of a meeting since its agenda was posted: first is what was announced, now what holds. ok is false
// for a meeting that was never announced, and where that is not known and nothing speaks for a change.
func (m *Model) Moved(t *Team, slot Day) (first, now Announced, ok bool) {
	n := len(t.rhythms)
	if n == 0 {
		return first, now, false
	}
	mark := m.said[slotKey{t.ID, slot}]
	first, known := announcedOf(mark.First)
	switch {
	case !known && (n == 1 || t.MeetsOn(slot)):
		return first, now, false
	case !known:
		first = m.announce(t, t.rhythms[n-2], slot, mark.Room)
	}
	says, known := announcedOf(mark.Says)
	if !known {
		says = first
	}
	now = m.become(t, t.rhythms[n-1], slot, first, says, mark.Room)
	return first, now, true
}

// Stale tells whether the agenda of a slot, which was posted, may say something else in its room than what holds now, and until
// when that matters. Whoever was told and told back in between, perhaps by a process that died before it could record it, is
// told once more.
func (m *Model) Stale(t *Team, slot Day, posted SentMark) (now Announced, until time.Time, stale bool) {
	if len(t.rhythms) == 0 {
		return now, until, false
	}
	mark := m.said[slotKey{t.ID, slot}]
	// Where it is not known what the message says, it was made a day before it was due at the earliest.
	since := time.Unix(posted.Due, 0).Add(-24 * time.Hour)
	says, known := announcedOf(mark.Says)
	var between []Rhythm
	for i, r := range t.rhythms {
		switch {
		case known && r.N > mark.N, !known && (i+1 == len(t.rhythms) || t.rhythms[i+1].At.After(since)):
			between = append(between, r)
		}
	}
	if !known && len(between) > 0 {
		says = m.announce(t, between[0], slot, mark.Room)
	}
	first, ok := announcedOf(mark.First)
	if !ok {
		first = says
	}
	now = m.become(t, t.rhythms[len(t.rhythms)-1], slot, first, says, mark.Room)
	stale = now != says // which the calendar alone may do
	for _, r := range between {
		stale = stale || m.become(t, r, slot, first, says, mark.Room) != says
	}
	zone := m.CampusZone(t.Campus)
	return now, later(later(first.start(zone), says.start(zone)), now.start(zone)), stale
}

// Says is what a card of a slot's meeting says of it now, for the record of its post.
func (m *Model) Says(t *Team, slot Day) string {
	if _, now, ok := m.Moved(t, slot); ok {
		return now.String()
	}
	return Announced{On: slot, Time: t.Time}.String()
}
