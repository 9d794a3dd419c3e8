package handlers

import (
	"context"
	"fmt"
	"slices"

	"rounds/answers"
	"rounds/bot"
	"rounds/cards"
	"rounds/school"
)

// Lever 5 tells a district to set numbers and sets none itself. Beside such a quotation stands what this district has
// set, named as its own.

// ownSettings are the statements that ask for a number, and what of a district's settings answers it.
var ownSettings = map[string]func(m *school.Model) []string{
	"5.2.5": visitTargets, "5.2.5.c": visitTargets, "5.1.2.c": leaderTargets, "5.1.2.d": leaderTargets,
	"5.2.4": teamMeetings, "5.2.4.c": teamMeetings,
}

// withOwn puts the district's own setting beside the answer's best statement.
func (d *Desk) withOwn(ctx context.Context, c bot.Call, a answers.Answer, m *cards.AnswerMore) error {
	if len(a.Hits) == 0 {
		return nil
	}
	own := ownSettings[a.Hits[0].Statement.ID]
	if own == nil || a.Hits[0].Document.ID != "lever5" {
		return nil
	}
	return d.as(ctx, c, func(v *school.Viewer) error {
		m.Own = own(v.Model())
		return nil
	})
}

func visitTargets(m *school.Model) []string {
	return targetNames(m, func(school.Target) bool { return true })
}

func leaderTargets(m *school.Model) []string {
	return targetNames(m, func(t school.Target) bool {
		return slices.ContainsFunc(t.Roles, func(r school.Role) bool { return r == school.AP || r == school.Coach || r == school.Principal })
	})
}

func targetNames(m *school.Model, which func(school.Target) bool) []string {
	var out []string
	for _, t := range m.Targets() {
		if !which(t) {
			continue
		}
		name := t.Name
		if t.Default {
			name += " (default of Rounds, not yet changed)"
		}
		out = append(out, name)
	}
	return out
}

// teamMeetings says how often and how long the district's teams meet, in numbers of teams alone.
func teamMeetings(m *school.Model) []string {
	type shape struct{ every, minutes int }
	count := map[shape]int{}
	var shapes []shape
	for _, t := range m.Teams() {
		s := shape{max(1, t.Every), t.Minutes}
		if count[s] == 0 {
			shapes = append(shapes, s)
		}
		count[s]++
	}
	slices.SortFunc(shapes, func(a, b shape) int {
		if a.every != b.every {
			return a.every - b.every
		}
		return a.minutes - b.minutes
	})
	var out []string
	for _, s := range shapes {
		how := "every week"
		if s.every > 1 {
			how = fmt.Sprintf("every %d weeks", s.every)
		}
		if s.minutes > 0 {
			how += fmt.Sprintf(", %d minutes", s.minutes)
		}
		verb := "meet"
		if count[s] == 1 {
			verb = "meets"
		}
		out = append(out, cards.Count(count[s], "team")+" "+verb+" "+how)
	}
	return out
}

// askHelpful takes what somebody thinks of an answer. What is kept is a line of the log with the statement's id: not
// who, and not the question.
func (d *Desk) askHelpful(_ context.Context, c bot.Call) (bot.Answer, error) {
	d.cfg.Logger.Info("answer", "helpful", true, "statement", d.quotable(c.Press.Subject))
	return bot.Whisper{Card: bot.PrivateCard(bot.Text{Text: "Thank you."})}, nil
}

func (d *Desk) askUnhelpful(_ context.Context, c bot.Call) (bot.Answer, error) {
	d.cfg.Logger.Info("answer", "helpful", false, "statement", d.quotable(c.Press.Subject))
	var names []string
	for _, s := range d.library().Strands() {
		names = append(names, s.Name)
	}
	return bot.Whisper{Card: cards.AskAgain(names)}, nil
}

// quotable is an id if a document holds it: nothing else gets into the log.
func (d *Desk) quotable(id string) string {
	if s, _, ok := d.library().Get(id); ok {
		return s.ID
	}
	return ""
}
