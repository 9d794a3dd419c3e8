package redislog

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// An Address says where a Redis is and under which names Rounds keeps things there:
//
//	redis://[user:password@]host[:6379][/db]                      one server
//	redis+sentinel://[user:password@]host[:26379],…/master[/db]   behind Sentinels
//	redis+cluster://[user:password@]host[:6379],…                 a cluster
//
// With rediss in place of redis the connection is TLS; the certificate is checked against the system's roots (or
// SSL_CERT_FILE). Queries: prefix=NAME (default "rounds") puts NAME before every key; sentinel_user and
// sentinel_password are for Sentinels that ask for their own.
type Address struct {
	options redis.UniversalOptions
	prefix  string
	shown   string // without the password
	cluster bool
}

// DefaultPrefix stands before every key unless the address names another.
const DefaultPrefix = "rounds"

// Is tells whether the text is the address of a Redis rather than the name of a file.
func Is(text string) bool {
	scheme, _, ok := strings.Cut(text, "://")
	return ok && strings.HasPrefix(scheme, "redis")
}

// String is the address without its password, for messages and logs.
func (a Address) String() string { return a.shown }

// ParseAddress reads an address. Its errors never hold the password.
func ParseAddress(text string) (a Address, err error) {
	scheme, rest, ok := strings.Cut(text, "://")
	if !ok {
		return a, errors.New("a Redis address begins with redis://, rediss://, redis+sentinel:// or redis+cluster://")
	}
	base, kind, _ := strings.Cut(scheme, "+")
	if base != "redis" && base != "rediss" || kind != "" && kind != "sentinel" && kind != "cluster" {
		return a, fmt.Errorf("%q is not a kind of Redis address (redis, rediss, redis+sentinel, rediss+sentinel, redis+cluster, rediss+cluster)", scheme)
	}
	rest, query, _ := strings.Cut(rest, "?")
	login, rest, ok := cutLast(rest, "@")
	if !ok {
		login, rest = "", login
	}
	hosts, path, _ := strings.Cut(rest, "/")
	o := &a.options
	if a.shown = scheme + "://" + rest; login != "" {
		user, password, _ := strings.Cut(login, ":")
		if o.Username, err = url.PathUnescape(user); err == nil {
			o.Password, err = url.PathUnescape(password)
		}
		if err != nil {
			return a, errors.New("the user or password of the Redis address is not percent-encoded as it should be")
		}
		a.shown = scheme + "://" + user + ":…@" + rest
	}
	port := "6379"
	if kind == "sentinel" {
		port = "26379"
	}
	if o.Addrs, err = addresses(hosts, port); err != nil {
		return a, err
	}
	if err := a.path(kind, path); err != nil {
		return a, err
	}
	if err := a.query(kind, query); err != nil {
		return a, err
	}
	if a.prefix != DefaultPrefix {
		a.shown += "?prefix=" + a.prefix
	}
	if base == "rediss" {
		o.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12}
		if len(o.Addrs) == 1 {
			o.TLSConfig.ServerName, _, _ = net.SplitHostPort(o.Addrs[0])
		}
	}
	a.cluster = kind == "cluster"
	if !a.cluster && kind == "" && len(o.Addrs) > 1 {
		return a, errors.New("several hosts: say redis+cluster:// or redis+sentinel://")
	}
	return a, nil
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

func addresses(hosts, port string) ([]string, error) {
	var out []string
	for h := range strings.SplitSeq(hosts, ",") {
		if h == "" {
			return nil, errors.New("the Redis address names no host")
		}
		if strings.Contains(h, ":") && (!strings.HasPrefix(h, "[") || strings.Contains(h, "]:")) {
			_, p, err := net.SplitHostPort(h)
			if n, perr := strconv.Atoi(p); err != nil || perr != nil || n < 1 || n > 65535 {
				return nil, fmt.Errorf("%q is not a host and a port", h)
			}
			out = append(out, h)
			continue
		}
		out = append(out, net.JoinHostPort(strings.Trim(h, "[]"), port))
	}
	return out, nil
}

func (a *Address) path(kind, path string) error {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	if kind == "sentinel" {
		if parts[0] == "" {
			return errors.New("a Sentinel address names the master: redis+sentinel://host/master")
		}
		a.options.MasterName, parts = parts[0], parts[1:]
	}
	parts = slices.DeleteFunc(parts, func(p string) bool { return p == "" })
	switch {
	case len(parts) == 0:
		return nil
	case len(parts) > 1 || kind == "cluster":
		return fmt.Errorf("%q after the hosts of the Redis address is not understood", path)
	}
	db, err := strconv.Atoi(parts[0])
	if err != nil || db < 0 {
		return fmt.Errorf("%q is not the number of a Redis database", parts[0])
	}
	a.options.DB = db
	return nil
}

func (a *Address) query(kind, query string) error {
	a.prefix = DefaultPrefix
	q, err := url.ParseQuery(query)
	if err != nil {
		return errors.New("the part after ? of the Redis address cannot be read")
	}
	for k, v := range q {
		switch {
		case k == "prefix":
			a.prefix = v[0]
			if a.prefix == "" || len(a.prefix) > 100 || strings.ContainsAny(a.prefix, "{}* \t\r\n") {
				return fmt.Errorf("the prefix %q of the Redis address: 1 to 100 characters without braces, stars and blanks", a.prefix)
			}
		case k == "sentinel_user" && kind == "sentinel":
			a.options.SentinelUsername = v[0]
		case k == "sentinel_password" && kind == "sentinel":
			a.options.SentinelPassword = v[0]
		default:
			return fmt.Errorf("%q is not known in a Redis address; known: prefix, and for Sentinels sentinel_user and sentinel_password", k)
		}
	}
	return nil
}

// The times of a connection. A reply that takes longer than replyWithin counts as lost.
const (
	dialWithin  = 2 * time.Second
	replyWithin = 5 * time.Second
	connections = 32 // at the most; each Tail holds one
)

// The client's own log would go past the program's.
func init() { redis.SetLogger(silent{}) }

type silent struct{}

func (silent) Printf(context.Context, string, ...any) {}

// client connects lazily. Retries are off: see the package comment. A cluster's client must be allowed to follow a
// redirection, and then also repeats what it got no reply to, which is why an Append always carries an id.
func (a Address) client() redis.UniversalClient {
	o := a.options
	o.MaxRetries = -1
	o.DialTimeout, o.ReadTimeout, o.WriteTimeout = dialWithin, replyWithin, replyWithin
	o.PoolSize, o.ContextTimeoutEnabled = connections, true
	o.ClientName, o.DialerRetries = "rounds", 1
	if a.cluster {
		o.MaxRedirects = 5
		return redis.NewClusterClient(o.Cluster())
	}
	if o.MasterName != "" {
		return redis.NewFailoverClient(o.Failover())
	}
	return redis.NewClient(o.Simple())
}
