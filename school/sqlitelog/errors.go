package sqlitelog

import (
	"errors"
	"fmt"

	"rounds/school"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// code is the primary result code of a SQLite error, or SQLITE_OK.
func code(err error) int {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code() & 0xff
	}
	return sqlite3.SQLITE_OK
}

// wrap says what was done to which file, and gives the errors that callers tell apart their
// names.
func (s *Store) wrap(doing string, err error) error {
	if err == nil || errors.Is(err, school.ErrConflict) || errors.Is(err, school.ErrClosed) {
		return err
	}
	var is error
	switch code(err) {
	case sqlite3.SQLITE_FULL:
		is = school.ErrFull
	case sqlite3.SQLITE_READONLY:
		is = school.ErrReadOnly
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		is = ErrDamaged
	default:
		return fmt.Errorf("%s %s: %w", doing, s.path, err)
	}
	return fmt.Errorf("%s %s: %w: %w", doing, s.path, is, err)
}
