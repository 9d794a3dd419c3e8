package main

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rounds/school"
)

// importer is a district with a store, and a clock on a school day.
type importer struct {
	t          testing.TB
	dir, store string
	day        time.Time
}

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
	from := filepath.Join(repoRoot(i.t), "school", "roster", "testdata", "oneroster", name)
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
	readStore(i.t, i.store, "small", func(_ school.Log, m *school.Model) { f(m) })
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
