package bot

import "context"

// Handler answers one call.
type Handler func(context.Context, Call) (Answer, error)

// A Command is one slash command as a value: what it is called, what it takes, what it
// says of itself, and its code. Slack's manifest, Discord's registration, the web page's
// completion and /rounds help are all made from it, so they cannot drift apart.
type Command struct {
	Name    string   // without the slash: "observe"
	Aliases []string // "visit"
	Summary string   // one line for help and manifests, at most 100 characters
	Who     string   // who may use it, in words: "leaders", "everyone"
	Hint    string   // usage hint after the command, at most 100 characters: "@teacher 12m focus:… step:…"
	Subs    []Sub    // the first is the default
	// Private marks a command about people's records: seen in a room as plain text, it
	// is answered privately with the advice to delete the message.
	Private bool
	// On are the command's buttons, menus and forms, by the part of Press.Action after
	// the dot.
	On map[string]Action
	// Home, where set, answers calls of kind Home; one command of all has it.
	Home Handler
	// Text, where set, answers plain words to the bot (Kind Message); one command has it.
	Text Handler
	// Complete, where set, suggests values for an option being typed.
	Complete Handler
}

// Sub is a subcommand.
type Sub struct {
	Name    string // "log"
	Summary string // at most 100 characters
	Example string // "/observe log @Okafor 12m focus:discourse"
	Options []Option
	Opens   bool // may answer with a form
	// Public says that the answer is meant for the room (Say); the default is a
	// whisper. Fixed before the answer is known, because Discord fixes it at deferral.
	Public bool
	Run    Handler
}

// Action handles a button, a menu or a form.
type Action struct {
	Opens bool // may answer with a form
	Run   Handler
}

// Option is one option of a subcommand.
type Option struct {
	Name     string // the key typed before a colon: "focus"; also Discord's option name
	Aliases  []string
	Help     string // at most 100 characters
	Kind     OptionKind
	Required bool
	// Bare marks options that may be typed without their key, in order: "@teacher" and
	// "12m" for Kind OptionPeople and OptionMinutes; for OptionText the words that are left.
	Bare    bool
	Choices []Choice // for OptionChoice
}

// OptionKind is what an option's value is.
type OptionKind int

// The kinds of options.
const (
	OptionText    OptionKind = iota // words; Bare takes what is left of the line
	OptionPeople                    // one or more people, "@Okafor @Diaz" or last names
	OptionPerson                    // one person
	OptionTeam                      // a PLC team
	OptionDate                      // "fri", "10/30", "2026-10-30", "in 2 weeks"
	OptionMinutes                   // "12" or "12m"
	OptionChoice                    // one of Choices
	OptionFocus                     // a focus area
)
