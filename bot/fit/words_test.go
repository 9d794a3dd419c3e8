package fit_test

import (
	"strings"
	"testing"

	"rounds/bot"
	"rounds/bot/fit"
)

func TestBar(t *testing.T) {
	for want, p := range map[string]bot.Progress{
		"Visits: 18 of 24\n▰▰▰▰▰▰▰▰▰▱▱▱": {Label: "Visits", Done: 18, Of: 24},
		"30 of 24\n▰▰▰▰▰▰▰▰▰▰▰▰":         {Done: 30, Of: 24},
		"-1 of 24\n▱▱▱▱▱▱▱▱▱▱▱▱":         {Done: -1, Of: 24},
		"0 of 0": {},
	} {
		if got := fit.Bar(p); got != want {
			t.Errorf("%+v: %q", p, got)
		}
	}
}

func TestChartWords(t *testing.T) {
	c := bot.Chart{
		Labels: []string{"Sep\n1", "Oct"},
		Series: []bot.Series{{Name: " Met ", Values: []float64{37.5, 100, 3}}, {Name: "Nobody"}, {Name: "Said", Values: []float64{1}, Words: []string{"low"}}},
		Unit:   "%",
	}
	if got, want := fit.ChartWords(c, fit.OneLine), "Met: Sep 1 37.5%, Oct 100%, 3%. Said: Sep 1 low."; got != want {
		t.Errorf("%q", got)
	}
	if got := fit.ChartWords(bot.Chart{}, fit.OneLine); got != "" {
		t.Errorf("of nothing: %q", got)
	}
}

func TestTables(t *testing.T) {
	head := []bot.Column{{Head: "Team"}, {Head: "Met"}, {Head: "Note"}}
	for _, c := range []struct {
		name    string
		table   bot.Table
		columns int
		headed  bool
		empty   bool
		records string // items, or the text of a table without rows
	}{
		{"nothing", bot.Table{}, 0, false, true, ""},
		{"headings", bot.Table{Columns: head}, 3, true, false, "Team, Met, Note"},
		{"blank headings", bot.Table{Columns: []bot.Column{{}, {Head: " "}}, Rows: [][]string{{"\x00", " \u2028"}}}, 2, false, true, "\x00"},
		{"broken bytes", bot.Table{Rows: [][]string{{"\xff"}}}, 1, false, false, "\xff"},
		{"rows", bot.Table{Columns: head, Rows: [][]string{{"Math", "yes"}, {"Art", " "}, {}}}, 3, true, false, "Team: Math, Met: yes|Team: Art||Note: –"},
		{"more cells than columns", bot.Table{Columns: head[:1], Rows: [][]string{{"Math", "two\nlines"}}}, 2, true, false, "Team: Math, two lines"},
	} {
		if n := fit.Columns(c.table); n != c.columns {
			t.Errorf("%s: %d columns", c.name, n)
		}
		if fit.Headed(c.table) != c.headed || fit.Empty(c.table) != c.empty {
			t.Errorf("%s: headed %v, empty %v", c.name, fit.Headed(c.table), fit.Empty(c.table))
		}
		var got string
		switch b := fit.Records(c.table, fit.OneLine).(type) {
		case bot.Text:
			got = b.Text
		case bot.List:
			var items []string
			for _, it := range b.Items {
				items = append(items, it.Text)
			}
			got = strings.Join(items, "|")
		}
		if got != c.records {
			t.Errorf("%s: %q", c.name, got)
		}
	}
}
