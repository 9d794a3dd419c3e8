package logtest

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"rounds/school"
)

func read(t *testing.T, h Harness) {
	l := openLog(t, h)
	want := batch(0, 2500) // more than a store reads at a time
	mustAppend(t, l, "c", want)
	for _, from := range []int64{0, 1, 499, 1000, 2499, 2500, 2501, 1 << 40} {
		at := min(from, 2500)
		wantEvents(t, readAll(t, l, from), want[at:], at+1, "c")
	}
	n := 0
	err := l.Read(patient(t), 10, func(e school.Event) error {
		n++
		if n == 3 {
			return errStop
		}
		return nil
	})
	if !errors.Is(err, errStop) || n != 3 {
		t.Errorf("stopped after %d events with %v", n, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	n = 0
	err = l.Read(ctx, 0, func(school.Event) error {
		if n++; n == 2 {
			cancel()
		}
		return nil
	})
	if !errors.Is(err, context.Canceled) || n == len(want) {
		t.Errorf("a read that was cancelled saw %d events, %v", n, err)
	}
	// The end of the log is where it was at the call: reading what one appends comes to an end.
	n = 0
	if err := l.Read(patient(t), 2490, func(e school.Event) error {
		n++
		_, err := l.Append(patient(t), school.Any, "", batch(0, 1), nil)
		return err
	}); err != nil || n != 10 {
		t.Errorf("read %d events, %v, want 10", n, err)
	}
}

// A follower is a tailer that hands its events over.
type follower struct {
	events chan school.Event
	ended  chan error
	cancel context.CancelFunc
}

func startTail(t *testing.T, l school.Log, from int64) *follower {
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	f := &follower{make(chan school.Event), make(chan error, 1), cancel}
	go func() {
		f.ended <- l.Tail(ctx, from, func(e school.Event) error {
			select {
			case f.events <- e:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	}()
	return f
}

// next is the next n events.
func (f *follower) next(t *testing.T, n int) []school.Event {
	t.Helper()
	ctx := patient(t)
	var es []school.Event
	for range n {
		select {
		case e := <-f.events:
			es = append(es, e)
		case err := <-f.ended:
			t.Fatalf("the tail ended after %d of %d events: %v", len(es), n, err)
		case <-ctx.Done():
			t.Fatalf("the tail gave %d of %d events", len(es), n)
		}
	}
	return es
}

// end waits for the tail to end.
func (f *follower) end(t *testing.T) error {
	t.Helper()
	select {
	case err := <-f.ended:
		return err
	case <-patient(t).Done():
		t.Fatal("the tail did not end")
		return nil
	}
}

func tail(t *testing.T, h Harness) {
	s := open(t, h)
	l := s.Log("a")
	mustAppend(t, l, "c", batch(0, 5))
	f := startTail(t, l, 3)
	wantEvents(t, f.next(t, 2), batch(3, 2), 4, "c")
	for i := range 50 {
		mustAppend(t, s.Log("b"), "", batch(0, 1)) // another district's events are not ours
		mustAppend(t, l, fmt.Sprint(i), batch(5+i, 1))
		wantEvents(t, f.next(t, 1), batch(5+i, 1), int64(6+i), fmt.Sprint(i))
	}
	// A tail may start beyond the end (55), and waits for what comes after.
	ahead := startTail(t, l, 57)
	mustAppend(t, l, "e", batch(0, 4))
	wantEvents(t, ahead.next(t, 2), batch(2, 2), 58, "e")
}

func tailers(t *testing.T, h Harness) {
	l := openLog(t, h)
	mustAppend(t, l, "", batch(0, 10))
	const writers, each = 8, 25
	var fs []*follower
	for from := range 5 {
		fs = append(fs, startTail(t, l, int64(from)))
	}
	go atOnce(writers, func(w int) {
		for i := range each {
			if _, err := l.Append(patient(t), school.Any, "", batch(100*w+i, 1), nil); err != nil {
				t.Error(err)
			}
		}
	})
	var first []school.Event
	for from, f := range fs {
		es := f.next(t, 10+writers*each-from)
		if from == 0 {
			first = es
		}
		for i, e := range es {
			if e.Version != int64(from+i+1) || show(e) != show(first[from+i]) {
				t.Fatalf("tailer from %d: event %d is %s, another saw %s", from, i, show(e), show(first[from+i]))
			}
		}
	}
}

func tailEnds(t *testing.T, h Harness) {
	s := open(t, h)
	l := s.Log("a")
	mustAppend(t, l, "", batch(0, 3))

	f := startTail(t, l, 0)
	f.next(t, 3)
	f.cancel()
	if err := f.end(t); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}

	err := l.Tail(patient(t), 0, func(e school.Event) error {
		if e.Version == 2 {
			return errStop
		}
		return nil
	})
	if !errors.Is(err, errStop) {
		t.Errorf("stopped: %v", err)
	}

	var fs []*follower
	for range 3 {
		f := startTail(t, l, 2)
		f.next(t, 1)
		fs = append(fs, f)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, f := range fs {
		if err := f.end(t); !errors.Is(err, school.ErrClosed) {
			t.Errorf("closed: %v", err)
		}
	}
}

// tailMayUseTheLog: a callback is free to ask the log and to append to it.
func tailMayUseTheLog(t *testing.T, h Harness) {
	l := openLog(t, h)
	mustAppend(t, l, "", batch(0, 1), note("t", "s", "x"))
	err := l.Tail(patient(t), 0, func(e school.Event) error {
		if found, err := l.Texts(patient(t), "t"); err != nil || len(found) != 1 {
			return fmt.Errorf("texts in a callback: %v %w", found, err)
		}
		if e.Version == 20 {
			return errStop
		}
		_, err := l.Append(patient(t), e.Version, "", batch(0, 1), nil)
		return err
	})
	if !errors.Is(err, errStop) {
		t.Error(err)
	}
}
