package slackbot

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"rounds/bot"
	"rounds/bot/bottest"
)

func commands() []bot.Command {
	return []bot.Command{
		{Name: "observe", Aliases: []string{"visit"}, Summary: "Log a classroom visit", Hint: "@teacher 12m focus:… step:…"},
		{Name: "ask", Summary: `Ask the documents: "what does 5.2.5.c say?"`},
	}
}

func TestManifest(t *testing.T) {
	for name, o := range map[string]ManifestOptions{
		"http.yaml":   {BaseURL: "https://rounds.example.org/", YAML: true},
		"http.json":   {BaseURL: "https://rounds.example.org"},
		"socket.yaml": {SocketMode: true, YAML: true},
		"socket.json": {SocketMode: true, Description: strings.Repeat("Long. ", 40)},
	} {
		b, err := Manifest(commands(), o)
		if err != nil {
			t.Fatal(err)
		}
		if !o.YAML && !json.Valid(b) {
			t.Errorf("%s is no JSON", name)
		}
		bottest.Golden(t, "testdata/manifest/"+name, string(b))
	}
}

func TestManifestRefuses(t *testing.T) {
	many := func(n int) []bot.Command {
		var cs []bot.Command
		for i := range n {
			cs = append(cs, bot.Command{Name: "c" + strings.Repeat("x", i%20) + string(rune('a'+i/20)), Summary: "s"})
		}
		return cs
	}
	x := func(n int) string { return strings.Repeat("x", n) }
	ok := ManifestOptions{SocketMode: true}
	for name, c := range map[string]struct {
		commands []bot.Command
		o        ManifestOptions
		want     string
	}{
		"http":           {nil, ManifestOptions{BaseURL: "http://example.org"}, "https://"},
		"no address":     {nil, ManifestOptions{}, "https://"},
		"upper case":     {[]bot.Command{{Name: "Observe"}}, ok, "lower-case"},
		"reserved":       {[]bot.Command{{Name: "invite"}}, ok, "Slack's own"},
		"twice":          {[]bot.Command{{Name: "ask"}, {Name: "x", Aliases: []string{"ask"}}}, ok, "twice"},
		"name":           {[]bot.Command{{Name: x(32)}}, ok, "Slack takes 32"},
		"summary":        {[]bot.Command{{Name: "a", Summary: x(2001)}}, ok, "summary"},
		"hint":           {[]bot.Command{{Name: "a", Hint: x(1001)}}, ok, "hint"},
		"too many":       {many(51), ok, "51 slash commands"},
		"app name":       {nil, ManifestOptions{SocketMode: true, Name: x(36)}, "name"},
		"app summary":    {nil, ManifestOptions{SocketMode: true, Summary: x(141)}, "summary"},
		"short words":    {nil, ManifestOptions{SocketMode: true, Description: x(173)}, "at least 174"},
		"too many words": {nil, ManifestOptions{SocketMode: true, Description: x(4001)}, "description"},
	} {
		if _, err := Manifest(c.commands, c.o); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, c := range map[string]struct {
		commands []bot.Command
		o        ManifestOptions
	}{
		"fifty":   {many(50), ok},
		"longest": {[]bot.Command{{Name: x(31), Summary: x(2000), Hint: x(1000)}}, ManifestOptions{SocketMode: true, Name: x(35), Summary: x(140), Description: x(174)}},
	} {
		if _, err := Manifest(c.commands, c.o); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestScopesHaveReasons(t *testing.T) {
	for _, s := range Scopes() {
		if s.Name == "" || s.Why == "" {
			t.Errorf("%+v", s)
		}
	}
}

func states(checks []bot.Check) map[string]bot.CheckState {
	m := map[string]bot.CheckState{}
	for _, c := range checks {
		m[c.Name] = c.State
	}
	return m
}

func TestCheckup(t *testing.T) {
	h := newHarness(t, true)
	in, out := h.Room("in"), h.Room("out")
	h.rooms["Cout"] = []string{"ana"}
	rooms := []bot.Room{in, out, {Platform: Name, Workspace: fakeTeam, ID: "Cgone"}}
	people := []bot.Account{h.Account("ana"), h.Account("ben")}
	good := states(h.p.Checkup(t.Context(), rooms[:1], people))
	for _, name := range []string{"slack token", "slack scopes", "slack clock", "slack receiving", "slack commands", "slack rooms", "slack people"} {
		if s, ok := good[name]; !ok || s != bot.CheckOK {
			t.Errorf("%s: %v %v", name, s, ok)
		}
	}
	before := len(h.messages)
	h.scopes = "commands,chat:write,channels:read"
	h.skew = -10 * time.Minute
	h.accounts["ben"]["deleted"] = true
	h.opens = []string{"not_allowed_token_type"}
	bad := h.p.Checkup(t.Context(), rooms, append(people, h.Account("nobody")))
	s := states(bad)
	for name, want := range map[string]bot.CheckState{
		"slack scopes": bot.CheckFail, "slack clock": bot.CheckFail, "slack receiving": bot.CheckFail,
		"slack room Cout": bot.CheckFail, "slack room Cgone": bot.CheckFail, "slack people": bot.CheckWarn,
	} {
		if s[name] != want {
			t.Errorf("%s: %v", name, s[name])
		}
	}
	for _, c := range bad {
		if (c.State != bot.CheckOK) != (c.Fix != "") {
			t.Errorf("%s: state %v, fix %q", c.Name, c.State, c.Fix)
		}
		if strings.Contains(c.Detail, "xoxb-") || strings.Contains(c.Detail, "xapp-") {
			t.Errorf("a token stands in %q", c.Detail)
		}
	}
	if len(h.messages) != before {
		t.Error("the check-up posted something")
	}
	h.fail("auth.test", fakeFault{err: "invalid_auth"})
	s = states(h.p.Checkup(t.Context(), rooms, people))
	if s["slack token"] != bot.CheckFail || len(s) != 3 {
		t.Errorf("without a token: %v", s)
	}
}
