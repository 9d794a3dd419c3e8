package handlers

import (
	"context"
	"fmt"
	"strings"

	"rounds/bot"
	"rounds/cards"
	"rounds/school"
)

// plcTeam shows who a team is, when it meets and what it follows.
func (d *Desk) plcTeam(ctx context.Context, c bot.Call) (bot.Answer, error) {
	var card bot.Private
	err := d.as(ctx, c, func(v *school.Viewer) error {
		t, err := plcFind(v, c.Room, c.Args.Get("team"))
		if err != nil {
			return err
		}
		if err := plcSees(v, t); err != nil {
			return err
		}
		card = cards.Team(teamPage(v, t))
		return nil
	})
	if err != nil {
		return nil, err
	}
	return bot.Whisper{Card: card}, nil
}

func teamPage(v *school.Viewer, t *school.Team) cards.TeamPage {
	m := v.Model()
	zone := m.CampusZone(t.Campus)
	today := school.DayOf(v.Now(), zone)
	abbr, _ := v.Now().In(zone).Zone()
	every := "every week"
	if t.Every > 1 {
		every = fmt.Sprintf("every %d weeks", t.Every)
	}
	page := cards.TeamPage{
		Name: t.Name, Campus: m.CampusName(t.Campus), Minutes: t.Minutes, Protocol: protocolOf(t), Posted: t.Room != "",
		Frequency: fmt.Sprintf("%ss at %s %s, %s, on days with school", weekdayName(t.Weekday), t.Time.Kitchen(), abbr, every),
		Changes:   plcChanges(v, t) == nil, Next: "none: no school days are left", Subject: cards.AgendaSubject(t.ID, v.Today()),
	}
	for _, id := range cards.TeamMembers(t) {
		p, ok := m.Person(id)
		if !ok || p.Now().Gone {
			continue
		}
		if id == t.Lead {
			page.Members = append(page.Members, p.Name+" (lead)")
		} else {
			page.Members = append(page.Members, p.Name)
		}
	}
	if next, ok := plcNext(v, t); ok {
		page.Next, page.Subject = next.Short(), cards.AgendaSubject(t.ID, next)
	}
	for _, d := range m.Slots(t, m.Calendar(t.Campus).First, today) {
		mk := m.Meeting(t.ID, d)
		switch {
		case mk != nil && mk.Held:
			page.Held++
			page.Of++
		case mk != nil && mk.Skipped:
		case d < today: // today's may still be to come
			page.Of++
		}
	}
	return page
}

func weekdayName(w int) string {
	return [...]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"}[((w%7)+7)%7]
}

// plcProtocol lists the protocols, or sets the one that is named.
func (d *Desk) plcProtocol(ctx context.Context, c bot.Call) (bot.Answer, error) {
	name := ""
	var list *bot.Private
	var team school.TeamID
	var chosen cards.Protocol
	err := d.as(ctx, c, func(v *school.Viewer) error {
		typed, rest := teamFirst(v, c.Args.Get("team"))
		t, err := plcFind(v, c.Room, typed)
		if err != nil {
			return err
		}
		team = t.ID
		if name = strings.TrimSpace(c.Args.Get("name") + " " + rest); name == "" {
			if err := plcSees(v, t); err != nil {
				return err
			}
			var press func(cards.Protocol) bot.Press
			if plcChanges(v, t) == nil {
				id := t.ID
				press = func(p cards.Protocol) bot.Press {
					// The letter stands where an agenda's button has the day.
					return bot.Press{Action: "plc.protocol", Subject: cards.AgendaSubject(id, school.Day(p.Letter[0]))}
				}
			}
			card := cards.ProtocolList(t.Name, protocols(), t.Protocol, press)
			list = &card
			return nil
		}
		if err := plcChanges(v, t); err != nil {
			return err
		}
		chosen, err = findProtocol(name)
		return err
	})
	switch {
	case err != nil:
		return nil, err
	case list != nil:
		return bot.Whisper{Card: *list}, nil
	}
	card, err := d.setProtocol(ctx, c, team, chosen)
	if err != nil {
		return nil, err
	}
	return bot.Whisper{Card: card}, nil
}

// plcChoose is the button [Use this] of the list.
func (d *Desk) plcChoose(ctx context.Context, c bot.Call) (bot.Answer, error) {
	var team school.TeamID
	var chosen cards.Protocol
	err := d.as(ctx, c, func(v *school.Viewer) error {
		t, letter, err := plcPressed(v, c.Press.Subject)
		if err != nil {
			return err
		}
		team = t.ID
		chosen, err = findProtocol(string(rune(letter)))
		return err
	})
	if err != nil {
		return nil, err
	}
	card, err := d.setProtocol(ctx, c, team, chosen)
	if err != nil {
		return nil, err
	}
	return bot.UpdatePrivate(card), nil
}

func (d *Desk) setProtocol(ctx context.Context, c bot.Call, team school.TeamID, p cards.Protocol) (card bot.Private, err error) {
	if _, err := d.record(ctx, c, entry(c, school.ProtocolChosen{Team: team, Protocol: p.ID})); err != nil {
		return card, err
	}
	d.refreshAgendas(ctx, c, team, "")
	err = d.as(ctx, c, func(v *school.Viewer) error {
		t, ok := v.Model().Team(team)
		if !ok {
			return &bot.Error{Code: bot.NotFound, Sentence: "That team is no longer on the list."}
		}
		said := fmt.Sprintf("%s uses %s from its next meeting on.", t.Name, p.Name)
		if t.Minutes > 0 && t.Minutes != p.Minutes {
			said += fmt.Sprintf(" It takes %d minutes and your meeting %d: agree what to shorten.", p.Minutes, t.Minutes)
			if t.Minutes > p.Minutes {
				said = fmt.Sprintf("%s uses %s from its next meeting on. It takes %d of your %d minutes.", t.Name, p.Name, p.Minutes, t.Minutes)
			}
		}
		slot, ok := plcNext(v, t)
		if !ok {
			slot = v.Today()
		}
		card = cards.ProtocolPage(said, p, cards.AgendaSubject(t.ID, slot))
		return nil
	})
	return card, err
}

// findProtocol finds a protocol by its letter, its id, its name, words of its name, or nearly its name.
func findProtocol(typed string) (cards.Protocol, error) {
	q := school.Fold(typed)
	var names, part []string
	byName := map[string]cards.Protocol{}
	for _, p := range protocols() {
		if strings.EqualFold(p.Letter, strings.TrimSpace(typed)) || p.ID == typed || school.Fold(p.Name) == q {
			return p, nil
		}
		byName[p.Name] = p
		names = append(names, p.Name)
		if strings.Contains(school.Fold(p.Name), q) || initials(p.Name) == q {
			part = append(part, p.Name)
		}
	}
	if len(part) == 1 {
		return byName[part[0]], nil
	}
	if len(part) > 1 {
		return cards.Protocol{}, &bot.Error{Code: bot.Ambiguous, Field: "name", Sentence: "Several protocols match “" + short(typed) + "”: " + strings.Join(part, ", ") + ". Type more of the name."}
	}
	if n, ok := bot.Nearest(typed, names); ok {
		return byName[n], nil
	}
	// One word of a name, nearly: "internalisation", "reflexion".
	for _, n := range names {
		if _, ok := bot.Nearest(q, strings.Fields(school.Fold(n))); ok {
			part = append(part, n)
		}
	}
	switch {
	case len(part) == 1:
		return byName[part[0]], nil
	case len(part) > 1:
		return cards.Protocol{}, &bot.Error{Code: bot.Ambiguous, Field: "name", Sentence: "Several protocols match “" + short(typed) + "”: " + strings.Join(part, ", ") + ". Type more of the name."}
	}
	return cards.Protocol{}, &bot.Error{Code: bot.NotFound, Field: "name", Sentence: "I have no protocol called “" + short(typed) + "”. There are: " + strings.Join(names, ", ") + "."}
}

// initials are how people call a long name: "swa", "wdm", "ilt".
func initials(name string) string {
	var out strings.Builder
	for w := range strings.FieldsSeq(school.Fold(name)) {
		out.WriteString(w[:1])
	}
	return out.String()
}
