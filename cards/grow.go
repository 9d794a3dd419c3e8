package cards

import (
	"fmt"

	"rounds/answers"
	"rounds/bot"
)

// GrowStrand is one strand of somebody's own page.
type GrowStrand struct {
	ID    string
	Name  string
	Level string // as rated last, "" when never
	When  string // "Fri, Oct 16"
}

// GrowGoal is a statement somebody works toward.
type GrowGoal struct {
	ID    string
	Text  string
	Level string
	By    string
}

const growPrivate = "Only you can see this page. Nobody else can, whatever their role, and nothing is counted from it."

// GrowHome is somebody's own page: where they put themselves, what they work toward, and a menu of strands.
func GrowHome(strands []GrowStrand, goals []GrowGoal) bot.Private {
	b := []bot.Block{bot.Title{Text: "My growth"}}
	if len(goals) > 0 {
		b = append(b, bot.Text{Text: "Working toward", Style: bot.Strong})
		for _, g := range goals {
			b = append(b, bot.Text{Text: g.Text, Style: bot.Quote}, bot.Context{Text: dots(g.ID, "level "+upFirst(g.Level), growBy(g.By))})
		}
	}
	var rated bot.Facts
	menu := bot.Select{Label: "Choose a strand", Press: bot.Press{Action: "grow.strand"}}
	for _, s := range strands {
		note := "not rated yet"
		if s.Level != "" {
			note = upFirst(s.Level) + ", " + s.When
			rated.Items = append(rated.Items, bot.Fact{Label: s.Name, Value: note})
		}
		menu.Options = append(menu.Options, bot.Choice{Label: cut(s.Name, 75), Value: s.ID, Note: note})
	}
	if len(rated.Items) > 0 {
		b = append(b, rated)
	} else {
		b = append(b, bot.Text{Text: "Choose a strand, read its levels, and say where you are. You then see what the next level says and can make it your goal."})
	}
	b = append(b, menu)
	if len(rated.Items) > 0 {
		b = append(b, bot.Buttons{Items: []bot.Button{{Label: "History", Press: bot.Press{Action: "grow.history"}}}})
	}
	return bot.PrivateCard(append(b, bot.Context{Text: growPrivate + " Levels are of the framework for instructional coordinators, not T-TESS ratings."})...)
}

func growBy(day string) string {
	if day == "" {
		return ""
	}
	return "by " + day
}

// GrowRate shows the levels of one strand and asks where somebody is.
func GrowRate(strand GrowStrand, ladder []answers.Statement) bot.Private {
	b := []bot.Block{bot.Title{Text: strand.Name}}
	menu := bot.Select{Label: "Where am I?", Press: bot.Press{Action: "grow.rate", Subject: strand.ID}, Chosen: strand.Level}
	chosen := false
	for _, s := range ladder {
		b = append(b, bot.Text{Text: s.Text, Style: bot.Quote}, bot.Context{Text: s.ID + " · level " + upFirst(s.Level)})
		if n := len(menu.Options); n == 0 || menu.Options[n-1].Value != s.Level {
			menu.Options = append(menu.Options, bot.Choice{Label: upFirst(s.Level), Value: s.Level})
		}
		chosen = chosen || s.Level == strand.Level
	}
	if !chosen {
		menu.Chosen = ""
	}
	return bot.PrivateCard(append(b, menu, bot.Buttons{Items: []bot.Button{{Label: "All strands", Press: bot.Press{Action: "grow.home"}}}}, bot.Context{Text: growPrivate})...)
}

// GrowNext follows a rating: what the next level says, with a button to make it a goal.
func GrowNext(strand GrowStrand, next []answers.Statement) bot.Private {
	b := []bot.Block{bot.Text{Text: fmt.Sprintf("%s: %s. Only you can see this.", strand.Name, upFirst(strand.Level))}}
	var buttons []bot.Button
	if len(next) == 0 {
		b = append(b, bot.Text{Text: "The framework has no higher statement in this strand. You could help somebody else up to here."})
	}
	for _, s := range next {
		b = append(b, bot.Text{Text: "Next, " + upFirst(s.Level), Style: bot.Strong}, bot.Text{Text: s.Text, Style: bot.Quote}, bot.Context{Text: s.ID})
		label := "Make it my goal"
		if len(next) > 1 {
			label = "My goal: " + s.ID
		}
		buttons = append(buttons, bot.Button{Label: cut(label, 30), Press: bot.Press{Action: "grow.goal", Subject: s.ID}})
	}
	buttons = append(buttons, bot.Button{Label: "All strands", Press: bot.Press{Action: "grow.home"}})
	return bot.PrivateCard(append(b, bot.Buttons{Items: buttons})...)
}

// GrowHistory lists ratings and goals in order of time, as plain lines that can be copied.
func GrowHistory(lines []string) bot.Private {
	if len(lines) == 0 {
		return bot.PrivateCard(bot.Text{Text: "You have not rated yourself yet. /grow begins."})
	}
	var l bot.List
	for _, s := range lines {
		l.Items = append(l.Items, bot.Item{Text: s})
	}
	return bot.PrivateCard(bot.Title{Text: "My growth, in order of time"}, l, bot.Context{Text: growPrivate})
}
