package school

import (
	"context"
	"errors"
	"time"
)

// A Log is one district's memory: an append-only sequence of events, the free texts
// beside them, leases, and a little durable state that is no fact. MemLog, sqlitelog and
// redislog implement it, and all pass school/logtest.
//
// Versions count events from 1; version 0 is the empty log. All methods are safe for
// concurrent use. After Close every method returns ErrClosed.
type Log interface {
	// Append adds events and texts, all or nothing, and returns once they are durable. Each
	// event gets the next version; the result is the version of the last one.
	//
	// expect is the version the log must have (an invariant was checked against it), or
	// Any. A different version is ErrConflict and nothing is written.
	//
	// A command id that was appended within the last 24 h or more returns the first result with
	// Repeated set and writes nothing, whatever expect says; an empty command id is never
	// remembered. A lost reply is therefore sent again with the same id. An error that
	// is neither ErrConflict nor ErrFull nor ErrReadOnly leaves the outcome open.
	Append(ctx context.Context, expect int64, command string, events []Event, texts []Text) (Appended, error)
	// Version is the version of the last event.
	Version(ctx context.Context) (int64, error)
	// Read calls each for every event after version from, in order, up to the end of the log at
	// the time of the call, and stops at its first error, which it returns.
	Read(ctx context.Context, from int64, each func(Event) error) error
	// Tail is Read that then waits for later events; it returns when ctx ends (ctx.Err()), when the
	// log is closed (ErrClosed), or at the first error of each.
	Tail(ctx context.Context, from int64, each func(Event) error) error

	// Claim takes the lease on key for the given length, unless somebody holds it or it is done:
	// then ok is false and the Claim tells who and until when. Each successful Claim has a higher epoch than
	// all earlier ones of that key. Time is the log's own, never the civil clock.
	Claim(ctx context.Context, key, holder string, lease time.Duration) (c Claim, ok bool, err error)
	// Renew extends a lease that is still held under this epoch; ok is false when it was lost.
	Renew(ctx context.Context, c Claim, lease time.Duration) (renewed Claim, ok bool, err error)
	// Done ends a claim. With finished the key can never be claimed again (kept at least 60 days);
	// without, it is free at once. A claim that was lost is left alone and ok is false.
	Done(ctx context.Context, c Claim, finished bool) (ok bool, err error)

	// Texts returns the bodies of the given keys; a key that is unknown or deleted is absent.
	Texts(ctx context.Context, keys ...string) (map[string]Text, error)
	// ScanTexts calls each for every text of a kind, in key order.
	ScanTexts(ctx context.Context, kind string, each func(Text) error) error
	// DeleteTexts removes every text about a subject and returns how many there were. The bytes are
	// gone from the store's files when it returns, as far as the store can see to it.
	DeleteTexts(ctx context.Context, subject string) (int, error)

	Keep

	// Close frees the log's resources.
	Close() error
}

// Keep is small durable state that is no fact: the clock's scan mark, web messages,
// direct-conversation ids, installs, the audit trail. Builtin types only, so that package bot
// can own the same interface without knowing this one.
type Keep interface {
	// PutIfAbsent stores value under key unless the key is there, and tells whether it did.
	// A ttl of 0 keeps it until deleted; time is the log's own. subject is the person it is about, or "".
	PutIfAbsent(ctx context.Context, key string, value []byte, ttl time.Duration, subject string) (bool, error)
	// Put stores value under key, replacing what was there.
	Put(ctx context.Context, key string, value []byte, ttl time.Duration, subject string) error
	// Get returns the value and true, or false when there is none (any more).
	Get(ctx context.Context, key string) ([]byte, bool, error)
	// List calls each for every key that starts with prefix, in key order (bytes), and stops at
	// its first error, which it returns.
	List(ctx context.Context, prefix string, each func(key string, value []byte) error) error
	// Delete removes a key; a key that is not there is no error.
	Delete(ctx context.Context, key string) error
	// Forget removes every key of a subject and returns how many there were.
	Forget(ctx context.Context, subject string) (int, error)
}

// Any is the expected version of an Append that depends on none.
const Any int64 = -1

// Appended is the result of an Append.
type Appended struct {
	Version  int64 // of the last event of the command
	Events   int   // how many events the command had
	Repeated bool  // the command id was known; nothing was written
}

// Claim is a lease on a key.
type Claim struct {
	Key    string
	Holder string
	Epoch  int64     // rises with every successful Claim of the key
	Until  time.Time // by the log's own clock
	Done   bool      // the key is finished for good (only in a refused claim)
}

// Text is free text about a subject: a name, a note, the wording of a step. It stands beside
// the events, which hold only its key, so that it can be deleted.
type Text struct {
	Key     string // unique; see TextKey
	Kind    string // "name", "email", "account", "glow", "grow", "step", "note", "item", …
	Subject string // the person or team it is about
	Author  string // the person who wrote it, or ""
	Class   Class  // record class, for policy and retention
	Body    string
}

// Class is the record class of a text.
type Class string

// The record classes. Coaching and evaluation never move into one another silently.
const (
	Coaching   Class = "coaching"
	Evaluation Class = "evaluation"
	Meeting    Class = "meeting"
	Roster     Class = "roster"
)

// The errors a Log returns as such or wrapped.
var (
	// ErrConflict: the log is not at the expected version. Nothing was written.
	ErrConflict = errors.New("the record changed meanwhile")
	// ErrFull: there is no room left in the store. Nothing was written.
	ErrFull = errors.New("the store is full")
	// ErrReadOnly: the log was opened for reading. Nothing was written.
	ErrReadOnly = errors.New("the store is open for reading only")
	// ErrUnsure: the store was lost in the middle of a write, which may stand or not. The same command id tells.
	ErrUnsure = errors.New("whether it was written is not known")
	// ErrHeld: another process writes to this store.
	ErrHeld = errors.New("the store is in use by another writer")
	// ErrForeign: the file or server holds something that is not ours, or of another mark (demo, real).
	ErrForeign = errors.New("not a Rounds store")
	// ErrClosed: the log was closed.
	ErrClosed = errors.New("the store is closed")
)
