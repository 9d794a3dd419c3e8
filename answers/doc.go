// Package answers holds what the source documents say and answers questions
// about them by quoting, never by composing. Every sentence it returns is a
// [Statement] of a loaded [Document], byte for byte, with its id; where the
// documents hold no answer, it says so.
//
//	question
//	   |  normalize: fold case, quotes, dashes; words and ids     words.go
//	   v
//	decline?  injection, a named person, another framework        decline.go
//	   |  no                                        data/decline.txt
//	   v
//	status?   "how many visits this week" -> KindStatus
//	   |  no
//	   v
//	read it:  ids (5.2.5.c, proficient 3, P7, S7)                 ids.go
//	          levels ("entry level", "at Developing")             levels.go
//	          typing slips against the known words                repair.go
//	          other words for the same thing       data/lexicon.txt, lexicon.go
//	   v
//	rank:     stems, fields (title, text, practice), BM25F        rank.go
//	   |
//	   v
//	shape:    quote | compare | growth (along a strand)           ask.go
//	   |
//	   v
//	enough of the question covered?  no -> decline, kindly
//
// There is no model and no network: an answer costs some tens of microseconds
// and the same question gets the same answer on every machine. A [Library] is
// built once by [New], never changes, and may be used from many goroutines.
package answers
