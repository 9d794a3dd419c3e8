package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"rounds/school"

	"github.com/google/go-cmp/cmp"
)

// Whom an import takes off the roster, and whom it must know again when a new year brings new ids.

// A bulk file that would take more than a fifth of the people off needs a word.
func TestImportRemovals(t *testing.T) {
	i := newImporter(t)
	many := func(n int) map[string]string { return staffSet(n, 0) }
	i.must(nil, i.files("ten", many(10)))
	i.must(nil, i.files("eight", many(8))) // 20 % is not more
	at := i.version()
	six := i.files("six", many(6))
	out, err := i.run(nil, six)
	if err == nil || !strings.Contains(err.Error(), "nothing was written: the bulk file takes 2 of 8 people (25 %) off the roster, more than 20 %") {
		t.Errorf("got %v", err)
	}
	if !strings.Contains(out, "Left\n  t6@example.com\n  t7@example.com\n") || i.version() != at {
		t.Errorf("the refusal does not show who, or wrote %d facts:\n%s", i.version()-at, out)
	}
	if out := i.must(func(c *importCmd) { c.DryRun = true }, six); !strings.Contains(out, "Without --allow-removals this would be refused") {
		t.Errorf("dry run:\n%s", out)
	}
	i.must(func(c *importCmd) { c.AllowRemovals = true }, six)
	if got := len(i.roll()); got != 6+3 {
		t.Errorf("%d people are there: %v", got, i.roll())
	}
}

// A new year with new sourcedIds, of classes or even of people, keeps everybody and their history.
func TestImportRollover(t *testing.T) {
	i := newImporter(t)
	i.must(nil, i.files("first", staffSet(10, 0)))
	var ids []school.PersonID
	each := func() (out []school.PersonID) {
		i.look(func(m *school.Model) {
			for _, p := range m.People() {
				out = append(out, p.ID)
			}
		})
		slices.Sort(out)
		return out
	}
	ids = each()
	i.day = i.day.AddDate(1, 0, 0)
	out := i.must(nil, i.files("second", staffSet(10, 5000)))
	if !strings.Contains(out, "10 known from earlier imports; 0 added, 0 changed, 0 moved, 0 left, 10 as they were") {
		t.Errorf("rollover:\n%s", out)
	}
	if diff := cmp.Diff(ids, each()); diff != "" {
		t.Errorf("the people are others: %s", diff)
	}
	i.look(func(m *school.Model) {
		for _, p := range m.People() {
			if len(p.Stints) != 1 {
				t.Errorf("%s has %d stints; nothing happened to them", p.Name, len(p.Stints))
			}
		}
	})
	moved := staffSet(10, 5000)
	moved["users.csv"] = strings.Replace(moved["users.csv"], "u5000,,,true,c,", "u5000,,,true,o,", 1)
	i.must(nil, i.files("third", moved))
	today := school.DayOf(i.day, time.UTC)
	i.look(func(m *school.Model) {
		id, _ := m.ByEmail("t0@example.com")
		if p, ok := m.Person(id); !ok || p.On(today-1).Campus != "cedar" || p.On(today).Campus != "oak" {
			t.Errorf("a move rewrote what was before: %+v", p)
		}
	})
}
