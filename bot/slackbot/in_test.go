package slackbot

import (
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rounds/bot"
	"rounds/bot/bottest"
)

// decodeFile reads a payload by the second part of its file's name.
func decodeFile(t *testing.T, path string) Incoming {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var in Incoming
	switch {
	case strings.HasSuffix(path, ".form"):
		v, perr := url.ParseQuery(strings.TrimSpace(string(raw)))
		if perr != nil {
			t.Fatal(perr)
		}
		in, err = DecodeCommand(v)
	case strings.HasSuffix(path, ".interaction.json"):
		in, err = DecodeInteraction(raw)
	default:
		in, err = DecodeEvent(raw, "")
	}
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return in
}

func payloads(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("testdata/in/*")
	if err != nil || len(files) == 0 {
		t.Fatal("no payloads", err)
	}
	m := map[string]string{}
	for _, f := range files {
		if strings.HasSuffix(f, ".golden") {
			continue
		}
		name, _, _ := strings.Cut(filepath.Base(f), ".")
		m[name] = f
	}
	return m
}

func TestDecode(t *testing.T) {
	for name, path := range payloads(t) {
		t.Run(name, func(t *testing.T) {
			in := decodeFile(t, path)
			bottest.Golden(t, "testdata/in/"+name+".golden", bottest.Pretty(t, full(asMap(in))))
		})
	}
}

// full leaves out what is empty, so that a golden says what was read and no more.
func full(v any) any {
	m, ok := v.(map[string]any)
	if !ok {
		return v
	}
	for k, x := range m {
		switch x := full(x).(type) {
		case nil:
			delete(m, k)
		case map[string]any:
			if len(x) == 0 {
				delete(m, k)
			}
		case string:
			if x == "" || x == "0001-01-01T00:00:00Z" {
				delete(m, k)
			}
		case bool:
			if !x {
				delete(m, k)
			}
		}
	}
	return m
}

func TestDecodeIsStable(t *testing.T) {
	for name, path := range payloads(t) {
		if a, b := decodeFile(t, path), decodeFile(t, path); a.Call.ID != b.Call.ID {
			t.Errorf("%s: the same payload is call %q and call %q", name, a.Call.ID, b.Call.ID)
		}
	}
}

// A form that came back with errors keeps its view and hash; the corrected one must be
// another call, and a second press the same.
func TestSubmissionID(t *testing.T) {
	form := func(glow string) string {
		b, _ := json.Marshal(map[string]any{
			"type": "view_submission", "team": map[string]any{"id": "T1"}, "user": map[string]any{"id": "U1"},
			"trigger_id": "another each time " + glow,
			"view": map[string]any{
				"id": "V1", "type": "modal", "hash": "1.a", "callback_id": "f",
				"state": map[string]any{"values": map[string]any{"glow": map[string]any{"v": map[string]any{"type": "plain_text_input", "value": glow}}}},
			},
		})
		in, err := DecodeInteraction(b)
		if err != nil {
			t.Fatal(err)
		}
		return in.Call.ID
	}
	if first, again := form("a"), form("a"); first != again {
		t.Error("the same form twice is two calls")
	}
	if form("a") == form("b") {
		t.Error("the corrected form is the call that was refused")
	}
}

func TestWords(t *testing.T) {
	for in, want := range map[string]string{
		"log <@U123|okafor> 12m":                   "log <@U123> 12m",
		"a &lt;b&gt; &amp; c":                      "a <b> & c",
		"&amp;lt;":                                 "&lt;",
		"<https://example.org|example.org>":        "example.org",
		"<https://example.org/a>":                  "https://example.org/a",
		"<https://example.org|https://x.org>":      "https://example.org",
		"<#C1|general> <#C2>":                      "#general #C2",
		"<!here> <!subteam^S1|@coaches> <!date^1>": "@here @coaches @date",
		"  spaces  ":                               "spaces",
		"<":                                        "<",
	} {
		if got := words(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"type":"block_actions","user":{"id":"U"},"team":{"id":"T"},"trigger_id":"1","actions":[{"value":"x"}]}`))
	f.Add([]byte(`{"type":"event_callback","event":{"type":"message"}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, decode := range []func([]byte) (Incoming, error){DecodeInteraction, func(b []byte) (Incoming, error) { return DecodeEvent(b, "U0") }} {
			in, err := decode(b)
			if err == nil && in.Taken() && (in.Call.From.User == "" || in.Call.From.Workspace == "") {
				t.Errorf("a call from nobody: %+v", in)
			}
		}
	})
}

func TestRefs(t *testing.T) {
	team, channel, ts, err := splitRef(refOf("T1", "C1", "1.2"))
	if team != "T1" || channel != "C1" || ts != "1.2" || err != nil {
		t.Error(team, channel, ts, err)
	}
	for _, bad := range []bot.Ref{"", "x", "T1/C1", "T1//1.2", "T1/C1/"} {
		if _, _, _, err := splitRef(bad); err == nil {
			t.Errorf("%q is no ref", bad)
		}
	}
}
