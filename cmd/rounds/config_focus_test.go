package main

import (
	"strings"
	"testing"

	"rounds/school"
)

// A district says what its focus areas point to, in part or whole; what names nothing in the documents is refused.
func TestLoadConfigTraining(t *testing.T) {
	focus := func(more string) edit {
		return edit{"district.yaml", "privacy:", "focus:\n  - {key: discourse, name: Talk, family: Rigor and instructional execution strategies" + more + "}\nprivacy:"}
	}
	cfg, err := smallConfig(t, focus(", topic: Academic conversations, practice: 5.2.4"))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := cfg.District.Set.Training["discourse"], (school.Training{Topic: "Academic conversations", Practice: "5.2.4"}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if cfg, err = smallConfig(t, focus("")); err != nil || cfg.District.Set.Training != nil {
		t.Errorf("nothing said, and yet %v, %v", cfg.District.Set.Training, err)
	}
	_, err = smallConfig(t, focus(", strand: S99, practice: 5.2.5.d"))
	for _, want := range []string{`focus[0].strand: "S99" is no strand of the competency framework; strands: S1 to S12`, `focus[0].practice: "5.2.5.d" is no key practice of Lever 5`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not say %s", err, want)
		}
	}
}
