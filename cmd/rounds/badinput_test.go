package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"rounds/bot"
	"rounds/school"
)

// Whatever is typed wrongly gets a sentence that says what is wrong, writes nothing, and gives back what was typed.
func TestBadInput(t *testing.T) {
	s := newStage(t)
	if err := s.ready(); err != nil {
		t.Fatal(err)
	}
	kept := "Nothing was saved."
	for _, c := range []struct {
		who, line string
		want      []string
	}{
		{"alice", "/observe zzyzx 12m glow:wait time", []string{"I know nobody called “zzyzx” on the staff list.", kept, "wait time", "[Change it in the form]"}},
		{"alice", "/observe okafr 12m", []string{"I know nobody called “okafr” on the staff list. Did you mean Ngozi Okafor?", kept, "[Ngozi Okafor]"}},
		{"alice", "/observe nguyen 12m glow:wait time", []string{"Several people match “nguyen”: Linh Nguyen, Minh-Anh Nguyen. Who is meant?", kept, "wait time", "[Linh Nguyen] [Minh-Anh Nguyen]"}},
		{"alice", "/observe history nguyen", []string{"Several people match “nguyen”", "[Linh Nguyen] [Minh-Anh Nguyen]"}},
		{"alice", "/observe hassan 12m", []string{"Hassan Rahman is not somebody you serve", kept}},
		{"alice", "/observe alice 12m", []string{"A visit to yourself cannot be logged.", kept}},
		{"alice", "/observe <@U0NOBODY> 12m", []string{"That account is not linked to anybody on the staff list yet.", kept}},
		{"alice", "/observe bob 12m on:2026-10-16", []string{"Fri, Oct 16, 2026 has not come yet.", kept}},
		{"alice", "/observe bob 12m on:next tue", []string{"Tue, Oct 20, 2026 has not come yet.", kept}},
		{"alice", "/observe bob 12m on:2026-02-30", []string{"I cannot read “2026-02-30” as a date.", kept}},
		{"alice", "/observe bob 12m on:never", []string{"I cannot read “never” as a date.", kept}},
		{"alice", "/observe bob 0m glow:wait time", []string{"A visit of 0 minutes cannot be logged.", kept, "wait time"}},
		{"alice", "/observe bob 600 glow:wait time", []string{"600 minutes are longer than a school day.", kept, "wait time"}},
		{"alice", "/observe bob 12m kind:inspection", []string{"“inspection” is no kind of visit.", kept}},
		{"alice", "/observe bob 12m focus:juggling", []string{"I know no focus area “juggling”.", kept}},
		{"alice", "/observe bob 12m kind:formal glow:steady", []string{"stays in your appraisal system", kept, "steady"}},
		{"alice", "/observe bob 12m glow:" + strings.Repeat("x", 10_000), []string{"The glow is 10,000 characters long; 2,000 fit.", kept, strings.Repeat("x", 10_000)}},
		{"alice", "/observe bob 12m glow:" + strings.Repeat("👩🏽‍🏫", 2500), []string{"characters long; 2,000 fit.", kept}},
		{"alice", "/observe bob 12m glow:“one” two", []string{"I could not place “two”.", kept}},
		{"alice", "/observe bob 12m step:Ask why by:yesterday", []string{"is over already", kept, "Ask why"}},
		{"alice", "/observe statsu", []string{"Did you mean", "/observe status"}},
		{"alice", "/observ bob 12m", []string{"I do not know", "/observ", "Did you mean", "/observe"}},
		{"alice", "/frobnicate", []string{"I do not know", "/frobnicate", "/rounds help"}},
		{"alice", "/rounds snozze until:mon", []string{"Did you mean", "/rounds snooze"}},
		{"alice", "/rounds snooze until:2028-01-01", []string{"Four weeks are the most"}},
		{"alice", "/plc agneda", []string{"Did you mean", "/plc agenda"}},
		{"alice", "/plc commit @zzyzx bring samples by:fri", []string{"zzyzx", kept, "bring samples"}},
		{"bob", "/observe alice 12m", []string{"Visits are logged by coaches, teacher leaders and principals."}},
		{"bob", "/digest post", []string{"The snapshot is shown to the principal and assistant principals"}},
		{"bob", "/observe history dana", []string{"Dana Whitfield is not somebody you serve"}},
		{"stranger", "/observe bob 12m", []string{"I do not know this account yet.", "/rounds link"}},
		{"stranger", "hello", []string{"I do not know this account yet."}},
	} {
		before := s.version()
		got := s.say(c.who, c.line)
		for _, w := range c.want {
			if !strings.Contains(got, w) {
				t.Errorf("@%s: %.60s\nlacks %.80q:\n%.600s", c.who, c.line, w, got)
			}
		}
		if strings.Contains(got, "Saved.") || s.version() != before {
			t.Errorf("@%s: %.60s\nwrote %d events:\n%.300s", c.who, c.line, s.version()-before, got)
		}
	}
	if n := s.stored("glow", "wait time"); n != 0 {
		t.Errorf("%d texts of refused visits are in the store", n)
	}
}

// stored counts the texts of a kind with that body.
func (s *stage) stored(kind, body string) int { return storedIn(s.t, s.log, kind, body) }

func storedIn(t testing.TB, log school.Log, kind, body string) int {
	t.Helper()
	n := 0
	err := log.ScanTexts(context.Background(), kind, func(x school.Text) error {
		if x.Body == body {
			n++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// oddWords are saved and read back as they were typed.
var oddWords = []string{
	"👩🏽‍🏫 every group 🎉 had a role",
	"طلب المعلم من كل تلميذ أن يشرح",
	"שאלה אחת אחרי כל תשובה",
	"“Why?” she asked, and they’d ‘explain’ — twice…",
	`He said "why", then 3 < 4 & 5 > 2`,
	"学生が自分で説明した",
	"nai\u0308ve cafe\u0301 and a zero\u200bwidth",
	"*bold* _not_ ~this~ `code` <b>html</b> &amp; %20 \\n",
	"<!channel> <@U01ALICE> <https://example.org|a link> @here",
}

// What is odd and right is saved as it was typed, shown to the teacher as it was typed, and breaks nothing.
func TestOddWordsAreKept(t *testing.T) {
	s := newStage(t)
	if err := s.ready(); err != nil {
		t.Fatal(err)
	}
	for _, words := range oddWords {
		// The form takes every character as it is; the line gives quotes a meaning.
		s.say("alice", "/observe")
		alice, _ := s.Account("alice")
		for _, do := range []error{s.fake.Choose(alice, "Who", "Bob Brown"), s.fake.Fill(alice, "glow", words), s.fake.Submit(alice)} {
			if do != nil {
				t.Fatalf("%q: %v\n%s", words, do, strings.Join(s.fake.Sees(alice), "\n"))
			}
		}
		if got := s.heard(); !strings.Contains(got, "Saved.") || !strings.Contains(got, words) {
			t.Fatalf("%q in the form:\n%s", words, got)
		}
		if n := s.stored("glow", words); n != 1 {
			t.Errorf("%q is in the store %d times", words, n)
		}
		if err := s.fake.Click(alice, "Share now"); err != nil {
			t.Fatal(err)
		}
		bob, _ := s.Account("bob")
		if err := s.fake.Click(bob, "Read it"); err != nil {
			t.Fatal(err)
		}
		if got := s.heard(); !strings.Contains(got, words) {
			t.Errorf("%q is read as:\n%s", words, got)
		}
	}
	// In a line: quotes around a value are a frame, curly or straight; all within stays.
	for line, want := range map[string]string{
		"glow:“They asked why”":                  "They asked why",
		`glow:"They'd asked why"`:                "They'd asked why",
		"glow:it’s ‘theirs’ now":                 "it’s ‘theirs’ now",
		"grow:🙂 طلب المعلم glow:שאלה אחת 👍":      "שאלה אחת 👍",
		"glow:10:30 – https://example.org/a?b=c": "10:30 – https://example.org/a?b=c",
	} {
		if got := s.say("alice", "/observe vikram 12m "+line); !strings.Contains(got, "Saved.") || s.stored("glow", want) != 1 {
			t.Errorf("%s: %d times %q in the store\n%s", line, s.stored("glow", want), want, got)
		}
	}
}

// slackDesk is the program behind signed requests, in process, as Slack meets it.
type slackDesk struct {
	t       *testing.T
	log     school.Log
	slack   *fakeSlack
	sign    *slackSigner
	handler http.Handler
	n       int
}

func newSlackDesk(t *testing.T) *slackDesk {
	t.Helper()
	cfg, err := LoadConfig(districtDir(t, onSlack...))
	if err != nil {
		t.Fatal(err)
	}
	log := school.NewMemLog(time.Now)
	book, err := school.Open(t.Context(), log)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ApplyFiles(t.Context(), book, cfg, schoolClock()); err != nil {
		t.Fatal(err)
	}
	d := &slackDesk{t: t, log: log, slack: newFakeSlack(t, map[string]string{"U01ALICE": "alice@example.com", "U02BOB": "bob@example.com", "U09NEW": "nobody@example.com"})}
	quiet := slog.New(slog.DiscardHandler)
	s := secrets{SlackBotToken: "xoxb-test", SlackSigningSecret: signingSecret, SlackAPIURL: d.slack.api()}
	a, err := newApp(t.Context(), appConfig{
		District: bot.District(cfg.District.ID), Book: book, Spaces: cfg.Spaces(), Now: schoolClock, Frozen: true, Logger: quiet,
		Platforms: func(commands []bot.Command) ([]bot.Platform, error) {
			return platformsFor(s, log, time.Now, quiet, commands)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- a.run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if st := a.router.Stats(); st.Panics > 0 {
			t.Errorf("%d handlers panicked", st.Panics)
		}
		book.Close()
	})
	d.handler, d.sign = a.routes(), &slackSigner{secret: signingSecret, reply: d.slack.URL + "/response/1"}
	for { // until the platform has said hello to Slack
		if code, _ := d.command("U01ALICE", "/rounds", "help"); code != http.StatusServiceUnavailable {
			break
		}
		runtime.Gosched()
	}
	d.command("U02BOB", "/rounds", "help") // both are linked and welcomed
	return d
}

func (d *slackDesk) post(body []byte, h http.Header) (int, string) {
	r := httptest.NewRequest("POST", "/slack/events", bytes.NewReader(body))
	r.Header = h
	w := httptest.NewRecorder()
	d.handler.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func (d *slackDesk) command(user, command, text string) (int, string) {
	d.n++
	body := d.sign.commandBody(user, command, text, fmt.Sprintf("trigger.%d", d.n))
	return d.post(body, d.sign.headers(body, time.Now()))
}

func (d *slackDesk) version() int64 {
	v, err := d.log.Version(context.Background())
	if err != nil {
		d.t.Fatal(err)
	}
	return v
}

// TestBadInputFromSlack: what reaches the bot as Slack sends it, mangled as it may be.
func TestBadInputFromSlack(t *testing.T) {
	d := newSlackDesk(t)

	// Signatures: of another secret, of another body, of an old hour, none. Nothing is run.
	before := d.version()
	body := d.sign.commandBody("U01ALICE", "/observe", "log bob 12m", "forged.1")
	other := *d.sign
	other.secret = "another secret"
	changed := bytes.Replace(body, []byte("12m"), []byte("13m"), 1)
	for name, h := range map[string]http.Header{
		"of another secret": other.headers(body, time.Now()),
		"of another body":   d.sign.headers(changed, time.Now()),
		"of an old hour":    d.sign.headers(body, time.Now().Add(-time.Hour)),
		"of a coming hour":  d.sign.headers(body, time.Now().Add(time.Hour)),
		"missing":           {"Content-Type": {"application/x-www-form-urlencoded"}},
		"nonsense":          {"Content-Type": {"application/x-www-form-urlencoded"}, "X-Slack-Request-Timestamp": {"now"}, "X-Slack-Signature": {"v0=zz"}},
	} {
		code, answer := d.post(body, h)
		if code != http.StatusUnauthorized || strings.Contains(answer, "Saved") {
			t.Errorf("a signature %s: %d %s", name, code, answer)
		}
	}

	// Well signed, and no call.
	for _, odd := range []string{"", "a=%zz", "payload=", "payload={", "payload=null", "payload=[]", `payload={"type":"block_actions"}`, `payload={"type":"view_submission","view":{}}`, "{}", "{", "null", strings.Repeat("x", 100_000)} {
		code, answer := d.post([]byte(odd), d.sign.headers([]byte(odd), time.Now()))
		if code >= 500 || strings.Contains(answer, "goroutine") {
			t.Errorf("%.40q: %d %.200s", odd, code, answer)
		}
	}
	if v := d.version(); v != before {
		t.Errorf("%d events were written by requests that are no calls", v-before)
	}

	kept := "Nothing was saved."
	for _, c := range []struct {
		user, command, text string
		want                []string
	}{
		{"U01ALICE", "/observe", "log zzyzx 12m glow:wait time", []string{"I know nobody called “zzyzx”", kept, "wait time"}},
		{"U01ALICE", "/observe", "log nguyen 12m", []string{"Several people match “nguyen”", "Linh Nguyen", "Minh-Anh Nguyen", kept}},
		{"U01ALICE", "/observe", "log <@U0NOBODY|somebody> 12m", []string{"That account is not linked to anybody", kept}},
		{"U01ALICE", "/observe", "log bob 600m", []string{"600 minutes are longer than a school day.", kept}},
		{"U01ALICE", "/observe", "log bob 12m glow:" + strings.Repeat("y", 10_000), []string{"The glow is 10,000 characters long; 2,000 fit.", kept}},
		{"U01ALICE", "/observe", "statsu", []string{"/observe status"}},
		{"U01ALICE", "/frobnicate", "", []string{"I do not know", "/frobnicate"}},
		{"U09NEW", "/observe", "status", []string{"I do not know this account yet.", "/rounds link"}},
		{"U0GONE", "/observe", "log bob 12m", []string{"I do not know this account yet."}},
	} {
		before := d.version()
		code, answer := d.command(c.user, c.command, c.text)
		for _, w := range c.want {
			if !strings.Contains(answer, w) {
				t.Errorf("%s %s %.40s lacks %q: %d %.800s", c.user, c.command, c.text, w, code, answer)
			}
		}
		if code != 200 || d.version() != before || !strings.Contains(answer, `"ephemeral"`) {
			t.Errorf("%s %s %.40s: %d, %d events: %.300s", c.user, c.command, c.text, code, d.version()-before, answer)
		}
	}

	// As Slack writes it: entities and mentions. What is saved is what was typed.
	for _, c := range []struct{ sent, saved string }{
		{"log <@U02BOB|bob> 12m glow:3 &lt; 4 &amp; 5 &gt; 2", "3 < 4 & 5 > 2"},
		{"log <@U02BOB> 12m glow:“They asked &amp;amp; why”", "They asked &amp; why"},
		{"log bob 12m glow:👩🏽‍🏫 שאלה אחת &amp; طلب", "👩🏽‍🏫 שאלה אחת & طلب"},
		{"log bob 12m glow:two\nlines", "two\nlines"},
	} {
		code, answer := d.command("U01ALICE", "/observe", c.sent)
		if code != 200 || !strings.Contains(answer, "Saved.") || storedIn(t, d.log, "glow", c.saved) != 1 {
			var glows []string
			_ = d.log.ScanTexts(t.Context(), "glow", func(x school.Text) error { glows = append(glows, x.Body); return nil })
			t.Errorf("%q: %d; the store has %q\n%.300s", c.sent, code, slices.Compact(glows), answer)
		}
	}

	// A mention of everybody in a note is shown as words: nowhere does it stand where Slack reads markup.
	_, answer := d.command("U01ALICE", "/observe", "log bob 12m glow:&lt;!channel&gt; and &lt;!here&gt;")
	var shown any
	if err := json.Unmarshal([]byte(answer), &shown); err != nil || !strings.Contains(answer, "Saved.") {
		t.Errorf("%v: %s", err, answer)
	}
	for _, m := range markup(shown) {
		if strings.Contains(m, "<!") {
			t.Errorf("Slack would call everybody: %s", m)
		}
	}

	// The same request again changes nothing.
	before = d.version()
	again := d.sign.commandBody("U01ALICE", "/observe", "log bob 11m", "once.1")
	for range 3 {
		d.post(again, d.sign.headers(again, time.Now()))
	}
	if v := d.version(); v != before+1 {
		t.Errorf("a request that came three times wrote %d events", v-before)
	}
	// Nobody else is spoken to by all this.
	for _, p := range d.slack.stored() {
		t.Errorf("a message was posted: %s", p.Body)
	}
}

// markup lists the strings of a Slack message that are read as mrkdwn: its text, and text objects of that type.
func markup(v any) []string {
	var out []string
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			out = append(out, markup(x)...)
		}
	case map[string]any:
		kind, _ := v["type"].(string)
		if text, ok := v["text"].(string); ok && (kind == "mrkdwn" || kind == "") {
			out = append(out, text)
		}
		for _, x := range v {
			out = append(out, markup(x)...)
		}
	}
	return out
}
