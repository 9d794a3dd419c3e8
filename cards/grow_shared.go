package cards

import (
	"fmt"
	"slices"

	"rounds/bot"
	"rounds/school"
)

// GrowLine is one thing of somebody's growth and its day.
type GrowLine struct {
	On   school.Day
	Text string
}

// GrowRated is the line of one rating.
func GrowRated(on school.Day, strand, level string) GrowLine {
	return GrowLine{On: on, Text: strand + ", rated " + upFirst(level)}
}

// growLines lists them in order of time, as plain lines that can be copied.
func growLines(lines []GrowLine) bot.List {
	lines = slices.Clone(lines)
	slices.SortStableFunc(lines, func(a, b GrowLine) int { return int(a.On - b.On) })
	var l bot.List
	for _, x := range lines {
		l.Items = append(l.Items, bot.Item{Text: x.On.String() + ": " + x.Text})
	}
	return l
}

// GrowHistory is somebody's own history: a picture, if there is anything to compare, and lines.
func GrowHistory(lines []GrowLine, picture *bot.Chart) bot.Private {
	if len(lines) == 0 {
		return bot.PrivateCard(bot.Text{Text: "You have not rated yourself yet. /grow begins."})
	}
	b := []bot.Block{bot.Title{Text: "My growth, in order of time"}}
	if picture != nil {
		b = append(b, *picture)
	}
	return bot.PrivateCard(append(b, growLines(lines), bot.Context{Text: growPrivate})...)
}

// GrowAsk says what sharing means, before anything is shared.
func GrowAsk(coach, name string) bot.Private {
	return bot.PrivateCard(
		bot.Text{Text: "Share your growth page with " + name + "?", Style: bot.Strong},
		bot.List{Items: []bot.Item{
			{Text: name + " will see your ratings, earlier ones too, and your goals with their dates, for as long as you share and you are on their caseload."},
			{Text: "Nobody else will: no administrator, no other coach. It is no part of an evaluation."},
			{Text: "You can stop at any time on /grow; it holds at once. I send " + name + " no message."},
		}},
		bot.Buttons{Items: []bot.Button{
			{Label: "Share it", Press: bot.Press{Action: "grow.share", Subject: coach}, Style: bot.Primary},
			{Label: "Not now", Press: bot.Press{Action: "grow.home"}},
		}},
	)
}

// GrowSharers lists whose pages a coach may read.
func GrowSharers(people []bot.Choice) bot.Private {
	if len(people) == 0 {
		return bot.PrivateCard(bot.Text{Text: "Nobody shares their growth page with you. It is theirs to offer: do not ask for it."})
	}
	return bot.PrivateCard(
		bot.Text{Text: Count(len(people), "page") + " shared with you. Each can be taken back at any time."},
		bot.Select{Label: "Read", Press: bot.Press{Action: "grow.theirs"}, Options: people},
	)
}

// GrowTheirs is a page that somebody shares with the reader.
func GrowTheirs(name string, p GrowPage, picture *bot.Chart) bot.Private {
	b := append([]bot.Block{bot.Title{Text: name + ": growth"}}, growGoals(p.Goals, false)...)
	rated, _ := growRated(p.Strands)
	if len(rated.Items) > 0 {
		b = append(b, rated)
	}
	if picture != nil {
		b = append(b, *picture)
	}
	if len(p.Lines) > 0 {
		b = append(b, growLines(p.Lines))
	}
	if len(b) == 1 {
		b = append(b, bot.Text{Text: "Nothing on it yet."})
	}
	return bot.PrivateCard(append(b, bot.Context{Text: name + " shares this with you alone and can stop at any time. It is for coaching: no rating of yours, no part of an evaluation." + growLevels})...)
}

// GrowLevels is a strand with the levels of its framework, the lowest first.
type GrowLevels struct {
	ID, Name string
	Levels   []string
}

// most of a picture that can still be read.
const (
	mostGrowDays    = 12
	mostGrowStrands = 5
)

// GrowChart is the picture of somebody's ratings: a line for each strand that was rated more than once, the latest rated
// first, its height the place of the level. ok is false where no strand was.
func GrowChart(ratings []school.Rated, strands []GrowLevels) (c bot.Chart, ok bool) {
	days := []school.Day{}
	times := map[string]int{}
	for _, r := range ratings {
		if !slices.Contains(days, r.On) {
			days = append(days, r.On)
		}
		times[r.Strand]++
	}
	slices.Sort(days)
	days = days[max(0, len(days)-mostGrowDays):]
	if len(days) < 2 {
		return c, false
	}
	c = bot.Chart{Title: "My ratings over time"}
	for _, d := range days {
		c.Labels = append(c.Labels, d.Short())
	}
	for _, s := range strands {
		if times[s.ID] < 2 || len(c.Series) == mostGrowStrands {
			continue
		}
		if c.Steps == nil {
			for _, l := range s.Levels {
				c.Steps = append(c.Steps, upFirst(l))
			}
		}
		if len(s.Levels) != len(c.Steps) || upFirst(s.Levels[0]) != c.Steps[0] {
			continue // of another framework, whose ladder is not this one
		}
		line, last := bot.Series{Name: s.Name}, ""
		for _, d := range days {
			for _, r := range ratings {
				if r.Strand == s.ID && r.On <= d {
					last = r.Level
				}
			}
			word := "not rated yet"
			if last != "" {
				word = upFirst(last)
			}
			line.Values = append(line.Values, float64(slices.Index(s.Levels, last)+1))
			line.Words = append(line.Words, word)
		}
		c.Series = append(c.Series, line)
	}
	if len(c.Series) == 0 {
		return c, false
	}
	first := c.Series[0]
	c.Alt = fmt.Sprintf("%s: %s on %s, %s on %s.", first.Name, first.Words[0], c.Labels[0], first.Words[len(first.Words)-1], c.Labels[len(c.Labels)-1])
	return c, true
}
