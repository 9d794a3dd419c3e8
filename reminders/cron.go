package reminders

import (
	"fmt"
	"strings"
	"sync"

	"rounds/school"

	"github.com/robfig/cron/v3"
)

// A cronSpec is cron text as sets of civil minutes, hours and days. Only the parser of robfig/cron is used:
// its own Next skips a time in the hour that spring skips and fires twice in the hour that autumn repeats.
type cronSpec struct {
	*cron.SpecSchedule
	times []school.Clock // see clocks
}

// cronKept are the texts that were read last: a timetable asks for each of its days anew, and a district has a few.
var cronKept struct {
	sync.Mutex
	specs map[string]cronSpec
}

// starBit is how robfig/cron marks a field that was "*" (its constant is not exported).
const starBit = 1 << 63

// parseCron reads five fields. A zone prefix and "@every" are refused: a rule is in the zone of its campus, and
// the parser panics on some prefixes ("TZ=") and silently reads others as UTC.
func parseCron(text string) (cronSpec, error) {
	cronKept.Lock()
	defer cronKept.Unlock()
	if spec, ok := cronKept.specs[text]; ok {
		return spec, nil
	}
	spec, err := readCron(text)
	if err != nil {
		return spec, err
	}
	if len(cronKept.specs) >= 64 {
		clear(cronKept.specs)
	}
	if cronKept.specs == nil {
		cronKept.specs = map[string]cronSpec{}
	}
	cronKept.specs[text] = spec
	return spec, nil
}

func readCron(text string) (spec cronSpec, err error) {
	defer func() {
		if recover() != nil {
			err = fmt.Errorf("%q is not cron text", text)
		}
	}()
	f := strings.Fields(text)
	switch {
	case strings.ContainsAny(text, "=@"):
		return spec, fmt.Errorf("cron text %q: five plain fields are understood, no zone and no @ words", text)
	case len(f) != 5:
		return spec, fmt.Errorf("cron text %q has %d fields, not five (minute, hour, day of month, month, weekday)", text, len(f))
	}
	s, err := cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow).Parse(strings.Join(f, " "))
	if err != nil {
		return spec, fmt.Errorf("cron text %q: %w", text, err)
	}
	ss, ok := s.(*cron.SpecSchedule)
	if !ok {
		return spec, fmt.Errorf("cron text %q is not a table of times", text)
	}
	spec = cronSpec{SpecSchedule: ss}
	for h := range 24 {
		for mi := range 60 {
			if spec.Hour&(1<<uint(h)) != 0 && spec.Minute&(1<<uint(mi)) != 0 {
				spec.times = append(spec.times, school.Clock(h*60+mi))
			}
		}
	}
	return spec, nil
}

// on tells whether the spec names the civil day. Where both days of the month and weekdays are restricted, cron
// means either.
func (s cronSpec) on(d school.Day) bool {
	_, month, day := d.Civil()
	if s.Month&(1<<uint(month)) == 0 {
		return false
	}
	dom, dow := s.Dom&(1<<uint(day)) != 0, s.Dow&(1<<uint(d.Weekday())) != 0
	if s.Dom&starBit != 0 || s.Dow&starBit != 0 {
		return dom && dow
	}
	return dom || dow
}

// clocks lists the times of day that the spec names, the earliest first. The list is shared.
func (s cronSpec) clocks() []school.Clock { return s.times }
