package reminders

import (
	"testing"

	"rounds/school"
)

// owedAt goes through school days at 15:30 and tells on which the coach was asked for feedback.
func (w *world) owedAt(days ...string) (asked []string) {
	w.t.Helper()
	for _, d := range days {
		for _, said := range w.scanAt(d + " 15:30") {
			if said == "dm-c1: 1 visit still waits for feedback." || said == "dm-c1: 2 visits still wait for feedback." {
				asked = append(asked, d+" "+said[7:8])
			}
		}
	}
	return asked
}

var twoWeeks = []string{
	"2026-10-13", "2026-10-14", "2026-10-15", "2026-10-16", "2026-10-19", "2026-10-20", "2026-10-21", "2026-10-22", "2026-10-23",
}

func TestFeedbackIsAskedForTwice(t *testing.T) {
	w := newWorld(t, "2026-10-13 09:00") // a Tuesday
	w.scan()
	w.visit("t1")
	same(t, "on the third and the fifth school day", w.owedAt(twoWeeks...), []string{"2026-10-16 1", "2026-10-20 1"})
}

func TestFeedbackOfADayIsOneMessage(t *testing.T) {
	w := newWorld(t, "2026-10-13 09:00")
	w.scan()
	w.visit("t1")
	w.visit("t2")
	third := w.visit("t3")
	w.record(school.VisitVoided{Visit: third})
	w.record(school.VisitLogged{UID: 9, Observer: "c1", Subject: "t4", Visit: school.Formal, On: day("2026-10-13")})
	w.record(school.VisitLogged{UID: 9, Observer: "c1", Team: "math", Visit: school.PLCVisit, On: day("2026-10-13")})
	same(t, "what was taken back, formal visits and teams do not count", w.owedAt(twoWeeks[:5]...), []string{"2026-10-16 2"})
}

func TestFeedbackStopsWhenItIsGiven(t *testing.T) {
	give := map[string]func(w *world, n int64){
		"shared":      func(w *world, n int64) { w.record(school.VisitShared{Visit: n, At: w.clock.Now()}) },
		"debriefed":   func(w *world, n int64) { w.record(school.VisitDebriefed{Visit: n, On: day("2026-10-16")}) },
		"taken back":  func(w *world, n int64) { w.record(school.VisitVoided{Visit: n}) },
		"left school": func(w *world, n int64) { w.record(school.PersonLeft{ID: "t1", On: day("2026-10-16")}) },
	}
	for how, give := range give {
		t.Run(how, func(t *testing.T) {
			w := newWorld(t, "2026-10-13 09:00")
			w.scan()
			n := w.visit("t1")
			w.at("2026-10-16 15:29")
			give(w, n)
			same(t, "asked", w.owedAt(twoWeeks...), nil)
		})
		t.Run(how+" between the plan and the sending", func(t *testing.T) {
			w := newWorld(t, "2026-10-13 09:00")
			w.scan()
			n := w.visit("t1")
			w.at("2026-10-16 15:30")
			w.runner.crash = func(point string) error {
				if point == "claimed" {
					w.runner.crash = nil
					give(w, n)
				}
				return nil
			}
			w.scan()
			same(t, "asked", w.owedAt("2026-10-16"), nil)
		})
	}
}

// The third school day is counted over a holiday, and what the leader's leave keeps back is not asked for later.
func TestFeedbackBySchoolDays(t *testing.T) {
	w := newWorld(t, "2026-10-09 09:00") // Friday; Monday is a holiday
	w.scan()
	w.visit("t1")
	same(t, "over the holiday", w.owedAt(append([]string{"2026-10-09", "2026-10-12"}, twoWeeks...)...), []string{"2026-10-15 1", "2026-10-19 1"})

	w = newWorld(t, "2026-10-13 09:00")
	w.scan()
	w.visit("t1")
	w.record(school.LeaveSet{Person: "c1", From: day("2026-10-14"), To: day("2026-10-23")})
	same(t, "on leave", w.owedAt(append(twoWeeks, "2026-10-26", "2026-10-27")...), nil)
	if got := w.settledAs("feedback/2026-10-16/c1"); got != "held: on leave" {
		t.Errorf("recorded as %q", got)
	}
}

// A rule that fires on Fridays alone asks for all that became late since the Friday before.
func TestFeedbackOnFridays(t *testing.T) {
	w := newWorld(t, "2026-10-12 09:00")
	w.record(school.RuleSet{Rule: school.Rule{ID: KindFeedback, On: school.LastSchoolDay, Time: 15*60 + 30}})
	w.at("2026-10-13 09:00")
	w.scan()
	w.visit("t1")
	w.at("2026-10-14 09:00")
	w.visit("t2")
	same(t, "on Fridays", w.owedAt(append(twoWeeks, "2026-10-26", "2026-10-30")...), []string{"2026-10-16 1", "2026-10-23 2"})
}
