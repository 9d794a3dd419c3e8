package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rounds/school"
	"rounds/school/sqlitelog"
	"rounds/seeds"
)

// The people of the walk: a coach, her teacher, their principal, and the lead of a PLC team.
const (
	alice   = "U01ALICE"
	bob     = "U02BOB"
	dana    = "U03DANA"
	xiomara = "U04XIO"
)

// slackWalk is rounds serve itself, over signed HTTP, with a Slack that remembers everything. Its clock moves when it is moved.
type slackWalk struct {
	t     *testing.T
	slack *fakeSlack
	sign  *slackSigner
	store string
	id    string // of the district

	mu    sync.Mutex // guards the following
	n     int        // triggers so far
	at    time.Time  // the bot's time when the clock was last moved
	moved time.Time  // and the computer's then
	gate  chan struct{}
	logs  bytes.Buffer
}

// Write keeps the server's log for when a test fails.
func (w *slackWalk) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.logs.Write(b)
}

// now runs on from where it was moved to.
func (w *slackWalk) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.at.Add(time.Since(w.moved))
}

func (w *slackWalk) move(to string) {
	w.t.Helper()
	at, err := time.Parse(time.RFC3339, to)
	if err != nil {
		w.t.Fatal(err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.at, w.moved = at, time.Now()
}

// slow makes each write of the store wait until the function it returns is called.
func (w *slackWalk) slow() func() {
	gate := make(chan struct{})
	w.mu.Lock()
	w.gate = gate
	w.mu.Unlock()
	return sync.OnceFunc(func() {
		w.mu.Lock()
		w.gate = nil
		w.mu.Unlock()
		close(gate)
	})
}

func newSlackWalk(t *testing.T) *slackWalk {
	t.Helper()
	dir := t.TempDir()
	if err := seeds.WriteDemo(dir, seeds.DemoSeed); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "district.yaml")
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	b = []byte(strings.NewReplacer("web: [web]", "web: [web]\n  slack: [T01TEST]", "web:web:cedar-leaders", "slack:T01TEST:C01GEN", "web:web:cedar-social", "slack:T01TEST:C02OPS").Replace(string(b)))
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, err := LoadConfig(file)
	if err != nil {
		t.Fatal(err)
	}
	w := &slackWalk{t: t, store: filepath.Join(dir, "rounds.db"), id: cfg.District.ID}
	w.move("2026-10-15T10:00:00-05:00")
	w.slack = newFakeSlack(t, map[string]string{alice: "alice@example.com", bob: "bob@example.com", dana: "dana.whitfield@example.com", xiomara: "xiomara.cisneros@example.com"})
	addr := freeAddr(t)
	w.sign = &slackSigner{base: "http://" + addr, secret: signingSecret, client: &http.Client{Timeout: 10 * time.Second}}
	cmd := &serveCmd{
		Config: file, storeFlags: storeFlags{Store: w.store}, Listen: addr, now: w.now,
		lease: 8 * time.Second, // a post without an answer is looked up after a quarter of it
		secrets: func() secrets {
			return secrets{SlackBotToken: "xoxb-test", SlackSigningSecret: signingSecret, SlackAPIURL: w.slack.api()}
		},
		slow: func() {
			w.mu.Lock()
			gate := w.gate
			w.mu.Unlock()
			if gate != nil {
				<-gate
			}
		},
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- cmd.Run(ctx, &output{w, w}) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if t.Failed() {
			t.Logf("the server said:\n%s", w.logs.String())
		}
	})
	w.until("the server is ready", func() bool {
		r, err := w.sign.client.Get(w.sign.base + "/readyz")
		if err != nil {
			return false
		}
		_ = r.Body.Close()
		return r.StatusCode == http.StatusOK
	})
	return w
}

// until polls what the server does in its own time.
func (w *slackWalk) until(what string, ok func() bool) {
	w.t.Helper()
	end := time.After(20 * time.Second)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-end:
			w.t.Fatalf("not seen: %s", what)
		case <-tick.C:
		}
	}
}

func (w *slackWalk) trigger() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.n++
	return fmt.Sprintf("walk.%d", w.n)
}

// An asked is a request and where its answer comes.
type asked struct {
	path string // of its response_url
	body string // the answer in the response itself
	raw  []byte // the request
}

// post sends a signed body, which must be taken.
func (w *slackWalk) post(a asked) asked {
	w.t.Helper()
	status, body, err := w.sign.send(a.raw, w.sign.headers(a.raw, time.Now()))
	if err != nil || status != http.StatusOK {
		w.t.Fatalf("%d: %s %v", status, body, err)
	}
	a.body = body
	if strings.Contains(body, `"response_type":"in_channel"`) {
		w.slack.keep(body)
	}
	return a
}

// slash is a slash command, not sent yet.
func (w *slackWalk) slash(user, channel, command, text string) asked {
	id := w.trigger()
	form, _ := url.ParseQuery(string(w.sign.commandBody(user, command, text, id)))
	a := asked{path: "/response/" + id}
	form.Set("channel_id", channel)
	form.Set("response_url", w.slack.URL+a.path)
	a.raw = []byte(form.Encode())
	return a
}

// command types a slash command and waits for its answer.
func (w *slackWalk) command(user, channel, command, text string) message {
	w.t.Helper()
	return w.answer(w.post(w.slash(user, channel, command, text)))
}

// answer is what a request was answered with, at once or later.
func (w *slackWalk) answer(a asked) message {
	w.t.Helper()
	if a.body != "" {
		return readMessage(w.t, a.body)
	}
	var got []string
	w.until("an answer", func() bool { got = w.slack.answersTo(a.path); return len(got) > 0 })
	return readMessage(w.t, got[0])
}

// press presses a button of a message. ts is the message's if everybody sees it, "" for an ephemeral one.
func (w *slackWalk) press(user, channel, ts string, m message, label string) asked {
	w.t.Helper()
	b, ok := m.button(label)
	if !ok {
		w.t.Fatalf("no button %q in\n%s", label, m.Text)
	}
	id := w.trigger()
	a := asked{path: "/response/" + id}
	container := map[string]any{"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": ts == ""}
	if ts == "" {
		container["message_ts"] = "1.1"
	}
	a.raw = interaction(map[string]any{
		"type": "block_actions", "container": container, "trigger_id": id, "channel": map[string]any{"id": channel, "name": "x"}, "response_url": w.slack.URL + a.path,
		"actions": []any{map[string]any{"type": "button", "block_id": "b", "action_id": b.ActionID, "value": b.Value, "action_ts": "1.2"}},
	}, user)
	return w.post(a)
}

// submit sends a form back with some fields changed.
func (w *slackWalk) submit(user string, v slackView, changed map[string]string) asked {
	w.t.Helper()
	var view map[string]any
	if err := json.Unmarshal([]byte(v.View), &view); err != nil {
		w.t.Fatal(err)
	}
	values := map[string]any{}
	for _, b := range view["blocks"].([]any) {
		b := b.(map[string]any)
		e, ok := b["element"].(map[string]any)
		if !ok {
			continue
		}
		name := b["block_id"].(string)
		x := map[string]any{"type": e["type"]}
		for from, to := range map[string]string{"initial_value": "value", "initial_date": "selected_date", "initial_option": "selected_option", "initial_options": "selected_options"} {
			if e[from] != nil {
				x[to] = e[from]
			}
		}
		if s, ok := changed[name]; ok {
			key := "value"
			if e["type"] == "datepicker" {
				key = "selected_date"
			}
			x[key] = s
		}
		values[name] = map[string]any{e["action_id"].(string): x}
	}
	view["id"], view["hash"], view["state"] = v.ID, "1."+v.ID, map[string]any{"values": values}
	return w.post(asked{raw: interaction(map[string]any{"type": "view_submission", "trigger_id": w.trigger(), "view": view}, user)})
}

// interaction is the body of a click or a form.
func interaction(payload map[string]any, user string) []byte {
	payload["team"] = map[string]any{"id": "T01TEST", "domain": "test"}
	payload["user"] = map[string]any{"id": user, "team_id": "T01TEST"}
	payload["api_app_id"] = "A01APP"
	b, _ := json.Marshal(payload)
	return []byte(url.Values{"payload": {string(b)}}.Encode())
}

// event sends an event and says how it was answered.
func (w *slackWalk) event(id string, e map[string]any, retry string) int {
	w.t.Helper()
	b, _ := json.Marshal(map[string]any{"type": "event_callback", "team_id": "T01TEST", "api_app_id": "A01APP", "event_id": id, "event_time": time.Now().Unix(), "event": e})
	h := w.sign.headers(b, time.Now())
	h.Set("Content-Type", "application/json")
	if retry != "" {
		h.Set("X-Slack-Retry-Num", retry)
		h.Set("X-Slack-Retry-Reason", "http_timeout")
	}
	status, _, err := w.sign.send(b, h)
	if err != nil {
		w.t.Fatal(err)
	}
	return status
}

// posted waits for a message in a channel, as it stands now.
func (w *slackWalk) posted(channel, text string) (slackPost, message) {
	w.t.Helper()
	var p slackPost
	w.until("in "+channel+": "+text, func() bool {
		for _, x := range w.slack.stored() {
			if x.Channel == channel && strings.Contains(readMessage(w.t, x.Body).Text, text) {
				p = x
				return true
			}
		}
		return false
	})
	return p, readMessage(w.t, p.Body)
}

// view waits for the newest view of a method that holds a text.
func (w *slackWalk) view(method, text string) slackView {
	w.t.Helper()
	var v slackView
	w.until(method+": "+text, func() bool {
		for _, x := range w.slack.viewsNow() {
			if x.Method == method && strings.Contains(x.View, text) {
				v = x
			}
		}
		return v.ID != ""
	})
	return v
}

// nudge appends something, after which the clock looks around.
func (w *slackWalk) nudge() {
	w.t.Helper()
	w.command(alice, "C01GEN", "/observe", "log @Bob Brown 5m").has(w.t, "Saved")
}

func (w *slackWalk) called(method string) int {
	w.slack.mu.Lock()
	defer w.slack.mu.Unlock()
	return w.slack.calls[method]
}

// version is the log's, as the operator sees it.
func (w *slackWalk) version() string {
	w.t.Helper()
	r, err := w.sign.client.Get(w.sign.base + "/metrics")
	if err != nil {
		w.t.Fatal(err)
	}
	defer r.Body.Close()
	b, _ := io.ReadAll(r.Body)
	_, after, _ := strings.Cut(string(b), "\nrounds_model_version ")
	v, _, _ := strings.Cut(after, "\n")
	if v == "" {
		w.t.Fatal("no version in the metrics")
	}
	if !strings.Contains(string(b), `rounds_service_total{service="slack",what="rate_limited"} `) {
		w.t.Error("no counters of Slack in the metrics")
	}
	return v
}

// read looks into the store from outside, as rounds targets does.
func (w *slackWalk) read(f func(log school.Log, m *school.Model)) {
	w.t.Helper()
	ctx := context.Background()
	store, err := sqlitelog.Open(ctx, w.store, sqlitelog.Options{Mark: sqlitelog.Real, ReadOnly: true})
	if err != nil {
		w.t.Fatal(err)
	}
	defer store.Close()
	book, err := school.Open(ctx, store.Log(w.id))
	if err != nil {
		w.t.Fatal(err)
	}
	defer book.Close()
	if err := book.Read(func(m *school.Model) { f(book.Log(), m) }); err != nil {
		w.t.Fatal(err)
	}
}

// A message is what can be seen of one, and pressed.
type message struct {
	Type    string `json:"response_type"`
	Replace bool   `json:"replace_original"`
	Text    string
	Blocks  []map[string]any
}

// readMessage reads a message as it was sent: as JSON or as a form.
func readMessage(t testing.TB, body string) (m message) {
	t.Helper()
	if !strings.HasPrefix(body, "{") {
		q, _ := url.ParseQuery(body)
		m.Text = q.Get("text")
		if err := json.Unmarshal([]byte(q.Get("blocks")), &m.Blocks); err != nil {
			t.Fatalf("%v in %q", err, body)
		}
		return m
	}
	if err := json.Unmarshal([]byte(body), &m); err != nil {
		t.Fatalf("%v in %q", err, body)
	}
	return m
}

func (m message) has(t testing.TB, texts ...string) message {
	t.Helper()
	for _, s := range texts {
		if !strings.Contains(m.Text, s) {
			t.Errorf("%q is not in\n%s", s, m.Text)
		}
	}
	return m
}

func (m message) hasNot(t testing.TB, texts ...string) message {
	t.Helper()
	for _, s := range texts {
		if strings.Contains(m.Text, s) {
			t.Errorf("%q is in\n%s", s, m.Text)
		}
	}
	return m
}

type slackButton struct{ ActionID, Value string }

// button finds a button by what stands on it.
func (m message) button(label string) (slackButton, bool) {
	for _, b := range m.Blocks {
		elements, _ := b["elements"].([]any)
		for _, e := range append(elements, b["accessory"]) {
			e, _ := e.(map[string]any)
			text, _ := e["text"].(map[string]any)
			if e["type"] == "button" && text["text"] == label {
				value, _ := e["value"].(string)
				id, _ := e["action_id"].(string)
				return slackButton{id, value}, true
			}
		}
	}
	return slackButton{}, false
}

// TestSlackWalk is the five jobs end to end over Slack's HTTP: notes, check-ins, the form, questions, Home, agenda and digest.
// Slack is busy once and loses one reply; nothing is posted twice, and in the end nothing that it keeps says anything of anybody.
func TestSlackWalk(t *testing.T) {
	w := newSlackWalk(t)
	for user, role := range map[string]string{bob: "teacher", dana: "principal", xiomara: "teacher"} {
		w.command(user, "C01GEN", "/rounds", "help").has(t, "What a "+role+" does here first")
	}

	// A visit in one line, its note shared, read and answered.
	receipt := w.command(alice, "C01GEN", "/observe", "log @Bob Brown 12m focus:discourse glow:Warm opening for all step:Ask one why question after each answer by:fri")
	receipt.has(t, "Saved. Only you can see this.", "Bob Brown")
	if receipt.Type != "ephemeral" {
		t.Errorf("the receipt is %s", receipt.Type)
	}
	shared := w.answer(w.press(alice, "C01GEN", "", receipt, "Share now")).has(t, "Shared today")
	if !shared.Replace {
		t.Error("the receipt was not replaced")
	}
	envelope, m := w.posted("D"+bob, "left you a note")
	m.hasNot(t, "Alice", "Bob", "Warm", "why")
	w.answer(w.press(bob, "D"+bob, envelope.TS, m, "Read it")).has(t, "Warm opening for all", "Ask one why question after each answer")
	m = w.command(bob, "C01GEN", "/checkin", "").has(t, "Ask one why question after each answer")
	m = w.answer(w.press(bob, "C01GEN", "", m, "Tried it")).has(t, "Saved: tried it")
	if !m.Replace {
		t.Error("the check-in was not replaced")
	}

	// The fast number, and the form behind its first button.
	m = w.command(alice, "C01GEN", "/observe", "status").has(t, " this week", "to go", "school days left")
	w.press(alice, "C01GEN", "", m, "Log")
	form := w.view("views.open", "Log a visit")
	before := w.version()
	var errs struct {
		Action string `json:"response_action"`
		Errors map[string]string
		View   json.RawMessage
	}
	_ = json.Unmarshal([]byte(w.submit(alice, form, map[string]string{"step": "Wait three seconds", "by": "2026-10-01"}).body), &errs)
	if errs.Action != "errors" || !strings.Contains(errs.Errors["by"], "over already") || len(errs.Errors) != 1 {
		t.Errorf("a form with a wrong date was answered with %+v", errs)
	}
	if v := w.version(); v != before {
		t.Errorf("a form with an error wrote something: %s, %s", before, v)
	}
	_ = json.Unmarshal([]byte(w.submit(alice, form, map[string]string{"step": "Wait three seconds", "by": "2026-10-20", "glow": "Clear directions twice"}).body), &errs)
	if errs.Action != "update" || !bytes.Contains(errs.View, []byte("Saved. Only you can see this.")) {
		t.Errorf("the corrected form was answered with %+v", errs)
	}

	// Questions: by command, by mention, and in the conversation with the bot.
	quote := []string{"Comprehensive instructional observation — autonomously conduct multi-visit classroom observations", "proficient.1", "level Proficient", "v.26.05", "© EBSCOed"}
	const question = "what does proficient look like for classroom observation"
	w.command(alice, "C01GEN", "/ask", question).has(t, quote...)
	w.command(alice, "C01GEN", "/ask", "what is the weather").has(t, "outside what I know")
	w.event("Ev1", map[string]any{"type": "app_mention", "channel": "C01GEN", "user": alice, "text": "<@U0BOT> " + question, "ts": "100.1"}, "")
	_, m = w.posted("C01GEN", "proficient.1")
	m.has(t, quote...)
	n := w.called("chat.postEphemeral")
	w.event("Ev2", map[string]any{"type": "message", "channel_type": "im", "channel": "D" + bob, "user": bob, "text": question, "ts": "100.2"}, "")
	w.until("an answer in the conversation", func() bool { return w.called("chat.postEphemeral") > n })

	// Home.
	w.event("Ev3", map[string]any{"type": "app_home_opened", "tab": "home", "channel": "D" + alice, "user": alice}, "")
	if v := w.view("views.publish", "to go"); v.User != alice {
		t.Errorf("Alice's home went to %s", v.User)
	}

	// The agenda, asked for in the room; then the one that the clock posts, while Slack is busy.
	w.command(xiomara, "C02OPS", "/plc", "commit bring three samples by:mon").has(t, "bring three samples")
	m = w.command(xiomara, "C02OPS", "/plc", "agenda").has(t, "Facilitator", "bring three samples")
	if m.Type != "in_channel" {
		t.Errorf("the agenda is %s", m.Type)
	}
	w.move("2026-10-16T12:03:00-05:00")
	w.nudge()
	preview, m := w.posted("D"+dana, "coaching snapshot goes to")
	w.answer(w.press(dana, "D"+dana, preview.TS, m, "Look it over")).has(t, "Week 9 coaching snapshot")

	w.slack.set(func() { w.slack.busy["chat.postMessage"] = 2 })
	w.move("2026-10-16T14:03:00-05:00")
	w.nudge()
	agenda, m := w.posted("C02OPS", "Cedar Ridge Social Studies")
	m.has(t, "Facilitator", "bring three samples", "due Mon, Oct 19")
	w.press(xiomara, "C02OPS", agenda.TS, m, "Met")
	w.until("the agenda is brought up to date", func() bool {
		p, _ := w.posted("C02OPS", "Cedar Ridge Social Studies")
		return p.Edited > 0
	})
	if _, m = w.posted("C02OPS", "Cedar Ridge Social Studies"); strings.Contains(m.Text, "[Met]") {
		t.Errorf("the commitment is still open:\n%s", m.Text)
	}

	// The digest with its picture, whose reply is lost on the way.
	lost := 0
	w.slack.set(func() {
		w.slack.lose = func(method string) bool {
			if method == "chat.postMessage" && lost == 0 {
				lost++
				return true
			}
			return false
		}
	})
	w.move("2026-10-16T15:03:00-05:00")
	w.nudge()
	_, m = w.posted("C01GEN", "Week 9 coaching snapshot")
	if !slices.ContainsFunc(m.Blocks, func(b map[string]any) bool { return b["type"] == "image" && b["slack_file"] != nil }) || w.called("upload") != 1 {
		t.Errorf("the digest has no picture; %d uploads", w.called("upload"))
	}
	w.nudge() // the next look finds it
	w.until("the digest is recorded", func() (ok bool) {
		w.read(func(_ school.Log, m *school.Model) {
			_, ok = m.SentAs(w.id + "/digest/cedar/2026-10-12")
		})
		return ok
	})
	if w.called("conversations.history") == 0 {
		t.Error("the lost post was not looked up")
	}

	// The week's plan.
	w.move("2026-10-19T07:33:00-05:00")
	w.nudge()
	plan, m := w.posted("D"+alice, "school days left")
	w.answer(w.press(alice, "D"+alice, plan.TS, m, "Open my list")).has(t, "to go")

	markers := map[string]int{}
	for _, p := range w.slack.stored() {
		if p.Marker != "" {
			if markers[p.Marker]++; markers[p.Marker] > 1 {
				t.Errorf("posted again: %s", readMessage(t, p.Body).Text)
			}
		}
	}
	w.slack.set(func() {
		if busy := w.slack.busy["chat.postMessage"]; busy != 0 || lost != 1 || len(markers) < 5 {
			t.Errorf("too little went wrong for a proof: %d left to refuse, %d lost, %d posts", busy, lost, len(markers))
		}
		t.Logf("calls: %v", w.slack.calls)
	})

	kept := w.slack.keptNow()
	names, secrets := w.private()
	for _, l := range slackLeaks(kept, names, secrets) {
		t.Error(l)
	}
	for _, planted := range []string{
		`{"text":"Bob Brown was seen","blocks":[]}`,
		`{"text":"x","blocks":[{"type":"section","text":{"type":"plain_text","text":"behind: Brown"}}]}`,
		`{"text":"x","blocks":[{"type":"rich_text","elements":[{"type":"rich_text_list","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"Ask one why question after each answer"}]}]}]}]}`,
	} {
		if len(slackLeaks(append(slices.Clip(kept), planted), names, secrets)) == 0 {
			t.Errorf("planted and not found: %s", planted)
		}
	}
	t.Logf("%d stored bodies hold none of %d names and %d texts", len(kept), len(names), len(secrets))
}

// private is what no stored message may hold: names of the roster and texts of records.
func (w *slackWalk) private() (names, secrets []string) {
	w.read(func(log school.Log, m *school.Model) {
		for _, p := range m.People() {
			names = append(names, p.Name)
			if len([]rune(p.Last())) >= 4 {
				names = append(names, p.Last())
			}
		}
		for _, kind := range []string{"glow", "grow", "note", "step", "reason"} {
			if err := log.ScanTexts(context.Background(), kind, func(x school.Text) error {
				secrets = append(secrets, x.Body)
				return nil
			}); err != nil {
				w.t.Fatal(err)
			}
		}
	})
	if len(names) < 100 || len(secrets) < 4 {
		w.t.Fatalf("only %d names and %d texts to look for", len(names), len(secrets))
	}
	return names, secrets
}

// slackLeaks looks for names and texts in bodies as Slack got them. Names may stand only where an agenda says roles and owners
// of commitments.
func slackLeaks(kept, names, secrets []string) (leaks []string) {
	for _, body := range kept {
		texts, allowed := slackTexts(body)
		for _, s := range texts {
			for _, x := range secrets {
				if strings.Contains(s, x) {
					leaks = append(leaks, fmt.Sprintf("a record's text in %q", s))
				}
			}
			for line := range strings.Lines(s) {
				line = strings.TrimSpace(line)
				if slices.ContainsFunc(allowed, func(a string) bool { return strings.Contains(line, a) }) {
					continue
				}
				for _, n := range names {
					if hasWord(line, n) {
						leaks = append(leaks, fmt.Sprintf("a name in %q", line))
					}
				}
			}
		}
	}
	return leaks
}

// slackTexts lists all strings of a stored body, and the lines among them in which somebody may be named.
func slackTexts(body string) (texts, allowed []string) {
	docs := []string{body}
	if !strings.HasPrefix(body, "{") {
		docs = nil
		q, _ := url.ParseQuery(body)
		for k, vs := range q {
			if k != "token" {
				docs = append(docs, vs...)
			}
		}
	}
	for _, doc := range docs {
		var v any
		if json.Unmarshal([]byte(doc), &v) != nil {
			texts = append(texts, doc)
			continue
		}
		owners := false
		var walk func(v any)
		walk = func(v any) {
			switch v := v.(type) {
			case string:
				texts = append(texts, v)
			case []any:
				for _, x := range v {
					walk(x)
				}
			case map[string]any:
				text := slackText(v)
				role, _, named := strings.Cut(text, " · ")
				switch {
				case v["type"] == "rich_text_section" && named && namedRoles[role]:
					allowed = append(allowed, text)
				case v["type"] == "rich_text_section":
					owners = text == "Commitments still open"
				case v["type"] == "section" && owners:
					allowed = append(allowed, strings.Split(text, "\n")[0])
				}
				for k, x := range v {
					if k != "value" && k != "action_id" && k != "block_id" {
						walk(x)
					}
				}
			}
		}
		walk(v)
	}
	return texts, allowed
}

// slackText is what a section or a rich text section says.
func slackText(v map[string]any) string {
	if m, ok := v["text"].(map[string]any); ok {
		s, _ := m["text"].(string)
		return s
	}
	var b strings.Builder
	elements, _ := v["elements"].([]any)
	for _, e := range elements {
		if m, ok := e.(map[string]any); ok {
			s, _ := m["text"].(string)
			b.WriteString(s)
		}
	}
	return b.String()
}

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

// TestSlackSlow makes the store wait: Slack gets its answer in time all the same, and what was saved is said later, once. It
// holds for a command, a form, and somebody whom Rounds has never seen.
func TestSlackSlow(t *testing.T) {
	w := newSlackWalk(t)
	w.command(alice, "C01GEN", "/rounds", "help")
	m := w.command(alice, "C01GEN", "/observe", "status")
	w.press(alice, "C01GEN", "", m, "Log")
	form := w.view("views.open", "Log a visit")
	inTime := func(what string, ask func() asked) asked {
		t.Helper()
		start := time.Now()
		a := ask()
		if took := time.Since(start); took < time.Second || took > 3*time.Second {
			t.Errorf("%s: the answer took %s", what, took)
		}
		return a
	}

	release := w.slow()
	t.Cleanup(release)
	a := inTime("command", func() asked {
		return w.post(w.slash(alice, "C01GEN", "/observe", "log @Bob Brown 9m glow:slowly now"))
	})
	if a.body != "" || len(w.slack.answersTo(a.path)) > 0 {
		t.Errorf("something was said before it was saved: %q", a.body)
	}
	release()
	w.answer(a).has(t, "Saved. Only you can see this.")
	w.post(a)

	release = w.slow()
	t.Cleanup(release)
	f := inTime("form", func() asked { return w.submit(alice, form, map[string]string{"step": "Slow down"}) })
	if !strings.Contains(f.body, "One moment") {
		t.Errorf("the form was answered with %q", f.body)
	}
	release()
	w.view("views.update", "Saved. Only you can see this.")

	release = w.slow()
	t.Cleanup(release)
	first := inTime("first call", func() asked { return w.post(w.slash(dana, "C01GEN", "/observe", "log @Bob Brown 7m")) })
	if first.body != "" {
		t.Errorf("a new account was answered with %q", first.body)
	}
	release()
	w.answer(first).has(t, "Saved. Only you can see this.")

	updates := 0
	for _, v := range w.slack.viewsNow() {
		if v.Method == "views.update" {
			updates++
		}
	}
	if n, m := len(w.slack.answersTo(a.path)), len(w.slack.answersTo(first.path)); n != 1 || m != 1 || updates != 1 {
		t.Errorf("late answers came %d, %d and %d times", n, m, updates)
	}
}
