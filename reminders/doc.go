// Package reminders is what the clock asks: it finds what is due, says it once, and can tell why.
//
//	school.Rule, calendar, zone ──> rule.go    when, in civil time
//	plan.go agenda.go agenda_off.go agenda_moved.go preview.go digest.go notice.go   what, to whom: candidates
//	                                   │
//	   Plan(model, district, from, now)│  PURE: the same record and instant give the same list
//	                                   ▼
//	   hold.go  calendar ─ leave ─ snoozed ─ already done ─ quiet hours ─ weekly cap
//	                                   │  each with a reason that /rounds why prints
//	                                   ▼
//	   Runner.Scan   from a durable mark to now; every 15 s of wall time and after every append
//	                                   │
//	   send.go       whose turn it is (queue.go), in the pace of its channel and workspace (pace.go)
//	                                   │
//	   deliver.go    claim ─> look again ─> fence ─> trust (lease.go) ─> (look the post up) ─> post ─> record ─> done
//	                                   │                                  only when repeating
//	                                   ▼
//	                          Poster (bot.Hub) and one school.Sent in the log
//
// What is due is computed from the record, never remembered in a timer: a restart, a suspended machine, a
// deploy or a clock that jumps need no case of their own. An occurrence is named by what it is about (a team's
// meeting, a campus's week), not by when it moved to, so that a duplicate is impossible by name; and a name that
// the log has a Sent for, posted or dropped, is settled.
//
// Between the post and its record the process may die. The claim it leaves behind has an epoch, and whoever
// claims the name again sees that it is a repeat: then the post is looked up by its marker before anything else
// is said. Only a look-up settles an unknown outcome, never a second post.
// It is made when the lease and 15 s are over, so that what was on its way has arrived. One replica at a time sends to a
// workspace: the pace, and a service's "not now", hold for all of them together.
package reminders
