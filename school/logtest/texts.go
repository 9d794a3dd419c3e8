package logtest

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"rounds/school"
)

func texts(t *testing.T, h Harness) {
	l := openLog(t, h)
	var want []school.Text
	for i := range 700 { // more than a store reads at a time
		x := school.Text{
			Key:     fmt.Sprintf("t%03d", (i*389)%700), // in another order than the keys'
			Kind:    []string{"name", "note"}[i%2],
			Subject: fmt.Sprintf("p%d", i%10),
			Author:  fmt.Sprintf("p%d", i%3),
			Class:   []school.Class{school.Coaching, school.Evaluation, school.Meeting, school.Roster}[i%4],
			Body:    fmt.Sprint("body ", i),
		}
		want = append(want, x)
	}
	mustAppend(t, l, "", nil, want...)

	var keys []string
	for _, x := range want {
		keys = append(keys, x.Key)
	}
	found, err := l.Texts(patient(t), append(keys, "unknown", keys[0])...)
	if err != nil || len(found) != len(want) {
		t.Fatalf("%d texts, %v", len(found), err)
	}
	for _, x := range want {
		if found[x.Key] != x {
			t.Fatalf("%+v, want %+v", found[x.Key], x)
		}
	}
	if found, err := l.Texts(patient(t)); err != nil || len(found) != 0 {
		t.Errorf("no keys: %v %v", found, err)
	}

	slices.SortFunc(want, func(a, b school.Text) int { return strings.Compare(a.Key, b.Key) })
	for _, kind := range []string{"name", "note", "nam", "unknown", ""} {
		var got, w []school.Text
		for _, x := range want {
			if x.Kind == kind {
				w = append(w, x)
			}
		}
		if err := l.ScanTexts(patient(t), kind, func(x school.Text) error { got = append(got, x); return nil }); err != nil || !slices.Equal(got, w) {
			t.Errorf("scan of %q: %d texts, want %d; %v", kind, len(got), len(w), err)
		}
	}
	n := 0
	if err := l.ScanTexts(patient(t), "note", func(school.Text) error {
		if n++; n == 3 {
			return errStop
		}
		_, err := l.Version(patient(t)) // a callback may use the log
		return err
	}); !errors.Is(err, errStop) || n != 3 {
		t.Errorf("scan stopped after %d with %v", n, err)
	}

	// A key that is there already is replaced, and so are its kind and subject.
	mustAppend(t, l, "", nil, school.Text{Key: "t000", Kind: "step", Subject: "p99", Body: "new"})
	found, err = l.Texts(patient(t), "t000")
	if err != nil || found["t000"] != (school.Text{Key: "t000", Kind: "step", Subject: "p99", Body: "new"}) {
		t.Errorf("replaced: %+v %v", found, err)
	}
	if n, err := l.DeleteTexts(patient(t), "p99"); n != 1 || err != nil {
		t.Errorf("deleted %d, %v", n, err)
	}
}

func deleteTexts(t *testing.T, h Harness) {
	l := openLog(t, h)
	mustAppend(t, l, "c", batch(0, 1), note("t1", "p1", "a"), note("t2", "p1", "b"), note("t3", "p2", "about p1"),
		school.Text{Key: "t4", Kind: "name", Subject: "p1", Body: "Ms. Alvarez"})
	if n, err := l.DeleteTexts(patient(t), "p1"); n != 3 || err != nil {
		t.Errorf("deleted %d, %v, want 3", n, err)
	}
	if n, err := l.DeleteTexts(patient(t), "p1"); n != 0 || err != nil {
		t.Errorf("deleted %d again, %v", n, err)
	}
	found, err := l.Texts(patient(t), "t1", "t2", "t3", "t4")
	if err != nil || len(found) != 1 || found["t3"].Body != "about p1" {
		t.Errorf("left: %v %v", found, err)
	}
	var scanned []string
	for _, kind := range []string{"note", "name"} {
		if err := l.ScanTexts(patient(t), kind, func(x school.Text) error { scanned = append(scanned, x.Key); return nil }); err != nil {
			t.Error(err)
		}
	}
	if !slices.Equal(scanned, []string{"t3"}) {
		t.Errorf("scan after deleting: %v", scanned)
	}
	wantVersion(t, l, 1) // events stay

	// The command that wrote them, sent again, does not bring them back.
	if a := mustAppend(t, l, "c", batch(0, 1), note("t1", "p1", "a")); !a.Repeated {
		t.Error("the command was forgotten")
	}
	if found, _ := l.Texts(patient(t), "t1"); len(found) != 0 {
		t.Error("a deleted text came back")
	}
}

// deletedTextsLeaveNoBytes deletes one subject after another out of many texts. Stores that move
// rows about when their pages fill and empty leave copies behind: this is where they show.
func deletedTextsLeaveNoBytes(t *testing.T, h Harness) {
	s := open(t, h)
	l := s.Log("lone-star")
	rnd := rand.New(rand.NewPCG(3, 5))
	const subjects = 60
	mark := func(subject int) string { return fmt.Sprintf("MARK-%03d-KRAM", subject) }
	for i := range 40 {
		var xs []school.Text
		for range 50 {
			n := rnd.IntN(subjects)
			body := strings.Repeat("x", rnd.IntN(300)) + mark(n)
			if rnd.IntN(100) == 0 {
				body = strings.Repeat(mark(n)+" ", 4000) // 56 kB, over many pages
			}
			xs = append(xs, note(fmt.Sprintf("t%x", rnd.Uint64()), fmt.Sprint("p", n), body))
		}
		mustAppend(t, l, fmt.Sprint(i), batch(i, 3), xs...)
	}
	// none wants the markers of the first n subjects in no file.
	none := func(n int, when string) {
		t.Helper()
		for name, content := range h.Files(t) {
			for gone := range n {
				if bytes.Contains(content, []byte(mark(gone))) {
					t.Fatalf("%s: %s is in %s", when, mark(gone), name)
				}
			}
		}
	}
	seen := false
	for _, content := range h.Files(t) {
		seen = seen || bytes.Contains(content, []byte(mark(0)))
	}
	if !seen {
		t.Fatal("the marker is in no file before it was deleted: the test sees nothing")
	}
	for n := range subjects {
		if d, err := l.DeleteTexts(patient(t), fmt.Sprint("p", n)); err != nil || d == 0 {
			t.Fatalf("subject %d: %d, %v", n, d, err)
		}
		// The last ten are looked for at once, the others in groups: looking reads whole files.
		if n%10 == 9 || n >= subjects-10 {
			none(n+1, fmt.Sprintf("after subject %d was deleted", n))
		}
	}
	s.Close()
	none(subjects, "after closing")
}
