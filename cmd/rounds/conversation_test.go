package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
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

// TestConversations plays what people type to the whole program, and what they see.
func TestConversations(t *testing.T) {
	bottest.PlayAll(t, "testdata/conversations/*.txt", func(t *testing.T) bottest.World {
		s := newStage(t)
		onDiscord(t, s)
		return s
	})
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

// Fake is where people and the bot meet.
func (s *stage) Fake() *bottest.Fake { return s.fake }

// ready begins at the demo's own time when nothing was said about it.
func (s *stage) ready() error {
	if s.clock != nil {
		return nil
	}
	return s.begin(seeds.DemoStart())
}

// Account finds people of the district by their handle, or by its first word where that is one person's; "stranger" is
// on no roster.
func (s *stage) Account(handle string) (bot.Account, bool) {
	if err := s.ready(); err != nil {
		s.t.Fatal(err)
	}
	if long, ok := s.long[handle]; ok {
		return s.fake.Account(long), true
	}
	_, ok := s.short[handle]
	return s.fake.Account(handle), ok || handle == "stranger"
}

// Handle is the other way round.
func (s *stage) Handle(a bot.Account) string {
	if short, ok := s.short[a.User]; ok {
		return short
	}
	return a.User
}

// Room finds the rooms of the district.
func (s *stage) Room(name string) (bot.Room, bool) {
	for _, r := range s.fake.Rooms() {
		if r.ID == name {
			return r, true
		}
	}
	return bot.Room{}, false
}

// RoomName is the room's id.
func (s *stage) RoomName(r bot.Room) string { return r.ID }

// At moves the clock.
func (s *stage) At(when string) ([]string, error) {
	if err := s.ready(); err != nil {
		return nil, err
	}
	t, err := parseTime(when, seeds.DemoStart().Location())
	if err != nil {
		return nil, err
	}
	lines, err := s.clock.Jump(context.Background(), t)
	return lines, err
}

// Next moves the clock to the next thing that happens.
func (s *stage) Next() ([]string, error) {
	if err := s.ready(); err != nil {
		return nil, err
	}
	return s.clock.Play(context.Background())
}

// Do knows these verbs:
//
//	begin 2026-10-30 12:00        the program starts then, instead of at the demo's own time
//	skip 2026-11-02 07:00         as at, without what was said in the rooms
//	tally 2026-11-01 2026-11-02   what the clock did on these days: when, how many of what, held and why
//	declare cedar 2026-10-23 no school Snow day   ("all" for every campus)
//	leave @alice 2026-10-19 2026-10-23
//	meets cedar-social tue 09:40  the file gives a team another day and time
//	facts                         what people recorded since the last "facts"
func (s *stage) Do(line string) ([]string, bool, error) {
	verb, rest, _ := strings.Cut(line, " ")
	f := strings.Fields(rest)
	if verb == "begin" {
		t, err := parseTime(rest, seeds.DemoStart().Location())
		if err == nil {
			err = s.begin(t)
		}
		return nil, true, err
	}
	if err := s.ready(); err != nil {
		return nil, true, err
	}
	switch verb {
	case "skip":
		lines, err := s.At(rest)
		s.fake.TakeEvents()
		return lines, true, err
	case "tally":
		if len(f) == 1 {
			f = append(f, f[0])
		}
		lines, err := s.tally(f[0], f[1])
		return lines, true, err
	case "declare":
		if len(f) < 4 {
			return nil, true, fmt.Errorf("declare wants a campus, a day, a class and a name")
		}
		day, err := school.ParseDay(f[1])
		if err != nil {
			return nil, true, err
		}
		class := school.NoSchool
		if f[2] != "no" {
			class = school.DayClass(f[2])
		}
		campus := school.CampusID(f[0])
		if campus == "all" {
			campus = ""
		}
		return nil, true, s.record(school.DayDeclared{Campus: campus, Span: school.Span{From: day, To: day, Class: class, Name: strings.Join(f[4:], " ")}})
	case "leave":
		var days [2]school.Day
		for i := range days {
			var err error
			if days[i], err = school.ParseDay(f[1+i]); err != nil {
				return nil, true, err
			}
		}
		who, err := s.person(strings.TrimPrefix(f[0], "@"))
		if err == nil {
			err = s.record(school.LeaveSet{Person: who, From: days[0], To: days[1]})
		}
		return nil, true, err
	case "meets":
		return nil, true, s.meets(f)
	case "facts":
		lines, err := s.facts()
		return lines, true, err
	}
	return nil, false, nil
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

// meets records a team's new day and time.
func (s *stage) meets(f []string) error {
	if len(f) != 3 {
		return fmt.Errorf("meets wants a team, a weekday and a time")
	}
	weekday := slices.Index([]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}, f[1])
	at, err := school.ParseClock(f[2])
	if err != nil || weekday < 0 {
		return fmt.Errorf("%s %s is no day and time", f[1], f[2])
	}
	var team school.TeamSet
	if err := s.book.Read(func(m *school.Model) {
		if t, ok := m.Team(school.TeamID(f[0])); ok {
			team = t.TeamSet
		}
	}); err != nil {
		return err
	}
	team.Weekday, team.Time = weekday, at
	return s.record(team)
}

func (s *stage) person(handle string) (id school.PersonID, err error) {
	acc, ok := s.Account(handle)
	if ok {
		err = s.book.Read(func(m *school.Model) { id, ok = m.ByAccount(acc.Platform, acc.Workspace, acc.User) })
	}
	if err == nil && !ok {
		err = fmt.Errorf("nobody is called @%s", handle)
	}
	return id, err
}

// record is what an administrator's file would add.
func (s *stage) record(f school.Fact) error {
	s.extra++
	ctx := context.Background()
	_, err := s.book.Record(ctx, school.Entry{Command: fmt.Sprintf("stage:%d", s.extra), Via: "file", At: s.clock.Now(), Facts: []school.Fact{f}})
	if err != nil {
		return err
	}
	return s.app.runner.Scan(ctx)
}

// facts lists what people recorded.
func (s *stage) facts() ([]string, error) {
	var out []string
	err := s.log.Read(context.Background(), s.seen, func(e school.Event) error {
		s.seen = e.Version
		if e.Via == "clock" || e.Via == "file" {
			return nil
		}
		by := "nobody"
		if p, ok := s.accountOf(e.By); ok {
			by = "@" + s.Handle(p)
		}
		out = append(out, e.Kind+" by "+by)
		return nil
	})
	if len(out) == 0 {
		out = []string{"nothing was recorded"}
	}
	return out, err
}

func (s *stage) accountOf(p school.PersonID) (bot.Account, bool) {
	for _, a := range s.app.dir.Accounts(demoDistrict, bot.Person(p)) {
		return a, true
	}
	return bot.Account{}, false
}

// tally counts what the clock settled on the days from..to.
func (s *stage) tally(from, to string) ([]string, error) {
	type key struct {
		at   int64
		line string
	}
	first, err := school.ParseDay(from)
	if err != nil {
		return nil, err
	}
	last, err := school.ParseDay(to)
	if err != nil {
		return nil, err
	}
	zone := seeds.DemoStart().Location()
	count := map[key]int{}
	err = s.log.Read(context.Background(), 0, func(e school.Event) error {
		if day := school.DayOf(e.At, zone); e.Kind != "sent" || e.Via != "clock" || day < first || day > last {
			return nil
		}
		var f school.Sent
		if err := json.Unmarshal(e.Data, &f); err != nil {
			return err
		}
		what := "sent"
		if f.Dropped != "" {
			what = f.Dropped
		}
		count[key{e.At.Unix(), f.About + ", " + what}]++
		return nil
	})
	if err != nil {
		return nil, err
	}
	var keys []key
	for k := range count {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b key) int { return cmp.Or(cmp.Compare(a.at, b.at), strings.Compare(a.line, b.line)) })
	var out []string
	for _, k := range keys {
		out = append(out, fmt.Sprintf("%s · %d %s", time.Unix(k.at, 0).In(zone).Format("Mon, Jan 2, 3:04 PM MST"), count[k], k.line))
	}
	if len(out) == 0 {
		out = []string{"nothing"}
	}
	return out, nil
}
