package reminders

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"rounds/bot"
)

// demoWorld is a world that a demo clock drives.
func demoWorld(t *testing.T, start string, tick bool) (*world, *DemoClock) {
	w := newWorld(t, start)
	c, err := NewDemoClock(context.Background(), w.log, local(start), tick)
	if err != nil {
		t.Fatal(err)
	}
	w.start(func(cfg *Config) { cfg.Now, cfg.Wall = c.Now, time.Now })
	w.fake.Now = c.Now
	c.Drive(w.runner)
	t.Cleanup(c.Close)
	return w, c
}

func TestPlayTheDemo(t *testing.T) {
	w, c := demoWorld(t, "2026-10-15 10:00", false)
	ctx := context.Background()
	var got []string
	for range 6 {
		at, what, ok, err := c.Next(ctx)
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		did, err := c.Play(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if want := at.Format("Mon, Jan 2, 3:04 PM") + " · " + what; len(did) != 1 || did[0] != want {
			t.Errorf("announced %q, did %q", want, did)
		}
		if !c.Now().Equal(at) {
			t.Errorf("the clock stands at %v", c.Now())
		}
		got = append(got, did...)
	}
	same(t, "played", got, []string{
		"Fri, Oct 16, 12:00 PM · A look at the coaching snapshot of Cedar Ridge, for its owner",
		"Fri, Oct 16, 3:00 PM · Coaching snapshot of Cedar Ridge",
		"Mon, Oct 19, 7:00 AM · Plan of the week, for a leader",
		"Wed, Oct 21, 7:00 AM · Visits due soon, for a leader",
		"Wed, Oct 21, 3:00 PM · PLC agenda for Math 7",
		"Thu, Oct 22, 8:50 AM · Math 7 is about to meet",
	})
	if n := len(w.said()); n != 6 {
		t.Errorf("%d messages", n)
	}
}

func TestJumpPlaysEachAtItsOwnTime(t *testing.T) {
	w, c := demoWorld(t, "2026-10-15 10:00", false)
	w.clock.set(local("2026-10-15 10:00"))
	w.note("2026-10-15 15:30")
	did, err := c.Jump(context.Background(), local("2026-10-21 16:00"))
	if err != nil {
		t.Fatal(err)
	}
	var at []string
	for _, s := range did {
		at = append(at, strings.SplitN(s, " · ", 2)[0])
	}
	same(t, "times", at, []string{"Thu, Oct 15, 3:30 PM", "Fri, Oct 16, 12:00 PM", "Fri, Oct 16, 3:00 PM", "Mon, Oct 19, 7:00 AM", "Wed, Oct 21, 7:00 AM", "Wed, Oct 21, 3:00 PM"})
	if got := c.Now(); !got.Equal(local("2026-10-21 16:00")) {
		t.Errorf("the clock stands at %v", got)
	}

	_, err = c.Jump(context.Background(), local("2026-10-20 16:00"))
	var be *bot.Error
	if !errors.As(err, &be) || be.Code != bot.Invalid || !strings.Contains(be.Sentence, "never goes back") {
		t.Errorf("an earlier time: %v", err)
	}

	// It goes on from there in another process, whatever start that is given.
	again, err := NewDemoClock(context.Background(), w.log, local("2026-10-15 10:00"), false)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if got := again.Now(); !got.Equal(local("2026-10-21 16:00")) {
		t.Errorf("the next process begins at %v", got)
	}
}

func TestDemoNoticeRightAfterSharing(t *testing.T) {
	for _, tick := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, "2026-10-15 10:00")
			c, err := NewDemoClock(context.Background(), w.log, local("2026-10-15 10:00"), tick)
			if err != nil {
				t.Fatal(err)
			}
			w.start(func(cfg *Config) { cfg.Now, cfg.Wall = c.Now, time.Now })
			c.Drive(w.runner)
			w.clock.set(c.Now())
			w.note("2026-10-15 10:00")
			synctest.Wait()
			same(t, "at once", w.said(), []string{noteSaid})
			if tick {
				w.note("2026-10-15 10:01")
				time.Sleep(70 * time.Second)
				synctest.Wait()
				same(t, "when ticking time passes it", w.said(), []string{noteSaid})
			}
			c.Close()
			w.book.Close()
		})
	}
}

func TestDemoClockEndsWithItsRecord(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, "2026-10-15 10:00")
		c, err := NewDemoClock(context.Background(), w.log, local("2026-10-15 10:00"), true)
		if err != nil {
			t.Fatal(err)
		}
		w.start(func(cfg *Config) { cfg.Now = c.Now })
		c.Drive(w.runner)
		time.Sleep(time.Second)
		w.book.Close()
		c.done.Wait() // without Close
	})
}

func TestNothingToPlay(t *testing.T) {
	_, c := demoWorld(t, "2027-06-15 10:00", false)
	did, err := c.Play(context.Background())
	if err != nil || len(did) != 1 || !strings.HasPrefix(did[0], "Nothing") {
		t.Errorf("%q, %v", did, err)
	}
	if !c.Now().Equal(local("2027-06-15 10:00")) {
		t.Error("the clock moved")
	}
}
