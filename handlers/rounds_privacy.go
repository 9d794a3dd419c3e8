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
	out := []string{
		"From the staff list: your name, e-mail address, role, campus, years of experience, visit schedule, whose caseload you are on" + leaveWords(p),
		cards.Count(len(p.Accounts), "chat account") + " linked to you",
		cards.Count(visits, "visit") + " to you (day, kind, length, who, focus areas, and the note if one was written)",
		cards.Count(steps, "action step") + " of yours, with your check-ins; one may not be given to you yet",
	}
	if made > 0 || v.Role().Leader() {
		out = append(out, cards.Count(made, "visit")+" that you made")
	}
	if n := open + closed; n > 0 {
		out = append(out, fmt.Sprintf("%s to PLC teams, %d of them open", cards.Count(n, "commitment"), open))
	}
	out = append(out, fmt.Sprintf("%s and %s in /grow", cards.Count(len(v.Ratings()), "self-rating"), cards.Count(len(v.Goals()), "goal")))
	if s := snoozeWords(v); s != "" {
		out = append(out, s)
	}
	return append(out,
		fmt.Sprintf("That %s to you, when and where, not what they showed", sentWords(v.Messaged())),
		"A line for each time you looked at somebody else's record")
}

func sentWords(n int) string {
	if n == 1 {
		return "1 message was sent"
	}
	return fmt.Sprintf("%d messages were sent", n)
}

func leaveWords(p *school.Person) string {
	if len(p.Leaves) == 0 {
		return ""
	}
	return "; days of leave, never why"
}

// seenBy says the policy in words for what is kept about the viewer; school/policy.go is the policy itself.
func seenBy(v *school.Viewer) []string {
	m := v.Model()
	st := v.Stint()
	var caseload []string
	for _, id := range st.Observers {
		caseload = append(caseload, m.Name(id))
	}
	who := "the administrators of " + m.CampusName(st.Campus)
	if st.Role == school.Principal || st.Role == school.Supervisor || st.Campus == "" {
		who = "those who supervise you"
	}
	if len(caseload) > 0 {
		who = cards.Names(caseload) + " (you are on their caseload) and " + who
	}
	out := []string{"That a visit or a step was, when and of what kind: you, " + who}
	switch st.Role {
	case school.Teacher, school.Lead:
		coach := "not the administrators: your district keeps coaching private"
		if m.District().CoachContent == "shared" {
			coach = "and the administrators, because your district set it so"
		}
		out = append(out,
			"What a coach or teacher leader wrote: they, you once it is shared, your other coaches then; "+coach,
			"What an administrator wrote: you once it is shared, and the administrators of "+m.CampusName(st.Campus),
			"“Let's talk”: the one it goes to, your coach where you have one, and no list or count of anybody else")
		if cs, ok := m.Campus(st.Campus); ok && !cs.NotifyTeachers {
			out = append(out, "At "+cs.Name+" teachers get no messages yet; what is shared with you is in /rounds today")
		}
	default:
		out = append(out, "What somebody wrote about a visit to you: they, you once it is shared, and those who appraise you")
	}
	return append(out,
		"Your self-ratings and goals: you alone",
		"That you are on leave: you, your caseload's leaders and the administrators; the reason is stored nowhere",
		"The principal supervisor and the district office: numbers about groups of five or more")
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
			head := []string{s.On.Short(), cards.KindWords(s.Kind), m.Name(s.Observer)}
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
			head := []string{s.Added.Short(), cards.StepWords(s.State), "from " + m.Name(s.Author)}
			if s.By != 0 {
				head = append(head, "check back "+s.By.Short())
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
