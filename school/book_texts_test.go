package school

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"
)

// countingLog counts how often texts are asked for.
type countingLog struct {
	Log
	asked atomic.Int64
}

func (l *countingLog) Texts(ctx context.Context, keys ...string) (map[string]Text, error) {
	l.asked.Add(1)
	return l.Log.Texts(ctx, keys...)
}

// A roster of thousands is not read back name by name by the process that wrote it; another replica reads the same names.
func TestOwnTextsAreNotReadBack(t *testing.T) {
	ctx := context.Background()
	shared := NewMemLog(nil)
	mine, other := &countingLog{Log: shared}, &countingLog{Log: shared}
	var books []*Book
	for _, l := range []Log{mine, other} {
		b, err := Open(ctx, l)
		if err != nil {
			t.Fatal(err)
		}
		defer b.Close()
		books = append(books, b)
	}
	e := Entry{Command: "roster", Via: "file", At: time.Date(2026, 8, 3, 8, 0, 0, 0, time.UTC)}
	for i := range 50 {
		id, key := PersonID(fmt.Sprintf("p%d", i)), fmt.Sprintf("name.p%d", i)
		e.Facts = append(e.Facts, PersonSet{ID: id, Name: key, From: Date(2026, 8, 3), Role: Teacher})
		e.Texts = append(e.Texts, Text{Key: key, Kind: "name", Subject: string(id), Class: Roster, Body: fmt.Sprintf("Ada Number%d", i)})
	}
	done, err := books[0].Record(ctx, e)
	if err != nil {
		t.Fatal(err)
	}
	if err := books[1].Await(ctx, done.Last); err != nil {
		t.Fatal(err)
	}
	for i, b := range books {
		if err := b.Read(func(m *Model) {
			if p, ok := m.Person("p49"); !ok || p.Name != "Ada Number49" {
				t.Errorf("book %d: %+v", i, p)
			}
		}); err != nil {
			t.Fatal(err)
		}
	}
	if n := mine.asked.Load(); n != 0 {
		t.Errorf("the writer read its own texts back %d times", n)
	}
	if n := other.asked.Load(); n != 50 {
		t.Errorf("the other replica asked for texts %d times", n)
	}
	if n := len(books[0].texts); n != 0 {
		t.Errorf("%d commands are still remembered", n)
	}
}
