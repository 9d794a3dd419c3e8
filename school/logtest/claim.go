package logtest

import (
	"sync/atomic"
	"testing"
	"time"

	"rounds/school"
)

// mustClaim claims and wants to get it.
func mustClaim(t *testing.T, l school.Log, key, holder string, lease time.Duration) school.Claim {
	t.Helper()
	c, ok, err := l.Claim(patient(t), key, holder, lease)
	if err != nil || !ok || c.Key != key || c.Holder != holder || c.Epoch < 1 || c.Done {
		t.Fatalf("claim of %s by %s: %+v %v %v", key, holder, c, ok, err)
	}
	return c
}

// wantHeld wants a claim to be refused in favor of c.
func wantHeld(t *testing.T, l school.Log, c school.Claim) {
	t.Helper()
	got, ok, err := l.Claim(patient(t), c.Key, "somebody else", time.Hour)
	if err != nil || ok || got.Holder != c.Holder || got.Epoch != c.Epoch || !got.Until.Equal(c.Until) || got.Done {
		t.Fatalf("claim of what is held: %+v %v %v, want to hear of %+v", got, ok, err, c)
	}
}

func claim(t *testing.T, h Harness) {
	l := openLog(t, h)
	a := mustClaim(t, l, "a", "one", time.Hour)
	wantHeld(t, l, a)
	if _, ok, err := l.Claim(patient(t), "a", "one", time.Hour); ok || err != nil {
		t.Errorf("claimed again by its holder: %v %v", ok, err)
	}
	mustClaim(t, l, "b", "two", time.Hour)

	r, ok, err := l.Renew(patient(t), a, 2*time.Hour)
	if err != nil || !ok || r.Epoch != a.Epoch || r.Holder != "one" || !r.Until.After(a.Until) {
		t.Errorf("renewed: %+v %v %v, was %+v", r, ok, err, a)
	}
	wantHeld(t, l, r)

	// What is unknown, and a wrong epoch, change nothing.
	for _, c := range []school.Claim{{Key: "nothing", Epoch: 1}, {Key: "a", Epoch: a.Epoch + 1}, {Key: "a", Epoch: a.Epoch - 1}} {
		if _, ok, err := l.Renew(patient(t), c, time.Hour); ok || err != nil {
			t.Errorf("renewed %+v: %v %v", c, ok, err)
		}
		if ok, err := l.Done(patient(t), c, true); ok || err != nil {
			t.Errorf("done %+v: %v %v", c, ok, err)
		}
	}
	wantHeld(t, l, r)

	// A lease of no length, or less, cannot be meant.
	for _, lease := range []time.Duration{0, -time.Second} {
		if _, ok, err := l.Claim(patient(t), "c", "me", lease); ok || err == nil {
			t.Errorf("a lease of %v: %v %v", lease, ok, err)
		}
		if _, ok, err := l.Renew(patient(t), r, lease); ok || err == nil {
			t.Errorf("renewed for %v: %v %v", lease, ok, err)
		}
	}
	wantHeld(t, l, r)
}

func claimLapses(t *testing.T, h Harness) {
	l := openLog(t, h)
	a := mustClaim(t, l, "a", "one", h.Lease)
	wantHeld(t, l, a)
	h.Advance(h.Lease)

	// The lease is over: it cannot be renewed or finished, even before somebody else takes it.
	if _, ok, err := l.Renew(patient(t), a, h.Lease); ok || err != nil {
		t.Errorf("renewed after it lapsed: %v %v", ok, err)
	}
	if ok, err := l.Done(patient(t), a, true); ok || err != nil {
		t.Errorf("done after it lapsed: %v %v", ok, err)
	}
	b := mustClaim(t, l, "a", "two", time.Hour)
	if b.Epoch <= a.Epoch {
		t.Errorf("epoch %d after %d", b.Epoch, a.Epoch)
	}
	// Nor when somebody holds it.
	if _, ok, _ := l.Renew(patient(t), a, h.Lease); ok {
		t.Error("renewed what another holds")
	}
	for _, finished := range []bool{true, false} {
		if ok, _ := l.Done(patient(t), a, finished); ok {
			t.Error("ended what another holds")
		}
	}
	wantHeld(t, l, b)

	// Renewing in time keeps it.
	c := mustClaim(t, l, "c", "one", 2*h.Lease)
	h.Advance(h.Lease)
	c, ok, err := l.Renew(patient(t), c, 2*h.Lease)
	if !ok || err != nil {
		t.Fatalf("renewed in time: %v %v", ok, err)
	}
	h.Advance(h.Lease)
	wantHeld(t, l, c)
	h.Advance(h.Lease)
	if d := mustClaim(t, l, "c", "two", h.Lease); d.Epoch <= c.Epoch {
		t.Errorf("epoch %d after %d", d.Epoch, c.Epoch)
	}
}

func claimDone(t *testing.T, h Harness) {
	l := openLog(t, h)
	a := mustClaim(t, l, "a", "one", h.Lease)
	if ok, err := l.Done(patient(t), a, false); !ok || err != nil {
		t.Fatalf("given back: %v %v", ok, err)
	}
	if ok, _ := l.Done(patient(t), a, false); ok {
		t.Error("given back twice")
	}
	if _, ok, _ := l.Renew(patient(t), a, h.Lease); ok {
		t.Error("renewed what was given back")
	}
	b := mustClaim(t, l, "a", "two", h.Lease) // free at once
	if b.Epoch <= a.Epoch {
		t.Errorf("epoch %d after %d", b.Epoch, a.Epoch)
	}
	if ok, err := l.Done(patient(t), b, true); !ok || err != nil {
		t.Fatalf("finished: %v %v", ok, err)
	}
	finished := func() {
		t.Helper()
		c, ok, err := l.Claim(patient(t), "a", "three", h.Lease)
		if ok || err != nil || !c.Done || c.Holder != "two" {
			t.Errorf("claim of what is finished: %+v %v %v", c, ok, err)
		}
		if _, ok, _ := l.Renew(patient(t), b, h.Lease); ok {
			t.Error("renewed what is finished")
		}
		if ok, _ := l.Done(patient(t), b, false); ok {
			t.Error("gave back what is finished")
		}
	}
	finished()
	h.Advance(h.Lease)
	finished()
	if !h.Waits {
		h.Advance(60 * 24 * time.Hour)
		finished()
	}
}

func claimsAtOnce(t *testing.T, h Harness) {
	l := openLog(t, h)
	var last int64
	for round := range 10 {
		var won atomic.Int32
		var got school.Claim
		atOnce(16, func(i int) {
			c, ok, err := l.Claim(patient(t), "a", string(rune('a'+i)), time.Hour)
			if err != nil {
				t.Error(err)
			}
			if ok {
				won.Add(1)
				got = c
			}
		})
		if won.Load() != 1 || got.Epoch <= last {
			t.Fatalf("round %d: %d of 16 have it, epoch %d after %d", round, won.Load(), got.Epoch, last)
		}
		last = got.Epoch
		if ok, err := l.Done(patient(t), got, false); !ok || err != nil {
			t.Fatal(ok, err)
		}
	}
}
