package discordbot

import (
	"strings"

	"rounds/bot"
	"rounds/bot/fit"
)

// monoWidth is the widest line of monospaced text that Discord shows without breaking it beside its side bars on a
// laptop; wider tables are told row by row.
const monoWidth = 60

// table is monospaced lines, its heading again on every block; or, where the lines would be too wide, one item a row with
// the headings before the cells.
func (r *renderer) table(t bot.Table) []piece {
	var out []piece
	if caption := strings.TrimSpace(fit.Clean(t.Caption)); caption != "" {
		out = r.drawn(caption, strong)
		for i := range out {
			out[i].leads = true
		}
		t.Caption = ""
	}
	if fit.Columns(t) == 0 || fit.Empty(t) {
		return out
	}
	lines := strings.Split(strings.TrimRight(fit.Clean(t.Text()), "\n"), "\n")
	why := ""
	for _, l := range lines {
		switch {
		case len(t.Columns) < fit.Columns(t):
			why = "its rows have more cells than it has columns"
		case bot.Width(l) > monoWidth:
			why = "it is too wide"
		case strings.Contains(l, "`"):
			why = "a cell holds a mark that ends monospaced text"
		}
	}
	if why != "" {
		r.Note("block %d: a table is told row by row: %s", r.At, why)
		return append(out, r.block(fit.Records(t, oneLine))...)
	}
	const fences = len("```\n\n```")
	head := ""
	if fit.Headed(t) {
		head, lines = lines[0]+"\n", lines[1:]
	}
	var w strings.Builder
	flush := func() {
		if s := strings.TrimRight(head+w.String(), "\n"); !fit.Blank(s) {
			out = append(out, words("```\n"+s+"\n```"))
		}
		w.Reset()
	}
	for _, l := range lines {
		if w.Len() > 0 && fit.Length(head)+fit.Length(w.String())+fit.Length(l)+1+fences > paragraphSize {
			flush()
		}
		w.WriteString(l + "\n")
	}
	flush()
	return out
}

// chart is the picture with its numbers as its description, or the table. Numbers that have no room in the description
// stand below it.
func (r *renderer) chart(c bot.Chart) []piece {
	var out []piece
	if !fit.Blank(c.Title) {
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
			r.Note("block %d: a chart is shown as its table", r.At)
		}
		return append(append(out, r.paragraph(c.Alt)...), table()...)
	}
	alt := strings.TrimSpace(strings.TrimSpace(oneLine(c.Alt)) + " " + fit.ChartWords(c, oneLine))
	if fit.Length(alt) <= maxAlt {
		return append(out, piece{component: gallery("", ""), parts: 1, png: c.PNG, alt: alt})
	}
	r.Note("block %d: the numbers of a chart stand below it", r.At)
	short, _ := fit.Cut(strings.TrimSpace(oneLine(c.Alt)), maxAlt)
	out = append(out, piece{component: gallery("", ""), parts: 1, png: c.PNG, alt: short})
	if fit.Length(oneLine(c.Alt)) > maxAlt {
		out = append(out, r.paragraph(c.Alt)...)
	}
	return append(out, table()...)
}

func (r *renderer) image(b bot.Image) []piece {
	var out []piece
	if !fit.Blank(b.Title) {
		out = r.drawn(oneLine(b.Title), strong)
	}
	if !r.picture(b.PNG) {
		r.Note("block %d: a picture is shown as its words", r.At)
		return append(out, r.paragraph(b.Alt)...)
	}
	alt, long := fit.Cut(strings.TrimSpace(oneLine(b.Alt)), maxAlt)
	out = append(out, piece{component: gallery("", ""), parts: 1, png: b.PNG, alt: alt})
	if long {
		out = append(out, r.paragraph(b.Alt)...)
	}
	return out
}

func (r *renderer) picture(png []byte) bool {
	return r.Pictures && len(png) > 0 && len(png) <= maxFileBytes
}
