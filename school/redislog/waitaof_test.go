package redislog

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"rounds/school"
	"rounds/school/logtest"
)

// everysec are the settings of a server that syncs once a second.
var everysec = []string{"--appendonly", "yes", "--appendfsync", "everysec", "--save", ""}

// TestWaitAOF: a server that syncs once a second is good enough where it can be asked whether it has. An older one is refused,
// and then nothing is proved here about the others: REDIS_SERVER names a server of Redis 7.2 or later, or a Valkey.
func TestWaitAOF(t *testing.T) {
	t.Parallel()
	srv := logtest.StartRedis(t, everysec...)
	admin := client(t, srv)
	s, err := Open(t.Context(), fresh(srv), Options{Mark: Real})
	if !knows(t.Context(), admin, "WAITAOF") {
		if !errors.Is(err, ErrUnsafe) {
			t.Fatalf("a server that syncs once a second and cannot be asked: %v", err)
		}
		t.Log("WAITAOF is untested: this server is older than Redis 7.2")
		return
	}
	if err != nil || !s.waitAOF {
		t.Fatalf("a server with WAITAOF: %v", err)
	}
	defer s.Close()
	l := s.Log("d")
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			for i := range 2 {
				id := fmt.Sprintf("%d-%d", w, i)
				for repeated := range 2 {
					a, err := l.Append(t.Context(), school.Any, id, fact(i), nil)
					if err != nil || a.Repeated != (repeated == 1) {
						t.Errorf("append %s: %+v %v", id, a, err)
					}
				}
			}
		})
	}
	wg.Wait()
	c, ok, err := l.Claim(t.Context(), "k", "me", time.Minute)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	// A disk that is not synced any more: nothing is acknowledged, and what was written is found by its id.
	if err := admin.ConfigSet(t.Context(), "appendfsync", "no").Err(); err != nil {
		t.Fatal(err)
	}
	s.insist = time.Second
	if a, err := l.Append(t.Context(), school.Any, "late", fact(1), nil); !errors.Is(err, ErrUnsure) || !errors.Is(err, school.ErrUnsure) {
		t.Errorf("an append that was not synced: %+v %v", a, err)
	}
	if ok, err := l.Done(t.Context(), c, true); !errors.Is(err, ErrUnsure) {
		t.Errorf("the end of a claim that was not synced: %v %v", ok, err)
	}
	if _, err := l.PutIfAbsent(t.Context(), "v", []byte("x"), 0, ""); !errors.Is(err, ErrUnsure) {
		t.Errorf("a value that was not synced: %v", err)
	}
	if err := admin.ConfigSet(t.Context(), "appendfsync", "everysec").Err(); err != nil {
		t.Fatal(err)
	}
	if a, err := l.Append(t.Context(), school.Any, "late", fact(1), nil); err != nil || !a.Repeated {
		t.Errorf("the same command on a disk that is synced again: %+v %v", a, err)
	}
}
