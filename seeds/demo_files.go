package seeds

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"

	"rounds/school"
)

func (d *demo) districtYAML() []byte {
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	say(`# Blanco Bend ISD: a made-up district, written by "rounds demo --write".
# Nobody in it exists. Change what you like, then try:
#
#     rounds check --config district.yaml
#     rounds targets --config district.yaml --at "2026-10-15 10:00"
#
# Seed %d makes exactly these files again.

district:
  id: %s          # stands in the store; do not change it later
  name: Blanco Bend ISD
  zone: %s   # an IANA time zone
  rooms:
    leaders: web:web:district-leaders

# Chat workspaces of this district: Slack team ids, Discord server ids.
workspaces:
  web: [web]
#  slack: [T01ABCDEF]
#  discord: ["1000000000000000001"]

campuses:
  - id: cedar
    name: Cedar Ridge Middle School
    notify_teachers: true     # teachers are told of shared notes and steps
    rooms:
      leaders: web:web:cedar-leaders
  - id: liveoak
    name: Live Oak Elementary
    notify_teachers: false    # until it is on, teachers are told nothing
    rooms:
      leaders: web:web:liveoak-leaders

# Without "campuses" a calendar holds for every campus that has none of its own.
calendars:
  - file: calendar.ics
    first: %s         # first and last day with students
    last: %s
    week: [mon, tue, wed, thu, fri]

people: people.csv
visits: visits.csv

# Who may confirm accounts and change rules in chat.
administrators:
  - %s
  - %s

# Away for a while: their clocks stop. Never say why here.
leave:`, d.seed, DemoDistrict, demoZoneName, demoFirst, demoLast, demoSupervisor, demoPrincipal)
	for _, l := range d.leaves {
		say("  - {who: %s, from: %s, to: %s}", l.person.email, l.from, l.to)
	}
	say(`
# PLC teams. Members stand in the plc_team column of people.csv; people who are in a second team are
# added here by e-mail.
teams:`)
	for _, t := range d.teams {
		every := "1"
		if t.every > 1 {
			every = fmt.Sprintf("%d, anchor: %s", t.every, t.anchor)
		}
		say("  - id: %s\n    name: %s\n    campus: %s\n    lead: %s", t.id, t.name, t.campus, t.lead.email)
		if t.extra {
			say("    members:")
			for _, p := range t.members {
				say("      - %s", p.email)
			}
		}
		say("    meets: {day: %s, time: %q, minutes: %d, every: %s}", strings.ToLower(t.weekday.String()[:3]), t.at.String(), t.minutes, every)
		say("    room: web:web:%s\n    protocol: %s", t.id, t.protocol)
	}
	say(`
# When reminders go out, in the zone of the campus or the person. "on" is one of: first school day,
# last school day, previous school day, every school day, days.
rules:
  plan:    {on: first school day, time: "07:30"}     # each leader's week, privately
  agenda:  {on: previous school day, time: "14:00"}  # before each PLC meeting, in its room
  preview: {on: last school day, time: "12:00"}      # the digest, to its owner
  digest:  {on: last school day, time: "15:00"}      # in the leaders' room, numbers only

quiet_hours: {from: "18:00", to: "07:00"}
weekly_cap: 10          # reminders to one person in a week

privacy:
  coach_content: private   # principals do not read what coaches write

# Focus areas and visit targets: left out, the district defaults hold. To change them:
#
# focus:
#   - {key: discourse, name: Student discourse, family: Rigor and instructional execution strategies, topic: Academic conversations, strand: S2, practice: 5.2.3}
# targets:
#   - {id: weekly, name: New teachers, roles: [teacher], schedules: [weekly], visits: 1, per: 1 week}`)
	return []byte(b.String())
}

func (d *demo) peopleCSV() []byte {
	rows := [][]string{{"name", "email", "chat_email", "role", "campus", "observer", "visit_schedule", "years", "start_date", "plc_team"}}
	for _, p := range d.people {
		var observers []string
		for _, o := range p.observers {
			observers = append(observers, o.email)
		}
		rows = append(rows, []string{
			p.name, p.email, "", string(p.role), p.campus, strings.Join(observers, ";"), p.schedule,
			strconv.Itoa(p.years), p.start.String(), strings.Join(p.teams, ";"),
		})
	}
	return table(rows)
}

func (d *demo) visitsCSV() []byte {
	rows := [][]string{{"observer", "teacher", "date", "minutes", "kind", "focus"}}
	for _, v := range d.visits {
		subject := ""
		if v.team != nil {
			subject = v.team.id // for plc visits the column names a team
		} else {
			subject = v.subject.email
		}
		rows = append(rows, []string{v.observer.email, subject, v.on.String(), strconv.Itoa(v.minutes), string(v.kind), strings.Join(v.focus, ";")})
	}
	return table(rows)
}

func table(rows [][]string) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.WriteAll(rows); err != nil { // a buffer does not fail
		panic(embedded("table", err))
	}
	return b.Bytes()
}

// room is the web chat's room of a team.
func (t *demoTeam) room() string { return "web:web:" + t.id }

// leaders is the web chat's leaders' room of a campus.
func leadersRoom(c school.CampusID) string { return "web:web:" + string(c) + "-leaders" }
