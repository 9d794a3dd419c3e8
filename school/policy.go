package school

// Who may see what of a person's record: the whole policy, in one readable place. It follows
// the table that districts are shown (and /rounds privacy prints), and every query on a person's
// record goes through it by way of a Viewer.
//
//	viewer                activity (that, when, what kind)   texts (notes, steps)                 numbers of groups
//	teacher               own                                own, once shared or assigned         -
//	coach, teacher leader caseload                           what they wrote; coaching texts      caseload
//	                                                         that were shared with the teacher
//	AP, principal         campus: teachers, leads, coaches;  written by administrators; what      campus
//	                      the principal: the APs too         coaches wrote only if the district
//	                                                         says coach_content: shared
//	principal supervisor  principals they supervise          what they wrote                      their campuses
//	district office       -                                  -                                    groups of five or more
//
// A record follows its person, not its reader: whoever serves them today sees it as the table says, from its first day
// on. Somebody on two campuses is served by the administrators of both. Who wrote a text keeps it in sight only while
// they still serve the person or work beside them at the campus: a leader who changed campus, who teaches again or who
// left sees nothing. Administrators of one rank do not read each other's records, and nobody those of their own
// principal: an appraisal of an administrator is as confidential as one of a teacher. Whom the district puts on
// somebody's caseload by name is theirs, whatever the campus; a supervisor sees of teachers only these.
// Self-ratings and goals are their writer's alone, who may let one coach or teacher leader with their caseload read
// along, and take that back; no administrator reads them.
// The class of a text is settled by what its author was on its day, and stays.

// Relation is what a viewer is to the person a record is about, on the day of viewing.
type Relation int

// The relations, the nearest first.
const (
	Stranger    Relation = iota
	Self                 // the person
	HasCaseload          // the person is on the viewer's caseload
	RunsCampus           // the viewer is an administrator of the person's campus, and above them
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
		// Theirs alone, unless they let a coach read along; administrators never.
		return q.Relation == Self || q.Shared && q.Relation == HasCaseload && (q.Viewer == Coach || q.Viewer == Lead)
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
	here := s.together(v)
	switch {
	case here && v.Role.runs(s.Role):
		return RunsCampus // also where they have them on their caseload: the wider of the two
	case contains(s.Observers, viewer.ID):
		if v.Role == Supervisor && s.Role == Principal {
			return Supervises
		}
		return HasCaseload
	case v.Role == Supervisor && s.Role == Principal && here:
		return Supervises
	case v.Role == Supervisor:
		return Stranger // teachers: numbers only
	case here && (s.Role == Teacher || s.Role == Lead):
		return Colleague
	}
	return Stranger
}

// together tells whether two people work at one campus, of several perhaps.
func (s Stint) together(v Stint) bool {
	for _, c := range s.everywhere() {
		if c != "" && v.At(c) {
			return true
		}
	}
	return false
}

// runs tells whether somebody of a role administers people of another at their campus.
func (r Role) runs(s Role) bool {
	switch s {
	case Teacher, Lead, Coach:
		return r == AP || r == Principal
	case AP:
		return r == Principal
	}
	return false
}
