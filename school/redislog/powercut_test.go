//go:build powercut && linux

package redislog

import (
	"context"
	"fmt"
	"sync"
	"syscall"
	"testing"

	"rounds/school"
	"rounds/school/logtest"

	"github.com/redis/go-redis/v9"
)

// cutWriter is a server on a disk that loses its power, and writers that use it.
type cutWriter struct {
	srv   *logtest.Redis
	store *Store
	args  []string

	mu     sync.Mutex
	acked  map[string]bool
	enough chan struct{}
	after  int
	wg     sync.WaitGroup
	stop   context.CancelFunc
}

func startCut(writers int, wait bool, args ...string) func(t *testing.T, dir string) logtest.Writer {
	return func(t *testing.T, dir string) logtest.Writer {
		t.Helper()
		srv := logtest.StartRedisIn(t, dir, args...)
		w := &cutWriter{srv: srv, args: args, acked: map[string]bool{}, enough: make(chan struct{}), after: -1}
		w.store = mustOpen(t, "redis://"+srv.Addr, Options{AcceptLoss: true})
		ctx, stop := context.WithCancel(context.Background())
		w.stop = stop
		l := w.store.Log("cut")
		for i := range writers {
			w.wg.Go(func() {
				conn := client(t, srv).Conn()
				for n := 0; ctx.Err() == nil; n++ {
					id := fmt.Sprintf("%d/%d", i, n)
					if _, err := l.Append(ctx, school.Any, id, fact(n), []school.Text{{Key: id, Kind: "note", Subject: "p", Body: id}}); err != nil {
						return
					}
					if wait && !synced(ctx, conn) {
						return
					}
					w.mu.Lock()
					w.acked[id] = true
					if len(w.acked) == w.after {
						close(w.enough)
					}
					w.mu.Unlock()
				}
			})
		}
		return w
	}
}

func (w *cutWriter) Stop(t *testing.T, after int) {
	t.Helper()
	w.mu.Lock()
	w.after = max(after, len(w.acked)+1)
	w.mu.Unlock()
	<-w.enough
	if err := w.srv.Cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
}

func (w *cutWriter) End(t *testing.T) int {
	t.Helper()
	w.srv.Kill()
	w.stop()
	w.wg.Wait()
	w.store.Close()
	return len(w.acked)
}

func (w *cutWriter) Lost(t *testing.T, dir string) (lost int, err error) {
	t.Helper()
	srv := logtest.StartRedisIn(t, dir, w.args...)
	defer srv.Kill()
	s := mustOpen(t, "redis://"+srv.Addr, Options{AcceptLoss: true})
	defer s.Close()
	l := s.Log("cut")
	have := map[string]bool{}
	err = l.Read(t.Context(), 0, func(e school.Event) error {
		if have[e.Command] {
			return fmt.Errorf("command %s is there twice", e.Command)
		}
		have[e.Command] = true
		return nil
	})
	if err != nil {
		return 0, err
	}
	known := ""
	for id := range w.acked {
		if have[id] {
			known = id
		} else {
			lost++
		}
	}
	if known != "" { // one will do: each costs a sync
		a, err := l.Append(t.Context(), school.Any, known, fact(0), nil)
		if err != nil || !a.Repeated {
			return lost, fmt.Errorf("command %s is there and was forgotten: %+v %w", known, a, err)
		}
	}
	texts := 0
	err = l.ScanTexts(t.Context(), "note", func(x school.Text) error {
		texts++
		if x.Body != x.Key {
			return fmt.Errorf("text %s is %q", x.Key, x.Body)
		}
		return nil
	})
	if err == nil && texts < len(have) {
		err = fmt.Errorf("%d commands and only %d texts", len(have), texts)
	}
	return lost, err
}

// TestPowerCuts: what was acknowledged survives with appendfsync always; with everysec it does not, or the proof is void.
func TestPowerCuts(t *testing.T) {
	if lossy, lost := logtest.PowerCuts(t, startCut(4, false, durable...)); lossy > 0 {
		t.Errorf("%d power cuts lost %d acknowledged commands", lossy, lost)
	}
}

var everysec = []string{"--appendonly", "yes", "--appendfsync", "everysec", "--save", ""}

func TestPowerCutsFindEverysec(t *testing.T) {
	if lossy, _ := logtest.PowerCuts(t, startCut(4, false, everysec...)); lossy == 0 {
		t.Error("appendfsync everysec lost nothing: these cuts prove nothing")
	}
}

// synced asks the server whether what was written before is on disk, and waits until it says so.
func synced(ctx context.Context, conn *redis.Conn) bool {
	// WAITAOF speaks for what this connection wrote: a write of its own comes after the append.
	if conn.Set(ctx, "synced", "1", 0).Err() != nil {
		return false
	}
	n, err := conn.Do(ctx, "WAITAOF", 1, 0, 5000).Int64Slice()
	return err == nil && len(n) > 0 && n[0] == 1
}

// TestPowerCutsWaitAOF counts what a server loses that syncs once a second and is asked after each append whether it has. It is
// why the guard takes no answer to WAITAOF for a sync: Valkey 8.0.1 loses. REDIS_SERVER names a server that knows it.
func TestPowerCutsWaitAOF(t *testing.T) {
	if err := client(t, logtest.StartRedis(t, durable...)).Do(t.Context(), "WAITAOF", 0, 0, 1).Err(); err != nil {
		t.Logf("WAITAOF is untested: this server is older than Redis 7.2 (%v)", err)
		return
	}
	lossy, lost := logtest.PowerCuts(t, startCut(16, true, everysec...))
	t.Logf("appendfsync everysec and WAITAOF after each append: %d acknowledged commands lost in %d cuts", lost, lossy)
}
