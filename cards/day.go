package cards

import (
	"fmt"
	"strings"

	"rounds/bot"
	"rounds/school"
)

// DayChange is what changed about some days of one campus or of several.
type DayChange struct {
	Where    string // "Cedar Ridge", "All campuses"
	From, To school.Day
	Today    school.Day
	Class    school.DayClass // NoSchool or EarlyRelease
	Reason   string
	Days     int    // school days that fall out or come back
	Teams    int    // teams with meetings among them that are still to come
	Late     bool   // some of the days are over
	Press    string // of [Take it back]
}

// daySpan is "today, Fri, Oct 30", or "from Mon, Oct 26 to Fri, Oct 30".
func daySpan(from, to, today school.Day) string {
	if from != to {
		return "from " + Date(from, today) + " to " + Date(to, today)
	}
	switch w := When(from, today); w {
	case "today", "yesterday", "tomorrow":
		return w + ", " + Date(from, today)
	default:
		return "on " + w
	}
}

func (c DayChange) reason() string {
	if c.Reason == "" {
		return "."
	}
	return " (" + c.Reason + ")."
}

// is and releases agree with one campus or several.
func (c DayChange) verb(one, many string) string {
	if strings.HasPrefix(c.Where, "All ") || strings.Contains(c.Where, " and ") {
		return many
	}
	return one
}

// DayDeclared says what closing a campus, or sending its students home early, changes.
func DayDeclared(c DayChange) bot.Private {
	var b []bot.Block
	if c.Class == school.EarlyRelease {
		b = append(b,
			bot.Text{Text: c.Where + " " + c.verb("releases", "release") + " early " + daySpan(c.From, c.To, c.Today) + c.reason(), Style: bot.Strong},
			bot.Text{Text: "It still is a school day: targets, reminders and PLC meetings stay as they are."})
	} else {
		b = append(b, bot.Text{Text: c.Where + " " + c.verb("is", "are") + " closed " + daySpan(c.From, c.To, c.Today) + c.reason(), Style: bot.Strong})
		var l []string
		if c.Days > 0 {
			l = append(l, fmt.Sprintf("Targets count %s fewer.", Count(c.Days, "school day")))
		}
		if c.Teams > 0 {
			l = append(l, "PLC meetings of "+Count(c.Teams, "team")+" fall out. An agenda that was posted for one now says so in its place.")
		}
		l = append(l, "Reminders keep to the calendar: on a closed day nothing goes out but what somebody asks for.")
		if c.Late {
			l = append(l, "Days that are over: what was sent on them stays.")
		}
		b = append(b, privacyLines(l))
	}
	return bot.PrivateCard(append(b, bot.Buttons{Items: []bot.Button{{Label: "Take it back", Press: bot.Press{Action: "rounds.takeback", Subject: c.Press}}}})...)
}

// DayRestored says that declared days are again what the calendar says.
func DayRestored(c DayChange) bot.Private {
	b := []bot.Block{bot.Text{Text: "Taken back: " + c.Where + " " + c.verb("follows", "follow") + " the calendar again " + daySpan(c.From, c.To, c.Today) + ".", Style: bot.Strong}}
	var l []string
	if c.Days > 0 {
		l = append(l, fmt.Sprintf("Targets count %s more.", Count(c.Days, "school day")))
	}
	if c.Teams > 0 {
		l = append(l, "PLC meetings of "+Count(c.Teams, "team")+" take place again; a posted agenda says so.")
	}
	if len(l) > 0 {
		b = append(b, privacyLines(l))
	}
	return bot.PrivateCard(b...)
}
