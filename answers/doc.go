// Package answers holds what the source documents say and answers questions
// about them by quoting, never by composing. Every sentence it returns is a
// [Statement] of a loaded [Document], byte for byte, with its id; where the
// documents hold no answer, it says so.
//
//	question
//	   |  normalize: fold case, quotes, dashes; words and ids     words.go
//	   v
//	read it:  ids (5.2.5.c, 5-2-5, P7, S7, a district's own)      ids.go, document.go
//	          "the seventh proficient statement"                  places.go
//	          levels ("entry level"; not "emerging technologies") levels.go
//	          typing slips, guarded by data/english.txt           repair.go
//	          turns of speech: compare, next, how often           read.go
//	          other words for the same thing      data/lexicon.txt, lexicon.go
//	   v
//	decline?  injection, a named person, somebody's record,       decline.go
//	   |      another framework or lever         data/decline.txt
//	   |  no: "how many visits this week" -> KindStatus
//	   v
//	rank:     stems, fields (title, text, practice, strand, what  index.go, rank.go
//	   |      people call it), each part of several questions
//	   v
//	enough of the question covered?  no -> decline, kindly        ask.go
//	   |
//	   v
//	shape:    quote | compare | growth (along a strand)           shape.go
//
// What people call a statement ([Statement.Also]) finds it and is never
// quoted. The measures of all this are in quality_test.go and said_test.go.
//
// There is no model and no network: an answer costs some tens of microseconds
// and the same question gets the same answer on every machine. A [Library] is
// built once by [New], never changes, and may be used from many goroutines.
package answers
