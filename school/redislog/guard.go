package redislog

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"rounds/school"

	"github.com/redis/go-redis/v9"
)

// ErrUnsafe is a server that can lose writes it acknowledged.
var ErrUnsafe = errors.New("this Redis can lose what it acknowledged")

// A Setting is one of those that decide whether a server keeps what it acknowledges.
type Setting struct {
	Node, Name, Value string
	Need              string // what it has to be instead, or ""
}

// guard refuses a server whose settings are not safe, before anything is written to it. A replica takes no writes that last,
// whoever accepts what.
func (s *Store) guard(ctx context.Context) error {
	if s.opts.ReadOnly {
		return nil
	}
	is, err := s.Settings(ctx)
	if err != nil {
		return err
	}
	var wrong []string
	hidden := false
	for _, x := range is {
		switch {
		case x.Name == "role" && x.Need != "":
			return fmt.Errorf("%s is a replica, and keeps nothing that is written to it: name the master, or its Sentinels (redis+sentinel://…/NAME) (%w)", x.Node, school.ErrReadOnly)
		case x.Name == "CONFIG":
			hidden = true
		case x.Need != "":
			wrong = append(wrong, fmt.Sprintf("%s is %s, not %s", x.Name, x.Value, x.Need))
		}
	}
	switch {
	case hidden && !s.opts.AcceptLoss:
		return fmt.Errorf("%s does not let its settings be read (CONFIG GET), so it cannot be known whether acknowledged records survive: allow it, or take the risk with --redis-accept-loss (%w)", s.address, ErrUnsafe)
	case len(wrong) > 0 && !s.opts.AcceptLoss:
		return fmt.Errorf("%s: %s: set that, or take the risk with --redis-accept-loss (%w)", s.address, strings.Join(wrong, "; "), ErrUnsafe)
	case hidden || len(wrong) > 0:
		s.log.Warn("this Redis can lose acknowledged records, and that was accepted", "settings", strings.Join(wrong, "; "))
	}
	return nil
}

// Settings are those of every node that the records may be on. Safe is
//
//	role master                   what is written to a replica goes when it next follows its master
//	appendonly yes                there is an append-only file
//	appendfsync always            it is synced before each reply. WAITAOF is no substitute: servers that say "synced" too
//	                              early are in use (redis pull request 13793), and a power cut finds them; see TestPowerCutsWaitAOF
//	no-appendfsync-on-rewrite no  also while it is rewritten
//	maxmemory-policy noeviction   or no maxmemory: nothing is thrown away when memory runs out
//
// Where they may not be read, as often where somebody else runs the server, there is one called CONFIG instead.
func (s *Store) Settings(ctx context.Context) (out []Setting, err error) {
	err = s.eachMaster(ctx, func(node *redis.Client) error {
		add := func(name, value, need string) {
			out = append(out, Setting{Node: node.Options().Addr, Name: name, Value: value, Need: need})
		}
		if err := s.server(ctx, node, add); err != nil {
			return err
		}
		is, err := settings(ctx, node)
		if err != nil && isReply(err) && !refused(err) {
			add("CONFIG", "may not be read by this user", "+config|get")
			return nil
		}
		if err != nil {
			return err
		}
		judge(is, add)
		return nil
	})
	return out, s.wrap("look at the settings of", err)
}

// server says what it is, as far as this user may ask.
func (s *Store) server(ctx context.Context, node *redis.Client, add func(name, value, need string)) error {
	is, err := info(ctx, node, "server", "replication")
	if err != nil {
		if isReply(err) && !refused(err) {
			return nil
		}
		return err
	}
	add("version", is["redis_version"], "")
	need := ""
	if is["role"] != "master" {
		need = "master"
	}
	add("role", is["role"], need)
	add("replicas", is["connected_slaves"], "")
	return nil
}

func judge(is map[string]string, add func(name, value, need string)) {
	want := func(name, value string) {
		if is[name] == value {
			value = ""
		}
		add(name, is[name], value)
	}
	want("appendonly", "yes")
	want("appendfsync", "always")
	want("no-appendfsync-on-rewrite", "no")
	if is["maxmemory"] == "0" {
		add("maxmemory-policy", is["maxmemory-policy"]+", without a limit", "")
	} else {
		want("maxmemory-policy", "noeviction")
	}
}

// settings are those that the guard looks at.
func settings(ctx context.Context, node *redis.Client) (map[string]string, error) {
	is := map[string]string{}
	for _, name := range []string{"appendonly", "appendfsync", "no-appendfsync-on-rewrite", "maxmemory", "maxmemory-policy"} {
		v, err := node.ConfigGet(ctx, name).Result()
		if err != nil {
			return nil, err
		}
		is[name] = v[name]
	}
	return is, nil
}

// eachMaster calls do for the server, or for each master of a cluster.
func (s *Store) eachMaster(ctx context.Context, do func(*redis.Client) error) error {
	switch c := s.redis.(type) {
	case *redis.ClusterClient:
		nodes := make(chan *redis.Client, 1024)
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

// info is what the server says of itself in some sections.
func info(ctx context.Context, node *redis.Client, sections ...string) (map[string]string, error) {
	out := map[string]string{}
	for _, section := range sections { // several at once only since 7.0
		text, err := node.Info(ctx, section).Result()
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(text) {
			if k, v, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
				out[k] = v
			}
		}
	}
	return out, nil
}
