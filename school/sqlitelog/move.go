package sqlitelog

import (
	"bytes"
	"context"
	"database/sql"
	"strings"
	"time"

	"rounds/school"
)

var _ school.Mover = (*log)(nil)

// Pieces implements school.Mover. It reads a page at a time, in the order of keys.
func (l *log) Pieces(ctx context.Context, each func(school.Piece) error) error {
	now := l.store.now()
	tables := []struct {
		columns, table, key string
		read                func(*sql.Rows) (school.Piece, string, error)
	}{
		{"key, kind, subject, author, class, body", "text", "key", func(r *sql.Rows) (school.Piece, string, error) {
			t, err := scanText(r)
			return school.Piece{Text: &t}, t.Key, err
		}},
		{"key, value, until, subject", "keep", "key", func(r *sql.Rows) (school.Piece, string, error) {
			var k school.Kept
			var until int64
			err := r.Scan(&k.Key, &k.Value, &until, &k.Subject)
			if until == 0 {
				return school.Piece{Kept: &k}, k.Key, err
			}
			if k.TTL = time.Unix(0, until).Sub(now); k.TTL <= 0 {
				return school.Piece{}, k.Key, err // it has lapsed
			}
			return school.Piece{Kept: &k}, k.Key, err
		}},
		{"key, epoch, done", "claim", "key", func(r *sql.Rows) (school.Piece, string, error) {
			var c school.Claim
			err := r.Scan(&c.Key, &c.Epoch, &c.Done)
			return school.Piece{Claim: &c}, c.Key, err
		}},
		{"id, version, events", "command", "id", func(r *sql.Rows) (school.Piece, string, error) {
			var c school.Command
			err := r.Scan(&c.ID, &c.Version, &c.Events)
			return school.Piece{Command: &c}, c.ID, err
		}},
	}
	for _, t := range tables {
		last, op := "", ">=" // the first key may be ""
		for {
			var page []school.Piece
			rows := 0
			query := strings.NewReplacer("@columns", t.columns, "@table", t.table, "@key", t.key, "@op", op).Replace(
				"SELECT @columns FROM @table WHERE district = ? AND @key @op ? ORDER BY @key LIMIT ?")
			err := l.query(ctx, "read", query, []any{l.district, last, pageRows}, func(r *sql.Rows) error {
				it, key, err := t.read(r)
				if rows, last = rows+1, key; it != (school.Piece{}) {
					page = append(page, it)
				}
				return err
			})
			if err != nil {
				return err
			}
			for _, it := range page {
				if err := l.usable(ctx); err != nil {
					return err
				}
				if err := each(it); err != nil {
					return err
				}
			}
			if rows == 0 {
				break
			}
			op = ">"
		}
	}
	return nil
}

// Restore implements school.Mover.
func (l *log) Restore(ctx context.Context, events []school.Event, items []school.Piece) error {
	for _, e := range events {
		if err := checkTime(e.At); err != nil {
			return err
		}
	}
	return l.write(ctx, "restore", func(t *tx) error {
		version, err := t.version(l.district)
		if err != nil {
			return err
		}
		if len(events) > 0 && events[0].Version != version+1 {
			return school.ErrConflict
		}
		if err := t.restoreEvents(l.district, events); err != nil {
			return err
		}
		for _, it := range items {
			if err := t.restore(l.district, it); err != nil {
				return err
			}
		}
		return nil
	})
}

func (t *tx) restoreEvents(district string, events []school.Event) error {
	var sums summer
	for _, e := range events {
		if _, err := t.exec("INSERT INTO event (district, seq, at, kind, by, via, command, must, sum, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			district, e.Version, instant(e.At), e.Kind, string(e.By), e.Via, e.Command, e.Must, sums.sum(district, e), string(e.Data)); err != nil {
			return err
		}
		t.versions[district] = e.Version
	}
	return nil
}

func (t *tx) restore(district string, it school.Piece) (err error) {
	switch {
	case it.Text != nil:
		x := it.Text
		_, err = t.exec("INSERT OR REPLACE INTO text (district, key, kind, subject, author, class, body) VALUES (?, ?, ?, ?, ?, ?, ?)",
			district, x.Key, x.Kind, x.Subject, x.Author, string(x.Class), x.Body)
	case it.Kept != nil:
		k := it.Kept
		var until int64
		if k.TTL > 0 {
			until = nanos(t.until(k.TTL))
		}
		_, err = t.exec("INSERT OR REPLACE INTO keep (district, key, value, until, subject) VALUES (?, ?, ?, ?, ?)",
			district, k.Key, append([]byte{}, bytes.Clone(k.Value)...), until, k.Subject)
	case it.Claim != nil:
		c := it.Claim
		_, err = t.exec("INSERT OR REPLACE INTO claim (district, key, holder, epoch, until, done) VALUES (?, ?, '', ?, 0, ?)", district, c.Key, c.Epoch, c.Done)
	case it.Command != nil:
		c := it.Command
		_, err = t.exec("INSERT OR REPLACE INTO command (district, id, version, events) VALUES (?, ?, ?, ?)", district, c.ID, c.Version, c.Events)
	}
	return err
}
