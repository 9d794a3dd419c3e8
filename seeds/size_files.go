package seeds

import (
	"bufio"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"rounds/school"
)

// sizedRules are when reminders go out; district.yaml of the small district says the same.
var sizedRules = []school.Rule{
	{ID: "plan", On: school.FirstSchoolDay, Time: 7*60 + 30},
	{ID: "agenda", On: school.PreviousSchoolDay, Time: 14 * 60},
	{ID: "preview", On: school.LastSchoolDay, Time: 12 * 60},
	{ID: "digest", On: school.LastSchoolDay, Time: 15 * 60},
}

// name is what the district is called.
func (d *Sized) name() string { return "Blanco Bend (" + d.Size.Name + ")" }

// administrators are who may confirm accounts and change rules: the first of the office, and the first principal.
func (d *Sized) administrators() []*sizedPerson {
	return []*sizedPerson{d.office[0], d.campuses[0].principal}
}

// setUp emits what the files say.
func (d *Sized) setUp(emit func(school.Entry) int64) {
	say := func(f school.Fact, texts ...school.Text) {
		emit(school.Entry{Via: "file", At: DemoFilesAt(), Facts: []school.Fact{f}, Texts: texts})
	}
	set := school.DistrictSet{Name: d.name(), Zone: demoZoneName, QuietFrom: 18 * 60, QuietTo: 7 * 60, WeeklyCap: 10}
	for _, p := range d.administrators() {
		set.Administrator = append(set.Administrator, string(p.id))
	}
	say(set)
	for _, c := range d.campuses {
		say(school.CampusSet{ID: school.CampusID(c.id), Name: c.name, Zone: c.zoneName, NotifyTeachers: c.notify, Room: c.room()})
	}
	for i, cal := range d.calendars {
		if i == 0 {
			say(cal.set(""))
		}
		for _, c := range cal.campuses {
			say(cal.set(school.CampusID(c.id)))
		}
	}
	for _, t := range school.DefaultTargets() {
		say(school.TargetSet{Target: t})
	}
	for _, r := range sizedRules {
		say(school.RuleSet{Rule: r})
	}
	for _, p := range d.people {
		f, texts := p.set()
		say(f, texts...)
	}
	for _, l := range d.leaves {
		say(school.LeaveSet{Person: l.person.id, From: l.from, To: l.to})
	}
	for _, t := range d.teams {
		f := school.TeamSet{
			ID: school.TeamID(t.id), Name: t.name, Campus: school.CampusID(t.campus.id), Lead: t.lead.id, Weekday: int(t.weekday), Time: t.at,
			Minutes: t.minutes, Every: t.every, Anchor: t.anchor, Room: t.room(), Protocol: t.protocol,
		}
		for _, p := range t.members {
			f.Members = append(f.Members, p.id)
		}
		say(f)
	}
}

// since is from when the roster holds for somebody without a start date, as for a district's files.
var since = school.Date(2026, time.July, 1)

// set is the person as a fact.
func (p *sizedPerson) set() (school.PersonSet, []school.Text) {
	f := school.PersonSet{ID: p.id, From: since, Role: p.role, Schedule: p.schedule, Years: p.years, Start: p.start}
	if p.start != 0 {
		f.From = p.start
	}
	if p.campus != nil {
		f.Campus = school.CampusID(p.campus.id)
	}
	for _, c := range p.spans {
		f.Campuses = append(f.Campuses, school.CampusID(c.id))
	}
	if len(f.Campuses) > 0 {
		f.Campus = f.Campuses[0]
	}
	for _, o := range p.observers {
		f.Observers = append(f.Observers, o.id)
	}
	var texts []school.Text
	text := func(kind, body string) string {
		sum := sha256.Sum256([]byte(body))
		key := kind + "." + string(p.id) + "." + hex.EncodeToString(sum[:4])
		texts = append(texts, school.Text{Key: key, Kind: kind, Subject: string(p.id), Class: school.Roster, Body: body})
		return key
	}
	f.Name, f.Email = text("name", p.name), text("email", p.email)
	return f, texts
}

// Write writes the district as ordinary input files into a folder, which it makes, with the visits made up to and including
// a day. It overwrites nothing: a file that is already there is an error.
func (d *Sized) Write(dir string, through school.Day) error {
	files := map[string]func(io.Writer) error{
		"district.yaml": d.districtYAML, "people.csv": d.peopleCSV,
		"visits.csv": func(w io.Writer) error { return d.visitsCSV(w, through) },
	}
	for _, c := range d.calendars {
		files[c.file] = func(w io.Writer) error {
			_, err := w.Write(calendarFile(c.name, c.spans))
			return err
		}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for name := range files {
		if _, err := os.Lstat(filepath.Join(dir, name)); err == nil {
			return fmt.Errorf("%s is already there; choose an empty folder", filepath.Join(dir, name))
		}
	}
	for name, write := range files {
		if err := writeFile(filepath.Join(dir, name), write); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
	}
	return nil
}

func writeFile(path string, write func(io.Writer) error) (err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	defer func() {
		if cerr := f.Close(); err == nil {
			err = cerr
		}
	}()
	w := bufio.NewWriterSize(f, 1<<20)
	if err := write(w); err != nil {
		return err
	}
	return w.Flush()
}

func (d *Sized) districtYAML(w io.Writer) error {
	say := func(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) }
	say(`# %s: a made-up district, written by "rounds demo --size %s --write".
# Nobody in it exists. Seed %d makes exactly these files again.

district:
  id: %s
  name: %q
  zone: %s

workspaces:
  web: [web]

campuses:`, d.name(), d.Size.Name, d.Seed, DemoDistrict, d.name(), demoZoneName)
	for _, c := range d.campuses {
		say("  - id: %s\n    name: %s\n    notify_teachers: %t", c.id, c.name, c.notify)
		if c.zoneName != "" {
			say("    zone: %s", c.zoneName)
		}
		say("    rooms: {leaders: %q}", c.room())
	}
	say("\ncalendars:")
	for i, c := range d.calendars {
		days := make([]string, len(c.week))
		for j, n := range c.week {
			days[j] = strings.ToLower(time.Weekday(n).String()[:3])
		}
		say("  - file: %s\n    first: %s\n    last: %s\n    week: [%s]", c.file, demoFirst, demoLast, strings.Join(days, ", "))
		if i > 0 {
			say("    campuses:")
			for _, x := range c.campuses {
				say("      - %s", x.id)
			}
		}
	}
	say("\npeople: people.csv\nvisits: visits.csv\n\nadministrators:")
	for _, p := range d.administrators() {
		say("  - %s", p.email)
	}
	if len(d.leaves) > 0 {
		say("\nleave:")
	}
	for _, l := range d.leaves {
		say("  - {who: %s, from: %s, to: %s}", l.person.email, l.from, l.to)
	}
	say("\nteams:")
	for _, t := range d.teams {
		every := strconv.Itoa(t.every)
		if t.every > 1 {
			every += ", anchor: " + t.anchor.String()
		}
		say("  - id: %s\n    name: %s\n    campus: %s\n    lead: %s", t.id, t.name, t.campus.id, t.lead.email)
		say("    meets: {day: %s, time: %q, minutes: %d, every: %s}", strings.ToLower(t.weekday.String()[:3]), t.at.String(), t.minutes, every)
		say("    room: %q\n    protocol: %s", t.room(), t.protocol)
	}
	say("\nrules:")
	for _, r := range sizedRules {
		say("  %s: {on: %s, time: %q}", r.ID, r.On, r.Time.String())
	}
	say("\nquiet_hours: {from: \"18:00\", to: \"07:00\"}\nweekly_cap: 10\n\nprivacy:\n  coach_content: private")
	return nil // the writer keeps its first error, and Flush tells it
}

func (d *Sized) peopleCSV(to io.Writer) error {
	w := csv.NewWriter(to)
	_ = w.Write([]string{"name", "email", "chat_email", "role", "campus", "observer", "visit_schedule", "years", "start_date", "plc_team"})
	for _, p := range d.people {
		var campuses, observers []string
		if p.campus != nil {
			campuses = append(campuses, p.campus.id)
		}
		for _, c := range p.spans {
			campuses = append(campuses, c.id)
		}
		for _, o := range p.observers {
			observers = append(observers, o.email)
		}
		team := ""
		if p.team != nil {
			team = p.team.id
		}
		_ = w.Write([]string{p.name, p.email, "", string(p.role), strings.Join(campuses, ";"), strings.Join(observers, ";"), string(p.schedule), strconv.Itoa(p.years), p.start.String(), team})
	}
	w.Flush()
	return w.Error()
}

func (d *Sized) visitsCSV(to io.Writer, through school.Day) error {
	mail := make(map[school.PersonID]string, len(d.people))
	for _, p := range d.people {
		mail[p.id] = p.email
	}
	w := csv.NewWriter(to)
	_ = w.Write([]string{"observer", "teacher", "date", "minutes", "kind", "focus"})
	for e := range d.Entries(through) {
		for _, f := range e.Facts {
			v, ok := f.(school.VisitLogged)
			if !ok {
				continue
			}
			subject := mail[v.Subject]
			if v.Team != "" {
				subject = string(v.Team)
			}
			if err := w.Write([]string{mail[v.Observer], subject, v.On.String(), strconv.Itoa(v.Minutes), string(v.Visit), strings.Join(v.Focus, ";")}); err != nil {
				return err
			}
		}
	}
	w.Flush()
	return w.Error()
}
