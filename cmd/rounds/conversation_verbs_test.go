package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"rounds/bot"
	"rounds/school"
	"rounds/seeds"
)

// What conversations may do besides talking: begin and move the clock, record what the files or an administrator would, and list
// what was recorded and what the clock did.

// Do knows these verbs:
//
//	begin 2026-10-30 12:00        the program starts then, instead of at the demo's own time
//	skip 2026-11-02 07:00         as at, without what was said in the rooms
//	tally 2026-11-01 2026-11-02   what the clock did on these days: when, how many of what, held and why
//	declare cedar 2026-10-23 no school Snow day   ("all" for every campus)
//	leave @alice 2026-10-19 2026-10-23
//	meets cedar-social tue 09:40  the file gives a team another day and time
//	facts                         what people recorded since the last "facts"
func (s *stage) Do(line string) ([]string, bool, error) {
	verb, rest, _ := strings.Cut(line, " ")
	f := strings.Fields(rest)
	if verb == "begin" {
		t, err := parseTime(rest, seeds.DemoStart().Location())
		if err == nil {
			err = s.begin(t)
		}
		return nil, true, err
	}
	if err := s.ready(); err != nil {
		return nil, true, err
	}
	switch verb {
	case "skip":
		lines, err := s.At(rest)
		s.fake.TakeEvents()
		return lines, true, err
	case "tally":
		if len(f) == 1 {
			f = append(f, f[0])
		}
		lines, err := s.tally(f[0], f[1])
		return lines, true, err
	case "declare":
		if len(f) < 4 {
			return nil, true, fmt.Errorf("declare wants a campus, a day, a class and a name")
		}
		day, err := school.ParseDay(f[1])
		if err != nil {
			return nil, true, err
		}
		class := school.NoSchool
		if f[2] != "no" {
			class = school.DayClass(f[2])
		}
		campus := school.CampusID(f[0])
		if campus == "all" {
			campus = ""
		}
		return nil, true, s.record(school.DayDeclared{Campus: campus, Span: school.Span{From: day, To: day, Class: class, Name: strings.Join(f[4:], " ")}})
	case "leave":
		var days [2]school.Day
		for i := range days {
			var err error
			if days[i], err = school.ParseDay(f[1+i]); err != nil {
				return nil, true, err
			}
		}
		who, err := s.person(strings.TrimPrefix(f[0], "@"))
		if err == nil {
			err = s.record(school.LeaveSet{Person: who, From: days[0], To: days[1]})
		}
		return nil, true, err
	case "meets":
		return nil, true, s.meets(f)
	case "facts":
		lines, err := s.facts()
		return lines, true, err
	}
	return nil, false, nil
}

// meets records a team's new day and time.
func (s *stage) meets(f []string) error {
	if len(f) != 3 {
		return fmt.Errorf("meets wants a team, a weekday and a time")
	}
	weekday := slices.Index([]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}, f[1])
	at, err := school.ParseClock(f[2])
	if err != nil || weekday < 0 {
		return fmt.Errorf("%s %s is no day and time", f[1], f[2])
	}
	var team school.TeamSet
	if err := s.book.Read(func(m *school.Model) {
		if t, ok := m.Team(school.TeamID(f[0])); ok {
			team = t.TeamSet
		}
	}); err != nil {
		return err
	}
	team.Weekday, team.Time = weekday, at
	return s.record(team)
}

func (s *stage) person(handle string) (id school.PersonID, err error) {
	acc, ok := s.Account(handle)
	if ok {
		err = s.book.Read(func(m *school.Model) { id, ok = m.ByAccount(acc.Platform, acc.Workspace, acc.User) })
	}
	if err == nil && !ok {
		err = fmt.Errorf("nobody is called @%s", handle)
	}
	return id, err
}

// record is what an administrator's file would add.
func (s *stage) record(f school.Fact) error {
	s.extra++
	ctx := context.Background()
	_, err := s.book.Record(ctx, school.Entry{Command: fmt.Sprintf("stage:%d", s.extra), Via: "file", At: s.clock.Now(), Facts: []school.Fact{f}})
	if err != nil {
		return err
	}
	return s.app.runner.Scan(ctx)
}

// facts lists what people recorded.
func (s *stage) facts() ([]string, error) {
	var out []string
	err := s.log.Read(context.Background(), s.seen, func(e school.Event) error {
		s.seen = e.Version
		if e.Via == "clock" || e.Via == "file" {
			return nil
		}
		by := "nobody"
		if p, ok := s.accountOf(e.By); ok {
			by = "@" + s.Handle(p)
		}
		out = append(out, e.Kind+" by "+by)
		return nil
	})
	if len(out) == 0 {
		out = []string{"nothing was recorded"}
	}
	return out, err
}

func (s *stage) accountOf(p school.PersonID) (bot.Account, bool) {
	for _, a := range s.app.dir.Accounts(demoDistrict, bot.Person(p)) {
		return a, true
	}
	return bot.Account{}, false
}

// tally counts what the clock settled on the days from..to.
func (s *stage) tally(from, to string) ([]string, error) {
	type key struct {
		at   int64
		line string
	}
	first, err := school.ParseDay(from)
	if err != nil {
		return nil, err
	}
	last, err := school.ParseDay(to)
	if err != nil {
		return nil, err
	}
	zone := seeds.DemoStart().Location()
	count := map[key]int{}
	err = s.log.Read(context.Background(), 0, func(e school.Event) error {
		if day := school.DayOf(e.At, zone); e.Kind != "sent" || e.Via != "clock" || day < first || day > last {
			return nil
		}
		var f school.Sent
		if err := json.Unmarshal(e.Data, &f); err != nil {
			return err
		}
		what := "sent"
		if f.Dropped != "" {
			what = f.Dropped
		}
		count[key{e.At.Unix(), f.About + ", " + what}]++
		return nil
	})
	if err != nil {
		return nil, err
	}
	var keys []key
	for k := range count {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b key) int { return cmp.Or(cmp.Compare(a.at, b.at), strings.Compare(a.line, b.line)) })
	var out []string
	for _, k := range keys {
		out = append(out, fmt.Sprintf("%s · %d %s", time.Unix(k.at, 0).In(zone).Format("Mon, Jan 2, 3:04 PM MST"), count[k], k.line))
	}
	if len(out) == 0 {
		out = []string{"nothing"}
	}
	return out, nil
}
