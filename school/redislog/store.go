package redislog

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"rounds/school"

	"github.com/redis/go-redis/v9"
)

// Mark tells a store of made-up people from a real one.
type Mark string

// The marks.
const (
	Demo Mark = "demo"
	Real Mark = "real"
)

// format is the version of the names and shapes above.
const format = "1"

// Options say how a store is opened. Mark is required.
type Options struct {
	ReadOnly bool // write nothing, not even the mark
	Mark     Mark // Demo or Real; a store of the other mark is refused
	// AcceptLoss opens a Redis that may lose what it acknowledged, or that does not say.
	AcceptLoss bool
	Logger     *slog.Logger
}

// A Store is a Redis with the logs of districts. It is safe for concurrent use, and survives the server's absence:
// calls fail meanwhile with ErrAway or ErrUnsure, and Tail goes on by itself when the server is back.
type Store struct {
	address Address
	opts    Options
	redis   redis.UniversalClient
	log     *slog.Logger
	insist  time.Duration // how long a call is tried again while the server is lost, within the caller's own time
	done    chan struct{}
	once    sync.Once
	away    atomic.Pointer[error] // why the server could not be reached last, or nil
}

// The errors of a server that does not answer, or has nothing.
var (
	// ErrNone: nothing of Rounds is there yet.
	ErrNone = fmt.Errorf("nothing is there yet: %w", school.ErrForeign)
	// ErrAway: the server could not be reached. Nothing was written.
	ErrAway = fmt.Errorf("redis cannot be reached: %w", school.ErrUnready)
	// ErrUnsure: the server was lost in the middle of a write. It may stand or not; the same command id tells.
	ErrUnsure = fmt.Errorf("redis was lost in the middle of a write: %w", school.ErrUnsure)
)

// Open connects, checks that the server keeps what it acknowledges, and marks a store that is new. The error is, or
// wraps, school.ErrForeign when what is there is not ours or of another mark, ErrUnsafe when the server can lose
// acknowledged writes, or ErrAway.
func Open(ctx context.Context, address string, opts Options) (*Store, error) {
	if opts.Mark != Demo && opts.Mark != Real {
		return nil, fmt.Errorf("open a Redis store: the mark must be %q or %q, not %q", Demo, Real, opts.Mark)
	}
	a, err := ParseAddress(address)
	if err != nil {
		return nil, err
	}
	s := newStore(a, opts)
	if err := s.start(ctx); err != nil {
		_ = s.redis.Close()
		return nil, err
	}
	return s, nil
}

// Inspect looks at the settings of a server, whatever is there, and writes nothing; see [Store.Settings].
func Inspect(ctx context.Context, address string) ([]Setting, error) {
	a, err := ParseAddress(address)
	if err != nil {
		return nil, err
	}
	s := newStore(a, Options{ReadOnly: true})
	defer func() { _ = s.Close() }()
	return s.Settings(ctx)
}

func newStore(a Address, opts Options) *Store {
	s := &Store{address: a, opts: opts, redis: a.client(), log: opts.Logger, insist: insist, done: make(chan struct{})}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	return s
}

func (s *Store) start(ctx context.Context) error {
	if err := s.redis.Ping(ctx).Err(); err != nil {
		return s.wrap("open", err)
	}
	if err := s.guard(ctx); err != nil {
		return err
	}
	key := s.address.prefix + ":store"
	if !s.opts.ReadOnly {
		if err := s.redis.HSetNX(ctx, key, "mark", string(s.opts.Mark)).Err(); err != nil {
			return s.wrap("open", err)
		}
		if err := s.redis.HSetNX(ctx, key, "format", format).Err(); err != nil {
			return s.wrap("open", err)
		}
	}
	is, err := s.redis.HGetAll(ctx, key).Result()
	switch {
	case err != nil:
		return s.wrap("open", err)
	case len(is) == 0:
		return fmt.Errorf("there is no store at %s under the prefix %q (%w)", s.address, s.address.prefix, ErrNone)
	case Mark(is["mark"]) != s.opts.Mark:
		return fmt.Errorf("the store at %s under the prefix %q is marked %s, not %s (%w)", s.address, s.address.prefix, is["mark"], s.opts.Mark, school.ErrForeign)
	case is["format"] != format:
		return fmt.Errorf("the store at %s has format %q, this version of Rounds knows %s: use a newer one (%w)", s.address, is["format"], format, school.ErrForeign)
	}
	return nil
}

// Address is where the store is, without its password.
func (s *Store) Address() string { return s.address.String() }

// Away says why the server could not be reached at the last try, or nil. It is for /readyz: the model goes on
// answering what it knows.
func (s *Store) Away() error {
	if err := s.away.Load(); err != nil {
		return *err
	}
	return nil
}

// Log is the log of a district. Several of one district are the same log; closing one of them ends that one only.
func (s *Store) Log(district string) school.Log {
	// A brace would end the part of the key that a cluster chooses the node by.
	name := strings.NewReplacer("%", "%25", "{", "%7B", "}", "%7D").Replace(district)
	return &log{store: s, tag: "{" + s.address.prefix + ":" + name + "}", district: district, done: make(chan struct{})}
}

// Close ends all logs. Closing twice is no error.
func (s *Store) Close() error {
	s.once.Do(func() { close(s.done) })
	if err := s.redis.Close(); err != nil && !errors.Is(err, redis.ErrClosed) {
		return err
	}
	return nil
}

// note remembers whether the server answered.
func (s *Store) note(err error) {
	switch {
	case err == nil || isReply(err):
		s.away.Store(nil)
	case errors.Is(err, context.Canceled) || errors.Is(err, redis.ErrClosed):
	default:
		s.away.Store(&err)
	}
}

// isReply tells an answer of the server from a failure to get one.
func isReply(err error) bool {
	var reply redis.Error
	return errors.As(err, &reply)
}

// refused tells whether the server answered that it will not do anything at present, before it did a thing.
func refused(err error) bool {
	for _, p := range []string{"LOADING", "READONLY", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "MISCONF", "NOREPLICAS", "BUSY"} {
		if err != nil && redis.HasErrorPrefix(err, p) {
			return true
		}
	}
	return false
}

// wrap says what was done where, and gives the errors that callers tell apart their names.
func (s *Store) wrap(doing string, err error) error {
	if err == nil {
		return nil
	}
	var is error
	switch {
	case errors.Is(err, redis.ErrClosed):
		return school.ErrClosed
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded) && !isTimeout(err):
		return err
	case redis.HasErrorPrefix(err, "OOM"):
		is = school.ErrFull
	case redis.HasErrorPrefix(err, "NOPERM"), redis.HasErrorPrefix(err, "NOAUTH"), redis.HasErrorPrefix(err, "WRONGPASS"):
		return fmt.Errorf("%s %s: this user may not: %w", doing, s.address, err)
	case redis.HasErrorPrefix(err, "WRONGTYPE"):
		is = school.ErrForeign
	case refused(err), !isReply(err):
		is = ErrAway
	default:
		return fmt.Errorf("%s %s: %w", doing, s.address, err)
	}
	return fmt.Errorf("%s %s: %w: %w", doing, s.address, is, err)
}

// isTimeout tells a connection's own deadline from the caller's.
func isTimeout(err error) bool {
	var t net.Error
	return errors.As(err, &t) && t.Timeout() && !errors.Is(err, context.DeadlineExceeded)
}

// lost tells whether the connection failed, so that a call may or may not have been carried out.
func lost(err error) bool {
	return err != nil && !isReply(err) && !neverSent(err) && broken(err)
}

// broken tells a failed connection from other errors of the client.
func broken(err error) bool {
	var n net.Error
	return errors.As(err, &n) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, net.ErrClosed)
}

// neverSent tells whether no connection was to be had.
func neverSent(err error) bool {
	var op *net.OpError
	return errors.Is(err, redis.ErrPoolTimeout) || errors.Is(err, redis.ErrPoolExhausted) || errors.As(err, &op) && op.Op == "dial"
}

// pause waits before a further try: the first comes at once, for a connection that broke while it lay idle; later ones
// are jittered, so that replicas do not come back all at the same time. It tells whether there is to be one.
func (l *log) pause(ctx context.Context, n int) bool {
	if n == 0 {
		return l.usable(ctx) == nil
	}
	d := min(20*time.Millisecond<<min(n, 10), 2*time.Second)
	return l.wait(ctx, d/2+time.Duration(jitter(int64(d/2))))
}

// wait tells whether the time passed with the log still in use.
func (l *log) wait(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
	case <-l.done:
	case <-l.store.done:
	}
	return false
}
