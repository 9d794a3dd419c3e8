package school

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// MemLog's conformance test is in logtest, which this package must not import. Here
// stands what only virtual time can show.

func TestMemLogLeaseInVirtualTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := t.Context()
		m := NewMemLog(nil)
		c, ok, err := m.Claim(ctx, "d/digest/north/week 9", "one", time.Minute)
		if !ok || err != nil {
			t.Fatal(ok, err)
		}
		time.Sleep(time.Minute - 1)
		if _, ok, _ := m.Claim(ctx, c.Key, "two", time.Minute); ok {
			t.Error("claimed one nanosecond before the lease ended")
		}
		time.Sleep(time.Nanosecond)
		if _, ok, _ := m.Renew(ctx, c, time.Minute); ok {
			t.Error("renewed a lease that had ended")
		}
		d, ok, _ := m.Claim(ctx, c.Key, "two", time.Minute)
		if !ok || d.Epoch <= c.Epoch {
			t.Errorf("claim after the lease ended: %v, epoch %d after %d", ok, d.Epoch, c.Epoch)
		}
	})
}

func TestMemLogTailWakesAndEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMemLog(nil)
		var got []int64
		ended := make(chan error, 1)
		go func() {
			ended <- m.Tail(t.Context(), 1, func(e Event) error {
				got = append(got, e.Version)
				return nil
			})
		}()
		for range 3 {
			time.Sleep(time.Hour)
			if _, err := m.Append(t.Context(), Any, "", []Event{{Kind: "a"}}, nil); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		if len(got) != 2 || got[0] != 2 || got[1] != 3 {
			t.Errorf("tail from 1 saw %v", got)
		}
		m.Close()
		if err := <-ended; !errors.Is(err, ErrClosed) {
			t.Errorf("tail ended with %v", err)
		}
	})
}

func TestMemLogKeepsItsOwnData(t *testing.T) {
	m := NewMemLog(nil)
	ctx := context.Background()
	data := []byte(`{"a":1}`)
	if _, err := m.Append(ctx, Any, "", []Event{{Kind: "a", Data: data}}, nil); err != nil {
		t.Fatal(err)
	}
	data[2] = 'b'
	if err := m.Read(ctx, 0, func(e Event) error {
		if string(e.Data) != `{"a":1}` {
			t.Errorf("the caller's later change reached the log: %s", e.Data)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}
