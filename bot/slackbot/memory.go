package slackbot

import (
	"context"
	"crypto/sha256"
	"sync"
	"time"

	"rounds/bot"
)

// remembered is how long a call is known again: longer than Slack's last retry (5
// minutes) and than a signature stays good (5 minutes).
const remembered = 15 * time.Minute

// most is how many calls are remembered.
const most = 10_000

// memory knows the calls that came, by Call.ID. The router refuses duplicates too; this
// memory makes sure that the requests which carry an answer out are not repeated either.
type memory struct {
	mu    sync.Mutex // guards the following
	calls map[string]*taken
	order []*taken
}

// taken is one call and the body it was answered with.
type taken struct {
	id   string
	at   time.Time
	done chan struct{} // closed when body is set
	body []byte
}

// begin returns the call and whether it is new. Whoever began it ends it.
func (m *memory) begin(id string, now time.Time) (*taken, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for len(m.order) > 0 && (now.Sub(m.order[0].at) > remembered || len(m.order) >= most) {
		delete(m.calls, m.order[0].id)
		m.order = m.order[1:]
	}
	if t := m.calls[id]; t != nil {
		return t, false
	}
	t := &taken{id: id, at: now, done: make(chan struct{})}
	if m.calls == nil {
		m.calls = map[string]*taken{}
	}
	m.calls[id] = t
	m.order = append(m.order, t)
	return t, true
}

func (t *taken) end(body []byte) {
	t.body = body
	close(t.done)
}

// wait gives the body of a call that another request answers.
func (t *taken) wait(ctx context.Context) []byte {
	select {
	case <-t.done:
		return t.body
	case <-ctx.Done():
		return nil
	}
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

// pictureCache knows which pictures Slack holds already, so that an edit or a second try
// uploads nothing.
type pictureCache struct {
	mu    sync.Mutex // guards the following
	ids   map[[32]byte]string
	order [][32]byte
}

func (c *pictureCache) get(png []byte) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ids[sha256.Sum256(png)]
}

func (c *pictureCache) put(png []byte, id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ids == nil {
		c.ids = map[[32]byte]string{}
	}
	if len(c.order) >= 256 {
		delete(c.ids, c.order[0])
		c.order = c.order[1:]
	}
	key := sha256.Sum256(png)
	if _, ok := c.ids[key]; !ok {
		c.order = append(c.order, key)
	}
	c.ids[key] = id
}

func (c *pictureCache) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ids, c.order = nil, nil
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
