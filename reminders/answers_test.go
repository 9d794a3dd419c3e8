package reminders

import (
	"strings"
	"testing"

	"rounds/school"
)

// summed are the afternoon summaries that were said on days.
func (w *world) summed(days ...string) (out []string) {
	w.t.Helper()
	for _, d := range days {
		for _, said := range w.scanAt(d + " 15:45") {
			if strings.Contains(said, "check-in") {
				out = append(out, d[8:]+" "+said)
			}
		}
	}
	return out
}

func (w *world) answer(at string, step int64, answer school.CheckIn) {
	w.at(at)
	w.record(school.StepAnswered{Step: step, Answer: answer, On: school.DayOf(w.clock.Now(), chicago)})
	w.scan()
	w.said()
}

func TestAnswersOfTheDay(t *testing.T) {
	w := newWorld(t, "2026-10-15 10:00")
	w.scan()
	a, b := w.step("2026-11-30"), w.step("2026-11-30")
	w.answer("2026-10-19 10:00", a, school.TriedIt)
	w.answer("2026-10-19 11:00", b, school.NotYet)
	same(t, "two answers", w.summed("2026-10-19", "2026-10-20"), []string{"19 dm-c1: 2 new check-ins on your action steps."})
	w.answer("2026-10-20 16:00", a, school.Consistently)
	same(t, "one after the summary: the next day", w.summed("2026-10-21", "2026-10-22"), []string{"21 dm-c1: 1 new check-in on your action steps."})
	w.answer("2026-10-23 17:00", b, school.TriedIt)
	same(t, "over the weekend", w.summed("2026-10-23", "2026-10-26"), []string{"26 dm-c1: 1 new check-in on your action steps."})
}

// "Let's talk" goes at once, and counts in nobody's summary.
func TestLetsTalkIsNotSummedUp(t *testing.T) {
	w := newWorld(t, "2026-10-15 10:00")
	w.scan()
	a := w.step("2026-11-30")
	w.answer("2026-10-19 10:00", a, school.TriedIt)
	w.answer("2026-10-19 11:00", a, school.LetsTalk)
	same(t, "summed", w.summed("2026-10-19", "2026-10-20"), nil)
}

// What was held one day is told the next, once.
func TestAnswersWaitForTheirReader(t *testing.T) {
	w := newWorld(t, "2026-10-15 10:00")
	w.scan()
	a := w.step("2026-11-30")
	w.record(school.LeaveSet{Person: "c1", From: day("2026-10-19"), To: day("2026-10-19")})
	w.answer("2026-10-19 10:00", a, school.TriedIt)
	same(t, "on leave, and back", w.summed("2026-10-19", "2026-10-20", "2026-10-21"), []string{"20 dm-c1: 1 new check-in on your action steps."})
}

func TestAnswersToAClosedStep(t *testing.T) {
	w := newWorld(t, "2026-10-15 10:00")
	w.scan()
	a := w.step("2026-11-30")
	w.answer("2026-10-19 10:00", a, school.TriedIt)
	w.record(school.StepMoved{Step: a, State: school.StepMastered, On: day("2026-10-19")})
	same(t, "looked at already", w.summed("2026-10-19"), nil)
}
