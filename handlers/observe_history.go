package handlers

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"

	"rounds/bot"
	"rounds/cards"
	"rounds/school"
)

// A history shows its first visits with their texts; all of it, a page at a time, without.
const (
	historyShort = 6
	historyPage  = 20
)

// historyAsk is what somebody wants to see of whose visits.
type historyAsk struct {
	who      school.PersonID // or team; neither is the caller
	team     string          // as teamRef has it
	from, to school.Day      // 0 is no bound
	focus    string          // the code of a focus area, or ""
	all      bool
	page     int
}

// subject is the ask as a button carries it: "pabc;1;g0a;g1b;3f2c".
func (a historyAsk) subject() string {
	ref := string(a.who)
	if a.team != "" {
		ref = a.team
	}
	day := func(d school.Day) string {
		if d == 0 {
			return ""
		}
		return strconv.FormatInt(int64(d), 36)
	}
	return strings.Join([]string{ref, strconv.Itoa(a.page), day(a.from), day(a.to), a.focus}, ";")
}

func parseHistory(subject string) (historyAsk, error) {
	f := append(strings.Split(subject, ";"), "", "", "", "")
	a := historyAsk{who: school.PersonID(f[0]), focus: f[4], all: subject != ""}
	if strings.Contains(f[0], ":") {
		a.who, a.team = "", f[0]
	}
	var err error
	number := func(s string, base int) int64 {
		n, e := strconv.ParseInt(s, base, 32)
		if s != "" && (e != nil || n < 0) {
			err = &bot.Error{Code: bot.Invalid, Sentence: "I cannot tell what that button is about. Type /observe history and a name."}
		}
		return n
	}
	a.page, a.from, a.to = int(number(f[1], 10)), school.Day(number(f[2], 36)), school.Day(number(f[3], 36))
	return a, err
}

// focusCode stands for a focus area on a button, where its key may be too long.
func focusCode(key string) string {
	h := sha256.Sum256([]byte(key))
	return hex.EncodeToString(h[:2])
}

// observeHistory shows the visits to one person or team; without a name, those to the caller.
func (d *Desk) observeHistory(ctx context.Context, c bot.Call) (bot.Answer, error) {
	var a historyAsk
	err := d.as(ctx, c, func(v *school.Viewer) error {
		var err error
		a, err = readAsk(v, c.Args)
		return err
	})
	if err != nil {
		return nil, err
	}
	return d.showHistory(ctx, c, a)
}

// readAsk reads what was typed.
func readAsk(v *school.Viewer, args bot.Args) (historyAsk, error) {
	var a historyAsk
	m := v.Model()
	name, team := args.Get("teacher"), args.Get("team")
	if name != "" && team == "" {
		p, err := person(v, name, "teacher", func(id school.PersonID) bot.Press {
			return bot.Press{Action: "observe.hist1", Subject: string(id)}
		})
		if err != nil {
			if found := m.FindTeams(name, v.Stint().Campus); len(found) == 0 || bot.ErrorCode(err) != bot.NotFound {
				return a, err
			}
			team = name // nobody is called so, but a team is
		} else {
			a.who = p.ID
		}
	}
	if team != "" {
		found := m.FindTeams(strings.TrimPrefix(team, "@"), v.Stint().Campus)
		switch {
		case a.who != "" || name != "" && name != team:
			return a, invalid("team", "A history is of a person or of a team; ask for one of them.")
		case len(found) == 0:
			return a, &bot.Error{Code: bot.NotFound, Field: "team", Sentence: fmt.Sprintf("I know no team called “%s”.", short(team))}
		case len(found) > 1:
			var names []string
			for _, t := range found[:min(5, len(found))] {
				names = append(names, t.Name)
			}
			return a, invalid("team", "Several teams match “%s”: %s. Type more of the name.", short(team), strings.Join(names, ", "))
		}
		a.team = historyTeam(found[0].ID)
	}
	var err error
	if a.from, err = readEdge(v, args.Get("from"), "from"); err != nil {
		return a, err
	}
	if a.to, err = readEdge(v, args.Get("to"), "to"); err != nil {
		return a, err
	}
	if a.from != 0 && a.to != 0 && a.to < a.from {
		return a, invalid("to", "%s is before %s.", longDay(a.to), longDay(a.from))
	}
	if typed := args.Get("focus"); typed != "" {
		key, err := anyFocus(m, typed)
		if err != nil {
			return a, err
		}
		a.focus = focusCode(key)
	}
	if a.who == "" && a.team == "" && v.Role().Leader() {
		if list, _ := v.Visits(v.ID()); len(list) == 0 {
			return a, invalid("teacher", "Whose visits? Type a name: /observe history @Okafor.")
		}
	}
	return a, nil
}

// historyTeam names a team shortly enough to leave room for the rest of the ask.
func historyTeam(id school.TeamID) string {
	if len(id) > 12 {
		h := sha256.Sum256([]byte(id))
		return "h:" + hex.EncodeToString(h[:6])
	}
	return "t:" + string(id)
}

func readEdge(v *school.Viewer, typed, field string) (school.Day, error) {
	if typed == "" {
		return 0, nil
	}
	d, err := parseDate(typed, v.Today(), past)
	if err != nil {
		return 0, invalid(field, "%v.", err)
	}
	return d, nil
}

// anyFocus finds a focus area that visits may be about, also one that left the list.
func anyFocus(m *school.Model, typed string) (string, error) {
	for _, f := range m.PastFocus() {
		if q := school.Fold(typed); q == school.Fold(f.Key) || q == school.Fold(f.Name) {
			return f.Key, nil
		}
	}
	f, err := findFocus(m, typed, func(string) bot.Press { return bot.Press{Action: strings.Repeat("x", bot.MaxPress+1)} })
	return f.Key, err
}

// observeHist shows all of it, a page at a time: the buttons under a history.
func (d *Desk) observeHist(ctx context.Context, c bot.Call) (bot.Answer, error) {
	a, err := parseHistory(c.Press.Subject)
	if err != nil {
		return nil, err
	}
	return d.showHistory(ctx, c, a)
}

// observeHistOne shows the history of the one who was meant.
func (d *Desk) observeHistOne(ctx context.Context, c bot.Call) (bot.Answer, error) {
	return d.showHistory(ctx, c, historyAsk{who: school.PersonID(c.Press.Subject)})
}

func (d *Desk) showHistory(ctx context.Context, c bot.Call, a historyAsk) (bot.Answer, error) {
	var h cards.History
	var keys []map[string]string // of each visit, and of each of its earlier versions after it
	err := d.as(ctx, c, func(v *school.Viewer) error {
		var err error
		h, keys, err = readHistory(v, a)
		return err
	})
	if err != nil {
		return nil, err
	}
	if a.all {
		return instead(c, cards.VisitList(h)), nil
	}
	texts, err := d.allWords(ctx, c, keys)
	if err != nil {
		return nil, err
	}
	fill := func(p *cards.Past) {
		p.Glow, p.Grow, p.Evidence, p.Note = texts[0]["glow"], texts[0]["grow"], texts[0]["evidence"], texts[0]["note"]
		texts = texts[1:]
	}
	for i := range h.Visits {
		fill(&h.Visits[i])
		for j := range h.Visits[i].Earlier {
			fill(&h.Visits[i].Earlier[j])
		}
	}
	return instead(c, cards.VisitHistory(h)), nil
}

// readHistory reads the visits to somebody through the caller's eyes, and the keys of the texts of each that they may read.
func readHistory(v *school.Viewer, a historyAsk) (cards.History, []map[string]string, error) {
	h, visits, err := visitsOf(v, &a)
	if err != nil {
		return h, nil, err
	}
	visits = a.filter(v.Model(), visits, &h)
	sort.SliceStable(visits, func(i, j int) bool { return visits[i].On > visits[j].On }) // some were logged later than others
	h.All = len(visits)
	more := a
	more.page = 0
	h.More = more.subject()
	from, to := 0, min(historyShort, len(visits))
	if a.all {
		from = min(a.page*historyPage, len(visits))
		to = min(from+historyPage, len(visits))
		h.First = from
		if next := a; to < len(visits) {
			next.page++
			h.Older = next.subject()
		}
		if last := a; from > 0 {
			last.page--
			h.Newer = last.subject()
		}
	}
	var keys []map[string]string
	for _, x := range visits[from:to] {
		past, k := pastOf(v, x)
		if !a.all {
			keys = append(keys, k)
			keys = append(keys, earlierOf(v, x, &past)...)
		}
		h.Visits = append(h.Visits, past)
		if x.Withheld && h.Withheld == "" {
			h.Withheld = withheldWhy(v, a.who)
		}
	}
	return h, keys, nil
}

// visitsOf are the visits that the caller may see, and the head of their history. It settles whose they are.
func visitsOf(v *school.Viewer, a *historyAsk) (cards.History, []school.VisitSeen, error) {
	m := v.Model()
	if a.team != "" {
		for _, t := range m.Teams() {
			if teamRef(t.ID) != a.team && historyTeam(t.ID) != a.team {
				continue
			}
			visits, ok := v.TeamVisits(t.ID)
			if !ok {
				break
			}
			h := cards.History{Name: t.Name, Ref: teamRef(t.ID), Today: v.Today(), MayLog: true}
			if d, ok := v.TeamDuties(t.ID); ok && len(d) > 0 {
				h.Status = due(v, d[0]).Line(v.Today())
			}
			return h, visits, nil
		}
		return cards.History{}, nil, forbidden("That team is not at a campus you lead at, so the visits to it are not yours to see.")
	}
	if a.who == "" {
		a.who = v.ID()
	}
	p, known := m.Person(a.who)
	visits, ok := v.Visits(a.who)
	if !known || !ok {
		name := "That person"
		if known {
			name = p.Name
		}
		return cards.History{}, nil, forbidden("%s is not somebody you serve, so their visits are not yours to see.", name)
	}
	h := cards.History{Name: p.Name, Ref: string(a.who), Own: a.who == v.ID(), Today: v.Today(), MayLog: v.MayLog(a.who)}
	if !h.Own {
		h.OnlyMine = v.Relation(a.who) == school.Colleague
		if s := p.On(v.Today()).Schedule; s != school.NoSchedule && !h.OnlyMine {
			h.Schedule = s.Words()
		}
		if duties, ok := v.DutiesOf(a.who); ok && len(duties) > 0 {
			// Beside the schedule stands how it is kept, not the formal observation of the year.
			i := max(0, slices.IndexFunc(duties, func(x school.Duty) bool { return x.Target.Weeks > 0 }))
			h.Status = due(v, duties[i]).Line(v.Today())
		}
	}
	return h, visits, nil
}

// filter leaves out what was not asked for, and says in the head what was.
func (a historyAsk) filter(m *school.Model, visits []school.VisitSeen, h *cards.History) []school.VisitSeen {
	var words []string
	switch {
	case a.from != 0 && a.to != 0:
		words = append(words, cards.Date(a.from, h.Today)+" to "+cards.Date(a.to, h.Today))
	case a.from != 0:
		words = append(words, "since "+cards.Date(a.from, h.Today))
	case a.to != 0:
		words = append(words, "until "+cards.Date(a.to, h.Today))
	}
	if a.focus != "" {
		for _, f := range append(m.Focus(), m.PastFocus()...) {
			if focusCode(f.Key) == a.focus {
				words = append(words, f.Name)
			}
		}
	}
	h.Filter = strings.Join(words, " · ")
	return slices.DeleteFunc(visits, func(x school.VisitSeen) bool {
		about := a.focus == "" || slices.ContainsFunc(x.Focus, func(k string) bool { return focusCode(k) == a.focus })
		return a.from != 0 && x.On < a.from || a.to != 0 && x.On > a.to || !about
	})
}
