package cards

import (
	"fmt"
	"strings"

	"rounds/bot"
	"rounds/school"
)

// Past is one visit of a history, or an earlier version of one.
type Past struct {
	On        school.Day // 0 in an earlier version: that of the latest
	Kind      school.VisitKind
	Minutes   int
	By        string // "you", or a name
	Mine      bool   // the viewer made it
	Void      bool   // it was taken back
	Focus     []string
	Appraiser bool
	Glow      string
	Grow      string
	Evidence  string
	Note      string
	State     string // "shared, opened", "not shared"
	Changed   string // "version 2, changed Fri, Oct 16", or ""
	Feedback  string // "feedback owed by Mon, Oct 19", or ""
	Version   string // of an earlier version: "Version 1, Thu, Oct 15"
	Earlier   []Past // for who made it
	Ref       string // "v1042": may be read apart, or ""
}

// History is what was seen of one person or one team.
type History struct {
	Name     string // "your" when it is the viewer
	Ref      string // of the form that logs another one
	Own      bool
	Schedule string // "Every 2 weeks"
	Status   string
	Filter   string // "Sep 1 to Oct 1 · Student discourse", or ""
	Today    school.Day
	Visits   []Past
	All      int    // how many there are, those that are left out among them
	First    int    // of a page: how many come before it
	More     string // subject of the button that shows all of it
	Newer    string // subjects of the buttons that turn the page, or ""
	Older    string
	Withheld string // why some texts are not shown, or ""
	MayLog   bool
	OnlyMine bool // the viewer sees their own visits alone
}

// VisitHistory shows the visits to one person, the latest first.
func VisitHistory(h History) bot.Private {
	title := "Visits to " + h.Name
	if h.Own {
		title = "My visits"
	}
	b := []bot.Block{bot.Title{Text: title}}
	if s := dots(h.Schedule, h.Status); s != "" {
		b = append(b, bot.Text{Text: s})
	}
	if h.Filter != "" {
		b = append(b, bot.Context{Text: upFirst(h.Filter)})
	}
	if len(h.Visits) == 0 {
		none := "No visits on record yet."
		switch {
		case h.OnlyMine:
			none = "No visits by you. What others saw here is not yours to see."
		case h.Filter != "":
			none = "No visit on record is about that."
		}
		b = append(b, bot.Text{Text: none})
	}
	for _, v := range h.Visits {
		if v.Mine && !v.Void && v.Ref != "" {
			b = append(b, bot.List{Items: []bot.Item{{Text: v.line(h.Today), Button: &bot.Button{
				Label: "Amend", Press: bot.Press{Action: "observe.amend", Subject: v.Ref}, About: "the visit of " + v.On.Short(),
			}}}})
		} else {
			b = append(b, bot.Text{Text: v.line(h.Today)})
		}
		b = append(b, v.quoted()...)
		for _, e := range v.Earlier {
			b = append(b, e.version(h.Today)...)
		}
	}
	if h.Withheld != "" {
		b = append(b, bot.Context{Text: h.Withheld})
	}
	var bs []bot.Button
	if h.MayLog {
		bs = append(bs, bot.Button{Label: "Log a visit", Press: bot.Press{Action: "observe.form", Subject: h.Ref}, Style: bot.Primary})
	}
	if h.All > len(h.Visits) {
		bs = append(bs, bot.Button{Label: fmt.Sprintf("Show all %d", h.All), Press: bot.Press{Action: "observe.hist", Subject: h.More}})
	}
	if len(bs) > 0 {
		b = append(b, bot.Buttons{Items: bs})
	}
	return bot.PrivateCard(b...)
}

// VisitList is a page of a whole history, one line a visit, with a button where there is something to read or to do.
func VisitList(h History) bot.Private {
	title := "All visits to " + h.Name
	if h.Own {
		title = "All my visits"
	}
	var l bot.List
	for _, v := range h.Visits {
		it := bot.Item{Text: v.line(h.Today)}
		switch {
		case v.Ref == "":
		case v.Mine:
			it.Button = &bot.Button{Label: "Open", Press: bot.Press{Action: "observe.receipt", Subject: v.Ref}, About: "the visit of " + v.On.Short()}
		default:
			it.Button = &bot.Button{Label: "Read", Press: bot.Press{Action: "observe.read", Subject: v.Ref}, About: "the note of " + v.On.Short()}
		}
		l.Items = append(l.Items, it)
	}
	b := []bot.Block{bot.Title{Text: title}}
	if h.Filter != "" {
		b = append(b, bot.Context{Text: upFirst(h.Filter)})
	}
	if len(l.Items) > 0 {
		b = append(b, l)
	}
	if h.All > len(h.Visits) {
		b = append(b, bot.Context{Text: fmt.Sprintf("%d to %d of %d", h.First+1, h.First+len(h.Visits), h.All)})
	}
	if h.Withheld != "" {
		b = append(b, bot.Context{Text: h.Withheld})
	}
	var bs []bot.Button
	for _, x := range [][2]string{{"Newer", h.Newer}, {"Older", h.Older}} {
		if x[1] != "" {
			bs = append(bs, bot.Button{Label: x[0], Press: bot.Press{Action: "observe.hist", Subject: x[1]}})
		}
	}
	if len(bs) > 0 {
		b = append(b, bot.Buttons{Items: bs})
	}
	return bot.PrivateCard(b...)
}

// VisitVersions shows a visit to its author with every version of it, the latest first.
func VisitVersions(name string, now Past, today school.Day) bot.Private {
	b := []bot.Block{bot.Title{Text: "Visit to " + name}, bot.Text{Text: now.line(today)}}
	b = append(b, now.quoted()...)
	for _, e := range now.Earlier {
		b = append(b, e.version(today)...)
	}
	b = append(b, bot.Context{Text: "Earlier versions stay on record. Only you can read them."},
		bot.Buttons{Items: []bot.Button{{Label: "Back", Press: bot.Press{Action: "observe.receipt", Subject: now.Ref}}}})
	return bot.PrivateCard(b...)
}

// AmendWhich asks which of the visits of one line is meant.
func AmendWhich(names, refs []string) bot.Private {
	var bs []bot.Button
	for i, n := range names {
		bs = append(bs, bot.Button{Label: n, Press: bot.Press{Action: "observe.amend", Subject: refs[i]}})
	}
	return Plain("Which visit is to be amended?", bs...)
}

// ReadsNow says in a form what the visit says that another one is written over.
func ReadsNow(p Past, version int, today school.Day) string {
	lines := []string{fmt.Sprintf("It is at version %d now: %s", version, p.line(today))}
	for _, x := range noteParts(p.Appraiser, p.Glow, p.Grow, p.Evidence, p.Note) {
		lines = append(lines, x[0]+": "+echo(x[1]))
	}
	return strings.Join(append(lines, "Below is what you typed; nothing of it is saved yet."), "\n")
}

func (v Past) line(today school.Day) string {
	min, by, void := "", "", ""
	if v.Minutes > 0 {
		min = fmt.Sprintf("%d min", v.Minutes)
	}
	if v.By != "" {
		by = "by " + v.By
	}
	if v.Void {
		void = "taken back"
	}
	when := upFirst(When(v.On, today))
	if v.Version != "" && v.On == 0 {
		when = "" // as in the version after it
	} else if v.Version != "" {
		when = "visited " + Date(v.On, today)
	}
	return dots(v.Version, when, KindWords(v.Kind), min, by, strings.Join(v.Focus, ", "), v.State, v.Changed, v.Feedback, void)
}

// quoted are the texts that may be read, but for those of a visit that was taken back.
func (v Past) quoted() []bot.Block {
	var lines []string
	for _, p := range noteParts(v.Appraiser, v.Glow, v.Grow, v.Evidence, v.Note) {
		lines = append(lines, p[0]+": "+p[1])
	}
	if len(lines) == 0 || v.Void {
		return nil
	}
	return []bot.Block{bot.Text{Text: strings.Join(lines, "\n"), Style: bot.Quote}}
}

// version shows an earlier version in small print, its words as they were.
func (v Past) version(today school.Day) []bot.Block {
	return append([]bot.Block{bot.Context{Text: v.line(today)}}, v.quoted()...)
}

// FeedbackWords says by when feedback on a visit is owed, or since when it is late.
func FeedbackWords(f school.FeedbackOwed, today school.Day) string {
	switch {
	case f.Late > 0:
		return "Feedback late by " + Count(f.Late, "school day")
	case f.Over:
		return "Feedback was due " + Date(f.By, today)
	case f.By == 0:
		return "Feedback owed"
	}
	if f.By == today {
		return "Feedback due today"
	}
	return "Feedback owed by " + When(f.By, today)
}

// DownFirst continues a line with what could begin one.
func DownFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}
