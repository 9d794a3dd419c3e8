package main

import (
	"context"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"time"

	"rounds/bot"
	"rounds/reminders"
	"rounds/school"
)

// rehearseCmd is rounds rehearse: what the clock would send in a span of days.
type rehearseCmd struct {
	Config string   `help:"The district's file." placeholder:"FILE" type:"path"`
	Demo   bool     `help:"The made-up district of rounds demo, instead of --config."`
	Seed   uint64   `help:"Seed of the made-up district." default:"2026"`
	From   string   `help:"The first day, like 2026-08-17." required:"" placeholder:"DATE"`
	To     string   `help:"The last day." required:"" placeholder:"DATE"`
	Format string   `help:"table for people, jsonl for programs." enum:"table,jsonl" default:"table"`
	Person string   `help:"Only what goes to this person, by e-mail or name." placeholder:"WHO"`
	Kind   []string `help:"Only reminders of these kinds: plan, due, …" placeholder:"KIND"`
}

// Help is shown by rounds rehearse --help.
func (rehearseCmd) Help() string {
	return "Nothing is sent and nothing is written: it plays the files alone, or the record in ROUNDS_STORE where that is set, in memory. Nobody logs visits meanwhile.\n\nExamples:\n\n" +
		"  rounds rehearse --demo --from 2026-10-12 --to 2026-10-23\n  rounds rehearse --config district.yaml --from 2026-08-17 --to 2027-05-27 --format jsonl"
}

// rehearsedRow is one thing that the clock did or did not do, as programs read it.
type rehearsedRow struct {
	At         string `json:"at"` // RFC 3339, in the zone of whoever gets it
	Occurrence string `json:"occurrence"`
	Kind       string `json:"kind"`
	To         string `json:"to"`     // a person's e-mail, or a room
	Status     string `json:"status"` // post, held, dropped
	Reason     string `json:"reason"`
	Text       string `json:"text"`
}

// Run plays the span and prints it.
func (c *rehearseCmd) Run(ctx context.Context, out *output) error {
	first, last, err := c.days()
	if err != nil {
		return err
	}
	for _, k := range c.Kind {
		if known := reminders.Kinds(); !slices.Contains(known, k) {
			return usage("--kind: %q is no kind of reminder (%s)", k, strings.Join(known, ", "))
		}
	}
	book, district, done, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer done()
	var zone *time.Location
	var only school.PersonID
	found := true
	err = book.Read(func(m *school.Model) {
		zone = m.Zone()
		if c.Person != "" {
			only, found = who(m, c.Person)
		}
	})
	if err != nil {
		return err
	}
	if !found {
		return usage("--person: nobody on the roster is called %q; write an e-mail address or a whole name", c.Person)
	}
	var played []reminders.Played
	enc := json.NewEncoder(out.stdout)
	enc.SetEscapeHTML(false)
	err = reminders.Rehearse(ctx, book, district, first.At(0, zone), (last+1).At(0, zone).Add(-time.Second), func(p reminders.Played) error {
		switch {
		case len(c.Kind) > 0 && !slices.Contains(c.Kind, p.Kind), only != "" && p.To != only:
			return nil
		case c.Format == "table":
			played = append(played, p)
			return nil
		}
		row := rehearsedRow{At: p.At.Format(time.RFC3339), Occurrence: p.Occurrence, Kind: p.Kind, To: p.Room, Status: p.Status, Reason: p.Reason, Text: p.Text}
		if p.To != "" {
			if err := book.Read(func(m *school.Model) { row.To = mail(m, p.To) }); err != nil {
				return err
			}
		}
		return enc.Encode(row)
	})
	if err != nil || c.Format == "jsonl" {
		return err
	}
	var terr error
	err = book.Read(func(m *school.Model) { terr = rehearsalTable(out.stdout, m, first, last, played) })
	if terr != nil {
		return terr
	}
	return err
}

func (c *rehearseCmd) days() (first, last school.Day, err error) {
	if first, err = school.ParseDay(c.From); err != nil {
		return 0, 0, usage("--from: %v", err)
	}
	if last, err = school.ParseDay(c.To); err != nil {
		return 0, 0, usage("--to: %v", err)
	}
	if last < first {
		return 0, 0, usage("--to: %s is before %s", c.To, c.From)
	}
	return first, last, nil
}

// who finds somebody on the roster as the operator writes them.
func who(m *school.Model, s string) (school.PersonID, bool) {
	if id, ok := m.ByEmail(s); ok {
		return id, true
	}
	for _, p := range m.People() {
		if strings.EqualFold(p.Name, strings.Join(strings.Fields(s), " ")) {
			return p.ID, true
		}
	}
	return "", false
}

// open makes the record in memory that the rehearsal writes to.
func (c *rehearseCmd) open(ctx context.Context) (*school.Book, bot.District, func(), error) {
	switch {
	case c.Demo && c.Config != "":
		return nil, "", nil, usage("--demo and --config are two districts; write one of them")
	case c.Demo:
		book, err := school.Open(ctx, school.NewMemLog(time.Now))
		if err != nil {
			return nil, "", nil, err
		}
		if err := fillDemo(ctx, book, c.Seed); err != nil {
			book.Close()
			return nil, "", nil, err
		}
		return book, demoDistrict, book.Close, nil
	case c.Config == "":
		return nil, "", nil, usage("which district? Write --config FILE, or --demo for the made-up one")
	}
	cfg, err := LoadConfig(c.Config)
	if err != nil {
		return nil, "", nil, err
	}
	book, done, err := openFor(ctx, c.Config)
	if err != nil || os.Getenv("ROUNDS_STORE") == "" {
		return book, bot.District(cfg.District.ID), done, err
	}
	defer done()
	copied, err := inMemory(ctx, book.Log())
	if err != nil {
		return nil, "", nil, err
	}
	return copied, bot.District(cfg.District.ID), copied.Close, nil
}

// inMemory opens a copy of a log, with the texts that agendas and names are made of.
func inMemory(ctx context.Context, from school.Log) (*school.Book, error) {
	var events []school.Event
	if err := from.Read(ctx, 0, func(e school.Event) error { events = append(events, e); return nil }); err != nil {
		return nil, err
	}
	var texts []school.Text
	for _, kind := range []string{"name", "email", "account", "item", "commitment", "reason"} {
		if err := from.ScanTexts(ctx, kind, func(t school.Text) error { texts = append(texts, t); return nil }); err != nil {
			return nil, err
		}
	}
	log := school.NewMemLog(time.Now)
	if _, err := log.Append(ctx, school.Any, "", events, texts); err != nil {
		return nil, err
	}
	return school.Open(ctx, log)
}
