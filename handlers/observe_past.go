package handlers

import (
	"fmt"
	"slices"
	"strings"

	"rounds/cards"
	"rounds/school"
)

// pastOf is a visit as a history shows it, and the keys of the texts that the caller may read.
func pastOf(v *school.Viewer, x school.VisitSeen) (cards.Past, map[string]string) {
	m := v.Model()
	p := cards.Past{On: x.On, Kind: x.Kind, Minutes: x.Minutes, By: m.Name(x.Observer), Mine: x.Mine, Void: x.Void, Changed: versionWords(v, x)}
	if !x.Mine && x.Version > 1 {
		p.Changed = cards.DownFirst(strings.TrimSuffix(changedWords(v, x), "."))
	}
	if o, ok := m.Person(x.Observer); ok {
		p.Appraiser = x.Team == "" && o.RoleOn(x.On).Administers()
	}
	given := !x.Shared.IsZero() && !x.Shared.After(v.Now())
	if x.Mine {
		p.By = "you"
	}
	if x.Mine && !x.Void {
		switch {
		case x.Opened:
			p.State = "opened"
		case given:
			p.State = "shared"
		case len(x.Texts) > 0 && x.Team == "":
			p.State = "not shared"
		}
		if x.Debrief != 0 {
			if p.State != "" {
				p.State += ", "
			}
			p.State += "debriefed"
		}
		if f, ok := v.Feedback(x.N); ok {
			p.Feedback = cards.DownFirst(cards.FeedbackWords(f, v.Today()))
		}
	}
	for _, k := range x.Focus {
		p.Focus = append(p.Focus, m.FocusName(k))
	}
	if x.Mine || len(x.Texts) > 0 {
		p.Ref = fmt.Sprintf("v%d", x.N)
	}
	if x.Void {
		return p, nil
	}
	return p, x.Texts
}

// earlierOf adds the earlier versions of the caller's own visit, the latest first, and returns the keys of their texts.
func earlierOf(v *school.Viewer, x school.VisitSeen, p *cards.Past) []map[string]string {
	if x.Void {
		return nil
	}
	var keys []map[string]string
	for _, e := range slices.Backward(v.Versions(x.N)) {
		old := cards.Past{
			Version: fmt.Sprintf("Version %d, %s", e.Version, cards.Date(school.DayOf(e.Made, v.Zone()), v.Today())),
			Kind:    e.Kind, Minutes: e.Minutes, Appraiser: x.Team == "" && v.Person().RoleOn(e.On).Administers(),
		}
		if e.On != x.On {
			old.On = e.On
		}
		for _, k := range e.Focus {
			old.Focus = append(old.Focus, v.Model().FocusName(k))
		}
		p.Earlier = append(p.Earlier, old)
		keys = append(keys, e.Texts)
	}
	return keys
}

// withheldWhy says in one sentence why some texts are not the caller's to read; who is "" for a team.
func withheldWhy(v *school.Viewer, who school.PersonID) string {
	switch {
	case who == v.ID():
		return ""
	case who == "":
		return "A note on a team's meeting stays with who wrote it."
	case v.Role() == school.AP || v.Role() == school.Principal:
		return "Notes by coaches stay between coach and teacher in your district, so they are not shown."
	case v.Role() == school.Supervisor:
		return "You see your own notes; what others wrote is theirs."
	}
	return "Notes by administrators, and notes that were not shared with the teacher, are not shown."
}
