package school

import (
	"context"
	"fmt"
	"testing"
	"time"
)

// campus builds a model of one campus by hand: the golden cases of the target rules.
type campus struct {
	t *testing.T
	m *Model
	n int64
}

func newCampus(t *testing.T, spans ...Span) *campus {
	c := &campus{t: t, m: NewModel()}
	c.add(DistrictSet{Name: "Test", Zone: "America/Chicago"}, CampusSet{ID: "cedar", Name: "Cedar"},
		CalendarSet{Name: "2026-27", First: Date(2026, 8, 17), Last: Date(2027, 5, 28), Week: []int{1, 2, 3, 4, 5}, Spans: spans})
	for _, x := range DefaultTargets() {
		c.add(TargetSet{x})
	}
	c.person("coach", Coach, "", Date(2026, 8, 1))
	return c
}

func (c *campus) add(facts ...Fact) {
	c.t.Helper()
	for _, f := range facts {
		e, err := NewEvent(f, "", "test", testNow)
		if err != nil {
			c.t.Fatal(err)
		}
		c.n++
		e.Version = c.n
		if err := c.m.Apply(e); err != nil {
			c.t.Fatal(err)
		}
	}
}

func (c *campus) person(id PersonID, r Role, s Schedule, from Day) {
	c.add(PersonSet{ID: id, From: from, Role: r, Campus: "cedar", Schedule: s, Observers: []PersonID{"coach"}})
}

func (c *campus) visit(id PersonID, on Day) {
	c.add(VisitLogged{UID: uint64(c.n), Observer: "coach", Subject: id, Visit: CoachingVisit, On: on})
}

func (c *campus) formal(id PersonID, on Day) {
	c.add(VisitLogged{UID: uint64(c.n), Observer: "coach", Subject: id, Visit: Formal, On: on})
}

func (c *campus) duty(id PersonID, target string, on Day) Duty {
	c.t.Helper()
	p, _ := c.m.Person(id)
	for _, d := range c.m.personDuties(p, on) {
		if d.Target.ID == target {
			return d
		}
	}
	return Duty{Status: NoTarget}
}

func TestTargetsByHand(t *testing.T) {
	day := func(month time.Month, day int) Day { return Date(2026, month, day) }
	thanksgiving := Span{From: Date(2026, 11, 25), To: Date(2026, 11, 27), Class: NoSchool, Name: "Thanksgiving"}
	type want struct {
		required, done, open int
		status               Status
	}
	window := func(c *campus) { // the year's formal observation, in October
		c.add(TargetGone{"formal"}, TargetSet{Target{ID: "autumn", Roles: []Role{Teacher}, Kinds: []VisitKind{Formal}, N: 1, From: day(10, 1), To: day(10, 30)}})
	}
	for _, c := range []struct {
		name  string
		build func(*campus)
		spans []Span
		who   PersonID
		on    Day
		what  string
		want  want
	}{
		{"a weekly teacher, nothing yet, Monday", nil, nil, "w", Date(2026, 8, 17), "weekly", want{1, 0, 5, OnPace}},
		{"… Thursday: two open days are due soon", nil, nil, "w", Date(2026, 8, 20), "weekly", want{1, 0, 2, DueSoon}},
		{"visited: met", func(c *campus) { c.visit("w", Date(2026, 8, 18)) }, nil, "w", Date(2026, 8, 19), "weekly", want{1, 1, 3, Met}},
		{"the week after a missed week is behind", nil, nil, "w", Date(2026, 8, 24), "weekly", want{1, 0, 5, Behind}},
		{"… until a visit is made since", func(c *campus) { c.visit("w", Date(2026, 8, 24)) }, nil, "w", Date(2026, 8, 25), "weekly", want{1, 1, 4, Met}},
		// Thanksgiving week has two school days: 1 x 2/5 rounds to 0 and asks for nothing, but the week
		// before was missed.
		{"Thanksgiving week after a missed week", nil, []Span{thanksgiving}, "w", Date(2026, 11, 23), "weekly", want{0, 0, 2, Behind}},
		{"… and after a kept one", func(c *campus) { c.visit("w", Date(2026, 11, 18)) }, []Span{thanksgiving}, "w", Date(2026, 11, 23), "weekly", want{0, 0, 2, OnPace}},
		{"on Saturday the status is Friday's", nil, nil, "w", Date(2026, 8, 22), "weekly", want{1, 0, 1, DueSoon}},
		{"on Sunday too", nil, nil, "w", Date(2026, 8, 23), "weekly", want{1, 0, 1, DueSoon}},
		// Hired on a Wednesday: three of five days, 3/5 rounds half up to 1.
		{"a Wednesday hire", func(c *campus) { c.person("new", Teacher, Weekly, Date(2026, 9, 16)) }, nil, "new", Date(2026, 9, 16), "weekly", want{1, 0, 3, OnPace}},
		{"a Thursday hire: 2/5 asks for nothing", func(c *campus) { c.person("new", Teacher, Weekly, Date(2026, 9, 17)) }, nil, "new", Date(2026, 9, 17), "weekly", want{0, 0, 2, OnPace}},
		// Two weeks from Aug 31: ten days less testing.
		{"two weeks with 4 testing days", nil, []Span{{From: Date(2026, 9, 8), To: Date(2026, 9, 11), Class: Testing}}, "two", Date(2026, 9, 4), "2weeks", want{1, 0, 2, Behind}},
		{"two weeks with 6 testing days", nil, []Span{{From: Date(2026, 9, 3), To: Date(2026, 9, 10), Class: Testing}}, "two", Date(2026, 9, 1), "2weeks", want{0, 0, 3, Behind}},
		{"testing to the end of the period", nil, []Span{{From: Date(2026, 8, 20), To: Date(2026, 8, 21), Class: Testing}}, "w", Date(2026, 8, 20), "weekly", want{1, 0, 0, OnHoldTesting}},
		{"on leave", func(c *campus) { c.add(LeaveSet{"w", Date(2026, 9, 1), Date(2026, 9, 30)}) }, nil, "w", Date(2026, 9, 16), "weekly", want{0, 0, 0, OnHoldLeave}},
		{"a voided visit does not count", func(c *campus) { c.visit("w", Date(2026, 8, 18)); c.add(VisitVoided{c.n}) }, nil, "w", Date(2026, 8, 19), "weekly", want{1, 0, 3, OnPace}},
		{"a formal visit is no walkthrough", func(c *campus) {
			c.add(VisitLogged{Observer: "coach", Subject: "w", Visit: Formal, On: Date(2026, 8, 18)})
		}, nil, "w", Date(2026, 8, 19), "weekly", want{1, 0, 3, OnPace}},

		// The year begins on Monday, August 17: the blocks of two weeks are Aug 17-30, Aug 31-Sep 13 …
		{"half a week rounds up: 4 weeks with 10 open days", nil, []Span{{From: day(8, 24), To: day(9, 4), Class: NoSchool}}, "four", day(8, 17), "4weeks", want{1, 0, 10, OnPace}},
		{"… and 9 round down", nil, []Span{{From: day(8, 24), To: day(9, 7), Class: NoSchool}}, "four", day(8, 17), "4weeks", want{0, 0, 9, OnPace}},
		{"early release is a school day", nil, []Span{{From: day(8, 17), To: day(8, 21), Class: EarlyRelease}}, "w", day(8, 17), "weekly", want{1, 0, 5, OnPace}},
		{"staff days are not", nil, []Span{{From: day(8, 17), To: day(8, 19), Class: StaffDay}}, "w", day(8, 20), "weekly", want{0, 0, 2, OnPace}},
		{"a blackout of one kind leaves the other", nil, []Span{{From: day(8, 17), To: day(8, 21), Class: Blackout, Kinds: []VisitKind{Walkthrough}}}, "w", day(8, 17), "weekly", want{1, 0, 5, OnPace}},
		{"a holiday to the end of the period is no hold", nil, []Span{{From: day(8, 20), To: day(8, 21), Class: NoSchool}}, "w", day(8, 20), "weekly", want{1, 0, 0, DueSoon}},
		{"on leave and testing: leave comes first", func(c *campus) { c.add(LeaveSet{"w", day(8, 20), day(8, 21)}) }, []Span{{From: day(8, 20), To: day(8, 21), Class: Testing}}, "w", day(8, 20), "weekly", want{1, 0, 0, OnHoldLeave}},
		{"testing holds also what is met", func(c *campus) { c.visit("w", day(8, 18)) }, []Span{{From: day(8, 20), To: day(8, 21), Class: Testing}}, "w", day(8, 20), "weekly", want{1, 1, 0, OnHoldTesting}},
		{"a visit on Saturday counts from Monday on, for its week", func(c *campus) { c.visit("w", day(8, 22)) }, nil, "w", day(8, 24), "weekly", want{1, 0, 5, OnPace}},
		{"… and not on that Saturday, whose status is Friday's", func(c *campus) { c.visit("w", day(8, 22)) }, nil, "w", day(8, 22), "weekly", want{1, 0, 1, DueSoon}},

		// The year ends on Friday, May 28: May 3 has 20 open days left, April 30 has 21.
		{"once a year: 21 open days left", nil, nil, "w", Date(2027, 4, 30), "formal", want{1, 0, 21, OnPace}},
		{"… and 20 are due soon", nil, nil, "w", Date(2027, 5, 3), "formal", want{1, 0, 20, DueSoon}},
		{"a window that ended short is behind", window, nil, "w", day(11, 2), "autumn", want{1, 0, 0, Behind}},
		{"… to the end of the year", window, nil, "w", Date(2027, 5, 28), "autumn", want{1, 0, 0, Behind}},
		{"… whatever is done afterwards", func(c *campus) { window(c); c.formal("w", day(11, 2)) }, nil, "w", day(11, 3), "autumn", want{1, 0, 0, Behind}},
		{"… and met when it was met", func(c *campus) { window(c); c.formal("w", day(10, 30)) }, nil, "w", day(11, 3), "autumn", want{1, 1, 0, Met}},
		{"before its window there is no target", window, nil, "w", day(9, 30), "autumn", want{0, 0, 0, NoTarget}},

		// A storm closes the first week: the first instructional week begins on August 24, and the blocks with it.
		{"the first week is the first with school", nil, []Span{{From: day(8, 17), To: day(8, 21), Class: NoSchool}}, "two", day(8, 31), "2weeks", want{1, 0, 5, OnPace}},
		// The last two days of the calendar fall to a storm: the window ends on Wednesday.
		{"a year ends with its last instructional day", nil, []Span{{From: Date(2027, 5, 27), To: Date(2027, 5, 28), Class: NoSchool}}, "w", Date(2027, 5, 27), "formal", want{1, 0, 0, Behind}},
		// Oak is closed from Monday to Wednesday; the person came from there on Thursday.
		{"a day is open by the calendar of the campus they were at", func(c *campus) {
			c.add(CampusSet{ID: "oak", Name: "Oak"}, DayDeclared{"oak", Span{From: day(9, 14), To: day(9, 16), Class: NoSchool}})
			c.add(PersonSet{ID: "moved", From: day(8, 1), Role: Teacher, Campus: "oak", Schedule: Weekly})
			c.person("moved", Teacher, Weekly, day(9, 17))
		}, nil, "moved", day(9, 17), "weekly", want{0, 0, 2, Behind}},
		// Of 1 a week and 2 in 3 weeks of the same kinds the first asks more.
		{"the target that asks most per week stands", func(c *campus) {
			c.add(TargetSet{Target{ID: "two in three", Roles: []Role{Teacher}, N: 2, Weeks: 3}})
		}, nil, "w", day(8, 17), "weekly", want{1, 0, 5, OnPace}},
		{"… and the other does not", func(c *campus) {
			c.add(TargetSet{Target{ID: "two in three", Roles: []Role{Teacher}, N: 2, Weeks: 3}})
		}, nil, "w", day(8, 17), "two in three", want{0, 0, 0, NoTarget}},
		{"a formal visit counts by the observer's role on its day", func(c *campus) {
			c.formal("w", day(9, 1)) // a coach then, and assistant principal since October
			c.add(PersonSet{ID: "coach", From: day(10, 1), Role: AP, Campus: "cedar"})
			c.formal("two", day(10, 2))
		}, nil, "w", Date(2027, 5, 27), "formal", want{1, 0, 2, DueSoon}},
		{"… which was the right one in October", func(c *campus) {
			c.add(PersonSet{ID: "coach", From: day(10, 1), Role: AP, Campus: "cedar"})
			c.formal("w", day(10, 2))
			c.person("coach", Coach, "", day(11, 1))
		}, nil, "w", Date(2027, 5, 27), "formal", want{1, 1, 2, Met}},
		// coach (1 a week) puts out both (1 in 2 weeks), which therefore does not put out walk (1 in 4).
		{"what does not stand puts out nothing", func(c *campus) {
			c.add(TargetGone{"weekly"})
			c.add(TargetSet{Target{ID: "walk", Roles: []Role{Teacher}, Kinds: []VisitKind{Walkthrough}, N: 1, Weeks: 4}})
			c.add(TargetSet{Target{ID: "both", Roles: []Role{Teacher}, N: 1, Weeks: 2}})
			c.add(TargetSet{Target{ID: "coach", Roles: []Role{Teacher}, Kinds: []VisitKind{CoachingVisit}, N: 1, Weeks: 1}})
		}, nil, "w", day(8, 17), "walk", want{1, 0, 20, OnPace}},
	} {
		t.Run(c.name, func(t *testing.T) {
			cp := newCampus(t, c.spans...)
			cp.person("w", Teacher, Weekly, Date(2026, 8, 1))
			cp.person("two", Teacher, EveryTwo, Date(2026, 8, 1))
			cp.person("four", Teacher, EveryFour, Date(2026, 8, 1))
			if c.build != nil {
				c.build(cp)
			}
			d := cp.duty(c.who, c.what, c.on)
			got := want{d.Required, d.Done, d.OpenLeft, d.Status}
			if got != c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

func TestCountWords(t *testing.T) {
	for _, c := range []struct {
		n, of int
		want  string
	}{
		{27, 32, "27 of 32 teachers"},
		{31, 32, "at least 28 of 32 teachers"},
		{32, 32, "at least 28 of 32 teachers"},
		{0, 32, "fewer than 5 of 32 teachers"},
		{4, 32, "fewer than 5 of 32 teachers"},
		{3, 4, "a group too small to report"},
		{6, 7, "at least 5 of 7 teachers"},
		{2, 7, "fewer than 5 of 7 teachers"},
	} {
		if got := CountOf(c.n, c.of).Words("teachers"); got != c.want {
			t.Errorf("%d of %d: %q, want %q", c.n, c.of, got, c.want)
		}
	}
}

// Replay of 200,000 events: the bar is 3 s and 60 bytes of model an event, texts apart.
func BenchmarkReplay(b *testing.B) {
	const people, events = 5000, 200_000
	log := NewMemLog(time.Now)
	ctx := context.Background()
	batch := func(n int, f func(i int) Fact) {
		var es []Event
		for i := range n {
			e, err := NewEvent(f(i), "p0", "test", testNow)
			if err != nil {
				b.Fatal(err)
			}
			es = append(es, e)
		}
		if _, err := log.Append(ctx, Any, "", es, nil); err != nil {
			b.Fatal(err)
		}
	}
	id := func(i int) PersonID { return PersonID(fmt.Sprintf("p%d", i%people)) }
	batch(people, func(i int) Fact { return PersonSet{ID: id(i), From: Date(2026, 8, 1), Role: Teacher, Campus: "cedar"} })
	roster := heapOf(b, log)
	batch(events, func(i int) Fact {
		return VisitLogged{UID: uint64(i), Observer: "p0", Subject: id(i * 7), Visit: CoachingVisit, On: Date(2026, 8, 17) + Day(i%180), Minutes: 12, Focus: []string{"discourse"}, Texts: []string{"glow"}}
	})
	full := heapOf(b, log)
	b.ReportAllocs()
	for b.Loop() {
		m := NewModel()
		if err := log.Read(ctx, 0, m.Apply); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(full-roster)/events, "model-B/event")
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/replay")
}
