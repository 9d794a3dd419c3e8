package redislog

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	mrand "math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"time"

	"rounds/school"

	"github.com/redis/go-redis/v9"
)

// A log is a handle of one district's log.
type log struct {
	store    *Store
	tag      string
	district string
	once     sync.Once
	done     chan struct{} // closed by Close
}

var _ school.Log = (*log)(nil)

// CommandsKept is how long a command id is remembered, from its last use on.
const CommandsKept = 48 * time.Hour

// Close implements school.Log. It ends this handle; the store stays open.
func (l *log) Close() error {
	l.once.Do(func() { close(l.done) })
	return nil
}

// usable tells why the log cannot be used, if so.
func (l *log) usable(ctx context.Context) error {
	select {
	case <-l.store.done:
		return school.ErrClosed
	case <-l.done:
		return school.ErrClosed
	default:
		return ctx.Err()
	}
}

func (l *log) writable(ctx context.Context) error {
	if err := l.usable(ctx); err != nil {
		return err
	}
	if l.store.opts.ReadOnly {
		return school.ErrReadOnly
	}
	return nil
}

func jitter(n int64) int64 { return mrand.Int64N(max(n, 1)) }

// insist is how long a write or a read is tried again while the server is lost. Who typed a command waits as long for the
// sentence that nothing was saved.
const insist = 3 * time.Second

// Append implements school.Log.
func (l *log) Append(ctx context.Context, expect int64, command string, events []school.Event, texts []school.Text) (school.Appended, error) {
	if err := l.writable(ctx); err != nil {
		return school.Appended{}, err
	}
	keep := CommandsKept
	if command == "" {
		keep = 10 * time.Minute // only to settle a lost reply
	}
	id := command
	if command == "" {
		id = "\x00once:" + rand.Text()
	}
	payload := encode(events)
	// Events of a command without an id carry none; the entry's field tells the one that was made up from them.
	args := []any{l.tag, expect, id, int(keep.Seconds()), len(events), payload, checksum(id, payload)}
	for _, t := range texts {
		args = append(args, t.Key, encodeText(t))
	}
	keys := []string{l.tag + ":log", l.tag + ":c:" + id, l.tag + ":text"}
	out, err := l.decide(ctx, "append to", appendScript, keys, args)
	if err != nil {
		return school.Appended{}, err
	}
	version, events0, ok := ints(out)
	if !ok {
		return school.Appended{}, fmt.Errorf("append to %s: the server answered %v", l.store.address, out)
	}
	if version < 0 {
		return school.Appended{}, school.ErrConflict
	}
	return school.Appended{Version: version, Events: int(events0), Repeated: out[2] == "1" && command != ""}, nil
}

func ints(out []string) (a, b int64, ok bool) {
	if len(out) == 0 {
		return 0, 0, false
	}
	a, err := strconv.ParseInt(out[0], 10, 64)
	if len(out) == 1 {
		return a, 0, err == nil
	}
	b, err2 := strconv.ParseInt(out[1], 10, 64)
	return a, b, err == nil && err2 == nil
}

// decide runs a script that may be run again with the same outcome, until the server has told the outcome or time is
// up: then the error is ErrAway where it was surely never run, else ErrUnsure.
func (l *log) decide(ctx context.Context, doing string, script *redis.Script, keys []string, args []any) ([]string, error) {
	until := time.Now().Add(l.store.insist)
	unsure := false
	for n := 0; ; n++ {
		out, err := script.Run(ctx, l.store.redis, keys, args...).StringSlice()
		l.store.note(err)
		switch {
		case err == nil:
			return out, nil
		case isReply(err) && !refused(err):
			return nil, l.store.wrap(doing, err)
		case errors.Is(err, redis.ErrClosed):
			return nil, school.ErrClosed
		case lost(err):
			unsure = true
		case !neverSent(err) && !refused(err):
			return nil, l.store.wrap(doing, err)
		}
		if cerr := ctx.Err(); cerr != nil {
			return nil, cerr
		}
		if time.Now().After(until) || !l.pause(ctx, n) {
			if uerr := l.usable(ctx); uerr != nil {
				return nil, uerr
			}
			if unsure {
				return nil, fmt.Errorf("%s %s: %w: %w", doing, l.store.address, ErrUnsure, err)
			}
			return nil, fmt.Errorf("%s %s: %w: %w", doing, l.store.address, ErrAway, err)
		}
	}
}

// look does what only reads, again while the server is lost.
func look[T any](ctx context.Context, l *log, doing string, read func() (T, error)) (T, error) {
	var none T
	if err := l.usable(ctx); err != nil {
		return none, err
	}
	until := time.Now().Add(l.store.insist)
	for n := 0; ; n++ {
		v, err := read()
		if errors.Is(err, redis.Nil) {
			err = nil
		}
		l.store.note(err)
		if err == nil {
			return v, nil
		}
		again := lost(err) || neverSent(err) || refused(err)
		if !again || ctx.Err() != nil || time.Now().After(until) || !l.pause(ctx, n) {
			if uerr := l.usable(ctx); uerr != nil {
				return none, uerr
			}
			return none, l.store.wrap(doing, err)
		}
	}
}

// Version implements school.Log.
func (l *log) Version(ctx context.Context) (int64, error) {
	last, err := look(ctx, l, "read", func() ([]redis.XMessage, error) {
		return l.store.redis.XRevRangeN(ctx, l.tag+":log", "+", "-", 1).Result()
	})
	if err != nil || len(last) == 0 {
		return 0, err
	}
	e, err := readEntry(last[0].ID, last[0].Values)
	return e.last, err
}

// Read implements school.Log.
func (l *log) Read(ctx context.Context, from int64, each func(school.Event) error) error {
	end, err := l.Version(ctx)
	if err != nil {
		return err
	}
	from = max(from, 0)
	for from < end {
		page, err := look(ctx, l, "read", func() ([]redis.XMessage, error) {
			return l.store.redis.XRangeN(ctx, l.tag+":log", "("+id(from), id(end), pageEntries).Result()
		})
		if err != nil {
			return err
		}
		if len(page) == 0 {
			// Another command's last event may be the end; a page that ends before it is a hole.
			return fmt.Errorf("event %d of district %q is missing: restore a backup (%w)", from+1, l.district, ErrDamaged)
		}
		if from, err = l.deliver(ctx, page, from, each); err != nil {
			return err
		}
	}
	return l.usable(ctx)
}

// pageEntries is how much is read at a time. Callbacks run when no connection is in use, so that they may use the log
// and may be slow.
const pageEntries = 500

func id(version int64) string { return "0-" + strconv.FormatInt(version, 10) }

// deliver calls each for the events of a page after from, and tells the last version it called it for.
func (l *log) deliver(ctx context.Context, page []redis.XMessage, from int64, each func(school.Event) error) (int64, error) {
	for _, m := range page {
		e, err := readEntry(m.ID, m.Values)
		if err != nil {
			return from, err
		}
		if e.first > from+1 {
			return from, fmt.Errorf("event %d of district %q is missing: restore a backup (%w)", from+1, l.district, ErrDamaged)
		}
		if len(e.command) > 0 && e.command[0] == 0 {
			e.command = ""
		}
		err = e.events(from, func(ev school.Event) error {
			if err := l.usable(ctx); err != nil {
				return err
			}
			if err := each(ev); err != nil {
				return err
			}
			from = ev.Version
			return nil
		})
		if err != nil {
			return from, err
		}
	}
	return from, nil
}

// block is how long the server is asked to wait for an event. A Tail that ends leaves a call of at most this length
// behind.
const block = time.Second

// Tail implements school.Log. While the server is away it waits and goes on by itself.
func (l *log) Tail(ctx context.Context, from int64, each func(school.Event) error) error {
	from = max(from, 0)
	type result struct {
		page []redis.XMessage
		err  error
	}
	for tries := 0; ; {
		if err := l.usable(ctx); err != nil {
			return err
		}
		got := make(chan result, 1)
		// Not ctx: an interrupted call would cost its connection.
		go func() {
			streams, err := l.store.redis.XRead(context.WithoutCancel(ctx), &redis.XReadArgs{
				Streams: []string{l.tag + ":log", id(from)}, Count: pageEntries, Block: block,
			}).Result()
			var page []redis.XMessage
			if len(streams) > 0 {
				page = streams[0].Messages
			}
			got <- result{page, err}
		}()
		var r result
		select {
		case r = <-got:
		case <-ctx.Done():
			return ctx.Err()
		case <-l.done:
			return school.ErrClosed
		case <-l.store.done:
			return school.ErrClosed
		}
		if errors.Is(r.err, redis.Nil) {
			r.err = nil
		}
		l.store.note(r.err)
		switch {
		case r.err == nil:
			tries = 0
			var err error
			if from, err = l.deliver(ctx, r.page, from, each); err != nil {
				return err
			}
		case errors.Is(r.err, redis.ErrClosed):
			return school.ErrClosed
		case isReply(r.err) && !refused(r.err):
			return l.store.wrap("follow", r.err)
		default:
			if tries == 0 {
				l.store.log.Warn("redis is away; the record is followed again when it is back", "err", r.err)
			}
			l.pause(ctx, tries)
			tries++
		}
	}
}

// Texts implements school.Log.
func (l *log) Texts(ctx context.Context, keys ...string) (map[string]school.Text, error) {
	found := make(map[string]school.Text, len(keys))
	if err := l.usable(ctx); err != nil {
		return nil, err
	}
	for some := range slices.Chunk(keys, pageEntries) {
		values, err := look(ctx, l, "read texts of", func() ([]any, error) {
			return l.store.redis.HMGet(ctx, l.tag+":text", some...).Result()
		})
		if err != nil {
			return nil, err
		}
		for i, v := range values {
			s, ok := v.(string)
			if !ok {
				continue
			}
			if found[some[i]], err = decodeText(some[i], s); err != nil {
				return nil, err
			}
		}
	}
	return found, nil
}

// ScanTexts implements school.Log. It reads a page at a time: texts that are written meanwhile may or may not be
// among them.
func (l *log) ScanTexts(ctx context.Context, kind string, each func(school.Text) error) error {
	return l.pages(ctx, l.tag+":tk:"+kind, "", func(keys []string) error {
		found, err := l.Texts(ctx, keys...)
		if err != nil {
			return err
		}
		for _, k := range keys {
			t, ok := found[k]
			if !ok || t.Kind != kind {
				continue
			}
			if err := l.usable(ctx); err != nil {
				return err
			}
			if err := each(t); err != nil {
				return err
			}
		}
		return nil
	})
}

// pages walks an index in the order of bytes, from prefix on, a page at a time.
func (l *log) pages(ctx context.Context, index, prefix string, do func(keys []string) error) error {
	from, to := "["+prefix, "+"
	if next := []byte(prefix); len(next) > 0 {
		for len(next) > 0 && next[len(next)-1] == 0xff {
			next = next[:len(next)-1]
		}
		if len(next) > 0 {
			next[len(next)-1]++
			to = "(" + string(next)
		}
	} else {
		from = "-"
	}
	for {
		keys, err := look(ctx, l, "list", func() ([]string, error) {
			return l.store.redis.ZRangeByLex(ctx, index, &redis.ZRangeBy{Min: from, Max: to, Count: pageEntries}).Result()
		})
		if err != nil || len(keys) == 0 {
			return err
		}
		if err := do(keys); err != nil {
			return err
		}
		from = "(" + keys[len(keys)-1]
	}
}

// DeleteTexts implements school.Log. Redis rewrites its append-only file before it returns, so that the bytes are
// gone from there; see scrub.
func (l *log) DeleteTexts(ctx context.Context, subject string) (int, error) {
	if err := l.writable(ctx); err != nil {
		return 0, err
	}
	n, err := l.count(ctx, "delete texts of", deleteTextsScript, []string{l.tag + ":text"}, l.tag, subject)
	if err != nil {
		return 0, err
	}
	return n, l.scrub(ctx)
}

// count runs a script that answers with a number. It is not run again after a lost reply: what a second run would count is
// less than what went.
func (l *log) count(ctx context.Context, doing string, script *redis.Script, keys []string, args ...any) (int, error) {
	n, err := script.Run(ctx, l.store.redis, keys, args...).Int()
	l.store.note(err)
	switch {
	case err == nil:
		return n, nil
	case ctx.Err() != nil:
		return 0, ctx.Err()
	case lost(err):
		return 0, fmt.Errorf("%s %s: %w: %w", doing, l.store.address, ErrUnsure, err)
	}
	return 0, l.store.wrap(doing, err)
}
