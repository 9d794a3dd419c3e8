package redislog

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
)

func (l *log) keepKey(key string) string { return l.tag + ":k:" + key }

// PutIfAbsent implements school.Keep.
func (l *log) PutIfAbsent(ctx context.Context, key string, value []byte, ttl time.Duration, subject string) (bool, error) {
	return l.put(ctx, key, value, ttl, subject, "0")
}

// Put implements school.Keep.
func (l *log) Put(ctx context.Context, key string, value []byte, ttl time.Duration, subject string) error {
	_, err := l.put(ctx, key, value, ttl, subject, "1")
	return err
}

func (l *log) put(ctx context.Context, key string, value []byte, ttl time.Duration, subject, replace string) (bool, error) {
	if ttl < 0 {
		return false, errLength
	}
	if err := l.writable(ctx); err != nil {
		return false, err
	}
	n, err := l.count(ctx, "keep a value in", putScript, []string{l.keepKey(key)},
		l.tag, key, string(value), ms(ttl), subject, replace, strconv.Itoa(len(key))+":"+key+subject)
	return n == 1, err
}

// Get implements school.Keep.
func (l *log) Get(ctx context.Context, key string) ([]byte, bool, error) {
	found := false
	v, err := look(ctx, l, "read a value in", func() ([]byte, error) {
		b, err := l.store.redis.HGet(ctx, l.keepKey(key), "v").Bytes()
		found = err == nil
		return b, err
	})
	if err != nil || !found {
		return nil, false, err
	}
	return append([]byte{}, v...), true, nil
}

// List implements school.Keep. It reads a page at a time: keys that are put or deleted meanwhile may or may not be
// among them.
func (l *log) List(ctx context.Context, prefix string, each func(key string, value []byte) error) error {
	return l.pages(ctx, l.tag+":keys", prefix, func(keys []string) error {
		values, err := look(ctx, l, "list values in", func() ([]*redis.StringCmd, error) {
			cmds := make([]*redis.StringCmd, len(keys))
			_, err := l.store.redis.Pipelined(ctx, func(p redis.Pipeliner) error {
				for i, k := range keys {
					cmds[i] = p.HGet(ctx, l.keepKey(k), "v")
				}
				return nil
			})
			return cmds, err
		})
		if err != nil {
			return err
		}
		for i, k := range keys {
			v, err := values[i].Bytes()
			if errors.Is(err, redis.Nil) {
				continue // lapsed; its place in the index goes with a later put
			}
			if err != nil {
				return l.store.wrap("list values in", err)
			}
			if err := l.usable(ctx); err != nil {
				return err
			}
			if err := each(k, append([]byte{}, v...)); err != nil {
				return err
			}
		}
		return nil
	})
}

// Delete implements school.Keep.
func (l *log) Delete(ctx context.Context, key string) error {
	if err := l.writable(ctx); err != nil {
		return err
	}
	_, err := l.decide(ctx, "delete a value in", deleteScript, []string{l.keepKey(key)}, []any{l.tag, key})
	return err
}

// Forget implements school.Keep. Like deleted texts, what is forgotten leaves the append-only file.
func (l *log) Forget(ctx context.Context, subject string) (int, error) {
	if err := l.writable(ctx); err != nil || subject == "" {
		return 0, err
	}
	n, err := l.count(ctx, "forget in", forgetScript, []string{l.tag + ":ks:" + subject}, l.tag, subject)
	if err != nil {
		return 0, err
	}
	return n, l.scrub(ctx)
}

// scrub has the server write its files anew, without what was deleted, and waits for it. A user that may not ask for
// that is warned: then the bytes stay until the server does it by itself.
func (l *log) scrub(ctx context.Context) error {
	// The mark is set with the deletion, so that a later call finishes what a lost connection or a crash left undone.
	left, err := look(ctx, l, "read", func() (int64, error) { return l.store.redis.Exists(ctx, l.tag+":scrub").Result() })
	if err != nil || left == 0 {
		return err
	}
	if err := l.rewrite(ctx); err != nil {
		return err
	}
	return l.store.wrap("rewrite the files of", l.store.redis.Del(ctx, l.tag+":scrub").Err())
}

func (l *log) rewrite(ctx context.Context) error {
	node, err := l.node(ctx)
	if err != nil {
		return l.store.wrap("rewrite the files of", err)
	}
	for started, n := false, 0; ; n++ {
		now, err := info(ctx, node, "persistence")
		switch {
		case redis.HasErrorPrefix(err, "NOPERM"):
			l.store.log.Warn("what was deleted stays in the files of Redis until it rewrites them: this user may not ask for that", "need", "+info +bgrewriteaof")
			return nil
		case err != nil:
			return l.store.wrap("rewrite the files of", err)
		case now["aof_enabled"] == "0":
			return nil
		}
		busy := now["aof_rewrite_in_progress"] == "1" || now["aof_rewrite_scheduled"] == "1"
		switch {
		case started && !busy && now["aof_last_bgrewrite_status"] != "ok":
			return fmt.Errorf("what was deleted is still in the files of Redis at %s: its rewrite failed", l.store.address)
		case started && !busy:
			return nil
		case !started && !busy: // a rewrite that began before the deletion does not count
			err := node.BgRewriteAOF(ctx).Err()
			if redis.HasErrorPrefix(err, "NOPERM") {
				l.store.log.Warn("what was deleted stays in the files of Redis until it rewrites them: this user may not ask for that", "need", "+bgrewriteaof")
				return nil
			}
			if err != nil && !isReply(err) {
				return l.store.wrap("rewrite the files of", err)
			}
			started = err == nil
		}
		if !l.wait(ctx, min(time.Millisecond<<min(n, 10), time.Second)) {
			return l.usable(ctx)
		}
	}
}
