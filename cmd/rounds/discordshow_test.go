package main

import (
	"path/filepath"
	"testing"

	"rounds/bot"
	"rounds/bot/bottest"
	"rounds/bot/discordbot"
)

// onDiscord shows a conversation's answers and posts as Discord would, and compares them with a golden file.
func onDiscord(t *testing.T, s *stage) {
	var d discordbot.Shown
	s.also = func(a bot.Answer) { d.Answer(a) }
	t.Cleanup(func() {
		d.Head("# what stands in the rooms")
		for _, r := range s.fake.Rooms() {
			for _, m := range s.fake.Stored(r) {
				if m.Marker != "" {
					d.Card("#"+r.ID, m.Card, true)
				}
			}
		}
		if d.N == 0 {
			t.Error("nothing was shown")
		}
		for _, p := range d.Problems {
			t.Error(p)
		}
		bottest.Golden(t, filepath.Join("testdata", "discord", filepath.Base(t.Name())+".txt"), d.String())
	})
}
