package webbot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"rounds/bot"
)

// waitUntil polls; what it waits for comes at once, or the test fails.
func waitUntil(t *testing.T, ok func() bool) {
	t.Helper()
	end := time.After(10 * time.Second)
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-end:
			t.Fatal("it never came")
		case <-tick.C:
		}
	}
}

func call(t *testing.T, method, url string, header map[string]string, body string) (int, string, http.Header) {
	t.Helper()
	req, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for k, v := range header {
		req.Header.Set(k, v)
		if k == "Host" {
			req.Host = v
		}
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(b), res.Header
}

func TestDoor(t *testing.T) {
	ty := newToy(t)
	base := ty.serve()
	json := map[string]string{"Content-Type": "application/json"}
	with := func(kv ...string) map[string]string {
		m := map[string]string{"Content-Type": "application/json"}
		for i := 0; i < len(kv); i += 2 {
			m[kv[i]] = kv[i+1]
		}
		return m
	}
	home := `{"id":"` + someID + `","as":"p1","kind":"home"}`
	tests := []struct {
		name, method, path string
		header             map[string]string
		body               string
		status             int
	}{
		{"page", "GET", "/", nil, "", 200},
		{"page by name", "GET", "/", with("Host", "localhost:8080"), "", 200},
		{"page by IPv6", "GET", "/", with("Host", "[::1]:8080"), "", 200},
		{"foreign name pointed here", "GET", "/", with("Host", "evil.example"), "", 421},
		{"foreign name, data", "GET", "/web/hello", with("Host", "127.0.0.1.evil.example:80"), "", 421},
		{"act", "POST", "/web/act", json, home, 200},
		{"act from the page", "POST", "/web/act", with("Origin", base, "Sec-Fetch-Site", "same-origin"), home, 200},
		{"act from another site", "POST", "/web/act", with("Origin", "http://evil.example", "Sec-Fetch-Site", "cross-site"), home, 403},
		{"act from another port", "POST", "/web/act", with("Origin", "http://127.0.0.1:1"), home, 403},
		{"act without a browser's word, foreign origin", "POST", "/web/act", with("Origin", "null"), home, 403},
		{"data from another site", "GET", "/web/hello", with("Sec-Fetch-Site", "cross-site"), "", 403},
		{"a link to the page", "GET", "/", with("Sec-Fetch-Site", "cross-site"), "", 200},
		{"a form", "POST", "/web/act", with("Content-Type", "application/x-www-form-urlencoded"), home, 415},
		{"plain text", "POST", "/web/act", with("Content-Type", "text/plain"), home, 415},
		{"no JSON", "POST", "/web/act", json, "{", 400},
		{"no id", "POST", "/web/act", json, `{"as":"p1","kind":"home"}`, 400},
		{"nobody", "POST", "/web/act", json, strings.Replace(home, "p1", "p99", 1), 403},
		{"too long", "POST", "/web/act", json, `{"text":"` + strings.Repeat("x", maxBody) + `"}`, 413},
		{"somebody else's conversation", "GET", "/web/messages?as=p1&room=dm-p2", nil, "", 403},
		{"a room of others", "GET", "/web/messages?as=p3&room=leadership", nil, "", 403},
		{"unknown asset", "GET", "/web/assets/../webbot.go", nil, "", 404},
		{"stream of nobody", "GET", "/web/live?as=p99&page=" + someID, nil, "", 403},
		{"clock without JSON", "POST", "/web/clock/next", nil, "", 415},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			status, body, _ := call(t, tt.method, base+tt.path, tt.header, tt.body)
			if status != tt.status {
				t.Errorf("got %d %s, want %d", status, body, tt.status)
			}
		})
	}
	_, page, h := call(t, "GET", base+"/", nil, "")
	if csp := h.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
		t.Errorf("policy %q", csp)
	}
	if strings.Contains(page, "http://") || strings.Contains(page, "https://") || strings.Contains(page, "<script>") || strings.Contains(page, "style=") {
		t.Error("the page names another site or holds an inline script or style")
	}
	status, _, h := call(t, "GET", base+"/web/assets/js/main.js", nil, "")
	if status != 200 || h.Get("Content-Type") != "text/javascript; charset=utf-8" {
		t.Errorf("module: %d %s", status, h.Get("Content-Type"))
	}
	if status, _, _ := call(t, "GET", base+"/web/assets/js/main.js", map[string]string{"If-None-Match": h.Get("ETag")}, ""); status != 304 {
		t.Errorf("an unchanged module was sent again: %d", status)
	}
}

func TestAllowedHosts(t *testing.T) {
	p := &Platform{cfg: Config{Hosts: []string{"rounds.internal", "box:8080"}}}
	for host, want := range map[string]bool{
		"localhost": true, "LOCALHOST:1": true, "127.0.0.1:8080": true, "127.9.9.9": true, "[::1]": true,
		"rounds.internal:80": true, "Rounds.Internal": true, "box:8080": true, "box:9": false, "": false,
		"10.0.0.5": false, "localhost.evil.example": false, "[fe80::1]:80": false,
	} {
		if got := p.hostAllowed(host); got != want {
			t.Errorf("%q: %v", host, got)
		}
	}
}

func TestRetryChangesNothingTwice(t *testing.T) {
	ty := newToy(t)
	p := newHTTPPage(ty.serve(), "p2")
	for _, a := range []action{
		{Kind: "typed", Room: "plc-math-5", Text: "Hello all"},
		{Kind: "typed", Room: "plc-math-5", Text: "/plc agenda"},
		{Kind: "typed", Room: "plc-math-5", Text: "@Rounds how often?"},
	} {
		a.ID, a.As = newUUID(), "p2"
		body, _ := json.Marshal(a)
		var wg sync.WaitGroup
		got := make([]reply, 4)
		for i := range got { // at the same time, as when a slow answer is asked for again
			wg.Go(func() {
				if err := p.send("act", body, &got[i]); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for i := range got {
			if asJSON(t, got[i]) != asJSON(t, got[0]) {
				t.Errorf("the answers differ:\n%s%s", asJSON(t, got[0]), asJSON(t, got[i]))
			}
		}
	}
	messages, err := p.messages("plc-math-5")
	if err != nil || len(messages) != 4 { // hello, agenda, question, answer
		t.Errorf("%d messages, %v", len(messages), err)
	}
	if m := messages[1]; m.For != "Alice Anders used /plc" || m.From != "" {
		t.Errorf("the agenda is for %q from %q", m.For, m.From)
	}
	// Another platform on the same store, as after a restart: the same message is not said again.
	again, err := New(ty.web.cfg)
	if err != nil {
		t.Fatal(err)
	}
	a := message{Text: "Hello all", From: "p2"}
	first, _, _ := again.say(t.Context(), "plc-math-5", a, "m1")
	if second, fresh, err := again.say(t.Context(), "plc-math-5", a, "m1"); err != nil || fresh || second.ID != first.ID {
		t.Errorf("said twice: %v %v", fresh, err)
	}
}

func TestHistorySurvivesAndPages(t *testing.T) {
	ty := newToy(t)
	for i := range 130 {
		ty.post("staff", "", bot.Text{Text: "Number " + string(rune('A'+i%26)) + strings.Repeat("i", i/26)})
	}
	second, err := New(ty.web.cfg)
	if err != nil {
		t.Fatal(err)
	}
	p := newHTTPPage(server(t, second), "p1")
	before, n, last := "", 0, ""
	for {
		var got struct {
			Messages []messageView
			More     bool
		}
		if err := p.get("messages", url.Values{"room": {"staff"}, "before": {before}}, &got); err != nil {
			t.Fatal(err)
		}
		for i, m := range got.Messages {
			if i > 0 && m.ID <= got.Messages[i-1].ID {
				t.Error("out of order")
			}
		}
		if last == "" {
			last = got.Messages[len(got.Messages)-1].ID
		}
		n += len(got.Messages)
		before = got.Messages[0].ID
		if !got.More {
			break
		}
	}
	if n != 130 {
		t.Errorf("%d messages in the pages", n)
	}
	if _, err := second.Post(t.Context(), room("staff"), bot.OpenCard(bot.Text{Text: "later"}), "x"); err != nil {
		t.Fatal(err)
	}
	if id, _ := second.store.last(t.Context(), "staff"); id <= last {
		t.Error("after a restart a message sorts before older ones")
	}
}

func TestCrashBetweenTheTwoWrites(t *testing.T) {
	keep := newMemKeep()
	s := newStore(keep)
	keep.failPut = 2
	if _, _, err := s.add(t.Context(), "r", message{At: toyStart, Text: "a"}, "m"); err == nil || errors.Is(err, errNotBegun) {
		t.Fatalf("got %v", err)
	}
	if _, found, err := s.find(t.Context(), "r", "m"); found || err != nil {
		t.Errorf("found %v, %v", found, err)
	}
	s = newStore(keep)
	m, fresh, err := s.add(t.Context(), "r", message{At: toyStart.Add(time.Hour), Text: "a"}, "m")
	if err != nil || !fresh {
		t.Fatalf("%v %v", fresh, err)
	}
	if id, found, _ := s.find(t.Context(), "r", "m"); !found || id != m.ID {
		t.Errorf("found %q %v, stored as %q", id, found, m.ID)
	}
}

func TestDeleteOwnWordsOnly(t *testing.T) {
	ty := newToy(t)
	base := ty.serve()
	alice, pat := newHTTPPage(base, "p2"), newHTTPPage(base, "p1")
	got, err := alice.act(action{Kind: "typed", Room: "staff", Text: "observe Okonjo 12m"}, source{})
	if err != nil {
		t.Fatal(err)
	}
	remove := func(p *httpPage, id string) error {
		b, _ := json.Marshal(map[string]string{"as": p.as, "room": "staff", "message": id})
		var x struct{}
		return p.send("delete", b, &x)
	}
	ty.post("staff", "m", bot.Text{Text: "of the bot"})
	if err := remove(pat, got.Posted.ID); err == nil {
		t.Error("somebody else deleted it")
	}
	if err := remove(alice, got.Posted.ID); err != nil {
		t.Error(err)
	}
	messages, _ := pat.messages("staff")
	if len(messages) != 1 || messages[0].From != "" {
		t.Errorf("%+v", messages)
	}
	if err := remove(pat, messages[0].ID); err == nil {
		t.Error("a message of the bot was deleted")
	}
	if strings.Contains(ty.keep.all(), "Okonjo") {
		t.Error("the words are still in the store")
	}
}

func TestForgottenPersonLeavesNoTrace(t *testing.T) {
	ty := newToy(t)
	base := ty.serve()
	alice := newHTTPPage(base, "p2")
	for _, r := range []string{"staff", "dm-p2"} {
		if _, err := alice.act(action{Kind: "typed", Room: r, Text: "mine alone"}, source{}); err != nil {
			t.Fatal(err)
		}
		if _, err := alice.messages(r); err != nil { // its ids are in memory now
			t.Fatal(err)
		}
	}
	ty.post("dm-p2", "n", bot.Text{Text: "3 visits to go"})
	ty.keep.mu.Lock()
	for k, s := range ty.keep.subjects {
		if s == "p2" {
			delete(ty.keep.m, k)
		}
	}
	ty.keep.mu.Unlock()
	for _, r := range []string{"staff", "dm-p2"} {
		if messages, err := alice.messages(r); err != nil || len(messages) > 0 && r == "dm-p2" {
			t.Errorf("%s: %v, %v", r, messages, err)
		}
	}
	if all := ty.keep.all(); strings.Contains(all, "mine alone") || strings.Contains(all, "visits to go") {
		t.Error("something is left")
	}
}

func TestLateAnswerReachesItsPageAlone(t *testing.T) {
	ty := newToy(t)
	ty.web.wait = time.Millisecond
	base := ty.serve()
	mine, otherTab, pat := newHTTPPage(base, "p2"), newHTTPPage(base, "p2"), newHTTPPage(base, "p1")
	for _, p := range []*httpPage{mine, otherTab, pat} {
		if err := p.listen(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	got, err := mine.act(action{Kind: "typed", Room: "staff", Text: "/observe slow"}, source{})
	if err != nil || got.Answer.Kind != "later" {
		t.Fatalf("%+v %v", got, err)
	}
	waitUntil(t, func() bool {
		mine.mu.Lock()
		defer mine.mu.Unlock()
		return len(mine.privates) == 1
	})
	// An event that everybody gets comes after it; so whatever else there was has come.
	ty.post("staff", "", bot.Text{Text: "for all"})
	for _, p := range []*httpPage{otherTab, pat} {
		waitUntil(t, func() bool {
			p.mu.Lock()
			defer p.mu.Unlock()
			return len(p.seen) > 1
		})
		if s := strings.Join(p.seen, " "); s != "hello message" {
			t.Errorf("%s got %s", p.as, s)
		}
	}
}

func TestClockAPI(t *testing.T) {
	ty := newToy(t)
	base := ty.serve()
	p := newHTTPPage(base, "p1")
	if err := p.listen(t.Context()); err != nil {
		t.Fatal(err)
	}
	var c clockView
	if err := p.get("clock", url.Values{"next": {"1"}}, &c); err != nil {
		t.Fatal(err)
	}
	if c.Now.Full != "Thu, Oct 15, 2026 · 10:02 AM CDT" || c.Zone != "America/Chicago" || c.Next == nil || c.Next.At != "Thu, Oct 15 · 2:00 PM CDT" {
		t.Errorf("%+v %+v", c, c.Next)
	}
	move := func(path string, m map[string]string) (moved, error) {
		m["as"] = "p1"
		b, _ := json.Marshal(m)
		var got moved
		return got, p.send("clock/"+path, b, &got)
	}
	id := newUUID()
	for range 3 { // sent again because its answer was lost
		got, err := move("next", map[string]string{"id": id})
		if err != nil || got.Clock.Now.Time != "2:00 PM" || len(got.Landed) != 1 || got.Landed[0].Name != "plc-math-5" || got.Landed[0].As != "p1" {
			t.Fatalf("%+v %v", got, err)
		}
	}
	got, err := move("jump", map[string]string{"id": newUUID(), "to": "fri 4pm"})
	if err != nil || len(got.What) != 2 || len(got.Landed) != 2 {
		t.Fatalf("%+v %v", got, err)
	}
	if l := got.Landed[0]; l.Who != "Alice Anders" || l.As != "p2" || l.Room != "dm-p2" {
		t.Errorf("the reminder landed at %+v", l)
	}
	for to, want := range map[string]string{"fri 9am": "", "2026-10-16 9:00": "422: Demo time only goes forward", "blah": "422: “blah” is no time I can read"} {
		_, err := move("jump", map[string]string{"id": newUUID(), "to": to})
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v", to, err)
		}
	}
	if _, err := move("next", map[string]string{"id": newUUID()}); err == nil || !strings.Contains(err.Error(), "Nothing is planned") {
		t.Errorf("got %v", err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if !strings.Contains(strings.Join(p.seen, " "), "clock") {
		t.Errorf("no page was told: %v", p.seen)
	}
}

func TestWithoutClock(t *testing.T) {
	p, err := New(Config{Keep: newMemKeep(), Personas: toyPersonas, Rooms: toyRooms})
	if err != nil {
		t.Fatal(err)
	}
	base := server(t, p)
	if status, _, _ := call(t, "GET", base+"/web/clock", nil, ""); status != 404 {
		t.Errorf("clock: %d", status)
	}
	status, body, _ := call(t, "POST", base+"/web/act", map[string]string{"Content-Type": "application/json"}, `{"id":"`+someID+`","as":"p1","kind":"home"}`)
	if status != 503 || !strings.Contains(body, "is starting") {
		t.Errorf("before Run: %d %s", status, body)
	}
	for _, cfg := range []Config{{}, {Keep: newMemKeep()}, {Keep: newMemKeep(), Personas: toyPersonas}} {
		if _, err := New(cfg); err == nil {
			t.Error("a config that lacks something was taken")
		}
	}
}

func TestStoreAway(t *testing.T) {
	ty := newToy(t)
	base := ty.serve()
	ty.keep.mu.Lock()
	ty.keep.down = true
	ty.keep.mu.Unlock()
	p := newHTTPPage(base, "p1")
	if _, err := p.messages("staff"); err == nil || !strings.HasPrefix(err.Error(), "503: The store does not answer.") {
		t.Errorf("got %v", err)
	}
	if _, err := p.act(action{Kind: "typed", Room: "staff", Text: "hello"}, source{}); err == nil || !strings.HasPrefix(err.Error(), "503") {
		t.Errorf("got %v", err)
	}
	body := p.last
	ty.keep.mu.Lock()
	ty.keep.down = false
	ty.keep.mu.Unlock()
	var got reply
	if err := p.send("act", body, &got); err != nil || got.Posted == nil { // a failure is not remembered
		t.Errorf("%+v %v", got, err)
	}
}

func TestSlowPageIsCutOff(t *testing.T) {
	ss := newStreams()
	slow, other := ss.add("p1", someID), ss.add("p2", someID)
	for range streamBuffer + 1 {
		ss.send("message", "x", func(s *stream) bool { return s.as == "p1" })
	}
	select {
	case <-slow.end:
	default:
		t.Error("a page that does not read is kept")
	}
	select {
	case <-other.end:
		t.Error("another page was cut off")
	default:
	}
}

func TestOnceAfterPanic(t *testing.T) {
	o := newOnce()
	func() {
		defer func() { _ = recover() }()
		o.do("k", func() result { panic("no") })
	}()
	if r := o.do("k", func() result { return result{200, 1} }); r.status != 200 {
		t.Errorf("after a panic: %+v", r)
	}
	for i := range onceMax + 10 {
		o.do(string(rune(i+1000)), func() result { return result{200, nil} })
	}
	if len(o.runs) > onceMax {
		t.Errorf("%d answers are remembered", len(o.runs))
	}
}

func TestCommandsForCompletion(t *testing.T) {
	ty := newToy(t)
	status, body, _ := call(t, "GET", ty.serve()+"/web/hello", nil, "")
	var got struct {
		Demo, Home bool
		District   string
		Personas   []struct{ Name string }
		Commands   []commandInfo
	}
	if err := json.NewDecoder(bytes.NewReader([]byte(body))).Decode(&got); status != 200 || err != nil {
		t.Fatal(status, err)
	}
	if !got.Demo || !got.Home || got.District != "Lake County ISD" || len(got.Personas) != 16 {
		t.Errorf("%+v", got)
	}
	c := got.Commands[0]
	if c.Name != "observe" || c.Aliases[0] != "visit" || !c.Ask || c.Subs[0].Options[0].Kind != "people" || c.Subs[0].Options[6].Choices[0].Label != "coaching" {
		t.Errorf("%+v", c)
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	ty := newToy(t)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- ty.web.Run(ctx, ty.rt.Take) }()
	waitUntil(t, func() bool { return ty.web.taker() != nil })
	s := ty.web.streams.add("p1", someID)
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	<-s.end
	if ty.web.streams.add("p1", someID) != nil {
		t.Error("a page that comes now keeps the server from going down")
	}
}
