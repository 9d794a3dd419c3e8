package service

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"rounds/bot"
)

// Intake is how calls come in while a platform runs: who takes them, whether they can come now, and when something last came. It is safe
// for concurrent use.
type Intake struct {
	connected atomic.Bool
	last      atomic.Int64 // UnixNano of the last thing that came in

	mu   sync.Mutex // guards the following
	take bot.Taker
	life context.Context
}

// Begin says who takes the calls from now on. life is the context of work that outlives a request.
func (i *Intake) Begin(life context.Context, take bot.Taker) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.take, i.life = take, life
}

// End says that nobody takes calls any more, nor can any come.
func (i *Intake) End() {
	i.connected.Store(false)
	i.mu.Lock()
	defer i.mu.Unlock()
	i.take = nil
}

// Taker is what Begin was given; the taker is nil before that and after End.
func (i *Intake) Taker() (bot.Taker, context.Context) {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.take, i.life
}

// Connect notes whether calls can come in now.
func (i *Intake) Connect(can bool) { i.connected.Store(can) }

// Connected tells what Connect noted last; false before it.
func (i *Intake) Connected() bool { return i.connected.Load() }

// Heard notes that something came in.
func (i *Intake) Heard(at time.Time) { i.last.Store(at.UnixNano()) }

// LastEvent is when something last came in, or the zero time.
func (i *Intake) LastEvent() time.Time {
	if n := i.last.Load(); n != 0 {
		return time.Unix(0, n)
	}
	return time.Time{}
}
