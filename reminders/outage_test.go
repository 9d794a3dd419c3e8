package reminders

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"rounds/school"
)

// A trouble befalls the only process of a district for a while.
type trouble struct {
	at     time.Time
	what   string // "down", "suspended", "ahead", "behind"
	length time.Duration
	during string // the step of a delivery in the midst of which it comes, or ""
}

// A year is a school year of a district, seen by the clock of its one machine.
type year struct {
	*world
	rng     *rand.Rand
	began   time.Time
	wrong   time.Duration // how far the machine's clock is ahead
	asleep  time.Duration // for how long it was suspended
	looked  []time.Time   // when a scan ended well, by the machine's clock
	falsely []string
	struck  bool           // the scan under way was suspended
	told    map[string]int // notices, and how many looks there were before
	count   map[string]int
	lived
}

func (y *year) now() time.Time { return local(yearStart).Add(time.Since(y.began) + y.wrong) }

const yearStart = "2026-09-28 13:00"

// copied is a log with the same events, but those of some kinds.
func (w *world) copied(without ...string) *school.MemLog {
	ctx, log := context.Background(), school.NewMemLog(nil)
	var events []school.Event
	var texts []school.Text
	err := w.log.Read(ctx, 0, func(e school.Event) error {
		if slices.Contains(without, e.Kind) {
			e = school.Event{Kind: "left out", At: e.At} // an unknown kind is skipped, and the versions stay
		}
		events = append(events, e)
		return nil
	})
	for _, kind := range []string{"name", "account"} {
		err = errors.Join(err, w.log.ScanTexts(ctx, kind, func(t school.Text) error { texts = append(texts, t); return nil }))
	}
	if err == nil {
		_, err = log.Append(ctx, school.Any, "", events, texts)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return log
}

// expected is everything that the rules, the calendar and what people did ask for up to a time, as far as it can be told from
// the record at its end: but for the weeks in which the calendar or the team was changed and changed back. The rest is
// held to watch, owed, untold and unasked.
func (y *year) expected(from, to time.Time) (all []Occurrence) {
	book, err := school.Open(context.Background(), y.copied("sent", "welcomed"))
	if err != nil {
		y.t.Fatal(err)
	}
	defer book.Close()
	_ = book.Read(func(m *school.Model) {
		for _, o := range Plan(m, district, from, to) {
			told := slices.Contains([]string{KindPlan, KindDue, KindAgenda, KindStart, KindPreview, KindDigest, KindGrow, KindNotice}, o.Kind)
			if told && o.closed == "" && (o.Kind == KindNotice || !y.disturbed[school.DayOf(o.At, chicago).Monday()]) {
				all = append(all, o)
			}
		}
	})
	return all
}

// process starts the machine's process anew.
func (y *year) process() {
	y.start(func(c *Config) { c.Now, c.Wall, c.Frozen = y.now, time.Now, false })
	asleep := y.asleep
	up := time.Now()
	y.runner.steady = func() time.Duration { return time.Since(up) - (y.asleep - asleep) }
}

// troubles are what befalls the year, most of it near the time at which something falls due.
func (y *year) troubles(from, to time.Time) (list []trouble) {
	due := y.expected(from, to)
	for i := range 320 {
		o := due[y.rng.IntN(len(due))]
		t := trouble{at: o.At.Add(time.Duration(y.rng.IntN(70)-60) * time.Minute), length: 3 * time.Hour}
		t.what = []string{"down", "suspended", "ahead", "behind"}[i%4]
		switch t.what {
		case "ahead", "behind":
			t.length = time.Duration(10+y.rng.IntN(300)) * time.Minute
		default:
			if y.rng.IntN(4) == 0 {
				t.length = time.Duration(1+y.rng.IntN(30)) * time.Hour
			}
			if y.rng.IntN(2) == 0 {
				points := []string{"claimed", "looked", "fenced", "before post", "after post", "recorded"}
				t.at, t.during = o.At.Add(-time.Minute), points[y.rng.IntN(len(points))]
			}
		}
		list = append(list, t)
	}
	slices.SortFunc(list, func(a, b trouble) int { return cmp.Or(a.at.Compare(b.at), strings.Compare(a.what, b.what)) })
	return list
}

// look scans as Run does, every 15 s as long as something due is left.
func (y *year) look() (crashed bool) {
	y.t.Helper()
	for range 20 {
		done, err := y.scanned()
		if errors.Is(err, errCrashed) {
			return true
		}
		if err == nil && !slices.ContainsFunc(done.waiting, func(o Occurrence) bool { return o.Status == Due }) {
			break
		}
		time.Sleep(scanEvery)
	}
	return false
}

// scanned is one scan. It notes what is dropped although it could have been sent.
func (y *year) scanned() (scanned, error) {
	at := y.now()
	y.struck = false
	done, err := y.runner.scan(context.Background())
	if err != nil || y.struck {
		return done, err
	}
	for _, o := range done.settled {
		if y.disturbed[school.DayOf(o.At, chicago).Monday()] {
			continue // its slot may have been none when it was time, or its window shorter
		}
		if o.Status == Dropped && strings.HasPrefix(o.Reason, "its time had passed") && slices.ContainsFunc(y.looked[y.told[o.Name]:], func(t time.Time) bool {
			return y.could(&o, t)
		}) {
			y.falsely = append(y.falsely, o.Name+": "+o.Reason)
		}
	}
	// What waits with no time for another look is looked up first: an earlier process may have sent it.
	if !slices.ContainsFunc(done.waiting, func(o Occurrence) bool { return o.Status == Due || o.Again.IsZero() }) {
		y.looked = append(y.looked, at)
		if y.looks++; y.looks%12 == 0 || len(done.settled)+len(done.posted) > 0 && y.looks%3 == 0 {
			y.watch(done)
		}
	}
	return done, nil
}

// could tells whether a look at t would have sent it: it is due, it is day, and people work.
func (y *year) could(o *Occurrence, t time.Time) bool {
	c := t.In(chicago)
	staffed := false
	_ = y.book.Read(func(m *school.Model) { staffed = m.Calendar("cedar").Staffed(school.DayOf(t, chicago)) })
	return !t.Before(o.At.Add(jitter(o))) && t.Before(o.Until) && c.Hour() >= 7 && c.Hour() < 18 && staffed
}

// noteNow lets a coach share a note now, by the machine's clock.
func (y *year) noteNow() {
	y.clock.set(y.now())
	v := y.record(school.VisitLogged{
		UID: uint64(len(y.told) + 1), Observer: "c1", Subject: school.PersonID(fmt.Sprint("t", 1+y.rng.IntN(6))),
		Visit: school.CoachingVisit, On: school.DayOf(y.now(), chicago), Texts: []string{"note"},
	}).First
	y.record(school.VisitShared{Visit: v, At: y.now()})
	y.told[fmt.Sprintf("%s/notice/note/%d", district, v)] = len(y.looked)
}

// befall lets a trouble happen. It comes back when the machine is up again, or its clock wrong.
func (y *year) befall(tr trouble) {
	y.count[tr.what]++
	suspended := func() { time.Sleep(tr.length); y.asleep += tr.length }
	if tr.during != "" {
		struck := false
		y.noteNow() // so that there is something to deliver
		y.runner.crash = func(p string) error {
			if struck || p != tr.during {
				return nil
			}
			struck = true
			y.count[tr.what+" in a delivery"]++
			if tr.what == "down" {
				return errCrashed
			}
			suspended()
			y.struck = true
			return nil
		}
		for range 5 { // until something is delivered
			if y.look() || struck {
				break
			}
		}
		y.runner.crash = nil
		if struck && tr.what == "suspended" {
			return
		}
	}
	switch tr.what {
	case "down":
		for end := time.Now().Add(tr.length); time.Now().Before(end); {
			time.Sleep(tr.length / 3)
			if h := y.now().In(chicago).Hour(); h > 6 && h < 20 && y.rng.IntN(3) == 0 {
				y.noteNow() // another process took it: one that answers, and does not send
				y.liveNow()
			}
		}
		if y.rng.IntN(4) == 0 {
			y.book.Close()
			y.open()
		}
		y.process()
	case "suspended":
		suspended()
	case "ahead":
		y.wrong = 2 * time.Hour
	case "behind":
		y.wrong = -2 * time.Hour
	}
}

// A school year on one machine that is down for three hours eighty times, suspended eighty times, and whose clock is
// eighty times two hours ahead and eighty times two hours behind: what could be sent in its time is sent once, and all else is on
// record with its reason.
func TestAYearOfTroubles(t *testing.T) {
	for seed := range uint64(*chaosSeeds) {
		synctest.Test(t, func(t *testing.T) {
			y := &year{rng: rand.New(rand.NewPCG(seed+1, 9)), began: time.Now(), count: map[string]int{}, told: map[string]int{}}
			y.disturbed = map[school.Day]bool{}
			y.world = newWorld(t, yearStart)
			y.book.Close()
			y.log = y.copied()
			y.open()
			y.fake.Now = y.now
			y.process()
			y.record( // a teacher wants to be reminded of their own page
				school.GoalSet{Person: "t1", Statement: "proficient.1", On: y.from() - 7},
				school.GrowRhythm{Person: "t1", Weeks: 2, On: y.from() - 7},
			)
			y.look()
			from, to := y.now(), local("2027-06-20 12:00")
			troubles := y.troubles(from, local("2027-05-28 00:00"))
			var right time.Time // when the clock is set right
			for y.now().Before(to) {
				true := y.now().Add(-y.wrong)
				if y.wrong != 0 && (!true.Before(right) || len(troubles) > 0 && !true.Before(troubles[0].at)) {
					y.wrong = 0
					y.look() // Run does, within 15 s
				}
				if len(troubles) > 0 && !true.Before(troubles[0].at) {
					tr := troubles[0]
					troubles = troubles[1:]
					y.befall(tr)
					right = y.now().Add(-y.wrong + tr.length)
				}
				if h := true.In(chicago).Hour(); h > 6 && h < 21 && y.rng.IntN(70) == 0 {
					y.noteNow()
				} else if h > 6 && h < 19 && y.rng.IntN(12) == 0 {
					y.liveNow()
				}
				y.putBack()
				y.look()
				time.Sleep(10 * time.Minute)
			}
			y.judge(seed+1, from, to)
			y.book.Close()
		})
	}
}

// judge compares the year with what was expected of it.
func (y *year) judge(seed uint64, from, to time.Time) {
	t := y.t
	ended := map[string]int{}
	all := y.expected(from, to)
	for _, o := range all {
		name := strings.TrimPrefix(o.Name, district+"/")
		how, n := y.settledAs(name), y.byMarker()[hash(o.Name)]
		switch {
		case how == "open":
			t.Errorf("seed %d: %s is silently missing", seed, name)
		case how == "sent" && n != 1, how != "sent" && n != 0:
			t.Errorf("seed %d: %s stands %d times and is recorded as %q", seed, name, n, how)
		}
		ended[how]++
	}
	for marker, n := range y.byMarker() {
		if n > 1 {
			t.Errorf("seed %d: %s stands %d times", seed, marker, n)
		}
	}
	owed := y.owed()
	for _, name := range owed {
		if y.settledAs(name) == "open" {
			t.Errorf("seed %d: %s is owed, and silently missing", seed, name)
		}
	}
	for _, at := range y.untold() {
		t.Errorf("seed %d: of the answer of %s nobody was told", seed, at)
	}
	for _, name := range y.unasked() {
		t.Errorf("seed %d: %s came to no end", seed, name)
	}
	if len(y.falsely) > 5 {
		y.falsely = append(y.falsely[:5], fmt.Sprintf("and %d more", len(y.falsely)-5))
	}
	for _, f := range y.falsely {
		t.Errorf("seed %d: could have been sent: %s", seed, f)
	}
	kinds := y.ended()
	for _, what := range slices.Sorted(maps.Keys(kinds)) {
		t.Logf("%5d %s", kinds[what], what)
	}
	for _, k := range Kinds() {
		if kinds[k+": sent"] < 1 && (k != KindAgendaOff && k != KindAgendaMoved || seed == 1) { // chance may disturb no day that has an agenda
			t.Errorf("seed %d: nothing of %q was sent", seed, k)
		}
	}
	t.Logf("seed %d: %d owed for %d visits, %d steps, %d answers; %d weeks disturbed", seed, len(owed), len(y.visits), len(y.steps), len(y.answers), len(y.disturbed))
	t.Logf("seed %d: %d occurrences, %d scans, %v", seed, len(all), len(y.looked), y.count)
	for _, how := range slices.Sorted(maps.Keys(ended)) {
		t.Logf("%5d %s", ended[how], how)
	}
	if late := ended["its time had passed before it could be sent"]; ended["sent"] < 300 || late == 0 {
		t.Errorf("seed %d: %d sent, %d too late: too little happened", seed, ended["sent"], late)
	}
	for _, what := range []string{"down in a delivery", "suspended in a delivery"} {
		if y.count[what] < 10 {
			t.Errorf("seed %d: %s only %d times", seed, what, y.count[what])
		}
	}
}
