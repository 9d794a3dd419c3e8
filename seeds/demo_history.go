package seeds

import (
	"fmt"

	"rounds/school"
)

// DemoHistory is the eight weeks before the demo starts, as entries to be recorded in this order right after what the model
// has seen. It holds every visit of visits.csv.
func DemoHistory(seed uint64, m *school.Model) []school.Entry {
	d := newDemo(seed)
	var out []school.Entry
	for i, v := range d.visits {
		command := fmt.Sprintf("demo:%d:%04d", seed, i)
		f := school.VisitLogged{UID: school.UID(command, 0), Observer: v.observer.id, Visit: v.kind, On: v.on, Minutes: v.minutes, Focus: v.focus}
		if v.team != nil {
			f.Team = school.TeamID(v.team.id)
		} else {
			f.Subject = v.subject.id
		}
		out = append(out, school.Entry{Command: command, By: v.observer.id, Via: "web", At: v.on.At(v.at+30, d.zone), Facts: []school.Fact{f}})
	}
	return out
}
