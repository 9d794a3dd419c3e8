// Package seeds is what Rounds starts from before a district has typed a word:
// the two source documents, the crosswalk between them, and eight timed agendas
// for team meetings. All are embedded files, so the program runs without them
// on disk and without a network.
//
//	data/instructional-coordinators.json --LoadFramework--+
//	data/edf-lever-5.txt ----------------LoadLever5-------+--> Library
//	data/crosswalk.json -----------------LoadStrands------+
//	data/protocols.json -----------------LoadProtocols-------> Protocols
//
// The loaders also read a district's own files of the same shapes.
package seeds

import (
	_ "embed" // the source documents are compiled in
	"fmt"
	"sync"

	"rounds/answers"
)

//go:embed data/instructional-coordinators.json
var frameworkFile []byte

//go:embed data/edf-lever-5.txt
var lever5File []byte

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
	return []answers.Document{framework, lever5}
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
