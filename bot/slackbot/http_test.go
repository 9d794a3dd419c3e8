package slackbot

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rounds/bot"
	"rounds/bot/bottest"
	"rounds/bot/service"
)

func whisper(text string) bot.Whisper {
	return bot.Whisper{Card: bot.PrivateCard(bot.Text{Text: text})}
}

func commandBody(trigger string) string {
	return url.Values{
		"team_id": {fakeTeam}, "user_id": {"ana"}, "channel_id": {"Croom"}, "command": {"/observe"}, "trigger_id": {trigger},
		"response_url": {"https://hooks.slack.com/commands/x"},
	}.Encode()
}

const formType = "application/x-www-form-urlencoded"

func TestSignature(t *testing.T) {
	h := newHarness(t, false)
	take, n := bottest.Always(whisper("hello"))
	bottest.Serve(t, h, take)
	now := time.Now()
	for name, c := range map[string]struct {
		change func(*http.Request)
		at     time.Time
		want   int
	}{
		"good":             {func(*http.Request) {}, now, 200},
		"almost too old":   {func(*http.Request) {}, now.Add(-299 * time.Second), 200},
		"almost too early": {func(*http.Request) {}, now.Add(298 * time.Second), 200},
		"stale":            {func(*http.Request) {}, now.Add(-10 * time.Minute), 401},
		"future":           {func(*http.Request) {}, now.Add(10 * time.Minute), 401},
		"missing":          {func(r *http.Request) { r.Header.Del("X-Slack-Signature") }, now, 401},
		"no time":          {func(r *http.Request) { r.Header.Del("X-Slack-Request-Timestamp") }, now, 401},
		"odd time":         {func(r *http.Request) { r.Header.Set("X-Slack-Request-Timestamp", "soon") }, now, 401},
		"other time":       {func(r *http.Request) { r.Header.Set("X-Slack-Request-Timestamp", "1") }, now, 401},
		"v1": {func(r *http.Request) {
			r.Header.Set("X-Slack-Signature", strings.Replace(r.Header.Get("X-Slack-Signature"), "v0", "v1", 1))
		}, now, 401},
		"cut":    {func(r *http.Request) { r.Header.Set("X-Slack-Signature", r.Header.Get("X-Slack-Signature")[:20]) }, now, 401},
		"no hex": {func(r *http.Request) { r.Header.Set("X-Slack-Signature", "v0=xyz") }, now, 401},
		"tampered": {func(r *http.Request) {
			b, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(append(b, "&x=1"...)))
		}, now, 401},
		"too long": {func(r *http.Request) {
			r.Body = io.NopCloser(strings.NewReader(strings.Repeat("x", service.MaxBody+1)))
		}, now, 413},
	} {
		t.Run(name, func(t *testing.T) {
			before := n.Load()
			r := signed(commandBody("trigger "+name), formType, c.at)
			c.change(r)
			w := httptest.NewRecorder()
			h.handler.ServeHTTP(w, r)
			if w.Code != c.want {
				t.Errorf("HTTP %d, want %d", w.Code, c.want)
			}
			if taken := n.Load() > before; taken != (c.want == 200) {
				t.Errorf("taken: %v", taken)
			}
			if c.want != 200 && strings.Contains(w.Body.String(), "hello") {
				t.Error("a forged request got an answer")
			}
		})
	}
	if err := verify(http.Header{}, nil, "", now); err == nil {
		t.Error("an empty secret verifies")
	}
}

// Everything may come to any endpoint.
func TestEndpoints(t *testing.T) {
	h := newHarness(t, false)
	take, n := bottest.Always(bot.Nothing{})
	bottest.Serve(t, h, take)
	post := func(path, contentType, body string) *httptest.ResponseRecorder {
		r := signed(body, contentType, time.Now())
		r.URL.Path = path
		w := httptest.NewRecorder()
		h.handler.ServeHTTP(w, r)
		return w
	}
	for _, path := range []string{"/slack/events", "/slack/commands", "/slack/interactivity"} {
		if w := post(path, "application/json", `{"type":"url_verification","challenge":"c-1"}`); w.Body.String() != `{"challenge":"c-1"}` || w.Code != 200 {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
		if w := post(path, formType, "ssl_check=1&token=x"); w.Code != 200 || w.Body.Len() != 0 {
			t.Errorf("%s: ssl_check: %d %s", path, w.Code, w.Body)
		}
		for name, file := range payloads(t) {
			b, _ := os.ReadFile(file)
			body, kind := strings.TrimSpace(string(b)), "application/json"
			switch {
			case strings.HasSuffix(file, ".form"):
				kind = formType
			case strings.HasSuffix(file, ".interaction.json"):
				body, kind = url.Values{"payload": {body}}.Encode(), formType
			}
			if w := post(path, kind, body); w.Code != 200 {
				t.Errorf("%s to %s: HTTP %d", name, path, w.Code)
			}
		}
		for kind, bad := range map[string]string{"application/json": "{", formType: "payload=%7B"} {
			if w := post(path, kind, bad); w.Code != 400 {
				t.Errorf("%s: %q: HTTP %d", path, bad, w.Code)
			}
		}
	}
	h.quiet()
	calls := map[string]bool{}
	for _, file := range payloads(t) {
		if in := decodeFile(t, file); in.Taken() {
			calls[in.Call.ID] = true
		}
	}
	if int(n.Load()) != len(calls) {
		t.Errorf("%d calls were taken of %d, each sent three times", n.Load(), len(calls))
	}
	c := h.p.Counters()
	if c.Duplicates == 0 || c.Events[Uninstalled] != 3 || c.Events[Mention] == 0 {
		t.Errorf("counters: %+v", c)
	}
	r := httptest.NewRequest("GET", "/slack/events", nil)
	w := httptest.NewRecorder()
	h.handler.ServeHTTP(w, r)
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("GET: HTTP %d", w.Code)
	}
}

func TestNotRunning(t *testing.T) {
	f := newFakeSlack(t)
	p := newPlatform(t, f.config(false))
	w := httptest.NewRecorder()
	p.Routes()["POST /slack/events"].ServeHTTP(w, signed(commandBody("1"), formType, time.Now()))
	if w.Code != http.StatusServiceUnavailable {
		t.Errorf("HTTP %d", w.Code)
	}
	if p := newPlatform(t, f.config(true)); len(p.Routes()) != 0 {
		t.Error("endpoints without a signing secret")
	}
}

// The same bytes again change nothing and get the same answer; so does the same event under
// another signature and a retry header.
func TestReplay(t *testing.T) {
	h := newHarness(t, false)
	h.Room("room")
	take, n := bottest.Always(whisper("hello"))
	bottest.Serve(t, h, take)
	now := time.Now()
	var first string
	for i := range 4 {
		w := httptest.NewRecorder()
		h.handler.ServeHTTP(w, signed(commandBody("same"), formType, now))
		if i == 0 {
			first = w.Body.String()
		}
		if w.Code != 200 || w.Body.String() != first || first == "" {
			t.Errorf("time %d: %d %s", i, w.Code, w.Body)
		}
	}
	if n.Load() != 1 {
		t.Errorf("taken %d times", n.Load())
	}
	event, _ := os.ReadFile("testdata/in/mention.event.json")
	h.mu.Lock()
	h.rooms["C01GEN"] = []string{"U01ALICE", fakeBot}
	h.mu.Unlock()
	for i := range 3 {
		r := signed(string(event), "application/json", now.Add(time.Duration(i)*time.Minute))
		if i > 0 {
			r.Header.Set("X-Slack-Retry-Num", "1")
			r.Header.Set("X-Slack-Retry-Reason", "http_timeout")
		}
		w := httptest.NewRecorder()
		h.handler.ServeHTTP(w, r)
		if w.Code != 200 {
			t.Errorf("HTTP %d", w.Code)
		}
	}
	h.quiet()
	if n.Load() != 2 || len(h.called(PostEphemeral)) != 1 {
		t.Errorf("taken %d times, answered %d times", n.Load(), len(h.called(PostEphemeral)))
	}
}

// Five of the same at once are one.
func TestAtOnce(t *testing.T) {
	h := newHarness(t, false)
	gate := make(chan struct{})
	var n atomic.Int64
	bottest.Serve(t, h, func(context.Context, bot.Call) (bot.Answer, <-chan bot.Answer) {
		n.Add(1)
		<-gate
		return whisper("one"), nil
	})
	bodies := make(chan string, 5)
	for range 5 {
		go func() {
			w := httptest.NewRecorder()
			h.handler.ServeHTTP(w, signed(commandBody("same"), formType, time.Now()))
			bodies <- w.Body.String()
		}()
	}
	close(gate)
	for range 5 {
		if b := <-bodies; !strings.Contains(b, "one") {
			t.Errorf("an answer is %q", b)
		}
	}
	if n.Load() != 1 {
		t.Errorf("taken %d times", n.Load())
	}
}

// A form whose answer is put off shows a modal that waits, and the answer in it.
func TestSubmissionDeferred(t *testing.T) {
	for _, socket := range []bool{false, true} {
		h := newHarness(t, socket)
		later := make(chan bot.Answer, 1)
		bottest.Serve(t, h, func(_ context.Context, c bot.Call) (bot.Answer, <-chan bot.Answer) {
			if c.Kind == bot.Submit {
				return bot.Deferred{}, later
			}
			return bot.OpenForm{Form: bot.Form{Title: "A visit", ID: "f", Fields: []bot.Field{{Name: "glow", Label: "Glow", Kind: bot.FieldLong}}}}, nil
		})
		ana := h.Account("ana")
		if err := h.Command(ana, h.Room("room"), "/observe"); err != nil {
			t.Fatal(err)
		}
		h.quiet()
		if err := h.Fill(ana, "Glow", "Wait time"); err != nil {
			t.Fatal(err)
		}
		if err := h.Submit(ana); err != nil {
			t.Fatal(err)
		}
		if s := strings.Join(h.Sees(ana), "\n"); !strings.Contains(s, "One moment") {
			t.Errorf("meanwhile: %s", s)
		}
		later <- bot.FieldErrors{"glow": "Too short."}
		close(later)
		h.quiet()
		s := strings.Join(h.Sees(ana), "\n")
		if !strings.Contains(s, "Too short.") || !strings.Contains(s, "Wait time") {
			t.Errorf("what was typed is gone: %s", s)
		}
	}
}

// A click in a modal and in the home view: at once, late, with more than one card on top.
func TestClicksInViews(t *testing.T) {
	h := newHarness(t, false)
	ana := h.Account("ana")
	card := func(text, button string) bot.Private {
		return bot.PrivateCard(bot.Text{Text: text}, bot.Buttons{Items: []bot.Button{{Label: button, ID: button}}})
	}
	later := map[string]chan bot.Answer{"slowly": make(chan bot.Answer, 1), "home slowly": make(chan bot.Answer, 1)}
	bottest.Serve(t, h, func(_ context.Context, c bot.Call) (bot.Answer, <-chan bot.Answer) {
		switch {
		case c.Kind == bot.Home:
			return bot.HomeView{Card: card("my day", "home slowly")}, nil
		case c.Kind == bot.Submit:
			return bot.Whisper{Card: card("receipt", "deeper")}, nil
		case c.Button == "deeper":
			return bot.Whisper{Card: card("on top", "change")}, nil
		case c.Button == "change":
			return bot.UpdatePrivate(card("changed", "slowly")), nil
		case later[c.Button] != nil:
			return bot.Deferred{}, later[c.Button]
		}
		return bot.OpenForm{Form: bot.Form{Title: "A visit", ID: "f", Fields: []bot.Field{{Name: "glow", Label: "Glow", Optional: true}}}}, nil
	})
	step := func(err error, want, not string) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		h.quiet()
		s := strings.Join(h.Sees(ana), "\n")
		if !strings.Contains(s, want) || not != "" && strings.Contains(s, not) {
			t.Fatalf("ana sees\n%s\nwant %q, not %q", s, want, not)
		}
	}
	step(h.Command(ana, h.Room("room"), "/observe"), "Glow", "")
	step(h.Submit(ana), "receipt", "Glow")
	step(h.Click(ana, "deeper"), "on top", "")
	step(h.Click(ana, "change"), "changed", "on top")
	if err := h.Click(ana, "slowly"); err != nil {
		t.Fatal(err)
	}
	later["slowly"] <- bot.Whisper{Card: card("came late", "deeper")}
	close(later["slowly"])
	step(nil, "came late", "One moment")
	// Three modals lie on one another now; a fourth takes the place of the third.
	step(h.Click(ana, "deeper"), "on top", "")
	if n := len(h.stacks["ana"]); n != 3 {
		t.Errorf("%d modals", n)
	}
	h.stacks["ana"] = nil
	step(h.OpenHome(ana), "", "")
	if err := h.Click(ana, "home slowly"); err != nil {
		t.Fatal(err)
	}
	later["home slowly"] <- bot.UpdatePrivate(card("my new day", "x"))
	close(later["home slowly"])
	step(nil, "You can close this", "One moment")
	if s := strings.Join(h.Home(ana), "\n"); !strings.Contains(s, "my new day") {
		t.Errorf("home: %s", s)
	}
}

// A long answer to a form does not fit into an acknowledgement of Socket Mode.
func TestLongReceipt(t *testing.T) {
	h := newHarness(t, true)
	ana := h.Account("ana")
	bottest.Serve(t, h, func(_ context.Context, c bot.Call) (bot.Answer, <-chan bot.Answer) {
		if c.Kind == bot.Submit {
			return bot.Whisper{Card: bot.PrivateCard(bot.Text{Text: bottest.Words(4000)})}, nil
		}
		return bot.OpenForm{Form: bot.Form{Title: "A visit", ID: "f", Fields: []bot.Field{{Name: "glow", Label: "Glow", Optional: true}}}}, nil
	})
	if err := h.Command(ana, h.Room("room"), "/observe"); err != nil {
		t.Fatal(err)
	}
	h.quiet()
	// The fake shows what the acknowledgement holds when it has come, and what follows
	// after it; in life half a second lies between them.
	gate := make(chan struct{})
	h.p.pause = func(ctx context.Context, _ time.Duration) error { <-gate; return nil }
	if err := h.Submit(ana); err != nil {
		t.Fatal(err)
	}
	if s := strings.Join(h.Sees(ana), "\n"); !strings.Contains(s, "One moment") {
		t.Errorf("meanwhile: %.100s", s)
	}
	close(gate)
	h.quiet()
	if s := strings.Join(h.Sees(ana), "\n"); !strings.Contains(s, "word0000") || !strings.Contains(s, "word3999") {
		t.Errorf("ana sees %.100s", s)
	}
}

// A response_url is good for five messages; what is more goes another way.
func TestManyMessages(t *testing.T) {
	h := newHarness(t, false)
	ana := h.Account("ana")
	take, _ := bottest.Always(bot.Whisper{Card: bot.PrivateCard(bot.Text{Text: bottest.Words(7500)})})
	bottest.Serve(t, h, take)
	if err := h.Command(ana, h.Room("room"), "/observe"); err != nil {
		t.Fatal(err)
	}
	h.quiet()
	s := strings.Join(h.Sees(ana), "\n")
	for _, w := range []string{"word0000", "word3333", "word6999", "word7499"} {
		if !strings.Contains(s, w) {
			t.Errorf("%s is lost", w)
		}
	}
	if n := len(h.called(ResponseURL)); n != 5 {
		t.Errorf("the response_url was used %d times", n)
	}
	if len(h.called(PostEphemeral)) == 0 {
		t.Error("nothing went by chat.postEphemeral")
	}
	if s := strings.Join(h.Sees(h.Account("ben")), ""); s != "" {
		t.Errorf("ben sees %.100s", s)
	}
}

// A busy Slack is waited for; a response is not sent twice.
func TestBusyResponseURL(t *testing.T) {
	h := newHarness(t, true)
	ana := h.Account("ana")
	take, _ := bottest.Always(whisper("hello"))
	bottest.Serve(t, h, take)
	h.fail(ResponseURL, fakeFault{status: 429}, fakeFault{status: 429})
	if err := h.Command(ana, h.Room("room"), "/observe"); err != nil {
		t.Fatal(err)
	}
	h.quiet()
	if s := h.Sees(ana); len(s) != 1 || s[0] != "hello" {
		t.Errorf("ana sees %q", s)
	}
}

func TestMayReceive(t *testing.T) {
	p, err := New(Config{BotToken: "xoxb-1", SigningSecret: "s"})
	if err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]bool{
		"https://hooks.slack.com/commands/T/1/x":     true,
		"https://hooks.slack-gov.com/commands/T/1/x": true,
		"http://hooks.slack.com/x":                   false,
		"https://hooks.slack.com.example.org/x":      false,
		"https://example.org/hooks.slack.com":        false,
		"https://user@example.org/x":                 false,
		"":                                           false,
		"file:///etc/passwd":                         false,
	} {
		if got := p.mayReceive(address); got != want {
			t.Errorf("%q: %v", address, got)
		}
	}
	p, _ = New(Config{BotToken: "xoxb-1", SigningSecret: "s", APIURL: "http://127.0.0.1:4200/api"})
	if !p.mayReceive("http://127.0.0.1:5200/_hooks/1") || p.mayReceive("https://hooks.slack.com/x") {
		t.Error("with another API its host is the one that answers go to")
	}
}

func TestConfig(t *testing.T) {
	for name, c := range map[string]Config{
		"no token":        {SigningSecret: "s"},
		"wrong token":     {BotToken: "xapp-1", SigningSecret: "s"},
		"wrong app token": {BotToken: "xoxb-1", AppToken: "xoxb-1"},
		"no way in":       {BotToken: "xoxb-1"},
		"no address":      {BotToken: "xoxb-1", SigningSecret: "s", APIURL: "slack"},
	} {
		if _, err := New(c); err == nil || !strings.HasPrefix(err.Error(), "slack: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Rooms that guests read are remembered, and so is the conversation with the bot.
func TestPlaces(t *testing.T) {
	h := newHarness(t, false)
	calls := make(chan bot.Call, 10)
	bottest.Serve(t, h, func(_ context.Context, c bot.Call) (bot.Answer, <-chan bot.Answer) {
		calls <- c
		return bot.Nothing{}, nil
	})
	ana := h.Account("ana")
	shared, _ := json.Marshal(map[string]any{
		"type": "event_callback", "team_id": fakeTeam, "event_id": "Ev1", "is_ext_shared_channel": true,
		"event": map[string]any{"type": "app_mention", "user": "ana", "text": "hi", "ts": "1.1", "channel": "Cshared"},
	})
	w := httptest.NewRecorder()
	h.handler.ServeHTTP(w, signed(string(shared), "application/json", time.Now()))
	if c := <-calls; !c.Guests {
		t.Error("a shared room")
	}
	for _, step := range []struct {
		do             func() error
		guests, direct bool
	}{
		{func() error { return h.Command(ana, bot.Room{ID: "Cshared"}, "/x") }, true, false},
		{func() error { return h.Command(ana, h.Room("room"), "/x") }, false, false},
		{func() error { return h.Command(ana, bot.Room{}, "/x") }, false, false}, // it may be anybody's conversation
		{func() error { return h.Say(ana, bot.Room{}, "hi") }, false, true},
		{func() error { return h.Command(ana, bot.Room{}, "/x") }, false, true},
		{func() error { return h.Command(ana, bot.Room{ID: "Dother"}, "/x") }, false, false},
	} {
		if err := step.do(); err != nil {
			t.Fatal(err)
		}
		if c := <-calls; c.Guests != step.guests || c.Direct != step.direct {
			t.Errorf("%s: guests %v, direct %v", c.Room.ID, c.Guests, c.Direct)
		}
	}
}
