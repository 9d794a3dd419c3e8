package discordbot

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"rounds/bot"
)

// Name is what accounts, rooms and command ids of this package begin with.
const Name = "discord"

// Source is the kind of payload that came in; events are counted by it.
type Source string

// The sources. The last group is acknowledged and otherwise left alone.
const (
	SlashCommand Source = "command"
	MessageMenu  Source = "message_command"
	Pressed      Source = "component"
	Submission   Source = "modal_submit"
	Suggestion   Source = "autocomplete"
	Mention      Source = "mention"
	DirectWords  Source = "message.direct"

	Ping    Source = "ping"
	Ignored Source = "ignored"
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
	App, ID, Token string // of the interaction; empty for words
	Channel        string // where it was said: the thread, if it was in one
	Message        string // the message that held the control, or that the words stand in
	Ephemeral      bool   // Message is seen by the caller only
	Own            Own    // a control of this package's own
	Asks           bool   // the press counts only when it is made again
	Part           int    // Submission: the part of the form, from 1
	Again          bool   // Submission: the form was opened from this package's own message, which the answer replaces
	Nonce          string // Submission: names the form under way
	Order          []string
	Roles          []string // of the caller in the server
	Shown          json.RawMessage
}

// Own is what a control of this package means.
type Own struct{ Verb, Nonce string }

// The verbs of own controls.
const (
	verbMore = "more" // the next part of a form
	verbSave = "save" // send the form as it is
	verbFix  = "fix"  // open the form again
	verbShow = "show" // show what was kept for me
)

// interaction holds the fields of an interaction that are read here. Discord's own libraries fail at the newer components
// of a modal, so these types are ours.
type interaction struct {
	ID      string `json:"id"`
	App     string `json:"application_id"`
	Type    int    `json:"type"`
	Token   string `json:"token"`
	Guild   string `json:"guild_id"`
	Context *int   `json:"context"`
	Channel struct {
		ID     string `json:"id"`
		Type   int    `json:"type"`
		Parent string `json:"parent_id"`
	} `json:"channel"`
	ChannelID string `json:"channel_id"`
	Member    *struct {
		User  user     `json:"user"`
		Roles []string `json:"roles"`
	} `json:"member"`
	User    *user    `json:"user"`
	Message *message `json:"message"`
	Data    struct {
		Name       string   `json:"name"`
		Type       int      `json:"type"`
		Options    []option `json:"options"`
		TargetID   string   `json:"target_id"`
		CustomID   string   `json:"custom_id"`
		Component  int      `json:"component_type"`
		Values     []string `json:"values"`
		Components []input  `json:"components"`
		Resolved   struct {
			Messages map[string]message `json:"messages"`
		} `json:"resolved"`
	} `json:"data"`
}

type user struct {
	ID  string `json:"id"`
	Bot bool   `json:"bot"`
}

type message struct {
	ID         string          `json:"id"`
	Content    string          `json:"content"`
	Flags      int             `json:"flags"`
	Components json.RawMessage `json:"components"`
}

// option is a typed option of a command, or its subcommand with the options in it.
type option struct {
	Name    string          `json:"name"`
	Type    int             `json:"type"`
	Value   json.RawMessage `json:"value"`
	Focused bool            `json:"focused"`
	Options []option        `json:"options"`
}

func (o option) text() string {
	var s string
	if json.Unmarshal(o.Value, &s) == nil {
		return s
	}
	return strings.Trim(string(o.Value), `"`)
}

// input is a row of a submitted modal: a label with one field in it, or an old row with several.
type input struct {
	Type       int             `json:"type"`
	CustomID   string          `json:"custom_id"`
	Value      json.RawMessage `json:"value"`
	Values     []string        `json:"values"`
	Component  *input          `json:"component"`
	Components []input         `json:"components"`
}

// fields collects the fields in their order.
func (i input) fields(each func(name string, values []string)) {
	if i.Component != nil {
		i.Component.fields(each)
	}
	for _, c := range i.Components {
		c.fields(each)
	}
	if i.CustomID == "" {
		return
	}
	values := i.Values
	var s string
	if json.Unmarshal(i.Value, &s) == nil && s != "" {
		values = append(values, s)
	}
	each(i.CustomID, values)
}

// A Menu is a command in the menu of a message: it runs a slash command with the message's words as one of its options.
type Menu struct {
	Label        string // "Queue for PLC"
	Command, Sub string
	Option       string // takes the words of the message
}

// DecodeInteraction reads an interaction, from the gateway or the endpoint alike. In a direct conversation Discord does not
// say which server is meant; the workspace is then empty.
func DecodeInteraction(payload []byte, menus []Menu) (Incoming, error) {
	var p interaction
	if err := json.Unmarshal(payload, &p); err != nil {
		return Incoming{}, fmt.Errorf("interaction: %w", err)
	}
	if p.Type == 1 {
		return Incoming{Source: Ping}, nil
	}
	who := p.User
	in := Incoming{Target: Target{App: p.App, ID: p.ID, Token: p.Token, Channel: or(p.Channel.ID, p.ChannelID)}}
	if p.Member != nil {
		who, in.Target.Roles = &p.Member.User, p.Member.Roles
	}
	if who == nil || who.ID == "" || p.ID == "" || p.Token == "" {
		return Incoming{}, errors.New("an interaction without id, token or user")
	}
	room := in.Target.Channel
	if p.Channel.Type >= 10 && p.Channel.Type <= 12 && p.Channel.Parent != "" {
		room = p.Channel.Parent // a thread belongs to its channel's team
	}
	in.Call = bot.Call{
		From:    bot.Account{Platform: Name, Workspace: p.Guild, User: who.ID},
		Room:    bot.Room{Platform: Name, Workspace: p.Guild, ID: room},
		Direct:  p.Guild == "" && (p.Context == nil || *p.Context == 1),
		Trigger: p.ID,
	}
	if room == "" {
		in.Call.Room = bot.Room{}
	}
	id := Name + ":" + or(p.Guild, "direct") + ":" + p.ID
	if p.Message != nil {
		in.Target.Message, in.Target.Shown = p.Message.ID, p.Message.Components
		in.Target.Ephemeral = p.Message.Flags&flagEphemeral != 0
		if !in.Target.Ephemeral {
			in.Call.Message = refOf(p.Guild, in.Target.Channel, p.Message.ID)
		}
	}
	switch p.Type {
	case 2:
		return p.command(in, id, menus)
	case 3:
		return p.press(in, id)
	case 4:
		in.Source, in.Call.Kind, in.Call.ID = Suggestion, bot.Complete, id
		p.typed(&in, p.Data.Options)
		return in, nil
	case 5:
		return p.submit(in, id)
	}
	return Incoming{Source: Ignored, Why: fmt.Sprintf("interaction of type %d", p.Type)}, nil
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func (p *interaction) command(in Incoming, id string, menus []Menu) (Incoming, error) {
	in.Source, in.Call.Kind, in.Call.ID = SlashCommand, bot.CommandCall, id
	switch p.Data.Type {
	case 0, 1:
		p.typed(&in, p.Data.Options)
		return in, nil
	case 3:
		for _, m := range menus {
			if m.Label == p.Data.Name {
				words := strings.TrimSpace(p.Data.Resolved.Messages[p.Data.TargetID].Content)
				in.Source, in.Call.Command, in.Call.Sub = MessageMenu, m.Command, m.Sub
				in.Call.Options = map[string]string{}
				if words != "" {
					in.Call.Options[m.Option] = words
				}
				return in, nil
			}
		}
	}
	return Incoming{Source: Ignored, Why: "a command of another sort"}, nil
}

// typed reads the subcommand and the options, and which of them is being typed.
func (p *interaction) typed(in *Incoming, options []option) {
	in.Call.Command, in.Call.Options = p.Data.Name, map[string]string{}
	if len(options) > 0 && options[0].Type == 1 {
		in.Call.Sub, options = options[0].Name, options[0].Options
	}
	for _, o := range options {
		in.Call.Options[o.Name] = o.text()
		if o.Focused {
			in.Call.Focus, in.Call.Typed = o.Name, o.text()
		}
	}
}

func (p *interaction) press(in Incoming, id string) (Incoming, error) {
	in.Source, in.Call.Kind, in.Call.ID = Pressed, bot.Click, id
	button := p.Data.CustomID
	if own, ok := strings.CutPrefix(button, ownPress); ok {
		in.Target.Own.Verb, in.Target.Own.Nonce, _ = strings.Cut(own, ".")
		return in, nil
	}
	button, in.Target.Asks = strings.CutPrefix(button, askFirst)
	in.Call.Button, _, _ = strings.Cut(button, ".")
	if len(p.Data.Values) > 0 {
		in.Call.Chosen = p.Data.Values[0]
	}
	if in.Call.Button == "" {
		return Incoming{}, errors.New("a press of nothing")
	}
	return in, nil
}

func (p *interaction) submit(in Incoming, id string) (Incoming, error) {
	in.Source, in.Call.Kind, in.Call.ID = Submission, bot.Submit, id
	in.Call.Fields = map[string][]string{}
	button, tail, _ := strings.Cut(p.Data.CustomID, ".")
	in.Call.Button = button
	if len(tail) > 2 {
		in.Target.Part, in.Target.Again, in.Target.Nonce = int(tail[0]-'0'), tail[1] == 'r', tail[2:]
	}
	for _, row := range p.Data.Components {
		row.fields(func(name string, values []string) {
			if _, ok := in.Call.Fields[name]; !ok {
				in.Target.Order = append(in.Target.Order, name)
			}
			in.Call.Fields[name] = values
		})
	}
	return in, nil
}

// DecodeMessage reads words written in a room or to the bot. self is the bot's user id.
func DecodeMessage(payload []byte, self string) (Incoming, error) {
	var p struct {
		ID       string                    `json:"id"`
		Channel  string                    `json:"channel_id"`
		Guild    string                    `json:"guild_id"`
		Type     int                       `json:"type"`
		Content  string                    `json:"content"`
		Author   user                      `json:"author"`
		Webhook  string                    `json:"webhook_id"`
		Mentions []user                    `json:"mentions"`
		Member   *struct{ Roles []string } `json:"member"`
		Edited   json.RawMessage           `json:"edited_timestamp"`
	}
	if err := json.Unmarshal(payload, &p); err != nil {
		return Incoming{}, fmt.Errorf("message: %w", err)
	}
	leave := func(why string) (Incoming, error) { return Incoming{Source: Ignored, Why: why}, nil }
	named := false
	for _, m := range p.Mentions {
		named = named || m.ID == self
	}
	switch {
	case p.ID == "" || p.Author.ID == "" || p.Channel == "":
		return Incoming{}, errors.New("a message without id, author or channel")
	case p.Author.Bot || p.Webhook != "" || p.Author.ID == self:
		return leave("a bot's message")
	case p.Type != 0 && p.Type != 19: // words, and a reply
		return leave("no words")
	case p.Guild != "" && !named:
		return leave("not said to the bot")
	}
	in := Incoming{
		Source: Mention,
		Call: bot.Call{
			ID: Name + ":" + or(p.Guild, "direct") + ":m" + p.ID, Kind: bot.Message,
			From: bot.Account{Platform: Name, Workspace: p.Guild, User: p.Author.ID},
			Room: bot.Room{Platform: Name, Workspace: p.Guild, ID: p.Channel},
			Text: wordsWithout(p.Content, self), Direct: p.Guild == "",
		},
		Target: Target{Channel: p.Channel, Message: p.ID},
	}
	if p.Member != nil {
		in.Target.Roles = p.Member.Roles
	}
	if p.Guild == "" {
		in.Source = DirectWords
	}
	return in, nil
}

// nonceOf is a short name of something, the same each time.
func nonceOf(s string) string {
	sum := sha256.Sum256([]byte(s))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:])[:10])
}

// refOf is a posted message as an opaque reference.
func refOf(guild, channel, id string) bot.Ref { return bot.Ref(guild + "/" + channel + "/" + id) }

// splitRef is the other way round.
func splitRef(ref bot.Ref) (guild, channel, id string, err error) {
	parts := strings.Split(string(ref), "/")
	if len(parts) != 3 || parts[1] == "" || parts[2] == "" {
		return "", "", "", errors.New("not a reference to a Discord message")
	}
	return parts[0], parts[1], parts[2], nil
}
