package handlers

import (
	"path/filepath"
	"strings"
	"testing"

	"rounds/bot"
	"rounds/bot/bottest"
	"rounds/bot/discordbot"
)

// onDiscord compares what a conversation says, as Discord shows it, with a golden file. Nothing of it is sent: the
// conversations are played on a service of the tests' own.
func onDiscord(t *testing.T, dir string) func(bot.Answer) {
	t.Helper()
	var d discordbot.Shown
	t.Cleanup(func() {
		for _, p := range d.Problems {
			t.Errorf("on Discord: %s", p)
		}
		if d.N == 0 {
			return // nothing but suggestions was asked for, which have no look of their own
		}
		bottest.Golden(t, filepath.Join(dir, "discord", strings.TrimPrefix(filepath.Base(t.Name()), "/")+".txt"), d.String())
	})
	return d.Answer
}
