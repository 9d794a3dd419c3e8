package service_test

import (
	"context"
	"errors"
	"strconv"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"rounds/bot"
	"rounds/bot/service"
)

func TestCalls(t *testing.T) {
	var c service.Calls[string]
	now := time.Now()
	if v, first := c.First("a", now, "one"); !first || v != "one" {
		t.Errorf("new: %q, %v", v, first)
	}
	if v, first := c.First("a", now.Add(15*time.Minute-time.Second), "two"); first || v != "one" {
		t.Errorf("the same call again: %q, %v", v, first)
	}
	if v, first := c.First("a", now.Add(15*time.Minute+time.Second), "three"); !first || v != "three" {
		t.Errorf("long after: %q, %v", v, first)
	}
	now = now.Add(time.Hour)
	for i := range 10_001 { // one more than are remembered
		if _, first := c.First(strconv.Itoa(i), now, ""); !first {
			t.Fatalf("call %d is known", i)
		}
	}
	if _, first := c.First("10000", now, ""); first {
		t.Error("the newest call is forgotten")
	}
	if _, first := c.First("0", now, ""); !first {
		t.Error("the oldest call is still known, so they would pile up")
	}
}

// store is a bot.Keep in memory that can be away.
type store struct {
	bot.Keep // what is not needed here
	away     bool
	m        map[string]string
	gets     int
	puts     int
}

func (s *store) Get(_ context.Context, key string) ([]byte, bool, error) {
	s.gets++
	if s.away {
		return nil, false, errors.New("away")
	}
	v, ok := s.m[key]
	return []byte(v), ok, nil
}

func (s *store) Put(_ context.Context, key string, value []byte, _ time.Duration, _ string) error {
	s.puts++
	if s.away {
		return errors.New("away")
	}
	s.m[key] = string(value)
	return nil
}

func TestMemo(t *testing.T) {
	ctx := t.Context()
	s := &store{m: map[string]string{}}
	m := service.Memo{Keep: s}
	m.Put(ctx, "room", "1", 0)
	m.Put(ctx, "room", "1", 0) // nothing new, nothing written
	if m.Note("seen", "2"); m.Get(ctx, "room") != "1" || m.Get(ctx, "seen") != "2" || s.puts != 1 || s.gets != 0 {
		t.Errorf("%q, %q, %d written, %d read", m.Get(ctx, "room"), m.Get(ctx, "seen"), s.puts, s.gets)
	}
	if m.Note("seen", "2") || !m.Note("seen", "3") {
		t.Error("what is new was not told from what is known")
	}

	after := service.Memo{Keep: s} // a restart
	for range 2 {
		if after.Get(ctx, "room") != "1" {
			t.Error("forgotten over a restart")
		}
	}
	if s.gets != 1 || after.Get(ctx, "seen") != "" {
		t.Errorf("%d read; noted and never stored: %q", s.gets, after.Get(ctx, "seen"))
	}

	s.away = true
	m.Put(ctx, "other", "4", 0)
	if m.Get(ctx, "other") != "4" || m.Get(ctx, "unknown") != "" {
		t.Error("a store that is away took the memory with it")
	}
	var alone service.Memo
	alone.Put(ctx, "room", "5", 0)
	if alone.Get(ctx, "room") != "5" || alone.Get(ctx, "other") != "" {
		t.Error("without a store")
	}
}

func TestWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var panicked []any
		var done atomic.Int32
		w := service.Work{Panicked: func(v any) { panicked = append(panicked, v) }}
		w.Wait(time.Hour) // nothing runs
		start := time.Now()
		for i := range 3 {
			w.Go(func() {
				time.Sleep(time.Duration(i) * time.Second)
				done.Add(1)
				if i == 2 {
					panic("the last")
				}
			})
		}
		if w.Wait(1500 * time.Millisecond); done.Load() != 2 || time.Since(start) != 1500*time.Millisecond {
			t.Errorf("%d done after %v", done.Load(), time.Since(start))
		}
		if w.Wait(time.Hour); done.Load() != 3 || time.Since(start) != 2*time.Second || len(panicked) != 1 || panicked[0] != "the last" {
			t.Errorf("%d done after %v, panicked with %v", done.Load(), time.Since(start), panicked)
		}
		w.Go(func() { done.Add(1) }) // and again
		if w.Wait(time.Hour); done.Load() != 4 {
			t.Errorf("%d done", done.Load())
		}
	})
}
