package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"rounds/school"
	"rounds/school/redislog"
)

// auditCmd is rounds audit: who looked at one person's record.
type auditCmd struct {
	Config string `help:"The district's file." default:"district.yaml" placeholder:"FILE" type:"path"`
	Store  string `help:"Where the record is kept." default:"rounds.db" env:"ROUNDS_STORE" placeholder:"FILE|redis://…"`
	Person string `help:"E-mail address of the person who was looked at." required:"" placeholder:"E-MAIL"`
	From   string `help:"The first day; 30 days ago if left out." placeholder:"DATE"`
	To     string `help:"The last day; today if left out." placeholder:"DATE"`
	JSON   bool   `help:"One JSON object a line, for programs." name:"json"`

	now func() time.Time // tests
}

// Help is shown by rounds audit --help.
func (auditCmd) Help() string {
	return "Lists each look at one person's record: when, who, by which command, and at what of it; alone, or in a list of several people.\n" +
		"Looks are kept for privacy.audit_days of district.yaml, 400 if it says nothing. The store is opened for reading only.\n\nExample:\n\n  rounds audit --person ada@example.org --from 2026-09-01"
}

// auditRow is one look, as programs read it.
type auditRow struct {
	At     time.Time `json:"at"`
	By     string    `json:"by"` // e-mail address; "operator" at the shell
	Role   string    `json:"role"`
	What   string    `json:"what"`
	Alone  []string  `json:"looked_at"`
	Listed []string  `json:"in_a_list"`
	Reason string    `json:"reason,omitempty"`
}

// Run prints the looks, the latest first.
func (c *auditCmd) Run(ctx context.Context, out *output) error {
	if c.now == nil {
		c.now = time.Now
	}
	cfg, err := LoadConfig(c.Config)
	if err != nil {
		return err
	}
	book, _, done, err := storeFlags{Store: c.Store}.book(ctx, cfg.District.ID, opening{ReadOnly: true})
	if err != nil {
		return err
	}
	defer done()
	var id school.PersonID
	var campuses []school.CampusID
	var zone *time.Location
	var from, to school.Day
	rerr := book.Read(func(m *school.Model) {
		var ok bool
		if id, ok = m.EverByEmail(c.Person); !ok {
			err = fmt.Errorf("nobody on the staff list has or had the address %s", c.Person)
			return
		}
		p, _ := m.Person(id)
		campuses, zone = p.LookCampuses(), m.Zone()
		to = school.DayOf(c.now(), zone)
		from = to - 30
	})
	if err = errors.Join(rerr, err); err != nil {
		return err
	}
	for _, f := range []struct {
		flag, text string
		day        *school.Day
	}{{"--from", c.From, &from}, {"--to", c.To, &to}} {
		if f.text != "" {
			if *f.day, err = school.ParseDay(f.text); err != nil {
				return usage("%s: %v", f.flag, err)
			}
		}
	}
	if to < from {
		return usage("--to %s is before --from %s", to, from)
	}
	looks, err := exportsOf(c.Store, id, zone, from, to)
	if err != nil {
		return err
	}
	if err := school.Looks(ctx, book.Log(), id, campuses, from, to, func(l school.Look) bool { looks = append(looks, l); return true }); err != nil {
		return err
	}
	slices.SortStableFunc(looks, func(a, b school.Look) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.By, b.By)) })
	var rows []auditRow
	if err := book.Read(func(m *school.Model) {
		for _, l := range looks {
			rows = append(rows, auditRowOf(m, l, id, zone))
		}
	}); err != nil {
		return err
	}
	return c.print(out, rows, zone)
}

func auditRowOf(m *school.Model, l school.Look, id school.PersonID, zone *time.Location) auditRow {
	alone, listed := l.Kinds(id)
	r := auditRow{At: l.At, By: "operator", What: l.What, Alone: append([]string{}, alone...), Listed: append([]string{}, listed...), Reason: l.Reason}
	if l.By != "" {
		r.By = mail(m, l.By)
		if p, ok := m.Person(l.By); ok {
			if st := p.On(school.DayOf(l.At, zone)); !st.Gone {
				r.Role = st.Role.Words()
			}
		}
	}
	return r
}

func (c *auditCmd) print(out *output, rows []auditRow, zone *time.Location) error {
	if c.JSON {
		enc := json.NewEncoder(out.stdout)
		for _, r := range rows {
			if err := enc.Encode(r); err != nil {
				return err
			}
		}
		return nil
	}
	if len(rows) == 0 {
		fmt.Fprintln(out.stdout, "Nobody else looked at this record on these days.")
		return nil
	}
	w := tabwriter.NewWriter(out.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "WHEN\tWHO\tROLE\tBY\tLOOKED AT\tIN A LIST")
	for _, r := range rows {
		what := r.What
		if r.Reason != "" {
			what += " (" + r.Reason + ")"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", r.At.In(zone).Format("2006-01-02 15:04"), r.By, cmp.Or(r.Role, "-"), what, cmp.Or(strings.Join(r.Alone, ", "), "-"), cmp.Or(strings.Join(r.Listed, ", "), "-"))
	}
	return w.Flush()
}

// exportsOf reads the exports of somebody that were made at the shell.
func exportsOf(store string, id school.PersonID, zone *time.Location, from, to school.Day) ([]school.Look, error) {
	all, err := exportsIn(store)
	return slices.DeleteFunc(all, func(l school.Look) bool {
		d := school.DayOf(l.At, zone)
		return !slices.Contains(l.Of["export"], id) || d < from || d > to
	}), err
}

// exportsIn reads the exports that are on record beside a file; a Redis keeps them with the other looks.
func exportsIn(store string) ([]school.Look, error) {
	if redislog.Is(store) {
		return nil, nil
	}
	f, err := os.Open(exportsFile(store))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	var out []school.Look
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		var l school.Look
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", exportsFile(store), n, err)
		}
		out = append(out, l)
	}
	return out, lines.Err()
}
