package ical

import (
	"fmt"
	"strings"
	"testing"

	"rounds/school"

	"github.com/google/go-cmp/cmp"
)

// proposed reads events, given as "uid|day or first..last|summary", into rows of c.ics.
func proposed(t *testing.T, events ...string) []Row {
	t.Helper()
	var texts []string
	for _, e := range events {
		f := strings.Split(e, "|")
		from, to, ok := strings.Cut(f[1], "..")
		if !ok {
			to = from
		}
		last, err := school.ParseDay(to)
		if err != nil {
			t.Fatal(err)
		}
		text := fmt.Sprintf("DTSTART;VALUE=DATE:%s\nDTEND;VALUE=DATE:%s\nSUMMARY:%s", strings.ReplaceAll(from, "-", ""), strings.ReplaceAll((last+1).String(), "-", ""), f[2])
		if f[0] != "" {
			text += "\nUID:" + f[0]
		}
		if len(f) > 3 {
			text += "\n" + f[3]
		}
		texts = append(texts, text)
	}
	cal, err := Read("c.ics", calendar(texts...), year(t))
	if err != nil {
		t.Fatal(err)
	}
	return Propose(cal, "c.ics", nil)
}

// decide sets the class of an event and confirms it.
func decide(t *testing.T, rows []Row, event string, class school.DayClass) {
	t.Helper()
	for i := range rows {
		if rows[i].Event == event {
			rows[i].Class, rows[i].Confirmed = class, true
			return
		}
	}
	t.Fatalf("no %q in %v", event, rows)
}

// brief is "yes no school 2026-09-07 Labor Day (note)".
func brief(rows []Row) (out []string) {
	for _, w := range rows {
		s := fmt.Sprintf("%s %s %s %s", yes(w.Confirmed), w.class(), written(w.Days), w.Event)
		if w.Note != "" {
			s += " (" + w.Note + ")"
		}
		out = append(out, s)
	}
	return out
}

func TestMerge(t *testing.T) {
	first := []string{"1|2026-09-07|Labor Day", "2|2026-10-12|Columbus Day", "3|2026-10-20|Concert", "4|2026-11-23..2026-11-27|Thanksgiving Break", "5|2026-11-03|Teacher Workday"}
	old := proposed(t, first...)
	decide(t, old, "Labor Day", school.NoSchool)
	decide(t, old, "Columbus Day", school.StaffDay) // a person knows better
	decide(t, old, "Concert", Ignore)
	decide(t, old, "Thanksgiving Break", school.NoSchool)
	hand := Row{Confirmed: true, Class: school.NoSchool, Days: []school.Day{school.Date(2027, 1, 22)}, Event: "Ice"}
	old = append(old, hand)
	other := Row{Class: school.NoSchool, Days: []school.Day{school.Date(2027, 1, 25)}, Event: "No School", Calendar: "oak.ics", UID: "o1"}
	old = append(old, other)
	with := func(change func(string) string) (out []string) {
		for _, e := range first {
			if e = change(e); e != "" {
				out = append(out, e)
			}
		}
		return out
	}
	all := []string{
		"yes no school 2026-09-07 Labor Day", "yes staff day 2026-10-12 Columbus Day", "no staff day 2026-11-03 Teacher Workday",
		"yes no school 2026-11-23 to 2026-11-27 Thanksgiving Break", "yes no school 2027-01-22 Ice", "no no school 2027-01-25 No School", "yes ignore 2026-10-20 Concert",
	}
	swap := func(i int, s string, more ...string) []string {
		out := append([]string{}, all...)
		out[i] = s
		return append(out, more...)
	}
	replace := func(old, new string) []string {
		return with(func(e string) string { return strings.Replace(e, old, new, 1) })
	}
	for _, c := range []struct {
		name    string
		now     []string
		want    []string
		changes string
	}{
		{"the same", first, all, "[]"},
		{"other UIDs", with(func(e string) string { return "x" + e }), all, "[]"},
		{"no UIDs", with(func(e string) string { return e[1:] }), all, "[]"},
		{"one UID for all", with(func(e string) string { return "1" + e[1:] }), all, "[]"},
		{"moved", replace("2026-10-12", "2026-10-05"), swap(1, "no staff day 2026-10-05 Columbus Day (moved; it was 2026-10-12)"), "[moved]"},
		{"moved, with another UID", replace("2|2026-10-12", "22|2026-10-05"), swap(1, "no staff day 2026-10-05 Columbus Day (moved; it was 2026-10-12)"), "[moved]"},
		{"longer", replace("2026-11-23..", "2026-11-20.."), swap(3, "no no school 2026-11-20 to 2026-11-27 Thanksgiving Break (moved; it was 2026-11-23 to 2026-11-27)"), "[moved]"},
		{"noise moved", replace("2026-10-20", "2026-10-21"), swap(6, "yes ignore 2026-10-21 Concert"), "[]"},
		{"said in other words", replace("Labor Day", "Labor Day - No School"), swap(0, "yes no school 2026-09-07 Labor Day - No School"), "[]"},
		{"says something else", replace("Thanksgiving Break", "Early Release"), swap(3, `no no school 2026-11-23 to 2026-11-27 Early Release (renamed; it was "Thanksgiving Break")`), "[renamed]"},
		{"noise that became a day off", replace("Concert", "No School"), []string{
			all[0], all[1], `no no school 2026-10-20 No School (renamed; it was "Concert")`, all[2], all[3], all[4], all[5],
		}, "[renamed]"},
		{"cancelled", replace("Thanksgiving Break", "Thanksgiving Break|STATUS:CANCELLED"), swap(3, "no no school 2026-11-23 to 2026-11-27 Thanksgiving Break (cancelled in the calendar)"), "[cancelled]"},
		{"gone", with(func(e string) string {
			if strings.HasPrefix(e, "4") {
				return ""
			}
			return e
		}), swap(3, "yes no school 2026-11-23 to 2026-11-27 Thanksgiving Break (no longer in the calendar; take the row out, or keep it)"), "[gone]"},
		{"all gone", nil, []string{
			"yes no school 2026-09-07 Labor Day (no longer in the calendar; take the row out, or keep it)", "yes staff day 2026-10-12 Columbus Day (no longer in the calendar; take the row out, or keep it)",
			"yes no school 2026-11-23 to 2026-11-27 Thanksgiving Break (no longer in the calendar; take the row out, or keep it)", all[4], all[5],
		}, "[gone gone gone gone]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			rows, changes := Merge(old, proposed(t, c.now...), "c.ics")
			if diff := cmp.Diff(c.want, brief(rows)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			var what []string
			for _, x := range changes {
				what = append(what, x.What)
			}
			if got := fmt.Sprint(what); got != c.changes {
				t.Errorf("changes %s, want %s", got, c.changes)
			}
			again, more := Merge(rows, proposed(t, c.now...), "c.ics")
			if diff := cmp.Diff(brief(rows), brief(again)); diff != "" {
				t.Errorf("a second time (-first +second):\n%s", diff)
			}
			for _, x := range more {
				if x.What != "gone" { // what is gone and in force is said until somebody takes it out
					t.Errorf("a second time %s is reported", x.What)
				}
			}
		})
	}
}

// What is new is said to be new, once it is confirmed no more; and nothing of a first import is.
func TestMergeNew(t *testing.T) {
	rows, changes := Merge(nil, proposed(t, "1|2026-09-07|Labor Day"), "c.ics")
	if len(changes) != 1 || rows[0].Note != "" {
		t.Errorf("%v %v", brief(rows), changes)
	}
	more := []string{"1|2026-09-07|Labor Day", "2|2026-10-12|No School", "3|2026-10-13|Concert"}
	rows, changes = Merge(rows, proposed(t, more...), "c.ics")
	if diff := cmp.Diff([]string{"no no school 2026-09-07 Labor Day", "no no school 2026-10-12 No School (new)", "no ignore 2026-10-13 Concert (new)"}, brief(rows)); diff != "" || len(changes) != 1 {
		t.Errorf("%v\n%s", changes, diff)
	}
	decide(t, rows, "No School", school.NoSchool)
	rows, changes = Merge(rows, proposed(t, more...), "c.ics")
	if got := brief(rows)[1]; got != "yes no school 2026-10-12 No School" || len(changes) != 0 {
		t.Errorf("%s %v", got, changes)
	}
}
