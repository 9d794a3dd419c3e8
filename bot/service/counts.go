package service

import "maps"

// Counts are what every platform counts of its dealings with its service since it was made. S is the kind of payload that came in.
type Counts[S ~string] struct {
	Posts, Edits  int64
	RateLimited   int64 // refusals that asked to wait
	Unknown       int64 // requests without an answer that says how far they came
	Split         int64 // cards that took several messages
	Folded        int64 // entries of render reports, splits included
	Duplicates    int64 // calls that came again
	BadRequests   int64 // unsigned, stale or unreadable
	Reconnects    int64 // of the connection that calls come by
	FailedAnswers int64 // answers that the service refused
	Events        map[S]int64
}

// Came counts one payload.
func (c *Counts[S]) Came(from S) {
	if c.Events == nil {
		c.Events = map[S]int64{}
	}
	c.Events[from]++
}

// Clone is a copy that does not change with the counts. Its Events are never nil.
func (c *Counts[S]) Clone() Counts[S] {
	out := *c
	out.Events = make(map[S]int64, len(c.Events))
	maps.Copy(out.Events, c.Events)
	return out
}
