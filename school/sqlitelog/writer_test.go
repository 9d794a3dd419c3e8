package sqlitelog

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"rounds/school"
)

// setMaxPages changes how far an open store may grow.
func setMaxPages(t *testing.T, s *Store, n int) {
	t.Helper()
	if err := s.writer.submit(t.Context(), func(tx *tx) error {
		return tx.script(fmt.Sprintf("PRAGMA max_page_count = %d", n))
	}); err != nil {
		t.Fatal(err)
	}
}

// TestFull: a store without room says so, keeps what it has, and goes on when there is room.
func TestFull(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rounds.db")
	s := mustOpen(t, path, Options{Mark: Real, MaxPages: 100})
	l := s.Log("a")
	data := []byte(`"` + strings.Repeat("x", 3000) + `"`)
	fill := func() (n int64) {
		t.Helper()
		for {
			before, err := l.Version(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			id := fmt.Sprint("c", before)
			_, err = l.Append(t.Context(), before, id, []school.Event{{Kind: "a", Data: data}, {Kind: "b", Data: data}, {Kind: "c", Data: data}},
				[]school.Text{{Key: id, Kind: "note", Subject: "p1", Body: strings.Repeat("y", 3000)}})
			after, _ := l.Version(t.Context())
			if err == nil {
				if n++; after != before+3 {
					t.Fatalf("version %d after %d", after, before)
				}
				continue
			}
			if !errors.Is(err, school.ErrFull) || !strings.Contains(err.Error(), path) {
				t.Fatalf("full: %v", err)
			}
			found, _ := l.Texts(t.Context(), id)
			if after != before || len(found) != 0 {
				t.Fatalf("an append that found the store full left version %d after %d, texts %v", after, before, found)
			}
			return n
		}
	}
	if n := fill(); n < 10 {
		t.Fatalf("full after %d appends", n)
	}
	// All that write hear of it; reading goes on.
	if _, err := l.PutIfAbsent(t.Context(), "k", make([]byte, 100_000), 0, ""); !errors.Is(err, school.ErrFull) {
		t.Errorf("keep: %v", err)
	}
	n := 0
	if err := l.Read(t.Context(), 0, func(school.Event) error { n++; return nil }); err != nil || n == 0 {
		t.Errorf("reading a full store: %d events, %v", n, err)
	}
	// Deleting makes room.
	if d, err := l.DeleteTexts(t.Context(), "p1"); err != nil || d == 0 {
		t.Fatalf("deleting from a full store: %d %v", d, err)
	}
	if fill() == 0 {
		t.Error("no room after deleting")
	}
	setMaxPages(t, s, 200)
	if fill() == 0 {
		t.Error("no room after the store may grow")
	}
	if err := s.Verify(t.Context()); err != nil {
		t.Error(err)
	}
	s.Close()
	s = mustOpen(t, path, Options{Mark: Real, MaxPages: 1}) // less than it has: it just cannot grow
	if err := s.Verify(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestFullHurtsOnlyWhoNeedsRoom: in one transaction with an append that does not fit, those
// that fit are done.
func TestFullHurtsOnlyWhoNeedsRoom(t *testing.T) {
	hold := make(chan struct{})
	held := make(chan struct{})
	var once sync.Once
	s := mustOpen(t, filepath.Join(t.TempDir(), "rounds.db"), Options{Mark: Real, MaxPages: 60, Delay: func() {
		once.Do(func() { close(held); <-hold })
	}})
	l := s.Log("a")
	results := make(chan error)
	send := func(id string, size int) {
		_, err := l.Append(context.Background(), school.Any, id, []school.Event{{Kind: id, Data: fmt.Appendf(nil, "%q", strings.Repeat("x", size))}}, nil)
		if id == "large" && errors.Is(err, school.ErrFull) {
			err = nil
		} else if id == "large" {
			err = fmt.Errorf("the large one: %w", err)
		}
		results <- err
	}
	go send("first", 10)
	<-held // the writer is busy: what comes now gathers
	const small = 10
	for i := range small {
		go send(fmt.Sprint("small", i), 10)
		if i == small/2 {
			go send("large", 1_000_000)
		}
	}
	for len(s.writer.queue) < small+1 {
		runtime.Gosched()
	}
	close(hold)
	for range small + 2 {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
	if v, err := l.Version(t.Context()); v != small+1 || err != nil {
		t.Errorf("version %d, %v", v, err)
	}
}

// TestGivenUp: what the writer had not begun when its caller gave up is not done.
func TestGivenUp(t *testing.T) {
	hold, held := make(chan struct{}), make(chan struct{})
	var once sync.Once
	s := mustOpen(t, filepath.Join(t.TempDir(), "rounds.db"), Options{Mark: Real, Delay: func() {
		once.Do(func() { close(held); <-hold })
	}})
	l := s.Log("a")
	first := make(chan error)
	begun, giveUpBegun := context.WithCancel(context.Background())
	go func() {
		_, err := l.Append(begun, school.Any, "begun", []school.Event{{Kind: "a"}}, nil)
		first <- err
	}()
	<-held
	waiting, giveUp := context.WithCancel(context.Background())
	second := make(chan error)
	go func() {
		_, err := l.Append(waiting, school.Any, "waiting", []school.Event{{Kind: "a"}}, nil)
		second <- err
	}()
	for len(s.writer.queue) == 0 {
		runtime.Gosched()
	}
	giveUp()
	giveUpBegun()
	for _, c := range []chan error{first, second} {
		if err := <-c; !errors.Is(err, context.Canceled) { // at once, though the writer is held up
			t.Error(err)
		}
	}
	close(hold)
	a, err := l.Append(t.Context(), school.Any, "begun", []school.Event{{Kind: "a"}}, nil)
	if err != nil || !a.Repeated || a.Version != 1 {
		t.Errorf("what had begun was to be finished: %+v %v", a, err)
	}
	a, err = l.Append(t.Context(), school.Any, "waiting", []school.Event{{Kind: "a"}}, nil)
	if err != nil || a.Repeated || a.Version != 2 {
		t.Errorf("what had not begun was not to be done: %+v %v", a, err)
	}
}

// TestCloseWhileWriting: who waits is answered, and what was acknowledged is there.
func TestCloseWhileWriting(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rounds.db")
	s := mustOpen(t, path, Options{Mark: Real})
	var mu sync.Mutex
	acked := map[string]bool{}
	var wg sync.WaitGroup
	going := make(chan struct{}, 1000)
	for w := range 8 {
		wg.Go(func() {
			for n := 0; ; n++ {
				id := fmt.Sprint(w, "/", n)
				_, err := s.Log("a").Append(context.Background(), school.Any, id, []school.Event{{Kind: "a"}}, nil)
				if err != nil {
					if !errors.Is(err, school.ErrClosed) {
						t.Error(err)
					}
					return
				}
				mu.Lock()
				acked[id] = true
				mu.Unlock()
				select {
				case going <- struct{}{}:
				default:
				}
			}
		})
	}
	for range 100 {
		<-going
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	wg.Wait()
	s = mustOpen(t, path, Options{Mark: Real})
	if err := s.Log("a").Read(t.Context(), 0, func(e school.Event) error {
		delete(acked, e.Command)
		return nil
	}); err != nil || len(acked) != 0 {
		t.Errorf("acknowledged and not there: %v, %v", acked, err)
	}
}

// TestScrub shows why DeleteTexts and Forget copy a table: a plain DELETE, with secure_delete and an empty
// write-ahead file, leaves bytes behind. And it shows that they take along all there is, also of earlier
// plain ones.
func TestScrub(t *testing.T) {
	for _, test := range []struct {
		table, insert, remove string
		real                  func(l school.Log) (int, error)
	}{
		{
			"text", "INSERT INTO text (district, key, kind, subject, author, class, body) VALUES ('a', ?, 'note', ?, '', '', ?)",
			"DELETE FROM text WHERE district = 'a' AND subject = ?",
			func(l school.Log) (int, error) { return l.DeleteTexts(context.Background(), "p0") },
		},
		{
			"keep", "INSERT INTO keep (district, key, subject, value, until) VALUES ('a', ?, ?, CAST(? AS BLOB), 0)",
			"DELETE FROM keep WHERE district = 'a' AND subject = ? AND subject <> ''",
			func(l school.Log) (int, error) { return l.Forget(context.Background(), "p0") },
		},
	} {
		t.Run(test.table, func(t *testing.T) {
			dir := t.TempDir()
			s := mustOpen(t, filepath.Join(dir, "rounds.db"), Options{Mark: Real, unsafeNormal: true})
			rnd := rand.New(rand.NewPCG(1, 2))
			const subjects, rows, kept = 300, 12000, 90 // pages fill, and then empty and are joined, but are not all freed
			mark := func(n int) string { return fmt.Sprintf("MARK-%03d-KRAM", n) }
			do := func(f func(tx *tx) error) {
				t.Helper()
				if err := s.writer.submit(t.Context(), f); err != nil {
					t.Fatal(err)
				}
			}
			do(func(tx *tx) error {
				for range rows {
					n := rnd.IntN(subjects)
					if _, err := tx.exec(test.insert, fmt.Sprint("k", rnd.Uint64()), fmt.Sprint("p", n), mark(n)+strings.Repeat("x", rnd.IntN(500))); err != nil {
						return err
					}
				}
				return nil
			})
			for n := subjects - 1; n >= kept; n-- {
				do(func(tx *tx) error {
					tx.truncate = n == kept
					_, err := tx.exec(test.remove, fmt.Sprint("p", n))
					return err
				})
			}
			left := func() (sum int) {
				for _, content := range files(t, dir) {
					for n := kept; n < subjects; n++ {
						sum += bytes.Count(content, []byte(mark(n)))
					}
				}
				return sum
			}
			if left() == 0 {
				t.Error("a plain DELETE left no bytes: perhaps there is no need to copy tables any more")
			}
			if n, err := test.real(s.Log("a")); n == 0 || err != nil {
				t.Fatal(n, err)
			}
			if n := left(); n != 0 {
				t.Errorf("%d markers left after the last was deleted", n)
			}
		})
	}
}

// TestDistricts: Districts names what Verify goes through.
func TestDistricts(t *testing.T) {
	s := mustOpen(t, filepath.Join(t.TempDir(), "rounds.db"), Options{Mark: Real})
	for _, d := range []string{"b", "", "a\x00", "é", "a"} {
		if _, err := s.Log(d).Append(t.Context(), school.Any, "", []school.Event{{Kind: "x"}}, nil); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := s.Districts(t.Context()); fmt.Sprintf("%q", got) != `["" "a" "a\x00" "b" "é"]` || err != nil {
		t.Errorf("%q %v", got, err)
	}
	if err := s.Verify(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestTracesWhileSomebodyReads: another process that reads for long keeps the write-ahead file from being emptied. The one
// who deletes hears of it and can do it again; those who share the transaction do not suffer.
func TestTracesWhileSomebodyReads(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, filepath.Join(dir, "rounds.db"), Options{Mark: Real})
	l := s.Log("a")
	put(t, s, "MARK")

	db, err := sql.Open("sqlite", dsn(s.Path(), "ro"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	reader, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	var n int
	if err := reader.QueryRow("SELECT count(*) FROM event").Scan(&n); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	if err := s.writer.submit(t.Context(), func(tx *tx) error { return tx.script("PRAGMA busy_timeout = 0") }); err != nil {
		t.Fatal(err)
	}
	if _, err := l.DeleteTexts(t.Context(), "p1"); err == nil || !strings.Contains(err.Error(), "traces") {
		t.Errorf("deleted beside a reader: %v", err)
	}
	if found, err := l.Texts(t.Context(), "tMARK"); err != nil || len(found) != 0 {
		t.Errorf("it is deleted all the same: %v %v", found, err)
	}
	put(t, s, "c2")
	reader.Rollback()
	if n, err := l.DeleteTexts(t.Context(), "p1"); n != 1 || err != nil { // the text of c2
		t.Errorf("done again: %d %v", n, err)
	}
	if found := filesWith(t, dir, "body of MARK"); len(found) != 0 {
		t.Errorf("left in %v", found)
	}
}
