package cards

import (
	"fmt"
	"time"

	"rounds/bot"
	"rounds/school"
)

// Envelopes: what a direct message may say of a record. They are stored by the chat service for as long as it
// likes, so they say that something waits and who, by role, it is from; the matter itself opens behind the
// button, for its verified reader alone. None of these functions takes a name or a text.

// envelope is one sentence and its buttons.
func envelope(text string, buttons ...bot.Button) bot.Open {
	return bot.OpenCard(bot.Text{Text: text, Style: bot.Strong}, bot.Buttons{Items: buttons})
}

// PlanEnvelope is a leader's week on its first school day.
func PlanEnvelope(toGo, daysLeft int) bot.Open {
	text := Count(toGo, "visit") + " to go, " + Count(daysLeft, "school day") + " left."
	return envelope(text, bot.Button{Label: "Open my list", Press: bot.Press{Action: "observe.list"}, Style: bot.Primary})
}

// NoteEnvelope tells a teacher that the note of a visit was shared; ref is "v" and its number.
func NoteEnvelope(from school.Role, ref string) bot.Open {
	return envelope("Your "+roleOf(from)+" left you a note.",
		bot.Button{Label: "Read it", Press: bot.Press{Action: "observe.read", Subject: ref}, Style: bot.Primary})
}

// StepEnvelope tells a teacher of a new action step; ref is "s" and its number.
func StepEnvelope(ref string) bot.Open {
	return envelope("You have a new action step.",
		bot.Button{Label: "Open it", Press: bot.Press{Action: "step.read", Subject: ref}, Style: bot.Primary})
}

// TalkEnvelope tells a coach that a teacher answered "Let's talk"; ref is "s" and the number of the answer.
func TalkEnvelope(ref string) bot.Open {
	return envelope("A teacher on your caseload would like to talk.",
		bot.Button{Label: "See who", Press: bot.Press{Action: "checkin.talk", Subject: ref}, Style: bot.Primary})
}

// PreviewEnvelope tells the owner of a campus's digest, before it goes out, that they may look it over. campus
// is "" for somebody who owns one only. at is in the campus's zone.
func PreviewEnvelope(week int, campus string, at time.Time, subject string) bot.Open {
	text := "This week's coaching snapshot"
	if week > 0 {
		text = fmt.Sprintf("The week %d coaching snapshot", week)
	}
	if campus != "" {
		text += " of " + campus
	}
	text += " goes to your leadership room at " + at.Format("3:04 PM MST") + "."
	return envelope(text,
		bot.Button{Label: "Look it over", Press: bot.Press{Action: "digest.preview", Subject: subject}, Style: bot.Primary},
		bot.Button{Label: "Post now", Press: bot.Press{Action: "digest.post", Subject: subject}},
		bot.Button{Label: "Hold this week", Press: bot.Press{Action: "digest.hold", Subject: subject}})
}

// WithWelcome adds to the first message that somebody ever gets what Rounds keeps and who sees it.
func WithWelcome(c bot.Open) bot.Open { return c.With(Welcome()...) }

// roleOf says who sent something by what they are to its reader.
func roleOf(r school.Role) string {
	switch r {
	case school.Coach, school.AP, school.Principal, school.Lead, school.Supervisor:
		return r.Words()
	}
	return "school leader"
}
