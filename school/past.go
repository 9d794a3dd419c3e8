package school

import "slices"

// What a table of past visits is compared with. It passes no policy: it is for the operator's import, which shows nobody
// what a visit said, and no chat answer may use it.

// OnRecord is a visit on record, its latest version.
type OnRecord struct {
	VisitLogged
	N        int64
	First    uint64 // the UID of its first version
	FromFile bool
	Void     bool
}

// EachVisit calls each for every visit on record, the oldest first, without its focus areas and texts, which Recall adds.
func (m *Model) EachVisit(each func(OnRecord)) {
	for i := range m.visits.n {
		v := m.visits.at(i)
		r := OnRecord{N: int64(v.N), First: v.UID, FromFile: v.flags&visitFromFile != 0, Void: v.Void()}
		r.UID, r.Observer, r.Visit, r.On, r.Minutes = v.UID, m.roster[v.observer].ID, v.Kind(), v.On, int(v.Minutes)
		if v.subject < 0 {
			r.Team = m.teamSeq[-1-v.subject].ID
		} else {
			r.Subject = m.roster[v.subject].ID
		}
		if a := m.amended[v.N]; a != nil {
			r.First = a.earlier[0].UID
		}
		each(r)
	}
}

// Recall adds the focus areas and the kinds of texts to a visit of EachVisit.
func (m *Model) Recall(r OnRecord) OnRecord {
	v := m.visit(r.N)
	if v == nil {
		return r
	}
	r.Focus, r.Texts = m.FocusKeys(v), nil
	for name, flag := range textFlags {
		if v.flags&flag != 0 {
			r.Texts = append(r.Texts, name)
		}
	}
	slices.Sort(r.Texts)
	return r
}

// Former lists the people who are on the roster no more, in roster order.
func (m *Model) Former() []*Person {
	var out []*Person
	for _, p := range m.roster {
		if p.Now().Gone {
			out = append(out, p)
		}
	}
	return out
}

// Hash is what FileApplied keeps of an entry, to see later whether the file changed it.
func (f FileEntry) Hash() string { return f.hash() }
