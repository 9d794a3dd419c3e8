package reminders

import (
	"math/rand/v2"
	"testing"
	"time"

	"rounds/school"

	"github.com/google/go-cmp/cmp"
)

// What is asked of a window first never leaves anything out: with the answer taken for yes the same is found, under many
// rules and in several zones, across the changes of the clock.
func TestFirstQuestionsLeaveNothingOut(t *testing.T) {
	w := newWorld(t, "2026-08-10 10:00")
	w.grow(10, 1)
	w.record(
		school.CampusSet{ID: "campus1", Name: "campus1", Room: "fake:W1:campus1", Zone: "Pacific/Honolulu", NotifyTeachers: true},
		school.TeamSet{ID: "late", Name: "Late", Campus: "campus1", Weekday: 4, Time: 23*60 + 55, Room: "fake:W1:late", Members: []school.PersonID{"teacher5-1"}},
		school.TeamSet{ID: "early", Name: "Early", Campus: "campus0", Weekday: 1, Time: 5, Room: "fake:W1:early", Members: []school.PersonID{"teacher1-1"}},
	)
	rules := [][]school.Rule{
		nil,
		{{ID: KindPlan, Cron: "*/30 2 * * 1-5"}, {ID: KindDigest, On: school.OnDays, Days: []int{0, 4}, Time: 23*60 + 50}, {ID: KindAgenda, On: school.PreviousSchoolDay, Time: 9 * 60}},
		{{ID: KindPlan, On: school.PreviousSchoolDay, Time: 2*60 + 30}, {ID: KindAgenda, On: school.EverySchoolDay, Time: 60}, {ID: KindPreview, Off: true}, {ID: KindFeedback, Cron: "15 1,2 * * *"}},
	}
	seed := uint64(20261101)
	r := rand.New(rand.NewPCG(seed, 1))
	found := 0
	for i, set := range rules {
		w.at([]string{"2026-08-10 10:00", "2026-08-11 10:00", "2026-08-12 10:00"}[i]) // two rules of one instant are no order
		for _, rule := range set {
			w.record(school.RuleSet{Rule: rule})
		}
		for range 400 {
			from := local("2026-08-12 00:00").Add(time.Duration(r.Int64N(int64(280 * 24 * time.Hour))))
			now := from.Add(time.Duration(r.Int64N(int64([]time.Duration{time.Minute, time.Hour, 40 * time.Hour}[r.IntN(3)]))))
			_ = w.book.Read(func(m *school.Model) {
				quick, slow := newPlanning(m, district, from, now), newPlanning(m, district, from, now)
				for i := range kinds {
					k := &kinds[i]
					slow.may[k.name] = true
					want, got := slow.candidates(k), quick.candidates(k)
					if k.name == KindStart { // all teams, as if their hour did not matter
						want = allStarts(slow)
					}
					found += len(got)
					if diff := cmp.Diff(want, got, cmp.AllowUnexported(Occurrence{})); diff != "" {
						t.Fatalf("seed %d, %s from %s to %s (-asked of everybody +as found):\n%s", seed, k.name, from, now, diff)
					}
				}
			})
		}
	}
	if found < 2000 {
		t.Errorf("only %d occurrences were found", found)
	}
}

// allStarts are the starts of all teams by their slots.
func allStarts(p *planning) []Occurrence {
	var out []Occurrence
	for _, t := range p.m.Teams() {
		zone := p.m.CampusZone(t.Campus)
		for _, slot := range p.m.Slots(t, school.DayOf(p.from, zone)-1, school.DayOf(p.now, zone)+2) {
			start := slot.At(t.Time, zone)
			at := start.Add(-startsAhead)
			o := Occurrence{
				Name: p.name(KindStart, string(t.ID), slot.String()), Kind: KindStart, Priority: 1, At: at, Until: start,
				Room: t.Room, Campus: t.Campus, Team: t.ID, Day: slot,
			}
			if t.Room != "" && at.After(p.from) && !at.After(p.now) && !p.settled(&o) {
				out = append(out, o)
			}
		}
	}
	return out
}
