package reminders

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"rounds/school"

	"github.com/google/go-cmp/cmp"
)

// rehearse plays a span on a copy of the world's log.
func (w *world) rehearse(from, to string) []Played {
	w.t.Helper()
	ctx := context.Background()
	book := w.replayed()
	defer book.Close()
	var out []Played
	if err := Rehearse(ctx, book, district, local(from), local(to), func(p Played) error { out = append(out, p); return nil }); err != nil {
		w.t.Fatal(err)
	}
	return out
}

func (w *world) replayed() *school.Book {
	ctx := context.Background()
	var events []school.Event
	if err := w.log.Read(ctx, 0, func(e school.Event) error { events = append(events, e); return nil }); err != nil {
		w.t.Fatal(err)
	}
	log := school.NewMemLog(time.Now)
	if _, err := log.Append(ctx, school.Any, "", events, nil); err != nil {
		w.t.Fatal(err)
	}
	book, err := school.Open(ctx, log)
	if err != nil {
		w.t.Fatal(err)
	}
	return book
}

// settlements are all that the log says of occurrences.
func (w *world) settlements() (out []string) {
	_ = w.book.Read(func(m *school.Model) {
		m.SentSince(time.Time{}, func(name string, s school.SentMark) {
			what := "post"
			if s.Dropped != "" {
				what = strings.TrimPrefix(s.Dropped, heldPrefix)
			}
			out = append(out, fmt.Sprintf("%s %s: %s", time.Unix(s.At, 0).In(chicago).Format("2006-01-02 15:04"), name, what))
		})
	})
	slices.Sort(out)
	return out
}

// prepared is a world in which every kind has something to say, hold or drop.
func prepared(t testing.TB) *world {
	w := newWorld(t, "2026-10-15 10:00")
	w.grow(4, 6)
	for _, room := range []string{"campus0", "team0", "team1", "team2", "team3"} {
		w.fake.Room(room)
	}
	w.record(
		school.DistrictSet{Name: "B", Zone: "America/Chicago", QuietFrom: 15 * 60, QuietTo: 7 * 60, WeeklyCap: 3},
		school.LeaveSet{Person: "coach0", From: day("2026-10-19"), To: day("2026-10-20")},
		school.Snoozed{Person: "coach1", What: "all", Until: day("2026-10-21")},
		school.MeetingSkipped{Team: "team2", Slot: day("2026-10-21")},
		school.RuleSet{Rule: school.Rule{ID: KindPlan, On: school.FirstSchoolDay, Time: 2 * 60}},
		school.RuleSet{Rule: school.Rule{ID: KindDigest, On: school.LastSchoolDay, Time: 14 * 60}},
		school.RuleSet{Rule: school.Rule{ID: KindDue, On: school.OnDays, Days: []int{1, 3}, Time: 7 * 60}},
		school.StepAdded{UID: 6, Subject: "t1", Author: "c1", On: day("2026-10-15"), By: day("2026-10-21")},
		school.DayDeclared{Span: school.Span{From: day("2026-10-26"), To: day("2026-10-26"), Class: school.NoSchool, Name: "Flood"}},
	)
	w.visit("t1")
	return w
}

// What a rehearsal says is what the clock then does: the same occurrences, at the same times, with the same ends.
func TestARehearsalIsWhatHappens(t *testing.T) {
	w := prepared(t)
	var want []string
	for _, p := range w.rehearse("2026-10-15 10:00", "2026-11-06 14:30") {
		what := p.Status
		if what != "post" {
			what = p.Reason
		}
		if what == "no school: Flood" {
			continue // what the calendar takes away is never recorded: it may give it back
		}
		want = append(want, fmt.Sprintf("%s %s: %s", p.At.Format("2006-01-02 15:04"), p.Occurrence, what))
	}
	slices.Sort(want)
	if len(want) < 60 {
		t.Fatalf("only %d things happen", len(want))
	}
	t.Run("in the demo", func(t *testing.T) {
		d := prepared(t)
		c, err := NewDemoClock(context.Background(), d.log, local("2026-10-15 10:00"), false)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		d.start(func(cfg *Config) { cfg.Now, cfg.Wall = c.Now, time.Now })
		d.fake.Now = c.Now
		c.Drive(d.runner)
		if _, err := c.Jump(context.Background(), local("2026-11-06 14:30")); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, d.settlements()); diff != "" {
			t.Errorf("-rehearsed +done:\n%s", diff)
		}
	})
	t.Run("live, every five minutes", func(t *testing.T) {
		d := prepared(t)
		for at := local("2026-10-15 10:00"); !at.After(local("2026-11-06 14:30")); at = at.Add(5 * time.Minute) {
			d.clock.set(at)
			d.scan()
		}
		if diff := cmp.Diff(want, d.settlements()); diff != "" {
			t.Errorf("-rehearsed +done:\n%s", diff)
		}
	})
}

// A rehearsal is the same each time, and leaves the record it was made from alone.
func TestARehearsalWritesNothing(t *testing.T) {
	w := prepared(t)
	before := len(w.settlements())
	a, b := w.rehearse("2026-10-15 10:00", "2026-10-30 20:00"), w.rehearse("2026-10-15 10:00", "2026-10-30 20:00")
	if diff := cmp.Diff(a, b); diff != "" {
		t.Error(diff)
	}
	if after := len(w.settlements()); after != before {
		t.Errorf("%d occurrences are settled", after-before)
	}
	if got := w.said(); len(got) > 0 {
		t.Errorf("said %q", got)
	}
}

// What the calendar takes away is told once, what still waits at the end is told as held, and texts are envelopes.
func TestWhatARehearsalTells(t *testing.T) {
	w := prepared(t)
	var closed, texts []string
	for _, p := range w.rehearse("2026-10-15 10:00", "2026-10-27 06:00") {
		switch {
		case strings.HasPrefix(p.Reason, "no school"):
			closed = append(closed, p.At.Format("02 15:04 ")+p.Occurrence)
		case p.Status == "post" && p.To == "c1":
			texts = append(texts, strings.SplitN(p.Text, "\n", 2)[0])
		}
		if (p.Status == "post") != (p.Text != "") || (p.Status == "post") == (p.Reason != "") {
			t.Errorf("%+v", p)
		}
		for _, x := range everybody {
			if p.To != "" && strings.Contains(p.Text, x.name) {
				t.Errorf("%s is named in %q", x.name, p.Text)
			}
		}
	}
	if n := len(closed); n < 5 || len(slices.Compact(slices.Sorted(slices.Values(closed)))) != n {
		t.Errorf("on the day that is off: %q", closed)
	}
	if len(texts) == 0 {
		t.Error("the coach gets nothing")
	}
}

// BenchmarkRehearse plays the whole school year.
func BenchmarkRehearse(b *testing.B) {
	for _, s := range []struct {
		name    string
		coaches int
	}{{"demo", 8}, {"500 teachers", 50}} {
		b.Run(s.name, func(b *testing.B) {
			w := newWorld(b, "2026-10-15 10:00")
			w.grow(s.coaches, 8)
			for b.Loop() {
				b.StopTimer()
				book := w.replayed()
				n := 0
				b.StartTimer()
				if err := Rehearse(context.Background(), book, district, local("2026-08-17 00:00"), local("2027-05-28 00:00"), func(Played) error { n++; return nil }); err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(n), "settled")
				b.StopTimer()
				book.Close()
				b.StartTimer()
			}
		})
	}
}
