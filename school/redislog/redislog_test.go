package redislog

import (
	"testing"
	"time"

	"rounds/school/logtest"
)

// TestConformance: the promises of school.Log, on a real server that syncs before each reply.
func TestConformance(t *testing.T) {
	// A rewrite of the file is seen to have ended by the server's ticks; ten a second would make each deletion wait for one.
	srv := logtest.StartRedis(t, append([]string{"--hz", "500"}, durable...)...)
	logtest.Test(t, func(t *testing.T) logtest.Harness {
		address := fresh(srv)
		open := func(t *testing.T) logtest.Store {
			t.Helper()
			return mustOpen(t, address, Options{})
		}
		return logtest.Harness{
			Open: open, Follow: open, FollowWrites: true,
			// The server's clock cannot be set: time passes by waiting, and a little more, for the server counts whole milliseconds
			// and a value still lives in the one it lapses in.
			Advance: func(d time.Duration) { <-time.After(d + 5*time.Millisecond) }, Waits: true, Lease: 250 * time.Millisecond,
			Files: func(t *testing.T) map[string][]byte { return srv.Files(t) },
		}
	})
}
