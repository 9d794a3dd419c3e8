package seeds

import (
	"bytes"
	_ "embed" // what focus areas point to is compiled in
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
)

//go:embed data/focus.csv
var focusFile []byte

// Training is what the action steps of a focus area point to: criterion 5.2.5.d of Lever 5 asks that they be used to
// target the training of leaders.
type Training struct {
	Topic    string // of the leaders' next training, one line
	Strand   string // of the competency framework: "S2"
	Practice string // key practice of Lever 5: "5.2.3"
}

// trainingRow is a line of the file; a key, a family, or neither says for what.
type trainingRow struct {
	key, family string
	Training
}

// LoadTraining reads what focus areas point to. Errors name the line and the field. Whether strands and practices exist
// is for the reader of the answer to ask [answers.Library].
func LoadTraining(data []byte) (func(key, family string) Training, error) {
	r := csv.NewReader(bytes.NewReader(data))
	r.Comment = '#'
	head, err := r.Read()
	if err != nil {
		return nil, fmt.Errorf("focus: %w", err)
	}
	want := []string{"key", "family", "topic", "strand", "practice"}
	if !slices.Equal(head, want) {
		return nil, fmt.Errorf("focus: the first line is %q, want %q", head, want)
	}
	var rows []trainingRow
	seen := map[[2]string]bool{}
	for {
		f, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("focus: %w", err)
		}
		line, _ := r.FieldPos(0)
		for i, v := range f[2:] {
			if v == "" {
				return nil, fmt.Errorf("focus: line %d: %s is missing", line, want[2+i])
			}
		}
		row := trainingRow{f[0], f[1], Training{f[2], f[3], f[4]}}
		switch {
		case row.key != "" && row.family != "":
			return nil, fmt.Errorf("focus: line %d: a line is about a key or about a family, not both", line)
		case seen[[2]string{row.key, row.family}]:
			return nil, fmt.Errorf("focus: line %d: %q stands here twice", line, row.key+row.family)
		}
		seen[[2]string{row.key, row.family}] = true
		rows = append(rows, row)
	}
	if !seen[[2]string{}] {
		return nil, errors.New("focus: the line for all other focus areas, with neither key nor family, is missing")
	}
	return func(key, family string) Training {
		best := Training{}
		for _, row := range rows {
			switch {
			case row.key != "" && row.key == key:
				return row.Training
			case row.key == "" && row.family == family && family != "", row.key == "" && row.family == "" && best == Training{}:
				best = row.Training
			}
		}
		return best
	}, nil
}

// TrainingFor is what a focus area points to, or its family where the area has no line of its own.
func TrainingFor(key, family string) Training { return trainingFor(key, family) }

var trainingFor = func() func(key, family string) Training {
	f, err := LoadTraining(focusFile)
	if err != nil {
		panic(embedded("focus.csv", err))
	}
	return f
}()
