package roster

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"rounds/school"
)

var (
	visitPeople = []Person{
		{ID: "pada", Email: "ada@example.com", Role: school.AP},
		{ID: "pcy", Email: "cy@example.com", Role: school.Coach, Start: school.Date(2026, 8, 3)},
		{ID: "pbob", Email: "bob@example.com", Role: school.Teacher},
		{ID: "peve", Email: "eve@example.com", Role: school.Teacher, Start: school.Date(2026, 9, 1)},
	}
	visitNow = time.Date(2026, time.October, 15, 15, 0, 0, 0, time.UTC)
)

const visitHeader = "observer,teacher,date,minutes,kind,focus,glow,grow,evidence,id\n"

// visitBook is a small district's record.
func visitBook(t testing.TB) *school.Book {
	t.Helper()
	b, err := school.Open(context.Background(), school.NewMemLog(func() time.Time { return visitNow }))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	e := school.Entry{Command: "setup", Via: "file", At: visitNow}
	e.Facts = []school.Fact{
		school.DistrictSet{Name: "Small", Zone: "America/Chicago"},
		school.CampusSet{ID: "cedar", Name: "Cedar"},
		school.TeamSet{ID: "math", Name: "Math", Campus: "cedar"},
	}
	for _, p := range append(slices.Clone(visitPeople), Person{ID: "pgon", Email: "gone@example.com", Role: school.Teacher}) {
		e.Texts = append(e.Texts, school.Text{Key: "mail." + string(p.ID), Kind: "email", Subject: string(p.ID), Class: school.Roster, Body: p.Email})
		e.Facts = append(e.Facts, school.PersonSet{ID: p.ID, Email: "mail." + string(p.ID), From: school.Date(2026, 7, 1), Role: p.Role, Campus: "cedar", Start: p.Start})
	}
	e.Facts = append(e.Facts, school.PersonLeft{ID: "pgon", On: school.Date(2026, 10, 1)})
	if _, err := b.Record(context.Background(), e); err != nil {
		t.Fatal(err)
	}
	return b
}

func knownVisits(m *school.Model) Known {
	return Known{People: visitPeople, Teams: []school.TeamID{"math"}, Focus: school.DefaultFocus, Model: m, Today: school.Date(2026, 10, 15)}
}

// bring plans a table and records it.
func bring(t testing.TB, b *school.Book, csv string) VisitReport {
	t.Helper()
	var e school.Entry
	var rep VisitReport
	err := b.Read(func(m *school.Model) {
		table, _ := ReadVisits("visits.csv", []byte(csv), knownVisits(m))
		e, rep = PlanVisits(m, table, visitNow)
	})
	if err == nil && len(e.Facts) > 0 {
		_, err = b.Record(context.Background(), e)
	}
	if err != nil {
		t.Fatal(err)
	}
	return rep
}

// visitsTo is what the observer sees of the visits to somebody, oldest first.
func visitsTo(t testing.TB, b *school.Book, observer, subject school.PersonID) (out []string) {
	t.Helper()
	err := b.Read(func(m *school.Model) {
		list, _ := m.As(observer, visitNow).Visits(subject)
		for _, x := range slices.Backward(list) {
			s := fmt.Sprintf("%s %s %d %s v%d", x.On, x.Kind, x.Minutes, strings.Join(x.Focus, ";"), x.Version)
			keys := make([]string, 0, 3)
			for _, k := range []string{"glow", "grow", "evidence"} {
				keys = append(keys, x.Texts[k])
			}
			texts, _ := b.Log().Texts(context.Background(), keys...)
			for _, k := range keys {
				if texts[k].Body != "" {
					s += " " + texts[k].Body
				}
			}
			out = append(out, s)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestPlanVisits(t *testing.T) {
	b := visitBook(t)
	first := visitHeader + `cy@example.com,bob@example.com,2026-09-08,12,,discourse,Calm start,,,
cy@example.com,bob@example.com,2026-09-08,10,coaching,,,,,
cy@example.com,math,2026-09-15,40,,,,,,
ada@example.com,gone@example.com,2026-09-16,5,,,,,,a7
cy@example.com,bob@example.com,2026-09-08,10,coaching,,,,,
`
	rep := bring(t, b, first)
	if fmt.Sprint(rep.Added, rep.Duplicates, rep.Problems) != "[2 3 4 5] [{6 3}] []" {
		t.Errorf("%+v", rep)
	}
	if got, want := visitsTo(t, b, "pcy", "pbob"), []string{"2026-09-08 coaching 12 discourse v1 Calm start", "2026-09-08 coaching 10  v1"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	before, _ := b.Log().Version(context.Background())
	if rep = bring(t, b, first); len(rep.Same) != 4 || len(rep.Added)+len(rep.Changed) > 0 {
		t.Errorf("again: %+v", rep)
	}
	if after, _ := b.Log().Version(context.Background()); after != before {
		t.Errorf("the same file again wrote %d facts", after-before)
	}

	// The first visit says something else, the second is not in the file any more, the one with an id took place a day later.
	rep = bring(t, b, visitHeader+`cy@example.com,bob@example.com,2026-09-08,14,,discourse,Calm start to the hour,,,
cy@example.com,math,2026-09-15,40,,,,,,
ada@example.com,gone@example.com,2026-09-17,5,,,,,,a7
`)
	if fmt.Sprint(rep.Changed, rep.Same, rep.Vanished) != "[{2 [minutes words]} {4 [date]}] [3] [2026-09-08 coaching]" {
		t.Errorf("%+v", rep)
	}
	if got, want := visitsTo(t, b, "pcy", "pbob"), []string{"2026-09-08 coaching 14 discourse v2 Calm start to the hour", "2026-09-08 coaching 10  v1"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	// And back: no visit is logged a second time.
	if rep = bring(t, b, first); fmt.Sprint(rep.Changed, rep.Same, rep.Added) != "[{2 [minutes words]} {5 [date]}] [3 4] []" {
		t.Errorf("%+v", rep)
	}
	if got := visitsTo(t, b, "pcy", "pbob"); len(got) != 2 || got[0] != "2026-09-08 coaching 12 discourse v3 Calm start" {
		t.Errorf("%q", got)
	}
}

// What was logged in chat is not counted twice, and what was taken back there stays so.
func TestPlanVisitsBesideTheChat(t *testing.T) {
	b := visitBook(t)
	chat := func(f school.Fact) int64 {
		done, err := b.Record(context.Background(), school.Entry{By: "pcy", Via: "fake", At: visitNow, Facts: []school.Fact{f}})
		if err != nil {
			t.Fatal(err)
		}
		return done.First
	}
	chat(school.VisitLogged{UID: 7, Observer: "pcy", Subject: "pbob", Visit: school.CoachingVisit, On: school.Date(2026, 9, 8), Minutes: 12})
	csv := visitHeader + "cy@example.com,bob@example.com,2026-09-08,11,,,,,,\ncy@example.com,bob@example.com,2026-09-09,9,,,,,,\n"
	for range 2 {
		rep := bring(t, b, csv)
		if fmt.Sprint(rep.InChat) != "[2]" || len(visitsTo(t, b, "pcy", "pbob")) != 2 {
			t.Errorf("%+v", rep)
		}
	}
	var n int64
	_ = b.Read(func(m *school.Model) { n = m.Version() - 1 }) // the file's visit, before file.applied
	chat(school.VisitVoided{Visit: n})
	if rep := bring(t, b, strings.Replace(csv, "09,9,", "09,15,", 1)); fmt.Sprint(rep.TakenBack, rep.Changed) != "[3] []" {
		t.Errorf("%+v", rep)
	}
}

func TestVisitRowsThatCannotBeUsed(t *testing.T) {
	b := visitBook(t)
	for _, c := range []struct{ row, want string }{
		{"cz@example.com,bob@example.com,2026-09-08,,,,,,,", `visits.csv:2:1: observer: "cz@example.com" is not in people.csv; did you mean cy@example.com?`},
		{"bob@example.com,eve@example.com,2026-09-08,,,,,,,", `visits.csv:2:1: observer: "bob@example.com" is a teacher; visits are made by lead, coach, ap, principal or supervisor`},
		{"cy@example.com,mahh,2026-09-08,,,,,,,", `visits.csv:2:16: teacher: "mahh" is not in people.csv; did you mean math?`},
		{"cy@example.com,eve@example.com,2026-08-31,,,,,,,", `visits.csv:2:32: date: 2026-08-31 is before "eve@example.com" started, on 2026-09-01`},
		{"cy@example.com,bob@example.com,2026-07-31,,,,,,,", `visits.csv:2:32: date: 2026-07-31 is before "cy@example.com" started, on 2026-08-03`},
		{"cy@example.com,gone@example.com,2026-10-05,,,,,,,", `visits.csv:2:33: date: "gone@example.com" was not on the roster on 2026-10-05`},
		{"cy@example.com,bob@example.com,2026-10-16,,,,,,,", `visits.csv:2:32: date: 2026-10-16 has not come yet`},
		{"cy@example.com,bob@example.com,2026-09-31,,,,,,,", `visits.csv:2:32: date: "2026-09-31" is not a date; write it like 2026-10-30 or 10/30/2026`},
		{"cy@example.com,bob@example.com,2026-09-08,601,,,,,,", `visits.csv:2:43: minutes: "601" is not a whole number from 0 to 600`},
		{"cy@example.com,bob@example.com,2026-09-08,,formal,,Fine,,,", `visits.csv:2:52: glow: a formal observation has no words here; its write-up stays in the appraisal system`},
		{"cy@example.com,bob@example.com,2026-09-08,,,discorse,,,,", `visits.csv:2:45: focus: "discorse" is not a focus area; did you mean discourse?; focus areas: routines, belonging, engagement, behavior, rigor, questioning, discourse, modeling, monitoring, feedback, reteach`},
		{"cy@example.com,bob@example.com,2026-09-08,,,,,,," + strings.Repeat("x", 101), `visits.csv:2:49: id: an id has at most 100 characters`},
	} {
		rep := bring(t, b, visitHeader+c.row+"\n")
		if len(rep.Problems) != 1 || rep.Problems[0].Error() != c.want || rep.Bad != 1 {
			t.Errorf("%s:\n got %v\nwant %s", c.row, rep.Problems, c.want)
		}
	}
	// The same id for two visits, and an id that changed its teacher.
	rep := bring(t, b, visitHeader+"cy@example.com,bob@example.com,2026-09-08,,,,,,,7\ncy@example.com,bob@example.com,2026-09-09,,,,,,,7\n")
	if len(rep.Problems) != 1 || rep.Problems[0].Error() != `visits.csv:3:49: id: "7" is on line 2 already; every visit has its own` {
		t.Errorf("%v", rep.Problems)
	}
	rep = bring(t, b, visitHeader+"cy@example.com,eve@example.com,2026-09-08,,,,,,,7\n")
	if len(rep.Problems) != 1 || !strings.HasPrefix(rep.Problems[0].Error(), "visits.csv:2:16: teacher: the visit of this id is on record with another observer or teacher") {
		t.Errorf("%v", rep.Problems)
	}
}

// A district's focus area that left the list is good for the visits of its time.
func TestPastFocusInVisits(t *testing.T) {
	b := visitBook(t)
	bring(t, b, visitHeader+"cy@example.com,bob@example.com,2026-09-08,,,discourse,,,,\n")
	_, err := b.Record(context.Background(), school.Entry{Via: "file", At: visitNow, Facts: []school.Fact{
		school.DistrictSet{Name: "Small", Zone: "America/Chicago", FocusAreas: []school.Focus{{Key: "talk", Name: "Talk", Family: school.FocusFamilies[2]}}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	_ = b.Read(func(m *school.Model) {
		k := knownVisits(m)
		k.Focus = m.Focus()
		table, err := ReadVisits("visits.csv", []byte(visitHeader+"cy@example.com,bob@example.com,2026-09-09,,,discourse,,,,\n"), k)
		if err != nil || len(table.Visits) != 1 {
			t.Error(err)
		}
	})
}

// FuzzVisits: whatever the table, nothing panics, every row is a visit, a duplicate or named in a problem, and what is
// planned is what was read.
func FuzzVisits(f *testing.F) {
	f.Add([]byte(visitHeader + "cy@example.com,bob@example.com,2026-09-08,12,,discourse,Calm,,,\n"))
	f.Add([]byte("observer,teacher,date\ncy@example.com,bob@example.com,9/8/2026\ncy@example.com,bob@example.com,9/8/2026\n\"a\"b,c\n"))
	f.Add([]byte("\ufeffobserver;teacher\r\n“x,y”,z,"))
	f.Add([]byte(visitHeader + "a,b,c,d,e,f,g,h,i,j,k\n,,,,,,,,,\ncy@example.com,math,2026-09-08,,,,,,,1\ncy@example.com,math,2026-09-08,,,,,,,1\n"))
	b := visitBook(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		_ = b.Read(func(m *school.Model) {
			table, err := ReadVisits("visits.csv", data, knownVisits(m))
			named := map[int]bool{}
			for _, p := range table.Problems {
				named[p.Line] = true
			}
			if (err == nil) != (len(table.Problems) == 0) {
				t.Errorf("error %v with %d problems", err, len(table.Problems))
			}
			lines := map[int]bool{}
			for _, v := range table.Visits {
				lines[v.Line] = true
			}
			for _, d := range table.Duplicates {
				if !lines[d.Of] || d.Of >= d.Line {
					t.Errorf("line %d is said to repeat line %d, which is no visit before it", d.Line, d.Of)
				}
				lines[d.Line] = true
			}
			for n := range lines {
				delete(named, n)
			}
			if len(lines)+len(named) < table.Rows {
				t.Errorf("%d rows, of which %d are visits or duplicates and %d are named in problems", table.Rows, len(lines), len(named))
			}
			e, rep := PlanVisits(m, table, visitNow)
			logged := 0
			for _, f := range e.Facts {
				if _, ok := f.(school.VisitLogged); ok {
					logged++
				}
			}
			if logged != len(rep.Added) || len(rep.Added)+len(rep.Same)+len(rep.InChat)+len(rep.Changed) != len(table.Visits) {
				t.Errorf("%d visits planned of %d: %+v", logged, len(table.Visits), rep)
			}
		})
	})
}

// bigTable is a table of n good visits, every fifth with words.
func bigTable(n int) string {
	var b strings.Builder
	b.WriteString(visitHeader)
	for i := range n {
		glow := ""
		if i%5 == 0 {
			glow = "Calm start"
		}
		fmt.Fprintf(&b, "cy@example.com,bob@example.com,%s,%d,,discourse,%s,,,row-%d\n", school.Date(2026, 8, 17)+school.Day(i%40), 5+i%30, glow, i)
	}
	return b.String()
}

func BenchmarkVisits20000(b *testing.B) {
	good, bad := []byte(bigTable(20_000)), []byte(strings.ReplaceAll(bigTable(20_000), "bob@", "bobb@"))
	book := visitBook(b)
	for _, c := range []struct {
		name string
		data []byte
	}{{"good", good}, {"every row bad", bad}} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				_ = book.Read(func(m *school.Model) {
					table, _ := ReadVisits("visits.csv", c.data, knownVisits(m))
					if len(table.Visits)+len(table.Problems) < 20_000 {
						b.Fatalf("%d visits, %d problems", len(table.Visits), len(table.Problems))
					}
					PlanVisits(m, table, visitNow)
				})
			}
		})
	}
}
