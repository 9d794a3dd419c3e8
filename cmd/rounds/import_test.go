package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rounds/bot/bottest"
	"rounds/school"
	"rounds/school/sqlitelog"

	"github.com/google/go-cmp/cmp"
)

// What an import of OneRoster files reports and writes: the same files again write nothing, several exports are as one after the
// other, it is one command in the record, and nothing of a student comes out anywhere.

// The reports of the fixtures, in the order in which a district would import them.
func TestImportReports(t *testing.T) {
	i := newImporter(t)
	golden := func(name, got string) {
		t.Helper()
		bottest.Golden(t, filepath.Join("testdata", "import", name+".txt"), got)
	}
	bulk11, bulk12, delta12 := i.fixture("bulk11"), i.fixture("bulk12"), i.fixture("delta12")
	golden("bulk11_dry", i.must(func(c *importCmd) { c.DryRun = true }, bulk11))
	if _, err := os.Stat(i.store); err == nil {
		t.Error("a dry run made a store")
	}
	golden("bulk11", i.must(nil, bulk11))
	at := i.version()
	golden("bulk11_again", i.must(nil, bulk11))
	if v := i.version(); v != at {
		t.Errorf("the second import of the same files wrote %d facts", v-at)
	}
	z := zipOf(t, bulk12, filepath.Join(i.dir, "bulk12.zip"))
	golden("bulk12_zip", i.must(func(c *importCmd) { c.Org = []string{"303=oak", "Oak Elementary, North=oak"} }, z))
	at = i.version()
	i.must(nil, bulk12) // the mapping is remembered
	if v := i.version(); v != at {
		t.Errorf("the folder says other than its zip: %d facts", v-at)
	}
	golden("delta12", i.must(nil, delta12))
	golden("delta12_again", i.must(nil, delta12))
	golden("roll", strings.Join(i.roll(), "\n")+"\n")
}

func TestImportJSON(t *testing.T) {
	i := newImporter(t)
	var rep importReport
	if err := json.Unmarshal([]byte(i.must(func(c *importCmd) { c.JSON = true }, i.fixture("bulk11"))), &rep); err != nil {
		t.Fatal(err)
	}
	if rep.Written == 0 || rep.DryRun || len(rep.Added) == 0 || rep.Ignored["student"] != 2 || len(rep.Problems) == 0 {
		t.Errorf("%+v", rep)
	}
	at := i.version()
	i.must(func(c *importCmd) { c.DryRun = true }, i.fixture("bulk12"))
	if i.version() != at {
		t.Error("a dry run wrote")
	}
}

// Several exports in one import, a delta behind its bulk file or one bulk file for each part of the district, are as the same one
// after the other, or as one.
func TestImportSeveral(t *testing.T) {
	one, two := newImporter(t), newImporter(t)
	orgs := func(c *importCmd) { c.Org = []string{"303=oak"} }
	one.must(orgs, one.fixture("bulk12"))
	one.must(nil, one.fixture("delta12"))
	two.must(orgs, two.fixture("bulk12"), two.fixture("delta12"))
	if diff := cmp.Diff(one.roll(), two.roll()); diff != "" {
		t.Errorf("at once (+) is not as one after the other (-):\n%s", diff)
	}
	parts := newImporter(t)
	whole := staffSet(10, 0)
	rows := strings.SplitAfter(whole["users.csv"], "\n")
	north, south := maps.Clone(whole), maps.Clone(whole)
	north["users.csv"], south["users.csv"] = rows[0]+strings.Join(rows[1:16], ""), rows[0]+strings.Join(rows[16:], "")
	parts.must(nil, parts.files("north", north), parts.files("south", south))
	at := parts.version()
	parts.must(nil, parts.files("whole", whole))
	if parts.version() != at {
		t.Errorf("two parts are not the whole: %d facts", parts.version()-at)
	}
	if _, err := parts.run(nil, filepath.Join(parts.dir, "north")); err == nil {
		t.Error("one part alone takes the other half off without a word")
	}
}

// An import is one command with the district's own files in it, so that serve finds nothing left to apply; and the shell's words
// reach it.
func TestImportOneCommand(t *testing.T) {
	alone(t)
	i := newImporter(t)
	t.Setenv("ROUNDS_STORE", i.store)
	config := filepath.Join(i.dir, "district.yaml")
	r := cliDo(t, "import", "--config", config, "--org", "Elm High School=oak", "--org", "Oak Elementary, North=oak", i.fixture("bulk12"))
	r.went(t, "Elm High School is oak, as you said", "Written as one entry")
	ctx := context.Background()
	s, err := sqlitelog.Open(ctx, i.store, sqlitelog.Options{Mark: sqlitelog.Real})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	commands := map[string]int{}
	if err := s.Log("small").Read(ctx, 0, func(e school.Event) error { commands[e.Command]++; return nil }); err != nil {
		t.Fatal(err)
	}
	if len(commands) != 1 || commands[""] != 0 {
		t.Errorf("the import is %d commands: %v", len(commands), commands)
	}
	cfg, err := LoadConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	book, err := school.Open(ctx, s.Log("small"))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	reports, err := ApplyFiles(ctx, book, cfg, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	for _, rep := range reports {
		if rep.Added+rep.Changed+rep.Gone > 0 {
			t.Errorf("serve would still apply %+v", rep)
		}
	}
}

// district.yaml may name the school of the export for good.
func TestImportOrgInFile(t *testing.T) {
	alone(t)
	i := newImporter(t)
	t.Setenv("ROUNDS_STORE", i.store)
	config := filepath.Join(i.dir, "district.yaml")
	b, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	named := strings.Replace(string(b), "{id: oak, name: Oak Elementary}", `{id: oak, name: Oak Elementary, oneroster: "Oak Elementary, North"}`, 1)
	if err := os.WriteFile(config, []byte(named), 0o600); err != nil {
		t.Fatal(err)
	}
	cliDo(t, "import", "--config", config, "--org", "Elm High School=oak", "--dry-run", i.fixture("bulk12")).went(t, "Oak Elementary, North is oak")
}

// No letter of a student, a relative, a password or a file of students comes out anywhere: every such cell of the fixtures holds zz.
func TestImportNoStudentAnywhere(t *testing.T) {
	i := newImporter(t)
	var all strings.Builder
	for _, set := range []string{i.fixture("bulk11"), i.fixture("bulk12"), i.fixture("delta12")} {
		for _, js := range []bool{false, true} {
			for _, dry := range []bool{true, false} {
				out, err := i.run(func(c *importCmd) { c.JSON, c.DryRun, c.AllowRemovals = js, dry, true }, set)
				fmt.Fprintln(&all, out, err)
			}
		}
	}
	for name, edit := range brokenSets {
		set := i.fixture(edit[0], edit[1:]...)
		out, err := i.run(func(c *importCmd) { c.DryRun = true }, set)
		fmt.Fprintln(&all, name, out, err)
	}
	stores, err := filepath.Glob(i.store + "*")
	if err != nil || len(stores) == 0 {
		t.Fatal(stores, err)
	}
	for _, f := range stores {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(data)
	}
	if text := strings.ToLower(all.String()); strings.Contains(text, "zz") {
		at := strings.Index(text, "zz")
		t.Errorf("a student's cell came out: %q", text[max(0, at-200):min(len(text), at+200)])
	}
	if !strings.Contains(all.String(), "bob@example.com") {
		t.Error("the test looks at nothing")
	}
}

// BenchmarkImport is a bulk import of 72,000 staff into an empty store, and the same again; the bar is 10 s each.
func BenchmarkImport(b *testing.B) {
	i := newImporter(b)
	set := i.files("big", staffSet(72000, 0))
	for n := 0; b.Loop(); n++ {
		i.store = filepath.Join(i.dir, fmt.Sprintf("big%d.db", n))
		begin := time.Now()
		i.must(nil, set)
		b.ReportMetric(time.Since(begin).Seconds(), "s/first")
		begin = time.Now()
		i.must(nil, set)
		b.ReportMetric(time.Since(begin).Seconds(), "s/again")
	}
}
