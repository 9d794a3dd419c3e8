package bot

// A Form asks for several things at once: a modal on Slack and Discord, a dialog on
// the web page. What is filled in comes back as a Call of kind [Submit] whose
// Press is the form's and whose Values hold the fields by name. Errors go back per field
// as [FieldErrors].
type Form struct {
	Title  string // at most 24 characters (Slack's modal title)
	Intro  string // optional paragraph above the fields
	Submit string // label of the button, at most 24 characters
	Press  Press  // the action that takes the form, and what it is about
	ID     string // the sealed Press; set by the router, read by platforms
	Fields []Field
}

// FieldKind is what a field of a form takes.
type FieldKind int

// The kinds of fields, and how their value reads in Call.Values.
const (
	FieldText        FieldKind = iota // one line
	FieldLong                         // several lines; its placeholder says "No student names."
	FieldSelect                       // one of Options: its Value
	FieldMultiSelect                  // any of Options: their Values
	FieldRadio                        // one of Options (at most 10): its Value
	FieldCheckbox                     // any of Options (at most 10): their Values
	FieldDate                         // "2026-10-30"
	FieldNumber                       // a whole number in decimal
	FieldPerson                       // one or more people: their Person ids, from Options
)

// Field is one question of a form.
type Field struct {
	Name        string // [a-z_]+, unique in its form
	Label       string // at most 45 characters (Discord's label)
	Hint        string // at most 100 characters
	Placeholder string // at most 100 characters; a long-text field without one says "No student names."
	Kind        FieldKind
	Optional    bool
	Many        bool     // FieldPerson: several people may be chosen
	Options     []Choice // for select, multi-select, radio, checkbox and person
	Value       []string // what is filled in already; for options, Values of Options
	Max         int      // longest text in characters, or largest number; 0 for the platform's own limit
	Min         int      // smallest number
}

// FieldErrors sends a form back with a sentence beside each field that cannot be used;
// nothing that was typed is lost.
type FieldErrors map[string]string
