package logtest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rounds/school"
)

// wantKept wants a key to have a value, or none when want is "-".
func wantKept(t *testing.T, l school.Log, key, want string) {
	t.Helper()
	v, ok, err := l.Get(patient(t), key)
	if err != nil || ok != (want != "-") || ok && string(v) != want {
		t.Fatalf("get %q: %q %v %v, want %q", key, v, ok, err, want)
	}
}

func mustPut(t *testing.T, l school.Log, key, value string, ttl time.Duration, subject string) {
	t.Helper()
	if err := l.Put(patient(t), key, []byte(value), ttl, subject); err != nil {
		t.Fatal(err)
	}
}

// listed is what List gives, as "key=value".
func listed(t *testing.T, l school.Log, prefix string) []string {
	t.Helper()
	var got []string
	if err := l.List(patient(t), prefix, func(key string, value []byte) error {
		got = append(got, key+"="+string(value))
		return nil
	}); err != nil {
		t.Fatalf("list %q: %v", prefix, err)
	}
	return got
}

func keep(t *testing.T, h Harness) {
	l := openLog(t, h)
	wantKept(t, l, "a", "-")
	for i, want := range []bool{true, false} {
		if ok, err := l.PutIfAbsent(patient(t), "a", fmt.Appendf(nil, "%d", i), 0, ""); ok != want || err != nil {
			t.Errorf("put if absent: %v %v", ok, err)
		}
	}
	wantKept(t, l, "a", "0")
	mustPut(t, l, "a", "2", 0, "")
	wantKept(t, l, "a", "2")
	mustPut(t, l, "empty", "", 0, "")
	wantKept(t, l, "empty", "")
	for range 2 {
		if err := l.Delete(patient(t), "a"); err != nil {
			t.Error(err)
		}
	}
	wantKept(t, l, "a", "-")
	if ok, err := l.PutIfAbsent(patient(t), "a", []byte("3"), 0, ""); !ok || err != nil {
		t.Errorf("put what was deleted: %v %v", ok, err)
	}
	if err := l.Delete(patient(t), "empty"); err != nil {
		t.Error(err)
	}

	// Listing is in the order of the bytes, and by prefix, whatever bytes those are.
	keys := []string{"a", "a\x00", "a/1", "a/10", "a/2", "aa", "b", "é", "z", "A", "a%", "a_b", "axb"}
	for i := range 700 { // more than a store reads at a time
		keys = append(keys, fmt.Sprintf("many/%d", i))
	}
	for _, k := range keys {
		mustPut(t, l, k, "v"+k, 0, "")
	}
	slices.Sort(keys)
	for _, prefix := range []string{"", "a", "a/", "a/1", "a\x00", "a%", "a_", "many/", "many/69", "é", "none", "A"} {
		var want []string
		for _, k := range keys {
			if strings.HasPrefix(k, prefix) {
				want = append(want, k+"=v"+k)
			}
		}
		if got := listed(t, l, prefix); !slices.Equal(got, want) {
			t.Errorf("list %q: %.200q, want %.200q", prefix, got, want)
		}
	}
	n := 0
	err := l.List(patient(t), "many/", func(key string, _ []byte) error {
		if n++; n == 600 {
			return errStop
		}
		return l.Delete(patient(t), key) // a callback may use the log
	})
	if !errors.Is(err, errStop) || n != 600 {
		t.Errorf("list stopped after %d with %v", n, err)
	}
	if got := listed(t, l, "many/"); len(got) != 101 {
		t.Errorf("%d left, want 101", len(got))
	}
}

func keepLapses(t *testing.T, h Harness) {
	l := openLog(t, h)
	mustPut(t, l, "k/for ever", "1", 0, "s")
	mustPut(t, l, "k/long", "2", 1000*h.Lease, "s")
	mustPut(t, l, "k/short", "3", h.Lease, "s")
	mustPut(t, l, "k/prolonged", "4", h.Lease, "s")
	mustPut(t, l, "k/prolonged", "5", 0, "s")
	wantKept(t, l, "k/short", "3")
	if ok, _ := l.PutIfAbsent(patient(t), "k/short", []byte("6"), 0, ""); ok {
		t.Error("put over what lives")
	}
	h.Advance(h.Lease)
	wantKept(t, l, "k/short", "-")
	if got := listed(t, l, "k/"); !slices.Equal(got, []string{"k/for ever=1", "k/long=2", "k/prolonged=5"}) {
		t.Errorf("listed %q", got)
	}
	if ok, err := l.PutIfAbsent(patient(t), "k/short", []byte("7"), 0, ""); !ok || err != nil {
		t.Errorf("put over what lapsed: %v %v", ok, err)
	}
	wantKept(t, l, "k/short", "7")
	h.Advance(h.Lease)
	wantKept(t, l, "k/short", "7")
	if err := l.Delete(patient(t), "k/long"); err != nil {
		t.Error(err)
	}

	mustPut(t, l, "k/gone", "8", h.Lease, "other")
	h.Advance(h.Lease)
	if n, err := l.Forget(patient(t), "other"); n != 0 || err != nil {
		t.Errorf("forgot %d keys that had lapsed, %v", n, err)
	}
	if err := l.Put(patient(t), "k/negative", nil, -time.Second, ""); err == nil {
		t.Error("a negative time to live was taken")
	}
}

func keepSubjects(t *testing.T, h Harness) {
	l := openLog(t, h)
	mustPut(t, l, "a", "1", 0, "p1")
	mustPut(t, l, "b", "2", 0, "p1")
	mustPut(t, l, "c", "3", 0, "p2")
	mustPut(t, l, "d", "4", 0, "")
	mustPut(t, l, "b", "5", 0, "p2") // it is now about somebody else
	if n, err := l.Forget(patient(t), "p1"); n != 1 || err != nil {
		t.Errorf("forgot %d, %v, want 1", n, err)
	}
	if n, err := l.Forget(patient(t), "p1"); n != 0 || err != nil {
		t.Errorf("forgot %d again, %v", n, err)
	}
	if got := listed(t, l, ""); !slices.Equal(got, []string{"b=5", "c=3", "d=4"}) {
		t.Errorf("left %q", got)
	}
	// Nobody is no subject: "" must not sweep away the clock's scan mark.
	if n, err := l.Forget(patient(t), ""); n != 0 || err != nil {
		t.Errorf("forgot %d keys of nobody, %v", n, err)
	}
	wantKept(t, l, "d", "4")
}

func keepAtOnce(t *testing.T, h Harness) {
	l := openLog(t, h)
	for round := range 10 {
		var won atomic.Int32
		key := fmt.Sprint("k", round)
		atOnce(16, func(i int) {
			ok, err := l.PutIfAbsent(patient(t), key, []byte("v"), 0, "")
			if err != nil {
				t.Error(err)
			}
			if ok {
				won.Add(1)
			}
		})
		if won.Load() != 1 {
			t.Fatalf("round %d: %d of 16 put it", round, won.Load())
		}
	}
}
