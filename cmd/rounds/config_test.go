package main

import (
	"context"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rounds/school"
	"rounds/seeds"

	"github.com/google/go-cmp/cmp"
)

// The smallest district that has a bit of everything; the tests change a line at a time.
var smallFiles = map[string]string{
	"district.yaml": `district:
  id: small
  name: Small ISD
  zone: America/Chicago
workspaces:
  slack: [T01]
campuses:
  - id: cedar
    name: Cedar Ridge
    zone: America/Chicago
    rooms:
      leaders: slack:T01:C02
calendars:
  - file: calendar.ics
    first: 2026-08-17
    last: 2027-05-27
    week: [mon, tue, wed, thu, fri]
people: people.csv
visits: visits.csv
administrators: [ada@example.com]
leave:
  - {who: bob@example.com, from: 2026-10-01, to: 2026-10-09}
teams:
  - id: math
    name: Math
    campus: cedar
    lead: bob@example.com
    members: [eve@example.com]
    meets: {day: tue, time: "13:10", minutes: 45}
    room: slack:T01:C03
    protocol: lesson-internalization
rules:
  plan: {on: first school day, time: "07:30"}
quiet_hours: {from: "18:00", to: "07:00"}
weekly_cap: 10
privacy:
  coach_content: private
`,
	"people.csv": `name,email,chat_email,role,campus,observer,visit_schedule,years,start_date,plc_team
Ada Lovett,ada@example.com,,principal,cedar,,,,,
Cy Ortega,cy@example.com,,coach,cedar,ada@example.com,,,,
Bob Brown,bob@example.com,,teacher,cedar,cy@example.com;ada@example.com,,1,,math
Eve Okafor,eve@example.com,,teacher,cedar,cy@example.com,weekly,7,2026-09-01,
`,
	"visits.csv": `observer,teacher,date,minutes,kind,focus
cy@example.com,bob@example.com,2026-09-08,12,coaching,discourse
ada@example.com,eve@example.com,2026-09-09,8,,
cy@example.com,math,2026-09-15,40,,
`,
	"calendar.ics": `BEGIN:VCALENDAR
VERSION:2.0
X-WR-CALNAME:Small 2026-27
BEGIN:VEVENT
UID:1
DTSTART;VALUE=DATE:20260907
DTEND;VALUE=DATE:20260908
SUMMARY:Labor Day
CATEGORIES:No school
END:VEVENT
END:VCALENDAR
`,
}

// edit is one change of a small file; an empty new file is a missing one.
type edit struct{ file, old, new string }

func smallConfig(t *testing.T, edits ...edit) (*Config, error) {
	t.Helper()
	files := maps.Clone(smallFiles)
	for _, e := range edits {
		if e.old == "" {
			if e.new == "" {
				delete(files, e.file)
			} else {
				files[e.file] = e.new
			}
			continue
		}
		if !strings.Contains(files[e.file], e.old) {
			t.Fatalf("%s does not hold %q", e.file, e.old)
		}
		files[e.file] = strings.Replace(files[e.file], e.old, e.new, 1)
	}
	return loadConfig("", "district.yaml", func(name string) ([]byte, error) {
		body, ok := files[name]
		if !ok {
			return nil, &os.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
		}
		return []byte(body), nil
	})
}

func TestLoadConfig(t *testing.T) {
	cfg, err := smallConfig(t)
	if err != nil {
		t.Fatal(err)
	}
	if len(cfg.People) != 4 || len(cfg.Visits.Visits) != 3 || len(cfg.Teams) != 1 || len(cfg.Calendars[0].Set.Spans) != 1 || len(cfg.Targets) != len(school.DefaultTargets()) {
		t.Errorf("people %d, visits %d, teams %d, spans %d, targets %d", len(cfg.People), len(cfg.Visits.Visits), len(cfg.Teams), len(cfg.Calendars[0].Set.Spans), len(cfg.Targets))
	}
	math := cfg.Teams[0]
	if want := []school.PersonID{school.NewPersonID("small", "eve@example.com"), school.NewPersonID("small", "bob@example.com")}; !cmp.Equal(math.Members, want) {
		t.Errorf("members %v, want %v: those named and those of the plc_team column", math.Members, want)
	}
	if got := cfg.Spaces()["slack T01"]; got != "small" {
		t.Errorf("slack T01 belongs to %q", got)
	}
}

// Files come out of spreadsheets, mail programs and Windows editors.
func TestLoadConfigSurvives(t *testing.T) {
	want, err := smallConfig(t)
	if err != nil {
		t.Fatal(err)
	}
	all := func(change func(string) string) (out []edit) {
		for name, body := range smallFiles {
			out = append(out, edit{name, "", change(body)})
		}
		return out
	}
	for name, edits := range map[string][]edit{
		"windows line ends": all(func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }),
		"byte order mark":   all(func(s string) string { return "\ufeff" + s }),
		"trailing blanks":   all(func(s string) string { return strings.ReplaceAll(s, "\n", "  \n") }),
		"blank lines":       all(func(s string) string { return s + "\n\n" }),
		"curly quotes": {
			{"district.yaml", "name: Small ISD", "name: “Small ISD”"},
			{"district.yaml", `time: "13:10"`, "time: “13:10”"},
			{"people.csv", "Ada Lovett", "“Ada Lovett”"},
		},
		"quoted comma":   {{"people.csv", "Ada Lovett,", "\"Ada Lovett\","}},
		"empty rows":     {{"people.csv", "\nCy", "\n,,,,,,,,,\n\nCy"}},
		"capital e-mail": {{"people.csv", "Bob Brown,bob@example.com", "Bob Brown, Bob@Example.com "}},
		"capital header": {{"people.csv", "name,email,chat_email,role", "Name,Email,Chat Email,Role"}},
		"american dates": {{"people.csv", "2026-09-01", "9/1/2026"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := smallConfig(t, edits...)
			if err != nil {
				t.Fatal(err)
			}
			for i := range got.People { // where a row stands is no part of what it says
				got.People[i].Line, got.People[i].Col, got.People[i].TeamsCol = want.People[i].Line, want.People[i].Col, want.People[i].TeamsCol
			}
			if diff := cmp.Diff(want.Entries(), got.Entries()); diff != "" {
				t.Errorf("the files say something else (-plain +changed):\n%s", diff)
			}
		})
	}
}

// apply applies a small district and returns the book, the reports and the config.
func apply(t *testing.T, book *school.Book, at string, edits ...edit) []FileReport {
	t.Helper()
	cfg, err := smallConfig(t, edits...)
	if err != nil {
		t.Fatal(err)
	}
	when, err := time.Parse(time.RFC3339, at)
	if err != nil {
		t.Fatal(err)
	}
	reports, err := ApplyFiles(context.Background(), book, cfg, when)
	if err != nil {
		t.Fatal(err)
	}
	return reports
}

func changes(reports []FileReport) (out []string) {
	for _, r := range reports {
		if r.Added+r.Changed+r.Gone > 0 {
			out = append(out, r.File)
		}
	}
	return out
}

func model(t *testing.T, book *school.Book, look func(m *school.Model)) {
	t.Helper()
	if err := book.Read(look); err != nil {
		t.Fatal(err)
	}
}

const (
	august  = "2026-08-03T12:00:00Z"
	october = "2026-10-15T15:00:00Z"
)

func TestApplyTwice(t *testing.T) {
	book := openBook(t)
	if got := changes(apply(t, book, august)); !cmp.Equal(got, []string{"people.csv", "district.yaml", "calendars", "visits.csv"}) {
		t.Errorf("the first time changed %v", got)
	}
	var before int64
	model(t, book, func(m *school.Model) { before = m.Version() })
	if got := changes(apply(t, book, october)); got != nil {
		t.Errorf("the second time changed %v", got)
	}
	model(t, book, func(m *school.Model) {
		if m.Version() != before {
			t.Errorf("version %d became %d", before, m.Version())
		}
	})
}

func TestApplyLeavers(t *testing.T) {
	book := openBook(t)
	apply(t, book, august)
	model(t, book, func(m *school.Model) {
		bob, _ := m.Person(school.NewPersonID("small", "bob@example.com"))
		if !bob.Away(school.Date(2026, 10, 5)) {
			t.Error("the leave was not applied")
		}
	})
	apply(t, book, october,
		edit{"people.csv", "Eve Okafor,eve@example.com,,teacher,cedar,cy@example.com,weekly,7,2026-09-01,\n", ""},
		edit{"visits.csv", "ada@example.com,eve@example.com,2026-09-09,8,,\ncy@example.com,math,2026-09-15,40,,\n", ""},
		edit{"district.yaml", smallFiles["district.yaml"][strings.Index(smallFiles["district.yaml"], "teams:"):strings.Index(smallFiles["district.yaml"], "rules:")], ""},
		edit{"people.csv", ",math\n", ",\n"},
		edit{"district.yaml", "leave:\n  - {who: bob@example.com, from: 2026-10-01, to: 2026-10-09}\n", ""},
		edit{"district.yaml", "privacy:", "targets:\n  - {id: weekly, name: All, roles: [teacher], visits: 1, per: 1 week}\nprivacy:"},
	)
	model(t, book, func(m *school.Model) {
		eve, _ := m.Person(school.NewPersonID("small", "eve@example.com"))
		if !eve.Now().Gone || eve.On(school.Date(2026, 10, 14)).Gone {
			t.Error("somebody who left the file leaves on the day it was read, not before")
		}
		if len(m.Teams()) != 0 {
			t.Error("the team is still there")
		}
		if got := m.Targets(); len(got) != 1 || got[0].Name != "All" {
			t.Errorf("targets %v", got)
		}
		bob, _ := m.Person(school.NewPersonID("small", "bob@example.com"))
		if bob.Away(school.Date(2026, 10, 5)) {
			t.Error("the leave still stands")
		}
	})
	// And back again, as a file that was restored.
	apply(t, book, "2026-11-02T15:00:00Z")
	model(t, book, func(m *school.Model) {
		eve, _ := m.Person(school.NewPersonID("small", "eve@example.com"))
		if eve.Now().Gone || !eve.On(school.Date(2026, 10, 20)).Gone {
			t.Error("somebody who came back is there from that day on, and was away between")
		}
		if len(m.Teams()) != 1 || len(m.Targets()) != len(school.DefaultTargets()) {
			t.Errorf("%d teams, %d targets", len(m.Teams()), len(m.Targets()))
		}
	})
}

// What somebody was before a file changed stays what they were.
func TestApplyKeepsHistory(t *testing.T) {
	book := openBook(t)
	apply(t, book, august)
	apply(t, book, october, edit{"people.csv", "teacher,cedar,cy@example.com,weekly,7", "lead,cedar,ada@example.com,4weeks,7"})
	model(t, book, func(m *school.Model) {
		eve, _ := m.Person(school.NewPersonID("small", "eve@example.com"))
		if then, now := eve.On(school.Date(2026, 10, 14)), eve.Now(); then.Role != school.Teacher || then.Schedule != school.Weekly || now.Role != school.Lead || now.From != school.Date(2026, 10, 15) {
			t.Errorf("then %+v, now %+v", then, now)
		}
	})
	// A new spelling of the name is no new stint.
	apply(t, book, "2026-10-20T15:00:00Z",
		edit{"people.csv", "teacher,cedar,cy@example.com,weekly,7", "lead,cedar,ada@example.com,4weeks,7"},
		edit{"people.csv", "Eve Okafor", "Eve Okafor-Lind"})
	model(t, book, func(m *school.Model) {
		eve, _ := m.Person(school.NewPersonID("small", "eve@example.com"))
		if eve.Name != "Eve Okafor-Lind" || len(eve.Stints) != 2 || eve.Now().From != school.Date(2026, 10, 15) {
			t.Errorf("%q with stints %+v", eve.Name, eve.Stints)
		}
	})
}

// No address and no name may stand in an event, not even in the key of a file's row.
func TestApplyKeepsNamesOutOfEvents(t *testing.T) {
	book := openBook(t)
	apply(t, book, august)
	err := book.Log().Read(context.Background(), 0, func(e school.Event) error {
		for _, word := range []string{"example.com", "Lovett", "Ortega", "Okafor"} {
			if strings.Contains(string(e.Data), word) {
				t.Errorf("event %d (%s) holds %q", e.Version, e.Kind, word)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The files that init writes are read without a complaint.
func TestStarterFiles(t *testing.T) {
	dir := t.TempDir()
	for name, data := range seeds.StarterFiles() {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := LoadConfig(filepath.Join(dir, "district.yaml")); err != nil {
		t.Fatal(err)
	}
}

// Days that a calendar only seems to mean count when somebody says so.
func TestGuess(t *testing.T) {
	guessed := edit{"calendar.ics", "CATEGORIES:No school\n", ""}
	cfg, err := smallConfig(t, guessed)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(cfg.Calendars[0].Set.Spans); n != 0 || !strings.Contains(strings.Join(cfg.Remarks(), "\n"), `"Labor Day" on line 4`) {
		t.Errorf("%d spans; remarks %q", n, cfg.Remarks())
	}
	cfg, err = smallConfig(t, guessed, edit{"district.yaml", "    week:", "    guess: true\n    week:"})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(cfg.Calendars[0].Set.Spans); n != 1 || len(cfg.Remarks()) != 1 {
		t.Errorf("%d spans; remarks %q", n, cfg.Remarks())
	}
}

// FuzzLoadConfig: no file ends the program; it is read, or its problems say something.
func FuzzLoadConfig(f *testing.F) {
	f.Add(smallFiles["district.yaml"])
	f.Add("a: &a [*a, *b]\nteams: *a\ncampuses: {? [x]: y}\n")
	f.Add("district: !!binary x\n<<: {id: 1}\nteams: - -\n")
	f.Fuzz(func(t *testing.T, text string) {
		cfg, err := loadConfig("", "district.yaml", func(name string) ([]byte, error) {
			if name == "district.yaml" {
				return []byte(text), nil
			}
			if body, ok := smallFiles[name]; ok {
				return []byte(body), nil
			}
			return nil, fs.ErrNotExist
		})
		if err == nil {
			cfg.Entries()
		} else if err.Error() == "" {
			t.Error("an error says nothing")
		}
	})
}
