package bot

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func testSealer(t testing.TB) *Sealer {
	t.Helper()
	s, err := NewSealer([]byte("a key for tests!"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const testDay = 20000

func TestSealFits(t *testing.T) {
	s := testSealer(t)
	id, err := s.SealPress(Press{Action: "observe.share", Subject: strings.Repeat("v", MaxPress-len("observe.share"))}, testDay)
	if err != nil || len(id) != 100 {
		t.Errorf("the longest press seals to %d characters, %v", len(id), err)
	}
	v, err := s.SealValue(strings.Repeat("v", MaxValue), testDay)
	if err != nil || len(v) > 75 {
		t.Errorf("the longest value seals to %d characters, %v", len(v), err)
	}
	if _, err := s.SealPress(Press{Action: "observe.share", Subject: strings.Repeat("v", MaxPress)}, testDay); err == nil {
		t.Error("a press too long was sealed")
	}
	if _, err := s.SealValue(strings.Repeat("v", MaxValue+1), testDay); err == nil {
		t.Error("a value too long was sealed")
	}
	if _, err := s.SealPress(Press{}, testDay); err == nil {
		t.Error("a press without an action was sealed")
	}
	for _, day := range []int32{-1, 1 << 16} {
		if _, err := s.SealValue("v", day); err == nil {
			t.Errorf("day %d was sealed", day)
		}
	}
	if _, err := NewSealer([]byte("short")); err == nil {
		t.Error("a short key was taken")
	}
}

func TestSealExpires(t *testing.T) {
	s := testSealer(t)
	p := Press{Action: "observe.share", Subject: "v1"}
	id, _ := s.SealPress(p, testDay)
	for days, want := range map[int32]error{-5: nil, 0: nil, SealDays: nil, SealDays + 1: ErrSealExpired, 4000: ErrSealExpired} {
		got, err := s.OpenPress(id, testDay+days)
		if !errors.Is(err, want) || got != p {
			t.Errorf("after %d days: %v, %v", days, got, err)
		}
	}
}

func TestSealsAreKeptApart(t *testing.T) {
	s := testSealer(t)
	other, err := NewSealer([]byte("another key for tests"))
	if err != nil {
		t.Fatal(err)
	}
	id, _ := s.SealPress(Press{Action: "observe.share", Subject: "v1"}, testDay)
	v, _ := s.SealValue("v1", testDay)
	if _, err := s.OpenValue(id, testDay); !errors.Is(err, ErrSealBroken) {
		t.Errorf("a press opens as a value: %v", err)
	}
	if _, err := s.OpenPress(v, testDay); !errors.Is(err, ErrSealBroken) {
		t.Errorf("a value opens as a press: %v", err)
	}
	if _, err := other.OpenPress(id, testDay); !errors.Is(err, ErrSealBroken) {
		t.Errorf("another key opens it: %v", err)
	}
	if tomorrow, _ := s.SealPress(Press{Action: "observe.share", Subject: "v1"}, testDay+1); tomorrow == id {
		t.Error("the day is not in the seal")
	}
}

func TestSealRoundTrip(t *testing.T) {
	s := testSealer(t)
	rapid.Check(t, func(t *rapid.T) {
		action := rapid.StringN(1, -1, MaxPress).Draw(t, "action")
		p := Press{action, rapid.StringN(0, -1, MaxPress-len(action)).Draw(t, "subject")}
		day := rapid.Int32Range(0, 65535).Draw(t, "day")
		id, err := s.SealPress(p, day)
		if err != nil {
			t.Fatal(err)
		}
		if again, _ := s.SealPress(p, day); again != id {
			t.Fatal("the same press sealed to another id")
		}
		if len(id) > 100 || strings.Trim(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			t.Fatalf("%q is no id", id)
		}
		if got, err := s.OpenPress(id, day); err != nil || got != p {
			t.Fatalf("opened %v, %v", got, err)
		}
		// Any one character changed breaks it.
		i := rapid.IntRange(0, len(id)-1).Draw(t, "at")
		b := []byte(id)
		if b[i]++; b[i] == 'z'+1 {
			b[i] = 'A'
		}
		if _, err := s.OpenPress(string(b), day); !errors.Is(err, ErrSealBroken) {
			t.Fatalf("changed at %d it opens: %v", i, err)
		}
	})
}

func FuzzOpenSeal(f *testing.F) {
	s := testSealer(f)
	id, _ := s.SealPress(Press{Action: "observe.share", Subject: "v1"}, testDay)
	v, _ := s.SealValue("", testDay)
	known := map[string]bool{id: true, v: true}
	for _, seed := range []string{id, v, "", "=", id[:50], id + id, v[:9] + "\r\n" + v[9:], strings.Repeat("A", 38), "\x00\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, sealed string) {
		p, err := s.OpenPress(sealed, testDay)
		w, errV := s.OpenValue(sealed, testDay)
		if (err == nil || errV == nil) && !known[sealed] {
			t.Fatalf("%q was never sealed and opens as %v, %q", sealed, p, w)
		}
	})
}

func TestSealDay(t *testing.T) {
	for at, want := range map[string]int32{"1970-01-01T00:00:00Z": 0, "2026-10-15T23:59:59Z": 20741, "2026-10-15T23:00:00-05:00": 20742, "1969-12-31T23:00:00Z": -1} {
		tm, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := SealDay(tm); got != want {
			t.Errorf("%s is day %d, want %d", at, got, want)
		}
	}
}

// TestSealIsStable: an id handed out today must open after an upgrade.
func TestSealIsStable(t *testing.T) {
	id, err := testSealer(t).SealPress(Press{Action: "observe.share", Subject: "v1042"}, testDay)
	const want = "CF1lfTEv6Qf-oCiYvHCSgijxEoDCj2NKq-Dfu6md2r8qbfzQtD2VOUMStKWbRKiOFA"
	if err != nil || id != want {
		t.Errorf("sealed to %q, %v", id, err)
	}
}
