package cards

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"

	"rounds/bot"
	"rounds/school"
)

// Protocol is a team's protocol as an agenda shows it. Package seeds holds the real ones; handlers
// and reminders hand them over in this shape.
type Protocol struct {
	ID      string
	Letter  string // "A", for lists
	Name    string
	Minutes int
	PreWork []string
	Note    string
	Steps   []ProtocolStep
}

// ProtocolStep is one timed step.
type ProtocolStep struct {
	Minutes  int
	Title    string
	Prompt   string // what the facilitator asks
	Output   string // what is written down at its end
	Required bool   // the meeting is not complete while its output is empty
}

// AgendaFacts is all that an agenda says. Names of people stand only in Facilitator, Timekeeper,
// Recorder and in the owners of commitments: the two places of an open card where they may.
type AgendaFacts struct {
	Team    string
	Campus  string
	When    string // "Tue, Oct 20, 2:45 PM CDT"
	Minutes int
	Roles   []AgendaRole
	Protocol
	Commitments []AgendaCommitment // still open, the oldest first
	Items       []string           // queued for this meeting
	Mark        string             // what became of the meeting; "" while it is to come
	Skipped     bool               // it does not take place: no steps then
	Off         bool               // because there is no school, or it moved to another day: nobody may overlook that
	Moved       string             // "Moved: now at 10:15 AM"; "" where it stands as it was announced
	Subject     string             // of the buttons: see AgendaSubject
}

// AgendaRole is one job at the meeting.
type AgendaRole struct{ Job, Name string }

// AgendaCommitment is what somebody does by when.
type AgendaCommitment struct {
	N     int64
	Owner string
	Words string
	Due   string // "Fri, Oct 23", or ""
}

// An agenda shows this many commitments and items; the rest is a sentence.
const agendaMost = 10

// Agenda is the card of one meeting. It is open: a team's room sees it.
func Agenda(f AgendaFacts) bot.Open {
	blocks := []bot.Block{bot.Title{Text: agendaTitle(f)}}
	if mark := (bot.Text{Text: f.Mark, Style: bot.Strong}); f.Off {
		blocks = []bot.Block{mark, blocks[0]}
	} else if f.Mark != "" {
		blocks = append(blocks, mark)
	} else if f.Moved != "" {
		blocks = []bot.Block{bot.Text{Text: f.Moved, Style: bot.Strong}, blocks[0]}
	}
	blocks = append(blocks, bot.Text{Text: agendaWhen(f)})
	if len(f.Roles) > 0 && !f.Skipped {
		var roles bot.List
		for _, r := range f.Roles {
			roles.Items = append(roles.Items, bot.Item{Text: r.Job, Note: r.Name, People: true})
		}
		blocks = append(blocks, roles)
	}
	if len(f.PreWork) > 0 && f.Mark == "" {
		blocks = append(blocks, bot.Text{Text: "Before the meeting", Style: bot.Strong}, agendaList(f.PreWork))
	}
	blocks = append(blocks, agendaCommitments(f)...)
	if len(f.Items) > 0 {
		blocks = append(blocks, bot.Text{Text: "On the list for this meeting", Style: bot.Strong}, agendaList(f.Items))
	}
	if !f.Skipped {
		blocks = append(blocks, agendaSteps(f.Protocol)...)
	}
	if f.Mark == "" {
		blocks = append(blocks, bot.Buttons{Items: []bot.Button{
			{Label: "Add an item", Press: bot.Press{Action: "plc.add", Subject: f.Subject}},
			{Label: "Make a commitment", Press: bot.Press{Action: "plc.commit", Subject: f.Subject}},
			{Label: "Skip this meeting", Press: bot.Press{Action: "plc.skip", Subject: f.Subject}},
		}})
	}
	return bot.OpenCard(append(blocks, bot.Context{Text: "Everyone in the team's room can read this. No student names."})...)
}

func agendaTitle(f AgendaFacts) string {
	if f.Name == "" {
		return f.Team
	}
	return f.Team + ": " + f.Name
}

func agendaWhen(f AgendaFacts) string {
	s := f.When
	if f.Minutes > 0 {
		s += fmt.Sprintf(" · %d min", f.Minutes)
	}
	if f.Campus != "" {
		s += " · " + f.Campus
	}
	return s
}

func agendaList(lines []string) bot.List {
	var l bot.List
	for i, s := range lines {
		if i == agendaMost {
			l.Items = append(l.Items, bot.Item{Text: fmt.Sprintf("and %d more", len(lines)-i)})
			break
		}
		l.Items = append(l.Items, bot.Item{Text: s})
	}
	return l
}

// agendaCommitments lists what is still open, with a button beside each. Whoever owns it is named: it is
// the team's own room.
func agendaCommitments(f AgendaFacts) []bot.Block {
	if len(f.Commitments) == 0 {
		return nil
	}
	var l bot.List
	for i, c := range f.Commitments {
		if i == agendaMost {
			l.Items = append(l.Items, bot.Item{Text: fmt.Sprintf("and %d more, in /plc met", len(f.Commitments)-i)})
			break
		}
		l.Items = append(l.Items, bot.Item{
			Text: c.Owner + ": " + c.Words, Note: c.due(), People: true,
			Button: &bot.Button{Label: "Met", Press: bot.Press{Action: "plc.met", Subject: CommitmentSubject(c.N)}, About: fmt.Sprintf("commitment %d", i+1)},
		})
	}
	return []bot.Block{bot.Text{Text: "Commitments still open", Style: bot.Strong}, l}
}

func (c AgendaCommitment) due() string {
	if c.Due == "" {
		return ""
	}
	return "due " + c.Due
}

// agendaSteps are the timed steps: "3 min · Open · Roles and norm named"; a star marks those whose result must be
// written down.
func agendaSteps(p Protocol) []bot.Block {
	if len(p.Steps) == 0 {
		return []bot.Block{bot.Text{Text: "No protocol is set for this team. /plc protocol lists the eight that come with Rounds."}}
	}
	var l bot.List
	var boxes []string
	for _, s := range p.Steps {
		text := fmt.Sprintf("%d min · %s", s.Minutes, s.Title)
		if s.Required {
			text += " *"
			boxes = append(boxes, s.Output)
		}
		l.Items = append(l.Items, bot.Item{Text: text, Note: s.Output})
	}
	head := "Steps"
	if len(boxes) > 0 {
		head = "Steps (* has a box in the minutes that may not stay empty)"
	}
	out := []bot.Block{bot.Text{Text: head, Style: bot.Strong}, l}
	if p.Note != "" {
		out = append(out, bot.Text{Text: p.Note})
	}
	return out
}

// AgendaOf makes the agenda of a team's meeting from the record. texts holds the bodies of
// AgendaTexts(m, t.ID, slot); a text that was deleted is left out. Handlers and reminders both call it, so what
// is posted and what is updated later cannot differ.
func AgendaOf(m *school.Model, t *school.Team, slot school.Day, texts map[string]string, p Protocol) bot.Open {
	return Agenda(AgendaFactsOf(m, t, slot, texts, p))
}

// AgendaTexts lists the keys of the texts that the agenda of a meeting needs.
func AgendaTexts(m *school.Model, team school.TeamID, slot school.Day) []string {
	var keys []string
	for _, c := range m.Commitments(team) {
		keys = append(keys, school.NoteKey(c.UID, "commitment"))
	}
	for _, it := range m.Items(team, slot) {
		keys = append(keys, school.NoteKey(it.UID, "item"))
	}
	if mk := m.Meeting(team, slot); mk != nil && mk.Skipped {
		keys = append(keys, school.NoteKey(mk.UID, "reason"))
	}
	return keys
}

// AgendaFactsOf gathers what AgendaOf shows.
func AgendaFactsOf(m *school.Model, t *school.Team, slot school.Day, texts map[string]string, p Protocol) AgendaFacts {
	was, now, announced := m.Moved(t, slot)
	clock := t.Time
	switch {
	case announced && now.On == slot:
		clock = now.Time
	case announced && was.On == slot: // it moved away: what it was to be
		clock = was.Time
	}
	abbr, _ := slot.At(clock, m.CampusZone(t.Campus)).Zone()
	f := AgendaFacts{
		Team: t.Name, Campus: m.CampusName(t.Campus), When: slot.Short() + ", " + clock.Kitchen() + " " + abbr,
		Minutes: t.Minutes, Protocol: p, Subject: AgendaSubject(t.ID, slot), Roles: agendaRoles(m, t, slot),
	}
	if f.Minutes == 0 {
		f.Minutes = p.Minutes
	}
	for _, c := range m.Commitments(t.ID) {
		words, ok := texts[school.NoteKey(c.UID, "commitment")]
		if !ok {
			continue
		}
		a := AgendaCommitment{N: c.N, Owner: m.Name(c.Owner), Words: agendaLine(words)}
		if c.By != 0 {
			a.Due = Date(c.By, slot)
		}
		f.Commitments = append(f.Commitments, a)
	}
	guard := OpenGuard(m)
	for _, it := range m.Items(t.ID, slot) {
		words, ok := texts[school.NoteKey(it.UID, "item")]
		switch {
		case !ok:
		case guard(words) != nil:
			// The roster grew a name that these words hold; the rest of the agenda is posted all the same.
			f.Items = append(f.Items, "An item whose words name somebody, so it is not shown here")
		default:
			f.Items = append(f.Items, agendaLine(words))
		}
	}
	if mk := m.Meeting(t.ID, slot); mk != nil {
		f.Mark, f.Skipped = agendaMark(mk, texts, guard), mk.Skipped && !mk.Held
	}
	if announced && f.Mark == "" {
		agendaMoved(&f, m, t, slot, was, now)
	}
	if cal := m.Calendar(t.Campus); f.Mark == "" && cal.First > 1 && !cal.School(slot) { // 1: there is no calendar
		f.Mark, f.Skipped, f.Off = "No school on "+slot.Short()+": this meeting does not take place.", true, true
	}
	return f
}

// agendaMoved says what became of a meeting that was announced for the slot.
func agendaMoved(f *AgendaFacts, m *school.Model, t *school.Team, slot school.Day, was, now school.Announced) {
	switch {
	case now.On == slot && was.On == slot && was.Time != now.Time:
		f.Moved = "Moved: now at " + now.Time.Kitchen()
	case now.On == slot:
	case now.On != 0:
		f.Mark = "This meeting moved to " + now.On.Short() + ", " + now.Time.Kitchen() + "."
	default:
		f.Mark = "This meeting does not take place."
		if next, ok := m.NextSlot(t, slot.Monday()+7); ok {
			f.Mark += " The team meets next on " + next.Short() + ", " + t.Time.Kitchen() + "."
		}
	}
	f.Skipped, f.Off = f.Mark != "", f.Mark != ""
	if now.Elsewhere {
		also := "The team has another room by now: what comes next is posted there."
		if f.Mark != "" {
			f.Mark += " " + also
		} else {
			f.Moved = strings.TrimPrefix(f.Moved+". "+also, ". ")
		}
	}
}

func agendaMark(mk *school.MeetingMark, texts map[string]string, guard func(string) error) string {
	switch {
	case mk.Held:
		return "This meeting was held."
	case !mk.Skipped:
		return ""
	}
	why := texts[school.NoteKey(mk.UID, "reason")]
	if why == "" || guard(why) != nil {
		return "This meeting is skipped."
	}
	return "This meeting is skipped: " + agendaLine(why)
}

// OpenGuard makes a test for words that will stand in an open card outside its list of people: it
// gives an error where they name somebody on the roster. The model must stay readable while it is used.
func OpenGuard(m *school.Model) func(words string) error {
	g := CardGuard(m)
	return func(words string) error {
		return g(bot.Card{Blocks: []bot.Block{bot.Text{Text: words}}})
	}
}

// CardGuard is OpenGuard for a whole card: the guard that the router and the hub ask too, asked early, so that
// a handler can whisper what it may not say.
func CardGuard(m *school.Model) func(bot.Card) error {
	var g nameGuard
	return func(c bot.Card) error {
		if g == nil { // most agendas have no such words, and a roster may be long
			g = guardOf(m.Names())
		}
		return g("", bot.Room{}, c)
	}
}

// guardOf makes a guard of names, or takes the last one that was made of this very slice: the agendas of a district come by
// the hundred.
func guardOf(names []string) nameGuard {
	if k := lastGuard.Load(); k != nil && len(names) > 0 && len(k.names) == len(names) && &k.names[0] == &names[0] {
		return k.guard
	}
	g := bot.NameGuard(func(bot.District) []string { return names })
	lastGuard.Store(&keptGuard{names, g})
	return g
}

type nameGuard = func(bot.District, bot.Room, bot.Card) error

type keptGuard struct {
	names []string
	guard nameGuard
}

var lastGuard atomic.Pointer[keptGuard]

// agendaLine keeps what somebody typed on one line of a list.
func agendaLine(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 280 {
		s = string(r[:279]) + "…"
	}
	return s
}

// agendaRoles gives the three jobs to the members in turn, one further each meeting. Meetings are counted
// from the first of the year whether they take place or not, so that skipping one changes no name that was
// already announced. Who is away that day is passed over.
func agendaRoles(m *school.Model, t *school.Team, slot school.Day) []AgendaRole {
	var names []string
	for _, id := range TeamMembers(t) {
		if p, ok := m.Person(id); ok && !p.On(slot).Gone && !p.Away(slot) {
			names = append(names, p.Name)
		}
	}
	turn := len(m.Slots(t, m.Calendar(t.Campus).First, slot-1))
	who := func(i int) string { return names[(turn+i)%len(names)] }
	switch len(names) {
	case 0:
		return nil
	case 1:
		return []AgendaRole{{"Facilitator", who(0)}}
	case 2:
		return []AgendaRole{{"Facilitator", who(0)}, {"Timekeeper and recorder", who(1)}}
	}
	return []AgendaRole{{"Facilitator", who(0)}, {"Timekeeper", who(1)}, {"Recorder", who(2)}}
}

// TeamMembers are the members of a team, its lead among them.
func TeamMembers(t *school.Team) []school.PersonID {
	out := append([]school.PersonID(nil), t.Members...)
	if slices.Contains(out, t.Lead) {
		return out
	}
	if t.Lead != "" {
		out = append(out, t.Lead)
	}
	return out
}
