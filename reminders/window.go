package reminders

import (
	"time"

	"rounds/school"
)

// Most looks at the clock find nothing, every 15 seconds and after every append. What can be known of a window without
// asking every team and every leader is asked first.

// mayFire tells whether a kind's rule, or one of the other times of day, may fire in the window in any zone of the district,
// whatever the calendars say. Where it is false nothing of the kind is due by its rule.
func (p *planning) mayFire(kind string, also ...school.Clock) bool {
	may, ok := p.may[kind]
	if !ok {
		for _, zone := range p.m.Zones() {
			t := timetable{kind: kind, set: p.m.RulesSet(kind), zone: zone}
			if may = t.mayFire(p.from, p.now, also); may {
				break
			}
		}
		p.may[kind] = may
	}
	return may
}

// mayFire leaves the calendar out; it is not set here.
func (t timetable) mayFire(from, to time.Time, also []school.Clock) bool {
	in := func(d school.Day, c school.Clock) bool {
		at := d.At(c, t.zone)
		return at.After(from) && !at.After(to)
	}
	// A time in a gap may come out on the next day: one day more on either side.
	for d := school.DayOf(from, t.zone) - 1; d <= school.DayOf(to, t.zone)+1; d++ {
		for _, c := range also {
			if in(d, c) {
				return true
			}
		}
		r := t.rule(d)
		switch {
		case r.Off:
		case r.Cron != "":
			spec, err := parseCron(r.Cron)
			if err != nil || !spec.on(d) {
				continue
			}
			for _, c := range spec.clocks() {
				if in(d, c) {
					return true
				}
			}
		case in(d, r.Time):
			return true
		}
	}
	return false
}

// soonTeams lists the teams of which a meeting may begin between two instants, by their weekday and time of day alone.
func (p *planning) soonTeams(from, to time.Time) []*school.Team {
	type stretch struct{ from, to int } // civil minutes
	zones := map[school.CampusID]stretch{}
	civil := func(t time.Time, zone *time.Location) int {
		l := t.In(zone)
		return int(school.DayOf(t, zone))*24*60 + l.Hour()*60 + l.Minute()
	}
	var out []*school.Team
	for _, t := range p.m.Teams() {
		s, ok := zones[t.Campus]
		if !ok { // an hour more on either side, for the changes of the clock
			zone := p.m.CampusZone(t.Campus)
			s = stretch{civil(from.Add(-time.Hour), zone), civil(to.Add(time.Hour), zone)}
			zones[t.Campus] = s
		}
		for d := school.Day(s.from / (24 * 60)); int(d)*24*60 <= s.to; d++ {
			if at := int(d)*24*60 + int(t.Time); int(d.Weekday()) == t.Weekday && at >= s.from && at <= s.to {
				out = append(out, t)
				break
			}
		}
	}
	return out
}

// weekOf is a leader's week, for one of the many whose plans fall due together.
func (p *planning) weekOf(leader school.PersonID) (school.WeekPlan, bool) {
	if p.weekBy == nil {
		p.weekBy = p.m.Weeks(p.now)
	}
	return p.weekBy(leader)
}
