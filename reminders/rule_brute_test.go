package reminders

import (
	"flag"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"rounds/school"

	"github.com/robfig/cron/v3"
)

var rulesFull = flag.Bool("rules.full", false, "every rule under both school weeks, and robfig/cron over whole years instead of about the changes of the clock")

// Every zone of the United States and its territories, as IANA lists them, and those elsewhere whose clocks play tricks.
var bruteZones = []string{
	"America/New_York", "America/Detroit", "America/Kentucky/Louisville", "America/Kentucky/Monticello",
	"America/Indiana/Indianapolis", "America/Indiana/Vincennes", "America/Indiana/Winamac", "America/Indiana/Marengo",
	"America/Indiana/Petersburg", "America/Indiana/Vevay", "America/Chicago", "America/Indiana/Tell_City", "America/Indiana/Knox",
	"America/Menominee", "America/North_Dakota/Center", "America/North_Dakota/New_Salem", "America/North_Dakota/Beulah",
	"America/Denver", "America/Boise", "America/Phoenix", "America/Los_Angeles", "America/Anchorage", "America/Juneau",
	"America/Sitka", "America/Metlakatla", "America/Yakutat", "America/Nome", "America/Adak", "Pacific/Honolulu",
	"America/Puerto_Rico", "America/St_Thomas", "Pacific/Guam", "Pacific/Saipan", "Pacific/Pago_Pago", "Pacific/Midway", "Pacific/Wake",

	"Australia/Lord_Howe", "America/Santiago", "Asia/Beirut", "Africa/Casablanca", "Pacific/Chatham", "Asia/Kathmandu",
}

// A bruteRule is a rule, and beside it in plain words of Go which civil days it names.
type bruteRule struct {
	rule school.Rule
	on   func(d *civilDay) bool
}

// bruteAnchor is a Tuesday in the years' middle: weeks are counted from it both ways.
var bruteAnchor = school.Date(2030, 10, 15)

func everyWeeks(n int, d *civilDay) bool {
	const tuesday = 22202 // 2030-10-15; its Monday is the day before
	weeks := (int(d.monday) - (tuesday - 1)) / 7
	return weeks%n == 0
}

func nth(d *civilDay, which ...int) bool {
	return slices.Contains(which, (d.day+6)/7) || slices.Contains(which, -1) && d.day+7 > d.length
}

func bruteRules() []bruteRule {
	words := func(text string) school.Rule {
		r, err := school.ParseRule(text)
		if err != nil {
			panic(err)
		}
		if r.Every > 1 {
			r.Anchor = bruteAnchor
		}
		r.ID = KindPlan
		return r
	}
	day := func(text string, on func(d *civilDay) bool) bruteRule { return bruteRule{words(text), on} }
	weekday := func(days ...int) func(d *civilDay) bool {
		return func(d *civilDay) bool { return slices.Contains(days, d.weekday) }
	}
	all := func(*civilDay) bool { return true }
	return []bruteRule{
		day("first school day 7am", func(d *civilDay) bool { return d.first }),
		day("first school day 02:30", func(d *civilDay) bool { return d.first }),
		day("last school day 2:30pm", func(d *civilDay) bool { return d.last }),
		day("last school day 23:59", func(d *civilDay) bool { return d.last }),
		day("previous school day 3pm", func(d *civilDay) bool { return d.previous }),
		day("previous school day midnight", func(d *civilDay) bool { return d.previous }),
		day("every school day 7:15", func(d *civilDay) bool { return d.school }),
		day("every school day 12:30am", func(d *civilDay) bool { return d.school }),
		day("midweek 7am", func(d *civilDay) bool { return d.mid }),
		day("school day nearest to Wednesday 02:30", func(d *civilDay) bool { return d.mid }),
		day("mon 7:15", weekday(1)),
		day("mon and thu 01:30", weekday(1, 4)),
		day("sun 02:00", weekday(0)),
		day("sun 02:30", weekday(0)),
		day("sat and sun 12:30am", weekday(6, 0)),
		day("daily midnight", all),
		day("daily 01:30", all),
		day("daily 02:15", all),
		day("daily 03:00", all),
		day("daily 23:59", all),
		day("every 2 weeks tue 02:30", func(d *civilDay) bool { return d.weekday == 2 && everyWeeks(2, d) }),
		day("every 3 weeks sun 02:30", func(d *civilDay) bool { return d.weekday == 0 && everyWeeks(3, d) }),
		day("every 5 weeks mon fri sun 01:30", func(d *civilDay) bool { return slices.Contains([]int{1, 5, 0}, d.weekday) && everyWeeks(5, d) }),
		day("first mon 9am", func(d *civilDay) bool { return d.weekday == 1 && nth(d, 1) }),
		day("second sun 02:30", func(d *civilDay) bool { return d.weekday == 0 && nth(d, 2) }),
		day("first sun 01:30", func(d *civilDay) bool { return d.weekday == 0 && nth(d, 1) }),
		day("first and third tue thu 7:45", func(d *civilDay) bool { return (d.weekday == 2 || d.weekday == 4) && nth(d, 1, 3) }),
		day("fifth wed noon", func(d *civilDay) bool { return d.weekday == 3 && nth(d, 5) }),
		day("last sun 00:30", func(d *civilDay) bool { return d.weekday == 0 && nth(d, -1) }),
		day("the 1st and 15th midnight", func(d *civilDay) bool { return d.day == 1 || d.day == 15 }),
		day("the 29th, the 31st and the last day 02:30", func(d *civilDay) bool { return d.day == 29 || d.day == 31 || d.day == d.length }),

		day("cron 30 2 * * *", all),
		day("cron 30 1 * * *", all),
		day("cron 0 0 * * *", all),
		day("cron 30 0 * * *", all),
		day("cron 0 2 * * *", all),
		day("cron 0 3 * * 0", weekday(0)),
		day("cron 59 23 * * 6", weekday(6)),
		day("cron 15 7 * * 1-5", weekday(1, 2, 3, 4, 5)),
		day("cron 0 16 * * 5", weekday(5)),
		day("cron 0 9 1-7 * 1", func(d *civilDay) bool { return d.day <= 7 || d.weekday == 1 }), // either, as cron has it
		day("cron 0 9 31 * *", func(d *civilDay) bool { return d.day == 31 }),
		day("cron 30 1 * 3,4,9-11 0,6", func(d *civilDay) bool {
			return (d.weekday == 0 || d.weekday == 6) && slices.Contains([]int{3, 4, 9, 10, 11}, d.month)
		}),
	}
}

// faults counts what is wrong, and keeps the first few in words.
type faults struct {
	skipped, doubled, stray, wrong int
	words                          []string
}

func (f *faults) say(n *int, format string, args ...any) {
	if *n++; len(f.words) < 5 {
		f.words = append(f.words, fmt.Sprintf(format, args...))
	}
}

func (f *faults) sum() int { return f.skipped + f.doubled + f.stray + f.wrong }

func (f *faults) add(g faults) {
	f.skipped, f.doubled, f.stray, f.wrong = f.skipped+g.skipped, f.doubled+g.doubled, f.stray+g.stray, f.wrong+g.wrong
	f.words = append(f.words, g.words...)
}

// judgeDays holds what fired, in any order, against the days from..to (indexes): exactly one for each that the rule
// names, at its instant, and none else.
func judgeDays(b bruteRule, c civilDistrict, w *wall, from, to int, fired []firing) (f faults) {
	minute := int(b.rule.Time)
	if b.rule.Cron != "" {
		spec, err := parseCron(b.rule.Cron)
		if err != nil {
			panic(err)
		}
		minute = int(spec.clocks()[0])
	}
	at := make([]int64, len(c.days))
	names := map[string]bool{}
	for _, x := range fired {
		i := int(x.Day - c.days[0].n)
		if i < from || i > to {
			continue
		}
		d := &c.days[i]
		switch name := x.Key; {
		case !b.on(d):
			f.say(&f.stray, "%s fires on %s", b.rule.Words(), d.n)
		case at[i] != 0:
			f.say(&f.doubled, "%s fires twice on %s", b.rule.Words(), d.n)
		case name != "" && names[name]:
			f.say(&f.doubled, "%s: two are called %q", b.rule.Words(), name)
		case x.At.Unix() != w.at(d, minute):
			f.say(&f.wrong, "%s on %s is at %v, not %v", b.rule.Words(), d.n, x.At.In(w.zone), time.Unix(w.at(d, minute), 0).In(w.zone))
		}
		at[i] = x.At.Unix()
		names[x.Key] = true
	}
	for i := from; i <= to; i++ {
		if d := &c.days[i]; at[i] == 0 && b.on(d) {
			f.say(&f.skipped, "%s skips %s", b.rule.Words(), d.n)
		}
	}
	return f
}

// window is the indexes of the first and the last day of the ten years.
func (c civilDistrict) window() (from, to int) {
	for i := range c.days {
		if c.days[i].year == firstYear && from == 0 {
			from = i
		}
		if c.days[i].year == lastYear {
			to = i
		}
	}
	return from, to
}

// overYears is what the timetable says of ten years, calendar after calendar.
func overYears(b bruteRule, c civilDistrict, zone *time.Location) []firing {
	var out []firing
	for _, cal := range c.calendars {
		t := timetable{kind: KindPlan, set: []school.Rule{b.rule}, cal: cal, zone: zone}
		// Each year on its own: its first instant is the one before its first day begins anywhere.
		begin := time.Unix(int64(cal.First-1)*secondsADay, 0)
		for _, f := range t.firings(begin, begin.Add(time.Duration(cal.Last-cal.First+3)*24*time.Hour)) {
			if f.Day >= cal.First {
				out = append(out, f)
			}
		}
	}
	return out
}

// forZones calls each for every zone, two at a time or as many as there are processors.
func forZones(t *testing.T, each func(i int, w *wall) faults) (all faults) {
	days := civilDays()
	var mu sync.Mutex
	var wg sync.WaitGroup
	next := make(chan int)
	for range 4 {
		wg.Go(func() {
			for i := range next {
				z, err := time.LoadLocation(bruteZones[i])
				if err != nil {
					panic(err)
				}
				f := each(i, newWall(z, days[0].n, days[len(days)-1].n))
				for j := range f.words {
					f.words[j] = bruteZones[i] + ": " + f.words[j]
				}
				mu.Lock()
				all.add(f)
				mu.Unlock()
			}
		})
	}
	for i := range bruteZones {
		next <- i
	}
	close(next)
	wg.Wait()
	slices.Sort(all.words)
	t.Logf("%d zones: %d days skipped, %d doubled, %d on days the rule does not name, %d at a wrong instant", len(bruteZones), all.skipped, all.doubled, all.stray, all.wrong)
	return all
}

func bruteWeeks() []civilDistrict {
	return []civilDistrict{
		newCivilDistrict([7]bool{false, true, true, true, true, true, false}),
		newCivilDistrict([7]bool{false, false, true, true, true, true, false}), // four days, Mondays off
		newCivilDistrict([7]bool{false, true, true, true, true, false, false}), // four days, Fridays off
		newCivilDistrict([7]bool{false, true, true, false, true, true, false}), // four days, Wednesdays off
	}
}

// Ten years, every US zone and six difficult ones, more than forty rules: exactly one firing for each civil day that the
// rule names, at the first minute that shows its time, or after a gap at the first there is; none on any other day.
func TestEveryRuleOnEveryCivilDay(t *testing.T) {
	rules, districts := bruteRules(), bruteWeeks()
	from, to := districts[0].window()
	bad := forZones(t, func(zone int, w *wall) (all faults) {
		for i, b := range rules {
			for j, c := range districts {
				// What the school week does not bear on needs no second one; the others take turns by zone.
				if !*rulesFull && j != (i+zone)%len(districts) {
					continue
				}
				all.add(judgeDays(b, c, w, from, to, overYears(b, c, w.zone)))
			}
		}
		return all
	})
	t.Logf("%d rules over %d days", len(rules), to-from+1)
	if bad.sum() > 0 {
		t.Errorf("%d faults, among them:\n%q", bad.sum(), bad.words)
	}
}

// The control: robfig/cron's own idea of what comes next, held to the same, must fail.
func TestCronNextFailsTheSame(t *testing.T) {
	rules, c := bruteRules(), newCivilDistrict(school.WorkWeek)
	from, to := c.window()
	bad := forZones(t, func(_ int, w *wall) (all faults) {
		for _, b := range rules {
			if b.rule.Cron == "" {
				continue
			}
			spec, err := cron.ParseStandard(b.rule.Cron)
			if err != nil {
				panic(err)
			}
			next := func(from, to int) {
				var fired []firing
				end := (int64(c.days[to].n) + 2) * secondsADay
				for at := spec.Next(time.Unix((int64(c.days[from].n)-1)*secondsADay, 0).In(w.zone)); at.Unix() < end && !at.IsZero(); at = spec.Next(at) {
					y, m, d := at.Date()
					fired = append(fired, firing{Day: school.Date(y, m, d), At: at})
				}
				all.add(judgeDays(b, c, w, from, to, fired))
			}
			if *rulesFull {
				next(from, to)
				continue
			}
			for _, change := range w.changes { // Next is slow, and harmless on other days
				if i := int(change/secondsADay) - int(c.days[0].n); i-2 >= from && i+2 <= to {
					next(i-2, i+2)
				}
			}
		}
		return all
	})
	if bad.skipped == 0 || bad.doubled == 0 {
		t.Errorf("robfig/cron neither skips nor doubles a day any more: the control is gone (%+v)", bad)
	}
}

// The oracle itself can tell: a firing left out, said twice, moved by a minute or by a day is a fault.
func TestRuleOracleCanFail(t *testing.T) {
	c := newCivilDistrict(school.WorkWeek)
	from, to := c.window()
	w := newWall(chicago, c.days[0].n, c.days[len(c.days)-1].n)
	b := bruteRules()[0]
	good := overYears(b, c, chicago)
	for name, change := range map[string]func([]firing) []firing{
		"one left out":  func(f []firing) []firing { return slices.Delete(f, 100, 101) },
		"one twice":     func(f []firing) []firing { return append(f, f[100]) },
		"a minute late": func(f []firing) []firing { f[100].At = f[100].At.Add(time.Minute); return f },
		"a day early":   func(f []firing) []firing { f[100].Day--; return f },
		"one name":      func(f []firing) []firing { f[100].Key = f[101].Key; return f },
	} {
		if f := judgeDays(b, c, w, from, to, change(slices.Clone(good))); f.sum() == 0 {
			t.Errorf("%s: nothing was found", name)
		}
	}
	if f := judgeDays(b, c, w, from, to, good); f.sum() != 0 {
		t.Errorf("%+v", f)
	}
}
