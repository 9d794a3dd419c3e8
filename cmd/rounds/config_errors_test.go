package main

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Every mistake is reported where it stands, with what would be right.
var configErrors = []struct {
	name  string
	edits []edit
	want  string
}{
	{"unknown field", []edit{{"district.yaml", "weekly_cap: 10", "weekly_cup: 10"}}, `district.yaml:35:1: weekly_cup: "weekly_cup" is not known here; did you mean weekly_cap?; known: district, workspaces, campuses, calendars, people, visits, administrators, leave, teams, targets, rules, quiet_hours, weekly_cap, focus, privacy`},
	{"unknown field within", []edit{{"district.yaml", "lead: bob@example.com", "leed: bob@example.com"}}, `district.yaml:27:5: teams[0].leed: "leed" is not known here; did you mean lead?; known: id, name, campus, lead, members, meets, room, protocol`},
	{"field twice", []edit{{"district.yaml", "weekly_cap: 10", `weekly_cap: 10
weekly_cap: 12`}}, `district.yaml:36:1: weekly_cap: "weekly_cap" stands here twice`},
	{"missing fields", []edit{{"district.yaml", `  id: small
  name: Small ISD
`, ""}}, `district.yaml:2:3: district.id: is missing
district.yaml:2:3: district.name: is missing`},
	{"no district", []edit{{"district.yaml", `district:
  id: small
  name: Small ISD
  zone: America/Chicago
`, ""}}, `district.yaml:1:1: district: is missing`},
	{"zone", []edit{{"district.yaml", "    zone: America/Chicago", `    zone: "America/Chicgo"`}}, `district.yaml:10:11: campuses[0].zone: "America/Chicgo" is not a time zone; did you mean America/Chicago?`},
	{"zone of the machine", []edit{{"district.yaml", "    zone: America/Chicago", "    zone: Local"}}, `district.yaml:10:11: campuses[0].zone: "Local" is not a time zone; write it like America/Chicago`},
	{"bad id", []edit{{"district.yaml", "id: cedar", "id: Cedar Ridge"}}, `district.yaml:8:9: campuses[0].id: "Cedar Ridge" cannot be an id; use lower-case letters, digits, - and _, at most 40`},
	{"campus twice", []edit{{"district.yaml", "calendars:", `  - {id: cedar, name: Other}
calendars:`}}, `district.yaml:13:10: campuses[1].id: "cedar" is taken already; every id stands once`},
	{"team twice", []edit{{"district.yaml", "rules:", `  - {id: math, name: M, campus: cedar, members: [bob@example.com], meets: {day: tue, time: "09:00", minutes: 30}}
rules:`}}, `district.yaml:32:10: teams[1].id: "math" is taken already; every id stands once`},
	{"room", []edit{{"district.yaml", "leaders: slack:T01:C02", `leaders: "#leaders"`}}, `district.yaml:12:16: campuses[0].rooms.leaders: "#leaders" is not a room; write platform:workspace:room with the room's id, like slack:T01ABC:C02DEF`},
	{"workspace of a room", []edit{{"district.yaml", "room: slack:T01:C03", "room: slack:T02:C03"}}, `district.yaml:30:11: teams[0].room: the workspace "T02" does not stand under workspaces.slack; did you mean T01?`},
	{"not a mapping", []edit{{"district.yaml", `quiet_hours: {from: "18:00", to: "07:00"}`, "quiet_hours: none"}}, `district.yaml:34:14: quiet_hours: here should be keys and values: from, to`},
	{"not a value", []edit{{"district.yaml", "name: Math", "name: [Math]"}}, `district.yaml:25:11: teams[0].name: one value is wanted here`},
	{"number", []edit{{"district.yaml", "weekly_cap: 10", "weekly_cap: ten"}}, `district.yaml:35:13: weekly_cap: "ten" is not a whole number from 1 to 100`},
	{"boolean", []edit{{"district.yaml", "    rooms:", `    notify_teachers: maybe
    rooms:`}}, `district.yaml:11:22: campuses[0].notify_teachers: "maybe" is neither true nor false`},
	{"weekday", []edit{{"district.yaml", "day: tue", "day: tuseday"}}, `district.yaml:29:18: teams[0].meets.day: "tuseday" is not a day of the week; known: sun, mon, tue, wed, thu, fri, sat`},
	{"week", []edit{{"district.yaml", "week: [mon, tue", "week: [mon, toe"}}, `district.yaml:17:17: calendars[0].week[1]: "toe" is not a day of the week; did you mean tue?; known: sun, mon, tue, wed, thu, fri, sat`},
	{"clock", []edit{{"district.yaml", `"13:10"`, `"1:10 PM"`}}, `district.yaml:29:29: teams[0].meets.time: "1:10 PM" is not a time of day; write it like "15:30"`},
	{"date", []edit{{"district.yaml", "first: 2026-08-17", "first: Aug 17"}}, `district.yaml:15:12: calendars[0].first: "Aug 17" is not a date; write it like 2026-10-30`},
	{"year upside down", []edit{{"district.yaml", "last: 2027-05-27", "last: 2026-05-27"}}, `district.yaml:16:11: calendars[0].last: from 2026-08-17 to 2026-05-27 is not a school year`},
	{"no calendar for a campus", []edit{{"district.yaml", "  - file: calendar.ics", `  - campuses: [cedar]
    file: calendar.ics`}, {"district.yaml", "calendars:", `  - {id: oak, name: Oak}
calendars:`}}, `district.yaml:13:5: campuses[1]: no calendar names the campus "oak", and none holds for all`},
	{"unknown campus of a calendar", []edit{{"district.yaml", "  - file: calendar.ics", `  - campuses: [ceder]
    file: calendar.ics`}}, `district.yaml:14:16: calendars[0].campuses[0]: "ceder" is not a campus of this district; did you mean cedar?; known: cedar`},
	{"missing calendar file", []edit{{"calendar.ics", "", ""}}, `district.yaml:14:11: calendars[0].file: there is no file "calendar.ics" beside district.yaml`},
	{"missing people file", []edit{{"people.csv", "", ""}}, `district.yaml:18:9: people: there is no file "people.csv" beside district.yaml`},
	{"missing visits file", []edit{{"visits.csv", "", ""}}, `district.yaml:19:9: visits: there is no file "visits.csv" beside district.yaml`},
	{"lead not in people", []edit{{"district.yaml", "lead: bob@example.com", "lead: bobb@example.com"}}, `district.yaml:27:11: teams[0].lead: "bobb@example.com" is not in people.csv; did you mean bob@example.com?`},
	{"member not in people", []edit{{"district.yaml", "eve@example.com]", "eva@example.com]"}}, `district.yaml:28:15: teams[0].members[0]: "eva@example.com" is not in people.csv; did you mean eve@example.com?`},
	{"administrator not in people", []edit{{"district.yaml", "[ada@example.com]", "[zoe@example.com]"}}, `district.yaml:20:18: administrators[0]: "zoe@example.com" is not in people.csv`},
	{"leave of nobody", []edit{{"district.yaml", "who: bob@example.com", "who: rob@example.com"}}, `district.yaml:22:11: leave[0].who: "rob@example.com" is not in people.csv; did you mean bob@example.com?`},
	{"leave upside down", []edit{{"district.yaml", "to: 2026-10-09", "to: 2026-09-09"}}, `district.yaml:22:50: leave[0].to: 2026-09-09 is before 2026-10-01`},
	{"team without members", []edit{{"district.yaml", `    members: [eve@example.com]
`, ""}, {"people.csv", `,math
`, `,
`}}, `district.yaml:24:5: teams[0]: the team "math" has no members; name them here or in the plc_team column of people.csv`},
	{"protocol", []edit{{"district.yaml", "lesson-internalization", "lesson-internalisation"}}, `district.yaml:31:15: teams[0].protocol: "lesson-internalisation" is not a protocol; did you mean lesson-internalization?; known: lesson-internalization, unit-internalization, student-work-analysis, weekly-data-meeting, interim-reflection, sped-collaboration, eb-collaboration, instructional-leadership-team`},
	{"every without anchor", []edit{{"district.yaml", "minutes: 45}", "minutes: 45, every: 2}"}}, `district.yaml:29:58: teams[0].meets.every: a meeting every 2 weeks needs an anchor: a day in a week that has it`},
	{"rule kind", []edit{{"district.yaml", "  plan: {", "  plann: {"}}, `district.yaml:33:3: rules.plann: "plann" is not known here; did you mean plan?; known: plan, due, feedback, checkback, answers, grow, agenda, start, preview, digest`},
	{"rule day", []edit{{"district.yaml", "on: first school day", "on: first day"}}, `district.yaml:33:14: rules.plan.on: "first day" is not a day that a rule can name; known: first school day, last school day, previous school day, every school day, midweek, days, nth weekday, month days`},
	{"rule in words", []edit{{"district.yaml", `plan: {on: first school day, time: "07:30"}`, `plan: lst school day 7:30`}}, `district.yaml:33:9: rules.plan: "lst" is not a word of a rule; did you mean last?; write it like last school day 2:30pm`},
	{"rule in words, no time", []edit{{"district.yaml", `plan: {on: first school day, time: "07:30"}`, `plan: mon and thu`}}, `district.yaml:33:9: rules.plan: Say the time too, like last school day 2:30pm.`},
	{"rule in words, no day to count from", []edit{{"district.yaml", `plan: {on: first school day, time: "07:30"}`, `plan: every 2 weeks mon 7:15`}}, `district.yaml:33:9: rules.plan: every 2 weeks needs a day to count from: write from 2026-10-20 after it`},
	{"rule in words, cron", []edit{{"district.yaml", `plan: {on: first school day, time: "07:30"}`, `plan: cron 0 7 * *`}}, `district.yaml:33:9: rules.plan: cron text "0 7 * *" has 4 fields, not five (minute, hour, day of month, month, weekday)`},
	{"rule of the month", []edit{{"district.yaml", `plan: {on: first school day, time: "07:30"}`, `plan: {on: nth weekday, nth: [1, sixth, 6], days: [mon], time: "07:30"}`}}, `district.yaml:33:36: rules.plan.nth[1]: "sixth" is not a whole number from 1 to 5, or last
district.yaml:33:43: rules.plan.nth[2]: "6" is not a whole number from 1 to 5, or last`},
	{"rule of the month, which", []edit{{"district.yaml", `plan: {on: first school day, time: "07:30"}`, `plan: {on: nth weekday, days: [mon], time: "07:30"}`}}, `district.yaml:33:9: rules.plan.nth: is missing; on: nth weekday needs nth: [1, last]`},
	{"rule of dates", []edit{{"district.yaml", `plan: {on: first school day, time: "07:30"}`, `plan: {on: month days, dates: [1, 32], days: [mon], time: "07:30"}`}}, `district.yaml:33:37: rules.plan.dates[1]: "32" is not a whole number from 1 to 31, or last
district.yaml:33:48: rules.plan.days: days goes with on: days`},
	{"rule every so many weeks", []edit{{"district.yaml", `plan: {on: first school day, time: "07:30"}`, `plan: {on: first school day, every: 2, time: "07:30"}`}}, `district.yaml:33:39: rules.plan.every: every goes with on: days`},
	{"agenda once a month", []edit{{"district.yaml", `plan: {on: first school day, time: "07:30"}`, `agenda: first mon 7:30`}}, `district.yaml:33:11: rules.agenda: an agenda goes out before each meeting: name the previous school day, or days of the week`},
	{"start has no time", []edit{{"district.yaml", `plan: {on: first school day, time: "07:30"}`, `start: mon 7:30`}}, `district.yaml:33:10: rules.start: it goes out ten minutes before each meeting, and can only be turned off`},
	{"rule days missing", []edit{{"district.yaml", "on: first school day", "on: days"}}, `district.yaml:33:9: rules.plan.days: is missing; on: days needs days: [mon, thu]`},
	{"rule cron", []edit{{"district.yaml", `plan: {on: first school day, time: "07:30"}`, `plan: {cron: "@daily"}`}}, `district.yaml:33:16: rules.plan.cron: cron text "@daily": five plain fields are understood, no zone and no @ words`},
	{"target", []edit{{"district.yaml", "privacy:", `targets:
  - {id: a, name: A, roles: [techer], kinds: [wakthrough], visits: 0, per: fortnight}
  - {id: a, name: B, teams: true, roles: [lead], schedules: [weekly], visits: 1, per: 2 weeks, by: [boss]}
privacy:`}}, `district.yaml:37:30: targets[0].roles[0]: "techer" is not a role; did you mean teacher?; known: teacher, lead, coach, ap, principal, supervisor, district
district.yaml:37:47: targets[0].kinds[0]: "wakthrough" is not a kind of visit; did you mean walkthrough?; known: walkthrough, coaching, formal, plc
district.yaml:37:68: targets[0].visits: "0" is not a whole number from 1 to 100
district.yaml:37:76: targets[0].per: "fortnight" is not a length of time; write 1 week, 2 weeks or year
district.yaml:38:10: targets[1].id: "a" is taken already; every id stands once
district.yaml:38:29: targets[1].teams: a target is owed either to teams or to people of some roles
district.yaml:38:101: targets[1].by[0]: "boss" is not a role; known: teacher, lead, coach, ap, principal, supervisor, district`},
	{"privacy", []edit{{"district.yaml", "coach_content: private", "coach_content: public"}}, `district.yaml:37:18: privacy.coach_content: "public" is not a setting for what coaches write; known: private, shared`},
	{"focus", []edit{{"district.yaml", "privacy:", `focus:
  - {key: talk, name: Talk, family: Rigor}
  - {key: talk, name: Talk}
privacy:`}}, `district.yaml:37:37: focus[0].family: "Rigor" is none of the four families of criterion 5.2.5.b; known: Student culture routines, Behavior management/student engagement, Rigor and instructional execution strategies, Response to student data
district.yaml:38:5: focus[1].family: is missing
district.yaml:38:11: focus[1].key: "talk" is taken already; every focus area stands once
visits.csv:2:55: focus: "discourse" is not a focus area; focus areas: talk, talk`},
	{
		"a family misspelled, and too many areas",
		[]edit{{"district.yaml", "privacy:", "focus:\n  - {key: discourse, name: Talk, family: Response to studnt data}\n" + manyAreas() + "privacy:"}},
		`district.yaml:37:3: focus: 32 focus areas are too many; 31 at most, so that a form shows them at a glance
district.yaml:37:42: focus[0].family: "Response to studnt data" is none of the four families of criterion 5.2.5.b; did you mean Response to student data?; known: Student culture routines, Behavior management/student engagement, Rigor and instructional execution strategies, Response to student data`,
	},
	{"not YAML", []edit{{"district.yaml", "week: [mon,", "week: [mon,,: {"}}, `district.yaml:17:17: this is not YAML: found an invalid key for this map`},
	{"tab", []edit{{"district.yaml", "  id: small", "\tid: small"}}, `district.yaml:2:1: a tab cannot indent here; use blanks`},
	{"empty", []edit{{"district.yaml", "", `# nothing yet
`}}, "district.yaml:1:1: the file is empty; `rounds init` writes one to begin with"},
	{"two documents", []edit{{"district.yaml", "teams:", `---
teams:`}}, `district.yaml:24:1: a second document begins here; the file holds one`},
	{"people header", []edit{{"people.csv", "name,email,chat_email", "name,emial,chat_email"}}, `people.csv:1:1: email: the column is missing; columns: name,email,chat_email,role,campus,observer,visit_schedule,years,start_date,plc_team
people.csv:1:6: "emial" is not a column of this table; did you mean email?; columns: name,email,chat_email,role,campus,observer,visit_schedule,years,start_date,plc_team`},
	{"people rows", []edit{{"people.csv", "cy@example.com,,coach,cedar,ada@example.com,", "cy@example.com,,coch,ceder,aba@example.com,"}}, `people.csv:3:27: role: "coch" is not a role; did you mean coach?; roles: teacher, lead, coach, ap, principal, supervisor, district
people.csv:3:32: campus: "ceder" is not a campus of this district; did you mean cedar?; campuses: cedar
people.csv:3:38: observer: "aba@example.com" has no row in this table; did you mean ada@example.com?`},
	{"duplicate e-mail", []edit{{"people.csv", "Eve Okafor,eve@example.com", "Eve Okafor,bob@example.com"}}, `people.csv:5:12: email: "bob@example.com" is on line 4 already; every person has one row`},
	{"observer who is a teacher", []edit{{"people.csv", "cy@example.com,weekly", "bob@example.com,weekly"}}, `people.csv:5:43: observer: "bob@example.com" is a teacher on line 4; observers are lead, coach, ap, principal or supervisor`},
	{"row without name", []edit{{"people.csv", "Eve Okafor,eve@example.com", ",eve"}}, `people.csv:5:1: name: the name is missing
people.csv:5:2: email: "eve" is not an e-mail address like ada@example.com`},
	{"schedule, years, date", []edit{{"people.csv", "weekly,7,2026-09-01", "daily,seven,1 Sept"}}, `people.csv:5:58: visit_schedule: "daily" is not a schedule; write weekly, 2weeks, 4weeks or none, or leave it empty: then years decides
people.csv:5:64: years: "seven" is not a whole number from 0 to 70
people.csv:5:70: start_date: "1 Sept" is not a date; write it like 2026-10-30 or 10/30/2026`},
	{"unknown team", []edit{{"people.csv", `,math
`, `,maht
`}}, `people.csv:4:77: plc_team: "maht" is not a team of district.yaml; did you mean math?`},
	{"one value too many", []edit{{"people.csv", "Ada Lovett,", "Lovett, Ada,"}}, `people.csv:2:1: the row has 11 values, the header 10; a value with a comma needs straight quotes`},
	{"broken quote", []edit{{"people.csv", "Ada Lovett", `Ada "the" Lovett`}}, `people.csv:2:5: a quote is out of place; write "Brown, Bob" in straight quotes, and a quote inside as ""`},
	{"latin-1", []edit{{"people.csv", "Lovett", "Lov\xe9tt"}}, `people.csv:2:1: not UTF-8 text; save the table as "CSV UTF-8"`},
	{"visits", []edit{{"visits.csv", "cy@example.com,bob@example.com,2026-09-08,12,coaching,discourse", "bob@example.com,zed@example.com,yesterday,a lot,walktrough,discorse"}}, `visits.csv:2:1: observer: "bob@example.com" is a teacher; visits are made by lead, coach, ap, principal or supervisor
visits.csv:2:17: teacher: "zed@example.com" is not in people.csv
visits.csv:2:33: date: "yesterday" is not a date; write it like 2026-10-30 or 10/30/2026
visits.csv:2:43: minutes: "a lot" is not a whole number from 0 to 600
visits.csv:2:49: kind: "walktrough" is not a kind of visit; did you mean walkthrough?; kinds: walkthrough, coaching, formal, plc
visits.csv:2:60: focus: "discorse" is not a focus area; did you mean discourse?; focus areas: routines, belonging, engagement, behavior, rigor, questioning, discourse, modeling, monitoring, feedback, reteach`},
	{"visit of oneself", []edit{{"visits.csv", "cy@example.com,bob@example.com", "cy@example.com,cy@example.com"}}, `visits.csv:2:16: teacher: "cy@example.com" cannot visit themselves`},
	{"plc visit of a teacher", []edit{{"visits.csv", "12,coaching", "12,plc"}}, `visits.csv:2:46: kind: a visit of kind plc is to a team: the teacher column holds the team's id, and only then`},
	{"calendar", []edit{{"calendar.ics", `20260907
`, `2026-09-07
`}}, `calendar.ics:6:1: DTSTART: "2026-09-07" is not a date like 20260907 or a time like 20260907T080000`},
	{"not a calendar", []edit{{"calendar.ics", "", `<html>Not found</html>
`}}, `calendar.ics:1:1: this is not an iCalendar file; it would begin with BEGIN:VCALENDAR`},
	{"many at once", []edit{{"district.yaml", "zone: America/Chicago", "zone: America/Chicgo"}, {"district.yaml", "day: tue", "day: tues"}, {"people.csv", "teacher,cedar,cy@example.com;", "techer,cedar,cy@example.com;"}, {"calendar.ics", "20260908", "soon"}}, `district.yaml:4:9: district.zone: "America/Chicgo" is not a time zone; did you mean America/Chicago?
district.yaml:29:18: teams[0].meets.day: "tues" is not a day of the week; did you mean tue?; known: sun, mon, tue, wed, thu, fri, sat
calendar.ics:7:1: DTEND: "soon" is not a date like 20260907 or a time like 20260907T080000
people.csv:4:28: role: "techer" is not a role; did you mean teacher?; roles: teacher, lead, coach, ap, principal, supervisor, district`},
}

// manyAreas are 31 focus areas.
func manyAreas() string {
	var b strings.Builder
	for i := range 31 {
		fmt.Fprintf(&b, "  - {key: area-%d, name: Area %d, family: response to student data}\n", i, i)
	}
	return b.String()
}

func TestLoadConfigErrors(t *testing.T) {
	for _, c := range configErrors {
		t.Run(c.name, func(t *testing.T) {
			cfg, err := smallConfig(t, c.edits...)
			if err == nil {
				t.Fatalf("no error; want\n%s", c.want)
			}
			if cfg != nil {
				t.Error("a config came back with the error")
			}
			if diff := cmp.Diff(strings.Split(c.want, "\n"), strings.Split(err.Error(), "\n")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestLoadConfigNoFile(t *testing.T) {
	if _, err := LoadConfig("there-is-no-such-folder/district.yaml"); !os.IsNotExist(err) {
		t.Errorf("got %v", err)
	}
}
