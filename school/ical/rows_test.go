package ical

import (
	"slices"
	"strings"
	"testing"

	"rounds/school"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

const header = "confirmed,class,from,to,on,except,campuses,kinds,event,why,note,calendar,uid\n"

// near is bot.Nearest for tests: the known word with the same first letter.
func near(typed string, of []string) (string, bool) {
	for _, o := range of {
		if typed != "" && o[0] == typed[0] {
			return o, true
		}
	}
	return "", false
}

var campuses = Known{Campuses: []school.CampusID{"cedar", "oak"}, Near: near}

// checkRows writes rows and reads them: they are the same.
func checkRows(t interface {
	Helper()
	Errorf(string, ...any)
}, rows []Row,
) {
	t.Helper()
	rows = slices.Clone(rows)
	SortRows(rows)
	data := WriteRows(rows)
	got, err := ReadRows("d.csv", data, Known{})
	if err != nil {
		t.Errorf("what was written cannot be read: %v\n%s", err, data)
		return
	}
	for i := range got {
		got[i].Line = 0
	}
	for i := range rows {
		rows[i].Line = 0
	}
	if len(rows) > 0 || len(got) > 0 {
		if diff := cmp.Diff(rows, got); diff != "" {
			t.Errorf("(-written +read):\n%s", diff)
		}
	}
	if again := WriteRows(got); string(again) != string(data) {
		t.Errorf("written twice:\n%s\n%s", data, again)
	}
}

// Any rows come back as they were written: any set of days, any text.
func TestRowsRoundTrip(t *testing.T) {
	words := rapid.Custom(func(t *rapid.T) string { return oneLine(rapid.String().Draw(t, "text")) })
	row := rapid.Custom(func(t *rapid.T) Row {
		w := Row{
			Confirmed: rapid.Bool().Draw(t, "confirmed"), Class: school.DayClass(rapid.SampledFrom(classes).Draw(t, "class")),
			Event: words.Draw(t, "event"), Why: words.Draw(t, "why"), Note: words.Draw(t, "note"), Calendar: words.Draw(t, "calendar"),
			UID: rapid.SampledFrom([]string{"", "=1+1", "'=x", "@a", "-", "a,\"b\"", "1E10"}).Draw(t, "uid"),
		}
		if w.Class == undecided {
			w.Class, w.Confirmed = "", false
		}
		if rapid.Bool().Draw(t, "some") {
			w.Campuses, w.Not = []school.CampusID{"cedar", "oak"}, rapid.Bool().Draw(t, "not")
		}
		if w.Class == school.Testing || w.Class == school.Blackout {
			w.Kinds = rapid.SampledFrom([][]school.VisitKind{nil, {school.Formal}, {school.PLCVisit, school.Walkthrough}}).Draw(t, "kinds")
		}
		first := school.Date(2026, 8, 17)
		for d := range rapid.SampledFrom([]school.Day{1, 5, 30, 300}).Draw(t, "length") {
			if rapid.IntRange(0, 3).Draw(t, "in") > 0 {
				w.Days = append(w.Days, first+d)
			}
		}
		if len(w.Days) == 0 {
			w.Days = []school.Day{first}
		}
		return w
	})
	rapid.Check(t, func(t *rapid.T) { checkRows(t, rapid.SliceOfN(row, 0, 5).Draw(t, "rows")) })
}

func TestReadRows(t *testing.T) {
	rows, err := ReadRows("d.csv", []byte("\ufeff"+strings.ReplaceAll(`Confirmed,Class,from,to,on,except,campuses,kinds,event
yes,No School,11/23/2026,11/27/2026,,,,,Thanksgiving
,,,,,,,,
YES,early release,2026-09-02,2026-09-23,Wednesday,2026-09-16,not oak,,Wednesdays
x,testing,2026-10-05,,,,cedar;oak,formal;plc,"Benchmark, fall"
no,?,2026-10-12,,,,,,Columbus Day
yes,no school,2026-09-09,2026-10-14,2026-09-09;2026-10-14,,Cedar,,Two days
yes,ignore,2026-10-31,,,,,,Fair
`, "\n", "\r\n")), campuses)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		campus school.CampusID
		want   []string
	}{
		{"", []string{"2026-09-02 early release: Wednesdays", "2026-09-09 early release: Wednesdays", "2026-09-23 early release: Wednesdays", "2026-11-23..2026-11-27 no school: Thanksgiving"}},
		{"oak", []string{"2026-10-05 testing: Benchmark, fall", "2026-11-23..2026-11-27 no school: Thanksgiving"}},
		{"cedar", []string{"2026-09-02 early release: Wednesdays", "2026-09-09 early release: Wednesdays", "2026-09-09 no school: Two days", "2026-09-23 early release: Wednesdays", "2026-10-05 testing: Benchmark, fall", "2026-10-14 no school: Two days", "2026-11-23..2026-11-27 no school: Thanksgiving"}},
	} {
		if diff := cmp.Diff(c.want, days(SpansFor(rows, c.campus))); diff != "" {
			t.Errorf("%q (-want +got):\n%s", c.campus, diff)
		}
	}
	if k := rows[2].Kinds; !slices.Equal(k, []school.VisitKind{school.Formal, school.PLCVisit}) || rows[2].Line != 5 || !rows[3].Open() || rows[0].Open() {
		t.Errorf("%+v", rows)
	}
}

func TestReadRowsErrors(t *testing.T) {
	for _, c := range []struct{ row, want string }{
		{"perhaps,no school,2026-09-07", `d.csv:2:1: confirmed: "perhaps" is neither yes nor no`},
		{"yes,no scool,2026-09-07", `d.csv:2:5: class: "no scool" is not a class of days; did you mean no school?; classes: no school, staff day, early release, testing, blackout, ignore, ?`},
		{"yes,?,2026-09-07", "d.csv:2:5: class: the row is confirmed and has no class yet; write no school, staff day, early release, testing, blackout, ignore"},
		{"yes,no school,", "d.csv:2:15: from: the date is missing; write it like 2026-11-23"},
		{"yes,no school,Labor Day", `d.csv:2:15: from: "Labor Day" is not a date; write it like 2026-11-23`},
		{"yes,no school,2026-02-30", `d.csv:2:15: from: "2026-02-30" is not a date; write it like 2026-11-23`},
		{"yes,no school,0026-02-03", `d.csv:2:15: from: "0026-02-03" is in the year 26`},
		{"yes,no school,2026-09-07,2026-09-06", "d.csv:2:26: to: from 2026-09-07 to 2026-09-06 is no span of a school year"},
		{"yes,no school,2026-09-07,2029-09-06", "d.csv:2:26: to: from 2026-09-07 to 2029-09-06 is no span of a school year"},
		{"yes,no school,2026-09-07,2026-09-30,wend", `d.csv:2:37: on: "wend" is not a day of the week; did you mean wed?; known: sun, mon, tue, wed, thu, fri, sat; or write the dates, with ; between them`},
		{"yes,no school,2026-09-07,2026-09-30,2026-10-01", "d.csv:2:37: on: 2026-10-01 does not lie between 2026-09-07 and 2026-09-30"},
		{"yes,no school,2026-09-07,2026-09-30,wed,2026-10-07", "d.csv:2:41: except: 2026-10-07 does not lie between 2026-09-07 and 2026-09-30"},
		{"yes,no school,2026-09-07,2026-09-08,wed", "d.csv:2:15: from: no day is left of the row"},
		{"yes,no school,2026-09-07,,,,seder", `d.csv:2:29: campuses: "seder" is not a campus of this calendar; campuses: cedar, oak`},
		{"yes,no school,2026-09-07,,,,not cedr", `d.csv:2:29: campuses: "cedr" is not a campus of this calendar; did you mean cedar?; campuses: cedar, oak`},
		{"yes,no school,2026-09-07,,,,not cedar;oak", "d.csv:2:29: campuses: write either the campuses that the row holds for (cedar;oak) or those that it does not (not cedar;not oak)"},
		{"yes,no school,2026-09-07,,,,,formal", "d.csv:2:30: kinds: only testing and blackout close kinds of visits; the class here is no school"},
		{"yes,testing,2026-09-07,,,,,walk", `d.csv:2:28: kinds: "walk" is not a kind of visit; did you mean walkthrough?; kinds: walkthrough, coaching, formal, plc`},
		{"yes,no school,2026-09-07,,,,,,Break, spring,,,,,x", "d.csv:2:1: the row has 15 values, the header 13; a value with a comma needs straight quotes"},
		{"yes,no school,2026-09-07,,,,,,Día \"x", `d.csv:2:35: a quote is out of place, and nothing after it can be read; write "Break, spring" in straight quotes, and a quote inside as ""`},
		{"yes,no school,2026-09-07,,,,,,\xff", `d.csv:2:1: not UTF-8 text; save the table as "CSV UTF-8"`},
	} {
		rows, err := ReadRows("d.csv", []byte(header+c.row+"\n"), campuses)
		if err == nil || err.Error() != c.want || len(rows) != 0 {
			t.Errorf("%s:\n got %v\nwant %s", c.row, err, c.want)
		}
	}
	for _, c := range []struct{ data, want string }{
		{"", "d.csv:1:1: the table is empty; its first line names the columns: confirmed,class,from,to,on,except,campuses,kinds,event,why,note,calendar,uid"},
		{"confirmed,classx,from\n", "d.csv:1:11: \"classx\" is not a column of this table; did you mean confirmed?; columns: confirmed,class,from,to,on,except,campuses,kinds,event,why,note,calendar,uid\nd.csv:1:1: class: the column is missing; columns: confirmed,class,from,to,on,except,campuses,kinds,event,why,note,calendar,uid"},
		{"confirmed,class,from,class\n", `d.csv:1:22: the column "class" stands here twice`},
	} {
		if _, err := ReadRows("d.csv", []byte(c.data), campuses); err == nil || err.Error() != c.want {
			t.Errorf("%q:\n got %v\nwant %s", c.data, err, c.want)
		}
	}
}

// A row that cannot be used costs only itself.
func TestReadRowsGoesOn(t *testing.T) {
	rows, err := ReadRows("d.csv", []byte(header+"yes,no school,soon\nyes,no school,2026-09-07\n"), campuses)
	if err == nil || len(rows) != 1 || rows[0].Line != 3 {
		t.Errorf("%v %v", rows, err)
	}
}

// FuzzReadRows: no file ends the program, every row comes back or is named, and what comes back is written and read alike.
func FuzzReadRows(f *testing.F) {
	for _, name := range fixtures {
		cal, err := Read(name, fixture(f, name), year(f))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(WriteRows(Propose(cal, name, nil))))
	}
	f.Add(header + "yes,no school,9/7/2026,2026-09-30,mon;tue,2026-09-08,not oak,,'=x,\"a\nb\",,,\nx,testing,2026-09-07,,2026-09-07,,oak,formal,,,,,\"\"\"\n")
	f.Fuzz(func(t *testing.T, text string) {
		rows, err := ReadRows("d.csv", []byte(text), campuses)
		placed(t, err, "d.csv", []byte(text))
		for _, w := range rows {
			if len(w.Days) == 0 || !slices.IsSorted(w.Days) || w.To()-w.From() > maxDays || w.Confirmed && w.Class == "" || w.Class != "" && !slices.Contains(classes, string(w.Class)) {
				t.Errorf("%+v came back", w)
			}
		}
		checkRows(t, rows)
		// Lines without a quote are their own rows: each is read or named, unless the header or the file itself is refused.
		if refused(err) || strings.ContainsAny(text, "\"\r") {
			return
		}
		head := false
		for i, l := range strings.Split(strings.TrimPrefix(text, "\ufeff"), "\n") {
			switch {
			case strings.TrimSpace(strings.ReplaceAll(l, ",", " ")) == "":
			case !head:
				head = true
			case !atLine(err, i+1) && !slices.ContainsFunc(rows, func(w Row) bool { return w.Line == i+1 }):
				t.Errorf("line %d, %q, is neither read nor named: %v", i+1, l, err)
			}
		}
	})
}

func atLine(err error, line int) bool {
	return slices.ContainsFunc(problems(err), func(p *Problem) bool { return p.Line == line })
}

// refused tells whether no row could be looked at.
func refused(err error) bool {
	return slices.ContainsFunc(problems(err), func(p *Problem) bool {
		return strings.Contains(p.Message, "column") || strings.Contains(p.Message, "not UTF-8")
	})
}
