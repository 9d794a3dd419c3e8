package sqlitelog

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"rounds/school/logtest"
)

// TestConformance: the promises of school.Log.
func TestConformance(t *testing.T) {
	logtest.Test(t, func(t *testing.T) logtest.Harness {
		clock := logtest.NewClock()
		path := filepath.Join(t.TempDir(), "rounds.db")
		open := func(readOnly bool) func(t *testing.T) logtest.Store {
			return func(t *testing.T) logtest.Store {
				t.Helper()
				return mustOpen(t, path, Options{Mark: Real, Now: clock.Now, ReadOnly: readOnly})
			}
		}
		return logtest.Harness{
			Open:       open(false),
			Follow:     open(true),
			Advance:    clock.Advance,
			Lease:      time.Minute,
			EndsClaims: true,
			Files:      func(t *testing.T) map[string][]byte { return files(t, filepath.Dir(path)) },
		}
	})
}

// mustOpen opens a store, and closes it when the test ends.
func mustOpen(t testing.TB, path string, opts Options) *Store {
	t.Helper()
	s, err := Open(t.Context(), path, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// filesWith names the files of a directory that hold the marker.
func filesWith(t testing.TB, dir, marker string) []string {
	t.Helper()
	var found []string
	for name, content := range files(t, dir) {
		if bytes.Contains(content, []byte(marker)) {
			found = append(found, name)
		}
	}
	return found
}

// files is the content of every file of a directory.
//
// It closes descriptors of databases that are open, which on Unix drops this process's POSIX
// locks on them. Nothing else in these tests competes for them at that moment.
func files(t testing.TB, dir string) map[string][]byte {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	content := map[string][]byte{}
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		content[e.Name()] = b
	}
	return content
}
