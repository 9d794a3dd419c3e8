package sqlitelog

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"rounds/school"
)

var benchData = []byte(`{"teacher":"p1a2b3c4d5","observer":"p9z8y7x6w5","campus":"north","day":"2026-10-07","minutes":12,"kind":"coaching","focus":["discourse","checks"],"glow":"t4ybndrfg8ejkmcpq","grow":"t4ybndrfg8ejkmcpr","step":"t4ybndrfg8ejkmcps"}`)

func benchEvent(n int) school.Event {
	return school.Event{Kind: "visit.logged", At: time.Unix(1_800_000_000, int64(n)).UTC(), By: school.PersonID(fmt.Sprintf("p%09d", n%500)), Via: "slack", Data: benchData}
}

// BenchmarkAppend appends events of 300 bytes with 1 and with 16 writers, and compares with a file that
// is written and synced by hand on the same disk in the same run: x-raw is the median of the one by the
// median of the other. Below 3 for one writer is the bar.
func BenchmarkAppend(b *testing.B) {
	for _, writers := range []int{1, 16} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			s := mustOpen(b, filepath.Join(b.TempDir(), "rounds.db"), Options{Mark: Real})
			l := s.Log("a")
			raw := rawSync(b, 300)
			took := make([][]time.Duration, writers)
			b.ResetTimer()
			var wg sync.WaitGroup
			for w := range writers {
				wg.Go(func() {
					for n := w; n < b.N; n += writers {
						begun := time.Now()
						if _, err := l.Append(context.Background(), school.Any, fmt.Sprintf("slack:T0123456:Ev%08d", n), []school.Event{benchEvent(n)}, nil); err != nil {
							b.Error(err)
							return
						}
						took[w] = append(took[w], time.Since(begun))
					}
				})
			}
			wg.Wait()
			b.StopTimer()
			all := slices.Concat(took...)
			slices.Sort(all)
			half, late := all[len(all)/2], all[len(all)*99/100]
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "appends/s")
			b.ReportMetric(float64(half.Microseconds()), "p50-µs")
			b.ReportMetric(float64(late.Microseconds()), "p99-µs")
			b.ReportMetric(float64(raw.Microseconds()), "raw-p50-µs")
			b.ReportMetric(float64(half)/float64(raw), "x-raw")
		})
	}
}

// rawSync is the median time to append so many bytes to a file and sync it.
func rawSync(b *testing.B, size int) time.Duration {
	b.Helper()
	f, err := os.Create(filepath.Join(b.TempDir(), "raw"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	data := make([]byte, size)
	took := make([]time.Duration, 2000)
	for i := range took {
		begun := time.Now()
		if _, err := f.Write(data); err != nil {
			b.Fatal(err)
		}
		if err := f.Sync(); err != nil {
			b.Fatal(err)
		}
		took[i] = time.Since(begun)
	}
	slices.Sort(took)
	return took[len(took)/2]
}

// BenchmarkScan reads 200,000 events, as a start does before the model decodes them.
func BenchmarkScan(b *testing.B) {
	const events = 200_000
	s := benchStore(b, events)
	for b.Loop() {
		n := 0
		if err := s.Log("a").Read(context.Background(), 0, func(e school.Event) error {
			n++
			return nil
		}); err != nil || n != events {
			b.Fatal(n, err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/events, "ns/event")
}

// BenchmarkOpen opens and closes a store of 200,000 events.
func BenchmarkOpen(b *testing.B) {
	s := benchStore(b, 200_000)
	path := s.Path()
	s.Close()
	for b.Loop() {
		mustOpen(b, path, Options{Mark: Real}).Close()
	}
}

// BenchmarkDeleteTexts deletes a person's 20 texts out of 20,000.
func BenchmarkDeleteTexts(b *testing.B) {
	s := mustOpen(b, filepath.Join(b.TempDir(), "rounds.db"), Options{Mark: Real})
	person := func(n int) []school.Text {
		xs := make([]school.Text, 20)
		for i := range xs {
			xs[i] = school.Text{Key: fmt.Sprintf("t%d/%d", n, i), Kind: "note", Subject: fmt.Sprint("p", n), Class: school.Coaching, Body: string(benchData)}
		}
		return xs
	}
	for n := range 1000 {
		if _, err := s.Log("a").Append(context.Background(), school.Any, "", nil, person(n)); err != nil {
			b.Fatal(err)
		}
	}
	n := 0
	for b.Loop() {
		if d, err := s.Log("a").DeleteTexts(context.Background(), fmt.Sprint("p", n%1000)); err != nil || d != 20 {
			b.Fatal(d, err)
		}
		b.StopTimer()
		if _, err := s.Log("a").Append(context.Background(), school.Any, "", nil, person(n%1000)); err != nil {
			b.Fatal(err)
		}
		n++
		b.StartTimer()
	}
}

// benchStore is a store with so many events.
func benchStore(b *testing.B, events int) *Store {
	b.Helper()
	s := mustOpen(b, filepath.Join(b.TempDir(), "rounds.db"), Options{Mark: Real})
	const batch = 10_000
	for n := 0; n < events; n += batch {
		es := make([]school.Event, batch)
		for i := range es {
			es[i] = benchEvent(n + i)
		}
		if _, err := s.Log("a").Append(context.Background(), school.Any, fmt.Sprint("load ", n), es, nil); err != nil {
			b.Fatal(err)
		}
	}
	return s
}
