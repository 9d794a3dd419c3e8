package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rounds/bot/slackbot"
	"rounds/school"
	"rounds/school/sqlitelog"
	"rounds/seeds"

	"github.com/google/go-cmp/cmp"
)

// The doctor finds what is wrong with a district on Slack, says how to mend it, and changes nothing.

func TestDoctor(t *testing.T) {
	alone(t)
	config := districtDir(t, onSlack...)
	dir := t.TempDir()
	path := filepath.Join(dir, "rounds.db")

	// A district whose people are all linked.
	store, err := sqlitelog.Open(t.Context(), path, sqlitelog.Options{Mark: sqlitelog.Real})
	if err != nil {
		t.Fatal(err)
	}
	book, err := school.Open(t.Context(), store.Log("demo"))
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := LoadConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ApplyFiles(t.Context(), book, cfg, seeds.DemoStart()); err != nil {
		t.Fatal(err)
	}
	accounts, err := webAccounts(book)
	if err != nil {
		t.Fatal(err)
	}
	for i := range accounts {
		for j := range accounts[i].Texts {
			accounts[i].Texts[j].Body = school.AccountText("slack", "T01TEST", fmt.Sprintf("U%02d", i))
		}
		if _, err := book.Record(t.Context(), accounts[i]); err != nil {
			t.Fatal(err)
		}
	}
	book.Close()
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	before := tree(t, dir)

	slack := newDoctorSlack(t)
	withSlack(t, slack.front.URL+"/api/")
	doctor := func(args ...string) cliRun {
		t.Helper()
		return cliDo(t, append([]string{"doctor", "--config", config, "--store", path}, args...)...)
	}
	good := doctor()
	good.went(t, "ok   files:", "ok   store:", "ok   slack token:", "ok   slack scopes: all", "ok   slack clock:", "ok   slack rooms: the bot is in 13 of 13 rooms", "ok   slack people:", "everybody on the roster has an account")
	if strings.Contains(good.out, "warn") || strings.Contains(good.out, "FAIL") {
		t.Errorf("all is good:\n%s", good.out)
	}
	r := doctor("--json")
	r.went(t)
	for line := range strings.SplitSeq(strings.TrimSpace(r.out), "\n") {
		var row map[string]string
		if err := json.Unmarshal([]byte(line), &row); err != nil || row["state"] != "ok" || row["name"] == "" {
			t.Errorf("%v: %s", err, line)
		}
	}

	all := slack.scopes
	slack.scopes = slices.DeleteFunc(slices.Clone(all), func(s string) bool { return s == "chat:write" })
	r = doctor()
	r.failed(t, 1, "1 of ", "checks failed")
	if !strings.Contains(r.out, "FAIL slack scopes: missing: chat:write (") || !strings.Contains(r.out, "-> ") {
		t.Errorf("a missing scope:\n%s", r.out)
	}
	slack.scopes = all

	slack.away = "C-cedar-math"
	r = doctor()
	r.failed(t, 1, "1 of ", "checks failed")
	if !strings.Contains(r.out, "FAIL slack room C-cedar-math: the bot is not in this room") || !strings.Contains(r.out, "/invite") || !strings.Contains(r.out, "in 12 of 13 rooms") {
		t.Errorf("a room that the bot is not in:\n%s", r.out)
	}
	slack.away = ""

	slack.badToken = true
	r = doctor()
	r.failed(t, 1, "checks failed")
	if !strings.Contains(r.out, "FAIL slack token:") || !strings.Contains(r.out, "Install the app to the workspace again") || strings.Contains(r.out+r.stderr, "xoxb") {
		t.Errorf("a bad token:\n%s", r.out)
	}
	slack.badToken = false

	// Nothing set up yet.
	none := filepath.Join(dir, "none.db")
	r = cliDo(t, "doctor", "--config", config, "--store", none)
	r.went(t, "warn store: "+none+" does not exist yet", "warn slack: accounts: 70 people on the roster have no account here yet")
	t.Setenv("SLACK_BOT_TOKEN", "")
	r = doctor()
	r.failed(t, 1)
	if !strings.Contains(r.out, "FAIL chat services: no token is in the environment") {
		t.Errorf("no token:\n%s", r.out)
	}

	reads := []string{"auth.test", "conversations.history", "users.info"}
	for method, n := range slack.calls {
		if !slices.Contains(reads, method) {
			t.Errorf("doctor called %s %d times", method, n)
		}
	}
	if diff := cmp.Diff(before, tree(t, dir)); diff != "" {
		t.Errorf("doctor changed the folder:\n%s", diff)
	}
}

// doctorSlack stands before a fake Slack and changes what it says.
type doctorSlack struct {
	*fakeSlack
	front    *httptest.Server
	scopes   []string
	badToken bool
	away     string // the room that the bot is not in
}

func newDoctorSlack(t *testing.T) *doctorSlack {
	d := &doctorSlack{fakeSlack: newFakeSlack(t, map[string]string{"U01ALICE": "alice@example.com"})}
	for _, s := range slackbot.Scopes() {
		d.scopes = append(d.scopes, s.Name)
	}
	d.front = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		q, _ := url.ParseQuery(string(body))
		method := strings.TrimPrefix(r.URL.Path, "/api/")
		d.mu.Lock()
		defer d.mu.Unlock()
		var answer any
		switch {
		case d.badToken:
			d.calls[method]++
			answer = map[string]any{"ok": false, "error": "invalid_auth"}
		case method == "conversations.history" && q.Get("channel") == d.away:
			d.calls[method]++
			answer = map[string]any{"ok": false, "error": "not_in_channel"}
		default:
			answer = d.answer(method, q, string(body))
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-OAuth-Scopes", strings.Join(d.scopes, ","))
		_ = json.NewEncoder(w).Encode(answer)
	}))
	t.Cleanup(d.front.Close)
	return d
}
