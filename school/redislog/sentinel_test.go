package redislog

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"rounds/school"
	"rounds/school/logtest"
)

var failovers = flag.Int("failovers", 1, "how many masters TestSentinel kills")

// TestSentinel kills a master under four writers and follows the new one. Redis copies to its replicas after it has
// answered, so that what was acknowledged in the last moments may be lost: the test counts it, and says so. What must hold:
// the log goes on by itself, is whole (no hole, no entry twice), and each command that is sent again is in it once.
func TestSentinel(t *testing.T) {
	t.Parallel() // it waits for others most of the time
	var acknowledged, gone, took []string
	for i := range *failovers {
		a, lost, d := failover(t, i)
		acknowledged, gone, took = append(acknowledged, fmt.Sprint(a)), append(gone, fmt.Sprint(lost)), append(took, d.Round(100*time.Millisecond).String())
	}
	t.Logf("%d fail-overs: acknowledged before each %s; lost of them %s; until the next append %s",
		*failovers, strings.Join(acknowledged, ", "), strings.Join(gone, ", "), strings.Join(took, ", "))
}

func failover(t *testing.T, round int) (acknowledged, lost int, took time.Duration) {
	master := logtest.StartRedis(t, append(durable, atOnce...)...)
	host, port, _ := strings.Cut(master.Addr, ":")
	for range 2 {
		logtest.StartRedis(t, append(durable, "--replicaof", host+" "+port)...)
	}
	var sentinels []string
	for range 3 {
		sentinels = append(sentinels, logtest.StartSentinel(t, master).Addr)
	}
	address := "redis+sentinel://" + strings.Join(sentinels, ",") + "/main"
	store := mustOpenSoon(t, address)
	l := store.Log("lone-star")
	awaitReplicas(t, master, 2)

	type sent struct {
		id string
		v  int64
	}
	var mu sync.Mutex
	var before, unsure []sent
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	killed := make(chan struct{})
	var once sync.Once
	var wg sync.WaitGroup
	var died, back time.Time
	for w := range 4 {
		wg.Go(func() {
			for n := 0; ; n++ {
				id := fmt.Sprintf("%d-%d-%d", round, w, n)
				a, err := l.Append(ctx, school.Any, id, fact(n), nil)
				mu.Lock()
				switch {
				case err == nil && died.IsZero():
					before = append(before, sent{id, a.Version})
				case err == nil:
					back = time.Now()
					mu.Unlock()
					return
				default:
					unsure = append(unsure, sent{id: id})
				}
				enough := len(before) == 400
				mu.Unlock()
				if ctx.Err() != nil {
					return
				}
				if enough {
					once.Do(func() { close(killed) })
				}
			}
		})
	}
	<-killed
	mu.Lock()
	died = time.Now()
	mu.Unlock()
	master.Kill()
	wg.Wait()
	if back.IsZero() {
		t.Fatal("no append came through after the master died")
	}
	for _, s := range unsure { // whoever does not know sends the same id again
		if _, err := l.Append(ctx, school.Any, s.id, fact(0), nil); err != nil {
			t.Errorf("a command sent again after the fail-over: %v", err)
		}
	}
	have := map[string]int{}
	next := int64(1)
	err := l.Read(ctx, 0, func(e school.Event) error {
		if e.Version != next {
			return fmt.Errorf("event %d comes after %d", e.Version, next-1)
		}
		next++
		have[e.Command]++
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for id, n := range have {
		if n > 1 {
			t.Errorf("command %s is in the log %d times", id, n)
		}
	}
	for _, s := range before {
		if have[s.id] == 0 {
			lost++
		}
	}
	for _, s := range unsure {
		if have[s.id] != 1 {
			t.Errorf("command %s, sent again, is in the log %d times", s.id, have[s.id])
		}
	}
	return len(before), lost, back.Sub(died)
}

func mustOpenSoon(t *testing.T, address string) *Store {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); ; {
		s, err := Open(t.Context(), address, Options{Mark: Real})
		if err == nil {
			t.Cleanup(func() { s.Close() })
			return s
		}
		if time.Now().After(end) || errors.Is(err, ErrUnsafe) {
			t.Fatal(err)
		}
	}
}

// awaitReplicas waits until the master counts its replicas as connected, and the Sentinels have had time to see them.
func awaitReplicas(t *testing.T, master *logtest.Redis, n int) {
	t.Helper()
	c := client(t, master)

	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); {
		info := c.Info(t.Context(), "replication").Val()
		if strings.Count(info, "state=online") == n {
			return
		}
	}
	t.Fatal("the replicas do not connect")
}
