package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rounds/seeds"
)

// A command as the shell runs it, in this process: its words, its environment and its files go in, and its exit status and what
// it wrote come out.

// cliRun is how one command came out.
type cliRun struct {
	status      int
	out, stderr string
}

// cliDo runs a command as the shell would, with no secrets in the environment but those that the test set.
func cliDo(t *testing.T, args ...string) cliRun {
	t.Helper()
	return cliDoIn(t, context.Background(), args...)
}

func cliDoIn(t *testing.T, ctx context.Context, args ...string) cliRun {
	t.Helper()
	var out, errs bytes.Buffer
	status := run(ctx, args, &output{&out, &errs})
	return cliRun{status, out.String(), errs.String()}
}

// went wants status 0, nothing on stderr, and words on stdout.
func (r cliRun) went(t *testing.T, words ...string) {
	t.Helper()
	if r.status != 0 || r.stderr != "" {
		t.Fatalf("exit status %d: %s", r.status, r.stderr)
	}
	for _, w := range words {
		if !strings.Contains(r.out, w) {
			t.Errorf("stdout lacks %q:\n%s", w, r.out)
		}
	}
}

// failed wants a status, nothing on stdout, and words on stderr.
func (r cliRun) failed(t *testing.T, status int, words ...string) {
	t.Helper()
	if r.status != status {
		t.Errorf("exit status %d, want %d", r.status, status)
	}
	for _, w := range words {
		if !strings.Contains(r.stderr, w) {
			t.Errorf("stderr lacks %q:\n%s", w, r.stderr)
		}
	}
	if strings.Contains(r.stderr, "goroutine ") || strings.Count(r.stderr, "\n") > 12 {
		t.Errorf("stderr is no sentence:\n%s", r.stderr)
	}
}

// alone takes the machine's own settings out of the environment.
func alone(t *testing.T) {
	t.Helper()
	for _, name := range []string{"ROUNDS_STORE", "ROUNDS_LISTEN", "ROUNDS_KEY", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_API_URL", "DISCORD_BOT_TOKEN", "DISCORD_APPLICATION_ID", "DISCORD_PUBLIC_KEY", "DISCORD_API_URL", "DISCORD_ROLES", "DISCORD_LINK"} {
		t.Setenv(name, "") // so that it is put back
		if err := os.Unsetenv(name); err != nil {
			t.Fatal(err)
		}
	}
}

// withSlack puts the secrets of a fake Slack into the environment.
func withSlack(t *testing.T, api string) {
	t.Helper()
	t.Setenv("SLACK_BOT_TOKEN", "xoxb-test")
	t.Setenv("SLACK_SIGNING_SECRET", signingSecret)
	t.Setenv("SLACK_API_URL", api)
}

// districtDir writes the made-up district's files, each changed by edits (old, new, …) of district.yaml.
func districtDir(t *testing.T, edits ...string) (config string) {
	t.Helper()
	dir := t.TempDir()
	for name, data := range seeds.DemoFiles(seeds.DemoSeed) {
		if name == "district.yaml" {
			text := string(data)
			for i := 0; i < len(edits); i += 2 {
				if !strings.Contains(text, edits[i]) {
					t.Fatalf("district.yaml has no %q", edits[i])
				}
				text = strings.ReplaceAll(text, edits[i], edits[i+1])
			}
			data = []byte(text)
		}
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "district.yaml")
}

// tree is every file of a folder with its content.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		out[e.Name()] = string(data)
	}
	return out
}
