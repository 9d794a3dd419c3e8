package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"rounds/school"
	"rounds/school/sqlitelog"
)

// served is rounds serve itself, in this process, with a store of its own: what the walks over Slack and over Discord have in
// common. Its clock moves when it is moved.
type served struct {
	t      *testing.T
	config string // district.yaml
	store  string
	id     string // of the district
	base   string // the server's address
	client *http.Client

	mu    sync.Mutex // guards the following
	n     int        // requests so far
	at    time.Time  // the bot's time when the clock was last moved
	moved time.Time  // and the computer's then
	logs  bytes.Buffer
}

// newServed has the made-up district's files, each changed by edits (old, new, …) of district.yaml, on a school day.
func newServed(t *testing.T, edits ...string) (*served, *Config) {
	t.Helper()
	config := districtDir(t, edits...)
	cfg, err := LoadConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	s := &served{t: t, config: config, store: filepath.Join(filepath.Dir(config), "rounds.db"), id: cfg.District.ID, client: &http.Client{Timeout: 10 * time.Second}}
	s.move("2026-10-15T10:00:00-05:00")
	return s, cfg
}

// serve runs the command until the test ends, and returns when it is ready.
func (s *served) serve(cmd *serveCmd) {
	s.t.Helper()
	addr := freeAddr(s.t)
	s.base = "http://" + addr
	cmd.Config, cmd.storeFlags, cmd.Listen, cmd.now = s.config, storeFlags{Store: s.store}, addr, s.now
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- cmd.Run(ctx, &output{s, s}) }()
	s.t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			s.t.Error(err)
		}
		if s.t.Failed() {
			s.t.Logf("the server said:\n%s", s.logs.String())
		}
	})
	s.until("the server is ready", func() bool {
		r, err := s.client.Get(s.base + "/readyz")
		if err != nil {
			return false
		}
		_ = r.Body.Close()
		return r.StatusCode == http.StatusOK
	})
}

// Write keeps the server's log for when a test fails.
func (s *served) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.logs.Write(b)
}

// now runs on from where it was moved to.
func (s *served) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.at.Add(time.Since(s.moved))
}

func (s *served) move(to string) {
	s.t.Helper()
	at, err := time.Parse(time.RFC3339, to)
	if err != nil {
		s.t.Fatal(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.at, s.moved = at, time.Now()
}

// next is the number of one more request.
func (s *served) next() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n++
	return s.n
}

// until polls what the server does in its own time.
func (s *served) until(what string, ok func() bool) {
	s.t.Helper()
	end := time.After(20 * time.Second)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-end:
			s.t.Fatalf("not seen: %s", what)
		case <-tick.C:
		}
	}
}

// version is the log's, as the operator sees it; others are lines that the operator must see beside it, each by its beginning.
func (s *served) version(others ...string) string {
	s.t.Helper()
	r, err := s.client.Get(s.base + "/metrics")
	if err != nil {
		s.t.Fatal(err)
	}
	defer r.Body.Close()
	b, _ := io.ReadAll(r.Body)
	_, after, _ := strings.Cut(string(b), "\nrounds_model_version ")
	v, _, _ := strings.Cut(after, "\n")
	if v == "" {
		s.t.Fatal("no version in the metrics")
	}
	for _, x := range others {
		if !strings.Contains(string(b), x) {
			s.t.Errorf("no %s in the metrics", x)
		}
	}
	return v
}

// read looks into the store from outside, as rounds targets does.
func (s *served) read(f func(log school.Log, m *school.Model)) {
	s.t.Helper()
	readStore(s.t, s.store, s.id, f)
}

// readStore reads a district's record without writing to its store.
func readStore(t testing.TB, path, district string, f func(log school.Log, m *school.Model)) {
	t.Helper()
	ctx := context.Background()
	store, err := sqlitelog.Open(ctx, path, sqlitelog.Options{Mark: sqlitelog.Real, ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	book, err := school.Open(ctx, store.Log(district))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if err := book.Read(func(m *school.Model) { f(book.Log(), m) }); err != nil {
		t.Fatal(err)
	}
}

// shows wants texts in what somebody sees.
func shows(t testing.TB, seen string, texts ...string) {
	t.Helper()
	for _, s := range texts {
		if !strings.Contains(seen, s) {
			t.Errorf("%q is not in\n%s", s, seen)
		}
	}
}

// hides wants none of the texts in what somebody sees.
func hides(t testing.TB, seen string, texts ...string) {
	t.Helper()
	for _, s := range texts {
		if strings.Contains(seen, s) {
			t.Errorf("%q is in\n%s", s, seen)
		}
	}
}
