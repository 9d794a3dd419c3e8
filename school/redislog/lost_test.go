package redislog

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"rounds/school"
	"rounds/school/logtest"

	"github.com/redis/go-redis/v9"
)

func fact(n int) []school.Event {
	return []school.Event{{Kind: "visit.logged", By: "p1", Via: "slack", Data: fmt.Appendf(nil, `{"n":%d}`, n)}}
}

// TestLostReplies: an append whose reply is lost is in the log once, a thousand times over. The client as it comes, which
// repeats what it got no reply to, writes twice: the control.
func TestLostReplies(t *testing.T) {
	srv := logtest.StartRedis(t, "--appendonly", "no", "--save", "") // about connections, not about disks
	p := logtest.StartProxy(t, srv.Addr)
	const seed = 20261122
	rnd := rand.New(rand.NewPCG(seed, 1))
	store := mustOpen(t, "redis://"+p.Addr(), Options{AcceptLoss: true})
	l := store.Log("lone-star")

	const drops, appends = 1000, 2000
	lost := 0
	for i := range appends {
		lose := appends-i <= drops-lost || lost < drops && rnd.IntN(2) == 0
		if lose {
			lost++
			p.LoseNext()
		} else {
			p.Lose(nil)
		}
		command := ""
		if i%3 != 0 {
			command = fmt.Sprint("c", i)
		}
		a, err := l.Append(t.Context(), school.Any, command, fact(i), nil)
		if err != nil || a.Version != int64(i+1) || a.Events != 1 {
			t.Fatalf("seed %d, append %d (reply lost: %v): %+v %v", seed, i, lose, a, err)
		}
	}
	p.Lose(nil)
	n := 0
	err := l.Read(t.Context(), 0, func(e school.Event) error {
		if want := fmt.Sprintf(`{"n":%d}`, n); string(e.Data) != want {
			return fmt.Errorf("event %d is %s, want %s", e.Version, e.Data, want)
		}
		n++
		return nil
	})
	if err != nil || n != appends {
		t.Fatalf("seed %d: %d events of %d appends: %v", seed, n, appends, err)
	}
	t.Logf("%d replies lost in %d appends: every append is in the log once", lost, appends)

	plain := redis.NewClient(&redis.Options{Addr: p.Addr()})
	defer plain.Close()
	const tries = 50
	for i := range tries {
		if err := plain.Ping(t.Context()).Err(); err != nil { // the greeting of a connection is not what is to be lost
			t.Fatal(err)
		}
		p.LoseNext()
		if err := plain.XAdd(t.Context(), &redis.XAddArgs{Stream: "control", Values: []any{"n", i}}).Err(); err != nil {
			t.Fatal(err)
		}
		p.Lose(nil)
	}
	got := plain.XLen(t.Context(), "control").Val()
	if got <= tries {
		t.Fatalf("the control wrote %d entries for %d calls: the proxy loses nothing", got, tries)
	}
	t.Logf("control: the client with its own retries wrote %d entries for %d calls", got, tries)
}

// TestLostClaim: whoever loses the reply to a claim gets a later epoch, and so knows that it, or somebody, was there.
func TestLostClaim(t *testing.T) {
	srv := logtest.StartRedis(t, "--save", "")
	p := logtest.StartProxy(t, srv.Addr)
	l := mustOpen(t, "redis://"+p.Addr(), Options{AcceptLoss: true}).Log("d")
	if _, _, err := l.Claim(t.Context(), "other", "me", block); err != nil { // there is a connection, and the script is known
		t.Fatal(err)
	}
	p.Lose(func([]byte) bool { return true })
	_, ok, err := l.Claim(t.Context(), "k", "me", block)
	if ok || !errors.Is(err, ErrUnsure) {
		t.Fatalf("a claim without a reply: %v %v", ok, err)
	}
	p.Lose(nil)
	c, ok, err := l.Claim(t.Context(), "k", "me", block)
	if err != nil || ok || c.Holder != "me" || c.Epoch != 1 {
		t.Fatalf("the claim that got through is held: %+v %v %v", c, ok, err)
	}
}

// TestAway: while the server cannot be reached nothing is written and the error says so; when it is back everything goes
// on by itself, Tail included.
func TestAway(t *testing.T) {
	srv := logtest.StartRedis(t, durable...)
	p := logtest.StartProxy(t, srv.Addr)
	store := mustOpen(t, "redis://"+p.Addr(), Options{})
	store.insist = 300 * time.Millisecond
	l := store.Log("lone-star")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	seen := make(chan int64, 100)
	ended := make(chan error, 1)
	go func() {
		ended <- l.Tail(ctx, 0, func(e school.Event) error { seen <- e.Version; return nil })
	}()
	if _, err := l.Append(ctx, school.Any, "one", fact(1), nil); err != nil {
		t.Fatal(err)
	}
	if v := <-seen; v != 1 {
		t.Fatalf("tail gave %d", v)
	}
	p.Partition(true)
	_, err := l.Append(ctx, school.Any, "two", fact(2), nil)
	if !errors.Is(err, ErrAway) && !errors.Is(err, ErrUnsure) {
		t.Fatalf("append behind a partition: %v", err)
	}
	if store.Away() == nil {
		t.Error("the store does not know that the server is away")
	}
	other := mustOpen(t, "redis://"+srv.Addr, Options{})
	if a, err := other.Log("lone-star").Append(ctx, school.Any, "three", fact(3), nil); err != nil || a.Version != 2 {
		t.Fatalf("the other side of the partition: %+v %v", a, err)
	}
	p.Partition(false)
	if v := <-seen; v != 2 {
		t.Fatalf("tail gave %d after the partition", v)
	}
	if a, err := l.Append(ctx, school.Any, "two", fact(2), nil); err != nil || a.Version != 3 {
		t.Fatalf("after the partition: %+v %v", a, err)
	}
	if err := store.Away(); err != nil {
		t.Errorf("the store believes that the server is away: %v", err)
	}
	// A server that is killed and started again has everything it acknowledged.
	<-seen
	srv.Kill()
	gone := mustLog(t, srv.Addr)
	if _, err := gone.Append(ctx, school.Any, "nowhere", fact(9), nil); !errors.Is(err, ErrAway) || !errors.Is(err, school.ErrUnready) {
		t.Errorf("nothing can have been sent to a server that is gone, and the error does not say so: %v", err)
	}
	srv.Start(t)
	if a, err := l.Append(ctx, 3, "four", fact(4), nil); err != nil || a.Version != 4 {
		t.Fatalf("after a restart: %+v %v", a, err)
	}
	if v := <-seen; v != 4 {
		t.Fatalf("tail gave %d after a restart", v)
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// mustLog is a log of a store that has never been connected.
func mustLog(t *testing.T, addr string) school.Log {
	t.Helper()
	a, err := ParseAddress("redis://" + addr)
	if err != nil {
		t.Fatal(err)
	}
	s := newStore(a, Options{Mark: Real})
	s.insist = 300 * time.Millisecond
	t.Cleanup(func() { s.Close() })
	return s.Log("lone-star")
}

// TestHalfDone: a script that was stopped between the memory of its command and its entry has appended nothing. The command
// that is sent again is then appended, whether the version it was to have is still free or another's.
func TestHalfDone(t *testing.T) {
	srv := logtest.StartRedis(t, durable...)
	admin := client(t, srv)
	for name, others := range map[string]int{"nothing came after": 0, "others came after": 3} {
		t.Run(name, func(t *testing.T) {
			l := mustOpen(t, fresh(srv), Options{}).Log("d")
			if err := admin.Set(t.Context(), l.(*log).tag+":c:half", "1 1", 0).Err(); err != nil {
				t.Fatal(err)
			}
			for i := range others {
				if _, err := l.Append(t.Context(), int64(i), fmt.Sprint("other", i), fact(i), nil); err != nil {
					t.Fatal(err)
				}
			}
			want := int64(others + 1)
			for again := range 2 {
				a, err := l.Append(t.Context(), school.Any, "half", fact(9), nil)
				if err != nil || a.Version != want || a.Repeated != (again == 1) {
					t.Errorf("sent %d times: %+v %v, want version %d", again+1, a, err, want)
				}
			}
		})
	}
}
