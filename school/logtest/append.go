package logtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rounds/school"
)

func empty(t *testing.T, h Harness) {
	l := openLog(t, h)
	wantVersion(t, l, 0)
	if es := readAll(t, l, 0); len(es) != 0 {
		t.Errorf("a new log has %d events", len(es))
	}
	// A command may have nothing to say, and is remembered all the same.
	if a := mustAppend(t, l, "c1", nil); a != (school.Appended{}) {
		t.Errorf("appended nothing: %+v", a)
	}
	mustAppend(t, l, "c2", batch(1, 1))
	if a := mustAppend(t, l, "c1", batch(2, 1)); a != (school.Appended{Repeated: true}) {
		t.Errorf("appended nothing again: %+v", a)
	}
	wantVersion(t, l, 1)
}

func versions(t *testing.T, h Harness) {
	l := openLog(t, h)
	var want []school.Event
	for i := range 5 {
		es := batch(len(want), i+1)
		a := mustAppend(t, l, "", es)
		want = append(want, es...)
		if a != (school.Appended{Version: int64(len(want)), Events: i + 1}) {
			t.Fatalf("append of %d: %+v, want version %d", i+1, a, len(want))
		}
		wantVersion(t, l, int64(len(want)))
	}
	wantEvents(t, readAll(t, l, 0), want, 1, "")
}

func fields(t *testing.T, h Harness) {
	l := openLog(t, h)
	chicago := time.FixedZone("CDT", -5*3600)
	es := []school.Event{
		{Kind: "a", At: time.Date(2026, 11, 1, 1, 30, 0, 123456789, chicago), By: "p1", Via: "web", Must: true, Data: json.RawMessage(`{"a": [1,  2],` + "\n\t" + `"b":"<>&"}`)},
		{Kind: "b", At: time.Now(), Via: "clock", Data: json.RawMessage(`null`)}, // with a monotonic reading
		{Kind: "c"}, // no time, nobody, no data
		{Kind: "d", At: time.Date(1999, 12, 31, 23, 59, 59, 1, time.UTC), Version: 77, Command: "another", Data: json.RawMessage(`1e400`)},
	}
	mustAppend(t, l, "c", es)
	wantEvents(t, readAll(t, l, 0), es, 1, "c") // bytes of Data are not touched
}

func conflict(t *testing.T, h Harness) {
	l := openLog(t, h)
	for _, c := range []struct {
		expect int64
		ok     bool
	}{{1, false}, {0, true}, {0, false}, {2, true}, {1, false}, {3, false}, {school.Any, true}, {4, false}, {6, true}} {
		before, _ := l.Version(patient(t))
		a, err := l.Append(patient(t), c.expect, fmt.Sprint("c", c.expect, c.ok), batch(0, 2), []school.Text{note("t", "s", "x")})
		if c.ok && (err != nil || a.Version != before+2) {
			t.Fatalf("expecting %d at %d: %+v %v", c.expect, before, a, err)
		}
		if !c.ok {
			if !errors.Is(err, school.ErrConflict) {
				t.Fatalf("expecting %d at %d: %v, want ErrConflict", c.expect, before, err)
			}
			wantVersion(t, l, before)
		}
	}
	// A conflict is not an outcome to remember: the same command may come again.
	if a := mustAppend(t, l, "c1false", batch(0, 1)); a.Repeated {
		t.Error("a command that met a conflict was remembered")
	}
}

func commands(t *testing.T, h Harness) {
	l := openLog(t, h)
	mustAppend(t, l, "first", batch(0, 1))
	want := mustAppend(t, l, "slack:T1:Ev1", batch(1, 3), note("t1", "s1", "wording"))
	mustAppend(t, l, "", batch(4, 1))
	mustAppend(t, l, "", batch(5, 1)) // an empty id is never remembered
	wantVersion(t, l, 6)

	want.Repeated = true
	for _, expect := range []int64{school.Any, 0, 6, 99} { // whatever it expects
		got, err := l.Append(patient(t), expect, "slack:T1:Ev1", batch(100, 2), []school.Text{note("t1", "s1", "changed"), note("t2", "s1", "new")})
		if err != nil || got != want {
			t.Fatalf("again, expecting %d: %+v %v, want %+v", expect, got, err, want)
		}
	}
	wantVersion(t, l, 6)
	found, err := l.Texts(patient(t), "t1", "t2")
	if err != nil || len(found) != 1 || found["t1"].Body != "wording" {
		t.Errorf("a repeated command changed texts: %v %v", found, err)
	}

	// It is remembered for a day at least. Where the clock cannot be set, stores are trusted
	// with this one.
	if !h.Waits {
		h.Advance(24 * time.Hour)
		if got := mustAppend(t, l, "slack:T1:Ev1", batch(100, 2)); got != want {
			t.Errorf("a day later: %+v, want %+v", got, want)
		}
	}
}

func commandsAtOnce(t *testing.T, h Harness) {
	l := openLog(t, h)
	for round := range 10 {
		id := fmt.Sprint("round ", round)
		var firsts atomic.Int32
		results := make([]school.Appended, 16)
		atOnce(len(results), func(i int) {
			a, err := l.Append(patient(t), school.Any, id, batch(round, 2), []school.Text{note(id, "s", fmt.Sprint(i))})
			if err != nil {
				t.Errorf("round %d: %v", round, err)
			}
			if !a.Repeated {
				firsts.Add(1)
			}
			a.Repeated = false
			results[i] = a
		})
		want := school.Appended{Version: int64(2 * (round + 1)), Events: 2}
		if firsts.Load() != 1 || slices.ContainsFunc(results, func(a school.Appended) bool { return a != want }) {
			t.Fatalf("round %d: %d wrote; results %+v, want all %+v", round, firsts.Load(), results, want)
		}
		wantVersion(t, l, want.Version)
	}
}

func conflictsAtOnce(t *testing.T, h Harness) {
	l := openLog(t, h)
	for round := range 10 {
		var won atomic.Int32
		atOnce(16, func(i int) {
			_, err := l.Append(patient(t), int64(round), fmt.Sprint(round, "/", i), batch(i, 1), nil)
			if err == nil {
				won.Add(1)
			} else if !errors.Is(err, school.ErrConflict) {
				t.Errorf("round %d: %v", round, err)
			}
		})
		if won.Load() != 1 {
			t.Fatalf("round %d: %d of 16 won", round, won.Load())
		}
		wantVersion(t, l, int64(round+1))
	}
}

// appendsAtOnce: batches of 16 writers never mix and are never seen half.
func appendsAtOnce(t *testing.T, h Harness) {
	l := openLog(t, h)
	const writers, each, size = 16, 20, 3
	ctx, stop := context.WithCancel(context.Background())
	watched := make(chan error, 1)
	go func() {
		for ctx.Err() == nil {
			n := 0
			err := l.Read(context.Background(), 0, func(school.Event) error { n++; return nil })
			if err == nil && n%size != 0 {
				err = fmt.Errorf("a reader saw %d events, half of a batch of %d", n, size)
			}
			if err != nil {
				watched <- err
				return
			}
		}
		watched <- nil
	}()
	var seen [writers*each*size + 1]atomic.Bool
	atOnce(writers, func(w int) {
		for i := range each {
			a, err := l.Append(patient(t), school.Any, fmt.Sprint(w, "/", i), batch(1000*w+10*i, size), nil)
			if err != nil {
				t.Errorf("writer %d: %v", w, err)
				return
			}
			if seen[a.Version].Swap(true) {
				t.Errorf("version %d was given twice", a.Version)
			}
		}
	})
	stop()
	if err := <-watched; err != nil {
		t.Error(err)
	}
	es := readAll(t, l, 0)
	if len(es) != writers*each*size {
		t.Fatalf("%d events, want %d", len(es), writers*each*size)
	}
	for i := 0; i < len(es); i += size {
		var w, n int
		fmt.Sscanf(es[i].Command, "%d/%d", &w, &n)
		wantEvents(t, es[i:i+size], batch(1000*w+10*n, size), int64(i+1), es[i].Command)
		if !seen[i+size].Load() {
			t.Errorf("version %d was given to nobody", i+size)
		}
	}
}

func textsGoWithEvents(t *testing.T, h Harness) {
	l := openLog(t, h)
	mustAppend(t, l, "c1", batch(0, 1), note("t1", "s1", "one"), note("t2", "s1", "two"))
	if _, err := l.Append(patient(t), 0, "c2", batch(1, 1), []school.Text{note("t3", "s1", "three")}); !errors.Is(err, school.ErrConflict) {
		t.Fatal(err)
	}
	mustAppend(t, l, "c3", nil, note("t4", "s1", "alone")) // texts without events
	found, err := l.Texts(patient(t), "t1", "t2", "t3", "t4")
	if err != nil || len(found) != 3 || found["t2"].Body != "two" || found["t4"].Body != "alone" {
		t.Errorf("texts %v %v", found, err)
	}
	wantVersion(t, l, 1)
}

func callerKeepsItsSlices(t *testing.T, h Harness) {
	l := openLog(t, h)
	es := batch(0, 2)
	value := []byte("value")
	mustAppend(t, l, "c", es)
	if es[0].Version != 0 || es[0].Command != "" {
		t.Error("the caller's events were written to")
	}
	if err := l.Put(patient(t), "k", value, 0, ""); err != nil {
		t.Fatal(err)
	}
	es[0].Data[1], value[0] = 'X', 'X'
	wantEvents(t, readAll(t, l, 0), batch(0, 2), 1, "c")
	if v, _, _ := l.Get(patient(t), "k"); string(v) != "value" {
		t.Errorf("kept %q", v)
	}
}

func big(t *testing.T, h Harness) {
	l := openLog(t, h)
	body := strings.Repeat("0123456789abcdef", 1<<16) // 1 MB
	mustAppend(t, l, "text", batch(0, 1), note("t", "s", body))
	found, err := l.Texts(patient(t), "t")
	if err != nil || found["t"].Body != body {
		t.Errorf("a text of 1 MB came back with %d bytes, %v", len(found["t"].Body), err)
	}
	es := batch(1, 10_000)
	if a := mustAppend(t, l, "events", es); a.Version != 10_001 || a.Events != 10_000 {
		t.Errorf("10,000 events: %+v", a)
	}
	wantEvents(t, readAll(t, l, 1), es, 2, "events")
	if err := l.Put(patient(t), "k", []byte(body), 0, ""); err != nil {
		t.Fatal(err)
	}
	if v, ok, err := l.Get(patient(t), "k"); err != nil || !ok || string(v) != body {
		t.Errorf("a value of 1 MB came back with %d bytes, %v", len(v), err)
	}
}

// odd are strings that a store may stumble on: separators, quoting, patterns, byte order.
var odd = []string{
	"", " ", "\x00", "a\x00b", "a\x00", "'; DROP TABLE event; --", `"`, `\`, "%", "_", "*", "?[a-z]", "{}", "/", ":", "\n", "\r\n", "\t",
	"😀", "👩‍🏫", "e\u0301", "é", "مرحبا", "שלום \u200f\u202e", "漢字", "\ufeff", "\uffff", "\U0010ffff", "Nguyễn", "O'Brien-Łukasz", strings.Repeat("k", 2000),
}

func oddStrings(t *testing.T, h Harness) {
	s := open(t, h)
	for _, district := range odd {
		if district == "" || len(district) > 100 {
			continue // a district's name is an id of a file we wrote; it need not be empty or huge
		}
		l := s.Log(district)
		mustAppend(t, l, "district", batch(0, 1))
		wantVersion(t, l, 1)
	}
	l := s.Log("odd")
	var want []school.Event
	for i, o := range odd {
		data, err := json.Marshal(map[string]string{"o": o})
		if err != nil {
			t.Fatal(err)
		}
		e := school.Event{Kind: "k" + o, By: school.PersonID(o), Via: o, At: time.Unix(int64(i), 0).UTC(), Data: data}
		a := mustAppend(t, l, "c"+o, []school.Event{e}, school.Text{Key: o, Kind: o, Subject: o, Author: o, Class: school.Class(o), Body: o})
		if again := mustAppend(t, l, "c"+o, nil); !again.Repeated || again.Version != a.Version {
			t.Errorf("command %q: %+v", o, again)
		}
		wantEvents(t, readAll(t, l, int64(len(want))), []school.Event{e}, a.Version, "c"+o)
		want = append(want, e)

		if fresh, err := l.PutIfAbsent(patient(t), o, []byte(o+"\xff\x00\xfe"), 0, o); err != nil || !fresh {
			t.Errorf("put %q: %v %v", o, fresh, err)
		}
		c, ok, err := l.Claim(patient(t), o, o, h.Lease)
		if err != nil || !ok || c.Key != o || c.Holder != o {
			t.Errorf("claim %q: %+v %v %v", o, c, ok, err)
		}
	}
	for _, o := range odd {
		found, err := l.Texts(patient(t), o)
		if w := (school.Text{Key: o, Kind: o, Subject: o, Author: o, Class: school.Class(o), Body: o}); err != nil || found[o] != w {
			t.Errorf("text %q: %+v %v", o, found[o], err)
		}
		n := 0
		if err := l.ScanTexts(patient(t), o, func(x school.Text) error { n++; return nil }); err != nil || n != 1 {
			t.Errorf("scan %q: %d %v", o, n, err)
		}
		if v, ok, err := l.Get(patient(t), o); err != nil || !ok || string(v) != o+"\xff\x00\xfe" {
			t.Errorf("get %q: %q %v %v", o, v, ok, err)
		}
		var listed []string
		if err := l.List(patient(t), o, func(key string, _ []byte) error { listed = append(listed, key); return nil }); err != nil {
			t.Error(err)
		}
		var keys []string
		for _, k := range odd {
			if strings.HasPrefix(k, o) {
				keys = append(keys, k)
			}
		}
		slices.Sort(keys)
		if !slices.Equal(listed, keys) {
			t.Errorf("list %q: %q, want %q", o, listed, keys)
		}
	}
	for _, o := range odd {
		if n, err := l.DeleteTexts(patient(t), o); err != nil || n != 1 {
			t.Errorf("delete texts of %q: %d %v", o, n, err)
		}
	}
}

func cancelled(t *testing.T, h Harness) {
	l := openLog(t, h)
	mustAppend(t, l, "c0", batch(0, 1), note("t", "s", "x"))
	c, _, _ := l.Claim(patient(t), "held", "me", h.Lease)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for name, err := range everyMethod(ctx, l, c) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s with a cancelled context: %v", name, err)
		}
	}
	wantVersion(t, l, 1)
	if a := mustAppend(t, l, "everyMethod", batch(1, 1)); a.Repeated {
		t.Error("a cancelled append was written")
	}
	if _, ok, _ := l.Claim(patient(t), "everyMethod", "me", h.Lease); !ok {
		t.Error("a cancelled claim was taken")
	}
	if found, _ := l.Texts(patient(t), "t"); len(found) != 1 {
		t.Error("a cancelled delete was done")
	}
}

// everyMethod calls every method but Close and gives their errors.
func everyMethod(ctx context.Context, l school.Log, c school.Claim) map[string]error {
	errs := map[string]error{}
	_, errs["Append"] = l.Append(ctx, school.Any, "everyMethod", batch(0, 1), nil)
	_, errs["Version"] = l.Version(ctx)
	errs["Read"] = l.Read(ctx, 0, func(school.Event) error { return nil })
	errs["Tail"] = l.Tail(ctx, 0, func(school.Event) error { return nil })
	_, _, errs["Claim"] = l.Claim(ctx, "everyMethod", "me", time.Hour)
	_, _, errs["Renew"] = l.Renew(ctx, c, time.Hour)
	_, errs["Done"] = l.Done(ctx, c, true)
	_, errs["Texts"] = l.Texts(ctx, "t")
	errs["ScanTexts"] = l.ScanTexts(ctx, "note", func(school.Text) error { return nil })
	_, errs["DeleteTexts"] = l.DeleteTexts(ctx, "s")
	_, errs["PutIfAbsent"] = l.PutIfAbsent(ctx, "everyMethod", nil, 0, "")
	errs["Put"] = l.Put(ctx, "everyMethod", nil, 0, "")
	_, _, errs["Get"] = l.Get(ctx, "everyMethod")
	errs["List"] = l.List(ctx, "", func(string, []byte) error { return nil })
	errs["Delete"] = l.Delete(ctx, "everyMethod")
	_, errs["Forget"] = l.Forget(ctx, "s")
	return errs
}

// cancelledMidway: contexts that end while an append is on its way leave all of it or nothing, and
// the same command again makes it exactly once.
func cancelledMidway(t *testing.T, h Harness) {
	l := openLog(t, h)
	const writers, each, size = 8, 25, 3
	atOnce(writers, func(w int) {
		for i := range each {
			ctx, cancel := context.WithCancel(context.Background())
			go func() {
				for range i * 20 {
					runtime.Gosched()
				}
				cancel()
			}()
			id := fmt.Sprint(w, "/", i)
			_, err := l.Append(ctx, school.Any, id, batch(0, size), []school.Text{note(id, "s", id)})
			cancel()
			if err != nil && !errors.Is(err, context.Canceled) {
				t.Errorf("%s: %v", id, err)
			}
		}
	})
	whole := func() map[string]int {
		n := map[string]int{}
		for _, e := range readAll(t, l, 0) {
			n[e.Command]++
		}
		for id, n := range n {
			found, err := l.Texts(patient(t), id)
			if n != size || err != nil || len(found) != 1 {
				t.Errorf("command %s: %d of %d events, texts %v %v", id, n, size, found, err)
			}
		}
		return n
	}
	whole()
	for w := range writers {
		for i := range each {
			id := fmt.Sprint(w, "/", i)
			mustAppend(t, l, id, batch(0, size), note(id, "s", id))
		}
	}
	if n := len(whole()); n != writers*each {
		t.Errorf("%d commands, want %d", n, writers*each)
	}
}

func districts(t *testing.T, h Harness) {
	s := open(t, h)
	a, b := s.Log("a"), s.Log("b")
	mustAppend(t, a, "c", batch(0, 2), note("t", "s", "of a"))
	wantVersion(t, b, 0)
	if r := mustAppend(t, b, "c", batch(5, 1)); r.Repeated || r.Version != 1 {
		t.Errorf("the same command in another district: %+v", r)
	}
	wantEvents(t, readAll(t, b, 0), batch(5, 1), 1, "c")
	if found, _ := b.Texts(patient(t), "t"); len(found) != 0 {
		t.Error("a text is seen in another district")
	}
	if n, err := b.DeleteTexts(patient(t), "s"); n != 0 || err != nil {
		t.Errorf("deleted %d texts of another district, %v", n, err)
	}
	for _, l := range []school.Log{a, b} {
		if _, ok, err := l.Claim(patient(t), "key", "me", h.Lease); !ok || err != nil {
			t.Errorf("the same key in two districts: %v %v", ok, err)
		}
		if fresh, err := l.PutIfAbsent(patient(t), "key", []byte("v"), 0, "s"); !fresh || err != nil {
			t.Errorf("the same key in two districts: %v %v", fresh, err)
		}
	}
	if n, _ := b.Forget(patient(t), "s"); n != 1 {
		t.Errorf("forgot %d keys", n)
	}
	if _, ok, _ := a.Get(patient(t), "key"); !ok {
		t.Error("forgetting in one district reached another")
	}
	// Two handles of one district are the same log.
	mustAppend(t, s.Log("a"), "d", batch(0, 1))
	wantVersion(t, a, 3)
}

func closed(t *testing.T, h Harness) {
	s := open(t, h)
	l := s.Log("a")
	c, _, _ := l.Claim(patient(t), "held", "me", h.Lease)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for name, err := range everyMethod(patient(t), l, c) {
		if !errors.Is(err, school.ErrClosed) {
			t.Errorf("%s of a closed store: %v", name, err)
		}
	}
	if err := l.Close(); err != nil {
		t.Errorf("closing a log of a closed store: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("closing twice: %v", err)
	}

	// Closing one log is enough for that log.
	s = open(t, h)
	l = s.Log("a")
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Version(patient(t)); !errors.Is(err, school.ErrClosed) {
		t.Errorf("version of a closed log: %v", err)
	}
	wantVersion(t, s.Log("b"), 0)
}
