package school

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// A Mover is a Log that can be carried whole from one store to another: rounds migrate, backup and restore.
// Nobody may write to either log meanwhile.
type Mover interface {
	Log
	// Pieces calls each for everything beside the events: texts, kept values, the ends and epochs of claims, and
	// the command ids that are remembered.
	Pieces(ctx context.Context, each func(Piece) error) error
	// Restore adds events with the versions and command ids they have, and items, all or nothing; the log must be at the
	// version before the first event (ErrConflict). Items replace what has their key.
	Restore(ctx context.Context, events []Event, items []Piece) error
}

// A Piece is one thing beside the events; one of its fields is set.
type Piece struct {
	Text    *Text
	Kept    *Kept
	Claim   *Claim // Key, Epoch and Done: a lease does not survive a move, that there was one does
	Command *Command
}

// Kept is a value of Keep.
type Kept struct {
	Key     string
	Value   []byte
	TTL     time.Duration // what is left of it; 0 for ever
	Subject string
}

// Command is a command id that is remembered, and its first result.
type Command struct {
	ID      string
	Version int64
	Events  int
}

// Moved counts what a Move carried.
type Moved struct {
	Events, Texts, Kept, Claims, Commands int
	Resumed                               int64 // events that an earlier, broken-off move had carried
}

// ErrOther is a log to move to that holds something else already.
var ErrOther = errors.New("the log to move to holds other events already")

// movePage is how many events or items go at once.
const movePage = 500

// Move copies a log to an empty one, and goes on where an earlier Move was broken off. Items are carried before the last
// events, so that a log that has all events has everything.
func Move(ctx context.Context, from, to Mover) (done Moved, err error) {
	end, err := from.Version(ctx)
	if err != nil {
		return done, err
	}
	if done.Resumed, err = to.Version(ctx); err != nil {
		return done, err
	}
	if err := sameStart(ctx, from, to, done.Resumed, end); err != nil {
		return done, err
	}
	var items []Piece
	flush := func(least int) error {
		if len(items) < least || len(items) == 0 {
			return nil
		}
		err := to.Restore(ctx, nil, items)
		items = items[:0]
		return err
	}
	err = from.Pieces(ctx, func(it Piece) error {
		switch {
		case it.Text != nil:
			done.Texts++
		case it.Kept != nil:
			done.Kept++
		case it.Claim != nil:
			done.Claims++
		case it.Command != nil:
			done.Commands++
		}
		items = append(items, it)
		return flush(movePage)
	})
	if err = errors.Join(err, flush(1)); err != nil {
		return done, fmt.Errorf("carry texts, kept values and claims: %w", err)
	}
	var events []Event
	send := func(least int) error {
		if len(events) < least || len(events) == 0 {
			return nil
		}
		err := to.Restore(ctx, events, nil)
		events = events[:0]
		return err
	}
	err = from.Read(ctx, done.Resumed, func(e Event) error {
		// What one command appended stays together: a store may keep it as one.
		if len(events) > 0 && events[len(events)-1].Command != e.Command {
			if err := send(movePage); err != nil {
				return err
			}
		}
		done.Events++
		e.Data = slices.Clone(e.Data)
		events = append(events, e)
		return nil
	})
	if err = errors.Join(err, send(1)); err != nil {
		return done, fmt.Errorf("carry events: %w", err)
	}
	return done, nil
}

// sameStart wants the events that the log to move to has to be the first ones of the log to move from.
func sameStart(ctx context.Context, from, to Log, n, end int64) error {
	if n == 0 {
		return nil
	}
	if n > end {
		return fmt.Errorf("%w: %d, and there are only %d to move", ErrOther, n, end)
	}
	var have []Event
	if err := to.Read(ctx, 0, func(e Event) error { have = append(have, e); return nil }); err != nil {
		return err
	}
	return from.Read(ctx, 0, func(e Event) error {
		if e.Version > n {
			return nil
		}
		h := have[e.Version-1]
		if h.Kind != e.Kind || !h.At.Equal(e.At) || h.Command != e.Command || string(h.Data) != string(e.Data) {
			return fmt.Errorf("%w: event %d is another one", ErrOther, e.Version)
		}
		return nil
	})
}
