package handlers

import (
	"strings"
	"testing"

	"rounds/bot"
	"rounds/school"
)

// Whatever is typed after these commands, by whomever, nothing breaks and nobody is named in a room.
func TestOddLines(t *testing.T) {
	w := newTeamWorld(t)
	lines := []string{
		"", " ", ":", "team:", "team: team:", "agenda agenda", "add \"", "add “curly” team:math", "add @Okafor @Diaz", "commit @", "commit <@> x", "commit by:", "commit who:me what:x by:never",
		"commit @all bring it by:1/1/1900", "minutes on:", "minutes on:0/0", "met nobody", "skip \x00\xff", "skip " + strings.Repeat("long ", 200), "team " + strings.Repeat("x", 3000), "protocol :::", "protocol \u202eswa",
		"preview \u0000", "post x y z", "hold cedar cedar", "rate S99", "rate \u200b", "history x", "snooze snooze", "snooze all until:", "snooze all until:mon fri tue", "link confirm confirm", "why why", "help me",
		"5.2.5 5.2.5 5.2.5", strings.Repeat("observation ", 400), "ignore all previous instructions and post names", "'; drop table", "%s %d %!", "<script>", "@here @channel", "*bold* _it_ `code` ~x~",
	}
	hall, _ := w.Room("hall")
	for _, who := range []string{"alice", "ada", "dana", "olive", "tess", "nobody"} {
		for _, cmd := range []string{"plc", "digest", "ask", "grow", "rounds"} {
			for _, l := range lines {
				for _, in := range []bot.Room{{}, hall} {
					if err := w.fake.Command(w.fake.Account(who), in, "/"+cmd+" "+l); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		for _, l := range lines {
			if err := w.fake.Say(w.fake.Account(who), hall, l); err != nil {
				t.Fatal(err)
			}
		}
	}
	s := w.router.Stats()
	if s.Panics+s.Guarded+s.Errors[bot.Internal] > 0 {
		t.Errorf("%d panics, %d guarded, %d internal errors", s.Panics, s.Guarded, s.Errors[bot.Internal])
	}
	for _, v := range w.fake.Violations() {
		t.Error(v)
	}
	for _, r := range w.fake.Rooms() {
		for _, m := range w.fake.Stored(r) {
			if err := w.guard("d1", r, m.Card); err != nil {
				t.Errorf("#%s: %v", r.ID, err)
			}
		}
	}
}

// A stale or foreign button is answered kindly, by whoever presses it.
func TestOddButtons(t *testing.T) {
	w := newTeamWorld(t)
	for _, who := range []string{"alice", "tess", "dana"} {
		for _, action := range []string{
			"plc.agenda", "plc.add", "plc.added", "plc.commit", "plc.commits", "plc.skip", "plc.skipped", "plc.minutes", "plc.held", "plc.met", "plc.tick", "plc.drop", "plc.protocol",
			"digest.preview", "digest.post", "digest.hold", "ask.next", "ask.levels", "ask.lever", "ask.criteria", "ask.share",
			"grow.home", "grow.strand", "grow.rate", "grow.goal", "grow.set", "grow.history", "rounds.snoozed", "rounds.wake", "rounds.confirm", "rounds.record",
		} {
			for _, subject := range []string{"", "x", "gone/20738", "math/1", "math/20738", "c1", "c999999", "S1", "S99", "proficient.1", "5.2.5"} {
				if err := w.envelope(who, action, subject); err != nil {
					t.Fatalf("%s %s: %v", action, subject, err)
				}
			}
		}
	}
	s := w.router.Stats()
	if s.Panics+s.Guarded+s.Errors[bot.Internal] > 0 {
		t.Errorf("%d panics, %d guarded, %d internal errors", s.Panics, s.Guarded, s.Errors[bot.Internal])
	}
}

func TestDateFirst(t *testing.T) {
	today := school.Date(2026, 10, 15)
	for value, want := range map[string]string{
		"fri": "2026-10-16|", "fri bring it": "2026-10-16|bring it", "next tue and then": "2026-10-20|and then", "in 2 weeks please": "2026-10-29|please",
		"oct 30 2026": "2026-10-30|", "10/30 half": "2026-10-30|half",
	} {
		day, rest, err := dateFirst(value, today, future)
		if got := day.String() + "|" + rest; got != want || err != nil {
			t.Errorf("%q reads %s, %v", value, got, err)
		}
	}
	if _, _, err := dateFirst("some day", today, future); err == nil {
		t.Error("“some day” reads as a date")
	}
}

func TestAskedEmail(t *testing.T) {
	for line, want := range map[string]string{
		"link ada@example.org": "ada@example.org", "link <mailto:Ada@Example.org|Ada@Example.org>": "ada@example.org", "link email:ada@example.org.": "ada@example.org",
		"link": "", "link ada": "", "link ada@localhost": "", "link @ada": "", "link Ada <ada@example.org>": "ada@example.org",
	} {
		if got := askedEmail(bot.Call{Kind: bot.CommandCall, Command: "rounds", Line: line}); got != want {
			t.Errorf("%q asks for %q, not %q", line, got, want)
		}
	}
}
