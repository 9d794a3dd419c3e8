package cards

import (
	"fmt"
	"strings"
	"time"

	"rounds/bot"
	"rounds/school"
)

// Digest is the weekly card of a campus's leadership room: aggregates only, six lines and a picture.
// asOf is in the campus's zone; png is the drawn DigestChart, or nil.
func Digest(s school.Snapshot, campus string, asOf time.Time, png []byte) bot.Open {
	blocks := []bot.Block{
		bot.Title{Text: digestTitle(s)},
		bot.Context{Text: campus + " · week of " + s.Week.Short() + " · as of " + asOf.Format("Mon, Jan 2, 3:04 PM MST")},
	}
	if !s.OnPace.Reportable() && !s.Visited.Reportable() {
		blocks = append(blocks, bot.Text{Text: DigestTooSmall})
		return bot.OpenCard(blocks...)
	}
	if lines := digestLines(s); len(lines) > 0 {
		blocks = append(blocks, bot.Facts{Items: lines})
	}
	if c, ok := DigestChart(s); ok {
		c.PNG = png
		blocks = append(blocks, c)
	}
	blocks = append(blocks,
		bot.Text{Text: "To talk about: " + DigestQuestion(s)},
		bot.Context{Text: "Groups only: fewer than five people are not reported, and shares near none or all are blurred. Visit targets are the district's own numbers."})
	return bot.OpenCard(blocks...)
}

// DigestTooSmall says why a campus gets no digest.
const DigestTooSmall = "There is no snapshot for this campus: it has fewer than five teachers with a visit target, and numbers about so few would be about persons. " +
	"Their leaders see their own lists in /observe status."

func digestTitle(s school.Snapshot) string {
	if s.Number <= 0 {
		return "Coaching snapshot"
	}
	return fmt.Sprintf("Week %d coaching snapshot", s.Number)
}

// digestLines are at most six; what is too small to report is left out without a word, because a line that
// comes and goes with one teacher would say more than its absence.
func digestLines(s school.Snapshot) []bot.Fact {
	var out []bot.Fact
	count := func(label string, c school.Count, unit string) {
		if c.Reportable() {
			out = append(out, bot.Fact{Label: label, Value: c.Words(unit)})
		}
	}
	count("Visited on schedule", s.OnPace, "teachers")
	count("Visited this week", s.Visited, "teachers")
	count("Feedback within 2 school days", s.Feedback, "teachers visited")
	digestSteps(&out, s)
	if s.Meetings > 0 {
		out = append(out, bot.Fact{Label: "PLC meetings held", Value: fmt.Sprintf("%d of %d so far this week", s.Held, s.Meetings)})
	}
	if len(s.Focus) > 0 {
		var names []string
		for _, f := range s.Focus[:min(3, len(s.Focus))] {
			names = append(names, f.Name)
		}
		out = append(out, bot.Fact{Label: "Most in focus, last four weeks", Value: strings.Join(names, ", ")})
	}
	return out
}

// digestSteps are one line: what is practiced, then what was mastered.
func digestSteps(out *[]bot.Fact, s school.Snapshot) {
	var parts []string
	if s.Practiced.Reportable() {
		parts = append(parts, s.Practiced.Words("teachers")+" practicing their step")
	}
	if s.Mastered.Reportable() {
		parts = append(parts, s.Mastered.Words("teachers")+" mastered one in four weeks")
	}
	if len(parts) > 0 {
		*out = append(*out, bot.Fact{Label: "Action steps", Value: strings.Join(parts, "; ")})
	}
}

// DigestChart is the trend of the year so far; ok is false while there are fewer than two weeks of it.
func DigestChart(s school.Snapshot) (bot.Chart, bool) {
	if len(s.Trend) < 2 {
		return bot.Chart{}, false
	}
	c := bot.Chart{Title: "Teachers visited, by week", Unit: "%"}
	var onPace, visited []school.Share
	for _, p := range s.Trend {
		c.Labels = append(c.Labels, fmt.Sprintf("Week %d", p.Number))
		onPace, visited = append(onPace, p.OnPace), append(visited, p.Visited)
	}
	c.Series = []bot.Series{digestSeries("On schedule", onPace), digestSeries("Visited", visited)}
	c.Alt = fmt.Sprintf("From week %d to week %d, the share of teachers visited on schedule %s, and of those visited in the week it %s.",
		s.Trend[0].Number, s.Trend[len(s.Trend)-1].Number, digestCourse(onPace), digestCourse(visited))
	return c, true
}

// digestSeries has its blurred shares at their bounds, and says so in words.
func digestSeries(name string, shares []school.Share) bot.Series {
	s := bot.Series{Name: name}
	blurred := false
	for _, x := range shares {
		s.Values, s.Words = append(s.Values, x.Percent), append(s.Words, x.Words())
		blurred = blurred || x.Bound != 0
	}
	if !blurred {
		s.Words = nil
	}
	return s
}

// digestCourse says how a share went: "rose from 47% to over 85%".
func digestCourse(shares []school.Share) string {
	first, last := shares[0], shares[len(shares)-1]
	same := true
	for _, x := range shares {
		same = same && x == first
	}
	switch {
	case same:
		return "was " + first.Words() + " all along"
	case first == last:
		return "was " + first.Words() + " at both ends"
	}
	how := "went" // over 84% and over 85%, of groups that differ in size, tell no more
	switch {
	case first.Percent <= last.Percent && first.Bound <= 0 && last.Bound >= 0:
		how = "rose"
	case first.Percent >= last.Percent && first.Bound >= 0 && last.Bound <= 0:
		how = "fell"
	}
	return how + " from " + first.Words() + " to " + last.Words()
}

// DigestQuestion is the one question for the leadership team: about what stands lowest, so that the
// meeting begins where it helps most. It speaks of practices, never of people.
func DigestQuestion(s school.Snapshot) string {
	const fine = 85 // percent and above needs no question
	type pick struct {
		share float64
		ask   string
	}
	best := pick{share: fine}
	look := func(c school.Count, ask string) {
		// "At least 14 of 18" is as good as a group of 18 is ever said to be.
		if s, ok := c.Share(); ok && s.Bound <= 0 && s.Percent < best.share {
			best = pick{s.Percent, ask}
		}
	}
	look(s.Feedback, "What would get feedback to teachers within two school days: a shorter note, a fixed time, or fewer visits in one day?")
	look(s.OnPace, "Which half hours next week can each of us protect for visits, and who can swap with whom?")
	look(s.Practiced, "Are our action steps small enough to practice within a week? Take one apart and make it smaller.")
	switch {
	case best.ask != "":
		return best.ask
	case s.Meetings > 0 && s.Held < s.Meetings:
		return "What keeps PLC meetings from taking place, and what would protect the next one?"
	case len(s.Focus) > 0:
		return fmt.Sprintf("We looked at %s most. What does it look like when it goes well, and where can others see it?", strings.ToLower(s.Focus[0].Name))
	}
	return "What did we see this week that more teachers should get to see?"
}
