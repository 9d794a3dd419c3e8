package cards

import (
	"fmt"
	"strconv"

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
	Text  string // "" where no document holds it any more
	Level string
	By    string
	Late  bool // the day has passed
}

// GrowPage is somebody's own page, or what a coach sees of it.
type GrowPage struct {
	Strands []GrowStrand
	Goals   []GrowGoal
	Rhythm  int          // weeks between reminders; 0 for none
	With    string       // the coach who reads along, "" for nobody
	Lapsed  bool         // they serve the person no longer, so they do not
	Coaches []bot.Choice // who could
	Sharers int          // how many share theirs with the viewer
	Lines   []GrowLine
}

// GrowRhythms are the rhythms to choose from, in weeks; 0 is never.
var GrowRhythms = []int{0, 1, 2, 4}

func growRhythm(weeks int) string {
	switch weeks {
	case 0:
		return "Never"
	case 1:
		return "Every week"
	}
	return fmt.Sprintf("Every %d weeks", weeks)
}

const growPrivate = "Only you can see this page unless you share it. No administrator can, and nothing is counted from it."

// growLevels keeps the levels from being taken for ratings of teachers.
const growLevels = " Levels are of the framework for instructional coordinators, not T-TESS ratings."

// GrowHome is somebody's own page: where they put themselves, what they work toward, and a menu of strands.
func GrowHome(p GrowPage) bot.Private {
	b := []bot.Block{bot.Title{Text: "My growth"}}
	b = append(b, growGoals(p.Goals, true)...)
	rated, menu := growRated(p.Strands)
	if len(rated.Items) > 0 {
		b = append(b, rated)
	} else {
		b = append(b, bot.Text{Text: "Choose a strand, read its levels, and say where you are. You then see what the next level says and can make it your goal."})
	}
	b = append(b, menu)
	if len(p.Goals) > 0 {
		rhythm := bot.Select{Label: "Remind me of my goals", Press: bot.Press{Action: "grow.rhythm"}, Chosen: strconv.Itoa(p.Rhythm)}
		for _, w := range GrowRhythms {
			rhythm.Options = append(rhythm.Options, bot.Choice{Label: growRhythm(w), Value: strconv.Itoa(w)})
		}
		b = append(b, rhythm)
	}
	var buttons []bot.Button
	if len(rated.Items) > 0 {
		buttons = append(buttons, bot.Button{Label: "History", Press: bot.Press{Action: "grow.history"}})
	}
	private := growPrivate
	switch {
	case p.Lapsed:
		private = "You shared this page with " + p.With + ", who is no longer your coach and so sees nothing of it. Nobody but you can."
		buttons = append(buttons, bot.Button{Label: "Stop sharing", Press: bot.Press{Action: "grow.stop"}})
	case p.With != "":
		private = "You and " + p.With + " can see this page. No administrator can, and nothing is counted from it."
		buttons = append(buttons, bot.Button{Label: "Stop sharing", Press: bot.Press{Action: "grow.stop"}})
	case len(rated.Items)+len(p.Goals) == 0:
	case len(p.Coaches) == 1:
		buttons = append(buttons, bot.Button{Label: "Share with my coach", Press: bot.Press{Action: "grow.ask", Subject: p.Coaches[0].Value}})
	case len(p.Coaches) > 1:
		b = append(b, bot.Select{Label: "Share with", Press: bot.Press{Action: "grow.ask"}, Options: p.Coaches})
	}
	if p.Sharers > 0 {
		b = append(b, bot.Text{Text: Count(p.Sharers, "page") + " shared with you: /grow shared"})
	}
	if len(buttons) > 0 {
		b = append(b, bot.Buttons{Items: buttons})
	}
	return bot.PrivateCard(append(b, bot.Context{Text: private + growLevels})...)
}

// growGoals shows goals, whole, with what can be done about them where they are one's own.
func growGoals(goals []GrowGoal, own bool) []bot.Block {
	if len(goals) == 0 {
		return nil
	}
	b := []bot.Block{bot.Text{Text: "Working toward", Style: bot.Strong}}
	for _, g := range goals {
		level, by := "", growBy(g.By)
		if g.Text == "" {
			g.Text = "My documents no longer hold this statement."
		}
		if g.Level != "" {
			level = "level " + upFirst(g.Level)
		}
		if g.Late {
			by += ", which has passed"
		}
		b = append(b, bot.Text{Text: g.Text, Style: bot.Quote}, bot.Context{Text: dots(g.ID, level, by)})
		if own {
			b = append(b, bot.Buttons{Items: []bot.Button{
				{Label: "I reached it", Press: bot.Press{Action: "grow.reached", Subject: g.ID}},
				{Label: "New date", Press: bot.Press{Action: "grow.goal", Subject: g.ID}},
				{Label: "Let it go", Press: bot.Press{Action: "grow.drop", Subject: g.ID}},
			}})
		}
	}
	return b
}

func growRated(strands []GrowStrand) (rated bot.Facts, menu bot.Select) {
	menu = bot.Select{Label: "Choose a strand", Press: bot.Press{Action: "grow.strand"}}
	for _, s := range strands {
		note := "not rated yet"
		if s.Level != "" {
			note = upFirst(s.Level) + ", " + s.When
			rated.Items = append(rated.Items, bot.Fact{Label: s.Name, Value: note})
		}
		menu.Options = append(menu.Options, bot.Choice{Label: cut(s.Name, 75), Value: s.ID, Note: note})
	}
	return rated, menu
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
	b := []bot.Block{bot.Text{Text: fmt.Sprintf("%s: %s.", strand.Name, upFirst(strand.Level))}}
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
