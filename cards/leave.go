package cards

import (
	"fmt"

	"rounds/bot"
	"rounds/school"
)

// LeaveSet is what somebody's leave, or its end, changes.
type LeaveSet struct {
	Name     string // "You" for the viewer's own
	From, To school.Day
	Today    school.Day
	Days     int    // school days in it
	Targets  []Duty // where their targets stand now, those that somebody owes them
	Notes    bool   // they are told of notes once they are back
	Press    string // of [Take it back]
}

// Duty is one target and its status in words.
type Duty struct{ Name, Status string }

func (s LeaveSet) is() string {
	if s.Name == "You" {
		return "You are"
	}
	return s.Name + " is"
}

// Leave says that somebody is away.
func Leave(s LeaveSet) bot.Private {
	head := s.is() + " on leave " + daySpan(s.From, s.To, s.Today) + "."
	b := []bot.Block{bot.Text{Text: head, Style: bot.Strong}}
	lines := []string{fmt.Sprintf("Targets count %s fewer.", Count(s.Days, "school day"))}
	if s.Name == "You" {
		lines = append(lines, "Reminders to you wait; the visits that you still have to make stay on your list.")
	}
	for _, d := range s.Targets {
		lines = append(lines, d.Name+": "+d.Status)
	}
	b = append(b, privacyLines(lines), bot.Buttons{Items: []bot.Button{{Label: "Take it back", Press: bot.Press{Action: "rounds.leaveback", Subject: s.Press}}}},
		bot.Context{Text: "Rounds keeps the days and never why. They who serve " + s.them() + " see that it is leave; nobody else does."})
	return bot.PrivateCard(b...)
}

func (s LeaveSet) them() string {
	if s.Name == "You" {
		return "you"
	}
	return s.Name
}

// Back says that a leave has ended, ends, or was taken back.
func Back(s LeaveSet, gone bool) bot.Private {
	head := s.is() + " back " + daySpan(s.From, s.From, s.Today) + "."
	if gone {
		head = "Taken back: " + lowerFirst(s.is()) + " not on leave " + daySpan(s.From, s.To, s.Today) + "."
	}
	b := []bot.Block{bot.Text{Text: head, Style: bot.Strong}}
	var lines []string
	for _, d := range s.Targets {
		lines = append(lines, d.Name+": "+d.Status)
	}
	if len(lines) > 0 {
		b = append(b, privacyLines(lines))
	}
	return bot.PrivateCard(b...)
}

// lowerFirst is for "You" in the middle of a sentence; names keep their capitals.
func lowerFirst(s string) string {
	if len(s) > 4 && s[:4] == "You " {
		return "you " + s[4:]
	}
	return s
}
