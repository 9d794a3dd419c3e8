package handlers

import (
	"fmt"
	"sort"
	"strings"

	"rounds/bot"
	"rounds/school"
)

// people finds who is meant by each of the typed names. An unknown name and an ambiguous one are
// errors with what to do; an ambiguous one offers the candidates as buttons made by pick (nil: none).
func people(v *school.Viewer, typed []string, field string, pick func(school.PersonID) bot.Press) ([]*school.Person, error) {
	var out []*school.Person
	for _, t := range joinNames(v, typed) {
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

// joinNames puts full names together again that were typed as two or three plain words: "Ada", "Okafor". A
// line alone cannot tell them from two people.
func joinNames(v *school.Viewer, typed []string) []string {
	var out []string
	for i := 0; i < len(typed); {
		n := 1
		for _, k := range []int{3, 2} {
			if i+k <= len(typed) && joinable(typed[i:i+k]) && len(v.Model().FindPeople(strings.Join(typed[i:i+k], " "), v.Stint().Campus)) > 0 {
				n = k
				break
			}
		}
		out = append(out, strings.Join(typed[i:i+n], " "))
		i += n
	}
	return out
}

// joinable: a sign before a word begins a new person, and marks of a service are whole.
func joinable(words []string) bool {
	for i, w := range words {
		if strings.HasPrefix(w, "<@") || strings.ContainsAny(w, ",;") || i > 0 && strings.HasPrefix(w, "@") {
			return false
		}
	}
	return true
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
		return nil, unknownPerson(v, typed, field, pick)
	}
	// Of several of one name those whom the caller serves are meant, if that leaves one.
	if v.Role().Leader() {
		var mine []*school.Person
		for _, p := range found {
			if v.MayLog(p.ID) {
				mine = append(mine, p)
			}
		}
		if len(mine) == 1 {
			return mine[0], nil
		}
		if len(mine) > 1 {
			found = mine
		}
	}
	e := &bot.Error{Code: bot.Ambiguous, Field: field, Sentence: "Several people match “" + short(typed) + "”: " + nameList(found) + ". Who is meant?"}
	if pick == nil {
		e.Sentence = "Several people match “" + short(typed) + "”: " + nameList(found) + ". Type the full name."
	}
	e.Choices = pickButtons(found, pick)
	return nil, e
}

// unknownPerson says that nobody is called so, and who may be meant.
func unknownPerson(v *school.Viewer, typed, field string, pick func(school.PersonID) bot.Press) *bot.Error {
	e := &bot.Error{Code: bot.NotFound, Field: field}
	if strings.HasPrefix(strings.TrimSpace(typed), "<@") {
		e.Sentence = "That account is not linked to anybody on the staff list yet. Type the last name instead."
		return e
	}
	near := nearPeople(v, typed)
	if len(near) == 0 {
		e.Sentence = "I know nobody called “" + short(typed) + "” on the staff list. Try the last name, or pick from the list while typing @."
		return e
	}
	e.Sentence = "I know nobody called “" + short(typed) + "” on the staff list. Did you mean " + nameList(near) + "?"
	e.Choices = pickButtons(near, pick)
	return e
}

// nearPeople finds who was probably meant: a slip of the finger in a first, last or full name.
func nearPeople(v *school.Viewer, typed string) []*school.Person {
	q := school.Fold(strings.TrimPrefix(strings.TrimSpace(typed), "@"))
	if q == "" || len(q) > 60 {
		return nil
	}
	here := v.Stint()
	var out []*school.Person
	for _, p := range v.Model().People() {
		if s := p.Now(); s.Campus != "" && !here.At(s.Campus) && v.Role() != school.Supervisor {
			continue
		}
		first, _, _ := strings.Cut(school.Fold(p.Name), " ")
		if _, ok := bot.Nearest(q, []string{school.Fold(p.Last()), first, school.Fold(p.Name)}); ok {
			out = append(out, p)
		}
		if len(out) == 3 {
			break
		}
	}
	return out
}

func pickButtons(found []*school.Person, pick func(school.PersonID) bot.Press) []bot.Button {
	if pick == nil {
		return nil
	}
	var out []bot.Button
	found = found[:min(5, len(found))]
	for _, p := range found {
		label := p.Name
		for _, q := range found {
			if q != p && q.Name == p.Name { // two of one name: the address tells them apart
				label = p.Handle()
			}
		}
		out = append(out, bot.Button{Label: clipLabel(label), Press: pick(p.ID)})
	}
	return out
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

// logAble lists everybody whose visit the caller may log: those with something due first, as the status sorts them,
// then the others by name. note says what is due.
func logAble(v *school.Viewer) (out []*school.Person, note map[school.PersonID]string) {
	note = map[school.PersonID]string{}
	for _, d := range v.Duties() {
		if d.Subject == "" || d.Target.Weeks == 0 || note[d.Subject] != "" {
			continue
		}
		if p, ok := v.Model().Person(d.Subject); ok {
			out = append(out, p)
			note[d.Subject] = dutyNote(d)
		}
	}
	var rest []*school.Person
	for _, p := range v.Loggable() {
		if note[p.ID] == "" {
			rest = append(rest, p)
		}
	}
	near := v.Stint().Campus
	sort.SliceStable(rest, func(i, j int) bool { return rest[i].Now().At(near) && !rest[j].Now().At(near) })
	return append(out, rest...), note
}

func dutyNote(d school.Duty) string {
	if d.Due != 0 && d.Status != school.OnHoldLeave && d.Status != school.OnHoldTesting {
		return fmt.Sprintf("%s, due %s", d.Status, d.Due.Short())
	}
	return string(d.Status)
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
