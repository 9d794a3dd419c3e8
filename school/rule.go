package school

import "time"

// Rule says when a kind of reminder goes out. It is civil: days and a time of day in the zone
// of its campus or person; package reminders computes the instants. An edited rule starts on the
// next civil day after it was set.
type Rule struct {
	ID   string `json:"id"`             // the kind of reminder: "plan", "agenda", "preview", "digest"
	On   When   `json:"on"`             // which school day, or "days" for Days
	Days []int  `json:"days,omitempty"` // for On "days" and "nth weekday": weekdays, 0 Sunday
	Time Clock  `json:"time"`
	Off  bool   `json:"off,omitempty"`

	Every  int    `json:"every,omitempty"` // for "days": every n weeks from Anchor
	Anchor Day    `json:"anchor,omitempty"`
	Nth    []int  `json:"nth,omitempty"`   // for "nth weekday": which of its Days in the month, 1 to 5; Last for the last
	Dates  []int  `json:"dates,omitempty"` // for "month days": 1 to 31; Last for the last day of the month
	Cron   string `json:"cron,omitempty"`  // five fields instead of On, Days and Time

	SetAt time.Time `json:"-"`
	SetBy PersonID  `json:"-"`
	Gone  bool      `json:"-"` // it was taken back: from its next civil day the rule that ships with Rounds holds again
}

// When names the school day of a rule.
type When string

// The days a rule may name.
const (
	FirstSchoolDay    When = "first school day" // of the week
	LastSchoolDay     When = "last school day"  // of the week
	PreviousSchoolDay When = "previous school day"
	EverySchoolDay    When = "every school day"
	Midweek           When = "midweek" // the school day of the week that is nearest to Wednesday; see Calendar.Midweek
	OnDays            When = "days"
	NthWeekday        When = "nth weekday" // of the month: the first and third Monday
	MonthDays         When = "month days"  // the 1st and the 15th; a month that has no such day goes without
)

// Last stands for the last weekday or day of a month, in Nth and Dates.
const Last = -1

// InMonth tells whether the day is one that an "nth weekday" or "month days" rule names.
func (r Rule) InMonth(d Day) bool {
	y, m, n := d.Civil()
	left := int(Date(y, m+1, 1)-d) - 1 // days of the month after it
	switch r.On {
	case NthWeekday:
		return contains(r.Days, int(d.Weekday())) && (contains(r.Nth, (n-1)/7+1) || left < 7 && contains(r.Nth, Last))
	case MonthDays:
		return contains(r.Dates, n) || left == 0 && contains(r.Dates, Last)
	}
	return false
}
