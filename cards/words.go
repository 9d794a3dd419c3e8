package cards

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"rounds/school"
)

// When says a day as people do: "today", "yesterday", "Fri, Oct 16", and with its year when that is another school
// year's.
func When(d, today school.Day) string {
	switch d - today {
	case 0:
		return "today"
	case -1:
		return "yesterday"
	case 1:
		return "tomorrow"
	}
	return Date(d, today)
}

// Date is a day's date: "Fri, Oct 16", and with its year when that is another school year's.
func Date(d, today school.Day) string {
	if schoolYear(d) == schoolYear(today) {
		return d.Short()
	}
	y, _, _ := d.Civil()
	return fmt.Sprintf("%s, %d", d.Short(), y)
}

// schoolYear is the year in which the school year of a day begins. Whatever the calendar, it turns in July.
func schoolYear(d school.Day) int {
	y, m, _ := d.Civil()
	if m < time.July {
		y--
	}
	return y
}

// WhenAt says an instant: "today at 3:30 PM".
func WhenAt(t time.Time, zone *time.Location, today school.Day) string {
	return When(school.DayOf(t, zone), today) + " at " + t.In(zone).Format("3:04 PM")
}

// Names puts names in a row: "Ada Okafor, Ben Diaz and Cy Lindqvist".
func Names(names []string) string {
	switch n := len(names); n {
	case 0:
		return ""
	case 1:
		return names[0]
	default:
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
}

// Count is "1 visit", "2 visits".
func Count(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %ss", n, one)
}

// KindWords says a kind of visit: "coaching visit".
func KindWords(k school.VisitKind) string {
	switch k {
	case school.Walkthrough:
		return "walkthrough"
	case school.CoachingVisit:
		return "coaching visit"
	case school.Formal:
		return "formal observation"
	case school.PLCVisit:
		return "PLC visit"
	}
	return string(k)
}

// GlowGrow are the labels of the two halves of a note; appraisers use the words of the appraisal.
func GlowGrow(appraiser bool) (glow, grow string) {
	if appraiser {
		return "Reinforcement", "Refinement"
	}
	return "Glow", "Grow"
}

// Week is the fast number: "18 of 24 this week · 6 to go · 2 school days left".
func Week(w school.WeekPlan) string {
	if w.NoSchool && w.Next == 0 {
		return "No school this week. The school year is over."
	}
	if w.NoSchool {
		return "No school this week. The next school day is " + w.Next.Short() + "."
	}
	if w.Of() == 0 {
		if w.DaysLeft == 0 {
			return "Nothing is due this week"
		}
		return "Nothing is due this week · " + Count(w.DaysLeft, "school day") + " left"
	}
	s := fmt.Sprintf("%d of %d this week", w.Done, w.Of())
	if w.ToGo == 0 {
		return s + " · all done"
	}
	s += fmt.Sprintf(" · %d to go", w.ToGo)
	if w.DaysLeft == 0 {
		return s + " · no school days left"
	}
	return s + " · " + Count(w.DaysLeft, "school day") + " left"
}

// Later is what comes after this week: "2 more visits later, the first by Fri, Oct 23"; "" for nothing.
func Later(w school.WeekPlan) string {
	switch {
	case w.Later == 0:
		return ""
	case w.NoSchool && w.Next == 0:
		return ""
	case w.NoSchool && w.LaterBy == 0:
		return Count(w.Later, "visit") + " when school is back."
	case w.NoSchool && w.Later == 1:
		return "1 visit when school is back, by " + w.LaterBy.Short() + "."
	case w.NoSchool:
		return Count(w.Later, "visit") + " when school is back, the first by " + w.LaterBy.Short() + "."
	case w.LaterBy == 0:
		return Count(w.Later, "more visit") + " later."
	case w.Later == 1:
		return "1 more visit by " + w.LaterBy.Short() + "."
	}
	return Count(w.Later, "more visit") + " later, the first by " + w.LaterBy.Short() + "."
}

// OnLeave says to somebody what their own leave means here.
func OnLeave(through, today school.Day) string {
	return "You are on leave through " + Date(through, today) + ": reminders wait."
}

// StepSince says a step's state and since when: "given today", "practicing since Tue, Oct 13".
func StepSince(s school.StepState, since, today school.Day) string {
	switch {
	case since == 0 || s == school.StepDraft:
		return StepWords(s)
	case s == school.StepPracticing || s == school.StepContinued:
		return StepWords(s) + " since " + When(since, today)
	}
	return StepWords(s) + " " + When(since, today)
}

// StepWords says a step's state.
func StepWords(s school.StepState) string {
	switch s {
	case school.StepDraft:
		return "draft, not yet given"
	case school.StepAssigned:
		return "given"
	}
	return string(s)
}

// AnswerWords says a check-in as its button does: "Let's talk".
func AnswerWords(a school.CheckIn) string {
	if a == "" {
		return "no answer yet"
	}
	return strings.ToUpper(string(a[:1])) + string(a[1:])
}

// upFirst begins a sentence.
func upFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return strings.ToUpper(string(r)) + s[n:]
}

// echo repeats a long text by its beginning, and says how much there is.
func echo(s string) string {
	const most = 240
	if n := utf8.RuneCountInString(s); n > most+40 {
		return string([]rune(s)[:most]) + fmt.Sprintf("… (%d characters in all)", n)
	}
	return s
}

// dots joins what is there of some short facts: "12 min · today".
func dots(parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, " · ")
}
