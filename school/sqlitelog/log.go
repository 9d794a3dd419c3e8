package sqlitelog

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"slices"
	"sync"
	"time"

	"rounds/school"
)

// A log is a handle of one district's log.
type log struct {
	store    *Store
	district string
	once     sync.Once
	done     chan struct{} // closed by Close
}

var _ school.Log = (*log)(nil)

// Close implements school.Log. It ends this handle; the store stays open.
func (l *log) Close() error {
	l.once.Do(func() { close(l.done) })
	return nil
}

// usable tells why the log cannot be used, if so.
func (l *log) usable(ctx context.Context) error {
	select {
	case <-l.store.done:
		return school.ErrClosed
	case <-l.done:
		return school.ErrClosed
	default:
		return ctx.Err()
	}
}

// write has the writer do something, unless the store is read-only.
func (l *log) write(ctx context.Context, doing string, do func(*tx) error) error {
	if err := l.usable(ctx); err != nil {
		return err
	}
	if l.store.writer == nil {
		return school.ErrReadOnly
	}
	err := l.store.writer.submit(ctx, do)
	if err != nil && errors.Is(err, ctx.Err()) {
		return err
	}
	return l.store.wrap(doing, err)
}

// errEnough is said by who needs no more rows.
var errEnough = errors.New("enough")

// query calls row for each row of a query, up to errEnough. It is to read little: while it runs, old pages cannot be
// reused, and Close waits.
func (l *log) query(ctx context.Context, doing, query string, args []any, row func(*sql.Rows) error) error {
	if err := l.usable(ctx); err != nil {
		return err
	}
	l.store.using.RLock()
	defer l.store.using.RUnlock()
	if l.store.closed {
		return school.ErrClosed
	}
	// Not ctx: interrupting costs the driver more than the page of rows that is waited for.
	rows, err := l.store.read.Query(query, args...)
	if err != nil {
		return l.store.wrap(doing, err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := row(rows); errors.Is(err, errEnough) {
			return nil
		} else if err != nil {
			return l.store.wrap(doing, err)
		}
	}
	return l.store.wrap(doing, rows.Err())
}

// Append implements school.Log.
func (l *log) Append(ctx context.Context, expect int64, command string, events []school.Event, texts []school.Text) (school.Appended, error) {
	// The caller may change its slices once it has given up waiting; the writer may not notice.
	texts = slices.Clone(texts)
	events = slices.Clone(events)
	for i, e := range events {
		if err := checkTime(e.At); err != nil {
			return school.Appended{}, err
		}
		events[i].Command = command
		events[i].Data = bytes.Clone(e.Data)
	}
	var done school.Appended
	err := l.write(ctx, "append to", func(t *tx) error {
		done = school.Appended{}
		return t.append(l.district, expect, command, events, texts, &done)
	})
	if err != nil {
		return school.Appended{}, err
	}
	return done, nil
}

func (t *tx) append(district string, expect int64, command string, events []school.Event, texts []school.Text, done *school.Appended) error {
	if command != "" {
		known, err := t.get("SELECT version, events FROM command WHERE district = ? AND id = ?", []any{district, command}, &done.Version, &done.Events)
		if err != nil || known {
			done.Repeated = known
			return err
		}
	}
	version, err := t.version(district)
	if err != nil {
		return err
	}
	if expect != school.Any && expect != version {
		return school.ErrConflict
	}
	var sums summer
	for _, e := range events {
		version++
		e.Version = version
		if _, err := t.exec("INSERT INTO event (district, seq, at, kind, by, via, command, must, sum, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			district, version, instant(e.At), e.Kind, string(e.By), e.Via, command, e.Must, sums.sum(district, e), string(e.Data)); err != nil {
			return err
		}
	}
	for _, x := range texts {
		if _, err := t.exec(`INSERT INTO text (district, key, kind, subject, author, class, body) VALUES (?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (district, key) DO UPDATE SET kind = excluded.kind, subject = excluded.subject, author = excluded.author, class = excluded.class, body = excluded.body`,
			district, x.Key, x.Kind, x.Subject, x.Author, string(x.Class), x.Body); err != nil {
			return err
		}
	}
	*done = school.Appended{Version: version, Events: len(events)}
	if command != "" {
		if _, err := t.exec("INSERT INTO command (district, id, version, events) VALUES (?, ?, ?, ?)", district, command, version, len(events)); err != nil {
			return err
		}
	}
	t.versions[district] = version
	return nil
}

// version is a district's version within the transaction.
func (t *tx) version(district string) (int64, error) {
	if v, ok := t.versions[district]; ok {
		return v, nil
	}
	if v, ok := t.w.versions[district]; ok {
		return v, nil
	}
	var v int64
	_, err := t.get("SELECT coalesce(max(seq), 0) FROM event WHERE district = ?", []any{district}, &v)
	return v, err
}

// Version implements school.Log.
func (l *log) Version(ctx context.Context) (int64, error) {
	var v int64
	err := l.query(ctx, "read", "SELECT coalesce(max(seq), 0) FROM event WHERE district = ?", []any{l.district}, func(r *sql.Rows) error {
		return r.Scan(&v)
	})
	return v, err
}

// Read implements school.Log.
func (l *log) Read(ctx context.Context, from int64, each func(school.Event) error) error {
	end, err := l.Version(ctx)
	if err != nil {
		return err
	}
	_, err = l.read(ctx, from, end, each)
	return err
}

// poll is how often a read-only store looks for what another process has appended.
const poll = 100 * time.Millisecond

// Tail implements school.Log.
func (l *log) Tail(ctx context.Context, from int64, each func(school.Event) error) error {
	var look <-chan time.Time // by the writer's own process: never
	if l.store.writer == nil {
		ticker := time.NewTicker(poll)
		defer ticker.Stop()
		look = ticker.C
	}
	for {
		changed := l.store.changed(l.district)
		last, err := l.read(ctx, from, math.MaxInt64, each)
		if err != nil {
			return err
		}
		from = last
		select {
		case <-changed:
		case <-look:
		case <-ctx.Done():
			return ctx.Err()
		case <-l.done:
			return school.ErrClosed
		case <-l.store.done:
			return school.ErrClosed
		}
	}
}

// pageRows and pageBytes are how much is read at a time. Callbacks run when no connection is in use,
// so that they may use the log and may be slow.
const (
	pageRows  = 500
	pageBytes = 4 << 20
)

// read calls each for the events after from up to end, and tells the last version it called it
// for.
func (l *log) read(ctx context.Context, from, end int64, each func(school.Event) error) (int64, error) {
	from = max(from, 0)
	page := make([]school.Event, 0, pageRows)
	for {
		page = page[:0]
		if from < end {
			var err error
			if page, err = l.page(ctx, from, end, page); err != nil {
				return from, err
			}
		} else if err := l.usable(ctx); err != nil {
			return from, err
		}
		if len(page) == 0 {
			return from, nil
		}
		for _, e := range page {
			if err := l.usable(ctx); err != nil {
				return from, err
			}
			if err := each(e); err != nil {
				return from, err
			}
			from = e.Version
		}
	}
}

// page appends the next events after from to page.
func (l *log) page(ctx context.Context, from, end int64, page []school.Event) ([]school.Event, error) {
	var (
		sums  summer
		names = interner{}
		size  int
	)
	err := l.query(ctx, "read", `SELECT seq, at, kind, by, via, command, must, sum, data FROM event
		WHERE district = ? AND seq > ? AND seq <= ? ORDER BY seq LIMIT ?`,
		[]any{l.district, from, end, pageRows}, func(r *sql.Rows) error {
			if size > pageBytes {
				return errEnough // the rest is read with the next page
			}
			var (
				e                      school.Event
				at                     sql.NullInt64
				sum                    int64
				kind, by, via, command string
			)
			if err := r.Scan(&e.Version, &at, &kind, &by, &via, &command, &e.Must, &sum, (*[]byte)(&e.Data)); err != nil {
				return err
			}
			e.Kind, e.By, e.Via, e.Command = names.of(kind), school.PersonID(names.of(by)), names.of(via), command
			if at.Valid {
				e.At = time.Unix(0, at.Int64).UTC()
			}
			if want := from + int64(len(page)) + 1; e.Version != want {
				return fmt.Errorf("event %d of district %q is missing: restore a backup (%w)", want, l.district, ErrDamaged)
			}
			if sums.sum(l.district, e) != sum {
				return fmt.Errorf("event %d of district %q is not as it was written: restore a backup (%w)", e.Version, l.district, ErrDamaged)
			}
			size += len(e.Data)
			page = append(page, e)
			return nil
		})
	return page, err
}

// An interner gives equal strings one memory: the header of many events is the same.
type interner map[string]string

func (n interner) of(s string) string {
	if known, ok := n[s]; ok {
		return known
	}
	n[s] = s
	return s
}

// A summer makes the checksums of events: CRC-32C over every field with its length.
type summer struct{ buf []byte }

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func (s *summer) sum(district string, e school.Event) int64 {
	b := s.buf[:0]
	for _, f := range [...]string{district, e.Kind, string(e.By), e.Via, e.Command} {
		b = binary.AppendUvarint(b, uint64(len(f)))
		b = append(b, f...)
	}
	b = binary.AppendVarint(b, e.Version)
	if !e.At.IsZero() {
		b = binary.AppendVarint(b, e.At.UnixNano())
	}
	if e.Must {
		b = append(b, 'm')
	}
	s.buf = b
	return int64(crc32.Update(crc32.Checksum(b, castagnoli), castagnoli, e.Data))
}

// instant is a time as the tables hold it: nanoseconds since 1970, NULL for none.
func instant(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixNano()
}

// nanos is an instant of the log's own clock.
func nanos(t time.Time) int64 { return t.UnixNano() }

// checkTime refuses a time that does not fit into nanoseconds since 1970.
func checkTime(t time.Time) error {
	if !t.IsZero() && (t.Year() < 1678 || t.Year() > 2261) {
		return fmt.Errorf("an event of the year %d cannot be kept", t.Year())
	}
	return nil
}
