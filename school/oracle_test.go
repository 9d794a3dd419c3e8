package school

import (
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
)

// The oracle reads DESIGN section 6 sentence by sentence with plain loops, and shares with the engine the
// shapes of the facts and nothing else: it has dates, calendars, histories and rounding of its own. Each
// sentence stands in quotes above the lines that do it; "reading:" marks where the sentence leaves a choice,
// and engine and oracle were made to choose alike on purpose.
//
// oracle_history_test.go reads the log, oracle_calendar_test.go says what each day is, oracle_owed_test.go who is owed a visit
// and what counts, oracle_status_test.go where a target stands. This file compares; oracle_district_test.go makes the random
// districts, and oracle_shrink_test.go makes one that differs as small as it can be.

var (
	oracleSeed      = flag.Uint64("oracle.seed", 1, "the seed of TestOracle's first district; the next ones count up")
	oracleDistricts = flag.Int("oracle.districts", 10_000, "how many random districts TestOracle compares")
)

// TestOracle compares the engine with the oracle on random districts.
func TestOracle(t *testing.T) {
	var next atomic.Int64
	var wg sync.WaitGroup
	var mu sync.Mutex
	seen := map[string]int{}
	failed := atomic.Bool{}
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			mine := map[string]int{}
			for !failed.Load() {
				i := next.Add(1) - 1
				if i >= int64(*oracleDistricts) {
					break
				}
				seed := *oracleSeed + uint64(i)
				x := randomDistrict(rand.New(rand.NewPCG(seed, 6)))
				viaJSON := seed%25 == 0
				if bad := x.differs(viaJSON, mine); bad != "" && failed.CompareAndSwap(false, true) {
					x = x.shrink(viaJSON)
					t.Errorf("seed %d: %s\n\nmake it again with -run TestOracle -oracle.seed %d -oracle.districts 1; the smallest district that shows it:\n%s\n%s",
						seed, bad, seed, x, x.differs(viaJSON, nil))
				}
			}
			mu.Lock()
			defer mu.Unlock()
			for k, n := range mine {
				seen[k] += n
			}
		})
	}
	wg.Wait()
	t.Logf("%d districts, rows by status: %v", *oracleDistricts, seen)
	for _, s := range []Status{OnHoldLeave, OnHoldTesting, Met, Behind, DueSoon, OnPace} {
		if *oracleDistricts >= 100 && !t.Failed() && seen[string(s)] == 0 {
			t.Errorf("no random district has a row that is %q", s)
		}
	}
}

// TestOracleCanFail: an engine that does not know of some facts differs within a hundred districts.
func TestOracleCanFail(t *testing.T) {
	for _, missing := range []Fact{VisitVoided{}, VisitAmended{}, VisitLogged{}, LeaveSet{}, PersonLeft{}, DayDeclared{}, TargetGone{}} {
		found := 0
		for seed := range uint64(100) {
			x := randomDistrict(rand.New(rand.NewPCG(seed+1, 6)))
			less := oDistrict{log: slices.Clone(x.log)}
			for i, f := range less.log {
				if f.Kind() == missing.Kind() {
					less.log[i] = nil
				}
			}
			m, err := less.model(false)
			if err != nil {
				t.Fatal(err)
			}
			if x.compare(m, newOracle(x.log), nil) != "" {
				found++
			}
		}
		t.Logf("without %s: %d of 100 districts differ", missing.Kind(), found)
		if found == 0 {
			t.Errorf("an engine without %s is not found", missing.Kind())
		}
	}
}

// oDistrict is one random district and the days it is looked at.
type oDistrict struct {
	log  []Fact
	days []Day
}

// differs compares engine and oracle; "" when they agree.
func (x oDistrict) differs(viaJSON bool, seen map[string]int) string {
	m, err := x.model(viaJSON)
	if err != nil {
		return err.Error()
	}
	return x.compare(m, newOracle(x.log), seen)
}

func (x oDistrict) compare(m *Model, o *oracle, seen map[string]int) string {
	if bad := calendarsDiffer(m, o); bad != "" {
		return bad
	}
	for _, d := range x.days {
		got, want := engineRows(m, d), o.all(d)
		ids := slices.Sorted(maps.Keys(want))
		for id := range got {
			if _, ok := want[id]; !ok {
				ids = append(ids, id)
			}
		}
		for _, id := range ids {
			g, gok := got[id]
			w, wok := want[id]
			if g != w || gok != wok {
				return fmt.Sprintf("%s on %s %v:\n  engine %t %s\n  oracle %t %s", id, d.Weekday(), d, gok, literal(reflect.ValueOf(g)), wok, literal(reflect.ValueOf(w)))
			}
			if seen != nil {
				seen[string(w.Status)]++
			}
		}
		if bad := dutiesDiffer(m, d); bad != "" {
			return bad
		}
	}
	return ""
}

// engineRows are the same of the engine.
func engineRows(m *Model, today Day) map[string]oRow {
	out := map[string]oRow{}
	for _, d := range m.AllDuties(today) {
		id := string(d.Subject)
		if d.Team != "" {
			id = "team " + string(d.Team)
		}
		out[id+"/"+d.Target.ID] = oRow{d.Start, d.End, d.Required, d.Done, d.ThisWeek, d.Status, d.OpenLeft, d.SinceLast, d.LastOn, d.Due, fmt.Sprint(d.Observers)}
	}
	return out
}

// calendarsDiffer compares what every day of every campus is.
func calendarsDiffer(m *Model, o *oracle) string {
	for id, c := range o.calendars {
		got, days := m.Calendar(id), 0
		for d := c.set.First - 3; d <= c.set.Last+3; d++ {
			want := c.on(d)
			if want.school {
				days++
			}
			same := got.School(d) == want.school && got.Staffed(d) == (want.school || want.staff) && (oWeekday(d) != 0 || got.SchoolDays(c.set.First-9, d) == days)
			for _, k := range []VisitKind{"walkthrough", "coaching", "formal", "plc"} {
				same = same && got.Open(d, maskOf([]VisitKind{k})) == (want.school && !want.closed[oKind(k)])
			}
			if !same {
				return fmt.Sprintf("%s on %v: the oracle says %+v, %d school days so far; the engine %t, %t, %d", id, d, want, days, got.School(d), got.Staffed(d), got.SchoolDays(c.set.First-9, d))
			}
		}
	}
	return ""
}

// dutiesDiffer looks that a leader's own duties are the rows that name them, in the order of SortDuties.
func dutiesDiffer(m *Model, d Day) string {
	now := d.At(12*60, m.zone)
	for _, p := range m.roster {
		v := m.As(p.ID, now)
		if v == nil || !v.role.Leader() || v.today != d {
			continue
		}
		want := []string{}
		for _, x := range m.AllDuties(d) {
			if !oAny(x.Observers, p.ID) {
				continue
			}
			if x.Team == "" {
				// Who is gone today, or is served from elsewhere by now, is nobody's duty.
				s := m.people[x.Subject].On(d)
				st := v.Stint()
				if s.Gone || x.Subject == p.ID || !oAny(s.Observers, p.ID) && s.Campus != st.Campus && !oAny(st.Campuses, s.Campus) {
					continue
				}
				if !v.ask(m.people[x.Subject], Activity, "", true, false) {
					continue
				}
				x = v.hideLeave(m.people[x.Subject], x)
			} else if !v.Stint().At(m.teams[x.Team].Campus) {
				continue
			}
			want = append(want, fmt.Sprint(x.Subject, x.Team, x.Target.ID, x.Status))
		}
		got := []string{}
		last := -1
		for _, x := range v.Duties() {
			got = append(got, fmt.Sprint(x.Subject, x.Team, x.Target.ID, x.Status))
			rank := slices.Index([]Status{Behind, DueSoon, OnPace, Met, OnHoldTesting, OnHoldLeave}, x.Status)
			if rank < last {
				return fmt.Sprintf("%s's duties on %v are not sorted", p.ID, d)
			}
			last = rank
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			return fmt.Sprintf("%s's duties on %v:\n  Duties     %v\n  AllDuties  %v", p.ID, d, got, want)
		}
	}
	return ""
}

// model applies the facts. The way through JSON is slow and tested elsewhere; some districts take it all the
// same.
func (x oDistrict) model(viaJSON bool) (*Model, error) {
	m := NewModel()
	for i, f := range x.log {
		e := Event{Version: int64(i + 1), At: testNow}
		if f == nil {
			f = Welcomed{}
		}
		if viaJSON {
			var err error
			if e, err = NewEvent(f, "", "test", testNow); err != nil {
				return nil, err
			}
			e.Version = int64(i + 1)
			if err := m.Apply(e); err != nil {
				return nil, err
			}
			continue
		}
		switch f := f.(type) {
		case DistrictSet:
			m.setDistrict(f)
		case CampusSet:
			m.setCampus(f)
		case CalendarSet:
			m.setCalendar(f)
		case DayDeclared:
			m.declareDay(declaration{campus: f.Campus, Span: f.Span})
		case PersonSet:
			m.setPerson(f)
		case PersonLeft:
			m.setStint(m.people[f.ID], Stint{From: f.On, Gone: true})
		case LeaveSet:
			m.setLeave(f)
		case TeamSet:
			m.setTeam(f)
		case TargetSet:
			m.setTarget(f)
		case TargetGone:
			m.targets = slices.DeleteFunc(m.targets, func(t Target) bool { return t.ID == f.ID })
		case VisitLogged:
			m.logVisit(e, f)
		case VisitAmended:
			m.amendVisit(e, f)
		case VisitVoided:
			m.voidVisit(f.Visit)
		case Welcomed:
		default:
			return nil, fmt.Errorf("the oracle's districts have no %s", f.Kind())
		}
		m.version = e.Version
	}
	return m, nil
}
