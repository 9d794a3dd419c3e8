package main

import (
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	discordApp   = "1000000000000000001"
	discordGuild = "2000000000000000001"
	roomLeaders  = "4000000000000000001"
	roomTeam     = "4000000000000000002"
)

// discordKey signs as Discord does.
var discordKey = ed25519.NewKeyFromSeed([]byte("0123456789abcdef0123456789abcdef"))

// fakeDiscord is a Discord API that remembers what was posted and answered, and one gateway.
type fakeDiscord struct {
	*httptest.Server

	mu     sync.Mutex // guards the following
	n      int
	posts  []discordPost
	hooks  []discordHook
	kept   []string // every body that the service stores or has stored: messages, edits, names of threads
	calls  map[string]int
	busy   int            // so many posts are answered 429
	lose   int            // so many posts are done, and nobody hears of it
	fail   map[string]int // so many calls whose path holds this are answered 503
	closed map[string]bool
	socket *discordSocket
}

type discordPost struct {
	ID, Channel, Nonce string
	Msg                discordMsg
	Files, Edited      int
}

// discordHook is what followed a first response.
type discordHook struct {
	Token, Method, Path string
	Msg                 discordMsg
}

func newFakeDiscord(t testing.TB) *fakeDiscord {
	f := &fakeDiscord{calls: map[string]int{}, fail: map[string]int{}, closed: map[string]bool{}}
	f.Server = httptest.NewServer(http.HandlerFunc(f.serve))
	t.Cleanup(func() {
		f.drop()
		f.Close()
	})
	return f
}

func (f *fakeDiscord) api() string { return f.URL + "/api/v10" }

func (f *fakeDiscord) serve(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/socket/" {
		f.serveSocket(w, r)
		return
	}
	raw, files := discordBody(r)
	p := strings.Split(strings.Trim(strings.TrimPrefix(r.URL.Path, "/api/v10"), "/"), "/")
	f.mu.Lock()
	status, out := f.answer(r.Method, p, raw, files)
	lost := r.Method == "POST" && p[0] == "channels" && len(p) == 3 && f.lose > 0
	if lost {
		f.lose--
	}
	f.mu.Unlock()
	if lost {
		if c, _, err := http.NewResponseController(w).Hijack(); err == nil {
			_ = c.Close()
		}
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if out != nil {
		_ = json.NewEncoder(w).Encode(out)
	}
}

func discordBody(r *http.Request) (raw []byte, files int) {
	kind, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "multipart/form-data" {
		raw, _ = io.ReadAll(r.Body)
		return raw, 0
	}
	m := multipart.NewReader(r.Body, params["boundary"])
	for {
		part, err := m.NextPart()
		if err != nil {
			return raw, files
		}
		b, _ := io.ReadAll(part)
		if part.FormName() == "payload_json" {
			raw = b
		} else if len(b) > 0 {
			files++
		}
	}
}

func (f *fakeDiscord) id() string {
	f.n++
	return fmt.Sprint((time.Now().UnixMilli()-1420070400000)<<22 + int64(f.n))
}

// answer does what the API does. f.mu is held.
func (f *fakeDiscord) answer(method string, p []string, raw []byte, files int) (int, any) {
	f.calls[method+" "+p[0]]++
	for part, n := range f.fail {
		if n > 0 && strings.Contains(strings.Join(p, "/"), part) {
			f.fail[part]--
			return 503, map[string]any{"message": "upstream"}
		}
	}
	switch {
	case p[0] == "gateway":
		return 200, map[string]any{"url": strings.Replace(f.URL, "http", "ws", 1) + "/socket"}
	case p[0] == "users" && len(p) == 3 && p[2] == "guilds":
		return 200, []any{map[string]any{"id": discordGuild}}
	case p[0] == "users" && len(p) == 3:
		var to struct {
			ID string `json:"recipient_id"`
		}
		_ = json.Unmarshal(raw, &to)
		return 200, map[string]any{"id": discordDM(to.ID)}
	case p[0] == "users":
		return 200, map[string]any{"id": discordApp}
	case p[0] == "applications" && method == "PUT":
		return 200, []any{}
	case p[0] == "webhooks":
		f.hooks = append(f.hooks, discordHook{p[2], method, strings.Join(p[3:], "/"), readDiscord(raw)})
		if m := readDiscord(raw); !m.private() && method == "POST" {
			f.kept = append(f.kept, string(raw))
		}
		return 200, map[string]any{"id": f.id()}
	case p[0] == "channels" && method == "POST" && len(p) == 3:
		return f.post(p[1], raw, files)
	case p[0] == "channels" && method == "GET":
		out := []any{}
		for _, x := range f.posts {
			if x.Channel == p[1] {
				out = append([]any{map[string]any{"id": x.ID, "components": x.Msg.Components}}, out...)
			}
		}
		return 200, out
	case p[0] == "channels" && len(p) == 5: // a thread
		f.kept = append(f.kept, string(raw))
		return 201, map[string]any{"id": p[3] + "9"}
	case p[0] == "channels":
		f.kept = append(f.kept, string(raw))
		for i := range f.posts {
			if f.posts[i].ID == p[3] {
				f.posts[i].Edited++
				if method == "PATCH" {
					f.posts[i].Msg = readDiscord(raw)
				}
			}
		}
		return 200, map[string]any{"id": p[3]}
	}
	return 404, map[string]any{"code": 0, "message": "404: Not Found"}
}

func discordDM(user string) string { return "5" + user[1:] }

func (f *fakeDiscord) post(channel string, raw []byte, files int) (int, any) {
	if f.busy > 0 {
		f.busy--
		return 429, map[string]any{"message": "You are being rate limited.", "retry_after": 0.2, "global": false}
	}
	if f.closed[channel] {
		return 403, map[string]any{"code": 50007, "message": "Cannot send messages to this user"}
	}
	var n struct {
		Nonce   string `json:"nonce"`
		Enforce bool   `json:"enforce_nonce"`
	}
	_ = json.Unmarshal(raw, &n)
	for _, x := range f.posts {
		if n.Enforce && x.Nonce == n.Nonce && x.Channel == channel {
			return 200, map[string]any{"id": x.ID}
		}
	}
	x := discordPost{ID: f.id(), Channel: channel, Nonce: n.Nonce, Msg: readDiscord(raw), Files: files}
	f.posts, f.kept = append(f.posts, x), append(f.kept, string(raw))
	return 200, map[string]any{"id": x.ID}
}

func (f *fakeDiscord) set(change func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change()
}

func (f *fakeDiscord) stored() []discordPost {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]discordPost(nil), f.posts...)
}

func (f *fakeDiscord) keptNow() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.kept...)
}

func (f *fakeDiscord) hooksOf(token string) (out []discordHook) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, h := range f.hooks {
		if h.Token == token {
			out = append(out, h)
		}
	}
	return out
}

// discordSigned are the headers of a body.
func discordSigned(body []byte, key ed25519.PrivateKey, at time.Time) http.Header {
	ts := fmt.Sprint(at.Unix())
	h := http.Header{}
	h.Set("Content-Type", "application/json")
	h.Set("X-Signature-Timestamp", ts)
	h.Set("X-Signature-Ed25519", hex.EncodeToString(ed25519.Sign(key, append([]byte(ts), body...))))
	return h
}
