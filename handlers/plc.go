package handlers

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"unicode/utf8"

	"rounds/bot"
	"rounds/cards"
	"rounds/school"
	"rounds/seeds"
)

func init() {
	team := bot.Option{Name: "team", Help: "the PLC team; yours if you have one", Kind: bot.OptionTeam}
	bare := team
	bare.Bare = true
	register(command{
		name: "plc", order: 40, summary: "Agendas, commitments and minutes of PLC teams", who: "everyone",
		hint: "agenda · add … · commit @who … by:fri · minutes",
		subs: []sub{
			{name: "agenda", summary: "The agenda of the next meeting", example: "/plc agenda", options: []bot.Option{bare}, public: true, run: (*Desk).plcAgenda},
			{
				name: "add", summary: "Put something on the next agenda", example: "/plc add look at the exit tickets of unit 3", opens: true, run: (*Desk).plcAdd,
				options: []bot.Option{{Name: "item", Help: "what to talk about; no names, no students", Kind: bot.OptionText, Bare: true}, team},
			},
			{
				name: "protocol", summary: "Which protocol the team uses", example: "/plc protocol student work analysis", run: (*Desk).plcProtocol,
				options: []bot.Option{{Name: "name", Help: "a protocol by its name or letter", Kind: bot.OptionText, Bare: true}, team},
			},
			{name: "minutes", summary: "Say what was decided; the meeting then counts as held", example: "/plc minutes", opens: true, options: []bot.Option{bare, {Name: "on", Help: "the day of the meeting", Kind: bot.OptionDate}}, run: (*Desk).plcMinutes},
			{
				name: "commit", summary: "Say who does what by when", example: "/plc commit @Okafor bring three samples by:fri", opens: true, run: (*Desk).plcCommit,
				options: []bot.Option{
					{Name: "who", Help: "who does it; you, if you name nobody", Kind: bot.OptionPerson, Bare: true},
					{Name: "what", Help: "what they do; no student names", Kind: bot.OptionText, Bare: true},
					{Name: "by", Help: "until when; the next meeting, if you say nothing", Kind: bot.OptionDate},
					team,
				},
			},
			{name: "met", summary: "The commitments still open, with a button for each", example: "/plc met", options: []bot.Option{bare}, run: (*Desk).plcMet},
			{
				name: "skip", summary: "Say that the next meeting does not take place", example: "/plc skip assembly in the gym", opens: true, run: (*Desk).plcSkip,
				options: []bot.Option{{Name: "reason", Help: "why, without names", Kind: bot.OptionText, Bare: true}, team},
			},
			{name: "team", summary: "Who is in a team, when it meets, what it follows", example: "/plc team", options: []bot.Option{bare}, run: (*Desk).plcTeam},
		},
		on: map[string]action{
			"agenda":   {run: (*Desk).plcShow},
			"add":      {opens: true, run: (*Desk).plcAddForm},
			"added":    {run: (*Desk).plcAdded},
			"commit":   {opens: true, run: (*Desk).plcCommitForm},
			"commits":  {run: (*Desk).plcCommitted},
			"skip":     {opens: true, run: (*Desk).plcSkipForm},
			"skipped":  {run: (*Desk).plcSkipped},
			"minutes":  {opens: true, run: (*Desk).plcMinutesForm},
			"held":     {run: (*Desk).plcHeld},
			"met":      {run: (*Desk).plcTick},
			"tick":     {run: (*Desk).plcTickList},
			"drop":     {run: (*Desk).plcDrop},
			"protocol": {run: (*Desk).plcChoose},
		},
		complete: (*Desk).plcComplete,
	})
}

// protocols are those that come with Rounds, in the shape that cards show.
var protocols = sync.OnceValue(func() []cards.Protocol {
	var out []cards.Protocol
	for _, p := range seeds.Protocols() {
		c := cards.Protocol{ID: p.ID, Letter: p.Letter, Name: p.Name, Minutes: p.Minutes, PreWork: p.PreWork, Note: p.Note}
		for _, s := range p.Steps {
			c.Steps = append(c.Steps, cards.ProtocolStep{Minutes: s.Minutes, Title: s.Title, Prompt: s.Prompt, Output: s.Output, Required: s.Required})
		}
		out = append(out, c)
	}
	return out
})

// protocolOf is a team's protocol, the zero one while none is set.
func protocolOf(t *school.Team) cards.Protocol {
	for _, p := range protocols() {
		if p.ID == t.Protocol {
			return p
		}
	}
	return cards.Protocol{}
}

// plcFind finds the team that is meant. Without a name it is the one whose room this is, else the caller's own; with
// several, the one that meets next; a leader without a team gets the one of their campus that meets next.
func plcFind(v *school.Viewer, in bot.Room, typed string) (*school.Team, error) {
	m := v.Model()
	if typed = strings.TrimSpace(typed); typed != "" {
		return plcNamed(v, typed)
	}
	for _, t := range m.Teams() {
		if t.Room == roomText(in) && plcSees(v, t) == nil {
			return t, nil
		}
	}
	mine := m.TeamsOf(v.ID())
	if len(mine) == 0 {
		for _, t := range m.Teams() {
			if plcSees(v, t) == nil {
				mine = append(mine, t)
			}
		}
	}
	if len(mine) == 0 {
		return nil, &bot.Error{Code: bot.NotFound, Field: "team", Sentence: "You are in no PLC team that I know. Name one: /plc agenda math. Whoever looks after the staff list can add you to yours."}
	}
	best, when := mine[0], school.Day(0)
	for _, t := range mine {
		if d, ok := plcNext(v, t); ok && (when == 0 || d < when || d == when && t.Time < best.Time) {
			best, when = t, d
		}
	}
	return best, nil
}

func plcNamed(v *school.Viewer, typed string) (*school.Team, error) {
	m := v.Model()
	if t, ok := cards.TeamByShort(m, typed); ok {
		return t, nil
	}
	near := v.Stint().Campus
	found := m.FindTeams(typed, near)
	if len(found) == 0 {
		var names []string
		for _, t := range m.Teams() {
			names = append(names, t.Name)
		}
		if n, ok := bot.Nearest(typed, names); ok {
			found = m.FindTeams(n, near)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return nil, &bot.Error{Code: bot.NotFound, Field: "team", Sentence: "I know no PLC team called “" + short(typed) + "”. " + plcTeamsHere(v)}
	}
	e := &bot.Error{Code: bot.Ambiguous, Field: "team", Sentence: "Several teams match “" + short(typed) + "”. Type more of the name, or open an agenda:"}
	for _, t := range found[:min(5, len(found))] {
		slot, ok := plcNext(v, t)
		if !ok {
			slot = v.Today()
		}
		e.Choices = append(e.Choices, bot.Button{Label: clipLabel(t.Name), Press: bot.Press{Action: "plc.agenda", Subject: cards.AgendaSubject(t.ID, slot)}})
	}
	return nil, e
}

// plcTeamsHere lists the teams that the caller could have meant.
func plcTeamsHere(v *school.Viewer) string {
	var names []string
	for _, t := range v.Model().Teams() {
		if t.Has(v.ID()) || v.Stint().At(t.Campus) {
			names = append(names, t.Name)
		}
	}
	switch {
	case len(names) == 0:
		return "Your campus has none yet."
	case len(names) > 8:
		names = append(names[:8], "and others")
	}
	return "Here there are: " + strings.Join(names, ", ") + "."
}

// plcSees tells whether somebody may read a team's agenda, with the names on it: its members, its lead, and
// those who lead at its campus.
func plcSees(v *school.Viewer, t *school.Team) error {
	// A principal supervisor sees numbers of teachers only, so no names on an agenda either.
	if t.Has(v.ID()) || v.Role().Leader() && v.Role() != school.Supervisor && v.Stint().At(t.Campus) {
		return nil
	}
	return forbidden("What %s plans and writes down is for its members and the leaders of %s.", t.Name, v.Model().CampusName(t.Campus))
}

// plcChanges tells whether somebody may change a team's things: its members and lead, and the coaches and
// administrators of its campus.
func plcChanges(v *school.Viewer, t *school.Team) error {
	if t.Has(v.ID()) {
		return nil
	}
	switch v.Role() {
	case school.Coach, school.AP, school.Principal:
		if v.Stint().At(t.Campus) {
			return nil
		}
	}
	return forbidden("Only the members of %s and the coaches and administrators of %s may change its things.", t.Name, v.Model().CampusName(t.Campus))
}

// plcNext is the team's next meeting: today's until it is over or was recorded.
func plcNext(v *school.Viewer, t *school.Team) (school.Day, bool) {
	m := v.Model()
	zone := m.CampusZone(t.Campus)
	from := school.DayOf(v.Now(), zone)
	if d, ok := m.NextSlot(t, from); ok && d == from {
		mk := m.Meeting(t.ID, d)
		over := d.At(t.Time+school.Clock(t.Minutes), zone).Before(v.Now())
		if over || mk != nil && mk.Held {
			return m.NextSlot(t, from+1)
		}
		return d, true
	}
	return m.NextSlot(t, from)
}

// plcLatest is the team's meeting that minutes would be about now: today's, or the last one.
func plcLatest(v *school.Viewer, t *school.Team) (school.Day, bool) {
	return v.Model().LastSlot(t, school.DayOf(v.Now(), v.Model().CampusZone(t.Campus))+1)
}

// plcSlot finds the meeting of a button.
func plcSlot(v *school.Viewer, subject string) (*school.Team, school.Day, error) {
	t, slot, ok := cards.ReadAgendaSubject(v.Model(), subject)
	if !ok {
		return nil, 0, &bot.Error{Code: bot.NotFound, Sentence: "That team is no longer on the list. Type /plc agenda to see yours."}
	}
	return t, slot, nil
}

// noMeeting says why there is no next meeting.
func noMeeting(v *school.Viewer, t *school.Team) error {
	cal := v.Model().Calendar(t.Campus)
	if cal.SchoolDays(v.Today(), cal.Last) == 0 {
		return &bot.Error{Code: bot.NotFound, Sentence: fmt.Sprintf("%s has no more meetings: the school year of %s is over, or its calendar is not set.", t.Name, v.Model().CampusName(t.Campus))}
	}
	return &bot.Error{Code: bot.NotFound, Sentence: fmt.Sprintf("%s has no meeting ahead on days with school.", t.Name)}
}

// plcWords checks words for a team: some, short enough, and naming nobody where others would read the name.
func plcWords(v *school.Viewer, field, words string, open bool) (string, error) {
	words = strings.Join(strings.Fields(words), " ")
	const most = 280
	switch n := utf8.RuneCountInString(words); {
	case n == 0:
		return "", invalid(field, "Please write what it is about.")
	case n > most:
		return "", invalid(field, "That is %d characters; keep it to %d, so that it stays one line of the agenda.", n, most)
	}
	if open && cards.OpenGuard(v.Model())(words) != nil {
		return "", invalid(field, "The whole room will read this, and it names somebody. Say it without the name. What one person will do is a commitment: /plc commit @name …")
	}
	return words, nil
}

// plcComplete suggests teams, protocols and members.
func (d *Desk) plcComplete(ctx context.Context, c bot.Call) (bot.Answer, error) {
	var out bot.Choices
	err := d.as(ctx, c, func(v *school.Viewer) error {
		typed := school.Fold(c.Typed)
		add := func(label, value, note string) {
			if len(out) < 25 && (typed == "" || strings.Contains(school.Fold(label), typed)) {
				out = append(out, bot.Choice{Label: clipTo(label, 75), Value: value, Note: clipTo(note, 75)})
			}
		}
		switch c.Focus {
		case "team":
			for _, t := range v.Model().Teams() {
				if plcSees(v, t) == nil {
					add(t.Name, cards.ShortTeam(t.ID), v.Model().CampusName(t.Campus))
				}
			}
		case "name":
			for _, p := range protocols() {
				add(p.Name, p.Letter, fmt.Sprintf("%d min", p.Minutes))
			}
		case "who":
			seen := map[school.PersonID]bool{}
			for _, t := range v.Model().TeamsOf(v.ID()) {
				for _, id := range cards.TeamMembers(t) {
					if p, ok := v.Model().Person(id); ok && !seen[id] && !p.Now().Gone && len(id) <= bot.MaxValue {
						seen[id] = true
						add(p.Name, string(id), "")
					}
				}
			}
		}
		return nil
	})
	return out, err
}

// plcOccurrence is the name under which the clock posts the agenda of a meeting.
func plcOccurrence(d bot.District, t school.TeamID, slot school.Day) string {
	return fmt.Sprintf("%s/agenda/%s/%s", d, t, slot)
}
