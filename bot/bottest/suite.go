package bottest

import (
	"context"
	"strings"
	"testing"
	"time"

	"rounds/bot"
)

// patience is how long the suite waits for something to show. It costs only where a test fails.
const patience = 5 * time.Second

// suite is one part of the test under way.
type suite struct {
	*testing.T
	h        Harness
	p        bot.Platform
	demo     *demo
	ana, ben bot.Account
	room     bot.Room
	rooms    []bot.Room // everywhere that a message may have been stored
}

func start(t *testing.T, h Harness) *suite {
	t.Helper()
	d := &demo{slow: 300 * time.Millisecond}
	sealer, err := bot.NewSealer([]byte("a key of the conformance suite"))
	if err != nil {
		t.Fatal(err)
	}
	s := &suite{T: t, h: h, p: h.Platform(), demo: d, ana: h.Account("ana"), ben: h.Account("ben"), room: h.Room("room")}
	r := bot.NewRouter(bot.RouterConfig{
		Commands: d.commands(), Directory: Everybody{}, Sealer: sealer, Now: time.Now, Budget: 100 * time.Millisecond,
	})
	if s.ana.Platform != s.p.Name() || s.room.Platform != s.p.Name() {
		t.Fatalf("accounts are of %q and rooms of %q, the platform is called %q", s.ana.Platform, s.room.Platform, s.p.Name())
	}
	s.rooms = []bot.Room{s.room}
	stop := h.Start(r.Take)
	t.Cleanup(func() {
		if err := r.Close(context.Background()); err != nil {
			t.Error(err)
		}
		if err := stop(); err != nil {
			t.Errorf("Run returned %v after its context ended", err)
		}
	})
	return s
}

// squash makes texts comparable whatever a service did to spaces and line breaks.
func squash(lines ...string) string {
	return strings.Join(strings.Fields(strings.Join(lines, "\n")), " ")
}

func (s *suite) sees(who bot.Account, text string) bool {
	return strings.Contains(squash(s.h.Sees(who)...), squash(text))
}

// eventually waits until who sees all texts.
func (s *suite) eventually(who bot.Account, texts ...string) {
	s.Helper()
	for _, text := range texts {
		s.waitFor(func() bool { return s.sees(who, text) }, func() {
			s.Errorf("%s never saw %q; they see:\n%s", who.User, text, strings.Join(s.h.Sees(who), "\n"))
		})
	}
}

// gone waits until who no longer sees a text.
func (s *suite) gone(who bot.Account, text string) {
	s.Helper()
	s.waitFor(func() bool { return !s.sees(who, text) }, func() {
		s.Errorf("%s still sees %q:\n%s", who.User, text, strings.Join(s.h.Sees(who), "\n"))
	})
}

func (s *suite) waitFor(ok func() bool, failed func()) {
	s.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			failed()
			s.FailNow()
		}
	}
}

func (s *suite) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

func (s *suite) keptNothingPrivate() {
	s.Helper()
	for _, r := range s.rooms {
		for _, m := range s.h.Stored(r) {
			if strings.Contains(m, SecretWord) {
				s.Errorf("the service keeps a private card in room %s:\n%s", r.ID, m)
			}
		}
	}
	if s.sees(s.ben, SecretWord) {
		s.Errorf("ben sees what was ana's alone:\n%s", strings.Join(s.h.Sees(s.ben), "\n"))
	}
}

// post says a card with sealed buttons, in a room or to ana.
func (s *suite) post(in bot.Room, marker string, blocks ...bot.Block) bot.Ref {
	s.Helper()
	ref, err := s.hub().Post(s.Context(), in, bot.OpenCard(blocks...), marker)
	s.must(err)
	return ref
}

// hub posts through a real hub and gives back the platform's own refs.
func (s *suite) hub() hub {
	sealer, err := bot.NewSealer([]byte("a key of the conformance suite"))
	s.must(err)
	return hub{bot.NewHub(bot.HubConfig{Directory: Everybody{}, Sealer: sealer, Now: time.Now}, s.p), s.p.Name() + ":"}
}

type hub struct {
	*bot.Hub
	prefix string
}

func (h hub) Post(ctx context.Context, in bot.Room, card bot.Open, marker string) (bot.Ref, error) {
	ref, _, err := h.Hub.Post(ctx, "d1", in, card, marker)
	return bot.Ref(strings.TrimPrefix(string(ref), h.prefix)), err
}

func (s *suite) stored(in bot.Room) string { return squash(s.h.Stored(in)...) }

func (s *suite) storedHas(in bot.Room, text string) {
	s.Helper()
	s.waitFor(func() bool { return strings.Contains(s.stored(in), squash(text)) }, func() {
		s.Errorf("the service does not keep %q; it keeps:\n%s", text, strings.Join(s.h.Stored(in), "\n"))
	})
}
