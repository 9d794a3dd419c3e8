// Package school is what is true about a district: an append-only log of facts, and the model in
// memory that every question is answered from.
//
//	command ──> Book.Record ──> Log.Append (durable) ──> Tail ──> Model.Apply ──> query
//	                             │
//	                             ├── events: ids, civil days, numbers; for ever
//	                             ├── texts:  names, notes, wording; can be deleted
//	                             ├── claims: who sends what, by the log's own clock
//	                             └── keep:   small state that is no fact
//
// A feature is one event type (facts.go), one case in Model.apply (apply.go) and one query. Records of
// people are asked for through a Viewer (viewer.go), which applies the one policy (policy.go); what
// may be said in a room about groups is a Count (aggregate.go). Dates of what happened at a school are civil
// (day.go) and read against the campus's calendar (calendar.go); who is owed how many visits is
// computed, never stored (targets.go).
//
// Package school imports the standard library only, and does not know package bot.
package school
