package seeds

import (
	_ "embed" // the protocols are compiled in
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

//go:embed data/protocols.json
var protocolsFile []byte

// Protocol is a timed agenda for one kind of team meeting.
type Protocol struct {
	ID      string         `json:"id"`     // "lesson-internalization"; part of stored facts
	Letter  string         `json:"letter"` // "A", for lists
	Name    string         `json:"name"`
	Minutes int            `json:"minutes"` // length of the meeting; the steps sum to it
	PreWork []string       `json:"prework"` // what each member does before
	Note    string         `json:"note"`    // a caution or a variant, or ""
	Steps   []ProtocolStep `json:"steps"`
}

// ProtocolStep is one step of a protocol: how long, what the facilitator asks,
// and what is written down at its end.
type ProtocolStep struct {
	Minutes  int    `json:"min"`
	Title    string `json:"title"`
	Prompt   string `json:"prompt"`
	Output   string `json:"output"`
	Required bool   `json:"required"` // the meeting is not complete while its output is empty
}

// LoadProtocols reads protocols and refuses one that cannot be kept: a step
// without minutes or title, or steps that do not sum to the meeting's length.
// Errors name the protocol and the step.
func LoadProtocols(data []byte) ([]Protocol, error) {
	var in struct {
		Protocols []Protocol `json:"protocols"`
	}
	if err := json.Unmarshal(data, &in); err != nil {
		return nil, fmt.Errorf("protocols: %w", describeJSON(data, err))
	}
	if len(in.Protocols) == 0 {
		return nil, errors.New("protocols: none in the file")
	}
	for i, p := range in.Protocols {
		if p.ID == "" || p.Name == "" {
			return nil, fmt.Errorf("protocols: protocol %d: id or name is missing", i+1)
		}
		same := func(q Protocol) bool { return q.ID == p.ID || q.Letter != "" && q.Letter == p.Letter }
		if slices.ContainsFunc(in.Protocols[:i], same) {
			return nil, fmt.Errorf("protocols: %s: its id or letter is used twice", p.ID)
		}
		if err := p.check(); err != nil {
			return nil, fmt.Errorf("protocols: %s: %w", p.ID, err)
		}
	}
	return in.Protocols, nil
}

func (p Protocol) check() error {
	sum := 0
	for i, s := range p.Steps {
		if strings.TrimSpace(s.Title) == "" {
			return fmt.Errorf("step %d has no title", i+1)
		}
		if s.Minutes <= 0 {
			return fmt.Errorf("step %d (%s): %d minutes", i+1, s.Title, s.Minutes)
		}
		sum += s.Minutes
	}
	if sum != p.Minutes {
		return fmt.Errorf("the steps take %d minutes, the meeting %d", sum, p.Minutes)
	}
	return nil
}

// Protocols returns the eight embedded protocols, A to H. Each call returns
// its own copy.
func Protocols() []Protocol {
	protocols, err := LoadProtocols(protocolsFile)
	if err != nil {
		panic(embedded("protocols.json", err))
	}
	return protocols
}
