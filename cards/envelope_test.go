package cards

import (
	"strings"
	"testing"
	"time"

	"rounds/bot"
	"rounds/school"
)

func TestEnvelopes(t *testing.T) {
	at := time.Date(2026, 10, 16, 15, 0, 0, 0, time.FixedZone("CDT", -5*3600))
	subject := DigestSubject(school.CampusID(strings.Repeat("a-very-long-campus-id", 3)), school.Date(2026, 10, 12))
	for _, c := range []struct {
		card bot.Open
		want string
	}{
		{PlanEnvelope(3, 2), "3 visits to go, 2 school days left.\n[Open my list]"},
		{PlanEnvelope(1, 1), "1 visit to go, 1 school day left.\n[Open my list]"},
		{DueEnvelope(2, school.Date(2026, 10, 16)), "2 visits due by Friday.\n[Open my list]"},
		{DueEnvelope(1, school.Date(2026, 10, 15)), "1 visit due by Thursday.\n[Open my list]"},
		{FeedbackEnvelope(1), "1 visit still waits for feedback.\n[See which]"},
		{FeedbackEnvelope(3), "3 visits still wait for feedback.\n[See which]"},
		{CheckBackEnvelope(), "How is your action step going?\n[Check in]"},
		{StepsEnvelope(1), "1 action step to look at today.\n[Open steps]"},
		{StepsEnvelope(2), "2 action steps to look at today.\n[Open steps]"},
		{AnswersEnvelope(1), "1 new check-in on your action steps.\n[Read them]"},
		{AnswersEnvelope(3), "3 new check-ins on your action steps.\n[Read them]"},
		{NoteEnvelope(school.Coach, "v1042"), "Your coach left you a note.\n[Read it]"},
		{NoteEnvelope(school.AP, "v1"), "Your assistant principal left you a note.\n[Read it]"},
		{NoteEnvelope("", "v1"), "Your school leader left you a note.\n[Read it]"},
		{StepEnvelope("s7"), "You have a new action step.\n[Open it]"},
		{TalkEnvelope("s7"), "A teacher on your caseload would like to talk.\n[See who]"},
		{PreviewEnvelope(9, "", at, subject), "The week 9 coaching snapshot goes to your leadership room at 3:00 PM CDT.\n[Look it over] [Post now] [Hold this week]"},
		{PreviewEnvelope(0, "Cedar Ridge", at, subject), "This week's coaching snapshot of Cedar Ridge goes to your leadership room at 3:00 PM CDT.\n[Look it over] [Post now] [Hold this week]"},
	} {
		if got := c.card.Card().Text(); got != c.want {
			t.Errorf("got  %q\nwant %q", got, c.want)
		}
		for _, b := range c.card.Card().Blocks {
			if bs, ok := b.(bot.Buttons); ok {
				for _, x := range bs.Items {
					if n := len(x.Press.Action) + len(x.Press.Subject); n > bot.MaxPress {
						t.Errorf("[%s] has a press of %d bytes", x.Label, n)
					}
				}
			}
		}
	}
	if got := WithWelcome(StepEnvelope("s7")).Card().Text(); !strings.Contains(got, "[See what's stored]") || !strings.Contains(got, "[Open it]") {
		t.Errorf("the welcome is %q", got)
	}
}
