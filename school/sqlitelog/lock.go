package sqlitelog

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"rounds/school"
)

// A lock is an exclusive lock of the operating system on a file beside the database. It
// belongs to this open file: a second one in the same process is refused too, and the kernel lets go of it
// when the process dies, however it dies. The file itself stays; removing it would let two
// processes lock two files of one name.
type lock struct{ file *os.File }

// errLocked is what tryLock says when somebody else has the lock.
var errLocked = errors.New("locked")

// takeLock takes the lock of a database, or says who has it.
func takeLock(database string) (*lock, error) {
	path := database + ".lock"
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", database, err)
	}
	if err := tryLock(f); err != nil {
		holder := readHolder(f)
		f.Close()
		if errors.Is(err, errLocked) {
			return nil, fmt.Errorf("%s is being written to by another process%s: stop it first, or read only (%w)", database, holder, school.ErrHeld)
		}
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	// The process id is only for the message above; the lock holds without it.
	if err := f.Truncate(0); err == nil {
		_, _ = f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	}
	return &lock{f}, nil
}

// readHolder is " (process 123)", or nothing when the file does not say.
func readHolder(f *os.File) string {
	b, _ := io.ReadAll(io.LimitReader(f, 32))
	pid, err := strconv.Atoi(strings.TrimSpace(string(b)))
	if err != nil {
		return ""
	}
	return fmt.Sprintf(" (process %d)", pid)
}

// release gives the lock back.
func (l *lock) release() error { return l.file.Close() }
