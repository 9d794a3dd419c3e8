package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"rounds/school"
	"rounds/school/roster"
)

// FileEntries is what one file asks for, key by key.
type FileEntries struct {
	File    string
	Entries []school.FileEntry
}

// FileReport counts what a file changed.
type FileReport struct {
	File string
	school.FileReport
}

// districtFile is what district.yaml is called in the log, whatever its name on the disk: renaming it must not
// look like a new district.
const districtFile = "district.yaml"

// Entries is what the files but for the visits ask for, in the order in which it must be applied: a leave is nothing before its
// person. Keys hold ids only, because they stand in the log.
func (c *Config) Entries() []FileEntries {
	people := FileEntries{File: "people.csv"}
	from := c.since()
	for _, p := range c.People {
		people.Entries = append(people.Entries, p.Entry(c.District.ID, from))
	}
	out := []FileEntries{people, {File: districtFile, Entries: c.districtEntries()}}
	out = append(out, FileEntries{File: calendarsFile, Entries: c.calendarEntries()})
	return out
}

// planVisits makes the entry of the visits file, which comes after all other files: a visit is nothing before its people
// and its team.
func (c *Config) planVisits(m *school.Model, at time.Time) (school.Entry, FileReport, error) {
	e, rep := roster.PlanVisits(m, c.Visits, at)
	var errs []error
	for _, p := range rep.Problems {
		errs = append(errs, p)
	}
	return e, FileReport{roster.VisitsFile, school.FileReport{Added: len(rep.Added), Changed: len(rep.Changed), Gone: len(rep.Vanished)}}, errors.Join(errs...)
}

// since is from when the roster holds for somebody without a start date: July 1 before the first day of school, so
// that summer work is done by people who are already there.
func (c *Config) since() school.Day {
	first := school.Day(0)
	for _, cal := range c.Calendars {
		if first == 0 || cal.Set.First < first {
			first = cal.Set.First
		}
	}
	y, m, _ := first.Civil()
	if m < time.July {
		y--
	}
	return school.Date(y, time.July, 1)
}

func (c *Config) districtEntries() (out []school.FileEntry) {
	add := func(key string, f school.Fact) {
		out = append(out, school.FileEntry{Key: key, Facts: []school.Fact{f}})
	}
	add("district", c.District.Set)
	for _, x := range c.Campuses {
		add("campus/"+string(x.ID), x)
	}
	for _, t := range c.Teams {
		add("team/"+string(t.ID), t)
	}
	for _, t := range c.Targets {
		add("target/"+t.ID, school.TargetSet{Target: t})
	}
	for _, r := range c.Rules {
		add("rule/"+r.ID, school.RuleSet{Rule: r})
	}
	for _, f := range c.Leaves {
		add(fmt.Sprintf("leave/%s/%s", f.Person, f.From), f)
	}
	return out
}

// gone gives the facts that take back a key that left its file; a rule gives way to the one that ships with Rounds. Of a calendar
// nothing can be taken back: it stays as it was until something else is said.
func gone(today school.Day) func(key string) []school.Fact {
	return func(key string) []school.Fact {
		kind, id, _ := strings.Cut(key, "/")
		switch kind {
		case "person":
			return []school.Fact{school.PersonLeft{ID: school.PersonID(id), On: today}}
		case "team":
			return []school.Fact{school.TeamGone{ID: school.TeamID(id)}}
		case "campus":
			return []school.Fact{school.CampusGone{ID: school.CampusID(id)}}
		case "target":
			return []school.Fact{school.TargetGone{ID: id}}
		case "rule":
			return []school.Fact{school.RuleGone{ID: id}}
		case "leave":
			who, from, _ := strings.Cut(id, "/")
			if d, err := school.ParseDay(from); err == nil {
				return []school.Fact{school.LeaveSet{Person: school.PersonID(who), From: d, To: d - 1}}
			}
		}
		return nil
	}
}

// ApplyFiles appends what the files changed since they were applied last, one command for each file, and reports on every
// file. A second time it appends nothing.
func ApplyFiles(ctx context.Context, book *school.Book, cfg *Config, at time.Time) ([]FileReport, error) {
	var reports []FileReport
	today := school.DayOf(at, cfg.zone)
	for _, f := range cfg.Entries() {
		var rep school.FileReport
		_, err := book.Decide(ctx, func(m *school.Model) (school.Entry, error) {
			var e school.Entry
			e, rep = m.Diff(f.File, f.Entries, gone(today), at)
			since(m, e.Facts, today)
			return e, nil
		})
		if err != nil {
			return reports, fmt.Errorf("apply %s: %w", f.File, err)
		}
		reports = append(reports, FileReport{f.File, rep})
	}
	if cfg.visitsFile == "" {
		return reports, nil
	}
	var rep FileReport
	_, err := book.Decide(ctx, func(m *school.Model) (e school.Entry, err error) {
		e, rep, err = cfg.planVisits(m, at)
		return e, err
	})
	if err != nil {
		return reports, fmt.Errorf("apply %s: %w", cfg.visitsFile, err)
	}
	return append(reports, rep), nil
}

// since sets from when a changed row of the roster holds. A file says what is so, not since when: what somebody was before
// today stays as it was, or a change of campus in March would rewrite September. The hash of the row is of
// the row alone, so tomorrow's reading finds nothing changed.
func since(m *school.Model, facts []school.Fact, today school.Day) {
	for i, f := range facts {
		set, ok := f.(school.PersonSet)
		if !ok {
			continue
		}
		switch p, known := m.Person(set.ID); {
		case known && len(p.Stints) > 0:
			now := p.Now()
			set.From = today
			if !now.Gone && same(now, set) {
				set.From = now.From
			}
		case set.Start == 0:
			set.From = min(set.From, today)
		}
		facts[i] = set
	}
}

func same(s school.Stint, f school.PersonSet) bool {
	return s.Role == f.Role && s.Campus == f.Campus && s.Schedule == f.Schedule &&
		slices.Equal(s.Campuses, f.Campuses) && slices.Equal(s.Observers, f.Observers)
}
