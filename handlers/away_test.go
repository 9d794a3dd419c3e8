package handlers

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"rounds/school"
)

// absent is a log whose store can be lost: before an append, after it, or for everything else.
type absent struct {
	school.Log
	before, after, rest error
}

func (l *absent) Append(ctx context.Context, expect int64, command string, events []school.Event, texts []school.Text) (school.Appended, error) {
	if l.before != nil {
		return school.Appended{}, l.before
	}
	a, err := l.Log.Append(ctx, expect, command, events, texts)
	if err == nil && l.after != nil {
		return school.Appended{}, l.after
	}
	return a, err
}

func (l *absent) Texts(ctx context.Context, keys ...string) (map[string]school.Text, error) {
	if l.rest != nil {
		return nil, l.rest
	}
	return l.Log.Texts(ctx, keys...)
}

func (l *absent) PutIfAbsent(ctx context.Context, key string, value []byte, ttl time.Duration, subject string) (bool, error) {
	if l.rest != nil {
		return false, l.rest
	}
	return l.Log.PutIfAbsent(ctx, key, value, ttl, subject)
}

// What somebody is told while the store is away is what became of their words: saved, not saved, or not known. Who only
// wanted to look is not told that nothing was saved.
func TestStoreAway(t *testing.T) {
	gone := fmt.Errorf("redis cannot be reached; nothing was written: %w", school.ErrUnready)
	lost := fmt.Errorf("redis was lost in the middle of a write: %w", school.ErrUnsure)
	const (
		nothing = "Saved nothing: the record cannot be reached right now. Please try again in a minute."
		unsure  = "I lost the record while I was saving, so that may be saved or not. Please look whether it is there before you try again."
		saved   = "That is saved. I cannot show it right now, because the record cannot be reached; please look again in a minute."
		neither = "The record cannot be reached right now, so I can show and save nothing. Please try again in a minute."
	)
	for name, tc := range map[string]struct {
		log    absent
		line   string
		want   string
		events int
	}{
		"gone before":            {absent{before: gone, rest: gone}, "/observe bob 12m glow:Clear", nothing, 0},
		"lost, and it stands":    {absent{after: lost, rest: gone}, "/observe bob 12m glow:Clear", unsure, 1},
		"lost, and does not":     {absent{before: lost, rest: gone}, "/observe bob 12m glow:Clear", unsure, 0},
		"gone after":             {absent{rest: gone}, "/observe bob 12m glow:Clear", saved, 1},
		"looking while it is":    {absent{rest: gone}, "/observe history bob", neither, 0},
		"looking and it breaks":  {absent{rest: lost}, "/observe history bob", neither, 0},
		"asking needs no record": {absent{before: gone, rest: gone}, "/ask what does proficient look like", "proficient", 0},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.book.Close()
			l := tc.log
			l.Log = w.log
			var err error
			if w.book, err = school.Open(t.Context(), &l); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(w.book.Close)
			before, err := w.log.Version(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			alice := w.fake.Account("alice")
			if err := w.fake.Command(alice, w.fake.Room("cedar"), tc.line); err != nil {
				t.Fatal(err)
			}
			got := strings.Join(w.fake.Sees(alice), "\n")
			if !strings.Contains(got, tc.want) || strings.Contains(got, "Error ") {
				t.Errorf("%s is answered:\n%s\nwant\n%s", tc.line, got, tc.want)
			}
			if after, err := w.log.Version(t.Context()); err != nil || after-before != int64(tc.events) {
				t.Errorf("%s wrote %d events, want %d: %v", tc.line, after-before, tc.events, err)
			}
		})
	}
}
