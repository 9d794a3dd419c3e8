package reminders

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"rounds/bot"
	"rounds/school"
)

// A DemoClock is the time of the demo. It is kept in the store and never goes back: what was sent stays sent. It stands
// still or ticks, and it can be moved forward; a jump plays every occurrence at its own time.
type DemoClock struct {
	keep school.Keep
	ctx  context.Context // of the background scan
	stop context.CancelFunc
	done sync.WaitGroup

	moving sync.Mutex // held while the clock is moved or scans; guards runner
	runner *Runner

	mu    sync.Mutex // guards the following
	base  time.Time
	since time.Time // wall time at base
	tick  bool
	zone  *time.Location
	saved time.Time
}

const demoKey = "demo/time"

// NewDemoClock makes the clock of a store: at the time it had reached there, or at start when that is later or it is new. With
// tick it goes on by itself. ctx ends its background work, as Close does.
func NewDemoClock(ctx context.Context, keep school.Keep, start time.Time, tick bool) (*DemoClock, error) {
	c := &DemoClock{keep: keep, base: start, tick: tick, zone: start.Location(), since: time.Now()}
	data, ok, err := keep.Get(ctx, demoKey)
	if err != nil {
		return nil, fmt.Errorf("read the demo's time: %w", err)
	}
	if ok {
		var t time.Time
		if err := json.Unmarshal(data, &t); err != nil {
			return nil, fmt.Errorf("the demo's time: %w", err)
		}
		if t.After(start) {
			c.base = t
		}
	}
	c.ctx, c.stop = context.WithCancel(ctx)
	return c, c.save(ctx)
}

// Close ends the background scan.
func (c *DemoClock) Close() {
	c.stop()
	c.done.Wait()
}

// Now is the time of the demo.
func (c *DemoClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

func (c *DemoClock) now() time.Time {
	t := c.base
	if c.tick {
		t = t.Add(time.Since(c.since))
	}
	return t.In(c.zone).Round(0)
}

// Zone is the zone in which the demo's time is shown: its district's, once it drives one.
func (c *DemoClock) Zone() *time.Location {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.zone
}

// set moves the time forward; an earlier time leaves it where it is.
func (c *DemoClock) set(to time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := c.now(); to.Before(now) {
		to = now
	}
	c.base, c.since = to, time.Now()
}

// save keeps the time, so that it goes on from there.
func (c *DemoClock) save(ctx context.Context) error {
	now := c.Now()
	c.mu.Lock()
	stands := now.Equal(c.saved)
	c.mu.Unlock()
	if stands {
		return nil
	}
	data, err := json.Marshal(now)
	if err != nil {
		return err
	}
	if err := c.keep.Put(ctx, demoKey, data, 0, ""); err != nil {
		return fmt.Errorf("keep the demo's time: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.saved = now
	return nil
}

// Drive lets the clock drive a runner: it scans at once, after every append, and when ticking time passes something.
func (c *DemoClock) Drive(r *Runner) {
	_ = r.cfg.Book.Read(func(m *school.Model) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.zone = m.Zone()
	})
	c.moving.Lock()
	c.runner = r
	c.moving.Unlock()
	c.scan(r)
	c.done.Go(func() {
		c.follow(r)
	})
}

// follow scans until the clock is closed or the record is.
func (c *DemoClock) follow(r *Runner) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		changed := r.cfg.Book.Changed()
		if c.ctx.Err() != nil || r.cfg.Book.Err() != nil {
			return
		}
		c.scan(r)
		select {
		case <-c.ctx.Done():
			return
		case <-changed:
		case <-tick.C:
		}
	}
}

func (c *DemoClock) scan(r *Runner) {
	c.moving.Lock()
	defer c.moving.Unlock()
	if _, err := r.scan(c.ctx); err != nil && c.ctx.Err() == nil && r.cfg.Book.Err() == nil {
		r.log.Error("reminders: demo scan", "err", err)
	}
	_ = c.saveNowAndThen()
}

// saveNowAndThen keeps a ticking time every ten seconds.
func (c *DemoClock) saveNowAndThen() error {
	c.mu.Lock()
	due := c.now().Sub(c.saved) >= 10*time.Second
	c.mu.Unlock()
	if !due {
		return nil
	}
	return c.save(c.ctx)
}

// Next says what comes next, without doing it.
func (c *DemoClock) Next(ctx context.Context) (at time.Time, what string, ok bool, err error) {
	r := c.driven()
	if r == nil {
		return time.Time{}, "", false, nil
	}
	at, what, ok, err = r.Next(ctx, c.Now())
	return at.In(c.Zone()), what, ok, err
}

func (c *DemoClock) driven() *Runner {
	c.moving.Lock()
	defer c.moving.Unlock()
	return c.runner
}

// Play goes to the next thing and does it, with everything of the same minute.
func (c *DemoClock) Play(ctx context.Context) ([]string, error) {
	at, _, ok, err := c.Next(ctx)
	switch {
	case err != nil:
		return nil, err
	case !ok:
		return []string{"Nothing is planned in the next 60 days."}, nil
	}
	c.moving.Lock()
	defer c.moving.Unlock()
	return c.play(ctx, at, at.Truncate(time.Minute).Add(time.Minute-time.Nanosecond))
}

// Jump goes forward to a time and does all that lies between, each at its own time.
func (c *DemoClock) Jump(ctx context.Context, to time.Time) ([]string, error) {
	if now := c.Now(); to.Before(now) {
		return nil, &bot.Error{Code: bot.Invalid, Sentence: fmt.Sprintf("It is %s here already, and the demo's time never goes back. Choose a later time.", now.Format("Mon, Jan 2, 3:04 PM"))}
	}
	c.moving.Lock()
	defer c.moving.Unlock()
	what, err := c.play(ctx, to, to)
	if err != nil {
		return what, err
	}
	c.set(to)
	return what, c.save(ctx)
}

// play does what lies between now and last, each thing at its own time, and leaves the clock at the last of them, or at to
// if that is later. The caller holds moving.
func (c *DemoClock) play(ctx context.Context, to, last time.Time) ([]string, error) {
	var out []string
	r := c.runner
	for r != nil {
		at, ok, err := r.instant(ctx, c.Now(), last)
		if err != nil {
			return out, err
		}
		if !ok {
			break
		}
		c.set(at)
		if err := c.save(ctx); err != nil {
			return out, err
		}
		done, err := r.scan(ctx)
		if err != nil {
			return append(out, c.words(r, done)...), err
		}
		out = append(out, c.words(r, done)...)
	}
	c.set(to)
	if err := c.save(ctx); err != nil {
		return out, err
	}
	if r == nil {
		return out, nil
	}
	done, err := r.scan(ctx)
	return append(out, c.words(r, done)...), err
}

// words says what a scan did: a line for each kind of thing that was posted, and one for what could not be.
func (c *DemoClock) words(r *Runner, done scanned) []string {
	var out []string
	at := c.Now().Format("Mon, Jan 2, 3:04 PM")
	_ = r.cfg.Book.Read(func(m *school.Model) {
		p := newPlanning(m, r.cfg.District, c.Now(), c.Now())
		for i := range kinds {
			var same []Occurrence
			for _, o := range done.posted {
				if o.Kind == kinds[i].name {
					same = append(same, o)
				}
			}
			if len(same) > 0 {
				out = append(out, at+" · "+kinds[i].title(p, same))
			}
		}
		var failed []Occurrence
		for _, o := range done.settled {
			if o.Status == Dropped {
				failed = append(failed, o)
			}
		}
		slices.SortFunc(failed, before)
		for _, o := range failed {
			out = append(out, fmt.Sprintf("%s · not sent: %s (%s)", at, wordsOf(m, o.Name, o.Kind), o.Reason))
		}
	})
	return out
}
