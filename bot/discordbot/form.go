package discordbot

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"rounds/bot"
	"rounds/bot/fit"
)

// A Modal is one part of a form on the screen.
type Modal struct {
	CustomID   string      `json:"custom_id"`
	Title      string      `json:"title"`
	Components []Component `json:"components"`
}

// underway is a form that somebody is filling in. A modal holds five fields and is closed when it is sent, so what was typed
// is kept until the form is whole and nothing is wrong with it.
type underway struct {
	Form   bot.Form            `json:"form"`
	Nonce  string              `json:"nonce"`
	User   string              `json:"user"`
	Values map[string][]string `json:"values"`           // as they go to the router
	Raw    map[string][]string `json:"raw"`              // as they were typed, to be shown again
	Errors map[string]string   `json:"errors,omitempty"` // by field
	Todo   []int               `json:"todo"`             // parts that are still to be seen, from 1
	Origin Origin              `json:"origin"`
}

// Origin is where a form was first opened from.
type Origin struct {
	Channel   string `json:"c,omitempty"`
	Message   string `json:"m,omitempty"`
	Ephemeral bool   `json:"e,omitempty"`
}

// mostParts is how many modals one form may take; a part is one digit of the custom_id.
const mostParts = 9

// newUnderway begins a form. What is filled in from the start counts as given, so that a form may be sent after
// its first part.
func newUnderway(f bot.Form, in Incoming) *underway {
	u := &underway{Form: f, Nonce: nonceOf(in.Call.ID + f.ID), User: in.Call.From.User, Values: map[string][]string{}, Raw: map[string][]string{}}
	u.Origin = Origin{Channel: in.Target.Channel, Message: in.Target.Message, Ephemeral: in.Target.Ephemeral}
	for i := range u.parts() {
		u.Todo = append(u.Todo, i+1)
	}
	for _, fd := range f.Fields {
		if len(fd.Value) > 0 {
			u.Values[fd.Name] = fd.Value
		}
	}
	return u
}

// parts are the fields as they stand on the modals. An intro takes a row of the first.
func (u *underway) parts() [][]bot.Field {
	left, room := u.Form.Fields, maxModalRows
	if !fit.Blank(u.Form.Intro) {
		room--
	}
	var out [][]bot.Field
	for len(left) > 0 && len(out) < mostParts {
		n := min(room, len(left))
		out, left, room = append(out, left[:n]), left[n:], maxModalRows
	}
	if len(out) == 0 {
		out = [][]bot.Field{nil}
	}
	return out
}

// partOf is the part that a field stands on, from 1; the first for a field that the form has not.
func (u *underway) partOf(name string) int {
	for i, fields := range u.parts() {
		if slices.ContainsFunc(fields, func(f bot.Field) bool { return f.Name == name }) {
			return i + 1
		}
	}
	return 1
}

// take adds what one part brought. Names typed in place of a menu become the values of the menu.
func (u *underway) take(part int, fields map[string][]string) {
	parts := u.parts()
	if part < 1 || part > len(parts) {
		return
	}
	for _, f := range parts[part-1] {
		v := fields[f.Name]
		u.Raw[f.Name] = v
		if typedChoice(f) {
			v = matching(f, v)
		}
		delete(u.Errors, f.Name)
		u.Values[f.Name] = v
	}
	u.Todo = slices.DeleteFunc(u.Todo, func(n int) bool { return n == part })
}

// fields are what the router gets: nothing for what was left empty.
func (u *underway) fields() map[string][]string {
	out := map[string][]string{}
	for _, f := range u.Form.Fields {
		if v := u.Values[f.Name]; len(v) > 0 {
			out[f.Name] = v
		}
	}
	return out
}

// call makes a call the sending of the whole form. The same form with the same words in it is the same call, however often
// its button is pressed; a corrected one is another.
func (u *underway) call(c *bot.Call) {
	c.Button, c.Fields = u.Form.ID, u.fields()
	filled, _ := json.Marshal(c.Fields) // in the order of the names
	c.ID = Name + ":" + or(c.From.Workspace, "direct") + ":form." + u.Nonce + "." + nonceOf(string(filled))
}

// mayEnd tells whether the parts that nobody has seen yet need no answer.
func (u *underway) mayEnd() bool {
	parts := u.parts()
	for _, n := range u.Todo {
		for _, f := range parts[n-1] {
			if u.Errors[f.Name] != "" || !f.Optional && len(u.Values[f.Name]) == 0 {
				return false
			}
		}
	}
	return true
}

// refuse notes what is wrong and where to begin again.
func (u *underway) refuse(errs bot.FieldErrors) {
	u.Errors, u.Todo = map[string]string{}, nil
	for name, s := range errs {
		u.Errors[name] = s
		if n := u.partOf(name); !slices.Contains(u.Todo, n) {
			u.Todo = append(u.Todo, n)
		}
	}
	slices.Sort(u.Todo)
}

// typedChoice tells whether a field has more options than a menu of Discord holds, so that its answer is typed.
func typedChoice(f bot.Field) bool { return f.Kind.HasOptions() && len(f.Options) > maxOptions }

// modalID is the custom_id of the modal: the form's sealed id, the part, whether it was opened again, and the name of what
// is under way.
func (u *underway) modalID(part int, again bool) string {
	mode := "a"
	if again {
		mode = "r"
	}
	tail := "." + itoa(part) + mode + u.Nonce
	if fit.Length(u.Form.ID)+len(tail) > maxCustomID || u.Form.ID == "" {
		return ownPress + "form" + tail // what is under way knows the id
	}
	return u.Form.ID + tail
}

// Parts are the modals of a form as it is first opened.
func Parts(f bot.Form) []Modal {
	u := newUnderway(f, Incoming{})
	var out []Modal
	for i := range u.parts() {
		m, _ := Render{}.Part(u, i+1, false)
		out = append(out, m)
	}
	return out
}

// Part renders one part of a form as a modal.
func (o Render) Part(u *underway, part int, again bool) (Modal, Report) {
	r := &renderer{Render: o}
	parts := u.parts()
	part = min(max(part, 1), len(parts))
	title := oneLine(u.Form.Title)
	if fit.Blank(title) {
		title = or(o.Name, "Rounds")
	}
	if len(parts) > 1 {
		title += fmt.Sprintf(" (%d of %d)", part, len(parts))
	}
	m := Modal{CustomID: u.modalID(part, again), Title: r.short(title, maxModalTitle, "the form's title")}
	if intro := strings.TrimSpace(fit.Clean(u.Form.Intro)); part == 1 && intro != "" {
		drawn := splitFor(intro, maxTexts, escape)
		if len(drawn) > 1 {
			r.Note("the form's introduction is shortened to %d characters", maxTexts)
		}
		m.Components = append(m.Components, text(escape(drawn[0])))
	}
	shown := 0
	for _, p := range parts {
		shown += len(p)
	}
	if left := len(u.Form.Fields) - shown; left > 0 {
		r.Note("%d fields left out: a form has at most %d parts", left, mostParts)
	}
	for i, f := range parts[part-1] {
		r.At = i + 1
		m.Components = append(m.Components, r.field(f, u))
	}
	if len(m.Components) == 0 {
		m.Components = []Component{text(escape(m.Title))}
	}
	return m, r.Report
}

// field is a label with its input. What is wrong with what was typed stands where the hint would.
func (r *renderer) field(f bot.Field, u *underway) Component {
	label := strings.TrimSpace(oneLine(f.Label))
	c := Component{"type": cLabel, "label": r.short(label, maxLabel, "a label")}
	value := f.Value
	if v, ok := u.Raw[f.Name]; ok {
		value = v
	}
	hint := strings.TrimSpace(oneLine(f.Hint))
	if e := u.Errors[f.Name]; e != "" {
		hint = e
	}
	if e, h := r.input(f, value, u.Raw[f.Name] != nil); e != nil {
		if hint == "" {
			hint = h
		}
		c["component"] = e
	}
	if hint != "" {
		c["description"] = r.short(hint, maxLabelHint, "a hint")
	}
	return c
}

// input is the component that takes the answer, and a hint for where the field has none of its own.
func (r *renderer) input(f bot.Field, value []string, typed bool) (Component, string) {
	first := ""
	if len(value) > 0 {
		first = fit.Clean(value[0])
	}
	switch f.Kind {
	case bot.FieldText, bot.FieldLong:
		return r.textInput(f, first), ""
	case bot.FieldDate:
		f.Max = 40
		if fit.Blank(f.Placeholder) {
			f.Placeholder = "2026-10-30, or fri, next tue"
		}
		return r.textInput(f, first), ""
	case bot.FieldNumber:
		f.Kind = bot.FieldText
		if fit.Blank(f.Placeholder) && f.Max > 0 {
			f.Placeholder = fmt.Sprintf("A whole number, %d to %d", f.Min, f.Max)
		}
		f.Max = max(len(strconv.Itoa(f.Max)), len(strconv.Itoa(f.Min)), fit.Length(first), 12)
		return r.textInput(f, first), ""
	}
	if typedChoice(f) {
		r.Note("field %d: more than %d options are typed", r.At, maxOptions)
		if !typed {
			first = strings.Join(labels(f, value), ", ")
		}
		f.Max, f.Kind = 0, bot.FieldText
		hint := "Type a name from the list."
		if f.Many {
			hint = "Type names from the list, with commas between them."
		}
		return r.textInput(f, first), hint
	}
	return r.choice(f, value), ""
}

// labels are the words of options by their values.
func labels(f bot.Field, values []string) []string {
	var out []string
	for _, v := range values {
		for _, o := range f.Options {
			if o.Value == v {
				out = append(out, oneLine(o.Label))
			}
		}
	}
	return out
}

func (r *renderer) textInput(f bot.Field, value string) Component {
	e := Component{"type": cInput, "custom_id": f.Name, "style": 1, "required": !f.Optional}
	limit := maxInputValue
	if f.Max > 0 && f.Max < limit {
		limit = f.Max
	}
	e["max_length"] = limit
	hint := f.Placeholder
	if f.Kind == bot.FieldLong {
		e["style"] = 2
		if fit.Blank(hint) {
			hint = "No student names."
		}
	} else {
		value = oneLine(value)
	}
	if fit.Length(value) > limit {
		r.Note("field %d: what is filled in is shortened to %d characters", r.At, limit)
		value = fit.First(value, limit)
	}
	if !fit.Blank(value) {
		e["value"] = value
	}
	if !fit.Blank(hint) {
		e["placeholder"] = r.short(hint, maxInputHint, "a placeholder")
	}
	return e
}

// choice is a field that is answered out of its options.
func (r *renderer) choice(f bot.Field, chosen []string) Component {
	options := r.options(f.Options, chosen)
	if len(options) == 0 {
		r.Note("field %d: there is nothing to choose from", r.At)
		f.Kind = bot.FieldText
		return r.textInput(f, "")
	}
	many := f.Kind == bot.FieldMultiSelect || f.Kind == bot.FieldCheckbox || f.Kind == bot.FieldPerson && f.Many
	e := Component{"custom_id": f.Name, "required": !f.Optional, "options": options}
	switch {
	case f.Kind == bot.FieldRadio && len(options) >= minRadio && len(options) <= maxRadio:
		e["type"] = cRadio
		return e
	case f.Kind == bot.FieldCheckbox && len(options) <= maxBoxes:
		e["type"] = cBoxes
	default:
		e["type"] = cSelect
		if hint := strings.TrimSpace(oneLine(f.Placeholder)); hint != "" {
			e["placeholder"] = r.short(hint, maxPlaceholder, "a placeholder")
		}
	}
	if many {
		e["min_values"], e["max_values"] = 1, len(options)
		if f.Optional {
			e["min_values"] = 0
		}
	} else {
		e["max_values"] = 1
	}
	return e
}

// matching finds the options that typed words mean: by their label, the beginning of one of its words, or several with
// commas between them. Words that mean none, or more than one, go on as they were typed: whoever takes the form knows more names.
func matching(f bot.Field, typed []string) []string {
	var out []string
	for _, line := range typed {
		for word := range strings.FieldsFuncSeq(line, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
			word = strings.TrimSpace(word)
			if word == "" {
				continue
			}
			var exact, begins []string
			for _, o := range f.Options {
				switch {
				case strings.EqualFold(oneLine(o.Label), word) || o.Value == word:
					exact = append(exact, o.Value)
				case beginsWord(o.Label, word):
					begins = append(begins, o.Value)
				}
			}
			switch {
			case len(exact) == 1:
				out = append(out, exact[0])
			case len(exact) == 0 && len(begins) == 1:
				out = append(out, begins[0])
			default:
				out = append(out, word)
			}
		}
	}
	return out
}

func beginsWord(label, typed string) bool {
	label, typed = strings.ToLower(label), strings.ToLower(typed)
	for i := range label {
		at := i == 0
		if !at {
			r, _ := utf8.DecodeLastRuneInString(label[:i])
			at = !unicode.IsLetter(r) && !unicode.IsDigit(r)
		}
		if at && strings.HasPrefix(label[i:], typed) {
			return true
		}
	}
	return false
}
