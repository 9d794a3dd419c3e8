package reminders

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// mark is how far the clock has come, as it is kept under clock/mark.
type mark struct {
	Begin time.Time `json:"begin"` // when the district began: nothing before it is due
	Mark  time.Time `json:"mark"`  // everything up to here is settled
}

const markKey = "clock/mark"

// slack is how far before the mark a scan looks all the same. A call is stamped when it comes in and appended
// a moment later, perhaps after a scan; what is settled already is known by name.
const slack = 10 * time.Minute

// from is the beginning of a scan's window. The mark has been loaded.
func (r *Runner) from() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	from := r.mark.Mark.Add(-slack)
	if from.Before(r.mark.Begin) {
		from = r.mark.Begin
	}
	return from
}

// loadMark reads the mark once; a new district begins now.
func (r *Runner) loadMark(ctx context.Context, now time.Time) error {
	r.mu.Lock()
	loaded := r.mark != nil
	r.mu.Unlock()
	if loaded {
		return nil
	}
	log := r.cfg.Book.Log()
	// The second itself counts: the record keeps some instants in whole seconds, and demo time may stand.
	begin := now.Truncate(time.Second).Add(-time.Nanosecond)
	fresh, err := json.Marshal(mark{Begin: begin, Mark: begin})
	if err != nil {
		return err
	}
	if _, err := log.PutIfAbsent(ctx, markKey, fresh, 0, ""); err != nil {
		return fmt.Errorf("keep the clock's mark: %w", err)
	}
	data, _, err := log.Get(ctx, markKey)
	if err != nil {
		return fmt.Errorf("read the clock's mark: %w", err)
	}
	var m mark
	if err := json.Unmarshal(data, &m); err != nil {
		return fmt.Errorf("the clock's mark: %w", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.mark == nil {
		r.mark, r.kept = &m, m
	}
	return nil
}

// moveMark moves the mark up to now, or to just before the first thing that still waits. The store hears of it now
// and then only: an older mark finds nothing that is not settled by name.
func (r *Runner) moveMark(ctx context.Context, now time.Time, waiting []Occurrence) error {
	to := now
	for _, o := range waiting {
		if o.At.Before(to.Add(time.Nanosecond)) {
			to = o.At.Add(-time.Nanosecond)
		}
	}
	r.mu.Lock()
	if to.After(r.mark.Mark) || len(waiting) > 0 {
		r.mark.Mark = to
	}
	fresh, moved := *r.mark, r.mark.Mark.Sub(r.kept.Mark)
	r.mu.Unlock()
	if moved < 5*time.Minute && moved >= 0 {
		return nil
	}
	data, err := json.Marshal(fresh)
	if err != nil {
		return err
	}
	if err := r.cfg.Book.Log().Put(ctx, markKey, data, 0, ""); err != nil {
		return fmt.Errorf("keep the clock's mark: %w", err)
	}
	r.mu.Lock()
	r.kept = fresh
	r.mu.Unlock()
	return nil
}
