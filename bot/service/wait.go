package service

import (
	"context"
	"math/rand/v2"
	"time"
)

// Pause waits, or ends with ctx and returns its error.
func Pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Backoff is how long to wait after n tries, from 0, have failed: what the service asked for, 0 if it did not, or ever longer from
// a second up to a minute. Half of it is chance, so that replicas do not come back all at once.
func Backoff(n int, asked time.Duration) time.Duration {
	d := time.Minute
	if n < 6 {
		d = time.Second << n
	}
	return max(d/2+rand.N(d/2), asked)
}
