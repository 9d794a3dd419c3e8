package reminders

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"rounds/school"
)

// A pacer spaces messages: one a second in a channel, three a second in a workspace. A service that says "not
// now" stops its workspace until the time it named. Wall time is passed in.
type pacer struct {
	channels map[string]time.Time // when the next may go
	spaces   map[string]time.Time
}

const (
	channelGap = time.Second
	spaceGap   = time.Second/3 + 1 // three of them are not a nanosecond less than a second
)

func newPacer() *pacer {
	return &pacer{channels: map[string]time.Time{}, spaces: map[string]time.Time{}}
}

func channelOf(o *Occurrence) string {
	if o.To != "" {
		return "to " + string(o.To)
	}
	return o.Room
}

// took takes the place of one message.
func (p *pacer) took(o *Occurrence, now time.Time) {
	if len(p.channels) > 4096 {
		for k, t := range p.channels {
			if !t.After(now) {
				delete(p.channels, k)
			}
		}
	}
	p.channels[channelOf(o)] = now.Add(channelGap)
	p.stop(o.space, now.Add(spaceGap))
}

// stop keeps the workspace silent until a time.
func (p *pacer) stop(space string, until time.Time) {
	if until.After(p.spaces[space]) {
		p.spaces[space] = until
	}
}

// A space is a workspace as this process sends to it. Its claim keeps the other replicas away from it meanwhile: they
// share no pace, and two of them would send six a second.
type space struct {
	epoch int64 // of our last claim
	claim school.Claim
	mine  bool
	renew time.Time // wall time at which it is to be renewed
}

func spaceKey(name string) string { return "pace/" + name }

// stopped is what the store keeps of a service's "not now": it holds for other replicas, and after a restart.
type stopped struct {
	Until time.Time     `json:"until"`
	After time.Duration `json:"after"`
}

// enter takes the claim of a workspace, or renews it. It is false while another replica sends there.
func (r *Runner) enter(ctx context.Context, name string) (bool, error) {
	if r.cfg.Frozen {
		return true, nil
	}
	s := r.spaces[name]
	if s == nil {
		s = &space{}
		r.spaces[name] = s
	}
	log, wall := r.cfg.Book.Log(), r.cfg.Wall()
	if s.mine && wall.Before(s.renew) && s.renew.Sub(wall) < r.cfg.Lease {
		return true, nil
	}
	renew := wall.Add(r.cfg.Lease / 2)
	if s.mine {
		_, ok, err := log.Renew(ctx, s.claim, r.held())
		if err != nil {
			return false, fmt.Errorf("renew a workspace: %w", err)
		}
		if s.mine, s.renew = ok, renew; ok {
			return true, nil
		}
	}
	c, ok, err := log.Claim(ctx, spaceKey(name), r.holder, r.held())
	if err != nil || !ok {
		return false, err
	}
	s.claim, s.mine, s.renew = c, true, renew
	if c.Epoch == s.epoch+1 {
		s.epoch = c.Epoch
		return true, nil // nobody sent there since we did
	}
	s.epoch = c.Epoch
	r.pace.stop(name, wall.Add(channelGap)) // whoever did may have sent a moment ago
	data, ok, err := log.Get(ctx, spaceKey(name))
	if err != nil {
		return false, fmt.Errorf("read a workspace's pace: %w", err)
	}
	var t stopped
	if ok && json.Unmarshal(data, &t) == nil {
		// The other's clock may be wrong, what the service asked for is not.
		r.pace.stop(name, wall.Add(min(max(t.Until.Sub(wall), 0), t.After)))
	}
	return true, nil
}

// refuse stops a workspace for as long as its service asked.
func (r *Runner) refuse(ctx context.Context, name string, after time.Duration) error {
	until := r.cfg.Wall().Add(after)
	r.pace.stop(name, until)
	if r.cfg.Frozen {
		return nil
	}
	data, err := json.Marshal(stopped{until.UTC(), after})
	if err != nil {
		return err
	}
	if err := r.cfg.Book.Log().Put(ctx, spaceKey(name), data, after, ""); err != nil {
		return fmt.Errorf("keep a workspace's pace: %w", err)
	}
	return nil
}

// leaveSpaces gives back the workspaces.
func (r *Runner) leaveSpaces(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	for _, s := range r.spaces {
		if s.mine {
			_, _ = r.cfg.Book.Log().Done(ctx, s.claim, false) // else it runs out
			s.mine = false
		}
	}
}
