package discordbot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"

	"rounds/bot"
	"rounds/bot/fit"
)

// A Registered is one command as Discord registers it.
type Registered struct {
	Name        string   `json:"name"`
	Type        int      `json:"type"` // 1 slash command, 3 menu of a message
	Description string   `json:"description,omitempty"`
	Options     []Option `json:"options,omitempty"`
	// Installs and Contexts: for servers, there and in the conversation with the bot.
	Installs []int `json:"integration_types"`
	Contexts []int `json:"contexts"`
}

// Option is a subcommand or an option.
type Option struct {
	Type         int              `json:"type"`
	Name         string           `json:"name"`
	Description  string           `json:"description"`
	Required     bool             `json:"required,omitempty"`
	Autocomplete bool             `json:"autocomplete,omitempty"`
	Choices      []RegisteredWord `json:"choices,omitempty"`
	MinValue     *int             `json:"min_value,omitempty"`
	Options      []Option         `json:"options,omitempty"`
}

// RegisteredWord is one of the fixed answers of an option.
type RegisteredWord struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

const (
	typeSub     = 1
	typeString  = 3
	typeInteger = 4
)

var commandName = regexp.MustCompile(`^[-_a-z0-9]{1,32}$`)

// Registration makes what Discord registers of the commands, aliases included, so that it cannot drift from the code.
func Registration(commands []bot.Command, menus []Menu) ([]Registered, error) {
	var out []Registered
	var errs []error
	had := map[string]bool{}
	for _, c := range commands {
		for i, name := range append([]string{c.Name}, c.Aliases...) {
			summary := c.Summary
			if i > 0 {
				summary = "The same as /" + c.Name + ": " + summary
			}
			r := Registered{Name: name, Type: 1, Description: described(summary, name), Installs: []int{0}, Contexts: []int{0, 1}}
			for _, s := range c.Subs {
				options, err := optionsOf(s)
				errs = append(errs, err)
				if len(c.Subs) == 1 { // "/ask question:…" says it all
					r.Options = options
					continue
				}
				r.Options = append(r.Options, Option{Type: typeSub, Name: s.Name, Description: described(s.Summary, s.Name), Options: options})
			}
			if had[name] {
				errs = append(errs, fmt.Errorf("/%s stands twice", name))
			}
			had[name] = true
			errs = append(errs, checkCommand(r))
			out = append(out, r)
		}
	}
	if len(out) > maxCommands {
		errs = append(errs, fmt.Errorf("%d slash commands with their aliases, Discord takes %d", len(out), maxCommands))
	}
	if len(menus) > maxMessageMenu {
		errs = append(errs, fmt.Errorf("%d commands in the menu of a message, Discord takes %d", len(menus), maxMessageMenu))
	}
	for _, m := range menus {
		if n := fit.Length(m.Label); n < 1 || n > maxCommandName {
			errs = append(errs, fmt.Errorf("the menu %q has %d characters, not 1 to %d", m.Label, n, maxCommandName))
		}
		out = append(out, Registered{Name: m.Label, Type: 3, Installs: []int{0}, Contexts: []int{0, 1}})
	}
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("discord: %w", err)
	}
	return out, nil
}

// described is a description, which Discord wants and keeps short.
func described(s, instead string) string {
	if fit.Blank(s) {
		s = instead
	}
	s, _ = fit.Cut(oneLine(s), maxCommandText)
	return s
}

// optionsOf are the typed options of a subcommand, the required ones first, as Discord wants them.
func optionsOf(s bot.Sub) ([]Option, error) {
	var first, then []Option
	for _, o := range s.Options {
		r := Option{Type: typeString, Name: o.Name, Description: described(o.Help, o.Name)}
		switch o.Kind {
		case bot.OptionMinutes:
			one := 1
			r.Type, r.MinValue = typeInteger, &one
		case bot.OptionChoice:
			if len(o.Choices) > maxCommandChoices {
				return nil, fmt.Errorf("the option %s of %s has %d choices, Discord takes %d", o.Name, s.Name, len(o.Choices), maxCommandChoices)
			}
			for _, c := range o.Choices {
				name, _ := fit.Cut(oneLine(c.Label), maxOptionLabel)
				r.Choices = append(r.Choices, RegisteredWord{Name: name, Value: c.Value})
			}
		case bot.OptionPeople, bot.OptionPerson, bot.OptionTeam, bot.OptionFocus, bot.OptionDate:
			r.Autocomplete = true
		}
		// A subcommand that opens a form asks there for what is missing.
		if r.Required = o.Required && !s.Opens; r.Required {
			first = append(first, r)
		} else {
			then = append(then, r)
		}
	}
	return append(first, then...), nil
}

func checkCommand(c Registered) error {
	var errs []error
	chars := fit.Length(c.Name) + fit.Length(c.Description)
	if !commandName.MatchString(c.Name) {
		errs = append(errs, fmt.Errorf("/%s: Discord takes 1 to %d of a-z, 0-9, - and _", c.Name, maxCommandName))
	}
	var check func(what string, options []Option)
	check = func(what string, options []Option) {
		if len(options) > maxCommandOptions {
			errs = append(errs, fmt.Errorf("%s has %d options, Discord takes %d", what, len(options), maxCommandOptions))
		}
		for _, o := range options {
			chars += fit.Length(o.Name) + fit.Length(o.Description)
			if !commandName.MatchString(o.Name) {
				errs = append(errs, fmt.Errorf("%s: the option %q is not 1 to %d of a-z, 0-9, - and _", what, o.Name, maxCommandName))
			}
			for _, w := range o.Choices {
				chars += fit.Length(w.Name) + fit.Length(w.Value)
			}
			check(what+" "+o.Name, o.Options)
		}
	}
	check("/"+c.Name, c.Options)
	if chars > maxCommandChars {
		errs = append(errs, fmt.Errorf("/%s has %d characters in all, Discord takes %d", c.Name, chars, maxCommandChars))
	}
	return errors.Join(errs...)
}

// register sends the whole set of commands at once, and only if it is another than the one that was sent last: Discord takes
// 200 new commands a day.
func (p *Platform) register(ctx context.Context) {
	set, err := Registration(p.cfg.Commands, p.cfg.Menus)
	if err != nil || len(set) == 0 {
		return // New said so
	}
	b, err := json.Marshal(set)
	if err != nil {
		return
	}
	sum := sha256.Sum256(append(b, p.base...))
	hash, key := hex.EncodeToString(sum[:]), "discord/commands/"+p.cfg.Application
	if p.keep.Get(ctx, key) == hash {
		return
	}
	for n := 0; ; n++ {
		err = p.do(ctx, request{method: "PUT", path: p.commandsPath(), body: set, again: true, patient: true})
		_, later := errors.AsType[*bot.RetryError](err)
		if err == nil {
			p.count(func(c *Counters) { c.Registered++ })
			p.keep.Put(ctx, key, hash, 0)
			p.cfg.Logger.Info("discord: commands registered", "commands", len(set))
			return
		}
		if !later || n == 5 || p.pause(ctx, backoff(n, err)) != nil {
			p.cfg.Logger.Error("discord: commands not registered", "err", kindOf(err))
			return
		}
	}
}

func (p *Platform) commandsPath() string { return "/applications/" + p.cfg.Application + "/commands" }

// Manifest prints the registration, for reading and comparing. Rounds registers it by itself when it starts.
func Manifest(commands []bot.Command, menus []Menu) ([]byte, error) {
	set, err := Registration(commands, menus)
	if err != nil {
		return nil, err
	}
	b, err := json.MarshalIndent(set, "", "  ")
	return append(b, '\n'), err
}

// A Permission is what the bot may do in a server, and what for.
type Permission struct {
	Name string
	Bit  uint64
	Why  string
}

// Permissions are all that the bot needs; it asks for no other, and for no privileged intent.
func Permissions() []Permission {
	return []Permission{
		{"View Channels", 1 << 10, "posting where it is told to"},
		{"Send Messages", 1 << 11, "posts agendas, reminders and digests, and answers in the room"},
		{"Attach Files", 1 << 15, "pictures of the weekly digest"},
		{"Read Message History", 1 << 16, "finding a post again after a lost connection, so that nothing is said twice"},
		{"Create Public Threads", 1 << 35, "a thread for each meeting and for what a message cannot hold"},
		{"Send Messages in Threads", 1 << 38, "the same"},
	}
}

// InviteURL is where an administrator of a server adds the bot.
func InviteURL(application string) string {
	var bits uint64
	for _, p := range Permissions() {
		bits |= p.Bit
	}
	return fmt.Sprintf("https://discord.com/oauth2/authorize?client_id=%s&scope=bot+applications.commands&permissions=%d", application, bits)
}

// sameNames compares what is registered with what should be.
func sameNames(a, b []Registered) bool {
	names := func(l []Registered) (out []string) {
		for _, c := range l {
			out = append(out, fmt.Sprint(c.Type, " ", c.Name))
		}
		slices.Sort(out)
		return out
	}
	return slices.Equal(names(a), names(b))
}
