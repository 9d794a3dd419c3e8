package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// signingSecret is what the fake Slack and the bot sign with.
const signingSecret = "test-signing-secret"

// onSlack edits district.yaml so that its rooms are on the fake Slack.
var onSlack = []string{"  web: [web]\n", "  slack: [T01TEST]\n", "web:web:", "slack:T01TEST:C-"}

// fakeSlack is a Slack Web API that remembers what was posted. It outlives the bot it serves, as Slack does: a bot
// that is killed and comes back finds its messages there.
type fakeSlack struct {
	*httptest.Server

	mu      sync.Mutex // guards the following
	clock   int
	posts   []slackPost
	kept    []string      // every body that the service stores or has stored: messages, their edits, names of files
	answers []slackAnswer // posted to a response_url
	views   []slackView   // opened, changed and published
	calls   map[string]int
	users   map[string]string        // id -> e-mail
	lose    func(method string) bool // tests: the reply to this call is lost on the way
	busy    map[string]int           // tests: so many calls of a method are answered 429
}

type slackPost struct {
	Channel, TS, Marker, Body string
	Edited                    int
}

// slackAnswer is what came to one response_url.
type slackAnswer struct{ Path, Body string }

// slackView is a modal or a home view as it was sent.
type slackView struct{ Method, User, ID, View string }

func newFakeSlack(t testing.TB, users map[string]string) *fakeSlack {
	f := &fakeSlack{calls: map[string]int{}, busy: map[string]int{}, users: users}
	f.Server = httptest.NewServer(http.HandlerFunc(f.serve))
	t.Cleanup(f.Close)
	return f
}

// api is the base address for SLACK_API_URL.
func (f *fakeSlack) api() string { return f.URL + "/api/" }

func (f *fakeSlack) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	if strings.HasPrefix(r.URL.Path, "/response/") {
		f.mu.Lock()
		f.answers = append(f.answers, slackAnswer{r.URL.Path, string(body)})
		if bytes.Contains(body, []byte(`"response_type":"in_channel"`)) {
			f.kept = append(f.kept, string(body))
		}
		f.mu.Unlock()
		fmt.Fprint(w, "ok")
		return
	}
	if r.URL.Path == "/upload" {
		f.mu.Lock()
		f.calls["upload"]++
		f.mu.Unlock()
		fmt.Fprint(w, "OK")
		return
	}
	method := strings.TrimPrefix(r.URL.Path, "/api/")
	q, _ := url.ParseQuery(string(body))
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		var m map[string]any
		_ = json.Unmarshal(body, &m)
		for k, v := range m {
			s, ok := v.(string)
			if !ok {
				b, _ := json.Marshal(v)
				s = string(b)
			}
			q.Set(k, s)
		}
	}
	maps.Copy(q, r.URL.Query())
	f.mu.Lock()
	if f.busy[method] > 0 {
		f.busy[method]--
		f.mu.Unlock()
		w.Header().Set("Retry-After", "1")
		w.WriteHeader(http.StatusTooManyRequests)
		return
	}
	answer := f.answer(method, q, string(body))
	lost := f.lose != nil && f.lose(method)
	f.mu.Unlock()
	if lost { // it was done, and nobody hears of it
		if c, _, err := http.NewResponseController(w).Hijack(); err == nil {
			_ = c.Close()
		}
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-OAuth-Scopes", "commands,chat:write,app_mentions:read,im:history,im:write,files:write,users:read,users:read.email,channels:history,groups:history,channels:read,groups:read")
	_ = json.NewEncoder(w).Encode(answer)
}

func (f *fakeSlack) answer(method string, q url.Values, body string) any {
	f.calls[method]++
	ok := map[string]any{"ok": true}
	switch method {
	case "auth.test":
		return map[string]any{"ok": true, "team_id": "T01TEST", "user_id": "U0BOT", "bot_id": "B0BOT", "url": "https://test.slack.com/", "team": "Test", "user": "rounds"}
	case "conversations.open":
		return map[string]any{"ok": true, "channel": map[string]any{"id": "D" + q.Get("users")}}
	case "users.info":
		return map[string]any{"ok": true, "user": map[string]any{"id": q.Get("user"), "profile": map[string]any{"email": f.users[q.Get("user")]}}}
	case "users.lookupByEmail":
		for id, email := range f.users {
			if email == q.Get("email") {
				return map[string]any{"ok": true, "user": map[string]any{"id": id, "team_id": "T01TEST", "profile": map[string]any{"email": email}}}
			}
		}
		return map[string]any{"ok": false, "error": "users_not_found"}
	case "chat.postMessage":
		f.clock++
		p := slackPost{Channel: q.Get("channel"), TS: fmt.Sprintf("%d.%06d", time.Now().Unix(), f.clock), Body: body}
		var meta struct {
			Payload struct {
				M string `json:"m"`
			} `json:"event_payload"`
		}
		_ = json.Unmarshal([]byte(q.Get("metadata")), &meta)
		p.Marker = meta.Payload.M
		f.posts, f.kept = append(f.posts, p), append(f.kept, body)
		return map[string]any{"ok": true, "channel": p.Channel, "ts": p.TS}
	case "chat.update":
		f.kept = append(f.kept, body)
		for i := range f.posts {
			if f.posts[i].TS == q.Get("ts") {
				f.posts[i].Edited++
				f.posts[i].Body = body
			}
		}
		return map[string]any{"ok": true, "channel": q.Get("channel"), "ts": q.Get("ts")}
	case "conversations.history":
		var out []any
		for _, p := range f.posts {
			if p.Channel == q.Get("channel") && p.TS >= q.Get("oldest") {
				out = append(out, map[string]any{"type": "message", "ts": p.TS, "bot_id": "B0BOT", "metadata": map[string]any{"event_type": "rounds", "event_payload": map[string]any{"m": p.Marker}}})
			}
		}
		return map[string]any{"ok": true, "messages": out}
	case "views.open", "views.push", "views.update", "views.publish":
		f.clock++
		v := slackView{Method: method, User: q.Get("user_id"), ID: q.Get("view_id"), View: q.Get("view")}
		if v.ID == "" {
			v.ID = fmt.Sprintf("V%d", f.clock)
		}
		f.views = append(f.views, v)
		return map[string]any{"ok": true, "view": map[string]any{"id": v.ID, "hash": fmt.Sprint(f.clock)}}
	case "files.getUploadURLExternal":
		f.clock++
		f.kept = append(f.kept, body)
		return map[string]any{"ok": true, "upload_url": f.URL + "/upload", "file_id": fmt.Sprintf("F%d", f.clock)}
	case "files.completeUploadExternal":
		f.kept = append(f.kept, body)
		return map[string]any{"ok": true, "files": []any{map[string]any{"id": "F1", "title": "chart"}}}
	}
	return ok
}

// stored is every message that the service keeps.
func (f *fakeSlack) stored() []slackPost {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]slackPost(nil), f.posts...)
}

// slackSigner sends signed requests as Slack does.
type slackSigner struct {
	base   string // of the bot
	secret string
	reply  string // response_url
	client *http.Client
}

func (s *slackSigner) headers(body []byte, at time.Time) http.Header {
	ts := fmt.Sprint(at.Unix())
	mac := hmac.New(sha256.New, []byte(s.secret))
	fmt.Fprintf(mac, "v0:%s:%s", ts, body)
	h := http.Header{}
	h.Set("Content-Type", "application/x-www-form-urlencoded")
	h.Set("X-Slack-Request-Timestamp", ts)
	h.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
	return h
}

// commandBody is the form of a slash command.
func (s *slackSigner) commandBody(user, command, text, trigger string) []byte {
	return []byte(url.Values{
		"team_id": {"T01TEST"}, "team_domain": {"test"}, "channel_id": {"C01GEN"}, "channel_name": {"general"}, "user_id": {user}, "user_name": {"x"},
		"command": {command}, "text": {text}, "api_app_id": {"A01APP"}, "is_enterprise_install": {"false"}, "response_url": {s.reply}, "trigger_id": {trigger},
	}.Encode())
}

// command sends a slash command and returns its answer, "" when it was not taken.
func (s *slackSigner) command(user, command, text, trigger string) string {
	body := s.commandBody(user, command, text, trigger)
	status, answer, err := s.send(body, s.headers(body, time.Now()))
	if err != nil || status != 200 {
		return ""
	}
	return answer
}

// send posts a body with headers and returns status and answer.
func (s *slackSigner) send(body []byte, h http.Header) (int, string, error) {
	r, err := http.NewRequest("POST", s.base+"/slack/events", bytes.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	r.Header = h
	resp, err := s.client.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(b), err
}

// keep notes a body that the service stores.
func (f *fakeSlack) keep(body string) { f.set(func() { f.kept = append(f.kept, body) }) }

// keptNow is everything that the service stores or has stored.
func (f *fakeSlack) keptNow() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.kept...)
}

// viewsNow are the views that were sent, in their order.
func (f *fakeSlack) viewsNow() []slackView {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]slackView(nil), f.views...)
}

// answersTo is what came to one response_url.
func (f *fakeSlack) answersTo(path string) (out []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, a := range f.answers {
		if a.Path == path {
			out = append(out, a.Body)
		}
	}
	return out
}

// set changes the fake while it serves.
func (f *fakeSlack) set(change func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change()
}
