package bot

// A Card is what the bot says: a short list of blocks, the same for every service.
// Texts in a card are always literal: a renderer escapes whatever its service
// would read as markup, a mention or a link.
type Card struct {
	Blocks []Block
}

// A Block is one of the closed set below: [Title], [Text], [Facts], [List], [Table],
// [Progress], [Chart], [Image], [Divider], [Context], [Buttons], [Select].
type Block interface{ isBlock() }

// Title is the card's heading, one short line.
type Title struct{ Text string }

// TextStyle says how a paragraph is meant, not how it looks.
type TextStyle int

// The styles of a paragraph.
const (
	Plain  TextStyle = iota
	Strong           // the one number or sentence to see first
	Quote            // somebody's words, quoted whole
)

// Text is a paragraph; line breaks in it are kept.
type Text struct {
	Text  string
	Style TextStyle
}

// Facts are short label and value pairs.
type Facts struct{ Items []Fact }

// Fact is one pair of [Facts].
type Fact struct{ Label, Value string }

// List is a list of items, each with at most one button beside it.
type List struct {
	Items   []Item
	Ordered bool
}

// Item is one line of a [List]; Note is its quieter second part.
type Item struct {
	Text   string
	Note   string
	Button *Button
	// People marks an item whose names are meeting roles or owners of a team's
	// commitments: the only place where an open card may name people. The
	// guard of [Hub.Post] looks for names everywhere else.
	People bool
}

// Table is a small table. Every row has as many cells as there are columns.
type Table struct {
	Caption string
	Columns []Column
	Rows    [][]string
}

// Column heads one column of a [Table]; Right aligns numbers.
type Column struct {
	Head  string
	Right bool
}

// Progress is "Done of Of" with a bar where a service can draw one, and always in words.
type Progress struct {
	Label    string
	Done, Of int
}

// Chart is a picture of numbers. It always carries the numbers, so that a service
// without pictures, a screen reader and a test can read it; PNG is the drawn
// picture and may be empty where none could be drawn.
type Chart struct {
	Title  string
	Alt    string // one sentence that says what the picture shows
	Labels []string
	Series []Series
	Unit   string // "%", "visits", …; empty for plain counts
	// Steps names what the values 1, 2, 3 … stand for, the lowest first, where they are places on a ladder and no amounts:
	// "Emerging", "Developing". The labels are then days, in order.
	Steps []string
	PNG   []byte
}

// Series is one named row of numbers of a [Chart], as long as its Labels.
type Series struct {
	Name   string
	Values []float64
	// Words are what the values read as where a number alone would not be true: "over 85%". Nil, or one each; an empty
	// one is the value itself.
	Words []string
}

// Image is a picture that is no chart.
type Image struct {
	Title string
	Alt   string
	PNG   []byte
}

// Divider is a rule between parts.
type Divider struct{}

// Context is small print: credits, who can see this, the zone of a time.
type Context struct{ Text string }

// Buttons is a row of buttons.
type Buttons struct{ Items []Button }

// Button does one thing when pressed. Handlers set Press; the [Router] and the [Hub]
// seal it into ID before a platform sees the card, so a platform reads only ID.
type Button struct {
	Label   string // at most 30 characters, so that every service shows it whole
	Press   Press
	ID      string // the sealed Press: at most 100 characters of A-Z a-z 0-9 - _
	Style   ButtonStyle
	Confirm string // a question asked before the press counts; "" for none
	// About completes the label for a screen reader where several buttons of a
	// card read alike ("Log" beside each name). Private cards only may name people in it.
	About string
}

// ButtonStyle is how much a button asks to be pressed.
type ButtonStyle int

// The styles of a button.
const (
	Normal ButtonStyle = iota
	Primary
	Danger
)

// Select is a menu; choosing an option is a click that carries the option's value.
type Select struct {
	Label   string
	Press   Press
	ID      string // the sealed Press, as in Button
	Options []Choice
	Chosen  string // the Value of the option shown as chosen, or ""
}

// Choice is one option of a menu, a form field or a completion. The router seals
// Value on its way out and opens it on its way in.
type Choice struct {
	Label string // at most 75 characters
	Value string // at most 24 bytes before sealing
	Note  string // optional second line, at most 75 characters
}

// Press is what a button means: an action that a command registered, the id of what
// it is about, and nothing else. Action and Subject together are at most 44 bytes.
type Press struct {
	Action  string // "observe.share": the command's name, a dot, the key of Command.On
	Subject string // an opaque id such as "v1042"; never a name
}

func (Title) isBlock()    {}
func (Text) isBlock()     {}
func (Facts) isBlock()    {}
func (List) isBlock()     {}
func (Table) isBlock()    {}
func (Progress) isBlock() {}
func (Chart) isBlock()    {}
func (Image) isBlock()    {}
func (Divider) isBlock()  {}
func (Context) isBlock()  {}
func (Buttons) isBlock()  {}
func (Select) isBlock()   {}

// Open is a card that anybody in its room may see now and for as long as the chat
// service keeps it: aggregates, agendas, framework text, calendar, and envelopes
// that say only that something waits. Only open cards can be posted.
type Open struct{ open Card }

// Private is a card that only its verified viewer may see. It cannot be posted, and
// there is no conversion from Private to Open.
type Private struct{ private Card }

// OpenCard makes an open card of the blocks.
func OpenCard(blocks ...Block) Open { return Open{Card{blocks}} }

// PrivateCard makes a private card of the blocks.
func PrivateCard(blocks ...Block) Private { return Private{Card{blocks}} }

// Card is for renderers.
func (o Open) Card() Card { return o.open }

// Card is for renderers, which must show it to its viewer alone.
func (p Private) Card() Card { return p.private }

// AsPrivate shows open matter to one person only.
func (o Open) AsPrivate() Private { return Private{o.open} }

// With returns a copy of the card with more blocks at its end.
func (p Private) With(blocks ...Block) Private {
	return Private{Card{append(append([]Block(nil), p.private.Blocks...), blocks...)}}
}

// With returns a copy of the card with more blocks at its end.
func (o Open) With(blocks ...Block) Open {
	return Open{Card{append(append([]Block(nil), o.open.Blocks...), blocks...)}}
}
