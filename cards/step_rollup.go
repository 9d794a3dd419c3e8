package cards

import (
	"fmt"
	"strings"

	"rounds/bot"
	"rounds/school"
)

// Roll is a roll-up of action steps as it is shown: one table, and what it points to.
type Roll struct {
	Where   string // "Cedar Ridge Middle School", "My caseload", "2 campuses together"
	Span    school.RollupSpan
	From    school.Day
	Today   school.Day
	Table   school.Rollup
	Small   int // campuses too small for a table, said of several together
	Sum     bool
	Points  []Point
	Campus  []bot.Choice // other tables to turn to, several campuses' first; none for one campus
	Shown   string       // the Value of the one that is shown
	Another string       // subject of the button for the other span
}

// Point is what one focus area's steps point to.
type Point struct {
	Area      string
	Topic     string
	Strand    string // "S2"
	Name      string // of the strand
	Statement string // id and title of its statement at level Proficient, or the nearest
	Practice  string // "5.2.3"
	Title     string // of the practice
}

// StepRollup shows what a group's action steps are about, and which training of leaders that points to. It holds numbers
// about groups of five or more only; it is private all the same, because it is an answer to one leader.
func StepRollup(r Roll, png []byte) bot.Private {
	b := []bot.Block{
		bot.Title{Text: "What action steps are about"},
		bot.Context{Text: dots(r.Where, "open steps as of today", "mastered since "+Date(r.From, r.Today))},
		bot.Text{Text: Count(r.Table.Teachers, "teacher") + " with an open step", Style: bot.Strong},
	}
	if len(r.Table.Rows) == 0 {
		b = append(b, bot.Text{Text: "No focus area can be named yet: each concerns fewer than five teachers, or so few would be left over that they could be worked out. As soon as one can, it stands here."})
	} else {
		b = append(b, rollTable(r))
	}
	if c, ok := RollChart(r); ok {
		c.PNG = png
		b = append(b, c)
	}
	b = append(b, rollPoints(r.Points)...)
	if len(r.Campus) > 1 {
		b = append(b, bot.Select{Label: "Another campus", Press: bot.Press{Action: "step.campus", Subject: string(r.Span)}, Options: r.Campus, Chosen: r.Shown})
	}
	other := "The semester so far"
	if r.Span == school.Semester {
		other = "The last six weeks"
	}
	b = append(b, bot.Buttons{Items: []bot.Button{{Label: other, Press: bot.Press{Action: "step.roll", Subject: r.Another}}}})
	return bot.PrivateCard(append(b, bot.Context{Text: rollFoot(r)})...)
}

func rollFoot(r Roll) string {
	s := ""
	if len(r.Points) > 0 {
		s = "The strand's statement is of the Instructional Coordinators framework, level Proficient or the nearest (not a T-TESS rating). "
	}
	s += "Each teacher is counted once, by the step given last, in groups of five or more. Drafts and “Let's talk” are not counted."
	if r.Table.ByFamily && len(r.Table.Rows) > 0 {
		s += fmt.Sprintf(" With fewer than %d teachers the rows are families of focus areas.", school.FamiliesBelow)
	}
	if r.Sum {
		s += " Together adds up what the campuses' own tables show."
	}
	switch {
	case r.Small == 1:
		s += " One campus with fewer than five teachers with an open step is left out."
	case r.Small > 1:
		s += fmt.Sprintf(" %d campuses with fewer than five teachers with an open step are left out.", r.Small)
	}
	return s
}

func rollTable(r Roll) bot.Table {
	head := "Focus area"
	if r.Table.ByFamily {
		head = "Family of focus areas"
	}
	t := bot.Table{Columns: []bot.Column{{Head: head}, {Head: "Open", Right: true}, {Head: "Practiced it"}, {Head: "Mastered", Right: true}, {Head: "Median days", Right: true}}}
	for _, x := range r.Table.Rows {
		t.Rows = append(t.Rows, []string{x.Name, few(x.Open), tried(x.Tried), mastered(x), days(x)})
	}
	if r.Table.Other > 0 {
		t.Rows = append(t.Rows, []string{"All the rest, together", fmt.Sprint(r.Table.Other), "–", "–", "–"})
	}
	return t
}

func few(n int) string {
	if n == 0 {
		return "–"
	}
	return fmt.Sprint(n)
}

func tried(c school.Count) string {
	if !c.Reportable() {
		return "–"
	}
	return strings.TrimSpace(c.Words(""))
}

func mastered(x school.RollupRow) string {
	if x.AtLeast {
		return fmt.Sprintf("%d or more", x.Mastered)
	}
	return few(x.Mastered)
}

func days(x school.RollupRow) string {
	if x.Mastered == 0 || x.Days < 0 {
		return "–"
	}
	return fmt.Sprint(x.Days)
}

// RollChart is the picture of a roll-up; ok is false where there are fewer than two numbers to compare.
func RollChart(r Roll) (bot.Chart, bool) {
	c := bot.Chart{Title: "Teachers with an open step, by focus area", Unit: "teachers"}
	s := bot.Series{Name: "Teachers"}
	for _, x := range r.Table.Rows {
		if x.Open >= school.Floor {
			c.Labels, s.Values = append(c.Labels, x.Name), append(s.Values, float64(x.Open))
		}
	}
	if len(c.Labels) < 2 {
		return c, false
	}
	c.Series = []bot.Series{s}
	c.Alt = fmt.Sprintf("Most open steps are about %s (%.0f teachers), then %s (%.0f).", c.Labels[0], s.Values[0], c.Labels[1], s.Values[1])
	return c, true
}

// rollPoints names what the areas that concern most teachers point to.
func rollPoints(points []Point) []bot.Block {
	if len(points) == 0 {
		return nil
	}
	b := []bot.Block{bot.Text{Text: "For the next training of leaders", Style: bot.Strong}}
	l := bot.List{Ordered: true}
	var read, show []bot.Button
	seen := map[string]bool{}
	for _, p := range points {
		l.Items = append(l.Items, bot.Item{Text: p.Area + ": " + p.Topic, Note: dots("Lever 5, "+p.Practice+" "+p.Title, "strand "+p.Name, p.Statement)})
		if !seen[p.Practice] {
			read = append(read, bot.Button{Label: "Read " + p.Practice, Press: bot.Press{Action: "ask.criteria", Subject: p.Practice}})
		}
		if !seen[p.Strand] {
			show = append(show, bot.Button{Label: "Show the strand " + p.Strand, Press: bot.Press{Action: "ask.levels", Subject: p.Strand}, About: p.Name})
		}
		seen[p.Practice], seen[p.Strand] = true, true
	}
	return append(b, l, bot.Buttons{Items: append(read, show...)})
}
