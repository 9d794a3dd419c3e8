package fit

import (
	"strings"
	"unicode"

	"rounds/bot"
)

// Bar is "Visits: 18 of 24" and a bar of twelve cells below it.
func Bar(b bot.Progress) string {
	s := b.Text()
	if b.Of <= 0 {
		return s
	}
	const cells = 12
	full := min(max(b.Done*cells/b.Of, 0), cells)
	return s + "\n" + strings.Repeat("▰", full) + strings.Repeat("▱", cells-full)
}

// ChartWords are the numbers of a chart as sentences, for a screen reader.
func ChartWords(c bot.Chart, oneLine func(string) string) string {
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

// Columns is how many columns a table takes: rows may have more cells than it names columns.
func Columns(t bot.Table) int {
	n := len(t.Columns)
	for _, row := range t.Rows {
		n = max(n, len(row))
	}
	return n
}

// Headed tells whether a column of the table has a heading.
func Headed(t bot.Table) bool {
	for _, c := range t.Columns {
		if !Blank(c.Head) {
			return true
		}
	}
	return false
}

// Empty tells whether a table would show nothing: no headings, and in its cells at most blanks and control characters.
func Empty(t bot.Table) bool {
	for _, row := range t.Rows {
		for _, cell := range row {
			if strings.ContainsFunc(cell, func(r rune) bool { return !unicode.IsSpace(r) && !unicode.IsControl(r) }) {
				return false
			}
		}
	}
	return !Headed(t)
}

// Records tells a table row by row: "Team: Math, Met: yes". It is a list, or for a table without rows a text of its headings.
func Records(t bot.Table, oneLine func(string) string) bot.Block {
	if len(t.Rows) == 0 {
		var names []string
		for _, c := range t.Columns {
			names = append(names, c.Head)
		}
		return bot.Text{Text: strings.Join(names, ", ")}
	}
	l := bot.List{}
	used := make([]bool, Columns(t))
	for _, row := range t.Rows {
		var parts []string
		for i, cell := range row {
			if Blank(cell) {
				continue
			}
			used[i] = true
			if i < len(t.Columns) && !Blank(t.Columns[i].Head) {
				cell = t.Columns[i].Head + ": " + cell
			}
			parts = append(parts, oneLine(cell))
		}
		l.Items = append(l.Items, bot.Item{Text: strings.Join(parts, ", ")})
	}
	// The heads of columns that every row leaves empty would be lost otherwise.
	var left []string
	for i, c := range t.Columns {
		if !used[i] && !Blank(c.Head) {
			left = append(left, c.Head)
		}
	}
	if len(left) > 0 {
		l.Items = append(l.Items, bot.Item{Text: strings.Join(left, ", ") + ": –"})
	}
	return l
}
