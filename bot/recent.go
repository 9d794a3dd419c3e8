package bot

import "time"

// rememberCalls is how long a call is known again. Slack's last retry comes after about
// five minutes.
const rememberCalls = 15 * time.Minute

// recent remembers things by key for a while, and never more than most of them. Times
// passed in must not go back. It has no lock of its own.
type recent[T any] struct {
	most  int
	keep  time.Duration
	items map[string]aged[T]
	order []string // oldest first; every key once
}

type aged[T any] struct {
	v  T
	at time.Time
}

func (m *recent[T]) get(key string, now time.Time) (T, bool) {
	it, ok := m.items[key]
	if !ok || now.Sub(it.at) > m.keep {
		var none T
		return none, false
	}
	return it.v, true
}

func (m *recent[T]) put(key string, v T, now time.Time) {
	if m.items == nil {
		m.items = map[string]aged[T]{}
	}
	if _, ok := m.items[key]; ok { // long past: put refuses nothing, get did not find it
		m.items[key] = aged[T]{v, now}
		return
	}
	for len(m.order) > 0 && (len(m.order) >= m.most || now.Sub(m.items[m.order[0]].at) > m.keep) {
		delete(m.items, m.order[0])
		m.order = m.order[1:]
	}
	m.items[key] = aged[T]{v, now}
	m.order = append(m.order, key)
}
