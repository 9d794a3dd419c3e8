package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"rounds/bot"
	"rounds/bot/webbot"
	"rounds/reminders"
	"rounds/school"
	"rounds/school/sqlitelog"
	"rounds/seeds"
)

// demoCmd is rounds demo: the whole bot in a web page, with a made-up district and a clock that can be moved.
type demoCmd struct {
	Listen string `help:"Address to serve on; loopback only." default:"127.0.0.1:8080" placeholder:"ADDR"`
	Store  string `help:"Keep the demo in this file instead of a temporary one." placeholder:"FILE" type:"path"`
	At     string `help:"Begin at this time (2026-10-15T10:00 or with an offset) instead of the demo's own." placeholder:"TIME"`
	Seed   uint64 `help:"Seed of the made-up district." default:"2026"`
	Size   string `help:"A larger made-up district: campus (32 teachers), district (2,000), large (11,000) or stress (72,000)." enum:",campus,district,large,stress" default:"" placeholder:"SIZE"`
	Write  string `help:"Write the made-up district as ordinary input files to this folder, and stop." placeholder:"DIR" type:"path"`

	still bool // tests: time moves only when it is moved
}

// Help is shown by rounds demo --help.
func (demoCmd) Help() string {
	return "Examples:\n\n  rounds demo --listen 127.0.0.1:9000 --store demo.db\n  rounds demo --write district && rounds check --config district/district.yaml\n  rounds demo --size district"
}

// Run serves the demo until it is interrupted.
func (c *demoCmd) Run(ctx context.Context, out *output) error {
	if c.Write != "" {
		if err := c.write(); err != nil {
			return err
		}
		fmt.Fprintf(out.stdout, "wrote a made-up district to %s\nTry: rounds check --config %s\n", c.Write, filepath.Join(c.Write, "district.yaml"))
		return nil
	}
	if !loopback(c.Listen) {
		return usage("the demo has no sign-in, so it serves this machine only: --listen %s is not a loopback address (use 127.0.0.1:PORT)", c.Listen)
	}
	start := seeds.DemoStart()
	if c.At != "" {
		t, err := parseTime(c.At, start.Location())
		if err != nil {
			return usage("--at: %v", err)
		}
		start = t
	}
	l, err := listen(c.Listen)
	if err != nil {
		return err
	}
	defer func() { _ = l.Close() }()
	d, err := openDemo(ctx, c, start)
	if err != nil {
		return err
	}
	defer d.close()
	fmt.Fprintf(out.stdout, "Rounds demo: http://%s\n", l.Addr())
	fmt.Fprintf(out.stderr, "Everybody in it is made up (seed %d). It is %s there. Ctrl-C ends it.\n", c.Seed, d.clock.Now().In(d.clock.Zone()).Format("Monday, January 2, 2006, 3:04 PM MST"))
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	served := make(chan error, 1)
	go func() { served <- serveHTTP(ctx, l, d.app.routes()); stop() }()
	err = d.app.run(ctx)
	stop()
	if serr := <-served; err == nil {
		err = serr
	}
	return err
}

// write writes the district as files.
func (c *demoCmd) write() error {
	size, ok := seeds.SizeNamed(c.Size)
	if !ok {
		return seeds.WriteDemo(c.Write, c.Seed)
	}
	return seeds.NewSized(size, c.Seed).Write(c.Write, school.DayOf(seeds.DemoStart(), seeds.DemoStart().Location())-1)
}

// demo is a running demo: store, record, clock and app.
type demo struct {
	store *sqlitelog.Store
	temp  string
	size  *sizedDemo // nil for the small district
	book  *school.Book
	clock *reminders.DemoClock
	app   *app
	web   *webbot.Platform
}

const demoDistrict = seeds.DemoDistrict

// openDemo opens or makes the demo's store, fills it on first use, and puts the app together.
func openDemo(ctx context.Context, c *demoCmd, start time.Time) (_ *demo, err error) {
	d := &demo{}
	defer func() {
		if err != nil {
			d.close()
		}
	}()
	path := c.Store
	if path == "" {
		if d.temp, err = os.MkdirTemp("", "rounds-demo-"); err != nil {
			return nil, err
		}
		path = filepath.Join(d.temp, "demo.db")
	}
	if d.store, err = sqlitelog.Open(ctx, path, sqlitelog.Options{Mark: sqlitelog.Demo}); err != nil {
		return nil, err
	}
	log := d.store.Log(demoDistrict)
	if d.size, err = prepareSize(ctx, log, c.Size, c.Seed); err != nil {
		return nil, err
	}
	if d.book, err = school.Open(ctx, log); err != nil {
		return nil, err
	}
	if err = fillDemo(ctx, d.book, c.Seed); err != nil {
		return nil, fmt.Errorf("make the district up: %w", err)
	}
	if d.clock, err = reminders.NewDemoClock(ctx, log, start, !c.still); err != nil {
		return nil, err
	}
	if c.At != "" && start.Before(d.clock.Now().Add(-time.Minute)) {
		return nil, usage("--at: the demo in %s has reached %s, and its time never goes back", path, d.clock.Now().In(start.Location()).Format("Mon, Jan 2, 2006, 3:04 PM"))
	}
	d.app, err = newApp(ctx, appConfig{
		District: demoDistrict, Book: d.book, Now: d.clock.Now, Frozen: true,
		Logger: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
		Platforms: func(commands []bot.Command) ([]bot.Platform, error) {
			d.web, err = webbot.New(webbot.Config{
				Keep: log, Now: d.clock.Now, Clock: d.clock, Commands: commands, District: "made-up district",
				Personas: d.personas, Known: d.known(),
				Rooms: func(p webbot.Persona) []webbot.RoomInfo { return webRooms(d.book, d.clock.Now(), p) },
			})
			return []bot.Platform{d.web}, err
		},
	})
	if err != nil {
		return nil, err
	}
	d.clock.Drive(d.app.runner)
	return d, nil
}

func (d *demo) close() {
	if d.clock != nil {
		d.clock.Close()
	}
	if d.book != nil {
		d.book.Close()
	}
	if d.store != nil {
		_ = d.store.Close()
	}
	if d.temp != "" {
		_ = os.RemoveAll(d.temp)
	}
}

// fillDemo writes the made-up district and its eight weeks into an empty record; one that is filled stays.
func fillDemo(ctx context.Context, book *school.Book, seed uint64) error {
	empty := false
	if err := book.Read(func(m *school.Model) { empty = m.Version() == 0 }); err != nil || !empty {
		return err
	}
	dir, err := os.MkdirTemp("", "rounds-district-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if err := seeds.WriteDemo(dir, seed); err != nil {
		return err
	}
	cfg, err := LoadConfig(filepath.Join(dir, "district.yaml"))
	if err != nil {
		return err
	}
	cfg.WithoutVisits() // the history has them, with their notes
	if _, err := ApplyFiles(ctx, book, cfg, seeds.DemoFilesAt()); err != nil {
		return err
	}
	var history []school.Entry
	if err := book.Read(func(m *school.Model) { history = seeds.DemoHistory(seed, m) }); err != nil {
		return err
	}
	return fillHistory(ctx, book, history)
}

// fillHistory appends many entries at once: each would otherwise wait for its own sync of the disk.
func fillHistory(ctx context.Context, book *school.Book, history []school.Entry) error {
	var events []school.Event
	var texts []school.Text
	for _, e := range history {
		for _, f := range e.Facts {
			ev, err := school.NewEvent(f, e.By, e.Via, e.At)
			if err != nil {
				return err
			}
			events = append(events, ev)
		}
		texts = append(texts, e.Texts...)
	}
	accounts, err := webAccounts(book)
	if err != nil {
		return err
	}
	for _, e := range accounts {
		for _, f := range e.Facts {
			ev, err := school.NewEvent(f, "", e.Via, e.At)
			if err != nil {
				return err
			}
			events = append(events, ev)
		}
		texts = append(texts, e.Texts...)
	}
	done, err := book.Log().Append(ctx, school.Any, "demo:history", events, texts)
	if err != nil {
		return err
	}
	return book.Await(ctx, done.Version)
}

// webAccounts gives everybody of the made-up district an account of the web page.
func webAccounts(book *school.Book) ([]school.Entry, error) {
	var out []school.Entry
	err := book.Read(func(m *school.Model) {
		for _, p := range m.People() {
			out = append(out, webAccount(p.ID, p.Handle()))
		}
	})
	return out, err
}

func webAccount(p school.PersonID, handle string) school.Entry {
	key := "acc.web." + string(p)
	return school.Entry{
		At: seeds.DemoFilesAt(), Via: "file",
		Facts: []school.Fact{school.AccountLinked{Person: p, Account: key}},
		Texts: []school.Text{{Key: key, Kind: "account", Subject: string(p), Class: school.Roster, Body: school.AccountText("web", "web", handle)}},
	}
}

// known tells of a preset which rooms there are: those one can be in are a few of thousands. In the small district they
// are all.
func (d *demo) known() func(room string) bool {
	if d.size == nil {
		return nil
	}
	rooms := map[string]bool{}
	_ = d.book.Read(func(m *school.Model) {
		add := func(room string) {
			if r, ok := parseRoom(room); ok && r.Platform == "web" {
				rooms[r.ID] = true
			}
		}
		for _, c := range m.Campuses() {
			add(c.Room)
		}
		for _, t := range m.Teams() {
			add(t.Room)
		}
	})
	return func(id string) (ok bool) {
		if user, direct := strings.CutPrefix(id, "dm-"); direct {
			_ = d.book.Read(func(m *school.Model) { _, ok = m.ByAccount("web", "web", user) })
			return ok
		}
		return rooms[id]
	}
}

// personas lists everybody one can be in the demo, the featured ones first; of a preset, those only.
func (d *demo) personas() []webbot.Persona {
	var out, rest []webbot.Persona
	featured := seeds.DemoPersonas()
	if d.size != nil {
		featured = d.size.Personas
	}
	_ = d.book.Read(func(m *school.Model) {
		one := func(p *school.Person, featured bool) webbot.Persona {
			s := p.Now()
			campus := m.CampusName(s.Campus)
			if s.Campus == "" {
				campus = m.District().Name
			}
			return webbot.Persona{
				Account: bot.Account{Platform: "web", Workspace: "web", User: p.Handle()},
				Handle:  p.Handle(), Name: p.Name, Role: capital(s.Role.Words()), Campus: campus, Featured: featured,
			}
		}
		seen := map[school.PersonID]bool{}
		for _, email := range featured {
			if id, ok := m.ByEmail(email); ok {
				p, _ := m.Person(id)
				seen[id] = true
				out = append(out, one(p, true))
			}
		}
		if d.size != nil {
			return
		}
		for _, p := range m.People() {
			if !seen[p.ID] {
				rest = append(rest, one(p, false))
			}
		}
	})
	return append(out, rest...)
}

// mostRooms is how many campuses' rooms the district office has beside the page: more are no list that anybody reads.
const mostRooms = 20

// webRooms lists the rooms that somebody sees: their teams', and for leaders their campuses' leadership rooms.
func webRooms(book *school.Book, now time.Time, who webbot.Persona) []webbot.RoomInfo {
	var out []webbot.RoomInfo
	_ = book.Read(func(m *school.Model) {
		id, ok := m.ByAccount("web", "web", who.Account.User)
		if !ok {
			return
		}
		p, _ := m.Person(id)
		s := p.Now()
		add := func(room, topic string, members int) {
			if r, ok := parseRoom(room); ok && r.Platform == "web" {
				out = append(out, webbot.RoomInfo{Room: r, Name: r.ID, Topic: topic, Members: members})
			}
		}
		for _, c := range m.Campuses() {
			if s.Role.Leader() && s.At(c.ID) || s.Role == school.Office && len(out) < mostRooms {
				n := len(m.LeadersOf(c.ID, school.DayOf(now, m.Zone()), school.AP, school.Principal, school.Coach, school.Lead, school.Supervisor))
				add(c.Room, "Leadership team of "+c.Name, n)
			}
		}
		teams := m.TeamsOf(id)
		if s.Role == school.Principal || s.Role == school.AP || s.Role == school.Coach {
			for _, c := range append([]school.CampusID{s.Campus}, s.Campuses...) {
				teams = append(teams, m.TeamsAt(c)...)
			}
		}
		slices.SortFunc(teams, func(a, b *school.Team) int { return strings.Compare(string(a.ID), string(b.ID)) })
		for _, t := range slices.Compact(teams) {
			add(t.Room, t.Name, len(t.Members))
		}
	})
	return out
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// parseRoom reads a room as district.yaml and the record write it: "slack:T01:C02".
func parseRoom(s string) (bot.Room, bool) {
	f := strings.SplitN(s, ":", 3)
	if len(f) != 3 || f[0] == "" || f[2] == "" {
		return bot.Room{}, false
	}
	return bot.Room{Platform: f[0], Workspace: f[1], ID: f[2]}, true
}

// parseTime reads a time of day on a date, with an offset or in the zone given.
func parseTime(s string, zone *time.Location) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04"} {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is not a time like 2026-10-15T10:00 or 2026-10-15T10:00:00-05:00", s)
}
