package school

// What somebody may be told of what is kept about themselves; for /rounds privacy and /rounds snooze.

// Snoozes are the viewer's own snoozes that are still in force.
func (v *Viewer) Snoozes() []Snoozed {
	var out []Snoozed
	for _, s := range v.m.snoozes[v.p.ID] {
		if s.Until > v.today {
			out = append(out, s)
		}
	}
	return out
}

// Owned counts the viewer's own commitments to teams: those still open, and those closed.
func (v *Viewer) Owned() (open, closed int) {
	for _, c := range v.m.commitments {
		if c.Owner != v.p.ID {
			continue
		}
		if c.Closed == 0 {
			open++
		} else {
			closed++
		}
	}
	return open, closed
}

// Messaged counts the messages that the clock sent to the viewer and that are on record.
func (v *Viewer) Messaged() int {
	n := 0
	for _, s := range v.m.sent {
		if s.To == v.p.ID && s.Dropped == "" {
			n++
		}
	}
	return n
}

// Administrates tells whether the district named the viewer as an administrator of Rounds.
func (v *Viewer) Administrates() bool {
	return contains(v.m.district.Administrator, string(v.p.ID))
}
