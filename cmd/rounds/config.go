package main

import (
	"cmp"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	_ "time/tzdata"

	"rounds/bot"
	"rounds/school"
	"rounds/school/ical"
	"rounds/school/roster"
	// a time zone is right or wrong whatever the machine has installed
)

// The district's input files:
//
//	district.yaml ── names ──> people.csv, calendar and days files, visits.csv
//	      └────────── LoadConfig ──────────┘
//	                     │  every problem at once: file, line, column, field, what would be right
//	                     v
//	                  Config ── Entries ──> ApplyFiles ──> the log: only what a file itself changed
//
// Reading is strict: what is not understood is an error, because a misspelled key would otherwise be
// a reminder that silently never comes.

// Config is what a district's files say.
type Config struct {
	Dir        string // of district.yaml; the other files are found from there
	District   DistrictConfig
	Workspaces []Workspace
	Campuses   []school.CampusSet
	OneRoster  map[string]school.CampusID // orgs of a OneRoster export, by sourcedId, identifier or name
	Calendars  []CalendarFile
	People     []roster.Person
	Visits     roster.VisitTable
	Teams      []school.TeamSet
	Leaves     []school.LeaveSet
	Targets    []school.Target
	OwnTargets bool // the file lists targets; else the district defaults hold
	Rules      []school.Rule

	peopleFile, visitsFile string
	zone                   *time.Location
	quiet                  []*Problem // rules whose time lies in quiet hours: nothing is wrong with them
}

// DistrictConfig is the district itself.
type DistrictConfig struct {
	ID   string // names the district in the store
	Room string // the district leaders' room, "" when there is none
	Set  school.DistrictSet
}

// Workspace is a chat workspace that belongs to the district.
type Workspace struct{ Platform, ID string }

// Problem is one thing in a file that cannot be used.
type Problem struct {
	File      string
	Line, Col int
	Field     string // "campuses[0].zone"
	Message   string // says what would be right
}

// Error is "district.yaml:12:5: campuses[0].zone: …".
func (p *Problem) Error() string {
	r := roster.Problem(*p)
	return r.Error()
}

// LoadConfig reads district.yaml and the files it names. Its error joins every problem found, in the
// order of the files and lines; a Config comes back only when there is none.
func LoadConfig(path string) (*Config, error) {
	dir, name := filepath.Split(path)
	return loadConfig(dir, name, besides(dir))
}

// LoadConfigWithoutVisits is LoadConfig but for the visits file, which is not opened: rounds import reads one by itself, with
// the record beside it.
func LoadConfigWithoutVisits(path string) (*Config, error) {
	dir, name := filepath.Split(path)
	return loadWith(&loader{noVisits: true}, dir, name, besides(dir))
}

// besides reads files beside district.yaml.
func besides(dir string) func(name string) ([]byte, error) {
	return func(name string) ([]byte, error) {
		if !filepath.IsAbs(name) {
			name = filepath.Join(dir, name)
		}
		return os.ReadFile(name)
	}
}

// loadConfig reads through a function, so that tests and the demo need no folder.
func loadConfig(dir, name string, read func(name string) ([]byte, error)) (*Config, error) {
	return loadWith(&loader{}, dir, name, read)
}

func loadWith(l *loader, dir, name string, read func(name string) ([]byte, error)) (*Config, error) {
	data, err := read(name)
	if err != nil {
		return nil, err
	}
	l.r, l.read, l.files = &yamlReader{file: name}, read, []string{name}
	l.c = &Config{Dir: dir, zone: time.UTC, OneRoster: map[string]school.CampusID{}}
	if root, ok := l.r.parse(data); ok {
		l.district(root)
	}
	if len(l.r.problems) > 0 {
		slices.SortStableFunc(l.r.problems, func(a, b *Problem) int {
			return cmp.Or(cmp.Compare(slices.Index(l.files, a.File), slices.Index(l.files, b.File)), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col))
		})
		errs := make([]error, len(l.r.problems))
		for i, p := range l.r.problems {
			errs[i] = p
		}
		return nil, errors.Join(errs...)
	}
	return l.c, nil
}

// WithoutVisits leaves the visits file out, for the demo, whose history has the same visits with their notes.
func (c *Config) WithoutVisits() *Config {
	c.Visits, c.visitsFile = roster.VisitTable{}, ""
	return c
}

// Spaces are the workspaces of the district, "slack T01", as the directory looks them up.
func (c *Config) Spaces() map[string]bot.District {
	out := map[string]bot.District{}
	for _, w := range c.Workspaces {
		out[w.Platform+" "+w.ID] = bot.District(c.District.ID)
	}
	return out
}

// loader gathers what the parts of district.yaml need of each other.
type loader struct {
	r     *yamlReader
	read  func(name string) ([]byte, error)
	c     *Config
	files []string // in the order of reading, for sorting problems

	campusAt   []value // where each campus stands
	laterRooms []value // rooms whose workspace is still to be checked
	noVisits   bool    // the visits file is left alone
	badCampus  bool    // an id of a campus cannot be used, so no name of a campus is checked
	peopleOK   bool    // people.csv was read without a problem
	byEmail    map[string]roster.Person
	emails     []string
	daysRead   map[string][]ical.Row // days files, which several calendars may name
}

// open reads a file that a field names.
func (l *loader) open(v value) ([]byte, bool) {
	l.files = append(l.files, v.text)
	data, err := l.read(v.text)
	switch {
	case err == nil:
		return data, true
	case errors.Is(err, os.ErrNotExist):
		l.r.fail(v, "there is no file %q beside %s", v.text, l.r.file)
	default:
		if pe, ok := errors.AsType[*os.PathError](err); ok {
			err = pe.Err
		}
		l.r.fail(v, "the file %q cannot be read: %v", v.text, err)
	}
	return nil, false
}

// take adds the problems of a file that another package read.
func (l *loader) take(err error) {
	if err == nil {
		return
	}
	list := []error{err}
	var joined interface{ Unwrap() []error }
	if errors.As(err, &joined) {
		list = joined.Unwrap()
	}
	for _, e := range list {
		var rp *roster.Problem
		var ip *ical.Problem
		switch {
		case errors.As(e, &rp):
			p := Problem(*rp)
			l.r.problems = append(l.r.problems, &p)
		case errors.As(e, &ip):
			p := Problem(*ip)
			l.r.problems = append(l.r.problems, &p)
		default:
			l.r.problems = append(l.r.problems, &Problem{File: l.r.file, Line: 1, Col: 1, Message: e.Error()})
		}
	}
}

// suggest is "; did you mean x?", or "" when nothing is near.
func suggest(typed string, known []string) string {
	if near, ok := bot.Nearest(typed, known); ok {
		return "; did you mean " + near + "?"
	}
	return ""
}

// suggestMail is suggest for e-mail addresses: those of one host are compared by what stands before it.
func suggestMail(typed string, known []string) string {
	local, host, _ := strings.Cut(typed, "@")
	var locals []string
	for _, k := range known {
		if l, h, _ := strings.Cut(k, "@"); h == host {
			locals = append(locals, l)
		}
	}
	if near, ok := bot.Nearest(local, locals); ok {
		return "; did you mean " + near + "@" + host + "?"
	}
	return ""
}

func join(known []string) string { return strings.Join(known, ", ") }
