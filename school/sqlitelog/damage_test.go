package sqlitelog

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"rounds/school"
)

// crashImage is a store as a crash leaves it: three commits in the write-ahead file behind what is in the
// database, and where in the write-ahead file each commit ends.
type crashImage struct {
	db, wal []byte
	ends    []int // ends[i] is the size of the write-ahead file after i commits
}

func newCrashImage(t *testing.T) crashImage {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "rounds.db")
	s := mustOpen(t, path, Options{Mark: Real})
	put(t, s, "c0")
	s.Close()
	s = mustOpen(t, path, Options{Mark: Real})
	image := crashImage{ends: []int{0}}
	for i := range 3 {
		put(t, s, fmt.Sprint("c", i+1))
		wal, err := os.Stat(path + "-wal")
		if err != nil {
			t.Fatal(err)
		}
		image.ends = append(image.ends, int(wal.Size()))
	}
	content := files(t, dir)
	image.db, image.wal = content["rounds.db"], content["rounds.db-wal"]
	if len(image.wal) != image.ends[3] || image.ends[1] == 0 || image.ends[2] == image.ends[1] {
		t.Fatalf("the write-ahead file has %d bytes, commits end at %v", len(image.wal), image.ends)
	}
	return image
}

// restore writes the image to a new place.
func restore(t *testing.T, db, wal []byte) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "rounds.db")
	if err := os.WriteFile(path, db, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path+"-wal", wal, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// wantCommits wants a store at path that holds the first command and n more, whole.
func wantCommits(t *testing.T, path string, n int, what string) {
	t.Helper()
	s, err := Open(t.Context(), path, Options{Mark: Real, unsafeNormal: true}) // no need to wait for the disk here
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	defer s.Close()
	ids, err := commandsOf(s)
	if want := []string{"c0", "c1", "c2", "c3"}[:n+1]; err != nil || !slices.Equal(ids, want) {
		t.Fatalf("%s: %v %v, want %v", what, ids, err, want)
	}
	for _, id := range []string{"c0", "c1", "c2", "c3"} {
		found, err := s.Log("a").Texts(t.Context(), "t"+id)
		if err != nil || (len(found) == 1) != slices.Contains(ids, id) {
			t.Fatalf("%s: text of %s: %v %v", what, id, found, err)
		}
	}
}

// TestTornWriteAheadFile: wherever the write-ahead file ends, the store is what it was after
// some commit, and the one that had ended by there.
func TestTornWriteAheadFile(t *testing.T) {
	image := newCrashImage(t)
	wantCommits(t, restore(t, image.db, image.wal), 3, "the whole image")

	frame := 24 + 4096
	var sizes []int
	for at := 0; at <= len(image.wal); at += 509 {
		sizes = append(sizes, at)
	}
	for at := 32; at <= len(image.wal); at += frame {
		sizes = append(sizes, at-1, at, min(at+1, len(image.wal)), min(at+24, len(image.wal)))
	}
	for _, size := range sizes {
		n := 0
		for n < 3 && image.ends[n+1] <= size {
			n++
		}
		wantCommits(t, restore(t, image.db, image.wal[:size]), n, fmt.Sprintf("cut at %d of %v", size, image.ends))
	}
}

// TestFlippedBits: a bit that flips in the last commit ends the log before it; one that flips in the
// database is found, or has changed nothing that we read. No flip gives a wrong event.
func TestFlippedBits(t *testing.T) {
	image := newCrashImage(t)
	rnd := rand.New(rand.NewPCG(7, 7))
	for range 150 {
		at := image.ends[2] + rnd.IntN(image.ends[3]-image.ends[2])
		wal := bytes.Clone(image.wal)
		wal[at] ^= 1 << rnd.IntN(8)
		wantCommits(t, restore(t, image.db, wal), 2, fmt.Sprintf("a bit flipped at %d of %v", at, image.ends))
	}

	path := filepath.Join(t.TempDir(), "rounds.db")
	s := mustOpen(t, path, Options{Mark: Real})
	var want []string
	for i := range 60 {
		want = append(want, fmt.Sprint("c", i))
		put(t, s, want[i])
	}
	s.Close()
	db, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	found, unseen := 0, 0
	for range 300 {
		at := rnd.IntN(len(db))
		bad := bytes.Clone(db)
		bad[at] ^= 1 << rnd.IntN(8)
		if err := os.WriteFile(path, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Open(t.Context(), path, Options{Mark: Real, unsafeNormal: true})
		if err != nil {
			found++
			continue
		}
		ids, err := commandsOf(s)
		switch {
		case err != nil:
			found++
		case slices.Equal(ids, want):
			unseen++ // in a text, an index or empty space
		case s.Verify(t.Context()) != nil:
			found++ // events cut off at the end: seen by who verifies
		default:
			t.Fatalf("a bit flipped at %d: %d events, unnoticed", at, len(ids))
		}
		s.Close()
	}
	t.Logf("300 bits flipped in the database: %d found, %d without consequence", found, unseen)
	if found == 0 || unseen == 0 {
		t.Error("the flips did not reach both events and other things")
	}
}

// TestVerify finds what is wrong in the rows: an event that is missing, and one that was changed.
func TestVerify(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rounds.db")
	for _, test := range []struct{ change, word string }{
		{"DELETE FROM event WHERE seq = 3", "event 3 of district \"a\" is missing"},
		{"DELETE FROM event WHERE seq = 1", "event 1 of district \"a\" is missing"},
		{"UPDATE event SET data = replace(data, 'c4', 'c5') WHERE seq = 4", "event 4 of district \"a\" is not as it was written"},
		{"UPDATE event SET by = 'p2' WHERE seq = 5", "event 5"},
		{"UPDATE event SET at = 1 WHERE seq = 5", "event 5"},
		{"UPDATE event SET must = 1 WHERE seq = 2", "event 2"},
		{"UPDATE event SET seq = CASE seq WHEN 1 THEN 20 ELSE 10 END WHERE seq IN (1, 2)", "event 1"},
	} {
		os.Remove(path)
		s := mustOpen(t, path, Options{Mark: Real})
		for i := range 6 {
			put(t, s, fmt.Sprint("c", i+1))
		}
		if err := s.Verify(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := s.writer.submit(t.Context(), func(tx *tx) error { return tx.script(test.change) }); err != nil {
			t.Fatal(err)
		}
		if err := s.Verify(t.Context()); !errors.Is(err, ErrDamaged) || !bytes.Contains([]byte(err.Error()), []byte(test.word)) {
			t.Errorf("%s: %v", test.change, err)
		}
		s.Close()
	}
}

// TestChecksumSeesEveryField: no two fields can trade bytes and keep the sum.
func TestChecksumSeesEveryField(t *testing.T) {
	var s summer
	seen := map[int64]string{}
	for _, fs := range [][6]string{
		{"a", "b", "c", "d", "e", "f"},
		{"ab", "", "c", "d", "e", "f"},
		{"", "ab", "c", "d", "e", "f"},
		{"a", "b", "cd", "", "e", "f"},
		{"a", "b", "c", "d", "ef", ""},
		{"a", "b", "c", "d", "", "ef"},
		{"", "", "", "", "", "abcdef"},
		{"abcdef", "", "", "", "", ""},
	} {
		sum := s.sum(fs[0], eventOf(fs))
		if other, ok := seen[sum]; ok {
			t.Errorf("%q and %s have the same sum", fs, other)
		}
		seen[sum] = fmt.Sprintf("%q", fs)
	}
}

// TestHeaderIsOurs: the mark is where file(1) and checkHeader look for it.
func TestHeaderIsOurs(t *testing.T) {
	for mark, want := range map[Mark]string{Demo: "RNDd", Real: "RNDr"} {
		path := filepath.Join(t.TempDir(), "rounds.db")
		mustOpen(t, path, Options{Mark: mark}).Close()
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if string(b[68:72]) != want || binary.BigEndian.Uint32(b[60:]) != format {
			t.Errorf("%s: application id %q, format %d", mark, b[68:72], b[60:64])
		}
	}
}

func eventOf(fs [6]string) (e school.Event) {
	e.Kind, e.By, e.Via, e.Command, e.Data = fs[1], school.PersonID(fs[2]), fs[3], fs[4], []byte(fs[5])
	return e
}
