package service

import (
	"sync"
	"time"
)

const (
	// remembered is how long a call is known again: longer than Slack's last retry and than the signature of a request stays good
	// (5 minutes each), and as long as Discord takes answers to an interaction.
	remembered = 15 * time.Minute
	// mostCalls is how many are.
	mostCalls = 10_000
)

// Calls knows the calls that came, by Call.ID, with something noted of each. The router refuses duplicates too; this memory makes sure
// that the requests which carry an answer out are not repeated either. It is safe for concurrent use.
type Calls[T any] struct {
	mu    sync.Mutex // guards the following
	noted map[string]T
	order []came // oldest first
}

type came struct {
	id string
	at time.Time
}

// First tells whether a call is new, and notes fresh of it then. Of a call that came before it returns what was noted.
func (c *Calls[T]) First(id string, now time.Time, fresh T) (T, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.order) > 0 && (now.Sub(c.order[0].at) > remembered || len(c.order) >= mostCalls) {
		delete(c.noted, c.order[0].id)
		c.order = c.order[1:]
	}
	if v, ok := c.noted[id]; ok {
		return v, false
	}
	if c.noted == nil {
		c.noted = map[string]T{}
	}
	c.noted[id] = fresh
	c.order = append(c.order, came{id, now})
	return fresh, true
}
