package bottest

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// update is the one -update flag of all tests that import bottest; they must not define
// their own.
var update = flag.Bool("update", false, "rewrite golden files and conversations")

// Updating tells whether -update was given.
func Updating() bool { return *update }

// Golden compares got with the file at path, and with -update writes it there.
func Golden(t testing.TB, path, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (-update writes it)", err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s differs (-file +now; -update rewrites it):\n%s", path, d)
	}
}
