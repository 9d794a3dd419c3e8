package reminders

import (
	"fmt"
	"slices"
	"time"

	"rounds/school"
)

// digests: a campus's week in numbers, in its leadership room on the last school day of the week. Its owner may
// hold it, or have it posted at once.
var digests = kind{
	name: KindDigest, words: "coaching snapshot", priority: 3,
	find: func(p *planning) []Occurrence {
		var out []Occurrence
		if !p.mayFire(KindDigest) && !p.m.CalendarsSetAt().After(p.from) && !p.m.DigestsDecidedAt().After(p.from) {
			return nil
		}
		for _, c := range p.m.Campuses() {
			if c.Room == "" {
				continue
			}
			for _, w := range p.weeks(KindDigest, c.ID) {
				if o, ok := p.digest(c, w); ok && o.At.After(p.from) && !o.At.After(p.now) {
					out = append(out, o)
				}
			}
		}
		return out
	},
	done: func(p *planning, o *Occurrence) string {
		if d, _, ok := p.m.Digest(o.Campus, o.Day); ok && d.Decision == "hold" {
			return "held this week by its owner"
		}
		if !p.m.Reportable(o.Campus, p.now) {
			return "too few teachers to report numbers about"
		}
		return ""
	},
	title: func(p *planning, o []Occurrence) string {
		if len(o) > 1 {
			return fmt.Sprintf("Coaching snapshots of %d campuses", len(o))
		}
		return "Coaching snapshot of " + p.m.CampusName(o[0].Campus)
	},
}

// weeks lists the Mondays of the weeks whose digest or preview may fall due in the window: by the rule, because the
// calendar was changed, or because the owner asked for it.
func (p *planning) weeks(kind string, c school.CampusID) []school.Day {
	zone := p.m.CampusZone(c)
	var out []school.Day
	add := func(w school.Day) {
		if !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	for _, f := range p.firings(kind, c, zone) {
		add(weekOf(f))
	}
	around := func(t time.Time) {
		if t.After(p.from) && !t.After(p.now) {
			w := school.DayOf(t, zone).Monday()
			add(w - 7)
			add(w)
		}
	}
	around(p.m.CalendarSetAt(c))
	if kind == KindDigest {
		for w := school.DayOf(p.from, zone).Monday() - 7; w <= school.DayOf(p.now, zone); w += 7 {
			around(p.m.DigestDecidedAt(c, w))
		}
	}
	return out
}

// digest is the occurrence of one campus and week; ok is false where there is none.
func (p *planning) digest(c *school.Campus, monday school.Day) (Occurrence, bool) {
	zone := p.m.CampusZone(c.ID)
	f, ok := p.weekly(KindDigest, c.ID, monday)
	d, _, decided := p.m.Digest(c.ID, monday)
	asked := decided && d.Decision == "post"
	if !ok && !asked {
		return Occurrence{}, false
	}
	o := Occurrence{
		Name: p.name(KindDigest, string(c.ID), monday.String()), At: f.At, Room: c.Room, Campus: c.ID, Day: monday,
		closed: f.Closed, series: KindDigest + " " + string(c.ID),
	}
	// The last school day may move to a day that is over, when the rest of the week is declared off.
	if moved := p.m.CalendarSetAt(c.ID); ok && o.At.Before(moved) && moved.Before((monday+7).At(0, zone)) {
		o.At = moved
	}
	if asked {
		if at := p.m.DigestDecidedAt(c.ID, monday); !ok || at.Before(o.At) || !p.posted(o.Name) {
			o.At, o.asked, o.closed = at, true, ""
		}
	}
	o.Until = o.At.Add(24 * time.Hour)
	return o, p.enough(c.ID, school.DayOf(o.At, zone))
}

func (p *planning) posted(name string) bool {
	s, ok := p.m.SentAs(name)
	return ok && s.Dropped == ""
}

// weekly is when a kind fires for a campus in one week.
func (p *planning) weekly(kind string, c school.CampusID, monday school.Day) (firing, bool) {
	t := p.table(kind, c, p.m.CampusZone(c))
	var out firing
	found := false
	for d := monday - 7; d < monday+7; d++ { // "previous school day" lies in the week before
		for _, f := range t.on(d) {
			if weekOf(f) == monday {
				out, found = f, true
			}
		}
	}
	return out, found
}

// weekOf is the week that a firing is about: the one its key names, or the one of its day.
func weekOf(f firing) school.Day {
	if d, err := school.ParseDay(f.Key); err == nil {
		return d.Monday()
	}
	return f.Day.Monday()
}

// enough tells whether the campus has so many teachers that numbers about them are not about persons.
func (p *planning) enough(c school.CampusID, d school.Day) bool {
	return len(p.m.LeadersOf(c, d, school.Teacher, school.Lead)) >= school.Floor
}

// campusLabel names the campus to somebody who has more than one.
func campusLabel(m *school.Model, o Occurrence) string {
	who, ok := m.Person(o.To)
	if !ok || len(who.Now().Campuses) < 2 {
		return ""
	}
	return m.CampusName(o.Campus)
}
