package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"rounds/school"
)

// targetsCmd is rounds targets: where every target stands, for the operator and for programs.
type targetsCmd struct {
	Config string `help:"The district's file." required:"" placeholder:"FILE" type:"path"`
	At     string `help:"The time to look at: 2026-10-15T10:00 (district's zone) or with an offset; now if left out." placeholder:"TIME"`
	JSON   bool   `help:"One JSON object a line, for programs." name:"json"`
}

// Help is shown by rounds targets --help.
func (targetsCmd) Help() string {
	return "Reads the files alone, or the record in ROUNDS_STORE where that is set (read-only).\n\nExample:\n\n  rounds targets --config district.yaml --at 2026-10-15T10:00 --json"
}

// targetRow is one target of one subject, as programs read it.
type targetRow struct {
	Target    string             `json:"target"`
	Subject   string             `json:"subject"`
	Observers []string           `json:"observers"`
	Kinds     []school.VisitKind `json:"kinds"`
	Start     school.Day         `json:"period_start"`
	End       school.Day         `json:"period_end"`
	Required  int                `json:"required"`
	Done      int                `json:"done"`
	Status    school.Status      `json:"status"`
	OpenLeft  int                `json:"open_days_left"`
	SinceLast *int               `json:"instructional_days_since_last"` // null when there was no visit
	Due       *school.Day        `json:"due"`                           // null when nothing is due
}

// Run prints the rows.
func (c *targetsCmd) Run(ctx context.Context, out *output) error {
	book, done, err := openFor(ctx, c.Config)
	if err != nil {
		return err
	}
	defer done()
	var rows []targetRow
	var terr error
	err = book.Read(func(m *school.Model) {
		at := time.Now()
		if c.At != "" {
			if at, terr = parseTime(c.At, m.Zone()); terr != nil {
				return
			}
		}
		for _, d := range m.AllDuties(school.DayOf(at, m.Zone())) {
			rows = append(rows, rowOf(m, d))
		}
	})
	if err != nil {
		return err
	}
	if terr != nil {
		return usage("--at: %v", terr)
	}
	if c.JSON {
		enc := json.NewEncoder(out.stdout)
		for _, r := range rows {
			if err := enc.Encode(r); err != nil {
				return err
			}
		}
		return nil
	}
	w := tabwriter.NewWriter(out.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "TARGET\tSUBJECT\tDONE\tSTATUS\tOPEN DAYS LEFT\tDUE")
	for _, r := range rows {
		due := "-"
		if r.Due != nil {
			due = r.Due.String()
		}
		fmt.Fprintf(w, "%s\t%s\t%d of %d\t%s\t%d\t%s\n", r.Target, r.Subject, r.Done, r.Required, r.Status, r.OpenLeft, due)
	}
	return w.Flush()
}

func rowOf(m *school.Model, d school.Duty) targetRow {
	r := targetRow{
		Target: d.Target.ID, Subject: mail(m, d.Subject), Observers: []string{}, Kinds: d.Target.Counting(), Start: d.Start, End: d.End,
		Required: d.Required, Done: d.Done, Status: d.Status, OpenLeft: d.OpenLeft,
	}
	if d.Team != "" {
		r.Subject = string(d.Team)
	}
	for _, o := range d.Observers {
		r.Observers = append(r.Observers, mail(m, o))
	}
	if d.SinceLast >= 0 {
		n := d.SinceLast
		r.SinceLast = &n
	}
	if d.Due != 0 {
		due := d.Due
		r.Due = &due
	}
	return r
}

// mail is how the operator's files name a person.
func mail(m *school.Model, id school.PersonID) string {
	if p, ok := m.Person(id); ok && p.Email != "" {
		return strings.ToLower(p.Email)
	}
	return string(id)
}

// openFor opens a district for a command that only reads: its store where ROUNDS_STORE names one, else its
// files in memory.
func openFor(ctx context.Context, path string) (*school.Book, func(), error) {
	cfg, err := LoadConfig(path)
	if err != nil {
		return nil, nil, err
	}
	if name := os.Getenv("ROUNDS_STORE"); name != "" {
		book, _, done, err := storeFlags{Store: name}.book(ctx, cfg.District.ID, opening{ReadOnly: true})
		return book, done, err
	}
	book, err := school.Open(ctx, school.NewMemLog(time.Now))
	if err != nil {
		return nil, nil, err
	}
	if _, err := ApplyFiles(ctx, book, cfg, time.Now()); err != nil {
		book.Close()
		return nil, nil, err
	}
	return book, book.Close, nil
}
