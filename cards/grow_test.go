package cards

import (
	"strings"
	"testing"

	"rounds/bot"
	"rounds/school"
)

func TestGrowChart(t *testing.T) {
	strands := []GrowLevels{{"S1", "Watching", []string{"emerging", "developing", "proficient"}}, {"S2", "Telling", []string{"emerging", "developing"}}}
	d := school.Date(2026, 10, 15)
	r := func(strand, level string, on school.Day) school.Rated {
		return school.Rated{Strand: strand, Level: level, On: on}
	}
	for _, none := range [][]school.Rated{
		nil,
		{r("S1", "emerging", d)},
		{r("S1", "emerging", d), r("S1", "developing", d)},     // one day: nothing to compare
		{r("S1", "emerging", d), r("S2", "developing", d+40)},  // no strand twice
		{r("gone", "emerging", d), r("gone", "emerging", d+1)}, // a strand no document has
	} {
		if c, ok := GrowChart(none, strands); ok {
			t.Errorf("%v makes a picture: %+v", none, c)
		}
	}
	c, ok := GrowChart([]school.Rated{r("S1", "emerging", d), r("S2", "emerging", d+7), r("S1", "proficient", d+40)}, strands)
	if !ok || len(c.Series) != 1 || len(c.Labels) != 3 {
		t.Fatalf("%v %+v", ok, c)
	}
	if got := strings.Join(c.Series[0].Words, ", "); got != "Emerging, Emerging, Proficient" || c.Series[0].Values[2] != 3 {
		t.Errorf("%s %v", got, c.Series[0].Values)
	}
	if want := "Watching: Emerging on Thu, Oct 15, Proficient on Tue, Nov 24."; c.Alt != want {
		t.Errorf("alt %q, want %q", c.Alt, want)
	}
	card := GrowHistory([]GrowLine{{d + 40, "second"}, {d, "first"}}, &c)
	if err := bot.CheckCard(card.Card()); err != nil {
		t.Error(err)
	}
	text := card.Text()
	if i, k := strings.Index(text, "first"), strings.Index(text, "second"); i < 0 || k < i || !strings.Contains(text, "Proficient") {
		t.Errorf("the history:\n%s", text)
	}
}

// What is said of who can see a page is true of each state of it.
func TestGrowHomeSaysWhoSees(t *testing.T) {
	goals := []GrowGoal{{ID: "proficient.1", Text: "Watching — sit in.", Level: "proficient", By: "Fri, Oct 9", Late: true}, {ID: "gone.1"}}
	ada := bot.Choice{Label: "Ada", Value: "ada"}
	for _, test := range []struct {
		page GrowPage
		has  []string
		not  []string
	}{
		{GrowPage{}, []string{"Only you can see"}, []string{"Share", "Remind"}},
		{GrowPage{Goals: goals, Coaches: []bot.Choice{ada}}, []string{"Only you can see", "[Share with my coach]", "Never (chosen)", "which has passed", "no longer hold"}, []string{"Stop"}},
		{GrowPage{Goals: goals, Coaches: []bot.Choice{ada, {Label: "Bo", Value: "bo"}}}, []string{"Share with: Ada / Bo"}, []string{"[Share with my coach]"}},
		{GrowPage{Goals: goals, Coaches: []bot.Choice{ada}, With: "Ada"}, []string{"You and Ada can see", "[Stop sharing]"}, []string{"Only you", "[Share"}},
		{GrowPage{Goals: goals, With: "Ada", Lapsed: true, Sharers: 2, Rhythm: 4}, []string{"no longer your coach", "[Stop sharing]", "2 pages shared with you", "Every 4 weeks (chosen)"}, []string{"You and Ada can see"}},
	} {
		test.page.Strands = []GrowStrand{{ID: "S1", Name: "Watching"}}
		card := GrowHome(test.page)
		if err := bot.CheckCard(card.Card()); err != nil {
			t.Error(err)
		}
		for _, w := range test.has {
			if !strings.Contains(card.Text(), w) {
				t.Errorf("lacks %q:\n%s", w, card.Text())
			}
		}
		for _, w := range test.not {
			if strings.Contains(card.Text(), w) {
				t.Errorf("has %q:\n%s", w, card.Text())
			}
		}
	}
}
