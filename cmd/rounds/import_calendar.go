package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"rounds/bot"
	"rounds/school"
	"rounds/school/ical"
)

// A calendar is not imported as it comes: a district's file holds concerts, awareness months and days that somebody moved. rounds
// import writes what it read of each event into a days file, a person confirms it there, and district.yaml names that file.
//
//	calendar.ics ── rounds import ──> calendar.days.csv ── a person ──> yes, yes, no … ── district.yaml, days: ──> the calendar

// calendarReport is what --json prints.
type calendarReport struct {
	DryRun   bool             `json:"dry_run"`
	Written  bool             `json:"written"`
	Out      string           `json:"out"`
	Calendar string           `json:"calendar"`
	From     school.Day       `json:"from"`
	To       school.Day       `json:"to"`
	Events   int              `json:"events"`
	Outside  int              `json:"outside"`
	Classes  map[string]int   `json:"classes"` // rows by class, "?" undecided
	Open     int              `json:"open"`    // rows to be confirmed
	Changes  []calendarChange `json:"changes"`
	Damaged  []string         `json:"damaged,omitempty"`

	named bool // district.yaml names the file already
	again bool // there was a file before
	open  []ical.Row
}

// calendarChange is one event that is other than in the file before.
type calendarChange struct {
	What  string          `json:"what"`
	From  school.Day      `json:"from"`
	To    school.Day      `json:"to"`
	Class school.DayClass `json:"class"`
	Event string          `json:"event"`
	Why   string          `json:"why"`
	Note  string          `json:"note,omitempty"`
	line  string
}

func isCalendar(path string) bool { return strings.EqualFold(filepath.Ext(path), ".ics") }

// calendar is rounds import of an .ics file.
func (c *importCmd) calendar(out *output) error {
	if len(c.Paths) > 1 {
		return usage("a calendar is imported by itself; name one .ics file")
	}
	if c.AllowRemovals || len(c.Org) > 0 {
		return usage("--allow-removals and --org are for the staff of a OneRoster export, not for a calendar")
	}
	path, to := c.Paths[0], c.Out
	if to == "" {
		to = path[:len(path)-len(filepath.Ext(path))] + ".days.csv"
	}
	if isCalendar(to) {
		return usage("--out %s: the calendar itself is never written; name a .csv file", to)
	}
	cfg, err := c.config(path, to)
	if err != nil {
		return err
	}
	cal, err := c.whose(cfg, path, to)
	if err != nil {
		return err
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("%s cannot be read: %w", filepath.Base(path), pathCause(err))
	}
	read, damaged := ical.Read(filepath.Base(path), data, ical.Options{Zone: cal.zone, From: cal.Set.First, To: cal.Set.Last, All: true})
	if damaged != nil && !c.SkipDamaged {
		return fmt.Errorf("%w\nnothing was written; repair these, or say --skip-damaged to go on without them", damaged)
	}
	return c.propose(out, cfg, cal, read, damaged, to)
}

// config reads the district's files. The calendar that is imported and the file that is written may be wrong, or not there
// yet: they are what this command is for.
func (c *importCmd) config(path, to string) (*Config, error) {
	dir, name := filepath.Split(c.Config)
	return loadConfig(dir, name, func(name string) ([]byte, error) {
		if !filepath.IsAbs(name) {
			name = filepath.Join(dir, name)
		}
		data, err := os.ReadFile(name)
		switch {
		case sameFile(name, path):
			return []byte("BEGIN:VCALENDAR\nEND:VCALENDAR\n"), nil
		case errors.Is(err, fs.ErrNotExist) && sameFile(name, to):
			return ical.WriteRows(nil), nil
		}
		return data, err
	})
}

func sameFile(a, b string) bool {
	a, aerr := filepath.Abs(a)
	b, berr := filepath.Abs(b)
	return aerr == nil && berr == nil && a == b
}

// whose finds the calendar of district.yaml that gives the school year and the time zone.
func (c *importCmd) whose(cfg *Config, path, to string) (CalendarFile, error) {
	if c.Campus != "" {
		var ids []string
		for _, x := range cfg.Campuses {
			ids = append(ids, string(x.ID))
		}
		if !slices.Contains(ids, c.Campus) {
			return CalendarFile{}, usage("--campus %s: that is not a campus of this district%s; campuses: %s", c.Campus, suggest(c.Campus, ids), join(ids))
		}
		cal, _ := cfg.CalendarOf(school.CampusID(c.Campus))
		return cal, nil
	}
	names := func(cal CalendarFile) bool { return cfg.names(cal, path) || cfg.names(cal, to) }
	if i := slices.IndexFunc(cfg.Calendars, names); i >= 0 {
		return cfg.Calendars[i], nil
	}
	if i := slices.IndexFunc(cfg.Calendars, func(cal CalendarFile) bool { return len(cal.Campuses) == 0 }); i >= 0 {
		return cfg.Calendars[i], nil
	}
	if len(cfg.Calendars) == 1 {
		return cfg.Calendars[0], nil
	}
	return CalendarFile{}, usage("several calendars are in district.yaml and none of them names this file; say whose it is with --campus")
}

// names tells whether a calendar of district.yaml names a file.
func (c *Config) names(cal CalendarFile, path string) bool {
	at := func(name string) string {
		if filepath.IsAbs(name) {
			return name
		}
		return filepath.Join(c.Dir, name)
	}
	return cal.File != "" && sameFile(at(cal.File), path) ||
		slices.ContainsFunc(cal.Days, func(d DaysFile) bool { return sameFile(at(d.File), path) })
}

// propose merges what was read with what a person decided before, and writes it.
func (c *importCmd) propose(out *output, cfg *Config, cal CalendarFile, read *ical.Calendar, damaged error, to string) error {
	before, err := os.ReadFile(to)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s cannot be read: %w", filepath.Base(to), pathCause(err))
	}
	base := filepath.Base(c.Paths[0])
	rep := calendarReport{
		DryRun: c.DryRun, Out: filepath.Base(to), Calendar: base, From: cal.Set.First, To: cal.Set.Last, Events: len(read.Events), Outside: read.Outside,
		Classes: map[string]int{}, Changes: []calendarChange{}, again: err == nil,
		named: slices.ContainsFunc(cfg.Calendars, func(x CalendarFile) bool {
			x.File = ""
			return cfg.names(x, to)
		}),
	}
	var campuses []school.CampusID
	if c.Campus != "" {
		campuses = []school.CampusID{school.CampusID(c.Campus)}
	}
	var old []ical.Row
	if rep.again {
		// The campuses were checked when district.yaml names the file; until it does, they may be of another one.
		if old, err = ical.ReadRows(filepath.Base(to), before, ical.Known{Near: bot.Nearest}); err != nil {
			return fmt.Errorf("%w\nnothing was written; repair the file first, so that nothing that was decided there is lost", err)
		}
	}
	rows, changes := ical.Merge(old, ical.Propose(read, base, campuses), base)
	rep.count(read, rows, changes)
	if damaged != nil {
		rep.Damaged = strings.Split(damaged.Error(), "\n")
	}
	now := ical.WriteRows(rows)
	if !c.DryRun && !bytes.Equal(before, now) {
		if err := replaceFile(to, now); err != nil {
			return fmt.Errorf("%s cannot be written: %w", filepath.Base(to), pathCause(err))
		}
		rep.Written = true
	}
	if rep.open, err = ical.ReadRows(filepath.Base(to), now, ical.Known{}); err != nil { // for the line numbers
		return err
	}
	if c.JSON {
		enc := json.NewEncoder(out.stdout)
		enc.SetEscapeHTML(false)
		return enc.Encode(rep)
	}
	return rep.print(out.stdout)
}

// count fills what the report says of the rows.
func (r *calendarReport) count(read *ical.Calendar, rows []ical.Row, changes []ical.Change) {
	for _, w := range rows {
		class := string(w.Class)
		if class == "" {
			class = "?"
		}
		r.Classes[class]++
		if w.Open() {
			r.Open++
		}
	}
	lines := map[string]int{}
	for _, e := range read.Events {
		lines[e.UID+"\x00"+e.Name] = e.Line
	}
	for _, x := range changes {
		ch := calendarChange{What: x.What, From: x.Row.From(), To: x.Row.To(), Class: x.Row.Class, Event: x.Row.Event, Why: x.Row.Why, Note: x.Row.Note}
		ch.line = rowLine(x.Row)
		if n := lines[x.Row.UID+"\x00"+x.Row.Event]; n > 0 && x.Row.Calendar == r.Calendar {
			ch.line = fmt.Sprintf("%s:%d: %s", r.Calendar, n, ch.line)
		}
		r.Changes = append(r.Changes, ch)
	}
}

// replaceFile writes a file whole or not at all.
func replaceFile(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".days-*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if serr := f.Sync(); err == nil {
		err = serr
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if info, serr := os.Stat(path); err == nil && serr == nil {
		err = os.Chmod(f.Name(), info.Mode().Perm())
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}

// print prints the report for the operator.
func (r *calendarReport) print(w io.Writer) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s: %d events in the school year from %s to %s, %d outside of it\n", r.Calendar, r.Events, r.From, r.To, r.Outside)
	var words []string
	for _, class := range []string{"no school", "staff day", "early release", "testing", "blackout", "?", "ignore"} {
		switch n := r.Classes[class]; {
		case n == 0:
		case class == "?":
			words = append(words, fmt.Sprintf("%d to be decided (?)", n))
		default:
			words = append(words, fmt.Sprintf("%d %s", n, class))
		}
	}
	fmt.Fprintf(&b, "Rows of %s: %s\n", r.Out, strings.Join(words, ", "))
	byWhat := map[string][]string{}
	for _, c := range r.Changes {
		byWhat[c.What] = append(byWhat[c.What], c.line)
	}
	if r.again {
		lines(&b, "New", byWhat["new"])
	}
	lines(&b, "Moved, to be confirmed again", byWhat["moved"])
	lines(&b, "Renamed, to be confirmed again", byWhat["renamed"])
	lines(&b, "Cancelled, to be confirmed again", byWhat["cancelled"])
	lines(&b, "No longer in the calendar", byWhat["gone"])
	lines(&b, fmt.Sprintf("Cannot be read and left out (%d)", len(r.Damaged)), r.Damaged)
	var open []string
	for _, x := range r.open {
		if x.Open() {
			open = append(open, fmt.Sprintf("%s:%d: %s", r.Out, x.Line, rowLine(x)))
		}
	}
	lines(&b, fmt.Sprintf("Not confirmed, and not in force (%d)", len(open)), open)
	b.WriteString("\n")
	switch {
	case r.DryRun:
		b.WriteString("Dry run: nothing was written.\n")
	case !r.Written:
		fmt.Fprintf(&b, "Nothing changed: %s is as it was.\n", r.Out)
	default:
		fmt.Fprintf(&b, "Written: %s. Look through it in a spreadsheet or an editor, put a class where there is a ?, and write yes under confirmed.\n", r.Out)
	}
	if !r.named {
		fmt.Fprintf(&b, "No calendar of district.yaml names it yet; write there  days: %s\n", r.Out)
	}
	_, err := w.Write(b.Bytes())
	return err
}
