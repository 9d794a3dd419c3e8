package school

import (
	"bytes"
	"context"
	"slices"
)

var _ Mover = (*MemLog)(nil)

// Pieces implements Mover.
func (m *MemLog) Pieces(ctx context.Context, each func(Piece) error) error {
	if err := m.lock(ctx); err != nil {
		return err
	}
	var all []Piece
	for _, t := range m.texts {
		all = append(all, Piece{Text: &t})
	}
	now := m.now()
	for k, v := range m.keep {
		if !v.lives(now) {
			continue
		}
		kept := Kept{Key: k, Value: bytes.Clone(v.value), Subject: v.subject}
		if !v.until.IsZero() {
			kept.TTL = v.until.Sub(now)
		}
		all = append(all, Piece{Kept: &kept})
	}
	for k, c := range m.claims {
		all = append(all, Piece{Claim: &Claim{Key: k, Epoch: c.Epoch, Done: c.Done}})
	}
	for id, a := range m.commands {
		all = append(all, Piece{Command: &Command{ID: id, Version: a.Version, Events: a.Events}})
	}
	m.mu.Unlock()
	for _, it := range all {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := each(it); err != nil {
			return err
		}
	}
	return nil
}

// Restore implements Mover.
func (m *MemLog) Restore(ctx context.Context, events []Event, items []Piece) error {
	if err := m.lock(ctx); err != nil {
		return err
	}
	defer m.mu.Unlock()
	if len(events) > 0 && events[0].Version != int64(len(m.events))+1 {
		return ErrConflict
	}
	for _, e := range events {
		e.At = e.At.UTC().Round(0)
		e.Data = bytes.Clone(e.Data)
		m.events = append(m.events, e)
	}
	for _, it := range items {
		switch {
		case it.Text != nil:
			m.texts[it.Text.Key] = *it.Text
		case it.Kept != nil:
			v := memValue{value: slices.Clone(it.Kept.Value), subject: it.Kept.Subject}
			if it.Kept.TTL > 0 {
				v.until = until(m.now(), it.Kept.TTL)
			}
			m.keep[it.Kept.Key] = v
		case it.Claim != nil:
			m.claims[it.Claim.Key] = memClaim{Claim: Claim{Key: it.Claim.Key, Epoch: it.Claim.Epoch, Done: it.Claim.Done}, free: true}
		case it.Command != nil:
			m.commands[it.Command.ID] = Appended{Version: it.Command.Version, Events: it.Command.Events}
		}
	}
	if len(events) > 0 {
		close(m.changed)
		m.changed = make(chan struct{})
	}
	return nil
}
