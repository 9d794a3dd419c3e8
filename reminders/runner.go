package reminders

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"rounds/bot"
	"rounds/school"
)

// Poster posts; it is a [bot.Hub].
type Poster interface {
	Post(ctx context.Context, d bot.District, to bot.Target, card bot.Open, marker string) (bot.Ref, bot.Room, error)
	Find(ctx context.Context, d bot.District, in bot.Target, marker string, since time.Time) (bot.Ref, bot.Room, bool, error)
	Edit(ctx context.Context, d bot.District, ref bot.Ref, card bot.Open) error
}

var _ Poster = (*bot.Hub)(nil)

// Config is what a runner is made of. District, Book, Poster and Now are needed.
type Config struct {
	District bot.District
	Book     *school.Book
	Poster   Poster
	Now      func() time.Time // the bot's clock: demo time in the demo
	Logger   *slog.Logger
	Draw     func(bot.Chart) ([]byte, error) // nil: digests have no picture
	// Frozen is demo time: no jitter, no pacing, and whoever moves the clock scans.
	Frozen bool
	// Wall is the clock of leases and pacing, which runs even where Now stands; nil is time.Now.
	Wall func() time.Time
	// Lease is how long a claim lasts; 0 is a minute. The store holds it a quarter longer; see lease.go.
	Lease time.Duration
}

// A Runner sends what is due in one district. It is safe for concurrent use; scans are one at a time.
type Runner struct {
	cfg    Config
	log    *slog.Logger
	holder string
	pace   *pacer
	steady func() time.Duration     // since the runner was made, by a clock that nobody sets
	crash  func(point string) error // tests: the process ends here
	slack  time.Duration            // tests: another than slack, where the bot's clock hurries

	scanning sync.Mutex // held for the length of a scan; guards the following
	tries    map[string]try
	spaces   map[string]*space
	seen     map[string]bool // what was due at a scan of this process, and waits since
	fresh    bool            // no scan of this process has ended well, or the last one is long ago
	last     trust           // begins at the last scan that ended well

	mu    sync.Mutex // guards the following
	mark  *mark
	kept  mark // what the store has of it
	stats Stats
}

// Stats are a runner's counters since it was made.
type Stats struct {
	Scans, ScanErrors uint64
	Posted            map[string]uint64 // by kind
	Held, Dropped     map[string]uint64 // settled without a post, by kind
	Found             uint64            // posts of an earlier attempt, found by their marker
	Retries           uint64            // refused for now
	Unknown           uint64            // outcomes that only a look-up will settle
	Lost              uint64            // leases that ran out before the post
	Waiting           int               // due or deferred at the end of the last scan
	ScanTook          time.Duration     // in all
	Late              time.Duration     // of the last post behind its time
}

// scanEvery is how often Run scans when nothing happens, and scanGap how often at most when much is appended: the posts
// of a long run, say, which are appended three a second and concern nobody else.
const (
	scanEvery = 15 * time.Second
	scanGap   = time.Second
)

// New makes a runner. It panics when something it needs is missing.
func New(cfg Config) *Runner {
	if cfg.Book == nil || cfg.Poster == nil || cfg.Now == nil {
		panic("reminders: a runner needs a Book, a Poster and Now")
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Wall == nil {
		cfg.Wall = time.Now
	}
	if cfg.Lease == 0 {
		cfg.Lease = time.Minute
	}
	began := cfg.Wall()
	return &Runner{
		cfg: cfg, log: cfg.Logger, holder: rand.Text(), slack: slack, pace: newPacer(), tries: map[string]try{}, fresh: true,
		spaces: map[string]*space{}, steady: func() time.Duration { return cfg.Wall().Sub(began) },
		stats: Stats{Posted: map[string]uint64{}, Held: map[string]uint64{}, Dropped: map[string]uint64{}},
	}
}

// Run scans every 15 s and after every append until ctx ends. An error of one scan is logged, and the next one
// tries again; Run returns an error only when the record is closed.
func (r *Runner) Run(ctx context.Context) error {
	for {
		changed, began := r.cfg.Book.Changed(), time.Now()
		done, err := r.scan(ctx)
		wait := scanEvery
		if !done.wake.IsZero() {
			wait = min(wait, max(done.wake.Sub(r.cfg.Wall()), 10*time.Millisecond))
		}
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, school.ErrClosed):
			return err
		case err != nil:
			r.log.Error("reminders: scan", "err", err)
			changed = nil // an append would not help; wait
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case <-changed:
			timer.Stop()
			_ = sleep(ctx, scanGap-time.Since(began))
		case <-timer.C:
		}
	}
}

// Scan finds what fell due between the mark and now, and sends it.
func (r *Runner) Scan(ctx context.Context) error {
	_, err := r.scan(ctx)
	return err
}

// scanned is what a scan did.
type scanned struct {
	posted  []Occurrence
	settled []Occurrence // held for good or dropped
	waiting []Occurrence // due or deferred, not settled
	off     []Occurrence // taken away by the calendar, which may give it back
	wake    time.Time    // wall time at which another scan is worth while, or zero
}

func (r *Runner) scan(ctx context.Context) (done scanned, err error) {
	r.scanning.Lock()
	defer r.scanning.Unlock()
	began := r.cfg.Wall()
	defer func() {
		r.count(func(s *Stats) {
			s.Scans++
			s.ScanTook += r.cfg.Wall().Sub(began)
			s.Waiting = len(done.waiting)
			if err != nil {
				s.ScanErrors++
			}
		})
	}()
	now := r.cfg.Now()
	if err := r.loadMark(ctx, now); err != nil {
		return done, err
	}
	if !r.cfg.Frozen && r.left(r.last) <= 0 {
		r.fresh = true // suspended, or the store was away: what others did meanwhile was not seen
	}
	all, err := r.plan(ctx, now)
	if err != nil {
		return done, err
	}
	var due []Occurrence
	for _, o := range all {
		switch {
		case o.Status == Due:
			due = append(due, o)
		case o.Status == Held && !o.Again.IsZero():
			done.waiting = append(done.waiting, o)
		case o.Status == Held && o.closed != "":
			// The calendar says so at any time; if it is changed back, the occurrence stands again.
			done.off = append(done.off, o)
		case r.suspect(&o):
			due = append(due, o)
		default:
			done.settled = append(done.settled, o)
		}
	}
	if err := r.settle(ctx, done.settled, now); err != nil {
		return done, err
	}
	if err := r.send(ctx, due, &done); err != nil {
		return done, err
	}
	first := r.fresh
	if ctx.Err() == nil {
		r.fresh = false
		r.last = r.trusts()
		r.last.length = 10 * scanEvery
	}
	seen := map[string]bool{}
	for _, o := range done.waiting {
		// What is held at a first look may have been tried before it: it is looked up when it is too late.
		if o.Status == Due || r.seen[o.Name] || first {
			seen[o.Name] = true
		}
	}
	r.seen = seen
	return done, r.moveMark(ctx, now, done.waiting)
}

// plan is Plan, with the lock of the record given back every few occurrences: on a Monday morning of a large
// district there are thousands, and people are writing.
func (r *Runner) plan(ctx context.Context, now time.Time) ([]Occurrence, error) {
	var all []Occurrence
	err := r.cfg.Book.Read(func(m *school.Model) {
		p := r.look(m, now)
		for i := range kinds {
			all = append(all, p.candidates(&kinds[i])...)
		}
	})
	slices.SortFunc(all, judged)
	sofar := newTally()
	var p *planning // of the record at a version, with what it has found out already
	version := int64(-1)
	for part := range slices.Chunk(all, 32) {
		if err = errors.Join(err, ctx.Err()); err != nil {
			return nil, err
		}
		err = r.cfg.Book.Read(func(m *school.Model) {
			if m.Version() != version {
				p, version = r.look(m, now), m.Version()
				p.tally = sofar
			}
			for i := range part {
				if p.settled(&part[i]) { // by another replica, meanwhile
					part[i].Status = gone
					continue
				}
				p.decide(&part[i])
				part[i].space = p.spaceOf(&part[i])
			}
		})
	}
	all = slices.DeleteFunc(all, func(o Occurrence) bool { return o.Status == gone })
	slices.SortFunc(all, before)
	return all, err
}

// gone marks a candidate that was settled between two looks.
const gone Status = "gone"

// heldPrefix stands before the reason of what was held, in Sent.Dropped; what has none was dropped.
const heldPrefix = "held: "

// settle records what will not be sent, so that it is never asked again and /rounds why can tell.
func (r *Runner) settle(ctx context.Context, list []Occurrence, now time.Time) error {
	for batch := range slices.Chunk(list, 200) {
		var facts []school.Fact
		var names []string
		for _, o := range batch {
			facts = append(facts, r.sentFact(o, ""))
			names = append(names, fmt.Sprintf("%s %d", o.Name, o.At.Unix()))
		}
		e := school.Entry{Command: "clock:" + hash(strings.Join(names, "\n")), Via: "clock", At: now, Facts: facts}
		if _, err := r.cfg.Book.Record(ctx, e); err != nil {
			return fmt.Errorf("record what is not sent: %w", err)
		}
		r.count(func(s *Stats) {
			for _, o := range batch {
				delete(r.tries, o.Name)
				if o.Status == Held {
					s.Held[o.Kind]++
				} else {
					s.Dropped[o.Kind]++
				}
			}
		})
	}
	return nil
}

// sentFact is the end of an occurrence: a ref when it was posted, its reason when not.
func (r *Runner) sentFact(o Occurrence, ref bot.Ref) school.Sent {
	f := school.Sent{Occurrence: o.Name, About: o.Kind, To: o.To, Room: o.Room, Ref: string(ref), Due: o.At.Unix()}
	if ref != "" && o.Team != "" && o.Kind != KindStart {
		f.Meeting = &school.MeetingSaid{Team: o.Team, Slot: o.Day, Says: o.says}
	}
	switch o.Status {
	case Held:
		f.Dropped = heldPrefix + o.Reason
	case Dropped:
		f.Dropped = o.Reason
	}
	return f
}

// Stats are the counters now; the copy is the caller's.
func (r *Runner) Stats() Stats {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.stats
	s.Posted, s.Held, s.Dropped = clone(s.Posted), clone(s.Held), clone(s.Dropped)
	return s
}

func (r *Runner) count(f func(*Stats)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f(&r.stats)
}

func clone(m map[string]uint64) map[string]uint64 {
	out := make(map[string]uint64, len(m))
	maps.Copy(out, m)
	return out
}

// hash is 22 characters that say nothing about what they were made of; Discord's nonce holds 25.
func hash(name string) string {
	h := sha256.Sum256([]byte(name))
	return base64.RawURLEncoding.EncodeToString(h[:16])
}

// jitter spreads what falls due at one minute, the same way each time: up to two minutes, a few seconds where
// people wait for it.
func jitter(o *Occurrence) time.Duration {
	h := sha256.Sum256([]byte("jitter " + o.Name))
	most := uint64(120_000)
	if o.Kind == KindNotice || o.Kind == KindStart {
		most = 3_000
	}
	if o.asked {
		return 0
	}
	return time.Duration(binary.BigEndian.Uint64(h[:8])%most) * time.Millisecond
}
