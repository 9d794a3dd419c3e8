package handlers

import (
	"context"
	"fmt"
	"slices"
	"sort"

	"rounds/bot"
	"rounds/cards"
	"rounds/school"
)

// historyShort is how many visits a history shows with their texts.
const historyShort = 6

// observeHistory shows the visits to one person; without a name, those to the caller.
func (d *Desk) observeHistory(ctx context.Context, c bot.Call) (bot.Answer, error) {
	var who school.PersonID
	err := d.as(ctx, c, func(v *school.Viewer) error {
		if t := c.Args.Get("teacher"); t != "" {
			p, err := person(v, t, "teacher", func(id school.PersonID) bot.Press {
				return bot.Press{Action: "observe.hist1", Subject: string(id)}
			})
			if err != nil {
				return err
			}
			who = p.ID
			return nil
		}
		if v.Role().Leader() {
			if list, _ := v.Visits(v.ID()); len(list) == 0 {
				return invalid("teacher", "Whose visits? Type a name: /observe history @Okafor.")
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return d.showHistory(ctx, c, who, false)
}

// observeHist shows all of it: the button under a history. The subject is a person, or "" for the caller.
func (d *Desk) observeHist(ctx context.Context, c bot.Call) (bot.Answer, error) {
	return d.showHistory(ctx, c, school.PersonID(c.Press.Subject), c.Press.Subject != "")
}

// observeHistOne shows the history of the one who was meant.
func (d *Desk) observeHistOne(ctx context.Context, c bot.Call) (bot.Answer, error) {
	return d.showHistory(ctx, c, school.PersonID(c.Press.Subject), false)
}

func (d *Desk) showHistory(ctx context.Context, c bot.Call, who school.PersonID, all bool) (bot.Answer, error) {
	var h cards.History
	var keys []map[string]string
	err := d.as(ctx, c, func(v *school.Viewer) error {
		var err error
		h, keys, err = readHistory(v, who, all)
		return err
	})
	if err != nil {
		return nil, err
	}
	if all {
		return instead(c, cards.VisitList(h)), nil
	}
	texts, err := d.allWords(ctx, c, keys)
	if err != nil {
		return nil, err
	}
	for i, t := range texts {
		h.Visits[i].Glow, h.Visits[i].Grow, h.Visits[i].Note = t["glow"], t["grow"], t["note"]
	}
	return instead(c, cards.VisitHistory(h)), nil
}

// readHistory reads the visits to somebody through the caller's eyes, and the keys of the texts of each that they may read.
func readHistory(v *school.Viewer, who school.PersonID, all bool) (cards.History, []map[string]string, error) {
	m := v.Model()
	if who == "" {
		who = v.ID()
	}
	p, known := m.Person(who)
	visits, ok := v.Visits(who)
	if !known || !ok {
		name := "That person"
		if known {
			name = p.Name
		}
		return cards.History{}, nil, forbidden("%s is not somebody you serve, so their visits are not yours to see.", name)
	}
	h := cards.History{Name: p.Name, Ref: string(who), Own: who == v.ID(), Today: v.Today(), MayLog: v.MayLog(who)}
	if h.Own {
		h.Ref = string(v.ID())
	} else {
		h.OnlyMine = v.Relation(who) == school.Colleague
		if s := p.On(v.Today()).Schedule; s != school.NoSchedule && !h.OnlyMine {
			h.Schedule = s.Words()
		}
		if duties, ok := v.DutiesOf(who); ok && len(duties) > 0 {
			// Beside the schedule stands how it is kept, not the formal observation of the year.
			i := max(0, slices.IndexFunc(duties, func(x school.Duty) bool { return x.Target.Weeks > 0 }))
			h.Status = due(v, duties[i]).Line(v.Today())
		}
	}
	sort.SliceStable(visits, func(i, j int) bool { return visits[i].On > visits[j].On }) // some were logged later than others
	var keys []map[string]string
	for _, x := range visits {
		if x.Void {
			continue
		}
		h.All++
		if !all && len(h.Visits) == historyShort {
			continue
		}
		past, k := pastOf(v, x)
		h.Visits = append(h.Visits, past)
		keys = append(keys, k)
		if x.Withheld && h.Withheld == "" {
			h.Withheld = withheldWhy(v, who)
		}
	}
	return h, keys, nil
}

func pastOf(v *school.Viewer, x school.VisitSeen) (cards.Past, map[string]string) {
	m := v.Model()
	p := cards.Past{On: x.On, Kind: x.Kind, Minutes: x.Minutes, By: m.Name(x.Observer)}
	if o, ok := m.Person(x.Observer); ok {
		p.Appraiser = o.On(x.On).Role.Administers()
	}
	given := !x.Shared.IsZero() && !x.Shared.After(v.Now())
	if x.Mine {
		p.By = "you"
		switch {
		case x.Opened:
			p.State = "opened"
		case given:
			p.State = "shared"
		case len(x.Texts) > 0:
			p.State = "not shared"
		}
		if x.Debrief != 0 {
			if p.State != "" {
				p.State += ", "
			}
			p.State += "debriefed"
		}
	}
	for _, k := range x.Focus {
		p.Focus = append(p.Focus, m.FocusName(k))
	}
	if len(x.Texts) > 0 {
		p.Ref = fmt.Sprintf("v%d", x.N)
	}
	return p, x.Texts
}

// withheldWhy says in one sentence why some texts are not the caller's to read.
func withheldWhy(v *school.Viewer, who school.PersonID) string {
	switch {
	case who == v.ID():
		return ""
	case v.Role() == school.AP || v.Role() == school.Principal:
		return "Notes by coaches stay between coach and teacher in your district, so they are not shown."
	case v.Role() == school.Supervisor:
		return "You see your own notes; what others wrote is theirs."
	}
	return "Notes by administrators, and notes that were not shared with the teacher, are not shown."
}

// observeNote shows one note to its teacher, once it was shared, or to its author; the first reading by the teacher is a
// fact of its own.
func (d *Desk) observeNote(ctx context.Context, c bot.Call) (bot.Answer, error) {
	s, err := parseSpan(c.Press.Subject)
	if err != nil {
		return nil, err
	}
	var n cards.Note
	var keys map[string]string
	open := false
	err = d.as(ctx, c, func(v *school.Viewer) error {
		x, ok := v.Visit(s.first)
		if !ok {
			return forbidden("That note is not for you to read, or it was not written to you.")
		}
		n, keys, err = readNote(v, x)
		open = err == nil && x.Subject == v.ID() && !x.Opened
		return err
	})
	if err != nil {
		return nil, err
	}
	if open {
		e := entry(c, school.VisitOpened{Visit: s.first})
		e.Command = fmt.Sprintf("opened:%s:v%d", c.Person, s.first) // opened once, however often it is read
		if _, err := d.record(ctx, c, e); err != nil {
			return nil, err
		}
	}
	t, err := d.words(ctx, c, keys)
	if err != nil {
		return nil, err
	}
	n.Glow, n.Grow, n.Note, n.Step = t["glow"], t["grow"], t["note"], t["step"]
	return bot.Whisper{Card: cards.VisitNote(n)}, nil
}

func readNote(v *school.Viewer, x school.VisitSeen) (cards.Note, map[string]string, error) {
	m := v.Model()
	own := x.Subject == v.ID()
	n := cards.Note{From: m.Name(x.Observer), Kind: x.Kind, Minutes: x.Minutes, On: x.On, Today: v.Today()}
	if o, ok := m.Person(x.Observer); ok {
		n.Appraiser = o.On(x.On).Role.Administers()
	}
	switch {
	case x.Void:
		return n, nil, &bot.Error{Code: bot.NotFound, Sentence: n.From + " took that visit back, so there is nothing to read any more."}
	case own && (x.Shared.IsZero() || x.Shared.After(v.Now())):
		return n, nil, forbidden("That note was not shared with you yet.")
	}
	if !own {
		n.To = m.Name(x.Subject)
		if x.Team != "" {
			if t, ok := m.Team(x.Team); ok {
				n.To = t.Name
			}
		}
		if x.Withheld {
			n.Withheld = withheldWhy(v, x.Subject)
		}
	}
	for _, k := range x.Focus {
		n.Focus = append(n.Focus, m.FocusName(k))
	}
	keys := map[string]string{"glow": x.Texts["glow"], "grow": x.Texts["grow"], "note": x.Texts["note"]}
	steps, _ := v.StepsOf(x.Subject, false)
	for _, st := range steps {
		if st.Visit == x.N && st.Text != "" {
			keys["step"], n.By = st.Text, st.By
			if own && st.State.Open() {
				n.StepRef = fmt.Sprintf("s%d", st.N)
				if st.Answered == v.Today() {
					n.Answer = st.Answer
				}
			}
		}
	}
	return n, keys, nil
}
