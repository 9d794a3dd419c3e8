package school

import "time"

// Rule says when a kind of reminder goes out. It is civil: days and a time of day in the zone
// of its campus or person; package reminders computes the instants. An edited rule starts on the
// next civil day after it was set.
type Rule struct {
	ID   string `json:"id"`             // the kind of reminder: "plan", "agenda", "preview", "digest"
	On   When   `json:"on"`             // which school day, or "days" for Days
	Days []int  `json:"days,omitempty"` // for On "days": weekdays, 0 Sunday
	Time Clock  `json:"time"`
	Off  bool   `json:"off,omitempty"`

	Every  int    `json:"every,omitempty"` // for "days": every n weeks from Anchor
	Anchor Day    `json:"anchor,omitempty"`
	Cron   string `json:"cron,omitempty"` // five fields instead of On, Days and Time

	SetAt time.Time `json:"-"`
	SetBy PersonID  `json:"-"`
}

// When names the school day of a rule.
type When string

// The days a rule may name.
const (
	FirstSchoolDay    When = "first school day" // of the week
	LastSchoolDay     When = "last school day"  // of the week
	PreviousSchoolDay When = "previous school day"
	EverySchoolDay    When = "every school day"
	OnDays            When = "days"
)
