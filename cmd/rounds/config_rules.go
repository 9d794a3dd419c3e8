package main

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rounds/reminders"
	"rounds/school"
)

func (l *loader) teams(o object) {
	seen := map[string]bool{}
	var ids []string
	at := map[string]int{} // the first of an id: a second one is a problem already
	for i, v := range o.list("teams") {
		t := l.team(v, seen)
		if ids = append(ids, string(t.ID)); at[string(t.ID)] == 0 {
			at[string(t.ID)] = i + 1
		}
		l.c.Teams = append(l.c.Teams, t)
	}
	for _, p := range l.c.People {
		for _, id := range p.Teams {
			i := at[id] - 1
			if i < 0 {
				l.r.problems = append(l.r.problems, &Problem{
					File: l.c.peopleFile, Line: p.Line, Col: p.TeamsCol, Field: "plc_team",
					Message: fmt.Sprintf("%q is not a team of %s%s", id, l.r.file, suggest(id, ids)),
				})
				continue
			}
			if t := &l.c.Teams[i]; !slices.Contains(t.Members, p.ID) {
				t.Members = append(t.Members, p.ID)
			}
		}
	}
	for i, v := range o.list("teams") {
		if t := l.c.Teams[i]; len(t.Members) == 0 && l.peopleOK {
			l.r.fail(v, "the team %q has no members; name them here or in the plc_team column of %s", t.ID, l.c.peopleFile)
		}
	}
}

func (l *loader) team(v value, seen map[string]bool) school.TeamSet {
	o := l.r.object(v, "id", "name", "campus", "lead", "members", "meets", "room", "protocol")
	t := school.TeamSet{ID: school.TeamID(l.id(o, seen))}
	t.Name, _ = o.text("name", true)
	t.Campus = school.CampusID(o.word("campus", "a campus of this district", true, l.campusIDs()...))
	if o.has("lead") {
		t.Lead, _ = l.person(o.get("lead"))
	}
	for _, m := range o.list("members") {
		if id, ok := l.person(m); ok && !slices.Contains(t.Members, id) {
			t.Members = append(t.Members, id)
		}
	}
	t.Protocol = o.word("protocol", "a protocol", false, protocols()...)
	t.Room = l.room(o, "room")
	for _, r := range l.laterRooms {
		f := strings.SplitN(r.text, ":", 3)
		l.known(r, f[0], f[1])
	}
	l.laterRooms = nil
	if !o.has("meets") {
		l.r.fail(o.get("meets"), "is missing; write meets: {day: tue, time: \"13:10\", minutes: 45}")
		return t
	}
	m := l.r.object(o.get("meets"), "day", "time", "minutes", "every", "anchor")
	if _, dv := m.text("day", true); m.has("day") {
		t.Weekday, _ = l.weekday(dv)
	}
	t.Time, t.Minutes = m.clock("time", true), m.number("minutes", true, 5, 480)
	t.Every, t.Anchor = m.number("every", false, 1, 52), m.day("anchor", false)
	if t.Every > 1 && t.Anchor == 0 && !m.has("anchor") {
		l.r.fail(m.get("every"), "a meeting every %d weeks needs an anchor: a day in a week that has it", t.Every)
	}
	return t
}

func (l *loader) leaves(o object) {
	for _, v := range o.list("leave") {
		x := l.r.object(v, "who", "from", "to")
		f := school.LeaveSet{From: x.day("from", true), To: x.day("to", true)}
		if f.From != 0 && f.To != 0 && f.To < f.From {
			l.r.fail(x.get("to"), "%s is before %s", f.To, f.From)
		}
		if _, wv := x.text("who", true); x.has("who") {
			f.Person, _ = l.person(wv)
		}
		l.c.Leaves = append(l.c.Leaves, f)
	}
}

var (
	roles     = []string{"teacher", "lead", "coach", "ap", "principal", "supervisor", "district"}
	kinds     = []string{"walkthrough", "coaching", "formal", "plc"}
	schedules = []string{"weekly", "2weeks", "4weeks"}
)

func (l *loader) targets(o object) {
	l.c.Targets = school.DefaultTargets()
	if !o.has("targets") {
		return
	}
	l.c.Targets, l.c.OwnTargets = nil, true
	seen := map[string]bool{}
	for _, v := range o.list("targets") {
		l.c.Targets = append(l.c.Targets, l.target(v, seen))
	}
}

func (l *loader) target(v value, seen map[string]bool) school.Target {
	o := l.r.object(v, "id", "name", "roles", "schedules", "teams", "campuses", "kinds", "visits", "per", "by", "from", "to")
	t := school.Target{ID: l.id(o, seen), Teams: o.boolean("teams", false)}
	t.Name, _ = o.text("name", true)
	t.Roles = typed[school.Role](o.words("roles", "a role", roles...))
	t.By = typed[school.Role](o.words("by", "a role", roles...))
	t.Schedules = typed[school.Schedule](o.words("schedules", "a visit schedule", schedules...))
	t.Kinds = typed[school.VisitKind](o.words("kinds", "a kind of visit", kinds...))
	t.Campuses = typed[school.CampusID](o.words("campuses", "a campus of this district", l.campusIDs()...))
	t.N = o.number("visits", true, 1, 100)
	t.From, t.To = o.day("from", false), o.day("to", false)
	if t.From != 0 && t.To != 0 && t.To < t.From {
		l.r.fail(o.get("to"), "%s is before %s", t.To, t.From)
	}
	if !t.Teams && !o.has("roles") {
		l.r.fail(o.get("roles"), "is missing; a target is owed to people of some roles, or to teams: true")
	}
	if t.Teams && (o.has("roles") || o.has("schedules")) {
		l.r.fail(o.get("teams"), "a target is owed either to teams or to people of some roles")
	}
	if s, pv := o.text("per", true); s != "" {
		var ok bool
		if t.Weeks, ok = weeks(s); !ok {
			l.r.fail(pv, "%q is not a length of time; write 1 week, 2 weeks or year", s)
		}
	}
	return t
}

// weeks reads "week", "2 weeks" or "year", which is 0.
func weeks(s string) (int, bool) {
	switch s = strings.ToLower(strings.Join(strings.Fields(s), " ")); s {
	case "year", "1 year":
		return 0, true
	case "week", "1 week":
		return 1, true
	}
	var n int
	if _, err := fmt.Sscanf(s, "%d weeks", &n); err != nil || n < 1 || n > 52 || s != fmt.Sprintf("%d weeks", n) {
		return 0, false
	}
	return n, true
}

// typed gives words their type; where they stood matters no more.
func typed[T ~string](words []string, _ []value) []T {
	var out []T
	for _, w := range words {
		out = append(out, T(w))
	}
	return out
}

// The rules say when reminders go out, in words or field by field:
//
//	rules:
//	  plan:    first school day 7:30                               # the words of /rounds rules
//	  agenda:  {on: previous school day, time: "15:00"}            # before each meeting
//	  preview: {on: days, days: [thu], time: "12:00", every: 2, anchor: 2026-10-15}
//	  digest:  {on: nth weekday, nth: [1, last], days: [fri], time: "14:30"}
//	  due:     midweek 7am                                         # the school day nearest to Wednesday
//	  feedback: {on: month days, dates: [1, 15], time: "08:00"}    # a month without the day goes without
//	  answers: {cron: "45 15 * * 1-5"}
//	  start:   off                                                 # or {off: true}: its time follows the meetings
//
// "on" is one of: first school day, last school day, previous school day, every school day, midweek, days, nth weekday, month days. A rule
// that leaves the file gives way to the one that ships with Rounds. What was changed in chat stays until the file changes that
// very rule.
var whens = []string{
	string(school.FirstSchoolDay), string(school.LastSchoolDay), string(school.PreviousSchoolDay), string(school.EverySchoolDay),
	string(school.Midweek), string(school.OnDays), string(school.NthWeekday), string(school.MonthDays),
}

func (l *loader) rules(o object) {
	var kinds []string // the reminders whose time a district sets
	for _, k := range reminders.RuleKinds() {
		kinds = append(kinds, k.ID)
	}
	rules := l.r.object(o.get("rules"), kinds...)
	for _, kind := range kinds {
		if !rules.has(kind) {
			continue
		}
		v := rules.get(kind)
		before := len(l.r.problems)
		var r school.Rule
		if v.scalar() {
			r = l.ruleWords(v)
		} else {
			r = l.ruleFields(v)
		}
		if r.ID = kind; len(l.r.problems) == before {
			if err := reminders.CheckRule(r); err != nil {
				at := v
				if r.Cron != "" && !v.scalar() {
					at = l.r.object(v, ruleFields...).get("cron")
				}
				l.r.fail(at, "%v", err)
			}
		}
		l.c.Rules = append(l.c.Rules, r)
		if len(l.r.problems) == before {
			l.quiet(r, v)
		}
	}
	for _, kind := range kinds {
		if r, ok := reminders.DefaultRule(kind); ok && !rules.has(kind) {
			l.quiet(r, o.get("quiet_hours"))
		}
	}
}

// quiet remarks a rule whose time lies in quiet hours, of the file or of those that ship with Rounds: it is no mistake to have
// one, and nobody sees why its reminders come late or never.
func (l *loader) quiet(r school.Rule, v value) {
	set := l.c.District.Set
	err := reminders.CheckQuiet(r, set.QuietFrom, set.QuietTo)
	if err == nil {
		return
	}
	what := ""
	if strings.HasPrefix(v.path, "rules") {
		if !v.scalar() {
			at := l.r.object(v, ruleFields...)
			if v = at.get("time"); r.Cron != "" {
				v = at.get("cron")
			}
		}
	} else {
		what = fmt.Sprintf("the reminder %q has no rule here and goes out at %s: ", r.ID, r.Time.Kitchen())
	}
	l.c.quiet = append(l.c.quiet, l.r.at(v, "%s%v; %s", what, err, reminders.QuietFate(r, set.QuietFrom, set.QuietTo)))
}

// ruleWords reads "last school day 2:30pm".
func (l *loader) ruleWords(v value) school.Rule {
	r, err := school.ParseRule(v.text)
	var bad *school.RuleError
	switch {
	case errors.As(err, &bad) && bad.Word != "":
		l.r.fail(v, "%q is not a word of a rule%s; write it like %s", bad.Word, suggest(bad.Word, school.RuleVocabulary), school.RuleExample)
	case err != nil:
		l.r.fail(v, "%v", err)
	case r.Every > 1 && r.Anchor == 0:
		l.r.fail(v, "every %d weeks needs a day to count from: write from 2026-10-20 after it", r.Every)
	}
	return r
}

var ruleFields = []string{"on", "days", "time", "off", "every", "anchor", "nth", "dates", "cron"}

func (l *loader) ruleFields(v value) school.Rule {
	o := l.r.object(v, ruleFields...)
	r := school.Rule{Off: o.boolean("off", false), Every: o.number("every", false, 1, 52), Anchor: o.day("anchor", false)}
	r.Cron, _ = o.text("cron", false)
	if r.Cron != "" {
		if o.has("on") || o.has("time") || o.has("days") || o.has("nth") || o.has("dates") || o.has("every") {
			l.r.fail(o.get("cron"), "a rule has either cron, or on and time")
		}
		return r
	}
	needed := !r.Off
	r.On = school.When(o.word("on", "a day that a rule can name", needed, whens...))
	r.Time = o.clock("time", needed)
	for _, d := range o.list("days") {
		if n, ok := l.weekday(d); ok && !slices.Contains(r.Days, n) {
			r.Days = append(r.Days, n)
		}
	}
	r.Nth, r.Dates = l.places(o, "nth", 5), l.places(o, "dates", 31)
	if r.On == "" {
		return r
	}
	for _, f := range []struct {
		key     string
		on      []school.When // the days that it goes with
		must    bool
		example string
	}{
		{"days", []school.When{school.OnDays, school.NthWeekday}, true, "days: [mon, thu]"},
		{"nth", []school.When{school.NthWeekday}, true, "nth: [1, last]"},
		{"dates", []school.When{school.MonthDays}, true, "dates: [1, 15, last]"},
		{"every", []school.When{school.OnDays}, false, "every: 2"},
	} {
		switch goes := slices.Contains(f.on, r.On); {
		case goes && f.must && !o.has(f.key):
			l.r.fail(o.get(f.key), "is missing; on: %s needs %s", r.On, f.example)
		case !goes && o.has(f.key):
			l.r.fail(o.get(f.key), "%s goes with on: %s", f.key, f.on[0])
		}
	}
	if r.Every > 1 && r.On == school.OnDays && !o.has("anchor") {
		l.r.fail(o.get("every"), "every %d weeks needs an anchor: a day in a week that has it", r.Every)
	}
	return r
}

// places reads places in a month: 1 to most, and last.
func (l *loader) places(o object, key string, most int) (out []int) {
	for _, v := range o.list(key) {
		n, err := strconv.Atoi(v.text)
		switch {
		case v.scalar() && strings.EqualFold(v.text, "last"):
			n = school.Last
		case !v.scalar() || err != nil || n < 1 || n > most:
			l.r.fail(v, "%q is not a whole number from 1 to %d, or last", v.text, most)
			continue
		}
		if !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}
