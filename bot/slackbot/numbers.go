package slackbot

import (
	"strings"

	"rounds/bot"
	"rounds/bot/fit"
)

// monoWidth is the widest line of monospaced text that Slack shows without breaking it on
// a laptop; wider tables are told row by row.
const monoWidth = 72

// table is a native table where Slack takes one: in a message, the first, within its
// limits. Elsewhere it is text.
func (r *renderer) table(t bot.Table) []piece {
	var out []piece
	if caption := fit.Clean(t.Caption); !fit.Blank(caption) {
		out = r.rich(caption, "rich_text_section", bold)
		t.Caption = ""
	}
	columns := fit.Columns(t)
	if columns == 0 || fit.Empty(t) {
		return out
	}
	why := ""
	rows := len(t.Rows)
	if fit.Headed(t) {
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
	r.Note("block %d: a table is shown as text: %s", r.At, why)
	return append(out, r.textTable(t, columns)...)
}

// nativeTable is the table block and its number of characters. Its first row is the
// heading: Slack draws it so.
func nativeTable(t bot.Table, columns int) (Block, int) {
	chars := 0
	cell := func(s string) any {
		s = oneLine(s)
		if fit.Blank(s) {
			s = "\u00a0" // Slack refuses an empty cell
		}
		chars += fit.Length(s)
		return map[string]any{"type": "raw_text", "text": s}
	}
	var rows []any
	var settings []any
	if fit.Headed(t) {
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
	lines := strings.Split(strings.TrimRight(fit.Clean(t.Text()), "\n"), "\n")
	wide := len(t.Columns) < columns
	for _, l := range lines {
		wide = wide || bot.Width(l) > monoWidth || fit.Length(l) > maxText/2
	}
	if wide {
		return r.block(fit.Records(t, oneLine))
	}
	head := ""
	if fit.Headed(t) {
		head, lines = lines[0]+"\n", lines[1:]
	}
	var out []piece
	var text strings.Builder
	flush := func() {
		if text.Len() > 0 {
			s := head + strings.TrimRight(text.String(), "\n")
			text.Reset()
			if fit.Blank(s) {
				return
			}
			out = append(out, piece{block: richText(richPart("rich_text_preformatted", run(s, nil))), text: s})
		}
	}
	for _, l := range lines {
		if fit.Length(head)+fit.Length(text.String())+fit.Length(l)+1 > maxText {
			flush()
		}
		text.WriteString(l + "\n")
	}
	flush()
	if s := strings.TrimRight(head, "\n"); len(out) == 0 && !fit.Blank(s) { // a heading and no rows
		out = append(out, piece{block: richText(richPart("rich_text_preformatted", run(s, nil))), text: s})
	}
	return out
}

// chart is the uploaded picture with its numbers as alternative text, or the table.
func (r *renderer) chart(c bot.Chart) []piece {
	if id := r.picture(c.PNG); id != "" {
		alt := r.alt(strings.TrimSpace(fit.Clean(c.Alt)) + " " + fit.ChartWords(c, oneLine))
		return []piece{imageBlock(id, alt, r.heading(c.Title))}
	}
	if len(c.PNG) > 0 {
		r.Note("block %d: a chart is shown as its table", r.At)
	}
	out := r.rich(c.Title, "rich_text_section", bold)
	out = append(out, r.paragraph(c.Alt)...)
	if len(c.Labels) == 0 && len(c.Series) == 0 {
		return out
	}
	return append(out, r.table(c.Table())...)
}

func (r *renderer) image(b bot.Image) []piece {
	if id := r.picture(b.PNG); id != "" {
		return []piece{imageBlock(id, r.alt(b.Alt), r.heading(b.Title))}
	}
	r.Note("block %d: a picture is shown as its words", r.At)
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
	if fit.Blank(s) {
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
