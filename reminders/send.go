package reminders

import (
	"context"
	"errors"
	"slices"
	"time"

	"rounds/school"
)

// send delivers what is due, the urgent first, at the pace that services allow. It sleeps only between
// deliveries, never while it holds a claim.
func (r *Runner) send(ctx context.Context, due []Occurrence, done *scanned) error {
	var errs []error
	refusals := map[string]int{}
	known := map[string]bool{} // what urgent need not find again
	for _, o := range due {
		known[o.Name] = true
	}
	for len(due) > 0 && ctx.Err() == nil {
		i, at := r.next(due)
		if wait := at.Sub(r.cfg.Wall()); wait > 0 {
			if wait > scanEvery || r.cfg.Frozen {
				done.wake = earliest(done.wake, at)
				break
			}
			if err := sleep(ctx, wait); err != nil {
				break
			}
			if more := r.urgent(known); len(more) > 0 {
				due = append(due, more...)
				slices.SortStableFunc(due, before)
			}
			continue
		}
		o := due[i]
		due = append(due[:i:i], due[i+1:]...)
		out, after, err := r.deliver(ctx, &o)
		switch out {
		case posted:
			done.posted = append(done.posted, o)
		case settled:
			done.settled = append(done.settled, o)
		case refused:
			refusals[o.Name]++
			r.pace.stop(&o, r.cfg.Wall().Add(after))
			if refusals[o.Name] < 5 && !r.cfg.Frozen {
				due = append(due, o)
				slices.SortStableFunc(due, before)
			} else {
				done.waiting = append(done.waiting, o)
				done.wake = earliest(done.wake, r.cfg.Wall().Add(after))
			}
		case open:
			done.waiting = append(done.waiting, o)
		}
		if errors.Is(err, errCrashed) {
			return err
		}
		if err != nil {
			r.log.Error("reminders: deliver", "kind", o.Kind, "marker", hash(o.Name), "err", err)
			errs = append(errs, err)
			if len(errs) >= 3 { // the store or the network is away: the next scan tries again
				break
			}
		}
	}
	done.waiting = append(done.waiting, due...)
	return errors.Join(errs...)
}

// next chooses what to send: the first whose place is free, or the one that is free the earliest.
func (r *Runner) next(due []Occurrence) (i int, at time.Time) {
	if r.cfg.Frozen {
		return 0, time.Time{}
	}
	wall := r.cfg.Wall()
	lag := wall.Sub(r.cfg.Now()) // Now is the bot's clock, Wall the one that is waited on
	for j := range due {
		ready := r.pace.ready(&due[j])
		if t := due[j].At.Add(jitter(&due[j])).Add(lag); t.After(ready) && t.Before(due[j].Until.Add(lag)) {
			ready = t
		}
		if !ready.After(wall) {
			return j, wall
		}
		if at.IsZero() || ready.Before(at) {
			i, at = j, ready
		}
	}
	return i, at
}

// urgent finds what fell due while a long run waited for its turn, and may not wait behind it.
func (r *Runner) urgent(known map[string]bool) []Occurrence {
	var out []Occurrence
	_ = r.cfg.Book.Read(func(m *school.Model) {
		p := r.look(m, r.cfg.Now())
		for i := range kinds {
			if !kinds[i].urgent {
				continue
			}
			for _, o := range p.candidates(&kinds[i]) {
				if p.judge(&o); o.Status == Due && !known[o.Name] {
					known[o.Name] = true
					o.space = p.spaceOf(&o)
					out = append(out, o)
				}
			}
		}
	})
	return out
}

func earliest(a, b time.Time) time.Time {
	if a.IsZero() || b.Before(a) {
		return b
	}
	return a
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
