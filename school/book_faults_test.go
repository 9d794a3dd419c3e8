package school

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"
)

// faulty is a log whose replies can be lost and whose appends can be overtaken.
type faulty struct {
	Log
	lose   int    // so many of the next replies are lost after the append was done
	before func() // runs once, just before the next append
}

var errLost = errors.New("the connection broke")

func (f *faulty) Append(ctx context.Context, expect int64, command string, events []Event, texts []Text) (Appended, error) {
	if do := f.before; do != nil {
		f.before = nil
		do()
	}
	a, err := f.Log.Append(ctx, expect, command, events, texts)
	if err == nil && f.lose > 0 {
		f.lose--
		return Appended{}, errLost
	}
	return a, err
}

func newFaulty(t *testing.T) (*faulty, *Book) {
	t.Helper()
	f := &faulty{Log: NewMemLog(func() time.Time { return testNow })}
	b, err := Open(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return f, b
}

func versionOf(t *testing.T, l Log) int64 {
	t.Helper()
	v, err := l.Version(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// A lost reply is settled by the same command id: recorded once, and the caller is told so.
func TestRecordLostReply(t *testing.T) {
	f, b := newFaulty(t)
	e := Entry{Command: "c1", At: testNow, Facts: []Fact{Welcomed{"p1"}, Welcomed{"p2"}}}
	f.lose = 2
	r, err := b.Record(t.Context(), e)
	if err != nil || !r.Repeated || r.First != 1 || r.Last != 2 || versionOf(t, f) != 2 {
		t.Errorf("after two lost replies: %+v, %v, version %d", r, err, versionOf(t, f))
	}
	// Without an id nothing may be sent again: the outcome stays open and the caller hears it.
	f.lose = 1
	e.Command = ""
	if _, err := b.Record(t.Context(), e); !errors.Is(err, errLost) || versionOf(t, f) != 4 {
		t.Errorf("an entry without a command id: %v, version %d, want the error and one append", err, versionOf(t, f))
	}
}

// A decision that was overtaken is taken anew on what the log says now; an invariant holds although two want to break it.
func TestDecideOvertaken(t *testing.T) {
	f, b := newFaulty(t)
	asked := 0
	welcome := func(m *Model) (Entry, error) {
		asked++
		if m.WelcomedAlready("p1") {
			return Entry{}, nil
		}
		return Entry{Command: "mine", At: testNow, Facts: []Fact{Welcomed{"p1"}}}, nil
	}
	f.before = func() {
		other, err := NewEvent(Welcomed{"p1"}, "", "test", testNow)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Log.Append(t.Context(), Any, "theirs", []Event{other}, nil); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.Decide(t.Context(), welcome); err != nil || asked != 2 || versionOf(t, f) != 1 {
		t.Errorf("%v; asked %d times, version %d; want twice and only their event", err, asked, versionOf(t, f))
	}
}

// An event that must be known and is not stops the answers, at start and while following; one that need not be is skipped.
func TestUnknownEvents(t *testing.T) {
	f, b := newFaulty(t)
	add := func(kind string, must bool) {
		t.Helper()
		if _, err := f.Log.Append(t.Context(), Any, "", []Event{{Kind: kind, At: testNow, Must: must, Data: json.RawMessage(`{}`)}}, nil); err != nil {
			t.Fatal(err)
		}
	}
	add("from.tomorrow", false)
	if err := b.Await(t.Context(), 1); err != nil || b.Err() != nil {
		t.Fatalf("a kind that need not be known: %v, %v", err, b.Err())
	}
	add("must.know", true)
	if err := b.Await(t.Context(), 2); !errors.Is(err, ErrUnready) {
		t.Errorf("waiting for what is not understood: %v", err)
	}
	if err := b.Read(func(*Model) { t.Error("answered from a model that may be wrong") }); !errors.Is(err, ErrUnready) {
		t.Errorf("reading: %v", err)
	}
	if _, err := Open(t.Context(), f); !errors.Is(err, ErrUnready) {
		t.Errorf("opening: %v", err)
	}
}

// troubled is a log whose appends fail, one error after the other.
type troubled struct {
	Log
	errs []error
	n    int
}

func (l *troubled) Append(context.Context, int64, string, []Event, []Text) (Appended, error) {
	err := l.errs[min(l.n, len(l.errs)-1)]
	l.n++
	return Appended{}, err
}

// Who was told "nothing was written" once can be told so; who may have written and then found the store away cannot.
func TestRecordUnsure(t *testing.T) {
	for _, test := range []struct {
		errs   []error
		tries  int
		unsure bool
	}{
		{[]error{ErrUnready}, 1, false},
		{[]error{ErrUnsure, ErrUnready}, 2, true},
		{[]error{errLost, ErrFull}, 2, true},
		{[]error{errLost}, 3, true},
		{[]error{ErrUnsure, ErrConflict}, 2, false},
	} {
		l := &troubled{Log: NewMemLog(nil), errs: test.errs}
		b, err := Open(t.Context(), l)
		if err != nil {
			t.Fatal(err)
		}
		_, err = b.Record(t.Context(), Entry{Command: "c1", At: testNow, Facts: []Fact{Welcomed{"p1"}}})
		if errors.Is(err, ErrUnsure) != test.unsure || l.n != test.tries || !errors.Is(err, test.errs[len(test.errs)-1]) {
			t.Errorf("%v: %v after %d tries", test.errs, err, l.n)
		}
		b.Close()
	}
}
