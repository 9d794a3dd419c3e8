package school

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// MemLog is a Log in memory: every promise of the interface but durability. Rehearsals
// load files into one, and tests drive its clock.
//
//	Append ─┐                       ┌─> Read    a copy of the slice header, then no lock
//	Claim   ├─> mu ─> slices, maps ─┤
//	Put     ┘           │           └─> Texts, List
//	                    └─ changed: closed and replaced at each append ─> Tail wakes
//
// It starts no goroutine and no timer, so that it works in a testing/synctest bubble. The Data of
// the events it hands out is shared: do not change it.
type MemLog struct {
	now func() time.Time

	mu       sync.Mutex // guards all following fields
	closed   bool
	changed  chan struct{} // closed when there are more events, or none will come
	events   []Event       // events[i] has version i+1; only ever appended to
	commands map[string]Appended
	texts    map[string]Text
	claims   map[string]memClaim
	keep     map[string]memValue
}

var _ Log = (*MemLog)(nil)

// memClaim is the last claim of a key. It stays for ever, for its epoch.
type memClaim struct {
	Claim
	free bool // given back, not lapsed
}

type memValue struct {
	value   []byte
	until   time.Time // zero: until deleted
	subject string
}

// errLength is a lease or time to live that cannot be meant.
var errLength = errors.New("a lease must be longer than nothing, and a time to live not negative")

// NewMemLog makes an empty log. now is its own clock, for leases and times to live; nil is
// time.Now.
func NewMemLog(now func() time.Time) *MemLog {
	if now == nil {
		now = time.Now
	}
	return &MemLog{
		now:      now,
		changed:  make(chan struct{}),
		commands: map[string]Appended{},
		texts:    map[string]Text{},
		claims:   map[string]memClaim{},
		keep:     map[string]memValue{},
	}
}

// lock takes mu, unless the log is closed or ctx has ended. The caller unlocks when err is nil.
func (m *MemLog) lock(ctx context.Context) error {
	m.mu.Lock()
	if m.closed {
		m.mu.Unlock()
		return ErrClosed
	}
	if err := ctx.Err(); err != nil {
		m.mu.Unlock()
		return err
	}
	return nil
}

// Append implements Log. Commands are remembered as long as the log lives.
func (m *MemLog) Append(ctx context.Context, expect int64, command string, events []Event, texts []Text) (Appended, error) {
	if err := m.lock(ctx); err != nil {
		return Appended{}, err
	}
	defer m.mu.Unlock()

	// The command comes before the version: when a reply was lost, the log has since moved on.
	if first, ok := m.commands[command]; ok && command != "" {
		first.Repeated = true
		return first, nil
	}
	if expect != Any && expect != int64(len(m.events)) {
		return Appended{}, ErrConflict
	}
	for _, e := range events {
		e.Version = int64(len(m.events)) + 1
		e.At = e.At.UTC().Round(0)
		e.Command = command
		e.Data = bytes.Clone(e.Data)
		m.events = append(m.events, e)
	}
	for _, t := range texts {
		m.texts[t.Key] = t
	}
	done := Appended{Version: int64(len(m.events)), Events: len(events)}
	if command != "" {
		m.commands[command] = done
	}
	if len(events) > 0 {
		close(m.changed)
		m.changed = make(chan struct{})
	}
	return done, nil
}

// Version implements Log.
func (m *MemLog) Version(ctx context.Context) (int64, error) {
	if err := m.lock(ctx); err != nil {
		return 0, err
	}
	defer m.mu.Unlock()
	return int64(len(m.events)), nil
}

// Read implements Log.
func (m *MemLog) Read(ctx context.Context, from int64, each func(Event) error) error {
	_, _, err := m.read(ctx, from, each)
	return err
}

// Tail implements Log.
func (m *MemLog) Tail(ctx context.Context, from int64, each func(Event) error) error {
	for {
		last, changed, err := m.read(ctx, from, each)
		if err != nil {
			return err
		}
		from = last
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-changed:
		}
	}
}

// read is Read that also tells the version it reached and what is closed when there is more. each
// runs without the lock, so that it may use the log.
func (m *MemLog) read(ctx context.Context, from int64, each func(Event) error) (int64, <-chan struct{}, error) {
	if err := m.lock(ctx); err != nil {
		return from, nil, err
	}
	events, changed := m.events, m.changed
	m.mu.Unlock()

	for from = max(from, 0); from < int64(len(events)); from++ {
		if err := ctx.Err(); err != nil {
			return from, nil, err
		}
		if err := each(events[from]); err != nil {
			return from, nil, err
		}
	}
	return from, changed, nil
}

// Claim implements Log.
func (m *MemLog) Claim(ctx context.Context, key, holder string, lease time.Duration) (Claim, bool, error) {
	if lease <= 0 {
		return Claim{}, false, errLength
	}
	if err := m.lock(ctx); err != nil {
		return Claim{}, false, err
	}
	defer m.mu.Unlock()

	now := m.now()
	last := m.claims[key]
	if last.Done || m.holds(last, now) {
		return last.Claim, false, nil
	}
	c := Claim{Key: key, Holder: holder, Epoch: last.Epoch + 1, Until: until(now, lease)}
	m.claims[key] = memClaim{Claim: c}
	return c, true, nil
}

// holds tells whether the lease of c runs at now.
func (m *MemLog) holds(c memClaim, now time.Time) bool {
	return c.Epoch > 0 && !c.free && !c.Done && now.Before(c.Until)
}

// Renew implements Log. The new length counts from now.
func (m *MemLog) Renew(ctx context.Context, c Claim, lease time.Duration) (Claim, bool, error) {
	if lease <= 0 {
		return Claim{}, false, errLength
	}
	if err := m.lock(ctx); err != nil {
		return Claim{}, false, err
	}
	defer m.mu.Unlock()

	now := m.now()
	last := m.claims[c.Key]
	if last.Epoch != c.Epoch || !m.holds(last, now) {
		return Claim{}, false, nil
	}
	last.Until = until(now, lease)
	m.claims[c.Key] = last
	return last.Claim, true, nil
}

// Done implements Log.
func (m *MemLog) Done(ctx context.Context, c Claim, finished bool) (bool, error) {
	if err := m.lock(ctx); err != nil {
		return false, err
	}
	defer m.mu.Unlock()

	last := m.claims[c.Key]
	if last.Epoch != c.Epoch || !m.holds(last, m.now()) {
		return false, nil
	}
	last.Claim.Done, last.free = finished, !finished
	m.claims[c.Key] = last
	return true, nil
}

// until is when a length that begins now ends: UTC and without a monotonic reading, as
// stores on disk give it.
func until(now time.Time, d time.Duration) time.Time {
	return now.Add(d).UTC().Round(0)
}

// Texts implements Log.
func (m *MemLog) Texts(ctx context.Context, keys ...string) (map[string]Text, error) {
	if err := m.lock(ctx); err != nil {
		return nil, err
	}
	defer m.mu.Unlock()

	found := make(map[string]Text, len(keys))
	for _, k := range keys {
		if t, ok := m.texts[k]; ok {
			found[k] = t
		}
	}
	return found, nil
}

// ScanTexts implements Log.
func (m *MemLog) ScanTexts(ctx context.Context, kind string, each func(Text) error) error {
	if err := m.lock(ctx); err != nil {
		return err
	}
	var found []Text
	for _, t := range m.texts {
		if t.Kind == kind {
			found = append(found, t)
		}
	}
	m.mu.Unlock()

	slices.SortFunc(found, func(a, b Text) int { return strings.Compare(a.Key, b.Key) })
	for _, t := range found {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := each(t); err != nil {
			return err
		}
	}
	return nil
}

// DeleteTexts implements Log.
func (m *MemLog) DeleteTexts(ctx context.Context, subject string) (int, error) {
	if err := m.lock(ctx); err != nil {
		return 0, err
	}
	defer m.mu.Unlock()

	before := len(m.texts)
	maps.DeleteFunc(m.texts, func(_ string, t Text) bool { return t.Subject == subject })
	return before - len(m.texts), nil
}

// PutIfAbsent implements Keep.
func (m *MemLog) PutIfAbsent(ctx context.Context, key string, value []byte, ttl time.Duration, subject string) (bool, error) {
	return m.put(ctx, key, value, ttl, subject, false)
}

// Put implements Keep.
func (m *MemLog) Put(ctx context.Context, key string, value []byte, ttl time.Duration, subject string) error {
	_, err := m.put(ctx, key, value, ttl, subject, true)
	return err
}

func (m *MemLog) put(ctx context.Context, key string, value []byte, ttl time.Duration, subject string, replace bool) (bool, error) {
	if ttl < 0 {
		return false, errLength
	}
	if err := m.lock(ctx); err != nil {
		return false, err
	}
	defer m.mu.Unlock()

	now := m.now()
	if old, ok := m.keep[key]; ok && old.lives(now) && !replace {
		return false, nil
	}
	v := memValue{value: bytes.Clone(value), subject: subject}
	if ttl > 0 {
		v.until = until(now, ttl)
	}
	m.keep[key] = v
	return true, nil
}

func (v memValue) lives(now time.Time) bool {
	return v.until.IsZero() || now.Before(v.until)
}

// Get implements Keep.
func (m *MemLog) Get(ctx context.Context, key string) ([]byte, bool, error) {
	if err := m.lock(ctx); err != nil {
		return nil, false, err
	}
	defer m.mu.Unlock()

	v, ok := m.keep[key]
	if !ok || !v.lives(m.now()) {
		return nil, false, nil
	}
	return bytes.Clone(v.value), true, nil
}

// List implements Keep.
func (m *MemLog) List(ctx context.Context, prefix string, each func(key string, value []byte) error) error {
	if err := m.lock(ctx); err != nil {
		return err
	}
	now := m.now()
	found := map[string][]byte{}
	for k, v := range m.keep {
		if strings.HasPrefix(k, prefix) && v.lives(now) {
			found[k] = bytes.Clone(v.value)
		}
	}
	m.mu.Unlock()

	for _, k := range slices.Sorted(maps.Keys(found)) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := each(k, found[k]); err != nil {
			return err
		}
	}
	return nil
}

// Delete implements Keep.
func (m *MemLog) Delete(ctx context.Context, key string) error {
	if err := m.lock(ctx); err != nil {
		return err
	}
	defer m.mu.Unlock()
	delete(m.keep, key)
	return nil
}

// Forget implements Keep. A subject of "" is nobody, and has no keys.
func (m *MemLog) Forget(ctx context.Context, subject string) (int, error) {
	if err := m.lock(ctx); err != nil {
		return 0, err
	}
	defer m.mu.Unlock()

	now := m.now()
	n := 0
	maps.DeleteFunc(m.keep, func(_ string, v memValue) bool {
		if subject == "" || v.subject != subject {
			return false
		}
		if v.lives(now) {
			n++
		}
		return true
	})
	return n, nil
}

// Close implements Log; the events are gone with it. Closing twice is no error.
func (m *MemLog) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.closed {
		m.closed = true
		close(m.changed) // the tailers look again, and find it closed
	}
	return nil
}
