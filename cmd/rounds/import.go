package main

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"rounds/school"
	"rounds/school/roster"
)

// importCmd is rounds import: the staff of a OneRoster export, by difference, what a calendar file says of the school
// days, or a table of past visits.
type importCmd struct {
	Config string `help:"The district's file." required:"" placeholder:"FILE" type:"path"`
	storeFlags
	DryRun        bool     `help:"Show what would change, and write nothing."`
	SkipRows      bool     `help:"Of a table of visits: import the rows that can be used although others cannot."`
	AllowRemovals bool     `help:"Let a bulk file take more than 20 percent of the people off the roster."`
	Org           []string `help:"A school of the export and its campus, as ORG=CAMPUS; ORG is its sourcedId, identifier or name. Needed once, where the names differ." placeholder:"ORG=CAMPUS" sep:"none"`
	Campus        string   `help:"Calendar: the campus whose own calendar it is." placeholder:"CAMPUS"`
	Out           string   `help:"Calendar: the days file to write; beside the calendar if left out." placeholder:"FILE" type:"path"`
	SkipDamaged   bool     `help:"Calendar: go on without events that cannot be read, and name them."`
	frameworkFlags
	JSON  bool     `help:"The whole report as one JSON object, for programs." name:"json"`
	Paths []string `arg:"" name:"path" help:"A folder or zip with manifest.csv (several are taken in this order, bulk before delta), one .ics file, or one table of past visits (.csv)." type:"path"`

	now func() time.Time // tests
}

// Help is shown by rounds import --help.
func (importCmd) Help() string {
	return "Reads OneRoster 1.1 and 1.2 CSV, bulk and delta, and keeps the staff alone: rows of students and relatives are dropped as they are read. " +
		"What OneRoster lacks (observer, schedule, start date, team, chat address) comes from the people.csv that the district's file names. " +
		"Everything is written at once or nothing is. Where the store is a file stop rounds serve first; --dry-run may look beside it.\n\n" +
		"Of an .ics file it writes a proposal beside it, calendar.days.csv: a class for each event. A person confirms the rows there, and days: in the district's file names it; " +
		"the record is not touched. Imported again, what was decided stays.\n\n" +
		"Of a .csv file it takes past visits (observer,teacher,date and, where there are any, minutes,kind,focus,glow,grow,evidence,id) and reports by line: " +
		"added, changed (amended: the earlier version stays), already there, and what cannot be used. A row that vanished takes nothing back, and a second import writes nothing.\n\n" +
		"With --framework it adds a framework of the district's own to those that /ask quotes: a file in the folder frameworks beside the district's file.\n\n" +
		"Example:\n\n  rounds import --config district.yaml --dry-run oneroster.zip\n  rounds import --config district.yaml --org 0042=cedar oneroster.zip\n  rounds import --config district.yaml calendar.ics\n  rounds import --config district.yaml --dry-run visits.csv\n" +
		"  rounds import --config district.yaml --framework \"Cedar rubric\" --says \"our rubric\" rubric.csv"
}

// importReport is what --json prints.
type importReport struct {
	DryRun  bool `json:"dry_run"`
	Written int  `json:"written"` // facts
	Refused bool `json:"refused,omitempty"`
	roster.OneRosterReport
}

// Run imports.
func (c *importCmd) Run(ctx context.Context, out *output) error {
	if c.now == nil {
		c.now = time.Now
	}
	if c.Framework != "" {
		return c.framework(out)
	}
	if len(c.Says) > 0 || c.Credit != "" || c.Not != "" {
		return usage("--says, --credit and --not are for a framework; name it with --framework")
	}
	if slices.ContainsFunc(c.Paths, isVisits) {
		return c.visits(ctx, out)
	}
	if c.SkipRows {
		return usage("--skip-rows is for a table of visits, a .csv file")
	}
	if slices.ContainsFunc(c.Paths, isCalendar) {
		return c.calendar(out)
	}
	if c.Campus != "" || c.Out != "" || c.SkipDamaged {
		return usage("--campus, --out and --skip-damaged are for a calendar, an .ics file")
	}
	cfg, err := LoadConfig(c.Config)
	if err != nil {
		return err
	}
	orgs, err := c.orgs(cfg)
	if err != nil {
		return err
	}
	sets, done, err := openSets(c.Paths)
	defer done()
	if err != nil {
		return err
	}
	book, closeBook, err := c.open(ctx, cfg)
	if err != nil {
		return err
	}
	defer closeBook()
	rep, err := c.apply(ctx, book, cfg, sets, orgs)
	if err != nil {
		return err
	}
	if c.JSON {
		enc := json.NewEncoder(out.stdout)
		enc.SetEscapeHTML(false)
		err = enc.Encode(rep)
	} else {
		err = printImport(out.stdout, rep)
	}
	if err == nil && rep.Refused && !c.DryRun {
		err = fmt.Errorf("nothing was written: %s; if that is right, say --allow-removals", tooMany(rep))
	}
	return err
}

// apply makes one entry of the district's own files and of the sets, and records it.
func (c *importCmd) apply(ctx context.Context, book *school.Book, cfg *Config, sets []*roster.OneRoster, orgs map[string]school.CampusID) (importReport, error) {
	at := c.now()
	today := school.DayOf(at, cfg.zone)
	in := roster.OneRosterInput{
		District: cfg.District.ID, From: cfg.since(), Today: today, Campuses: cfg.Campuses, Orgs: orgs, People: cfg.People, PeopleFile: cfg.peopleFile,
	}
	var known roster.Remembered
	if err := book.Read(func(m *school.Model) { known = roster.RememberOneRoster(m) }); err != nil {
		return importReport{}, err
	}
	var staff []*roster.OneRosterStaff
	for _, s := range sets {
		t, err := s.Read(cfg.District.ID, known, today)
		if err != nil {
			return importReport{}, err
		}
		staff, known = append(staff, t), known.And(t)
	}
	rep := importReport{DryRun: c.DryRun}
	var e school.Entry
	var version int64
	err := book.Read(func(m *school.Model) {
		version = m.Version()
		e, rep.OneRosterReport = roster.PlanOneRoster(m, staff, in).Diff(at)
		rep.Refused = rep.Removes*5 > rep.Known && !c.AllowRemovals
		e = withFiles(m, cfg, e, today, at)
		since(m, e.Facts, today)
	})
	if err != nil || c.DryRun || rep.Refused || len(e.Facts) == 0 {
		return rep, err
	}
	rep.Written = len(e.Facts)
	return rep, appendAll(ctx, book.Log(), version, e)
}

// appendAll appends the entry to the log itself: a Book would go on to read every event back before it returns, and this command
// asks the model nothing more. The version is expected because the entry is the difference from that one.
func appendAll(ctx context.Context, log school.Log, version int64, e school.Entry) error {
	events := make([]school.Event, 0, len(e.Facts))
	for _, f := range e.Facts {
		ev, err := school.NewEvent(f, e.By, e.Via, e.At)
		if err != nil {
			return err
		}
		events = append(events, ev)
	}
	_, err := log.Append(ctx, version, e.Command, events, e.Texts)
	switch {
	case errors.Is(err, school.ErrConflict):
		return fmt.Errorf("somebody wrote to the record meanwhile, so nothing was imported: import again (%w)", err)
	case errors.Is(err, school.ErrUnsure):
		return fmt.Errorf("%w; import again: what is there already is not written twice", err)
	}
	return err
}

// withFiles puts what the district's own files changed before the import, into the same entry: serve would apply them at its next
// start, and an older row of people.csv must not come after the school that OneRoster says.
func withFiles(m *school.Model, cfg *Config, e school.Entry, today school.Day, at time.Time) school.Entry {
	all := school.Entry{Via: "file", At: at, Command: e.Command}
	for _, f := range cfg.Entries() {
		own, _ := m.Diff(f.File, f.Entries, gone(today), at)
		all.Facts, all.Texts = append(all.Facts, own.Facts...), append(all.Texts, own.Texts...)
		if all.Command == "" {
			all.Command = own.Command
		}
	}
	all.Facts, all.Texts = append(all.Facts, e.Facts...), append(all.Texts, e.Texts...)
	return all
}

// orgs reads what district.yaml and --org say of the schools of the export; the command line wins.
func (c *importCmd) orgs(cfg *Config) (map[string]school.CampusID, error) {
	var ids []string
	for _, x := range cfg.Campuses {
		ids = append(ids, string(x.ID))
	}
	out := maps.Clone(cfg.OneRoster)
	for _, s := range c.Org {
		i := strings.LastIndexByte(s, '=')
		if i < 1 {
			return nil, usage("--org %s: write ORG=CAMPUS, like 0042=cedar", s)
		}
		id := s[i+1:]
		if !slices.Contains(ids, id) {
			return nil, usage("--org %s: %q is not a campus of this district%s; campuses: %s", s, id, suggest(id, ids), join(ids))
		}
		out[s[:i]] = school.CampusID(id)
	}
	return out, nil
}

// openSets opens every path and looks at manifests and headers, before a store is touched.
func openSets(paths []string) (sets []*roster.OneRoster, done func(), err error) {
	var zips []io.Closer
	done = func() {
		for _, z := range zips {
			z.Close()
		}
	}
	var errs []error
	for _, path := range paths {
		label := filepath.Base(path)
		var fsys fs.FS
		info, err := os.Stat(path)
		switch {
		case err != nil:
			errs = append(errs, fmt.Errorf("%s cannot be read: %w", label, pathCause(err)))
			continue
		case info.IsDir():
			fsys = os.DirFS(path)
		default:
			z, err := zip.OpenReader(path)
			if err != nil {
				errs = append(errs, fmt.Errorf("%s is neither a folder nor a zip that can be read: %w", label, pathCause(err)))
				continue
			}
			zips, fsys = append(zips, z), z
		}
		s, err := roster.OpenOneRoster(label, fsys)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if n := len(sets); n > 0 && s.Modes["users"] == roster.Bulk && sets[n-1].Modes["users"] == roster.Delta {
			errs = append(errs, usage("%s is a bulk export and comes after a delta; name bulk exports first", label))
		}
		sets = append(sets, s)
	}
	return sets, done, errors.Join(errs...)
}

// pathCause leaves the machine's own path out of an error.
func pathCause(err error) error {
	if pe, ok := errors.AsType[*fs.PathError](err); ok {
		return pe.Err
	}
	return err
}

// open opens the store for writing, or for a dry run whatever is there.
func (c *importCmd) open(ctx context.Context, cfg *Config) (*school.Book, func(), error) {
	book, _, done, err := c.book(ctx, cfg.District.ID, opening{ReadOnly: c.DryRun})
	switch {
	case c.DryRun && noStore(err):
		book, err := school.Open(ctx, school.NewMemLog(time.Now))
		if err != nil {
			return nil, nil, err
		}
		return book, book.Close, nil
	case errors.Is(err, school.ErrHeld):
		return nil, nil, fmt.Errorf("rounds serve, or another command, is writing to the record: stop it, import, and start it again (--dry-run may look meanwhile): %w", err)
	}
	return book, done, err
}

// shownPeople is how many of a list the report prints; --json has them all.
const shownPeople = 25

// printImport prints the report for the operator.
func printImport(w io.Writer, r importReport) error {
	var b bytes.Buffer
	for _, s := range r.Sets {
		var modes []string
		for _, name := range slices.Sorted(maps.Keys(s.Modes)) {
			modes = append(modes, name+" "+string(s.Modes[name]))
		}
		from := ""
		if s.System != "" {
			from = " from " + s.System
		}
		fmt.Fprintf(&b, "%s: OneRoster %s%s (%s)\n", s.Label, s.Version, from, strings.Join(modes, ", "))
	}
	if len(r.Orgs) > 0 {
		b.WriteString("\nSchools\n")
	}
	for i, o := range r.Orgs {
		if i == shownPeople {
			fmt.Fprintf(&b, "  and %d more; --json lists all\n", len(r.Orgs)-i)
			break
		}
		fmt.Fprintf(&b, "  %s:%d: %s is %s, %s\n", o.File, o.Line, o.Name, o.Campus, o.By)
	}
	fmt.Fprintf(&b, "\nPeople: %d known from earlier imports; %d added, %d changed, %d moved, %d left, %d as they were\n",
		r.Known, len(r.Added), len(r.Changed), len(r.Moved), len(r.Left), r.Unchanged)
	people(&b, "Added", r.Added)
	people(&b, "Changed", r.Changed)
	people(&b, "Moved", r.Moved)
	people(&b, "Left", r.Left)
	var problems []string
	for _, p := range r.Problems {
		problems = append(problems, p.Error())
	}
	lines(&b, fmt.Sprintf("Cannot be used (%d); whoever it is stays as they were", len(problems)), problems)
	lines(&b, "To look at", r.Remarks)
	if len(r.Ignored) > 0 {
		var words []string
		for _, what := range slices.Sorted(maps.Keys(r.Ignored)) {
			words = append(words, fmt.Sprintf("%d %s", r.Ignored[what], what))
		}
		fmt.Fprintf(&b, "\nRows dropped as they were read: %s\n", strings.Join(words, ", "))
	}
	if len(r.Unread) > 0 {
		fmt.Fprintf(&b, "Files not opened: %s\n", strings.Join(r.Unread, ", "))
	}
	b.WriteString("\n")
	switch {
	case r.Refused && r.DryRun:
		fmt.Fprintf(&b, "Without --allow-removals this would be refused: %s.\nDry run: nothing was written.\n", tooMany(r))
	case r.Refused:
		b.WriteString("Refused: nothing was written.\n")
	case r.DryRun:
		b.WriteString("Dry run: nothing was written.\n")
	case r.Written == 0:
		b.WriteString("Nothing changed: nothing was written.\n")
	default:
		fmt.Fprintf(&b, "Written as one entry, with what the district's own files changed: %d facts.\n", r.Written)
	}
	_, err := w.Write(b.Bytes())
	return err
}

// tooMany says how many people a bulk file would take off.
func tooMany(r importReport) string {
	return fmt.Sprintf("the bulk file takes %d of %d people (%d %%) off the roster, more than 20 %%", r.Removes, r.Known, r.Removes*100/max(r.Known, 1))
}

func people(w io.Writer, title string, list []roster.PersonChange) {
	var out []string
	for _, c := range list {
		line := c.Person
		if len(c.What) > 0 {
			line += ": " + strings.Join(c.What, "; ")
		}
		if c.File != "" {
			line = fmt.Sprintf("%s:%d: %s", c.File, c.Line, line)
		}
		out = append(out, line)
	}
	lines(w, title, out)
}

// lines prints the beginning of a list, or nothing of an empty one.
func lines(w io.Writer, title string, list []string) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%s\n", title)
	for i, l := range list {
		if i == shownPeople {
			fmt.Fprintf(w, "  and %d more; --json lists all\n", len(list)-i)
			return
		}
		fmt.Fprintf(w, "  %s\n", l)
	}
}
