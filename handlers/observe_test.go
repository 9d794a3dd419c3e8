package handlers

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"rounds/bot"
	"rounds/school"
)

// say types a line and returns what the caller saw of it.
func (w *world) say(t *testing.T, who, line string) string {
	t.Helper()
	w.fake.TakeEvents()
	if err := w.fake.Command(w.fake.Account(who), bot.Room{}, line); err != nil {
		t.Fatal(err)
	}
	return w.heard()
}

func (w *world) click(t *testing.T, who, label string) string {
	t.Helper()
	w.fake.TakeEvents()
	if err := w.fake.Click(w.fake.Account(who), label); err != nil {
		t.Fatal(err)
	}
	return w.heard()
}

func (w *world) heard() string {
	var s []string
	for _, e := range w.fake.TakeEvents() {
		s = append(s, e.Text)
	}
	return strings.Join(s, "\n")
}

// count is how many events of a kind were recorded since the set-up.
func (w *world) count(t *testing.T, kind string) int {
	t.Helper()
	lines, err := w.facts()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, l := range lines {
		if strings.HasPrefix(l, kind+" ") {
			n++
		}
	}
	return n
}

// TestNothingTypedIsLost: whatever keeps a visit from being saved, the answer holds every word.
func TestNothingTypedIsLost(t *testing.T) {
	long := strings.Repeat("wait time ", 1000)
	for _, line := range []string{
		"okafor 600 glow:alpha beta grow:gamma step:delta by:fri focus:rigor",
		"okafor 0 glow:alpha beta grow:gamma",
		"okafor 12 on:tomorrow glow:alpha grow:gamma",
		"okafor 12 on:10/30 glow:alpha",
		"diaz 12 glow:alpha",
		"nobodyhere 12 glow:alpha",
		"teal 12 glow:alpha",
		"okafor 12 focus:zzz glow:alpha",
		"okafor 12 kind:formal glow:alpha",
		"okafor 12 kind:zzz glow:alpha",
		"okafor 12 glow:Malik alpha",
		"okafor 12 step:alpha by:1/1/2020",
		"okafor 12 glow:" + long,
		"okafor 12 glow:alpha “gamma” ‘beta’ 👩🏽‍🏫 שלום grow:x on:never",
	} {
		w := newWorld(t)
		got := w.say(t, "alice", "/observe "+line)
		if !strings.Contains(got, "Nothing was saved") {
			t.Errorf("%.60q: does not say that nothing was saved:\n%.500s", line, got)
		}
		for _, word := range strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(" :“”", r) }) {
			if !strings.Contains(got, word) {
				t.Errorf("%.60q: %q is lost:\n%.500s", line, word, got)
			}
		}
		if n := w.count(t, "visit.logged"); n != 0 {
			t.Errorf("%.60q: %d visits were logged", line, n)
		}
	}
}

func TestTooLongSaysHowLong(t *testing.T) {
	w := newWorld(t)
	got := w.say(t, "alice", "/observe okafor 12 glow:"+strings.Repeat("é", 10_000))
	if !strings.HasPrefix(got, "The glow is 10,000 characters long; 2,000 fit.") {
		t.Errorf("%.200s", got)
	}
	if got := w.say(t, "alice", "/observe okafor 12 glow:"+strings.Repeat("é", maxText)); !strings.HasPrefix(got, "Saved.") {
		t.Errorf("2,000 characters: %.200s", got)
	}
}

// TestASavedDraftIsSavedOnce: however often its buttons are pressed, and from however many places.
func TestASavedDraftIsSavedOnce(t *testing.T) {
	w := newWorld(t)
	w.say(t, "alice", "/observe diaz 12 glow:steady pace")
	id := draftID("fake:W1:call-1")
	for range 3 { // the button pressed again and again before the card changes
		if err := w.pressed("alice", "observe.pick", id+":0:ben"); err != nil {
			t.Fatal(err)
		}
	}
	if n := w.count(t, "visit.logged"); n != 1 {
		t.Errorf("%d visits, want 1", n)
	}
}

// pressed sends a press of a button that the bot made, as a service does.
func (w *world) pressed(who, action, subject string) error {
	sealer, err := bot.NewSealer([]byte("a key for tests only"))
	if err != nil {
		return err
	}
	id, err := sealer.SealPress(bot.Press{Action: action, Subject: subject}, bot.SealDay(w.now))
	if err != nil {
		return err
	}
	w.calls++
	a, _ := w.f.Take(context.Background(), bot.Call{ID: fmt.Sprintf("press-%d", w.calls), Kind: bot.Click, From: w.fake.Account(who), Button: id})
	w.answer = a
	return nil
}

// text of the last answer to pressed.
func (w *world) answerText() string {
	switch a := w.answer.(type) {
	case bot.Whisper:
		return a.Card.Text()
	case bot.Update:
		return a.Private.Text()
	case bot.OpenForm:
		return a.Form.Text()
	}
	return fmt.Sprintf("%T", w.answer)
}

// TestAButtonIsNoAuthority: a genuine seal in the wrong hands opens nothing and changes nothing.
func TestAButtonIsNoAuthority(t *testing.T) {
	w := newWorld(t)
	w.say(t, "alice", "/observe okafor 12 glow:hidden words step:hidden step")
	visit, step := w.last("vLAST"), w.last("sLAST")
	before := len(mustFacts(t, w))
	for _, p := range []struct{ who, action, subject string }{
		{"carl", "observe.share", visit},
		{"carl", "observe.undo", visit},
		{"carl", "observe.debrief", visit},
		{"carl", "observe.copy", visit},
		{"carl", "observe.again", visit},
		{"carl", "observe.receipt", visit},
		{"carl", "observe.read", visit},
		{"carl", "observe.replace", step + ":" + visit},
		{"ada", "observe.share", visit},
		{"ada", "observe.read", visit},
		{"ada", "step.read", step},
		{"ada", "checkin.say", step + ":t"},
		{"bob", "checkin.say", step + ":t"},
		{"bob", "observe.read", visit},
		{"bob", "step.open", step},
		{"bob", "checkin.note", step},
		{"leo", "step.mastered", step},
		{"leo", "step.open", step},
		{"leo", "observe.hist", "ada"},
		{"leo", "observe.form", "ada"},
		{"ada", "step.mastered", step},
		{"dana", "step.mastered", step},
		{"carl", "step.undo", step},
		{"olive", "observe.hist", "ada"},
		{"olive", "observe.list", ""},
		{"olive", "step.form", ""},
		{"alice", "observe.share", "v1"},
		{"alice", "observe.share", "v999999"},
		{"alice", "observe.share", "nonsense"},
		{"alice", "observe.share", "v1+9999"},
		{"alice", "step.open", "s1"},
		{"alice", "step.open", "x"},
		{"alice", "observe.pick", "nope"},
		{"alice", "observe.fix", "0123456789"},
		{"alice", "observe.form", "nobody"},
		{"alice", "checkin.say", "s1:q"},
		{"alice", "checkin.talk", "s1"},
		{"alice", "observe.hist1", "nobody"},
	} {
		if err := w.pressed(p.who, p.action, p.subject); err != nil {
			t.Fatal(err)
		}
		if got := w.answerText(); strings.Contains(got, "hidden") {
			t.Errorf("%s presses %s %s and reads:\n%s", p.who, p.action, p.subject, got)
		}
	}
	if n := len(mustFacts(t, w)); n != before {
		t.Errorf("%d facts were added", n-before)
	}
}

func mustFacts(t *testing.T, w *world) []string {
	t.Helper()
	lines, err := w.facts()
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

// TestTypedOptions: Discord gives options one by one, people in one string.
func TestTypedOptions(t *testing.T) {
	w := newWorld(t)
	w.fake.TakeEvents()
	err := w.fake.CommandTyped(w.fake.Account("alice"), bot.Room{}, "observe", "log",
		map[string]string{"teacher": "Okafor, Brown", "minutes": "12", "glow": "a: b", "on": "yesterday"})
	if err != nil {
		t.Fatal(err)
	}
	if got := w.heard(); !strings.Contains(got, "Ada Okafor and Bob Brown · 2 coaching visits · 12 min each · yesterday") {
		t.Error(got)
	}
}

// TestTheSameCallTwice: a service that delivers twice changes nothing the second time, even after the router forgot.
func TestTheSameCallTwice(t *testing.T) {
	w := newWorld(t)
	c := bot.Call{ID: "one", Kind: bot.CommandCall, From: w.fake.Account("alice"), Command: "observe", Line: "okafor brown 12m glow:fine step:wait by:fri"}
	w.f.Take(context.Background(), c)
	fresh := newRouter(t, w) // another replica has no memory of it
	a, _ := fresh.Take(context.Background(), c)
	if n := w.count(t, "visit.logged"); n != 2 {
		t.Errorf("%d visits, want 2", n)
	}
	if got := a.(bot.Whisper).Card.Text(); !strings.HasPrefix(got, "Saved.") || !strings.Contains(got, "Ada Okafor and Bob Brown") {
		t.Error(got)
	}
	undo := bot.Call{ID: "two", Kind: bot.CommandCall, From: c.From, Command: "observe", Line: "undo"}
	w.f.Take(context.Background(), undo)
	newRouter(t, w).Take(context.Background(), undo)
	if n := w.count(t, "visit.voided"); n != 2 {
		t.Errorf("%d voids, want 2", n)
	}
}

// TestShareTime: at half past three is over at half past three; undo is over after a day.
func TestShareTime(t *testing.T) {
	w := newWorld(t)
	w.now = time.Date(2026, time.October, 15, 15, 31, 0, 0, w.zone)
	if got := w.say(t, "alice", "/observe okafor 12 glow:fine"); strings.Contains(got, "Share at") || !strings.Contains(got, "[Share now]") {
		t.Error(got)
	}
	w.now = w.now.Add(25 * time.Hour)
	if got := w.click(t, "alice", "Undo"); !strings.Contains(got, "more than 24 hours ago, so it stays") {
		t.Error(got)
	}
	if n := w.count(t, "visit.voided"); n != 0 {
		t.Errorf("%d voided", n)
	}
	if got := w.say(t, "alice", "/observe undo"); !strings.Contains(got, "nothing to undo") {
		t.Error(got)
	}
}

// TestLaterBecomesShared: what is to be shared at half past three is not readable before, and is after, step and all.
func TestLaterBecomesShared(t *testing.T) {
	w := newWorld(t)
	w.say(t, "alice", "/observe okafor 12 glow:calm voice step:stand still")
	w.click(t, "alice", "Share at 3:30")
	visit := w.last("vLAST")
	if err := w.pressed("ada", "observe.read", visit); err != nil || strings.Contains(w.answerText(), "calm") {
		t.Errorf("%v: %s", err, w.answerText())
	}
	if got := w.say(t, "ada", "/checkin"); !strings.Contains(got, "no open action step") {
		t.Error(got)
	}
	w.now = time.Date(2026, time.October, 15, 15, 30, 0, 0, w.zone)
	if err := w.pressed("ada", "observe.read", visit); err != nil || !strings.Contains(w.answerText(), "calm voice") || !strings.Contains(w.answerText(), "stand still") {
		t.Errorf("%v: %s", err, w.answerText())
	}
	if got := w.say(t, "ada", "/checkin"); !strings.Contains(got, "stand still") {
		t.Error(got)
	}
	if err := w.pressed("ada", "observe.read", visit); err != nil || w.count(t, "visit.opened") != 1 {
		t.Errorf("opened %d times, %v", w.count(t, "visit.opened"), err)
	}
	if err := w.pressed("alice", "observe.later", visit); err != nil || w.count(t, "visit.shared") != 1 {
		t.Errorf("a stale press shared it again: %d, %v", w.count(t, "visit.shared"), err)
	}
}

// TestDraftsEnd: a draft is kept for a day and read by nobody else.
func TestDraftsEnd(t *testing.T) {
	w := newWorld(t)
	w.say(t, "alice", "/observe okafor 600 glow:only mine")
	id := draftID("fake:W1:call-1")
	if err := w.pressed("carl", "observe.fix", id); err != nil || strings.Contains(w.answerText(), "only mine") {
		t.Errorf("%v: %s", err, w.answerText())
	}
	if err := w.pressed("alice", "observe.fix", id); err != nil || !strings.Contains(w.answerText(), "only mine") {
		t.Errorf("%v: %s", err, w.answerText())
	}
	w.now = w.now.Add(25 * time.Hour)
	if err := w.pressed("alice", "observe.fix", id); err != nil || !strings.Contains(w.answerText(), "I keep it for one day") {
		t.Errorf("%v: %s", err, w.answerText())
	}
}

// TestLooksAreOnRecord: who saw whose record is kept, by ids alone.
func TestLooksAreOnRecord(t *testing.T) {
	w := newWorld(t)
	w.say(t, "alice", "/observe history okafor")
	var lines []string
	err := w.log.List(context.Background(), "audit/", func(_ string, v []byte) error {
		lines = append(lines, string(v))
		return nil
	})
	want := `"by":"alice","what":"observe history","of":{"status":["ada"],"visits":["ada"]}}`
	if err != nil || len(lines) != 1 || !strings.HasSuffix(lines[0], want) {
		t.Errorf("%v, %q", err, lines)
	}
}

// TestExamplesParse: what help and manifests show can be typed as it stands.
func TestExamplesParse(t *testing.T) {
	for _, c := range New(Config{Books: func(bot.District) (*school.Book, bool) { return nil, false }}).Commands() {
		if c.Name != "observe" && c.Name != "step" && c.Name != "checkin" {
			continue
		}
		if err := bot.CheckCommand(c); err != nil {
			t.Error(err)
		}
		for _, s := range c.Subs {
			line := strings.TrimPrefix(s.Example, "/"+c.Name)
			got, _, err := bot.ParseLine(c, line)
			if err != nil || got.Name != s.Name {
				t.Errorf("%s: reads as %q, %v", s.Example, got.Name, err)
			}
		}
	}
}
