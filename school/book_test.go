package school

import (
	"context"
	"fmt"
	"testing"
	"time"
)

var testNow = time.Date(2026, 10, 15, 15, 0, 0, 0, time.UTC)

// newTestBook is a small campus: principal pp, coach cc with teachers t1..t6 on a weekly schedule.
func newTestBook(t *testing.T) *Book {
	t.Helper()
	ctx := context.Background()
	b, err := Open(ctx, NewMemLog(func() time.Time { return testNow }))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	e := Entry{Command: "setup", Via: "file", At: testNow}
	add := func(f ...Fact) { e.Facts = append(e.Facts, f...) }
	person := func(id PersonID, name string, role Role, s Schedule, obs ...PersonID) {
		key := "name." + string(id)
		e.Texts = append(e.Texts, Text{Key: key, Kind: "name", Subject: string(id), Class: Roster, Body: name})
		add(PersonSet{ID: id, Name: key, From: Date(2026, 8, 1), Role: role, Campus: "cedar", Schedule: s, Observers: obs})
	}
	add(DistrictSet{Name: "Test", Zone: "America/Chicago"},
		CampusSet{ID: "cedar", Name: "Cedar", NotifyTeachers: true},
		CalendarSet{Name: "2026-27", First: Date(2026, 8, 17), Last: Date(2027, 5, 28), Week: []int{1, 2, 3, 4, 5}})
	for _, x := range DefaultTargets() {
		add(TargetSet{x})
	}
	person("pp", "Pat Principal", Principal, "")
	person("cc", "Cleo Coach", Coach, "", "pp")
	for i := 1; i <= 6; i++ {
		person(PersonID(fmt.Sprintf("t%d", i)), fmt.Sprintf("Tess Teacher%d", i), Teacher, Weekly, "cc")
	}
	if _, err := b.Record(ctx, e); err != nil {
		t.Fatal(err)
	}
	return b
}

func TestVisitReachesStatus(t *testing.T) {
	b := newTestBook(t)
	ctx := context.Background()
	r, err := b.Record(ctx, Entry{Command: "c1", By: "cc", At: testNow, Facts: []Fact{
		VisitLogged{UID: UID("c1", 0), Observer: "cc", Subject: "t1", Visit: CoachingVisit, On: Date(2026, 10, 15), Minutes: 12, Texts: []string{"glow"}},
		StepAdded{UID: UID("c1", 1), Subject: "t1", Author: "cc", By: Date(2026, 10, 23), Back: 1, On: Date(2026, 10, 15), Draft: true},
	}})
	if err != nil {
		t.Fatal(err)
	}
	again, err := b.Record(ctx, Entry{Command: "c1", By: "cc", At: testNow, Facts: []Fact{VisitVoided{1}}})
	if err != nil || !again.Repeated || again.First != r.First {
		t.Fatalf("repeated command: %+v, %v; want %+v", again, err, r)
	}
	b.Read(func(m *Model) {
		w, ok := m.Week("cc", testNow)
		if !ok || w.Done != 1 || w.DaysLeft != 2 {
			t.Errorf("week = %+v, want 1 done and 2 days left", w)
		}
		if _, ok := m.As("t1", testNow).Step(r.Last); ok {
			t.Error("the teacher sees a step that was not given yet")
		}
		if v, ok := m.As("pp", testNow).Visit(r.First); !ok || !v.Withheld || len(v.Texts) != 0 {
			t.Errorf("principal sees %+v, %v; want the visit without the coach's text", v, ok)
		}
	})
	if _, err := b.Record(ctx, Entry{Command: "c2", By: "cc", At: testNow, Facts: []Fact{VisitShared{Visit: r.First, At: testNow}}}); err != nil {
		t.Fatal(err)
	}
	b.Read(func(m *Model) {
		if s, ok := m.As("t1", testNow).Step(r.Last); !ok || s.State != StepAssigned || s.Text == "" {
			t.Errorf("after sharing the teacher sees %+v, %v", s, ok)
		}
		if n := m.SharedNotes(testNow.Add(-time.Hour), testNow); len(n) != 1 || n[0].To != "t1" {
			t.Errorf("notices = %+v", n)
		}
	})
}

func TestDayAtClockChanges(t *testing.T) {
	zone, err := time.LoadLocation("America/Chicago")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		day  Day
		at   Clock
		want string
	}{
		{Date(2027, 3, 14), 150, "2027-03-14T03:00:00-05:00"},
		{Date(2026, 11, 1), 90, "2026-11-01T01:30:00-05:00"},
		{Date(2026, 10, 16), 15 * 60, "2026-10-16T15:00:00-05:00"},
		{Date(2026, 11, 2), 7 * 60, "2026-11-02T07:00:00-06:00"},
	} {
		if got := c.day.At(c.at, zone).Format(time.RFC3339); got != c.want {
			t.Errorf("%v at %v = %s, want %s", c.day, c.at, got, c.want)
		}
	}
}

// A campus that follows the district's calendar keeps following it after a snow day of its own.
func TestSnowDayThenNewCalendar(t *testing.T) {
	c := newCampus(t)
	snow, trip := Date(2027, 1, 12), Date(2027, 2, 15)
	c.add(DayDeclared{Campus: "cedar", Span: Span{From: snow, To: snow, Class: NoSchool, Name: "Snow"}})
	c.add(CalendarSet{
		Name: "2026-27", First: Date(2026, 8, 17), Last: Date(2027, 5, 28), Week: []int{1, 2, 3, 4, 5},
		Spans: []Span{{From: trip, To: trip, Class: NoSchool, Name: "Presidents' Day"}},
	})
	cal := c.m.Calendar("cedar")
	if cal.School(snow) || cal.School(trip) || !cal.School(trip+1) {
		t.Errorf("school on the snow day: %v, on the new holiday: %v, after it: %v", cal.School(snow), cal.School(trip), cal.School(trip+1))
	}
	if !c.m.Calendar("oak").School(snow) {
		t.Error("it snowed at one campus only")
	}
}
