package seeds

import (
	"fmt"
	"os"
	"path/filepath"
	"time"
	_ "time/tzdata"

	"rounds/school"
	// the district's zone must be there on Windows too
)

// The made-up district. Everything about it follows from a seed: the same seed makes the same
// files, byte for byte, and the same history, and nothing else (no clock, no machine) has a say.
//
//	seed ──> people, teams, calendar ──> DemoFiles: district.yaml, people.csv, calendar.ics
//	              │
//	              └─> plan of visits ──┬─> DemoFiles: visits.csv (who, whom, when; no words)
//	                                   └─> DemoHistory: the same visits with their words, steps,
//	                                       check-ins, meetings and what was sent
//
// Nobody in it exists. The addresses are in example.com, which belongs to nobody.

// DemoSeed is the seed of the district that `rounds demo` shows.
const DemoSeed uint64 = 2026

// DemoDistrict is the id of the made-up district, in its files and in the demo's store.
const DemoDistrict = "demo"

// demoZoneName is the zone of the made-up district: both clock changes lie in its school year.
const demoZoneName = "America/Chicago"

// demoZone panics without its zone, which is compiled in: only a wrong build can lack it.
func demoZone() *time.Location {
	z, err := time.LoadLocation(demoZoneName)
	if err != nil {
		panic(embedded("time zones", err))
	}
	return z
}

// demoToday is the day the demo starts on; the history ends the evening before.
var demoToday = school.Date(2026, time.October, 15)

// DemoStart is when the demo starts: Thursday of week 9, ten in the morning, when a coach
// still has two days for the visits that are left.
func DemoStart() time.Time { return demoToday.At(10*60, demoZone()) }

// DemoFilesAt is when the made-up district's files were read first: two weeks before school.
func DemoFilesAt() time.Time { return school.Date(2026, time.August, 3).At(8*60, demoZone()) }

// DemoPersonas are the e-mail addresses of the people whom the demo puts first, whatever the seed: the
// coach with visits left this week, the teacher on her caseload who has no open action step, their
// principal, and the principal supervisor.
func DemoPersonas() []string {
	return []string{"alice@example.com", "bob@example.com", demoPrincipal, demoSupervisor}
}

// DemoFiles makes the input files of the made-up district, as a real district would write them:
// district.yaml, people.csv, calendar.ics and visits.csv.
func DemoFiles(seed uint64) map[string][]byte {
	d := newDemo(seed)
	return map[string][]byte{
		"district.yaml": d.districtYAML(),
		"people.csv":    d.peopleCSV(),
		"calendar.ics":  d.calendarICS(),
		"visits.csv":    d.visitsCSV(),
	}
}

// WriteDemo writes the files of the made-up district into a folder, which it makes. It overwrites
// nothing: a file that is already there is an error.
func WriteDemo(dir string, seed uint64) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, name := range []string{"district.yaml", "people.csv", "calendar.ics", "visits.csv"} {
		if _, err := os.Lstat(filepath.Join(dir, name)); err == nil {
			return fmt.Errorf("%s is already there; choose an empty folder", filepath.Join(dir, name))
		}
	}
	for name, data := range DemoFiles(seed) {
		f, err := os.OpenFile(filepath.Join(dir, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		if err != nil {
			return err
		}
		_, err = f.Write(data)
		if cerr := f.Close(); err == nil {
			err = cerr
		}
		if err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
	}
	return nil
}
