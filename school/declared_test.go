package school

import "testing"

// A day is what was said of it last: closed, taken back for one campus, closed again.
func TestDeclaredAndRestored(t *testing.T) {
	c := newCampus(t, Span{From: Date(2026, 11, 25), To: Date(2026, 11, 27), Class: NoSchool, Name: "Thanksgiving"})
	c.add(CampusSet{ID: "oak", Name: "Oak"})
	mon, fri := Date(2026, 10, 26), Date(2026, 10, 30)
	school := func(want string, days ...Day) {
		t.Helper()
		for _, d := range days {
			got := ""
			for _, id := range []CampusID{"cedar", "oak"} {
				if c.m.Calendar(id).School(d) {
					got += string(id) + " "
				}
			}
			if got != want {
				t.Errorf("%s is a school day of %q, want %q", d, got, want)
			}
		}
	}
	both := "cedar oak "
	school(both, mon, fri)
	c.add(DayDeclared{"", Span{From: mon, To: fri, Class: NoSchool, Name: "Flood"}})
	school("", mon, mon+2, fri)
	if d := c.m.Declared("oak", fri, fri+3); len(d) != 1 || d[0].Name != "Flood" || d[0].N != c.n {
		t.Errorf("declared: %+v", d)
	}
	c.add(DayRestored{"oak", mon + 2, mon + 2}) // Oak's streets are dry on Wednesday
	school("oak ", mon+2)
	school("", mon, mon+1, mon+3, fri)
	if d := c.m.Declared("oak", mon, fri); len(d) != 2 || d[0].To != mon+1 || d[1].From != mon+3 {
		t.Errorf("what is left of it at Oak: %+v", d)
	}
	c.add(DayDeclared{"oak", Span{From: mon + 2, To: mon + 2, Class: NoSchool, Name: "Ice"}})
	school("", mon+2)
	if !c.m.Without("oak", mon+2, mon+2).School(mon + 2) {
		t.Error("Without leaves a declaration standing")
	}
	c.add(DayRestored{"", mon, fri}, DayRestored{"", mon, fri}) // a second time it changes nothing
	school(both, mon, mon+2, fri)
	if d := c.m.Declared("oak", mon, fri); len(d) != 0 {
		t.Errorf("left after all was restored: %+v", d)
	}
	c.add(DayRestored{"", Date(2026, 11, 25), Date(2026, 11, 25)})
	school("", Date(2026, 11, 25)) // what the calendar itself closes stays closed
}

func TestRestoredMustBeKnown(t *testing.T) {
	e, err := NewEvent(DayRestored{}, "", "test", testNow)
	if err != nil || !e.Must {
		t.Errorf("%+v, %v: a program that passes it over holds a school day closed", e, err)
	}
}
