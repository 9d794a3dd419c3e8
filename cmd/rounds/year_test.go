package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"rounds/bot"
	"rounds/reminders"
	"rounds/school"
	"rounds/seeds"
)

var demoYears = flag.Int("demoyears", 1, "how many seeds the demo district's year of outages has")

// countingChat is a chat service in memory: what stands on it, by marker.
type countingChat struct{ posts, edits map[string]int }

func (c countingChat) Post(_ context.Context, _ bot.District, _ bot.Target, _ bot.Open, marker string) (bot.Ref, bot.Room, error) {
	c.posts[marker]++
	return bot.Ref(marker), bot.Room{}, nil
}

func (c countingChat) Find(_ context.Context, _ bot.District, _ bot.Target, marker string, _ time.Time) (bot.Ref, bot.Room, bool, error) {
	return bot.Ref(marker), bot.Room{}, c.posts[marker] > 0, nil
}

func (c countingChat) Edit(_ context.Context, _ bot.District, ref bot.Ref, _ bot.Open) error {
	c.edits[string(ref)]++
	return nil
}

// The made-up district from its Thursday to the end of its school year, on a machine that is down for hours or days some sixty
// times and whose clock is two hours wrong some thirty times: whatever a rehearsal of the same time says would be sent is sent
// once, or is on record with its reason.
func TestTheDemoYearOfOutages(t *testing.T) {
	for seed := range uint64(*demoYears) {
		t.Run(fmt.Sprint("seed ", seed+1), func(t *testing.T) { demoYear(t, seed+1) })
	}
}

func demoYear(t *testing.T, seed uint64) {
	ctx := context.Background()
	from := seeds.DemoStart()
	to := school.Date(2027, time.May, 29).At(12*60, from.Location())
	want := map[string]string{}
	err := reminders.Rehearse(ctx, newStage(t).book, demoDistrict, from, to, func(p reminders.Played) error {
		if p.Status == "post" {
			want[p.Occurrence] = p.Kind
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	s := newStage(t)
	chat := countingChat{map[string]int{}, map[string]int{}}
	rng := rand.New(rand.NewPCG(seed, 12))
	right, wrong, downs, wrongs := from, time.Duration(0), 0, 0
	var runner *reminders.Runner
	process := func() {
		runner = reminders.New(reminders.Config{
			District: demoDistrict, Book: s.book, Poster: chat, Frozen: true,
			Now: func() time.Time { return right.Add(wrong) }, Wall: func() time.Time { return from },
		})
	}
	process()
	for right.Before(to) {
		if err := runner.Scan(ctx); err != nil {
			t.Fatal(err)
		}
		switch {
		case rng.IntN(110) == 0: // most often over a time of day at which something falls due
			right = right.Add(time.Duration(1+rng.IntN(9)*rng.IntN(5)) * time.Hour)
			downs++
			process()
		case rng.IntN(200) == 0:
			wrongs++
			wrong = []time.Duration{-2 * time.Hour, 2 * time.Hour}[rng.IntN(2)]
		case wrong != 0 && rng.IntN(8) == 0:
			wrong = 0
		}
		step := 30 * time.Minute
		if h := right.In(from.Location()).Hour(); h >= 19 || h < 6 {
			step = 2 * time.Hour
		}
		right = right.Add(step)
	}
	wrong = 0
	if err := runner.Scan(ctx); err != nil {
		t.Fatal(err)
	}
	ends, kinds := map[string]int{}, map[string]int{}
	_ = s.book.Read(func(m *school.Model) {
		for name, kind := range want {
			kinds[kind]++
			mark, ok := m.SentAs(name)
			switch end, held := strings.CutPrefix(mark.Dropped, "held: "); {
			case !ok:
				t.Errorf("seed %d: %s is silently missing", seed, name)
			case end == "":
				ends["sent"]++
			case held:
				ends["held"]++
			default:
				ends[end]++
			}
		}
	})
	for marker, n := range chat.posts {
		if n > 1 {
			t.Errorf("seed %d: %s stands %d times", seed, marker, n)
		}
	}
	t.Logf("seed %d: %d would be sent, %v; %d times down, %d times a wrong clock; in the end %v", seed, len(want), kinds, downs, wrongs, ends)
	if ends["sent"] < len(want)*7/10 || ends["sent"] == len(want) || downs < 20 || wrongs < 10 {
		t.Errorf("seed %d: too much or too little happened: %v of %d, %d, %d", seed, ends, len(want), downs, wrongs)
	}
}
