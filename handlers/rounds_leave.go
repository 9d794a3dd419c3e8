package handlers

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"rounds/bot"
	"rounds/cards"
	"rounds/school"
)

// Leave: from when to when, never why. A campus's administrators enter it for its people, a supervisor for the
// principals, and every leader their own. A district's file may hold leave too; what was said here stays until the file
// changes that very line.

var leaveOptions = []bot.Option{
	{Name: "who", Help: "whose leave, or “me”", Kind: bot.OptionPerson, Bare: true},
	{Name: "from", Aliases: []string{"date", "on"}, Help: "the first day away; for back, the first day back", Kind: bot.OptionDate, Bare: true},
	{Name: "to", Aliases: []string{"until", "through"}, Help: "the last day away", Kind: bot.OptionDate},
	{Name: "words", Help: "“until fri”; no reasons", Kind: bot.OptionText, Bare: true},
}

var backOptions = []bot.Option{leaveOptions[0], leaveOptions[1], leaveOptions[3]}

// The longest leave that is entered in chat, and how far back one may begin.
const (
	mostLeave     = 370
	mostLeaveBack = 60
)

// leave puts somebody's leave on record.
func (d *Desk) leave(ctx context.Context, c bot.Call) (bot.Answer, error) {
	var set cards.LeaveSet
	var who school.PersonID
	already := ""
	rec, err := d.decide(ctx, c, func(v *school.Viewer) (school.Entry, error) {
		p, rest, err := leaveWho(v, c)
		if err != nil {
			return school.Entry{}, err
		}
		from, to, err := leaveDays(v, c, rest)
		if err != nil {
			return school.Entry{}, err
		}
		who, set = p.ID, leaveOf(v, p, from, to)
		already = ""
		for _, l := range v.LeavesOf(p.ID) {
			if l.From <= from && to <= l.To {
				already = fmt.Sprintf("That is on record already: %s to %s. Nothing was changed.", cards.Date(l.From, v.Today()), cards.Date(l.To, v.Today()))
				return school.Entry{}, nil
			}
		}
		return entry(c, school.LeaveSet{Person: p.ID, From: from, To: to}), nil
	})
	switch {
	case err != nil:
		return nil, leaveTyped(c, err)
	case already != "":
		return d.leaveSaid(ctx, c, who, already)
	}
	set.Press = fmt.Sprintf("l%d", rec.First)
	if err := d.as(ctx, c, func(v *school.Viewer) error { set.Targets = leaveTargets(v, who); return nil }); err != nil {
		return nil, err
	}
	return bot.Whisper{Card: cards.Leave(set)}, nil
}

// leaveTyped gives back what was typed, but never a reason.
func leaveTyped(c bot.Call, err error) error {
	if e, ok := err.(*bot.Error); ok && e.Field == "words" { //nolint:errorlint // made by this file, never wrapped
		return err
	}
	return typedBack(c, err)
}

// leaveWho finds whose leave is meant and that the caller may enter it.
func leaveWho(v *school.Viewer, c bot.Call) (p *school.Person, rest string, err error) {
	name := strings.TrimSpace(c.Args.Get("who"))
	words := strings.TrimSpace(c.Args.Get("words"))
	switch strings.ToLower(name) {
	case "":
		return nil, "", invalid("who", "Whose leave? Try /rounds leave @name 11/2 to:12/18, or /rounds leave me until fri.")
	case "me", "myself", "@me", "my":
		if !v.Role().Leader() {
			return nil, "", forbidden("Your campus's administrators enter your leave. Please tell them; I keep the days only, never why.")
		}
		return v.Person(), words, nil
	}
	// "de la Cruz 11/2": what follows a one-word name may belong to it.
	for n := min(3, len(strings.Fields(words))); n >= 0 && p == nil; n-- {
		f := strings.Fields(words)
		full := strings.TrimSpace(name + " " + strings.Join(f[:n], " "))
		if found := v.Model().FindPeople(full, v.Stint().Campus); len(found) > 0 || n == 0 {
			if p, err = person(v, full, "who", nil); err != nil {
				return nil, "", err
			}
			rest = strings.Join(f[n:], " ")
		}
	}
	if p.ID == v.ID() {
		if !v.Role().Leader() {
			return nil, "", forbidden("Your campus's administrators enter your leave. Please tell them; I keep the days only, never why.")
		}
		return p, rest, nil
	}
	switch v.Relation(p.ID) {
	case school.RunsCampus, school.Supervises:
		return p, rest, nil
	case school.HasCaseload, school.Colleague:
		return nil, "", forbidden("The administrators of %s's campus enter their leave, not their coach.", p.Name)
	}
	return nil, "", forbidden("%s's leave is not yours to enter. The administrators of their campus do that.", p.Name)
}

// leaveDays reads the days; what is left over would be a reason, and is refused.
func leaveDays(v *school.Viewer, c bot.Call, rest string) (from, to school.Day, err error) {
	today := v.Today()
	typedFrom, typedTo := c.Args.Get("from"), c.Args.Get("to")
	if typedFrom != "" {
		var more string
		if from, more, err = dateFirst(typedFrom, today, future); err != nil {
			return 0, 0, invalid("from", "%v.", err)
		}
		rest = strings.TrimSpace(more + " " + rest)
	}
	if typedTo != "" {
		var more string
		if to, more, err = dateFirst(typedTo, max(from, today), future); err != nil {
			return 0, 0, invalid("to", "%v.", err)
		}
		rest = strings.TrimSpace(more + " " + rest)
	}
	for rest != "" {
		word, more, _ := strings.Cut(rest, " ")
		switch strings.ToLower(word) {
		case "from", "on", "starting", "beginning":
			if day, left, derr := dateFirst(more, today, future); derr == nil && from == 0 {
				from, rest = day, left
				continue
			}
		case "to", "until", "till", "through", "thru", "-", "–":
			if day, left, derr := dateFirst(more, max(from, today), future); derr == nil && to == 0 {
				to, rest = day, left
				continue
			}
		default:
			if day, left, derr := dateFirst(rest, today, future); derr == nil && from == 0 {
				from, rest = day, left
				continue
			}
		}
		return 0, 0, invalid("words", "I do not keep reasons, so nothing was saved. Say only who and when: /rounds leave @name 11/2 to:12/18.")
	}
	if from == 0 {
		from = today
	}
	if to == 0 {
		if typedFrom == "" {
			return 0, 0, invalid("to", "Until when? Add to: with the last day away, as in to:fri.")
		}
		to = from
	}
	switch {
	case to < from:
		return 0, 0, invalid("to", "%s is before %s.", cards.Date(to, today), cards.Date(from, today))
	case to-from > mostLeave:
		return 0, 0, invalid("to", "That is more than a year.")
	case from < today-mostLeaveBack:
		return 0, 0, invalid("from", "%s is more than %d days back. Please have it put into the district's file.", cards.Date(from, today), mostLeaveBack)
	}
	return from, to, nil
}

func leaveOf(v *school.Viewer, p *school.Person, from, to school.Day) cards.LeaveSet {
	s := cards.LeaveSet{Name: p.Name, From: from, To: to, Today: v.Today(), Days: v.Model().Calendar(p.Now().Campus).SchoolDays(from, to)}
	if p.ID == v.ID() {
		s.Name = "You"
	}
	return s
}

// leaveSaid answers with a word on somebody's leave, which is a look at it.
func (d *Desk) leaveSaid(ctx context.Context, c bot.Call, who school.PersonID, said string) (bot.Answer, error) {
	err := d.as(ctx, c, func(v *school.Viewer) error { v.LeavesOf(who); return nil })
	return bot.Whisper{Card: bot.PrivateCard(bot.Text{Text: said})}, err
}

// leaveTargets says where somebody's targets stand, for those who may see it. It is a look at their leave too.
func leaveTargets(v *school.Viewer, who school.PersonID) []cards.Duty {
	var out []cards.Duty
	v.LeavesOf(who)
	duties, _ := v.DutiesOf(who)
	for _, x := range duties {
		status := string(x.Status)
		if x.Required > 0 || x.Done > 0 {
			status += fmt.Sprintf(", %d of %d", x.Done, x.Required)
		}
		out = append(out, cards.Duty{Name: x.Target.Name, Status: status})
	}
	return out
}

// back ends a leave: today, or on the first day back.
func (d *Desk) back(ctx context.Context, c bot.Call) (bot.Answer, error) {
	var set cards.LeaveSet
	var who school.PersonID
	none, gone := "", false
	_, err := d.decide(ctx, c, func(v *school.Viewer) (school.Entry, error) {
		p, rest, err := leaveWho(v, c)
		if err != nil {
			return school.Entry{}, err
		}
		day := v.Today()
		if typed := strings.TrimSpace(c.Args.Get("from") + " " + rest); typed != "" {
			var more string
			if day, more, err = dateFirst(typed, v.Today(), future); err != nil {
				return school.Entry{}, invalid("from", "%v.", err)
			}
			if more != "" {
				return school.Entry{}, invalid("words", "I do not keep reasons, so nothing was saved. Say only who and when: /rounds back @name mon.")
			}
		}
		if day < v.Today()-mostLeaveBack {
			return school.Entry{}, invalid("from", "%s is more than %d days back. Please have it put into the district's file.", cards.Date(day, v.Today()), mostLeaveBack)
		}
		e := entry(c)
		who, none, gone = p.ID, "", false
		set = leaveOf(v, p, day, day)
		leaves := slices.Clone(v.LeavesOf(p.ID))
		slices.SortFunc(leaves, func(a, b school.LeaveSet) int { return int(a.From - b.From) })
		for _, l := range leaves {
			if l.From <= day && day <= l.To {
				e.Facts = append(e.Facts, school.LeaveSet{Person: p.ID, From: l.From, To: day - 1})
				if l.From == day { // it never began
					set.From, set.To, gone = l.From, l.To, true
				}
			}
		}
		if len(e.Facts) > 0 {
			return e, nil
		}
		none = p.Name + " is not on leave"
		if p.ID == v.ID() {
			none = "You are not on leave"
		}
		none += " " + cards.When(day, v.Today()) + ". Nothing was changed."
		for _, l := range leaves {
			if l.From > day {
				none += fmt.Sprintf(" A leave is on record from %s to %s; to take it back, give its first day: /rounds back @name %s.", cards.Date(l.From, v.Today()), cards.Date(l.To, v.Today()), l.From)
				break
			}
		}
		return e, nil
	})
	switch {
	case err != nil:
		return nil, leaveTyped(c, err)
	case none != "":
		return d.leaveSaid(ctx, c, who, none)
	}
	if err := d.as(ctx, c, func(v *school.Viewer) error { set.Targets = leaveTargets(v, who); return nil }); err != nil {
		return nil, err
	}
	return bot.Whisper{Card: cards.Back(set, gone)}, nil
}

// leaveTakeBack is the button of a receipt: the leave of that event never was.
func (d *Desk) leaveTakeBack(ctx context.Context, c bot.Call) (bot.Answer, error) {
	var n int64
	if _, err := fmt.Sscanf(c.Press.Subject, "l%d", &n); err != nil {
		return nil, &bot.Error{Code: bot.NotFound, Sentence: "I no longer know what that button meant. Type /rounds back with the name."}
	}
	var set cards.LeaveSet
	var who school.PersonID
	none := false
	_, err := d.decide(ctx, c, func(v *school.Viewer) (school.Entry, error) {
		l, ok := v.LeaveBy(n)
		if none = !ok; none {
			return school.Entry{}, nil
		}
		p, _ := v.Model().Person(l.Person)
		if rel := v.Relation(l.Person); rel != school.RunsCampus && rel != school.Supervises && (rel != school.Self || !v.Role().Leader()) {
			return school.Entry{}, forbidden("That leave is not yours to change any more.")
		}
		who, set = l.Person, leaveOf(v, p, l.From, l.To)
		return entry(c, school.LeaveSet{Person: l.Person, From: l.From, To: l.From - 1}), nil
	})
	switch {
	case err != nil:
		return nil, err
	case none:
		return bot.Whisper{Card: bot.PrivateCard(bot.Text{Text: "That leave is not on record any more. Nothing was changed."})}, nil
	}
	if err := d.as(ctx, c, func(v *school.Viewer) error { set.Targets = leaveTargets(v, who); return nil }); err != nil {
		return nil, err
	}
	return instead(c, cards.Back(set, true)), nil
}
