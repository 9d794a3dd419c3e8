package reminders

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"rounds/school"
)

// mark is how far the clock has come, as it is kept under clock/mark.
type mark struct {
	Begin time.Time `json:"begin"` // when the district began: nothing before it is due
	Mark  time.Time `json:"mark"`  // everything up to here is settled, but for notices
	// Told is the same for notices. One may wait for the end of somebody's leave; the rest of the clock does not look
	// back so far for its sake. It is the zero time in a store of before.
	Told time.Time `json:"told,omitzero"`
}

const markKey = "clock/mark"

// slack is how far before the mark a scan looks all the same. A call is stamped when it comes in and appended
// a moment later, perhaps after a scan; what is settled already is known by name.
const slack = 10 * time.Minute

// from is the beginning of a scan's window. The mark has been loaded.
func (r *Runner) from() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.mark.since(r.mark.Mark.Add(-r.slack))
}

// told is the beginning of its window for notices.
func (r *Runner) told() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.mark.since(r.mark.Told.Add(-r.slack))
}

// since is a time, or the district's beginning where that was later.
func (m *mark) since(t time.Time) time.Time {
	if t.Before(m.Begin) {
		return m.Begin
	}
	return t
}

// look is a look at the model from the marks up to now. They have been loaded.
func (r *Runner) look(m *school.Model, now time.Time) *planning {
	p := newPlanning(m, r.cfg.District, r.from(), now)
	p.told = r.told()
	return p
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
	fresh, err := json.Marshal(mark{Begin: begin, Mark: begin, Told: begin})
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
	if m.Told.IsZero() {
		m.Told = m.Mark
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.mark == nil {
		r.mark, r.kept = &m, m
	}
	return nil
}

// putRight moves marks that lie ahead back to now: the clock was wrong when they were set, and what happens from now on
// is not to be hidden behind them. What was sent early stays sent, by name.
func (r *Runner) putRight(now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, t := range []*time.Time{&r.mark.Begin, &r.mark.Mark, &r.mark.Told} {
		if t.After(now) {
			*t = now.Add(-time.Nanosecond)
		}
	}
}

// moveMark moves the marks up to now, or to just before the first thing that still waits. The store hears of it now
// and then only: an older mark finds nothing that is not settled by name.
func (r *Runner) moveMark(ctx context.Context, now time.Time, waiting []Occurrence) error {
	to, told := now, now
	r.putRight(now)
	for _, o := range waiting {
		mine := &to
		if o.Kind == KindNotice {
			mine = &told
		}
		if o.At.Before(mine.Add(time.Nanosecond)) {
			*mine = o.At.Add(-time.Nanosecond)
		}
	}
	r.mu.Lock()
	if to.After(r.mark.Mark) || len(waiting) > 0 {
		r.mark.Mark = to
	}
	if told.After(r.mark.Told) || len(waiting) > 0 {
		r.mark.Told = told
	}
	fresh := *r.mark
	moved, movedTold := fresh.Mark.Sub(r.kept.Mark), fresh.Told.Sub(r.kept.Told)
	r.mu.Unlock()
	if min(moved, movedTold) >= 0 && max(moved, movedTold) < 5*time.Minute {
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
