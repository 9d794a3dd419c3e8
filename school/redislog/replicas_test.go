package redislog

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rounds/school"
	"rounds/school/logtest"
)

// TestReplicas: three replicas append at random, and each follows the same events in the same order; who appended sees
// them in its own model before the answer.
func TestReplicas(t *testing.T) {
	srv := logtest.StartRedis(t, durable...)
	address := fresh(srv)
	const replicas, writes = 3, 200
	books := make([]*school.Book, replicas)
	for i := range books {
		b, err := school.Open(t.Context(), mustOpen(t, address, Options{}).Log("lone-star"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(b.Close)
		books[i] = b
	}
	at := time.Date(2026, 10, 15, 15, 0, 0, 0, time.UTC)
	var wg sync.WaitGroup
	for i, b := range books {
		wg.Go(func() {
			rnd := rand.New(rand.NewPCG(7, uint64(i)))
			for n := range writes {
				id := school.PersonID(fmt.Sprintf("p%d", rnd.IntN(20)))
				e := school.Entry{
					Command: fmt.Sprintf("%d-%d", i, n), Via: "file", At: at, Facts: []school.Fact{school.PersonSet{ID: id, Name: "t" + string(id), From: 20000, Role: school.Teacher, Campus: "cedar"}},
					Texts: []school.Text{{Key: "t" + string(id), Kind: "name", Subject: string(id), Body: fmt.Sprint("Name ", i, " ", n)}},
				}
				r, err := b.Record(t.Context(), e)
				if err != nil {
					t.Error(err)
					return
				}
				_ = b.Read(func(m *school.Model) {
					if m.Version() < r.Last {
						t.Errorf("replica %d answers from version %d after it recorded %d", i, m.Version(), r.Last)
					}
				})
			}
		})
	}
	wg.Wait()
	var events [replicas][]string
	for i, b := range books {
		if err := b.Await(t.Context(), replicas*writes); err != nil {
			t.Fatal(err)
		}
		err := b.Log().Read(t.Context(), 0, func(e school.Event) error {
			events[i] = append(events[i], fmt.Sprint(e.Version, e.Command))
			return nil
		})
		if err != nil || len(events[i]) != replicas*writes {
			t.Fatalf("replica %d reads %d events: %v", i, len(events[i]), err)
		}
		if !slices.Equal(events[i], events[0]) {
			t.Errorf("replica %d and replica 0 read different logs", i)
		}
	}
}

// TestCluster: the records of several districts on three nodes.
func TestCluster(t *testing.T) {
	t.Parallel()
	var hosts []string
	for range 3 {
		s := logtest.StartRedis(t, append(durable, "--cluster-enabled", "yes", "--cluster-node-timeout", "2000")...)
		hosts = append(hosts, s.Addr)
	}
	out, err := exec.Command("redis-cli", append([]string{"--cluster", "create"}, append(hosts, "--cluster-yes")...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("redis-cli: %v\n%s", err, out)
	}
	address := "redis+cluster://" + strings.Join(hosts, ",")
	var s *Store
	for end := time.Now().Add(30 * time.Second); s == nil; {
		if s, err = Open(t.Context(), address, Options{Mark: Real}); err != nil && time.Now().After(end) {
			t.Fatal(err)
		}
	}
	defer s.Close()
	nodes := map[string]bool{}
	for d := range 12 {
		l := s.Log(fmt.Sprint("district-", d)).(*log)
		n, err := l.node(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		nodes[n.Options().Addr] = true
		note := school.Text{Key: "k", Kind: "note", Subject: "p1", Body: "words"}
		for i := range 5 {
			if _, err := l.Append(t.Context(), int64(i), fmt.Sprint("c", i), fact(i), []school.Text{note}); err != nil {
				t.Fatal(err)
			}
		}
		if a, err := l.Append(t.Context(), school.Any, "c0", fact(9), nil); err != nil || !a.Repeated || a.Version != 1 {
			t.Errorf("a repeated command: %+v %v", a, err)
		}
		if c, ok, err := l.Claim(t.Context(), "x", "me", time.Minute); err != nil || !ok || c.Epoch != 1 {
			t.Errorf("claim: %+v %v %v", c, ok, err)
		}
		if err := l.Put(t.Context(), "a/1", []byte("v"), 0, "p1"); err != nil {
			t.Error(err)
		}
		got := 0
		if err := l.List(t.Context(), "a/", func(string, []byte) error { got++; return nil }); err != nil || got != 1 {
			t.Errorf("list: %d %v", got, err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		n2 := 0
		err = l.Tail(ctx, 0, func(school.Event) error {
			if n2++; n2 == 5 {
				cancel()
			}
			return nil
		})
		if !errors.Is(err, context.Canceled) || n2 != 5 {
			t.Errorf("tail gave %d: %v", n2, err)
		}
		if n, err := l.DeleteTexts(t.Context(), "p1"); err != nil || n != 1 {
			t.Errorf("delete texts: %d %v", n, err)
		}
	}
	if len(nodes) < 2 {
		t.Errorf("12 districts are all on %v", nodes)
	}
	t.Logf("12 districts on %d nodes", len(nodes))
}
