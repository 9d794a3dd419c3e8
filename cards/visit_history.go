package cards

import (
	"fmt"
	"strings"

	"rounds/bot"
	"rounds/school"
)

// Past is one visit of a history.
type Past struct {
	On        school.Day
	Kind      school.VisitKind
	Minutes   int
	By        string // "you", or a name
	Focus     []string
	Appraiser bool
	Glow      string
	Grow      string
	Note      string
	State     string // "shared, opened", "not shared"
	Ref       string // "v1042": may be read apart, or ""
}

// History is what was seen of one person.
type History struct {
	Name     string // "your" when it is the viewer
	Ref      string // of the person, for the buttons
	Own      bool
	Schedule string // "Every 2 weeks"
	Status   string
	Today    school.Day
	Visits   []Past
	All      int    // how many there are, older ones that are left out among them
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
	if len(h.Visits) == 0 {
		none := "No visits on record yet."
		if h.OnlyMine {
			none = "No visits by you. What others saw here is not yours to see."
		}
		b = append(b, bot.Text{Text: none})
	}
	for _, v := range h.Visits {
		b = append(b, bot.Text{Text: v.line(h.Today)})
		if q := v.words(); q != "" {
			b = append(b, bot.Text{Text: q, Style: bot.Quote})
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
		bs = append(bs, bot.Button{Label: fmt.Sprintf("Show all %d", h.All), Press: bot.Press{Action: "observe.hist", Subject: h.Ref}})
	}
	if len(bs) > 0 {
		b = append(b, bot.Buttons{Items: bs})
	}
	return bot.PrivateCard(b...)
}

// VisitList is a whole history, one line a visit, with a button where there is something to read.
func VisitList(h History) bot.Private {
	title := "All visits to " + h.Name
	if h.Own {
		title = "All my visits"
	}
	var l bot.List
	for _, v := range h.Visits {
		it := bot.Item{Text: v.line(h.Today)}
		if v.Ref != "" {
			it.Button = &bot.Button{Label: "Read", Press: bot.Press{Action: "observe.read", Subject: v.Ref}, About: "the note of " + v.On.Short()}
		}
		l.Items = append(l.Items, it)
	}
	b := []bot.Block{bot.Title{Text: title}, l}
	if h.Withheld != "" {
		b = append(b, bot.Context{Text: h.Withheld})
	}
	return bot.PrivateCard(b...)
}

func (v Past) line(today school.Day) string {
	min, by := "", ""
	if v.Minutes > 0 {
		min = fmt.Sprintf("%d min", v.Minutes)
	}
	if v.By != "" {
		by = "by " + v.By
	}
	return dots(upFirst(When(v.On, today)), KindWords(v.Kind), min, by, strings.Join(v.Focus, ", "), v.State)
}

func (v Past) words() string {
	glow, grow := GlowGrow(v.Appraiser)
	var lines []string
	for _, p := range [][2]string{{glow, v.Glow}, {grow, v.Grow}, {"Note", v.Note}} {
		if p[1] != "" {
			lines = append(lines, p[0]+": "+p[1])
		}
	}
	return strings.Join(lines, "\n")
}
