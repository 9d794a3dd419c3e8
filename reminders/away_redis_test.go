package reminders

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rounds/school"
	"rounds/school/logtest"
	"rounds/school/redislog"
)

// hurry is how fast the bot's clock runs in TestRedisAway: a second is eight hours, so that windows close within seconds.
const hurry = 8 * 3600

// An absence is a stretch of bot time in which Redis was away from everybody.
type absence struct{ from, to time.Time }

// TestRedisAway: Redis is killed for a day and more of the bot's time, killed and started at once, and cut off from one sender, while
// notes are shared and agendas fall due. What had its time while it was there is posted once; what had not is on record
// with its reason; each command that was tried until it was acknowledged is in the log once.
func TestRedisAway(t *testing.T) {
	t.Parallel()
	srv := logtest.StartRedis(t, logtest.Durable...)
	proxy := logtest.StartProxy(t, srv.Addr) // before the first sender
	c := onRedis(t, srv, 1)
	c.point = func(*chaos, string, func(string) bool) error { return nil }
	c.own = func(k int) school.Log {
		addr := srv.Addr
		if k == 0 {
			addr = proxy.Addr()
		}
		return openRedis(t, "redis://"+addr+"?prefix=chaos1")
	}
	c.goesOn = func(err error) bool {
		return errors.Is(err, school.ErrUnready) || errors.Is(err, school.ErrUnsure) || errors.Is(err, redislog.ErrAway)
	}
	began, start := time.Now(), local("2026-10-13 08:00") // a Tuesday
	// A command that waits for Redis keeps its stamp: some ten seconds, which are days here.
	c.slack = 10 * hurry * time.Second
	c.now = func() time.Time { return start.Add(time.Since(began) * hurry) }
	c.epochs, c.count = map[string]int64{}, map[string]int{}
	var err error
	if c.book, err = school.Open(t.Context(), c.log); err != nil {
		t.Fatal(err)
	}
	defer c.book.Close()
	c.found(20)
	c.teams()
	var senders, harm sync.WaitGroup
	for k := range c.senders {
		senders.Go(func() { c.send(k) })
	}

	for kept := false; !kept; { // nothing is due before the clock began
		wait(10 * time.Millisecond)
		if _, kept, err = c.log.Get(t.Context(), markKey); err != nil {
			t.Fatal(err)
		}
	}
	from := c.now()
	var gone absence
	harm.Go(func() {
		wait(1500 * time.Millisecond)
		gone.from = c.now()
		srv.Kill()
		wait(5 * time.Second) // 40 hours: all of an agenda's window, and a notice's
		srv.Start(t)
		gone.to = c.now()
		wait(1500 * time.Millisecond)
		proxy.Partition(true)
		wait(time.Second)
		proxy.Partition(false)
		srv.Kill()
		srv.Start(t)
	})
	told := c.tell(10 * time.Second)
	harm.Wait()
	wait(4 * time.Second) // the last window closes
	c.mu.Lock()
	c.ended = true
	c.mu.Unlock()
	senders.Wait()

	before := c.now().Add(-30 * time.Hour) // what fell due later may still wait
	posted, dropped := 0, map[string]int{}
	commands := map[string]int{}
	if err := c.book.Log().Read(t.Context(), 0, func(e school.Event) error { commands[e.Command+e.Kind]++; return nil }); err != nil {
		t.Fatal(err)
	}
	for _, o := range c.expected(from, before) {
		stand := 0
		for _, p := range c.chats {
			stand += len(p.messages[hash(o.Name)])
		}
		_ = c.book.Read(func(m *school.Model) {
			s, ok := m.SentAs(o.Name)
			switch {
			case !ok:
				t.Errorf("%s, due %v, is silently missing", o.Name, o.At)
			case s.Dropped == "" && stand != 1, s.Dropped != "" && stand != 0:
				t.Errorf("%s stands %d times and is recorded as %q", o.Name, stand, s.Dropped)
			case s.Dropped == "":
				posted++
			default:
				dropped[s.Dropped]++
				// A margin of two seconds: the clients take as long to come back.
				if margin := 2 * hurry * time.Second; o.At.Before(gone.from.Add(-margin)) || o.Until.After(gone.to.Add(margin)) {
					t.Errorf("%s could have been sent from %v to %v, Redis was away from %v to %v: %s", o.Name, o.At, o.Until, gone.from, gone.to, s.Dropped)
				}
			}
		})
	}
	for _, id := range told {
		for suffix, kind := range map[string]string{"": "visit.logged", " shared": "visit.shared"} {
			if n := commands[id+suffix+kind]; n != 1 {
				t.Errorf("command %s is in the log %d times as %s", id, n, kind)
			}
		}
	}
	t.Logf("%d commands acknowledged; %d occurrences posted once; dropped: %v; commands that waited for Redis: %d", len(told), posted, dropped, c.count["command waited"])
	if posted < 40 || len(dropped) == 0 || c.count["command waited"] == 0 {
		t.Errorf("too little happened for a proof: %d posted, dropped %v, %d commands waited", posted, dropped, c.count["command waited"])
	}
}

// wait lets a server, whose time no bubble moves, go on for a while.
func wait(d time.Duration) { <-time.After(d) }

// teams adds twelve for each day of the week, whose agendas go to the two services.
func (c *chaos) teams() {
	var facts []school.Fact
	for i := range 60 {
		facts = append(facts, school.TeamSet{
			ID: school.TeamID(fmt.Sprint("team", i)), Name: fmt.Sprint("Team ", i), Campus: "cedar", Members: []school.PersonID{"t1"},
			Weekday: 1 + i%5, Time: 9 * 60, Minutes: 45, Room: fmt.Sprintf("%s:W1:room%d", c.chats[i%2].name, i),
		})
	}
	c.must(school.Entry{Command: "teams", At: c.now().Add(-48 * time.Hour), Facts: facts})
}

// tell shares a note every 100 ms for a while, each tried with one command id until it is acknowledged; it gives the ids.
func (c *chaos) tell(length time.Duration) (ids []string) {
	end := time.Now().Add(length)
	until := func(e school.Entry) school.Recorded {
		asked := time.Now()
		for {
			r, err := c.book.Record(context.Background(), e)
			if err == nil || !c.goesOn(err) {
				if err != nil {
					c.t.Errorf("command %s: %v", e.Command, err)
				}
				if time.Since(asked) > time.Second {
					c.mu.Lock()
					c.count["command waited"]++
					c.mu.Unlock()
				}
				return r
			}
		}
	}
	for i := 0; time.Now().Before(end); i++ {
		id := fmt.Sprint("tell ", i)
		r := until(school.Entry{Command: id, At: c.now(), Facts: []school.Fact{school.VisitLogged{UID: uint64(i), Observer: "c1", Subject: school.PersonID(fmt.Sprintf("t%d", i%20)), Visit: school.CoachingVisit, On: day("2026-10-13"), Texts: []string{"note"}}}})
		at := c.now()
		until(school.Entry{Command: id + " shared", At: at, Facts: []school.Fact{school.VisitShared{Visit: r.First, At: at}}})
		ids = append(ids, id)
		wait(100 * time.Millisecond)
	}
	return ids
}

// expected is everything that was due between two times, whatever became of it.
func (c *chaos) expected(from, to time.Time) []Occurrence {
	ctx, log := context.Background(), school.NewMemLog(nil)
	var events []school.Event
	err := c.log.Read(ctx, 0, func(e school.Event) error {
		if slices.Contains([]string{"sent", "welcomed"}, e.Kind) {
			e = school.Event{Kind: "left out", At: e.At} // an unknown kind is skipped, and the versions stay
		}
		events = append(events, e)
		return nil
	})
	var texts []school.Text
	err = errors.Join(err, c.log.ScanTexts(ctx, "account", func(t school.Text) error { texts = append(texts, t); return nil }))
	if err == nil {
		_, err = log.Append(ctx, school.Any, "", events, texts)
	}
	if err != nil {
		c.t.Fatal(err)
	}
	book, err := school.Open(ctx, log)
	if err != nil {
		c.t.Fatal(err)
	}
	defer book.Close()
	all := map[string]Occurrence{}
	_ = book.Read(func(m *school.Model) {
		for _, o := range Plan(m, district, from, to) {
			if o.Kind == KindNotice || o.Kind == KindAgenda && !strings.Contains(o.Reason, "skipped") {
				all[o.Name] = o
			}
		}
	})
	return slices.Collect(maps.Values(all))
}
