package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rounds/school"
	"rounds/seeds"
)

const pastVisits = `observer,teacher,date,minutes,kind,focus,glow,grow,evidence
cy@example.com,bob@example.com,2026-09-08,12,,discourse,Calm start,,
cy@example.com,bob@example.com,2026-09-08,12,,discourse,Calm start,,
ada@example.com,bob@example.com,2026-09-09,8,,,,,
`

// visitsImporter is a district with people and a table of past visits.
func visitsImporter(t *testing.T) (*importer, string) {
	i := newImporter(t)
	i.files("", map[string]string{
		"district.yaml": smallFiles["district.yaml"], "people.csv": smallFiles["people.csv"], "calendar.ics": smallFiles["calendar.ics"],
		"visits.csv": "not,read\n", "past.csv": pastVisits,
	})
	return i, filepath.Join(i.dir, "past.csv")
}

func TestImportVisits(t *testing.T) {
	i, path := visitsImporter(t)
	dry := i.must(func(c *importCmd) { c.DryRun = true }, path)
	if _, err := os.Stat(i.store); err == nil {
		t.Error("a dry run made a store")
	}
	if !strings.HasPrefix(dry, "past.csv: 3 rows; 2 added, 0 changed, 0 already there, 0 cannot be used\n") || !strings.Contains(dry, "past.csv:3 says the same as line 2") || !strings.Contains(dry, "Dry run: nothing was written.") {
		t.Error(dry)
	}
	if out := i.must(nil, path); !strings.Contains(out, "Written as one entry") {
		t.Error(out)
	}
	at := i.version()
	if out := i.must(nil, path); !strings.Contains(out, "0 added, 0 changed, 2 already there") || !strings.Contains(out, "Nothing changed: nothing was written.") {
		t.Error(out)
	}
	if v := i.version(); v != at {
		t.Errorf("the same table again wrote %d facts", v-at)
	}

	// One row changed, one vanished, one cannot be used: nothing is written until it is left out on purpose.
	i.files("", map[string]string{"past.csv": strings.ReplaceAll(pastVisits, "09-08,12", "09-08,14") + "cy@example.com,bobb@example.com,2026-09-10,,,,,,\n"})
	out, err := i.run(nil, path)
	if err == nil || !strings.Contains(err.Error(), "nothing was written") || !strings.Contains(out, `past.csv:5:16: teacher: "bobb@example.com" is not in people.csv; did you mean bob@example.com?`) || i.version() != at {
		t.Errorf("%v\n%s", err, out)
	}
	out = i.must(func(c *importCmd) { c.SkipRows = true; c.JSON = true }, path)
	var rep visitsReport
	if err := json.Unmarshal([]byte(out), &rep); err != nil || rep.Written == 0 || len(rep.Problems) != 1 || rep.Bad != 1 || rep.Rows != 4 {
		t.Errorf("%v\n%s", err, out)
	}
	i.files("", map[string]string{"past.csv": strings.Join(strings.SplitAfter(pastVisits, "\n")[:2], "")})
	if out = i.must(nil, path); !strings.Contains(out, "they stay on record") || !strings.Contains(out, "2026-09-09 walkthrough") {
		t.Error(out)
	}
	for _, who := range []string{"ada@", "bob@", "cy@", "Ortega", "Brown", "Lovett"} {
		if strings.Contains(strings.ReplaceAll(out, "bob@example.com?", ""), who) {
			t.Errorf("the report names somebody:\n%s", out)
		}
	}
}

func TestImportVisitsWrongCalls(t *testing.T) {
	i, path := visitsImporter(t)
	for _, c := range []struct {
		want   string
		change func(*importCmd)
		paths  []string
	}{
		{"name one table of visits at a time", nil, []string{path, path}},
		{"--org and --allow-removals are for a OneRoster export", func(c *importCmd) { c.AllowRemovals = true }, []string{path}},
		{"none.csv cannot be read", nil, []string{filepath.Join(i.dir, "none.csv")}},
		{"people.csv is neither a folder nor a zip of a OneRoster export, nor a table of visits", nil, []string{filepath.Join(i.dir, "people.csv")}},
		{"--skip-rows is for a table of visits", func(c *importCmd) { c.SkipRows = true }, []string{i.dir}},
	} {
		if out, err := i.run(c.change, c.paths...); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("want %q, got %v\n%s", c.want, err, out)
		}
	}
}

// A row of the visits file that changes amends its visit; it used to log a second one.
func TestApplyChangedVisit(t *testing.T) {
	book := openBook(t)
	apply(t, book, october)
	for range 2 {
		apply(t, book, october, edit{"visits.csv", "2026-09-08,12", "2026-09-08,15"})
	}
	var minutes []int
	model(t, book, func(m *school.Model) {
		m.EachVisit(func(v school.OnRecord) { minutes = append(minutes, v.Minutes) })
	})
	if fmt.Sprint(minutes) != "[15 8 40]" {
		t.Errorf("visits of %v minutes", minutes)
	}
}

// TestFocusFamilies: the four families are those that criterion 5.2.5.b names, in its words and its order.
func TestFocusFamilies(t *testing.T) {
	s, _, ok := seeds.Library().Get("5.2.5.b")
	if !ok {
		t.Fatal("there is no 5.2.5.b")
	}
	rest := strings.ToLower(s.Text)
	for _, f := range school.FocusFamilies {
		_, after, ok := strings.Cut(rest, strings.ToLower(f))
		if !ok {
			t.Errorf("5.2.5.b does not name %q after the others: %s", f, s.Text)
			continue
		}
		rest = after
	}
	for _, f := range school.DefaultFocus {
		if !strings.Contains(strings.Join(school.FocusFamilies, "\n"), f.Family) {
			t.Errorf("%s stands in %q", f.Key, f.Family)
		}
	}
}
