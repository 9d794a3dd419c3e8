package main

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"rounds/bot/slackbot"
	"rounds/handlers"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
)

// What the command line says of itself and of what is asked wrongly, and the commands that need no district: ask and manifest.

// Every command says how it is used, with an example.
func TestHelp(t *testing.T) {
	alone(t)
	r := cliDo(t, "--help")
	r.went(t, "Begin with: rounds demo")
	commands := reflect.TypeFor[cli]()
	for field := range commands.Fields() {
		name := strings.ToLower(field.Name)
		if !strings.Contains(r.out, name) {
			t.Errorf("rounds --help lacks %s", name)
		}
		one := cliDo(t, name, "--help")
		one.went(t, "Usage: rounds "+name)
		if !regexp.MustCompile(`(?m)^Examples?:\n\n( +.*\n)*? +(\S+=\S+ )?rounds ` + name + `\b`).MatchString(one.out) {
			t.Errorf("rounds %s --help has no example:\n%s", name, one.out)
		}
	}
}

func TestVersion(t *testing.T) {
	r := cliDo(t, "version")
	r.went(t)
	if r.out != "rounds "+version+"\n" {
		t.Errorf("%q", r.out)
	}
}

func TestAskedWrongly(t *testing.T) {
	alone(t)
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"frobnicate"}, "frobnicate"},
		{[]string{"--frobnicate"}, "--frobnicate"},
		{[]string{"demo", "--frobnicate"}, "--frobnicate"},
		{[]string{"ask"}, "ask what?"},
		{[]string{"ask", "--batch", "nothing.jsonl"}, "nothing.jsonl"},
		{[]string{"targets"}, "--config"},
		{[]string{"manifest"}, "platform"},
		{[]string{"manifest", "telegram"}, "slack"},
		{[]string{"demo", "--at", "tomorrow"}, `--at: "tomorrow" is not a time like`},
		{[]string{"demo", "--seed", "many"}, "--seed"},
		{[]string{"targets", "--config", districtDir(t), "--at", "noon"}, `--at: "noon" is not a time like`},
		{nil, "Try: rounds --help"},
	} {
		r := cliDo(t, c.args...)
		r.failed(t, 2, "rounds: ", c.want)
		if r.out != "" {
			t.Errorf("%q wrote to stdout: %s", c.args, r.out)
		}
	}
}

func TestAsk(t *testing.T) {
	alone(t)
	cliDo(t, "ask", "what does proficient look like for classroom observation").went(t, "proficient.1", "level Proficient (not a T-TESS rating)", "© EBSCOed")
	cliDo(t, "ask", "what", "is", "the", "weather").went(t, "outside what I know")

	dir := t.TempDir()
	batch := filepath.Join(dir, "questions.jsonl")
	write := func(s string) {
		t.Helper()
		if err := os.WriteFile(batch, []byte(s), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(`{"id":"a","q":"what does proficient look like for classroom observation"}

{"id":"b","q":"what is the weather"}
{"id":"c","q":""}
{"id":"d","q":"5.2.5"}
`)
	r := cliDo(t, "ask", "--batch", batch)
	r.went(t)
	type row struct {
		ID        string
		IDs       []string
		Abstained bool
	}
	var got []row
	dec := json.NewDecoder(strings.NewReader(r.out))
	dec.DisallowUnknownFields()
	for {
		var x row
		if err := dec.Decode(&x); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		got = append(got, x)
	}
	if len(got) != 4 || got[0].ID != "a" || got[0].Abstained || got[0].IDs[0] != "proficient.1" || !got[1].Abstained || len(got[1].IDs) != 0 || !got[2].Abstained || got[3].Abstained {
		t.Errorf("%+v", got)
	}
	if strings.Contains(r.out, "null") {
		t.Errorf("no answers are [], not null:\n%s", r.out)
	}
	for _, bad := range []string{"{\"id\":\"a\",\"q\":\"x\"}\nnot json\n", "{\"id\":\"a\",\"q\":\"x\"}\n{\"q\":\"no id\"}\n"} {
		write(bad)
		r := cliDo(t, "ask", "--batch", batch)
		r.failed(t, 1, batch+":2:", "not a line like")
		if strings.Contains(r.stderr, "<nil>") {
			t.Errorf("stderr: %s", r.stderr)
		}
	}
}

func TestManifest(t *testing.T) {
	alone(t)
	for _, args := range [][]string{{"manifest", "slack"}, {"manifest", "slack", "--url", "https://rounds.example.org", "--name", "Rounds test"}} {
		r := cliDo(t, args...)
		r.went(t)
		var m struct {
			Display struct {
				Name string `yaml:"name"`
			} `yaml:"display_information"`
			Features struct {
				Commands []struct {
					Command string `yaml:"command"`
					URL     string `yaml:"url"`
				} `yaml:"slash_commands"`
			} `yaml:"features"`
		}
		if err := yaml.Unmarshal([]byte(r.out), &m); err != nil {
			t.Fatalf("%v\n%s", err, r.out)
		}
		var got, want []string
		for _, c := range m.Features.Commands {
			got = append(got, c.Command)
			if (c.URL != "") != (len(args) > 2) {
				t.Errorf("%s has the address %q", c.Command, c.URL)
			}
		}
		for _, c := range handlers.New(handlers.Config{}).Commands() {
			want = append(want, "/"+c.Name)
			for _, a := range c.Aliases {
				want = append(want, "/"+a)
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("commands (-registered +manifest):\n%s", diff)
		}
		if len(args) > 2 && m.Display.Name != "Rounds test" {
			t.Errorf("the name is %q", m.Display.Name)
		}
	}
	r := cliDo(t, "manifest", "slack", "--scopes")
	r.went(t)
	for _, s := range slackbot.Scopes() {
		if !strings.Contains(r.out, s.Name) || s.Why == "" {
			t.Errorf("the scope %s is not explained", s.Name)
		}
	}
}
