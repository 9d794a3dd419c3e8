package discordbot

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"rounds/bot/bottest"
)

const (
	fakeApp   = "1001000000000000001"
	fakeGuild = "2001000000000000001"
	fakeToken = "a.bot.token"
)

// fakeDiscord is a Discord with one server, that keeps what is said and refuses what Discord would refuse.
type fakeDiscord struct {
	srv *httptest.Server
	app http.Handler // the bot's endpoint; nil where interactions go by the gateway

	mu       sync.Mutex // guards the following
	n        int64
	rooms    map[string][]string // channel -> members; the bot is one
	direct   map[string]string   // conversation -> its user
	threads  map[string]string   // thread -> channel
	messages []*fakeMessage
	inters   map[string]*fakeInter // by token
	forms    map[string]*fakeForm  // by user, what is open
	commands []any
	members  map[string][]string // user -> roles
	closed   map[string]bool     // users who take no direct messages
	calls    map[string]int
	faults   []*fakeFault
	sockets  []*fakeSocket
	resumed  int
	identify int
	intents  float64
	invalid  int // so many resumes are answered with op 9
	wrong    []string
	seen     []string // callbacks by type
	last     func() error
	sent     int64
	starts   int    // session starts that are left
	refuse   uint16 // every connection is closed with it
}

type fakeMessage struct {
	id, channel, author, viewer, nonce string
	flags                              int
	components                         []any
	files                              int
	pending                            bool
	content                            string
	mentions                           []any
}

type fakeInter struct {
	id, token, user, channel string
	kind                     int
	answered                 bool
	original                 *fakeMessage // what @original means
	source                   *fakeMessage // the message with the control
}

type fakeForm struct {
	modal  map[string]any
	values map[string][]string
	source *fakeMessage
}

// fakeFault makes calls of a route go wrong.
type fakeFault struct {
	match  string // of "METHOD /path"
	status int    // 0: the connection breaks, after the work is done
	code   int
	header map[string]string
	body   string
	times  int
}

func newFakeDiscord(t testing.TB) *fakeDiscord {
	f := &fakeDiscord{
		n: 9_000_000_000_000_000, rooms: map[string][]string{}, direct: map[string]string{}, threads: map[string]string{}, inters: map[string]*fakeInter{},
		forms: map[string]*fakeForm{}, members: map[string][]string{}, closed: map[string]bool{}, calls: map[string]int{}, starts: 1000,
	}
	f.srv = httptest.NewServer(http.HandlerFunc(f.serve))
	t.Cleanup(func() {
		f.closeSockets()
		f.srv.Close()
		for _, w := range f.wrong {
			t.Error("Discord would have refused: " + w)
		}
	})
	return f
}

func (f *fakeDiscord) config() Config {
	return Config{
		BotToken: fakeToken, Application: fakeApp, APIURL: f.srv.URL + "/api/v10", Commands: bottest.Commands(),
		Menus: []Menu{{Label: "Whisper it", Command: "demo", Sub: "whisper", Option: "words"}},
	}
}

// id is a new snowflake; later ones are larger.
func (f *fakeDiscord) id() string {
	f.n++
	return strconv.FormatInt((time.Now().UnixMilli()-discordEpoch)<<22|f.n&0x3fffff, 10)
}

func userID(name string) string {
	n := 0
	for _, r := range name {
		n = n*31 + int(r)
	}
	return "3001" + fmt.Sprintf("%015d", n)
}

func refuse(status, code int, message string) (int, any) {
	return status, map[string]any{"code": code, "message": message}
}

func (f *fakeDiscord) serve(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/socket/" {
		f.serveSocket(w, r)
		return
	}
	path := strings.TrimPrefix(r.URL.Path, "/api/v10")
	name := r.Method + " " + path
	body, files := readBody(r)
	f.mu.Lock()
	f.calls[r.Method+" "+route(path)]++
	fault := f.fault(name)
	if fault != nil && fault.status != 0 {
		f.mu.Unlock()
		for k, v := range fault.header {
			w.Header().Set(k, v)
		}
		w.WriteHeader(fault.status)
		if fault.body == "" {
			fault.body = fmt.Sprintf(`{"code":%d,"message":"fault"}`, fault.code)
		}
		_, _ = io.WriteString(w, fault.body)
		return
	}
	open := strings.HasPrefix(path, "/interactions/") || strings.HasPrefix(path, "/webhooks/") || path == "/gateway"
	if auth := r.Header.Get("Authorization"); !open && auth != "Bot "+fakeToken {
		f.mu.Unlock()
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, `{"message":"401: Unauthorized","code":0}`)
		return
	}
	if !strings.HasPrefix(r.Header.Get("User-Agent"), "DiscordBot (") {
		f.wrong = append(f.wrong, "User-Agent "+r.Header.Get("User-Agent"))
	}
	status, out := f.answer(r.Method, strings.Split(strings.Trim(path, "/"), "/"), r, body, files)
	f.mu.Unlock()
	if fault != nil { // it was done, and nobody hears of it
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

func readBody(r *http.Request) (map[string]any, int) {
	var raw []byte
	files := 0
	kind, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind == "multipart/form-data" {
		m := multipart.NewReader(r.Body, params["boundary"])
		for {
			part, err := m.NextPart()
			if err != nil {
				break
			}
			b, _ := io.ReadAll(part)
			if part.FormName() == "payload_json" {
				raw = b
			} else {
				files++
			}
		}
	} else {
		raw, _ = io.ReadAll(r.Body)
	}
	var m map[string]any
	if json.Unmarshal(raw, &m) != nil {
		var l []any
		if json.Unmarshal(raw, &l) == nil {
			m = map[string]any{"": l}
		}
	}
	return m, files
}

// fault takes the next fault of a call. f.mu is held.
func (f *fakeDiscord) fault(name string) *fakeFault {
	for i, x := range f.faults {
		if strings.Contains(name, x.match) {
			if x.times--; x.times <= 0 {
				f.faults = slices.Delete(f.faults, i, i+1)
			}
			return x
		}
	}
	return nil
}

func (f *fakeDiscord) fail(x fakeFault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults = append(f.faults, &x)
}

func (f *fakeDiscord) called(name string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls[name]
}

// answer does what the API does. f.mu is held.
func (f *fakeDiscord) answer(method string, p []string, r *http.Request, body map[string]any, files int) (int, any) {
	switch {
	case len(p) == 1 && p[0] == "gateway":
		return 200, map[string]any{"url": strings.Replace(f.srv.URL, "http", "ws", 1) + "/socket"}
	case len(p) == 2 && p[0] == "gateway":
		f.starts--
		return 200, map[string]any{"url": "ws://x", "shards": 1, "session_start_limit": map[string]any{"total": 1000, "remaining": f.starts + 1, "reset_after": 5000, "max_concurrency": 1}}
	case p[0] == "users" && len(p) == 2:
		return 200, map[string]any{"id": fakeApp, "bot": true}
	case p[0] == "users" && p[2] == "guilds":
		return 200, []any{map[string]any{"id": fakeGuild}}
	case p[0] == "users" && p[2] == "channels":
		return f.openDirect(fmt.Sprint(body["recipient_id"]))
	case p[0] == "applications" && p[1] == "@me":
		return 200, map[string]any{"id": fakeApp, "verify_key": ""}
	case p[0] == "applications" && method == "PUT":
		f.commands = anyList(body[""])
		return 200, f.commands
	case p[0] == "applications":
		return 200, f.commands
	case p[0] == "guilds" && len(p) == 4:
		roles, ok := f.members[p[3]]
		if !ok {
			return refuse(404, 10007, "Unknown Member")
		}
		return 200, map[string]any{"user": map[string]any{"id": p[3]}, "roles": roles}
	case p[0] == "channels":
		return f.channel(method, p[1], p[2:], r, body, files)
	case p[0] == "interactions":
		return f.callback(p[2], body)
	case p[0] == "webhooks":
		return f.webhook(method, p[2:], body, files)
	}
	return refuse(404, 0, "404: Not Found")
}

func (f *fakeDiscord) openDirect(user string) (int, any) {
	return 200, map[string]any{"id": f.dm(user), "type": 1}
}

// dm is the conversation with a user. f.mu is held.
func (f *fakeDiscord) dm(user string) string {
	id := "5" + user[1:]
	f.direct[id] = user
	return id
}

// knows tells whether the bot may speak in a channel. f.mu is held.
func (f *fakeDiscord) knows(channel string) bool {
	if parent, ok := f.threads[channel]; ok {
		channel = parent
	}
	return slices.Contains(f.rooms[channel], fakeApp) || f.direct[channel] != ""
}

func (f *fakeDiscord) channel(method, channel string, p []string, r *http.Request, body map[string]any, files int) (int, any) {
	if _, ok := f.rooms[channel]; !ok && f.direct[channel] == "" && f.threads[channel] == "" {
		return refuse(404, codeUnknownChannel, "Unknown Channel")
	}
	if !f.knows(channel) {
		return refuse(403, codeMissingAccess, "Missing Access")
	}
	switch {
	case len(p) == 0:
		return 200, map[string]any{"id": channel, "type": 0}
	case len(p) == 1 && method == "GET":
		return f.history(channel, r)
	case len(p) == 1 && method == "POST":
		if f.closed[f.direct[channel]] {
			return refuse(403, codeClosed, "Cannot send messages to this user")
		}
		return f.post(channel, body, files)
	case len(p) == 3:
		f.threads[p[1]+"t"] = channel
		if f.direct[channel] != "" {
			return refuse(400, 50024, "Cannot execute action on this channel type")
		}
		return 201, map[string]any{"id": p[1] + "t", "type": 11, "name": body["name"]}
	}
	m := f.byID(p[1])
	if m == nil || m.channel != channel || m.viewer != "" {
		return refuse(404, codeUnknownMessage, "Unknown Message")
	}
	if method == "DELETE" {
		f.messages = slices.DeleteFunc(f.messages, func(x *fakeMessage) bool { return x == m })
		return 204, nil
	}
	return f.change(m, body, files)
}

func (f *fakeDiscord) byID(id string) *fakeMessage {
	for _, m := range f.messages {
		if m.id == id {
			return m
		}
	}
	return nil
}

func (f *fakeDiscord) history(channel string, r *http.Request) (int, any) {
	out := []any{}
	after := r.URL.Query().Get("after")
	for _, m := range slices.Backward(f.messages) {
		if m.channel == channel && m.viewer == "" && (len(m.id) > len(after) || m.id > after) {
			out = append(out, m.json())
		}
	}
	limit, _ := strconv.Atoi(r.URL.Query().Get("limit"))
	if limit < 1 || limit > 100 {
		limit = 50
	}
	return 200, out[max(0, len(out)-limit):] // with "after" it is the oldest ones that come
}

func (m *fakeMessage) json() map[string]any {
	return map[string]any{
		"id": m.id, "channel_id": m.channel, "author": map[string]any{"id": m.author, "bot": m.author == fakeApp}, "flags": m.flags,
		"components": m.components, "content": m.content, "attachments": []any{},
	}
}

// good looks a message over. f.mu is held.
func (f *fakeDiscord) good(body map[string]any, files int) (bad string) {
	if wrong := checkMessage(body); wrong != nil {
		f.wrong = append(f.wrong, wrong...)
		return strings.Join(wrong, "; ")
	}
	if want := strings.Count(fmt.Sprint(body["components"]), "attachment://"); want != files || len(anyList(body["attachments"])) != files {
		bad = fmt.Sprintf("%d pictures in the message, %d files", want, files)
		f.wrong = append(f.wrong, bad)
	}
	return bad
}

func (f *fakeDiscord) post(channel string, body map[string]any, files int) (int, any) {
	if bad := f.good(body, files); bad != "" {
		return refuse(400, 50035, bad)
	}
	nonce, _ := body["nonce"].(string)
	if n := len(nonce); n > 25 || n == 0 || body["enforce_nonce"] != true {
		f.wrong = append(f.wrong, "a post without a nonce that is enforced")
	}
	for _, m := range f.messages {
		if m.channel == channel && m.nonce == nonce && nonce != "" {
			return 200, m.json()
		}
	}
	m := &fakeMessage{id: f.id(), channel: channel, author: fakeApp, nonce: nonce, files: files}
	f.messages = append(f.messages, m)
	return f.change(m, body, files)
}

// change sets what a message shows. f.mu is held.
func (f *fakeDiscord) change(m *fakeMessage, body map[string]any, files int) (int, any) {
	if bad := f.good(body, files); bad != "" {
		return refuse(400, 50035, bad)
	}
	flags, _ := body["flags"].(float64)
	m.components, m.pending, m.files = anyList(body["components"]), false, files
	m.flags = int(flags)&^flagEphemeral | m.flags&flagEphemeral
	am, _ := body["allowed_mentions"].(map[string]any)
	m.mentions = anyList(am["users"])
	return 200, m.json()
}
