package reminders

import "time"

// A pacer spaces messages: one a second in a channel, three a second in a workspace. A service that says "not
// now" stops its workspace until the time it named. Wall time is passed in.
type pacer struct {
	channels map[string]time.Time // when the next may go
	spaces   map[string]time.Time
}

const (
	channelGap = time.Second
	spaceGap   = time.Second / 3
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

// ready is when the occurrence may be sent.
func (p *pacer) ready(o *Occurrence) time.Time {
	c, s := p.channels[channelOf(o)], p.spaces[o.space]
	if s.After(c) {
		return s
	}
	return c
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
	p.spaces[o.space] = now.Add(spaceGap)
}

// stop keeps the workspace silent until a time.
func (p *pacer) stop(o *Occurrence, until time.Time) {
	if until.After(p.spaces[o.space]) {
		p.spaces[o.space] = until
	}
}
