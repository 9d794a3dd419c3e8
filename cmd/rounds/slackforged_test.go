package main

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"rounds/school"
)

// TestSlackForged sends what is not Slack's, and what is but came before: nothing changes.
func TestSlackForged(t *testing.T) {
	w := newSlackWalk(t)
	w.command(alice, "C01GEN", "/rounds", "help")
	before, calls := w.version(), len(w.slack.keptNow())
	now := time.Now()
	for name, fault := range map[string]func(a asked) ([]byte, http.Header){
		"bad": func(a asked) ([]byte, http.Header) {
			s := *w.sign
			s.secret += "x"
			return a.raw, s.headers(a.raw, now)
		},
		"missing": func(a asked) ([]byte, http.Header) {
			h := w.sign.headers(a.raw, now)
			h.Del("X-Slack-Signature")
			return a.raw, h
		},
		"untimed": func(a asked) ([]byte, http.Header) {
			h := w.sign.headers(a.raw, now)
			h.Del("X-Slack-Request-Timestamp")
			return a.raw, h
		},
		"stale":    func(a asked) ([]byte, http.Header) { return a.raw, w.sign.headers(a.raw, now.Add(-10*time.Minute)) },
		"future":   func(a asked) ([]byte, http.Header) { return a.raw, w.sign.headers(a.raw, now.Add(10*time.Minute)) },
		"bot time": func(a asked) ([]byte, http.Header) { return a.raw, w.sign.headers(a.raw, w.now()) },
		"tampered": func(a asked) ([]byte, http.Header) { return append(a.raw, "&x=1"...), w.sign.headers(a.raw, now) },
		"version": func(a asked) ([]byte, http.Header) {
			h := w.sign.headers(a.raw, now)
			h.Set("X-Slack-Signature", strings.Replace(h.Get("X-Slack-Signature"), "v0=", "v1=", 1))
			return a.raw, h
		},
	} {
		body, h := fault(w.slash(alice, "C01GEN", "/observe", "log @Bob Brown 9m"))
		status, answer, err := w.sign.send(body, h)
		if err != nil || status != http.StatusUnauthorized || strings.TrimSpace(answer) != "Unauthorized" {
			t.Errorf("%s: %d %q %v", name, status, answer, err)
		}
	}
	if v := w.version(); v != before || len(w.slack.keptNow()) != calls {
		t.Errorf("a forged request changed something: version %s, then %s", before, v)
	}

	// The same bytes again, five at once, and the same trigger newly signed.
	a := w.slash(alice, "C01GEN", "/observe", "log @Bob Brown 9m glow:only once")
	h := w.sign.headers(a.raw, now)
	var wg sync.WaitGroup
	bodies := make([]string, 5)
	for i := range bodies {
		wg.Go(func() { _, bodies[i], _ = w.sign.send(a.raw, h) })
	}
	wg.Wait()
	for _, b := range append(bodies, w.post(a).body) {
		if b != bodies[0] || !strings.Contains(b, "Saved") {
			t.Errorf("a repeated request got another answer: %q", b)
		}
	}
	saved := 0
	w.read(func(log school.Log, _ *school.Model) {
		_ = log.Read(context.Background(), 0, func(e school.Event) error {
			if e.Kind == "visit.logged" && e.Via == "slack" {
				saved++
			}
			return nil
		})
	})
	if saved != 1 {
		t.Errorf("%d visits were logged", saved)
	}

	// An event comes again with a retry's header; what another person sends under the same trigger is another call.
	after := w.version()
	mention := map[string]any{"type": "app_mention", "channel": "C01GEN", "user": alice, "text": "<@U0BOT> what does proficient look like for observation", "ts": "100.1"}
	for _, retry := range []string{"", "1", "2", "3"} {
		if status := w.event("Ev1", mention, retry); status != http.StatusOK {
			t.Errorf("retry %q: %d", retry, status)
		}
	}
	w.posted("C01GEN", "proficient.1")
	mention["text"] = "<@U0BOT> what does expert look like for observation"
	w.event("Ev2", mention, "")
	w.until("the next answer", func() bool { return len(w.slack.stored()) > 1 })
	if n := len(w.slack.stored()); n != 2 {
		t.Errorf("two questions were answered %d times", n)
	}
	if v := w.version(); v != after {
		t.Errorf("questions wrote something: version %s, then %s", after, v)
	}
}
