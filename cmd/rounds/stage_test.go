package main

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"rounds/bot"
	"rounds/bot/bottest"
	"rounds/reminders"
	"rounds/school"
	"rounds/seeds"
)

// stage is the whole program as a [bottest.World]: the made-up district with its eight weeks, everything that newApp
// puts together, and a chat service in memory in place of the web page. Its clock stands still until it is moved.
type stage struct {
	t     testing.TB
	log   school.Log
	book  *school.Book
	fake  *bottest.Fake
	clock *reminders.DemoClock // nil before begin
	app   *app
	seen  int64             // the last event that "facts" told of
	short map[string]string // handle -> how conversations call them
	long  map[string]string // the other way round
	extra int               // facts that the stage itself recorded
	also  func(bot.Answer)  // is told of every answer; may be nil

	closed bool
}

// staged are the made-up district's files with their rooms on the fake, which has one workspace, W1.
var staged = sync.OnceValues(func() (*Config, error) {
	files := seeds.DemoFiles(seeds.DemoSeed)
	files["district.yaml"] = inW1(bytes.ReplaceAll(files["district.yaml"], []byte("web: [web]"), []byte("web: [W1]")))
	cfg, err := loadConfig("", "district.yaml", func(name string) ([]byte, error) { return files[name], nil })
	if err != nil {
		return nil, err
	}
	return cfg.WithoutVisits(), nil
})

func inW1(b []byte) []byte { return bytes.ReplaceAll(b, []byte("web:web:"), []byte("web:W1:")) }

// newStage has its record in memory.
func newStage(t testing.TB) *stage {
	t.Helper()
	return newStageOn(t, school.NewMemLog(time.Now))
}

// newStageOn fills an empty log; one that is filled stays as it is. The clock begins when the first line is played.
func newStageOn(t testing.TB, log school.Log) *stage {
	t.Helper()
	ctx := context.Background()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	s := &stage{t: t, log: log, fake: bottest.NewFake("web"), short: map[string]string{}, long: map[string]string{}}
	s.fake.Now = func() time.Time {
		if s.clock == nil {
			return seeds.DemoStart()
		}
		return s.clock.Now()
	}
	cfg, err := staged()
	must(err)
	s.book, err = school.Open(ctx, log)
	must(err)
	t.Cleanup(s.book.Close)
	version, err := log.Version(ctx)
	must(err)
	if version == 0 {
		_, err = ApplyFiles(ctx, s.book, cfg, seeds.DemoFilesAt())
		must(err)
		must(s.history(ctx))
	}
	s.seen, err = log.Version(ctx)
	must(err)
	must(s.book.Read(func(m *school.Model) {
		firsts := map[string]int{}
		first := func(p *school.Person) string { w, _, _ := strings.Cut(p.Handle(), "."); return w }
		for _, p := range m.People() {
			firsts[first(p)]++
		}
		for _, p := range m.People() {
			short := first(p)
			if firsts[short] > 1 {
				short = p.Handle()
			}
			s.short[p.Handle()], s.long[short] = short, p.Handle()
		}
	}))
	must(s.book.Read(func(m *school.Model) {
		for _, c := range m.Campuses() {
			s.room(c.Room)
		}
		for _, t := range m.Teams() {
			s.room(t.Room)
		}
	}))
	return s
}

// history adds the eight weeks, and an account of the fake for everybody.
func (s *stage) history(ctx context.Context) error {
	var entries []school.Entry
	if err := s.book.Read(func(m *school.Model) {
		entries = seeds.DemoHistory(seeds.DemoSeed, m)
		for _, p := range m.People() {
			key := "acc." + string(p.ID)
			entries = append(entries, school.Entry{
				At: seeds.DemoFilesAt(), Via: "file",
				Facts: []school.Fact{school.AccountLinked{Person: p.ID, Account: key}},
				Texts: []school.Text{{Key: key, Kind: "account", Subject: string(p.ID), Class: school.Roster, Body: school.AccountText("web", "W1", p.Handle())}},
			})
		}
	}); err != nil {
		return err
	}
	var events []school.Event
	var texts []school.Text
	for _, e := range entries {
		for _, f := range e.Facts {
			ev, err := school.NewEvent(f, e.By, e.Via, e.At)
			if err != nil {
				return err
			}
			ev.Data = inW1(ev.Data)
			events = append(events, ev)
		}
		texts = append(texts, e.Texts...)
	}
	done, err := s.log.Append(ctx, school.Any, "history", events, texts)
	if err != nil {
		return err
	}
	return s.book.Await(ctx, done.Version)
}

func (s *stage) room(name string) {
	if r, ok := parseRoom(name); ok {
		s.fake.Room(r.ID)
	}
}

// begin starts the program at a time. What was due earlier is history.
func (s *stage) begin(at time.Time) error {
	ctx := context.Background()
	var err error
	if s.clock, err = reminders.NewDemoClock(ctx, s.log, at, false); err != nil {
		return err
	}
	s.app, err = newApp(ctx, appConfig{
		District: demoDistrict, Book: s.book, Now: s.clock.Now, Frozen: true, Key: []byte("a key for tests only, of 32 bytes"),
		Spaces:    map[string]bot.District{"web W1": demoDistrict},
		Logger:    slog.New(slog.NewTextHandler(s.t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})),
		Platforms: func([]bot.Command) ([]bot.Platform, error) { return []bot.Platform{s.fake}, nil },
	})
	if err != nil {
		return err
	}
	take := s.app.take(s.fake)
	s.fake.Connect(func(ctx context.Context, c bot.Call) (bot.Answer, <-chan bot.Answer) {
		a, later := take(ctx, c)
		if _, ok := a.(bot.Deferred); ok { // a slow computer must not change what is shown
			a = <-later
		}
		s.check(a)
		if s.also != nil {
			s.also(a)
		}
		// The clock looks after every append; what it says is awaited, so that a line shows all that came of it.
		if err := s.app.runner.Scan(ctx); err != nil {
			s.t.Error(err)
		}
		return a, nil
	})
	s.clock.Drive(s.app.runner)
	s.t.Cleanup(s.close)
	return nil
}

// close ends the program, and holds what was said to what must always be so.
func (s *stage) close() {
	if s.closed {
		return
	}
	s.closed = true
	s.clock.Close()
	defer s.book.Close()
	_ = s.app.router.Close(context.Background())
	if st := s.app.router.Stats(); st.Panics > 0 || st.Guarded > 0 {
		s.t.Errorf("%d handlers panicked, the guard held back %d open cards", st.Panics, st.Guarded)
	}
	guard := bot.NameGuard(s.app.dir.names)
	markers := map[string]bool{}
	for _, r := range s.fake.Rooms() {
		for _, m := range s.fake.Stored(r) {
			if m.Marker != "" && markers[m.Marker] {
				s.t.Errorf("one occurrence was posted twice in #%s:\n%s", r.ID, m.Card.Text())
			}
			markers[m.Marker] = true
			if err := guard(demoDistrict, r, m.Card); err != nil {
				s.t.Errorf("a message that stands in #%s: %v", r.ID, err)
			}
		}
	}
}

// check holds every answer to the limits that cards and forms promise.
func (s *stage) check(a bot.Answer) {
	var err error
	switch a := a.(type) {
	case bot.Whisper:
		err = bot.CheckCard(a.Card.Card())
	case bot.Say:
		err = bot.CheckCard(a.Card.Card())
	case bot.OpenForm:
		err = bot.CheckForm(a.Form)
	case bot.HomeView:
		err = bot.CheckCard(a.Card.Card())
	case bot.Update:
		if a.Private != nil {
			err = bot.CheckCard(a.Private.Card())
		} else {
			err = bot.CheckCard(a.Open.Card())
		}
	}
	if err != nil {
		s.t.Error(err)
	}
}

// ready begins at the demo's own time when nothing was said about it.
func (s *stage) ready() error {
	if s.clock != nil {
		return nil
	}
	return s.begin(seeds.DemoStart())
}

// say plays one line of somebody and returns what came of it.
func (s *stage) say(who, line string) string {
	s.t.Helper()
	acc, ok := s.Account(who)
	if !ok {
		s.t.Fatalf("nobody is called @%s", who)
	}
	s.fake.TakeEvents()
	var err error
	if strings.HasPrefix(line, "/") {
		err = s.fake.Command(acc, bot.Room{}, line)
	} else {
		err = s.fake.Say(acc, bot.Room{}, line)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return s.heard()
}

// heard is what was said since it was last asked.
func (s *stage) heard() string {
	var out []string
	for _, e := range s.fake.TakeEvents() {
		out = append(out, e.Text)
	}
	return strings.Join(out, "\n")
}

// version is the log's.
func (s *stage) version() int64 {
	s.t.Helper()
	v, err := s.log.Version(context.Background())
	if err != nil {
		s.t.Fatal(err)
	}
	return v
}
