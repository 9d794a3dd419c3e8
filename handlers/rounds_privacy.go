package handlers

import (
	"context"
	"fmt"
	"strings"

	"rounds/bot"
	"rounds/cards"
	"rounds/school"
)

// privacy says what is stored about the caller, who may see it, and what is never posted.
func (d *Desk) privacy(ctx context.Context, c bot.Call) (bot.Answer, error) {
	var f cards.PrivacyFacts
	err := d.as(ctx, c, func(v *school.Viewer) error {
		visits, steps, _ := v.Stored()
		f = cards.PrivacyFacts{
			Name: v.Person().Name, Role: v.Role().Words(), District: v.Model().District().Name,
			Stored: stored(v), Seen: seenBy(v), Mine: maySee(v), Record: visits+steps > 0,
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return bot.Whisper{Card: cards.Privacy(f)}, nil
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
		out = append(out, "A line for each time you looked at somebody else's record")
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
		return append(out, "Your self-ratings and goals: you alone")
	case st.Role == school.Principal:
		out = append(out,
			"That a visit or a step was, when and of what kind: "+who+", and whoever else supervises principals at "+campus,
			"What they wrote: whoever wrote it, and you once it is shared")
	case st.Role == school.Coach || st.Role == school.AP:
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
		"Your self-ratings and goals: you alone",
		"That you are on leave: you, those on whose caseload you are, and the administrators; the reason is stored nowhere",
		"Everybody else, the district office included: numbers about groups of five or more")
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
		return []string{"Of the people at your campus: visits, steps and statuses; what administrators wrote, " + coach}
	case school.Supervisor:
		return []string{"Of the principals you supervise: visits and steps, and what you wrote", "Of teachers: numbers about groups of five or more"}
	case school.Office:
		return []string{"Numbers about groups of five or more, and the framework documents"}
	}
	return nil
}

// A record shows this many visits and steps; there is an export for all of them.
const recordMost = 12

// myRecord shows the caller what is kept of visits to them and of their steps, with all texts they may read.
func (d *Desk) myRecord(ctx context.Context, c bot.Call) (bot.Answer, error) {
	type row struct {
		cards.RecordVisit
		keys [][2]string // label, text key
	}
	var visits, steps []row
	moreVisits, moreSteps := 0, 0
	err := d.as(ctx, c, func(v *school.Viewer) error {
		m := v.Model()
		seen, _ := v.Visits(v.ID())
		for i, s := range seen {
			if i >= recordMost {
				moreVisits = len(seen) - recordMost
				break
			}
			head := []string{cards.Date(s.On, v.Today()), cards.KindWords(s.Kind), m.Name(s.Observer)}
			if s.Minutes > 0 {
				head = append(head, fmt.Sprintf("%d min", s.Minutes))
			}
			for _, k := range s.Focus {
				head = append(head, m.FocusName(k))
			}
			if s.Void {
				head = append(head, "taken back")
			}
			r := row{RecordVisit: cards.RecordVisit{Head: strings.Join(head, " · ")}}
			for _, what := range []string{"glow", "grow", "note"} {
				if k := s.Texts[what]; k != "" {
					r.keys = append(r.keys, [2]string{strings.ToUpper(what[:1]) + what[1:], k})
				}
			}
			visits = append(visits, r)
		}
		own, _ := v.StepsOf(v.ID(), false)
		for i, s := range own {
			if i >= recordMost {
				moreSteps = len(own) - recordMost
				break
			}
			head := []string{cards.Date(s.Added, v.Today()), cards.StepWords(s.State), "from " + m.Name(s.Author)}
			if s.By != 0 {
				head = append(head, "check back "+cards.Date(s.By, v.Today()))
			}
			if s.Answer != "" {
				head = append(head, "you said: "+cards.AnswerWords(s.Answer))
			}
			r := row{RecordVisit: cards.RecordVisit{Head: strings.Join(head, " · ")}}
			if s.Text != "" {
				r.keys = append(r.keys, [2]string{"", s.Text})
			}
			if s.Note != "" {
				r.keys = append(r.keys, [2]string{"Your note", s.Note})
			}
			steps = append(steps, r)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	fill := func(rows []row) ([]cards.RecordVisit, error) {
		var out []cards.RecordVisit
		for _, r := range rows {
			var keys []string
			for _, k := range r.keys {
				keys = append(keys, k[1])
			}
			texts, err := d.bodies(ctx, c, keys...)
			if err != nil {
				return nil, err
			}
			for _, k := range r.keys {
				switch body := texts[k[1]]; {
				case body == "":
				case k[0] == "":
					r.Texts = append(r.Texts, body)
				default:
					r.Texts = append(r.Texts, k[0]+": "+body)
				}
			}
			out = append(out, r.RecordVisit)
		}
		return out, nil
	}
	vs, err := fill(visits)
	if err != nil {
		return nil, err
	}
	ss, err := fill(steps)
	if err != nil {
		return nil, err
	}
	return bot.Whisper{Card: cards.Record(vs, ss, moreVisits, moreSteps)}, nil
}
