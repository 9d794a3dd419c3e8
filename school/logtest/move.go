package logtest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"rounds/school"
)

// move: everything a log holds is carried to a MemLog and from there into another district, and is the same.
func move(t *testing.T, h Harness) {
	s := open(t, h)
	from, ok := s.Log("from").(school.Mover)
	if !ok {
		t.Fatal("the log cannot be moved")
	}
	filled(t, from)
	mem := school.NewMemLog(nil)
	out, err := school.Move(patient(t), from, mem)
	if err != nil || out.Events != 1210 || out.Texts != 700 || out.Kept != 3 || out.Claims != 3 || out.Commands < 602 {
		t.Fatalf("moved %+v: %v", out, err)
	}
	to := s.Log("to").(school.Mover)
	back, err := school.Move(patient(t), mem, to)
	if err != nil || back.Events != out.Events || back.Texts != out.Texts {
		t.Fatalf("moved back %+v: %v", back, err)
	}
	want, got := (&side{log: from}).everything(), (&side{log: to}).everything()
	if want != got {
		t.Fatalf("after two moves:\n%s\nwant\n%s", got, want)
	}
	// What is remembered beside: command ids, the epochs and ends of claims.
	if a, err := to.Append(patient(t), school.Any, "c7", batch(0, 1), nil); err != nil || !a.Repeated {
		t.Errorf("a command id after a move: %+v %v", a, err)
	}
	if c, ok, err := to.Claim(patient(t), "twice", "me", h.Lease); err != nil || !ok || c.Epoch != 3 {
		t.Errorf("a claim after a move: %+v %v %v", c, ok, err)
	}
	if _, ok, err := to.Claim(patient(t), "finished", "me", h.Lease); err != nil || ok {
		t.Errorf("what was finished before a move can be claimed after it: %v", err)
	}
	if _, ok, err := to.Get(patient(t), "brief"); err != nil || !ok {
		t.Errorf("a value with time to live: %v %v", ok, err)
	}
	if n, err := to.Forget(patient(t), "p1"); err != nil || n != 1 {
		t.Errorf("forget after a move: %d %v", n, err)
	}
	if n, err := to.DeleteTexts(patient(t), "s1"); err != nil || n != 350 {
		t.Errorf("delete texts after a move: %d %v", n, err)
	}
	// A log that holds something else is left alone; one that was begun is gone on with.
	other := school.NewMemLog(nil)
	mustAppend(t, other, "", batch(5000, 3))
	if _, err := school.Move(patient(t), from, other); !errors.Is(err, school.ErrOther) {
		t.Errorf("moved over other events: %v", err)
	}
	begun := school.NewMemLog(nil)
	if err := begun.Restore(patient(t), readAll(t, from, 0)[:600], nil); err != nil {
		t.Fatal(err)
	}
	if m, err := school.Move(patient(t), from, begun); err != nil || m.Resumed != 600 || m.Events != 610 {
		t.Errorf("a move gone on with: %+v %v", m, err)
	}
	if err := to.Restore(patient(t), []school.Event{{Version: 5, Kind: "x"}}, nil); !errors.Is(err, school.ErrConflict) {
		t.Errorf("restored into the middle: %v", err)
	}
}

// filled fills a log with some of everything.
func filled(t *testing.T, l school.Log) {
	t.Helper()
	for i := range 600 {
		texts := []school.Text{note(fmt.Sprint("t", i), fmt.Sprint("s", i%2), fmt.Sprint("body ", i))}
		if i%6 == 0 {
			texts = append(texts, school.Text{Key: fmt.Sprint("n", i), Kind: "name", Subject: fmt.Sprint("s", i/6%2), Body: "Name"})
		}
		mustAppend(t, l, fmt.Sprint("c", i), batch(2*i, 2), texts...)
	}
	for i := range 10 {
		mustAppend(t, l, "", batch(1200+i, 1))
	}
	mustAppend(t, l, "silent", nil, note("t0", "s0", "body 0"))
	mustAppend(t, l, "silent too", nil)
	for _, k := range []struct {
		key, subject string
		ttl          time.Duration
	}{{"always", "", 0}, {"mine", "p1", 0}, {"brief", "p2", time.Hour}} {
		if err := l.Put(patient(t), k.key, []byte("value of "+k.key), k.ttl, k.subject); err != nil {
			t.Fatal(err)
		}
	}
	for _, k := range []string{"twice", "twice", "finished", "free"} {
		c, ok, err := l.Claim(patient(t), k, "me", time.Hour)
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		if _, err := l.Done(patient(t), c, k == "finished"); err != nil {
			t.Fatal(err)
		}
	}
}
