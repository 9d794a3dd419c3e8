package webbot

import (
	"errors"
	"regexp"
	"strings"
	"unicode/utf8"

	"rounds/bot"
)

// action is what the page sends when somebody does something.
type action struct {
	ID      string              `json:"id"`   // a uuid, the same when the page sends it again
	As      string              `json:"as"`   // the persona
	Page    string              `json:"page"` // which open page it is, for late answers
	Kind    string              `json:"kind"` // typed, command, click, submit, home, complete
	Room    string              `json:"room"`
	Text    string              `json:"text"`    // typed: the whole line
	Command string              `json:"command"` // command, complete
	Line    string              `json:"line"`
	Sub     string              `json:"sub"`     // complete; command with options
	Options map[string]string   `json:"options"` // command with options
	Button  string              `json:"button"`  // click, submit
	Chosen  string              `json:"chosen"`
	Fields  map[string][]string `json:"fields"`
	Message string              `json:"message"` // click: the stored message, if it is one
	InForm  bool                `json:"in_form"`
	Focus   string              `json:"focus"` // complete
	Typed   string              `json:"typed"`
}

var (
	uuid    = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	mention = regexp.MustCompile(`(?i)(^|[^\pL\pN_])@rounds\b[,:]?\s*`)
)

// decode turns an action into a call. It is pure; the error's sentence is for the person.
// words, where not empty, are to be posted as the person's own message; a call of kind
// Message without a Text is then for the room alone and not for the bot.
func decode(a action, from bot.Account, in bot.Room, direct bool) (c bot.Call, words string, err error) {
	if !uuid.MatchString(a.ID) {
		return c, "", errors.New("this page sent no call id: reload it")
	}
	c = bot.Call{ID: platformName + ":" + a.ID, From: from, Room: in, Direct: direct}
	switch a.Kind {
	case "typed":
		return decodeTyped(c, a.Text, direct)
	case "command":
		c.Kind, c.Command, c.Line, c.Sub, c.Options = bot.CommandCall, a.Command, a.Line, a.Sub, a.Options
		if a.Options != nil {
			c.Line = ""
		}
		err = checkTyped(a.Line)
	case "click":
		c.Kind, c.Button, c.Chosen, c.InForm = bot.Click, a.Button, a.Chosen, a.InForm
		if a.Message != "" {
			c.Message = bot.Ref(messageKey(in.ID, a.Message))
		}
	case "submit":
		c.Kind, c.Button, c.Fields = bot.Submit, a.Button, a.Fields
		if c.Fields == nil {
			c.Fields = map[string][]string{}
		}
		for _, values := range a.Fields {
			for _, v := range values {
				if utf8.RuneCountInString(v) > maxField {
					err = errors.New("a field is too long: shorten it and send again")
				}
			}
		}
	case "home":
		c.Kind, c.Room, c.Direct = bot.Home, bot.Room{}, false
	case "complete":
		c.Kind, c.Command, c.Line, c.Sub = bot.Complete, a.Command, a.Line, a.Sub
		c.Focus, c.Typed = a.Focus, a.Typed
		err = checkTyped(a.Line)
	default:
		err = errors.New("this page is out of date: reload it")
	}
	return c, "", err
}

func decodeTyped(c bot.Call, text string, direct bool) (bot.Call, string, error) {
	text = strings.TrimSpace(text)
	if err := checkTyped(text); err != nil {
		return c, "", err
	}
	if text == "" {
		return c, "", errors.New("there is nothing to send yet")
	}
	if rest, ok := strings.CutPrefix(text, "/"); ok {
		name, line, _ := strings.Cut(strings.ReplaceAll(rest, "\n", " "), " ")
		if name == "" {
			return c, "", errors.New("type a command after the slash, such as /rounds help")
		}
		c.Kind, c.Command, c.Line = bot.CommandCall, strings.ToLower(name), strings.TrimSpace(line)
		return c, "", nil
	}
	c.Kind = bot.Message
	if direct || mention.MatchString(text) {
		c.Text = strings.TrimSpace(mention.ReplaceAllString(text, "$1"))
		if c.Text == "" {
			c.Text = "help" // the bot's name alone
		}
	}
	return c, text, nil
}

func checkTyped(s string) error {
	if utf8.RuneCountInString(s) > maxTyped {
		return errors.New("that is too long for one message: send it in parts")
	}
	return nil
}
