package sqlitelog

import (
	"context"
	"errors"
	"time"

	"rounds/school"
)

// errLength is a lease or time to live that cannot be meant.
var errLength = errors.New("a lease must be longer than nothing, and a time to live not negative")

// claim is the last claim of a key; its epoch is 0 when there was none.
func (t *tx) claim(district, key string) (c school.Claim, err error) {
	var until int64
	_, err = t.get("SELECT holder, epoch, until, done FROM claim WHERE district = ? AND key = ?", []any{district, key}, &c.Holder, &c.Epoch, &until, &c.Done)
	c.Key = key
	if until != 0 {
		c.Until = time.Unix(0, until).UTC()
	}
	return c, err
}

// held tells whether the lease of c, as the table has it, runs.
func (t *tx) held(c school.Claim) bool {
	return !c.Done && t.w.store.now().Before(c.Until)
}

// until is when a length that begins now ends.
func (t *tx) until(d time.Duration) time.Time {
	return t.w.store.now().Add(d).UTC().Round(0)
}

// Claim implements school.Log.
func (l *log) Claim(ctx context.Context, key, holder string, lease time.Duration) (school.Claim, bool, error) {
	if lease <= 0 {
		return school.Claim{}, false, errLength
	}
	var c school.Claim
	var ok bool
	err := l.write(ctx, "claim in", func(t *tx) (err error) {
		ok = false
		if c, err = t.claim(l.district, key); err != nil || c.Done || t.held(c) {
			return err
		}
		c = school.Claim{Key: key, Holder: holder, Epoch: c.Epoch + 1, Until: t.until(lease)}
		ok = true
		_, err = t.exec("INSERT OR REPLACE INTO claim (district, key, holder, epoch, until, done) VALUES (?, ?, ?, ?, ?, 0)",
			l.district, key, holder, c.Epoch, nanos(c.Until))
		return err
	})
	if err != nil {
		return school.Claim{}, false, err
	}
	return c, ok, nil
}

// Renew implements school.Log.
func (l *log) Renew(ctx context.Context, c school.Claim, lease time.Duration) (school.Claim, bool, error) {
	if lease <= 0 {
		return school.Claim{}, false, errLength
	}
	var renewed school.Claim
	err := l.write(ctx, "renew a claim in", func(t *tx) error {
		renewed = school.Claim{}
		last, err := t.claim(l.district, c.Key)
		if err != nil || last.Epoch != c.Epoch || !t.held(last) {
			return err
		}
		last.Until = t.until(lease)
		renewed = last
		_, err = t.exec("UPDATE claim SET until = ? WHERE district = ? AND key = ?", nanos(last.Until), l.district, c.Key)
		return err
	})
	if err != nil {
		return school.Claim{}, false, err
	}
	return renewed, renewed.Epoch > 0, nil
}

// Done implements school.Log.
func (l *log) Done(ctx context.Context, c school.Claim, finished bool) (bool, error) {
	var ok bool
	err := l.write(ctx, "end a claim in", func(t *tx) error {
		ok = false
		last, err := t.claim(l.district, c.Key)
		if err != nil || last.Epoch != c.Epoch || !t.held(last) {
			return err
		}
		ok = true
		query := "UPDATE claim SET until = 0 WHERE district = ? AND key = ?"
		if finished {
			query = "UPDATE claim SET done = 1 WHERE district = ? AND key = ?"
		}
		_, err = t.exec(query, l.district, c.Key)
		return err
	})
	return ok && err == nil, err
}
