package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"

	"rounds/answers"
	"rounds/seeds"
)

// A framework of the district's own lies in the folder frameworks beside district.yaml. rounds import --framework writes
// one there; rounds serve reads them when it starts and again on SIGHUP, and rounds ask --config too.

// frameworkFlags are the flags of importCmd for a framework.
type frameworkFlags struct {
	Framework string   `help:"Add a framework of your own: its name, like \"Cedar rubric\". The path is a table (.csv: id,level,strand,text) or an export of the same shape as the shipped one (.json)." placeholder:"NAME"`
	Says      []string `help:"Framework: what people call it besides, like \"our rubric\"; a question that says so is asked of it alone." placeholder:"WORDS" sep:"none"`
	Credit    string   `help:"Framework: who is to be credited with every quotation." placeholder:"WORDS"`
	Not       string   `help:"Framework: what it must not be taken for, like \"not an evaluation\"." placeholder:"WORDS"`
}

// frameworkReport is what --json prints.
type frameworkReport struct {
	DryRun     bool           `json:"dry_run"`
	File       string         `json:"file"`
	Name       string         `json:"name"`
	Says       []string       `json:"says"`
	Statements int            `json:"statements"`
	Levels     map[string]int `json:"levels"`
	Strands    int            `json:"strands"`
	Replaced   bool           `json:"replaced"`
}

// frameworksOf is the folder of a district's frameworks.
func frameworksOf(config string) string { return filepath.Join(filepath.Dir(config), "frameworks") }

// libraryOf is the shipped documents and those of the district whose file this is; "" for the shipped ones alone.
func libraryOf(config string) (*answers.Library, error) {
	if config == "" {
		return seeds.Library(), nil
	}
	l, err := seeds.DistrictLibrary(os.DirFS(frameworksOf(config)))
	if err != nil {
		return nil, fmt.Errorf("frameworks/%w", err)
	}
	return l, nil
}

// shelf holds the library that questions are put to. It may be filled again while it is asked: who asks gets the library
// from before or the one from after, whole.
type shelf struct {
	held atomic.Pointer[answers.Library]
}

func (s *shelf) library() *answers.Library { return s.held.Load() }

// fill reads the frameworks of the district whose file this is. One that is wrong changes nothing.
func (s *shelf) fill(config string) error {
	l, err := libraryOf(config)
	if err != nil {
		return err
	}
	s.held.Store(l)
	return nil
}

// framework is rounds import --framework.
func (c *importCmd) framework(out *output) error {
	if len(c.Paths) != 1 {
		return usage("a framework is imported by itself; name one .csv or .json file")
	}
	if len(c.Org) > 0 || c.AllowRemovals || c.SkipRows || c.Campus != "" || c.Out != "" || c.SkipDamaged {
		return usage("with --framework, only --says, --credit, --not, --dry-run and --json are taken")
	}
	if _, err := LoadConfig(c.Config); err != nil {
		return err
	}
	id := slug(c.Framework)
	if id == "" {
		return usage("--framework %q: a name needs letters", c.Framework)
	}
	about := seeds.About{ID: id, Title: strings.TrimSpace(c.Framework), Says: c.Says, Credit: c.Credit, Note: c.Not}
	if len(about.Says) == 0 {
		about.Says = []string{"our rubric", "our framework", "our own rubric", "our own framework"}
	}
	d, err := readFramework(c.Paths[0], about)
	if err != nil {
		return err
	}
	dir := frameworksOf(c.Config)
	file := filepath.Join(dir, id+".json")
	_, there := os.Stat(file)
	rep := frameworkReport{
		DryRun: c.DryRun, File: "frameworks/" + id + ".json", Name: about.Title, Says: about.Says,
		Statements: len(d.Document.Statements), Levels: map[string]int{}, Strands: len(d.Strands), Replaced: there == nil,
	}
	for _, s := range d.Document.Statements {
		if s.Level != "" {
			rep.Levels[s.Level]++
		}
	}
	// The shipped documents and this one must stand together before anything is written.
	if _, err := seeds.With(d); err != nil {
		return fmt.Errorf("%s: %w", filepath.Base(c.Paths[0]), err)
	}
	if !c.DryRun {
		if err := writeFramework(dir, file, d); err != nil {
			return err
		}
	}
	if c.JSON {
		enc := json.NewEncoder(out.stdout)
		enc.SetEscapeHTML(false)
		return enc.Encode(rep)
	}
	return rep.print(out)
}

func readFramework(path string, about seeds.About) (seeds.District, error) {
	label := filepath.Base(path)
	data, err := os.ReadFile(path)
	if err != nil {
		return seeds.District{}, fmt.Errorf("%s cannot be read: %w", label, pathCause(err))
	}
	read := seeds.ReadTable
	switch strings.ToLower(filepath.Ext(path)) {
	case ".csv":
	case ".json":
		read = seeds.ReadExport
	default:
		return seeds.District{}, usage("%s: a framework is a .csv or a .json file", label)
	}
	d, err := read(data, about)
	if err != nil {
		return seeds.District{}, fmt.Errorf("%s: %s\nnothing was written", label, strings.ReplaceAll(err.Error(), "\n", "\n"+label+": "))
	}
	return d, nil
}

// writeFramework writes whole or not at all.
func writeFramework(dir, file string, d seeds.District) (err error) {
	data, err := d.Encode()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".framework-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	if _, err = f.Write(data); err != nil {
		return errors.Join(err, f.Close())
	}
	if err = f.Close(); err != nil {
		return err
	}
	if err = os.Chmod(f.Name(), 0o644); err != nil {
		return err
	}
	return os.Rename(f.Name(), file)
}

func (r frameworkReport) print(out *output) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", r.Name, several(r.Statements, "statement"))
	if len(r.Levels) > 0 {
		fmt.Fprintf(&b, ", %s, %s", several(len(r.Levels), "level"), several(r.Strands, "strand"))
	}
	fmt.Fprintf(&b, ".\nAsked of alone when a question says: %s; %s.\n", r.Name, strings.Join(r.Says, "; "))
	switch {
	case r.DryRun:
		b.WriteString("Dry run: nothing was written.\n")
	case r.Replaced:
		fmt.Fprintf(&b, "Written over %s. A running rounds serve reads it on SIGHUP, or at its next start.\n", r.File)
	default:
		fmt.Fprintf(&b, "Written to %s. A running rounds serve reads it on SIGHUP, or at its next start; to take it back, delete the file.\n", r.File)
	}
	_, err := fmt.Fprint(out.stdout, b.String())
	return err
}

// several is a number of things, like "1 strand".
func several(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}

// slug is a name as a short id: "Cedar Rubric 2.0" is "cedar-rubric-2-0".
func slug(name string) string {
	var b strings.Builder
	dash := false
	for _, r := range strings.ToLower(name) {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') {
			dash = b.Len() > 0
			continue
		}
		if dash {
			b.WriteByte('-')
			dash = false
		}
		if b.WriteRune(r); b.Len() >= 24 {
			break
		}
	}
	return b.String()
}
