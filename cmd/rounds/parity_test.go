package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rounds/bot"
	"rounds/bot/bottest"
	"rounds/bot/discordbot"
	"rounds/bot/slackbot"
	"rounds/bot/webbot"
	"rounds/handlers"
)

// TestParity prints what each command can do on each chat service, made from what is registered there and not from what we
// think of it. The table stands in the README.
func TestParity(t *testing.T) {
	commands := handlers.New(handlers.Config{}).Commands()
	slackNames := slackRegistered(t, commands)
	discordNames := discordRegistered(t, commands)
	var w strings.Builder
	row := func(cells ...string) { fmt.Fprintf(&w, "| %s |\n", strings.Join(cells, " | ")) }
	row("command", "web", "Slack", "Discord", "answer", "form", "suggestions", "also by words")
	row(slices.Repeat([]string{"---"}, 8)...)
	for _, c := range commands {
		for _, s := range c.Subs {
			name := strings.TrimSpace("/" + c.Name + " " + s.Name)
			for _, alias := range append([]string{c.Name}, c.Aliases...) {
				if !slackNames["/"+alias] {
					t.Errorf("/%s is not in Slack's manifest", alias)
				}
				if _, ok := discordNames[alias][s.Name]; !ok {
					t.Errorf("/%s %s is not registered with Discord", alias, s.Name)
				}
			}
			typed, suggested := discordNames[c.Name][s.Name][0], discordNames[c.Name][s.Name][1]
			if typed != len(s.Options) {
				t.Errorf("%s has %d options, Discord knows %d", name, len(s.Options), typed)
			}
			row(name, "one line", "one line", typedOptions(typed), answered(s), yes(s.Opens), howMany(suggested), yes(!c.Private))
		}
	}
	w.WriteString("\n")
	row("ability", "web", "Slack", "Discord")
	row("---", "---", "---", "---")
	platforms := parityPlatforms(t, commands)
	ability := func(name string, has func(p bot.Platform) bool) {
		cells := []string{name}
		for _, p := range platforms {
			cells = append(cells, yes(has(p)))
		}
		row(cells...)
	}
	ability("private answers, forms, buttons, menus, direct messages (bottest.TestPlatform)", func(bot.Platform) bool { return true })
	ability("edits what it posted", func(p bot.Platform) bool { _, ok := p.(bot.Editor); return ok })
	ability("finds a post again by its marker", func(p bot.Platform) bool { _, ok := p.(bot.Finder); return ok })
	ability("home view", func(p bot.Platform) bool { _, ok := p.(bot.Homer); return ok })
	ability("HTTP endpoints", func(p bot.Platform) bool { _, ok := p.(bot.Server); return ok })
	ability("links accounts by e-mail address", func(p bot.Platform) bool { _, ok := p.(bot.Linker); return ok })
	ability("doctor", func(p bot.Platform) bool { _, ok := p.(bot.Doctor); return ok })
	for _, m := range discordMenus {
		if c := discordNames[m.Command]; c == nil || slices.IndexFunc(commands, func(c bot.Command) bool { return c.Name == m.Command }) < 0 {
			t.Errorf("the menu %q runs no command", m.Label)
		}
		row(fmt.Sprintf("menu of a message: %s (/%s %s)", m.Label, m.Command, m.Sub), "no", "no", "yes")
	}
	t.Logf("\n%s", w.String())
	bottest.Golden(t, "testdata/parity.txt", w.String())
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func howMany(n int) string {
	if n == 0 {
		return "none"
	}
	return fmt.Sprint(n)
}

func typedOptions(n int) string {
	switch n {
	case 0:
		return "no options"
	case 1:
		return "1 typed option"
	}
	return fmt.Sprintf("%d typed options", n)
}

func answered(s bot.Sub) string {
	if s.Public {
		return "in the room"
	}
	return "only you"
}

// slackRegistered are the names in Slack's manifest.
func slackRegistered(t *testing.T, commands []bot.Command) map[string]bool {
	t.Helper()
	b, err := slackbot.Manifest(commands, slackbot.ManifestOptions{SocketMode: true})
	if err != nil {
		t.Fatal(err)
	}
	var m struct {
		Features struct {
			Slash []struct{ Command string } `json:"slash_commands"`
		}
	}
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	out := map[string]bool{}
	for _, s := range m.Features.Slash {
		out[s.Command] = true
	}
	return out
}

// discordRegistered are the commands by name and subcommand, with how many typed options and how many of them with suggestions.
func discordRegistered(t *testing.T, commands []bot.Command) map[string]map[string][2]int {
	t.Helper()
	set, err := discordbot.Registration(commands, discordMenus)
	if err != nil {
		t.Fatal(err)
	}
	count := func(options []discordbot.Option) (n [2]int) {
		for _, o := range options {
			n[0]++
			if o.Autocomplete || len(o.Choices) > 0 {
				n[1]++
			}
		}
		return n
	}
	out := map[string]map[string][2]int{}
	for _, c := range set {
		subs := map[string][2]int{}
		for _, o := range c.Options {
			if o.Type == 1 {
				subs[o.Name] = count(o.Options)
			}
		}
		if len(subs) == 0 {
			subs[""] = count(c.Options)
		}
		out[c.Name] = subs
	}
	for _, c := range commands { // a command's only subcommand may go without a name
		if len(c.Subs) == 1 && c.Subs[0].Name != "" && len(out[c.Name]) == 1 {
			if n, ok := out[c.Name][""]; ok {
				out[c.Name][c.Subs[0].Name] = n
			}
		}
	}
	return out
}

// parityPlatforms are the real ones, in the order of the table. Nothing is started.
func parityPlatforms(t *testing.T, commands []bot.Command) []bot.Platform {
	t.Helper()
	s := secrets{SlackBotToken: "xoxb-test", SlackSigningSecret: signingSecret, DiscordBotToken: "t", DiscordApplicationID: discordApp}
	made, err := platformsFor(s, nil, time.Now, nil, commands)
	if err != nil {
		t.Fatal(err)
	}
	return append([]bot.Platform{(*webbot.Platform)(nil)}, made...)
}

// TestParityInReadme: the table that people read is the one that the test finds.
func TestParityInReadme(t *testing.T) {
	table, err := os.ReadFile(filepath.Join("testdata", "parity.txt"))
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile(filepath.Join(repoRoot(t), "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(readme), strings.TrimSpace(string(table))) {
		t.Error("README.md does not hold the table of testdata/parity.txt")
	}
}
