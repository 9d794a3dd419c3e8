package webbot

import (
	"net/http"
	"sync"
	"time"
)

// result is a response that is ready to be written.
type result struct {
	status int
	body   any
}

// once answers an action that comes twice with the answer of the first time. It is memory
// only: after a restart the router and the store recognize the call's id instead. Its
// times are of the wall clock, because a browser retries in wall time.
type once struct {
	now func() time.Time

	mu   sync.Mutex // guards what follows
	runs map[string]*run
}

type run struct {
	done chan struct{} // closed when res is set
	res  result
	at   time.Time
}

const (
	onceFor = 5 * time.Minute // how long an answer is remembered
	onceMax = 2000            // how many are, at most
)

func newOnce() *once { return &once{now: time.Now, runs: map[string]*run{}} }

// do runs f, or waits for and returns what it gave when it ran for this key. A result that
// says "try again" is not remembered.
func (o *once) do(key string, f func() result) result {
	o.mu.Lock()
	if r, ok := o.runs[key]; ok {
		o.mu.Unlock()
		<-r.done
		return r.res
	}
	o.sweep()
	r := &run{
		done: make(chan struct{}), at: o.now(),
		// What a caller gets who waits while f panics.
		res: result{http.StatusInternalServerError, problem{"Something went wrong here. Try again."}},
	}
	o.runs[key] = r
	o.mu.Unlock()
	defer func() {
		if r.res.status >= 500 {
			o.mu.Lock()
			delete(o.runs, key)
			o.mu.Unlock()
		}
		close(r.done)
	}()
	r.res = f()
	return r.res
}

// sweep forgets what is old. Called with mu held.
func (o *once) sweep() {
	if len(o.runs) < onceMax/2 {
		return
	}
	old := o.now().Add(-onceFor)
	for k, r := range o.runs {
		select {
		case <-r.done:
			if r.at.Before(old) || len(o.runs) >= onceMax {
				delete(o.runs, k)
			}
		default: // still running
		}
	}
}
