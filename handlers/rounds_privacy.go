package handlers

import (
	"context"
	"fmt"
	"slices"

	"rounds/bot"
	"rounds/cards"
	"rounds/school"
)

// privacy says what is stored about the caller, who may see it, who did, and what is never posted.
func (d *Desk) privacy(ctx context.Context, c bot.Call) (bot.Answer, error) {
	var f cards.PrivacyFacts
	err := d.as(ctx, c, func(v *school.Viewer) error {
		m := v.Model()
		visits, steps, _ := v.Stored()
		f = cards.PrivacyFacts{
			Name: v.Person().Name, Role: v.Role().Words(), District: m.District().Name, Today: v.Today(),
			Stored: stored(v), Seen: seenBy(v), Mine: maySee(v), Record: visits+steps > 0, LookDays: m.District().AuditDays(),
		}
		for _, id := range m.District().Administrator {
			if p, ok := m.Person(school.PersonID(id)); ok && !p.Now().Gone {
				f.Ask = append(f.Ask, p.Name)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	looks, _, err := d.looks(ctx, c, f.Today)
	if err != nil {
		return nil, err
	}
	err = d.as(ctx, c, func(v *school.Viewer) error { f.Lookers = looked(v.Model(), looks); return nil })
	return bot.Whisper{Card: cards.Privacy(f)}, err
}

// stored lists what is kept about the viewer, with counts.
func stored(v *school.Viewer) []string {
	p := v.Person()
	visits, steps, made := v.Stored()
	open, closed := v.Owned()
	list := "From the staff list: your name, e-mail address, role and campus"
	if observed(v.Role()) {
		list = "From the staff list: your name, e-mail address, role, campus, years of experience, how often you are to be visited, and on whose caseload you are"
	}
	if len(p.Leaves) > 0 {
		list += "; your days of leave, never why"
	}
	out := []string{list, "Linked to you: " + cards.Count(len(p.Accounts), "chat account")}
	if visits > 0 || observed(v.Role()) {
		out = append(out, cards.Count(visits, "visit")+" to you: day, kind, length, by whom, focus areas, and the note if one was written")
	}
	switch {
	case steps > 0:
		out = append(out, cards.Count(steps, "action step")+" of yours, with your check-ins; a step that was not given to you yet is counted too")
	case observed(v.Role()):
		out = append(out, "No action steps")
	}
	if made > 0 || v.Role().Leader() {
		out = append(out, cards.Count(made, "visit")+" that you made")
	}
	if n := open + closed; n > 0 {
		out = append(out, fmt.Sprintf("%s to PLC teams, %d still open", cards.Count(n, "commitment"), open))
	}
	if r, g := len(v.Ratings()), len(v.Goals()); r+g > 0 {
		out = append(out, fmt.Sprintf("%s and %s in /grow", cards.Count(r, "self-rating"), cards.Count(g, "goal")))
	} else {
		out = append(out, "Nothing in /grow")
	}
	if s := snoozeWords(v); s != "" {
		out = append(out, s)
	}
	if n := v.Messaged(); n > 0 {
		out = append(out, "When "+cards.Count(n, "message")+" went to you, and about what kind of thing; not what it said")
	}
	if v.Role().Leader() {
		out = append(out, fmt.Sprintf("A line for each time you looked at somebody else's record, for %d days", v.Model().District().AuditDays()))
	}
	// See form_draft.go: refused words are given back, and kept no longer than that takes.
	out = append(out, "Words that could not be saved: for a day, for you alone, so that you need not type them again")
	return out
}

// observed tells whether somebody of a role is visited at all.
func observed(r school.Role) bool { return r != school.Supervisor && r != school.Office }

// seenBy says the policy in words for what is kept about the viewer; school/policy.go is the policy itself.
func seenBy(v *school.Viewer) []string {
	m := v.Model()
	st := v.Stint()
	campus := m.CampusName(st.Campus)
	var caseload []string
	for _, id := range st.Observers {
		caseload = append(caseload, m.Name(id))
	}
	who := "you"
	if len(caseload) > 0 {
		who += ", " + cards.Names(caseload) + " (you are on their caseload)"
	}
	var out []string
	switch {
	case !observed(st.Role):
		if len(caseload) == 0 {
			out = append(out, "What is stored about you: you alone")
		} else {
			out = append(out, "What is stored about you: "+who)
		}
		return append(out, whoReadsGrowth(v))
	case st.Role == school.Principal:
		out = append(out,
			"That a visit or a step was, when and of what kind: "+who+", and whoever else supervises principals at "+campus,
			"What they wrote: whoever wrote it, and you once it is shared")
	case st.Role == school.AP:
		out = append(out,
			"That a visit or a step was, when and of what kind: "+who+", and the principal of "+campus,
			"What they wrote: whoever wrote it, you once it is shared, and the principal of "+campus)
	case st.Role == school.Coach:
		out = append(out,
			"That a visit or a step was, when and of what kind: "+who+", and the administrators of "+campus,
			"What they wrote: whoever wrote it, you once it is shared, and the administrators of "+campus)
	default:
		coach := "but not the administrators: your district keeps coaching private"
		if m.District().CoachContent == "shared" {
			coach = "and the administrators of " + campus + ", because your district set it so"
		}
		out = append(out,
			"That a visit or a step was, when and of what kind: "+who+", and the administrators of "+campus,
			"What a coach or teacher leader wrote: whoever wrote it, you once it is shared, then your other coaches too, "+coach,
			"What an administrator wrote: whoever wrote it, you once it is shared, and the administrators of "+campus,
			"That you said “Let's talk”: the one it goes to, who is your coach where you have one; it is in no list of anybody else and in no count")
		if cs, ok := m.Campus(st.Campus); ok && !cs.NotifyTeachers {
			out = append(out, "At "+campus+" teachers get no messages yet; what was shared with you is in /rounds today")
		}
	}
	return append(out,
		whoReadsGrowth(v),
		"That you are on leave: you, those on whose caseload you are, and the administrators; the reason is stored nowhere",
		"Everybody else, the district office included: numbers about groups of five or more")
}

// whoReadsGrowth says who sees the viewer's growth page: they, and a coach while it is shared.
func whoReadsGrowth(v *school.Viewer) string {
	if with := v.Growth().Shared.With; slices.Contains(v.Coaches(), with) {
		return "Your self-ratings and goals: you, and " + v.Model().Name(with) + " because you share them in /grow"
	}
	return "Your self-ratings and goals: you alone"
}

// maySee says what the viewer's role opens of others' records.
func maySee(v *school.Viewer) []string {
	switch v.Role() {
	case school.Coach, school.Lead:
		return []string{"Of people on your caseload: visits and steps; what you wrote, and what other coaches shared with them", "Of others at your campus: the visits you made yourself"}
	case school.AP, school.Principal:
		coach := "not what coaches wrote"
		if v.Model().District().CoachContent == "shared" {
			coach = "and what coaches wrote, because your district set it so"
		}
		of := "Of the teachers, teacher leaders and coaches at your campus"
		if v.Role() == school.Principal {
			of = "Of the teachers, teacher leaders, coaches and assistant principals at your campus"
		}
		return []string{of + ": visits, steps and statuses; what administrators wrote, " + coach, "That one of them is on leave, never why"}
	case school.Supervisor:
		return []string{"Of the principals you supervise: visits and steps, and what you wrote", "Of teachers: numbers about groups of five or more, unless your district put one on your caseload by name"}
	case school.Office:
		return []string{"Numbers about groups of five or more, and the framework documents"}
	}
	return nil
}
