package school

import (
	"context"
	"slices"
	"time"
)

// LookDay is what one person looked at of somebody's record on one day.
type LookDay struct {
	On     Day
	By     PersonID // "" for the records office at the shell
	Alone  []string // kinds that were shown of this person alone
	Listed []string // kinds that were shown of them in a list
}

// LookDays gathers who looked at somebody on the days from..to, the latest day first, at most so many; more tells that there
// were others before. Somebody's own looks are never kept.
func LookDays(ctx context.Context, book *Book, of PersonID, from, to Day, most int) (out []LookDay, more bool, err error) {
	var campuses []CampusID
	var zone *time.Location
	if err := book.Read(func(m *Model) {
		zone = m.Zone()
		if p := m.people[of]; p != nil {
			campuses = p.LookCampuses()
		}
	}); err != nil {
		return nil, false, err
	}
	err = Looks(ctx, book.Log(), of, campuses, from, to, func(l Look) bool {
		d := DayOf(l.At, zone)
		alone, listed := l.Kinds(of)
		i := slices.IndexFunc(out, func(x LookDay) bool { return x.On == d && x.By == l.By })
		if i < 0 {
			if len(out) == most {
				more = true
				return false
			}
			out = append(out, LookDay{On: d, By: l.By})
			i = len(out) - 1
		}
		out[i].Alone, out[i].Listed = union(out[i].Alone, alone), union(out[i].Listed, listed)
		return true
	})
	return out, more, err
}

func union(a, b []string) []string {
	for _, x := range b {
		if !slices.Contains(a, x) {
			a = append(a, x)
		}
	}
	return a
}
