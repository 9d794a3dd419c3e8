// Package cards is how it reads: functions that take plain values, names already resolved, and give the
// card that says them.
//
//	handlers, reminders ── names, days, numbers, texts ──> cards.Receipt, cards.Status, …
//	                                                          │
//	                       bot.Private  one person's record   │  shown only as an answer to its viewer
//	                       bot.Open     aggregates, agendas   ◄  may be posted in a room
//
// The result type is the promise: what returns a bot.Open never takes a name, a note or a number about one
// person. Nothing here asks the model, decides who may see what, or knows a chat service. All texts are
// literal; words that several cards share stand in words.go.
package cards
