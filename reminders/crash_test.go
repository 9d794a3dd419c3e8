package reminders

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"rounds/bot"
	"rounds/bot/bottest"
	"rounds/school"
)

// blind is a poster that never finds anything: the negative control.
type blind struct{ Poster }

func (blind) Find(context.Context, bot.District, bot.Target, string, time.Time) (bot.Ref, bot.Room, bool, error) {
	return "", bot.Room{}, false, nil
}

// share makes n notices due: shared notes and given steps in turn.
func (w *world) share(n int) (names []string) {
	var log, shared []school.Fact
	teachers := []school.PersonID{"t1", "t2", "t3", "t4", "t5", "t6"}
	for i := range n {
		if i%5 == 4 {
			log = append(log, school.StepAdded{UID: uint64(i), Subject: teachers[i%6], Author: "c1", On: day("2026-10-15")})
			continue
		}
		log = append(log, school.VisitLogged{UID: uint64(i), Observer: "c1", Subject: teachers[i%6], Visit: school.CoachingVisit, On: day("2026-10-15"), Texts: []string{"note"}})
	}
	r := w.record(log...)
	for i, f := range log {
		v := r.First + int64(i)
		if _, ok := f.(school.StepAdded); ok {
			names = append(names, fmt.Sprintf("notice/step/%d", v))
			continue
		}
		names = append(names, fmt.Sprintf("notice/note/%d", v))
		shared = append(shared, school.VisitShared{Visit: v, At: w.clock.Now()})
	}
	w.record(shared...)
	return names
}

// byMarker counts the stored messages of each marker.
func (w *world) byMarker() map[string]int {
	out := map[string]int{}
	for _, r := range w.fake.Rooms() {
		for _, s := range w.fake.Stored(r) {
			out[s.Marker]++
		}
	}
	return out
}

// crashing lets the process end at random points, and the service refuse and lose replies at random, until all
// is settled. It tells how many were lost and how many were posted twice.
func crashing(t *testing.T, n int, seed uint64, poster func(Poster) Poster) (lost, twice, crashes int) {
	rng := rand.New(rand.NewPCG(seed, 1))
	start := func(c *Config) { c.Lease = time.Second; c.Poster = poster(c.Poster) }
	w := newWorldWith(t, "2026-10-15 10:00", start)
	w.record(school.DistrictSet{Name: "B", Zone: "America/Chicago"}) // no quiet hours
	w.scan()
	names := w.share(n)

	left := func() (k int) {
		for _, name := range names {
			if w.settledAs(name) == "open" {
				k++
			}
		}
		return k
	}
	for round := 0; left() > 0; round++ {
		if round > 20*n {
			t.Fatalf("%d of %d are still open", left(), n)
		}
		w.clock.set(w.clock.Now().Add(1300 * time.Millisecond)) // what the dead process held has run out
		w.runner.crash = func(point string) error {
			if rng.IntN(40) == 0 {
				crashes++
				return errCrashed
			}
			switch {
			case point != "before post":
			case rng.IntN(20) == 0:
				w.fake.Inject(bottest.Fault{Op: "post", Err: &bot.UnknownError{Err: errors.New("no answer")}, Stands: rng.IntN(2) == 0})
			case rng.IntN(20) == 0:
				w.fake.Inject(bottest.Fault{Op: "post", Err: &bot.RetryError{After: time.Second, Err: errors.New("too many")}})
			case rng.IntN(30) == 0:
				w.fake.Inject(bottest.Fault{Op: "find", Err: errors.New("no answer")})
			}
			return nil
		}
		_, err := w.runner.scan(context.Background())
		if errors.Is(err, errCrashed) {
			if rng.IntN(25) == 0 {
				w.book.Close()
				w.open()
			}
			w.start(start)
		}
	}
	count := w.byMarker()
	for _, name := range names {
		switch k := count[hash(district+"/"+name)]; {
		case k == 0, w.settledAs(name) != "sent":
			lost++
		case k > 1:
			twice++
		}
	}
	return lost, twice, crashes
}

func TestExactlyOnceThroughCrashes(t *testing.T) {
	n := 2000
	lost, twice, crashes := crashing(t, n, 7, func(p Poster) Poster { return p })
	t.Logf("%d occurrences, %d crashes: %d lost, %d twice", n, crashes, lost, twice)
	if lost != 0 || twice != 0 || crashes < 100 {
		t.Errorf("of %d occurrences with %d crashes %d were lost and %d posted twice", n, crashes, lost, twice)
	}
}

func TestWithoutLookUpCrashesDuplicate(t *testing.T) {
	_, twice, crashes := crashing(t, 400, 7, func(p Poster) Poster { return blind{p} })
	t.Logf("%d crashes, %d twice", crashes, twice)
	if twice == 0 {
		t.Error("nothing was posted twice without a look-up: the test above proves nothing")
	}
}

// At every single point, one after the other.
func TestEachCrashPoint(t *testing.T) {
	for _, point := range []string{"claimed", "looked", "before post", "after post", "recorded"} {
		t.Run(point, func(t *testing.T) {
			w := newWorld(t, "2026-10-15 10:00")
			w.scan()
			name := w.share(1)[0]
			w.runner.crash = func(p string) error {
				if p == point {
					return errCrashed
				}
				return nil
			}
			if _, err := w.runner.scan(context.Background()); !errors.Is(err, errCrashed) {
				t.Fatalf("did not crash: %v", err)
			}
			w.at("2026-10-15 10:02")
			w.restart()
			w.scan()
			if k := w.byMarker()[hash(district+"/"+name)]; k != 1 || w.settledAs(name) != "sent" {
				t.Errorf("posted %d times, recorded %q", k, w.settledAs(name))
			}
			w.scan()
			if k := w.byMarker()[hash(district+"/"+name)]; k != 1 {
				t.Errorf("a later scan made it %d", k)
			}
		})
	}
}

// What was posted just before the end, and is no longer due after it, is recorded as posted all the same.
func TestPostedBeforeTheEndIsNotDropped(t *testing.T) {
	w := newWorld(t, "2026-10-14 14:00")
	w.scan()
	w.at("2026-10-14 15:00")
	w.runner.crash = func(p string) error {
		if p == "after post" {
			return errCrashed
		}
		return nil
	}
	if _, err := w.runner.scan(context.Background()); !errors.Is(err, errCrashed) {
		t.Fatalf("did not crash: %v", err)
	}
	w.at("2026-10-15 11:00") // the meeting is over
	w.restart()
	w.scan()
	if got := w.settledAs("agenda/math/2026-10-15"); got != "sent" {
		t.Errorf("recorded as %q", got)
	}
	if n := len(w.fake.Stored(bot.Room{Platform: "fake", Workspace: "W1", ID: "math"})); n != 1 {
		t.Errorf("%d agendas stand", n)
	}
}

// What a process posted before it died is looked up even where the first look of the next one finds it held, and a later one
// too late.
func TestHeldAfterACrash(t *testing.T) {
	w := newWorld(t, "2026-10-16 17:00")
	w.record(school.RuleSet{Rule: school.Rule{ID: KindPlan, On: school.FirstSchoolDay, Time: 16 * 60}})
	w.scan()
	w.at("2026-10-19 17:58")
	w.runner.crash = func(p string) error {
		if p == "after post" {
			return errCrashed
		}
		return nil
	}
	if _, err := w.runner.scan(context.Background()); !errors.Is(err, errCrashed) {
		t.Fatal(err)
	}
	same(t, "said", w.said(), []string{"dm-c1: 6 visits to go, 5 school days left."})
	w.restart()
	for _, now := range []string{"18:05", "20:01", "20:03", "20:05"} {
		same(t, now, w.scanAt("2026-10-19 "+now), nil)
	}
	if got := w.settledAs("plan/2026-10-19/c1"); got != "sent" {
		t.Errorf("recorded as %q", got)
	}
}
