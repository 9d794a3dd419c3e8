package main

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rounds/bot/bottest"
	"rounds/school"
	"rounds/school/sqlitelog"

	"github.com/google/go-cmp/cmp"
)

// importDistrict has people.csv's say on two of the people of the fixtures, and nothing of the others.
var importDistrict = map[string]string{
	"district.yaml": `district: {id: small, name: Small District, zone: America/Chicago}
campuses:
  - {id: cedar, name: Cedar Middle School}
  - {id: oak, name: Oak Elementary}
calendars:
  - {file: calendar.ics, first: 2026-08-17, last: 2027-05-27}
people: people.csv
`,
	"people.csv": `name,email,chat_email,role,campus,observer,visit_schedule,years,start_date,plc_team
Ada Lovett,ada@example.com,,ap,cedar,,,,,
Cy Ortega,cy@example.com,cy@chat.example.com,coach,oak,ada@example.com,,,,
Eve Okafor,eve@example.com,,teacher,cedar;oak,cy@example.com,weekly,1,,
`,
	"calendar.ics": smallFiles["calendar.ics"],
}

// importer is a district with a store, and a clock on a school day.
type importer struct {
	t          testing.TB
	dir, store string
	day        time.Time
}

func newImporter(t testing.TB) *importer {
	t.Helper()
	i := &importer{t: t, dir: t.TempDir(), day: time.Date(2026, 10, 15, 15, 0, 0, 0, time.UTC)}
	i.store = filepath.Join(i.dir, "rounds.db")
	i.files("", importDistrict)
	return i
}

// files writes files into a folder of the district's.
func (i *importer) files(folder string, files map[string]string) string {
	i.t.Helper()
	dir := filepath.Join(i.dir, folder)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		i.t.Fatal(err)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			i.t.Fatal(err)
		}
	}
	return dir
}

// fixture is one of the made-up exports of school/roster, each changed by edits (file, old, new, …).
func (i *importer) fixture(name string, edits ...string) string {
	i.t.Helper()
	from := filepath.Join(repoRoot2(i.t), "school", "roster", "testdata", "oneroster", name)
	files := map[string]string{}
	list, err := os.ReadDir(from)
	if err != nil {
		i.t.Fatal(err)
	}
	for _, f := range list {
		data, err := os.ReadFile(filepath.Join(from, f.Name()))
		if err != nil {
			i.t.Fatal(err)
		}
		files[f.Name()] = string(data)
	}
	for k := 0; k < len(edits); k += 3 {
		if !strings.Contains(files[edits[k]], edits[k+1]) {
			i.t.Fatalf("%s of %s has no %q", edits[k], name, edits[k+1])
		}
		files[edits[k]] = strings.ReplaceAll(files[edits[k]], edits[k+1], edits[k+2])
	}
	return i.files(name, files)
}

// repoRoot2 is repoRoot for benchmarks too.
func repoRoot2(t testing.TB) string {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// run imports; change may set flags.
func (i *importer) run(change func(*importCmd), paths ...string) (string, error) {
	c := &importCmd{Config: filepath.Join(i.dir, "district.yaml"), storeFlags: storeFlags{Store: i.store}, Paths: paths, now: func() time.Time { return i.day }}
	if change != nil {
		change(c)
	}
	var out, errs bytes.Buffer
	err := c.Run(context.Background(), &output{&out, &errs})
	return out.String() + errs.String(), err
}

func (i *importer) must(change func(*importCmd), paths ...string) string {
	i.t.Helper()
	out, err := i.run(change, paths...)
	if err != nil {
		i.t.Fatalf("%v\n%s", err, out)
	}
	return out
}

// look reads the store.
func (i *importer) look(f func(*school.Model)) {
	i.t.Helper()
	ctx := context.Background()
	s, err := sqlitelog.Open(ctx, i.store, sqlitelog.Options{Mark: sqlitelog.Real, ReadOnly: true})
	if err != nil {
		i.t.Fatal(err)
	}
	defer s.Close()
	book, err := school.Open(ctx, s.Log("small"))
	if err != nil {
		i.t.Fatal(err)
	}
	defer book.Close()
	if err := book.Read(f); err != nil {
		i.t.Fatal(err)
	}
}

func (i *importer) version() (v int64) {
	i.look(func(m *school.Model) { v = m.Version() })
	return v
}

// roll says who is there: "bob@example.com teacher cedar".
func (i *importer) roll() (out []string) {
	i.look(func(m *school.Model) {
		for _, p := range m.People() {
			s := p.Now()
			at := string(s.Campus)
			if len(s.Campuses) > 0 {
				at = fmt.Sprint(s.Campuses)
			}
			out = append(out, fmt.Sprintf("%s %s %s %s", p.Name, strings.ToLower(p.Email), s.Role, at))
		}
	})
	slices.Sort(out)
	return out
}

func zipOf(t testing.TB, dir, to string) string {
	t.Helper()
	f, err := os.Create(to)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	if err := z.AddFS(os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return to
}

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

// brokenSets are exports that cannot be imported as a whole: the fixture, then file, old, new.
var brokenSets = map[string][]string{
	`manifest.csv:3: oneroster.version: is "2.0"`:                      {"bulk11", "manifest.csv", "oneroster.version,1.1", "oneroster.version,2.0"},
	`manifest.csv:2: manifest.version: is "9"`:                         {"bulk11", "manifest.csv", "manifest.version,1.0", "manifest.version,9"},
	`file.users: "some" is not absent, bulk or delta`:                  {"bulk11", "manifest.csv", "file.users,bulk", "file.users,some"},
	`manifest.csv:1: file.users: is missing`:                           {"bulk11", "manifest.csv", "file.users,bulk\r\n", ""},
	`manifest.csv:5: file.academicSessions: stands on line 4 already`:  {"bulk11", "manifest.csv", "file.categories", "file.academicSessions"},
	`manifest.csv:1: the column "value" is missing`:                    {"bulk11", "manifest.csv", "propertyName,value", "propertyName,val"},
	`roles.csv:1: the manifest says that it is here (bulk)`:            {"bulk12", "manifest.csv", "file.roles,bulk", "file.roles,bulk", "roles.csv", "", ""},
	`users.csv:1: the column "familyName" is missing`:                  {"bulk11", "users.csv", "givenName,familyName", "givenName"},
	`users.csv:1: the column "givenname" must be written "givenName"`:  {"bulk11", "users.csv", "givenName", "givenname"},
	`users.csv:1: "salary" is not a column of this file`:               {"bulk11", "users.csv", "grades,password", "grades,salary,password"},
	`the columns are out of order: column 9 is "familyName"`:           {"bulk11", "users.csv", "givenName,familyName", "familyName,givenName"},
	`users.csv:1: the column "orgSourcedIds" is missing`:               {"bulk11", "users.csv", "enabledUser,orgSourcedIds,role", "enabledUser"},
	`users.csv:1: the first line is no header`:                         {"bulk11", "users.csv", "sourcedId,status", "ZZsome,status"},
	`users.csv:4: a quote is out of place here`:                        {"bulk11", "users.csv", `"ZZfamilys1, Jr."`, `"ZZfamilys1, Jr."x`},
	`manifest.csv:1: file.roles: OneRoster 1.2 says in roles.csv who`:  {"bulk12", "manifest.csv", "file.roles,bulk", "file.roles,absent"},
	`manifest.csv:1: file.users: neither users nor roles`:              {"bulk11", "manifest.csv", "file.users,bulk", "file.users,absent"},
	`orgs.csv:1: the column "parentSourcedId" is missing`:              {"bulk11", "orgs.csv", ",parentSourcedId", ""},
	`roles.csv:1: "extra" is not a column of this file; extensions ar`: {"bulk12", "roles.csv", ",userProfileSourcedId", ",userProfileSourcedId,extra"},
}

// A set that is wrong as a whole is refused with its file and line, and nothing is written; where the manifest or a header
// is wrong, not even a store is made.
func TestImportBrokenSets(t *testing.T) {
	for _, want := range slices.Sorted(maps.Keys(brokenSets)) {
		i := newImporter(t)
		edit := brokenSets[want]
		set := i.fixture(edit[0], edit[1:]...)
		if strings.HasPrefix(want, "roles.csv:1: the manifest") {
			if err := os.Remove(filepath.Join(set, "roles.csv")); err != nil {
				t.Fatal(err)
			}
		}
		out, err := i.run(nil, set)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), edit[0]+"/") {
			t.Errorf("want %q, got %v\n%s", want, err, out)
		}
		if err != nil && strings.Contains(err.Error(), i.dir) {
			t.Errorf("the error names the machine's path: %v", err)
		}
		if strings.Contains(want, "quote is out") {
			if i.version() != 0 {
				t.Errorf("%s: something was written", want)
			}
		} else if _, serr := os.Stat(i.store); serr == nil {
			t.Errorf("%s: a store was made", want)
		}
	}
}

func TestImportWrongCalls(t *testing.T) {
	i := newImporter(t)
	bulk, delta := i.fixture("bulk12"), i.fixture("delta12")
	deep := i.files("deep", nil)
	if err := os.Rename(i.fixture("bulk11"), filepath.Join(deep, "bulk11")); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		want   string
		status int
		org    []string
		paths  []string
	}{
		{"nothing.zip cannot be read: no such file", 1, nil, []string{filepath.Join(i.dir, "nothing.zip")}},
		{"people.csv is neither a folder nor a zip", 1, nil, []string{filepath.Join(i.dir, "people.csv")}},
		{"there is no manifest.csv; OneRoster requires it, at the top of the folder or zip, and not in a folder inside", 1, nil, []string{deep}},
		{"bulk12 is a bulk export and comes after a delta", 2, nil, []string{delta, bulk}},
		{"--org 303: write ORG=CAMPUS", 2, []string{"303"}, []string{bulk}},
		{`--org 303=aok: "aok" is not a campus of this district; did you mean oak?`, 2, []string{"303=aok"}, []string{bulk}},
	} {
		out, err := i.run(func(x *importCmd) { x.Org = c.org }, c.paths...)
		status := 1
		if e, ok := errors.AsType[*exit](err); ok {
			status = e.status
		}
		if err == nil || !strings.Contains(err.Error(), c.want) || status != c.status {
			t.Errorf("want %d %q, got %d %v\n%s", c.status, c.want, status, err, out)
		}
	}
	if r := cliDo(t, "import", "--config", "x.yaml"); r.status != 2 {
		t.Errorf("no path: status %d", r.status)
	}
	if r := cliDo(t, "import", "--help"); r.status != 0 || !strings.Contains(r.out, "rounds import --config district.yaml") {
		t.Errorf("help: %+v", r)
	}
}

// While serve holds the store, an import says so in a sentence; a dry run may look.
func TestImportWhileServing(t *testing.T) {
	i := newImporter(t)
	set := i.fixture("bulk11")
	i.must(nil, set)
	s, err := sqlitelog.Open(context.Background(), i.store, sqlitelog.Options{Mark: sqlitelog.Real})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := i.run(nil, set); err == nil || !strings.HasPrefix(err.Error(), "rounds serve, or another command, is writing to the record: stop it, import, and start it again") {
		t.Errorf("got %v", err)
	}
	i.must(func(c *importCmd) { c.DryRun = true }, set)
}

// A bulk file that would take more than a fifth of the people off needs a word.
func TestImportRemovals(t *testing.T) {
	i := newImporter(t)
	many := func(n int) map[string]string { return staffSet(n, 0) }
	i.must(nil, i.files("ten", many(10)))
	i.must(nil, i.files("eight", many(8))) // 20 % is not more
	at := i.version()
	six := i.files("six", many(6))
	out, err := i.run(nil, six)
	if err == nil || !strings.Contains(err.Error(), "nothing was written: the bulk file takes 2 of 8 people (25 %) off the roster, more than 20 %") {
		t.Errorf("got %v", err)
	}
	if !strings.Contains(out, "Left\n  t6@example.com\n  t7@example.com\n") || i.version() != at {
		t.Errorf("the refusal does not show who, or wrote %d facts:\n%s", i.version()-at, out)
	}
	if out := i.must(func(c *importCmd) { c.DryRun = true }, six); !strings.Contains(out, "Without --allow-removals this would be refused") {
		t.Errorf("dry run:\n%s", out)
	}
	i.must(func(c *importCmd) { c.AllowRemovals = true }, six)
	if got := len(i.roll()); got != 6+3 {
		t.Errorf("%d people are there: %v", got, i.roll())
	}
}

// staffSet is a bulk export of n teachers in two schools, of whom each has two students.
func staffSet(n, from int) map[string]string {
	fixed := map[string]string{
		"manifest.csv": "propertyName,value\nmanifest.version,1.0\noneroster.version,1.1\nfile.orgs,bulk\nfile.users,bulk\n",
		"orgs.csv":     "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\nc,,,Cedar Middle School,school,,\no,,,Oak,school,oak,\n",
	}
	var b strings.Builder
	b.WriteString("sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password\n")
	for k := range n {
		fmt.Fprintf(&b, "u%d,,,true,%s,teacher,t%d,,Given%d,Family%d,,,t%d@example.com,,,,,secret\n", k+from, []string{"c", "o"}[k%2], k, k, k, k)
		for s := range 2 {
			fmt.Fprintf(&b, "s%d-%d,,,true,c,student,zz,,zz,zz,,,zz%d@example.org,,,,07,zz\n", k, s, k)
		}
	}
	fixed["users.csv"] = b.String()
	return fixed
}

// A new year with new sourcedIds, of classes or even of people, keeps everybody and their history.
func TestImportRollover(t *testing.T) {
	i := newImporter(t)
	i.must(nil, i.files("first", staffSet(10, 0)))
	var ids []school.PersonID
	each := func() (out []school.PersonID) {
		i.look(func(m *school.Model) {
			for _, p := range m.People() {
				out = append(out, p.ID)
			}
		})
		slices.Sort(out)
		return out
	}
	ids = each()
	i.day = i.day.AddDate(1, 0, 0)
	out := i.must(nil, i.files("second", staffSet(10, 5000)))
	if !strings.Contains(out, "10 known from earlier imports; 0 added, 0 changed, 0 moved, 0 left, 10 as they were") {
		t.Errorf("rollover:\n%s", out)
	}
	if diff := cmp.Diff(ids, each()); diff != "" {
		t.Errorf("the people are others: %s", diff)
	}
	i.look(func(m *school.Model) {
		for _, p := range m.People() {
			if len(p.Stints) != 1 {
				t.Errorf("%s has %d stints; nothing happened to them", p.Name, len(p.Stints))
			}
		}
	})
	moved := staffSet(10, 5000)
	moved["users.csv"] = strings.Replace(moved["users.csv"], "u5000,,,true,c,", "u5000,,,true,o,", 1)
	i.must(nil, i.files("third", moved))
	today := school.DayOf(i.day, time.UTC)
	i.look(func(m *school.Model) {
		id, _ := m.ByEmail("t0@example.com")
		if p, ok := m.Person(id); !ok || p.On(today-1).Campus != "cedar" || p.On(today).Campus != "oak" {
			t.Errorf("a move rewrote what was before: %+v", p)
		}
	})
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
