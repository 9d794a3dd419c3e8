package bottest

import (
	"errors"
	"strings"
	"testing"
	"time"

	"rounds/bot"
)

// TestPlatform is what every platform must pass. make gives a new service and platform for
// each part.
func TestPlatform(t *testing.T, make func(t *testing.T) Harness) {
	parts := []struct {
		name string
		run  func(*suite)
	}{
		{"whisper reaches its caller alone", (*suite).whisper},
		{"say reaches the room", (*suite).say},
		{"words are answered", (*suite).words},
		{"error with a way out", (*suite).failure},
		{"form keeps what was typed", (*suite).form},
		{"button opens a form", (*suite).formFromButton},
		{"update replaces what one person sees", (*suite).updatePrivate},
		{"update replaces a posted message", (*suite).updatePosted},
		{"menu", (*suite).menu},
		{"deferred answer arrives", (*suite).deferred},
		{"late form waits behind a button", (*suite).lateForm},
		{"the same call is answered once", (*suite).repeat},
		{"direct message", (*suite).direct},
		{"find by marker", (*suite).find},
		{"edit", (*suite).edit},
		{"home", (*suite).home},
		{"odd texts are literal", (*suite).odd},
		{"long cards lose nothing", (*suite).long},
		{"failures are told apart", (*suite).failures},
	}
	for _, p := range parts {
		t.Run(strings.ReplaceAll(p.name, " ", "-"), func(t *testing.T) {
			s := start(t, make(t))
			p.run(s)
			s.keptNothingPrivate()
		})
	}
}

func (s *suite) whisper() {
	s.must(s.h.Command(s.ana, s.room, "/demo whisper good morning"))
	s.eventually(s.ana, "Whispered: good morning", "[Change it]", SecretWord)
	s.must(s.h.Command(s.ana, bot.Room{}, "/demo whisper in private"))
	s.eventually(s.ana, "Whispered: in private")
	if dm, err := s.p.Direct(s.Context(), s.ana); err == nil {
		s.rooms = append(s.rooms, dm)
	}
}

func (s *suite) say() {
	s.must(s.h.Command(s.ana, s.room, "/demo say good morning"))
	s.eventually(s.ana, "Said: good morning")
	s.eventually(s.ben, "Said: good morning")
}

func (s *suite) words() {
	s.saysAndSees(bot.Room{}, "what is a protocol")
	s.saysAndSees(s.room, "and in a room")
	if dm, err := s.p.Direct(s.Context(), s.ana); err == nil {
		s.rooms = append(s.rooms, dm)
	}
}

// saysAndSees allows for services that cannot answer plain words to one person alone: there
// a button that says nothing stands first, and pressing it shows the answer.
func (s *suite) saysAndSees(in bot.Room, text string) {
	s.Helper()
	buttons := func() int { return strings.Count(squash(s.h.Sees(s.ana)...), "[") }
	before := buttons()
	s.must(s.h.Say(s.ana, in, text))
	answer := "You wrote: " + text
	s.waitFor(func() bool { return s.sees(s.ana, answer) || buttons() > before }, func() {
		s.Errorf("ana sees neither %q nor a new button: %q", answer, s.h.Sees(s.ana))
	})
	if !s.sees(s.ana, answer) {
		s.must(s.h.Click(s.ana, buttonIn(s.h.Sees(s.ana))))
	}
	s.eventually(s.ana, answer)
}

// buttonIn is the label of the last button in what somebody sees, or "".
func buttonIn(lines []string) string {
	all := strings.Join(lines, "\n")
	i := strings.LastIndexByte(all, '[')
	if i < 0 {
		return ""
	}
	label, _, ok := strings.Cut(all[i+1:], "]")
	if !ok || strings.TrimSpace(label) == "" || label == "x" { // a box to tick
		return ""
	}
	return label
}

func (s *suite) failure() {
	s.must(s.h.Command(s.ana, s.room, "/demo fail"))
	s.eventually(s.ana, "Nobody of that name is on the staff list.", "[Try the form]")
	s.must(s.h.Click(s.ana, "Try the form"))
	s.eventually(s.ana, "What glowed")
}

func (s *suite) form() {
	s.must(s.h.Command(s.ana, s.room, "/demo form"))
	s.eventually(s.ana, "A visit", "Tell me about it.", "Who was it", "The second", "What glowed", "How many minutes", "10")
	if s.sees(s.ben, "What glowed") {
		s.Error("ben sees ana's form")
	}
	s.must(s.h.Choose(s.ana, "Who was it", "The second"))
	s.must(s.h.Fill(s.ana, "What glowed", "Wait time & <patience>"))
	s.must(s.h.Fill(s.ana, "How many minutes", "400"))
	s.must(s.h.Submit(s.ana))
	s.eventually(s.ana, "That is longer than a school day.")
	if !s.sees(s.ana, "Wait time & <patience>") {
		s.offeredAgain()
	}
	s.must(s.h.Fill(s.ana, "How many minutes", "40"))
	s.must(s.h.Submit(s.ana))
	s.eventually(s.ana, "Saved: v2, Wait time & <patience>, 40")
	if s.sees(s.ana, "What glowed") {
		s.gone(s.ana, "What glowed")
	}
}

// offeredAgain is for services that close a form when it is sent: they offer it again behind a
// button, with everything that was typed still in it.
func (s *suite) offeredAgain() {
	s.Helper()
	if label := buttonIn(s.h.Sees(s.ana)); label != "" {
		s.must(s.h.Click(s.ana, label))
		s.eventually(s.ana, "What glowed", "Wait time & <patience>", "400")
		return
	}
	s.Fatalf("what ana typed is gone, and no button brings it back:\n%s", strings.Join(s.h.Sees(s.ana), "\n"))
}

func (s *suite) formFromButton() {
	s.must(s.h.Command(s.ana, s.room, "/demo whisper x"))
	s.eventually(s.ana, "[Open a form]")
	s.must(s.h.Click(s.ana, "Open a form"))
	s.eventually(s.ana, "What glowed")
	s.must(s.h.Choose(s.ana, "Who was it", "The first"))
	s.must(s.h.Submit(s.ana))
	s.eventually(s.ana, "Saved: v1, , 10")
}

func (s *suite) updatePrivate() {
	s.must(s.h.Command(s.ana, s.room, "/demo whisper x"))
	s.eventually(s.ana, "Version one")
	s.must(s.h.Click(s.ana, "Change it"))
	s.eventually(s.ana, "Version two")
	s.gone(s.ana, "Version one")
}

func (s *suite) updatePosted() {
	s.post(s.room, "m-1", bot.Text{Text: "Posted version one"}, demoButtons("Close it", "posted"))
	s.eventually(s.ana, "Posted version one", "[Close it]")
	s.must(s.h.Click(s.ana, "Close it"))
	s.eventually(s.ben, "Posted version two")
	s.storedHas(s.room, "Posted version two")
	if strings.Contains(s.stored(s.room), "Posted version one") {
		s.Error("the first version still stands")
	}
}

func (s *suite) menu() {
	s.must(s.h.Command(s.ana, s.room, "/demo menu"))
	s.eventually(s.ana, "Pick one", "Apples", "Pears")
	s.must(s.h.Choose(s.ana, "Pick one", "Pears"))
	s.eventually(s.ana, "You picked p")
}

func (s *suite) deferred() {
	s.must(s.h.Command(s.ana, s.room, "/demo slow coffee"))
	s.eventually(s.ana, "Whispered: coffee", "[Change it]")
	s.must(s.h.Click(s.ana, "Change it"))
	s.eventually(s.ana, "Version two")
	s.gone(s.ana, "Version one")
}

func (s *suite) lateForm() {
	s.must(s.h.Command(s.ana, s.room, "/demo slowform"))
	s.eventually(s.ana, "[Open it]")
	s.must(s.h.Click(s.ana, "Open it"))
	s.eventually(s.ana, "What glowed")
}

func (s *suite) repeat() {
	rh, ok := s.h.(RepeatHarness)
	if !ok {
		s.Skip("the harness cannot deliver twice")
	}
	s.must(s.h.Command(s.ana, s.room, "/demo count"))
	s.eventually(s.ana, "Counted 1")
	for range 3 {
		s.must(rh.Repeat())
	}
	// A command after it shows that the repeats have been dealt with.
	s.must(s.h.Command(s.ana, s.room, "/demo whisper after"))
	s.eventually(s.ana, "Whispered: after")
	if n := s.demo.counted.Load(); n != 1 {
		s.Errorf("the handler ran %d times", n)
	}
	if n := strings.Count(squash(s.h.Sees(s.ana)...), "Counted 1"); n != 1 {
		s.Errorf("the answer shows %d times", n)
	}
}

func (s *suite) direct() {
	dm, err := s.p.Direct(s.Context(), s.ana)
	s.must(err)
	if again, err := s.p.Direct(s.Context(), s.ana); err != nil || again != dm {
		s.Errorf("the conversation was %v, and then %v, %v", dm, again, err)
	}
	s.rooms = append(s.rooms, dm)
	s.post(dm, "m-1", bot.Text{Text: "3 visits to go"}, demoButtons("Open my list", "open"))
	s.eventually(s.ana, "3 visits to go", "[Open my list]")
	if s.sees(s.ben, "3 visits to go") {
		s.Error("ben sees ana's direct message")
	}
	s.must(s.h.Click(s.ana, "Open my list"))
	s.eventually(s.ana, "What glowed")
}

func (s *suite) find() {
	f, ok := s.p.(bot.Finder)
	if !ok {
		s.Skip("no Finder")
	}
	since := time.Now().Add(-time.Minute)
	s.post(s.room, "marker-1", bot.Text{Text: "The first"})
	ref := s.post(s.room, "marker-2", bot.Text{Text: "The second"})
	got, found, err := f.Find(s.Context(), s.room, "marker-2", since)
	if err != nil || !found || got != ref {
		s.Errorf("found %q, %v, %v; posted as %q", got, found, err, ref)
	}
	if _, found, err := f.Find(s.Context(), s.room, "marker-3", since); err != nil || found {
		s.Errorf("found a marker that was never posted: %v, %v", found, err)
	}
}

func (s *suite) edit() {
	e, ok := s.p.(bot.Editor)
	if !ok {
		s.Skip("no Editor")
	}
	ref := s.post(s.room, "m-1", bot.Text{Text: "Agenda one"})
	s.must(e.Edit(s.Context(), ref, bot.OpenCard(bot.Text{Text: "Agenda two"})))
	s.eventually(s.ben, "Agenda two")
	s.gone(s.ben, "Agenda one")
	if n := len(s.h.Stored(s.room)); n != 1 {
		s.Errorf("%d messages are stored after an edit", n)
	}
}

func (s *suite) home() {
	hh, ok := s.h.(HomeHarness)
	homer, isHomer := s.p.(bot.Homer)
	if !ok || !isHomer {
		if ok != isHomer {
			s.Error("a Homer needs a HomeHarness, and the other way round")
		}
		return // this service has none
	}
	at := func(text string) func() bool {
		return func() bool { return strings.Contains(squash(hh.Home(s.ana)...), text) }
	}
	show := func() { s.Errorf("ana's home is:\n%s", strings.Join(hh.Home(s.ana), "\n")) }
	s.must(hh.OpenHome(s.ana))
	s.waitFor(at("Home version one"), show)
	s.must(s.h.Click(s.ana, "Refresh"))
	s.waitFor(at("Home version two"), show)
	for range 2 { // calling it too often does no harm
		s.must(homer.Publish(s.Context(), s.ana, private(bot.Text{Text: "Home version three"})))
	}
	s.waitFor(at("Home version three"), show)
}

func (s *suite) odd() {
	var all []bot.Block
	for _, t := range oddTexts() {
		all = append(all, bot.Text{Text: t})
	}
	s.post(s.room, "m-1", all...)
	for _, t := range oddTexts() {
		s.storedHas(s.room, t)
	}
	s.must(s.h.Command(s.ana, s.room, "/demo odd"))
	s.eventually(s.ana, SecretWord)
	for _, t := range oddTexts() {
		s.eventually(s.ana, t)
	}
}

func (s *suite) long() {
	for _, name := range sortedKeys(Cards()) {
		if !strings.HasPrefix(name, "over-") {
			continue
		}
		card := Cards()[name]
		room := s.h.Room(name)
		if _, err := s.p.Post(s.Context(), room, bot.OpenCard(card.Blocks...), "m-"+name); err != nil {
			s.Errorf("%s: %v", name, err)
			continue
		}
		have := map[string]bool{}
		for _, w := range words(s.h.Stored(room)...) {
			have[w] = true
		}
		missing := 0
		for _, w := range words(card.Text()) {
			if !have[w] {
				if missing++; missing <= 5 {
					s.Errorf("%s: %q is lost", name, w)
				}
			}
		}
	}
	s.must(s.h.Command(s.ana, s.room, "/demo long"))
	s.eventually(s.ana, "Teacher number 1 ", "Teacher number 75 ", "Teacher number 150 ", SecretWord)
}

// words cuts texts into their words, without the marks that stand around them.
func words(texts ...string) []string {
	return strings.FieldsFunc(strings.Join(texts, "\n"), func(r rune) bool { return strings.ContainsRune(" \n\t[]():/·.,*•-|", r) })
}

func (s *suite) failures() {
	fh, ok := s.h.(FaultHarness)
	if !ok {
		s.Skip("the harness cannot fail")
	}
	ctx := s.Context()
	card := bot.OpenCard(bot.Text{Text: "Once only"})
	fh.Fail(Refused)
	_, err := s.p.Post(ctx, s.room, card, "m-refused")
	if retry, ok := errors.AsType[*bot.RetryError](err); !ok {
		s.Errorf("refused: got %v, want a RetryError", err)
	} else if retry.After <= 0 {
		s.Errorf("refused: the service said when to come back, the error says %v", retry.After)
	}
	if n := len(s.h.Stored(s.room)); n != 0 {
		s.Errorf("refused, and yet %d messages stand", n)
	}
	since := time.Now().Add(-time.Minute)
	fh.Fail(LostReply)
	_, err = s.p.Post(ctx, s.room, card, "m-lost")
	if _, ok := errors.AsType[*bot.UnknownError](err); !ok {
		s.Errorf("lost reply: got %v, want an UnknownError", err)
	}
	if n := len(s.h.Stored(s.room)); n != 1 {
		s.Errorf("lost reply: %d messages stand, want the one", n)
	}
	if f, ok := s.p.(bot.Finder); ok {
		if _, found, err := f.Find(ctx, s.room, "m-lost", since); err != nil || !found {
			s.Errorf("lost reply: Find says %v, %v", found, err)
		}
	}
	fh.Fail(NotInRoom)
	if _, err := s.p.Post(ctx, s.room, card, "m-gone"); !errors.Is(err, bot.ErrNotInRoom) {
		s.Errorf("not in the room: got %v", err)
	}
}
