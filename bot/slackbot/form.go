package slackbot

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"rounds/bot"
	"rounds/bot/fit"
)

// fieldAction is the action_id of every field; its block_id is the field's name.
const fieldAction = "v"

// Form renders a form as a modal. meta travels with it and comes back.
func (o Render) Form(f bot.Form, meta Origin) (View, Report) {
	r := &renderer{Render: o}
	v := View{Type: "modal", CallbackID: f.ID, PrivateMetadata: meta.String(), Close: plain("Cancel")}
	if fit.Length(f.ID) > maxCallbackID {
		r.Note("the form's id is longer than %d, so the form cannot be sent", maxCallbackID)
		v.CallbackID = ""
	}
	title := oneLine(f.Title)
	if fit.Length(title) > maxViewTitle { // the title bar shows its beginning, the form the whole
		for _, p := range r.paragraph(title) {
			v.Blocks = append(v.Blocks, p.block)
		}
	}
	v.Title = plain(r.short(title, maxViewTitle, "the form's title"))
	submit := f.Submit
	if fit.Blank(submit) {
		submit = "Save"
	}
	v.Submit = plain(r.short(submit, maxViewButton, "the form's button"))
	for _, p := range r.paragraph(f.Intro) {
		v.Blocks = append(v.Blocks, p.block)
	}
	size := bytesOf(v)
	for i, fd := range f.Fields {
		r.At = i + 1
		blocks := r.field(fd, maxViewBytes-size)
		n := bytesOf(blocks)
		if len(v.Blocks)+len(blocks) > maxModalBlocks-1 || size+n > maxViewBytes {
			r.Note("%d fields left out: the form is full", len(f.Fields)-i)
			v.Blocks = append(v.Blocks, smallPrint(fmt.Sprintf("%d more fields do not fit here.", len(f.Fields)-i)))
			break
		}
		size += n
		v.Blocks = append(v.Blocks, blocks...)
	}
	if len(v.Blocks) == 0 {
		v.Blocks = []Block{section(v.Title["text"].(string))}
	}
	return v, r.Report
}

// field is one input block, with a line of small print after it where something of
// the field does not fit.
func (r *renderer) field(f bot.Field, room int) []Block {
	b := Block{
		"type":     "input",
		"block_id": f.Name,
		"label":    plain(r.short(f.Label, maxInputLabel, "a label")),
	}
	if f.Optional {
		b["optional"] = true
	}
	if !fit.Blank(f.Hint) {
		b["hint"] = plain(r.short(f.Hint, maxInputHint, "a hint"))
	}
	value := ""
	if len(f.Value) > 0 {
		value = fit.Clean(f.Value[0])
	}
	var e map[string]any
	var remark string
	switch f.Kind {
	case bot.FieldText, bot.FieldLong:
		e, remark = r.textInput(f, value)
	case bot.FieldDate:
		e = map[string]any{"type": "datepicker"}
		if _, err := time.Parse(time.DateOnly, value); err == nil {
			e["initial_date"] = value
		}
	case bot.FieldNumber:
		e = map[string]any{"type": "number_input", "is_decimal_allowed": false}
		if f.Max != 0 || f.Min != 0 {
			e["min_value"] = strconv.Itoa(f.Min)
		}
		if f.Max != 0 {
			e["max_value"] = strconv.Itoa(f.Max)
		}
		if _, err := strconv.Atoi(value); err == nil {
			e["initial_value"] = value
		}
	default:
		e, remark = r.choice(f, room)
	}
	if e == nil {
		return []Block{section(b["label"].(map[string]any)["text"].(string) + ": " + remark)}
	}
	e["action_id"] = fieldAction
	if !fit.Blank(f.Placeholder) && e["type"] != "radio_buttons" && e["type"] != "checkboxes" {
		e["placeholder"] = plain(r.short(f.Placeholder, maxPlaceholder, "a placeholder"))
	}
	b["element"] = e
	if remark != "" {
		return []Block{b, smallPrint(remark)}
	}
	return []Block{b}
}

func (r *renderer) textInput(f bot.Field, value string) (map[string]any, string) {
	e := map[string]any{"type": "plain_text_input", "multiline": f.Kind == bot.FieldLong}
	if f.Kind == bot.FieldLong && fit.Blank(f.Placeholder) {
		e["placeholder"] = plain("No student names.")
	}
	limit := maxInputValue
	if f.Max > 0 && f.Max < limit {
		limit = f.Max
	}
	e["max_length"] = limit
	remark := ""
	if fit.Length(value) > limit {
		r.Note("field %d: what is filled in is shortened to %d characters", r.At, limit)
		remark = fmt.Sprintf("Only the first %d characters fit in this field.", limit)
		value = fit.First(value, limit)
	}
	if value != "" {
		e["initial_value"] = value
	}
	return e, remark
}

// choice is a field that is answered out of its options. Radio buttons and checkboxes hold
// ten, a select a hundred, and groups of them ten thousand.
func (r *renderer) choice(f bot.Field, room int) (map[string]any, string) {
	options := r.options(f.Options)
	if len(options) == 0 {
		r.Note("field %d: there is nothing to choose from", r.At)
		return nil, "nothing to choose from"
	}
	remark := ""
	// A view has a size of its own, and one long menu must leave room for the other fields.
	for len(options) > maxOptions && bytesOf(options) > room/2 {
		options = options[:len(options)*3/4]
		remark = fmt.Sprintf("Only the first %d fit here.", len(options))
	}
	if most := maxOptions * maxGroups; len(options) > most {
		options = options[:most]
		remark = fmt.Sprintf("Only the first %d fit here.", most)
	}
	if remark != "" {
		r.Note("field %d: %d of %d options left out", r.At, len(f.Options)-len(options), len(f.Options))
	}
	many := f.Kind == bot.FieldMultiSelect || f.Kind == bot.FieldCheckbox || f.Kind == bot.FieldPerson && f.Many
	few := len(options) <= maxChoiceOptions
	e := map[string]any{"options": options}
	switch {
	case f.Kind == bot.FieldRadio && few:
		e["type"] = "radio_buttons"
	case f.Kind == bot.FieldCheckbox && few:
		e["type"] = "checkboxes"
	case many:
		e["type"] = "multi_static_select"
	default:
		e["type"] = "static_select"
	}
	if (f.Kind == bot.FieldRadio || f.Kind == bot.FieldCheckbox) && !few {
		r.Note("field %d: more than %d options are a menu", r.At, maxChoiceOptions)
	}
	if len(options) > maxOptions {
		delete(e, "options")
		e["option_groups"] = groups(options)
	}
	var initial []any
	for _, v := range f.Value {
		if o := chosen(options, v); o != nil {
			initial = append(initial, o)
		}
	}
	switch {
	case len(initial) == 0:
	case many:
		e["initial_options"] = initial
	default:
		e["initial_option"] = initial[0]
	}
	return e, remark
}

// groups stands the options in groups that Slack can hold, each named by its ends.
func groups(options []any) []any {
	name := func(o any) string {
		s, _ := fit.Cut(o.(map[string]any)["text"].(map[string]any)["text"].(string), (maxGroupLabel-3)/2)
		return s
	}
	var out []any
	for start := 0; start < len(options); start += maxOptions {
		some := options[start:min(start+maxOptions, len(options))]
		label := name(some[0]) + " – " + name(some[len(some)-1])
		out = append(out, map[string]any{"label": plain(label), "options": some})
	}
	return out
}

// fieldErrors is Slack's answer that keeps a form open with a sentence below each field. A
// sentence about no field of the form stands below its first one, since Slack drops
// the whole answer for a name that it does not know.
func fieldErrors(errs bot.FieldErrors, fields []string) map[string]string {
	out := map[string]string{}
	known := map[string]bool{}
	for _, f := range fields {
		known[f] = true
	}
	var other []string
	for _, name := range sortedKeys(errs) {
		if known[name] {
			out[name] = errs[name]
		} else {
			other = append(other, errs[name])
		}
	}
	if len(other) > 0 && len(fields) > 0 {
		first := fields[0]
		if out[first] != "" {
			other = append([]string{out[first]}, other...)
		}
		out[first] = strings.Join(other, " ")
	}
	for name, s := range out {
		if s, _ = fit.Cut(fit.Clean(s), maxFieldError); fit.Blank(s) {
			s = "This cannot be used."
		}
		out[name] = s
	}
	return out
}
