package handlers

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"rounds/bot"
	"rounds/cards"
	"rounds/school"
)

// Limits of what is typed. A text of 2,000 characters is a full page; what is longer belongs elsewhere.
const (
	maxText    = 2000
	maxMinutes = 480
	maxPeople  = 20
)

// A visitPlan is a visit, or several, ready to be saved.
type visitPlan struct {
	people   []*school.Person
	team     *school.Team
	kind     school.VisitKind
	minutes  int
	on       school.Day
	focus    []string
	glow     string
	grow     string
	evidence string // what was seen and heard
	step     string
	by       school.Day
	class    school.Class
	remarks  []string
}

// defaultKind is the kind of a visit when nobody says: those who coach, coach; those who appraise walk through.
func defaultKind(r school.Role) school.VisitKind {
	if r.Administers() {
		return school.Walkthrough
	}
	return school.CoachingVisit
}

// readVisit checks what was typed and says everything that is wrong with it at once. Buttons of its problems
// take up the draft of that id.
func readVisit(v *school.Viewer, t typed, draft string) (visitPlan, []problem) {
	r := &visitReader{v: v, t: t, draft: draft}
	r.readKind()
	r.readWho()
	r.readMinutes()
	r.readOn()
	r.readFocus()
	r.readTexts()
	r.readStep()
	if len(r.problems) == 0 && !t.Sure {
		if why := namesStudent(v.Model(), r.plan.glow, r.plan.grow, r.plan.evidence, r.plan.step); why != "" {
			r.problems = append(r.problems, problem{code: bot.Invalid, student: true, sentence: why})
		}
	}
	r.plan.class = classOn(v, r.plan.on)
	return r.plan, r.problems
}

// classOn is the record class of what the caller writes about a visit of a day.
func classOn(v *school.Viewer, on school.Day) school.Class {
	if v.Person().RoleOn(on).Administers() {
		return school.Evaluation
	}
	return school.Coaching
}

type visitReader struct {
	v        *school.Viewer
	t        typed
	draft    string
	now      *school.VisitSeen // the visit that is amended, or nil
	plan     visitPlan
	problems []problem
}

func (r *visitReader) wrong(field, format string, args ...any) {
	r.problems = append(r.problems, problem{code: bot.Invalid, field: field, sentence: fmt.Sprintf(format, args...)})
}

func (r *visitReader) failed(field string, err error) {
	p := problem{code: bot.ErrorCode(err), field: field, sentence: err.Error()}
	if e, ok := err.(*bot.Error); ok { //nolint:errorlint // readers make plain ones
		p.sentence, p.choices = e.Sentence, e.Choices
	}
	r.problems = append(r.problems, p)
}

func (r *visitReader) readKind() {
	r.plan.kind = defaultKind(r.v.Role())
	if r.now != nil {
		r.plan.kind = r.now.Kind
	}
	if r.t.Team != "" {
		r.plan.kind = school.PLCVisit
	}
	typed := strings.ToLower(strings.Trim(r.t.Kind, " ."))
	switch typed {
	case "":
		return
	case "walk", "walkthru", "walk-through", "walk through":
		typed = "walkthrough"
	case "coach", "coaching visit":
		typed = "coaching"
	case "formal observation", "observation":
		typed = "formal"
	}
	k, err := school.ParseKind(typed)
	if err != nil {
		r.wrong("kind", "“%s” is no kind of visit. There are walkthrough, coaching, formal and plc.", short(r.t.Kind))
		return
	}
	if r.t.Team != "" && k != school.PLCVisit {
		if k == school.Formal {
			r.wrong("kind", "A formal observation is of a person, not of a team. Leave the kind out, or say who it was in place of the team.")
			return
		}
		r.remark("A visit to a team is a PLC visit, so I logged it as one.")
		return
	}
	r.plan.kind = k
}

func (r *visitReader) readWho() {
	v := r.v
	if r.plan.kind == school.PLCVisit {
		r.readTeam()
		return
	}
	who := joinNames(v, r.t.Who)
	if len(who) == 0 {
		r.wrong("teacher", "Who was it? Type a name, such as @Okafor.")
		return
	}
	if len(who) > maxPeople {
		r.wrong("teacher", "%d people in one line are too many; up to %d work.", len(who), maxPeople)
		return
	}
	seen := map[school.PersonID]bool{}
	for i, w := range who {
		p, err := person(v, w, "teacher", func(id school.PersonID) bot.Press {
			return bot.Press{Action: "observe.pick", Subject: fmt.Sprintf("%s:%d:%s", r.draft, i, id)}
		})
		if err == nil {
			err = mayLog(v, p)
		}
		switch {
		case err != nil:
			r.failed("teacher", err)
		case !seen[p.ID]:
			seen[p.ID] = true
			r.plan.people = append(r.plan.people, p)
			if _, away := v.AwayThrough(p.ID); away {
				r.remark("%s is on leave today; I logged it as you wrote it.", p.Name)
			}
		}
	}
}

// mayLog says why a visit is not the caller's to log.
func mayLog(v *school.Viewer, p *school.Person) error {
	switch {
	case p.ID == v.ID():
		return forbidden("A visit to yourself cannot be logged. Whoever watched you teach can log it.")
	case v.MayLog(p.ID):
		return nil
	case v.Role() == school.Supervisor:
		return forbidden("%s is not one of the principals you supervise, so this visit is not yours to log.", p.Name)
	}
	return forbidden("%s is not somebody you serve, so this visit is not yours to log. If that is wrong, ask whoever looks after Rounds to correct the staff list.", p.Name)
}

func (r *visitReader) readTeam() {
	v, m := r.v, r.v.Model()
	name := r.t.Team
	if name == "" {
		name = strings.Join(r.t.Who, " ")
	}
	if name == "" {
		r.wrong("team", "Which team was it? A PLC visit is about a team, such as team:math.")
		return
	}
	name = strings.TrimPrefix(name, "@")
	found := m.FindTeams(name, v.Stint().Campus)
	if words := strings.Fields(name); len(found) == 0 && len(words) > 1 && r.t.Minutes == "" {
		// "team:math 40m": a value runs on to the next key, the minutes with it.
		if last := words[len(words)-1]; last[0] >= '0' && last[0] <= '9' {
			if shorter := m.FindTeams(strings.Join(words[:len(words)-1], " "), v.Stint().Campus); len(shorter) > 0 {
				found, r.t.Minutes = shorter, last
			}
		}
	}
	switch {
	case len(found) > 0 && r.t.Team != "" && len(r.t.Who) > 0:
		r.wrong("team", "Was it “%s”, or the team %s? A visit is to a person or to a team; log them one by one.", short(strings.Join(r.t.Who, " ")), found[0].Name)
	case len(found) == 1 && v.Stint().At(found[0].Campus):
		r.plan.team = found[0]
	case len(found) == 1:
		r.problems = append(r.problems, problem{code: bot.Forbidden, field: "team", sentence: found[0].Name + " is not at a campus you serve, so this visit is not yours to log."})
	case len(found) > 1:
		var names []string
		for _, t := range found[:min(5, len(found))] {
			names = append(names, t.Name)
		}
		r.wrong("team", "Several teams match “%s”: %s. Type more of the name.", short(name), strings.Join(names, ", "))
	default:
		s := fmt.Sprintf("A PLC visit is about a team, and I know no team called “%s”.", short(name))
		if p, err := person(v, name, "", nil); err == nil {
			s = fmt.Sprintf("A PLC visit is about a team, and %s is a person.", p.Name)
			var names []string
			for _, t := range m.TeamsOf(p.ID) {
				names = append(names, "team:"+string(t.ID))
			}
			if len(names) > 0 {
				s += " Try " + strings.Join(names, " or ") + "."
			}
		}
		r.wrong("team", "%s", s)
	}
}

func (r *visitReader) readMinutes() {
	s := strings.ToLower(strings.TrimSpace(r.t.Minutes))
	if s == "" {
		return
	}
	digits := strings.TrimSpace(strings.TrimRight(s, "abcdefghijklmnopqrstuvwxyz. "))
	n, err := strconv.Atoi(digits)
	if errors.Is(err, strconv.ErrRange) {
		r.wrong("minutes", "That many minutes cannot be logged. Use 1 to %d, or leave the minutes out.", maxMinutes)
		return
	}
	if err != nil || digits == "" {
		r.wrong("minutes", "I cannot read “%s” as minutes. Type a number from 1 to %d, such as 12.", short(r.t.Minutes), maxMinutes)
		return
	}
	switch {
	case n < 1:
		r.wrong("minutes", "A visit of %d minutes cannot be logged. Use 1 to %d, or leave the minutes out.", n, maxMinutes)
	case n > maxMinutes:
		r.wrong("minutes", "%d minutes are longer than a school day. Use 1 to %d.", n, maxMinutes)
	}
	r.plan.minutes = n
}

func (r *visitReader) readOn() {
	v, today := r.v, r.v.Today()
	cal := v.Calendar()
	r.plan.on = today
	if r.now != nil {
		r.plan.on = r.now.On
	}
	if r.t.On == "" && r.now != nil {
		return
	}
	if r.t.On == "" {
		if why := cal.Why(today); why != "" && cal.First > 1 {
			r.remark("There is no school today (%s). If it was another day, undo it and say so with on:, such as on:fri.", why)
		}
		return
	}
	d, err := parseDate(r.t.On, today, past)
	if err != nil {
		r.wrong("on", "%v.", err)
		return
	}
	first := today - 366
	if cal.First > 1 {
		first = min(cal.First-366, today)
	}
	switch {
	case r.now != nil && d == r.now.On:
		return
	case d > today:
		r.wrong("on", "%s has not come yet. A visit is logged once it took place.", longDay(d))
		return
	case d < first:
		r.wrong("on", "%s is too long ago: I take visits since %s.", longDay(d), longDay(first))
		return
	}
	r.plan.on = d
	if why := cal.Why(d); why != "" && cal.First > 1 {
		r.remark("%s was no school day (%s); I logged it as you wrote it.", cards.Date(d, today), why)
	}
}

// longDay is a date that nobody can mistake.
func longDay(d school.Day) string {
	y, _, _ := d.Civil()
	return fmt.Sprintf("%s, %d", d.Short(), y)
}

func (r *visitReader) remark(format string, args ...any) {
	r.plan.remarks = append(r.plan.remarks, fmt.Sprintf(format, args...))
}

func (r *visitReader) readFocus() {
	for i, s := range r.t.Focus {
		if r.now != nil && contains(r.now.Focus, s) { // it may have left the list since
			r.plan.focus = append(r.plan.focus, s)
			continue
		}
		f, err := findFocus(r.v.Model(), s, func(key string) bot.Press {
			return bot.Press{Action: "observe.pick", Subject: fmt.Sprintf("%s:f%d:%s", r.draft, i, key)}
		})
		if err != nil {
			r.failed("focus", err)
			continue
		}
		had := false
		for _, k := range r.plan.focus {
			had = had || k == f.Key
		}
		if !had {
			r.plan.focus = append(r.plan.focus, f.Key)
		}
	}
}

func (r *visitReader) readTexts() {
	r.plan.glow, r.plan.grow, r.plan.evidence = r.t.Glow, r.t.Grow, r.t.Evidence
	glow, grow := cards.GlowGrow(r.v.Role().Administers())
	for _, f := range []struct{ field, label, text string }{{"glow", glow, r.t.Glow}, {"grow", grow, r.t.Grow}, {"evidence", "evidence", r.t.Evidence}, {"step", "step", r.t.Step}} {
		if s := tooLong(f.label, f.text); s != "" {
			r.wrong(f.field, "%s", s)
			continue
		}
		if f.text != "" && r.plan.kind == school.Formal {
			r.wrong(f.field, "A formal observation is only recorded here as having taken place; its write-up stays in your appraisal system. Leave the %s out.", strings.ToLower(f.label))
		}
	}
	if r.t.Step != "" && r.plan.kind == school.PLCVisit {
		r.wrong("step", "A step belongs to a person, not to a team. Give it with /step add, or keep a team's commitment with /plc commit.")
	}
}

// tooLong says how long a text is when it is more than can be kept.
func tooLong(label, s string) string {
	if n := utf8.RuneCountInString(s); n > maxText {
		return fmt.Sprintf("The %s is %s characters long; %s fit.", strings.ToLower(label), thousands(n), thousands(maxText))
	}
	return ""
}

func thousands(n int) string {
	if n >= 1000 {
		return fmt.Sprintf("%s,%03d", thousands(n/1000), n%1000)
	}
	return strconv.Itoa(n)
}

func (r *visitReader) readStep() {
	r.plan.step = r.t.Step
	if r.t.Step == "" {
		if r.t.By != "" {
			r.remark("There was a date but no step, so the date was left aside.")
		}
		return
	}
	by, err := readBy(r.v, r.t.By)
	if err != nil {
		r.failed("by", err)
		return
	}
	r.plan.by = by
	r.plan.remarks = append(r.plan.remarks, stepAdvice(r.t.Step, by, r.v.Today(), r.v.Calendar())...)
}

// readBy reads when a step is looked at again.
func readBy(v *school.Viewer, typed string) (school.Day, error) {
	today := v.Today()
	if typed == "" {
		return checkBack(v.Calendar(), today), nil
	}
	d, err := parseDate(typed, today, future)
	if err != nil {
		return 0, invalid("by", "%v.", err)
	}
	if d == today && !strings.EqualFold(strings.TrimSpace(typed), "today") && !strings.ContainsAny(typed, "0123456789") {
		d += 7 // "by fri", said on a Friday, is the next one
	}
	switch {
	case d < today:
		return 0, invalid("by", "%s is over already. A step is looked at again on a day to come.", longDay(d))
	case d > today+366:
		return 0, invalid("by", "%s is more than a year away. A step is something to practice now; try a date within ten school days.", longDay(d))
	}
	return d, nil
}
