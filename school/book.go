package school

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Book is a district's log and the model made of it, together:
//
//	Record ── Log.Append ──> log ── Tail ──> one goroutine: Model.Apply ──> readers
//	   └────────── waits until the model has reached the appended version ◄──┘
//
// so that whoever recorded something computes the answer from a model that holds it, and so that
// every replica, whoever appended, applies the same events in the same order.
type Book struct {
	log  Log
	stop context.CancelFunc
	done chan struct{}

	mu      sync.RWMutex // guards m
	m       *Model
	state   sync.Mutex // guards all below
	version int64
	err     error         // why the model cannot be trusted or no longer follows
	moved   chan struct{} // closed and replaced at every new version
	// texts of what this process is appending, by command and key: they need not be read back one event at a time.
	texts map[string]map[string]string
}

// ErrUnready is returned while the model cannot answer: it met an event it must know and does not, or
// lost its log.
var ErrUnready = errors.New("the school's record cannot be read right now")

// Open replays a log into a model and follows it until Close.
func Open(ctx context.Context, log Log) (*Book, error) {
	b := &Book{log: log, m: NewModel(), moved: make(chan struct{}), done: make(chan struct{}), texts: map[string]map[string]string{}}
	for _, kind := range loadedKinds {
		err := log.ScanTexts(ctx, kind, func(t Text) error { b.m.texts[t.Key] = t.Body; return nil })
		if err != nil {
			return nil, fmt.Errorf("read %ss: %w", kind, err)
		}
	}
	if err := log.Read(ctx, 0, b.m.Apply); err != nil {
		return nil, fmt.Errorf("replay: %w", err)
	}
	if b.m.unknown != "" {
		return nil, fmt.Errorf("%w: the log holds %q, which this version of Rounds does not know; use a newer one", ErrUnready, b.m.unknown)
	}
	b.version = b.m.version
	follow, stop := context.WithCancel(context.Background())
	b.stop = stop
	go b.follow(follow)
	return b, nil
}

// loadedKinds are the texts that the model holds: who people are.
var loadedKinds = []string{"name", "email", "account"}

func (b *Book) follow(ctx context.Context) {
	defer close(b.done)
	for {
		err := b.log.Tail(ctx, b.version, func(e Event) error {
			if err := b.load(ctx, e); err != nil {
				return err
			}
			b.mu.Lock()
			err := b.m.Apply(e)
			unknown := b.m.unknown
			b.mu.Unlock()
			if err == nil && unknown != "" {
				err = fmt.Errorf("%w: unknown event %q", ErrUnready, unknown)
			}
			b.advance(e.Version, err)
			return err
		})
		if ctx.Err() != nil || errors.Is(err, ErrClosed) {
			b.advance(0, ErrClosed)
			return
		}
		b.state.Lock()
		fatal := b.err != nil
		b.state.Unlock()
		if fatal {
			return
		}
		select { // the store was away: what was appended meanwhile comes with the next Tail
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
	}
}

// load fetches the names that an event brings, before it is applied.
func (b *Book) load(ctx context.Context, e Event) error {
	var keys []string
	add := func(k ...string) {
		for _, k := range k {
			if k != "" {
				keys = append(keys, k)
			}
		}
	}
	var err error
	switch e.Kind {
	case "person.set":
		err = read(e, func(f PersonSet) { add(f.Name, f.Email, f.ChatEmail) })
	case "account.linked":
		err = read(e, func(f AccountLinked) { add(f.Account) })
	case "account.unlinked":
		err = read(e, func(f AccountUnlinked) { add(f.Account) })
	case "account.asked":
		err = read(e, func(f AccountAsked) { add(f.Account, f.Email) })
	}
	if err != nil || len(keys) == 0 {
		return err
	}
	if own := b.own(e.Command, keys); own != nil {
		b.mu.Lock()
		defer b.mu.Unlock()
		for _, k := range keys {
			b.m.texts[k] = own[k]
		}
		return nil
	}
	texts, err := b.log.Texts(ctx, keys...)
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for k, t := range texts {
		b.m.texts[k] = t.Body
	}
	return nil
}

// own are the texts of a command that this process is appending; nil unless all the keys are among them.
func (b *Book) own(command string, keys []string) map[string]string {
	b.state.Lock()
	defer b.state.Unlock()
	own := b.texts[command]
	for _, k := range keys {
		if _, ok := own[k]; !ok {
			return nil
		}
	}
	return own
}

// keepOwn makes the texts of an entry known until the function it returns is called.
func (b *Book) keepOwn(e Entry) (forget func()) {
	if e.Command == "" || len(e.Texts) == 0 {
		return func() {}
	}
	own := make(map[string]string, len(e.Texts))
	for _, t := range e.Texts {
		own[t.Key] = t.Body
	}
	b.state.Lock()
	defer b.state.Unlock()
	b.texts[e.Command] = own
	return func() {
		b.state.Lock()
		defer b.state.Unlock()
		delete(b.texts, e.Command)
	}
}

func (b *Book) advance(version int64, err error) {
	b.state.Lock()
	defer b.state.Unlock()
	if version > 0 && err == nil {
		b.version = version
	}
	if err != nil {
		b.err = err
	}
	close(b.moved)
	b.moved = make(chan struct{})
}

// Close stops following; the log stays open, it belongs to whoever opened it.
func (b *Book) Close() {
	b.stop()
	<-b.done
}

// Err says why the model cannot answer, or nil.
func (b *Book) Err() error {
	b.state.Lock()
	defer b.state.Unlock()
	return b.err
}

// Changed returns a channel that is closed when the model next moves.
func (b *Book) Changed() <-chan struct{} {
	b.state.Lock()
	defer b.state.Unlock()
	return b.moved
}

// Log is the log underneath, for texts, claims and keeps.
func (b *Book) Log() Log { return b.log }

// Read lets f look at the model. f must not keep what it reads from the model, must not block, and
// must not call Record.
func (b *Book) Read(f func(*Model)) error {
	if err := b.Err(); err != nil {
		return fmt.Errorf("%w: %w", ErrUnready, err)
	}
	b.mu.RLock()
	defer b.mu.RUnlock()
	f(b.m)
	return nil
}

// Entry is what one command adds to the log, all or nothing.
type Entry struct {
	Command string // command id; the same entry tried again must have the same
	By      PersonID
	Via     string
	At      time.Time
	Facts   []Fact
	Texts   []Text
}

// Recorded is the outcome of a Record.
type Recorded struct {
	First    int64 // version of the entry's first event
	Last     int64
	Repeated bool // the command had been recorded before; nothing was added
}

// Record appends an entry and returns when the model has it. A lost reply is settled by sending
// the same command id again, up to three times in all; where that settles nothing, and where the entry stands but the
// model cannot follow, the error is ErrUnsure.
func (b *Book) Record(ctx context.Context, e Entry) (Recorded, error) {
	return b.record(ctx, Any, e)
}

func (b *Book) record(ctx context.Context, expect int64, e Entry) (Recorded, error) {
	if len(e.Facts) == 0 {
		return Recorded{}, nil
	}
	events := make([]Event, 0, len(e.Facts))
	for _, f := range e.Facts {
		ev, err := NewEvent(f, e.By, e.Via, e.At)
		if err != nil {
			return Recorded{}, err
		}
		events = append(events, ev)
	}
	defer b.keepOwn(e)()
	var done Appended
	var err error
	unsure := false
	for range 3 {
		done, err = b.log.Append(ctx, expect, e.Command, events, e.Texts)
		if err == nil || e.Command == "" || ctx.Err() != nil || settled(err) {
			break
		}
		unsure = true
	}
	if err != nil {
		if unsure && !errors.Is(err, ErrConflict) { // which is told only after the command id was looked up
			err = fmt.Errorf("%w: %w", ErrUnsure, err)
		}
		return Recorded{}, err
	}
	r := Recorded{First: done.Version - int64(done.Events) + 1, Last: done.Version, Repeated: done.Repeated}
	if err = b.Await(ctx, r.Last); errors.Is(err, ErrUnready) {
		err = fmt.Errorf("%w: %w", ErrUnsure, err)
	}
	return r, err
}

// settled tells whether an append surely did not happen.
func settled(err error) bool {
	for _, e := range []error{ErrConflict, ErrFull, ErrReadOnly, ErrClosed, ErrUnready} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// Decide records what f decides on a model that nobody changes meanwhile: where an invariant must
// hold (close a step once). On a conflict f is asked again, three times in all. f may return an
// Entry without facts: then nothing is recorded.
func (b *Book) Decide(ctx context.Context, f func(*Model) (Entry, error)) (Recorded, error) {
	var err error
	for range 3 {
		var e Entry
		var at int64
		if rerr := b.Read(func(m *Model) { at = m.version; e, err = f(m) }); rerr != nil {
			return Recorded{}, rerr
		}
		if err != nil {
			return Recorded{}, err
		}
		var r Recorded
		r, err = b.record(ctx, at, e)
		if !errors.Is(err, ErrConflict) {
			return r, err
		}
		// The model may lag behind the log that refused: wait for what it has not seen.
		if v, verr := b.log.Version(ctx); verr == nil {
			_ = b.Await(ctx, v)
		}
	}
	return Recorded{}, err
}

// Await returns when the model has reached a version.
func (b *Book) Await(ctx context.Context, version int64) error {
	for {
		b.state.Lock()
		v, err, moved := b.version, b.err, b.moved
		b.state.Unlock()
		if v >= version {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%w: %w", ErrUnready, err)
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Bodies fetches texts by key; a deleted one is absent. The keys come from a Viewer, which gives only those
// its person may read.
func (b *Book) Bodies(ctx context.Context, keys ...string) (map[string]string, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	texts, err := b.log.Texts(ctx, keys...)
	if err != nil {
		return nil, err
	}
	out := make(map[string]string, len(texts))
	for k, t := range texts {
		out[k] = t.Body
	}
	return out, nil
}
