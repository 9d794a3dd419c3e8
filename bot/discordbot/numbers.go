package discordbot

import (
	"strings"

	"rounds/bot"
)

// monoWidth is the widest line of monospaced text that Discord shows without breaking it beside its side bars on a
// laptop; wider tables are told row by row.
const monoWidth = 60

// table is monospaced lines, its heading again on every block; or, where the lines would be too wide, one item a row with
// the headings before the cells.
func (r *renderer) table(t bot.Table) []piece {
	var out []piece
	if caption := strings.TrimSpace(clean(t.Caption)); caption != "" {
		out = r.drawn(caption, strong)
		for i := range out {
			out[i].leads = true
		}
		t.Caption = ""
	}
	if columnsOf(t) == 0 || empty(t) {
		return out
	}
	lines := strings.Split(strings.TrimRight(clean(t.Text()), "\n"), "\n")
	why := ""
	for _, l := range lines {
		switch {
		case len(t.Columns) < columnsOf(t):
			why = "its rows have more cells than it has columns"
		case bot.Width(l) > monoWidth:
			why = "it is too wide"
		case strings.Contains(l, "`"):
			why = "a cell holds a mark that ends monospaced text"
		}
	}
	if why != "" {
		r.note("block %d: a table is told row by row: %s", r.at, why)
		return append(out, r.records(t)...)
	}
	const fences = len("```\n\n```")
	head := ""
	if heads(t) {
		head, lines = lines[0]+"\n", lines[1:]
	}
	var w strings.Builder
	flush := func() {
		if s := strings.TrimRight(head+w.String(), "\n"); !blank(s) {
			out = append(out, words("```\n"+s+"\n```"))
		}
		w.Reset()
	}
	for _, l := range lines {
		if w.Len() > 0 && length(head)+length(w.String())+length(l)+1+fences > paragraphSize {
			flush()
		}
		w.WriteString(l + "\n")
	}
	flush()
	return out
}

func heads(t bot.Table) bool {
	for _, c := range t.Columns {
		if !blank(c.Head) {
			return true
		}
	}
	return false
}

func empty(t bot.Table) bool {
	for _, row := range t.Rows {
		for _, cell := range row {
			if !blank(clean(cell)) {
				return false
			}
		}
	}
	return !heads(t)
}

func columnsOf(t bot.Table) int {
	n := len(t.Columns)
	for _, row := range t.Rows {
		n = max(n, len(row))
	}
	return n
}

// records tells a table row by row: "Team: Math, Met: yes".
func (r *renderer) records(t bot.Table) []piece {
	if len(t.Rows) == 0 {
		var names []string
		for _, c := range t.Columns {
			names = append(names, c.Head)
		}
		return r.paragraph(strings.Join(names, ", "))
	}
	l := bot.List{}
	used := make([]bool, columnsOf(t))
	for _, row := range t.Rows {
		var parts []string
		for i, cell := range row {
			if blank(cell) {
				continue
			}
			used[i] = true
			if i < len(t.Columns) && !blank(t.Columns[i].Head) {
				cell = t.Columns[i].Head + ": " + cell
			}
			parts = append(parts, oneLine(cell))
		}
		l.Items = append(l.Items, bot.Item{Text: strings.Join(parts, ", ")})
	}
	// The heads of columns that every row leaves empty would be lost otherwise.
	var left []string
	for i, c := range t.Columns {
		if !used[i] && !blank(c.Head) {
			left = append(left, c.Head)
		}
	}
	if len(left) > 0 {
		l.Items = append(l.Items, bot.Item{Text: strings.Join(left, ", ") + ": –"})
	}
	return r.list(l)
}

// chart is the picture with its numbers as its description, or the table. Numbers that have no room in the description
// stand below it.
func (r *renderer) chart(c bot.Chart) []piece {
	var out []piece
	if !blank(c.Title) {
		out = r.drawn(oneLine(c.Title), strong)
	}
	table := func() []piece {
		if len(c.Labels) == 0 && len(c.Series) == 0 {
			return nil
		}
		return r.table(c.Table())
	}
	if !r.picture(c.PNG) {
		if len(c.PNG) > 0 {
			r.note("block %d: a chart is shown as its table", r.at)
		}
		return append(append(out, r.paragraph(c.Alt)...), table()...)
	}
	alt := strings.TrimSpace(strings.TrimSpace(oneLine(c.Alt)) + " " + chartWords(c))
	if length(alt) <= maxAlt {
		return append(out, piece{component: gallery("", ""), parts: 1, png: c.PNG, alt: alt})
	}
	r.note("block %d: the numbers of a chart stand below it", r.at)
	short, _ := cut(strings.TrimSpace(oneLine(c.Alt)), maxAlt)
	out = append(out, piece{component: gallery("", ""), parts: 1, png: c.PNG, alt: short})
	if length(oneLine(c.Alt)) > maxAlt {
		out = append(out, r.paragraph(c.Alt)...)
	}
	return append(out, table()...)
}

// chartWords are the numbers of a chart as sentences, for a screen reader.
func chartWords(c bot.Chart) string {
	var w strings.Builder
	for _, s := range c.Series {
		var parts []string
		for i := range s.Values {
			label := ""
			if i < len(c.Labels) {
				label = oneLine(c.Labels[i]) + " "
			}
			parts = append(parts, label+c.Cell(s, i))
		}
		if len(parts) > 0 {
			w.WriteString(strings.TrimSpace(oneLine(s.Name)) + ": " + strings.Join(parts, ", ") + ". ")
		}
	}
	return strings.TrimSpace(w.String())
}

func (r *renderer) image(b bot.Image) []piece {
	var out []piece
	if !blank(b.Title) {
		out = r.drawn(oneLine(b.Title), strong)
	}
	if !r.picture(b.PNG) {
		r.note("block %d: a picture is shown as its words", r.at)
		return append(out, r.paragraph(b.Alt)...)
	}
	alt, long := cut(strings.TrimSpace(oneLine(b.Alt)), maxAlt)
	out = append(out, piece{component: gallery("", ""), parts: 1, png: b.PNG, alt: alt})
	if long {
		out = append(out, r.paragraph(b.Alt)...)
	}
	return out
}

func (r *renderer) picture(png []byte) bool {
	return r.Pictures && len(png) > 0 && len(png) <= maxFileBytes
}
