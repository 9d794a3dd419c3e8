package sqlitelog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync/atomic"

	"rounds/school"

	sqlite3 "modernc.org/sqlite/lib"
)

// The writer is the one goroutine that writes. While it waits for the disk, requests gather;
// all of them go into the next transaction and share its sync (group commit).
type writer struct {
	store *Store
	db    *sql.DB
	conn  *sql.Conn
	queue chan *request
	quit  chan struct{} // closed to end the goroutine
	ended chan struct{} // closed when it has ended

	// The goroutine's own:
	stmts    map[string]*sql.Stmt
	versions map[string]int64 // of districts, as committed; a missing one is asked of the table
	swept    int64            // when lapsed keep values were last deleted, in nanoseconds
}

// A request is one caller's call.
type request struct {
	// do makes the changes within a transaction. It may be called again after a transaction that failed, and
	// must not have changed anything when it returns school.ErrConflict.
	do       func(*tx) error
	truncate bool        // do deleted something for good
	taken    atomic.Bool // by the writer, or by the caller who gave up
	err      error       // the outcome, once done is closed
	done     chan struct{}
}

// A tx is the transaction of one batch.
type tx struct {
	w        *writer
	versions map[string]int64 // of the districts appended to in this transaction
	truncate bool             // set by who deletes for good: empty the write-ahead file as well
}

// most is how many requests go into one transaction.
const most = 256

func newWriter(ctx context.Context, s *Store) (*writer, error) {
	synchronous := "synchronous(FULL)"
	if s.opts.unsafeNormal {
		synchronous = "synchronous(NORMAL)"
	}
	pragmas := []string{
		"busy_timeout(5000)", synchronous, "fullfsync(1)", "checkpoint_fullfsync(1)",
		"secure_delete(1)", "cell_size_check(1)", "temp_store(2)",
		"journal_size_limit(16777216)", // a large append does not leave a large file for ever
	}
	if s.opts.MaxPages > 0 {
		pragmas = append(pragmas, fmt.Sprintf("max_page_count(%d)", s.opts.MaxPages))
	}
	db, err := sql.Open("sqlite", dsn(s.path, "rw", pragmas...))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	w := &writer{
		store: s, db: db,
		queue: make(chan *request, most), quit: make(chan struct{}), ended: make(chan struct{}),
		stmts: map[string]*sql.Stmt{}, versions: map[string]int64{},
	}
	if err := w.begin(ctx); err != nil {
		if w.conn != nil {
			_ = w.conn.Close()
		}
		_ = db.Close()
		return nil, err
	}
	go w.run()
	return w, nil
}

// begin makes the file ready to be written to.
func (w *writer) begin(ctx context.Context) (err error) {
	if w.conn, err = w.db.Conn(ctx); err != nil {
		return err
	}
	// Before anything is written: what is damaged is left as it is, for whoever repairs it.
	if err := w.check(ctx); err != nil {
		return err
	}
	var mode string
	if err := w.conn.QueryRowContext(ctx, "PRAGMA journal_mode = WAL").Scan(&mode); err != nil {
		return err
	}
	if mode != "wal" {
		return fmt.Errorf("this disk does not let SQLite keep a write-ahead file (journal mode %s)", mode)
	}
	// Whoever claimed before is gone, or this process would not have the lock.
	if _, err := w.conn.ExecContext(ctx, "UPDATE claim SET until = 0 WHERE until <> 0 AND done = 0"); err != nil {
		return err
	}
	if _, err := w.conn.ExecContext(ctx, "DELETE FROM keep WHERE until <> 0 AND until <= ?", nanos(w.store.now())); err != nil {
		return err
	}
	return w.emptyWAL(ctx)
}

// submit has the writer do something and waits until it is durable. When ctx ends first, what the writer
// had not begun is not done at all, and the outcome of the rest is open.
func (w *writer) submit(ctx context.Context, do func(*tx) error) error {
	r := &request{do: do, done: make(chan struct{})}
	select {
	case w.queue <- r:
	case <-ctx.Done():
		return ctx.Err()
	case <-w.quit:
		return school.ErrClosed
	}
	select {
	case <-r.done:
		return r.err
	case <-ctx.Done():
		r.taken.CompareAndSwap(false, true)
		return ctx.Err()
	case <-w.ended:
		select {
		case <-r.done:
			return r.err
		default:
			return school.ErrClosed // it came too late to be seen
		}
	}
}

func (w *writer) run() {
	defer close(w.ended)
	for {
		select {
		case <-w.quit:
			return
		case r := <-w.queue:
			w.commit(w.gather(r))
		}
	}
}

// gather is the first request and all that wait behind it, without those given up.
func (w *writer) gather(r *request) []*request {
	var rs []*request
	for {
		if r.taken.CompareAndSwap(false, true) {
			rs = append(rs, r)
		}
		if len(rs) == most {
			return rs
		}
		select {
		case r = <-w.queue:
		default:
			return rs
		}
	}
}

// commit does the requests in one transaction and answers them. When one of them fails, the others
// must not suffer for it: each is then tried alone.
func (w *writer) commit(rs []*request) {
	if len(rs) == 0 {
		return
	}
	again, err := w.transact(rs)
	if err != nil && again && len(rs) > 1 {
		for _, r := range rs {
			w.commit([]*request{r})
		}
		return
	}
	for _, r := range rs {
		if err != nil {
			r.err = err
		}
		close(r.done)
	}
}

// transact does the requests in one transaction. When it fails, again tells that it is certain that nothing
// was written.
func (w *writer) transact(rs []*request) (again bool, err error) {
	ctx := context.Background() // a transaction is never left half way
	if _, err := w.conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		_, _ = w.conn.ExecContext(ctx, "ROLLBACK") // of one that could not be rolled back before
		if _, err := w.conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
			return true, err
		}
	}
	t := &tx{w: w, versions: map[string]int64{}}
	truncate := false
	for _, r := range rs {
		t.truncate = false
		r.err = r.do(t)
		r.truncate = t.truncate
		truncate = truncate || t.truncate
		if r.err != nil && !errors.Is(r.err, school.ErrConflict) {
			w.rollback()
			return true, r.err
		}
	}
	if w.store.opts.Delay != nil {
		w.store.opts.Delay()
	}
	if _, err := w.conn.ExecContext(ctx, "COMMIT"); err != nil {
		w.rollback()
		// When the disk is full it is known that the commit is not in the file. When a sync fails it is
		// not known what the disk holds, and a second try could make it two.
		return code(err) == sqlite3.SQLITE_FULL, err
	}
	for district, v := range t.versions {
		w.versions[district] = v
		w.store.wake(district)
	}
	if truncate {
		if err := w.emptyWAL(ctx); err != nil {
			for _, r := range rs {
				if r.truncate {
					r.err = fmt.Errorf("it is deleted, but traces stay in %s-wal until this is done again: %w", w.store.path, err)
				}
			}
		}
	}
	return true, nil
}

func (w *writer) rollback() {
	// SQLite rolls some failures back by itself; then there is nothing to roll back.
	_, _ = w.conn.ExecContext(context.Background(), "ROLLBACK")
	clear(w.versions)
}

// emptyWAL moves everything from the write-ahead file into the database and makes it empty.
func (w *writer) emptyWAL(ctx context.Context) error {
	var busy, frames, moved int
	if err := w.conn.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &moved); err != nil {
		return err
	}
	if busy != 0 {
		return errors.New("another process has been reading for too long")
	}
	return nil
}

// close ends the goroutine and puts the journal away, so that the store at rest is one file.
func (w *writer) close() error {
	close(w.quit)
	<-w.ended
	for _, s := range w.stmts {
		_ = s.Close()
	}
	// Readers in other processes prevent it; then the write-ahead file stays, to be found
	// by the next writer. Nothing is lost either way.
	_, _ = w.conn.ExecContext(context.Background(), "PRAGMA busy_timeout = 0")
	_, _ = w.conn.ExecContext(context.Background(), "PRAGMA journal_mode = DELETE")
	return errors.Join(w.conn.Close(), w.db.Close())
}

// stmt is the statement of a query, prepared once.
func (t *tx) stmt(query string) (*sql.Stmt, error) {
	if s := t.w.stmts[query]; s != nil {
		return s, nil
	}
	s, err := t.w.conn.PrepareContext(context.Background(), query)
	if err != nil {
		return nil, err
	}
	t.w.stmts[query] = s
	return s, nil
}

// exec runs a statement and tells how many rows it changed.
func (t *tx) exec(query string, args ...any) (int, error) {
	s, err := t.stmt(query)
	if err != nil {
		return 0, err
	}
	res, err := s.Exec(args...)
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	return int(n), err
}

// get scans the one row of a query, and tells whether there is one.
func (t *tx) get(query string, args []any, into ...any) (bool, error) {
	s, err := t.stmt(query)
	if err != nil {
		return false, err
	}
	err = s.QueryRow(args...).Scan(into...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// script runs statements that are not worth preparing.
func (t *tx) script(query string) error {
	_, err := t.w.conn.ExecContext(context.Background(), query)
	return err
}
