package cards

import (
	"fmt"
	"strings"
	"time"

	"rounds/bot"
	"rounds/school"
)

// ExportLine is one entry of somebody's record.
type ExportLine struct {
	Section string
	Head    string // "Fri, Oct 16 · coaching visit · Ada Okafor · 12 min"
	Texts   []string
}

// ExportLines puts a record in order, section by section.
func ExportLines(x *school.Export, today school.Day, zone *time.Location) []ExportLine {
	var out []ExportLine
	add := func(section string, words []school.Words, parts ...string) {
		out = append(out, ExportLine{section, dots(parts...), exportWords(words, x.Complete)})
	}
	day := func(d school.Day) string { return Date(d, today) }
	const you = "You"
	p := x.Person
	add(you, nil, p.Name, p.Role, p.Campus, p.Email)
	if p.Schedule != "" || len(p.Caseload) > 0 {
		schedule := ""
		if p.Schedule != "" {
			schedule = "to be visited: " + p.Schedule.Words()
		}
		add(you, nil, schedule, "on the caseload of "+orNobody(Names(p.Caseload)), Count(p.Years, "year")+" of experience")
	}
	for _, a := range x.Accounts {
		add(you, nil, "Chat account", a)
	}
	for _, l := range x.Leave {
		add(you, nil, "On leave", day(l.From)+" to "+day(l.To))
	}
	for _, s := range x.Snoozes {
		add(you, s.Words, "Snoozed", s.What, "until "+day(s.Until))
	}
	for _, v := range x.Visits {
		min := ""
		if v.Minutes > 0 {
			min = fmt.Sprintf("%d min", v.Minutes)
		}
		add("Visits to you", v.Words, day(v.On), KindWords(v.Kind), v.By, min, strings.Join(v.Focus, ", "), flag(v.TakenBack, "taken back"), flag(v.Version > 1, fmt.Sprintf("version %d", v.Version)),
			flag(!v.Shared.IsZero(), "shared"), flag(v.Opened, "opened"), flag(v.Debriefed != 0, "talked over "+day(v.Debriefed)))
	}
	for _, s := range x.Steps {
		check := ""
		if s.Check != 0 {
			check = "check back " + day(s.Check)
		}
		add("Action steps and check-ins", s.Words, day(s.Added), "from "+s.From, StepWords(s.State), check, s.Focus)
		for _, c := range s.CheckIns {
			add("Action steps and check-ins", c.Words, day(c.On), "you said: "+AnswerWords(c.Answer))
		}
	}
	for _, c := range x.Commitments {
		state := "open"
		switch {
		case c.Closed != 0 && c.Met:
			state = "met " + day(c.Closed)
		case c.Closed != 0:
			state = "dropped " + day(c.Closed)
		}
		due := ""
		if c.By != 0 {
			due = "due " + day(c.By)
		}
		add("Commitments to teams", c.Words, c.Team, "meeting of "+day(c.Meeting), due, state)
	}
	for _, r := range x.Ratings {
		add("Self-ratings and goals", nil, day(r.On), "strand "+r.Strand, r.Level)
	}
	for _, g := range x.Goals {
		by := ""
		if g.By != 0 {
			by = "by " + day(g.By)
		}
		add("Self-ratings and goals", nil, day(g.On), "goal "+g.Statement, by)
	}
	for _, g := range x.GoalsEnded {
		how := "let go"
		if g.Reached {
			how = "reached"
		}
		add("Self-ratings and goals", nil, day(g.On), "goal "+g.Statement, how)
	}
	if x.GrowthWith != "" {
		add("Self-ratings and goals", nil, "shared with "+x.GrowthWith)
	}
	if x.GrowthWeeks > 0 {
		add("Self-ratings and goals", nil, fmt.Sprintf("a reminder every %s", Count(x.GrowthWeeks, "week")))
	}
	for _, l := range x.Looks {
		add("Who looked", nil, day(l.On), l.By, l.Role, lookWords(l.Alone, l.Listed))
	}
	for _, m := range x.Messages {
		add("Messages to you", nil, m.At.In(zone).Format("Mon, Jan 2, 3:04 PM"), MessageWords(m.About))
	}
	return out
}

func orNobody(s string) string {
	if s == "" {
		return "nobody"
	}
	return s
}

func flag(on bool, s string) string {
	if on {
		return s
	}
	return ""
}

func exportWords(words []school.Words, complete bool) []string {
	var out []string
	for _, w := range words {
		s := upFirst(w.What) + ": " + w.Text
		if complete && !w.Given {
			s = upFirst(w.What) + " (not given to the person; " + string(w.Class) + "): " + w.Text
		}
		out = append(out, s)
	}
	return out
}

// lookWords says what was looked at: "visits and steps; status in a list".
func lookWords(alone, listed []string) string {
	var out []string
	if len(alone) > 0 {
		out = append(out, Names(alone))
	}
	if len(listed) > 0 {
		out = append(out, Names(listed)+" in a list")
	}
	return strings.Join(out, "; ")
}

// MessageWords says what sort of message it was.
func MessageWords(about string) string {
	switch about {
	case "plan":
		return "plan of the week"
	case "notice":
		return "that a note, a step or a word of yours waits"
	case "preview":
		return "a look at the snapshot"
	}
	return about
}

// ExportPage shows one page of the viewer's own record.
func ExportPage(lines []ExportLine, page, pages, all int) bot.Private {
	b := []bot.Block{bot.Title{Text: "Your record"}, bot.Context{Text: fmt.Sprintf("Page %d of %d · %d entries. Only you see this.", page, pages, all)}}
	section := ""
	for _, l := range lines {
		if l.Section != section {
			section = l.Section
			b = append(b, bot.Text{Text: section, Style: bot.Strong})
		}
		b = append(b, bot.Text{Text: l.Head})
		for _, t := range l.Texts {
			b = append(b, bot.Text{Text: t, Style: bot.Quote})
		}
	}
	var bs []bot.Button
	if page < pages {
		bs = append(bs, bot.Button{Label: "Next page", Press: bot.Press{Action: "rounds.page", Subject: fmt.Sprintf("p%d", page+1)}, Style: bot.Primary})
	}
	if page > 1 {
		bs = append(bs, bot.Button{Label: "Previous page", Press: bot.Press{Action: "rounds.page", Subject: fmt.Sprintf("p%d", page-1)}})
	}
	if len(bs) > 0 {
		b = append(b, bot.Buttons{Items: bs})
	}
	if page == pages {
		b = append(b, bot.Context{Text: "That is all that you may see of it; a note that its author has not shared is not in it. For a file of the same, ask your district's IT office: rounds export writes one."})
	}
	return bot.PrivateCard(b...)
}
