package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const rubricTable = "id,level,strand,text\n1.1,Starting,Huddles,\"Huddle — sits in on a morning huddle, and listens\"\n2.1,Thriving,Huddles,Huddle lead — runs the morning huddle\n"

func TestImportFramework(t *testing.T) {
	dir := t.TempDir()
	config := filepath.Join(dir, "district.yaml")
	write := func(name, text string) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	var ignored bytes.Buffer
	if err := (&initCmd{Dir: dir}).Run(&output{stdout: &ignored, stderr: &ignored}); err != nil {
		t.Fatal(err)
	}
	table := write("r.csv", rubricTable)
	run := func(change func(*importCmd), path string) (string, error) {
		c := &importCmd{Config: config, Paths: []string{path}}
		c.Framework, c.Credit, c.Not = "Cedar rubric", "Cedar ISD", "not an evaluation"
		change(c)
		var b bytes.Buffer
		err := c.Run(t.Context(), &output{stdout: &b, stderr: &b})
		return b.String(), err
	}
	ask := func(q string) string {
		t.Helper()
		var b bytes.Buffer
		if err := (&askCmd{Config: config, Question: []string{q}}).Run(&output{stdout: &b, stderr: &b}); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	none := func(*importCmd) {}

	out, err := run(func(c *importCmd) { c.DryRun = true }, table)
	if err != nil || !strings.Contains(out, "2 statements, 2 levels, 1 strand.") || !strings.Contains(out, "nothing was written") {
		t.Errorf("dry run: %v\n%s", err, out)
	}
	if _, err := os.Stat(filepath.Join(dir, "frameworks")); err == nil {
		t.Error("a dry run wrote")
	}
	if got := ask("who runs the morning huddle"); strings.Contains(got, "runs the morning huddle") {
		t.Errorf("known before it was imported:\n%s", got)
	}
	if out, err = run(none, table); err != nil || !strings.Contains(out, "Written to frameworks/cedar-rubric.json") {
		t.Fatalf("%v\n%s", err, out)
	}
	if out, err = run(func(c *importCmd) { c.JSON = true }, table); err != nil || !strings.Contains(out, `"replaced":true`) {
		t.Errorf("a second import: %v\n%s", err, out)
	}
	for _, q := range []string{"who runs the morning huddle", "in our rubric, thriving huddles", "cedar-rubric-2.1"} {
		got := ask(q)
		for _, want := range []string{"> Huddle lead — runs the morning huddle", "cedar-rubric-2.1", "Cedar ISD", "not an evaluation"} {
			if !strings.Contains(got, want) {
				t.Errorf("%q lacks %q:\n%s", q, want, got)
			}
		}
	}
	if got := ask("5.2.5.c"); !strings.Contains(got, "frequency targets") {
		t.Errorf("the shipped documents are gone:\n%s", got)
	}

	for _, test := range []struct {
		want   string
		change func(*importCmd)
		path   string
	}{
		{"bad.csv: line 2, text: is empty\nbad.csv: line 4, id: 1 stands already on line 3\nnothing was written", none, write("bad.csv", "id,text\n1,\n1,b\n1,c\n")},
		{"a framework is a .csv or a .json file", none, write("r.txt", "x")},
		{"bad.json: framework", none, write("bad.json", "{}")},
		{"cannot be read", none, filepath.Join(dir, "gone.csv")},
		{"a name needs letters", func(c *importCmd) { c.Framework = "—" }, table},
		{"only --says, --credit, --not", func(c *importCmd) { c.AllowRemovals = true }, table},
		{"are for a framework; name it with --framework", func(c *importCmd) { c.Framework = "" }, table},
	} {
		if out, err := run(test.change, test.path); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("want %q: %v\n%s", test.want, err, out)
		}
	}
	// A file that somebody broke by hand is named.
	write("frameworks/cedar-rubric.json", "{")
	if _, err := libraryOf(config); err == nil || !strings.Contains(err.Error(), "frameworks/cedar-rubric.json") {
		t.Errorf("a broken file: %v", err)
	}
}
