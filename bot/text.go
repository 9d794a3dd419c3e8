package bot

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text is the card in plain text, one block after the other: for a terminal, a
// golden file, a screen reader, and for any service where nothing better can be drawn. Buttons
// read "[Label]".
func (c Card) Text() string {
	var w strings.Builder
	for _, b := range c.Blocks {
		blockText(&w, b)
	}
	return strings.TrimRight(w.String(), "\n")
}

// Text is the card in plain text.
func (o Open) Text() string { return o.open.Text() }

// Text is the card in plain text.
func (p Private) Text() string { return p.private.Text() }

func blockText(w *strings.Builder, b Block) {
	switch b := b.(type) {
	case Title:
		line(w, b.Text)
	case Text:
		if b.Style != Quote {
			line(w, b.Text)
			return
		}
		for l := range strings.SplitSeq(b.Text, "\n") {
			line(w, "> "+l)
		}
	case Facts:
		for _, f := range b.Items {
			line(w, f.Label+": "+f.Value)
		}
	case List:
		for i, it := range b.Items {
			mark := "- "
			if b.Ordered {
				mark = strconv.Itoa(i+1) + ". "
			}
			s := mark + it.Text
			if it.Note != "" {
				s += " · " + it.Note
			}
			if it.Button != nil {
				s += " [" + it.Button.Label + "]"
			}
			line(w, s)
		}
	case Table:
		w.WriteString(b.Text())
	case Progress:
		line(w, b.Text())
	case Chart:
		if b.Title != "" {
			line(w, b.Title)
		}
		if b.Alt != "" {
			line(w, b.Alt)
		}
		w.WriteString(b.Table().Text())
	case Image:
		s := "Image: " + b.Alt
		if b.Title != "" {
			s = "Image: " + b.Title + ". " + b.Alt
		}
		line(w, s)
	case Divider:
		line(w, "----------")
	case Context:
		line(w, b.Text)
	case Buttons:
		var s []string
		for _, bt := range b.Items {
			s = append(s, "["+bt.Label+"]")
		}
		line(w, strings.Join(s, " "))
	case Select:
		var s []string
		for _, o := range b.Options {
			l := o.Label
			if b.Chosen != "" && o.Value == b.Chosen {
				l += " (chosen)"
			}
			s = append(s, l)
		}
		line(w, b.Label+": "+strings.Join(s, " / "))
	}
}

// line writes s and ends it; trailing space never counts.
func line(w *strings.Builder, s string) {
	w.WriteString(strings.TrimRight(s, " "))
	w.WriteByte('\n')
}

// Text is "Label: 18 of 24".
func (p Progress) Text() string {
	s := fmt.Sprintf("%d of %d", p.Done, p.Of)
	if p.Label == "" {
		return s
	}
	return p.Label + ": " + s
}

// Table gives the numbers of a chart as the table that always goes with it.
func (c Chart) Table() Table {
	t := Table{Columns: []Column{{}}}
	for _, s := range c.Series {
		t.Columns = append(t.Columns, Column{Head: s.Name, Right: true})
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

// Cell is what a series reads as at a label: its words, else its value, else nothing.
func (c Chart) Cell(s Series, i int) string {
	switch {
	case i < len(s.Words) && s.Words[i] != "":
		return s.Words[i]
	case i < len(s.Values):
		return c.Value(s.Values[i])
	}
	return ""
}

// Value is one number of a chart with its unit, as short as it can be: "84%", "3 visits".
func (c Chart) Value(v float64) string {
	s := strconv.FormatFloat(v, 'f', -1, 64)
	switch {
	case c.Unit == "":
		return s
	case utf8.RuneCountInString(c.Unit) == 1: // % and its like stand close
		return s + c.Unit
	}
	return s + " " + c.Unit
}

// Text is the table with its columns aligned, two spaces between them, each row one line.
func (t Table) Text() string {
	width := make([]int, len(t.Columns))
	head := false
	for i, c := range t.Columns {
		width[i] = Width(oneLine(c.Head))
		head = head || c.Head != ""
	}
	for _, r := range t.Rows {
		for i, cell := range r {
			if i < len(width) {
				width[i] = max(width[i], Width(oneLine(cell)))
			}
		}
	}
	var w strings.Builder
	if t.Caption != "" {
		line(&w, t.Caption)
	}
	row := func(cells []string) {
		var s strings.Builder
		for i, cell := range cells {
			cell = oneLine(cell)
			if i > 0 {
				s.WriteString("  ")
			}
			if i >= len(width) { // more cells than columns: show them all the same
				s.WriteString(cell)
				continue
			}
			pad := strings.Repeat(" ", width[i]-Width(cell))
			if t.Columns[i].Right {
				s.WriteString(pad + cell)
			} else {
				s.WriteString(cell + pad)
			}
		}
		line(&w, s.String())
	}
	if head {
		heads := make([]string, len(t.Columns))
		for i, c := range t.Columns {
			heads[i] = c.Head
		}
		row(heads)
	}
	for _, r := range t.Rows {
		row(r)
	}
	return w.String()
}

// oneLine keeps a cell in its row.
func oneLine(s string) string {
	if !strings.ContainsAny(s, "\r\n\t") {
		return s
	}
	return strings.Join(strings.Fields(s), " ")
}

// Width is how many columns of a terminal s takes, near enough for a table: nothing for
// combining and invisible characters, two for those that are wide.
func Width(s string) int {
	n := 0
	for _, r := range s {
		switch {
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) || unicode.IsControl(r):
		case unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana),
			r >= 0x1F300 && r <= 0x1FAFF, r >= 0xFF01 && r <= 0xFF60:
			n += 2
		default:
			n++
		}
	}
	return n
}

// Text is the form in plain text: its title, one line a field, and its button.
func (f Form) Text() string { return f.TextWith(nil, nil) }

// TextWith is the form as somebody sees it who has filled something in and had it sent
// back: filled by field name stands for what each field held at first, and errors by field
// name below their fields. Either may be nil.
func (f Form) TextWith(filled map[string][]string, errors map[string]string) string {
	var w strings.Builder
	line(&w, f.Title)
	if f.Intro != "" {
		line(&w, f.Intro)
	}
	for _, fd := range f.Fields {
		value := fd.Value
		if v, ok := filled[fd.Name]; ok {
			value = v
		}
		line(&w, fieldText(fd, value))
		if fd.Hint != "" {
			line(&w, "  "+fd.Hint)
		}
		if e := errors[fd.Name]; e != "" {
			line(&w, "  ! "+e)
		}
	}
	submit := f.Submit
	if submit == "" {
		submit = "Save"
	}
	line(&w, "["+submit+"]")
	return strings.TrimRight(w.String(), "\n")
}

func fieldText(f Field, value []string) string {
	s := f.Label
	if f.Optional {
		s += " (optional)"
	}
	s += ": "
	if !f.Kind.HasOptions() {
		v := strings.Join(value, " ")
		if v == "" && f.Placeholder != "" {
			v = "<" + f.Placeholder + ">"
		}
		return s + v
	}
	boxes := [2]string{"( ) ", "(x) "}
	if f.Kind == FieldMultiSelect || f.Kind == FieldCheckbox || f.Many {
		boxes = [2]string{"[ ] ", "[x] "}
	}
	for i, o := range f.Options {
		if i > 0 {
			s += "  "
		}
		on := 0
		for _, v := range value {
			if v == o.Value {
				on = 1
			}
		}
		s += boxes[on] + o.Label
		if o.Note != "" {
			s += " · " + o.Note
		}
	}
	return s
}
