package redislog

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"rounds/school"

	"github.com/redis/go-redis/v9"
)

// errLength is a lease or time to live that cannot be meant.
var errLength = errors.New("a lease must be longer than nothing, and a time to live not negative")

// ClaimsKept is how long a claim's epoch, or that it is finished, is remembered from its last change on.
const ClaimsKept = 120 * 24 * time.Hour

// ms is a length in milliseconds, rounded up: the server's clock has no finer ones in scripts.
func ms(d time.Duration) int64 { return int64((d + time.Millisecond - 1) / time.Millisecond) }

func (l *log) claimKey(key string) []string { return []string{l.tag + ":l:" + key} }

// ask runs a script about a claim. It is never run twice: whoever lost the reply to a claim finds a higher epoch next
// time, and knows by it that somebody, perhaps itself, was there.
func (l *log) ask(ctx context.Context, doing string, script *redis.Script, key string, args ...any) (c school.Claim, ok bool, err error) {
	if err := l.writable(ctx); err != nil {
		return c, false, err
	}
	out, err := script.Run(ctx, l.store.redis, l.claimKey(key), append(args, ms(ClaimsKept))...).StringSlice()
	l.store.note(err)
	switch {
	case err == nil:
	case ctx.Err() != nil:
		return c, false, ctx.Err()
	case lost(err):
		return c, false, fmt.Errorf("%s %s: %w: %w", doing, l.store.address, ErrUnsure, err)
	default:
		return c, false, l.store.wrap(doing, err)
	}
	if len(out) != 5 {
		return c, false, fmt.Errorf("%s %s: the server answered %v", doing, l.store.address, out)
	}
	c = school.Claim{Key: key, Holder: out[1], Done: out[4] == "1"}
	c.Epoch, err = strconv.ParseInt(out[2], 10, 64)
	until, err2 := strconv.ParseInt(out[3], 10, 64)
	if until > 0 {
		c.Until = time.UnixMilli(until).UTC()
	}
	return c, out[0] == "1", errors.Join(err, err2)
}

// Claim implements school.Log.
func (l *log) Claim(ctx context.Context, key, holder string, lease time.Duration) (school.Claim, bool, error) {
	if lease <= 0 {
		return school.Claim{}, false, errLength
	}
	return l.ask(ctx, "claim in", claimScript, key, holder, ms(lease))
}

// Renew implements school.Log.
func (l *log) Renew(ctx context.Context, c school.Claim, lease time.Duration) (school.Claim, bool, error) {
	if lease <= 0 {
		return school.Claim{}, false, errLength
	}
	renewed, ok, err := l.ask(ctx, "renew a claim in", renewScript, c.Key, c.Epoch, ms(lease))
	if err != nil || !ok {
		return school.Claim{}, false, err
	}
	return renewed, true, nil
}

// Done implements school.Log.
func (l *log) Done(ctx context.Context, c school.Claim, finished bool) (bool, error) {
	end := 0
	if finished {
		end = 1
	}
	_, ok, err := l.ask(ctx, "end a claim in", doneScript, c.Key, c.Epoch, end)
	return ok && err == nil, err
}
