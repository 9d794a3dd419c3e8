package reminders

import (
	"testing"

	"rounds/school"
)

const growSaid = "dm-t1: You asked to be reminded of your own page."

// remindedAt tells on which of the days at 16:00 t1 was reminded.
func (w *world) remindedAt(days ...string) (out []string) {
	w.t.Helper()
	for _, d := range days {
		for _, said := range w.scanAt(d + " 16:00") {
			if said == growSaid {
				out = append(out, d)
			}
		}
	}
	return out
}

var mondays = []string{"2026-10-19", "2026-10-20", "2026-10-26", "2026-11-02", "2026-11-09", "2026-11-16"}

func TestGrowReminder(t *testing.T) {
	on := day("2026-10-13")
	goal := func(w *world) { w.record(school.GoalSet{Person: "t1", Statement: "proficient.1", On: on}) }
	rhythm := func(weeks int) func(w *world) {
		return func(w *world) { w.record(school.GrowRhythm{Person: "t1", Weeks: weeks, On: on}) }
	}
	for _, test := range []struct {
		name string
		do   []func(w *world)
		want []string
	}{
		{"nobody asked for it", []func(w *world){goal}, nil},
		{"every week", []func(w *world){goal, rhythm(1)}, []string{"2026-10-19", "2026-10-26", "2026-11-02", "2026-11-09", "2026-11-16"}},
		{"every other week", []func(w *world){goal, rhythm(2)}, []string{"2026-10-26", "2026-11-09"}},
		{"no goal", []func(w *world){rhythm(1)}, nil},
		{"the goal was reached", []func(w *world){goal, rhythm(1), func(w *world) {
			w.record(school.GoalEnded{Person: "t1", Statement: "proficient.1", Reached: true, On: on})
		}}, nil},
		{"never, after all", []func(w *world){goal, rhythm(1), rhythm(0)}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t, "2026-10-13 09:00")
			w.scan()
			for _, do := range test.do {
				do(w)
			}
			same(t, "reminded", w.remindedAt(mondays...), test.want)
		})
	}
}
