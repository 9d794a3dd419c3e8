package redislog

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"rounds/school"

	"github.com/redis/go-redis/v9"
)

var _ school.Mover = (*log)(nil)

// Pieces implements school.Mover. Texts and kept values are found by their own indexes, claims and command ids by a scan of
// the keys.
func (l *log) Pieces(ctx context.Context, each func(school.Piece) error) error {
	give := func(it school.Piece) error {
		if err := l.usable(ctx); err != nil {
			return err
		}
		return each(it)
	}
	if err := l.textPieces(ctx, give); err != nil {
		return err
	}
	if err := l.keptPieces(ctx, give); err != nil {
		return err
	}
	for _, part := range []string{":l:", ":c:"} {
		if err := l.scanPieces(ctx, l.tag+part, give); err != nil {
			return err
		}
	}
	return nil
}

func (l *log) textPieces(ctx context.Context, give func(school.Piece) error) error {
	var cursor uint64
	seen := map[string]bool{} // a scan may give a field twice
	for {
		var fields []string
		next, err := look(ctx, l, "read texts of", func() (c uint64, err error) {
			fields, c, err = l.store.redis.HScan(ctx, l.tag+":text", cursor, "", pageEntries).Result()
			return c, err
		})
		if err != nil {
			return err
		}
		for i := 0; i+1 < len(fields); i += 2 {
			if seen[fields[i]] {
				continue
			}
			seen[fields[i]] = true
			t, err := decodeText(fields[i], fields[i+1])
			if err != nil {
				return err
			}
			if err := give(school.Piece{Text: &t}); err != nil {
				return err
			}
		}
		if cursor = next; cursor == 0 {
			return nil
		}
	}
}

func (l *log) keptPieces(ctx context.Context, give func(school.Piece) error) error {
	return l.pages(ctx, l.tag+":keys", "", func(keys []string) error {
		type reply struct {
			fields *redis.SliceCmd
			left   *redis.DurationCmd
		}
		replies, err := look(ctx, l, "read values of", func() ([]reply, error) {
			out := make([]reply, len(keys))
			_, err := l.store.redis.Pipelined(ctx, func(p redis.Pipeliner) error {
				for i, k := range keys {
					out[i] = reply{p.HMGet(ctx, l.keepKey(k), "v", "s"), p.PTTL(ctx, l.keepKey(k))}
				}
				return nil
			})
			return out, err
		})
		if err != nil {
			return err
		}
		for i, k := range keys {
			f, err := replies[i].fields.Result()
			if err != nil {
				return l.store.wrap("read values of", err)
			}
			v, ok := f[0].(string)
			if !ok {
				continue // lapsed
			}
			kept := school.Kept{Key: k, Value: []byte(v), TTL: max(replies[i].left.Val(), 0)}
			kept.Subject, _ = f[1].(string)
			if err := give(school.Piece{Kept: &kept}); err != nil {
				return err
			}
		}
		return nil
	})
}

// scanPieces gives the claims or the command ids, by the keys that begin so.
func (l *log) scanPieces(ctx context.Context, prefix string, give func(school.Piece) error) error {
	node, err := l.node(ctx)
	if err != nil {
		return l.store.wrap("read", err)
	}
	pattern := strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`, "]", `\]`).Replace(prefix) + "*"
	var cursor uint64
	seen := map[string]bool{}
	for {
		var keys []string
		next, err := look(ctx, l, "read", func() (c uint64, err error) {
			keys, c, err = node.Scan(ctx, cursor, pattern, pageEntries).Result()
			return c, err
		})
		if err != nil {
			return err
		}
		for _, k := range keys {
			name := strings.TrimPrefix(k, prefix)
			if seen[name] || strings.HasPrefix(name, "\x00") { // made up for an append without an id
				continue
			}
			seen[name] = true
			it, ok, err := l.item(ctx, prefix, name)
			if err != nil {
				return err
			}
			if ok {
				if err := give(it); err != nil {
					return err
				}
			}
		}
		if cursor = next; cursor == 0 {
			return nil
		}
	}
}

func (l *log) item(ctx context.Context, prefix, name string) (it school.Piece, ok bool, err error) {
	if strings.HasSuffix(prefix, ":c:") {
		v, err := look(ctx, l, "read", func() (string, error) { return l.store.redis.Get(ctx, prefix+name).Result() })
		version, events, ok := strings.Cut(v, " ")
		if err != nil || !ok {
			return it, false, err
		}
		c := school.Command{ID: name}
		c.Version, err = strconv.ParseInt(version, 10, 64)
		c.Events, _ = strconv.Atoi(events)
		return school.Piece{Command: &c}, err == nil, err
	}
	v, err := look(ctx, l, "read", func() (map[string]string, error) {
		return l.store.redis.HGetAll(ctx, prefix+name).Result()
	})
	if err != nil || len(v) == 0 {
		return it, false, err
	}
	c := school.Claim{Key: name, Done: v["d"] == "1"}
	c.Epoch, err = strconv.ParseInt(v["e"], 10, 64)
	return school.Piece{Claim: &c}, err == nil, err
}

// KEYS: log. ARGV: version that the log must have, then version, number of events, command, checksum and payload of each
// entry. Returns {1}, or {-1} for a conflict.
var restoreScript = redis.NewScript(`
local version = '0'
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
if last then version = string.match(last[1], '^0%-(%d+)$') end
if version == ARGV[#ARGV - 4] then return {'1'} end
if version ~= ARGV[1] then return {'-1'} end
for i = 2, #ARGV, 5 do
  redis.call('XADD', KEYS[1], '0-' .. ARGV[i], 'n', ARGV[i + 1], 'c', ARGV[i + 2], 's', ARGV[i + 3], 'e', ARGV[i + 4])
end
return {'1'}
`)

// Restore implements school.Mover. Events come last: what is broken off before them is carried again.
func (l *log) Restore(ctx context.Context, events []school.Event, items []school.Piece) error {
	if err := l.writable(ctx); err != nil {
		return err
	}
	if len(events) > 0 { // a conflict must not leave items behind
		v, err := l.Version(ctx)
		if err != nil {
			return err
		}
		if v != events[0].Version-1 {
			return school.ErrConflict
		}
	}
	if err := l.restorePieces(ctx, items); err != nil {
		return err
	}
	if len(events) == 0 {
		return nil
	}
	args := []any{events[0].Version - 1}
	for first := 0; first < len(events); {
		end := first + 1
		for end < len(events) && events[end].Command == events[first].Command {
			end++
		}
		part := events[first:end]
		payload := encode(part)
		args = append(args, part[len(part)-1].Version, len(part), part[0].Command, checksum(part[0].Command, payload), payload)
		first = end
	}
	out, err := l.decide(ctx, "restore", restoreScript, []string{l.tag + ":log"}, args)
	if err == nil && (len(out) != 1 || out[0] != "1") {
		err = school.ErrConflict
	}
	return err
}

func (l *log) restorePieces(ctx context.Context, items []school.Piece) error {
	var texts []school.Text
	_, err := l.store.redis.Pipelined(ctx, func(p redis.Pipeliner) error {
		for _, it := range items {
			switch {
			case it.Text != nil:
				texts = append(texts, *it.Text)
			case it.Kept != nil:
				k := it.Kept
				putScript.Eval(ctx, p, []string{l.keepKey(k.Key)}, l.tag, k.Key, string(k.Value), ms(k.TTL), k.Subject, "1", strconv.Itoa(len(k.Key))+":"+k.Key+k.Subject)
			case it.Claim != nil:
				c := it.Claim
				done := "0"
				if c.Done {
					done = "1"
				}
				key := l.tag + ":l:" + c.Key
				p.HSet(ctx, key, "h", "", "e", c.Epoch, "u", 0, "d", done)
				p.PExpire(ctx, key, ClaimsKept)
			case it.Command != nil:
				c := it.Command
				p.Set(ctx, l.tag+":c:"+c.ID, fmt.Sprintf("%d %d", c.Version, c.Events), CommandsKept)
			}
		}
		return nil
	})
	l.store.note(err)
	if err != nil && !errors.Is(err, redis.Nil) {
		return l.store.wrap("restore", err)
	}
	if len(texts) == 0 {
		return nil
	}
	_, err = l.Append(ctx, school.Any, "", nil, texts)
	return err
}
