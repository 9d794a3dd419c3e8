package reminders

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"rounds/school"

	"github.com/robfig/cron/v3"
	"pgregory.net/rapid"
)

// zones with every trick that clocks play: half-hour steps, changes at midnight, none at all, odd offsets.
var zones = []string{
	"America/Chicago", "America/New_York", "America/Anchorage", "America/Phoenix", "Pacific/Honolulu",
	"Australia/Lord_Howe", "America/Santiago", "Asia/Beirut", "Africa/Casablanca", "Pacific/Chatham", "Asia/Kathmandu",
}

// slowAt is the instant of a civil time by walking minutes: the first that shows it, or where spring skips it the
// first after the gap.
func slowAt(d school.Day, c school.Clock, z *time.Location) time.Time {
	y, m, day := d.Civil()
	for t := time.Date(y, m, day, 0, 0, 0, 0, time.UTC).Add(-15 * time.Hour); ; t = t.Add(time.Minute) {
		l := t.In(z)
		if e := school.DayOf(l, z); e > d || e == d && l.Hour()*60+l.Minute() >= int(c) {
			return t
		}
	}
}

func drawCalendar(t *rapid.T) *school.Calendar {
	first := school.Date(2026, 8, rapid.IntRange(1, 28).Draw(t, "first"))
	last := first + school.Day(rapid.IntRange(120, 300).Draw(t, "days"))
	week := school.WorkWeek
	if rapid.Bool().Draw(t, "four-day week") {
		week[rapid.IntRange(1, 5).Draw(t, "off")] = false
	}
	var spans []school.Span
	for i := range rapid.IntRange(0, 12).Draw(t, "spans") {
		from := first + school.Day(rapid.IntRange(0, int(last-first)).Draw(t, "from"))
		class := rapid.SampledFrom([]school.DayClass{school.NoSchool, school.StaffDay, school.EarlyRelease}).Draw(t, "class")
		spans = append(spans, school.Span{From: from, To: from + school.Day(rapid.IntRange(0, 9).Draw(t, "long")), Class: class, Name: fmt.Sprint("span ", i)})
	}
	c, err := school.NewCalendar("drawn", first, last, week, spans)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func drawRule(t *rapid.T) school.Rule {
	r := school.Rule{ID: KindPlan, Time: school.Clock(rapid.IntRange(0, 24*60-1).Draw(t, "time"))}
	r.On = rapid.SampledFrom([]school.When{school.FirstSchoolDay, school.LastSchoolDay, school.EverySchoolDay, school.PreviousSchoolDay, school.Midweek, school.OnDays}).Draw(t, "on")
	if r.On == school.OnDays {
		r.Days = rapid.SliceOfNDistinct(rapid.IntRange(0, 6), 1, 3, rapid.ID).Draw(t, "days")
		r.Every = rapid.IntRange(0, 3).Draw(t, "every")
		r.Anchor = school.Date(2026, 9, rapid.IntRange(1, 30).Draw(t, "anchor"))
	}
	return r
}

// slowDays are the days that a rule names, from the list of school days alone.
func slowDays(r school.Rule, c *school.Calendar) []school.Day {
	weeks := map[school.Day][]school.Day{}
	var mondays, out []school.Day
	for d := c.First; d <= c.Last; d++ {
		if c.School(d) {
			if weeks[d.Monday()] == nil {
				mondays = append(mondays, d.Monday())
			}
			weeks[d.Monday()] = append(weeks[d.Monday()], d)
		}
	}
	for i, m := range mondays {
		list := weeks[m]
		switch r.On {
		case school.FirstSchoolDay:
			out = append(out, list[0])
		case school.LastSchoolDay:
			out = append(out, list[len(list)-1])
		case school.EverySchoolDay:
			out = append(out, list...)
		case school.Midweek:
			mid := list[0]
			for _, d := range list { // of two as near, the later one
				if far := func(d school.Day) school.Day { return max(d-m-2, m+2-d) }; far(d) <= far(mid) {
					mid = d
				}
			}
			out = append(out, mid)
		case school.PreviousSchoolDay:
			if i+1 < len(mondays) {
				out = append(out, list[len(list)-1])
			}
		}
	}
	if r.On == school.OnDays {
		for d := c.First; d <= c.Last; d++ {
			weeks := int(d.Monday()-r.Anchor.Monday()) / 7
			if slices.Contains(r.Days, int(d.Weekday())) && (r.Every < 2 || weeks%r.Every == 0) {
				out = append(out, d)
			}
		}
	}
	return out
}

func TestRulesFireOncePerCivilDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		z := zone(rapid.SampledFrom(zones).Draw(t, "zone"))
		cal, r := drawCalendar(t), drawRule(t)
		table := timetable{kind: KindPlan, set: []school.Rule{r}, cal: cal, zone: z}

		from, to := (cal.First-8).At(0, z), (cal.Last+2).At(0, z)
		got := table.firings(from, to)
		var want []time.Time
		for _, d := range slowDays(r, cal) {
			want = append(want, slowAt(d, r.Time, z))
		}
		if len(got) != len(want) {
			t.Fatalf("%d firings, %d days", len(got), len(want))
		}
		names := map[string]bool{}
		for i, f := range got {
			if !f.At.Equal(want[i]) {
				t.Fatalf("firing %d is at %v, want %v", i, f.At.In(z), want[i].In(z))
			}
			if names[f.Key] {
				t.Fatalf("two firings are called %q", f.Key)
			}
			names[f.Key] = true
			if (f.Closed == "") != cal.School(f.Day) {
				t.Fatalf("%v: closed %q, school %v", f.Day, f.Closed, cal.School(f.Day))
			}
		}

		// However the time is cut into scans, each firing is in exactly one.
		var pieces []firing
		for at := from; at.Before(to); {
			next := at.Add(time.Duration(rapid.IntRange(1, 60*24*20).Draw(t, "minutes")) * time.Minute)
			if next.After(to) {
				next = to
			}
			pieces = append(pieces, table.firings(at, next)...)
			at = next
		}
		if len(pieces) != len(got) {
			t.Fatalf("cut into scans there are %d firings, whole %d", len(pieces), len(got))
		}
	})
}

func TestCronIsCivil(t *testing.T) {
	cal, err := school.NewCalendar("all year", school.Date(2027, 1, 1), school.Date(2027, 12, 31), [7]bool{true, true, true, true, true, true, true}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"30 2 * * *", "30 1 * * *", "0 0 * * *", "15 7 * * 1-5", "0 9 1 * *"} {
		spec, err := parseCron(text)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range zones {
			z := zone(name)
			table := timetable{kind: KindPlan, set: []school.Rule{{ID: KindPlan, Cron: text}}, cal: cal, zone: z}
			got := table.firings(cal.First.At(0, z).Add(-time.Minute), (cal.Last+1).At(0, z))
			n := 0
			for d := cal.First; d <= cal.Last; d++ {
				if !spec.on(d) {
					continue
				}
				if want := slowAt(d, spec.clocks()[0], z); n >= len(got) || !got[n].At.Equal(want) {
					t.Fatalf("%s in %s: %v is not where it belongs (%v)", text, name, d, want.In(z))
				}
				n++
			}
			if n != len(got) {
				t.Errorf("%s in %s: %d firings, %d days", text, name, len(got), n)
			}
		}
	}
}

// The parser's own idea of what comes next is not good enough: this is why only its tables are used.
func TestCronNextAloneWouldMiss(t *testing.T) {
	s, err := cron.ParseStandard("30 2 * * *")
	if err != nil {
		t.Fatal(err)
	}
	days := map[school.Day]int{}
	for at := local("2027-01-01 00:00"); at.Before(local("2028-01-01 00:00")); {
		at = s.Next(at)
		days[school.DayOf(at, chicago)]++
	}
	if days[day("2027-03-14")] == 1 {
		t.Error("robfig/cron no longer skips a time in the spring gap: the control is gone")
	}
}

func TestCronTextIsGuarded(t *testing.T) {
	for _, text := range []string{"", "TZ=", "TZ=0", "CRON_TZ=America/Chicago", "CRON_TZ= 0 7 * * *", "@every -1h", "@daily", "0 7 * *", "0 0 7 * * *", "61 7 * * *", "0 7 * * 7", "a b c d e", "0 7 * * L"} {
		if _, err := parseCron(text); err == nil {
			t.Errorf("%q was taken", text)
		}
	}
	// Either of two restricted day fields, as cron has it.
	s, err := parseCron("0 9 1-7 * 1")
	if err != nil {
		t.Fatal(err)
	}
	for d, want := range map[string]bool{"2026-10-03": true, "2026-10-05": true, "2026-10-19": true, "2026-10-20": false} {
		if s.on(day(d)) != want {
			t.Errorf("%s: %v", d, !want)
		}
	}
}

func FuzzCron(f *testing.F) {
	for _, s := range []string{"0 7 * * 1-5", "*/5 0-3,9 1 JAN MON", "TZ= 0 7 * * *", "0 7 * * ?"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if s, err := parseCron(text); err == nil {
			s.on(day("2026-10-15"))
			s.clocks()
		}
	})
}

func TestEditedRuleStartsOnItsNextDay(t *testing.T) {
	cal, err := school.NewCalendar("c", day("2026-08-17"), day("2027-05-27"), school.WorkWeek, nil)
	if err != nil {
		t.Fatal(err)
	}
	set := []school.Rule{
		{ID: KindPlan, On: school.EverySchoolDay, Time: 8 * 60, SetAt: local("2026-08-20 10:00")},
		{ID: KindPlan, On: school.EverySchoolDay, Time: 15 * 60, SetAt: local("2026-10-14 06:00")},
		{ID: KindPlan, Off: true, SetAt: local("2026-10-16 16:00")},
	}
	table := timetable{kind: KindPlan, set: set, cal: cal, zone: chicago}
	var got []string
	for _, f := range table.firings(local("2026-10-13 00:00"), local("2026-10-20 00:00")) {
		got = append(got, f.At.In(chicago).Format("Mon 15:04"))
	}
	same(t, "week of an edit", got, []string{"Tue 08:00", "Wed 08:00", "Thu 15:00", "Fri 15:00"})

	// The first one ever replaces the default on its own day, for a time that is still to come.
	for hour, want := range map[string]string{"06:00": "08:00", "09:00": "07:00"} {
		table.set = []school.Rule{{ID: KindPlan, On: school.FirstSchoolDay, Time: 8 * 60, SetAt: local("2026-10-05 " + hour)}}
		f := table.firings(local("2026-10-05 00:00"), local("2026-10-06 00:00"))
		if len(f) != 1 || f[0].At.In(chicago).Format("15:04") != want {
			t.Errorf("set at %s: %v, want %s", hour, f, want)
		}
	}

	// One that a person sets starts on the next day even when it is the first.
	table.set[0] = school.Rule{ID: KindPlan, On: school.FirstSchoolDay, Time: 8 * 60, SetAt: local("2026-10-05 06:00"), SetBy: "p1"}
	if f := table.firings(local("2026-10-05 00:00"), local("2026-10-06 00:00")); len(f) != 1 || f[0].At.In(chicago).Format("15:04") != "07:00" {
		t.Errorf("set by a person on the day itself: %v, want the default's 07:00", f)
	}
}

// A rule that is taken back holds to the end of that day; then it is the default's turn.
func TestRuleTakenBack(t *testing.T) {
	w := newWorld(t, "2026-10-15 10:00")
	w.record(school.RuleSet{Rule: school.Rule{ID: KindPlan, On: school.EverySchoolDay, Time: 8 * 60}})
	w.at("2026-10-20 06:00")
	w.record(school.RuleGone{ID: KindPlan})
	var got []string
	_ = w.book.Read(func(m *school.Model) {
		p := newPlanning(m, district, local("2026-10-19 00:00"), local("2026-10-27 00:00"))
		for _, f := range p.table(KindPlan, "cedar", chicago).firings(p.from, p.now) {
			got = append(got, f.At.In(chicago).Format("Mon 2 15:04"))
		}
	})
	same(t, "taken back on Tuesday", got, []string{"Mon 19 08:00", "Tue 20 08:00", "Mon 26 07:00"})
}

// Turned off on Friday morning, the agenda for Monday is still posted that day, and the one for Tuesday no more. Turned on again,
// the first is the one whose day lies after that.
func TestOffBeforeAMeeting(t *testing.T) {
	cal, err := school.NewCalendar("c", day("2026-08-17"), day("2027-05-27"), school.WorkWeek, nil)
	if err != nil {
		t.Fatal(err)
	}
	off := school.Rule{ID: KindAgenda, Off: true, SetAt: local("2026-10-16 09:00"), SetBy: "p1"}
	for _, c := range []struct {
		set           []school.Rule
		meeting, want string
	}{
		{[]school.Rule{off}, "2026-10-19", "Fri 16 15:00"},
		{[]school.Rule{off}, "2026-10-20", "none"},
		{[]school.Rule{{ID: KindAgenda, On: school.OnDays, Days: []int{1, 2, 3, 4, 5}, Time: 10 * 60}, off}, "2026-10-19", "Fri 16 10:00"},
		{[]school.Rule{{ID: KindAgenda, On: school.OnDays, Days: []int{3}, Time: 10 * 60}, off}, "2026-10-19", "Wed 14 10:00"},
		{[]school.Rule{off, {ID: KindAgenda, Gone: true, SetAt: local("2026-10-23 09:00")}}, "2026-10-26", "Mon 26 07:00"},
		{[]school.Rule{off, {ID: KindAgenda, Gone: true, SetAt: local("2026-10-25 20:00")}}, "2026-10-26", "Mon 26 07:00"},
		{[]school.Rule{off, {ID: KindAgenda, Gone: true, SetAt: local("2026-10-26 08:00")}}, "2026-10-26", "none"},
		{[]school.Rule{{ID: KindAgenda, On: school.EverySchoolDay, Time: 15 * 60, SetAt: local("2026-10-01 09:00")}, {ID: KindAgenda, On: school.OnDays, Days: []int{1}, Time: 8 * 60, SetAt: local("2026-10-16 09:00")}}, "2026-10-19", "Fri 16 15:00"},
		{[]school.Rule{{ID: KindAgenda, On: school.OnDays, Days: []int{1}, Time: 8 * 60, SetAt: local("2026-10-01 09:00")}, {ID: KindAgenda, On: school.PreviousSchoolDay, Time: 15 * 60, SetAt: local("2026-10-16 09:00")}}, "2026-10-19", "Mon 19 07:00"},
		{[]school.Rule{off, {ID: KindAgenda, Gone: true, SetAt: local("2026-10-23 09:00")}}, "2026-10-27", "Mon 26 15:00"},
	} {
		// Both have theirs: the older one's stays. Neither has: the morning of the first school day.
		table := timetable{kind: KindAgenda, set: c.set, cal: cal, zone: chicago}
		got := "none"
		if at, ok := table.before(day(c.meeting), day(c.meeting).At(9*60, chicago)); ok {
			got = at.In(chicago).Format("Mon 2 15:04")
		}
		if got != c.want {
			t.Errorf("%s before %s: %s, want %s", c.set[0].Words(), c.meeting, got, c.want)
		}
	}
}

func TestCheckRule(t *testing.T) {
	good := []school.Rule{
		{ID: "plan", On: school.FirstSchoolDay, Time: 420},
		{ID: "digest", Cron: "0 15 * * 5"},
		{ID: "agenda", On: school.OnDays, Days: []int{1, 4}, Every: 2, Anchor: day("2026-10-05"), Time: 60},
		{ID: "plan", On: school.NthWeekday, Days: []int{1, 4}, Nth: []int{1, 3, school.Last}, Time: 60},
		{ID: "digest", On: school.MonthDays, Dates: []int{1, 31, school.Last}, Time: 60},
		{ID: "digest", Off: true},
	}
	for _, r := range good {
		if err := CheckRule(r); err != nil {
			t.Errorf("%+v: %v", r, err)
		}
	}
	bad := []school.Rule{
		{ID: "notice", On: school.EverySchoolDay},
		{ID: "plan"},
		{ID: "plan", On: "sometimes"},
		{ID: "plan", On: school.OnDays},
		{ID: "plan", On: school.OnDays, Days: []int{7}},
		{ID: "plan", On: school.OnDays, Days: []int{1}, Every: 2},
		{ID: "plan", Cron: "@every 1m"},
		{ID: "plan", On: school.EverySchoolDay, Time: 24 * 60},
		{ID: "plan", On: school.EverySchoolDay, Every: 2, Anchor: day("2026-10-05")},
		{ID: "plan", On: school.NthWeekday, Days: []int{1}},
		{ID: "plan", On: school.NthWeekday, Nth: []int{1}},
		{ID: "plan", On: school.NthWeekday, Days: []int{1}, Nth: []int{6}},
		{ID: "plan", On: school.MonthDays},
		{ID: "plan", On: school.MonthDays, Dates: []int{0}},
		{ID: "agenda", On: school.MonthDays, Dates: []int{1}},
		{ID: "agenda", On: school.NthWeekday, Days: []int{1}, Nth: []int{1}},
	}
	for _, r := range bad {
		if CheckRule(r) == nil {
			t.Errorf("%+v was taken", r)
		}
	}
}
