package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"rounds/cards"
	"rounds/school"
	"rounds/school/redislog"
)

// exportCmd is rounds export: one person's record as files, for that person or for the district's records office.
type exportCmd struct {
	Config string `help:"The district's file." default:"district.yaml" placeholder:"FILE" type:"path"`
	storeFlags
	Person string `help:"E-mail address of the person, as the staff list has it." required:"" placeholder:"E-MAIL"`
	Out    string `help:"A folder, or a file ending in .json or .txt; what is there already is not overwritten." placeholder:"DIR|FILE" type:"path"`
	All    bool   `help:"Everything that is kept, unshared words included: for a records request. It needs --reason."`
	Reason string `help:"Why it is exported; kept with the audit." placeholder:"TEXT"`
	JSON   bool   `help:"Print the JSON instead of writing files." name:"json"`

	now func() time.Time // tests
}

// Help is shown by rounds export --help.
func (exportCmd) Help() string {
	return "Writes what the person may see themselves: the same as /rounds export shows them. With --all it is the full record, marked so.\n" +
		"That an export was made is put on record, which rounds audit reads: in STORE.exports.jsonl where the store is a file, which is opened for reading only; in a Redis beside the other looks.\n" +
		"Files can be read by their owner alone (0600).\n\nExample:\n\n  rounds export --person ada@example.org --out exports"
}

// Run writes the record.
func (c *exportCmd) Run(ctx context.Context, out *output) error {
	if c.now == nil {
		c.now = time.Now
	}
	switch {
	case c.Out == "" && !c.JSON:
		return usage("say where to: --out FOLDER, or --json")
	case c.All && strings.TrimSpace(c.Reason) == "":
		return usage("--all needs --reason: what is given out beyond a person's own view is put on record with why")
	}
	cfg, err := LoadConfig(c.Config)
	if err != nil {
		return err
	}
	shared := redislog.Is(c.Store) // then others write to it at the same time
	book, _, done, err := c.book(ctx, cfg.District.ID, opening{ReadOnly: !shared})
	if err != nil {
		return err
	}
	defer done()
	x, id, zone, err := c.gather(ctx, book)
	if err != nil {
		return err
	}
	look := school.NewLook(x.Made, "", "export", []school.Looked{{Person: id, Kinds: school.LookExport}})
	if look.Reason = c.Reason; c.All {
		look.What = "export --all"
	}
	if shared {
		err = keepExport(ctx, book, look, rand.Text(), x.Made)
	} else {
		err = auditExport(c.Store, look)
	}
	if err != nil {
		return fmt.Errorf("nothing was exported, because it could not be put on record: %w", err)
	}
	body, err := json.MarshalIndent(x, "", "  ")
	if err != nil {
		return err
	}
	body = append(body, '\n')
	if c.JSON {
		_, err := out.stdout.Write(body)
		return err
	}
	return c.write(out, x, body, zone)
}

// gather reads the record and its words.
func (c *exportCmd) gather(ctx context.Context, book *school.Book) (x *school.Export, id school.PersonID, zone *time.Location, err error) {
	now := c.now()
	rerr := book.Read(func(m *school.Model) {
		var ok bool
		if id, ok = m.EverByEmail(c.Person); !ok {
			err = fmt.Errorf("nobody on the staff list has or had the address %s", c.Person)
			return
		}
		zone = m.ZoneOf(id)
		if c.All {
			x, _ = m.FullRecord(id, now)
			return
		}
		v := m.As(id, now)
		if v == nil {
			err = fmt.Errorf("%s is not on the roster now, and so sees nothing; --all exports the record of people who left", c.Person)
			return
		}
		x = v.Own()
	})
	if err = errors.Join(rerr, err); err != nil {
		return nil, "", nil, err
	}
	texts, err := book.Bodies(ctx, x.Keys()...)
	if err != nil {
		return nil, "", nil, err
	}
	x.Fill(texts)
	today := school.DayOf(now, zone)
	kept := school.Day(school.DefaultAuditDays)
	_ = book.Read(func(m *school.Model) { kept = school.Day(m.District().AuditDays()) })
	looks, _, err := school.LookDays(ctx, book, id, today-kept-1, today+1, 1<<20)
	if err != nil {
		return nil, "", nil, err
	}
	return x, id, zone, book.Read(func(m *school.Model) { x.SetLooks(m, looks) })
}

// write makes the files that were asked for.
func (c *exportCmd) write(out *output, x *school.Export, body []byte, zone *time.Location) error {
	text := []byte(exportText(x, zone))
	local, _, _ := strings.Cut(c.Person, "@")
	base := filepath.Join(c.Out, "record-"+safeName(local))
	files := []struct {
		name string
		body []byte
	}{{base + ".json", body}, {base + ".txt", text}}
	switch filepath.Ext(c.Out) {
	case ".json":
		files = files[:1]
		files[0].name = c.Out
	case ".txt":
		files = files[1:]
		files[0].name = c.Out
	default:
		if err := os.MkdirAll(c.Out, 0o700); err != nil {
			return err
		}
	}
	for _, f := range files {
		if err := writeNew(f.name, f.body); err != nil {
			return err
		}
		fmt.Fprintln(out.stdout, f.name)
	}
	return nil
}

// safeName keeps what every file system takes.
func safeName(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '-' {
			return r
		}
		return '_'
	}, s)
}

// writeNew writes a file that only its owner may read, and that was not there.
func writeNew(name string, body []byte) (err error) {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already and is left as it is; name another place", name)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	_, err = f.Write(body)
	return err
}

// exportText is the record as people read it.
func exportText(x *school.Export, zone *time.Location) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Record of %s\n%s, exported %s\n", x.Person.Name, x.District, x.Made.In(zone).Format("Mon, Jan 2, 2006, 3:04 PM MST"))
	if x.Complete {
		b.WriteString("\nCOMPLETE RECORD for the district's records office. It holds words that were not given to the person.\nNotes and action steps can be confidential documents (in Texas, Education Code 21.355).\n")
	} else {
		b.WriteString("\nWhat the person may see themselves. Notes that their authors have not shared are not in it.\n")
	}
	section := ""
	for _, l := range cards.ExportLines(x, school.DayOf(x.Made, zone), zone) {
		if l.Section != section {
			section = l.Section
			fmt.Fprintf(&b, "\n%s\n%s\n", section, strings.Repeat("-", len(section)))
		}
		fmt.Fprintf(&b, "%s\n", l.Head)
		for _, t := range l.Texts {
			fmt.Fprintf(&b, "    %s\n", strings.ReplaceAll(t, "\n", "\n    "))
		}
	}
	fmt.Fprintf(&b, "\nVisits made to others: %d\n", x.VisitsMade)
	return b.String()
}

// exportsFile is where exports are put on record: the store itself is open for reading only, and is perhaps being written to
// by rounds serve.
func exportsFile(store string) string { return store + ".exports.jsonl" }

func auditExport(store string, l school.Look) (err error) {
	line, err := json.Marshal(l)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(exportsFile(store), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.Write(append(line, '\n')); err != nil {
		return err
	}
	return f.Sync()
}

// keepExport puts an export on record in the store itself, under a call, for as long as other looks stay from now.
func keepExport(ctx context.Context, book *school.Book, l school.Look, call string, now time.Time) error {
	var shown []school.Looked
	var zone *time.Location
	days := 0
	if err := book.Read(func(m *school.Model) {
		zone, days = m.Zone(), m.District().AuditDays()
		for _, id := range l.Of["export"] {
			var at school.CampusID
			if p, ok := m.Person(id); ok && len(p.LookCampuses()) > 0 {
				all := p.LookCampuses()
				at = all[len(all)-1]
			}
			shown = append(shown, school.Looked{Person: id, Campus: at, Kinds: school.LookExport})
		}
	}); err != nil {
		return err
	}
	if days -= int(now.Sub(l.At).Hours() / 24); days <= 0 {
		return nil
	}
	return school.KeepLook(ctx, book.Log(), "export-"+call, l, shown, zone, days)
}
