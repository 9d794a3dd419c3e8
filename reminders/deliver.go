package reminders

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"rounds/bot"
	"rounds/school"
)

// try is what this process knows of its last attempt at an occurrence. A claim with a higher epoch than it expects was
// somebody else's meanwhile.
type try struct {
	epoch   int64
	unknown bool // the post may stand
}

// result is how an attempt came out.
type result int

const (
	posted  result = iota // it stands and is recorded
	settled               // it never will, and that is recorded, or it was settled before
	refused               // not now; nothing was posted
	open                  // unsettled: look again at the next scan
)

// errCrashed is what a test's crash point returns: the process ends there, nothing is tidied up.
var errCrashed = errors.New("crashed")

func (r *Runner) point(name string) error {
	if r.crash == nil {
		return nil
	}
	return r.crash(name)
}

// deliver makes one attempt at one occurrence. The steps stand in the order that makes a repeat harmless; see the
// package comment.
func (r *Runner) deliver(ctx context.Context, o *Occurrence) (out result, after time.Duration, err error) {
	log := r.cfg.Book.Log()
	if o.Status == Due && !r.tries[o.Name].unknown && !r.stillDue(o) {
		return open, 0, nil // quiet hours began, say. A claim would look like an attempt to others
	}
	trust := r.trusts() // counted from before the claim: a slow store costs us, not the others
	c, ok, err := log.Claim(ctx, "post/"+o.Name, r.holder, r.held())
	switch {
	case err != nil:
		return open, 0, fmt.Errorf("claim: %w", err)
	case c.Done:
		return settled, 0, nil // posted and recorded; our model is a moment behind
	case !ok:
		return open, 0, nil // somebody is at it
	}
	if err := r.point("claimed"); err != nil {
		return open, 0, err
	}
	last := r.tries[o.Name]
	repeat := last.unknown || c.Epoch > last.epoch+1
	r.tries[o.Name] = try{epoch: c.Epoch, unknown: repeat}
	release := func(out result, after time.Duration, err error) (result, time.Duration, error) {
		if _, derr := log.Done(ctx, c, false); derr != nil && err == nil && ctx.Err() == nil {
			err = fmt.Errorf("give the claim back: %w", derr)
		}
		return out, after, err
	}

	if wait := r.grace() - r.steady(); repeat && last.epoch == 0 && wait > 0 && !r.cfg.Frozen {
		return release(open, wait, nil) // a store may end the claims of a process that died a moment ago
	}
	card, due, over, err := r.again(ctx, o)
	switch {
	case err != nil:
		return release(open, 0, err)
	case over: // another replica was quicker
		delete(r.tries, o.Name)
		return release(settled, 0, nil)
	case !due && !repeat:
		return r.leave(ctx, c, o)
	}
	if err := r.point("looked"); err != nil {
		return open, 0, err
	}
	renewed, ok, err := log.Renew(ctx, c, r.held())
	if err != nil || !ok {
		r.count(func(s *Stats) { s.Lost++ })
		return open, 0, err
	}
	c = renewed
	if err := r.point("fenced"); err != nil {
		return open, 0, err
	}
	left := r.left(trust)
	if left <= 0 {
		r.count(func(s *Stats) { s.Lost++ })
		return release(open, 0, nil)
	}
	// What is sent from here on must have come back before anybody else may try.
	call, cancel := context.WithTimeout(ctx, left)
	defer cancel()
	if repeat {
		ref, found, err := r.find(call, o)
		switch {
		case errors.Is(err, errors.ErrUnsupported):
			o.Status, o.Reason = Dropped, "whether it was sent is not known, and the chat service cannot look it up"
			return r.drop(ctx, c, o)
		case retryAfter(err) > 0:
			return release(refused, retryAfter(err), nil)
		case final(err) != "":
			o.Status, o.Reason = Dropped, final(err)
			return r.drop(ctx, c, o)
		case err != nil:
			return release(open, 0, fmt.Errorf("look the post up: %w", err))
		case found:
			r.count(func(s *Stats) { s.Found++ })
			o.says = "" // it may have been made before the meeting moved
			return r.record(ctx, c, o, ref)
		case !due:
			return r.leave(ctx, c, o)
		}
		r.tries[o.Name] = try{epoch: c.Epoch} // it does not stand
	}
	if err := r.point("before post"); err != nil {
		return open, 0, err
	}
	if !r.cfg.Frozen {
		r.pace.took(o, r.cfg.Wall()) // from the beginning of the call: a slow service is not sent to more slowly still
	}
	if r.left(trust) <= 0 {
		r.count(func(s *Stats) { s.Lost++ })
		return release(open, 0, nil)
	}
	ref, err := r.say(call, o, card)
	if perr := r.point("after post"); perr != nil {
		return open, 0, perr
	}
	switch {
	case err == nil:
		return r.record(ctx, c, o, ref)
	case retryAfter(err) > 0:
		r.count(func(s *Stats) { s.Retries++ })
		return release(refused, retryAfter(err), nil)
	case final(err) != "":
		o.Status, o.Reason = Dropped, final(err)
		return r.drop(ctx, c, o)
	case unknown(err):
		// The claim is kept for a while: what we gave up waiting for may still be on its way, and a look-up now
		// would miss it.
		r.tries[o.Name] = try{epoch: c.Epoch, unknown: true}
		r.count(func(s *Stats) { s.Unknown++ })
		_, _, err := log.Renew(ctx, c, r.grace()) // else it runs out as it is
		return open, r.grace(), err
	}
	r.log.Error("reminders: the chat service refused a post", "kind", o.Kind, "marker", hash(o.Name), "err", err)
	o.Status, o.Reason = Dropped, "the chat service refused it"
	return r.drop(ctx, c, o)
}

// say posts an occurrence, or changes the post that it is about.
func (r *Runner) say(ctx context.Context, o *Occurrence, card bot.Open) (ref bot.Ref, err error) {
	if o.edits != "" {
		return o.edits, r.cfg.Poster.Edit(ctx, r.cfg.District, o.edits, card)
	}
	ref, _, err = r.cfg.Poster.Post(ctx, r.cfg.District, target(o), card, hash(o.Name))
	return ref, err
}

// retryAfter is how long a service wants to be left alone, and 0 for any other error.
func retryAfter(err error) time.Duration {
	var retry *bot.RetryError
	if !errors.As(err, &retry) {
		return 0
	}
	return max(retry.After, time.Second)
}

// unknown tells whether the post may stand. A call that was cut off may have gone out.
func unknown(err error) bool {
	var u *bot.UnknownError
	return errors.As(err, &u) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// final says why trying again would not help, or "".
func final(err error) string {
	switch {
	case errors.Is(err, bot.ErrNotInRoom):
		return "Rounds is not in the room"
	case errors.Is(err, bot.ErrNoAccount):
		return "no chat account is linked"
	case errors.Is(err, bot.ErrNotRunning):
		return "its chat service is not connected"
	case errors.Is(err, errors.ErrUnsupported):
		return "its chat service cannot change a message"
	case errors.Is(err, bot.ErrGuarded):
		return "the guard for names held it back"
	}
	return ""
}

// stillDue tells whether an occurrence would be sent now. Where the record cannot be read it is, and again says so.
func (r *Runner) stillDue(o *Occurrence) (due bool) {
	err := r.cfg.Book.Read(func(m *school.Model) {
		p, check := newPlanning(m, r.cfg.District, o.At.Add(-time.Second), r.cfg.Now()), *o
		p.judge(&check)
		due = check.Status == Due && !p.settled(&check)
	})
	return due || err != nil
}

// again looks at an occurrence at the moment of sending: whether it is still due, and what it says. It is over when
// another replica has settled it.
func (r *Runner) again(ctx context.Context, o *Occurrence) (card bot.Open, due, over bool, err error) {
	now := r.cfg.Now()
	c := composer{district: r.cfg.District, now: now}
	rerr := r.cfg.Book.Read(func(m *school.Model) {
		p := newPlanning(m, r.cfg.District, o.At.Add(-time.Second), now)
		check := *o
		if over = p.settled(&check); over {
			return
		}
		if p.judge(&check); check.Status != Due {
			return
		}
		due, err = true, c.read(p, &check)
		*o = check
	})
	if err = errors.Join(rerr, err); err != nil || !due {
		return card, false, over, err
	}
	card, err = c.compose(ctx, r.cfg.Book, o, r.cfg.Draw)
	return card, err == nil, false, err
}

// find looks up the post of an earlier attempt.
func (r *Runner) find(ctx context.Context, o *Occurrence) (bot.Ref, bool, error) {
	if o.edits != "" {
		return "", false, nil // an edit made twice is one edit
	}
	since := o.At.Add(-24 * time.Hour) // the attempt may be older than its time is now
	ref, _, found, err := r.cfg.Poster.Find(ctx, r.cfg.District, target(o), hash(o.Name), since)
	return ref, found, err
}

// record puts a post on the log and ends the claim for good.
func (r *Runner) record(ctx context.Context, c school.Claim, o *Occurrence, ref bot.Ref) (result, time.Duration, error) {
	now := r.cfg.Now()
	o.Status, o.Reason = Due, ""
	e := school.Entry{Command: o.Name, Via: "clock", At: now, Facts: []school.Fact{r.sentFact(*o, ref)}}
	if o.To != "" {
		rerr := r.cfg.Book.Read(func(m *school.Model) {
			if !m.WelcomedAlready(o.To) {
				e.Facts = append(e.Facts, school.Welcomed{Person: o.To})
			}
		})
		if rerr != nil {
			return open, 0, rerr
		}
	}
	r.tries[o.Name] = try{epoch: c.Epoch, unknown: true} // until it is recorded
	// What stands in a room is recorded even when the process is told to stop.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if _, err := r.cfg.Book.Record(ctx, e); err != nil {
		return open, 0, fmt.Errorf("record a post: %w", err)
	}
	delete(r.tries, o.Name)
	r.count(func(s *Stats) { s.Posted[o.Kind]++; s.Late = now.Sub(o.At) })
	if err := r.point("recorded"); err != nil {
		return posted, 0, err
	}
	if _, err := r.cfg.Book.Log().Done(ctx, c, true); err != nil {
		return posted, 0, fmt.Errorf("end a claim: %w", err)
	}
	return posted, 0, nil
}

// drop records that an occurrence will not be posted. The claim is given back: the record settles it, and what
// somebody asks for later may still be tried.
func (r *Runner) drop(ctx context.Context, c school.Claim, o *Occurrence) (result, time.Duration, error) {
	if err := r.settle(ctx, []Occurrence{*o}, r.cfg.Now()); err != nil {
		return open, 0, err
	}
	r.tries[o.Name] = try{epoch: c.Epoch} // known not to stand, should somebody ask for it later
	_, err := r.cfg.Book.Log().Done(ctx, c, false)
	return settled, 0, err
}

// leave ends an attempt at what is not to be sent now: for good where the plan said so, else until the next scan.
func (r *Runner) leave(ctx context.Context, c school.Claim, o *Occurrence) (result, time.Duration, error) {
	if o.Status != Due {
		return r.drop(ctx, c, o)
	}
	_, err := r.cfg.Book.Log().Done(ctx, c, false)
	return open, 0, err
}

// suspect tells whether an earlier attempt at something that will not be sent any more may have posted it all
// the same. Before it is settled as not sent, that is looked up. What this process has seen due may have been
// tried by another replica since; attempts of a time when it did not look are known to the claims alone, so its first
// scan asks them.
func (r *Runner) suspect(o *Occurrence) bool {
	return r.fresh || r.tries[o.Name].unknown || o.Status != Due && r.seen[o.Name]
}

func target(o *Occurrence) bot.Target {
	if o.To != "" {
		return bot.Person(o.To)
	}
	room, _ := parseRoom(o.Room)
	return room
}

// parseRoom reads a room as the record writes it: "slack:T01:C02".
func parseRoom(s string) (bot.Room, bool) {
	f := strings.SplitN(s, ":", 3)
	if len(f) != 3 {
		return bot.Room{}, false
	}
	return bot.Room{Platform: f[0], Workspace: f[1], ID: f[2]}, true
}
