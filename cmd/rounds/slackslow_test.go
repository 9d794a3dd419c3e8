package main

import (
	"strings"
	"testing"
	"time"
)

// TestSlackSlow makes the store wait: Slack gets its answer in time all the same, and what was saved is said later, once. It
// holds for a command, a form, and somebody whom Rounds has never seen.
func TestSlackSlow(t *testing.T) {
	w := newSlackWalk(t)
	w.command(alice, "C01GEN", "/rounds", "help")
	m := w.command(alice, "C01GEN", "/observe", "status")
	w.press(alice, "C01GEN", "", m, "Log")
	form := w.view("views.open", "Log a visit")
	inTime := func(what string, ask func() asked) asked {
		t.Helper()
		start := time.Now()
		a := ask()
		if took := time.Since(start); took < time.Second || took > 3*time.Second {
			t.Errorf("%s: the answer took %s", what, took)
		}
		return a
	}

	release := w.slow()
	t.Cleanup(release)
	a := inTime("command", func() asked {
		return w.post(w.slash(alice, "C01GEN", "/observe", "log @Bob Brown 9m glow:slowly now"))
	})
	if a.body != "" || len(w.slack.answersTo(a.path)) > 0 {
		t.Errorf("something was said before it was saved: %q", a.body)
	}
	release()
	w.answer(a).has(t, "Saved. Only you can see this.")
	w.post(a)

	release = w.slow()
	t.Cleanup(release)
	f := inTime("form", func() asked { return w.submit(alice, form, map[string]string{"step": "Slow down"}) })
	if !strings.Contains(f.body, "One moment") {
		t.Errorf("the form was answered with %q", f.body)
	}
	release()
	w.view("views.update", "Saved. Only you can see this.")

	release = w.slow()
	t.Cleanup(release)
	first := inTime("first call", func() asked { return w.post(w.slash(dana, "C01GEN", "/observe", "log @Bob Brown 7m")) })
	if first.body != "" {
		t.Errorf("a new account was answered with %q", first.body)
	}
	release()
	w.answer(first).has(t, "Saved. Only you can see this.")

	updates := 0
	for _, v := range w.slack.viewsNow() {
		if v.Method == "views.update" {
			updates++
		}
	}
	if n, m := len(w.slack.answersTo(a.path)), len(w.slack.answersTo(first.path)); n != 1 || m != 1 || updates != 1 {
		t.Errorf("late answers came %d, %d and %d times", n, m, updates)
	}
}
