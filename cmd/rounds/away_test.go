package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"rounds/school"
)

// ready asks a replica whether it can answer.
func (b *replicaBench) ready(i int) (status int, body string) {
	resp, err := b.sign.client.Get("http://" + b.replicas[i].addr + "/readyz")
	if err != nil {
		return 0, err.Error()
	}
	defer resp.Body.Close()
	text, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(text)
}

// told waits for words, in the answer itself or in what came to the response address later.
func (b *replicaBench) told(answer, words string) {
	b.t.Helper()
	found := b.until(30*time.Second, func() bool {
		return strings.Contains(answer, words) || strings.Contains(strings.Join(b.slack.answersTo("/response/1"), "\n"), words)
	})
	if !found {
		b.t.Errorf("nobody is told %q; the answer was %.300s, and later came\n%.2000s", words, answer, strings.Join(b.slack.answersTo("/response/1"), "\n"))
	}
}

// TestRedisAway: while Redis is away a replica says so on /readyz and goes on by itself when it is back; what is typed meanwhile is
// answered with what became of it, and nothing of it is half done. A replica that is cut off catches up with the others.
func TestRedisAway(t *testing.T) {
	t.Parallel() // it waits for other processes most of the time
	b := newReplicaBench(t)
	for _, i := range []int{0, 2} {
		b.start(i)
		b.awaitReady(i)
	}
	name := strings.Fields(caseload(t, b.dir, "alice@example.com", 1)[0].Name)
	mine := name[len(name)-1]
	log := func(i int, mark string) string {
		return b.to(i, "U01ALICE", "/observe", "log @"+mine+" 12m glow:"+mark, mark)
	}
	b.told(log(0, "glowmark-before"), "Saved")

	b.mentioned()

	b.redis.Kill()
	if !b.until(10*time.Second, func() bool { s, _ := b.ready(0); return s == 503 }) {
		t.Error("a replica without its Redis says that it is ready")
	}
	if _, body := b.ready(0); !strings.Contains(body, "not ready: the store cannot be reached: ") || strings.Count(body, "\n") > 1 {
		t.Errorf("/readyz says %q", body)
	}
	b.told(log(0, "glowmark-away"), "Saved nothing: the record cannot be reached right now. Please try again in a minute.")
	b.told(b.to(0, "U01ALICE", "/observe", "history @"+mine, "look-away"), "The record cannot be reached right now, so I can show and save nothing.")
	b.told(b.to(0, "U01ALICE", "/ask", "what does proficient look like for classroom observation", "ask-away"), "proficient.1")
	b.redis.Start(t)
	for _, i := range []int{0, 2} {
		if !b.until(20*time.Second, func() bool { s, _ := b.ready(i); return s == 200 }) {
			_, body := b.ready(i)
			t.Errorf("replica %d does not get ready again: %s", i, body)
		}
	}
	if glows := b.glows(); fmt.Sprint(glows) != "map[glowmark-before:1]" {
		t.Errorf("on record are %v", glows)
	}
	// The same command again, as the service would send it: this time it is done.
	b.told(log(2, "glowmark-again"), "Saved")

	b.proxy.Partition(true)
	if !b.until(10*time.Second, func() bool { s, _ := b.ready(2); return s == 503 }) {
		t.Error("a replica that is cut off says that it is ready")
	}
	if s, body := b.ready(0); s != 200 {
		t.Errorf("the other replica: %d %s", s, body)
	}
	b.told(log(0, "glowmark-other"), "Saved")
	b.proxy.Partition(false)
	if !b.until(20*time.Second, func() bool { s, _ := b.ready(2); return s == 200 && b.same(0, 2) }) {
		t.Error("a replica that was cut off does not catch up")
	}
	if glows := b.glows(); fmt.Sprint(glows) != "map[glowmark-again:1 glowmark-before:1 glowmark-other:1]" {
		t.Errorf("on record are %v", glows)
	}
}

// mentioned sends one mention to two replicas, to one of them twice, as the service does that had no reply in time: the room
// has one answer.
func (b *replicaBench) mentioned() {
	b.t.Helper()
	event, err := json.Marshal(map[string]any{
		"type": "event_callback", "team_id": "T01TEST", "api_app_id": "A01APP", "event_id": "Ev01", "event_time": time.Now().Unix(),
		"event": map[string]any{"type": "app_mention", "user": "U01ALICE", "text": "<@U0BOT> what does proficient look like for classroom observation?", "ts": "1.1", "channel": "C01GEN", "event_ts": "1.1"},
	})
	if err != nil {
		b.t.Fatal(err)
	}
	for try, i := range []int{0, 2, 2} {
		s := b.at(i)
		h := s.headers(event, time.Now())
		h.Set("Content-Type", "application/json")
		if try > 0 {
			h.Set("X-Slack-Retry-Num", fmt.Sprint(try))
		}
		if status, _, err := s.send(event, h); err != nil || status != 200 {
			b.t.Fatalf("a mention sent to replica %d: %d %v", i, status, err)
		}
	}
	answers := func() (n int) {
		for _, p := range b.slack.stored() {
			if p.Channel == "C01GEN" {
				n++
			}
		}
		return n
	}
	if !b.until(10*time.Second, func() bool { return answers() > 0 }) {
		b.t.Fatal("a mention has no answer")
	}
	b.pause(2 * time.Second) // a second answer would come now
	if n := answers(); n != 1 {
		b.t.Errorf("a mention that came to two replicas has %d answers in the room", n)
	}
}

// glows counts the visits on record by their note.
func (b *replicaBench) glows() map[string]int {
	b.t.Helper()
	cfg, err := LoadConfig(b.dir + "/district.yaml")
	if err != nil {
		b.t.Fatal(err)
	}
	book, _, done, err := storeFlags{Store: "redis://" + b.redis.Addr}.book(b.t.Context(), cfg.District.ID, opening{ReadOnly: true})
	if err != nil {
		b.t.Fatal(err)
	}
	defer done()
	bodies := map[string]string{}
	if err := book.Log().ScanTexts(b.t.Context(), "glow", func(x school.Text) error { bodies[x.Key] = x.Body; return nil }); err != nil {
		b.t.Fatal(err)
	}
	out := map[string]int{}
	_ = book.Read(func(m *school.Model) {
		m.EachVisit(func(v school.OnRecord) {
			if g := bodies[school.NoteKey(v.UID, "glow")]; strings.HasPrefix(g, "glowmark") {
				out[g]++
			}
		})
	})
	return out
}

// same tells whether two replicas have one model.
func (b *replicaBench) same(i, j int) bool {
	var models [2]string
	for n, k := range []int{i, j} {
		resp, err := b.sign.client.Get("http://" + b.replicas[k].model)
		if err != nil {
			return false
		}
		body, _ := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		models[n] = string(body)
	}
	return models[0] != "" && models[0] == models[1]
}
