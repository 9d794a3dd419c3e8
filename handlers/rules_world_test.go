package handlers

import (
	"context"
	"errors"
	"slices"
	"time"

	"rounds/bot"
	"rounds/school"
)

// The rules of the small world's clock: four kinds, of which one has no time of its own. What stands is read from the record, as the
// real clock does; it knows school days and weekdays, and no cron.
var worldRules = []RuleLine{
	{Kind: "plan", Words: "plan of the week", Rule: school.Rule{ID: "plan", On: school.FirstSchoolDay, Time: 7 * 60}},
	{Kind: "start", Words: "start of the PLC meeting", Fixed: "ten minutes before each meeting"},
	{Kind: "preview", Words: "look at the coaching snapshot", Rule: school.Rule{ID: "preview", On: school.LastSchoolDay, Time: 12 * 60}},
	{Kind: "digest", Words: "coaching snapshot", Rule: school.Rule{ID: "digest", On: school.LastSchoolDay, Time: 15 * 60}},
}

// Rules are the lines as of now.
func (w *teamWorld) Rules(_ context.Context, _ bot.District, campus school.CampusID) ([]RuleLine, error) {
	out := slices.Clone(worldRules)
	err := w.book.Read(func(m *school.Model) {
		today := school.DayOf(w.now, m.CampusZone(campus))
		for i := range out {
			l := &out[i]
			def := l.Rule
			for _, r := range m.RulesSet(l.Kind) {
				if r.Gone {
					def.SetAt, def.SetBy, def.Gone = r.SetAt, r.SetBy, true
					r = def
				}
				if school.DayOf(r.SetAt, m.CampusZone(campus)) < today {
					l.Rule, l.Coming = r, nil
				} else {
					l.Coming = &r
				}
			}
			next := l.Rule
			if l.Coming != nil {
				next = *l.Coming
			}
			if t, ok := worldFires(m, campus, l.Rule, today); ok && t.After(w.now) {
				l.Today = t
			}
			for d := today + 1; d < today+60 && l.Next.IsZero(); d++ {
				if t, ok := worldFires(m, campus, next, d); ok {
					l.Next = t
				}
			}
		}
	})
	return out, err
}

func worldFires(m *school.Model, campus school.CampusID, r school.Rule, d school.Day) (time.Time, bool) {
	cal := m.Calendar(campus)
	first, last, _ := cal.WeekEdges(d)
	mid, _ := cal.Midweek(d)
	on := map[school.When]bool{
		school.FirstSchoolDay: d == first, school.LastSchoolDay: d == last, school.EverySchoolDay: true, school.Midweek: d == mid,
		school.OnDays:     slices.Contains(r.Days, int(d.Weekday())) && (r.Every < 2 || int(d.Monday()-r.Anchor.Monday())/7%r.Every == 0),
		school.NthWeekday: r.InMonth(d), school.MonthDays: r.InMonth(d),
	}
	return d.At(r.Time, m.CampusZone(campus)), !r.Off && cal.School(d) && on[r.On]
}

// CheckRule knows of quiet hours before seven.
func (w *teamWorld) CheckRule(_ context.Context, _ bot.District, r school.Rule) error {
	switch {
	case r.Off:
		return nil
	case r.ID == "start":
		return errors.New("it goes out ten minutes before each meeting, and can only be turned off")
	case r.Cron != "":
		return errors.New("this clock reads no cron text")
	case r.Time < 7*60:
		return errors.New(r.Time.Kitchen() + " lies in the quiet hours")
	}
	return nil
}
