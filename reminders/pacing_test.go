package reminders

import (
	"context"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"rounds/school"
)

// recipients is the size of the pacing tests.
const recipients = 5000

// A crowd is a district with very many recipients in one Slack workspace, and how many of the posts are refused.
type crowd struct {
	*chaos
	slack   *chat
	refused int            // per cent
	asked   map[string]int // how often each marker came
}

// newCrowd makes the district at a local time, in a bubble.
func newCrowd(t *testing.T, at string, people, refused int) *crowd {
	slack := newSlack()
	slack.answer = 200 * time.Millisecond
	m := &crowd{
		chaos: &chaos{t: t, seed: 1, log: school.NewMemLog(nil), chats: []*chat{slack}, now: shifted(at)},
		slack: slack, refused: refused, asked: map[string]int{},
	}
	slack.fault = m.refuse
	var err error
	if m.book, err = school.Open(context.Background(), m.log); err != nil {
		t.Fatal(err)
	}
	m.found(people)
	return m
}

// refuse refuses some posts; which ones follows from the seed, the marker and how often it came.
func (m *crowd) refuse(marker string) fault {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.asked[marker]++
	h := fnv.New64a()
	_, _ = fmt.Fprint(h, marker, m.asked[marker])
	if rand.New(rand.NewPCG(m.seed, h.Sum64())).IntN(100) < m.refused {
		return limited
	}
	return fine
}

// replica runs a sender over its own book; the returned function ends it.
func (m *crowd) replica(change func(*Config, *school.Book)) (r *Runner, stop func()) {
	book, err := school.Open(context.Background(), m.log)
	if err != nil {
		m.t.Fatal(err)
	}
	m.setup = func(c *Config) { change(c, book) }
	r = m.runner(book)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- r.Run(ctx) }()
	return r, func() {
		cancel()
		if err := <-done; err != nil {
			m.t.Error(err)
		}
		book.Close()
	}
}

func asItIs(*Config, *school.Book) {}

// until waits until all is settled, and tells how long that took.
func (m *crowd) until(most time.Duration) time.Duration {
	began := time.Now()
	for m.open(len(m.names)) > 0 && time.Since(began) < most {
		time.Sleep(10 * time.Second)
	}
	return time.Since(began)
}

// broken says what broke the pace.
func (c *chat) broken() map[string]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := map[string]int{}
	rooms, spaces, until := map[string]time.Time{}, map[string][]time.Time{}, map[string]time.Time{}
	for _, r := range c.requests {
		if last, ok := rooms[r.room]; ok && r.at.Sub(last) < time.Second {
			out["twice a second in a channel"]++
		}
		rooms[r.room] = r.at
		s := append(spaces[r.workspace], r.at)
		if k := len(s); k > 3 && s[k-1].Sub(s[k-4]) < time.Second {
			out["four in a second in a workspace"]++
		}
		spaces[r.workspace] = s
		if r.at.Before(until[r.workspace]) {
			out["inside a Retry-After"]++
		}
		if r.status == 429 {
			until[r.workspace] = r.at.Add(c.retry)
		}
	}
	return out
}

// check wants all of it sent, once, in pace.
func (m *crowd) check() {
	m.t.Helper()
	out := m.judge()
	m.t.Logf("seed %d, %d recipients, %d requests: %v", m.seed, len(m.names), len(m.slack.requests), out)
	if out.lost+out.dropped+out.doubles()+out.wrong != 0 {
		m.t.Errorf("seed %d: %v", m.seed, out)
	}
	for what, n := range m.slack.broken() {
		m.t.Errorf("seed %d: %s: %d times", m.seed, what, n)
	}
}

// Five thousand recipients at once are told in half an hour, and in an hour when Slack refuses every fifth post; nobody
// is missed, and nothing is looked up, for a refusal is no doubt.
func TestPaceOfFiveThousand(t *testing.T) {
	for refused, most := range map[int]time.Duration{0: 30 * time.Minute, 20: 60 * time.Minute} {
		t.Run(fmt.Sprintf("%d%% refused", refused), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := newCrowd(t, "2026-10-15 10:00", recipients, refused)
				defer m.book.Close()
				_, stop := m.replica(asItIs)
				time.Sleep(time.Second)
				m.share(recipients, recipients)
				took := m.until(2 * time.Hour)
				stop()
				m.check()
				t.Logf("%v virtual", took)
				if took > most {
					t.Errorf("took %v", took)
				}
				if out := m.judge(); out.finds != 0 {
					t.Errorf("%d look-ups", out.finds)
				}
			})
		})
	}
}

// In one room at most one a second.
func TestPaceOfARoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newCrowd(t, "2026-10-15 10:00", 1, 20)
		defer m.book.Close()
		_, stop := m.replica(asItIs)
		time.Sleep(time.Second)
		m.share(60, 1)
		took := m.until(time.Hour)
		stop()
		m.check()
		if took < time.Minute {
			t.Errorf("60 messages to one person took %v", took)
		}
	})
}

// The process ends in the midst of it, forty times: who was told is on record, and a Retry-After holds for the next process.
func TestPaceThroughARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newCrowd(t, "2026-10-15 10:00", 500, 20)
		defer m.book.Close()
		m.slack.retry = 10 * time.Second
		_, stop := m.replica(asItIs)
		time.Sleep(time.Second)
		m.share(500, 500)
		for range 40 {
			time.Sleep(4*time.Second + 70*time.Millisecond)
			stop()
			_, stop = m.replica(asItIs)
		}
		m.until(time.Hour)
		stop()
		m.check()
	})
}

// Quiet hours begin in the midst of a run: what is left waits for the morning, and nothing is claimed meanwhile that
// would look like an attempt.
func TestPaceIntoQuietHours(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newCrowd(t, "2026-10-15 17:57", 1200, 0)
		defer m.book.Close()
		m.must(school.Entry{Command: "quiet", At: m.now(), Facts: []school.Fact{
			school.DistrictSet{Name: "Blanco Bend", Zone: "America/Chicago", QuietFrom: 18 * 60, QuietTo: 7 * 60},
		}})
		_, stop := m.replica(asItIs)
		time.Sleep(time.Second)
		m.share(1200, 1200)
		time.Sleep(10 * time.Minute)
		stop() // over night
		before := len(m.slack.requests)
		for range 6 {
			_, stop = m.replica(asItIs)
			time.Sleep(time.Minute)
			stop()
			time.Sleep(119 * time.Minute)
		}
		_, stop = m.replica(asItIs)
		if n := len(m.slack.requests); n != before || before < 300 || before > 900 {
			t.Errorf("%d requests in the evening, %d in the night", before, n-before)
		}
		m.until(2 * time.Hour)
		stop()
		m.check()
		began := m.now().Add(-time.Since(m.slack.requests[0].at))
		for _, r := range m.slack.requests {
			local := began.Add(r.at.Sub(m.slack.requests[0].at)).In(chicago)
			if h := local.Hour(); h >= 18 || h < 7 {
				t.Errorf("a request at %s", local.Format("15:04:05"))
				break
			}
		}
		if out := m.judge(); out.finds != 0 {
			t.Errorf("%d look-ups", out.finds)
		}
	})
}

// careless is a log that lets everybody into every workspace: the negative control of sharing a pace.
type careless struct{ school.Log }

func (l careless) Claim(ctx context.Context, key, holder string, lease time.Duration) (school.Claim, bool, error) {
	if len(key) > 5 && key[:5] == "pace/" {
		return school.Claim{Key: key, Holder: holder, Epoch: 1, Until: time.Now().Add(lease)}, true, nil
	}
	return l.Log.Claim(ctx, key, holder, lease)
}

// Three replicas share the pace of a workspace: one of them sends, and when it ends another goes on.
func TestPaceOfReplicas(t *testing.T) {
	for name, spoil := range map[string]bool{"as it is": false, "control": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := newCrowd(t, "2026-10-15 10:00", 400, 20)
				defer m.book.Close()
				if spoil {
					m.log = careless{m.log}
				}
				var stops []func()
				var all []*Runner
				for range 3 {
					r, stop := m.replica(asItIs)
					stops, all = append(stops, stop), append(all, r)
				}
				time.Sleep(time.Second)
				m.share(400, 400)
				time.Sleep(time.Minute)
				for i, r := range all { // the one that sends ends
					if r.Stats().Posted[KindNotice] > 0 {
						stops[i]()
						_, stops[i] = m.replica(asItIs)
					}
				}
				m.until(time.Hour)
				for _, stop := range stops {
					stop()
				}
				if !spoil {
					m.check()
				} else if n := len(m.slack.broken()); n == 0 {
					t.Error("three senders kept the pace of one without knowing of each other: the test proves nothing")
				}
			})
		})
	}
}

// Somebody's notice does not wait behind thousands, also where the service takes longer than the pace.
func TestUrgentBehindASlowService(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newCrowd(t, "2026-10-13 06:59", 2, 0)
		defer m.book.Close()
		m.slack.answer = 2 * time.Second
		var facts []school.Fact
		var texts []school.Text
		for i := range 200 {
			id := school.PersonID(fmt.Sprintf("x%d", i))
			texts = append(texts, school.Text{Key: "acc." + string(id), Kind: "account", Subject: string(id), Class: school.Roster, Body: "slack W1 " + string(id)})
			facts = append(facts,
				school.PersonSet{ID: id, From: day("2026-08-03"), Start: day("2026-08-03"), Role: school.Coach, Campus: "cedar"},
				school.AccountLinked{Person: id, Account: "acc." + string(id)},
				school.PersonSet{ID: "y" + id, From: day("2026-08-03"), Start: day("2026-08-03"), Role: school.Teacher, Campus: "cedar", Observers: []school.PersonID{id}})
		}
		facts = append(facts,
			school.TargetSet{Target: school.Target{ID: "weekly", Name: "Weekly", Roles: []school.Role{school.Teacher}, N: 1, Weeks: 1}},
			school.RuleSet{Rule: school.Rule{ID: KindPlan, On: school.EverySchoolDay, Time: 7 * 60}})
		m.must(school.Entry{Command: "coaches", At: m.now(), Facts: facts, Texts: texts})
		_, stop := m.replica(asItIs)
		time.Sleep(5 * time.Minute)
		if n := len(m.slack.requests); n < 50 || n > 180 {
			t.Errorf("%d of 200 were told when the notice came", n)
		}
		m.share(1, 1)
		time.Sleep(20 * time.Second)
		if m.open(1) != 0 {
			t.Error("the notice waits behind the plans")
		}
		stop()
	})
}
