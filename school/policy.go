package school

// Who may see what of a person's record: the whole policy, in one readable place. It follows
// the table that districts are shown (and /rounds privacy prints), and every query on a person's
// record goes through it by way of a Viewer.
//
//	viewer                activity (that, when, what kind)   texts (notes, steps)                 numbers of groups
//	teacher               own                                own, once shared or assigned         -
//	coach, teacher leader caseload                           what they wrote; coaching texts      caseload
//	                                                         that were shared with the teacher
//	AP, principal         campus                             written by administrators; what      campus
//	                                                         coaches wrote only if the district
//	                                                         says coach_content: shared
//	principal supervisor  principals they supervise          what they wrote                      their campuses
//	district office       -                                  -                                    groups of five or more
//
// Who wrote a text keeps it in sight only while they still serve the person: a former coach and a
// leader who changed campus see nothing.

// Relation is what a viewer is to the person a record is about, on the day of viewing.
type Relation int

// The relations, the nearest first.
const (
	Stranger    Relation = iota
	Self                 // the person
	HasCaseload          // the person is on the viewer's caseload
	RunsCampus           // the viewer is an administrator of the person's campus
	Supervises           // the viewer supervises this principal
	Colleague            // the viewer is a leader at the same campus, without a caseload of them
)

// Record is what part of a person's record is asked for.
type Record int

// The parts of a record.
const (
	Activity Record = iota // that a visit or a step was, when, by whom, what kind; statuses of targets
	Wording                // notes, glows, grows, the wording of steps, notes of check-ins
	Absence                // leave: that somebody is on leave, never why
	Growth                 // self-ratings and goals
)

// Question is one look at a record.
type Question struct {
	Viewer   Role
	Relation Relation
	Record   Record
	Class    Class // of a text: Coaching or Evaluation
	Wrote    bool  // the viewer wrote it, or made the visit
	Shared   bool  // its subject was given it
	// CoachContentShared is the district's setting.
	CoachContentShared bool
}

// Allowed is the policy.
func Allowed(q Question) bool {
	switch q.Record {
	case Growth:
		return q.Relation == Self
	case Absence:
		switch q.Relation {
		case Self:
			return true
		case HasCaseload, RunsCampus, Supervises:
			return q.Viewer.Leader()
		}
		return false
	case Activity:
		switch q.Relation {
		case Self:
			return true
		case HasCaseload, RunsCampus, Supervises:
			return q.Viewer.Leader()
		case Colleague:
			return q.Wrote && q.Viewer.Leader()
		}
		return false
	}
	// Wording.
	switch q.Relation {
	case Self:
		return q.Shared || q.Wrote
	case HasCaseload, RunsCampus, Supervises, Colleague:
		if !q.Viewer.Leader() {
			return false
		}
		if q.Wrote {
			return true
		}
	}
	switch {
	case q.Relation == RunsCampus && (q.Viewer == AP || q.Viewer == Principal):
		return q.Class == Evaluation || q.Class == Coaching && q.CoachContentShared
	case q.Relation == HasCaseload && (q.Viewer == Coach || q.Viewer == Lead):
		return q.Class == Coaching && q.Shared
	}
	return false
}

// relation finds what viewer is to subject on a day.
func (m *Model) relation(viewer, subject *Person, d Day) Relation {
	if viewer == subject {
		return Self
	}
	v, s := viewer.On(d), subject.On(d)
	if v.Gone || s.Gone || !v.Role.Leader() {
		return Stranger
	}
	for _, o := range s.Observers {
		if o == viewer.ID {
			switch {
			case v.Role == Supervisor && s.Role == Principal:
				return Supervises
			case (v.Role == AP || v.Role == Principal) && v.At(s.Campus):
				return RunsCampus // an administrator's own caseload: the wider of the two
			}
			return HasCaseload
		}
	}
	shared := s.Campus != "" && v.At(s.Campus)
	switch {
	case v.Role == Supervisor && s.Role == Principal && shared:
		return Supervises
	case v.Role == Supervisor:
		return Stranger // teachers: numbers only
	case (v.Role == AP || v.Role == Principal) && shared && s.Role != Supervisor && (v.Role != AP || s.Role != Principal):
		return RunsCampus
	case shared && (s.Role == Teacher || s.Role == Lead):
		return Colleague
	}
	return Stranger
}
