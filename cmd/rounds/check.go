package main

import (
	"context"
	"fmt"
	"time"

	"rounds/school"
)

// checkCmd is rounds check: what is wrong with a district's files, or what they hold.
type checkCmd struct {
	Config string `help:"The district's file." required:"" placeholder:"FILE" type:"path"`
}

// Help is shown by rounds check --help.
func (checkCmd) Help() string { return "Example:\n\n  rounds check --config district.yaml" }

// Run reads the files into a record in memory and counts what is there.
func (c *checkCmd) Run(ctx context.Context, out *output) error {
	cfg, err := LoadConfig(c.Config)
	if err != nil {
		return err
	}
	book, err := school.Open(ctx, school.NewMemLog(time.Now))
	if err != nil {
		return err
	}
	defer book.Close()
	reports, err := ApplyFiles(ctx, book, cfg, time.Now())
	if err != nil {
		return err
	}
	for _, r := range reports {
		fmt.Fprintf(out.stdout, "%s: %d entries\n", r.File, r.Added)
	}
	for _, r := range cfg.Remarks() {
		fmt.Fprintln(out.stdout, r)
	}
	return book.Read(func(m *school.Model) {
		roles := map[school.Role]int{}
		for _, p := range m.People() {
			roles[p.Now().Role]++
		}
		fmt.Fprintf(out.stdout, "%s, time zone %s\n", m.District().Name, m.Zone())
		for _, c := range m.Campuses() {
			cal := m.Calendar(c.ID)
			fmt.Fprintf(out.stdout, "  %s: school from %s to %s, %d instructional days\n", c.Name, cal.First, cal.Last, cal.SchoolDays(cal.First, cal.Last))
		}
		fmt.Fprint(out.stdout, "  people:")
		for _, r := range []school.Role{school.Supervisor, school.Principal, school.AP, school.Coach, school.Lead, school.Teacher, school.Office} {
			if roles[r] > 0 {
				fmt.Fprintf(out.stdout, " %d %s;", roles[r], r.Words())
			}
		}
		fmt.Fprintf(out.stdout, "\n  PLC teams: %d; visit targets: %d\nNothing is wrong with these files.\n", len(m.Teams()), len(m.Targets()))
	})
}
