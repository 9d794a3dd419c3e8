package main

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"rounds/school"
	"rounds/school/roster"
	"rounds/seeds"
)

// district reads the whole of district.yaml; its parts are read in the order in which they need each other.
func (l *loader) district(root value) {
	o := l.r.object(root, "district", "workspaces", "campuses", "calendars", "people", "visits", "administrators", "leave",
		"teams", "targets", "rules", "quiet_hours", "weekly_cap", "focus", "privacy")
	notify := l.settings(o)
	l.workspaces(o)
	l.campuses(o, notify)
	l.calendars(o)
	l.people(o)
	l.teams(o)
	l.leaves(o)
	l.targets(o)
	l.rules(o)
	for _, v := range o.list("administrators") {
		if p, ok := l.person(v); ok {
			// Ids, not addresses: this stands in the log.
			l.c.District.Set.Administrator = append(l.c.District.Set.Administrator, string(p))
		}
	}
	l.visits(o)
}

var idForm = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,39}$`)

// id reads a short name that stands in the log for good.
func (l *loader) id(o object, seen map[string]bool) string {
	s, v := o.text("id", true)
	switch {
	case s == "":
	case !idForm.MatchString(s):
		l.r.fail(v, "%q cannot be an id; use lower-case letters, digits, - and _, at most 40", s)
	case seen != nil && seen[s]:
		l.r.fail(v, "%q is taken already; every id stands once", s)
	}
	if seen != nil {
		seen[s] = true
	}
	return s
}

// settings reads what holds for the whole district; it returns what campuses start with for notify_teachers.
func (l *loader) settings(o object) (notify bool) {
	if !o.has("district") {
		l.r.fail(o.get("district"), "is missing")
	}
	d := l.r.object(o.get("district"), "id", "name", "zone", "rooms")
	set := &l.c.District.Set
	if o.has("district") {
		l.c.District.ID = l.id(d, nil)
		set.Name, _ = d.text("name", true)
		set.Zone = l.zone(d, true)
		l.c.District.Room = l.rooms(d)
	}
	if z, err := time.LoadLocation(set.Zone); err == nil {
		l.c.zone = z
	}
	set.QuietFrom, set.QuietTo = 18*60, 7*60
	if o.has("quiet_hours") {
		q := l.r.object(o.get("quiet_hours"), "from", "to")
		set.QuietFrom, set.QuietTo = q.clock("from", true), q.clock("to", true)
	}
	set.WeeklyCap = o.number("weekly_cap", false, 1, 100)
	p := l.r.object(o.get("privacy"), "coach_content", "notify_teachers", "audit_days")
	if w := p.word("coach_content", "a setting for what coaches write", false, "private", "shared"); w == "shared" {
		set.CoachContent = w
	}
	set.AuditKept = p.number("audit_days", false, 30, 3660)
	seen := map[string]bool{}
	for _, v := range o.list("focus") {
		f := l.r.object(v, "key", "name", "family", "topic", "strand", "practice")
		a := school.Focus{}
		var kv value
		a.Key, kv = f.text("key", true)
		a.Name, _ = f.text("name", true)
		a.Family = l.family(f)
		switch {
		case a.Key == "":
		case !idForm.MatchString(a.Key):
			l.r.fail(kv, "%q cannot be a key; use lower-case letters, digits, - and _", a.Key)
		case seen[a.Key]:
			l.r.fail(kv, "%q is taken already; every focus area stands once", a.Key)
		}
		seen[a.Key] = true
		set.FocusAreas = append(set.FocusAreas, a)
		if t := l.training(f); t != (school.Training{}) {
			if set.Training == nil {
				set.Training = map[string]school.Training{}
			}
			set.Training[a.Key] = t
		}
	}
	if n := len(set.FocusAreas); n > school.MaxFocus {
		l.r.fail(o.get("focus"), "%d focus areas are too many; %d at most, so that a form shows them at a glance", n, school.MaxFocus)
	}
	return p.boolean("notify_teachers", false)
}

// training reads what a focus area points to, each part of it only where the district says otherwise than what ships.
func (l *loader) training(o object) (t school.Training) {
	t.Topic, _ = o.text("topic", false)
	var strand, practice value
	t.Strand, strand = o.text("strand", false)
	t.Practice, practice = o.text("practice", false)
	if t.Strand != "" && len(seeds.Library().Ladder(t.Strand)) == 0 {
		l.r.fail(strand, "%q is no strand of the competency framework; strands: S1 to S%d", t.Strand, len(seeds.Strands()))
	}
	if t.Practice != "" && len(seeds.Library().Criteria(t.Practice)) == 0 {
		l.r.fail(practice, "%q is no key practice of Lever 5; a key practice reads like 5.2.5", t.Practice)
	}
	return t
}

// family reads one of the four families of criterion 5.2.5.b, whatever its capitals.
func (l *loader) family(o object) string {
	s, v := o.text("family", true)
	if s == "" {
		return ""
	}
	for _, f := range school.FocusFamilies {
		if strings.EqualFold(s, f) {
			return f
		}
	}
	l.r.fail(v, "%q is none of the four families of criterion 5.2.5.b%s; known: %s", s, suggest(s, school.FocusFamilies), join(school.FocusFamilies))
	return ""
}

// zones are offered when a time zone is misspelled: those of the United States and their outlying areas.
var zones = []string{
	"America/Chicago", "America/New_York", "America/Denver", "America/Los_Angeles", "America/Phoenix", "America/Anchorage",
	"America/Adak", "America/Boise", "America/Detroit", "America/Indiana/Indianapolis", "America/Kentucky/Louisville",
	"America/Menominee", "America/North_Dakota/Center", "America/Puerto_Rico", "Pacific/Honolulu", "Pacific/Guam", "UTC",
}

func (l *loader) zone(o object, must bool) string {
	s, v := o.text("zone", must)
	if s == "" {
		return ""
	}
	if _, err := time.LoadLocation(s); err != nil || s == "Local" {
		hint := suggest(s, zones)
		if hint == "" {
			hint = "; write it like America/Chicago"
		}
		l.r.fail(v, "%q is not a time zone%s", s, hint)
		return ""
	}
	return s
}

func (l *loader) workspaces(o object) {
	w := l.r.object(o.get("workspaces"), "slack", "discord", "web")
	for _, platform := range []string{"slack", "discord", "web"} {
		ids, at := w.words(platform, "")
		for i, id := range ids {
			if slices.Contains(l.c.Workspaces, Workspace{platform, id}) {
				l.r.fail(at[i], "%q stands here twice", id)
			}
			l.c.Workspaces = append(l.c.Workspaces, Workspace{platform, id})
		}
	}
}

// rooms reads "rooms: {leaders: …}".
func (l *loader) rooms(o object) string {
	if !o.has("rooms") {
		return ""
	}
	return l.room(l.r.object(o.get("rooms"), "leaders"), "leaders")
}

// room reads a chat room: platform, workspace and the room's own id.
func (l *loader) room(o object, key string) string {
	s, v := o.text(key, false)
	if s == "" {
		return ""
	}
	f := strings.SplitN(s, ":", 3)
	if len(f) != 3 || f[1] == "" || f[2] == "" || !slices.Contains([]string{"slack", "discord", "web"}, f[0]) {
		l.r.fail(v, "%q is not a room; write platform:workspace:room with the room's id, like slack:T01ABC:C02DEF", s)
		return ""
	}
	l.laterRooms = append(l.laterRooms, v)
	return s
}

func (l *loader) campuses(o object, notify bool) {
	if !o.has("campuses") {
		l.r.fail(o.get("campuses"), "is missing; a district has at least one campus")
	}
	seen := map[string]bool{}
	for _, v := range o.list("campuses") {
		c := l.r.object(v, "id", "name", "zone", "notify_teachers", "share_at", "rooms", "oneroster")
		before := len(l.r.problems)
		set := school.CampusSet{ID: school.CampusID(l.id(c, seen))}
		l.badCampus = l.badCampus || len(l.r.problems) > before
		set.Zone, set.Room = l.zone(c, false), l.rooms(c)
		set.Name, _ = c.text("name", true)
		set.NotifyTeachers = c.boolean("notify_teachers", notify)
		set.ShareAt = c.clock("share_at", false)
		if org, v := c.text("oneroster", false); org != "" {
			if other, taken := l.c.OneRoster[org]; taken {
				l.r.fail(v, "%q is already the school %s", org, other)
			}
			l.c.OneRoster[org] = set.ID
		}
		l.c.Campuses = append(l.c.Campuses, set)
		l.campusAt = append(l.campusAt, v)
	}
	for _, v := range l.laterRooms {
		f := strings.SplitN(v.text, ":", 3)
		l.known(v, f[0], f[1])
	}
	l.laterRooms = nil
}

// known checks that a room's workspace is one of the district's.
func (l *loader) known(v value, platform, workspace string) {
	var ids []string
	for _, w := range l.c.Workspaces {
		if w.Platform == platform {
			ids = append(ids, w.ID)
		}
	}
	if !slices.Contains(ids, workspace) {
		l.r.fail(v, "the workspace %q does not stand under workspaces.%s%s", workspace, platform, suggest(workspace, ids))
	}
}

// campusIDs are the campuses that a field may name; none means that it is not checked.
func (l *loader) campusIDs() (out []string) {
	if l.badCampus {
		return nil
	}
	for _, c := range l.c.Campuses {
		out = append(out, string(c.ID))
	}
	return out
}

func (l *loader) people(o object) {
	l.byEmail = map[string]roster.Person{}
	name, v := o.text("people", true)
	if name == "" {
		return
	}
	data, ok := l.open(v)
	if !ok {
		return
	}
	d := roster.District{ID: l.c.District.ID}
	for _, c := range l.campusIDs() {
		d.Campuses = append(d.Campuses, school.CampusID(c))
	}
	people, err := roster.ReadPeople(name, data, d)
	l.take(err)
	l.peopleOK = err == nil
	l.c.People, l.c.peopleFile = people, name
	for _, p := range people {
		l.byEmail[p.Email] = p
		l.emails = append(l.emails, p.Email)
	}
}

// person finds somebody by the e-mail address that a field holds. While people.csv has problems of its own, somebody
// who is missing is not reported a second time.
func (l *loader) person(v value) (school.PersonID, bool) {
	if !v.scalar() {
		l.r.fail(v, "one e-mail address is wanted here")
		return "", false
	}
	p, ok := l.byEmail[strings.ToLower(v.text)]
	if !ok && l.peopleOK {
		l.r.fail(v, "%q is not in %s%s", v.text, l.c.peopleFile, suggestMail(strings.ToLower(v.text), l.emails))
	}
	return p.ID, ok
}

func (l *loader) visits(o object) {
	name, v := o.text("visits", false)
	if name == "" || l.noVisits {
		return
	}
	data, ok := l.open(v)
	if !ok || !l.peopleOK {
		return
	}
	visits, err := roster.ReadVisits(name, data, l.c.known())
	l.take(err)
	l.c.Visits, l.c.visitsFile = visits, name
}

// known is what the rows of a visits file are checked against.
func (c *Config) known() roster.Known {
	k := roster.Known{People: c.People, Focus: c.District.Set.FocusAreas}
	if len(k.Focus) == 0 {
		k.Focus = school.DefaultFocus
	}
	for _, t := range c.Teams {
		k.Teams = append(k.Teams, t.ID)
	}
	return k
}

// protocols are the ids of the agendas shipped.
var protocols = sync.OnceValue(func() (out []string) {
	for _, p := range seeds.Protocols() {
		out = append(out, p.ID)
	}
	return out
})
