package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"rounds/school"
	"rounds/school/roster"
)

// isVisits tells whether a path is a table of past visits.
func isVisits(path string) bool { return strings.EqualFold(filepath.Ext(path), ".csv") }

// visitsReport is what --json prints of a table of past visits.
type visitsReport struct {
	DryRun  bool `json:"dry_run"`
	Written int  `json:"written"` // facts
	Refused bool `json:"refused,omitempty"`
	roster.VisitReport
}

// visits is rounds import of a table of past visits. Its rows are written at once or, as long as one of them cannot be used,
// not at all: a table half of which is in the record is hard to put right.
func (c *importCmd) visits(ctx context.Context, out *output) error {
	if len(c.Paths) != 1 {
		return usage("name one table of visits at a time")
	}
	if len(c.Org) > 0 || c.AllowRemovals {
		return usage("--org and --allow-removals are for a OneRoster export, not for a table of visits")
	}
	cfg, err := LoadConfigWithoutVisits(c.Config)
	if err != nil {
		return err
	}
	data, err := os.ReadFile(c.Paths[0])
	if err != nil {
		return fmt.Errorf("%s cannot be read: %w", filepath.Base(c.Paths[0]), pathCause(err))
	}
	if !roster.LooksLikeVisits(data) {
		return fmt.Errorf("%s is neither a folder nor a zip of a OneRoster export, nor a table of visits: its first line would name %s", filepath.Base(c.Paths[0]), strings.Join(roster.VisitColumns, ","))
	}
	book, closeBook, err := c.open(ctx, cfg)
	if err != nil {
		return err
	}
	defer closeBook()
	rep, err := c.applyVisits(ctx, book, cfg, filepath.Base(c.Paths[0]), data)
	if err != nil {
		return err
	}
	if c.JSON {
		enc := json.NewEncoder(out.stdout)
		enc.SetEscapeHTML(false)
		err = enc.Encode(rep)
	} else {
		err = printVisits(out.stdout, rep)
	}
	if err == nil && rep.Refused {
		err = errors.New("nothing was written: put the rows right that cannot be used, or leave them out with --skip-rows")
	}
	return err
}

// applyVisits makes one entry of the district's own files and of the table, and records it.
func (c *importCmd) applyVisits(ctx context.Context, book *school.Book, cfg *Config, file string, data []byte) (visitsReport, error) {
	at := c.now()
	today := school.DayOf(at, cfg.zone)
	rep := visitsReport{DryRun: c.DryRun}
	var e school.Entry
	var version int64
	err := book.Read(func(m *school.Model) {
		version = m.Version()
		known := cfg.known()
		known.Model, known.Today = m, today
		table, _ := roster.ReadVisits(file, data, known) // its problems stand in the report
		e, rep.VisitReport = roster.PlanVisits(m, table, at)
		e = withFiles(m, cfg, e, today, at)
		since(m, e.Facts, today)
	})
	rep.Refused = len(rep.Problems) > 0 && !c.SkipRows
	if err != nil || c.DryRun || rep.Refused || len(e.Facts) == 0 {
		return rep, err
	}
	rep.Written = len(e.Facts)
	return rep, appendAll(ctx, book.Log(), version, e)
}

// printVisits prints the report for the operator: lines, days and kinds, and no name.
func printVisits(w io.Writer, r visitsReport) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s: %d rows; %d added, %d changed, %d already there, %d cannot be used\n",
		r.File, r.Rows, len(r.Added), len(r.Changed), len(r.Same)+len(r.InChat), r.Bad)
	at := func(line int) string { return fmt.Sprintf("%s:%d", r.File, line) }
	numbers := func(list []int) []string {
		var out []string
		for _, span := range spansOf(list) {
			out = append(out, at(span[0])+upTo(span))
		}
		return out
	}
	lines(&b, "Added", numbers(r.Added))
	var changed, twice, problems []string
	for _, x := range r.Changed {
		changed = append(changed, at(x.Line)+": "+strings.Join(x.What, ", "))
	}
	for _, x := range r.Duplicates {
		twice = append(twice, fmt.Sprintf("%s says the same as line %d", at(x.Line), x.Of))
	}
	for _, p := range r.Problems {
		problems = append(problems, p.Error())
	}
	lines(&b, "Changed; the earlier version stays on record", changed)
	lines(&b, "Already logged in chat, so not counted twice", numbers(r.InChat))
	lines(&b, "Taken back in chat by who made them; they stay so", numbers(r.TakenBack))
	lines(&b, "Twice in the file; taken once", twice)
	lines(&b, fmt.Sprintf("Cannot be used (%d)", len(problems)), problems)
	lines(&b, fmt.Sprintf("In an earlier file and not in this one (%d); they stay on record, and only who made one can take it back", len(r.Vanished)), r.Vanished)
	b.WriteString("\n")
	switch {
	case r.Refused && r.DryRun:
		b.WriteString("Without --skip-rows this would be refused.\nDry run: nothing was written.\n")
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

// spansOf puts line numbers together that follow one another.
func spansOf(list []int) [][2]int {
	var out [][2]int
	for _, n := range slices.Sorted(slices.Values(list)) {
		if last := len(out) - 1; last >= 0 && out[last][1] == n-1 {
			out[last][1] = n
		} else {
			out = append(out, [2]int{n, n})
		}
	}
	return out
}

func upTo(span [2]int) string {
	if span[1] == span[0] {
		return ""
	}
	return fmt.Sprintf(" to %d", span[1])
}
