package main

import (
	"fmt"
	"slices"
	"strings"

	"rounds/reminders"
	"rounds/school"
)

func (l *loader) teams(o object) {
	seen := map[string]bool{}
	var ids []string
	for _, v := range o.list("teams") {
		t := l.team(v, seen)
		ids = append(ids, string(t.ID))
		l.c.Teams = append(l.c.Teams, t)
	}
	for _, p := range l.c.People {
		for _, id := range p.Teams {
			i := slices.Index(ids, id)
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

var whens = []string{string(school.FirstSchoolDay), string(school.LastSchoolDay), string(school.PreviousSchoolDay), string(school.EverySchoolDay), string(school.OnDays)}

// ruleKinds are the reminders whose time a district sets.
var ruleKinds = []string{"plan", "due", "agenda", "preview", "digest", "checkback", "feedback", "answers"}

func (l *loader) rules(o object) {
	rules := l.r.object(o.get("rules"), ruleKinds...)
	for _, kind := range ruleKinds {
		if rules.has(kind) {
			l.c.Rules = append(l.c.Rules, l.rule(kind, rules.get(kind)))
		}
	}
}

func (l *loader) rule(kind string, v value) school.Rule {
	o := l.r.object(v, "on", "days", "time", "off", "every", "anchor", "cron")
	r := school.Rule{ID: kind, Off: o.boolean("off", false), Every: o.number("every", false, 1, 52), Anchor: o.day("anchor", false)}
	r.Cron, _ = o.text("cron", false)
	if r.Cron != "" {
		if o.has("on") || o.has("time") || o.has("days") {
			l.r.fail(o.get("cron"), "a rule has either cron, or on and time")
		}
		if err := reminders.CheckRule(r); err != nil {
			l.r.fail(o.get("cron"), "%v", err)
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
	switch {
	case r.On == school.OnDays && !o.has("days"):
		l.r.fail(o.get("days"), "is missing; on: days needs days: [mon, thu]")
	case r.On != school.OnDays && r.On != "" && o.has("days"):
		l.r.fail(o.get("days"), "days go with on: days")
	case r.Every > 1 && !o.has("anchor"):
		l.r.fail(o.get("every"), "every %d weeks needs an anchor: a day in a week that has it", r.Every)
	}
	return r
}
