package chart

import (
	"math"
	"testing"

	"rounds/bot"
)

// Places on a ladder are drawn over days as a line, the axis says their names, and nothing stands where there is no place.
func TestSteps(t *testing.T) {
	d := read(bot.Chart{
		Title: "My ratings over time", Steps: []string{"Emerging", "Developing", "Proficient"}, Labels: []string{"Thu, Sep 10", "Thu, Oct 15"},
		Series: []bot.Series{{Name: "Law", Values: []float64{0, 2}, Words: []string{"not rated yet", "Developing"}}},
	})
	if !d.overTime() {
		t.Error("two days of a ladder are no line")
	}
	if got := d.series[0].values; !math.IsNaN(got[0]) || got[1] != 2 {
		t.Errorf("values %v: what is not rated has no place", got)
	}
	var names []string
	for _, v := range d.scale.ticks() {
		names = append(names, d.value(v))
	}
	if len(names) != 4 || names[0] != "" || names[1] != "Emerging" || names[3] != "Proficient" {
		t.Errorf("the axis says %q", names)
	}
	if d.value(1.5) != "" || d.value(7) != "" {
		t.Error("between two places and above the last there is none")
	}
}
