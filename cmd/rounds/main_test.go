package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"testing"
	"time"

	"rounds/school"
)

// killCount is how often TestKills kills the server: a few times in every test run, a hundred times by make kills.
var killCount = flag.Int("kills", 3, "how often TestKills kills the server")

// replicaCommands and replicaPosts are how much TestReplicas does at the least; make replicas asks for 10,000 and 50, over three minutes.
var (
	replicaCommands = flag.Int("replicas.commands", 300, "how many commands TestReplicas spreads over three servers")
	replicaTime     = flag.Duration("replicas.time", 15*time.Second, "over how long it spreads them")
	replicaPosts    = flag.Int("replicas.posts", 2, "how many scheduled posts TestReplicas waits for")
)

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
	c.lease, _ = time.ParseDuration(os.Getenv("ROUNDS_TEST_LEASE"))
	if addr := os.Getenv("ROUNDS_TEST_MODEL"); addr != "" {
		c.opened = func(b *school.Book) { go serveModel(addr, b) }
	}
	if err := c.Run(ctx, &output{os.Stdout, os.Stderr}); err != nil {
		fmt.Fprintln(os.Stderr, "child:", err)
		return 1
	}
	return 0
}

// serveModel tells a test the version and the fingerprint of the child's model.
func serveModel(addr string, b *school.Book) {
	_ = http.ListenAndServe(addr, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_ = b.Read(func(m *school.Model) { fmt.Fprintln(w, m.Version(), m.Fingerprint()) })
	}))
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
