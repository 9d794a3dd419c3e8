package slackbot

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"rounds/bot"
	"rounds/bot/fit"
)

// A Scope is a permission that the app asks for, and what for.
type Scope struct{ Name, Why string }

// Scopes are all that the bot needs; it asks for no other.
func Scopes() []Scope {
	return []Scope{
		{"commands", "slash commands"},
		{"chat:write", "posts agendas, reminders and digests, and answers in the room"},
		{"app_mentions:read", "questions asked by mentioning the bot"},
		{"im:history", "questions written to the bot directly; finding a reminder again after a lost connection"},
		{"im:write", "opening the conversation in which a person is reminded"},
		{"files:write", "pictures of the weekly digest"},
		{"users:read", "telling whether a linked account still exists"},
		{"users:read.email", "linking accounts to the staff list by e-mail address"},
		{"channels:history", "finding a post again in a public channel after a lost connection, so that nothing is said twice"},
		{"groups:history", "the same in a private channel"},
	}
}

// botEvents are the events that the bot is sent.
var botEvents = []struct{ name, why string }{
	{"app_home_opened", "my day is made when it is looked at"},
	{"app_mention", "questions in a room"},
	{"app_uninstalled", "the log says why nothing works any more"},
	{"message.im", "questions in the direct conversation"},
	{"tokens_revoked", "the log says why nothing works any more"},
}

// ManifestOptions are what a manifest needs besides the commands.
type ManifestOptions struct {
	Name        string // "Rounds"
	Summary     string // one line for the app directory
	Description string // empty, or 174 to 4000 characters
	BaseURL     string // "https://rounds.example.org"; not needed with Socket Mode
	SocketMode  bool
	YAML        bool // with the reason of each scope as a comment; else JSON
}

// entry is one key of a manifest; tree keeps the keys in order.
type entry struct {
	key   string
	value any // string, bool, tree, []tree or []noted
}

type tree []entry

// noted is an item of a list with its reason.
type noted struct{ value, why string }

// reserved are Slack's own commands, which an app cannot have.
var reserved = strings.Fields(`active apps archive away call collapse dm dnd expand feed invite join kick leave me msg mute open
	part prefs remind remove rename search shortcuts shrug star status topic who`)

var commandName = regexp.MustCompile(`^[a-z0-9_-]+$`)

// Manifest makes the app manifest of the commands: what is registered at
// api.slack.com/apps, so that it cannot drift from the code.
func Manifest(commands []bot.Command, o ManifestOptions) ([]byte, error) {
	if o.Name == "" {
		o.Name = "Rounds"
	}
	if o.Summary == "" {
		o.Summary = "Classroom visits, action steps and team meetings for people who lead instruction"
	}
	var errs []error
	check := func(what, s string, most int) {
		if fit.Length(s) > most {
			errs = append(errs, fmt.Errorf("%s has %d characters, Slack takes %d", what, fit.Length(s), most))
		}
	}
	check("the app's name", o.Name, maxAppName)
	check("the bot's name", o.Name, maxBotName)
	check("the app's summary", o.Summary, maxAppSummary)
	check("the app's description", o.Description, maxAppDescription)
	if n := fit.Length(o.Description); n > 0 && n < minAppDescription {
		errs = append(errs, fmt.Errorf("the app's description has %d characters, Slack wants at least %d", n, minAppDescription))
	}
	endpoint := ""
	if o.BaseURL != "" || !o.SocketMode {
		u, err := url.Parse(o.BaseURL)
		if err != nil || u.Scheme != "https" || u.Host == "" {
			errs = append(errs, errors.New("without Socket Mode Slack needs a base address that begins with https://"))
		}
		endpoint = strings.TrimSuffix(o.BaseURL, "/") + "/slack/events"
	}
	if o.SocketMode {
		endpoint = ""
	}

	var slash []tree
	had := map[string]bool{}
	for _, c := range commands {
		for i, name := range append([]string{c.Name}, c.Aliases...) {
			what := "/" + name
			switch {
			case !commandName.MatchString(name):
				errs = append(errs, fmt.Errorf("%s: Slack takes lower-case letters, digits, - and _", what))
			case slices.Contains(reserved, name):
				errs = append(errs, fmt.Errorf("%s is Slack's own", what))
			case had[name]:
				errs = append(errs, fmt.Errorf("%s stands twice", what))
			}
			had[name] = true
			summary := c.Summary
			if i > 0 {
				summary = "The same as /" + c.Name + ": " + summary
			}
			check(what, what, maxCommandName)
			check(what+"'s summary", summary, maxCommandSummary)
			check(what+"'s hint", c.Hint, maxCommandHint)
			t := tree{{"command", what}}
			if endpoint != "" {
				t = append(t, entry{"url", endpoint})
			}
			t = append(t, entry{"description", summary})
			if c.Hint != "" {
				t = append(t, entry{"usage_hint", c.Hint})
			}
			// Without should_escape a mention comes as a display name, which is nobody's id.
			slash = append(slash, append(t, entry{"should_escape", true}))
		}
	}
	if len(slash) > maxCommands {
		errs = append(errs, fmt.Errorf("%d slash commands with their aliases, Slack takes %d", len(slash), maxCommands))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}

	var scopes, events []noted
	for _, s := range Scopes() {
		scopes = append(scopes, noted{s.Name, s.Why})
	}
	for _, e := range botEvents {
		events = append(events, noted{e.name, e.why})
	}
	display := tree{{"name", o.Name}, {"description", o.Summary}}
	if o.Description != "" {
		display = append(display, entry{"long_description", o.Description})
	}
	subscriptions := tree{{"bot_events", events}}
	interactivity := tree{{"is_enabled", true}}
	if endpoint != "" {
		subscriptions = append(tree{{"request_url", endpoint}}, subscriptions...)
		interactivity = append(interactivity, entry{"request_url", endpoint})
	}
	features := tree{
		{"app_home", tree{{"home_tab_enabled", true}, {"messages_tab_enabled", true}, {"messages_tab_read_only_enabled", false}}},
		{"bot_user", tree{{"display_name", o.Name}, {"always_online", true}}},
	}
	if len(slash) > 0 {
		features = append(features, entry{"slash_commands", slash})
	}
	m := tree{
		{"display_information", display},
		{"features", features},
		{"oauth_config", tree{{"scopes", tree{{"bot", scopes}}}}},
		{"settings", tree{
			{"event_subscriptions", subscriptions},
			{"interactivity", interactivity},
			{"org_deploy_enabled", false},
			{"socket_mode_enabled", o.SocketMode},
			{"token_rotation_enabled", false},
		}},
	}
	var w bytes.Buffer
	if o.YAML {
		w.WriteString("# Slack app manifest, made from the commands. Paste it at https://api.slack.com/apps, Create New App, From a manifest.\n")
		yaml(&w, m, "")
		return w.Bytes(), nil
	}
	var out bytes.Buffer
	jsonOf(&w, m)
	if err := json.Indent(&out, w.Bytes(), "", "  "); err != nil {
		return nil, err
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}

// scalar is a value as JSON, which is YAML too.
func scalar(v any) string {
	var w bytes.Buffer
	e := json.NewEncoder(&w)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return `""`
	}
	return strings.TrimSuffix(w.String(), "\n")
}

func jsonOf(w *bytes.Buffer, v any) {
	list := func(open, end byte, n int, item func(int)) {
		w.WriteByte(open)
		for i := range n {
			if i > 0 {
				w.WriteByte(',')
			}
			item(i)
		}
		w.WriteByte(end)
	}
	switch v := v.(type) {
	case tree:
		list('{', '}', len(v), func(i int) {
			w.WriteString(scalar(v[i].key) + ":")
			jsonOf(w, v[i].value)
		})
	case []tree:
		list('[', ']', len(v), func(i int) { jsonOf(w, v[i]) })
	case []noted:
		list('[', ']', len(v), func(i int) { w.WriteString(scalar(v[i].value)) })
	default:
		w.WriteString(scalar(v))
	}
}

func yaml(w *bytes.Buffer, t tree, indent string) {
	for _, e := range t {
		w.WriteString(indent + e.key + ":")
		switch v := e.value.(type) {
		case tree:
			w.WriteByte('\n')
			yaml(w, v, indent+"  ")
		case []tree:
			w.WriteByte('\n')
			for _, item := range v {
				var one bytes.Buffer
				yaml(&one, item, indent+"    ")
				w.WriteString(indent + "  - " + strings.TrimPrefix(one.String(), indent+"    "))
			}
		case []noted:
			w.WriteByte('\n')
			for _, item := range v {
				w.WriteString(indent + "  - " + item.value + " # " + item.why + "\n")
			}
		default:
			w.WriteString(" " + scalar(v) + "\n")
		}
	}
}
