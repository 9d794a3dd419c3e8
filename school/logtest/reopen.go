package logtest

import (
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"rounds/school"
)

func reopenLog(t *testing.T, h Harness) {
	var want []school.Event
	for i := range 4 {
		s := open(t, h)
		l := s.Log("lone-star")
		wantVersion(t, l, int64(len(want)))
		wantEvents(t, readAll(t, l, 0), want, 1, "")
		es := batch(len(want), i+1)
		mustAppend(t, l, "", es, note(fmt.Sprint("t", i), "s", fmt.Sprint("body ", i)))
		want = append(want, es...)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	l := openLog(t, h)
	found, err := l.Texts(patient(t), "t0", "t1", "t2", "t3")
	if err != nil || len(found) != 4 || found["t3"] != note("t3", "s", "body 3") {
		t.Errorf("texts after reopening: %v %v", found, err)
	}
	if _, err := l.Append(patient(t), 9, "", batch(0, 1), nil); !errors.Is(err, school.ErrConflict) {
		t.Errorf("expecting 9 at 10: %v", err)
	}
	if _, err := l.Append(patient(t), 10, "", batch(0, 1), nil); err != nil {
		t.Errorf("expecting 10 at 10: %v", err)
	}
}

func reopenCommands(t *testing.T, h Harness) {
	s := open(t, h)
	l := s.Log("a")
	mustAppend(t, l, "first", batch(0, 2))
	want := mustAppend(t, l, "second", batch(2, 3))
	want.Repeated = true
	s.Close()
	if !h.Waits {
		h.Advance(24 * time.Hour)
	}
	s = open(t, h)
	l = s.Log("a")
	if got := mustAppend(t, l, "second", batch(9, 1)); got != want {
		t.Errorf("after reopening: %+v, want %+v", got, want)
	}
	var wrote atomic.Int32
	atOnce(16, func(int) {
		a, err := l.Append(patient(t), school.Any, "first", batch(9, 1), nil)
		if err != nil || a.Version != 2 || a.Events != 2 {
			t.Errorf("%+v %v", a, err)
		}
		if !a.Repeated {
			wrote.Add(1)
		}
	})
	if wrote.Load() != 0 {
		t.Errorf("%d wrote", wrote.Load())
	}
	wantVersion(t, l, 5)
}

func reopenClaims(t *testing.T, h Harness) {
	s := open(t, h)
	l := s.Log("a")
	held := mustClaim(t, l, "held", "one", time.Hour)
	finished := mustClaim(t, l, "finished", "one", time.Hour)
	if ok, err := l.Done(patient(t), finished, true); !ok || err != nil {
		t.Fatal(ok, err)
	}
	s.Close()

	s = open(t, h)
	l = s.Log("a")
	if c, ok, err := l.Claim(patient(t), "finished", "two", time.Hour); ok || err != nil || !c.Done {
		t.Errorf("what was finished, after reopening: %+v %v %v", c, ok, err)
	}
	if h.EndsClaims {
		if _, ok, err := l.Renew(patient(t), held, time.Hour); ok || err != nil {
			t.Errorf("opening for writing ends claims, yet one was renewed: %v %v", ok, err)
		}
		if ok, err := l.Done(patient(t), held, true); ok || err != nil {
			t.Errorf("opening for writing ends claims, yet one was finished: %v %v", ok, err)
		}
	} else {
		wantHeld(t, l, held)
		if ok, err := l.Done(patient(t), held, false); !ok || err != nil {
			t.Errorf("given back: %v %v", ok, err)
		}
	}
	last := held.Epoch
	for range 3 {
		c := mustClaim(t, l, "held", "two", time.Hour)
		if c.Epoch <= last {
			t.Errorf("epoch %d after %d", c.Epoch, last)
		}
		last = c.Epoch
		if ok, err := l.Done(patient(t), c, false); !ok || err != nil {
			t.Fatal(ok, err)
		}
		s.Close()
		s = open(t, h)
		l = s.Log("a")
	}
}

func reopenKeep(t *testing.T, h Harness) {
	s := open(t, h)
	l := s.Log("a")
	mustPut(t, l, "k/ever", "1", 0, "p1")
	mustPut(t, l, "k/long", "2", 1000*h.Lease, "p2")
	mustPut(t, l, "k/short", "3", h.Lease, "p1")
	s.Close()
	h.Advance(h.Lease)
	s = open(t, h)
	l = s.Log("a")
	if got := listed(t, l, "k/"); !slices.Equal(got, []string{"k/ever=1", "k/long=2"}) {
		t.Errorf("after reopening: %q", got)
	}
	if n, err := l.Forget(patient(t), "p1"); n != 1 || err != nil {
		t.Errorf("forgot %d, %v", n, err)
	}
}

// follow: what is acknowledged by one is seen by another.
func follow(t *testing.T, h Harness) {
	s := open(t, h)
	l := s.Log("a")
	mustAppend(t, l, "c", batch(0, 2), note("t0", "s", "zero"))
	f := h.Follow(t)
	t.Cleanup(func() { f.Close() })
	g := f.Log("a")
	for i := range 20 {
		mustAppend(t, l, fmt.Sprint(i), batch(i, 3), note("t1", "s", fmt.Sprint(i)))
		mustPut(t, l, "k", fmt.Sprint(i), 0, "")
		wantVersion(t, g, int64(5+3*i))
		wantEvents(t, readAll(t, g, int64(2+3*i)), batch(i, 3), int64(3+3*i), fmt.Sprint(i))
		if found, err := g.Texts(patient(t), "t1"); err != nil || found["t1"].Body != fmt.Sprint(i) {
			t.Fatalf("text: %v %v", found, err)
		}
		wantKept(t, g, "k", fmt.Sprint(i))
	}
	wantVersion(t, f.Log("b"), 0)
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	if _, err := g.Version(patient(t)); !errors.Is(err, school.ErrClosed) {
		t.Errorf("after closing: %v", err)
	}
	mustAppend(t, l, "", batch(0, 1)) // the writer does not mind
}

func followTail(t *testing.T, h Harness) {
	l := openLog(t, h)
	mustAppend(t, l, "c", batch(0, 3))
	store := h.Follow(t)
	t.Cleanup(func() { store.Close() })
	f := startTail(t, store.Log("lone-star"), 1)
	wantEvents(t, f.next(t, 2), batch(1, 2), 2, "c")
	for i := range 5 {
		mustAppend(t, l, fmt.Sprint(i), batch(i, 2))
		wantEvents(t, f.next(t, 2), batch(i, 2), int64(4+2*i), fmt.Sprint(i))
	}
	store.Close()
	if err := f.end(t); !errors.Is(err, school.ErrClosed) {
		t.Errorf("closed: %v", err)
	}
}

func followersMayNotWrite(t *testing.T, h Harness) {
	l := openLog(t, h)
	mustAppend(t, l, "", batch(0, 1), note("t", "s", "x"))
	c := mustClaim(t, l, "held", "me", time.Hour)
	store := h.Follow(t)
	t.Cleanup(func() { store.Close() })
	g := store.Log("lone-star")
	ctx := patient(t)
	errs := map[string]error{}
	_, errs["Append"] = g.Append(ctx, school.Any, "", batch(0, 1), nil)
	_, _, errs["Claim"] = g.Claim(ctx, "key", "me", time.Hour)
	_, _, errs["Renew"] = g.Renew(ctx, c, time.Hour)
	_, errs["Done"] = g.Done(ctx, c, true)
	_, errs["DeleteTexts"] = g.DeleteTexts(ctx, "s")
	_, errs["PutIfAbsent"] = g.PutIfAbsent(ctx, "k", nil, 0, "")
	errs["Put"] = g.Put(ctx, "k", nil, 0, "")
	errs["Delete"] = g.Delete(ctx, "k")
	_, errs["Forget"] = g.Forget(ctx, "s")
	for name, err := range errs {
		if !errors.Is(err, school.ErrReadOnly) {
			t.Errorf("%s: %v, want ErrReadOnly", name, err)
		}
	}
	wantVersion(t, l, 1)
}

// followersWrite: two openers that both write agree as two goroutines do.
func followersWrite(t *testing.T, h Harness) {
	store := h.Follow(t)
	t.Cleanup(func() { store.Close() })
	logs := []school.Log{openLog(t, h), store.Log("lone-star")}
	for round := range 10 {
		var wrote, won, claimed atomic.Int32
		atOnce(16, func(i int) {
			l := logs[i%2]
			a, err := l.Append(patient(t), school.Any, fmt.Sprint("same ", round), batch(0, 2), nil)
			if err != nil {
				t.Error(err)
			} else if !a.Repeated {
				wrote.Add(1)
			}
			if _, err := l.Append(patient(t), int64(3*round+2), fmt.Sprint(round, "/", i), batch(0, 1), nil); err == nil {
				won.Add(1)
			} else if !errors.Is(err, school.ErrConflict) {
				t.Error(err)
			}
			if _, ok, err := l.Claim(patient(t), fmt.Sprint(round), fmt.Sprint(i), time.Hour); err != nil {
				t.Error(err)
			} else if ok {
				claimed.Add(1)
			}
		})
		if wrote.Load() != 1 || won.Load() != 1 || claimed.Load() != 1 {
			t.Fatalf("round %d: %d wrote the same command, %d won one version, %d hold one key", round, wrote.Load(), won.Load(), claimed.Load())
		}
	}
}
