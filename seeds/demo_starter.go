package seeds

// StarterFiles are the files that `rounds init` writes: the smallest district that works, to be edited.
func StarterFiles() map[string][]byte {
	return map[string][]byte{
		"district.yaml": []byte(starterYAML),
		"people.csv":    []byte(starterPeople),
		"calendar.ics":  []byte(starterCalendar),
	}
}

const starterYAML = `# Your district. Edit this file, people.csv and calendar.ics, then:
#
#     rounds check --config district.yaml

district:
  id: my-district          # stands in the store; do not change it later
  name: My School District
  zone: America/Chicago    # an IANA time zone

# The chat workspaces that belong to you: Slack team ids (T...), Discord server ids.
workspaces:
  slack: [T00000000]
#  discord: ["1000000000000000001"]

campuses:
  - id: first
    name: First Campus
    notify_teachers: false   # until it is true, teachers are told nothing
#    rooms:
#      leaders: slack:T00000000:C00000000   # platform:workspace:channel

calendars:
  - file: calendar.ics
    first: 2026-08-17        # first and last day with students
    last: 2027-05-27
    week: [mon, tue, wed, thu, fri]

people: people.csv

# PLC teams. Members stand in the plc_team column of people.csv.
teams:
  - id: first-math
    name: First Campus Math
    campus: first
    lead: teacher@example.com
    meets: {day: tue, time: "13:10", minutes: 45}
    protocol: lesson-internalization
#    room: slack:T00000000:C00000001

rules:
  plan:    {on: first school day, time: "07:30"}
  agenda:  {on: previous school day, time: "14:00"}
  preview: {on: last school day, time: "12:00"}
  digest:  {on: last school day, time: "15:00"}

quiet_hours: {from: "18:00", to: "07:00"}
`

const starterPeople = `name,email,chat_email,role,campus,observer,visit_schedule,years,start_date,plc_team
Pat Principal,principal@example.com,,principal,first,,,,,
Chris Coach,coach@example.com,,coach,first,principal@example.com,,,,
Terry Teacher,teacher@example.com,,teacher,first,coach@example.com;principal@example.com,,1,,first-math
`

const starterCalendar = "BEGIN:VCALENDAR\r\n" +
	"VERSION:2.0\r\n" +
	"PRODID:-//Rounds//Starter//EN\r\n" +
	"X-WR-CALNAME:School year 2026-27\r\n" +
	"BEGIN:VEVENT\r\n" +
	"UID:1@example.com\r\n" +
	"DTSTAMP:20260601T120000Z\r\n" +
	"DTSTART;VALUE=DATE:20260907\r\n" +
	"DTEND;VALUE=DATE:20260908\r\n" +
	"SUMMARY:Labor Day\r\n" +
	"CATEGORIES:No school\r\n" +
	"END:VEVENT\r\n" +
	"BEGIN:VEVENT\r\n" +
	"UID:2@example.com\r\n" +
	"DTSTAMP:20260601T120000Z\r\n" +
	"DTSTART;VALUE=DATE:20261123\r\n" +
	"DTEND;VALUE=DATE:20261128\r\n" +
	"SUMMARY:Thanksgiving break\r\n" +
	"CATEGORIES:No school\r\n" +
	"END:VEVENT\r\n" +
	"END:VCALENDAR\r\n"
