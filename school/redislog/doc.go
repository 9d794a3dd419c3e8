// Package redislog keeps the logs of districts in a Redis, so that several replicas of Rounds share one truth.
//
//	replica A ── Append ──> one script ── XADD 0-<version> ──> {rounds:lone-star}:log
//	                            │ the only write that decides          │
//	                            │ command ids, texts beside it         │ XREAD BLOCK
//	replica B  <── Tail ────────┴──────────────────────────────────────┘
//
//	{prefix:district}:log        stream; one entry a command, its id 0-<version of its last event>
//	{prefix:district}:c:<id>     the version and number of events of a command id, kept for CommandsKept
//	{prefix:district}:text       hash: text key -> text
//	{prefix:district}:tk:<kind>  its keys in order, for ScanTexts;  :ts:<subject>  for DeleteTexts
//	{prefix:district}:l:<key>    a claim: holder, epoch, until, done
//	{prefix:district}:k:<key>    a kept value; :keys all keys in order, :ks:<subject> for Forget, :exp what lapses
//	prefix:store                 the mark (demo or real) and the format
//
// The braces make all keys of a district live on one node of a cluster.
//
// # One decisive write
//
// Redis runs a script whole, but does not roll one back that fails half-way. So the script of Append writes texts
// and the command's memory first and the stream's entry last, and a remembered command counts only when the entry it
// names is there and carries its id. Whatever stops the script before the XADD has appended nothing.
//
// # A lost reply
//
// A client that repeats a write whose reply was lost writes twice: go-redis does so by default. Here its retries
// are off. Append itself sends the same command id again until it knows, and an append without an id is
// given one for that purpose.
//
// # Time
//
// Leases and times to live run by the clock of the Redis server, never by a replica's.
//
// # What is durable
//
// Open refuses a server that can lose what it acknowledged; see Options.AcceptLoss. With replicas of Redis,
// fail-over is asynchronous whatever the settings: the last moments before it can be lost. docs/redis.md says
// what was measured.
package redislog
