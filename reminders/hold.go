package reminders

import (
	"fmt"
	"time"

	"rounds/school"
)

// A stage may hold an occurrence. It says why in words that its receiver may read, and when another look is worth
// while; with no such time the hold is for good.
type stage struct {
	name string
	hold func(p *planning, o *Occurrence) (reason string, again time.Time)
}

// stages are asked in this order, the certain and cheap ones first; the first that has a reason holds.
var stages = []stage{
	{"calendar", onCalendar},
	{"teachers told", untold},
	{"leave", onLeave},
	{"snoozed", snoozed},
	{"already done", alreadyDone},
	{"quiet hours", quiet},
	{"weekly cap", capped},
}

// onCalendar holds what belongs to a day without school, and lets nothing out on a day on which nobody works. A
// notice waits for the next school day; for what belongs to its own day there is none.
func onCalendar(p *planning, o *Occurrence) (string, time.Time) {
	if o.closed != "" {
		return "no school: " + o.closed, time.Time{}
	}
	if o.asked {
		return "", time.Time{}
	}
	cal, zone := p.calendar(o), p.zone(o)
	today := school.DayOf(p.now, zone)
	if cal.Staffed(today) {
		return "", time.Time{}
	}
	next, ok := nextStaffed(cal, today)
	switch {
	case o.Kind == KindNotice && !ok:
		return "", time.Time{} // the year is over, or there is no calendar: people still wrote to each other
	case o.Kind == KindNotice:
		return "no school today (" + cal.Why(today) + ")", openingTime(p, next, zone)
	case ok && next.At(0, zone).Before(o.Until):
		return "no school today (" + cal.Why(today) + ")", openingTime(p, next, zone)
	}
	return "no school: " + cal.Why(today), time.Time{}
}

// nextStaffed is the first day after d on which staff work.
func nextStaffed(cal *school.Calendar, d school.Day) (school.Day, bool) {
	for n := max(d+1, cal.First); n <= cal.Last; n++ {
		if cal.Staffed(n) {
			return n, true
		}
	}
	return 0, false
}

// openingTime is when messages may go out on a day: the end of quiet hours, or 7:00.
func openingTime(p *planning, d school.Day, zone *time.Location) time.Time {
	c := p.m.District().QuietTo
	if c == 0 {
		c = 7 * 60
	}
	return d.At(c, zone)
}

// untold holds what would be said to teachers of a campus that has not turned that on.
func untold(p *planning, o *Occurrence) (string, time.Time) {
	if o.Kind == KindCheckback && !p.m.MayTell(o.To) {
		return "your campus sends teachers no messages", time.Time{}
	}
	return "", time.Time{}
}

func onLeave(p *planning, o *Occurrence) (string, time.Time) {
	if o.To == "" {
		return "", time.Time{}
	}
	who, ok := p.m.Person(o.To)
	switch {
	case !ok || who.Now().Gone:
		return "no longer on the roster", time.Time{}
	case !who.Away(school.DayOf(p.now, p.zone(o))):
		return "", time.Time{}
	case o.Kind == KindNotice: // what somebody said to them is there when they come back
		again := o.Until
		zone := p.zone(o)
		for d := school.DayOf(p.now, zone) + 1; d.At(0, zone).Before(o.Until); d++ {
			if t := openingTime(p, d, zone); !who.Away(d) && t.Before(again) {
				again = t
				break
			}
		}
		return "on leave", again
	}
	return "on leave", time.Time{}
}

func snoozed(p *planning, o *Occurrence) (string, time.Time) {
	if o.To == "" {
		return "", time.Time{}
	}
	until, ok := p.m.Snooze(o.To, o.Kind, school.DayOf(p.now, p.zone(o)))
	if !ok {
		return "", time.Time{}
	}
	var again time.Time
	if t := openingTime(p, until, p.zone(o)); t.Before(o.Until) {
		again = t
	}
	return "snoozed until " + until.Short(), again
}

func alreadyDone(p *planning, o *Occurrence) (string, time.Time) {
	return kindOf(o.Kind).done(p, o), time.Time{}
}

// quiet defers to the end of the quiet hours in the zone of whoever gets it.
func quiet(p *planning, o *Occurrence) (string, time.Time) {
	if o.asked {
		return "", time.Time{}
	}
	d := p.m.District()
	if d.QuietFrom == d.QuietTo {
		return "", time.Time{}
	}
	zone := p.zone(o)
	today := school.DayOf(p.now, zone)
	// As instants, not as wall time: in the hour that a clock change repeats, wall time goes back.
	for day := today - 1; day <= today; day++ {
		from, to := day.At(d.QuietFrom, zone), day.At(d.QuietTo, zone)
		if d.QuietTo < d.QuietFrom {
			to = (day + 1).At(d.QuietTo, zone)
		}
		if !p.now.Before(from) && p.now.Before(to) {
			return fmt.Sprintf("quiet hours until %s", d.QuietTo.Kitchen()), to
		}
	}
	return "", time.Time{}
}

// capped holds what the clock begins on its own once somebody had enough of it in a week, and keeps room for what
// matters more and surely comes later in it. Notices are answers to what a person did: they are neither held nor
// counted.
func capped(p *planning, o *Occurrence) (string, time.Time) {
	if !underCap(o) {
		return "", time.Time{}
	}
	limit := weeklyCap(p.m)
	n := p.week(p.now)[o.To]
	if n >= limit {
		return fmt.Sprintf("%d reminders this week are enough", n), time.Time{}
	}
	if n+mostKept >= limit && n+p.kept(o) >= limit {
		return fmt.Sprintf("%d reminders this week, and the last are kept for what matters more", n), time.Time{}
	}
	return "", time.Time{}
}

// underCap tells whether an occurrence is held to the weekly cap.
func underCap(o *Occurrence) bool { return o.To != "" && o.Kind != KindNotice }

// weeklyCap is how many reminders somebody gets in a week at most.
func weeklyCap(m *school.Model) int {
	if n := m.District().WeeklyCap; n > 0 {
		return n
	}
	return 10
}

// A tally is what the occurrences decided so far leave for the others.
type tally struct {
	stands map[string]bool                        // by series: a later one was decided on
	weeks  map[school.Day]map[school.PersonID]int // by Monday: reminders sent, and decided on
	later  map[time.Time][]Occurrence             // by now: what surely comes later in its week
}

func newTally() *tally {
	return &tally{stands: map[string]bool{}, weeks: map[school.Day]map[school.PersonID]int{}, later: map[time.Time][]Occurrence{}}
}

// week counts the reminders of the week of an instant. Weeks are the district's, Monday to Sunday.
func (p *planning) week(t time.Time) map[school.PersonID]int {
	zone := p.m.Zone()
	monday := school.DayOf(t, zone).Monday()
	n, ok := p.tally.weeks[monday]
	if !ok {
		n = map[school.PersonID]int{}
		end := (monday + 7).At(0, zone).Unix()
		p.m.SentSince(monday.At(0, zone), func(_ string, s school.SentMark) {
			if s.To != "" && s.Dropped == "" && s.About != KindNotice && s.At < end {
				n[s.To]++
			}
		})
		p.tally.weeks[monday] = n
	}
	return n
}

// take counts an occurrence that will be sent.
func (p *planning) take(o *Occurrence) {
	if underCap(o) {
		p.week(p.now)[o.To]++
	}
}

// mostKept is more than anybody has of the reminders that room is kept for: a plan, and the previews of several campuses.
const mostKept = 5

// kept counts what comes to the same person later in the week and matters more, as far as that is certain: the plan
// of a week that begins late, and the preview of a digest that its owner has not decided about.
func (p *planning) kept(o *Occurrence) int {
	later, ok := p.tally.later[p.now]
	if !ok {
		zone := p.m.Zone()
		q := p.at((school.DayOf(p.now, zone).Monday() + 7).At(0, zone))
		q.from = p.now
		later = append(q.candidates(&previews), q.candidates(&plans)...)
		p.tally.later[p.now] = later
	}
	n := 0
	for i := range later {
		if l := &later[i]; l.To == o.To && l.Priority < o.Priority && l.closed == "" && kindOf(l.Kind).done(p, l) == "" {
			n++
		}
	}
	return n
}
