package reminders

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"rounds/bot"
	"rounds/bot/bottest"
	"rounds/school"
	"rounds/school/sqlitelog"
)

// second starts another replica on the same log; the first one stays what it was.
func (w *world) second(change func(*Config)) (other *Runner) {
	mine := w.runner
	w.start(change)
	other, w.runner = w.runner, mine
	return other
}

func dies(at string) func(string) error {
	return func(p string) error {
		if p == at {
			return errCrashed
		}
		return nil
	}
}

// What nobody knows to have arrived may still be on its way. Nobody looks for it before the lease and 15 s have
// passed, or 15 s where the sender lives to say that its call is over.
func TestTakeoverWaits(t *testing.T) {
	for name, tc := range map[string]struct {
		after  time.Duration
		sender func(w *world)
	}{
		"no answer": {15 * time.Second, func(w *world) {
			w.fake.Inject(bottest.Fault{Op: "post", Err: &bot.UnknownError{Err: errors.New("no answer")}, Stands: true})
		}},
		"dead":   {75 * time.Second, func(w *world) { w.runner.crash = dies("after post") }},
		"frozen": {75 * time.Second, func(w *world) { w.runner.crash = dies("before post") }},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, "2026-10-15 10:00")
			w.scan()
			note := w.note("2026-10-15 10:00")
			other := w.second(func(*Config) {})
			tc.sender(w)
			if _, err := w.runner.scan(context.Background()); err != nil && !errors.Is(err, errCrashed) {
				t.Fatal(err)
			}
			w.fake.Inject(bottest.Fault{Op: "find", Err: errors.New("asked too early")})
			w.clock.set(local("2026-10-15 10:00").Add(tc.after - time.Nanosecond))
			if err := other.Scan(context.Background()); err != nil {
				t.Fatal(err)
			}
			if got := w.settledAs(note); got != "open" {
				t.Errorf("recorded as %q while the lease ran", got)
			}
			w.clock.set(local("2026-10-15 10:00").Add(tc.after))
			if err := other.Scan(context.Background()); err == nil {
				t.Error("nobody looked it up when the lease was over")
			}
			if err := other.Scan(context.Background()); err != nil {
				t.Fatal(err)
			}
			if n := w.byMarker()[hash(district+"/"+note)]; n != 1 || w.settledAs(note) != "sent" {
				t.Errorf("%d messages, recorded %q", n, w.settledAs(note))
			}
		})
	}
}

// SQLite ends the claims of the process that died. What that one sent a moment ago is not in the history yet, so the
// new process waits before it looks.
func TestTakeoverWaitsAfterARestart(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		c := &chaos{t: t, chats: []*chat{newSlack()}, now: shifted("2026-10-15 10:00")}
		slack := c.chats[0]
		slack.lag = 10 * time.Second
		open := func() (r *Runner, end func()) {
			store, err := sqlitelog.Open(context.Background(), filepath.Join(dir, "rounds.db"), sqlitelog.Options{Mark: sqlitelog.Real, Now: time.Now})
			if err != nil {
				t.Fatal(err)
			}
			c.log = store.Log(district)
			if c.book, err = school.Open(context.Background(), c.log); err != nil {
				t.Fatal(err)
			}
			r = c.runner(c.book)
			return r, func() {
				c.book.Close()
				if err := store.Close(); err != nil {
					t.Error(err)
				}
			}
		}
		r, end := open()
		c.found(1)
		if err := r.Scan(context.Background()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Second)
		c.share(1, 1)
		time.Sleep(5 * time.Second) // its jitter
		r.crash = dies("after post")
		if err := r.Scan(context.Background()); !errors.Is(err, errCrashed) {
			t.Fatalf("did not crash: %v", err)
		}
		end()
		r, end = open()
		defer end()
		ctx, stop := context.WithCancel(context.Background())
		done := make(chan error)
		go func() { done <- r.Run(ctx) }()
		time.Sleep(time.Minute)
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if out := c.judge(); out.lost+out.dropped+out.doubles() != 0 || out.finds != 1 {
			t.Errorf("after the restart: %+v", out)
		}
	})
}

// A machine that was suspended stops the steady clock, and one whose clock is set stops making sense of the
// wall: either ends the trust in a claim.
func TestTrustEndsByEitherClock(t *testing.T) {
	for name, tc := range map[string]struct{ wall, steady time.Duration }{
		"both go on":                {48 * time.Second, 48 * time.Second},
		"the machine is suspended":  {2 * time.Hour, 0},
		"the clock is set forward":  {2 * time.Hour, time.Second},
		"the clock is set back":     {-2 * time.Hour, time.Second},
		"set back, and frozen":      {-2 * time.Hour, time.Minute},
		"set back while it freezes": {10 * time.Second, time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			wall, steady := local("2026-10-15 10:00"), time.Duration(0)
			w := newWorldWith(t, "2026-10-15 10:00", func(c *Config) { c.Wall = func() time.Time { return wall } })
			w.runner.steady = func() time.Duration { return steady }
			w.scan()
			w.note("2026-10-15 10:00")
			w.runner.crash = func(p string) error {
				if p == "before post" {
					wall, steady = wall.Add(tc.wall), steady+tc.steady
				}
				return nil
			}
			w.scan()
			same(t, "in doubt", w.said(), nil)
			w.runner.crash = nil
			w.scan()
			same(t, "with a claim of its own", w.said(), []string{noteSaid})
		})
	}
}

// A replica died between a post and its record, and nobody looked again before the window closed. Another that lived on, or
// slept through it, does not record that nothing was sent.
func TestDroppedOnlyAfterALook(t *testing.T) {
	for name, sleeps := range map[string]bool{"it saw the other at it": false, "it was suspended": true} {
		t.Run(name, func(t *testing.T) {
			w := newWorldWith(t, "2026-10-14 14:00", func(c *Config) { c.Frozen = !sleeps })
			w.scan()
			dead := w.second(func(*Config) {})
			dead.crash = dies("after post")
			w.at("2026-10-14 15:02")
			if err := dead.Scan(context.Background()); !errors.Is(err, errCrashed) {
				t.Fatalf("did not crash: %v", err)
			}
			if !sleeps {
				w.scan() // the claim is held
			}
			w.at("2026-10-15 11:00") // the meeting is over
			w.scan()
			if got := w.settledAs("agenda/math/2026-10-15"); got != "sent" {
				t.Errorf("recorded as %q", got)
			}
		})
	}
}

// While the clock was two hours ahead, the mark moved into the future. What happens after it was set right is not
// hidden behind that mark.
func TestMarkComesBack(t *testing.T) {
	for name, restart := range map[string]bool{"running": false, "restarted": true} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, "2026-10-15 10:00")
			w.scan()
			w.at("2026-10-15 12:00") // wrong by two hours
			w.scan()
			if restart {
				w.restart()
			}
			w.at("2026-10-15 10:01")
			w.scan()
			w.note("2026-10-15 10:20")
			w.at("2026-10-15 10:20")
			if restart { // what the first scan put right is kept
				w.restart()
			}
			w.scan()
			same(t, "the note", w.said(), []string{noteSaid})
		})
	}
}

// The same in a district that began while the clock was wrong.
func TestBeginComesBack(t *testing.T) {
	w := newWorld(t, "2026-10-15 12:00") // wrong by two hours
	w.scan()
	w.at("2026-10-15 10:01")
	w.scan()
	w.note("2026-10-15 10:20")
	same(t, "the note", w.scanAt("2026-10-15 10:20"), []string{noteSaid})
}
