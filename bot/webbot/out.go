package webbot

import (
	"fmt"
	"strconv"
	"unicode/utf8"

	"rounds/bot"
)

// card, block and what they hold are a bot.Card as the page reads it. Texts are
// literal; the page makes text nodes of them. Of a button's Press only the sealed
// ID leaves the server.
type card struct {
	Blocks []block `json:"blocks"`
}

type block struct {
	Type    string       `json:"type"`
	Text    string       `json:"text,omitempty"`  // title, text, context
	Style   string       `json:"style,omitempty"` // text: "strong", "quote"
	Facts   []fact       `json:"facts,omitempty"`
	Items   []item       `json:"items,omitempty"`
	Ordered bool         `json:"ordered,omitempty"`
	Start   int          `json:"start,omitempty"` // the first number of an ordered list that was split
	Columns []column     `json:"columns,omitempty"`
	Rows    [][]string   `json:"rows,omitempty"`
	Label   string       `json:"label,omitempty"` // progress, select; the title of a chart, image or table
	Done    int          `json:"done,omitempty"`
	Of      int          `json:"of,omitempty"`
	Words   string       `json:"words,omitempty"` // progress in words
	Alt     string       `json:"alt,omitempty"`
	Picture []byte       `json:"picture,omitempty"` // PNG, base64 in JSON
	Buttons []button     `json:"buttons,omitempty"`
	ID      string       `json:"id,omitempty"` // select
	Options []choice     `json:"options,omitempty"`
	Chosen  string       `json:"chosen,omitempty"`
	Numbers *numberTable `json:"numbers,omitempty"` // chart: what it is drawn from
}

type fact struct {
	Label string `json:"label"`
	Value string `json:"value"`
}

type item struct {
	Text   string  `json:"text"`
	Note   string  `json:"note,omitempty"`
	Button *button `json:"button,omitempty"`
}

type column struct {
	Head  string `json:"head"`
	Right bool   `json:"right,omitempty"`
}

type button struct {
	Label   string `json:"label"`
	ID      string `json:"id"`
	Style   string `json:"style,omitempty"` // "primary", "danger"
	Confirm string `json:"confirm,omitempty"`
	About   string `json:"about,omitempty"`
}

type choice struct {
	Label string `json:"label"`
	Value string `json:"value"`
	Note  string `json:"note,omitempty"`
}

type numberTable struct {
	Columns []column   `json:"columns"`
	Rows    [][]string `json:"rows"`
}

// form is a bot.Form as the page reads it.
type form struct {
	ID     string  `json:"id"`
	Title  string  `json:"title"`
	Intro  string  `json:"intro,omitempty"`
	Submit string  `json:"submit"`
	Fields []field `json:"fields"`
}

type field struct {
	Name        string   `json:"name"`
	Label       string   `json:"label"`
	Hint        string   `json:"hint,omitempty"`
	Placeholder string   `json:"placeholder,omitempty"`
	Kind        string   `json:"kind"`
	Optional    bool     `json:"optional,omitempty"`
	Many        bool     `json:"many,omitempty"`
	Options     []choice `json:"options,omitempty"`
	Value       []string `json:"value,omitempty"`
	Max         int      `json:"max,omitempty"`
	Min         int      `json:"min,omitempty"`
}

var kindNames = map[bot.FieldKind]string{
	bot.FieldText: "text", bot.FieldLong: "long", bot.FieldSelect: "select",
	bot.FieldMultiSelect: "multi", bot.FieldRadio: "radio", bot.FieldCheckbox: "checkbox",
	bot.FieldDate: "date", bot.FieldNumber: "number", bot.FieldPerson: "person",
}

// renderCard turns a card into what the page shows, and lists what was cut.
func renderCard(c bot.Card) (card, []string) {
	r := renderer{blocks: []block{}}
	for _, b := range c.Blocks {
		r.block(b)
	}
	if n := len(r.blocks) - maxBlocks; n > 0 {
		r.blocks = r.blocks[:maxBlocks-1]
		r.cutf("%d parts of this answer are not shown: it is too long.", n+1)
	}
	return card{r.blocks}, r.cut
}

type renderer struct {
	blocks []block
	cut    []string
}

func (r *renderer) add(b block) { r.blocks = append(r.blocks, b) }

// cutf tells the reader and the log that something is not shown.
func (r *renderer) cutf(format string, args ...any) {
	s := fmt.Sprintf(format, args...)
	r.cut = append(r.cut, s)
	r.add(block{Type: "context", Text: s})
}

func (r *renderer) block(b bot.Block) {
	switch b := b.(type) {
	case bot.Title:
		for i, part := range pieces(b.Text, maxLine) {
			if i == 0 {
				r.add(block{Type: "title", Text: part})
			} else {
				r.add(block{Type: "text", Text: part})
			}
		}
	case bot.Text:
		style := map[bot.TextStyle]string{bot.Strong: "strong", bot.Quote: "quote"}[b.Style]
		for _, part := range pieces(b.Text, maxText) {
			r.add(block{Type: "text", Text: part, Style: style})
		}
	case bot.Facts:
		for some := range chunks(b.Items, maxItems) {
			out := block{Type: "facts"}
			for _, f := range some {
				out.Facts = append(out.Facts, fact(f))
			}
			r.add(out)
		}
	case bot.List:
		r.list(b)
	case bot.Table:
		r.table(b)
	case bot.Progress:
		r.add(block{
			Type: "progress", Label: b.Label, Done: b.Done, Of: b.Of,
			Words: strconv.Itoa(b.Done) + " of " + strconv.Itoa(b.Of),
		})
	case bot.Chart:
		r.add(block{
			Type: "chart", Label: b.Title, Alt: b.Alt, Numbers: numbers(b), Picture: r.picture(b.PNG),
		})
	case bot.Image:
		r.add(block{Type: "image", Label: b.Title, Alt: b.Alt, Picture: r.picture(b.PNG)})
	case bot.Divider:
		r.add(block{Type: "divider"})
	case bot.Context:
		for _, part := range pieces(b.Text, maxText) {
			r.add(block{Type: "context", Text: part})
		}
	case bot.Buttons:
		for some := range chunks(b.Items, maxButtons) {
			out := block{Type: "buttons"}
			for _, x := range some {
				out.Buttons = append(out.Buttons, renderButton(x))
			}
			r.add(out)
		}
	case bot.Select:
		options := b.Options
		if len(options) > maxOptions {
			options = options[:maxOptions]
		}
		r.add(block{Type: "select", Label: b.Label, ID: b.ID, Chosen: b.Chosen, Options: renderChoices(options)})
		if n := len(b.Options) - len(options); n > 0 {
			r.cutf("%d more choices are not shown.", n)
		}
	}
}

func (r *renderer) list(b bot.List) {
	start := 1
	for some := range chunks(b.Items, maxItems) {
		out := block{Type: "list", Ordered: b.Ordered}
		if b.Ordered && start > 1 {
			out.Start = start
		}
		start += len(some)
		for _, x := range some {
			it := item{Text: x.Text, Note: x.Note}
			if x.Button != nil {
				rb := renderButton(*x.Button)
				it.Button = &rb
			}
			out.Items = append(out.Items, it)
		}
		r.add(out)
	}
}

func (r *renderer) table(b bot.Table) {
	var columns []column
	for _, c := range b.Columns {
		columns = append(columns, column(c))
	}
	rows := b.Rows
	if len(rows) == 0 {
		r.add(block{Type: "table", Label: b.Caption, Columns: columns})
	}
	for some := range chunks(rows, maxRows) {
		r.add(block{Type: "table", Label: b.Caption, Columns: columns, Rows: some})
	}
}

// picture returns the PNG unless it is too large; the words beside it always stay.
func (r *renderer) picture(png []byte) []byte {
	if len(png) > maxPicture {
		r.cutf("The picture is too large to show (%d kB).", len(png)>>10)
		return nil
	}
	return png
}

// numbers is the table behind a chart: a row for each label.
func numbers(c bot.Chart) *numberTable {
	t := &numberTable{Columns: []column{{Head: ""}}, Rows: [][]string{}}
	for _, s := range c.Series {
		t.Columns = append(t.Columns, column{Head: s.Name, Right: true})
	}
	for i, l := range c.Labels {
		row := []string{l}
		for _, s := range c.Series {
			row = append(row, c.Cell(s, i))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func renderButton(b bot.Button) button {
	return button{
		Label: b.Label, ID: b.ID, Confirm: b.Confirm, About: b.About,
		Style: map[bot.ButtonStyle]string{bot.Primary: "primary", bot.Danger: "danger"}[b.Style],
	}
}

func renderChoices(in []bot.Choice) []choice {
	out := make([]choice, 0, len(in))
	for _, c := range in {
		out = append(out, choice(c))
	}
	return out
}

// renderForm turns a form into what the page shows, and lists what was cut.
func renderForm(f bot.Form) (form, []string) {
	var cut []string
	out := form{ID: f.ID, Title: f.Title, Intro: f.Intro, Submit: f.Submit, Fields: []field{}}
	if out.Submit == "" {
		out.Submit = "Save"
	}
	for i, x := range f.Fields {
		if i == maxFields {
			cut = append(cut, fmt.Sprintf("%d fields are not shown.", len(f.Fields)-maxFields))
			break
		}
		w := field{
			Name: x.Name, Label: x.Label, Hint: x.Hint, Placeholder: x.Placeholder,
			Kind: kindNames[x.Kind], Optional: x.Optional, Many: x.Many,
			Value: x.Value, Max: x.Max, Min: x.Min,
		}
		if x.Kind == bot.FieldLong && w.Placeholder == "" {
			w.Placeholder = "No student names."
		}
		options := x.Options
		if len(options) > maxOptions {
			options = options[:maxOptions]
			cut = append(cut, fmt.Sprintf("%d choices of a field are not shown.", len(x.Options)-maxOptions))
		}
		if len(options) > 0 {
			w.Options = renderChoices(options)
		}
		out.Fields = append(out.Fields, w)
	}
	if len(cut) > 0 {
		// Forms have no small print; the paragraph above the fields is the place to say it.
		for _, c := range cut {
			out.Intro += "\n" + c
		}
	}
	return out, cut
}

// pieces cuts a text into parts of at most n characters, at a line break or a space where
// there is one in the second half. Nothing is lost, not even the space.
func pieces(s string, n int) []string {
	var out []string
	for utf8.RuneCountInString(s) > n {
		end, seen, soft := 0, 0, 0
		for i, r := range s {
			if seen == n {
				end = i
				break
			}
			seen++
			if (r == ' ' || r == '\n') && seen > n/2 {
				soft = i + 1
			}
		}
		if soft > 0 {
			end = soft
		}
		out = append(out, s[:end])
		s = s[end:]
	}
	return append(out, s)
}

// chunks yields a slice in runs of at most n.
func chunks[T any](all []T, n int) func(func([]T) bool) {
	return func(yield func([]T) bool) {
		for len(all) > 0 {
			k := min(n, len(all))
			if !yield(all[:k]) {
				return
			}
			all = all[k:]
		}
	}
}
