// Package seeds is what Rounds starts from before a district has typed a word:
// the two source documents, the crosswalk between them, and eight timed agendas
// for team meetings. All are embedded files, so the program runs without them
// on disk and without a network.
//
//	data/instructional-coordinators.json --LoadFramework--+
//	data/edf-lever-5.txt ----------------LoadLever5-------+--> Library
//	data/topics.txt ---------------------LoadTopics-------+
//	data/crosswalk.json -----------------LoadStrands------+
//	data/protocols.json -----------------LoadProtocols-------> Protocols
//
// The loaders also read a district's own files of the same shapes.
package seeds

import (
	_ "embed" // the source documents are compiled in
	"fmt"
	"strings"
	"sync"

	"rounds/answers"
)

//go:embed data/instructional-coordinators.json
var frameworkFile []byte

//go:embed data/edf-lever-5.txt
var lever5File []byte

//go:embed data/topics.txt
var topicsFile []byte

// Documents returns the two embedded source documents, the competency
// framework first. Each call returns its own copy.
func Documents() []answers.Document {
	framework, err := LoadFramework(frameworkFile)
	if err != nil {
		panic(embedded("instructional-coordinators.json", err))
	}
	lever5, err := LoadLever5(lever5File)
	if err != nil {
		panic(embedded("edf-lever-5.txt", err))
	}
	framework.Says = []string{"competency framework", "coordinator framework", "competency statements"}
	docs := []answers.Document{framework, lever5}
	if err := LoadTopics(topicsFile, docs); err != nil {
		panic(embedded("topics.txt", err))
	}
	return docs
}

// LoadTopics gives the statements of docs the names that people use for them:
// lines of an id, a colon and phrases parted by commas; a line that begins with
// a space goes on with the id before it. They are words to find a statement by
// and are never quoted. Errors name the line.
func LoadTopics(data []byte, docs []answers.Document) error {
	byID := map[string]*answers.Statement{}
	for d := range docs {
		for i := range docs[d].Statements {
			byID[docs[d].Statements[i].ID] = &docs[d].Statements[i]
		}
	}
	n := 0
	var s *answers.Statement
	for line := range strings.Lines(string(data)) {
		n++
		phrases := strings.TrimSpace(line)
		if phrases == "" || phrases[0] == '#' {
			continue
		}
		switch more := line[0] == ' ' || line[0] == '\t'; {
		case more && s == nil:
			return fmt.Errorf("topics: line %d: begins with a space and follows no id", n)
		case !more:
			id, first, ok := strings.Cut(phrases, ":")
			s = byID[id]
			switch {
			case !ok:
				return fmt.Errorf("topics: line %d: no colon after the id", n)
			case s == nil:
				return fmt.Errorf("topics: line %d: no statement %q", n, id)
			case len(s.Also) > 0:
				return fmt.Errorf("topics: line %d: %s is given twice", n, id)
			}
			phrases = first
		}
		for p := range strings.SplitSeq(phrases, ",") {
			if p = strings.TrimSpace(p); p == "" {
				return fmt.Errorf("topics: line %d: %s: an empty phrase", n, s.ID)
			}
			s.Also = append(s.Also, p)
		}
	}
	return nil
}

// Library returns the embedded documents and strands, indexed for questions.
// It is built on first use and shared.
func Library() *answers.Library { return library() }

var library = sync.OnceValue(func() *answers.Library {
	l, err := answers.New(Documents(), Strands())
	if err != nil {
		panic(embedded("documents", err))
	}
	return l
})

// embedded wraps an error in a file that is part of the program: only a wrong
// build can cause it, so the callers panic.
func embedded(name string, err error) error {
	return fmt.Errorf("seeds: embedded %s: %w", name, err)
}
