package service

import (
	"context"
	"sync"
	"time"

	"rounds/bot"
)

// Memo is small state that should outlive a restart, and works without a store as well. It is safe for concurrent use.
type Memo struct {
	Keep bot.Keep // the store; nil to remember until a restart only

	mu   sync.Mutex // guards seen
	seen map[string]string
}

// Get is what was put or noted under a key, or "". A store that is away knows nothing.
func (m *Memo) Get(ctx context.Context, key string) string {
	m.mu.Lock()
	v, ok := m.seen[key]
	m.mu.Unlock()
	if ok || m.Keep == nil {
		return v
	}
	b, ok, err := m.Keep.Get(ctx, key)
	if err != nil || !ok {
		return ""
	}
	m.Note(key, string(b))
	return string(b)
}

// Put remembers, in the store for ttl (0: until deleted); a store that is away costs one more request later, nothing else.
func (m *Memo) Put(ctx context.Context, key, value string, ttl time.Duration) {
	if m.Note(key, value) {
		m.Store(ctx, key, value, ttl)
	}
}

// Note remembers until a restart, and tells whether that is new.
func (m *Memo) Note(key, value string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.seen == nil {
		m.seen = map[string]string{}
	}
	had := m.seen[key]
	m.seen[key] = value
	return had != value
}

// Store writes to the store what Note said is new, for callers that must not wait for a write.
func (m *Memo) Store(ctx context.Context, key, value string, ttl time.Duration) {
	if m.Keep != nil {
		_ = m.Keep.Put(ctx, key, []byte(value), ttl, "")
	}
}
