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

// DueEnvelope is what a leader still has to do by the last school day of the week.
func DueEnvelope(toGo int, last school.Day) bot.Open {
	return envelope(fmt.Sprintf("%s due by %s.", Count(toGo, "visit"), last.Weekday()),
		bot.Button{Label: "Open my list", Press: bot.Press{Action: "observe.list"}, Style: bot.Primary})
}

// FeedbackEnvelope tells a leader of visits whose feedback is late.
func FeedbackEnvelope(visits int) bot.Open {
	text := Count(visits, "visit") + " still waits for feedback."
	if visits != 1 {
		text = Count(visits, "visit") + " still wait for feedback."
	}
	return envelope(text, bot.Button{Label: "See which", Press: bot.Press{Action: "rounds.day"}, Style: bot.Primary})
}

// CheckBackEnvelope asks a teacher about their action step on its check-back date.
func CheckBackEnvelope() bot.Open {
	return envelope("How is your action step going?",
		bot.Button{Label: "Check in", Press: bot.Press{Action: "checkin.open"}, Style: bot.Primary})
}

// StepsEnvelope tells a leader how many action steps come back to them today.
func StepsEnvelope(steps int) bot.Open {
	return envelope(Count(steps, "action step")+" to look at today.",
		bot.Button{Label: "Open steps", Press: bot.Press{Action: "checkin.theirs"}, Style: bot.Primary})
}

// GrowEnvelope reminds somebody of their own growth page. It does not say what is on it.
func GrowEnvelope() bot.Open {
	return envelope("You asked to be reminded of your own page.",
		bot.Button{Label: "Open my page", Press: bot.Press{Action: "grow.open"}, Style: bot.Primary})
}

// AnswersEnvelope tells a leader how many check-ins on their steps are new.
func AnswersEnvelope(answers int) bot.Open {
	return envelope(Count(answers, "new check-in")+" on your action steps.",
		bot.Button{Label: "Read them", Press: bot.Press{Action: "checkin.theirs"}, Style: bot.Primary})
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
