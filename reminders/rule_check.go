package reminders

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"rounds/school"
)

// RuleKind is a kind of reminder that a district may set.
type RuleKind struct {
	ID    string // as rules and snoozes name it: "digest"
	Words string // "coaching snapshot"
	// Fixed says when a kind goes out whose time follows something else, so that it can only be turned off: "ten minutes
	// before each meeting". It is "" for a kind with a rule.
	Fixed string
}

// fixed are the kinds without a time of their own.
var fixed = map[string]string{"start": "ten minutes before each meeting"}

// shown is the order in which kinds are listed: what goes to one person, what goes to a team, what goes to a campus.
var shown = []string{"plan", "due", "feedback", "checkback", "answers", "grow", "agenda", "start", "preview", "digest"}

// RuleKinds lists the kinds of reminders that a district may set.
func RuleKinds() []RuleKind {
	var out []RuleKind
	for _, k := range kinds {
		if _, ok := defaultRules[k.name]; ok || fixed[k.name] != "" {
			out = append(out, RuleKind{k.name, k.words, fixed[k.name]})
		}
	}
	slices.SortStableFunc(out, func(a, b RuleKind) int { return cmp.Compare(slices.Index(shown, a.ID), slices.Index(shown, b.ID)) })
	return out
}

// CheckRule says what is wrong with a rule that somebody wrote, in a sentence that its reader may see.
func CheckRule(r school.Rule) error {
	_, ok := defaultRules[r.ID]
	switch {
	case !ok && fixed[r.ID] == "":
		return fmt.Errorf("%q is not a kind of reminder with a rule", r.ID)
	case r.Off:
		return nil
	case !ok:
		return fmt.Errorf("it goes out %s, and can only be turned off", fixed[r.ID])
	}
	if r.Cron != "" {
		_, err := parseCron(r.Cron)
		return err
	}
	if r.Time < 0 || r.Time >= 24*60 {
		return errors.New("the time lies outside the day")
	}
	if r.Every > 1 && r.On != school.OnDays {
		return fmt.Errorf("every %d weeks goes with days of the week", r.Every)
	}
	switch r.On {
	case school.FirstSchoolDay, school.LastSchoolDay, school.PreviousSchoolDay, school.EverySchoolDay, school.Midweek:
		return nil
	case school.OnDays:
		if r.Every > 1 && r.Anchor == 0 {
			return fmt.Errorf("every %d weeks needs an anchor: a day in a week that has it", r.Every)
		}
		return checkWeekdays(r)
	case school.NthWeekday:
		if err := checkNumbers(r.Nth, 5, "which weekday of the month", "first to fifth, or last"); err != nil {
			return err
		}
		return cmp.Or(checkWeekdays(r), checkMonthly(r))
	case school.MonthDays:
		return cmp.Or(checkNumbers(r.Dates, 31, "the day of the month", "1 to 31, or last"), checkMonthly(r))
	}
	return fmt.Errorf("%q names no day", r.On)
}

// checkMonthly: an agenda belongs to the days before its meeting; once a month it would miss most of them.
func checkMonthly(r school.Rule) error {
	if r.ID == KindAgenda {
		return errors.New("an agenda goes out before each meeting: name the previous school day, or days of the week")
	}
	return nil
}

func checkWeekdays(r school.Rule) error {
	if len(r.Days) == 0 {
		return errors.New("it names no days of the week")
	}
	for _, d := range r.Days {
		if d < 0 || d > 6 {
			return fmt.Errorf("%d is not a weekday (0 Sunday to 6 Saturday)", d)
		}
	}
	return nil
}

func checkNumbers(ns []int, most int, what, known string) error {
	if len(ns) == 0 {
		return fmt.Errorf("it does not say %s (%s)", what, known)
	}
	for _, n := range ns {
		if n != school.Last && (n < 1 || n > most) {
			return fmt.Errorf("%d is not %s (%s)", n, what, known)
		}
	}
	return nil
}
