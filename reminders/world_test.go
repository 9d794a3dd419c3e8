package reminders

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"rounds/bot"
	"rounds/bot/bottest"
	"rounds/school"
)

// A world is a small made-up district with a chat service in memory and a clock that tests set.
type world struct {
	t      testing.TB
	clock  *testClock
	log    *school.MemLog
	book   *school.Book
	fake   *bottest.Fake
	hub    *bot.Hub
	runner *Runner
	n      int
}

type testClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *testClock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.now }
func (c *testClock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t
}

const district = "blanco"

var chicago = zone("America/Chicago")

func zone(name string) *time.Location {
	z, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return z
}

// day makes a school.Day of "2026-10-15".
func day(s string) school.Day {
	d, err := school.ParseDay(s)
	if err != nil {
		panic(err)
	}
	return d
}

// local is "2026-10-15 10:00" in the district.
func local(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, chicago)
	if err != nil {
		panic(err)
	}
	return t
}

var everybody = []struct {
	id   school.PersonID
	name string
	role school.Role
}{
	{"p1", "Ana Cedeno", school.Principal},
	{"a1", "Bo Lund", school.AP},
	{"c1", "Cy Alvarez", school.Coach},
	{"t1", "Dee Okafor", school.Teacher},
	{"t2", "Eve Diaz", school.Teacher},
	{"t3", "Flo Haas", school.Teacher},
	{"t4", "Gil Ito", school.Teacher},
	{"t5", "Hal Jung", school.Teacher},
	{"t6", "Ida Kerr", school.Teacher},
}

// newWorld makes the district as of Monday, September 28, 2026, with the clock at a local time.
func newWorld(t testing.TB, now string) *world {
	return newWorldWith(t, now, func(r *Config) {})
}

func newWorldWith(t testing.TB, now string, change func(*Config)) *world {
	w := &world{t: t, clock: &testClock{now: local("2026-09-28 12:00")}}
	w.log = school.NewMemLog(w.clock.Now)
	w.open()
	t.Cleanup(func() { w.book.Close() })
	w.fake = bottest.NewFake("fake")
	w.fake.Now = w.clock.Now
	for _, room := range []string{"leaders", "math"} {
		w.fake.Room(room)
	}
	w.record(
		school.DistrictSet{Name: "Blanco Bend", Zone: "America/Chicago", QuietFrom: 18 * 60, QuietTo: 7 * 60},
		school.CampusSet{ID: "cedar", Name: "Cedar Ridge", NotifyTeachers: true, Room: "fake:W1:leaders"},
		school.CalendarSet{Name: "2026-27", First: day("2026-08-17"), Last: day("2027-05-27"), Week: []int{1, 2, 3, 4, 5}, Spans: []school.Span{
			{From: day("2026-10-12"), To: day("2026-10-12"), Class: school.NoSchool, Name: "Student holiday"},
			{From: day("2026-10-30"), To: day("2026-10-30"), Class: school.NoSchool, Name: "Fall Friday"},
			{From: day("2026-11-23"), To: day("2026-11-27"), Class: school.NoSchool, Name: "Thanksgiving break"},
			{From: day("2026-12-21"), To: day("2027-01-01"), Class: school.NoSchool, Name: "Winter break"},
		}},
		school.TargetSet{Target: school.Target{ID: "weekly", Name: "Weekly", Roles: []school.Role{school.Teacher}, N: 1, Weeks: 1}},
		school.TeamSet{ID: "math", Name: "Math 7", Campus: "cedar", Members: []school.PersonID{"t1", "t2", "t3"}, Weekday: 4, Time: 9 * 60, Minutes: 45, Room: "fake:W1:math"},
	)
	for _, p := range everybody {
		f := school.PersonSet{ID: p.id, Name: "name." + string(p.id), From: day("2026-08-03"), Start: day("2026-08-03"), Role: p.role, Campus: "cedar"}
		if p.role == school.Teacher {
			f.Observers = []school.PersonID{"c1"}
		}
		w.recordWith([]school.Text{
			{Key: "name." + string(p.id), Kind: "name", Subject: string(p.id), Class: school.Roster, Body: p.name},
			{Key: "acc." + string(p.id), Kind: "account", Subject: string(p.id), Class: school.Roster, Body: "fake W1 " + string(p.id)},
		}, f, school.AccountLinked{Person: p.id, Account: "acc." + string(p.id)})
	}
	w.at(now)
	w.start(change)
	return w
}

func (w *world) open() {
	book, err := school.Open(context.Background(), w.log)
	if err != nil {
		w.t.Fatal(err)
	}
	w.book = book
}

// start makes the hub and the runner, as a process does.
func (w *world) start(change func(*Config)) {
	sealer, err := bot.NewSealer([]byte("a key for tests, not for anybody"))
	if err != nil {
		w.t.Fatal(err)
	}
	guard := bot.NameGuard(func(bot.District) []string {
		var out []string
		for _, p := range everybody {
			out = append(out, p.name)
		}
		return out
	})
	w.hub = bot.NewHub(bot.HubConfig{Directory: directory{w.book}, Sealer: sealer, Now: w.clock.Now, Guard: guard}, w.fake)
	cfg := Config{District: district, Book: w.book, Poster: w.hub, Now: w.clock.Now, Wall: w.clock.Now, Frozen: true}
	change(&cfg)
	w.runner = New(cfg)
}

// restart is a new process on the same log, after the old one's leases ran out.
func (w *world) restart() {
	w.book.Close()
	w.open()
	w.start(func(*Config) {})
}

type directory struct{ book *school.Book }

func (d directory) District(string, string) (bot.District, bool) { return district, true }
func (d directory) Who(_ bot.District, a bot.Account) (bot.Person, bool) {
	return bot.Person(a.User), true
}

func (d directory) Accounts(_ bot.District, p bot.Person) (out []bot.Account) {
	_ = d.book.Read(func(m *school.Model) {
		if who, ok := m.Person(school.PersonID(p)); ok && len(who.Accounts) > 0 {
			out = []bot.Account{{Platform: "fake", Workspace: "W1", User: string(p)}}
		}
	})
	return out
}

func (w *world) at(s string) { w.clock.set(local(s)) }

func (w *world) record(facts ...school.Fact) school.Recorded { return w.recordWith(nil, facts...) }

func (w *world) recordWith(texts []school.Text, facts ...school.Fact) school.Recorded {
	w.t.Helper()
	w.n++
	r, err := w.book.Record(context.Background(), school.Entry{Command: fmt.Sprintf("test:%d", w.n), At: w.clock.Now(), Facts: facts, Texts: texts})
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

func (w *world) scan() scanned {
	w.t.Helper()
	done, err := w.runner.scan(context.Background())
	if err != nil {
		w.t.Fatal(err)
	}
	return done
}

// go to a time and scan.
func (w *world) scanAt(s string) []string {
	w.t.Helper()
	w.at(s)
	w.scan()
	return w.said()
}

// said is what was posted since it was last asked: "room: first line".
func (w *world) said() []string {
	var out []string
	for _, e := range w.fake.TakeEvents() {
		if e.Kind == "post" {
			out = append(out, e.Room.ID+": "+strings.SplitN(e.Text, "\n", 2)[0])
		}
	}
	return out
}

// settledAs is the record of an occurrence, in one word or its reason.
func (w *world) settledAs(name string) string {
	out := "open"
	_ = w.book.Read(func(m *school.Model) {
		if s, ok := m.SentAs(district + "/" + name); ok {
			if out = s.Dropped; out == "" {
				out = "sent"
			}
		}
	})
	return out
}

func same(t testing.TB, what string, got, want []string) {
	t.Helper()
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s:\n got  %q\n want %q", what, got, want)
	}
}
