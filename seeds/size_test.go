package seeds

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"rounds/school"
)

// hashOf is a hash of everything that a preset and a seed make, up to a day, and of the beginning of it.
func hashOf(t *testing.T, size Size, seed uint64, through school.Day, first int) (whole, beginning string) {
	t.Helper()
	h := sha256.New()
	n := 0
	for e := range NewSized(size, seed).Entries(through) {
		b, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		h.Write(b)
		if n++; n == first {
			beginning = fmt.Sprintf("%x", h.Sum(nil))
		}
	}
	return fmt.Sprintf("%x", h.Sum(nil)), beginning
}

func TestSizedFollowsFromItsSeed(t *testing.T) {
	through := demoFirst + 30
	for _, size := range Sizes[:2] {
		first, _ := hashOf(t, size, DemoSeed, through, 0)
		if again, _ := hashOf(t, size, DemoSeed, through, 0); again != first {
			t.Errorf("%s: seed %d made two districts", size.Name, DemoSeed)
		}
		if other, _ := hashOf(t, size, DemoSeed+1, through, 0); other == first {
			t.Errorf("%s: another seed makes the same district", size.Name)
		}
	}
}

// A later day yields more, and changes nothing before.
func TestSizedLongerHistoryBeginsTheSame(t *testing.T) {
	d := NewSized(Sizes[0], DemoSeed)
	count := func(through school.Day) (n int) {
		for range d.Entries(through) {
			n++
		}
		return n
	}
	short, long := demoFirst+30, demoFirst+90
	n := count(short)
	if more := count(long); more <= n {
		t.Fatalf("%d entries up to the later day, %d up to the earlier", more, n)
	}
	whole, _ := hashOf(t, Sizes[0], DemoSeed, short, n)
	if _, beginning := hashOf(t, Sizes[0], DemoSeed, long, n); beginning != whole {
		t.Error("the longer history begins differently")
	}
}

func TestSizedCounts(t *testing.T) {
	for _, size := range Sizes {
		t.Run(size.Name, func(t *testing.T) {
			d := NewSized(size, DemoSeed)
			teachers, weekly, leaders := 0, 0, 0
			mails, ids := map[string]bool{}, map[school.PersonID]bool{}
			for _, p := range d.people {
				if mails[p.email] || ids[p.id] {
					t.Fatalf("%s is there twice", p.email)
				}
				mails[p.email], ids[p.id] = true, true
				switch p.role {
				case school.Teacher, school.Lead:
					teachers++
					if p.schedule == school.Weekly {
						weekly++
					}
					if len(p.observers) == 0 || p.team == nil {
						t.Errorf("%s has %d observers and the team %v", p.email, len(p.observers), p.team)
					}
				case school.Coach, school.AP, school.Principal, school.Supervisor:
					leaders++
				}
			}
			if teachers != size.Teachers || leaders != size.Leaders || len(d.campuses) != size.Campuses || len(d.teams) != size.Teams {
				t.Errorf("%d campuses, %d teachers, %d leaders, %d teams", len(d.campuses), teachers, leaders, len(d.teams))
			}
			if weekly != teachers/4 {
				t.Errorf("%d of %d teachers are visited weekly", weekly, teachers)
			}
		})
	}
}

func TestSizedShapes(t *testing.T) {
	for _, size := range Sizes {
		t.Run(size.Name, func(t *testing.T) {
			d := NewSized(size, DemoSeed)
			load := map[*sizedPerson]int{}
			names := map[string]bool{}
			for _, c := range d.campuses {
				if c.supervisor == nil && size.Campuses > 1 {
					t.Errorf("%s has no supervisor", c.id)
				}
				if names[c.name] || names[c.id] {
					t.Errorf("%s is there twice", c.name)
				}
				names[c.name], names[c.id] = true, true
				here := map[string]bool{}
				for _, p := range c.teachers {
					load[p.observers[0]]++
					if here[p.name] {
						t.Errorf("two people of %s have one name", c.id)
					}
					here[p.name] = true
				}
			}
			for p, n := range load {
				if n > 45 {
					t.Errorf("a %s visits %d teachers", p.role, n)
				}
			}
			for _, p := range d.people {
				if p.role == school.Supervisor && (len(p.spans) > 16 || len(p.spans) < 8) {
					t.Errorf("a supervisor has %d principals", len(p.spans))
				}
			}
			when := map[string]int{}
			for _, tm := range d.teams {
				if n := len(tm.members); n < 3 || n > 9 {
					t.Errorf("%s has %d members", tm.id, n)
				}
				if !slices.Contains(tm.campus.cal.week, int(tm.weekday)) {
					t.Errorf("%s meets on %s, when there is no school", tm.id, tm.weekday)
				}
				if names[tm.id] {
					t.Errorf("%s is there twice", tm.id)
				}
				names[tm.id] = true
				when[fmt.Sprint(tm.weekday, tm.at)]++
			}
			for at, n := range when {
				if size.Teams > 100 && n > size.Teams/10 {
					t.Errorf("%d of %d teams meet on %s", n, size.Teams, at)
				}
			}
			zones := map[string]bool{}
			for _, c := range d.campuses {
				zones[c.zone.String()] = true
			}
			if size.Name == "stress" && (len(zones) < 5 || len(d.calendars) != 4) {
				t.Errorf("%d zones, %d calendars", len(zones), len(d.calendars))
			}
		})
	}
}

// An open card that names somebody of the roster cannot be posted, so campuses and teams are called like nobody.
func TestSizedPlacesAreCalledLikeNobody(t *testing.T) {
	d := NewSized(Sizes[3], DemoSeed)
	lasts := map[string]bool{}
	for _, p := range d.people {
		f := strings.Fields(p.name)
		lasts[f[len(f)-1]] = true
	}
	same := map[string]int{}
	for _, p := range d.people {
		f := strings.Fields(p.name)
		same[f[len(f)-1]]++
	}
	shared := 0
	for _, n := range same {
		if n > 1 {
			shared++
		}
	}
	if len(lasts) < 2000 || shared < 500 {
		t.Errorf("%d last names, %d of them shared", len(lasts), shared)
	}
	check := func(text string) {
		for w := range strings.FieldsSeq(text) {
			if lasts[w] {
				t.Errorf("%q in %q is somebody's last name", w, text)
			}
		}
	}
	for _, c := range d.campuses {
		check(c.name)
	}
	for _, tm := range d.teams {
		check(tm.name)
	}
	for _, p := range Protocols() {
		check(p.Name)
		for _, s := range p.Steps {
			check(s.Title + " " + s.Output)
		}
	}
}

// What happened in a preset: visits as often as the schedules ask, less what is missed, and answers to the steps.
func TestSizedHistory(t *testing.T) {
	d := NewSized(Sizes[1], DemoSeed)
	m := school.NewModel()
	counts := map[string]int{}
	version := int64(0)
	for e := range d.Entries(demoToday - 1) {
		for _, f := range e.Facts {
			counts[f.Kind()]++
			ev, err := school.NewEvent(f, e.By, e.Via, e.At)
			if err != nil {
				t.Fatal(err)
			}
			version++
			ev.Version = version
			if err := m.Apply(ev); err != nil {
				t.Fatal(err)
			}
			if school.DayOf(e.At, d.zone) > demoToday {
				t.Fatalf("%s at %s", f.Kind(), e.At)
			}
		}
	}
	asked := 1250 * 8 // a week's visits, for the weeks before the demo's
	if n := counts["visit.logged"]; n < asked*8/10 || n > asked*14/10 {
		t.Errorf("%d visits in eight weeks and a half; %d were asked for", n, asked)
	}
	if n := counts["step.answered"]; n < 2000 || n > 2000*9 {
		t.Errorf("%d check-ins", n)
	}
	statuses := map[school.Status]int{}
	all := m.AllDuties(demoToday)
	for _, x := range all {
		statuses[x.Status]++
	}
	for _, s := range []school.Status{school.Met, school.OnPace, school.DueSoon, school.Behind} {
		if share := float64(statuses[s]) / float64(len(all)); share < 0.02 || share > 0.8 {
			t.Errorf("%.0f%% of the targets are %q", 100*share, s)
		}
	}
}

func TestSizedWriteKeepsWhatIsThere(t *testing.T) {
	dir := t.TempDir()
	d := NewSized(Sizes[0], DemoSeed)
	if err := d.Write(dir, demoToday-1); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(dir + "/people.csv")
	if err != nil || strings.Count(string(before), "\n") != 1+1+32+3 {
		t.Errorf("%v, %d lines", err, strings.Count(string(before), "\n"))
	}
	if err := d.Write(dir, demoToday-1); err == nil || !strings.Contains(err.Error(), "already there") {
		t.Errorf("a second time: %v", err)
	}
}
