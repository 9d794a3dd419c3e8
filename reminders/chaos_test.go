package reminders

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"hash/fnv"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"rounds/bot"
	"rounds/school"
	"rounds/school/sqlitelog"
)

// chaosSeeds is how many seeds the chaos tests run; the make target chaos asks for more.
var chaosSeeds = flag.Int("chaos", 1, "how many seeds the chaos tests run")

const (
	chaosLease = 2 * time.Second
	pause      = chaosLease * 12 / 10
)

// A chaos is several senders on one log, and what befalls them. Whether something goes wrong follows from the seed,
// the occurrence, the epoch of its claim and the step alone, so that a seed means the same however the senders
// take turns.
type chaos struct {
	slack   time.Duration // of the runners; 0 for theirs
	t       *testing.T
	seed    uint64
	log     school.Log
	book    *school.Book // the test's own
	chats   []*chat
	now     func() time.Time
	senders int
	names   []string
	own     func(sender int) school.Log // a log of each sender's own, in place of log
	real    *realTime                   // nil in a bubble
	goesOn  func(err error) bool        // errors of a scan after which a sender scans again

	point  func(c *chaos, p string, dice func(what string) bool) error
	faults bool          // of the services
	freeze time.Duration // the residue: between the last look at the clock and the write
	setup  func(*Config)
	spoil  func(school.Log) school.Log

	mu     sync.Mutex       // guards the following
	epochs map[string]int64 // of the claims, by marker
	count  map[string]int   // of what befell
	ended  bool
}

// dice tells whether something with a chance of one in twenty happens.
func (c *chaos) dice(marker string, epoch int64, what string) bool {
	h := fnv.New64a()
	_, _ = fmt.Fprint(h, marker, " ", epoch, " ", what)
	if rand.New(rand.NewPCG(c.seed, h.Sum64())).IntN(20) != 0 {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.count[what]++
	return true
}

func (c *chaos) epoch(marker string) int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.epochs[marker]
}

// steps is what befalls a sender in the main test: it dies after the claim and after the post, and stands still for
// 1.2 leases at every step but one.
func steps(c *chaos, p string, dice func(string) bool) error {
	if (p == "claimed" || p == "after post") && dice("crash, "+p) {
		return errCrashed
	}
	if dice("pause, " + p) {
		if c.real != nil {
			time.Sleep(c.real.lease * 12 / 10)
		} else {
			time.Sleep(pause)
		}
	}
	return nil
}

// realTime is for a chaos on a server, whose clock no bubble moves.
type realTime struct {
	lease  time.Duration
	beat   time.Duration // between two scans
	settle time.Duration // until what landed late has landed
	batch  int           // how many are due at once
}

func (c *chaos) every() time.Duration {
	if c.real != nil {
		return c.real.beat
	}
	return time.Second
}

// serviceFault is what befalls a post at the service.
func (c *chaos) serviceFault(marker string) fault {
	e := c.epoch(marker)
	for _, f := range []struct {
		is   fault
		what string
		on   bool
	}{
		{frozen, "frozen at the socket", c.freeze > 0},
		{lost, "reply lost", c.faults},
		{late, "landed late", c.faults},
		{broken, "503", c.faults},
		{limited, "429", c.faults},
	} {
		if f.on && c.dice(marker, e, f.what) {
			return f.is
		}
	}
	return fine
}

// found makes a district with n teachers, half of them in Slack and half in Discord.
func (c *chaos) found(n int) {
	facts := []school.Fact{
		school.DistrictSet{Name: "Blanco Bend", Zone: "America/Chicago"},
		school.CampusSet{ID: "cedar", Name: "Cedar Ridge", NotifyTeachers: true},
		school.CalendarSet{Name: "2026-27", First: day("2026-08-17"), Last: day("2027-05-27"), Week: []int{1, 2, 3, 4, 5}},
		school.PersonSet{ID: "c1", From: day("2026-08-03"), Start: day("2026-08-03"), Role: school.Coach, Campus: "cedar"},
	}
	var texts []school.Text
	for i := range n {
		id := school.PersonID(fmt.Sprintf("t%d", i))
		at := c.chats[i%len(c.chats)].name + " W1 " + string(id)
		texts = append(texts, school.Text{Key: "acc." + string(id), Kind: "account", Subject: string(id), Class: school.Roster, Body: at})
		facts = append(facts,
			school.PersonSet{ID: id, From: day("2026-08-03"), Start: day("2026-08-03"), Role: school.Teacher, Campus: "cedar"},
			school.AccountLinked{Person: id, Account: "acc." + string(id)})
	}
	c.must(school.Entry{Command: "found", At: c.now(), Facts: facts, Texts: texts})
}

func (c *chaos) must(e school.Entry) school.Recorded {
	c.t.Helper()
	r, err := c.book.Record(context.Background(), e)
	if err != nil {
		c.t.Fatal(err)
	}
	return r
}

// share makes n notices due.
func (c *chaos) share(n, teachers int) {
	var logged, shared []school.Fact
	from := len(c.names)
	for i := range n {
		logged = append(logged, school.VisitLogged{UID: uint64(from + i), Observer: "c1", Subject: school.PersonID(fmt.Sprintf("t%d", i%teachers)), Visit: school.CoachingVisit, On: day("2026-10-15"), Texts: []string{"note"}})
	}
	r := c.must(school.Entry{Command: fmt.Sprint("visits ", from), At: c.now(), Facts: logged})
	for i := range n {
		v := r.First + int64(i)
		c.names = append(c.names, fmt.Sprintf("%s/notice/note/%d", district, v))
		shared = append(shared, school.VisitShared{Visit: v, At: c.now()})
	}
	c.must(school.Entry{Command: fmt.Sprint("shares ", from), At: c.now(), Facts: shared})
}

// open counts what is not settled of the last k.
func (c *chaos) open(k int) (n int) {
	_ = c.book.Read(func(m *school.Model) {
		for _, name := range c.names[len(c.names)-k:] {
			if _, ok := m.SentAs(name); !ok {
				n++
			}
		}
	})
	return n
}

// runner is one life of a sender.
func (c *chaos) runner(book *school.Book) *Runner {
	sealer, err := bot.NewSealer([]byte("a key for tests, not for anybody"))
	if err != nil {
		panic(err)
	}
	var platforms []bot.Platform
	for _, p := range c.chats {
		platforms = append(platforms, p)
	}
	hub := bot.NewHub(bot.HubConfig{Directory: byAccount{book}, Sealer: sealer, Now: c.now}, platforms...)
	cfg := Config{District: district, Book: book, Poster: hub, Now: c.now}
	if c.setup != nil {
		c.setup(&cfg)
	}
	r := New(cfg)
	if c.slack != 0 {
		r.slack = c.slack
	}
	return r
}

// chaotic is how the senders of the chaos are set up: several at the same things at once, so without pacing and jitter.
func chaotic(cfg *Config) { cfg.Wall, cfg.Frozen, cfg.Lease = time.Now, true, chaosLease }

// send is one sender: process after process, until the test is over. One in 150 replays the record as well.
func (c *chaos) send(k int) {
	ctx := context.Background()
	var marker string // what it is at
	var epoch int64
	under := c.log
	if c.own != nil {
		under = c.own(k)
	}
	log := school.Log(spied{under, func(cl school.Claim) {
		name, ok := strings.CutPrefix(cl.Key, "post/")
		if !ok {
			return
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		marker, epoch = hash(name), cl.Epoch
		c.epochs[marker] = max(c.epochs[marker], epoch)
	}})
	if c.spoil != nil {
		log = c.spoil(log)
	}
	var book *school.Book
	for life := 0; ; life++ {
		if life%150 == 0 {
			if book != nil {
				book.Close()
			}
			var err error
			if book, err = school.Open(ctx, log); err != nil {
				c.t.Error(err)
				return
			}
			defer book.Close()
		}
		r := c.runner(book)
		r.crash = func(p string) error {
			return c.point(c, p, func(what string) bool { return c.dice(marker, epoch, what) })
		}
		var err error
		for err == nil {
			if c.over() {
				return
			}
			if _, err = r.scan(ctx); err != nil && c.goesOn != nil && c.goesOn(err) {
				err = nil
			}
			time.Sleep(c.every() + time.Duration(k)*time.Millisecond)
		}
		if !errors.Is(err, errCrashed) {
			c.t.Errorf("seed %d: %v", c.seed, err)
			return
		}
	}
}

func (c *chaos) over() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ended
}

// outcome is how it came out.
type outcome struct {
	lost, dropped, wrong int
	twice                map[string]int // by service
	finds, ambiguous     int
	count                map[string]int
	took                 time.Duration // virtual
}

func (o outcome) doubles() (n int) {
	for _, k := range o.twice {
		n += k
	}
	return n
}

// run lets n occurrences fall due, 250 at a time, and tells what became of them. It is called in a bubble.
func (c *chaos) run(t *testing.T, n int) (out outcome) {
	const teachers = 40
	batch, settle := 250, time.Minute
	if c.real != nil {
		batch, settle = c.real.batch, c.real.settle
	}
	began := time.Now()
	c.t, c.epochs, c.count = t, map[string]int64{}, map[string]int{}
	c.now = func() time.Time { return local("2026-10-15 08:00").Add(time.Since(began)) }
	for _, p := range c.chats {
		p.fault, p.freeze = c.serviceFault, c.freeze
	}
	var err error
	if c.book, err = school.Open(context.Background(), c.log); err != nil {
		t.Fatal(err)
	}
	defer c.book.Close()
	c.found(teachers)
	var all sync.WaitGroup
	for k := range c.senders {
		all.Go(func() { c.send(k) })
	}
	time.Sleep(c.every()) // the clock of a new district begins now
	for len(c.names) < n {
		k := min(batch, n-len(c.names))
		c.share(k, teachers)
		for rounds := 0; c.open(k) > 0 && !t.Failed(); rounds++ {
			if rounds > 4*3600 {
				t.Errorf("seed %d: %d are still open", c.seed, c.open(k))
			}
			time.Sleep(c.every())
		}
		if t.Failed() {
			break
		}
	}
	time.Sleep(settle) // what landed late has landed
	c.mu.Lock()
	c.ended = true
	c.mu.Unlock()
	all.Wait()
	out = c.judge()
	out.took = time.Since(began)
	return out
}

// judge compares what the services hold with what is on record.
func (c *chaos) judge() (out outcome) {
	out.twice, out.count = map[string]int{}, c.count
	_ = c.book.Read(func(m *school.Model) {
		for _, name := range c.names {
			s, ok := m.SentAs(name)
			marker, stand, finds := hash(name), 0, 0
			for _, p := range c.chats {
				ms := p.messages[marker]
				stand += len(ms)
				finds += p.finds[marker]
				if len(ms) > 1 {
					out.twice[p.name]++
				}
				if len(ms) == 1 && ok && s.Dropped == "" && s.Ref != p.name+":"+string(ms[0].ref) {
					out.wrong++
				}
			}
			switch {
			case ok && s.Dropped != "":
				out.dropped++
			case !ok || stand == 0:
				out.lost++
			}
			// The first claim is no repeat; each later one asks once at most.
			attempts := int(c.epochs[marker])
			out.finds += finds
			out.ambiguous += max(attempts-1, 0)
			if attempts > 0 && finds > attempts-1 {
				c.t.Errorf("seed %d: %d look-ups in %d attempts", c.seed, finds, attempts)
			}
		}
	})
	return out
}

func (o outcome) String() string {
	var s strings.Builder
	fmt.Fprintf(&s, "%d lost, %d dropped, %d twice %v, %d with a wrong ref; %d look-ups in %d later attempts; %v virtual;",
		o.lost, o.dropped, o.doubles(), o.twice, o.wrong, o.finds, o.ambiguous, o.took.Round(time.Second))
	for _, what := range slices.Sorted(maps.Keys(o.count)) {
		fmt.Fprintf(&s, " %s %d;", what, o.count[what])
	}
	return s.String()
}

// eachLog runs a test on either log, in a bubble.
func eachLog(t *testing.T, f func(t *testing.T, log school.Log)) {
	t.Run("memory", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) { f(t, school.NewMemLog(nil)) })
	})
	t.Run("sqlite", func(t *testing.T) {
		dir := t.TempDir()
		synctest.Test(t, func(t *testing.T) {
			store, err := sqlitelog.Open(context.Background(), filepath.Join(dir, "rounds.db"), sqlitelog.Options{Mark: sqlitelog.Real, Now: time.Now})
			if err != nil {
				t.Fatal(err)
			}
			f(t, store.Log(district))
			if err := store.Close(); err != nil {
				t.Error(err)
			}
		})
	})
}

// Ten thousand occurrences, three senders, everything that may go wrong with a chance of one in twenty: none is lost
// and none is said twice. A plain run has six thousand of them in memory, and one thousand with SQLite, which syncs six
// times for each.
func TestChaos(t *testing.T) {
	for seed := range uint64(*chaosSeeds) {
		eachLog(t, func(t *testing.T, log school.Log) {
			n := 10_000
			if _, memory := log.(*school.MemLog); *chaosSeeds == 1 && memory {
				n = 6000
			} else if *chaosSeeds == 1 {
				n = 1000
			}
			c := &chaos{seed: seed + 1, log: log, chats: []*chat{newSlack(), newDiscord()}, senders: 3, point: steps, faults: true, setup: chaotic}
			out := c.run(t, n)
			t.Logf("seed %d, %d occurrences: %v", c.seed, n, out)
			if out.lost+out.dropped+out.doubles()+out.wrong != 0 {
				t.Errorf("seed %d: %v", c.seed, out)
			}
			for _, what := range []string{
				"crash, claimed", "crash, after post", "reply lost", "landed late", "503", "429",
				"pause, claimed", "pause, looked", "pause, fenced", "pause, before post", "pause, after post", "pause, recorded",
			} {
				if out.count[what] < n/50 {
					t.Errorf("seed %d: %s befell only %d of %d", c.seed, what, out.count[what], n)
				}
			}
		})
	}
}
