package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// daysDistrict is two campuses, each with a principal and a teacher who is to be visited every week.
var daysDistrict = map[string]string{
	"district.yaml": `district: {id: small, name: Small District, zone: America/Chicago}
campuses:
  - {id: cedar, name: Cedar Middle School}
  - {id: oak, name: Oak Elementary}
calendars:
  - {file: calendar.ics, first: 2026-08-17, last: 2027-05-27}
people: people.csv
`,
	"people.csv": `name,email,role,campus,observer,visit_schedule
Ada Lovett,ada@example.com,principal,cedar,,
Bo Cedar,bo@example.com,teacher,cedar,ada@example.com,weekly
Cy Ortega,cy@example.com,principal,oak,,
Di Oak,di@example.com,teacher,oak,cy@example.com,weekly
`,
	"calendar.ics": exported,
}

// exported is what a website writes: none of it in Rounds's own words.
const exported = `BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//SchoolPages Example//Events//EN
X-WR-CALNAME:Small District 2026-27
BEGIN:VEVENT
UID:1
DTSTART;VALUE=DATE:20260907
DTEND;VALUE=DATE:20260908
SUMMARY:Labor Day
END:VEVENT
BEGIN:VEVENT
UID:2
DTSTART;VALUE=DATE:20261012
DTEND;VALUE=DATE:20261013
SUMMARY:Columbus Day
END:VEVENT
BEGIN:VEVENT
UID:3
DTSTART;VALUE=DATE:20261116
DTEND;VALUE=DATE:20261121
SUMMARY:Thanksgiving Break
DESCRIPTION:<p>No classes
 all week</p>
END:VEVENT
BEGIN:VEVENT
UID:4
DTSTART;VALUE=DATE:20261001
DTEND;VALUE=DATE:20261101
SUMMARY:National Bullying Prevention Month
END:VEVENT
BEGIN:VEVENT
UID:5
DTSTART:20261210T183000
DTEND:20261210T200000
SUMMARY:Holiday Concert
END:VEVENT
END:VCALENDAR
`

// daysDir writes the district, each file changed by edits (file, old, new, …).
func daysDir(t *testing.T, edits ...string) string {
	t.Helper()
	alone(t)
	dir := t.TempDir()
	for name, text := range daysDistrict {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for i := 0; i < len(edits); i += 3 {
		change(t, dir, edits[i], edits[i+1], edits[i+2])
	}
	return dir
}

// change replaces a text in a file, once.
func change(t *testing.T, dir, file, old, now string) {
	t.Helper()
	text := read(t, dir, file)
	if strings.Count(text, old) != 1 {
		t.Fatalf("%s holds %q %d times:\n%s", file, old, strings.Count(text, old), text)
	}
	if err := os.WriteFile(filepath.Join(dir, file), []byte(strings.Replace(text, old, now, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, dir, file string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, file))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// in runs a command on the district of a folder.
func in(t *testing.T, dir, command string, args ...string) cliRun {
	t.Helper()
	return cliDo(t, append([]string{command, "--config", filepath.Join(dir, "district.yaml")}, args...)...)
}

func importICS(t *testing.T, dir string, args ...string) cliRun {
	t.Helper()
	return in(t, dir, "import", append(args, filepath.Join(dir, "calendar.ics"))...)
}

// owed is how many visits each teacher is owed in the period of a day: "bo 1, di 1".
func owed(t *testing.T, dir, at string) string {
	t.Helper()
	r := in(t, dir, "targets", "--json", "--at", at)
	r.went(t)
	var out []string
	for line := range strings.Lines(r.out) {
		var row struct {
			Target, Subject string
			Required        int
			OpenLeft        int `json:"open_days_left"`
		}
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			t.Fatal(err)
		}
		if name, _, _ := strings.Cut(row.Subject, "@"); (name == "bo" || name == "di") && row.Target == "weekly" {
			out = append(out, name+" "+strings.Repeat("i", row.Required)+" of "+strings.Repeat("d", row.OpenLeft))
		}
	}
	return strings.Join(out, ", ")
}

// The first import, what waits, what is confirmed, and what that changes.
func TestImportCalendar(t *testing.T) {
	dir := daysDir(t)
	dry := importICS(t, dir, "--dry-run")
	dry.went(t, "calendar.ics: 5 events in the school year from 2026-08-17 to 2027-05-27, 0 outside of it",
		"Rows of calendar.days.csv: 2 no school, 1 to be decided (?), 2 ignore", "Not confirmed, and not in force (3)",
		`calendar.days.csv:2: 2026-09-07 "Labor Day": no school (words "labor day")`,
		`calendar.days.csv:3: 2026-10-12 "Columbus Day": to be decided (perhaps no school: words "columbus day")`,
		"Dry run: nothing was written.", "write there  days: calendar.days.csv")
	if _, err := os.Stat(filepath.Join(dir, "calendar.days.csv")); err == nil {
		t.Error("a dry run wrote")
	}
	first := importICS(t, dir)
	first.went(t, "Written: calendar.days.csv.")
	want := `confirmed,class,from,to,on,except,campuses,kinds,event,why,note,calendar,uid
no,no school,2026-09-07,2026-09-07,,,,,Labor Day,"words ""labor day""",,calendar.ics,1
no,?,2026-10-12,2026-10-12,,,,,Columbus Day,"perhaps no school: words ""columbus day""",,calendar.ics,2
no,no school,2026-11-16,2026-11-20,,,,,Thanksgiving Break,"words ""thanksgiving""",,calendar.ics,3
no,ignore,2026-10-01,2026-10-31,,,,,National Bullying Prevention Month,"noise: ""month""",,calendar.ics,4
no,ignore,2026-12-10,2026-12-10,,,,,Holiday Concert,"noise: ""concert""",,calendar.ics,5
`
	if diff := cmp.Diff(want, read(t, dir, "calendar.days.csv")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if files, _ := filepath.Glob(filepath.Join(dir, "*")); len(files) != 4 {
		t.Errorf("the folder holds %q", files)
	}

	change(t, dir, "district.yaml", "file: calendar.ics", "file: calendar.ics, days: calendar.days.csv")
	in(t, dir, "check").went(t, "calendar.days.csv: 0 rows are confirmed, 2 are ignored, 3 are not confirmed and not in force",
		`calendar.days.csv:2: not confirmed: 2026-09-07 "Labor Day": no school`, `calendar.days.csv:4: not confirmed:`, "Nothing is wrong with these files.")
	if got := owed(t, dir, "2026-11-16T10:00"); got != "bo i of ddddd, di i of ddddd" {
		t.Errorf("before anybody confirmed: %s", got)
	}
	change(t, dir, "calendar.days.csv", "no,no school,2026-11-16", "yes,no school,2026-11-16")
	if got := owed(t, dir, "2026-11-16T10:00"); got != "bo  of , di  of " {
		t.Errorf("a week without school: %s", got)
	}
	if got := owed(t, dir, "2026-09-08T10:00"); got != "bo i of dddd, di i of dddd" {
		t.Errorf("Labor Day is not confirmed, and the week was: %s", got)
	}
	// A day for one campus, and one for all but it.
	change(t, dir, "calendar.days.csv", "no,no school,2026-09-07,2026-09-07,,,,,", "yes,no school,2026-09-09,2026-09-11,,,cedar,,")
	if got := owed(t, dir, "2026-09-08T10:00"); got != "bo  of d, di i of dddd" {
		t.Errorf("three days off at cedar: %s", got)
	}
	change(t, dir, "calendar.days.csv", "2026-09-11,,,cedar,,", "2026-09-11,,,not cedar,,")
	if got := owed(t, dir, "2026-09-08T10:00"); got != "bo i of dddd, di  of d" {
		t.Errorf("three days off but at cedar: %s", got)
	}
}

// A second import keeps what was decided and says what is other.
func TestImportCalendarAgain(t *testing.T) {
	dir := daysDir(t)
	importICS(t, dir).went(t)
	change(t, dir, "calendar.days.csv", "no,no school,2026-09-07", "yes,no school,2026-09-07")
	change(t, dir, "calendar.days.csv", "no,?,2026-10-12,2026-10-12,,,,", "yes,testing,2026-10-12,2026-10-12,,,not oak,formal")
	change(t, dir, "calendar.days.csv", "no,no school,2026-11-16", "yes,no school,2026-11-16")
	change(t, dir, "district.yaml", "file: calendar.ics", "days: calendar.days.csv")
	before := read(t, dir, "calendar.days.csv")
	importICS(t, dir).went(t, "Nothing changed: calendar.days.csv is as it was.")
	if diff := cmp.Diff(before, read(t, dir, "calendar.days.csv")); diff != "" {
		t.Errorf("the same calendar changed the file (-before +after):\n%s", diff)
	}

	change(t, dir, "calendar.ics", "DTSTART;VALUE=DATE:20261116\nDTEND;VALUE=DATE:20261121", "DTSTART;VALUE=DATE:20261123\nDTEND;VALUE=DATE:20261128")
	change(t, dir, "calendar.ics", "END:VCALENDAR", "BEGIN:VEVENT\nUID:6\nDTSTART;VALUE=DATE:20261102\nSUMMARY:Teacher Workday\nEND:VEVENT\nEND:VCALENDAR")
	importICS(t, dir).went(t, "New\n  calendar.ics:37: 2026-11-02 \"Teacher Workday\": staff day (words \"teacher workday\"); new",
		"Moved, to be confirmed again\n  calendar.ics:17: 2026-11-23 to 2026-11-27 \"Thanksgiving Break\": no school", "it was 2026-11-16 to 2026-11-20",
		"Not confirmed, and not in force (2)")
	text := read(t, dir, "calendar.days.csv")
	for _, line := range []string{
		"yes,no school,2026-09-07,2026-09-07,", "yes,testing,2026-10-12,2026-10-12,,,not oak,formal,Columbus Day",
		"no,staff day,2026-11-02,2026-11-02,,,,,Teacher Workday,\"words \"\"teacher workday\"\"\",new,", "no,no school,2026-11-23,2026-11-27,",
	} {
		if !strings.Contains(text, "\n"+line) {
			t.Errorf("the file lacks %q:\n%s", line, text)
		}
	}
	in(t, dir, "check").went(t, "calendar.days.csv:4: not confirmed: 2026-11-02", "calendar.days.csv:5: not confirmed: 2026-11-23")

	var rep calendarReport
	r := importICS(t, dir, "--json")
	r.went(t)
	if err := json.Unmarshal([]byte(r.out), &rep); err != nil || rep.Written || rep.Open != 2 || rep.Classes["testing"] != 1 || len(rep.Changes) != 0 {
		t.Errorf("%v %+v", err, rep)
	}
	// An event that is gone stays in force, and is named, until somebody takes its row out.
	change(t, dir, "calendar.ics", "BEGIN:VEVENT\nUID:1\nDTSTART;VALUE=DATE:20260907\nDTEND;VALUE=DATE:20260908\nSUMMARY:Labor Day\nEND:VEVENT\n", "")
	importICS(t, dir).went(t, "No longer in the calendar\n  2026-09-07 \"Labor Day\": no school")
	in(t, dir, "check").went(t, `calendar.days.csv:2: "Labor Day" on 2026-09-07 is in force; no longer in the calendar; take the row out, or keep it`)
}

// A calendar beside its days file says when it has gone on.
func TestCheckBehind(t *testing.T) {
	dir := daysDir(t)
	importICS(t, dir).went(t)
	change(t, dir, "district.yaml", "file: calendar.ics", "file: calendar.ics, days: calendar.days.csv")
	if r := in(t, dir, "check"); strings.Contains(r.out, "other than") {
		t.Errorf("nothing changed:\n%s", r.out)
	}
	change(t, dir, "calendar.ics", "DATE:20261012", "DATE:20261005")
	change(t, dir, "calendar.ics", "DATE:20261013", "DATE:20261006")
	in(t, dir, "check").went(t, `calendar.ics: 1 events are other than in calendar.days.csv, the first "Columbus Day" on 2026-10-05 (moved); run rounds import on it again`)
	change(t, dir, "calendar.ics", "DATE:20261005", "DATE:soon")
	in(t, dir, "check").went(t, "calendar.ics: some events cannot be read; rounds import names them")
}

// A campus's own calendar, with a week of four days; --campus takes its year, and marks its rows.
func TestImportCampus(t *testing.T) {
	dir := daysDir(t, "district.yaml", "calendars:\n", "calendars:\n  - {campuses: [oak], days: [calendar.days.csv, oak.days.csv], first: 2026-08-17, last: 2027-05-20, week: [mon, tue, wed, thu]}\n",
		"district.yaml", "file: calendar.ics", "days: calendar.days.csv")
	importICS(t, dir, "--dry-run").failed(t, 1, `there is no file "oak.days.csv"`)
	if err := os.WriteFile(filepath.Join(dir, "oak.days.csv"), []byte("confirmed,class,from\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	importICS(t, dir).went(t, "Written: calendar.days.csv.")
	if err := os.WriteFile(filepath.Join(dir, "oak.ics"), []byte("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:o\nDTSTART;VALUE=DATE:20260928\nDTEND;VALUE=DATE:20261001\nSUMMARY:No School\nEND:VEVENT\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20270524\nSUMMARY:No School\nEND:VEVENT\nEND:VCALENDAR\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	oak := []string{"--campus", "oak", filepath.Join(dir, "oak.ics")}
	in(t, dir, "import", oak...).went(t, "oak.ics: 1 events in the school year from 2026-08-17 to 2027-05-20, 1 outside of it", "oak.days.csv:2: 2026-09-28 to 2026-09-30")
	change(t, dir, "oak.days.csv", "no,no school,2026-09-28,2026-09-30,,,oak,", "yes,no school,2026-09-28,2026-09-30,,,oak,")
	if got := owed(t, dir, "2026-09-14T10:00"); got != "bo i of ddddd, di i of dddd" {
		t.Errorf("four days at oak: %s", got)
	}
	if got := owed(t, dir, "2026-09-28T10:00"); got != "bo i of ddddd, di  of d" {
		t.Errorf("one day at oak: %s", got)
	}
	// A row for a campus that does not follow the file is a mistake.
	change(t, dir, "oak.days.csv", ",oak,", ",cedar,")
	in(t, dir, "check").failed(t, 1, `oak.days.csv:2:1: campuses: the calendar of "cedar" does not name this file, so the row does not reach it`)
}

// Calls and files that are wrong are refused in words, and nothing is written.
func TestImportCalendarWrong(t *testing.T) {
	for _, c := range []struct {
		name   string
		edits  []string
		args   []string
		status int
		want   []string
	}{
		{"two files", nil, []string{"other.ics"}, 2, []string{"a calendar is imported by itself"}},
		{"a calendar and a folder", nil, []string{"oneroster"}, 2, []string{"a calendar is imported by itself"}},
		{"an unknown campus", nil, []string{"--campus", "ok"}, 2, []string{"--campus ok: that is not a campus of this district; did you mean oak?; campuses: cedar, oak"}},
		{"a flag of the roster", nil, []string{"--allow-removals"}, 2, []string{"not for a calendar"}},
		{"over the calendar", nil, []string{"--out", "x.ics"}, 2, []string{"the calendar itself is never written"}},
		{"a damaged event", []string{"calendar.ics", "DATE:20261012", "DATE:Columbus", "calendar.ics", "DTSTART:20261210T183000", "DTSTART:2026-12-10"}, nil, 1, []string{
			`calendar.ics:13:1: DTSTART: "Columbus" is not a date like 20260907`, `calendar.ics:33:1: DTSTART: "2026-12-10"`, "nothing was written; repair these, or say --skip-damaged",
		}},
		{"cut off", []string{"calendar.ics", "END:VCALENDAR\n", ""}, nil, 1, []string{"calendar.ics:36:1: the file ends without END:VCALENDAR; is it cut off?"}},
		{"no calendar", []string{"calendar.ics", exported, "<html>Not found</html>"}, nil, 1, []string{"calendar.ics:1:1: this is not an iCalendar file"}},
		{"a wrong district", []string{"district.yaml", "people: people.csv", "peple: people.csv"}, nil, 1, []string{"district.yaml:7:1: peple:", "did you mean people?"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := daysDir(t, c.edits...)
			before := tree(t, dir)
			importICS(t, dir, c.args...).failed(t, c.status, c.want...)
			if diff := cmp.Diff(before, tree(t, dir)); diff != "" {
				t.Errorf("the folder changed:\n%s", diff)
			}
		})
	}
	dir := daysDir(t, "calendar.ics", "DATE:20261012", "DATE:Columbus")
	importICS(t, dir, "--skip-damaged").went(t, "Cannot be read and left out (1)", `calendar.ics:13:1: DTSTART: "Columbus"`, "Written: calendar.days.csv.")
	dir = daysDir(t)
	in(t, dir, "import", filepath.Join(dir, "none.ics")).failed(t, 1, "none.ics cannot be read")
	in(t, dir, "import", "--out", "x.csv", dir).failed(t, 2, "are for a calendar")
}

// A days file that is wrong is refused by everything that reads it, and an import leaves it as it is.
func TestDaysFileWrong(t *testing.T) {
	for _, c := range []struct{ name, old, now, want string }{
		{"class", "no,no school,2026-09-07", "no,no scool,2026-09-07", `calendar.days.csv:2:4: class: "no scool" is not a class of days; did you mean no school?`},
		{"undecided", "no,?", "yes,?", "calendar.days.csv:3:5: class: the row is confirmed and has no class yet"},
		{"date", "no,?,2026-10-12", "no,?,2026-13-12", `calendar.days.csv:3:6: from: "2026-13-12" is not a date`},
		{"campus", "2026-09-07,,,,,Labor", "2026-09-07,,,ceder,,Labor", `calendar.days.csv:2:38: campuses: "ceder" is not a campus of this calendar; did you mean cedar?`},
		{"column", "confirmed,class", "confirmedx,class", `calendar.days.csv:1:1: "confirmedx" is not a column of this table; did you mean confirmed?`},
		{"quote", "Columbus Day,", "\"Columbus\" Day,", "calendar.days.csv:3:"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := daysDir(t)
			importICS(t, dir).went(t)
			change(t, dir, "calendar.days.csv", c.old, c.now)
			before := tree(t, dir)
			r := importICS(t, dir) // district.yaml does not name it yet
			if c.name != "campus" {
				r.failed(t, 1, c.want)
				if diff := cmp.Diff(before, tree(t, dir)); diff != "" {
					t.Errorf("the folder changed:\n%s", diff)
				}
			}
			change(t, dir, "district.yaml", "file: calendar.ics", "days: calendar.days.csv")
			in(t, dir, "check").failed(t, 1, c.want)
			importICS(t, dir).failed(t, 1, c.want)
		})
	}
	dir := daysDir(t, "district.yaml", "file: calendar.ics", "days: calendar.dys.csv")
	in(t, dir, "check").failed(t, 1, `district.yaml:6:12: calendars[0].days[0]: there is no file "calendar.dys.csv"`)
	dir = daysDir(t, "district.yaml", "file: calendar.ics", "file: calendar.ics, days: calendar.days.csv, guess: true")
	importICS(t, dir).failed(t, 1, "calendars[0].guess: a calendar with days takes only what is confirmed there; leave guess out")
}
