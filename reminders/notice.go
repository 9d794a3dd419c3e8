package reminders

import (
	"fmt"
	"strconv"
	"time"

	"rounds/bot"
	"rounds/cards"
	"rounds/school"
)

// notices: somebody did something that somebody else is to know of. The fact stands in the log, and the scan
// that follows every append finds it.
var notices = kind{
	name: KindNotice, words: "notice", priority: 0, urgent: true,
	find: func(p *planning) []Occurrence {
		var out []Occurrence
		add := func(sort string, told []school.Told) {
			for _, t := range told {
				if !p.m.MayTell(t.To) {
					continue
				}
				o := Occurrence{Name: p.name(KindNotice, sort, strconv.FormatInt(t.N, 10)), At: t.At, To: t.To, From: t.From, N: t.N, sort: sort}
				o.Until = p.noticeUntil(&o)
				out = append(out, o)
			}
		}
		add("note", p.m.SharedNotes(p.told, p.now))
		add("step", p.m.GivenSteps(p.told, p.now))
		add("talk", p.m.Talks(p.told, p.now))
		return out
	},
	done: func(p *planning, o *Occurrence) string {
		if o.sort == "talk" {
			return ""
		}
		v := p.m.As(o.To, p.now) // the teacher's own record
		if v == nil {
			return "no longer on the roster"
		}
		switch o.sort {
		case "note":
			if n, ok := v.Visit(o.N); !ok || n.Void {
				return "the visit was taken back"
			} else if n.Opened {
				return "it was read already"
			}
		case "step":
			if s, ok := v.Step(o.N); !ok || !s.State.Open() {
				return "the step is closed already"
			}
		}
		return ""
	},
	title: func(_ *planning, o []Occurrence) string {
		if len(o) == 1 {
			return "A notice"
		}
		return fmt.Sprintf("%d notices", len(o))
	},
}

// A notice waits for whoever is on leave: so many days on which staff work. A note is stale after two weeks; a teacher
// who asked to talk was promised that they are heard.
const (
	leaveDays     = 10
	leaveDaysTalk = 45
)

// noticeUntil ends the 24 h of a notice. Days on which nobody works, and days of leave, do not count: a note shared on
// Friday evening is told on Monday.
func (p *planning) noticeUntil(o *Occurrence) time.Time {
	until := o.At.Add(24 * time.Hour)
	cal, zone := p.calendar(o), p.zone(o)
	day := school.DayOf(o.At, zone)
	next, ok := p.nextAtWork(o, day)
	if ok && (next > day+1 || !cal.Staffed(day)) {
		local := o.At.In(zone)
		c := max(school.Clock(local.Hour()*60+local.Minute()), 12*60)
		if t := next.At(c, zone); t.After(until) {
			until = t
		}
	}
	return until
}

// nextAtWork is the first day after d on which staff work and the receiver is not on leave, or the last day that a
// notice waits for them. ok is false when nobody works any more: the year is over, or there is no calendar.
func (p *planning) nextAtWork(o *Occurrence, d school.Day) (next school.Day, ok bool) {
	who, known := p.m.Person(o.To)
	cal := p.calendar(o)
	most := leaveDays
	if o.sort == "talk" {
		most = leaveDaysTalk
	}
	for ; most > 0; most-- {
		if d, ok = nextStaffed(cal, d); !ok {
			return next, next != 0
		}
		if next = d; !known || !who.Away(d) {
			break
		}
	}
	return next, true
}

func noticeCard(m *school.Model, o Occurrence) (bot.Open, error) {
	n := strconv.FormatInt(o.N, 10)
	switch o.sort {
	case "note":
		var role school.Role
		if from, ok := m.Person(o.From); ok {
			role = from.Now().Role
		}
		return cards.NoteEnvelope(role, "v"+n), nil
	case "step":
		return cards.StepEnvelope("s" + n), nil
	case "talk":
		return cards.TalkEnvelope("s" + n), nil
	}
	return bot.Open{}, fmt.Errorf("a notice of sort %q", o.sort)
}
