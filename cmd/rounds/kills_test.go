package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"os/exec"
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

// TestKills kills a serving process with SIGKILL at random moments while visits are logged and shared over signed HTTP, and
// restarts it on the same file. In the end every visit that was acknowledged is in the log once, none is there
// twice although requests are sent again, and every shared note brought its teacher exactly one message.
func TestKills(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rnd := rand.New(rand.NewPCG(seed, 1))
	k := newKillBench(t)
	for round := 0; round < *killCount; round++ {
		child := k.start()
		var wg sync.WaitGroup
		stop := make(chan struct{})
		for w := range 4 {
			wg.Go(func() { ; k.work(round, w, stop) })
		}
		k.pause(time.Duration(50+rnd.IntN(400)) * time.Millisecond)
		_ = child.Process.Kill()
		_ = child.Wait()
		close(stop)
		wg.Wait()
	}
	child := k.start()
	k.settle()
	_ = child.Process.Signal(os.Interrupt)
	_ = child.Wait()

	logged, shared, occurrences := k.read()
	sent := 0
	for _, n := range occurrences {
		sent += n
	}
	k.once(logged)
	markers := map[string]int{}
	for _, p := range k.slack.stored() {
		markers[p.Marker]++
		if strings.Contains(p.Body, "glowmark") {
			t.Error("a stored message holds part of a record")
		}
	}
	for m, n := range markers {
		if n > 1 && m != "" {
			t.Errorf("one occurrence was posted %d times", n)
		}
	}
	if sent != len(markers) || sent != shared {
		t.Errorf("%d notes were shared, %d messages are recorded as sent, %d stand", shared, sent, len(markers))
	}
	t.Logf("%d kills: %d visits acknowledged, %d in the log, %d notes shared, %d messages sent", *killCount, len(k.acked), len(logged), shared, sent)
	if len(k.acked) < *killCount || shared == 0 || sent == 0 {
		t.Errorf("too little happened for a proof: %d acknowledged, %d shared, %d sent", len(k.acked), shared, sent)
	}
}

type killBench struct {
	t     *testing.T
	dir   string
	addr  string
	slack *fakeSlack
	sign  *slackSigner
	users map[string]string // teachers' accounts, and their names

	mu    sync.Mutex // guards acked
	acked map[string]bool
}

func newKillBench(t *testing.T) *killBench {
	k := &killBench{t: t, dir: t.TempDir(), addr: freeAddr(t), acked: map[string]bool{}}
	if err := seeds.WriteDemo(k.dir, 2026); err != nil {
		t.Fatal(err)
	}
	accounts := map[string]string{"U01ALICE": "alice@example.com"}
	k.users = map[string]string{}
	for i, p := range caseload(t, k.dir, "alice@example.com", 8) {
		id := fmt.Sprintf("U%02dTEACH", i)
		accounts[id], k.users[id] = p.Email, p.Name
	}
	k.slack = newFakeSlack(t, accounts)
	k.sign = &slackSigner{base: "http://" + k.addr, secret: signingSecret, reply: k.slack.URL + "/response/1", client: &http.Client{Timeout: 5 * time.Second}}
	return k
}

// start starts the server and waits until it is ready.
func (k *killBench) start() *exec.Cmd {
	k.t.Helper()
	var out bytes.Buffer
	child := k.child("ROUNDS_STORE="+filepath.Join(k.dir, "rounds.db"), "ROUNDS_LISTEN="+k.addr)
	child.Stdout, child.Stderr = &out, &out
	if err := child.Start(); err != nil {
		k.t.Fatal(err)
	}
	k.t.Cleanup(func() { _ = child.Process.Kill() })
	ok := k.until(15*time.Second, func() bool {
		r, err := k.sign.client.Get(k.sign.base + "/readyz")
		if err != nil {
			return false
		}
		_ = r.Body.Close()
		return r.StatusCode == 200
	})
	if !ok {
		_ = child.Process.Kill()
		_ = child.Wait()
		k.t.Fatalf("the server did not get ready:\n%s", out.String())
	}
	// The teachers write once, so that they are linked and can be told of notes.
	for id := range k.users {
		k.sign.command(id, "/rounds", "help", fmt.Sprintf("%s.%d", id, time.Now().UnixNano()))
	}
	return child
}

// child is a server of its own on the bench's district and Slack, not started yet.
func (k *killBench) child(env ...string) *exec.Cmd {
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), "ROUNDS_TEST_SERVE=1", fmt.Sprintf("ROUNDS_TEST_EPOCH=%d", epoch.UnixNano()), "ROUNDS_TEST_CONFIG="+filepath.Join(k.dir, "district.yaml"),
		"SLACK_BOT_TOKEN=xoxb-test", "SLACK_SIGNING_SECRET="+signingSecret, "SLACK_APP_TOKEN=", "SLACK_API_URL="+k.slack.api())
	c.Env = append(c.Env, env...)
	return c
}

// caseload lists some of the teachers of a coach of the made-up district.
func caseload(t *testing.T, dir, coach string, most int) (out []*school.Person) {
	t.Helper()
	book, done, err := openFor(context.Background(), filepath.Join(dir, "district.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	_ = book.Read(func(m *school.Model) {
		who, _ := m.ByEmail(coach)
		for _, p := range m.People() {
			if now := p.Now(); now.Role == school.Teacher && slices.Contains(now.Observers, who) && len(out) < most {
				out = append(out, p)
			}
		}
	})
	return out
}

// work logs visits until told to stop, sends some requests twice, and shares some notes.
func (k *killBench) work(round, worker int, stop <-chan struct{}) {
	names := slices.Sorted(maps.Values(k.users))
	for i := 0; ; i++ {
		select {
		case <-stop:
			return
		default:
		}
		mark := fmt.Sprintf("glowmark-%d-%d-%d", round, worker, i)
		text := "log @" + names[i%len(names)] + " 12m glow:" + mark
		answer := k.sign.command("U01ALICE", "/observe", text, mark)
		if !strings.Contains(answer, "Saved") {
			continue
		}
		k.mu.Lock()
		k.acked[mark] = true
		k.mu.Unlock()
		if i%3 == 0 {
			k.sign.command("U01ALICE", "/observe", text, mark) // a retry by the service
		}
		if i == worker { // a few: at three messages a second they must all be told in the end
			k.press(k.sign, answer, "Share now", mark)
		}
	}
}

// press presses a button of an answer, as Slack reports it.
func (k *killBench) press(s *slackSigner, answer, label, trigger string) {
	var m struct {
		Blocks []struct {
			Elements []struct {
				ActionID string `json:"action_id"`
				Value    string `json:"value"`
				Text     struct {
					Text string `json:"text"`
				} `json:"text"`
			} `json:"elements"`
		} `json:"blocks"`
	}
	// Rich text has elements of other shapes; what does not fit is not a button.
	var raw struct {
		Blocks []json.RawMessage `json:"blocks"`
	}
	if json.Unmarshal([]byte(answer), &raw) != nil {
		return
	}
	for _, b := range raw.Blocks {
		if !bytes.Contains(b, []byte(`"type":"actions"`)) {
			continue
		}
		one, _ := json.Marshal(map[string]any{"blocks": []json.RawMessage{b}})
		if json.Unmarshal(one, &m) != nil {
			continue
		}
		for _, e := range m.Blocks[0].Elements {
			if e.Text.Text != label {
				continue
			}
			payload, _ := json.Marshal(map[string]any{
				"type": "block_actions", "team": map[string]any{"id": "T01TEST", "domain": "test"}, "user": map[string]any{"id": "U01ALICE", "team_id": "T01TEST"},
				"api_app_id": "A01APP", "container": map[string]any{"type": "message", "message_ts": "1.1", "channel_id": "C01GEN", "is_ephemeral": true},
				"trigger_id": trigger + ".press", "channel": map[string]any{"id": "C01GEN", "name": "general"}, "response_url": s.reply,
				"actions": []any{map[string]any{"type": "button", "block_id": "b", "action_id": e.ActionID, "value": e.Value, "action_ts": "1.2"}},
			})
			body := []byte(url.Values{"payload": {string(payload)}}.Encode())
			_, _, _ = s.send(body, s.headers(body, time.Now()))
			return
		}
	}
}

// settle waits until everything shared has been told. Messages go out at one a second and person.
func (k *killBench) settle() {
	last, since := -1, time.Now()
	k.until(10*time.Minute, func() bool {
		if n := len(k.slack.stored()); n != last {
			last, since = n, time.Now()
		}
		return time.Since(since) > 5*time.Second
	})
}

// once holds what is in the log to what was acknowledged: every visit of it is there once, and none is there twice.
func (k *killBench) once(logged map[string]int) {
	k.t.Helper()
	for mark := range k.acked {
		if logged[mark] != 1 {
			k.t.Errorf("visit %s was acknowledged and is in the log %d times", mark, logged[mark])
		}
	}
	for mark, n := range logged {
		if n > 1 {
			k.t.Errorf("visit %s is in the log %d times", mark, n)
		}
	}
}

// read counts in the store itself.
func (k *killBench) read() (logged map[string]int, shared int, sent map[string]int) {
	k.t.Helper()
	ctx := context.Background()
	store, err := sqlitelog.Open(ctx, filepath.Join(k.dir, "rounds.db"), sqlitelog.Options{Mark: sqlitelog.Real, ReadOnly: true})
	if err != nil {
		k.t.Fatal(err)
	}
	defer store.Close()
	return totals(k.t, store.Log(seeds.DemoDistrict))
}

// totals are a log's visits by their note, how many notes were shared, and how often each occurrence was sent.
func totals(t *testing.T, log school.Log) (logged map[string]int, shared int, sent map[string]int) {
	t.Helper()
	ctx := context.Background()
	glows := map[string]string{}
	if err := log.ScanTexts(ctx, "glow", func(x school.Text) error { glows[x.Key] = x.Body; return nil }); err != nil {
		t.Fatal(err)
	}
	logged, sent = map[string]int{}, map[string]int{}
	err := log.Read(ctx, 0, func(e school.Event) error {
		switch e.Kind {
		case "visit.logged":
			var f school.VisitLogged
			if err := json.Unmarshal(e.Data, &f); err != nil {
				return err
			}
			if body := glows[school.NoteKey(f.UID, "glow")]; body != "" {
				logged[body]++
			}
		case "visit.shared":
			shared++
		case "sent":
			var f school.Sent
			if err := json.Unmarshal(e.Data, &f); err != nil {
				return err
			}
			if f.Dropped == "" {
				sent[f.Occurrence]++
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return logged, shared, sent
}

// until polls a condition of another process, which no clock of ours can move.
func (k *killBench) until(most time.Duration, ok func() bool) bool {
	end := time.After(most)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-end:
			return false
		case <-tick.C:
		}
	}
	return true
}

// pause lets the processes run for a while before the kill.
func (k *killBench) pause(d time.Duration) { <-time.After(d) }
