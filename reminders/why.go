package reminders

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"rounds/bot"
	"rounds/school"
)

// Line is one line of /rounds why.
type Line struct {
	At     time.Time
	What   string // "plan of the week"
	Status string // "sent", "held", "dropped", "next"
	Why    string // "snoozed until Mon, Oct 19"; "" for what was sent
}

// Why lists what was sent to somebody from..to, what was held or dropped and why, and what comes next, in order of time. The rooms of
// their teams, and a leader's leadership room, count as theirs.
func (r *Runner) Why(ctx context.Context, d bot.District, who bot.Person, from, to time.Time) ([]Line, error) {
	if d != r.cfg.District {
		return nil, fmt.Errorf("district %q is not served here", d)
	}
	now := r.cfg.Now()
	if err := r.loadMark(ctx, now); err != nil {
		return nil, err
	}
	var out []Line
	err := r.cfg.Book.Read(func(m *school.Model) {
		id := school.PersonID(who)
		mine := roomsOf(m, id, now)
		isMine := func(to school.PersonID, room string) bool { return to == id || to == "" && mine[room] }
		inside := func(t time.Time) bool { return !t.Before(from) && !t.After(to) }

		m.SentSince(from, func(name string, s school.SentMark) {
			at := time.Unix(s.At, 0).UTC()
			if !isMine(s.To, s.Room) || !inside(at) {
				return
			}
			l := Line{At: at, What: wordsOf(m, name, s.About), Status: "sent"}
			if why, held := strings.CutPrefix(s.Dropped, heldPrefix); s.Dropped != "" {
				l.Status, l.Why = "dropped", why
				if held {
					l.Status = "held"
				}
			}
			out = append(out, l)
		})
		p := r.look(m, now)
		for _, o := range p.all(kinds) {
			if !isMine(o.To, o.Room) || !inside(o.At) && !inside(o.Again) {
				continue
			}
			l := Line{At: o.At, What: wordsOf(m, o.Name, o.Kind), Status: string(o.Status), Why: o.Reason}
			if o.Status == Due {
				l.Status = "next"
			}
			out = append(out, l)
		}
		if !to.After(now) {
			return
		}
		ahead(p, now, to, func(o Occurrence) bool { return isMine(o.To, o.Room) }, func(p *planning, o Occurrence) bool {
			l := Line{At: o.At, What: wordsOf(m, o.Name, o.Kind), Status: "next"}
			if p.judge(&o); o.Status != Due {
				l.Status, l.Why = string(o.Status), o.Reason
			} else {
				p.take(&o)
			}
			out = append(out, l)
			return true
		})
	})
	slices.SortStableFunc(out, func(a, b Line) int { return cmp.Or(a.At.Compare(b.At), strings.Compare(a.What, b.What)) })
	return out, err
}

// roomsOf are the rooms that somebody reads: their teams', and for leaders their campuses' leadership rooms.
func roomsOf(m *school.Model, id school.PersonID, now time.Time) map[string]bool {
	out := map[string]bool{}
	who, ok := m.Person(id)
	if !ok {
		return out
	}
	for _, t := range m.TeamsOf(id) {
		out[t.Room] = true
	}
	if s := who.On(school.DayOf(now, m.ZoneOf(id))); s.Role.Leader() {
		for _, c := range m.Campuses() {
			if s.At(c.ID) {
				out[c.Room] = true
			}
		}
	}
	delete(out, "")
	return out
}

// Undelivered counts what could not be sent since an instant, by its reason: for rounds doctor. What was held on
// purpose is not in it.
func Undelivered(m *school.Model, since time.Time) map[string]int {
	out := map[string]int{}
	m.SentSince(since, func(_ string, s school.SentMark) {
		if s.Dropped != "" && !strings.HasPrefix(s.Dropped, heldPrefix) {
			out[s.Dropped]++
		}
	})
	return out
}

// wordsOf says an occurrence for people: its kind, and the team or campus where it has one.
func wordsOf(m *school.Model, name, about string) string {
	k := kindOf(about)
	if k == nil {
		return about
	}
	part := strings.Split(name, "/") // district, kind, …
	if len(part) < 4 {
		return k.words
	}
	switch about {
	case KindCheckback:
		if part[2] == theirs {
			return "action steps to look at"
		}
	case KindStart:
		if t, ok := m.Team(school.TeamID(part[2])); ok {
			return k.words + " of " + t.Name
		}
	case KindAgenda, KindAgendaOff, KindAgendaMoved:
		words := k.words
		if about == KindAgendaOff && strings.HasSuffix(name, backOn) {
			words = "PLC meeting back on"
		}
		if t, ok := m.Team(school.TeamID(part[2])); ok {
			return words + " for " + t.Name
		}
	case KindDigest, KindPreview:
		return k.words + " of " + m.CampusName(school.CampusID(part[2]))
	case KindNotice:
		switch part[2] {
		case "note":
			return "notice of a shared note"
		case "step":
			return "notice of a new action step"
		case "talk":
			return "notice that a teacher would like to talk"
		}
	}
	return k.words
}

// ahead goes through what is to come after from and up to to, in order of time, as far as a look tells today. Each is handed over
// with the look at its own time; each stops by returning false.
func ahead(now *planning, from, to time.Time, want func(Occurrence) bool, each func(*planning, Occurrence) bool) {
	p := newPlanning(now.m, now.district, from, to)
	p.tally, p.ahead = now.tally, true
	var all []Occurrence
	for i := range kinds {
		for _, o := range p.candidates(&kinds[i]) {
			if want(o) {
				all = append(all, o)
			}
		}
	}
	slices.SortFunc(all, func(a, b Occurrence) int {
		if c := a.At.Compare(b.At); c != 0 {
			return c
		}
		return before(a, b)
	})
	for _, o := range all {
		if !each(p.at(o.At), o) {
			return
		}
	}
}

// Next is the next thing that will be sent after an instant, as far as the record tells today, and what it is in a few words. It
// looks up to 60 days ahead.
func (r *Runner) Next(ctx context.Context, after time.Time) (at time.Time, what string, ok bool, err error) {
	if err := r.loadMark(ctx, after); err != nil {
		return time.Time{}, "", false, err
	}
	err = r.cfg.Book.Read(func(m *school.Model) { at, what, ok = upcoming(r.look(m, after)) })
	return at, what, ok, err
}

// upcoming finds the earliest minute after the one of a look at which something goes out: something new, or something that waits now.
func upcoming(p *planning) (at time.Time, what string, ok bool) {
	after := p.now
	var group []Occurrence
	var groupPlan *planning
	take := func(p *planning, o Occurrence, t time.Time) {
		switch {
		case len(group) == 0 || t.Before(at.Truncate(time.Minute)):
			group, at, groupPlan = []Occurrence{o}, t, p
		case t.Truncate(time.Minute).Equal(at.Truncate(time.Minute)):
			group = append(group, o)
			if t.Before(at) {
				at = t
			}
		}
	}
	for _, o := range p.all(kinds) {
		if !o.Again.IsZero() && o.Again.After(after) {
			if p, t, goes := whenSent(p, o, o.Again); goes {
				take(p, o, t)
			}
		}
	}
	// A week at a time: most of the year the next thing is near.
	for from, end := after, after.Add(60*24*time.Hour); from.Before(end); from = from.Add(7 * 24 * time.Hour) {
		if len(group) > 0 && at.Before(from) {
			break
		}
		ahead(p, from, from.Add(7*24*time.Hour), func(Occurrence) bool { return true }, func(p *planning, o Occurrence) bool {
			if len(group) > 0 && o.At.Truncate(time.Minute).After(at) {
				return false
			}
			if p, t, goes := whenSent(p, o, o.At); goes {
				take(p, o, t)
			}
			return true
		})
	}
	if len(group) == 0 {
		return time.Time{}, "", false
	}
	slices.SortFunc(group, before)
	first := kindOf(group[0].Kind)
	same := group[:0]
	for _, o := range group {
		if o.Kind == first.name {
			same = append(same, o)
		}
	}
	return at, first.title(groupPlan, same), true
}

// instant is the next time after an instant, up to an end, at which the clock has something to decide.
func (r *Runner) instant(ctx context.Context, after, end time.Time) (at time.Time, ok bool, err error) {
	if err := r.loadMark(ctx, after); err != nil {
		return time.Time{}, false, err
	}
	err = r.cfg.Book.Read(func(m *school.Model) { at, ok = instant(r.look(m, after), end) })
	return at, ok, err
}

// instant finds the first time after a look, up to an end, at which something is to be decided: sent, held or dropped.
func instant(p *planning, end time.Time) (at time.Time, ok bool) {
	sooner := func(t time.Time) {
		if t.After(p.now) && !t.After(end) && (!ok || t.Before(at)) {
			at, ok = t, true
		}
	}
	for _, o := range p.all(kinds) {
		if sooner(o.Again); !o.Again.IsZero() {
			sooner(o.Until) // it may wait in vain
		}
	}
	// Most of the year the next thing is near.
	for from, days := p.now, 1; from.Before(end) && (!ok || from.Before(at)); days = 7 {
		to := from.AddDate(0, 0, days)
		q := newPlanning(p.m, p.district, from, to)
		for i := range kinds {
			for _, o := range q.candidates(&kinds[i]) {
				sooner(o.At)
			}
		}
		from = to
	}
	return at, ok
}

// whenSent follows an occurrence through its deferrals to the moment at which it would be sent.
func whenSent(p *planning, o Occurrence, t time.Time) (*planning, time.Time, bool) {
	for range 8 {
		q := p.at(t)
		o.Again = time.Time{}
		q.judge(&o)
		switch {
		case o.Status == Due:
			return q, t, true
		case o.Status != Held || !o.Again.After(t):
			return q, t, false
		}
		t = o.Again
	}
	return p, t, false
}
