package cards

import (
	"testing"

	"rounds/bot"
	"rounds/school"
)

func TestStepListCards(t *testing.T) {
	s := StepView{
		N: 12, Name: "Ada Okafor", Author: "you", Text: "Count to three after each question", State: school.StepContinued, Since: thursday - 9, By: thursday - 8, Given: thursday - 30,
		Age: school.StepAge{Open: 22, Late: 6, Stale: true, Mastered: -1}, Dues: []school.Day{thursday - 23, thursday - 16}, MayUpdate: true, Today: thursday,
		Before: &StepLink{N: 3, Author: "Carl Coachman", On: thursday - 60},
	}
	ended := s
	ended.State, ended.Since, ended.After, ended.Age = school.StepReplaced, thursday, &StepLink{N: 15, Author: "you", On: thursday}, school.StepAge{Mastered: -1}
	mastered := s
	mastered.State, mastered.Since, mastered.Age = school.StepMastered, thursday, school.StepAge{Mastered: 21}
	own := s
	own.Name, own.Author, own.MayUpdate, own.Before = "", "Alice Anderson", false, nil
	page := StepPage{
		Title: "Open steps", Steps: []StepView{s}, First: 10, All: 31, Late: 9, Stale: 2, Newer: "o:0:", Older: "o:20:",
		Filters: []StepFilter{{"Mine", "m:0:"}, {"Campus", "c:0:"}, {"Stale", "s:0:"}},
	}
	made := map[string]bot.Private{
		"continued twice": StepCard(s, ""), "replaced": StepCard(ended, ""), "mastered": StepCard(mastered, "Saved: mastered. Well done, both of you."),
		"a page": StepList(page), "an empty page": StepList(StepPage{Title: "Stale steps", Filters: page.Filters[:1]}),
		"thoughts":          StepThoughts("Understand wait time", []string{"A thought: could somebody see it happen?"}, 0, thursday, "0123456789"),
		"a date to take":    StepThoughts("Wait", []string{"A thought: that is 11 school days away."}, friday, thursday, "0123456789"),
		"a second one":      SecondStep("Ada Okafor", "", "Stand still; wait", []string{"A thought: this may be two steps."}, "0123456789"),
		"a teacher's own":   CheckIn(nil, &own, 0),
		"a leader's answer": Answers("Check-ins of my teachers", []StepView{s}),
	}
	golden(t, "testdata/step_lists.txt", []string{
		"continued twice", "replaced", "mastered", "a page", "an empty page", "thoughts", "a date to take", "a second one", "a teacher's own", "a leader's answer",
	}, made)
}

func TestStepRollupCards(t *testing.T) {
	row := func(name string, open int, tried school.Count, mastered, days int) school.RollupRow {
		return school.RollupRow{Key: name, Name: name, Open: open, Tried: tried, Mastered: mastered, Days: days}
	}
	rigor := Point{
		Area: "Rigor of the task", Topic: "Reading tasks against the standard", Strand: "S2", Name: "S2 Professional development", Statement: "proficient.2 Full-cycle professional development programs",
		Practice: "5.2.3", Title: "Instructional Delivery Training",
	}
	routines := rigor
	routines.Area, routines.Topic, routines.Practice, routines.Title = "Routines and transitions", "Setting up a routine", "5.2.1", "Culture and Routine Systems Training"
	least := row("Student discourse", 6, school.CountOf(5, 6), 9, -1)
	least.AtLeast = true
	campus := Roll{
		Where: "Cedar Ridge Middle School", Span: school.SixWeeks, From: thursday - 41, Today: thursday, Another: "semester:",
		Table: school.Rollup{Teachers: 33, Other: 8, Rows: []school.RollupRow{
			row("Rigor of the task", 12, school.CountOf(7, 12), 0, -1), row("Routines and transitions", 7, school.CountOf(3, 7), 6, 4), least, row("No focus area", 0, school.Count{}, 5, 0),
		}},
		Points: []Point{rigor, routines},
	}
	together := campus
	together.Where, together.Sum, together.Small, together.Shown, together.Span = "3 campuses together", true, 2, "all", school.Semester
	together.Campus = []bot.Choice{{Label: "Together", Value: "all"}, {Label: "Cedar Ridge", Value: "allcedar"}, {Label: "Live Oak", Value: "alloak"}}
	thin := Roll{Where: "My teachers", Span: school.SixWeeks, From: thursday - 41, Today: thursday, Table: school.Rollup{Teachers: 9, ByFamily: true, Other: 9}, Small: 1, Another: "semester:"}
	made := map[string]bot.Private{"a campus": StepRollup(campus, nil), "together": StepRollup(together, nil), "too thin": StepRollup(thin, nil)}
	for name, c := range made {
		if err := bot.CheckCard(c.Card()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	golden(t, "testdata/step_rollup.txt", []string{"a campus", "together", "too thin"}, made)
}
