package main

import (
	"testing"

	"rounds/school"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const planRule = `plan: {on: first school day, time: "07:30"}`

// Every form of a rule, in words and field by field, and what it says.
func TestConfigRules(t *testing.T) {
	for text, want := range map[string]string{
		`plan: first school day 7:30`:                                                      "first school day of the week, 7:30 AM",
		`plan: "every other tue 7am from 2026-10-20"`:                                      "every 2 weeks on Tue, 7:00 AM, counted from 2026-10-20",
		`plan: {on: days, days: [tue], time: "07:00", every: 2, anchor: 2026-10-20}`:       "every 2 weeks on Tue, 7:00 AM, counted from 2026-10-20",
		`digest: {on: nth weekday, nth: [last, 1, 1], days: [friday, mon], time: "14:30"}`: "first and last Mon and Fri of the month, 2:30 PM",
		`digest: {on: month days, dates: [15, 1, last], time: "14:30"}`:                    "the 1st, the 15th and the last day of the month, 2:30 PM",
		`digest: {cron: "30 14 * * 5"}`:                                                    "cron 30 14 * * 5",
		`digest: cron 30 14 * * 5`:                                                         "cron 30 14 * * 5",
		`digest: off`:                                                                      "off",
		`digest: {off: true}`:                                                              "off",
		`due: midweek 7am`:                                                                 "school day nearest to Wednesday, 7:00 AM",
		`due: {on: midweek, time: "07:00"}`:                                                "school day nearest to Wednesday, 7:00 AM",
		`start: {off: true}`:                                                               "off",
		`start: off`:                                                                       "off",
		`preview: {on: previous school day, time: "16:00"}`:                                "previous school day, 4:00 PM",
	} {
		cfg, err := smallConfig(t, edit{"district.yaml", planRule, text})
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if len(cfg.Rules) != 1 || cfg.Rules[0].Words() != want {
			t.Errorf("%s: %+v, want %s", text, cfg.Rules, want)
		}
	}
}

// Files and chat are one truth: what was changed in chat stays until the file changes that very rule, and a rule that leaves the
// file gives way to the one that ships with Rounds.
func TestRulesOfFileAndChat(t *testing.T) {
	book := openBook(t)
	stands := func(kind string) (out string) {
		model(t, book, func(m *school.Model) {
			if r, ok := m.Rule(kind); ok {
				out = r.Words()
			}
		})
		return out
	}
	chat := func(id string, f school.Fact) {
		t.Helper()
		if _, err := book.Record(t.Context(), school.Entry{Command: id, By: "p1", Via: "slack", Facts: []school.Fact{f}}); err != nil {
			t.Fatal(err)
		}
	}
	expect := func(when, plan, digest string) {
		t.Helper()
		if got := []string{stands("plan"), stands("digest")}; !cmp.Equal(got, []string{plan, digest}) {
			t.Errorf("%s: %q, want %q", when, got, []string{plan, digest})
		}
	}
	apply(t, book, august)
	expect("from the file", "first school day of the week, 7:30 AM", "")
	chat("c1", school.RuleSet{Rule: school.Rule{ID: "plan", On: school.OnDays, Days: []int{1}, Time: 480}})
	chat("c2", school.RuleSet{Rule: school.Rule{ID: "digest", Off: true}})
	apply(t, book, october)
	expect("the same file", "Mon, 8:00 AM", "off")
	apply(t, book, "2026-10-16T15:00:00Z", edit{"district.yaml", "weekly_cap: 10", "weekly_cap: 9"})
	expect("another key", "Mon, 8:00 AM", "off")
	apply(t, book, "2026-10-17T15:00:00Z", edit{"district.yaml", planRule, "plan: first school day 7:45"})
	expect("that very key", "first school day of the week, 7:45 AM", "off")
	chat("c3", school.RuleGone{ID: "plan"})
	expect("taken back in chat", "", "off")
	apply(t, book, "2026-10-18T15:00:00Z", edit{"district.yaml", planRule, "plan: first school day 7:45"})
	expect("taken back in chat, the same file", "", "off")
	apply(t, book, "2026-10-19T15:00:00Z")
	expect("the file changed again", "first school day of the week, 7:30 AM", "off")
	apply(t, book, "2026-10-20T15:00:00Z", edit{"district.yaml", "rules:\n  " + planRule + "\n", ""})
	expect("the file without rules", "", "off")
	model(t, book, func(m *school.Model) {
		if set := m.RulesSet("plan"); !set[len(set)-1].Gone || set[len(set)-1].SetBy != "" {
			t.Errorf("the file's taking back is not on record: %+v", set)
		}
	})
}

// A rule in quiet hours is no mistake, and is remarked at its place with what becomes of it.
func TestRulesInQuietHours(t *testing.T) {
	for text, want := range map[string][]string{
		planRule: nil,
		`plan: {on: first school day, time: "06:30"}`: {
			"district.yaml:33:38: rules.plan.time: 6:30 AM lies in the quiet hours, 6:00 PM to 7:00 AM, in which nothing is sent; it waits until 7:00 AM",
		},
		`plan: first school day 2am`: {
			"district.yaml:33:9: rules.plan: 2:00 AM lies in the quiet hours, 6:00 PM to 7:00 AM, in which nothing is sent; it never goes out: it would have to wait until 7:00 AM, and is not worth sending 4 hours after its time",
		},
		`plan: {cron: "0 12,20 * * 1"}`: {
			"district.yaml:33:16: rules.plan.cron: 8:00 PM lies in the quiet hours, 6:00 PM to 7:00 AM, in which nothing is sent; it never goes out: it would have to wait until the next day, 7:00 AM, and is not worth sending 4 hours after its time",
		},
		`digest: last school day 7pm`: {
			"district.yaml:33:11: rules.digest: 7:00 PM lies in the quiet hours, 6:00 PM to 7:00 AM, in which nothing is sent; it waits until the next day, 7:00 AM, and is never posted where nobody works that day, as after a Friday",
		},
		`agenda: {on: previous school day, time: "18:00"}`: {
			"district.yaml:33:43: rules.agenda.time: 6:00 PM lies in the quiet hours, 6:00 PM to 7:00 AM, in which nothing is sent; the agenda waits until the next day, 7:00 AM, and is not posted where the meeting has begun by then",
		},
		`preview: off`: nil,
	} {
		cfg, err := smallConfig(t, edit{"district.yaml", planRule, text})
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := cfg.Remarks(); !cmp.Equal(got[:len(got)-1], want, cmpopts.EquateEmpty()) { // the last is of the calendar
			t.Errorf("%s:\n%s", text, cmp.Diff(want, got))
		}
	}
	cfg, err := smallConfig(t, edit{"district.yaml", `to: "07:00"`, `to: "07:15"`})
	if err != nil {
		t.Fatal(err)
	}
	want := `district.yaml:34:14: quiet_hours: the reminder "due" has no rule here and goes out at 7:00 AM: 7:00 AM lies in the quiet hours, 6:00 PM to 7:15 AM, in which nothing is sent; it waits until 7:15 AM`
	if got := cfg.Remarks(); len(got) != 2 || got[0] != want {
		t.Errorf("%q", got)
	}
}
