package reminders

import "time"

// Who may send, and until when. With the lease of a minute that Config has by default:
//
//	claim asked                    fence                                            somebody else may claim
//	    │ 0                          │ f                                                     │ f + 75 s
//	    ├──────────── trust: 48 s ───┼────────────────────┤                                  │
//	    │   the last byte of a post leaves before here ───┘                                  │
//	    └── lease in the store: 75 s, once more from the fence on ───────────────────────────┘
//
// So between the end of anything that this process sends and the look-up of whoever takes over lie at least 27 s: a
// request is cut off after ten (the platforms' HTTP clients) or at the end of the trust, and has 15 s and more to land and
// to be seen in the history. Who knows that its own call has ended without an answer keeps the claim for 15 s only; a process
// that just started, whose store may have ended the claims of the one before, waits as long. What is left is a process that freezes between the last look at its trust and the write
// to the socket, and wakes after the lease. Discord's nonce closes that for some minutes; Slack cannot.

// grace is how long after the end of whatever sent a message nobody looks it up: a quarter of the lease, 15 s of a minute.
func (r *Runner) grace() time.Duration { return r.cfg.Lease / 4 }

// held is for how long the store holds a claim.
func (r *Runner) held() time.Duration { return r.cfg.Lease + r.grace() }

// A trust is a stretch of time in which this process may act on a claim.
type trust struct {
	wall   time.Time
	steady time.Duration
	length time.Duration
}

// trusts begins the trust in a claim that is asked for next: eight tenths of its lease.
func (r *Runner) trusts() trust {
	return trust{r.cfg.Wall().Round(0), r.steady(), r.cfg.Lease * 8 / 10}
}

// left is how much of a trust is left, by the clock that says less: the steady one stands still while the machine
// is suspended, the wall clock may be set. One that was set back to before the claim says nothing: then none is left.
func (r *Runner) left(t trust) time.Duration {
	wall := r.cfg.Wall().Round(0).Sub(t.wall)
	if wall < 0 {
		return 0
	}
	return t.length - max(wall, r.steady()-t.steady)
}
