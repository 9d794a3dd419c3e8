package main

import (
	"context"
	"encoding/json"
	"path/filepath"
	"testing"
	"time"

	"rounds/school"
	"rounds/seeds"

	"github.com/google/go-cmp/cmp"
)

// demoConfig reads the made-up district's files without a folder.
func demoConfig(t testing.TB, seed uint64) *Config {
	t.Helper()
	files := seeds.DemoFiles(seed)
	cfg, err := loadConfig("", "district.yaml", func(name string) ([]byte, error) { return files[name], nil })
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

func openBook(t testing.TB) *school.Book {
	t.Helper()
	book, err := school.Open(context.Background(), school.NewMemLog(time.Now))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(book.Close)
	return book
}

// demoBook is the made-up district with its history, as the demo loads it.
func demoBook(t testing.TB, seed uint64) (*school.Book, []school.Entry) {
	t.Helper()
	book := openBook(t)
	ctx := context.Background()
	if _, err := ApplyFiles(ctx, book, demoConfig(t, seed).WithoutVisits(), seeds.DemoFilesAt()); err != nil {
		t.Fatal(err)
	}
	var history []school.Entry
	if err := book.Read(func(m *school.Model) { history = seeds.DemoHistory(seed, m) }); err != nil {
		t.Fatal(err)
	}
	var events []school.Event
	var texts []school.Text
	for _, e := range history {
		for _, f := range e.Facts {
			ev, err := school.NewEvent(f, e.By, e.Via, e.At)
			if err != nil {
				t.Fatal(err)
			}
			events = append(events, ev)
		}
		texts = append(texts, e.Texts...)
	}
	done, err := book.Log().Append(ctx, school.Any, "history", events, texts)
	if err != nil {
		t.Fatal(err)
	}
	if err := book.Await(ctx, done.Version); err != nil {
		t.Fatal(err)
	}
	return book, history
}

// standing is every duty of a book on the day of the demo.
func standing(t testing.TB, book *school.Book) (out []targetStanding) {
	t.Helper()
	err := book.Read(func(m *school.Model) {
		for _, d := range m.AllDuties(school.DayOf(seeds.DemoStart(), m.Zone())) {
			out = append(out, targetStanding{d.Target.ID, d.Subject, d.Team, d.Required, d.Done, d.SinceLast, d.LastOn, d.Due, d.Status})
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

type targetStanding struct {
	Target         string
	Subject        school.PersonID
	Team           school.TeamID
	Required, Done int
	SinceLast      int
	LastOn, Due    school.Day
	Status         school.Status
}

// The files that the demo writes say the same of every target as the demo itself.
func TestDemoFilesStandLikeTheDemo(t *testing.T) {
	for seed := range uint64(3) {
		seed += seeds.DemoSeed
		dir := filepath.Join(t.TempDir(), "district")
		if err := seeds.WriteDemo(dir, seed); err != nil {
			t.Fatal(err)
		}
		cfg, err := LoadConfig(filepath.Join(dir, "district.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		written := openBook(t)
		if _, err := ApplyFiles(context.Background(), written, cfg, seeds.DemoStart()); err != nil {
			t.Fatal(err)
		}
		demo, _ := demoBook(t, seed)
		if diff := cmp.Diff(standing(t, demo), standing(t, written)); diff != "" {
			t.Errorf("seed %d (-demo +files):\n%s", seed, diff)
		}
	}
}

func TestDemoAppliedTwice(t *testing.T) {
	book := openBook(t)
	cfg := demoConfig(t, seeds.DemoSeed)
	for range 2 {
		reports, err := ApplyFiles(context.Background(), book, cfg, seeds.DemoFilesAt())
		if err != nil {
			t.Fatal(err)
		}
		t.Log(reports)
		if got := changes(reports); len(got) == 0 {
			return
		}
	}
	t.Error("the second time changed something")
}

// The demo shows a little of everything.
func TestDemoIsWorthShowing(t *testing.T) {
	book, history := demoBook(t, seeds.DemoSeed)
	if n := len(history); n < 1000 || n > 6000 {
		t.Errorf("%d entries of history", n)
	}
	count := map[school.Status]int{}
	for _, s := range standing(t, book) {
		if s.Target != "formal" {
			count[s.Status]++
		}
	}
	t.Log(count)
	for status, least := range map[school.Status]int{school.Met: 15, school.DueSoon: 5, school.Behind: 5, school.OnPace: 15, school.OnHoldLeave: 1} {
		if count[status] < least {
			t.Errorf("%d are %s, want at least %d", count[status], status, least)
		}
	}
	err := book.Read(func(m *school.Model) {
		now := seeds.DemoStart()
		if got := m.Calendar("cedar").WeekNumber(school.DayOf(now, m.Zone())); got != 9 {
			t.Errorf("the demo starts in week %d, want 9", got)
		}
		alice, _ := m.ByEmail("alice@example.com")
		bob, _ := m.ByEmail("bob@example.com")
		w, ok := m.Week(alice, now)
		t.Logf("Alice: %d of %d, %d to go, %d days left, %d behind", w.Done, w.Of(), w.ToGo, w.DaysLeft, w.Behind)
		if !ok || w.Done < 10 || w.ToGo < 3 || w.ToGo > 7 || w.DaysLeft != 2 || w.Behind < 1 {
			t.Errorf("Alice's week: %+v", w)
		}
		found := false
		for _, d := range w.List {
			found = found || d.Subject == bob && d.Target.ID == "weekly" && d.Status == school.DueSoon
		}
		if !found {
			t.Error("Bob is not among Alice's visits to go")
		}
		caseload := 0
		for _, p := range m.People() {
			for _, o := range p.Now().Observers {
				if o == alice {
					caseload++
				}
			}
		}
		if caseload < 14 || caseload > 17 {
			t.Errorf("Alice has a caseload of %d", caseload)
		}
		v := m.As(bob, now)
		if n, _, open := v.HasOpenStep(bob); open {
			t.Errorf("Bob has the open step %d", n)
		}
		if steps, _ := v.StepsOf(bob, false); len(steps) < 2 {
			t.Errorf("Bob had %d steps", len(steps))
		}
		if steps := m.As(alice, now).OpenSteps(); len(steps) < 5 {
			t.Errorf("Alice follows %d open steps", len(steps))
		}
		for _, email := range seeds.DemoPersonas() {
			if _, ok := m.ByEmail(email); !ok {
				t.Errorf("%s is not on the roster", email)
			}
		}
		if len(m.FindPeople("nguyen", "cedar")) != 2 {
			t.Error("an ambiguous last name is missing at cedar")
		}
		if len(m.FindPeople("garcia", "liveoak")) != 1 {
			t.Error("the name that is at both campuses does not mean the near one")
		}
		for _, tm := range m.Teams() {
			if len(m.Commitments(tm.ID)) == 0 {
				t.Errorf("%s has no open commitment", tm.ID)
			}
			if slot, ok := m.NextSlot(tm, school.DayOf(now, m.Zone())); ok && slot < school.Date(2026, 10, 22) && len(m.Items(tm.ID, slot)) == 0 {
				t.Errorf("%s has nothing queued for %s", tm.ID, slot)
			}
		}
		for _, c := range m.Campuses() {
			s := m.Snapshot(c.ID, now)
			if !s.OnPace.Reportable() || len(s.Focus) < 4 || len(s.Trend) < 7 || s.Held == 0 {
				t.Errorf("%s: the digest would be thin: %+v", c.ID, s)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Every entry speaks only of what is on record before it.
func TestDemoHistoryRefersBack(t *testing.T) {
	book, _ := demoBook(t, seeds.DemoSeed)
	kinds := map[int64]string{}
	err := book.Log().Read(context.Background(), 0, func(e school.Event) error {
		kinds[e.Version] = e.Kind
		f := map[string]any{}
		if err := json.Unmarshal(e.Data, &f); err != nil {
			return err
		}
		for field, kind := range map[string]string{"visit": "visit.logged", "step": "step.added", "commitment": "plc.commitment", "replaces": "step.added"} {
			if e.Kind == "visit.logged" {
				continue // its "visit" is the kind of visit
			}
			if n, ok := f[field].(float64); ok && n != 0 && kinds[int64(n)] != kind {
				t.Errorf("event %d (%s) takes event %d for a %s; it is a %q", e.Version, e.Kind, int64(n), kind, kinds[int64(n)])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Whatever the seed, the district can be read.
func TestDemoSeeds(t *testing.T) {
	for seed := range uint64(25) {
		cfg := demoConfig(t, seed)
		if len(cfg.People) != 70 || len(cfg.Teams) != 11 {
			t.Errorf("seed %d: %d people, %d teams", seed, len(cfg.People), len(cfg.Teams))
		}
	}
}

// BenchmarkDemo is the made-up district from nothing to a full record: it must feel instant.
func BenchmarkDemo(b *testing.B) {
	for b.Loop() {
		demoBook(b, seeds.DemoSeed)
	}
}
