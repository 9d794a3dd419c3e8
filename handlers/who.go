package handlers

import (
	"strings"

	"rounds/bot"
	"rounds/school"
)

// people finds who is meant by each of the typed names. An unknown name and an ambiguous one are
// errors with what to do; an ambiguous one offers the candidates as buttons made by pick (nil: none).
func people(v *school.Viewer, typed []string, field string, pick func(school.PersonID) bot.Press) ([]*school.Person, error) {
	var out []*school.Person
	for _, t := range typed {
		p, err := person(v, t, field, pick)
		if err != nil {
			return nil, err
		}
		dup := false
		for _, q := range out {
			dup = dup || q == p
		}
		if !dup {
			out = append(out, p)
		}
	}
	return out, nil
}

// person finds who is meant by one typed name or mention.
func person(v *school.Viewer, typed, field string, pick func(school.PersonID) bot.Press) (*school.Person, error) {
	m := v.Model()
	if p := mentioned(v, typed); p != nil {
		return p, nil
	}
	found := m.FindPeople(typed, v.Stint().Campus)
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) == 0:
		return nil, &bot.Error{Code: bot.NotFound, Field: field, Sentence: "I know nobody called “" + short(typed) + "” on the roster. Try the last name, or pick from the list while typing @."}
	}
	e := &bot.Error{Code: bot.Ambiguous, Field: field, Sentence: "Several people match “" + short(typed) + "”: " + nameList(found) + ". Type the full name."}
	if pick != nil {
		for _, p := range found[:min(5, len(found))] {
			e.Choices = append(e.Choices, bot.Button{Label: clipLabel(p.Name), Press: pick(p.ID)})
		}
	}
	return nil, e
}

// mentioned finds the person behind a chat service's own mention, "<@U02BOB>" or "<@U02BOB|bob>".
func mentioned(v *school.Viewer, typed string) *school.Person {
	t := strings.TrimSpace(typed)
	if !strings.HasPrefix(t, "<@") || !strings.HasSuffix(t, ">") {
		return nil
	}
	user, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimSuffix(t, ">"), "<@"), "|")
	user = strings.TrimPrefix(user, "!")
	for _, acc := range v.Person().Accounts {
		f := strings.Fields(acc)
		if len(f) != 3 {
			continue
		}
		if id, ok := v.Model().ByAccount(f[0], f[1], user); ok {
			p, _ := v.Model().Person(id)
			return p
		}
	}
	return nil
}

func nameList(ps []*school.Person) string {
	var names []string
	for i, p := range ps {
		if i == 5 {
			names = append(names, "and others")
			break
		}
		names = append(names, p.Name)
	}
	return strings.Join(names, ", ")
}

// short keeps what is quoted back to the person readable, whatever was typed.
func short(s string) string {
	r := []rune(strings.Join(strings.Fields(s), " "))
	if len(r) > 40 {
		return string(r[:39]) + "…"
	}
	return string(r)
}

// clipLabel makes a name fit on a button.
func clipLabel(s string) string {
	r := []rune(s)
	if len(r) > 30 {
		return string(r[:29]) + "…"
	}
	return s
}
