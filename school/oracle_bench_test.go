package school

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"
)

const (
	benchCampuses = 1500
	benchTeachers = 48 // of each campus: 72,000 together
	benchVisits   = 36 // of each teacher in the year: 2.6 million
)

// bigDistrict is 72,000 teachers with a year of visits, and the campuses' leaders.
var bigDistrict = sync.OnceValue(func() *Model {
	m := NewModel()
	m.setDistrict(DistrictSet{Name: "Big", Zone: "America/Chicago"})
	m.setCalendar(CalendarSet{Name: "2026-27", First: Date(2026, 8, 17), Last: Date(2027, 5, 28), Week: []int{1, 2, 3, 4, 5}, Spans: []Span{
		{From: Date(2026, 11, 23), To: Date(2026, 11, 27), Class: NoSchool},
		{From: Date(2026, 12, 21), To: Date(2027, 1, 4), Class: NoSchool},
		{From: Date(2027, 4, 6), To: Date(2027, 4, 16), Class: Testing},
	}})
	for _, t := range DefaultTargets() {
		m.setTarget(TargetSet{t})
	}
	for i := 0; i < benchCampuses; i += 16 { // a supervisor of 16 principals
		f := PersonSet{ID: PersonID(fmt.Sprintf("c%d-leader4", i)), From: Date(2026, 8, 1), Role: Supervisor}
		for c := i; c < min(i+16, benchCampuses); c++ {
			f.Campuses = append(f.Campuses, CampusID(fmt.Sprintf("c%d", c)))
		}
		m.setPerson(f)
	}
	for c := range benchCampuses {
		campus := CampusID(fmt.Sprintf("c%d", c))
		m.setCampus(CampusSet{ID: campus, Name: string(campus)})
		leader := func(i int) PersonID { return PersonID(fmt.Sprintf("%s-leader%d", campus, i)) }
		for i, r := range []Role{Principal, AP, Coach, Coach} {
			m.setPerson(PersonSet{ID: leader(i), From: Date(2026, 8, 1), Role: r, Campus: campus})
		}
		for i := range benchTeachers {
			m.setPerson(PersonSet{
				ID: PersonID(fmt.Sprintf("%s-t%d", campus, i)), From: Date(2026, 8, 1), Role: Teacher, Campus: campus,
				Schedule: []Schedule{Weekly, EveryTwo, EveryFour}[i%3], Observers: []PersonID{leader(2 + i%2)},
			})
		}
		m.setTeam(TeamSet{ID: TeamID(campus), Campus: campus})
	}
	version := int64(0)
	for week := range benchVisits { // as they were logged: week by week, one teacher after the other
		for c := range benchCampuses {
			for i := range benchTeachers {
				version++
				m.logVisit(Event{Version: version, At: testNow}, VisitLogged{
					UID: uint64(version), Observer: PersonID(fmt.Sprintf("c%d-leader%d", c, 2+i%2)),
					Subject: PersonID(fmt.Sprintf("c%d-t%d", c, i)), Visit: CoachingVisit, On: Date(2026, 8, 17) + Day(7*week+i%5),
				})
			}
		}
	}
	return m
})

// BenchmarkAllDuties: all targets of 72,000 teachers with a year of visits; the bar is 1 s.
func BenchmarkAllDuties(b *testing.B) {
	m := bigDistrict()
	rows := 0
	for b.Loop() {
		rows = len(m.AllDuties(Date(2027, 4, 27)))
	}
	b.ReportMetric(float64(rows), "rows")
}

// BenchmarkDuties: one leader's own duties in that district; the bar is 1 ms for 99 in 100.
func BenchmarkDuties(b *testing.B) {
	m := bigDistrict()
	now := time.Date(2027, 4, 27, 15, 0, 0, 0, time.UTC)
	for i, role := range []string{"principal", "ap", "coach", "coach 2", "supervisor"} {
		b.Run(role, func(b *testing.B) {
			var took []time.Duration
			rows := 0
			for n := 0; b.Loop(); n++ {
				v := m.As(PersonID(fmt.Sprintf("c%d-leader%d", n*16%(benchCampuses/16*16), i)), now)
				start := time.Now()
				rows = len(v.Duties())
				took = append(took, time.Since(start))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
			b.ReportMetric(float64(rows), "rows")
		})
	}
}
