package slackbot

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"rounds/bot"
	"rounds/bot/bottest"
)

// fakeSlack is a Slack workspace that keeps state: rooms, messages, ephemeral messages, stacks
// of modals, home views, files, triggers and response_urls. It refuses what Slack refuses.
type fakeSlack struct {
	t       testing.TB
	srv     *httptest.Server
	handler http.Handler // the platform's endpoints; nil with Socket Mode
	now     func() time.Time

	mu       sync.Mutex // guards all following
	seq      int
	rooms    map[string][]string // members by channel
	messages []*fakeMessage
	stacks   map[string][]*fakeView
	homes    map[string]*fakeView
	triggers map[string]bool // true when used
	urls     map[string]*fakeURL
	files    map[string]bool // true when complete
	faults   map[string][]fakeFault
	calls    []fakeCall
	wrong    []string // payloads beyond the limits, misuse of tokens
	accounts map[string]map[string]any
	scopes   string
	skew     time.Duration
	noTables bool
	last     func() error
	sent     int64 // payloads delivered
	sockets  []*bottest.Socket
	acks     map[string]chan json.RawMessage
	opens    []string // answers of apps.connections.open before it works: error names
}

type fakeMessage struct {
	channel, ts, thread, text string
	only                      string // the one who sees it, or "" for all
	blocks                    []any
	metadata                  map[string]any
	deleted                   bool
}

type fakeView struct {
	id, hash string
	view     map[string]any
	state    map[string]map[string]any // by block: the element as it comes in a payload
	errors   map[string]any
}

type fakeURL struct {
	channel, user, ts string
	uses              int
}

type fakeCall struct {
	method string
	args   url.Values
}

// fakeFault makes the next call of a method go wrong.
type fakeFault struct {
	status int    // HTTP status; 429 comes with Retry-After
	err    string // or this error
	drop   bool   // or the call counts and the connection breaks before the answer
}

const (
	fakeSecret = "signing-secret"
	fakeBot    = "U0BOT"
	fakeTeam   = "T01"
)

func newFakeSlack(t testing.TB) *fakeSlack {
	f := &fakeSlack{
		t: t, now: time.Now,
		rooms: map[string][]string{}, stacks: map[string][]*fakeView{}, homes: map[string]*fakeView{},
		triggers: map[string]bool{}, urls: map[string]*fakeURL{}, files: map[string]bool{},
		faults: map[string][]fakeFault{}, acks: map[string]chan json.RawMessage{},
		accounts: map[string]map[string]any{}, scopes: "",
	}
	var names []string
	for _, s := range Scopes() {
		names = append(names, s.Name)
	}
	f.scopes = strings.Join(names, ",")
	for _, u := range []string{"ana", "ben"} {
		f.accounts[u] = map[string]any{"id": u, "name": u, "profile": map[string]any{"email": u + "@example.org"}}
	}
	f.srv = httptest.NewServer(f)
	t.Cleanup(func() {
		f.closeSockets()
		f.srv.Close()
		f.mu.Lock()
		defer f.mu.Unlock()
		for _, w := range f.wrong {
			t.Error("slack refused: " + w)
		}
	})
	return f
}

func (f *fakeSlack) api() string { return f.srv.URL + "/api/" }

// config is that of a platform that talks to the fake, by HTTP or by Socket Mode.
func (f *fakeSlack) config(socket bool) Config {
	c := Config{BotToken: "xoxb-test", APIURL: f.api(), Now: f.now}
	if socket {
		c.AppToken = "xapp-test"
	} else {
		c.SigningSecret = fakeSecret
	}
	return c
}

// newPlatform makes a platform that never sleeps.
func newPlatform(t testing.TB, cfg Config) *Platform {
	t.Helper()
	p, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	p.pause = noPause
	p.grace = 0
	return p
}

func (f *fakeSlack) id(prefix string) string {
	f.seq++
	return fmt.Sprintf("%s%04d", prefix, f.seq)
}

func (f *fakeSlack) ts() string {
	f.seq++
	return fmt.Sprintf("%d.%06d", time.Now().Unix(), f.seq)
}

func (f *fakeSlack) fail(method string, fault ...fakeFault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults[method] = append(f.faults[method], fault...)
}

// called lists the calls of a method.
func (f *fakeSlack) called(method string) []url.Values {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []url.Values
	for _, c := range f.calls {
		if c.method == method {
			out = append(out, c.args)
		}
	}
	return out
}

func (f *fakeSlack) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case strings.HasPrefix(r.URL.Path, "/api/"):
		f.serveAPI(w, r, strings.TrimPrefix(r.URL.Path, "/api/"))
	case strings.HasPrefix(r.URL.Path, "/hook/"):
		f.serveHook(w, r, strings.TrimPrefix(r.URL.Path, "/hook/"))
	case strings.HasPrefix(r.URL.Path, "/upload/"):
		_, _ = io.Copy(io.Discard, r.Body)
	case r.URL.Path == "/socket":
		f.serveSocket(w, r)
	default:
		http.NotFound(w, r)
	}
}

// arguments reads a call whatever it is encoded as.
func arguments(r *http.Request) url.Values {
	v := url.Values{}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		var m map[string]any
		_ = json.NewDecoder(r.Body).Decode(&m)
		for k, x := range m {
			if s, ok := x.(string); ok {
				v.Set(k, s)
			} else {
				b, _ := json.Marshal(x)
				v.Set(k, string(b))
			}
		}
	} else if err := r.ParseForm(); err == nil {
		v = r.Form
	}
	if t, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		v.Set("token", t)
	}
	return v
}

func (f *fakeSlack) serveAPI(w http.ResponseWriter, r *http.Request, method string) {
	args := arguments(r)
	f.mu.Lock()
	defer f.mu.Unlock()
	token := "xoxb-test"
	if method == "apps.connections.open" {
		token = "xapp-test"
	}
	given := args.Get("token")
	args.Del("token")
	f.calls = append(f.calls, fakeCall{method, args})
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-OAuth-Scopes", f.scopes)
	w.Header().Set("Date", time.Now().Add(f.skew).UTC().Format(http.TimeFormat))
	answer := func(m map[string]any) { _ = json.NewEncoder(w).Encode(m) }
	fault := fakeFault{}
	if q := f.faults[method]; len(q) > 0 {
		fault, f.faults[method] = q[0], q[1:]
	}
	switch {
	case given != token:
		answer(refusal("invalid_auth"))
		return
	case fault.status != 0:
		w.Header().Set("Retry-After", "7")
		w.WriteHeader(fault.status)
		return
	case fault.err != "":
		answer(refusal(fault.err))
		return
	}
	res := f.do(method, args)
	if fault.drop {
		if c, _, err := w.(http.Hijacker).Hijack(); err == nil {
			_ = c.Close()
		}
		return
	}
	if res["ok"] == nil {
		res["ok"] = true
	}
	answer(res)
}

func refusal(name string) map[string]any { return map[string]any{"ok": false, "error": name} }

// message reads the blocks of a call and checks them.
func (f *fakeSlack) message(method string, args url.Values) (*fakeMessage, map[string]any) {
	m := &fakeMessage{channel: args.Get("channel"), text: args.Get("text"), thread: args.Get("thread_ts")}
	if err := json.Unmarshal([]byte(args.Get("blocks")), &m.blocks); err != nil {
		return nil, refusal("invalid_blocks_format")
	}
	if wrong := checkMessage(map[string]any{"text": m.text, "blocks": m.blocks}); wrong != nil {
		f.wrong = append(f.wrong, method+": "+strings.Join(wrong, "; "))
		return nil, refusal("invalid_blocks")
	}
	for _, b := range m.blocks {
		b := b.(map[string]any)
		if b["type"] == "table" && f.noTables {
			return nil, refusal("invalid_blocks")
		}
		if file, ok := b["slack_file"].(map[string]any); ok && !f.files[file["id"].(string)] {
			return nil, refusal("invalid_blocks")
		}
	}
	if s := args.Get("metadata"); s != "" {
		_ = json.Unmarshal([]byte(s), &m.metadata)
	}
	return m, nil
}

func (f *fakeSlack) member(channel, user string) bool {
	return slices.Contains(f.rooms[channel], user)
}

func (f *fakeSlack) do(method string, args url.Values) map[string]any {
	switch method {
	case "auth.test":
		return map[string]any{"user_id": fakeBot, "team_id": fakeTeam, "bot_id": "B0BOT"}
	case "apps.connections.open":
		if len(f.opens) > 0 {
			e := f.opens[0]
			f.opens = f.opens[1:]
			return refusal(e)
		}
		return map[string]any{"url": "ws" + strings.TrimPrefix(f.srv.URL, "http") + "/socket"}
	case PostMessage, PostEphemeral:
		m, bad := f.message(method, args)
		if bad != nil {
			return bad
		}
		if f.rooms[m.channel] == nil {
			return refusal("channel_not_found")
		}
		if !f.member(m.channel, fakeBot) {
			return refusal("not_in_channel")
		}
		if method == PostEphemeral {
			m.only = args.Get("user")
			if !f.member(m.channel, m.only) {
				return refusal("user_not_in_channel")
			}
		}
		m.ts = f.ts()
		f.messages = append(f.messages, m)
		return map[string]any{"channel": m.channel, "ts": m.ts, "message_ts": m.ts}
	case UpdateMessage, "chat.delete":
		old := f.find(args.Get("channel"), args.Get("ts"))
		if old == nil || old.only != "" {
			return refusal("message_not_found")
		}
		if method == "chat.delete" {
			old.deleted = true
			return map[string]any{"channel": old.channel, "ts": old.ts}
		}
		m, bad := f.message(method, args)
		if bad != nil {
			return bad
		}
		old.text, old.blocks = m.text, m.blocks
		return map[string]any{"channel": old.channel, "ts": old.ts}
	case ViewsOpen, ViewsPush, ViewsUpdate, ViewsPublish:
		return f.views(method, args)
	case "conversations.open":
		user := args.Get("users")
		if f.accounts[user] == nil {
			return refusal("user_not_found")
		}
		return map[string]any{"channel": map[string]any{"id": f.dm(user)}}
	case "conversations.history":
		return f.history(args)
	case "users.lookupByEmail":
		for _, a := range f.accounts {
			if a["profile"].(map[string]any)["email"] == args.Get("email") {
				return map[string]any{"user": a}
			}
		}
		return refusal("users_not_found")
	case "users.info":
		if a := f.accounts[args.Get("user")]; a != nil {
			return map[string]any{"user": a}
		}
		return refusal("user_not_found")
	case "files.getUploadURLExternal":
		id := f.id("F")
		f.files[id] = false
		return map[string]any{"upload_url": f.srv.URL + "/upload/" + id, "file_id": id}
	case "files.completeUploadExternal":
		if args.Get("channel_id") != "" || args.Get("channels") != "" {
			f.wrong = append(f.wrong, "a picture was shared before its message")
		}
		var files []map[string]any
		_ = json.Unmarshal([]byte(args.Get("files")), &files)
		for _, x := range files {
			f.files[x["id"].(string)] = true
		}
		return map[string]any{"files": files}
	}
	return refusal("unknown_method")
}

func (f *fakeSlack) dm(user string) string {
	id := "D" + user
	f.rooms[id] = []string{user, fakeBot}
	return id
}

func (f *fakeSlack) find(channel, ts string) *fakeMessage {
	for _, m := range f.messages {
		if m.channel == channel && m.ts == ts && !m.deleted {
			return m
		}
	}
	return nil
}

func (f *fakeSlack) history(args url.Values) map[string]any {
	channel := args.Get("channel")
	if f.rooms[channel] == nil {
		return refusal("channel_not_found")
	}
	if !f.member(channel, fakeBot) {
		return refusal("not_in_channel")
	}
	oldest, _ := strconv.ParseFloat(args.Get("oldest"), 64)
	out := []any{}
	for _, m := range slices.Backward(f.messages) {

		at, _ := strconv.ParseFloat(m.ts, 64)
		if m.channel != channel || m.only != "" || m.thread != "" || m.deleted || at < oldest {
			continue
		}
		x := map[string]any{"type": "message", "ts": m.ts, "text": m.text, "user": fakeBot}
		if args.Get("include_all_metadata") == "1" && m.metadata != nil {
			x["metadata"] = m.metadata
		}
		out = append(out, x)
	}
	return map[string]any{"messages": out}
}

func (f *fakeSlack) views(method string, args url.Values) map[string]any {
	var v map[string]any
	if err := json.Unmarshal([]byte(args.Get("view")), &v); err != nil {
		return refusal("invalid_arguments")
	}
	if wrong := checkView(v); wrong != nil {
		f.wrong = append(f.wrong, method+": "+strings.Join(wrong, "; "))
		return refusal("invalid_arguments")
	}
	if method == ViewsPublish {
		f.homes[args.Get("user_id")] = f.newView(v)
		return map[string]any{"view": map[string]any{"id": f.homes[args.Get("user_id")].id}}
	}
	if method == ViewsUpdate {
		for _, stack := range f.stacks {
			for _, old := range stack {
				if old.id != args.Get("view_id") {
					continue
				}
				if h := args.Get("hash"); h != "" && h != old.hash {
					return refusal("hash_conflict")
				}
				next := f.newView(v)
				old.view, old.hash, old.state, old.errors = v, next.hash, next.state, nil
				return map[string]any{"view": map[string]any{"id": old.id, "hash": old.hash}}
			}
		}
		return refusal("not_found")
	}
	trigger := args.Get("trigger_id")
	used, known := f.triggers[trigger]
	switch {
	case !known:
		return refusal("invalid_trigger_id")
	case used:
		return refusal("exchanged_trigger_id")
	}
	f.triggers[trigger] = true
	user := strings.Split(trigger, ".")[1]
	n := f.newView(v)
	switch {
	case method == ViewsOpen:
		f.stacks[user] = []*fakeView{n}
	case len(f.stacks[user]) >= 3:
		return refusal("push_limit_reached")
	default:
		f.stacks[user] = append(f.stacks[user], n)
	}
	return map[string]any{"view": map[string]any{"id": n.id, "hash": n.hash}}
}

func (f *fakeSlack) newView(v map[string]any) *fakeView {
	n := &fakeView{id: f.id("V"), hash: f.id("h"), view: v, state: map[string]map[string]any{}}
	for _, x := range list(v["blocks"]) {
		b := x.(map[string]any)
		if b["type"] != "input" {
			continue
		}
		e := b["element"].(map[string]any)
		s := map[string]any{"type": e["type"]}
		for from, to := range map[string]string{
			"initial_value": "value", "initial_date": "selected_date", "initial_option": "selected_option", "initial_options": "selected_options",
		} {
			if e[from] != nil {
				s[to] = e[from]
			}
		}
		n.state[b["block_id"].(string)] = s
	}
	return n
}

// serveHook is a response_url.
func (f *fakeSlack) serveHook(w http.ResponseWriter, r *http.Request, id string) {
	var m map[string]any
	_ = json.NewDecoder(r.Body).Decode(&m)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, fakeCall{ResponseURL, nil})
	if r.Header.Get("Authorization") != "" {
		f.wrong = append(f.wrong, "a token was sent to a response_url")
	}
	u := f.urls[id]
	if q := f.faults[ResponseURL]; len(q) > 0 {
		f.faults[ResponseURL] = q[1:]
		w.Header().Set("Retry-After", "1")
		w.WriteHeader(q[0].status)
		return
	}
	if u == nil || u.uses >= 5 {
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, "used_url")
		return
	}
	u.uses++
	if bad := f.respond(u, m); bad != "" {
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = io.WriteString(w, bad)
		return
	}
	_, _ = io.WriteString(w, "ok")
}

// respond shows what a response_url or a command's response got.
func (f *fakeSlack) respond(u *fakeURL, m map[string]any) string {
	if wrong := checkMessage(m); wrong != nil {
		f.wrong = append(f.wrong, "response: "+strings.Join(wrong, "; "))
		return "invalid_blocks"
	}
	text, _ := m["text"].(string)
	blocks := list(m["blocks"])
	for _, b := range blocks {
		if b.(map[string]any)["type"] == "table" && f.noTables {
			return "invalid_blocks"
		}
	}
	if m["replace_original"] == true {
		if old := f.find(u.channel, u.ts); old != nil {
			old.text, old.blocks = text, blocks
			return ""
		}
	}
	n := &fakeMessage{channel: u.channel, ts: f.ts(), text: text, blocks: blocks}
	if m["response_type"] != "in_channel" {
		n.only = u.user
	}
	f.messages = append(f.messages, n)
	return ""
}

var _ bot.Platform = (*Platform)(nil)
