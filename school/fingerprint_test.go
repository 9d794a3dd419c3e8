package school

import (
	"testing"
	"time"
)

// TestFingerprint: the same events give the same fingerprint, and any one event more gives another.
func TestFingerprint(t *testing.T) {
	at := time.Date(2026, 10, 15, 15, 0, 0, 0, time.UTC)
	facts := []Fact{
		DistrictSet{Name: "Lone Star", Zone: "America/Chicago", QuietFrom: 18 * 60, QuietTo: 7 * 60},
		CampusSet{ID: "cedar", Name: "Cedar", Zone: "America/Denver"},
		CalendarSet{Name: "year", First: dayOf("2026-08-17"), Last: dayOf("2027-05-27"), Week: []int{1, 2, 3, 4, 5}},
		PersonSet{ID: "c1", Name: "n1", From: dayOf("2026-08-01"), Role: Coach, Campus: "cedar"},
		PersonSet{ID: "t1", Name: "n2", From: dayOf("2026-08-01"), Role: Teacher, Campus: "cedar", Observers: []PersonID{"c1"}},
		TeamSet{ID: "math", Name: "Math", Campus: "cedar", Members: []PersonID{"t1"}, Weekday: 2, Time: 600, Minutes: 45},
		TargetSet{Target{ID: "weekly", Roles: []Role{Teacher}, N: 1, Weeks: 1}},
		VisitLogged{UID: 1, Observer: "c1", Subject: "t1", Visit: CoachingVisit, On: dayOf("2026-10-14"), Minutes: 12, Focus: []string{"discourse"}, Texts: []string{"glow"}},
		VisitShared{Visit: 8, At: at},
		StepAdded{UID: 2, Subject: "t1", Author: "c1", On: dayOf("2026-10-14")},
		StepAnswered{Step: 10, Answer: TriedIt, On: dayOf("2026-10-15")},
		CommitmentMade{UID: 3, Team: "math", Owner: "t1", Slot: dayOf("2026-10-13")},
		MeetingHeld{UID: 4, Team: "math", Slot: dayOf("2026-10-13")},
		Snoozed{UID: 5, Person: "c1", What: "plan", Until: dayOf("2026-10-19")},
		RuleSet{Rule{ID: "plan", On: FirstSchoolDay, Time: 420}},
		Rated{Person: "t1", Strand: "S1", Level: "Proficient", On: dayOf("2026-10-14")},
		Sent{Occurrence: "x/plan/2026-10-12/c1", About: "plan", To: "c1", Ref: "ref", Due: at.Unix()},
	}
	model := func(n int) *Model {
		m := NewModel()
		for i, f := range facts[:n] {
			e, err := NewEvent(f, "c1", "test", at)
			if err != nil {
				t.Fatal(err)
			}
			e.Version = int64(i + 1)
			if err := m.Apply(e); err != nil {
				t.Fatal(err)
			}
		}
		return m
	}
	seen := map[string]int{}
	for n := range len(facts) + 1 {
		a, b := model(n).Fingerprint(), model(n).Fingerprint()
		if a != b {
			t.Errorf("%d events have two fingerprints", n)
		}
		if before, ok := seen[a]; ok {
			t.Errorf("%d and %d events have one fingerprint", before, n)
		}
		seen[a] = n
		// The version alone would tell them apart: without it the rest must as well.
		m := model(n)
		m.version = 0
		bare := m.Fingerprint()
		if before, ok := seen["bare"+bare]; ok {
			t.Errorf("but for the version, %d and %d events have one fingerprint", before, n)
		}
		seen["bare"+bare] = n
	}
}

func dayOf(s string) Day {
	d, err := ParseDay(s)
	if err != nil {
		panic(err)
	}
	return d
}
