package school

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// lookBook is a book of two campuses: ada at cedar, and since October at oak.
func lookBook(t *testing.T, log Log) *Book {
	t.Helper()
	ctx := context.Background()
	book, err := Open(ctx, log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(book.Close)
	_, err = book.Record(ctx, Entry{At: testNow, Facts: []Fact{
		DistrictSet{Zone: "America/Chicago"},
		PersonSet{ID: "ada", From: Date(2026, 8, 1), Role: Teacher, Campus: "cedar"},
		PersonSet{ID: "ada", From: Date(2026, 10, 1), Role: Teacher, Campus: "oak"},
		PersonSet{ID: "alice", From: Date(2026, 8, 1), Role: Coach, Campus: "cedar"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return book
}

func TestLooks(t *testing.T) {
	ctx := context.Background()
	now := testNow
	log := NewMemLog(func() time.Time { return now })
	book := lookBook(t, log)
	zone, _ := time.LoadLocation("America/Chicago")
	keep := func(n int, on Day, by PersonID, shown ...Looked) {
		t.Helper()
		at := on.At(10*60, zone)
		if err := KeepLook(ctx, log, fmt.Sprintf("call/%d", n), NewLook(at, by, "observe history", shown), shown, zone, 40); err != nil {
			t.Fatal(err)
		}
	}
	sep, oct := Date(2026, 9, 15), Date(2026, 10, 5)
	keep(1, sep, "alice", Looked{"ada", "cedar", LookVisits | LookSteps})
	keep(1, sep, "alice", Looked{"ada", "cedar", LookVisits | LookSteps}) // the same call twice is one look
	keep(2, sep, "alice", Looked{"ada", "cedar", LookStatus}, Looked{"ben", "cedar", LookStatus})
	keep(3, sep, "alice", Looked{"ben", "cedar", LookVisits})
	keep(4, oct, "super", Looked{"ada", "oak", LookStatus}, Looked{"ben", "cedar", LookStatus | LookVisits})
	got, more, err := LookDays(ctx, book, "ada", sep-10, oct+10, 10)
	if err != nil || more || len(got) != 2 {
		t.Fatalf("%+v, %v, %v", got, more, err)
	}
	if l := got[0]; l.On != oct || l.By != "super" || len(l.Alone) != 0 || !slices.Equal(l.Listed, []string{"status"}) {
		t.Errorf("in a list of two campuses: %+v", l)
	}
	if l := got[1]; l.On != sep || l.By != "alice" || !slices.Equal(l.Alone, []string{"visits", "steps"}) || !slices.Equal(l.Listed, []string{"status"}) {
		t.Errorf("alone, and in a list: %+v", l)
	}
	if got, _, _ := LookDays(ctx, book, "ada", oct+1, oct+10, 10); len(got) != 0 {
		t.Errorf("on other days: %+v", got)
	}
	if got, more, _ := LookDays(ctx, book, "ada", sep, oct, 1); len(got) != 1 || !more {
		t.Errorf("one day of two: %+v, more %v", got, more)
	}
	// Of a list nothing of the other campus stands in the value: each holds its own people.
	if err := log.List(ctx, "audit/oak/", func(_ string, v []byte) error {
		if strings.Contains(string(v), `"ben"`) {
			t.Errorf("a look kept at Oak holds somebody of Cedar: %s", v)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	// Forgetting somebody forgets the looks at them alone; looks lapse by themselves.
	if n, err := log.Forget(ctx, "ada"); err != nil || n != 1 {
		t.Errorf("forgot %d looks at ada alone (%v), want 1", n, err)
	}
	now = now.AddDate(0, 0, 41)
	if got, _, _ := LookDays(ctx, book, "ada", sep-10, oct+10, 10); len(got) != 0 {
		t.Errorf("after their days: %+v", got)
	}
}
