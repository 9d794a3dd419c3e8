package slackbot

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"rounds/bot"
	"rounds/bot/fit"
)

// Name is what accounts, rooms and command ids of this package begin with.
const Name = "slack"

// Source is the kind of payload that came in; events are counted by it.
type Source string

// The sources. The last group is acknowledged and otherwise left alone.
const (
	SlashCommand Source = "slash_command"
	MessageClick Source = "block_actions.message"
	ModalClick   Source = "block_actions.modal"
	HomeClick    Source = "block_actions.home"
	Submission   Source = "view_submission"
	Suggestion   Source = "block_suggestion"
	Mention      Source = "app_mention"
	DirectWords  Source = "message.im"
	HomeOpened   Source = "app_home_opened"

	ViewClosed  Source = "view_closed"
	Uninstalled Source = "app_uninstalled"
	Revoked     Source = "tokens_revoked"
	Ignored     Source = "ignored"
)

// An Incoming is one payload, understood: the call that it is and where its answer goes.
type Incoming struct {
	Source Source
	Call   bot.Call
	Target Target
	Why    string // Ignored: the reason, for counters and logs
}

// Taken tells whether there is a call in it.
func (in Incoming) Taken() bool { return in.Call.ID != "" }

// A Target is where an answer can go.
type Target struct {
	Team, User  string
	Channel     string // where it was said, or ""
	Thread      string // the thread an answer in the room stands in, or ""
	InThread    bool   // the caller wrote in a thread, so a whisper stands there too
	Message     string // the posted message that held the button, or ""
	Ephemeral   bool   // the message with the button is seen by the caller only
	ResponseURL string
	Trigger     string
	View, Hash  string   // the view that was clicked or submitted
	Fields      []string // names of the submitted form's fields
	Typed       []string // what was typed into them, to be given back if a late answer refuses it
	Origin      Origin   // where the view was opened from
}

// Origin is what a modal remembers of where it was opened: ids, nothing else. It
// travels as private_metadata.
type Origin struct {
	Channel string `json:"c,omitempty"`
	Message string `json:"m,omitempty"`
	Guests  bool   `json:"g,omitempty"`
	Direct  bool   `json:"d,omitempty"`
}

// String is the origin as it travels.
func (o Origin) String() string {
	if o == (Origin{}) {
		return ""
	}
	b, err := json.Marshal(o)
	if err != nil || fit.Length(string(b)) > maxMetadata {
		return ""
	}
	return string(b)
}

func originOf(metadata string) Origin {
	var o Origin
	if json.Unmarshal([]byte(metadata), &o) != nil {
		return Origin{}
	}
	return o
}

// origin is what a modal opened in answer to this call remembers.
func (in Incoming) origin() Origin {
	if in.Target.View != "" && in.Source != HomeClick {
		return in.Target.Origin
	}
	return Origin{Channel: in.Target.Channel, Message: in.Target.Message, Guests: in.Call.Guests, Direct: in.Call.Direct}
}

// DecodeCommand reads a slash command.
func DecodeCommand(v url.Values) (Incoming, error) {
	team, user, trigger := v.Get("team_id"), v.Get("user_id"), v.Get("trigger_id")
	if team == "" || user == "" || trigger == "" || v.Get("command") == "" {
		return Incoming{}, errors.New("a slash command without team, user, trigger or name")
	}
	channel := v.Get("channel_id")
	return Incoming{
		Source: SlashCommand,
		Call: bot.Call{
			ID:      callID(team, trigger),
			Kind:    bot.CommandCall,
			From:    bot.Account{Platform: Name, Workspace: team, User: user},
			Room:    roomOf(team, channel),
			Command: strings.TrimPrefix(v.Get("command"), "/"),
			Line:    words(v.Get("text")),
			Trigger: trigger,
		},
		Target: Target{Team: team, User: user, Channel: channel, ResponseURL: v.Get("response_url"), Trigger: trigger},
	}, nil
}

// callID names a call for ever. The parts are Slack's own ids, so the same thing sent
// twice has the same name, whatever its headers say.
func callID(team string, parts ...string) string {
	return Name + ":" + team + ":" + strings.Join(parts, ":")
}

func roomOf(team, channel string) bot.Room {
	if channel == "" {
		return bot.Room{}
	}
	return bot.Room{Platform: Name, Workspace: team, ID: channel}
}

// interaction holds the fields of an interaction that are read here.
type interaction struct {
	Type string `json:"type"`
	Team struct {
		ID string `json:"id"`
	} `json:"team"`
	Enterprise *struct {
		ID string `json:"id"`
	} `json:"enterprise"`
	User struct {
		ID   string `json:"id"`
		Team string `json:"team_id"`
	} `json:"user"`
	Channel struct {
		ID string `json:"id"`
	} `json:"channel"`
	Container struct {
		Type      string `json:"type"`
		MessageTS string `json:"message_ts"`
		ChannelID string `json:"channel_id"`
		ViewID    string `json:"view_id"`
		Ephemeral bool   `json:"is_ephemeral"`
	} `json:"container"`
	Message struct {
		TS      string `json:"ts"`
		Subtype string `json:"subtype"`
	} `json:"message"`
	View struct {
		ID         string          `json:"id"`
		Type       string          `json:"type"`
		Hash       string          `json:"hash"`
		CallbackID string          `json:"callback_id"`
		Metadata   string          `json:"private_metadata"`
		Team       string          `json:"app_installed_team_id"`
		Blocks     json.RawMessage `json:"blocks"`
		State      struct {
			Values map[string]map[string]element `json:"values"`
		} `json:"state"`
	} `json:"view"`
	Trigger     string    `json:"trigger_id"`
	ResponseURL string    `json:"response_url"`
	Actions     []element `json:"actions"`
	BlockID     string    `json:"block_id"`
	ActionID    string    `json:"action_id"`
	Value       string    `json:"value"`
}

// element is a button, a menu or a field with what stands in it.
type element struct {
	Type     string   `json:"type"`
	ActionID string   `json:"action_id"`
	BlockID  string   `json:"block_id"`
	Value    *string  `json:"value"`
	Date     *string  `json:"selected_date"`
	Option   *option  `json:"selected_option"`
	Options  []option `json:"selected_options"`
}

type option struct {
	Value string `json:"value"`
}

// values are what a field holds, nothing where it was left empty.
func (e element) values() []string {
	var out []string
	switch {
	case e.Option != nil:
		out = []string{e.Option.Value}
	case len(e.Options) > 0:
		for _, o := range e.Options {
			out = append(out, o.Value)
		}
	case e.Date != nil && *e.Date != "":
		out = []string{*e.Date}
	case e.Value != nil && *e.Value != "":
		out = []string{unescape(*e.Value)}
	}
	return out
}

// DecodeInteraction reads the payload of a click, a submitted or closed form, or a request
// for suggestions.
func DecodeInteraction(payload []byte) (Incoming, error) {
	var p interaction
	if err := json.Unmarshal(payload, &p); err != nil {
		return Incoming{}, fmt.Errorf("interaction: %w", err)
	}
	team := cmp.Or(p.Team.ID, p.View.Team, p.User.Team) // an app of a whole organization is sent no team
	if p.User.ID == "" || team == "" {
		return Incoming{}, errors.New("an interaction without team or user")
	}
	channel := cmp.Or(p.Channel.ID, p.Container.ChannelID)
	in := Incoming{
		Call: bot.Call{
			From:    bot.Account{Platform: Name, Workspace: team, User: p.User.ID},
			Trigger: p.Trigger,
		},
		Target: Target{
			Team: team, User: p.User.ID, Channel: channel, ResponseURL: p.ResponseURL, Trigger: p.Trigger,
			View: p.View.ID, Hash: p.View.Hash, Origin: originOf(p.View.Metadata),
		},
	}
	if p.View.Type == "modal" && channel == "" { // a modal says in which room it was opened
		channel = in.Target.Origin.Channel
		in.Call.Guests, in.Call.Direct = in.Target.Origin.Guests, in.Target.Origin.Direct
	}
	in.Call.Room = roomOf(team, channel)
	// Somebody of another workspace reads this room too. On an enterprise grid a person's home
	// workspace may be another of the same district, so there it says nothing.
	if p.User.Team != "" && p.User.Team != team && p.Enterprise == nil {
		in.Call.Guests = true
	}
	switch p.Type {
	case "block_actions":
		return p.click(in)
	case "view_submission":
		in.Source, in.Call.Kind, in.Call.Button = Submission, bot.Submit, p.View.CallbackID
		// Slack keeps the hash while a form comes back with errors, so what was filled in
		// is part of the name: the corrected form is another call, a second press is not.
		in.Call.ID = callID(team, p.View.ID, p.View.Hash, p.digest())
		in.Call.Fields = map[string][]string{}
		in.Target.Fields = p.fieldNames()
		for _, name := range in.Target.Fields {
			for _, e := range p.View.State.Values[name] {
				in.Call.Fields[name] = e.values()
				if strings.HasSuffix(e.Type, "text_input") && e.Value != nil && *e.Value != "" {
					in.Target.Typed = append(in.Target.Typed, unescape(*e.Value))
				}
			}
		}
		return in, nil
	case "block_suggestion":
		in.Source, in.Call.Kind = Suggestion, bot.Complete
		in.Call.ID = callID(team, p.View.ID, cmp.Or(p.Container.MessageTS, p.View.Hash), p.BlockID, p.ActionID, p.Value)
		in.Call.Button = cmp.Or(p.View.CallbackID, p.ActionID)
		in.Call.Focus, in.Call.Typed = p.BlockID, unescape(p.Value)
		return in, nil
	case "view_closed":
		in.Source, in.Why = ViewClosed, "a closed form saves nothing"
		return in, nil
	}
	in.Source, in.Why = Ignored, "interaction "+p.Type
	return in, nil
}

func (p *interaction) click(in Incoming) (Incoming, error) {
	in.Call.Kind = bot.Click
	if len(p.Actions) == 0 || p.Trigger == "" {
		return Incoming{}, errors.New("a click without an action or trigger")
	}
	in.Call.ID = callID(in.Target.Team, p.Trigger)
	a := p.Actions[0]
	switch {
	case a.Option != nil: // a menu: its action is the id, its option the choice
		in.Call.Button, in.Call.Chosen = a.ActionID, a.Option.Value
	case a.Value != nil:
		in.Call.Button = *a.Value
	}
	switch p.View.Type {
	case "modal":
		in.Source, in.Call.InForm = ModalClick, true
	case "home":
		in.Source = HomeClick
	default:
		in.Source = MessageClick
		in.Target.Ephemeral = p.Container.Ephemeral || p.Message.Subtype == "ephemeral"
		if ts := cmp.Or(p.Container.MessageTS, p.Message.TS); !in.Target.Ephemeral && ts != "" {
			in.Target.Message = ts
			in.Call.Message = refOf(in.Target.Team, in.Target.Channel, ts)
		}
	}
	return in, nil
}

// digest is of what was filled in.
func (p *interaction) digest() string {
	h := sha256.New()
	for _, name := range sortedKeys(p.View.State.Values) {
		for _, action := range sortedKeys(p.View.State.Values[name]) {
			fmt.Fprintf(h, "%q%q\n", name, p.View.State.Values[name][action].values())
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:6])
}

// fieldNames lists the form's fields in their order on the form.
func (p *interaction) fieldNames() []string {
	var blocks []struct {
		Type    string `json:"type"`
		BlockID string `json:"block_id"`
	}
	var names []string
	if json.Unmarshal(p.View.Blocks, &blocks) == nil {
		for _, b := range blocks {
			if b.Type == "input" {
				names = append(names, b.BlockID)
			}
		}
	}
	for _, name := range sortedKeys(p.View.State.Values) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// envelope holds the fields of an event callback that are read here.
type envelope struct {
	Team    string `json:"team_id"`
	EventID string `json:"event_id"`
	Shared  bool   `json:"is_ext_shared_channel"`
	Auth    []struct {
		Team string `json:"team_id"`
		User string `json:"user_id"`
		Bot  bool   `json:"is_bot"`
	} `json:"authorizations"`
	Event struct {
		Type        string          `json:"type"`
		Subtype     string          `json:"subtype"`
		User        string          `json:"user"`
		BotID       string          `json:"bot_id"`
		Text        string          `json:"text"`
		TS          string          `json:"ts"`
		Thread      string          `json:"thread_ts"`
		Channel     string          `json:"channel"`
		ChannelType string          `json:"channel_type"`
		Tab         string          `json:"tab"`
		Hidden      bool            `json:"hidden"`
		Edited      json.RawMessage `json:"edited"`
	} `json:"event"`
}

// DecodeEvent reads an event callback. self is the bot's own user id, for where the
// payload does not say it.
func DecodeEvent(payload []byte, self string) (Incoming, error) {
	var p envelope
	if err := json.Unmarshal(payload, &p); err != nil {
		return Incoming{}, fmt.Errorf("event: %w", err)
	}
	team, e := p.Team, p.Event
	for _, a := range p.Auth {
		// In a channel shared between workspaces the authorization is ours, team_id may not be.
		if a.Team != "" {
			team = a.Team
		}
		if a.Bot && a.User != "" {
			self = a.User
		}
	}
	in := Incoming{
		Call: bot.Call{
			From:   bot.Account{Platform: Name, Workspace: team, User: e.User},
			Room:   roomOf(team, e.Channel),
			Guests: p.Shared,
		},
		Target: Target{Team: team, User: e.User, Channel: e.Channel},
	}
	ignore := func(s Source, why string) (Incoming, error) {
		in.Source, in.Why = s, why
		return in, nil
	}
	switch e.Type {
	case "app_uninstalled":
		return ignore(Uninstalled, "the app was removed from the workspace")
	case "tokens_revoked":
		return ignore(Revoked, "tokens were revoked")
	case "app_mention", "message", "app_home_opened":
	default:
		return ignore(Ignored, "event "+e.Type)
	}
	if p.EventID == "" || team == "" {
		return Incoming{}, errors.New("an event without id or team")
	}
	if e.Type == "app_home_opened" {
		if e.Tab != "home" || e.User == "" {
			return ignore(Ignored, "a tab that is not the home view")
		}
		in.Source, in.Call.Kind, in.Call.Room = HomeOpened, bot.Home, bot.Room{}
		in.Target.Channel = ""
		in.Call.ID = callID(team, p.EventID)
		return in, nil
	}
	direct := e.ChannelType == "im" || strings.HasPrefix(e.Channel, "D")
	switch {
	case e.BotID != "" || e.User == "" || e.User == self:
		return ignore(Ignored, "a bot's message")
	case e.Subtype != "" && e.Subtype != "file_share" && e.Subtype != "thread_broadcast", e.Hidden, len(e.Edited) > 0 && string(e.Edited) != "null":
		return ignore(Ignored, "no new message")
	case e.Type == "message" && !direct:
		return ignore(Ignored, "not said to the bot")
	case e.Type == "app_mention" && direct:
		return ignore(Ignored, "the same words come as a direct message")
	}
	in.Source, in.Call.Kind, in.Call.Direct = Mention, bot.Message, direct
	in.Target.Thread, in.Target.InThread = cmp.Or(e.Thread, e.TS), e.Thread != ""
	if direct {
		in.Source, in.Target.Thread = DirectWords, e.Thread
	}
	in.Call.ID = callID(team, p.EventID)
	in.Call.Text = wordsWithout(e.Text, self)
	return in, nil
}

// refOf is a posted message as an opaque reference.
func refOf(team, channel, ts string) bot.Ref {
	return bot.Ref(team + "/" + channel + "/" + ts)
}

// splitRef is the other way round.
func splitRef(ref bot.Ref) (team, channel, ts string, err error) {
	parts := strings.Split(string(ref), "/")
	if len(parts) != 3 || parts[1] == "" || parts[2] == "" {
		return "", "", "", errors.New("not a reference to a Slack message")
	}
	return parts[0], parts[1], parts[2], nil
}
