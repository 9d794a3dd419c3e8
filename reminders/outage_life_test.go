package reminders

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"rounds/school"
)

// What people do in a year of troubles, so that every kind has something to say, and what the clock owes them for it: worked
// out from these deeds and the calendar on the wall, and not by the package's own rules.

// lived is what people did that the clock is to speak of.
type lived struct {
	looks     int
	visits    []*dueVisit
	steps     []*givenStep
	answers   []time.Time
	disturbed map[school.Day]bool // Mondays of weeks in which a day was declared off, or the team's meeting moved
	back      time.Time           // when what is disturbed is put right, or zero
	undo      []school.Fact
}

// A dueVisit waits for its feedback.
type dueVisit struct {
	n     int64
	on    school.Day
	given time.Time
}

type givenStep struct {
	n      int64
	by     school.Day
	closed school.Day // or 0
}

// liveNow lets somebody do something now, by the machine's clock.
func (y *year) liveNow() {
	y.clock.set(y.now())
	now, today := y.now(), school.DayOf(y.now(), chicago)
	subject := school.PersonID(fmt.Sprint("t", 1+y.rng.IntN(6)))
	if autumn, spring := today > day("2026-10-20") && today < day("2026-11-13"), today > day("2027-04-06") && today < day("2027-04-30"); (autumn || spring) && y.back.IsZero() && (y.stands(today) != 0 || y.rng.IntN(4) == 0) {
		y.disturb(now, today) // then, so that most of the year can be told from its end
		return
	}
	switch y.rng.IntN(7) {
	case 0, 1:
		if y.atSchool(today) {
			n := y.record(school.VisitLogged{UID: uint64(y.n + 1000), Observer: "c1", Subject: subject, Visit: school.CoachingVisit, On: today}).First
			y.visits = append(y.visits, &dueVisit{n: n, on: today})
		}
	case 2:
		if i := slices.IndexFunc(y.visits, func(v *dueVisit) bool { return v.given.IsZero() }); i >= 0 && y.rng.IntN(2) == 0 {
			y.visits[i].given = now
			y.record(school.VisitDebriefed{Visit: y.visits[i].n, On: today})
		}
	case 3:
		s := &givenStep{by: today + school.Day(2+y.rng.IntN(12))}
		s.n = y.record(school.StepAdded{UID: uint64(y.n + 1000), Subject: subject, Author: "c1", On: today, By: s.by}).First
		y.steps = append(y.steps, s)
	case 4:
		if open := slices.DeleteFunc(slices.Clone(y.steps), func(s *givenStep) bool { return s.closed != 0 }); len(open) > 3 {
			open[0].closed = today
			y.record(school.StepMoved{Step: open[0].n, State: school.StepMastered, On: today})
		}
	case 5, 6:
		if n := len(y.steps); n > 0 && y.steps[n-1].closed == 0 {
			answer := []school.CheckIn{school.NotYet, school.TriedIt, school.Consistently}[y.rng.IntN(3)]
			y.record(school.StepAnswered{Step: y.steps[n-1].n, UID: uint64(y.n + 1000), Answer: answer, On: today})
			y.answers = append(y.answers, now)
		}
	}
}

func (y *year) from() school.Day { return day("2026-10-05") }

// disturb declares a day off or moves the team's meeting, to be taken back a day or two later.
func (y *year) disturb(now time.Time, today school.Day) {
	for m := today.Monday() - 7; m <= today.Monday()+14; m += 7 {
		y.disturbed[m] = true
	}
	y.back = now.Add(time.Duration(1+y.rng.IntN(50)) * time.Hour)
	d := today + school.Day(y.rng.IntN(3))
	if n := y.stands(today); n != 0 {
		d = n
	}
	if y.rng.IntN(2) == 0 {
		y.record(school.DayDeclared{Span: school.Span{From: d, To: d, Class: school.NoSchool, Name: "Flood"}})
		y.undo = []school.Fact{school.DayRestored{From: d, To: d}}
		return
	}
	var team school.TeamSet
	_ = y.book.Read(func(m *school.Model) { t, _ := m.Team("math"); team = t.TeamSet })
	y.undo = []school.Fact{team}
	team.Weekday, team.Time = 1+y.rng.IntN(5), school.Clock(60*(8+y.rng.IntN(7)))
	y.record(team)
}

// stands is the slot to come whose agenda stands in the room, or 0.
func (y *year) stands(today school.Day) school.Day {
	for n := today; n < today+4; n++ {
		if y.settledAs("agenda/math/"+n.String()) == "sent" {
			return n
		}
	}
	return 0
}

// putBack takes a disturbance back when its time has come.
func (y *year) putBack() {
	if !y.back.IsZero() && !y.now().Before(y.back) {
		y.clock.set(y.now())
		y.record(y.undo...)
		y.back, y.undo = time.Time{}, nil
	}
}

// atSchool tells whether the calendar on the wall of Cedar Ridge has school.
func (y *year) atSchool(d school.Day) bool {
	for _, off := range [][2]string{{"2026-10-12", "2026-10-12"}, {"2026-10-30", "2026-10-30"}, {"2026-11-23", "2026-11-27"}, {"2026-12-21", "2027-01-01"}} {
		if d >= day(off[0]) && d <= day(off[1]) {
			return false
		}
	}
	return d.Weekday() != time.Saturday && d.Weekday() != time.Sunday && d <= day("2027-05-27")
}

// schoolDay is the nth school day after d.
func (y *year) schoolDay(d school.Day, n int) school.Day {
	for ; n > 0 && d < day("2027-06-01"); d++ {
		if y.atSchool(d + 1) {
			n--
		}
	}
	return d
}

// watch looks at the record beside the clock, without its mark: after a look that ended well nothing of the last day and a half
// may be ripe, too late or held for good, and not be settled.
func (y *year) watch(done scanned) {
	now := y.now()
	from := now.Add(-36 * time.Hour)
	if begin := local(yearStart); from.Before(begin) {
		from = begin
	}
	_ = y.book.Read(func(m *school.Model) {
		team, _ := m.Team("math")
		for _, o := range Plan(m, district, from, now) {
			// What the calendar or the team's file names only since its time is over was not to be sent at that time.
			if since := latest(m.CalendarSetAt("cedar"), team.MovedAt()); since.After(o.At) {
				continue
			}
			ripe := o.Status == Due && !now.Before(o.At.Add(jitter(&o))) || o.Status == Dropped || o.Status == Held && o.Again.IsZero() && o.closed == ""
			// An attempt of a process that died is looked up first, after a while.
			looksUp := slices.ContainsFunc(done.waiting, func(w Occurrence) bool { return w.Name == o.Name })
			if ripe && !looksUp {
				y.falsely = append(y.falsely, fmt.Sprintf("%s: %s (%s) at %s, and not settled; it was due at %s, until %s", o.Name, o.Status, o.Reason, now.In(chicago).Format("Mon Jan 2 15:04"), o.At.In(chicago).Format("Mon 15:04:05"), o.Until.In(chicago).Format("Mon 15:04:05")))
			}
		}
	})
}

// owed lists what must have come to an end for what people did, in weeks that nothing disturbed; each with the time by which it
// was due.
func (y *year) owed() (names []string) {
	last := day("2027-05-21")
	add := func(d school.Day, format string, args ...any) {
		if !y.disturbed[d.Monday()] && d <= last {
			names = append(names, fmt.Sprintf(format, args...))
		}
	}
	for monday := y.from(); monday < last; monday += 7 {
		days := 0
		for d := monday; d < monday+5; d++ {
			if y.atSchool(d) {
				days++
			}
		}
		for _, leader := range []string{"p1", "a1", "c1"} {
			if days > 0 {
				add(monday, "due/%sT07:00/%s", monday+2, leader)
			}
		}
		if weeks := int(monday-y.from()+7) / 7; days > 0 && weeks%2 == 0 {
			add(monday, "grow/%s/t1", monday)
		}
		if y.atSchool(monday + 3) {
			add(monday+3, "start/math/%s", monday+3)
		}
	}
	for _, v := range y.visits {
		for _, n := range []int{3, 5} {
			d := y.schoolDay(v.on, n)
			// Who gave it, or was about to, may have done so before anybody looked.
			if v.given.IsZero() || v.given.After((d+1).At(0, chicago)) {
				if !y.disturbed[v.on.Monday()] {
					add(d, "feedback/%s/c1", d)
				}
			}
		}
	}
	return names
}

// untold lists the answers of which no summary tells within a week, though summaries went out or could have: of each afternoon
// after it there is none on record.
func (y *year) untold() (out []string) {
	for _, at := range y.answers {
		d, heard := school.DayOf(at, chicago), false
		if y.disturbed[d.Monday()] || d > day("2027-05-14") {
			continue
		}
		// In a break an answer waits in its list; and before one a later answer may take its place while the machine is down.
		afternoons := 0
		for ; d <= school.DayOf(at, chicago)+7 && !heard; d++ {
			if y.atSchool(d) && d.At(15*60+45, chicago).After(at) {
				afternoons++
				heard = y.settledAs(fmt.Sprintf("answers/%sT15:45/c1", d)) != "open"
			}
		}
		if !heard && afternoons > 1 {
			out = append(out, at.In(chicago).Format("Mon Jan 2 15:04"))
		}
	}
	return out
}

// unasked lists the steps whose check-back came to no end: neither asked for, held, dropped nor closed before.
func (y *year) unasked() (out []string) {
	for _, s := range y.steps {
		d := s.by
		for ; !y.atSchool(d) && d < day("2027-05-21"); d++ {
		}
		if s.closed != 0 && s.closed <= d || d >= day("2027-05-21") || y.disturbed[d.Monday()] {
			continue
		}
		name := fmt.Sprintf("checkback/%s/%s/c1", theirs, s.by)
		if y.settledAs(name) == "open" {
			out = append(out, name)
		}
	}
	return out
}

// ended counts the record by kind and end.
func (y *year) ended() (kinds map[string]int) {
	kinds = map[string]int{}
	_ = y.book.Read(func(m *school.Model) {
		m.SentSince(time.Time{}, func(name string, s school.SentMark) {
			how := "sent"
			if s.Dropped != "" {
				how = strings.TrimPrefix(s.Dropped, heldPrefix)
			}
			kinds[s.About]++
			kinds[s.About+": "+how]++
		})
	})
	return kinds
}
