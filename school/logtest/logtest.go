// Package logtest is the test that every [school.Log] must pass.
//
//	MemLog ────┐
//	sqlitelog ─┼─> Harness ──> Test ──┬─ promises, one subtest each
//	redislog ──┘   (how to open        └─ Random: the same short random sequences on
//	                the same data         the store and on a MemLog, answers compared
//	                again, how time
//	                passes)
//
// A store's own test is a few lines that fill a [Harness]; what only that store promises (its
// lock, its files, a server's settings) it tests beside that. The suite never sleeps:
// time passes by [Harness.Advance] alone.
package logtest

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"testing"
	"time"

	"rounds/school"
)

// Store is an open store: the logs of all its districts. Closing it ends them all.
type Store interface {
	Log(district string) school.Log
	Close() error
}

// Harness tells the suite how one kind of store is handled. All its functions report their own
// failures to t.
type Harness struct {
	// Open opens the data for writing. The suite closes a store before it opens the next, and expects in it
	// what the one before acknowledged.
	Open func(t *testing.T) Store
	// Advance lets time pass on the log's own clock. A fake clock is set forward; where the clock
	// cannot be set, it waits.
	Advance func(d time.Duration)
	// Lease is the length of the suite's leases and times to live: a minute for a fake clock,
	// the shortest that does not fail on a slow machine where Advance waits.
	Lease time.Duration
	// Waits is set when Advance really waits. Random sequences then leave the clock alone.
	Waits bool

	// Volatile is set when the data end with the store; nothing is then asked after reopening.
	Volatile bool
	// EndsClaims is set when opening for writing ends all earlier claims.
	EndsClaims bool

	// Follow opens the same data beside a store that is open, as another process or replica does. Nil: there is no such thing.
	Follow func(t *testing.T) Store
	// FollowWrites is set when what Follow opens may write too. Otherwise its writes must
	// fail with school.ErrReadOnly.
	FollowWrites bool

	// Files is the content of every file of the store, by name. Nil: there are no files.
	Files func(t *testing.T) map[string][]byte
}

var (
	sequences = flag.Int("logtest.sequences", 2000, "how many random sequences to compare with a MemLog; a tenth with -short")
	seed      = flag.Uint64("logtest.seed", 0, "seed of the random sequences (0: a new one, printed on failure)")
)

// patience is how long a test waits for what should come at once. It is only met by a failure.
const patience = time.Minute

// Test runs the suite. fresh makes a harness of new, empty data; it is called for every
// subtest.
func Test(t *testing.T, fresh func(t *testing.T) Harness) {
	h := fresh(t)
	always := []test{
		{"Empty", empty},
		{"Versions", versions},
		{"Fields", fields},
		{"Conflict", conflict},
		{"Commands", commands},
		{"CommandsAtOnce", commandsAtOnce},
		{"ConflictsAtOnce", conflictsAtOnce},
		{"AppendsAtOnce", appendsAtOnce},
		{"TextsGoWithEvents", textsGoWithEvents},
		{"CallerKeepsItsSlices", callerKeepsItsSlices},
		{"Big", big},
		{"OddStrings", oddStrings},
		{"Cancelled", cancelled},
		{"CancelledMidway", cancelledMidway},
		{"Districts", districts},
		{"Closed", closed},

		{"Read", read},
		{"Tail", tail},
		{"Tailers", tailers},
		{"TailEnds", tailEnds},
		{"TailMayUseTheLog", tailMayUseTheLog},

		{"Claim", claim},
		{"ClaimLapses", claimLapses},
		{"ClaimDone", claimDone},
		{"ClaimsAtOnce", claimsAtOnce},

		{"Texts", texts},
		{"DeleteTexts", deleteTexts},
		{"Keep", keep},
		{"KeepLapses", keepLapses},
		{"KeepSubjects", keepSubjects},
		{"KeepAtOnce", keepAtOnce},

		{"Move", move},

		{"Random", func(t *testing.T, _ Harness) { random(t, fresh) }},
	}
	run(t, fresh, always)
	if !h.Volatile {
		run(t, fresh, []test{
			{"ReopenLog", reopenLog},
			{"ReopenCommands", reopenCommands},
			{"ReopenClaims", reopenClaims},
			{"ReopenKeep", reopenKeep},
		})
	}
	if h.Follow != nil {
		run(t, fresh, []test{{"Follow", follow}, {"FollowTail", followTail}})
		if h.FollowWrites {
			run(t, fresh, []test{{"FollowersWrite", followersWrite}})
		} else {
			run(t, fresh, []test{{"FollowersMayNotWrite", followersMayNotWrite}})
		}
	}
	if h.Files != nil {
		run(t, fresh, []test{{"DeletedTextsLeaveNoBytes", deletedTextsLeaveNoBytes}})
	}
}

type test struct {
	name string
	run  func(t *testing.T, h Harness)
}

func run(t *testing.T, fresh func(t *testing.T) Harness, tests []test) {
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { test.run(t, fresh(t)) })
	}
}

// open opens the harness's store until the test ends.
func open(t *testing.T, h Harness) Store {
	t.Helper()
	s := h.Open(t)
	t.Cleanup(func() { s.Close() })
	return s
}

// openLog opens the harness's store and gives the log of one district.
func openLog(t *testing.T, h Harness) school.Log {
	t.Helper()
	return open(t, h).Log("lone-star")
}

// patient is a context for what should come at once.
func patient(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return ctx
}

// event makes an event that tells its number in its data.
func event(n int) school.Event {
	return school.Event{
		Kind: "visit.logged",
		At:   time.Date(2026, 10, 7, 14, 30, 0, n, time.UTC),
		By:   school.PersonID(fmt.Sprintf("p%d", n%7)),
		Via:  "slack",
		Must: n%5 == 0,
		Data: fmt.Appendf(nil, `{"n":%d,"campus":"north"}`, n),
	}
}

// batch makes count events, numbered from first.
func batch(first, count int) []school.Event {
	es := make([]school.Event, count)
	for i := range es {
		es[i] = event(first + i)
	}
	return es
}

// note makes a text of kind "note".
func note(key, subject, body string) school.Text {
	return school.Text{Key: key, Kind: "note", Subject: subject, Author: "p1", Class: school.Coaching, Body: body}
}

// mustAppend appends and wants no error.
func mustAppend(t *testing.T, l school.Log, command string, events []school.Event, texts ...school.Text) school.Appended {
	t.Helper()
	a, err := l.Append(patient(t), school.Any, command, events, texts)
	if err != nil {
		t.Fatalf("append %q: %v", command, err)
	}
	return a
}

// readAll is every event after from.
func readAll(t *testing.T, l school.Log, from int64) []school.Event {
	t.Helper()
	var es []school.Event
	if err := l.Read(patient(t), from, func(e school.Event) error {
		es = append(es, e)
		return nil
	}); err != nil {
		t.Fatalf("read from %d: %v", from, err)
	}
	return es
}

// wantVersion wants the log to be at a version.
func wantVersion(t *testing.T, l school.Log, want int64) {
	t.Helper()
	if got, err := l.Version(patient(t)); err != nil || got != want {
		t.Fatalf("version %d (%v), want %d", got, err, want)
	}
}

// wantEvents wants events as they were appended: got[i] has version first+i and the command.
func wantEvents(t *testing.T, got, want []school.Event, first int64, command string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d events, want %d", len(got), len(want))
	}
	for i, w := range want {
		w.Version, w.Command, w.At = first+int64(i), command, w.At.UTC()
		if g, w := show(got[i]), show(w); g != w {
			t.Fatalf("event %d:\n got %s\nwant %s", i, g, w)
		}
	}
}

// show is everything an event holds, as text. A time that is not UTC differs from one that is.
func show(e school.Event) string {
	return fmt.Sprintf("%d %q at %s by %q via %q command %q must %v data %q",
		e.Version, e.Kind, e.At.Format(time.RFC3339Nano), e.By, e.Via, e.Command, e.Must, string(e.Data))
}

// atOnce runs f in n goroutines and waits for them all.
func atOnce(n int, f func(i int)) {
	start, end := make(chan struct{}), make(chan struct{})
	for i := range n {
		go func() {
			<-start
			f(i)
			end <- struct{}{}
		}()
	}
	close(start)
	for range n {
		<-end
	}
}

// errStop is an error of a callback.
var errStop = errors.New("stop here")
