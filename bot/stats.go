package bot

import (
	"maps"
	"slices"
	"time"
)

// Stats are a router's counters since it was made, plain numbers for whoever
// publishes them.
type Stats struct {
	Calls      map[string]uint64 // by Kind.String
	Duplicates uint64            // calls that had come before
	Deferred   uint64            // first answers that came too late for the budget
	Abandoned  uint64            // handlers that went on past the limit
	Strangers  uint64            // calls from people in no roster
	Panics     uint64
	Guarded    uint64 // open cards that the guard held back
	Errors     map[Code]uint64
	// Latency counts calls by how long they took: Latency[i] took at most LatencyBounds[i], the
	// last one longer than all. Took is their sum.
	Latency []uint64
	Took    time.Duration
}

// LatencyBounds are the upper bounds of Stats.Latency.
var LatencyBounds = []time.Duration{
	5 * time.Millisecond, 10 * time.Millisecond, 25 * time.Millisecond, 50 * time.Millisecond,
	100 * time.Millisecond, 250 * time.Millisecond, 500 * time.Millisecond, time.Second, 2 * time.Second,
	5 * time.Second, 10 * time.Second, 25 * time.Second,
}

func newStats() Stats {
	return Stats{Calls: map[string]uint64{}, Errors: map[Code]uint64{}, Latency: make([]uint64, len(LatencyBounds)+1)}
}

func (s *Stats) observe(took time.Duration) {
	i, _ := slices.BinarySearch(LatencyBounds, took)
	s.Latency[i]++
	s.Took += took
}

func (r *Router) count(f func(*Stats)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f(&r.stats)
}

// Stats are the counters now; the copy is the caller's.
func (r *Router) Stats() Stats {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.stats
	s.Calls, s.Errors, s.Latency = maps.Clone(s.Calls), maps.Clone(s.Errors), slices.Clone(s.Latency)
	return s
}

// String is the kind's name in counters and logs.
func (k Kind) String() string {
	switch k {
	case CommandCall:
		return "command"
	case Message:
		return "message"
	case Click:
		return "click"
	case Submit:
		return "submit"
	case Home:
		return "home"
	case Complete:
		return "complete"
	}
	return "unknown"
}
