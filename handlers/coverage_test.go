package handlers

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"rounds/bot"
)

// everybody are the parts that each subcommand is played by: somebody who leads, somebody who is visited, and somebody
// who is not on the roster.
var everybody = map[string][]string{
	"a leader":   {"alice", "dana", "carl", "pat", "imani"},
	"a teacher":  {"ada", "ben", "bob", "tess"},
	"a stranger": {"nobody", "newcomer", "stranger"},
}

var typedLine = regexp.MustCompile(`^@(\w+)(?: in \S+)?: /(\w+) ?(.*)$`)

// TestEverySubcommandIsPlayed: no subcommand without a conversation, and none that only those who may use it were seen to
// type.
func TestEverySubcommandIsPlayed(t *testing.T) {
	desk := New(Config{})
	played := map[string]map[string]bool{} // "step add" -> who typed it
	for _, pattern := range []string{"testdata/*.txt", "testdata/teams/*.txt"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatal(pattern, err)
		}
		for _, f := range files {
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(string(text)) {
				m := typedLine.FindStringSubmatch(strings.TrimSpace(line))
				if m == nil {
					continue
				}
				if name := subOf(desk.Commands(), m[2], m[3]); name != "" {
					if played[name] == nil {
						played[name] = map[string]bool{}
					}
					played[name][m[1]] = true
				}
			}
		}
	}
	n := 0
	for _, c := range desk.Commands() {
		for _, s := range c.Subs {
			n++
			name := c.Name + " " + s.Name
			for part, who := range everybody {
				if !slices.ContainsFunc(who, func(w string) bool { return played[name][w] }) {
					t.Errorf("/%s is never typed by %s", name, part)
				}
			}
		}
	}
	if n < 30 {
		t.Errorf("only %d subcommands were looked at", n)
	}
}

// subOf is the subcommand that a typed line names: its first word, or the first subcommand where that is none.
func subOf(all []bot.Command, name, rest string) string {
	for _, c := range all {
		if c.Name != name && !slices.Contains(c.Aliases, name) {
			continue
		}
		word, _, _ := strings.Cut(rest, " ")
		for _, s := range c.Subs {
			if s.Name == word {
				return c.Name + " " + s.Name
			}
		}
		if len(c.Subs) > 0 {
			return c.Name + " " + c.Subs[0].Name
		}
	}
	return ""
}
