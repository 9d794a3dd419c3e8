package redislog

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"rounds/school"
	"rounds/school/logtest"

	"github.com/redis/go-redis/v9"
)

// BenchmarkAppend compares appends of one event of some 300 bytes with a bare XADD of the same bytes, on one server that
// syncs before each reply, in five rounds that take turns. ratio is the median of ours over the median of the bare one.
func BenchmarkAppend(b *testing.B) {
	srv := logtest.StartRedis(b, durable...)
	store := mustOpen(b, fresh(srv), Options{})
	for _, writers := range []int{1, 16} {
		b.Run(fmt.Sprint(writers, "-writers"), func(b *testing.B) {
			body := fmt.Sprintf(`{"uid":1234567890123456789,"observer":"p-4f1c","subject":"p-77aa","visit":"coaching","on":20741,"minutes":12,"focus":["discourse","questioning"],"texts":["glow","grow"],"pad":"%0120d"}`, 7)
			ev := []school.Event{{Kind: "visit.logged", At: time.Unix(1790000000, 0).UTC(), By: "p-4f1c", Via: "slack", Data: []byte(body)}}
			payload := encode(ev)
			plain := redis.NewClient(&redis.Options{Addr: srv.Addr, MaxRetries: -1, PoolSize: connections})
			defer plain.Close()
			l := store.Log(fmt.Sprint("bench", writers))
			var n, round int
			ours := func(ctx context.Context, id string) error {
				_, err := l.Append(ctx, school.Any, id, ev, nil)
				return err
			}
			bare := func(ctx context.Context, id string) error {
				return plain.XAdd(ctx, &redis.XAddArgs{Stream: fmt.Sprint("{bare", writers, "}"), Values: []any{"n", "1", "c", id, "s", "1abcdef", "e", payload}}).Err()
			}
			var a, r []float64
			var waits []time.Duration
			const each = 2000
			for b.Loop() {
				n++
			}
			for round = range 5 {
				rate, w := run(b, writers, each, round, ours)
				a, waits = append(a, rate), append(waits, w...)
				rate, _ = run(b, writers, each, round, bare)
				r = append(r, rate)
			}
			slices.Sort(a)
			slices.Sort(r)
			slices.Sort(waits)
			b.ReportMetric(a[2], "appends/s")
			b.ReportMetric(r[2], "bare-xadd/s")
			b.ReportMetric(a[2]/r[2], "ratio")
			b.ReportMetric(float64(waits[len(waits)/2].Microseconds()), "p50-µs")
			b.ReportMetric(float64(waits[len(waits)*99/100].Microseconds()), "p99-µs")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// run has writers make n calls in all, and gives the calls per second and how long each took.
func run(b *testing.B, writers, n, round int, do func(ctx context.Context, id string) error) (float64, []time.Duration) {
	b.Helper()
	took := make([]time.Duration, n)
	var wg sync.WaitGroup
	began := time.Now()
	for w := range writers {
		wg.Go(func() {
			for i := w; i < n; i += writers {
				t := time.Now()
				if err := do(b.Context(), fmt.Sprintf("slack:T01:%d-%d-%d", round, i, began.UnixNano())); err != nil {
					b.Error(err)
					return
				}
				took[i] = time.Since(t)
			}
		})
	}
	wg.Wait()
	return float64(n) / time.Since(began).Seconds(), took
}

// BenchmarkFollow is how long after an append another replica has its event, under 16 writers.
func BenchmarkFollow(b *testing.B) {
	srv := logtest.StartRedis(b, durable...)
	address := fresh(srv)
	writer := mustOpen(b, address, Options{}).Log("d")
	reader := mustOpen(b, address, Options{}).Log("d")
	const n = 5000
	followed := make(chan []time.Duration)
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	go func() {
		lag := make([]time.Duration, 0, n)
		_ = reader.Tail(ctx, 0, func(e school.Event) error {
			if lag = append(lag, time.Since(e.At)); len(lag) == n {
				cancel()
			}
			return nil
		})
		followed <- lag
	}()
	for b.Loop() { // the whole is measured once, whatever the benchmark counts
	}
	_, _ = run(b, 16, n, 0, func(ctx context.Context, id string) error {
		_, err := writer.Append(ctx, school.Any, id, []school.Event{{Kind: "visit.logged", At: time.Now(), Data: []byte(`{}`)}}, nil)
		return err
	})
	lag := <-followed
	slices.Sort(lag)
	b.ReportMetric(float64(lag[n/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(lag[n*99/100].Microseconds()), "p99-µs")
	b.ReportMetric(float64(lag[n-1].Microseconds()), "max-µs")
	b.ReportMetric(0, "ns/op")
}
