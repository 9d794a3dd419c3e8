package cards

import (
	"rounds/bot"
	"rounds/school"
)

// DigestOwner is what the digest's owner is shown around it.
type DigestOwner struct {
	Subject  string // of the buttons, see DigestSubject
	Decides  bool   // this viewer may post or hold it
	Decision string // "post", "hold" or ""
	Posted   string // when it was posted: "Fri, Oct 16 at 3:00 PM CDT", or ""
	Room     bool   // there is a leadership room
	Owner    string // "the principal", for a viewer who does not decide
}

// DigestPreview shows the digest as it would be posted, privately, with what can still be done about it.
func DigestPreview(d bot.Open, o DigestOwner) bot.Private {
	p := bot.PrivateCard(bot.Text{Text: digestState(o), Style: bot.Strong})
	p = p.With(d.Card().Blocks...)
	if o.Posted != "" || !o.Decides || !o.Room {
		return p
	}
	post := bot.Button{Label: "Post now", Press: bot.Press{Action: "digest.post", Subject: o.Subject}, Style: bot.Primary}
	hold := bot.Button{Label: "Hold this week", Press: bot.Press{Action: "digest.hold", Subject: o.Subject}}
	switch o.Decision {
	case "hold":
		return p.With(bot.Buttons{Items: []bot.Button{post}})
	case "post":
		return p
	}
	return p.With(bot.Buttons{Items: []bot.Button{post, hold}})
}

func digestState(o DigestOwner) string {
	switch {
	case o.Posted != "":
		return "Posted " + o.Posted + "."
	case !o.Room:
		return "No leadership room is set for this campus, so this is posted nowhere."
	case o.Decision == "hold":
		return "On hold for this week: it is not posted unless you post it."
	case o.Decision == "post":
		return "On its way to the leadership room."
	case !o.Decides:
		return "Preview. " + upFirst(o.Owner) + " decides whether it is posted in the leadership room."
	}
	return "Preview. It is posted in the leadership room at its usual time, unless you hold it."
}

// DigestDecided is the receipt of the owner's decision.
func DigestDecided(decision, subject string) bot.Private {
	if decision == "hold" {
		return bot.PrivateCard(bot.Text{Text: "Held: this week's snapshot is not posted. Changed your mind? Post it any time this week, here or with /digest post. Next week starts afresh."},
			bot.Buttons{Items: []bot.Button{{Label: "Post now", Press: bot.Press{Action: "digest.post", Subject: subject}}}})
	}
	return bot.PrivateCard(bot.Text{Text: "This week's snapshot is being posted in the leadership room now."})
}

// DigestNone says why there is no digest.
func DigestNone(s school.Snapshot, campus string) bot.Private {
	if s.Days == 0 {
		return bot.PrivateCard(bot.Text{Text: campus + " has no school this week, so there is no snapshot."})
	}
	return bot.PrivateCard(bot.Text{Text: DigestTooSmall})
}

// DigestReportable tells whether there is a digest of the week at all.
func DigestReportable(s school.Snapshot) bool {
	return s.Days > 0 && (s.OnPace.Reportable() || s.Visited.Reportable())
}
