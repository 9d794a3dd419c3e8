package bot

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// CheckCard tells where a card breaks a limit that the comments of its types state. Handlers'
// tests call it; a card that breaks one is still shown, cut up by its platform.
func CheckCard(c Card) error {
	var errs []error
	for i, b := range c.Blocks {
		if err := checkBlock(b); err != nil {
			errs = append(errs, fmt.Errorf("block %d (%s): %w", i+1, blockName(b), err))
		}
	}
	return errors.Join(errs...)
}

func checkBlock(b Block) error {
	var errs []error
	add := func(err error) { errs = append(errs, err) }
	switch b := b.(type) {
	case Title:
		if strings.TrimSpace(b.Text) == "" || strings.ContainsAny(b.Text, "\r\n") {
			add(errors.New("needs one line of text"))
		}
	case List:
		for _, it := range b.Items {
			if it.Button != nil {
				add(checkButton(*it.Button))
			}
		}
	case Table:
		for i, r := range b.Rows {
			if len(r) != len(b.Columns) {
				add(fmt.Errorf("row %d has %d cells for %d columns", i+1, len(r), len(b.Columns)))
			}
		}
	case Progress:
		if b.Done < 0 || b.Of < 0 {
			add(fmt.Errorf("%d of %d", b.Done, b.Of))
		}
	case Chart:
		if strings.TrimSpace(b.Alt) == "" {
			add(errors.New("needs Alt, one sentence that says what it shows"))
		}
		for i, s := range b.Series {
			if len(s.Values) != len(b.Labels) {
				add(fmt.Errorf("series %d has %d values for %d labels", i+1, len(s.Values), len(b.Labels)))
			}
			if s.Words != nil && len(s.Words) != len(b.Labels) {
				add(fmt.Errorf("series %d has %d words for %d labels", i+1, len(s.Words), len(b.Labels)))
			}
		}
	case Image:
		if strings.TrimSpace(b.Alt) == "" || len(b.PNG) == 0 {
			add(errors.New("needs Alt and PNG"))
		}
	case Buttons:
		if len(b.Items) == 0 {
			add(errors.New("is empty"))
		}
		for _, bt := range b.Items {
			add(checkButton(bt))
		}
	case Select:
		if strings.TrimSpace(b.Label) == "" {
			add(errors.New("needs a label"))
		}
		if len(b.Options) == 0 {
			add(errors.New("has no options"))
		}
		add(checkPress(b.Press, b.ID))
		add(checkChoices(b.Options, b.ID != "", b.Chosen))
	}
	return errors.Join(errs...)
}

func checkButton(b Button) error {
	return errors.Join(checkText("button label", b.Label, 1, 30), checkPress(b.Press, b.ID))
}

func checkPress(p Press, id string) error {
	if p == (Press{}) && id != "" {
		return nil // sealed
	}
	if n := len(p.Action) + len(p.Subject); n > MaxPress {
		return fmt.Errorf("press %q: %d bytes of action and subject, at most %d", p.Action, n, MaxPress)
	}
	if name, key, ok := strings.Cut(p.Action, "."); !ok || name == "" || key == "" {
		return fmt.Errorf("press %q is no command's name, a dot and a key", p.Action)
	}
	return nil
}

// checkChoices wants every value of at most MaxValue bytes, or of the length of a sealed one,
// all different, and what is chosen among them.
func checkChoices(cs []Choice, sealed bool, chosen ...string) error {
	var errs []error
	most := MaxValue
	if sealed {
		most = 75
	}
	have := map[string]bool{"": true}
	for i, c := range cs {
		if err := errors.Join(checkText("label", c.Label, 1, 75), checkText("note", c.Note, 0, 75)); err != nil {
			errs = append(errs, fmt.Errorf("option %d: %w", i+1, err))
		}
		if len(c.Value) > most {
			errs = append(errs, fmt.Errorf("option %d: value of %d bytes, at most %d", i+1, len(c.Value), most))
		}
		if have[c.Value] && c.Value != "" {
			errs = append(errs, fmt.Errorf("option %d has the value of another", i+1))
		}
		have[c.Value] = true
	}
	for _, v := range chosen {
		if !have[v] {
			errs = append(errs, errors.New("what is chosen is none of the options"))
		}
	}
	return errors.Join(errs...)
}

func checkText(what, s string, least, most int) error {
	if n := utf8.RuneCountInString(s); n < least || n > most {
		return fmt.Errorf("%s of %d characters, not %d to %d", what, n, least, most)
	}
	return nil
}

// CheckForm tells where a form breaks a limit that the comments of its types state.
func CheckForm(f Form) error {
	errs := []error{
		checkText("title", f.Title, 1, 24), checkText("submit label", f.Submit, 0, 24), checkPress(f.Press, f.ID),
	}
	if len(f.Fields) == 0 {
		errs = append(errs, errors.New("no fields"))
	}
	seen := map[string]bool{}
	for _, fd := range f.Fields {
		if err := checkField(fd, f.ID != ""); err != nil {
			errs = append(errs, fmt.Errorf("field %q: %w", fd.Name, err))
		}
		if seen[fd.Name] {
			errs = append(errs, fmt.Errorf("field %q stands twice", fd.Name))
		}
		seen[fd.Name] = true
	}
	return errors.Join(errs...)
}

func checkField(f Field, sealed bool) error {
	errs := []error{
		checkText("label", f.Label, 1, 45), checkText("hint", f.Hint, 0, 100), checkText("placeholder", f.Placeholder, 0, 100),
	}
	if f.Name == "" || strings.Trim(f.Name, "abcdefghijklmnopqrstuvwxyz_") != "" {
		errs = append(errs, errors.New("a name is of a-z and _"))
	}
	if f.Min > f.Max && f.Max != 0 {
		errs = append(errs, fmt.Errorf("min %d is more than max %d", f.Min, f.Max))
	}
	if !f.Kind.HasOptions() {
		if len(f.Options) > 0 {
			errs = append(errs, errors.New("options in a field that is typed"))
		}
		if len(f.Value) > 1 {
			errs = append(errs, errors.New("several values in a field that is typed"))
		}
		return errors.Join(errs...)
	}
	if len(f.Options) == 0 {
		errs = append(errs, errors.New("no options"))
	}
	if (f.Kind == FieldRadio || f.Kind == FieldCheckbox) && len(f.Options) > 10 {
		errs = append(errs, fmt.Errorf("%d options, at most 10", len(f.Options)))
	}
	one := f.Kind == FieldSelect || f.Kind == FieldRadio || f.Kind == FieldPerson && !f.Many
	if one && len(f.Value) > 1 {
		errs = append(errs, errors.New("several values where one can be chosen"))
	}
	return errors.Join(append(errs, checkChoices(f.Options, sealed, f.Value...))...)
}

// CheckCommand tells where a command breaks a limit that the comments of its types state.
func CheckCommand(c Command) error {
	var errs []error
	add := func(err error) {
		if err != nil {
			errs = append(errs, err)
		}
	}
	add(checkName("command", c.Name))
	for _, a := range c.Aliases {
		add(checkName("alias", a))
	}
	add(checkText("summary", c.Summary, 0, 100))
	add(checkText("hint", c.Hint, 0, 100))
	subs := map[string]bool{}
	for _, s := range c.Subs {
		if s.Name != "" || len(c.Subs) > 1 { // a command's only subcommand may go without a name
			add(checkName("subcommand", s.Name))
		}
		if subs[strings.ToLower(s.Name)] {
			add(fmt.Errorf("subcommand %q stands twice", s.Name))
		}
		subs[strings.ToLower(s.Name)] = true
		if err := checkSub(s); err != nil {
			add(fmt.Errorf("%s: %w", s.Name, err))
		}
	}
	for key := range c.On {
		if key == "" || len(c.Name)+1+len(key) > MaxPress-8 {
			add(fmt.Errorf("action %q: 1 to %d bytes, to leave room for a subject", key, MaxPress-9-len(c.Name)))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("/%s: %w", c.Name, err)
	}
	return nil
}

// checkName wants what Discord takes as the name of a command, and no room for a line to be
// read in two ways.
func checkName(what, s string) error {
	if s == "" || len(s) > 32 || strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
		return fmt.Errorf("%s %q: 1 to 32 of a-z, 0-9, - and _", what, s)
	}
	return nil
}

func checkSub(s Sub) error {
	errs := []error{checkText("summary", s.Summary, 0, 100)}
	keys := map[string]bool{}
	for _, o := range s.Options {
		for _, k := range append([]string{o.Name}, o.Aliases...) {
			errs = append(errs, checkName("option", k))
			if keys[k] {
				errs = append(errs, fmt.Errorf("option %q stands twice", k))
			}
			keys[k] = true
		}
		errs = append(errs, checkText("help of "+o.Name, o.Help, 0, 100))
		if o.Kind == OptionChoice && len(o.Choices) == 0 {
			errs = append(errs, fmt.Errorf("option %q has no choices", o.Name))
		}
		if err := checkChoices(o.Choices, false); err != nil {
			errs = append(errs, fmt.Errorf("option %q: %w", o.Name, err))
		}
	}
	return errors.Join(errs...)
}
