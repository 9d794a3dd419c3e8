//go:build powercut && linux

package sqlitelog

import (
	"context"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"rounds/school"
	"rounds/school/logtest"
)

// cutWriter is a writing child on a disk that loses its power.
type cutWriter struct {
	c *child
	k killed
}

func startCut(part string) func(t *testing.T, dir string) logtest.Writer {
	return func(t *testing.T, dir string) logtest.Writer {
		t.Helper()
		return &cutWriter{c: startChild(t, part, filepath.Join(dir, "rounds.db"), "cut"), k: killed{acked: map[string]bool{}}}
	}
}

func (w *cutWriter) note(line string) {
	if id, ok := strings.CutPrefix(line, "ack "); ok {
		w.k.acked[id] = true
	}
}

func (w *cutWriter) Stop(t *testing.T, after int) {
	t.Helper()
	for len(w.k.acked) < after {
		line := w.c.line(t)
		if line == "" {
			t.Fatal("the writer ended by itself")
		}
		w.note(line)
	}
	if err := w.c.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
}

// End reads what the child had said before it was stopped.
func (w *cutWriter) End(t *testing.T) int {
	t.Helper()
	w.c.kill(t)
	for line := w.c.line(t); line != ""; line = w.c.line(t) {
		w.note(line)
	}
	_ = w.c.cmd.Wait()
	return len(w.k.acked)
}

func (w *cutWriter) Lost(t *testing.T, dir string) (lost int, err error) {
	t.Helper()
	s, err := Open(t.Context(), filepath.Join(dir, "rounds.db"), Options{Mark: Real})
	if err != nil {
		return 0, err
	}
	defer s.Close()
	if err := s.Verify(t.Context()); err != nil {
		return 0, err
	}
	l := s.Log("cut")
	have := map[string]bool{}
	if err := l.Read(context.Background(), 0, func(e school.Event) error { have[e.Command] = true; return nil }); err != nil {
		return 0, err
	}
	for id := range w.k.acked {
		if !have[id] {
			delete(w.k.acked, id)
			lost++
		}
	}
	_, err = w.k.audit(l) // of those that are there
	return lost, err
}

// TestPowerCuts: what was acknowledged survives; with synchronous=NORMAL it does not, or the proof is void.
func TestPowerCuts(t *testing.T) {
	if lossy, lost := logtest.PowerCuts(t, startCut("writer")); lossy > 0 {
		t.Errorf("%d power cuts lost %d acknowledged commands", lossy, lost)
	}
}

func TestPowerCutsFindNormal(t *testing.T) {
	if lossy, _ := logtest.PowerCuts(t, startCut("normal")); lossy == 0 {
		t.Error("synchronous=NORMAL lost nothing: these cuts prove nothing")
	}
}
