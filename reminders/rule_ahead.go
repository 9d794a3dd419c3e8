package reminders

import (
	"context"
	"fmt"
	"time"

	"rounds/bot"
	"rounds/school"
)

// RuleLine is one line of /rounds rules: a kind of reminder, its rule, and when it goes out at a campus.
type RuleLine struct {
	RuleKind
	// Rule is in force today. SetAt is zero for the one that ships with Rounds; Gone says that somebody took another one back.
	Rule school.Rule
	// Coming was set today and is in force from tomorrow on; nil for none.
	Coming *school.Rule
	// Today is the next time it falls due today, Next the first one on a later day, both as far as the record tells now and not
	// beyond 60 days; zero for none.
	Today, Next time.Time
	// Idle says that nothing falls due by then as the record stands, so that Today and Next are only what the rule names.
	Idle bool
}

// rulesAhead is how far /rounds rules looks for the next time: past any break but the summer.
const rulesAhead = 60

// Rules lists the kinds of reminders that have a rule, as they stand at a campus; "" is the whole district.
func (r *Runner) Rules(_ context.Context, d bot.District, campus school.CampusID) ([]RuleLine, error) {
	if d != r.cfg.District {
		return nil, fmt.Errorf("district %q is not served here", d)
	}
	var out []RuleLine
	err := r.cfg.Book.Read(func(m *school.Model) { out = ruleLines(m, d, campus, r.cfg.Now()) })
	return out, err
}

func ruleLines(m *school.Model, d bot.District, campus school.CampusID, now time.Time) []RuleLine {
	var out []RuleLine
	zone := m.CampusZone(campus)
	today := school.DayOf(now, zone)
	for _, k := range RuleKinds() {
		t := newPlanning(m, d, now, now).table(k.ID, campus, zone)
		l := RuleLine{RuleKind: k, Rule: t.rule(today)}
		if next := t.rule(today + 1); !next.SetAt.Equal(l.Rule.SetAt) {
			l.Coming = &next
		}
		if l.Today, l.Next = fallsDue(m, d, k.ID, campus, now); l.Today.IsZero() && l.Next.IsZero() && k.Fixed == "" && k.ID != KindAgenda {
			l.Idle = true
			for _, f := range t.firings(now, now.AddDate(0, 0, rulesAhead)) {
				switch later := f.Day > today; {
				case f.Closed != "":
				case later && l.Next.IsZero():
					l.Next = f.At
				case !later && l.Today.IsZero():
					l.Today = f.At
				}
			}
		}
		out = append(out, l)
	}
	return out
}

// fallsDue finds when a kind falls due next at a campus, today and on a later day: what the record would have it say if
// nobody had done anything by then. Days that the calendar takes away do not count.
func fallsDue(m *school.Model, d bot.District, name string, campus school.CampusID, now time.Time) (today, next time.Time) {
	zone := m.CampusZone(campus)
	day := school.DayOf(now, zone)
	for from := now; from.Before(now.AddDate(0, 0, rulesAhead)) && next.IsZero(); from = from.AddDate(0, 0, 7) {
		p := newPlanning(m, d, from, from.AddDate(0, 0, 7))
		for _, o := range p.candidates(kindOf(name)) {
			if campus != "" && o.Campus != campus || o.closed != "" {
				continue
			}
			first := &next
			if school.DayOf(o.At, zone) == day {
				first = &today
			}
			if first.IsZero() || o.At.Before(*first) {
				*first = o.At
			}
		}
	}
	return today, next
}

// CheckRule says what is wrong with a rule that somebody would set in this district, in a sentence for them.
func (r *Runner) CheckRule(_ context.Context, d bot.District, rule school.Rule) error {
	if d != r.cfg.District {
		return fmt.Errorf("district %q is not served here", d)
	}
	if err := CheckRule(rule); err != nil {
		return err
	}
	var quiet error
	err := r.cfg.Book.Read(func(m *school.Model) {
		set := m.District()
		quiet = CheckQuiet(rule, set.QuietFrom, set.QuietTo)
	})
	if err != nil {
		return err
	}
	return quiet
}
