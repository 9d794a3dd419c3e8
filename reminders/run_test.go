package reminders

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"rounds/bot"
	"rounds/school"
)

// shifted runs the bot's clock beside the wall clock of a synctest bubble, which begins in the year 2000.
func shifted(start string) func() time.Time {
	began := time.Now()
	return func() time.Time { return local(start).Add(time.Since(began)) }
}

// live makes a world whose runner runs as in rounds serve, within a synctest bubble.
func live(t *testing.T, start string, poster func(Poster) Poster) (w *world, run func() (stop func())) {
	now := shifted(start)
	w = newWorldWith(t, start, func(c *Config) {
		c.Now, c.Wall, c.Frozen = now, time.Now, false
		c.Poster = poster(c.Poster)
	})
	w.fake.Now = now
	run = func() func() {
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan error, 1)
		go func() { done <- w.runner.Run(ctx) }()
		return func() {
			cancel()
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
	}
	return w, run
}

func same2(p Poster) Poster { return p }

// Three hours away: what is still inside its window is sent once, late; the rest is on record as missed.
func TestAnOutage(t *testing.T) {
	for _, length := range []time.Duration{3 * time.Hour, 5 * time.Hour} {
		t.Run(length.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, run := live(t, "2026-10-13 06:30", same2)
				stop := run()
				time.Sleep(time.Minute)
				stop()
				time.Sleep(length) // 9:31 or 11:31
				stop = run()
				time.Sleep(5 * time.Minute)
				stop()
				want, posts := "sent", []string{planSaid}
				if length > 4*time.Hour {
					want, posts = "its time had passed before it could be sent", nil
				}
				if got := w.settledAs("plan/2026-10-12/c1"); got != want {
					t.Errorf("recorded as %q", got)
				}
				same(t, "posts", w.said(), posts)
				w.book.Close()
			})
		})
	}
}

// A week in which the clock is asked every 15 seconds says each thing once, within two minutes of its time.
func TestAWeekLive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, run := live(t, "2026-10-12 12:00", same2)
		stop := run()
		time.Sleep(7 * 24 * time.Hour)
		stop()
		var got []string
		for _, r := range w.fake.Rooms() {
			for range w.fake.Stored(r) {
				got = append(got, r.ID)
			}
		}
		same(t, "a week", got, []string{"dm-c1", "dm-c1", "dm-c1", "dm-p1", "leaders", "math", "math"})
		if late := w.runner.Stats().Late; late > 2*time.Minute+scanEvery {
			t.Errorf("late by %v", late)
		}
		w.book.Close()
	})
}

// A notice goes out within seconds of the append that made it due.
func TestNoticeAtOnceLive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, run := live(t, "2026-10-15 10:00", same2)
		stop := run()
		time.Sleep(7 * time.Second)
		w.clock.set(w.runner.cfg.Now())
		r := w.record(school.VisitLogged{UID: 77, Observer: "c1", Subject: "t1", Visit: school.CoachingVisit, On: day("2026-10-15"), Texts: []string{"note"}})
		w.record(school.VisitShared{Visit: r.First, At: w.runner.cfg.Now()})
		time.Sleep(4 * time.Second)
		same(t, "notice", w.said(), []string{noteSaid})
		stop()
		w.book.Close()
	})
}

// watch notes when posts arrive, refuses some, and tells what broke the pace.
type watch struct {
	Poster
	mu      sync.Mutex
	n       int
	refuse  int // every n-th
	last    map[string]time.Time
	space   []time.Time
	until   time.Time
	broken  []string
	arrived int
}

func (w *watch) Post(ctx context.Context, d bot.District, to bot.Target, card bot.Open, marker string) (bot.Ref, bot.Room, error) {
	w.mu.Lock()
	now, key := time.Now(), fmt.Sprint(to)
	if now.Before(w.until) {
		w.broken = append(w.broken, "inside a Retry-After")
	}
	if last, ok := w.last[key]; ok && now.Sub(last) < time.Second {
		w.broken = append(w.broken, "twice a second in a channel")
	}
	w.last[key] = now
	w.space = append(w.space, now)
	if k := len(w.space); k > 3 && now.Sub(w.space[k-4]) < time.Second-time.Millisecond {
		w.broken = append(w.broken, "more than three a second")
	}
	w.n++
	if w.refuse > 0 && w.n%w.refuse == 0 {
		w.until = now.Add(time.Second)
		w.mu.Unlock()
		return "", bot.Room{}, &bot.RetryError{After: time.Second, Err: errors.New("too many")}
	}
	w.arrived++
	w.mu.Unlock()
	return w.Poster.Post(ctx, d, to, card, marker)
}

func (w *watch) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.arrived
}

// Many recipients at one minute, with and without refusals: the pace is kept, nothing is lost, and a notice does not
// wait behind them.
func TestPace(t *testing.T) {
	for _, refuse := range []int{0, 5} {
		t.Run(fmt.Sprint("refuse ", refuse), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				watch := &watch{refuse: refuse, last: map[string]time.Time{}}
				w, run := live(t, "2026-10-13 06:50", func(p Poster) Poster { watch.Poster = p; return watch })
				const coaches = 300
				var facts []school.Fact
				var texts []school.Text
				for i := range coaches {
					id := school.PersonID(fmt.Sprintf("x%d", i))
					texts = append(texts, school.Text{Key: "acc." + string(id), Kind: "account", Subject: string(id), Class: school.Roster, Body: "fake W1 " + string(id)})
					facts = append(facts,
						school.PersonSet{ID: id, From: day("2026-08-03"), Start: day("2026-08-03"), Role: school.Coach, Campus: "cedar"},
						school.AccountLinked{Person: id, Account: "acc." + string(id)},
						school.PersonSet{ID: "y" + id, From: day("2026-08-03"), Start: day("2026-08-03"), Role: school.Teacher, Campus: "cedar", Observers: []school.PersonID{id}})
				}
				w.recordWith(texts, facts...)
				stop := run()
				time.Sleep(11*time.Minute + 10*time.Second) // 7:01:10, in the midst of it
				if n := watch.count(); n < 5 || n > coaches-20 {
					t.Errorf("%d of %d arrived in the midst of it", n, coaches)
				}
				w.clock.set(w.runner.cfg.Now())
				w.fake.TakeEvents()
				r := w.record(school.VisitLogged{UID: 77, Observer: "c1", Subject: "t1", Visit: school.CoachingVisit, On: day("2026-10-13"), Texts: []string{"note"}})
				w.record(school.VisitShared{Visit: r.First, At: w.runner.cfg.Now()})
				time.Sleep(10 * time.Second)
				if !slices.Contains(w.said(), noteSaid) {
					t.Error("the notice waits behind the plans")
				}
				time.Sleep(10 * time.Minute)
				stop()
				if got := w.runner.Stats().Posted[KindPlan]; got != coaches+1 {
					t.Errorf("%d of %d plans were posted", got, coaches+1)
				}
				for _, b := range slices.Sorted(maps.Keys(counted(watch.broken))) {
					t.Errorf("%s: %d times", b, counted(watch.broken)[b])
				}
				w.book.Close()
			})
		})
	}
}

func counted(list []string) map[string]int {
	out := map[string]int{}
	for _, s := range list {
		out[s]++
	}
	return out
}

// A long run that comes into quiet hours stops there; what is left goes on in the morning or is on record.
func TestQuietHoursAtTheMomentOfSending(t *testing.T) {
	w := newWorld(t, "2026-10-15 10:00")
	w.scan()
	name := w.note("2026-10-15 17:59")
	w.at("2026-10-15 17:59")
	w.runner.crash = func(point string) error {
		if point == "claimed" {
			w.at("2026-10-15 18:00") // the clock moves on between the plan and the sending
		}
		return nil
	}
	w.scan()
	same(t, "not in quiet hours", w.said(), nil)
	w.runner.crash = nil
	same(t, "at night", w.scanAt("2026-10-15 23:00"), nil)
	same(t, "in the morning", w.scanAt("2026-10-16 07:00"), []string{noteSaid})
	if got := w.settledAs(name); got != "sent" {
		t.Errorf("recorded as %q", got)
	}
}

// A process that was frozen past its trust in the lease does not post.
func TestFrozenPastTheLease(t *testing.T) {
	for _, point := range []string{"claimed", "looked", "before post"} {
		w := newWorld(t, "2026-10-15 10:00")
		w.scan()
		w.note("2026-10-15 10:00")
		w.runner.crash = func(p string) error {
			if p == point {
				w.clock.set(w.clock.Now().Add(50 * time.Second))
			}
			return nil
		}
		w.scan()
		same(t, "frozen at "+point, w.said(), nil)
		w.runner.crash = nil
		w.at("2026-10-15 10:05")
		w.scan()
		same(t, "later", w.said(), []string{noteSaid})
	}
}

// Two replicas on one log: one of them sends.
func TestTwoReplicas(t *testing.T) {
	w := newWorld(t, "2026-10-15 10:00")
	w.scan()
	names := w.share(200)
	first := w.runner
	w.start(func(*Config) {})
	var both sync.WaitGroup
	for _, r := range []*Runner{first, w.runner} {
		both.Go(func() {
			for range 3 {
				if err := r.Scan(context.Background()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	both.Wait()
	w.scan()
	for _, name := range names {
		if n := w.byMarker()[hash(district+"/"+name)]; n != 1 {
			t.Errorf("%s: %d messages", name, n)
		}
	}
}

// The mark survives a restart, and a store that fails for a moment loses nothing.
func TestMarkSurvives(t *testing.T) {
	w := newWorld(t, "2026-10-13 06:00")
	w.scan()
	w.at("2026-10-13 10:30")
	w.restart()
	w.scan()
	same(t, "within four hours", w.said(), []string{planSaid})
	w.at("2026-10-14 20:00")
	w.restart()
	w.scan()
	same(t, "in quiet hours", w.said(), nil)
	w.at("2026-10-15 07:30")
	w.restart()
	w.scan()
	same(t, "the agenda waited for the morning", w.said(), []string{agendaSaid})
}
