package sqlitelog

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"rounds/school"
)

// Mark says what a store is for. A store of one mark is never opened as the other, so that made-up people
// do not get among real ones.
type Mark string

// The marks.
const (
	Demo Mark = "demo"
	Real Mark = "real"
)

// ErrDamaged says that the file is one of ours, or was, and cannot be trusted. Restore a backup.
var ErrDamaged = errors.New("the store is damaged")

// format is the version of the tables, in the header's user_version.
const format = 1

// applicationID is the header's application_id of a store of a mark: "RNDd" and "RNDr". The mark is in the
// header, besides table meta, because SQLite must not so much as open the other's file: opening replays and closing
// checkpoints the write-ahead file.
func applicationID(m Mark) uint32 {
	if m == Demo {
		return 0x524E4464
	}
	return 0x524E4472
}

// checkHeader reads the first bytes of a file, without SQLite, and tells whether it is a store of the
// mark. It changes nothing. The error of a file that is not there is fs.ErrNotExist.
//
// It closes a descriptor of the database: no connection of this process may be open on it (see doc.go).
func checkHeader(path string, mark Mark) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if info.IsDir() {
		return fmt.Errorf("%s is a directory (%w)", path, school.ErrForeign)
	}
	if info.Size() == 0 {
		// Never begun anew in silence: an empty file may be what is left of a full store.
		return fmt.Errorf("%s is empty: if it was a store, restore a backup; if not, remove it (%w)", path, ErrDamaged)
	}
	var h [100]byte
	if _, err := io.ReadFull(f, h[:]); err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("read %s: %w", path, err)
	}
	if !bytes.HasPrefix(h[:], []byte("SQLite format 3\x00")) {
		return fmt.Errorf("%s is not a SQLite file (%w)", path, school.ErrForeign)
	}
	switch id := binary.BigEndian.Uint32(h[68:]); {
	case info.Size() < int64(len(h)):
		return fmt.Errorf("%s ends within its header, at %d bytes: restore a backup (%w)", path, info.Size(), ErrDamaged)
	case id == applicationID(mark):
	case id == applicationID(Demo):
		return fmt.Errorf("%s holds a demo's made-up people, not a real district (%w)", path, school.ErrForeign)
	case id == applicationID(Real):
		return fmt.Errorf("%s holds a real district, not a demo (%w)", path, school.ErrForeign)
	default:
		return fmt.Errorf("%s is a SQLite file of another program (%w)", path, school.ErrForeign)
	}
	if v := binary.BigEndian.Uint32(h[60:]); v != format {
		return fmt.Errorf("%s has format %d, this version of Rounds knows format %d: use the version that wrote it (%w)", path, v, format, school.ErrForeign)
	}
	return checkSize(path, h, info.Size())
}

// checkSize finds a file that was cut short. Where a write-ahead file waits, it may hold the rest,
// and SQLite has to judge.
func checkSize(path string, h [100]byte, size int64) error {
	if wal, err := os.Stat(path + "-wal"); err == nil && wal.Size() > 0 {
		return nil
	}
	page := int64(binary.BigEndian.Uint16(h[16:]))
	if page == 1 {
		page = 65536
	}
	want := page * int64(binary.BigEndian.Uint32(h[28:]))
	if size < want {
		return fmt.Errorf("%s was cut short: it has %d bytes of %d; restore a backup (%w)", path, size, want, ErrDamaged)
	}
	return nil
}

// checkNothingBeside wants no remains of a database that is itself missing: a new one beside them
// would take up another's write-ahead file.
func checkNothingBeside(path string) error {
	for _, suffix := range []string{"-wal", "-journal"} {
		switch info, err := os.Stat(path + suffix); {
		case err == nil && info.Size() > 0:
			return fmt.Errorf("%s is missing, but %s%s is there: restore the file, or move that one away (%w)", path, path, suffix, ErrDamaged)
		case err != nil && !errors.Is(err, fs.ErrNotExist):
			return err
		}
	}
	return nil
}
