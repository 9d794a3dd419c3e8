//go:build !windows

package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"rounds/school"
)

// TestReload edits the files of a running server and sends it SIGHUP: what the files changed is applied, what was changed in
// chat stays, and files that are wrong change nothing.
func TestReload(t *testing.T) {
	w := newSlackWalk(t)
	dir := filepath.Dir(w.store)
	w.command(xiomara, "C02OPS", "/plc", "protocol weekly data meeting").has(t, "Weekly data meeting")

	people := filepath.Join(dir, "people.csv")
	rewrite(t, people, func(s string) string {
		return strings.TrimRight(s, "\n") + "\nNoor Testcase,noor.testcase@example.com,,teacher,cedar,alice@example.com,,1,,\n"
	})
	hangUp(t)
	w.until("the new teacher is on the roster", func() bool {
		found := false
		w.read(func(_ school.Log, m *school.Model) { _, found = m.ByEmail("noor.testcase@example.com") })
		return found
	})
	w.read(func(_ school.Log, m *school.Model) {
		if team, _ := m.Team("cedar-social"); team.Protocol != "weekly-data-meeting" {
			t.Errorf("the file was read again and took back what was changed in chat: %q", team.Protocol)
		}
	})

	// A framework that is put beside district.yaml is asked from the next signal on; a broken one is named in the log and
	// changes nothing.
	ask := func() message { return w.command(xiomara, "C02OPS", "/ask", "who runs the morning huddle") }
	ask().hasNot(t, "Huddle lead")
	table := filepath.Join(dir, "rubric.csv")
	if err := os.WriteFile(table, []byte(rubricTable), 0o600); err != nil {
		t.Fatal(err)
	}
	c := &importCmd{Config: filepath.Join(dir, "district.yaml"), Paths: []string{table}}
	c.Framework = "Cedar rubric"
	if err := c.Run(t.Context(), &output{stdout: io.Discard, stderr: io.Discard}); err != nil {
		t.Fatal(err)
	}
	ask().hasNot(t, "Huddle lead")
	hangUp(t)
	w.until("the framework is asked", func() bool { return strings.Contains(ask().Text, "Huddle lead") })
	rewrite(t, filepath.Join(dir, "frameworks", "cedar-rubric.json"), func(s string) string { return s[:len(s)/2] })
	hangUp(t)
	w.until("the broken framework is in the log", func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return strings.Contains(w.logs.String(), "frameworks/cedar-rubric.json")
	})
	ask().has(t, "Huddle lead")
	if err := os.Remove(filepath.Join(dir, "frameworks", "cedar-rubric.json")); err != nil {
		t.Fatal(err)
	}

	before := w.version()

	rewrite(t, filepath.Join(dir, "district.yaml"), func(s string) string {
		return strings.Replace(s, "zone: America/Chicago", "zone: America/Chicgo", 1)
	})
	hangUp(t)
	w.until("the mistake is in the log", func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return strings.Contains(w.logs.String(), "America/Chicgo")
	})
	if after := w.version(); after != before {
		t.Errorf("files that are wrong moved the record from version %s to %s", before, after)
	}
}

func rewrite(t *testing.T, path string, f func(string) string) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(f(string(b))), 0o600); err != nil {
		t.Fatal(err)
	}
}

// hangUp sends the signal to this process, in which the server runs.
func hangUp(t *testing.T) {
	t.Helper()
	if err := syscall.Kill(os.Getpid(), syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
}
