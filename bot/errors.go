package bot

import "errors"

// Code classes an error for the person who sees it and for counters.
type Code string

// The codes.
const (
	Invalid     Code = "invalid"     // what was typed cannot be used
	Ambiguous   Code = "ambiguous"   // several people, teams or words match
	NotFound    Code = "not_found"   // nobody and nothing matches
	Forbidden   Code = "forbidden"   // not theirs to see or do
	Conflict    Code = "conflict"    // it changed meanwhile
	Unavailable Code = "unavailable" // the store or a service is away; nothing was saved
	Internal    Code = "internal"    // our fault
)

// Error is an error with a sentence for the person. The router shows Sentence and Choices
// and logs Err with an id; an error that is no *Error is shown as Internal.
type Error struct {
	Code     Code
	Sentence string   // complete, plain, says what to do next; no internal detail
	Field    string   // the option or form field it is about, or ""
	Choices  []Button // "Did you mean": at most five
	Err      error    // detail for the log; never holds names or texts of a record
}

// Error is for logs and tests.
func (e *Error) Error() string {
	s := string(e.Code) + ": " + e.Sentence
	if e.Err != nil {
		s += " (" + e.Err.Error() + ")"
	}
	return s
}

// Unwrap gives the detail.
func (e *Error) Unwrap() error { return e.Err }

// ErrorCode is the code of err, Internal if it has none, "" if err is nil.
func ErrorCode(err error) Code {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return Internal
}
