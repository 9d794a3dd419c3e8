package handlers

import (
	"strings"
	"testing"

	"rounds/cards"
	"rounds/school"
)

// The counts that /rounds privacy says are those of what /rounds export shows.
func TestPrivacyCounts(t *testing.T) {
	w := newTeamWorld(t)
	seen := 0
	for _, s := range testStaff {
		var lines []string
		var x *school.Export
		if err := w.book.Read(func(m *school.Model) {
			v := m.As(s.id, w.now)
			lines, x = stored(v), v.Own()
		}); err != nil {
			t.Fatal(err)
		}
		said := strings.Join(lines, "\n")
		says := func(n int, one, after string) {
			t.Helper()
			if want := cards.Count(n, one) + after; n > 0 && !strings.Contains(said, want) {
				t.Errorf("%s is not told of %q:\n%s", s.name, want, said)
			}
			seen += n
		}
		says(len(x.Visits), "visit", " to you")
		says(len(x.Steps), "action step", " of yours")
		says(len(x.Commitments), "commitment", " to PLC teams")
		says(len(x.Accounts), "chat account", "")
		says(x.VisitsMade, "visit", " that you made")
	}
	if seen < 20 {
		t.Errorf("only %d things were counted", seen)
	}
}
