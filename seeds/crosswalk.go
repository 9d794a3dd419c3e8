package seeds

import (
	_ "embed" // the crosswalk is compiled in
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"rounds/answers"
)

//go:embed data/crosswalk.json
var crosswalkFile []byte

// confidences are the words a crosswalk cell may use, surest first.
var confidences = []string{"exact", "strong", "weak"}

// crosswalkExport is the JSON of a crosswalk. Why is for the person who edits
// the file; nothing shows it.
type crosswalkExport struct {
	Strands []struct {
		ID    string `json:"id"`
		Name  string `json:"name"`
		Why   string `json:"why"`
		Cells []struct {
			Level      string `json:"level"`
			Index      int    `json:"index"`
			Confidence string `json:"confidence"`
		} `json:"cells"`
		Lever5 []string `json:"lever5"`
	} `json:"strands"`
}

// LoadStrands reads a crosswalk: which statements of the framework's levels
// are rungs of the same ladder. It is data because the levels do not line up
// by number: the sixth Emerging statement is the first rung of the seventh
// Developing one. Whether the statements exist is checked by [answers.New].
// Errors name the strand.
func LoadStrands(data []byte) ([]answers.Strand, error) {
	var in crosswalkExport
	if err := json.Unmarshal(data, &in); err != nil {
		return nil, fmt.Errorf("crosswalk: %w", describeJSON(data, err))
	}
	if len(in.Strands) == 0 {
		return nil, errors.New("crosswalk: no strands")
	}
	strands := make([]answers.Strand, 0, len(in.Strands))
	for _, s := range in.Strands {
		strand := answers.Strand{ID: s.ID, Name: s.Name, Lever5: s.Lever5}
		if s.ID == "" || s.Name == "" {
			return nil, fmt.Errorf("crosswalk: strand %d: id or name is missing", len(strands)+1)
		}
		if len(s.Cells) == 0 {
			return nil, fmt.Errorf("crosswalk: strand %s: no cells", s.ID)
		}
		for _, c := range s.Cells {
			if !slices.Contains(confidences, c.Confidence) {
				return nil, fmt.Errorf("crosswalk: strand %s, %s %d: confidence %q is none of %v",
					s.ID, c.Level, c.Index, c.Confidence, confidences)
			}
			strand.Cells = append(strand.Cells, answers.Cell{Level: c.Level, Index: c.Index, Confidence: c.Confidence})
		}
		strands = append(strands, strand)
	}
	return strands, nil
}

// Strands returns the crosswalk of the embedded documents. Each call returns
// its own copy.
func Strands() []answers.Strand {
	strands, err := LoadStrands(crosswalkFile)
	if err != nil {
		panic(embedded("crosswalk.json", err))
	}
	return strands
}
