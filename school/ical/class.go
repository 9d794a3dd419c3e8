package ical

import (
	"strings"

	"rounds/school"
)

// exactly are the categories that set a class without being asked.
var exactly = map[string]school.DayClass{
	"no school": school.NoSchool, "staff day": school.StaffDay, "early release": school.EarlyRelease,
	"testing": school.Testing, "blackout": school.Blackout,
}

// noise are words of events that say nothing about school days, whatever else they say: "Spring Break Camp
// registration", "Holiday concert".
var noise = []string{"awareness", " month", "appreciation", "registration", " camp", "concert", "deadline", " game", "spirit", "meeting", "picture", "fundraiser", "parade", "recess begins", "lunch menu"}

// words propose a class; the first match decides, so staff days come before holidays ("Student holiday, staff
// development").
var words = []struct {
	word  string
	class school.DayClass
}{
	{"staff development", school.StaffDay},
	{"professional development", school.StaffDay},
	{"professional learning", school.StaffDay},
	{"teacher work", school.StaffDay},
	{"staff work", school.StaffDay},
	{"workday", school.StaffDay},
	{"inservice", school.StaffDay},
	{"in-service", school.StaffDay},
	{"teacher prep", school.StaffDay},
	{"staff only", school.StaffDay},
	{"early release", school.EarlyRelease},
	{"early dismissal", school.EarlyRelease},
	{"half day", school.EarlyRelease},
	{"half-day", school.EarlyRelease},
	{"testing", school.Testing},
	{"staar", school.Testing},
	{"telpas", school.Testing},
	{"benchmark", school.Testing},
	{"test window", school.Testing},
	{"assessment window", school.Testing},
	{"keystone", school.Testing},
	{"no school", school.NoSchool},
	{"school closed", school.NoSchool},
	{"schools closed", school.NoSchool},
	{"offices closed", school.NoSchool},
	{"holiday", school.NoSchool},
	{"thanksgiving", school.NoSchool},
	{"winter break", school.NoSchool},
	{"spring break", school.NoSchool},
	{"fall break", school.NoSchool},
	{"labor day", school.NoSchool},
	{"memorial day", school.NoSchool},
	{"martin luther king", school.NoSchool},
	{"mlk", school.NoSchool},
	{"presidents' day", school.NoSchool},
	{"presidents day", school.NoSchool},
	{"juneteenth", school.NoSchool},
}

// classify finds the class of an event; exact tells whether its categories say it, else word is what it was
// guessed from. No class means noise.
func classify(summary string, categories []string) (class school.DayClass, word string, exact bool) {
	for _, c := range categories {
		if k, ok := exactly[strings.ToLower(c)]; ok {
			return k, c, true
		}
	}
	text := " " + strings.ToLower(strings.ReplaceAll(summary+" "+strings.Join(categories, " "), "’", "'"))
	for _, n := range noise {
		if strings.Contains(text, n) {
			return "", "", false
		}
	}
	for _, w := range words {
		if strings.Contains(text, w.word) {
			return w.class, w.word, false
		}
	}
	return "", "", false
}
