package discordbot

import (
	"context"
	"sync"
	"time"

	"rounds/bot"
)

// remembered is how long a call is known again: longer than a signature stays good (5 minutes), and as long as the token
// of an interaction.
const remembered = 15 * time.Minute

// most is how many calls are remembered.
const most = 10_000

// memory knows the calls that came, by Call.ID. Discord sends an interaction once, so the same one again by HTTP is a replay,
// and the same message again by the gateway comes of a resumed session.
type memory struct {
	mu    sync.Mutex // guards the following
	calls map[string]bool
	order []taken
}

type taken struct {
	id string
	at time.Time
}

// first tells whether a call is new, and remembers it.
func (m *memory) first(id string, now time.Time) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	for len(m.order) > 0 && (now.Sub(m.order[0].at) > remembered || len(m.order) >= most) {
		delete(m.calls, m.order[0].id)
		m.order = m.order[1:]
	}
	if m.calls[id] {
		return false
	}
	if m.calls == nil {
		m.calls = map[string]bool{}
	}
	m.calls[id] = true
	m.order = append(m.order, taken{id, now})
	return true
}

// memo is small state that should outlive a restart, and works without a store as well.
type memo struct {
	keep bot.Keep
	mu   sync.Mutex // guards seen
	seen map[string]string
}

func (m *memo) get(ctx context.Context, key string) string {
	m.mu.Lock()
	v, ok := m.seen[key]
	m.mu.Unlock()
	if ok || m.keep == nil {
		return v
	}
	b, ok, err := m.keep.Get(ctx, key)
	if err != nil || !ok {
		return ""
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.seen == nil {
		m.seen = map[string]string{}
	}
	m.seen[key] = string(b)
	return string(b)
}

// put remembers; a store that is away costs one more request later, nothing else.
func (m *memo) put(ctx context.Context, key, value string, ttl time.Duration) {
	if m.note(key, value) {
		m.store(ctx, key, value, ttl)
	}
}

// note remembers until a restart, and tells whether that is new.
func (m *memo) note(key, value string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.seen == nil {
		m.seen = map[string]string{}
	}
	had := m.seen[key]
	m.seen[key] = value
	return had != value
}

func (m *memo) store(ctx context.Context, key, value string, ttl time.Duration) {
	if m.keep != nil {
		_ = m.keep.Put(ctx, key, []byte(value), ttl, "")
	}
}

// running counts what runs in the background. A WaitGroup may not be added to while it is
// waited for, and requests come when they like.
type running struct {
	mu   sync.Mutex // guards the following
	n    int
	idle chan struct{} // closed when n is 0; nil until somebody waits
}

func (r *running) start(f func()) {
	r.mu.Lock()
	r.n++
	r.mu.Unlock()
	go func() {
		defer func() {
			r.mu.Lock()
			defer r.mu.Unlock()
			if r.n--; r.n == 0 && r.idle != nil {
				close(r.idle)
				r.idle = nil
			}
		}()
		f()
	}()
}

// wait waits until nothing runs, but no longer than most.
func (r *running) wait(most time.Duration) {
	r.mu.Lock()
	if r.n == 0 {
		r.mu.Unlock()
		return
	}
	if r.idle == nil {
		r.idle = make(chan struct{})
	}
	idle := r.idle
	r.mu.Unlock()
	t := time.NewTimer(most)
	defer t.Stop()
	select {
	case <-idle:
	case <-t.C:
	}
}
