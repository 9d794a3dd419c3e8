package main

import (
	"bytes"
	"context"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"rounds/seeds"
)

// The demo as a command: one word begins it, it leaves nothing behind, and a kept one goes on where it was.

// The demo begins with one command, answers, ends when it is told to, and leaves nothing behind.
func TestDemoCommand(t *testing.T) {
	alone(t)
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	said := make(chan string, 1)
	out := &firstLine{then: func(line string) { said <- line }}
	var errs bytes.Buffer
	status := make(chan int, 1)
	go func() { status <- run(ctx, []string{"demo", "--listen", "127.0.0.1:0"}, &output{out, &errs}) }()
	var line string
	select {
	case line = <-said:
	case code := <-status:
		t.Fatalf("it ended with %d: %s", code, errs.String())
	}
	base, ok := strings.CutPrefix(line, "Rounds demo: ")
	if !ok {
		t.Fatalf("%q", line)
	}
	for _, path := range []string{"/", "/healthz", "/readyz", "/metrics"} {
		r, err := http.Get(base + path)
		if err != nil {
			t.Fatal(err)
		}
		_ = r.Body.Close()
		if r.StatusCode != 200 {
			t.Errorf("%s: %s", path, r.Status)
		}
	}
	stop()
	if code := <-status; code != 0 {
		t.Errorf("exit status %d: %s", code, errs.String())
	}
	if !strings.Contains(errs.String(), "Everybody in it is made up") || !strings.Contains(errs.String(), "Thursday, October 15, 2026, 10:00 AM CDT") {
		t.Errorf("stderr: %s", errs.String())
	}
	if left := tree(t, temp); len(left) > 0 {
		t.Errorf("it left %d files behind", len(left))
	}
}

// firstLine calls a function with the first line that is written.
type firstLine struct {
	mu   sync.Mutex // guards the following
	buf  bytes.Buffer
	then func(line string)
}

func (f *firstLine) Write(b []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.buf.Write(b)
	if line, _, ok := strings.Cut(f.buf.String(), "\n"); ok && f.then != nil {
		f.then(line)
		f.then = nil
	}
	return len(b), nil
}

// A kept demo goes on where it was, and its time never goes back.
func TestDemoTimeNeverGoesBack(t *testing.T) {
	alone(t)
	store := filepath.Join(t.TempDir(), "demo.db")
	d := newDemo(t, store)
	if _, err := d.clock.Jump(t.Context(), seeds.DemoStart().Add(2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	d.close()
	cliDo(t, "demo", "--listen", "127.0.0.1:0", "--store", store, "--at", "2026-10-15T11:00").failed(t, 2, "--at:", "has reached Thu, Oct 15, 2026, 12:00 PM", "never goes back")
}
