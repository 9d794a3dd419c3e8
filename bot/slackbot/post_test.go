package slackbot

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"rounds/bot"
	"rounds/bot/bottest"
)

func poster(t *testing.T) (*harness, bot.Room) {
	h := newHarness(t, false)
	return h, h.Room("room")
}

func TestPostIsOneCall(t *testing.T) {
	h, room := poster(t)
	ref, err := h.p.Post(t.Context(), room, bot.OpenCard(bot.Text{Text: "<!channel> & co"}), "m-1")
	if err != nil {
		t.Fatal(err)
	}
	calls := h.called(PostMessage)
	if len(calls) != 1 {
		t.Fatalf("%d calls", len(calls))
	}
	c := calls[0]
	if got := c.Get("metadata"); got != `{"event_type":"rounds","event_payload":{"m":"m-1"}}` {
		t.Errorf("metadata %s", got)
	}
	if c.Get("text") != "&lt;!channel&gt; &amp; co" || c.Get("unfurl_links") != "false" || c.Get("unfurl_media") != "false" {
		t.Errorf("text %q, unfurl %q %q", c.Get("text"), c.Get("unfurl_links"), c.Get("unfurl_media"))
	}
	if _, channel, ts, err := splitRef(ref); err != nil || channel != room.ID || h.find(channel, ts) == nil {
		t.Errorf("ref %q: %v", ref, err)
	}
}

func TestPostErrors(t *testing.T) {
	for _, c := range []struct {
		fault fakeFault
		check func(error) bool
	}{
		{fakeFault{status: 429}, func(err error) bool {
			var e *bot.RetryError
			return errors.As(err, &e) && e.After == 7*time.Second
		}},
		{fakeFault{status: 502}, isUnknown},
		{fakeFault{drop: true}, isUnknown},
		{fakeFault{err: "internal_error"}, isUnknown},
		{fakeFault{err: "fatal_error"}, isUnknown},
		{fakeFault{err: "ratelimited"}, isRetry},
		{fakeFault{err: "not_in_channel"}, func(err error) bool { return errors.Is(err, bot.ErrNotInRoom) }},
		{fakeFault{err: "channel_not_found"}, func(err error) bool { return errors.Is(err, bot.ErrNotInRoom) }},
		{fakeFault{err: "is_archived"}, func(err error) bool { return errors.Is(err, bot.ErrNotInRoom) }},
		{fakeFault{err: "restricted_action"}, func(err error) bool {
			return err != nil && !isUnknown(err) && !isRetry(err) && !errors.Is(err, bot.ErrNotInRoom)
		}},
	} {
		h, room := poster(t)
		h.fail(PostMessage, c.fault)
		_, err := h.p.Post(t.Context(), room, bot.OpenCard(bot.Text{Text: "a visit"}), "m")
		if !c.check(err) {
			t.Errorf("%+v: %v", c.fault, err)
		}
		if n := len(h.called(PostMessage)); n != 1 {
			t.Errorf("%+v: %d calls, a write is never repeated", c.fault, n)
		}
		if err != nil && strings.Contains(err.Error(), "a visit") {
			t.Errorf("the text stands in an error: %v", err)
		}
	}
}

func isUnknown(err error) bool { var e *bot.UnknownError; return errors.As(err, &e) }
func isRetry(err error) bool   { var e *bot.RetryError; return errors.As(err, &e) && e.After > 0 }

// What never left this computer may be tried again.
func TestPostNotSent(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	_ = l.Close()
	p := newPlatform(t, Config{BotToken: "xoxb-test", SigningSecret: "s", APIURL: "http://" + address + "/api/"})
	if _, err := p.Post(t.Context(), bot.Room{ID: "C"}, bot.OpenCard(bot.Text{Text: "x"}), "m"); !isRetry(err) {
		t.Errorf("refused connection: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.Post(ctx, bot.Room{ID: "C"}, bot.OpenCard(bot.Text{Text: "x"}), "m"); !errors.Is(err, context.Canceled) {
		t.Errorf("ended before: %v", err)
	}
}

// Nobody gets the token but the API.
func TestNoRedirect(t *testing.T) {
	h, room := poster(t)
	reached := false
	h.p.http.Transport = redirecting{&reached}
	_, err := h.p.Post(t.Context(), room, bot.OpenCard(bot.Text{Text: "x"}), "m")
	if err == nil || reached {
		t.Errorf("followed: %v, %v", reached, err)
	}
}

type redirecting struct{ reached *bool }

func (r redirecting) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Host == "example.org" {
		*r.reached = true
	}
	return &http.Response{StatusCode: 307, Header: http.Header{"Location": {"https://example.org/"}}, Body: http.NoBody, Request: req}, nil
}

// A long card goes on in the thread, is edited there, and shrinks again.
func TestLongPost(t *testing.T) {
	h, room := poster(t)
	ctx := t.Context()
	long := func(n int) bot.Open { return bot.OpenCard(bot.Text{Text: bottest.Words(n)}) }
	h.fail(PostMessage, fakeFault{}, fakeFault{status: 429}) // the second part has to wait
	ref, err := h.p.Post(ctx, room, long(3000), "m")
	if err != nil {
		t.Fatal(err)
	}
	if n := len(h.Stored(room)); n != 3 {
		t.Fatalf("%d messages", n)
	}
	_, _, ts, _ := splitRef(ref)
	for i, m := range h.messages {
		if i > 0 && m.thread != ts {
			t.Errorf("part %d stands in thread %q", i, m.thread)
		}
	}
	for _, n := range []int{4000, 2000, 10, 3000} {
		if err := h.p.Edit(ctx, ref, long(n)); err != nil {
			t.Fatal(err)
		}
		all := strings.Join(h.Stored(room), " ")
		if last := strings.Fields(bottest.Words(n)); !strings.Contains(all, last[len(last)-1]) {
			t.Errorf("%d words: the last is lost", n)
		}
		if want := (n*9 + 9000) / 9001; n > 1000 && len(h.Stored(room)) < want || n == 10 && len(h.Stored(room)) != 1 {
			t.Errorf("%d words stand in %d messages", n, len(h.Stored(room)))
		}
	}
	found, ok, err := h.p.Find(ctx, room, "m", time.Now().Add(-time.Hour))
	if found != ref || !ok || err != nil {
		t.Error(found, ok, err)
	}
}

func TestPictures(t *testing.T) {
	chart := bottest.Cards()["chart"]
	card := bot.OpenCard(chart.Blocks...)
	t.Run("shown", func(t *testing.T) {
		h, room := poster(t)
		ref, err := h.p.Post(t.Context(), room, card, "m")
		if err != nil {
			t.Fatal(err)
		}
		if err := h.p.Edit(t.Context(), ref, card); err != nil {
			t.Fatal(err)
		}
		if n := len(h.called("files.getUploadURLExternal")); n != 1 {
			t.Errorf("uploaded %d times", n)
		}
		if s := strings.Join(h.Stored(room), "\n"); !strings.Contains(s, "Visits rose") || !strings.Contains(s, "Oct 12 27") {
			t.Errorf("the numbers are not in its words: %s", s)
		}
	})
	t.Run("upload fails", func(t *testing.T) {
		h, room := poster(t)
		h.fail("files.completeUploadExternal", fakeFault{err: "file_not_found"})
		if _, err := h.p.Post(t.Context(), room, card, "m"); err != nil {
			t.Fatal(err)
		}
		if s := strings.Join(h.Stored(room), "\n"); !strings.Contains(s, "Oct 12 | 27 | 32") {
			t.Errorf("no table: %s", s)
		}
		if h.p.Counters().Folded == 0 {
			t.Error("nothing was reported")
		}
	})
	t.Run("busy with it", func(t *testing.T) {
		h, room := poster(t)
		h.fail(PostMessage, fakeFault{err: "invalid_blocks"}, fakeFault{err: "invalid_blocks"})
		if _, err := h.p.Post(t.Context(), room, card, "m"); err != nil {
			t.Fatal(err)
		}
		if s := h.messages[0].blocks; len(s) != 1 || s[0].(map[string]any)["type"] != "image" {
			t.Errorf("shown as %v", s)
		}
	})
	t.Run("never shown", func(t *testing.T) {
		h, room := poster(t)
		for range 4 {
			h.fail(PostMessage, fakeFault{err: "invalid_blocks"})
		}
		if _, err := h.p.Post(t.Context(), room, card, "m"); err != nil {
			t.Fatal(err)
		}
		if s := strings.Join(h.Stored(room), "\n"); !strings.Contains(s, "Oct 12 | 27 | 32") {
			t.Errorf("no table: %s", s)
		}
		if _, err := h.p.Post(t.Context(), room, card, "m2"); err != nil || len(h.called("files.getUploadURLExternal")) != 2 {
			t.Errorf("a picture that did not show is not uploaded again: %v", err)
		}
	})
}

// A Slack that does not know tables yet is asked once, and then told them as text.
func TestTablesRefused(t *testing.T) {
	h, room := poster(t)
	h.noTables = true
	card := bot.OpenCard(bottest.Cards()["table"].Blocks...)
	for range 2 {
		if _, err := h.p.Post(t.Context(), room, card, "m"); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(h.called(PostMessage)); n != 3 {
		t.Errorf("%d calls for two posts", n)
	}
	if s := strings.Join(h.Stored(room), "\n"); !strings.Contains(s, "Discourse") {
		t.Errorf("no text: %s", s)
	}

	take, _ := bottest.Always(bot.Whisper{Card: bot.PrivateCard(bottest.Cards()["table"].Blocks...)})
	h2 := newHarness(t, false)
	h2.noTables = true
	bottest.Serve(t, h2, take)
	if err := h2.Command(h2.Account("ana"), h2.Room("room"), "/digest"); err != nil {
		t.Fatal(err)
	}
	h2.quiet()
	if s := strings.Join(h2.Sees(h2.Account("ana")), "\n"); !strings.Contains(s, "Discourse") {
		t.Errorf("a whispered table: %q", s)
	}
}

// A card that Slack refuses for good is an error, not a silent success.
func TestBadCard(t *testing.T) {
	h, room := poster(t)
	h.fail(PostMessage, fakeFault{err: "invalid_blocks"})
	if _, err := h.p.Post(t.Context(), room, bot.OpenCard(bot.Text{Text: "x"}), "m"); err == nil || code(err) != "invalid_blocks" {
		t.Errorf("%v", err)
	}
}

func TestDirectIsRemembered(t *testing.T) {
	keep := &mapKeep{m: map[string][]byte{}}
	f := newFakeSlack(t)
	cfg := f.config(false)
	cfg.Keep = keep
	ana := bot.Account{Platform: Name, Workspace: fakeTeam, User: "ana"}
	for range 2 { // the second platform is the first after a restart
		p := newPlatform(t, cfg)
		if r, err := p.Direct(t.Context(), ana); err != nil || r.ID != "Dana" {
			t.Error(r, err)
		}
	}
	if n := len(f.called("conversations.open")); n != 1 {
		t.Errorf("opened %d times", n)
	}
	p := newPlatform(t, f.config(false))
	if _, err := p.Direct(t.Context(), bot.Account{User: "nobody"}); !errors.Is(err, bot.ErrNoAccount) {
		t.Errorf("%v", err)
	}
	f.fail("conversations.open", fakeFault{drop: true})
	if _, err := p.Direct(t.Context(), ana); !isRetry(err) {
		t.Errorf("%v", err)
	}
}

type mapKeep struct {
	mu sync.Mutex
	m  map[string][]byte
}

func (k *mapKeep) PutIfAbsent(context.Context, string, []byte, time.Duration, string) (bool, error) {
	return false, errors.ErrUnsupported
}

func (k *mapKeep) Put(_ context.Context, key string, v []byte, _ time.Duration, _ string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.m[key] = v
	return nil
}

func (k *mapKeep) Get(_ context.Context, key string) ([]byte, bool, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	v, ok := k.m[key]
	return v, ok, nil
}

func (k *mapKeep) List(context.Context, string, func(string, []byte) error) error {
	return errors.ErrUnsupported
}
func (k *mapKeep) Delete(context.Context, string) error { return errors.ErrUnsupported }

func TestByEmail(t *testing.T) {
	h, _ := poster(t)
	a, ok, err := h.p.ByEmail(t.Context(), fakeTeam, "ana@example.org")
	if a != h.Account("ana") || !ok || err != nil {
		t.Error(a, ok, err)
	}
	if _, ok, err := h.p.ByEmail(t.Context(), fakeTeam, "nobody@example.org"); ok || err != nil {
		t.Error(ok, err)
	}
	h.accounts["ben"]["deleted"] = true
	if _, ok, err := h.p.ByEmail(t.Context(), fakeTeam, "ben@example.org"); ok || err != nil {
		t.Error(ok, err)
	}
	h.fail("users.lookupByEmail", fakeFault{status: 429})
	if _, _, err := h.p.ByEmail(t.Context(), fakeTeam, "ana@example.org"); !isRetry(err) {
		t.Error(err)
	}
}

// While one home view is on its way, only the last of those that follow goes out.
func TestPublishCoalesces(t *testing.T) {
	h, _ := poster(t)
	ana := h.Account("ana")
	card := func(s string) bot.Private { return bot.PrivateCard(bot.Text{Text: s}) }
	h.mu.Lock() // the fake cannot answer
	done := make(chan error, 1)
	go func() { done <- h.p.Publish(t.Context(), ana, card("first")) }()
	for busy := false; !busy; {
		h.p.homes.mu.Lock()
		_, busy = h.p.homes.busy["ana"]
		h.p.homes.mu.Unlock()
	}
	for _, s := range []string{"second", "third", "last"} {
		if err := h.p.Publish(t.Context(), ana, card(s)); err != nil {
			t.Error(err)
		}
	}
	h.mu.Unlock()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if n := len(h.called(ViewsPublish)); n != 2 {
		t.Errorf("published %d times", n)
	}
	if s := h.Home(ana); len(s) != 1 || s[0] != "last" {
		t.Errorf("home is %q", s)
	}
}
