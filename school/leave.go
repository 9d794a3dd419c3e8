package school

// LeavesOf are somebody's leaves, for those who may know of them.
func (v *Viewer) LeavesOf(id PersonID) []LeaveSet {
	p := v.m.people[id]
	if p == nil || !v.ask(p, Absence, "", false, false) {
		return nil
	}
	v.noted(id, LookLeave)
	return p.Leaves
}

// LeaveBy is the leave that the event of a version set, if it stands and the viewer may know of it.
func (v *Viewer) LeaveBy(n int64) (LeaveSet, bool) {
	id, ok := v.m.leaveBy[n]
	if !ok {
		return LeaveSet{}, false
	}
	for _, l := range v.LeavesOf(id.Person) {
		if l == id {
			return l, true
		}
	}
	return LeaveSet{}, false
}
