package school

import (
	"errors"
	"math/rand/v2"
	"reflect"
	"testing"
)

func TestParseRule(t *testing.T) {
	for text, want := range map[string]string{
		"last school day 2:30pm":                     "last school day of the week, 2:30 PM",
		"Last school day of the week at 14:30":       "last school day of the week, 2:30 PM",
		"first school day, 7 a.m.":                   "first school day of the week, 7:00 AM",
		"previous school day 3pm":                    "previous school day, 3:00 PM",
		"the school day before the meeting at 3 pm":  "previous school day, 3:00 PM",
		"every school day 7:30":                      "every school day, 7:30 AM",
		"midweek 7am":                                "school day nearest to Wednesday, 7:00 AM",
		"the school day nearest to Wednesday at 7am": "school day nearest to Wednesday, 7:00 AM",
		"mon 7:15":                               "Mon, 7:15 AM",
		"Mondays and Thursdays 7:15":             "Mon and Thu, 7:15 AM",
		"thu,mon,mon 7:15":                       "Mon and Thu, 7:15 AM",
		"tue-thu noon":                           "Tue, Wed and Thu, 12:00 PM",
		"sat-mon midnight":                       "Mon, Sat and Sun, 12:00 AM",
		"weekdays 6:45":                          "Mon, Tue, Wed, Thu and Fri, 6:45 AM",
		"daily 12:30am":                          "Mon, Tue, Wed, Thu, Fri, Sat and Sun, 12:30 AM",
		"every week tue 7am":                     "Tue, 7:00 AM",
		"every 2 weeks tue 7am from 2026-10-20":  "every 2 weeks on Tue, 7:00 AM, counted from 2026-10-20",
		"every other tue 7am":                    "every 2 weeks on Tue, 7:00 AM",
		"every 1 week tue 7am":                   "Tue, 7:00 AM",
		"first mon 7:15":                         "first Mon of the month, 7:15 AM",
		"2nd and 4th Tuesday of the month 02:30": "second and fourth Tue of the month, 2:30 AM",
		"last fri 14:30":                         "last Fri of the month, 2:30 PM",
		"last and first fri 14:30":               "first and last Fri of the month, 2:30 PM",
		"the 15th and the 1st at 8am":            "the 1st and the 15th of the month, 8:00 AM",
		"day 15 8am":                             "the 15th of the month, 8:00 AM",
		"the 22nd, the 23rd and the last day of the month, 8am": "the 22nd, the 23rd and the last day of the month, 8:00 AM",
		"cron 30 14 * * 5":     "cron 30 14 * * 5",
		"cron “30 14 * * FRI”": "cron 30 14 * * fri",
		"30 14 * * 1-5":        "cron 30 14 * * 1-5",
		"off":                  "off",
		"OFF.":                 "off",
	} {
		r, err := ParseRule(text)
		if err != nil || r.Words() != want {
			t.Errorf("%q: %q, %v; want %q", text, r.Words(), err, want)
		}
	}
	for text, want := range map[string]string{
		"":                                      "Say the day too, like last school day 2:30pm, or mon and thu 7:15.",
		"7:15":                                  "Say the day too, like last school day 2:30pm, or mon and thu 7:15.",
		"mon":                                   "Say the time too, like last school day 2:30pm.",
		"lst school day 2:30pm":                 "I cannot read “lst” as part of a rule. Try last school day 2:30pm, or mon 7:15.",
		"mon 2:30":                              "Is 2:30 in the morning or in the afternoon? Say 2:30am or 2:30pm.",
		"mon 25:00":                             "“25:00” is not a time of day.",
		"mon 13pm":                              "“13pm” is not a time of day.",
		"mon 7":                                 "“7”: for a time say 7am or 14:30, for a date of the month the 15th.",
		"mon 7:15 8:15":                         "Say one time only; for several a day, write cron text.",
		"first school day mon 7:15":             "Say one kind of day only: last school day 2:30pm, or mon and thu 7:15.",
		"every school day last school day 7:15": "Say one kind of day only: last school day 2:30pm, or mon and thu 7:15.",
		"midweek wed 7am":                       "Say one kind of day only: last school day 2:30pm, or mon and thu 7:15.",
		"midwek 7am":                            "I cannot read “midwek” as part of a rule. Try last school day 2:30pm, or mon 7:15.",
		"every 2 weeks first school day 7:15":   "Every 2 weeks goes with days of the week, like every 2 weeks mon 7:15.",
		"every 99 weeks mon 7:15":               "“every 99 weeks”: say a number of weeks from 1 to 52.",
		"every 2 weeks every 3 weeks mon 7:15":  "Say once every how many weeks.",
		"mon 7:15 from 2026-10-20":              "A day to count from goes with every so many weeks, like every 2 weeks mon 7:15 from 2026-10-20.",
		"every 2 weeks mon 7:15 from october":   "“october” is not a date like 2026-10-30.",
		"sixth mon 7:15":                        "I cannot read “sixth” as part of a rule. Try last school day 2:30pm, or mon 7:15.",
		"6th mon 7:15":                          "A month has no such weekday: say first to fifth, or last.",
		"32nd 7:15":                             "I cannot read “32nd” as part of a rule. Try last school day 2:30pm, or mon 7:15.",
		"off mon 7:15":                          "It is either off or goes out on some day: say only one of them.",
		"cron":                                  "After cron come five fields: minute, hour, day of month, month, weekday. Fridays at 2:30 PM are cron 30 14 * * 5.",
	} {
		r, err := ParseRule(text)
		if err == nil || err.Error() != want {
			t.Errorf("%q: %+v, %v; want %q", text, r, err, want)
		}
	}
}

func TestParseTimeOfDay(t *testing.T) {
	for text, want := range map[string]string{
		"7:15": "07:15", " 2:30 P.M. ": "14:30", "2:30pm": "14:30", "12 am": "00:00", "Noon": "12:00", "at 7 am": "07:00", "23:59": "23:59",
		"8": "“8” is not a time of day like 2:30 PM.", "": "“” is not a time of day like 2:30 PM.", "7:15 8:15": "“7:15 8:15” is not a time of day like 2:30 PM.",
		"2:30": "Is 2:30 in the morning or in the afternoon? Say 2:30am or 2:30pm.", "7am thu": "“7am thu” is not a time of day like 2:30 PM.",
	} {
		c, err := ParseTimeOfDay(text)
		if got := c.String(); err == nil && got != want || err != nil && err.Error() != want {
			t.Errorf("%q: %s, %v; want %s", text, got, err, want)
		}
	}
}

// randomRule is any rule that somebody may set.
func randomRule(r *rand.Rand) Rule {
	some := func(from, to int) []int {
		var out []int
		for n := from; n <= to; n++ {
			if r.IntN(3) == 0 {
				out = append(out, n)
			}
		}
		if len(out) == 0 {
			out = []int{from + r.IntN(to-from+1)}
		}
		return out
	}
	last := func(ns []int) []int {
		if r.IntN(2) == 0 {
			ns = append(ns, Last)
		}
		return ns
	}
	x := Rule{Time: Clock(r.IntN(24 * 60))}
	switch x.On = []When{FirstSchoolDay, LastSchoolDay, PreviousSchoolDay, EverySchoolDay, Midweek, OnDays, NthWeekday, MonthDays}[r.IntN(8)]; x.On {
	case OnDays:
		x.Days = some(0, 6)
		if r.IntN(2) == 0 {
			x.Every, x.Anchor = 2+r.IntN(51), Date(2026, 1, 1)+Day(r.IntN(3000))
		}
	case NthWeekday:
		x.Days, x.Nth = some(0, 6), last(some(1, 5))
	case MonthDays:
		x.Dates = last(some(1, 31))
	}
	return x
}

// What a rule says of itself reads back as the same rule.
func TestRuleWordsReadBack(t *testing.T) {
	const seed = 31
	r := rand.New(rand.NewPCG(seed, 1))
	for i := range 5000 {
		x := randomRule(r)
		if got, err := ParseRule(x.Words()); err != nil || !reflect.DeepEqual(got, x) {
			t.Fatalf("seed %d, rule %d: %+v says %q, which reads as %+v, %v", seed, i, x, x.Words(), got, err)
		}
	}
}

func FuzzRuleWords(f *testing.F) {
	for _, s := range []string{
		"last school day 2:30pm", "every other tue 7am from 2026-10-20", "2nd, 4th and last tue-thu 02:30", "the 15th and the last day 8am",
		"cron 30 14 * * 5", "* * * * *", "off", "every 2 weeks", "12:60pm", "ſat 7:15", "day 1 2 3 noon", "cron cron",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := ParseRule(text)
		var re *RuleError
		if err != nil {
			if !errors.As(err, &re) || re.Sentence == "" {
				t.Fatalf("%q: an error without a sentence: %v", text, err)
			}
			return
		}
		if again, err := ParseRule(r.Words()); err != nil || !reflect.DeepEqual(again, r) {
			t.Fatalf("%q is %+v, which says %q, which reads as %+v, %v", text, r, r.Words(), again, err)
		}
	})
}

func TestInMonth(t *testing.T) {
	for _, c := range []struct {
		rule Rule
		want []Day // in October and November 2026
	}{
		{Rule{On: NthWeekday, Days: []int{1}, Nth: []int{1, 3}}, []Day{Date(2026, 10, 5), Date(2026, 10, 19), Date(2026, 11, 2), Date(2026, 11, 16)}},
		{Rule{On: NthWeekday, Days: []int{5}, Nth: []int{Last}}, []Day{Date(2026, 10, 30), Date(2026, 11, 27)}},
		{Rule{On: NthWeekday, Days: []int{5, 6}, Nth: []int{5, Last}}, []Day{Date(2026, 10, 30), Date(2026, 10, 31), Date(2026, 11, 27), Date(2026, 11, 28)}},
		{Rule{On: MonthDays, Dates: []int{1, 31}}, []Day{Date(2026, 10, 1), Date(2026, 10, 31), Date(2026, 11, 1)}},
		{Rule{On: MonthDays, Dates: []int{Last}}, []Day{Date(2026, 10, 31), Date(2026, 11, 30)}},
		{Rule{On: EverySchoolDay}, nil},
	} {
		var got []Day
		for d := Date(2026, 10, 1); d <= Date(2026, 11, 30); d++ {
			if c.rule.InMonth(d) {
				got = append(got, d)
			}
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%+v: %v, want %v", c.rule, got, c.want)
		}
	}
}

// A rule that is taken back stands in the list of what was set, and a second time it is nothing new.
func TestRuleGone(t *testing.T) {
	m := NewModel()
	apply := func(f Fact, by PersonID) {
		t.Helper()
		e, err := NewEvent(f, by, "test", testNow)
		if err != nil {
			t.Fatal(err)
		}
		e.Version = m.Version() + 1
		if err := m.Apply(e); err != nil {
			t.Fatal(err)
		}
	}
	apply(RuleGone{"plan"}, "p1")
	if len(m.RulesSet("plan")) != 0 {
		t.Error("what was never set was taken back")
	}
	apply(RuleSet{Rule{ID: "plan", On: EverySchoolDay, Time: 480}}, "p1")
	apply(RuleGone{"plan"}, "p2")
	apply(RuleGone{"plan"}, "p3")
	set := m.RulesSet("plan")
	if _, ok := m.Rule("plan"); ok || len(set) != 2 || !set[1].Gone || set[1].SetBy != "p2" || !set[1].SetAt.Equal(testNow) {
		t.Errorf("%+v", set)
	}
	e, err := NewEvent(RuleGone{"plan"}, "", "file", testNow)
	if err != nil || !e.Must {
		t.Errorf("a program that does not know rule.gone would go on at the old time: %+v, %v", e, err)
	}
}
