package sqlitelog

import (
	"bytes"
	"context"
	"database/sql"
	"strings"
	"time"

	"rounds/school"
)

// Texts implements school.Log.
func (l *log) Texts(ctx context.Context, keys ...string) (map[string]school.Text, error) {
	found := make(map[string]school.Text, len(keys))
	if err := l.usable(ctx); err != nil {
		return nil, err
	}
	for len(keys) > 0 {
		some := keys[:min(len(keys), pageRows)]
		keys = keys[len(some):]
		args := []any{l.district}
		for _, k := range some {
			args = append(args, k)
		}
		in := strings.TrimSuffix(strings.Repeat("?,", len(some)), ",")
		err := l.query(ctx, "read texts of", "SELECT key, kind, subject, author, class, body FROM text WHERE district = ? AND key IN ("+in+")", args, func(r *sql.Rows) error {
			x, err := scanText(r)
			found[x.Key] = x
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

func scanText(r *sql.Rows) (x school.Text, err error) {
	err = r.Scan(&x.Key, &x.Kind, &x.Subject, &x.Author, (*string)(&x.Class), &x.Body)
	return x, err
}

// ScanTexts implements school.Log. It reads a page at a time: texts that are written meanwhile
// may or may not be among them.
func (l *log) ScanTexts(ctx context.Context, kind string, each func(school.Text) error) error {
	last, op := "", ">=" // the first key may be ""
	for {
		var page []school.Text
		size := 0
		err := l.query(ctx, "read texts of", "SELECT key, kind, subject, author, class, body FROM text WHERE district = ? AND kind = ? AND key "+op+" ? ORDER BY key LIMIT ?",
			[]any{l.district, kind, last, pageRows}, func(r *sql.Rows) error {
				if size > pageBytes {
					return errEnough
				}
				x, err := scanText(r)
				page = append(page, x)
				size += len(x.Body)
				return err
			})
		if err != nil || len(page) == 0 {
			return err
		}
		for _, x := range page {
			if err := l.usable(ctx); err != nil {
				return err
			}
			if err := each(x); err != nil {
				return err
			}
		}
		last, op = page[len(page)-1].Key, ">"
	}
}

// DeleteTexts implements school.Log. The texts that are left are copied into a new table and the
// old one is zeroed (see scrubText): seconds for 100,000 texts.
func (l *log) DeleteTexts(ctx context.Context, subject string) (int, error) {
	var n int
	err := l.write(ctx, "delete texts of", func(t *tx) (err error) {
		t.truncate = true // also when there is none: an earlier try may have come this far
		if n, err = t.exec("DELETE FROM text WHERE district = ? AND subject = ?", l.district, subject); err != nil || n == 0 {
			return err
		}
		return t.script(scrubText)
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

// PutIfAbsent implements school.Keep.
func (l *log) PutIfAbsent(ctx context.Context, key string, value []byte, ttl time.Duration, subject string) (bool, error) {
	return l.put(ctx, key, value, ttl, subject, false)
}

// Put implements school.Keep.
func (l *log) Put(ctx context.Context, key string, value []byte, ttl time.Duration, subject string) error {
	_, err := l.put(ctx, key, value, ttl, subject, true)
	return err
}

func (l *log) put(ctx context.Context, key string, value []byte, ttl time.Duration, subject string, replace bool) (bool, error) {
	if ttl < 0 {
		return false, errLength
	}
	value = append([]byte{}, value...) // never nil, which would be NULL
	var ok bool
	err := l.write(ctx, "keep a value in", func(t *tx) error {
		ok = false
		now := nanos(t.w.store.now())
		if err := t.sweep(now); err != nil {
			return err
		}
		if !replace {
			var there int
			lives, err := t.get("SELECT 1 FROM keep WHERE district = ? AND key = ? AND (until = 0 OR until > ?)", []any{l.district, key, now}, &there)
			if err != nil || lives {
				return err
			}
		}
		var until int64
		if ttl > 0 {
			until = nanos(t.until(ttl))
		}
		ok = true
		_, err := t.exec(`INSERT INTO keep (district, key, value, until, subject) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (district, key) DO UPDATE SET value = excluded.value, until = excluded.until, subject = excluded.subject`,
			l.district, key, value, until, subject)
		return err
	})
	return ok && err == nil, err
}

// sweep deletes lapsed values once an hour, so that they do not stay where nobody asks for
// them again.
func (t *tx) sweep(now int64) error {
	if now-t.w.swept < int64(time.Hour) && now >= t.w.swept {
		return nil
	}
	t.w.swept = now
	_, err := t.exec("DELETE FROM keep WHERE until <> 0 AND until <= ?", now)
	return err
}

// Get implements school.Keep.
func (l *log) Get(ctx context.Context, key string) ([]byte, bool, error) {
	var value []byte
	var ok bool
	err := l.query(ctx, "read a value in", "SELECT value FROM keep WHERE district = ? AND key = ? AND (until = 0 OR until > ?)",
		[]any{l.district, key, nanos(l.store.now())}, func(r *sql.Rows) error {
			ok = true
			return r.Scan(&value)
		})
	return value, ok && err == nil, err
}

// List implements school.Keep. It reads a page at a time: keys that are put or deleted meanwhile
// may or may not be among them.
func (l *log) List(ctx context.Context, prefix string, each func(key string, value []byte) error) error {
	type kept struct {
		key   string
		value []byte
	}
	last, op := prefix, ">="
	for {
		var page []kept
		size, end := 0, false
		err := l.query(ctx, "list values in", "SELECT key, value FROM keep WHERE district = ? AND key "+op+" ? AND (until = 0 OR until > ?) ORDER BY key LIMIT ?",
			[]any{l.district, last, nanos(l.store.now()), pageRows}, func(r *sql.Rows) error {
				if size > pageBytes {
					return errEnough
				}
				var k kept
				var raw sql.RawBytes
				if err := r.Scan(&k.key, &raw); err != nil {
					return err
				}
				if !strings.HasPrefix(k.key, prefix) {
					end = true // keys are in order: none will follow
					return errEnough
				}
				k.value = bytes.Clone(raw)
				size += len(k.value)
				page = append(page, k)
				return nil
			})
		if err != nil || len(page) == 0 {
			return err
		}
		for _, k := range page {
			if err := l.usable(ctx); err != nil {
				return err
			}
			if err := each(k.key, k.value); err != nil {
				return err
			}
		}
		if end {
			return nil
		}
		last, op = page[len(page)-1].key, ">"
	}
}

// Delete implements school.Keep.
func (l *log) Delete(ctx context.Context, key string) error {
	return l.write(ctx, "delete a value in", func(t *tx) error {
		_, err := t.exec("DELETE FROM keep WHERE district = ? AND key = ?", l.district, key)
		return err
	})
}

// Forget implements school.Keep. Like deleted texts, what is forgotten leaves no bytes.
func (l *log) Forget(ctx context.Context, subject string) (int, error) {
	var n int
	err := l.write(ctx, "forget in", func(t *tx) (err error) {
		n = 0
		if subject == "" {
			return nil
		}
		t.truncate = true
		// What has lapsed goes too, but is not counted: it was gone already.
		if _, err := t.exec("DELETE FROM keep WHERE until <> 0 AND until <= ?", nanos(t.w.store.now())); err != nil {
			return err
		}
		if n, err = t.exec("DELETE FROM keep WHERE district = ? AND subject = ? AND subject <> ''", l.district, subject); err != nil || n == 0 {
			return err
		}
		return t.script(scrubKeep)
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}
