package service

import (
	"sync"
	"time"
)

// Work is what goes on in the background after a service was answered. A WaitGroup may not be added to while it is waited for, and
// requests come when they like.
type Work struct {
	// Panicked is told what a piece of work panicked with. Nil lets the process end.
	Panicked func(v any)

	mu   sync.Mutex // guards the following
	n    int
	idle chan struct{} // closed when n is 0; nil until somebody waits
}

// Go runs f in the background.
func (w *Work) Go(f func()) {
	w.mu.Lock()
	w.n++
	w.mu.Unlock()
	go func() {
		defer w.done()
		if w.Panicked != nil {
			defer func() {
				if v := recover(); v != nil {
					w.Panicked(v)
				}
			}()
		}
		f()
	}()
}

func (w *Work) done() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.n--; w.n == 0 && w.idle != nil {
		close(w.idle)
		w.idle = nil
	}
}

// Wait waits until nothing runs, but no longer than most.
func (w *Work) Wait(most time.Duration) {
	w.mu.Lock()
	if w.n == 0 {
		w.mu.Unlock()
		return
	}
	if w.idle == nil {
		w.idle = make(chan struct{})
	}
	idle := w.idle
	w.mu.Unlock()
	t := time.NewTimer(most)
	defer t.Stop()
	select {
	case <-idle:
	case <-t.C:
	}
}
