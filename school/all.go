package school

// AllDuties are all targets of everybody and of every team on a day, in roster order. It passes no policy: it
// is for the operator, who has the district's files (rounds targets), and for tests. No chat answer may use it.
func (m *Model) AllDuties(today Day) []Duty {
	var out []Duty
	for _, p := range m.roster {
		out = append(out, m.personDuties(p, today)...)
	}
	for _, t := range m.Teams() {
		out = append(out, m.teamDuties(t, today)...)
	}
	return out
}
