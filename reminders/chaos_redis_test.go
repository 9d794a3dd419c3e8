package reminders

import (
	"context"
	"flag"
	"fmt"
	"sync"
	"testing"
	"time"

	"rounds/school"
	"rounds/school/logtest"
	"rounds/school/redislog"
)

// chaosRedis is how many occurrences TestChaosOnRedis has; the make target chaos-redis asks for 10,000.
var chaosRedis = flag.Int("chaos.redis", 320, "how many occurrences TestChaosOnRedis has")

// Leases of a real server run by its clock, so that these tests take real time; districts beside one another keep it short.
// A quarter of a lease is longer than anything is late, also where the machine is busy.
const redisLease = 800 * time.Millisecond

// districts is how many run at once; each has three senders.
const districts = 8

// onRedis makes a chaos in a district of its own, each of whose senders has its own connection.
func onRedis(t *testing.T, srv *logtest.Redis, seed uint64) *chaos {
	t.Helper()
	address := fmt.Sprintf("redis://%s?prefix=chaos%d", srv.Addr, seed)
	open := func(int) school.Log { return openRedis(t, address) }
	quick := func(c *chat) *chat {
		c.lag, c.answer, c.patience, c.retry = 4*time.Millisecond, 5*time.Millisecond, 40*time.Millisecond, 50*time.Millisecond
		return c
	}
	return &chaos{
		t: t, seed: seed, log: open(0), own: open, senders: 3, point: steps, chats: []*chat{quick(newSlack()), quick(newDiscord())},
		real: &realTime{lease: redisLease, beat: 100 * time.Millisecond, settle: 2 * redisLease, batch: 60},
		setup: func(cfg *Config) {
			chaotic(cfg)
			cfg.Lease = redisLease
		},
	}
}

func openRedis(t *testing.T, address string) school.Log {
	t.Helper()
	store, err := redislog.Open(context.Background(), address, redislog.Options{Mark: redislog.Real, AcceptLoss: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return store.Log(district)
}

// TestChaosOnRedis is TestChaos in real time: three senders a district, each with its own connection to a Redis, whose
// claims run out by the server's clock. Beside them run the controls, which must post twice.
func TestChaosOnRedis(t *testing.T) {
	t.Parallel()
	srv := logtest.StartRedis(t, logtest.Durable...)
	n := *chaosRedis / districts
	var all sync.WaitGroup
	began := time.Now()
	outs := make([]outcome, districts)
	for i := range outs {
		c := onRedis(t, srv, uint64(i)+1)
		c.faults = true
		all.Go(func() { outs[i] = c.run(t, n) })
	}
	controls := map[string]func(cfg *Config){
		"a plain lock": func(cfg *Config) { cfg.Wall, cfg.Poster = still(), blind{deaf{cfg.Poster}} },
		"no look-up":   func(cfg *Config) { cfg.Poster = blind{cfg.Poster} },
	}
	var mu sync.Mutex
	controlled := map[string]outcome{}
	for name, harm := range controls {
		c := onRedis(t, srv, 100+uint64(len(name)))
		c.chats = c.chats[:1]
		setup := c.setup
		c.setup = func(cfg *Config) { setup(cfg); harm(cfg) }
		if name == "a plain lock" {
			c.spoil = func(l school.Log) school.Log { return lockOnly{l} }
		}
		all.Go(func() {
			out := c.run(t, 80)
			mu.Lock()
			defer mu.Unlock()
			controlled[name] = out
		})
	}
	all.Wait()
	sum := added(outs)
	t.Logf("%d occurrences in %v: %v", n*districts, time.Since(began).Round(time.Second), sum)
	if sum.lost+sum.dropped+sum.doubles()+sum.wrong != 0 {
		t.Errorf("%v", sum)
	}
	for _, what := range []string{
		"crash, claimed", "crash, after post", "reply lost", "landed late", "503", "429",
		"pause, claimed", "pause, looked", "pause, fenced", "pause, before post", "pause, after post", "pause, recorded",
	} {
		if sum.count[what] < n*districts/80 {
			t.Errorf("%s befell only %d of %d", what, sum.count[what], n*districts)
		}
	}
	for name, out := range controlled {
		t.Logf("control, %s: %v", name, out)
		if out.doubles() == 0 {
			t.Errorf("with %s nothing was said twice: this test proves nothing about it", name)
		}
	}
}

// added is the sum of several outcomes.
func added(outs []outcome) outcome {
	sum := outcome{twice: map[string]int{}, count: map[string]int{}}
	for _, o := range outs {
		sum.lost, sum.dropped, sum.wrong = sum.lost+o.lost, sum.dropped+o.dropped, sum.wrong+o.wrong
		sum.finds, sum.ambiguous, sum.took = sum.finds+o.finds, sum.ambiguous+o.ambiguous, max(sum.took, o.took)
		for what, k := range o.twice {
			sum.twice[what] += k
		}
		for what, k := range o.count {
			sum.count[what] += k
		}
	}
	return sum
}
