package reminders

import (
	"context"
	"errors"
	"time"

	"rounds/school"
)

// send delivers what is due, the urgent first, at the pace that services allow. It sleeps only between
// deliveries, never while it holds the claim of one.
func (r *Runner) send(ctx context.Context, due []Occurrence, done *scanned) error {
	var errs []error
	refusals := map[string]int{}
	known := map[string]bool{} // what urgent need not find again
	pace := r.pace
	if r.cfg.Frozen {
		pace = nil
	}
	q := newQueue(pace)
	for i := range due {
		known[due[i].Name] = true
		q.push(&due[i], r.ripe(&due[i]))
	}
	began := r.cfg.Wall()
	look, whole, since := began.Add(urgentEvery), began.Add(scanEvery), r.cfg.Now()
	for q.n > 0 && ctx.Err() == nil && len(errs) < 3 { // after three the store or the network is away
		wall := r.cfg.Wall()
		if !r.cfg.Frozen && !wall.Before(look) {
			look = wall.Add(urgentEvery)
			from := since.Add(-time.Minute) // a call is stamped before it is appended
			if !wall.Before(whole) {
				whole, from = wall.Add(scanEvery), time.Time{}
			}
			since = r.cfg.Now()
			for _, o := range r.urgent(known, from) {
				q.push(&o, r.ripe(&o))
			}
		}
		o, at := q.take(wall)
		if o == nil {
			wait := at.Sub(wall)
			if wait > scanEvery {
				done.wake = earliest(done.wake, at)
				break
			}
			if err := sleep(ctx, min(wait, urgentEvery)); err != nil {
				break
			}
			continue
		}
		mine, err := r.enter(ctx, o.space)
		switch {
		case err != nil:
			done.waiting = append(done.waiting, *o)
			errs = append(errs, err)
			r.log.Error("reminders: deliver", "kind", o.Kind, "marker", hash(o.Name), "err", err)
			continue
		case !mine: // another replica sends there
			done.waiting = append(append(done.waiting, *o), q.drop(o.space)...)
			continue
		case !r.cfg.Frozen && r.pace.spaces[o.space].After(wall): // and did until a moment ago
			q.push(o, wall)
			continue
		}
		out, after, err := r.deliver(ctx, o)
		switch out {
		case posted:
			done.posted = append(done.posted, *o)
		case settled:
			done.settled = append(done.settled, *o)
		case refused:
			refusals[o.Name]++
			err = errors.Join(err, r.refuse(ctx, o.space, after))
			if refusals[o.Name] < 5 && !r.cfg.Frozen {
				q.push(o, wall)
			} else {
				done.waiting = append(done.waiting, *o)
				done.wake = earliest(done.wake, r.cfg.Wall().Add(after))
			}
		case open:
			done.waiting = append(done.waiting, *o)
			if after > 0 {
				done.wake = earliest(done.wake, r.cfg.Wall().Add(after))
			}
		}
		if errors.Is(err, errCrashed) {
			return err
		}
		if err != nil {
			r.log.Error("reminders: deliver", "kind", o.Kind, "marker", hash(o.Name), "err", err)
			errs = append(errs, err)
		}
	}
	done.waiting = append(done.waiting, q.drop("")...)
	r.leaveSpaces(ctx)
	return errors.Join(errs...)
}

// ripe is the wall time at which an occurrence may go, its place apart: its own time and its jitter, unless that would be
// the end of its window.
func (r *Runner) ripe(o *Occurrence) time.Time {
	wall := r.cfg.Wall()
	if o.Status != Due || r.cfg.Frozen {
		return wall
	}
	lag := wall.Sub(r.cfg.Now()) // Now is the bot's clock, Wall the one that is waited on
	if t := o.At.Add(jitter(o)); t.Before(o.Until) {
		return t.Add(lag)
	}
	return wall
}

// urgentEvery is how often a long run looks for what may not wait behind it. Most looks are for what is new; as often as
// there would be scans it looks for what had to wait as well.
const urgentEvery = time.Second

// urgent finds what fell due after an instant while a long run waited for its turn, and may not wait behind it.
func (r *Runner) urgent(known map[string]bool, from time.Time) []Occurrence {
	var out []Occurrence
	_ = r.cfg.Book.Read(func(m *school.Model) {
		p := r.look(m, r.cfg.Now())
		if from.After(p.from) {
			p.from = from
		}
		if from.After(p.told) {
			p.told = from
		}
		for i := range kinds {
			if !kinds[i].urgent {
				continue
			}
			for _, o := range p.candidates(&kinds[i]) {
				if known[o.Name] {
					continue
				}
				if p.judge(&o); o.Status == Due {
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
