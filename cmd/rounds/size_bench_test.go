package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"rounds/bot"
	"rounds/reminders"
	"rounds/school"
	"rounds/seeds"
)

// What a district of each size costs, with a year of what happened in it: go test ./cmd/rounds -run '^$' -bench Size. The
// largest takes some minutes to build; -bench Size/campus is quick. The bars are those of the largest: a leader's status within
// 1 ms for 99 in 100, all targets within 1 s, a planning pass of a Monday morning within 1 s, a scan with nothing due
// within 5 ms.

// yearMonday is the Monday on which the benchmarks look: a year of visits lies behind it.
var (
	yearMonday = school.Date(2027, time.May, 17)
	yearNow    = yearMonday.At(7*60, sizeZone)
	sizeZone   = seeds.DemoStart().Location()
)

// yearLog is a log whose events are made anew at each reading, so that millions of them take no room. Nothing can be appended
// to it; leases and what is kept are MemLog's.
type yearLog struct {
	*school.MemLog
	d      *seeds.Sized
	visits int
	last   int64
}

// entries are the district's, and the accounts of its leaders.
func (l *yearLog) entries() iter.Seq[school.Entry] {
	return func(yield func(school.Entry) bool) {
		for e := range l.d.Entries(yearMonday - 1) {
			if !yield(e) {
				return
			}
		}
		for _, email := range l.d.OnChat() {
			handle, _, _ := strings.Cut(email, "@")
			if !yield(webAccount(school.NewPersonID(demoDistrict, email), handle)) {
				return
			}
		}
	}
}

// Read makes every event, whatever was read before: nobody asks for less.
func (l *yearLog) Read(_ context.Context, _ int64, each func(school.Event) error) error {
	l.last, l.visits = 0, 0
	for e := range l.entries() {
		for _, f := range e.Facts {
			ev, err := school.NewEvent(f, e.By, e.Via, e.At)
			if err != nil {
				return err
			}
			l.last++
			ev.Version = l.last
			if err := each(ev); err != nil {
				return err
			}
			if _, ok := f.(school.VisitLogged); ok {
				l.visits++
			}
		}
	}
	return nil
}

// ScanTexts gives names, addresses and accounts.
func (l *yearLog) ScanTexts(_ context.Context, kind string, each func(school.Text) error) error {
	roster := l.d.Entries(0) // no day: what the files say
	if kind == "account" {
		roster = func(yield func(school.Entry) bool) {
			for _, email := range l.d.OnChat() {
				handle, _, _ := strings.Cut(email, "@")
				if !yield(webAccount(school.NewPersonID(demoDistrict, email), handle)) {
					return
				}
			}
		}
	}
	for e := range roster {
		for _, t := range e.Texts {
			if t.Kind != kind {
				continue
			}
			if err := each(t); err != nil {
				return err
			}
		}
	}
	return nil
}

// Append refuses: a scan that wants to write had something to do.
func (l *yearLog) Append(context.Context, int64, string, []school.Event, []school.Text) (school.Appended, error) {
	return school.Appended{}, errors.New("something was appended")
}

func heapNow() int64 {
	var s runtime.MemStats
	runtime.GC()
	runtime.GC() // what finalizers held goes with the second pass
	runtime.ReadMemStats(&s)
	return int64(s.HeapAlloc)
}

// sizeBench is a preset's record in memory with the app on top, and people to ask as.
type sizeBench struct {
	log    *yearLog
	book   *school.Book
	app    *app
	people map[string][]school.PersonID // by role
	r      *rand.Rand
	calls  int
}

func newSizeBench(b *testing.B, size seeds.Size) *sizeBench {
	b.Helper()
	s := &sizeBench{r: rand.New(rand.NewPCG(1, 2)), people: map[string][]school.PersonID{}}
	s.log = &yearLog{MemLog: school.NewMemLog(nil), d: seeds.NewSized(size, seeds.DemoSeed)}
	before := heapNow()
	began := time.Now()
	var err error
	if s.book, err = school.Open(context.Background(), s.log); err != nil {
		b.Fatal(err)
	}
	took := time.Since(began)
	b.Cleanup(s.book.Close)
	heap := heapNow() - before
	b.Run("year", func(b *testing.B) { // it was made once, above
		for b.Loop() {
			runtime.KeepAlive(s.book)
		}
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(took.Seconds(), "s/build")
		b.ReportMetric(float64(s.log.last), "events")
		b.ReportMetric(float64(s.log.visits), "visits")
		b.ReportMetric(float64(heap)/1e6, "heap-MB")
		b.ReportMetric(float64(heap)/float64(s.log.visits), "B/visit")
	})
	s.app, err = newApp(context.Background(), appConfig{
		District: demoDistrict, Book: s.book, Now: func() time.Time { return yearNow.Add(3 * time.Hour) }, Frozen: true, Logger: slog.New(slog.DiscardHandler),
		Platforms: func([]bot.Command) ([]bot.Platform, error) { return nil, nil },
	})
	if err != nil {
		b.Fatal(err)
	}
	s.read(b, func(m *school.Model) {
		for _, p := range m.People() {
			role := string(p.Now().Role)
			s.people[role] = append(s.people[role], p.ID)
			if len(p.Accounts) > 0 {
				s.people["on chat"] = append(s.people["on chat"], p.ID)
			}
		}
	})
	return s
}

func (s *sizeBench) read(b *testing.B, f func(*school.Model)) {
	if err := s.book.Read(f); err != nil {
		b.Fatal(err)
	}
}

// someone is anybody of a role; ok is false where there is none.
func (s *sizeBench) someone(role string) (id school.PersonID, ok bool) {
	list := s.people[role]
	if len(list) == 0 {
		return "", false
	}
	return list[s.r.IntN(len(list))], true
}

// as makes a call of somebody, and refuses an error.
func (s *sizeBench) as(b *testing.B, id school.PersonID, c bot.Call) bot.Answer {
	s.calls++
	c.ID = fmt.Sprintf("bench:%d", s.calls)
	s.read(b, func(m *school.Model) {
		p, _ := m.Person(id)
		c.From = bot.Account{Platform: "web", Workspace: "web", User: p.Handle()}
	})
	c.Room, c.Direct = bot.Room{Platform: "web", Workspace: "web", ID: "dm-" + c.From.User}, true
	a, later := s.app.router.Take(context.Background(), c)
	if _, ok := a.(bot.Deferred); ok {
		a = <-later
	}
	return a
}

// spread times f on many people and reports how long it took the middle one and 99 in 100.
func spread(b *testing.B, least int, f func()) {
	b.Helper()
	var took []time.Duration
	one := func() {
		t := time.Now()
		f()
		took = append(took, time.Since(t))
	}
	for b.Loop() {
		one()
	}
	for len(took) < least {
		one()
	}
	b.ReportMetric(float64(percentile(took, 50).Nanoseconds())/1e3, "p50-µs")
	b.ReportMetric(float64(percentile(took, 99).Nanoseconds())/1e3, "p99-µs")
}

const leastAsked = 300

func BenchmarkSize(b *testing.B) {
	for _, size := range seeds.Sizes {
		b.Run(size.Name, func(b *testing.B) {
			s := newSizeBench(b, size)
			b.Run("targets", s.targets)
			for _, role := range []string{"principal", "ap", "coach", "lead", "supervisor"} {
				if _, ok := s.someone(role); ok {
					b.Run("status/"+role, func(b *testing.B) { s.status(b, role) })
				}
			}
			for _, role := range []string{"principal", "coach", "supervisor", "district"} {
				if _, ok := s.someone(role); ok {
					b.Run("home/"+role, func(b *testing.B) { s.home(b, role) })
				}
			}
			b.Run("command", s.command)
			b.Run("complete", s.complete)
			b.Run("find", s.find)
			b.Run("snapshot", s.snapshot)
			b.Run("guard", s.guard)
			b.Run("plan", s.plan)
			b.Run("idle", s.idle)
		})
	}
}

// targets computes where every target stands.
func (s *sizeBench) targets(b *testing.B) {
	rows := 0
	s.read(b, func(m *school.Model) {
		for b.Loop() {
			rows = len(m.AllDuties(yearMonday))
		}
	})
	b.ReportMetric(float64(rows), "rows")
}

// status is a leader's own week, out of the record.
func (s *sizeBench) status(b *testing.B, role string) {
	s.read(b, func(m *school.Model) {
		spread(b, leastAsked, func() {
			id, _ := s.someone(role)
			v := m.As(id, yearNow)
			school.PlanWeek(v.Duties(), v.Calendar(), v.Today())
		})
	})
}

// home is the home view, the whole way from the call to the card.
func (s *sizeBench) home(b *testing.B, role string) {
	spread(b, leastAsked, func() {
		id, _ := s.someone(role)
		if a, ok := s.as(b, id, bot.Call{Kind: bot.Home}).(bot.HomeView); !ok {
			b.Fatalf("%T", a)
		}
	})
}

// command is /observe status, the whole way.
func (s *sizeBench) command(b *testing.B) {
	spread(b, leastAsked, func() {
		id, _ := s.someone([]string{"principal", "ap", "coach"}[s.r.IntN(3)])
		if a, ok := s.as(b, id, bot.Call{Kind: bot.CommandCall, Command: "observe", Line: "status"}).(bot.Whisper); !ok {
			b.Fatalf("%T", a)
		}
	})
}

// complete is what a leader is offered after one to four letters behind /observe @.
func (s *sizeBench) complete(b *testing.B) {
	spread(b, leastAsked, func() {
		id, _ := s.someone([]string{"principal", "ap", "coach"}[s.r.IntN(3)])
		typed := "marlock"[:1+s.r.IntN(4)]
		c := bot.Call{Kind: bot.Complete, Command: "observe", Sub: "log", Focus: "who", Typed: typed}
		if a, ok := s.as(b, id, c).(bot.Choices); !ok {
			b.Fatalf("%T", a)
		}
	})
}

// find looks up whom a typed name means: a last name, a first name, a whole one, the beginning of one, and nobody.
func (s *sizeBench) find(b *testing.B) {
	s.read(b, func(m *school.Model) {
		m.FindPeople("nobody at all", "") // the first question makes the lists
		spread(b, leastAsked, func() {
			id, _ := s.someone("teacher")
			p, _ := m.Person(id)
			first, _, _ := strings.Cut(p.Name, " ")
			typed := []string{p.Last(), first, p.Name, p.Last()[:3], "zzyzx"}[s.r.IntN(5)]
			m.FindPeople(typed, p.Now().Campus)
		})
	})
}

// snapshot is the digest of a campus.
func (s *sizeBench) snapshot(b *testing.B) {
	s.read(b, func(m *school.Model) {
		campuses := m.Campuses()
		spread(b, leastAsked, func() { m.Snapshot(campuses[s.r.IntN(len(campuses))].ID, yearNow) })
	})
}

// guard looks an agenda over for names, as each post does.
func (s *sizeBench) guard(b *testing.B) {
	guard := bot.NameGuard(s.app.dir.names)
	card := bot.Card{Blocks: []bot.Block{bot.Title{Text: "Grade 3, Tuesday"}, bot.List{}}}
	for range 12 {
		card.Blocks = append(card.Blocks, bot.Text{Text: "Score four samples of student work against the exemplar, then name the gap in one sentence."})
	}
	spread(b, leastAsked, func() {
		if err := guard(demoDistrict, bot.Room{}, card); err != nil {
			b.Fatal(err)
		}
	})
}

// passes are windows in which much falls due: the leaders' plans, check-backs, agendas and starts, feedback and answers, and on
// the last school day the digests.
var passes = []struct {
	name     string
	day      school.Day
	from, to school.Clock
}{
	{"monday", yearMonday, 7 * 60, 7*60 + 30},
	{"monday-late", yearMonday, 6 * 60, 7*60 + 30}, // an hour and a half of it at once, with what falls due in a zone ahead
	{"checkbacks", yearMonday, 7*60 + 31, 7*60 + 45},
	{"agendas", yearMonday, 13 * 60, 14 * 60},
	{"afternoon", yearMonday, 15 * 60, 15*60 + 45},
	{"friday-digests", yearMonday + 4, 14*60 + 30, 15 * 60},
}

// plan is a planning pass over such a window, as one scan would make it that comes late.
func (s *sizeBench) plan(b *testing.B) {
	for _, x := range passes {
		b.Run(x.name, func(b *testing.B) {
			n := 0
			s.read(b, func(m *school.Model) {
				for b.Loop() {
					n = len(reminders.Plan(m, demoDistrict, x.day.At(x.from, sizeZone), x.day.At(x.to, sizeZone)))
				}
			})
			b.ReportMetric(float64(n), "occurrences")
		})
	}
}

// idle is the scan with nothing due.
func (s *sizeBench) idle(b *testing.B) {
	// Between two hours at which teams meet and rules fire, in any zone.
	now := yearMonday.At(10*60+31, sizeZone).Add(30 * time.Second)
	last := yearMonday.At(10*60+44, sizeZone)
	r := reminders.New(reminders.Config{District: demoDistrict, Book: s.book, Poster: s.app.hub, Now: func() time.Time { return now }})
	scan := func() {
		if err := r.Scan(context.Background()); err != nil {
			b.Fatal(err)
		}
	}
	scan()
	spread(b, 50, func() {
		if now.Before(last) {
			now = now.Add(15 * time.Second)
		}
		scan()
	})
	if st := r.Stats(); st.Waiting > 0 {
		b.Fatalf("%d wait", st.Waiting)
	}
}

// The benchmark's log is what the demo writes.
var _ school.Log = (*yearLog)(nil)

// sizeOf finds a preset in tests.
func sizeOf(t testing.TB, name string) seeds.Size {
	t.Helper()
	i := slices.IndexFunc(seeds.Sizes, func(s seeds.Size) bool { return s.Name == name })
	if i < 0 {
		t.Fatalf("no size %q", name)
	}
	return seeds.Sizes[i]
}
