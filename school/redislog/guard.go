package redislog

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/redis/go-redis/v9"
)

// ErrUnsafe is a server that can lose writes it acknowledged.
var ErrUnsafe = errors.New("this Redis can lose what it acknowledged")

// guard looks at the settings of every node that the records may be on. Safe is
//
//	appendonly yes            there is an append-only file
//	appendfsync always        it is synced before each reply; or, on Redis 7.2 and later, everysec and WAITAOF after each append
//	maxmemory-policy noeviction, or no maxmemory    nothing is thrown away when memory runs out
func (s *Store) guard(ctx context.Context) error {
	if s.opts.ReadOnly {
		return nil
	}
	var wrong []string
	unknown := false
	err := s.eachMaster(ctx, func(node *redis.Client) error {
		is, err := settings(ctx, node)
		if err != nil && isReply(err) && !refused(err) { // CONFIG is often forbidden where somebody else runs the server
			unknown = true
			return nil
		}
		if err != nil {
			return err
		}
		wrong = append(wrong, s.judge(ctx, node, is)...)
		return nil
	})
	switch {
	case err != nil:
		return s.wrap("look at the settings of", err)
	case unknown && !s.opts.AcceptLoss:
		return fmt.Errorf("%s does not let its settings be read (CONFIG GET appendonly appendfsync maxmemory maxmemory-policy), so it cannot be known whether acknowledged records survive: allow it, or take the risk with --redis-accept-loss (%w)", s.address, ErrUnsafe)
	case len(wrong) > 0 && !s.opts.AcceptLoss:
		return fmt.Errorf("%s: %s: set that, or take the risk with --redis-accept-loss (%w)", s.address, strings.Join(wrong, "; "), ErrUnsafe)
	case unknown || len(wrong) > 0:
		s.log.Warn("this Redis can lose acknowledged records, and that was accepted", "settings", strings.Join(wrong, "; "))
	}
	return nil
}

func (s *Store) judge(ctx context.Context, node *redis.Client, is map[string]string) (wrong []string) {
	if is["appendonly"] != "yes" {
		wrong = append(wrong, "appendonly is "+is["appendonly"]+", not yes")
	} else if sync := is["appendfsync"]; sync != "always" {
		// WAITAOF speaks for one connection to one node; with a cluster the client cannot promise which.
		if sync == "everysec" && !s.address.cluster && knows(ctx, node, "WAITAOF") {
			s.waitAOF = true
		} else {
			wrong = append(wrong, "appendfsync is "+sync+", not always")
		}
	}
	if p := is["maxmemory-policy"]; p != "noeviction" && is["maxmemory"] != "0" {
		wrong = append(wrong, "maxmemory-policy is "+p+", not noeviction")
	}
	return wrong
}

// settings are those that the guard looks at.
func settings(ctx context.Context, node *redis.Client) (map[string]string, error) {
	is := map[string]string{}
	for _, name := range []string{"appendonly", "appendfsync", "maxmemory", "maxmemory-policy"} {
		v, err := node.ConfigGet(ctx, name).Result()
		if err != nil {
			return nil, err
		}
		is[name] = v[name]
	}
	return is, nil
}

// knows tells whether the server has a command.
func knows(ctx context.Context, node *redis.Client, command string) bool {
	v, err := node.Do(ctx, "COMMAND", "INFO", command).Slice()
	return err == nil && len(v) == 1 && v[0] != nil
}

// eachMaster calls do for the server, or for each master of a cluster.
func (s *Store) eachMaster(ctx context.Context, do func(*redis.Client) error) error {
	switch c := s.redis.(type) {
	case *redis.ClusterClient:
		var nodes = make(chan *redis.Client, 1024)
		if err := c.ForEachMaster(ctx, func(_ context.Context, n *redis.Client) error { nodes <- n; return nil }); err != nil {
			return err
		}
		close(nodes)
		for n := range nodes { // one after the other: do is not made for several at once
			if err := do(n); err != nil {
				return err
			}
		}
		return nil
	case *redis.Client:
		return do(c)
	}
	return fmt.Errorf("%T is no client that this package makes", s.redis)
}

// node is the server that has the district's keys.
func (l *log) node(ctx context.Context) (*redis.Client, error) {
	if c, ok := l.store.redis.(*redis.ClusterClient); ok {
		return c.MasterForKey(ctx, l.tag+":log")
	}
	c, _ := l.store.redis.(*redis.Client)
	return c, nil
}

// persistence is the part of INFO about files.
func persistence(ctx context.Context, node *redis.Client) (map[string]string, error) {
	text, err := node.Info(ctx, "persistence").Result()
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for line := range strings.Lines(text) {
		if k, v, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
			out[k] = v
		}
	}
	return out, nil
}
