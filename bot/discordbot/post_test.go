package discordbot

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"rounds/bot"
	"rounds/bot/bottest"
)

func card(text string) bot.Open {
	return bot.OpenCard(bot.Title{Text: "Agenda of the math team"}, bot.Text{Text: text})
}

func long(n int) bot.Open {
	var bs []bot.Block
	bs = append(bs, bot.Title{Text: "A long card"})
	for i := range n {
		bs = append(bs, bot.Text{Text: fmt.Sprintf("Part %d. %s", i+1, bottest.Words(150))})
	}
	return bot.OpenCard(bs...)
}

// The same marker again is the first message, and a look finds it also when Discord has forgotten the nonce.
func TestNonceAndMarker(t *testing.T) {
	h := newHarness(t, false)
	ctx, room := t.Context(), h.Room("room")
	h.fail(fakeFault{match: "POST /channels", times: 1})
	if _, err := h.p.Post(ctx, room, card("one"), "m-1"); err == nil {
		t.Fatal("a lost reply is no error")
	}
	ref, err := h.p.Post(ctx, room, card("one"), "m-1")
	if err != nil || len(h.Stored(room)) != 1 {
		t.Fatalf("%v; %d messages stand", err, len(h.Stored(room)))
	}
	found, ok, err := h.p.Find(ctx, room, "m-1", time.Now().Add(-time.Hour))
	if err != nil || !ok || found != ref {
		t.Errorf("found %q, %v, %v; posted %q", found, ok, err, ref)
	}
	for i := range 250 { // further back than one look reaches
		if _, err := h.p.Post(ctx, room, card("other"), fmt.Sprint("other", i)); err != nil {
			t.Fatal(err)
		}
	}
	if found, ok, err = h.p.Find(ctx, room, "m-1", time.Now().Add(-time.Hour)); err != nil || !ok || found != ref {
		t.Errorf("among many: %q, %v, %v", found, ok, err)
	}
	if err := h.p.Edit(ctx, ref, card("one, edited")); err != nil {
		t.Fatal(err)
	}
	if _, ok, _ := h.p.Find(ctx, room, "m-2", time.Now().Add(-time.Hour)); ok {
		t.Error("found what was never posted")
	}
}

// Busy and failing: nothing is said twice, and a caller learns when to come back.
func TestBursts(t *testing.T) {
	h := newHarness(t, false)
	ctx, room := t.Context(), h.Room("room")
	h.fail(fakeFault{match: "POST /channels", status: 429, times: 1, body: `{"retry_after":1.5}`, header: map[string]string{"Retry-After": "2"}})
	_, err := h.p.Post(ctx, room, card("x"), "m")
	retry, ok := errors.AsType[*bot.RetryError](err)
	if !ok || retry.After != 2*time.Second {
		t.Errorf("429: %v", err)
	}
	before := h.called("POST /channels/:id/messages")
	if _, err = h.p.Post(ctx, room, card("x"), "m"); err == nil || h.called("POST /channels/:id/messages") != before {
		t.Errorf("Discord is not left alone: %v", err)
	}
	h.later(3 * time.Second)
	h.fail(fakeFault{match: "POST /channels", status: 502, times: 1})
	if _, err = h.p.Post(ctx, room, card("x"), "m"); err == nil {
		t.Error("502 is no error")
	} else if _, ok := errors.AsType[*bot.UnknownError](err); !ok {
		t.Errorf("502: %v", err)
	}
	h.fail(fakeFault{match: "POST /channels", status: 429, times: 1, body: `{"retry_after":1,"global":true}`, header: map[string]string{"Retry-After": "1", "X-RateLimit-Global": "true"}})
	_, _ = h.p.Post(ctx, room, card("x"), "m")
	if _, err := h.p.Post(ctx, h.Room("another"), card("x"), "m"); err == nil {
		t.Error("a global limit holds for one room only")
	}
	h.later(2 * time.Second)
	ref, err := h.p.Post(ctx, room, card("x"), "m")
	if err != nil || len(h.Stored(room)) != 1 {
		t.Fatalf("%v, %d messages", err, len(h.Stored(room)))
	}
	h.fail(fakeFault{match: "PATCH /channels", status: 503, times: 2})
	if err := h.p.Edit(ctx, ref, card("y")); err != nil || !strings.Contains(h.Stored(room)[0], "y") {
		t.Errorf("an edit that may be made again is not: %v", err)
	}
	if c := h.p.Counters(); c.RateLimited != 2 || c.Unknown < 3 || c.Posts != 1 || c.Edits != 1 {
		t.Errorf("%+v", c)
	}
}

// What says that a bucket is empty is heard before Discord has to refuse.
func TestPace(t *testing.T) {
	now := time.Now()
	p := pace{now: func() time.Time { return now }}
	head := func(pairs ...string) map[string][]string {
		m := map[string][]string{}
		for i := 0; i < len(pairs); i += 2 {
			m[pairs[i]] = []string{pairs[i+1]}
		}
		return m
	}
	p.heard("a", head("X-Ratelimit-Remaining", "0", "X-Ratelimit-Reset-After", "1.5"), 200)
	p.heard("b", head("X-Ratelimit-Remaining", "3", "X-Ratelimit-Reset-After", "1.5"), 200)
	if p.wait("a") != 1500*time.Millisecond || p.wait("b") != 0 {
		t.Error(p.wait("a"), p.wait("b"))
	}
	now = now.Add(2 * time.Second)
	if p.wait("a") != 0 {
		t.Error("a bucket stays empty")
	}
	for range mostWrong {
		p.heard("c", head(), 403)
	}
	if p.wait("b") == 0 {
		t.Error("a thousand refusals, and on it goes")
	}
	now = now.Add(wrongWindow)
	p.heard("b", head(), 200)
	if p.wait("b") != 0 {
		t.Error("a window that never ends")
	}
	for path, want := range map[string]string{
		"/channels/40010000/messages/80010000": "channels/40010000/messages/:id", "/channels/40010000/messages?limit=1": "channels/40010000/messages",
		"/gateway/bot": "/gateway/bot", "/webhooks/10010000/token/messages/@original": "webhooks/10010000/token/messages/@original",
	} {
		if got := bucket(path); got != want {
			t.Errorf("%s is in %s", path, got)
		}
	}
	if r := route("/webhooks/10010000/a-secret-token/messages/@original"); strings.Contains(r, "secret") {
		t.Errorf("a token stands in %q", r)
	}
}

// A long card goes on in a thread; an edit goes over what stands there, and takes away what is too much.
func TestLongPost(t *testing.T) {
	h := newHarness(t, false)
	ctx, room := t.Context(), h.Room("room")
	ref, err := h.p.Post(ctx, room, long(9), "m")
	if err != nil {
		t.Fatal(err)
	}
	n := len(h.Stored(room))
	if n < 3 || len(h.threads) != 1 {
		t.Fatalf("%d messages, %d threads", n, len(h.threads))
	}
	for _, parts := range []int{12, 3, 1, 6} {
		if err := h.p.Edit(ctx, ref, long(parts)); err != nil {
			t.Fatal(err)
		}
		all := strings.Join(h.Stored(room), "\n")
		for i := range 14 {
			if has := strings.Contains(all, fmt.Sprintf("Part %d.", i+1)); has != (i < parts) {
				t.Errorf("%d parts: part %d stands: %v", parts, i+1, has)
			}
		}
	}
	if len(h.threads) != 1 {
		t.Errorf("%d threads", len(h.threads))
	}
	h.fail(fakeFault{match: "/threads", status: 403, code: codeMissingPermissions, times: 1}) // then the rest stands in the room
	if _, err := h.p.Post(ctx, h.Room("strict"), long(9), "m"); err != nil || len(h.Stored(h.Room("strict"))) != n {
		t.Errorf("%v, %d messages", err, len(h.Stored(h.Room("strict"))))
	}
}

// What is posted for a meeting has a thread to talk in, of the card's name.
func TestMeeting(t *testing.T) {
	h := newHarness(t, false)
	team := h.Room("team")
	h.p.cfg.Meeting = func(r bot.Room) bool { return r == team }
	for i, c := range []struct {
		room    bot.Room
		marker  string
		threads int
	}{{team, "agenda", 1}, {team, "", 1}, {h.Room("leaders"), "digest", 1}} {
		if _, err := h.p.Post(t.Context(), c.room, card("x"), c.marker); c.marker != "" && err != nil || len(h.threads) != c.threads {
			t.Errorf("%d: %v, %d threads", i, err, len(h.threads))
		}
	}
	h.wrong = nil // a post without a marker has no nonce
}

// Somebody who takes no direct messages is counted, and asked once in the room where they last spoke, without a word of what waits.
func TestClosedConversation(t *testing.T) {
	h := newHarness(t, false)
	take, _ := bottest.Always(whisper("hello"))
	bottest.Serve(t, h, take)
	ana, room := h.Account("ana"), h.Room("room")
	if err := h.Command(ana, room, "/demo x"); err != nil {
		t.Fatal(err)
	}
	h.quiet()
	dm, err := h.p.Direct(t.Context(), ana)
	if err != nil {
		t.Fatal(err)
	}
	h.mu.Lock()
	h.closed[ana.User] = true
	h.mu.Unlock()
	for range 3 {
		if _, err := h.p.Post(t.Context(), dm, card("3 visits to go"), "m"); !errors.Is(err, bot.ErrNoAccount) {
			t.Errorf("got %v", err)
		}
	}
	stored := h.Stored(room)
	if len(stored) != 1 || !strings.Contains(stored[0], "Please allow direct messages") || strings.Contains(stored[0], "visits") {
		t.Errorf("in the room: %q", stored)
	}
	for _, m := range h.messages {
		if m.channel == room.ID && m.viewer == "" && fmt.Sprint(m.mentions) != fmt.Sprint([]any{ana.User}) {
			t.Errorf("it notifies %v", m.mentions)
		}
	}
	if n := h.p.Counters().ClosedDMs; n != 3 {
		t.Errorf("%d closed conversations were counted", n)
	}
}

// The commands are sent once, all together, and again only when they are others.
func TestRegisterOnce(t *testing.T) {
	f := newFakeDiscord(t)
	keep := &mapKeep{m: map[string][]byte{}}
	for i, c := range []struct {
		menus []Menu
		want  int
	}{{nil, 1}, {nil, 1}, {[]Menu{{Label: "Queue", Command: "demo", Sub: "say", Option: "words"}}, 2}, {nil, 3}} {
		cfg := f.config()
		cfg.Keep, cfg.Menus = keep, c.menus
		p := newPlatform(t, cfg)
		p.register(t.Context())
		if got := f.called("PUT /applications/:id/commands"); got != c.want {
			t.Errorf("start %d: sent %d times, want %d", i+1, got, c.want)
		}
	}
	if n := len(f.commands); n != 1 {
		t.Errorf("%d commands are registered", n)
	}
}
