package handlers

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"rounds/bot"
	"rounds/cards"
	"rounds/school"
)

// mostChoices is how many suggestions one list holds: Discord's limit.
const mostChoices = 25

// suggest completes an option that somebody is typing, of whichever command: people, teams, focus areas,
// dates, minutes.
func (d *Desk) suggest(ctx context.Context, c bot.Call) (bot.Answer, error) {
	o, ok := optionOf(c)
	if !ok {
		return bot.Choices(nil), nil
	}
	var out bot.Choices
	err := d.as(ctx, c, func(v *school.Viewer) error {
		switch o.Kind {
		case bot.OptionPeople, bot.OptionPerson:
			out = suggestPeople(v, c)
		case bot.OptionTeam:
			out = suggestTeams(v, c.Typed)
		case bot.OptionFocus:
			out = suggestFocus(v.Model(), c.Typed)
		case bot.OptionDate:
			out = suggestDates(v, c.Typed, o.Name)
		case bot.OptionMinutes:
			out = suggestMinutes(c.Typed)
		}
		return nil
	})
	return out, err
}

// optionOf finds the option being typed in the registrations.
func optionOf(c bot.Call) (bot.Option, bool) {
	for _, cmd := range commands {
		if cmd.name != c.Command {
			continue
		}
		for i, s := range cmd.subs {
			if c.Sub != s.name && (c.Sub != "" || i != 0) {
				continue
			}
			for _, o := range s.options {
				if strings.EqualFold(o.Name, c.Focus) || contains(o.Aliases, strings.ToLower(c.Focus)) {
					return o, true
				}
			}
		}
	}
	return bot.Option{}, false
}

// suggestPeople: where a visit or a step is given, those whom the caller may log; elsewhere everybody, the near campus
// first. Of several names it completes the last.
func suggestPeople(v *school.Viewer, c bot.Call) bot.Choices {
	var from []*school.Person
	var notes map[school.PersonID]string
	typed, had, before := c.Typed, "", ""
	if i := strings.LastIndexAny(typed, ",@"); i >= 0 {
		before, typed = strings.Trim(typed[:i], " ,@"), typed[i+1:]
	}
	if before != "" { // what is suggested takes the place of all that stands there, so it holds the first name too
		p, err := person(v, before, "", nil)
		if err != nil {
			return nil
		}
		had, before = string(p.ID)+",", p.Name+", "
	}
	q := school.Fold(typed)
	switch {
	case c.Command != "observe" && c.Command != "step":
		near := v.Stint().Campus
		var far []*school.Person
		for _, p := range v.Model().People() {
			if p.Now().At(near) {
				from = append(from, p)
			} else {
				far = append(far, p)
			}
		}
		from = append(from, far...)
	case q == "":
		from, notes = logAble(v)
	default: // at each letter: without the statuses, which are a look at the record
		from = v.Loggable()
	}
	var out bot.Choices
	for _, p := range from {
		if len(out) == mostChoices {
			break
		}
		if q != "" && !p.Begins(q) {
			continue
		}
		note := notes[p.ID]
		if note == "" {
			note = p.Now().Role.Words()
			if campus := p.Now().Campus; campus != "" && campus != v.Stint().Campus {
				note += ", " + v.Model().CampusName(campus)
			}
		}
		if value := had + string(p.ID); len(value) <= bot.MaxValue {
			out = append(out, bot.Choice{Label: clip75(before + p.Name), Value: value, Note: clip75(note)})
		}
	}
	return out
}

func suggestTeams(v *school.Viewer, typed string) bot.Choices {
	q := school.Fold(typed)
	var near, far bot.Choices
	for _, t := range v.Model().Teams() {
		if q != "" && !strings.Contains(school.Fold(t.Name), q) && !strings.Contains(school.Fold(string(t.ID)), q) || len(t.ID) > bot.MaxValue {
			continue
		}
		ch := bot.Choice{Label: clip75(t.Name), Value: string(t.ID)}
		switch {
		case t.Has(v.ID()):
			near = append(bot.Choices{ch}, near...)
		case v.Stint().At(t.Campus):
			near = append(near, ch)
		default:
			ch.Note = clip75(v.Model().CampusName(t.Campus))
			far = append(far, ch)
		}
	}
	out := append(near, far...)
	return out[:min(mostChoices, len(out))]
}

func suggestFocus(m *school.Model, typed string) bot.Choices {
	if i := strings.LastIndexAny(typed, ",;"); i >= 0 {
		typed = typed[i+1:]
	}
	q := school.Fold(typed)
	var out bot.Choices
	for _, f := range m.Focus() {
		if len(out) < mostChoices && len(f.Key) <= bot.MaxValue && (strings.HasPrefix(school.Fold(f.Key), q) || strings.Contains(" "+school.Fold(f.Name), " "+q)) {
			out = append(out, bot.Choice{Label: clip75(f.Name), Value: f.Key, Note: clip75(f.Family)})
		}
	}
	return out
}

// suggestDates: what was typed, read, so that its meaning is seen before it counts; with nothing typed the likely days. A visit lies
// behind, everything else ahead.
func suggestDates(v *school.Viewer, typed, option string) bot.Choices {
	today, l := v.Today(), future
	if option == "on" {
		l = past
	}
	var days []school.Day
	if strings.TrimSpace(typed) != "" {
		d, err := parseDate(typed, today, l)
		if err != nil {
			return nil
		}
		days = []school.Day{d}
	} else if l == past {
		days = append(days, today)
		for d := today; len(days) < 6; {
			p, ok := v.Calendar().PrevSchoolDay(d)
			if !ok || p < today-30 {
				break
			}
			days, d = append(days, p), p
		}
	} else {
		if d := checkBack(v.Calendar(), today); d != 0 {
			days = append(days, d)
		}
		for d := today; len(days) < 8; {
			n, ok := v.Calendar().NextSchoolDay(d)
			if !ok || n > today+30 {
				break
			}
			if d = n; n != days[0] {
				days = append(days, n)
			}
		}
	}
	var out bot.Choices
	for _, d := range days {
		label := d.Short()
		if w := cards.When(d, today); w != label {
			label += ", " + w
		}
		out = append(out, bot.Choice{Label: label, Value: d.String()})
	}
	return out
}

func suggestMinutes(typed string) bot.Choices {
	var out bot.Choices
	for _, n := range []int{5, 10, 12, 15, 20, 30, 45} {
		if s := strconv.Itoa(n); strings.HasPrefix(s, strings.TrimSpace(typed)) {
			out = append(out, bot.Choice{Label: fmt.Sprintf("%d minutes", n), Value: s})
		}
	}
	return out
}
