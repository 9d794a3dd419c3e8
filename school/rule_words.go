package school

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Rules as people say them, the same in chat and in district.yaml:
//
//	last school day 2:30pm      mon and thu 7:15      every 2 weeks tue 7am from 2026-10-20
//	previous school day 3pm     first and third mon 7:15      the 15th and the last day 8am
//	every school day 7:30       midweek 7am (the school day nearest to Wednesday)
//	cron 30 14 * * 5            off
//
// ParseRule reads them, Rule.Words says them, and what Words says ParseRule reads back.

// A RuleError says what about a rule cannot be read.
type RuleError struct {
	Word     string // the one word that is not understood, "" where the fault is another
	Sentence string
}

func (e *RuleError) Error() string { return e.Sentence }

// RuleExample is what an error offers.
const RuleExample = "last school day 2:30pm"

// RuleVocabulary are the words of rules, for whoever guesses what a misspelled one meant.
var RuleVocabulary = strings.Fields("first second third fourth fifth last previous midweek nearest every other school day days week weeks month from noon midnight cron off " +
	"mon tue wed thu fri sat sun monday tuesday wednesday thursday friday saturday sunday weekdays")

// ParseRule reads when a reminder goes out. The Rule has no ID; "every 2 weeks" without "from" leaves Anchor to whoever knows what
// day it is. Cron text is taken as it stands. Its error is a *RuleError.
func ParseRule(text string) (Rule, error) {
	if len(text) > 600 { // the longest that Words says has 500
		return Rule{}, ruleFault("That is too long. Try %s.", RuleExample)
	}
	if cron, ok := cronText(text); ok {
		if len(cron) > 100 || strings.Trim(cron, "abcdefghijklmnopqrstuvwxyz0123456789*/,-?@= ") != "" {
			return Rule{}, ruleFault("That is not cron text. Fridays at 2:30 PM are cron 30 14 * * 5.")
		}
		return Rule{Cron: cron}, nil
	}
	p := ruleWords{words: splitRule(text)}
	for len(p.words) > 0 {
		if err := p.next(); err != nil {
			return Rule{}, err
		}
	}
	return p.rule()
}

func ruleFault(format string, args ...any) error {
	return &RuleError{Sentence: fmt.Sprintf(format, args...)}
}

// cronText finds cron text: what follows "cron", or five fields with a star among them.
func cronText(text string) (string, bool) {
	f := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return r <= ' ' || strings.ContainsRune("\"“”'‘’", r) })
	switch {
	case len(f) > 1 && f[0] == "cron":
		return strings.Join(f[1:], " "), true
	case len(f) == 5 && slices.Contains(f, "*") && strings.Trim(strings.Join(f, ""), "0123456789*/,-") == "":
		return strings.Join(f, " "), true
	}
	return "", false
}

// splitRule cuts the text into words and leaves out those that carry nothing.
func splitRule(text string) []string {
	var out []string
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return r <= ' ' || strings.ContainsRune(",;\"“”", r) }) {
		switch w = strings.TrimSuffix(w, "."); w {
		case "", "the", "a", "on", "at", "of", "in", "and", "&", "+", "each", "counted":
		case "a.m", "a.m.":
			out = append(out, "am")
		case "p.m", "p.m.":
			out = append(out, "pm")
		default:
			out = append(out, w)
		}
	}
	return out
}

// ruleWords is a rule while its words are read.
type ruleWords struct {
	words []string
	when  []When // the kinds of school days that were named
	ords  []int  // "first", "15th", "last"
	days  []int
	clock *Clock

	everyDay, off, dates bool
	every                int
	anchor               Day
}

// take goes on after the words, if they are what comes next.
func (p *ruleWords) take(words ...string) bool {
	if len(p.words) < len(words) || !slices.Equal(p.words[:len(words)], words) {
		return false
	}
	p.words = p.words[len(words):]
	return true
}

// schoolDays are the phrases that name a school day; the longer ones first.
var schoolDays = []struct {
	words string
	when  When
}{
	{"first school day", FirstSchoolDay},
	{"last school day", LastSchoolDay},
	{"previous school day", PreviousSchoolDay},
	{"school day before", PreviousSchoolDay},
	{"every school day", EverySchoolDay},
	{"school days", EverySchoolDay},
	{"school day nearest to wednesday", Midweek},
	{"school day nearest wednesday", Midweek},
	{"midweek school day", Midweek},
	{"midweek", Midweek},
}

func (p *ruleWords) next() error {
	for _, s := range schoolDays {
		if p.take(strings.Fields(s.words)...) {
			p.when = append(p.when, s.when)
			if s.when == PreviousSchoolDay {
				_ = p.take("meeting")
			}
			_ = p.take("week")
			return nil
		}
	}
	switch {
	case p.take("cron"):
		return ruleFault("After cron come five fields: minute, hour, day of month, month, weekday. Fridays at 2:30 PM are cron 30 14 * * 5.")
	case p.take("off"), p.take("never"):
		p.off = true
	case p.take("every", "day"), p.take("daily"):
		p.days, p.everyDay = []int{0, 1, 2, 3, 4, 5, 6}, true
	case p.take("weekdays"), p.take("every", "weekday"):
		p.days = append(p.days, 1, 2, 3, 4, 5)
	case p.take("every", "week"), p.take("every", "month"), p.take("weekly"), p.take("month"):
	case p.take("every", "other"):
		_ = p.take("week")
		return p.setEvery("2")
	case len(p.words) > 2 && p.words[0] == "every" && (p.words[2] == "weeks" || p.words[2] == "week"):
		n := p.words[1]
		p.words = p.words[3:]
		return p.setEvery(n)
	case p.take("every"), p.take("dates"):
	case p.take("day"), p.take("days"):
		p.dates = true
	case p.words[0] == "from" && len(p.words) > 1:
		d, err := ParseDay(p.words[1])
		if y, _, _ := d.Civil(); err != nil || y < 2000 || y > 2100 {
			return ruleFault("“%s” is not a date like 2026-10-30.", p.words[1])
		}
		p.anchor, p.words = d, p.words[2:]
	default:
		return p.word()
	}
	return nil
}

func (p *ruleWords) setEvery(n string) error {
	v, err := strconv.Atoi(n)
	if err != nil || v < 1 || v > 52 {
		return ruleFault("“every %s weeks”: say a number of weeks from 1 to 52.", n)
	}
	if p.every != 0 {
		return ruleFault("Say once every how many weeks.")
	}
	p.every = v
	return nil
}

// word reads a single word: a time, a weekday or several, a place in the month.
func (p *ruleWords) word() error {
	w := p.words[0]
	more := ""
	if len(p.words) > 1 && (p.words[1] == "am" || p.words[1] == "pm") {
		more = p.words[1]
	}
	if c, ok, err := ruleClock(w + more); err != nil {
		return err
	} else if ok {
		if p.clock != nil {
			return ruleFault("Say one time only; for several a day, write cron text.")
		}
		p.clock, p.words = &c, p.words[1:]
		if more != "" {
			p.words = p.words[1:]
		}
		return nil
	}
	p.words = p.words[1:]
	if days, ok := ruleWeekdays(w); ok {
		p.days = append(p.days, days...)
		return nil
	}
	if n, ok := ruleOrdinal(w); ok {
		p.ords = append(p.ords, n)
		return nil
	}
	if n, err := strconv.Atoi(w); err == nil && p.dates && n >= 1 && n <= 31 { // "day 15"
		p.ords = append(p.ords, n)
		return nil
	} else if err == nil {
		return ruleFault("“%s”: for a time say %sam or 14:30, for a date of the month the 15th.", w, w)
	}
	return &RuleError{Word: w, Sentence: fmt.Sprintf("I cannot read “%s” as part of a rule. Try %s, or mon 7:15.", clipWord(w), RuleExample)}
}

func clipWord(w string) string {
	if r := []rune(w); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return w
}

// ruleClock reads "7:15", "2:30pm", "7am", "noon". An hour from 1 to 5 without am or pm may be either, and is asked about.
func ruleClock(w string) (c Clock, ok bool, err error) {
	switch w {
	case "noon":
		return 12 * 60, true, nil
	case "midnight":
		return 0, true, nil
	}
	digits, half := w, ""
	for _, h := range []string{"am", "pm"} {
		if d, cut := strings.CutSuffix(w, h); cut {
			digits, half = d, h
		}
	}
	hour, minute, colon := strings.Cut(digits, ":")
	if !colon {
		minute = "00"
		if half == "" {
			return 0, false, nil
		}
	}
	if !allDigits(hour) || !allDigits(minute) || len(hour) > 2 || len(minute) != 2 {
		return 0, false, nil
	}
	h, _ := strconv.Atoi(hour)
	m, _ := strconv.Atoi(minute)
	switch {
	case h > 23 || m > 59 || half != "" && (h < 1 || h > 12):
		return 0, false, ruleFault("“%s” is not a time of day.", w)
	case half == "" && len(hour) == 1 && h >= 1 && h <= 5:
		return 0, false, ruleFault("Is %s in the morning or in the afternoon? Say %sam or %spm.", digits, digits, digits)
	case half == "am" && h == 12:
		h = 0
	case half == "pm" && h < 12:
		h += 12
	}
	return Clock(h*60 + m), true, nil
}

// ParseTimeOfDay reads a time as people say it: "7:15", "2:30 PM", "noon". Its error is a *RuleError.
func ParseTimeOfDay(text string) (Clock, error) {
	w := splitRule(text)
	c, ok, err := ruleClock(strings.Join(w, ""))
	if err == nil && (!ok || len(w) > 2) {
		err = ruleFault("“%s” is not a time of day like 2:30 PM.", clipWord(strings.TrimSpace(text)))
	}
	return c, err
}

func allDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// ruleWeekdays reads "mon", "Mondays", "tues", "mon-fri".
func ruleWeekdays(w string) ([]int, bool) {
	from, to, span := strings.Cut(w, "-")
	a, ok := ruleWeekday(from)
	if !ok || !span {
		return []int{a}, ok
	}
	b, ok := ruleWeekday(to)
	if !ok {
		return nil, false
	}
	out := []int{a}
	for a != b {
		a = (a + 1) % 7
		out = append(out, a)
	}
	return out, true
}

func ruleWeekday(w string) (int, bool) {
	w = strings.TrimSuffix(w, ".")
	for d := time.Sunday; d <= time.Saturday; d++ {
		name := strings.ToLower(d.String())
		if w == name || w == name+"s" || w == name[:3] || w == "tues" && d == time.Tuesday || w == "weds" && d == time.Wednesday ||
			(w == "thur" || w == "thurs") && d == time.Thursday {
			return int(d), true
		}
	}
	return 0, false
}

var ordinals = []string{"first", "second", "third", "fourth", "fifth"}

// ruleOrdinal reads "first", "3rd", "15th", "last".
func ruleOrdinal(w string) (int, bool) {
	if w == "last" {
		return Last, true
	}
	if i := slices.Index(ordinals, w); i >= 0 {
		return i + 1, true
	}
	for _, end := range []string{"st", "nd", "rd", "th"} {
		if d, cut := strings.CutSuffix(w, end); cut && allDigits(d) && len(d) <= 2 {
			n, _ := strconv.Atoi(d)
			return n, n >= 1 && n <= 31
		}
	}
	return 0, false
}

// rule puts together what was read.
func (p *ruleWords) rule() (Rule, error) {
	r := Rule{Every: p.every, Anchor: p.anchor}
	if r.Every == 1 {
		r.Every = 0
	}
	if p.off {
		if len(p.when)+len(p.days)+len(p.ords) > 0 || p.clock != nil || p.every != 0 || p.anchor != 0 || p.dates {
			return Rule{}, ruleFault("It is either off or goes out on some day: say only one of them.")
		}
		return Rule{Off: true}, nil
	}
	days, ords := distinct(p.days), distinct(p.ords)
	switch {
	case len(p.when) > 1 || len(p.when) == 1 && len(days)+len(ords) > 0:
		return Rule{}, ruleFault("Say one kind of day only: %s, or mon and thu 7:15.", RuleExample)
	case len(p.when) == 1:
		r.On = p.when[0]
	case len(ords) > 0 && len(days) > 0:
		r.On, r.Days, r.Nth = NthWeekday, days, ords
		if i := slices.IndexFunc(ords, func(n int) bool { return n > 5 }); i >= 0 || p.everyDay {
			return Rule{}, ruleFault("A month has no such weekday: say first to fifth, or last.")
		}
	case len(ords) > 0:
		r.On, r.Dates = MonthDays, ords
	case len(days) > 0:
		r.On, r.Days = OnDays, days
	default:
		return Rule{}, ruleFault("Say the day too, like %s, or mon and thu 7:15.", RuleExample)
	}
	switch {
	case p.clock == nil:
		return Rule{}, ruleFault("Say the time too, like %s.", RuleExample)
	case r.Every > 0 && r.On != OnDays:
		return Rule{}, ruleFault("Every %d weeks goes with days of the week, like every %d weeks mon 7:15.", r.Every, r.Every)
	case r.Anchor != 0 && r.Every == 0:
		return Rule{}, ruleFault("A day to count from goes with every so many weeks, like every 2 weeks mon 7:15 from %s.", r.Anchor)
	}
	r.Time = *p.clock
	return r, nil
}

// distinct sorts the numbers, Last at the end.
func distinct(ns []int) []int {
	ns = slices.Clone(ns)
	slices.SortFunc(ns, func(a, b int) int { return int(uint8(a)) - int(uint8(b)) })
	return slices.Compact(ns)
}
