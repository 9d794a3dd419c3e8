// Package answers holds what the source documents say and answers questions
// about them by quoting, never by composing. Every sentence it returns is a
// [Statement] of a loaded [Document], byte for byte, with its id; where the
// documents hold no answer, it says so.
//
//	question
//	   |  normalize: fold case, quotes, dashes; words and ids     words.go
//	   v
//	read it:  ids (5.2.5.c, 5-2-5, 525, P7, S7, a district's own)  ids.go, respell.go, document.go
//	          "the seventh proficient statement"                  places.go
//	          levels ("entry level"; not "emerging technologies") levels.go
//	          typing slips, guarded by data/english.txt           repair.go
//	          turns of speech: compare, next, how often           read.go, data/words.txt
//	          ... and how a question sounds       data/growth.txt, turns.go
//	          other words for the same thing      data/lexicon.txt, lexicon.go
//	   v
//	decline?  injection, a named person, somebody's record,       decline.go
//	   |      another framework or lever         data/decline.txt
//	   |  no: "how many visits this week" -> KindStatus
//	   |  an id, a strand, an essential action                    number.go
//	   v
//	rank:     statements, and strands as wholes, by what each     index.go, weigh.go
//	   |      word and each two words say of them: their text,    rank.go
//	   |      the titles above them, and what people call them;
//	   |      each part of several questions by itself
//	   v
//	enough of the question covered?  no -> decline, kindly        ask.go
//	   |
//	   v
//	shape:    quote | compare | growth (along a strand, from the  shape.go
//	          level that somebody sounds like)                    voice.go
//
// What people call a statement ([Statement.Also]) finds it and is never
// quoted. How well all this does is measured in quality_test.go, said_test.go
// and slips_test.go, and told in docs/measurements.md.
//
// There is no language model of the kind that writes, and no network: an answer costs some tens of microseconds
// and the same question gets the same answer on every machine. A [Library] is
// built once by [New], never changes, and may be used from many goroutines.
package answers
