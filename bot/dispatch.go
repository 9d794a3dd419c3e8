package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
)

// The router's own actions; no command can be called "_".
const (
	actionRun   = "_.run"   // Subject "observe log": that subcommand, without arguments
	actionReady = "_.ready" // Subject: the key of a form in Router.ready
)

// readyForm is a form that was made too late to be opened, for the one who asked for it.
type readyForm struct {
	who  Person
	form Form
}

func (r *Router) dispatch(ctx context.Context, c *Call, e *AuditEntry) (Answer, error) {
	today := seals{r.cfg.Sealer, SealDay(c.At)}
	if c.Message != "" { // so that a handler's refs and the hub's read alike
		c.Message = joinRef(c.From.Platform, c.Message)
	}
	switch c.Kind {
	case CommandCall:
		return r.command(ctx, c, e, today)
	case Complete:
		return r.complete(ctx, c, e, today)
	case Click, Submit:
		return r.press(ctx, c, e, today)
	case Message:
		return r.message(ctx, c, e, today)
	case Home:
		e.What = "home"
		if r.home == nil {
			return HomeView{PrivateCard(Text{Text: "There is nothing here yet. " + r.pointToHelp()})}, nil
		}
		return r.home(ctx, *c)
	}
	return nil, fmt.Errorf("a call of kind %d", c.Kind)
}

func (r *Router) pointToHelp() string {
	if r.help == "" {
		return "Type a slash to see what I can do."
	}
	return "Type " + r.help + " to see what I can do."
}

func (r *Router) find(name string) (*Command, error) {
	name = strings.ToLower(strings.TrimLeft(strings.TrimSpace(name), "/!"))
	if c := r.byName[name]; c != nil {
		return c, nil
	}
	if near, ok := Nearest(name, r.names); ok {
		return nil, &Error{Code: NotFound, Sentence: fmt.Sprintf("I do not know /%s. Did you mean /%s?", clip(name, 40), near)}
	}
	return nil, &Error{Code: NotFound, Sentence: fmt.Sprintf("I do not know /%s. %s", clip(name, 40), r.pointToHelp())}
}

func (r *Router) command(ctx context.Context, c *Call, e *AuditEntry, today seals) (Answer, error) {
	cmd, err := r.find(c.Command)
	if err != nil {
		return nil, err
	}
	c.Command = cmd.Name
	sub, guessed, err := r.arguments(c, *cmd, today)
	e.What = strings.TrimSpace(cmd.Name + " " + sub.Name)
	if err != nil {
		return nil, echoed(err, *c)
	}
	c.Sub = sub.Name
	if !sub.Opens {
		if err := needs(*cmd, sub, c.Args); err != nil {
			return nil, err
		}
	}
	if sub.Run == nil {
		return nil, fmt.Errorf("/%s %s has no code", cmd.Name, sub.Name)
	}
	a, err := sub.Run(ctx, *c)
	var be *Error
	if guessed && errors.As(err, &be) && (be.Code == NotFound || be.Code == Invalid) {
		// "/observe statsu" went looking for a teacher of that name.
		if word, _ := firstWord(c.Line); word != "" {
			if near, ok := Nearest(word, cmd.SubNames()); ok {
				b := *be
				b.Sentence += fmt.Sprintf(" Did you mean /%s %s?", cmd.Name, near)
				err = &b
			}
		}
	}
	return a, err
}

// longestEcho is how much of a line that could not be read is quoted back: more than anybody types by hand.
const longestEcho = 2000

// echoed adds to an error what was typed, so that it can be copied, mended and sent again.
func echoed(err error, c Call) error {
	var be *Error
	line := strings.TrimSpace(c.Line)
	if !errors.As(err, &be) || be.Code == Internal || strings.Count(line, " ") < 2 {
		return err // one or two words are quicker typed again
	}
	said := *be
	said.Sentence += "\nNothing was saved. You typed: /" + c.Command + " " + clip(line, longestEcho)
	return &said
}

// arguments finds the subcommand and its options, typed apart or as one line. guessed says
// that nothing named the subcommand.
func (r *Router) arguments(c *Call, cmd Command, today seals) (sub Sub, guessed bool, err error) {
	if c.Options != nil || c.Sub != "" && strings.TrimSpace(c.Line) == "" {
		sub, err = typedSub(cmd, c.Sub)
		if err != nil {
			return sub, false, err
		}
		c.Args = Args{}
		for name, v := range c.Options {
			if v, err = today.opened(v); err != nil {
				return sub, false, err
			}
			if o, ok := sub.option(name); ok {
				c.Args.add(o, v)
			} else {
				c.Args[name] = append(c.Args[name], v)
			}
		}
		return sub, false, nil
	}
	if c.Line, err = openWords(c.Line, today); err != nil {
		return sub, false, err
	}
	if c.Sub != "" {
		if sub, err = typedSub(cmd, c.Sub); err == nil {
			c.Args, err = parseArgs(cmd, sub, c.Line)
		}
		return sub, false, err
	}
	word, _ := firstWord(c.Line)
	_, named := cmd.Sub(word)
	sub, c.Args, err = ParseLine(cmd, c.Line)
	return sub, !named, err
}

func typedSub(cmd Command, name string) (Sub, error) {
	if name == "" && len(cmd.Subs) > 0 {
		return cmd.Subs[0], nil
	}
	if s, ok := cmd.Sub(name); ok {
		return s, nil
	}
	if len(cmd.Subs) == 0 {
		return Sub{}, nil
	}
	return cmd.Subs[0], noSuchSub(cmd, name)
}

// openWords opens completions that a service put into the typed line.
func openWords(line string, today seals) (string, error) {
	const shortest = 40 // characters of a sealed empty value
	if len(line) < shortest {
		return line, nil
	}
	var out strings.Builder
	for len(line) > 0 {
		i := strings.IndexFunc(line, unicode.IsSpace)
		word := line
		if i >= 0 {
			word = line[:i]
		}
		at := strings.IndexByte(word, ':') + 1
		value := word[at:]
		if len(value) >= shortest && len(value) <= 80 {
			var err error
			if value, err = today.opened(value); err != nil {
				return "", err
			}
		}
		out.WriteString(word[:at] + value)
		line = line[len(word):]
		if i >= 0 {
			n := runeLen(line, 0)
			out.WriteString(line[:n])
			line = line[n:]
		}
	}
	return out.String(), nil
}

// needs says what is missing. A subcommand that may open a form asks in the form.
func needs(cmd Command, sub Sub, args Args) error {
	for _, o := range sub.Options {
		if o.Required && strings.TrimSpace(args.Get(o.Name)) == "" {
			return &Error{
				Code: Invalid, Field: o.Name,
				Sentence: fmt.Sprintf("%s needs %s. %s", strings.TrimSpace("/"+cmd.Name+" "+sub.Name), o.Name, tryThis(sub)),
			}
		}
	}
	return nil
}

func (r *Router) complete(ctx context.Context, c *Call, e *AuditEntry, today seals) (Answer, error) {
	cmd, err := r.find(c.Command)
	if err != nil {
		return Choices(nil), nil // still typing the command's name
	}
	c.Command = cmd.Name
	e.What = cmd.Name
	var found Choices
	begins := func(s string) bool { return strings.HasPrefix(strings.ToLower(s), strings.ToLower(c.Typed)) }
	if c.Focus == "" {
		for _, s := range cmd.Subs {
			if begins(s.Name) {
				found = append(found, Choice{Label: s.Name, Value: s.Name, Note: s.Summary})
			}
		}
		return found, nil
	}
	if sub, err := typedSub(*cmd, c.Sub); err == nil {
		c.Sub = sub.Name
		if o, ok := sub.option(c.Focus); ok && o.Kind == OptionChoice {
			for _, ch := range o.Choices {
				if begins(ch.Label) || begins(ch.Value) {
					found = append(found, ch)
				}
			}
			return found, nil
		}
	}
	if cmd.Complete == nil {
		return found, nil
	}
	return cmd.Complete(ctx, *c)
}

func (r *Router) press(ctx context.Context, c *Call, e *AuditEntry, today seals) (Answer, error) {
	var err error
	if c.Press, err = today.OpenPress(c.Button, today.day); err != nil {
		return nil, r.sealError(c.Press, err)
	}
	if c.Chosen != "" {
		if c.Value, err = today.OpenValue(c.Chosen, today.day); err != nil {
			return nil, r.sealError(c.Press, err)
		}
	}
	if c.Fields != nil {
		c.Values = make(map[string][]string, len(c.Fields))
		for name, vs := range c.Fields {
			open := make([]string, len(vs))
			for i, v := range vs {
				if open[i], err = today.opened(v); err != nil {
					return nil, r.sealError(c.Press, err)
				}
			}
			c.Values[name] = open
		}
	}
	e.What, e.Subject = c.Press.Action, c.Press.Subject
	switch c.Press.Action {
	case actionRun:
		name, sub, _ := strings.Cut(c.Press.Subject, " ")
		c.Kind, c.Command, c.Sub, c.Line, c.Options = CommandCall, name, sub, "", nil
		return r.command(ctx, c, e, today)
	case actionReady:
		r.mu.Lock()
		f, ok := r.ready.get(c.Press.Subject, time.Now())
		r.mu.Unlock()
		if !ok || f.who != c.Person {
			return nil, &Error{Code: NotFound, Sentence: "I no longer have that form at hand. Please ask for it again."}
		}
		return OpenForm{f.form}, nil
	}
	a, ok := r.actions[c.Press.Action]
	if !ok || a.Run == nil {
		return nil, &Error{Code: NotFound, Sentence: "That button is of an older version, and I no longer know it. " + r.insteadOf(c.Press)}
	}
	return a.Run(ctx, *c)
}

// insteadOf points to the command that a press came from.
func (r *Router) insteadOf(p Press) string {
	name, _, _ := strings.Cut(p.Action, ".")
	if p.Action == actionRun {
		name, _, _ = strings.Cut(p.Subject, " ")
	}
	if c := r.byName[name]; c != nil {
		return fmt.Sprintf("Type /%s to start again.", c.Name)
	}
	return r.pointToHelp()
}

func (r *Router) sealError(p Press, err error) error {
	if errors.Is(err, ErrSealExpired) {
		return &Error{Code: NotFound, Sentence: fmt.Sprintf("That button is more than %d days old. %s", SealDays, r.insteadOf(p)), Err: err}
	}
	return &Error{Code: Invalid, Sentence: "I cannot read that button. " + r.pointToHelp(), Err: err}
}

// message answers plain words. Words that begin with a command's name are that command. Without
// a slash a question is one only where the command takes words first: "ask what is a PLC?" is
// the command, "visit schedule for new teachers?" is asked and not logged.
func (r *Router) message(ctx context.Context, c *Call, e *AuditEntry, today seals) (Answer, error) {
	text := strings.TrimSpace(c.Text)
	word, rest := firstWord(text)
	slash := strings.HasPrefix(word, "/") || strings.HasPrefix(word, "!")
	cmd := r.byName[strings.ToLower(strings.TrimLeft(word, "/!"))]
	if cmd != nil && (slash || !strings.HasSuffix(text, "?") || cmd.wordsFirst()) {
		if cmd.Private && !c.Direct {
			e.What = cmd.Name
			return seenByAll(*cmd), nil
		}
		c.Kind, c.Command, c.Line = CommandCall, cmd.Name, strings.TrimSpace(rest)
		return r.command(ctx, c, e, today)
	}
	if cmd == nil && slash && len(word) > 1 && c.Direct {
		return nil, second(r.find(word))
	}
	e.What = "text"
	if r.text == nil {
		return Whisper{PrivateCard(Text{Text: r.pointToHelp()})}, nil
	}
	return r.text(ctx, *c)
}

// wordsFirst tells whether the first thing that the command takes is words.
func (c Command) wordsFirst() bool {
	if len(c.Subs) == 0 {
		return false
	}
	for _, o := range c.Subs[0].Options {
		if o.Bare {
			return o.Kind == OptionText
		}
	}
	return false
}

func second[T any](_ T, err error) error { return err }

// seenByAll answers a personal command that was typed where others read it.
func seenByAll(cmd Command) Answer {
	run := cmd.Name
	if len(cmd.Subs) > 0 {
		run += " " + cmd.Subs[0].Name
	}
	return Whisper{PrivateCard(
		Text{Text: "Everyone here can see that message. Delete it, then do it here, where only you can see it."},
		Buttons{Items: []Button{{Label: "Log privately", Press: Press{Action: actionRun, Subject: run}, Style: Primary}}},
	)}
}
