package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rounds/school"
)

// A row that held for one campus leaves it when it is taken out, also where the file's name changed meanwhile: what a campus
// follows is kept under its own name in the log.
func TestExceptionsLeave(t *testing.T) {
	const row = "confirmed,class,from,to,campuses\nyes,no school,2026-09-09,2026-09-11,%s\n"
	book := openBook(t)
	oak := edit{"district.yaml", "calendars:", "  - {id: oak, name: Oak}\ncalendars:"}
	days := func(name, campuses string) []edit {
		return []edit{oak, {"district.yaml", "file: calendar.ics", "days: " + name}, {name, "", fmt.Sprintf(row, campuses)}}
	}
	for i, c := range []struct {
		edits            []edit
		all, cedar, oaks int // school days of the week of Labor Day
	}{
		{days("a.csv", "cedar"), 5, 2, 5},
		{days("a.csv", "not cedar"), 2, 5, 2},
		{days("a.csv", ""), 2, 2, 2},
		{days("b.csv", "oak"), 5, 5, 2},
		{days("a.csv", ""), 2, 2, 2},
		{[]edit{oak}, 4, 4, 4}, // the .ics alone has Labor Day
		{days("a.csv", ""), 2, 2, 2},
	} {
		at := time.Date(2026, 8, 1+i, 12, 0, 0, 0, time.UTC).Format(time.RFC3339)
		apply(t, book, at, c.edits...)
		model(t, book, func(m *school.Model) {
			mon := school.Date(2026, 9, 7)
			got := [3]int{m.Calendar("").SchoolDays(mon, mon+4), m.Calendar("cedar").SchoolDays(mon, mon+4), m.Calendar("oak").SchoolDays(mon, mon+4)}
			if want := [3]int{c.all, c.cedar, c.oaks}; got != want {
				t.Errorf("state %d: school days %v, want %v", i, got, want)
			}
		})
		if again := changes(apply(t, book, at, c.edits...)); len(again) > 0 {
			t.Errorf("state %d: the same files changed %v", i, again)
		}
	}
}

// The log of a server says how many rows wait and where, and no name of an event.
func TestServeSaysUnconfirmed(t *testing.T) {
	dir := daysDir(t)
	importICS(t, dir).went(t)
	change(t, dir, "district.yaml", "file: calendar.ics", "days: calendar.days.csv")
	cfg, err := LoadConfig(filepath.Join(dir, "district.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	c := &serveCmd{now: func() time.Time { return time.Date(2026, 10, 15, 15, 0, 0, 0, time.UTC) }}
	if err := c.apply(context.Background(), openBook(t), cfg, slog.New(slog.NewTextHandler(&b, nil))); err != nil {
		t.Fatal(err)
	}
	if s := b.String(); !strings.Contains(s, `rows=3 at="calendar.days.csv:2 calendar.days.csv:3 calendar.days.csv:4"`) || strings.Contains(s, "Labor Day") {
		t.Errorf("the log says:\n%s", s)
	}
}
