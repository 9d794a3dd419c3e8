package reminders

import (
	"strings"
	"testing"
	"time"

	"rounds/school"
)

func TestCheckQuiet(t *testing.T) {
	at := func(c school.Clock) school.Rule {
		return school.Rule{ID: KindPlan, On: school.EverySchoolDay, Time: c}
	}
	cron := func(text string) school.Rule { return school.Rule{ID: KindPlan, Cron: text} }
	for _, c := range []struct {
		rule     school.Rule
		from, to school.Clock
		want     string
	}{
		{at(7 * 60), 18 * 60, 7 * 60, ""},
		{at(6*60 + 59), 18 * 60, 7 * 60, "6:59 AM lies in the quiet hours, 6:00 PM to 7:00 AM, in which nothing is sent"},
		{at(18 * 60), 18 * 60, 7 * 60, "6:00 PM lies in the quiet hours, 6:00 PM to 7:00 AM, in which nothing is sent"},
		{at(12 * 60), 12 * 60, 13 * 60, "12:00 PM lies in the quiet hours, 12:00 PM to 1:00 PM, in which nothing is sent"},
		{at(13 * 60), 12 * 60, 13 * 60, ""},
		{at(0), 0, 0, ""},
		{cron("0 8,20 * * *"), 18 * 60, 7 * 60, "8:00 PM lies in the quiet hours, 6:00 PM to 7:00 AM, in which nothing is sent"},
		{cron("*/15 7-17 * * *"), 18 * 60, 7 * 60, ""},
		{school.Rule{Off: true, Time: 60}, 18 * 60, 7 * 60, ""},
	} {
		got := ""
		if err := CheckQuiet(c.rule, c.from, c.to); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%s, quiet %s to %s: %q, want %q", c.rule.Words(), c.from, c.to, got, c.want)
		}
	}
}

// What is said of a rule in quiet hours is what happens.
func TestQuietFate(t *testing.T) {
	for text, want := range map[string]string{
		"plan mon 6:30":  "it waits until 7:00 AM | Oct 19 07:00",
		"plan mon 03:01": "it waits until 7:00 AM | Oct 19 07:00",
		"plan mon 3am":   "it never goes out: it would have to wait until 7:00 AM, and is not worth sending 4 hours after its time | its time passed in quiet hours until 7:00 AM",
		"plan mon 8pm":   "it never goes out: it would have to wait until the next day, 7:00 AM, and is not worth sending 4 hours after its time | its time passed in quiet hours until 7:00 AM",
		"digest fri 6am": "it waits until 7:00 AM | Oct 23 07:00",
		"digest thu 7pm": "it waits until the next day, 7:00 AM, and is never posted where nobody works that day, as after a Friday | Oct 23 07:00",
		"digest fri 7pm": "it waits until the next day, 7:00 AM, and is never posted where nobody works that day, as after a Friday | held: no school: Saturday",
		"agenda wed 7pm": "the agenda waits until the next day, 7:00 AM, and is not posted where the meeting has begun by then | Oct 22 07:00",
		"agenda thu 6am": "the agenda waits until 7:00 AM, and is not posted where the meeting has begun by then | Oct 22 07:00",
		"plan mon 7am":   " | Oct 19 07:00",
	} {
		id, rest, _ := strings.Cut(text, " ")
		r, err := school.ParseRule(rest)
		if err != nil {
			t.Fatal(err)
		}
		r.ID = id
		w := newWorld(t, "2026-10-16 17:00")
		w.record(school.RuleSet{Rule: r})
		name := map[string]string{KindPlan: "plan/2026-10-19T" + r.Time.String() + "/c1", KindDigest: "digest/cedar/2026-10-19", KindAgenda: "agenda/math/2026-10-22"}[id]
		var end string
		for at := local("2026-10-16 17:00"); end == "" && at.Before(local("2026-10-25 17:00")); at = at.Add(15 * time.Minute) {
			w.clock.set(at)
			w.scan()
			if end = w.settledAs(name); end == "open" {
				end = ""
			} else if end == "sent" {
				end = at.In(chicago).Format("Jan 2 15:04")
			}
		}
		if got := QuietFate(r, 18*60, 7*60) + " | " + end; got != want {
			t.Errorf("%s: %s\nwant %s", text, got, want)
		}
	}
}
