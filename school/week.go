package school

import "sort"

// WeekPlan is a leader's week in one line: "18 of 24 this week · 6 to go · 2 school days left".
type WeekPlan struct {
	Done     int    // visits made this week that were asked for
	ToGo     int    // visits that must still be made this week
	DaysLeft int    // school days left in the week, today included
	Later    int    // visits still open in periods that end after this week
	LaterBy  Day    // the first of those ends
	Behind   int    // subjects that are behind
	List     []Duty // what is to go this week, the most pressing first, then what is open later
	NoSchool bool   // there is no school this week: nothing is to go, all is later
	Next     Day    // then: the next school day; 0 when the year is over
}

// Of is the whole of the week.
func (w WeekPlan) Of() int { return w.Done + w.ToGo }

// PlanWeek makes the week of sorted duties. A visit belongs to this week when its period ends in it, or when
// its subject is behind: then one of theirs does. Year targets are left to their own line.
func PlanWeek(duties []Duty, cal *Calendar, today Day) WeekPlan {
	var w WeekPlan
	d := AsOf(today)
	sunday := d.Monday() + 6
	var later []Duty
	for _, x := range duties {
		if x.Target.Weeks == 0 || x.Status == OnHoldLeave || x.Status == OnHoldTesting {
			continue
		}
		w.Done += min(x.ThisWeek, max(x.Required, min(1, x.ThisWeek)))
		if x.Status == Behind {
			w.Behind++
		}
		left := x.Left()
		switch {
		case left == 0:
		case x.End <= sunday || x.Due != 0 && x.Due <= sunday:
			w.ToGo += left
			w.List = append(w.List, x)
		case x.Status == Behind:
			w.ToGo++
			w.Later += left - 1
			w.List = append(w.List, x)
		default:
			w.Later += left
			if w.LaterBy == 0 || x.Due < w.LaterBy {
				w.LaterBy = x.Due
			}
			later = append(later, x)
		}
	}
	w.List = append(w.List, later...)
	if _, _, school := cal.WeekEdges(d); !school && cal != emptyCalendar {
		w.rest(cal, sunday)
	}
	if today.Weekday() != 0 && today.Weekday() != 6 {
		w.DaysLeft = cal.SchoolDays(today, sunday)
	}
	return w
}

// rest makes the plan of a week without school: what stands open waits for a later week.
func (w *WeekPlan) rest(cal *Calendar, sunday Day) {
	w.NoSchool = true
	w.Next, _ = cal.NextSchoolDay(sunday)
	w.Later, w.ToGo, w.LaterBy = w.Later+w.ToGo, 0, 0
	for _, x := range w.List {
		if x.Due > sunday && (w.LaterBy == 0 || x.Due < w.LaterBy) {
			w.LaterBy = x.Due
		}
	}
}

func sortSteps(s []StepSeen) {
	sort.SliceStable(s, func(i, j int) bool {
		a, b := s[i], s[j]
		if (a.By == 0) != (b.By == 0) {
			return a.By != 0
		}
		if a.By != b.By {
			return a.By < b.By
		}
		return a.N < b.N
	})
}
