package bot

import (
	"strings"
	"testing"
)

func TestCardText(t *testing.T) {
	log := Button{Label: "Log", Press: Press{"observe.log", "p1"}}
	for _, tc := range []struct {
		block Block
		want  string
	}{
		{Title{Text: "My teachers"}, "My teachers"},
		{Text{Text: "one\ntwo"}, "one\ntwo"},
		{Text{Text: "one\n\ntwo", Style: Quote}, "> one\n>\n> two"},
		{Facts{Items: []Fact{{"Visits", "18 of 24"}, {"Zone", ""}}}, "Visits: 18 of 24\nZone:"},
		{List{Items: []Item{{Text: "Okafor", Note: "behind", Button: &log}, {Text: "Diaz"}}}, "- Okafor · behind [Log]\n- Diaz"},
		{List{Ordered: true, Items: []Item{{Text: "Open"}, {Text: "Close"}}}, "1. Open\n2. Close"},
		{
			Table{Caption: "Week 9", Columns: []Column{{Head: "Focus"}, {Head: "Visits", Right: true}}, Rows: [][]string{{"Discourse", "12"}, {"王老师", "9"}, {"two\nlines", "100"}}},
			"Week 9\nFocus      Visits\nDiscourse      12\n王老师          9\ntwo lines     100",
		},
		{Table{Columns: []Column{{}, {}}, Rows: [][]string{{"a", "b", "c"}, {"only"}}}, "a     b  c\nonly"},
		{Progress{Label: "This week", Done: 18, Of: 24}, "This week: 18 of 24"},
		{Progress{Done: 0, Of: 0}, "0 of 0"},
		{
			Chart{Title: "Visits", Alt: "They rose.", Labels: []string{"Sep", "Oct"}, Series: []Series{{Name: "Met", Values: []float64{37.5, 100}}}, Unit: "%"},
			"Visits\nThey rose.\n       Met\nSep  37.5%\nOct   100%",
		},
		{Chart{Alt: "Short.", Labels: []string{"a", "b"}, Series: []Series{{Name: "x", Values: []float64{1}}}, Unit: "visits"}, "Short.\n          x\na  1 visits\nb"},
		{Image{Title: "Plan", Alt: "A classroom"}, "Image: Plan. A classroom"},
		{Image{Alt: "A classroom"}, "Image: A classroom"},
		{Divider{}, "----------"},
		{Context{Text: "Only you can see this."}, "Only you can see this."},
		{Buttons{Items: []Button{{Label: "Share now"}, {Label: "Undo"}}}, "[Share now] [Undo]"},
		{Select{Label: "Kind", Options: []Choice{{Label: "Walkthrough", Value: "w"}, {Label: "Coaching", Value: "c"}}, Chosen: "c"}, "Kind: Walkthrough / Coaching (chosen)"},
	} {
		if got := (Card{[]Block{tc.block}}).Text(); got != tc.want {
			t.Errorf("%s:\n%s\nwant:\n%s", blockName(tc.block), got, tc.want)
		}
	}
	if got := (Card{}).Text(); got != "" {
		t.Errorf("the empty card reads %q", got)
	}
	if got := OpenCard(Title{Text: "a"}).With(Text{Text: "b"}).Text(); got != "a\nb" {
		t.Errorf("got %q", got)
	}
}

func TestFormText(t *testing.T) {
	f := Form{Title: "Log a visit", Intro: "Seen by you.", Submit: "Save", Fields: []Field{
		{Name: "who", Label: "Teacher", Kind: FieldPerson, Many: true, Options: []Choice{{Label: "Okafor", Value: "p1"}, {Label: "Diaz", Value: "p2", Note: "behind"}}, Value: []string{"p2"}},
		{Name: "kind", Label: "Kind", Kind: FieldRadio, Options: []Choice{{Label: "Coaching", Value: "c"}, {Label: "Formal", Value: "f"}}, Value: []string{"c"}},
		{Name: "minutes", Label: "Minutes", Kind: FieldNumber, Value: []string{"12"}, Hint: "How long"},
		{Name: "glow", Label: "Glow", Kind: FieldLong, Optional: true, Placeholder: "No student names."},
	}}
	want := `Log a visit
Seen by you.
Teacher: [ ] Okafor  [x] Diaz · behind
Kind: (x) Coaching  ( ) Formal
Minutes: 12
  How long
Glow (optional): <No student names.>
[Save]`
	if got := f.Text(); got != want {
		t.Errorf("got:\n%s", got)
	}
	got := f.TextWith(map[string][]string{"minutes": {"400"}, "glow": {"calm"}}, map[string]string{"minutes": "Too long."})
	want = strings.NewReplacer("Minutes: 12\n  How long", "Minutes: 400\n  How long\n  ! Too long.", "<No student names.>", "calm").Replace(want)
	if got != want {
		t.Errorf("got:\n%s", got)
	}
}

func TestCheckCard(t *testing.T) {
	p := Press{"observe.log", "p1"}
	many := make([]Choice, 3)
	for i := range many {
		many[i] = Choice{Label: "x", Value: string(rune('a' + i))}
	}
	for _, tc := range []struct {
		block Block
		ok    bool
	}{
		{Title{Text: "a"}, true},
		{Title{}, false},
		{Title{Text: "a\nb"}, false},
		{Buttons{Items: []Button{{Label: "Share", Press: p}}}, true},
		{Buttons{}, false},
		{Buttons{Items: []Button{{Label: strings.Repeat("é", 30), Press: p}}}, true},
		{Buttons{Items: []Button{{Label: strings.Repeat("é", 31), Press: p}}}, false},
		{Buttons{Items: []Button{{Label: "", Press: p}}}, false},
		{Buttons{Items: []Button{{Label: "Share"}}}, false},
		{Buttons{Items: []Button{{Label: "Share", ID: "sealed"}}}, true},
		{Buttons{Items: []Button{{Label: "Share", Press: Press{"nodot", ""}}}}, false},
		{Buttons{Items: []Button{{Label: "Share", Press: Press{"a.b", strings.Repeat("x", 42)}}}}, false},
		{List{Items: []Item{{Text: "a", Button: &Button{Label: "x"}}}}, false},
		{Table{Columns: []Column{{}}, Rows: [][]string{{"a"}}}, true},
		{Table{Columns: []Column{{}}, Rows: [][]string{{"a", "b"}}}, false},
		{Progress{Done: -1}, false},
		{Progress{Done: 3, Of: 2}, true},
		{Chart{Alt: "a", Labels: []string{"x"}, Series: []Series{{Name: "s", Values: []float64{1}}}}, true},
		{Chart{Alt: "a", Labels: []string{"x"}, Series: []Series{{Name: "s", Values: []float64{1}, Words: []string{"under 5", "y"}}}}, false},
		{Chart{Alt: "a", Labels: []string{"x"}, Series: []Series{{Name: "s"}}}, false},
		{Chart{}, false},
		{Image{Alt: "a", PNG: []byte{1}}, true},
		{Image{PNG: []byte{1}}, false},
		{Select{Label: "s", Press: p, Options: many, Chosen: "b"}, true},
		{Select{Label: "s", Press: p, Options: many, Chosen: "z"}, false},
		{Select{Label: "s", Press: p, Options: append(many, many[0])}, false},
		{Select{Label: "s", Press: p}, false},
		{Select{Label: "s", Press: p, Options: []Choice{{Label: strings.Repeat("x", 76), Value: "a"}}}, false},
		{Select{Label: "s", Press: p, Options: []Choice{{Label: "x", Value: strings.Repeat("x", 25)}}}, false},
		{Select{Label: "s", ID: "sealed", Options: []Choice{{Label: "x", Value: strings.Repeat("x", 70)}}}, true},
	} {
		if err := CheckCard(Card{[]Block{tc.block}}); (err == nil) != tc.ok {
			t.Errorf("%+v: %v", tc.block, err)
		}
	}
}

func TestCheckForm(t *testing.T) {
	field := func(change func(*Field)) Form {
		f := Field{Name: "who", Label: "Who", Kind: FieldSelect, Options: []Choice{{Label: "A", Value: "a"}, {Label: "B", Value: "b"}}, Value: []string{"a"}}
		change(&f)
		return Form{Title: "T", Press: Press{"a.b", ""}, Fields: []Field{f}}
	}
	ok := field(func(*Field) {})
	twice := ok
	twice.Fields = append(twice.Fields, ok.Fields...)
	for name, tc := range map[string]struct {
		form Form
		ok   bool
	}{
		"good":          {ok, true},
		"twice":         {twice, false},
		"empty":         {Form{Title: "T", Press: Press{"a.b", ""}}, false},
		"long title":    {Form{Title: strings.Repeat("T", 25), Press: ok.Press, Fields: ok.Fields}, false},
		"name":          {field(func(f *Field) { f.Name = "Who?" }), false},
		"label":         {field(func(f *Field) { f.Label = strings.Repeat("x", 46) }), false},
		"hint":          {field(func(f *Field) { f.Hint = strings.Repeat("x", 101) }), false},
		"several":       {field(func(f *Field) { f.Value = []string{"a", "b"} }), false},
		"several of it": {field(func(f *Field) { f.Kind, f.Value = FieldMultiSelect, []string{"a", "b"} }), true},
		"none of them":  {field(func(f *Field) { f.Value = []string{"c"} }), false},
		"no options":    {field(func(f *Field) { f.Options = nil }), false},
		"typed":         {field(func(f *Field) { f.Kind = FieldText }), false},
		"radio": {field(func(f *Field) {
			f.Kind, f.Options, f.Value = FieldRadio, nil, nil
			for i := range 11 {
				f.Options = append(f.Options, Choice{Label: "x", Value: string(rune('a' + i))})
			}
		}), false},
		"min and max": {field(func(f *Field) { f.Kind, f.Options, f.Value, f.Min, f.Max = FieldNumber, nil, nil, 5, 4 }), false},
	} {
		if err := CheckForm(tc.form); (err == nil) != tc.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCheckCommand(t *testing.T) {
	for _, c := range []Command{observe, plc, rounds, menu} {
		if err := CheckCommand(c); err != nil {
			t.Error(err)
		}
	}
	for name, c := range map[string]Command{
		"upper":   {Name: "Observe"},
		"slash":   {Name: "/observe"},
		"sub":     {Name: "a", Subs: []Sub{{Name: "b c"}}},
		"unnamed": {Name: "a", Subs: []Sub{{}, {Name: "b"}}},
		"option":  {Name: "a", Subs: []Sub{{Name: "b", Options: []Option{{Name: "x", Aliases: []string{"x"}}}}}},
		"choices": {Name: "a", Subs: []Sub{{Name: "b", Options: []Option{{Name: "x", Kind: OptionChoice}}}}},
		"help":    {Name: "a", Subs: []Sub{{Name: "b", Options: []Option{{Name: "x", Help: strings.Repeat("x", 101)}}}}},
		"action":  {Name: "observe", On: map[string]Action{strings.Repeat("x", 40): {}}},
	} {
		if err := CheckCommand(c); err == nil {
			t.Errorf("%s passes", name)
		}
	}
}
