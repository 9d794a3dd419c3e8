package reminders

import (
	"fmt"

	"rounds/school"
)

// CheckQuiet says where a rule lies in the hours in which nothing is sent, from..to; QuietFate says what comes of it.
func CheckQuiet(r school.Rule, from, to school.Clock) error {
	c, ok, err := quietClock(r, from, to)
	if err != nil || !ok {
		return err
	}
	return fmt.Errorf("%s lies in the quiet hours, %s to %s, in which nothing is sent", c.Kitchen(), from.Kitchen(), to.Kitchen())
}

// quietClock is the first time of day of a rule that lies in the hours from..to.
func quietClock(r school.Rule, from, to school.Clock) (c school.Clock, ok bool, err error) {
	clocks := []school.Clock{r.Time}
	if r.Off || from == to {
		return 0, false, nil
	}
	if r.Cron != "" {
		spec, err := parseCron(r.Cron)
		if err != nil {
			return 0, false, err
		}
		clocks = spec.clocks()
	}
	for _, c := range clocks {
		if from < to && c >= from && c < to || to < from && (c >= from || c < to) {
			return c, true, nil
		}
	}
	return 0, false, nil
}

// QuietFate says what becomes of the reminders of a rule whose time lies in the quiet hours from..to, in a sentence; "" for a
// rule that lies outside of them.
func QuietFate(r school.Rule, from, to school.Clock) string {
	c, ok, err := quietClock(r, from, to)
	if err != nil || !ok {
		return ""
	}
	wait, until := int(to-c), to.Kitchen()
	if wait < 0 {
		wait, until = wait+24*60, "the next day, "+until
	}
	switch {
	case r.ID == KindAgenda:
		return "the agenda waits until " + until + ", and is not posted where the meeting has begun by then"
	case r.ID == KindPreview:
		return "it waits until " + until + ", and is left out where the snapshot is posted before"
	case r.ID == KindDigest && int(c)+wait >= 24*60:
		return "it waits until " + until + ", and is never posted where nobody works that day, as after a Friday"
	case r.ID == KindDigest:
		return "it waits until " + until
	case wait < int(nudgeWindow.Minutes()):
		return "it waits until " + until
	}
	return fmt.Sprintf("it never goes out: it would have to wait until %s, and is not worth sending %d hours after its time", until, int(nudgeWindow.Hours()))
}
