package sqlitelog

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"rounds/school"
)

// What kill -9 shows: that an acknowledged command is in the file when the process dies at any moment, that the
// lock goes with it, and that the file recovers. What it cannot show is that commits are synced: the
// kernel keeps what was written, and synchronous=NORMAL passes just as well. That needs a power cut.

// writers is how many goroutines of a child append; so many commands may be in the file unacknowledged.
const writers = 4

// childWriter appends until it is killed, and says each command that was acknowledged.
func childWriter(path, district string) error {
	return childAppends(path, district, Options{Mark: Real}, honest)
}

// childNormal is the same with a store that does not sync: the control of power cuts.
func childNormal(path, district string) error {
	return childAppends(path, district, Options{Mark: Real, unsafeNormal: true}, honest)
}

func honest(id string, appended func() error) error {
	if err := appended(); err != nil {
		return err
	}
	_, err := fmt.Println("ack", id)
	return err
}

// childLiar acknowledges before it appends. The test must find it out.
func childLiar(path, district string) error {
	return childAppends(path, district, Options{Mark: Real}, func(id string, appended func() error) error {
		fmt.Println("ack", id)
		return appended()
	})
}

func childAppends(path, district string, opts Options, order func(id string, appended func() error) error) error {
	s, err := Open(context.Background(), path, opts)
	if err != nil {
		return err
	}
	fmt.Println("open")
	l := s.Log(district)
	failed := make(chan error)
	for w := range writers {
		go func() {
			for n := 0; ; n++ {
				id := fmt.Sprintf("%d/%d", w, n)
				err := order(id, func() error {
					a, err := l.Append(context.Background(), school.Any, id, killEvents(id, n), killTexts(id))
					if err == nil && a.Repeated {
						err = fmt.Errorf("command %s was there before", id)
					}
					return err
				})
				if err != nil {
					failed <- err
					return
				}
			}
		}()
	}
	return <-failed
}

// killEvents are the one to three events of a command; now and then they are large, so that a commit has many pages.
func killEvents(id string, n int) []school.Event {
	size := 200
	if n%17 == 16 {
		size = 40_000
	}
	es := make([]school.Event, 1+n%3)
	for i := range es {
		es[i] = school.Event{Kind: "kill", By: "p1", Data: fmt.Appendf(nil, `{"id":%q,"i":%d,"fill":%q}`, id, i, strings.Repeat("x", size))}
	}
	return es
}

func killTexts(id string) []school.Text {
	return []school.Text{{Key: id, Kind: "note", Subject: "s" + id[:1], Body: "of " + id}}
}

// A killed writer: what it acknowledged, and whether it came as far as to open the store.
type killed struct {
	acked  map[string]bool
	opened bool
}

// killWriter starts a writer and kills it after so many acknowledged commands; -1 is at
// once, perhaps before it has opened the store.
func killWriter(t *testing.T, part, path, district string, after int) killed {
	t.Helper()
	c := startChild(t, part, path, district)
	k := killed{acked: map[string]bool{}}
	dead := after < 0
	if dead {
		c.kill(t)
	}
	for {
		line := c.line(t)
		if line == "" {
			break
		}
		if line == "open" {
			k.opened = true
		} else if id, ok := strings.CutPrefix(line, "ack "); ok {
			k.acked[id] = true
		}
		if !dead && len(k.acked) >= after {
			c.kill(t)
			dead = true
		}
	}
	c.cmd.Wait()
	return k
}

// audit compares a log with what was acknowledged.
func (k killed) audit(l school.Log) (unacked int, err error) {
	have := map[string][]school.Event{}
	if err := l.Read(context.Background(), 0, func(e school.Event) error {
		have[e.Command] = append(have[e.Command], e)
		return nil
	}); err != nil {
		return 0, err
	}
	for id, es := range have {
		var n int
		if _, err := fmt.Sscanf(id[strings.Index(id, "/")+1:], "%d", &n); err != nil {
			return 0, err
		}
		want := killEvents(id, n)
		if len(es) != len(want) {
			return 0, fmt.Errorf("command %s has %d of its %d events", id, len(es), len(want))
		}
		for i := range es {
			if string(es[i].Data) != string(want[i].Data) || es[i].Version != es[0].Version+int64(i) {
				return 0, fmt.Errorf("event %d of command %s is not as it was appended", i, id)
			}
		}
		found, err := l.Texts(context.Background(), id)
		if err != nil || len(found) != 1 || found[id] != killTexts(id)[0] {
			return 0, fmt.Errorf("texts of command %s: %v %w", id, found, err)
		}
		if !k.acked[id] {
			unacked++
		}
	}
	for id := range k.acked {
		if have[id] == nil {
			return unacked, fmt.Errorf("command %s was acknowledged and %w", id, errLost)
		}
	}
	return unacked, nil
}

var errLost = errors.New("is lost")

func TestKill(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rounds.db")
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rnd := rand.New(rand.NewPCG(seed, 1))
	acked, unacked := 0, 0
	for i := range *kills {
		district := fmt.Sprint("kill ", i)
		after := rnd.IntN(400)
		if i%10 == 4 {
			after = -1
		}
		k := killWriter(t, "writer", path, district, after)
		if len(k.acked) < after {
			t.Fatalf("kill %d: the writer ended by itself after %d commands", i, len(k.acked))
		}
		acked += len(k.acked)

		// A reader may be the first to come.
		if i%2 == 1 && k.opened {
			s := mustOpen(t, path, Options{Mark: Real, ReadOnly: true})
			if _, err := k.audit(s.Log(district)); err != nil {
				t.Fatalf("kill %d, read-only: %v", i, err)
			}
			s.Close()
		}

		// The kernel has let go of the lock, or this fails.
		s := mustOpen(t, path, Options{Mark: Real})
		extra, err := k.audit(s.Log(district))
		if err != nil {
			t.Fatalf("kill %d after %d commands: %v", i, len(k.acked), err)
		}
		if extra > writers {
			t.Fatalf("kill %d: %d commands are there that were not acknowledged; only %d were under way", i, extra, writers)
		}
		unacked += extra

		// Who had no answer asks again, and has it done once.
		for w := range writers {
			n := 0
			for k.acked[fmt.Sprintf("%d/%d", w, n)] {
				n++
			}
			id := fmt.Sprintf("%d/%d", w, n)
			if _, err := s.Log(district).Append(t.Context(), school.Any, id, killEvents(id, n), killTexts(id)); err != nil {
				t.Fatal(err)
			}
			k.acked[id] = true
		}
		if extra, err := k.audit(s.Log(district)); err != nil || extra != 0 {
			t.Fatalf("kill %d, after asking again: %d extra, %v", i, extra, err)
		}
		if i%20 == 0 || i == *kills-1 {
			if err := s.Verify(t.Context()); err != nil {
				t.Fatalf("kill %d: %v", i, err)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d kills: %d commands acknowledged, 0 lost; %d present that were not acknowledged", *kills, acked, unacked)
}

// TestKillFindsALiar is the negative control of TestKill: a writer that acknowledges before it appends is caught.
func TestKillFindsALiar(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rounds.db")
	for i := range 50 {
		district := fmt.Sprint("kill ", i)
		k := killWriter(t, "liar", path, district, 20+i)
		s := mustOpen(t, path, Options{Mark: Real})
		_, err := k.audit(s.Log(district))
		s.Close()
		if errors.Is(err, errLost) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Error("50 writers that lied were killed, and nothing was missed")
}

// TestKillLeavesTheLock: while a writer lives there is no second one, and when it is
// killed the next may begin at once.
func TestKillLeavesTheLock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rounds.db")
	c := startChild(t, "holder", path, "a")
	line := c.line(t)
	pid, ok := strings.CutPrefix(line, "held ")
	if !ok {
		t.Fatal(line)
	}
	_, err := Open(t.Context(), path, Options{Mark: Real})
	if !errors.Is(err, school.ErrHeld) || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "process "+pid) {
		t.Errorf("a second writer: %v", err)
	}
	r := mustOpen(t, path, Options{Mark: Real, ReadOnly: true}) // reading is free
	if v, err := r.Log("a").Version(t.Context()); v != 1 || err != nil {
		t.Errorf("reading beside a writer: version %d, %v", v, err)
	}
	c.kill(t)
	c.cmd.Wait()
	s := mustOpen(t, path, Options{Mark: Real})
	if _, err := s.Log("a").Append(t.Context(), 1, "", []school.Event{{Kind: "next"}}, nil); err != nil {
		t.Error(err)
	}
	if v, err := r.Log("a").Version(t.Context()); v != 2 || err != nil { // the reader was not disturbed
		t.Errorf("the reader: version %d, %v", v, err)
	}

	// A writer that ends well lets go too.
	s.Close()
	c = startChild(t, "holder", path, "a")
	if line := c.line(t); !strings.HasPrefix(line, "held ") {
		t.Fatal(line)
	}
	c.in.Close()
	if err := c.cmd.Wait(); err != nil {
		t.Error(err)
	}
	mustOpen(t, path, Options{Mark: Real}).Close()
}
