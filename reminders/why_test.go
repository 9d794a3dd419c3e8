package reminders

import (
	"context"
	"strings"
	"testing"
	"time"

	"rounds/bot"
	"rounds/school"

	"github.com/google/go-cmp/cmp"
)

func (w *world) why(who bot.Person, from, to string) []string {
	w.t.Helper()
	lines, err := w.runner.Why(context.Background(), district, who, local(from), local(to))
	if err != nil {
		w.t.Fatal(err)
	}
	var out []string
	for _, l := range lines {
		s := l.At.In(chicago).Format("Jan 2 15:04") + " " + l.Status + ": " + l.What
		if l.Why != "" {
			s += " (" + l.Why + ")"
		}
		out = append(out, s)
	}
	return out
}

func TestWhy(t *testing.T) {
	w := newWorld(t, "2026-10-12 12:00")
	w.scan()
	w.scanAt("2026-10-13 07:00")
	w.at("2026-10-13 08:00")
	w.record(school.Snoozed{Person: "c1", What: "plan", Until: day("2026-10-20")})
	w.scanAt("2026-10-14 07:00")
	w.scanAt("2026-10-14 15:00")
	w.scanAt("2026-10-15 08:50")
	w.scanAt("2026-10-16 15:00")
	w.scanAt("2026-10-19 07:00")
	same(t, "the coach", w.why("c1", "2026-10-12 00:00", "2026-10-27 12:00"), []string{
		"Oct 13 07:00 sent: plan of the week",
		"Oct 14 07:00 sent: visits due soon",
		"Oct 16 15:00 sent: coaching snapshot of Cedar Ridge",
		"Oct 19 07:00 held: plan of the week (snoozed until Tue, Oct 20)",
		"Oct 21 07:00 next: visits due soon",
		"Oct 23 15:00 next: coaching snapshot of Cedar Ridge",
		"Oct 26 07:00 next: plan of the week",
	})
	same(t, "a teacher: their team's room", w.why("t1", "2026-10-12 00:00", "2026-10-22 12:00"), []string{
		"Oct 14 15:00 sent: PLC agenda for Math 7",
		"Oct 15 08:50 sent: start of the PLC meeting of Math 7",
		"Oct 21 15:00 next: PLC agenda for Math 7",
		"Oct 22 08:50 next: start of the PLC meeting of Math 7",
	})
	w.at("2026-10-21 19:00")
	w.note("2026-10-21 19:00")
	w.scan()
	same(t, "a teacher, in the evening", w.why("t1", "2026-10-21 16:00", "2026-10-22 12:00"), []string{
		"Oct 21 15:00 held: PLC agenda for Math 7 (quiet hours until 7:00 AM)",
		"Oct 21 19:00 held: notice of a shared note (quiet hours until 7:00 AM)",
		"Oct 22 08:50 next: start of the PLC meeting of Math 7",
	})
	if _, err := w.runner.Why(context.Background(), "elsewhere", "c1", local("2026-10-12 00:00"), local("2026-10-13 00:00")); err == nil {
		t.Error("another district was answered")
	}
}

func (w *world) next() string {
	w.t.Helper()
	at, what, ok, err := w.runner.Next(context.Background(), w.clock.Now())
	if err != nil {
		w.t.Fatal(err)
	}
	if !ok {
		return "nothing"
	}
	return at.In(chicago).Format("Jan 2 15:04") + " " + what
}

func TestNext(t *testing.T) {
	w := newWorld(t, "2026-10-12 12:00")
	w.scan()
	var got []string
	for range 8 {
		s := w.next()
		got = append(got, s)
		w.at("2026-" + monthDay(t, s))
		w.scan()
	}
	same(t, "a week and more", got, []string{
		"Oct 13 07:00 Plan of the week, for a leader",
		"Oct 14 07:00 Visits due soon, for a leader",
		"Oct 14 15:00 PLC agenda for Math 7",
		"Oct 15 08:50 Math 7 is about to meet",
		"Oct 16 12:00 A look at the coaching snapshot of Cedar Ridge, for its owner",
		"Oct 16 15:00 Coaching snapshot of Cedar Ridge",
		"Oct 19 07:00 Plan of the week, for a leader",
		"Oct 21 07:00 Visits due soon, for a leader",
	})
	w.at("2026-10-21 16:00")
	w.note("2026-10-21 16:30")
	if got := w.next(); got != "Oct 21 16:30 A notice" {
		t.Errorf("next is %q", got)
	}
	w.note("2026-10-21 20:00")
	w.at("2026-10-21 21:00")
	w.scan()
	if got := w.next(); got != "Oct 22 07:00 2 notices" {
		t.Errorf("deferred: next is %q", got)
	}
	w.at("2027-06-15 12:00")
	w.scan()
	if got := w.next(); got != "nothing" {
		t.Errorf("in summer: %q", got)
	}
	// Over the winter break.
	v := newWorld(t, "2026-12-18 16:00")
	v.scan()
	if got := v.next(); got != "Jan 4 07:00 Plan of the week, for a leader" {
		t.Errorf("over the break: %q", got)
	}
}

// monthDay turns "Oct 13 07:00 …" into "10-13 07:00".
func monthDay(t *testing.T, s string) string {
	f := strings.SplitN(s, " ", 4)
	at, err := time.Parse("Jan 2 15:04", strings.Join(f[:3], " "))
	if err != nil {
		t.Fatal(err)
	}
	return at.Format("01-02 15:04")
}

// Plan is pure: asking changes neither the model nor the next answer.
func TestPlanIsPure(t *testing.T) {
	w := newWorld(t, "2026-10-12 12:00")
	_ = w.book.Read(func(m *school.Model) {
		from, to := local("2026-10-12 12:00"), local("2026-11-20 12:00")
		a := Plan(m, district, from, to)
		b := Plan(m, district, from, to)
		if diff := cmp.Diff(a, b, cmp.AllowUnexported(Occurrence{})); diff != "" {
			t.Error(diff)
		}
		if len(a) < 15 {
			t.Errorf("only %d occurrences in six weeks", len(a))
		}
		seen := map[string]bool{}
		for _, o := range a {
			if seen[o.Name] {
				t.Errorf("%s twice", o.Name)
			}
			seen[o.Name] = true
			if o.Status != Due && o.Reason == "" {
				t.Errorf("%s is %s without a reason", o.Name, o.Status)
			}
		}
	})
}

func TestMarkersAreOpaqueAndShort(t *testing.T) {
	for _, name := range []string{"a", strings.Repeat("district/", 40)} {
		if m := hash(name); len(m) > 25 || strings.Contains(name, m) {
			t.Errorf("marker %q", m)
		}
	}
}
