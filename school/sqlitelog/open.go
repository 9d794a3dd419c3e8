package sqlitelog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"rounds/school"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

// Options say how a store is opened. Mark is required.
type Options struct {
	ReadOnly bool             // open what is there, beside a writer or without one, and write nothing
	Mark     Mark             // Demo or Real; a store of the other mark is refused
	Now      func() time.Time // the log's own clock, for leases and times to live; nil: time.Now
	MaxPages int              // refuse to grow beyond so many pages of 4 kB (school.ErrFull); 0: no limit
	Delay    func()           // called by the writer before each commit, to be a slow store in tests

	// unsafeNormal opens with synchronous=NORMAL, which loses acknowledged events at a power cut. It is the negative
	// control of crash tests, and has no other use.
	unsafeNormal bool
}

// A Store is an open database file with the logs of its districts. It is safe for
// concurrent use.
type Store struct {
	path string
	opts Options
	now  func() time.Time
	info os.FileInfo // which file it is, for those opened

	lock   *lock   // nil when read-only
	writer *writer // nil when read-only
	read   *sql.DB

	using  sync.RWMutex // held for reading while a connection of read is in use; Close takes it
	closed bool         // guarded by using
	done   chan struct{}

	mu    sync.Mutex // guards all following fields
	woken map[string]chan struct{}
}

// opened are the stores this process has open: checkHeader must not touch their files, because
// closing a descriptor would drop SQLite's locks on them.
var (
	openMu sync.Mutex // also held while a store opens or closes
	opened = map[*Store]bool{}
)

// Open opens the store at path, and makes it when there is nothing there (and opts do not say
// ReadOnly). Opening for writing ends all earlier claims.
//
// The error is, or wraps, school.ErrHeld when another process writes to it, school.ErrForeign when the file
// is not ours or of another mark, ErrDamaged, or fs.ErrNotExist for a read-only store that
// is not there. A foreign file is left as it was, byte for byte, and nothing is put beside it.
func Open(ctx context.Context, path string, opts Options) (*Store, error) {
	if opts.Mark != Demo && opts.Mark != Real {
		return nil, fmt.Errorf("open %s: the mark must be %q or %q, not %q", path, Demo, Real, opts.Mark)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	s := &Store{path: path, opts: opts, now: opts.Now, done: make(chan struct{}), woken: map[string]chan struct{}{}}
	if s.now == nil {
		s.now = time.Now
	}

	openMu.Lock()
	defer openMu.Unlock()
	if opts.ReadOnly {
		err = s.openReading(ctx)
	} else {
		err = s.openWriting(ctx)
	}
	if err != nil {
		_ = s.shut()
		return nil, err
	}
	s.info, err = os.Stat(path)
	if err != nil {
		_ = s.shut()
		return nil, err
	}
	opened[s] = true
	return s, nil
}

// look checks the file before SQLite sees it.
func (s *Store) look() error {
	info, err := os.Stat(s.path)
	if err != nil {
		return err
	}
	for other := range opened {
		if os.SameFile(info, other.info) {
			if other.opts.Mark != s.opts.Mark {
				return fmt.Errorf("%s is open as %s, not %s (%w)", s.path, other.opts.Mark, s.opts.Mark, school.ErrForeign)
			}
			return nil // it was looked at when it was opened
		}
	}
	return checkHeader(s.path, s.opts.Mark)
}

func (s *Store) openReading(ctx context.Context) error {
	if err := s.look(); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no store at %s: %w", s.path, err)
	} else if err != nil {
		return err
	}
	return s.openReader(ctx)
}

func (s *Store) openWriting(ctx context.Context) error {
	// Look before taking the lock, so that a lock file is not left beside a stranger's file.
	if err := s.look(); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	var err error
	if s.lock, err = takeLock(s.path); err != nil {
		return err
	}
	switch err := s.look(); {
	case errors.Is(err, fs.ErrNotExist):
		if err := checkNothingBeside(s.path); err != nil {
			return err
		}
		if err := create(ctx, s.path, s.opts.Mark); err != nil {
			return fmt.Errorf("make a store at %s: %w", s.path, err)
		}
	case err != nil:
		return err
	}
	if s.writer, err = newWriter(ctx, s); err != nil {
		return s.wrap("open", err)
	}
	return s.openReader(ctx)
}

// openReader opens the reading side, and finds damage that shows at once.
func (s *Store) openReader(ctx context.Context) error {
	db, err := sql.Open("sqlite", dsn(s.path, "ro", "busy_timeout(5000)", "cell_size_check(1)", "temp_store(2)"))
	if err != nil {
		return err
	}
	// A page of rows is read at a time, so few connections do for many readers, and they
	// are kept: opening one reads the schema.
	db.SetMaxOpenConns(readers)
	db.SetMaxIdleConns(readers)
	s.read = db
	var mark string
	err = db.QueryRowContext(ctx, "SELECT value FROM meta WHERE key = 'mark'").Scan(&mark)
	if err == nil && Mark(mark) != s.opts.Mark {
		err = fmt.Errorf("%s says it is %q inside and %q outside (%w)", s.path, mark, s.opts.Mark, ErrDamaged)
	}
	return s.wrap("open", err)
}

// readers is how many connections read at the same time.
const readers = 4

// create makes an empty store under another name and then gives it its own, so that there is a
// whole store or none at any moment. The caller holds the lock.
func create(ctx context.Context, path string, mark Mark) error {
	begun := path + ".new"
	for _, left := range []string{begun, begun + "-journal"} { // by one who died here
		if err := os.Remove(left); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	f, err := os.OpenFile(begun, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	db, err := sql.Open("sqlite", dsn(begun, "rw", "synchronous(FULL)", "fullfsync(1)", "secure_delete(1)"))
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	_, err = db.ExecContext(ctx, fmt.Sprintf("BEGIN; PRAGMA application_id = %d; PRAGMA user_version = %d; %s; INSERT INTO meta VALUES ('mark', '%s'); COMMIT",
		applicationID(mark), format, tables, mark))
	if closing := db.Close(); err == nil {
		err = closing
	}
	if err != nil {
		_ = os.Remove(begun)
		return err
	}
	if err := os.Rename(begun, path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// dsn is the name of a database file for the driver, however odd its path.
func dsn(path, mode string, pragmas ...string) string {
	p := filepath.ToSlash(path)
	if !strings.HasPrefix(p, "/") {
		p = "/" + p // C:/… has a drive for a first part
	}
	q := url.Values{"mode": {mode}, "_pragma": pragmas}
	return "file://" + (&url.URL{Path: p}).EscapedPath() + "?" + q.Encode()
}

// Path is the database file's absolute path.
func (s *Store) Path() string { return s.path }

// Log is the log of a district. Several of one district are the same log; closing one of them
// ends that one only.
func (s *Store) Log(district string) school.Log {
	return &log{store: s, district: district, done: make(chan struct{})}
}

// Close ends all logs, finishes what the writer has begun and gives the lock back. Closing
// twice is no error.
func (s *Store) Close() error {
	openMu.Lock()
	defer openMu.Unlock()
	s.using.Lock()
	if s.closed {
		s.using.Unlock()
		return nil
	}
	s.closed = true
	close(s.done)
	s.using.Unlock()

	delete(opened, s)
	return s.shut()
}

// shut closes what is open, readers first: the writer can then put the journal away.
func (s *Store) shut() error {
	var errs []error
	if s.read != nil {
		errs = append(errs, s.read.Close())
	}
	if s.writer != nil {
		errs = append(errs, s.writer.close())
	}
	if s.lock != nil {
		errs = append(errs, s.lock.release())
	}
	return errors.Join(errs...)
}

// changed is closed at the next append to a district. Ask for it before reading, so that no
// append falls between.
func (s *Store) changed(district string) <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.woken[district] == nil {
		s.woken[district] = make(chan struct{})
	}
	return s.woken[district]
}

// wake tells those who wait for a district's events.
func (s *Store) wake(district string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.woken[district]; c != nil {
		close(c)
		delete(s.woken, district)
	}
}
