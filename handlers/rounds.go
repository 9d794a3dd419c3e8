package handlers

import (
	"context"
	"strings"

	"rounds/bot"
	"rounds/cards"
	"rounds/school"
)

func init() {
	register(command{
		name: "rounds", order: 10, summary: "Help, your day, and what Rounds keeps about you", who: "everyone", hint: "help · today · why · snooze · rules · link · privacy",
		subs: []sub{
			{name: "help", summary: "The first three things to do here, and the rest", example: "/rounds help", run: (*Desk).help},
			{name: "today", summary: "Your day: visits, steps, meetings", example: "/rounds today", run: (*Desk).today},
			{name: "why", summary: "What was sent to you, what was held back, and why", example: "/rounds why", run: (*Desk).why},
			{
				name: "snooze", summary: "No reminders until a day, four weeks at most", example: "/rounds snooze plan until:mon testing week", opens: true, run: (*Desk).snooze,
				options: []bot.Option{
					{Name: "what", Help: "which reminders; all of them, if you say nothing", Kind: bot.OptionChoice, Bare: true, Choices: snoozable},
					{Name: "until", Help: "the first day that reminds you again, or “end”", Kind: bot.OptionDate, Bare: true},
					{Name: "reason", Help: "a note to yourself", Kind: bot.OptionText, Bare: true},
				},
			},
			rulesSub,
			{
				name: "link", summary: "Which chat accounts are yours; administrators confirm new ones", example: "/rounds link", run: (*Desk).link,
				options: []bot.Option{{Name: "what", Help: "“remove”; for administrators also “confirm”", Kind: bot.OptionText, Bare: true}},
			},
			{name: "closed", summary: "Your campus is closed: a snow day, today or another day", example: "/rounds closed today ice on the roads", run: (*Desk).closed, options: dayOptions},
			{name: "early", summary: "An early release: students leave early, the day still counts", example: "/rounds early 10/30 staff development", run: (*Desk).early, options: dayOptions},
			{name: "snow", summary: "The same as closed: /rounds snow day", example: "/rounds snow day", run: (*Desk).closed, options: dayOptions},
			{name: "reopen", summary: "Take a closed day or an early release back", example: "/rounds reopen today", run: (*Desk).reopen, options: dayOptions[:3]},
			{name: "leave", summary: "Somebody is away for some days: their targets wait. Never why", example: "/rounds leave @okafor 11/2 to:12/18", run: (*Desk).leave, options: leaveOptions},
			{name: "back", summary: "Somebody is back from leave, today or on a day", example: "/rounds back @okafor", run: (*Desk).back, options: backOptions},
			{name: "export", summary: "Your whole record, for you alone, page by page", example: "/rounds export", run: (*Desk).export},
			{name: "privacy", summary: "What is stored about you, who may see it, what is never posted", example: "/rounds privacy", run: (*Desk).privacy},
		},
		on: map[string]action{
			"help":    {run: (*Desk).help},
			"more":    {run: (*Desk).helpMore},
			"day":     {run: (*Desk).today},
			"why":     {run: (*Desk).why},
			"privacy": {run: (*Desk).privacy},
			"record":  {run: (*Desk).export},
			"snooze":  {opens: true, run: (*Desk).snoozeForm},
			"snoozed": {run: (*Desk).snoozed},
			"wake":    {run: (*Desk).wake},
			"confirm": {run: (*Desk).linkConfirm},
			"unlink":  {run: (*Desk).unlink},

			"takeback":  {run: (*Desk).takeBack},
			"leaveback": {run: (*Desk).leaveTakeBack},
			"page":      {run: (*Desk).exportPage},
			"lookers":   {run: (*Desk).lookers},
			"rules":     {run: (*Desk).rulesList},
			"rule":      {opens: true, run: (*Desk).rulePressed},
			"ruled":     {run: (*Desk).ruled},
		},
	})
}

// firstThings are what somebody of a role does here first: command and subcommand. What is not registered is passed
// over; wording and examples are the registration's own.
var firstThings = map[school.Role][][2]string{
	school.Teacher:    {{"checkin", ""}, {"plc", "agenda"}, {"grow", "rate"}},
	school.Lead:       {{"plc", "agenda"}, {"observe", "log"}, {"checkin", ""}},
	school.Coach:      {{"observe", "log"}, {"observe", "status"}, {"step", "add"}},
	school.AP:         {{"observe", "log"}, {"observe", "status"}, {"plc", "agenda"}},
	school.Principal:  {{"observe", "status"}, {"observe", "log"}, {"digest", "preview"}},
	school.Supervisor: {{"observe", "log"}, {"observe", "status"}, {"ask", "question"}},
	school.Office:     {{"ask", "question"}, {"grow", "rate"}, {"rounds", "privacy"}},
}

// help points to the first three things of the caller's role.
func (d *Desk) help(ctx context.Context, c bot.Call) (bot.Answer, error) {
	var role school.Role
	if err := d.as(ctx, c, func(v *school.Viewer) error { role = v.Role(); return nil }); err != nil {
		return nil, err
	}
	byName := map[string]bot.Command{}
	for _, cmd := range d.Commands() {
		byName[cmd.Name] = cmd
	}
	var first []cards.HelpLine
	for _, want := range firstThings[role] {
		cmd, ok := byName[want[0]]
		if !ok || len(cmd.Subs) == 0 {
			continue
		}
		s, ok := cmd.Sub(want[1])
		if !ok {
			s = cmd.Subs[0]
		}
		first = append(first, cards.HelpLine{Do: s.Summary, Type: s.Example})
	}
	return bot.Whisper{Card: cards.Help(aRole(role), first)}, nil
}

func aRole(r school.Role) string {
	switch r {
	case school.AP:
		return "an assistant principal"
	case school.Office:
		return "the district office"
	}
	return "a " + r.Words()
}

// helpMore lists every command, as it is registered.
func (d *Desk) helpMore(_ context.Context, _ bot.Call) (bot.Answer, error) {
	var all []cards.HelpLine
	for _, cmd := range d.Commands() {
		var names strings.Builder
		names.WriteString("/" + cmd.Name)
		for _, a := range cmd.Aliases {
			names.WriteString(", /" + a)
		}
		var subs []string
		for _, s := range cmd.Subs {
			if len(cmd.Subs) > 1 {
				subs = append(subs, s.Name)
			}
		}
		do := names.String() + ": " + cmd.Summary
		if cmd.Who != "" && cmd.Who != "everyone" {
			do += " (" + cmd.Who + ")"
		}
		all = append(all, cards.HelpLine{Do: do, Type: strings.Join(subs, " · ")})
	}
	return bot.Whisper{Card: cards.HelpMore(all)}, nil
}

// today is the home view, for services without one and for those who type.
func (d *Desk) today(ctx context.Context, c bot.Call) (bot.Answer, error) {
	card, err := d.myDay(ctx, c)
	if err != nil {
		return nil, err
	}
	return bot.Whisper{Card: card}, nil
}
