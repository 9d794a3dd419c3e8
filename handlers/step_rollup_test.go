package handlers

import (
	"testing"

	"rounds/cards"
	"rounds/school"
	"rounds/seeds"
)

// What a focus area points to is as it ships, but for what the district says otherwise; a family takes the family's line.
func TestRollupPoints(t *testing.T) {
	d := New(Config{Library: seeds.Library})
	roll := cards.Roll{Table: school.Rollup{Rows: []school.RollupRow{
		{Key: "rigor", Name: "Rigor of the task", Open: 9},
		{Key: "talk", Name: "Talk", Family: school.FocusFamilies[2], Open: 8},
		{Key: "reteach", Name: "Reteaching a gap", Mastered: 7},
		{Name: school.FocusFamilies[3], Family: school.FocusFamilies[3], Open: 6},
		{Key: "routines", Name: "Routines", Open: 5},
	}}}
	d.point(&roll, map[string]school.Training{"rigor": {Topic: "Our own", Practice: "5.2.5"}})
	want := []cards.Point{
		{Area: "Rigor of the task", Topic: "Our own", Strand: "S2", Name: "S2 Professional development", Statement: "proficient.2 Full-cycle professional development programs", Practice: "5.2.5", Title: "Observation and Feedback"},
		{
			Area: "Talk", Topic: seeds.TrainingFor("", school.FocusFamilies[2]).Topic, Strand: "S2", Name: "S2 Professional development",
			Statement: "proficient.2 Full-cycle professional development programs", Practice: "5.2.3", Title: "Instructional Delivery Training",
		},
		{
			Area: school.FocusFamilies[3], Topic: seeds.TrainingFor("", school.FocusFamilies[3]).Topic, Strand: "S10", Name: "S10 Analysis and problem solving",
			Statement: "proficient.10 Complex problem resolution", Practice: "5.3.1", Title: "Data-driven Instruction with Curriculum-embedded Assessments",
		},
	}
	if len(roll.Points) != len(want) {
		t.Fatalf("%d points, want %d", len(roll.Points), len(want))
	}
	for i := range want {
		if roll.Points[i] != want[i] {
			t.Errorf("%+v\nwant %+v", roll.Points[i], want[i])
		}
	}
}
