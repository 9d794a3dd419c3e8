package cards

import (
	"fmt"
	"strings"

	"rounds/bot"
	"rounds/school"
)

// StepView is an action step as somebody may see it.
type StepView struct {
	N         int64
	Name      string // whose; "" for the viewer's own
	Author    string // "you", or a name
	Text      string
	Withheld  string // said in place of the wording, or ""
	State     school.StepState
	Since     school.Day
	By        school.Day
	Focus     string
	Answer    school.CheckIn // "" when there is none, or none for this viewer
	Answered  school.Day
	Note      string
	MayUpdate bool
	Today     school.Day
	Given     school.Day
	Age       school.StepAge
	Dues      []school.Day // earlier check-back dates
	Before    *StepLink    // the step whose place it took
	After     *StepLink    // the step that took its place
}

// StepLink leads from a step to the one before or after it, without its words.
type StepLink struct {
	N      int64
	Author string // "you", or a name
	On     school.Day
}

// Ref is the subject of the step's buttons.
func (s StepView) Ref() string { return fmt.Sprintf("s%d", s.N) }

func (s StepView) byWords() string {
	switch {
	case s.By == 0 || !s.State.Open():
		return ""
	case s.By < s.Today:
		return "check-back was " + When(s.By, s.Today)
	}
	return "check back " + When(s.By, s.Today)
}

// ageWords is "open 12 school days, past its date by 3"; "" for a step that is not open, or was given today.
func (s StepView) ageWords() string {
	switch a := s.Age; {
	case a.Late > 0:
		return "open " + Count(a.Open, "school day") + ", past its date by " + fmt.Sprint(a.Late)
	case a.Open > 0:
		return "open " + Count(a.Open, "school day")
	case a.Mastered > 0 && s.State == school.StepMastered:
		return "in " + Count(a.Mastered, "school day")
	}
	return ""
}

// staleWords marks a step that seems forgotten.
func (s StepView) staleWords() string {
	if s.Age.Stale {
		return "stale"
	}
	return ""
}

// history are the sentences on where a step comes from and what became of it.
func (s StepView) history() []bot.Block {
	var b []bot.Block
	if n := len(s.Dues); n > 0 {
		b = append(b, bot.Context{Text: "Continued " + Times(n) + ", first due " + When(s.Dues[0], s.Today) + "."})
	}
	if l := s.Before; l != nil {
		b = append(b, bot.Context{Text: "It takes the place of a step by " + l.Author + ", " + When(l.On, s.Today) + "."})
	}
	if l := s.After; l != nil {
		b = append(b, bot.Context{Text: "Replaced by a step by " + l.Author + ", " + When(l.On, s.Today) + "."})
	}
	var bs []bot.Button
	for _, x := range []struct {
		l     *StepLink
		label string
	}{{s.Before, "The step before it"}, {s.After, "The step after it"}} {
		if x.l != nil {
			bs = append(bs, bot.Button{Label: x.label, Press: bot.Press{Action: "step.open", Subject: fmt.Sprintf("s%d", x.l.N)}})
		}
	}
	if len(bs) > 0 {
		b = append(b, bot.Buttons{Items: bs})
	}
	return b
}

// Times is "once", "twice", "3 times".
func Times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return fmt.Sprintf("%d times", n)
}

func (s StepView) answerWords() string {
	if s.Answer == "" {
		return ""
	}
	return fmt.Sprintf("%s (%s)", AnswerWords(s.Answer), When(s.Answered, s.Today))
}

// wording is the text, or why there is none.
func (s StepView) wording() bot.Block {
	if s.Withheld != "" {
		return bot.Context{Text: s.Withheld}
	}
	return bot.Text{Text: s.Text, Style: bot.Quote}
}

// StepCard shows one step to a leader, with what can be done with it.
func StepCard(s StepView, said string) bot.Private {
	var b []bot.Block
	if said != "" {
		b = append(b, bot.Text{Text: said, Style: bot.Strong})
	}
	author := ""
	if s.Author != "" {
		author = "by " + s.Author
	}
	b = append(b, bot.Text{Text: dots(s.Name, StepSince(s.State, s.Since, s.Today), s.byWords(), s.ageWords(), s.staleWords(), s.Focus, author)}, s.wording())
	if a := s.answerWords(); a != "" {
		b = append(b, bot.Text{Text: "Last check-in: " + a})
		if s.Note != "" {
			b = append(b, bot.Text{Text: s.Note, Style: bot.Quote})
		}
	}
	b = append(b, s.history()...)
	press := func(key string) bot.Press { return bot.Press{Action: "step." + key, Subject: s.Ref()} }
	switch {
	case !s.MayUpdate:
		return bot.PrivateCard(b...)
	case s.State == school.StepReplaced:
		return bot.PrivateCard(b...)
	case !s.State.Open():
		return bot.PrivateCard(append(b, bot.Buttons{Items: []bot.Button{{Label: "Give it again", Press: press("again")}}})...)
	}
	var bs []bot.Button
	bs = append(bs, bot.Button{Label: "Mastered", Press: press("mastered"), Style: bot.Primary})
	if s.State != school.StepPracticing {
		bs = append(bs, bot.Button{Label: "Practicing", Press: press("practicing")})
	}
	bs = append(bs,
		bot.Button{Label: "Continue to a new date", Press: press("continue")},
		bot.Button{Label: "Replace", Press: press("swap")},
		bot.Button{Label: "Close", Press: press("close")})
	return bot.PrivateCard(append(b, bot.Buttons{Items: bs})...)
}

// StepFilter is one of the lists of steps that a leader can turn to.
type StepFilter struct {
	Label   string
	Subject string // of the button "step.page"; "" for the one that is shown
}

// StepPage is a page of the steps that a leader follows.
type StepPage struct {
	Title    string
	Steps    []StepView
	Withheld bool
	First    int // how many come before the page
	All      int
	Late     int // of all, not of the page
	Stale    int
	Newer    string // subjects of the buttons that turn the page, or ""
	Older    string
	Filters  []StepFilter
}

// StepList shows a page of the steps that a leader follows, the one due first before the others.
func StepList(p StepPage) bot.Private {
	b := []bot.Block{bot.Title{Text: p.Title}}
	if p.Late > 0 {
		b = append(b, bot.Text{Text: dots(fmt.Sprintf("%d past their date", p.Late), staleCount(p.Stale))})
	}
	var l bot.List
	for _, s := range p.Steps {
		text := s.Name
		if s.Text != "" {
			text += ": " + clip(s.Text, 140)
		}
		l.Items = append(l.Items, bot.Item{
			Text: text, Note: dots(s.staleWords(), StepWords(s.State), s.byWords(), s.ageWords(), s.answerWords()),
			Button: &bot.Button{Label: "Open", Press: bot.Press{Action: "step.open", Subject: s.Ref()}, About: "the step of " + s.Name},
		})
	}
	if len(l.Items) == 0 {
		b = append(b, bot.Text{Text: "None."})
	} else {
		b = append(b, l)
	}
	var turn, filters []bot.Button
	for _, x := range []struct{ label, subject string }{{"Due earlier", p.Newer}, {"Due later", p.Older}} {
		if x.subject != "" {
			turn = append(turn, bot.Button{Label: x.label, Press: bot.Press{Action: "step.page", Subject: x.subject}})
		}
	}
	for _, f := range p.Filters {
		if f.Subject != "" {
			filters = append(filters, bot.Button{Label: f.Label, Press: bot.Press{Action: "step.page", Subject: f.Subject}})
		}
	}
	if len(turn) > 0 {
		b = append(b, bot.Context{Text: fmt.Sprintf("%d to %d of %d", p.First+1, p.First+len(p.Steps), p.All)}, bot.Buttons{Items: turn})
	}
	if len(filters) > 0 {
		b = append(b, bot.Buttons{Items: filters})
	}
	foot := "Only you can see this."
	if p.Withheld {
		foot += " Where no wording stands, somebody else wrote it and it is not yours to read."
	}
	if p.Late > 0 || p.Stale > 0 {
		foot += " Days are school days."
	}
	return bot.PrivateCard(append(b, bot.Context{Text: foot})...)
}

// staleCount is "1 stale: no answer for more than a week past its date".
func staleCount(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%d stale, with no answer for more than %d school days", n, school.StaleAfter)
}

// StepSaved is what a leader sees after giving a step by itself.
func StepSaved(names []string, text string, by, today school.Day, focus string, remarks, reach []string, ref string) bot.Private {
	check := ""
	if by != 0 {
		check = "check back " + When(by, today)
	}
	b := []bot.Block{
		bot.Text{Text: "Saved. " + Names(names) + " can see it now.", Style: bot.Strong},
		bot.Text{Text: text, Style: bot.Quote},
	}
	if s := dots(check, focus); s != "" {
		b = append(b, bot.Text{Text: upFirst(s)})
	}
	for _, r := range remarks {
		b = append(b, bot.Context{Text: r})
	}
	for _, r := range reach {
		b = append(b, bot.Text{Text: r})
	}
	bs := []bot.Button{{Label: "Undo", Press: bot.Press{Action: "step.undo", Subject: ref}, Style: bot.Danger}}
	if len(names) == 1 {
		one, _, _ := strings.Cut(ref, "+")
		bs = append(bs, bot.Button{Label: "Another date", Press: bot.Press{Action: "step.continue", Subject: one}})
	}
	return bot.PrivateCard(append(b, bot.Buttons{Items: bs})...)
}

// StepThoughts asks, before a step is saved, whether it is to stay as it was typed. better is a check-back date that would
// suit it, or no day.
func StepThoughts(text string, thoughts []string, better, today school.Day, draft string) bot.Private {
	b := []bot.Block{bot.Text{Text: text, Style: bot.Quote}}
	for _, t := range thoughts {
		b = append(b, bot.Text{Text: t})
	}
	press := func(key string) bot.Press { return bot.Press{Action: "step." + key, Subject: draft} }
	bs := []bot.Button{{Label: "Save as it is", Press: press("anyway"), Style: bot.Primary}, {Label: "Change it", Press: press("fix")}}
	if better != 0 {
		bs = append(bs, bot.Button{Label: "Take " + Date(better, today), Press: press("soon")})
	}
	return bot.PrivateCard(append(b, bot.Context{Text: "Not saved yet."}, bot.Buttons{Items: bs})...)
}

// SecondStep asks what to do when somebody has an open step already.
func SecondStep(name, mine, text string, thoughts []string, draft string) bot.Private {
	sentence := name + " already has an open step from somebody else. One at a time is easier to practice."
	b := []bot.Block{}
	if mine != "" {
		b = append(b, bot.Text{Text: name + " already has an open step from you. One at a time is easier to practice."}, bot.Text{Text: mine, Style: bot.Quote})
	} else {
		b = append(b, bot.Text{Text: sentence})
	}
	b = append(b, bot.Context{Text: "Nothing was saved yet. The new one:"}, bot.Text{Text: text, Style: bot.Quote})
	for _, t := range thoughts {
		b = append(b, bot.Context{Text: t})
	}
	return bot.PrivateCard(append(b,
		bot.Buttons{Items: []bot.Button{
			{Label: "Replace", Press: bot.Press{Action: "step.replace", Subject: draft}, Style: bot.Primary},
			{Label: "Add anyway", Press: bot.Press{Action: "step.anyway", Subject: draft}},
			{Label: "Change it", Press: bot.Press{Action: "step.fix", Subject: draft}},
		}})...)
}

func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}
