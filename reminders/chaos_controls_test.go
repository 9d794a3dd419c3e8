package reminders

import (
	"testing"
	"testing/synctest"
	"time"

	"rounds/school"
)

// still is a wall clock that stands, so that the trust in a claim never ends. It is a negative control.
func still() func() time.Time {
	began := time.Now()
	return func() time.Time { return began }
}

// What TestChaos proves, it proves because each of these posts twice: the same senders, crashes and pauses, with one
// part of the protocol taken away by a double.
func TestChaosControls(t *testing.T) {
	for name, change := range map[string]func(c *chaos){
		"a plain lock": func(c *chaos) {
			c.spoil = func(l school.Log) school.Log { return lockOnly{l} }
			c.setup = func(cfg *Config) { chaotic(cfg); cfg.Wall, cfg.Poster = still(), blind{deaf{cfg.Poster}} }
		},
		"no look-up": func(c *chaos) {
			c.setup = func(cfg *Config) { chaotic(cfg); cfg.Poster = blind{cfg.Poster} }
		},
		"no trust deadline": func(c *chaos) {
			c.setup = func(cfg *Config) { chaotic(cfg); cfg.Wall, cfg.Poster = still(), deaf{cfg.Poster} }
			c.point = func(c *chaos, p string, dice func(string) bool) error {
				if p == "before post" && dice("one more pause") {
					time.Sleep(2 * pause)
				}
				return steps(c, p, dice)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const n = 1000
				c := &chaos{seed: 1, log: school.NewMemLog(nil), chats: []*chat{newSlack()}, senders: 3, point: steps}
				change(c)
				out := c.run(t, n)
				t.Logf("seed %d, %d occurrences: %v", c.seed, n, out)
				if out.doubles() == 0 {
					t.Errorf("seed %d: nothing was said twice: TestChaos proves nothing about it", c.seed)
				}
				if out.lost != 0 {
					t.Errorf("seed %d: %d lost", c.seed, out.lost)
				}
			})
		})
	}
}

// The one thing that cannot be closed: the process stands still between its last look at the clock and the write to
// the socket, and wakes after its lease. Slack then shows a message twice, now and then; Discord knows the nonce
// as long as it remembers it.
func TestChaosResidue(t *testing.T) {
	for _, freeze := range []time.Duration{pause, 2 * pause, 10 * pause, 200 * pause} {
		t.Run(freeze.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const n = 1000
				c := &chaos{
					seed: 1, log: school.NewMemLog(nil), chats: []*chat{newSlack(), newDiscord()}, senders: 3, freeze: freeze, setup: chaotic,
					point: func(*chaos, string, func(string) bool) error { return nil },
				}
				out := c.run(t, n)
				t.Logf("seed %d, %d occurrences: %v", c.seed, n, out)
				if out.lost+out.dropped != 0 {
					t.Errorf("seed %d: %v", c.seed, out)
				}
				if freeze < c.chats[1].nonce && out.twice["discord"] != 0 {
					t.Errorf("seed %d: twice in Discord, within the life of a nonce: %v", c.seed, out)
				}
				if freeze >= 10*pause && out.twice["slack"] == 0 {
					t.Errorf("seed %d: nothing was said twice in Slack: what is measured here does not happen", c.seed)
				}
			})
		})
	}
}
