package redislog

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"rounds/school/logtest"

	"github.com/redis/go-redis/v9"
)

// durable are the settings that Open asks for.
var durable = logtest.Durable

// atOnce lets a master copy to a new replica without the 5 s in which it waits for others to come.
var atOnce = []string{"--repl-diskless-sync-delay", "0"}

// client is a connection of the test's own, past the store.
func client(t testing.TB, srv *logtest.Redis) *redis.Client {
	t.Helper()
	c := redis.NewClient(&redis.Options{Addr: srv.Addr, MaxRetries: -1, ReadTimeout: 30 * time.Second})
	t.Cleanup(func() { c.Close() })
	return c
}

var prefixes atomic.Int64

// fresh is an address at which there is nothing yet.
func fresh(srv *logtest.Redis) string {
	return fmt.Sprintf("redis://%s?prefix=p%d", srv.Addr, prefixes.Add(1))
}

// mustOpen opens a store, and closes it when the test ends.
func mustOpen(t testing.TB, address string, opts Options) *Store {
	t.Helper()
	if opts.Mark == "" {
		opts.Mark = Real
	}
	s, err := Open(context.Background(), address, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}
