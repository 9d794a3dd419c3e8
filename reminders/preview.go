package reminders

import (
	"fmt"
	"time"

	"rounds/bot"
	"rounds/cards"
	"rounds/school"
)

// previews: the digest's owner is shown it at noon, before it goes out, and may hold it or post it at once.
var previews = kind{
	name: KindPreview, words: "look at the coaching snapshot", priority: 2,
	find: func(p *planning) []Occurrence {
		var out []Occurrence
		if !p.mayFire(KindPreview) {
			return nil
		}
		for _, c := range p.m.Campuses() {
			if c.Room == "" {
				continue
			}
			for _, monday := range p.weeks(KindPreview, c.ID) {
				f, ok := p.weekly(KindPreview, c.ID, monday)
				if !ok || !f.At.After(p.from) || f.At.After(p.now) {
					continue
				}
				dg, ok := p.digest(c, monday)
				owner, any := p.owner(c.ID, f.Day)
				if !ok || !any {
					continue
				}
				until := dg.At
				if dg.asked || !until.After(f.At) {
					until = f.At.Add(4 * time.Hour)
				}
				out = append(out, Occurrence{
					Name: p.name(KindPreview, string(c.ID), monday.String()), At: f.At, Until: until, To: owner,
					Campus: c.ID, Day: monday, closed: f.Closed, series: KindPreview + " " + string(c.ID),
				})
			}
		}
		return out
	},
	done: func(p *planning, o *Occurrence) string {
		if p.posted(p.name(KindDigest, string(o.Campus), o.Day.String())) {
			return "the snapshot is posted already"
		}
		if _, _, ok := p.m.Digest(o.Campus, o.Day); ok {
			return "you have decided already"
		}
		return ""
	},
	title: func(p *planning, o []Occurrence) string {
		if len(o) > 1 {
			return fmt.Sprintf("A look at the coaching snapshots of %d campuses, for their owners", len(o))
		}
		return "A look at the coaching snapshot of " + p.m.CampusName(o[0].Campus) + ", for its owner"
	},
}

// owner is whose the digest of a campus is: the principal's, or an assistant principal's where there is none.
func (p *planning) owner(c school.CampusID, d school.Day) (school.PersonID, bool) {
	for _, r := range []school.Role{school.Principal, school.AP} {
		if list := p.m.LeadersOf(c, d, r); len(list) > 0 {
			return list[0], true
		}
	}
	return "", false
}

func previewCard(p *planning, o Occurrence) (bot.Open, error) {
	c, ok := p.m.Campus(o.Campus)
	if !ok {
		return bot.Open{}, fmt.Errorf("no campus %q", o.Campus)
	}
	dg, ok := p.digest(c, o.Day)
	if !ok {
		return bot.Open{}, fmt.Errorf("campus %q has no digest", o.Campus)
	}
	week := p.m.Calendar(o.Campus).WeekNumber(o.Day)
	return cards.PreviewEnvelope(week, campusLabel(p.m, o), dg.At.In(p.m.CampusZone(o.Campus)), cards.DigestSubject(o.Campus, o.Day)), nil
}
