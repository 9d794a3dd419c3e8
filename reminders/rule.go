package reminders

import (
	"slices"
	"time"

	"rounds/school"
)

// The kinds of reminders, as rules and snoozes name them.
const (
	KindPlan    = "plan"
	KindAgenda  = "agenda"
	KindPreview = "preview"
	KindDigest  = "digest"
	KindNotice  = "notice"

	KindDue       = "due"
	KindFeedback  = "feedback"
	KindCheckback = "checkback"
	KindAnswers   = "answers"
	KindStart     = "start"
	KindGrow      = "grow"

	KindAgendaOff   = "agenda-off"
	KindAgendaMoved = "agenda-moved"
)

// defaultRules hold for a kind that the district has set no rule for.
var defaultRules = map[string]school.Rule{
	KindPlan:    {ID: KindPlan, On: school.FirstSchoolDay, Time: 7 * 60},
	KindAgenda:  {ID: KindAgenda, On: school.PreviousSchoolDay, Time: 15 * 60},
	KindPreview: {ID: KindPreview, On: school.LastSchoolDay, Time: 12 * 60},
	KindDigest:  {ID: KindDigest, On: school.LastSchoolDay, Time: 15 * 60},

	KindDue:       {ID: KindDue, On: school.Midweek, Time: 7 * 60},
	KindFeedback:  {ID: KindFeedback, On: school.EverySchoolDay, Time: 15*60 + 30},
	KindCheckback: {ID: KindCheckback, On: school.EverySchoolDay, Time: 7*60 + 45},
	KindGrow:      {ID: KindGrow, On: school.FirstSchoolDay, Time: 16 * 60},
	KindAnswers:   {ID: KindAnswers, On: school.EverySchoolDay, Time: 15*60 + 45},
}

// DefaultRule is the rule of a kind that ships with Rounds; ok is false for kinds that have none (a notice
// answers what a person did).
func DefaultRule(kind string) (r school.Rule, ok bool) {
	r, ok = defaultRules[kind]
	return r, ok
}

// timetable answers when a kind of reminder fires on one calendar in one zone.
type timetable struct {
	kind string
	set  []school.Rule // every rule the district set, the oldest first
	cal  *school.Calendar
	zone *time.Location
}

// A firing is one time that a rule names.
type firing struct {
	Key    string     // what it is about: the Monday of its week, or its civil date-time
	Day    school.Day // the civil day
	At     time.Time
	Closed string // why the calendar takes it away: "Labor Day"; "" on a day that stands
}

// rule is the rule in force on a civil day. An edited rule starts on the civil day after it was set; the
// first one ever, when a file sets it, replaces the default at once, for times that are still to come: a district
// that starts in the morning means its file for that day.
func (t timetable) rule(d school.Day) school.Rule {
	for i, r := range slices.Backward(t.set) {
		on := school.DayOf(r.SetAt, t.zone)
		if on < d || i == 0 && on == d && r.SetBy == "" && r.Cron == "" && d.At(r.Time, t.zone).After(r.SetAt) {
			return t.orDefault(r)
		}
	}
	return defaultRules[t.kind]
}

// orDefault is the rule that holds by what was set: one that was taken back leaves the default, and who did it.
func (t timetable) orDefault(r school.Rule) school.Rule {
	if !r.Gone {
		return r
	}
	def := defaultRules[t.kind]
	def.SetAt, def.SetBy, def.Gone = r.SetAt, r.SetBy, true
	return def
}

// firings lists what fires after from, up to and including to.
func (t timetable) firings(from, to time.Time) []firing {
	var out []firing
	// A time in a gap may come out on the next day: one day more on either side.
	for d := school.DayOf(from, t.zone) - 1; d <= school.DayOf(to, t.zone)+1; d++ {
		for _, f := range t.on(d) {
			if f.At.After(from) && !f.At.After(to) {
				out = append(out, f)
			}
		}
	}
	return out
}

// on lists what fires on one civil day.
func (t timetable) on(d school.Day) []firing {
	return t.by(t.rule(d), d)
}

// by lists what one rule has fire on a civil day.
func (t timetable) by(r school.Rule, d school.Day) []firing {
	if r.Off || d < t.cal.First-7 || d > t.cal.Last {
		return nil
	}
	if r.Cron != "" {
		return t.cronOn(r, d)
	}
	key, ok := t.about(r, d)
	if !ok {
		return nil
	}
	f := firing{Key: key, Day: d, At: d.At(r.Time, t.zone)}
	if key == "" { // a rule of days: named by its civil date-time
		f.Key = d.String() + "T" + r.Time.String()
	}
	switch r.On {
	case school.OnDays, school.NthWeekday, school.MonthDays: // whatever the calendar says of it
		f.Closed = t.cal.Why(d)
	}
	return []firing{f}
}

// about tells whether the rule names the day, and which week it is about: its Monday, or "" where each day
// stands for itself.
func (t timetable) about(r school.Rule, d school.Day) (key string, ok bool) {
	switch r.On {
	case school.FirstSchoolDay:
		first, _, any := t.cal.WeekEdges(d)
		return d.Monday().String(), any && d == first
	case school.LastSchoolDay:
		_, last, any := t.cal.WeekEdges(d)
		return d.Monday().String(), any && d == last
	case school.PreviousSchoolDay: // of the week: the last school day before its first
		next, any := t.cal.NextSchoolDay(d)
		return next.Monday().String(), any && t.cal.School(d) && next.Monday() != d.Monday()
	case school.EverySchoolDay:
		return "", t.cal.School(d)
	case school.Midweek:
		// Named by its Wednesday, as the rule of Wednesdays is that it came after: whichever of the two sent it, it is sent.
		mid, any := t.cal.Midweek(d)
		return (d.Monday() + 2).String() + "T" + r.Time.String(), any && d == mid
	case school.OnDays:
		if r.Every > 1 && int(d.Monday()-r.Anchor.Monday())/7%r.Every != 0 {
			return "", false
		}
		return "", d >= t.cal.First && slices.Contains(r.Days, int(d.Weekday()))
	case school.NthWeekday, school.MonthDays:
		return "", d >= t.cal.First && r.InMonth(d)
	}
	return "", false
}

func (t timetable) cronOn(r school.Rule, d school.Day) []firing {
	spec, err := parseCron(r.Cron)
	if err != nil || d < t.cal.First || !spec.on(d) {
		return nil // a rule that cannot be read fires never; CheckRule said so when it was set
	}
	var out []firing
	for _, c := range spec.clocks() {
		f := firing{Key: d.String() + "T" + c.String(), Day: d, At: d.At(c, t.zone), Closed: t.cal.Why(d)}
		// Times inside a gap all come out at its end: once is enough.
		if n := len(out); n > 0 && !f.At.After(out[n-1].At) {
			continue
		}
		out = append(out, f)
	}
	return out
}

// before is when the reminder of something that begins at start on a school day falls due: for "previous school day" on the
// last school day before it, for any other rule the last time before it begins. ok is false when there is none.
//
// Where the rule was edited lately, what counts is the rule in force on the day of that time, and the older one if both have
// theirs: today's stays. If neither has, because the older one would have come later and the newer one had come sooner, it
// falls due in the morning of the first school day under the newer one.
func (t timetable) before(day school.Day, start time.Time) (at time.Time, ok bool) {
	inForce := func(r school.Rule) (firing, bool) {
		f, ok := t.lastBy(r, day, start)
		return f, ok && t.rule(f.Day).SetAt.Equal(r.SetAt)
	}
	// From the newest on, the default last, as far back as any may have been in force.
	far, all := (day-lookBack).At(0, t.zone), true
	for _, r := range slices.Backward(t.set) {
		if f, in := inForce(t.orDefault(r)); in {
			at, ok = f.At, true
		}
		if all = r.SetAt.After(far); !all {
			break
		}
	}
	if all {
		if f, in := inForce(defaultRules[t.kind]); in {
			at, ok = f.At, true
		}
	}
	if ok {
		return at, true
	}
	newest := t.rule(day)
	if _, any := t.lastBy(newest, day, start); any {
		if first, any := t.cal.NextSchoolDay(school.DayOf(newest.SetAt, t.zone)); any {
			at = first.At(atOpening, t.zone)
			return at, at.Before(start)
		}
	}
	return time.Time{}, false
}

const (
	lookBack  = 60     // days before a meeting at most; a school year's longest break is the summer
	atOpening = 7 * 60 // when there is no better time
)

// lastBy is the last time before start at which one rule would fire, if it had been in force all along.
func (t timetable) lastBy(r school.Rule, day school.Day, start time.Time) (firing, bool) {
	prev, any := t.cal.PrevSchoolDay(day)
	if !any {
		// The first school day of the year has none before it: then that morning.
		prev = day
	}
	switch {
	case r.Off:
		return firing{}, false
	case r.On == school.PreviousSchoolDay && r.Cron == "":
		f := firing{Day: prev, At: prev.At(r.Time, t.zone)}
		if !any {
			f.At = prev.At(min(r.Time, atOpening), t.zone)
		}
		return f, f.At.Before(start)
	}
	for d := day; d >= prev-7 && d >= day-lookBack; d-- {
		for _, f := range slices.Backward(t.by(r, d)) {
			if f.At.Before(start) && f.Closed == "" {
				return f, true
			}
		}
	}
	return firing{}, false
}
