package discordbot

import (
	"crypto/ed25519"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"rounds/bot"
	"rounds/bot/bottest"
	"rounds/bot/service"
)

func whisper(text string) bot.Whisper {
	return bot.Whisper{Card: bot.PrivateCard(bot.Text{Text: text})}
}

func body(id int) string {
	return fmt.Sprintf(`{"id":"%d","application_id":"%s","type":2,"token":"t%d","guild_id":"%s","channel_id":"4001","member":{"user":{"id":"3001"},"roles":["6001"]},"data":{"id":"1","name":"demo","type":1}}`, id, fakeApp, id, fakeGuild)
}

func TestSignature(t *testing.T) {
	h := newHarness(t, true)
	take, n := bottest.Always(whisper("hello"))
	bottest.Serve(t, h, take)
	now := time.Now()
	other := ed25519.NewKeyFromSeed([]byte("another seed of the tests, 32 b.."[:32]))
	id := 0
	for name, c := range map[string]struct {
		change func(*http.Request)
		at     time.Time
		want   int
	}{
		"good":           {func(*http.Request) {}, now, 200},
		"almost too old": {func(*http.Request) {}, now.Add(-299 * time.Second), 200},
		"almost early":   {func(*http.Request) {}, now.Add(298 * time.Second), 200},
		"stale":          {func(*http.Request) {}, now.Add(-10 * time.Minute), 401},
		"future":         {func(*http.Request) {}, now.Add(10 * time.Minute), 401},
		"missing":        {func(r *http.Request) { r.Header.Del("X-Signature-Ed25519") }, now, 401},
		"no time":        {func(r *http.Request) { r.Header.Del("X-Signature-Timestamp") }, now, 401},
		"other time":     {func(r *http.Request) { r.Header.Set("X-Signature-Timestamp", "1") }, now, 401},
		"odd time":       {func(r *http.Request) { r.Header.Set("X-Signature-Timestamp", "soon") }, now, 401},
		"no hex":         {func(r *http.Request) { r.Header.Set("X-Signature-Ed25519", "xyz") }, now, 401},
		"cut":            {func(r *http.Request) { r.Header.Set("X-Signature-Ed25519", r.Header.Get("X-Signature-Ed25519")[:20]) }, now, 401},
		"empty":          {func(r *http.Request) { r.Header.Set("X-Signature-Ed25519", "") }, now, 401},
		"other key": {func(r *http.Request) {
			r.Header.Set("X-Signature-Ed25519", hex.EncodeToString(ed25519.Sign(other, []byte(r.Header.Get("X-Signature-Timestamp")+body(id)))))
		}, now, 401},
		"tampered": {func(r *http.Request) { r.Body = http.NoBody }, now, 401},
	} {
		id++
		before := n.Load()
		r := signed(body(id), c.at)
		c.change(r)
		w := httptest.NewRecorder()
		h.app.ServeHTTP(w, r)
		if w.Code != c.want || (n.Load() > before) != (c.want == 200) {
			t.Errorf("%s: %d, taken %v", name, w.Code, n.Load() > before)
		}
		if c.want == 401 && strings.TrimSpace(w.Body.String()) != "Unauthorized" {
			t.Errorf("%s: %q", name, w.Body)
		}
	}
}

// The same interaction again is refused, also five at once and newly signed: its answer is not for whoever has the bytes.
func TestReplay(t *testing.T) {
	h := newHarness(t, true)
	take, n := bottest.Always(whisper("for one alone"))
	bottest.Serve(t, h, take)
	var wg sync.WaitGroup
	codes := make([]int, 6)
	for i := range codes {
		wg.Go(func() {
			w := httptest.NewRecorder()
			h.app.ServeHTTP(w, signed(body(1), time.Now().Add(time.Duration(-i)*time.Second)))
			codes[i] = w.Code
			if (w.Code == 200) != strings.Contains(w.Body.String(), "for one alone") {
				t.Errorf("%d: %s", w.Code, w.Body)
			}
		})
	}
	wg.Wait()
	good := 0
	for _, c := range codes {
		if c == 200 {
			good++
		} else if c != 401 {
			t.Errorf("HTTP %d", c)
		}
	}
	if good != 1 || n.Load() != 1 {
		t.Errorf("answered %d times, taken %d times", good, n.Load())
	}
}

func TestPingAndGarbage(t *testing.T) {
	h := newHarness(t, true)
	take, n := bottest.Always(whisper("x"))
	bottest.Serve(t, h, take)
	for in, want := range map[string]int{
		`{"id":"1","type":1,"token":"t"}`: 200, `{`: 400, `{}`: 400, `{"id":"1","type":2}`: 400, `{"id":"1","type":9,"token":"t","user":{"id":"2"}}`: 400,
		`"` + strings.Repeat("x", service.MaxBody) + `"`: 413,
	} {
		w := httptest.NewRecorder()
		h.app.ServeHTTP(w, signed(in, time.Now()))
		if w.Code != want {
			t.Errorf("%.60s: HTTP %d, want %d", in, w.Code, want)
		}
		if want == 200 && (strings.TrimSpace(w.Body.String()) != `{"type":1}` || w.Header().Get("Content-Type") != "application/json") {
			t.Errorf("the ping was answered with %s", w.Body)
		}
	}
	if n.Load() != 0 {
		t.Error("something was taken")
	}
}

func TestNotRunning(t *testing.T) {
	h := newHarness(t, true)
	w := httptest.NewRecorder()
	h.p.serve(w, signed(body(1), time.Now()))
	if w.Code != http.StatusServiceUnavailable {
		t.Errorf("HTTP %d before Run", w.Code)
	}
	if newHarness(t, false).p.Routes() != nil {
		t.Error("endpoints without a key to verify with")
	}
}

// Only members with an allowed role are answered; in a direct conversation their roles are asked for once.
func TestRoles(t *testing.T) {
	h := newHarness(t, false)
	h.p.cfg.Roles = []string{"6001"}
	take, n := bottest.Always(whisper("hello"))
	bottest.Serve(t, h, take)
	ana, ben, room := h.Account("ana"), h.Account("ben"), h.Room("room")
	h.mu.Lock()
	h.members[ana.User], h.members[ben.User] = []string{"6001"}, []string{"6002"}
	h.mu.Unlock()
	for range 2 {
		for _, who := range []bot.Account{ana, ben} {
			for _, in := range []bot.Room{room, {}} {
				if err := h.Command(who, in, "/demo whisper x"); err != nil {
					t.Fatal(err)
				}
				h.quiet()
			}
		}
	}
	if n.Load() != 4 || h.p.Counters().Barred != 4 {
		t.Errorf("%d taken, %d barred", n.Load(), h.p.Counters().Barred)
	}
	if s := strings.Join(h.Sees(ben), "\n"); strings.Contains(s, "hello") || !strings.Contains(s, "certain roles") {
		t.Errorf("ben sees %s", s)
	}
	if got := h.called("GET /guilds/:id/members/:id"); got != 2 {
		t.Errorf("roles were asked for %d times", got)
	}
}
