package reminders

import (
	"context"
	"fmt"
	"testing"
	"time"

	"rounds/school"

	"github.com/google/go-cmp/cmp"
)

// grow adds coaches with ten teachers each, a team for every two coaches, and weeks of visits.
func (w *world) grow(coaches, weeks int) {
	var facts []school.Fact
	var texts []school.Text
	person := func(id school.PersonID, role school.Role, campus school.CampusID, observers ...school.PersonID) {
		texts = append(texts, school.Text{Key: "acc." + string(id), Kind: "account", Subject: string(id), Class: school.Roster, Body: "fake W1 " + string(id)})
		facts = append(facts, school.PersonSet{ID: id, From: day("2026-08-03"), Start: day("2026-08-03"), Role: role, Campus: campus, Observers: observers},
			school.AccountLinked{Person: id, Account: "acc." + string(id)})
	}
	for i := range coaches {
		campus := school.CampusID(fmt.Sprintf("campus%d", i/5))
		if i%5 == 0 {
			facts = append(facts, school.CampusSet{ID: campus, Name: string(campus), Room: "fake:W1:" + string(campus), NotifyTeachers: true})
		}
		coach := school.PersonID(fmt.Sprintf("coach%d", i))
		person(coach, school.Coach, campus)
		team := school.TeamSet{ID: school.TeamID(fmt.Sprintf("team%d", i)), Name: fmt.Sprintf("Team %d", i), Campus: campus, Weekday: 1 + i%5, Time: 9 * 60, Room: "fake:W1:team" + fmt.Sprint(i)}
		for j := range 10 {
			id := school.PersonID(fmt.Sprintf("teacher%d-%d", i, j))
			person(id, school.Teacher, campus, coach)
			team.Members = append(team.Members, id)
		}
		facts = append(facts, team)
	}
	w.recordWith(texts, facts...)
	facts = nil
	for week := range weeks {
		for i := range coaches {
			for j := range 9 {
				facts = append(facts, school.VisitLogged{
					UID: uint64(len(facts)), Observer: school.PersonID(fmt.Sprintf("coach%d", i)),
					Subject: school.PersonID(fmt.Sprintf("teacher%d-%d", i, j)), Visit: school.CoachingVisit, On: day("2026-08-17") + school.Day(week*7+j%5),
				})
			}
		}
	}
	w.record(facts...)
}

// The sizes of the benchmarks: the demo's, and a district of 5,000 teachers.
var sizes = []struct {
	name    string
	coaches int
}{{"demo", 8}, {"5000 teachers", 500}}

func BenchmarkScanNothingDue(b *testing.B) {
	for _, s := range sizes {
		b.Run(s.name, func(b *testing.B) {
			w := newWorld(b, "2026-10-15 10:00")
			w.grow(s.coaches, 8)
			w.scan()
			for b.Loop() {
				if err := w.runner.Scan(context.Background()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkPlanMondayMorning(b *testing.B) {
	for _, s := range sizes {
		b.Run(s.name, func(b *testing.B) {
			w := newWorld(b, "2026-10-15 10:00")
			w.grow(s.coaches, 8)
			for b.Loop() {
				_ = w.book.Read(func(m *school.Model) { Plan(m, district, local("2026-10-19 06:00"), local("2026-10-19 07:00")) })
			}
		})
	}
}

func BenchmarkNext(b *testing.B) {
	for _, s := range sizes {
		b.Run(s.name, func(b *testing.B) {
			w := newWorld(b, "2026-10-15 10:00")
			w.grow(s.coaches, 8)
			w.scan()
			for b.Loop() {
				if _, _, ok, err := w.runner.Next(context.Background(), local("2026-10-17 10:00")); err != nil || !ok {
					b.Fatal(ok, err)
				}
			}
		})
	}
}

// The runner plans in pieces; the pieces are Plan.
func TestPlanInPieces(t *testing.T) {
	w := newWorld(t, "2026-10-15 10:00")
	w.grow(60, 4)
	w.scan()
	now := local("2026-10-23 16:00")
	got, err := w.runner.plan(context.Background(), now)
	if err != nil {
		t.Fatal(err)
	}
	var want []Occurrence
	_ = w.book.Read(func(m *school.Model) { want = Plan(m, district, w.runner.from(), now) })
	for i := range got {
		got[i].space = ""
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(Occurrence{})); diff != "" || len(got) < 100 {
		t.Errorf("%d occurrences: %s", len(got), diff)
	}
}

// What a scan costs when nothing is due bounds what an append costs everybody.
func TestScanNothingDueIsCheap(t *testing.T) {
	w := newWorld(t, "2026-10-15 10:00")
	w.grow(8, 8)
	w.scan()
	began := time.Now()
	for range 50 {
		w.scan()
	}
	if took := time.Since(began) / 50; took > 5*time.Millisecond {
		t.Errorf("a scan with nothing due took %v", took)
	}
}
