package school

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// Whoever looks for visits since a day may stop early, but misses none: not those that were amended to another kind or day, not
// those that a file brought before their day, and not those of a log whose stamps are in disorder.
func TestVisitsSinceMissNone(t *testing.T) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 7))
		m := NewModel()
		n := int64(0)
		apply := func(f Fact, by PersonID, at time.Time) {
			t.Helper()
			e, err := NewEvent(f, by, "test", at)
			if err != nil {
				t.Fatal(err)
			}
			n++
			e.Version = n
			if err := m.Apply(e); err != nil {
				t.Fatal(err)
			}
		}
		first := Date(2026, 8, 3)
		people := make([]PersonID, 4)
		for i := range people {
			people[i] = PersonID(fmt.Sprintf("p%d", i))
			apply(PersonSet{ID: people[i], From: first, Role: Coach, Campus: "cedar"}, "", first.At(0, time.UTC))
		}
		apply(TeamSet{ID: "team", Campus: "cedar", Weekday: 1}, "", first.At(0, time.UTC))
		now, visits := first.At(8*60, time.UTC), []int64(nil)
		early, disorder := seed%3 == 1, seed%3 == 2
		for range 150 {
			now = now.Add(time.Duration(r.IntN(40)) * time.Hour)
			stamp, day := now, DayOf(now, time.UTC)+1-Day(r.IntN(9))
			if early {
				day += Day(r.IntN(60))
			}
			if disorder {
				stamp = stamp.AddDate(0, 0, -r.IntN(30))
			}
			kind := kindNames[r.IntN(len(kindNames))]
			if len(visits) > 0 && r.IntN(3) == 0 {
				x := visits[r.IntN(len(visits))]
				apply(VisitAmended{Visit: x, UID: r.Uint64(), Visited: kind, On: day}, "", stamp)
				continue
			}
			f := VisitLogged{UID: r.Uint64(), Observer: people[r.IntN(4)], Subject: people[r.IntN(4)], Visit: kind, On: day}
			if r.IntN(5) == 0 {
				f.Subject, f.Team = "", "team"
			}
			apply(f, f.Observer, stamp)
			visits = append(visits, n)
		}
		if m.visits.disorder != disorder {
			t.Fatalf("seed %d: the stamps are in disorder: %v", seed, m.visits.disorder)
		}
		stopped := false
		check := func(all chain, kinds *heads) {
			t.Helper()
			for range 30 {
				mask, day := KindMask(r.IntN(16)), first+Day(r.IntN(200))
				var want, got, since []uint32
				for v := range m.visits.of(all) {
					if v.On >= day {
						since = append(since, v.N)
						if v.mask()&mask != 0 {
							want = append(want, v.N)
						}
					}
				}
				seen := 0
				for v := range m.visits.kinds(mask, kinds, func() Day { return day }) {
					if v.mask()&mask == 0 {
						t.Fatalf("seed %d: a visit of another kind", seed)
					}
					if seen++; v.On >= day {
						got = append(got, v.N)
					}
				}
				stopped = stopped || seen < count(m.visits.kinds(mask, kinds, func() Day { return 0 }))
				slices.Sort(want)
				slices.Sort(got)
				if !slices.Equal(want, got) {
					t.Fatalf("seed %d: visits of %04b since %s: %d, want %d", seed, mask, day, got, want)
				}
				var found []uint32
				for v := range m.visits.since(all, day) {
					if v.On >= day {
						found = append(found, v.N)
					}
				}
				if !slices.Equal(since, found) {
					t.Fatalf("seed %d: visits since %s: %d, want %d", seed, day, found, since)
				}
			}
		}
		for _, p := range m.roster {
			check(p.visits, &p.kinds)
		}
		check(m.teams["team"].visits, &m.teams["team"].kinds)
		if stopped == disorder {
			t.Errorf("seed %d: looking stopped early: %v", seed, stopped)
		}
	}
}
