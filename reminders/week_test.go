package reminders

import "testing"

// A week without a Monday, as it is said.
func TestAWeek(t *testing.T) {
	w := newWorld(t, "2026-10-09 16:00")
	same(t, "at first", w.scanAt("2026-10-09 16:00"), nil)
	same(t, "holiday Monday", w.scanAt("2026-10-12 07:00"), nil)
	same(t, "Tuesday is the first school day", w.scanAt("2026-10-13 07:00"), []string{"dm-c1: 6 visits to go, 4 school days left."})
	same(t, "once", w.scanAt("2026-10-13 07:01"), nil)
	same(t, "agenda on the day before", w.scanAt("2026-10-14 15:00"), []string{"math: Math 7"})
	same(t, "nothing on Thursday", w.scanAt("2026-10-15 15:00"), nil)
	same(t, "preview", w.scanAt("2026-10-16 12:00"), []string{"dm-p1: The week 9 coaching snapshot goes to your leadership room at 3:00 PM CDT."})
	same(t, "digest", w.scanAt("2026-10-16 15:00"), []string{"leaders: Week 9 coaching snapshot"})
	same(t, "and rest", w.scanAt("2026-10-18 15:00"), nil)
}
