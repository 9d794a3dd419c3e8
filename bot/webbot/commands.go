package webbot

import "rounds/bot"

// commandInfo is what the composer knows of a command, for completion and examples.
type commandInfo struct {
	Name    string    `json:"name"`
	Aliases []string  `json:"aliases,omitempty"`
	Summary string    `json:"summary"`
	Who     string    `json:"who,omitempty"`
	Hint    string    `json:"hint,omitempty"`
	Ask     bool      `json:"ask,omitempty"` // it suggests values while one types
	Subs    []subInfo `json:"subs"`
	home    bool
}

type subInfo struct {
	Name    string       `json:"name"`
	Summary string       `json:"summary,omitempty"`
	Example string       `json:"example,omitempty"`
	Options []optionInfo `json:"options"`
}

type optionInfo struct {
	Name     string   `json:"name"`
	Aliases  []string `json:"aliases,omitempty"`
	Help     string   `json:"help,omitempty"`
	Kind     string   `json:"kind"`
	Required bool     `json:"required,omitempty"`
	Bare     bool     `json:"bare,omitempty"`
	Choices  []choice `json:"choices,omitempty"`
}

var optionKinds = map[bot.OptionKind]string{
	bot.OptionText: "text", bot.OptionPeople: "people", bot.OptionPerson: "person",
	bot.OptionTeam: "team", bot.OptionDate: "date", bot.OptionMinutes: "minutes",
	bot.OptionChoice: "choice", bot.OptionFocus: "focus",
}

// describe builds the composer's knowledge from the commands themselves.
func describe(commands []bot.Command) []commandInfo {
	out := []commandInfo{}
	for _, c := range commands {
		info := commandInfo{
			Name: c.Name, Aliases: c.Aliases, Summary: c.Summary, Who: c.Who, Hint: c.Hint,
			Ask: c.Complete != nil, Subs: []subInfo{}, home: c.Home != nil,
		}
		for _, s := range c.Subs {
			sub := subInfo{Name: s.Name, Summary: s.Summary, Example: s.Example, Options: []optionInfo{}}
			for _, o := range s.Options {
				sub.Options = append(sub.Options, optionInfo{
					Name: o.Name, Aliases: o.Aliases, Help: o.Help, Kind: optionKinds[o.Kind],
					Required: o.Required, Bare: o.Bare, Choices: renderChoices(o.Choices),
				})
			}
			info.Subs = append(info.Subs, sub)
		}
		out = append(out, info)
	}
	return out
}
