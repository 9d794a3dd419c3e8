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

// capped holds what the clock begins on its own once somebody had enough of it in a week. Notices are answers to
// what a person did: they are neither held nor counted.
func capped(p *planning, o *Occurrence) (string, time.Time) {
	if o.To == "" || o.Kind == KindNotice {
		return "", time.Time{}
	}
	limit := p.m.District().WeeklyCap
	if limit == 0 {
		limit = 10
	}
	monday := school.DayOf(p.now, p.m.Zone()).Monday().At(0, p.m.Zone())
	if p.sent == nil || p.sentWeek != monday.Unix() {
		p.sent, p.sentWeek = map[school.PersonID]int{}, monday.Unix()
		p.m.SentSince(monday, func(_ string, s school.SentMark) {
			if s.To != "" && s.Dropped == "" && s.About != KindNotice && s.At <= p.now.Unix() {
				p.sent[s.To]++
			}
		})
	}
	if n := p.sent[o.To]; n >= limit {
		return fmt.Sprintf("%d reminders this week are enough", n), time.Time{}
	}
	return "", time.Time{}
}
