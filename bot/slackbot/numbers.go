package slackbot

import (
	"strings"

	"rounds/bot"
)

// monoWidth is the widest line of monospaced text that Slack shows without breaking it on
// a laptop; wider tables are told row by row.
const monoWidth = 72

// table is a native table where Slack takes one: in a message, the first, within its
// limits. Elsewhere it is text.
func (r *renderer) table(t bot.Table) []piece {
	var out []piece
	if caption := clean(t.Caption); !blank(caption) {
		out = r.rich(caption, "rich_text_section", bold)
		t.Caption = ""
	}
	columns := columnsOf(t)
	if columns == 0 || empty(t) {
		return out
	}
	why := ""
	rows := len(t.Rows)
	if heads(t) {
		rows++
	}
	block, chars := nativeTable(t, columns)
	switch {
	case !r.message:
		why = "views hold no tables"
	case r.NoTables:
		why = "Slack refused a table before"
	case r.tables >= maxTables:
		why = "a message holds one table"
	case rows > maxTableRows || columns > maxTableCells || chars > maxTableChars:
		why = "it is too large for a table block"
	default:
		r.tables++
		return append(out, piece{block: block, text: strings.TrimRight(t.Text(), "\n")})
	}
	r.note("block %d: a table is shown as text: %s", r.at, why)
	return append(out, r.textTable(t, columns)...)
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

// nativeTable is the table block and its number of characters. Its first row is the
// heading: Slack draws it so.
func nativeTable(t bot.Table, columns int) (Block, int) {
	chars := 0
	cell := func(s string) any {
		s = oneLine(s)
		if blank(s) {
			s = "\u00a0" // Slack refuses an empty cell
		}
		chars += length(s)
		return map[string]any{"type": "raw_text", "text": s}
	}
	var rows []any
	var settings []any
	if heads(t) {
		var row []any
		for i := range columns {
			head := ""
			if i < len(t.Columns) {
				head = t.Columns[i].Head
			}
			row = append(row, cell(head))
		}
		rows = append(rows, row)
	}
	for i := range columns {
		align := "left"
		if i < len(t.Columns) && t.Columns[i].Right {
			align = "right"
		}
		settings = append(settings, map[string]any{"align": align, "is_wrapped": true})
	}
	for _, r := range t.Rows {
		var row []any
		for i := range columns {
			s := ""
			if i < len(r) {
				s = r[i]
			}
			row = append(row, cell(s))
		}
		rows = append(rows, row)
	}
	return Block{"type": "table", "rows": rows, "column_settings": settings}, chars
}

// textTable is the table in monospaced lines, its heading again on every block; or, where
// the lines would be too wide, one paragraph a row with the headings before the cells.
func (r *renderer) textTable(t bot.Table, columns int) []piece {
	lines := strings.Split(strings.TrimRight(clean(t.Text()), "\n"), "\n")
	wide := len(t.Columns) < columns
	for _, l := range lines {
		wide = wide || bot.Width(l) > monoWidth || length(l) > maxText/2
	}
	if wide {
		return r.records(t)
	}
	head := ""
	if heads(t) {
		head, lines = lines[0]+"\n", lines[1:]
	}
	var out []piece
	var text strings.Builder
	flush := func() {
		if text.Len() > 0 {
			s := head + strings.TrimRight(text.String(), "\n")
			text.Reset()
			if blank(s) {
				return
			}
			out = append(out, piece{block: richText(richPart("rich_text_preformatted", run(s, nil))), text: s})
		}
	}
	for _, l := range lines {
		if length(head)+length(text.String())+length(l)+1 > maxText {
			flush()
		}
		text.WriteString(l + "\n")
	}
	flush()
	if s := strings.TrimRight(head, "\n"); len(out) == 0 && !blank(s) { // a heading and no rows
		out = append(out, piece{block: richText(richPart("rich_text_preformatted", run(s, nil))), text: s})
	}
	return out
}

// records tells a table row by row: "Team: Math, Met: yes".
func (r *renderer) records(t bot.Table) []piece {
	l := bot.List{}
	if len(t.Rows) == 0 {
		var names []string
		for _, c := range t.Columns {
			names = append(names, c.Head)
		}
		return r.paragraph(strings.Join(names, ", "))
	}
	for _, row := range t.Rows {
		var parts []string
		for i, cell := range row {
			if blank(cell) {
				continue
			}
			if i < len(t.Columns) && !blank(t.Columns[i].Head) {
				cell = t.Columns[i].Head + ": " + cell
			}
			parts = append(parts, oneLine(cell))
		}
		l.Items = append(l.Items, bot.Item{Text: strings.Join(parts, ", ")})
	}
	// The heads of columns that every row leaves empty would be lost otherwise.
	var empty []string
	for i, c := range t.Columns {
		used := false
		for _, row := range t.Rows {
			used = used || i < len(row) && !blank(row[i])
		}
		if !used && !blank(c.Head) {
			empty = append(empty, c.Head)
		}
	}
	if len(empty) > 0 {
		l.Items = append(l.Items, bot.Item{Text: strings.Join(empty, ", ") + ": –"})
	}
	return r.list(l)
}

// chart is the uploaded picture with its numbers as alternative text, or the table.
func (r *renderer) chart(c bot.Chart) []piece {
	if id := r.picture(c.PNG); id != "" {
		alt := r.alt(strings.TrimSpace(clean(c.Alt)) + " " + chartWords(c))
		return []piece{imageBlock(id, alt, r.heading(c.Title))}
	}
	if len(c.PNG) > 0 {
		r.note("block %d: a chart is shown as its table", r.at)
	}
	out := r.rich(c.Title, "rich_text_section", bold)
	out = append(out, r.paragraph(c.Alt)...)
	if len(c.Labels) == 0 && len(c.Series) == 0 {
		return out
	}
	return append(out, r.table(c.Table())...)
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
	if id := r.picture(b.PNG); id != "" {
		return []piece{imageBlock(id, r.alt(b.Alt), r.heading(b.Title))}
	}
	r.note("block %d: a picture is shown as its words", r.at)
	out := r.rich(b.Title, "rich_text_section", bold)
	return append(out, r.paragraph(b.Alt)...)
}

func (r *renderer) picture(png []byte) string {
	if r.Picture == nil || len(png) == 0 {
		return ""
	}
	return r.Picture(png)
}

func (r *renderer) alt(s string) string {
	return r.short(s, maxImageAlt, "the words of a picture")
}

func (r *renderer) heading(s string) string {
	if blank(s) {
		return ""
	}
	return r.short(s, maxImageTitle, "the title of a picture")
}

func imageBlock(file, alt, title string) piece {
	b := Block{"type": "image", "slack_file": map[string]any{"id": file}, "alt_text": alt}
	text := alt
	if title != "" {
		b["title"] = plain(title)
		text = title + "\n" + alt
	}
	return piece{block: b, text: text}
}
