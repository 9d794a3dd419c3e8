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

// amendCall is the form of an amendment, as a service sends it: of a version that was on the screen.
func (w *world) amendCall(t *testing.T, id, who, subject string, values bot.Args) bot.Answer {
	t.Helper()
	sealer, err := bot.NewSealer([]byte("a key for tests only"))
	if err != nil {
		t.Fatal(err)
	}
	form, err := sealer.SealPress(bot.Press{Action: "observe.amended", Subject: subject}, bot.SealDay(w.now))
	if err != nil {
		t.Fatal(err)
	}
	w.answer, _ = w.f.Take(context.Background(), bot.Call{ID: id, Kind: bot.Submit, From: w.fake.Account(who), Button: form, Values: values})
	return w.answer
}

// TestTwoDevicesAmend: whoever comes second overwrites nothing and loses nothing of what was typed.
func TestTwoDevicesAmend(t *testing.T) {
	w := newWorld(t)
	w.say(t, "alice", "/observe okafor 12m glow:first words")
	visit := w.last("vLAST")
	w.amendCall(t, "phone", "alice", visit+".1", bot.Args{"minutes": {"15"}, "glow": {"from the telephone"}, "kind": {"coaching"}})
	if got := w.answerText(); !strings.Contains(got, "Saved as version 2") {
		t.Fatal(got)
	}
	w.amendCall(t, "laptop", "alice", visit+".1", bot.Args{"minutes": {"16"}, "glow": {"from the laptop"}, "kind": {"coaching"}})
	got := w.answerText()
	if !strings.Contains(got, "it is at version 2 now") || !strings.Contains(got, "from the laptop") || !strings.Contains(got, "Nothing was saved") || w.count(t, "visit.amended") != 1 {
		t.Errorf("%d amended: %s", w.count(t, "visit.amended"), got)
	}
	// The form over it shows both, and saves as version 3.
	if err := w.pressed("alice", "observe.fix", draftID("laptop")); err != nil {
		t.Fatal(err)
	}
	if got := w.answerText(); !strings.Contains(got, "from the laptop") || !strings.Contains(got, "from the telephone") {
		t.Error(got)
	}
	f, ok := w.answer.(bot.OpenForm)
	if !ok {
		t.Fatalf("%T", w.answer)
	}
	w.amendCall(t, "laptop again", "alice", f.Form.Press.Subject, bot.Args{"minutes": {"16"}, "glow": {"from the laptop"}, "kind": {"coaching"}})
	if got := w.answerText(); !strings.Contains(got, "Saved as version 3") {
		t.Error(got)
	}
}

// TestAmendDeliveredTwice: a service that delivers twice, to two replicas, amends once.
func TestAmendDeliveredTwice(t *testing.T) {
	w := newWorld(t)
	w.say(t, "alice", "/observe okafor 12m glow:first words")
	for range 2 {
		w.amendCall(t, "one", "alice", w.last("vLAST")+".1", bot.Args{"minutes": {"15"}, "glow": {"first words"}, "kind": {"coaching"}})
		if got := w.answerText(); !strings.Contains(got, "Saved as version 2") {
			t.Error(got)
		}
		w.f = newRouter(t, w)
	}
	if n := w.count(t, "visit.amended"); n != 1 {
		t.Errorf("%d amended, want 1", n)
	}
}

// TestFormerObserver: whoever no longer serves a person sees and amends nothing of them, their own words included.
func TestFormerObserver(t *testing.T) {
	w := newWorld(t)
	w.say(t, "alice", "/observe okafor 12m glow:words of hers")
	visit := w.last("vLAST")
	_, err := w.book.Record(context.Background(), school.Entry{Command: "setup move", Via: "file", At: w.now, Facts: []school.Fact{
		school.PersonSet{ID: "ada", Name: "name.ada", From: school.Date(2026, 10, 15), Role: school.Teacher, Campus: "oak", Schedule: school.Weekly, Observers: []school.PersonID{"leo"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range [][2]string{{"observe.amend", visit}, {"observe.versions", visit}, {"observe.receipt", visit}, {"observe.hist", "ada"}, {"observe.share", visit}} {
		if err := w.pressed("alice", p[0], p[1]); err != nil || strings.Contains(w.answerText(), "words of hers") {
			t.Errorf("%v: %s", p, w.answerText())
		}
	}
	w.amendCall(t, "late", "alice", visit+".1", bot.Args{"minutes": {"15"}, "glow": {"words of hers"}})
	if n := w.count(t, "visit.amended") + w.count(t, "visit.shared"); n != 0 {
		t.Errorf("%d facts: %s", n, w.answerText())
	}
	// Her new coach sees that the visit was, not what it said.
	if got := w.say(t, "leo", "/observe history okafor"); !strings.Contains(got, "Today · coaching visit · 12 min · by Alice Anderson") || strings.Contains(got, "words of hers") {
		t.Error(got)
	}
}

// TestHistoryPages: every visit stands on exactly one page, whatever the filter.
func TestHistoryPages(t *testing.T) {
	w := newWorld(t)
	e := school.Entry{Command: "setup many", By: "alice", Via: "fake", At: w.now.Add(-time.Hour)}
	for i := range 50 {
		focus := []string{"rigor"}
		if i%2 == 0 {
			focus = []string{"modeling"}
		}
		e.Facts = append(e.Facts, school.VisitLogged{UID: uint64(i), Observer: "alice", Subject: "bob", Visit: school.CoachingVisit, On: school.Date(2026, 8, 20) + school.Day(i%30), Minutes: 100 + i, Focus: focus})
	}
	if _, err := w.book.Record(context.Background(), e); err != nil {
		t.Fatal(err)
	}
	got := w.say(t, "alice", "/observe history brown")
	seen := map[string]int{}
	count := func(text string) {
		for i := range 50 {
			seen[fmt.Sprint(i)] += strings.Count(text, fmt.Sprintf(" %d min", 100+i))
		}
	}
	for _, label := range []string{"Show all 51", "Older", "Older"} {
		got = w.click(t, "alice", label)
		count(got)
	}
	if !strings.Contains(got, "41 to 51 of 51") || strings.Contains(got, "[Older]") || !strings.Contains(got, "[Newer]") {
		t.Error(got)
	}
	for k, n := range seen {
		if n != 1 {
			t.Errorf("visit %s stands on %d pages", k, n)
		}
	}
	w.say(t, "alice", "/observe history brown focus:modeling from:8/20 to:9/19")
	if got = w.click(t, "alice", "Show all 25"); !strings.Contains(got, "1 to 20 of 25") {
		t.Error(got)
	}
	if got = w.click(t, "alice", "Older"); !strings.Contains(got, "21 to 25 of 25") || strings.Contains(got, "Rigor") || !strings.Contains(got, "Thu, Aug 20 to Sat, Sep 19 · Modeling and explanation") {
		t.Error(got)
	}
	for _, bad := range []string{"bob;x", "bob;-1", "bob;99", "bob;0;zzzzzzzzz", ";;;;;;"} {
		if err := w.pressed("alice", "observe.hist", bad); err != nil {
			t.Error(err)
		}
	}
}

// TestTeamVisitCounts: a visit to a team is asked for by name, counts for its target once, and no more once it is taken back.
func TestTeamVisitCounts(t *testing.T) {
	w := newWorld(t)
	e := school.Entry{Command: "setup teams", Via: "file", At: w.now}
	for _, x := range school.DefaultTargets() {
		if x.ID == "teams" {
			x.By = []school.Role{school.Principal}
			e.Facts = append(e.Facts, school.TargetSet{Target: x})
		}
	}
	if _, err := w.book.Record(context.Background(), e); err != nil || len(e.Facts) != 1 {
		t.Fatal(err, len(e.Facts))
	}
	status := func(want string) {
		t.Helper()
		if got := w.say(t, "dana", "/observe status"); !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	status("Math 7 (PLC) · behind · 0 of 1")
	w.say(t, "dana", "/observe team:math 25m kind:coaching")
	status("Math 7 (PLC) · met · 1 of 1 · visited today")
	w.amendCall(t, "moved", "dana", w.last("vLAST")+".1", bot.Args{"minutes": {"25"}, "on": {"2026-09-30"}})
	if got := w.answerText(); !strings.Contains(got, "Math 7 · PLC visit · 25 min · Wed, Sep 30") {
		t.Error(got)
	}
	status("Math 7 (PLC) · on pace · 0 of 1")
	w.say(t, "dana", "/observe undo")
	status("Math 7 (PLC) · behind · 0 of 1")
}
