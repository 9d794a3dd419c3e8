package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// killCount is how often TestKills kills the server: a few times in every test run, a hundred times by make kills.
var killCount = flag.Int("kills", 3, "how often TestKills kills the server")

func TestMain(m *testing.M) {
	if os.Getenv("ROUNDS_TEST_SERVE") != "" {
		os.Exit(serveChild())
	}
	code := m.Run()
	if chrome.end != nil {
		chrome.end()
	}
	os.Exit(code)
}

// serveChild is this test binary as a rounds serve of its own, to be killed: the real command with the real store, whose
// clock stands at a school day.
func serveChild() int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	c := &serveCmd{Config: os.Getenv("ROUNDS_TEST_CONFIG"), storeFlags: storeFlags{Store: os.Getenv("ROUNDS_STORE")}, Listen: os.Getenv("ROUNDS_LISTEN"), now: schoolClock}
	if err := c.Run(ctx, &output{os.Stdout, os.Stderr}); err != nil {
		fmt.Fprintln(os.Stderr, "child:", err)
		return 1
	}
	return 0
}

// epoch is when the tests began; a child gets its parent's.
var epoch = func() time.Time {
	if n, err := strconv.ParseInt(os.Getenv("ROUNDS_TEST_EPOCH"), 10, 64); err == nil {
		return time.Unix(0, n)
	}
	return time.Now()
}()

// schoolClock runs as the computer's clock does, but began on Thursday, October 15, 2026, at 10:00 in Chicago when the
// tests did: whenever they run, it is a school day there. A child by hand may begin at ROUNDS_TEST_BEGIN instead.
func schoolClock() time.Time {
	begin := time.Date(2026, 10, 15, 15, 0, 0, 0, time.UTC)
	if t, err := time.Parse(time.RFC3339, os.Getenv("ROUNDS_TEST_BEGIN")); err == nil {
		begin = t
	}
	return begin.Add(time.Since(epoch))
}

// freeAddr is a loopback address that nobody listens on.
func freeAddr(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
