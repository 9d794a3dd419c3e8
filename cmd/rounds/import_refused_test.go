package main

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rounds/school/sqlitelog"
)

// An import that cannot be right is refused in words, with file and line, and writes nothing.

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
