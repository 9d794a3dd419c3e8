// Package sqlitelog keeps the logs of districts in one SQLite file: the store that needs no
// set-up.
//
//	Append, Claim, Put, DeleteTexts …            Read, Tail, Texts, Get …
//	        │ request                                   │
//	        ▼                                           ▼
//	     queue ──> one writer goroutine           a few read-only connections,
//	               takes all that wait,           a page of rows at a time
//	               one transaction, one fsync           ▲
//	                     │                              │ (WAL: readers and the writer
//	                     ▼                              │  do not wait for each other)
//	               rounds.db-wal ── checkpoint ──> rounds.db
//
//	rounds.db.lock   held by the writing process; the kernel lets go of it when it dies
//
// Durable means synchronous=FULL (on macOS also fullfsync): the write-ahead file is synced before an
// Append returns. Whoever waits while a sync runs goes together into the next one, so 16
// writers have six times the throughput of one.
//
// The primary key (district, seq) is the compare-and-set, the primary key (district, id) of table
// command the memory of command ids. Commands and claims are remembered as long as the file lives. What is
// in an event besides its data stands in columns, so that replay decodes JSON once, and each row has
// a checksum, because SQLite has none for what it reads back from the main file.
//
// At rest, after a clean Close, the store is one ordinary file: the journal goes back to
// mode DELETE, so that it may be copied and a reader leaves nothing beside it.
//
// # What a reader must know
//
// A read-only store sees what the writing process has acknowledged. It polls for later events
// (Tail) every tenth of a second. It never changes the database or its write-ahead file; SQLite may
// touch rounds.db-shm, which only coordinates.
//
// # What must not be done
//
// Do not open the database file by other means than SQLite while this process has it open: on Unix,
// closing any descriptor of a file drops all of a process's POSIX locks on it. That is why the
// lock has a file of its own, and why Open looks at the header before SQLite does.
package sqlitelog
