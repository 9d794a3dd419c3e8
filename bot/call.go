package bot

import "time"

// Account is a user of one chat service. Workspace is the Slack team, the Discord
// guild, or "web".
type Account struct{ Platform, Workspace, User string }

// Person is the opaque id under which a district knows somebody. It is never a name.
type Person string

// District is the id of a school district; each has its own log.
type District string

// Room is a place where messages stand: a channel, or a direct conversation.
type Room struct{ Platform, Workspace, ID string }

// Ref is an opaque reference to a posted message; only the platform that made it reads
// it. It is kept as a fact, and every later edit goes through it.
type Ref string

// Kind says what sort of call came in.
type Kind int

// The kinds of calls.
const (
	CommandCall Kind = iota // a slash command, with a typed line or typed options
	Message                 // words written to the bot: a direct message or a mention
	Click                   // a button pressed or a menu option chosen
	Submit                  // a form filled in
	Home                    // somebody opened the home view
	Complete                // somebody is typing an option and wants suggestions
)

// A Call is one thing that somebody did, as the receiving platform understood it. The
// first part is filled by the platform, the second by the [Router] before a handler
// sees it.
type Call struct {
	// ID names this call for ever: "slack:T01:" and the event id, trigger id, view id
	// and hash, or "web:" and a client's uuid. The same thing arriving twice has the same
	// ID. It is the command id of whatever the call appends to a log.
	ID     string
	Kind   Kind
	From   Account
	Room   Room // where it was said; the zero Room where there is none (a home view)
	Direct bool // Room is a conversation between this account and the bot alone
	// Guests says that people from outside the district may read Room; aggregates stay away.
	Guests bool

	Command string              // CommandCall, Complete: the name as typed, without the slash
	Line    string              // CommandCall, Complete: what follows it, where a service gives one line
	Sub     string              // CommandCall: the subcommand; from typed options, or found by the router in Line
	Options map[string]string   // typed options (Discord), by name; Line is then ""
	Text    string              // Message: the words, without the mention of the bot
	Button  string              // Click, Submit: the sealed ID that came back
	Chosen  string              // Click on a Select: the sealed value
	Fields  map[string][]string // Submit: the fields as they came, sealed values among them
	Message Ref                 // Click: the message that holds the button, or ""
	InForm  bool                // Click: the button stands in a modal (an answer may replace or push a form)
	Focus   string              // Complete: the option or field being typed; "" while the subcommand is
	Typed   string              // Complete: what stands there so far
	Trigger string              // opaque: what the platform needs to open a form; the router leaves it alone

	District District            // from (platform, workspace)
	Person   Person              // from the Directory
	At       time.Time           // the bot's clock: demo time in the demo
	Args     Args                // CommandCall: the parsed options
	Press    Press               // Click, Submit: what the button or form means
	Value    string              // Click on a Select: the option's value
	Values   map[string][]string // Submit: the fields, opened
}

// Args are a command's options by name, as text; a handler reads people and dates out
// of them because only it knows the school. An option given twice has several values.
type Args map[string][]string

// Get returns the first value of an option, or "".
func (a Args) Get(name string) string {
	if v := a[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// Has tells whether the option was given at all, even empty.
func (a Args) Has(name string) bool { _, ok := a[name]; return ok }
