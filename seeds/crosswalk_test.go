package seeds

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

func TestStrandsUseEveryStatementOnce(t *testing.T) {
	used := map[string]string{}
	weak := 0
	for _, st := range Strands() {
		for _, s := range Library().Ladder(st.ID) {
			if was, ok := used[s.ID]; ok {
				t.Errorf("%s is in %s and %s", s.ID, was, st.ID)
			}
			used[s.ID] = st.ID
		}
		for _, c := range st.Cells {
			if c.Confidence == "weak" {
				weak++
			}
		}
	}
	for _, s := range Documents()[0].Statements {
		if used[s.ID] == "" {
			t.Errorf("%s is in no strand", s.ID)
		}
	}
	if len(used) != 40 || weak != 2 {
		t.Errorf("%d statements in strands, %d of them weakly", len(used), weak)
	}
}

func TestStrandsByHand(t *testing.T) {
	for id, want := range map[string]string{
		"emerging.6": "S7", "emerging.7": "S8", "emerging.8": "S9", "emerging.10": "S10", "advanced.6": "S11", "advanced.9": "S12",
		"developing.6": "S6", "proficient.7": "S7",
	} {
		if st, _ := Library().Strand(id); st.ID != want {
			t.Errorf("%s is in strand %q, want %s", id, st.ID, want)
		}
	}
}

// The tests of package answers, which is below this one, use a copy.
func TestAnswersTestTheSameStrands(t *testing.T) {
	data, err := os.ReadFile("../answers/testdata/strands.json")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(data, crosswalkFile) {
		t.Error("answers/testdata/strands.json is not data/crosswalk.json: copy it over")
	}
}

func TestLoadStrandsErrors(t *testing.T) {
	for in, want := range map[string]string{
		`{`:                           "unexpected end",
		`{"strands": []}`:             "no strands",
		`{"strands": [{"id": "S1"}]}`: "strand 1: id or name",
		`{"strands": [{"id": "S1", "name": "N"}]}`:                                                "strand S1: no cells",
		`{"strands": [{"id": "S1", "name": "N", "cells": [{"level": "low", "index": 2}]}]}`:       `strand S1, low 2: confidence ""`,
		"{\"strands\":\n\n [{\"id\": \"S1\", \"name\": \"N\", \"cells\": [{\"level\": }]}]}":      "line 3",
		`{"strands": [{"id": "S1", "name": "N", "cells": [{"index": 1, "confidence": "sure"}]}]}`: "none of [exact strong weak]",
	} {
		if _, err := LoadStrands([]byte(in)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q", in, err, want)
		}
	}
}
