package sqlitelog

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"rounds/school"
)

// put appends one event and one text.
func put(t testing.TB, s *Store, command string) {
	t.Helper()
	_, err := s.Log("a").Append(context.Background(), school.Any, command,
		[]school.Event{{Kind: "visit.logged", Data: []byte(`{"command":"` + command + `"}`)}},
		[]school.Text{{Key: "t" + command, Kind: "note", Subject: "p1", Body: "body of " + command}})
	if err != nil {
		t.Fatal(err)
	}
}

// commandsOf are the command ids of the events of district a.
func commandsOf(s *Store) ([]string, error) {
	var ids []string
	err := s.Log("a").Read(context.Background(), 0, func(e school.Event) error {
		if want := `{"command":"` + e.Command + `"}`; string(e.Data) != want {
			return errors.New("wrong data went unnoticed: " + string(e.Data))
		}
		ids = append(ids, e.Command)
		return nil
	})
	return ids, err
}

// wantUntouched wants Open to fail, with an error and a word in its sentence, and to leave the directory as it is.
func wantUntouched(t *testing.T, path string, opts Options, want error, word string) {
	t.Helper()
	before := files(t, filepath.Dir(path))
	s, err := Open(t.Context(), path, opts)
	if err == nil {
		s.Close()
		t.Fatalf("%s was opened", path)
	}
	if !errors.Is(err, want) || !strings.Contains(err.Error(), word) || !strings.Contains(err.Error(), path) {
		t.Errorf("%v\nwant %v, the word %q and the path", err, want, word)
	}
	if after := files(t, filepath.Dir(path)); !maps.EqualFunc(before, after, bytes.Equal) {
		t.Errorf("files were %q and are %q, or have changed", slices.Sorted(maps.Keys(before)), slices.Sorted(maps.Keys(after)))
	}
}

func TestOpenRefusesForeignFiles(t *testing.T) {
	for name, content := range map[string]string{
		"text":   "This is not a database.\n",
		"zeroes": strings.Repeat("\x00", 8192),
		"short":  "x",
		"long":   strings.Repeat("SQLite format 4\x00", 1000),
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "rounds.db")
			if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
				t.Fatal(err)
			}
			wantUntouched(t, path, Options{Mark: Real}, school.ErrForeign, "not a SQLite file")
			wantUntouched(t, path, Options{Mark: Real, ReadOnly: true}, school.ErrForeign, "not a SQLite file")
		})
	}
	t.Run("another program's", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "rounds.db")
		db, err := sql.Open("sqlite", dsn(path, "rwc"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec("CREATE TABLE event (district); INSERT INTO event VALUES ('theirs')"); err != nil {
			t.Fatal(err)
		}
		db.Close()
		wantUntouched(t, path, Options{Mark: Real}, school.ErrForeign, "another program")
	})
	t.Run("directory", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "rounds.db")
		if err := os.Mkdir(path, 0o700); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(t.Context(), path, Options{Mark: Real}); !errors.Is(err, school.ErrForeign) {
			t.Error(err)
		}
	})
	t.Run("of a later version", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "rounds.db")
		mustOpen(t, path, Options{Mark: Real}).Close()
		change(t, path, 63, 2)
		wantUntouched(t, path, Options{Mark: Real}, school.ErrForeign, "format 2")
	})
}

// change sets one byte of a file.
func change(t *testing.T, path string, at int64, to byte) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt([]byte{to}, at); err != nil {
		t.Fatal(err)
	}
}

func TestOpenRefusesTheOtherMark(t *testing.T) {
	for mark, other := range map[Mark]Mark{Demo: Real, Real: Demo} {
		path := filepath.Join(t.TempDir(), "rounds.db")
		s := mustOpen(t, path, Options{Mark: mark})
		put(t, s, "c1")

		// Open in this process, and after it was closed, and as a crash leaves it (with a write-ahead file
		// that merely opening it by SQLite would take in).
		if _, err := Open(t.Context(), path, Options{Mark: other, ReadOnly: true}); !errors.Is(err, school.ErrForeign) {
			t.Errorf("open as %s: %v", mark, err)
		}
		crashed := filepath.Join(t.TempDir(), "crashed.db")
		copyStore(t, path, crashed)
		s.Close()
		word := map[Mark]string{Demo: "not a demo", Real: "not a real district"}[other]
		for _, readOnly := range []bool{false, true} {
			wantUntouched(t, path, Options{Mark: other, ReadOnly: readOnly}, school.ErrForeign, word)
			wantUntouched(t, crashed, Options{Mark: other, ReadOnly: readOnly}, school.ErrForeign, word)
		}
		for _, p := range []string{path, crashed} {
			s := mustOpen(t, p, Options{Mark: mark})
			if ids, err := commandsOf(s); !slices.Equal(ids, []string{"c1"}) || err != nil {
				t.Errorf("%s afterwards: %v %v", p, ids, err)
			}
		}
	}
	if _, err := Open(t.Context(), filepath.Join(t.TempDir(), "a.db"), Options{}); err == nil {
		t.Error("opened without a mark")
	}
}

// copyStore copies a database and its write-ahead file, as they are at this moment.
func copyStore(t *testing.T, from, to string) {
	t.Helper()
	for _, suffix := range []string{"", "-wal"} {
		b, err := os.ReadFile(from + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to+suffix, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOpenRefusesDamage(t *testing.T) {
	dir := t.TempDir()
	whole := filepath.Join(dir, "whole.db")
	s := mustOpen(t, whole, Options{Mark: Real})
	for i := range 40 {
		put(t, s, strings.Repeat("c", i+1))
	}
	s.Close()
	content, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "rounds.db")
	for _, size := range []int{0, 50, 99, 100, 4096, len(content) - 4096, len(content) - 1} {
		if err := os.WriteFile(path, content[:size], 0o600); err != nil {
			t.Fatal(err)
		}
		wantUntouched(t, path, Options{Mark: Real}, ErrDamaged, "restore a backup")
		wantUntouched(t, path, Options{Mark: Real, ReadOnly: true}, ErrDamaged, "restore a backup")
	}
	t.Run("missing but for its write-ahead file", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "rounds.db")
		if err := os.WriteFile(path+"-wal", content[:5000], 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Open(t.Context(), path, Options{Mark: Real})
		if !errors.Is(err, ErrDamaged) {
			s.Close()
			t.Errorf("a new store was begun beside another's write-ahead file: %v", err)
		}
	})
	t.Run("a page overwritten", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "rounds.db")
		bad := bytes.Clone(content)
		for i := range 4096 {
			bad[2*4096+i] = 0xff
		}
		if err := os.WriteFile(path, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Open(t.Context(), path, Options{Mark: Real})
		if !errors.Is(err, ErrDamaged) {
			t.Errorf("opened: %v", err)
		}
		if after, _ := os.ReadFile(path); !bytes.Equal(after, bad) {
			t.Error("the damaged file was written to")
		}
	})
}

func TestReadOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rounds.db")
	wantUntouched(t, path, Options{Mark: Real, ReadOnly: true}, fs.ErrNotExist, "no store")

	s := mustOpen(t, path, Options{Mark: Real})
	put(t, s, "c1")
	s.Close()
	lock := filepath.Base(path) + ".lock"

	// At rest it is one file (and the lock's), and a reader leaves nothing.
	before := files(t, filepath.Dir(path))
	if names := slices.Sorted(maps.Keys(before)); !slices.Equal(names, []string{"rounds.db", lock}) {
		t.Errorf("files at rest: %q", names)
	}
	r := mustOpen(t, path, Options{Mark: Real, ReadOnly: true})
	if ids, err := commandsOf(r); !slices.Equal(ids, []string{"c1"}) || err != nil {
		t.Errorf("%v %v", ids, err)
	}
	r.Close()
	if after := files(t, filepath.Dir(path)); !maps.EqualFunc(before, after, bytes.Equal) {
		t.Errorf("a reader left %q, or changed something", slices.Sorted(maps.Keys(after)))
	}

	// Beside a writer it changes neither the file nor the write-ahead file, and sees what comes.
	r = mustOpen(t, path, Options{Mark: Real, ReadOnly: true})
	s = mustOpen(t, path, Options{Mark: Real})
	put(t, s, "c2")
	before = files(t, filepath.Dir(path))
	if ids, err := commandsOf(r); !slices.Equal(ids, []string{"c1", "c2"}) || err != nil {
		t.Errorf("%v %v", ids, err)
	}
	r.Close()
	after := files(t, filepath.Dir(path))
	for _, name := range []string{"rounds.db", "rounds.db-wal"} {
		if !bytes.Equal(before[name], after[name]) {
			t.Errorf("a reader changed %s", name)
		}
	}
	put(t, s, "c3")

	// After a crash it reads what is in the write-ahead file, and does not take it into the database.
	crashed := filepath.Join(t.TempDir(), "rounds.db")
	copyStore(t, path, crashed)
	before = files(t, filepath.Dir(crashed))
	r = mustOpen(t, crashed, Options{Mark: Real, ReadOnly: true})
	if ids, err := commandsOf(r); !slices.Equal(ids, []string{"c1", "c2", "c3"}) || err != nil {
		t.Errorf("after a crash: %v %v", ids, err)
	}
	r.Close()
	after = files(t, filepath.Dir(crashed))
	for _, name := range []string{"rounds.db", "rounds.db-wal"} {
		if !bytes.Equal(before[name], after[name]) {
			t.Errorf("a reader changed %s after a crash", name)
		}
	}
}

func TestFilesArePrivate(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // a file's access is its directory's there
	}
	dir := t.TempDir()
	s := mustOpen(t, filepath.Join(dir, "rounds.db"), Options{Mark: Demo})
	put(t, s, "c1")
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 4 {
		t.Fatal(entries, err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v, %v", e.Name(), info.Mode(), err)
		}
	}
}

func TestOddPaths(t *testing.T) {
	names := []string{"a b", "50%", "100%41", "#1", "a&b=c", "é漢😀", "it's", "a;b", "a+b", "[x]"}
	if runtime.GOOS != "windows" {
		names = append(names, "what?", "a:b", `back\slash`, `"quoted"`, "new\nline")
	}
	for _, name := range names {
		dir := filepath.Join(t.TempDir(), name)
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, name+".db")
		s := mustOpen(t, path, Options{Mark: Real})
		put(t, s, "c1")
		r := mustOpen(t, path, Options{Mark: Real, ReadOnly: true})
		if ids, err := commandsOf(r); len(ids) != 1 || err != nil {
			t.Errorf("%q: %v %v", name, ids, err)
		}
		r.Close()
		s.Close()
		if got := slices.Sorted(maps.Keys(files(t, dir))); !slices.Equal(got, []string{name + ".db", name + ".db.lock"}) {
			t.Errorf("%q: files %q", name, got)
		}
	}
	t.Chdir(t.TempDir())
	s := mustOpen(t, "relative.db", Options{Mark: Real})
	if !filepath.IsAbs(s.Path()) {
		t.Errorf("path %q", s.Path())
	}
}

// TestCreatingIsWhole: what one who died while making a store left behind is no obstacle.
func TestCreatingIsWhole(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rounds.db")
	for _, left := range []string{path + ".new", path + ".new-journal"} {
		if err := os.WriteFile(left, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := mustOpen(t, path, Options{Mark: Real})
	put(t, s, "c1")
	s.Close()
	if got := files(t, filepath.Dir(path)); len(got) != 2 {
		t.Errorf("files %q", slices.Sorted(maps.Keys(got)))
	}
	if _, err := Open(t.Context(), filepath.Join(t.TempDir(), "none", "rounds.db"), Options{Mark: Real}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a directory that is not there: %v", err)
	}
}
