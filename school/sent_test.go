package school

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// SentSince finds what a look at every mark finds, each once, whatever was recorded anew and in whatever order.
func TestSentSince(t *testing.T) {
	for seed := range uint64(20) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		m := NewModel()
		begin := time.Date(2026, 8, 17, 0, 0, 0, 0, time.UTC)
		for i := range 400 {
			f := Sent{Occurrence: fmt.Sprint("o", rnd.IntN(150)), About: "plan"}
			if rnd.IntN(2) == 0 {
				f.Dropped = "held: on leave"
			}
			e, err := NewEvent(f, "", "clock", begin.Add(time.Duration(rnd.IntN(60*24))*time.Hour))
			if err != nil {
				t.Fatal(err)
			}
			e.Version = int64(i + 1)
			if err := m.Apply(e); err != nil {
				t.Fatal(err)
			}
		}
		for _, since := range []time.Time{{}, begin.Add(-time.Hour), begin, begin.Add(31*24*time.Hour + 5*time.Hour), begin.Add(59 * 24 * time.Hour), begin.Add(90 * 24 * time.Hour)} {
			want := map[string]SentMark{}
			for k, s := range m.sent {
				if s.At >= since.Unix() {
					want[k] = s
				}
			}
			m.SentSince(since, func(k string, s SentMark) {
				if want[k] != s {
					t.Errorf("seed %d: %s twice, or not since %v", seed, k, since)
				}
				delete(want, k)
			})
			if len(want) > 0 {
				t.Errorf("seed %d: %d are missing since %v", seed, len(want), since)
			}
		}
	}
}
