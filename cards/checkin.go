package cards

import (
	"rounds/bot"
	"rounds/school"
)

// The answers of a check-in as buttons carry them, in the order of the row.
var answerKeys = []struct {
	Key    string
	Answer school.CheckIn
	Label  string
}{
	{"n", school.NotYet, "Not yet"},
	{"t", school.TriedIt, "Tried it"},
	{"c", school.Consistently, "Doing it consistently"},
	{"k", school.LetsTalk, "Let's talk"},
}

// AnswerOf is the answer that a button's key stands for.
func AnswerOf(key string) (school.CheckIn, bool) {
	for _, a := range answerKeys {
		if a.Key == key {
			return a.Answer, true
		}
	}
	return "", false
}

// checkButtons is the row under a step. An answer that was given today is left out. home says that the row stands on
// the home view, which a press then draws anew.
func checkButtons(ref string, given school.CheckIn, home bool) bot.Buttons {
	var b bot.Buttons
	tail := ""
	if home {
		tail = ":h"
	}
	for _, a := range answerKeys {
		if a.Answer != given {
			b.Items = append(b.Items, bot.Button{Label: a.Label, Press: bot.Press{Action: "checkin.say", Subject: ref + ":" + a.Key + tail}})
		}
	}
	b.Items = append(b.Items, bot.Button{Label: "Add a note", Press: bot.Press{Action: "checkin.note", Subject: ref}})
	return b
}

// Answered is what a teacher said just now.
type Answered struct {
	Answer school.CheckIn
	Text   string // of the step
	Note   string
	Sees   string // who sees the answer: "Cleo Coach"
	Ref    string
}

// CheckIn shows a teacher's own open steps: the one just answered, then the next one whole.
func CheckIn(done *Answered, next *StepView, more int) bot.Private {
	var b []bot.Block
	if done != nil {
		b = append(b, bot.Text{Text: answeredWords(*done), Style: bot.Strong},
			bot.Text{Text: done.Text, Style: bot.Quote})
		if done.Note != "" {
			b = append(b, bot.Text{Text: "Your note"}, bot.Text{Text: done.Note, Style: bot.Quote})
		}
		if next == nil {
			b = append(b, bot.Context{Text: "Changed your mind? Press another."}, checkButtons(done.Ref, done.Answer, false))
			return bot.PrivateCard(b...)
		}
		b = append(b, bot.Buttons{Items: []bot.Button{{Label: "Change my answer", Press: bot.Press{Action: "checkin.open", Subject: done.Ref}}}},
			bot.Divider{}, bot.Text{Text: "The next one"})
	}
	if next != nil {
		if done == nil {
			b = append(b, bot.Text{Text: "My action step", Style: bot.Strong})
		}
		b = append(b, ownStep(*next, false)...)
	}
	if more > 0 {
		b = append(b, bot.Context{Text: upFirst(Count(more, "more open step")) + " after this one."})
	}
	return bot.PrivateCard(b...)
}

func answeredWords(a Answered) string {
	s := "Saved: " + string(a.Answer) + "."
	switch {
	case a.Answer == school.LetsTalk && a.Sees != "":
		// Not "now": they may be in bed or on leave, and the latter is theirs to tell.
		return s + " " + a.Sees + " will hear of it, and nobody else."
	case a.Sees != "":
		return s + " " + a.Sees + " can see it."
	}
	return s
}

// ownStep is a teacher's own step with its buttons.
func ownStep(s StepView, home bool) []bot.Block {
	from := ""
	if s.Author != "" {
		from = "from " + s.Author
	}
	b := []bot.Block{
		bot.Text{Text: s.Text, Style: bot.Quote},
		bot.Context{Text: upFirst(dots(from, s.byWords(), s.Focus))},
	}
	if n := len(s.Dues); n > 0 {
		b = append(b, bot.Context{Text: "Continued " + Times(n) + ", first due " + When(s.Dues[0], s.Today) + "."})
	}
	if a := s.answerWords(); a != "" {
		b = append(b, bot.Text{Text: "You said: " + a})
		if s.Note != "" {
			b = append(b, bot.Text{Text: s.Note, Style: bot.Quote})
		}
	}
	given := s.Answer
	if s.Answered != s.Today { // what was said another day may be said again
		given = ""
	}
	return append(b, checkButtons(s.Ref(), given, home))
}

// WithTheirs adds a leader's way from their own step to those of their people.
func WithTheirs(p bot.Private) bot.Private {
	return p.With(bot.Buttons{Items: []bot.Button{{Label: "My teachers' check-ins", Press: bot.Press{Action: "checkin.theirs"}}}})
}

// Answers shows leaders how their people's steps stand.
func Answers(title string, steps []StepView) bot.Private {
	var l bot.List
	for _, s := range steps {
		note := s.answerWords()
		if note == "" {
			note = "no answer yet"
		}
		l.Items = append(l.Items, bot.Item{
			Text: s.Name, Note: dots(s.staleWords(), note, s.byWords(), s.ageWords()),
			Button: &bot.Button{Label: "Open", Press: bot.Press{Action: "step.open", Subject: s.Ref()}, About: "the step of " + s.Name},
		})
	}
	return bot.PrivateCard(bot.Title{Text: title}, l, bot.Context{Text: "Only you can see this."})
}
