package service

import (
	"fmt"
	"time"

	"rounds/bot"
)

// clockSlack is how far our clock may be from the service's without a word.
const clockSlack = time.Minute

// CheckClock judges how far this computer's clock is from that of a service, which is called by its title: "Slack". Too far off, its
// requests seem stale.
func CheckClock(name, title string, now, theirs time.Time) bot.Check {
	off := now.Sub(theirs).Round(time.Second).Abs()
	c := bot.Check{Name: name, Detail: fmt.Sprintf("this computer is %v off %s's clock", off, title)}
	switch {
	case off > maxAge-time.Minute:
		c.State, c.Fix = bot.CheckFail, "Set the clock (NTP): requests that seem older than five minutes are refused."
	case off > clockSlack:
		c.State, c.Fix = bot.CheckWarn, "Set the clock (NTP)."
	}
	return c
}
