package cards

import (
	"fmt"
	"strings"

	"rounds/bot"
)

// CommitmentList is a team's open commitments for one of its members, with a button beside each and a
// menu to drop what no longer matters.
func CommitmentList(team string, said string, list []AgendaCommitment) bot.Private {
	var b []bot.Block
	if said != "" {
		b = append(b, bot.Text{Text: said})
	}
	if len(list) == 0 {
		return bot.PrivateCard(append(b, bot.Text{Text: team + " has no open commitments."})...)
	}
	l := bot.List{}
	drop := bot.Select{Label: "Drop one that no longer matters", Press: bot.Press{Action: "plc.drop"}}
	for i, c := range list {
		if i == 20 {
			l.Items = append(l.Items, bot.Item{Text: fmt.Sprintf("and %d more, once some of these are closed", len(list)-i)})
			break
		}
		l.Items = append(l.Items, bot.Item{
			Text: c.Owner + ": " + c.Words, Note: c.due(), People: true,
			Button: &bot.Button{Label: "Met", Press: bot.Press{Action: "plc.tick", Subject: CommitmentSubject(c.N)}, About: c.Words},
		})
		drop.Options = append(drop.Options, bot.Choice{Label: cut(c.Owner+": "+c.Words, 75), Value: CommitmentSubject(c.N)})
	}
	return bot.PrivateCard(append(b, bot.Title{Text: team + ": open commitments"}, l, drop)...)
}

// PLCSaid is the receipt of a change to a team's things, with the way to its agenda.
func PLCSaid(said, note, subject string) bot.Private {
	b := []bot.Block{bot.Text{Text: said}}
	if note != "" {
		b = append(b, bot.Context{Text: note})
	}
	return bot.PrivateCard(append(b, bot.Buttons{Items: []bot.Button{{Label: "Show the agenda", Press: bot.Press{Action: "plc.agenda", Subject: subject}}}})...)
}

// TeamPage is what a team is: the four things that the written guidelines of 5.2.4.c ask for, and where it stands.
type TeamPage struct {
	Name      string
	Campus    string
	Members   []string // with roles: "Ada Okafor (lead)"
	Frequency string   // "Tuesdays at 2:45 PM CDT, every week"
	Next      string   // "Tue, Oct 20", or why there is none
	Minutes   int
	Protocol  Protocol
	Held      int // meetings held this year …
	Of        int // … of those that were to take place so far
	Posted    bool
	Subject   string
	Changes   bool // the viewer may change the team's things
}

// Team shows a team to its members and leaders. It names them, so it is private.
func Team(t TeamPage) bot.Private {
	members := "nobody yet"
	if len(t.Members) > 0 {
		members = Names(t.Members)
	}
	length, sample := "not set", "no protocol is set"
	if t.Minutes > 0 {
		length = fmt.Sprintf("%d minutes", t.Minutes)
	}
	if t.Protocol.Name != "" {
		var steps []string
		for _, s := range t.Protocol.Steps {
			steps = append(steps, fmt.Sprintf("%s %d", s.Title, s.Minutes))
		}
		sample = t.Protocol.Name + ": " + strings.Join(steps, ", ")
		if t.Minutes > 0 && t.Protocol.Minutes != t.Minutes {
			sample += fmt.Sprintf(". It takes %d minutes, the meeting %d", t.Protocol.Minutes, t.Minutes)
		}
	}
	posted := "in the team's room"
	if !t.Posted {
		posted = "nowhere: no room is set for this team, so its agenda is only shown to those who ask"
	}
	f := bot.Facts{Items: []bot.Fact{
		{Label: "Membership", Value: members},
		{Label: "Frequency", Value: t.Frequency},
		{Label: "Length", Value: length},
		{Label: "Sample agenda", Value: sample},
		{Label: "Next meeting", Value: t.Next},
		{Label: "Agenda is posted", Value: posted},
	}}
	if t.Of > 0 {
		f.Items = append(f.Items, bot.Fact{Label: "Held this year", Value: fmt.Sprintf("%d of %d meetings so far", t.Held, t.Of)})
	}
	b := []bot.Block{bot.Title{Text: t.Name}, f}
	if t.Changes {
		b = append(b, bot.Buttons{Items: []bot.Button{
			{Label: "Show the agenda", Press: bot.Press{Action: "plc.agenda", Subject: t.Subject}, Style: bot.Primary},
			{Label: "Write the minutes", Press: bot.Press{Action: "plc.minutes", Subject: t.Subject}},
		}})
	}
	return bot.PrivateCard(append(b, bot.Context{Text: t.Campus + ". The first four lines are what criterion 5.2.4.c asks a district to write down for every PLC. Members, day and length come from the district's file."})...)
}

// ProtocolList shows the protocols to choose from; now is the id of the team's.
func ProtocolList(team string, list []Protocol, now string, press func(Protocol) bot.Press) bot.Private {
	l := bot.List{}
	for _, p := range list {
		it := bot.Item{Text: p.Letter + ". " + p.Name, Note: fmt.Sprintf("%d min", p.Minutes)}
		switch {
		case p.ID == now:
			it.Note += ", in use"
		case press != nil:
			it.Button = &bot.Button{Label: "Use this", Press: press(p), About: p.Name}
		}
		l.Items = append(l.Items, it)
	}
	return bot.PrivateCard(bot.Title{Text: "Protocols for " + team}, l,
		bot.Context{Text: "Minutes and wording are Rounds' own; C follows the parts that 5.3.1.b asks for."})
}

// ProtocolPage shows the steps of one protocol with what the facilitator asks.
func ProtocolPage(said string, p Protocol, subject string) bot.Private {
	l := bot.List{}
	for _, s := range p.Steps {
		l.Items = append(l.Items, bot.Item{Text: fmt.Sprintf("%d min · %s", s.Minutes, s.Title), Note: s.Prompt})
	}
	return bot.PrivateCard(bot.Text{Text: said}, bot.Title{Text: fmt.Sprintf("%s, %d min", p.Name, p.Minutes)}, l,
		bot.Buttons{Items: []bot.Button{{Label: "Show the agenda", Press: bot.Press{Action: "plc.agenda", Subject: subject}}}})
}

// Minutes shows what was written down about a meeting, to the team's own people.
func Minutes(head string, parts []bot.Fact, empty []string, subject string, mayEdit bool) bot.Private {
	b := []bot.Block{bot.Title{Text: head}}
	if len(empty) > 0 {
		b = append(b, bot.Text{Text: "Held, but not complete: nothing stands in " + Names(empty) + ".", Style: bot.Strong})
	} else {
		b = append(b, bot.Text{Text: "Held and complete.", Style: bot.Strong})
	}
	b = append(b, bot.Facts{Items: parts})
	if mayEdit {
		label := "Change the minutes"
		if len(empty) > 0 {
			label = "Finish the minutes"
		}
		b = append(b, bot.Buttons{Items: []bot.Button{
			{Label: label, Press: bot.Press{Action: "plc.minutes", Subject: subject}},
			{Label: "Make a commitment", Press: bot.Press{Action: "plc.commit", Subject: subject}},
		}})
	}
	return bot.PrivateCard(append(b, bot.Context{Text: "The team and the leaders of its campus can read this."})...)
}

// cut keeps a text within n characters.
func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}
