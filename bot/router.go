package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"
)

// RouterConfig is what a [Router] is made of. Commands, Directory, Sealer and Now are needed;
// the rest has defaults.
type RouterConfig struct {
	Commands  []Command
	Directory Directory
	Sealer    *Sealer
	// Now is the bot's clock. It dates calls and seals; budgets and the memory of
	// duplicates run on the computer's own clock, because demo time may stand still.
	Now func() time.Time
	// Budget is how long a caller waits before the first answer is Deferred (2 s).
	Budget time.Duration
	// Limit is how long a whole call may take (25 s).
	Limit time.Duration
	// Remember is how many calls are remembered against duplicates (8192), each for 15 minutes.
	Remember int
	Logger   *slog.Logger
	// Audit is told of every call once, before its answer goes out, so that what somebody
	// saw is on record before they see it. It should be quick.
	Audit func(context.Context, AuditEntry)
	// Stranger answers somebody who is in no roster; nil for a kind sentence.
	Stranger func(Call) Answer
	// Keep finds a district's store, in which messages that were answered are marked for other replicas; nil
	// where there are none.
	Keep func(District) Keep
	// Guard looks over every open card that a handler says in a room; see [NameGuard].
	Guard func(District, Room, Card) error
}

// AuditEntry says who did what and how it came out. It holds no names and no texts.
type AuditEntry struct {
	At       time.Time
	CallID   string
	Kind     Kind
	Platform string
	District District
	Person   Person // "" for a stranger
	What     string // "observe log", "observe.share", "home", "text"; "" where nothing was found
	Subject  string // the opaque id of Press.Subject
	Code     Code   // "" when all went well
	Stranger bool
	Took     time.Duration
}

// A Router takes calls from platforms and hands them to commands. What it does around a
// handler is listed in the package comment; its Take is the one [Taker] that ships.
//
// A Router starts no goroutine before a call comes.
type Router struct {
	cfg     RouterConfig
	byName  map[string]*Command // by name and alias, in lower case
	names   []string            // names without aliases, in order
	actions map[string]Action   // by "command.key"
	home    Handler
	text    Handler
	help    string // "/rounds help", or ""

	base   context.Context // outlives every request
	cancel context.CancelFunc

	mu      sync.Mutex // guards the following
	closed  bool
	running sync.WaitGroup
	seen    recent[*flight]
	ready   recent[readyForm]
	stats   Stats
}

// NewRouter checks the commands and makes a router. It panics on commands that contradict each
// other or break a limit, because the program could only run wrong.
func NewRouter(cfg RouterConfig) *Router {
	if cfg.Directory == nil || cfg.Sealer == nil || cfg.Now == nil {
		panic("bot: a router needs a Directory, a Sealer and Now")
	}
	if cfg.Budget <= 0 {
		cfg.Budget = 2 * time.Second
	}
	if cfg.Limit <= 0 {
		cfg.Limit = 25 * time.Second
	}
	if cfg.Remember <= 0 {
		cfg.Remember = 8192
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Stranger == nil {
		cfg.Stranger = stranger
	}
	r := &Router{
		cfg:     cfg,
		byName:  map[string]*Command{},
		actions: map[string]Action{},
		seen:    recent[*flight]{most: cfg.Remember, keep: rememberCalls},
		ready:   recent[readyForm]{most: 256, keep: rememberCalls},
		stats:   newStats(),
	}
	r.base, r.cancel = context.WithCancel(context.Background())
	for i := range cfg.Commands {
		r.register(&cfg.Commands[i])
	}
	return r
}

func (r *Router) register(c *Command) {
	if err := CheckCommand(*c); err != nil {
		panic("bot: " + err.Error())
	}
	for _, n := range append([]string{c.Name}, c.Aliases...) {
		n = strings.ToLower(n)
		if r.byName[n] != nil {
			panic(fmt.Sprintf("bot: two commands answer to /%s", n))
		}
		r.byName[n] = c
	}
	r.names = append(r.names, c.Name)
	for key, a := range c.On {
		r.actions[c.Name+"."+key] = a
	}
	once := func(had *Handler, h Handler, what string) {
		if h == nil {
			return
		}
		if *had != nil {
			panic(fmt.Sprintf("bot: /%s is the second command with a %s handler", c.Name, what))
		}
		*had = h
	}
	once(&r.home, c.Home, "Home")
	once(&r.text, c.Text, "Text")
	if _, ok := c.Sub("help"); ok && r.help == "" {
		r.help = "/" + c.Name + " help"
	}
}

// Commands are the commands as registered, in their order, for manifests and help.
func (r *Router) Commands() []Command { return r.cfg.Commands }

// Close takes no more calls and waits for those that run, until ctx ends; then it
// cancels them and returns ctx's error.
func (r *Router) Close(ctx context.Context) error {
	r.mu.Lock()
	r.closed = true
	r.mu.Unlock()
	done := make(chan struct{})
	go func() {
		r.running.Wait()
		close(done)
	}()
	defer r.cancel()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// A flight is one call under way, or what it came to.
type flight struct {
	done   chan struct{} // closed when the rest is set
	answer Answer
	form   *Form // where answer is an OpenForm: the form as the handler made it, not sealed
	who    Person
}

// Take answers a call. The answer is worked out once, however often the same call
// arrives: whoever comes again waits for the same answer. The work goes on when ctx ends.
func (r *Router) Take(ctx context.Context, c Call) (Answer, <-chan Answer) {
	start := time.Now()
	r.mu.Lock()
	if r.closed {
		r.mu.Unlock()
		return fail(c.Kind, "I am restarting. Nothing was saved; please try again in a minute."), nil
	}
	r.stats.Calls[c.Kind.String()]++
	// A suggestion is asked for at each letter and writes nothing. The account is part of the
	// key, so that nobody can fetch an answer that was another's.
	key := ""
	if c.ID != "" && c.Kind != Complete {
		key = c.From.Platform + "\x00" + c.From.Workspace + "\x00" + c.From.User + "\x00" + c.ID
	}
	f, again := r.seen.get(key, start)
	if again {
		r.stats.Duplicates++
		r.mu.Unlock()
	} else {
		f = &flight{done: make(chan struct{})}
		if key != "" {
			r.seen.put(key, f, start)
		}
		r.running.Add(1)
		r.mu.Unlock()
		go r.fly(f, c, start)
	}

	budget := time.NewTimer(r.cfg.Budget)
	defer budget.Stop()
	select {
	case <-f.done:
		return f.answer, nil
	case <-budget.C:
	case <-ctx.Done():
	}
	select { // both may have come at once
	case <-f.done:
		return f.answer, nil
	default:
	}
	if c.Kind == Complete {
		return Choices(nil), nil // the next letter asks again
	}
	r.count(func(s *Stats) { s.Deferred++ })
	later := make(chan Answer, 1) // so that nobody has to read it
	go func() {
		<-f.done
		later <- r.late(c, f)
		close(later)
	}()
	return Deferred{}, later
}

// fly works a call out within the limit. A handler that does not stop in time is left
// behind, and the caller told.
func (r *Router) fly(f *flight, c Call, start time.Time) {
	defer r.running.Done()
	ctx, cancel := context.WithTimeout(r.base, r.cfg.Limit)
	defer cancel()
	type result struct {
		answer, raw Answer
		entry       AuditEntry
	}
	out := make(chan result, 1)
	go func() {
		a, raw, e := r.work(ctx, c)
		out <- result{a, raw, e}
	}()
	var res result
	select {
	case res = <-out:
	case <-ctx.Done():
		// A handler that listens to ctx answers now with a better sentence.
		grace := time.NewTimer(100 * time.Millisecond)
		defer grace.Stop()
		select {
		case res = <-out:
		case <-grace.C:
			r.count(func(s *Stats) { s.Abandoned++; s.Errors[Unavailable]++ })
			res.answer = fail(c.Kind, tooLong)
			res.entry = AuditEntry{At: r.cfg.Now(), CallID: c.ID, Kind: c.Kind, Platform: c.From.Platform, Code: Unavailable}
		}
	}
	res.entry.Took = time.Since(start)
	r.audit(res.entry)
	r.count(func(s *Stats) { s.observe(res.entry.Took) })
	f.answer, f.who = res.answer, res.entry.Person
	if of, ok := res.raw.(OpenForm); ok {
		f.form = &of.Form
	}
	close(f.done)
}

const tooLong = "That took too long, and I stopped waiting. Look whether it was saved before you try again."

func (r *Router) audit(e AuditEntry) {
	if r.cfg.Audit == nil {
		return
	}
	defer func() {
		if p := recover(); p != nil {
			r.count(func(s *Stats) { s.Panics++ })
			r.cfg.Logger.Error("audit panicked", "panic", fmt.Sprint(p))
		}
	}()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.base), 5*time.Second)
	defer cancel()
	r.cfg.Audit(ctx, e)
}

// work finds out who calls and what for, runs the handler, and makes its answer ready to
// leave; raw is the handler's own. It never panics.
func (r *Router) work(ctx context.Context, c Call) (a, raw Answer, e AuditEntry) {
	c.At = r.cfg.Now()
	e = AuditEntry{At: c.At, CallID: c.ID, Kind: c.Kind, Platform: c.From.Platform}
	var err error
	defer func() {
		if p := recover(); p != nil {
			r.count(func(s *Stats) { s.Panics++ })
			err = fmt.Errorf("panic: %v\n%s", p, stack())
			a = r.failed(c, e, err)
			e.Code = Internal
		}
	}()
	var known bool
	if c.District, known = r.cfg.Directory.District(c.From.Platform, c.From.Workspace); known {
		e.District = c.District
		c.Person, known = r.cfg.Directory.Who(c.District, c.From)
		e.Person = c.Person
		asked := c // a message may turn out to be a command
		if !r.first(ctx, asked) {
			r.count(func(s *Stats) { s.Duplicates++ })
			e.What = "again"
			return Nothing{}, nil, e
		}
		defer r.answered(ctx, asked)
	}
	if !known {
		e.Stranger = true
		r.count(func(s *Stats) { s.Strangers++ })
		a, err = r.leaving(c, fit(c.Kind, r.cfg.Stranger(c)))
	} else {
		if raw, err = r.dispatch(ctx, &c, &e); err == nil {
			a, err = r.leaving(c, fit(c.Kind, raw))
		}
	}
	if err != nil {
		if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
			err = &Error{Code: Unavailable, Sentence: tooLong, Err: err}
		}
		e.Code = ErrorCode(err)
		a = r.failed(c, e, err)
	}
	return a, raw, e
}
