package cards

import (
	"fmt"

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
	b = append(b, bot.Text{Text: dots(s.Name, StepSince(s.State, s.Since, s.Today), s.byWords(), s.Focus, author)}, s.wording())
	if a := s.answerWords(); a != "" {
		b = append(b, bot.Text{Text: "Last check-in: " + a})
		if s.Note != "" {
			b = append(b, bot.Text{Text: s.Note, Style: bot.Quote})
		}
	}
	if !s.MayUpdate || !s.State.Open() {
		return bot.PrivateCard(b...)
	}
	press := func(key string) bot.Press { return bot.Press{Action: "step." + key, Subject: s.Ref()} }
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

// StepList shows the steps that a leader follows.
func StepList(title string, steps []StepView, withheld bool) bot.Private {
	b := []bot.Block{bot.Title{Text: title}}
	var l bot.List
	for _, s := range steps {
		text := s.Name
		if s.Text != "" {
			text += ": " + clip(s.Text, 140)
		}
		l.Items = append(l.Items, bot.Item{
			Text: text, Note: dots(StepWords(s.State), s.byWords(), s.answerWords()),
			Button: &bot.Button{Label: "Open", Press: bot.Press{Action: "step.open", Subject: s.Ref()}, About: "the step of " + s.Name},
		})
	}
	b = append(b, l)
	foot := "Only you can see this."
	if withheld {
		foot += " Where no wording stands, somebody else wrote it and it is not yours to read."
	}
	return bot.PrivateCard(append(b, bot.Context{Text: foot})...)
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
	return bot.PrivateCard(append(b, bot.Buttons{Items: []bot.Button{
		{Label: "Undo", Press: bot.Press{Action: "step.undo", Subject: ref}, Style: bot.Danger},
	}})...)
}

// SecondStep asks what to do when somebody has an open step already.
func SecondStep(name, mine, text, draft string) bot.Private {
	sentence := name + " already has an open step from somebody else. One at a time is easier to practice."
	b := []bot.Block{}
	if mine != "" {
		b = append(b, bot.Text{Text: name + " already has an open step from you. One at a time is easier to practice."}, bot.Text{Text: mine, Style: bot.Quote})
	} else {
		b = append(b, bot.Text{Text: sentence})
	}
	return bot.PrivateCard(append(b,
		bot.Context{Text: "Nothing was saved yet. The new one:"}, bot.Text{Text: text, Style: bot.Quote},
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
